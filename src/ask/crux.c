// SPDX-License-Identifier: MIT
//
// Cruxes: for two readings a and b that part on a question, how much of the gap closes when one
// assumption is swapped between them.
//
// With R the answer, a' the reading a with b's setting and b' the reading b with a's, the closure
// is the mean of both ways, ((R_a' - R_a) + (R_b - R_b')) / (2 (R_b - R_a)): the mean of an
// assumption's effect when it is the first to change and when it is the last, as in the two-point
// Shapley value (Shapley 1953; Owen and Prieur 2017). Without interactions closures add up to 1.
#include "ask/compare_impl.h"
#include "lang/swap.h"
#include "math/bits.h"
#include "math/elementary.h"

// An assumption that by itself closes more has no need of a partner; one that closes less is none.
static const double ENOUGH = 0.9, LEAST_PARTNER = 0.05;
enum { MOST_PAIR_SWAPS = 200 };

typedef struct {
    Compare *c;
    Swaps swaps;
    int32_t *level; // by question
    VEC(Crux) list;
    SwapBoth *both; // [crux of the pass][assumption]
} CruxWork;

static int32_t view_of(const CruxWork *w, int32_t column)
{
    return w->c->columns.p[column].view;
}

// ---- Which --------------------------------------------------------------------------------------

static void list_cruxes(CruxWork *w)
{
    Compare *c = w->c;
    int32_t n = c->columns.n;
    for (int32_t r = 0; r < c->out->n_items; r++) {
        int32_t i = c->out->ranked[r];
        const CompareItem *item = &c->out->items[i];
        for (int32_t v = 0; v < c->n_voices; v++) {
            for (int32_t u = v + 1; u < c->n_voices; u++) {
                int32_t a = c->voices[v], b = c->voices[u];
                const Gap *gap = &item->gaps[a * n + b];
                if (gap->known && gap->matters) {
                    vec_push(c->answer, &w->list,
                             ((Crux){.item = i, .level = item->lead, .a = a, .b = b}));
                }
            }
        }
    }
}

static void make_swaps(CruxWork *w)
{
    int32_t n = w->swaps.n_assumptions;
    w->both = ARENA_ARRAY(w->c->arena, SwapBoth, (int64_t)w->list.n * n + 1);
    for (int32_t i = 0; i < w->list.n; i++) {
        int32_t a = view_of(w, w->list.p[i].a), b = view_of(w, w->list.p[i].b);
        for (int32_t x = 0; x < n; x++) {
            if (swaps_differ(&w->swaps, x, a, b)) {
                w->both[(int64_t)i * n + x] = swaps_both(&w->swaps, a, b, &x, 1);
            }
        }
    }
}

// ---- Closures -----------------------------------------------------------------------------------

// A closure as a sum over readings told: its value, and the weights of its error.
typedef struct {
    Told told[4];
    double weights[4];
    double value;
    double into_a, into_b; // answers of the swapped readings
} Closure;

static Closure closure_of(const CruxWork *w, const Crux *crux, SwapBoth both)
{
    const Swaps *swaps = &w->swaps;
    const Swap *into_a = &swaps->list.p[both.into_a], *into_b = &swaps->list.p[both.into_b];
    Closure s = {.told = {swaps->voices[view_of(w, crux->a)], swaps->voices[view_of(w, crux->b)],
                          into_a->told, into_b->told}};
    s.into_a = told_answer(swaps, into_a->told, crux->item);
    s.into_b = told_answer(swaps, into_b->told, crux->item);
    double gap = crux->b_value - crux->a_value;
    s.value = (s.into_a - crux->a_value + crux->b_value - s.into_b) / (2 * gap);
    s.weights[0] = (s.value - 0.5) / gap;
    s.weights[1] = (0.5 - s.value) / gap;
    s.weights[2] = 0.5 / gap;
    s.weights[3] = -0.5 / gap;
    return s;
}

// What is left of a sum that should cancel is rounding.
static Estimate with_error(double value, double half)
{
    const double rounding = 1e-12;
    value = m_abs(value) < rounding ? 0 : value;
    half = half < rounding ? 0 : half;
    return (Estimate){value, half, value - half, value + half};
}

static Estimate closure_estimate(const CruxWork *w, const Crux *crux, const Closure *s)
{
    return with_error(s->value, told_contrast_half(&w->swaps, s->told, s->weights, 4, crux->item));
}

