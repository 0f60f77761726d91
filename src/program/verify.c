// SPDX-License-Identifier: MIT
//
// Is a Program whole? One pass over each code follows what every register holds: nothing yet,
// doubles or masks. Called after every lowering; a fault is ours, so the sentences are for us.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/limits.h"
#include "math/dist.h"
#include "program/walk.h"

// What registers hold: 0 nothing, 'f' doubles, 'm' masks.
typedef struct {
    char *cols, *unis;
    uint32_t n_cols;
} Held;

typedef struct {
    const Program *program;
    Arena *arena;
    const char *fault;
    const char *title; // the code under test
    int32_t at;        // its instruction
    Held held;
    bool draws, uniforms_only, in_world;
    int32_t depth; // regions around
} Verifier;

__attribute__((format(printf, 2, 3))) static void fault(Verifier *v, const char *format, ...)
{
    if (v->fault) {
        return;
    }
    char text[200];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    v->fault = str_c(v->arena, str_format(v->arena, "%s %d: %s", v->title, v->at, text));
}

static char *held_of(Verifier *v, Reg reg)
{
    bool uni = reg & REG_UNI;
    uint32_t n = uni ? v->program->n_unis : v->held.n_cols;
    if (reg == REG_NONE || REG_INDEX(reg) >= n) {
        fault(v, "no such register %x", reg);
        return NULL;
    }
    return (uni ? v->held.unis : v->held.cols) + REG_INDEX(reg);
}

static void check_read(void *ctx, Reg reg, char kind)
{
    Verifier *v = ctx;
    const char *held = held_of(v, reg);
    if (!held) {
        return;
    }
    if (*held == 0) {
        fault(v, "%s%u is read before it is written", reg & REG_UNI ? "u" : "c", REG_INDEX(reg));
    } else if (kind && *held != kind) {
        fault(v, "%s%u holds %s", reg & REG_UNI ? "u" : "c", REG_INDEX(reg),
              *held == 'f' ? "numbers, not a mask" : "a mask, not numbers");
    }
}

static void check_write(Verifier *v, Reg reg, char kind)
{
    char *held = held_of(v, reg);
    if (!held) {
        return;
    }
    if (reg & REG_UNI) {
        if (REG_INDEX(reg) < UNI_FIRST_FREE) {
            fault(v, "u%u belongs to the engine", REG_INDEX(reg));
        }
        for (int32_t i = 0; i < v->program->n_consts; i++) {
            if (v->program->consts[i].uni == REG_INDEX(reg)) {
                fault(v, "u%u is a constant", REG_INDEX(reg));
            }
        }
        if (v->depth > 0) {
            fault(v, "a uniform is written inside a region");
        }
    } else if (v->uniforms_only) {
        fault(v, "a column is written by uniform code");
    }
    *held = kind;
}

static void check_uniform_read(void *ctx, Reg reg, char kind)
{
    Verifier *v = ctx;
    (void)kind;
    if (!(reg & REG_UNI)) {
        fault(v, "a uniform depends on c%u", reg);
    }
}

// Arguments

static bool args_fit(Verifier *v, uint32_t first, uint64_t n)
{
    if (first + n > (uint64_t)v->program->n_args) {
        fault(v, "arguments beyond the pool");
        return false;
    }
    return true;
}

static void check_site(Verifier *v, const Ins *ins)
{
    if (!v->draws) {
        fault(v, "no draws here");
    }
    if (ins_site(ins) >= (uint32_t)v->program->n_sites) {
        fault(v, "no such site");
    }
    if (ins->op == OP_QTABLE && ins->b >= (uint32_t)v->program->n_tables) {
        fault(v, "no such table");
    }
    if (ins->op == OP_SOFTMAX || ins->op == OP_WEIGHTED) {
        if (ins->c < 1 || ins->c > LIMIT_OPTIONS) {
            fault(v, "%u options", ins->c);
        }
    }
}

static bool check_pool(Verifier *v, const Ins *ins)
{
    if (ins->op == OP_DIST && ins->c >= DIST_KIND_COUNT) {
        fault(v, "no such distribution");
        return false;
    }
    if (ins->op == OP_SCORE && ins->b >= (uint32_t)v->program->n_tables) {
        fault(v, "no such table");
        return false;
    }
    if ((ins->op == OP_LIN || ins->op == OP_SOFTMAX || ins->op == OP_WEIGHTED) &&
        ins->c > (uint32_t)v->program->n_args) {
        fault(v, "arguments beyond the pool");
        return false;
    }
    ArgList list = ins_args(ins);
    return list.n == 0 || args_fit(v, list.first, list.n);
}

