// SPDX-License-Identifier: MIT
//
// Marks: a View that notes which of its parts are reached. Each event, option, branch and outcome
// first sets a flag of its own, a state that nothing else knows of; rungs and values of states are
// looked at after every step. Each mark is asked for as a question. No draw changes: draws go by
// the names of their places.
#pragma once
#include "answer/reach.h"
#include "base/vec.h"
#include "lang/model.h"

typedef struct {
    ReachKind kind;
    Span span;
    int32_t part;      // of several at one place: option, outcome, value
    int32_t parent;    // mark without which this one cannot be; -1: none
    const Expr *asked; // a flag: has it been reached?
    Str what;          // as in ReachFinding
} Mark;

typedef VEC(Mark) Marks;

// A copy of the view with its marks, which are questions after its own: the question of marks.p[i]
// is number view->n_questions + i. `sources` to quote conditions; may be NULL.
const View *marks_add(Arena *arena, const View *view, const DiagList *sources, Marks *marks);

// The same view with the questions at these places only.
const View *marks_only(Arena *arena, const View *view, const int32_t *questions, int32_t n);
