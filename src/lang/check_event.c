// SPDX-License-Identifier: MIT
//
// The dynamic blocks in the order of the file: `each step`, events, dated events, decisions.
#include "lang/checker.h"

// ---- Clauses ------------------------------------------------------------------------------------

// A condition is looked at, never drawn: a draw there would be neither fixed nor an event.
static Where plain_where(const Checker *c, const char *what)
{
    return (Where){.reads = READS_ALL,
                   .draws = DRAWS_NONE,
                   .what = what,
                   .sources = c->where.sources,
                   .n_sources = c->where.n_sources};
}

// What happens draws anew each time.
static Where fresh_where(const Checker *c, Str place)
{
    return (Where){.reads = READS_ALL,
                   .draws = DRAWS_FRESH,
                   .what = "a statement",
                   .place = place,
                   .variable = STR("value"),
                   .sources = c->where.sources,
                   .n_sources = c->where.n_sources};
}

// Left out, it is always possible.
static const Expr *check_when(Checker *c, const Node *owner)
{
    const Node *when = node_child(owner, NODE_WHEN);
    if (when == NULL) {
        return NULL;
    }
    c->where = plain_where(c, "a condition");
    return check_flag(c, when->child, "`when`");
}

// `after` belongs here and nowhere else: a delay is kept with the event that caused it.
static Body check_then(Checker *c, const Node *owner, Str place)
{
    const Node *then = node_child(owner, NODE_THEN);
    c->where = fresh_where(c, place);
    c->in_then = true;
    Body body = check_block(c, node_child(then, NODE_BLOCK));
    c->in_then = false;
    return body;
}

// ---- Events -------------------------------------------------------------------------------------

// Once in a future, unless the text says otherwise.
static void check_again(Checker *c, const Node *node, Event *event)
{
    const Node *again = node_child(node, NODE_AGAIN);
    event->again = again == NULL ? AGAIN_NEVER : again->child ? AGAIN_AFTER : AGAIN_ALWAYS;
    if (again && again->child) {
        check_duration(c, again->child, "`again after`", &event->again_days);
    }
}

// The past has a date and nothing to decide. Its clauses are told once, by the first.
static void check_happened(Checker *c, const Node *node, Event *event)
{
    const Node *happened = node_child(node, NODE_HAPPENED);
    event->happened = __builtin_nan("");
    if (happened == NULL) {
        return;
    }
    check_date(c, happened->child, "`happened`", &event->happened);
    static const NodeKind LIVE[] = {NODE_WHEN, NODE_CHANCE, NODE_AGAIN, NODE_BINDER, NODE_THEN};
    for (size_t i = 0; i < sizeof LIVE / sizeof LIVE[0]; i++) {
        const Node *clause = node_child(node, LIVE[i]);
        if (clause) {
            Diag *diag =
                report(c, 406, clause->span, "`%.*s` has happened: there is nothing to decide",
                       STR_ARG(node->text));
            diag_help(c->diags, diag,
                      "leave this out; for what follows on a date write `on DATE then`");
            return;
        }
    }
}

// Such an event is an `each step` in disguise, and its flag says nothing.
static void check_no_again(Checker *c, const Node *node, const Event *event)
{
    if (event->again == AGAIN_ALWAYS && event->chance_kind == CHANCE_NONE && event->when == NULL) {
        Diag *diag = report(c, 407, name_span(node), "`%.*s` happens in every step, whatever comes",
                            STR_ARG(node->text));
        diag_help(c->diags, diag, "give it a `when` or a `chance`, or write `each step`");
    }
}

// An event over a set is one text for all members, with the member as a variable.
void check_event(Checker *c, const Node *node, Event *event)
{
    int32_t top = c->locals.n;
    const Node *binder = node_child(node, NODE_BINDER);
    c->where = plain_where(c, "an event");
    if (binder) {
        check_binder(c, binder, &event->set, &event->var, &event->except);
    }
    check_happened(c, node, event);
    event->when = check_when(c, node);
    const Node *chance = node_child(node, NODE_CHANCE);
    if (chance) {
        check_chance(c, chance, event);
    }
    check_again(c, node, event);
    c->n_delays = 0;
    event->then = check_then(c, node, event->name);
    event->n_delays = c->n_delays;
    event->notes = check_notes(c, node);
    check_no_again(c, node, event);
    c->locals.n = top;
}

