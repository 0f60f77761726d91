// SPDX-License-Identifier: MIT
//
// Quantiles over time held against the values themselves, sorted: stories far apart, values that
// many futures share, bounds that none passes. Of a crowded bin some 60 to 1,024 futures are looked
// at: a quantile's rank then errs by a binomial's error, of which 5 are allowed. Seeds are fixed.
#include "ask/closer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "lang/check.h"
#include "math/elementary.h"

#define HEAD "model \"m\"\n  time daily from 2024-01-01 to 2024-01-21\nstate x : number = 0\n"
#define ASKS                                                                                       \
    "question path \"P\" x over time\n"                                                            \
    "question last \"L\" x at end\n"

// A run, and beside it the values of x at the end of the same futures, in rising order.
typedef struct {
    Arena *arena;
    const SeriesPoint *point; // the last
    double *sorted;
    int32_t n;
} Held;

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void sort_values(Held *held, const Model *model, const RunOptions *options)
{
    Error error = {0};
    Plan *plan = NULL;
    assert_int_equal(plan_make(held->arena, model, options, false, &plan, &error), ST_OK);
    PointScales none = {NULL, NULL};
    UnitData *data = unit_data_new(held->arena, plan, SERIES_OFF, none, false);
    held->sorted = ARENA_ARRAY(held->arena, double, plan->worlds * plan->futures);
    for (int64_t id = 0; id < plan->n_units; id++) {
        WorkUnit unit = plan_unit(plan, id);
        assert_true(unit.n_worlds == 0 || unit_run(data, unit, NULL));
        for (int32_t i = 0; i < data->n && unit.n_worlds > 0; i++) {
            held->sorted[held->n++] = data->values[plan->asked[1].column][i];
        }
    }
    unit_data_free(data);
    assert_int_equal(held->n, plan->worlds * plan->futures);
    qsort(held->sorted, (size_t)held->n, sizeof *held->sorted, by_size);
}

static Model *load(Arena *arena, const char *text)
{
    DiagList diags = {.arena = arena};
    Error error = {0};
    Model *model = NULL;
    LoadOptions options = {0};
    if (lang_load_text(arena, &diags, STR("m"), str_of(text), &options, &model, &error) != ST_OK) {
        fail_msg("%s", error.message);
    }
    return model;
}

static Answer *run(Arena *arena, const Model *model, const RunOptions *options)
{
    Error error = {0};
    Answer *answer = NULL;
    if (ask_run(arena, model, options, &answer, &error) != ST_OK) {
        fail_msg("%s", error.message);
    }
    return answer;
}

static RunOptions options_of(uint64_t worlds)
{
    return (RunOptions){.worlds = worlds, .futures = 1, .seed = 5, .threads = 1};
}

static Held hold(const char *text, uint64_t worlds)
{
    Held held = {.arena = arena_new(0)};
    RunOptions options = options_of(worlds);
    const Model *model = load(held.arena, text);
    const Answer *answer = run(held.arena, model, &options);
    sort_values(&held, model, &options);
    assert_true(answer->items[0].n_points > 0);
    held.point = &answer->items[0].points[answer->items[0].n_points - 1];
    return held;
}

static const double SAME = 1e-6; // nothing is looked at that a bin tells so well
static const double Q[] = {0.05, 0.25, 0.5, 0.75, 0.95};

// As answered; none below the least value or above the greatest.
static void told(const Held *held, double *values)
{
    const SeriesPoint *p = held->point;
    const double all[] = {p->q05, p->q25, p->q50, p->q75, p->q95};
    for (int i = 0; i < 5; i++) {
        values[i] = all[i];
        double least = held->sorted[0], most = held->sorted[held->n - 1], room = SAME * m_abs(most);
        if (!(values[i] >= least - room && values[i] <= most + room)) {
            fail_msg("q%g is %.17g, not within %.17g to %.17g", Q[i], values[i], least, most);
        }
    }
}

static double exact(const Held *held, double q)
{
    return held->sorted[(int32_t)m_ceil(q * held->n) - 1];
}

static void assert_exact(const char *text, uint64_t worlds)
{
    Held held = hold(text, worlds);
    double values[5];
    told(&held, values);
    for (int i = 0; i < 5; i++) {
        double value = exact(&held, Q[i]);
        if (!(m_abs(values[i] - value) <= SAME * m_abs(value))) {
            fail_msg("q%g is %.17g, not %.17g, in %s", Q[i], values[i], value, text);
        }
    }
    arena_free(held.arena);
}

