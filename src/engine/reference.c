// SPDX-License-Identifier: MIT
//
// The scalar reference executor: a switch over operations, one future at a time. It is written to
// be read beside ops.def, not to be fast, and shares nothing with the vector kernels: only the
// scalar functions of math, which define what an operation means.
#include "engine/reference.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "math/bits.h"
#include "math/dist.h"
#include "math/draw.h"
#include "math/elementary.h"
#include "program/walk.h"

struct Reference {
    const Program *program;
    Arena *arena;
    uint64_t seed;
    // Registers as bits: doubles, or masks of 64 bits.
    uint64_t *cols, *world_cols, *unis;
    // What a draw's place is made of.
    DrawDomain domain;
    uint32_t world, future, step;
    int32_t step_now; // -1: not yet in a step
    bool in_world;
    const Watch *watch;
};

#define YES UINT64_MAX

// Registers

static uint64_t *slot(const Reference *r, Reg reg)
{
    ASSERT(reg != REG_NONE);
    if (reg & REG_UNI) {
        return r->unis + REG_INDEX(reg);
    }
    return (r->in_world ? r->world_cols : r->cols) + reg;
}

static double num(const Reference *r, Reg reg)
{
    return double_of(*slot(r, reg));
}

static bool yes(const Reference *r, Reg reg)
{
    return *slot(r, reg) != 0;
}

static void put(Reference *r, const Ins *ins, double x)
{
    *slot(r, ins->d) = bits_of(x);
}

static void put_mask(Reference *r, const Ins *ins, bool x)
{
    *slot(r, ins->d) = x ? YES : 0;
}

// Draws

typedef struct {
    uint32_t first, second;
} Words;

static DrawPlace place_of(const Reference *r, const Ins *ins)
{
    uint32_t site = r->program->sites[ins_site(ins)].hash;
    return (DrawPlace){.future = r->future, .world = r->world, .step = r->step, .site = site};
}

static Words words_of(const Reference *r, const Ins *ins)
{
    DrawPlace place = place_of(r, ins);
    return (Words){draw_word(r->seed, r->domain, place), draw_word(r->seed, DRAW_SECOND, place)};
}

static void draw_table(Reference *r, const Ins *ins)
{
    Words w = words_of(r, ins);
    put(r, ins, qtable_draw(r->program->tables[ins->b], w.first, w.second));
}

static void draw_trial(Reference *r, const Ins *ins)
{
    double p = ins->op == OP_BERN ? num(r, ins->a) : m_logistic(num(r, ins->a));
    put_mask(r, ins, draw_bernoulli_at(p, r->seed, r->domain, place_of(r, ins)));
}

static void draw_dist(Reference *r, const Ins *ins)
{
    double params[DIST_MAX_PARAMS];
    int32_t n = dist_info((DistKind)ins->c)->n_params;
    for (int32_t i = 0; i < n; i++) {
        params[i] = num(r, r->program->args[ins->b + (uint32_t)i]);
    }
    Words w = words_of(r, ins);
    put(r, ins, dist_draw((DistKind)ins->c, params, w.first, w.second));
}

static bool option_open(const Reference *r, const Ins *ins, uint32_t option)
{
    Reg open = r->program->args[ins->b + 2 * option + 1];
    return open == REG_NONE || yes(r, open);
}

// Odds of each option: weights as they are, worths as e^(worth - the highest).
static void find_odds(const Reference *r, const Ins *ins, double *odds)
{
    const uint32_t *args = r->program->args + ins->b;
    double best = -MATH_INF;
    for (uint32_t i = 0; i < ins->c; i++) {
        double worth = num(r, args[2 * i]);
        best = option_open(r, ins, i) && worth > best ? worth : best;
    }
    for (uint32_t i = 0; i < ins->c; i++) {
        double value = num(r, args[2 * i]);
        double odd = ins->op == OP_SOFTMAX ? m_exp(value - best) : value > 0.0 ? value : 0.0;
        odds[i] = option_open(r, ins, i) ? odd : 0.0;
    }
}

static void draw_choice(Reference *r, const Ins *ins)
{
    double odds[LIMIT_OPTIONS];
    find_odds(r, ins, odds);
    double total = 0.0;
    for (uint32_t i = 0; i < ins->c; i++) {
        total = total + odds[i];
    }
    Words w = words_of(r, ins);
    double mark = draw_uniform64(w.first, w.second) * total;
    double below = 0.0;
    int32_t chosen = -1;
    for (uint32_t i = 0; i < ins->c; i++) {
        below = below + odds[i];
        if (odds[i] > 0.0) {
            chosen = (int32_t)i;
        }
        if (mark < below) {
            break;
        }
    }
    put(r, ins, (double)chosen);
}

// Operations

static double clamp(double a, double b, double c)
{
    double low = b > a ? b : a;
    return c < low ? c : low;
}

static double linear(const Reference *r, const Ins *ins)
{
    double y = num(r, ins->a);
    for (uint32_t i = 0; i < ins->c; i++) {
        const uint32_t *term = &r->program->args[ins->b + 2 * i];
        y = y + num(r, term[0]) * num(r, term[1]);
    }
    return y;
}

