// SPDX-License-Identifier: MIT
//
// A histogram of doubles that adds up in any order and needs no range in advance.
//
// A value is counted by the leading bits of its own representation: 64 bins an octave. Everything
// kept is an integer (counts, sums of mantissas, least and greatest bits of a bin), so that
// histograms of parts, merged in any order, are the histogram of the whole, bit for bit. Pages (one
// octave and sign, 1.6 KiB) exist once a value falls in them.
//
// Quantiles are exact where a bin holds one value, as it does for counts below 128, and otherwise
// lie between the least and the greatest value of a bin (1.6 % wide); where all values of an octave
// are multiples of some power of two, such as whole numbers, quantiles are too. Values that differ
// by far less than 1 % of their size (dates as days since 1970) all share a bin: count their
// distance from a centre instead.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"

typedef struct FloatHist FloatHist;

// Counting costs about 4 ns a value.
FloatHist *float_hist_new(Arena *arena); // pages come from the same arena

void float_hist_add(FloatHist *hist, const double *values, size_t n);
void float_hist_clear(FloatHist *hist);
void float_hist_merge(FloatHist *into, const FloatHist *from);

// Values counted: numbers (infinities included), NaN apart.
uint64_t float_hist_count(const FloatHist *hist);
uint64_t float_hist_nans(const FloatHist *hist);

// Of all numbers. NaN when there are none. Mantissas count with 32 bits: the mean of whole numbers
// below 2^32 is right to rounding, any other to 2^-33 of the values. Subnormals count as 0.
double float_hist_mean(const FloatHist *hist);
double float_hist_sd(const FloatHist *hist); // divisor n - 1; 0 for one value

// The value at rank q (n - 1), 0 <= q <= 1, ranks taken down to whole ones.
double float_hist_quantile(const FloatHist *hist, double q);
// Share of values below x, interpolated within its bin.
double float_hist_share_below(const FloatHist *hist, double x);

// As bytes, and back into an empty histogram: any bytes are read or found bad.
void float_hist_put(const FloatHist *hist, Buf *buf);
void float_hist_get(FloatHist *hist, Bytes *bytes);
