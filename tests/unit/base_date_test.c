// SPDX-License-Identifier: MIT
//
// Dates: against the calendar counted day by day, and what is refused.
#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void test_date_days_count_every_day_of_9999_years(void **state)
{
    (void)state;
    int32_t days = date_days((Civil){1, 1, 1});
    assert_int_equal(days, -719162);
    for (int32_t year = 1; year <= 9999; year++) {
        for (int32_t month = 1; month <= 12; month++) {
            int32_t last = date_days_in_month(year, month);
            for (int32_t day = 1; day <= last; day++, days++) {
                Civil c = date_civil(days);
                if (date_days((Civil){year, month, day}) != days || c.year != year ||
                    c.month != month || c.day != day) {
                    fail_msg("%d-%d-%d", year, month, day);
                }
            }
        }
    }
    assert_int_equal(days, date_days((Civil){10000, 1, 1}));
    assert_int_equal(days - date_days((Civil){1, 1, 1}), 3652059);
}

static void test_date_days_known(void **state)
{
    (void)state;
    assert_int_equal(date_days((Civil){1970, 1, 1}), 0);
    assert_int_equal(date_days((Civil){2000, 3, 1}), 11017);
    assert_int_equal(date_days((Civil){2024, 3, 4}), 19786);
    assert_int_equal(date_days_in_month(1900, 2), 28);
    assert_int_equal(date_days_in_month(2000, 2), 29);
    assert_int_equal(date_days_in_month(2024, 2), 29);
    Civil first = date_civil(INT32_MIN), last = date_civil(INT32_MAX);
    assert_int_equal(date_days(first), INT32_MIN);
    assert_int_equal(date_days(last), INT32_MAX);
}

static void test_date_add_months_clamps_the_day(void **state)
{
    (void)state;
    static const struct {
        Civil from;
        int32_t months;
        Civil to;
    } cases[] = {
        {{2024, 1, 31}, 1, {2024, 2, 29}},    {{2023, 1, 31}, 1, {2023, 2, 28}},
        {{2024, 3, 31}, -1, {2024, 2, 29}},   {{2024, 12, 15}, 1, {2025, 1, 15}},
        {{2024, 1, 15}, -1, {2023, 12, 15}},  {{2024, 2, 29}, 12, {2025, 2, 28}},
        {{2024, 2, 29}, 48, {2028, 2, 29}},   {{2024, 5, 5}, 0, {2024, 5, 5}},
        {{2024, 1, 31}, -14, {2022, 11, 30}}, {{1, 1, 1}, -1, {0, 12, 1}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int32_t got = date_add_months(date_days(cases[i].from), cases[i].months);
        assert_int_equal(got, date_days(cases[i].to));
    }
    assert_true(date_add_months(0, INT32_MAX) > 1000000000); // clamped, not wrapped
    assert_true(date_add_months(0, INT32_MIN) < -1000000000);
}

static void test_date_parse_reads_days_and_minutes(void **state)
{
    (void)state;
    double days = 0;
    assert_true(date_parse(STR("2024-03-04"), &days) && days == 19786);
    assert_true(date_parse(STR("2024-03-04T06:00"), &days) && days == 19786.25);
    assert_true(date_parse(STR("2024-02-29T23:59"), &days));
    assert_true(date_parse(STR("0001-01-01"), &days) && days == -719162);
    assert_true(date_parse(STR("9999-12-31"), &days));
}

static void test_date_parse_refuses_what_is_none(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "2024",
        "2024-03",
        "2024-3-4",
        "24-03-04",
        "2024-02-30",
        "2023-02-29",
        "1900-02-29",
        "2024-13-01",
        "2024-00-01",
        "2024-01-00",
        "2024-04-31",
        "0000-01-01",
        "2024/03/04",
        "2024-03-04 ",
        " 2024-03-04",
        "-024-03-04",
        "2024-03-04T",
        "2024-03-04T6:00",
        "2024-03-04T24:00",
        "2024-03-04T06:60",
        "2024-03-04 06:00",
        "2024-03-04T06:00:00",
        "2024-03-04T06-00",
        "2024-03-04t06:00",
        "20240304",
        "2024-03-0x",
        "+024-03-04",
        "2024-03-04T-1:00",
        "10000-01-01",
        "2024-03-04Z",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        double days = -7;
        if (date_parse(str_of(bad[i]), &days) || days != -7) {
            fail_msg("took %s", bad[i]);
        }
    }
    assert_false(date_valid((Civil){2024, 2, 30}));
    assert_false(date_valid((Civil){10000, 1, 1}));
    assert_false(date_valid((Civil){2024, -5, 1}));
}

static void test_date_text_shows_the_nearest_minute(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    assert_string_equal(date_text(arena, 19786, false).p, "2024-03-04");
    assert_string_equal(date_text(arena, 19786.25, true).p, "2024-03-04 06:00");
    assert_string_equal(date_text(arena, 19786.999999, true).p, "2024-03-05 00:00");
    assert_string_equal(date_text(arena, 19786.999999, false).p, "2024-03-05");
    assert_string_equal(date_text(arena, -0.25, true).p, "1969-12-31 18:00");
    assert_string_equal(date_text(arena, -719162, false).p, "0001-01-01");
    assert_string_equal(date_text(arena, 1e300, true).p, "no date");
    assert_string_equal(date_text(arena, (double)__builtin_nan(""), true).p, "no date");
    assert_string_equal(date_text_month(arena, 19786).p, "Mar 2024");
    arena_free(arena);
}

static void test_date_text_is_read_back(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    for (int32_t day = -719162; day <= 2932896; day += 997) {
        ArenaMark mark = arena_mark(arena);
        double back = 0, want = day + (day % 1440 + 1440) % 1440 / 1440.0;
        assert_true(date_parse(date_text(arena, day, false), &back) && back == day);
        Str text = date_text(arena, want, true);
        char *with_t = (char *)(uintptr_t)text.p;
        with_t[10] = 'T';
        assert_true(date_parse(text, &back));
        assert_true(back == want);
        arena_reset(arena, mark);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_date_days_count_every_day_of_9999_years),
        cmocka_unit_test(test_date_days_known),
        cmocka_unit_test(test_date_add_months_clamps_the_day),
        cmocka_unit_test(test_date_parse_reads_days_and_minutes),
        cmocka_unit_test(test_date_parse_refuses_what_is_none),
        cmocka_unit_test(test_date_text_shows_the_nearest_minute),
        cmocka_unit_test(test_date_text_is_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
