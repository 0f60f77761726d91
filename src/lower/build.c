// SPDX-License-Identifier: MIT
//
// The builder's values, operations and columns. Control is in build_control.c, column allocation in
// build_finish.c.
#include "lower/build.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/map.h"
#include "lower/build_impl.h"
#include "math/draw.h"
#include "math/elementary.h"

Builder *build_new(Arena *arena, Error *error)
{
    Builder *b = ARENA_NEW(arena, Builder);
    b->arena = arena;
    b->error = error;
    b->at = NO_SPAN;
    b->site_names = map_new(arena);
    b->n_unis = UNI_FIRST_FREE;
    b->normal_table = -1;
    for (int32_t i = 0; i < UNI_FIRST_FREE; i++) {
        vec_push(arena, &b->uni_is_mask, i == UNI_LAST || i == UNI_INITIAL);
    }
    Frame *outermost = ARENA_NEW(arena, Frame);
    outermost->outer = -1;
    vec_push(arena, &b->frames, outermost);
    return b;
}

void build_fail(Builder *b, const char *format, ...)
{
    if (b->status != ST_OK) {
        return;
    }
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    b->status = error_set(b->error, ST_BAD_MODEL, "%s", text);
    if (b->error && b->at.file >= 0) {
        b->error->placed = true;
        b->error->file = b->at.file;
        b->error->lo = b->at.lo;
        b->error->hi = b->at.hi;
    }
}

// ---- Values -----------------------------------------------------------------------------------

Val val_const(double k)
{
    return (Val){.level = LEVEL_CONST, .k = k};
}

Val val_mask(bool yes)
{
    return (Val){.level = LEVEL_CONST, .mask = true, .k = yes ? 1 : 0};
}

Val val_uni(int32_t uni, bool mask)
{
    return (Val){.level = LEVEL_UNI, .mask = mask, .id = uni};
}

bool val_is(Val v, double k)
{
    return v.level == LEVEL_CONST && v.k == k;
}

// A uniform register that holds a constant; equal bits share one.
static int32_t const_uni(Builder *b, double k, bool mask)
{
    for (int32_t i = b->consts.n - 1; i >= 0; i--) {
        const ConstUni *c = &b->consts.p[i];
        if (c->is_mask == mask && memcmp(&c->value, &k, sizeof k) == 0) {
            return (int32_t)c->uni;
        }
    }
    int32_t uni = b->n_unis++;
    vec_push(b->arena, &b->uni_is_mask, mask);
    vec_push(b->arena, &b->consts, (ConstUni){(uint32_t)uni, k, mask});
    return uni;
}

int32_t build_new_col(Builder *b, bool mask)
{
    if (b->cols.n >= LIMIT_INSTRUCTIONS) {
        build_fail(b,
                   "the model is too large once its sets are unrolled: more than %d values are "
                   "worked out",
                   LIMIT_INSTRUCTIONS);
        return 0;
    }
    vec_push(b->arena, &b->cols, (ColInfo){.frame = b->frame, .mask = mask, .world = -1});
    vec_push(b->arena, &b->versions, 0);
    return b->cols.n - 1;
}

// The lane column that carries a world column into futures.
static int32_t expanded_col(Builder *b, int32_t world)
{
    while (b->expanded.n < b->n_world_cols) {
        vec_push(b->arena, &b->expanded, -1);
    }
    if (b->expanded.p[world] < 0) {
        int32_t frame = b->frame;
        b->frame = 0;
        int32_t col = build_new_col(b, b->world_is_mask.p[world]);
        b->frame = frame;
        b->cols.p[col].persistent = true;
        b->cols.p[col].world = world;
        b->expanded.p[world] = col;
    }
    return b->expanded.p[world];
}

