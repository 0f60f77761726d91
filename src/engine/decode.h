// SPDX-License-Identifier: MIT
//
// Inside decoding: what a Program's code is being made ready with, how an operand becomes an
// address, and how an instruction becomes cells. decode.c sees to the order of cells and to what is
// told.
#pragma once
#include "base/vec.h"
#include "engine/plan.h"

typedef VEC(Pair) PairVec;

// By uniform: the constant that it is, NULL: none; and that constant as a column, NULL: none made
// yet.
typedef struct {
    const ConstUni **value;
    double **column;
} Constants;

typedef struct {
    Engine *e;
    Arena *scratch; // of what decoding alone needs
    Constants *constants;
    VEC(Cell) cells;
    bool world;    // columns are world columns
    double **own;  // finish: this code's own columns, made when first met; NULL: the file of e
    PairVec *lent; // finish: own columns to be filled from the block's before it runs
    // Of one instruction: columns to spread uniforms over.
    double *spare[4];
    int32_t n_spare;
    // Of one uniform instruction: everything is eight lanes, and this is what to spread.
    bool eight;
    PairVec spread;
    int32_t depth;
    bool needs_ids;
    int32_t fusable; // the last cell, if it alone stands for the instruction before, else -1
} Decoder;

// A cell at the end, its operands still to be filled in; it stays where it is until the next.
Cell *decode_emit(Decoder *d, KernelId kernel);

// Is the operand one value for all lanes, to this instruction?
bool decode_is_uni(const Decoder *d, Reg reg);
Constants *decode_constants(Arena *scratch, const Program *program);
// The constant that a uniform is, NULL: none.
const ConstUni *decode_const(const Decoder *d, Reg reg);
double *decode_column(Decoder *d, uint32_t index);
double *decode_address(Decoder *d, Reg reg); // of a column or of a uniform
// A constant is spread over a column once and for all; other uniforms each time, into a spare
// column or, where an instruction may have `many` operands, one of its own.
const double *decode_as_column(Decoder *d, Reg reg);
double *decode_as_column_of(Decoder *d, Reg reg, bool many);
double *decode_spare(Decoder *d); // one of those spare columns: at most four an instruction

// Instructions without a body, all but checks.
void decode_plain(Decoder *d, const Ins *ins);
void decode_drawing(Decoder *d, const Ins *ins); // op_draws
