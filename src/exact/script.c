// SPDX-License-Identifier: MIT
//
// A Program becomes a Script: flattened, stripped of what the questions do not need, searched for
// draws that can take any value, and cut into units.
#include "exact/script.h"

#include <string.h>

#include "exact/flatten.h"
#include "exact/live.h"
#include "exact/snap.h"
#include "exact/timed.h"
#include "math/dist.h"

typedef struct {
    Arena *arena, *scratch;
    const Program *program;
    const Wanted *wanted;
    Script *s;
    Slot *taint; // by slot: 1 + site whose value of any size it may hold
    NotFinite *why;
} Make;

Slot script_slot(const Script *script, Reg reg)
{
    if (reg == REG_NONE) {
        return SLOT_NONE;
    }
    return reg & REG_UNI ? script->n_cols + REG_INDEX(reg) : reg;
}

// ---- What is needed -----------------------------------------------------------------------------

static void want(const Script *s, uint8_t *live, Reg reg)
{
    if (reg != REG_NONE) {
        live[script_slot(s, reg)] = 1;
    }
}

// Leave out what is not needed; jumps follow.
static XCode strip(Arena *arena, XCode code, const uint8_t *needed, int32_t *at)
{
    int32_t *moved = ARENA_ARRAY(arena, int32_t, code.n + 1);
    XCode out = {.p = ARENA_ARRAY(arena, XIns, code.n + 1)};
    for (int32_t i = 0; i < code.n; i++) {
        moved[i] = out.n;
        if (needed[i]) {
            out.p[out.n++] = code.p[i];
        }
    }
    moved[code.n] = out.n;
    for (int32_t i = 0; i < out.n; i++) {
        if (out.p[i].op == X_JUMP) {
            out.p[i].target = moved[out.p[i].target];
        }
    }
    if (at) {
        *at = moved[*at];
    }
    return out;
}

static XCode strip_dead(const Make *m, XCode code, Slot n_slots, uint8_t *live)
{
    uint8_t *needed = ARENA_ARRAY(m->scratch, uint8_t, code.n + 1);
    script_live(m->scratch, code, 0, code.n, n_slots, live, NULL, needed);
    return strip(m->arena, code, needed, NULL);
}

static void strip_finish(const Make *m)
{
    Script *s = m->s;
    for (int32_t i = 0; i < m->wanted->n_results; i++) {
        const Result *r = &m->program->results[m->wanted->results[i]];
        want(s, s->finish_live, r->value);
        want(s, s->finish_live, r->defined);
        want(s, s->finish_live, r->censored);
    }
    memcpy(s->read_at_end, s->finish_live, s->n_slots);
    s->finish = strip_dead(m, s->finish, s->n_slots, s->finish_live);
    for (int32_t i = 0; i < m->wanted->n_series; i++) {
        want(s, s->shown, m->program->series[m->wanted->series[i]].value);
    }
}

static bool join(uint8_t *into, const uint8_t *from, Slot n)
{
    bool grown = false;
    for (Slot i = 0; i < n; i++) {
        grown = grown || (from[i] && !into[i]);
        into[i] |= from[i];
    }
    return grown;
}

// What a step needs of the step before: the least set that lasts.
static void strip_main(const Make *m)
{
    Script *s = m->s;
    uint8_t *live = ARENA_ARRAY(m->scratch, uint8_t, s->n_slots);
    uint8_t *needed = ARENA_ARRAY(m->scratch, uint8_t, s->main.n + 1);
    do {
        memcpy(live, s->live, s->n_slots);
        join(live, s->finish_live, s->n_slots);
        join(live, s->shown, s->n_slots);
        if (s->stop != SLOT_NONE) {
            live[s->stop] = 1;
        }
        script_live(m->scratch, s->main, 0, s->main.n, s->n_slots, live, NULL, needed);
    } while (join(s->live, live, s->n_slots));
    s->main = strip(m->arena, s->main, needed, &s->look_at);
    s->n_draws = 0;
    for (int32_t i = 0; i < s->main.n; i++) {
        s->n_draws += x_draws(&s->main.p[i]);
    }
}

