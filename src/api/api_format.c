// SPDX-License-Identifier: MIT
//
// Formatting at the border: a model's text in, the same in canonical layout out.
#include "api/handles.h"

#include "lang/fmt.h"
#include "lang/source.h"

char *casus_format_text(const char *name, const char *text, size_t length, CasusError **error)
{
    if (!name || (!text && length)) {
        api_fail_usage(error, "casus_format_text: name or text is NULL");
        return NULL;
    }
    Arena *arena = arena_new(0);
    DiagList *diags = api_diags_new();
    Str shown = str_copy(diags->arena, str_of(name)); // messages outlive the caller's name
    int32_t file = source_add_text(diags, shown, (Str){length ? text : "", length});
    Str formatted;
    char *out = NULL;
    if (diags->n_errors == 0 && fmt_source(arena, diags, file, &formatted)) {
        Buf buf = {.arena = arena};
        buf_add(&buf, formatted);
        out = api_text(&buf);
        api_diags_free(diags);
    } else {
        Error why;
        error_set(&why, ST_BAD_MODEL, "%.300s cannot be formatted: it has errors", name);
        api_fail(error, &why, diags);
    }
    arena_free(arena);
    return out;
}
