// SPDX-License-Identifier: MIT
//
// Whole runs on a small model with known answers: right, the same bits however they are cut,
// honest when little is known, and growing without changing what was there.
#include "ask/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "ask/cost.h"
#include "ask_toy.h"
#include "base/file.h"
#include "lines.h"
#include "math/elementary.h"

static const Toy DIFFERENT = {.base = {0.02, 0.01, 0.08}};
static const Toy ALIKE = {.base = {0.02, 0.02, 0.02}, .same_worlds = true};

static Answer *run_with(Arena *arena, RunOptions options)
{
    Error error = {0};
    Answer *answer = NULL;
    Status status = ask_run(arena, toy_model(arena), &options, &answer, &error);
    if (status != ST_OK) {
        fail_msg("%s", error.message);
    }
    return answer;
}

static RunOptions sized(uint64_t worlds, uint64_t futures)
{
    return (RunOptions){.worlds = worlds, .futures = futures, .seed = 1, .threads = 1};
}

static void near(double a, double b, double tolerance)
{
    if (!(a - b <= tolerance && b - a <= tolerance)) {
        fail_msg("%.9g is not %.9g within %g", a, b, tolerance);
    }
}

// The chance that it has come within `steps`, over worlds of one base: rate by the midpoint rule.
static double exact_hit(double base, int steps)
{
    double sum = 0;
    for (int i = 0; i < 2000; i++) {
        double p = toy.same_worlds ? base : base * (0.5 + (i + 0.5) / 2000), none = 1;
        for (int k = 0; k < steps; k++) {
            none *= 1 - p;
        }
        sum += 1 - none;
    }
    return sum / 2000;
}

static double pooled_hit(int steps)
{
    return 0.25 * exact_hit(toy.base[1], steps) + 0.75 * exact_hit(toy.base[2], steps);
}

// Mean of the walk after `steps`: half a step for each step begun before the end.
static double pooled_walk(int steps)
{
    double sum = 0;
    for (int k = 0; k < steps; k++) {
        sum += 0.5 * (1 - pooled_hit(k));
    }
    return sum;
}

// ---- Right --------------------------------------------------------------------------------------

// The half widths are 95 %: a right answer is more than 2.3 of them off once in 100,000 times.
static void test_answers_are_right(void **state)
{
    (void)state;
    toy = DIFFERENT;
    Arena *arena = arena_new(0);
    Answer *a = run_with(arena, sized(4000, 16));
    assert_int_equal(a->n_items, TOY_QUESTIONS);
    const Item *hit = &a->items[TOY_HIT], *walk = &a->items[TOY_WALK];
    near(hit->value.value, pooled_hit(TOY_STEPS), 2.3 * hit->value.half);
    near(walk->value.value, pooled_walk(TOY_STEPS), 2.3 * walk->value.half);
    assert_true(hit->value.half < 0.02 && hit->value.half > 0.005);
    const Item *when = &a->items[TOY_WHEN];
    near(when->value.value, hit->value.value, 0);
    near(when->never.value, 1 - hit->value.value, 1e-15);
    const Incidence *last = &when->incidence[when->n_incidence - 1];
    near(last->share.value, hit->value.value, 1e-15);
    for (int i = 1; i < when->n_incidence; i++) {
        assert_true(when->incidence[i].share.value >= when->incidence[i - 1].share.value);
    }
    double sum = 0;
    for (int i = 0; i < 4; i++) {
        sum += a->items[TOY_RUNG].levels[i].share.value;
    }
    near(sum, 1, 1e-12);
    assert_true(str_eq(a->items[TOY_RUNG].levels[2].name, STR("high")));
    arena_free(arena);
}

static void test_series_follow_time(void **state)
{
    (void)state;
    toy = DIFFERENT;
    Arena *arena = arena_new(0);
    Answer *a = run_with(arena, sized(4000, 16));
    const Item *on = &a->items[TOY_ON], *path = &a->items[TOY_PATH];
    assert_int_equal(on->n_points, TOY_STEPS + 1);
    for (int k = 0; k <= TOY_STEPS; k++) {
        // 25 points twice, 16 sections: Student's 3.5 half widths are 7.5 standard errors.
        near(on->points[k].mean.value, pooled_hit(k), 3.5 * on->points[k].mean.half);
        near(path->points[k].mean.value, pooled_walk(k), 3.5 * path->points[k].mean.half + 1e-12);
        assert_true(path->points[k].q05 <= path->points[k].q50 &&
                    path->points[k].q50 <= path->points[k].q95);
    }
    near(on->points[TOY_STEPS].mean.value, a->items[TOY_HIT].value.value, 1e-12);
    near(path->points[TOY_STEPS].mean.value, a->items[TOY_WALK].value.value, 1e-7);
    near(path->points[TOY_STEPS].q50, a->items[TOY_WALK].quantiles[2].value.value, 0.05);
    near(path->points[3].date, 19000 + 2 * 7, 0);
    arena_free(arena);
}