// Code

static void check_code(Verifier *v, const Ins *ins, int32_t n, int32_t base);

static char *copy_held(Verifier *v, const char *held, uint32_t n)
{
    char *copy = ARENA_ARRAY(v->arena, char, n + 1);
    memcpy(copy, held, n);
    return copy;
}

// Is every pair's column within range, and no inner column also an outer one or met twice?
static void check_pairs(Verifier *v, const RegionArgs *args)
{
    char *role = ARENA_ARRAY(v->arena, char, v->held.n_cols + 1);
    for (int32_t i = 0; i < args->n_in + args->n_out; i++) {
        bool in = i < args->n_in;
        const uint32_t *pair = in ? args->in + 2 * i : args->out + 2 * (i - args->n_in);
        if (pair[0] >= v->held.n_cols || pair[1] >= v->held.n_cols) {
            fault(v, "a region passes no column");
            return;
        }
        if (in && role[pair[1]] == 'i') {
            fault(v, "c%u comes in twice", pair[1]);
        }
        if (!in && role[pair[0]] != 'i') {
            fault(v, "c%u goes out but did not come in", pair[0]);
        }
        if (!in && role[pair[1]] == 'w') {
            fault(v, "c%u is given two values", pair[1]);
        }
        if (in) {
            role[pair[1]] = 'i';
        } else {
            role[pair[1]] = role[pair[1]] == 'i' ? 'i' : 'w';
        }
    }
    for (int32_t i = 0; i < args->n_in; i++) {
        if (role[args->in[2 * i]] == 'i') {
            fault(v, "c%u is both inside and outside", args->in[2 * i]);
        }
    }
    for (int32_t i = 0; i < args->n_out; i++) {
        if (role[args->out[2 * i + 1]] == 'i') {
            fault(v, "c%u is both inside and outside", args->out[2 * i + 1]);
        }
    }
}

static bool region_args_fit(Verifier *v, const Ins *ins)
{
    uint32_t first = ins->b;
    for (int part = 0; part < 2; part++) {
        if (!args_fit(v, first, 1)) {
            return false;
        }
        uint64_t pairs = v->program->args[first];
        if (!args_fit(v, first, 1 + 2 * pairs)) {
            return false;
        }
        first += 1 + 2 * (uint32_t)pairs;
    }
    return true;
}

// The body sees inner columns and uniforms only; what it writes to them is gone after.
static void check_region(Verifier *v, const Ins *ins, int32_t at)
{
    if (v->uniforms_only) {
        fault(v, "a region in uniform code");
    }
    if (!region_args_fit(v, ins)) {
        return;
    }
    RegionArgs args = region_args(v->program, ins);
    check_pairs(v, &args);
    if (v->fault) {
        return;
    }
    char *outer = v->held.cols;
    char *inner = ARENA_ARRAY(v->arena, char, v->held.n_cols + 1);
    for (int32_t i = 0; i < args.n_in; i++) {
        check_read(v, args.in[2 * i], 0);
        inner[args.in[2 * i + 1]] = outer[args.in[2 * i]];
    }
    char *before = copy_held(v, inner, v->held.n_cols);
    v->held.cols = inner;
    v->depth++;
    check_code(v, ins + 1, (int32_t)ins->c, at + 1);
    v->depth--;
    v->held.cols = outer;
    for (int32_t i = 0; i < args.n_out && !v->fault; i++) {
        uint32_t from = args.out[2 * i];
        uint32_t to = args.out[2 * i + 1];
        if (outer[to] != before[from] || inner[from] != before[from]) {
            fault(v, "c%u goes out to c%u, which holds something else", from, to);
        }
    }
    for (uint32_t i = 0; i < v->held.n_cols; i++) {
        if (inner[i]) {
            if (!v->in_world && i < v->program->n_persist) {
                fault(v, "a region's inside uses the lasting column c%u", i);
            }
            outer[i] = 0;
        }
    }
}

