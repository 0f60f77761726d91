// SPDX-License-Identifier: MIT
//
// Where a draw stands in the text, by the name of its site: a quantity's own, or one in a block.
#include "ask/exact_impl.h"

typedef struct {
    const View *view;
    Str site;
    Span span;
} Search;

static void look_at(Search *s, Str site, Span span)
{
    if (s->span.file < 0 && site.n > 0 && str_eq(site, s->site)) {
        s->span = span;
    }
}

static void search_expr(Search *s, const Expr *e);

static void search_dist(Search *s, const Dist *dist)
{
    for (int32_t i = 0; dist && i < dist->n_args; i++) {
        search_expr(s, dist->args[i]);
    }
    for (int32_t i = 0; dist && i < dist->n_parts; i++) {
        search_dist(s, dist->parts[i]);
    }
}

static void search_expr(Search *s, const Expr *e)
{
    if (!e || s->span.file >= 0) {
        return;
    }
    look_at(s, e->site, e->span);
    search_dist(s, e->dist);
    for (int32_t i = 0; i < e->n_args; i++) {
        search_expr(s, e->args[i]);
    }
}

static void search_body(Search *s, Body body)
{
    for (int32_t i = 0; i < body.n && s->span.file < 0; i++) {
        const Stmt *stmt = body.p[i];
        look_at(s, stmt->site, stmt->span);
        search_expr(s, stmt->target);
        search_expr(s, stmt->value);
        search_expr(s, stmt->hit);
        search_expr(s, stmt->alarm);
        search_expr(s, stmt->delay);
        search_body(s, stmt->body);
        search_body(s, stmt->other);
        for (int32_t k = 0; k < stmt->n_outcomes; k++) {
            search_expr(s, stmt->outcomes[k].weight);
            search_body(s, stmt->outcomes[k].body);
        }
    }
}

static void search_decision(Search *s, const Decision *d)
{
    search_expr(s, d->when);
    search_expr(s, d->rationality);
    for (int32_t i = 0; i < d->n_sights; i++) {
        look_at(s, d->sights[i].site, d->span);
        search_expr(s, d->sights[i].value);
    }
    for (int32_t i = 0; i < d->n_options; i++) {
        const Option *option = &d->options[i];
        search_expr(s, option->when);
        search_expr(s, option->weight);
        for (int32_t k = 0; k < option->n_worth; k++) {
            search_expr(s, option->worth[k].value);
        }
        search_body(s, option->then);
    }
    for (int32_t i = 0; i < d->n_carried; i++) {
        search_body(s, d->carried[i].then);
    }
    search_body(s, d->blocked);
}

static void search_view(Search *s)
{
    const View *view = s->view;
    for (int32_t i = 0; i < view->n_quantities; i++) {
        look_at(s, view->quantities[i].name, view->quantities[i].span);
    }
    for (int32_t i = 0; i < view->n_events; i++) {
        search_expr(s, view->events[i].when);
        search_expr(s, view->events[i].chance);
        search_body(s, view->events[i].then);
    }
    for (int32_t i = 0; i < view->n_decisions; i++) {
        search_decision(s, &view->decisions[i]);
    }
    for (int32_t i = 0; i < view->n_blocks; i++) {
        search_body(s, view->blocks[i].body);
    }
}

Str exact_place(Arena *arena, const View *view, const DiagList *sources, Str site)
{
    size_t end = 0;
    while (end < site.n && site.p[end] != '[') {
        end++;
    }
    Search search = {view, str_sub(site, 0, end), NO_SPAN};
    search_view(&search);
    if (!sources || search.span.file < 0 || search.span.file >= sources->sources.n) {
        return str_format(arena, "`%.*s`", STR_ARG(site));
    }
    int32_t line = diag_place(sources, search.span.file, search.span.lo).line;
    return str_format(arena, "`%.*s` (%.*s:%d)", STR_ARG(site),
                      STR_ARG(sources->sources.p[search.span.file].path), (int)line);
}
