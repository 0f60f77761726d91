// SPDX-License-Identifier: MIT
//
// The Model: the checked, frozen meaning of a model file. Every name is resolved, every kind and
// unit agreed, every number in base units. Lowering turns a View of it into a Program; nothing else
// of the language crosses that wall.
//
// A model holds several Views: the base, one for each story (the base with the story's overrides
// applied), and one for each variant; with --set each of them once more, with the settings laid
// over it. All Views share sources, units and time.
//
// Base units: time in days (a week 7, a month 365.25/12, a year 365.25), dates in days since 1970,
// chances as plain probabilities, hazards per day, declared units as they are. Sets stay sets here:
// loops and arrays are unrolled by the lowering.
#pragma once
#include "base/diag.h"
#include "math/dist.h"

typedef struct Expr Expr;
typedef struct Dist Dist;

// ---- Kinds and units --------------------------------------------------------------------------
typedef enum {
    KIND_NONE,   // nothing sensible: an error was reported
    KIND_FLAG,   // yes or no
    KIND_NUMBER, // has a unit; counts, probabilities, hazards and durations are numbers too
    KIND_DATE,   // days since 1970, or never
    KIND_ATOM,   // one member of an unordered set: an actor, a type's value, a decision's option
    KIND_RUNG    // one rung of a ladder, by position
} KindTag;

// Where a number may lie.
typedef enum { SUPPORT_REAL, SUPPORT_POSITIVE, SUPPORT_PROBABILITY, SUPPORT_COUNT } Support;

typedef struct {
    KindTag tag;
    Support support;
    int32_t unit;   // KIND_NUMBER: index into Model.units; 0 = a plain number
    int32_t domain; // KIND_ATOM: index into View.sets; KIND_RUNG: into View.ladders
} Kind;

typedef struct {
    int32_t base; // 0: time (day); else index into Model.bases
    int32_t power;
} UnitPower;
typedef struct {
    const UnitPower *powers; // ordered by base
    int32_t n;
    Str name; // in analysts' words: "km per day", "hazard", "days", "number"
} Unit;

// How a quantity was written, for showing it again: shown = value * scale, followed by `unit`.
typedef struct {
    double scale;
    Str unit;           // "km per week", "troops", "" for plain numbers; "%" with scale 100
    double window_days; // a hazard written as a window chance: show 1 - exp(-rate * window); 0: no
    Str window;         // "1 year"
} Shown;

// ---- Provenance -------------------------------------------------------------------------------
typedef struct {
    Str id, title;
    Str owner; // empty: none
    Span span;
} Relay;

typedef struct {
    Str phrase;
    double lo, hi;
} Word; // an estimative word and its interval

typedef struct {
    Str id, note, file, url, owner;
    char reliability;   // 'A'..'F'
    double date;        // NaN: none
    const int32_t *via; // relays, origin first
    int32_t n_via;
    const Word *words;
    int32_t n_words;
    Span span;
} Source;

typedef struct {
    int32_t source;
    int32_t credibility; // 1..6, 0: not stated
    Str locator;
} Citation;

// What stands under a quantity, block, question or story.
typedef struct {
    Str text;       // a bare string under it
    Str assumption; // reason, empty: none
    const Citation *citations;
    int32_t n_citations;
} Notes;

// What a story weighs by the grade of its source: lang/pool.h.
enum { GRADE_LETTERS = 5, GRADE_FIGURES = 6 }; // A to E; 1 to 6, of which 6 is no information
typedef struct {
    double weight[GRADE_LETTERS]
                 [GRADE_FIGURES]; // [letter][figure], figure 0: the letter alone; NaN
    double shared; // of each further story of a hand that several share, of the one before it
} GradeTable;

// ---- Sets, ladders, quantities ----------------------------------------------------------------
typedef struct {
    Str name, title;
    bool is_actor;
    Span span;
} Atom; // actors and all other set members; global numbers, so that a value keeps its meaning in
        // every set it belongs to

typedef enum { SET_DECLARED, SET_TYPE_VALUES, SET_OPTIONS, SET_ACTORS } SetRole;
typedef struct {
    Str name, title;
    SetRole role;
    const int32_t *atoms;
    int32_t n_atoms;
    Span span;
} Set;

