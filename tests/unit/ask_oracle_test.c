// SPDX-License-Identifier: MIT
//
// Sampled answers against values that others published or that closed forms give: every model of
// tests/oracles states its own, in lines `# oracle QUESTION share|mean|exact VALUE`, and so may the
// worked crises in models/. `exact` is for what nothing is drawn for, to nine digits; what no closed
// form gives says `between LOW HIGH`, a claim about the model that its README explains.
//
// Each is run with seeds 1 to 10 (1 to 3 where events are rare), none chosen by hand, with so many
// futures that at least 100 hits are expected. A share must lie within 4.5 binomial standard errors
// of its value, a mean within 5 of the run's own: with some 25 values and ten seeds a right program
// fails about once in 500 sets of seeds.
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ask/run.h"
#include "base/file.h"
#include "base/num.h"
#include "lang/check.h"
#include "math/elementary.h"

typedef enum { SHARE, MEAN, EXACT, BETWEEN, N_FORMS } OracleForm;

typedef struct {
    Str question;
    OracleForm form;
    double value, high; // high: of BETWEEN
} Oracle;

enum { MOST_ORACLES = 16 };

// The next word behind *p, and *p moved past it.
static Str next_word(const char **p)
{
    *p += strspn(*p, " ");
    Str word = {*p, strcspn(*p, " \n")};
    *p += word.n;
    return word;
}

static OracleForm form_of(Str word)
{
    static const char *const names[] = {"share", "mean", "exact", "between"};
    for (int i = 0; i < N_FORMS; i++) {
        if (str_eq(word, str_of(names[i]))) {
            return (OracleForm)i;
        }
    }
    fail_msg("what is `%.*s`?", STR_ARG(word));
    return SHARE;
}

// The words borrow from the text.
static int32_t read_oracles(Str text, Oracle *oracles)
{
    static const char MARK[] = "# oracle ";
    int32_t n = 0;
    const char *p = text.p;
    while (n < MOST_ORACLES && (p = strstr(p, MARK))) {
        p += strlen(MARK);
        oracles[n].question = next_word(&p);
        oracles[n].form = form_of(next_word(&p));
        assert_true(num_parse(next_word(&p), &oracles[n].value));
        if (oracles[n].form == BETWEEN) {
            assert_true(num_parse(next_word(&p), &oracles[n].high));
        }
        n++;
    }
    return n;
}

static double smallest_share(const Oracle *oracles, int32_t n)
{
    double smallest = 1;
    for (int32_t i = 0; i < n; i++) {
        double p = oracles[i].value;
        p = p > 0.5 ? 1 - p : p;
        if (oracles[i].form == SHARE && p < smallest) {
            smallest = p;
        }
    }
    return smallest;
}

// Does any of them depend on the seed more than a little?
static bool is_statistical(const Oracle *oracles, int32_t n)
{
    bool found = false;
    for (int32_t i = 0; i < n; i++) {
        found = found || oracles[i].form == SHARE || oracles[i].form == MEAN;
    }
    return found;
}

static const Item *find_item(const Answer *answer, Str name)
{
    for (int32_t i = 0; i < answer->n_items; i++) {
        if (str_eq(answer->items[i].name, name)) {
            return &answer->items[i];
        }
    }
    fail_msg("no question %.*s", STR_ARG(name));
    return NULL;
}

// How far from its value an answer may lie.
static double allowed(const Oracle *oracle, const Item *item, bool alike)
{
    double p = oracle->value, error = item->value.half / 1.96;
    switch (oracle->form) {
    case SHARE:
        error = alike ? m_sqrt(p * (1 - p) / (double)item->futures) : error;
        assert_true(error > 0);
        return 4.5 * error;
    case MEAN: assert_true(error > 0); return 5 * error;
    case EXACT: return 1e-9 * m_abs(p);
    default: return 0;
    }
}

