// SPDX-License-Identifier: MIT
//
// Dates of which it is only asked whether they have come. A delay drawn from a range (`after 3 to
// 10 days`) may end at any moment, but what it brings is there in the first step at or past it: of
// all moments between two steps one is as good as another.
#pragma once
#include "exact/script.h"

// Where a value that may be drawn goes into nothing but comparisons of the kind `date <= what the
// step says`, from step to step, it is followed by X_SNAP: the least of all that the steps say that
// it does not exceed, or infinity. No comparison comes out otherwise (date <= t holds when the
// least such value, itself >= date, is <= t, and only then). False: there is none, nothing has
// changed.
bool snap_find(Arena *arena, Script *script);
