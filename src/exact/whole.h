// SPDX-License-Identifier: MIT
//
// Which slots hold whole numbers, for sums of which the order does not matter.
//
// A slot holds whole numbers at the start of every step when it does so after the first look and
// when, from slots of which that holds, a step makes whole numbers of it again: the greatest set of
// slots for which that is so. How large they may become is followed through all the steps. Sums in
// a double are the same in any order as long as no part of them leaves 2^53; where that cannot be
// shown nothing is taken for whole.
#pragma once
#include "exact/graph.h"

typedef struct {
    uint8_t *at_start; // by slot: whole at the start of a step, and at the end of a future
    uint8_t **at_cut;  // by cut, by slot
    double *most;      // by slot: never larger, or smaller than its negative, where it is whole
} Whole;

// NULL: nothing is.
const Whole *whole_find(Arena *arena, const Script *script);

// Do all sums of whole numbers in the graph stay below 2^53, its inputs being as large as `most`
// says? Sets by node how large it may be.
bool whole_fits(const Graph *graph, const double *most, double *node_most);
