// SPDX-License-Identifier: MIT
//
// What analysts write becomes distributions that hold it exactly; truncation and mixtures mean what
// they say.
#include "math/bits.h"
#include "math/dist.h"
#include "math/elementary.h"
#include "math_reference.h"

#define KIND(k, ...)                                                                               \
    {                                                                                              \
        .form = SPEC_KIND, .kind = (k), .params = { __VA_ARGS__ }                                  \
    }

static void assert_near(double got, double want, double relative)
{
    if (!(m_abs(got - want) <= relative * m_abs(want))) {
        fail_msg("%.17g is not %.17g", got, want);
    }
}

static void assert_interval(DistKind kind, const double *params, double lo, double hi)
{
    assert_near(dist_quantile(kind, params, 0.05, 0.95), lo, 1e-14);
    assert_near(dist_quantile(kind, params, 0.95, 0.05), hi, 1e-14);
}

static void test_intervals_are_exact_at_5_and_95(void **state)
{
    (void)state;
    double p[2];
    fit_interval_normal(-2.0, 6.0, p);
    assert_interval(DIST_NORMAL, p, -2.0, 6.0);
    fit_interval_lognormal(0.03, 0.15, p);
    assert_interval(DIST_LOGNORMAL, p, 0.03, 0.15);
    fit_interval_lognormal(1e-9, 1e9, p);
    assert_interval(DIST_LOGNORMAL, p, 1e-9, 1e9);
    fit_interval_logitnormal(0.03, 0.15, p);
    assert_interval(DIST_LOGITNORMAL, p, 0.03, 0.15);
    fit_interval_logitnormal(1e-6, 0.999, p);
    assert_interval(DIST_LOGITNORMAL, p, 1e-6, 0.999);
    fit_give_or_take(470000.0, 47000.0, p);
    assert_interval(DIST_NORMAL, p, 423000.0, 517000.0);
}

static void test_impossible_intervals_are_invalid(void **state)
{
    (void)state;
    double p[2];
    fit_interval_normal(3.0, 2.0, p);
    assert_false(dist_valid(DIST_NORMAL, p));
    fit_interval_lognormal(0.0, 2.0, p);
    assert_false(dist_valid(DIST_LOGNORMAL, p));
    fit_interval_lognormal(-1.0, 2.0, p);
    assert_false(dist_valid(DIST_LOGNORMAL, p));
    fit_interval_logitnormal(0.5, 1.0, p);
    assert_false(dist_valid(DIST_LOGITNORMAL, p));
    fit_interval_logitnormal(0.0, 0.5, p);
    assert_false(dist_valid(DIST_LOGITNORMAL, p));
}

static void test_three_quantiles_are_exact(void **state)
{
    (void)state;
    static const DistSpec splits[] = {
        {.form = SPEC_SPLIT, .scale = SPLIT_IDENTITY, .points = {-1, 2, 12}},
        {.form = SPEC_SPLIT, .scale = SPLIT_LOG, .points = {0.5, 3, 4}},
        {.form = SPEC_SPLIT, .scale = SPLIT_LOGIT, .points = {0.01, 0.4, 0.5}},
    };
    for (size_t i = 0; i < ROWS(splits); i++) {
        assert_true(spec_valid(&splits[i]));
        assert_near(spec_quantile(&splits[i], 0.05, 0.95), splits[i].points[0], 1e-14);
        assert_near(spec_quantile(&splits[i], 0.5, 0.5), splits[i].points[1], 1e-14);
        assert_near(spec_quantile(&splits[i], 0.95, 0.05), splits[i].points[2], 1e-14);
        for (double u = 0.01; u < 1.0; u += 0.07) {
            assert_near(spec_cdf(&splits[i], spec_quantile(&splits[i], u, 1.0 - u)), u, 1e-13);
        }
    }
    DistSpec crossed = {.form = SPEC_SPLIT, .scale = SPLIT_IDENTITY, .points = {3, 2, 12}};
    assert_false(spec_valid(&crossed));
    crossed = (DistSpec){.form = SPEC_SPLIT, .scale = SPLIT_LOG, .points = {0, 2, 12}};
    assert_false(spec_valid(&crossed));
    assert_true(m_is_nan(spec_quantile(&crossed, 0.5, 0.5)));
}

static void test_one_sided_split_keeps_its_point(void **state)
{
    (void)state;
    // Half of the mass stands at the median, half above it.
    DistSpec s = {.form = SPEC_SPLIT, .scale = SPLIT_IDENTITY, .points = {2, 2, 12}};
    assert_true(spec_quantile(&s, 0.3, 0.7) == 2.0);
    assert_true(spec_tails(&s, 2.0).lower == 0.5 && spec_tails_below(&s, 2.0).lower == 0.0);
    assert_true(spec_cdf(&s, 1.999) == 0.0);
}

