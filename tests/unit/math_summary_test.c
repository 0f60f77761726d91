// SPDX-License-Identifier: MIT
//
// Intervals and errors against worked examples and against their promise to cover; spreads between
// worlds against the spreads that made the counts.
#include "math/summary.h"

#include "math/dist.h"
#include "math/draw.h"
#include "math/elementary.h"
#include "math_reference.h"

static void assert_near(double got, double want, double tolerance)
{
    if (!(m_abs(got - want) <= tolerance)) {
        fail_msg("%.10g is not %.10g within %g", got, want, tolerance);
    }
}

static void assert_interval(Interval got, double lo, double hi)
{
    assert_near(got.lo, lo, 5e-5);
    assert_near(got.hi, hi, 5e-5);
}

// Table I of Newcombe (1998), "Two-sided confidence intervals for the single proportion", method 3.
static void test_wilson_matches_worked_examples(void **state)
{
    (void)state;
    const double z = 1.959963984540054;
    assert_interval(summary_wilson(81.0 / 263.0, 263, z), 0.2553, 0.3662);
    assert_interval(summary_wilson(15.0 / 148.0, 148, z), 0.0624, 0.1605);
    assert_interval(summary_wilson(0.0, 20, z), 0.0, 0.1611);
    assert_interval(summary_wilson(1.0 / 29.0, 29, z), 0.0061, 0.1718);
    assert_interval(summary_wilson(1.0, 20, z), 0.8389, 1.0);
    assert_interval(summary_wilson(0.5, 0, z), 0.0, 1.0);
    Interval between = summary_wilson(0.3, 55.5, z);
    assert_true(between.lo > summary_wilson(0.3, 55, z).lo);
    assert_true(between.lo < summary_wilson(0.3, 56, z).lo);
}

// Two worlds of 4 with 1 and 3 hits: p = 1/2, squares (1-2)^2 + (3-2)^2 = 2, variance 2/64 * 2.
static void test_share_variance_matches_a_worked_example(void **state)
{
    (void)state;
    WorldSums s = {0}, other = {0};
    world_sums_add(&s, 4, 1);
    assert_true(m_is_nan(summary_share_variance(&s)));
    world_sums_add(&other, 4, 3);
    world_sums_merge(&s, &other);
    assert_near(summary_share(&s), 0.5, 0.0);
    assert_near(summary_share_variance(&s), 0.0625, 1e-16);
    assert_near(summary_effective_number(&s), 4.0, 1e-13);
    // Unequal worlds: (2 of 10), (1 of 2): p = 1/4, residuals -1/2 and 1/2, variance 2 * 0.5 / 144.
    WorldSums t = {0};
    world_sums_add(&t, 10, 2);
    world_sums_add(&t, 2, 1);
    assert_near(summary_share_variance(&t), 1.0 / 144.0, 1e-16);
    WorldSums none = {0};
    assert_true(m_is_nan(summary_share(&none)) && m_is_nan(summary_share_variance(&none)));
    world_sums_add(&none, 5, 0);
    world_sums_add(&none, 5, 0);
    assert_true(summary_effective_number(&none) == 2.0);
}

static double uniform(uint32_t site, uint32_t world, uint32_t future)
{
    DrawPlace place = {.future = future, .world = world, .site = site};
    return draw_uniform(draw_word(31, DRAW_STEP, place));
}

static double hits(uint32_t site, uint32_t world, double n, double p)
{
    double u = uniform(site, world, 1u << 30);
    return dist_quantile(DIST_BINOMIAL, (double[]){n, p}, u, 1.0 - u);
}

// Worlds draw p ~ beta(2, 6); futures hit with p. Of 2,000 repetitions 95 % should cover 1/4; the
// allowed 93 to 97 % is 4.1 standard errors either way (2 in 100,000 by chance).
static void test_clustered_wilson_covers(void **state)
{
    (void)state;
    enum { REPEATS = 2000, WORLDS = 120, FUTURES = 16 };
    int covered = 0, naive = 0;
    for (uint32_t r = 0; r < REPEATS; r++) {
        WorldSums s = {0};
        for (uint32_t w = 0; w < WORLDS; w++) {
            double u = uniform(1 + r, w, 0);
            double p = dist_quantile(DIST_BETA, (double[]){2, 6}, u, 1.0 - u);
            world_sums_add(&s, FUTURES, (uint64_t)hits(1 + r, w, FUTURES, p));
        }
        Interval i = summary_wilson(summary_share(&s), summary_effective_number(&s), 1.96);
        Interval plain = summary_wilson(summary_share(&s), WORLDS * FUTURES, 1.96);
        covered += i.lo <= 0.25 && i.hi >= 0.25;
        naive += plain.lo <= 0.25 && plain.hi >= 0.25;
    }
    assert_in_range(covered, REPEATS * 93 / 100, REPEATS * 97 / 100);
    assert_true(naive < REPEATS * 85 / 100); // what ignoring the worlds would claim
}

