// SPDX-License-Identifier: MIT
//
// Sampled answers against values that others published or that closed forms give: every model of
// tests/oracles states its own, in lines `# oracle` (oracle.h), and so may the worked crises in
// models/. What no closed form gives says `between LOW HIGH`, a claim about the model that its
// README explains.
//
// Each is run with seeds 1 to 10, none chosen by hand, with so many futures that all ten together
// expect 150 hits at least. A share of which a seed expects 100 hits must lie within 4.5 binomial
// standard errors of its value in every seed (where worlds differ: of the run's own), a mean within
// 5; and all seeds together within 4. With some 200 values a right program fails about once in 35
// sets of ten seeds.
//
// What the ten seeds gave stands in tests/oracles/sampled.txt, from which docs/trust.md has it, and
// must come out again digit by digit. The suite runs the first three, whose mean stands there too;
// CASUS_SLOW=1 runs all ten, and the models that take long. CASUS_BLESS=FILE writes the file
// instead (script/trust does both).
#include <dirent.h>
#include <stdio.h>

#include "ask/run.h"
#include "base/file.h"
#include "lang/check.h"
#include "math/bits.h"
#include "oracle.h"

static double smallest_share(const Oracle *oracles, int32_t n)
{
    double smallest = 1;
    for (int32_t i = 0; i < n; i++) {
        double p = oracles[i].value;
        p = p > 0.5 ? 1 - p : p;
        if (oracles[i].form == ORACLE_SHARE && p < smallest) {
            smallest = p;
        }
    }
    return smallest;
}

// Is anything drawn for them?
static bool is_statistical(const Oracle *oracles, int32_t n)
{
    bool found = false;
    for (int32_t i = 0; i < n; i++) {
        found = found || oracles[i].form != ORACLE_EXACT;
    }
    return found;
}

enum { SEEDS = 10, FIRST_SEEDS = 3 };

typedef struct {
    double sum, variance; // of the estimates of all seeds
    double first;         // sum of those of the first ones
    double futures;
    int seeds;
} Pooled;

typedef struct {
    const char *file;
    Str name; // of the model's file, without .casus
    const Model *model;
    Oracle oracles[MOST_ORACLES];
    Pooled pooled[MOST_ORACLES];
    int32_t n;
    double futures; // of a seed
    int n_seeds;    // for all that is told of it
} Case;

// The standard error of one seed's estimate.
static double error_of(const Case *c, const Oracle *oracle, const Item *item)
{
    double p = oracle->value;
    bool alike = c->model->views[0]->n_quantities == 0 && c->model->n_views == 1;
    if (oracle->form == ORACLE_SHARE && alike) {
        return m_sqrt(p * (1 - p) / (double)item->futures);
    }
    return oracle_estimate(oracle, item).half / 1.96;
}

// How far from its value one seed's answer may lie.
static double allowed(const Oracle *oracle, const Item *item, double error)
{
    double p = oracle->value;
    switch (oracle->form) {
    case ORACLE_SHARE:
        assert_true(error > 0);
        return (double)item->futures * m_min(p, 1 - p) < 100 ? MATH_INF : 4.5 * error;
    case ORACLE_MEAN: assert_true(error > 0); return 5 * error;
    case ORACLE_EXACT: return oracle_exactly(oracle);
    default: return 0;
    }
}

static void compare(const Case *c, const Oracle *oracle, const Item *item, uint64_t seed)
{
    double ours = oracle_estimate(oracle, item).value;
    double limit = allowed(oracle, item, error_of(c, oracle, item));
    if (!(ours >= oracle->value - limit && ours <= oracle->high + limit)) {
        fail_msg("%s: %.*s is %.10g to %.10g, ours %.10g, off by %.3g at most (seed %d)", c->file,
                 STR_ARG(oracle->question), oracle->value, oracle->high, ours, limit, (int)seed);
    }
}

static void run_seed(Case *c, uint64_t seed)
{
    Arena *arena = arena_new(0);
    Answer *answer;
    Error error = {0};
    RunOptions options = {.seed = seed, .worlds = (uint64_t)(c->futures / 16), .futures = 16};
    options.no_movers = true;
    options.threads = 1; // another process has the other half
    Status status = ask_run(arena, c->model, &options, &answer, &error);
    if (status != ST_OK) {
        fail_msg("%s: %s", c->file, error.message);
    }
    for (int32_t i = 0; i < c->n; i++) {
        const Oracle *oracle = &c->oracles[i];
        const Item *item = oracle_item(answer, oracle->question);
        compare(c, oracle, item, seed);
        double own = oracle->form == ORACLE_EXACT ? 0 : error_of(c, oracle, item);
        c->pooled[i].sum += oracle_estimate(oracle, item).value;
        c->pooled[i].first += seed <= FIRST_SEEDS ? oracle_estimate(oracle, item).value : 0;
        c->pooled[i].variance += own * own;
        c->pooled[i].futures += (double)item->futures;
        c->pooled[i].seeds++;
    }
    arena_free(arena);
}

// ---- All seeds together -------------------------------------------------------------------------

