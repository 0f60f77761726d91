// SPDX-License-Identifier: MIT
//
// Making one cell of two, where the second alone uses what the first gives.
#pragma once
#include "engine/cell.h"
#include "program/program.h"

// Have `first` do what both do, in one pass; false when there is no kernel for that. The column
// that `first` wrote is then left as it was.
bool fuse_cells(const KernelTable *kernels, Cell *first, const Cell *second);
