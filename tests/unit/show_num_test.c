// SPDX-License-Identifier: MIT
//
// Numbers for readers: no digit the error does not support, no rare chance told as 0 %.
#include "show/show_num.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const ShowStyle utf8 = {.utf8 = true};
static const ShowStyle ascii = {.utf8 = false};

typedef struct {
    Estimate chance;
    const char *text;
} ChanceCase;

static void expect_chance(Arena *arena, const ShowStyle *style, Estimate chance, const char *text)
{
    Buf buf = {.arena = arena};
    num_add_chance(&buf, style, chance);
    assert_string_equal(buf_str(&buf).p, text);
}

static void test_chance_shows_the_digits_its_error_supports(void **state)
{
    (void)state;
    static const ChanceCase cases[] = {
        {{.21312, .00098, .2121, .2141}, "21.3 % ±0.1"},
        {{.21312, .0100, .2031, .2231}, "21 % ±1"},
        {{.21312, .0111, .2031, .2231}, "21 % ±2"}, // rounded up: an error is never made smaller
        {{.21312, .000021, .2131, .2132}, "21.312 % ±0.002"},
        {{.21312, .15, .1, .4}, "21 % ±15"},
        {{.5, 0, .5, .5}, "50 %"},
        {{1.0 / 3, 0, 1.0 / 3, 1.0 / 3}, "33.3333 %"},
        {{.01, .001, .009, .011}, "1.0 % ±0.1"},
        {{.99, .001, .989, .991}, "99.0 % ±0.1"},
        {{__builtin_nan(""), 0, 0, 0}, "not known"},
    };
    Arena *arena = arena_new(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_chance(arena, &utf8, cases[i].chance, cases[i].text);
    }
    expect_chance(arena, &ascii, cases[0].chance, "21.3 % +-0.1");
    arena_free(arena);
}

static void test_chance_below_one_percent_is_one_in_n(void **state)
{
    (void)state;
    static const ChanceCase cases[] = {
        {{.00024, .00003, .00021, .00028}, "1 in 4,200 (3,600–4,800)"},
        {{.0099, .0001, .0098, .0100}, "1 in 101 (100–100)"},
        {{.005, 0, .005, .005}, "1 in 200"},
        {{1e-6, 1e-6, 2e-7, 6e-6}, "1 in 1,000,000 (170,000–5,000,000)"},
        {{1e-6, 1e-6, 0, 6e-6}, "1 in 1,000,000 (170,000 or rarer)"},
    };
    Arena *arena = arena_new(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_chance(arena, &utf8, cases[i].chance, cases[i].text);
    }
    arena_free(arena);
}

static void test_chance_never_seen_is_bounded_not_zero(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    expect_chance(arena, &utf8, (Estimate){0, 0, 0, 3.7e-6}, "fewer than 1 in 270,000");
    expect_chance(arena, &utf8, (Estimate){0, 0, 0, 0}, "in no future");
    arena_free(arena);
}

static void test_lopsided_intervals_are_told_by_their_ends(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    expect_chance(arena, &utf8, (Estimate){.25, .43, .034, .78}, "25 % (3–78 %)");
    expect_chance(arena, &utf8, (Estimate){.88, .28, .42, .987}, "88 % (42–98.7 %)");
    expect_chance(arena, &utf8, (Estimate){.04, .043, .011, .098}, "4.0 % (1.1–10 %)");
    expect_chance(arena, &utf8, (Estimate){.3, .4, .0001, .8}, "30 % (below 80 %)");
    expect_chance(arena, &utf8, (Estimate){.7, .4, .2, .9999}, "70 % (above 20 %)");
    expect_chance(arena, &utf8, (Estimate){.12, .02, .101, .141}, "12 % ±2");
    expect_chance(arena, &utf8, (Estimate){.5, .1, .4, .6}, "50 % ±10");
    arena_free(arena);
}

