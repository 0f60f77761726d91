// SPDX-License-Identifier: MIT
//
// From the nested code of a Program to straight code with jumps, on slots.
#pragma once
#include "base/vec.h"
#include "exact/script.h"

typedef VEC(XIns) XVec;

typedef struct {
    Arena *arena;
    const Program *program;
    Slot first_uni; // slot of uniform 0: behind the columns
    Slot n_slots;   // so far; ranges and marks are added
    Slot *range_of; // by site: its range, SLOT_NONE
    int32_t *draws; // by site: places that draw there
    bool checks;    // keep FAIL
} Flatten;

Flatten flatten_begin(Arena *arena, const Program *program, uint32_t n_cols, bool checks);
// Add code to what is there. Sites must have been counted before.
void flatten_count(Flatten *f, Code code);
void flatten_code(Flatten *f, Code code, XVec *out);
Slot flatten_slot(const Flatten *f, Reg reg);
