// SPDX-License-Identifier: MIT
//
// Kernels of the draws that count: binomial and Poisson, by inversion. All lanes of a group walk up
// from 0 together, adding probability to probability until the draw is passed; k is the same for
// all of them, so that one division a step serves the group.
//
// As in kernels_draw.c this is a quick look, in doubles, at the first word alone. It is good to
// 1e-11, and a lane whose draw lies within LOOK_ERROR of a boundary between two counts is answered
// again by lane_dist, exactly: for one lane in a million the second word decides.
#include "engine/kernels.h"

#include "math/elementary.h"

// Far above the rounding errors of a walk here (some 1000 steps, 4 roundings each) and of those in
// math/dist_discrete.c, whose tails are good to 1e-8 of themselves.
#define LOOK_ERROR 0x1p-24
// A walk that begins with a probability below e^-600 is left to lane_dist: it would underflow, and
// be long.
#define START_LEAST (-600.0)
// No walk that begins above takes more: at 1200, P(X > k) is below 1e-30 for all of them.
enum { WALK_MOST = 1200 };
#define TRIALS_MOST 0x1p40 // far below where n + 1 would be rounded
enum { WALKERS = PACK / 2, WALK_LANES = WALKERS * VL, WALK_STRIDE = 4 };

// Half a pack on its way. Neighbours: P(X = k) / P(X = k - 1) = a / k - b.
typedef struct {
    Vd a[WALKERS], b[WALKERS];
    Vd chance[WALKERS]; // P(X = k)
    Vd low[WALKERS];    // the draw lies above this and
    Vd high[WALKERS];   // below this
} Walk;

// What is drawn, and a mask of the lanes where that is sure.
typedef struct {
    Vd count[WALKERS];
    Vm sure[WALKERS];
} Walked;

#define EACH_WALKER for (int j = 0; j < WALKERS; j++)

INLINE bool any_going(const Vm *going)
{
    Vm any = going[0];
    for (int j = 1; j < WALKERS; j++) {
        any |= going[j];
    }
    return vm_bits(any) != 0;
}

// A lane stops at the first k with P(X <= k) >= low; it is sure when that passes high as well.
INLINE Walked walk(Walk w)
{
    Vd below[WALKERS]; // P(X <= k) up to where a lane has stopped
    Vm going[WALKERS], steps[WALKERS];
    EACH_WALKER
    {
        below[j] = w.chance[j];
        going[j] = (Vm)(below[j] < w.low[j]);
        steps[j] = going[j];
    }
    for (double k = 1.0; any_going(going) && k < WALK_MOST; k += WALK_STRIDE) {
        double inverse[WALK_STRIDE];
        for (int i = 0; i < WALK_STRIDE; i++) {
            inverse[i] = 1.0 / (k + i);
        }
        for (int i = 0; i < WALK_STRIDE; i++) {
            EACH_WALKER
            {
                w.chance[j] *= w.a[j] * inverse[i] - w.b[j];
                below[j] += (Vd)((Vm)w.chance[j] & going[j]);
                going[j] = (Vm)(below[j] < w.low[j]);
                steps[j] += going[j];
            }
        }
    }
    Walked walked;
    EACH_WALKER
    {
        walked.count[j] = vd_of_word((Vu)-steps[j]);
        walked.sure[j] = (Vm)(below[j] >= w.high[j]);
    }
    return walked;
}

// A pack of draws: what the ratios of neighbours are, how it begins, and where all that holds.
typedef struct {
    Pd a, b;
    Pd start; // log P(X = 0)
    Vm known[PACK];
    Vm failures[PACK]; // what is counted is what does not happen, out of `trials`
    Pd trials;
} Counts;

// Where nothing is known the walk ends at once.
INLINE void tame(Counts *c)
{
    EACH
    {
        c->known[j] &= (Vm)(c->start.v[j] >= START_LEAST);
        c->start.v[j] = (Vd)((Vm)c->start.v[j] & c->known[j]);
    }
}

// VL lanes from `at` on, with care where not sure. All their operands are read before any is
// written, since d may be one of them.
static __attribute__((noinline)) void store_unsure(const Cell *cell, const Frame *frame, int32_t at,
                                                   uint32_t unsure, Vd counts)
{
    double d[VL];
    memcpy(d, &counts, sizeof d);
    for (; unsure != 0; unsure &= unsure - 1) {
        int32_t j = __builtin_ctz(unsure);
        d[j] = lane_dist(cell, frame, at + j);
    }
    memcpy(cell->d + at, d, sizeof d);
}

INLINE void walk_half(const Cell *cell, const Frame *frame, int32_t i, const Counts *c,
                      const Pd *chance, const int half)
{
    Walk w;
    EACH_WALKER
    {
        const Vu flip = (Vu)c->failures[half + j] >> 32;
        Vd u = vd_of_word(vu_of_words(vw_load(cell->site->words + i + j * VL)) ^ flip);
        w.low[j] = u * 0x1p-32 - LOOK_ERROR;
        w.high[j] = (u + 1.0) * 0x1p-32 + LOOK_ERROR;
        w.a[j] = c->a.v[half + j];
        w.b[j] = c->b.v[half + j];
        w.chance[j] = chance->v[half + j];
    }
    Walked walked = walk(w);
    EACH_WALKER
    {
        const Vm failures = c->failures[half + j];
        Vd count = vd_sel(failures, c->trials.v[half + j] - walked.count[j], walked.count[j]);
        const uint32_t unsure = vm_bits(~(walked.sure[j] & c->known[half + j]));
        if (__builtin_expect(unsure != 0, 0)) {
            store_unsure(cell, frame, i + j * VL, unsure, count);
        } else {
            vd_store(cell->d + i + j * VL, count);
        }
    }
}

