// SPDX-License-Identifier: MIT
//
// Elementary functions on vectors: the operations of math/elementary.c in the same order, lane by
// lane, and so the same bits. Read that file for what they are and why; the tests hold the two
// together. At the end, a float exponential good to 2^-16, for first looks that are checked.
//
// They work on a pack of PACK vectors, statement by statement over all of them: the chains of
// dependent operations are long, and processors look ahead too little to overlap them by
// themselves.
#pragma once
#include <stdbool.h>

#include "engine/vec.h"
#include "math/bits.h"
#include "math/elementary_constants.h"

// Packs of doubles. Lanes come in eights and a pack may hold sixteen: where only eight are left,
// its second half repeats the first, which is harmless as all is loaded before anything is stored.
#define PACK       (VL == 8 ? 2 : 4)
#define PACK_LANES (PACK * VL)
typedef struct {
    Vd v[PACK];
} Pd;
#define EACH for (int j = 0; j < PACK; j++)

// How far on the second half of the pack at lane i stands, of n lanes.
INLINE size_t pack_second(int32_t i, int32_t n)
{
    return i + 8 < n ? 8 : 0;
}

// Where vector j stands, from the pack's first lane.
INLINE size_t pack_offset(int j, size_t second)
{
    const size_t at = (size_t)j * VL;
    return at < 8 ? at : second + at - 8;
}

// First lane of vector j of the pack at i, of n lanes.
INLINE int32_t pack_at(int32_t i, int j, int32_t n)
{
    return i + (int32_t)pack_offset(j, pack_second(i, n));
}

INLINE Pd pd_load_at(const double *p, size_t second)
{
    Pd y;
    EACH
    {
        y.v[j] = vd_load(p + pack_offset(j, second));
    }
    return y;
}

INLINE void pd_store_at(double *p, size_t second, Pd x)
{
    EACH
    {
        vd_store(p + pack_offset(j, second), x.v[j]);
    }
}

INLINE Pd pd_load(const double *p, int32_t i, int32_t n)
{
    return pd_load_at(p + i, pack_second(i, n));
}

INLINE void pd_store(double *p, int32_t i, int32_t n, Pd x)
{
    pd_store_at(p + i, pack_second(i, n), x);
}

// c + x * y
INLINE Pd pd_step(double c, Pd x, Pd y)
{
    EACH
    {
        y.v[j] = c + x.v[j] * y.v[j];
    }
    return y;
}

INLINE Pd pd_mul(Pd x, Pd y)
{
    EACH
    {
        y.v[j] = x.v[j] * y.v[j];
    }
    return y;
}

INLINE Pd pd_sub(Pd x, Pd y)
{
    EACH
    {
        y.v[j] = x.v[j] - y.v[j];
    }
    return y;
}

// Does the condition on v hold in every lane?
#define PD_ALL(name, condition)                                                                    \
    INLINE bool name(Pd x)                                                                         \
    {                                                                                              \
        Vm all = vm_all(-1);                                                                       \
        EACH                                                                                       \
        {                                                                                          \
            const Vd v = x.v[j];                                                                   \
            all &= (condition);                                                                    \
        }                                                                                          \
        return vm_bits(all) == (1u << VL) - 1;                                                     \
    }
PD_ALL(pd_all_normal, (Vm)(v >= LOG_SMALLEST_NORMAL) & (Vm)(v < MATH_INF))
PD_ALL(pd_all_positive, (Vm)(v > 0.0))

// exp

