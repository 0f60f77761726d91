// SPDX-License-Identifier: MIT
//
// Named distributions against 60-digit values of their definitions, quantiles as exact inverses,
// and draws against the distribution they should have.
#include "math/dist.h"

#include "../data/math_dist.h"
#include "math/draw.h"
#include "math/elementary.h"
#include "math_reference.h"

static void test_tails_match_the_definitions(void **state)
{
    (void)state;
    Worst w = {0};
    for (size_t i = 0; i < ROWS(DIST_POINTS); i++) {
        const DistPoint *p = &DIST_POINTS[i];
        Tails t = dist_tails(p->kind, p->params, p->x);
        double args[] = {(double)p->kind, p->params[0], p->x};
        worst_note(&w, error_relative(t.lower, p->lower, p->lower_rest), args, 3);
        worst_note(&w, error_relative(t.upper, p->upper, p->upper_rest), args, 3);
        assert_true(t.lower == dist_cdf(p->kind, p->params, p->x));
        assert_true(t.upper == dist_sf(p->kind, p->params, p->x));
    }
    worst_assert(&w, 1e-12, "tails");
}

static void test_continuous_quantiles_invert_the_tails(void **state)
{
    (void)state;
    Worst w = {0};
    for (size_t i = 0; i < ROWS(DIST_POINTS); i++) {
        const DistPoint *p = &DIST_POINTS[i];
        if (!dist_is_discrete(p->kind)) {
            double x = dist_quantile(p->kind, p->params, p->lower, p->upper);
            double args[] = {(double)p->kind, p->params[0], p->x};
            double scale = m_max(m_abs(p->x), 1e-300);
            worst_note(&w, m_abs(x - p->x) / scale, args, 3);
        }
    }
    worst_assert(&w, 2e-12, "quantiles");
}

// A hair below P(X <= x) the quantile is x, a hair above it is x + 1.
static void test_discrete_quantiles_step_at_the_tails(void **state)
{
    (void)state;
    const double hair = 1e-8;
    for (size_t i = 0; i < ROWS(DIST_POINTS); i++) {
        const DistPoint *p = &DIST_POINTS[i];
        if (!dist_is_discrete(p->kind)) {
            continue;
        }
        bool low = p->lower < p->upper;
        double s = low ? p->lower : p->upper;
        double a = s * (1.0 - hair), b = s * (1.0 + hair);
        double under = low ? dist_quantile(p->kind, p->params, a, 1.0 - a)
                           : dist_quantile(p->kind, p->params, 1.0 - b, b);
        double over = low ? dist_quantile(p->kind, p->params, b, 1.0 - b)
                          : dist_quantile(p->kind, p->params, 1.0 - a, a);
        if (under != p->x || over != p->x + 1.0) {
            fail_msg("%s(%g, %g) at %.17g: %.17g and %.17g", dist_info(p->kind)->name, p->params[0],
                     p->params[1], p->x, under, over);
        }
    }
}

static void test_moments_match_the_definitions(void **state)
{
    (void)state;
    Worst w = {0};
    for (size_t i = 0; i < ROWS(DIST_MOMENTS); i++) {
        const DistMoments *m = &DIST_MOMENTS[i];
        double args[] = {(double)m->kind, m->params[0], m->params[1]};
        worst_note(&w, error_relative(dist_mean(m->kind, m->params), m->mean, 0.0), args, 3);
        double variance = dist_variance(m->kind, m->params);
        worst_note(&w, error_relative(variance, m->variance, 0.0), args, 3);
    }
    worst_assert(&w, 1e-13, "moments");
    assert_true(m_is_nan(dist_mean(DIST_STUDENT, (double[]){1.0, 0.0, 1.0})));
    assert_true(dist_variance(DIST_STUDENT, (double[]){2.0, 0.0, 1.0}) == MATH_INF);
}

// ---- Exactness of counting quantiles at random places -------------------------------------------

typedef struct {
    uint32_t ordinal;
} Stream;

static uint32_t next_word(Stream *s)
{
    return draw_word(20240304, DRAW_STEP,
                     (DrawPlace){.future = 1, .site = 9, .step = s->ordinal++});
}

static double next_uniform(Stream *s)
{
    return draw_uniform(next_word(s));
}

// F(k - 1) < u <= F(k), judged by the smaller tail and give or take the error of the tails.
static void assert_inverts(DistKind kind, const double *params, double u, double v)
{
    double k = dist_quantile(kind, params, u, v);
    Tails at = dist_tails(kind, params, k), below = dist_tails(kind, params, k - 1.0);
    const double error = 1e-8;
    bool good = m_floor(k) == k && k >= 0.0;
    if (u < v) {
        good = good && at.lower >= u * (1.0 - error) && below.lower < u * (1.0 + error);
    } else {
        good = good && at.upper <= v * (1.0 + error) && below.upper > v * (1.0 - error);
    }
    if (!good) {
        fail_msg("%s(%.17g, %.17g) at u %.17g, v %.17g: %.17g", dist_info(kind)->name, params[0],
                 params[1], u, v, k);
    }
}

