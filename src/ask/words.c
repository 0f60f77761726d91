// SPDX-License-Identifier: MIT
//
// Questions, values and durations in words.
#include "ask/words.h"

#include "base/date.h"
#include "base/num.h"
#include "math/elementary.h"

// ---- Quoting the model --------------------------------------------------------------------------

// The span of an expression leaves out brackets around its first or last part: `(a or b) and c`
// begins at a. Take in what the brackets inside it lack.
static Str balanced(Str all, int32_t from, int32_t to)
{
    size_t lo = (size_t)from, hi = (size_t)to;
    int32_t open = 0, lacking = 0;
    for (size_t i = lo; i < hi; i++) {
        open += all.p[i] == '(';
        if (all.p[i] == ')') {
            lacking += open == 0;
            open -= open > 0;
        }
    }
    while (lacking > 0 && lo > 0 && (all.p[lo - 1] == '(' || all.p[lo - 1] == ' ')) {
        lacking -= all.p[--lo] == '(';
    }
    while (open > 0 && hi < all.n && (all.p[hi] == ')' || all.p[hi] == ' ')) {
        open -= all.p[hi++] == ')';
    }
    return str_sub(all, lo, hi);
}

// The text of an expression on one line: runs of blanks and line ends become one blank, comments
// go.
static void quote(Buf *buf, const DiagList *sources, const Expr *expr)
{
    if (!expr || expr->span.file < 0 || expr->span.file >= sources->sources.n) {
        return;
    }
    Str text = sources->sources.p[expr->span.file].text;
    text = balanced(text, expr->span.lo, expr->span.hi);
    bool blank = false, any = false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '#') {
            while (i < text.n && text.p[i] != '\n') {
                i++;
            }
            c = '\n';
        }
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
            blank = any;
            continue;
        }
        if (blank) {
            buf_char(buf, ' ');
        }
        buf_char(buf, c);
        blank = false;
        any = true;
    }
}

static const double MONTH = 30.4375; // days, on average

static void add_span_of_time(Buf *buf, double days)
{
    const struct {
        double days;
        const char *name;
    } units[] = {
        {365.25, "year"}, {1, "day"}, {MONTH, "month"}, {1.0 / 24, "hour"}, {1.0 / 1440, "minute"}};
    enum { N_UNITS = sizeof units / sizeof units[0] };
    for (int i = 0; i < N_UNITS; i++) {
        double n = days / units[i].days;
        if ((n >= 1 && n - m_round(n) == 0) || i == N_UNITS - 1) {
            buf_addf(buf, "%.*s %s%s", STR_ARG(num_shortest(buf->arena, n)), units[i].name,
                     n == 1 ? "" : "s");
            return;
        }
    }
}

static void add_form(Buf *buf, const DiagList *sources, const Form *form)
{
    static const char *const before[] = {
        [FORM_EVER] = "ever ",   [FORM_NEVER] = "never ", [FORM_ALWAYS] = "always ",
        [FORM_FIRST] = "first ", [FORM_MAX] = "max ",     [FORM_MIN] = "min ",
        [FORM_MEAN] = "mean ",   [FORM_TIMES] = "times ", [FORM_AT_END] = "",
        [FORM_AT_DATE] = "",     [FORM_OVER_TIME] = "",   [FORM_BEFORE] = "",
        [FORM_UNTIL] = ""};
    bool until = form->kind == FORM_UNTIL; // written `b until a`
    buf_add(buf, str_of(before[form->kind]));
    quote(buf, sources, until ? form->b : form->a);
    switch (form->kind) {
    case FORM_AT_END: buf_add(buf, STR(" at end")); break;
    case FORM_AT_DATE:
        buf_addf(buf, " at %.*s", STR_ARG(date_text(buf->arena, form->at, false)));
        break;
    case FORM_OVER_TIME: buf_add(buf, STR(" over time")); break;
    case FORM_BEFORE:
    case FORM_UNTIL:
        buf_add(buf, until ? STR(" until ") : STR(" before "));
        quote(buf, sources, until ? form->a : form->b);
        break;
    default: break;
    }
}

static void add_window(Buf *buf, const DiagList *sources, const Form *form)
{
    if (m_is_finite(form->from)) {
        buf_addf(buf, " from %.*s", STR_ARG(date_text(buf->arena, form->from, false)));
    }
    if (m_is_finite(form->to)) {
        buf_addf(buf, " %s %.*s", m_is_finite(form->from) ? "to" : "by",
                 STR_ARG(date_text(buf->arena, form->to, false)));
    }
    if (form->within_days > 0) {
        buf_add(buf, STR(" within "));
        add_span_of_time(buf, form->within_days);
        buf_add(buf, STR(" after "));
        quote(buf, sources, form->after);
    }
}