typedef struct {
    Str name, title;
    const Str *rungs; // lowest first
    int32_t n_rungs;
    Span span;
} Ladder;

typedef enum { ROLE_PARAM, ROLE_TYPE, ROLE_STATE } Role;

// A param, a type or a state. Indexed ones have n_dims sets; elements are numbered with the last
// index fastest. `clash.chance` and other unnamed world-level ranges are params too (`implicit`).
typedef struct {
    Str name, title; // title: the string under it, or empty; a type of one actor is called
                     // "aims of RUS"
    Role role;
    Kind kind;
    int32_t n_dims, dims[2]; // sets
    int32_t n_elements;
    const Dist *const *values; // one an element: params and types draw it in each world; states
                               // start with it (a state's draws are world-level too)
    int32_t owner_set;         // types: the set of actors whose type it is (dims[0]), or -1
    int32_t owner_atom;        // types of a single actor: who sees it; -1: none
    bool implicit;
    const Expr *proposition; // beliefs, which are states: what is held for likely; NULL: no belief
    int32_t var;             // bound in it to the believer of a belief by a set, or -1
    Shown shown;
    Notes notes;
    Span span;
} Quantity;

// ---- Uncertain values -------------------------------------------------------------------------
typedef enum {
    DIST_FIXED,     // args[0]
    DIST_INTERVAL,  // numbers[0] to numbers[1]: central 90 %, by family
    DIST_UP_TO,     // uniform from numbers[0] to numbers[1]
    DIST_PERT_OF,   // numbers: low, mode, high
    DIST_QUANTILES, // numbers: 5 %, 50 %, 95 % points, by family
    DIST_AROUND,    // numbers: centre, half width of the central 90 %; normal
    DIST_NAMED,     // named distribution `kind` with args
    DIST_TRUNCATED, // parts[0] kept between numbers[0] and numbers[1] (infinite: open)
    DIST_MIXTURE,   // parts with weights (sum 1)
    DIST_CATEGORIES // values args[i] with weights numbers[i] (sum 1)
} DistForm;

typedef enum { FAMILY_NORMAL, FAMILY_LOGNORMAL, FAMILY_LOGITNORMAL } Family;

struct Dist {
    DistForm form;
    Family family;
    DistKind kind;         // DIST_NAMED
    const double *numbers; // in base units, before `window`
    int32_t n_numbers;
    const Expr *const *args;
    int32_t n_args;
    const Dist *const *parts;
    const double *weights;
    int32_t n_parts;
    double window_days; // > 0: what is drawn is the chance within this window; the value is the
                        // rate -log(1 - p) / window_days
    double scale;       // the value is scale * draw (units of named distributions); 1 usually
    bool whole;         // a count: the draw is rounded to the nearest whole number, 0 at least
    Str word;           // the estimative word it came from, or empty
    Span span;
};

