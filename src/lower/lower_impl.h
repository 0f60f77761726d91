// SPDX-License-Identifier: MIT
//
// What the files of the lowering share: where each thing of a View has gone.
#pragma once
#include "lang/spec.h"
#include "lower/build.h"
#include "lower/lower.h"

// Times are kept in days: an hour is not exact, and a rounding must not move a comparison of dates
// or durations by a whole step. Those that differ by less (8.64 ms) are the same. No step is as
// short.
#define LOWER_DAY_SLACK 1e-7

// The columns of one member of an event. Only those that something reads are made.
typedef struct {
    bool absent;     // left out by `except`
    Val happened;    // mask
    Val first, last; // dates, NaN: never
    Val times;
    Val now;         // mask: at its latest turn
    Val when_before; // mask: `when` at its turn in the step before (chance ... once)
} EventCols;

typedef struct {
    bool happened, first, last, times, now;
} EventNeeds;

typedef struct {
    bool absent;
    Val choice;        // atom of the latest choice; none: an atom that is no option
    Val last;          // date of the latest choice, NaN: never
    EventCols *chosen; // by option: as of an event, what something reads of its being chosen
} DecisionCols;

// An effect that is under way: `then after ...` of one block.
typedef struct {
    const Stmt *stmt;
    const Val *due; // n_slots columns: date of delivery, NaN: free
    int32_t n_slots;
    const Val *vars; // loop variables as they were bound
    Str suffix;
} Pending;

typedef struct {
    const Dist *dist;
    int32_t table;
} DistTable;

typedef struct Lower {
    Arena *arena;
    const Model *model;
    const View *view;
    LowerOptions options;
    Builder *b;
    Error *error;
    Val *vars;          // by variable: what it is bound to
    Val **home;         // states: by quantity and element
    Val **odds;         // beliefs: their log-odds, by quantity and element
    Val **world;        // params and types: by quantity and element
    char **world_state; // 0 not yet, 1 under way, 2 done
    Val **previous;     // states read by `previous`; NULL: none
    EventCols **events;
    EventNeeds *event_needs;
    DecisionCols **decisions;
    bool *choice_needs;         // by decision: does something read the latest choice?
    bool *outcome_needs;        // by decision: what its council has carried?
    EventNeeds **chosen_needs;  // by decision and option; NULL: none
    EventNeeds **carried_needs; // the same of a council: that it was carried
    EventCols **carried_cols;
    Val *outcomes;         // by decision: option that its council's latest vote carried
    const Val *sights;     // of the decision being lowered
    int32_t unrolled;      // members bound so far
    Str suffix;            // of site names: the members bound by unrolled loops, "[POL]"
    Val mask;              // statements apply where this holds (within the current frame)
    Pace pace;             // how often this block happens: so many deliveries may be under way
    int32_t block_subject; // event index, -1 - decision index, or INT32_MAX: for notes
    int32_t block_member;
    Str block_name;
    VEC(Pending) pending;  // of the block being lowered
    const Val *score;      // of the param being drawn, when it is correlated; NULL: drawn by itself
    int32_t uniform_table; // -1: not made
    VEC(DistTable) dist_tables;
    VEC(Unknown) unknowns;
    VEC(Note) notes;
    VEC(int32_t) note_args;    // where each note's values stand in the pool
    VEC(StateColumn) troubles; // columns to be watched beside the states
    VEC(Val) trouble_vals;
} Lower;

// ---- lower_expr.c
Val lower_expr(Lower *lo, const Expr *e);
Val lower_num(Lower *lo, const Expr *e); // flags as 1 and 0
Val lower_flag(Lower *lo, const Expr *e);
int32_t lower_cost(const Lower *lo, const Expr *e); // rough number of operations
Val lower_worth(Lower *lo, const WorthPart *parts, int32_t n);
Str lower_site_name(Lower *lo, Str site); // with the members bound now
// Where do the indices point? Known: the element. Otherwise -1.
int32_t lower_known_element(Lower *lo, const Quantity *q, const Val *indices);
Val lower_element_is(Lower *lo, const Quantity *q, const Val *indices, int32_t element);
int32_t lower_set_index(const Set *set, int32_t atom); // -1: not a member
// By how many days a time may miss a length of so many days and still count for it:
// LOWER_DAY_SLACK; but where steps are months, whole months (of 30.4375 days) are those of the
// calendar.
double lower_days_slack(const Lower *lo, double days);
double lower_slack(const Kind *kind); // of comparisons: LOWER_DAY_SLACK of times, else 0
Val lower_today(void);
Val lower_step_days(Lower *lo);
Val lower_in_steps(Lower *lo, int32_t from, int32_t to); // flag of the calendar, both included

