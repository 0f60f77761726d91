// SPDX-License-Identifier: MIT
//
// Models that say themselves what is wrong with them. Every .casus file below the folder in the
// environment's CASUS_CASES holds comments such as
//
//     # error C0412 3:7
//     # warning C0501 4:1
//     # ok
//
// and is loaded: the messages must be those, at those lines and columns, and no others. Lints are
// asked for where a warning is expected.
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "lang/check.h"

enum { MOST = 64, FEWEST_CASES = 80 };

typedef struct {
    char words[64]; // "error C0412 3:7"
    bool met;
} Expected;

typedef struct {
    Expected expected[MOST];
    int n;
    bool ok, lint;
} Case;

static int cases, failures;

static void read_comment(Case *c, const char *line)
{
    char what[16], code[16], place[24];
    if (strncmp(line, "# ok", 4) == 0) {
        c->ok = true;
    } else if (sscanf(line, "# %15s %15s %23s", what, code, place) == 3 &&
               (strcmp(what, "error") == 0 || strcmp(what, "warning") == 0) && code[0] == 'C') {
        assert_true(c->n < MOST);
        snprintf(c->expected[c->n].words, sizeof c->expected[c->n].words, "%s %s %s", what, code,
                 place);
        c->expected[c->n++].met = false;
        c->lint = c->lint || what[0] == 'w';
    }
}

static Case read_case(const char *path)
{
    Case c = {.n = 0};
    char line[1024];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        read_comment(&c, line);
    }
    fclose(file);
    return c;
}

static bool meet(Case *c, const char *words)
{
    for (int i = 0; i < c->n; i++) {
        if (!c->expected[i].met && strcmp(c->expected[i].words, words) == 0) {
            c->expected[i].met = true;
            return true;
        }
    }
    return false;
}

static void fail_case(const char *path, const char *what, const char *words)
{
    print_message("%s: %s: %s\n", path, what, words);
    failures++;
}

static void check_case(const char *path)
{
    Case c = read_case(path);
    Arena *arena = arena_new(0), *texts = arena_new(0);
    DiagList list = {.arena = texts};
    LoadOptions options = {.path = path, .lint = c.lint};
    Model *model;
    lang_load(arena, &list, &options, &model, NULL);
    for (int i = 0; i < list.diags.n; i++) {
        const Diag *d = &list.diags.p[i];
        Place place = diag_place(&list, d->span.file, d->span.lo);
        char words[64];
        snprintf(words, sizeof words, "%s C%04d %d:%d",
                 d->severity == SEVERITY_ERROR ? "error" : "warning", (int)d->code, (int)place.line,
                 (int)place.column);
        if (!meet(&c, words)) {
            fail_case(path, "not expected", words);
        }
    }
    for (int i = 0; i < c.n; i++) {
        if (!c.expected[i].met) {
            fail_case(path, "expected", c.expected[i].words);
        }
    }
    if (c.n == 0 && !c.ok) {
        fail_case(path, "the file does not say what to expect", "# ok, or # error C0412 3:7");
    }
    if ((model != NULL) != (list.n_errors == 0)) {
        fail_case(path, "a model although there are errors, or none without", "");
    }
    cases++;
    arena_free(arena);
    arena_free(texts);
}

static void walk(const char *folder)
{
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char path[1024];
        struct stat info = {0};
        // Parts that other cases use begin with an underscore.
        if (entry->d_name[0] == '.' || entry->d_name[0] == '_') {
            continue;
        }
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        size_t n = strlen(path);
        if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
            walk(path);
        } else if (n > 6 && strcmp(path + n - 6, ".casus") == 0) {
            check_case(path);
        }
    }
    closedir(dir);
}

static void test_models_are_judged_as_they_say(void **state)
{
    (void)state;
    const char *folder = getenv("CASUS_CASES");
    assert_non_null(folder);
    walk(folder);
    assert_int_equal(failures, 0);
    assert_true(cases >= FEWEST_CASES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_models_are_judged_as_they_say)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
