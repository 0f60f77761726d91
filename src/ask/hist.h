// SPDX-License-Identifier: MIT
//
// A histogram of doubles that needs no range in advance and adds up in any order.
//
// A value is counted by the leading bits of its distance from a centre: 64 bins an octave of
// distance, 128 octaves on either side, so that a quantile is right to 1.6 % of its distance from
// the centre whatever the magnitudes. The centre should lie among the values (a median of a few is
// good): then 470,000 give or take 1,000 is told as finely as 0 give or take 1. Counters of an
// octave exist once it is touched.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "math/bits.h"

enum { HIST_OCTAVES = 128, HIST_BINS = 64 };

typedef struct {
    double centre;
    Arena *arena;
    uint64_t zeros;                            // within 2^-64 of the centre
    uint64_t *octave[2 * HIST_OCTAVES];        // below the centre, then above; NULL: all zero
} Hist;

Hist *hist_new(Arena *arena, double centre);
void hist_merge(Hist *into, const Hist *from); // of the same centre
uint64_t hist_count(const Hist *hist);
uint64_t *hist_open_octave(Hist *hist, int32_t index);

// The value below which a share q of those counted lies, interpolated within its bin; with `whole`
// among whole numbers only. NaN when nothing was counted.
double hist_quantile(const Hist *hist, double q, bool whole);

// Count a finite value.
static inline void hist_add(Hist *hist, double value)
{
    uint64_t bits = bits_of(value - hist->centre);
    // Exponent and six leading bits of the fraction; 2^-64 comes to 0.
    int64_t bin = (int64_t)((bits & ~BITS_SIGN) >> 46) - ((1023 - 64) << 6);
    if (bin < 0) {
        hist->zeros++;
        return;
    }
    bin = bin < HIST_OCTAVES * HIST_BINS ? bin : HIST_OCTAVES * HIST_BINS - 1;
    int32_t index = (int32_t)(bin >> 6) + (bits & BITS_SIGN ? 0 : HIST_OCTAVES);
    uint64_t *octave = hist->octave[index];
    if (!octave) {
        octave = hist_open_octave(hist, index);
    }
    octave[bin & 63]++;
}
