// SPDX-License-Identifier: MIT
//
// What an operation means on single values. Written anew beside ops.def and not shared with the
// engine or its reference: what they shared, the one could not check of the other.
#include "exact/script.h"

#include "math/bits.h"
#include "math/elementary.h"

#define YES UINT64_MAX

static double num(const uint64_t *regs, Slot slot)
{
    return double_of(regs[slot]);
}

static uint64_t mask(bool x)
{
    return x ? YES : 0;
}

static double fold_terms(const XIns *ins, const uint64_t *regs)
{
    double y = num(regs, ins->a);
    for (int32_t i = 0; i < ins->n_args; i += 2) {
        y = y + num(regs, ins->args[i]) * num(regs, ins->args[i + 1]);
    }
    return y;
}

static double held(double a, double b, double c)
{
    double low = b > a ? b : a;
    return c < low ? c : low;
}

static double number(const XIns *ins, const uint64_t *r)
{
    switch (ins->op) {
    case OP_ADD: return num(r, ins->a) + num(r, ins->b);
    case OP_SUB: return num(r, ins->a) - num(r, ins->b);
    case OP_MUL: return num(r, ins->a) * num(r, ins->b);
    case OP_DIV: return num(r, ins->a) / num(r, ins->b);
    case OP_NEG: return -num(r, ins->a);
    case OP_ABS: return m_abs(num(r, ins->a));
    case OP_MIN: return m_min(num(r, ins->a), num(r, ins->b));
    case OP_MAX: return m_max(num(r, ins->a), num(r, ins->b));
    case OP_CLAMP: return held(num(r, ins->a), num(r, ins->b), num(r, ins->c));
    case OP_FLOOR: return m_floor(num(r, ins->a));
    case OP_ROUND: return m_round(num(r, ins->a));
    case OP_SQRT: return m_sqrt(num(r, ins->a));
    case OP_EXP: return m_exp(num(r, ins->a));
    case OP_LOG: return m_log(num(r, ins->a));
    case OP_LOG1P: return m_log1p(num(r, ins->a));
    case OP_POW: return m_pow(num(r, ins->a), num(r, ins->b));
    case OP_LOGISTIC: return m_logistic(num(r, ins->a));
    case OP_HAZARD: return -m_expm1(-num(r, ins->a));
    case OP_LIN: return fold_terms(ins, r);
    case OP_SCORE: return qtable_true_score(ins->table, num(r, ins->a));
    case OP_NUM: return r[ins->a] ? 1 : 0;
    case X_SNAP: return snap_up(ins->grid, num(r, ins->a));
    default: ASSERT(!"an operation on numbers");
    }
}

uint64_t script_eval(const XIns *ins, const uint64_t *r)
{
    switch (ins->op) {
    case OP_MOV:
    case OP_MOVM: return r[ins->a];
    case OP_LT: return mask(num(r, ins->a) < num(r, ins->b));
    case OP_LE: return mask(num(r, ins->a) <= num(r, ins->b));
    case OP_EQ: return mask(num(r, ins->a) == num(r, ins->b));
    case OP_NE: return mask(num(r, ins->a) < num(r, ins->b) || num(r, ins->a) > num(r, ins->b));
    case OP_AND: return r[ins->a] & r[ins->b];
    case OP_OR: return r[ins->a] | r[ins->b];
    case OP_ANDNOT: return r[ins->a] & ~r[ins->b];
    case OP_NOT: return ~r[ins->a];
    case OP_DEFINED: return mask(!m_is_nan(num(r, ins->a)));
    case OP_SEL:
    case OP_SELM: return r[ins->a] ? r[ins->b] : r[ins->c];
    default: return bits_of(number(ins, r));
    }
}

bool x_draws(const XIns *ins)
{
    switch (ins->op) {
    case OP_UNIFORM:
    case OP_QTABLE:
    case OP_BERN:
    case OP_BERNLOG:
    case OP_SOFTMAX:
    case OP_WEIGHTED:
    case OP_DIST: return true;
    default: return false;
    }
}
