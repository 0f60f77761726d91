// SPDX-License-Identifier: MIT
//
// Which answers hang on the order of blocks: what is tried, what is found, exactly and by the same
// draws. Sampled differences must lie within 5 errors of the exact ones: about one seed in 100,000
// fails a right program, and the seed is fixed.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ask/ordering.h"
#include "lang/check.h"
#include "math/elementary.h"

#define HEAD "model \"m\"\n  time daily from 2024-01-01 to 2024-01-31\n"

typedef struct {
    Arena *arena;
    DiagList diags;
    Model *model;
} Loaded;

static Loaded load(const char *text)
{
    Loaded l = {.arena = arena_new(0)};
    l.diags.arena = l.arena;
    Error error = {0};
    LoadOptions options = {0};
    if (lang_load_text(l.arena, &l.diags, STR("m"), str_of(text), &options, &l.model, &error) !=
        ST_OK) {
        fail_msg("%s: %.*s", error.message, (int)l.diags.diags.p[0].text.n,
                 l.diags.diags.p[0].text.p);
    }
    return l;
}

static const Ordering *order(Loaded *l, bool never_exact, int32_t most_pairs)
{
    Ordering *ordering = NULL;
    Error error = {0};
    OrderingOptions options = {.run = {.seed = 3, .threads = 1, .sources = &l->diags},
                               .never_exact = never_exact,
                               .most_pairs = most_pairs};
    if (ask_ordering(l->arena, l->model, &options, &ordering, &error) != ST_OK) {
        fail_msg("%s", error.message);
    }
    return ordering;
}

// Shells fall, the alarm is raised by what has fallen, and calm clears both.
static const char ALARM[] =
    HEAD "state shells : count = 0\nstate alarm : flag = no\n"
         "event fire\n  chance 20% within step\n  then shells += 1\n  again\n"
         "event siren\n  when shells is at least 1 and not alarm\n"
         "  chance 50% within step\n  then alarm = yes\n  again\n"
         "event calm\n  when alarm\n  chance 50% within step\n"
         "  then\n    alarm = no\n    shells = 0\n  again\n"
         "question loud \"L\" alarm at end\n"
         "question fallen \"F\" shells at end\n";

static void test_differences_by_the_same_draws_are_those_worked_out(void **state)
{
    (void)state;
    Loaded l = load(ALARM);
    const Ordering *exact = order(&l, false, 0), *sampled = order(&l, true, 0);
    assert_true(exact->exact && !sampled->exact);
    assert_int_equal(exact->n_pairs, 2); // siren keeps fire and calm from meeting
    assert_int_equal(sampled->n_pairs, 2);
    assert_true(exact->n_ranked == 2 && exact->n_matter >= 1);
    for (int32_t p = 0; p < 2; p++) {
        assert_int_equal(exact->pairs[p].first, sampled->pairs[p].first);
        assert_int_equal(exact->pairs[p].second, sampled->pairs[p].second);
        for (int32_t i = 0; i < exact->n_items; i++) {
            const OrderMove *a = &exact->pairs[p].moves[i], *b = &sampled->pairs[p].moves[i];
            double error = b->difference.half / 1.96;
            assert_true(a->known && b->known && error > 0 && error < 0.05);
            assert_true(m_abs(a->difference.value - b->difference.value) < 5 * error);
        }
    }
    arena_free(l.arena);
}

// By hand: written first, `up` is seen by `see` on the day itself, 31 days in all.
static void test_a_difference_is_the_one_by_hand(void **state)
{
    (void)state;
    Loaded l = load(HEAD "state n : count = 0\nstate seen : count = 0\n"
                         "each step\n  n += 1\n"
                         "each step\n  seen = n\n"
                         "question q \"Q\" seen at end\n");
    const Ordering *o = order(&l, false, 0);
    assert_int_equal(o->n_ranked, 1);
    const OrderPair *pair = &o->pairs[o->ranked[0]];
    assert_string_equal(str_c(l.arena, pair->over), "`n`");
    assert_int_equal(o->blocks[pair->first].line, 5);
    assert_int_equal(o->blocks[pair->second].line, 7);
    assert_true(pair->moves[0].before - pair->moves[0].after == 1);
    assert_true(pair->moves[0].difference.value == -1 && pair->moves[0].difference.half == 0);
    arena_free(l.arena);
}

