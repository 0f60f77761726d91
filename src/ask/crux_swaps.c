// SPDX-License-Identifier: MIT
//
// Swapped readings: made once however many pairs of readings ask for them, told side by side.
#include "ask/compare_impl.h"
#include "base/clock.h"
#include "base/limits.h"
#include "lang/swap.h"
#include "math/bits.h"
#include "math/elementary.h"

void swaps_init(Swaps *swaps, Compare *c)
{
    *swaps = (Swaps){.c = c};
    swaps->n_assumptions = lang_assumptions(c->arena, c->model, &swaps->assumptions);
}

bool swaps_differ(const Swaps *swaps, int32_t assumption, int32_t a, int32_t b)
{
    const Assumption *x = &swaps->assumptions[assumption];
    Str va = a > 0 ? x->values[a] : STR(""), vb = b > 0 ? x->values[b] : STR("");
    // Two events of their own are called alike and are not the same.
    return va.n > 0 || vb.n > 0;
}

static bool speaks_of(const Swaps *swaps, int32_t view, const int32_t *what, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        if (view > 0 && swaps->assumptions[what[i]].values[view].n > 0) {
            return true;
        }
    }
    return false;
}

int32_t swaps_add(Swaps *swaps, int32_t into, int32_t from, const int32_t *what, int32_t n)
{
    // Whoever says nothing of them has them as the base does.
    from = speaks_of(swaps, from, what, n) ? from : 0;
    int32_t second = n > 1 ? what[1] : -1;
    for (int32_t i = 0; i < swaps->list.n; i++) {
        const Swap *s = &swaps->list.p[i];
        if (s->into == into && s->from == from && s->what[0] == what[0] && s->what[1] == second) {
            return i;
        }
    }
    vec_push(swaps->c->arena, &swaps->list,
             ((Swap){.into = into, .from = from, .n = n, .what = {what[0], second}}));
    return swaps->list.n - 1;
}

SwapBoth swaps_both(Swaps *swaps, int32_t a, int32_t b, const int32_t *what, int32_t n)
{
    return (SwapBoth){swaps_add(swaps, a, b, what, n), swaps_add(swaps, b, a, what, n)};
}

// ---- Telling ------------------------------------------------------------------------------------

enum { AT_A_TIME = 16 };

// Some of the swaps (and the voices with the first of them) with their programs.
typedef struct {
    Arena *arena;
    const View *views[AT_A_TIME + LIMIT_STORIES + 1];
    Told *to[AT_A_TIME + LIMIT_STORIES + 1];
    int32_t n;
} Batch;

static void add_view(Batch *batch, const View *view, Told *to)
{
    batch->views[batch->n] = view;
    batch->to[batch->n++] = to;
}

static void add_voices(Swaps *swaps, Batch *batch)
{
    const Compare *c = swaps->c;
    for (int32_t i = 0; i < c->n_voices; i++) {
        int32_t view = c->columns.p[c->voices[i]].view;
        add_view(batch, c->model->views[view], &swaps->voices[view]);
    }
}

static void add_swaps(Swaps *swaps, Batch *batch, int32_t from, int32_t to)
{
    const Compare *c = swaps->c;
    for (int32_t i = from; i < to; i++) {
        Swap *swap = &swaps->list.p[i];
        Str why = {0};
        const View *view =
            lang_swap(batch->arena, c->model, swap->into, swap->from, swap->what, swap->n, &why);
        if (view) {
            add_view(batch, view, &swap->told);
        } else {
            swap->why = str_copy(c->arena, why);
        }
    }
}

// What outlives the batch.
static void keep_sums(Swaps *swaps, const Batch *batch, const Grid *grid)
{
    swaps->n_sections = grid->plan->n_sections;
    swaps->n_items = grid->plan->n_asked;
    swaps->worlds = grid->worlds;
    swaps->futures = grid->plan->futures;
    for (int32_t v = 0; v < batch->n; v++) {
        double *sums = ARENA_ARRAY(swaps->c->arena, double,
                                   2 * (int64_t)swaps->n_sections * swaps->n_items + 1);
        for (int32_t s = 0; s < swaps->n_sections; s++) {
            for (int32_t i = 0; i < swaps->n_items; i++) {
                TrackSums one = grid_section_sums(grid, v, grid->main[i], s);
                double *to = sums + 2 * ((int64_t)s * swaps->n_items + i);
                to[0] = one.n;
                to[1] = one.x;
            }
        }
        batch->to[v]->sums = sums;
    }
}