// ---- Expressions ------------------------------------------------------------------------------
typedef enum {
    EX_CONST,    // number (flags 0/1, rungs by position, atoms by global number, dates in days)
    EX_NEVER,    // the date that does not come
    EX_QUANTITY, // ref = quantity; args = index expressions (atoms), n_dims of them
    EX_PREVIOUS, // the same as EX_QUANTITY for a state, as it stood at the end of the step before
    EX_VAR,      // ref = variable: bound by EX_LET, ST_LET (a value), or a loop (an atom known when
                 // unrolled)
    EX_TODAY,    // first day of the step
    EX_STEP,     // the step's length, a duration
    EX_BETWEEN,  // flag of the calendar: number <= step's day <= number2 (as steps hold dates)
    EX_EVENT,    // ref = event, field = EventField; args[0] = member when the event is indexed
    EX_CHOICE,   // ref = decision; args[0] = member when indexed: the latest choice, an atom; of a
                 // council without a member: what its latest vote carried
    EX_CHOSEN,   // as EX_CHOICE; field = EventField but HAPPENED, of the choice of the option whose
                 // atom is number (of a council: that it was carried)
    EX_SIGHT,    // ref = sight of the decision being taken
    EX_NEG,
    EX_ADD,
    EX_SUB,
    EX_MUL,
    EX_DIV,
    EX_POW,
    EX_LT,
    EX_LE,
    EX_EQ,
    EX_NE, // > and >= come with their sides swapped
    EX_AND,
    EX_OR,
    EX_NOT, // two operands each
    EX_IF,  // args: condition, then, else
    EX_EXP,
    EX_LOG,
    EX_SQRT,
    EX_ABS,
    EX_LOGISTIC,
    EX_ROUND, // to the nearest whole number: what a count is given
    EX_MIN,
    EX_MAX,   // two operands
    EX_CLAMP, // args: value, low, high
    EX_RATE,  // args[0] = a chance, number = window in days: -log(1 - p) / window
    EX_LET,   // ref = variable; args: value, body (user functions are inlined so)
    EX_SUM,
    EX_ANY,
    EX_ALL,
    EX_COUNT,
    EX_MAX_OF,
    EX_MIN_OF,
    EX_MEAN_OF,
    // over a set: ref = variable, domain = set, args[0] = body, args[1] = the member
    // left out (an atom expression) or absent
    EX_DRAW, // a fresh draw each time it is executed; dist, site
    EX_NOISE // normal with mean 0; args[0] = spread of one square-root day: sd = args[0] *
             // sqrt(step); site
} ExprOp;

typedef enum { FIELD_HAPPENED, FIELD_NOW, FIELD_FIRST, FIELD_TIMES, FIELD_SINCE } EventField;

struct Expr {
    ExprOp op;
    Kind kind;
    int32_t ref, field, domain;
    double number, number2;
    const Dist *dist;
    Str site; // of a draw: block, variable, ordinal: "each_step.front.1"; unique in its view, but
              // for the members of sets, which the lowering adds
    const Expr *const *args;
    int32_t n_args;
    Span span;
};

// ---- Dynamics ---------------------------------------------------------------------------------
typedef struct Stmt Stmt;
typedef struct {
    const Stmt *const *p;
    int32_t n;
} Body;

typedef enum {
    STMT_ASSIGN, // target = value (op-assignments arrive as target = target op value)
    STMT_RAISE,  // ladder: target = max(target, value); by: min(target + value, top)
    STMT_LOWER,  // target = min(target, value); by: max(target - value, 0)
    STMT_HEARS,  // target, a belief, after a signal that is yes with chance `hit` where its
                 // proposition is true, else with chance `alarm`; site
    STMT_TOLD,   // the same, but the signal is `value`, true or not
    STMT_LET,    // var = value, to the end of the body
    STMT_IF,     // value = condition, body, other
    STMT_FOR,    // var over set, except
    STMT_AFTER,  // body, delivered `delay` later (a duration, may draw); only inside then; delay_id
                 // numbers it within its event or decision
    STMT_ONE_OF  // one of outcomes[], drawn by weights (expressions, sum 1); site
} StmtKind;

typedef struct {
    const Expr *weight; // NULL for `rest`
    Str name;
    Body body;
} Outcome;

struct Stmt {
    StmtKind kind;
    const Expr *target; // EX_QUANTITY of a state
    const Expr *value;
    const Expr *hit, *alarm;
    bool by;
    int32_t var, set;
    const Expr *except;
    Body body, other;
    const Expr *delay;
    int32_t delay_id;
    const Outcome *outcomes;
    int32_t n_outcomes;
    Str site;
    Span span;
};

typedef enum {
    CHANCE_NONE,     // fires on the first step where `when` holds
    CHANCE_HAZARD,   // a rate per day: fires in a step of d days with 1 - exp(-rate d)
    CHANCE_PER_STEP, // a plain probability in each step (`within step`)
    CHANCE_ONCE      // one trial with this probability each time `when` turns true
} ChanceKind;

typedef enum { AGAIN_NEVER, AGAIN_ALWAYS, AGAIN_AFTER } Again;

