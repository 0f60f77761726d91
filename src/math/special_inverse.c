// SPDX-License-Identifier: MIT
//
// Inverses of the incomplete gamma and beta functions: see special.h.
//
// Both are found by Halley's method on ln(tail) against ln x (gamma) or the log-odds (beta). There
// the tail is a concave increasing function with a known second derivative, so that Newton's step
// never fails and Halley's third order makes two or three evaluations enough. The wanted tail is
// the smaller of p and q.
#include "math/bits.h"
#include "math/elementary.h"
#include "math/special.h"
#include "math/special_inside.h"

#define MAX_ROUNDS 60

// Step in the outward variable towards ln(tail) = log_wanted. `push` is the slope of the density's
// logarithm outwards-in; a step from far away is limited.
static double halley_step(double log_tail, double slope, double push, double log_wanted)
{
    double newton = (log_wanted - log_tail) / slope;
    double bend = 0.5 * newton * (push - slope);
    double step = m_abs(bend) < 0.5 ? newton / (1.0 + bend) : newton;
    return m_min(m_max(step, -50.0), 50.0);
}

// After a third-order step of this size the rest is below rounding.
static bool step_settles(double step, double slope, double push)
{
    return m_abs(step) * (1.0 + m_abs(slope) + m_abs(push)) < 1e-6;
}

// Wilson and Hilferty (1931) where that is sensible, else from P ~ x^a / Gamma(a + 1). Returns ln
// x.
static double gamma_start(double a, double p, double q)
{
    if (a > 0.3) {
        double z = special_normal_quantile(p, q);
        double c = 1.0 / (9.0 * a);
        double root = 1.0 - c + z * __builtin_sqrt(c);
        if (root > 0.1) {
            return m_log(a) + 3.0 * m_log(root);
        }
    }
    double log_x = (m_log(p) + special_lgamma1p(a)) / a;
    if (log_x < -1.0 || p < 0.5) {
        return log_x;
    }
    return m_log(m_max(1e-3, -m_log(q))); // an exponential tail
}

double special_gamma_inverse(double a, double p, double q)
{
    if (!(a > 0.0) || a == MATH_INF || !(p >= 0.0) || !(q >= 0.0)) {
        return MATH_NAN;
    }
    if (p == 0.0 || q == 0.0) {
        return p == 0.0 ? 0.0 : MATH_INF;
    }
    bool upper = q < p;
    double log_wanted = m_log(upper ? q : p);
    double log_x = gamma_start(a, p, q);
    if (log_x < -700.0) {
        return m_exp(log_x);
    }
    double x = m_exp(log_x);
    GammaShape shape = special_gamma_shape(a);
    for (int i = 0; i < MAX_ROUNDS; i++) {
        double slope;
        double log_tail = special_log_of_tail(special_gamma_tail(shape, x), upper, &slope);
        double push = upper ? x - a : a - x;
        double step = halley_step(log_tail, slope, push, log_wanted);
        double move = upper ? -step : step;
        x += x * m_expm1(move);
        if (step_settles(step, slope, push)) {
            break;
        }
    }
    return x;
}

// Log-odds to start from: the normal approximation of Abramowitz and Stegun 26.5.22 for parameters
// above 1, else the leading powers at either end.
static double beta_start(double a, double b, double p, double q)
{
    if (a > 1.0 && b > 1.0) {
        double z = special_normal_quantile(p, q);
        double al = 1.0 / (2.0 * a - 1.0), be = 1.0 / (2.0 * b - 1.0);
        double lambda = (z * z - 3.0) / 6.0;
        double h = 2.0 / (al + be);
        double w = z * __builtin_sqrt(m_max(h + lambda, 0.0)) / h -
                   (be - al) * (lambda + 5.0 / 6.0 - 2.0 / (3.0 * h));
        return m_log(a) - m_log(b) + 2.0 * w;
    }
    // I_x is about x^a / (a B) near 0 and 1 - y^b / (b B) near 1.
    double log_b = special_lgamma(a) + special_lgamma(b) - special_lgamma(a + b);
    double log_x = (m_log(p) + m_log(a) + log_b) / a;
    double log_y = (m_log(q) + m_log(b) + log_b) / b;
    if (log_x < log_y) {
        return log_x < -1.0 ? log_x : -0.5;
    }
    return log_y < -1.0 ? -log_y : 0.5;
}

static BetaPoint beta_point(double odds)
{
    return (BetaPoint){odds / (1.0 + odds), 1.0 / (1.0 + odds)};
}

BetaPoint special_beta_inverse(double a, double b, double p, double q)
{
    if (!(a > 0.0) || !(b > 0.0) || a + b == MATH_INF || !(p >= 0.0) || !(q >= 0.0)) {
        return (BetaPoint){MATH_NAN, MATH_NAN};
    }
    if (p == 0.0 || q == 0.0) {
        return (BetaPoint){p == 0.0 ? 0.0 : 1.0, p == 0.0 ? 1.0 : 0.0};
    }
    bool upper = q < p;
    double log_wanted = m_log(upper ? q : p);
    double log_odds = beta_start(a, b, p, q);
    if (m_abs(log_odds) > 690.0) {
        // Beyond the smallest double; the leading power is exact there.
        return log_odds < 0.0 ? (BetaPoint){m_exp(log_odds), 1.0}
                              : (BetaPoint){1.0, m_exp(-log_odds)};
    }
    double odds = m_exp(log_odds);
    BetaShape shape = special_beta_shape(a, b);
    for (int i = 0; i < MAX_ROUNDS; i++) {
        BetaPoint at = beta_point(odds);
        double slope;
        double log_tail = special_log_of_tail(special_beta_tail(shape, at.x, at.y), upper, &slope);
        double lambda = a * at.y - b * at.x;
        double push = upper ? -lambda : lambda;
        double step = halley_step(log_tail, slope, push, log_wanted);
        double move = upper ? -step : step;
        odds += odds * m_expm1(move);
        if (step_settles(step, slope, push) || odds < 1e-305 || odds > 1e305) {
            break;
        }
    }
    return beta_point(odds);
}
