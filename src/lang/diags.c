// SPDX-License-Identifier: MIT
//
// The table of diagnostics and the way to report them; see diags.h.
#include "lang/diags.h"

#include <stdio.h>

static const DiagInfo ROWS[] = {
#define DIAG(code, severity, title, explanation) {code, SEVERITY_##severity, title, explanation},
#include "lang/diags.def"
#undef DIAG
};

enum { ROW_COUNT = sizeof ROWS / sizeof ROWS[0] };

int32_t diag_rows(void)
{
    return ROW_COUNT;
}

const DiagInfo *diag_row(int32_t index)
{
    return index >= 0 && index < ROW_COUNT ? &ROWS[index] : NULL;
}

const DiagInfo *diag_explain(int32_t code)
{
    for (int32_t i = 0; i < ROW_COUNT; i++) {
        if (ROWS[i].code == code) {
            return &ROWS[i];
        }
    }
    return NULL;
}

// Users type what they read: with the C, without it, in small letters.
bool diag_code_parse(Str text, int32_t *code)
{
    if (text.n > 0 && (text.p[0] == 'C' || text.p[0] == 'c')) {
        text = str_sub(text, 1, text.n);
    }
    if (text.n == 0 || text.n > 4) {
        return false;
    }
    int32_t value = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') {
            return false;
        }
        value = value * 10 + (text.p[i] - '0');
    }
    *code = value;
    return diag_explain(value) != NULL;
}

__attribute__((format(printf, 2, 0))) static Str format_list(Arena *arena, const char *format,
                                                             va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    ASSERT(n >= 0);
    char *p = ARENA_ARRAY(arena, char, n + 1);
    vsnprintf(p, (size_t)n + 1, format, args);
    return (Str){p, (size_t)n};
}

Diag *diag_report_list(DiagList *list, int32_t code, Span span, const char *format, va_list args)
{
    const DiagInfo *info = diag_explain(code);
    ASSERT(info != NULL);
    Str text = format_list(list->arena, format, args);
    return diag_add(list, (Diag){.severity = info->severity,
                                 .code = code,
                                 .span = span,
                                 .related = NO_SPAN,
                                 .text = text});
}

Diag *diag_report(DiagList *list, int32_t code, Span span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    Diag *diag = diag_report_list(list, code, span, format, args);
    va_end(args);
    return diag;
}

// Long enough to be recognised, and cut between characters.
Str diag_clip(Arena *arena, Str text)
{
    enum { LONGEST = 60 };
    if (text.n <= LONGEST) {
        return text;
    }
    size_t end = LONGEST - 3;
    while (end > 0 && ((unsigned char)text.p[end] & 0xc0) == 0x80) {
        end--;
    }
    return str_format(arena, "%.*s...", (int)end, text.p);
}

void diag_help(DiagList *list, Diag *diag, const char *format, ...)
{
    if (diag == NULL) {
        return;
    }
    va_list args;
    va_start(args, format);
    diag->help = format_list(list->arena, format, args);
    va_end(args);
}

void diag_related(Diag *diag, Span span, const char *label)
{
    if (diag == NULL) {
        return;
    }
    diag->related = span;
    diag->related_text = str_of(label);
}

// Two letters of four are another word; one of four may be a slip.
void suggest_init(Suggest *suggest, Str word)
{
    size_t limit = word.n < 2 ? 0 : word.n < 6 ? 1 : word.n / 3;
    *suggest = (Suggest){.word = word, .best_distance = limit + 1, .limit = limit};
}

// A word in the wrong case is the right word.
void suggest_add(Suggest *suggest, Str candidate)
{
    size_t distance = str_eq_nocase(suggest->word, candidate)
                          ? 0
                          : str_distance(suggest->word, candidate, suggest->limit);
    if (distance < suggest->best_distance) {
        suggest->best = candidate;
        suggest->best_distance = distance;
    }
}

Str suggest_best(const Suggest *suggest)
{
    return suggest->best;
}

bool suggest_help(DiagList *list, Diag *diag, const Suggest *suggest)
{
    if (suggest->best.n == 0) {
        return false;
    }
    diag_help(list, diag, "did you mean `%.*s`?", STR_ARG(suggest->best));
    return true;
}
