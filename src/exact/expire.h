// SPDX-License-Identifier: MIT
//
// Dates that no longer matter. `again after 3 days` remembers when an event came last, and asks of
// it only whether three days have passed. Once they have, the date might as well be never: then it
// is, and states that differ in dates long past become equal. Of the clock of `within 3 days after
// e` it is also asked whether it runs at all, and at the end whether it ran its full time: it has,
// from all eternity.
#pragma once
#include "exact/script.h"

typedef struct {
    Slot slot;
    double days; // from so many days after it on, the date is as good as ...
    double past; // ... NaN (never), or minus infinity (long ago)
} Expiry;

// The columns whose every use is: is today less than so many days after it, or more? (And of the
// long ago: is there a date, and is it before a day that comes so many days before the end?)
const Expiry *expire_find(Arena *arena, const Script *script, int32_t *n);
