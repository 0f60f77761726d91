// SPDX-License-Identifier: MIT
//
// Comparisons: the same worlds for all, errors that hold against other ways of finding them, a
// planted crux found, words held against conditions.
#include "ask/compare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "lang/check.h"
#include "lang/swap.h"
#include "math/elementary.h"

// `calm` and `wild` differ in five things. What drives `comes` is planted: drive moves it much,
// help a little, the rest not at all. `opens` needs both keys. `alike` is the base under another
// name.
static const char MODEL[] = "model \"Planted\"\n"
                            "  time monthly from 2024-01-01 to 2024-12-31\n"
                            "  base weight 1\n"
                            "source one B \"One\" 2024-01-01\n"
                            "  word \"surely\" = 90% to 99%\n"
                            "source two C \"Two\" 2024-01-01\n"
                            "ladder rung = low < middle < high\n"
                            "param drive : number ~ -1 to 1\n"
                            "param help : number ~ -1 to 1\n"
                            "param idle : number ~ 1 to 2\n"
                            "param pace : number ~ 1 to 2\n"
                            "param key_a : number ~ 0 up to 0.4\n"
                            "param key_b : number ~ 0 up to 0.4\n"
                            "state stock : number = 0\n"
                            "state level : rung = low\n"
                            "each step\n"
                            "  stock += pace + normal(0, 1)\n"
                            "event comes\n"
                            "  chance logistic(drive + 0.25 * help - 3) within 30 days\n"
                            "  then raise level to middle\n"
                            "event opens\n"
                            "  when key_a > 0.5 and key_b > 0.5\n"
                            "  chance 20% within 30 days\n"
                            "  then raise level to high\n"
                            "question comes ever comes by 2024-11-30\n"
                            "  resolves \"it is there\" by 2024-11-30\n"
                            "question when_in first comes\n"
                            "question stock_end stock at end\n"
                            "question opens ever opens\n"
                            "question worst max level\n"
                            "question later ever stock > 10 within 90 days after comes\n"
                            "question path stock over time\n"
                            "story calm from one\n"
                            "  drive ~ -1.5 to -0.5\n"
                            "  help ~ -1.5 to -0.5\n"
                            "  idle ~ 5 to 6\n"
                            "  says comes \"surely\"\n"
                            "  says opens 0% to 30%\n"
                            "  says worst likely\n"
                            "story wild from two\n"
                            "  drive ~ 1.5 to 2.5\n"
                            "  help ~ 0.5 to 1.5\n"
                            "  pace ~ 2 to 5\n"
                            "  key_a ~ 0.6 up to 1\n"
                            "  key_b ~ 0.6 up to 1\n"
                            "  says comes likely by 2024-06-30\n"
                            "  says opens \"surely\" about \"any door\" from one\n"
                            "story alike from two\n"
                            "  weight 0.5\n"
                            "  says opens 40% to 50%\n"
                            "variant slow\n"
                            "  pace = 0\n";

// The texts stay where they are: cruxes read them again.
typedef struct {
    Arena *arena;
    DiagList *diags;
    Model *model;
} Loaded;

static Loaded load_with(const char *text, const Str *sets, int32_t n_sets)
{
    Loaded l = {.arena = arena_new(0)};
    Arena *texts = arena_new(0);
    l.diags = ARENA_NEW(texts, DiagList);
    l.diags->arena = texts;
    LoadOptions options = {.path = "test.casus", .sets = sets, .n_sets = n_sets};
    Error error = {0};
    if (lang_load_text(l.arena, l.diags, STR("test.casus"), str_of(text), &options, &l.model,
                       &error) != ST_OK) {
        fail_msg("%s; %.*s", error.message, l.diags->diags.n ? (int)l.diags->diags.p[0].text.n : 0,
                 l.diags->diags.n ? l.diags->diags.p[0].text.p : "");
    }
    return l;
}

static void unload(Loaded *l)
{
    arena_free(l->diags->arena);
    arena_free(l->arena);
}

