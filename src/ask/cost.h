// SPDX-License-Identifier: MIT
//
// What a run would take, for `casus check`: memory from its parts, time from a short trial.
#pragma once
#include "ask/run.h"
#include "ask/tally.h"

typedef struct {
    double bytes;   // of memory, beside the model's own
    double seconds; // rough: a trial of a few thousand futures, scaled
    uint64_t futures;
    int32_t steps, threads;
    int32_t unit_futures; // futures of a unit of work
} RunCost;

// Of a run so laid out; `shared`: what the plan takes already.
double cost_bytes(const Plan *plan, const Layout *layout, int32_t threads, double shared);

Status ask_cost(const Model *model, const RunOptions *options, RunCost *cost, Error *error);
