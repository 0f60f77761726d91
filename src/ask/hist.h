// SPDX-License-Identifier: MIT
//
// A light histogram for the many points of a series: it needs no range in advance and adds up in any
// order. It costs a third of math/float_hist.h, and keeps neither sums nor the lattice of the values.
//
// A value is counted by the leading bits of its distance from a centre, as a float: sign, exponent
// and six bits of the fraction, so that a quantile is right to 1.6 % of its distance from the centre
// whatever the magnitudes. The centre should lie among the values (a median of a few is good): then
// 470,000 give or take 1,000 is told as finely as 0 give or take 1. Counters of an octave (64 bins)
// exist once it is touched.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

enum { HIST_BINS = 64, HIST_OCTAVES = 256 }; // a float's exponents

typedef struct {
    double centre;
    Arena *arena;
    uint64_t *octave[2 * HIST_OCTAVES]; // above the centre, then below; NULL: all zero
} Hist;

Hist *hist_new(Arena *arena, double centre);   // a centre that is not finite: 0
void hist_merge(Hist *into, const Hist *from); // of the same centre
uint64_t hist_count(const Hist *hist);

// Count values; what is not a number is left out. Distances beyond a float's range count as
// infinite, those below it as nought.
void hist_add(Hist *hist, double value);
void hist_add_all(Hist *hist, const double *values, int32_t n);

// The value below which a share q of those counted lies, interpolated within its bin. NaN when
// nothing was counted.
double hist_quantile(const Hist *hist, double q);