typedef struct {
    Str name, title;
    int32_t set, var;   // indexed events: the set and its loop variable; set -1 otherwise
    const Expr *except; // member left out, or NULL
    bool in_turn;
    double happened;  // a date in the past (or to come), NaN: a live event
    const Expr *when; // NULL: always
    ChanceKind chance_kind;
    const Expr *chance;
    Body then;
    int32_t n_delays; // STMT_AFTER in `then`
    Again again;
    double again_days;
    bool removed; // by a story's `without event`: never happens
    Notes notes;
    Span span;
} Event;

typedef struct {
    Str name; // how worths call it
    const Expr *value;
    const double *cuts; // ascending, base units; worths read a number between the cuts that it lies
                        // between, in the sight's own unit
    int32_t n_cuts;
    double give;        // half width of the central 90 % of the noise; 0: sees exactly
    bool give_relative; // `give` is a share of the value
    Str site;
} Sight;

typedef struct {
    const Expr *value; // sign included
    Str name;          // or empty
} WorthPart;

typedef struct {
    Str name, title;
    int32_t atom;           // its value, global number
    const Expr *when;       // or NULL
    const Expr *weight;     // odds; NULL
    const WorthPart *worth; // summands; n_worth 0 and no weight: worth 0
    int32_t n_worth;
    Body then;
    Notes notes;
    Span span;
} Option;

// How many of those who vote in a step it takes to carry an option. Who chooses an option in that
// step votes in it, nobody else.
typedef enum {
    COUNCIL_NONE, // no council: each member's choice is his own
    COUNCIL_ALL,
    COUNCIL_MOST, // more than half
    COUNCIL_LEAST // `least` of them; `any` is one
} Council;

// What follows when an option is carried: of several, the first of the list alone.
typedef struct {
    int32_t option; // index into the options
    Body then;
    Span span;
} Carried;

typedef struct {
    Str name, title;
    int32_t set, var; // decision by each member of a set; set -1: by actor
    int32_t actor;    // atom, -1 when by a set
    const Expr *except;
    bool in_turn;
    const Expr *when;  // NULL: always
    double every_days; // 0: once in a future
    const Sight *sights;
    int32_t n_sights;
    bool by_weight;          // options have weights, otherwise worths
    const Expr *rationality; // NULL: 1
    const Option *options;
    int32_t n_options;
    int32_t option_set; // its set of option atoms
    Council council;
    int32_t least; // COUNCIL_LEAST
    const Carried *carried;
    int32_t n_carried;
    Body blocked; // a vote was taken and none of `carried` was
    int32_t n_delays;
    Notes notes;
    Span span;
} Decision;

typedef enum { BLOCK_EACH_STEP, BLOCK_EVENT, BLOCK_DECISION, BLOCK_ON_DATE } BlockKind;

// The dynamic blocks, in the order of the file: the order in which a step runs.
typedef struct {
    BlockKind kind;
    int32_t ref; // event or decision
    Body body;   // EACH_STEP, ON_DATE
    double date; // ON_DATE
    Notes notes;
    Span span;
} Block;

typedef struct {
    const Expr *condition;
    Str text;
    Span span;
} Check;

// ---- Questions --------------------------------------------------------------------------------
typedef enum {
    FORM_EVER,
    FORM_NEVER,
    FORM_ALWAYS,
    FORM_FIRST,
    FORM_AT_END,
    FORM_AT_DATE,
    FORM_MAX,
    FORM_MIN,
    FORM_MEAN,
    FORM_TIMES,
    FORM_OVER_TIME,
    FORM_BEFORE, // a before b
    FORM_UNTIL   // b holds until a comes true (and a does)
} FormKind;

typedef struct {
    FormKind kind;
    const Expr *a, *b;
    double at;          // AT_DATE
    double from, to;    // window of dates (the steps that hold them); NaN: the run's start and end
    double within_days; // > 0: the clock starts when `after` first holds
    const Expr *after;
} Form;

typedef struct {
    Str name, text;
    Form form;
    const Form *given; // all must hold in the future; kinds yielding flags only
    int32_t n_given;
    Str rule;          // resolves
    double resolve_by; // NaN: none
    Kind kind;         // of the answer
    Shown shown;
    Notes notes;
    Span span;
} Question;

