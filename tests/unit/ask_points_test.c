// SPDX-License-Identifier: MIT
//
// Points counted as they come: the order does not matter to a bit, and what is counted is what a
// plain loop finds.
#include "ask/points.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "math/bits.h"
#include "math/elementary.h"

enum { N = 4000, N_LEVELS = 5 };

// A number, a flag, a level, and a number that does not count in all futures, at two points.
static const Asked ASKED[] = {
    {.is_series = true, .kind = RESULT_NUMBER, .column = 0},
    {.is_series = true, .kind = RESULT_FLAG, .column = 1},
    {.is_series = true, .kind = RESULT_LEVEL, .n_levels = N_LEVELS, .column = 2},
    {.is_series = true, .kind = RESULT_NUMBER, .has_defined = true, .column = 3},
};
static const double CENTRE[] = {100, 100, 0, 0, 0, 0, 0, 0};
static const double REACH[] = {3, 0, 0, 0, 0, 0, 0, 0};
static const Plan PLAN = {
    .asked = ASKED, .n_asked = 4, .n_series = 4, .n_points = 2, .engine = {.isa = ISA_BASE}};

static uint32_t next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 32);
}

// Around 100, give or take 3; one in `odd` far away, infinite, or no number.
static void fill(double *values, uint32_t odd)
{
    const double far[] = {1e9, -1e-3, 1e30, -4000, MATH_NAN, MATH_INF, -MATH_INF, 1e300, 100};
    uint64_t seed = 11;
    for (int32_t i = 0; i < N; i++) {
        values[i] = 97 + (double)next(&seed) * 0x1p-32 * 6;
        if (odd > 0 && next(&seed) % odd == 0) {
            values[i] = far[next(&seed) % 9];
        }
    }
}

static void shuffle(double *values, uint64_t seed)
{
    for (uint32_t i = N - 1; i > 0; i--) {
        uint32_t j = next(&seed) % (i + 1);
        double v = values[i];
        values[i] = values[j];
        values[j] = v;
    }
}

// In pieces of any length.
static void add_all(Points *points, const Asked *asked, const double *values, uint64_t seed)
{
    points_clear(points);
    for (int32_t p = 0; p < PLAN.n_points; p++) {
        for (int32_t from = 0; from < N;) {
            int32_t some = (int32_t)(next(&seed) % 300);
            some = some < N - from ? some : N - from;
            points_add(points, asked, p, values + from, some);
            from += some;
        }
    }
}

static Points *new_points(Arena *arena)
{
    return points_new(arena, &PLAN, (PointScales){CENTRE, REACH}, N);
}

static void test_numbers_add_up_in_any_order(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    Points *points = new_points(arena);
    double *values = ARENA_ARRAY(arena, double, N);
    for (uint32_t odd = 0; odd <= 400; odd += 100) {
        fill(values, odd);
        for (int32_t p = 0; p < 2; p++) {
            double first[2] = {0};
            for (uint64_t order = 0; order < 5; order++) {
                add_all(points, &ASKED[0], values, order);
                double sums[2] = {0};
                points_take(points, &ASKED[0], p, sums, hist_new(arena));
                assert_true(order == 0 || (sums[0] == first[0] && sums[1] == first[1]));
                memcpy(first, sums, sizeof first);
                shuffle(values, order + odd);
            }
        }
    }
    arena_free(arena);
}

static void test_a_number_counts_as_a_plain_loop_would_count_it(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    Points *points = new_points(arena);
    double *values = ARENA_ARRAY(arena, double, N);
    for (uint32_t odd = 0; odd <= 200; odd += 50) {
        fill(values, odd);
        add_all(points, &ASKED[0], values, odd);
        double n = 0, sum = 0, size = 0;
        Hist *plain = hist_new(arena);
        for (int32_t i = 0; i < N; i++) {
            float distance = (float)(values[i] - 100);
            hist_add(plain, ISA_BASE, &distance, 1);
            bool in = m_is_finite((double)distance);
            n += in;
            sum += in ? values[i] - 100 : 0;
            size += in ? m_abs(values[i] - 100) : 0;
        }
        for (int32_t p = 0; p < 2; p++) {
            double sums[2] = {0};
            Hist *hist = hist_new(arena);
            points_take(points, &ASKED[0], p, sums, hist);
            assert_true(sums[0] == n);
            // Steps of 2^-31 at the first point, floats at the second, where the first futures
            // agreed.
            double room = p == 0 && odd == 0 ? N * 0x1p-32 : size * 0x1p-24;
            assert_true(m_abs(sums[1] - sum) <= room);
            assert_int_equal(hist_count(hist), n);
            for (double q = 0.05; q < 1; q += 0.1) {
                assert_true(hist_quantile(hist, q) == hist_quantile(plain, q));
            }
        }
    }
    arena_free(arena);
}

static void test_flags_and_levels_are_counted(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    Points *points = new_points(arena);
    double *flags = ARENA_ARRAY(arena, double, N), *levels = ARENA_ARRAY(arena, double, N);
    double yes = 0, on[N_LEVELS] = {0}, known = 0;
    for (int32_t i = 0; i < N; i++) {
        flags[i] = i % 7 == 0 ? double_of(UINT64_MAX) : i % 7 == 1 ? 1 : 0; // masks, and as frozen
        yes += i % 7 < 2;
        levels[i] = i % 97 == 0 ? MATH_NAN : (double)(i % 13) - 1;
        if (levels[i] >= 0 && levels[i] < N_LEVELS) {
            on[(int32_t)levels[i]]++;
            known++;
        }
    }
    for (int round = 0; round < 2; round++) { // what is cleared is gone
        add_all(points, &ASKED[1], flags, 1);
        double sums[2] = {0};
        points_take(points, &ASKED[1], 1, sums, NULL);
        assert_true(sums[0] == N && sums[1] == yes);
        add_all(points, &ASKED[2], levels, 2);
        double shares[1 + N_LEVELS] = {0};
        points_take(points, &ASKED[2], 1, shares, NULL);
        assert_true(shares[0] == known);
        assert_memory_equal(shares + 1, on, sizeof on);
    }
    assert_false(points_serve(&ASKED[3]));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_add_up_in_any_order),
        cmocka_unit_test(test_a_number_counts_as_a_plain_loop_would_count_it),
        cmocka_unit_test(test_flags_and_levels_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
