// SPDX-License-Identifier: MIT
//
// Members that are alike: exchanges that leave the expressions of what is left of a step as they
// are.
#include "exact/symmetry.h"

#include <string.h>

#include "exact/graph.h"
#include "exact/space.h"
#include "math/bits.h"

enum { MOST_WORK = 1 << 22, MOST_DEPTH = 500, COLOUR_ROUNDS = 6 };

// ---- Who looks like whom
// -------------------------------------------------------------------------

// How slots and nodes look, whatever inputs are called: those that can be exchanged look alike.
// Returns the colours of nodes.
static const uint64_t *colour(const Graph *g, const int32_t *env, uint64_t *colours)
{
    Slot n = g->script->n_slots;
    uint64_t *node = ARENA_ARRAY(g->arena, uint64_t, g->nodes.n + 1);
    for (Slot i = 0; i < n; i++) {
        colours[i] = 1;
    }
    for (int round = 0; round < COLOUR_ROUNDS; round++) {
        for (int32_t i = 0; i < g->nodes.n; i++) {
            const Node *x = &g->nodes.p[i];
            bool is_input = x->op == N_INPUT;
            bool slot = is_input && input_kind(x) == INPUT_SLOT;
            uint64_t own = slot ? colours[x->aux] : is_input ? 2 : x->aux;
            uint64_t head[3] = {(uint64_t)x->op, own, (uint64_t)x->n};
            uint64_t h = words_hash(head, 3), sum = 0;
            bool loose = graph_any_order(x->op) || graph_either_order(x->op);
            for (int32_t k = 0; k < x->n; k++) {
                uint64_t pair[2] = {loose ? 0 : h, node[g->args.p[x->first + k]]};
                uint64_t part = words_hash(pair, 2);
                sum += part;
                h = loose ? h : part;
            }
            uint64_t both[2] = {h, sum};
            node[i] = words_hash(both, 2);
        }
        for (Slot i = 0; i < n; i++) {
            uint64_t pair[2] = {colours[i], node[env[i]]};
            colours[i] = words_hash(pair, 2);
        }
    }
    return node;
}

// ---- An exchange that two expressions suggest ---------------------------------------------------

typedef struct {
    Graph *g;
    Slot n_slots;
    int32_t *slot; // by slot: what it changes places with, -1: not known
    int32_t *site, *cell;
    const uint64_t *colour; // by node: how it looks, whatever its inputs are called
    int32_t *seen;          // by node: counterpart it was held against last, plus 1
    int32_t n_seen;
    VEC(Slot) found; // in the order of discovery
} Match;

static bool pair_up(int32_t *map, int32_t a, int32_t b)
{
    if (map[a] < 0 && map[b] < 0) {
        map[a] = b;
        map[b] = a;
        return true;
    }
    return map[a] == b && map[b] == a;
}

static int32_t *map_of(const Match *m, int kind)
{
    return kind == INPUT_SLOT ? m->slot : kind == INPUT_SITE ? m->site : m->cell;
}

static bool pair_inputs(Match *m, const Node *x, const Node *y)
{
    int kind = input_kind(x);
    if (kind != input_kind(y) || x->whole != y->whole) {
        return false;
    }
    if (kind != INPUT_SLOT) {
        return pair_up(map_of(m, kind), input_number(x), input_number(y));
    }
    const Script *s = m->g->script; // the calendar cannot be exchanged
    if (script_is_uniform(s, (Slot)x->aux) && x->aux != y->aux) {
        return false;
    }
    bool fresh = m->slot[x->aux] < 0;
    if (!pair_up(m->slot, (int32_t)x->aux, (int32_t)y->aux)) {
        return false;
    }
    if (fresh) {
        vec_push(m->g->arena, &m->found, (Slot)x->aux);
    }
    return true;
}

static bool match(Match *m, int32_t a, int32_t b, int32_t depth);

// The one operand of this colour; -1: there is none, or several.
static int32_t only(const Match *m, const Node *node, uint64_t colour)
{
    int32_t found = -1;
    for (int32_t i = 0; i < node->n; i++) {
        int32_t operand = m->g->args.p[node->first + i];
        if (m->colour[operand] == colour) {
            if (found >= 0) {
                return -1;
            }
            found = operand;
        }
    }
    return found;
}

