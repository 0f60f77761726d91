// SPDX-License-Identifier: MIT
//
// Random programs: see engine_generate.h. A scope holds the registers that may be read where code
// is being written, numbers and masks apart; code is written by appending random instructions over
// it.
#include "engine_generate.h"

#include <stdio.h>

#include "base/limits.h"
#include "engine_generate_dist.h"
#include "program/walk.h"
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

uint64_t generate_random(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static int32_t below(Gen *g, int32_t n)
{
    if (g->bytes.n >= 2) {
        uint32_t two = (uint32_t)(unsigned char)g->bytes.p[0] << 8 | (unsigned char)g->bytes.p[1];
        g->bytes = str_sub(g->bytes, 2, g->bytes.n);
        return (int32_t)(two % (uint32_t)n);
    }
    return (int32_t)(generate_random(&g->state) % (uint64_t)n);
}

static bool chance(Gen *g, int32_t percent)
{
    return below(g, 100) < percent;
}

// Numbers of many sizes, and now and then one that makes trouble.
static double some_number(Gen *g)
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
    if (chance(g, 20)) {
        return AWKWARD[below(g, (int32_t)(sizeof AWKWARD / sizeof AWKWARD[0]))];
    }
    double size = chance(g, 80) ? 4.0 : 60.0;
    return size * ((double)below(g, 20001) / 10000.0 - 1.0);
}

static Reg pick(Gen *g, const Regs *regs)
{
    return regs->p[below(g, regs->n)];
}

// Operands: mostly columns, sometimes uniforms or constants.
static Reg read_num(Gen *g, const Scope *s)
{
    if (s->num.n && chance(g, 70)) {
        return pick(g, &s->num);
    }
    return chance(g, 40) ? pick(g, &s->uni_num) : builder_const(g->b, some_number(g));
}

static Reg read_mask(Gen *g, const Scope *s)
{
    if (s->mask.n && chance(g, 85)) {
        return pick(g, &s->mask);
    }
    return chance(g, 60) ? pick(g, &s->uni_mask) : builder_const_mask(g->b, chance(g, 50));
}

static Reg uni_num(Gen *g, const Scope *s)
{
    return chance(g, 50) ? pick(g, &s->uni_num) : builder_const(g->b, some_number(g));
}

static Reg fresh_column(Gen *g, const Scope *s)
{
    return s->world ? g->n_world++ : g->b->program.n_cols++;
}

static void drop(Regs *regs, Reg reg)
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
    int32_t way = below(g, 10);
    if (way < 4 && homes->n) {
        return pick(g, homes);
    }
    if (way == 4 && same->n) {
        return pick(g, same);
    }
    if (way == 5 && other->n) {
        Reg reg = pick(g, other);
        if (!is_home(s, reg)) {
            drop(other, reg);
            vec_push(g->arena, same, reg);
            return reg;
        }
    }
    return fresh_column(g, s);
}

static void note_written(Gen *g, Scope *s, Reg reg, char kind)
{
    Regs *same = kind == 'f' ? &s->num : &s->mask;
    for (int32_t i = 0; i < same->n; i++) {
        if (same->p[i] == reg) {
            return;
        }
    }
    vec_push(g->arena, same, reg);
}

static int32_t emit(Gen *g, CodeBuilder *code, OpCode op, Reg d, Reg a, Reg b, Reg c)
{
    if (g->counts) {
        g->counts->ops[op]++;
    }
    return builder_ins(g->b, code, op, d, a, b, c);
}

static uint32_t new_site(Gen *g)
{
    char name[32];
    snprintf(name, sizeof name, "site.%d", g->n_sites++);
    return builder_site(g->b, name);
}

// Instructions

// Operands are read before the destination is chosen, which may be one of them.
static void gen_plain(Gen *g, CodeBuilder *code, Scope *s, OpCode op)
{
    const char *kinds = op_info(op)->kinds;
    Reg operand[3] = {REG_NONE, REG_NONE, REG_NONE};
    for (int i = 0; i < 3 && (kinds[i] == 'f' || kinds[i] == 'm'); i++) {
        operand[i] = kinds[i] == 'f' ? read_num(g, s) : read_mask(g, s);
    }
    char result = op_result(op);
    Reg d = write_to(g, s, result);
    emit(g, code, op, d, operand[0], operand[1], operand[2]);
    note_written(g, s, d, result);
}

