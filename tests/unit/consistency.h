// SPDX-License-Identifier: MIT
//
// Models of tests/consistency, loaded and run.
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ask/run.h"
#include "base/file.h"
#include "lang/check.h"

typedef struct {
    Arena *arena;
    DiagList diags;
    Model *model;
} Loaded;

static inline Loaded load_with(Str name, Str text, LoadOptions options)
{
    Loaded l = {.arena = arena_new(0)};
    l.diags.arena = l.arena;
    Error error = {0};
    if (lang_load_text(l.arena, &l.diags, name, text, &options, &l.model, &error) != ST_OK) {
        const Diag *diag = &l.diags.diags.p[0];
        fail_msg("%s, line %d: %.*s", error.message,
                 (int)diag_place(&l.diags, diag->span.file, diag->span.lo).line,
                 STR_ARG(diag->text));
    }
    return l;
}

static inline Loaded load(Str name, Str text)
{
    return load_with(name, text, (LoadOptions){0});
}

static inline const char *folder(void)
{
    const char *path = getenv("CASUS_CONSISTENCY");
    assert_non_null(path);
    return path;
}

static inline Str read_model(Arena *arena, const char *name)
{
    Str text, path = str_format(arena, "%s/%s", folder(), name);
    Error error = {0};
    assert_int_equal(file_read(path.p, 1 << 20, arena, &text, &error), ST_OK);
    return text;
}

// The text with every `from` replaced.
static inline Str replaced(Arena *arena, Str text, Str from, Str to)
{
    Buf buf = {.arena = arena};
    for (size_t i = 0; i < text.n;) {
        if (str_starts(str_sub(text, i, text.n), from)) {
            buf_add(&buf, to);
            i += from.n;
        } else {
            buf_char(&buf, text.p[i++]);
        }
    }
    return buf_str(&buf);
}

static inline Answer *run(Arena *arena, const Model *model, RunOptions options)
{
    Answer *answer;
    Error error = {0};
    options.no_movers = true;
    options.threads = options.threads ? options.threads : 1;
    if (ask_run(arena, model, &options, &answer, &error) != ST_OK) {
        fail_msg("%s", error.message);
    }
    return answer;
}

static inline const Item *find_item(const Answer *answer, Str name)
{
    for (int32_t i = 0; i < answer->n_items; i++) {
        if (str_eq(answer->items[i].name, name)) {
            return &answer->items[i];
        }
    }
    fail_msg("no question %.*s", STR_ARG(name));
    return NULL;
}
