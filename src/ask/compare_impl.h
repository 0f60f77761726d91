// SPDX-License-Identifier: MIT
//
// Inside of comparing: shared by compare.c (columns, the run, remarks), compare_items.c (answers and
// gaps), compare_says.c (what authors say) and crux.c, crux_swaps.c (over what they part).
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

void compare_remark(Compare *c, Str text);

// ---- Swapped readings: crux_swaps.c -------------------------------------------------------------

// `into` with some assumptions as `from` has them; all that says the same is one swap.
typedef struct {
    int32_t into, from; // views
    int32_t n, what[2]; // assumptions
    const View *view;   // NULL: makes no model
    Str why;
    int32_t grid; // its column; -1: none
} Swap;

typedef struct {
    Compare *c;
    const struct Assumption *assumptions;
    int32_t n_assumptions;
    VEC(Swap) list;
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
// Tell them all, with the views they came from, on the track of `level` of each question. Column of
// view v in the grid is column_of_view[v].
Status swaps_run(Swaps *swaps, const int32_t *level, Str phase, Grid **grid,
                 int32_t **column_of_view, Error *error);
