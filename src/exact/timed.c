// SPDX-License-Identifier: MIT
//
// Columns that the calendar alone decides: found by the greatest set of columns that stay decided
// through a step, then worked out step by step.
#include "exact/timed.h"

#include <string.h>

#include "base/vec.h"
#include "exact/calendar.h"

enum { MOST_VALUES = 1 << 22 }; // of all slots and steps

// An operand that is decided where it is read.
typedef struct {
    int32_t pc; // of main; its length: the end of the step
    Slot slot;
    uint64_t *value; // by 1 + step
    Slot timed;      // where it is to be read; SLOT_NONE: not yet
} Read;

typedef struct {
    Arena *arena, *scratch;
    Script *script;
    uint8_t *decided;    // by slot, at the place at hand
    uint8_t *at_start;   // by slot: at the start of a step
    uint8_t *at_look;    // by slot: where the look behind the start begins
    uint8_t *works;      // by instruction of main: its result (of a jump its mask) is decided
    uint8_t *starts;     // the same of start
    VEC(Read) reads;     // in the order of pc
    int32_t *first_read; // by pc: into reads
    uint64_t *regs;
} Timed;

// ---- What is decided ----------------------------------------------------------------------------

static bool all_decided(const Timed *t, const XIns *ins)
{
    for (int32_t i = 0; i < ins->n_reads; i++) {
        if (!t->decided[ins->reads[i]]) {
            return false;
        }
    }
    return !x_draws(ins);
}

static void decide(Timed *t, XCode code, int32_t from, int32_t to, uint8_t *works);

// A body that some states run and others do not leaves what it writes undecided.
static void decide_body(Timed *t, XCode code, int32_t jump, uint8_t *works)
{
    Slot n = t->script->n_slots;
    int32_t end = code.p[jump].target;
    ArenaMark start = arena_mark(t->scratch);
    uint8_t *before = ARENA_ARRAY(t->scratch, uint8_t, n);
    memcpy(before, t->decided, n);
    decide(t, code, jump + 1, end, works);
    for (Slot i = 0; i < n; i++) {
        t->decided[i] = t->decided[i] && before[i];
    }
    for (int32_t pc = jump + 1; pc < end && !works[jump]; pc++) {
        if (code.p[pc].d != SLOT_NONE) {
            t->decided[code.p[pc].d] = 0;
        }
    }
    arena_reset(t->scratch, start);
}

static void decide(Timed *t, XCode code, int32_t from, int32_t to, uint8_t *works)
{
    const Script *s = t->script;
    for (int32_t pc = from; pc < to; pc++) {
        const XIns *ins = &code.p[pc];
        if (code.p == s->main.p && pc == s->look_at) { // which also follows the start
            for (Slot i = 0; i < s->n_slots; i++) {
                t->decided[i] = t->decided[i] && t->at_look[i];
            }
        }
        works[pc] = all_decided(t, ins);
        if (ins->op == X_JUMP) {
            decide_body(t, code, pc, works);
            pc = ins->target - 1;
        } else if (ins->d != SLOT_NONE) {
            t->decided[ins->d] = works[pc];
        }
    }
}

// Does some column that lives from step to step stay decided?
static bool find_decided(Timed *t)
{
    const Script *s = t->script;
    memset(t->decided, 1, s->n_slots);
    for (int32_t i = 0; i < s->program->n_expand; i++) {
        t->decided[s->program->expand[i].col] = 0; // differs between worlds
    }
    decide(t, s->start, 0, s->start.n, t->starts);
    memcpy(t->at_look, t->decided, s->n_slots);
    decide(t, s->main, s->look_at, s->main.n, t->works);
    bool shrunk = true;
    memcpy(t->at_start, t->decided, s->n_slots);
    while (shrunk) {
        memcpy(t->decided, t->at_start, s->n_slots);
        decide(t, s->main, 0, s->main.n, t->works);
        shrunk = false;
        for (Slot i = 0; i < s->n_slots; i++) {
            shrunk = shrunk || (t->at_start[i] && !t->decided[i]);
            t->at_start[i] = t->at_start[i] && t->decided[i];
        }
    }
    for (Slot i = 0; i < s->n_cols; i++) {
        bool lives = s->live[i] || s->finish_live[i];
        if (t->at_start[i] && lives) {
            return true;
        }
    }
    return false;
}

// ---- Who reads it -------------------------------------------------------------------------------