static void test_conditions_leave_futures_out(void **state)
{
    (void)state;
    toy = DIFFERENT;
    Arena *arena = arena_new(0);
    Answer *a = run_with(arena, sized(4000, 16));
    double hit = a->items[TOY_HIT].value.value;
    const Item *late = &a->items[TOY_LATE];
    near(late->defined.value, hit, 1e-15);
    assert_int_equal(late->futures, (uint64_t)(hit * 64000 + 0.5));
    near(late->value.value, 1 - pooled_hit(12) / pooled_hit(TOY_STEPS), 2.3 * late->value.half);
    const Item *none = &a->items[TOY_IMPOSSIBLE];
    assert_true(none->value.value != none->value.value);
    assert_int_equal(none->futures, 0);
    assert_true(str_eq(none->why, STR("the condition never occurred in 64,000 futures")));
    const Item *in_time = &a->items[TOY_IN_TIME];
    near(in_time->value.value, 1, 0);
    assert_true(in_time->value.lo < 1);
    near(in_time->censored.value + in_time->defined.value, hit, 1e-12);
    const Item *given = &a->items[TOY_PATH_GIVEN];
    near(given->defined.value, hit, 1e-12);
    near(given->points[0].mean.value, 0, 0);
    // Where it comes the walk is shorter than over all.
    assert_true(given->points[TOY_STEPS].mean.value <
                a->items[TOY_PATH].points[TOY_STEPS].mean.value - 1);
    arena_free(arena);
}

static void test_band_and_movers_tell_what_is_unknown(void **state)
{
    (void)state;
    toy = DIFFERENT;
    Arena *arena = arena_new(0);
    Answer *a = run_with(arena, sized(4000, 16));
    const Item *hit = &a->items[TOY_HIT];
    assert_true(hit->band.known);
    // Within the grim story (75 %) p_w runs from 0.63 to 0.94, in the calm one from 0.11 to 0.3.
    near(hit->band.lo, 0.19, 0.06);
    near(hit->band.hi, 0.92, 0.04);
    assert_true(hit->n_movers == 2);
    assert_true(str_eq(hit->movers[0].name, STR("the story")));
    assert_true(str_eq(hit->movers[1].name, STR("rate")));
    assert_true(hit->movers[0].share.value > 0.8 && hit->movers[0].share.value <= 1);
    assert_true(hit->movers[1].share.value > 0.02 && hit->movers[1].share.value < 0.2);
    assert_int_equal(a->n_pool, 2);
    near(a->pool[1].share, 0.75, 1e-15);
    toy = ALIKE;
    RunOptions options = sized(4000, 16);
    Model *model = toy_model(arena);
    options.view = model->views[0];
    Error error;
    assert_int_equal(ask_run(arena, model, &options, &a, &error), ST_OK);
    assert_false(a->items[TOY_HIT].band.known);
    assert_int_equal(a->items[TOY_HIT].n_movers, 0);
    near(a->items[TOY_HIT].value.value, exact_hit(0.02, TOY_STEPS),
         2.3 * a->items[TOY_HIT].value.half);
    near(a->items[TOY_HIT].value.half, 1.96 * m_sqrt(0.384 * 0.616 / 64000), 1e-4);
    arena_free(arena);
}

static void test_words_take_the_upper_band_at_an_edge(void **state)
{
    (void)state;
    toy = DIFFERENT;
    Arena *arena = arena_new(0);
    Answer *a = run_with(arena, sized(500, 8));
    double p = a->items[TOY_HIT].value.value;
    assert_true(p > 0.55 && p < 0.8);
    assert_true(str_eq(a->items[TOY_HIT].word, STR("likely")));
    assert_true(a->items[TOY_HIT].word_lo == 0.55);
    arena_free(arena);
}

// ---- The same bits ------------------------------------------------------------------------------