static void test_chance_above_99_percent_tells_what_is_missing(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    expect_chance(arena, &utf8, (Estimate){.99976, .00003, .99972, .99979},
                  "all but 1 in 4,200 (3,600–4,800)");
    expect_chance(arena, &utf8, (Estimate){1, 0, 1 - 3.7e-6, 1},
                  "in every future (exceptions rarer than 1 in 270,000)");
    expect_chance(arena, &utf8, (Estimate){1, 0, 1, 1}, "in every future");
    arena_free(arena);
}

// Whatever the chance and the error, the text never says that it is 0 % or 100 %.
static void test_chance_is_never_told_as_nothing_or_certain(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    for (int i = 1; i < 4000; i++) {
        double p = i / 4000.0, half = (i % 7) * .004;
        Buf buf = {.arena = arena};
        num_add_chance(&buf, &utf8, (Estimate){p, half, p - half, p + half});
        const char *text = buf_str(&buf).p;
        assert_false(strncmp(text, "0 %", 3) == 0 || strncmp(text, "0.0", 3) == 0);
        assert_false(strncmp(text, "100 %", 5) == 0 || strncmp(text, "100.0", 5) == 0);
    }
    arena_free(arena);
}

static void expect_cell(Arena *arena, int decimals, Estimate chance, const char *text)
{
    assert_string_equal(num_chance_cell(arena, chance, decimals).p, text);
}

static void test_cell_fits_and_keeps_rare_apart_from_never(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    expect_cell(arena, 1, (Estimate){.2131, .001, .212, .214}, "21.3");
    expect_cell(arena, 0, (Estimate){.2131, .05, .16, .26}, "21");
    expect_cell(arena, 1, (Estimate){.0003, .0001, .0002, .0004}, "<0.1");
    expect_cell(arena, 0, (Estimate){.003, .0001, .0029, .0031}, "<1");
    expect_cell(arena, 1, (Estimate){0, 0, 0, 1e-6}, "<0.1");
    expect_cell(arena, 1, (Estimate){0, 0, 0, .0034}, "<0.4");
    expect_cell(arena, 0, (Estimate){0, 0, 0, .034}, "<4");
    expect_cell(arena, 1, (Estimate){1, 0, .9999, 1}, ">99.9");
    expect_cell(arena, 1, (Estimate){1, 0, .96, 1}, ">96.0");
    expect_cell(arena, 0, (Estimate){.9999, .0001, .99, 1}, ">99");
    expect_cell(arena, 1, (Estimate){.0061, .0001, .006, .0062}, "0.6");
    arena_free(arena);
}

static void expect_band(Arena *arena, double lo, double hi, const char *text)
{
    Buf buf = {.arena = arena};
    num_add_chance_band(&buf, &utf8, (Band){true, lo, hi, .1});
    assert_string_equal(buf_str(&buf).p, text);
}

static void test_band_names_both_ends(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    expect_band(arena, .081, .412, "8–41 %");
    expect_band(arena, .2101, .2163, "21.0–21.6 %");
    expect_band(arena, .0014, .08, "0.1–8 %");
    expect_band(arena, .0096, .08, "1.0–8 %");
    expect_band(arena, .0004, .08, "up to 8 %");
    expect_band(arena, .4, .99999, "at least 40 %");
    expect_band(arena, .00001, .99999, "anything from never to always");
    expect_band(arena, .0004, .004, "1 in 2,500 to 1 in 250");
    expect_band(arena, 0, .412, "up to 41 %");
    expect_band(arena, .62, 1, "at least 62 %");
    expect_band(arena, .62, .996, "62–99.6 %");
    expect_band(arena, 0, 1, "anything from never to always");
    arena_free(arena);
}

static void expect_number(Arena *arena, Estimate value, double scale, const char *unit,
                          const char *text)
{
    Buf buf = {.arena = arena};
    num_add_value(&buf, &utf8, value, scale, str_of(unit), NUM_ALL);
    assert_string_equal(buf_str(&buf).p, text);
}

