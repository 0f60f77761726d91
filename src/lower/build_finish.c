// SPDX-License-Identifier: MIT
//
// From virtual columns to the columns of a Program: persistent ones first, then temporaries, which
// share columns when their lives do not overlap (linear scan, Poletto and Sarkar 1999; the code has
// no loops, so a life is one interval).
#include "base/limits.h"
#include "lower/build_impl.h"
#include "math/dist.h"

// Positions of a life: 2 i is instruction i, 2 i + 1 the moment after it (the end of a region).
enum { NEVER_USED = -1, KEPT = INT32_MAX };

typedef struct {
    int32_t first, last; // positions
} Life;

typedef VEC(Reg *) RegRefs;

static void add_args(Builder *b, RegRefs *refs, uint32_t from, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        vec_push(b->arena, refs, &b->args.p[from + i]);
    }
}

// Every place in an instruction that reads a column, but for the pairs of a region.
static void operands(Builder *b, Ins *ins, RegRefs *refs)
{
    refs->n = 0;
    switch ((OpCode)ins->op) {
    case OP_LIN:
        vec_push(b->arena, refs, &ins->a);
        add_args(b, refs, ins->b, 2 * ins->c);
        return;
    case OP_SOFTMAX:
    case OP_WEIGHTED: add_args(b, refs, ins->b, 2 * ins->c); return;
    case OP_DIST: add_args(b, refs, ins->b, (uint32_t)dist_n_params((DistKind)ins->c)); return;
    case OP_UNIFORM:
    case OP_QTABLE: return;
    case OP_SCORE:
    case OP_BERN:
    case OP_BERNLOG:
    case OP_REGION:
    case OP_IFSTEP:
    case OP_FAIL: vec_push(b->arena, refs, &ins->a); return;
    case OP_NOTE:
        vec_push(b->arena, refs, &ins->a);
        add_args(b, refs, ins->c + 1, b->args.p[ins->c]);
        return;
    default:
        vec_push(b->arena, refs, &ins->a);
        vec_push(b->arena, refs, &ins->b);
        vec_push(b->arena, refs, &ins->c);
    }
}

static bool is_col(Reg reg)
{
    return reg != REG_NONE && !(reg & REG_UNI);
}

static void touch(Life *lives, Reg reg, int32_t position)
{
    if (!is_col(reg)) {
        return;
    }
    Life *life = &lives[reg];
    if (life->first == NEVER_USED) {
        life->first = position;
    }
    if (position > life->last) {
        life->last = position;
    }
}

// Pairs of a region in the pool: n_in pairs (outer, inner), then n_out pairs (inner, outer).
static void touch_region(const Builder *b, Life *lives, const Ins *ins, int32_t i)
{
    const uint32_t *args = b->args.p + ins->b;
    int32_t end = 2 * (i + (int32_t)ins->c) + 1;
    uint32_t n_in = *args++;
    for (uint32_t k = 0; k < 2 * n_in; k++) {
        touch(lives, args[k], 2 * i);
    }
    args += 2 * n_in;
    uint32_t n_out = *args++;
    for (uint32_t k = 0; k < 2 * n_out; k++) {
        touch(lives, args[k], end);
    }
    touch(lives, ins->a, end);
}

static Life *find_lives(Builder *b, Segment segment)
{
    Life *lives = ARENA_ARRAY(b->arena, Life, b->cols.n + 1);
    for (int32_t i = 0; i < b->cols.n; i++) {
        lives[i] = (Life){NEVER_USED, NEVER_USED};
    }
    InsVec *code = &b->lane[segment];
    RegRefs refs = {0};
    for (int32_t i = 0; i < code->n; i++) {
        Ins *ins = &code->p[i];
        operands(b, ins, &refs);
        for (int32_t k = 0; k < refs.n; k++) {
            touch(lives, *refs.p[k], 2 * i);
        }
        touch(lives, ins->d, 2 * i);
        if (ins->op == OP_REGION) {
            touch_region(b, lives, ins, i);
        }
    }
    for (int32_t i = 0; i < b->kept[segment].n; i++) {
        Val v = b->kept[segment].p[i];
        if (v.level == LEVEL_LANE) {
            touch(lives, (Reg)v.id, KEPT);
        }
    }
    return lives;
}

typedef struct {
    Builder *b;
    Life *lives;
    int32_t *col_of;
    VEC(int32_t) free;
    VEC(int32_t) active; // virtual columns now holding a temporary
    int32_t next, most;
} Scan;

static void expire(Scan *scan, int32_t position)
{
    int32_t kept = 0;
    for (int32_t i = 0; i < scan->active.n; i++) {
        int32_t v = scan->active.p[i];
        if (scan->lives[v].last <= position) {
            vec_push(scan->b->arena, &scan->free, scan->col_of[v]);
        } else {
            scan->active.p[kept++] = v;
        }
    }
    scan->active.n = kept;
}

static void place(Scan *scan, Reg reg)
{
    if (!is_col(reg) || scan->col_of[reg] >= 0) {
        return;
    }
    if (scan->free.n) {
        scan->col_of[reg] = scan->free.p[--scan->free.n];
    } else {
        scan->col_of[reg] = scan->next++;
    }
    vec_push(scan->b->arena, &scan->active, (int32_t)reg);
}

