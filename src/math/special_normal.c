// SPDX-License-Identifier: MIT
//
// The normal distribution: see special.h.
#include "math/bits.h"
#include "math/elementary.h"
#include "math/special.h"
#include "math/special_constants.h"

// exp(x^2) erfc(x) for x >= 0, by Clenshaw's recurrence.
static double scaled_erfc(double x)
{
    double t = (x - ERFC_K) / (x + ERFC_K);
    double b1 = 0.0, b2 = 0.0;
    for (int i = (int)(sizeof ERFC_C / sizeof ERFC_C[0]) - 1; i > 0; i--) {
        double b = 2.0 * t * b1 - b2 + ERFC_C[i];
        b2 = b1;
        b1 = b;
    }
    return (t * b1 - b2 + ERFC_C[0]) / (1.0 + 2.0 * x);
}

// exp(-scale x^2), scale 1 or 1/2: x is split so that the larger square is exact.
static double exp_minus_square(double x, double scale)
{
    double high = double_of(bits_of(x) & ~UINT64_C(0x7FFFFFF));
    double low = x - high;
    return m_exp(-scale * high * high) * m_exp(-scale * low * (x + high));
}

double special_erfc(double x)
{
    if (x != x) {
        return x;
    }
    double magnitude = m_min(m_abs(x), 100.0);
    double tail = scaled_erfc(magnitude) * exp_minus_square(magnitude, 1.0);
    return x < 0.0 ? 2.0 - tail : tail;
}

Tails special_normal(double z)
{
    if (z != z) {
        return (Tails){z, z};
    }
    double magnitude = m_min(m_abs(z), 100.0);
    double tail = 0.5 * scaled_erfc(magnitude * SQRT_HALF) * exp_minus_square(magnitude, 0.5);
    return z > 0.0 ? (Tails){1.0 - tail, tail} : (Tails){tail, 1.0 - tail};
}

double special_normal_density(double z)
{
    return INV_SQRT_2PI * exp_minus_square(m_min(m_abs(z), 100.0), 0.5);
}

static double ratio_of_polynomials(const double top[8], const double bottom[8], double r)
{
    double a = top[7], b = bottom[7];
    for (int i = 6; i >= 0; i--) {
        a = a * r + top[i];
        b = b * r + bottom[i];
    }
    return a / b;
}

double special_normal_quantile(double p, double q)
{
    double tail = p < q ? p : q;
    if (!(tail > 0.0)) {
        return tail == 0.0 ? (p < q ? -MATH_INF : MATH_INF) : MATH_NAN;
    }
    double centre = p < q ? p - 0.5 : 0.5 - q;
    if (m_abs(centre) <= 0.425) {
        return centre * ratio_of_polynomials(AS241_A, AS241_B, 0.180625 - centre * centre);
    }
    double r = __builtin_sqrt(-m_log(tail));
    double z = r <= 5.0 ? ratio_of_polynomials(AS241_C, AS241_D, r - 1.6)
                        : ratio_of_polynomials(AS241_E, AS241_F, r - 5.0);
    return p < q ? -z : z;
}