static void test_value_is_rounded_by_its_error(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    expect_number(arena, (Estimate){12.345, .13, 12.2, 12.5}, 1, "km", "12.3 km ±0.2");
    expect_number(arena, (Estimate){472311, 412, 0, 0}, 1, "troops", "472,300 troops ±500");
    expect_number(arena, (Estimate){472311, 41200, 0, 0}, 1, "troops", "470,000 troops ±50,000");
    expect_number(arena, (Estimate){-.004, .01, 0, 0}, 1, "", "0.00 ±0.01");
    expect_number(arena, (Estimate){3, 0, 3, 3}, 1, "", "3");
    expect_number(arena, (Estimate){2.5, 0, 0, 0}, 7, "km per week", "17.5 km per week");
    expect_number(arena, (Estimate){1e-7, 1e-9, 0, 0}, 1, "", "0.000000100 ±0.000000001");
    expect_number(arena, (Estimate){.25, .0004, 0, 0}, 100, "%", "25.00 % ±0.04");
    arena_free(arena);
}

static void test_what_has_too_many_digits_is_told_by_its_power_of_ten(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    assert_string_equal(num_rounded(arena, 999999999999999, 0).p, "999,999,999,999,999");
    assert_string_equal(num_rounded(arena, 1e15, 2).p, "1.00e15");
    assert_string_equal(num_rounded(arena, -1.954e44, -3).p, "-1.95e44");
    assert_string_equal(num_rounded(arena, 1.7976931348623157e308, 0).p, "1.80e308");
    expect_number(arena, (Estimate){1e20, 0, 1e20, 1e20}, 1, "km", "1.00e20 km");
    arena_free(arena);
}

static void test_value_with_a_hostile_unit_stays_harmless(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    expect_number(arena, (Estimate){3, 0, 3, 3}, 1, "k\x1b[2Jm", "3 k\\x1b[2Jm");
    arena_free(arena);
}

// 10^decade <= |x| < 10^(decade + 1) over the whole range.
static void test_decade_brackets_its_number(void **state)
{
    (void)state;
    assert_int_equal(num_decade(1), 0);
    assert_int_equal(num_decade(999.999), 2);
    assert_int_equal(num_decade(1000), 3);
    assert_int_equal(num_decade(0.001), -3);
    assert_int_equal(num_decade(0.00099), -4);
    assert_int_equal(num_decade(1e15), 15);
}

// The shown error is never below the true one by more than a tenth of its first digit, and never
// twice as large.
static void test_precision_does_not_belittle_an_error(void **state)
{
    (void)state;
    for (int i = 1; i < 100000; i += 7) {
        double half = i * 1.3e-5;
        Precision precision = num_precision(half);
        assert_true(precision.half >= half * 0.909);
        assert_true(precision.half <= half * 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chance_shows_the_digits_its_error_supports),
        cmocka_unit_test(test_chance_below_one_percent_is_one_in_n),
        cmocka_unit_test(test_chance_never_seen_is_bounded_not_zero),
        cmocka_unit_test(test_lopsided_intervals_are_told_by_their_ends),
        cmocka_unit_test(test_chance_above_99_percent_tells_what_is_missing),
        cmocka_unit_test(test_chance_is_never_told_as_nothing_or_certain),
        cmocka_unit_test(test_cell_fits_and_keeps_rare_apart_from_never),
        cmocka_unit_test(test_band_names_both_ends),
        cmocka_unit_test(test_value_is_rounded_by_its_error),
        cmocka_unit_test(test_what_has_too_many_digits_is_told_by_its_power_of_ten),
        cmocka_unit_test(test_value_with_a_hostile_unit_stays_harmless),
        cmocka_unit_test(test_decade_brackets_its_number),
        cmocka_unit_test(test_precision_does_not_belittle_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
