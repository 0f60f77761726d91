// SPDX-License-Identifier: MIT
//
// A closer look at quantiles over time. A histogram of a point knows a value to a 64th of its
// distance from the point's centre (ask/hist.h). That is fine where values spread smoothly; where
// many share one bin, as when a second story lies far from the first, all that the bin says may be
// wide of what they are. Then, at the end of a run, a few of its futures are told once more, with
// their values: which share of the futures lies below comes from all of them, what lies within the
// bin from these few.
#pragma once
#include "ask/hist.h"
#include "ask/tally.h"

typedef struct Closer Closer;

// For a run of `futures` in all. Nothing runs before a value is asked for in a crowded bin, and
// then up to 1,024 futures; none when *stop is not 0.
Closer *closer_new(Arena *arena, const Layout *layout, uint64_t futures, const volatile int *stop);
void closer_free(Closer *closer); // what it took besides the arena; NULL is allowed

// The value of a series at a place of a point's histogram: as the place has it, or, where its bin
// is crowded, that of a future.
double closer_value(Closer *closer, const Asked *asked, int32_t point, const HistPlace *place);
