// SPDX-License-Identifier: MIT
//
// Two answers held against each other: every value of every kind of question, with the chance that
// a right sampler differs so much.
#include "ask/agree.h"
#include "ask/estimates.h"
#include "base/date.h"
#include "base/vec.h"
#include "math/bits.h"
#include "math/elementary.h"
#include "math/special.h"
#include "math/tail.h"

static const double ALARM = 1e-4;
static const double ROUNDING = 1e-12; // of sums of chances, on either side
static const double DRAW = 5e-10;     // a chance is compared with a draw of 32 bits
static const double DIGITS = 1e-9;    // of sums of values, relative
static const double SQUARES = 1e-12;  // of a variance, as the difference of two sums of squares
static const double BIN = 0.02;       // a quantile is known to a bin of its histogram (1.6 %)

typedef VEC(AgreeValue) Values;

// One question while it is compared. Of each value: `n` futures count, of which the sample has
// some.
typedef struct {
    Arena *arena;
    const AgreeBasis *basis;
    const Item *sampled, *exact;
    double all, worlds; // futures and worlds of the run
    double lost;        // of the exact answer
    Values values;
} Holding;

// ---- Tails --------------------------------------------------------------------------------------

// Distances from the mean with their probabilities, over all futures: those that do not count lie
// at the mean.
typedef struct {
    double *values, *masses;
    int32_t n;
} Spread;

static Spread spread_new(const Holding *h, int32_t n)
{
    return (Spread){ARENA_ARRAY(h->arena, double, n + 1), ARENA_ARRAY(h->arena, double, n + 1), 0};
}

static void spread_add(Spread *spread, double value, double mass)
{
    spread->values[spread->n] = value;
    spread->masses[spread->n++] = mass;
}

// The trials a mean has: futures that count, or worlds when these are what is independent.
static double trials(const Holding *h, double n)
{
    return h->basis->clustered ? h->worlds : n;
}

// That the mean of n futures lies `off` above its own or more.
static double mean_tail(const Holding *h, Spread *spread, double off, double n)
{
    double counted = 0;
    for (int32_t i = 0; i < spread->n; i++) {
        counted += spread->masses[i];
    }
    if (h->basis->clustered && n < h->all) {
        // Over all futures of a world, of which those that do not count are as the mean.
        off *= n / h->all;
        double defined = h->exact->defined.value;
        spread_add(spread, 0, defined > 0 ? counted * (1 - defined) / defined : 0);
    }
    return tail_mean(spread->values, spread->masses, spread->n, off, trials(h, n));
}

// That k or more of n futures hit, when each does with probability p.
static double count_tail(const Holding *h, double k, double n, double p)
{
    if (p > 0 && p < 1) {
        p = m_min(p + DRAW, 1);
    }
    p = m_min(p > 0 || h->lost > 0 ? p + h->lost + ROUNDING : p, 1);
    p = p > 1 - ROUNDING ? 1 : p;
    if (!h->basis->clustered || n < 1) {
        return tail_binomial(k, n, p);
    }
    Spread spread = spread_new(h, 3);
    spread_add(&spread, 1 - p, p);
    spread_add(&spread, -p, 1 - p);
    return mean_tail(h, &spread, k / n - p, n);
}

static double both_ways(double below, double above)
{
    return m_min(1, 2 * m_min(below, above));
}

// ---- Values -------------------------------------------------------------------------------------

// How many standard errors: 0 where nothing differs, whatever the error.
static double in_errors(double off, double error, double rounding)
{
    if (m_abs(off) <= rounding) {
        return 0;
    }
    return m_is_nan(error) || error > 0 ? off / error : off > 0 ? MATH_INF : -MATH_INF;
}

static void add_value(Holding *h, AgreeValue value, double rounding)
{
    value.errors = in_errors(value.sampled - value.exact, value.error, rounding);
    vec_push(h->arena, &h->values, value);
}

// The error as the run has it, of a world's futures together.
static double own_error(const Estimate *e)
{
    return e->half / 1.959963984540054;
}

// A share of n futures.
static void hold_share(Holding *h, Str what, const Estimate *sampled, double exact, double n)
{
    double p = exact, k = m_round(sampled->value * n);
    AgreeValue value = {.what = what, .form = AGREE_CHANCE, .sampled = sampled->value, .exact = p};
    value.error = h->basis->clustered ? own_error(sampled) : m_sqrt(m_max(p * (1 - p), 0) / n);
    value.chance = both_ways(count_tail(h, n - k, n, 1 - p), count_tail(h, k, n, p));
    add_value(h, value, h->lost + ROUNDING);
}

// What atoms sum to: their mean, and the spread about it.
typedef struct {
    double total, mean, variance, fourth, furthest;
} Moments;