static void run_code(Reference *r, const Ins *ins, int32_t n);

static void run_region(Reference *r, const Ins *ins)
{
    if (!yes(r, ins->a)) {
        return;
    }
    uint64_t *cols = r->in_world ? r->world_cols : r->cols;
    RegionArgs args = region_args(r->program, ins);
    for (int32_t i = 0; i < args.n_in; i++) {
        cols[args.in[2 * i + 1]] = cols[args.in[2 * i]];
    }
    run_code(r, ins + 1, (int32_t)ins->c);
    for (int32_t i = 0; i < args.n_out; i++) {
        cols[args.out[2 * i + 1]] = cols[args.out[2 * i]];
    }
}

static void tell_note(const Reference *r, const Ins *ins)
{
    if (r->watch && r->watch->note && yes(r, ins->a)) {
        r->watch->note(r->watch->ctx, r, r->step_now, &r->program->notes[ins->b]);
    }
}

static void tell_failure(const Reference *r, const Ins *ins)
{
    if (r->watch && r->watch->check_failed && yes(r, ins->a)) {
        r->watch->check_failed(r->watch->ctx, r, r->step_now, (int32_t)ins->b);
    }
}

static void run_ins(Reference *r, const Ins *ins)
{
    switch ((OpCode)ins->op) {
    case OP_MOV: put(r, ins, num(r, ins->a)); break;
    case OP_MOVM: put_mask(r, ins, yes(r, ins->a)); break;
    case OP_ADD: put(r, ins, num(r, ins->a) + num(r, ins->b)); break;
    case OP_SUB: put(r, ins, num(r, ins->a) - num(r, ins->b)); break;
    case OP_MUL: put(r, ins, num(r, ins->a) * num(r, ins->b)); break;
    case OP_DIV: put(r, ins, num(r, ins->a) / num(r, ins->b)); break;
    case OP_NEG: put(r, ins, -num(r, ins->a)); break;
    case OP_ABS: put(r, ins, m_abs(num(r, ins->a))); break;
    case OP_MIN: put(r, ins, m_min(num(r, ins->a), num(r, ins->b))); break;
    case OP_MAX: put(r, ins, m_max(num(r, ins->a), num(r, ins->b))); break;
    case OP_CLAMP: put(r, ins, clamp(num(r, ins->a), num(r, ins->b), num(r, ins->c))); break;
    case OP_FLOOR: put(r, ins, m_floor(num(r, ins->a))); break;
    case OP_ROUND: put(r, ins, m_round(num(r, ins->a))); break;
    case OP_SQRT: put(r, ins, m_sqrt(num(r, ins->a))); break;
    case OP_EXP: put(r, ins, m_exp(num(r, ins->a))); break;
    case OP_LOG: put(r, ins, m_log(num(r, ins->a))); break;
    case OP_LOG1P: put(r, ins, m_log1p(num(r, ins->a))); break;
    case OP_POW: put(r, ins, m_pow(num(r, ins->a), num(r, ins->b))); break;
    case OP_LOGISTIC: put(r, ins, m_logistic(num(r, ins->a))); break;
    case OP_HAZARD: put(r, ins, -m_expm1(-num(r, ins->a))); break;
    case OP_LIN: put(r, ins, linear(r, ins)); break;
    case OP_SCORE: put(r, ins, qtable_score(r->program->tables[ins->b], num(r, ins->a))); break;
    case OP_LT: put_mask(r, ins, num(r, ins->a) < num(r, ins->b)); break;
    case OP_LE: put_mask(r, ins, num(r, ins->a) <= num(r, ins->b)); break;
    case OP_EQ: put_mask(r, ins, num(r, ins->a) == num(r, ins->b)); break;
    case OP_NE: {
        double a = num(r, ins->a);
        double b = num(r, ins->b);
        put_mask(r, ins, a < b || a > b);
        break;
    }
    case OP_AND: put_mask(r, ins, yes(r, ins->a) && yes(r, ins->b)); break;
    case OP_OR: put_mask(r, ins, yes(r, ins->a) || yes(r, ins->b)); break;
    case OP_ANDNOT: put_mask(r, ins, yes(r, ins->a) && !yes(r, ins->b)); break;
    case OP_NOT: put_mask(r, ins, !yes(r, ins->a)); break;
    case OP_DEFINED: put_mask(r, ins, !m_is_nan(num(r, ins->a))); break;
    case OP_NUM: put(r, ins, yes(r, ins->a) ? 1.0 : 0.0); break;
    case OP_SEL: put(r, ins, yes(r, ins->a) ? num(r, ins->b) : num(r, ins->c)); break;
    case OP_SELM: put_mask(r, ins, yes(r, ins->a) ? yes(r, ins->b) : yes(r, ins->c)); break;
    case OP_UNIFORM: put(r, ins, draw_uniform(words_of(r, ins).first)); break;
    case OP_QTABLE: draw_table(r, ins); break;
    case OP_BERN:
    case OP_BERNLOG: draw_trial(r, ins); break;
    case OP_SOFTMAX:
    case OP_WEIGHTED: draw_choice(r, ins); break;
    case OP_DIST: draw_dist(r, ins); break;
    case OP_REGION: run_region(r, ins); break;
    case OP_IFSTEP:
        if (yes(r, ins->a)) {
            run_code(r, ins + 1, (int32_t)ins->c);
        }
        break;
    case OP_FAIL: tell_failure(r, ins); break;
    case OP_NOTE: tell_note(r, ins); break;
    case OP_COUNT: ASSERT(!"an operation");
    }
}

