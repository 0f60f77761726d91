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

typedef struct {
    Arena *arena;
    VEC(Mark) marks;
    VEC(int32_t)
    tight; // bytes where tokens start after which there is no blank: a sign, a function
} Layout;
