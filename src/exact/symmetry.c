// SPDX-License-Identifier: MIT
//
// Members that are alike: expressions of what is left of a step, and exchanges that leave them as
// they are.
#include "exact/symmetry.h"

#include <string.h>

#include "base/vec.h"
#include "exact/space.h"
#include "math/bits.h"
#include "math/elementary.h"

enum { MOST_WORK = 1 << 22, MOST_NODES = 1 << 18, MOST_DEPTH = 500, COLOUR_ROUNDS = 6 };

// Leaves, and sums of whole numbers, which may be added in any order.
enum { N_INPUT = 1000, N_CONST, N_UNIFORM, N_SUM };

typedef struct {
    int32_t op, n, first; // operands: args[first ...]
    uint64_t aux;         // slot, bits, site or table
    bool whole;           // a whole number
} Node;

typedef struct {
    const Script *script;
    Arena *arena;
    VEC(Node) nodes;
    VEC(int32_t) args;
    int32_t *table;
    int32_t table_size;
    bool failed; // too large, or something that cannot be written down
} Graph;

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

static int32_t intern(Graph *g, int32_t op, uint64_t aux, const int32_t *args, int32_t n,
                      bool whole)
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

static bool is_const(const Graph *g, int32_t node, double *value)
{
    *value = double_of(g->nodes.p[node].aux);
    return g->nodes.p[node].op == N_CONST;
}

// ---- Forms that do not depend on an order -------------------------------------------------------

static bool any_order(int32_t op)
{
    return op == OP_AND || op == OP_OR || op == N_SUM;
}

static bool either_order(int32_t op)
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
    return list.n == 1 ? list.p[0] : intern(g, op, 0, list.p, list.n, whole);
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

static int32_t make(Graph *g, int32_t op, uint64_t aux, const int32_t *args, int32_t n)
{
    bool whole = all_whole(g, args, n);
    if (op == OP_AND || op == OP_OR) {
        return flat(g, op, args, n, false);
    }
    if (op == N_SUM || (op == OP_ADD && whole)) {
        return flat(g, N_SUM, args, n, true);
    }
    if (op == OP_SEL || op == OP_SELM) {
        whole = all_whole(g, args + 1, 2);
        return args[1] == args[2] ? args[1] : intern(g, OP_SEL, 0, args, 3, whole);
    }
    bool stays = op == OP_MUL || op == OP_SUB || op == OP_MIN || op == OP_MAX;
    whole = op == OP_NUM || (whole && stays);
    if (either_order(op) && args[0] > args[1]) {
        int32_t swapped[2] = {args[1], args[0]};
        return intern(g, op, aux, swapped, 2, whole);
    }
    return intern(g, op, aux, args, n, whole);
}

static int32_t make_const(Graph *g, uint64_t bits)
{
    double x = double_of(bits);
    bool whole = m_is_finite(x) && m_floor(x) == x && m_abs(x) < 1e9;
    return intern(g, N_CONST, bits, NULL, 0, whole);
}

