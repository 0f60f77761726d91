// SPDX-License-Identifier: MIT
//
// Inside of `casus exact`: exact.c (passes), exact_items.c (from distributions to items),
// exact_errors.c (of quasi-random worlds), exact_place.c (where a draw stands).
#pragma once
#include "ask/exact.h"
#include "ask/plan.h"
#include "exact/exact.h"

// What is known of one question in one story: its distributions in every world.
typedef struct {
    ExactPass *pass;
    int32_t result, tie, series; // place in the pass; -1: none
} ExactPart;

// One world of one story, with its share of all.
typedef struct {
    double weight;
    const Distribution *main, *tie;
    const Distribution *points;
} ExactShare;

// One question of which all parts are there, over all worlds or those of a set (-1: all).
void exact_item(Arena *arena, const Plan *plan, const RunOptions *options, int32_t asked,
                ExactPart *const *parts, int32_t set, Item *item);
// One over time with a condition, from parts by point of time.
void exact_item_moments(Arena *arena, const Plan *plan, const RunOptions *options, int32_t asked,
                        ExactPart *const *const *points, int32_t set, Item *item);
// The errors of the item's estimates, from the same item in each of EXACT_SETS sets of worlds.
void exact_item_errors(Arena *arena, Item *item, const Item *sets);
// The same without an answer.
void exact_item_none(Arena *arena, const Plan *plan, const RunOptions *options, int32_t asked,
                     Str why, Item *item);

// "`front` (war.casus:12)": the place where a site draws.
Str exact_place(Arena *arena, const View *view, const DiagList *sources, Str site);
