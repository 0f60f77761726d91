// SPDX-License-Identifier: MIT
//
// Inside of comparing: shared by compare.c (columns, the run, remarks), compare_items.c (answers
// and gaps), compare_says.c (what authors say) and crux.c, crux_swaps.c (over what they part).
#pragma once
#include "ask/compare.h"
#include "ask/grid.h"
#include "base/vec.h"

// A column of the comparison and where it stands.
typedef struct {
    ColumnRole role;
    int32_t view; // in Model.views; -1: the pool
    bool set;     // with the settings
    int32_t grid; // column of the grid
    int32_t against;
} Column;

typedef struct {
    const CompareOptions *options;
    const Model *model;
    RunOptions run;        // with the questions that can be compared
    Arena *arena, *answer; // scratch; of the result
    const Plan *pool;      // as `casus run` would have it
    VEC(Column) columns;
    Grid *grid;
    int32_t *voices; // columns whose parting is told: stories, the base where it counts
    int32_t n_voices;
    Comparison *out;
    VEC(Remark) remarks;
} Compare;

// compare_items.c
void compare_items(Compare *c);

// The gap of two grid columns on a track: lead and scale of the question decide whether it matters.
Gap compare_gap(const Grid *grid, int32_t a, int32_t b, int32_t asked, int32_t track);

// compare_says.c: sayings and apparent disagreements, once the items are there.
void compare_says(Compare *c);

// crux.c: once the items are there.
Status compare_cruxes(Compare *c, Error *error);

// Is a difference of two means (in standard deviations of futures, `spread`) or of two chances of a
// size to speak of?
bool compare_is_large(bool mean, double p, double q, double spread);

void compare_remark(Compare *c, Str text);

// ---- Swapped readings: crux_swaps.c -------------------------------------------------------------

// What a reading was told to give on each question's lead track: [section][item][n, x].
typedef struct {
    const double *sums; // NULL: it was not told
} Told;

// `into` with some assumptions as `from` has them; all that says the same is one swap.
typedef struct {
    int32_t into, from; // views
    int32_t n, what[2]; // assumptions
    Told told;
    Str why; // why it makes no model, or empty
} Swap;

typedef struct {
    Compare *c;
    const struct Assumption *assumptions;
    int32_t n_assumptions;
    VEC(Swap) list;
    // Once they are told:
    Told *voices; // by view
    int32_t n_sections, n_items;
    uint64_t worlds, futures;
} Swaps;

void swaps_init(Swaps *swaps, Compare *c);
bool swaps_differ(const Swaps *swaps, int32_t assumption, int32_t a, int32_t b); // views
// Index of the swap, made when it is new.
int32_t swaps_add(Swaps *swaps, int32_t into, int32_t from, const int32_t *what, int32_t n);
// Views a and b swap n assumptions: the readings that come out of it, both ways.
typedef struct {
    int32_t into_a, into_b; // swaps
} SwapBoth;
SwapBoth swaps_both(Swaps *swaps, int32_t a, int32_t b, const int32_t *what, int32_t n);
// Tell them all, and the voices, on the track of `level` of each question: some at a time, so that
// memory does not grow with their number.
Status swaps_run(Swaps *swaps, const int32_t *level, const char *what, Error *error);

double told_answer(const Swaps *swaps, Told told, int32_t item); // NaN: rests on no future
// Error of sum c_i R_i over some readings, by sections: half a 95 % interval. From what each
// section adds to the ratios, linearised, so that a section without futures does no harm. NaN below
// two sections.
double told_contrast_half(const Swaps *swaps, const Told *told, const double *weights, int32_t n,
                          int32_t item);
