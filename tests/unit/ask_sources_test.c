// SPDX-License-Identifier: MIT
//
// What a model rests on: footings, what hangs on each hand, and the pool without it: by hand where
// nothing is drawn, against runs of the model without these texts where something is.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ask/sources.h"
#include "lang/check.h"
#include "math/elementary.h"

static Arena *arena;
static DiagList list;

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

static const char HEAD[] = "model \"t\"\n  time daily from 2024-01-01 to 2024-01-31\n";

static Model *load(const char *text)
{
    Model *model = NULL;
    list = (DiagList){.arena = arena};
    LoadOptions options = {.lint = false};
    Str whole = str_format(arena, "%s%s", HEAD, text);
    Error error = {0};
    if (lang_load_text(arena, &list, STR("t.casus"), whole, &options, &model, &error) != ST_OK) {
        fail_msg("%s: %.*s", error.message, STR_ARG(list.diags.p[0].text));
    }
    return model;
}

static Sourcing *sources(const Model *model, SourcesOptions options)
{
    Sourcing *sourcing = NULL;
    Error error = {0};
    options.run.sources = &list;
    assert_int_equal(ask_sources(arena, model, &options, &sourcing, &error), ST_OK);
    return sourcing;
}

static SourcesOptions sized(uint64_t worlds, uint64_t futures)
{
    return (SourcesOptions){.run = {.seed = 5, .worlds = worlds, .futures = futures}};
}

static Answer *run(const char *text, uint64_t worlds, uint64_t futures)
{
    Answer *answer = NULL;
    RunOptions options = {.seed = 5, .worlds = worlds, .futures = futures};
    assert_int_equal(ask_run(arena, load(text), &options, &answer, NULL), ST_OK);
    return answer;
}

static const SourcingWithout *without(const Sourcing *s, const char *name)
{
    for (int32_t i = 0; i < s->n_without; i++) {
        if (str_eq(s->without[i].name, str_of(name))) {
            return &s->without[i];
        }
    }
    fail_msg("no hand %s", name);
    return NULL;
}

static const SourcingRow *row(const Sourcing *s, const char *reading, const char *name)
{
    for (int32_t i = 0; i < s->n_rows; i++) {
        if (str_eq(s->rows[i].name, str_of(name)) && str_eq(s->rows[i].reading, str_of(reading))) {
            return &s->rows[i];
        }
    }
    fail_msg("no row %s", name);
    return NULL;
}

static void near(double a, double b, double off)
{
    if (!(a - b <= off && b - a <= off)) {
        fail_msg("%.17g is not within %g of %.17g", a, off, b);
    }
}

// ---- By hand ------------------------------------------------------------------------------------

// Nothing is drawn: the end is what each story says it is.
static const char SURE[] = "relay tass \"TASS\" of crown\nrelay ria \"RIA\" of crown\n"
                           "source a C \"\"\n  via tass\nsource b C \"\"\n  via ria\n"
                           "source c B \"\"\nsource d A \"\"\n"
                           "param level : number = 8\n  from d 2\n"
                           "state x : number = 0\n"
                           "each step\n  x = level\n"
                           "question end \"\" x at end\n"
                           "story one from a\n  level = 1\n"
                           "story two from b\n  level = 2\n"
                           "story three from c\n  level = 4\n    from d 3\n";

static void test_weights_are_reckoned_anew(void **state)
{
    (void)state;
    const Sourcing *s = sources(load(SURE), sized(64, 2));
    near(s->items[0].pool.value, (0.325 * 1 + 0.325 * 2 + 0.8 * 4) / 1.45, 1e-12);
    // Its twin gone, the other one counts whole.
    near(without(s, "a")->effects[0].without.value, (0.5 * 2 + 0.8 * 4) / 1.3, 1e-12);
    near(without(s, "crown")->effects[0].without.value, 4, 1e-12);
    near(without(s, "c")->effects[0].without.value, 1.5, 1e-12);
    near(without(s, "crown")->effects[0].own, 1.5, 1e-12);
    near(without(s, "crown")->share, 0.65 / 1.45, 1e-12);
}

