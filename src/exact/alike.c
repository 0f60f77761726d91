// SPDX-License-Identifier: MIT
//
// Exchanges of what stands that leave the expressions of what moves as they are, to the last part.
#include "exact/alike.h"

#include "base/vec.h"
#include "exact/graph.h"

enum { MOST_WORK = 1 << 22, MOST_INSTRUCTIONS = 1 << 16 };

typedef struct {
    Arena *scratch;
    const Split *split;
    Graph g;
    VEC(int32_t) outputs; // nodes
    uint8_t *used;        // by node: part of an output
    int32_t n_nodes;
    int64_t work;
} Finder;

// What moves as it stands at the end, and, where that is inside of regions, as it stands where they
// are left out.
static void note_outputs(void *ctx, int32_t pc, const int32_t *env, int32_t *const *skipped,
                         int32_t n_open)
{
    Finder *f = ctx;
    const Split *s = f->split;
    const Cut *to = &f->g.script->cuts[s->to];
    if (pc != to->pc) {
        return;
    }
    int32_t at = s->to - s->from;
    for (int32_t way = 0; way <= n_open; way++) {
        const int32_t *here = way < n_open ? skipped[way] : env;
        for (int32_t i = 0; i < s->n_moving[at]; i++) {
            vec_push(f->scratch, &f->outputs, here[s->moving[at][i]]);
        }
        for (int32_t i = 0; i < to->n_guards; i++) {
            vec_push(f->scratch, &f->outputs, here[to->guards[i].mask]);
        }
    }
}

static void mark_used(Finder *f)
{
    f->n_nodes = f->g.nodes.n;
    f->used = ARENA_ARRAY(f->scratch, uint8_t, f->n_nodes + 1);
    for (int32_t i = 0; i < f->outputs.n; i++) {
        f->used[f->outputs.p[i]] = 1;
    }
    for (int32_t i = f->n_nodes - 1; i >= 0; i--) { // operands come before the nodes that have them
        const Node *node = &f->g.nodes.p[i];
        for (int32_t k = 0; f->used[i] && k < node->n; k++) {
            f->used[f->g.args.p[node->first + k]] = 1;
        }
    }
}

// Every node that is part of an output as the exchange makes it.
static int32_t *exchanged(Finder *f, int32_t a, int32_t b)
{
    int32_t *to = ARENA_ARRAY(f->scratch, int32_t, f->n_nodes + 1);
    for (int32_t i = 0; i < f->n_nodes; i++) {
        Node node = f->g.nodes.p[i];
        to[i] = i == a ? b : i == b ? a : i;
        bool differs = false;
        for (int32_t k = 0; f->used[i] && k < node.n; k++) {
            int32_t operand = f->g.args.p[node.first + k];
            differs = differs || to[operand] != operand;
        }
        if (differs) {
            int32_t *args = ARENA_ARRAY(f->scratch, int32_t, node.n);
            for (int32_t k = 0; k < node.n; k++) {
                args[k] = to[f->g.args.p[node.first + k]];
            }
            to[i] = graph_with_operands(&f->g, &node, args);
        }
    }
    f->work += f->n_nodes;
    return to;
}

static bool may_change_places(Finder *f, Slot a, Slot b)
{
    int32_t x = graph_input(&f->g, INPUT_SLOT, a), y = graph_input(&f->g, INPUT_SLOT, b);
    if (f->g.nodes.p[x].whole != f->g.nodes.p[y].whole) {
        return false;
    }
    const int32_t *to = exchanged(f, x, y);
    for (int32_t i = 0; i < f->outputs.n; i++) {
        if (to[f->outputs.p[i]] != f->outputs.p[i]) {
            return false;
        }
    }
    return !f->g.failed;
}

static Alike *group_of(Finder *f, Slot slot, Alike *groups, int32_t *n)
{
    for (int32_t i = 0; i < *n && f->work < MOST_WORK; i++) {
        if (may_change_places(f, slot, groups[i].slots[0])) {
            return &groups[i];
        }
    }
    groups[*n].slots = ARENA_ARRAY(f->scratch, Slot, f->g.script->n_slots);
    return &groups[(*n)++];
}

static const Alike *find(Finder *f, Arena *arena, int32_t *n)
{
    Slot n_slots = f->g.script->n_slots;
    Alike *groups = ARENA_ARRAY(f->scratch, Alike, n_slots + 1);
    int32_t found = 0;
    for (Slot i = 0; i < n_slots && f->work < MOST_WORK; i++) {
        if (f->split->stands[i] && f->used[graph_input(&f->g, INPUT_SLOT, i)]) {
            Alike *group = group_of(f, i, groups, &found);
            group->slots[group->n++] = i;
        }
    }
    Alike *kept = ARENA_ARRAY(arena, Alike, found + 1);
    for (int32_t i = 0; i < found; i++) {
        if (groups[i].n > 1) {
            kept[*n] = (Alike){ARENA_ARRAY(arena, Slot, groups[i].n), groups[i].n};
            for (int32_t k = 0; k < groups[i].n; k++) {
                kept[*n].slots[k] = groups[i].slots[k];
            }
            ++*n;
        }
    }
    return kept;
}

const Alike *alike_find(Arena *arena, const Units *units, const Split *split, int32_t *n)
{
    const Script *s = units->script;
    const Cut *from = &s->cuts[split->from];
    XCode code = {s->main.p, s->cuts[split->to].pc};
    *n = 0;
    if (code.n - from->pc > MOST_INSTRUCTIONS) {
        return NULL;
    }
    Finder f = {.scratch = arena_new(0), .split = split};
    f.g = (Graph){.script = s, .arena = f.scratch};
    f.g.whole = units->whole ? units->whole->at_cut[split->from] : NULL;
    int32_t *env = ARENA_ARRAY(f.scratch, int32_t, s->n_slots + 1);
    graph_begin(&f.g, env);
    graph_write_down(&f.g, code, from->pc, from, env, note_outputs, &f);
    const Alike *found = NULL;
    if (!f.g.failed) {
        mark_used(&f);
        found = find(&f, arena, n);
    }
    arena_free(f.scratch);
    return found;
}
