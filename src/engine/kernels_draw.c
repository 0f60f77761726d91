// SPDX-License-Identifier: MIT
//
// Kernels of the random draws. Philox is math/philox.h on 64-bit lanes, two vectors interleaved to
// hide the latency of its multiplies.
//
// A draw that only has to choose (a trial, an option) first takes a quick look: the first word alone
// and, where exponentials come in, float arithmetic. Its error is bounded, and a lane whose draw lies
// within that bound of a boundary is answered again by lane_* (draws.c), exactly. So what a draw
// gives is defined by those scalar functions; the quick look only says what they would.
#include "engine/kernels.h"

#include "math/philox.h"

// Words

typedef struct {
    Vu c0, c1, c2, c3;
} Counter;

INLINE Counter philox_round(Counter c, uint32_t k0, uint32_t k1)
{
    Vu a = vu_mul32(c.c0, vu_all(PHILOX_M0));
    Vu b = vu_mul32(c.c2, vu_all(PHILOX_M1));
    // Only the low halves count; what stands above them is never read.
    return (Counter){(b >> 32) ^ c.c1 ^ vu_all(k0), b, (a >> 32) ^ c.c3 ^ vu_all(k1), a};
}

// The first round, where half of the counter is the same for all lanes.
INLINE Counter philox_first(const WordJob *job, int32_t i)
{
    uint64_t b = (uint64_t)PHILOX_M1 * job->c2;
    Vu future = vu_of_words(vw_load(job->future + i));
    Vu world = vu_of_words(vw_load(job->world + i));
    Vu a = vu_mul32(future, vu_all(PHILOX_M0));
    return (Counter){world ^ vu_all((b >> 32) ^ job->k0), vu_all(b),
                     (a >> 32) ^ vu_all(job->site ^ job->k1), a};
}

INLINE void philox_two(const WordJob *job, int32_t i, Counter out[2])
{
    Counter x = philox_first(job, i);
    Counter y = philox_first(job, i + VL);
    uint32_t k0 = job->k0;
    uint32_t k1 = job->k1;
    for (int round = 1; round < PHILOX_ROUNDS; round++) {
        k0 += PHILOX_W0;
        k1 += PHILOX_W1;
        x = philox_round(x, k0, k1);
        y = philox_round(y, k0, k1);
    }
    out[0] = x;
    out[1] = y;
}

INLINE Counter philox_one(const WordJob *job, int32_t i)
{
    Counter x = philox_first(job, i);
    uint32_t k0 = job->k0;
    uint32_t k1 = job->k1;
    for (int round = 1; round < PHILOX_ROUNDS; round++) {
        k0 += PHILOX_W0;
        k1 += PHILOX_W1;
        x = philox_round(x, k0, k1);
    }
    return x;
}

INLINE void store4(uint32_t *const out[4], int32_t i, Counter c)
{
    vw_store(out[0] + i, vw_of_lanes(c.c0));
    vw_store(out[1] + i, vw_of_lanes(c.c1));
    vw_store(out[2] + i, vw_of_lanes(c.c2));
    vw_store(out[3] + i, vw_of_lanes(c.c3));
}

void KERNEL_NAME(words4)(const WordJob *job, uint32_t *const out[4], int32_t n)
{
    int32_t i = 0;
    for (; i + 2 * VL <= n; i += 2 * VL) {
        Counter c[2];
        philox_two(job, i, c);
        store4(out, i, c[0]);
        store4(out, i + VL, c[1]);
    }
    for (; i < n; i += VL) {
        store4(out, i, philox_one(job, i));
    }
}

INLINE void store1(uint32_t *out, uint32_t which, Counter c)
{
    Vu word = which < 2 ? (which == 0 ? c.c0 : c.c1) : (which == 2 ? c.c2 : c.c3);
    vw_store(out, vw_of_lanes(word));
}