// Two instructions with a column between them that no other reads: what the engine makes one of.
static void gen_pair(Gen *g, CodeBuilder *code, Scope *s)
{
    static const OpCode OPS[] = {OP_LT,  OP_LE,      OP_EQ,    OP_AND, OP_OR,  OP_ANDNOT,
                                 OP_NOT, OP_DEFINED, OP_ADD,   OP_SUB, OP_MUL, OP_MAX,
                                 OP_MIN, OP_NUM,     OP_CLAMP, OP_SEL, OP_EXP, OP_HAZARD};
    const int32_t n_ops = (int32_t)(sizeof OPS / sizeof OPS[0]);
    OpCode first = OPS[below(g, n_ops)];
    Reg operand[3] = {REG_NONE, REG_NONE, REG_NONE};
    const char *kinds = op_info(first)->kinds;
    for (int i = 0; i < 3 && (kinds[i] == 'f' || kinds[i] == 'm'); i++) {
        operand[i] = kinds[i] == 'f' ? read_num(g, s) : read_mask(g, s);
    }
    Reg between = fresh_column(g, s);
    emit(g, code, first, between, operand[0], operand[1], operand[2]);
    if (first == OP_HAZARD && s->draws) {
        Reg d = write_to(g, s, 'm');
        emit(g, code, OP_BERN, d, between, new_site(g), 0);
        note_written(g, s, d, 'm');
        return;
    }
    for (int32_t tries = 0; tries < 20; tries++) {
        OpCode second = OPS[below(g, n_ops)];
        kinds = op_info(second)->kinds;
        int place = below(g, 3);
        bool fits = kinds[place] == op_result(first);
        for (int i = 0; i < place; i++) {
            fits = fits && (kinds[i] == 'f' || kinds[i] == 'm');
        }
        if (!fits) {
            continue;
        }
        for (int i = 0; i < 3 && (kinds[i] == 'f' || kinds[i] == 'm'); i++) {
            Reg other = kinds[i] == 'f' ? read_num(g, s) : read_mask(g, s);
            operand[i] = i == place ? between : other;
        }
        Reg d = chance(g, 20) && op_result(second) == op_result(first)
                    ? between
                    : write_to(g, s, op_result(second));
        emit(g, code, second, d, operand[0], operand[1], operand[2]);
        note_written(g, s, d, op_result(second));
        return;
    }
}

// Three in a row: a number raised or lowered, up to a bound, where a mask is.
static void gen_raise(Gen *g, CodeBuilder *code, Scope *s)
{
    static const OpCode BOUNDS[] = {OP_MIN, OP_MAX, OP_CLAMP};
    Reg x = read_num(g, s);
    Reg by = uni_num(g, s);
    Reg low = uni_num(g, s);
    Reg high = uni_num(g, s);
    Reg mask = read_mask(g, s);
    Reg other = chance(g, 60) ? x : read_num(g, s);
    OpCode bound = BOUNDS[below(g, 3)];
    Reg moved = fresh_column(g, s);
    Reg kept = chance(g, 50) ? moved : fresh_column(g, s);
    emit(g, code, chance(g, 50) ? OP_ADD : OP_SUB, moved, x, by, 0);
    emit(g, code, bound, kept, moved, low, bound == OP_CLAMP ? high : 0);
    Reg d = write_to(g, s, 'f');
    emit(g, code, OP_SEL, d, mask, kept, other);
    note_written(g, s, d, 'f');
}