static void strip_start(const Make *m)
{
    Script *s = m->s;
    uint8_t *live = ARENA_ARRAY(m->scratch, uint8_t, s->n_slots);
    memcpy(live, s->live, s->n_slots);
    join(live, s->finish_live, s->n_slots);
    join(live, s->shown, s->n_slots);
    if (s->stop != SLOT_NONE) {
        live[s->stop] = 1;
    }
    script_live(m->scratch, s->main, s->look_at, s->main.n, s->n_slots, live, NULL, NULL);
    s->start = strip_dead(m, s->start, s->n_slots, live);
    Expand *expand = ARENA_ARRAY(m->arena, Expand, m->program->n_expand + 1);
    uint8_t *world = ARENA_ARRAY(m->scratch, uint8_t, s->n_world_slots);
    for (int32_t i = 0; i < m->program->n_expand; i++) {
        const Expand *e = &m->program->expand[i];
        if (live[e->col]) {
            expand[s->n_expand++] = *e;
            world[e->world_col] = 1;
        }
    }
    s->expand = expand;
    s->world = strip_dead(m, s->world, s->n_world_slots, world);
}

// ---- Values of any size -------------------------------------------------------------------------

// May a value of any size pass through this operation? One that rises or falls with it throughout.
static bool passes(const XIns *ins)
{
    switch (ins->op) {
    case OP_MOV:
    case OP_ADD:
    case OP_SUB:
    case OP_MUL:
    case OP_DIV:
    case OP_NEG:
    case OP_MIN:
    case OP_MAX:
    case OP_CLAMP:
    case OP_SQRT:
    case OP_EXP:
    case OP_LOG:
    case OP_LOG1P:
    case OP_LOGISTIC:
    case OP_HAZARD:
    case OP_LIN:
    case OP_SCORE:
    case OP_SEL: return true;
    default: return false;
    }
}

// Operations that leave finitely many outcomes of it.
static bool resolves(const XIns *ins)
{
    switch (ins->op) {
    case OP_LT:
    case OP_LE:
    case OP_EQ:
    case OP_NE:
    case OP_DEFINED:
    case OP_FLOOR:
    case OP_ROUND:
    case X_SNAP: return true;
    default: return false;
    }
}

static bool any_value(const XIns *ins)
{
    return ins->op == OP_UNIFORM || ins->op == OP_QTABLE ||
           (ins->op == OP_DIST && !dist_is_discrete((DistKind)ins->c) && ins->c != DIST_POINT);
}

static bool refuse(const Make *m, Slot taint, bool in_world)
{
    *m->why = (NotFinite){m->program->sites[taint - 1].name, in_world};
    return false;
}

typedef struct {
    int32_t pc;
    const Slot *slots;
    int32_t n;
} Tainted;

typedef VEC(Tainted) TaintList;

static void note_tainted(const Make *m, Slot n_slots, int32_t pc, TaintList *list)
{
    VEC(Slot) slots = {0};
    for (Slot i = 0; i < n_slots; i++) {
        if (m->taint[i]) {
            vec_push(m->scratch, &slots, i);
        }
    }
    if (slots.n) {
        vec_push(m->scratch, list, ((Tainted){pc, slots.p, slots.n}));
    }
}

// The site whose value a result of this instruction would hold; 0: none. False: it cannot be taken.
static bool taint_of(const Make *m, const XIns *ins, bool in_world, Slot *taint)
{
    Slot found = 0;
    int32_t n = 0;
    for (int32_t i = 0; i < ins->n_reads; i++) {
        Slot t = m->taint[ins->reads[i]];
        found = t ? t : found;
        n += t != 0;
    }
    bool choice = ins->op == OP_SEL && !m->taint[ins->a];
    if (n > 0 && !resolves(ins) && (!passes(ins) || (n > 1 && !choice))) {
        return refuse(m, found, in_world);
    }
    if (n > 1 && !choice) {
        return refuse(m, found, in_world); // two of them held against each other
    }
    *taint = any_value(ins) ? ins->aux + 1 : resolves(ins) ? 0 : found;
    return true;
}

