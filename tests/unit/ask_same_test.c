// SPDX-License-Identifier: MIT
//
// What must not change an answer does not: a story told alone or in the pool, variants and settings
// elsewhere, more worlds, threads, units, instruction sets; and a replay tells the futures of the
// run.
#include <unistd.h>

#include "ask/replay.h"
#include "base/num.h"
#include "consistency.h"
#include "lines.h"
#include "math/elementary.h"

// ---- Single futures -----------------------------------------------------------------------------

static Str samples(Arena *arena, const Model *model, RunOptions options)
{
    char path[] = "consistency-XXXXXX"; // deleted below
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    options.samples = path;
    (void)run(arena, model, options);
    Str text;
    Error error = {0};
    assert_int_equal(file_read(path, 1 << 26, arena, &text, &error), ST_OK);
    unlink(path);
    return text;
}

// A field of a row: 0 the world, 1 the future, 2 the story.
static Str field(Str line, int which)
{
    size_t from = 0;
    for (size_t i = 0; i <= line.n; i++) {
        if (i < line.n && line.p[i] != ',') {
            continue;
        }
        if (which-- == 0) {
            return str_sub(line, from, i);
        }
        from = i + 1;
    }
    return (Str){0};
}

// What comes after the story.
static Str answers_of(Str line)
{
    Str story = field(line, 2);
    return str_sub(line, (size_t)(story.p + story.n - line.p), line.n);
}

static const RunOptions SOME = {.seed = 7, .worlds = 500, .futures = 4};

static Str samples_of_view(const Loaded *l, const char *view)
{
    RunOptions options = SOME;
    if (view) {
        options.view = model_view(l->model, str_of(view));
        assert_non_null(options.view);
    }
    return samples(l->arena, l->model, options);
}

static Loaded load_stories_with(LoadOptions options)
{
    Arena *arena = arena_new(0);
    Loaded l = load_with(STR("stories"), read_model(arena, "stories.casus"), options);
    arena_free(arena);
    return l;
}

static Loaded load_stories(void)
{
    return load_stories_with((LoadOptions){0});
}

static void test_a_story_alone_is_that_of_the_pool(void **state)
{
    (void)state;
    Loaded l = load_stories();
    Str pool = samples_of_view(&l, NULL), low = samples_of_view(&l, "low");
    Str high = samples_of_view(&l, "high");
    assert_true(str_eq(next_line(&pool), next_line(&low)));
    (void)next_line(&high);
    int of_low = 0, of_high = 0;
    while (pool.n > 0) {
        Str line = next_line(&pool), by_low = next_line(&low), by_high = next_line(&high);
        bool is_low = str_eq(field(line, 2), STR("low"));
        assert_true(str_eq(line, is_low ? by_low : by_high));
        assert_true(str_eq(field(line, 2), is_low ? STR("low") : STR("high")));
        of_low += is_low;
        of_high += !is_low;
    }
    assert_int_equal(low.n + high.n, 0);
    assert_true(of_low > 2 * of_high && of_high > 300);
    arena_free(l.arena);
}

static void test_a_story_without_overrides_is_the_base(void **state)
{
    (void)state;
    Loaded l = load_stories();
    Str base = samples_of_view(&l, "base"), plain = samples_of_view(&l, "plain");
    while (base.n > 0) {
        Str line = next_line(&base), same = next_line(&plain);
        assert_true(str_eq(answers_of(line), answers_of(same)));
    }
    assert_int_equal(plain.n, 0);
    arena_free(l.arena);
}

// The variant moves the start of `walk` and nothing else: its draws are those of the base.
static void test_a_variant_shares_the_draws_of_what_it_leaves(void **state)
{
    (void)state;
    Loaded l = load_stories();
    Str base = samples_of_view(&l, "base"), later = samples_of_view(&l, "later");
    (void)next_line(&base);
    (void)next_line(&later);
    while (base.n > 0) {
        Str line = next_line(&base), moved = next_line(&later);
        double walk = 0, from = 0;
        for (int i = 3; i < 11; i++) {
            assert_true(str_eq(field(line, i), field(moved, i)));
        }
        assert_true(num_parse(field(line, 11), &from) && num_parse(field(moved, 11), &walk));
        assert_true(m_abs(walk - from - 5) < 1e-9);
    }
    arena_free(l.arena);
}