static void gen_lin(Gen *g, CodeBuilder *code, Scope *s)
{
    int32_t n = chance(g, 15) ? below(g, 21) : below(g, 9);
    uint32_t first = (uint32_t)g->b->args.n;
    bool plain = chance(g, 60);
    for (int32_t i = 0; i < n; i++) {
        builder_arg(g->b, plain ? uni_num(g, s) : read_num(g, s));
        builder_arg(g->b, plain && s->num.n ? pick(g, &s->num) : read_num(g, s));
    }
    Reg a = read_num(g, s);
    Reg d = write_to(g, s, 'f');
    if (chance(g, 30)) { // kept within bounds, and itself forgotten
        Reg between = fresh_column(g, s);
        Reg low = uni_num(g, s);
        Reg high = uni_num(g, s);
        emit(g, code, OP_LIN, between, a, first, (uint32_t)n);
        emit(g, code, OP_CLAMP, d, between, low, high);
    } else {
        emit(g, code, OP_LIN, d, a, first, (uint32_t)n);
    }
    note_written(g, s, d, 'f');
}

// A chance or worth that is not always the extreme: numbers brought into a range first.
static Reg tamed(Gen *g, CodeBuilder *code, Scope *s, double lo, double hi)
{
    if (chance(g, 15)) {
        return builder_const(g->b, lo + (hi - lo) * (double)below(g, 1001) / 1000.0);
    }
    Reg a = read_num(g, s);
    Reg d = fresh_column(g, s);
    Reg low = builder_const(g->b, lo);
    Reg high = builder_const(g->b, hi);
    emit(g, code, OP_CLAMP, d, a, low, high);
    note_written(g, s, d, 'f');
    return d;
}

static void gen_trial(Gen *g, CodeBuilder *code, Scope *s, OpCode op)
{
    Reg a = chance(g, 20)   ? read_num(g, s)
            : op == OP_BERN ? tamed(g, code, s, 0.0, 1.0)
                            : tamed(g, code, s, -6.0, 6.0);
    uint32_t site = new_site(g);
    Reg other = read_mask(g, s);
    Reg d = write_to(g, s, 'm');
    if (chance(g, 40)) { // a trial that counts only where a mask is, or is not
        Reg between = fresh_column(g, s);
        bool swapped = chance(g, 30);
        OpCode both = chance(g, 60) ? OP_AND : OP_ANDNOT;
        emit(g, code, op, between, a, site, 0);
        emit(g, code, both, d, swapped ? other : between, swapped ? between : other, 0);
    } else {
        emit(g, code, op, d, a, site, 0);
    }
    note_written(g, s, d, 'm');
}

static void gen_choice(Gen *g, CodeBuilder *code, Scope *s, OpCode op)
{
    int32_t n = chance(g, 5) ? LIMIT_OPTIONS : 1 + below(g, 9);
    bool all_open = chance(g, 60);
    Reg worth[LIMIT_OPTIONS];
    for (int32_t i = 0; i < n; i++) {
        worth[i] =
            chance(g, 10) ? read_num(g, s) : tamed(g, code, s, op == OP_SOFTMAX ? -3.0 : -0.5, 3.0);
    }
    uint32_t first = (uint32_t)g->b->args.n;
    for (int32_t i = 0; i < n; i++) {
        builder_arg(g->b, worth[i]);
        builder_arg(g->b, all_open || chance(g, 30) ? REG_NONE : read_mask(g, s));
    }
    Reg d = write_to(g, s, 'f');
    emit(g, code, op, d, new_site(g), first, (uint32_t)n);
    note_written(g, s, d, 'f');
}

static void gen_dist(Gen *g, CodeBuilder *code, Scope *s)
{
    const DistCase *one = &DIST_CASES[below(g, N_DIST_CASES)];
    Reg params[DIST_MAX_PARAMS];
    int32_t n = dist_info(one->kind)->n_params;
    for (int32_t i = 0; i < n; i++) {
        params[i] = chance(g, 30) ? tamed(g, code, s, one->lo[i], one->hi[i])
                                  : builder_const(g->b, one->lo[i]);
    }
    uint32_t first = (uint32_t)g->b->args.n;
    for (int32_t i = 0; i < n; i++) {
        builder_arg(g->b, params[i]);
    }
    Reg d = write_to(g, s, 'f');
    emit(g, code, OP_DIST, d, new_site(g), first, one->kind);
    note_written(g, s, d, 'f');
}