static void run_code(Reference *r, const Ins *ins, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        run_ins(r, &ins[i]);
        if (op_has_body((OpCode)ins[i].op)) {
            i += (int32_t)ins[i].c;
        }
    }
}

// A future

Reference *reference_new(const Program *program, uint64_t seed)
{
    Arena *arena = arena_new(0);
    Reference *r = ARENA_NEW(arena, Reference);
    r->program = program;
    r->arena = arena;
    r->seed = seed;
    r->cols = ARENA_ARRAY(arena, uint64_t, program->n_cols + 1);
    r->world_cols = ARENA_ARRAY(arena, uint64_t, program->n_world_cols + 1);
    r->unis = ARENA_ARRAY(arena, uint64_t, program->n_unis + UNI_FIRST_FREE);
    return r;
}

void reference_free(Reference *ref)
{
    if (ref) {
        arena_free(ref->arena);
    }
}

static void set_uniforms(Reference *r, int32_t step)
{
    const Program *p = r->program;
    int32_t k = step < 0 ? 0 : step;
    r->step_now = step;
    r->step = (uint32_t)k;
    r->unis[UNI_STEP] = bits_of((double)k);
    r->unis[UNI_TODAY] = bits_of(p->step_start[k]);
    r->unis[UNI_STEP_DAYS] = bits_of(p->step_start[k + 1] - p->step_start[k]);
    r->unis[UNI_LAST] = k == p->n_steps - 1 ? YES : 0;
    r->unis[UNI_INITIAL] = step < 0 ? YES : 0;
    run_code(r, p->uniform.p, p->uniform.n);
}

static void run_world(Reference *r, uint32_t world)
{
    r->in_world = true;
    r->domain = DRAW_WORLD;
    r->world = world;
    r->future = 0;
    run_code(r, r->program->world.p, r->program->world.n);
    r->in_world = false;
    for (int32_t i = 0; i < r->program->n_expand; i++) {
        const Expand *x = &r->program->expand[i];
        r->cols[x->col] = r->world_cols[x->world_col];
    }
}

// Look at the end of a step (or of the start); does the future end here?
static bool look(Reference *r)
{
    const Program *p = r->program;
    run_code(r, p->look.p, p->look.n);
    if (r->watch && r->watch->step_done) {
        r->watch->step_done(r->watch->ctx, r, r->step_now);
    }
    return p->stop != REG_NONE && yes(r, p->stop);
}

int32_t reference_run(Reference *ref, uint32_t world, uint32_t future, const Watch *watch)
{
    const Program *p = ref->program;
    ref->watch = watch;
    memset(ref->cols, 0, p->n_cols * sizeof ref->cols[0]);
    memset(ref->world_cols, 0, p->n_world_cols * sizeof ref->world_cols[0]);
    memset(ref->unis, 0, p->n_unis * sizeof ref->unis[0]);
    for (int32_t i = 0; i < p->n_consts; i++) {
        const ConstUni *c = &p->consts[i];
        ref->unis[c->uni] = c->is_mask ? (c->value != 0.0 ? YES : 0) : bits_of(c->value);
    }
    set_uniforms(ref, -1);
    run_world(ref, world);
    ref->domain = DRAW_STEP;
    ref->future = future;
    run_code(ref, p->start.p, p->start.n);
    bool ended = look(ref);
    int32_t step = 0;
    for (; step < p->n_steps && !ended; step++) {
        set_uniforms(ref, step);
        run_code(ref, p->step.p, p->step.n);
        ended = look(ref);
    }
    run_code(ref, p->finish.p, p->finish.n);
    return step;
}

// Reading

double reference_reg(const Reference *ref, Reg reg, bool is_mask)
{
    uint64_t bits = *slot(ref, reg);
    return is_mask ? (bits ? 1.0 : 0.0) : double_of(bits);
}

double reference_world_col(const Reference *ref, uint32_t col)
{
    return double_of(ref->world_cols[col]);
}

double reference_result(const Reference *ref, int32_t result, bool *defined, bool *censored)
{
    const Result *res = &ref->program->results[result];
    *defined = res->defined == REG_NONE || yes(ref, res->defined);
    *censored = res->censored != REG_NONE && yes(ref, res->censored);
    return reference_reg(ref, res->value, res->kind == RESULT_FLAG);
}
