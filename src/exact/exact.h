// SPDX-License-Identifier: MIT
//
// Answers without sampling error, where the states of a model are finitely many: probability mass
// over states is pushed through the blocks of every step in the order of the file, and equal states
// are merged after every block.
//
// A pass answers some questions of a Program together. What these do not need is left out first, so
// that the state is only what can still move one of their answers (script.h); what is decided for
// good is cleared (absorb.h); the rest is sums of products (units.h). The sums are made in one
// fixed order: the same bits on every machine.
#pragma once
#include "base/error.h"
#include "exact/script.h"

enum { EXACT_MOST_WORLDS = 100000, EXACT_BLOCKS_FROM = 512 };

// A value and its probability.
typedef struct {
    double value, mass;
} Mass;

typedef struct {
    const Mass *atoms; // rising; NaN (never) last. Futures in which the question is defined
    int32_t n;
    double defined, censored; // probability
} Distribution;

// All that is fixed from the start and matters to the questions: one combination of it.
typedef struct {
    double weight; // probability of such a world
    int32_t set;   // of quasi-random worlds, -1: there are no sets
    Distribution *results;
    Distribution **series; // by series, by point kept
    double *failed;        // by check: probability that it is the first to fail
} ExactWorld;

typedef enum {
    EXACT_DONE,
    EXACT_NOT_FINITE, // a value from a continuum would have to be kept
    EXACT_TOO_LARGE,  // more memory than allowed
    EXACT_WORLDS,     // too many combinations of what is unknown
    EXACT_OUTCOMES,   // a block with too many outcomes
    EXACT_COSTLY,     // the work that was allowed is done
    EXACT_STOPPED
} ExactEnd;

// A quantity that takes many values, where a pass has become too large; or dates of deliveries
// under way, in several columns.
typedef struct {
    Slot column;
    int32_t n_values; // of one
    Str delay;        // the site that draws the dates; empty: a plain quantity
    int32_t n_columns;
} ManyValues;

typedef struct {
    ExactEnd end;
    NotFinite why;
    ExactWorld *worlds;
    int32_t n_worlds;
    double lost;          // probability that went nowhere: a bound on the error of any answer
    uint64_t most_states; // between two blocks
    uint64_t states;      // at the end of the last step of which they were counted
    int32_t steps;        // done, when it did not come to the end
    ManyValues many[3];
    int32_t n_many;
    double growth;   // states multiply by so much a step and would fill the memory soon; 0: they
                     // filled it
    double combined; // product of the numbers of values of all quantities: what may come, at most
} ExactPass;

// How far a pass is.
typedef struct {
    uint32_t world, n_worlds; // n_worlds 0: they are being drawn
    int32_t step, n_steps;    // done, of this world
    uint64_t states;          // at most, so far
} ExactBeat;

typedef struct {
    size_t memory;        // bytes
    uint64_t most_states; // give up beyond (EXACT_TOO_LARGE); 0: as memory allows
    uint32_t most_worlds; // give up beyond (EXACT_WORLDS); 0: EXACT_MOST_WORLDS
    uint32_t blocks_from; // states from which steps go in blocks; 0: EXACT_BLOCKS_FROM
    // NULL, or the work that may still be done, in states moved through a unit; what is done is
    // taken off. The same on every machine, as a time would not be.
    uint64_t *work;
    const int32_t *point_of; // by 1 + step: point of series, -1: not kept
    int32_t n_points;
    // Sets of quasi-random worlds, scrambled apart by the seed, of so many points each: what is
    // unknown and fixed may be any number then. 0: every combination, of finitely many.
    uint32_t prior_sets, prior_points;
    uint64_t seed;
    const volatile int *stop; // NULL, or: end when it becomes non-zero
    void *ctx;
    void (*beat)(void *ctx, const ExactBeat *beat); // NULL, or: after every step, and now and then
} ExactOptions;

// Answer. The results live in `arena`; probabilities of each world sum to 1 less `lost`.
void exact_pass(Arena *arena, const Program *program, const Wanted *wanted,
                const ExactOptions *options, ExactPass *pass);
