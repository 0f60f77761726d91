// SPDX-License-Identifier: MIT
//
// Draws for models fused by hand (vector_crisis.c), LANES futures at a time: addressed Philox
// words, quantile tables, first looks at trials and choices in floats and their careful answers in
// doubles.
#pragma once
#include <string.h>

#include "engine/vec_math.h"
#include "math/elementary.h"
#include "math/philox.h"
#include "math/qtable.h"

enum { LANES = 128 };
typedef double Column[LANES] __attribute__((aligned(64)));
typedef uint32_t Words[LANES] __attribute__((aligned(64)));

// The lanes at work: how many (a multiple of 8), and whose futures they are.
static int n;
static Words id;
static uint64_t seed;

// A float mask as FL masks of 64 bits.
INLINE void store_wide(double *p, Vfm m)
{
#if defined(__AVX2__) && VL == 4
    // Quarters 0 2 1 3, so that each half, doubled within itself, comes out in order.
    __m256i q = _mm256_permute4x64_epi64((__m256i)m, 0xd8);
    _mm256_store_si256((__m256i *)(void *)p, _mm256_unpacklo_epi32(q, q));
    _mm256_store_si256((__m256i *)(void *)(p + 4), _mm256_unpackhi_epi32(q, q));
#else
    int64_t wide[FL];
    for (int i = 0; i < FL; i++) {
        wide[i] = m[i];
    }
    memcpy(p, wide, sizeof wide);
#endif
}

// Random words

INLINE void philox_lanes(Vu x, uint32_t c2, uint32_t site, Vu out[4])
{
    uint32_t k0 = (uint32_t)seed;
    uint32_t k1 = (uint32_t)(seed >> 32);
    Vu c0 = x, c1 = vu_all(0), c2v = vu_all(c2), c3 = vu_all(site);
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        Vu p = vu_mul32(c0, vu_all(PHILOX_M0));
        Vu q = vu_mul32(c2v, vu_all(PHILOX_M1));
        c0 = (q >> 32) ^ c1 ^ vu_all(k0);
        c1 = q;
        c2v = (p >> 32) ^ c3 ^ vu_all(k1);
        c3 = p;
        k0 += PHILOX_W0;
        k1 += PHILOX_W1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2v;
    out[3] = c3;
}

static void draw_words(uint32_t site, uint32_t c2, Words out[4])
{
    for (int i = 0; i < n; i += VU_SPLIT) {
        Vu f0, f1, x[4], y[4];
        vu_split(id + i, &f0, &f1);
        philox_lanes(f0, c2, site, x);
        philox_lanes(f1, c2, site, y);
        for (int k = 0; k < 4; k++) {
            vu_join(out[k] + i, x[k], y[k]);
        }
    }
}

static double uniform_of(uint32_t word)
{
    return ((double)word + 0.5) * 0x1p-32;
}

// Of a lane in a rare block.
static double rare_uniform(int lane, int step, uint32_t site)
{
    uint32_t out[4];
    philox4x32(out, id[lane], 0, (uint32_t)step >> 2, site, (uint32_t)seed, (uint32_t)(seed >> 32));
    return uniform_of(out[step & 3]);
}

// Quantile tables: math/qtable.h, four rows at a time.

typedef struct {
    Vd c0, c1, c2, c3;
} Cubic;

INLINE Cubic cubic_of(const char *rows, const uint32_t *at)
{
#if defined(__AVX2__) && VL == 4
    __m256d p = _mm256_load_pd((const void *)(rows + at[0]));
    __m256d q = _mm256_load_pd((const void *)(rows + at[1]));
    __m256d r = _mm256_load_pd((const void *)(rows + at[2]));
    __m256d t = _mm256_load_pd((const void *)(rows + at[3]));
    __m256d low = _mm256_permute2f128_pd(p, r, 0x20), low1 = _mm256_permute2f128_pd(q, t, 0x20);
    __m256d high = _mm256_permute2f128_pd(p, r, 0x31), high1 = _mm256_permute2f128_pd(q, t, 0x31);
    return (Cubic){(Vd)_mm256_unpacklo_pd(low, low1), (Vd)_mm256_unpackhi_pd(low, low1),
                   (Vd)_mm256_unpacklo_pd(high, high1), (Vd)_mm256_unpackhi_pd(high, high1)};
#else
    Cubic c;
    for (int i = 0; i < VL; i++) {
        const double *row = (const void *)(rows + at[i]);
        c.c0[i] = row[0];
        c.c1[i] = row[1];
        c.c2[i] = row[2];
        c.c3[i] = row[3];
    }
    return c;
#endif
}

