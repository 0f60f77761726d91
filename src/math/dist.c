// SPDX-License-Identifier: MIT
//
// Named distributions: support, moments, tails and quantiles by kind. The counting ones are in
// dist_discrete.c, those made of others in dist_spec.c.
#include "math/dist.h"

#include "base/error.h"
#include "math/bits.h"
#include "math/dist_inside.h"
#include "math/draw.h"
#include "math/elementary.h"

#define COUNT_MAX 1e15

static const DistInfo INFO[DIST_KIND_COUNT] = {
#define DIST(name, word, n, params, doc) {word, n, params, doc},
#include "math/dists.def"
#undef DIST
};

const DistInfo *dist_info(DistKind kind)
{
    ASSERT((int)kind >= 0 && kind < DIST_KIND_COUNT);
    return &INFO[kind];
}

bool dist_find(Str word, DistKind *kind)
{
    for (int i = 0; i < DIST_KIND_COUNT; i++) {
        if (str_eq(word, str_of(INFO[i].name))) {
            *kind = (DistKind)i;
            return true;
        }
    }
    return false;
}

// Counts reach us through arithmetic: 7.000000000000001 is 7.
static double whole_count(double n)
{
    double r = m_round(n);
    return m_abs(n - r) <= 1e-9 * m_max(1.0, r) ? r : MATH_NAN;
}

static bool all_finite(const double *p, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        if (!m_is_finite(p[i])) {
            return false;
        }
    }
    return true;
}

bool dist_valid(DistKind kind, const double *p)
{
    if (!all_finite(p, dist_info(kind)->n_params)) {
        return false;
    }
    switch (kind) {
    case DIST_NORMAL:
    case DIST_LOGNORMAL:
    case DIST_LOGITNORMAL: return p[1] >= 0.0;
    case DIST_UNIFORM: return p[0] <= p[1];
    case DIST_TRIANGULAR:
    case DIST_PERT: return p[0] <= p[1] && p[1] <= p[2];
    case DIST_BETA:
    case DIST_GAMMA: return p[0] > 0.0 && p[1] > 0.0;
    case DIST_EXPONENTIAL: return p[0] >= 0.0;
    case DIST_STUDENT: return p[0] > 0.0 && p[2] >= 0.0;
    case DIST_POISSON: return p[0] >= 0.0 && p[0] <= COUNT_MAX;
    case DIST_BINOMIAL: {
        double n = whole_count(p[0]);
        return n >= 0.0 && n <= COUNT_MAX && p[1] >= 0.0 && p[1] <= 1.0;
    }
    case DIST_BERNOULLI: return p[0] >= 0.0 && p[0] <= 1.0;
    case DIST_POINT: return true;
    case DIST_KIND_COUNT: break;
    }
    return false;
}

bool dist_is_discrete(DistKind kind)
{
    return kind == DIST_POISSON || kind == DIST_BINOMIAL || kind == DIST_BERNOULLI;
}

// ---- Support and moments ------------------------------------------------------------------------

// PERT (Malcolm et al. 1959) is a beta with weight 4 on the mode, stretched from low to high.
static void pert_shapes(const double *p, double *a, double *b)
{
    double width = p[2] - p[0];
    *a = 1.0 + 4.0 * ((p[1] - p[0]) / width);
    *b = 1.0 + 4.0 * ((p[2] - p[1]) / width);
}

void dist_support(DistKind kind, const double *p, double *lo, double *hi)
{
    *lo = dist_quantile(kind, p, 0.0, 1.0);
    *hi = dist_quantile(kind, p, 1.0, 0.0);
}

