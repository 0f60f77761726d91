// SPDX-License-Identifier: MIT
//
// The scalar reference executor: one future at a time, one instruction at a time, plain C and the
// scalar functions of math. It shares no kernel with the vector engine, and must agree with it in
// every bit; it is also what a replay watches.
#pragma once
#include "engine/engine.h"

typedef struct Reference Reference;

// Callbacks of a watched run, each may be NULL. `read` gives a register's value as it stands in
// this future.
typedef struct {
    void *ctx;
    void (*note)(void *ctx, const Reference *ref, int32_t step, const Note *note);
    void (*step_done)(void *ctx, const Reference *ref, int32_t step); // step -1: after the start
    void (*check_failed)(void *ctx, const Reference *ref, int32_t step, int32_t check);
} Watch;

Reference *reference_new(const Program *program, uint64_t seed);
void reference_free(Reference *ref);

// Run one future to its end. Returns the number of steps completed. `watch` may be NULL.
int32_t reference_run(Reference *ref, uint32_t world, uint32_t future, const Watch *watch);

// After (or during) a run: a register of the future, of the world, results. Masks read as 0 or 1.
double reference_reg(const Reference *ref, Reg reg, bool is_mask);
double reference_world_col(const Reference *ref, uint32_t col);
double reference_result(const Reference *ref, int32_t result, bool *defined, bool *censored);
