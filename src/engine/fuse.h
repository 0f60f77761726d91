// SPDX-License-Identifier: MIT
//
// Making one cell of two, where the second alone uses what the first gives.
#pragma once
#include "engine/cell.h"
#include "program/program.h"

// Where in a code an instruction stands: in `ins`, at `at`, inside the body of the instruction at
// parent->at (NULL: not in a body). `is_region` and its columns that go out, of that body.
typedef struct Body {
    const Ins *ins;
    int32_t n, at;
    const struct Body *parent;
    bool is_region;
} Body;

// Is temporary column `reg`, as it stands after instruction body->at, read by no later one? At the
// end of all code it is dead; the caller knows better where something outside of the code reads it.
bool fuse_is_dead(const Program *program, const Body *body, Reg reg);

// Have `first` do what both do, in one pass; false when there is no kernel for that. The column
// that `first` wrote is then left as it was.
bool fuse_cells(const KernelTable *kernels, Cell *first, const Cell *second);