// E g(Z)^power about `centre` for g(z) = logistic(mu + sigma z), by the trapezoidal rule, which
// converges exponentially here: the nearest singularity lies pi / sigma off the real line.
static double logitnormal_moment(const double *p, double centre, bool squared)
{
    double step = m_min(0.05, 0.3 / m_max(p[1], 1.0));
    double n = m_floor(9.0 / step);
    double sum = 0.0, weights = 0.0;
    for (double i = -n; i <= n; i += 1.0) {
        double z = i * step;
        double weight = special_normal_density(z);
        double x = m_logistic(p[0] + p[1] * z) - centre;
        sum += weight * (squared ? x * x : x);
        weights += weight;
    }
    return sum / weights;
}

double dist_mean(DistKind kind, const double *p)
{
    if (!dist_valid(kind, p)) {
        return MATH_NAN;
    }
    switch (kind) {
    case DIST_NORMAL:
    case DIST_EXPONENTIAL:
    case DIST_POISSON:
    case DIST_BERNOULLI:
    case DIST_POINT: return p[0];
    case DIST_LOGNORMAL: return m_exp(p[0] + 0.5 * p[1] * p[1]);
    case DIST_LOGITNORMAL: return logitnormal_moment(p, 0.0, false);
    case DIST_UNIFORM: return 0.5 * p[0] + 0.5 * p[1];
    case DIST_TRIANGULAR: return (p[0] + p[1] + p[2]) / 3.0;
    case DIST_PERT: return (p[0] + 4.0 * p[1] + p[2]) / 6.0;
    case DIST_BETA: return p[0] / (p[0] + p[1]);
    case DIST_GAMMA: return p[0] * p[1];
    case DIST_STUDENT: return p[0] > 1.0 ? p[1] : MATH_NAN;
    case DIST_BINOMIAL: return whole_count(p[0]) * p[1];
    case DIST_KIND_COUNT: break;
    }
    return MATH_NAN;
}

static double beta_variance(double a, double b)
{
    double n = a + b;
    return (a / n) * (b / n) / (n + 1.0);
}

static double pert_variance(const double *p)
{
    double width = p[2] - p[0];
    if (width == 0.0) {
        return 0.0;
    }
    double a, b;
    pert_shapes(p, &a, &b);
    return width * width * beta_variance(a, b);
}

static double triangular_variance(const double *p)
{
    double a = p[1] - p[0], b = p[2] - p[1];
    return (a * a + a * b + b * b) / 18.0;
}

static double student_variance(const double *p)
{
    if (!(p[0] > 1.0)) {
        return MATH_NAN;
    }
    return p[0] > 2.0 ? p[2] * p[2] * (p[0] / (p[0] - 2.0)) : MATH_INF;
}

double dist_variance(DistKind kind, const double *p)
{
    if (!dist_valid(kind, p)) {
        return MATH_NAN;
    }
    switch (kind) {
    case DIST_NORMAL: return p[1] * p[1];
    case DIST_LOGNORMAL: return m_expm1(p[1] * p[1]) * m_exp(2.0 * p[0] + p[1] * p[1]);
    case DIST_LOGITNORMAL: return logitnormal_moment(p, logitnormal_moment(p, 0.0, false), true);
    case DIST_UNIFORM: return (p[1] - p[0]) * (p[1] - p[0]) / 12.0;
    case DIST_TRIANGULAR: return triangular_variance(p);
    case DIST_PERT: return pert_variance(p);
    case DIST_BETA: return beta_variance(p[0], p[1]);
    case DIST_GAMMA: return p[0] * p[1] * p[1];
    case DIST_EXPONENTIAL: return p[0] * p[0];
    case DIST_STUDENT: return student_variance(p);
    case DIST_POISSON: return p[0];
    case DIST_BINOMIAL: return whole_count(p[0]) * p[1] * (1.0 - p[1]);
    case DIST_BERNOULLI: return p[0] * (1.0 - p[0]);
    case DIST_POINT: return 0.0;
    case DIST_KIND_COUNT: break;
    }
    return MATH_NAN;
}

// ---- Tails --------------------------------------------------------------------------------------

static Tails step_at(double point, double x)
{
    return x < point ? (Tails){0.0, 1.0} : (Tails){1.0, 0.0};
}

