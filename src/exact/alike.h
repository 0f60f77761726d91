// SPDX-License-Identifier: MIT
//
// Of what stands in a stretch: what may change places. How many others are above me is a sum in
// which the others have no order: standing parts in which they have changed places show the same,
// though they differ in each of them.
#pragma once
#include "exact/split.h"

// Slots that stand, any two of which may be exchanged: whatever moves comes out of the stretch as
// before, with the same probabilities.
typedef struct {
    Slot *slots;
    int32_t n; // 2 or more
} Alike;

// Empty where there are none, or where to look for them would take long.
const Alike *alike_find(Arena *arena, const Units *units, const Split *split, int32_t *n);