// The line of `three` cites d and nothing else: it says 8 then, as the base.
static void test_a_line_falls_back_to_the_base(void **state)
{
    (void)state;
    const Sourcing *s = sources(load(SURE), sized(64, 2));
    const SourcingWithout *d = without(s, "d");
    assert_int_equal(d->n_stories, 0);
    assert_int_equal(d->n_changes, 1);
    assert_true(str_eq(s->rows[d->changes[0]].reading, STR("three")));
    near(d->effects[0].without.value, (0.325 * 1 + 0.325 * 2 + 0.8 * 8) / 1.45, 1e-12);
    near(d->effects[0].difference.value, d->effects[0].without.value - d->effects[0].with.value,
         1e-12);
    assert_int_equal(d->n_bare, 1);
    assert_true(str_eq(s->rows[d->bare[0]].name, STR("level")));
}

// A model whose only numbers hang on a pair of params and on what an author says of the end.
static void test_correlations_and_sayings_are_counted(void **state)
{
    (void)state;
    static const char text[] = "source g C \"\"\nsource h B \"\"\nsource i B \"\"\n"
                               "param a : number ~ 1 to 2\nparam b : number ~ 1 to 2\n"
                               "param c : number ~ 1 to 2\n"
                               "correlate a, b 0.9\n  from g 5\n"
                               "correlate a, c 0.1\n"
                               "event e\n  chance 10% within 30 days\n"
                               "question q ever e\n"
                               "story s from h\n  a = 1.5\n  says q likely from i\n"
                               "story t from h\n  a = 1.2\n  says q likely\n";
    SourcesOptions options = sized(64, 2);
    options.no_run = true;
    const Sourcing *s = sources(load(text), options);
    assert_int_equal(row(s, "base", "correlate a, b")->footing, RESTS_WEAK);
    assert_int_equal(row(s, "base", "correlate a, b")->kind, ROW_CORRELATION);
    assert_true(str_eq(row(s, "base", "correlate a, b")->value, STR("0.9")));
    assert_int_equal(row(s, "base", "correlate a, c")->footing, RESTS_NOTHING);
    assert_int_equal(row(s, "s", "q")->kind, ROW_SAYS);
    assert_int_equal(s->sources[0].n_rows, 1);     // g: the correlation
    assert_int_equal(s->sources[1].n_rows, 2 + 2); // h: two stories, and their lines inherit it
    assert_int_equal(s->sources[2].n_rows, 1);     // i: what s says; t says it by its own source
}

static void test_relays_and_owners_of_the_same_sources_are_the_same(void **state)
{
    (void)state;
    const Sourcing *s = sources(load(SURE), sized(64, 2));
    assert_true(str_eq(s->without[without(s, "tass")->same_as].name, STR("a")));
    assert_true(str_eq(s->without[without(s, "tass")->moves_as].name, STR("a")));
    assert_int_equal(without(s, "crown")->same_as, -1);
    assert_int_equal(without(s, "crown")->n_sources, 2);
}

static void test_nothing_may_be_left_of_the_pool(void **state)
{
    (void)state;
    const char *text = "source a B \"\"\nparam p : probability = 20%\n  assumption \"x\"\n"
                       "event hit\n  chance p within 10 days\n"
                       "question q \"\" ever hit\nstory one from a\n  p = 30%\n";
    const Sourcing *s = sources(load(text), sized(64, 2));
    assert_true(without(s, "a")->empties);
    assert_null(without(s, "a")->effects);
    SourcesOptions based = sized(64, 2);
    based.run.with_base = true;
    s = sources(load(text), based);
    assert_false(without(s, "a")->empties);
    near(without(s, "a")->share, 0.8 / 1.8, 1e-12);
}

