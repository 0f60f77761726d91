// SPDX-License-Identifier: MIT
//
// Expressions: literals, operators, and the agreement of kinds and units between their sides. The
// result is in base units and holds no name any more.
#include "lang/checker.h"
#include "lang/hints.h"

#include "base/limits.h"
#include "base/num.h"

enum {
    // Inlined functions may nest deeper than the text does.
    LIMIT_EXPR_DEPTH = 4 * LIMIT_DEPTH
};

// ---- Agreement of kinds -------------------------------------------------------------------------

// May a value of kind `got` stand where `wanted` is asked for? A flag counts 1 or 0 where a plain
// number is; a member of a smaller set belongs to the larger.
bool kind_fits(Checker *c, Kind got, Kind wanted)
{
    if (got.tag == KIND_NONE || wanted.tag == KIND_NONE) {
        return true;
    }
    if (got.tag == KIND_FLAG && kind_is_plain(wanted)) {
        return true;
    }
    if (got.tag != wanted.tag) {
        return false;
    }
    switch (got.tag) {
    case KIND_NUMBER: return got.unit == wanted.unit;
    case KIND_ATOM: return set_within(c, got.domain, wanted.domain);
    case KIND_RUNG: return got.domain == wanted.domain;
    case KIND_FLAG:
    case KIND_DATE:
    case KIND_NONE: break;
    }
    return true;
}

// Only a written zero: what happens to be zero has the unit it has.
static bool is_zero(const Expr *expr)
{
    double value;
    return kind_is_plain(expr->kind) && expr_fold(expr, &value) && value == 0;
}

// The same expression seen as another kind.
static const Expr *with_kind(Checker *c, const Expr *expr, Kind kind)
{
    Expr *copy = ARENA_NEW(c->arena, Expr);
    *copy = *expr;
    copy->kind = kind;
    return copy;
}

// A trial is 1 or 0; where a flag is wanted it is yes or no. NULL for anything else.
static const Expr *trial_as_flag(Checker *c, const Expr *expr)
{
    bool trial = expr->op == EX_DRAW && expr->dist && expr->dist->form == DIST_NAMED &&
                 expr->dist->kind == DIST_BERNOULLI;
    if (!trial) {
        return NULL;
    }
    const Expr *one = expr_const(c, 1, expr->kind, expr->span);
    return expr_with(c, EX_EQ, kind_flag(), expr->span, 2, (const Expr *const[]){expr, one});
}

// The expression as one of `kind` if it can be: nothing is 0 km as well as 0 days; an actor belongs
// to every set that holds him. NULL otherwise.
static const Expr *as_kind(Checker *c, const Expr *expr, Kind kind)
{
    if (kind_fits(c, expr->kind, kind)) {
        return expr;
    }
    if (kind.tag == KIND_NUMBER && is_zero(expr)) {
        return with_kind(c, expr, kind);
    }
    if (kind.tag == KIND_FLAG) {
        return trial_as_flag(c, expr);
    }
    bool atoms = kind.tag == KIND_ATOM && expr->kind.tag == KIND_ATOM && expr->op == EX_CONST;
    return atoms && set_contains(c, kind.domain, (int32_t)expr->number) ? with_kind(c, expr, kind)
                                                                        : NULL;
}

