// SPDX-License-Identifier: MIT
//
// One View of a model: all declarations of the base or of a story with its overrides, checked as a
// whole. Names first, then quantities, then what happens, then what is asked.
#include "lang/checker.h"

#include <stdarg.h>
#include <stdio.h>

// ---- Reports ------------------------------------------------------------------------------------

// Both in one file, one within the other.
static bool inside(Span inner, Span outer)
{
    return inner.file == outer.file && inner.lo >= outer.lo && inner.hi <= outer.hi;
}

// Of the calls that led to a place in the library, the one that stands in the model. -1: none.
static int32_t call_of_library(const Checker *c, Span span)
{
    const SourceText *sources = c->diags->sources.p;
    for (int32_t i = 0; i < c->inlining.n && span.file >= 0 && sources[span.file].library; i++) {
        const Inlining *in = &c->inlining.p[i];
        if (sources[c->symbols.p[in->symbol].span.file].library) {
            return sources[in->call.file].library ? -1 : i;
        }
    }
    return -1;
}

// What does not fit in a function of the library was handed to it by the model.
static Diag *report_call(Checker *c, int32_t code, Span span, int32_t call, const char *text)
{
    const Inlining *in = &c->inlining.p[call];
    Diag *diag = diag_report(c->diags, code, in->call, "this does not fit `%.*s`: %s",
                             STR_ARG(c->symbols.p[in->symbol].name), text);
    diag_related(diag, span, "in the library");
    return diag;
}

// The second place says why a right line is wrong now: a call that put it elsewhere, a story that
// changed what it rests on.
Diag *report(Checker *c, int32_t code, Span span, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    ASSERT(n >= 0);
    char *text = ARENA_ARRAY(c->diags->arena, char, (size_t)n + 1);
    vsnprintf(text, (size_t)n + 1, format, args);
    va_end(args);
    int32_t call = call_of_library(c, span);
    if (call >= 0) {
        return report_call(c, code, span, call, text);
    }
    Diag *diag = diag_report(c->diags, code, span, "%s", text);
    if (c->inlining.n > 0 && !inside(c->inlining.p[0].call, span) &&
        !inside(span, c->inlining.p[0].call)) {
        diag_related(diag, c->inlining.p[0].call, "where it is used");
    } else if (c->overlay && c->overlay->span.file >= 0 && !inside(span, c->overlay->span)) {
        diag_related(diag, name_span(c->overlay),
                     c->role == VIEW_STORY ? "in this story" : "in this variant");
    }
    return diag;
}

Str node_source(const DiagList *diags, const Node *node)
{
    if (node == NULL || node->span.file < 0) {
        return STR("");
    }
    return str_sub(diags->sources.p[node->span.file].text, (size_t)node->span.lo,
                   (size_t)node->span.hi);
}

// As analysts would call a member.
static Str set_text(const Checker *c, int32_t index)
{
    const Set *set = &c->sets.p[index];
    switch (set->role) {
    case SET_ACTORS: return STR("an actor");
    case SET_OPTIONS: return str_format(c->arena, "an option of `%.*s`", STR_ARG(set->name));
    case SET_TYPE_VALUES: return str_format(c->arena, "a value of `%.*s`", STR_ARG(set->name));
    case SET_DECLARED: break;
    }
    return str_format(c->arena, "one of `%.*s`", STR_ARG(set->name));
}

Str kind_text(const Checker *c, Kind kind)
{
    switch (kind.tag) {
    case KIND_FLAG: return STR("a flag (yes or no)");
    case KIND_NUMBER: return units_text(&c->shared->units, kind);
    case KIND_DATE: return STR("a date");
    case KIND_ATOM: return set_text(c, kind.domain);
    case KIND_RUNG:
        return str_format(c->arena, "a rung of `%.*s`", STR_ARG(c->ladders.p[kind.domain].name));
    case KIND_NONE: break;
    }
    return STR("something unknown");
}

// A quantity in the unit it was declared in: `km per week` rather than `km per day`.
Str expr_text(const Checker *c, const Expr *expr)
{
    if (expr->op == EX_QUANTITY && expr->kind.tag == KIND_NUMBER) {
        const Quantity *q = &c->quantities.p[expr->ref];
        bool own = expr->kind.unit > UNIT_HAZARD && q->shown.unit.n > 0;
        if (own) {
            return str_format(c->arena, "a number in %.*s", STR_ARG(q->shown.unit));
        }
    }
    return kind_text(c, expr->kind);
}

// ---- Names first --------------------------------------------------------------------------------

// Its set is part of how it is read elsewhere, so it is known from the start.
static int32_t declare_event(Checker *c, const Node *node)
{
    int32_t symbol = symbol_declare(c, SYM_EVENT, node->text, c->events.n, node);
    const Node *title = node_child(node, NODE_STRING), *binder = node_child(node, NODE_BINDER);
    Event event = {.name = node->text,
                   .title = title ? title->text : STR(""),
                   .set = -1,
                   .var = -1,
                   .in_turn = ((node->flags | (binder ? binder->flags : 0)) & NODE_IN_TURN) != 0,
                   .happened = __builtin_nan(""),
                   .span = name_span(node)};
    const Node *set = node_child(binder, NODE_NAME);
    event.set = set ? set_find(c, set) : -1;
    // Whether it has members cannot be said of an event that was not understood.
    bool unclear = binder ? event.set < 0 : (node->flags & NODE_BROKEN) != 0;
    c->symbols.p[symbol].broken = unclear;
    vec_push(c->arena, &c->events, event);
    return symbol;
}