// Several closures added with signs.
static Estimate closures_sum(const CruxWork *w, const Crux *crux, const Closure *list,
                             const double *signs, int32_t n)
{
    Told *told = ARENA_ARRAY(w->c->arena, Told, 4 * n + 1);
    double *weights = ARENA_ARRAY(w->c->arena, double, 4 * n + 1), value = 0;
    for (int32_t i = 0; i < n; i++) {
        for (int32_t k = 0; k < 4; k++) {
            told[4 * i + k] = list[i].told[k];
            weights[4 * i + k] = signs[i] * list[i].weights[k];
        }
        value += signs[i] * list[i].value;
    }
    return with_error(value, told_contrast_half(&w->swaps, told, weights, 4 * n, crux->item));
}

// ---- One crux -----------------------------------------------------------------------------------

static bool comes_first(const CruxPart *a, const CruxPart *b)
{
    bool ka = a->why.n == 0, kb = b->why.n == 0;
    if (ka != kb) {
        return ka;
    }
    return ka && a->closure.value > b->closure.value;
}

static CruxPart part_of(const CruxWork *w, const Crux *crux, int32_t x, SwapBoth both,
                        Closure *closure)
{
    CruxPart part = {
        .assumption = x, .closure = estimate_none(), .a_alone = MATH_NAN, .b_alone = MATH_NAN};
    const Swap *into_a = &w->swaps.list.p[both.into_a], *into_b = &w->swaps.list.p[both.into_b];
    if (into_a->why.n > 0 || into_b->why.n > 0) {
        part.why = str_copy(w->c->answer, into_a->why.n > 0 ? into_a->why : into_b->why);
        return part;
    }
    *closure = closure_of(w, crux, both);
    if (!m_is_finite(closure->value)) {
        part.why = STR("the question has no answer in one of the swapped readings");
        return part;
    }
    part.closure = closure_estimate(w, crux, closure);
    part.a_alone = closure->into_a;
    part.b_alone = closure->into_b;
    return part;
}

static void settle_sum(const CruxWork *w, Crux *crux, const Closure *closures, int32_t n)
{
    double *signs = ARENA_ARRAY(w->c->arena, double, n + 1);
    for (int32_t i = 0; i < n; i++) {
        signs[i] = 1;
    }
    crux->sum = closures_sum(w, crux, closures, signs, n);
    crux->tied = false;
    if (n > 1) {
        Estimate lead = closures_sum(w, crux, closures, (const double[]){1, -1}, 2);
        crux->tied = lead.value <= lead.half;
    }
}

static void settle_crux(const CruxWork *w, int32_t index, Crux *crux)
{
    int32_t n = w->swaps.n_assumptions, found = 0;
    CruxPart *parts = ARENA_ARRAY(w->c->answer, CruxPart, n + 1);
    Closure *closures = ARENA_ARRAY(w->c->arena, Closure, n + 1);
    crux->a_value = told_answer(&w->swaps, w->swaps.voices[view_of(w, crux->a)], crux->item);
    crux->b_value = told_answer(&w->swaps, w->swaps.voices[view_of(w, crux->b)], crux->item);
    for (int32_t x = 0; x < n; x++) {
        if (!swaps_differ(&w->swaps, x, view_of(w, crux->a), view_of(w, crux->b))) {
            continue;
        }
        Closure closure = {.value = MATH_NAN};
        CruxPart part = part_of(w, crux, x, w->both[(int64_t)index * n + x], &closure);
        int32_t at = crux->n_parts++;
        while (at > 0 && comes_first(&part, &parts[at - 1])) {
            parts[at] = parts[at - 1];
            closures[at] = closures[at - 1];
            at--;
        }
        parts[at] = part;
        closures[at] = closure;
        found += part.why.n == 0;
    }
    crux->parts = parts;
    settle_sum(w, crux, closures, found);
}

// ---- Two at once --------------------------------------------------------------------------------

static bool wants_partner(const Crux *crux)
{
    return crux->n_parts > 1 && crux->parts[1].why.n == 0 &&
           crux->parts[0].closure.value < ENOUGH && crux->parts[1].closure.value > LEAST_PARTNER;
}

