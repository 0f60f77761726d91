// SPDX-License-Identifier: MIT
//
// Swapped readings: made once however many pairs of readings ask for them, told side by side.
#include "ask/compare_impl.h"
#include "lang/swap.h"

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
    Compare *c = swaps->c;
    Swap swap = {.into = into, .from = from, .n = n, .what = {what[0], second}, .grid = -1};
    swap.view = lang_swap(c->arena, c->model, into, from, what, n, &swap.why);
    vec_push(c->arena, &swaps->list, swap);
    return swaps->list.n - 1;
}

SwapBoth swaps_both(Swaps *swaps, int32_t a, int32_t b, const int32_t *what, int32_t n)
{
    return (SwapBoth){swaps_add(swaps, a, b, what, n), swaps_add(swaps, b, a, what, n)};
}

static int32_t add_to_grid(Compare *c, GridSpec *spec, const View **views, const View *view)
{
    (void)c;
    views[spec->n_views] = view;
    return spec->n_views++;
}

Status swaps_run(Swaps *swaps, const int32_t *level, Str phase, Grid **grid,
                 int32_t **column_of_view, Error *error)
{
    Compare *c = swaps->c;
    const View **views = ARENA_ARRAY(c->arena, const View *, swaps->list.n + c->model->n_views + 1);
    int32_t *columns = ARENA_ARRAY(c->arena, int32_t, c->model->n_views);
    GridSpec spec = {.views = views, .level = level, .phase = phase};
    for (int32_t i = 0; i < c->n_voices; i++) {
        int32_t view = c->columns.p[c->voices[i]].view;
        columns[view] = add_to_grid(c, &spec, views, c->model->views[view]);
    }
    for (int32_t i = 0; i < swaps->list.n; i++) {
        Swap *swap = &swaps->list.p[i];
        swap->grid = swap->view ? add_to_grid(c, &spec, views, swap->view) : -1;
    }
    *column_of_view = columns;
    RunOptions run = c->run;
    uint64_t worlds = c->options->crux_worlds ? c->options->crux_worlds : CRUX_WORLDS;
    run.worlds = run.worlds < worlds ? run.worlds : worlds;
    run.futures = run.futures && run.futures < CRUX_FUTURES ? run.futures : CRUX_FUTURES;
    return grid_run(c->arena, c->model, &run, &spec, grid, error);
}
