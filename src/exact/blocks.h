// SPDX-License-Identifier: MIT
//
// Blocks: many states moved alike through a stretch of units.
//
// A state is a moving part and a standing part (split.h). Standing parts that show the same, and
// come with the same set of moving parts, are the columns of one block; the moving parts are its
// rows. What the stretch does to the rows is found once a block, unit by unit, as a sparse matrix
// each, and then applied to all its columns, eight at a time: sums of products along straight
// memory, with no look at a state. Only where a stretch begins and ends has every state a number.
// Ten actors, each of whom moves on a ladder of five rungs and looks at a count of the others, are
// ten million states, but in blocks of two halves some thousand rows. (Known as a Kronecker or
// tensor representation of the transition matrix; Plateau 1985, Buchholz, Ciardo, Donatelli and
// Kemper 2000.)
#pragma once
#include "exact/alike.h"

enum { BLOCK_WIDTH = 8, PULL_WIDTH = 4 };

// Targets of the last stretch: a state of the first space to which mass goes on, or, with one of
// these above it, a still one, or one of the space of ended futures.
#define BLOCK_STILL 0x40000000u
#define BLOCK_ENDED 0x80000000u
#define BLOCK_STATE 0x3fffffffu
enum { BLOCK_ZONES = 3 };

// What a unit does to the rows: by row behind, its parts of rows before. Where nearly all rows have
// as many, the others are filled up with parts of 0.
typedef struct {
    int32_t width;  // parts of each row; 0: as many as `start` says
    int32_t *start; // n_rows behind + 1
    int32_t *from;
    double *p;
} Pull;

typedef struct {
    int32_t n_columns;
    int32_t *n_rows;    // by cut
    Pull *pulls;        // by unit
    uint32_t *in, *out; // states, by eight columns, by row, by column
    bool one_zone;      // no target is a still or an ended state
} Block;

typedef struct {
    Arena *arena;
    Block *blocks;
    int32_t n_blocks, n_units;
    int32_t most_rows;
    uint64_t most_cells; // at one cut
} Blocks;

typedef enum { BLOCKS_MADE, BLOCKS_POOR, BLOCKS_REFUSED } BlocksEnd;

typedef struct {
    Units *units; // registers hold the uniforms of the step
    const Split *split;
    const Alike *alike; // of what stands
    int32_t n_alike;
    Kernel **kernels;       // by unit of the stretch
    const uint32_t *states; // of the space before
    uint32_t n_states;
    int32_t era;        // of the next step, -1: there is none
    int64_t most_rows;  // of all blocks: beyond, they are poor
    int64_t most_cells; // at the end of the stretch: likewise
} BlocksOrder;

// Poor: more is to be found out than is gained. Refused: see units_row. Blocks are released with
// their arena.
BlocksEnd blocks_make(const BlocksOrder *order, Blocks *blocks);

// How many different moving parts there are among these states; where they are many more than
// `sample`, among so many of them.
uint32_t blocks_count_rows(const Units *units, const Split *split, const uint32_t *states,
                           uint32_t n, uint32_t sample);

// All mass of their states in `in` moves to the zones (one, or all where the stretch is the last);
// masses below `dust`, unless it is 0, are dropped and added to *lost. `in` is zero there
// afterwards. `work` is room that is kept from one call to the next.
void blocks_push(const Blocks *blocks, double *in, double *const zones[BLOCK_ZONES], double dust,
                 Big *work, double *lost);