// ---- What is exactly nothing
// ----------------------------------------------------------------------

// A story of a tells the same chance of rain as all others, and nobody tells a story from e.
static const char DRAWN[] =
    "relay tass \"TASS\" of crown\n"
    "source a C \"\"\n  via tass\nsource b C \"\"\n  via tass\nsource c B \"\"\n"
    "source d D \"\"\nsource e E \"\"\n"
    "param p : probability ~ 10%% to 40%%\n  from d 3\n"
    "param wet : probability ~ 20%% to 60%%\n  from e 2\n"
    "param idle : probability ~ 20%% to 60%%\n  assumption \"none\"\n"
    "param bare : number ~ 0 to 1\n"
    "event hit\n  chance p within 20 days\n"
    "event rain\n  chance wet within 20 days\n"
    "event later\n  when hit\n  chance 50%% within 10 days\n"
    "state x : number = 0\n"
    "each step\n  x = x + bare + if hit then 1 else 0\n"
    "question hits \"\" ever hit\nquestion rains \"\" ever rain\n"
    "question end \"\" x at end\nquestion then_later \"\" ever later given hit by 2024-01-15\n"
    "%s%s%s"
    "question idles \"\" always idle > 2\n";
static const char STORY_ONE[] = "story one from a\n  p ~ 40% to 70%\n";
static const char STORY_TWO[] = "story two from b\n  p ~ 60% to 90%\n    from d 4\n";
static const char STORY_THREE[] = "story three from c\n  p ~ 5% to 15%\n";

static const char *drawn(const char *one, const char *two, const char *three)
{
    return str_format(arena, DRAWN, one, two, three).p;
}

static void test_what_no_story_hangs_on_moves_nothing(void **state)
{
    (void)state;
    const Sourcing *s = sources(load(drawn(STORY_ONE, STORY_TWO, STORY_THREE)), sized(500, 4));
    const SourcingWithout *e = without(s, "e");
    assert_false(e->moves);
    assert_null(e->effects);
    assert_int_equal(e->n_bare, 1);
    assert_true(str_eq(s->rows[e->bare[0]].name, STR("wet")));
}

static void test_what_stories_share_does_not_move(void **state)
{
    (void)state;
    const Sourcing *s = sources(load(drawn(STORY_ONE, STORY_TWO, STORY_THREE)), sized(500, 4));
    const SourcingEffect *rains = &without(s, "a")->effects[1];
    assert_true(rains->known && !rains->found);
    assert_true(rains->difference.value == 0 && rains->difference.half == 0);
    assert_true(rains->with.half > 0);
}

// ---- Against runs without these texts
// -------------------------------------------------------------

// Half widths are 95 %: with 24 pairs a right program is beyond 2.3 of them off once in 2,000
// seeds.
static void compare(const SourcingWithout *w, const Answer *with, const Answer *less)
{
    for (int32_t i = 0; i < with->n_items; i++) {
        const SourcingEffect *effect = &w->effects[i];
        const Item *a = &with->items[i], *b = &less->items[i];
        assert_true(effect->known);
        near(effect->with.value, a->value.value, 2.3 * (effect->with.half + a->value.half));
        near(effect->without.value, b->value.value, 2.3 * (effect->without.half + b->value.half));
        double both = m_sqrt(a->value.half * a->value.half + b->value.half * b->value.half);
        near(effect->difference.value, b->value.value - a->value.value,
             2.3 * (effect->difference.half + both) + 1e-12);
    }
}

enum { WORLDS = 6000, FUTURES = 4 };

