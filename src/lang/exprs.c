// SPDX-License-Identifier: MIT
//
// Expressions of the Model as things: making them, working out constants, telling whether two are
// the same. What they mean is in check_expr.c.
#include <string.h>

#include "base/limits.h"
#include "lang/checker.h"

// ---- Making expressions -------------------------------------------------------------------------

Expr *expr_new(Checker *c, ExprOp op, Kind kind, Span span)
{
    Expr *expr = ARENA_NEW(c->arena, Expr);
    *expr = (Expr){.op = op, .kind = kind, .span = span};
    c->shared->n_exprs++;
    return expr;
}

Expr *expr_with(Checker *c, ExprOp op, Kind kind, Span span, int32_t n, const Expr *const *args)
{
    Expr *expr = expr_new(c, op, kind, span);
    if (n > 0) {
        const Expr **copy = ARENA_ARRAY(c->arena, const Expr *, n);
        memcpy(copy, args, (size_t)n * sizeof *copy);
        expr->args = copy;
        expr->n_args = n;
    }
    return expr;
}

const Expr *expr_at(Checker *c, const Expr *expr, Span span)
{
    Expr *copy = expr_new(c, expr->op, expr->kind, span);
    *copy = *expr;
    copy->span = span;
    return copy;
}

const Expr *expr_const(Checker *c, double number, Kind kind, Span span)
{
    Expr *expr = expr_new(c, EX_CONST, kind, span);
    expr->number = number;
    return expr;
}

// Something was wrong here and was told; what rests on it stays silent.
const Expr *expr_none(Checker *c, Span span)
{
    return expr_const(c, 0, kind_none(), span);
}

// ---- Constants ----------------------------------------------------------------------------------

// The same operations in the same order as the engine would do them, so that nothing changes by
// being known early.
static bool fold_two(ExprOp op, double a, double b, double *out)
{
    switch (op) {
    case EX_ADD: *out = a + b; return true;
    case EX_SUB: *out = a - b; return true;
    case EX_MUL: *out = a * b; return true;
    case EX_DIV: *out = a / b; return b != 0;
    case EX_MIN: *out = b < a ? b : a; return true;
    case EX_MAX: *out = b > a ? b : a; return true;
    default: return false;
    }
}

// Division by zero is no constant: it is told elsewhere.
bool expr_fold_with(const Expr *expr, ExprKnown leaf, void *ctx, double *out)
{
    double a, b;
    if (expr->op == EX_CONST) {
        *out = expr->number;
        return true;
    }
    if (leaf && leaf(ctx, expr, out)) {
        return true;
    }
    if (expr->op == EX_NEG && expr_fold_with(expr->args[0], leaf, ctx, &a)) {
        *out = -a;
        return true;
    }
    return expr->n_args == 2 && expr_fold_with(expr->args[0], leaf, ctx, &a) &&
           expr_fold_with(expr->args[1], leaf, ctx, &b) && fold_two(expr->op, a, b, out);
}

bool expr_fold(const Expr *expr, double *out)
{
    return expr_fold_with(expr, NULL, NULL, out);
}

// ---- Whole numbers ------------------------------------------------------------------------------

// From 2^53 on all numbers are whole.
bool is_whole_number(double x)
{
    bool large = !(x > -9007199254740992.0 && x < 9007199254740992.0);
    return large || (double)(int64_t)x == x;
}

static bool var_is_whole(const Checker *c, int32_t var)
{
    return var < c->var_whole.n && c->var_whole.p[var];
}

static bool args_are_whole(Checker *c, const Expr *expr, int32_t from)
{
    for (int32_t i = from; i < expr->n_args; i++) {
        if (!expr_is_whole(c, expr->args[i])) {
            return false;
        }
    }
    return true;
}

bool dist_is_whole(Checker *c, const Dist *dist)
{
    if (dist->form == DIST_FIXED) {
        return expr_is_whole(c, dist->args[0]);
    }
    bool discrete = dist->form == DIST_NAMED && dist_is_discrete(dist->kind) && dist->scale == 1;
    return dist->whole || discrete;
}

void note_whole_var(Checker *c, int32_t var, const Expr *value)
{
    bool whole = value->kind.tag == KIND_NUMBER && expr_is_whole(c, value);
    while (c->var_whole.n <= var) {
        vec_push(c->arena, &c->var_whole, false);
    }
    c->var_whole.p[var] = whole;
}

