// SPDX-License-Identifier: MIT
//
// The histogram on a double's bits against sorted values and plain sums.
#include "math/float_hist.h"

#include <stdlib.h>

#include "math/bits.h"
#include "math/draw.h"
#include "math/elementary.h"
#include "math/special.h"
#include "math_reference.h"

enum { N = 20000 };

static double uniform(uint32_t i)
{
    return draw_uniform(draw_word(9, DRAW_STEP, (DrawPlace){.future = i, .site = 3}));
}

static double *normal_values(Arena *arena, double mean, double sd)
{
    double *x = ARENA_ARRAY(arena, double, N);
    for (uint32_t i = 0; i < N; i++) {
        double u = uniform(i);
        x[i] = mean + sd * special_normal_quantile(u, 1.0 - u);
    }
    return x;
}

static int by_value(const void *a, const void *b)
{
    double x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

static FloatHist *hist_of(Arena *arena, const double *x, size_t n)
{
    FloatHist *hist = float_hist_new(arena);
    float_hist_add(hist, x, n);
    return hist;
}

// Quantiles lie in the bin of the value of their rank: within 1/64 of it.
static void test_quantiles_are_within_their_bin(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    static const double shapes[][2] = {{80, 8}, {0, 1}, {-3, 100}, {1e12, 1e9}, {1e-5, 1e-6}};
    for (size_t s = 0; s < ROWS(shapes); s++) {
        double *x = normal_values(arena, shapes[s][0], shapes[s][1]);
        FloatHist *hist = hist_of(arena, x, N);
        qsort(x, N, sizeof *x, by_value);
        for (double q = 0.0; q <= 1.0; q += 0.0078125) {
            double want = x[(size_t)(q * (N - 1))], got = float_hist_quantile(hist, q);
            assert_true(m_abs(got - want) <= m_abs(want) / 64.0);
            // Shares suffer where one bin holds a good part of the values: the fourth shape.
            double rank = q * (N - 1), share = float_hist_share_below(hist, want);
            assert_true(m_abs(share - rank / N) <= (s == 3 ? 0.5 : 0.01));
        }
        assert_true(float_hist_quantile(hist, 0.0) == x[0]);
        assert_true(float_hist_quantile(hist, 1.0) == x[N - 1]);
        assert_true(float_hist_share_below(hist, x[0]) == 0.0);
        assert_true(float_hist_share_below(hist, 2.0 * m_abs(x[N - 1]) + 1.0) == 1.0);
    }
    arena_free(arena);
}

static void test_moments_match_plain_sums(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    static const double shapes[][2] = {{80, 8}, {0, 1}, {-3, 100}, {19800, 30}};
    for (size_t s = 0; s < ROWS(shapes); s++) {
        double *x = normal_values(arena, shapes[s][0], shapes[s][1]);
        double mean = 0.0, m2 = 0.0;
        for (int i = 0; i < N; i++) {
            mean += x[i] / N;
        }
        for (int i = 0; i < N; i++) {
            m2 += (x[i] - mean) * (x[i] - mean);
        }
        FloatHist *hist = hist_of(arena, x, N);
        assert_true(m_abs(float_hist_mean(hist) - mean) <= 1e-9 * (m_abs(mean) + shapes[s][1]));
        double sd = m_sqrt(m2 / (N - 1));
        assert_true(m_abs(float_hist_sd(hist) - sd) <= 1e-6 * sd);
    }
    arena_free(arena);
}

// Parts merged in any order are the whole, bit for bit.
static void test_merging_is_free_of_order(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    double *x = normal_values(arena, 1, 5);
    FloatHist *whole = hist_of(arena, x, N);
    FloatHist *forth = float_hist_new(arena), *back = float_hist_new(arena);
    enum { PART = 1000 };
    for (int part = 0; part < N / PART; part++) {
        float_hist_merge(forth, hist_of(arena, x + part * PART, PART));
        float_hist_merge(back, hist_of(arena, x + N - (part + 1) * PART, PART));
    }
    const FloatHist *parts[] = {forth, back};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(float_hist_count(parts[i]), N);
        assert_true(bits_of(float_hist_mean(parts[i])) == bits_of(float_hist_mean(whole)));
        assert_true(bits_of(float_hist_sd(parts[i])) == bits_of(float_hist_sd(whole)));
        for (double q = 0.0; q <= 1.0; q += 0.01) {
            double a = float_hist_quantile(parts[i], q), b = float_hist_quantile(whole, q);
            assert_true(bits_of(a) == bits_of(b));
        }
    }
    arena_free(arena);
}

