// SPDX-License-Identifier: MIT
//
// Inside of a grid: how its flat sums lie. grid.c fills them, grid_sums.c reads them.
//
// First the columns: [column][kept track][SUM_W ...]; then the pairs: [pair][kept track][PAIR_YY ...].
#pragma once
#include "ask/grid.h"

// Of one world and track: n, x, the sum of squares, and y = x - centre n.
enum { ROW_PARTS = 4 };

// Products over worlds for a pair a <= b of columns.
enum { PAIR_YY, PAIR_NY, PAIR_YN, PAIR_NN, PAIR_SUMS };
