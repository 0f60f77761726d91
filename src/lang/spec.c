// SPDX-License-Identifier: MIT
//
// What can be said of uncertain values before anything is drawn; see spec.h.
#include "lang/spec.h"

#include <string.h>

#include "lang/checker.h"

static const double RARE = 1e-9; // what comes less often is left to the run to tell

// ---- Distributions ------------------------------------------------------------------------------

static bool known_args(const Dist *dist, ExprKnown known, void *ctx, double *params)
{
    for (int32_t i = 0; i < dist->n_args && i < DIST_MAX_PARAMS; i++) {
        if (!known(ctx, dist->args[i], &params[i])) {
            return false;
        }
    }
    return true;
}

static SplitScale split_scale(Family family)
{
    switch (family) {
    case FAMILY_NORMAL: return SPLIT_IDENTITY;
    case FAMILY_LOGNORMAL: return SPLIT_LOG;
    case FAMILY_LOGITNORMAL: return SPLIT_LOGIT;
    }
    return SPLIT_IDENTITY;
}

static void interval_spec(const Dist *dist, DistSpec *spec)
{
    double lo = dist->numbers[0], hi = dist->numbers[1];
    spec->form = SPEC_KIND;
    switch (dist->family) {
    case FAMILY_NORMAL:
        spec->kind = DIST_NORMAL;
        fit_interval_normal(lo, hi, spec->params);
        return;
    case FAMILY_LOGNORMAL:
        spec->kind = DIST_LOGNORMAL;
        fit_interval_lognormal(lo, hi, spec->params);
        return;
    case FAMILY_LOGITNORMAL:
        spec->kind = DIST_LOGITNORMAL;
        fit_interval_logitnormal(lo, hi, spec->params);
        return;
    }
}

static bool parts_spec(Arena *arena, const Dist *dist, ExprKnown known, void *ctx, DistSpec *spec)
{
    DistSpec *parts = ARENA_ARRAY(arena, DistSpec, dist->n_parts);
    for (int32_t i = 0; i < dist->n_parts; i++) {
        if (!dist_to_spec(arena, dist->parts[i], known, ctx, &parts[i])) {
            return false;
        }
    }
    spec->parts = parts;
    spec->n_parts = dist->n_parts;
    spec->weights = dist->weights;
    return true;
}

bool dist_to_spec(Arena *arena, const Dist *dist, ExprKnown known, void *ctx, DistSpec *spec)
{
    *spec = (DistSpec){.form = SPEC_KIND};
    switch (dist->form) {
    case DIST_FIXED: spec->kind = DIST_POINT; return known_args(dist, known, ctx, spec->params);
    case DIST_INTERVAL: interval_spec(dist, spec); return true;
    case DIST_UP_TO:
        spec->kind = DIST_UNIFORM;
        memcpy(spec->params, dist->numbers, 2 * sizeof(double));
        return true;
    case DIST_PERT_OF:
        spec->kind = DIST_PERT;
        memcpy(spec->params, dist->numbers, 3 * sizeof(double));
        return true;
    case DIST_QUANTILES:
        spec->form = SPEC_SPLIT;
        spec->scale = split_scale(dist->family);
        memcpy(spec->points, dist->numbers, 3 * sizeof(double));
        return true;
    case DIST_AROUND:
        spec->kind = DIST_NORMAL;
        fit_interval_normal(dist->numbers[0] - dist->numbers[1],
                            dist->numbers[0] + dist->numbers[1], spec->params);
        return true;
    case DIST_NAMED: spec->kind = dist->kind; return known_args(dist, known, ctx, spec->params);
    case DIST_TRUNCATED:
        spec->form = SPEC_TRUNCATED;
        spec->lo = dist->numbers[0];
        spec->hi = dist->numbers[1];
        return parts_spec(arena, dist, known, ctx, spec);
    case DIST_MIXTURE: spec->form = SPEC_MIXTURE; return parts_spec(arena, dist, known, ctx, spec);
    case DIST_CATEGORIES: return false;
    }
    return false;
}

// ---- What is known ------------------------------------------------------------------------------

// The one number that all elements of a param are fixed to.
static bool fixed_param(void *known_quantities, const Expr *expr, double *value)
{
    const KnownQuantities *known = known_quantities;
    if (expr->op != EX_QUANTITY) {
        return false;
    }
    const Quantity *q = &known->quantities[expr->ref];
    for (int32_t i = 0; i < q->n_elements; i++) {
        double here;
        const Dist *dist = q->role == ROLE_STATE ? NULL : q->values[i];
        if (!dist || dist->form != DIST_FIXED || !expr_fold(dist->args[0], &here) ||
            (i > 0 && here != *value)) {
            return false;
        }
        *value = here;
    }
    return q->n_elements > 0;
}

