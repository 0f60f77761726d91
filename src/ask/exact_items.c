// SPDX-License-Identifier: MIT
//
// From the distributions of worlds and stories to an Item. Errors are 0; bands say how far worlds
// differ, and need no estimate: every world is there with its weight.
#include <string.h>

#include "ask/estimates.h"
#include "ask/exact_impl.h"
#include "ask/settle_impl.h"
#include "ask/words.h"
#include "base/vec.h"
#include "math/bits.h"
#include "math/elementary.h"

static const double QUANTILES[] = {0.05, 0.25, 0.5, 0.75, 0.95};
enum { N_QUANTILES = 5 };

typedef VEC(ExactShare) Shares;

// Every world of every story, with its share of all.
static Shares gather(Arena *arena, const Plan *plan, int32_t asked, ExactPart *const *parts,
                     int32_t set)
{
    Shares shares = {0};
    for (int32_t t = 0; t < plan->n_tellings; t++) {
        const ExactPart *part = &parts[t][asked];
        for (int32_t w = 0; w < part->pass->n_worlds; w++) {
            const ExactWorld *world = &part->pass->worlds[w];
            bool in_sets = world->set >= 0 && set >= 0;
            if (in_sets && world->set != set) {
                continue;
            }
            ExactShare share = {.weight = plan->tellings[t].share * world->weight};
            share.weight *= in_sets ? EXACT_SETS : 1;
            share.main = part->result >= 0 ? &world->results[part->result] : NULL;
            share.tie = part->tie >= 0 ? &world->results[part->tie] : NULL;
            share.points = part->series >= 0 ? world->series[part->series] : NULL;
            vec_push(arena, &shares, share);
        }
    }
    return shares;
}

// ---- Sums ---------------------------------------------------------------------------------------

// A sum that keeps what is rounded off (Neumaier 1974).
typedef struct {
    double sum, rest;
} Sum;

static void sum_add(Sum *s, double x)
{
    double t = s->sum + x;
    s->rest += m_abs(s->sum) >= m_abs(x) ? (s->sum - t) + x : (x - t) + s->sum;
    s->sum = t;
}

static double sum_of(const Sum *s)
{
    return s->sum + s->rest;
}

static bool rises(const Mass *a, const Mass *b)
{
    bool a_nan = m_is_nan(a->value), b_nan = m_is_nan(b->value);
    return a_nan != b_nan ? b_nan : a->value < b->value;
}

static void merge(const Mass *a, int32_t n_a, const Mass *b, int32_t n_b, Mass *out)
{
    for (int32_t i = 0, k = 0; i < n_a || k < n_b;) {
        bool second = i == n_a || (k < n_b && rises(&b[k], &a[i]));
        *out++ = second ? b[k++] : a[i++];
    }
}

// Merging runs of twice the length each time round; there may be millions, many of them equal.
static void sort_atoms(Mass *atoms, int32_t n)
{
    Arena *arena = arena_new(0);
    Mass *from = atoms, *to = ARENA_ARRAY(arena, Mass, n + 1);
    for (int64_t run = 1; run < n; run *= 2) {
        for (int64_t at = 0; at < n; at += 2 * run) {
            int64_t first = n - at < run ? n - at : run;
            int64_t second = n - at - first < run ? n - at - first : run;
            merge(from + at, (int32_t)first, from + at + first, (int32_t)second, to + at);
        }
        Mass *swap = from;
        from = to;
        to = swap;
    }
    if (from != atoms) {
        memcpy(atoms, from, (size_t)n * sizeof *atoms);
    }
    arena_free(arena);
}

// All worlds together; masses are those of all futures.
typedef struct {
    Mass *atoms; // finite values, rising
    int32_t n;
    double asked;   // of futures that the question asks about
    double defined; // of those of them in which there is a value
    double never, censored;
} Pooled;

// A number that is none and a choice not yet made are no values; a date that is none is never.
static bool is_value(ResultKind kind, double x)
{
    return kind == RESULT_LEVEL ? x >= 0 : kind == RESULT_NUMBER ? x - x == 0 : true;
}