static void add_read(Timed *t, int32_t pc, Slot slot)
{
    bool there = false;
    for (int32_t i = t->reads.n - 1; i >= 0 && t->reads.p[i].pc == pc; i--) {
        there = there || t->reads.p[i].slot == slot;
    }
    if (!there && !script_is_uniform(t->script, slot)) {
        uint64_t *value = ARENA_ARRAY(t->arena, uint64_t, t->script->program->n_steps + 1);
        vec_push(t->scratch, &t->reads, ((Read){pc, slot, value, SLOT_NONE}));
    }
}

// Reads that are decided of instructions that are not: these alone stay.
static void find_reads(Timed *t, int32_t from, int32_t to)
{
    const Script *s = t->script;
    for (int32_t pc = from; pc < to; pc++) {
        const XIns *ins = &s->main.p[pc];
        bool stays = !t->works[pc] || ins->op == X_JUMP || ins->op == OP_FAIL;
        for (int32_t r = 0; r < ins->n_reads && stays && ins->op != X_KEEP; r++) {
            if (t->decided[ins->reads[r]]) {
                add_read(t, pc, ins->reads[r]);
            }
        }
        if (ins->op == X_JUMP) {
            uint8_t *before = ARENA_ARRAY(t->scratch, uint8_t, s->n_slots);
            memcpy(before, t->decided, s->n_slots);
            find_reads(t, pc + 1, ins->target);
            memcpy(t->decided, before, s->n_slots);
            decide_body(t, s->main, pc, t->works);
            pc = ins->target - 1;
        } else if (ins->d != SLOT_NONE) {
            t->decided[ins->d] = t->works[pc];
        }
    }
}

static void find_all_reads(Timed *t)
{
    const Script *s = t->script;
    memcpy(t->decided, t->at_start, s->n_slots);
    find_reads(t, 0, s->look_at);
    for (Slot i = 0; i < s->n_slots; i++) {
        t->decided[i] = t->decided[i] && t->at_look[i];
    }
    find_reads(t, s->look_at, s->main.n);
    for (Slot i = 0; i < s->n_cols; i++) {
        if (s->finish_live[i] && t->at_start[i]) {
            add_read(t, s->main.n, i);
        }
    }
}

// ---- What it is ---------------------------------------------------------------------------------

static void note_values(const Timed *t, int32_t pc, int32_t step)
{
    for (int32_t i = t->first_read[pc]; i < t->reads.n && t->reads.p[i].pc == pc; i++) {
        t->reads.p[i].value[step + 1] = t->regs[t->reads.p[i].slot];
    }
}

static void work_out(const Timed *t, XCode code, const uint8_t *works, int32_t from, int32_t step)
{
    bool main = code.p == t->script->main.p;
    for (int32_t pc = from; pc < code.n; pc++) {
        const XIns *ins = &code.p[pc];
        if (main) {
            note_values(t, pc, step);
        }
        if (ins->op == X_JUMP && works[pc] && !t->regs[ins->a]) {
            pc = ins->target - 1;
        } else if (ins->op != X_JUMP && works[pc] && ins->d != SLOT_NONE) {
            t->regs[ins->d] = script_eval(ins, t->regs);
        }
    }
    if (main) {
        note_values(t, code.n, step);
    }
}

static void work_out_all(Timed *t)
{
    const Script *s = t->script;
    t->first_read = ARENA_ARRAY(t->scratch, int32_t, s->main.n + 1);
    for (int32_t pc = s->main.n, i = t->reads.n; pc >= 0; pc--) {
        while (i > 0 && t->reads.p[i - 1].pc >= pc) {
            i--;
        }
        t->first_read[pc] = i;
    }
    t->regs = ARENA_ARRAY(t->scratch, uint64_t, s->n_slots + 1);
    calendar_uniforms(s, -1, t->regs);
    work_out(t, s->start, t->starts, 0, -1);
    work_out(t, s->main, t->works, s->look_at, -1);
    for (int32_t k = 0; k < s->program->n_steps; k++) {
        calendar_uniforms(s, k, t->regs);
        work_out(t, s->main, t->works, 0, k);
    }
    for (int32_t i = 0; i < t->reads.n; i++) { // before the look there is no step -1
        const Read *read = &t->reads.p[i];
        read->value[0] = read->pc < s->look_at ? read->value[1] : read->value[0];
    }
}

