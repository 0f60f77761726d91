// SPDX-License-Identifier: MIT
//
// Numbers survive the way to text and back, whatever the locale.
#include "base/num.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static Arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new(0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double of_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static void expect_shortest(double x, const char *want)
{
    assert_string_equal(num_shortest(arena, x).p, want);
}

static void test_num_shortest_prints_known_numbers(void **state)
{
    (void)state;
    expect_shortest(0.1, "0.1");
    expect_shortest(1e-9, "1e-09");
    expect_shortest(4096, "4096");
    expect_shortest(0, "0");
    expect_shortest(-0.0, "-0");
    expect_shortest(-0.5, "-0.5");
    expect_shortest(0.1 + 0.2, "0.30000000000000004");
    expect_shortest(1.0 / 3, "0.3333333333333333");
    expect_shortest(100, "100");
    expect_shortest(1e6, "1000000");
    expect_shortest(123456.789, "123456.789");
    expect_shortest(0.0001, "0.0001");
    expect_shortest(0.00001, "1e-05");
    expect_shortest(9007199254740993.0, "9007199254740992");
    expect_shortest(1e16, "1e+16");
    expect_shortest(1.5e300, "1.5e+300");
    expect_shortest(1.7976931348623157e308, "1.7976931348623157e+308");
    expect_shortest(2.2250738585072014e-308, "2.2250738585072014e-308");
    expect_shortest(5e-324, "5e-324");
    expect_shortest(1e-320, "1e-320");
    expect_shortest(0x1p-44, "5.684341886080802e-14"); // nearest of 16 digits ends in 1
    expect_shortest(of_bits(0x7ff8000000000000), "nan");
    expect_shortest(of_bits(0xfff8000000000000), "nan");
    expect_shortest(of_bits(0x7ff0000000000000), "inf");
    expect_shortest(of_bits(0xfff0000000000000), "-inf");
}

static void test_num_shortest_reads_back_exactly(void **state)
{
    (void)state;
    uint64_t random = 1;
    int tried = 0;
    while (tried < 60000) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        uint64_t bits = random ^ random >> 29;
        if (tried % 16 == 0) {
            bits &= 0x800fffffffffffff; // subnormal
        } else if (tried % 16 == 1) {
            bits &= 0xfff0000000000000; // a power of two
        }
        double x = of_bits(bits), y = 1;
        if (x - x != 0) {
            continue;
        }
        tried++;
        ArenaMark mark = arena_mark(arena);
        Str text = num_shortest(arena, x);
        assert_true(num_parse(text, &y));
        assert_int_equal(bits_of(y), bits_of(x));
        assert_true(text.n <= 24);
        // One digit less does not.
        char shorter[64];
        int digits = 0;
        for (size_t i = 0; i < text.n && text.p[i] != 'e'; i++) {
            digits += (text.p[i] >= '1' && text.p[i] <= '9') || (digits && text.p[i] == '0');
        }
        if (digits > 1 && x < 1e15 && x > -1e15) {
            snprintf(shorter, sizeof shorter, "%.*e", digits - 2, x);
            assert_true(strtod(shorter, NULL) != x);
        }
        arena_reset(arena, mark);
    }
}