static Pooled pool(Arena *arena, const Shares *shares, int32_t point, ResultKind kind)
{
    Pooled p = {0};
    Sum asked = {0}, defined = {0}, never = {0}, censored = {0};
    bool all_defined = true;
    VEC(Mass) all = {0};
    for (int32_t i = 0; i < shares->n; i++) {
        const ExactShare *s = &shares->p[i];
        const Distribution *d = point < 0 ? s->main : &s->points[point];
        sum_add(&asked, s->weight * d->defined);
        sum_add(&censored, s->weight * d->censored);
        for (int32_t a = 0; a < d->n; a++) {
            Mass atom = {d->atoms[a].value, s->weight * d->atoms[a].mass};
            if (!is_value(kind, atom.value)) {
                all_defined = false;
                continue;
            }
            sum_add(&defined, atom.mass);
            if (m_is_nan(atom.value)) {
                sum_add(&never, atom.mass);
            } else {
                vec_push(arena, &all, atom);
            }
        }
    }
    sort_atoms(all.p, all.n);
    for (int32_t i = 0; i < all.n;) {
        Sum mass = {0};
        double value = all.p[i].value;
        for (; i < all.n && all.p[i].value == value; i++) {
            sum_add(&mass, all.p[i].mass);
        }
        all.p[p.n++] = (Mass){value, sum_of(&mass)};
    }
    p.atoms = all.p;
    p.asked = sum_of(&asked);
    p.defined = all_defined ? p.asked : sum_of(&defined);
    p.never = sum_of(&never);
    p.censored = sum_of(&censored);
    return p;
}

static double mass_where(const Pooled *p, double lo, double hi)
{
    Sum sum = {0};
    for (int32_t i = 0; i < p->n; i++) {
        if (p->atoms[i].value >= lo && p->atoms[i].value <= hi) {
            sum_add(&sum, p->atoms[i].mass);
        }
    }
    return sum_of(&sum);
}

// A share of what is defined; rounding must not lead out of 0 to 1.
static Estimate share_of(double mass, double defined)
{
    if (!(defined > 0)) {
        return estimate_none();
    }
    double p = mass / defined;
    p = p < 1 ? p : 1;
    return estimate_sure(p > 0 ? p : 0);
}

// The share of futures whose value lies from lo to hi; of what is true of all of them it is 1, and
// not what is left of that by rounding.
static Estimate share_where(const Pooled *p, double lo, double hi)
{
    bool all =
        p->n > 0 && p->never == 0 && p->atoms[0].value >= lo && p->atoms[p->n - 1].value <= hi;
    return all && p->defined > 0 ? estimate_sure(1) : share_of(mass_where(p, lo, hi), p->defined);
}

static double mean_of(const Pooled *p)
{
    Sum sum = {0}, mass = {0};
    for (int32_t i = 0; i < p->n; i++) {
        sum_add(&sum, p->atoms[i].value * p->atoms[i].mass);
        sum_add(&mass, p->atoms[i].mass);
    }
    return sum_of(&sum) / sum_of(&mass);
}

static double sd_of(const Pooled *p, double mean)
{
    Sum sum = {0}, mass = {0};
    for (int32_t i = 0; i < p->n; i++) {
        double off = p->atoms[i].value - mean;
        sum_add(&sum, off * off * p->atoms[i].mass);
        sum_add(&mass, p->atoms[i].mass);
    }
    return m_sqrt(sum_of(&sum) / sum_of(&mass));
}

// The least value that a share q does not exceed.
static double quantile_of(const Pooled *p, double q)
{
    double all = 0, below = 0;
    for (int32_t i = 0; i < p->n; i++) {
        all += p->atoms[i].mass;
    }
    for (int32_t i = 0; i < p->n; i++) {
        below += p->atoms[i].mass;
        if (below >= q * all * (1 - 1e-12)) {
            return p->atoms[i].value;
        }
    }
    return MATH_NAN;
}

