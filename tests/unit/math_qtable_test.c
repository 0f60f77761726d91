// SPDX-License-Identifier: MIT
//
// Quantile tables against the quantiles they stand for: error, order, ends, jumps, and the layout
// that the vector kernels read.
#include "math/qtable.h"

#include "math/bits.h"
#include "math/dist.h"
#include "math/draw.h"
#include "math/elementary.h"
#include "math_reference.h"

#define KIND(k, ...)                                                                               \
    {                                                                                              \
        .form = SPEC_KIND, .kind = (k), .params = { __VA_ARGS__ }                                  \
    }

static double spec_point(const void *ctx, double u, double v)
{
    return spec_quantile(ctx, u, v);
}

static const QTable *build(Arena *arena, const DistSpec *spec)
{
    return qtable_build(arena, spec_point, spec);
}

static const DistSpec SMOOTH[] = {
    KIND(DIST_NORMAL, 3, 2),
    KIND(DIST_LOGNORMAL, -5, 1.5),
    KIND(DIST_LOGITNORMAL, -2, 1),
    KIND(DIST_UNIFORM, -1, 3),
    KIND(DIST_TRIANGULAR, 0.2, 0.5, 1.2),
    KIND(DIST_PERT, 0, 1, 5),
    KIND(DIST_BETA, 2, 3),
    KIND(DIST_BETA, 0.4, 0.5),
    KIND(DIST_GAMMA, 0.5, 2),
    KIND(DIST_GAMMA, 30, 1),
    KIND(DIST_EXPONENTIAL, 4),
    KIND(DIST_STUDENT, 3, 0, 1),
};

// The documented straight line, as a kernel computes it.
static double by_layout(const QTable *table, double u)
{
    int half = u < 0.5 ? 0 : 1;
    uint64_t bits = bits_of(half ? 1.0 - u : u);
    uint64_t top = bits >> (52 - QTABLE_BITS);
    uint64_t part = top & ((1u << QTABLE_BITS) - 1);
    uint64_t row = QTABLE_TOP - top + 2 * part;
    double t = double_of(BITS_ONE | (bits << (12 + QTABLE_BITS)) >> 12) - 1.0;
    const double *c = table->rows[half][row];
    return c[0] + t * (c[1] + t * (c[2] + t * c[3]));
}

static void test_eval_reads_the_documented_layout(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    for (size_t s = 0; s < ROWS(SMOOTH); s++) {
        const QTable *table = build(arena, &SMOOTH[s]);
        assert_int_equal((uintptr_t)table->rows % 32, 0);
        for (uint32_t i = 0; i < 5000; i++) {
            uint32_t w = i * UINT32_C(858993) + 5000;
            double line = by_layout(table, draw_uniform(w));
            double got = qtable_draw(table, w, 0);
            assert_true(line != line ? table->n_patches > 0 : bits_of(line) == bits_of(got));
        }
    }
    arena_free(arena);
}

static void test_normal_is_within_3e_7(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    const QTable *table = qtable_normal(arena);
    assert_int_equal(table->n_patches, 0);
    Worst w = {0};
    for (uint32_t i = 0; i < 100000; i++) {
        double u = draw_uniform(i * UINT32_C(42949));
        double error = m_abs(qtable_eval(table, u, 1.0 - u) - special_normal_quantile(u, 1.0 - u));
        worst_note(&w, error, &u, 1);
    }
    // Far tails, down to the smallest uniform of two words.
    for (double u = 0.1; u > 0x1p-65; u *= 0.93) {
        double z = special_normal_quantile(u, 1.0 - u);
        worst_note(&w, m_abs(qtable_eval(table, u, 1.0 - u) - z), &u, 1);
        worst_note(&w, m_abs(qtable_eval(table, 1.0 - u, u) + z), &u, 1);
    }
    worst_assert(&w, 3e-7, "normal table");
    arena_free(arena);
}

static void test_what_a_table_stands_for_is_at_hand(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    const QTable *table = qtable_normal(arena);
    for (double u = 0.5; u > 0x1p-60; u *= 0.7) {
        assert_true(qtable_true(table, u, 1 - u) == special_normal_quantile(u, 1 - u));
        assert_true(qtable_true(table, 1 - u, u) == special_normal_quantile(1 - u, u));
    }
    assert_true(m_abs(qtable_true_score(table, 1.25) - 1.25) < 1e-14);
    assert_true(m_is_nan(qtable_true_score(table, MATH_NAN)));
    arena_free(arena);
}

