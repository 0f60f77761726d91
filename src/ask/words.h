// SPDX-License-Identifier: MIT
//
// Questions, values and durations in words: what an Answer says beside its numbers.
#pragma once
#include "answer/answer.h"
#include "lang/model.h"

// "ever any(s in senders: deployed[s]) by 2025-03-03": the form of a question, its expressions
// quoted as the model has them. Empty when `sources` is NULL.
Str words_form(Arena *arena, const DiagList *sources, const Form *form);
// Its conditions, joined by "and"; empty when there are none.
Str words_given(Arena *arena, const DiagList *sources, const Question *question);

// One expression, quoted on one line; empty when `sources` is NULL.
Str words_expr(Arena *arena, const DiagList *sources, const Expr *expr);
// What a check says of itself, or else its condition so quoted.
Str words_check(Arena *arena, const DiagList *sources, const Check *check);

// The estimative word for a probability, by the model's standard; NULL below the lowest word and
// above the highest (1 % and 99 % in ICD 203). Neighbouring words share an edge: a value on it
// takes the upper word (exactly 20 % is "unlikely", not "very unlikely"). Of synonyms the first is
// taken.
const Word *words_chance(const Model *model, double p);

Str words_step(Arena *arena, const Model *model); // "weekly", "every 3 days"

// Name of level `index` of a value of this kind: a rung, or the title or name of a member.
Str words_level(const View *view, Kind kind, int32_t index);
int32_t words_n_levels(const View *view, Kind kind);

// A value as a reader would write it: "yes", "2024-03-04", "never", "12.5 km", "direct_war".
Str words_value(Arena *arena, const View *view, Kind kind, Shown shown, double value);
