// SPDX-License-Identifier: MIT
//
// Inside of sourcing: shared by sources.c (the whole, weights, remarks), sources_rows.c (what
// stands in the model) and sources_without.c (answers without a hand).
#pragma once
#include "ask/sources.h"
#include "base/vec.h"
#include "lang/pool.h"

// Where a row stands in the model.
typedef struct {
    int32_t view, line; // of Model.views; of its overrides, -1: none
    Str key;            // what its unknowns begin with: "fear", "fear[POL]", "clash"
    bool asked;         // it has numbers: a source is asked for
} RowPlace;

typedef struct {
    const SourcesOptions *options;
    const Model *model;
    RunOptions run;        // with the questions that have a single answer
    Arena *arena, *answer; // scratch; of the result
    const Hands *hands;
    const PoolWeight *weights; // by view, as the pool is told
    Sourcing *out;
    VEC(SourcingRow) rows;
    VEC(RowPlace) places; // by row
    VEC(Remark) remarks;
} Sourcer;

void sources_remark(Sourcer *s, Str text);

// sources_rows.c: all rows, and the sources with what hangs on them.
void sources_rows(Sourcer *s);
// What each row of a view moves, from a run that kept all movers: lines of a story in that story
// told alone, rows of the base in the pool.
void sources_shares(Sourcer *s, int32_t view, const Answer *answer);
// Has the story lines that vary and rest on little?
bool sources_doubtful(const Sourcer *s, int32_t view);

// sources.c: weights of the pool without some views (NULL: with all), by view.
const double *sources_pool(const Sourcer *s, const bool *left_out);

// sources_without.c: hands, what hangs on them, and (`run`) what the pool is without them.
Status sources_without(Sourcer *s, bool run, Error *error);
