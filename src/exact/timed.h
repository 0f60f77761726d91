// SPDX-License-Identifier: MIT
//
// Columns that the calendar alone decides: a count of the steps that a mean divides by, a stock
// that grows by so much a day. Kept in the state they would make every state of a step a new one;
// told by the step, as uniforms are, they are no part of it.
#pragma once
#include "exact/script.h"

// What main and finish read of such columns becomes slots of the calendar (Script.timed). Code that
// only worked these out is left where it is, and dead. False: nothing has changed.
bool timed_find(Arena *arena, Script *script);
