// SPDX-License-Identifier: MIT
//
// Places in text, and the list of what is wrong: bounded, without repeats, in order. And the clock.
#include "base/diag.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/limits.h"

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

static void expect_place(const DiagList *list, int32_t offset, int32_t line, int32_t column)
{
    Place got = diag_place(list, 0, offset);
    assert_int_equal(got.line, line);
    assert_int_equal(got.column, column);
}

static void test_diag_place_counts_characters(void **state)
{
    (void)state;
    static const int32_t starts[] = {0, 3, 4, 9};
    DiagList list = {.arena = arena};
    SourceText source = {STR("m"), STR("ab\n\n\u0142\u20acx"), starts, 3, false};
    vec_push(arena, &list.sources, source);
    expect_place(&list, 0, 1, 1);
    expect_place(&list, 2, 1, 3); // the line end belongs to its line
    expect_place(&list, 3, 2, 1);
    expect_place(&list, 4, 3, 1);
    expect_place(&list, 6, 3, 2);  // after two bytes
    expect_place(&list, 9, 3, 3);  // after three more
    expect_place(&list, 10, 3, 4); // the end of the text
    expect_place(&list, 999, 3, 4);
    expect_place(&list, -5, 1, 1);
    assert_int_equal(diag_place(&list, -1, 0).line, 0);
}

static Diag at(int32_t file, int32_t lo, Severity severity, int32_t code)
{
    return (Diag){
        .severity = severity, .code = code, .span = {file, lo, lo + 1}, .related = NO_SPAN};
}

static void test_diag_add_keeps_one_error_a_place(void **state)
{
    (void)state;
    DiagList list = {.arena = arena};
    Diag *first = diag_add(&list, at(0, 5, SEVERITY_ERROR, 101));
    assert_int_equal(first->code, 101);
    Diag *second = diag_add(&list, at(0, 5, SEVERITY_ERROR, 102));
    second->code = 999; // must not touch the first
    assert_int_equal(list.diags.n, 1);
    assert_int_equal(list.n_errors, 1);
    assert_int_equal(list.diags.p[0].code, 101);
    diag_add(&list, at(0, 5, SEVERITY_WARNING, 201));
    diag_add(&list, at(0, 6, SEVERITY_ERROR, 103));
    diag_add(&list, at(1, 5, SEVERITY_ERROR, 104));
    diag_add(&list, at(-1, 0, SEVERITY_ERROR, 105)); // without a place nothing is the same place
    diag_add(&list, at(-1, 0, SEVERITY_ERROR, 106));
    assert_int_equal(list.diags.n, 6);
    assert_int_equal(list.n_errors, 5);
    assert_int_equal(list.n_warnings, 1);
}

static void test_diag_add_is_bounded_but_counts_on(void **state)
{
    (void)state;
    DiagList list = {.arena = arena};
    for (int32_t i = 0; i < LIMIT_DIAGS; i++) {
        diag_add(&list, at(0, i, SEVERITY_WARNING, 200));
    }
    for (int32_t i = 0; i < 3000; i++) {
        diag_add(&list, at(0, i, SEVERITY_ERROR, 100))->code++;
    }
    assert_int_equal(list.diags.n, LIMIT_DIAGS);
    assert_int_equal(list.n_warnings, LIMIT_DIAGS);
    assert_int_equal(list.n_errors, 3000);
    for (int32_t i = 0; i < LIMIT_DIAGS; i++) { // errors have pushed the warnings out
        assert_int_equal(list.diags.p[i].severity, SEVERITY_ERROR);
    }
}

static void test_diag_sort_is_by_place_and_stable(void **state)
{
    (void)state;
    DiagList list = {.arena = arena};
    diag_add(&list, at(1, 3, SEVERITY_ERROR, 1));
    diag_add(&list, at(0, 9, SEVERITY_WARNING, 2));
    diag_add(&list, at(0, 4, SEVERITY_ERROR, 3));
    diag_add(&list, at(0, 9, SEVERITY_WARNING, 4));
    diag_add(&list, at(-1, 0, SEVERITY_ERROR, 5));
    diag_add(&list, at(0, 9, SEVERITY_ERROR, 6));
    diag_sort(&list);
    static const int32_t want[] = {5, 3, 2, 4, 6, 1};
    for (int i = 0; i < 6; i++) {
        assert_int_equal(list.diags.p[i].code, want[i]);
    }
}

static void test_diag_sort_puts_what_no_text_holds_first(void **state)
{
    (void)state;
    DiagList list = {.arena = arena};
    diag_add(&list, at(0, 4, SEVERITY_ERROR, 384));
    diag_add(&list, at(0, 9, SEVERITY_ERROR, 101));
    diag_add(&list, at(1, 2, SEVERITY_ERROR, 212));
    diag_add(&list, at(1, 7, SEVERITY_ERROR, 100));
    diag_sort(&list);
    static const int32_t want[] = {101, 384, 100, 212};
    for (int i = 0; i < 4; i++) {
        assert_int_equal(list.diags.p[i].code, want[i]);
    }
}

static void test_clock_runs_forward(void **state)
{
    (void)state;
    double before = clock_seconds(), now = before;
    while (now == before) {
        now = clock_seconds();
    }
    assert_true(now > before && now - before < 10);
    assert_true(clock_processors() >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_diag_place_counts_characters),
        cmocka_unit_test(test_diag_add_keeps_one_error_a_place),
        cmocka_unit_test(test_diag_add_is_bounded_but_counts_on),
        cmocka_unit_test(test_diag_sort_is_by_place_and_stable),
        cmocka_unit_test(test_diag_sort_puts_what_no_text_holds_first),
        cmocka_unit_test(test_clock_runs_forward),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