// The same worlds tell the same stories; only what was set differs, in each of them.
static void settings_move_only_the_walk(const Loaded *l, RunOptions options)
{
    options.seed = SOME.seed;
    options.worlds = SOME.worlds;
    options.futures = SOME.futures;
    Str set = samples(l->arena, l->model, options);
    options.as_written = true;
    Str written = samples(l->arena, l->model, options);
    (void)next_line(&set);
    (void)next_line(&written);
    while (written.n > 0) {
        Str line = next_line(&written), moved = next_line(&set);
        double walk = 0, from = 0;
        for (int i = 0; i < 11; i++) {
            assert_true(str_eq(field(line, i), field(moved, i)));
        }
        assert_true(num_parse(field(line, 11), &from) && num_parse(field(moved, 11), &walk));
        assert_true(m_abs(walk - from - 7) < 1e-9);
    }
    assert_int_equal(set.n, 0);
}

static const char BROKEN[] = "model \"Broken\"\n"                           // 1
                             "  time daily from 2024-01-01 to 2024-01-11\n" // 2
                             "actor A\n"
                             "state x : number = 0\n"
                             "state y : number = 1\n" // 5
                             "event odd\n"
                             "  chance logistic(x / x) within step\n" // 7
                             "event even\n"
                             "  chance logistic(x / y) within step\n"
                             "decision go by A\n" // 10
                             "  sees x\n"
                             "  option wait worth 1\n"
                             "  option leap worth 1 + sqrt(x - 1)\n" // 13
                             "decision pick by A\n"
                             "  sees y\n" // 15
                             "  option one worth log(y)\n"
                             "  option two worth 1 / y\n"
                             "question number log(x - 1) at end\n" // 18
                             "question fine y at end\n";

static const Remark *find_remark(const Answer *a, const char *text)
{
    for (int32_t i = 0; i < a->n_remarks; i++) {
        if (str_eq(a->remarks[i].text, str_of(text))) {
            return &a->remarks[i];
        }
    }
    return NULL;
}

static void test_what_is_not_a_number_is_told_with_its_line(void **state)
{
    (void)state;
    Loaded l = load(STR("it's.casus"), str_of(BROKEN));
    Answer *a = NULL;
    Error error = {0};
    RunOptions options = SOME;
    options.sources = &l.diags;
    assert_int_equal(ask_run(l.arena, l.model, &options, &a, &error), ST_OK);
    const Remark *r = find_remark(a, "the chance of odd (it's.casus:7) was infinite or not a "
                                     "number in 2,000 futures, first in world 0, future 0");
    assert_non_null(r);
    assert_true(
        str_eq(r->command, STR("casus replay 'it'\\''s.casus' --seed 7 --world 0 --future 0")));
    assert_non_null(find_remark(a, "a worth of go (it's.casus:13) was infinite or not a number in "
                                   "2,000 futures, first in world 0, future 0"));
    assert_non_null(find_remark(
        a, "number (it's.casus:18) was infinite or not a number (a division by 0, a date that "
           "never comes) and is left out in 2,000 futures, first in world 0, future 0"));
    assert_int_equal(a->n_remarks, 3);
    arena_free(l.arena);
}

