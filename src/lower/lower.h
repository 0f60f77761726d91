// SPDX-License-Identifier: MIT
//
// Lowering: one View of a Model becomes a Program. Sets are unrolled, chances become probabilities
// of a step, what is fixed in a world is computed once a world, what depends on the calendar alone
// once a step. The only room that sees both languages.
#pragma once
#include "lang/model.h"
#include "program/program.h"

typedef struct {
    bool trace; // keep NOTEs (replay); they cost a little
    // Questions over time have one result, what is so at the end of step `moment` (-1: at the
    // start).
    bool at_moment;
    int32_t moment;
} LowerOptions;

// The Program lives in `arena`. ST_BAD_MODEL with a sentence when the model is too large (limits.h)
// or two draw sites collide; anything else wrong here is our own fault and asserts.
Status lower_view(Arena *arena, const Model *model, const View *view, LowerOptions options,
                  Program **program, Error *error);
