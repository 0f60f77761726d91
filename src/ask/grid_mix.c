// SPDX-License-Identifier: MIT
//
// Mixtures of columns by weight, and what other weights would change: see grid.h.
#include "ask/grid_impl.h"
#include "math/bits.h"
#include "math/elementary.h"

TrackSums grid_pooled(const Grid *grid, const double *weights, int32_t track)
{
    TrackSums sum = {0};
    for (int32_t c = 0; c < grid->n_columns; c++) {
        if (weights[c] > 0) {
            TrackSums one = grid_sums(grid, c, track);
            sum.w = m_max(sum.w, one.w);
            sum.n += weights[c] * one.n;
            sum.x += weights[c] * one.x;
            sum.v2 += weights[c] * one.v2;
        }
    }
    return sum;
}

// Relative error that sums of so many products may have.
static const double ROUNDING = 1e-11;

// What a column adds to the residual of a world: y times this plus n times that. y is the distance
// from the track's centre.
typedef struct {
    double y, n;
} Part;

// Of x_c - R n_c = y_c - (R - centre) n_c, times w_c / sum w N.
static Part part_of(const Grid *grid, const TrackSums *pooled, double weight, int32_t track)
{
    double y = weight / pooled->n;
    return (Part){y, -y * (pooled->x / pooled->n - grid->centres[track])};
}

static double product(const Grid *grid, Part a, Part b, int32_t first, int32_t second,
                      int32_t track)
{
    GridProducts p = grid_products(grid, first, second, track);
    return a.y * b.y * p.yy + a.n * b.y * p.ny + a.y * b.n * p.yn + a.n * b.n * p.nn;
}

// Sum of squared residuals over worlds, with the degree of freedom that the ratio takes. What
// rounding leaves where all of it cancels is none.
static double variance_of(const Grid *grid, const Part *parts, double worlds, int32_t track)
{
    double sum = 0, size = 0;
    for (int32_t a = 0; a < grid->n_columns; a++) {
        for (int32_t b = a; b < grid->n_columns; b++) {
            bool none =
                (parts[a].y == 0 && parts[a].n == 0) || (parts[b].y == 0 && parts[b].n == 0);
            double one = none ? 0 : product(grid, parts[a], parts[b], a, b, track);
            sum += (a == b ? 1 : 2) * one;
            size += m_abs(one);
        }
    }
    return worlds > 1 && sum > ROUNDING * size ? sum * worlds / (worlds - 1) : 0;
}

static Estimate around(double value, double half)
{
    return (Estimate){value, half, value - half, value + half};
}

Estimate grid_mixed(const Grid *grid, const double *weights, int32_t track)
{
    TrackSums sums = grid_pooled(grid, weights, track);
    if (!(sums.n > 0)) {
        return estimate_none();
    }
    Arena *arena = arena_new(0);
    Part *parts = ARENA_ARRAY(arena, Part, grid->n_columns);
    for (int32_t c = 0; c < grid->n_columns; c++) {
        parts[c] = part_of(grid, &sums, weights[c], track);
    }
    double variance = variance_of(grid, parts, sums.w, track);
    arena_free(arena);
    double value = sums.x / sums.n, t = estimate_t(sums.w - 1);
    if (grid_is_mean(grid, track)) {
        return around(value, t * m_sqrt(variance));
    }
    value = m_min(m_max(value, 0), 1);
    return estimate_wilson(value, variance > 0 ? value * (1 - value) / variance : sums.w, t);
}

Estimate grid_reweighted(const Grid *grid, const double *before, const double *after, int32_t track)
{
    TrackSums old = grid_pooled(grid, before, track), new = grid_pooled(grid, after, track);
    if (!(old.n > 0) || !(new.n > 0)) {
        return estimate_none();
    }
    Arena *arena = arena_new(0);
    Part *parts = ARENA_ARRAY(arena, Part, grid->n_columns);
    for (int32_t c = 0; c < grid->n_columns; c++) {
        Part was = part_of(grid, &old, before[c], track), is = part_of(grid, &new, after[c], track);
        parts[c] = (Part){is.y - was.y, is.n - was.n};
    }
    double worlds = m_min(old.w, new.w), difference = new.x / new.n - old.x / old.n;
    double variance = variance_of(grid, parts, worlds, track);
    arena_free(arena);
    bool same = variance == 0 && m_abs(difference) <= ROUNDING * m_abs(old.x / old.n);
    if (same) {
        return around(0, 0);
    }
    if (difference != 0) {
        double least = m_max(grid_unseen(grid, &old, track), grid_unseen(grid, &new, track));
        variance = m_max(variance, least);
    }
    return around(difference, estimate_t(worlds - 1) * m_sqrt(variance));
}
