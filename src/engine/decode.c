// SPDX-License-Identifier: MIT
//
// From a Program to cells: operands become addresses, and every instruction finds the kernel that
// fits what its operands are (columns or uniforms). Where no kernel fits, a uniform is first spread
// over a column. Runs once a worker; the Program has been verified.
#include <string.h>

#include "base/vec.h"
#include "engine/fuse.h"
#include "engine/lifetimes.h"
#include "engine/plan.h"
#include "math/dist.h"
#include "program/walk.h"

typedef VEC(Pair) PairVec;

typedef struct {
    Engine *e;
    VEC(Cell) cells;
    bool world;    // columns are world columns
    double **own;  // finish: this code's own columns, made when first met; NULL: the file of e
    PairVec *lent; // finish: own columns to be filled from the block's before it runs
    // Of one instruction: columns to spread uniforms over.
    double *spare[4];
    int32_t n_spare;
    // Of one uniform instruction: everything is eight lanes, and this is what to spread.
    bool eight;
    PairVec spread;
    int32_t depth;
    bool needs_ids;
    Arena *scratch;
    int32_t fusable; // the last cell, if it alone stands for the instruction before, else -1
} Decoder;

double *plan_column(Engine *e)
{
    return ARENA_COLUMN(e->arena, double, e->stride);
}

static double *column_of(Decoder *d, uint32_t index)
{
    Engine *e = d->e;
    if (d->world) {
        return e->world_columns + (size_t)index * (size_t)e->stride;
    }
    double *block = e->columns + (size_t)index * (size_t)e->stride;
    if (!d->own) {
        return block;
    }
    if (!d->own[index]) {
        d->own[index] = plan_column(e);
        if (index < e->program->n_persist) {
            vec_push(e->arena, d->lent, (Pair){block, d->own[index]});
        }
    }
    return d->own[index];
}

static double *eight_of(Decoder *d, const double *scalar)
{
    double *lanes = ARENA_COLUMN(d->e->arena, double, 8);
    vec_push(d->e->arena, &d->spread, (Pair){scalar, lanes});
    return lanes;
}

// Is the operand one value for all lanes, to this instruction?
static bool is_uni(const Decoder *d, Reg reg)
{
    return (reg & REG_UNI) && !d->eight;
}

static double *address(Decoder *d, Reg reg)
{
    ASSERT(reg != REG_NONE);
    if (reg & REG_UNI) {
        double *scalar = d->e->unis + REG_INDEX(reg);
        return d->eight ? eight_of(d, scalar) : scalar;
    }
    return column_of(d, reg);
}

static Cell *emit(Decoder *d, KernelId kernel)
{
    const KernelTable *table = d->eight ? &kernels_base : d->e->kernels;
    Cell cell = {.run = table->fn[kernel], .kernel = (int16_t)kernel};
    vec_push(d->e->arena, &d->cells, cell);
    return &d->cells.p[d->cells.n - 1];
}

static Cell *emit_control(Decoder *d, Control control)
{
    Cell cell = {.control = (int16_t)control};
    vec_push(d->e->arena, &d->cells, cell);
    return &d->cells.p[d->cells.n - 1];
}

static double *spare_column(Decoder *d)
{
    ASSERT(d->n_spare < 4);
    if (!d->spare[d->n_spare]) {
        d->spare[d->n_spare] = plan_column(d->e);
    }
    return d->spare[d->n_spare++];
}

static const ConstUni *const_of(const Decoder *d, Reg reg)
{
    const Program *program = d->e->program;
    for (int32_t i = 0; i < program->n_consts; i++) {
        if (program->consts[i].uni == REG_INDEX(reg)) {
            return &program->consts[i];
        }
    }
    return NULL;
}

// A constant spread once and for all; other uniforms are spread each time, into a spare column or,
// where an instruction has many operands, one of its own.
static double *as_column_of(Decoder *d, Reg reg, bool many)
{
    if (!is_uni(d, reg)) {
        return address(d, reg);
    }
    const double *scalar = address(d, reg);
    bool constant = const_of(d, reg) != NULL;
    double *column = many || constant ? plan_column(d->e) : spare_column(d);
    if (constant) {
        for (int32_t i = 0; i < d->e->stride; i++) {
            memcpy(column + i, scalar, sizeof *scalar);
        }
        return column;
    }
    Cell *fill = emit(d, K_FILL);
    fill->a = scalar;
    fill->d = column;
    return column;
}