static void compare(const char *file, const Oracle *oracle, const Item *item, bool alike,
                    uint64_t seed)
{
    double ours = item->value.value, limit = allowed(oracle, item, alike);
    double high = oracle->form == BETWEEN ? oracle->high : oracle->value;
    if (!(ours >= oracle->value - limit && ours <= high + limit)) {
        fail_msg("%s: %.*s is %.10g to %.10g, ours %.10g, off by %.3g at most (seed %d)", file,
                 STR_ARG(oracle->question), oracle->value, high, ours, limit, (int)seed);
    }
}

static void run_seed(const char *file, const Model *model, const Oracle *oracles, int32_t n,
                     double futures, uint64_t seed)
{
    Arena *arena = arena_new(0);
    Answer *answer;
    Error error = {0};
    RunOptions options = {.seed = seed, .worlds = (uint64_t)(futures / 16), .futures = 16};
    options.no_movers = true;
    Status status = ask_run(arena, model, &options, &answer, &error);
    if (status != ST_OK) {
        fail_msg("%s: %s", file, error.message);
    }
    bool alike = model->views[0]->n_quantities == 0;
    for (int32_t i = 0; i < n; i++) {
        compare(file, &oracles[i], find_item(answer, oracles[i].question), alike, seed);
    }
    arena_free(arena);
}

static bool states_oracles(const char *path)
{
    Arena *arena = arena_new(0);
    Str text;
    Error error = {0};
    assert_int_equal(file_read(path, 1 << 20, arena, &text, &error), ST_OK);
    bool found = strstr(text.p, "# oracle ") != NULL;
    arena_free(arena);
    return found;
}

static void check_file(const char *path)
{
    Arena *arena = arena_new(0);
    DiagList diags = {.arena = arena};
    Model *model = NULL;
    Error error = {0};
    LoadOptions load = {.path = path};
    if (lang_load(arena, &diags, &load, &model, &error) != ST_OK) {
        fail_msg("%s: %s %.*s", path, error.message,
                 diags.diags.n ? (int)diags.diags.p[0].text.n : 0,
                 diags.diags.n ? diags.diags.p[0].text.p : "");
    }
    Str text;
    assert_int_equal(file_read(path, 1 << 20, arena, &text, &error), ST_OK);
    Oracle oracles[MOST_ORACLES];
    int32_t n = read_oracles(text, oracles);
    assert_true(n > 0);
    // 150 hits expected, and at least 40,000 futures; what would take minutes waits for CASUS_SLOW.
    double futures = 150 / smallest_share(oracles, n);
    futures = futures < 40000 ? 40000 : futures;
    bool slow = futures > 4e6;
    uint64_t seeds = !is_statistical(oracles, n) ? 1 : futures > 1e5 ? 3 : 10;
    for (uint64_t seed = 1; seed <= seeds && (!slow || getenv("CASUS_SLOW")); seed++) {
        run_seed(path, model, oracles, n, futures, seed);
    }
    arena_free(arena);
}

// How many models of a folder were checked.
static int check_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    int files = 0;
    for (const struct dirent *entry; (entry = readdir(dir));) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (strstr(entry->d_name, ".casus") && states_oracles(path)) {
            check_file(path);
            files++;
        }
    }
    closedir(dir);
    return files;
}

static void test_sampled_answers_match_published_values(void **state)
{
    (void)state;
    const char *folder = getenv("CASUS_ORACLES");
    assert_non_null(folder);
    assert_true(check_folder(folder) >= 15);
}

// One folder each, so that none can be forgotten.
static void test_worked_crises_match_their_closed_forms(void **state)
{
    (void)state;
    static const char *const crises[] = {"attrition_in_risk", "cuba_1962", "fearon",
                                         "iwo_jima",          "ladder",    "tutorial"};
    const char *root = getenv("CASUS_ROOT");
    assert_non_null(root);
    for (size_t i = 0; i < sizeof crises / sizeof crises[0]; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/models/%s", root, crises[i]);
        assert_true(check_folder(path) >= 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sampled_answers_match_published_values),
        cmocka_unit_test(test_worked_crises_match_their_closed_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
