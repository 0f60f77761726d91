// SPDX-License-Identifier: MIT
//
// `casus sources`: what every number of a model rests on, what rests on nothing or on one weak
// source and yet moves an answer, and how the answers stand without a source, a relay or an owner.
//
// Without a hand means: stories whose source went through it leave the pool, the others' weights
// are reckoned anew; lines of other stories that cite nothing that did not go through it fall back
// to the base. What the base itself cites keeps its number, since nothing else says what it would
// be.
//
// Every world is told by every story of the pool (ask/grid.h). The pool is then the ratio
//
//     R = sum_s w_s X_s / sum_s w_s N_s      X_s, N_s: hits (or values) and futures under story s
//
// and the pool without a hand the same with other weights w', from the same futures: their
// difference has the error that its residuals show from world to world (Cochran 1977, section 6.3).
#pragma once
#include "answer/sourcing.h"
#include "ask/run.h"

enum { SOURCES_WORLDS = 8192 };

typedef struct {
    RunOptions run; // of it count: seed, worlds (0: SOURCES_WORLDS), futures, threads, with_base,
                    // questions, sources, progress, stop, and what is there for tests
    bool no_run;    // only what is written: neither shares nor effects
} SourcesOptions;

// ST_USAGE and ST_BAD_MODEL as ask_run. Questions over time are left out. --set does not count
// here.
Status ask_sources(Arena *answer_arena, const Model *model, const SourcesOptions *options,
                   Sourcing **sourcing, Error *error);
