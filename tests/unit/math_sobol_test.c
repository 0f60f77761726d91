// SPDX-License-Identifier: MIT
//
// Sobol' points: published first points, even spread in every dimension and in the plane, before
// and after scrambling; scrambled averages that are off as little as theory says.
#include "math/sobol.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static double fraction(uint32_t word)
{
    return ((double)word + 0.5) * 0x1p-32;
}

// The first points of Joe and Kuo's generator, which takes them in the order of Gray's code.
static void test_first_points_are_the_published_ones(void **state)
{
    (void)state;
    static const double POINTS[10][3] = {{0, 0, 0},
                                         {0.5, 0.5, 0.5},
                                         {0.75, 0.25, 0.25},
                                         {0.25, 0.75, 0.75},
                                         {0.375, 0.375, 0.625},
                                         {0.875, 0.875, 0.125},
                                         {0.625, 0.125, 0.875},
                                         {0.125, 0.625, 0.375},
                                         {0.1875, 0.3125, 0.9375},
                                         {0.6875, 0.8125, 0.4375}};
    for (uint32_t i = 0; i < 10; i++) {
        for (int32_t d = 0; d < 3; d++) {
            double x = (double)sobol_word(i ^ i >> 1, d) * 0x1p-32;
            assert_true(x == POINTS[i][d]);
        }
    }
}

// Of 1,024 points one lies in each 1,024th of every dimension.
static void test_every_dimension_is_spread_evenly(void **state)
{
    (void)state;
    enum { N = 1024 };
    for (int32_t d = 0; d < SOBOL_DIMENSIONS; d++) {
        uint8_t plain[N] = {0}, scrambled[N] = {0};
        for (uint32_t i = 0; i < N; i++) {
            plain[sobol_word(i, d) >> 22]++;
            scrambled[sobol_scrambled(i, d, 12345) >> 22]++;
        }
        for (int k = 0; k < N; k++) {
            assert_int_equal(plain[k], 1);
            assert_int_equal(scrambled[k], 1);
        }
    }
}

// The first two dimensions: one point in every rectangle of 2^-a by 2^-(8 - a).
static void test_the_plane_is_spread_evenly(void **state)
{
    (void)state;
    for (int a = 0; a <= 8; a++) {
        uint8_t hit[256] = {0};
        for (uint32_t i = 0; i < 256; i++) {
            uint32_t x = (uint32_t)((uint64_t)sobol_scrambled(i, 0, 9) >> (32 - a));
            uint32_t y = (uint32_t)((uint64_t)sobol_scrambled(i, 1, 9) >> (24 + a));
            hit[x << (8 - a) | y]++;
        }
        for (int k = 0; k < 256; k++) {
            assert_int_equal(hit[k], 1);
        }
    }
}

// The mean of x y z over 4,096 points is 1/8 to 2e-4 in each of 32 scramblings (plain random points
// are off by 2e-3), and the scramblings differ.
static void test_scrambled_means_are_near(void **state)
{
    (void)state;
    double first = 0;
    int differ = 0;
    for (uint64_t seed = 0; seed < 32; seed++) {
        double sum = 0;
        for (uint32_t i = 0; i < 4096; i++) {
            sum += fraction(sobol_scrambled(i, 0, seed)) * fraction(sobol_scrambled(i, 5, seed)) *
                   fraction(sobol_scrambled(i, 40, seed));
        }
        double off = sum / 4096 - 0.125;
        assert_true(off < 2e-4 && off > -2e-4);
        first = seed == 0 ? off : first;
        differ += off != first;
    }
    assert_int_equal(differ, 31);
}

static void test_beyond_the_table_words_are_random(void **state)
{
    (void)state;
    double sum = 0;
    for (uint32_t i = 0; i < 4096; i++) {
        sum += fraction(sobol_scrambled(i, SOBOL_DIMENSIONS + 3, 1));
    }
    double off = sum / 4096 - 0.5; // one standard error is 0.0045
    assert_true(off < 0.02 && off > -0.02);
    assert_true(sobol_scrambled(1, SOBOL_DIMENSIONS, 1) !=
                sobol_scrambled(1, SOBOL_DIMENSIONS + 1, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_points_are_the_published_ones),
        cmocka_unit_test(test_every_dimension_is_spread_evenly),
        cmocka_unit_test(test_the_plane_is_spread_evenly),
        cmocka_unit_test(test_scrambled_means_are_near),
        cmocka_unit_test(test_beyond_the_table_words_are_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
