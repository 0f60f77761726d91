// SPDX-License-Identifier: MIT
//
// A Sourcing for readers and for programs. The text goes from the whole to the parts: at a glance,
// how the pool is weighed, answers without each source, what is weak and matters, source by source,
// every number.
#pragma once
#include "answer/sourcing.h"
#include "base/error.h"
#include "show/sheet.h"
#include "show/show.h"

void show_sources(Buf *buf, const Sourcing *sourcing, const ShowStyle *style);
void show_sources_markdown(Buf *buf, const Sourcing *sourcing, const ShowStyle *style);

// Keys as docs/json.md has them. ST_INTERNAL when memory runs out.
Status show_sources_json(Buf *buf, const Sourcing *sourcing, Error *error);

// One row a citation, a share, a weight or an effect: part, name, reading, ...
void show_sources_csv(Buf *buf, const Sourcing *sourcing);

// ---- Only for show_sources*.c -------------------------------------------------------------------

const char *sources_kind(SourcingRowKind kind);     // "param"
const char *sources_footing(Footing footing);       // "weak"
const char *sources_without_kind(WithoutKind kind); // "relay"
// "D", "D5"; safe.
Str sources_grade(Arena *arena, const Sourcing *s, int32_t source, int32_t credibility);
// "korybko D4 "F01", lassez C4": what is cited, or the assumption; safe.
Str sources_cites(Arena *arena, const Sourcing *s, const SourcingRow *row);
// "alarm", "alarm as korybko has it"; safe.
Str sources_row(Arena *arena, const SourcingRow *row);
// "34 % of the spread of if_line_breaks, 12 % of troops_in": at most `most` of them; safe.
Str sources_moves(Arena *arena, const Sourcing *s, const SourcingRow *row, int32_t most);

// show_sources_without.c
void sources_show_without(const Sheet *sheet, const Sourcing *s);
// The hand that moves answers most; -1: none does.
int32_t sources_first_hand(const Sourcing *s);
// "troops_in 7.4 % to 4.9 %"; safe.
Str sources_effect(Arena *arena, const ShowStyle *style, const Sourcing *s,
                   const SourcingWithout *without, int32_t item);