static RunOptions crux_options(const Compare *c)
{
    RunOptions run = c->run;
    uint64_t worlds = c->options->crux_worlds ? c->options->crux_worlds : CRUX_WORLDS;
    run.worlds = run.worlds < worlds ? run.worlds : worlds;
    run.futures = run.futures && run.futures < CRUX_FUTURES ? run.futures : CRUX_FUTURES;
    return run;
}

static Status run_batch(Swaps *swaps, Batch *batch, const RunOptions *run, GridSpec *spec,
                        Error *error)
{
    Grid *grid = NULL;
    spec->views = batch->views;
    spec->n_views = batch->n;
    if (batch->n == 0) {
        return ST_OK;
    }
    TRY(grid_run(batch->arena, swaps->c->model, run, spec, &grid, error));
    keep_sums(swaps, batch, grid);
    spec->done_before += grid->futures * (uint64_t)batch->n;
    return ST_OK;
}

Status swaps_run(Swaps *swaps, const int32_t *level, const char *what, Error *error)
{
    Compare *c = swaps->c;
    RunOptions run = crux_options(c);
    int32_t n = swaps->list.n;
    uint64_t readings = (uint64_t)n + (uint64_t)c->n_voices;
    GridSpec spec = {.level = level,
                     .phase = str_format(c->arena, "%s: %d swapped readings", what, (int)n),
                     .started = clock_seconds(),
                     .wanted_in_all = readings * run.worlds * run.futures};
    swaps->voices = ARENA_ARRAY(c->arena, Told, c->model->n_views);
    Status status = ST_OK;
    for (int32_t from = 0; from < n && status == ST_OK; from += AT_A_TIME) {
        Batch *batch = ARENA_NEW(c->arena, Batch);
        batch->arena = arena_new(0);
        if (from == 0) {
            add_voices(swaps, batch);
        }
        add_swaps(swaps, batch, from, from + AT_A_TIME < n ? from + AT_A_TIME : n);
        status = run_batch(swaps, batch, &run, &spec, error);
        arena_free(batch->arena);
        if (run.stop && *run.stop) {
            break;
        }
    }
    return status;
}

// ---- Sums ---------------------------------------------------------------------------------------

typedef struct {
    double n, x;
} Counted;

static Counted counted(const Swaps *swaps, Told told, int32_t item)
{
    Counted all = {0};
    for (int32_t s = 0; told.sums && s < swaps->n_sections; s++) {
        const double *one = told.sums + 2 * ((int64_t)s * swaps->n_items + item);
        all.n += one[0];
        all.x += one[1];
    }
    return all;
}

double told_answer(const Swaps *swaps, Told told, int32_t item)
{
    Counted all = counted(swaps, told, item);
    return all.n > 0 ? all.x / all.n : MATH_NAN;
}

double told_contrast_half(const Swaps *swaps, const Told *told, const double *weights, int32_t n,
                          int32_t item)
{
    int32_t sections = swaps->n_sections;
    double parts[PLAN_SECTIONS] = {0}, squares = 0;
    for (int32_t i = 0; i < n; i++) {
        Counted all = counted(swaps, told[i], item);
        for (int32_t s = 0; s < sections && all.n > 0; s++) {
            const double *one = told[i].sums + 2 * ((int64_t)s * swaps->n_items + item);
            parts[s] += weights[i] * (one[1] - all.x / all.n * one[0]) / all.n;
        }
    }
    for (int32_t s = 0; s < sections; s++) {
        squares += parts[s] * parts[s];
    }
    double variance = sections > 1 ? squares * sections / (sections - 1) : MATH_NAN;
    return estimate_t(sections - 1) * m_sqrt(variance);
}
