// SPDX-License-Identifier: MIT
//
// From a Program to cells: instructions in their order, with what belongs to them; neighbours that
// can be one; and what is told of futures. Runs once a worker; the Program has been verified.
#include "engine/decode.h"

#include <string.h>

#include "engine/fuse.h"
#include "engine/lifetimes.h"
#include "program/walk.h"

// Control

static Cell *emit_control(Decoder *d, Control control)
{
    Cell cell = {.control = (int16_t)control};
    vec_push(d->e->arena, &d->cells, cell);
    return &d->cells.p[d->cells.n - 1];
}

// Code whose columns live as `lifetimes` tells (NULL: keep them all): the instructions `from` to
// before `to`, to which it goes by place.
typedef struct Stretch {
    const Ins *ins;
    int32_t from, to;
    const int32_t *lifetimes;
} Stretch;

static void decode_stretch(Decoder *d, const Stretch *code);

static void decode_region(Decoder *d, const Ins *ins)
{
    Engine *e = d->e;
    Region *region = ARENA_NEW(e->arena, Region);
    const uint32_t *args = e->program->args + ins->b;
    region->depth = d->depth;
    region->mask = decode_as_column_of(d, ins->a, true);
    region->n_in = (int32_t)*args++;
    Pair *in = ARENA_ARRAY(e->arena, Pair, region->n_in + 1);
    for (int32_t i = 0; i < region->n_in; i++, args += 2) {
        in[i] = (Pair){decode_column(d, args[0]), decode_column(d, args[1])};
    }
    region->n_out = (int32_t)*args++;
    Pair *out = ARENA_ARRAY(e->arena, Pair, region->n_out + 1);
    for (int32_t i = 0; i < region->n_out; i++, args += 2) {
        out[i] = (Pair){decode_column(d, args[0]), decode_column(d, args[1])};
    }
    region->in = in;
    region->out = out;
    emit_control(d, CONTROL_REGION)->more.region = region;
    int32_t at = d->cells.n;
    bool outer_needs = d->needs_ids;
    d->needs_ids = false;
    d->depth++;
    const int32_t *lifetimes = d->world ? NULL : lifetimes_of_region(d->scratch, e->program, ins);
    const Stretch body = {ins + 1, 0, (int32_t)ins->c, lifetimes};
    decode_stretch(d, &body);
    d->depth--;
    region->needs_ids = d->needs_ids;
    d->needs_ids = d->needs_ids || outer_needs;
    d->cells.p[at - 1].n = d->cells.n - at;
}

static void decode_ifstep(Decoder *d, const Stretch *code, int32_t at)
{
    const Ins *ins = &code->ins[at];
    emit_control(d, CONTROL_IFSTEP)->a = d->e->unis + REG_INDEX(ins->a);
    int32_t first = d->cells.n;
    const Stretch body = {code->ins, at + 1, at + 1 + (int32_t)ins->c, code->lifetimes};
    decode_stretch(d, &body);
    d->cells.p[first - 1].n = d->cells.n - first;
}

static void decode_fail(Decoder *d, const Ins *ins)
{
    const double *mask = decode_as_column(d, ins->a);
    Cell *cell = emit_control(d, CONTROL_FAIL);
    cell->a = mask;
    cell->n = (int32_t)ins->b;
    d->needs_ids = true;
}

// An instruction whose destination is a uniform: its cells run on eight lanes.
static void decode_uniform(Decoder *d, const Ins *ins)
{
    emit_control(d, CONTROL_UNIFORM);
    int32_t at = d->cells.n;
    d->eight = true;
    d->spread = (PairVec){0};
    decode_plain(d, ins);
    d->eight = false;
    // The destination was met like an operand; it is where the last cell writes.
    Spread *spread = ARENA_NEW(d->e->arena, Spread);
    spread->in = d->spread.p;
    spread->n_in = d->spread.n;
    spread->result = d->cells.p[d->cells.n - 1].d;
    Cell *control = &d->cells.p[at - 1];
    control->more.spread = spread;
    control->d = d->e->unis + REG_INDEX(ins->d);
    control->n = d->cells.n - at;
}

static void decode_ins(Decoder *d, const Ins *ins)
{
    d->n_spare = 0;
    if (ins->op == OP_FAIL) {
        decode_fail(d, ins);
    } else if (op_draws((OpCode)ins->op)) {
        decode_drawing(d, ins);
    } else if (ins->op == OP_NOTE) { // for replays only
        return;
    } else if (ins->d & REG_UNI) {
        decode_uniform(d, ins);
    } else {
        decode_plain(d, ins);
    }
}

static void tell(bool *told, Reg reg)
{
    if (!(reg & REG_UNI)) { // which REG_NONE has too
        told[reg] = true;
    }
}

