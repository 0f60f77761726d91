// SPDX-License-Identifier: MIT
//
// A pool of worker threads for units of work numbered 0..n-1, taken in order by whoever is free.
#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    void *ctx;
    // Do one unit; called from worker threads (worker 0..n_threads-1, each a thread of its own).
    void (*work)(void *ctx, int32_t worker, int64_t unit);
    // Called from the calling thread about every `tick_seconds` with the number of units done; it
    // returns false to stop: units under way are finished, no new ones begun. NULL: no ticks.
    bool (*tick)(void *ctx, int64_t done);
    double tick_seconds;
} PoolJob;

// Run units [from, to). With n_threads 1 the work is done in the calling thread, ticks between
// units. Returns the number of units done (always a prefix: from..from+done-1).
int64_t pool_run(int32_t n_threads, int64_t from, int64_t to, const PoolJob *job);