// ---- Truncation ---------------------------------------------------------------------------------

static const DistSpec NORMAL[] = {KIND(DIST_NORMAL, 0, 1)};
static const DistSpec THREE[] = {KIND(DIST_POISSON, 3)};

static void test_truncation_is_the_conditional_distribution(void **state)
{
    (void)state;
    DistSpec s = {.form = SPEC_TRUNCATED, .parts = NORMAL, .n_parts = 1, .lo = -1, .hi = 2};
    double below = special_normal(-1.0).lower, kept = special_normal(2.0).lower - below;
    for (double x = -0.9; x < 2.0; x += 0.1) {
        double want = (special_normal(x).lower - below) / kept;
        assert_near(spec_cdf(&s, x), want, 1e-13);
        double back = spec_quantile(&s, want, 1.0 - want);
        assert_true(m_abs(back - x) < 1e-14);
    }
    double lo, hi;
    spec_support(&s, &lo, &hi);
    assert_true(lo == -1.0 && hi == 2.0);
    assert_true(spec_cdf(&s, -1.5) == 0.0 && spec_tails(&s, 2.0).upper == 0.0);
}

// Eight standard deviations out nothing is lost to rounding: an almost exponential tail.
static void test_truncation_far_out_stays_accurate(void **state)
{
    (void)state;
    DistSpec far = {.form = SPEC_TRUNCATED, .parts = NORMAL, .n_parts = 1, .lo = 8, .hi = MATH_INF};
    DistSpec low = {
        .form = SPEC_TRUNCATED, .parts = NORMAL, .n_parts = 1, .lo = -MATH_INF, .hi = -8};
    for (double u = 0.01; u < 1.0; u += 0.045) {
        double x = spec_quantile(&far, u, 1.0 - u);
        assert_near(special_normal(x).upper, (1.0 - u) * special_normal(8.0).upper, 1e-13);
        assert_near(spec_cdf(&far, x), u, 1e-12);
        assert_near(spec_quantile(&low, 1.0 - u, u), -x, 1e-15);
    }
    DistSpec nowhere = {.form = SPEC_TRUNCATED, .parts = NORMAL, .n_parts = 1, .lo = 50, .hi = 60};
    assert_false(spec_valid(&nowhere));
}

static void test_truncated_counts_stay_whole(void **state)
{
    (void)state;
    DistSpec s = {.form = SPEC_TRUNCATED, .parts = THREE, .n_parts = 1, .lo = 1.5, .hi = 4.5};
    double total = 0.0, mean = 3.0;
    for (double k = 2.0; k <= 4.0; k += 1.0) {
        total += dist_cdf(DIST_POISSON, &mean, k) - dist_cdf(DIST_POISSON, &mean, k - 1.0);
    }
    double two = dist_cdf(DIST_POISSON, &mean, 2.0) - dist_cdf(DIST_POISSON, &mean, 1.0);
    assert_near(spec_cdf(&s, 2.0), two / total, 1e-13);
    assert_true(spec_quantile(&s, 0.0, 1.0) == 2.0 && spec_quantile(&s, 1.0, 0.0) == 4.0);
    double u = two / total;
    assert_true(spec_quantile(&s, u - 1e-9, 1.0 - u + 1e-9) == 2.0);
    assert_true(spec_quantile(&s, u + 1e-9, 1.0 - u - 1e-9) == 3.0);
}

// ---- Mixtures -----------------------------------------------------------------------------------

static const double WEIGHTS[] = {0.7, 0.3};

static void test_mixture_is_the_weighted_sum(void **state)
{
    (void)state;
    static const DistSpec parts[] = {KIND(DIST_NORMAL, 0, 1), KIND(DIST_LOGNORMAL, 1, 0.5)};
    DistSpec s = {.form = SPEC_MIXTURE, .parts = parts, .weights = WEIGHTS, .n_parts = 2};
    for (double x = -3.0; x < 9.0; x += 0.37) {
        double want = 0.7 * spec_cdf(&parts[0], x) + 0.3 * spec_cdf(&parts[1], x);
        assert_near(spec_cdf(&s, x), want, 1e-14);
        Tails t = spec_tails(&s, x);
        assert_true(m_abs(spec_quantile(&s, t.lower, t.upper) - x) < 1e-13);
    }
    for (double tail = 1e-3; tail > 1e-200; tail *= 1e-9) {
        assert_near(spec_tails(&s, spec_quantile(&s, tail, 1.0 - tail)).lower, tail, 1e-12);
        assert_near(spec_tails(&s, spec_quantile(&s, 1.0 - tail, tail)).upper, tail, 1e-12);
    }
}

