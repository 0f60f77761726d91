// SPDX-License-Identifier: MIT
//
// What newcomers write and are told: the first message of a text has this code and this help, and
// nothing is told besides it that the same slip caused.
#include "lang_fixture.h"

static const char BASE[] = "actor POL\n"
                           "actor FRA\n"
                           "set club = POL, FRA\n"
                           "ladder rung = calm < war\n"
                           "state level : rung = calm\n"
                           "state n : count = 0\n"
                           "event e for s in club\n"
                           "  chance 3% within 1 week\n";

typedef struct {
    const char *text;
    int32_t code, errors;
    const char *help;
} Slip;

static void expect_help(const Slip *slip)
{
    Buf text = {.arena = texts};
    buf_addf(&text, "%s%s", BASE, slip->text);
    load(buf_str(&text).p, false);
    const Diag *diag = list.diags.n ? &list.diags.p[0] : NULL;
    bool right = diag && diag->code == slip->code && list.n_errors == slip->errors &&
                 str_eq(diag->help, str_of(slip->help));
    if (!right) {
        say_diags();
        fail_msg("%s: %d errors, helped by: %.*s", slip->text, (int)list.n_errors,
                 STR_ARG(diag ? diag->help : STR("")));
    }
}

static void expect_helps(const Slip *slips, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        expect_help(&slips[i]);
    }
}
#define EXPECT_HELPS(slips) expect_helps(slips, sizeof(slips) / sizeof(slips)[0])

static void test_plus_minus_is_no_subtraction(void **state)
{
    (void)state;
    static const char HELP[] = "write `2 to 4` or `around 3 give or take 1`; to take away, `3 - 1`";
    static const Slip SLIPS[] = {
        {"param p : number ~ 3 +- 1\n", 237, 1, HELP},
        {"param p : number ~ 3 +/- 1\n", 237, 1, HELP},
        {"param p : number ~ 3 \xc2\xb1 1\n", 102, 1,
         "write `2 to 4`, or `around 3 give or take 1`"},
    };
    EXPECT_HELPS(SLIPS);
    assert_non_null(load("param p : number = 3 + -1\nquestion q p at end\n", false));
}

static void test_other_words_for_a_window_are_told_ours(void **state)
{
    (void)state;
    static const char HELP[] = "write `30% within 1 year`, `3% per week`";
    static const Slip SLIPS[] = {
        {"event f\n  chance 30% in 1 year\n", 210, 1, HELP},
        {"event f\n  chance 30% within a year\n", 368, 1,
         "a number stands before a unit: `1 week`"},
        {"event f\n  chance 30% per annum\n", 351, 1, "write `per year`"},
        {"event f\n  chance 30 percent within 1 year\n", 351, 1,
         "write a percent sign behind the number: `30%`"},
        {"event f\n  probability 30% within 1 year\n", 205, 1, "write `chance 30% within 1 year`"},
        {"event f\n  happens with 30% within 1 year\n", 205, 1,
         "how likely it is: `chance 30% within 1 year`"},
        {"event f\n  if level is war\n", 206, 1, "a condition stands behind `when`"},
    };
    EXPECT_HELPS(SLIPS);
}

static void test_other_words_for_statements_are_told_ours(void **state)
{
    (void)state;
    static const Slip SLIPS[] = {
        {"each step\n  increase n by 1\n", 240, 1, "write `x += 1`"},
        {"each step\n  set n to 1\n", 240, 1, "write `x = 1`"},
        {"each step\n  n++\n", 240, 1, "write `x += 1`"},
        {"each step\n  level becomes war\n", 240, 1, "write `x = 1`"},
        {"each step\n  level is war\n", 240, 1, "`is` compares; write `=` to assign"},
        {"each step\n  if n > 2\n    n = 1\n  otherwise n = 0\n", 240, 1, "write `else`"},
        {"each step\n  one of\n    0.3 n += 1\n    rest\n", 210, 1, "write `30%`, or `(0.3)`"},
    };
    EXPECT_HELPS(SLIPS);
}

static void test_members_are_told_their_brackets(void **state)
{
    (void)state;
    static const char HELP[] = "of one member write `e[POL]`";
    static const Slip SLIPS[] = {
        {"question q ever e of POL\n", 340, 1, HELP},
        {"question q ever e(POL)\n", 348, 1, HELP},
        {"question q ever e.POL\n", 325, 1, HELP},
        {"question q ever any e\n", 368, 1,
         "over the members of a set: `any(m in SET: x[m])`, and so `all`, `count`, `sum`"},
    };
    EXPECT_HELPS(SLIPS);
}