// Where operands have no order those belong together that alone look like each other. Of the others
// it is not known; the check will tell.
static bool match_loose(Match *m, const Node *x, const Node *y, int32_t depth)
{
    for (int32_t i = 0; i < x->n; i++) {
        uint64_t colour = m->colour[m->g->args.p[x->first + i]];
        int32_t a = only(m, x, colour), b = only(m, y, colour);
        if (a >= 0 && b >= 0 && !match(m, a, b, depth + 1)) {
            return false;
        }
    }
    return true;
}

static bool match(Match *m, int32_t a, int32_t b, int32_t depth)
{
    if (a < m->n_seen && m->seen[a] == b + 1) {
        return true;
    }
    if (a < m->n_seen) {
        m->seen[a] = b + 1;
    }
    Node x = m->g->nodes.p[a], y = m->g->nodes.p[b];
    if (x.op != y.op || x.n != y.n || depth > MOST_DEPTH) {
        return false;
    }
    if (x.op == N_INPUT) {
        return pair_inputs(m, &x, &y);
    }
    if (x.aux != y.aux) {
        return false;
    }
    if (graph_any_order(x.op) || graph_either_order(x.op)) {
        return match_loose(m, &x, &y, depth);
    }
    for (int32_t i = 0; i < x.n; i++) {
        if (!match(m, m->g->args.p[x.first + i], m->g->args.p[y.first + i], depth + 1)) {
            return false;
        }
    }
    return true;
}

static Match new_match(Graph *g, const uint64_t *colour)
{
    Match m = {.g = g, .n_slots = g->script->n_slots, .colour = colour, .n_seen = g->nodes.n};
    m.slot = ARENA_ARRAY(g->arena, int32_t, m.n_slots);
    m.site = ARENA_ARRAY(g->arena, int32_t, g->script->program->n_sites + 1);
    m.seen = ARENA_ARRAY(g->arena, int32_t, g->nodes.n + 1);
    for (Slot i = 0; i < m.n_slots; i++) {
        m.slot[i] = -1;
    }
    for (int32_t i = 0; i < g->script->program->n_sites; i++) {
        m.site[i] = -1;
    }
    int32_t n_cells = g->cells ? g->cells->n_cells : 0;
    m.cell = ARENA_ARRAY(g->arena, int32_t, n_cells + 1);
    for (int32_t i = 0; i < n_cells; i++) {
        m.cell[i] = -1;
    }
    return m;
}

// ---- Checking it --------------------------------------------------------------------------------

// Every node as the exchange makes it. Operands come before the nodes that have them.
static int32_t *exchanged(Match *m, int32_t n_nodes)
{
    Graph *g = m->g;
    int32_t *to = ARENA_ARRAY(g->arena, int32_t, n_nodes + 1);
    for (int32_t i = 0; i < n_nodes; i++) {
        Node node = g->nodes.p[i];
        if (node.op == N_INPUT) {
            int kind = input_kind(&node);
            int32_t other = map_of(m, kind)[input_number(&node)];
            to[i] = other < 0 ? i : graph_input(g, kind, (uint64_t)other);
            continue;
        }
        int32_t *args = ARENA_ARRAY(g->arena, int32_t, node.n + 1);
        for (int32_t k = 0; k < node.n; k++) {
            args[k] = to[g->args.p[node.first + k]];
        }
        to[i] = node.n ? graph_with_operands(g, &node, args) : i;
    }
    return to;
}

static int32_t partner(const int32_t *map, Slot slot)
{
    return map[slot] < 0 ? (int32_t)slot : map[slot];
}

// Slots that matter at the end of a step.
static void outputs(const Script *s, uint8_t *set)
{
    for (Slot i = 0; i < s->n_slots; i++) {
        set[i] = s->live[i] || s->finish_live[i] || s->shown[i] || i == s->stop;
        set[i] = set[i] && !script_is_uniform(s, i);
    }
}

