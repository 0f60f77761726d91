// SPDX-License-Identifier: MIT
//
// What the parser knows about where things stand, for the formatter: which tokens start a clause, a
// statement or a part, what those belong to, and which signs cling to what follows.
#pragma once
#include "base/vec.h"

typedef enum {
    MARK_CLAUSE,   // a declaration, or a clause of one
    MARK_OVERRIDE, // a clause that changes a value in a story
    MARK_LINE,     // a statement, outcome or sight: those of one block share a column
    MARK_PART,     // of a worth
    MARK_ELSE      // stands in the column of the statement it belongs to
} MarkRole;

// Marks are in the order of the text, parents before children.
typedef struct {
    MarkRole role;
    int32_t lo, hi;  // bytes
    int32_t parent;  // mark, -1: none
    int32_t sibling; // first mark of the block it shares a column with (itself, for the first)
} Mark;

// A word or sign that changes nothing where it stands, or is missing without harm: canonical layout
// drops it or writes it before the token at `lo`.
typedef struct {
    int32_t lo;
    const char *text; // NULL: drop the token
} Edit;

typedef struct {
    Arena *arena;
    VEC(Mark) marks;
    VEC(Edit) edits; // in the order of the text
    VEC(int32_t)
    tight; // bytes where tokens start after which there is no blank: a sign, a function
} Layout;
