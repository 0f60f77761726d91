// SPDX-License-Identifier: MIT
//
// Where dates may be rounded up to the next step without any difference.
#include "exact/snap.h"

#include <string.h>

#include "base/vec.h"
#include "exact/calendar.h"
#include "math/bits.h"
#include "math/dist.h"
#include "math/elementary.h"

enum { MOST_ROUNDS = 64 }; // of steps, until nothing more holds the value

// What holds the value of one instruction, on its way through the steps.
typedef struct {
    Arena *scratch;
    const Script *script;
    int32_t at;     // the instruction
    uint8_t *holds; // by slot, at the place at hand
    uint8_t *asked; // by slot: of the calendar, what it is held against
    uint8_t *all;   // by slot: that lives from step to step and may hold it
    bool kept, fine;
} Flow;

typedef struct {
    int32_t target;
    uint8_t *holds; // NULL: nothing does
} Open;

// ---- Where it goes ------------------------------------------------------------------------------

static bool against(Flow *f, Slot slot)
{
    f->asked[slot] = 1;
    return script_is_uniform(f->script, slot);
}

// Whether the result holds the value; f->fine: nothing else is done with it.
static bool passes_on(Flow *f, const XIns *ins)
{
    bool any = false;
    for (int32_t i = 0; i < ins->n_reads; i++) {
        any = any || f->holds[ins->reads[i]];
    }
    if (!any) {
        return false;
    }
    switch (ins->op) {
    case OP_MOV: return true;
    case OP_SEL: f->fine = f->fine && !f->holds[ins->a]; return true;
    case OP_DEFINED: return false;
    case OP_LE: f->fine = f->fine && !f->holds[ins->b] && against(f, ins->b); return false;
    case OP_LT: f->fine = f->fine && !f->holds[ins->a] && against(f, ins->a); return false;
    default: f->fine = false; return false;
    }
}

static int32_t count(const Flow *f)
{
    int32_t n = 0;
    for (Slot i = 0; i < f->script->n_slots; i++) {
        n += f->holds[i];
    }
    return n;
}

// Where the body of a region ends: what held it before it may hold it still. Returns how many there
// are.
static int32_t join(Flow *f, const uint8_t *other, int32_t n_held)
{
    if (!other) {
        return n_held;
    }
    for (Slot i = 0; i < f->script->n_slots; i++) {
        f->holds[i] |= other[i];
    }
    return count(f);
}

// From an instruction before which nothing holds it, nor where regions around that are left out; or
// all.
static void flow_step(Flow *f, int32_t from)
{
    XCode code = f->script->main;
    VEC(Open) open = {0};
    int32_t n_held = count(f);
    for (int32_t pc = from; pc <= code.n && f->fine; pc++) {
        while (open.n && open.p[open.n - 1].target == pc) {
            n_held = join(f, open.p[--open.n].holds, n_held);
        }
        if (pc == code.n || (n_held == 0 && open.n == 0 && pc > f->at)) {
            break;
        }
        const XIns *ins = &code.p[pc];
        bool passes = n_held > 0 && passes_on(f, ins);
        if (ins->op == X_JUMP) {
            Open one = {ins->target, NULL};
            if (n_held > 0) {
                one.holds = ARENA_ARRAY(f->scratch, uint8_t, f->script->n_slots);
                memcpy(one.holds, f->holds, f->script->n_slots);
            }
            vec_push(f->scratch, &open, one);
        } else if (ins->d != SLOT_NONE) {
            uint8_t holds = passes || pc == f->at;
            n_held += holds - f->holds[ins->d];
            f->holds[ins->d] = holds;
        }
    }
}

// Through as many steps as it takes until no other slot comes to hold it.
static bool flows_well(Flow *f)
{
    const Script *s = f->script;
    uint8_t *all = f->all;
    bool grown = true;
    f->fine = true;
    for (int round = 0; grown && f->fine; round++) {
        memcpy(f->holds, all, s->n_slots);
        flow_step(f, round == 0 ? f->at : 0);
        grown = false;
        for (Slot i = 0; i < s->n_slots; i++) {
            bool lives = s->live[i] || s->finish_live[i] || s->shown[i] || i == s->stop;
            bool seen = s->finish_live[i] || s->shown[i] || i == s->stop;
            f->fine = f->fine && !(f->holds[i] && seen) && round < MOST_ROUNDS;
            grown = grown || (lives && f->holds[i] && !all[i]);
            all[i] |= lives && f->holds[i];
            f->kept = f->kept || all[i];
        }
    }
    return f->fine && f->kept;
}

// ---- What may be drawn --------------------------------------------------------------------------

// Only where to look: nothing rests on it. `drawn`, by slot: 1 + the site.
static bool makes_new(const XIns *ins, uint32_t *drawn)
{
    bool draw = ins->op == OP_UNIFORM || ins->op == OP_QTABLE ||
                (ins->op == OP_DIST && !dist_is_discrete((DistKind)ins->c));
    uint32_t any = 0;
    for (int32_t i = 0; i < ins->n_reads; i++) {
        any = drawn[ins->reads[i]] ? drawn[ins->reads[i]] : any;
    }
    drawn[ins->d] = draw ? ins->aux + 1 : any;
    return draw || (any && ins->op != OP_MOV && ins->op != OP_SEL);
}

