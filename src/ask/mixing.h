// SPDX-License-Identifier: MIT
//
// How a probability is spread over worlds, when each world shows it only through k hits in n tries.
//
// The nonparametric maximum likelihood estimate of the mixing distribution (Laird 1978), found by EM
// on a grid of logits: shares of worlds at each probability that best explain the counts. Unlike a
// beta fitted by moments it keeps the two modes of two stories apart.
#pragma once
#include <stdint.h>

#include "base/arena.h"

typedef struct {
    double k, n, worlds; // so many worlds showed k of n
} MixingCell;

enum { MIXING_GRID = 161 };

typedef struct {
    double p[MIXING_GRID], weight[MIXING_GRID]; // ascending; weights sum to 1
} Mixing;

// Cells with n > 0. `scratch` is reset before returning.
void mixing_fit(Arena *scratch, const MixingCell *cells, int32_t n_cells, Mixing *mixing);
double mixing_quantile(const Mixing *mixing, double q);