static void test_without_is_as_a_run_without_the_story(void **state)
{
    (void)state;
    const char *whole = drawn(STORY_ONE, STORY_TWO, STORY_THREE);
    const Sourcing *s = sources(load(whole), sized(WORLDS, FUTURES));
    const Answer *all = run(whole, WORLDS, FUTURES);
    compare(without(s, "a"), all, run(drawn("", STORY_TWO, STORY_THREE), WORLDS, FUTURES));
    compare(without(s, "tass"), all, run(drawn("", "", STORY_THREE), WORLDS, FUTURES));
    compare(without(s, "c"), all, run(drawn(STORY_ONE, STORY_TWO, ""), WORLDS, FUTURES));
    assert_true(without(s, "tass")->effects[0].found);
}

static void test_without_is_as_a_run_without_the_line(void **state)
{
    (void)state;
    const char *whole = drawn(STORY_ONE, STORY_TWO, STORY_THREE);
    const Sourcing *s = sources(load(whole), sized(WORLDS, FUTURES));
    const char *less = drawn(STORY_ONE, "story two from b\n", STORY_THREE);
    compare(without(s, "d"), run(whole, WORLDS, FUTURES), run(less, WORLDS, FUTURES));
    assert_true(without(s, "d")->effects[0].found);
}

// Over 40 seeds the differences spread as their errors say: the mean square of (d - mean) over its
// own error lies between the 0.05 % points of chi-square / 39 (0.42 and 2.0).
static void test_paired_errors_are_those_of_repeated_runs(void **state)
{
    (void)state;
    enum { SEEDS = 40 };
    const Model *model = load(drawn(STORY_ONE, STORY_TWO, STORY_THREE));
    double d[2][SEEDS], square[2] = {0}, mean[2] = {0}, spread[2] = {0};
    static const int32_t asked[2] = {0, 3}; // one of them conditional
    for (int i = 0; i < SEEDS; i++) {
        SourcesOptions options = sized(300, 4);
        options.run.seed = 100 + (uint64_t)i;
        const Sourcing *s = sources(model, options);
        for (int k = 0; k < 2; k++) {
            Estimate e = without(s, "tass")->effects[asked[k]].difference;
            d[k][i] = e.value;
            mean[k] += e.value / SEEDS;
            square[k] += e.half / 1.968 * (e.half / 1.968) / SEEDS;
        }
    }
    for (int k = 0; k < 2; k++) {
        for (int i = 0; i < SEEDS; i++) {
            spread[k] += (d[k][i] - mean[k]) * (d[k][i] - mean[k]) / (SEEDS - 1);
        }
        assert_true(spread[k] > 0.42 * square[k] && spread[k] < 2.0 * square[k]);
    }
}

static void test_digest_does_not_depend_on_threads(void **state)
{
    (void)state;
    const Model *model = load(drawn(STORY_ONE, STORY_TWO, STORY_THREE));
    uint64_t digest[3];
    for (int i = 0; i < 3; i++) {
        SourcesOptions options = sized(700, 4);
        options.run.threads = i + 1;
        options.run.unit_futures = 256;
        digest[i] = sourcing_digest(sources(model, options));
    }
    assert_true(digest[0] == digest[1] && digest[1] == digest[2]);
}

// ---- What rests on what -------------------------------------------------------------------------