static void test_counts_come_back_exactly(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    double *x = ARENA_ARRAY(arena, double, N);
    uint64_t sum = 0;
    for (uint32_t i = 0; i < N; i++) {
        x[i] = m_floor(uniform(i) * 120.0);
        sum += (uint64_t)x[i];
    }
    FloatHist *hist = hist_of(arena, x, N);
    assert_true(float_hist_mean(hist) == (double)sum / N ||
                m_abs(float_hist_mean(hist) - (double)sum / N) < 1e-13);
    qsort(x, N, sizeof *x, by_value);
    for (double q = 0.0; q <= 1.0; q += 0.001953125) {
        assert_true(float_hist_quantile(hist, q) == x[(size_t)(q * (N - 1))]);
    }
    // Larger ones share bins: quantiles are whole all the same.
    for (uint32_t i = 0; i < N; i++) {
        x[i] = m_floor(uniform(i) * 1e6);
    }
    hist = hist_of(arena, x, N);
    for (double q = 0.0; q <= 1.0; q += 0.01) {
        double got = float_hist_quantile(hist, q);
        assert_true(got == m_floor(got));
    }
    arena_free(arena);
}

static void test_special_values_are_kept_apart(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    FloatHist *hist = float_hist_new(arena);
    assert_true(m_is_nan(float_hist_quantile(hist, 0.5)) && m_is_nan(float_hist_mean(hist)));
    assert_true(m_is_nan(float_hist_sd(hist)) && m_is_nan(float_hist_share_below(hist, 1.0)));
    static const double x[] = {0.0, -0.0, 1.5, -2.0, __builtin_nan("")};
    float_hist_add(hist, x, ROWS(x));
    assert_int_equal(float_hist_count(hist), 4);
    assert_int_equal(float_hist_nans(hist), 1);
    assert_true(float_hist_mean(hist) == -0.125);
    assert_true(float_hist_quantile(hist, 0.0) == -2.0 && float_hist_quantile(hist, 1.0) == 1.5);
    assert_true(float_hist_quantile(hist, 0.5) == 0.0);
    assert_true(float_hist_share_below(hist, 0.0) == 0.25);
    assert_true(float_hist_share_below(hist, 1e-9) == 0.75);
    static const double ends[] = {__builtin_inf(), -__builtin_inf()};
    float_hist_add(hist, ends, 1);
    assert_true(float_hist_mean(hist) == MATH_INF && m_is_nan(float_hist_sd(hist)));
    float_hist_add(hist, ends + 1, 1);
    assert_true(m_is_nan(float_hist_mean(hist)));
    assert_true(float_hist_quantile(hist, 0.0) == -MATH_INF);
    assert_true(float_hist_quantile(hist, 1.0) == MATH_INF);
    assert_true(m_is_nan(float_hist_quantile(hist, 1.5)));
    arena_free(arena);
}

static void test_one_value_is_itself(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    static const double values[] = {3.14159265358979, -1e-300, 1e300, 0.0};
    for (size_t i = 0; i < ROWS(values); i++) {
        FloatHist *hist = hist_of(arena, &values[i], 1);
        for (double q = 0.0; q <= 1.0; q += 0.25) {
            assert_true(float_hist_quantile(hist, q) == values[i]);
        }
        assert_true(float_hist_sd(hist) == 0.0);
        assert_true(m_abs(float_hist_mean(hist) - values[i]) <= 0x1p-32 * m_abs(values[i]));
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quantiles_are_within_their_bin),
        cmocka_unit_test(test_moments_match_plain_sums),
        cmocka_unit_test(test_merging_is_free_of_order),
        cmocka_unit_test(test_counts_come_back_exactly),
        cmocka_unit_test(test_special_values_are_kept_apart),
        cmocka_unit_test(test_one_value_is_itself),
    };
    return cmocka_run_group_tests_name("math_float_hist", tests, NULL, NULL);
}
