// SPDX-License-Identifier: MIT
//
// Random programs that are whole: every operation, operands of every kind, nested regions, steps
// that are skipped, futures that end early, draws of worlds and of futures. For holding the engine
// against the reference executor.
#pragma once
#include "program/program.h"

typedef struct {
    int64_t ops[OP_COUNT]; // how many of each were written
} GenerateCounts;

// The same seed gives the same program. `tables` are quantile tables to draw from.
const Program *generate_program(Arena *arena, uint64_t seed, const QTable *const *tables,
                                int32_t n_tables, GenerateCounts *counts);

// The same, its choices taken from bytes, two for each, as long as there are some: for a fuzzer.
const Program *generate_program_from(Arena *arena, Str bytes, const QTable *const *tables,
                                     int32_t n_tables, GenerateCounts *counts);

// The generator's own random numbers: splitmix64 (Steele, Lea, Flood 2014).
uint64_t generate_random(uint64_t *state);
