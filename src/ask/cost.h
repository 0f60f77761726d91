// SPDX-License-Identifier: MIT
//
// What a run would take, for `casus check`: memory from its parts, time from a short trial.
#pragma once
#include "ask/run.h"

typedef struct {
    double bytes;   // of memory, beside the model's own
    double seconds; // rough: a trial of a few thousand futures, scaled
    uint64_t futures;
    int32_t steps, threads;
    int32_t unit_futures; // futures of a unit of work
} RunCost;

Status ask_cost(const Model *model, const RunOptions *options, RunCost *cost, Error *error);