static Moments moments_of(const ValueShare *atoms, int32_t n)
{
    Moments m = {0};
    for (int32_t i = 0; i < n; i++) {
        m.total += atoms[i].share;
        m.mean += atoms[i].share * atoms[i].value;
    }
    m.mean /= m.total;
    for (int32_t i = 0; i < n; i++) {
        double off = atoms[i].value - m.mean, share = atoms[i].share / m.total;
        m.variance += share * off * off;
        m.fourth += share * off * off * off * off;
        m.furthest = m_max(m.furthest, m_abs(off));
    }
    return m;
}

// A mean of n futures whose values, less their own mean, are `values`. What rounding can do is let
// go.
static double mean_chance(const Holding *h, const ValueShare *atoms, const double *values,
                          int32_t n_atoms, double off, double let_go, double n)
{
    if (m_abs(off) <= let_go) {
        return 1;
    }
    off -= off > 0 ? let_go : -let_go;
    double sign = off > 0 ? 1 : -1;
    Spread spread = spread_new(h, n_atoms + 1);
    for (int32_t i = 0; i < n_atoms; i++) {
        spread_add(&spread, sign * values[i], atoms[i].share);
    }
    return m_min(1, 2 * mean_tail(h, &spread, sign * off, n));
}

// An exact answer must be that of its own distribution, or nothing that agrees with the one says
// anything of the other.
static bool is_told(double told, double own, double let_go)
{
    return m_abs(told - own) <= let_go + ROUNDING;
}

static void hold_mean(Holding *h, Str what, const Estimate *sampled, double exact,
                      const ValueShare *atoms, int32_t n_atoms, double n)
{
    Moments m = moments_of(atoms, n_atoms);
    double *values = ARENA_ARRAY(h->arena, double, n_atoms + 1);
    for (int32_t i = 0; i < n_atoms; i++) {
        values[i] = atoms[i].value - m.mean;
    }
    double let_go = DIGITS * m_max(m_abs(m.mean), m_sqrt(m.variance)) + h->lost * m.furthest;
    AgreeValue value = {.what = what, .form = AGREE_NUMBER, .sampled = sampled->value};
    value.exact = exact;
    value.error = h->basis->clustered ? own_error(sampled) : m_sqrt(m.variance / n);
    value.chance = mean_chance(h, atoms, values, n_atoms, sampled->value - m.mean, let_go, n);
    value.chance = is_told(exact, m.mean, let_go) ? value.chance : 0;
    add_value(h, value, let_go);
}

// The standard deviation, by the mean square about the true mean, which follows from the sample's
// own mean and deviation.
static void hold_sd(Holding *h, const Moments *m, double n)
{
    const Item *exact = h->exact;
    double sd = h->sampled->sd, away = h->sampled->value.value - m->mean;
    double square = sd * sd * (n - 1) / n + away * away;
    double *values = ARENA_ARRAY(h->arena, double, exact->n_atoms + 1);
    for (int32_t i = 0; i < exact->n_atoms; i++) {
        double off = exact->atoms[i].value - m->mean;
        values[i] = off * off - m->variance;
    }
    double let_go = 4 * DIGITS * m->variance + SQUARES * m->mean * m->mean;
    let_go += h->lost * m->furthest * m->furthest;
    AgreeValue value = {.what = STR("standard deviation"), .form = AGREE_NUMBER, .sampled = sd};
    value.exact = exact->sd;
    value.error = m->variance > 0 && !h->basis->clustered
                      ? m_sqrt((m->fourth - m->variance * m->variance) / (4 * m->variance * n))
                      : MATH_NAN;
    value.chance =
        mean_chance(h, exact->atoms, values, exact->n_atoms, square - m->variance, let_go, n);
    value.chance = is_told(exact->sd, m_sqrt(m->variance), m_sqrt(let_go)) ? value.chance : 0;
    add_value(h, value, m_sqrt(let_go));
}

// ---- Quantiles ----------------------------------------------------------------------------------

// Probability of a value up to x, or below it.
static double share_up_to(const Item *exact, double x, bool with_x)
{
    double below = 0, all = 0;
    for (int32_t i = 0; i < exact->n_atoms; i++) {
        double v = exact->atoms[i].value;
        all += exact->atoms[i].share;
        below += v < x || (with_x && v == x) ? exact->atoms[i].share : 0;
    }
    return below / all;
}

// The value of rank k among n in the sample lies between lo and hi: k or more are at most hi, and
// fewer than k are below lo.
static double rank_chance(const Holding *h, double k, double n, double lo, double hi)
{
    double at_most = share_up_to(h->exact, hi, true), below = share_up_to(h->exact, lo, false);
    double low = count_tail(h, k, n, at_most);
    double high = count_tail(h, n - k + 1, n, 1 - below);
    return both_ways(low, high);
}