static void test_what_two_blocks_do_not_share_is_not_tried(void **state)
{
    (void)state;
    // `previous` is the step before, whatever the order; a fact is no block that runs.
    Loaded l = load(HEAD "state a : count = 0\nstate b : count = 0\n"
                         "event known happened 2023-12-01\n"
                         "each step\n  a += 1\n"
                         "each step\n  b = previous a\n"
                         "question q \"Q\" b at end given known\n");
    const Ordering *o = order(&l, false, 0);
    assert_int_equal(o->n_pairs, 0);
    arena_free(l.arena);
}

static void test_blocks_that_stand_apart_are_tried_where_nothing_keeps_them(void **state)
{
    (void)state;
    Loaded apart = load(HEAD "state a : count = 0\nstate b : count = 0\nstate c : count = 0\n"
                             "each step\n  a += 1\n"
                             "each step\n  c += 1\n"
                             "each step\n  b = a\n"
                             "question q \"Q\" b at end\nquestion r \"R\" c at end\n");
    const Ordering *o = order(&apart, false, 0);
    assert_int_equal(o->n_pairs, 1);
    assert_true(o->pairs[0].first == 0 && o->pairs[0].second == 2);
    assert_true(o->pairs[0].moves[0].difference.value == -1);
    assert_true(o->pairs[0].moves[1].difference.value == 0);
    arena_free(apart.arena);
    // What stands between reads of the one and is read by the other: only neighbours may move.
    Loaded held = load(HEAD "state a : count = 0\nstate b : count = 0\nstate c : count = 0\n"
                            "each step\n  a += 1\n"
                            "each step\n  c = a\n"
                            "each step\n  b = a + c\n"
                            "question q \"Q\" b at end\n");
    o = order(&held, false, 0);
    assert_int_equal(o->n_pairs, 2);
    assert_true(o->pairs[0].second == 1 && o->pairs[1].first == 1);
    arena_free(held.arena);
}

static void test_sums_in_another_order_move_nothing(void **state)
{
    (void)state;
    Loaded l = load(HEAD "state a : number = 0\n"
                         "each step\n  a += 1\n"
                         "each step\n  a += poisson(2)\n"
                         "question q \"Q\" a at end\n");
    for (int sampled = 0; sampled < 2; sampled++) {
        const Ordering *o = order(&l, sampled == 1, 0);
        assert_int_equal(o->n_pairs, 1);
        assert_false(o->pairs[0].touched);
        assert_int_equal(o->n_ranked, 0);
    }
    arena_free(l.arena);
}

// Six counters of a year each: finite, and far more states than are worth it, which shows soon.
static void test_what_takes_too_many_states_is_sampled_and_says_so(void **state)
{
    (void)state;
    Loaded l = load("model \"m\"\n  time daily from 2024-01-01 to 2024-12-31\n"
                    "set all = A, B, C, D, E, F\nstate n[all] : count = 0\n"
                    "event gain for a in all\n  chance 30% within step\n"
                    "  then n[a] += if n[A] > n[F] then 2 else 1\n  again\n"
                    "event lose\n  chance 10% within step\n  then n[A] = 0\n  again\n"
                    "question most \"M\" max(a in all: n[a]) at end\n");
    const Ordering *ordering = order(&l, false, 0);
    assert_true(!ordering->exact && ordering->n_pairs > 0);
    assert_int_equal(ordering->n_remarks, 1);
    assert_non_null(strstr(ordering->remarks[0].text.p, "too many states"));
    arena_free(l.arena);
}

static void test_what_is_not_tried_is_counted(void **state)
{
    (void)state;
    Loaded l = load(ALARM);
    const Ordering *o = order(&l, false, 1);
    assert_int_equal(o->n_pairs, 1);
    assert_int_equal(o->n_cut, 1);
    arena_free(l.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_differences_by_the_same_draws_are_those_worked_out),
        cmocka_unit_test(test_a_difference_is_the_one_by_hand),
        cmocka_unit_test(test_what_two_blocks_do_not_share_is_not_tried),
        cmocka_unit_test(test_blocks_that_stand_apart_are_tried_where_nothing_keeps_them),
        cmocka_unit_test(test_sums_in_another_order_move_nothing),
        cmocka_unit_test(test_what_takes_too_many_states_is_sampled_and_says_so),
        cmocka_unit_test(test_what_is_not_tried_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
