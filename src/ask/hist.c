// SPDX-License-Identifier: MIT
//
// A histogram on the bits of floats.
#include "ask/hist.h"

#include <string.h>

#include "math/bits.h"
#include "math/elementary.h"

enum { KEY_SHIFT = 23 - 6, TOP = HIST_OCTAVES - 1 };

Hist *hist_new(Arena *arena)
{
    Hist *hist = ARENA_NEW(arena, Hist);
    hist->arena = arena;
    return hist;
}

static uint64_t *open_octave(Hist *hist, uint32_t index)
{
    if (!hist->octave[index]) {
        hist->octave[index] = ARENA_ARRAY(hist->arena, uint64_t, HIST_BINS);
    }
    return hist->octave[index];
}

void hist_add(Hist *hist, const float *values, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        uint32_t key;
        memcpy(&key, &values[i], sizeof key);
        key >>= KEY_SHIFT; // sign, exponent and six bits of the fraction
        uint64_t *octave = hist->octave[key / HIST_BINS];
        if (!octave) {
            octave = open_octave(hist, key / HIST_BINS);
        }
        octave[key % HIST_BINS]++;
    }
}

void hist_merge(Hist *into, const Hist *from)
{
    for (uint32_t i = 0; i < 2 * HIST_OCTAVES; i++) {
        if (from->octave[i]) {
            uint64_t *octave = open_octave(into, i);
            for (int32_t b = 0; b < HIST_BINS; b++) {
                octave[b] += from->octave[i][b];
            }
        }
    }
}

void hist_clear(Hist *hist)
{
    for (uint32_t i = 0; i < 2 * HIST_OCTAVES; i++) {
        if (hist->octave[i]) {
            memset(hist->octave[i], 0, HIST_BINS * sizeof(uint64_t));
        }
    }
}

// Each octave behind its number plus 1; 0 ends them.
void hist_put(const Hist *hist, Buf *buf)
{
    for (uint32_t i = 0; i < 2 * HIST_OCTAVES; i++) {
        if (hist->octave[i]) {
            bytes_put_count(buf, (uint64_t)i + 1);
            bytes_put_counts(buf, hist->octave[i], HIST_BINS);
        }
    }
    bytes_put_count(buf, 0);
}

void hist_get(Hist *hist, Bytes *bytes)
{
    uint32_t i;
    while ((i = (uint32_t)bytes_count_to(bytes, 2 * HIST_OCTAVES)) > 0) {
        bytes_counts(bytes, open_octave(hist, i - 1), HIST_BINS);
    }
}

// Counters of an octave of size; in the last only the first bin, infinity, holds numbers.
static double count_in(const Hist *hist, bool below, int32_t octave, int32_t bin)
{
    const uint64_t *counts = hist->octave[octave + (below ? HIST_OCTAVES : 0)];
    return counts && (octave < TOP || bin == 0) ? (double)counts[bin] : 0;
}

uint64_t hist_count(const Hist *hist)
{
    uint64_t n = 0;
    for (int32_t i = 0; i < 2 * HIST_OCTAVES; i++) {
        const uint64_t *counts = hist->octave[i];
        int32_t bins = i % HIST_OCTAVES < TOP ? HIST_BINS : 1;
        for (int32_t b = 0; counts && b < bins; b++) {
            n += counts[b];
        }
    }
    return n;
}

// Lower edge of a bin, whatever the sign; bin may be HIST_BINS. Octave 0 is too close to tell from 0.
static double edge(int32_t octave, int32_t bin)
{
    return octave == 0 ? 0 : m_ldexp(1 + (double)bin / HIST_BINS, octave - 127);
}

// The value at `share` of the way up through a bin.
static double inside(bool below, int32_t octave, int32_t bin, double share)
{
    double lo = edge(octave, bin), hi = edge(octave, bin + 1);
    double size = lo + (hi - lo) * (below ? 1 - share : share);
    return below ? -size : size;
}

double hist_quantile(const Hist *hist, double q)
{
    double target = q * (double)hist_count(hist), seen = 0, last = MATH_NAN;
    // From the farthest below 0 up to it, then on.
    for (int32_t i = 0; i < 2 * HIST_OCTAVES; i++) {
        bool below = i < HIST_OCTAVES;
        int32_t octave = below ? HIST_OCTAVES - 1 - i : i - HIST_OCTAVES;
        if (!hist->octave[octave + (below ? HIST_OCTAVES : 0)]) {
            continue;
        }
        for (int32_t j = 0; j < HIST_BINS; j++) {
            int32_t bin = below ? HIST_BINS - 1 - j : j;
            double count = count_in(hist, below, octave, bin);
            if (count > 0 && seen + count >= target) {
                return inside(below, octave, bin, (target - seen) / count);
            }
            last = count > 0 ? inside(below, octave, bin, 1) : last;
            seen += count;
        }
    }
    return last;
}