static void test_counting_quantiles_are_exact_at_any_size(void **state)
{
    (void)state;
    Stream s = {0};
    for (int i = 0; i < 3000; i++) {
        double mean = m_exp(next_uniform(&s) * 41.0 - 7.0); // 1e-3 to 6e14
        double tail = i % 3 ? next_uniform(&s) * 0.5 : m_exp(-next_uniform(&s) * 44.0);
        double n = m_floor(m_exp(next_uniform(&s) * 34.0)) + 1.0;
        double p = i % 2 ? next_uniform(&s) : m_exp(-next_uniform(&s) * 30.0);
        double binomial[] = {n, i % 5 ? p : 1.0 - p};
        assert_inverts(DIST_POISSON, &mean, tail, 1.0 - tail);
        assert_inverts(DIST_POISSON, &mean, 1.0 - tail, tail);
        assert_inverts(DIST_BINOMIAL, binomial, tail, 1.0 - tail);
        assert_inverts(DIST_BINOMIAL, binomial, 1.0 - tail, tail);
    }
}

static void test_counting_quantiles_at_their_edges(void **state)
{
    (void)state;
    assert_true(dist_quantile(DIST_BINOMIAL, (double[]){7.0, 0.0}, 0.9, 0.1) == 0.0);
    assert_true(dist_quantile(DIST_BINOMIAL, (double[]){7.0, 1.0}, 0.1, 0.9) == 7.0);
    assert_true(dist_quantile(DIST_BINOMIAL, (double[]){0.0, 0.5}, 0.9, 0.1) == 0.0);
    assert_true(dist_quantile(DIST_BINOMIAL, (double[]){7.0, 0.3}, 0.0, 1.0) == 0.0);
    assert_true(dist_quantile(DIST_BINOMIAL, (double[]){7.0, 0.3}, 1.0, 0.0) == 7.0);
    assert_true(dist_quantile(DIST_BINOMIAL, (double[]){7.000000000000001, 1.0}, 0.5, 0.5) == 7.0);
    assert_true(dist_quantile(DIST_POISSON, (double[]){0.0}, 0.9, 0.1) == 0.0);
    assert_true(dist_quantile(DIST_POISSON, (double[]){3.0}, 1.0, 0.0) == MATH_INF);
    // Ties go to the smaller count: P(X <= 0) is exactly 1/2, on either side of p = 1/2.
    assert_true(dist_quantile(DIST_BINOMIAL, (double[]){1.0, 0.5}, 0.5, 0.5) == 0.0);
    assert_true(dist_quantile(DIST_BINOMIAL, (double[]){1.0, 0.75}, 0.25, 0.75) == 0.0);
    assert_true(dist_quantile(DIST_BINOMIAL, (double[]){1.0, 0.75}, 0.2501, 0.7499) == 1.0);
    assert_true(dist_quantile(DIST_BERNOULLI, (double[]){0.25}, 0.75, 0.25) == 0.0);
    assert_true(dist_quantile(DIST_BERNOULLI, (double[]){0.25}, 0.76, 0.24) == 1.0);
}

// Common random numbers ask that more of a cause never gives less of an effect.
static void test_counting_quantiles_rise_with_their_parameters(void **state)
{
    (void)state;
    Stream s = {.ordinal = 1u << 20};
    for (int i = 0; i < 200; i++) {
        double u = next_uniform(&s), v = 1.0 - u, last = -1.0, last_n = -1.0;
        for (int j = 1; j < 60; j++) {
            double k = dist_quantile(DIST_BINOMIAL, (double[]){150.0, j / 60.0}, u, v);
            double by_n = dist_quantile(DIST_BINOMIAL, (double[]){20.0 * j, 0.3}, u, v);
            assert_true(k >= last && by_n >= last_n);
            last = k;
            last_n = by_n;
        }
    }
}

// ---- Draws --------------------------------------------------------------------------------------

static double draw_number(DistKind kind, const double *params, uint32_t i)
{
    DrawPlace place = {.future = i, .world = 3, .step = 5, .site = 17u + (uint32_t)kind};
    return dist_draw(kind, params, draw_word(77, DRAW_STEP, place),
                     draw_word(77, DRAW_SECOND, place));
}