static CompareOptions sized(uint64_t worlds, uint64_t futures)
{
    return (CompareOptions){.run = {.worlds = worlds, .futures = futures, .seed = 7, .threads = 1},
                            .no_cruxes = true};
}

static const Comparison *compare(Loaded *l, CompareOptions options)
{
    Comparison *c = NULL;
    Error error = {0};
    options.run.sources = l->diags;
    if (ask_compare(l->arena, l->model, &options, &c, &error) != ST_OK) {
        fail_msg("%s", error.message);
    }
    return c;
}

static int32_t column_of(const Comparison *c, const char *name, ColumnRole role)
{
    for (int32_t i = 0; i < c->n_columns; i++) {
        if (c->columns[i].role == role && str_eq(c->columns[i].name, str_of(name))) {
            return i;
        }
    }
    fail_msg("no column %s", name);
    return -1;
}

static const CompareItem *item_of(const Comparison *c, const char *name)
{
    for (int32_t i = 0; i < c->n_items; i++) {
        if (str_eq(c->items[i].name, str_of(name))) {
            return &c->items[i];
        }
    }
    fail_msg("no question %s", name);
    return NULL;
}

static const Gap *gap_of(const Comparison *c, const char *item, int32_t a, int32_t b)
{
    return &item_of(c, item)->gaps[a * c->n_columns + b];
}

static void near(double a, double b, double tolerance)
{
    if (!(a - b <= tolerance && b - a <= tolerance)) {
        fail_msg("%.12g is not %.12g within %g", a, b, tolerance);
    }
}

static bool same_bits(const void *a, const void *b, size_t n)
{
    return n == 0 || memcmp(a, b, n) == 0; // nothing may come without a place
}

// ---- The same worlds ----------------------------------------------------------------------------

static void test_the_pool_is_that_of_a_run(void **state)
{
    (void)state;
    // 5,000 worlds leave sections of unequal size; the second shape cuts worlds into several units.
    static const uint64_t shapes[][2] = {{5000, 4}, {3, 40000}, {700, 1}};
    for (int s = 0; s < 3; s++) {
        Loaded l = load_with(MODEL, NULL, 0);
        const Comparison *c = compare(&l, sized(shapes[s][0], shapes[s][1]));
        RunOptions options = {
            .worlds = shapes[s][0], .futures = shapes[s][1], .seed = 7, .threads = 2};
        Answer *answer = NULL;
        Error error = {0};
        assert_int_equal(ask_run(l.arena, l.model, &options, &answer, &error), ST_OK);
        int32_t pool = column_of(c, "pool", COLUMN_POOL);
        assert_int_equal(c->n_items, answer->n_items - 1); // all but the one over time
        for (int32_t i = 0; i < c->n_items; i++) {
            const Item *ran = &answer->items[i];
            const CompareCell *cell = &c->items[i].cells[pool];
            assert_true(str_eq(ran->name, c->items[i].name));
            assert_int_equal(ran->futures, cell->futures);
            if (ran->kind == ITEM_LEVEL) {
                for (int32_t k = 0; k < ran->n_levels; k++) {
                    assert_true(
                        same_bits(&ran->levels[k].share, &cell->levels[k], sizeof(Estimate)));
                }
                continue;
            }
            assert_true(same_bits(&ran->value, &cell->value, sizeof(Estimate)));
            if (ran->n_quantiles > 0) {
                near(ran->quantiles[2].value.value, cell->median, 0);
            }
        }
        unload(&l);
    }
}

static void test_a_story_is_what_it_is_alone(void **state)
{
    (void)state;
    Loaded l = load_with(MODEL, NULL, 0);
    const Comparison *c = compare(&l, sized(2000, 4));
    RunOptions options = {.worlds = 2000,
                          .futures = 4,
                          .seed = 7,
                          .threads = 1,
                          .view = model_view(l.model, STR("wild"))};
    Answer *answer = NULL;
    Error error = {0};
    assert_int_equal(ask_run(l.arena, l.model, &options, &answer, &error), ST_OK);
    int32_t wild = column_of(c, "wild", COLUMN_STORY);
    assert_true(
        same_bits(&answer->items[0].value, &c->items[0].cells[wild].value, sizeof(Estimate)));
    unload(&l);
}