// Forwards; where a region ends, both ways join.
static bool spread_taint(const Make *m, XCode code, Slot n_slots, bool in_world, TaintList *list)
{
    typedef struct {
        int32_t target;
        Slot *taint;
    } Open;
    VEC(Open) open = {0};
    bool any = false;
    for (int32_t pc = 0; pc <= code.n; pc++) {
        while (open.n && open.p[open.n - 1].target == pc) {
            const Slot *other = open.p[--open.n].taint;
            for (Slot i = 0; any && i < n_slots; i++) {
                m->taint[i] = m->taint[i] ? m->taint[i] : other[i];
            }
        }
        if (any && list) {
            note_tainted(m, n_slots, pc, list);
        }
        if (pc == code.n) {
            break;
        }
        const XIns *ins = &code.p[pc];
        if (ins->op == X_JUMP) {
            Slot *copy = ARENA_ARRAY(m->scratch, Slot, n_slots);
            memcpy(copy, m->taint, n_slots * sizeof *copy);
            vec_push(m->scratch, &open, ((Open){ins->target, copy}));
        } else if (ins->d != SLOT_NONE) {
            Slot taint;
            if (!taint_of(m, ins, in_world, &taint)) {
                return false;
            }
            m->taint[ins->d] = taint;
            any = any || taint != 0;
        }
    }
    return true;
}

static bool check_world(Make *m)
{
    Script *s = m->s;
    m->taint = ARENA_ARRAY(m->scratch, Slot, s->n_world_slots);
    if (!spread_taint(m, s->world, s->n_world_slots, true, NULL)) {
        return false;
    }
    for (int32_t i = 0; i < s->n_expand; i++) {
        if (m->taint[s->expand[i].world_col]) {
            return refuse(m, m->taint[s->expand[i].world_col], true);
        }
    }
    return true;
}

static bool check_main(Make *m, TaintList *list)
{
    Script *s = m->s;
    m->taint = ARENA_ARRAY(m->scratch, Slot, s->n_slots);
    if (!spread_taint(m, s->main, s->n_slots, false, list)) {
        return false;
    }
    for (Slot i = 0; i < s->n_slots; i++) {
        if (m->taint[i] && (s->live[i] || s->finish_live[i] || s->shown[i] || i == s->stop)) {
            return refuse(m, m->taint[i], false);
        }
    }
    return true;
}

// ---- Cuts ---------------------------------------------------------------------------------------

typedef struct {
    const Make *make;
    int32_t *width; // by boundary: live slots; -1: no cut here
    const TaintList *tainted;
    int32_t at; // into tainted, from the last
} Widths;

static void find_width(void *ctx, int32_t pc, const uint8_t *live)
{
    Widths *w = ctx;
    int32_t n = 0;
    for (Slot i = 0; i < w->make->s->n_slots; i++) {
        n += live[i];
    }
    while (w->at >= 0 && w->tainted->p[w->at].pc > pc) {
        w->at--;
    }
    if (w->at >= 0 && w->tainted->p[w->at].pc == pc) {
        const Tainted *t = &w->tainted->p[w->at];
        for (int32_t i = 0; i < t->n; i++) {
            n = live[t->slots[i]] ? -1 : n;
        }
    }
    w->width[pc] = w->width[pc] < 0 || n < 0 ? -1 : n;
}

// Between the first and the last draw of one site what is known of its uniform must be remembered;
// in a region without a kept mask no unit can begin.
static void forbid(const Make *m, int32_t *width)
{
    XCode code = m->s->main;
    int32_t *first = ARENA_ARRAY(m->scratch, int32_t, m->program->n_sites + 1);
    for (int32_t pc = 0; pc < code.n; pc++) {
        const XIns *ins = &code.p[pc];
        if (ins->op == X_JUMP && code.p[ins->target - 1].op != X_KEEP) {
            for (int32_t i = pc + 1; i < ins->target; i++) {
                width[i] = -1;
            }
        }
        if (!x_draws(ins) || !ins->shared) {
            continue;
        }
        for (int32_t i = first[ins->aux]; first[ins->aux] && i <= pc; i++) {
            width[i] = -1;
        }
        first[ins->aux] = pc + 1;
    }
}