static void test_section_error_is_that_of_a_mean(void **state)
{
    (void)state;
    double sections[] = {1, 2, 3, 4, __builtin_nan("")};
    assert_near(summary_section_error(sections, 5), m_sqrt(5.0 / 3.0 / 4.0), 1e-15);
    assert_true(m_is_nan(summary_section_error(sections, 1)));
    assert_true(m_is_nan(summary_section_error(sections + 3, 2)));
    double same[] = {7, 7, 7};
    assert_true(summary_section_error(same, 3) == 0.0);
}

// ---- Spread between worlds ----------------------------------------------------------------------

enum { MOST_FUTURES = 200 };

typedef struct {
    WorldCount counts[MOST_FUTURES + 1];
    int32_t n;
} Counts;

// What `worlds` worlds of n futures show when world w has probability p(u of w).
static Counts show(double (*p)(double u), uint32_t worlds, int32_t n)
{
    double seen[MOST_FUTURES + 1] = {0};
    for (uint32_t w = 0; w < worlds; w++) {
        seen[(int)hits(99, w, n, p(uniform(98, w, 0)))] += 1.0;
    }
    Counts c = {0};
    for (int k = 0; k <= n; k++) {
        if (seen[k] > 0.0) {
            c.counts[c.n++] = (WorldCount){k, n, seen[k]};
        }
    }
    return c;
}

static double far_stories(double u)
{
    return u < 0.3 ? 0.1 : 0.9;
}

static double near_stories(double u)
{
    return u < 0.5 ? 0.3 : 0.4;
}

static double one_story(double u)
{
    (void)u;
    return 0.25;
}

static double a_beta(double u)
{
    return dist_quantile(DIST_BETA, (double[]){2, 6}, u, 1.0 - u);
}

static WorldSpread fit(const Counts *c)
{
    Arena *arena = arena_new(0);
    WorldSpread spread;
    world_spread_fit(arena, c->counts, c->n, &spread);
    assert_int_equal(arena_mark(arena).used, 0);
    arena_free(arena);
    double total = 0.0;
    for (int j = 0; j < SPREAD_POINTS; j++) {
        assert_true(spread.weight[j] >= 0.0 && (j == 0 || spread.p[j] >= spread.p[j - 1] - 1e-15));
        total += spread.weight[j];
    }
    assert_near(total, 1.0, 1e-12);
    return spread;
}

static void test_between_sd_matches_a_worked_example(void **state)
{
    (void)state;
    // Worlds of 4 with 1 and 3 hits: mean squares 1/2 between, 1/4 within; (1/2 - 1/4) / 4.
    WorldCount two[] = {{1, 4, 1}, {3, 4, 1}};
    assert_near(summary_between_sd(two, 2), 0.25, 1e-15);
    WorldCount alike[] = {{2, 4, 5}};
    assert_true(summary_between_sd(alike, 1) == 0.0);
    WorldCount single[] = {{1, 1, 3}, {0, 1, 4}};
    assert_true(m_is_nan(summary_between_sd(single, 2)));
    WorldCount one[] = {{1, 4, 1}};
    assert_true(m_is_nan(summary_between_sd(one, 1)));
}

static void test_between_sd_finds_the_true_spread(void **state)
{
    (void)state;
    Counts far = show(far_stories, 20000, 16), near = show(near_stories, 20000, 16);
    Counts one = show(one_story, 20000, 16), beta = show(a_beta, 20000, 16);
    assert_near(summary_between_sd(far.counts, far.n), 0.8 * m_sqrt(0.21), 0.005);
    assert_near(summary_between_sd(near.counts, near.n), 0.05, 0.006);
    assert_near(summary_between_sd(one.counts, one.n), 0.0, 0.02);
    assert_near(summary_between_sd(beta.counts, beta.n), m_sqrt(12.0 / 576.0), 0.004);
}

static void test_far_stories_keep_two_modes(void **state)
{
    (void)state;
    Counts c = show(far_stories, 20000, 16);
    WorldSpread s = fit(&c);
    assert_near(world_spread_quantile(&s, 0.15), 0.1, 0.03);
    assert_near(world_spread_quantile(&s, 0.7), 0.9, 0.03);
    assert_near(world_spread_mean(&s), 0.66, 0.01);
    assert_near(world_spread_sd(&s), 0.8 * m_sqrt(0.21), 0.01);
    double between = 0.0;
    for (int j = 0; j < SPREAD_POINTS; j++) {
        between += s.p[j] > 0.25 && s.p[j] < 0.75 ? s.weight[j] : 0.0;
    }
    assert_true(between < 0.005);
}

static void test_near_stories_are_told_apart_by_many_futures(void **state)
{
    (void)state;
    Counts c = show(near_stories, 4000, MOST_FUTURES);
    WorldSpread s = fit(&c);
    assert_near(world_spread_quantile(&s, 0.25), 0.3, 0.015);
    assert_near(world_spread_quantile(&s, 0.75), 0.4, 0.015);
    assert_near(world_spread_sd(&s), 0.05, 0.004);
}

static void test_a_beta_keeps_its_quantiles(void **state)
{
    (void)state;
    Counts c = show(a_beta, 20000, 64);
    WorldSpread s = fit(&c);
    for (double q = 0.1; q < 0.95; q += 0.1) {
        assert_near(world_spread_quantile(&s, q), a_beta(q), 0.02);
    }
    assert_near(world_spread_sd(&s), m_sqrt(12.0 / 576.0), 0.005);
}

