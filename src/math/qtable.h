// SPDX-License-Identifier: MIT
//
// Quantile tables: x = Q(u) by one cubic of a table, for any distribution with fixed parameters.
//
// Two half tables, for u < 1/2 and for v = 1 - u < 1/2. A segment is an IEEE exponent (octave) of u
// cut into 2^QTABLE_BITS equal parts; within it a cubic in t in [0, 1): ((c3 t + c2) t + c1) t + c0.
// Index and t come from the bits of u. Octaves reach down to 2^-QTABLE_OCTAVES, below the smallest
// uniform that a refined draw can give. Monotone; where the quantile jumps or a cubic would not be
// monotone the segment is linear or a step. Normal: |error| <= 3e-7.
#pragma once
#include <stdint.h>

#include "base/arena.h"

enum { QTABLE_BITS = 3, QTABLE_OCTAVES = 66 };
enum { QTABLE_ROWS = QTABLE_OCTAVES << QTABLE_BITS };

typedef struct {
    // Row r of half h: rows[h][r] = {c0, c1, c2, c3}. Row r covers octave k = r >> QTABLE_BITS,
    // u in [2^-(k+2), 2^-(k+1)), part r & 7 from the low end. 32-byte aligned.
    double rows[2][QTABLE_ROWS][4];
} QTable;

// Q(u) for u in (0, 1), v = 1 - u; ctx is passed through.
typedef double (*QuantileFn)(const void *ctx, double u, double v);

const QTable *qtable_build(Arena *arena, QuantileFn quantile, const void *ctx);
const QTable *qtable_normal(Arena *arena); // standard normal

// Straight-line evaluation: uses the half table of u when u < 1/2, else that of v.
double qtable_eval(const QTable *table, double u, double v);

// The draw of the words w and w2 (math/draw.h): from the first word alone, u = draw_uniform(w) and
// v = draw_uniform(~w), unless w < 4096 or w >= 2^32 - 4096: then from both, the 64-bit uniform.
double qtable_draw(const QTable *table, uint32_t w, uint32_t w2);
static inline int qtable_needs_second(uint32_t w)
{
    return w < 4096u || w >= 0xfffff000u;
}
