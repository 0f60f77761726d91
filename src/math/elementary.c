// SPDX-License-Identifier: MIT
//
// Elementary functions: see elementary.h for what they promise. Read m_exp and m_log first, the
// others are variations. exp reduces x to r + k ln 2 (Cody and Waite 1980) and sums a minimax
// polynomial in two interleaved Horner chains; log follows the scheme of Ng (1986, as in fdlibm)
// with s = f / (2 + f).
#include "math/elementary.h"

#include "math/bits.h"
#include "math/elementary_constants.h"

// e^r - 1 for |r| <= ln(2) / 2.
static inline double expm1_core(double r)
{
    double r2 = r * r;
    double even = EXP_Q0 + r2 * (EXP_Q2 + r2 * (EXP_Q4 + r2 * (EXP_Q6 + r2 * EXP_Q8)));
    double odd = EXP_Q1 + r2 * (EXP_Q3 + r2 * (EXP_Q5 + r2 * (EXP_Q7 + r2 * EXP_Q9)));
    return r + r2 * (0.5 + r * (even + r * odd));
}

double m_exp(double x)
{
    x = x < EXP_MIN ? EXP_MIN : x;
    x = x > EXP_MAX ? EXP_MAX : x;
    double shifted = x * INV_LN2 + ROUND_MAGIC;
    double k = shifted - ROUND_MAGIC;
    double r = (x - k * LN2_HI) - k * LN2_LO;
    double e = 1.0 + expm1_core(r);
    // 2^(k-1), and 0 for k = -1022; twice e makes up for the one taken off, so that 2^1024 can be
    // approached from below.
    double scale = double_of((bits_of(shifted) + 1022) << 52);
    return (e + e) * scale;
}

double m_expm1(double x)
{
    x = x < EXPM1_MIN ? EXPM1_MIN : x;
    x = x > EXP_MAX ? EXP_MAX : x;
    double shifted = x * INV_LN2 + ROUND_MAGIC;
    double k = shifted - ROUND_MAGIC;
    double r = (x - k * LN2_HI) - k * LN2_LO;
    double p = expm1_core(r);
    double scale = double_of((bits_of(shifted) + 1022) << 52);
    double y = scale * p + (scale - 0.5);
    return y + y;
}

// ln(m 2^k) + extra for m = 1 + f in [sqrt(1/2), sqrt(2)); `extra` is far below 1.
static inline double log_core(double f, double k, double extra)
{
    double s = f / (2.0 + f);
    double z = s * s;
    double w = z * z;
    double odd = z * (LOG_L1 + w * (LOG_L3 + w * (LOG_L5 + w * LOG_L7)));
    double even = w * (LOG_L2 + w * (LOG_L4 + w * LOG_L6));
    double half_f2 = 0.5 * f * f;
    return k * LN2_HI - ((half_f2 - (s * (half_f2 + (odd + even)) + (k * LN2_LO + extra))) - f);
}

// Exponent of x (positive and normal) to the nearest power of two below x sqrt(2), and what is left
// of x, minus 1.
static inline double log_split(double x, double *k)
{
    uint64_t b = bits_of(x) + LOG_OFFSET_BITS;
    *k = double_of((b >> 52) | LOG_EXPONENT_BITS) - LOG_EXPONENT_BIAS;
    return double_of((b & BITS_MANTISSA) + LOG_SQRT_HALF_BITS) - 1.0;
}

double m_log(double x)
{
    double scaled = x < LOG_SMALLEST_NORMAL ? x * LOG_SCALE_UP : x;
    double k;
    double f = log_split(scaled, &k);
    k = x < LOG_SMALLEST_NORMAL ? k - 54.0 : k;
    double y = log_core(f, k, 0.0);
    y = x < MATH_INF ? y : x; // infinity and NaN
    y = x > 0.0 ? y : (x == 0.0 ? -MATH_INF : MATH_NAN);
    return y;
}

double m_log1p(double x)
{
    double u = 1.0 + x;
    double k;
    double f = log_split(u, &k);
    // What rounding took from u, relative to it (Kahan).
    double lost = (x - (u - 1.0)) / u;
    double y = log_core(f, k, lost);
    y = x < MATH_INF ? y : x;
    y = u > 0.0 ? y : (u == 0.0 ? -MATH_INF : MATH_NAN);
    return y;
}

double m_pow(double x, double k)
{
    double magnitude = m_abs(x);
    double y = m_exp(k * m_log(magnitude));
    // Doubles of 2^53 and more are even; below, k is odd when half of it is not whole.
    bool whole = m_floor(k) == k;
    bool odd = whole && m_abs(k) < 0x1p53 && m_floor(0.5 * k) != 0.5 * k;
    double negative = odd ? -y : y;
    negative = whole ? negative : MATH_NAN;
    y = x < 0.0 ? negative : y;
    return k == 0.0 ? 1.0 : y;
}

double m_logistic(double z)
{
    return 1.0 / (1.0 + m_exp(-z));
}

double m_abs(double x)
{
    return double_of(bits_of(x) & ~BITS_SIGN);
}

// Nearest whole number of |x| < 2^52, halves to even; from 2^52 on (and NaN) x itself.
static inline double round_even_abs(double magnitude)
{
    double r = (magnitude + TWO_52) - TWO_52;
    return magnitude < TWO_52 ? r : magnitude;
}

static inline double with_sign(double magnitude, double sign)
{
    return double_of(bits_of(magnitude) | (bits_of(sign) & BITS_SIGN));
}

double m_floor(double x)
{
    double r = with_sign(round_even_abs(m_abs(x)), x);
    return r > x ? r - 1.0 : r;
}

double m_ceil(double x)
{
    return -m_floor(-x);
}

double m_round(double x)
{
    double magnitude = m_abs(x);
    double r = round_even_abs(magnitude);
    r = magnitude - r == 0.5 ? r + 1.0 : r; // an even number below a half
    return with_sign(r, x);
}

double m_min(double a, double b)
{
    double y = a < b ? a : b;
    return a == a ? y : a; // NaN in b falls through the comparison
}

double m_max(double a, double b)
{
    double y = a > b ? a : b;
    return a == a ? y : a;
}

double m_sqrt(double x)
{
    return __builtin_sqrt(x);
}

double m_ldexp(double x, int k)
{
    // Two factors, so that neither leaves the range of normal numbers.
    int half = k / 2;
    double a = double_of((uint64_t)(half + 1023) << 52);
    double b = double_of((uint64_t)(k - half + 1023) << 52);
    return x * a * b;
}

bool m_is_nan(double x)
{
    return x != x;
}

bool m_is_finite(double x)
{
    return m_abs(x) < MATH_INF;
}