// Of the index and of the condition nothing is asked: only of what the value is made of.
bool expr_is_whole(Checker *c, const Expr *expr)
{
    if (expr->kind.tag == KIND_FLAG) {
        return true;
    }
    switch (expr->op) {
    case EX_CONST: return is_whole_number(expr->number);
    case EX_QUANTITY:
    case EX_PREVIOUS: return c->quantities.p[expr->ref].kind.support == SUPPORT_COUNT;
    case EX_VAR: return var_is_whole(c, expr->ref);
    case EX_EVENT:
    case EX_CHOSEN: return expr->field == FIELD_TIMES;
    case EX_COUNT:
    case EX_ROUND: return true;
    case EX_SUM:
    case EX_MAX_OF:
    case EX_MIN_OF: return expr_is_whole(c, expr->args[0]);
    case EX_NEG:
    case EX_ABS:
    case EX_ADD:
    case EX_SUB:
    case EX_MUL:
    case EX_MIN:
    case EX_MAX:
    case EX_CLAMP: return args_are_whole(c, expr, 0);
    case EX_IF: return args_are_whole(c, expr, 1);
    case EX_LET: note_whole_var(c, expr->ref, expr->args[0]); return args_are_whole(c, expr, 1);
    case EX_DRAW: return expr->dist && dist_is_whole(c, expr->dist);
    default: return false;
    }
}

void not_whole(Checker *c, Span span)
{
    Diag *diag = report(c, 382, span, "a count is a whole number, 0 or above");
    diag_help(c->diags, diag, "what may be a fraction is a `number positive`");
}

const Expr *expr_as_count(Checker *c, const Expr *expr)
{
    if (expr->kind.tag != KIND_NUMBER || expr_is_whole(c, expr)) {
        return expr;
    }
    return expr_with(c, EX_ROUND, expr->kind, expr->span, 1, &expr);
}

// ---- Equality, whatever bound variables are called ----------------------------------------------

typedef struct {
    const Expr *a, *b;
    int32_t bound_a[LIMIT_DEPTH], bound_b[LIMIT_DEPTH];
    int32_t n;
} Renaming;

// The innermost binding of either side decides.
static bool same_var(const Renaming *r, int32_t a, int32_t b)
{
    for (int32_t i = r->n - 1; i >= 0; i--) {
        if (r->bound_a[i] == a || r->bound_b[i] == b) {
            return r->bound_a[i] == a && r->bound_b[i] == b;
        }
    }
    return a == b;
}

static bool binds(ExprOp op)
{
    return op == EX_LET || (op >= EX_SUM && op <= EX_MEAN_OF);
}

static bool same_expr(Renaming *r, const Expr *a, const Expr *b);

static bool same_args(Renaming *r, const Expr *a, const Expr *b)
{
    // The value of a let and the member left out of a loop stand outside the variable.
    bool bound = binds(a->op) && r->n < LIMIT_DEPTH;
    int32_t body = a->op == EX_LET ? 1 : 0;
    for (int32_t i = 0; i < a->n_args; i++) {
        bool inside = bound && i == body;
        if (inside) {
            r->bound_a[r->n] = a->ref;
            r->bound_b[r->n] = b->ref;
            r->n++;
        }
        bool same = same_expr(r, a->args[i], b->args[i]);
        r->n -= inside;
        if (!same) {
            return false;
        }
    }
    return true;
}

// Draws are never the same: each is its own.
static bool same_expr(Renaming *r, const Expr *a, const Expr *b)
{
    if (a->op != b->op || a->n_args != b->n_args || a->op == EX_DRAW || a->op == EX_NOISE) {
        return false;
    }
    if (a->op == EX_VAR) {
        return same_var(r, a->ref, b->ref);
    }
    bool same_head = (binds(a->op) || a->ref == b->ref) && a->field == b->field &&
                     a->domain == b->domain && a->number == b->number && a->number2 == b->number2;
    return same_head && same_args(r, a, b);
}

bool expr_equal(const Expr *a, const Expr *b)
{
    Renaming renaming = {.n = 0};
    return same_expr(&renaming, a, b);
}