// The whole of it, as shares of what is defined.
static const ValueShare *atoms_of(Arena *arena, const Pooled *p)
{
    ValueShare *atoms = ARENA_ARRAY(arena, ValueShare, p->n + 1);
    for (int32_t i = 0; i < p->n; i++) {
        atoms[i] = (ValueShare){p->atoms[i].value, p->atoms[i].mass / p->defined};
    }
    return atoms;
}

static void add_quantiles(Arena *arena, const Pooled *p, Item *item)
{
    QuantileValue *quantiles = ARENA_ARRAY(arena, QuantileValue, N_QUANTILES);
    for (int32_t i = 0; i < N_QUANTILES; i++) {
        quantiles[i] = (QuantileValue){QUANTILES[i], estimate_sure(quantile_of(p, QUANTILES[i]))};
    }
    item->quantiles = quantiles;
    item->n_quantiles = p->n > 0 ? N_QUANTILES : 0;
    item->atoms = atoms_of(arena, p);
    item->n_atoms = p->n;
}

// ---- Bands --------------------------------------------------------------------------------------

typedef enum { OF_MEAN, OF_HAPPENING, OF_LEVEL } BandOf;

// The answer in one world, and the share of its futures that it rests on; NaN: it is not defined
// there.
static Mass in_world(const Distribution *d, BandOf of, double level)
{
    static const ResultKind KINDS[] = {
        [OF_MEAN] = RESULT_NUMBER, [OF_HAPPENING] = RESULT_DATE, [OF_LEVEL] = RESULT_LEVEL};
    Sum x = {0}, n = {0};
    bool all_defined = true;
    for (int32_t i = 0; i < d->n; i++) {
        double value = d->atoms[i].value, mass = d->atoms[i].mass;
        if (!is_value(KINDS[of], value)) {
            all_defined = false;
            continue;
        }
        sum_add(&n, mass);
        switch (of) {
        case OF_MEAN: sum_add(&x, value * mass); break;
        case OF_HAPPENING: sum_add(&x, m_is_nan(value) ? 0 : mass); break;
        case OF_LEVEL: sum_add(&x, value == level ? mass : 0); break;
        }
    }
    return (Mass){sum_of(&x) / sum_of(&n), all_defined ? d->defined : sum_of(&n)};
}

// Central 80 % of the answer over worlds.
static Band band_of(Arena *arena, const Shares *shares, BandOf of, double level)
{
    Pooled p = {.atoms = ARENA_ARRAY(arena, Mass, shares->n + 1)};
    for (int32_t i = 0; i < shares->n; i++) {
        const ExactShare *s = &shares->p[i];
        Mass atom = in_world(s->main, of, level);
        atom.mass *= s->weight;
        if (!m_is_nan(atom.value) && atom.mass > 0) {
            p.atoms[p.n++] = atom;
        }
    }
    sort_atoms(p.atoms, p.n);
    if (p.n < 2 || !(p.atoms[p.n - 1].value - p.atoms[0].value > 1e-12)) {
        return (Band){0};
    }
    return (Band){true, quantile_of(&p, 0.1), quantile_of(&p, 0.9), sd_of(&p, mean_of(&p))};
}

// ---- Kinds of questions -------------------------------------------------------------------------

static void set_date(Arena *arena, const Plan *plan, const Pooled *p, Item *item)
{
    Incidence *incidence = ARENA_ARRAY(arena, Incidence, plan->n_months + 1);
    for (int32_t m = 0; m < plan->n_months; m++) {
        Estimate share = share_where(p, -MATH_INF, plan->month_end[m]);
        incidence[m] = (Incidence){plan->month_end[m], share};
    }
    item->incidence = incidence;
    item->n_incidence = plan->n_months;
    item->never = share_of(p->never, p->defined);
    add_quantiles(arena, p, item);
}

static void set_levels(Arena *arena, const Plan *plan, int32_t asked, const Pooled *p,
                       const Shares *shares, Item *item)
{
    const View *view = plan->tellings[0].view;
    const Asked *a = &plan->asked[asked];
    LevelShare *levels = ARENA_ARRAY(arena, LevelShare, a->n_levels + 1);
    for (int32_t l = 0; l < a->n_levels; l++) {
        Str name = words_level(view, view->questions[a->question].kind, l);
        levels[l] = (LevelShare){str_copy(arena, name), share_where(p, l, l),
                                 band_of(arena, shares, OF_LEVEL, l)};
    }
    item->levels = levels;
    item->n_levels = a->n_levels;
    item->value = estimate_none();
}

