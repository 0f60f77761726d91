// SPDX-License-Identifier: MIT
//
// Series at their points of time, counted as the engine tells them: lanes may come in any order and
// leave when they will, nothing is kept of where a value belongs. That serves series that count in
// all futures; where some are left out, which is known at their end, values wait in rows
// (ask/unit.h).
//
// Of a number each point keeps two bytes a value for its histogram, and a sum that does not depend
// on the order (after Demmel and Nguyen, Fast Reproducible Floating-Point Summation, 2013):
// distances from the point's centre are rounded to one step, a power of two, so that adding them
// rounds no more. The step is at least 2^33 times smaller than the distance up to which it serves,
// which the first futures set (ask/pilot.h); what lies farther off is added octave by octave, as a
// float.
#pragma once
#include "ask/hist.h"
#include "ask/plan.h"

// Where the values of a point lie, by Asked.column of series * n_points + point.
typedef struct {
    const double *centre;
    const double *reach; // the greatest distance from it among the first futures
} PointScales;

typedef struct Points Points;

// Room for up to `capacity` futures between two calls of points_clear, at most POINTS_MOST.
enum { POINTS_MOST = 16384 };
Points *points_new(Arena *arena, const Plan *plan, PointScales scales, int32_t capacity);
size_t points_bytes(const Plan *plan, int32_t capacity); // about what that takes
bool points_serve(const Asked *asked);                   // a series that counts in all futures

void points_clear(Points *points);
// Flags as masks, or as 0 and 1.
void points_add(Points *points, const Asked *asked, int32_t point, const double *values, int32_t n);

// Add what a point has counted to its sums: how many values there were, then the sum of distances,
// of yes, or how many were on each level; and of a number to a histogram.
void points_take(const Points *points, const Asked *asked, int32_t point, double *sums, Hist *hist);
