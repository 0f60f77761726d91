// SPDX-License-Identifier: MIT
//
// Random programs: see engine_generate.h. Code is written by appending random instructions over a
// scope, with regions that have scopes of their own.
#include "engine_generate_impl.h"

#include <stdio.h>

#include "base/limits.h"
#include "program/walk.h"

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
    if (!s->mask.n && !gen_chance(g, 10)) {
        return;
    }
    Reg mask = gen_read_mask(g, s);
    Scope inner = {
        .uni_num = s->uni_num, .uni_mask = s->uni_mask, .world = s->world, .draws = s->draws};
    Regs in = {0};
    Regs out = {0};
    for (int kind = 0; kind < 2; kind++) {
        const Regs *outer = kind ? &s->mask : &s->num;
        int32_t n = outer->n ? gen_below(g, outer->n < 5 ? outer->n + 1 : 6) : 0;
        Regs targets = copy_regs(g, outer);
        for (int32_t i = 0; i < n; i++) {
            Reg from = gen_pick(g, outer);
            Reg to = gen_fresh_column(g, s);
            vec_push(g->arena, &in, from);
            vec_push(g->arena, &in, to);
            gen_note_written(g, &inner, to, kind ? 'm' : 'f');
            vec_push(g->arena, kind ? &inner.home_mask : &inner.home_num, to);
            if (gen_chance(g, 70)) {
                Reg target = gen_pick(g, &targets);
                gen_drop(&targets, target);
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
    int32_t at = gen_emit(g, code, OP_REGION, 0, mask, first, 0);
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
    int32_t at = gen_emit(g, code, OP_IFSTEP, 0, gen_pick(g, &s->uni_mask), 0, 0);
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
    OpCode op = OPS[gen_below(g, (int32_t)(sizeof OPS / sizeof OPS[0]))];
    const char *kinds = op_info(op)->kinds;
    Reg operand[3] = {0};
    if (op == OP_LIN) {
        operand[0] = gen_uni_num(g, s);
        operand[1] = (uint32_t)g->b->args.n;
        operand[2] = (uint32_t)gen_below(g, 4);
        for (uint32_t i = 0; i < 2 * operand[2]; i++) {
            builder_arg(g->b, gen_uni_num(g, s));
        }
    } else {
        for (int i = 0; i < 3 && (kinds[i] == 'f' || kinds[i] == 'm'); i++) {
            operand[i] = kinds[i] == 'f' ? gen_read_num(g, &unis) : gen_read_mask(g, &unis);
        }
    }
    Reg d = builder_uni(g->b);
    gen_emit(g, code, op, d, operand[0], operand[1], operand[2]);
    vec_push(g->arena, op_result(op) == 'f' ? &s->uni_num : &s->uni_mask, d);
}

static void gen_watch(Gen *g, CodeBuilder *code, Scope *s)
{
    Reg mask = gen_read_mask(g, s);
    bool check = gen_chance(g, 50);
    gen_emit(g, code, check ? OP_FAIL : OP_NOTE, 0, mask,
             check ? (uint32_t)gen_below(g, g->b->program.n_checks) : 0, 0);
}

static void gen_one(Gen *g, CodeBuilder *code, Scope *s, int32_t budget, int32_t depth)
{
    int32_t way = gen_below(g, 100);
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
    } else if (way < 58) {
        gen_pair(g, code, s);
    } else if (way < 70) {
        gen_shape(g, code, s);
    } else {
        OpCode op = (OpCode)gen_below(g, OP_COUNT);
        if (op == OP_SCORE) {
            gen_score(g, code, s);
        } else if (op_result(op) && !op_draws(op) && op != OP_LIN) {
            gen_plain(g, code, s, op);
        }
    }
}

static void gen_code(Gen *g, CodeBuilder *code, Scope *s, int32_t budget, int32_t depth)
{
    int32_t n = budget ? 1 + gen_below(g, budget) : 0;
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
        if (world->num.n && gen_chance(g, 30)) {
            vec_push(g->arena, &g->b->expand, (Expand){gen_pick(g, &world->num), home});
        } else {
            Reg value = builder_const(g->b, gen_number(g));
            gen_emit(g, &g->b->start, OP_MOV, home, value, 0, 0);
        }
        vec_push(g->arena, &made.num, home);
        vec_push(g->arena, &made.home_num, home);
    }
    for (int32_t i = 0; i < s->home_mask.n; i++) {
        Reg home = s->home_mask.p[i];
        if (world->mask.n && gen_chance(g, 30)) {
            vec_push(g->arena, &g->b->expand, (Expand){gen_pick(g, &world->mask), home});
        } else {
            Reg value = builder_const_mask(g->b, gen_chance(g, 30));
            gen_emit(g, &g->b->start, OP_MOVM, home, value, 0, 0);
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
    if (gen_chance(g, 25)) {
        return REG_NONE;
    }
    if (gen_chance(g, 20)) {
        return gen_read_mask(g, look);
    }
    static const double PACE[] = {0.01, 0.05, 0.1, 0.3, 0.6};
    Reg gone = gen_pick(g, &s->home_mask);
    Reg trial = g->b->program.n_cols++;
    Reg pace = builder_const(g->b, PACE[gen_below(g, 5)]);
    gen_emit(g, &g->b->step, OP_BERN, trial, pace, gen_new_site(g), 0);
    gen_emit(g, &g->b->step, OP_MOVM, gone, trial, 0, 0);
    return gone;
}

// Random calls stand in statements of their own, since compilers evaluate arguments in any order.
static void gen_results(Gen *g, Scope *s)
{
    int32_t n = 1 + gen_below(g, 4);
    for (int32_t i = 0; i < n; i++) {
        bool flag = gen_chance(g, 40);
        Result result = {.question = i, .kind = flag ? RESULT_FLAG : RESULT_NUMBER};
        result.value = flag ? gen_read_mask(g, s) : gen_read_num(g, s);
        result.defined = gen_chance(g, 50) ? REG_NONE : gen_read_mask(g, s);
        result.censored = gen_chance(g, 70) ? REG_NONE : gen_read_mask(g, s);
        vec_push(g->arena, &g->b->results, result);
    }
    for (int32_t i = 0; i < g->b->series.n; i++) {
        g->b->series.p[i].defined = gen_chance(g, 50) ? REG_NONE : gen_read_mask(g, s);
    }
}

static void gen_series(Gen *g, Scope *look)
{
    int32_t n = gen_below(g, 3);
    for (int32_t i = 0; i < n; i++) {
        bool flag = gen_chance(g, 40);
        Series series = {.question = i, .kind = flag ? RESULT_FLAG : RESULT_NUMBER};
        series.value = flag ? gen_read_mask(g, look) : gen_read_num(g, look);
        if (gen_chance(g, 20)) { // one value for all, of that step
            const Regs *unis = flag ? &look->uni_mask : &look->uni_num;
            gen_uniform(g, &g->b->look, look);
            series.value = unis->p[unis->n - 1];
        }
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
        Unknown unknown = {.world_col = gen_pick(g, &world->num)};
        unknown.value_col = gen_pick(g, &world->num);
        vec_push(g->arena, &g->b->unknowns, unknown);
    }
    vec_push(g->arena, &g->b->notes, (Note){.kind = NOTE_FIRED});
}

static const Program *generate(Gen *g, const QTable *const *tables, int32_t n_tables)
{
    Arena *arena = g->arena;
    int32_t n_steps = 1 + gen_below(g, 14);
    g->b = builder_new(arena, n_steps, gen_chance(g, 50) ? 7.0 : 1.0);
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
    for (int32_t i = gen_below(g, 5); i >= 0; i--) {
        gen_uniform(g, &g->b->uniform, &homes);
    }
    for (int32_t i = 1 + gen_below(g, 6); i > 0; i--) {
        add_home(g, &homes, 'f');
    }
    for (int32_t i = 1 + gen_below(g, 3); i > 0; i--) {
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
