// SPDX-License-Identifier: MIT
//
// The plain loops over the values of a unit in which a run's statistics spend their time, each built
// for every instruction set that helps. All give the same bits.
#pragma once
#include "engine/engine.h"

enum { COLUMNS_CHUNK = 64 };

// to[i] = from[i] - centre, rounded to a float.
void columns_put(Isa isa, float *to, const double *from, int32_t n, double centre);

// Count and sum of what is finite. Four running sums, of the values at places 0, 1, 2, 3 modulo 4, then
// joined: the order is fixed.
typedef struct {
    double n, x;
} ColumnSum;
ColumnSum columns_sum(Isa isa, const float *values, int32_t n);

// Counters of a histogram on the leading 15 bits of floats (ask/hist.h), of octaves lo/64 and on, `size`
// of them for each sign.
typedef struct {
    int16_t lo, size;
} ColumnCounters;

// The counter of each of COLUMNS_CHUNK values, those below 0 behind those above; -1: next to 0. False when
// some value has none.
bool columns_find(Isa isa, ColumnCounters counters, const float *values, int16_t *at);

// Which of two columns side by side differ from what they were: their indices. Their number.
typedef struct {
    const uint32_t *a, *b;
} ColumnPair;
int32_t columns_changed(Isa isa, ColumnPair now, ColumnPair before, int32_t n, int32_t *changed);
