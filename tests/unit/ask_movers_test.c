// SPDX-License-Identifier: MIT
//
// What moves an answer of a pool: two stories whose shares can be worked out by hand.
#include "ask/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lang/check.h"
#include "math/bits.h"
#include "math/elementary.h"

// One step, so that p_w is what stands behind `chance`. `bluff` is likely in A and unlikely in B;
// `idle` too, and does nothing; `pull` works one way in A and the other way in B.
static const char MODEL[] = "model \"Mix\"\n"
                            "  time weekly from 2024-01-01 to 2024-01-08\n"
                            "source a C \"A\" 2023-12-01\n"
                            "source b C \"B\" 2023-12-01\n"
                            "param bluff : flag ~ 50%\n"
                            "param idle : flag ~ 50%\n"
                            "param pull : number ~ 0 up to 1\n"
                            "param side : number = 0\n"
                            "event lie\n"
                            "  chance (if bluff then 0.8 else 0.2) within step\n"
                            "event drift\n"
                            "  chance (if side > 0 then pull else 1 - pull) within step\n"
                            "question lie ever lie\n"
                            "question drift ever drift\n"
                            "story A from a\n"
                            "  bluff ~ 90%\n"
                            "  idle ~ 90%\n"
                            "  side = 1\n"
                            "story B from b\n"
                            "  bluff ~ 10%\n"
                            "  idle ~ 10%\n";

typedef struct {
    Arena *arena;
    DiagList diags;
    Model *model;
    Answer *answer;
} Ran;

static Ran run_sized(int32_t view, uint64_t worlds, uint64_t seed)
{
    Ran r = {.arena = arena_new(0)};
    r.diags.arena = r.arena;
    Error error = {0};
    LoadOptions load = {0};
    assert_int_equal(
        lang_load_text(r.arena, &r.diags, STR("mix.casus"), str_of(MODEL), &load, &r.model, &error),
        ST_OK);
    RunOptions options = {.seed = seed, .worlds = worlds, .futures = 16, .most_movers = 9};
    options.view = view > 0 ? r.model->views[view] : NULL;
    assert_int_equal(ask_run(r.arena, r.model, &options, &r.answer, &error), ST_OK);
    return r;
}

// Told by story `view` of the model, or by the pool when that is 0.
static Ran run(int32_t view)
{
    return run_sized(view, 20000, 11);
}

// NaN when it is not named.
static Estimate share(const Ran *r, int32_t question, Str name)
{
    const Item *item = &r->answer->items[question];
    for (int32_t i = 0; i < item->n_movers; i++) {
        if (str_eq(item->movers[i].name, name)) {
            return item->movers[i].share;
        }
    }
    return (Estimate){MATH_NAN, MATH_NAN, MATH_NAN, MATH_NAN};
}

// Twice half a 95 % interval of 15 degrees of freedom: by chance alone once in 1,400.
static void is_near(Estimate e, double exact)
{
    assert_true(e.half > 0 && e.half < 0.05);
    assert_true(m_abs(e.value - exact) < 2 * e.half);
}

// The stories have E(p) 0.74 and 0.26: a variance of 0.0576 of 0.09 in all. The rest is within
// them.
static void test_what_a_story_does_is_not_counted_twice(void **state)
{
    (void)state;
    Ran r = run(0);
    is_near(share(&r, 0, STR("the story")), 0.64);
    is_near(share(&r, 0, STR("bluff")), 0.36);
    assert_int_equal(r.answer->items[0].n_movers, 2); // `idle` goes with the story and does nothing
    arena_free(r.arena);
}

// Over both stories the effects of `pull` cancel; eight bins keep 1 - 1/64 of a uniform unknown.
static void test_effects_that_differ_between_stories_count_in_each(void **state)
{
    (void)state;
    Ran r = run(0);
    is_near(share(&r, 1, STR("pull")), 1 - 1 / 64.0);
    assert_int_equal(r.answer->items[1].n_movers, 1);
    arena_free(r.arena);
}

static void test_a_story_alone_is_moved_by_its_unknowns(void **state)
{
    (void)state;
    for (int32_t view = 1; view <= 2; view++) {
        Ran r = run(view);
        is_near(share(&r, 0, STR("bluff")), 1);
        is_near(share(&r, 1, STR("pull")), 1 - 1 / 256.0);
        assert_int_equal(r.answer->items[0].n_movers, 1);
        arena_free(r.arena);
    }
}

// 64 worlds are four a section: as many as bins, or not twice as many. What is named there is named
// by accident, `idle` and `pull` of `lie` among them.
static void test_too_few_worlds_name_nothing(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        Ran r = run_sized(1, 64, seed);
        assert_int_equal(r.answer->items[0].n_movers, 0);
        assert_int_equal(r.answer->items[1].n_movers, 0);
        arena_free(r.arena);
    }
    Ran r = run_sized(1, 1024, 11); // 64 a section, for 16 bins at most
    assert_int_equal(r.answer->items[0].n_movers, 1);
    assert_int_equal(r.answer->items[1].n_movers, 1);
    arena_free(r.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_a_story_does_is_not_counted_twice),
        cmocka_unit_test(test_effects_that_differ_between_stories_count_in_each),
        cmocka_unit_test(test_a_story_alone_is_moved_by_its_unknowns),
        cmocka_unit_test(test_too_few_worlds_name_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
