// SPDX-License-Identifier: MIT
//
// What can be wrong with a model's text: one table of codes (diags.def), one way to report them.
//
// diag_report looks the severity up in the table and formats the sentence; help and a related place
// are added to what it returns. Sentences are lower case, name things as `name`, hold text of the
// user's raw (show/show_diag.c makes it safe), and say what was expected.
#pragma once
#include <stdarg.h>

#include "base/diag.h"

typedef struct {
    int32_t code; // 312 prints as C0312
    Severity severity;
    const char *title;       // one line for lists
    const char *explanation; // paragraphs; examples indented after lines "Wrong:" and "Right:"
} DiagInfo;

// The row of a code, or NULL. Rows in the table's order are diag_row(0 .. diag_rows() - 1).
const DiagInfo *diag_explain(int32_t code);
int32_t diag_rows(void);
const DiagInfo *diag_row(int32_t index);

// "C0312", "c312" or "312" as a code; false when it is no row of the table.
bool diag_code_parse(Str text, int32_t *code);

// Report `code` (a row of diags.def, or an ASSERT fires) at `span`. The result is good for
// diag_help and diag_related until the next report; it is NULL when the list dropped the message
// (same place, list full), which those two allow.
__attribute__((format(printf, 4, 5))) Diag *diag_report(DiagList *list, int32_t code, Span span,
                                                        const char *format, ...);
__attribute__((format(printf, 4, 0))) Diag *
diag_report_list(DiagList *list, int32_t code, Span span, const char *format, va_list args);
// Text of the user's for a sentence: what is too long for one is cut, and ends in "...".
Str diag_clip(Arena *arena, Str text);
// What to write instead. Without leading "help:".
__attribute__((format(printf, 3, 4))) void diag_help(DiagList *list, Diag *diag, const char *format,
                                                     ...);
// A second place that matters, with its label: "declared here".
void diag_related(Diag *diag, Span span, const char *label);

// Did you mean: the candidate nearest to a misspelt word, within about a third of its length; case
// alone costs nothing, swapped neighbours cost one. Of equals the one added first.
typedef struct {
    Str word, best;
    size_t best_distance; // above limit: none yet
    size_t limit;
} Suggest;
void suggest_init(Suggest *suggest, Str word);
void suggest_add(Suggest *suggest, Str candidate);
Str suggest_best(const Suggest *suggest); // empty when nothing is near
// diag_help "did you mean `best`?" when there is one; says whether there was.
bool suggest_help(DiagList *list, Diag *diag, const Suggest *suggest);
