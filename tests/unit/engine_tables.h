// SPDX-License-Identifier: MIT
//
// Quantile tables for tests of the engine: smooth ones, one with a gap, one of steps.
#pragma once
#include "math/dist.h"
#include "math/qtable.h"

typedef struct {
    const QTable *p[4];
    int32_t n;
} Tables;

static double table_beta(const void *ctx, double u, double v)
{
    (void)ctx;
    const double params[3] = {4.0, 2.0};
    return dist_quantile(DIST_BETA, params, u, v);
}

static double table_gap(const void *ctx, double u, double v)
{
    (void)ctx;
    (void)v;
    return u < 0.37 ? u : 5.0 + u;
}

static double table_steps(const void *ctx, double u, double v)
{
    (void)ctx;
    const double params[3] = {2.5};
    return dist_quantile(DIST_POISSON, params, u, v);
}

static Tables tables_new(Arena *arena)
{
    Tables t = {.n = 4};
    t.p[0] = qtable_normal(arena);
    t.p[1] = qtable_build(arena, table_beta, NULL);
    t.p[2] = qtable_build(arena, table_gap, NULL);
    t.p[3] = qtable_build(arena, table_steps, NULL);
    return t;
}
