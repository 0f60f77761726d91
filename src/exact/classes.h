// SPDX-License-Identifier: MIT
//
// What is live at the cuts of a step, by the kind of step: in the last one, or when the window of a
// question is over, less is than in the others.
#pragma once
#include "exact/calendar.h"

typedef struct {
    int32_t era, next; // eras of the step and of the one after it; next -1: it is the last
    uint8_t ***live;   // by cut, by guard that is no (their number: none), by slot
    uint64_t *hash;    // by cut: equal where live is
} StepClass;

typedef struct {
    StepClass *p;
    int32_t n;
    const int32_t *of; // by step
} StepClasses;

StepClasses *classes_new(Arena *arena, const Script *script, const Calendar *calendar);
