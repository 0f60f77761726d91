// SPDX-License-Identifier: MIT
//
// Inside of a grid: how its flat sums lie. grid.c fills them, grid_sums.c reads them.
//
// First the columns: [column][kept track][SUM_W ...]; then the pairs: [pair][kept track][PAIR_YY
// ...].
#pragma once
#include "ask/grid.h"

// Of one world and track: n, x, the sum of squares, and y = x - centre n.
enum { ROW_PARTS = 4 };

// Products over worlds for a pair a <= b of columns.
enum { PAIR_YY, PAIR_NY, PAIR_YN, PAIR_NN, PAIR_SUMS };

// The same over all sections; of the smaller column first.
typedef struct {
    double yy, ny, yn, nn;
} GridProducts;
GridProducts grid_products(const Grid *grid, int32_t low, int32_t high, int32_t track);

bool grid_is_mean(const Grid *grid, int32_t track);
// The variance that one hit (miss) more would show where there is none; else 0.
double grid_unseen(const Grid *grid, const TrackSums *sums, int32_t track);
