// SPDX-License-Identifier: MIT
//
// A Program: one reading of a model as column code, frozen and ready to run on blocks of futures.
//
// It knows nothing of the language: no names but those kept for showing. Columns hold one double or
// one mask (64 bits, all ones or all zeros) for each lane; a lane is one future. Uniforms hold one
// value for all lanes of a step. See ops.def for the operations; read program_print's output to get
// a feeling for it (`casus check --program`).
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/str.h"
#include "math/qtable.h"

typedef enum {
#define OP(name, kinds, doc) OP_##name,
#include "program/ops.def"
#undef OP
    OP_COUNT
} OpCode;

// A register: a column, or a uniform when REG_UNI is set, or nothing.
typedef uint32_t Reg;
#define REG_UNI      0x80000000u
#define REG_NONE     0xffffffffu
#define REG_INDEX(r) ((r)&0x7fffffffu)

typedef struct {
    uint16_t op;
    uint16_t pad;
    Reg d, a, b, c;
} Ins;

typedef struct {
    Ins *p;
    int32_t n;
} Code;

// The uniforms every program has.
enum {
    UNI_STEP,      // k, from 0
    UNI_TODAY,     // first day of the step, days since 1970
    UNI_STEP_DAYS, // the step's length in days
    UNI_LAST,      // mask: this is the last step
    UNI_INITIAL,   // mask: yes only in the `look` that follows `start`, where k is 0 too
    UNI_FIRST_FREE
};

typedef struct {
    uint32_t hash; // draw_site_hash(name); unique in a program
    Str name;      // "collapse", "breakthrough.chance", "send[POL].choice"
} Site;

typedef struct {
    uint32_t uni;
    double value; // for a mask: 0 or 1
    bool is_mask;
} ConstUni;

// A world-level value used inside futures: computed once a world, copied to each of its futures.
typedef struct {
    uint32_t world_col, col;
} Expand;

typedef enum { RESULT_FLAG, RESULT_NUMBER, RESULT_DATE, RESULT_LEVEL } ResultKind;

// What one question reads from a finished future. `a before b` has a second flag beside its own:
// the tie, yes where both came in the same step.
typedef struct {
    int32_t question; // index in the model
    ResultKind kind;  // LEVEL: an index into a ladder or set of n_levels values; DATE: NaN = never
    int32_t n_levels;
    Reg value;    // mask for FLAG, else doubles; valid after `finish`
    Reg defined;  // mask, or REG_NONE: always defined. Undefined lanes are left out.
    Reg censored; // mask, or REG_NONE: undefined because the horizon came first
    bool tie;
} Result;

// What an `over time` question reads at the end of every step (and of the start, as step -1).
typedef struct {
    int32_t question;
    ResultKind kind; // FLAG, NUMBER or LEVEL
    int32_t n_levels;
    Reg value;
    Reg defined; // valid after `finish`: `given` conditions; REG_NONE: all
} Series;

// Something unknown but fixed in a world, for telling what moves an answer.
typedef struct {
    Str name;
    uint32_t world_col; // its rank in (0,1), or its category when n_levels > 0
    uint32_t value_col; // its value
    int32_t n_levels;
} Unknown;

typedef enum {
    NOTE_FIRED,
    NOTE_DECIDED,
    NOTE_DELIVERED,
    NOTE_OUTCOME,
    NOTE_VOTED,
    NOTE_HEARS, // subject: a quantity, member: its element
    NOTE_TOLD,
    NOTE_WORLD
} NoteKind;

// A line of a replay: what happened where the mask of the NOTE is yes. `subject` indexes the view's
// events or decisions, `member` the set it runs over (-1: none); `values` are registers worth
// telling (what was seen, the chances of the options), with their names in the same order.
typedef struct {
    NoteKind kind;
    int32_t subject, member, detail;
    int32_t n_values;
    const Reg *values;
    const Str *names;
} Note;

typedef struct {
    Str name;
    int32_t n_levels; // ladder or set, 0: number
    bool is_flag, is_date;
    uint32_t col; // a state's column, for replays and traces
    int32_t state, member;
    Span span; // of a value watched beside the states (state -1): where it stands, or NO_SPAN
} StateColumn;

typedef struct Program {
    // Time
    int32_t n_steps;
    const double *step_start; // n_steps + 1 days since 1970; the last is the end
    // Registers: columns 0..n_persist-1 live as long as a future and are moved with it; the rest
    // are temporaries of one step. World columns are a file of their own.
    uint32_t n_persist, n_cols, n_world_cols, n_unis;
    const ConstUni *consts;
    int32_t n_consts;
    const uint32_t *args; // the argument pool
    int32_t n_args;
    const Site *sites;
    int32_t n_sites;
    const QTable *const *tables;
    int32_t n_tables;

    Code world; // once a world; columns are world columns; draws are of domain 1
    const Expand *expand;
    int32_t n_expand;
    Code start;   // once a future: the initial state; may draw nothing
    Code uniform; // once a step, on uniforms only
    Code step;    // the model's blocks, top to bottom
    Code look;    // after `start` (uniforms as in step 0, UNI_INITIAL yes) and after every step:
                  // what questions gather
    Reg stop;     // mask after `look`: the future ends here, its state frozen; REG_NONE: never
    Code finish;  // once a future, when it ends: results from what was gathered

    const Result *results;
    int32_t n_results;
    const Series *series;
    int32_t n_series;
    const Unknown *unknowns;
    int32_t n_unknowns;
    const Note *notes;
    int32_t n_notes;
    const StateColumn *states;
    int32_t n_states;
    int32_t n_checks;
    bool draws_in_world; // false: all worlds are alike
} Program;

// Is the program whole? Registers in range and of the right kind, bodies nested, regions passing
// out only what they take in, temporaries written before they are read, sites unique. NULL when
// well, else a sentence. Called after every lowering.
const char *program_verify(const Program *program, Arena *arena);

// As text, one instruction a line, for people and for tests.
void program_print(const Program *program, Buf *out);
void program_print_code(const Program *program, const char *title, Code code, Buf *out);

// Number of inputs as ops.def states them, for walking operands.
typedef struct {
    const char *name, *kinds, *doc;
} OpInfo;
const OpInfo *op_info(OpCode op);