static void set_value(Arena *arena, const Plan *plan, int32_t asked, const Pooled *p,
                      const Shares *shares, Item *item)
{
    switch (plan->asked[asked].kind) {
    case RESULT_FLAG:
        item->value = share_where(p, 1, 1);
        item->band = band_of(arena, shares, OF_MEAN, 0);
        settle_word(arena, plan, item);
        break;
    case RESULT_DATE:
        item->value = share_where(p, -MATH_INF, MATH_INF);
        item->band = band_of(arena, shares, OF_HAPPENING, 0);
        settle_word(arena, plan, item);
        set_date(arena, plan, p, item);
        break;
    case RESULT_NUMBER:
        item->value = estimate_sure(mean_of(p));
        item->band = band_of(arena, shares, OF_MEAN, 0);
        item->sd = sd_of(p, item->value.value);
        add_quantiles(arena, p, item);
        break;
    case RESULT_LEVEL: set_levels(arena, plan, asked, p, shares, item); break;
    }
}

// ---- Over time ----------------------------------------------------------------------------------

static void set_point(Arena *arena, const Plan *plan, int32_t asked, int32_t point, Pooled p,
                      SeriesPoint *out)
{
    const Asked *a = &plan->asked[asked];
    *out = (SeriesPoint){.date = plan_point_date(plan, point), .defined = p.defined / p.asked};
    out->q05 = out->q25 = out->q50 = out->q75 = out->q95 = MATH_NAN;
    out->mean = estimate_sure(mean_of(&p));
    if (a->kind == RESULT_FLAG) {
        out->mean = share_where(&p, 1, 1);
    } else if (a->kind == RESULT_NUMBER) {
        out->q05 = quantile_of(&p, 0.05);
        out->q25 = quantile_of(&p, 0.25);
        out->q50 = quantile_of(&p, 0.5);
        out->q75 = quantile_of(&p, 0.75);
        out->q95 = quantile_of(&p, 0.95);
        out->atoms = atoms_of(arena, &p);
        out->n_atoms = p.n;
    } else {
        double *levels = ARENA_ARRAY(arena, double, a->n_levels + 1);
        for (int32_t l = 0; l < a->n_levels; l++) {
            levels[l] = share_where(&p, l, l).value;
        }
        out->shares = levels;
    }
}

static void set_points(Arena *arena, const Plan *plan, int32_t asked, SeriesPoint *points,
                       Item *item)
{
    const Asked *a = &plan->asked[asked];
    const View *view = plan->tellings[0].view;
    Str *names = ARENA_ARRAY(arena, Str, a->n_levels + 1);
    for (int32_t l = 0; a->kind == RESULT_LEVEL && l < a->n_levels; l++) {
        names[l] = str_copy(arena, words_level(view, view->questions[a->question].kind, l));
    }
    item->level_names = names;
    item->n_levels = a->kind == RESULT_LEVEL ? a->n_levels : 0;
    item->points = points;
    item->n_points = plan->n_points;
}

static void set_series(Arena *arena, const Plan *plan, int32_t asked, const Shares *shares,
                       Item *item)
{
    SeriesPoint *points = ARENA_ARRAY(arena, SeriesPoint, plan->n_points);
    for (int32_t i = 0; i < plan->n_points; i++) {
        Pooled p = pool(arena, shares, i, plan->asked[asked].kind);
        set_point(arena, plan, asked, i, p, &points[i]);
    }
    set_points(arena, plan, asked, points, item);
    item->defined = estimate_sure(1);
}

// ---- An item ------------------------------------------------------------------------------------

static ItemKind kind_of(ResultKind kind)
{
    switch (kind) {
    case RESULT_FLAG: return ITEM_FLAG;
    case RESULT_NUMBER: return ITEM_NUMBER;
    case RESULT_DATE: return ITEM_DATE;
    case RESULT_LEVEL: return ITEM_LEVEL;
    }
    return ITEM_NUMBER;
}

