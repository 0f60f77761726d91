// SPDX-License-Identifier: MIT
//
// A histogram on the bits of a distance.
#include "ask/hist.h"

#include "base/error.h"
#include "math/elementary.h"

Hist *hist_new(Arena *arena, double centre)
{
    Hist *hist = ARENA_NEW(arena, Hist);
    hist->arena = arena;
    hist->centre = m_is_finite(centre) ? centre : 0;
    return hist;
}

uint64_t *hist_open_octave(Hist *hist, int32_t index)
{
    return hist->octave[index] = ARENA_ARRAY(hist->arena, uint64_t, HIST_BINS);
}

void hist_merge(Hist *into, const Hist *from)
{
    ASSERT(bits_of(into->centre) == bits_of(from->centre));
    into->zeros += from->zeros;
    for (int32_t i = 0; i < 2 * HIST_OCTAVES; i++) {
        if (!from->octave[i]) {
            continue;
        }
        uint64_t *octave = into->octave[i] ? into->octave[i] : hist_open_octave(into, i);
        for (int32_t b = 0; b < HIST_BINS; b++) {
            octave[b] += from->octave[i][b];
        }
    }
}

uint64_t hist_count(const Hist *hist)
{
    uint64_t n = hist->zeros;
    for (int32_t i = 0; i < 2 * HIST_OCTAVES; i++) {
        for (int32_t b = 0; hist->octave[i] && b < HIST_BINS; b++) {
            n += hist->octave[i][b];
        }
    }
    return n;
}

// Lower edge, as a distance, of bin `b` of octave `o`; b may be HIST_BINS.
static double edge(int32_t o, int32_t b)
{
    return m_ldexp(1 + (double)b / HIST_BINS, o - 64);
}

// The value at `share` of the way through a bin, from its lower distance to its higher.
static double inside(const Hist *hist, int32_t o, int32_t b, bool below, double share, bool whole)
{
    double lo = edge(o, b), hi = edge(o, b + 1);
    double distance = lo + (hi - lo) * (below ? 1 - share : share);
    if (whole) {
        // The whole numbers of the bin are lo rounded up .. hi exclusive.
        double least = m_ceil(lo);
        distance = m_floor(distance);
        distance = distance < least ? least : distance;
        distance = distance >= hi && distance > least ? distance - 1 : distance;
    }
    return below ? hist->centre - distance : hist->centre + distance;
}

double hist_quantile(const Hist *hist, double q, bool whole)
{
    uint64_t n = hist_count(hist);
    if (n == 0) {
        return MATH_NAN;
    }
    double target = q * (double)n, seen = 0;
    // From the farthest below up to the centre: octaves and bins fall, then rise.
    for (int32_t bin = HIST_OCTAVES * HIST_BINS - 1; bin >= 0; bin--) {
        int32_t o = bin / HIST_BINS, b = bin % HIST_BINS;
        double count = hist->octave[o] ? (double)hist->octave[o][b] : 0;
        if (count > 0 && seen + count >= target) {
            return inside(hist, o, b, true, (target - seen) / count, whole);
        }
        seen += count;
    }
    seen += (double)hist->zeros;
    if (hist->zeros > 0 && seen >= target) {
        return hist->centre;
    }
    double last = hist->centre;
    for (int32_t bin = 0; bin < HIST_OCTAVES * HIST_BINS; bin++) {
        int32_t o = bin / HIST_BINS, b = bin % HIST_BINS;
        const uint64_t *octave = hist->octave[HIST_OCTAVES + o];
        double count = octave ? (double)octave[b] : 0;
        if (count > 0 && seen + count >= target) {
            return inside(hist, o, b, false, (target - seen) / count, whole);
        }
        last = count > 0 ? inside(hist, o, b, false, 1, whole) : last;
        seen += count;
    }
    return last;
}