// a + k1 x1 + ...: a sum in any order when all are whole numbers.
static int32_t make_lin(Graph *g, const int32_t *args, int32_t n)
{
    if (!all_whole(g, args, n)) {
        return intern(g, OP_LIN, 0, args, n, false);
    }
    VEC(int32_t) parts = {0};
    vec_push(g->arena, &parts, args[0]);
    for (int32_t i = 1; i + 1 < n; i += 2) {
        double k;
        int32_t part =
            is_const(g, args[i], &k) && k == 1 ? args[i + 1] : make(g, OP_MUL, 0, &args[i], 2);
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
    if (x_draws(ins)) {
        // What kind of draw stays with the node; where it is made is its own operand.
        uint64_t kind = ins->op == OP_DIST ? ins->c : 0;
        for (int32_t i = 0; i < ins->n_args; i++) { // an option that is always open reads nothing
            kind = kind * 2 + (ins->args[i] == SLOT_NONE);
        }
        uint64_t words[2] = {table_number(g, ins->table), kind};
        args[ins->n_reads] = intern(g, N_INPUT, UINT64_C(1) << 40 | ins->aux, NULL, 0, false);
        return intern(g, ins->op, words_hash(words, 2), args, ins->n_reads + 1, false);
    }
    uint64_t which =
        ins->op == X_SNAP ? (uint64_t)(uintptr_t)ins->grid : table_number(g, ins->table);
    return make(g, ins->op, which, args, ins->n_reads);
}

static int32_t input(Graph *g, Slot slot)
{
    return intern(g, N_INPUT, slot, NULL, 0, false);
}

static void start_env(Graph *g, int32_t *env)
{
    const Script *s = g->script;
    for (Slot i = 0; i < s->n_slots; i++) {
        env[i] = input(g, i);
    }
    for (int32_t i = 0; i < s->program->n_consts; i++) {
        const ConstUni *c = &s->program->consts[i];
        uint64_t bits = c->is_mask ? (c->value != 0.0 ? UINT64_MAX : 0) : bits_of(c->value);
        env[s->n_cols + c->uni] = make_const(g, bits);
    }
}

static void write_down(Graph *g, XCode code, const Cut *cut, int32_t *env)
{
    Opens open = {0};
    start_env(g, env);
    for (int32_t i = 0; cut && i < cut->n_guards; i++) {
        open_region(g, &open, cut->guards[i].target, env[cut->guards[i].mask], env);
    }
    for (int32_t pc = cut ? cut->pc : 0; pc <= code.n && !g->failed; pc++) {
        close_regions(g, &open, pc, env);
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

// ---- An exchange that two expressions suggest ---------------------------------------------------

typedef struct {
    Graph *g;
    Slot n_slots;
    int32_t *slot; // by slot: what it changes places with, -1: not known
    int32_t *site;
    int32_t *seen; // by node: counterpart it was held against last, plus 1
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

static bool pair_inputs(Match *m, const Node *x, const Node *y)
{
    bool site = x->aux >> 40;
    if (site != (bool)(y->aux >> 40)) {
        return false;
    }
    if (site) {
        return pair_up(m->site, (int32_t)(x->aux & 0xffffffffu), (int32_t)(y->aux & 0xffffffffu));
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
    // Where operands have no order it is not known which belongs to which: the check will tell.
    bool skip = any_order(x.op) && !(x.n == 1);
    if (either_order(x.op)) {
        double k;
        int32_t x0 = m->g->args.p[x.first], y0 = m->g->args.p[y.first];
        int32_t x1 = m->g->args.p[x.first + 1], y1 = m->g->args.p[y.first + 1];
        bool xc = is_const(m->g, x0, &k), yc = is_const(m->g, y0, &k);
        bool xd = is_const(m->g, x1, &k), yd = is_const(m->g, y1, &k);
        if ((xc || xd) && (yc || yd)) {
            return match(m, xc ? x1 : x0, yc ? y1 : y0, depth + 1);
        }
        skip = true;
    }
    for (int32_t i = 0; i < x.n && !skip; i++) {
        if (!match(m, m->g->args.p[x.first + i], m->g->args.p[y.first + i], depth + 1)) {
            return false;
        }
    }
    return true;
}

static Match new_match(Graph *g)
{
    Match m = {.g = g, .n_slots = g->script->n_slots, .n_seen = g->nodes.n};
    m.slot = ARENA_ARRAY(g->arena, int32_t, m.n_slots);
    m.site = ARENA_ARRAY(g->arena, int32_t, g->script->program->n_sites + 1);
    m.seen = ARENA_ARRAY(g->arena, int32_t, g->nodes.n + 1);
    for (Slot i = 0; i < m.n_slots; i++) {
        m.slot[i] = -1;
    }
    for (int32_t i = 0; i < g->script->program->n_sites; i++) {
        m.site[i] = -1;
    }
    return m;
}

// ---- Checking it --------------------------------------------------------------------------------

static int32_t with_operands(Graph *g, const Node *node, const int32_t *args)
{
    bool draw = node->op >= OP_UNIFORM && node->op <= OP_DIST;
    if (draw || node->op == OP_LIN) {
        return intern(g, node->op, node->aux, args, node->n, node->whole);
    }
    return make(g, node->op, node->aux, args, node->n);
}

// Every node as the exchange makes it. Operands come before the nodes that have them.
static int32_t *exchanged(Match *m, int32_t n_nodes)
{
    Graph *g = m->g;
    int32_t *to = ARENA_ARRAY(g->arena, int32_t, n_nodes + 1);
    for (int32_t i = 0; i < n_nodes; i++) {
        Node node = g->nodes.p[i];
        if (node.op == N_INPUT) {
            bool site = node.aux >> 40;
            int32_t index = (int32_t)(node.aux & 0xffffffffu);
            int32_t other = site ? m->site[index] : m->slot[index];
            uint64_t aux = other < 0 ? node.aux : (site ? UINT64_C(1) << 40 : 0) | (uint64_t)other;
            to[i] = intern(g, N_INPUT, aux, NULL, 0, false);
            continue;
        }
        int32_t *args = ARENA_ARRAY(g->arena, int32_t, node.n + 1);
        for (int32_t k = 0; k < node.n; k++) {
            args[k] = to[g->args.p[node.first + k]];
        }
        to[i] = node.n ? with_operands(g, &node, args) : i;
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

// No question may tell: what it reads at the end of a future stays as it is; so does what ends it, and
// what is shown over time.
static bool unseen(const Script *s, Arena *arena, const int32_t *end)
{
    Graph g = {.script = s, .arena = arena};
    int32_t *env = ARENA_ARRAY(arena, int32_t, s->n_slots);
    write_down(&g, s->finish, NULL, env);
    Match m = new_match(&g);
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

// Slots whose expressions look alike, whatever their inputs are called: worth trying.
static void colour(const Graph *g, const int32_t *env, uint64_t *colours)
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
            uint64_t own = is_input ? (x->aux >> 40 ? 2 : colours[x->aux]) : x->aux;
            uint64_t head[3] = {(uint64_t)x->op, own, (uint64_t)x->n};
            uint64_t h = words_hash(head, 3), sum = 0;
            bool loose = any_order(x->op) || either_order(x->op);
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
}

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

typedef struct {
    Arena *arena, *scratch;
    const Script *script;
    Graph g; // of the whole step
    int32_t *env;
    uint8_t *set;
    Exchanges *found; // by cut
    VEC(int32_t *) maps;
} Finder;

// Can these two slots change places, with all that must follow? Slots that were paired must have
// expressions that match, and so on.
static void try_pair(Finder *f, Slot a, Slot b)
{
    Match m = new_match(&f->g);
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
        !unseen(f->script, f->scratch, m.slot)) {
        return;
    }
    f->found[0].p[f->found[0].n++] = x;
    vec_push(f->scratch, &f->maps, m.slot);
}

static void find_whole(Finder *f)
{
    const Script *s = f->script;
    uint64_t *colours = ARENA_ARRAY(f->scratch, uint64_t, s->n_slots + 1);
    colour(&f->g, f->env, colours);
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
    int32_t *env = ARENA_ARRAY(f->scratch, int32_t, s->n_slots);
    write_down(&g, s->main, &s->cuts[cut], env);
    for (int32_t i = 0; i < f->maps.n && !g.failed; i++) {
        const int32_t *end = f->maps.p[i];
        Match m = new_match(&g);
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

Exchanges *symmetry_find(Arena *arena, const Script *script)
{
    Finder f = {.arena = arena, .scratch = arena_new(0), .script = script};
    f.found = ARENA_ARRAY(arena, Exchanges, script->n_cuts + 1);
    for (int32_t i = 0; i < script->n_cuts; i++) {
        f.found[i].p = ARENA_ARRAY(arena, Exchange, script->n_slots + 1);
    }
    if ((int64_t)script->main.n * script->n_cuts < MOST_WORK && script->n_cuts > 1) {
        f.g = (Graph){.script = script, .arena = f.scratch};
        f.env = ARENA_ARRAY(f.scratch, int32_t, script->n_slots);
        f.set = ARENA_ARRAY(f.scratch, uint8_t, script->n_slots);
        outputs(script, f.set);
        write_down(&f.g, script->main, NULL, f.env);
        find_whole(&f);
        for (int32_t i = 1; i < script->n_cuts - 1 && f.maps.n > 0; i++) {
            find_at(&f, i);
        }
    }
    f.found[script->n_cuts - 1] = f.found[0];
    arena_free(f.scratch);
    return f.found;
}
