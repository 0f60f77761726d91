// SPDX-License-Identifier: MIT
//
// Tiny models for the fuzzer: built from bytes, written as a text that is always a sound model, and
// answered by going through every path there is, one after the other. The answers share nothing
// with the program's: no tree, no Program, no merging of states. What the language means is told
// here a second time, from docs/language.md.
//
// Steps are days, the states are whole numbers from 0 to 3, everything that is drawn has few
// outcomes.
#pragma once
#include "base/str.h"

enum {
    TINY_STATES = 3,
    TINY_FLAGS = 2,
    TINY_BLOCKS = 4,
    TINY_OPTIONS = 3,
    TINY_QUESTIONS = 4,
    TINY_STEPS = 6,
    TINY_TOP = 3
};

typedef enum {
    NUM_CONST,    // c
    NUM_STATE,    // a
    NUM_ADD,      // a + b
    NUM_SUB,      // a - b
    NUM_ADD_C,    // a + c
    NUM_MAX,      // max(a, b)
    NUM_TIMES,    // times(event a)
    NUM_PREVIOUS, // previous a
    NUM_IF,       // if a > c then b else c
    NUM_KINDS
} TinyNumKind;

typedef struct {
    TinyNumKind kind;
    int a, b, c;
} TinyNum;

typedef enum {
    COND_ABOVE,    // a > c
    COND_IS,       // a is c
    COND_BELOW,    // a < b
    COND_HAPPENED, // event a
    COND_PARAM,    // flag a
    COND_TODAY,    // today >= the first day of step c
    COND_SINCE,    // since(event a) >= c days
    COND_CHOICE,   // decision a is option b
    COND_KINDS
} TinyCondKind;

// One condition, turned round or not.
typedef struct {
    TinyCondKind kind;
    int a, b, c;
    bool turned;
} TinyTest;

typedef struct {
    TinyTest tests[2];
    int n;     // 1 or 2
    bool both; // and, or
} TinyCond;

typedef struct {
    int state;
    TinyNum value; // clamped to 0 ... TINY_TOP
} TinyAssign;

typedef enum {
    TINY_BLOCK_STEP,
    TINY_BLOCK_ONE_OF,
    TINY_BLOCK_EVENT,
    TINY_BLOCK_DECISION
} TinyBlockKind;
typedef enum {
    TINY_CHANCE_NONE,
    TINY_CHANCE_STEP,
    TINY_CHANCE_ONCE,
    TINY_CHANCE_WINDOW
} TinyChance;

typedef struct {
    TinyBlockKind kind;
    bool has_when; // of TINY_BLOCK_STEP: an `if`, with `other` as its `else`
    TinyCond when;
    TinyChance chance;
    int percent, window; // window in days
    int again;           // -1: never, 0: in any step, else not sooner than so many days
    int every;           // of a decision, as `again`
    int delay;           // 0: none; else `other` is delivered so many days later
    TinyAssign then, other;
    int n_options;
    int weights[TINY_OPTIONS]; // odds, or percent of `one of`
    TinyAssign options[TINY_OPTIONS];
} TinyBlock;

typedef enum {
    ASK_EVER,
    ASK_NEVER,
    ASK_ALWAYS,
    ASK_BY,     // ever ... by the day of step c
    ASK_GIVEN,  // ever ... given ever ...
    ASK_END,    // state at end
    ASK_MOST,   // max state
    ASK_MEAN,   // mean state
    ASK_TIMES,  // how often an event happened
    ASK_FIRST,  // whether it happens
    ASK_BEFORE, // event a before event b
    ASK_KINDS
} TinyAskKind;

typedef struct {
    TinyAskKind kind;
    int a, b, c;
    TinyCond cond, given;
} TinyAsk;

typedef struct {
    int n_steps;
    int start[TINY_STATES];
    int flag_percent[TINY_FLAGS];
    int n_blocks, n_asks;
    TinyBlock blocks[TINY_BLOCKS];
    TinyAsk asks[TINY_QUESTIONS];
} TinyModel;

// The value of each question; NaN where it is never defined.
typedef struct {
    double value[TINY_QUESTIONS];
    long paths;
} TinyAnswers;

TinyModel tiny_model(Str bytes);
Str tiny_text(Arena *arena, const TinyModel *model);
// False when there are more than `most` paths.
bool tiny_answers(const TinyModel *model, long most, TinyAnswers *answers);
