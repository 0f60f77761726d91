// SPDX-License-Identifier: MIT
//
// Elementary functions on vectors: the operations of math/elementary.c in the same order, lane by
// lane, and so the same bits. Read that file for what they are and why; the tests hold the two
// together. At the end, a float exponential good to 2^-16, for first looks that are checked.
#pragma once
#include "engine/vec.h"
#include "math/bits.h"
#include "math/elementary_constants.h"

#define VD_NAN MATH_NAN
#define VD_INF MATH_INF

INLINE Vd vd_expm1_core(Vd r)
{
    Vd r2 = r * r;
    Vd even = EXP_Q0 + r2 * (EXP_Q2 + r2 * (EXP_Q4 + r2 * (EXP_Q6 + r2 * EXP_Q8)));
    Vd odd = EXP_Q1 + r2 * (EXP_Q3 + r2 * (EXP_Q5 + r2 * (EXP_Q7 + r2 * EXP_Q9)));
    return r + r2 * (0.5 + r * (even + r * odd));
}

INLINE Vd vd_exp(Vd x)
{
    x = vd_greater(vd_all(EXP_MIN), x);
    x = vd_smaller(vd_all(EXP_MAX), x);
    Vd shifted = x * INV_LN2 + ROUND_MAGIC;
    Vd k = shifted - ROUND_MAGIC;
    Vd r = (x - k * LN2_HI) - k * LN2_LO;
    Vd e = 1.0 + vd_expm1_core(r);
    Vd scale = (Vd)(((Vu)shifted + 1022) << 52);
    return (e + e) * scale;
}

INLINE Vd vd_expm1(Vd x)
{
    x = vd_greater(vd_all(EXPM1_MIN), x);
    x = vd_smaller(vd_all(EXP_MAX), x);
    Vd shifted = x * INV_LN2 + ROUND_MAGIC;
    Vd k = shifted - ROUND_MAGIC;
    Vd r = (x - k * LN2_HI) - k * LN2_LO;
    Vd p = vd_expm1_core(r);
    Vd scale = (Vd)(((Vu)shifted + 1022) << 52);
    Vd y = scale * p + (scale - 0.5);
    return y + y;
}

INLINE Vd vd_log_core(Vd f, Vd k, Vd extra)
{
    Vd s = f / (2.0 + f);
    Vd z = s * s;
    Vd w = z * z;
    Vd odd = z * (LOG_L1 + w * (LOG_L3 + w * (LOG_L5 + w * LOG_L7)));
    Vd even = w * (LOG_L2 + w * (LOG_L4 + w * LOG_L6));
    Vd half_f2 = 0.5 * f * f;
    return k * LN2_HI - ((half_f2 - (s * (half_f2 + (odd + even)) + (k * LN2_LO + extra))) - f);
}

INLINE Vd vd_log_split(Vd x, Vd *k)
{
    Vu b = (Vu)x + LOG_OFFSET_BITS;
    *k = (Vd)((b >> 52) | LOG_EXPONENT_BITS) - LOG_EXPONENT_BIAS;
    return (Vd)((b & BITS_MANTISSA) + LOG_SQRT_HALF_BITS) - 1.0;
}

INLINE Vd vd_log(Vd x)
{
    Vm small = (Vm)(x < LOG_SMALLEST_NORMAL);
    Vd k;
    Vd f = vd_log_split(vd_sel(small, x * LOG_SCALE_UP, x), &k);
    k = vd_sel(small, k - 54.0, k);
    Vd y = vd_log_core(f, k, vd_all(0.0));
    // Zero, negative numbers, infinity and NaN are the lanes where x is not inside (0, inf).
    Vm plain = (Vm)(x > 0.0) & (Vm)(x < VD_INF);
    if (__builtin_expect(vm_bits(plain) != (1u << VL) - 1, 0)) {
        y = vd_sel((Vm)(x < VD_INF), y, x);
        Vd below = vd_sel((Vm)(x == 0.0), vd_all(-VD_INF), vd_all(VD_NAN));
        y = vd_sel((Vm)(x > 0.0), y, below);
    }
    return y;
}

INLINE Vd vd_log1p(Vd x)
{
    Vd u = 1.0 + x;
    Vd k;
    Vd f = vd_log_split(u, &k);
    Vd lost = (x - (u - 1.0)) / u;
    Vd y = vd_log_core(f, k, lost);
    y = vd_sel((Vm)(x < VD_INF), y, x);
    Vd below = vd_sel((Vm)(u == 0.0), vd_all(-VD_INF), vd_all(VD_NAN));
    return vd_sel((Vm)(u > 0.0), y, below);
}

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

INLINE Vd vd_pow(Vd x, Vd k)
{
    Vd y = vd_exp(k * vd_log(vd_abs(x)));
    Vm below = (Vm)(x < 0.0);
    if (__builtin_expect(vm_bits(below) != 0, 0)) {
        Vm whole = (Vm)(vd_floor(k) == k);
        Vd half = 0.5 * k;
        Vm odd = whole & (Vm)(vd_abs(k) < 0x1p53) & ~(Vm)(vd_floor(half) == half);
        Vd negative = vd_sel(odd, (Vd)((Vu)y ^ BITS_SIGN), y);
        negative = vd_sel(whole, negative, vd_all(VD_NAN));
        y = vd_sel(below, negative, y);
    }
    return vd_sel((Vm)(k == 0.0), vd_all(1.0), y);
}

INLINE Vd vd_logistic(Vd z)
{
    return 1.0 / (1.0 + vd_exp(-z));
}

INLINE Vd vd_hazard(Vd a)
{
    return -vd_expm1(-a);
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

// 2^y for |y| <= 100 to a relative 2^-17: a first look at exp, never an answer. Minimax-like cubic of
// (2^f - 1) / f on [-1/2, 1/2]. NaN stays NaN.
INLINE Vf vf_exp2_rough(Vf y)
{
    y = vf_smaller(vf_all(100.0f), vf_greater(vf_all(-100.0f), y));
    Vf shifted = y + 0x1.8p23f;
    Vf f = y - (shifted - 0x1.8p23f);
    Vf p = 0x1.62e2d2p-1f + f * (0x1.ebfb3ep-3f + f * (0x1.c96d5ep-5f + f * 0x1.3c6e5cp-7f));
    Vf scale = (Vf)(((Vfu)shifted + 127) << 23);
    return scale + scale * (f * p);
}
