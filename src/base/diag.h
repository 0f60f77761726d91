// SPDX-License-Identifier: MIT
//
// Places in text and what is wrong there. The language's checker fills a DiagList and goes on; the
// messages themselves live in lang/diags.def, their picture in show/show_diag.c.
#pragma once
#include "base/str.h"
#include "base/vec.h"

// One text that was read: a file of the model, a --set option, or a file of the embedded library.
typedef struct {
    Str path;                   // as to be shown
    Str text;                   // normalised: see lang/source.h
    const int32_t *line_starts; // byte offset of each line
    int32_t n_lines;
    bool library; // of the embedded library: names of its own do not disturb those of a model
} SourceText;

typedef struct {
    int32_t file;   // index into a SourceText array, -1: no place
    int32_t lo, hi; // bytes, half open
} Span;
#define NO_SPAN ((Span){-1, 0, 0})

typedef enum { SEVERITY_ERROR, SEVERITY_WARNING } Severity;

typedef struct {
    Severity severity;
    int32_t code; // 312 prints as C0312; stable for ever; explained by `casus help C0312`
    Span span;
    Span related;     // "declared here", or NO_SPAN
    Str text;         // one sentence in the model's own words
    Str help;         // what to write instead, or empty
    Str related_text; // label of the related place
} Diag;

typedef struct {
    Arena *arena;
    VEC(SourceText) sources;
    VEC(Diag) diags; // at most LIMIT_DIAGS
    int32_t n_errors, n_warnings;
} DiagList;

// Line and column (from 1, in characters, not bytes) of an offset.
typedef struct {
    int32_t line, column;
} Place;
Place diag_place(const DiagList *list, int32_t file, int32_t offset);

// Append. A second error at the same place is dropped: one cause, one message. Never NULL: of what
// is dropped, or does not fit (LIMIT_DIAGS; counted all the same), a copy that nobody will show.
// The pointer is good until the next call.
Diag *diag_add(DiagList *list, Diag diag);

// Order by file and place (stable), for showing; bytes that are no text come first in their file.
void diag_sort(DiagList *list);
