// SPDX-License-Identifier: MIT
//
// Uncertain values: what is drawn, from which table, and when. A world-level value is drawn once a
// world; a draw in the dynamics is drawn each time it is executed.
//
// Distributions with constant parameters are one uniform through a quantile table. Normal shapes
// with parameters of their own scale the standard normal; the rest goes through dist_quantile.
#include "lower/lower_impl.h"

#include "base/limits.h"
#include "lang/spec.h"
#include "math/elementary.h"

// A quantity whose value is being asked for while it is worked out: the checker refuses circles.
enum { VALUE_NOT_YET, VALUE_UNDER_WAY, VALUE_DONE };

// ---- Distributions with constant parameters ---------------------------------------------------

// Parameters may be worked out: what folds to a constant is one.
static bool folds(void *lower, const Expr *expr, double *value)
{
    Val v = lower_num(lower, expr);
    *value = v.k;
    return v.level == LEVEL_CONST;
}

static double spec_point(const void *ctx, double u, double v)
{
    return spec_quantile(ctx, u, v);
}

static int32_t table_of(Lower *lo, const Dist *dist, const DistSpec *spec)
{
    for (int32_t i = 0; i < lo->dist_tables.n; i++) {
        if (lo->dist_tables.p[i].dist == dist) {
            return lo->dist_tables.p[i].table;
        }
    }
    int32_t table = build_table(lo->b, qtable_build(lo->arena, spec_point, spec));
    vec_push(lo->arena, &lo->dist_tables, (DistTable){dist, table});
    return table;
}

int32_t build_normal_table(Builder *b)
{
    if (b->normal_table < 0) {
        b->normal_table = build_table(b, qtable_normal(b->arena));
    }
    return b->normal_table;
}

// ---- Draws ------------------------------------------------------------------------------------

static Val scaled_normal(Lower *lo, bool world, int32_t site, Val mean, Val sd)
{
    Builder *b = lo->b;
    Val z = lo->score ? *lo->score : build_table_draw(b, world, site, build_normal_table(b));
    if (world) {
        return build_op2(b, OP_ADD, mean, build_op2(b, OP_MUL, sd, z));
    }
    return build_sum(b, mean, &(Term){sd, z}, 1);
}

static Val draw_kind(Lower *lo, DistKind kind, const Val *params, int32_t site, bool world)
{
    Builder *b = lo->b;
    switch (kind) {
    case DIST_NORMAL: return scaled_normal(lo, world, site, params[0], params[1]);
    case DIST_LOGNORMAL:
        return build_op1(b, OP_EXP, scaled_normal(lo, world, site, params[0], params[1]));
    case DIST_LOGITNORMAL:
        return build_op1(b, OP_LOGISTIC, scaled_normal(lo, world, site, params[0], params[1]));
    case DIST_UNIFORM: {
        Val width = build_op2(b, OP_SUB, params[1], params[0]);
        Val u = lo->score ? lower_rank_of_score(lo, *lo->score) : build_uniform(b, world, site);
        return build_op2(b, OP_ADD, params[0], build_op2(b, OP_MUL, width, u));
    }
    case DIST_BERNOULLI: return build_num(b, build_bernoulli(b, world, site, params[0]));
    case DIST_POINT: return params[0];
    default: return build_dist_draw(b, world, site, (int32_t)kind, params, dist_n_params(kind));
    }
}

static bool by_scaling(const DistSpec *spec)
{
    if (spec->form != SPEC_KIND) {
        return false;
    }
    switch (spec->kind) {
    case DIST_NORMAL:
    case DIST_LOGNORMAL:
    case DIST_LOGITNORMAL:
    case DIST_UNIFORM:
    case DIST_BERNOULLI:
    case DIST_POINT: return true;
    default: return dist_is_discrete(spec->kind);
    }
}

static Val draw_spec(Lower *lo, const Dist *dist, const DistSpec *spec, int32_t site, bool world)
{
    if (!spec_valid(spec)) {
        build_fail(lo->b, "the draw of `%.*s` has parameters that no distribution has",
                   STR_ARG(lo->b->sites.p[site].name));
        return val_const(0);
    }
    if (by_scaling(spec)) {
        Val params[DIST_MAX_PARAMS] = {{0}};
        for (int32_t i = 0; i < DIST_MAX_PARAMS; i++) {
            params[i] = val_const(spec->params[i]);
        }
        return draw_kind(lo, spec->kind, params, site, world);
    }
    int32_t table = table_of(lo, dist, spec);
    return lo->score ? build_score(lo->b, *lo->score, table)
                     : build_table_draw(lo->b, world, site, table);
}