// The least value that a share q does not exceed.
static bool is_quantile(const Item *exact, double x, double q)
{
    return share_up_to(exact, x, true) >= q - DIGITS && share_up_to(exact, x, false) <= q + DIGITS;
}

static Str quantile_name(Arena *arena, double q)
{
    return q == 0.5 ? STR("median") : str_format(arena, "%.0f %% quantile", 100 * q);
}

static void hold_quantiles(Holding *h, AgreeForm form, double n)
{
    const Item *sampled = h->sampled, *exact = h->exact;
    bool dates = form == AGREE_DATE;
    for (int32_t i = 0; i < sampled->n_quantiles && i < exact->n_quantiles && n >= 1; i++) {
        const QuantileValue *one = &sampled->quantiles[i];
        double x = one->value.value, q = one->q;
        double rank = dates ? m_max(1, m_ceil(q * n * (1 - 1e-12))) : m_floor(q * (n - 1)) + 1;
        double bin = BIN * (m_abs(x - sampled->value.value) + sampled->sd);
        double let_go = DIGITS * m_abs(x);
        double lo = dates ? x : x - bin - let_go;
        double hi = dates ? x + h->basis->date_grain : x + bin + let_go;
        AgreeValue value = {.what = quantile_name(h->arena, q), .form = form, .sampled = x};
        value.exact = exact->quantiles[i].value.value;
        value.error = own_error(&one->value);
        value.errors = MATH_NAN;
        value.chance = is_quantile(exact, value.exact, q) ? rank_chance(h, rank, n, lo, hi) : 0;
        vec_push(h->arena, &h->values, value);
    }
}

// ---- Kinds of questions -------------------------------------------------------------------------

static void hold_date(Holding *h, double n)
{
    const Item *sampled = h->sampled, *exact = h->exact;
    hold_share(h, STR("chance"), &sampled->value, exact->value.value, n);
    for (int32_t i = 0; i < sampled->n_incidence && i < exact->n_incidence; i++) {
        double date = sampled->incidence[i].date;
        Str day = date_text(h->arena, date, date != m_floor(date));
        hold_share(h, str_format(h->arena, "by %.*s", STR_ARG(day)), &sampled->incidence[i].share,
                   exact->incidence[i].share.value, n);
    }
    hold_quantiles(h, AGREE_DATE, m_round(sampled->value.value * n));
}

static void hold_levels(Holding *h, double n)
{
    const Item *sampled = h->sampled, *exact = h->exact;
    for (int32_t l = 0; l < sampled->n_levels && l < exact->n_levels; l++) {
        const LevelShare *level = &sampled->levels[l];
        hold_share(h, str_copy(h->arena, level->name), &level->share, exact->levels[l].share.value,
                   n);
    }
}

static void hold_point(Holding *h, int32_t i, double all)
{
    const SeriesPoint *sampled = &h->sampled->points[i], *exact = &h->exact->points[i];
    bool hour = sampled->date != m_floor(sampled->date);
    Str day = date_text(h->arena, sampled->date, hour);
    Str what = i == 0 ? STR("at the start") : str_format(h->arena, "on %.*s", STR_ARG(day));
    double n = m_round(sampled->defined * all);
    if (!h->sampled->conditional && m_min(sampled->defined, exact->defined) < 1 - ROUNDING) {
        Estimate e = {sampled->defined, MATH_NAN, MATH_NAN, MATH_NAN};
        hold_share(h, str_format(h->arena, "with a value %.*s", STR_ARG(what)), &e, exact->defined,
                   all);
    }
    if (n < 1 || !(exact->defined > 0)) {
        return;
    }
    switch (h->sampled->series_of) {
    case ITEM_NUMBER:
        hold_mean(h, what, &sampled->mean, exact->mean.value, exact->atoms, exact->n_atoms, n);
        break;
    case ITEM_LEVEL:
        for (int32_t l = 0; l < h->sampled->n_levels; l++) {
            Str name = h->sampled->level_names[l];
            double share = sampled->shares[l], error = MATH_NAN;
            Estimate e = {share, error, error, error};
            hold_share(h, str_format(h->arena, "%.*s %.*s", STR_ARG(name), STR_ARG(what)), &e,
                       exact->shares[l], n);
        }
        break;
    default: hold_share(h, what, &sampled->mean, exact->mean.value, n); break;
    }
}

static void hold_kind(Holding *h)
{
    const Item *sampled = h->sampled, *exact = h->exact;
    double n = (double)sampled->futures;
    switch (sampled->kind) {
    case ITEM_FLAG: hold_share(h, STR("chance"), &sampled->value, exact->value.value, n); break;
    case ITEM_DATE: hold_date(h, n); break;
    case ITEM_LEVEL: hold_levels(h, n); break;
    case ITEM_NUMBER: {
        Moments m = moments_of(exact->atoms, exact->n_atoms);
        hold_mean(h, STR("mean"), &sampled->value, exact->value.value, exact->atoms, exact->n_atoms,
                  n);
        if (n > 1) {
            hold_sd(h, &m, n);
        }
        hold_quantiles(h, AGREE_NUMBER, n);
        break;
    }
    case ITEM_SERIES:
        for (int32_t i = 0; i < sampled->n_points && i < exact->n_points; i++) {
            hold_point(h, i, n);
        }
        break;
    }
}

