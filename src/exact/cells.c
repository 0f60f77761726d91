// SPDX-License-Identifier: MIT
//
// The cells of uniforms that are only held against fixed thresholds.
#include "exact/cells.h"

#include "math/elementary.h"

enum { MOST_CELLS = 4096 };
// What rounding makes of thresholds that were summed up: lengths that differ by no more, and by no
// more than this of themselves, are one.
static const double ROUNDED = 4e-16, OF_ITSELF = 1e-13;

bool script_constant(const Script *s, Slot slot, double *value)
{
    for (int32_t i = 0; i < s->program->n_consts; i++) {
        const ConstUni *c = &s->program->consts[i];
        if (s->n_cols + c->uni == slot && !c->is_mask) {
            *value = c->value;
            return true;
        }
    }
    return false;
}

// Thresholds rise in the list of a site, each once.
static void add_threshold(double *list, int32_t *n, double x)
{
    int32_t at = 0;
    while (at < *n && list[at] < x) {
        at++;
    }
    if (at < *n && list[at] == x) {
        return;
    }
    for (int32_t i = (*n)++; i > at; i--) {
        list[i] = list[i - 1];
    }
    list[at] = x;
}

// All thresholds of a site; -1: something else is drawn there, or there is nothing to tell apart.
static int32_t thresholds(const Script *s, uint32_t site, double *list)
{
    int32_t n = 0;
    for (int32_t pc = 0; pc < s->main.n; pc++) {
        const XIns *ins = &s->main.p[pc];
        double x;
        if (!x_draws(ins) || ins->aux != site) {
            continue;
        }
        bool fixed = ins->op == OP_BERN && script_constant(s, ins->a, &x);
        if (!fixed || !(x > 0 && x <= 1) || n == MOST_CELLS) {
            return -1;
        }
        add_threshold(list, &n, x);
    }
    return n > 1 ? n : -1;
}

static double as_another(const Cells *c, double length)
{
    for (int32_t i = 0; i < c->n_cells; i++) {
        double off = m_abs(c->length[i] - length);
        if (off <= ROUNDED && off <= OF_ITSELF * length) {
            return c->length[i];
        }
    }
    return length;
}

const Cells *cells_find(Arena *arena, const Script *s)
{
    int32_t n_sites = s->program->n_sites;
    Cells *c = ARENA_NEW(arena, Cells);
    *c = (Cells){.first = ARENA_ARRAY(arena, int32_t, n_sites + 1),
                 .n = ARENA_ARRAY(arena, int32_t, n_sites + 1),
                 .upper = ARENA_ARRAY(arena, double, MOST_CELLS),
                 .length = ARENA_ARRAY(arena, double, MOST_CELLS)};
    uint8_t *shared = ARENA_ARRAY(arena, uint8_t, n_sites + 1);
    for (int32_t pc = 0; pc < s->main.n; pc++) {
        const XIns *ins = &s->main.p[pc];
        if (x_draws(ins)) {
            shared[ins->aux] = ins->shared;
        }
    }
    double *list = ARENA_ARRAY(arena, double, MOST_CELLS + 1);
    for (int32_t site = 0; site < n_sites; site++) {
        int32_t n = shared[site] ? thresholds(s, (uint32_t)site, list) : -1;
        c->first[site] = n > 0 && c->n_cells + n <= MOST_CELLS ? c->n_cells : -1;
        c->n[site] = c->first[site] < 0 ? 0 : n;
        for (int32_t i = 0; i < c->n[site]; i++) {
            double length = as_another(c, list[i] - (i > 0 ? list[i - 1] : 0));
            c->upper[c->n_cells] = list[i];
            c->length[c->n_cells++] = length;
        }
    }
    return c;
}

int32_t cells_below(const Cells *c, uint32_t site, double threshold)
{
    int32_t n = 0;
    while (n < c->n[site] && c->upper[c->first[site] + n] <= threshold) {
        n++;
    }
    return n;
}