// Column `col` as frame `frame` sees it: itself, or the inner column that takes it in.
int32_t build_import(Builder *b, int32_t frame, int32_t col, bool out)
{
    if (b->cols.p[col].frame == frame) {
        return col;
    }
    Frame *f = b->frames.p[frame];
    ASSERT(f->outer >= 0); // otherwise the value comes from a frame that is closed
    int32_t outer = build_import(b, f->outer, col, out);
    for (int32_t i = 0; i < f->imports.n; i++) {
        if (f->imports.p[i].outer == outer) {
            f->imports.p[i].out |= out;
            return f->imports.p[i].inner;
        }
    }
    int32_t current = b->frame;
    b->frame = frame;
    int32_t inner = build_new_col(b, b->cols.p[col].mask);
    b->frame = current;
    b->cols.p[inner].mutable = b->cols.p[outer].mutable;
    vec_push(b->arena, &f->imports, (Import){outer, inner, out});
    return inner;
}

Reg build_reg(Builder *b, Val v)
{
    switch (v.level) {
    case LEVEL_CONST: return (Reg)const_uni(b, v.k, v.mask) | REG_UNI;
    case LEVEL_UNI: return (Reg)v.id | REG_UNI;
    case LEVEL_WORLD: return (Reg)build_import(b, b->frame, expanded_col(b, v.id), false);
    case LEVEL_LANE: return (Reg)build_import(b, b->frame, v.id, false);
    }
    ASSERT(false);
    return REG_NONE;
}

Reg build_world_reg(Builder *b, Val v)
{
    ASSERT(v.level == LEVEL_CONST || v.level == LEVEL_WORLD);
    return v.level == LEVEL_CONST ? (Reg)const_uni(b, v.k, v.mask) | REG_UNI : (Reg)v.id;
}

// ---- Operations -------------------------------------------------------------------------------

static bool op_gives_mask(OpCode op)
{
    const char *kinds = op_info(op)->kinds;
    const char *arrow = strchr(kinds, '>');
    return arrow && arrow[1] == 'm';
}

static double fold_mask_op(OpCode op, double a, double x, double c)
{
    switch (op) {
    case OP_LT: return a < x;
    case OP_LE: return a <= x;
    case OP_EQ: return a == x;
    case OP_NE: return a < x || a > x;
    case OP_AND: return a != 0 && x != 0;
    case OP_OR: return a != 0 || x != 0;
    case OP_ANDNOT: return a != 0 && x == 0;
    case OP_NOT: return a == 0;
    case OP_DEFINED: return a == a;
    case OP_MOVM: return a;
    case OP_SELM: return a != 0 ? x : c;
    default: ASSERT(false); return 0;
    }
}

static double fold(OpCode op, double a, double x, double c)
{
    switch (op) {
    case OP_MOV: return a;
    case OP_ADD: return a + x;
    case OP_SUB: return a - x;
    case OP_MUL: return a * x;
    case OP_DIV: return a / x;
    case OP_NEG: return -a;
    case OP_ABS: return m_abs(a);
    case OP_MIN: return m_min(a, x);
    case OP_MAX: return m_max(a, x);
    case OP_CLAMP: return c < (x > a ? x : a) ? c : (x > a ? x : a);
    case OP_FLOOR: return m_floor(a);
    case OP_ROUND: return m_round(a);
    case OP_SQRT: return m_sqrt(a);
    case OP_EXP: return m_exp(a);
    case OP_LOG: return m_log(a);
    case OP_LOG1P: return m_log1p(a);
    case OP_POW: return m_pow(a, x);
    case OP_LOGISTIC: return m_logistic(a);
    case OP_HAZARD: return -m_expm1(-a);
    case OP_NUM: return a;
    case OP_SEL: return a != 0 ? x : c;
    default: return fold_mask_op(op, a, x, c);
    }
}

static int32_t operand_count(OpCode op)
{
    const char *kinds = op_info(op)->kinds;
    int32_t n = 0;
    while (kinds[n] && kinds[n] != '>') {
        n++;
    }
    return n;
}

static Level join(Level a, Level x)
{
    if (a == LEVEL_CONST) {
        return x;
    }
    if (x == LEVEL_CONST || a == x) {
        return a;
    }
    return LEVEL_LANE; // of the world and of the calendar: of a lane
}

