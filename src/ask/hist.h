// SPDX-License-Identifier: MIT
//
// A light histogram of floats for the many points of a series: it needs no range in advance and
// adds up in any order. It costs a third of math/float_hist.h, and keeps neither sums nor the
// lattice of the values.
//
// A value is counted by its own leading bits: sign, exponent and six bits of the fraction, so that
// a quantile is right to 1.6 % of its distance from 0. Count distances from a centre that lies
// among the values: then 470,000 give or take 1,000 is told as finely as 0 give or take 1. Counters
// stand in one piece for all octaves (64 bins) between the least and the greatest that was met, on
// both sides of 0, so that nearly all values find theirs without a question.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "engine/engine.h"

enum { HIST_BINS = 64, HIST_OCTAVES = 256 }; // a float's exponents

typedef struct {
    Arena *arena;
    int32_t lo, hi; // octaves that have counters: lo to hi - 1, within 1 to 254
    // By side (above 0, below), octave and bin; [-1]: too close to 0. What comes goes to the narrow
    // ones and is moved before they can be full; a count is the sum of both. Few runs are so long:
    // `moved` is NULL until then.
    uint32_t *recent, n_recent; // none of them counts more than n_recent
    uint64_t *moved;
} Hist;

Hist *hist_new(Arena *arena);
size_t hist_bytes(void); // about what one takes that has counted a million values
// What is not finite, or too large for a float, is left out. Keys are the leading bits of floats
// (ask/columns.h).
void hist_add(Hist *hist, Isa isa, const float *values, int32_t n);
void hist_add_keys(Hist *hist, Isa isa, const uint16_t *keys, int32_t n);
void hist_clear(Hist *hist);
void hist_merge(Hist *into, const Hist *from);
uint64_t hist_count(const Hist *hist);

// The value below which a share q of those counted lies, interpolated within its bin. NaN when
// nothing was counted.
double hist_quantile(const Hist *hist, double q);

// The same with the bin that it lies in.
typedef struct {
    double value;
    double lo, hi;   // edges of the bin, both 0 where all is too close to 0
    double share;    // how far up through the bin
    double crowding; // the share of all values that lies in the bin, 0 when nothing was counted
    uint16_t key;    // of the bin's values
} HistPlace;
void hist_places(const Hist *hist, const double *q, int32_t n, HistPlace *places); // q rising

// As bytes, and back into an empty histogram: any bytes are read or found bad.
void hist_put(Hist *hist, Buf *buf);
void hist_get(Hist *hist, Bytes *bytes);
