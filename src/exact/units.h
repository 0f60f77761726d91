// SPDX-License-Identifier: MIT
//
// The units of a Script at work: from each state before a unit to the states behind it.
//
// What a unit does depends on the few slots it reads; its outcomes are found once for each of their
// values (a kernel) and joined to the rest of every state that has them (a row). Rows are kept as
// long as the calendar's values that the unit reads come up again, so that after the first step
// most of a pass is plain sums of products.
#pragma once
#include "exact/absorb.h"
#include "exact/classes.h"
#include "exact/expire.h"
#include "exact/fork.h"
#include "exact/symmetry.h"
#include "exact/whole.h"

// Targets of a row: a state of the space behind, or, after the last unit, of that of ended futures,
// or the number of a check that failed.
#define TARGET_ENDED  0x80000000u
#define TARGET_FAILED 0xc0000000u
#define TARGET_STATE  0x3fffffffu

typedef struct {
    int32_t n;
    uint32_t first; // into p, code, guard
} Outcomes;

// A state's way through a unit: its outcomes, and where they lead.
typedef struct {
    int32_t n;      // 0: not made yet
    uint32_t p;     // into p
    uint32_t start; // into target
} Row;

// What is kept for one set of values of the calendar.
typedef struct {
    Big entries; // Outcomes
    Big p;       // double
    Big code;    // int32_t [outcome * n_written + i]
    Big guard;   // int32_t: which guard is no (their number: none), or -1 - check
    uint32_t n_entries, n_outcomes;
    Big keys, table; // by what is read
    uint32_t table_size, n_keys;
    int32_t layout;
    Big row, target; // Row by state; uint32_t
    uint64_t n_targets;
} Kernel;

typedef struct {
    int32_t from, to; // cuts
    Space *in, *out;
    XCode code;
    const Slot *input; // slots loaded from a state
    int32_t n_input;
    const Slot *written; // slots of the space behind that it writes
    int32_t n_written;
    const Slot *saved; // all it writes
    int32_t n_saved;
    uint64_t *read_mask; // fields of `in` that matter to it
    bool varies;         // reads uniforms that differ between steps
    bool draws;
    int32_t in_layout, out_layout; // of read_mask and the copy below
    // Fields that pass through: (key[word_in] & mask) shifted left (right when negative) to
    // word_out.
    struct Move {
        int32_t word_in, word_out, shift;
        uint64_t mask;
    } * moves;
    int32_t n_moves;
    uint64_t **
        *where; // by class, by the guard that is no (their number: none): what lives of `out`
} Unit;

typedef struct {
    const Script *script;
    const Calendar *calendar;
    Book *book;
    Space **spaces; // by cut; the last is the first: the end of a step is the start of the next
    Space *ended;
    Unit *units;
    const Exchanges *exchanges; // by cut
    const Whole *whole;         // NULL: nothing is known to be whole
    const Expiry *expiries;
    int32_t n_expiries;
    double tomorrow; // first day of the step after the one at hand
    const StepClasses *classes;
    int32_t class; // of the step at hand
    int32_t n_units;
    Absorb *absorb;
    uint64_t *regs;
    Arena *arena, *scratch, *forks;
    bool never_still;
    Big still; // by state of spaces[0]: 1 still, 0 not
    double lost;
    const XIns *refused; // see fork.h
    int64_t worked;      // states gone through units
} Units;

Units *units_new(Arena *arena, const Script *script, const Calendar *calendar);
void units_free(Units *units);

Kernel *kernel_new(Arena *arena);
void kernel_free(Kernel *kernel);
size_t kernel_bytes(const Kernel *kernel);

// Make the row of a state. False: refused, or too many outcomes. `era` of the next step, -1: there
// is none; only the last unit looks at it.
bool units_row(Units *units, int32_t unit, Kernel *kernel, uint32_t state, int32_t era);

// A state of spaces[0] from registers; and the registers of a state.
uint32_t units_enter(Units *units, const uint64_t *regs, int32_t era, bool *still);
uint32_t units_end(Units *units, const uint64_t *regs);
void units_load(const Units *units, const Space *space, uint32_t state, uint64_t *regs);