static void live_at_end(const Script *s, uint8_t *live)
{
    memcpy(live, s->live, s->n_slots);
    join(live, s->finish_live, s->n_slots);
    join(live, s->shown, s->n_slots);
    if (s->stop != SLOT_NONE) {
        live[s->stop] = 1;
    }
}

// The boundary where fewest slots are live, the latest of them; -1: there is none.
static int32_t narrowest(const int32_t *width, int32_t from, int32_t to)
{
    int32_t best = -1;
    for (int32_t pc = from; pc <= to; pc++) {
        if (width[pc] >= 0 && (best < 0 || width[pc] <= width[best])) {
            best = pc;
        }
    }
    return best;
}

typedef VEC(int32_t) Places;

// Before the first draw (or the region it stands in), between any two, after the last.
static void choose_cuts(const Make *m, const int32_t *width, Places *places)
{
    XCode code = m->s->main;
    int32_t last = -1;
    vec_push(m->scratch, places, 0);
    for (int32_t pc = 0; pc < code.n; pc++) {
        if (!x_draws(&code.p[pc])) {
            continue;
        }
        int32_t cut = -1;
        if (last >= 0) {
            cut = narrowest(width, last + 1, pc);
        } else {
            for (int32_t i = pc; i > 0 && cut < 0; i--) {
                cut = width[i] >= 0 ? i : -1;
            }
        }
        if (cut > places->p[places->n - 1]) {
            vec_push(m->scratch, places, cut);
        }
        last = pc;
    }
    if (last >= 0) {
        int32_t cut = narrowest(width, last + 1, code.n - 1);
        if (cut > places->p[places->n - 1]) {
            vec_push(m->scratch, places, cut);
        }
    }
    if (places->n == 1 || code.n > places->p[places->n - 1]) {
        vec_push(m->scratch, places, code.n);
    }
}

typedef struct {
    const Make *make;
    uint8_t **wanted; // by boundary: where to copy what is live there, or NULL
} Snapshots;

static void snapshot(void *ctx, int32_t pc, const uint8_t *live)
{
    const Snapshots *s = ctx;
    if (s->wanted[pc]) {
        memcpy(s->wanted[pc], live, s->make->s->n_slots);
    }
}

static void set_guards(const Make *m, Cut *cut, uint8_t **wanted)
{
    XCode code = m->s->main;
    VEC(Guard) guards = {0};
    for (int32_t pc = 0; pc < cut->pc; pc++) {
        const XIns *ins = &code.p[pc];
        if (ins->op == X_JUMP && ins->target > cut->pc) {
            vec_push(m->arena, &guards, ((Guard){ins->a, ins->target}));
        } else if (ins->op == X_JUMP && ins->target <= cut->pc) {
            pc = ins->target - 1;
        }
    }
    cut->guards = guards.p;
    cut->n_guards = guards.n;
    cut->live_where = ARENA_ARRAY(m->arena, uint8_t *, guards.n + 1);
    cut->live_where[guards.n] = wanted[cut->pc];
    for (int32_t i = 0; i < guards.n; i++) {
        uint8_t **at = &wanted[guards.p[i].target];
        *at = *at ? *at : ARENA_ARRAY(m->arena, uint8_t, m->s->n_slots);
        cut->live_where[i] = *at;
    }
}

