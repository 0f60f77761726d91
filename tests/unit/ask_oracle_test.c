// SPDX-License-Identifier: MIT
//
// Sampled answers against values that others published or that closed forms give: every model of
// tests/oracles states its own, in lines `# oracle QUESTION share|mean VALUE`.
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

typedef struct {
    Str question;
    bool share;
    double value;
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

// The words borrow from the text.
static int32_t read_oracles(Str text, Oracle *oracles)
{
    static const char MARK[] = "# oracle ";
    int32_t n = 0;
    const char *p = text.p;
    while (n < MOST_ORACLES && (p = strstr(p, MARK))) {
        p += strlen(MARK);
        oracles[n].question = next_word(&p);
        Str form = next_word(&p);
        oracles[n].share = str_eq(form, STR("share"));
        assert_true(oracles[n].share || str_eq(form, STR("mean")));
        assert_true(num_parse(next_word(&p), &oracles[n].value));
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
        if (oracles[i].share && p < smallest) {
            smallest = p;
        }
    }
    return smallest;
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

static void compare(const char *file, const Oracle *oracle, const Item *item, bool alike,
                    uint64_t seed)
{
    double p = oracle->value;
    double n = (double)item->futures;
    double error = item->value.half / 1.96;
    if (oracle->share && alike) {
        error = m_sqrt(p * (1 - p) / n);
    }
    double limit = (oracle->share ? 4.5 : 5) * error;
    double off = m_abs(item->value.value - p);
    if (!(off <= limit) || !(error > 0)) {
        fail_msg("%s: %.*s is %.10g, ours %.10g +- %.3g (seed %d)", file, STR_ARG(oracle->question),
                 p, item->value.value, error, (int)seed);
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
    uint64_t seeds = futures > 2e5 ? 3 : 10;
    for (uint64_t seed = 1; seed <= seeds && (!slow || getenv("CASUS_SLOW")); seed++) {
        run_seed(path, model, oracles, n, futures, seed);
    }
    arena_free(arena);
}

static void test_sampled_answers_match_published_values(void **state)
{
    (void)state;
    const char *folder = getenv("CASUS_ORACLES");
    assert_non_null(folder);
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    int files = 0;
    for (const struct dirent *entry; (entry = readdir(dir));) {
        if (!strstr(entry->d_name, ".casus")) {
            continue;
        }
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        check_file(path);
        files++;
    }
    closedir(dir);
    assert_true(files >= 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sampled_answers_match_published_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