static void gen_score(Gen *g, CodeBuilder *code, Scope *s)
{
    if (g->b->tables.n == 0) {
        return;
    }
    Reg a = chance(g, 20) ? read_num(g, s) : tamed(g, code, s, -9.0, 9.0);
    Reg d = write_to(g, s, 'f');
    emit(g, code, OP_SCORE, d, a, (uint32_t)below(g, g->b->tables.n), 0);
    note_written(g, s, d, 'f');
}

static void gen_draw(Gen *g, CodeBuilder *code, Scope *s)
{
    static const OpCode DRAWS[] = {OP_UNIFORM, OP_QTABLE,  OP_BERN,     OP_BERN, OP_BERNLOG,
                                   OP_BERNLOG, OP_SOFTMAX, OP_WEIGHTED, OP_DIST};
    OpCode op = DRAWS[below(g, (int32_t)(sizeof DRAWS / sizeof DRAWS[0]))];
    if (op == OP_BERN || op == OP_BERNLOG) {
        gen_trial(g, code, s, op);
    } else if (op == OP_SOFTMAX || op == OP_WEIGHTED) {
        gen_choice(g, code, s, op);
    } else if (op == OP_DIST) {
        if (chance(g, 40)) {
            gen_dist(g, code, s);
        }
    } else {
        if (op == OP_QTABLE && g->b->tables.n == 0) {
            return;
        }
        Reg d = write_to(g, s, 'f');
        uint32_t table = op == OP_QTABLE ? (uint32_t)below(g, g->b->tables.n) : 0;
        emit(g, code, op, d, new_site(g), table, 0);
        note_written(g, s, d, 'f');
    }
}

static void gen_code(Gen *g, CodeBuilder *code, Scope *s, int32_t budget, int32_t depth);

static Regs copy_regs(Gen *g, const Regs *regs)
{
    Regs copy = {0};
    for (int32_t i = 0; i < regs->n; i++) {
        vec_push(g->arena, &copy, regs->p[i]);
    }
    return copy;
}

// Columns of the outer scope come in under new names; some of them go out again, to where they came
// from or to another column of the same kind.
static void gen_region(Gen *g, CodeBuilder *code, Scope *s, int32_t budget, int32_t depth)
{
    if (!s->mask.n && !chance(g, 10)) {
        return;
    }
    Reg mask = read_mask(g, s);
    Scope inner = {
        .uni_num = s->uni_num, .uni_mask = s->uni_mask, .world = s->world, .draws = s->draws};
    Regs in = {0};
    Regs out = {0};
    for (int kind = 0; kind < 2; kind++) {
        const Regs *outer = kind ? &s->mask : &s->num;
        int32_t n = outer->n ? below(g, outer->n < 5 ? outer->n + 1 : 6) : 0;
        Regs targets = copy_regs(g, outer);
        for (int32_t i = 0; i < n; i++) {
            Reg from = pick(g, outer);
            Reg to = fresh_column(g, s);
            vec_push(g->arena, &in, from);
            vec_push(g->arena, &in, to);
            note_written(g, &inner, to, kind ? 'm' : 'f');
            vec_push(g->arena, kind ? &inner.home_mask : &inner.home_num, to);
            if (chance(g, 70)) {
                Reg target = pick(g, &targets);
                drop(&targets, target);
                vec_push(g->arena, &out, to);
                vec_push(g->arena, &out, target);
            }
        }
    }
    uint32_t first = builder_arg(g->b, (uint32_t)in.n / 2);
    for (int32_t i = 0; i < in.n; i++) {
        builder_arg(g->b, in.p[i]);
    }
    builder_arg(g->b, (uint32_t)out.n / 2);
    for (int32_t i = 0; i < out.n; i++) {
        builder_arg(g->b, out.p[i]);
    }
    int32_t at = emit(g, code, OP_REGION, 0, mask, first, 0);
    gen_code(g, code, &inner, budget, depth + 1);
    code->ins.p[at].c = (uint32_t)(code->ins.n - at - 1);
}

