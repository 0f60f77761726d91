// SPDX-License-Identifier: MIT
//
// Expressions of what is left of a step, each part once.
#include "exact/graph.h"

#include <string.h>

#include "exact/space.h"
#include "math/bits.h"
#include "math/elementary.h"

enum { MOST_NODES = 1 << 18 };

// ---- Nodes, each once ---------------------------------------------------------------------------

static uint64_t node_hash(const Graph *g, const Node *node)
{
    uint64_t h[3] = {(uint64_t)node->op, node->aux, (uint64_t)node->n};
    uint64_t hash = words_hash(h, 3);
    for (int32_t i = 0; i < node->n; i++) {
        uint64_t pair[2] = {hash, (uint64_t)g->args.p[node->first + i]};
        hash = words_hash(pair, 2);
    }
    return hash;
}

static bool node_same(const Graph *g, const Node *a, const Node *b)
{
    return a->op == b->op && a->aux == b->aux && a->n == b->n &&
           (a->n == 0 || memcmp(&g->args.p[a->first], &g->args.p[b->first],
                                (size_t)a->n * sizeof *g->args.p) == 0);
}

static int32_t *node_place(const Graph *g, const Node *node)
{
    uint64_t mask = (uint64_t)g->table_size - 1, at = node_hash(g, node) & mask;
    while (g->table[at] && !node_same(g, &g->nodes.p[g->table[at] - 1], node)) {
        at = (at + 1) & mask;
    }
    return &g->table[at];
}

static void grow(Graph *g)
{
    g->table_size = g->table_size ? g->table_size * 2 : 256;
    g->table = ARENA_ARRAY(g->arena, int32_t, g->table_size);
    for (int32_t i = 0; i < g->nodes.n; i++) {
        *node_place(g, &g->nodes.p[i]) = i + 1;
    }
}

int32_t graph_intern(Graph *g, int32_t op, uint64_t aux, const int32_t *args, int32_t n, bool whole)
{
    if (g->nodes.n * 2 >= g->table_size) {
        grow(g);
    }
    Node node = {op, n, g->args.n, aux, whole};
    for (int32_t i = 0; i < n; i++) {
        vec_push(g->arena, &g->args, args[i]);
    }
    int32_t *place = node_place(g, &node);
    if (*place) {
        g->args.n = node.first;
        return *place - 1;
    }
    g->failed = g->failed || g->nodes.n >= MOST_NODES;
    vec_push(g->arena, &g->nodes, node);
    *place = g->nodes.n;
    return g->nodes.n - 1;
}

bool graph_is_const(const Graph *g, int32_t node, double *value)
{
    *value = double_of(g->nodes.p[node].aux);
    return g->nodes.p[node].op == N_CONST;
}

// ---- Forms that do not depend on an order -------------------------------------------------------

bool graph_any_order(int32_t op)
{
    return op == OP_AND || op == OP_OR || op == N_SUM;
}

bool graph_either_order(int32_t op)
{
    return op == OP_ADD || op == OP_MUL || op == OP_MIN || op == OP_MAX || op == OP_EQ ||
           op == OP_NE;
}

static void sort(int32_t *p, int32_t n)
{
    for (int32_t gap = n / 2; gap > 0; gap /= 2) { // Shell (1959)
        for (int32_t i = gap; i < n; i++) {
            int32_t x = p[i], k = i;
            for (; k >= gap && x < p[k - gap]; k -= gap) {
                p[k] = p[k - gap];
            }
            p[k] = x;
        }
    }
}

// The operands of all nodes of this kind directly below, in order.
static int32_t flat(Graph *g, int32_t op, const int32_t *args, int32_t n, bool whole)
{
    VEC(int32_t) list = {0};
    for (int32_t i = 0; i < n; i++) {
        Node node = g->nodes.p[args[i]];
        if (node.op != op) {
            vec_push(g->arena, &list, args[i]);
        }
        for (int32_t k = 0; node.op == op && k < node.n; k++) {
            vec_push(g->arena, &list, g->args.p[node.first + k]);
        }
    }
    sort(list.p, list.n);
    if (op != N_SUM) { // twice the same is once
        int32_t kept = 0;
        for (int32_t i = 0; i < list.n; i++) {
            if (i == 0 || list.p[i] != list.p[i - 1]) {
                list.p[kept++] = list.p[i];
            }
        }
        list.n = kept;
    }
    return list.n == 1 ? list.p[0] : graph_intern(g, op, 0, list.p, list.n, whole);
}

static bool all_whole(const Graph *g, const int32_t *args, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        if (!g->nodes.p[args[i]].whole) {
            return false;
        }
    }
    return true;
}

static int32_t make_const(Graph *g, uint64_t bits)
{
    double x = double_of(bits);
    bool whole = m_is_finite(x) && m_floor(x) == x && m_abs(x) < 1e9;
    return graph_intern(g, N_CONST, bits, NULL, 0, whole);
}

