// SPDX-License-Identifier: MIT
//
// What can be said of uncertain values before anything is drawn: a Dist of the Model as a
// distribution of math/dist.h, how large a value can get, how many delayed effects can be under
// way.
#pragma once
#include "lang/model.h"

// Is this expression a number that is known now? It may say no when in doubt.
typedef bool (*ExprKnown)(void *ctx, const Expr *expr, double *value);

// As a tree of math/dist.h, in `arena`; false when a parameter is not known, and for categories.
// Window, scale and rounding of the outermost are not in it: they are applied to what is drawn.
bool dist_to_spec(Arena *arena, const Dist *dist, ExprKnown known, void *ctx, DistSpec *spec);

// What is known without running: constants, and params of these quantities that are fixed to one.
typedef struct {
    const Quantity *quantities;
} KnownQuantities;
bool expr_known(void *known_quantities, const Expr *expr, double *value);

// Does it rest on something that is drawn or that changes, so that nobody can know it now?
bool expr_varies(const Quantity *quantities, const Expr *expr);
bool dist_varies(const Quantity *quantities, const Dist *dist);

// An upper bound of a value in base units, infinite when there is none to be seen. Where values
// have no end, that which one draw in 10^9 exceeds; then *sure becomes false.
double expr_most(Arena *arena, const Quantity *quantities, const Expr *expr, bool *sure);

// How often something can happen, for counting what of it is under way.
typedef struct {
    double spacing_days; // at least so long between two; 0: in every step; infinite: once
    double per_step;     // bound of its chance in a step; 1: unknown
    double times;        // at most so often in a future; infinite: no limit
} Pace;
Pace pace_of_event(Arena *arena, const Model *model, const View *view, const Event *event);
Pace pace_of_decision(const Decision *decision); // of each of its members
Pace pace_of_council(const Decision *decision, int32_t members);

typedef struct {
    int32_t most; // at once; more come in one step of 10^9 at most (INT32_MAX: no limit is seen)
    bool sure;    // more cannot come at all
} UnderWay;
UnderWay under_way(Arena *arena, const Model *model, const View *view, const Expr *delay,
                   Pace pace);