// The first two of each crux together. They are told in worlds of their own grid: the same ones,
// with the same draws.
static Status swap_pairs(CruxWork *w, Error *error)
{
    Compare *c = w->c;
    Swaps pairs = w->swaps;
    pairs.list.n = pairs.list.cap = 0;
    SwapBoth *both = ARENA_ARRAY(c->arena, SwapBoth, w->list.n + 1);
    for (int32_t i = 0; i < w->list.n; i++) {
        Crux *crux = &w->list.p[i];
        crux->has_pair = wants_partner(crux) && pairs.list.n < MOST_PAIR_SWAPS;
        if (crux->has_pair) {
            int32_t x = crux->parts[0].assumption, y = crux->parts[1].assumption;
            both[i] = swaps_both(&pairs, view_of(w, crux->a), view_of(w, crux->b),
                                 (const int32_t[]){x < y ? x : y, x < y ? y : x}, 2);
        }
    }
    if (pairs.list.n == 0) {
        return ST_OK;
    }
    CruxWork second = *w;
    second.swaps = pairs;
    TRY(swaps_run(&second.swaps, w->level, "cruxes, two at once", error));
    for (int32_t i = 0; i < w->list.n; i++) {
        Crux *crux = &w->list.p[i];
        if (!crux->has_pair) {
            continue;
        }
        const Swap *into_a = &second.swaps.list.p[both[i].into_a];
        const Swap *into_b = &second.swaps.list.p[both[i].into_b];
        crux->has_pair = crux->has_pair && into_a->told.sums && into_b->told.sums;
        if (crux->has_pair) {
            Closure closure = closure_of(&second, crux, both[i]);
            crux->has_pair = m_is_finite(closure.value);
            crux->together = closure_estimate(&second, crux, &closure);
            double half = m_sqrt(crux->parts[0].closure.half * crux->parts[0].closure.half +
                                 crux->parts[1].closure.half * crux->parts[1].closure.half);
            crux->singles =
                with_error(crux->parts[0].closure.value + crux->parts[1].closure.value, half);
        }
    }
    c->out->n_swaps += pairs.list.n;
    return ST_OK;
}

// ---- All of it ----------------------------------------------------------------------------------

static void fill_assumptions(const CruxWork *w)
{
    const Compare *c = w->c;
    int32_t n = w->swaps.n_assumptions;
    CompareAssumption *list = ARENA_ARRAY(c->answer, CompareAssumption, n + 1);
    for (int32_t x = 0; x < n; x++) {
        const Assumption *from = &w->swaps.assumptions[x];
        Str *values = ARENA_ARRAY(c->answer, Str, c->columns.n + 1);
        for (int32_t i = 0; i < c->columns.n; i++) {
            const Column *column = &c->columns.p[i];
            if (column->view > 0 && column->role != COLUMN_SET) {
                values[i] = str_copy(c->answer, from->values[column->view]);
            }
        }
        list[x] = (CompareAssumption){str_copy(c->answer, from->name), values,
                                      str_copy(c->answer, from->values[0])};
    }
    c->out->assumptions = list;
    c->out->n_assumptions = n;
}

static bool is_stopped(const Compare *c)
{
    return c->run.stop && *c->run.stop;
}

static int32_t *lead_levels(const Compare *c)
{
    int32_t *level = ARENA_ARRAY(c->arena, int32_t, c->out->n_items + 1);
    for (int32_t i = 0; i < c->out->n_items; i++) {
        level[i] = c->out->items[i].lead;
    }
    return level;
}

Status compare_cruxes(Compare *c, Error *error)
{
    CruxWork w = {.c = c, .level = lead_levels(c)};
    c->out->with_cruxes = true;
    list_cruxes(&w);
    if (w.list.n == 0) {
        return ST_OK;
    }
    swaps_init(&w.swaps, c);
    make_swaps(&w);
    TRY(swaps_run(&w.swaps, w.level, "cruxes", error));
    for (int32_t i = 0; i < w.list.n; i++) {
        settle_crux(&w, i, &w.list.p[i]);
    }
    c->out->n_swaps = w.swaps.list.n;
    c->out->crux_worlds = w.swaps.worlds;
    c->out->crux_futures = w.swaps.futures;
    if (!is_stopped(c)) {
        TRY(swap_pairs(&w, error));
    }
    if (is_stopped(c)) {
        compare_remark(c, STR("stopped early: the cruxes rest on fewer futures than asked for"));
    }
    fill_assumptions(&w);
    c->out->cruxes = w.list.p;
    c->out->n_cruxes = w.list.n;
    return ST_OK;
}