// The draw that this is an outcome of; -1: it is none.
static int32_t site_of(const Graph *g, int32_t node)
{
    const Node *x = &g->nodes.p[node];
    return x->op == N_CELL ? g->args.p[x->first] : -1;
}

// The outcomes that a node consists of, if it consists of several of one draw; 0: it does not.
static int32_t cells_in(const Graph *g, int32_t node, const int32_t **cells)
{
    const Node *x = &g->nodes.p[node];
    int32_t n = x->op == OP_OR ? x->n : 0;
    *cells = n > 0 ? g->args.p + x->first : NULL;
    for (int32_t i = 0; i < n; i++) {
        int32_t site = site_of(g, (*cells)[i]);
        n = site >= 0 && site == site_of(g, (*cells)[0]) ? n : 0;
    }
    return n;
}

// a and not b, of outcomes of one draw: they exclude each other.
static bool cells_without(Graph *g, int32_t a, int32_t b, int32_t *left)
{
    const int32_t *of_a, *of_b;
    bool one = site_of(g, b) >= 0;
    int32_t n = cells_in(g, a, &of_a), m = one ? 1 : cells_in(g, b, &of_b), kept = 0;
    int32_t *list = ARENA_ARRAY(g->arena, int32_t, n + 1);
    of_b = one ? &b : of_b;
    for (int32_t i = 0; i < n && m > 0; i++) {
        bool in_b = false;
        for (int32_t k = 0; k < m; k++) {
            in_b = in_b || of_b[k] == of_a[i];
        }
        list[kept] = of_a[i];
        kept += !in_b;
    }
    if (n == 0 || m == 0 || kept != n - m) { // b is not a part of a (nor of another draw)
        return false;
    }
    *left = kept == 0 ? make_const(g, 0) : flat(g, OP_OR, list, kept, false);
    return true;
}

static int32_t make(Graph *g, int32_t op, uint64_t aux, const int32_t *args, int32_t n)
{
    bool whole = all_whole(g, args, n);
    if (op == OP_AND || op == OP_OR) {
        return flat(g, op, args, n, false);
    }
    int32_t left;
    if (op == OP_ANDNOT && cells_without(g, args[0], args[1], &left)) {
        return left;
    }
    if (op == N_SUM || (op == OP_ADD && whole)) {
        return flat(g, N_SUM, args, n, true);
    }
    if (op == OP_SEL || op == OP_SELM) {
        whole = all_whole(g, args + 1, 2);
        return args[1] == args[2] ? args[1] : graph_intern(g, OP_SEL, 0, args, 3, whole);
    }
    bool stays = op == OP_MUL || op == OP_SUB || op == OP_MIN || op == OP_MAX;
    whole = op == OP_NUM || (whole && stays);
    if (graph_either_order(op) && args[0] > args[1]) {
        int32_t swapped[2] = {args[1], args[0]};
        return graph_intern(g, op, aux, swapped, 2, whole);
    }
    return graph_intern(g, op, aux, args, n, whole);
}

// a + k1 x1 + ...: a sum in any order when all are whole numbers.
static int32_t make_lin(Graph *g, const int32_t *args, int32_t n)
{
    if (!all_whole(g, args, n)) {
        return graph_intern(g, OP_LIN, 0, args, n, false);
    }
    VEC(int32_t) parts = {0};
    vec_push(g->arena, &parts, args[0]);
    for (int32_t i = 1; i + 1 < n; i += 2) {
        double k;
        int32_t part = graph_is_const(g, args[i], &k) && k == 1 ? args[i + 1]
                                                                : make(g, OP_MUL, 0, &args[i], 2);
        vec_push(g->arena, &parts, part);
    }
    return make(g, N_SUM, 0, parts.p, parts.n);
}

// ---- What is left of a step ---------------------------------------------------------------------

typedef struct {
    int32_t target, mask;
    int32_t *skipped;
} Open;

typedef VEC(Open) Opens;

static void open_region(Graph *g, Opens *open, int32_t target, int32_t mask, const int32_t *env)
{
    Slot n = g->script->n_slots;
    int32_t *copy = ARENA_ARRAY(g->arena, int32_t, n);
    memcpy(copy, env, n * sizeof *copy);
    vec_push(g->arena, open, ((Open){target, mask, copy}));
}

static void close_regions(Graph *g, Opens *open, int32_t pc, int32_t *env)
{
    while (open->n && open->p[open->n - 1].target == pc) {
        Open one = open->p[--open->n];
        for (Slot i = 0; i < g->script->n_slots; i++) {
            if (env[i] != one.skipped[i]) {
                int32_t args[3] = {one.mask, env[i], one.skipped[i]};
                env[i] = make(g, OP_SEL, 0, args, 3);
            }
        }
    }
}

static uint64_t table_number(const Graph *g, const QTable *table)
{
    const Program *p = g->script->program;
    int32_t i = 0;
    while (i < p->n_tables && p->tables[i] != table) {
        i++;
    }
    return (uint64_t)i;
}

