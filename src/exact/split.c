// SPDX-License-Identifier: MIT
//
// What a stretch of units moves, and what it leaves standing: which part of its code works on what
// stands alone (in the theory of programs: binding times; Jones, Gomard and Sestoft 1993, chapter
// 4).
#include "exact/split.h"

#include <string.h>

#include "base/vec.h"
#include "exact/live.h"

// ---- Who stands ---------------------------------------------------------------------------------

static bool lives_on_all_ways(const Units *u, int32_t cut, Slot slot)
{
    uint8_t *const *live = u->classes->p[u->class].live[cut];
    for (int32_t g = 0; g <= u->script->cuts[cut].n_guards; g++) {
        if (!live[g][slot]) {
            return false;
        }
    }
    return true;
}

static void strike_written(const Units *u, Split *s)
{
    const Script *script = u->script;
    for (int32_t pc = script->cuts[s->from].pc; pc < script->cuts[s->to].pc; pc++) {
        const XIns *ins = &script->main.p[pc];
        if (ins->d != SLOT_NONE) {
            s->stands[ins->d] = 0;
        }
        if (x_draws(ins) && ins->range != SLOT_NONE) {
            s->stands[ins->range] = s->stands[ins->range + 1] = 0;
        }
    }
}

static void find_standing(const Units *u, Split *s)
{
    const Script *script = u->script;
    for (Slot i = 0; i < script->n_slots; i++) {
        s->stands[i] = u->spaces[s->from]->field_of[i] >= 0;
        for (int32_t c = s->from + 1; c < s->to && s->stands[i]; c++) {
            s->stands[i] = u->spaces[c]->field_of[i] >= 0 && lives_on_all_ways(u, c, i);
        }
    }
    strike_written(u, s);
    for (int32_t c = s->from; c <= s->to; c++) { // where to go on is seen at every cut
        for (int32_t g = 0; g < script->cuts[c].n_guards; g++) {
            s->stands[script->cuts[c].guards[g].mask] = 0;
        }
    }
}

static void list_moving(Arena *arena, const Units *u, Split *s)
{
    int32_t n = s->to - s->from + 1;
    s->moving = ARENA_ARRAY(arena, const Slot *, n);
    s->n_moving = ARENA_ARRAY(arena, int32_t, n);
    for (int32_t c = 0; c < n; c++) {
        VEC(Slot) list = {0};
        bool end = s->from + c == u->n_units;
        for (Slot i = 0; i < u->script->n_slots; i++) {
            bool here = u->spaces[s->from + c]->field_of[i] >= 0;
            here = here || (end && c > 0 && (u->ended->field_of[i] >= 0 || i == u->script->stop));
            if (here && !s->stands[i]) {
                vec_push(arena, &list, i);
            }
        }
        s->moving[c] = list.p;
        s->n_moving[c] = list.n;
    }
}

// ---- What it shows ------------------------------------------------------------------------------

// A region that is open: what was known at its start, in case it is left out.
typedef struct {
    int32_t target, start;
    bool mask_stands;
    uint8_t *alone;
} Open;

typedef struct {
    Arena *arena, *scratch;
    const Script *script;
    Split *split;
    int32_t first;   // instruction
    uint8_t *alone;  // by slot: made of what stands alone
    int32_t *writer; // by slot: 1 + the last instruction that wrote it
    uint8_t *noted;  // by slot: shown already, and not written since
    uint8_t **live;  // by instruction where a region ends: what is read from there on
    VEC(Open) open;
    VEC(Slot) list; // of what is shown at the instruction at hand
} Search;

static void open_region(Search *w, int32_t start, int32_t target, bool mask_stands)
{
    uint8_t *copy = ARENA_ARRAY(w->scratch, uint8_t, w->script->n_slots + 1);
    memcpy(copy, w->alone, w->script->n_slots);
    vec_push(w->scratch, &w->open, ((Open){target, start, mask_stands, copy}));
}

static void note(Search *w, Slot slot)
{
    if (w->alone[slot] && !script_is_uniform(w->script, slot) && !w->noted[slot]) {
        w->noted[slot] = 1;
        vec_push(w->arena, &w->list, slot);
    }
}

// Where a region ends, both ways join: a slot is made of what stands alone if it is so on both, and
// so is the choice between them. Otherwise what is made within of what stands alone is shown.
static void close_regions(Search *w, int32_t pc)
{
    while (w->open.n && w->open.p[w->open.n - 1].target == pc) {
        Open open = w->open.p[--w->open.n];
        for (Slot i = 0; i < w->script->n_slots; i++) {
            bool written = w->writer[i] > open.start;
            bool both = open.mask_stands && open.alone[i];
            if (written && !both && w->live[pc][i]) {
                note(w, i);
            }
            w->alone[i] = w->alone[i] && open.alone[i] && (open.mask_stands || !written);
        }
        if (open.mask_stands) {
            memset(w->noted, 0, w->script->n_slots);
        }
    }
}

static void note_reads(Search *w, const XIns *ins)
{
    for (int32_t r = 0; r < ins->n_reads; r++) {
        note(w, ins->reads[r]);
    }
}

// What a region may write over is shown, for it may be left out.
static void note_overwritten(Search *w, int32_t pc)
{
    int32_t target = w->script->main.p[pc].target;
    for (int32_t i = pc + 1; i < target; i++) {
        Slot slot = w->script->main.p[i].d;
        if (slot != SLOT_NONE && w->live[target][slot]) {
            note(w, slot);
        }
    }
}

static void write_slot(Search *w, int32_t pc, Slot slot, bool alone)
{
    w->alone[slot] = alone;
    w->writer[slot] = pc + 1;
    w->noted[slot] = 0;
}