static void test_what_is_the_same_differs_by_nothing(void **state)
{
    (void)state;
    Loaded l = load_with(MODEL, NULL, 0);
    const Comparison *c = compare(&l, sized(1000, 4));
    int32_t alike = column_of(c, "alike", COLUMN_STORY), base = column_of(c, "base", COLUMN_BASE);
    for (int32_t i = 0; i < c->n_items; i++) {
        const Gap *gap = &c->items[i].gaps[alike * c->n_columns + base];
        assert_true(gap->known);
        near(gap->difference.value, 0, 0);
        near(gap->difference.half, 0, 0);
        assert_false(gap->found);
    }
    unload(&l);
}

static void test_digest_does_not_depend_on_threads(void **state)
{
    (void)state;
    uint64_t first = 0;
    static const int threads[] = {1, 2, 3, 7};
    for (int t = 0; t < 4; t++) {
        Loaded l = load_with(MODEL, NULL, 0);
        CompareOptions options = sized(3000, 4);
        options.run.threads = threads[t];
        options.no_cruxes = false;
        options.crux_worlds = 500;
        uint64_t digest = comparison_digest(compare(&l, options));
        first = t == 0 ? digest : first;
        assert_int_equal(digest, first);
        unload(&l);
    }
}

// ---- Errors -------------------------------------------------------------------------------------

// Sums by world of one column of a file of samples: n counts fields that are there.
typedef struct {
    double n[4096], x[4096];
} Worlds;

static void read_samples(Loaded *l, const View *view, int32_t question_column, uint64_t worlds,
                         Worlds *out)
{
    char path[] = "/tmp/casus_compare_XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    RunOptions options = {
        .worlds = worlds, .futures = 4, .seed = 7, .threads = 1, .view = view, .samples = path};
    Answer *answer = NULL;
    Error error = {0};
    assert_int_equal(ask_run(l->arena, l->model, &options, &answer, &error), ST_OK);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char line[512];
    assert_non_null(fgets(line, sizeof line, file));
    *out = (Worlds){{0}, {0}};
    while (fgets(line, sizeof line, file)) {
        char *field = line;
        long world = strtol(line, NULL, 10);
        for (int32_t i = 0; i < question_column + 3; i++) {
            field = strchr(field, ',') + 1;
        }
        if (*field != ',' && *field != '\n') {
            out->n[world] += 1;
            out->x[world] += strtod(field, NULL);
        }
    }
    fclose(file);
    unlink(path);
}

static double ratio_without(const Worlds *w, int32_t worlds, int32_t left_out)
{
    double n = 0, x = 0;
    for (int32_t i = 0; i < worlds; i++) {
        n += i == left_out ? 0 : w->n[i];
        x += i == left_out ? 0 : w->x[i];
    }
    return x / n;
}

// Delete one world at a time (Efron 1982): another way to the error of a difference of ratios,
// which agrees with the linearised one but for terms of 1/W.
static double jackknife_error(const Worlds *a, const Worlds *b, int32_t worlds)
{
    double sum = 0, squares = 0;
    for (int32_t i = 0; i < worlds; i++) {
        double d = ratio_without(a, worlds, i) - ratio_without(b, worlds, i);
        sum += d;
        squares += d * d;
    }
    double mean = sum / worlds;
    return m_sqrt((worlds - 1.0) / worlds * (squares - worlds * mean * mean));
}

