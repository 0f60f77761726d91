// SPDX-License-Identifier: MIT
//
// Exact answers to models of many states: what is worked out together, what it costs, what is
// refused and when.
#include <string.h>

#include "exact_held.h"

enum { MEGABYTES_ALIKE = 16 };

// Three counts that walk up and down between 0 and 29, from day to day.
#define WALKS                                                                                      \
    "model \"m\"\n  time daily from 2024-01-01 to 2024-02-15\nset who = a, b, c\n"                 \
    "state x[who] : count = 15\nstate top : count = 0\n"                                           \
    "each step\n  for w in who\n    one of\n"                                                      \
    "      40% x[w] = min(x[w] + 1, 29)\n      35% x[w] = max(x[w] - 1, 0)\n      rest\n"

static uint64_t work_of(const Loaded *l, const Answer **answer)
{
    Error error = {0};
    uint64_t all = UINT64_C(1) << 40, left = all;
    *answer = answer_within(l, (ExactLimits){.work = &left}, &error);
    assert_non_null(*answer);
    return all - left;
}

static void test_questions_on_the_same_states_share_them(void **state)
{
    (void)state;
    const char *one = WALKS "question high x[a] + 2 * x[b] + 4 * x[c] at end\n";
    const char *six = WALKS "question high x[a] + 2 * x[b] + 4 * x[c] at end\n"
                            "question low x[a] - x[b] + 3 * x[c] at end\n"
                            "question far x[a] + 3 * x[b] - x[c] at end\n"
                            "question over x[a] + 5 * x[b] - x[c] over time\n"
                            "question equal x[a] is x[b] and x[b] is x[c] at end\n"
                            "question above x[a] > x[b] and x[b] > x[c] at end\n";
    const Answer *a, *b;
    Loaded with_one = load_text(one), with_six = load_text(six);
    uint64_t alone = work_of(&with_one, &a), together = work_of(&with_six, &b);
    assert_true(a->provenance.states > 20000);
    assert_true(together < 3 * alone); // the first tries were for nothing
    same_value("walks", STR("high"), value_of(a, "high"), value_of(b, "high"));
    arena_free(with_one.arena);
    arena_free(with_six.arena);
}

// Actors on ladders, each with chances of his own, who look at each other one by one: at how many
// stand above them, or with weights of their own, whole or not.
static const char *pairs(Arena *arena, char last, const char *const *weights)
{
    Buf b = {.arena = arena};
    buf_addf(&b, "model \"m\"\n  time daily from 2024-01-01 to 2024-02-15\n"
                 "ladder rung = r0 < r1 < r2 < r3\n");
    for (char c = 'a'; c <= last; c++) {
        buf_addf(&b, "state at_%c : rung = r0\n", c);
    }
    for (char c = 'a'; c <= last; c++) {
        buf_addf(&b,
                 "event move_%c\n  when at_%c is not r3\n  then\n    one of\n      (%d.%d%% * (1",
                 c, c, 4 + c - 'a', c - 'a');
        for (char o = 'a'; o <= last; o++) {
            if (o != c) {
                buf_addf(&b, " + (if at_%c > at_%c then %s else 0)", o, c, weights[o - 'a']);
            }
        }
        buf_addf(&b, ")) raise at_%c by 1\n      %d%% lower at_%c by 1\n      rest\n  again\n", c,
                 3 + c - 'a', c);
    }
    buf_addf(&b, "question top \"Two\"\n  ever at_a is r3 and at_e is r3\n"
                 "question path \"B\"\n  at_b over time\n");
    return str_c(arena, buf_str(&b));
}

static void test_who_stands_above_goes_in_blocks(void **state)
{
    (void)state;
    const char *weights[][5] = {
        {"1", "1", "1", "1", "1"}, {"1", "1", "2", "1", "2"}, {"0.1", "0.2", "0.3", "0.1", "0.2"}};
    for (int i = 0; i < 3; i++) {
        Arena *arena = arena_new(0);
        Loaded l = load_text(pairs(arena, 'e', weights[i]));
        Error error = {0};
        const Answer *rows = answer_within(&l, (ExactLimits){.blocks_from = UINT32_MAX}, &error);
        assert_non_null(rows);
        assert_true(rows->provenance.states >= 1024);
        assert_true(hold_blocks("pairs", &l, rows) > 40);
        arena_free(l.arena);
        arena_free(arena);
    }
}

