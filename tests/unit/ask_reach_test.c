// SPDX-License-Identifier: MIT
//
// What a model never reaches: found where it is so, not where it is not, told apart from what is
// only rare; and marks change no answer.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ask/marks.h"
#include "ask/reach.h"
#include "lang/check.h"
#include "math/elementary.h"

#define HEAD "model \"m\"\n  time daily from 2024-01-01 to 2024-01-31\n"

typedef struct {
    Arena *arena;
    DiagList diags;
    Model *model;
} Loaded;

static Loaded load_with(const char *text, const char *path)
{
    Loaded l = {.arena = arena_new(0)};
    l.diags.arena = l.arena;
    Error error = {0};
    LoadOptions options = {.path = path};
    Status status = path ? lang_load(l.arena, &l.diags, &options, &l.model, &error)
                         : lang_load_text(l.arena, &l.diags, STR("m"), str_of(text), &options,
                                          &l.model, &error);
    if (status != ST_OK) {
        fail_msg("%s: %.*s", error.message, (int)l.diags.diags.p[0].text.n,
                 l.diags.diags.p[0].text.p);
    }
    return l;
}

static Loaded load(const char *text)
{
    return load_with(text, NULL);
}

static const Reach *reach_in(Loaded *l, uint64_t worlds)
{
    Reach *found = NULL;
    Error error = {0};
    ReachOptions options = {
        .run = {.seed = 1, .worlds = worlds, .futures = 2, .threads = 1, .sources = &l->diags}};
    if (ask_reach(l->arena, l->model, &options, &found, &error) != ST_OK) {
        fail_msg("%s", error.message);
    }
    return found;
}

static const Reach *reach(Loaded *l)
{
    return reach_in(l, 1000);
}

static const ReachFinding *find(const Reach *r, const char *what)
{
    for (int32_t i = 0; i < r->n_findings; i++) {
        if (str_eq(r->findings[i].what, str_of(what))) {
            return &r->findings[i];
        }
    }
    return NULL;
}

static void expect_impossible(const Reach *r, const char *what, int32_t line)
{
    const ReachFinding *f = find(r, what);
    if (!f) {
        fail_msg("%s is not told", what);
    }
    assert_true(f->chance == 0 && f->lost == 0);
    assert_int_equal(f->line, line);
}

// Hits come to three at most, which no lint can see.
static const char MODEL[] = HEAD
    "actor POL\n"
    "ladder mood = calm < tense < war\n"
    "state hits : count = 0\n"
    "state now : mood = calm\n"
    "state known : flag = no\n"
    "event shot\n  when hits is at most 2\n  chance 50% within step\n  then hits += 1\n  again\n"
    "event ghost\n  when hits > 3\n"
    "  then\n    if hits is 4\n      known = yes\n"
    "each step\n  if hits is at most 3\n    raise now to tense\n  else\n    raise now to war\n"
    "decision send by POL\n  when hits is 2\n"
    "  option wait weight 1\n"
    "  option go weight (if hits is 2 then 0 else 1)\n    then known = yes\n"
    "event rare\n  chance 0.0001% within step\n"
    "question q \"Q\" ever shot\n"
    "question gone \"G\" ever ghost\n"
    "question path \"P\" hits over time\n";

static void test_what_cannot_be_is_told_with_its_place(void **state)
{
    (void)state;
    Loaded l = load(MODEL);
    const Reach *r = reach(&l);
    expect_impossible(r, "event `ghost`", 13);
    expect_impossible(r, "option `go` of decision `send`", 23);
    expect_impossible(r, "the else of `if hits is at most 3` in `each step`", 19);
    expect_impossible(r, "`now` at `war`", 6);
    expect_impossible(r, "`known` at `yes`", 7);
    // What is inside of `ghost` is not told beside it.
    assert_null(find(r, "the branch `if hits is 4` in event `ghost`"));
    assert_null(find(r, "event `shot`"));
    assert_null(find(r, "`now` at `tense`"));
    const ReachFinding *always = find(r, "q"); // but for a month in which the coin never falls so
    assert_non_null(always);
    assert_string_equal(str_c(l.arena, always->always), "yes");
    assert_true(m_abs(always->chance * 1073741824.0 - 1) < 1e-6);
    const ReachFinding *gone = find(r, "gone");
    assert_non_null(gone);
    assert_int_equal(gone->kind, REACH_QUESTION);
    assert_string_equal(str_c(l.arena, gone->always), "no");
    assert_true(gone->chance == 0);
    assert_int_equal(r->tried[REACH_EVENT], 3);
    assert_int_equal(r->tried[REACH_QUESTION], 2); // none over time
    arena_free(l.arena);
}

static void test_what_is_only_rare_has_its_chance(void **state)
{
    (void)state;
    Loaded l = load(MODEL);
    const ReachFinding *rare = find(reach(&l), "event `rare`");
    assert_non_null(rare);
    assert_int_equal(rare->futures, 2000);
    assert_true(rare->chance > 2.9e-5 && rare->chance < 3.2e-5);
    arena_free(l.arena);
}

