// SPDX-License-Identifier: MIT
//
// Uncertain values, quotations and sources in words.
#include "ask/tell_impl.h"
#include "ask/words.h"
#include "base/num.h"
#include "math/elementary.h"

void tell_line(ModelTeller *t, TellDepth depth, Str name, Str text)
{
    vec_push(t->arena, &t->lines, ((TellLine){depth, name, text}));
}

Str tell_quote(const ModelTeller *t, Span span)
{
    Expr expr = {.span = span};
    return words_expr(t->arena, t->sources, &expr);
}

// ---- Uncertain values ---------------------------------------------------------------------------

// 0.35, 430,000: the numbers of a range are few and round, and come back as they were written.
static Str plain(const ModelTeller *t, double x)
{
    double whole = m_round(x);
    bool is_whole = m_abs(x - whole) <= 1e-12 * m_abs(x); // units were converted there and back
    bool grouped = is_whole && m_abs(x) >= 1000 && m_abs(x) < 1e15;
    return grouped ? num_grouped(t->arena, whole, 0) : str_format(t->arena, "%.10g", x);
}

// One number of a range, as the model's author would write it. What a window chance is drawn from
// are chances, not yet rates.
static Str number(const ModelTeller *t, const Quantity *quantity, const Dist *dist, int32_t i,
                  bool with_unit)
{
    double x = dist->numbers[i];
    if (dist->window_days > 0) {
        return str_format(t->arena, "%.*s %%", STR_ARG(plain(t, x * 100)));
    }
    if (quantity->kind.tag != KIND_NUMBER || x - x != 0) {
        return words_value(t->arena, t->view, quantity->kind, quantity->shown, x);
    }
    Shown shown = quantity->shown;
    Str text = plain(t, x * (shown.scale == 0 ? 1 : shown.scale));
    if (str_eq(shown.unit, STR("%"))) {
        return str_format(t->arena, "%.*s %%", STR_ARG(text));
    }
    return with_unit && shown.unit.n
               ? str_format(t->arena, "%.*s %.*s", STR_ARG(text), STR_ARG(shown.unit))
               : text;
}

// A value that is not uncertain at all; an expression is quoted.
static Str fixed(const ModelTeller *t, const Quantity *quantity, const Dist *dist)
{
    const Expr *value = dist->n_args ? dist->args[0] : NULL;
    if (value && value->op == EX_CONST && value->kind.tag == KIND_NUMBER) {
        return words_value(t->arena, t->view, quantity->kind, quantity->shown, value->number);
    }
    return tell_quote(t, dist->span);
}

static Str window(const ModelTeller *t, const Quantity *quantity, const Dist *dist)
{
    return dist->window_days > 0 && quantity->shown.window.n
               ? str_format(t->arena, " within %.*s", STR_ARG(quantity->shown.window))
               : STR("");
}

// "limited 65 %, maximal 35 %"
static Str categories(const ModelTeller *t, const Dist *dist)
{
    Buf buf = {.arena = t->arena};
    for (int32_t i = 0; i < dist->n_args && i < dist->n_numbers; i++) {
        const Expr *value = dist->args[i];
        Str name = tell_quote(t, value->span);
        if (value->op == EX_CONST && value->kind.tag == KIND_ATOM && value->number >= 0 &&
            value->number < t->view->n_atoms) {
            name = t->view->atoms[(int32_t)value->number].name;
        }
        buf_addf(&buf, "%s%.*s %.*s %%", i ? ", " : "", STR_ARG(name),
                 STR_ARG(plain(t, dist->numbers[i] * 100)));
    }
    return buf_str(&buf);
}

static Str parts(const ModelTeller *t, const Quantity *quantity, const Dist *dist,
                 const char *shape)
{
    Str a = number(t, quantity, dist, 0, false), b = number(t, quantity, dist, 1, true);
    Str w = window(t, quantity, dist);
    return str_format(t->arena, "%.*s %s %.*s%.*s", STR_ARG(a), shape, STR_ARG(b), STR_ARG(w));
}

static Str three(const ModelTeller *t, const Quantity *quantity, const Dist *dist,
                 const char *const names[3])
{
    Buf buf = {.arena = t->arena};
    for (int32_t i = 0; i < 3; i++) {
        buf_addf(&buf, "%s%s %.*s", i ? ", " : "", names[i],
                 STR_ARG(number(t, quantity, dist, i, i == 2)));
    }
    buf_add(&buf, window(t, quantity, dist));
    return buf_str(&buf);
}

static Str shape(const ModelTeller *t, const Quantity *quantity, const Dist *dist)
{
    static const char *const pert[3] = {"At least", "most likely", "at most"};
    static const char *const quantiles[3] = {"1 in 20 below", "half below", "1 in 20 above"};
    switch (dist->form) {
    case DIST_FIXED: return fixed(t, quantity, dist);
    case DIST_INTERVAL:
        return str_format(t->arena, "%.*s in 9 of 10 worlds",
                          STR_ARG(parts(t, quantity, dist, "to")));
    case DIST_UP_TO:
        return str_format(t->arena, "Anything from %.*s alike",
                          STR_ARG(parts(t, quantity, dist, "to")));
    case DIST_AROUND:
        return str_format(t->arena, "%.*s in 9 of 10 worlds",
                          STR_ARG(parts(t, quantity, dist, "give or take")));
    case DIST_PERT_OF: return three(t, quantity, dist, pert);
    case DIST_QUANTILES: return three(t, quantity, dist, quantiles);
    case DIST_CATEGORIES: return categories(t, dist);
    default: return tell_quote(t, dist->span);
    }
}

Str tell_dist(const ModelTeller *t, const Quantity *quantity, const Dist *dist)
{
    Str text = shape(t, quantity, dist);
    if (dist->word.n) {
        return str_format(t->arena, "\"%.*s\": %.*s", STR_ARG(dist->word), STR_ARG(text));
    }
    return text;
}

// ---- Sources ------------------------------------------------------------------------------------

static void add_citation(const ModelTeller *t, Buf *buf, const Citation *citation)
{
    const Source *source = &t->model->sources[citation->source];
    buf_add(buf, source->id);
    buf_addf(buf, " %c", source->reliability);
    if (citation->credibility) {
        buf_addf(buf, "%d", (int)citation->credibility);
    }
    if (citation->locator.n) {
        buf_addf(buf, " \"%.*s\"", STR_ARG(citation->locator));
    }
    if (source->reliability == 'F' || citation->credibility == 6) {
        buf_add(buf, STR(" (cannot be judged)"));
    }
}

Str tell_notes(const ModelTeller *t, const Notes *notes)
{
    Buf buf = {.arena = t->arena};
    if (notes->n_citations) {
        buf_add(&buf, STR("From "));
    }
    for (int32_t i = 0; i < notes->n_citations; i++) {
        buf_add(&buf, i ? STR(", ") : STR(""));
        add_citation(t, &buf, &notes->citations[i]);
    }
    if (notes->assumption.n) {
        buf_addf(&buf, "%s: %.*s", buf.n ? "; assumption" : "Assumption",
                 STR_ARG(notes->assumption));
    }
    return buf_str(&buf);
}
