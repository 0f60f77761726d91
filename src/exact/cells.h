// SPDX-License-Identifier: MIT
//
// What a `one of` with fixed chances comes to. It is drawn as one uniform held against rising
// thresholds; between two of them lies one outcome, its cell. To exchange two cells of one length
// is to exchange two stretches of a uniform: it keeps its distribution.
#pragma once
#include "exact/script.h"

typedef struct {
    int32_t *first; // by site: its first cell; -1: it is drawn from in other ways too
    int32_t *n;     // by site: cells up to the last threshold
    double *upper;  // by cell: where it ends
    double *length; // by cell; the same number for those that are as long to the last few bits
    int32_t n_cells;
} Cells;

const Cells *cells_find(Arena *arena, const Script *script);

// The number of cells of a site below a threshold of its draws.
int32_t cells_below(const Cells *cells, uint32_t site, double threshold);

// A slot that is a constant. False: it is none.
bool script_constant(const Script *script, Slot slot, double *value);