// "write `5 km`" under a bare number where one with a unit belongs; "`* step`" under a rate.
static void suggest_unit(Checker *c, Diag *diag, const Expr *expr, Kind kind)
{
    bool rate =
        expr->kind.tag == KIND_NUMBER && kind.tag == KIND_NUMBER && !c->shared->units.full &&
        units_multiply(&c->shared->units, expr->kind.unit, UNIT_DAY, 1, expr->span) == kind.unit;
    bool chance = expr->kind.unit == UNIT_HAZARD && kind.support == SUPPORT_PROBABILITY;
    bool time = kind.tag == KIND_NUMBER && kind.unit == UNIT_DAY && kind_is_plain(expr->kind);
    if (time && expr->op != EX_CONST) {
        diag_help(c->diags, diag, "say of what: `3 days`, `2 to 4 weeks`, `x * 1 day`");
        return;
    }
    if (rate && !chance && !time) {
        diag_help(c->diags, diag, "multiply it by the time it lasts: `... * step`");
        return;
    }
    if (kind.unit == UNIT_HAZARD && kind_is_plain(expr->kind)) {
        diag_help(c->diags, diag, "a chance needs its time: `... within 90 days`");
        return;
    }
    if (kind.tag == KIND_FLAG && kind_is_plain(expr->kind)) {
        diag_help(c->diags, diag,
                  "yes with a chance is `bernoulli(0.3)`; or compare it: `... > 0`");
        return;
    }
    if (expr->op != EX_CONST || !kind_is_plain(expr->kind) || kind.tag != KIND_NUMBER) {
        return;
    }
    Str number = num_shortest(c->arena, expr->number);
    if (kind.unit == UNIT_DAY) {
        diag_help(c->diags, diag, "say of what: `%.*s days`, `%.*s weeks`", STR_ARG(number),
                  STR_ARG(number));
    } else if (kind.unit != UNIT_PLAIN) {
        diag_help(c->diags, diag, "write `%.*s %.*s`", STR_ARG(number),
                  STR_ARG(c->shared->units.units.p[kind.unit].name));
    }
}

const Expr *adopt(Checker *c, const Expr *expr, Kind kind, Span span, const char *what)
{
    const Expr *fits = as_kind(c, expr, kind);
    if (fits) {
        return fits;
    }
    if (kind.tag == KIND_NUMBER && kind.unit == UNIT_HAZARD && kind_is_plain(expr->kind)) {
        Diag *diag = report(c, 400, span, "within what time? A chance needs a window");
        diag_help(c->diags, diag, "write `... within 1 year`, `... per week`, `... within step`");
        return expr_none(c, span);
    }
    Str wanted = kind_text(c, kind), got = expr_text(c, expr);
    Diag *diag = report(c, 360, span, "%s takes %.*s, and this is %.*s", what, STR_ARG(wanted),
                        STR_ARG(got));
    suggest_unit(c, diag, expr, kind);
    return expr_none(c, span);
}

// Both kinds in words, at the operator between them.
static const Expr *clash(Checker *c, const Node *node, const Expr *a, const Expr *b,
                         const char *verb)
{
    Str left = expr_text(c, a), right = expr_text(c, b);
    Diag *diag = report(c, 361, name_span(node), "cannot %s %.*s and %.*s", verb, STR_ARG(left),
                        STR_ARG(right));
    suggest_unit(c, diag, a, b->kind);
    suggest_unit(c, diag, b, a->kind);
    return expr_none(c, node->span);
}

// In arithmetic, yes counts 1.
static Kind plain_if_flag(Kind kind)
{
    return kind.tag == KIND_FLAG ? kind_number(UNIT_PLAIN) : kind;
}

// Both sides as one kind; false when they have none in common.
static bool unify(Checker *c, const Expr **a, const Expr **b)
{
    const Expr *left = as_kind(c, *a, (*b)->kind);
    if (left) {
        *a = left;
        return true;
    }
    const Expr *right = as_kind(c, *b, (*a)->kind);
    if (right) {
        *b = right;
        return true;
    }
    return (*a)->kind.tag == KIND_ATOM && (*b)->kind.tag == KIND_ATOM &&
           sets_share(c, (*a)->kind.domain, (*b)->kind.domain);
}

// ---- Literals -----------------------------------------------------------------------------------

// Values times factor rather than times quotient: 20 km per week is 20 / 7, rounded once.
static const Expr *check_literal(Checker *c, const Node *node, Want want)
{
    const Node *units = node_child(node, NODE_UNITS);
    if (units) {
        WrittenUnit written;
        if (!units_read(&c->shared->units, units, &written)) {
            return expr_none(c, node->span);
        }
        return expr_const(c, node->number * written.num / written.den, kind_number(written.unit),
                          node->span);
    }
    Kind kind = kind_number(UNIT_PLAIN);
    if (node->flags & NODE_PERCENT) {
        kind.support = SUPPORT_PROBABILITY;
        return expr_const(c, node->number, kind, node->span);
    }
    if (want.has_bare) {
        return expr_const(c, node->number * want.bare.num / want.bare.den,
                          kind_number(want.bare.unit), node->span);
    }
    return expr_const(c, node->number, kind, node->span);
}