// What is first written inside is not there for certain after.
static void check_ifstep(Verifier *v, const Ins *ins, int32_t at)
{
    if (!(ins->a & REG_UNI)) {
        fault(v, "IFSTEP asks a column");
    }
    char *cols = copy_held(v, v->held.cols, v->held.n_cols);
    char *unis = copy_held(v, v->held.unis, v->program->n_unis);
    check_code(v, ins + 1, (int32_t)ins->c, at + 1);
    for (uint32_t i = 0; i < v->held.n_cols; i++) {
        v->held.cols[i] = cols[i] == v->held.cols[i] ? cols[i] : 0;
    }
    for (uint32_t i = 0; i < v->program->n_unis; i++) {
        v->held.unis[i] = unis[i] == v->held.unis[i] ? unis[i] : 0;
    }
}

static void check_ins(Verifier *v, const Ins *ins)
{
    OpCode op = (OpCode)ins->op;
    if (!check_pool(v, ins)) {
        return;
    }
    if (op_draws(op)) {
        check_site(v, ins);
    }
    if (v->fault) {
        return;
    }
    ins_visit_reads(v->program, ins, check_read, v);
    if (op == OP_FAIL && ins->b >= (uint32_t)v->program->n_checks) {
        fault(v, "no such check");
    }
    if (op == OP_NOTE && ins->b >= (uint32_t)v->program->n_notes) {
        fault(v, "no such note");
    }
    char result = op_result(op);
    if (!result) {
        return;
    }
    if (ins->d & REG_UNI) {
        ins_visit_reads(v->program, ins, check_uniform_read, v);
        if (op_draws(op)) {
            fault(v, "a draw into a uniform");
        }
    }
    check_write(v, ins->d, result);
}

static void check_code(Verifier *v, const Ins *ins, int32_t n, int32_t base)
{
    for (int32_t i = 0; i < n && !v->fault; i++) {
        v->at = base + i;
        if (ins[i].op >= OP_COUNT) {
            fault(v, "no such operation");
            return;
        }
        check_ins(v, &ins[i]);
        if (!op_has_body((OpCode)ins[i].op)) {
            continue;
        }
        if (ins[i].c > (uint32_t)(n - i - 1)) {
            fault(v, "a body runs beyond its code");
        }
        if (v->fault) {
            return;
        }
        if (ins[i].op == OP_REGION) {
            check_region(v, &ins[i], base + i);
        } else {
            check_ifstep(v, &ins[i], base + i);
        }
        i += (int32_t)ins[i].c;
    }
}

static void check_titled(Verifier *v, const char *title, Code code, bool draws)
{
    if (v->fault) {
        return;
    }
    v->title = title;
    v->at = 0;
    v->draws = draws;
    check_code(v, code.p, code.n, 0);
}

// Temporaries do not outlive the code that wrote them.
static void forget_temporaries(Verifier *v)
{
    memset(v->held.cols + v->program->n_persist, 0, v->program->n_cols - v->program->n_persist);
}

static void check_told(Verifier *v, const char *title, Reg reg, char kind)
{
    v->title = title;
    v->at = 0;
    if (reg != REG_NONE) {
        check_read(v, reg, kind);
    }
}

// The parts

static void check_time(Verifier *v)
{
    const Program *p = v->program;
    v->title = "steps";
    if (p->n_steps < 1 || p->n_steps > LIMIT_STEPS) {
        fault(v, "%d steps", p->n_steps);
        return;
    }
    for (int32_t i = 0; i < p->n_steps; i++) {
        v->at = i;
        if (!(p->step_start[i] < p->step_start[i + 1])) {
            fault(v, "time does not rise");
        }
    }
}

static void check_sites(Verifier *v)
{
    v->title = "sites";
    v->at = 0;
    for (int32_t i = 0; i < v->program->n_sites; i++) {
        v->at = i;
        for (int32_t j = 0; j < i; j++) {
            if (v->program->sites[i].hash == v->program->sites[j].hash) {
                fault(v, "the hash of site %d again", j);
            }
        }
    }
}

static void check_consts(Verifier *v)
{
    const Program *p = v->program;
    v->title = "constants";
    v->at = 0;
    if (p->n_unis < UNI_FIRST_FREE || p->n_persist > p->n_cols) {
        fault(v, "too few registers");
        return;
    }
    v->held.unis[UNI_STEP] = 'f';
    v->held.unis[UNI_TODAY] = 'f';
    v->held.unis[UNI_STEP_DAYS] = 'f';
    v->held.unis[UNI_LAST] = 'm';
    v->held.unis[UNI_INITIAL] = 'm';
    for (int32_t i = 0; i < p->n_consts; i++) {
        v->at = i;
        uint32_t uni = p->consts[i].uni;
        if (uni < UNI_FIRST_FREE || uni >= p->n_unis || v->held.unis[uni]) {
            fault(v, "u%u cannot be a constant", uni);
            return;
        }
        v->held.unis[uni] = p->consts[i].is_mask ? 'm' : 'f';
    }
}