static void gen_ifstep(Gen *g, CodeBuilder *code, Scope *s, int32_t budget, int32_t depth)
{
    Scope inner = *s;
    // What is there before keeps its kind; what is new inside is gone after.
    inner.num = copy_regs(g, &s->num);
    inner.mask = copy_regs(g, &s->mask);
    inner.home_num = copy_regs(g, &s->num);
    inner.home_mask = copy_regs(g, &s->mask);
    inner.uniforms = false;
    int32_t at = emit(g, code, OP_IFSTEP, 0, pick(g, &s->uni_mask), 0, 0);
    gen_code(g, code, &inner, budget, depth + 1);
    code->ins.p[at].c = (uint32_t)(code->ins.n - at - 1);
}

// A uniform from uniforms.
static void gen_uniform(Gen *g, CodeBuilder *code, Scope *s)
{
    Scope unis = {.num = copy_regs(g, &s->uni_num),
                  .mask = copy_regs(g, &s->uni_mask),
                  .uni_num = s->uni_num,
                  .uni_mask = s->uni_mask};
    static const OpCode OPS[] = {OP_MOV,   OP_ADD, OP_MUL,      OP_SUB,  OP_DIV, OP_MIN,
                                 OP_CLAMP, OP_EXP, OP_LT,       OP_LE,   OP_EQ,  OP_AND,
                                 OP_OR,    OP_NOT, OP_SEL,      OP_LOG,  OP_NUM, OP_LIN,
                                 OP_POW,   OP_NE,  OP_LOGISTIC, OP_FLOOR};
    OpCode op = OPS[below(g, (int32_t)(sizeof OPS / sizeof OPS[0]))];
    const char *kinds = op_info(op)->kinds;
    Reg operand[3] = {0};
    if (op == OP_LIN) {
        operand[0] = uni_num(g, s);
        operand[1] = (uint32_t)g->b->args.n;
        operand[2] = (uint32_t)below(g, 4);
        for (uint32_t i = 0; i < 2 * operand[2]; i++) {
            builder_arg(g->b, uni_num(g, s));
        }
    } else {
        for (int i = 0; i < 3 && (kinds[i] == 'f' || kinds[i] == 'm'); i++) {
            operand[i] = kinds[i] == 'f' ? read_num(g, &unis) : read_mask(g, &unis);
        }
    }
    Reg d = builder_uni(g->b);
    emit(g, code, op, d, operand[0], operand[1], operand[2]);
    vec_push(g->arena, op_result(op) == 'f' ? &s->uni_num : &s->uni_mask, d);
}

static void gen_watch(Gen *g, CodeBuilder *code, Scope *s)
{
    Reg mask = read_mask(g, s);
    bool check = chance(g, 50);
    emit(g, code, check ? OP_FAIL : OP_NOTE, 0, mask,
         check ? (uint32_t)below(g, g->b->program.n_checks) : 0, 0);
}

static void gen_one(Gen *g, CodeBuilder *code, Scope *s, int32_t budget, int32_t depth)
{
    int32_t way = below(g, 100);
    if (way < 8 && depth < 4) {
        gen_region(g, code, s, budget / 2, depth);
    } else if (way < 11 && depth < 4) {
        gen_ifstep(g, code, s, budget / 3, depth);
    } else if (way < 25 && s->draws) {
        gen_draw(g, code, s);
    } else if (way < 34) {
        gen_lin(g, code, s);
    } else if (way < 37 && s->uniforms) {
        gen_uniform(g, code, s);
    } else if (way < 39 && !s->world) {
        gen_watch(g, code, s);
    } else if (way < 43) {
        gen_raise(g, code, s);
    } else if (way < 62) {
        gen_pair(g, code, s);
    } else {
        OpCode op = (OpCode)below(g, OP_COUNT);
        if (op == OP_SCORE) {
            gen_score(g, code, s);
        } else if (op_result(op) && !op_draws(op) && op != OP_LIN) {
            gen_plain(g, code, s, op);
        }
    }
}

