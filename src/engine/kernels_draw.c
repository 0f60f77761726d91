// SPDX-License-Identifier: MIT
//
// Kernels of the random draws. Philox is math/philox.h on 64-bit lanes, two vectors interleaved to
// hide the latency of its multiplies.
//
// A draw that only has to choose (an option, or in kernels_trial.c yes or no) first takes a quick
// look: the first word alone and, where exponentials come in, float arithmetic. Its error is
// bounded, and a lane whose draw lies within that bound of a boundary is answered again by lane_*
// (draws.c), exactly. So what a draw gives is defined by those scalar functions; the quick look
// only says what they would.
#include "engine/kernels.h"

#include "math/philox.h"

// Words

typedef struct {
    Vu c0, c1, c2, c3;
} Counter;

// All that is the same for every lane: the keys, and the first round's half of the counter.
typedef struct {
    Vu k0[PHILOX_ROUNDS], k1[PHILOX_ROUNDS];
    Vu first0, first1, first2;
    const uint32_t *future, *world;
} Fixed;

INLINE void make_fixed(const WordJob *job, Fixed *fixed)
{
    uint32_t k0 = job->k0;
    uint32_t k1 = job->k1;
    uint64_t b = (uint64_t)PHILOX_M1 * job->c2;
    fixed->first0 = vu_all((b >> 32) ^ k0);
    fixed->first1 = vu_all(b);
    fixed->first2 = vu_all(job->site ^ k1);
    fixed->future = job->future;
    fixed->world = job->world;
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        fixed->k0[round] = vu_all(k0);
        fixed->k1[round] = vu_all(k1);
        k0 += PHILOX_W0;
        k1 += PHILOX_W1;
    }
}

INLINE Counter philox_round(Counter c, const Fixed *fixed, int round)
{
    Vu a = vu_mul32(c.c0, vu_all(PHILOX_M0));
    Vu b = vu_mul32(c.c2, vu_all(PHILOX_M1));
    // Only the low halves count; what stands above them is never read.
    return (Counter){(b >> 32) ^ (c.c1 ^ fixed->k0[round]), b,
                     (a >> 32) ^ (c.c3 ^ fixed->k1[round]), a};
}

INLINE Counter philox_first(const Fixed *fixed, Vu future, Vu world)
{
    Vu a = vu_mul32(future, vu_all(PHILOX_M0));
    return (Counter){world ^ fixed->first0, fixed->first1, (a >> 32) ^ fixed->first2, a};
}

// Two vectors of lanes from `i` on. Which lane is where in them is the business of vu_split alone.
INLINE void philox_two(const Fixed *fixed, int32_t i, Counter *x, Counter *y)
{
    Vu f0, f1, w0, w1;
    vu_split(fixed->future + i, &f0, &f1);
    vu_split(fixed->world + i, &w0, &w1);
    *x = philox_first(fixed, f0, w0);
    *y = philox_first(fixed, f1, w1);
    for (int round = 1; round < PHILOX_ROUNDS; round++) {
        *x = philox_round(*x, fixed, round);
        *y = philox_round(*y, fixed, round);
    }
}

void KERNEL_NAME(words4)(const WordJob *job, uint32_t *const out[4], int32_t n)
{
    Fixed fixed;
    make_fixed(job, &fixed);
    uint32_t *const out0 = out[0], *const out1 = out[1], *const out2 = out[2], *const out3 = out[3];
    for (int32_t i = 0; i < n; i += VU_SPLIT) {
        Counter x, y;
        philox_two(&fixed, i, &x, &y);
        vu_join(out0 + i, x.c0, y.c0);
        vu_join(out1 + i, x.c1, y.c1);
        vu_join(out2 + i, x.c2, y.c2);
        vu_join(out3 + i, x.c3, y.c3);
    }
}

void KERNEL_NAME(words1)(const WordJob *job, uint32_t which, uint32_t *out, int32_t n)
{
    Fixed fixed;
    make_fixed(job, &fixed);
    for (int32_t i = 0; i < n; i += VU_SPLIT) {
        Counter x, y;
        philox_two(&fixed, i, &x, &y);
        switch (which) {
        case 0: vu_join(out + i, x.c0, y.c0); break;
        case 1: vu_join(out + i, x.c1, y.c1); break;
        case 2: vu_join(out + i, x.c2, y.c2); break;
        default: vu_join(out + i, x.c3, y.c3); break;
        }
    }
}

