// SPDX-License-Identifier: MIT
//
// The incomplete beta function and Student's t: see special.h. The tail that is the smaller in the
// sense of lying outside the mean is computed, by the continued fraction of DiDonato and Morris
// (1992, algorithm 708, eq. 9) or for large parameters by the quadrature of special_tail.c.
#include "math/bits.h"
#include "math/elementary.h"
#include "math/special.h"
#include "math/special_constants.h"
#include "math/special_inside.h"

#define QUADRATURE_FROM 40.0
#define MAX_TERMS       2000

// a y - b x = a - (a + b) x without cancellation error. Of x and y the smaller is taken as exact,
// the other as one minus it.
static double beta_lambda(double a, double b, double x, double y)
{
    double ay_rest, bx_rest;
    double ay = two_product(a, y, &ay_rest);
    double bx = two_product(b, x, &bx_rest);
    double extra = x <= y ? a * ((1.0 - y) - x) : -b * ((1.0 - x) - y);
    return (ay - bx) + ((ay_rest - bx_rest) + extra);
}

BetaShape special_beta_shape(double a, double b)
{
    double n = a + b;
    double root = 0.5 * (m_log(a) + m_log(b / n) - LN_2PI);
    double stirling = special_stirling_error(a) + special_stirling_error(b);
    return (BetaShape){a, b, root - (stirling - special_stirling_error(n))};
}

static double log_density(BetaShape shape, double x, double y, double lambda)
{
    double a = shape.a, b = shape.b, n = a + b;
    double deviance = special_deviance(a, n * x, -lambda) + special_deviance(b, n * y, lambda);
    return shape.log_factor - deviance;
}

double special_beta_log_density(double a, double b, double x, double y)
{
    return log_density(special_beta_shape(a, b), x, y, beta_lambda(a, b, x, y));
}

// I_x(a, b) / density for lambda = a - (a + b) x >= 0, or x < (a + 1) / (a + b + 2).
static double lower_fraction(double a, double b, double x, double y, double lambda)
{
    double c = 1.0 + lambda;
    double c0 = b / a, c1 = 1.0 + 1.0 / a, y1 = y + 1.0;
    double p = 1.0, s = a + 1.0;
    double an = 0.0, bn = 1.0, an1 = 1.0, bn1 = c / c1;
    double r = c1 / c;
    for (int i = 1; i < MAX_TERMS; i++) {
        double n = (double)i;
        double t = n / a;
        double w = n * (b - n) * x;
        double e = a / s;
        double alpha = (p * (p + c0) * e * e) * (w * x);
        e = (t + 1.0) / (c1 + t + t);
        double beta = n + w / s + e * (c + n * y1);
        p = t + 1.0;
        s += 2.0;
        double an2 = alpha * an + beta * an1;
        double bn2 = alpha * bn + beta * bn1;
        double r0 = r;
        r = an2 / bn2;
        if (m_abs(r - r0) <= 1e-16 * r) {
            break;
        }
        // Rescaled each time, so that nothing grows.
        an = an1 / bn2;
        bn = bn1 / bn2;
        an1 = r;
        bn1 = 1.0;
    }
    return r;
}

// h(s) = n (ln(1 + x (e^s - 1)) - x s): n times the cumulant function of a centred coin with chance
// x of 1. Written with whichever of x and y is below a half.
static double h_coin(double n, double x, double y, double s, double *slope)
{
    double r = s;
    double small = x;
    if (x > y) {
        r = -s;
        small = y;
    }
    double psi = special_expm1_minus(r);
    double grown = small * (psi + r); // small (e^r - 1)
    // d/dr of ln(1 + grown) is small e^r / (1 + grown).
    double slope_r = small * (psi + r + 1.0) / (1.0 + grown) - small;
    *slope = n * (x > y ? -slope_r : slope_r);
    return n * (special_log1p_minus(grown) + small * psi);
}

LogTail special_beta_tail(BetaShape shape, double x, double y)
{
    double a = shape.a, b = shape.b, lambda = beta_lambda(a, b, x, y);
    LogTail t = {.log_density = log_density(shape, x, y, lambda)};
    t.is_upper = a < 1.0 || b < 1.0 ? x > (a + 1.0) / (a + b + 2.0) : lambda < 0.0;
    if (a >= QUADRATURE_FROM && b >= QUADRATURE_FROM) {
        // Outwards means falling odds for the lower tail: there x and y change places.
        double n = a + b;
        TailExponent e = {.lambda = m_abs(lambda),
                          .spread = n * x * y,
                          .n = n,
                          .x = t.is_upper ? x : y,
                          .y = t.is_upper ? y : x,
                          .h = h_coin};
        t.mills = special_tail_integral(&e);
    } else if (t.is_upper) {
        t.mills = lower_fraction(b, a, y, x, -lambda);
    } else {
        t.mills = lower_fraction(a, b, x, y, lambda);
    }
    return t;
}

Tails special_beta(double a, double b, double x, double y)
{
    if (!(a > 0.0) || !(b > 0.0) || !(x >= 0.0) || !(y >= 0.0) || a + b == MATH_INF) {
        return (Tails){MATH_NAN, MATH_NAN};
    }
    if (x == 0.0 || y == 0.0) {
        return (Tails){x == 0.0 ? 0.0 : 1.0, x == 0.0 ? 1.0 : 0.0};
    }
    LogTail t = special_beta_tail(special_beta_shape(a, b), x, y);
    double tail = m_min(m_exp(t.log_density) * t.mills, 1.0);
    return t.is_upper ? (Tails){1.0 - tail, tail} : (Tails){tail, 1.0 - tail};
}

// P(T > |t|) is half of I_x(df/2, 1/2) at x = df / (df + t^2).
Tails special_student(double df, double t)
{
    if (!(df > 0.0) || t != t) {
        return (Tails){MATH_NAN, MATH_NAN};
    }
    if (df == MATH_INF) {
        return special_normal(t);
    }
    double x, y;
    double ratio = t * (t / df); // t^2 / df, may overflow
    if (ratio < 1.0) {
        y = ratio / (1.0 + ratio);
        x = 1.0 / (1.0 + ratio);
    } else {
        double inverse = df / t / t;
        x = inverse / (1.0 + inverse);
        y = 1.0 / (1.0 + inverse);
    }
    double tail = 0.5 * special_beta(0.5 * df, 0.5, x, y).lower;
    return t > 0.0 ? (Tails){1.0 - tail, tail} : (Tails){tail, 1.0 - tail};
}

double special_student_quantile(double df, double p, double q)
{
    if (!(df > 0.0) || !(p >= 0.0) || !(q >= 0.0)) {
        return MATH_NAN;
    }
    if (df == MATH_INF) {
        return special_normal_quantile(p, q);
    }
    double tail = p < q ? p : q;
    if (tail == 0.0) {
        return p < q ? -MATH_INF : MATH_INF;
    }
    // Two tails together are 2 tail; the rest is between them.
    BetaPoint point = special_beta_inverse(0.5 * df, 0.5, 2.0 * tail, m_abs(q - p));
    double t = __builtin_sqrt(df) * __builtin_sqrt(point.y / point.x);
    return p < q ? -t : t;
}
