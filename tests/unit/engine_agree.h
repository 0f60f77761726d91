// SPDX-License-Identifier: MIT
//
// Everything an executor tells of some futures of a Program, so that two of them can be held
// against each other bit by bit: for the test on random programs and the fuzzer's.
#pragma once
#include "engine/engine.h"

// What one future was found to be.
typedef struct {
    bool seen;
    int32_t end_step;
    uint64_t hash;  // of the values of all series at all steps
    int32_t n_seen; // steps told
    uint64_t *told; // results: value, defined, censored; series frozen, defined; states
} AgreeFuture;

typedef struct {
    const Program *program;
    int32_t n_worlds, n_futures, n_told;
    uint32_t future_lo;
    AgreeFuture *futures; // [slot][future]
    int64_t n_failed;
    uint64_t failed; // hash of the failed checks, order-free
    uint64_t worlds; // hash of what was told of worlds, order-free
} AgreeLog;

// A log of futures future_lo to future_lo + n - 1 in each of n_worlds worlds, empty.
AgreeLog *agree_log_new(Arena *arena, const Program *p, int32_t n_worlds, uint32_t future_lo,
                        int32_t n);

// A sink that writes into the log.
Sink agree_sink(AgreeLog *log);

// What the reference executor tells of these futures.
void agree_reference(AgreeLog *log, uint64_t seed, const uint32_t *worlds);

// Do both tell the same? If not, the first difference and the program go to standard error.
bool agree_same(const AgreeLog *want, const AgreeLog *got, Arena *arena);
