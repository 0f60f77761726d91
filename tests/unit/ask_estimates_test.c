// SPDX-License-Identifier: MIT
//
// Estimates against worked figures, and their intervals against many simulated runs: what claims
// 95 % must cover about 95 % when worlds differ as much as two stories do.
#include "ask/estimates.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "math/draw.h"

static void near(double a, double b, double tolerance)
{
    if (!(a - b <= tolerance && b - a <= tolerance)) {
        print_error("%.15g is not %.15g within %g\n", a, b, tolerance);
        fail();
    }
}

static void add_world(TrackSums *s, double n, double x, double v2)
{
    s->w += n > 0;
    s->n += n;
    s->x += x;
    s->nn += n * n;
    s->nx += n * x;
    s->xx += x * x;
    s->xxn += n > 0 ? x * x / n : 0;
    s->v2 += v2;
}

static void test_student_agrees_with_tables(void **state)
{
    (void)state;
    near(estimate_t(1), 12.7062, 1e-4);
    near(estimate_t(15), 2.13145, 1e-5);
    near(estimate_t(16), 2.11991, 1e-5);
    near(estimate_t(20), 2.08596, 1e-5);
    near(estimate_t(60), 2.00030, 1e-5);
    near(estimate_t(1e6), 1.959966, 1e-6);
    assert_true(estimate_t(0) != estimate_t(0));
}

static void test_between_is_that_of_analysis_of_variance(void **state)
{
    (void)state;
    // Two worlds: 2, 4, 6 and 7, 9. Within: (8 + 2) / 3; between: 19.2; n0 = (5 - 13/5) / 1.
    TrackSums s = {0};
    add_world(&s, 3, 12, 56);
    add_world(&s, 2, 16, 130);
    near(estimate_between(&s), (19.2 - 10.0 / 3) / 2.4, 1e-12);
    near(estimate_sd(&s), __builtin_sqrt((186 - 28.0 * 28 / 5) / 4), 1e-12);
    TrackSums single = {0};
    add_world(&single, 1, 1, 1);
    add_world(&single, 1, 0, 0);
    assert_true(estimate_between(&single) != estimate_between(&single));
}

static void test_alike_futures_give_the_plain_interval(void **state)
{
    (void)state;
    TrackSums s = {0};
    for (int w = 0; w < 100; w++) {
        add_world(&s, 10, w % 2 ? 3 : 1, w % 2 ? 3 : 1);
    }
    Estimate plain = estimate_share(&s, false);
    near(plain.value, 0.2, 1e-15);
    near(plain.lo, 0.1764, 1e-4); // Wilson's for 200 of 1,000
    near(plain.hi, 0.2259, 1e-4);
    near(plain.half, (plain.hi - plain.lo) / 2, 1e-15);
}

static void test_nothing_seen_counts_worlds_when_they_differ(void **state)
{
    (void)state;
    TrackSums s = {0};
    for (int w = 0; w < 100; w++) {
        add_world(&s, 10, 0, 0);
    }
    Estimate worlds = estimate_share(&s, true), futures = estimate_share(&s, false);
    assert_true(worlds.value == 0 && worlds.lo == 0 && futures.lo == 0);
    near(worlds.hi, 3.9368 / 103.9368, 1e-4); // t of 99 degrees squared is 3.9368
    near(futures.hi, 3.8415 / 1003.8415, 1e-6);
    TrackSums none = {0};
    assert_true(estimate_share(&none, true).value != estimate_share(&none, true).value);
}

static void test_a_constant_has_no_error(void **state)
{
    (void)state;
    TrackSums s = {0};
    for (int w = 0; w < 10; w++) {
        add_world(&s, 4, 4 * 7.5, 4 * 7.5 * 7.5);
    }
    Estimate e = estimate_mean(&s, true);
    near(e.value, 7.5, 0);
    near(e.half, 0, 1e-12);
}

static void test_sections_give_students_error(void **state)
{
    (void)state;
    const double found[4] = {1, 2, 3, 2};
    Estimate e = estimate_sections(2.1, found, 4);
    near(e.value, 2.1, 0);
    near(e.half, 3.182446 * __builtin_sqrt(2.0 / 3 / 4), 1e-5);
}

// ---- Coverage -----------------------------------------------------------------------------------

static double uniform(uint64_t seed, uint32_t world, uint32_t future)
{
    DrawPlace place = {.future = future, .world = world, .site = 7};
    return draw_uniform(draw_word(seed, DRAW_STEP, place));
}

// A world tells one of two stories, in which the thing comes with 10 % or 60 %.
static void two_stories(uint64_t seed, int worlds, int futures, TrackSums *share, TrackSums *mean)
{
    *share = *mean = (TrackSums){0};
    for (int w = 0; w < worlds; w++) {
        double p = uniform(seed, (uint32_t)w, 1000000) < 0.3 ? 0.6 : 0.1;
        double hits = 0, sum = 0, square = 0;
        for (int f = 0; f < futures; f++) {
            double u = uniform(seed, (uint32_t)w, (uint32_t)f), v = 10 * p + u;
            hits += u < p;
            sum += v;
            square += v * v;
        }
        add_world(share, futures, hits, hits);
        add_world(mean, futures, sum, square);
    }
}

// 400 runs: an exact 95 % interval is missed 20 times, give or take 4.4; beyond 3.7 standard errors
// on either side (4 to 36) a right interval fails this test once in 5,000 times.
static void test_clustered_intervals_cover(void **state)
{
    (void)state;
    const double p = 0.3 * 0.6 + 0.7 * 0.1, m = 10 * p + 0.5;
    int missed = 0, missed_naive = 0, missed_mean = 0;
    for (uint64_t seed = 0; seed < 400; seed++) {
        TrackSums share, mean;
        two_stories(seed, 200, 16, &share, &mean);
        Estimate e = estimate_share(&share, true), naive = estimate_share(&share, false);
        Estimate of_mean = estimate_mean(&mean, true);
        missed += p < e.lo || p > e.hi;
        missed_naive += p < naive.lo || p > naive.hi;
        missed_mean += m < of_mean.lo || m > of_mean.hi;
    }
    assert_in_range(missed, 4, 36);
    assert_in_range(missed_mean, 4, 36);
    assert_true(missed_naive > 100); // the naive interval is what we must not print
}

static void test_between_finds_the_stories_spread(void **state)
{
    (void)state;
    // Variance of 0.6 with 30 %, else 0.1: 0.25 * 0.21. Mean of 100 runs: standard error 1.5e-4.
    double sum = 0;
    for (uint64_t seed = 0; seed < 100; seed++) {
        TrackSums share, mean;
        two_stories(seed, 200, 16, &share, &mean);
        sum += estimate_between(&share);
    }
    near(sum / 100, 0.0525, 0.0012);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_student_agrees_with_tables),
        cmocka_unit_test(test_between_is_that_of_analysis_of_variance),
        cmocka_unit_test(test_alike_futures_give_the_plain_interval),
        cmocka_unit_test(test_nothing_seen_counts_worlds_when_they_differ),
        cmocka_unit_test(test_a_constant_has_no_error),
        cmocka_unit_test(test_sections_give_students_error),
        cmocka_unit_test(test_clustered_intervals_cover),
        cmocka_unit_test(test_between_finds_the_stories_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