// ---- Operators ----------------------------------------------------------------------------------

static bool is_op(const Node *node, const char *text)
{
    return str_eq(node->text, str_of(text));
}

static bool is_number(Kind kind)
{
    return kind.tag == KIND_NUMBER || kind.tag == KIND_FLAG;
}

// Arithmetic on what has none: rungs, actors, dates.
static const Expr *no_arithmetic(Checker *c, const Node *node, const Expr *a, const Expr *b)
{
    const Expr *odd = is_number(a->kind) ? b : a;
    Str text = expr_text(c, odd);
    Diag *diag = report(c, 362, name_span(node), "`%.*s` needs numbers, and here stands %.*s",
                        STR_ARG(node->text), STR_ARG(text));
    if (odd->kind.tag == KIND_RUNG) {
        diag_help(c->diags, diag,
                  "a ladder has an order but no distances: compare its rungs, or "
                  "`raise ... by 1`");
    }
    return expr_none(c, node->span);
}

static const Expr *two(Checker *c, ExprOp op, Kind kind, const Node *node, const Expr *a,
                       const Expr *b)
{
    return expr_with(c, op, kind, node->span, 2, (const Expr *const[]){a, b});
}

// date + duration, date - duration, date - date. NULL when neither side is a date.
static const Expr *date_sum(Checker *c, const Node *node, ExprOp op, const Expr *a, const Expr *b)
{
    bool left = a->kind.tag == KIND_DATE, right = b->kind.tag == KIND_DATE;
    if (!left && !right) {
        return NULL;
    }
    bool right_duration = b->kind.tag == KIND_NUMBER && b->kind.unit == UNIT_DAY;
    bool left_duration = a->kind.tag == KIND_NUMBER && a->kind.unit == UNIT_DAY;
    if (left && right && op == EX_SUB) {
        return two(c, op, kind_number(UNIT_DAY), node, a, b);
    }
    if ((left && right_duration) || (right && left_duration && op == EX_ADD)) {
        return two(c, op, kind_date(), node, a, b);
    }
    return clash(c, node, a, b, op == EX_ADD ? "add" : "subtract");
}

// A bare number beside a declared kind takes its unit on both sides of a sum, never of a product.
static const Expr *check_sum(Checker *c, const Node *node, Want want)
{
    ExprOp op = is_op(node, "+") ? EX_ADD : EX_SUB;
    want.declared = false;
    const Expr *a = check_expr(c, node_at(node, 0), want);
    const Expr *b = check_expr(c, node_at(node, 1), want);
    if (broken(a) || broken(b)) {
        return expr_none(c, node->span);
    }
    const Expr *dates = date_sum(c, node, op, a, b);
    if (dates) {
        return dates;
    }
    if (!is_number(a->kind) || !is_number(b->kind)) {
        return no_arithmetic(c, node, a, b);
    }
    if (!unify(c, &a, &b)) {
        return clash(c, node, a, b, op == EX_ADD ? "add" : "subtract");
    }
    Kind kind = plain_if_flag(a->kind.tag == KIND_NUMBER ? a->kind : b->kind);
    kind.support = a->kind.support == b->kind.support ? kind.support : SUPPORT_REAL;
    return two(c, op, kind, node, a, b);
}

// Units multiply; whether the result makes sense is seen where it is used.
static const Expr *check_product(Checker *c, const Node *node)
{
    bool times = is_op(node, "*");
    const Expr *a = check_expr(c, node_at(node, 0), want_any());
    const Expr *b = check_expr(c, node_at(node, 1), want_any());
    if (broken(a) || broken(b)) {
        return expr_none(c, node->span);
    }
    if (!is_number(a->kind) || !is_number(b->kind)) {
        return no_arithmetic(c, node, a, b);
    }
    int32_t left = plain_if_flag(a->kind).unit, right = plain_if_flag(b->kind).unit;
    int32_t unit = units_multiply(&c->shared->units, left, right, times ? 1 : -1, name_span(node));
    double divisor;
    // A zero that was handed to a function may be one that its body looks out for.
    if (!times && c->inlining.n == 0 && expr_fold(b, &divisor) && divisor == 0) {
        report(c, 363, node_at(node, 1)->span, "this divides by zero");
        return expr_none(c, node->span);
    }
    return two(c, times ? EX_MUL : EX_DIV, kind_number(unit), node, a, b);
}