// Plain numbers

void KERNEL_NAME(UNIFORM)(const Cell *cell, const Frame *frame)
{
    const int32_t n = frame->n;
    const uint32_t *words = cell->site->words;
    double *d = cell->d;
    LANES(Vd w = vd_of_word(vu_of_words(vw_load(words + i))); vd_store(d + i, (w + 0.5) * 0x1p-32);)
}

void KERNEL_NAME(SCORE)(const Cell *cell, const Frame *frame)
{
    for (int32_t i = 0; i < frame->n; i++) {
        cell->d[i] = lane_score(cell, i);
    }
}

void KERNEL_NAME(DIST)(const Cell *cell, const Frame *frame)
{
    for (int32_t i = 0; i < frame->n; i++) {
        cell->d[i] = lane_dist(cell, frame, i);
    }
}

// Quantile tables

// Words so near either end that qtable_needs_second names them.
enum { QTABLE_FAR = 4096 };
enum { ROW_BYTES = 4 * sizeof(double), HALF_BYTES = QTABLE_ROWS * ROW_BYTES };

// The rows at VL offsets (in bytes), as four vectors of coefficients.
typedef struct {
    Vd c0, c1, c2, c3;
} Cubic;

#if defined(__AVX2__) || defined(__AVX512F__)
typedef struct {
    __m256d c0, c1, c2, c3;
} Cubic4;

INLINE __m256d two_halves(const char *low, const char *high)
{
    return _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_load_pd((const void *)low)),
                                _mm_load_pd((const void *)high), 1);
}

// Four rows, loaded by halves and transposed: faster than gathers.
INLINE Cubic4 rows4(const char *rows, const uint32_t *at)
{
    __m256d a = two_halves(rows + at[0], rows + at[2]);
    __m256d b = two_halves(rows + at[1], rows + at[3]);
    __m256d c = two_halves(rows + at[0] + 16, rows + at[2] + 16);
    __m256d d = two_halves(rows + at[1] + 16, rows + at[3] + 16);
    return (Cubic4){_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b), _mm256_unpacklo_pd(c, d),
                    _mm256_unpackhi_pd(c, d)};
}
#endif

INLINE Cubic cubic_rows(const char *rows, const uint32_t *at)
{
#if defined(__AVX512F__)
    Cubic4 x = rows4(rows, at);
    Cubic4 y = rows4(rows, at + 4);
    return (Cubic){(Vd)_mm512_insertf64x4(_mm512_castpd256_pd512(x.c0), y.c0, 1),
                   (Vd)_mm512_insertf64x4(_mm512_castpd256_pd512(x.c1), y.c1, 1),
                   (Vd)_mm512_insertf64x4(_mm512_castpd256_pd512(x.c2), y.c2, 1),
                   (Vd)_mm512_insertf64x4(_mm512_castpd256_pd512(x.c3), y.c3, 1)};
#elif defined(__AVX2__)
    Cubic4 x = rows4(rows, at);
    return (Cubic){(Vd)x.c0, (Vd)x.c1, (Vd)x.c2, (Vd)x.c3};
#else
    double c[4][VL] __attribute__((aligned(sizeof(Vd))));
    for (int i = 0; i < VL; i++) {
        const double *row = (const void *)(rows + at[i]);
        for (int k = 0; k < 4; k++) {
            c[k][i] = row[k];
        }
    }
    return (Cubic){vd_load(c[0]), vd_load(c[1]), vd_load(c[2]), vd_load(c[3])};
#endif
}

// The work goes in two loops over a stretch of lanes, first where in the table, then what stands
// there: short chains of dependent operations overlap better.
enum { STRETCH = 64 };
typedef struct {
    uint32_t at[STRETCH]; // offsets of rows
    double x[STRETCH];    // places within them
} __attribute__((aligned(64))) Places;