static Val draw_named(Lower *lo, const Dist *dist, int32_t site, bool world)
{
    Val params[DIST_MAX_PARAMS] = {{0}};
    for (int32_t i = 0; i < dist->n_args && i < DIST_MAX_PARAMS; i++) {
        params[i] = lower_num(lo, dist->args[i]);
    }
    return draw_kind(lo, dist->kind, params, site, world);
}

static Val draw_categories(Lower *lo, const Dist *dist, int32_t site, bool world)
{
    Builder *b = lo->b;
    Val weights[LIMIT_OPTIONS], always[LIMIT_OPTIONS];
    ASSERT(dist->n_args <= LIMIT_OPTIONS);
    for (int32_t i = 0; i < dist->n_args; i++) {
        weights[i] = val_const(dist->numbers[i]);
        always[i] = val_mask(true);
    }
    Val index = build_choice(b, OP_WEIGHTED, world, site, weights, always, dist->n_args);
    Val v = lower_expr(lo, dist->args[dist->n_args - 1]);
    for (int32_t i = dist->n_args - 2; i >= 0; i--) {
        Val is = build_op2(b, OP_EQ, index, val_const(i));
        v = build_select(b, is, lower_expr(lo, dist->args[i]), v);
    }
    return v;
}

// Parts whose parameters are not constants: one is picked, each draws at a site of its own.
static Val draw_mixture(Lower *lo, const Dist *dist, Str site, bool world)
{
    Builder *b = lo->b;
    Val weights[LIMIT_OPTIONS], always[LIMIT_OPTIONS];
    ASSERT(dist->n_parts <= LIMIT_OPTIONS);
    for (int32_t i = 0; i < dist->n_parts; i++) {
        weights[i] = val_const(dist->weights[i]);
        always[i] = val_mask(true);
    }
    int32_t pick = build_site(b, site);
    Val index = build_choice(b, OP_WEIGHTED, world, pick, weights, always, dist->n_parts);
    Val v = val_const(0);
    for (int32_t i = dist->n_parts - 1; i >= 0; i--) {
        Str name = str_format(lo->arena, "%.*s.part%d", STR_ARG(site), (int)i + 1);
        Val part = build_num(b, lower_dist(lo, dist->parts[i], name, world));
        bool last = i == dist->n_parts - 1;
        v = last ? part : build_select(b, build_op2(b, OP_EQ, index, val_const(i)), part, v);
    }
    return v;
}

static Val draw_form(Lower *lo, const Dist *dist, Str site, bool world)
{
    if (dist->form == DIST_FIXED) {
        return lower_expr(lo, dist->args[0]);
    }
    DistSpec *spec = ARENA_NEW(lo->arena, DistSpec);
    if (dist_to_spec(lo->arena, dist, folds, lo, spec)) {
        return draw_spec(lo, dist, spec, build_site(lo->b, site), world);
    }
    switch (dist->form) {
    case DIST_NAMED: return draw_named(lo, dist, build_site(lo->b, site), world);
    case DIST_CATEGORIES: return draw_categories(lo, dist, build_site(lo->b, site), world);
    case DIST_MIXTURE: return draw_mixture(lo, dist, site, world);
    default:
        build_fail(lo->b,
                   "`%.*s` keeps a distribution within bounds whose parameters are not "
                   "constants: write the numbers out",
                   STR_ARG(site));
        return val_const(0);
    }
}

Val lower_dist(Lower *lo, const Dist *dist, Str site, bool world)
{
    Builder *b = lo->b;
    Val v = draw_form(lo, dist, site, world);
    if (dist->window_days > 0) { // a chance within the window, as a rate
        Val log = build_op1(b, OP_LOG1P, build_op1(b, OP_NEG, v));
        v = build_op2(b, OP_DIV, build_op1(b, OP_NEG, log), val_const(dist->window_days));
    }
    if (dist->form != DIST_FIXED && dist->scale != 1 && dist->scale != 0) {
        v = build_op2(b, OP_MUL, v, val_const(dist->scale));
    }
    if (dist->whole) {
        v = build_op2(b, OP_MAX, build_op1(b, OP_ROUND, v), val_const(0));
    }
    return v;
}