// A unit can be raised only by a number that is known now, since it is part of the kind.
static const Expr *check_power(Checker *c, const Node *node)
{
    const Expr *a = check_expr(c, node_at(node, 0), want_any());
    const Expr *b = check_expr(c, node_at(node, 1), want_any());
    if (broken(a) || broken(b)) {
        return expr_none(c, node->span);
    }
    if (!is_number(a->kind) || !kind_is_plain(plain_if_flag(b->kind))) {
        return no_arithmetic(c, node, b->kind.tag == KIND_NUMBER ? a : b, a);
    }
    Kind kind = plain_if_flag(a->kind);
    double power;
    if (kind.unit != UNIT_PLAIN) {
        bool whole =
            expr_fold(b, &power) && power >= -9 && power <= 9 && power == (double)(int32_t)power;
        if (!whole) {
            report(c, 364, node_at(node, 1)->span,
                   "%.*s can only be raised to a whole number from -9 to 9",
                   STR_ARG(expr_text(c, a)));
            return expr_none(c, node->span);
        }
        kind.unit = units_power(&c->shared->units, kind.unit, (int32_t)power, name_span(node));
    }
    return two(c, EX_POW, kind_number(kind.unit), node, a, b);
}

// Numbers are no conditions here: `if front` would hide which side of zero is meant.
static const Expr *check_logic(Checker *c, const Node *node)
{
    bool both = is_op(node, "and");
    const char *what = both ? "`and`" : "`or`";
    const Expr *a = check_flag(c, node_at(node, 0), what);
    const Expr *b = check_flag(c, node_at(node, 1), what);
    if (broken(a) || broken(b)) {
        return expr_none(c, node->span);
    }
    return two(c, both ? EX_AND : EX_OR, kind_flag(), node, a, b);
}

// A name that means something only where its kind is expected: a rung, an option, a value.
static bool is_scoped_name(Checker *c, const Node *node)
{
    return node && node->kind == NODE_NAME && local_find(c, node->text) == NULL &&
           map_get(c->value_names, node->text) >= 0;
}

// The side that has a kind of its own goes first and tells the other what its names mean.
static void check_sides(Checker *c, const Node *node, const Expr **a, const Expr **b)
{
    const Node *left = node_at(node, 0), *right = node_at(node, 1);
    bool turned = is_scoped_name(c, left) && !is_scoped_name(c, right);
    const Node *first = turned ? right : left, *second = turned ? left : right;
    const Expr *one = check_expr(c, first, want_any());
    // A bare name beside what was not understood may well be one of its values.
    bool unclear = broken(one) && second && second->kind == NODE_NAME;
    const Expr *other = unclear ? one : check_expr(c, second, want_kind(one->kind));
    *a = turned ? other : one;
    *b = turned ? one : other;
}

static const struct {
    const char *text;
    ExprOp op;
    bool swapped;
} COMPARISONS[] = {{"<", EX_LT, false},          {"<=", EX_LE, false},
                   {">", EX_LT, true},           {">=", EX_LE, true},
                   {"is", EX_EQ, false},         {"is_not", EX_NE, false},
                   {"is_at_least", EX_LE, true}, {"is_at_most", EX_LE, false}};
enum { N_COMPARISONS = sizeof COMPARISONS / sizeof COMPARISONS[0] };

// Actors and set members are only the same or not the same.
static bool has_order(Kind kind)
{
    return kind.tag == KIND_NUMBER || kind.tag == KIND_DATE || kind.tag == KIND_RUNG;
}

