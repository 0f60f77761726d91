// SPDX-License-Identifier: MIT
//
// Between units.c (what a unit does to what it reads) and those that join its outcomes to states:
// rows.c, one state at a time, and blocks.c, many that are alike.
#pragma once
#include "exact/units.h"

// After the book has grown: all spaces anew.
void units_lay_out(Units *units);
// After spaces have moved: which fields the unit reads, and which pass through.
void units_set_masks(Units *units, Unit *unit);

// The outcomes for a state by its key; found anew, or known from another state that is alike to the
// unit. False: refused, or too many.
bool units_kernel_entry(Units *units, const Unit *unit, Kernel *kernel, const uint64_t *key,
                        uint32_t *entry);
