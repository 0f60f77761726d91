// SPDX-License-Identifier: MIT
//
// Walking the operands of instructions, for what reads programs: verify, print, the engine, exact.
#pragma once
#include "program/program.h"

char op_result(OpCode op); // 'f', 'm', or 0: writes no register
bool op_draws(OpCode op);
bool op_has_body(OpCode op); // REGION and IFSTEP: the c instructions that follow belong to it

// The site a draw draws at.
uint32_t ins_site(const Ins *ins);

// The instruction's stretch of the argument pool, but for REGION.
typedef struct {
    uint32_t first, n;
} ArgList;
ArgList ins_args(const Ins *ins);

// Every register the instruction reads, with the kind it is read as: 'f' or 'm'. Not the columns
// that pass in and out of a REGION.
typedef void RegVisit(void *ctx, Reg reg, char kind);
void ins_visit_reads(const Program *program, const Ins *ins, RegVisit *visit, void *ctx);

// The pairs of a REGION: in = (outer, inner)..., out = (inner, outer)...
typedef struct {
    const uint32_t *in, *out;
    int32_t n_in, n_out;
} RegionArgs;
RegionArgs region_args(const Program *program, const Ins *ins);
