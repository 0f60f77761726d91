// SPDX-License-Identifier: MIT
//
// `casus check --order`: a step runs its blocks top to bottom, each on what those above have just
// done. Which answers hang on that? Two blocks of which one writes what the other reads or writes,
// and between which nothing stands that keeps both from moving, change places; every question is
// answered in both orders: exactly where that is cheap, else in the same worlds with the same draws
// (ask/grid.h), so that differences have small errors. Draws are addressed by name and not by
// place, so that nothing else changes.
//
// Asked of the reading told by the options, of the base when they name none.
#pragma once
#include "answer/ordering.h"
#include "ask/run.h"

enum { ORDER_WORLDS = 4096, ORDER_FUTURES = 4, ORDER_PAIRS = 100 };

typedef struct {
    RunOptions
        run; // of it count: view, seed, worlds (0: ORDER_WORLDS), futures (0: ORDER_FUTURES),
             // threads, questions, sources, progress, stop
    int32_t most_pairs; // 0: ORDER_PAIRS
    bool never_exact;   // for tests
} OrderingOptions;

// ST_USAGE: a question that is not there. Questions over time are left out, with a remark.
Status ask_ordering(Arena *answer_arena, const Model *model, const OrderingOptions *options,
                    Ordering **ordering, Error *error);