static void compare_pooled(const Case *c, const Oracle *oracle, const Pooled *pooled)
{
    double ours = pooled->sum / pooled->seeds;
    double error = m_sqrt(pooled->variance) / pooled->seeds;
    double p = oracle->value, hits = pooled->futures * m_min(p, 1 - p);
    bool drawn = oracle->form == ORACLE_MEAN || (oracle->form == ORACLE_SHARE && hits >= 100);
    if (drawn && !(m_abs(ours - oracle->value) <= 4 * error)) {
        fail_msg("%s: %.*s is %.10g, over %d seeds %.10g +- %.3g", c->file,
                 STR_ARG(oracle->question), oracle->value, pooled->seeds, ours, error);
    }
}

// A row of sampled.txt: model, question, what all seeds gave (estimate, standard error, futures),
// and the estimate of the first ones.
typedef struct {
    char question[256], all[128], first[64];
} Row;

static void row_of(const Case *c, const Oracle *oracle, const Pooled *pooled, Row *row)
{
    int first = pooled->seeds < FIRST_SEEDS ? pooled->seeds : FIRST_SEEDS;
    snprintf(row->question, sizeof row->question, "%.*s %.*s%s%.*s ", STR_ARG(c->name),
             STR_ARG(oracle->question), oracle->level.n ? "." : "", STR_ARG(oracle->level));
    snprintf(row->all, sizeof row->all, "%.7g %.3g %.0f", pooled->sum / pooled->seeds,
             m_sqrt(pooled->variance) / pooled->seeds, pooled->futures);
    snprintf(row->first, sizeof row->first, " %.7g\n", pooled->first / first);
}

static void bless(const char *path, const Row *row)
{
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    assert_true(fprintf(file, "%s%s%s", row->question, row->all, row->first) > 0);
    assert_int_equal(fclose(file), 0);
}

// Of a case that was run with the first seeds alone, their estimate is all that can be compared.
static void compare_with_file(const Row *row, bool all)
{
    Arena *arena = arena_new(0);
    Str text;
    Error error = {0};
    const char *path = str_c(arena, str_format(arena, "%s/sampled.txt", getenv("CASUS_ORACLES")));
    assert_int_equal(file_read(path, 1 << 20, arena, &text, &error), ST_OK);
    const char *line = strstr(text.p, str_c(arena, str_format(arena, "\n%s", row->question)));
    const char *end = line ? strchr(line + 1, '\n') + 1 : NULL;
    Str said = all ? str_format(arena, "%s%s", row->all, row->first) : str_of(row->first);
    if (!line || !str_ends((Str){line, (size_t)(end - line)}, said)) {
        fail_msg("not in tests/oracles/sampled.txt (script/trust writes it anew): %s%s%s",
                 row->question, row->all, row->first);
    }
    arena_free(arena);
}

static void finish_case(const Case *c)
{
    for (int32_t i = 0; i < c->n && c->pooled[0].seeds; i++) {
        Row row;
        compare_pooled(c, &c->oracles[i], &c->pooled[i]);
        row_of(c, &c->oracles[i], &c->pooled[i], &row);
        if (getenv("CASUS_BLESS")) {
            bless(getenv("CASUS_BLESS"), &row);
        } else {
            compare_with_file(&row, c->pooled[i].seeds == c->n_seeds);
        }
    }
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
    const char *base = strrchr(path, '/') + 1;
    Case c = {.file = path, .name = {base, strlen(base) - strlen(".casus")}, .model = model};
    c.n = oracles_read(text, "# oracle ", c.oracles);
    assert_true(c.n > 0);
    // What would take minutes waits for CASUS_SLOW.
    double hits = 15 / smallest_share(c.oracles, c.n);
    c.futures = m_max(16000, hits);
    bool slow = getenv("CASUS_SLOW");
    c.n_seeds = is_statistical(c.oracles, c.n) ? SEEDS : 1;
    int seeds = slow || c.n_seeds == 1 ? c.n_seeds : FIRST_SEEDS;
    for (int seed = 1; seed <= seeds && (c.futures < 4e5 || slow); seed++) {
        run_seed(&c, (uint64_t)seed);
    }
    finish_case(&c);
    arena_free(arena);
}

// The first half of the alphabet or the second: two processes share the models, 0 is all.
static int part_of(const char *name)
{
    return name[0] < 'm' ? 1 : 2;
}

// How many models a folder has; those of our part were checked.
static int check_folder(const char *folder, int part)
{
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    int files = 0;
    for (const struct dirent *entry; (entry = readdir(dir));) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        bool ours = part == 0 || part == part_of(entry->d_name);
        if (strstr(entry->d_name, ".casus") && states_oracles(path)) {
            if (ours) {
                check_file(path);
            }
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
    assert_true(check_folder(folder, *(int *)*state) >= 80);
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
        assert_true(check_folder(path, *(int *)*state) >= 1);
    }
}

int main(int argc, char **argv)
{
    int part = argc < 2 ? 0 : strcmp(argv[1], "a_to_l") == 0 ? 1 : 2;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_sampled_answers_match_published_values, &part),
        cmocka_unit_test_prestate(test_worked_crises_match_their_closed_forms, &part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