static Tails normal_tails(double mean, double sd, double x)
{
    return sd == 0.0 ? step_at(mean, x) : special_normal((x - mean) / sd);
}

static Tails beta_tails(double a, double b, double x, double y)
{
    if (x <= 0.0 || y <= 0.0) {
        return x <= 0.0 ? (Tails){0.0, 1.0} : (Tails){1.0, 0.0};
    }
    return special_beta(a, b, x, y);
}

static Tails logitnormal_tails(const double *p, double x)
{
    if (x <= 0.0 || x >= 1.0) {
        return x <= 0.0 ? (Tails){0.0, 1.0} : (Tails){1.0, 0.0};
    }
    return normal_tails(p[0], p[1], m_log(x) - m_log1p(-x));
}

static Tails uniform_tails(const double *p, double x)
{
    if (x < p[0] || x >= p[1]) {
        return step_at(p[1], x);
    }
    double width = p[1] - p[0];
    return (Tails){(x - p[0]) / width, (p[1] - x) / width};
}

static Tails triangular_tails(const double *p, double x)
{
    if (x < p[0] || x >= p[2]) {
        return step_at(p[2], x);
    }
    double width = p[2] - p[0];
    if (x < p[1]) {
        double lower = (x - p[0]) / width * ((x - p[0]) / (p[1] - p[0]));
        return (Tails){lower, 1.0 - lower};
    }
    double upper = (p[2] - x) / width * ((p[2] - x) / (p[2] - p[1]));
    return (Tails){1.0 - upper, upper};
}

static Tails pert_tails(const double *p, double x)
{
    double width = p[2] - p[0];
    if (width == 0.0) {
        return step_at(p[0], x);
    }
    double a, b;
    pert_shapes(p, &a, &b);
    return beta_tails(a, b, (x - p[0]) / width, (p[2] - x) / width);
}

static Tails exponential_tails(double mean, double x)
{
    if (x < 0.0 || mean == 0.0) {
        return step_at(0.0, x);
    }
    return (Tails){-m_expm1(-x / mean), m_exp(-x / mean)};
}

static Tails lognormal_tails(const double *p, double x)
{
    return x <= 0.0 ? (Tails){0.0, 1.0} : normal_tails(p[0], p[1], m_log(x));
}

static Tails student_tails(const double *p, double x)
{
    return p[2] == 0.0 ? step_at(p[1], x) : special_student(p[0], (x - p[1]) / p[2]);
}

static Tails bernoulli_tails(double p, double x)
{
    if (x < 0.0 || x >= 1.0) {
        return step_at(1.0, x);
    }
    return (Tails){1.0 - p, p};
}

Tails dist_tails(DistKind kind, const double *p, double x)
{
    if (x != x || !dist_valid(kind, p)) {
        return (Tails){MATH_NAN, MATH_NAN};
    }
    switch (kind) {
    case DIST_NORMAL: return normal_tails(p[0], p[1], x);
    case DIST_LOGNORMAL: return lognormal_tails(p, x);
    case DIST_LOGITNORMAL: return logitnormal_tails(p, x);
    case DIST_UNIFORM: return uniform_tails(p, x);
    case DIST_TRIANGULAR: return triangular_tails(p, x);
    case DIST_PERT: return pert_tails(p, x);
    case DIST_BETA: return beta_tails(p[0], p[1], x, 1.0 - x);
    case DIST_GAMMA: return special_gamma(p[0], m_max(x, 0.0) / p[1]);
    case DIST_EXPONENTIAL: return exponential_tails(p[0], x);
    case DIST_STUDENT: return student_tails(p, x);
    case DIST_POISSON: return poisson_tails(p[0], m_floor(x));
    case DIST_BINOMIAL: return binomial_tails(whole_count(p[0]), p[1], m_floor(x));
    case DIST_BERNOULLI: return bernoulli_tails(p[0], x);
    case DIST_POINT: return step_at(p[0], x);
    case DIST_KIND_COUNT: break;
    }
    return (Tails){MATH_NAN, MATH_NAN};
}

