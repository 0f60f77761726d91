// SPDX-License-Identifier: MIT
//
// Exact answers to models in files: every one that is shipped, every template, oracle and model of
// tests/consistency that can be answered so. Oracles and models of tests/consistency are held,
// state by state, against published values and those by hand, to the last digit written, and
// against the same in blocks; all against a sample.
//
// Nothing is drawn on the exact side. Of the samples a right program fails for at most one seed in
// 10,000 a model (ask/agree.h), in all about one in 90; the seeds are fixed. The word on the
// command line says which models: they are shared out over several processes.
#include <dirent.h>
#include <stdio.h>

#include "exact_held.h"
#include "oracle.h"

// ---- Values that others found -------------------------------------------------------------------

// Every line `# oracle` of a model; one that is marked `sampled` must have been refused. Returns
// how many values were met. A model of which nothing is finite has no answer.
static int hold_oracles(const char *path, Str text, const Answer *answer)
{
    Oracle oracles[MOST_ORACLES];
    int32_t n = oracles_read(text, "# oracle ", oracles);
    int held = 0;
    for (int32_t i = 0; i < n; i++) {
        const Oracle *o = &oracles[i];
        const Item *item = answer ? oracle_item(answer, o->question) : NULL;
        bool refused = !item || item->why.n;
        if (refused != o->sampled) {
            fail_msg("%s: %.*s has %s exact answer", path, STR_ARG(o->question),
                     refused ? "no" : "an");
        }
        double ours = refused ? o->value : oracle_estimate(o, item).value;
        if (!(m_abs(ours - o->value) <= oracle_exactly(o))) {
            fail_msg("%s: %.*s is %.17g, ours %.17g", path, STR_ARG(o->question), o->value, ours);
        }
        held += !refused;
    }
    return held;
}

// Lines `# exact QUESTION share|mean VALUE [STEPS]` of a model of tests/consistency; returns how
// many there were. Where a value from a range is held against a number, the chance comes from the
// table that draws use, which is right to 3e-7 in z.
static int hold_by_hand(const char *path, Str text, const Answer *answer)
{
    int held = 0;
    const char *p = text.p;
    static const char MARK[] = "# exact ";
    while ((p = strstr(p, MARK))) {
        p += strlen(MARK);
        Str name = oracle_word(&p);
        Str form = oracle_word(&p);
        Str number = oracle_word(&p);
        double value;
        bool known = str_eq(form, STR("share")) || str_eq(form, STR("mean"));
        Str steps = oracle_word(&p); // of a model in any steps: those it is written in
        known = known && (steps.n == 0 || str_eq(steps, STR("daily")));
        if (!known || !num_parse(number, &value)) {
            continue;
        }
        const Item *item = oracle_item(answer, name);
        if (item->why.n || item->kind == ITEM_LEVEL || item->kind == ITEM_SERIES) {
            continue;
        }
        double limit = m_max(oracle_last_digit(number), 1e-12 * m_max(1, m_abs(value)));
        limit += 1.5e-7;
        if (!(m_abs(item->value.value - value) <= limit)) {
            fail_msg("%s: %.*s is %.*s, ours %.17g", path, STR_ARG(name), STR_ARG(number),
                     item->value.value);
        }
        held++;
    }
    return held;
}

// ---- Files --------------------------------------------------------------------------------------

typedef struct {
    const char *folder;                          // below the root
    uint64_t worlds;                             // of the sample
    enum { ORACLES, BY_HAND, NO_VALUES } values; // lines `# oracle`, `# exact`
} Folder;

typedef struct {
    int files, values, sampled, ways, not_exact;
} Held;

static bool is_one_of(const char *path, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char end[64];
        snprintf(end, sizeof end, "consistency/%s.casus", names[i]);
        if (strstr(path, end)) {
            return true;
        }
    }
    return false;
}

// Worlds with several futures go other ways through the sampler.
static bool has_unknowns(const char *path)
{
    static const char *const names[] = {"beliefs", "correlations", "draws",   "delays",
                                        "events",  "questions",    "stories", "windows"};
    return is_one_of(path, names, sizeof names / sizeof names[0]);
}

