// SPDX-License-Identifier: MIT
//
// All that a run has found so far: sums of the units that have come, in their order, and what
// workers counted. Between units, with every worker's share taken in, it is all that a run needs to
// go on (ask/checkpoint.h).
#pragma once
#include "ask/tally.h"

// A world that is cut into several units, as far as its units have come.
typedef struct {
    bool open;
    uint64_t world;
    WorldRow row;
} OpenWorld;

typedef struct {
    const Plan *plan;
    const Layout *layout;
    int64_t next;             // units below it have come
    uint64_t futures, worlds; // done; of one world alone, `worlds` stays 0
    double **sections;        // flat sums
    OpenWorld *open_worlds;   // by section
    Counts *counts;           // of worlds in several units, and of workers once taken
    Incident **trouble;       // by telling, by state
    Incident **failures;      // by telling, by check
    Incident *odd;            // by asked: no finite number
    uint64_t n_failed;        // futures in which some check failed
} Sums;

Sums *sums_new(Arena *arena, const Layout *layout);

// Take in what a worker kept for itself, and leave it empty. Everything in it is whole numbers: the
// order of workers, and how often this is done, do not matter.
void sums_take(Sums *sums, UnitData *data, Counts *counts);
// The same from one who is done: his counters, which live in his arena, are the sums' from here on.
void sums_take_over(Sums *sums, UnitData *data, Counts *counts);

// Add a part of a world; that of another world in its section is closed first.
void sums_add_part(Sums *sums, const WorkUnit *unit, const WorldRow *row);
void sums_close_worlds(Sums *sums); // no more parts will come
