// SPDX-License-Identifier: MIT
//
// What is live where, and what is known where: the two walks that decide which states are equal.
#include "exact/live.h"

#include <string.h>

#include "base/vec.h"
#include "math/bits.h"

// ---- Backwards: live ----------------------------------------------------------------------------

// A region being left behind: what was live at its end, and what was needed after it.
typedef struct {
    int32_t jump;
    uint8_t *live;
    int64_t n_needed;
} Saved;

typedef struct {
    XCode code;
    Slot n_slots;
    uint8_t *live;
    const uint8_t *drop;
    uint8_t *needed;
    int64_t n_needed; // instructions, marks left out
    VEC(Saved) saved;
    Arena *scratch;
} Walk;

static void read_all(Walk *w, const XIns *ins)
{
    for (int32_t i = 0; i < ins->n_reads; i++) {
        w->live[ins->reads[i]] = 1;
    }
}

static void read_some(Walk *w, const XIns *ins, uint8_t drop)
{
    ASSERT(ins->n_args == 0);
    const Slot operands[3] = {ins->a, ins->b, ins->c};
    for (int i = 0; i < 3; i++) {
        if (operands[i] != SLOT_NONE && !(drop >> i & 1)) {
            w->live[operands[i]] = 1;
        }
    }
}

static void walk_ins(Walk *w, int32_t pc, uint8_t drop)
{
    const XIns *ins = &w->code.p[pc];
    bool needed = ins->op == OP_FAIL || (ins->d != SLOT_NONE && w->live[ins->d]);
    if (w->needed) {
        w->needed[pc] = needed;
    }
    if (!needed) {
        return;
    }
    w->n_needed++;
    if (ins->d != SLOT_NONE) {
        w->live[ins->d] = 0;
    }
    if (drop & (DROP_A | DROP_B | DROP_C)) {
        read_some(w, ins, drop);
    } else {
        read_all(w, ins);
    }
}

static void mark(const Walk *w, int32_t pc, bool needed)
{
    if (w->needed) {
        w->needed[pc] = needed;
    }
}

// The region's start: what its end had joins what its body wants, unless one of them cannot be.
static void walk_jump(Walk *w, int32_t pc, uint8_t drop)
{
    Saved saved = w->saved.p[--w->saved.n];
    ASSERT(saved.jump == pc);
    bool body = w->n_needed > saved.n_needed; // it writes something that is wanted
    mark(w, pc, body);
    if (!body || (drop & DROP_BODY)) {
        memcpy(w->live, saved.live, w->n_slots);
    }
    if (!body) {
        int32_t last = w->code.p[pc].target - 1;
        if (last > pc && w->code.p[last].op == X_KEEP) {
            mark(w, last, false);
        }
        return;
    }
    // A body left out for ever: then what says so must stay as it is.
    if (!(drop & (DROP_JUMP | DROP_BODY))) {
        for (Slot s = 0; s < w->n_slots; s++) {
            w->live[s] |= saved.live[s];
        }
    }
    w->live[w->code.p[pc].a] = 1;
}

static void save(Walk *w, int32_t jump)
{
    uint8_t *copy = ARENA_ARRAY(w->scratch, uint8_t, w->n_slots);
    memcpy(copy, w->live, w->n_slots);
    vec_push(w->scratch, &w->saved, ((Saved){jump, copy, w->n_needed}));
}

void live_walk(Arena *scratch, XCode code, int32_t from, int32_t to, Slot n_slots, uint8_t *live,
               const uint8_t *drop, uint8_t *needed, LiveVisit *visit, void *ctx)
{
    ArenaMark start = arena_mark(scratch);
    Walk w = {.code = code, .n_slots = n_slots, .live = live, .drop = drop};
    w.needed = needed;
    w.scratch = scratch;
    // Regions by where they end; the outer ones first, so that the inner ones lie on top.
    int32_t *head = ARENA_ARRAY(scratch, int32_t, to - from + 1);
    int32_t *next = ARENA_ARRAY(scratch, int32_t, to - from + 1);
    for (int32_t pc = from; pc < to; pc++) {
        if (code.p[pc].op == X_JUMP) {
            int32_t *slot = &head[code.p[pc].target - from];
            while (*slot) {
                slot = &next[*slot - 1 - from];
            }
            *slot = pc + 1;
        }
    }
    for (int32_t pc = to; pc >= from; pc--) {
        for (int32_t j = head[pc - from]; j; j = next[j - 1 - from]) {
            save(&w, j - 1);
        }
        if (visit) {
            visit(ctx, pc, live);
        }
        if (pc == from) {
            break;
        }
        uint8_t dropped = drop ? drop[pc - 1] : 0;
        switch (code.p[pc - 1].op) {
        case X_JUMP: walk_jump(&w, pc - 1, dropped); break;
        case X_KEEP:
            mark(&w, pc - 1, true);
            live[code.p[pc - 1].a] = 1;
            break;
        default: walk_ins(&w, pc - 1, dropped);
        }
    }
    arena_reset(scratch, start);
}