// Error as probability: how far u lies from the step of the distribution function at the value.
static double probability_error(const DistSpec *spec, double x, double u, double v)
{
    Tails at = spec_tails(spec, x), below = spec_tails_below(spec, x);
    if (u < v) {
        return m_max(m_max(below.lower - u, u - at.lower), 0.0) / u;
    }
    return m_max(m_max(v - below.upper, at.upper - v), 0.0) / v;
}

static void test_smooth_tables_misplace_little(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    for (size_t s = 0; s < ROWS(SMOOTH); s++) {
        const QTable *table = build(arena, &SMOOTH[s]);
        Worst worst = {0};
        for (uint32_t i = 0; i < 3000; i++) {
            uint32_t w = i * UINT32_C(1431655) + 4096;
            double u = draw_uniform(w), v = draw_uniform(~w);
            worst_note(&worst, probability_error(&SMOOTH[s], qtable_draw(table, w, 0), u, v), &u,
                       1);
        }
        worst_assert(&worst, 1e-5, "share of a tail misplaced");
    }
    arena_free(arena);
}

static const DistSpec FAR_APART[] = {KIND(DIST_NORMAL, 0, 1), KIND(DIST_NORMAL, 30, 2)};
static const DistSpec WITH_GAPS[] = {KIND(DIST_UNIFORM, 0, 1), KIND(DIST_UNIFORM, 3, 4),
                                     KIND(DIST_POINT, 10)};
static const double SEVEN_THREE[] = {0.7, 0.3}, FIVE_THREE_TWO[] = {0.5, 0.3, 0.2};
static const DistSpec ROUGH[] = {
    {.form = SPEC_MIXTURE, .parts = FAR_APART, .weights = SEVEN_THREE, .n_parts = 2},
    {.form = SPEC_MIXTURE, .parts = WITH_GAPS, .weights = FIVE_THREE_TWO, .n_parts = 3},
    {.form = SPEC_TRUNCATED, .parts = FAR_APART, .n_parts = 1, .lo = 0, .hi = 2},
    {.form = SPEC_TRUNCATED, .parts = FAR_APART, .n_parts = 1, .lo = 7, .hi = __builtin_inf()},
    {.form = SPEC_SPLIT, .scale = SPLIT_LOG, .points = {1, 2, 10}},
    KIND(DIST_POISSON, 3),
    KIND(DIST_BINOMIAL, 20, 0.3),
    KIND(DIST_BERNOULLI, 0.3),
    KIND(DIST_POINT, -7),
};

// Mass in the wrong place is bounded; a jump may lie off by 2^-22 of a segment.
static void test_rough_tables_misplace_little(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    for (size_t s = 0; s < ROWS(ROUGH); s++) {
        const QTable *table = build(arena, &ROUGH[s]);
        Worst worst = {0};
        for (uint32_t i = 0; i < 3000; i++) {
            uint32_t w = i * UINT32_C(1431655) + 4096;
            double u = draw_uniform(w), v = draw_uniform(~w);
            double args[] = {u, (double)s};
            worst_note(&worst, probability_error(&ROUGH[s], qtable_draw(table, w, 0), u, v), args,
                       2);
        }
        worst_assert(&worst, 1e-5, "share of a tail misplaced");
    }
    arena_free(arena);
}

static void test_gaps_stay_empty_and_counts_whole(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    const QTable *gaps = build(arena, &ROUGH[1]);
    const QTable *counts = build(arena, &ROUGH[5]);
    int in_first = 0, in_second = 0, at_point = 0, n = 100000;
    for (int i = 0; i < n; i++) {
        uint32_t w = (uint32_t)i * UINT32_C(42949);
        double x = qtable_draw(gaps, w, 0);
        in_first += x >= 0.0 && x <= 1.0;
        in_second += x >= 3.0 && x <= 4.0;
        at_point += x == 10.0;
        double k = qtable_draw(counts, w, 0);
        assert_true(k == m_floor(k));
    }
    assert_int_equal(in_first + in_second + at_point, n);
    assert_in_range(in_first, 49990, 50010); // the words are evenly spaced
    assert_in_range(in_second, 29990, 30010);
    arena_free(arena);
}

// Rising words give rising values, also across the seams of rows, octaves and halves.
static void assert_rises(const QTable *table, uint32_t from, uint32_t count)
{
    double last = -MATH_INF;
    for (uint32_t i = 0; i < count; i++) {
        double x = qtable_draw(table, from + i, UINT32_C(1) << 31);
        double slack = 0x1p-50 * m_abs(x);
        assert_true(x >= last - slack);
        last = m_max(last, x);
    }
}

