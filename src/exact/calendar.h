// SPDX-License-Identifier: MIT
//
// What the calendar alone decides, step by step: the uniforms, and the eras between which what is
// live may differ. An era is a run of steps in which all masks of the calendar stay as they are.
#pragma once
#include "exact/script.h"

typedef struct {
    const Script *script;
    uint8_t *varies; // by slot: a uniform, or timed, that differs between steps
    int32_t *era_of; // by step
    int32_t n_eras;
    const Slot *masks; // slots of the masks that eras are made of
    int32_t n_masks;
    uint64_t *mask_value; // [era * n_masks + i]
} Calendar;

Calendar *calendar_new(Arena *arena, const Script *script);

// Uniforms of a step into regs (-1: of the look that follows the start). Constants too, and what is
// timed.
void calendar_uniforms(const Script *script, int32_t step, uint64_t *regs);
void calendar_set(const Calendar *calendar, int32_t step, uint64_t *regs);

// What the calendar says of slots: constants are known, and of an era its masks; nothing else is.
void calendar_know(const Calendar *calendar, int32_t era, uint8_t *known, uint64_t *value);

// Does code read a uniform that differs between steps?
bool calendar_varies(const Calendar *calendar, XCode code, int32_t from, int32_t to);