static const double *as_column(Decoder *d, Reg reg)
{
    return as_column_of(d, reg, false);
}

// Kernels of an operation by its operands; K_FILL (never one of these) stands for none. `swap`: a
// and b may change places without changing a bit.
typedef struct {
    KernelId cc, uc, cu;
    bool swap;
} Variants;

static const Variants BINARY[OP_COUNT] = {
    [OP_ADD] = {K_ADD_CC, K_FILL, K_ADD_CU, true},
    [OP_SUB] = {K_SUB_CC, K_SUB_UC, K_SUB_CU, false},
    [OP_MUL] = {K_MUL_CC, K_FILL, K_MUL_CU, true},
    [OP_DIV] = {K_DIV_CC, K_DIV_UC, K_DIV_CU, false},
    [OP_MIN] = {K_MIN_CC, K_FILL, K_MIN_CU, false},
    [OP_MAX] = {K_MAX_CC, K_FILL, K_MAX_CU, false},
    [OP_POW] = {K_POW_CC, K_FILL, K_POW_CU, false},
    [OP_LT] = {K_LT_CC, K_LT_UC, K_LT_CU, false},
    [OP_LE] = {K_LE_CC, K_LE_UC, K_LE_CU, false},
    [OP_EQ] = {K_EQ_CC, K_FILL, K_EQ_CU, true},
    [OP_NE] = {K_NE_CC, K_FILL, K_NE_CU, true},
    [OP_AND] = {K_AND, K_FILL, K_FILL, true},
    [OP_OR] = {K_OR, K_FILL, K_FILL, true},
    [OP_ANDNOT] = {K_ANDNOT, K_FILL, K_FILL, false},
};

static const KernelId UNARY[OP_COUNT] = {
    [OP_NEG] = K_NEG,       [OP_ABS] = K_ABS,     [OP_FLOOR] = K_FLOOR,
    [OP_ROUND] = K_ROUND,   [OP_SQRT] = K_SQRT,   [OP_EXP] = K_EXP,
    [OP_LOG] = K_LOG,       [OP_LOG1P] = K_LOG1P, [OP_LOGISTIC] = K_LOGISTIC,
    [OP_HAZARD] = K_HAZARD, [OP_NOT] = K_NOT,     [OP_DEFINED] = K_DEFINED,
    [OP_NUM] = K_NUM,
};

static void decode_unary(Decoder *d, const Ins *ins)
{
    const double *a = as_column(d, ins->a);
    Cell *cell = emit(d, UNARY[ins->op]);
    cell->a = a;
    cell->d = address(d, ins->d);
}

static void decode_score(Decoder *d, const Ins *ins)
{
    const double *a = as_column(d, ins->a);
    Cell *cell = emit(d, K_SCORE);
    cell->a = a;
    cell->more.table = d->e->program->tables[ins->b];
    cell->d = address(d, ins->d);
}

static void decode_move(Decoder *d, const Ins *ins)
{
    Cell *cell = emit(d, is_uni(d, ins->a) ? K_FILL : K_COPY);
    cell->a = address(d, ins->a);
    cell->d = address(d, ins->d);
}

// The kernels of a minimum or maximum with a uniform are for known bounds, neither NaN nor -0; any
// other uniform is spread over a column.
static bool is_plain_bound(const Decoder *d, Reg reg)
{
    const ConstUni *bound = const_of(d, reg);
    return bound && bound->value == bound->value &&
           !(bound->value == 0.0 && __builtin_signbit(bound->value));
}

static void decode_binary(Decoder *d, const Ins *ins)
{
    const Variants *v = &BINARY[ins->op];
    bool bounds = ins->op == OP_MIN || ins->op == OP_MAX;
    Reg ra = ins->a;
    Reg rb = ins->b;
    if (v->swap && is_uni(d, ra)) {
        Reg r = ra;
        ra = rb;
        rb = r;
    }
    KernelId kernel = v->cc;
    const double *a;
    const double *b;
    if (is_uni(d, rb) && v->cu != K_FILL && (!bounds || is_plain_bound(d, rb))) {
        kernel = v->cu;
        a = as_column(d, ra);
        b = address(d, rb);
    } else if (is_uni(d, ra) && v->uc != K_FILL) {
        kernel = v->uc;
        a = address(d, ra);
        b = as_column(d, rb);
    } else {
        a = as_column(d, ra);
        b = as_column(d, rb);
    }
    Cell *cell = emit(d, kernel);
    cell->a = a;
    cell->b = b;
    cell->d = address(d, ins->d);
}

