// SPDX-License-Identifier: MIT
//
// The graph is kept as a square of bits while the blocks are walked: each pair counts once.
#include "ask/influence.h"

#include "base/vec.h"

typedef struct {
    Arena *arena;
    const View *view;
    int32_t n_nodes;
    bool *edge; // edge[to * n_nodes + from]
} Walk;

// Nodes are numbered: quantities, then events, decisions, questions.
static int32_t event_node(const Walk *w, int32_t event)
{
    return w->view->n_quantities + event;
}

static int32_t decision_node(const Walk *w, int32_t decision)
{
    return w->view->n_quantities + w->view->n_events + decision;
}

static int32_t question_node(const Walk *w, int32_t question)
{
    return decision_node(w, w->view->n_decisions) + question;
}

static void connect(Walk *w, int32_t from, int32_t to)
{
    ASSERT(from >= 0 && from < w->n_nodes && to >= 0 && to < w->n_nodes);
    if (from != to) {
        w->edge[(size_t)to * (size_t)w->n_nodes + (size_t)from] = true;
    }
}

static void reads_dist(Walk *w, const Dist *dist, int32_t to);

// All that an expression looks at influences `to`.
static void reads(Walk *w, const Expr *expr, int32_t to)
{
    if (!expr) {
        return;
    }
    if (expr->op == EX_QUANTITY || expr->op == EX_PREVIOUS) {
        connect(w, expr->ref, to);
    } else if (expr->op == EX_EVENT) {
        connect(w, event_node(w, expr->ref), to);
    } else if (expr->op == EX_CHOICE || expr->op == EX_CHOSEN) {
        connect(w, decision_node(w, expr->ref), to);
    }
    reads_dist(w, expr->dist, to);
    for (int32_t i = 0; i < expr->n_args; i++) {
        reads(w, expr->args[i], to);
    }
}

static void reads_dist(Walk *w, const Dist *dist, int32_t to)
{
    if (!dist) {
        return;
    }
    for (int32_t i = 0; i < dist->n_args; i++) {
        reads(w, dist->args[i], to);
    }
    for (int32_t i = 0; i < dist->n_parts; i++) {
        reads_dist(w, dist->parts[i], to);
    }
}

// The block a statement stands in: an event or decision, through which all influence goes; or none
// (`each step`, `on`), where what is read acts on what is written. `conditions` are those around
// it.
typedef struct Around Around;
struct Around {
    int32_t block; // node, or -1
    const Expr *condition;
    const Around *outer;
};

static void walk_body(Walk *w, Body body, const Around *around);

static void walk_write(Walk *w, const Stmt *stmt, const Around *around)
{
    int32_t target = stmt->target->ref;
    if (around->block >= 0) {
        connect(w, around->block, target);
        reads(w, stmt->value, around->block);
        return;
    }
    reads(w, stmt->value, target);
    for (const Around *a = around; a; a = a->outer) {
        reads(w, a->condition, target);
    }
}

// What the evidence for a belief rests on: the truth, when a signal is drawn from it.
static void walk_evidence(Walk *w, const Stmt *stmt, int32_t to)
{
    reads(w, stmt->hit, to);
    reads(w, stmt->alarm, to);
    if (stmt->kind == STMT_HEARS) {
        reads(w, w->view->quantities[stmt->target->ref].proposition, to);
    }
}

static void walk_stmt(Walk *w, const Stmt *stmt, const Around *around)
{
    Around inner = {around->block, stmt->kind == STMT_AFTER ? stmt->delay : stmt->value, around};
    switch (stmt->kind) {
    case STMT_ASSIGN:
    case STMT_RAISE:
    case STMT_LOWER: walk_write(w, stmt, around); break;
    case STMT_HEARS:
    case STMT_TOLD:
        walk_write(w, stmt, around);
        walk_evidence(w, stmt, around->block >= 0 ? around->block : stmt->target->ref);
        break;
    case STMT_LET:
        // Who uses the variable is not followed: the block's readers and writers are.
        if (around->block >= 0) {
            reads(w, stmt->value, around->block);
        }
        break;
    case STMT_IF:
    case STMT_FOR:
    case STMT_AFTER:
        if (around->block >= 0) {
            reads(w, inner.condition, around->block);
        }
        walk_body(w, stmt->body, &inner);
        walk_body(w, stmt->other, &inner);
        break;
    case STMT_ONE_OF:
        for (int32_t i = 0; i < stmt->n_outcomes; i++) {
            inner.condition = stmt->outcomes[i].weight;
            if (around->block >= 0) {
                reads(w, inner.condition, around->block);
            }
            walk_body(w, stmt->outcomes[i].body, &inner);
        }
        break;
    }
}

static void walk_body(Walk *w, Body body, const Around *around)
{
    for (int32_t i = 0; i < body.n; i++) {
        walk_stmt(w, body.p[i], around);
    }
}

