// SPDX-License-Identifier: MIT
//
// The builder: writes the instructions of a Program, knowing for each value how long it is fixed.
//
// A value is a constant, or fixed by the calendar (a uniform), or fixed in a world, or alive in a
// lane. An operation goes where its operands allow: folded, into the uniform code, the world code,
// or the lane code being written. Whoever lowers the language above need not know which.
//
// Lane columns live in frames: the outermost is the block of futures, each REGION opens another. A
// column of an outer frame that is used inside is taken in, one that is written inside goes out.
#pragma once
#include "base/map.h"
#include "base/vec.h"
#include "program/program.h"

typedef enum { LEVEL_CONST, LEVEL_UNI, LEVEL_WORLD, LEVEL_LANE } Level;

typedef struct {
    Level level;
    bool mask;
    int32_t id; // uniform, world column, or virtual lane column
    double k;   // LEVEL_CONST
} Val;

typedef struct Frame Frame;

typedef struct {
    int32_t frame; // index into Builder.frames
    bool mask;
    bool persistent; // lives as long as a future
    bool mutable;    // may be written again: copy it before keeping its value
    bool pinned;     // somebody holds this value: never retarget its definition
    int32_t world;   // an expanded world column, else -1
} ColInfo;

typedef struct {
    int32_t outer, inner;
    bool out;
} Import;

struct Frame {
    int32_t outer;
    VEC(Import) imports;
};

typedef VEC(Ins) InsVec;

typedef struct {
    uint16_t op;
    Reg a, b, c;
    int32_t frame;
    Val val;
    int32_t version; // sum of the versions of the operands when it was computed
} Known;

typedef enum { SEG_START, SEG_STEP, SEG_LOOK, SEG_FINISH, SEG_COUNT } Segment;

typedef struct {
    Arena *arena;
    Error *error;
    Status status; // the first failure sticks
    Span at;       // what of the model's text is being written, for telling where it failed
    InsVec world, uniform, lane[SEG_COUNT];
    Segment segment;
    VEC(ColInfo) cols;
    VEC(int32_t) versions; // of each column, raised at every write
    VEC(Frame *) frames;
    int32_t frame; // the current one
    VEC(ConstUni) consts;
    int32_t n_unis, n_world_cols;
    VEC(bool) world_is_mask;
    VEC(bool) uni_is_mask;
    VEC(uint32_t) args;
    VEC(Site) sites;
    Map *site_names;
    VEC(const QTable *) tables;
    int32_t normal_table;
    VEC(int32_t) expanded;       // world column -> lane column, -1
    VEC(Known) known[SEG_COUNT]; // common subexpressions, innermost scope last
    VEC(Known) known_world;
    VEC(Val) kept[SEG_COUNT]; // read after the segment has run: never reuse their columns in it
} Builder;

Builder *build_new(Arena *arena, Error *error);
void build_fail(Builder *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

// ---- Values -----------------------------------------------------------------------------------
Val val_const(double k);
Val val_mask(bool yes);
Val val_uni(int32_t uni, bool mask);
bool val_is(Val v, double k);     // a constant equal to k (masks: 1 yes, 0 no)
Val build_num(Builder *b, Val v); // a mask as 1 or 0; numbers as they are

// An operation of one to three operands; the result's level follows from theirs.
Val build_op(Builder *b, OpCode op, Val a, Val x, Val c);
Val build_op1(Builder *b, OpCode op, Val a);
Val build_op2(Builder *b, OpCode op, Val a, Val x);
Val build_and(Builder *b, Val a, Val x);
Val build_or(Builder *b, Val a, Val x);
Val build_not(Builder *b, Val a);
Val build_select(Builder *b, Val mask, Val yes, Val no); // numbers or masks

// start + k1 x1 + k2 x2 + ... folded from the left.
typedef struct {
    Val k, x;
} Term;
Val build_sum(Builder *b, Val start, const Term *terms, int32_t n);

// ---- Draws ------------------------------------------------------------------------------------
// `world`: the draw is taken once a world. Operands must then be fixed in a world.
int32_t build_site(Builder *b, Str name);
int32_t build_table(Builder *b, const QTable *table);
int32_t build_normal_table(Builder *b);
Val build_uniform(Builder *b, bool world, int32_t site);
Val build_table_draw(Builder *b, bool world, int32_t site, int32_t table);
Val build_score(Builder *b, Val z, int32_t table); // OP_SCORE, of what is fixed in a world
Val build_bernoulli(Builder *b, bool world, int32_t site, Val p);
Val build_bernoulli_logit(Builder *b, bool world, int32_t site, Val z);
// Options as pairs (worth or weight, available); OP_SOFTMAX or OP_WEIGHTED; index or -1.
Val build_choice(Builder *b, OpCode op, bool world, int32_t site, const Val *worth,
                 const Val *available, int32_t n);
Val build_dist_draw(Builder *b, bool world, int32_t site, int32_t kind, const Val *params,
                    int32_t n);

// ---- Columns of a future ----------------------------------------------------------------------
Val build_persistent(Builder *b, bool mask); // lives as long as the future; set it in SEG_START
void build_store(Builder *b, Val home, Val value); // home = value
void build_store_fresh(Builder *b, Val home, Val value, int32_t cols_before);
// the same; a value computed since there were `cols_before` columns may be written in place
void build_store_masked(Builder *b, Val home, Val mask, Val value);
Val build_snapshot(Builder *b, Val v); // a copy if v is a column that may be written again
Val build_temp(Builder *b, Val init);  // a fresh mutable column of this frame
Val build_lane(Builder *b, Val v);     // as a lane column of this frame, whatever its level
void build_keep(Builder *b, Segment segment, Val v);

// ---- Control ----------------------------------------------------------------------------------
typedef struct {
    int32_t at;    // index of the REGION or IFSTEP instruction
    int32_t known; // scope of common subexpressions
    bool region;
} Open;
Open build_region(Builder *b, Val mask); // lanes where mask is yes
Open build_ifstep(Builder *b, Val mask); // uniform mask
void build_close(Builder *b, Open open);
void build_fail_check(Builder *b, Val mask, int32_t check);
// A NOTE with the values it tells; their registers end up in the pool, at the index returned.
int32_t build_note(Builder *b, Val mask, int32_t note, const Val *values, int32_t n);

Reg build_reg(Builder *b, Val v);       // operand of an instruction in the current lane code
Reg build_world_reg(Builder *b, Val v); // operand of an instruction in the world code

// Allocate columns and pack. The caller fills time, results, series, notes and so on with registers
// translated by build_final_reg, valid after build_finish.
typedef struct {
    const int32_t *col_of[SEG_COUNT]; // virtual -> final column, per segment
    uint32_t n_persist, n_cols;
} Allocation;
Status build_finish(Builder *b, Program *program, Allocation *allocation);