static void decode_clamp(Decoder *d, const Ins *ins)
{
    bool uniform = is_uni(d, ins->b) && is_uni(d, ins->c);
    const double *a = as_column(d, ins->a);
    const double *b = uniform ? address(d, ins->b) : as_column(d, ins->b);
    const double *c = uniform ? address(d, ins->c) : as_column(d, ins->c);
    Cell *cell = emit(d, uniform ? K_CLAMP_CUU : K_CLAMP_CCC);
    cell->a = a;
    cell->b = b;
    cell->c = c;
    cell->d = address(d, ins->d);
}

static void decode_select(Decoder *d, const Ins *ins)
{
    static const KernelId KERNELS[2][2] = {{K_SEL_CC, K_SEL_CU}, {K_SEL_UC, K_SEL_UU}};
    const double *a = as_column(d, ins->a);
    Cell *cell = emit(d, KERNELS[is_uni(d, ins->b)][is_uni(d, ins->c)]);
    cell->a = a;
    cell->b = address(d, ins->b);
    cell->c = address(d, ins->c);
    cell->d = address(d, ins->d);
}

// Linear forms

// One cell of a linear form: up to eight terms k x with k uniform and x a column, or three with both
// columns, or one of uniforms.
typedef struct {
    KernelId kernel; // that of one term added to a column
    int32_t n;
    const double *k[8], *x[8];
    bool minus; // of one term: k is -1, known when decoded
} Pass;
typedef VEC(Pass) PassVec;

enum { PASS_TERMS = 8, PASS_PRODUCTS = 3 };

static void add_term(Decoder *d, PassVec *passes, Reg k, Reg x)
{
    Pass one = {.n = 1};
    bool ku = is_uni(d, k);
    bool xu = is_uni(d, x);
    if (xu && !ku) { // the product is the same either way round
        Reg r = k;
        k = x;
        x = r;
    }
    one.k[0] = address(d, k);
    one.x[0] = address(d, x);
    if (ku && xu && const_of(d, x)) { // a column of constants costs no cell of its own
        one.x[0] = as_column_of(d, x, true);
        xu = false;
    }
    one.kernel = ku != xu ? K_LIN_C1 : ku ? K_LIN_CUU : K_LIN_CCC;
    one.minus = ku && const_of(d, k) && const_of(d, k)->value == -1.0;
    Pass *last = passes->n ? &passes->p[passes->n - 1] : NULL;
    int32_t most = one.kernel == K_LIN_C1 ? PASS_TERMS : one.kernel == K_LIN_CCC ? PASS_PRODUCTS : 1;
    if (last && last->kernel == one.kernel && last->n < most) {
        last->k[last->n] = one.k[0];
        last->x[last->n++] = one.x[0];
        return;
    }
    vec_push(d->e->arena, passes, one);
}

// Does a pass after the first still read `column`?
static bool read_later(const PassVec *passes, const double *column)
{
    for (int32_t i = 1; i < passes->n; i++) {
        for (int32_t j = 0; j < passes->p[i].n; j++) {
            if (passes->p[i].x[j] == column || passes->p[i].k[j] == column) {
                return true;
            }
        }
    }
    return false;
}

static void emit_pass(Decoder *d, const Pass *pass, const double *from, bool from_uni, double *to)
{
    KernelId kernel = pass->kernel;
    if (kernel == K_LIN_C1 && pass->n == 1 && from_uni && pass->minus) {
        Cell *cell = emit(d, K_SUB_UC);
        cell->a = from;
        cell->b = pass->x[0];
        cell->d = to;
        return;
    }
    if (kernel == K_LIN_C1 || (kernel == K_LIN_CCC && (from_uni || pass->n > 1))) {
        KernelId of_one = kernel == K_LIN_C1 ? from_uni ? K_LIN_U1 : K_LIN_C1
                          : from_uni         ? K_LIN_UP1
                                             : K_LIN_CCC;
        kernel = (KernelId)(of_one + pass->n - 1);
        Term *terms = ARENA_ARRAY(d->e->arena, Term, pass->n);
        for (int32_t i = 0; i < pass->n; i++) {
            terms[i] = (Term){pass->k[i], pass->x[i]};
        }
        Cell *cell = emit(d, kernel);
        cell->more.terms = terms;
        cell->a = from;
        cell->d = to;
        return;
    }
    ASSERT(!from_uni);
    Cell *cell = emit(d, kernel);
    cell->a = from;
    cell->b = pass->k[0];
    cell->c = pass->x[0];
    cell->d = to;
}

