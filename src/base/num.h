// SPDX-License-Identifier: MIT
//
// Numbers as text, independent of the locale.
#pragma once
#include "base/str.h"

// The shortest decimal that reads back as exactly x: 0.1, 1e-09, 4096. Not finite: nan, inf, -inf.
Str num_shortest(Arena *arena, double x);

// x with `decimals` digits behind the point and thousands grouped by commas: 4,096.50.
Str num_grouped(Arena *arena, double x, int decimals);

// A plain decimal such as 12, -0.5, 1e6, correctly rounded; the whole text must be used.
bool num_parse(Str text, double *x);
bool num_parse_u64(Str text, uint64_t *x);
