// SPDX-License-Identifier: MIT
//
// From the nested code of a Program to straight code with jumps, on slots.
#include "exact/flatten.h"

#include "base/error.h"
#include "program/walk.h"

Flatten flatten_begin(Arena *arena, const Program *program, uint32_t n_cols, bool checks)
{
    Flatten f = {.arena = arena, .program = program, .first_uni = n_cols, .checks = checks};
    f.n_slots = n_cols + program->n_unis + UNI_FIRST_FREE;
    f.range_of = ARENA_ARRAY(arena, Slot, program->n_sites + 1);
    f.draws = ARENA_ARRAY(arena, int32_t, program->n_sites + 1);
    for (int32_t i = 0; i < program->n_sites; i++) {
        f.range_of[i] = SLOT_NONE;
    }
    return f;
}

Slot flatten_slot(const Flatten *f, Reg reg)
{
    if (reg == REG_NONE) {
        return SLOT_NONE;
    }
    return reg & REG_UNI ? f->first_uni + REG_INDEX(reg) : reg;
}

void flatten_count(Flatten *f, Code code)
{
    for (int32_t i = 0; i < code.n; i++) {
        if (op_draws((OpCode)code.p[i].op)) {
            f->draws[ins_site(&code.p[i])]++;
        }
    }
}

typedef struct {
    Flatten *f;
    VEC(Slot) list;
} Reads;

static void add_read(void *ctx, Reg reg, char kind)
{
    (void)kind;
    Reads *reads = ctx;
    Slot slot = flatten_slot(reads->f, reg);
    vec_push(reads->f->arena, &reads->list, slot);
}

static void set_args(Flatten *f, const Ins *ins, XIns *x)
{
    ArgList list = ins_args(ins);
    Slot *args = ARENA_ARRAY(f->arena, Slot, list.n + 1);
    for (uint32_t i = 0; i < list.n; i++) {
        args[i] = flatten_slot(f, f->program->args[list.first + i]);
    }
    x->args = args;
    x->n_args = (int32_t)list.n;
}

// What is known of a site's uniform must be remembered within a unit where it is compared, or drawn
// from, more than once.
static void set_draw(Flatten *f, const Ins *ins, XIns *x)
{
    uint32_t site = ins_site(ins);
    x->aux = site;
    x->shared = f->draws[site] > 1;
    bool any_value = ins->op == OP_UNIFORM || ins->op == OP_QTABLE || ins->op == OP_DIST;
    x->range = SLOT_NONE;
    if (!x->shared && !any_value) {
        return;
    }
    if (f->range_of[site] == SLOT_NONE) {
        f->range_of[site] = f->n_slots;
        f->n_slots += 2;
    }
    x->range = f->range_of[site];
}

static void put(Flatten *f, const Ins *ins, XVec *out)
{
    bool draws = op_draws((OpCode)ins->op);
    XIns x = {.op = ins->op, .d = SLOT_NONE, .a = SLOT_NONE, .b = SLOT_NONE, .c = SLOT_NONE};
    x.range = SLOT_NONE;
    Reads reads = {.f = f};
    ins_visit_reads(f->program, ins, add_read, &reads);
    x.reads = reads.list.p;
    x.n_reads = reads.list.n;
    set_args(f, ins, &x);
    const char *kinds = op_info((OpCode)ins->op)->kinds;
    if (op_result((OpCode)ins->op)) {
        x.d = flatten_slot(f, ins->d);
    }
    const Reg operands[3] = {ins->a, ins->b, ins->c};
    Slot *slots[3] = {&x.a, &x.b, &x.c};
    for (int i = 0; i < 3 && (kinds[i] == 'f' || kinds[i] == 'm'); i++) {
        *slots[i] = flatten_slot(f, operands[i]);
    }
    if (draws) {
        set_draw(f, ins, &x);
    }
    if (ins->op == OP_FAIL) {
        x.aux = ins->b;
    }
    if (ins->op == OP_QTABLE || ins->op == OP_SCORE) {
        x.table = f->program->tables[ins->b];
    }
    if (ins->op == OP_DIST) {
        x.c = ins->c; // its kind
    }
    vec_push(f->arena, out, x);
}

static void put_copy(Flatten *f, Slot to, Slot from, XVec *out)
{
    Slot *reads = ARENA_ARRAY(f->arena, Slot, 1);
    reads[0] = from;
    XIns x = {.op = OP_MOV, .d = to, .a = from, .reads = reads, .n_reads = 1};
    x.b = x.c = x.range = SLOT_NONE;
    vec_push(f->arena, out, x);
}

// A jump or a mark: reads `a`.
static void put_mark(Flatten *f, uint16_t op, Slot a, XVec *out)
{
    put_copy(f, SLOT_NONE, a, out);
    out->p[out->n - 1].op = op;
}

static void run(Flatten *f, const Ins *ins, int32_t n, XVec *out);

static int32_t draws_in(const Ins *ins, int32_t n)
{
    int32_t draws = 0;
    for (int32_t i = 0; i < n; i++) {
        draws += op_draws((OpCode)ins[i].op);
    }
    return draws;
}

// Where there are several draws inside, states are merged between them: the mask is kept in a slot
// that nothing else writes, so that a unit may begin there.
static void put_region(Flatten *f, const Ins *ins, XVec *out)
{
    bool guarded = draws_in(ins + 1, (int32_t)ins->c) > 1;
    Slot mask = flatten_slot(f, ins->a);
    if (guarded) {
        Slot kept = f->n_slots++;
        put_copy(f, kept, mask, out);
        mask = kept;
    }
    int32_t at = out->n;
    put_mark(f, X_JUMP, mask, out);
    RegionArgs args = region_args(f->program, ins);
    for (int32_t i = 0; i < args.n_in; i++) {
        put_copy(f, args.in[2 * i + 1], args.in[2 * i], out);
    }
    run(f, ins + 1, (int32_t)ins->c, out);
    for (int32_t i = 0; i < args.n_out; i++) {
        put_copy(f, args.out[2 * i + 1], args.out[2 * i], out);
    }
    if (guarded) {
        put_mark(f, X_KEEP, mask, out);
    }
    out->p[at].target = out->n;
}

static void put_ifstep(Flatten *f, const Ins *ins, XVec *out)
{
    Slot mask = flatten_slot(f, ins->a);
    int32_t at = out->n;
    put_mark(f, X_JUMP, mask, out);
    run(f, ins + 1, (int32_t)ins->c, out);
    put_mark(f, X_KEEP, mask, out);
    out->p[at].target = out->n;
}

static void run(Flatten *f, const Ins *ins, int32_t n, XVec *out)
{
    for (int32_t i = 0; i < n; i++) {
        switch (ins[i].op) {
        case OP_REGION:
            put_region(f, &ins[i], out);
            i += (int32_t)ins[i].c;
            break;
        case OP_IFSTEP:
            put_ifstep(f, &ins[i], out);
            i += (int32_t)ins[i].c;
            break;
        case OP_NOTE: break;
        case OP_FAIL:
            if (f->checks) {
                put(f, &ins[i], out);
            }
            break;
        default: put(f, &ins[i], out);
        }
    }
}

void flatten_code(Flatten *f, Code code, XVec *out)
{
    run(f, code.p, code.n, out);
}