static void check_world(Verifier *v)
{
    const Program *p = v->program;
    char *cols = v->held.cols;
    v->held.cols = ARENA_ARRAY(v->arena, char, p->n_world_cols + 1);
    v->held.n_cols = p->n_world_cols;
    char *unis = copy_held(v, v->held.unis, p->n_unis);
    v->in_world = true;
    check_titled(v, "world", p->world, true);
    v->in_world = false;
    memcpy(v->held.unis, unis, p->n_unis);
    v->title = "unknowns";
    for (int32_t i = 0; i < p->n_unknowns && !v->fault; i++) {
        v->at = i;
        check_read(v, p->unknowns[i].world_col, 'f');
        check_read(v, p->unknowns[i].value_col, 'f');
    }
    char *world = v->held.cols;
    v->held.cols = cols;
    v->held.n_cols = p->n_cols;
    v->title = "expand";
    for (int32_t i = 0; i < p->n_expand && !v->fault; i++) {
        v->at = i;
        Expand x = p->expand[i];
        if (x.world_col >= p->n_world_cols || !world[x.world_col] || x.col >= p->n_persist) {
            fault(v, "w%u cannot be copied to c%u", x.world_col, x.col);
            return;
        }
        cols[x.col] = world[x.world_col];
    }
}

// Columns that last must leave a step as they entered it.
static void check_lasting(Verifier *v, const char *before)
{
    v->title = "end of a step";
    for (uint32_t i = 0; i < v->program->n_persist && !v->fault; i++) {
        v->at = (int32_t)i;
        if (before[i] && v->held.cols[i] != before[i]) {
            fault(v, "c%u has changed its kind", i);
        }
    }
}

static void check_finish(Verifier *v)
{
    const Program *p = v->program;
    for (int32_t i = 0; i < p->n_series; i++) {
        char kind = p->series[i].kind == RESULT_FLAG ? 'm' : 'f';
        check_told(v, "series", p->series[i].value, kind);
    }
    check_told(v, "stop", p->stop, 'm');
    forget_temporaries(v);
    for (int32_t i = 0; i < p->n_states; i++) {
        check_told(v, "states", p->states[i].col, p->states[i].is_flag ? 'm' : 'f');
    }
    check_titled(v, "finish", p->finish, false);
    for (int32_t i = 0; i < p->n_series; i++) {
        check_told(v, "series", p->series[i].defined, 'm');
    }
    for (int32_t i = 0; i < p->n_results; i++) {
        const Result *r = &p->results[i];
        check_told(v, "results", r->value, r->kind == RESULT_FLAG ? 'm' : 'f');
        check_told(v, "results", r->defined, 'm');
        check_told(v, "results", r->censored, 'm');
    }
}

static void check_futures(Verifier *v)
{
    const Program *p = v->program;
    char *unis = copy_held(v, v->held.unis, p->n_unis);
    check_titled(v, "start", p->start, false);
    forget_temporaries(v);
    char *before = copy_held(v, v->held.cols, p->n_cols);
    memcpy(v->held.unis, unis, p->n_unis);
    check_titled(v, "look", p->look, false);
    forget_temporaries(v);
    check_lasting(v, before);
    memcpy(v->held.unis, unis, p->n_unis);
    check_titled(v, "step", p->step, true);
    forget_temporaries(v);
    memcpy(v->held.unis, unis, p->n_unis);
    check_titled(v, "look", p->look, false);
    check_lasting(v, before);
    check_finish(v);
}

const char *program_verify(const Program *program, Arena *arena)
{
    Verifier v = {.program = program, .arena = arena};
    v.held.cols = ARENA_ARRAY(arena, char, program->n_cols + 1);
    v.held.unis = ARENA_ARRAY(arena, char, program->n_unis + UNI_FIRST_FREE);
    v.held.n_cols = program->n_cols;
    check_time(&v);
    check_sites(&v);
    check_consts(&v);
    if (v.fault) {
        return v.fault;
    }
    v.uniforms_only = true;
    check_titled(&v, "uniform", program->uniform, false);
    v.uniforms_only = false;
    if (!v.fault) {
        check_world(&v);
    }
    if (!v.fault) {
        check_futures(&v);
    }
    return v.fault;
}
