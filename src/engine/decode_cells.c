// SPDX-License-Identifier: MIT
//
// Cells of single instructions: the kernel that fits what their operands are, columns or uniforms.
#include "base/vec.h"
#include "engine/decode.h"
#include "math/dist.h"
#include "program/walk.h"

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
    const double *a = decode_as_column(d, ins->a);
    Cell *cell = decode_emit(d, UNARY[ins->op]);
    cell->a = a;
    cell->d = decode_address(d, ins->d);
}

static void decode_score(Decoder *d, const Ins *ins)
{
    const double *a = decode_as_column(d, ins->a);
    Cell *cell = decode_emit(d, K_SCORE);
    cell->a = a;
    cell->more.table = d->e->program->tables[ins->b];
    cell->d = decode_address(d, ins->d);
}

static void decode_move(Decoder *d, const Ins *ins)
{
    Cell *cell = decode_emit(d, decode_is_uni(d, ins->a) ? K_FILL : K_COPY);
    cell->a = decode_address(d, ins->a);
    cell->d = decode_address(d, ins->d);
}

// The kernels of a minimum or maximum with a uniform are for known bounds, neither NaN nor -0; any
// other uniform is spread over a column.
static bool is_plain_bound(const Decoder *d, Reg reg)
{
    const ConstUni *bound = decode_const(d, reg);
    return bound && bound->value == bound->value &&
           !(bound->value == 0.0 && __builtin_signbit(bound->value));
}

static void decode_binary(Decoder *d, const Ins *ins)
{
    const Variants *v = &BINARY[ins->op];
    bool bounds = ins->op == OP_MIN || ins->op == OP_MAX;
    Reg ra = ins->a;
    Reg rb = ins->b;
    if (v->swap && decode_is_uni(d, ra)) {
        Reg r = ra;
        ra = rb;
        rb = r;
    }
    KernelId kernel = v->cc;
    const double *a;
    const double *b;
    if (decode_is_uni(d, rb) && v->cu != K_FILL && (!bounds || is_plain_bound(d, rb))) {
        kernel = v->cu;
        a = decode_as_column(d, ra);
        b = decode_address(d, rb);
    } else if (decode_is_uni(d, ra) && v->uc != K_FILL) {
        kernel = v->uc;
        a = decode_address(d, ra);
        b = decode_as_column(d, rb);
    } else {
        a = decode_as_column(d, ra);
        b = decode_as_column(d, rb);
    }
    Cell *cell = decode_emit(d, kernel);
    cell->a = a;
    cell->b = b;
    cell->d = decode_address(d, ins->d);
}

static void decode_clamp(Decoder *d, const Ins *ins)
{
    bool uniform = decode_is_uni(d, ins->b) && decode_is_uni(d, ins->c);
    const double *a = decode_as_column(d, ins->a);
    const double *b = uniform ? decode_address(d, ins->b) : decode_as_column(d, ins->b);
    const double *c = uniform ? decode_address(d, ins->c) : decode_as_column(d, ins->c);
    Cell *cell = decode_emit(d, uniform ? K_CLAMP_CUU : K_CLAMP_CCC);
    cell->a = a;
    cell->b = b;
    cell->c = c;
    cell->d = decode_address(d, ins->d);
}

static void decode_select(Decoder *d, const Ins *ins)
{
    static const KernelId KERNELS[2][2] = {{K_SEL_CC, K_SEL_CU}, {K_SEL_UC, K_SEL_UU}};
    const double *a = decode_as_column(d, ins->a);
    Cell *cell = decode_emit(d, KERNELS[decode_is_uni(d, ins->b)][decode_is_uni(d, ins->c)]);
    cell->a = a;
    cell->b = decode_address(d, ins->b);
    cell->c = decode_address(d, ins->c);
    cell->d = decode_address(d, ins->d);
}

// Linear forms