// ---- Reading it there ---------------------------------------------------------------------------

// A slot for each way to go through the steps.
static void give_slots(Timed *t)
{
    Script *s = t->script;
    const uint64_t **values = ARENA_ARRAY(t->arena, const uint64_t *, t->reads.n + 1);
    size_t bytes = ((size_t)s->program->n_steps + 1) * sizeof(uint64_t);
    s->first_timed = s->n_slots;
    for (int32_t i = 0; i < t->reads.n; i++) {
        Slot at = 0;
        while (at < s->n_timed && memcmp(values[at], t->reads.p[i].value, bytes) != 0) {
            at++;
        }
        if (at == s->n_timed) {
            values[s->n_timed++] = t->reads.p[i].value;
        }
        t->reads.p[i].timed = s->first_timed + at;
    }
    s->timed = values;
    s->n_slots += s->n_timed;
}

static void replace_in(Arena *arena, const Slot **list, int32_t n, Slot from, Slot to)
{
    Slot *copy = ARENA_ARRAY(arena, Slot, n + 1);
    for (int32_t i = 0; i < n; i++) {
        copy[i] = (*list)[i] == from ? to : (*list)[i];
    }
    *list = copy;
}

static void replace(Arena *arena, XIns *ins, Slot from, Slot to)
{
    Slot *operands[3] = {&ins->a, &ins->b, &ins->c};
    for (int i = 0; i < 3; i++) {
        bool kind = i == 2 && ins->op == OP_DIST; // not a slot
        *operands[i] = *operands[i] == from && !kind ? to : *operands[i];
    }
    replace_in(arena, &ins->reads, ins->n_reads, from, to);
    if (ins->n_args > 0) {
        replace_in(arena, &ins->args, ins->n_args, from, to);
    }
}

// At the end of a future columns have what they came to.
static void set_at_end(const Timed *t)
{
    Script *s = t->script;
    XCode code = {.p = ARENA_ARRAY(t->arena, XIns, s->finish.n + t->reads.n + 1)};
    for (int32_t i = 0; i < t->reads.n; i++) {
        const Read *read = &t->reads.p[i];
        if (read->pc == s->main.n) {
            Slot *reads = ARENA_ARRAY(t->arena, Slot, 1);
            reads[0] = read->timed;
            XIns x = {.op = OP_MOV, .d = read->slot, .a = read->timed, .reads = reads};
            x.n_reads = 1;
            x.b = x.c = x.range = SLOT_NONE;
            code.p[code.n++] = x;
        }
    }
    int32_t moved = code.n;
    for (int32_t i = 0; i < s->finish.n; i++) {
        XIns x = s->finish.p[i];
        x.target += x.op == X_JUMP ? moved : 0;
        code.p[code.n++] = x;
    }
    s->finish = code;
}

static void read_there(const Timed *t)
{
    Script *s = t->script;
    for (int32_t i = 0; i < t->reads.n; i++) {
        const Read *read = &t->reads.p[i];
        if (read->pc == s->main.n) {
            continue;
        }
        XIns *ins = &s->main.p[read->pc];
        XIns *last = ins->op == X_JUMP ? &s->main.p[ins->target - 1] : ins;
        if (last != ins && last->op == X_KEEP && last->a == ins->a) { // one mask for both
            replace(t->arena, last, read->slot, read->timed);
        }
        replace(t->arena, ins, read->slot, read->timed);
    }
    set_at_end(t);
}

bool timed_find(Arena *arena, Script *script)
{
    Timed t = {.arena = arena, .scratch = arena_new(0), .script = script};
    Slot n = script->n_slots;
    t.decided = ARENA_ARRAY(t.scratch, uint8_t, n);
    t.at_start = ARENA_ARRAY(t.scratch, uint8_t, n);
    t.at_look = ARENA_ARRAY(t.scratch, uint8_t, n);
    t.works = ARENA_ARRAY(t.scratch, uint8_t, script->main.n + 1);
    t.starts = ARENA_ARRAY(t.scratch, uint8_t, script->start.n + 1);
    bool found = find_decided(&t);
    if (found) {
        find_all_reads(&t);
        found = t.reads.n > 0 && (int64_t)t.reads.n * script->program->n_steps < MOST_VALUES;
    }
    if (found) {
        work_out_all(&t);
        give_slots(&t);
        read_there(&t);
    }
    arena_free(t.scratch);
    return found;
}