// FL lanes from j on. A word of the upper half is mirrored (~w stands for 1 - u), so that what is
// left is a number t below 2^31, in units of 2^-32; `least` is the smallest so far.
INLINE Vfm qtable_places(const uint32_t *words, Places *places, int64_t j, Vfm least)
{
    Vfu w = vfu_load(words + j);
    Vfu upper = (Vfu)((Vfm)w >> 31);
    Vfm t = (Vfm)(w ^ upper);
    // Exponent and part of t + 1/2, by way of floats: with all bits gone that lie eight or more
    // below the leading one and face a set bit there, rounding cannot reach the part. (Of the far
    // words any row will do.)
    Vf rough = __builtin_convertvector((t & ~(t >> 8)) | 1, Vf);
    Vfu top = ((Vfu)rough >> (23 - QTABLE_BITS)) ^ ~(uint32_t)((1 << QTABLE_BITS) - 1);
    // Row TOP - top + 2 part is TOP + 8 + (top with all but its part bits flipped).
    Vfu row = top + (uint32_t)(QTABLE_TOP + (33 << QTABLE_BITS) - ((1023 - 127) << QTABLE_BITS));
    vfu_store(places->at + j, (row << 5) + (upper & (uint32_t)HALF_BYTES));
    for (int part = 0; part < VF_PARTS; part++) {
        Vu b = (Vu)(vd_of_part(t, part) + 0.5);
        Vd x = (Vd)(((b << QTABLE_BITS) & vu_all(BITS_MANTISSA)) | vu_all(BITS_ONE)) - 1.0;
        vd_store(places->x + j + part * VL, x);
    }
    return vfm_smaller(t, least);
}

// VL lanes from j on; bits of those that have no number.
INLINE uint64_t qtable_values(const char *rows, const Places *places, double *d, int64_t j,
                              bool patched)
{
    Cubic c = cubic_rows(rows, places->at + j);
    Vd x = vd_load(places->x + j);
    Vd value = c.c0 + x * (c.c1 + x * (c.c2 + x * c.c3));
    vd_store(d + j, value);
    return patched ? (uint64_t)vm_bits(~(Vm)(value == value)) << j : 0;
}

// Words so near either end that the first does not tell the place.
static __attribute__((noinline)) uint64_t qtable_far(const uint32_t *words, int32_t n)
{
    uint64_t far = 0;
    for (int32_t j = 0; j < n; j++) {
        far |= (uint64_t)qtable_needs_second(words[j]) << j;
    }
    return far;
}

INLINE void qtable_all(const Cell *cell, const Frame *frame, bool patched)
{
    const char *rows = (const char *)cell->more.table->rows;
    Places places;
    for (int32_t i = 0; i < frame->n; i += STRETCH) {
        const int64_t n = frame->n - i < STRETCH ? frame->n - i : STRETCH;
        const uint32_t *words = cell->site->words + i;
        double *d = cell->d + i;
        Vfm least = QTABLE_FAR - (Vfm){0};
        for (int64_t j = 0; j < n; j += FL) {
            least = qtable_places(words, &places, j, least);
        }
        uint64_t careful = 0;
        if (__builtin_expect(vfm_bits(least - QTABLE_FAR), 0)) {
            careful = qtable_far(words, (int32_t)n);
        }
        for (int64_t j = 0; j < n; j += 8) {
            for (int64_t part = 0; part < 8; part += VL) {
                careful |= qtable_values(rows, &places, d, j + part, patched);
            }
        }
        while (__builtin_expect(careful != 0, 0)) {
            int32_t j = __builtin_ctzll(careful);
            d[j] = lane_table(cell, frame, i + j);
            careful &= careful - 1;
        }
    }
}

void KERNEL_NAME(QTABLE)(const Cell *cell, const Frame *frame)
{
    _Static_assert(ROW_BYTES == 1 << 5, "rows are shifted into place");
    if (cell->more.table->n_patches > 0) {
        qtable_all(cell, frame, true);
    } else {
        qtable_all(cell, frame, false);
    }
}

// Choices

enum { MAX_CHOICES = 32 };

// Cumulated odds as floats, and from them the option each draw falls on, and whether that is sure.
// Shares of the total are good to 2^-15, and the draw to 2^-23, so a draw farther than 2^-13 of the
// total from the nearest boundary is.
typedef struct {
    Vfm index, sure;
} Look;

