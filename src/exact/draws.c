// SPDX-License-Identifier: MIT
//
// What a draw can come to, and how probable each is.
#include "base/limits.h"
#include "exact/fork.h"
#include "math/bits.h"
#include "math/dist.h"
#include "math/elementary.h"

#define NEGLIGIBLE 1e-36 // of the most probable count: farther tails are cut off

static void add(Fork *f, Pieces *pieces, double p, uint64_t value)
{
    if (p > 0) {
        vec_push(f->arena, pieces, ((Piece){.p = p, .value = value}));
    }
}

static void trial(Fork *f, const XIns *ins, Pieces *pieces)
{
    double p = double_of(f->regs[ins->a]);
    p = ins->op == OP_BERN ? p : m_logistic(p);
    p = p > 0 ? p : 0; // not a number: never
    p = p < 1 ? p : 1;
    add(f, pieces, p, UINT64_MAX);
    add(f, pieces, 1 - p, 0);
}

static void choice(Fork *f, const XIns *ins, Pieces *pieces)
{
    double odds[LIMIT_OPTIONS], best = -MATH_INF, total = 0;
    int32_t n = ins->n_args / 2;
    ASSERT(n <= LIMIT_OPTIONS);
    for (int32_t i = 0; i < n; i++) {
        double x = double_of(f->regs[ins->args[2 * i]]);
        Slot open = ins->args[2 * i + 1];
        bool is_open = open == SLOT_NONE || f->regs[open];
        odds[i] = is_open ? x : MATH_NAN;
        best = odds[i] > best ? odds[i] : best;
    }
    for (int32_t i = 0; i < n; i++) {
        double odd = ins->op == OP_SOFTMAX ? m_exp(odds[i] - best) : odds[i];
        odds[i] = odd > 0 ? odd : 0;
        total += odds[i];
    }
    for (int32_t i = 0; i < n && total > 0; i++) {
        add(f, pieces, odds[i] / total, bits_of((double)i));
    }
    if (!(total > 0)) {
        add(f, pieces, 1, bits_of(-1));
    }
}

// P(k) / P(k - 1) of Poisson and binomial.
static double ratio(DistKind kind, const double *params, double k)
{
    if (kind == DIST_POISSON) {
        return params[0] / k;
    }
    return (params[0] - k + 1) / k * (params[1] / (1 - params[1]));
}

// From the mode to both sides by the ratios of neighbours, then to a sum of 1: every probability is
// right to a few roundings for each step from the mode.
static void counts(Fork *f, DistKind kind, const double *params, Pieces *pieces)
{
    double top = kind == DIST_POISSON ? MATH_INF : params[0];
    double mode = m_floor(kind == DIST_POISSON ? params[0] : (params[0] + 1) * params[1]);
    mode = mode < top ? mode : top;
    VEC(double) below = {0};
    for (double k = mode, p = 1; k >= 1;) {
        p /= ratio(kind, params, k--);
        if (p < NEGLIGIBLE) {
            break;
        }
        vec_push(f->arena, &below, p);
    }
    int32_t first = pieces->n;
    double sum = 0;
    for (int32_t i = below.n - 1; i >= 0; i--) {
        add(f, pieces, below.p[i], bits_of(mode - 1 - i));
        sum += below.p[i];
    }
    for (double k = mode, p = 1; k <= top && p >= NEGLIGIBLE; p *= ratio(kind, params, ++k)) {
        add(f, pieces, p, bits_of(k));
        sum += p;
    }
    for (int32_t i = first; i < pieces->n; i++) {
        pieces->p[i].p /= sum;
    }
    f->lost += NEGLIGIBLE * 4; // the tails beyond fall off faster than by halves
}

static bool distribution(Fork *f, const XIns *ins, Pieces *pieces)
{
    DistKind kind = (DistKind)ins->c;
    double params[DIST_MAX_PARAMS] = {0};
    for (int32_t i = 0; i < ins->n_args; i++) {
        params[i] = double_of(f->regs[ins->args[i]]);
    }
    if (!dist_valid(kind, params)) {
        add(f, pieces, 1, bits_of(MATH_NAN));
        return true;
    }
    switch (kind) {
    case DIST_POINT: add(f, pieces, 1, bits_of(params[0])); return true;
    case DIST_BERNOULLI:
        add(f, pieces, 1 - params[0], bits_of(0));
        add(f, pieces, params[0], bits_of(1));
        return true;
    case DIST_BINOMIAL:
        if (!(params[1] > 0) || !(params[0] >= 1)) {
            add(f, pieces, 1, bits_of(0));
        } else if (!(params[1] < 1)) {
            add(f, pieces, 1, bits_of(params[0]));
        } else {
            counts(f, kind, params, pieces);
        }
        return true;
    case DIST_POISSON:
        if (!(params[0] > 0)) {
            add(f, pieces, 1, bits_of(0));
        } else {
            counts(f, kind, params, pieces);
        }
        return true;
    default: return false;
    }
}

bool draw_pieces(Fork *f, const XIns *ins, Pieces *pieces)
{
    switch (ins->op) {
    case OP_BERN:
    case OP_BERNLOG: trial(f, ins, pieces); return true;
    case OP_SOFTMAX:
    case OP_WEIGHTED: choice(f, ins, pieces); return true;
    case OP_DIST: return distribution(f, ins, pieces);
    default: return false;
    }
}