static void look_at(Search *w, int32_t pc)
{
    const XIns *ins = &w->script->main.p[pc];
    bool all = true;
    for (int32_t r = 0; r < ins->n_reads; r++) {
        all = all && w->alone[ins->reads[r]];
    }
    if (ins->op == X_KEEP) {
        return;
    }
    if (ins->op == X_JUMP) {
        note_reads(w, ins);
        note_overwritten(w, pc);
        open_region(w, pc + 1, ins->target, all);
        w->split->alone[pc - w->first] = all;
        return;
    }
    bool alone = all && !x_draws(ins) && ins->d != SLOT_NONE;
    w->split->alone[pc - w->first] = alone;
    if (!alone) {
        note_reads(w, ins);
    }
    if (ins->d != SLOT_NONE) {
        write_slot(w, pc, ins->d, alone);
    }
    if (x_draws(ins) && ins->range != SLOT_NONE) {
        write_slot(w, pc, ins->range, false);
        write_slot(w, pc, ins->range + 1, false);
    }
}

// What is shown at an instruction, or at the end.
static void keep_list(Search *w, int32_t pc)
{
    w->split->shown[pc - w->first] = w->list.p;
    w->split->n_shown[pc - w->first] = w->list.n;
    w->split->most_shown += w->list.n;
    w->list.p = NULL;
    w->list.n = w->list.cap = 0;
}

typedef struct {
    Search *search;
    Slot n_slots;
} Snapshots;

static void snapshot(void *ctx, int32_t pc, const uint8_t *live)
{
    const Snapshots *s = ctx;
    if (s->search->live[pc]) {
        memcpy(s->search->live[pc], live, s->n_slots);
    }
}

static void find_live(Search *w, int32_t to)
{
    const Script *s = w->script;
    w->live = ARENA_ARRAY(w->scratch, uint8_t *, s->main.n + 1);
    for (int32_t pc = 0; pc < to; pc++) {
        if (s->main.p[pc].op == X_JUMP) {
            w->live[s->main.p[pc].target] = ARENA_ARRAY(w->scratch, uint8_t, s->n_slots + 1);
        }
    }
    uint8_t *live = ARENA_ARRAY(w->scratch, uint8_t, s->n_slots + 1);
    for (Slot i = 0; i < s->n_slots; i++) {
        live[i] = s->live[i] || s->finish_live[i] || s->shown[i] || i == s->stop;
    }
    Snapshots snapshots = {w, s->n_slots};
    live_walk(w->scratch, s->main, 0, s->main.n, s->n_slots, live, NULL, NULL, snapshot,
              &snapshots);
}

static void find_shown(Arena *arena, Arena *scratch, const Script *script, Split *s)
{
    const Cut *from = &script->cuts[s->from];
    int32_t end = script->cuts[s->to].pc, n = end - from->pc;
    Search w = {.arena = arena, .scratch = scratch, .script = script, .split = s};
    w.first = from->pc;
    w.alone = ARENA_ARRAY(scratch, uint8_t, script->n_slots + 1);
    w.noted = ARENA_ARRAY(scratch, uint8_t, script->n_slots + 1);
    w.writer = ARENA_ARRAY(scratch, int32_t, script->n_slots + 1);
    find_live(&w, end);
    for (Slot i = 0; i < script->n_slots; i++) {
        w.alone[i] = s->stands[i] || script_is_uniform(script, i);
    }
    s->alone = ARENA_ARRAY(arena, uint8_t, n + 1);
    s->shown = ARENA_ARRAY(arena, const Slot *, n + 1);
    s->n_shown = ARENA_ARRAY(arena, int32_t, n + 1);
    for (int32_t g = 0; g < from->n_guards; g++) { // the stretch begins inside
        open_region(&w, from->pc, from->guards[g].target, false);
    }
    for (int32_t pc = from->pc; pc < end; pc++) {
        close_regions(&w, pc);
        look_at(&w, pc);
        keep_list(&w, pc);
    }
    close_regions(&w, end);
    for (int32_t k = 0; k < s->n_moving[s->to - s->from]; k++) { // what it leaves behind
        note(&w, s->moving[s->to - s->from][k]);
    }
    keep_list(&w, end);
}

Split *split_make(Arena *arena, const Units *units, int32_t from, int32_t to)
{
    Arena *scratch = arena_new(0);
    Split *s = ARENA_NEW(arena, Split);
    s->from = from;
    s->to = to;
    s->stands = ARENA_ARRAY(arena, uint8_t, units->script->n_slots + 1);
    find_standing(units, s);
    list_moving(arena, units, s);
    find_shown(arena, scratch, units->script, s);
    arena_free(scratch);
    return s;
}

static int32_t show(const Split *split, int32_t at, const uint64_t *regs, uint64_t *shows)
{
    for (int32_t i = 0; i < split->n_shown[at]; i++) {
        shows[i] = regs[split->shown[at][i]];
    }
    return split->n_shown[at];
}

int32_t split_shows(const Split *split, const Script *script, uint64_t *regs, uint64_t *shows)
{
    int32_t first = script->cuts[split->from].pc, end = script->cuts[split->to].pc, n = 0;
    for (int32_t pc = first; pc < end;) {
        const XIns *ins = &script->main.p[pc];
        n += show(split, pc - first, regs, shows + n);
        bool alone = split->alone[pc - first];
        if (alone && ins->op == X_JUMP && !regs[ins->a]) {
            pc = ins->target;
            continue;
        }
        if (alone && ins->op != X_JUMP) {
            regs[ins->d] = script_eval(ins, regs);
        }
        pc++;
    }
    return n + show(split, end - first, regs, shows + n);
}