bool expr_known(void *known_quantities, const Expr *expr, double *value)
{
    return expr_fold_with(expr, fixed_param, known_quantities, value);
}

bool expr_varies(const Quantity *quantities, const Expr *expr)
{
    KnownQuantities known = {quantities};
    double value;
    switch (expr->op) {
    case EX_QUANTITY: return !fixed_param(&known, expr, &value);
    case EX_PREVIOUS:
    case EX_TODAY:
    case EX_STEP:
    case EX_BETWEEN:
    case EX_EVENT:
    case EX_CHOICE:
    case EX_CHOSEN:
    case EX_SIGHT:
    case EX_DRAW:
    case EX_NOISE: return true;
    default: break;
    }
    for (int32_t i = 0; i < expr->n_args; i++) {
        if (expr_varies(quantities, expr->args[i])) {
            return true;
        }
    }
    return false;
}

bool dist_varies(const Quantity *quantities, const Dist *dist)
{
    for (int32_t i = 0; i < dist->n_args; i++) {
        if (expr_varies(quantities, dist->args[i])) {
            return true;
        }
    }
    for (int32_t i = 0; i < dist->n_parts; i++) {
        if (dist_varies(quantities, dist->parts[i])) {
            return true;
        }
    }
    return false;
}

// ---- How large ----------------------------------------------------------------------------------

static const double NO_END = __builtin_inf();

static double larger(double a, double b)
{
    return a > b ? a : b;
}

// -log(1 - p) / window.
static double rate_of(double p, double window_days)
{
    if (!(p < 1)) {
        return NO_END;
    }
    return dist_quantile(DIST_EXPONENTIAL, (double[]){1, 0, 0}, p, 1 - p) / window_days;
}

static double dist_most(Arena *arena, const Quantity *quantities, const Dist *dist, bool *sure)
{
    KnownQuantities known = {quantities};
    DistSpec spec;
    if (dist->form == DIST_FIXED) {
        return expr_most(arena, quantities, dist->args[0], sure);
    }
    if (!dist_to_spec(arena, dist, expr_known, &known, &spec) || !spec_valid(&spec)) {
        return NO_END;
    }
    double most = spec_quantile(&spec, 1, 0);
    bool chance = dist->window_days > 0;
    if (!(most < NO_END) || (chance && most >= 1)) {
        most = spec_quantile(&spec, 1 - RARE, RARE);
        *sure = false;
    }
    if (chance) {
        return rate_of(most, dist->window_days);
    }
    most = dist->scale != 0 ? most * dist->scale : most;
    return most == most ? most : NO_END;
}

// Of a param or type the largest of all members.
static double quantity_most(Arena *arena, const Quantity *quantities, const Expr *expr, bool *sure)
{
    const Quantity *q = &quantities[expr->ref];
    double most = q->role == ROLE_STATE || q->n_elements == 0 ? NO_END : -NO_END;
    for (int32_t i = 0; i < q->n_elements && most < NO_END; i++) {
        most = larger(most, dist_most(arena, quantities, q->values[i], sure));
    }
    return most;
}

// A product grows with its factors as long as neither is below 0; one of them must be known.
static double product_most(Arena *arena, const Quantity *quantities, const Expr *expr, bool *sure)
{
    KnownQuantities known = {quantities};
    double factor;
    bool right = expr_known(&known, expr->args[1], &factor);
    bool divides = expr->op == EX_DIV;
    if (!right && (divides || !expr_known(&known, expr->args[0], &factor))) {
        return NO_END;
    }
    factor = divides ? 1 / factor : factor;
    double most = expr_most(arena, quantities, expr->args[right ? 0 : 1], sure);
    return factor > 0 && factor < NO_END ? factor * most : factor == 0 ? 0 : NO_END;
}

