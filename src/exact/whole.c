// SPDX-License-Identifier: MIT
//
// Which slots hold whole numbers, and how large these become.
#include "exact/whole.h"

#include <string.h>

#include "math/bits.h"
#include "math/elementary.h"

enum { MOST_ROUNDS = 8, MOST_WORK = 1 << 23 };
static const double MOST_WHOLE = 0x1p53;

typedef struct {
    Arena *arena, *scratch;
    const Script *script;
    Whole *whole;
    Graph graph; // of a whole step
    int32_t *env;
} Finder;

// ---- How large ----------------------------------------------------------------------------------

static double most_of(const Graph *g, const Node *node, const double *slots, const double *nodes)
{
    double most = 0, a, b;
    static const int32_t none[2] = {0};
    const int32_t *args = g->args.p ? g->args.p + node->first : none;
    switch (node->op) {
    case N_INPUT: return slots[input_number(node)];
    case N_CONST: return m_abs(double_of(node->aux));
    case OP_NUM: return 1;
    case OP_MUL:
        a = nodes[args[0]];
        b = nodes[args[1]];
        return a * b;
    case N_SUM:
    case OP_SUB:
        for (int32_t i = 0; i < node->n; i++) {
            most += nodes[args[i]];
        }
        return most;
    default: // one of its operands: a choice, the smaller, the larger
        for (int32_t i = 0; i < node->n; i++) {
            most = m_max(most, nodes[args[i]]);
        }
        return most;
    }
}

bool whole_fits(const Graph *g, const double *most, double *node_most)
{
    for (int32_t i = 0; i < g->nodes.n; i++) {
        const Node *node = &g->nodes.p[i];
        node_most[i] = node->whole ? most_of(g, node, most, node_most) : 0;
        if (!(node_most[i] < MOST_WHOLE)) {
            return false;
        }
    }
    return true;
}

// The largest there can be at the start of any step. False: too large, or too much to follow.
static bool follow_size(Finder *f)
{
    const Script *s = f->script;
    const Graph *g = &f->graph;
    double *nodes = ARENA_ARRAY(f->scratch, double, g->nodes.n + 1);
    double *most = f->whole->most;
    if ((int64_t)g->nodes.n * s->program->n_steps > MOST_WORK) {
        return false;
    }
    bool grown = true;
    for (int32_t k = 0; k < s->program->n_steps && grown; k++) {
        if (!whole_fits(g, most, nodes)) {
            return false;
        }
        grown = false;
        for (Slot i = 0; i < s->n_slots; i++) {
            double now = f->whole->at_start[i] ? nodes[f->env[i]] : 0;
            grown = grown || now > most[i];
            most[i] = m_max(most[i], now);
        }
    }
    return whole_fits(g, most, nodes);
}

// ---- Which --------------------------------------------------------------------------------------

// After the start and the look behind it.
static bool look_at_start(Finder *f)
{
    const Script *s = f->script;
    Graph g = {.script = s, .arena = f->scratch};
    int32_t *env = ARENA_ARRAY(f->scratch, int32_t, s->n_slots);
    graph_begin(&g, env);
    graph_write_down(&g, s->start, 0, NULL, env, NULL, NULL);
    graph_write_down(&g, s->main, s->look_at, NULL, env, NULL, NULL);
    double *nodes = ARENA_ARRAY(f->scratch, double, g.nodes.n + 1);
    if (g.failed || !whole_fits(&g, f->whole->most, nodes)) {
        return false;
    }
    for (Slot i = 0; i < s->n_slots; i++) {
        f->whole->at_start[i] = g.nodes.p[env[i]].whole && !script_is_uniform(s, i);
        f->whole->most[i] = f->whole->at_start[i] ? nodes[env[i]] : 0;
    }
    return true;
}

// False: some slot was not whole after all.
static bool lasts(Finder *f)
{
    const Script *s = f->script;
    f->graph = (Graph){.script = s, .arena = f->scratch, .whole = f->whole->at_start};
    f->env = ARENA_ARRAY(f->scratch, int32_t, s->n_slots);
    graph_begin(&f->graph, f->env);
    graph_write_down(&f->graph, s->main, 0, NULL, f->env, NULL, NULL);
    bool lasts = true;
    for (Slot i = 0; i < s->n_slots && !f->graph.failed; i++) {
        bool whole = f->graph.nodes.p[f->env[i]].whole;
        lasts = lasts && (whole || !f->whole->at_start[i]);
        f->whole->at_start[i] = f->whole->at_start[i] && whole;
    }
    return lasts;
}

// What is whole at a cut: on every way there.
static void visit(void *ctx, int32_t pc, const int32_t *env, int32_t *const *skipped, int32_t n)
{
    const Finder *f = ctx;
    for (int32_t c = 0; c < f->script->n_cuts; c++) {
        for (Slot i = 0; f->script->cuts[c].pc == pc && i < f->script->n_slots; i++) {
            const Node *nodes = f->graph.nodes.p;
            bool whole = nodes[env[i]].whole;
            for (int32_t k = 0; k < n; k++) {
                whole = whole && nodes[skipped[k][i]].whole;
            }
            f->whole->at_cut[c][i] = whole && !script_is_uniform(f->script, i);
        }
    }
}

static void find_at_cuts(Finder *f)
{
    const Script *s = f->script;
    f->whole->at_cut = ARENA_ARRAY(f->arena, uint8_t *, s->n_cuts + 1);
    for (int32_t c = 0; c < s->n_cuts; c++) {
        f->whole->at_cut[c] = ARENA_ARRAY(f->arena, uint8_t, s->n_slots + 1);
    }
    int32_t *env = ARENA_ARRAY(f->scratch, int32_t, s->n_slots);
    graph_begin(&f->graph, env); // the same nodes again
    graph_write_down(&f->graph, s->main, 0, NULL, env, visit, f);
}

const Whole *whole_find(Arena *arena, const Script *script)
{
    Finder f = {.arena = arena, .scratch = arena_new(0), .script = script};
    f.whole = ARENA_NEW(arena, Whole);
    f.whole->at_start = ARENA_ARRAY(arena, uint8_t, script->n_slots + 1);
    f.whole->most = ARENA_ARRAY(arena, double, script->n_slots + 1);
    bool found = look_at_start(&f);
    bool same = false;
    for (int round = 0; found && !same && round < MOST_ROUNDS; round++) {
        same = lasts(&f);
        found = !f.graph.failed;
    }
    found = found && same && follow_size(&f);
    if (found) {
        find_at_cuts(&f);
    }
    arena_free(f.scratch);
    return found ? f.whole : NULL;
}
