// SPDX-License-Identifier: MIT
//
// Programs by hand, for tests and benchmarks: `ADD` an instruction here, a constant there, and take
// the whole at the end. Nothing is checked; program_verify does that.
#pragma once
#include "base/vec.h"
#include "program/program.h"

typedef struct {
    VEC(Ins) ins;
} CodeBuilder;

typedef struct {
    Arena *arena;
    Program program; // fill in what is not kept below
    VEC(ConstUni) consts;
    VEC(uint32_t) args;
    VEC(Site) sites;
    VEC(const QTable *) tables;
    VEC(Expand) expand;
    VEC(Result) results;
    VEC(Series) series;
    VEC(Unknown) unknowns;
    VEC(Note) notes;
    VEC(StateColumn) states;
    CodeBuilder world, start, uniform, step, look, finish;
} ProgramBuilder;

ProgramBuilder *builder_new(Arena *arena, int32_t n_steps, double step_days);

Reg builder_uni(ProgramBuilder *b);                 // a fresh uniform
Reg builder_const(ProgramBuilder *b, double value); // the uniform of a constant, made once
Reg builder_const_mask(ProgramBuilder *b, bool value);
uint32_t builder_arg(ProgramBuilder *b, uint32_t arg); // its index
uint32_t builder_site(ProgramBuilder *b, const char *name);
uint32_t builder_table(ProgramBuilder *b, const QTable *table);

// Append an instruction; its index in the code.
int32_t builder_ins(ProgramBuilder *b, CodeBuilder *code, OpCode op, Reg d, Reg a, Reg x, Reg c);

const Program *builder_take(ProgramBuilder *b);