static void test_worlds_that_never_show_it_are_not_spread_over_small_chances(void **state)
{
    (void)state;
    // Three worlds in a hundred always, the others never.
    Counts counts = {.counts = {{0, 16, 9700}, {16, 16, 300}}, .n = 2};
    WorldSpread s = fit(&counts);
    assert_true(world_spread_quantile(&s, 0.1) == 0.0);
    assert_true(world_spread_quantile(&s, 0.9) == 0.0);
    assert_true(world_spread_quantile(&s, 0.99) == 1.0);
}

static void test_worlds_that_are_alike_have_no_spread(void **state)
{
    (void)state;
    WorldCount alike[] = {{5, 16, 100}};
    Counts c = {.counts = {alike[0]}, .n = 1};
    WorldSpread s = fit(&c);
    assert_near(world_spread_quantile(&s, 0.1), 5.0 / 16.0, 1e-12);
    assert_near(world_spread_sd(&s), 0.0, 1e-12);
    Counts never = {.counts = {{0, 16, 100}}, .n = 1};
    s = fit(&never);
    assert_true(world_spread_quantile(&s, 0.9) == 0.0);
    Counts shared = show(one_story, 20000, MOST_FUTURES);
    s = fit(&shared);
    assert_near(world_spread_quantile(&s, 0.1), 0.25, 0.02);
    assert_near(world_spread_quantile(&s, 0.9), 0.25, 0.02);
    world_spread_fit(NULL, NULL, 0, &s);
    assert_true(m_is_nan(world_spread_quantile(&s, 0.5)));
}

// ---- Variance shares and digests ----------------------------------------------------------------

static double share_of(double slope, double noise)
{
    enum { BINS = 16, WORLDS = 20000 };
    BinSums bins[BINS + 1] = {0};
    for (uint32_t w = 0; w < WORLDS; w++) {
        double x = uniform(7, w, 0), u = uniform(8, w, 0);
        double y = slope * x + noise * special_normal_quantile(u, 1.0 - u);
        BinSums *b = &bins[(int)(x * BINS)];
        b->n += 1.0;
        b->sum += y;
        b->squares += y * y;
    }
    return summary_variance_share(bins, BINS + 1);
}

static void test_variance_share_finds_what_explains(void **state)
{
    (void)state;
    // Slope 6 on a uniform has variance 3; noise of sd 1 leaves 3/4.
    assert_near(share_of(6.0, 1.0), 0.75, 0.01);
    assert_near(share_of(1.0, 1.0), 1.0 / 13.0, 0.01);
    assert_true(share_of(0.0, 1.0) < 0.003); // chance alone would show 15/20,000
    assert_true(share_of(1.0, 0.0) > 0.99);
    BinSums constant[] = {{5, 10, 20}, {5, 10, 20}};
    assert_true(m_is_nan(summary_variance_share(constant, 2)));
    BinSums single[] = {{5, 10, 30}};
    assert_true(m_is_nan(summary_variance_share(single, 1)));
}

static void test_digest_sees_values_and_their_order(void **state)
{
    (void)state;
    double a[] = {1.0, 2.0, 0.0, __builtin_nan("")}, b[] = {1.0, 2.0, -0.0, -__builtin_nan("3")};
    uint64_t d = summary_digest(SUMMARY_DIGEST, a, 4);
    assert_true(d == summary_digest(SUMMARY_DIGEST, b, 4));
    assert_true(d == summary_digest(summary_digest(SUMMARY_DIGEST, a, 2), a + 2, 2));
    double swapped[] = {2.0, 1.0, 0.0, a[3]};
    assert_true(d != summary_digest(SUMMARY_DIGEST, swapped, 4));
    assert_true(d != summary_digest(SUMMARY_DIGEST, a, 3));
    double nudged[] = {double_of(bits_of(1.0) + 1), 2.0, 0.0, a[3]};
    assert_true(d != summary_digest(SUMMARY_DIGEST, nudged, 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wilson_matches_worked_examples),
        cmocka_unit_test(test_share_variance_matches_a_worked_example),
        cmocka_unit_test(test_clustered_wilson_covers),
        cmocka_unit_test(test_section_error_is_that_of_a_mean),
        cmocka_unit_test(test_between_sd_matches_a_worked_example),
        cmocka_unit_test(test_between_sd_finds_the_true_spread),
        cmocka_unit_test(test_far_stories_keep_two_modes),
        cmocka_unit_test(test_near_stories_are_told_apart_by_many_futures),
        cmocka_unit_test(test_a_beta_keeps_its_quantiles),
        cmocka_unit_test(test_worlds_that_never_show_it_are_not_spread_over_small_chances),
        cmocka_unit_test(test_worlds_that_are_alike_have_no_spread),
        cmocka_unit_test(test_variance_share_finds_what_explains),
        cmocka_unit_test(test_digest_sees_values_and_their_order),
    };
    return cmocka_run_group_tests_name("math_summary", tests, NULL, NULL);
}
