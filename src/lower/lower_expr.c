// SPDX-License-Identifier: MIT
//
// Expressions. Sets are unrolled here; a member that is known when unrolled costs nothing.
#include "lower/lower_impl.h"

#include "base/limits.h"
#include "lang/kinds.h"
#include "math/elementary.h"

Val lower_num(Lower *lo, const Expr *e)
{
    return build_num(lo->b, lower_expr(lo, e));
}

Val lower_flag(Lower *lo, const Expr *e)
{
    Val v = lower_expr(lo, e);
    ASSERT(v.mask);
    return v;
}

Val lower_today(void)
{
    return val_uni(UNI_TODAY, false);
}

Val lower_step_days(Lower *lo)
{
    return lo->model->step_days > 0 ? val_const(lo->model->step_days)
                                    : val_uni(UNI_STEP_DAYS, false);
}

Val lower_in_steps(Lower *lo, int32_t from, int32_t to)
{
    if (from <= 0 && to >= lo->model->n_steps - 1) {
        return val_mask(true);
    }
    Val step = val_uni(UNI_STEP, false);
    Val begun = from <= 0 ? val_mask(true) : build_op2(lo->b, OP_LE, val_const(from), step);
    Val open = to >= lo->model->n_steps - 1 ? val_mask(true)
                                            : build_op2(lo->b, OP_LE, step, val_const(to));
    return build_and(lo->b, begun, open);
}

Str lower_site_name(Lower *lo, Str site)
{
    return str_format(lo->arena, "%.*s%.*s", STR_ARG(site), STR_ARG(lo->suffix));
}

int32_t lower_set_index(const Set *set, int32_t atom)
{
    for (int32_t i = 0; i < set->n_atoms; i++) {
        if (set->atoms[i] == atom) {
            return i;
        }
    }
    return -1;
}

// ---- Elements of arrays -----------------------------------------------------------------------

static Val element_value(Lower *lo, const Expr *e, int32_t element)
{
    const Quantity *q = &lo->view->quantities[e->ref];
    if (q->role != ROLE_STATE) {
        return lower_world_value(lo, e->ref, element);
    }
    return e->op == EX_PREVIOUS ? lo->previous[e->ref][element] : lo->home[e->ref][element];
}

int32_t lower_known_element(Lower *lo, const Quantity *q, const Val *indices)
{
    int32_t element = 0;
    for (int32_t d = 0; d < q->n_dims; d++) {
        if (indices[d].level != LEVEL_CONST) {
            return -1;
        }
        const Set *set = &lo->view->sets[q->dims[d]];
        int32_t i = lower_set_index(set, (int32_t)indices[d].k);
        if (i < 0) {
            build_fail(lo->b, "`%.*s` has no element for `%.*s`, which is not in `%.*s`",
                       STR_ARG(q->name), STR_ARG(lower_atom_name(lo, (int32_t)indices[d].k)),
                       STR_ARG(set->name));
            return 0;
        }
        element = element * set->n_atoms + i;
    }
    return element;
}

Val lower_element_is(Lower *lo, const Quantity *q, const Val *indices, int32_t element)
{
    Val is = val_mask(true);
    for (int32_t d = q->n_dims - 1; d >= 0; d--) {
        const Set *set = &lo->view->sets[q->dims[d]];
        Val atom = val_const(set->atoms[element % set->n_atoms]);
        element /= set->n_atoms;
        is = build_and(lo->b, is, build_op2(lo->b, OP_EQ, indices[d], atom));
    }
    return is;
}

static Val lower_quantity(Lower *lo, const Expr *e)
{
    const Quantity *q = &lo->view->quantities[e->ref];
    Val indices[2];
    ASSERT(e->n_args == q->n_dims && q->n_dims <= 2);
    for (int32_t d = 0; d < q->n_dims; d++) {
        indices[d] = lower_expr(lo, e->args[d]);
    }
    int32_t element = lower_known_element(lo, q, indices);
    if (element >= 0) {
        return element_value(lo, e, element);
    }
    Val v = element_value(lo, e, q->n_elements - 1);
    for (int32_t i = q->n_elements - 2; i >= 0; i--) {
        v = build_select(lo->b, lower_element_is(lo, q, indices, i), element_value(lo, e, i), v);
    }
    return v;
}

