// SPDX-License-Identifier: MIT
//
// Model files: read, checked as UTF-8, cut into lines, and numbered in the DiagList.
//
// The text is kept as written (but for a byte-order mark), so that messages show what the user has
// on his screen and columns count its characters. What a word processor does to a text is
// understood where it is read, by the lexer: CRLF and CR line ends, NBSP and other odd blanks,
// typographic quotes, dashes used as minus.
#pragma once
#include "base/diag.h"
#include "base/error.h"

// Add a file. Invalid UTF-8 and NUL bytes are diagnostics, the first of each kind only; the text
// after them is read all the same, so its other faults are found too.
Status source_add_file(DiagList *diags, const char *path, Str shown_path, int32_t *file,
                       Error *error);
// Add a text that is in memory (an option, an embedded library file). `text` is copied.
int32_t source_add_text(DiagList *diags, Str shown_path, Str text);

// Line `line` (from 1) of a source, without its line end.
Str source_line(const SourceText *source, int32_t line);