// Six others in a sum of whole numbers are 84 ways of standing and go in blocks; with weights that
// tell them apart they are 4,096, each with rows of its own.
static void test_others_in_a_sum_of_whole_numbers_have_no_order(void **state)
{
    (void)state;
    const char *alike[] = {"1", "1", "1", "1", "1", "1", "1"};
    const char *apart[] = {"1", "2", "4", "8", "16", "32", "64"};
    Arena *arena = arena_new(0);
    Loaded few = load_text(pairs(arena, 'g', alike)), many = load_text(pairs(arena, 'g', apart));
    Error error = {0};
    assert_non_null(answer_within(&few, (ExactLimits){.megabytes = MEGABYTES_ALIKE}, &error));
    assert_null(answer_within(&many, (ExactLimits){.megabytes = MEGABYTES_ALIKE}, &error));
    arena_free(few.arena);
    arena_free(many.arena);
    arena_free(arena);
}

// Shares of shares, in an order that matters: eight times as many values with every day.
#define SHARES                                                                                     \
    "model \"m\"\n  time daily from 2024-01-01 to 2024-12-31\nstate x : number = 100\n"            \
    "state y : number = 50\nstate n : count = 0\neach step\n  y = y + 0.1 - 0.02 * x\n"            \
    "event hit\n  chance 10% within step\n  then x = x * 0.83\n  again\n"                          \
    "event gain\n  chance 7% within step\n  then\n    x = x + 1\n    n += 1\n  again\n"

static void test_fractions_without_end_are_refused_early(void **state)
{
    (void)state;
    Loaded l = load_text(SHARES "question fine n at end\nquestion q y at end\n");
    Error error = {0};
    uint64_t all = UINT64_C(1) << 40, left = all;
    const Answer *answer = answer_within(&l, (ExactLimits){.work = &left}, &error);
    assert_non_null(answer);
    assert_int_equal(oracle_item(answer, STR("fine"))->why.n, 0);
    Str why = oracle_item(answer, STR("q"))->why;
    assert_true(strstr(str_c(l.arena, why), "times as many with each") != NULL);
    assert_true(strstr(str_c(l.arena, why), "`y`") != NULL);
    assert_true(all - left < 200000000); // seconds, and not minutes
    RunOptions options = {.sources = &l.diags};
    assert_int_equal(ask_exact_applies(l.arena, l.model, &options, &why, &error), ST_OK);
    assert_true(strncmp(str_c(l.arena, why), "`q`: too many states", 20) == 0);
    arena_free(l.arena);
}

// Where the order does not matter they become more as well, but not without end.
static void test_fractions_with_an_end_are_answered(void **state)
{
    (void)state;
    Loaded l = load_text("model \"m\"\n  time daily from 2024-01-01 to 2024-03-01\n"
                         "state x : number = 100\nstate z : number = 7\n"
                         "event hit\n  chance 10% within step\n  then x = x * 0.83\n  again\n"
                         "event gain\n  chance 7% within step\n  then x = x * 1.1\n  again\n"
                         "event other\n  chance 7% within step\n  then z = z * 1.1\n  again\n"
                         "question q x * z at end\n");
    Error error = {0};
    const Answer *answer = answer_within(&l, (ExactLimits){.megabytes = 64}, &error);
    assert_non_null(answer);
    assert_true(answer->provenance.states > 30000);
    Str why;
    RunOptions options = {.sources = &l.diags};
    assert_int_equal(ask_exact_applies(l.arena, l.model, &options, &why, &error), ST_OK);
    assert_int_equal(why.n, 0);
    arena_free(l.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_questions_on_the_same_states_share_them),
        cmocka_unit_test(test_who_stands_above_goes_in_blocks),
        cmocka_unit_test(test_others_in_a_sum_of_whole_numbers_have_no_order),
        cmocka_unit_test(test_fractions_without_end_are_refused_early),
        cmocka_unit_test(test_fractions_with_an_end_are_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
