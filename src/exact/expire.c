// SPDX-License-Identifier: MIT
//
// Dates that no longer matter.
#include "exact/expire.h"

#include "base/vec.h"
#include "exact/cells.h"
#include "math/bits.h"

static bool reads(const XIns *ins, Slot slot)
{
    for (int32_t i = 0; i < ins->n_reads; i++) {
        if (ins->reads[i] == slot) {
            return true;
        }
    }
    return false;
}

// What is asked of a column.
typedef struct {
    double days;   // the longest time after it that is asked for
    double before; // the earliest day that it is asked to lie before
    bool since;    // is the time since then asked for?
    bool exists;   // is it asked whether there is a date, or how long ago at the least?
} Asked;

// `since < 3 days`, `3 days <= since`: decided for good once the time is over.
static bool note_limit(const Script *s, const XIns *ins, Slot since, Asked *asked)
{
    const double EQUAL = 1e-9; // past what is still "at most so many days"
    double limit;
    bool left = ins->a == since;
    if ((ins->op != OP_LT && ins->op != OP_LE) ||
        !script_constant(s, left ? ins->b : ins->a, &limit)) {
        return false;
    }
    limit += (ins->op == OP_LE) == left ? EQUAL : 0;
    asked->days = limit > asked->days ? limit : asked->days;
    asked->exists = asked->exists || !left;
    return true;
}

// Is what code[pc] leaves in its destination only compared with numbers? Until it is written again
// for sure, that is: not within a region that may be left out.
static bool only_compared(const Script *s, XCode code, int32_t pc, Asked *asked)
{
    Slot slot = code.p[pc].d;
    int32_t inside = 0;
    for (int32_t i = pc + 1; i < code.n; i++) {
        const XIns *ins = &code.p[i];
        if (reads(ins, slot) && !note_limit(s, ins, slot, asked)) {
            return false;
        }
        inside = ins->op == X_JUMP && ins->target > inside ? ins->target : inside;
        if (ins->d == slot && i >= inside) {
            return true;
        }
    }
    return !s->live[slot] && !s->finish_live[slot] && !s->shown[slot] && !s->read_at_end[slot];
}

static bool use_is_past(const Script *s, XCode code, int32_t pc, Slot slot, Asked *asked)
{
    const XIns *ins = &code.p[pc];
    double day;
    switch (ins->op) {
    case OP_SEL: return ins->d == slot && ins->c == slot && ins->a != slot && ins->b != slot;
    case OP_SUB:
        asked->since = true;
        return ins->a == s->n_cols + UNI_TODAY && ins->d != slot &&
               only_compared(s, code, pc, asked);
    case OP_DEFINED: asked->exists = true; return true;
    case OP_LT:
        if (ins->a != slot || !script_constant(s, ins->b, &day)) {
            return false;
        }
        asked->before = day < asked->before ? day : asked->before;
        asked->exists = true;
        return true;
    default: return false;
    }
}

static bool uses_are_past(const Script *s, XCode code, Slot slot, Asked *asked)
{
    for (int32_t pc = 0; pc < code.n; pc++) {
        if (reads(&code.p[pc], slot) && !use_is_past(s, code, pc, slot, asked)) {
            return false;
        }
    }
    return true;
}

static bool expires(const Script *s, Slot slot, Expiry *expiry)
{
    Asked asked = {.before = MATH_INF};
    if (!uses_are_past(s, s->main, slot, &asked) || !uses_are_past(s, s->finish, slot, &asked)) {
        return false;
    }
    // A date so long ago lies before the end by so much at the least: then before that day as well.
    double end = s->program->step_start[s->program->n_steps];
    *expiry = (Expiry){slot, asked.days, asked.exists ? -MATH_INF : MATH_NAN};
    return asked.since && asked.days > 0 && asked.before > end - asked.days;
}

const Expiry *expire_find(Arena *arena, const Script *script, int32_t *n)
{
    VEC(Expiry) list = {0};
    for (Slot i = 0; i < script->n_cols; i++) {
        Expiry expiry;
        bool inner = script->live[i] && !script->shown[i] && !script->read_at_end[i];
        if (inner && expires(script, i, &expiry)) {
            vec_push(arena, &list, expiry);
        }
    }
    *n = list.n;
    return list.p;
}