// ---- Once a world -----------------------------------------------------------------------------

Str lower_element_name(Lower *lo, const Quantity *q, int32_t element)
{
    if (q->n_dims == 0) {
        return q->name;
    }
    const Set *last = &lo->view->sets[q->dims[q->n_dims - 1]];
    Str inner = lower_atom_name(lo, last->atoms[element % last->n_atoms]);
    if (q->n_dims == 1) {
        return str_format(lo->arena, "%.*s[%.*s]", STR_ARG(q->name), STR_ARG(inner));
    }
    const Set *first = &lo->view->sets[q->dims[0]];
    Str outer = lower_atom_name(lo, first->atoms[element / last->n_atoms]);
    return str_format(lo->arena, "%.*s[%.*s, %.*s]", STR_ARG(q->name), STR_ARG(outer),
                      STR_ARG(inner));
}

static int32_t level_count(const Lower *lo, const Quantity *q, const Dist *dist)
{
    if (dist->form == DIST_CATEGORIES) {
        return dist->n_args;
    }
    return q->kind.tag == KIND_FLAG ? 2 : lower_level_count(lo, &q->kind);
}

// Its place in the distribution, for telling what moves an answer.
static void add_unknown(Lower *lo, const Quantity *q, const Dist *dist, Str name, Val value)
{
    if (dist->form == DIST_FIXED || value.level != LEVEL_WORLD) {
        return;
    }
    int32_t levels = level_count(lo, q, dist);
    Val rank = build_num(lo->b, value);
    if (dist->form == DIST_CATEGORIES) { // by place in the list of categories
        Val index = val_const(0);
        for (int32_t i = 1; i < dist->n_args; i++) {
            Val is = build_op2(lo->b, OP_EQ, rank, build_num(lo->b, lower_expr(lo, dist->args[i])));
            index = build_select(lo->b, is, val_const(i), index);
        }
        rank = index;
    } else if (levels == 0) {
        rank = lo->score ? lower_rank_of_score(lo, *lo->score)
                         : build_uniform(lo->b, true, build_site(lo->b, name));
    }
    Val number = build_num(lo->b, value);
    Unknown unknown = {.name = name, .n_levels = levels};
    unknown.world_col = (uint32_t)rank.id;
    unknown.value_col = (uint32_t)number.id;
    vec_push(lo->arena, &lo->unknowns, unknown);
}

static Val draw_element(Lower *lo, const Quantity *q, int32_t element)
{
    Str suffix = lo->suffix;
    const Val *outer = lo->score; // its parameters may be drawn while another is
    Val score;
    int32_t quantity = (int32_t)(q - lo->view->quantities);
    lo->score = lower_score(lo, quantity, element, &score) ? &score : NULL;
    lo->suffix = (Str){0};
    Str name = lower_element_name(lo, q, element);
    const Dist *dist = q->values[element];
    Val v = lower_dist(lo, dist, name, true);
    if (q->kind.tag == KIND_FLAG && !v.mask) { // drawn as 0 or 1
        v = build_op2(lo->b, OP_NE, v, val_const(0));
    }
    add_unknown(lo, q, dist, name, v);
    lo->score = outer;
    lo->suffix = suffix;
    return v;
}

Val lower_world_value(Lower *lo, int32_t quantity, int32_t element)
{
    char *state = &lo->world_state[quantity][element];
    if (*state == VALUE_UNDER_WAY) {
        const Quantity *q = &lo->view->quantities[quantity];
        build_fail(lo->b, "`%.*s` depends on itself", STR_ARG(q->name));
        return q->kind.tag == KIND_FLAG ? val_mask(false) : val_const(0);
    }
    if (*state == VALUE_NOT_YET) {
        *state = VALUE_UNDER_WAY;
        const Quantity *q = &lo->view->quantities[quantity];
        Val v = draw_element(lo, q, element);
        lo->world[quantity][element] = q->kind.tag == KIND_FLAG ? v : build_num(lo->b, v);
        *state = VALUE_DONE;
    }
    return lo->world[quantity][element];
}

// Initial values may be unknown too: a draw of the world at the state's name.
Val lower_state_start(Lower *lo, int32_t quantity, int32_t element)
{
    return draw_element(lo, &lo->view->quantities[quantity], element);
}