static void gen_code(Gen *g, CodeBuilder *code, Scope *s, int32_t budget, int32_t depth)
{
    int32_t n = budget ? 1 + below(g, budget) : 0;
    for (int32_t i = 0; i < n; i++) {
        gen_one(g, code, s, budget, depth);
    }
}

// The parts

static void gen_world(Gen *g, Scope *s)
{
    s->world = true;
    s->draws = true;
    gen_code(g, &g->b->world, s, 8, 2);
    g->b->program.n_world_cols = g->n_world;
}

static void add_home(Gen *g, Scope *s, char kind)
{
    Reg col = g->b->program.n_cols++;
    vec_push(g->arena, kind == 'f' ? &s->home_num : &s->home_mask, col);
    vec_push(g->arena, kind == 'f' ? &s->num : &s->mask, col);
}

static void gen_start(Gen *g, Scope *s, const Scope *world)
{
    Scope made = {.uni_num = s->uni_num, .uni_mask = s->uni_mask};
    for (int32_t i = 0; i < s->home_num.n; i++) {
        Reg home = s->home_num.p[i];
        if (world->num.n && chance(g, 30)) {
            vec_push(g->arena, &g->b->expand, (Expand){pick(g, &world->num), home});
        } else {
            Reg value = builder_const(g->b, some_number(g));
            emit(g, &g->b->start, OP_MOV, home, value, 0, 0);
        }
        vec_push(g->arena, &made.num, home);
        vec_push(g->arena, &made.home_num, home);
    }
    for (int32_t i = 0; i < s->home_mask.n; i++) {
        Reg home = s->home_mask.p[i];
        if (world->mask.n && chance(g, 30)) {
            vec_push(g->arena, &g->b->expand, (Expand){pick(g, &world->mask), home});
        } else {
            Reg value = builder_const_mask(g->b, chance(g, 30));
            emit(g, &g->b->start, OP_MOVM, home, value, 0, 0);
        }
        vec_push(g->arena, &made.mask, home);
        vec_push(g->arena, &made.home_mask, home);
    }
    gen_code(g, &g->b->start, &made, 4, 2);
}

// A scope with the homes alone, as each code finds them.
static Scope homes_of(Gen *g, const Scope *s)
{
    return (Scope){.num = copy_regs(g, &s->home_num),
                   .mask = copy_regs(g, &s->home_mask),
                   .home_num = s->home_num,
                   .home_mask = s->home_mask,
                   .uni_num = copy_regs(g, &s->uni_num),
                   .uni_mask = copy_regs(g, &s->uni_mask)};
}

// Futures end at a pace that lets some blocks be swept, some emptied, some left whole.
static Reg gen_stop(Gen *g, Scope *s, Scope *look)
{
    if (chance(g, 25)) {
        return REG_NONE;
    }
    if (chance(g, 20)) {
        return read_mask(g, look);
    }
    static const double PACE[] = {0.01, 0.05, 0.1, 0.3, 0.6};
    Reg gone = pick(g, &s->home_mask);
    Reg trial = g->b->program.n_cols++;
    Reg pace = builder_const(g->b, PACE[below(g, 5)]);
    emit(g, &g->b->step, OP_BERN, trial, pace, new_site(g), 0);
    emit(g, &g->b->step, OP_MOVM, gone, trial, 0, 0);
    return gone;
}

// Random calls stand in statements of their own, since compilers evaluate arguments in any order.
static void gen_results(Gen *g, Scope *s)
{
    int32_t n = 1 + below(g, 4);
    for (int32_t i = 0; i < n; i++) {
        bool flag = chance(g, 40);
        Result result = {.question = i, .kind = flag ? RESULT_FLAG : RESULT_NUMBER};
        result.value = flag ? read_mask(g, s) : read_num(g, s);
        result.defined = chance(g, 50) ? REG_NONE : read_mask(g, s);
        result.censored = chance(g, 70) ? REG_NONE : read_mask(g, s);
        vec_push(g->arena, &g->b->results, result);
    }
    for (int32_t i = 0; i < g->b->series.n; i++) {
        g->b->series.p[i].defined = chance(g, 50) ? REG_NONE : read_mask(g, s);
    }
}