// The columns that last. Temporaries do not outlive the code that wrote them, unless they are told.
static bool *lasting(const Decoder *d)
{
    const Program *program = d->e->program;
    bool *told = ARENA_ARRAY(d->scratch, bool, program->n_cols + 1);
    memset(told, true, program->n_persist);
    return told;
}

static const bool *told_by_look(const Decoder *d)
{
    const Program *program = d->e->program;
    bool *told = lasting(d);
    tell(told, program->stop);
    for (int32_t i = 0; i < program->n_series; i++) {
        tell(told, program->series[i].value);
    }
    for (int32_t i = 0; i < program->n_states; i++) {
        tell(told, program->states[i].col);
    }
    return told;
}

static const bool *told_by_finish(const Decoder *d)
{
    const Program *program = d->e->program;
    bool *told = lasting(d);
    for (int32_t i = 0; i < program->n_series; i++) {
        tell(told, program->series[i].defined);
    }
    for (int32_t i = 0; i < program->n_results; i++) {
        tell(told, program->results[i].value);
        tell(told, program->results[i].defined);
        tell(told, program->results[i].censored);
    }
    return told;
}

// Will no one read what this instruction writes? (Draws are pure, so they may be left out too.)
static bool is_idle(const Stretch *code, int32_t at)
{
    const Ins *ins = &code->ins[at];
    return code->lifetimes && op_result((OpCode)ins->op) && !(ins->d & REG_UNI) &&
           code->lifetimes[at] == READ_NEVER;
}

// Make one cell of the last two, if the column that instruction `first` wrote, and `second` reads,
// serves no one else.
static void try_fuse(Decoder *d, const Stretch *code, int32_t first, int32_t second)
{
    if ((code->ins[first].d & REG_UNI) || !code->lifetimes || code->lifetimes[first] > second) {
        return;
    }
    Cell *cells = &d->cells.p[d->cells.n - 2];
    if (fuse_cells(d->e->kernels, &cells[0], &cells[1])) {
        d->cells.n--;
        d->fusable--; // three may become one
    }
}

static void try_match(Decoder *d)
{
    Cell *cells = &d->cells.p[d->cells.n - 2];
    if (fuse_match(d->e->arena, d->e->kernels, &cells[0], &cells[1])) {
        d->cells.n--;
        d->fusable--;
    }
}

static void decode_stretch(Decoder *d, const Stretch *code)
{
    d->fusable = -1;
    int32_t first = d->cells.n; // no cell before it is a neighbour of those that come
    int32_t last = -1;          // the instruction of the cell at d->fusable
    for (int32_t at = code->from; at < code->to; at++) {
        const Ins *now = &code->ins[at];
        if (is_idle(code, at)) {
            continue;
        }
        int32_t cells = d->cells.n;
        int32_t before = d->fusable;
        d->fusable = -1;
        if (op_has_body((OpCode)now->op)) {
            d->n_spare = 0;
            if (now->op == OP_REGION) {
                decode_region(d, now);
            } else {
                decode_ifstep(d, code, at);
            }
            at += (int32_t)now->c;
            first = d->cells.n; // the last cell of a body belongs to it alone
            continue;
        }
        decode_ins(d, now);
        if (d->cells.n != cells + 1) {
            continue;
        }
        d->fusable = d->cells.p[cells].run ? cells : -1;
        if (before >= 0 && before == cells - 1) {
            try_fuse(d, code, last, at);
        }
        if (d->fusable > first) {
            try_match(d);
        }
        last = at;
    }
    d->fusable = -1;
}

static void decode_code(Decoder *d, Code code, const bool *told)
{
    const int32_t *lifetimes =
        d->world ? NULL : lifetimes_of_code(d->scratch, d->e->program, code, told);
    const Stretch all = {code.p, 0, code.n, lifetimes};
    decode_stretch(d, &all);
}

static CellList decode_list(Decoder *d, Code code, const bool *told)
{
    d->cells.p = NULL;
    d->cells.n = 0;
    d->cells.cap = 0;
    decode_code(d, code, told);
    return (CellList){d->cells.p, d->cells.n};
}

// What is told of finished lanes

// A result is read from the columns of `finish`; a uniform one is spread over a column by a cell at
// the end of that code.
static const double *told_column(Decoder *d, Reg reg)
{
    if (reg == REG_NONE) {
        return NULL;
    }
    return decode_as_column_of(d, reg, true);
}

// A column as it stands when the future ends, untouched by what `finish` writes.
static const double *frozen(Decoder *d, Reg reg)
{
    if (reg & REG_UNI) {
        return decode_as_column_of(d, reg, true);
    }
    double *own = plan_column(d->e);
    const double *block = d->e->columns + (size_t)reg * (size_t)d->e->stride;
    vec_push(d->e->arena, d->lent, (Pair){block, own});
    return own;
}