Tails dist_tails_below(DistKind kind, const double *p, double x)
{
    if (dist_is_discrete(kind)) {
        return dist_tails(kind, p, m_ceil(x) - 1.0);
    }
    if (dist_valid(kind, p) && dist_variance(kind, p) == 0.0) {
        double at = dist_quantile(kind, p, 0.5, 0.5);
        return x <= at ? (Tails){0.0, 1.0} : (Tails){1.0, 0.0};
    }
    return dist_tails(kind, p, x);
}

double dist_cdf(DistKind kind, const double *params, double x)
{
    return dist_tails(kind, params, x).lower;
}

double dist_sf(DistKind kind, const double *params, double x)
{
    return dist_tails(kind, params, x).upper;
}

// ---- Quantiles ----------------------------------------------------------------------------------

static double normal_point(double mean, double sd, double u, double v)
{
    return sd == 0.0 ? mean : mean + sd * special_normal_quantile(u, v);
}

// From both ends, so that neither is rounded away.
static double between(double lo, double hi, double u, double v)
{
    return u < v ? lo + u * (hi - lo) : hi - v * (hi - lo);
}

static double triangular_point(const double *p, double u, double v)
{
    double width = p[2] - p[0];
    if (u * width < p[1] - p[0]) {
        return p[0] + __builtin_sqrt(u * width * (p[1] - p[0]));
    }
    return p[2] - __builtin_sqrt(v * width * (p[2] - p[1]));
}

static double pert_point(const double *p, double u, double v)
{
    if (p[0] == p[2]) {
        return p[0];
    }
    double a, b;
    pert_shapes(p, &a, &b);
    BetaPoint at = special_beta_inverse(a, b, u, v);
    return between(p[0], p[2], at.x, at.y);
}

static double exponential_point(double mean, double u, double v)
{
    return mean == 0.0 ? 0.0 : -mean * (u < v ? m_log1p(-u) : m_log(v));
}

static double student_point(const double *p, double u, double v)
{
    return p[2] == 0.0 ? p[1] : p[1] + p[2] * special_student_quantile(p[0], u, v);
}

double dist_quantile(DistKind kind, const double *p, double u, double v)
{
    if (!(u >= 0.0) || !(v >= 0.0) || !dist_valid(kind, p)) {
        return MATH_NAN;
    }
    switch (kind) {
    case DIST_NORMAL: return normal_point(p[0], p[1], u, v);
    case DIST_LOGNORMAL: return m_exp(normal_point(p[0], p[1], u, v));
    case DIST_LOGITNORMAL: return m_logistic(normal_point(p[0], p[1], u, v));
    case DIST_UNIFORM: return between(p[0], p[1], u, v);
    case DIST_TRIANGULAR: return triangular_point(p, u, v);
    case DIST_PERT: return pert_point(p, u, v);
    case DIST_BETA: return special_beta_inverse(p[0], p[1], u, v).x;
    case DIST_GAMMA: return p[1] * special_gamma_inverse(p[0], u, v);
    case DIST_EXPONENTIAL: return exponential_point(p[0], u, v);
    case DIST_STUDENT: return student_point(p, u, v);
    case DIST_POISSON: return poisson_quantile(p[0], u, v);
    case DIST_BINOMIAL: return binomial_quantile(whole_count(p[0]), p[1], u, v);
    case DIST_BERNOULLI: return v < p[0] ? 1.0 : 0.0;
    case DIST_POINT: return p[0];
    case DIST_KIND_COUNT: break;
    }
    return MATH_NAN;
}

double dist_draw(DistKind kind, const double *params, uint32_t w, uint32_t w2)
{
    return dist_quantile(kind, params, draw_uniform64(w, w2), draw_uniform64(~w, ~w2));
}