// ---- Sums -------------------------------------------------------------------------------------

static bool is_lane(Val v)
{
    return v.level == LEVEL_LANE;
}

// sign * a * x as a term, the part that is fixed longer as its factor.
static Term product_term(Lower *lo, Val a, Val x, double sign)
{
    if (is_lane(a) && !is_lane(x)) {
        Val swap = a;
        a = x;
        x = swap;
    }
    if (sign > 0) {
        return (Term){a, x};
    }
    if (is_lane(a)) {
        return (Term){val_const(-1), build_op2(lo->b, OP_MUL, a, x)};
    }
    return (Term){build_op1(lo->b, OP_NEG, a), x};
}

static Term lower_term(Lower *lo, const Expr *e, double sign)
{
    while (e->op == EX_NEG) {
        sign = -sign;
        e = e->args[0];
    }
    if (e->op == EX_MUL) {
        Val a = lower_num(lo, e->args[0]);
        return product_term(lo, a, lower_num(lo, e->args[1]), sign);
    }
    return (Term){val_const(sign), lower_num(lo, e)};
}

// The left spine of + and - as a list, first summand first.
static int32_t spine(const Expr *e, const Expr **parts, double *signs, int32_t limit)
{
    int32_t n = 0;
    while ((e->op == EX_ADD || e->op == EX_SUB) && n < limit - 1) {
        parts[n] = e->args[1];
        signs[n++] = e->op == EX_ADD ? 1 : -1;
        e = e->args[0];
    }
    parts[n] = e;
    signs[n++] = 1;
    for (int32_t i = 0; i < n / 2; i++) {
        const Expr *part = parts[i];
        double sign = signs[i];
        parts[i] = parts[n - 1 - i];
        signs[i] = signs[n - 1 - i];
        parts[n - 1 - i] = part;
        signs[n - 1 - i] = sign;
    }
    return n;
}

static Val lower_sum(Lower *lo, const Expr *e)
{
    enum { MOST = 64 };
    const Expr *parts[MOST];
    double signs[MOST];
    Term terms[MOST];
    int32_t n = spine(e, parts, signs, MOST);
    ASSERT(n > 0);
    for (int32_t i = 0; i < n; i++) {
        terms[i] = lower_term(lo, parts[i], signs[i]);
    }
    if (val_is(terms[0].k, 1)) {
        return build_sum(lo->b, terms[0].x, terms + 1, n - 1);
    }
    return build_sum(lo->b, val_const(0), terms, n);
}

Val lower_worth(Lower *lo, const WorthPart *parts, int32_t n)
{
    Val sum = val_const(0);
    for (int32_t i = 0; i < n; i++) {
        enum { MOST = 32 };
        Term terms[MOST];
        int32_t m = 0;
        while (i < n && m < MOST) {
            terms[m++] = lower_term(lo, parts[i++].value, 1);
        }
        i--;
        bool plain = val_is(sum, 0) && val_is(terms[0].k, 1);
        sum = plain ? build_sum(lo->b, terms[0].x, terms + 1, m - 1)
                    : build_sum(lo->b, sum, terms, m);
    }
    return sum;
}

// ---- Over sets --------------------------------------------------------------------------------