static void test_footings(void **state)
{
    (void)state;
    const char *text = "source a A \"\"\nsource d D \"\"\n"
                       "param good : number ~ 1 to 2\n  from a 2\n"
                       "param both : number ~ 1 to 2\n  from d 2, a 2\n"
                       "param poor : number ~ 1 to 2\n  from d 2\n"
                       "param said : number ~ 1 to 2\n  from a 5\n"
                       "param held : number ~ 1 to 2\n  assumption \"why\"\n"
                       "param none : number ~ 1 to 2\n"
                       "param zero : number = 0\n"
                       "state x : number = 3\n"
                       "event hit\n  chance 10% within 10 days\n"
                       "event made\n  when good > both + poor + said + held + none + zero + x\n"
                       "question q \"\" ever hit or made\n"
                       "story one from d\n  good ~ 2 to 3\n  both ~ 2 to 3\n    from a 1\n";
    SourcesOptions options = {.no_run = true};
    const Sourcing *s = sources(load(text), options);
    assert_int_equal(row(s, "base", "good")->footing, RESTS_SOURCES);
    assert_int_equal(row(s, "base", "both")->footing, RESTS_SOURCES);
    assert_int_equal(row(s, "base", "poor")->footing, RESTS_WEAK);
    assert_int_equal(row(s, "base", "said")->footing, RESTS_WEAK);
    assert_int_equal(row(s, "base", "held")->footing, RESTS_ASSUMPTION);
    assert_int_equal(row(s, "base", "none")->footing, RESTS_NOTHING);
    assert_int_equal(row(s, "base", "zero")->footing, RESTS_NOT_ASKED);
    assert_int_equal(row(s, "base", "hit")->footing, RESTS_NOTHING);
    assert_int_equal(row(s, "base", "made")->footing, RESTS_NOT_ASKED);
    assert_int_equal(row(s, "one", "good")->footing, RESTS_WEAK);
    assert_true(row(s, "one", "good")->inherited);
    assert_int_equal(row(s, "one", "both")->footing, RESTS_SOURCES);
    assert_false(s->was_run);
    assert_int_equal(s->sources[1].n_rows, 4); // both, poor, the story, its first line
    assert_int_equal(s->sources[1].n_alone, 3);
}

static void test_two_sources_of_one_hand_are_one_voice(void **state)
{
    (void)state;
    const char *text = "relay tass \"TASS\" of crown\nrelay ria \"RIA\" of crown\n"
                       "source a C \"\"\n  via tass\nsource b C \"\"\n  via ria\nsource c C \"\"\n"
                       "param p : number ~ 1 to 2\n  from a 2, b 2, c 2\n"
                       "state x : number = 0\neach step\n  x = p\nquestion q \"\" x at end\n";
    const Sourcing *s = sources(load(text), (SourcesOptions){.no_run = true});
    assert_int_equal(row(s, "base", "p")->n_cites, 3);
    assert_int_equal(row(s, "base", "p")->voices, 2);
}

// `hits` hangs on p and the story; nothing hangs on idle.
static void test_shares_are_those_of_what_moves_an_answer(void **state)
{
    (void)state;
    const Sourcing *s =
        sources(load(drawn(STORY_ONE, STORY_TWO, STORY_THREE)), sized(WORLDS, FUTURES));
    const SourcingRow *wet = row(s, "base", "wet"), *two = row(s, "two", "p");
    assert_int_equal(row(s, "base", "idle")->n_shares, 0);
    assert_int_equal(wet->n_shares, 1);
    assert_int_equal(wet->shares[0].item, 1);
    near(wet->shares[0].share.value, 1, 0.15);
    assert_true(two->n_shares > 0 && two->shares[0].share.value > 0.8); // in its own story
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weights_are_reckoned_anew),
        cmocka_unit_test(test_a_line_falls_back_to_the_base),
        cmocka_unit_test(test_correlations_and_sayings_are_counted),
        cmocka_unit_test(test_relays_and_owners_of_the_same_sources_are_the_same),
        cmocka_unit_test(test_nothing_may_be_left_of_the_pool),
        cmocka_unit_test(test_what_no_story_hangs_on_moves_nothing),
        cmocka_unit_test(test_what_stories_share_does_not_move),
        cmocka_unit_test(test_without_is_as_a_run_without_the_story),
        cmocka_unit_test(test_without_is_as_a_run_without_the_line),
        cmocka_unit_test(test_paired_errors_are_those_of_repeated_runs),
        cmocka_unit_test(test_digest_does_not_depend_on_threads),
        cmocka_unit_test(test_footings),
        cmocka_unit_test(test_two_sources_of_one_hand_are_one_voice),
        cmocka_unit_test(test_shares_are_those_of_what_moves_an_answer),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