static void test_errors_agree_with_a_jackknife_of_the_samples(void **state)
{
    (void)state;
    enum { WORLDS = 600 };
    static Worlds wild, base;
    Loaded l = load_with(MODEL, NULL, 0);
    const Comparison *c = compare(&l, sized(WORLDS, 4));
    int32_t a = column_of(c, "wild", COLUMN_STORY), b = column_of(c, "base", COLUMN_BASE);
    // Columns of samples: the questions with one value a future, in order.
    static const struct {
        const char *name;
        int32_t column;
        double tolerance;
    } cases[] = {{"comes", 0, 0.01}, {"stock_end", 2, 0.01}, {"later", 5, 0.05}};
    for (int i = 0; i < 3; i++) {
        read_samples(&l, model_view(l.model, STR("wild")), cases[i].column, WORLDS, &wild);
        read_samples(&l, l.model->views[0], cases[i].column, WORLDS, &base);
        const Gap *gap = gap_of(c, cases[i].name, a, b);
        double d = ratio_without(&wild, WORLDS, -1) - ratio_without(&base, WORLDS, -1);
        near(gap->difference.value, d, 1e-9);
        double error = m_abs(gap->difference.value) / gap->errors;
        double other = jackknife_error(&wild, &base, WORLDS);
        near(error / other, 1, cases[i].tolerance);
    }
    unload(&l);
}

// Over 200 seeds differences spread as their errors say: the ratio of variances is within 0.68 to
// 1.40 of 1, ten-thousandths of chi-square with 199 degrees of freedom on either side; and the
// paired error is well below that of two runs apart.
static void test_errors_are_those_of_many_seeds(void **state)
{
    (void)state;
    enum { SEEDS = 200 };
    Loaded l = load_with(MODEL, NULL, 0);
    static const Str asked[] = {{"comes", 5}, {"stock_end", 9}, {"later", 5}};
    double sum[3] = {0}, squares[3] = {0}, errors[3] = {0}, apart = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        CompareOptions options = sized(200, 2);
        options.run.seed = seed;
        options.run.questions = asked;
        options.run.n_questions = 3;
        const Comparison *c = compare(&l, options);
        int32_t a = column_of(c, "wild", COLUMN_STORY), b = column_of(c, "base", COLUMN_BASE);
        for (int32_t i = 0; i < 3; i++) {
            const Gap *gap = &c->items[i].gaps[a * c->n_columns + b];
            double error = m_abs(gap->difference.value) / gap->errors;
            sum[i] += gap->difference.value;
            squares[i] += gap->difference.value * gap->difference.value;
            errors[i] += error * error;
        }
        const CompareCell *cells = c->items[1].cells;
        double pair = gap_of(c, "stock_end", a, b)->difference.half;
        apart += (cells[a].value.half * cells[a].value.half +
                  cells[b].value.half * cells[b].value.half) /
                 (pair * pair) / SEEDS;
    }
    for (int i = 0; i < 3; i++) {
        double spread = (squares[i] - sum[i] * sum[i] / SEEDS) / (SEEDS - 1);
        double ratio = spread / (errors[i] / SEEDS);
        if (!(ratio > 0.68 && ratio < 1.40)) {
            fail_msg("question %d: variance %.3g times what its errors say", i, ratio);
        }
    }
    if (!(apart > 1.5)) {
        fail_msg("two runs apart have but %.3g times the variance", apart);
    }
    unload(&l);
}

static void test_never_here_and_always_there(void **state)
{
    (void)state;
    Loaded l = load_with(MODEL, NULL, 0);
    const Comparison *c = compare(&l, sized(500, 4));
    int32_t wild = column_of(c, "wild", COLUMN_STORY), calm = column_of(c, "calm", COLUMN_STORY);
    int32_t base = column_of(c, "base", COLUMN_BASE);
    const Gap *gap = gap_of(c, "opens", wild, calm);
    assert_true(gap->known && gap->matters && gap->difference.half > 0);
    assert_true(gap->factor.value != gap->factor.value); // no factor of nothing
    gap = gap_of(c, "opens", base, calm);                // in neither: they agree in every world
    assert_true(gap->known && !gap->found);
    near(gap->difference.half, 0, 0);
    unload(&l);
}

// ---- Cruxes -------------------------------------------------------------------------------------

