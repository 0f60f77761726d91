// SPDX-License-Identifier: MIT
//
// Histograms: quantiles to their stated accuracy, whatever the magnitudes, and counts that add up
// in any order.
#include "ask/hist.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/error.h"
#include "math/bits.h"
#include "math/draw.h"
#include "math/elementary.h"

static double uniform(uint32_t i)
{
    return draw_uniform(draw_word(3, DRAW_STEP, (DrawPlace){.future = i, .site = 1}));
}

static void assert_near(double a, double b, double tolerance)
{
    if (!(a - b <= tolerance && b - a <= tolerance)) {
        print_error("%.9g is not %.9g within %g\n", a, b, tolerance);
        fail();
    }
}

// Evenly spaced values have known quantiles, and fill their bins evenly: what lies within a bin is
// told far finer than the bin is wide, on either side of 0.
static void check_even(double lo, double width)
{
    enum { N = 100000 };
    Arena *arena = arena_new(0);
    Hist *hist = hist_new(arena);
    for (int i = 0; i < N; i++) {
        float value = (float)(lo + width * ((double)i + 0.5) / N);
        hist_add(hist, ISA_BASE, &value, 1);
    }
    assert_int_equal(hist_count(hist), N);
    for (double q = 0.05; q < 1; q += 0.15) {
        double exact = lo + q * width;
        double room = m_abs(exact) * 1e-6 + width * 2e-5;
        assert_near(hist_quantile(hist, q), exact, room);
    }
    arena_free(arena);
}

static void test_quantiles_are_as_fine_as_stated(void **state)
{
    (void)state;
    check_even(-0.4, 1);
    check_even(-3.1, 6);
    check_even(-700, 1000);
    check_even(-7e-10, 1e-9);
    check_even(5, 2);
    check_even(-9, 2);
}

static void test_parts_add_up_in_any_order(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    Hist *all = hist_new(arena), *a = hist_new(arena), *b = hist_new(arena);
    for (uint32_t i = 0; i < 10000; i++) {
        float v = (float)(1 / uniform(i) - 3);
        hist_add(all, ISA_BASE, &v, 1);
        hist_add(i % 3 ? a : b, ISA_BASE, &v, 1);
    }
    Hist *ab = hist_new(arena), *ba = hist_new(arena);
    hist_merge(ab, a);
    hist_merge(ab, b);
    hist_merge(ba, b);
    hist_merge(ba, a);
    for (double q = 0; q <= 1; q += 0.01) {
        double x = hist_quantile(all, q);
        assert_true(x == hist_quantile(ab, q) && x == hist_quantile(ba, q));
    }
    arena_free(arena);
}

static void test_what_is_no_number_is_left_out(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    Hist *hist = hist_new(arena);
    assert_true(hist_quantile(hist, 0.5) != hist_quantile(hist, 0.5));
    const float nan = (float)MATH_NAN, inf = (float)MATH_INF;
    const float values[] = {0, -0.0F, 1e-38F, nan, -1e-38F, inf, -inf, -nan, 1};
    hist_add(hist, ISA_BASE, values, 9);
    assert_int_equal(hist_count(hist), 5);
    assert_near(hist_quantile(hist, 0), 0, 1e-37);
    assert_near(hist_quantile(hist, 0.5), 0, 1e-37);
    assert_near(hist_quantile(hist, 1), 1, 0.02);
    arena_free(arena);
}

// What a run says that it will take rests on it.
static void test_the_memory_it_takes_is_about_what_is_told(void **state)
{
    (void)state;
    double all = 0;
    enum { TRIES = 10, UNITS = 16, UNIT = 16384 };
    float *values = malloc(UNIT * sizeof *values);
    for (uint32_t k = 0; k < TRIES; k++) {
        Arena *arena = arena_new(0);
        Hist *hist = hist_new(arena);
        for (uint32_t unit = 0; unit < UNITS; unit++) {
            for (uint32_t i = 0; i < UNIT; i++) {
                uint32_t at = ((k * UNITS + unit) * UNIT + i) * 3;
                // Around 0, like most that has been added up.
                values[i] = (float)(uniform(at) + uniform(at + 1) + uniform(at + 2) - 1.5);
            }
            hist_add(hist, ISA_BASE, values, UNIT);
        }
        double counters = (double)(hist->hi - hist->lo) * 2 * HIST_BINS * sizeof *hist->recent;
        double used = (double)arena_used(arena);
        assert_true(used < counters + 500); // nothing was left behind
        all += used / TRIES;
        arena_free(arena);
    }
    free(values);
    assert_near(all / (double)hist_bytes(), 1, 0.1);
}

// Sixty-four ones, in a histogram that already counted `full` of them: as after some hours.
static Hist *long_run(Arena *arena, uint32_t full)
{
    Hist *hist = hist_new(arena);
    float values[64];
    for (int i = 0; i < 64; i++) {
        values[i] = 1;
    }
    hist_add(hist, ISA_BASE, values, 64); // makes room, value by value
    uint32_t *one = hist->recent;
    while (*one == 0) {
        one++;
    }
    *one = hist->n_recent = full;
    hist_add(hist, ISA_BASE, values, 64);
    return hist;
}

static void test_more_values_than_a_narrow_counter_holds_are_counted(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    const uint32_t full = UINT32_MAX - 20;
    const uint64_t n = UINT64_C(64) + full;
    Hist *hist = long_run(arena, full), *sum = hist_new(arena);
    assert_true(hist_count(hist) == n);
    const float far = 1e9F; // counters of before are kept when it widens
    hist_add(hist, ISA_BASE, &far, 1);
    assert_true(hist_count(hist) == n + 1);
    for (uint64_t i = 1; i <= 3; i++) { // wide into none, wide into wide, narrow into wide
        hist_merge(sum, i == 3 ? long_run(arena, 36) : hist);
        assert_true(hist_count(sum) == (i == 3 ? 2 * (n + 1) + 100 : i * (n + 1)));
    }
    hist_merge(hist, sum);
    assert_true(hist_count(hist) == 3 * (n + 1) + 100);
    assert_near(hist_quantile(hist, 0.5), 1, 0.02);
    hist_clear(hist);
    assert_true(hist_count(hist) == 0);
    arena_free(arena);
}

static void test_narrow_counters_do_not_run_over_when_parts_are_added_up(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    Hist *sum = hist_new(arena);
    for (uint64_t i = 1; i <= 4; i++) {
        hist_merge(sum, long_run(arena, UINT32_MAX / 3));
        assert_true(hist_count(sum) == i * (UINT32_MAX / 3 + 64));
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_more_values_than_a_narrow_counter_holds_are_counted),
        cmocka_unit_test(test_narrow_counters_do_not_run_over_when_parts_are_added_up),
        cmocka_unit_test(test_quantiles_are_as_fine_as_stated),
        cmocka_unit_test(test_parts_add_up_in_any_order),
        cmocka_unit_test(test_what_is_no_number_is_left_out),
        cmocka_unit_test(test_the_memory_it_takes_is_about_what_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