static Val fold_member(Lower *lo, ExprOp op, Val so_far, Val body, Val kept, bool first)
{
    Builder *b = lo->b;
    switch (op) {
    case EX_ANY: return build_or(b, so_far, build_and(b, body, kept));
    case EX_ALL: return build_and(b, so_far, build_or(b, body, build_not(b, kept)));
    case EX_COUNT: return build_op2(b, OP_ADD, so_far, build_num(b, build_and(b, body, kept)));
    case EX_MAX_OF:
    case EX_MIN_OF: {
        Val v = build_num(b, body);
        Val folded = first ? v : build_op2(b, op == EX_MAX_OF ? OP_MAX : OP_MIN, so_far, v);
        if (!first && kept.level != LEVEL_CONST) { // so far there may have been none: NaN
            folded = build_select(b, build_op1(b, OP_DEFINED, so_far), folded, v);
        }
        return build_select(b, kept, folded, first ? val_const(m_log(-1)) : so_far);
    }
    default: {
        Val v = build_select(b, kept, build_num(b, body), val_const(0));
        return build_op2(b, OP_ADD, so_far, v);
    }
    }
}

static Val lower_aggregate(Lower *lo, const Expr *e)
{
    const Set *set = &lo->view->sets[e->domain];
    bool flag = e->op == EX_ANY || e->op == EX_ALL;
    Val so_far = flag ? val_mask(e->op == EX_ALL) : val_const(0);
    Val members = val_const(0);
    bool first = true;
    for (int32_t i = 0; i < set->n_atoms && !lower_failed(lo); i++) {
        Val kept = lower_kept(lo, e->n_args > 1 ? e->args[1] : NULL, set->atoms[i]);
        if (val_is(kept, 0)) {
            continue;
        }
        Bound bound = lower_bind(lo, e->ref, set->atoms[i]);
        so_far = fold_member(lo, e->op, so_far, lower_expr(lo, e->args[0]), kept, first);
        members = build_op2(lo->b, OP_ADD, members, build_num(lo->b, kept));
        lower_unbind(lo, bound);
        first = false;
    }
    return e->op == EX_MEAN_OF ? build_op2(lo->b, OP_DIV, so_far, members) : so_far;
}

// ---- Comparisons, choices, draws --------------------------------------------------------------

// From the first of a month to that of the k-th after it are 2.5 days less than k x 30.4375 at the
// least (February) and 1.5 days more at the most; the neighbours are four weeks off.
double lower_days_slack(const Lower *lo, double days)
{
    const double MONTH = 30.4375, CALENDAR_SLACK = 3;
    double months = m_floor(days / MONTH + 0.5);
    bool whole = months >= 1 && m_abs(days - months * MONTH) < LOWER_DAY_SLACK;
    return whole && !(lo->model->step_days > 0) ? CALENDAR_SLACK : LOWER_DAY_SLACK;
}

double lower_slack(const Kind *kind)
{
    bool time = kind->tag == KIND_DATE || (kind->tag == KIND_NUMBER && kind->unit == UNIT_DAY);
    return time ? LOWER_DAY_SLACK : 0;
}

// a < b or a <= b; of times only a difference that is one counts.
static Val lower_order(Lower *lo, const Expr *e, OpCode op)
{
    double slack = lower_slack(&e->args[0]->kind);
    Val a = lower_num(lo, e->args[0]);
    Val b = lower_num(lo, e->args[1]);
    if (e->args[0]->kind.tag == KIND_NUMBER && slack != 0) {
        const Val *length = a.level == LEVEL_CONST ? &a : b.level == LEVEL_CONST ? &b : NULL;
        slack = length ? lower_days_slack(lo, length->k) : slack;
    }
    slack = op == OP_LT ? -slack : slack;
    if (slack != 0 && a.level == LEVEL_CONST) {
        a = val_const(a.k - slack);
    } else if (slack != 0) {
        b = build_op2(lo->b, OP_ADD, b, val_const(slack));
    }
    return build_op2(lo->b, op, a, b);
}

// Are these two times the same?
static Val lower_same_time(Lower *lo, const Expr *e)
{
    Val apart = build_op2(lo->b, OP_SUB, lower_num(lo, e->args[0]), lower_num(lo, e->args[1]));
    Val far = build_op1(lo->b, OP_ABS, apart);
    Val slack = val_const(LOWER_DAY_SLACK);
    return e->op == EX_EQ ? build_op2(lo->b, OP_LE, far, slack)
                          : build_op2(lo->b, OP_LT, slack, far);
}

