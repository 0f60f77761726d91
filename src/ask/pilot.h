// SPDX-License-Identifier: MIT
//
// The first few futures of a run, looked at before it starts: where the values lie, so that
// histograms can be centred there, and how long a future takes.
#pragma once
#include "ask/tally.h"

// The plan of a run of its first `n_futures` alone, in one unit: of as many worlds as there are.
Plan pilot_plan(const Plan *plan, uint64_t n_futures);

// Sets the centres of `layout`: medians over the first futures; and how far from them these lie.
// Part of what defines a result, so it depends on the model and the seed alone.
void pilot_scales(Arena *arena, Layout *layout);
