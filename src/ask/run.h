// SPDX-License-Identifier: MIT
//
// `casus run`: draw worlds and futures, and answer every question of a model.
//
// A run is `worlds` x `futures`. Each world first draws the story it tells (a world-level draw at
// the site "story", by the pool's weights), then its unknowns; its futures follow. All results are
// the same bits for any number of threads, lanes or instruction set, and a larger run contains the
// futures of a smaller one unchanged.
#pragma once
#include "answer/answer.h"
#include "engine/engine.h"
#include "lang/model.h"

// RUN_MOST_WORLDS bounds a run that is to reach a precision and states no number of worlds.
enum {
    RUN_WORLDS = 65536,
    RUN_FUTURES = 16,
    RUN_SHOWN = 4,
    RUN_MOVERS = 3,
    RUN_MOST_WORLDS = 1 << 22
};

// The running answer to one question, for a progress line.
typedef struct {
    Str name;
    Estimate value; // probability or mean; NaN as long as nothing is known
    bool is_chance;
    double scale;
    Str unit;
} RunningAnswer;

typedef struct {
    uint64_t done, wanted; // of `what`
    Str what;              // "steps"; empty: futures
    uint64_t resumed;      // of `done`, those that a checkpoint held
    double seconds;        // since the start
    double left;           // seconds; NaN: nobody knows; 0: by the rate so far
    const RunningAnswer *answers;
    int32_t n_answers; // at most RUN_SHOWN
    Str part;          // `done` and `wanted` are of this part; empty: of all
    Str phase;         // what is being done, in words; or empty
} Progress;

typedef struct {
    uint64_t seed;
    uint64_t worlds, futures; // 0: RUN_WORLDS worlds (with a precision RUN_MOST_WORLDS), each of
                              // RUN_FUTURES futures; below 2^32
    int32_t threads;          // 0: all processors
    const View *view;         // this one of Model.views alone; NULL: the pool of stories that have
                              // weight, or the base when none has
    bool as_written;          // leave aside what --set changes (Model.set_views)
    bool with_base;           // the base joins the pool (weight 1 unless the model says another)
    const Str *questions;     // answer only these; n_questions 0: all
    int32_t n_questions;
    double precision;    // > 0: stop when the half width of every probability that has any
                         // future behind it is below this
    const char *samples; // CSV file of one row a future, or NULL
    const char
        *checkpoint; // file to save the run in and to go on from when it is there, or NULL; not
                     // with samples
    const DiagList *sources; // texts of the model, to quote questions as written; NULL: no quotes
    bool no_movers;          // do not look for the unknowns that move the answers
    int32_t most_movers;     // so many of them at most for an answer; 0: RUN_MOVERS
    // For tests: none of these changes a result.
    int32_t lanes; // of a block; 0: the engine's choice
    bool isa_given;
    Isa isa;
    bool never_sweep, never_compact;
    int32_t unit_futures; // futures of a unit of work; 0: by the model's cost. Changes the last
                          // bits of means (the order of sums), nothing else.
    int64_t most_units;   // > 0: end after so many units of work, as though stopped
    void *ctx;
    void (*progress)(void *ctx, const Progress *progress); // NULL; called about ten times a second
    const volatile int *stop; // NULL; when it becomes non-zero the run ends with what it has
} RunOptions;

// ST_USAGE: a question that is not there, a run too large, an unknown CASUS_ISA. ST_BAD_MODEL: the
// model cannot be lowered. ST_CANNOT_WRITE: the samples, or the checkpoint before anything was run.
// ST_NO_INPUT: the checkpoint is damaged. A check that failed, a run stopped early and a checkpoint
// that later could not be saved are said in the answer; the status is ST_OK.
Status ask_run(Arena *answer_arena, const Model *model, const RunOptions *options, Answer **answer,
               Error *error);