// Chi-square of counts in 20 equal bins of P(X <= x); a normal deviate after Wilson and Hilferty
// (1931) above 4.75 comes by chance once in a million.
static void assert_uniform_bins(const double *bins, int n_bins, double total, const char *what)
{
    double expected = total / n_bins, chi2 = 0.0;
    for (int i = 0; i < n_bins; i++) {
        chi2 += (bins[i] - expected) * (bins[i] - expected) / expected;
    }
    double df = n_bins - 1, c = 2.0 / (9.0 * df);
    double root = m_exp(m_log(chi2 / df) / 3.0);
    double z = (root - (1.0 - c)) / m_sqrt(c);
    if (z > 4.75) {
        fail_msg("%s: chi-square %.1f with %.0f degrees of freedom", what, chi2, df);
    }
}

static const struct {
    DistKind kind;
    double params[3];
} DRAWN[] = {
    {DIST_NORMAL, {3, 2}},         {DIST_LOGNORMAL, {0, 1}},     {DIST_LOGITNORMAL, {-1, 2}},
    {DIST_UNIFORM, {2, 5}},        {DIST_TRIANGULAR, {0, 1, 4}}, {DIST_PERT, {0, 1, 4}},
    {DIST_BETA, {0.5, 3}},         {DIST_GAMMA, {0.3, 2}},       {DIST_EXPONENTIAL, {2}},
    {DIST_STUDENT, {4, 1, 2}},     {DIST_POISSON, {2.5}},        {DIST_POISSON, {80}},
    {DIST_POISSON, {5000}},        {DIST_BINOMIAL, {12, 0.3}},   {DIST_BINOMIAL, {900, 0.6}},
    {DIST_BINOMIAL, {50000, 0.2}}, {DIST_BERNOULLI, {0.3}},
};

// Spreading a count over its step of the distribution function by an independent uniform makes
// discrete draws uniform too.
static void test_draws_have_their_distribution(void **state)
{
    (void)state;
    enum { N = 20000, BINS = 20 };
    for (size_t d = 0; d < ROWS(DRAWN); d++) {
        double bins[BINS] = {0};
        Stream spread = {0};
        for (uint32_t i = 0; i < N; i++) {
            double x = draw_number(DRAWN[d].kind, DRAWN[d].params, i);
            double from = dist_tails_below(DRAWN[d].kind, DRAWN[d].params, x).lower;
            double to = dist_tails(DRAWN[d].kind, DRAWN[d].params, x).lower;
            double u = from + (to - from) * next_uniform(&spread);
            int bin = (int)(u * BINS);
            bins[bin < BINS ? bin : BINS - 1] += 1.0;
        }
        assert_uniform_bins(bins, BINS, N, dist_info(DRAWN[d].kind)->name);
    }
}

// Kolmogorov's distance of 20,000 draws; sqrt(n) D above 2.7 comes by chance once in a million.
static void test_continuous_draws_pass_kolmogorov(void **state)
{
    (void)state;
    enum { N = 20000, GRID = 1000 };
    for (size_t d = 0; d < ROWS(DRAWN); d++) {
        if (dist_is_discrete(DRAWN[d].kind)) {
            continue;
        }
        int counts[GRID + 1] = {0};
        for (uint32_t i = 0; i < N; i++) {
            double x = draw_number(DRAWN[d].kind, DRAWN[d].params, i);
            counts[(int)(dist_cdf(DRAWN[d].kind, DRAWN[d].params, x) * GRID)]++;
        }
        double below = 0.0, distance = 0.0;
        for (int g = 0; g < GRID; g++) {
            below += counts[g];
            distance = m_max(distance, m_abs(below / N - (g + 1.0) / GRID));
        }
        assert_true(distance * m_sqrt(N) < 2.7);
    }
}

// ---- Parameters ---------------------------------------------------------------------------------

static void test_impossible_parameters_give_nan(void **state)
{
    (void)state;
    static const struct {
        DistKind kind;
        double params[3];
    } bad[] = {
        {DIST_NORMAL, {0, -1}},    {DIST_NORMAL, {__builtin_inf(), 1}},
        {DIST_LOGNORMAL, {0, -1}}, {DIST_LOGITNORMAL, {0, -0.1}},
        {DIST_UNIFORM, {3, 2}},    {DIST_TRIANGULAR, {0, 3, 2}},
        {DIST_PERT, {0, -1, 2}},   {DIST_BETA, {0, 1}},
        {DIST_GAMMA, {1, -1}},     {DIST_EXPONENTIAL, {-1}},
        {DIST_STUDENT, {0, 0, 1}}, {DIST_POISSON, {-0.5}},
        {DIST_POISSON, {1e16}},    {DIST_BINOMIAL, {2.5, 0.5}},
        {DIST_BINOMIAL, {5, 1.5}}, {DIST_BINOMIAL, {-1, 0.5}},
        {DIST_BERNOULLI, {-0.1}},  {DIST_POINT, {__builtin_nan("")}},
    };
    for (size_t i = 0; i < ROWS(bad); i++) {
        assert_false(dist_valid(bad[i].kind, bad[i].params));
        assert_true(m_is_nan(dist_quantile(bad[i].kind, bad[i].params, 0.3, 0.7)));
        assert_true(m_is_nan(dist_cdf(bad[i].kind, bad[i].params, 0.3)));
        assert_true(m_is_nan(dist_mean(bad[i].kind, bad[i].params)));
        assert_true(m_is_nan(dist_variance(bad[i].kind, bad[i].params)));
    }
    assert_true(m_is_nan(dist_quantile(DIST_NORMAL, (double[]){0, 1}, MATH_NAN, 0.5)));
}

