// SPDX-License-Identifier: MIT
//
// Inside the engine: a Program made ready for one worker. engine_new decodes every instruction into
// Cells with direct addresses (decode.h); execute.c runs them; engine.c moves blocks of futures
// through time. Read cell.h first.
#pragma once
#include "base/arena.h"
#include "engine/cell.h"
#include "engine/engine.h"

typedef enum {
    CONTROL_NONE,
    CONTROL_DRAW,    // fetch words, then run
    CONTROL_REGION,  // `n` cells of body follow
    CONTROL_IFSTEP,  // the same
    CONTROL_UNIFORM, // `n` cells follow that compute one uniform on eight equal lanes
    CONTROL_FAIL,
} Control;

typedef struct {
    const double *from;
    double *to;
} Pair;

// A REGION, decoded.
typedef struct Region {
    const double *mask;
    const Pair *in, *out;
    int32_t n_in, n_out;
    int32_t depth;  // regions around this one
    bool needs_ids; // its body draws or checks, so lane numbers must be at hand
} Region;

// Operands of a uniform instruction: scalars to spread over eight lanes, and the lane to bring
// back.
typedef struct Spread {
    const Pair *in;
    int32_t n_in;
    const double *result;
} Spread;

typedef struct {
    const Cell *cells;
    int32_t n;
} CellList;

// What a region needs at each depth of nesting.
typedef struct {
    int32_t *index;
    double *active;
    uint32_t *world, *future;
} RegionScratch;

// A lane to be moved.
typedef struct {
    int32_t from, to;
} Move;

struct Engine {
    const Program *program;
    Arena *arena;
    const KernelTable *kernels;
    uint64_t seed;
    int32_t lanes, stride;
    bool never_sweep, never_compact;

    double *columns, *world_columns; // [column][stride]
    double *unis;
    DrawSite *sites;
    uint32_t *words;            // of draws that are not cached
    const DrawSite *words_site; // the site they are of, NULL: none, or of other lanes
    RegionScratch *regions;

    CellList world, start, uniform, step, look, finish;
    const double *stop; // mask column, or NULL
    // Uniforms as `uniform` leaves them, by step, when there is room: row k + 1, row 0 the start.
    const uint32_t *memo_regs;
    double *memo;
    int32_t n_memo;

    // The block under way. Lane numbers repeat the last one up to a multiple of 8.
    Frame frame;
    uint32_t *lane_world, *lane_slot, *lane_future;
    double *alive;
    int32_t *dead, n_dead; // lanes whose futures have ended
    Move *moves;           // what would close the gaps the dead have left
    int32_t n_moves;
    int32_t *index;
    const uint32_t *zeros; // the `future` of worlds
    uint32_t *world_ids;

    // What is told of finished lanes: columns of their own, filled as lanes end. They are told of
    // together, at the end of the block, unless what is told depends on the step they ended in.
    const Pair *finish_in;
    int32_t n_finish_in;
    int32_t n_done; // lanes that have ended and were not told of yet
    bool tell_at_once;
    uint32_t *done_world, *done_slot, *done_future;
    int32_t *done_end; // steps completed
    const double **done_values, **done_defined, **done_censored;
    const double **done_series, **done_series_defined, **done_states;
    double **seen_values;
    const double **unknown_ranks, **unknown_values;
    uint32_t *seen_slot, *seen_future;

    const Sink *sink;
    EngineCounts counts;
    int32_t step_now; // for reports: -1 before the first step
};

// Decode all code of e->program: fills the cell lists and what is told of finished lanes.
// Everything else of *e is in place.
void plan_decode(Engine *e);

// A new column of e->stride zeros.
double *plan_column(Engine *e);

// Run a list of cells on a frame.
void execute(Engine *e, CellList list, const Frame *frame);

// The kernels of an instruction set, NULL when this program was built without.
const KernelTable *kernels_of(Isa isa);
