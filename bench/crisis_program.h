// SPDX-License-Identifier: MIT
//
// The benchmark crisis as a Program written by hand, for looking at the engine alone.
#pragma once
#include "program/program.h"

const Program *crisis_program(Arena *arena);