static void test_no_spread_is_a_point(void **state)
{
    (void)state;
    static const struct {
        DistKind kind;
        double params[3];
        double at;
    } points[] = {
        {DIST_NORMAL, {3, 0}, 3},
        {DIST_LOGNORMAL, {0, 0}, 1},
        {DIST_LOGITNORMAL, {0, 0}, 0.5},
        {DIST_UNIFORM, {2, 2}, 2},
        {DIST_TRIANGULAR, {2, 2, 2}, 2},
        {DIST_PERT, {2, 2, 2}, 2},
        {DIST_EXPONENTIAL, {0}, 0},
        {DIST_STUDENT, {3, 5, 0}, 5},
        {DIST_POINT, {4}, 4},
    };
    for (size_t i = 0; i < ROWS(points); i++) {
        for (double u = 0.0; u <= 1.0; u += 0.25) {
            double x = dist_quantile(points[i].kind, points[i].params, u, 1.0 - u);
            assert_true(x == points[i].at);
        }
        Tails at = dist_tails(points[i].kind, points[i].params, points[i].at);
        Tails below = dist_tails_below(points[i].kind, points[i].params, points[i].at);
        assert_true(at.lower == 1.0 && at.upper == 0.0);
        assert_true(below.lower == 0.0 && below.upper == 1.0);
        assert_true(dist_variance(points[i].kind, points[i].params) == 0.0);
    }
}

static void test_names_and_supports(void **state)
{
    (void)state;
    for (int k = 0; k < DIST_KIND_COUNT; k++) {
        DistKind found;
        assert_true(dist_find(str_of(dist_info((DistKind)k)->name), &found));
        assert_int_equal(found, k);
        assert_in_range(dist_info((DistKind)k)->n_params, 1, DIST_MAX_PARAMS);
    }
    DistKind kind;
    assert_false(dist_find(STR("gaussian"), &kind));
    double lo, hi;
    dist_support(DIST_NORMAL, (double[]){0, 1}, &lo, &hi);
    assert_true(lo == -MATH_INF && hi == MATH_INF);
    dist_support(DIST_LOGNORMAL, (double[]){0, 1}, &lo, &hi);
    assert_true(lo == 0.0 && hi == MATH_INF);
    dist_support(DIST_LOGITNORMAL, (double[]){0, 1}, &lo, &hi);
    assert_true(lo == 0.0 && hi == 1.0);
    dist_support(DIST_PERT, (double[]){1, 2, 4}, &lo, &hi);
    assert_true(lo == 1.0 && hi == 4.0);
    dist_support(DIST_BETA, (double[]){2, 3}, &lo, &hi);
    assert_true(lo == 0.0 && hi == 1.0);
    dist_support(DIST_BINOMIAL, (double[]){9, 0.5}, &lo, &hi);
    assert_true(lo == 0.0 && hi == 9.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tails_match_the_definitions),
        cmocka_unit_test(test_continuous_quantiles_invert_the_tails),
        cmocka_unit_test(test_discrete_quantiles_step_at_the_tails),
        cmocka_unit_test(test_moments_match_the_definitions),
        cmocka_unit_test(test_counting_quantiles_are_exact_at_any_size),
        cmocka_unit_test(test_counting_quantiles_at_their_edges),
        cmocka_unit_test(test_counting_quantiles_rise_with_their_parameters),
        cmocka_unit_test(test_draws_have_their_distribution),
        cmocka_unit_test(test_continuous_draws_pass_kolmogorov),
        cmocka_unit_test(test_impossible_parameters_give_nan),
        cmocka_unit_test(test_no_spread_is_a_point),
        cmocka_unit_test(test_names_and_supports),
    };
    return cmocka_run_group_tests_name("math_dist", tests, NULL, NULL);
}
