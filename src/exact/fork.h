// SPDX-License-Identifier: MIT
//
// Running a stretch of a Script on one state, in every way it can go: at a draw the run forks, once
// for each outcome, with its probability.
//
// A draw from a continuum has no finite set of outcomes, but what is done with it may have: held
// against a number it is below or above. Such a value is carried unevaluated, as a function of its
// uniform u that only rises or only falls, until a comparison or a rounding cuts the range of u
// into pieces; each piece is a fork, and what is known of u is remembered for the next comparison.
#pragma once
#include "base/vec.h"
#include "exact/script.h"

// One way it can go, its probability, and the part of u it stands for.
typedef struct {
    double p;
    uint64_t value;
    double lo, hi;
} Piece;

typedef VEC(Piece) Pieces;

// A value that is not yet evaluated: an operation on the one before, or a draw.
typedef struct {
    uint16_t op;
    bool swapped; // the unevaluated operand is the second: k - x
    int32_t prev; // -1: a draw
    double k, k2; // other operands
    const QTable *table;
    const XIns *draw;
    double params[3];
} Lazy;

typedef struct Fork Fork;
struct Fork {
    const Script *script;
    XCode code;
    int32_t to;
    uint64_t *regs;
    const Slot *saved; // slots written between: restored after every fork
    int32_t n_saved;
    void *ctx;
    void (*leaf)(void *ctx, double p);
    void (*failed)(void *ctx, uint32_t check, double p); // NULL: go on
    int64_t leaves, most_leaves;
    double lost;         // probability cut off the tails of draws
    const XIns *refused; // where it could not go on: an operation on a value from a continuum
    Arena *arena;        // scratch
    VEC(Lazy) lazy;
};

// False when there are too many ways, or an operation is refused.
bool fork_run(Fork *fork, int32_t from);

// The outcomes of a draw of finitely many; false: it has none.
bool draw_pieces(Fork *fork, const XIns *ins, Pieces *pieces);
