// SPDX-License-Identifier: MIT
//
// Kernels of the draws that count: binomial and Poisson, by inversion. All lanes of a pack walk up
// together, adding probability to probability until the draw is passed; k is the same for all of
// them, so that one division a step serves many. They begin at 0, or where many are expected, eight
// standard deviations below the least that a lane expects.
//
// As in kernels_draw.c this is a quick look, in doubles, at the first word alone. It is good to
// 1e-11, and a lane whose draw lies within LOOK_ERROR of a boundary between two counts is answered
// again by lane_dist, exactly: for one lane in a million the second word decides.
#include "engine/kernels.h"

#include "math/elementary.h"

// Far above the rounding errors of a walk here (some 1000 steps, 4 roundings each) and of those in
// math/dist_discrete.c, whose tails are good to 1e-8 of themselves.
#define LOOK_ERROR 0x1p-24
// What is left to lane_dist: walks that begin with a probability below e^-600 (it would underflow,
// and they would be long), large spreads (it is no slower there).
#define START_LEAST   (-600.0)
#define VARIANCE_MOST 4096.0
#define TRIALS_MOST   0x1p40 // far below where n + 1 would be rounded
// A walk is 14 standard deviations long and the spread between lanes, or begins at 0, with a mean
// of 600 at most; who goes further is not sure.
enum { WALK_MOST = 1200 };
// Where P(X = 0) is less in every lane, it pays to begin elsewhere.
#define FAR_START (-128.0)
#define TWO_PI    6.283185307179586
#define FAR_SD    8.0
enum { WALKERS = PACK / 2, WALK_STRIDE = 4 };

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

// From k on. A lane stops at the first k with P(X <= k) >= low; it is sure when that passes high as
// well.
INLINE Walked walk(Walk w, double k)
{
    Vd below[WALKERS]; // P(X <= k) up to where a lane has stopped
    Vm going[WALKERS], steps[WALKERS];
    EACH_WALKER
    {
        below[j] = w.chance[j];
        going[j] = (Vm)(below[j] < w.low[j]);
        steps[j] = going[j];
    }
    const double first = k;
    for (; any_going(going) && k < first + WALK_MOST; k += WALK_STRIDE) {
        double inverse[WALK_STRIDE];
        for (int i = 0; i < WALK_STRIDE; i++) {
            inverse[i] = 1.0 / (k + (double)(i + 1));
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
        walked.count[j] = first + vd_of_word((Vu)-steps[j]);
        walked.sure[j] = (Vm)(below[j] >= w.high[j]);
    }
    return walked;
}

// A pack of draws: what the ratios of neighbours are, how it begins, and where all that holds.
typedef struct {
    Pd a, b;
    Pd start;     // log P(X = first)
    double first; // 0 unless all expect many
    Vm known[PACK];
    Vm failures[PACK]; // what is counted is what does not happen, out of `trials`
    Pd trials;
} Counts;

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
    Walked walked = walk(w, c->first);
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

// What Stirling's formula for log k! lacks, for k of 32 and more, to 1e-14.
INLINE Vd vd_stirling_rest(Vd k)
{
    Vd inverse = 1.0 / k;
    Vd square = inverse * inverse;
    return inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0)));
}

// P(X = 0) says roughly how many are expected: there are then 92 at least.
INLINE bool all_expect_many(const Counts *c)
{
    Vm few = vm_all(0);
    EACH
    {
        few |= (Vm)(c->start.v[j] > FAR_START);
    }
    return vm_bits(few) == 0;
}

// Where the walk may begin: nothing that a draw could see lies below. Never below 37.
INLINE double far_first(Counts *c, Pd mean, Pd q)
{
    Vd least = vd_all(MATH_INF);
    EACH
    {
        Vd variance = mean.v[j] * q.v[j];
        c->known[j] &= (Vm)(variance <= VARIANCE_MOST);
        Vd from = vd_floor(mean.v[j] - FAR_SD * vd_sqrt(variance));
        least = vd_smaller(vd_sel(c->known[j], from, vd_all(MATH_INF)), least);
    }
    double first = least[0];
    for (int i = 1; i < VL; i++) {
        first = least[i] < first ? least[i] : first;
    }
    return first < MATH_INF ? first : 64.0; // none is known: anywhere
}

// Begins at c->first = k instead of 0: log P(X = k) as Loader has it (2000, "Fast and accurate
// computation of binomial probabilities"), with m the mean and l = n - k:
//   -k log(k / m) - l log(l / (n q)) - log(2 pi k l / n) / 2 + rests of Stirling's formula
// where l / (n q) is 1 + (m - k) / (n q). A Poisson count has l log(l / (n q)) = m - k, l / n = 1.
static __attribute__((noinline)) void start_far(Counts *c, const bool poisson)
{
    Pd mean = c->a;
    Pd q;
    EACH
    {
        q.v[j] = 1.0 / (1.0 + c->b.v[j]);
        if (!poisson) {
            mean.v[j] = c->trials.v[j] * (c->b.v[j] * q.v[j]);
        }
    }
    c->first = far_first(c, mean, q);
    const Vd k = vd_all(c->first);
    Pd over, other, size, rest;
    EACH
    {
        const Vd n = c->trials.v[j], m = mean.v[j];
        over.v[j] = k / m;
        other.v[j] = m - k;
        size.v[j] = TWO_PI * k;
        rest.v[j] = -vd_stirling_rest(k);
        if (!poisson) {
            other.v[j] = other.v[j] / (n * q.v[j]);
            size.v[j] = size.v[j] * ((n - k) / n);
            rest.v[j] = rest.v[j] + vd_stirling_rest(n) - vd_stirling_rest(n - k);
        }
    }
    over = pd_log(over);
    size = pd_log(size);
    if (!poisson) {
        other = pd_log1p(other);
    }
    EACH
    {
        Vd loss = other.v[j];
        if (!poisson) {
            loss = loss * (c->trials.v[j] - k);
        }
        c->start.v[j] = rest.v[j] - k * over.v[j] - loss - 0.5 * size.v[j];
    }
}

// A pack's second half may be missing: see vec_math.h.
INLINE void walk_pack(const Cell *cell, const Frame *frame, int32_t i, Counts *c,
                      const bool poisson)
{
    c->first = 0.0;
    if (__builtin_expect(all_expect_many(c), 0)) {
        start_far(c, poisson);
    }
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

// log(1 - x) from s = x / (2 - x), 0 <= x <= 1/2: minus twice the inverse hyperbolic tangent, by
// its series, which leaves out less than 2e-13 of it.
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
            walk_pack(cell, frame, i, &c, false);
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
        walk_pack(cell, frame, i, &c, true);
    }
}
