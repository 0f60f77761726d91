// SPDX-License-Identifier: MIT
//
// What the calendar alone decides, step by step.
#include "exact/calendar.h"

#include <string.h>

#include "base/vec.h"
#include "math/bits.h"

enum { MOST_ERAS = 64 }; // with more, the masks are taken as unknown

static uint64_t *uniform_at(const Script *s, uint64_t *regs, uint32_t uni)
{
    return regs + s->n_cols + uni;
}

static void set_constants(const Script *s, uint64_t *regs)
{
    const Program *p = s->program;
    for (int32_t i = 0; i < p->n_consts; i++) {
        const ConstUni *c = &p->consts[i];
        *uniform_at(s, regs, c->uni) =
            c->is_mask ? (c->value != 0.0 ? UINT64_MAX : 0) : bits_of(c->value);
    }
}

void calendar_uniforms(const Script *s, int32_t step, uint64_t *regs)
{
    const Program *p = s->program;
    int32_t k = step < 0 ? 0 : step;
    set_constants(s, regs);
    *uniform_at(s, regs, UNI_STEP) = bits_of((double)k);
    *uniform_at(s, regs, UNI_TODAY) = bits_of(p->step_start[k]);
    *uniform_at(s, regs, UNI_STEP_DAYS) = bits_of(p->step_start[k + 1] - p->step_start[k]);
    *uniform_at(s, regs, UNI_LAST) = k == p->n_steps - 1 ? UINT64_MAX : 0;
    *uniform_at(s, regs, UNI_INITIAL) = step < 0 ? UINT64_MAX : 0;
    for (int32_t i = 0; i < s->uniform.n; i++) {
        const XIns *ins = &s->uniform.p[i];
        regs[ins->d] = script_eval(ins, regs);
    }
    for (Slot i = 0; i < s->n_timed; i++) {
        regs[s->first_timed + i] = s->timed[i][step + 1];
    }
}

void calendar_set(const Calendar *c, int32_t step, uint64_t *regs)
{
    calendar_uniforms(c->script, step, regs);
}

void calendar_know(const Calendar *c, int32_t era, uint8_t *known, uint64_t *value)
{
    const Script *s = c->script;
    memset(known, 0, s->n_slots);
    calendar_set(c, 0, value);
    for (int32_t i = 0; i < s->program->n_consts; i++) {
        known[s->n_cols + s->program->consts[i].uni] = 1;
    }
    for (int32_t i = 0; i < c->n_masks && era >= 0; i++) {
        known[c->masks[i]] = 1;
        value[c->masks[i]] = c->mask_value[era * c->n_masks + i];
    }
}

bool calendar_varies(const Calendar *c, XCode code, int32_t from, int32_t to)
{
    for (int32_t i = from; i < to; i++) {
        for (int32_t r = 0; r < code.p[i].n_reads; r++) {
            if (c->varies[code.p[i].reads[r]]) {
                return true;
            }
        }
    }
    return false;
}

// Which uniforms differ between steps, and which of these are masks throughout.
static void find_masks(Arena *arena, Calendar *c, uint64_t *regs)
{
    const Script *s = c->script;
    uint32_t n = s->program->n_unis;
    uint64_t *first = ARENA_ARRAY(arena, uint64_t, n + 1);
    uint8_t *other = ARENA_ARRAY(arena, uint8_t, n + 1);
    for (int32_t k = 0; k < s->program->n_steps; k++) {
        calendar_uniforms(s, k, regs);
        for (uint32_t i = 0; i < n; i++) {
            uint64_t bits = regs[s->n_cols + i];
            first[i] = k == 0 ? bits : first[i];
            c->varies[s->n_cols + i] |= bits != first[i];
            other[i] |= bits != 0 && bits != UINT64_MAX;
        }
    }
    for (Slot i = 0; i < s->n_timed; i++) { // a future may end right after its start
        for (int32_t k = 0; k < s->program->n_steps; k++) {
            c->varies[s->first_timed + i] |= s->timed[i][k] != s->timed[i][k + 1];
        }
    }
    VEC(Slot) masks = {0};
    for (uint32_t i = 0; i < n; i++) {
        bool read = false;
        bool mask = c->varies[s->n_cols + i] && !other[i];
        for (int32_t pc = 0; pc < s->main.n && mask && !read; pc++) {
            for (int32_t r = 0; r < s->main.p[pc].n_reads; r++) {
                read = read || s->main.p[pc].reads[r] == s->n_cols + i;
            }
        }
        if (read) {
            vec_push(arena, &masks, s->n_cols + i);
        }
    }
    c->masks = masks.p;
    c->n_masks = masks.n;
}

static void find_eras(Arena *arena, Calendar *c, uint64_t *regs)
{
    int32_t steps = c->script->program->n_steps;
    VEC(uint64_t) values = {0};
    c->n_eras = 0;
    for (int32_t k = 0; k < steps && c->n_eras <= MOST_ERAS; k++) {
        calendar_uniforms(c->script, k, regs);
        bool same = k > 0;
        const uint64_t *last = values.p ? values.p + values.n - c->n_masks : NULL;
        for (int32_t i = 0; i < c->n_masks; i++) {
            same = same && regs[c->masks[i]] == last[i];
        }
        for (int32_t i = 0; i < c->n_masks && !same; i++) {
            vec_push(arena, &values, regs[c->masks[i]]);
        }
        c->n_eras += !same;
        c->era_of[k] = c->n_eras - 1;
    }
    if (c->n_eras > MOST_ERAS) {
        c->n_masks = 0;
        c->n_eras = 1;
        memset(c->era_of, 0, (size_t)steps * sizeof *c->era_of);
    }
    c->mask_value = values.p;
}

Calendar *calendar_new(Arena *arena, const Script *script)
{
    Calendar *c = ARENA_NEW(arena, Calendar);
    c->script = script;
    c->varies = ARENA_ARRAY(arena, uint8_t, script->n_slots + 1);
    c->era_of = ARENA_ARRAY(arena, int32_t, script->program->n_steps + 1);
    uint64_t *regs = ARENA_ARRAY(arena, uint64_t, script->n_slots + 1);
    find_masks(arena, c, regs);
    find_eras(arena, c, regs);
    return c;
}