static void test_a_story_alone_comes_with_what_its_author_says(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    Str text = read_model(arena, "stories.casus");
    text = str_format(arena,
                      "%.*s\nstory sure from herald\n  weight 1\n"
                      "  says go 80%% to 90%%\n",
                      STR_ARG(text));
    Loaded l = load(STR("stories"), text);
    RunOptions options = SOME;
    Answer *a = NULL;
    Error error = {0};
    for (int alone = 0; alone < 2; alone++) {
        options.view = alone ? model_view(l.model, STR("sure")) : NULL;
        assert_int_equal(ask_run(l.arena, l.model, &options, &a, &error), ST_OK);
        for (int32_t i = 0; i < a->n_items; i++) {
            bool go = str_eq(a->items[i].name, STR("go"));
            assert_int_equal(a->items[i].n_sayings, alone && go);
        }
    }
    const Saying *says = a->items[5].sayings;
    assert_true(str_eq(says->who, STR("sure")) && says->words.n == 0);
    assert_true(m_abs(says->lo - 0.8) < 1e-12 && m_abs(says->hi - 0.9) < 1e-12);
    assert_true(says->by != says->by && says->about.n == 0);
    arena_free(l.arena);
    arena_free(arena);
}

static void test_settings_change_whatever_is_told(void **state)
{
    (void)state;
    Str setting = STR("walk = 7");
    Loaded plain = load_stories();
    Loaded l = load_stories_with((LoadOptions){.sets = &setting, .n_sets = 1});
    settings_move_only_the_walk(&l, (RunOptions){0});
    settings_move_only_the_walk(&l, (RunOptions){.with_base = true});
    settings_move_only_the_walk(&l, (RunOptions){.view = model_view(l.model, STR("high"))});
    settings_move_only_the_walk(&l, (RunOptions){.view = l.model->views[0]});
    RunOptions as_written = SOME;
    as_written.as_written = true;
    assert_true(
        str_eq(samples(l.arena, l.model, as_written), samples(plain.arena, plain.model, SOME)));
    arena_free(plain.arena);
    arena_free(l.arena);
}

// A story's own changes come first, so that a setting wins over them.
static void test_a_setting_wins_over_a_story(void **state)
{
    (void)state;
    const Str settings[] = {STR("x = 0.75"), STR("walk = 7")};
    Loaded l = load_stories_with((LoadOptions){.sets = settings, .n_sets = 2});
    Answer *a = NULL;
    Error error = {0};
    assert_int_equal(ask_run(l.arena, l.model, &SOME, &a, &error), ST_OK);
    assert_true(a->items[0].value.value == 0); // x < 0.5, which `low` alone would say
    assert_true(str_eq(a->provenance.reading, STR("pool of 2 stories, with x = 0.75; walk = 7")));
    assert_int_equal(a->provenance.n_settings, 2);
    RunOptions options = SOME;
    options.as_written = true;
    assert_int_equal(ask_run(l.arena, l.model, &options, &a, &error), ST_OK);
    assert_true(a->items[0].value.value > 0.5);
    assert_true(str_eq(a->provenance.reading, STR("pool of 2 stories")));
    assert_int_equal(a->provenance.n_settings, 0);
    arena_free(l.arena);
}

static void test_more_worlds_and_futures_leave_the_others_as_they_were(void **state)
{
    (void)state;
    Loaded l = load_stories();
    RunOptions more = {.seed = 7, .worlds = 700, .futures = 9};
    Str few = samples(l.arena, l.model, SOME), many = samples(l.arena, l.model, more);
    assert_true(str_eq(next_line(&few), next_line(&many)));
    for (int row = 0; few.n > 0; row++) {
        Str line = next_line(&many);
        if (row % 9 < 4) {
            assert_true(str_eq(line, next_line(&few)));
        }
    }
    arena_free(l.arena);
}

// ---- However it is run --------------------------------------------------------------------------

