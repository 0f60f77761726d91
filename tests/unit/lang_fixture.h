// SPDX-License-Identifier: MIT
//
// Texts to Models, for tests of the checker: each test begins with empty arenas.
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lang/check.h"

static Arena *arena, *texts;
static DiagList list;

static inline int begin(void **state)
{
    (void)state;
    arena = arena_new(0);
    texts = arena_new(0);
    list = (DiagList){.arena = texts};
    return 0;
}

static inline int end(void **state)
{
    (void)state;
    arena_free(arena);
    arena_free(texts);
    return 0;
}

static const char HEAD[] = "model \"t\"\n  time daily from 2024-01-01 to 2024-03-01\n";

static inline Str with_head(Str text)
{
    return str_starts(text, STR("model")) ? text : str_format(texts, "%s%.*s", HEAD, STR_ARG(text));
}

static inline Model *load(const char *text, bool lint)
{
    Model *model;
    LoadOptions options = {.lint = lint};
    list = (DiagList){.arena = texts};
    lang_load_text(arena, &list, STR("t.casus"), with_head(str_of(text)), &options, &model, NULL);
    return model;
}

static inline Model *load_with(const char *text, const char *set)
{
    Model *model;
    Str sets[] = {str_of(set)};
    LoadOptions options = {.sets = sets, .n_sets = 1};
    list = (DiagList){.arena = texts};
    lang_load_text(arena, &list, STR("t.casus"), with_head(str_of(text)), &options, &model, NULL);
    return model;
}

static inline void say_diags(void)
{
    for (int32_t i = 0; i < list.diags.n; i++) {
        const Diag *d = &list.diags.p[i];
        Place place = diag_place(&list, d->span.file, d->span.lo);
        print_message("%d:%d C%04d %.*s\n", (int)place.line, (int)place.column, (int)d->code,
                      STR_ARG(d->text));
    }
}

static inline Model *load_right(const char *text)
{
    Model *model = load(text, false);
    if (model == NULL) {
        say_diags();
        fail_msg("the text is refused:\n%s", text);
    }
    return model;
}

static inline const Quantity *quantity(const View *view, const char *name)
{
    for (int32_t i = 0; i < view->n_quantities; i++) {
        if (str_eq(view->quantities[i].name, str_of(name))) {
            return &view->quantities[i];
        }
    }
    fail_msg("there is no quantity %s", name);
    return NULL;
}

static inline const Quantity *base_quantity(const Model *model, const char *name)
{
    return quantity(model->views[0], name);
}

static inline void assert_near(double a, double b)
{
    double off = a > b ? a - b : b - a;
    double size = (a < 0 ? -a : a) + 1e-300;
    if (!(off <= 1e-12 * size)) {
        fail_msg("%.17g is not %.17g", a, b);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
