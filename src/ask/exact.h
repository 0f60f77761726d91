// SPDX-License-Identifier: MIT
//
// `casus exact`: every question of a model answered without sampling error, where what it rests on
// takes finitely many states.
//
// Each story is worked out by itself and they are pooled by weight; so is each combination of what
// is fixed from the start and unknown (types, categories, rounded counts). Within one, probability
// mass goes through the steps (src/exact). Where what is unknown can be any number of a range, the
// answers of so many worlds as are asked for are averaged: points of Sobol' sets, EXACT_SETS of
// them scrambled apart, whose differences give the error. A question that is not finite has no
// answer, and its item says which value makes it so and where it is drawn; the others are answered
// all the same.
#pragma once
#include "ask/run.h"

enum {
    EXACT_MEGABYTES = 2048, // of memory, when nothing else is asked for
    EXACT_SETS = 16,
    EXACT_MOST_PRIORS = 1 << 24
};

typedef struct {
    uint64_t megabytes;   // at most; 0: EXACT_MEGABYTES
    uint64_t priors;      // quasi-random worlds where what is unknown can be any number; 0: none
    uint32_t blocks_from; // see ExactOptions; for tests
    uint64_t *work;       // the same; NULL: as much as it takes
    uint64_t most_states; // the same; 0: as memory allows
} ExactLimits;

// Of the options count: seed (of the scrambling), view, as_written, with_base, questions, sources,
// progress and stop. Stopped, what is not answered says so; ST_INTERRUPTED: nothing is. ST_USAGE:
// none of the questions can be answered so, with the reason of the first.
Status ask_exact(Arena *answer_arena, const Model *model, const RunOptions *options,
                 ExactLimits limits, Answer **answer, Error *error);

// Could it be asked? An empty text: yes, as far as can be told from the first steps. Otherwise the
// reason.
Status ask_exact_applies(Arena *arena, const Model *model, const RunOptions *options, Str *why,
                         Error *error);