static void decode_lin(Decoder *d, const Ins *ins)
{
    PassVec passes = {0};
    for (uint32_t i = 0; i < ins->c; i++) {
        const uint32_t *term = &d->e->program->args[ins->b + 2 * i];
        add_term(d, &passes, term[0], term[1]);
    }
    if (passes.n == 0) {
        decode_move(d, ins);
        return;
    }
    bool from_uni = is_uni(d, ins->a) && passes.p[0].kernel != K_LIN_CUU;
    const double *from = from_uni ? address(d, ins->a) : as_column(d, ins->a);
    double *result = address(d, ins->d);
    bool aside = read_later(&passes, result);
    double *between = !aside     ? result
                      : d->eight ? ARENA_COLUMN(d->e->arena, double, 8)
                                 : spare_column(d);
    for (int32_t i = 0; i < passes.n; i++) {
        double *to = i == passes.n - 1 ? result : between;
        emit_pass(d, &passes.p[i], from, from_uni, to);
        from = to;
        from_uni = false;
    }
}

// Draws

static DrawSite *site_of(Decoder *d, uint32_t site)
{
    DrawSite *draw = &d->e->sites[site];
    // Regions use the cache when they run on all lanes.
    if (!d->world && !draw->cache) {
        draw->cache =
            arena_alloc_aligned64(d->e->arena, 4 * (size_t)d->e->stride, sizeof(uint32_t));
    }
    d->needs_ids = true;
    return draw;
}

static Cell *emit_draw(Decoder *d, KernelId kernel, uint32_t site)
{
    DrawSite *draw = site_of(d, site);
    Cell *cell = emit(d, kernel);
    cell->control = CONTROL_DRAW;
    cell->site = draw;
    return cell;
}

static void decode_trial(Decoder *d, const Ins *ins)
{
    bool uniform = ins->op == OP_BERN && is_uni(d, ins->a);
    const double *a = uniform ? address(d, ins->a) : as_column(d, ins->a);
    KernelId kernel = ins->op == OP_BERNLOG ? K_BERNLOG : uniform ? K_BERN_U : K_BERN_C;
    Cell *cell = emit_draw(d, kernel, ins->b);
    cell->a = a;
    cell->d = address(d, ins->d);
}

static void decode_choice(Decoder *d, const Ins *ins)
{
    int32_t k = (int32_t)ins->c;
    const uint32_t *args = d->e->program->args + ins->b;
    Choice *choices = ARENA_ARRAY(d->e->arena, Choice, k);
    for (int32_t i = 0; i < k; i++) {
        choices[i].uniform = i == 0 && is_uni(d, args[0]);
        choices[i].value =
            choices[i].uniform ? address(d, args[0]) : as_column_of(d, args[2 * i], true);
        Reg open = args[2 * i + 1];
        choices[i].available = open == REG_NONE ? NULL : as_column_of(d, open, true);
    }
    Cell *cell = emit_draw(d, ins->op == OP_SOFTMAX ? K_SOFTMAX : K_WEIGHTED, ins->a);
    cell->more.choices = choices;
    cell->n = k;
    cell->d = address(d, ins->d);
}

static void decode_dist(Decoder *d, const Ins *ins)
{
    int32_t n = dist_info((DistKind)ins->c)->n_params;
    const uint32_t *args = d->e->program->args + ins->b;
    const double **params = ARENA_ARRAY(d->e->arena, const double *, n + 1);
    for (int32_t i = 0; i < n; i++) {
        params[i] = as_column_of(d, args[i], true);
    }
    KernelId kernel = ins->c == DIST_BINOMIAL  ? K_BINOMIAL
                      : ins->c == DIST_POISSON ? K_POISSON
                                               : K_DIST;
    Cell *cell = emit_draw(d, kernel, ins->a);
    cell->more.params = params;
    cell->n = n;
    cell->dist = (int16_t)ins->c;
    cell->d = address(d, ins->d);
}

static void decode_draw(Decoder *d, const Ins *ins)
{
    Cell *cell = emit_draw(d, ins->op == OP_UNIFORM ? K_UNIFORM : K_QTABLE, ins->a);
    cell->d = address(d, ins->d);
    if (ins->op == OP_QTABLE) {
        cell->more.table = d->e->program->tables[ins->b];
    }
}

// Control