static void through_table(const QTable *table, const uint32_t *w, double *out)
{
    uint32_t at[LANES] __attribute__((aligned(64)));
    Column t;
    for (int i = 0; i < n; i += FL) {
        Vfu word = vfu_load(w + i);
        Vfu upper = (Vfu)((Vfm)word >> 31);
        Vfm half = (Vfm)(word ^ upper); // u, or 1 - u, in units of 2^-32
        Vf rough = __builtin_convertvector((half & ~(half >> 8)) | 1, Vf);
        Vfu top = ((Vfu)rough >> (23 - QTABLE_BITS)) ^ ~(uint32_t)((1 << QTABLE_BITS) - 1);
        Vfu row =
            top + (uint32_t)(QTABLE_TOP + (33 << QTABLE_BITS) - ((1023 - 127) << QTABLE_BITS));
        vfu_store(at + i, (row << 5) + (upper & (uint32_t)sizeof table->rows[0]));
        for (int part = 0; part < VF_PARTS; part++) {
            Vu bits =
                (Vu)((Vd)(vu_of_part((Vfu)half, part) | vu_all(UINT64_C(0x4330000000000000))) -
                     (0x1p52 - 0.5));
            vd_store(t + i + part * VL,
                     (Vd)(((bits << QTABLE_BITS) & vu_all(BITS_MANTISSA)) | vu_all(BITS_ONE)) -
                         1.0);
        }
    }
    for (int i = 0; i < n; i += VL) {
        Cubic c = cubic_of((const char *)table->rows, at + i);
        Vd y = vd_load(t + i);
        vd_store(out + i, c.c0 + y * (c.c1 + y * (c.c2 + y * c.c3)));
    }
    for (int i = 0; i < n; i += FL) { // the row is a guess for words at the very ends
        Vfu word = vfu_load(w + i);
        uint32_t far = vfm_bits((Vfm)((word ^ (Vfu)((Vfm)word >> 31)) < 4096));
        for (; __builtin_expect(far != 0, 0); far &= far - 1) {
            int j = i + __builtin_ctz(far);
            out[j] = qtable_eval(table, uniform_of(w[j]), uniform_of(~w[j]));
        }
    }
}

// Tables with a kink have patches, where the straight line gives NaN.
static void through_patched(const QTable *table, const uint32_t *w, double *out)
{
    through_table(table, w, out);
    for (int i = 0; i < n && table->n_patches > 0; i++) {
        if (out[i] != out[i]) {
            out[i] = qtable_eval(table, uniform_of(w[i]), uniform_of(~w[i]));
        }
    }
}
// Exponentials are good to 2^-16 here, so 2^-14 beyond a bound is sure.
INLINE Vfm look_trial(Vf e, Vfu word, Vfm *sure)
{
    Vf t = 1.0f + e;
    Vf h = vf_of_half_word(word);
    Vfm yes = (Vfm)((h + 1.0f) * t <= 0x1p31f * (1.0f - 0x1p-14f));
    *sure &= yes | (Vfm)(h * t >= 0x1p31f * (1.0f + 0x1p-14f));
    return yes;
}

static bool fires(double z, uint32_t word)
{
    return uniform_of(word) * (1.0 + m_exp(-z)) < 1.0;
}

static int choose(double u, const double *z, int options)
{
    double odds[4], total = 0.0, below = 0.0;
    for (int i = 0; i < options; i++) {
        odds[i] = m_exp(z[i]);
        total += odds[i];
    }
    int i = 0;
    for (; i < options - 1; i++) {
        below += odds[i];
        if (u * total < below) {
            break;
        }
    }
    return i;
}

static void set_mask(double *column, int i, bool yes)
{
    int64_t bits = -(int64_t)yes;
    memcpy(column + i, &bits, sizeof bits);
}

static bool is_set(const double *column, int i)
{
    uint64_t bits;
    memcpy(&bits, column + i, sizeof bits);
    return bits != 0;
}

INLINE Vd one_where(Vm mask, double x)
{
    return (Vd)(mask & (Vm)vd_all(x));
}
// Three options, the first of worth 0: masks of "not the first" and "the third".
typedef struct {
    Vfm some, third;
} Posture;

INLINE Posture look_posture(Vf e1, Vf e2, Vfu word, Vfm *sure)
{
    Vf first = 1.0f + e1;
    Vf total = first + e2;
    Vf draw = (vf_of_half_word(word) + 0.5f) * (total * 0x1p-31f);
    Vf margin = total * 0x1p-13f;
    Vf over1 = draw - 1.0f, over2 = draw - first;
    *sure &= (Vfm)(vf_abs(over1) > margin) & (Vfm)(vf_abs(over2) > margin);
    return (Posture){(Vfm)(over1 > 0.0f), (Vfm)(over2 > 0.0f)};
}