static int32_t version_of(const Builder *b, Reg reg)
{
    return reg == REG_NONE || (reg & REG_UNI) ? 0 : b->versions.p[reg];
}

// The value an equal instruction computed before, in this frame and with its operands unchanged.
static bool find_known(const Builder *b, Ins ins, int32_t version, Val *val)
{
    enum { LOOK_BACK = 400 };
    int32_t n = b->known[b->segment].n;
    int32_t stop = n > LOOK_BACK ? n - LOOK_BACK : 0;
    for (int32_t i = n - 1; i >= stop; i--) {
        const Known *k = &b->known[b->segment].p[i];
        if (k->op == ins.op && k->a == ins.a && k->b == ins.b && k->c == ins.c &&
            k->frame == b->frame && k->version == version) {
            *val = k->val;
            return true;
        }
    }
    return false;
}

// Append a lane instruction whose result is a new column. `d` of ins is filled in.
Val build_emit_lane(Builder *b, Ins ins, bool mask)
{
    Val val = {.level = LEVEL_LANE, .mask = mask, .id = build_new_col(b, mask)};
    ins.d = (Reg)val.id;
    vec_push(b->arena, &b->lane[b->segment], ins);
    return val;
}

static Val emit_lane_op(Builder *b, Ins ins, bool mask)
{
    int32_t version = version_of(b, ins.a) + version_of(b, ins.b) + version_of(b, ins.c);
    Val val;
    if (find_known(b, ins, version, &val)) {
        b->cols.p[val.id].pinned = true;
        return val;
    }
    val = build_emit_lane(b, ins, mask);
    vec_push(b->arena, &b->known[b->segment],
             (Known){ins.op, ins.a, ins.b, ins.c, b->frame, val, version});
    return val;
}

Val build_emit_world(Builder *b, Ins ins, bool mask)
{
    Val val = {.level = LEVEL_WORLD, .mask = mask, .id = b->n_world_cols++};
    vec_push(b->arena, &b->world_is_mask, mask);
    ins.d = (Reg)val.id;
    vec_push(b->arena, &b->world, ins);
    return val;
}

// World and uniform code is written once and never overwritten: equal is equal.
static Val emit_fixed_op(Builder *b, Ins ins, bool mask, Level level)
{
    enum { LOOK_BACK = 400 };
    int32_t stop = b->known_world.n > LOOK_BACK ? b->known_world.n - LOOK_BACK : 0;
    for (int32_t i = b->known_world.n - 1; i >= stop; i--) {
        const Known *k = &b->known_world.p[i];
        if (k->op == ins.op && k->a == ins.a && k->b == ins.b && k->c == ins.c &&
            k->val.level == level) {
            return k->val;
        }
    }
    Val val;
    if (level == LEVEL_WORLD) {
        val = build_emit_world(b, ins, mask);
    } else {
        val = val_uni(b->n_unis++, mask);
        vec_push(b->arena, &b->uni_is_mask, mask);
        ins.d = (Reg)val.id | REG_UNI;
        vec_push(b->arena, &b->uniform, ins);
    }
    vec_push(b->arena, &b->known_world, (Known){ins.op, ins.a, ins.b, ins.c, 0, val, 0});
    return val;
}

Val build_op(Builder *b, OpCode op, Val a, Val x, Val c)
{
    int32_t n = operand_count(op);
    bool mask = op_gives_mask(op);
    Level level = a.level;
    level = n > 1 ? join(level, x.level) : level;
    level = n > 2 ? join(level, c.level) : level;
    if (level == LEVEL_CONST) {
        double k = fold(op, a.k, n > 1 ? x.k : 0, n > 2 ? c.k : 0);
        return mask ? val_mask(k != 0) : val_const(k);
    }
    Reg (*reg)(Builder *, Val) = level == LEVEL_WORLD ? build_world_reg : build_reg;
    Ins ins = {.op = (uint16_t)op, .a = reg(b, a), .b = REG_NONE, .c = REG_NONE};
    if (n > 1) {
        ins.b = reg(b, x);
    }
    if (n > 2) {
        ins.c = reg(b, c);
    }
    return level == LEVEL_LANE ? emit_lane_op(b, ins, mask) : emit_fixed_op(b, ins, mask, level);
}