static uint64_t digest_of(RunOptions options)
{
    Arena *arena = arena_new(0);
    uint64_t digest = answer_digest(run_with(arena, options));
    arena_free(arena);
    return digest;
}

static void test_digest_is_free_of_how_it_was_run(void **state)
{
    (void)state;
    toy = DIFFERENT;
    const uint64_t shapes[][2] = {{300, 16}, {2000, 1}, {40, 100}, {7, 700}, {1, 4000}};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        RunOptions options = sized(shapes[i][0], shapes[i][1]);
        uint64_t digest = digest_of(options);
        const int32_t threads[] = {2, 3, 7};
        for (int t = 0; t < 3; t++) {
            options.threads = threads[t];
            assert_int_equal(digest_of(options), digest);
        }
        const int32_t lanes[] = {8, 64, 1024};
        for (int l = 0; l < 3; l++) {
            options.lanes = lanes[l];
            assert_int_equal(digest_of(options), digest);
        }
        options.lanes = 0;
        options.never_sweep = options.never_compact = true;
        assert_int_equal(digest_of(options), digest);
        options.isa_given = true;
        for (Isa isa = ISA_BASE; isa < ISA_COUNT; isa++) {
            if (engine_has_isa(isa)) {
                options.isa = isa;
                assert_int_equal(digest_of(options), digest);
            }
        }
        options.seed = 0;
        assert_int_not_equal(digest_of(options), digest);
    }
}

static void test_units_change_last_bits_only(void **state)
{
    (void)state;
    toy = DIFFERENT;
    Arena *arena = arena_new(0);
    RunOptions options = sized(100, 64);
    Answer *a = run_with(arena, options);
    const int32_t units[] = {16, 64, 256, 1000};
    for (int u = 0; u < 4; u++) {
        options.unit_futures = units[u]; // 16: a world in four units
        Answer *b = run_with(arena, options);
        for (int i = 0; i < TOY_QUESTIONS; i++) {
            const Item *x = &a->items[i], *y = &b->items[i];
            assert_int_equal(x->futures, y->futures);
            if (x->value.value == x->value.value) {
                near(x->value.value, y->value.value, 1e-12);
                near(x->value.half, y->value.half, 1e-12);
            }
            assert_true(x->band.known == y->band.known);
            near(x->band.lo, y->band.lo, 1e-9);
            near(x->band.hi, y->band.hi, 1e-9);
        }
        for (int k = 0; k <= TOY_STEPS; k++) {
            near(a->items[TOY_PATH].points[k].mean.value, b->items[TOY_PATH].points[k].mean.value,
                 1e-12);
        }
    }
    arena_free(arena);
}

// ---- Samples ------------------------------------------------------------------------------------

static Str samples_of(Arena *arena, RunOptions options)
{
    char path[] = "ask_run_test_XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    (void)close(file);
    options.samples = path;
    (void)run_with(arena, options);
    Str text;
    Error error;
    assert_int_equal(file_read(path, 64 << 20, arena, &text, &error), ST_OK);
    (void)unlink(path);
    return text;
}

static void test_samples_come_in_order_whatever_the_threads(void **state)
{
    (void)state;
    toy = DIFFERENT;
    Arena *arena = arena_new(0);
    RunOptions options = sized(150, 5);
    options.unit_futures = 20;
    Str one = samples_of(arena, options);
    options.threads = 3;
    options.lanes = 16;
    assert_true(str_eq(one, samples_of(arena, options)));
    Str rest = one;
    assert_true(str_eq(next_line(&rest),
                       STR("world,future,story,hit,walk,when,rung,late,impossible,in_time")));
    for (unsigned long w = 0; w < 150; w++) {
        for (unsigned long f = 0; f < 5; f++) {
            Str line = next_line(&rest);
            assert_true(str_starts(line, str_format(arena, "%lu,%lu,", w, f)));
        }
    }
    assert_int_equal(rest.n, 0);
    options.samples = NULL;
    assert_int_equal(
        digest_of(options),
        digest_of((RunOptions){
            .worlds = 150, .futures = 5, .seed = 1, .threads = 2, .unit_futures = 20}));
    arena_free(arena);
}