static const Crux *crux_of(const Comparison *c, const char *item, const char *a, const char *b)
{
    for (int32_t i = 0; i < c->n_cruxes; i++) {
        const Crux *crux = &c->cruxes[i];
        Str x = c->columns[crux->a].name, y = c->columns[crux->b].name;
        bool pair = (str_eq(x, str_of(a)) && str_eq(y, str_of(b))) ||
                    (str_eq(x, str_of(b)) && str_eq(y, str_of(a)));
        if (pair && str_eq(c->items[crux->item].name, str_of(item))) {
            return crux;
        }
    }
    fail_msg("no crux of %s and %s on %s", a, b, item);
    return NULL;
}

static void first_is(const Comparison *c, const Crux *crux, int32_t at, const char *name)
{
    Str found = c->assumptions[crux->parts[at].assumption].name;
    if (!str_eq(found, str_of(name))) {
        fail_msg("%.*s stands there, not %s", STR_ARG(found), name);
    }
}

static void test_a_planted_crux_is_found_on_five_seeds(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        Loaded l = load_with(MODEL, NULL, 0);
        CompareOptions options = sized(2048, 8);
        options.no_cruxes = false;
        options.run.seed = seed;
        options.run.threads = 2;
        const Comparison *c = compare(&l, options);
        const Crux *comes = crux_of(c, "comes", "calm", "wild");
        first_is(c, comes, 0, "drive");
        first_is(c, comes, 1, "help");
        assert_false(comes->tied);
        assert_true(comes->parts[0].closure.value > 0.7 && comes->parts[1].closure.value > 0.05);
        // What plays no part closes nothing at all: the draws are the same.
        for (int32_t i = 0; i < comes->n_parts; i++) {
            if (str_eq(c->assumptions[comes->parts[i].assumption].name, STR("idle"))) {
                near(comes->parts[i].closure.value, 0, 0);
                near(comes->parts[i].closure.half, 0, 1e-15);
            }
        }
        const Crux *stock = crux_of(c, "stock_end", "calm", "wild");
        first_is(c, stock, 0, "pace");
        near(stock->parts[0].closure.value, 1, 1e-9);
        unload(&l);
    }
}

// Either key alone opens nothing, and without either nothing opens: each closes half, both together
// all of it, and which of them comes first cannot be told.
static void test_two_keys_are_tied_and_close_it_together(void **state)
{
    (void)state;
    Loaded l = load_with(MODEL, NULL, 0);
    CompareOptions options = sized(1024, 4);
    options.no_cruxes = false;
    const Comparison *c = compare(&l, options);
    const Crux *crux = crux_of(c, "opens", "calm", "wild");
    near(crux->parts[0].closure.value, 0.5, 1e-12);
    near(crux->parts[1].closure.value, 0.5, 1e-12);
    assert_true(crux->tied && crux->has_pair);
    near(crux->together.value, 1, 1e-12);
    near(crux->together.half, 0, 1e-12);
    near(crux->sum.value, 1, 1e-12);
    near(crux->parts[0].a_alone, 0, 0);
    unload(&l);
}

static void test_swapping_all_makes_the_other(void **state)
{
    (void)state;
    Loaded l = load_with(MODEL, NULL, 0);
    const Assumption *list;
    int32_t n = lang_assumptions(l.arena, l.model, &list), all[16];
    assert_int_equal(n, 6);
    assert_true(str_eq(list[0].name, STR("drive")));
    assert_true(str_eq(list[0].values[0], STR("~ -1 to 1")));
    assert_true(str_eq(list[0].values[2], STR("~ 1.5 to 2.5")));
    assert_true(list[2].values[2].n == 0); // wild says nothing of idle
    for (int32_t i = 0; i < n; i++) {
        all[i] = i;
    }
    Str why = {0};
    const View *mixed = lang_swap(l.arena, l.model, 1, 2, all, n, &why);
    assert_non_null(mixed);
    const View *wild = l.model->views[2];
    assert_int_equal(mixed->n_quantities, wild->n_quantities);
    for (int32_t i = 0; i < wild->n_quantities; i++) {
        const Dist *x = mixed->quantities[i].values[0], *y = wild->quantities[i].values[0];
        assert_int_equal(x->form, y->form);
        assert_true(x->n_numbers == y->n_numbers &&
                    same_bits(x->numbers, y->numbers, (size_t)x->n_numbers * sizeof(double)));
    }
    unload(&l);
}

