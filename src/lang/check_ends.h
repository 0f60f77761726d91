// SPDX-License-Identifier: MIT
//
// The two or three numbers between which a range lies, as they are written: shared by the forms of
// ranges (check_dist.c).
#pragma once
#include "lang/checker.h"

typedef struct {
    double v[3];
    Span spans[3];
    int32_t n;
    Kind kind;
    Shown shown;
    bool percent; // an end is written in %
} Ends;

typedef struct {
    Support support;
    bool law; // outside is an error; otherwise the family bends to the numbers
} Bounds;

// The ends as numbers in base units, all of one kind. NULL among the nodes: not written, which was
// told.
bool ends_read(Checker *c, const Node *const *nodes, int32_t n, Want want, Ends *ends);
Bounds ends_bounds(Checker *c, const Ends *ends, Want want);

// False when it is not so, which is then told.
bool ends_rise(Checker *c, const Ends *ends);
bool ends_inside(Checker *c, const Ends *ends, Bounds bounds, bool closed);
bool ends_whole(Checker *c, const Ends *ends, Want want); // where a count is wanted

bool want_is_count(Want want);
const Node *literal_of(const Node *node); // the number behind minus signs, NULL: none
Want want_of_ends(Checker *c, const Node *const *nodes, int32_t n, Want want, bool *percent);
