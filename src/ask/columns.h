// SPDX-License-Identifier: MIT
//
// The plain loops over the values of a unit in which a run's statistics spend their time, each
// built for every instruction set that helps. All give the same bits.
#pragma once
#include <string.h>

#include "engine/engine.h"

enum { COLUMNS_CHUNK = 64 };

// A value among a histogram's counters (ask/hist.h): the leading 16 bits of a float but one, which
// are its sign, exponent and six bits of its fraction.
enum { COLUMNS_KEY_SHIFT = 23 - 6 };

static inline uint16_t columns_key(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (uint16_t)(bits >> COLUMNS_KEY_SHIFT);
}

// How the values of a point count: as distances from `centre`, of which those with a key of `far`
// or more, sign apart, are too far from it for the sum. There the others are rounded to whole
// steps: adding `round`, 1.5 * 2^52 steps, to a distance leaves their number in its last bits.
typedef struct {
    double centre, round, step;
    int16_t far;
} PointScale;

// The keys of n distances, and how many steps they are in all. False when one is too far; the steps
// are then of no use.
bool columns_point(Isa isa, const double *from, int32_t n, const PointScale *scale, uint16_t *keys,
                   int64_t *steps);

// Count and sum of what is finite. Four running sums, of the values at places 0, 1, 2, 3 modulo 4,
// then joined: the order is fixed.
typedef struct {
    double n, x;
} ColumnSum;
ColumnSum columns_sum(Isa isa, const float *values, int32_t n);

// Counters of a histogram, of octaves lo/64 and on, `size` of them for each sign.
typedef struct {
    int16_t lo, size;
} ColumnCounters;

// The counter of each of COLUMNS_CHUNK keys, those below 0 behind those above; -1: next to 0. False
// when some value has none.
bool columns_find(Isa isa, ColumnCounters counters, const uint16_t *keys, int16_t *at);