// `a > b` is kept as `b < a`: one order for the lowering.
static const Expr *check_comparison(Checker *c, const Node *node, int32_t row)
{
    const Expr *a, *b;
    check_sides(c, node, &a, &b);
    if (broken(a) || broken(b)) {
        return expr_none(c, node->span);
    }
    bool flags = a->kind.tag == KIND_FLAG || b->kind.tag == KIND_FLAG;
    if ((flags && a->kind.tag != b->kind.tag) || !unify(c, &a, &b)) {
        return clash(c, node, a, b, "compare");
    }
    ExprOp op = COMPARISONS[row].op;
    bool ordering = op == EX_LT || op == EX_LE;
    if (ordering && !has_order(a->kind)) {
        Str text = expr_text(c, a);
        Diag *diag = report(c, 365, name_span(node), "%.*s has no order: there is no more or less",
                            STR_ARG(text));
        diag_help(c->diags, diag, "use `is` or `is not`");
        return expr_none(c, node->span);
    }
    bool swapped = COMPARISONS[row].swapped;
    return two(c, op, kind_flag(), node, swapped ? b : a, swapped ? a : b);
}

// The parser makes no other operators.
static const Expr *check_binary(Checker *c, const Node *node, Want want)
{
    if (is_op(node, "+") || is_op(node, "-")) {
        return check_sum(c, node, want);
    }
    if (is_op(node, "*") || is_op(node, "/")) {
        return check_product(c, node);
    }
    if (is_op(node, "^")) {
        return check_power(c, node);
    }
    if (is_op(node, "and") || is_op(node, "or")) {
        return check_logic(c, node);
    }
    for (int32_t i = 0; i < N_COMPARISONS; i++) {
        if (is_op(node, COMPARISONS[i].text)) {
            return check_comparison(c, node, i);
        }
    }
    ASSERT(!"an operator the parser does not make");
    return expr_none(c, node->span);
}

// A minus in front of a number is part of the number.
static const Expr *check_unary(Checker *c, const Node *node, Want want)
{
    if (is_op(node, "not")) {
        const Expr *a = check_flag(c, node_at(node, 0), "`not`");
        return broken(a) ? a : expr_with(c, EX_NOT, kind_flag(), node->span, 1, &a);
    }
    want.declared = false;
    const Expr *a = check_expr(c, node_at(node, 0), want);
    if (broken(a)) {
        return a;
    }
    if (!is_number(a->kind)) {
        return no_arithmetic(c, node, a, a);
    }
    Kind kind = plain_if_flag(a->kind);
    kind.support = SUPPORT_REAL;
    if (a->op == EX_CONST) {
        return expr_const(c, -a->number, kind, node->span);
    }
    return expr_with(c, EX_NEG, kind, node->span, 1, &a);
}

// A trial in a branch is yes or no where the whole is wanted so.
static const Expr *check_branch(Checker *c, const Node *node, Want want)
{
    const Expr *expr = check_expr(c, node, want);
    const Expr *trial = want.kind.tag == KIND_FLAG && !broken(expr) ? trial_as_flag(c, expr) : NULL;
    return trial ? trial : expr;
}

// Both branches have one kind, and the flag among numbers counts 1.
static const Expr *check_if(Checker *c, const Node *node, Want want)
{
    const Expr *condition = check_flag(c, node_at(node, 0), "`if`");
    const Node *left = node_at(node, 1), *right = node_at(node, 2);
    bool turned =
        want.kind.tag == KIND_NONE && is_scoped_name(c, left) && !is_scoped_name(c, right);
    const Expr *a = turned ? NULL : check_branch(c, left, want);
    Want other = want;
    if (a && want.kind.tag == KIND_NONE) {
        other.kind = a->kind;
    }
    const Expr *b = check_branch(c, right, other);
    if (turned) {
        a = check_expr(c, left, want_kind(b->kind));
    }
    if (broken(condition) || broken(a) || broken(b)) {
        return expr_none(c, node->span);
    }
    if (!unify(c, &a, &b)) {
        return clash(c, node, a, b, "choose between");
    }
    Kind kind = a->kind.tag == KIND_FLAG ? b->kind : a->kind;
    if (kind.tag == KIND_ATOM && !set_within(c, b->kind.domain, kind.domain)) {
        kind = b->kind;
    }
    return expr_with(c, EX_IF, kind, node->span, 3, (const Expr *const[]){condition, a, b});
}

// ---- Dates, states of the step before -----------------------------------------------------------