static void test_values_rise_with_the_word(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    for (size_t s = 0; s < ROWS(SMOOTH) + ROWS(ROUGH); s++) {
        const DistSpec *spec = s < ROWS(SMOOTH) ? &SMOOTH[s] : &ROUGH[s - ROWS(SMOOTH)];
        const QTable *table = build(arena, spec);
        for (int k = 12; k < 32; k++) {
            assert_rises(table, (UINT32_C(1) << k) - 200, 400);
            assert_rises(table, UINT32_MAX - (UINT32_C(1) << k) - 200, 400);
            assert_rises(table, (UINT32_C(11) << k) / 16 - 200, 400);
        }
        double last = -MATH_INF;
        for (uint32_t i = 0; i < 40000; i++) {
            double x = qtable_draw(table, i * UINT32_C(107374), 0);
            assert_true(x >= last);
            last = x;
        }
        assert_rises(table, 0, 5000);
        assert_rises(table, UINT32_MAX - 5000, 5000);
    }
    arena_free(arena);
}

static void test_ends_stay_inside_the_support(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    for (size_t s = 0; s < ROWS(SMOOTH) + ROWS(ROUGH); s++) {
        const DistSpec *spec = s < ROWS(SMOOTH) ? &SMOOTH[s] : &ROUGH[s - ROWS(SMOOTH)];
        const QTable *table = build(arena, spec);
        double lo, hi;
        spec_support(spec, &lo, &hi);
        static const uint32_t words[] = {
            0,         1, 4095, 4096, UINT32_C(0x7fffffff), UINT32_C(0x80000000), UINT32_MAX - 4096,
            UINT32_MAX};
        for (size_t i = 0; i < ROWS(words) * 2; i++) {
            double x = qtable_draw(table, words[i / 2], i % 2 ? UINT32_MAX : 0);
            if (!(x >= lo && x <= hi)) {
                fail_msg("distribution %zu: %.17g not in [%.17g, %.17g]", s, x, lo, hi);
            }
        }
        // One half lies between the halves of the table; a jump there may be taken either way.
        double middle = qtable_eval(table, 0.5, 0.5);
        assert_true(middle >= spec_quantile(spec, 0.5 - 1e-6, 0.5 + 1e-6));
        assert_true(middle <= spec_quantile(spec, 0.5 + 1e-6, 0.5 - 1e-6));
        assert_true(m_is_finite(qtable_eval(table, 0.0, 1.0)));
        assert_true(m_is_finite(qtable_eval(table, 1.0, 0.0)));
    }
    arena_free(arena);
}

// Words next to the ends take a second one, and then reach far beyond the first one's grid.
static void test_tails_use_the_second_word(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    const QTable *table = qtable_normal(arena);
    assert_true(qtable_needs_second(0) && qtable_needs_second(4095));
    assert_false(qtable_needs_second(4096) || qtable_needs_second(UINT32_MAX - 4096));
    assert_true(qtable_needs_second(UINT32_MAX - 4095) && qtable_needs_second(UINT32_MAX));
    double z = special_normal_quantile(0x1p-65, 1.0);
    assert_true(m_abs(qtable_draw(table, 0, 0) - z) < 3e-7);
    assert_true(m_abs(qtable_draw(table, UINT32_MAX, UINT32_MAX) + z) < 3e-7);
    assert_true(qtable_draw(table, 5000, 0) == qtable_draw(table, 5000, 12345));
    assert_true(qtable_draw(table, 50, 0) < qtable_draw(table, 50, UINT32_MAX));
    arena_free(arena);
}

static void test_an_invalid_distribution_stays_nan(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    DistSpec bad = KIND(DIST_NORMAL, 0, -1);
    const QTable *table = build(arena, &bad);
    assert_true(m_is_nan(qtable_eval(table, 0.3, 0.7)));
    assert_int_equal(table->n_patches, 0);
    DistSpec wide = KIND(DIST_STUDENT, 0.05, 0, 1); // quantiles beyond the largest double
    table = build(arena, &wide);
    assert_true(m_is_finite(qtable_draw(table, 0, 0)));
    assert_true(m_is_finite(qtable_draw(table, UINT32_MAX, UINT32_MAX)));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_eval_reads_the_documented_layout),
        cmocka_unit_test(test_normal_is_within_3e_7),
        cmocka_unit_test(test_what_a_table_stands_for_is_at_hand),
        cmocka_unit_test(test_smooth_tables_misplace_little),
        cmocka_unit_test(test_rough_tables_misplace_little),
        cmocka_unit_test(test_gaps_stay_empty_and_counts_whole),
        cmocka_unit_test(test_values_rise_with_the_word),
        cmocka_unit_test(test_ends_stay_inside_the_support),
        cmocka_unit_test(test_tails_use_the_second_word),
        cmocka_unit_test(test_an_invalid_distribution_stays_nan),
    };
    return cmocka_run_group_tests_name("math_qtable", tests, NULL, NULL);
}
