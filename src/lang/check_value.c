// SPDX-License-Identifier: MIT
//
// Where uncertain values stand: after `~` one is the value of a param or the start of a state;
// inside an expression it becomes an unnamed param or a fresh draw (see Where in checker.h). And
// shares of values, which are distributions only there.
#include "lang/checker.h"

// ---- Ranges inside expressions ------------------------------------------------------------------

// A condition with a range in it could mean three things; a param says which.
static const Expr *no_range_here(Checker *c, const Node *node)
{
    Diag *diag = report(c, 390, node->span, "%s cannot be a range", c->where.what);
    diag_help(c->diags, diag, "declare it as a param above, and use its name here");
    return expr_none(c, node->span);
}

static Str implicit_name(Checker *c)
{
    bool alone = c->where.n_ranges <= 1 && c->where.whole;
    int32_t ordinal = alone ? 0 : next_ordinal(c, c->where.place);
    Str name =
        alone ? c->where.place : str_format(c->arena, "%.*s.%d", STR_ARG(c->where.place), ordinal);
    // A function with a range inside, called twice, makes more than the clause shows.
    Str key = str_format(c->arena, "param %.*s", STR_ARG(name));
    int32_t again = next_ordinal(c, key);
    return again == 1 ? name : str_format(c->arena, "%.*s.%d", STR_ARG(name), again);
}

// The site is the name of the place: the same place in two variants draws the same number.
static const Expr *fresh_draw(Checker *c, const Node *node, const Dist *dist, Kind kind)
{
    Str before =
        str_format(c->arena, "%.*s.%.*s", STR_ARG(c->where.place), STR_ARG(c->where.variable));
    Expr *expr = expr_new(c, EX_DRAW, kind, node->span);
    expr->dist = dist;
    expr->site = str_format(c->arena, "%.*s.%d", STR_ARG(before), next_ordinal(c, before));
    return expr;
}

// A param like any other, but for its name: stories address it, sensitivities rank it.
static const Expr *unnamed_param(Checker *c, const Node *node, const Dist *dist, Kind kind,
                                 Shown shown)
{
    Quantity q = {.name = implicit_name(c),
                  .title = c->where.title,
                  .role = ROLE_PARAM,
                  .kind = kind,
                  .n_elements = 1,
                  .owner_set = -1,
                  .owner_atom = -1,
                  .implicit = true,
                  .shown = shown,
                  .span = node->span};
    const Dist **values = ARENA_ARRAY(c->arena, const Dist *, 1);
    values[0] = dist;
    q.values = values;
    vec_push(c->arena, &c->quantities, q);
    vec_push(c->arena, &c->per_days, 0);
    Expr *expr = expr_new(c, EX_QUANTITY, kind, node->span);
    expr->ref = c->quantities.n - 1;
    return expr;
}

// Fixed in a world or drawn each time: the place decides, not the writing.
const Expr *check_range(Checker *c, const Node *node, Want want)
{
    if (c->where.draws == DRAWS_NONE) {
        return no_range_here(c, node);
    }
    Kind kind;
    Shown shown;
    const Dist *dist = check_dist(c, node, want, &kind, &shown);
    if (dist == NULL) {
        return expr_none(c, node->span);
    }
    switch (c->where.draws) {
    case DRAWS_WORLD: return unnamed_param(c, node, dist, kind, shown);
    case DRAWS_FRESH: return fresh_draw(c, node, dist, kind);
    case DRAWS_NONE:
    case DRAWS_ANY: break;
    }
    Expr *expr = expr_new(c, EX_DRAW, kind, node->span); // a first look: no draw of its own
    expr->dist = dist;
    return expr;
}

// ---- Categories and whole values ----------------------------------------------------------------

// What the i-th share stands for: the name before it, or the i-th value of its kind.
static const Expr *category_value(Checker *c, const Node *category, Kind kind, int32_t i)
{
    const Node *name = node_child(category, NODE_NAME);
    int32_t n = kind.tag == KIND_ATOM   ? c->sets.p[kind.domain].n_atoms
                : kind.tag == KIND_RUNG ? c->ladders.p[kind.domain].n_rungs
                                        : 2;
    bool named = name && (node_count(category) > 1 || category->flags & NODE_REST);
    if (named) {
        const Expr *value = check_expr(c, name, want_kind(kind));
        return adopt(c, value, kind, name->span, "this");
    }
    if (i >= n) {
        report(c, 391, category->span, "there are %d values and more shares than that", n);
        return expr_none(c, category->span);
    }
    double value = kind.tag == KIND_ATOM ? c->sets.p[kind.domain].atoms[i] : i;
    return expr_const(c, value, kind, category->span);
}

