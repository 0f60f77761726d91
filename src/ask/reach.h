// SPDX-License-Identifier: MIT
//
// `casus check --reach`: what of a model never comes to pass? Every event, option, branch, outcome,
// delayed effect, rung and value is marked (ask/marks.h), each reading of the pool is run, and what
// no future of any reading reaches is told; so are questions with one answer. Where a missed part
// is finite it is worked out exactly, which tells what cannot be from what is only rare.
#pragma once
#include "answer/reach.h"
#include "ask/run.h"

enum { REACH_WORLDS = 8192, REACH_FUTURES = 4 };

typedef struct {
    RunOptions run; // of it count: view, with_base, seed, worlds (0: REACH_WORLDS), futures (0:
                    // REACH_FUTURES), threads, sources, progress, stop
} ReachOptions;

// Questions over time are not looked at.
Status ask_reach(Arena *answer_arena, const Model *model, const ReachOptions *options,
                 Reach **reach, Error *error);