static void make_cuts(const Make *m, const TaintList *tainted)
{
    Script *s = m->s;
    int32_t *width = ARENA_ARRAY(m->scratch, int32_t, s->main.n + 1);
    uint8_t *live = ARENA_ARRAY(m->scratch, uint8_t, s->n_slots);
    forbid(m, width);
    live_at_end(s, live);
    Widths widths = {m, width, tainted, tainted->n - 1};
    live_walk(m->scratch, s->main, 0, s->main.n, s->n_slots, live, NULL, NULL, find_width, &widths);
    Places places = {0};
    choose_cuts(m, width, &places);
    s->cuts = ARENA_ARRAY(m->arena, Cut, places.n + 1);
    s->n_cuts = places.n;
    Snapshots snapshots = {m, ARENA_ARRAY(m->scratch, uint8_t *, s->main.n + 1)};
    for (int32_t i = 0; i < places.n; i++) {
        uint8_t **at = &snapshots.wanted[places.p[i]];
        *at = *at ? *at : ARENA_ARRAY(m->arena, uint8_t, s->n_slots);
        s->cuts[i].pc = places.p[i];
        set_guards(m, &s->cuts[i], snapshots.wanted);
    }
    live_at_end(s, live);
    live_walk(m->scratch, s->main, 0, s->main.n, s->n_slots, live, NULL, NULL, snapshot,
              &snapshots);
    for (int32_t i = 0; i < places.n; i++) {
        Cut *cut = &s->cuts[i];
        cut->live = ARENA_ARRAY(m->arena, uint8_t, s->n_slots);
        for (int32_t g = 0; g <= cut->n_guards; g++) {
            join(cut->live, cut->live_where[g], s->n_slots);
        }
        for (int32_t g = 0; g < cut->n_guards; g++) {
            cut->live[cut->guards[g].mask] = 1;
        }
    }
}

// ---- All of it ----------------------------------------------------------------------------------

static void flatten_all(Make *m)
{
    const Program *p = m->program;
    Script *s = m->s;
    Flatten lane = flatten_begin(m->arena, p, p->n_cols, m->wanted->checks);
    flatten_count(&lane, p->step);
    flatten_count(&lane, p->look);
    XVec uniform = {0}, start = {0}, main = {0}, finish = {0}, world = {0};
    flatten_code(&lane, p->uniform, &uniform);
    flatten_code(&lane, p->start, &start);
    flatten_code(&lane, p->step, &main);
    s->look_at = main.n;
    flatten_code(&lane, p->look, &main);
    flatten_code(&lane, p->finish, &finish);
    Flatten once = flatten_begin(m->arena, p, p->n_world_cols, false);
    flatten_count(&once, p->world);
    flatten_code(&once, p->world, &world);
    s->n_cols = p->n_cols;
    s->n_slots = lane.n_slots;
    s->n_world_slots = once.n_slots;
    s->uniform = (XCode){uniform.p, uniform.n};
    s->start = (XCode){start.p, start.n};
    s->main = (XCode){main.p, main.n};
    s->finish = (XCode){finish.p, finish.n};
    s->world = (XCode){world.p, world.n};
}

static void strip_steps(Make *m)
{
    Script *s = m->s;
    s->live = ARENA_ARRAY(m->arena, uint8_t, s->n_slots);
    s->finish_live = ARENA_ARRAY(m->arena, uint8_t, s->n_slots);
    s->shown = ARENA_ARRAY(m->arena, uint8_t, s->n_slots);
    s->read_at_end = ARENA_ARRAY(m->arena, uint8_t, s->n_slots);
    strip_finish(m);
    strip_main(m);
}

static bool make(Make *m)
{
    Script *s = m->s;
    flatten_all(m);
    s->stop = script_slot(s, m->program->stop);
    strip_steps(m);
    if (timed_find(m->arena, s)) { // which leaves code that nobody needs
        strip_steps(m);
    }
    strip_start(m);
    TaintList tainted = {0};
    bool world_is_finite = m->wanted->worlds_given || check_world(m);
    if (!world_is_finite) {
        return false;
    }
    if (!check_main(m, &tainted)) {
        tainted.n = 0;
        if (!snap_find(m->arena, s) || !check_main(m, &tainted)) {
            return false;
        }
    }
    make_cuts(m, &tainted);
    return true;
}

bool script_make(Arena *arena, const Program *program, const Wanted *wanted, Script **script,
                 NotFinite *why)
{
    Make m = {.arena = arena, .scratch = arena_new(0), .program = program, .wanted = wanted};
    m.why = why;
    m.s = ARENA_NEW(arena, Script);
    m.s->program = program;
    bool finite = make(&m);
    arena_free(m.scratch);
    *script = m.s;
    return finite;
}
