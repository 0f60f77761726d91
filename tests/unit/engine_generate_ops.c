// SPDX-License-Identifier: MIT
//
// Random programs, operation by operation: see engine_generate_impl.h. A scope holds the registers
// that may be read where code is being written, numbers and masks apart.
#include "engine_generate_impl.h"

#include <stdio.h>

#include "base/limits.h"
#include "engine_generate_dist.h"
#include "program/walk.h"

uint64_t generate_random(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int32_t gen_below(Gen *g, int32_t n)
{
    if (g->bytes.n >= 2) {
        uint32_t two = (uint32_t)(unsigned char)g->bytes.p[0] << 8 | (unsigned char)g->bytes.p[1];
        g->bytes = str_sub(g->bytes, 2, g->bytes.n);
        return (int32_t)(two % (uint32_t)n);
    }
    return (int32_t)(generate_random(&g->state) % (uint64_t)n);
}

bool gen_chance(Gen *g, int32_t percent)
{
    return gen_below(g, 100) < percent;
}

// Numbers of many sizes, and now and then one that makes trouble.
double gen_number(Gen *g)
{
    static const double AWKWARD[] = {0.0,
                                     -0.0,
                                     1.0,
                                     -1.0,
                                     0.5,
                                     2.0,
                                     1e300,
                                     -1e300,
                                     1e-310,
                                     709.5,
                                     -745.0,
                                     0x1p52,
                                     4503599627370497.5,
                                     1e-20,
                                     3.0};
    if (gen_chance(g, 20)) {
        return AWKWARD[gen_below(g, (int32_t)(sizeof AWKWARD / sizeof AWKWARD[0]))];
    }
    double size = gen_chance(g, 80) ? 4.0 : 60.0;
    return size * ((double)gen_below(g, 20001) / 10000.0 - 1.0);
}

Reg gen_pick(Gen *g, const Regs *regs)
{
    return regs->p[gen_below(g, regs->n)];
}

// Operands: mostly columns, sometimes uniforms or constants.
Reg gen_read_num(Gen *g, const Scope *s)
{
    if (s->num.n && gen_chance(g, 70)) {
        return gen_pick(g, &s->num);
    }
    return gen_chance(g, 40) ? gen_pick(g, &s->uni_num) : builder_const(g->b, gen_number(g));
}

Reg gen_read_mask(Gen *g, const Scope *s)
{
    if (s->mask.n && gen_chance(g, 85)) {
        return gen_pick(g, &s->mask);
    }
    return gen_chance(g, 60) ? gen_pick(g, &s->uni_mask)
                             : builder_const_mask(g->b, gen_chance(g, 50));
}

Reg gen_uni_num(Gen *g, const Scope *s)
{
    return gen_chance(g, 50) ? gen_pick(g, &s->uni_num) : builder_const(g->b, gen_number(g));
}

Reg gen_fresh_column(Gen *g, const Scope *s)
{
    return s->world ? g->n_world++ : g->b->program.n_cols++;
}

void gen_drop(Regs *regs, Reg reg)
{
    for (int32_t i = 0; i < regs->n; i++) {
        if (regs->p[i] == reg) {
            regs->p[i] = regs->p[--regs->n];
            return;
        }
    }
}

static bool is_home(const Scope *s, Reg reg)
{
    for (int32_t i = 0; i < s->home_num.n; i++) {
        if (s->home_num.p[i] == reg) {
            return true;
        }
    }
    for (int32_t i = 0; i < s->home_mask.n; i++) {
        if (s->home_mask.p[i] == reg) {
            return true;
        }
    }
    return false;
}

// Where to write: a home of that kind, a fresh column, or one in use that may change its kind.
static Reg write_to(Gen *g, Scope *s, char kind)
{
    const Regs *homes = kind == 'f' ? &s->home_num : &s->home_mask;
    Regs *same = kind == 'f' ? &s->num : &s->mask;
    Regs *other = kind == 'f' ? &s->mask : &s->num;
    int32_t way = gen_below(g, 10);
    if (way < 4 && homes->n) {
        return gen_pick(g, homes);
    }
    if (way == 4 && same->n) {
        return gen_pick(g, same);
    }
    if (way == 5 && other->n) {
        Reg reg = gen_pick(g, other);
        if (!is_home(s, reg)) {
            gen_drop(other, reg);
            vec_push(g->arena, same, reg);
            return reg;
        }
    }
    return gen_fresh_column(g, s);
}

void gen_note_written(Gen *g, Scope *s, Reg reg, char kind)
{
    Regs *same = kind == 'f' ? &s->num : &s->mask;
    for (int32_t i = 0; i < same->n; i++) {
        if (same->p[i] == reg) {
            return;
        }
    }
    vec_push(g->arena, same, reg);
}

int32_t gen_emit(Gen *g, CodeBuilder *code, OpCode op, Reg d, Reg a, Reg b, Reg c)
{
    if (g->counts) {
        g->counts->ops[op]++;
    }
    return builder_ins(g->b, code, op, d, a, b, c);
}

uint32_t gen_new_site(Gen *g)
{
    char name[32];
    snprintf(name, sizeof name, "site.%d", g->n_sites++);
    return builder_site(g->b, name);
}

// Instructions

// Operands are read before the destination is chosen, which may be one of them.
void gen_plain(Gen *g, CodeBuilder *code, Scope *s, OpCode op)
{
    const char *kinds = op_info(op)->kinds;
    Reg operand[3] = {REG_NONE, REG_NONE, REG_NONE};
    for (int i = 0; i < 3 && (kinds[i] == 'f' || kinds[i] == 'm'); i++) {
        operand[i] = kinds[i] == 'f' ? gen_read_num(g, s) : gen_read_mask(g, s);
    }
    char result = op_result(op);
    Reg d = write_to(g, s, result);
    gen_emit(g, code, op, d, operand[0], operand[1], operand[2]);
    gen_note_written(g, s, d, result);
}

// Two instructions with a column between them that no other reads: what the engine makes one of.
void gen_pair(Gen *g, CodeBuilder *code, Scope *s)
{
    static const OpCode OPS[] = {OP_LT,      OP_LE,  OP_EQ,  OP_AND, OP_OR,    OP_ANDNOT, OP_NOT,
                                 OP_DEFINED, OP_ADD, OP_SUB, OP_MUL, OP_MAX,   OP_MIN,    OP_NUM,
                                 OP_CLAMP,   OP_SEL, OP_EXP, OP_DIV, OP_HAZARD};
    const int32_t n_ops = (int32_t)(sizeof OPS / sizeof OPS[0]);
    OpCode first = OPS[gen_below(g, n_ops)];
    Reg operand[3] = {REG_NONE, REG_NONE, REG_NONE};
    const char *kinds = op_info(first)->kinds;
    for (int i = 0; i < 3 && (kinds[i] == 'f' || kinds[i] == 'm'); i++) {
        operand[i] = kinds[i] == 'f' ? gen_read_num(g, s) : gen_read_mask(g, s);
    }
    Reg between = gen_fresh_column(g, s);
    gen_emit(g, code, first, between, operand[0], operand[1], operand[2]);
    if (first == OP_HAZARD && s->draws) {
        Reg d = write_to(g, s, 'm');
        gen_emit(g, code, OP_BERN, d, between, gen_new_site(g), 0);
        gen_note_written(g, s, d, 'm');
        return;
    }
    for (int32_t tries = 0; tries < 20; tries++) {
        OpCode second = OPS[gen_below(g, n_ops)];
        kinds = op_info(second)->kinds;
        int place = gen_below(g, 3);
        bool fits = kinds[place] == op_result(first);
        for (int i = 0; i < place; i++) {
            fits = fits && (kinds[i] == 'f' || kinds[i] == 'm');
        }
        if (!fits) {
            continue;
        }
        for (int i = 0; i < 3 && (kinds[i] == 'f' || kinds[i] == 'm'); i++) {
            Reg other = kinds[i] == 'f' ? gen_read_num(g, s) : gen_read_mask(g, s);
            operand[i] = i == place ? between : other;
        }
        Reg d = gen_chance(g, 20) && op_result(second) == op_result(first)
                    ? between
                    : write_to(g, s, op_result(second));
        gen_emit(g, code, second, d, operand[0], operand[1], operand[2]);
        gen_note_written(g, s, d, op_result(second));
        return;
    }
}

// Three in a row: a number raised or lowered, up to a bound, where a mask is.
void gen_raise(Gen *g, CodeBuilder *code, Scope *s)
{
    static const OpCode BOUNDS[] = {OP_MIN, OP_MAX, OP_CLAMP};
    Reg x = gen_read_num(g, s);
    Reg by = gen_uni_num(g, s);
    Reg low = gen_uni_num(g, s);
    Reg high = gen_uni_num(g, s);
    Reg mask = gen_read_mask(g, s);
    Reg other = gen_chance(g, 60) ? x : gen_read_num(g, s);
    OpCode bound = BOUNDS[gen_below(g, 3)];
    Reg moved = gen_fresh_column(g, s);
    Reg kept = gen_chance(g, 50) ? moved : gen_fresh_column(g, s);
    gen_emit(g, code, gen_chance(g, 50) ? OP_ADD : OP_SUB, moved, x, by, 0);
    gen_emit(g, code, bound, kept, moved, low, bound == OP_CLAMP ? high : 0);
    Reg d = write_to(g, s, 'f');
    gen_emit(g, code, OP_SEL, d, mask, kept, other);
    gen_note_written(g, s, d, 'f');
}

static void to_home(Gen *g, CodeBuilder *code, Scope *s, OpCode op, Reg a, Reg b, Reg c)
{
    char kind = op_result(op);
    Reg d = write_to(g, s, kind);
    gen_emit(g, code, op, d, a, b, c);
    gen_note_written(g, s, d, kind);
}

// A form of a uniform or a column and up to `most` terms, in a fresh column.
static Reg fresh_form(Gen *g, CodeBuilder *code, Scope *s, int32_t most)
{
    Reg a = gen_chance(g, 70) ? gen_uni_num(g, s) : gen_pick(g, &s->num);
    uint32_t first = (uint32_t)g->b->args.n;
    int32_t n = 1 + gen_below(g, most);
    for (int32_t i = 0; i < n; i++) {
        builder_arg(g->b, gen_uni_num(g, s));
        builder_arg(g->b, gen_pick(g, &s->num));
    }
    Reg form = gen_fresh_column(g, s);
    gen_emit(g, code, OP_LIN, form, a, first, (uint32_t)n);
    return form;
}

// A hazard: a trial whose log-odds are a form, and what allows it.
static void gen_log_odds(Gen *g, CodeBuilder *code, Scope *s)
{
    Reg form = fresh_form(g, code, s, 4);
    Reg yes = gen_fresh_column(g, s);
    gen_emit(g, code, OP_BERNLOG, yes, form, gen_new_site(g), 0);
    OpCode both = gen_chance(g, 50) ? OP_AND : OP_ANDNOT;
    Reg mask = gen_read_mask(g, s);
    to_home(g, code, s, both, yes, mask, 0);
}

// 1 - e^(k a), or that times a column.
static void gen_decay(Gen *g, CodeBuilder *code, Scope *s)
{
    Reg k = gen_uni_num(g, s);
    Reg x = gen_pick(g, &s->num);
    Reg other = gen_chance(g, 50) ? gen_pick(g, &s->num) : REG_NONE;
    Reg product = gen_fresh_column(g, s);
    Reg power = gen_fresh_column(g, s);
    gen_emit(g, code, OP_MUL, product, k, x, 0);
    gen_emit(g, code, OP_EXP, power, product, 0, 0);
    if (other != REG_NONE) {
        to_home(g, code, s, OP_MUL, power, other, 0);
        return;
    }
    Reg from = gen_uni_num(g, s);
    Reg minus = builder_const(g->b, -1);
    uint32_t first = (uint32_t)g->b->args.n;
    builder_arg(g->b, minus);
    builder_arg(g->b, power);
    to_home(g, code, s, OP_LIN, from, first, 1);
}

// What follows a choice: a number set to one of some values, the first of them perhaps in some
// steps only.
static void gen_match(Gen *g, CodeBuilder *code, Scope *s)
{
    Reg choice = gen_pick(g, &s->num);
    Reg other = gen_read_num(g, s);
    Reg d = write_to(g, s, 'f');
    int32_t n = 2 + gen_below(g, 5), at = -1;
    int32_t n_inside = gen_chance(g, 30) ? 1 + gen_below(g, n) : 0;
    if (n_inside > 0) {
        Reg when = gen_pick(g, &s->uni_mask);
        gen_emit(g, code, OP_MOV, d, other, 0, 0);
        at = gen_emit(g, code, OP_IFSTEP, 0, when, 0, 0);
    }
    for (int32_t i = 0; i < n; i++) {
        Reg is = gen_fresh_column(g, s);
        Reg key = gen_chance(g, 70) ? builder_const(g->b, i) : gen_uni_num(g, s);
        Reg value = gen_uni_num(g, s);
        gen_emit(g, code, OP_EQ, is, choice, key, 0);
        bool anew = (i == 0 && n_inside == 0) || gen_chance(g, 10); // whatever was set before
        gen_emit(g, code, OP_SEL, d, is, value, anew ? other : d);
        if (i + 1 == n_inside) {
            code->ins.p[at].c = (uint32_t)(code->ins.n - at - 1);
        }
    }
    gen_note_written(g, s, d, 'f');
}

// A product of several, of which one may be chosen.
static void gen_factors(Gen *g, CodeBuilder *code, Scope *s)
{
    Reg x[3];
    for (int i = 0; i < 3; i++) {
        x[i] = gen_pick(g, &s->num);
    }
    Reg k = gen_uni_num(g, s);
    Reg otherwise = gen_uni_num(g, s);
    Reg last = gen_pick(g, &s->num);
    Reg a = gen_fresh_column(g, s);
    Reg b = gen_fresh_column(g, s);
    if (gen_chance(g, 50)) {
        gen_emit(g, code, OP_MUL, a, x[0], x[1], 0);
        gen_emit(g, code, OP_MUL, b, a, x[2], 0);
    } else {
        gen_emit(g, code, OP_EQ, a, x[0], k, 0);
        gen_emit(g, code, OP_SEL, b, a, x[1], otherwise);
    }
    to_home(g, code, s, OP_MUL, last, b, 0);
}

// A form that keeps above a bound.
static void gen_at_least(Gen *g, CodeBuilder *code, Scope *s)
{
    Reg bound = gen_uni_num(g, s);
    Reg form = fresh_form(g, code, s, 9);
    to_home(g, code, s, OP_MAX, form, bound, 0);
}

static void gen_products(Gen *g, CodeBuilder *code, Scope *s)
{
    uint32_t first = (uint32_t)g->b->args.n;
    int32_t n = 1 + gen_below(g, 4);
    for (int32_t i = 0; i < 2 * n; i++) {
        builder_arg(g->b, gen_pick(g, &s->num));
    }
    Reg a = gen_chance(g, 50) ? gen_uni_num(g, s) : gen_pick(g, &s->num);
    to_home(g, code, s, OP_LIN, a, first, (uint32_t)n);
}

// Several instructions that often follow each other, with columns between them that no other reads.
void gen_shape(Gen *g, CodeBuilder *code, Scope *s)
{
    if (s->num.n == 0) {
        gen_pair(g, code, s);
        return;
    }
    int32_t shape = gen_below(g, 6);
    if (shape == 0 && s->draws) {
        gen_log_odds(g, code, s);
        return;
    }
    switch (shape) {
    case 1: gen_decay(g, code, s); break;
    case 2: gen_match(g, code, s); break;
    case 3: gen_products(g, code, s); break;
    case 4: gen_at_least(g, code, s); break;
    default: gen_factors(g, code, s); break;
    }
}

void gen_lin(Gen *g, CodeBuilder *code, Scope *s)
{
    int32_t n = gen_chance(g, 15) ? gen_below(g, 21) : gen_below(g, 9);
    uint32_t first = (uint32_t)g->b->args.n;
    bool plain = gen_chance(g, 60);
    for (int32_t i = 0; i < n; i++) {
        builder_arg(g->b, plain ? gen_uni_num(g, s) : gen_read_num(g, s));
        builder_arg(g->b, plain && s->num.n ? gen_pick(g, &s->num) : gen_read_num(g, s));
    }
    Reg a = gen_read_num(g, s);
    Reg d = write_to(g, s, 'f');
    if (gen_chance(g, 30)) { // kept within bounds, and itself forgotten
        Reg between = gen_fresh_column(g, s);
        Reg low = gen_uni_num(g, s);
        Reg high = gen_uni_num(g, s);
        gen_emit(g, code, OP_LIN, between, a, first, (uint32_t)n);
        gen_emit(g, code, OP_CLAMP, d, between, low, high);
    } else {
        gen_emit(g, code, OP_LIN, d, a, first, (uint32_t)n);
    }
    gen_note_written(g, s, d, 'f');
}

// A chance or worth that is not always the extreme: numbers brought into a range first.
static Reg tamed(Gen *g, CodeBuilder *code, Scope *s, double lo, double hi)
{
    if (gen_chance(g, 15)) {
        return builder_const(g->b, lo + (hi - lo) * (double)gen_below(g, 1001) / 1000.0);
    }
    Reg a = gen_read_num(g, s);
    Reg d = gen_fresh_column(g, s);
    Reg low = builder_const(g->b, lo);
    Reg high = builder_const(g->b, hi);
    gen_emit(g, code, OP_CLAMP, d, a, low, high);
    gen_note_written(g, s, d, 'f');
    return d;
}

static void gen_trial(Gen *g, CodeBuilder *code, Scope *s, OpCode op)
{
    Reg a = gen_chance(g, 20) ? gen_read_num(g, s)
            : op == OP_BERN   ? tamed(g, code, s, 0.0, 1.0)
                              : tamed(g, code, s, -6.0, 6.0);
    uint32_t site = gen_new_site(g);
    Reg other = gen_read_mask(g, s);
    Reg d = write_to(g, s, 'm');
    if (gen_chance(g, 40)) { // a trial that counts only where a mask is, or is not
        Reg between = gen_fresh_column(g, s);
        bool swapped = gen_chance(g, 30);
        OpCode both = gen_chance(g, 60) ? OP_AND : OP_ANDNOT;
        gen_emit(g, code, op, between, a, site, 0);
        gen_emit(g, code, both, d, swapped ? other : between, swapped ? between : other, 0);
    } else {
        gen_emit(g, code, op, d, a, site, 0);
    }
    gen_note_written(g, s, d, 'm');
}

static void gen_choice(Gen *g, CodeBuilder *code, Scope *s, OpCode op)
{
    int32_t n = gen_chance(g, 5) ? LIMIT_OPTIONS : 1 + gen_below(g, 9);
    bool all_open = gen_chance(g, 60);
    Reg worth[LIMIT_OPTIONS];
    for (int32_t i = 0; i < n; i++) {
        worth[i] = gen_chance(g, 10) ? gen_read_num(g, s)
                                     : tamed(g, code, s, op == OP_SOFTMAX ? -3.0 : -0.5, 3.0);
    }
    uint32_t first = (uint32_t)g->b->args.n;
    for (int32_t i = 0; i < n; i++) {
        builder_arg(g->b, worth[i]);
        builder_arg(g->b, all_open || gen_chance(g, 30) ? REG_NONE : gen_read_mask(g, s));
    }
    Reg d = write_to(g, s, 'f');
    gen_emit(g, code, op, d, gen_new_site(g), first, (uint32_t)n);
    gen_note_written(g, s, d, 'f');
}

static void gen_dist(Gen *g, CodeBuilder *code, Scope *s)
{
    const DistCase *one = &DIST_CASES[gen_below(g, N_DIST_CASES)];
    Reg params[DIST_MAX_PARAMS];
    int32_t n = dist_info(one->kind)->n_params;
    for (int32_t i = 0; i < n; i++) {
        params[i] = gen_chance(g, 30) ? tamed(g, code, s, one->lo[i], one->hi[i])
                                      : builder_const(g->b, one->lo[i]);
    }
    uint32_t first = (uint32_t)g->b->args.n;
    for (int32_t i = 0; i < n; i++) {
        builder_arg(g->b, params[i]);
    }
    Reg d = write_to(g, s, 'f');
    gen_emit(g, code, OP_DIST, d, gen_new_site(g), first, one->kind);
    gen_note_written(g, s, d, 'f');
}

void gen_score(Gen *g, CodeBuilder *code, Scope *s)
{
    if (g->b->tables.n == 0) {
        return;
    }
    Reg a = gen_chance(g, 20) ? gen_read_num(g, s) : tamed(g, code, s, -9.0, 9.0);
    Reg d = write_to(g, s, 'f');
    gen_emit(g, code, OP_SCORE, d, a, (uint32_t)gen_below(g, g->b->tables.n), 0);
    gen_note_written(g, s, d, 'f');
}

void gen_draw(Gen *g, CodeBuilder *code, Scope *s)
{
    static const OpCode DRAWS[] = {OP_UNIFORM, OP_QTABLE,  OP_BERN,     OP_BERN, OP_BERNLOG,
                                   OP_BERNLOG, OP_SOFTMAX, OP_WEIGHTED, OP_DIST};
    OpCode op = DRAWS[gen_below(g, (int32_t)(sizeof DRAWS / sizeof DRAWS[0]))];
    if (op == OP_BERN || op == OP_BERNLOG) {
        gen_trial(g, code, s, op);
    } else if (op == OP_SOFTMAX || op == OP_WEIGHTED) {
        gen_choice(g, code, s, op);
    } else if (op == OP_DIST) {
        if (gen_chance(g, 40)) {
            gen_dist(g, code, s);
        }
    } else {
        if (op == OP_QTABLE && g->b->tables.n == 0) {
            return;
        }
        Reg d = write_to(g, s, 'f');
        uint32_t table = op == OP_QTABLE ? (uint32_t)gen_below(g, g->b->tables.n) : 0;
        gen_emit(g, code, op, d, gen_new_site(g), table, 0);
        gen_note_written(g, s, d, 'f');
    }
}
