// SPDX-License-Identifier: MIT
//
// Numbers of a Comparison in words, and the parts of its text: only for show_compare*.c.
#pragma once
#include "answer/comparison.h"
#include "show/sheet.h"

// A value without its error, with the digits the error supports: "62 %", "1 in 4,100", "850 km2". A
// rare chance that rests on a handful of futures keeps its error: "1 in 260,000
// (47,000–1,500,000)".
Str compare_brief(Arena *arena, const ShowStyle *style, const CompareItem *item, Estimate value);
// With it.
Str compare_value(Arena *arena, const ShowStyle *style, const CompareItem *item, Estimate value);
// Of one reading: "65 % ±3", "too few futures (2)", "no answer".
Str compare_cell(Arena *arena, const ShowStyle *style, const CompareItem *item,
                 const CompareCell *cell);
// "+13.9 points ±0.4", "3.2 times (2.5–4.1)", "none found (±0.2 points)", "too few futures".
Str compare_gap_text(Arena *arena, const ShowStyle *style, const CompareItem *item, int32_t n,
                     int32_t a, int32_t b);
// The same without a sign, for "apart by".
Str compare_apart(Arena *arena, const ShowStyle *style, const CompareItem *item, int32_t n);
// A share such as a closure: "71 % ±3".
Str compare_percent(Arena *arena, const ShowStyle *style, Estimate share);
// "korybko", "korybko, changed"; safe.
Str compare_column(Arena *arena, const Comparison *c, int32_t column);
// His words and what they mean: "certainly" (90–99 %), or 5–10 %.
Str compare_said(Arena *arena, const ShowStyle *style, const Coherence *saying);
// Title and name: "Troops come in [troops_in]"; safe.
Str compare_title(Arena *arena, const CompareItem *item);

// show_compare_cruxes.c
void compare_show_pairs(const Sheet *sheet, const Comparison *c);
void compare_show_cruxes(const Sheet *sheet, const Comparison *c, int32_t item);

// show_compare_legend.c: what words and signs mean, of those that stand in the text. Questions up
// to the `shown`-th of the ranked ones stand there.
void compare_show_legend(const Sheet *sheet, const Comparison *c, int32_t shown);