Val build_op1(Builder *b, OpCode op, Val a)
{
    return build_op(b, op, a, (Val){0}, (Val){0});
}

Val build_op2(Builder *b, OpCode op, Val a, Val x)
{
    if (op == OP_MUL && (val_is(a, 1) || val_is(x, 1))) {
        return val_is(a, 1) ? x : a;
    }
    if ((op == OP_ADD || op == OP_SUB) && val_is(x, 0)) {
        return a;
    }
    if (op == OP_ADD && val_is(a, 0)) {
        return x;
    }
    return build_op(b, op, a, x, (Val){0});
}

Val build_num(Builder *b, Val v)
{
    return v.mask ? build_op1(b, OP_NUM, v) : v;
}

Val build_and(Builder *b, Val a, Val x)
{
    if (a.level == LEVEL_CONST) {
        return a.k != 0 ? x : a;
    }
    if (x.level == LEVEL_CONST) {
        return x.k != 0 ? a : x;
    }
    return build_op2(b, OP_AND, a, x);
}

Val build_or(Builder *b, Val a, Val x)
{
    if (a.level == LEVEL_CONST) {
        return a.k != 0 ? a : x;
    }
    if (x.level == LEVEL_CONST) {
        return x.k != 0 ? x : a;
    }
    return build_op2(b, OP_OR, a, x);
}

Val build_not(Builder *b, Val a)
{
    return build_op1(b, OP_NOT, a);
}

Val build_select(Builder *b, Val mask, Val yes, Val no)
{
    ASSERT(yes.mask == no.mask && mask.mask);
    if (mask.level == LEVEL_CONST) {
        return mask.k != 0 ? yes : no;
    }
    return build_op(b, yes.mask ? OP_SELM : OP_SEL, mask, yes, no);
}

// ---- Sums -------------------------------------------------------------------------------------

static Val emit_lin(Builder *b, Val start, const Term *terms, int32_t n)
{
    Reg regs[1 + 2 * MAX_TERMS];
    regs[0] = build_reg(b, start);
    for (int32_t i = 0; i < n; i++) {
        regs[1 + 2 * i] = build_reg(b, terms[i].k);
        regs[2 + 2 * i] = build_reg(b, terms[i].x);
    }
    Ins ins = {.op = OP_LIN, .a = regs[0], .b = (Reg)b->args.n, .c = (Reg)n};
    for (int32_t i = 0; i < 2 * n; i++) {
        vec_push(b->arena, &b->args, regs[1 + i]);
    }
    return build_emit_lane(b, ins, false);
}

Val build_sum(Builder *b, Val start, const Term *terms, int32_t n)
{
    Val sum = start;
    for (int32_t i = 0; i < n;) {
        if (join(join(sum.level, terms[i].k.level), terms[i].x.level) != LEVEL_LANE) {
            sum = build_op2(b, OP_ADD, sum, build_op2(b, OP_MUL, terms[i].k, terms[i].x));
            i++;
            continue;
        }
        int32_t m = n - i > MAX_TERMS ? MAX_TERMS : n - i;
        if (m == 1 && val_is(terms[i].k, 1)) {
            sum = build_op2(b, OP_ADD, sum, terms[i].x);
        } else if (m == 1 && val_is(sum, 0)) {
            sum = build_op2(b, OP_MUL, terms[i].k, terms[i].x);
        } else {
            sum = emit_lin(b, sum, &terms[i], m);
        }
        i += m;
    }
    return sum;
}

// ---- Draws ------------------------------------------------------------------------------------