static void test_more_leaves_earlier_futures_as_they_were(void **state)
{
    (void)state;
    toy = DIFFERENT;
    Arena *arena = arena_new(0);
    Str few = samples_of(arena, sized(30, 3)), many = samples_of(arena, sized(100, 7));
    (void)next_line(&few);
    (void)next_line(&many);
    for (int w = 0; w < 30; w++) {
        for (int f = 0; f < 7; f++) {
            Str line = next_line(&many);
            if (f < 3) {
                assert_true(str_eq(line, next_line(&few)));
            }
        }
    }
    assert_int_equal(few.n, 0);
    arena_free(arena);
}

static void test_samples_that_cannot_be_written_are_an_error(void **state)
{
    (void)state;
    toy = DIFFERENT;
    Arena *arena = arena_new(0);
    RunOptions options = sized(5000, 16);
    Answer *answer;
    Error error = {0};
    options.samples = "no/such/folder/samples.csv";
    assert_int_equal(ask_run(arena, toy_model(arena), &options, &answer, &error), ST_CANNOT_WRITE);
    options.samples = "/dev/full";
    assert_int_equal(ask_run(arena, toy_model(arena), &options, &answer, &error), ST_CANNOT_WRITE);
    assert_true(error.message[0] != 0);
    arena_free(arena);
}

// ---- Ends ---------------------------------------------------------------------------------------

typedef struct {
    volatile int stop;
    int calls;
    uint64_t stop_at;
} Stopper;

static void on_progress(void *ctx, const Progress *progress)
{
    Stopper *stopper = ctx;
    stopper->calls++;
    assert_int_equal(progress->wanted, 400000 * 16);
    if (progress->done > stopper->stop_at) {
        assert_true(progress->n_answers > 0);
        assert_true(progress->answers[0].value.value > 0);
        stopper->stop = 1;
    }
}

static void test_a_stopped_run_answers_with_what_it_has(void **state)
{
    (void)state;
    toy = DIFFERENT;
    Arena *arena = arena_new(0);
    Stopper stopper = {.stop_at = 20000};
    RunOptions options = sized(400000, 16);
    options.ctx = &stopper;
    options.progress = on_progress;
    options.stop = &stopper.stop;
    Answer *a = run_with(arena, options);
    assert_true(a->provenance.partial);
    assert_true(a->provenance.futures > 20000 && a->provenance.futures < 400000 * 16);
    assert_int_equal(a->items[TOY_HIT].futures, a->provenance.futures);
    near(a->items[TOY_HIT].value.value, pooled_hit(TOY_STEPS), 2.3 * a->items[TOY_HIT].value.half);
    assert_true(str_starts(a->remarks[0].text, STR("stopped early")));
    int already = 1;
    options.stop = &already;
    options.progress = NULL;
    a = run_with(arena, options);
    assert_int_equal(a->provenance.futures, 0);
    assert_true(a->items[TOY_HIT].value.value != a->items[TOY_HIT].value.value);
    assert_true(a->items[TOY_HIT].why.n > 0);
    arena_free(arena);
}

static void test_precision_stops_at_the_same_place(void **state)
{
    (void)state;
    toy = DIFFERENT;
    Arena *arena = arena_new(0);
    RunOptions options = sized(20000, 16);
    options.precision = 0.02;
    options.questions = (Str[]){STR("hit"), STR("late")};
    options.n_questions = 2;
    options.unit_futures = 320;
    Answer *a = run_with(arena, options);
    assert_true(a->provenance.partial);
    assert_true(a->items[0].value.half < 0.02 && a->items[1].value.half < 0.02);
    assert_true(a->provenance.futures < 160000);
    uint64_t digest = answer_digest(a);
    options.threads = 3;
    assert_int_equal(digest_of(options), digest);
    arena_free(arena);
}

static void test_failed_checks_and_trouble_are_told(void **state)
{
    (void)state;
    toy = DIFFERENT;
    toy.check = toy.trouble = true;
    Arena *arena = arena_new(0);
    RunOptions options = sized(100, 16);
    Answer *a = run_with(arena, options);
    assert_true(a->check_failed);
    bool check = false, trouble = false;
    for (int i = 0; i < a->n_remarks; i++) {
        check |= str_starts(a->remarks[i].text, STR("the check \"nothing comes\" failed, first in "
                                                    "world "));
        trouble |= str_starts(a->remarks[i].text, STR("bad ended infinite or not a number in "));
    }
    assert_true(check && trouble);
    options.threads = 3;
    options.lanes = 8;
    Answer *b = run_with(arena, options);
    assert_int_equal(a->n_remarks, b->n_remarks);
    for (int i = 0; i < a->n_remarks; i++) {
        assert_true(str_eq(a->remarks[i].text, b->remarks[i].text));
    }
    arena_free(arena);
}