// So rare that exact answers do not follow it: what they let go is told, not "impossible".
static void test_what_is_rarer_than_exact_answers_follow_can_be(void **state)
{
    (void)state;
    Loaded l = load(HEAD "event a\n  chance 1e-31 within step\n"
                         "event b\n  when a\n  chance 1e-31 within step\n"
                         "question q \"Q\" ever b\n");
    const Reach *r = reach(&l);
    const ReachFinding *b = find(r, "event `b`"), *q = find(r, "q");
    assert_true(b && b->chance + b->lost > 0 && b->chance + b->lost < 1e-50);
    assert_true(q && q->chance + q->lost > 0);
    arena_free(l.arena);
}

static void test_what_is_not_finite_is_told_without_a_chance(void **state)
{
    (void)state;
    Loaded l = load(HEAD "param pace : number ~ normal(1, 0.1)\nstate x : number = 0\n"
                         "each step\n  x += pace * step / (1 day)\n"
                         "event far\n  when x > 1000\n"
                         "question q \"Q\" x at end\n");
    const ReachFinding *far = find(reach(&l), "event `far`");
    assert_non_null(far);
    assert_true(m_is_nan(far->chance));
    arena_free(l.arena);
}

static void test_what_one_story_reaches_is_reached(void **state)
{
    (void)state;
    Loaded l = load(HEAD "source a_text B \"A\"\nsource b_text B \"B\"\n"
                         "param fear : number = 0\n"
                         "event flight\n  when fear > 1\n  chance 50% within step\n"
                         "event panic\n  when fear > 5\n  chance 50% within step\n"
                         "event ease\n  when fear < 1\n  chance 50% within step\n"
                         "question q \"Q\" ever flight\n"
                         "story bold from a_text\n"
                         "story shy from b_text\n  fear = 2\n");
    const Reach *r = reach(&l);
    assert_int_equal(r->n_readings, 2);
    assert_null(find(r, "event `flight`"));
    assert_null(find(r, "event `ease`"));
    assert_null(find(r, "q"));
    const ReachFinding *panic = find(r, "event `panic`");
    assert_non_null(panic);
    assert_int_equal(panic->futures, 4000);
    assert_true(panic->chance == 0);
    arena_free(l.arena);
}

// The reference model with some 150 marks in it: every answer is the same to the last bit.
static void test_marks_change_no_answer(void **state)
{
    (void)state;
    char path[4096];
    snprintf(path, sizeof path, "%s/models/ukraine/crisis.casus", getenv("CASUS_ROOT"));
    Loaded l = load_with(NULL, path);
    Marks marks = {0};
    const View *base = l.model->views[0];
    const View *views[] = {base, marks_add(l.arena, base, &l.diags, &marks)};
    assert_true(marks.n > 100);
    Answer *answer[2];
    Error error = {0};
    for (int i = 0; i < 2; i++) {
        RunOptions run = {.seed = 5,
                          .worlds = 200,
                          .futures = 2,
                          .threads = 1,
                          .view = views[i],
                          .no_movers = true};
        assert_int_equal(ask_run(l.arena, l.model, &run, &answer[i], &error), ST_OK);
    }
    assert_int_equal(answer[1]->n_items, answer[0]->n_items + marks.n);
    for (int32_t i = 0; i < answer[0]->n_items; i++) {
        const Item *a = &answer[0]->items[i], *b = &answer[1]->items[i];
        assert_int_equal(a->futures, b->futures);
        assert_true(a->value.value == b->value.value || m_is_nan(a->value.value));
        for (int32_t k = 0; k < a->n_levels && a->levels; k++) {
            assert_true(a->levels[k].share.value == b->levels[k].share.value);
        }
    }
    arena_free(l.arena);
}

// What looks for a value in all elements of a state must not be as deep as they are many.
static void test_states_of_many_elements_are_looked_through(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    Buf text = {.arena = arena};
    buf_add(&text, STR(HEAD "set people = p0"));
    for (int i = 1; i < 200; i++) {
        buf_addf(&text, ", p%d", i);
    }
    buf_add(&text, STR("\nstate knows[people, people] : flag = no\n"
                       "each step\n  one of\n    20% knows[p199, p199] = yes\n    rest\n"
                       "question q \"Q\"\n  ever knows[p199, p199]\n"));
    Loaded l = load(str_c(arena, buf_str(&text)));
    const Reach *r = reach_in(&l, 8);
    assert_int_equal(r->tried[REACH_VALUE], 2);
    assert_int_equal(r->missed[REACH_VALUE], 0);
    arena_free(l.arena);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_cannot_be_is_told_with_its_place),
        cmocka_unit_test(test_what_is_only_rare_has_its_chance),
        cmocka_unit_test(test_what_is_rarer_than_exact_answers_follow_can_be),
        cmocka_unit_test(test_what_is_not_finite_is_told_without_a_chance),
        cmocka_unit_test(test_what_one_story_reaches_is_reached),
        cmocka_unit_test(test_marks_change_no_answer),
        cmocka_unit_test(test_states_of_many_elements_are_looked_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