// A pack's second half may be missing: see vec_math.h.
INLINE void walk_pack(const Cell *cell, const Frame *frame, int32_t i, Counts *c)
{
    EACH
    {
        c->known[j] &= (Vm)(c->start.v[j] >= START_LEAST);
        c->start.v[j] = (Vd)((Vm)c->start.v[j] & c->known[j]); // the rest ends at once
    }
    const Pd chance = pd_exp(c->start);
    for (int half = 0; half < PACK && i + half * VL < frame->n; half += WALKERS) {
        walk_half(cell, frame, i + half * VL, c, &chance, half);
    }
}

// Whole trials, of a chance: elsewhere lane_dist says what is to be.
INLINE Vm is_binomial(Vd n, Vd p)
{
    return (Vm)(vd_floor(n) == n) & (Vm)(n >= 0.0) & (Vm)(n <= TRIALS_MOST) & (Vm)(p >= 0.0) &
           (Vm)(p <= 1.0);
}

// log(1 - x) from s = x / (2 - x), 0 <= x <= 1/2: minus twice the inverse hyperbolic tangent, by its
// series, which leaves out less than 2e-13 of it.
INLINE Pd pd_log_rest(Pd s)
{
    Pd z = pd_mul(s, s);
    Pd even, odd, z2 = pd_mul(z, z);
    EACH
    {
        even.v[j] = 1.0 / 17.0 + z2.v[j] * (1.0 / 21.0);
        odd.v[j] = 1.0 / 19.0 + z2.v[j] * (1.0 / 23.0);
    }
    even = pd_step(1.0 / 13.0, z2, even);
    odd = pd_step(1.0 / 15.0, z2, odd);
    even = pd_step(1.0 / 9.0, z2, even);
    odd = pd_step(1.0 / 11.0, z2, odd);
    even = pd_step(1.0 / 5.0, z2, even);
    odd = pd_step(1.0 / 7.0, z2, odd);
    even = pd_step(1.0, z2, even);
    odd = pd_step(1.0 / 3.0, z2, odd);
    EACH
    {
        s.v[j] = -2.0 * s.v[j] * (even.v[j] + z.v[j] * odd.v[j]);
    }
    return s;
}

// Counting what happens or what does not, whichever is rarer: with p at most 1/2 the walk is short.
// False when nothing can happen in any lane.
INLINE bool binomial_counts(Counts *c, Pd trials, Pd p)
{
    Vm never = vm_all(-1);
    EACH
    {
        c->known[j] = is_binomial(trials.v[j], p.v[j]);
        never &= c->known[j] & (Vm)(trials.v[j] * p.v[j] == 0.0);
    }
    if (vm_bits(never) == (1u << VL) - 1) {
        return false;
    }
    Pd s;
    EACH
    {
        c->failures[j] = (Vm)(p.v[j] > 0.5);
        Vd x = vd_sel(c->failures[j], 1.0 - p.v[j], p.v[j]);
        x = (Vd)((Vm)x & c->known[j]);
        Vd inverse = 1.0 / ((1.0 - x) * (2.0 - x)); // one division for both quotients
        s.v[j] = x * (1.0 - x) * inverse;           // x / (2 - x)
        c->trials.v[j] = trials.v[j] + 0.0;         // never -0
        c->b.v[j] = x * (2.0 - x) * inverse;        // x / (1 - x)
        c->a.v[j] = (trials.v[j] + 1.0) * c->b.v[j];
    }
    c->start = pd_mul(trials, pd_log_rest(s));
    return true;
}

void KERNEL_NAME(BINOMIAL)(const Cell *cell, const Frame *frame)
{
    const int32_t n = frame->n;
    const double *const *params = cell->more.params;
    for (int32_t i = 0; i < n; i += PACK_LANES) {
        Counts c;
        if (binomial_counts(&c, pd_load(params[0], i, n), pd_load(params[1], i, n))) {
            walk_pack(cell, frame, i, &c);
        } else {
            EACH
            {
                vd_store(cell->d + pack_at(i, j, n), vd_all(0.0));
            }
        }
    }
}

void KERNEL_NAME(POISSON)(const Cell *cell, const Frame *frame)
{
    const int32_t n = frame->n;
    for (int32_t i = 0; i < n; i += PACK_LANES) {
        Counts c;
        c.a = pd_load(cell->more.params[0], i, n);
        EACH
        {
            c.known[j] = (Vm)(c.a.v[j] >= 0.0);
            c.failures[j] = vm_all(0);
            c.trials.v[j] = vd_all(0.0);
            c.b.v[j] = vd_all(0.0);
            c.start.v[j] = -c.a.v[j];
        }
        walk_pack(cell, frame, i, &c);
    }
}