// ---- lower_dist.c
Val lower_dist(Lower *lo, const Dist *dist, Str site, bool world);
Val lower_world_value(Lower *lo, int32_t quantity, int32_t element);
Val lower_state_start(Lower *lo, int32_t quantity, int32_t element);
Str lower_element_name(Lower *lo, const Quantity *quantity, int32_t element);

// ---- lower_correlate.c
// The normal score a correlated param is drawn from; false: it is drawn by itself.
bool lower_score(Lower *lo, int32_t quantity, int32_t element, Val *score);
Val lower_rank_of_score(Lower *lo, Val score); // in (0, 1)

// ---- lower_body.c
typedef enum { UNDER_NEVER, UNDER_ALWAYS, UNDER_STEP, UNDER_REGION, UNDER_SELECT } UnderKind;
typedef struct {
    UnderKind kind;
    Open open;
    Val mask;
} Under;
// Begin to write code for the lanes where `mask` holds. `cost` is a rough count of what is inside:
// little is done by selects, much in a region. UNDER_NEVER: write nothing.
Under lower_under(Lower *lo, Val mask, int32_t cost);
void lower_under_end(Lower *lo, Under under);
void lower_body(Lower *lo, Body body);
int32_t lower_body_cost(const Lower *lo, Body body);
void lower_assign(Lower *lo, Val home, Val value, int32_t cols_before);
void lower_deliver(Lower *lo); // what is pending in this block
void lower_note(Lower *lo, Note note, Val mask, const Val *values, const Str *names, int32_t n);

// ---- lower_belief.c
void lower_belief_columns(Lower *lo);
void lower_belief_start(Lower *lo, int32_t quantity, int32_t element, Val start);
void lower_evidence(Lower *lo, const Stmt *s);

// Bind a loop variable to a member of a set: the atom, and "[POL]" behind site names.
typedef struct {
    Str suffix;
} Bound;
Bound lower_bind(Lower *lo, int32_t var, int32_t atom);
void lower_unbind(Lower *lo, Bound bound);
bool lower_failed(const Lower *lo); // then go no further: loops over sets multiply
Str lower_atom_name(const Lower *lo, int32_t atom);
// Is this member left out by `except`? Known when unrolled, or a flag otherwise.
Val lower_kept(Lower *lo, const Expr *except, int32_t atom);

// ---- lower_event.c, lower_decision.c, lower_council.c, lower_question.c
void lower_event_columns(Lower *lo);
void lower_event(Lower *lo, int32_t event);
Val lower_event_field(Lower *lo, const Expr *e);
void lower_decision_columns(Lower *lo);
void lower_decision(Lower *lo, int32_t decision);
Val lower_choice(Lower *lo, const Expr *e);
// lower_chosen.c: an option is chosen as an event happens
void lower_chosen_need(Lower *lo, const Expr *e);
EventCols *lower_chosen_columns(Lower *lo, const EventNeeds *needs, int32_t n);
void lower_chosen_turn(Lower *lo, const EventCols *cols, const EventNeeds *needs, int32_t n);
void lower_chosen(Lower *lo, const EventCols *cols, const EventNeeds *needs, Val chosen);
Val lower_chosen_field(Lower *lo, const Expr *e);
void lower_council_columns(Lower *lo);
// The vote of members who have chosen: index[m] is the option of member m, -1: he has no vote.
void lower_council(Lower *lo, int32_t decision, const Val *index);

typedef struct {
    Val value, defined, censored;
    Val tie; // of `a before b`: both in the same step
    bool has_censored, has_tie, is_tie;
    ResultKind kind;
    int32_t n_levels, question;
} AskedResult;
typedef struct {
    Val value, defined;
    ResultKind kind;
    int32_t n_levels, question;
} AskedSeries;
typedef struct {
    VEC(AskedResult) results;
    VEC(AskedSeries) series;
} Asked;
// lower_watch.c: a column that starts at 0 and is told when it ends as no number.
Val lower_trouble(Lower *lo, Str name, Span span);
bool lower_can_break(const Expr *e); // to no number, though what it reads are numbers
// Tell when v, which is what e came to, is no number or infinite in lanes of `mask` (of those at
// work).
void lower_watch(Lower *lo, const char *what, const Expr *e, Val v, Val mask);

int32_t lower_level_count(const Lower *lo, const Kind *kind); // ladders and sets, else 0
void lower_questions(Lower *lo, Asked *asked); // writes SEG_START, SEG_LOOK and SEG_FINISH
