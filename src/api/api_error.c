// SPDX-License-Identifier: MIT
//
// Errors, styles and texts at the border.
#include "api/handles.h"

#include <stdlib.h>
#include <string.h>

#include "lang/diags.h"
#include "lang/source.h"
#include "show/show_diag.h"

DiagList *api_diags_new(void)
{
    Arena *arena = arena_new(0);
    DiagList *diags = ARENA_NEW(arena, DiagList);
    diags->arena = arena;
    return diags;
}

void api_diags_free(DiagList *diags)
{
    if (diags) {
        arena_free(diags->arena); // the list lives in its own arena
    }
}

static char *copy_bytes(const char *p, size_t n)
{
    char *copy = malloc(n + 1);
    if (!copy) {
        base_on_oom();
    }
    if (n) {
        memcpy(copy, p, n);
    }
    copy[n] = 0;
    return copy;
}

char *api_text(Buf *buf)
{
    Str text = buf_str(buf);
    return copy_bytes(text.p, text.n);
}

const char *api_safe(Arena *arena, Str text)
{
    return show_safe(arena, text).p;
}

void api_fail(CasusError **out, const Error *error, DiagList *diags)
{
    if (!out) {
        api_diags_free(diags);
        return;
    }
    CasusError *made = calloc(1, sizeof *made);
    if (!made) {
        base_on_oom();
    }
    Arena *arena = arena_new(0);
    Str message = show_safe(arena, str_of(error->message));
    made->error = *error;
    made->message = copy_bytes(message.p, message.n);
    made->diags = diags;
    arena_free(arena);
    *out = made;
}

// With texts of its own: the error may outlive the model.
static DiagList *placed_diags(const Error *error, const DiagList *sources)
{
    enum { CANNOT_RUN = 395 };
    const SourceText *source = &sources->sources.p[error->file];
    DiagList *diags = api_diags_new();
    int32_t file = source_add_text(diags, str_copy(diags->arena, source->path), source->text);
    diag_report(diags, CANNOT_RUN, (Span){file, error->lo, error->hi}, "%s", error->message);
    return diags;
}

void api_fail_model(CasusError **out, const Error *error, const CasusModel *model)
{
    bool placed = error->placed && error->file < model->diags->sources.n;
    api_fail(out, error, placed ? placed_diags(error, model->diags) : NULL);
}

CasusStatus api_fail_usage(CasusError **out, const char *sentence)
{
    Error error;
    error_set(&error, ST_USAGE, "%s", sentence);
    api_fail(out, &error, NULL);
    return CASUS_USAGE;
}

CasusStatus casus_error_status(const CasusError *error)
{
    return error ? (CasusStatus)status_exit_code(error->error.status) : CASUS_OK;
}

const char *casus_error_message(const CasusError *error)
{
    return error ? error->message : "no error";
}

void casus_error_free(CasusError *error)
{
    if (error) {
        api_diags_free(error->diags);
        free(error->message);
        free(error);
    }
}

ShowStyle api_style(const CasusStyle *style)
{
    if (!style) {
        return (ShowStyle){.width = 0};
    }
    return (ShowStyle){.utf8 = style->utf8 != 0,
                       .color = style->color != 0,
                       .width = style->width > 0 ? style->width : 0,
                       .plain = style->plain != 0,
                       .all = style->all != 0};
}

// Showing sorts the list; a copy is sorted, so that several threads may ask at once.
char *api_diagnostics(const DiagList *diags, CasusFormat format, const CasusStyle *style)
{
    Arena *arena = arena_new(0);
    DiagList list = *diags;
    list.diags.p = ARENA_ARRAY(arena, Diag, diags->diags.n + 1);
    list.diags.cap = diags->diags.n + 1;
    if (diags->diags.n) {
        memcpy(list.diags.p, diags->diags.p, (size_t)diags->diags.n * sizeof(Diag));
    }
    Buf buf = {.arena = arena};
    ShowStyle show = api_style(style);
    bool written = true;
    if (format == CASUS_JSON) {
        written = show_diags_json(&buf, &list, NULL) == ST_OK;
    } else {
        show_diags(&buf, &show, &list);
    }
    char *text = written ? api_text(&buf) : NULL;
    arena_free(arena);
    return text;
}

char *casus_error_diagnostics(const CasusError *error, CasusFormat format, const CasusStyle *style)
{
    return error && error->diags ? api_diagnostics(error->diags, format, style) : NULL;
}

void casus_free(char *text)
{
    free(text);
}
