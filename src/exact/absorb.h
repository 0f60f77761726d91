// SPDX-License-Identifier: MIT
//
// What is decided for good, and what no longer matters because of it.
//
// A value is frozen when a step leaves it as it is whatever all else may be: an event that happens
// once and has, the last rung of a ladder that nobody leaves. With the frozen values of a state as
// known, less of it is live; what is not is cleared, so that states that differ there become equal.
// A state of frozen values only is still: its mass need not be moved any more.
#pragma once
#include "exact/calendar.h"
#include "exact/space.h"

typedef struct Absorb Absorb;

Absorb *absorb_new(Arena *arena, const Script *script, const Calendar *calendar, Book *book);
void absorb_free(Absorb *absorb);
void absorb_forget(Absorb *absorb); // what has been found out, not what is true

// Clear in `key`, a state of `space` at the start of a step of `era`, what does not matter. True
// when it is still.
bool absorb_state(Absorb *absorb, const Space *space, int32_t era, uint64_t *key);