// Columns that come into a region are read after inner ones begin to be written: nothing that ends
// here may share with them. Elsewhere a result may take the column of an operand that ends.
static void scan_segment(Builder *b, Segment segment, int32_t n_persist, int32_t *col_of,
                         int32_t *most)
{
    Scan scan = {.b = b, .lives = find_lives(b, segment), .col_of = col_of, .next = n_persist};
    InsVec *code = &b->lane[segment];
    for (int32_t i = 0; i < code->n; i++) {
        const Ins *ins = &code->p[i];
        if (ins->op == OP_REGION) {
            expire(&scan, 2 * i - 1);
            const uint32_t *args = b->args.p + ins->b;
            for (uint32_t k = 0; k < args[0]; k++) {
                place(&scan, args[2 + 2 * k]);
            }
        } else {
            expire(&scan, 2 * i);
            place(&scan, ins->d);
        }
    }
    *most = scan.next > *most ? scan.next : *most;
}

static void translate(Reg *reg, const int32_t *col_of)
{
    if (is_col(*reg)) {
        ASSERT(col_of[*reg] >= 0);
        *reg = (Reg)col_of[*reg];
    }
}

static void translate_pairs(Builder *b, const Ins *ins, const int32_t *col_of)
{
    uint32_t *args = b->args.p + ins->b;
    for (int side = 0; side < 2; side++) {
        uint32_t n = *args++;
        for (uint32_t k = 0; k < 2 * n; k++) {
            translate(&args[k], col_of);
        }
        args += 2 * n;
    }
}

static void translate_segment(Builder *b, Segment segment, const int32_t *col_of)
{
    InsVec *code = &b->lane[segment];
    RegRefs refs = {0};
    for (int32_t i = 0; i < code->n; i++) {
        Ins *ins = &code->p[i];
        operands(b, ins, &refs);
        for (int32_t k = 0; k < refs.n; k++) {
            translate(refs.p[k], col_of);
        }
        if (ins->d != REG_NONE) {
            translate(&ins->d, col_of);
        }
        if (ins->op == OP_REGION) {
            translate_pairs(b, ins, col_of);
        }
    }
}

static int32_t *persistent_columns(Builder *b, int32_t *n)
{
    int32_t *col_of = ARENA_ARRAY(b->arena, int32_t, b->cols.n + 1);
    *n = 0;
    for (int32_t i = 0; i < b->cols.n; i++) {
        col_of[i] = b->cols.p[i].persistent ? (*n)++ : -1;
    }
    return col_of;
}

static void fill_program(Builder *b, Program *p)
{
    p->n_unis = (uint32_t)b->n_unis;
    p->n_world_cols = (uint32_t)b->n_world_cols;
    p->consts = b->consts.p;
    p->n_consts = b->consts.n;
    p->args = b->args.p;
    p->n_args = b->args.n;
    p->sites = b->sites.p;
    p->n_sites = b->sites.n;
    p->tables = b->tables.p;
    p->n_tables = b->tables.n;
    p->world = (Code){b->world.p, b->world.n};
    p->uniform = (Code){b->uniform.p, b->uniform.n};
    p->start = (Code){b->lane[SEG_START].p, b->lane[SEG_START].n};
    p->step = (Code){b->lane[SEG_STEP].p, b->lane[SEG_STEP].n};
    p->look = (Code){b->lane[SEG_LOOK].p, b->lane[SEG_LOOK].n};
    p->finish = (Code){b->lane[SEG_FINISH].p, b->lane[SEG_FINISH].n};
}

static void fill_expand(Builder *b, Program *p, const int32_t *col_of)
{
    VEC(Expand) expand = {0};
    for (int32_t w = 0; w < b->expanded.n; w++) {
        if (b->expanded.p[w] >= 0) {
            vec_push(b->arena, &expand, (Expand){(uint32_t)w, (uint32_t)col_of[b->expanded.p[w]]});
        }
    }
    p->expand = expand.p;
    p->n_expand = expand.n;
}

Status build_finish(Builder *b, Program *program, Allocation *allocation)
{
    TRY(b->status);
    ASSERT(b->frame == 0);
    int32_t n_persist, most;
    int32_t *base = persistent_columns(b, &n_persist);
    most = n_persist;
    int32_t total = b->world.n + b->uniform.n;
    for (int s = 0; s < SEG_COUNT; s++) {
        int32_t *col_of = ARENA_ARRAY(b->arena, int32_t, b->cols.n + 1);
        memcpy(col_of, base, (size_t)b->cols.n * sizeof *col_of);
        scan_segment(b, (Segment)s, n_persist, col_of, &most);
        translate_segment(b, (Segment)s, col_of);
        allocation->col_of[s] = col_of;
        total += b->lane[s].n;
    }
    if (total > LIMIT_INSTRUCTIONS || most > LIMIT_COLUMNS) {
        return error_set(b->error, ST_BAD_MODEL,
                         "the model is too large once its sets are unrolled: %d instructions and "
                         "%d columns (at most %d and %d)",
                         (int)total, (int)most, LIMIT_INSTRUCTIONS, LIMIT_COLUMNS);
    }
    fill_program(b, program);
    fill_expand(b, program, base);
    program->n_persist = (uint32_t)n_persist;
    program->n_cols = (uint32_t)most;
    allocation->n_persist = (uint32_t)n_persist;
    allocation->n_cols = (uint32_t)most;
    return ST_OK;
}
