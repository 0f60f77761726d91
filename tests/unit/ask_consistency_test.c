// SPDX-License-Identifier: MIT
//
// Does a model mean what the language says? Models of tests/consistency with answers worked out by
// hand, in lines `# exact QUESTION STATISTIC VALUE [STEP]` (STEP: only when run with such steps).
//
// Every future has a world of its own, so that futures are independent; a share must lie within 4.5
// standard errors sqrt(p (1 - p) / n) of its value, a mean within 4.5 of the run's own (nothing at
// all where nothing is drawn). With some 200 drawn values a right program fails for one seed in
// 700.
#include <dirent.h>

#include "base/num.h"
#include "consistency.h"
#include "math/elementary.h"

enum { WORLDS = 20000 };
static const double BOUND = 4.5;

// ---- Exact values -------------------------------------------------------------------------------

typedef struct {
    const char *file;
    Str question, statistic;
    double value;
    int *wrong; // counted, so that all of them are told
} Exact;

static void compare(const Exact *exact, double ours, double error)
{
    double off = m_abs(ours - exact->value);
    if (!(off <= BOUND * error + 1e-9 * (1 + m_abs(exact->value)))) {
        print_error("%s: %.*s %.*s is %.10g, ours %.10g +- %.3g\n", exact->file,
                    STR_ARG(exact->question), STR_ARG(exact->statistic), exact->value, ours, error);
        ++*exact->wrong;
    }
}

static void compare_share(const Exact *exact, double ours, uint64_t n)
{
    double p = exact->value;
    compare(exact, ours, m_sqrt(p * (1 - p) / (double)n));
}

static double level_share(const Exact *exact, const Item *item)
{
    Str name = str_sub(exact->statistic, 6, exact->statistic.n); // after "level:"
    for (int32_t i = 0; i < item->n_levels; i++) {
        if (str_eq(item->levels[i].name, name)) {
            return item->levels[i].share.value;
        }
    }
    return -1;
}

static double median(const Item *item)
{
    for (int32_t i = 0; i < item->n_quantiles; i++) {
        if (item->quantiles[i].q == 0.5) {
            return item->quantiles[i].value.value;
        }
    }
    return -1;
}

// The mean at a step, -1 being the start, of a question over time in a model with daily steps.
static double point(const Exact *exact, const Model *model, const Item *item)
{
    double step;
    assert_true(num_parse(str_sub(exact->statistic, 6, exact->statistic.n), &step));
    for (int32_t i = 0; i < item->n_points; i++) {
        double date = step < 0 ? model->start : model->step_start[(int32_t)step];
        if (item->points[i].date == date && (i == 0) == (step < 0)) {
            return item->points[i].mean.value;
        }
    }
    return -1;
}

static void check_exact(const Exact *exact, const Model *model, const Item *item)
{
    Str what = exact->statistic;
    if (str_eq(what, STR("share"))) {
        compare_share(exact, item->value.value, item->futures);
    } else if (str_eq(what, STR("mean"))) {
        compare(exact, item->value.value, item->sd / m_sqrt((double)item->futures));
    } else if (str_eq(what, STR("sd"))) { // of a normal: error sd / sqrt(2 n)
        compare(exact, item->sd, exact->value / m_sqrt(2.0 * (double)item->futures));
    } else if (str_eq(what, STR("median"))) { // of what is certain
        compare(exact, median(item), 0);
    } else if (str_eq(what, STR("defined"))) {
        compare_share(exact, item->defined.value, WORLDS);
    } else if (str_eq(what, STR("censored"))) {
        compare_share(exact, item->has_censored ? item->censored.value : 0, WORLDS);
    } else if (str_eq(what, STR("same_step"))) {
        assert_true(item->has_tied);
        compare_share(exact, item->tied.value, item->futures);
    } else if (str_starts(what, STR("level:"))) {
        compare_share(exact, level_share(exact, item), item->futures);
    } else if (str_starts(what, STR("point:"))) {
        compare(exact, point(exact, model, item), 0);
    } else {
        fail_msg("%s: what is `%.*s`?", exact->file, STR_ARG(what));
    }
}

// One line `# exact ...`: does it hold for these steps?
static bool read_exact(Arena *arena, const char *p, Str step, Exact *exact)
{
    char line[256], question[64], statistic[64], number[64], only[64] = "";
    snprintf(line, sizeof line, "%.*s", (int)strcspn(p, "\n"), p);
    int n = sscanf(line, "# exact %63s %63s %63s %63[a-z0-9 ]", question, statistic, number, only);
    assert_true(n >= 3);
    exact->question = str_copy(arena, str_of(question));
    exact->statistic = str_copy(arena, str_of(statistic));
    assert_true(num_parse(str_of(number), &exact->value));
    return n == 3 || str_eq(str_of(only), step);
}

