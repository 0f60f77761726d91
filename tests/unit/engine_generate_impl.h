// SPDX-License-Identifier: MIT
//
// Inside of the generator of programs: what is being written, shared by engine_generate_ops.c
// (choices, operands, single operations) and engine_generate.c (code, regions, whole programs).
#pragma once
#include "engine_generate.h"
#include "program_builder.h"

typedef VEC(Reg) Regs;

typedef struct {
    Regs num, mask;              // columns that may be read
    Regs home_num, home_mask;    // among them, columns that must keep their kind
    Regs uni_num, uni_mask;      // uniforms that may be read
    bool world, draws, uniforms; // world code; may draw; may write uniforms
} Scope;

typedef struct {
    ProgramBuilder *b;
    Arena *arena;
    uint64_t state;
    Str bytes; // choices still to be used before the random ones
    uint32_t n_world;
    int32_t n_sites;
    GenerateCounts *counts;
} Gen;

// Choices: from the bytes while there are some, then at random.
int32_t gen_below(Gen *g, int32_t n);
bool gen_chance(Gen *g, int32_t percent);
double gen_number(Gen *g);

// Registers that may be read where the code stands.
Reg gen_pick(Gen *g, const Regs *regs);
Reg gen_read_num(Gen *g, const Scope *s);
Reg gen_read_mask(Gen *g, const Scope *s);
Reg gen_uni_num(Gen *g, const Scope *s);
Reg gen_fresh_column(Gen *g, const Scope *s);
void gen_drop(Regs *regs, Reg reg);

// The register may be read from now on; `kind` is that of what was written: f a number, m a mask.
void gen_note_written(Gen *g, Scope *s, Reg reg, char kind);

int32_t gen_emit(Gen *g, CodeBuilder *code, OpCode op, Reg d, Reg a, Reg b, Reg c);
uint32_t gen_new_site(Gen *g);

// One operation, with what it needs.
void gen_plain(Gen *g, CodeBuilder *code, Scope *s, OpCode op);
void gen_pair(Gen *g, CodeBuilder *code, Scope *s);
void gen_raise(Gen *g, CodeBuilder *code, Scope *s);
void gen_shape(Gen *g, CodeBuilder *code, Scope *s);
void gen_lin(Gen *g, CodeBuilder *code, Scope *s);
void gen_score(Gen *g, CodeBuilder *code, Scope *s);
void gen_draw(Gen *g, CodeBuilder *code, Scope *s);
