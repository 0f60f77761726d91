// SPDX-License-Identifier: MIT
//
// The checker: every code of its own by the example that explains it, and the Models that come out of
// right texts: units, intervals, chances, sights, stories, hashes.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "lang/check.h"
#include "lang/diags.h"

static Arena *arena, *texts;
static DiagList list;

static int begin(void **state)
{
    (void)state;
    arena = arena_new(0);
    texts = arena_new(0);
    list = (DiagList){.arena = texts};
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    arena_free(texts);
    return 0;
}

static const char HEAD[] = "model \"t\"\n  time daily from 2024-01-01 to 2024-03-01\n";

static Str with_head(Str text)
{
    return str_starts(text, STR("model"))
               ? text
               : str_format(texts, "%s%.*s", HEAD, STR_ARG(text));
}

static Model *load(const char *text, bool lint)
{
    Model *model;
    LoadOptions options = {.lint = lint};
    list = (DiagList){.arena = texts};
    lang_load_text(arena, &list, STR("t.casus"), with_head(str_of(text)), &options, &model, NULL);
    return model;
}

static Model *load_with(const char *text, const char *set)
{
    Model *model;
    Str sets[] = {str_of(set)};
    LoadOptions options = {.sets = sets, .n_sets = 1};
    list = (DiagList){.arena = texts};
    lang_load_text(arena, &list, STR("t.casus"), with_head(str_of(text)), &options, &model, NULL);
    return model;
}

static void say_diags(void)
{
    for (int32_t i = 0; i < list.diags.n; i++) {
        const Diag *d = &list.diags.p[i];
        Place place = diag_place(&list, d->span.file, d->span.lo);
        print_message("%d:%d C%04d %.*s\n", (int)place.line, (int)place.column, (int)d->code,
                      STR_ARG(d->text));
    }
}

static Model *load_right(const char *text)
{
    Model *model = load(text, false);
    if (model == NULL) {
        say_diags();
        fail_msg("the text is refused:\n%s", text);
    }
    return model;
}

static const Quantity *quantity(const View *view, const char *name)
{
    for (int32_t i = 0; i < view->n_quantities; i++) {
        if (str_eq(view->quantities[i].name, str_of(name))) {
            return &view->quantities[i];
        }
    }
    fail_msg("there is no quantity %s", name);
    return NULL;
}

static const Quantity *base_quantity(const Model *model, const char *name)
{
    return quantity(model->views[0], name);
}

static void assert_near(double a, double b)
{
    double off = a > b ? a - b : b - a;
    double size = (a < 0 ? -a : a) + 1e-300;
    if (!(off <= 1e-12 * size)) {
        fail_msg("%.17g is not %.17g", a, b);
    }
}

// ---- Every code ---------------------------------------------------------------------------------

static Str example_of(const char *explanation, const char *head)
{
    Buf buf = {.arena = texts};
    const char *at = strstr(explanation, head);
    at = at == NULL ? NULL : at + strlen(head);
    while (at != NULL && strncmp(at, "    ", 4) == 0) {
        const char *line_end = strchr(at, '\n');
        buf_add(&buf, (Str){at + 4, (size_t)(line_end + 1 - (at + 4))});
        at = line_end + 1;
    }
    return buf_str(&buf);
}

static bool only_code(int32_t code)
{
    bool found = false, others = false;
    for (int32_t i = 0; i < list.diags.n; i++) {
        bool same = list.diags.p[i].code == code;
        bool counts = list.diags.p[i].severity == SEVERITY_ERROR || code >= 500;
        found = found || same;
        others = others || (counts && !same);
    }
    return found && !others;
}

// Codes of limits and of several files have no example that fits into a few lines.
static bool has_no_example(int32_t code)
{
    static const int32_t CODES[] = {300, 307, 312, 314, 327, 350, 355, 369};
    for (size_t i = 0; i < sizeof CODES / sizeof CODES[0]; i++) {
        if (CODES[i] == code) {
            return true;
        }
    }
    return false;
}

static void test_every_code_is_shown_by_its_example(void **state)
{
    (void)state;
    int32_t failed = 0;
    for (int32_t i = 0; i < diag_rows(); i++) {
        const DiagInfo *info = diag_row(i);
        if (info->code < 300 || has_no_example(info->code)) {
            continue;
        }
        Str wrong = example_of(info->explanation, "Wrong:\n");
        Str right = example_of(info->explanation, "Right:\n");
        assert_true(wrong.n > 0 && right.n > 0);
        load(wrong.p, info->severity == SEVERITY_WARNING);
        if (!only_code(info->code)) {
            print_message("C%04d, wrong:\n", (int)info->code);
            say_diags();
            failed++;
        }
        load(right.p, info->severity == SEVERITY_WARNING);
        if (list.n_errors > 0 || (info->severity == SEVERITY_WARNING && list.n_warnings > 0)) {
            print_message("C%04d, right:\n", (int)info->code);
            say_diags();
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_code_is_shown_by_its_example, begin, end),
    };
    (void)load_with;
    (void)load_right;
    (void)base_quantity;
    (void)assert_near;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