// Dates only, and known now: the calendar is the same in all futures.
static const Expr *check_between(Checker *c, const Node *node)
{
    double from, to;
    bool known = check_date(c, node_at(node, 0), "`between`", &from);
    known = check_date(c, node_at(node, 1), "`between`", &to) && known;
    if (!known) {
        return expr_none(c, node->span);
    }
    if (from > to) {
        report(c, 366, node->span, "this window ends before it begins");
        return expr_none(c, node->span);
    }
    if (c->where.reads == READS_FIXED) {
        report(c, 330, node->span, "the calendar changes as time passes; %s is fixed in each world",
               c->where.what);
        return expr_none(c, node->span);
    }
    Expr *expr = expr_new(c, EX_BETWEEN, kind_flag(), node->span);
    expr->number = from;
    expr->number2 = to;
    return expr;
}

// Only states have a before.
static const Expr *check_previous(Checker *c, const Node *node)
{
    const Expr *a = check_expr(c, node_at(node, 0), want_any());
    if (broken(a)) {
        return a;
    }
    if (a->op != EX_QUANTITY || c->quantities.p[a->ref].role != ROLE_STATE) {
        Diag *diag = report(c, 367, node->span, "`previous` goes before the name of a state");
        diag_help(c->diags, diag, "only states differ from one step to the next");
        return expr_none(c, node->span);
    }
    Expr *expr = expr_with(c, EX_PREVIOUS, a->kind, node->span, a->n_args, a->args);
    expr->ref = a->ref;
    return expr;
}

// ---- All of them --------------------------------------------------------------------------------

// The i-th word of a phrase.
static Str word_of_phrase(Str phrase, int32_t i)
{
    size_t at = 0, end = 0;
    for (; i >= 0; i--) {
        at = end + (end > 0);
        for (end = at; end < phrase.n && phrase.p[end] != ' ';) {
            end++;
        }
    }
    return str_sub(phrase, at, end);
}

// An unknown phrase was most likely meant as an estimative word, unless it sounds like an operator.
static const Expr *check_text(Checker *c, const Node *node)
{
    if (node->kind != NODE_PHRASE) {
        report(c, 368, node->span, "a text is not a value");
        return expr_none(c, node->span);
    }
    Str text = diag_clip(c->arena, node->text);
    Diag *diag = report(c, 368, node->span, "`%.*s` means nothing here", STR_ARG(text));
    const char *help = hint_other_words(HINT_FIRST, word_of_phrase(node->text, 0));
    help = help ? help : hint_other_words(HINT_SECOND, word_of_phrase(node->text, 1));
    if (help) {
        diag_help(c->diags, diag, "%s", help);
    } else {
        Suggest suggest;
        suggest_init(&suggest, node->text);
        for (int32_t i = 0; i < c->shared->standards.n; i++) {
            const Standard *standard = &c->shared->standards.p[i];
            for (int32_t k = 0; k < standard->words.n; k++) {
                suggest_add(&suggest, standard->words.p[k].phrase);
            }
        }
        suggest_help(c->diags, diag, &suggest);
    }
    return expr_none(c, node->span);
}

static const Expr *check_kind_of_node(Checker *c, const Node *node, Want want)
{
    switch (node->kind) {
    case NODE_NUMBER: return check_literal(c, node, want);
    case NODE_DATE: return expr_const(c, node->number, kind_date(), node->span);
    case NODE_BOOL: return expr_const(c, node->number, kind_flag(), node->span);
    case NODE_NAME: return check_name(c, node, want);
    case NODE_INDEX: return check_index(c, node);
    case NODE_OF: return check_of(c, node);
    case NODE_UNARY: return check_unary(c, node, want);
    case NODE_BINARY: return check_binary(c, node, want);
    case NODE_IF_EXPR: return check_if(c, node, want);
    case NODE_CALL: return check_call(c, node, want);
    case NODE_AGGREGATE: return check_aggregate(c, node);
    case NODE_BETWEEN: return check_between(c, node);
    case NODE_PREVIOUS: return check_previous(c, node);
    case NODE_WITHIN: return check_within(c, node, want);
    default: return check_text(c, node);
    }
}