static void test_num_grouped_groups_and_rounds(void **state)
{
    (void)state;
    static const struct {
        double x;
        int decimals;
        const char *want;
    } cases[] = {
        {4096.5, 2, "4,096.50"},
        {0, 0, "0"},
        {999, 0, "999"},
        {1000, 0, "1,000"},
        {999.9996, 3, "1,000.000"},
        {1234567.891, 1, "1,234,567.9"},
        {-4096, 0, "-4,096"},
        {-0.001, 2, "0.00"},
        {-0.0, 0, "0"},
        {-0.006, 2, "-0.01"},
        {-999999.5, 0, "-1,000,000"},
        {1e21, 0, "1,000,000,000,000,000,000,000"},
        {0.5, 3, "0.500"},
        {-123, 1, "-123.0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Str got = num_grouped(arena, cases[i].x, cases[i].decimals);
        assert_string_equal(got.p, cases[i].want);
    }
    assert_string_equal(num_grouped(arena, of_bits(0x7ff8000000000000), 2).p, "nan");
    assert_true(num_grouped(arena, 1.7976931348623157e308, 0).n == 309 + 102);
}

static void test_num_parse_takes_plain_decimals_only(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double x;
    } good[] = {
        {"12", 12},
        {"-0.5", -0.5},
        {"1e6", 1e6},
        {"+3", 3},
        {"007", 7},
        {"1.25E-2", 0.0125},
        {"1e-400", 0},
        {"0e99999999999999999999", 0},
        {"4.9e-324", 5e-324},
        {"9007199254740993", 9007199254740992.0}, // a tie: to even
        {"9007199254740993.0000000000000000000000000000000000000000000000000000000000000000001",
         9007199254740994.0}, // just above it, and longer than any buffer
        {"2.2250738585072011e-308", 2.2250738585072011e-308}, // hung a well-known strtod
        {"179769313486231580793728971405301e276", 1.7976931348623157e308},
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        double x = -1;
        assert_true(num_parse(str_of(good[i].text), &x));
        assert_int_equal(bits_of(x), bits_of(good[i].x));
    }
    static const char *const bad[] = {
        "",   " 1", "1 ",  "1x",  "x",   "0x10", "inf",  "nan",   "1.",     ".5",    "-",
        "e5", "1e", "1e+", "--1", "1,5", "1_0",  "1e5.", "1e999", "-1e999", "1.5.2", "\xd9\xa1",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        double x = -1;
        assert_false(num_parse(str_of(bad[i]), &x));
        assert_true(x == -1);
    }
    double x;
    assert_false(num_parse(STR("1\0"), &x));
    assert_true(num_parse(str_sub(STR("12.5345"), 0, 4), &x) && x == 12.5); // no NUL needed
}

static void test_num_parse_u64_refuses_overflow(void **state)
{
    (void)state;
    uint64_t x = 0;
    assert_true(num_parse_u64(STR("18446744073709551615"), &x) && x == UINT64_MAX);
    assert_true(num_parse_u64(STR("0"), &x) && x == 0);
    static const char *const bad[] = {
        "", "18446744073709551616", "99999999999999999999", "-1", "+1", "1 ", "1e3"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(num_parse_u64(str_of(bad[i]), &x));
    }
}

// Debian has few locales installed, so that one with a decimal comma is made for this test.
static void test_num_does_not_follow_the_locale(void **state)
{
    (void)state;
    static const char *const commas[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "uk_UA.UTF-8", "nl_NL"};
    char folder[] = "casus-locale-XXXXXX";
    assert_non_null(mkdtemp(folder));
    Str make =
        str_format(arena, "localedef -i de_DE -f ISO-8859-1 ./%s/xx_XX >/dev/null 2>&1", folder);
    bool set = false;
    for (size_t i = 0; i < 4 && !set; i++) {
        set = setlocale(LC_ALL, commas[i]) != NULL;
    }
    if (!set && system(make.p) == 0) {
        setenv("LOCPATH", folder, 1);
        set = setlocale(LC_ALL, "xx_XX") != NULL;
        unsetenv("LOCPATH");
    }
    char shown[8] = "";
    snprintf(shown, sizeof shown, "%.1f", 0.5);
    double x = 0;
    bool parsed = num_parse(STR("2.5"), &x);
    bool comma = num_parse(STR("2,5"), &(double){0});
    Str shortest = num_shortest(arena, 1.5), grouped = num_grouped(arena, 4096.5, 1);
    Str formatted = str_format(arena, "%.2f", 0.25);
    setlocale(LC_ALL, "C");
    Str clean = str_format(arena, "rm -r ./%s", folder);
    assert_int_equal(system(clean.p), 0);
    if (set) {
        assert_string_equal(shown, "0,5"); // the locale is what we think
    }
    assert_true(parsed && x == 2.5);
    assert_false(comma);
    assert_string_equal(shortest.p, "1.5");
    assert_string_equal(grouped.p, "4,096.5");
    assert_string_equal(formatted.p, "0.25");
    if (!set) {
        skip(); // neither a locale with a comma nor the sources of one
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_num_shortest_prints_known_numbers),
        cmocka_unit_test(test_num_shortest_reads_back_exactly),
        cmocka_unit_test(test_num_grouped_groups_and_rounds),
        cmocka_unit_test(test_num_parse_takes_plain_decimals_only),
        cmocka_unit_test(test_num_parse_u64_refuses_overflow),
        cmocka_unit_test(test_num_does_not_follow_the_locale),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