// Numbers have distributions instead.
static bool has_categories(Kind kind)
{
    return kind.tag == KIND_ATOM || kind.tag == KIND_RUNG || kind.tag == KIND_FLAG;
}

static bool all_named_or_counted(Checker *c, const Node *value, Kind kind, int32_t n)
{
    const Node *first = node_child(value, NODE_CATEGORY);
    bool named =
        node_child(first, NODE_NAME) && (node_count(first) > 1 || first->flags & NODE_REST);
    int32_t expected = kind.tag == KIND_ATOM   ? c->sets.p[kind.domain].n_atoms
                       : kind.tag == KIND_RUNG ? c->ladders.p[kind.domain].n_rungs
                                               : n;
    if (named || n == expected) {
        return true;
    }
    Diag *diag = report(c, 391, value->span, "%d shares for %d values", n, expected);
    diag_help(c->diags, diag, "give each a share in order, or name them: `a 30%%, b rest`");
    return false;
}

// By name, or by place when every value has its share.
static const Dist *check_categories(Checker *c, const Node *value, Kind kind)
{
    int32_t n = node_count(value), i = 0, rest = -1;
    if (!has_categories(kind)) {
        Str text = kind_text(c, kind);
        Diag *diag = report(c, 392, value->span, "shares need values to choose from; this is %.*s",
                            STR_ARG(text));
        diag_help(c->diags, diag,
                  "decimals have a point, `0.5`; shares of ranges are "
                  "`mixture(30%%: 1 to 2, rest: 5 to 9)`");
        return NULL;
    }
    double *weights = ARENA_ARRAY(c->arena, double, n);
    const Expr **args = ARENA_ARRAY(c->arena, const Expr *, n);
    bool fine = all_named_or_counted(c, value, kind, n);
    for (const Node *p = value->child; fine && p; p = p->next, i++) {
        if (p->flags & NODE_REST) {
            rest = i;
        } else {
            const Node *share = node_at(p, node_count(p) - 1);
            fine = read_share(c, share, &weights[i]) && fine;
        }
        args[i] = category_value(c, p, kind, i);
        fine = fine && args[i]->kind.tag != KIND_NONE;
    }
    if (!fine || !close_shares(c, weights, n, rest, value->span)) {
        return NULL;
    }
    Dist *dist = dist_new(c, DIST_CATEGORIES, value->span);
    dist->numbers = weights;
    dist->n_numbers = n;
    dist->args = args;
    dist->n_args = n;
    return dist;
}

// `flag ~ 30%`, `flag ~ likely`: yes with that chance.
static const Dist *check_flag_chance(Checker *c, const Node *value)
{
    Kind chance = kind_number(UNIT_PLAIN);
    chance.support = SUPPORT_PROBABILITY;
    Want want = {.kind = chance, .declared = true};
    Str place = c->where.place;
    c->where.place = str_format(c->arena, "%.*s.chance", STR_ARG(place));
    const Expr *expr = check_number(c, value->child, want, "the chance of yes");
    c->where.place = place;
    if (expr->kind.tag == KIND_NONE) {
        return NULL;
    }
    Dist *dist = dist_new(c, DIST_NAMED, value->span);
    dist->kind = DIST_BERNOULLI;
    const Expr **args = ARENA_ARRAY(c->arena, const Expr *, 1);
    args[0] = expr;
    dist->args = args;
    dist->n_args = 1;
    return dist;
}

// What stands after `~` or `=` under a declaration or in an override.
const Dist *check_value(Checker *c, const Node *value, Want want, Kind *kind, Shown *shown)
{
    *kind = want.kind;
    if (value == NULL || value->child == NULL) {
        return NULL; // the parser said so
    }
    const Node *node = value->child;
    if (node->kind == NODE_CATEGORY) {
        return check_categories(c, value, want.kind);
    }
    bool chance = want.kind.tag == KIND_FLAG && value->flags & NODE_TILDE;
    bool yes_no = node->kind == NODE_BOOL || (node->kind == NODE_CALL && !is_range(c, node));
    if (chance && !yes_no) {
        return check_flag_chance(c, value);
    }
    if (is_range(c, node)) {
        return check_dist(c, node, want, kind, shown);
    }
    const Expr *expr = check_expr(c, node, want);
    *kind = expr->kind;
    return expr->kind.tag == KIND_NONE ? NULL : dist_fixed(c, expr);
}