INLINE Look softmax_look(const Vf *below, int32_t k, Vfu words)
{
    Vf total = below[k - 1];
    Vf draw = (vf_of_half_word(words) + 0.5f) * (total * 0x1p-31f);
    Vfm index = (Vfm)(words - words);
    Vf nearest = total;
    for (int32_t i = 0; i < k - 1; i++) {
        Vf over = draw - below[i];
        index -= (Vfm)(over > 0.0f);
        nearest = i == 0 ? vf_abs(over) : vf_smaller(vf_abs(over), nearest);
    }
    return (Look){index, (Vfm)(nearest > total * 0x1p-13f)}; // nothing is sure of NaN
}

INLINE Vd choice_value(const Choice *choice, int32_t at)
{
    return choice->uniform ? vd_all(*choice->value) : vd_load(choice->value + at);
}

// FL lanes by the careful function, where `unsure`; the others take the quick look's index. All
// operands of these lanes are read before any is written, since d may be one of them.
static __attribute__((noinline)) void
store_choices(const Cell *cell, const Frame *frame, int32_t at, uint32_t unsure, Vfm index,
              double (*careful)(const Cell *, const Frame *, int32_t))
{
    double choice[FL];
    for (int32_t j = 0; j < FL; j++) {
        choice[j] = unsure >> j & 1 ? careful(cell, frame, at + j) : (double)index[j];
    }
    memcpy(cell->d + at, choice, sizeof choice);
}

// Any worths and any options missing: the highest worth is taken off first, as the definition has
// it. Lanes without any option have no odds.
static __attribute__((noinline)) void softmax_any(const Cell *cell, const Frame *frame, int32_t i)
{
    const int32_t k = cell->n;
    const Choice *choices = cell->more.choices;
    Vd best[VF_PARTS];
    for (int32_t part = 0; part < VF_PARTS; part++) {
        int32_t at = i + part * VL;
        best[part] = vd_all(-MATH_INF);
        for (int32_t j = 0; j < k; j++) {
            Vd worth = choice_value(&choices[j], at);
            if (choices[j].available) {
                worth = vd_sel(vm_load(choices[j].available + at), worth, vd_all(-MATH_INF));
            }
            best[part] = vd_greater(worth, best[part]);
        }
    }
    Vf below[MAX_CHOICES];
    Vf total = vf_all(0.0f);
    for (int32_t c = 0; c < k; c++) {
        Vd gap[VF_PARTS];
        for (int32_t part = 0; part < VF_PARTS; part++) {
            gap[part] = choice_value(&choices[c], i + part * VL) - best[part];
        }
        Pf y;
        y.v[0] = vf_clamp(vf_of_parts(gap) * 0x1.715476p+0f, 100.0f);
        Vf odds = pf_exp2_rough(y, 1).v[0];
        if (choices[c].available) {
            odds = vf_sel(vfm_of_masks(choices[c].available + i), odds, vf_all(0.0f));
        }
        total = total + odds;
        below[c] = total;
    }
    Look look = softmax_look(below, k, vfu_load(cell->site->words + i));
    Vfm none = (Vfm)(total == 0.0f); // its bits are those of -1
    look.index |= none;
    look.sure |= none;
    store_choices(cell, frame, i, vfm_bits(~look.sure), look.index, lane_softmax);
}

// Worths below 60 in size need nothing taken off: their exponentials are well inside a float. Where
// the first is a uniform (mostly 0: the others are compared with it) its odds come in as `first`.
INLINE void softmax_pack(const Cell *cell, const Frame *frame, const double *const *values,
                         int64_t i, const int32_t k, const bool uniform, Vf first, const int pack)
{
    Vf below[FPACK][MAX_CHOICES];
    Vf size = vf_all(0.0f);
    FEACH(pack)
    {
        below[j][0] = first;
    }
    for (int32_t c = uniform; c < k; c++) {
        Pf y;
        FEACH(pack)
        {
            y.v[j] = vf_of_doubles(values[c] + i + j * FL) * 0x1.715476p+0f;
            size = vf_greater(vf_abs(y.v[j]), size);
        }
        y = pf_exp2_rough(y, pack);
        FEACH(pack)
        {
            below[j][c] = y.v[j];
            if (c > 0) {
                below[j][c] = below[j][c - 1] + y.v[j];
            }
        }
    }
    const uint32_t *words = cell->site->words + i;
    double *d = cell->d + i;
    Look look[FPACK];
    Vfm sure = (Vfm)(size < 87.0f);
    FEACH(pack)
    {
        look[j] = softmax_look(below[j], k, vfu_load(words + j * FL));
        sure &= look[j].sure;
    }
    if (__builtin_expect(vfm_bits(sure) == ALL_FLOATS, 1)) {
        FEACH(pack)
        {
            vfm_store_as_doubles(d + j * FL, look[j].index);
        }
        return;
    }
    for (int64_t at = i; at < i + pack * FL; at += FL) {
        softmax_any(cell, frame, (int32_t)at);
    }
}