// Both stories are from one source, and one says nothing of the other's second assumption.
static void test_what_one_leaves_open_is_as_in_the_base(void **state)
{
    (void)state;
    static const char text[] = "model \"M\"\n  time monthly from 2024-01-01 to 2024-12-31\n"
                               "source one B \"One\" 2024-01-01\n"
                               "param p : probability ~ 20% to 40%\n"
                               "type mood of one_actor : good, bad ~ 50%, 50%\n"
                               "actor one_actor \"A\"\n"
                               "event e\n  chance p within 30 days\n"
                               "question q ever e\n"
                               "story a from one\n  p ~ 1% to 2%\n  mood of one_actor ~ 10%, 90%\n"
                               "story b from one\n  p ~ 80% to 90%\n";
    Loaded l = load_with(text, NULL, 0);
    CompareOptions options = sized(256, 4);
    options.no_cruxes = false;
    const Comparison *c = compare(&l, options);
    const Crux *crux = crux_of(c, "q", "a", "b");
    assert_int_equal(crux->n_parts, 2);
    first_is(c, crux, 0, "p");
    first_is(c, crux, 1, "mood of one_actor");
    near(crux->parts[0].closure.value, 1, 1e-9);
    near(crux->parts[1].closure.value, 0, 0);
    unload(&l);
}

// ---- Words --------------------------------------------------------------------------------------

static const Coherence *saying_of(const Comparison *c, const char *story, const char *item)
{
    for (int32_t i = 0; i < c->n_sayings; i++) {
        const Coherence *s = &c->sayings[i];
        if (str_eq(c->columns[s->column].name, str_of(story)) &&
            str_eq(c->items[s->item].name, str_of(item))) {
            return s;
        }
    }
    fail_msg("%s says nothing of %s", story, item);
    return NULL;
}

static void test_words_stand_against_conditions(void **state)
{
    (void)state;
    Loaded l = load_with(MODEL, NULL, 0);
    const Comparison *c = compare(&l, sized(1000, 4));
    assert_int_equal(saying_of(c, "calm", "comes")->verdict, SAY_TOO_LITTLE);
    near(saying_of(c, "calm", "comes")->says.lo, 0.9, 0);
    assert_int_equal(saying_of(c, "calm", "opens")->verdict, SAY_FITS);
    assert_int_equal(saying_of(c, "calm", "worst")->verdict, SAY_NOT_A_CHANCE);
    assert_int_equal(saying_of(c, "wild", "comes")->verdict, SAY_ELSE); // another date
    assert_int_equal(saying_of(c, "wild", "opens")->verdict, SAY_ELSE); // another thing
    assert_int_equal(saying_of(c, "alike", "opens")->verdict, SAY_TOO_LITTLE);
    int found[3] = {0};
    for (int32_t i = 0; i < c->n_apparent; i++) {
        const Apparent *a = &c->apparent[i];
        found[a->kind]++;
        if (a->kind == APPARENT_WORDS) { // calm and alike: nothing opens in either
            assert_true(str_eq(c->items[a->item].name, STR("opens")));
        }
    }
    assert_int_equal(found[APPARENT_WORDS], 1);
    assert_int_equal(found[APPARENT_ELSE], 3);
    assert_int_equal(found[APPARENT_HIDDEN], 0);
    unload(&l);
}

// ---- Columns ------------------------------------------------------------------------------------