// Code whose columns live as `lifetimes` tells (NULL: keep them all): the instructions `from` to before
// `to`, to which it goes by place.
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
    region->mask = as_column_of(d, ins->a, true);
    region->n_in = (int32_t)*args++;
    Pair *in = ARENA_ARRAY(e->arena, Pair, region->n_in + 1);
    for (int32_t i = 0; i < region->n_in; i++, args += 2) {
        in[i] = (Pair){column_of(d, args[0]), column_of(d, args[1])};
    }
    region->n_out = (int32_t)*args++;
    Pair *out = ARENA_ARRAY(e->arena, Pair, region->n_out + 1);
    for (int32_t i = 0; i < region->n_out; i++, args += 2) {
        out[i] = (Pair){column_of(d, args[0]), column_of(d, args[1])};
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
    const double *mask = as_column(d, ins->a);
    Cell *cell = emit_control(d, CONTROL_FAIL);
    cell->a = mask;
    cell->n = (int32_t)ins->b;
    d->needs_ids = true;
}

static void decode_plain(Decoder *d, const Ins *ins)
{
    switch ((OpCode)ins->op) {
    case OP_MOV:
    case OP_MOVM: decode_move(d, ins); break;
    case OP_CLAMP: decode_clamp(d, ins); break;
    case OP_SEL:
    case OP_SELM: decode_select(d, ins); break;
    case OP_LIN: decode_lin(d, ins); break;
    case OP_SCORE: decode_score(d, ins); break;
    default:
        if (BINARY[ins->op].cc != K_FILL) {
            decode_binary(d, ins);
        } else {
            ASSERT(UNARY[ins->op] != K_FILL);
            decode_unary(d, ins);
        }
    }
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
    switch ((OpCode)ins->op) {
    case OP_UNIFORM:
    case OP_QTABLE: decode_draw(d, ins); return;
    case OP_BERN:
    case OP_BERNLOG: decode_trial(d, ins); return;
    case OP_SOFTMAX:
    case OP_WEIGHTED: decode_choice(d, ins); return;
    case OP_DIST: decode_dist(d, ins); return;
    case OP_FAIL: decode_fail(d, ins); return;
    case OP_NOTE: // for replays only
        return;
    default: break;
    }
    if (ins->d & REG_UNI) {
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
    int32_t first = d->cells.n;
    int32_t last = -1; // the instruction of the cell at d->fusable
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
    return as_column_of(d, reg, true);
}

// A column as it stands when the future ends, untouched by what `finish` writes.
static const double *frozen(Decoder *d, Reg reg)
{
    if (reg & REG_UNI) {
        return as_column_of(d, reg, true);
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

static bool depends_on_step(const Engine *e)
{
    const Program *program = e->program;
    bool *changes = ARENA_ARRAY(e->arena, bool, program->n_unis + UNI_FIRST_FREE);
    memset(changes, true, UNI_FIRST_FREE);
    for (int32_t i = 0; i < program->uniform.n; i++) {
        const Ins *ins = &program->uniform.p[i];
        if (op_result((OpCode)ins->op)) {
            changes[REG_INDEX(ins->d)] = true;
        }
    }
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

static void decode_finish(Engine *e, Arena *scratch)
{
    const Program *program = e->program;
    PairVec lent = {0};
    Decoder d = {.e = e,
                 .scratch = scratch,
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
    e->tell_at_once = depends_on_step(e);
}

static void decode_look(Engine *e, Decoder *d)
{
    const Program *program = e->program;
    d->cells.p = NULL;
    d->cells.n = 0;
    d->cells.cap = 0;
    decode_code(d, program->look, told_by_look(d));
    for (int32_t i = 0; i < program->n_series; i++) {
        e->seen_values[i] = as_column_of(d, program->series[i].value, true);
    }
    e->stop = program->stop == REG_NONE ? NULL : as_column_of(d, program->stop, true);
    e->look = (CellList){d->cells.p, d->cells.n};
}

void plan_decode(Engine *e)
{
    const Program *program = e->program;
    Arena *scratch = arena_new(0);
    Decoder d = {.e = e, .scratch = scratch};
    const bool *told = lasting(&d);
    e->start = decode_list(&d, program->start, told);
    e->uniform = decode_list(&d, program->uniform, told);
    e->step = decode_list(&d, program->step, told);
    decode_look(e, &d);
    decode_finish(e, scratch);
    Decoder world = {.e = e, .scratch = scratch, .world = true};
    e->world = decode_list(&world, program->world, NULL);
    arena_free(scratch);
}