// One of the outcomes below the threshold.
static int32_t cells_up_to(Graph *g, uint32_t site, double chance)
{
    int32_t n = cells_below(g->cells, site, chance);
    int32_t *list = ARENA_ARRAY(g->arena, int32_t, n + 1);
    for (int32_t i = 0; i < n; i++) {
        uint32_t cell = (uint32_t)(g->cells->first[site] + i);
        int32_t args[2] = {graph_input(g, INPUT_SITE, site), graph_input(g, INPUT_CELL, cell)};
        list[i] = graph_intern(g, N_CELL, bits_of(g->cells->length[cell]), args, 2, false);
    }
    return make(g, OP_OR, 0, list, n);
}

static int32_t node_of(Graph *g, const XIns *ins, const int32_t *env)
{
    if (ins->op == OP_MOV || ins->op == OP_MOVM) {
        return env[ins->a];
    }
    int32_t *args = ARENA_ARRAY(g->arena, int32_t, ins->n_reads + 1);
    for (int32_t i = 0; i < ins->n_reads; i++) {
        args[i] = env[ins->reads[i]];
    }
    if (ins->op == OP_LIN) {
        return make_lin(g, args, ins->n_reads);
    }
    double chance;
    bool fixed = g->cells && x_draws(ins) && g->cells->first[ins->aux] >= 0;
    if (fixed && script_constant(g->script, ins->a, &chance)) {
        return cells_up_to(g, ins->aux, chance);
    }
    if (x_draws(ins)) {
        // What kind of draw stays with the node; where it is made is its own operand.
        uint64_t kind = ins->op == OP_DIST ? ins->c : 0;
        for (int32_t i = 0; i < ins->n_args; i++) { // an option that is always open reads nothing
            kind = kind * 2 + (ins->args[i] == SLOT_NONE);
        }
        uint64_t words[2] = {table_number(g, ins->table), kind};
        args[ins->n_reads] = graph_input(g, INPUT_SITE, ins->aux);
        return graph_intern(g, ins->op, words_hash(words, 2), args, ins->n_reads + 1, false);
    }
    uint64_t which =
        ins->op == X_SNAP ? (uint64_t)(uintptr_t)ins->grid : table_number(g, ins->table);
    return make(g, ins->op, which, args, ins->n_reads);
}

int32_t graph_input(Graph *g, int kind, uint64_t number)
{
    bool whole = kind == INPUT_SLOT && g->whole && g->whole[number];
    uint64_t aux = (uint64_t)kind << INPUT_KIND | number;
    return graph_intern(g, N_INPUT, aux, NULL, 0, whole);
}

int32_t graph_with_operands(Graph *g, const Node *node, const int32_t *args)
{
    bool draw = node->op >= OP_UNIFORM && node->op <= OP_DIST;
    if (draw || node->op == OP_LIN) {
        return graph_intern(g, node->op, node->aux, args, node->n, node->whole);
    }
    return make(g, node->op, node->aux, args, node->n);
}

void graph_begin(Graph *g, int32_t *env)
{
    const Script *s = g->script;
    for (Slot i = 0; i < s->n_slots; i++) {
        env[i] = graph_input(g, INPUT_SLOT, i);
    }
    for (int32_t i = 0; i < s->program->n_consts; i++) {
        const ConstUni *c = &s->program->consts[i];
        uint64_t bits = c->is_mask ? (c->value != 0.0 ? UINT64_MAX : 0) : bits_of(c->value);
        env[s->n_cols + c->uni] = make_const(g, bits);
    }
}

static void show(const Graph *g, const Opens *open, int32_t pc, const int32_t *env,
                 GraphVisit *visit, void *ctx)
{
    int32_t **skipped = ARENA_ARRAY(g->arena, int32_t *, open->n + 1);
    for (int32_t i = 0; i < open->n; i++) {
        skipped[i] = open->p[i].skipped;
    }
    visit(ctx, pc, env, skipped, open->n);
}

void graph_write_down(Graph *g, XCode code, int32_t from, const Cut *cut, int32_t *env,
                      GraphVisit *visit, void *ctx)
{
    Opens open = {0};
    for (int32_t i = 0; cut && i < cut->n_guards; i++) {
        open_region(g, &open, cut->guards[i].target, env[cut->guards[i].mask], env);
    }
    for (int32_t pc = from; pc <= code.n && !g->failed; pc++) {
        close_regions(g, &open, pc, env);
        if (visit) {
            show(g, &open, pc, env, visit, ctx);
        }
        if (pc == code.n) {
            break;
        }
        const XIns *ins = &code.p[pc];
        if (ins->op == X_JUMP) {
            open_region(g, &open, ins->target, env[ins->a], env);
        } else if (ins->op == OP_FAIL) {
            g->failed = true;
        } else if (ins->d != SLOT_NONE) {
            env[ins->d] = node_of(g, ins, env);
        }
    }
}