int32_t build_site(Builder *b, Str name)
{
    int32_t known = map_get(b->site_names, name);
    if (known >= 0) {
        return known;
    }
    if (b->sites.n >= LIMIT_SITES) {
        build_fail(b, "the model draws in more than %d places once its sets are unrolled",
                   LIMIT_SITES);
        return 0;
    }
    uint32_t hash = draw_site_hash(name);
    for (int32_t i = 0; i < b->sites.n; i++) {
        if (b->sites.p[i].hash == hash) {
            build_fail(b, "the draws of `%.*s` and `%.*s` share a number by accident: rename one",
                       STR_ARG(name), STR_ARG(b->sites.p[i].name));
        }
    }
    Str copy = str_copy(b->arena, name);
    vec_push(b->arena, &b->sites, (Site){hash, copy});
    map_put(b->site_names, copy, b->sites.n - 1);
    return b->sites.n - 1;
}

int32_t build_table(Builder *b, const QTable *table)
{
    vec_push(b->arena, &b->tables, table);
    return b->tables.n - 1;
}

static Val emit_draw(Builder *b, bool world, Ins ins, bool mask)
{
    return world ? build_emit_world(b, ins, mask) : build_emit_lane(b, ins, mask);
}

static Reg draw_reg(Builder *b, bool world, Val v)
{
    return world ? build_world_reg(b, v) : build_reg(b, v);
}

Val build_uniform(Builder *b, bool world, int32_t site)
{
    return emit_draw(b, world,
                     (Ins){.op = OP_UNIFORM, .a = (Reg)site, .b = REG_NONE, .c = REG_NONE}, false);
}

Val build_table_draw(Builder *b, bool world, int32_t site, int32_t table)
{
    return emit_draw(b, world,
                     (Ins){.op = OP_QTABLE, .a = (Reg)site, .b = (Reg)table, .c = REG_NONE}, false);
}

Val build_score(Builder *b, Val z, int32_t table)
{
    ASSERT(z.level == LEVEL_WORLD);
    return build_emit_world(
        b, (Ins){.op = OP_SCORE, .a = build_world_reg(b, z), .b = (Reg)table, .c = REG_NONE},
        false);
}

Val build_bernoulli(Builder *b, bool world, int32_t site, Val p)
{
    if (p.level == LEVEL_CONST && (p.k <= 0 || p.k >= 1)) {
        return val_mask(p.k >= 1); // certain either way: the draw would not be looked at
    }
    Ins ins = {.op = OP_BERN, .a = draw_reg(b, world, p), .b = (Reg)site, .c = REG_NONE};
    return emit_draw(b, world, ins, true);
}

Val build_bernoulli_logit(Builder *b, bool world, int32_t site, Val z)
{
    Ins ins = {.op = OP_BERNLOG, .a = draw_reg(b, world, z), .b = (Reg)site, .c = REG_NONE};
    return emit_draw(b, world, ins, true);
}

Val build_choice(Builder *b, OpCode op, bool world, int32_t site, const Val *worth,
                 const Val *available, int32_t n)
{
    ASSERT(n > 0 && n <= LIMIT_OPTIONS);
    Reg regs[2 * LIMIT_OPTIONS];
    for (int32_t i = 0; i < n; i++) {
        regs[2 * i] = draw_reg(b, world, worth[i]);
        bool always = val_is(available[i], 1);
        regs[2 * i + 1] = always ? REG_NONE : draw_reg(b, world, available[i]);
    }
    Ins ins = {.op = (uint16_t)op, .a = (Reg)site, .b = (Reg)b->args.n, .c = (Reg)n};
    for (int32_t i = 0; i < 2 * n; i++) {
        vec_push(b->arena, &b->args, regs[i]);
    }
    return emit_draw(b, world, ins, false);
}

Val build_dist_draw(Builder *b, bool world, int32_t site, int32_t kind, const Val *params,
                    int32_t n)
{
    Reg regs[MAX_TERMS];
    ASSERT(n <= MAX_TERMS);
    for (int32_t i = 0; i < n; i++) {
        regs[i] = draw_reg(b, world, params[i]);
    }
    Ins ins = {.op = OP_DIST, .a = (Reg)site, .b = (Reg)b->args.n, .c = (Reg)kind};
    for (int32_t i = 0; i < n; i++) {
        vec_push(b->arena, &b->args, regs[i]);
    }
    return emit_draw(b, world, ins, false);
}

