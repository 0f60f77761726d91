// SPDX-License-Identifier: MIT
//
// Every depth and size limit of the program, in one place. `casus help limits` prints this table
// from limits.def.
#pragma once

enum {
#define LIMIT(name, value, text) LIMIT_##name = (value),
#include "base/limits.def"
#undef LIMIT
};
