// SPDX-License-Identifier: MIT
//
// Inside of a pass: exact.c (worlds one after the other, and steps), pass_worlds.c (what is unknown
// and fixed), pass_push.c (mass through units), pass_sweep.c (states that are forgotten),
// pass_growth.c (states that never end), pass_read.c (what questions read).
#pragma once
#include "base/vec.h"
#include "exact/blocks.h"
#include "exact/exact.h"

// Mass too small to matter to anybody is dropped, and counted.
#define DUST 1e-50

// A kernel and the steps that use it.
typedef struct {
    Kernel *kernel;
    uint64_t hash; // of what it depends on
    int32_t last;  // step
} Shelf;

typedef VEC(Shelf) Shelves;

// A stretch of units in one setting of the calendar: its blocks, as they were added when states
// came up.
typedef struct {
    uint64_t hash;
    int32_t last; // step
    VEC(Blocks) parts;
    Big placed;                 // uint8_t by state before: it has a cell
    uint32_t n_placed, n_first; // states; those of the first blocks
} Setting;

typedef struct {
    int32_t from, to;
    bool by_rows; // state by state
    VEC(Setting) settings;
} Stretch;

// How a step is divided. Nothing is, until there are many states.
typedef struct {
    Arena *arena;
    VEC(Stretch) stretches;
    uint32_t n_states; // at the start of the step in which it was made; 0: there is none
    Big work;          // see blocks_push
} Division;

// How states and fractions became more from step to step (pass_growth.c).
typedef struct {
    int32_t step, steady; // last seen; steps in which growth did not fall off
    uint32_t live;
    double by;
    int32_t *values; // by slot: fractions
} Growth;

// What a question has gathered: mass by value.
typedef struct {
    Big mass; // double, by code of the book
    double defined, censored;
} Tally;

typedef struct {
    Arena *arena;   // of the answer
    Arena *scratch; // of the pass
    const Program *program;
    const Wanted *wanted;
    const ExactOptions *options;
    ExactPass *pass;
    Script *script;
    Calendar *calendar;
    Units *units;
    Shelves *shelves;  // by unit
    uint64_t *depends; // by unit * steps: what a kernel depends on
    Big *mass;         // by cut: of states before it; the last is the first
    Division division;
    Big next;        // of states at the end of the step
    Big still;       // of states that no step changes any more
    Big ended, gone; // of futures that ended in this step, and in any
    double *failed;
    Book *values; // what results and series read: slots are these
    Tally *results, **points;
    bool flush; // what a future reads at its end depends on when it ends
    Space *world_space;
    Book *world_book;
    Big world_weight;
    uint64_t *world_values; // of quasi-random worlds, by world and expanded column; NULL
    uint32_t n_counted;     // states of the first space, when those with mass were last counted
    uint32_t world;         // at hand
    int32_t step;
    double lost;
    Growth growth;
} Pass;

// Code that draws nothing.
void pass_run_plain(XCode code, int32_t from, int32_t to, uint64_t *regs);

// The combinations of what is unknown and fixed. False: the pass has ended.
bool pass_find_worlds(Pass *pass);

// The worlds of quasi-random points. False: stopped.
bool pass_take_priors(Pass *pass);
uint32_t pass_count_worlds(const Pass *pass);
// What runs once a world reads these of the calendar.
void pass_set_world_uniforms(const Pass *pass, uint64_t *regs);

// Forget states that no mass is in, and all rows; number those that are left in the order of their
// keys, so that states that differ in little lie near each other. Kernels may be kept.
void pass_sweep(Pass *pass, bool kernels_too);
// Of the states at the start of a step these are left, in this order: what refers to their numbers
// is the caller's to see to.
void pass_number(Pass *pass, const uint32_t *order, uint32_t n);

// What kernels depend on, by unit and step; and the kernel for a step.
void pass_find_depends(Pass *pass);
Kernel *pass_kernel_for(Pass *pass, int32_t unit, int32_t step);

// Room for n masses and one more, zeroed.
double *pass_mass_for(Big *mass, uint32_t n);

// Says how far it is. False: it is to stop.
bool pass_goes_on(Pass *pass);
// False: that is more work than is allowed.
bool pass_works(Pass *pass, uint64_t states);

// The pass ends here: always false.
bool pass_fail(Pass *pass, const XIns *refused);
bool pass_too_large(Pass *pass, int32_t step);

// Will states fill the memory within a few steps, since fractions take ever more values? After
// every step.
bool pass_outgrows(Pass *pass, uint32_t live, int32_t step);

size_t pass_memory_used(const Pass *pass);

// All mass before a unit moves behind it. False: the pass has ended.
bool pass_push_unit(Pass *pass, int32_t unit, int32_t step);

// The same for all units of a step, in blocks where states are many.
bool pass_push_step(Pass *pass, int32_t step);
void pass_drop_division(Pass *pass);
size_t pass_division_bytes(const Pass *pass);

// Futures that ended in this step: read now, if it matters when they did, or after the last.
void pass_end_futures(Pass *pass, int32_t step);
// Series as they stand at the end of a step.
void pass_read_series(Pass *pass, int32_t step);
// All that was read, into the result.
void pass_take_world(Pass *pass, uint32_t world);
