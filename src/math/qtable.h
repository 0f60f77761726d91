// SPDX-License-Identifier: MIT
//
// Quantile tables: x = Q(u) by one cubic of a table, for any distribution with fixed parameters.
//
// Two half tables, for u < 1/2 and for v = 1 - u < 1/2. A segment is an IEEE exponent (octave) of u
// cut into 2^QTABLE_BITS equal parts; within it a cubic in t in [0, 1). Row and t are bits of u
// (or, in the upper half, of v), so that evaluation is straight-line:
//
//   top   = bits >> (52 - QTABLE_BITS)                 exponent and part in one number
//   part  = top & (2^QTABLE_BITS - 1)
//   row   = QTABLE_TOP - top + 2 part
//   t     = double(BITS_ONE | (bits << (12 + QTABLE_BITS)) >> 12) - 1
//   value = c0 + t (c1 + t (c2 + t c3))                from the inside out, not contracted
//
// Octaves reach down to 2^-67, below the smallest uniform that a refined draw can give (2^-65).
// Values are monotone (to rounding) and exact at the segments' ends. Normal: |error| <= 3e-7.
//
// Where a cubic will not do - the gap of a mixture, the steps of a discrete distribution, a kink -
// c0 of the row is NaN, so that the straight line gives NaN, and the value comes from
// qtable_patched. A vector kernel computes all lanes alike and, for a table with n_patches > 0,
// redoes the lanes that came out NaN by qtable_eval. Wide counting distributions belong to
// dist_draw, not here.
#pragma once
#include <stdint.h>

#include "base/arena.h"

enum { QTABLE_BITS = 3, QTABLE_OCTAVES = 66 };
enum { QTABLE_ROWS = QTABLE_OCTAVES << QTABLE_BITS };
enum { QTABLE_TOP = 1021 << QTABLE_BITS };

// A stretch of a row, from t = `from` to the next one's: a cubic in t - from.
typedef struct {
    double from;
    double c[4];
} QPiece;

typedef struct {
    int32_t half, row;
    int32_t n_pieces;
    const QPiece *pieces; // rising; pieces[0].from is 0
} QPatch;

// Q(u) for u in (0, 1), v = 1 - u; ctx is passed through. Never falling in u.
typedef double (*QuantileFn)(const void *ctx, double u, double v);

typedef struct {
    // Row r of half h: rows[h][r] = {c0, c1, c2, c3}. Row r covers octave k = r >> QTABLE_BITS,
    // u in [2^-(k+2), 2^-(k+1)), part r & 7 from the low end. 32-byte aligned.
    double rows[2][QTABLE_ROWS][4];
    const QPatch *patches; // by half and row
    int32_t n_patches;
    QuantileFn quantile; // that it stands for
    const void *ctx;
} QTable;

// A table in the arena: 33 KiB, 64-byte aligned. About 2,000 calls of `quantile` for a smooth
// distribution. `ctx` stays as long as the table. Values beyond +-1e300 are kept there; NaN (an
// invalid distribution) stays NaN.
const QTable *qtable_build(Arena *arena, QuantileFn quantile, const void *ctx);
const QTable *qtable_normal(Arena *arena);  // standard normal
const QTable *qtable_uniform(Arena *arena); // u itself

// Straight-line evaluation: uses the half table of u when u < 1/2, else that of v. Arguments below
// 2^-67 are taken as 2^-67.
double qtable_eval(const QTable *table, double u, double v);
// The quantile itself, and not what the table makes of it: slow, and right to its last digits.
double qtable_true(const QTable *table, double u, double v);
double qtable_true_score(const QTable *table, double z); // as qtable_score

// The value where a standard normal is z: qtable_eval of z's tails; NaN stays NaN.
double qtable_score(const QTable *table, double z);
// A value inside a patched row; NaN where there is no patch.
double qtable_patched(const QTable *table, int32_t half, int32_t row, double t);

// The draw of the words w and w2 (math/draw.h): from the first word alone, u = draw_uniform(w) and
// v = draw_uniform(~w), unless w < 4096 or w >= 2^32 - 4096: then from both, the 64-bit uniform.
double qtable_draw(const QTable *table, uint32_t w, uint32_t w2);
static inline int qtable_needs_second(uint32_t w)
{
    return w < 4096u || w >= 0xfffff000u;
}