static void test_settings_stand_beside_what_they_change(void **state)
{
    (void)state;
    Str set = STR("pace = 0");
    Loaded l = load_with(MODEL, &set, 1);
    CompareOptions options = sized(500, 4);
    const View *slow = model_view(l.model, STR("slow"));
    options.variants = &slow;
    options.n_variants = 1;
    const Comparison *c = compare(&l, options);
    int32_t base = column_of(c, "base", COLUMN_BASE), set_base = column_of(c, "base", COLUMN_SET);
    int32_t variant = column_of(c, "slow", COLUMN_VARIANT);
    assert_int_equal(c->columns[set_base].against, base);
    assert_int_equal(c->columns[variant].against, base);
    // The same change by two ways.
    near(gap_of(c, "stock_end", set_base, variant)->difference.value, 0, 0);
    near(gap_of(c, "stock_end", set_base, variant)->difference.half, 0, 0);
    assert_true(gap_of(c, "stock_end", base, set_base)->matters);
    near(gap_of(c, "comes", base, set_base)->difference.half, 0, 0);
    int32_t pool = column_of(c, "pool", COLUMN_SET);
    assert_true(gap_of(c, "stock_end", pool, column_of(c, "pool", COLUMN_POOL))->matters);
    unload(&l);
}

static void test_stories_can_be_chosen(void **state)
{
    (void)state;
    Loaded l = load_with(MODEL, NULL, 0);
    const Comparison *all = compare(&l, sized(300, 2));
    CompareOptions options = sized(300, 2);
    const View *wild = model_view(l.model, STR("wild"));
    options.stories = &wild;
    options.n_stories = 1;
    const Comparison *c = compare(&l, options);
    assert_int_equal(all->n_columns, 5);
    assert_int_equal(c->n_columns, 3);
    near(item_of(c, "comes")->cells[0].value.value, item_of(all, "comes")->cells[0].value.value, 0);
    unload(&l);
}

static void test_without_stories_variants_stand_against_the_base(void **state)
{
    (void)state;
    static const char text[] = "model \"M\"\n  time monthly from 2024-01-01 to 2024-12-31\n"
                               "param p : probability ~ 20% to 40%\n"
                               "event e\n  chance p within 1 year\n"
                               "question q ever e\n"
                               "variant more\n  p ~ 60% to 80%\n";
    Loaded l = load_with(text, NULL, 0);
    CompareOptions options = sized(1000, 4);
    options.no_cruxes = false;
    const Comparison *c = compare(&l, options);
    assert_int_equal(c->n_columns, 2);
    assert_true(str_eq(c->against, STR("base")));
    assert_true(c->items[0].gaps[1 * 2 + 0].matters);
    assert_int_equal(c->n_cruxes, 0);
    unload(&l);
}

static void test_nothing_to_compare_is_refused(void **state)
{
    (void)state;
    Loaded l = load_with(MODEL, NULL, 0);
    CompareOptions options = sized(100, 2);
    static const Str path = {"path", 4}, unknown = {"commes", 6};
    options.run.questions = &path;
    options.run.n_questions = 1;
    Comparison *c = NULL;
    Error error = {0};
    assert_int_equal(ask_compare(l.arena, l.model, &options, &c, &error), ST_USAGE);
    options.run.questions = &unknown;
    assert_int_equal(ask_compare(l.arena, l.model, &options, &c, &error), ST_USAGE);
    assert_non_null(strstr(error.message, "comes"));
    unload(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_pool_is_that_of_a_run),
        cmocka_unit_test(test_a_story_is_what_it_is_alone),
        cmocka_unit_test(test_what_is_the_same_differs_by_nothing),
        cmocka_unit_test(test_digest_does_not_depend_on_threads),
        cmocka_unit_test(test_errors_agree_with_a_jackknife_of_the_samples),
        cmocka_unit_test(test_errors_are_those_of_many_seeds),
        cmocka_unit_test(test_never_here_and_always_there),
        cmocka_unit_test(test_a_planted_crux_is_found_on_five_seeds),
        cmocka_unit_test(test_two_keys_are_tied_and_close_it_together),
        cmocka_unit_test(test_swapping_all_makes_the_other),
        cmocka_unit_test(test_what_one_leaves_open_is_as_in_the_base),
        cmocka_unit_test(test_words_stand_against_conditions),
        cmocka_unit_test(test_settings_stand_beside_what_they_change),
        cmocka_unit_test(test_stories_can_be_chosen),
        cmocka_unit_test(test_without_stories_variants_stand_against_the_base),
        cmocka_unit_test(test_nothing_to_compare_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