// A third of the time of all models goes into these once more in blocks: with CASUS_SLOW.
static bool is_long_in_blocks(const char *path)
{
    static const char *const names[] = {"delays", "decisions", "steps"};
    return !getenv("CASUS_SLOW") && is_one_of(path, names, sizeof names / sizeof names[0]);
}

static void hold_file(const char *path, const Folder *folder, Held *held)
{
    Loaded l = load(path);
    Error error = {0};
    bool both_ways = folder->values != NO_VALUES;
    ExactLimits limits = {.megabytes = 300, .blocks_from = both_ways ? UINT32_MAX : 0};
    const Answer *answer = l.model ? answer_within(&l, limits, &error) : NULL;
    if (folder->values == ORACLES) {
        held->values += hold_oracles(path, l.text, answer);
    } else if (folder->values == BY_HAND && answer) {
        held->values += hold_by_hand(path, l.text, answer);
    }
    if (answer) {
        held->files++;
        bool few = getenv("CASUS_FEW") != NULL; // under a sanitizer, which looks for something else
        held->sampled += hold_against_run(path, &l, answer, few ? 1024 : folder->worlds, 1);
        held->sampled += has_unknowns(path) ? hold_against_run(path, &l, answer, 2048, 4) : 0;
        held->ways += both_ways && !is_long_in_blocks(path) ? hold_blocks(path, &l, answer) : 0;
    }
    held->not_exact += l.model && !answer;
    arena_free(l.arena);
}

static void hold_folder(const Folder *folder, Held *held)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", getenv("CASUS_ROOT"), folder->folder);
    DIR *dir = opendir(path);
    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir));) {
        size_t n = strlen(entry->d_name);
        if (n > 6 && strcmp(entry->d_name + n - 6, ".casus") == 0) {
            snprintf(path, sizeof path, "%s/%s/%s", getenv("CASUS_ROOT"), folder->folder,
                     entry->d_name);
            hold_file(path, folder, held);
        }
    }
    closedir(dir);
}

static void tell_held(const Held *held)
{
    print_message("%d models, %d values met, %d sampled ones agree, %d both ways; %d not exact\n",
                  held->files, held->values, held->sampled, held->ways, held->not_exact);
}

static void test_published_values_are_met_to_their_last_digit(void **state)
{
    (void)state;
    Held held = {0};
    hold_folder(&(Folder){"tests/oracles", 16384, ORACLES}, &held);
    tell_held(&held);
    assert_true(held.files >= 75 && held.values >= 150 && held.sampled >= 200);
}

static void test_answers_by_hand_are_met(void **state)
{
    (void)state;
    Held held = {0};
    hold_folder(&(Folder){"tests/consistency", 16384, BY_HAND}, &held);
    tell_held(&held);
    assert_true(held.files >= 18 && held.values >= 200 && held.sampled >= 1700);
}

static void test_shipped_models_agree(void **state)
{
    (void)state;
    Held held = {0};
    char path[4096];
    snprintf(path, sizeof path, "%s/models", getenv("CASUS_ROOT"));
    DIR *dir = opendir(path);
    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir));) {
        if (entry->d_name[0] != '.') {
            snprintf(path, sizeof path, "models/%s", entry->d_name);
            hold_folder(&(Folder){path, 4096, NO_VALUES}, &held);
        }
    }
    closedir(dir);
    hold_folder(&(Folder){"lib/new", 4096, NO_VALUES}, &held);
    tell_held(&held);
    assert_true(held.files >= 9 && held.sampled >= 500);
}

int main(int argc, char **argv)
{
    const struct {
        const char *word;
        struct CMUnitTest test;
    } parts[] = {
        {"oracles", cmocka_unit_test(test_published_values_are_met_to_their_last_digit)},
        {"by_hand", cmocka_unit_test(test_answers_by_hand_are_met)},
        {"shipped", cmocka_unit_test(test_shipped_models_agree)},
    };
    int failed = 0, n = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const struct CMUnitTest test[] = {parts[i].test};
        if (argc < 2 || strcmp(argv[1], parts[i].word) == 0) {
            failed += cmocka_run_group_tests(test, NULL, NULL);
            n++;
        }
    }
    return failed + (n == 0);
}
