// SPDX-License-Identifier: MIT
//
// Model files: read, checked as UTF-8, normalised, and numbered in the DiagList.
//
// What a word processor does to a text is understood: a byte-order mark, CRLF, NBSP and other odd
// blanks, typographic quotes, dashes used as minus. Columns in messages count characters of the text
// as the user sees it, so normalising keeps one character for one character.
#pragma once
#include "base/diag.h"
#include "base/error.h"

// Add a file. Invalid UTF-8 or NUL bytes are diagnostics (the file is still added, up to the fault).
Status source_add_file(DiagList *diags, const char *path, Str shown_path, int32_t *file,
                       Error *error);
// Add a text that is in memory (an option, an embedded library file). `text` is copied.
int32_t source_add_text(DiagList *diags, Str shown_path, Str text);