// ---- Blocks -------------------------------------------------------------------------------------

// All such blocks share one name for their draws, numbered in the order of the file.
static Block check_each_step(Checker *c, const Node *node)
{
    c->where = fresh_where(c, STR("each_step"));
    Block block = {
        .kind = BLOCK_EACH_STEP, .ref = -1, .date = __builtin_nan(""), .span = node->span};
    block.body = check_block(c, node_child(node, NODE_BLOCK));
    block.notes = check_notes(c, node);
    return block;
}

// The date is part of the name of its draws: moving the event to another day is another event.
static Block check_on(Checker *c, const Node *node)
{
    Block block = {.kind = BLOCK_ON_DATE, .ref = -1, .span = node->span};
    const Node *date = node_child(node, NODE_DATE);
    c->where = plain_where(c, "a date");
    bool known = check_date(c, date, "`on`", &block.date);
    const Model *model = c->shared->model;
    if (known && c->shared->time_known && (block.date < model->start || block.date > model->end)) {
        report(c, 408, date->span, "this day lies outside of the run");
    }
    Str place = str_format(c->arena, "on %.*s", STR_ARG(date ? date->text : STR("")));
    c->where = fresh_where(c, place);
    const Node *then = node_child(node, NODE_THEN);
    block.body = check_block(c, node_child(then, NODE_BLOCK));
    block.notes = check_notes(c, node);
    return block;
}

// Events taken out by a story keep their place and number; they just never happen.
static bool is_removed(const NodeList *removed, const Node *node)
{
    for (int32_t i = 0; removed && i < removed->n; i++) {
        if (removed->p[i] == node) {
            return true;
        }
    }
    return false;
}

// Its citations say whose words count in it.
static void begin_block(Checker *c, const Node *node)
{
    c->where.sources = cited_sources(c, node, &c->where.n_sources);
}

// Its place was taken when names were declared, since others may have spoken of it before.
static void check_event_block(Checker *c, const Node *node, int32_t ref, const NodeList *removed)
{
    Event event = c->events.p[ref];
    check_event(c, node, &event);
    event.removed = is_removed(removed, node);
    c->events.p[ref] = event;
    vec_push(c->arena, &c->blocks,
             (Block){.kind = BLOCK_EVENT,
                     .ref = ref,
                     .date = __builtin_nan(""),
                     .notes = event.notes,
                     .span = event.span});
}

static void check_decision_block(Checker *c, const Node *node, int32_t ref)
{
    Decision decision = c->decisions.p[ref];
    check_decision(c, node, &decision);
    c->decisions.p[ref] = decision;
    vec_push(c->arena, &c->blocks,
             (Block){.kind = BLOCK_DECISION,
                     .ref = ref,
                     .date = __builtin_nan(""),
                     .notes = decision.notes,
                     .span = decision.span});
}

// In the order of the file, which is the order of a step.
void check_dynamics(Checker *c, const NodeList *decls, const NodeList *removed)
{
    for (int32_t i = 0; i < decls->n; i++) {
        const Node *node = decls->p[i];
        int32_t symbol = c->decl_symbols[i], ref = symbol >= 0 ? c->symbols.p[symbol].ref : -1;
        begin_block(c, node);
        switch (node->kind) {
        case NODE_EACH_STEP: vec_push(c->arena, &c->blocks, check_each_step(c, node)); break;
        case NODE_ON: vec_push(c->arena, &c->blocks, check_on(c, node)); break;
        case NODE_EVENT: check_event_block(c, node, ref, removed); break;
        case NODE_DECISION: check_decision_block(c, node, ref); break;
        default: break;
        }
    }
}