INLINE Pd pd_expm1_core(Pd r)
{
    Pd r2 = pd_mul(r, r);
    Pd even, odd;
    EACH
    {
        even.v[j] = EXP_Q6 + r2.v[j] * EXP_Q8;
        odd.v[j] = EXP_Q7 + r2.v[j] * EXP_Q9;
    }
    even = pd_step(EXP_Q4, r2, even);
    odd = pd_step(EXP_Q5, r2, odd);
    even = pd_step(EXP_Q2, r2, even);
    odd = pd_step(EXP_Q3, r2, odd);
    even = pd_step(EXP_Q0, r2, even);
    odd = pd_step(EXP_Q1, r2, odd);
    EACH
    {
        even.v[j] = even.v[j] + r.v[j] * odd.v[j];
    }
    even = pd_step(0.5, r, even);
    EACH
    {
        even.v[j] = r.v[j] + r2.v[j] * even.v[j];
    }
    return even;
}

// x = r + k ln 2; `scale` is 2^(k - 1).
INLINE Pd pd_exp_reduce(Pd x, double min, Pd *scale)
{
    Pd shifted, k, r;
    EACH
    {
        x.v[j] = vd_greater(vd_all(min), x.v[j]);
        x.v[j] = vd_smaller(vd_all(EXP_MAX), x.v[j]);
    }
    EACH
    {
        shifted.v[j] = x.v[j] * INV_LN2 + ROUND_MAGIC;
    }
    EACH
    {
        k.v[j] = shifted.v[j] - ROUND_MAGIC;
        scale->v[j] = (Vd)(((Vu)shifted.v[j] + 1022) << 52);
    }
    EACH
    {
        r.v[j] = (x.v[j] - k.v[j] * LN2_HI) - k.v[j] * LN2_LO;
    }
    return r;
}

INLINE Pd pd_exp(Pd x)
{
    Pd scale;
    Pd e = pd_expm1_core(pd_exp_reduce(x, EXP_MIN, &scale));
    EACH
    {
        e.v[j] = 1.0 + e.v[j];
        e.v[j] = (e.v[j] + e.v[j]) * scale.v[j];
    }
    return e;
}

INLINE Pd pd_expm1(Pd x)
{
    Pd scale;
    Pd p = pd_expm1_core(pd_exp_reduce(x, EXPM1_MIN, &scale));
    EACH
    {
        p.v[j] = scale.v[j] * p.v[j] + (scale.v[j] - 0.5);
        p.v[j] = p.v[j] + p.v[j];
    }
    return p;
}

// log

// log(1 + f) + k log 2, and `extra` unless NULL. (k is never -0, so that nothing added is as good
// as 0 added.)
INLINE Pd pd_log_core(Pd f, Pd k, const Pd *extra)
{
    Pd s, z, w, odd, even, half_f2;
    EACH
    {
        s.v[j] = f.v[j] / (2.0 + f.v[j]);
        half_f2.v[j] = 0.5 * f.v[j] * f.v[j];
    }
    z = pd_mul(s, s);
    w = pd_mul(z, z);
    EACH
    {
        odd.v[j] = LOG_L5 + w.v[j] * LOG_L7;
        even.v[j] = LOG_L4 + w.v[j] * LOG_L6;
    }
    odd = pd_step(LOG_L3, w, odd);
    even = pd_step(LOG_L2, w, even);
    odd = pd_step(LOG_L1, w, odd);
    even = pd_mul(w, even);
    odd = pd_mul(z, odd);
    EACH
    {
        s.v[j] = s.v[j] * (half_f2.v[j] + (odd.v[j] + even.v[j]));
        Vd low = k.v[j] * LN2_LO;
        s.v[j] = s.v[j] + (extra ? (Vd)(low + extra->v[j]) : low);
        s.v[j] = k.v[j] * LN2_HI - ((half_f2.v[j] - s.v[j]) - f.v[j]);
    }
    return s;
}

INLINE Pd pd_log_split(Pd x, Pd *k)
{
    EACH
    {
        Vu b = (Vu)x.v[j] + LOG_OFFSET_BITS;
        k->v[j] = (Vd)((b >> 52) | LOG_EXPONENT_BITS) - LOG_EXPONENT_BIAS;
        x.v[j] = (Vd)((b & BITS_MANTISSA) + LOG_SQRT_HALF_BITS) - 1.0;
    }
    return x;
}