// In a block without a node a `let` hands on what it reads: to all that the block writes.
static void walk_lets(Walk *w, Body body, Body all)
{
    for (int32_t i = 0; i < body.n; i++) {
        if (body.p[i]->kind != STMT_LET) {
            continue;
        }
        for (int32_t k = 0; k < all.n; k++) {
            if (all.p[k]->target && all.p[k]->kind != STMT_LET) {
                reads(w, body.p[i]->value, all.p[k]->target->ref);
            }
        }
    }
}

static void walk_event(Walk *w, int32_t index)
{
    const Event *e = &w->view->events[index];
    const Around around = {event_node(w, index), NULL, NULL};
    if (e->removed) {
        return;
    }
    reads(w, e->when, around.block);
    reads(w, e->chance, around.block);
    walk_body(w, e->then, &around);
}

static void walk_decision(Walk *w, int32_t index)
{
    const Decision *d = &w->view->decisions[index];
    const Around around = {decision_node(w, index), NULL, NULL};
    reads(w, d->when, around.block);
    reads(w, d->rationality, around.block);
    for (int32_t i = 0; i < d->n_sights; i++) {
        reads(w, d->sights[i].value, around.block);
    }
    for (int32_t i = 0; i < d->n_options; i++) {
        const Option *option = &d->options[i];
        reads(w, option->when, around.block);
        reads(w, option->weight, around.block);
        for (int32_t k = 0; k < option->n_worth; k++) {
            reads(w, option->worth[k].value, around.block);
        }
        walk_body(w, option->then, &around);
    }
    for (int32_t i = 0; i < d->n_carried; i++) {
        walk_body(w, d->carried[i].then, &around);
    }
    walk_body(w, d->blocked, &around);
}

static void walk_form(Walk *w, const Form *form, int32_t question)
{
    reads(w, form->a, question_node(w, question));
    reads(w, form->b, question_node(w, question));
    reads(w, form->after, question_node(w, question));
}

static void walk_view(Walk *w)
{
    const View *view = w->view;
    const Around nowhere = {-1, NULL, NULL};
    for (int32_t i = 0; i < view->n_quantities; i++) {
        for (int32_t k = 0; k < view->quantities[i].n_elements; k++) {
            reads_dist(w, view->quantities[i].values[k], i);
        }
    }
    for (int32_t i = 0; i < view->n_blocks; i++) {
        walk_body(w, view->blocks[i].body, &nowhere);
        walk_lets(w, view->blocks[i].body, view->blocks[i].body);
    }
    for (int32_t i = 0; i < view->n_events; i++) {
        walk_event(w, i);
    }
    for (int32_t i = 0; i < view->n_decisions; i++) {
        walk_decision(w, i);
    }
    for (int32_t i = 0; i < view->n_questions; i++) {
        walk_form(w, &view->questions[i].form, i);
        for (int32_t k = 0; k < view->questions[i].n_given; k++) {
            walk_form(w, &view->questions[i].given[k], i);
        }
    }
}

static const GraphNode *nodes_of(Arena *arena, const View *view, int32_t n)
{
    GraphNode *nodes = ARENA_ARRAY(arena, GraphNode, n + 1);
    int32_t at = 0;
    for (int32_t i = 0; i < view->n_quantities; i++) {
        const Quantity *q = &view->quantities[i];
        GraphKind kind = q->role == ROLE_STATE ? GRAPH_STATE : GRAPH_UNKNOWN;
        nodes[at++] = (GraphNode){kind, q->name, q->title};
    }
    for (int32_t i = 0; i < view->n_events; i++) {
        nodes[at++] = (GraphNode){GRAPH_EVENT, view->events[i].name, view->events[i].title};
    }
    for (int32_t i = 0; i < view->n_decisions; i++) {
        const Decision *d = &view->decisions[i];
        nodes[at++] = (GraphNode){GRAPH_DECISION, d->name, d->title};
    }
    for (int32_t i = 0; i < view->n_questions; i++) {
        const Question *q = &view->questions[i];
        nodes[at++] = (GraphNode){GRAPH_QUESTION, q->name, q->text};
    }
    ASSERT(at == n);
    return nodes;
}

const Graph *ask_influence(Arena *arena, const Model *model, const View *view)
{
    Walk w = {.arena = arena, .view = view};
    w.n_nodes = question_node(&w, view->n_questions);
    w.edge = arena_alloc(arena, (size_t)w.n_nodes * (size_t)w.n_nodes, sizeof(bool));
    walk_view(&w);
    VEC(GraphEdge) edges = {0};
    for (int32_t to = 0; to < w.n_nodes; to++) {
        for (int32_t from = 0; from < w.n_nodes; from++) {
            if (w.edge[(size_t)to * (size_t)w.n_nodes + (size_t)from]) {
                vec_push(arena, &edges, ((GraphEdge){from, to}));
            }
        }
    }
    Graph *graph = ARENA_NEW(arena, Graph);
    *graph = (Graph){model->title, nodes_of(arena, view, w.n_nodes), w.n_nodes, edges.p, edges.n};
    return graph;
}
