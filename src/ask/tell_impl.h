// SPDX-License-Identifier: MIT
//
// Only for tell.c and tell_values.c: the teller and what both need of it.
#pragma once
#include "ask/tell.h"
#include "base/vec.h"

typedef struct {
    Arena *arena;
    const Model *model;
    const View *view;
    const DiagList *sources;
    VEC(TellLine) lines;
} ModelTeller;

void tell_line(ModelTeller *t, TellDepth depth, Str name, Str text);
Str tell_quote(const ModelTeller *t, Span span);

// "3% to 15% within 1 year in 9 of 10 worlds"
Str tell_dist(const ModelTeller *t, const Quantity *quantity, const Dist *dist);

// Where it comes from: "[korybko 3 "paragraph 3"]", "assumption: ..."; empty when nothing is said.
Str tell_notes(const ModelTeller *t, const Notes *notes);