static void check_digests(const char *name)
{
    Arena *arena = arena_new(0);
    Str text = read_model(arena, name);
    Loaded l = load(str_of(name), text);
    RunOptions options = {.seed = 3, .worlds = 300, .futures = 3};
    uint64_t usual = answer_digest(run(l.arena, l.model, options));
    const RunOptions ways[] = {
        {.never_compact = true},
        {.never_sweep = true},
        {.lanes = 8},
        {.lanes = 64},
        {.isa_given = true, .isa = 0},
        {.threads = 2},
        {.lanes = 1024, .never_compact = true, .never_sweep = true},
    };
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        RunOptions way = ways[i];
        way.seed = options.seed;
        way.worlds = options.worlds;
        way.futures = options.futures;
        assert_int_equal(answer_digest(run(l.arena, l.model, way)), usual);
    }
    options.seed = 0;
    uint64_t zero = answer_digest(run(l.arena, l.model, options));
    options.seed = 1;
    bool drawn = strstr(text.p, "~") || strstr(text.p, "chance") || strstr(text.p, "worth");
    if (drawn && !strstr(text.p, "Nothing is drawn")) {
        assert_int_not_equal(answer_digest(run(l.arena, l.model, options)), zero);
    }
    arena_free(l.arena);
    arena_free(arena);
}

static void test_answers_are_the_same_bits_however_it_is_run(void **state)
{
    (void)state;
    const char *const files[] = {"decisions.casus", "draws.casus",  "events.casus",
                                 "forms.casus",     "order.casus",  "questions.casus",
                                 "sites.casus",     "steps.casus",  "stop.casus",
                                 "hours.casus",     "months.casus", "stories.casus"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        check_digests(files[i]);
    }
}

// ---- Replays ------------------------------------------------------------------------------------

// The reference executor, which shares no kernel with the engine, tells the same future: of one
// question of each kind that a row can hold.
static void check_replays(const char *name, const char *question, int n)
{
    Arena *arena = arena_new(0);
    Loaded l = load(str_of(name), read_model(arena, name));
    Str rows = samples(l.arena, l.model, SOME);
    Str header = next_line(&rows);
    int column = 3;
    while (!str_eq(field(header, column), str_of(question))) {
        column++;
    }
    for (int row = 0; row < n; row++) {
        Str line = next_line(&rows);
        Replay *replay;
        Error error = {0};
        RunOptions options = SOME;
        Arena *one = arena_new(0);
        Str only = str_of(question);
        options.questions = &only;
        options.n_questions = 1;
        assert_int_equal(ask_replay(one, l.model, &options, (uint64_t)row / 4, (uint64_t)row % 4,
                                    &replay, &error),
                         ST_OK);
        const StoryFact *fact = &replay->answers[0];
        Str told = fact->exact.n > 0 ? fact->exact : fact->value, row_has = field(line, column);
        bool flag = str_eq(told, STR("yes")) || str_eq(told, STR("no"));
        Str same = flag ? (str_eq(told, STR("yes")) ? STR("1") : STR("0")) : told;
        if (!str_eq(same, row_has)) {
            fail_msg("%s, row %d: %.*s, replayed %.*s", name, row, STR_ARG(row_has), STR_ARG(told));
        }
        arena_free(one);
    }
    arena_free(l.arena);
    arena_free(arena);
}

static void test_replays_tell_the_futures_of_the_run(void **state)
{
    (void)state;
    check_replays("stories.casus", "walked", 400);
    check_replays("draws.casus", "q_where", 50);
    check_replays("forms.casus", "first_a", 400);
    check_replays("events.casus", "q_once", 150);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_story_alone_is_that_of_the_pool),
        cmocka_unit_test(test_a_story_without_overrides_is_the_base),
        cmocka_unit_test(test_a_variant_shares_the_draws_of_what_it_leaves),
        cmocka_unit_test(test_what_is_not_a_number_is_told_with_its_line),
        cmocka_unit_test(test_a_story_alone_comes_with_what_its_author_says),
        cmocka_unit_test(test_settings_change_whatever_is_told),
        cmocka_unit_test(test_a_setting_wins_over_a_story),
        cmocka_unit_test(test_more_worlds_and_futures_leave_the_others_as_they_were),
        cmocka_unit_test(test_answers_are_the_same_bits_however_it_is_run),
        cmocka_unit_test(test_replays_tell_the_futures_of_the_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
