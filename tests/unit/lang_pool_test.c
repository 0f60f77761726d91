// SPDX-License-Identifier: MIT
//
// What stories weigh in the pool: the table of grades, what is taken off for shared hands, and what
// stays as it stands. All figures by hand.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lang/check.h"
#include "lang/pool.h"

static Arena *arena;

static int begin(void **state)
{
    (void)state;
    arena = arena_new(0);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

// A model with these sources and stories under the head.
static Model *load(const char *text)
{
    Model *model = NULL;
    DiagList list = {.arena = arena};
    LoadOptions options = {.lint = false};
    Str whole = str_format(arena,
                           "model \"t\"\n"
                           "  time daily from 2024-01-01 to 2024-03-01\n"
                           "relay tass \"TASS\" of crown\n"
                           "relay ria \"RIA\" of crown\n"
                           "relay desk \"A desk of its own\"\n"
                           "%s",
                           text);
    lang_load_text(arena, &list, STR("t.casus"), whole, &options, &model, NULL);
    assert_non_null(model);
    return model;
}

static void near(double a, double b)
{
    assert_true(a - b < 1e-12 && b - a < 1e-12);
}

static double weight(const Model *model, const char *story)
{
    return model_view(model, str_of(story))->weight;
}

static Str hand_of(const Model *model, const char *story, const bool *left_out)
{
    const Hands *hands = pool_hands(arena, model);
    const PoolWeight *weights = pool_weights(arena, model, hands, left_out);
    for (int32_t v = 0; v < model->n_views; v++) {
        if (str_eq(model->views[v]->name, str_of(story))) {
            return weights[v].hand < 0 ? STR("") : hands->list[weights[v].hand].name;
        }
    }
    return STR("?");
}

// ---- By grade -----------------------------------------------------------------------------------

static void test_weight_is_that_of_the_letter_alone(void **state)
{
    (void)state;
    const Model *model = load("source a A \"\"\nsource d D \"\"\n"
                              "story one from a 5\nstory two from d\n");
    near(weight(model, "one"), 1);
    near(weight(model, "two"), 0.25);
    near(weight(model, "base"), 0);
}

static void test_a_model_may_replace_the_table(void **state)
{
    (void)state;
    const Model *model = load("grade A weight 3\ngrade C4 weight 0.2\n"
                              "source a A \"\"\nsource c C \"\"\n"
                              "story one from a\nstory two from c 4\n");
    near(weight(model, "one"), 3);
    near(weight(model, "two"), 0.2);
    const Model *other = load("grade C4 weight 0.2\nsource c C \"\"\nstory two from c 3\n");
    near(weight(other, "two"), 0.5);
}

// ---- One hand -----------------------------------------------------------------------------------

static void test_two_behind_one_owner_count_1_3_times_one(void **state)
{
    (void)state;
    const Model *model = load("source a C \"\"\n  via tass\nsource b C \"\"\n  via ria\n"
                              "story one from a\nstory two from b\n");
    near(weight(model, "one") + weight(model, "two"), 1.3 * 0.5);
    near(weight(model, "one"), weight(model, "two"));
    assert_true(str_eq(hand_of(model, "one", NULL), STR("crown")));
}

static void test_a_shared_relay_or_source_counts_like_an_owner(void **state)
{
    (void)state;
    const Model *relay = load("source a B \"\"\n  via desk\nsource b B \"\"\n  via desk\n"
                              "story one from a\nstory two from b\n");
    near(weight(relay, "one") + weight(relay, "two"), 1.3 * 0.8);
    assert_true(str_eq(hand_of(relay, "two", NULL), STR("desk")));
    const Model *source = load("source a B \"\"\nstory one from a\nstory two from a\n");
    near(weight(source, "one") + weight(source, "two"), 1.3 * 0.8);
    const Model *owner = load("source a B \"\"\n  of crown\nsource b B \"\"\n  via ria\n"
                              "story one from a\nstory two from b\n");
    near(weight(owner, "one") + weight(owner, "two"), 1.3 * 0.8);
}

static void test_three_and_many_of_one_hand_saturate(void **state)
{
    (void)state;
    const Model *three = load("source a C \"\"\n  via tass\nsource b C \"\"\n  via ria\n"
                              "source c C \"\"\n  of crown\n"
                              "story one from a\nstory two from b\nstory three from c\n");
    near(weight(three, "one") + weight(three, "two") + weight(three, "three"), 1.39 * 0.5);
    Buf text = {.arena = arena};
    buf_add(&text, STR("source a C \"\"\n"));
    for (int i = 0; i < 40; i++) {
        buf_addf(&text, "story s%d from a\n", i);
    }
    const Model *many = load(buf_str(&text).p);
    double sum = 0;
    for (int32_t v = 0; v < many->n_views; v++) {
        sum += many->views[v]->weight;
    }
    near(sum, 0.5 / 0.7);
}

// D and C of one owner: 0.5 + 0.3 x 0.25 = 0.575 of 0.75, in the same share of each.
static void test_unlike_grades_share_in_proportion(void **state)
{
    (void)state;
    const Model *model = load("source a D \"\"\n  via tass\nsource b C \"\"\n  via ria\n"
                              "source other B \"\"\n"
                              "story one from a\nstory two from b\nstory three from other\n");
    near(weight(model, "one"), 0.25 * 0.575 / 0.75);
    near(weight(model, "two"), 0.5 * 0.575 / 0.75);
    near(weight(model, "three"), 0.8);
}

static void test_the_share_that_counts_is_replaceable(void **state)
{
    (void)state;
    const char *stories = "source a C \"\"\n  via tass\nsource b C \"\"\n  via ria\n"
                          "story one from a\nstory two from b\n";
    Str whole = str_format(arena, "grade shared weight 1\n%s", stories);
    const Model *all = load(whole.p);
    near(weight(all, "one"), 0.5);
    whole = str_format(arena, "grade shared weight 0\n%s", stories);
    const Model *none = load(whole.p);
    near(weight(none, "one"), 0.25);
}

// ---- Several hands ------------------------------------------------------------------------------

// Two that share a relay and an owner are discounted once. A source of two hands is discounted by
// the larger group: tass has three, desk two.
static void test_several_hands_discount_once(void **state)
{
    (void)state;
    const Model *twice =
        load("source a C \"\"\n  via tass, desk\nsource b C \"\"\n  via tass, desk\n"
             "story one from a\nstory two from b\n");
    near(weight(twice, "one") + weight(twice, "two"), 1.3 * 0.5);
    const Model *model = load("source a C \"\"\n  via tass, desk\nsource b C \"\"\n  via tass\n"
                              "source c C \"\"\n  via tass\nsource d C \"\"\n  via desk\n"
                              "story one from a\nstory two from b\nstory three from c\n"
                              "story four from d\n");
    near(weight(model, "one"), 0.5 * 1.39 / 3);
    near(weight(model, "two"), 0.5 * 1.39 / 3);
    near(weight(model, "four"), 0.5 * 1.3 / 2);
    assert_true(str_eq(hand_of(model, "one", NULL), STR("tass")));
    assert_true(str_eq(hand_of(model, "four", NULL), STR("desk")));
}

// ---- What stays as it stands
// ----------------------------------------------------------------------

static void test_stated_weights_are_left_alone(void **state)
{
    (void)state;
    const Model *model = load("source a C \"\"\n  via tass\nsource b C \"\"\n  via tass\n"
                              "source f F \"\"\n  via tass\n"
                              "story one from a\n  weight 0.7\nstory two from b\n"
                              "story three from f\n  weight 0.1\n");
    near(weight(model, "one"), 0.7);
    near(weight(model, "two"), 0.5);
    near(weight(model, "three"), 0.1);
}

static void test_no_owner_is_no_owner_in_common(void **state)
{
    (void)state;
    const Model *model = load("relay other \"Another\"\n"
                              "source a C \"\"\n  via desk\nsource b C \"\"\n  via other\n"
                              "story one from a\nstory two from b\n");
    near(weight(model, "one"), 0.5);
    near(weight(model, "two"), 0.5);
}

static void test_what_is_left_out_discounts_nobody(void **state)
{
    (void)state;
    const Model *model = load("source a C \"\"\n  via tass\nsource b C \"\"\n  via ria\n"
                              "story one from a\nstory two from b\n");
    bool left_out[3] = {false, true, false};
    const PoolWeight *weights = pool_weights(arena, model, pool_hands(arena, model), left_out);
    near(weights[1].weight, 0);
    near(weights[2].weight, 0.5);
    assert_true(str_eq(hand_of(model, "two", left_out), STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weight_is_that_of_the_letter_alone),
        cmocka_unit_test(test_a_model_may_replace_the_table),
        cmocka_unit_test(test_two_behind_one_owner_count_1_3_times_one),
        cmocka_unit_test(test_a_shared_relay_or_source_counts_like_an_owner),
        cmocka_unit_test(test_three_and_many_of_one_hand_saturate),
        cmocka_unit_test(test_unlike_grades_share_in_proportion),
        cmocka_unit_test(test_the_share_that_counts_is_replaceable),
        cmocka_unit_test(test_several_hands_discount_once),
        cmocka_unit_test(test_stated_weights_are_left_alone),
        cmocka_unit_test(test_no_owner_is_no_owner_in_common),
        cmocka_unit_test(test_what_is_left_out_discounts_nobody),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