static void test_wrong_questions_are_refused(void **state)
{
    (void)state;
    toy = DIFFERENT;
    Arena *arena = arena_new(0);
    RunOptions options = sized(10, 2);
    options.questions = (Str[]){STR("hti")};
    options.n_questions = 1;
    Answer *answer;
    Error error = {0};
    assert_int_equal(ask_run(arena, toy_model(arena), &options, &answer, &error), ST_USAGE);
    assert_string_equal(error.message, "no question is called 'hti'; did you mean 'hit'?");
    options.n_questions = 0;
    options.worlds = (uint64_t)1 << 40;
    assert_int_equal(ask_run(arena, toy_model(arena), &options, &answer, &error), ST_USAGE);
    arena_free(arena);
}

static bool has_remark(const Answer *a, const char *text)
{
    for (int i = 0; i < a->n_remarks; i++) {
        for (size_t at = 0; at + strlen(text) <= a->remarks[i].text.n; at++) {
            if (memcmp(a->remarks[i].text.p + at, text, strlen(text)) == 0) {
                return true;
            }
        }
    }
    return false;
}

static void test_thin_evidence_is_remarked(void **state)
{
    (void)state;
    toy = (Toy){.base = {0.0003, 0.0003, 0.0003}};
    Arena *arena = arena_new(0);
    Answer *a = run_with(arena, sized(200, 8));
    assert_true(has_remark(a, "hit came out yes in "));
    assert_true(has_remark(a, "late rests on "));
    assert_false(has_remark(a, "worlds: what is unknown"));
    a = run_with(arena, sized(20, 8));
    assert_true(has_remark(a, "only 20 worlds: what is unknown in the model is hardly sampled"));
    assert_false(a->items[TOY_HIT].band.known);
    arena_free(arena);
}

// What happened in a unit that was stopped is left out as its futures are.
static void test_a_stopped_unit_leaves_nothing_behind(void **state)
{
    (void)state;
    toy = DIFFERENT;
    toy.check = toy.trouble = true;
    Arena *arena = arena_new(0);
    Error error = {0};
    Plan *plan = NULL;
    RunOptions options = sized(2000, 16);
    assert_int_equal(plan_make(arena, toy_model(arena), &options, false, &plan, &error), ST_OK);
    PointScales none = {NULL, NULL};
    UnitData *data = unit_data_new(arena, plan, SERIES_WHOLE, none, false);
    // It is told to stop by the first future that ends early.
    const volatile int *stop = &data->unsorted.n;
    assert_false(unit_run(data, plan_unit(plan, 0), stop));
    assert_true(data->unsorted.n > 0 && data->unsorted.n < data->n);
    assert_int_equal(data->n_failed, 0);
    assert_int_equal(data->failures[0][0].n, 0);
    assert_true(unit_run(data, plan_unit(plan, 0), NULL));
    uint64_t failed = data->n_failed;
    Incident failure = data->failures[0][0];
    assert_true(failed > 0 && failed <= (uint64_t)data->n && failure.n > 0);
    assert_false(unit_run(data, plan_unit(plan, 0), stop));
    assert_int_equal(data->n_failed, failed);
    assert_memory_equal(&data->failures[0][0], &failure, sizeof failure);
    unit_data_free(data);
    arena_free(arena);
}

static void test_a_precision_not_reached_is_remarked(void **state)
{
    (void)state;
    toy = DIFFERENT;
    Arena *arena = arena_new(0);
    RunOptions options = sized(1000, 2);
    options.precision = 0.0001;
    Answer *a = run_with(arena, options);
    assert_false(a->provenance.partial);
    assert_true(
        has_remark(a, "the precision asked for (0.010 %) was NOT reached in 2,000 futures"));
    options.precision = 0.2;
    a = run_with(arena, options);
    assert_false(has_remark(a, "NOT reached"));
    arena_free(arena);
}

