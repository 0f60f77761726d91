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

// Is a slot kept at a cut in this kind of step, where a guard of it is no (their number: none)?
bool units_keeps(const Units *units, int32_t cut, int32_t guard, Slot slot);

// The state at a cut whose key, as far as it is live there, is `key`; that is settled in place.
// After the last cut it is one of the first space, at the start of a step of `era`.
uint32_t units_land(Units *units, int32_t cut, uint64_t *key, int32_t era);
