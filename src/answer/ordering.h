// SPDX-License-Identifier: MIT
//
// An Ordering: what moves when two blocks of a step change places, as plain data. Made in src/ask
// (ordering.h), shown in src/show. Numbers are in base units; show them by `scale` and `unit`.
#pragma once
#include "answer/answer.h"

typedef struct {
    Str text; // "event shots", "each step", "on 2024-11-05"
    Str file; // empty: not known
    int32_t line;
} OrderBlock;

typedef struct {
    Str name, text;
    ItemKind kind; // never SERIES
    double scale;
    Str unit;
    const Str *level_names;
    int32_t n_levels;
} OrderItem;

// One question under one exchange.
typedef struct {
    bool known;           // both orders have an answer that rests on enough futures
    int32_t level;        // LEVEL: that which moves most
    double before, after; // chance, mean, or share of that level
    Estimate difference;  // after - before; half: 95 %, paired; 0 where it was worked out exactly
    double errors;        // |difference| in standard errors; infinite when the error is 0
    double size;          // |difference| of a chance; of a mean, in standard deviations of futures
    bool found;           // beyond Ordering.bound_errors
    bool matters;         // found, and large: as Gap.matters in comparison.h
} OrderMove;

typedef struct {
    int32_t first, second;  // blocks, as the file has them
    Str over;               // what both touch: "`tension`, `shots`"
    const OrderMove *moves; // by item
    int32_t n_found;
    int32_t most; // item that moves most among those found, -1: none
    bool touched; // some answer differs at all in this sample
    Str why;      // why it could not be told, or empty
} OrderPair;

typedef struct Ordering {
    Provenance provenance;
    bool exact; // differences have no error
    const OrderBlock *blocks;
    int32_t n_blocks;
    const OrderItem *items;
    int32_t n_items;
    const OrderPair *pairs;     // in the order of the file
    int32_t n_pairs, n_cut;     // told; beyond the limit and not told
    const int32_t *ranked;      // pairs with something found, those that move most first
    int32_t n_ranked, n_matter; // the first n_matter matter
    double bound_errors;        // a difference is found beyond
    const Remark *remarks;
    int32_t n_remarks;
} Ordering;