static Val lower_equal(Lower *lo, const Expr *e)
{
    if (lower_slack(&e->args[0]->kind) > 0) {
        return lower_same_time(lo, e);
    }
    Val a = lower_expr(lo, e->args[0]);
    Val x = lower_expr(lo, e->args[1]);
    bool equal = e->op == EX_EQ;
    if (a.mask && x.mask) {
        Val not_x = build_not(lo->b, x);
        return build_select(lo->b, a, equal ? x : not_x, equal ? not_x : x);
    }
    return build_op2(lo->b, equal ? OP_EQ : OP_NE, build_num(lo->b, a), build_num(lo->b, x));
}

static Val lower_if(Lower *lo, const Expr *e)
{
    Val mask = lower_flag(lo, e->args[0]);
    if (mask.level == LEVEL_CONST) {
        return lower_expr(lo, e->args[mask.k != 0 ? 1 : 2]);
    }
    Val yes = lower_expr(lo, e->args[1]);
    Val no = lower_expr(lo, e->args[2]);
    if (yes.mask != no.mask) {
        yes = build_num(lo->b, yes);
        no = build_num(lo->b, no);
    }
    return build_select(lo->b, mask, yes, no);
}

static Val lower_noise(Lower *lo, const Expr *e)
{
    Builder *b = lo->b;
    Val root = build_op1(b, OP_SQRT, lower_step_days(lo));
    Val sd = build_op2(b, OP_MUL, lower_num(lo, e->args[0]), root);
    int32_t site = build_site(b, lower_site_name(lo, e->site));
    Val z = build_table_draw(b, false, site, build_normal_table(b));
    return build_op2(b, OP_MUL, sd, z);
}

static Val lower_rate(Lower *lo, const Expr *e)
{
    Builder *b = lo->b;
    Val p = lower_num(lo, e->args[0]);
    Val log = build_op1(b, OP_LOG1P, build_op1(b, OP_NEG, p));
    return build_op2(b, OP_DIV, build_op1(b, OP_NEG, log), val_const(e->number));
}

static Val lower_two(Lower *lo, const Expr *e, OpCode op)
{
    Val a = lower_num(lo, e->args[0]);
    return build_op2(lo->b, op, a, lower_num(lo, e->args[1]));
}

// Small whole powers are products: exact where the products are, and cheap.
static Val lower_power(Lower *lo, const Expr *e)
{
    enum { MOST_FACTORS = 8 };
    Val x = lower_num(lo, e->args[0]);
    Val k = lower_num(lo, e->args[1]);
    bool whole = k.level == LEVEL_CONST && k.k == m_floor(k.k);
    if (!whole || k.k < 1 || k.k > MOST_FACTORS) {
        return build_op2(lo->b, OP_POW, x, k);
    }
    Val power = x;
    for (int32_t i = 1; i < (int32_t)k.k; i++) {
        power = build_op2(lo->b, OP_MUL, power, x);
    }
    return power;
}

static Val lower_one(Lower *lo, const Expr *e, OpCode op)
{
    return build_op1(lo->b, op, lower_num(lo, e->args[0]));
}

static Val lower_clamp(Lower *lo, const Expr *e)
{
    Val v = lower_num(lo, e->args[0]);
    Val low = lower_num(lo, e->args[1]);
    return build_op(lo->b, OP_CLAMP, v, low, lower_num(lo, e->args[2]));
}

static Val lower_and_or(Lower *lo, const Expr *e)
{
    Val a = lower_flag(lo, e->args[0]);
    Val x = lower_flag(lo, e->args[1]);
    return e->op == EX_AND ? build_and(lo->b, a, x) : build_or(lo->b, a, x);
}

static Val lower_between(Lower *lo, const Expr *e)
{
    int32_t from = model_step_of(lo->model, e->number);
    int32_t to = model_last_step_of(lo->model, e->number2);
    if (to < 0 || from >= lo->model->n_steps) {
        return val_mask(false);
    }
    return lower_in_steps(lo, from, to);
}

