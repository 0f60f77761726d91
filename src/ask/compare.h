// SPDX-License-Identifier: MIT
//
// `casus compare`: the questions of a model answered by every reading of it side by side, in the
// same worlds; where readings part and over what; and whether authors' words fit their own
// conditions.
//
// The pool's world w is the story's that `casus run` draws for it, so that the pool's column is,
// bit for bit, what `casus run` answers with the same seed, worlds, futures and questions.
#pragma once
#include "answer/comparison.h"
#include "ask/run.h"

// Defaults, and what each swapped reading of a crux is told with at most.
enum { COMPARE_WORLDS = 16384, CRUX_WORLDS = 8192, CRUX_FUTURES = 4 };

typedef struct {
    RunOptions run; // of it count: seed, worlds, futures, threads, with_base, questions, sources,
                    // progress, stop, and what is there for tests
    const View *const *stories;  // only these as columns and in cruxes; n_stories 0: all. The pool
    int32_t n_stories;           // stays what it is
    const View *const *variants; // these as columns; n_variants 0: all of a model without stories,
    int32_t n_variants;          // none of one that has some
    bool no_cruxes;
    uint64_t crux_worlds; // 0: CRUX_WORLDS
} CompareOptions;

// ST_USAGE and ST_BAD_MODEL as ask_run. Questions over time are left out, with a remark. With
// --set, each reading stands there once more with the settings, against itself without them.
Status ask_compare(Arena *answer_arena, const Model *model, const CompareOptions *options,
                   Comparison **comparison, Error *error);