INLINE void softmax_lanes(const Cell *cell, const Frame *frame, const int32_t k, const bool uniform)
{
    Pf y = {{vf_all(0.0f)}};
    if (uniform) {
        double worth = *cell->more.choices[0].value;
        // Too large a worth gives NaN here, of which nothing is sure.
        float z = worth > -60.0 && worth < 60.0 ? (float)worth : __builtin_nanf("");
        y.v[0] = vf_all(z * 0x1.715476p+0f);
        y = pf_exp2_rough(y, 1);
    }
    const double *values[MAX_CHOICES];
    for (int32_t c = 0; c < k; c++) {
        values[c] = cell->more.choices[c].value;
    }
    const int64_t n = frame->n;
    int64_t i = 0;
    for (; i + 2 * FL <= n; i += 2 * FL) {
        softmax_pack(cell, frame, values, i, k, uniform, y.v[0], 2);
    }
    for (; i < n; i += FL) {
        softmax_pack(cell, frame, values, i, k, uniform, y.v[0], 1);
    }
}

INLINE void softmax_count(const Cell *cell, const Frame *frame, const int32_t k)
{
    if (cell->more.choices[0].uniform) {
        softmax_lanes(cell, frame, k, true);
    } else {
        softmax_lanes(cell, frame, k, false);
    }
}

void KERNEL_NAME(SOFTMAX)(const Cell *cell, const Frame *frame)
{
    for (int32_t j = 0; j < cell->n; j++) {
        if (cell->more.choices[j].available) {
            for (int32_t i = 0; i < frame->n; i += FL) {
                softmax_any(cell, frame, i);
            }
            return;
        }
    }
    switch (cell->n) {
    case 2: softmax_count(cell, frame, 2); break;
    case 3: softmax_count(cell, frame, 3); break;
    case 4: softmax_count(cell, frame, 4); break;
    case 5: softmax_count(cell, frame, 5); break;
    default: softmax_count(cell, frame, cell->n); break;
    }
}

// Weights need no exponentials: the sums are the exact ones, and the first word says between which
// two values the draw lies.
void KERNEL_NAME(WEIGHTED)(const Cell *cell, const Frame *frame)
{
    const int32_t n = frame->n;
    const int32_t k = cell->n;
    const Choice *choices = cell->more.choices;
    const uint32_t *words = cell->site->words;
    const Vd zero = vd_all(0.0);
    for (int32_t i = 0; i < n; i += VL) {
        Vd below[MAX_CHOICES];
        Vd total = zero;
        for (int32_t j = 0; j < k; j++) {
            Vd weight = vd_greater(choice_value(&choices[j], i), zero);
            if (choices[j].available) {
                weight = vd_sel(vm_load(choices[j].available + i), weight, zero);
            }
            total = total + weight;
            below[j] = total;
        }
        Vd w = vd_of_word(vu_of_words(vw_load(words + i)));
        Vd low = w * 0x1p-32 * total;
        Vd high = (w + 1.0) * 0x1p-32 * total;
        Vd index = zero;
        Vm sure = (Vm)(high < total);
        for (int32_t j = 0; j < k - 1; j++) {
            Vm over = (Vm)(low >= below[j]);
            index = index + (Vd)(over & (Vm)vd_all(1.0));
            sure &= over | (Vm)(high < below[j]);
        }
        Vm none = (Vm)(total == 0.0);
        index = vd_sel(none, vd_all(-1.0), index);
        uint32_t unsure = vm_bits(~(sure | none));
        while (__builtin_expect(unsure != 0, 0)) {
            int32_t j = __builtin_ctz(unsure);
            index[j] = lane_weighted(cell, frame, i + j);
            unsure &= unsure - 1;
        }
        vd_store(cell->d + i, index);
    }
}
