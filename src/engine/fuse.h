// SPDX-License-Identifier: MIT
//
// Making one cell of two, where the second alone uses what the first gives.
#pragma once
#include "base/arena.h"
#include "engine/cell.h"
#include "program/program.h"

// Have `first` do what both do, in one pass; false when there is no kernel for that. The column
// that `first` wrote is then left as it was.
bool fuse_cells(const KernelTable *kernels, Cell *first, const Cell *second);
// The same of cells that set one column by turns, each where another column has some value. It does
// not matter who reads what `first` wrote, as `second` writes it too.
bool fuse_match(Arena *arena, const KernelTable *kernels, Cell *first, const Cell *second);