Val lower_expr(Lower *lo, const Expr *e)
{
    switch (e->op) {
    case EX_CONST:
        return e->kind.tag == KIND_FLAG ? val_mask(e->number != 0) : val_const(e->number);
    case EX_NEVER: return val_const(m_log(-1)); // NaN: the date that does not come
    case EX_QUANTITY:
    case EX_PREVIOUS: return lower_quantity(lo, e);
    case EX_VAR: return lo->vars[e->ref];
    case EX_TODAY: return lower_today();
    case EX_STEP: return lower_step_days(lo);
    case EX_BETWEEN: return lower_between(lo, e);
    case EX_EVENT: return lower_event_field(lo, e);
    case EX_CHOICE: return lower_choice(lo, e);
    case EX_CHOSEN: return lower_chosen_field(lo, e);
    case EX_SIGHT: return lo->sights[e->ref];
    case EX_NEG: return lower_one(lo, e, OP_NEG);
    case EX_ADD:
    case EX_SUB: return lower_sum(lo, e);
    case EX_MUL: return lower_two(lo, e, OP_MUL);
    case EX_DIV: return lower_two(lo, e, OP_DIV);
    case EX_POW: return lower_power(lo, e);
    case EX_LT: return lower_order(lo, e, OP_LT);
    case EX_LE: return lower_order(lo, e, OP_LE);
    case EX_EQ:
    case EX_NE: return lower_equal(lo, e);
    case EX_AND:
    case EX_OR: return lower_and_or(lo, e);
    case EX_NOT: return build_not(lo->b, lower_flag(lo, e->args[0]));
    case EX_IF: return lower_if(lo, e);
    case EX_EXP: return lower_one(lo, e, OP_EXP);
    case EX_LOG: return lower_one(lo, e, OP_LOG);
    case EX_SQRT: return lower_one(lo, e, OP_SQRT);
    case EX_ABS: return lower_one(lo, e, OP_ABS);
    case EX_LOGISTIC: return lower_one(lo, e, OP_LOGISTIC);
    case EX_ROUND: return lower_one(lo, e, OP_ROUND);
    case EX_MIN: return lower_two(lo, e, OP_MIN);
    case EX_MAX: return lower_two(lo, e, OP_MAX);
    case EX_CLAMP: return lower_clamp(lo, e);
    case EX_RATE: return lower_rate(lo, e);
    case EX_LET: lo->vars[e->ref] = lower_expr(lo, e->args[0]); return lower_expr(lo, e->args[1]);
    case EX_SUM:
    case EX_ANY:
    case EX_ALL:
    case EX_COUNT:
    case EX_MAX_OF:
    case EX_MIN_OF:
    case EX_MEAN_OF: return lower_aggregate(lo, e);
    case EX_DRAW: return lower_dist(lo, e->dist, lower_site_name(lo, e->site), false);
    case EX_NOISE: return lower_noise(lo, e);
    }
    ASSERT(false);
    return val_const(0);
}

// ---- How much work? ---------------------------------------------------------------------------

int32_t lower_cost(const Lower *lo, const Expr *e)
{
    int32_t cost = 1;
    for (int32_t i = 0; i < e->n_args; i++) {
        cost += lower_cost(lo, e->args[i]);
    }
    switch (e->op) {
    case EX_CONST:
    case EX_VAR:
    case EX_QUANTITY:
    case EX_TODAY:
    case EX_STEP: return 0;
    case EX_EXP:
    case EX_LOG:
    case EX_LOGISTIC:
    case EX_RATE: return cost + 5;
    case EX_POW: return cost + 12;
    case EX_DRAW:
    case EX_NOISE: return cost + 8;
    case EX_SUM:
    case EX_ANY:
    case EX_ALL:
    case EX_COUNT:
    case EX_MAX_OF:
    case EX_MIN_OF:
    case EX_MEAN_OF: return cost * lo->view->sets[e->domain].n_atoms;
    default: return cost;
    }
}
