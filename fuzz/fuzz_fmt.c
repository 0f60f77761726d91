// SPDX-License-Identifier: MIT
//
// Any bytes as a text to lay out: text -> tree -> canonical layout -> the same tree, and the same
// layout again; and the pictures of whatever is wrong. (That the tree stays the same is asserted by
// fmt_source itself; a model's hash, which is of its meaning, must stay too.)
#include <stddef.h>
#include <stdint.h>

#include "lang/check.h"
#include "lang/fmt.h"
#include "lang/source.h"
#include "show/show_diag.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// The hash of what a text means; 0 when it has errors.
static uint64_t meaning_of(Str text)
{
    Arena *arena = arena_new(0);
    DiagList diags = {.arena = arena_new(0)};
    Model *model = NULL;
    Error error = {0};
    LoadOptions options = {0};
    Status status = lang_load_text(arena, &diags, STR("text"), text, &options, &model, &error);
    uint64_t hash = status == ST_OK ? model->hash : 0;
    arena_free(diags.arena);
    arena_free(arena);
    return hash;
}

static void format_twice(Arena *arena, DiagList *diags, int32_t file)
{
    Str once, twice;
    if (fmt_source(arena, diags, file, &once)) {
        DiagList again = {.arena = arena};
        int32_t formatted = source_add_text(&again, STR("formatted"), once);
        ASSERT(fmt_source(arena, &again, formatted, &twice));
        ASSERT(str_eq(once, twice));
        ASSERT(meaning_of(diags->sources.p[file].text) == meaning_of(once));
    }
}

static void show_all(Arena *arena, DiagList *diags, int32_t width)
{
    Buf buf = {.arena = arena};
    ShowStyle style = {.width = width};
    show_diags(&buf, &style, diags);
    Str picture = buf_str(&buf);
    for (size_t i = 0; i < picture.n; i++) {
        ASSERT((unsigned char)picture.p[i] >= ' ' || picture.p[i] == '\n');
    }
    ASSERT(show_diags_json(&buf, diags, NULL) == ST_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 20000) {
        return 0;
    }
    Arena *arena = arena_new(0);
    DiagList diags = {.arena = arena};
    int32_t file = source_add_text(&diags, STR("fuzz"), (Str){(const char *)data, size});
    format_twice(arena, &diags, file);
    show_all(arena, &diags, (int32_t)(size % 100));
    arena_free(arena);
    return 0;
}