// Does the exchange of inputs turn every output into that of its counterpart under `end`?
static bool holds(Match *m, const int32_t *env, const int32_t *end, const uint8_t *set)
{
    int32_t *to = exchanged(m, m->g->nodes.n);
    for (Slot i = 0; i < m->n_slots; i++) {
        if (set[i] && to[env[i]] != env[partner(end, i)]) {
            return false;
        }
    }
    return !m->g->failed;
}

typedef struct {
    Arena *arena, *scratch;
    const Script *script;
    const Cells *cells;
    const Whole *whole;          // NULL: nothing is known to be
    const uint8_t *whole_at_end; // by slot: what `finish` may take for whole
    Graph g;                     // of the whole step
    const uint64_t *colour;      // by node of it
    int32_t *env;
    uint8_t *set;
    Exchanges *found; // by cut
    VEC(int32_t *) maps;
} Finder;

// No question may tell: what it reads at the end of a future stays as it is; so does what ends it,
// and what is shown over time.
static bool unseen(const Finder *f, const int32_t *end)
{
    const Script *s = f->script;
    Arena *arena = f->scratch;
    Graph g = {.script = s, .arena = arena, .whole = f->whole_at_end};
    int32_t *env = ARENA_ARRAY(arena, int32_t, s->n_slots);
    graph_begin(&g, env);
    graph_write_down(&g, s->finish, 0, NULL, env, NULL, NULL);
    Match m = new_match(&g, NULL); // nothing is looked for
    memcpy(m.slot, end, s->n_slots * sizeof *end);
    int32_t *to = exchanged(&m, g.nodes.n);
    for (Slot i = 0; i < s->n_slots; i++) {
        bool fixed = s->shown[i] || i == s->stop;
        if (fixed && partner(end, i) != (int32_t)i) {
            return false;
        }
    }
    for (int32_t i = 0; i < s->program->n_results; i++) {
        const Result *r = &s->program->results[i];
        const Reg regs[3] = {r->value, r->defined, r->censored};
        for (int k = 0; k < 3; k++) {
            Slot slot = script_slot(s, regs[k]);
            if (slot != SLOT_NONE && s->read_at_end[slot] && to[env[slot]] != env[slot]) {
                return false;
            }
        }
    }
    return !g.failed;
}

// ---- Looking for them ---------------------------------------------------------------------------

static bool known(const Exchanges *list, const Exchange *x)
{
    for (int32_t i = 0; i < list->n; i++) {
        if (list->p[i].n == x->n &&
            memcmp(list->p[i].slots, x->slots, (size_t)x->n * 2 * sizeof(Slot)) == 0) {
            return true;
        }
    }
    return false;
}

static Exchange exchange_of(Arena *arena, const int32_t *map, const uint8_t *live, Slot n_slots)
{
    VEC(Slot) slots = {0};
    for (Slot i = 0; i < n_slots; i++) {
        if (map[i] > (int32_t)i && (live[i] || live[map[i]])) {
            vec_push(arena, &slots, i);
            vec_push(arena, &slots, (Slot)map[i]);
        }
    }
    return (Exchange){slots.p, slots.n / 2};
}

// Can these two slots change places, with all that must follow? Slots that were paired must have
// expressions that match, and so on.
static void try_pair(Finder *f, Slot a, Slot b)
{
    Match m = new_match(&f->g, f->colour);
    pair_up(m.slot, (int32_t)a, (int32_t)b);
    vec_push(f->scratch, &m.found, a);
    for (int32_t i = 0; i < m.found.n; i++) {
        Slot x = m.found.p[i];
        if (f->set[x] && !match(&m, f->env[x], f->env[m.slot[x]], 0)) {
            return;
        }
    }
    Exchange x = exchange_of(f->arena, m.slot, f->script->live, f->script->n_slots);
    if (x.n == 0 || known(&f->found[0], &x) || !holds(&m, f->env, m.slot, f->set) ||
        !unseen(f, m.slot)) {
        return;
    }
    f->found[0].p[f->found[0].n++] = x;
    vec_push(f->scratch, &f->maps, m.slot);
}

