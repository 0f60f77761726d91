// SPDX-License-Identifier: MIT
//
// Questions as the model has them, values as readers write them, and the word for a probability.
#include "ask/words.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "lang/check.h"
#include "math/bits.h"

static const char MODEL[] =
    "model \"Words\"\n"
    "  time daily from 2024-01-01 to 2024-12-31\n"
    "  words ICD203\n"
    "unit km\n"
    "ladder rung = calm < tense < war\n"
    "state front : km = 0\n"
    "state level : rung = calm\n"
    "event storm when front > 3 km chance 10% within 30 days then raise level to war\n"
    "each step\n"
    "  front += 1 km\n"
    "question a ever front > 5 km   and\n"
    "    level is war # a remark\n"
    "question b storm before front > 9 km given level is tense given never storm by 2024-03-01\n"
    "question c max front from 2024-02-01 to 2024-05-01\n"
    "question d ever storm within 6 weeks after front > 2 km\n"
    "question e front at 2024-06-01\n"
    "question f front over time\n"
    "question g first storm\n"
    "question h front at end\n";

typedef struct {
    Arena *arena;
    DiagList diags;
    const Model *model;
} Loaded;

static Loaded load(void)
{
    Loaded l = {.arena = arena_new(0)};
    l.diags.arena = l.arena;
    LoadOptions options = {.path = "test.casus"};
    Error error = {0};
    Model *model = NULL;
    if (lang_load_text(l.arena, &l.diags, STR("test.casus"), str_of(MODEL), &options, &model,
                       &error) != ST_OK) {
        fail_msg("%s; %.*s", error.message, l.diags.diags.n ? (int)l.diags.diags.p[0].text.n : 0,
                 l.diags.diags.n ? l.diags.diags.p[0].text.p : "");
    }
    l.model = model;
    return l;
}

static void is(Str told, const char *expected)
{
    if (!str_eq(told, str_of(expected))) {
        fail_msg("\"%.*s\", not \"%s\"", STR_ARG(told), expected);
    }
}

static void test_questions_are_quoted(void **state)
{
    (void)state;
    static const char *const expected[] = {
        "ever front > 5 km and level is war",
        "storm before front > 9 km",
        "max front from 2024-02-01 to 2024-05-01",
        "ever storm within 42 days after front > 2 km",
        "front at 2024-06-01",
        "front over time",
        "first storm",
        "front at end",
    };
    Loaded l = load();
    const View *view = l.model->views[0];
    assert_int_equal(view->n_questions, 8);
    for (int i = 0; i < 8; i++) {
        is(words_form(l.arena, &l.diags, &view->questions[i].form), expected[i]);
        is(words_form(l.arena, NULL, &view->questions[i].form), "");
    }
    is(words_given(l.arena, &l.diags, &view->questions[1]),
       "ever level is tense and never storm by 2024-03-01");
    is(words_given(l.arena, &l.diags, &view->questions[0]), "");
    arena_free(l.arena);
}

static void test_the_word_for_a_probability(void **state)
{
    (void)state;
    static const struct {
        double p;
        const char *word;
    } cases[] = {{0.009, NULL},
                 {0.01, "almost no chance"},
                 {0.05, "very unlikely"},
                 {0.2, "unlikely"},
                 {0.1999, "very unlikely"},
                 {0.45, "roughly even chance"},
                 {0.55, "likely"},
                 {0.8, "very likely"},
                 {0.95, "almost certain"},
                 {0.99, "almost certain"},
                 {0.991, NULL},
                 {1, NULL}};
    Loaded l = load();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const Word *word = words_chance(l.model, cases[i].p);
        if (!cases[i].word) {
            assert_null(word);
        } else {
            assert_non_null(word);
            is(word->phrase, cases[i].word);
        }
    }
    assert_null(words_chance(l.model, MATH_NAN));
    arena_free(l.arena);
}

static void test_values_are_written_for_readers(void **state)
{
    (void)state;
    Loaded l = load();
    const View *view = l.model->views[0];
    Kind flag = {.tag = KIND_FLAG}, date = {.tag = KIND_DATE}, number = {.tag = KIND_NUMBER};
    Kind rung = {.tag = KIND_RUNG, .domain = 0};
    Shown km = {.scale = 1, .unit = STR("km")}, percent = {.scale = 100, .unit = STR("%")};
    Shown hazard = {.window_days = 365.25, .window = STR("1 year")};
    is(words_value(l.arena, view, flag, km, 1), "yes");
    is(words_value(l.arena, view, flag, km, 0), "no");
    is(words_value(l.arena, view, date, km, 19786), "2024-03-04");
    is(words_value(l.arena, view, date, km, MATH_NAN), "never");
    is(words_value(l.arena, view, rung, km, 2), "war");
    is(words_value(l.arena, view, number, km, 12345.6), "12,346 km");
    is(words_value(l.arena, view, number, km, -12.34), "-12.3 km");
    is(words_value(l.arena, view, number, (Shown){0}, 7), "7");
    is(words_value(l.arena, view, number, percent, 0.25), "25 %");
    is(words_value(l.arena, view, number, hazard, 0.001), "30.6 % within 1 year");
    is(words_value(l.arena, view, number, km, MATH_NAN), "undefined");
    arena_free(l.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_questions_are_quoted),
        cmocka_unit_test(test_the_word_for_a_probability),
        cmocka_unit_test(test_values_are_written_for_readers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