static int32_t declare_decision(Checker *c, const Node *node)
{
    int32_t symbol = check_option_values(c, node);
    c->symbols.p[symbol].ref = c->decisions.n;
    const Node *title = node_child(node, NODE_STRING), *by = node_child(node, NODE_BY);
    const Node *binder = node_child(by, NODE_BINDER), *set = node_child(binder, NODE_NAME);
    Decision decision = {.name = node->text,
                         .title = title ? title->text : STR(""),
                         .set = set ? set_find(c, set) : -1,
                         .var = -1,
                         .actor = -1,
                         .in_turn = (node->flags & NODE_IN_TURN) != 0,
                         .option_set = c->symbols.p[symbol].set,
                         .council = council_of(node),
                         .span = name_span(node)};
    c->symbols.p[symbol].broken = binder ? decision.set < 0 : (node->flags & NODE_BROKEN) != 0;
    vec_push(c->arena, &c->decisions, decision);
    return symbol;
}

// Values and bodies come later: names may be used before they stand.
static int32_t declare(Checker *c, const Node *node)
{
    switch (node->kind) {
    case NODE_PARAM:
    case NODE_BELIEF:
    case NODE_STATE: return symbol_declare(c, SYM_QUANTITY, node->text, -1, node);
    case NODE_TYPE: return check_type_values(c, node);
    case NODE_EVENT: return declare_event(c, node);
    case NODE_DECISION: return declare_decision(c, node);
    case NODE_DEF: return symbol_declare(c, SYM_FUNCTION, node->text, -1, node);
    default: return -1;
    }
}

static void declare_all(Checker *c, const NodeList *decls)
{
    check_actors(c, decls);
    check_sets_and_ladders(c, decls);
    c->decl_symbols = ARENA_ARRAY(c->arena, int32_t, decls->n + 1);
    for (int32_t i = 0; i < decls->n; i++) {
        c->decl_symbols[i] = declare(c, decls->p[i]);
    }
}

// ---- What ends a future, what must hold ---------------------------------------------------------

// Several lines mean: whichever comes first.
static void check_stop(Checker *c, const Node *node)
{
    c->where = (Where){.reads = READS_ALL, .draws = DRAWS_NONE, .what = "a condition"};
    const Expr *expr = check_flag(c, node_expr(node), "`stop when`");
    if (expr->kind.tag == KIND_NONE) {
        return;
    }
    // Several: the first that holds ends it.
    c->stop = c->stop ? expr_with(c, EX_OR, kind_flag(), node->span, 2,
                                  (const Expr *const[]){c->stop, expr})
                      : expr;
}

static void check_check(Checker *c, const Node *node)
{
    c->where = (Where){.reads = READS_ALL, .draws = DRAWS_NONE, .what = "a check"};
    const Node *text = node_child(node, NODE_STRING), *expr = node_expr(node);
    if (expr && expr->kind == NODE_STRING) {
        text = expr;
    }
    Check check = {.condition = check_flag(c, expr, "`check`"),
                   .text = text ? text->text : STR(""),
                   .span = node->span};
    vec_push(c->arena, &c->checks, check);
}

// They read what all blocks made, so they come after them.
static void check_rest(Checker *c, const NodeList *decls)
{
    for (int32_t i = 0; i < decls->n; i++) {
        if (decls->p[i]->kind == NODE_STOP) {
            check_stop(c, decls->p[i]);
        } else if (decls->p[i]->kind == NODE_CHECK) {
            check_check(c, decls->p[i]);
        }
    }
}

// ---- The view -----------------------------------------------------------------------------------

static void fill_view(const Checker *c, View *view)
{
    view->sets = c->sets.p;
    view->n_sets = c->sets.n;
    view->ladders = c->ladders.p;
    view->n_ladders = c->ladders.n;
    view->quantities = c->quantities.p;
    view->n_quantities = c->quantities.n;
    view->events = c->events.p;
    view->n_events = c->events.n;
    view->decisions = c->decisions.p;
    view->n_decisions = c->decisions.n;
    view->blocks = c->blocks.p;
    view->n_blocks = c->blocks.n;
    view->stop = c->stop;
    view->checks = c->checks.p;
    view->n_checks = c->checks.n;
    view->questions = c->questions.p;
    view->n_questions = c->questions.n;
    view->n_vars = c->n_vars;
    view->says = c->says.p;
    view->n_says = c->says.n;
}

// All names, then values from top to bottom, then blocks, then questions about them.
View *check_view(Shared *shared, const NodeList *decls, const NodeList *removed, ViewRole role,
                 const Node *overlay, Checker *c)
{
    *c = (Checker){.shared = shared,
                   .arena = shared->arena,
                   .diags = shared->diags,
                   .overlay = overlay,
                   .role = role,
                   .set_inner = -1};
    View *view = ARENA_NEW(shared->arena, View);
    view->role = role;
    names_init(c);
    note_overlay_sources(c);
    declare_all(c, decls);
    check_quantities(c, decls);
    check_functions(c, decls);
    check_propositions(c, decls);
    check_dynamics(c, decls, removed);
    check_correlations(c, decls, view);
    check_rest(c, decls);
    check_questions(c, decls);
    if (overlay) {
        const Node *title = node_child(overlay, NODE_STRING);
        view->name = overlay->text;
        view->title = title ? title->text : STR("");
        view->notes = check_notes(c, overlay);
        check_story(c, overlay, view);
    } else {
        view->name = STR("base");
        view->title = shared->model->title;
    }
    fill_view(c, view);
    return view;
}