// Two bounds keep hostile texts from taking all memory or the whole stack.
static const Expr *check_inside(Checker *c, const Node *node, Want want)
{
    if (c->depth > LIMIT_EXPR_DEPTH || c->shared->n_exprs > LIMIT_INSTRUCTIONS) {
        if (!c->too_large) {
            c->too_large = true;
            report(c, 369, node->span,
                   "with all functions in their places and all stories this model is too large");
        }
        return expr_none(c, node->span);
    }
    return is_range(c, node) ? check_range(c, node, want) : check_kind_of_node(c, node, want);
}

const Expr *check_expr(Checker *c, const Node *node, Want want)
{
    if (node == NULL) {
        return expr_none(c, NO_SPAN); // the parser said what is missing
    }
    c->depth++;
    const Expr *expr = check_inside(c, node, want);
    c->depth--;
    return expr;
}

// ---- Expressions of a given kind ----------------------------------------------------------------

// The kind that is wanted helps bare names; what comes may still be another.
const Expr *check_flag(Checker *c, const Node *node, const char *what)
{
    const Expr *expr = check_expr(c, node, want_kind(kind_flag()));
    if (!node || broken(expr) || expr->kind.tag == KIND_FLAG) {
        return expr;
    }
    const Expr *trial = trial_as_flag(c, expr);
    if (trial) {
        return trial;
    }
    Str got = expr_text(c, expr);
    Diag *diag = report(c, 370, node->span, "%s needs something that is yes or no; this is %.*s",
                        what, STR_ARG(got));
    if (expr->kind.tag == KIND_NUMBER) {
        diag_help(c->diags, diag, "compare it: `... > 0`");
    } else if (expr->kind.tag == KIND_RUNG || expr->kind.tag == KIND_ATOM) {
        diag_help(c->diags, diag, "compare it: `... is ...`");
    }
    return expr_none(c, node->span);
}

// A number, and of the wanted unit when there is one.
const Expr *check_number(Checker *c, const Node *node, Want want, const char *what)
{
    const Expr *expr = check_expr(c, node, want);
    if (broken(expr)) {
        return expr;
    }
    if (want.kind.tag == KIND_NUMBER) {
        return adopt(c, expr, want.kind, node->span, what);
    }
    if (!is_number(expr->kind)) {
        Str got = expr_text(c, expr);
        report(c, 360, node->span, "%s takes a number, and this is %.*s", what, STR_ARG(got));
        return expr_none(c, node->span);
    }
    return expr;
}

// What must be known before the run: intervals are fitted and windows cut when the model is
// lowered.
bool check_constant(Checker *c, const Node *node, Want want, double *out, Kind *kind)
{
    Where outer = c->where;
    c->where.draws = DRAWS_NONE;
    c->where.what = "a fixed number";
    const Expr *expr = check_expr(c, node, want);
    c->where = outer;
    *kind = expr->kind;
    if (broken(expr)) {
        return false;
    }
    if (!expr_fold(expr, out) || *out - *out != 0) {
        Diag *diag = report(c, 371, node->span, "here stands a fixed number, known before the run");
        diag_help(c->diags, diag, "write it out; what is unknown goes into a param of its own");
        return false;
    }
    return true;
}

bool check_duration(Checker *c, const Node *node, const char *what, double *days)
{
    Kind kind;
    if (node == NULL || !check_constant(c, node, want_any(), days, &kind)) {
        return false;
    }
    if (kind.tag != KIND_NUMBER || kind.unit != UNIT_DAY) {
        Str got = kind_text(c, kind);
        Diag *diag =
            report(c, 372, node->span, "%s takes a duration, and this is %.*s", what, STR_ARG(got));
        diag_help(c->diags, diag, "write a number of hours, days, weeks, months or years");
        return false;
    }
    if (!(*days > 0)) {
        report(c, 373, node->span, "%s takes a duration above zero", what);
        return false;
    }
    return true;
}

bool check_date(Checker *c, const Node *node, const char *what, double *date)
{
    Kind kind;
    if (node == NULL || !check_constant(c, node, want_any(), date, &kind)) {
        return false;
    }
    if (kind.tag != KIND_DATE) {
        Str got = kind_text(c, kind);
        Diag *diag =
            report(c, 374, node->span, "%s takes a date, and this is %.*s", what, STR_ARG(got));
        diag_help(c->diags, diag, "write it as 2024-03-04");
        return false;
    }
    return true;
}
