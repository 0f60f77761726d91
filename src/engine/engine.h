// SPDX-License-Identifier: MIT
//
// The engine: runs Programs over blocks of futures. It knows neither the language nor what is
// asked; it hands finished columns to a Sink.
//
// Values of a future are a pure function of (program, seed, world, future): they do not depend on
// block size, instruction set, threads, or which other futures run beside it.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "program/program.h"

typedef enum { ISA_BASE, ISA_AVX2, ISA_AVX512, ISA_COUNT } Isa;

// The best the processor has, or what CASUS_ISA (base, avx2, avx512) asks for; asking for one the
// processor lacks, or an unknown name, is ST_USAGE.
Status engine_pick_isa(Isa *isa, Error *error);
bool engine_has_isa(Isa isa);
const char *isa_name(Isa isa);

// Lanes that have finished: `n` futures, those that ended first before others. Columns are indexed
// by lane; `values[i]` and `defined[i]` belong to program->results[i]; masks are 0 or all ones as
// uint64_t bits.
typedef struct {
    int32_t n;
    const uint32_t *world; // world number of each lane
    const uint32_t *slot;  // index of that world in the list given to engine_run
    const uint32_t *future;
    const int32_t *end_step; // of each lane, steps completed: the state is frozen from here on
    const double *const *values;
    const double *const *defined;  // NULL entry: all lanes
    const double *const *censored; // NULL entry: none
    const double *const *series;   // each series' value as frozen, from step end_step on
    const double *const *series_defined;
    const double *const *states; // program->states order, as frozen
} Finished;

// Values of one series at the end of one step, for the lanes still running, in any order. Step -1
// is the start, of which each block tells, and from which on lanes leave it and none joins: as long
// as `n` is the same, so are the lanes and their order.
typedef struct {
    int32_t n;
    int32_t series, step;
    const double *values;
    const uint32_t *slot, *future; // of each lane, as in Finished; NULL unless wanted
} Seen;

typedef struct {
    int32_t check;
    uint32_t world, future;
    int32_t step;
} CheckFailure;

typedef struct {
    void *ctx;
    void (*finished)(void *ctx, const Finished *finished);
    void (*seen)(void *ctx, const Seen *seen); // NULL: series are not wanted
    bool seen_lanes;                           // and so are the lanes they belong to
    // World-level columns of a batch of worlds: unknowns[i][w] for program->unknowns[i]; the world
    // at w has slot first_slot + w. May be NULL.
    void (*worlds)(void *ctx, int32_t first_slot, int32_t n, const double *const *ranks,
                   const double *const *values);
    void (*check_failed)(void *ctx, CheckFailure failure); // NULL: not wanted
} Sink;

// One worker's scratch for one program: registers, random words. Not shared between threads.
typedef struct Engine Engine;

typedef struct {
    uint64_t seed;
    Isa isa;
    int32_t lanes;      // of a block: multiple of 8, 8 to 4096; 0: 256 to 512, as fits the cache
    bool never_sweep;   // keep ended futures in the block to the end (for tests)
    bool never_compact; // run regions masked at full width (for tests)
} EngineOptions;

Engine *engine_new(const Program *program, EngineOptions options);
void engine_free(Engine *engine);
size_t engine_bytes(const Program *program, EngineOptions options); // what engine_new would take

// What a worker has met so far, for tests and for telling where time goes.
typedef struct {
    int64_t skipped, compacted, masked; // regions run on no lane, on a few, on all under a mask
    int64_t swept;                      // blocks whose lanes closed ranks
    int64_t emptied;                    // blocks left before the horizon
} EngineCounts;
EngineCounts engine_counts(const Engine *engine);

// Run futures [future_lo, future_hi) of each world in worlds[0..n_worlds). Calls the sink from this
// thread. `stop_flag` (NULL allowed) is looked at between blocks: when it becomes non-zero the run
// ends early and the return value is false.
bool engine_run(Engine *engine, const uint32_t *worlds, int32_t n_worlds, uint32_t future_lo,
                uint32_t future_hi, const Sink *sink, const volatile int *stop_flag);