// The share of all values below a told quantile is off by at most `room`.
static void assert_rank(const char *text, uint64_t worlds, double room)
{
    Held held = hold(text, worlds);
    double values[5];
    told(&held, values);
    for (int i = 0; i < 5; i++) {
        double lo = exact(&held, Q[i] - room > 0 ? Q[i] - room : 1e-9);
        double hi = exact(&held, Q[i] + room < 1 ? Q[i] + room : 1);
        if (!(values[i] >= lo && values[i] <= hi)) {
            fail_msg("q%g is %.9g, not within %.9g to %.9g, in %s", Q[i], values[i], lo, hi, text);
        }
    }
    arena_free(held.arena);
}

// ---- Atoms --------------------------------------------------------------------------------------

static void test_values_that_many_futures_share_are_told_as_they_are(void **state)
{
    (void)state;
    assert_exact(HEAD "event a\n  chance 45% within 5 days\n  then x = 1e9\n"
                      "event b\n  chance 50% within 5 days\n  then x += 5\n" ASKS,
                 20000);
    assert_exact(HEAD "event a\n  chance 30% within 5 days\n  then x = -4e6 + 17\n"
                      "event b\n  chance 60% within 5 days\n  then x += 1234.5\n" ASKS,
                 20000);
    // As far above the middle as below it.
    assert_exact(HEAD "each step\n  one of\n    2% x = 100.5\n    2% x = -100.5\n    rest\n" ASKS,
                 20000);
    // Nothing, for the most part far below the middle; and a bound, not passed by the width of a
    // bin.
    assert_exact(HEAD "event a\n  chance 80% within 5 days\n  then x = 100\n" ASKS, 20000);
    assert_exact(HEAD "event a\n  chance 80% within 5 days\n  then x = 100\n" ASKS, 700);
    assert_exact(HEAD "event a\n  chance 80% within 5 days\n  then x = 97.5\n"
                      "event b\n  chance 30% within 5 days\n  then x += 2.375\n" ASKS,
                 20000);
}

static void test_counts_are_whole_and_right(void **state)
{
    (void)state;
    static const char DAYS[] = "model \"m\"\n  time daily from 2024-01-01 to 2024-01-21\n"
                               "state x : count = 0\n"
                               "event a\n  chance %s within step\n  then x += %d\n  again\n" ASKS;
    static const char *const CHANCES[] = {"5%", "50%", "90%"};
    for (int i = 0; i < 3; i++) {
        for (int by = 1; by <= 3; by += 2) {
            char text[400];
            (void)snprintf(text, sizeof text, DAYS, CHANCES[i], by);
            assert_exact(text, 30000);
        }
    }
}

// ---- Spread -------------------------------------------------------------------------------------

#define APART(size, chance)                                                                        \
    HEAD "state t : number = 0\ntype far of A : near, remote ~ rest, " chance "\nactor A\n"        \
         "each step\n  if t is 0 and far of A is remote\n    x = " size "\n"                       \
         "  x += normal(0, 1)\n  t += 1\n" ASKS

static void test_the_neighbourhood_of_each_story_is_kept(void **state)
{
    (void)state;
    assert_rank(APART("1e9", "50%"), 20000, 0.06);
    assert_rank(APART("1e9", "6%"), 20000, 0.02);
    assert_rank(APART("1e9", "93%"), 20000, 0.03);
    assert_rank(APART("-1e7", "50%"), 20000, 0.06);
    assert_rank(APART("1e9", "40%"), 600, 0.15); // 75 futures are looked at
    assert_rank(HEAD "each step\n  x += normal(0, 1)\n" ASKS, 20000, 0.002);
}

// ---- Stopped ------------------------------------------------------------------------------------

// Told to stop when all its futures are done, a run is not another one; with some of them missing
// it does not go on to look.
static void test_a_whole_run_looks_closer_though_it_is_stopped_then(void **state)
{
    (void)state;
    static const volatile int stopped = 1;
    Arena *arena = arena_new(0);
    const Model *model = load(arena, APART("1e9", "50%"));
    RunOptions options = options_of(600);
    uint64_t whole = answer_digest(run(arena, model, &options));
    char file[] = "ask_closer_test_XXXXXX";
    int fd = mkstemp(file);
    assert_true(fd >= 0 && close(fd) == 0 && unlink(file) == 0);
    options.checkpoint = file;
    assert_int_equal(answer_digest(run(arena, model, &options)), whole);
    options.stop = &stopped;
    const Answer *answer = run(arena, model, &options);
    assert_false(answer->provenance.partial);
    assert_int_equal(answer_digest(answer), whole);
    assert_int_equal(unlink(file), 0);
    options.checkpoint = NULL;
    assert_true(run(arena, model, &options)->provenance.partial);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_that_many_futures_share_are_told_as_they_are),
        cmocka_unit_test(test_counts_are_whole_and_right),
        cmocka_unit_test(test_the_neighbourhood_of_each_story_is_kept),
        cmocka_unit_test(test_a_whole_run_looks_closer_though_it_is_stopped_then),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
