// SPDX-License-Identifier: MIT
//
// Dates that no longer matter.
#include "exact/expire.h"

#include "base/vec.h"
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

static bool constant(const Script *s, Slot slot, double *value)
{
    for (int32_t i = 0; i < s->program->n_consts; i++) {
        const ConstUni *c = &s->program->consts[i];
        if (s->n_cols + c->uni == slot && !c->is_mask) {
            *value = c->value;
            return true;
        }
    }
    return false;
}

// Is what main[pc] leaves in its destination only asked whether it is below a number? Until it is
// written again for sure, that is: not within a region that may be left out.
static bool only_compared(const Script *s, int32_t pc, double *days)
{
    Slot slot = s->main.p[pc].d;
    int32_t inside = 0;
    for (int32_t i = pc + 1; i < s->main.n; i++) {
        const XIns *ins = &s->main.p[i];
        double limit;
        if (reads(ins, slot)) {
            if (ins->op != OP_LT || ins->a != slot || !constant(s, ins->b, &limit)) {
                return false;
            }
            *days = limit > *days ? limit : *days;
        }
        inside = ins->op == X_JUMP && ins->target > inside ? ins->target : inside;
        if (ins->d == slot && i >= inside) {
            return true;
        }
    }
    return !s->live[slot] && !s->finish_live[slot] && !s->shown[slot];
}

static bool expires(const Script *s, Slot slot, double *days)
{
    *days = 0;
    bool any = false;
    for (int32_t pc = 0; pc < s->main.n; pc++) {
        const XIns *ins = &s->main.p[pc];
        if (!reads(ins, slot)) {
            continue;
        }
        bool kept = ins->op == OP_SEL && ins->d == slot && ins->c == slot && ins->a != slot;
        bool since = ins->op == OP_SUB && ins->a == s->n_cols + UNI_TODAY && ins->b == slot;
        if (!kept && !(since && ins->d != slot && only_compared(s, pc, days))) {
            return false;
        }
        any = any || since;
    }
    return any && *days > 0;
}

const Expiry *expire_find(Arena *arena, const Script *script, int32_t *n)
{
    VEC(Expiry) list = {0};
    for (Slot i = 0; i < script->n_cols; i++) {
        double days;
        bool inner = script->live[i] && !script->finish_live[i] && !script->shown[i];
        if (inner && expires(script, i, &days)) {
            vec_push(arena, &list, ((Expiry){i, days}));
        }
    }
    *n = list.n;
    return list.p;
}