void exact_item_none(Arena *arena, const Plan *plan, const RunOptions *options, int32_t asked,
                     Str why, Item *item)
{
    const Asked *a = &plan->asked[asked];
    const Question *question = &plan->tellings[0].view->questions[a->question];
    settle_texts(arena, options->sources, question, item);
    item->kind = a->is_series ? ITEM_SERIES : kind_of(a->kind);
    item->series_of = kind_of(a->kind);
    item->value = item->never = estimate_none();
    item->defined = estimate_none();
    item->why = why;
}

// What share of all futures the answer rests on.
static void set_basis(const Plan *plan, int32_t asked, const Pooled *p, double basis,
                      const Shares *shares, Item *item)
{
    const Asked *a = &plan->asked[asked];
    const Question *q = &plan->tellings[0].view->questions[a->question];
    item->conditional = q->n_given > 0 || q->form.after != NULL || basis < 1 - 1e-9;
    item->defined = estimate_sure(item->conditional ? basis : 1);
    item->has_censored = a->has_censored;
    item->censored = estimate_sure(a->has_censored ? p->censored : 0);
    item->has_tied = a->tie >= 0;
    Sum tied = {0};
    for (int32_t i = 0; i < shares->n && item->has_tied; i++) {
        const Distribution *d = shares->p[i].tie;
        for (int32_t k = 0; d && k < d->n; k++) {
            sum_add(&tied, d->atoms[k].value == 1 ? shares->p[i].weight * d->atoms[k].mass : 0);
        }
    }
    item->tied = item->has_tied ? share_of(sum_of(&tied), p->defined) : estimate_sure(0);
}

void exact_item(Arena *arena, const Plan *plan, const RunOptions *options, int32_t asked,
                ExactPart *const *parts, int32_t set, Item *item)
{
    exact_item_none(arena, plan, options, asked, (Str){0}, item);
    Shares shares = gather(arena, plan, asked, parts, set);
    if (plan->asked[asked].is_series) {
        set_series(arena, plan, asked, &shares, item);
        return;
    }
    Pooled p = pool(arena, &shares, -1, plan->asked[asked].kind);
    set_basis(plan, asked, &p, p.defined, &shares, item);
    if (!(p.defined > 0)) {
        bool cut = item->has_censored && item->censored.value > 0;
        item->value = estimate_none();
        item->why = p.asked > 0 ? STR("the value is not defined in any future")
                    : cut       ? STR("the time asked for is never over before the end")
                                : STR("the condition cannot occur");
        return;
    }
    set_value(arena, plan, asked, &p, &shares, item);
}

double exact_left_out(const Plan *plan, int32_t asked, ExactPart *const *parts)
{
    if (plan->asked[asked].is_series || plan->asked[asked].kind != RESULT_NUMBER) {
        return 0;
    }
    Arena *arena = arena_new(0);
    Shares shares = gather(arena, plan, asked, parts, -1);
    Pooled p = pool(arena, &shares, -1, RESULT_NUMBER);
    double left_out = p.asked - p.defined;
    arena_free(arena);
    return left_out;
}

void exact_item_moments(Arena *arena, const Plan *plan, const RunOptions *options, int32_t asked,
                        ExactPart *const *const *points, int32_t set, Item *item)
{
    exact_item_none(arena, plan, options, asked, (Str){0}, item);
    SeriesPoint *out = ARENA_ARRAY(arena, SeriesPoint, plan->n_points);
    for (int32_t i = 0; i < plan->n_points; i++) {
        Shares shares = gather(arena, plan, asked, points[i], set);
        Pooled p = pool(arena, &shares, -1, plan->asked[asked].kind);
        if (i == 0) {
            set_basis(plan, asked, &p, p.asked, &shares, item);
        }
        if (!(p.asked > 0)) {
            item->why = STR("the condition cannot occur");
            return;
        }
        set_point(arena, plan, asked, i, p, &out[i]);
    }
    set_points(arena, plan, asked, out, item);
}