static int check_all(const char *file, Str text, Str step, uint64_t seed, int *wrong)
{
    Loaded l = load(str_of(file), text);
    Answer *answer =
        run(l.arena, l.model, (RunOptions){.seed = seed, .worlds = WORLDS, .futures = 1});
    int n = 0;
    for (const char *p = text.p; (p = strstr(p, "# exact ")); p++) {
        Exact exact = {.file = file, .wrong = wrong};
        if (read_exact(l.arena, p, step, &exact)) {
            check_exact(&exact, l.model, find_item(answer, exact.question));
            n++;
        }
    }
    assert_int_equal(answer->n_remarks, 0);
    arena_free(l.arena);
    return n;
}

// A model with the remark `# in any steps` is run with each of these.
static const char *const STEPS[] = {"daily", "every 2 days", "weekly", "every 14 days"};

static Str in_steps(Arena *arena, Str text, Str step)
{
    return replaced(arena, text, STR("time daily"), str_format(arena, "time %.*s", STR_ARG(step)));
}

static int check_file(const char *name, uint64_t seed, int *wrong)
{
    Arena *arena = arena_new(0);
    Str text = read_model(arena, name);
    int n = 0;
    if (strstr(text.p, "# in any steps")) {
        for (size_t i = 0; i < sizeof STEPS / sizeof STEPS[0]; i++) {
            Str step = str_of(STEPS[i]);
            n += check_all(name, in_steps(arena, text, step), step, seed + i, wrong);
        }
    } else {
        n = check_all(name, text, STR("daily"), seed, wrong);
    }
    arena_free(arena);
    return n;
}

static void test_models_give_the_answers_worked_out_by_hand(void **state)
{
    (void)state;
    DIR *dir = opendir(folder());
    assert_non_null(dir);
    int files = 0, values = 0, wrong = 0;
    uint64_t seeds = getenv("CASUS_SLOW") ? 10 : 1;
    for (const struct dirent *entry; (entry = readdir(dir));) {
        if (strstr(entry->d_name, ".casus")) {
            for (uint64_t seed = 1; seed <= seeds; seed++) {
                values += check_file(entry->d_name, 100 * seed, &wrong);
            }
            files++;
        }
    }
    closedir(dir);
    print_message("%d values in %d models\n", values, files);
    assert_int_equal(wrong, 0);
    assert_true(files >= 8 && values >= 150);
}

// ---- The same crisis in other steps -------------------------------------------------------------

static const char CRISIS[] =
    "model \"A border\"\n"
    "  time daily from 2024-03-04 to 2025-03-03\n"
    "actor NOR \"North\"\n"
    "param temper : hazard ~ 5% to 30% within 90 days\n"
    "state tension : number = 0.2\n"
    "each step\n"
    "  tension += (1 - tension) * (0.1 per week) * step + noise(0.05 per week)\n"
    "event shots\n"
    "  chance temper * max(tension, 0)\n"
    "  then\n"
    "    tension += 1\n"
    "    after 14 to 60 days\n"
    "      tension -= 0.5\n"
    "  again after 14 days\n"
    "decision mobilise by NOR\n"
    "  when   shots\n"
    "  every  4 weeks\n"
    "  sees   tension\n"
    "  option wait worth 0\n"
    "  option call worth 2 * (tension - 2) - 1\n"
    "    then tension += 0.3\n"
    "question called ever mobilise is call\n"
    "question shot ever shots\n"
    "question heat tension at end\n"
    "question often times(shots) at end\n";

static void test_a_crisis_is_the_same_daily_and_weekly(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    const char *const steps[] = {"daily", "weekly"};
    Answer *answer[2];
    Loaded l[2];
    for (int i = 0; i < 2; i++) {
        Str text = in_steps(arena, str_of(CRISIS), str_of(steps[i]));
        l[i] = load(STR("crisis"), text);
        answer[i] = run(arena, l[i].model, (RunOptions){.seed = 1, .worlds = WORLDS, .futures = 1});
    }
    // An event is felt up to a week later, a year has 52 of them, and each acts on the next.
    const double bound[] = {0.02, 0.02, 0.05, 0.05};
    for (int32_t i = 0; i < 4; i++) {
        double daily = answer[0]->items[i].value.value, weekly = answer[1]->items[i].value.value;
        if (m_abs(daily - weekly) > bound[i]) {
            fail_msg("%.*s: daily %g, weekly %g", STR_ARG(answer[0]->items[i].name), daily, weekly);
        }
        assert_true(daily > 0.05); // it is a crisis
    }
    for (int i = 0; i < 2; i++) {
        arena_free(l[i].arena);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_models_give_the_answers_worked_out_by_hand),
        cmocka_unit_test(test_a_crisis_is_the_same_daily_and_weekly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