// Is there anything in what is told of a future that depends on the step in which it ends?
typedef struct {
    const bool *changes; // by uniform: other values in other steps
    bool any;
} StepSearch;

static void look_for_step(void *ctx, Reg reg, char kind)
{
    StepSearch *search = ctx;
    (void)kind;
    search->any =
        search->any || (reg != REG_NONE && (reg & REG_UNI) && search->changes[REG_INDEX(reg)]);
}

// Uniforms that the code writes have other values in other steps.
static void mark_written(bool *changes, Code code)
{
    for (int32_t i = 0; i < code.n; i++) {
        if (op_result((OpCode)code.p[i].op) && (code.p[i].d & REG_UNI)) {
            changes[REG_INDEX(code.p[i].d)] = true;
        }
    }
}

static bool depends_on_step(const Program *program, Arena *scratch)
{
    bool *changes = ARENA_ARRAY(scratch, bool, program->n_unis + UNI_FIRST_FREE);
    memset(changes, true, UNI_FIRST_FREE);
    mark_written(changes, program->uniform);
    mark_written(changes, program->step);
    mark_written(changes, program->look);
    StepSearch search = {changes, false};
    for (int32_t i = 0; i < program->finish.n; i++) {
        const Ins *ins = &program->finish.p[i];
        search.any = search.any || op_draws((OpCode)ins->op) || ins->op == OP_FAIL;
        ins_visit_reads(program, ins, look_for_step, &search);
    }
    for (int32_t i = 0; i < program->n_results; i++) {
        look_for_step(&search, program->results[i].value, 'd');
        look_for_step(&search, program->results[i].defined, 'd');
        look_for_step(&search, program->results[i].censored, 'd');
    }
    for (int32_t i = 0; i < program->n_series; i++) {
        look_for_step(&search, program->series[i].value, 'd');
        look_for_step(&search, program->series[i].defined, 'd');
    }
    for (int32_t i = 0; i < program->n_states; i++) {
        look_for_step(&search, program->states[i].col, 'd');
    }
    return search.any;
}

static void decode_finish(Engine *e, Arena *scratch, Constants *constants)
{
    const Program *program = e->program;
    PairVec lent = {0};
    Decoder d = {.e = e,
                 .scratch = scratch,
                 .constants = constants,
                 .lent = &lent,
                 .own = ARENA_ARRAY(e->arena, double *, program->n_cols + 1)};
    decode_code(&d, program->finish, told_by_finish(&d));
    for (int32_t i = 0; i < program->n_results; i++) {
        const Result *result = &program->results[i];
        e->done_values[i] = told_column(&d, result->value);
        e->done_defined[i] = told_column(&d, result->defined);
        e->done_censored[i] = told_column(&d, result->censored);
    }
    for (int32_t i = 0; i < program->n_series; i++) {
        e->done_series[i] = frozen(&d, program->series[i].value);
        e->done_series_defined[i] = told_column(&d, program->series[i].defined);
    }
    for (int32_t i = 0; i < program->n_states; i++) {
        e->done_states[i] = frozen(&d, program->states[i].col);
    }
    e->finish = (CellList){d.cells.p, d.cells.n};
    e->finish_in = lent.p;
    e->n_finish_in = lent.n;
    e->tell_at_once = depends_on_step(program, scratch);
}

static void decode_look(Engine *e, Decoder *d)
{
    const Program *program = e->program;
    d->cells.p = NULL;
    d->cells.n = 0;
    d->cells.cap = 0;
    decode_code(d, program->look, told_by_look(d));
    for (int32_t i = 0; i < program->n_series; i++) {
        e->seen_values[i] = decode_as_column_of(d, program->series[i].value, true);
    }
    e->stop = program->stop == REG_NONE ? NULL : decode_as_column_of(d, program->stop, true);
    e->look = (CellList){d->cells.p, d->cells.n};
}

void plan_decode(Engine *e)
{
    const Program *program = e->program;
    Arena *scratch = arena_new(0);
    Constants *constants = decode_constants(scratch, program);
    Decoder d = {.e = e, .scratch = scratch, .constants = constants};
    const bool *told = lasting(&d);
    e->start = decode_list(&d, program->start, told);
    e->uniform = decode_list(&d, program->uniform, told);
    e->step = decode_list(&d, program->step, told);
    decode_look(e, &d);
    decode_finish(e, scratch, constants);
    Decoder world = {.e = e, .scratch = scratch, .constants = constants, .world = true};
    e->world = decode_list(&world, program->world, NULL);
    arena_free(scratch);
}