// ---- The steps ----------------------------------------------------------------------------------

static void sort(double *p, int32_t n)
{
    for (int32_t gap = n / 2; gap > 0; gap /= 2) { // Shell (1959)
        for (int32_t i = gap; i < n; i++) {
            double x = p[i];
            int32_t k = i;
            for (; k >= gap && x < p[k - gap]; k -= gap) {
                p[k] = p[k - gap];
            }
            p[k] = x;
        }
    }
}

// All that the steps say of what is asked, rising.
static const Grid *grid_of(Arena *arena, const Flow *f)
{
    const Script *s = f->script;
    uint64_t *regs = ARENA_ARRAY(f->scratch, uint64_t, s->n_slots + 1);
    VEC(double) values = {0};
    for (int32_t k = -1; k < s->program->n_steps; k++) {
        calendar_uniforms(s, k, regs);
        for (Slot i = 0; i < s->n_slots; i++) {
            double value = double_of(regs[i]);
            if (f->asked[i] && value - value == 0) {
                vec_push(arena, &values, value);
            }
        }
    }
    sort(values.p, values.n);
    int32_t n = 0;
    for (int32_t i = 0; i < values.n; i++) {
        if (n == 0 || values.p[i] > values.p[n - 1]) {
            values.p[n++] = values.p[i];
        }
    }
    Grid *grid = ARENA_NEW(arena, Grid);
    *grid = (Grid){values.p, n};
    return grid;
}

double snap_up(const Grid *grid, double x)
{
    if (m_is_nan(x)) {
        return x;
    }
    int32_t lo = 0, hi = grid->n; // the first that x does not exceed
    while (lo < hi) {
        int32_t mid = lo + (hi - lo) / 2;
        if (grid->p[mid] >= x) {
            hi = mid;
        } else {
            lo = mid + 1;
        }
    }
    return lo < grid->n ? grid->p[lo] : MATH_INF;
}

// ---- All of it ----------------------------------------------------------------------------------

static XIns snap_of(Arena *arena, const XIns *ins, const Grid *grid)
{
    Slot *reads = ARENA_ARRAY(arena, Slot, 1);
    reads[0] = ins->d;
    XIns x = {.op = X_SNAP, .d = ins->d, .a = ins->d, .reads = reads, .n_reads = 1, .grid = grid};
    x.b = x.c = x.range = SLOT_NONE;
    return x;
}

// Behind some instructions a snap; jumps follow.
static void insert(Arena *arena, Script *s, const Grid *const *grids)
{
    XCode code = {.p = ARENA_ARRAY(arena, XIns, 2 * s->main.n + 1)};
    int32_t *moved = ARENA_ARRAY(arena, int32_t, s->main.n + 1);
    for (int32_t pc = 0; pc < s->main.n; pc++) {
        moved[pc] = code.n;
        code.p[code.n++] = s->main.p[pc];
        if (grids[pc]) {
            code.p[code.n++] = snap_of(arena, &s->main.p[pc], grids[pc]);
        }
    }
    moved[s->main.n] = code.n;
    for (int32_t pc = 0; pc < code.n; pc++) {
        if (code.p[pc].op == X_JUMP) {
            code.p[pc].target = moved[code.p[pc].target];
        }
    }
    s->look_at = moved[s->look_at];
    s->main = code;
}

bool snap_find(Arena *arena, Script *script)
{
    Arena *scratch = arena_new(0);
    uint32_t *drawn = ARENA_ARRAY(scratch, uint32_t, script->n_slots + 1);
    uint32_t *delays = ARENA_ARRAY(arena, uint32_t, script->n_slots + 1);
    const Grid **grids = ARENA_ARRAY(scratch, const Grid *, script->main.n + 1);
    bool found = false;
    for (int32_t pc = 0; pc < script->main.n; pc++) {
        const XIns *ins = &script->main.p[pc];
        if (ins->d == SLOT_NONE || !makes_new(ins, drawn)) {
            continue;
        }
        ArenaMark start = arena_mark(scratch);
        Flow flow = {.scratch = scratch, .script = script, .at = pc};
        flow.holds = ARENA_ARRAY(scratch, uint8_t, script->n_slots + 1);
        flow.asked = ARENA_ARRAY(scratch, uint8_t, script->n_slots + 1);
        flow.all = ARENA_ARRAY(scratch, uint8_t, script->n_slots + 1);
        if (flows_well(&flow)) {
            grids[pc] = grid_of(arena, &flow);
            found = true;
            for (Slot i = 0; i < script->n_slots; i++) {
                delays[i] = flow.all[i] ? drawn[ins->d] : delays[i];
            }
        }
        arena_reset(scratch, start);
    }
    if (found) {
        insert(arena, script, grids);
        script->delays = delays;
    }
    arena_free(scratch);
    return found;
}
