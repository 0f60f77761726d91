// SPDX-License-Identifier: MIT
//
// What a block reads and writes. A state of a set is one thing: that one block writes the element
// of one member and the other reads that of another is taken for a conflict, and shows no
// difference.
#include "ask/touch.h"

typedef struct {
    const View *view;
    Touch *touch;
} Toucher;

static int32_t event_number(const View *view, int32_t event)
{
    return view->n_quantities + event;
}

static int32_t decision_number(const View *view, int32_t decision)
{
    return view->n_quantities + view->n_events + decision;
}

int32_t touch_count(const View *view)
{
    return decision_number(view, view->n_decisions);
}

// ---- Expressions --------------------------------------------------------------------------------

static void read_expr(const Toucher *t, const Expr *e);

static void read_dist(const Toucher *t, const Dist *dist)
{
    for (int32_t i = 0; dist && i < dist->n_args; i++) {
        read_expr(t, dist->args[i]);
    }
    for (int32_t i = 0; dist && i < dist->n_parts; i++) {
        read_dist(t, dist->parts[i]);
    }
}

static void read_expr(const Toucher *t, const Expr *e)
{
    if (!e) {
        return;
    }
    if (e->op == EX_QUANTITY) {
        t->touch->reads[e->ref] = true;
    } else if (e->op == EX_EVENT) {
        t->touch->reads[event_number(t->view, e->ref)] = true;
    } else if (e->op == EX_CHOICE || e->op == EX_CHOSEN) {
        t->touch->reads[decision_number(t->view, e->ref)] = true;
    }
    read_dist(t, e->dist);
    for (int32_t i = 0; i < e->n_args; i++) {
        read_expr(t, e->args[i]);
    }
}

// ---- Statements ---------------------------------------------------------------------------------

static void touch_body(const Toucher *t, Body body);

static void touch_target(const Toucher *t, const Stmt *stmt)
{
    if (!stmt->target) {
        return;
    }
    t->touch->writes[stmt->target->ref] = true;
    for (int32_t i = 0; i < stmt->target->n_args; i++) {
        read_expr(t, stmt->target->args[i]);
    }
    bool changes = stmt->kind != STMT_ASSIGN; // from what it was
    t->touch->reads[stmt->target->ref] |= changes;
    if (stmt->kind == STMT_HEARS) {
        read_expr(t, t->view->quantities[stmt->target->ref].proposition);
    }
}

static void touch_stmt(const Toucher *t, const Stmt *stmt)
{
    touch_target(t, stmt);
    read_expr(t, stmt->value);
    read_expr(t, stmt->hit);
    read_expr(t, stmt->alarm);
    read_expr(t, stmt->except);
    read_expr(t, stmt->delay);
    touch_body(t, stmt->body);
    touch_body(t, stmt->other);
    for (int32_t i = 0; i < stmt->n_outcomes; i++) {
        read_expr(t, stmt->outcomes[i].weight);
        touch_body(t, stmt->outcomes[i].body);
    }
}

static void touch_body(const Toucher *t, Body body)
{
    for (int32_t i = 0; i < body.n; i++) {
        touch_stmt(t, body.p[i]);
    }
}

// ---- Blocks -------------------------------------------------------------------------------------

static void touch_event(const Toucher *t, int32_t index)
{
    const Event *e = &t->view->events[index];
    if (e->removed || e->happened == e->happened) {
        return; // a fact: nothing happens in a step
    }
    t->touch->writes[event_number(t->view, index)] = true;
    read_expr(t, e->when);
    read_expr(t, e->chance);
    read_expr(t, e->except);
    touch_body(t, e->then);
}

static void touch_option(const Toucher *t, const Option *option)
{
    read_expr(t, option->when);
    read_expr(t, option->weight);
    for (int32_t k = 0; k < option->n_worth; k++) {
        read_expr(t, option->worth[k].value);
    }
    touch_body(t, option->then);
}

static void touch_decision(const Toucher *t, int32_t index)
{
    const Decision *d = &t->view->decisions[index];
    t->touch->writes[decision_number(t->view, index)] = true;
    read_expr(t, d->when);
    read_expr(t, d->rationality);
    read_expr(t, d->except);
    for (int32_t i = 0; i < d->n_sights; i++) {
        read_expr(t, d->sights[i].value);
    }
    for (int32_t i = 0; i < d->n_options; i++) {
        touch_option(t, &d->options[i]);
    }
    for (int32_t i = 0; i < d->n_carried; i++) {
        touch_body(t, d->carried[i].then);
    }
    touch_body(t, d->blocked);
}

Touch *touch_blocks(Arena *arena, const View *view)
{
    int32_t n = touch_count(view);
    Touch *touches = ARENA_ARRAY(arena, Touch, view->n_blocks + 1);
    for (int32_t i = 0; i < view->n_blocks; i++) {
        const Block *block = &view->blocks[i];
        touches[i] = (Touch){ARENA_ARRAY(arena, bool, n + 1), ARENA_ARRAY(arena, bool, n + 1)};
        Toucher t = {view, &touches[i]};
        switch (block->kind) {
        case BLOCK_EVENT: touch_event(&t, block->ref); break;
        case BLOCK_DECISION: touch_decision(&t, block->ref); break;
        case BLOCK_EACH_STEP:
        case BLOCK_ON_DATE: touch_body(&t, block->body); break;
        }
    }
    return touches;
}

// ---- Two blocks ---------------------------------------------------------------------------------

static bool conflict_at(const Touch *a, const Touch *b, int32_t i)
{
    return (a->writes[i] && (b->reads[i] || b->writes[i])) || (a->reads[i] && b->writes[i]);
}

bool touch_conflict(const View *view, const Touch *a, const Touch *b)
{
    for (int32_t i = 0; i < touch_count(view); i++) {
        if (conflict_at(a, b, i)) {
            return true;
        }
    }
    return false;
}

static Str name_of(const View *view, int32_t i)
{
    if (i < view->n_quantities) {
        return view->quantities[i].name;
    }
    i -= view->n_quantities;
    return i < view->n_events ? view->events[i].name : view->decisions[i - view->n_events].name;
}

Str touch_over(Arena *arena, const View *view, const Touch *a, const Touch *b)
{
    Buf buf = {.arena = arena};
    for (int32_t i = 0; i < touch_count(view); i++) {
        if (conflict_at(a, b, i)) {
            buf_addf(&buf, "%s`%.*s`", buf.n ? ", " : "", STR_ARG(name_of(view, i)));
        }
    }
    return buf_str(&buf);
}