void KERNEL_NAME(words1)(const WordJob *job, uint32_t which, uint32_t *out, int32_t n)
{
    int32_t i = 0;
    for (; i + 2 * VL <= n; i += 2 * VL) {
        Counter c[2];
        philox_two(job, i, c);
        store1(out + i, which, c[0]);
        store1(out + i + VL, which, c[1]);
    }
    for (; i < n; i += VL) {
        store1(out + i, which, philox_one(job, i));
    }
}

// Plain numbers

void KERNEL_NAME(UNIFORM)(const Cell *cell, const Frame *frame)
{
    const int32_t n = frame->n;
    const uint32_t *words = cell->site->words;
    double *d = cell->d;
    LANES
    {
        Vd w = vd_of_word(vu_of_words(vw_load(words + i)));
        vd_store(d + i, (w + 0.5) * 0x1p-32);
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

// The rows at VL indices, as four vectors of coefficients.
typedef struct {
    Vd c0, c1, c2, c3;
} Cubic;

#if defined(__AVX2__) || defined(__AVX512F__)
typedef struct {
    __m256d c0, c1, c2, c3;
} Cubic4;

// Four rows of 32 bytes, loaded whole and transposed: faster than gathers.
INLINE Cubic4 rows4(const double (*rows)[4], const uint64_t *index)
{
    __m256d r0 = _mm256_load_pd(rows[index[0]]);
    __m256d r1 = _mm256_load_pd(rows[index[1]]);
    __m256d r2 = _mm256_load_pd(rows[index[2]]);
    __m256d r3 = _mm256_load_pd(rows[index[3]]);
    __m256d a = _mm256_unpacklo_pd(r0, r1);
    __m256d b = _mm256_unpackhi_pd(r0, r1);
    __m256d c = _mm256_unpacklo_pd(r2, r3);
    __m256d d = _mm256_unpackhi_pd(r2, r3);
    return (Cubic4){_mm256_permute2f128_pd(a, c, 0x20), _mm256_permute2f128_pd(b, d, 0x20),
                    _mm256_permute2f128_pd(a, c, 0x31), _mm256_permute2f128_pd(b, d, 0x31)};
}
#endif

INLINE Cubic cubic_rows(const double (*rows)[4], Vu at)
{
    uint64_t index[VL];
    memcpy(index, &at, sizeof index);
#if defined(__AVX512F__)
    Cubic4 x = rows4(rows, index);
    Cubic4 y = rows4(rows, index + 4);
    return (Cubic){(Vd)_mm512_insertf64x4(_mm512_castpd256_pd512(x.c0), y.c0, 1),
                   (Vd)_mm512_insertf64x4(_mm512_castpd256_pd512(x.c1), y.c1, 1),
                   (Vd)_mm512_insertf64x4(_mm512_castpd256_pd512(x.c2), y.c2, 1),
                   (Vd)_mm512_insertf64x4(_mm512_castpd256_pd512(x.c3), y.c3, 1)};
#elif defined(__AVX2__)
    Cubic4 x = rows4(rows, index);
    return (Cubic){(Vd)x.c0, (Vd)x.c1, (Vd)x.c2, (Vd)x.c3};
#else
    const double *r0 = rows[index[0]];
    const double *r1 = rows[index[1]];
    return (Cubic){{r0[0], r1[0]}, {r0[1], r1[1]}, {r0[2], r1[2]}, {r0[3], r1[3]}};
#endif
}

void KERNEL_NAME(QTABLE)(const Cell *cell, const Frame *frame)
{
    const int32_t n = frame->n;
    const uint32_t *words = cell->site->words;
    const double(*rows)[4] = cell->more.table->rows[0]; // the second half follows the first
    const bool patched = cell->more.table->n_patches > 0;
    double *d = cell->d;
    for (int32_t i = 0; i < n; i += VL) {
        Vu w = vu_of_words(vw_load(words + i));
        Vd u = (vd_of_word(w) + 0.5) * 0x1p-32;
        Vm lower = (Vm)(u < 0.5);
        Vu b = (Vu)vd_sel(lower, u, 1.0 - u);
        Vu half = (Vu)(~lower & vm_all(QTABLE_ROWS));
        Vu top = b >> (52 - QTABLE_BITS);
        Vu part = top & vu_all((1 << QTABLE_BITS) - 1);
        Cubic c = cubic_rows(rows, half + vu_all(QTABLE_TOP) - top + part + part);
        Vd t = (Vd)(((b << QTABLE_BITS) & vu_all(BITS_MANTISSA)) | vu_all(BITS_ONE)) - 1.0;
        Vd value = c.c0 + t * (c.c1 + t * (c.c2 + t * c.c3));
        vd_store(d + i, value);
        Vm careful = (Vm)(((w + QTABLE_FAR) & vu_all(0xffffffff)) < 2 * QTABLE_FAR);
        if (patched) {
            careful |= ~(Vm)(value == value);
        }
        uint32_t redo = vm_bits(careful);
        while (__builtin_expect(redo != 0, 0)) {
            int32_t lane = i + __builtin_ctz(redo);
            d[lane] = lane_table(cell, frame, lane);
            redo &= redo - 1;
        }
    }
}

// Trials

// Yes where w + 1 <= p 2^32, no where p 2^32 < w; between, the second word decides.
void KERNEL_NAME(BERN_C)(const Cell *cell, const Frame *frame)
{
    const int32_t n = frame->n;
    const uint32_t *words = cell->site->words;
    const double *a = cell->a;
    double *d = cell->d;
    for (int32_t i = 0; i < n; i += VL) {
        Vd p = vd_load(a + i);
        // The difference is exact where it decides: see lane_bernoulli.
        Vd above = p * 0x1p32 - vd_of_word(vu_of_words(vw_load(words + i)));
        Vm yes = (Vm)(above >= 1.0);
        uint32_t unsure = vm_bits((Vm)(above >= 0.0) ^ yes);
        while (__builtin_expect(unsure != 0, 0)) {
            int32_t j = __builtin_ctz(unsure);
            yes[j] = -(int64_t)lane_bernoulli(cell, frame, i + j, p[j]);
            unsure &= unsure - 1;
        }
        vm_store(d + i, yes);
    }
}

// One chance for all lanes: words are compared as they stand.
void KERNEL_NAME(BERN_U)(const Cell *cell, const Frame *frame)
{
    const int32_t n = frame->n;
    const uint32_t *words = cell->site->words;
    const double p = *cell->a;
    double *d = cell->d;
    if (!(p > 0.0 && p < 1.0)) {
        const Vm all = vm_all(-(int64_t)(p >= 1.0));
        LANES
        {
            vm_store(d + i, all);
        }
        return;
    }
    const Vfu whole = (uint32_t)(p * 0x1p32) - (Vfu){0};
    for (int32_t i = 0; i < n; i += FL) {
        Vfu w = vfu_load(words + i);
        Vfm yes = (Vfm)(w < whole);
        vfm_store_wide(d + i, yes);
        uint32_t unsure = vfm_bits((Vfm)(w == whole));
        while (__builtin_expect(unsure != 0, 0)) {
            int32_t j = __builtin_ctz(unsure);
            int64_t redone = -(int64_t)lane_bernoulli(cell, frame, i + j, p);
            memcpy(d + i + j, &redone, sizeof redone);
            unsure &= unsure - 1;
        }
    }
}

// Yes where (w + 1)(1 + e^-z) <= 2^32, no where w (1 + e^-z) >= 2^32. With h = floor(w / 2), halves
// of these, and e^-z good to 2^-16, the first is sure below 1 - 2^-14 of its bound, the second above
// 1 + 2^-14.
void KERNEL_NAME(BERNLOG)(const Cell *cell, const Frame *frame)
{
    const int32_t n = frame->n;
    const uint32_t *words = cell->site->words;
    const double *a = cell->a;
    double *d = cell->d;
    for (int32_t i = 0; i < n; i += FL) {
        Vf z = vf_of_doubles(a + i);
        Vf h = vf_of_half_word(vfu_load(words + i));
        Vf t = 1.0f + vf_exp2_rough(z * -0x1.715476p+0f);
        Vfm yes = (Vfm)((h + 1.0f) * t <= 0x1p31f * (1.0f - 0x1p-14f));
        Vfm no = (Vfm)(h * t >= 0x1p31f * (1.0f + 0x1p-14f));
        uint32_t unsure = vfm_bits(~(yes | no));
        if (__builtin_expect(unsure == 0, 1)) {
            vfm_store_wide(d + i, yes);
            continue;
        }
        int64_t wide[FL];
        for (int32_t j = 0; j < FL; j++) {
            bool careful = unsure >> j & 1;
            wide[j] = careful ? -(int64_t)lane_bernlog(cell, frame, i + j, a[i + j]) : yes[j];
        }
        memcpy(d + i, wide, sizeof wide);
    }
}

// Choices

// Store the quick look's indices, or the careful answers where it was unsure. All operands of these
// lanes are read before any is written, since d may be one of them.
static void store_choices(const Cell *cell, const Frame *frame, int32_t at, uint32_t unsure,
                          const double *quick, int32_t count,
                          double (*careful)(const Cell *, const Frame *, int32_t))
{
    double choice[FL];
    for (int32_t j = 0; j < count; j++) {
        choice[j] = unsure >> j & 1 ? careful(cell, frame, at + j) : quick[j];
    }
    memcpy(cell->d + at, choice, (size_t)count * sizeof choice[0]);
}

// Floats: shares of the total are good to 2^-15, and the draw to 2^-23, so a draw farther than 2^-13
// of the total from every boundary is sure.
INLINE void softmax_lanes(const Cell *cell, const Frame *frame, const int32_t k)
{
    const int32_t n = frame->n;
    const Choice *choices = cell->more.choices;
    const uint32_t *words = cell->site->words;
    double *d = cell->d;
    for (int32_t i = 0; i < n; i += FL) {
        Vd best[VF_PARTS];
        for (int32_t part = 0; part < VF_PARTS; part++) {
            best[part] = vd_load(choices[0].value + i + part * VL);
            for (int32_t j = 1; j < k; j++) {
                best[part] = vd_greater(vd_load(choices[j].value + i + part * VL), best[part]);
            }
        }
        Vf below[32]; // cumulated odds
        Vf total = vf_all(0.0f);
        for (int32_t j = 0; j < k; j++) {
            Vd gap[VF_PARTS];
            for (int32_t part = 0; part < VF_PARTS; part++) {
                gap[part] = vd_load(choices[j].value + i + part * VL) - best[part];
            }
            total = total + vf_exp2_rough(vf_of_parts(gap) * 0x1.715476p+0f);
            below[j] = total;
        }
        Vf draw = (vf_of_half_word(vfu_load(words + i)) + 0.5f) * 0x1p-31f * total;
        Vf margin = total * 0x1p-13f;
        Vf index = vf_all(0.0f);
        Vfm sure = (Vfm)(total == total);
        for (int32_t j = 0; j < k - 1; j++) {
            Vf over = draw - below[j];
            index = index + (Vf)((Vfm)(over > 0.0f) & (Vfm)vf_all(1.0f));
            sure &= (Vfm)(over > margin) | (Vfm)(over < -margin);
        }
        uint32_t unsure = vfm_bits(~sure);
        if (__builtin_expect(unsure == 0, 1)) {
            vf_store_wide(d + i, index);
            continue;
        }
        double quick[FL];
        for (int32_t j = 0; j < FL; j++) {
            quick[j] = (double)index[j];
        }
        store_choices(cell, frame, i, unsure, quick, FL, lane_softmax);
    }
}

// The same where some options may be unavailable: their odds are 0, and the quick look leaves lanes
// without any option to the careful one.
static void softmax_available(const Cell *cell, const Frame *frame)
{
    const int32_t n = frame->n;
    const int32_t k = cell->n;
    const Choice *choices = cell->more.choices;
    const uint32_t *words = cell->site->words;
    for (int32_t i = 0; i < n; i += FL) {
        Vd best[VF_PARTS];
        for (int32_t part = 0; part < VF_PARTS; part++) {
            best[part] = vd_all(-VD_INF);
            for (int32_t j = 0; j < k; j++) {
                Vd worth = vd_load(choices[j].value + i + part * VL);
                if (choices[j].available) {
                    Vm open = vm_load(choices[j].available + i + part * VL);
                    worth = vd_sel(open, worth, vd_all(-VD_INF));
                }
                best[part] = vd_greater(worth, best[part]);
            }
        }
        Vf below[32];
        Vf total = vf_all(0.0f);
        for (int32_t j = 0; j < k; j++) {
            Vd gap[VF_PARTS];
            for (int32_t part = 0; part < VF_PARTS; part++) {
                gap[part] = vd_load(choices[j].value + i + part * VL) - best[part];
            }
            Vf odds = vf_exp2_rough(vf_of_parts(gap) * 0x1.715476p+0f);
            if (choices[j].available) {
                odds = vf_sel(vfm_of_masks(choices[j].available + i), odds, vf_all(0.0f));
            }
            total = total + odds;
            below[j] = total;
        }
        Vf draw = (vf_of_half_word(vfu_load(words + i)) + 0.5f) * 0x1p-31f * total;
        Vf margin = total * 0x1p-13f;
        Vf index = vf_all(0.0f);
        Vfm sure = (Vfm)(total > 0.0f);
        for (int32_t j = 0; j < k; j++) {
            Vf over = draw - below[j];
            index = index + (Vf)((Vfm)(over > 0.0f) & (Vfm)vf_all(1.0f));
            sure &= (Vfm)(over > margin) | (Vfm)(over < -margin);
        }
        Vfm none = (Vfm)(total == 0.0f);
        index = vf_sel(none, vf_all(-1.0f), index);
        sure |= none;
        uint32_t unsure = vfm_bits(~sure);
        double quick[FL];
        for (int32_t j = 0; j < FL; j++) {
            quick[j] = (double)index[j];
        }
        store_choices(cell, frame, i, unsure, quick, FL, lane_softmax);
    }
}

void KERNEL_NAME(SOFTMAX)(const Cell *cell, const Frame *frame)
{
    for (int32_t j = 0; j < cell->n; j++) {
        if (cell->more.choices[j].available) {
            softmax_available(cell, frame);
            return;
        }
    }
    switch (cell->n) {
    case 2: softmax_lanes(cell, frame, 2); break;
    case 3: softmax_lanes(cell, frame, 3); break;
    case 4: softmax_lanes(cell, frame, 4); break;
    case 5: softmax_lanes(cell, frame, 5); break;
    case 6: softmax_lanes(cell, frame, 6); break;
    case 7: softmax_lanes(cell, frame, 7); break;
    case 8: softmax_lanes(cell, frame, 8); break;
    default: softmax_lanes(cell, frame, cell->n); break;
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
        Vd below[32];
        Vd total = zero;
        for (int32_t j = 0; j < k; j++) {
            Vd weight = vd_greater(vd_load(choices[j].value + i), zero);
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
        if (__builtin_expect(unsure == 0, 1)) {
            vd_store(cell->d + i, index);
            continue;
        }
        double quick[VL];
        memcpy(quick, &index, sizeof quick);
        store_choices(cell, frame, i, unsure, quick, VL, lane_weighted);
    }
}