// Far apart modes are both kept: nothing is drawn from between them.
static void test_mixture_jumps_its_gaps(void **state)
{
    (void)state;
    static const DistSpec parts[] = {KIND(DIST_UNIFORM, 0, 1), KIND(DIST_UNIFORM, 9, 10)};
    DistSpec s = {.form = SPEC_MIXTURE, .parts = parts, .weights = WEIGHTS, .n_parts = 2};
    for (int i = 1; i < 1000; i++) {
        double u = i / 1000.0 + 1e-7, x = spec_quantile(&s, u, 1.0 - u);
        assert_true(u < 0.7 ? x > 0.0 && x <= 1.0 : x >= 9.0 && x < 10.0);
    }
    static const DistSpec points[] = {KIND(DIST_POINT, -3), KIND(DIST_POISSON, 2)};
    DistSpec steps = {.form = SPEC_MIXTURE, .parts = points, .weights = WEIGHTS, .n_parts = 2};
    assert_true(spec_quantile(&steps, 0.69, 0.31) == -3.0);
    for (double u = 0.705; u < 1.0; u += 0.01) {
        double x = spec_quantile(&steps, u, 1.0 - u);
        assert_true(x ==
                    dist_quantile(DIST_POISSON, (double[]){2.0}, (u - 0.7) / 0.3, (1.0 - u) / 0.3));
    }
    // No rounds of halving would come from a number below 0 to 0 itself.
    static const DistSpec losses[] = {KIND(DIST_NORMAL, -2.3, 0.01), KIND(DIST_POISSON, 0.4)};
    DistSpec none = {.form = SPEC_MIXTURE, .parts = losses, .weights = WEIGHTS, .n_parts = 2};
    for (double u = 0.705; u < 0.7 + 0.3 * 0.67; u += 0.01) {
        assert_true(spec_quantile(&none, u, 1.0 - u) == 0.0);
    }
}

static void test_parts_nest(void **state)
{
    (void)state;
    static const DistSpec kept = {
        .form = SPEC_TRUNCATED, .parts = NORMAL, .n_parts = 1, .lo = 0, .hi = MATH_INF};
    DistSpec both[] = {kept, KIND(DIST_EXPONENTIAL, 3)};
    DistSpec mixture = {.form = SPEC_MIXTURE, .parts = both, .weights = WEIGHTS, .n_parts = 2};
    DistSpec s = {.form = SPEC_TRUNCATED, .parts = &mixture, .n_parts = 1, .lo = 0.5, .hi = 5};
    for (double u = 0.05; u < 1.0; u += 0.1) {
        double x = spec_quantile(&s, u, 1.0 - u);
        assert_true(x >= 0.5 && x <= 5.0);
        assert_near(spec_cdf(&s, x), u, 1e-12);
    }
    DistSpec bad[] = {kept, KIND(DIST_EXPONENTIAL, -3)};
    mixture.parts = bad;
    assert_false(spec_valid(&s));
    assert_true(m_is_nan(spec_quantile(&s, 0.5, 0.5)) && m_is_nan(spec_cdf(&s, 1.0)));
    static const double none[] = {0.0, 0.0}, negative[] = {1.5, -0.5};
    mixture = (DistSpec){.form = SPEC_MIXTURE, .parts = both, .weights = none, .n_parts = 2};
    assert_false(spec_valid(&mixture));
    mixture.weights = negative;
    assert_false(spec_valid(&mixture));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_intervals_are_exact_at_5_and_95),
        cmocka_unit_test(test_impossible_intervals_are_invalid),
        cmocka_unit_test(test_three_quantiles_are_exact),
        cmocka_unit_test(test_one_sided_split_keeps_its_point),
        cmocka_unit_test(test_truncation_is_the_conditional_distribution),
        cmocka_unit_test(test_truncation_far_out_stays_accurate),
        cmocka_unit_test(test_truncated_counts_stay_whole),
        cmocka_unit_test(test_mixture_is_the_weighted_sum),
        cmocka_unit_test(test_mixture_jumps_its_gaps),
        cmocka_unit_test(test_parts_nest),
    };
    return cmocka_run_group_tests_name("math_dist_spec", tests, NULL, NULL);
}