// Of positive normal numbers.
INLINE Pd pd_log_normal(Pd x)
{
    Pd k;
    Pd f = pd_log_split(x, &k);
    return pd_log_core(f, k, NULL);
}

// Where some number is subnormal, zero, negative, infinite or NaN.
static __attribute__((noinline, unused)) Pd pd_log_any(Pd x)
{
    Pd scaled, k;
    EACH
    {
        Vm small = (Vm)(x.v[j] < LOG_SMALLEST_NORMAL);
        scaled.v[j] = vd_sel(small, x.v[j] * LOG_SCALE_UP, x.v[j]);
    }
    Pd f = pd_log_split(scaled, &k);
    EACH
    {
        k.v[j] = vd_sel((Vm)(x.v[j] < LOG_SMALLEST_NORMAL), k.v[j] - 54.0, k.v[j]);
    }
    Pd y = pd_log_core(f, k, NULL);
    EACH
    {
        Vd below = vd_sel((Vm)(x.v[j] == 0.0), vd_all(-MATH_INF), vd_all(MATH_NAN));
        y.v[j] = vd_sel((Vm)(x.v[j] < MATH_INF), y.v[j], x.v[j]);
        y.v[j] = vd_sel((Vm)(x.v[j] > 0.0), y.v[j], below);
    }
    return y;
}

INLINE Pd pd_log(Pd x)
{
    return __builtin_expect(pd_all_normal(x), 1) ? pd_log_normal(x) : pd_log_any(x);
}

INLINE Pd pd_log1p(Pd x)
{
    Pd u, k, lost;
    EACH
    {
        u.v[j] = 1.0 + x.v[j];
        lost.v[j] = (x.v[j] - (u.v[j] - 1.0)) / u.v[j];
    }
    Pd f = pd_log_split(u, &k);
    Pd y = pd_log_core(f, k, &lost);
    EACH
    {
        y.v[j] = vd_sel((Vm)(x.v[j] < MATH_INF), y.v[j], x.v[j]);
        Vd below = vd_sel((Vm)(u.v[j] == 0.0), vd_all(-MATH_INF), vd_all(MATH_NAN));
        y.v[j] = vd_sel((Vm)(u.v[j] > 0.0), y.v[j], below);
    }
    return y;
}

// Whole numbers

INLINE Vd vd_round_even_abs(Vd magnitude)
{
    Vd r = (magnitude + TWO_52) - TWO_52;
    return vd_sel((Vm)(magnitude < TWO_52), r, magnitude);
}

INLINE Vd vd_with_sign(Vd magnitude, Vd sign)
{
    return (Vd)((Vu)magnitude | ((Vu)sign & BITS_SIGN));
}

INLINE Vd vd_floor(Vd x)
{
    Vd r = vd_with_sign(vd_round_even_abs(vd_abs(x)), x);
    return vd_sel((Vm)(r > x), r - 1.0, r);
}

INLINE Vd vd_round(Vd x)
{
    Vd magnitude = vd_abs(x);
    Vd r = vd_round_even_abs(magnitude);
    r = vd_sel((Vm)(magnitude - r == 0.5), r + 1.0, r);
    return vd_with_sign(r, x);
}

// pow, k not zero where all x are positive and normal

static __attribute__((noinline, unused)) Pd pd_pow_any(Pd x, Pd k)
{
    Pd magnitude;
    EACH
    {
        magnitude.v[j] = vd_abs(x.v[j]);
    }
    Pd y = pd_exp(pd_mul(k, pd_log_any(magnitude)));
    EACH
    {
        const Vd n = k.v[j];
        Vm whole = (Vm)(vd_floor(n) == n);
        Vd half = 0.5 * n;
        Vm odd = whole & (Vm)(vd_abs(n) < 0x1p53) & ~(Vm)(vd_floor(half) == half);
        Vd negative = vd_sel(odd, (Vd)((Vu)y.v[j] ^ BITS_SIGN), y.v[j]);
        negative = vd_sel(whole, negative, vd_all(MATH_NAN));
        y.v[j] = vd_sel((Vm)(x.v[j] < 0.0), negative, y.v[j]);
        y.v[j] = vd_sel((Vm)(n == 0.0), vd_all(1.0), y.v[j]);
    }
    return y;
}

