// SPDX-License-Identifier: MIT
//
// Assumptions over which stories differ, and mixtures of two stories: beliefs under whatever name
// they are addressed, and correlations, which go together.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "lang/check.h"
#include "lang/swap.h"

static const char TEXT[] = "model \"t\"\n"
                           "  time daily from 2024-01-01 to 2024-03-01\n"
                           "actor POL\nactor FRA\nset allies = POL, FRA\n"
                           "param a : number ~ 1 to 3\n"
                           "param b : number ~ 1 to 3\n"
                           "param c : number ~ 1 to 3\n"
                           "state x : number = 0\n"
                           "belief guilt of s in allies that x > 1 starts 40%\n"
                           "belief lone of POL that x > 1 starts 40%\n"
                           "correlate a, b 0.2\n"
                           "question q x + guilt[POL] + lone at end\n"
                           "story s\n  weight 1\n"
                           "  correlate a, b 0.9\n"
                           "  correlate b, c 0.8\n"
                           "  correlate a, c 0.7\n"
                           "  guilt of POL = 80%\n"
                           "  lone = 20%\n"
                           "story t\n  weight 1\n"
                           "  correlate b, a -0.9\n"
                           "  guilt[POL] = 10%\n"
                           "  lone of POL = 90%\n";

typedef struct {
    Arena *arena;
    Model *model;
    const Assumption *list;
    int32_t n;
} Loaded;

static Loaded load(void)
{
    Loaded l = {.arena = arena_new(0)};
    DiagList *diags = ARENA_NEW(l.arena, DiagList); // swaps look at the texts again
    *diags = (DiagList){.arena = l.arena};
    Error error = {0};
    LoadOptions options = {0};
    if (lang_load_text(l.arena, diags, STR("t"), str_of(TEXT), &options, &l.model, &error) !=
        ST_OK) {
        fail_msg("%.*s", STR_ARG(diags->diags.p[0].text));
    }
    l.n = lang_assumptions(l.arena, l.model, &l.list);
    return l;
}

static int32_t find(const Loaded *l, const char *name)
{
    for (int32_t i = 0; i < l->n; i++) {
        if (str_eq(l->list[i].name, str_of(name))) {
            return i;
        }
    }
    fail_msg("no assumption %s", name);
    return -1;
}

static void expect(Str got, const char *want)
{
    if (!str_eq(got, str_of(want))) {
        fail_msg("%.*s, not %s", STR_ARG(got), want);
    }
}

static void test_one_thing_has_one_name_however_it_is_addressed(void **state)
{
    (void)state;
    Loaded l = load();
    assert_int_equal(l.n, 3);
    const Assumption *pairs = &l.list[find(&l, "the correlations")];
    expect(pairs->values[1], "a, b 0.9; b, c 0.8; a, c 0.7");
    expect(pairs->values[2], "b, a -0.9");
    find(&l, "guilt");
    find(&l, "lone");
    arena_free(l.arena);
}

// Singly, the pairs of one story could contradict those of the other: here -0.9 with 0.8 and 0.7.
static void test_correlations_are_swapped_together(void **state)
{
    (void)state;
    Loaded l = load();
    int32_t pairs = find(&l, "the correlations");
    Str why = {0};
    const View *mixed = lang_swap(l.arena, l.model, 1, 2, &pairs, 1, &why);
    assert_non_null(mixed);
    assert_int_equal(mixed->n_correlated, 2);
    assert_true(mixed->correlated[1].row[0] < -0.9);
    const View *other = lang_swap(l.arena, l.model, 2, 1, &pairs, 1, &why);
    assert_non_null(other);
    assert_int_equal(other->n_correlated, 3);
    assert_true(other->correlated[1].row[0] > 0.9);
    arena_free(l.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_thing_has_one_name_however_it_is_addressed),
        cmocka_unit_test(test_correlations_are_swapped_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