// What stands beside the answer.
static void hold_basis(Holding *h)
{
    const Item *sampled = h->sampled, *exact = h->exact;
    if (sampled->kind == ITEM_SERIES) {
        return;
    }
    if (sampled->conditional || exact->conditional) {
        hold_share(h, STR("futures that count"), &sampled->defined, exact->defined.value, h->all);
    }
    if (sampled->has_censored && exact->has_censored) {
        hold_share(h, STR("cut off by the end"), &sampled->censored, exact->censored.value, h->all);
    }
    if (sampled->has_tied && exact->has_tied && sampled->futures > 0 && exact->why.n == 0) {
        hold_share(h, STR("both in one step"), &sampled->tied, exact->tied.value,
                   (double)sampled->futures);
    }
}

// ---- A question ---------------------------------------------------------------------------------

static void hold_item(Holding *h, AgreeItem *item)
{
    const Item *sampled = h->sampled, *exact = h->exact;
    *item = (AgreeItem){.name = str_copy(h->arena, sampled->name),
                        .text = str_copy(h->arena, sampled->text),
                        .scale = sampled->scale,
                        .unit = str_copy(h->arena, sampled->unit),
                        .futures = sampled->futures,
                        .worst = -1};
    bool answered = exact->why.n == 0;
    if (!answered && m_is_nan(exact->defined.value)) { // not finite, or too large
        item->why = str_copy(h->arena, exact->why);
        item->agrees = true;
        return;
    }
    if (answered && sampled->futures > 0) {
        hold_kind(h);
    }
    hold_basis(h);
    item->values = h->values.p;
    item->n_values = h->values.n;
}

// Is `a` less likely than `b`? Of two that chance explains altogether, the one that is further off.
static bool is_worse(const AgreeValue *a, const AgreeValue *b)
{
    if (a->chance == b->chance) {
        return m_abs(a->errors) > m_abs(b->errors);
    }
    return !(a->chance >= b->chance);
}

static void judge_item(AgreeItem *item, double bound, Agreement *agreement)
{
    item->agrees = true;
    for (int32_t v = 0; v < item->n_values; v++) {
        const AgreeValue *value = &item->values[v];
        bool off = !(value->chance >= bound); // so is NaN
        item->agrees = item->agrees && !off;
        agreement->n_off += off;
        if (item->worst < 0 || is_worse(value, &item->values[item->worst])) {
            item->worst = v;
        }
    }
}

static void judge(Agreement *a, AgreeItem *items)
{
    for (int32_t i = 0; i < a->n_items; i++) {
        a->n_values += items[i].n_values;
        a->n_compared += items[i].n_values > 0;
    }
    a->bound = a->alarm / (a->n_values > 0 ? a->n_values : 1);
    a->bound_errors = special_normal_quantile(1 - a->bound / 2, a->bound / 2);
    a->worst = -1;
    for (int32_t i = 0; i < a->n_items; i++) {
        AgreeItem *item = &items[i];
        judge_item(item, a->bound, a);
        if (item->worst >= 0 &&
            (a->worst < 0 || is_worse(&item->values[item->worst],
                                      &items[a->worst].values[items[a->worst].worst]))) {
            a->worst = i;
        }
    }
    a->agrees = a->n_off == 0;
}

Agreement *agree_answers(Arena *arena, const Answer *sampled, const Answer *exact,
                         const AgreeBasis *basis)
{
    ASSERT(sampled->n_items == exact->n_items);
    Agreement *a = ARENA_NEW(arena, Agreement);
    *a = (Agreement){.sampled = sampled->provenance,
                     .exact = exact->provenance,
                     .alarm = basis->alarm > 0 ? basis->alarm : ALARM};
    AgreeItem *items = ARENA_ARRAY(arena, AgreeItem, sampled->n_items + 1);
    for (int32_t i = 0; i < sampled->n_items; i++) {
        Holding h = {.arena = arena,
                     .basis = basis,
                     .sampled = &sampled->items[i],
                     .exact = &exact->items[i],
                     .all = (double)sampled->provenance.futures,
                     .worlds = (double)sampled->provenance.worlds,
                     .lost = exact->provenance.lost};
        hold_item(&h, &items[i]);
    }
    a->items = items;
    a->n_items = sampled->n_items;
    judge(a, items);
    return a;
}