double expr_most(Arena *arena, const Quantity *quantities, const Expr *expr, bool *sure)
{
    KnownQuantities known = {quantities};
    double value, a, b;
    if (expr_known(&known, expr, &value)) {
        return value;
    }
    switch (expr->op) {
    case EX_QUANTITY: return quantity_most(arena, quantities, expr, sure);
    case EX_DRAW: return dist_most(arena, quantities, expr->dist, sure);
    case EX_MUL:
    case EX_DIV: return product_most(arena, quantities, expr, sure);
    case EX_IF:
        return larger(expr_most(arena, quantities, expr->args[1], sure),
                      expr_most(arena, quantities, expr->args[2], sure));
    case EX_ADD:
    case EX_MAX:
    case EX_MIN:
        a = expr_most(arena, quantities, expr->args[0], sure);
        b = expr_most(arena, quantities, expr->args[1], sure);
        return expr->op == EX_ADD ? a + b : expr->op == EX_MAX ? larger(a, b) : a < b ? a : b;
    case EX_RATE: return rate_of(expr_most(arena, quantities, expr->args[0], sure), expr->number);
    case EX_CLAMP: return expr_most(arena, quantities, expr->args[2], sure);
    default: return NO_END;
    }
}

// ---- What is under way --------------------------------------------------------------------------

static const double DAY_SLACK = 1e-7; // dates are kept in days: a third of one is not exact

Pace pace_of_event(Arena *arena, const Model *model, const View *view, const Event *event)
{
    Pace pace = {.per_step = 1, .times = event->again == AGAIN_NEVER ? 1 : NO_END};
    bool sure = true;
    pace.spacing_days = event->again == AGAIN_AFTER ? event->again_days : 0;
    if (event->chance_kind != CHANCE_NONE) {
        pace.per_step = expr_most(arena, view->quantities, event->chance, &sure);
    }
    if (event->chance_kind == CHANCE_HAZARD) {
        pace.per_step *= model_longest_step(model); // 1 - exp(-x) is below x
    }
    pace.per_step = pace.per_step < 1 ? larger(pace.per_step, 0) : 1;
    return pace;
}

Pace pace_of_decision(const Decision *decision)
{
    bool once = !(decision->every_days > 0);
    return (Pace){.spacing_days = decision->every_days, .per_step = 1, .times = once ? 1 : NO_END};
}

// Members vote when each of them may: without `every` once each.
Pace pace_of_council(const Decision *decision, int32_t members)
{
    bool once = !(decision->every_days > 0);
    return (Pace){.per_step = 1, .times = once ? members : NO_END};
}

// Whole steps until a delay is over, at most all of them.
static double steps_up(double days, double step, double all)
{
    double steps = (days - DAY_SLACK) / step;
    if (!(steps < all)) {
        return all;
    }
    double whole = steps > 0 ? (double)(int64_t)steps : 0;
    return whole < steps ? whole + 1 : whole;
}

// How many are under way on average, at a chance of 1 in each turn: the sum of the chances that a
// delay is still running after 0, 1, 2 ... turns. Where it is drawn anew for each of them.
static double mean_under_way(Arena *arena, const View *view, const Expr *delay, double turn_days,
                             double turns)
{
    enum { MANY = 1000 };
    KnownQuantities known = {view->quantities};
    DistSpec spec;
    if (delay->op != EX_DRAW || delay->dist->window_days > 0 || delay->dist->scale != 1 ||
        !dist_to_spec(arena, delay->dist, expr_known, &known, &spec) || !spec_valid(&spec)) {
        return turns;
    }
    double sum = 0, tail = 1;
    for (double k = 0; k < turns && sum < MANY && tail > RARE * RARE; k++) {
        tail = spec_tails(&spec, k * turn_days).upper;
        sum += tail;
    }
    return sum < MANY ? sum : turns;
}

// One that begins is counted beside those that end in the same step: it begins before they are
// delivered.
UnderWay under_way(Arena *arena, const Model *model, const View *view, const Expr *delay, Pace pace)
{
    bool sure = true;
    double all = model->n_steps;
    double step = model_shortest_step(model);
    double longest = expr_most(arena, view->quantities, delay, &sure);
    double span = steps_up(longest, step, all);
    double spacing = larger(1, steps_up(pace.spacing_days, model_longest_step(model), all));
    double most = (double)(int64_t)(span / spacing) + 1;
    most = most < pace.times ? most : pace.times;
    sure = sure || span >= all || most >= pace.times;
    // A sum of independent flags is Poisson at the most. What comes by chance has a turn each step.
    bool by_chance = pace.per_step < 1;
    double mean = by_chance ? mean_under_way(arena, view, delay, step, span) * pace.per_step
                            : mean_under_way(arena, view, delay, step * spacing, span / spacing);
    double likely = dist_quantile(DIST_POISSON, (double[]){mean, 0, 0}, 1 - RARE, RARE) + 1;
    if (likely < most) {
        most = likely;
        sure = false;
    }
    return (UnderWay){most < INT32_MAX ? (int32_t)most : INT32_MAX, sure};
}