// ---- Columns ----------------------------------------------------------------------------------

Val build_persistent(Builder *b, bool mask)
{
    int32_t frame = b->frame;
    b->frame = 0;
    int32_t col = build_new_col(b, mask);
    b->frame = frame;
    b->cols.p[col].persistent = true;
    b->cols.p[col].mutable = true;
    return (Val){.level = LEVEL_LANE, .mask = mask, .id = col};
}

static int32_t writable(Builder *b, Val home)
{
    ASSERT(home.level == LEVEL_LANE && b->cols.p[home.id].mutable);
    int32_t col = build_import(b, b->frame, home.id, true);
    b->versions.p[col]++;
    return col;
}

void build_store(Builder *b, Val home, Val value)
{
    ASSERT(home.mask == value.mask);
    Reg from = build_reg(b, value);
    int32_t col = writable(b, home);
    if (from == (Reg)col) {
        return;
    }
    Ins ins = {.op = home.mask ? OP_MOVM : OP_MOV, .d = (Reg)col, .a = from};
    ins.b = ins.c = REG_NONE;
    vec_push(b->arena, &b->lane[b->segment], ins);
}

void build_store_fresh(Builder *b, Val home, Val value, int32_t cols_before)
{
    InsVec *code = &b->lane[b->segment];
    Ins *last = code->n ? &code->p[code->n - 1] : NULL;
    bool fresh = value.level == LEVEL_LANE && value.id >= cols_before && last &&
                 last->d == (Reg)value.id && !b->cols.p[value.id].pinned &&
                 !b->cols.p[value.id].mutable && b->cols.p[value.id].frame == b->frame;
    if (!fresh) {
        build_store(b, home, value);
        return;
    }
    int32_t n = b->known[b->segment].n;
    if (n && b->known[b->segment].p[n - 1].val.id == value.id) {
        b->known[b->segment].n--;
    }
    int32_t col = writable(b, home); // may append to the imports, not to the code
    code->p[code->n - 1].d = (Reg)col;
}

void build_store_masked(Builder *b, Val home, Val mask, Val value)
{
    int32_t before = b->cols.n;
    build_store_fresh(b, home, build_select(b, mask, value, home), before);
}

Val build_snapshot(Builder *b, Val v)
{
    if (v.level != LEVEL_LANE || !b->cols.p[v.id].mutable) {
        if (v.level == LEVEL_LANE) {
            b->cols.p[v.id].pinned = true;
        }
        return v;
    }
    Ins ins = {.op = v.mask ? OP_MOVM : OP_MOV, .a = build_reg(b, v), .b = REG_NONE, .c = REG_NONE};
    Val copy = build_emit_lane(b, ins, v.mask);
    b->cols.p[copy.id].pinned = true;
    return copy;
}

Val build_temp(Builder *b, Val init)
{
    Ins ins = {.op = init.mask ? OP_MOVM : OP_MOV, .a = build_reg(b, init)};
    ins.b = ins.c = REG_NONE;
    Val temp = build_emit_lane(b, ins, init.mask);
    b->cols.p[temp.id].mutable = true;
    return temp;
}

Val build_lane(Builder *b, Val v)
{
    if (v.level == LEVEL_LANE) {
        return v;
    }
    if (v.level == LEVEL_WORLD) {
        return (Val){.level = LEVEL_LANE, .mask = v.mask, .id = expanded_col(b, v.id)};
    }
    Ins ins = {.op = v.mask ? OP_MOVM : OP_MOV, .a = build_reg(b, v), .b = REG_NONE, .c = REG_NONE};
    return build_emit_lane(b, ins, v.mask);
}

void build_keep(Builder *b, Segment segment, Val v)
{
    vec_push(b->arena, &b->kept[segment], v);
}