// One cell of a linear form: up to eight terms k x with k uniform and x a column, or three with
// both columns, or one of uniforms.
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
    bool ku = decode_is_uni(d, k);
    bool xu = decode_is_uni(d, x);
    if (xu && !ku) { // the product is the same either way round
        Reg r = k;
        k = x;
        x = r;
    }
    one.k[0] = decode_address(d, k);
    one.x[0] = decode_address(d, x);
    if (ku && xu && decode_const(d, x)) { // a column of constants costs no cell of its own
        one.x[0] = decode_as_column_of(d, x, true);
        xu = false;
    }
    one.kernel = ku != xu ? K_LIN_C1 : ku ? K_LIN_CUU : K_LIN_CCC;
    one.minus = ku && decode_const(d, k) && decode_const(d, k)->value == -1.0;
    Pass *last = passes->n ? &passes->p[passes->n - 1] : NULL;
    int32_t most = one.kernel == K_LIN_C1    ? PASS_TERMS
                   : one.kernel == K_LIN_CCC ? PASS_PRODUCTS
                                             : 1;
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
        Cell *cell = decode_emit(d, K_SUB_UC);
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
        Cell *cell = decode_emit(d, kernel);
        cell->more.terms = terms;
        cell->a = from;
        cell->d = to;
        return;
    }
    ASSERT(!from_uni);
    Cell *cell = decode_emit(d, kernel);
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
    bool from_uni = decode_is_uni(d, ins->a) && passes.p[0].kernel != K_LIN_CUU;
    const double *from = from_uni ? decode_address(d, ins->a) : decode_as_column(d, ins->a);
    double *result = decode_address(d, ins->d);
    bool aside = read_later(&passes, result);
    double *between = !aside     ? result
                      : d->eight ? ARENA_COLUMN(d->e->arena, double, 8)
                                 : decode_spare(d);
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
    Cell *cell = decode_emit(d, kernel);
    cell->control = CONTROL_DRAW;
    cell->site = draw;
    return cell;
}

static void decode_trial(Decoder *d, const Ins *ins)
{
    bool uniform = ins->op == OP_BERN && decode_is_uni(d, ins->a);
    const double *a = uniform ? decode_address(d, ins->a) : decode_as_column(d, ins->a);
    KernelId kernel = ins->op == OP_BERNLOG ? K_BERNLOG : uniform ? K_BERN_U : K_BERN_C;
    Cell *cell = emit_draw(d, kernel, ins->b);
    cell->a = a;
    cell->d = decode_address(d, ins->d);
}

static void decode_choice(Decoder *d, const Ins *ins)
{
    int32_t k = (int32_t)ins->c;
    const uint32_t *args = d->e->program->args + ins->b;
    Choice *choices = ARENA_ARRAY(d->e->arena, Choice, k);
    for (int32_t i = 0; i < k; i++) {
        choices[i].uniform = i == 0 && decode_is_uni(d, args[0]);
        choices[i].value = choices[i].uniform ? decode_address(d, args[0])
                                              : decode_as_column_of(d, args[2 * i], true);
        Reg open = args[2 * i + 1];
        choices[i].available = open == REG_NONE ? NULL : decode_as_column_of(d, open, true);
    }
    Cell *cell = emit_draw(d, ins->op == OP_SOFTMAX ? K_SOFTMAX : K_WEIGHTED, ins->a);
    cell->more.choices = choices;
    cell->n = k;
    cell->d = decode_address(d, ins->d);
}

static void decode_dist(Decoder *d, const Ins *ins)
{
    int32_t n = dist_info((DistKind)ins->c)->n_params;
    const uint32_t *args = d->e->program->args + ins->b;
    const double **params = ARENA_ARRAY(d->e->arena, const double *, n + 1);
    for (int32_t i = 0; i < n; i++) {
        params[i] = decode_as_column_of(d, args[i], true);
    }
    KernelId kernel = ins->c == DIST_BINOMIAL  ? K_BINOMIAL
                      : ins->c == DIST_POISSON ? K_POISSON
                                               : K_DIST;
    Cell *cell = emit_draw(d, kernel, ins->a);
    cell->more.params = params;
    cell->n = n;
    cell->dist = (int16_t)ins->c;
    cell->d = decode_address(d, ins->d);
}

static void decode_draw(Decoder *d, const Ins *ins)
{
    Cell *cell = emit_draw(d, ins->op == OP_UNIFORM ? K_UNIFORM : K_QTABLE, ins->a);
    cell->d = decode_address(d, ins->d);
    if (ins->op == OP_QTABLE) {
        cell->more.table = d->e->program->tables[ins->b];
    }
}

// Any of them

void decode_plain(Decoder *d, const Ins *ins)
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

void decode_drawing(Decoder *d, const Ins *ins)
{
    switch ((OpCode)ins->op) {
    case OP_BERN:
    case OP_BERNLOG: decode_trial(d, ins); break;
    case OP_SOFTMAX:
    case OP_WEIGHTED: decode_choice(d, ins); break;
    case OP_DIST: decode_dist(d, ins); break;
    default: decode_draw(d, ins); break;
    }
}