static void test_other_words_in_questions_are_told_ours(void **state)
{
    (void)state;
    static const char BEFORE[] =
        "it compares two conditions, `a before b`; with a date write `by 2024-03-04`";
    static const Slip SLIPS[] = {
        {"question q ever level is war before 2024-02-01\n", 203, 1, BEFORE},
        {"question q ever n exceeds 3 by 2024-02-01\n", 368, 2, "write `x > y`"},
        {"question q ever level is war in 2024\n", 203, 1,
         "write `by` a date, `from` a date `to` a date, or `within 90 days after e`"},
        {"question q ever level is war if n > 3\n", 203, 1,
         "a condition on an answer stands behind `given`"},
        {"event f\n  when after 2024-02-01\nquestion q ever f\n", 211, 1,
         "write `today > 2024-03-04`"},
    };
    EXPECT_HELPS(SLIPS);
}

static void test_questions_of_other_words_are_told_their_form(void **state)
{
    (void)state;
    static const Slip SLIPS[] = {
        {"question q probability level is war\n", 250, 1, "write `ever e`"},
        {"question q number of e\n", 250, 1, "how often is `times e`, how much `x at end`"},
        {"question q average n\n", 250, 1, "write `mean x`"},
        {"question q median n at end\n", 368, 1,
         "leave it out: of `x at end` the median and the quantiles are told"},
        {"question q ever level is war given that n > 3\n", 368, 1, "leave `that` out"},
        {"question q ever level is war after e[POL]\n", 203, 1,
         "write `within 90 days after e`, or `from` a date `to` a date"},
        {"question q ever level is war between 2024-01-05 and 2024-01-09\n", 203, 1,
         "write `from` a date `to` a date"},
    };
    EXPECT_HELPS(SLIPS);
}

static void test_other_words_in_decisions_and_stories_are_told_ours(void **state)
{
    (void)state;
    static const Slip SLIPS[] = {
        {"type mood of POL : soft, hard ~ 70%, 30%\nquestion q ever mood[POL] is hard\n", 339, 1,
         "write `mood of POL`"},
        {"decision d by POL\n  option a worth 2 if n > 3 else 0\n  option b worth 0\n", 203, 1,
         "a value by condition is `if n > 3 then 2 else 0`"},
        {"decision d by POL\n  option a\n    worth\n      2\n      3\n  option b worth 0\n", 202, 1,
         "each part of a worth but the first begins with its sign"},
        {"story s\n  weight 1\n  e 5% within 1 month\n", 205, 1,
         "a new value stands behind `=` or `~`: `fear = 2`, `clash.chance = 5% within 1 year`"},
        {"event f\n  chance 3% per week\n  again every 2 weeks\n", 203, 1,
         "write `again after 2 weeks`"},
        {"param a : number ~ 1 to 2\nparam b : number ~ 1 to 2\ncorrelate a with b 0.5\n", 210, 1,
         "write `correlate loss, advance 0.6`"},
    };
    EXPECT_HELPS(SLIPS);
}

static void test_numbers_of_other_habits_are_told_ours(void **state)
{
    (void)state;
    static const Slip SLIPS[] = {
        {"param p : number ~ 0,5 to 1,5\n", 392, 1,
         "decimals have a point, `0.5`; shares of ranges are `mixture(30%: 1 to 2, rest: 5 to 9)`"},
        {"param p : number = 100 000\n", 203, 1,
         "the digits of one number stand together: `100000`, or `100k`"},
        {"param p : duration ~ 3 to 8\n", 360, 1,
         "say of what: `3 days`, `2 to 4 weeks`, `x * 1 day`"},
        {"decision d by POL, FRA\n  option a weight 1\n", 203, 1,
         "several are a set: `set allies = POL, FRA`, and then `by m in allies`"},
    };
    EXPECT_HELPS(SLIPS);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_plus_minus_is_no_subtraction),
        TEST(test_other_words_for_a_window_are_told_ours),
        TEST(test_other_words_for_statements_are_told_ours),
        TEST(test_members_are_told_their_brackets),
        TEST(test_other_words_in_questions_are_told_ours),
        TEST(test_questions_of_other_words_are_told_their_form),
        TEST(test_other_words_in_decisions_and_stories_are_told_ours),
        TEST(test_numbers_of_other_habits_are_told_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
