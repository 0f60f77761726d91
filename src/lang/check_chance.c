// SPDX-License-Identifier: MIT
//
// Chances: a percentage needs a time within which it holds, and becomes a rate. See language.md,
// "Chance needs a window".
#include "base/num.h"
#include "lang/checker.h"

// `within step` is no duration: it says that the chance is one of each step as it is.
static bool is_step(const Node *node)
{
    return node && node->kind == NODE_NAME && str_eq(node->text, STR("step"));
}

// Where a window is wanted and `within step` stands, the whole chance was meant.
bool read_window(Checker *c, const Node *within, double *days, Str *text)
{
    const Node *window = node_at(within, 1);
    if (is_step(window)) {
        Diag *diag = report(c, 402, within->span, "`within step` belongs to the whole chance");
        diag_help(c->diags, diag, "put the chance in brackets: `chance (...) within step`");
        return false;
    }
    *text = node_source(c->diags, window);
    return check_duration(c, window, "a window", days);
}

// A chance of 30 is nearly always 30 % with the sign forgotten.
static void not_a_share(Checker *c, const Node *node, double p)
{
    Diag *diag = report(c, 382, node->span, "a chance lies between 0 %% and 100 %%");
    if (p > 1 && p <= 100) {
        Str number = num_shortest(c->arena, p);
        diag_help(c->diags, diag, "did you mean `%.*s%%`?", STR_ARG(number));
    }
}

// -log(1 - p) is infinite at 1 and nothing at 0: say what to write instead.
static const Expr *sure_or_never(Checker *c, const Node *node, double p)
{
    if (p == 1) {
        Diag *diag = report(c, 403, node->span, "what happens with 100 %% has no rate");
        diag_help(c->diags, diag, "leave the chance out: then it happens as soon as `when` holds");
    } else if (p == 0) {
        Diag *diag = report(c, 403, node->span, "what has a chance of 0 %% never happens");
        diag_help(c->diags, diag, "leave the event out, or give it a small chance");
    } else {
        not_a_share(c, node, p);
    }
    return expr_none(c, node->span);
}

// A single chance within a time, as a rate. Ranges went another way (check_dist.c).
const Expr *check_within(Checker *c, const Node *node, Want want)
{
    (void)want;
    Str text;
    double days, p;
    Kind chance = kind_number(UNIT_PLAIN);
    const Expr *value = check_expr(c, node->child, want_any());
    bool known = read_window(c, node, &days, &text);
    if (value->kind.tag == KIND_NONE || !known) {
        return expr_none(c, node->span);
    }
    if (value->kind.tag == KIND_NUMBER && value->kind.unit == UNIT_HAZARD) {
        report(c, 401, node->child->span, "this is a rate already, and needs no window");
        return expr_none(c, node->span);
    }
    value = adopt(c, value, chance, node->child->span, "a chance within a time");
    if (value->kind.tag == KIND_NONE) {
        return value;
    }
    if (expr_fold(value, &p) && !(p > 0 && p < 1)) {
        return sure_or_never(c, node, p);
    }
    Kind hazard = kind_number(UNIT_HAZARD);
    hazard.support = SUPPORT_POSITIVE;
    Expr *rate = expr_with(c, EX_RATE, hazard, node->span, 1, &value);
    rate->number = days;
    return rate;
}

// A probability of a step, or of a single trial.
static const Expr *plain_chance(Checker *c, const Node *node)
{
    Want want = want_kind(kind_number(UNIT_PLAIN));
    want.kind.support = SUPPORT_PROBABILITY;
    want.declared = true;
    const Expr *p = check_expr(c, node, want);
    double value;
    if (p->kind.tag == KIND_NUMBER && p->kind.unit == UNIT_HAZARD) {
        Diag *diag = report(c, 404, node->span, "this is a rate; here stands a plain probability");
        diag_help(c->diags, diag, "leave the window out, or leave `once` out");
        return expr_none(c, node->span);
    }
    p = adopt(c, p, kind_number(UNIT_PLAIN), node->span, "a chance");
    if (p->kind.tag != KIND_NONE && expr_fold(p, &value) && (value < 0 || value > 1)) {
        not_a_share(c, node, value);
        return expr_none(c, node->span);
    }
    return p;
}

// Whatever the expression, in the end it must be a rate.
static const Expr *hazard_chance(Checker *c, const Node *node)
{
    Want want = want_kind(kind_number(UNIT_HAZARD));
    want.kind.support = SUPPORT_POSITIVE;
    want.declared = true;
    const Expr *rate = check_expr(c, node, want);
    double value;
    rate = adopt(c, rate, want.kind, node->span, "a chance");
    if (rate->kind.tag != KIND_NONE && expr_fold(rate, &value) && value < 0) {
        report(c, 382, node->span, "a rate is never below 0");
        return expr_none(c, node->span);
    }
    return rate;
}

// `within step` and `once` stand outside of all arithmetic: they say what kind of chance it is.
void check_chance(Checker *c, const Node *chance, Event *event)
{
    const Node *node = chance->child;
    event->chance_kind = CHANCE_NONE;
    // `30% in 1 year`: the parser said what a window is.
    if (node == NULL || (chance->flags & NODE_BROKEN && node->kind != NODE_WITHIN)) {
        return;
    }
    bool once = (chance->flags & NODE_ONCE) != 0;
    bool per_step = node->kind == NODE_WITHIN && is_step(node_at(node, 1));
    const Node *inside = per_step ? node->child : node;
    c->where = (Where){.reads = READS_ALL,
                       .draws = DRAWS_WORLD,
                       .what = "a chance",
                       .place = str_format(c->arena, "%.*s.chance", STR_ARG(event->name)),
                       .n_ranges = count_ranges(c, inside),
                       .whole = inside && is_range(c, inside),
                       .title = event->title,
                       .sources = c->where.sources,
                       .n_sources = c->where.n_sources};
    if (once && per_step) {
        report(c, 405, chance->span, "`within step` tries in every step, `once` a single time");
        return;
    }
    event->chance_kind = once ? CHANCE_ONCE : per_step ? CHANCE_PER_STEP : CHANCE_HAZARD;
    event->chance =
        event->chance_kind == CHANCE_HAZARD ? hazard_chance(c, inside) : plain_chance(c, inside);
}
