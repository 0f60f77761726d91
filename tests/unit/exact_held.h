// SPDX-License-Identifier: MIT
//
// Models with their exact answers, and what these are held against: a sample, and the same worked
// out in blocks of states.
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "ask/agree.h"
#include "base/file.h"
#include "lang/check.h"
#include "math/elementary.h"
#include "oracle.h"

typedef struct {
    Arena *arena;
    DiagList diags;
    Model *model; // NULL: it is not a whole model
    Str text;
} Loaded;

static inline Loaded load(const char *path)
{
    Loaded l = {.arena = arena_new(0)};
    l.diags.arena = l.arena;
    Error error = {0};
    LoadOptions options = {.path = path};
    if (lang_load(l.arena, &l.diags, &options, &l.model, &error) != ST_OK) {
        bool part = l.diags.diags.n > 0 && l.diags.diags.p[0].code == 300; // of other models
        if (!part) {
            fail_msg("%s: %s %.*s", path, error.message,
                     l.diags.diags.n ? (int)l.diags.diags.p[0].text.n : 0,
                     l.diags.diags.n ? l.diags.diags.p[0].text.p : "");
        }
        l.model = NULL;
    }
    assert_int_equal(file_read(path, 1 << 20, l.arena, &l.text, &error), ST_OK);
    return l;
}

// NULL: no question is finite, or they do not fit.
static inline const Answer *answer_within(const Loaded *l, ExactLimits limits, Error *error)
{
    Answer *answer = NULL;
    RunOptions options = {.sources = &l->diags};
    Status status = ask_exact(l->arena, l->model, &options, limits, &answer, error);
    return status == ST_OK ? answer : NULL;
}

// A model given as text.
static inline Loaded load_text(const char *text)
{
    char path[] = "/tmp/casus-exact-XXXXXX.casus";
    int fd = mkstemps(path, 6);
    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    Loaded l = load(path);
    remove(path);
    return l;
}

static inline const Answer *answer_exactly(const Loaded *l, Error *error)
{
    return answer_within(l, (ExactLimits){0}, error);
}

static inline double value_of(const Answer *answer, const char *name)
{
    const Item *item = oracle_item(answer, str_of(name));
    if (item->why.n) {
        fail_msg("%s: %.*s", name, STR_ARG(item->why));
    }
    return item->value.value;
}

// ---- Against sampling ---------------------------------------------------------------------------

static inline void tell(const char *path, const Agreement *a)
{
    for (int32_t i = 0; i < a->n_items; i++) {
        const AgreeItem *item = &a->items[i];
        for (int32_t v = 0; v < item->n_values; v++) {
            const AgreeValue *value = &item->values[v];
            if (!(value->chance >= a->bound)) {
                print_error(
                    "%s: %.*s, %.*s: sampled %.10g, exactly %.10g, %.3g errors, chance %.3g\n",
                    path, STR_ARG(item->name), STR_ARG(value->what), value->sampled, value->exact,
                    value->errors, value->chance);
            }
        }
    }
}

// How many values were held against each other.
static inline int hold_against_run(const char *path, const Loaded *l, const Answer *exact,
                                   uint64_t worlds, uint64_t futures)
{
    Agreement *a = NULL;
    Error error = {0};
    AgreeOptions options = {.run = {.worlds = worlds, .futures = futures, .seed = 1, .threads = 1}};
    assert_int_equal(ask_agree_with(l->arena, l->model, exact, &options, &a, &error), ST_OK);
    tell(path, a);
    assert_true(a->agrees);
    return a->n_values;
}

// ---- In blocks and state by state ---------------------------------------------------------------

static inline void same_value(const char *path, Str name, double a, double b)
{
    bool both_none = m_is_nan(a) && m_is_nan(b);
    if (!both_none && !(m_abs(a - b) <= 1e-12 * m_max(m_abs(a), m_abs(b)) + 1e-40)) {
        fail_msg("%s: %.*s is %.17g in blocks, %.17g state by state", path, STR_ARG(name), a, b);
    }
}

// Two ways through the same steps: all that is shown of an answer is the same to a few roundings.
static inline int hold_blocks(const char *path, const Loaded *l, const Answer *rows)
{
    int held = 0;
    Error error = {0};
    const Answer *blocks = answer_within(l, (ExactLimits){.blocks_from = 1}, &error);
    assert_true(blocks && blocks->n_items == rows->n_items);
    for (int32_t i = 0; i < rows->n_items; i++) {
        const Item *a = &blocks->items[i], *b = &rows->items[i];
        assert_int_equal(a->why.n > 0, b->why.n > 0);
        same_value(path, b->name, a->value.value, b->value.value);
        same_value(path, b->name, a->defined.value, b->defined.value);
        same_value(path, b->name, a->censored.value, b->censored.value);
        for (int32_t k = 0; k < b->n_levels && b->kind == ITEM_LEVEL; k++) {
            same_value(path, b->name, a->levels[k].share.value, b->levels[k].share.value);
        }
        for (int32_t k = 0; k < b->n_points; k++) {
            same_value(path, b->name, a->points[k].mean.value, b->points[k].mean.value);
        }
        held += 1 + b->n_points;
    }
    return held;
}
