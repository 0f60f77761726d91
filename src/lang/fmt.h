// SPDX-License-Identifier: MIT
//
// Canonical layout. Lines stay the lines they were, and comments stay where they are; what changes
// is indentation (two blanks a level, four for an expression that goes on), blanks between tokens,
// the columns in which clauses, worths and overrides line up, empty lines (one at most) and what a
// word processor left behind. The meaning is kept: the formatted text has the same tree. Formatting
// a formatted text changes nothing.
#pragma once
#include "base/diag.h"

// Format source `file`. False, with the reasons in `diags`, when it has errors of grammar.
bool fmt_source(Arena *arena, DiagList *diags, int32_t file, Str *formatted);
