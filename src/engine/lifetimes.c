// SPDX-License-Identifier: MIT
//
// Lifetimes of columns: one walk from the last instruction to the first.
#include "engine/lifetimes.h"

#include <string.h>

#include "base/error.h"
#include "program/walk.h"

typedef struct {
    Arena *arena;
    const Program *program;
    const Ins *ins;
    int32_t n_cols;
    int32_t *last;    // by column: where what it holds here is read last
    int32_t *after;   // the same after the IFSTEP around here, of columns written in it
    int32_t depth;    // of IFSTEPs: within one, what is written may be left out
    int32_t *read_at; // by instruction: the result
    int32_t at;
} Walk;

static void note(Walk *walk, Reg reg)
{
    ASSERT(reg < (Reg)walk->n_cols);
    if (walk->last[reg] == READ_NEVER) {
        walk->last[reg] = walk->at;
    }
}

static void note_read(void *ctx, Reg reg, char kind)
{
    (void)kind;
    if (!(reg & REG_UNI)) { // which REG_NONE has too
        note(ctx, reg);
    }
}

// What goes out ends no value, as it is written in some lanes only.
static void note_region(Walk *walk, const Ins *ins)
{
    RegionArgs args = region_args(walk->program, ins);
    for (int32_t i = 0; i < args.n_in; i++) {
        note(walk, args.in[2 * i]);
    }
}

// What a column held before a write is read after it only where that may be left out.
static void end_value(Walk *walk, Reg reg)
{
    walk->read_at[walk->at] = walk->last[reg];
    walk->last[reg] = walk->depth > 0 ? walk->after[reg] : READ_NEVER;
}

static bool writes(const Ins *ins)
{
    return op_result((OpCode)ins->op) && !(ins->d & REG_UNI);
}

static void walk_plain(Walk *walk, const Ins *ins)
{
    if (writes(ins)) {
        end_value(walk, ins->d);
        if (walk->read_at[walk->at] == READ_NEVER) {
            return; // it will not run
        }
    }
    ins_visit_reads(walk->program, ins, note_read, walk);
    if (ins->op == OP_REGION) {
        note_region(walk, ins);
    }
}

static void walk_back(Walk *walk, int32_t from, int32_t to);

static void walk_ifstep(Walk *walk, int32_t at)
{
    typedef struct {
        Reg reg;
        int32_t after;
    } Kept;
    int32_t from = at + 1, to = from + (int32_t)walk->ins[at].c, n = 0;
    Kept *kept = ARENA_ARRAY(walk->arena, Kept, to - from + 1);
    for (int32_t i = from; i < to; i++) {
        const Ins *ins = &walk->ins[i];
        if (writes(ins)) {
            kept[n++] = (Kept){ins->d, walk->after[ins->d]};
            walk->after[ins->d] = walk->last[ins->d];
        }
        i += ins->op == OP_REGION ? (int32_t)ins->c : 0;
    }
    walk->depth++;
    walk_back(walk, from, to);
    walk->depth--;
    while (n > 0) { // of columns written twice the first is what was
        n--;
        walk->after[kept[n].reg] = kept[n].after;
    }
}

// Instructions `from` to before `to`.
static void walk_back(Walk *walk, int32_t from, int32_t to)
{
    int32_t *place = ARENA_ARRAY(walk->arena, int32_t, to - from + 1), n = 0;
    for (int32_t i = from; i < to; i++) {
        place[n++] = i;
        i += op_has_body((OpCode)walk->ins[i].op) ? (int32_t)walk->ins[i].c : 0;
    }
    while (n > 0) {
        const Ins *ins = &walk->ins[place[--n]];
        if (ins->op == OP_IFSTEP) {
            walk_ifstep(walk, place[n]);
        }
        walk->at = place[n];
        walk_plain(walk, ins);
    }
}

static Walk begin(Arena *arena, const Program *program, const Ins *ins, int32_t n)
{
    int32_t n_cols = (int32_t)program->n_cols;
    Walk walk = {.arena = arena, .program = program, .ins = ins, .n_cols = n_cols};
    walk.read_at = ARENA_ARRAY(arena, int32_t, n + 1);
    walk.last = ARENA_ARRAY(arena, int32_t, n_cols + 1);
    walk.after = ARENA_ARRAY(arena, int32_t, n_cols + 1);
    memset(walk.read_at, 0xff, (size_t)n * sizeof *walk.read_at);
    memset(walk.last, 0xff, (size_t)n_cols * sizeof *walk.last);
    return walk;
}

const int32_t *lifetimes_of_code(Arena *arena, const Program *program, Code code, const bool *told)
{
    Walk walk = begin(arena, program, code.p, code.n);
    for (int32_t c = 0; c < walk.n_cols; c++) {
        walk.last[c] = told[c] ? READ_BEYOND : READ_NEVER;
    }
    walk_back(&walk, 0, code.n);
    return walk.read_at;
}

const int32_t *lifetimes_of_region(Arena *arena, const Program *program, const Ins *region)
{
    int32_t n = (int32_t)region->c;
    Walk walk = begin(arena, program, region + 1, n);
    RegionArgs args = region_args(program, region);
    for (int32_t i = 0; i < args.n_out; i++) {
        walk.last[args.out[2 * i]] = READ_BEYOND;
    }
    walk_back(&walk, 0, n);
    return walk.read_at;
}