Str words_form(Arena *arena, const DiagList *sources, const Form *form)
{
    if (!sources) {
        return (Str){0};
    }
    Buf buf = {.arena = arena};
    add_form(&buf, sources, form);
    add_window(&buf, sources, form);
    return buf_str(&buf);
}

Str words_given(Arena *arena, const DiagList *sources, const Question *question)
{
    Buf buf = {.arena = arena};
    for (int32_t i = 0; i < question->n_given; i++) {
        if (i > 0) {
            buf_add(&buf, STR(" and "));
        }
        buf_add(&buf, words_form(arena, sources, &question->given[i]));
    }
    return buf_str(&buf);
}

Str words_expr(Arena *arena, const DiagList *sources, const Expr *expr)
{
    Buf buf = {.arena = arena};
    if (sources) {
        quote(&buf, sources, expr);
    }
    return buf_str(&buf);
}

Str words_check(Arena *arena, const DiagList *sources, const Check *check)
{
    return check->text.n > 0 ? check->text : words_expr(arena, sources, check->condition);
}

const Word *words_chance(const Model *model, double p)
{
    const Word *found = NULL;
    double top = 0;
    for (int32_t i = 0; i < model->n_words; i++) {
        top = model->words[i].hi > top ? model->words[i].hi : top;
    }
    for (int32_t i = 0; i < model->n_words; i++) {
        const Word *word = &model->words[i];
        bool holds = p >= word->lo && (p < word->hi || (p == top && word->hi == top));
        if (holds && (!found || word->lo > found->lo)) {
            found = word; // of synonyms the one that the standard names first
        }
    }
    return found;
}

Str words_step(Arena *arena, const Model *model)
{
    switch (model->step_kind) {
    case STEP_HOURLY: return STR("hourly");
    case STEP_DAILY: return STR("daily");
    case STEP_WEEKLY: return STR("weekly");
    case STEP_MONTHS:
    case STEP_EVERY: break;
    }
    switch (model->step_months) {
    case 1: return STR("monthly");
    case 3: return STR("quarterly");
    case 12: return STR("yearly");
    default: break;
    }
    Buf buf = {.arena = arena};
    buf_add(&buf, STR("every "));
    add_span_of_time(&buf, model->step_months > 0 ? model->step_months * MONTH : model->step_days);
    return buf_str(&buf);
}

// ---- Values -------------------------------------------------------------------------------------

int32_t words_n_levels(const View *view, Kind kind)
{
    return kind.tag == KIND_RUNG   ? view->ladders[kind.domain].n_rungs
           : kind.tag == KIND_ATOM ? view->sets[kind.domain].n_atoms
                                   : 0;
}

Str words_level(const View *view, Kind kind, int32_t index)
{
    if (index < 0 || index >= words_n_levels(view, kind)) {
        return STR("none");
    }
    if (kind.tag == KIND_RUNG) {
        return view->ladders[kind.domain].rungs[index];
    }
    return view->atoms[view->sets[kind.domain].atoms[index]].name;
}

static Str number_in_words(Arena *arena, Shown shown, double value)
{
    Str unit = shown.unit;
    double scale = shown.scale == 0 ? 1 : shown.scale;
    double x = value * scale;
    if (shown.window_days > 0) {
        x = -m_expm1(-value * shown.window_days) * 100;
    }
    double size = m_abs(x);
    int decimals = size >= 1000 || size - m_round(size) == 0 ? 0
                   : size >= 10                              ? 1
                   : size >= 1                               ? 2
                                                             : 3;
    Str text = size > 0 && size < 0.001 ? num_shortest(arena, x) : num_grouped(arena, x, decimals);
    if (shown.window_days > 0) {
        return str_format(arena, "%.*s %% within %.*s", STR_ARG(text), STR_ARG(shown.window));
    }
    if (unit.n == 0) {
        return text;
    }
    return str_format(arena, "%.*s %.*s", STR_ARG(text), STR_ARG(unit));
}

Str words_value(Arena *arena, const View *view, Kind kind, Shown shown, double value)
{
    switch (kind.tag) {
    case KIND_FLAG: return value != 0 ? STR("yes") : STR("no");
    case KIND_DATE:
        return m_is_finite(value) ? date_text(arena, value, value - m_floor(value) > 0)
                                  : STR("never");
    case KIND_ATOM:
    case KIND_RUNG:
        return value - value == 0 ? words_level(view, kind, (int32_t)value) : STR("none");
    default: break;
    }
    return m_is_finite(value) ? number_in_words(arena, shown, value) : STR("undefined");
}
