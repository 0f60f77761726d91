// SPDX-License-Identifier: MIT
//
// Inside of `casus exact`: exact.c (stories, moments, checks), exact_passes.c (which questions are
// worked out together), exact_items.c (from distributions to items),
// exact_errors.c (of quasi-random worlds), exact_place.c (where a draw stands), exact_watch.c (how
// far it is), exact_trouble.c (what goes wrong beside the answers).
#pragma once
#include "ask/exact.h"
#include "ask/plan.h"
#include "base/vec.h"
#include "exact/exact.h"

// What is known of one question in one story: its distributions in every world.
typedef struct {
    ExactPass *pass;
    int32_t result, tie, series; // place in the pass; -1: none
} ExactPart;

// One world of one story, with its share of all.
typedef struct {
    double weight;
    const Distribution *main, *tie;
    const Distribution *points;
} ExactShare;

// One question of which all parts are there, over all worlds or those of a set (-1: all).
void exact_item(Arena *arena, const Plan *plan, const RunOptions *options, int32_t asked,
                ExactPart *const *parts, int32_t set, Item *item);
// Probability that its number is infinite or none, so that the future is left out; 0 of other
// questions.
double exact_left_out(const Plan *plan, int32_t asked, ExactPart *const *parts);
// One over time with a condition, from parts by point of time.
void exact_item_moments(Arena *arena, const Plan *plan, const RunOptions *options, int32_t asked,
                        ExactPart *const *const *points, int32_t set, Item *item);
// The errors of the item's estimates, from the same item in each of EXACT_SETS sets of worlds.
void exact_item_errors(Arena *arena, Item *item, const Item *sets);
// The same without an answer.
void exact_item_none(Arena *arena, const Plan *plan, const RunOptions *options, int32_t asked,
                     Str why, Item *item);

// What went wrong in some futures beside the answers, and the share of these.
typedef struct {
    Str name;
    Span span;
    double share;
} TroubleShare;
typedef VEC(TroubleShare) TroubleList;
// As far as it is finite and cheap. Of the options count memory, seed and stop.
void exact_trouble(Arena *arena, const Plan *plan, const ExactOptions *options, TroubleList *found);

// For progress lines: how far the pass at hand is, and how long it may still take.
typedef struct {
    const RunOptions *options;
    double started; // of all
    Str part;       // what the pass at hand answers
    bool priors;    // in quasi-random worlds
    double pass_at; // when it began
    int32_t step;   // last seen, in the first world
    double step_at; // when that was
    double a_step;  // seconds a step takes lately
    double told;    // when a line was last told
} ExactWatch;
void exact_watch_pass(ExactWatch *watch, bool priors);     // a pass begins
void exact_watch_beat(void *watch, const ExactBeat *beat); // as ExactOptions.beat

// "`front` (war.casus:12)": the place where a site draws.
Str exact_place(Arena *arena, const View *view, const DiagList *sources, Str site);

// ---- Passes -------------------------------------------------------------------------------------

typedef struct {
    Arena *arena, *answer_arena;
    const Plan *plan;
    const RunOptions *options;
    size_t memory;
    uint32_t blocks_from, prior_points; // of each set
    const int32_t *point_of;            // by 1 + step
    ExactPart **parts;                  // by telling, by asked
    ExactPart ****moments; // of those over time with a condition: by asked, by point, ...
    Str *no_moment;        // by asked: why some moment has no answer
    double lost;
    uint64_t states;
    uint64_t *work, most_states;
    bool stopped, used_priors; // stopped: or no more work is allowed
    ExactWatch watch;
    VEC(Remark) remarks;
} Exact;

// What some questions of a story read.
typedef struct {
    int32_t *results, *series;
    Wanted wanted;
} ExactAsk;
// Where they are found in the pass is put down in their parts.
ExactAsk exact_ask(Exact *x, int32_t telling, const int32_t *asked, int32_t n, ExactPass *pass);

// One pass, in quasi-random worlds where they help and are asked for.
void exact_run(Exact *x, const Program *program, Wanted *wanted, ExactPass *pass);
void exact_note(Exact *x, const ExactPass *pass); // what is told of all passes

// Some questions of a story, together where that is cheap. Of each the pass is in its part.
void exact_together(Exact *x, int32_t telling, const int32_t *asked, int32_t n, bool priors);
