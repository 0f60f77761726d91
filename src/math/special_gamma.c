// SPDX-License-Identifier: MIT
//
// The gamma function's logarithm and the incomplete gamma function: see special.h. The incomplete
// function uses a power series, a continued fraction, or for large parameters the quadrature of
// special_tail.c; in each the leading factor is taken in Loader's saddle-point form (2000, "Fast
// and accurate computation of binomial probabilities"), which loses nothing when a is huge.
#include "math/special.h"

#include "math/bits.h"
#include "math/elementary.h"
#include "math/special_constants.h"
#include "math/special_inside.h"

#define STIRLING_FROM   10.0
#define QUADRATURE_FROM 40.0
#define MAX_TERMS       500
#define TERM_EPS        1e-17

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

static double polynomial(const double *c, int n, double x)
{
    double sum = 0.0;
    for (int i = n - 1; i >= 0; i--) {
        sum = sum * x + c[i];
    }
    return sum;
}

// ln Gamma(2 + d), |d| <= 1/2.
static double lgamma_near_2(double d)
{
    return d * polynomial(LGAMMA_G, COUNT(LGAMMA_G), d);
}

static double stirling_series(double x)
{
    return polynomial(STIRLING_S, COUNT(STIRLING_S), 1.0 / (x * x)) / x;
}

double special_lgamma1p(double a)
{
    if (!(a >= 0.0)) {
        return MATH_NAN;
    }
    if (a <= 0.5) {
        return lgamma_near_2(a) - m_log1p(a);
    }
    return special_lgamma(1.0 + a);
}

double special_lgamma(double x)
{
    if (!(x > 0.0)) {
        return x == 0.0 ? MATH_INF : MATH_NAN;
    }
    if (x < 0.5) {
        return special_lgamma1p(x) - m_log(x);
    }
    if (x < 1.5) {
        double d = x - 1.0;
        return lgamma_near_2(d) - m_log1p(d);
    }
    if (x < STIRLING_FROM) {
        double product = 1.0;
        while (x > 2.5) {
            x -= 1.0;
            product *= x;
        }
        return m_log(product) + lgamma_near_2(x - 2.0);
    }
    return (x - 0.5) * m_log(x) - x + LN_SQRT_2PI + stirling_series(x);
}

double special_stirling_error(double x)
{
    if (x >= STIRLING_FROM) {
        return stirling_series(x);
    }
    return special_lgamma1p(x) - (x + 0.5) * m_log(x) + x - LN_SQRT_2PI;
}

double special_log1p_minus(double x)
{
    if (x < -0.29 || x > 0.41) {
        return m_log1p(x) - x;
    }
    // As in m_log with k = 0, without the leading term: s (x^2/2 + R(s^2)) - x^2/2.
    double s = x / (2.0 + x);
    double z = s * s;
    double half = 0.5 * x * x;
    return s * (half + 2.0 * z * polynomial(ONE_OVER_ODD, COUNT(ONE_OVER_ODD), z)) - half;
}

double special_expm1_minus(double x)
{
    if (x < -0.5 || x > 0.5) {
        return m_expm1(x) - x;
    }
    return x * (x * polynomial(ONE_OVER_FACTORIAL, COUNT(ONE_OVER_FACTORIAL), x));
}

double special_deviance(double a, double x, double difference)
{
    double mu = difference / a;
    if (m_abs(mu) < 0.7) {
        return -a * special_log1p_minus(mu);
    }
    return difference - a * (m_log(x) - m_log(a));
}

GammaShape special_gamma_shape(double a)
{
    double log_factor = a < 1.0 ? special_lgamma1p(a) - m_log(a)
                                : 0.5 * (m_log(a) - LN_2PI) - special_stirling_error(a);
    return (GammaShape){a, log_factor};
}

static double log_density(GammaShape shape, double x)
{
    double a = shape.a;
    if (a < 1.0) {
        // Nothing large cancels.
        return a * m_log(x) - x - shape.log_factor;
    }
    return shape.log_factor - special_deviance(a, x, x - a);
}

double special_gamma_log_density(double a, double x)
{
    return log_density(special_gamma_shape(a), x);
}

// P / density = 1/a + x/(a (a+1)) + ...
static double lower_series(double a, double x)
{
    double term = 1.0 / a, sum = term;
    for (int n = 1; n < MAX_TERMS && term > TERM_EPS * sum; n++) {
        term *= x / (a + (double)n);
        sum += term;
    }
    return sum;
}

// Q / density by Legendre's continued fraction, evaluated after Lentz (1976).
static double upper_fraction(double a, double x)
{
    double b = x + 1.0 - a;
    double c = 1e300;
    double d = 1.0 / b;
    double h = d;
    for (int i = 1; i < MAX_TERMS; i++) {
        double an = -(double)i * ((double)i - a);
        b += 2.0;
        d = 1.0 / (an * d + b);
        c = b + an / c;
        double step = d * c;
        h *= step;
        if (m_abs(step - 1.0) < 1e-16) {
            break;
        }
    }
    return h;
}

// Q for a < 1 and small x: 1 - x^a / Gamma(1+a) plus an alternating series (Gautschi 1979), so that
// the 1 cancels before any rounding.
static double upper_small(double a, double x)
{
    double log_lead = a * m_log(x) - special_lgamma1p(a);
    double term = 1.0, sum = 0.0;
    for (int n = 1; n < 60; n++) {
        term *= -x / (double)n;
        sum -= term / (a + (double)n);
    }
    return a * m_exp(log_lead) * sum - m_expm1(log_lead);
}

// h(s) = x (e^s - 1 - s): the upper tail of a gamma in s = ln(t / x).
static double h_upper(double n, double x, double y, double s, double *slope)
{
    (void)n;
    (void)y;
    double psi = special_expm1_minus(s);
    *slope = x * (psi + s);
    return x * psi;
}

// h(s) = x (e^-s - 1 + s): the lower tail.
static double h_lower(double n, double x, double y, double s, double *slope)
{
    (void)n;
    (void)y;
    double psi = special_expm1_minus(-s);
    *slope = x * (s - psi);
    return x * psi;
}

LogTail special_gamma_tail(GammaShape shape, double x)
{
    double a = shape.a;
    LogTail t = {.log_density = log_density(shape, x)};
    if (a >= QUADRATURE_FROM) {
        t.is_upper = x >= a;
        TailExponent e = {
            .lambda = m_abs(x - a), .spread = x, .x = x, .h = t.is_upper ? h_upper : h_lower};
        t.mills = special_tail_integral(&e);
        return t;
    }
    t.is_upper = x >= a + 1.0;
    if (!t.is_upper && a < 1.0 && a * m_log(x) > -0.7) {
        t.is_upper = true;
        t.mills = upper_small(a, x) * m_exp(-t.log_density);
        return t;
    }
    t.mills = t.is_upper ? upper_fraction(a, x) : lower_series(a, x);
    return t;
}

Tails special_gamma(double a, double x)
{
    if (!(a > 0.0) || !(x >= 0.0) || a == MATH_INF) {
        return (Tails){MATH_NAN, MATH_NAN};
    }
    if (x == 0.0 || x == MATH_INF) {
        return (Tails){x == 0.0 ? 0.0 : 1.0, x == 0.0 ? 1.0 : 0.0};
    }
    LogTail t = special_gamma_tail(special_gamma_shape(a), x);
    double tail = m_min(m_exp(t.log_density) * t.mills, 1.0);
    return t.is_upper ? (Tails){1.0 - tail, tail} : (Tails){tail, 1.0 - tail};
}