INLINE Pd pd_pow(Pd x, Pd k)
{
    if (__builtin_expect(!pd_all_normal(x), 0)) {
        return pd_pow_any(x, k);
    }
    // x^0 is 1 by itself: exp(0 log x), unless k is NaN or so large that none of this matters.
    return pd_exp(pd_mul(k, pd_log_normal(x)));
}

INLINE Pd pd_logistic(Pd z)
{
    EACH
    {
        z.v[j] = -z.v[j];
    }
    z = pd_exp(z);
    EACH
    {
        z.v[j] = 1.0 / (1.0 + z.v[j]);
    }
    return z;
}

INLINE Pd pd_hazard(Pd a)
{
    EACH
    {
        a.v[j] = -a.v[j];
    }
    a = pd_expm1(a);
    EACH
    {
        a.v[j] = -a.v[j];
    }
    return a;
}

// min and max: NaN if either is.
INLINE Vd vd_min(Vd a, Vd b)
{
    return vd_sel((Vm)(a == a), vd_smaller(a, b), a);
}
INLINE Vd vd_max(Vd a, Vd b)
{
    return vd_sel((Vm)(a == a), vd_greater(a, b), a);
}

// The same where b is one bound for all lanes, neither NaN nor -0. The second operand of minpd is
// what comes out of NaN and of equals, so it is a; and equals are alike but for zeros: where the
// bound is 0, a zero of either sign becomes 0 by adding 0; other bounds have -0 added, which
// changes nothing.
INLINE Vd vd_bound_zero(Vd bound)
{
    return (Vd)((Vu)((Vm)(bound < 0.0) | (Vm)(bound > 0.0)) & BITS_SIGN);
}
INLINE Vd vd_at_most(Vd a, Vd bound)
{
    return vd_smaller(bound, a) + vd_bound_zero(bound);
}
INLINE Vd vd_at_least(Vd a, Vd bound)
{
    return vd_greater(bound, a) + vd_bound_zero(bound);
}

// Floats: packs of up to FPACK vectors of FL lanes; how many is known where they are used.
enum { FPACK = 4 };
typedef struct {
    Vf v[FPACK];
} Pf;
#define FEACH(pack) for (int j = 0; j < (pack); j++)

// 2^y to a relative 2^-17 for |y| <= 120: a first look at exp, never an answer. Cubic of (2^f - 1)
// / f on [-1/2, 1/2], in two halves for the sake of a short chain. NaN stays NaN.
INLINE Pf pf_exp2_rough(Pf y, const int pack)
{
    Pf scale, f, low;
    FEACH(pack)
    {
        Vf shifted = y.v[j] + 0x1.8p23f;
        f.v[j] = y.v[j] - (shifted - 0x1.8p23f);
        scale.v[j] = (Vf)(((Vfu)shifted + 127) << 23);
    }
    FEACH(pack)
    {
        Vf high = 0x1.c96d5ep-5f + f.v[j] * 0x1.3c6e5cp-7f;
        low.v[j] = 0x1.62e2d2p-1f + f.v[j] * 0x1.ebfb3ep-3f;
        low.v[j] = low.v[j] + (f.v[j] * f.v[j]) * high;
    }
    FEACH(pack)
    {
        y.v[j] = scale.v[j] + (scale.v[j] * f.v[j]) * low.v[j];
    }
    return y;
}

INLINE Vf vf_clamp(Vf y, float limit)
{
    return vf_smaller(vf_all(limit), vf_greater(vf_all(-limit), y));
}
