// SPDX-License-Identifier: MIT
//
// What a block of a step reads and writes: states, events, and decisions with their choices. Two
// blocks may change places without a trace unless one writes what the other reads or writes.
#pragma once
#include "lang/model.h"

// Numbers: quantities of the view, then its events, then its decisions.
typedef struct {
    bool *reads, *writes;
} Touch;

int32_t touch_count(const View *view);
// By block of the view. What a block reads as it stood a step ago does not count.
Touch *touch_blocks(Arena *arena, const View *view);

// Does the order of these two matter to anything?
bool touch_conflict(const View *view, const Touch *a, const Touch *b);
// "`tension`, `shots`": over what.
Str touch_over(Arena *arena, const View *view, const Touch *a, const Touch *b);
