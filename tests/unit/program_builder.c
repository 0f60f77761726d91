// SPDX-License-Identifier: MIT
//
// Programs by hand: see program_builder.h.
#include "program_builder.h"

#include "math/draw.h"

ProgramBuilder *builder_new(Arena *arena, int32_t n_steps, double step_days)
{
    ProgramBuilder *b = ARENA_NEW(arena, ProgramBuilder);
    b->arena = arena;
    double *start = ARENA_ARRAY(arena, double, n_steps + 1);
    for (int32_t i = 0; i <= n_steps; i++) {
        start[i] = 19000.0 + step_days * i;
    }
    b->program.n_steps = n_steps;
    b->program.step_start = start;
    b->program.n_unis = UNI_FIRST_FREE;
    b->program.stop = REG_NONE;
    return b;
}

Reg builder_uni(ProgramBuilder *b)
{
    return REG_UNI | b->program.n_unis++;
}

static Reg constant(ProgramBuilder *b, double value, bool is_mask)
{
    for (int32_t i = 0; i < b->consts.n; i++) {
        const ConstUni *c = &b->consts.p[i];
        if (c->is_mask == is_mask && memcmp(&c->value, &value, sizeof value) == 0) {
            return REG_UNI | c->uni;
        }
    }
    Reg reg = builder_uni(b);
    vec_push(b->arena, &b->consts, (ConstUni){REG_INDEX(reg), value, is_mask});
    return reg;
}

Reg builder_const(ProgramBuilder *b, double value)
{
    return constant(b, value, false);
}

Reg builder_const_mask(ProgramBuilder *b, bool value)
{
    return constant(b, value ? 1.0 : 0.0, true);
}

uint32_t builder_arg(ProgramBuilder *b, uint32_t arg)
{
    vec_push(b->arena, &b->args, arg);
    return (uint32_t)b->args.n - 1;
}

uint32_t builder_site(ProgramBuilder *b, const char *name)
{
    Str copy = str_copy(b->arena, str_of(name));
    vec_push(b->arena, &b->sites, (Site){draw_site_hash(copy), copy});
    return (uint32_t)b->sites.n - 1;
}

uint32_t builder_table(ProgramBuilder *b, const QTable *table)
{
    vec_push(b->arena, &b->tables, table);
    return (uint32_t)b->tables.n - 1;
}

int32_t builder_ins(ProgramBuilder *b, CodeBuilder *code, OpCode op, Reg d, Reg a, Reg x, Reg c)
{
    vec_push(b->arena, &code->ins, (Ins){.op = (uint16_t)op, .d = d, .a = a, .b = x, .c = c});
    return code->ins.n - 1;
}

static Code code_of(const CodeBuilder *code)
{
    return (Code){code->ins.p, code->ins.n};
}

const Program *builder_take(ProgramBuilder *b)
{
    Program *p = &b->program;
    p->consts = b->consts.p;
    p->n_consts = b->consts.n;
    p->args = b->args.p;
    p->n_args = b->args.n;
    p->sites = b->sites.p;
    p->n_sites = b->sites.n;
    p->tables = b->tables.p;
    p->n_tables = b->tables.n;
    p->expand = b->expand.p;
    p->n_expand = b->expand.n;
    p->results = b->results.p;
    p->n_results = b->results.n;
    p->series = b->series.p;
    p->n_series = b->series.n;
    p->unknowns = b->unknowns.p;
    p->n_unknowns = b->unknowns.n;
    p->notes = b->notes.p;
    p->n_notes = b->notes.n;
    p->states = b->states.p;
    p->n_states = b->states.n;
    p->world = code_of(&b->world);
    p->start = code_of(&b->start);
    p->uniform = code_of(&b->uniform);
    p->step = code_of(&b->step);
    p->look = code_of(&b->look);
    p->finish = code_of(&b->finish);
    return p;
}
