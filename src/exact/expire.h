// SPDX-License-Identifier: MIT
//
// Dates that no longer matter. `again after 3 days` remembers when an event came last, and asks of it
// only whether three days have passed. Once they have, the date might as well be never: then it is, and
// states that differ in dates long past become equal.
#pragma once
#include "exact/script.h"

typedef struct {
    Slot slot;
    double days; // from so many days after it on, the date is as good as never
} Expiry;

// The columns of main whose every use is: is today less than so many days after it?
const Expiry *expire_find(Arena *arena, const Script *script, int32_t *n);