void script_live(Arena *scratch, XCode code, int32_t from, int32_t to, Slot n_slots, uint8_t *live,
                 const uint8_t *drop, uint8_t *needed)
{
    live_walk(scratch, code, from, to, n_slots, live, drop, needed, NULL, NULL);
}

// ---- Forwards: known ----------------------------------------------------------------------------

typedef struct {
    const Script *script;
    uint8_t *known;
    uint64_t *value;
    uint8_t *drop;
    Arena *scratch;
} Knowing;

static bool is(const Knowing *k, Slot slot, bool yes)
{
    return slot != SLOT_NONE && k->known[slot] && (k->value[slot] != 0) == yes;
}

// Operands that cannot matter, and the result where one operand decides it.
static uint8_t decided(const Knowing *k, const XIns *ins, bool *known, uint64_t *value)
{
    bool a_no = is(k, ins->a, false), a_yes = is(k, ins->a, true);
    bool b_no = is(k, ins->b, false), b_yes = is(k, ins->b, true);
    switch (ins->op) {
    case OP_AND:
        *known = a_no || b_no;
        *value = 0;
        return a_no ? DROP_B : b_no ? DROP_A : 0;
    case OP_OR:
        *known = a_yes || b_yes;
        *value = UINT64_MAX;
        return a_yes ? DROP_B : b_yes ? DROP_A : 0;
    case OP_ANDNOT:
        *known = a_no || b_yes;
        *value = 0;
        return a_no ? DROP_B : b_yes ? DROP_A : 0;
    case OP_SUB: // the time since what was long ago, whatever the day (expire.h)
        *known = ins->a == k->script->n_cols + UNI_TODAY && k->known[ins->b] &&
                 k->value[ins->b] == bits_of(-MATH_INF);
        *value = bits_of(MATH_INF);
        return *known ? DROP_A : 0;
    case OP_SEL:
    case OP_SELM: {
        Slot chosen = a_yes ? ins->b : ins->c;
        *known = (a_yes || a_no) && k->known[chosen];
        *value = *known ? k->value[chosen] : 0;
        return a_yes ? DROP_C : a_no ? DROP_B : 0;
    }
    default: return 0;
    }
}

static bool all_known(const Knowing *k, const XIns *ins)
{
    for (int32_t i = 0; i < ins->n_reads; i++) {
        if (!k->known[ins->reads[i]]) {
            return false;
        }
    }
    return true;
}

static void know_ins(Knowing *k, int32_t pc)
{
    const XIns *ins = &k->script->main.p[pc];
    if (ins->d == SLOT_NONE) {
        return;
    }
    if (x_draws(ins)) {
        k->known[ins->d] = 0;
        if (ins->op == OP_BERN && k->known[ins->a]) { // certain, or impossible
            double p = double_of(k->value[ins->a]);
            k->known[ins->d] = !(p > 0) || p >= 1;
            k->value[ins->d] = p >= 1 ? UINT64_MAX : 0;
        }
        return;
    }
    bool known = false;
    uint64_t value = 0;
    uint8_t drop = decided(k, ins, &known, &value);
    if (!known && all_known(k, ins)) {
        known = true;
        value = script_eval(ins, k->value);
    }
    if (k->drop) {
        k->drop[pc] = drop;
    }
    k->known[ins->d] = known;
    k->value[ins->d] = value;
}

static void know(Knowing *k, int32_t from, int32_t to);

// A body that may or may not run: afterwards only what both ways agree on is known.
static void know_either(Knowing *k, int32_t from, int32_t to)
{
    Slot n = k->script->n_slots;
    uint8_t *known = ARENA_ARRAY(k->scratch, uint8_t, n);
    uint64_t *value = ARENA_ARRAY(k->scratch, uint64_t, n);
    memcpy(known, k->known, n);
    memcpy(value, k->value, n * sizeof *value);
    know(k, from, to);
    for (Slot s = 0; s < n; s++) {
        k->known[s] = k->known[s] && known[s] && k->value[s] == value[s];
    }
}

static void know(Knowing *k, int32_t from, int32_t to)
{
    for (int32_t pc = from; pc < to; pc++) {
        const XIns *ins = &k->script->main.p[pc];
        if (ins->op != X_JUMP) {
            know_ins(k, pc);
            continue;
        }
        if (is(k, ins->a, false)) {
            if (k->drop) {
                k->drop[pc] = DROP_BODY;
            }
        } else if (is(k, ins->a, true)) {
            if (k->drop) {
                k->drop[pc] = DROP_JUMP;
            }
            know(k, pc + 1, ins->target);
        } else {
            know_either(k, pc + 1, ins->target);
        }
        pc = ins->target - 1;
    }
}

void script_known(Arena *scratch, const Script *script, uint8_t *known, uint64_t *value,
                  uint8_t *drop)
{
    ArenaMark start = arena_mark(scratch);
    Knowing k = {script, known, value, drop, scratch};
    if (drop) {
        memset(drop, 0, (size_t)script->main.n);
    }
    know(&k, 0, script->main.n);
    arena_reset(scratch, start);
}
