// SPDX-License-Identifier: MIT
//
// Reading model files; see source.h.
#include "lang/source.h"

#include "base/file.h"
#include "base/limits.h"
#include "lang/diags.h"

static const char BYTE_ORDER_MARK[] = "\xef\xbb\xbf";

// Length of the line end at `at`: LF, CRLF, or a CR alone as old word processors wrote it.
static size_t line_end_at(Str text, size_t at)
{
    if (text.p[at] == '\n') {
        return 1;
    }
    if (text.p[at] == '\r') {
        return at + 1 < text.n && text.p[at + 1] == '\n' ? 2 : 1;
    }
    return 0;
}

// Offsets of lines: the text is walked once, and places are found by bisection later.
static void cut_lines(Arena *arena, SourceText *source)
{
    VEC(int32_t) starts = {0};
    vec_push(arena, &starts, 0);
    for (size_t at = 0; at < source->text.n;) {
        size_t end = line_end_at(source->text, at);
        at += end ? end : 1;
        if (end) {
            vec_push(arena, &starts, (int32_t)at);
        }
    }
    source->line_starts = starts.p;
    source->n_lines = starts.n;
}

// The first fault of each kind: the others have the same cause.
static void check_bytes(DiagList *diags, int32_t file)
{
    Str text = diags->sources.p[file].text;
    size_t bad = str_utf8_check(text);
    if (bad < text.n) {
        Span span = {file, (int32_t)bad, (int32_t)bad + 1};
        Diag *diag = diag_report(diags, 100, span, "the byte 0x%02x here is not UTF-8 text",
                                 (unsigned)(unsigned char)text.p[bad]);
        diag_help(diags, diag, "save the file as UTF-8");
    }
    const char *nul = text.n ? memchr(text.p, 0, text.n) : NULL;
    if (nul != NULL) {
        int32_t at = (int32_t)(nul - text.p);
        Diag *diag = diag_report(diags, 101, (Span){file, at, at + 1}, "a NUL byte stands here");
        diag_help(diags, diag, "this is no text file, or it is UTF-16: save it as UTF-8");
    }
}

// `text` must live as long as the list.
static int32_t add_borrowed(DiagList *diags, Str shown_path, Str text)
{
    if (str_starts(text, str_of(BYTE_ORDER_MARK))) {
        text = str_sub(text, 3, text.n);
    }
    SourceText source = {.path = str_copy(diags->arena, shown_path), .text = text};
    cut_lines(diags->arena, &source);
    vec_push(diags->arena, &diags->sources, source);
    int32_t file = diags->sources.n - 1;
    check_bytes(diags, file);
    return file;
}

Status source_add_file(DiagList *diags, const char *path, Str shown_path, int32_t *file,
                       Error *error)
{
    Str text;
    TRY(file_read(path, LIMIT_FILE_BYTES, diags->arena, &text, error));
    *file = add_borrowed(diags, shown_path, text);
    return ST_OK;
}

int32_t source_add_text(DiagList *diags, Str shown_path, Str text)
{
    ASSERT(text.n <= LIMIT_FILE_BYTES);
    return add_borrowed(diags, shown_path, str_copy(diags->arena, text));
}

Str source_line(const SourceText *source, int32_t line)
{
    ASSERT(line >= 1 && line <= source->n_lines);
    size_t from = (size_t)source->line_starts[line - 1];
    size_t to = line < source->n_lines ? (size_t)source->line_starts[line] : source->text.n;
    while (to > from && (source->text.p[to - 1] == '\n' || source->text.p[to - 1] == '\r')) {
        to--;
    }
    return str_sub(source->text, from, to);
}