typedef struct {
    int32_t question;
    Str words;      // as he said it, or empty
    double lo, hi;  // his odds as an interval; equal for a number
    double by;      // the date he names, NaN: none
    Str about;      // what he means by it, where that is not what the question asks; or empty
    int32_t source; // -1: the story's
    Span span;
} Says;

// ---- Views ------------------------------------------------------------------------------------
typedef enum { VIEW_BASE, VIEW_STORY, VIEW_VARIANT } ViewRole;

typedef struct {
    Str quantity; // what was overridden, as addressed: "fear[POL]", "send.go.worth", "event clash"
    Notes notes;
    Span span;
} OverrideNote;

// Params that are correlated with others, in the order of their declarations. The normal score of
// the i-th is the sum over k <= i of row[k] times the score that is drawn for the k-th by itself.
typedef struct {
    int32_t quantity, element;
    const double *row;
} Correlated;

// As it was stated: rank correlations between all those named, for telling.
typedef struct {
    Str names; // "a, b[POL]"
    double rank;
    Notes notes;
    Span span;
} Correlation;

typedef struct View {
    ViewRole role;
    Str name, title;
    double weight;       // in the pool, before normalising; base and variants usually 0
    double grade_weight; // the same before it is discounted for shared hands (lang/pool.h)
    bool weight_stated;
    Notes notes;
    const Atom *atoms;
    int32_t n_atoms;
    const Set *sets;
    int32_t n_sets;
    const Ladder *ladders;
    int32_t n_ladders;
    const Quantity *quantities;
    int32_t n_quantities;
    const Correlated *correlated;
    int32_t n_correlated;
    const Correlation *correlations;
    int32_t n_correlations;
    const Event *events;
    int32_t n_events;
    const Decision *decisions;
    int32_t n_decisions;
    const Block *blocks;
    int32_t n_blocks;
    const Expr *stop; // NULL: none
    const Check *checks;
    int32_t n_checks;
    const Question *questions; // the same questions, in the same order, in every view
    int32_t n_questions;
    int32_t n_vars; // variables bound anywhere, for the lowering's environment
    const Says *says;
    int32_t n_says;
    const OverrideNote *overrides;
    int32_t n_overrides;
} View;

typedef enum { STEP_HOURLY, STEP_DAILY, STEP_WEEKLY, STEP_MONTHS, STEP_EVERY } StepKind;

typedef struct Model {
    Str title, path;
    uint64_t hash; // of the meaning: texts without comments and layout, files and library
    StepKind step_kind;
    double step_days;    // 0 when steps are months
    int32_t step_months; // of the calendar, 0 when steps are days
    double start, end;   // days since 1970; the last step ends at or after `end`
    int32_t n_steps;
    const double *step_start; // n_steps + 1
    Str standard;             // words: "ICD203"
    const Word *words;        // of that standard, in order from low to high
    int32_t n_words;
    const Str *bases; // unit names; bases[0] = "day"
    int32_t n_bases;
    const Unit *units;
    int32_t n_units;
    const Relay *relays;
    int32_t n_relays;
    const Source *sources;
    int32_t n_sources;
    GradeTable grades;
    double base_weight;
    const View *const *views; // views[0] is the base
    int32_t n_views;
    // What --set says, as written ("fear = 2"), and each view with that laid over it, in the order
    // of `views`; both NULL without --set. What is told is the changed view, unless it is asked for
    // as the file has it.
    const Str *settings;
    int32_t n_settings;
    const View *const *set_views;
    const struct Build *build; // how it was put together, for lang/swap.h
    Arena *arena;
} Model;

double model_shortest_step(const Model *model); // days
double model_longest_step(const Model *model);

// The step that holds a date: clamped to the last when it is the run's end exactly; -1 before the
// start, n_steps after the end.
int32_t model_step_of(const Model *model, double date);
// The same of a day that something goes on to: where steps are shorter, the last that lies in it.
int32_t model_last_step_of(const Model *model, double date);
const View *model_view(const Model *model, Str name); // NULL when there is none
