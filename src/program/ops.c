// SPDX-License-Identifier: MIT
//
// The table of operations and the way to walk an instruction's operands. The rows stand in ops.def.
#include "program/walk.h"

#include <string.h>

#include "base/error.h"
#include "math/dist.h"

const OpInfo *op_info(OpCode op)
{
    static const OpInfo INFO[OP_COUNT] = {
#define OP(name, kinds, doc) {#name, kinds, doc},
#include "program/ops.def"
#undef OP
    };
    ASSERT(op < OP_COUNT);
    return &INFO[op];
}

char op_result(OpCode op)
{
    const char *arrow = strchr(op_info(op)->kinds, '>');
    return arrow ? arrow[1] : 0;
}

bool op_draws(OpCode op)
{
    return op == OP_UNIFORM || op == OP_QTABLE || op == OP_BERN || op == OP_BERNLOG ||
           op == OP_SOFTMAX || op == OP_WEIGHTED || op == OP_DIST;
}

bool op_has_body(OpCode op)
{
    return op == OP_REGION || op == OP_IFSTEP;
}

uint32_t ins_site(const Ins *ins)
{
    ASSERT(op_draws((OpCode)ins->op));
    return ins->op == OP_BERN || ins->op == OP_BERNLOG ? ins->b : ins->a;
}

ArgList ins_args(const Ins *ins)
{
    uint32_t n = 0;
    switch ((OpCode)ins->op) {
    case OP_LIN:
    case OP_SOFTMAX:
    case OP_WEIGHTED: n = 2 * ins->c; break;
    case OP_DIST: n = (uint32_t)dist_info((DistKind)ins->c)->n_params; break;
    default: return (ArgList){0, 0};
    }
    return (ArgList){ins->b, n};
}

void ins_visit_reads(const Program *program, const Ins *ins, RegVisit *visit, void *ctx)
{
    const Reg fixed[3] = {ins->a, ins->b, ins->c};
    const char *kinds = op_info((OpCode)ins->op)->kinds;
    int at = 0;
    for (const char *k = kinds; (*k == 'f' || *k == 'm') && at < 3; k++) {
        visit(ctx, fixed[at++], *k);
    }
    ArgList list = ins_args(ins);
    bool choices = ins->op == OP_SOFTMAX || ins->op == OP_WEIGHTED;
    for (uint32_t i = 0; i < list.n; i++) {
        Reg reg = program->args[list.first + i];
        bool availability = choices && (i & 1);
        if (!(availability && reg == REG_NONE)) {
            visit(ctx, reg, availability ? 'm' : 'f');
        }
    }
}

RegionArgs region_args(const Program *program, const Ins *ins)
{
    ASSERT(ins->op == OP_REGION);
    const uint32_t *p = program->args + ins->b;
    RegionArgs args = {.n_in = (int32_t)p[0], .in = p + 1};
    p += 1 + 2 * p[0];
    args.n_out = (int32_t)p[0];
    args.out = p + 1;
    return args;
}