static void test_the_base_joins_on_request(void **state)
{
    (void)state;
    toy = DIFFERENT;
    Arena *arena = arena_new(0);
    RunOptions options = sized(2000, 2);
    options.with_base = true;
    Answer *a = run_with(arena, options);
    assert_int_equal(a->n_pool, 3);
    near(a->pool[0].share, 0.2, 1e-15);
    near(a->pool[2].share, 0.2, 1e-15);
    assert_true(str_eq(a->provenance.reading, STR("pool of 2 stories and the base")));
    Model *model = toy_model(arena);
    options = sized(2000, 2);
    options.view = model->views[2];
    Error error;
    assert_int_equal(ask_run(arena, model, &options, &a, &error), ST_OK);
    assert_int_equal(a->n_pool, 1);
    assert_true(str_eq(a->provenance.reading, STR("story grim")));
    near(a->items[TOY_HIT].value.value, exact_hit(0.08, TOY_STEPS),
         2.3 * a->items[TOY_HIT].value.half);
    arena_free(arena);
}

static void test_a_cost_is_told_in_advance(void **state)
{
    (void)state;
    toy = DIFFERENT;
    Arena *arena = arena_new(0);
    RunOptions options = sized(1000, 16);
    RunCost cost, more;
    Error error;
    assert_int_equal(ask_cost(toy_model(arena), &options, &cost, &error), ST_OK);
    assert_int_equal(cost.futures, 16000);
    assert_int_equal(cost.steps, TOY_STEPS);
    assert_int_equal(cost.threads, 1);
    assert_true(cost.bytes > 1e5 && cost.bytes < 1e8);
    assert_true(cost.seconds > 0 && cost.seconds < 60);
    options.worlds = 100000; // memory does not grow with futures, time does
    assert_int_equal(ask_cost(toy_model(arena), &options, &more, &error), ST_OK);
    options.worlds = 10000000;
    assert_int_equal(ask_cost(toy_model(arena), &options, &cost, &error), ST_OK);
    assert_true(cost.bytes == more.bytes);
    assert_true(cost.seconds > more.seconds);
    arena_free(arena);
}

// ---- Coverage of whole answers ------------------------------------------------------------------

// 60 runs of a two-story mixture, 95 %: 3 misses are expected; more than 11 come once in 10,000.
static void test_intervals_of_runs_cover(void **state)
{
    (void)state;
    toy = DIFFERENT;
    int hit = 0, walk = 0, late = 0;
    double p = pooled_hit(TOY_STEPS), m = pooled_walk(TOY_STEPS);
    double c = 1 - pooled_hit(12) / p;
    for (uint64_t seed = 100; seed < 160; seed++) {
        Arena *arena = arena_new(0);
        RunOptions options = sized(200, 16);
        options.seed = seed;
        options.no_movers = true;
        Answer *a = run_with(arena, options);
        Estimate h = a->items[TOY_HIT].value, w = a->items[TOY_WALK].value;
        Estimate l = a->items[TOY_LATE].value;
        hit += p < h.lo || p > h.hi;
        walk += m < w.lo || m > w.hi;
        late += c < l.lo || c > l.hi;
        arena_free(arena);
    }
    assert_in_range(hit, 0, 11);
    assert_in_range(walk, 0, 11);
    assert_in_range(late, 0, 11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers_are_right),
        cmocka_unit_test(test_series_follow_time),
        cmocka_unit_test(test_conditions_leave_futures_out),
        cmocka_unit_test(test_band_and_movers_tell_what_is_unknown),
        cmocka_unit_test(test_words_take_the_upper_band_at_an_edge),
        cmocka_unit_test(test_digest_is_free_of_how_it_was_run),
        cmocka_unit_test(test_units_change_last_bits_only),
        cmocka_unit_test(test_samples_come_in_order_whatever_the_threads),
        cmocka_unit_test(test_more_leaves_earlier_futures_as_they_were),
        cmocka_unit_test(test_samples_that_cannot_be_written_are_an_error),
        cmocka_unit_test(test_a_stopped_run_answers_with_what_it_has),
        cmocka_unit_test(test_a_stopped_unit_leaves_nothing_behind),
        cmocka_unit_test(test_a_precision_not_reached_is_remarked),
        cmocka_unit_test(test_precision_stops_at_the_same_place),
        cmocka_unit_test(test_failed_checks_and_trouble_are_told),
        cmocka_unit_test(test_wrong_questions_are_refused),
        cmocka_unit_test(test_thin_evidence_is_remarked),
        cmocka_unit_test(test_the_base_joins_on_request),
        cmocka_unit_test(test_a_cost_is_told_in_advance),
        cmocka_unit_test(test_intervals_of_runs_cover),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
