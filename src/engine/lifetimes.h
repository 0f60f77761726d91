// SPDX-License-Identifier: MIT
//
// How long what an instruction writes is needed: what nobody reads need not be computed, and what
// only the next instruction reads need not be stored (fuse.h).
#pragma once
#include "base/arena.h"
#include "program/program.h"

// By instruction of a code: the place of the last one that reads the column it writes. Bodies of
// IFSTEP are part of the code around them; those of REGION have columns of their own.
enum { READ_NEVER = -1, READ_BEYOND = INT32_MAX };

// `told` tells which columns are read after the code, by column.
const int32_t *lifetimes_of_code(Arena *arena, const Program *program, Code code, const bool *told);
// The body of a REGION, which follows it; by place in that body.
const int32_t *lifetimes_of_region(Arena *arena, const Program *program, const Ins *region);