static void gen_series(Gen *g, Scope *look)
{
    int32_t n = below(g, 3);
    for (int32_t i = 0; i < n; i++) {
        bool flag = chance(g, 40);
        Series series = {.question = i, .kind = flag ? RESULT_FLAG : RESULT_NUMBER};
        series.value = flag ? read_mask(g, look) : read_num(g, look);
        vec_push(g->arena, &g->b->series, series);
    }
}

static void gen_told(Gen *g, const Scope *s, const Scope *world)
{
    for (int32_t i = 0; i < s->home_num.n; i++) {
        vec_push(g->arena, &g->b->states, (StateColumn){.col = s->home_num.p[i]});
    }
    for (int32_t i = 0; i < s->home_mask.n; i++) {
        vec_push(g->arena, &g->b->states, (StateColumn){.col = s->home_mask.p[i], .is_flag = true});
    }
    if (world->num.n) {
        Unknown unknown = {.world_col = pick(g, &world->num)};
        unknown.value_col = pick(g, &world->num);
        vec_push(g->arena, &g->b->unknowns, unknown);
    }
    vec_push(g->arena, &g->b->notes, (Note){.kind = NOTE_FIRED});
}

static const Program *generate(Gen *g, const QTable *const *tables, int32_t n_tables)
{
    Arena *arena = g->arena;
    int32_t n_steps = 1 + below(g, 14);
    g->b = builder_new(arena, n_steps, chance(g, 50) ? 7.0 : 1.0);
    g->b->program.n_checks = 3;
    for (int32_t i = 0; i < n_tables; i++) {
        builder_table(g->b, tables[i]);
    }
    Scope homes = {0};
    static const Reg NUMS[] = {UNI_STEP, UNI_TODAY, UNI_STEP_DAYS};
    for (int i = 0; i < 3; i++) {
        vec_push(arena, &homes.uni_num, NUMS[i] | REG_UNI);
    }
    vec_push(arena, &homes.uni_mask, UNI_LAST | REG_UNI);
    vec_push(arena, &homes.uni_mask, UNI_INITIAL | REG_UNI);
    vec_push(arena, &homes.uni_num, builder_const(g->b, 0.25));
    vec_push(arena, &homes.uni_mask, builder_const_mask(g->b, true));
    for (int32_t i = below(g, 5); i >= 0; i--) {
        gen_uniform(g, &g->b->uniform, &homes);
    }
    for (int32_t i = 1 + below(g, 6); i > 0; i--) {
        add_home(g, &homes, 'f');
    }
    for (int32_t i = 1 + below(g, 3); i > 0; i--) {
        add_home(g, &homes, 'm');
    }
    g->b->program.n_persist = g->b->program.n_cols;

    Scope world = {.uni_num = copy_regs(g, &homes.uni_num),
                   .uni_mask = copy_regs(g, &homes.uni_mask)};
    gen_world(g, &world);
    gen_start(g, &homes, &world);
    Scope step = homes_of(g, &homes);
    step.draws = true;
    step.uniforms = true;
    gen_code(g, &g->b->step, &step, 40, 0);
    Scope look = homes_of(g, &homes);
    gen_code(g, &g->b->look, &look, 5, 2);
    gen_series(g, &look);
    g->b->program.stop = gen_stop(g, &homes, &look);
    Scope finish = homes_of(g, &homes);
    gen_code(g, &g->b->finish, &finish, 6, 1);
    gen_results(g, &finish);
    gen_told(g, &homes, &world);
    return builder_take(g->b);
}

const Program *generate_program(Arena *arena, uint64_t seed, const QTable *const *tables,
                                int32_t n_tables, GenerateCounts *counts)
{
    Gen gen = {.arena = arena, .state = seed, .counts = counts};
    return generate(&gen, tables, n_tables);
}

const Program *generate_program_from(Arena *arena, Str bytes, const QTable *const *tables,
                                     int32_t n_tables, GenerateCounts *counts)
{
    Gen gen = {.arena = arena, .bytes = bytes, .counts = counts};
    return generate(&gen, tables, n_tables);
}
