// SPDX-License-Identifier: MIT
//
// A Script: what a Program does to one state in one step, made ready for pushing probability mass.
//
// Columns, uniforms and a few marks of our own become slots of one register file. Regions become
// jumps over their bodies. What the questions at hand do not need is left out, and the rest is cut
// into units with at most one draw or so in each, so that equal states can be merged after every
// one of them. A slot that nobody will read before it is written again is dead: states that differ
// in it alone are equal.
//
// Read first: program/ops.def, engine/reference.c (what an operation means, one future at a time).
#pragma once
#include "program/program.h"

typedef uint32_t Slot;
#define SLOT_NONE 0xffffffffu

// Beside the operations of a Program: skip to `target` where mask a is no; and a mark at the end of
// a region that reads the copy of its mask, so that a unit may begin inside; and the next value of
// a grid.
enum { X_JUMP = OP_COUNT, X_KEEP, X_SNAP };

// Rising numbers (snap.h).
typedef struct {
    const double *p;
    int32_t n;
} Grid;
double snap_up(const Grid *grid, double x); // the least not below x; infinity; NaN of NaN

typedef struct {
    uint16_t op;
    bool shared; // its site draws in several places
    Slot d, a, b, c;
    const Slot *args; // of LIN, SOFTMAX, WEIGHTED, DIST
    int32_t n_args;
    const Slot *reads; // all slots it reads
    int32_t n_reads;
    int32_t target;      // X_JUMP
    uint32_t aux;        // draws: the site; FAIL: the check; DIST's kind stands in c
    const QTable *table; // of QTABLE and SCORE
    const Grid *grid;    // of X_SNAP
    Slot range; // draws: two slots, what is known of the site's uniform (SLOT_NONE: not needed)
} XIns;

// Code on a register file of its own: columns (or world columns), then uniforms, then ranges and
// marks.
typedef struct {
    XIns *p;
    int32_t n;
} XCode;

// A region around a cut: where its mask is no, what follows up to `target` is left out.
typedef struct {
    Slot mask;
    int32_t target;
} Guard;

// A place between two instructions where states are merged.
typedef struct {
    int32_t pc;
    const Guard *guards; // outermost first
    int32_t n_guards;
    uint8_t *live;        // by slot: on any of the ways below
    uint8_t **live_where; // by the outermost guard that is no, then where all are yes
} Cut;

// A draw that can take any value and whose value would have to be kept.
typedef struct {
    Str site;
    bool in_world;
} NotFinite;

typedef struct {
    const Program *program;
    Slot n_cols, n_slots; // of lanes: columns, uniforms, then our own
    Slot n_world_slots;
    XCode start, main, finish, uniform, world;
    int32_t look_at;      // where `look` begins in main
    uint8_t *live;        // at the start of a step, by slot
    uint8_t *finish_live; // when a future ends
    uint8_t *read_at_end; // after `finish`: what results read
    uint8_t *shown;       // columns that series show
    Slot stop;            // SLOT_NONE: never
    Cut *cuts;            // of main: the first at 0, the last at its end; units lie between
    int32_t n_cuts;
    const uint32_t
        *delays; // by slot: 1 + the site that drew the date in it (snap.h); NULL: there is none
    // Slots that the calendar tells, beside the uniforms: what it makes of columns (timed.h).
    Slot first_timed, n_timed;
    const uint64_t **timed; // by slot of them, by 1 + step
    const Expand *expand;   // those that matter
    int32_t n_expand;
    int32_t n_draws; // in main
} Script;

// What is to be answered: results and series of the program, by index; or its checks.
typedef struct {
    const int32_t *results, *series;
    int32_t n_results, n_series;
    bool checks;
    bool worlds_given; // what is unknown and fixed may be any number: its values are put in
} Wanted;

// False when a draw that takes any value would have to be kept: *why says which.
bool script_make(Arena *arena, const Program *program, const Wanted *wanted, Script **script,
                 NotFinite *why);

Slot script_slot(const Script *script, Reg reg);

// The same for all states of a step: no part of any.
static inline bool script_is_uniform(const Script *s, Slot slot)
{
    bool timed = s->n_timed > 0 && slot >= s->first_timed;
    return timed || (slot >= s->n_cols && slot < s->n_cols + s->program->n_unis + UNI_FIRST_FREE);
}

// Backwards over code[from, to): `live` as it stands after, on return before. `drop` (by
// instruction, or NULL) says which operands cannot matter: bits 1, 2, 4 for a, b, c; of a jump 8:
// the body is left out, 16: it never is.
enum { DROP_A = 1, DROP_B = 2, DROP_C = 4, DROP_BODY = 8, DROP_JUMP = 16 };
void script_live(Arena *scratch, XCode code, int32_t from, int32_t to, Slot n_slots, uint8_t *live,
                 const uint8_t *drop, uint8_t *needed);

// Forwards over main with what is known of slots: known[] and value[] as they stand before, on
// return after; drop[] (by instruction, may be NULL) as above.
void script_known(Arena *scratch, const Script *script, uint8_t *known, uint64_t *value,
                  uint8_t *drop);

// One operation that neither draws nor jumps.
uint64_t script_eval(const XIns *ins, const uint64_t *regs);
bool x_draws(const XIns *ins);