static void find_whole(Finder *f)
{
    const Script *s = f->script;
    uint64_t *colours = ARENA_ARRAY(f->scratch, uint64_t, s->n_slots + 1);
    f->colour = colour(&f->g, f->env, colours);
    for (Slot a = 0; a < s->n_slots && !f->g.failed; a++) {
        for (Slot b = a + 1; f->set[a] && s->live[a] && b < s->n_slots; b++) {
            if (f->set[b] && s->live[b] && colours[a] == colours[b]) {
                try_pair(f, a, b);
                break; // neighbours are enough: they make every order
            }
        }
    }
}

// Which exchanges of the whole step still go at a cut within it.
static void find_at(Finder *f, int32_t cut)
{
    const Script *s = f->script;
    Graph g = {.script = s, .arena = f->scratch};
    g.whole = f->whole ? f->whole->at_cut[cut] : NULL;
    g.cells = f->cells;
    int32_t *env = ARENA_ARRAY(f->scratch, int32_t, s->n_slots);
    graph_begin(&g, env);
    graph_write_down(&g, s->main, s->cuts[cut].pc, &s->cuts[cut], env, NULL, NULL);
    uint64_t *colours = ARENA_ARRAY(f->scratch, uint64_t, s->n_slots + 1);
    const uint64_t *looks = colour(&g, env, colours);
    for (int32_t i = 0; i < f->maps.n && !g.failed; i++) {
        const int32_t *end = f->maps.p[i];
        Match m = new_match(&g, looks);
        bool fits = true;
        for (Slot x = 0; x < s->n_slots && fits; x++) {
            fits = !f->set[x] || end[x] < 0 || end[x] == (int32_t)x ||
                   match(&m, env[x], env[end[x]], 0);
        }
        if (!fits || !holds(&m, env, end, f->set)) {
            continue;
        }
        Exchange x = exchange_of(f->arena, m.slot, s->cuts[cut].live, s->n_slots);
        if (x.n > 0) {
            f->found[cut].p[f->found[cut].n++] = x;
        }
    }
}

static void take_wholes(Finder *f)
{
    f->whole = whole_find(f->arena, f->script);
    if (f->whole) { // nor may a sum of them leave what is exact after the last step
        Graph g = {.script = f->script, .arena = f->scratch, .whole = f->whole->at_start};
        int32_t *env = ARENA_ARRAY(f->scratch, int32_t, f->script->n_slots);
        graph_begin(&g, env);
        graph_write_down(&g, f->script->finish, 0, NULL, env, NULL, NULL);
        double *nodes = ARENA_ARRAY(f->scratch, double, g.nodes.n + 1);
        bool fits = !g.failed && whole_fits(&g, f->whole->most, nodes);
        f->whole_at_end = fits ? f->whole->at_start : NULL;
    }
}

Exchanges *symmetry_find(Arena *arena, const Script *script, const Whole **whole)
{
    Finder f = {.arena = arena, .scratch = arena_new(0), .script = script};
    f.found = ARENA_ARRAY(arena, Exchanges, script->n_cuts + 1);
    for (int32_t i = 0; i < script->n_cuts; i++) {
        f.found[i].p = ARENA_ARRAY(arena, Exchange, script->n_slots + 1);
    }
    if ((int64_t)script->main.n * script->n_cuts < MOST_WORK && script->n_cuts > 1) {
        take_wholes(&f);
        f.g = (Graph){.script = script, .arena = f.scratch};
        f.g.whole = f.whole ? f.whole->at_start : NULL;
        f.g.cells = f.cells = cells_find(f.scratch, script);
        f.env = ARENA_ARRAY(f.scratch, int32_t, script->n_slots);
        f.set = ARENA_ARRAY(f.scratch, uint8_t, script->n_slots);
        outputs(script, f.set);
        graph_begin(&f.g, f.env);
        graph_write_down(&f.g, script->main, 0, NULL, f.env, NULL, NULL);
        find_whole(&f);
        for (int32_t i = 1; i < script->n_cuts - 1 && f.maps.n > 0; i++) {
            find_at(&f, i);
        }
    }
    f.found[script->n_cuts - 1] = f.found[0];
    *whole = f.whole;
    arena_free(f.scratch);
    return f.found;
}
