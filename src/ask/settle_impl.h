// SPDX-License-Identifier: MIT
//
// Inside of settling: shared by settle.c (the Answer and its remarks), settle_items.c (questions)
// and movers.c.
#pragma once
#include "ask/estimates.h"
#include "ask/settle.h"

// Sums of a track over all sections, or in one.
TrackSums settle_sums(const Layout *layout, double *const *sections, int32_t track);
TrackSums settle_section_sums(const Layout *layout, const double *flat, int32_t track);
bool settle_clustered(const Plan *plan);

// What the question says of itself; the estimative word of a chance.
void settle_texts(Arena *arena, const DiagList *sources, const Question *question, Item *item);
void settle_word(Arena *arena, const Plan *plan, Item *item);

void settle_pool(Arena *arena, const Plan *plan, Answer *answer);

void settle_item(Arena *arena, const RunEnd *outcome, int32_t asked, Item *item);
void settle_series(Arena *arena, const RunEnd *outcome, int32_t asked, Item *item);
Band settle_band(const RunEnd *outcome, int32_t track);

// What a reader must know beside the answers; last, since it looks at the items.
void settle_remarks(Arena *arena, const RunEnd *outcome, Answer *answer);

// The unknowns that move an answer most, three unless the options want more.
void settle_movers(Arena *arena, const RunEnd *outcome, int32_t asked, Item *item);
