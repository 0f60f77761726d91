// SPDX-License-Identifier: MIT
//
// A Sourcing: what a model rests on, as plain data ready to be shown. Made in src/ask, shown in
// src/show.
//
// Rows are the things of a model that carry numbers, and the lines of stories that change them;
// each with what is cited for it. Hands are who brought it: sources, the relays they went through,
// and their owners. What is told of a hand is how the answers of the pool would stand without it,
// in the same worlds with the same draws, so that what both share drops out of the error. Numbers
// are in base units; show them by `scale` and `unit`.
#pragma once
#include "answer/answer.h"

typedef enum {
    ROW_PARAM,
    ROW_TYPE,
    ROW_STATE, // its start
    ROW_BELIEF,
    ROW_EVENT,
    ROW_DECISION,
    ROW_OPTION,
    ROW_BLOCK, // each step, on a date
    ROW_QUESTION,
    ROW_STORY,
    ROW_CHANGE,      // a line of a story or variant
    ROW_CORRELATION, // a `correlate` of the base
    ROW_SAYS         // what an author says of a question, where it names its own source
} SourcingRowKind;

// What stands under a row, from worst to best.
typedef enum {
    RESTS_NOTHING,    // it has numbers, and neither a source nor an assumption is named
    RESTS_ASSUMPTION, // the author says that nothing backs it
    RESTS_WEAK,       // on sources graded D, E or F, or on claims of credibility 4 to 6, alone
    RESTS_SOURCES,
    RESTS_NOT_ASKED // formulas, starts, questions: no source is cited, and none is asked for
} Footing;
enum { FOOTINGS = RESTS_NOT_ASKED + 1 };

typedef struct {
    int32_t source;
    int32_t credibility; // 1..6, 0: not stated
    Str locator;
} SourcingCite;

// Share of an answer's spread between worlds that an unknown explains by itself.
typedef struct {
    int32_t item;
    Estimate share;
} RowShare;

typedef struct {
    SourcingRowKind kind;
    Str reading; // "base", or the story or variant whose line it is
    Str name;    // "fear[senders]", "clash", "aims of RUS"
    Str title;   // as the model has it, or empty
    Str value;   // in words, where there is one: "3 % to 15 % within 1 year in 9 of 10 worlds"
    const SourcingCite *cites;
    int32_t n_cites;
    bool inherited; // cites are those of the story, or of the decision, around it
    int32_t voices; // of its sources, how many share no hand with another one before
    Str assumption; // its reason, or empty
    Footing footing;
    bool varies;            // an unknown of the world: the run can tell what it moves
    const RowShare *shares; // answers it moves, most first
    int32_t n_shares;
} SourcingRow;

typedef struct {
    Str id, note, file, url, owner;
    char reliability;
    double date;        // NaN: none
    const int32_t *via; // relays, origin first
    int32_t n_via;
    const int32_t *rows; // that cite it
    int32_t n_rows;
    int32_t n_alone; // of them, those that cite nothing else
} SourcingSource;

typedef struct {
    Str id, title, owner;
} SourcingRelay;

// How a story came to its weight.
typedef struct {
    Str story;      // or "base"
    int32_t source; // that stands for it; -1: none
    int32_t credibility;
    bool stated;   // by `weight`
    double raw;    // as stated, or by the table of grades
    Str hand;      // relay, owner or source it shares with others, or empty
    double counts; // share of `raw` that counts
    double weight, share;
} SourcingWeight;

typedef struct {
    Str grade; // "A", "C4"
    double weight;
} SourcingGrade;

typedef struct {
    Str name, text, asked;
    ItemKind kind; // never SERIES
    double scale;
    Str unit;
    bool conditional;
    const Str *level_names;
    int32_t n_levels;
    Estimate pool;          // FLAG, DATE: chance; NUMBER: mean; LEVEL: NaN
    const Estimate *levels; // LEVEL: shares, by level
    double futures;         // that it rests on, over all stories
    Str why;                // why there is no answer, or empty
} SourcingItem;

// One answer without a hand.
typedef struct {
    bool known;                         // both can be told
    int32_t level;                      // LEVEL: the one that moves most; else -1
    Estimate with, without, difference; // without less with; half: 95 %, paired
    double errors; // |difference| in standard errors; infinite when the error is 0
    double size;   // |difference| in standard deviations of futures
    bool found;    // more than SOURCING_FOUND_ERRORS of them
    // What its own stories give, all together, where some leave the pool; NaN otherwise.
    double own;
} SourcingEffect;

enum { SOURCING_FOUND_ERRORS = 4 };

typedef enum { WITHOUT_SOURCE, WITHOUT_RELAY, WITHOUT_OWNER } WithoutKind;

typedef struct {
    WithoutKind kind;
    Str name;
    const int32_t *sources; // that went through it
    int32_t n_sources;
    const Str *stories; // that leave the pool
    int32_t n_stories;
    double share;           // of the pool that these hold
    const int32_t *changes; // rows: lines of other stories that fall back to the base
    int32_t n_changes;
    const int32_t *bare; // rows of the base that would be left without support
    int32_t n_bare;
    bool moves;       // the pool is another one without it; else all differences are exactly 0
    bool empties;     // nothing is left of the pool
    Str why;          // why it could not be left out, or empty
    int32_t same_as;  // hand of `without` that brought the very same sources; -1: none
    int32_t moves_as; // hand without which the pool is the very same; -1: none before it
    const SourcingEffect *effects; // by item, when it moves and does not empty the pool; else NULL
    const int32_t *ranked;         // items, those moved most first
    int32_t n_found;
} SourcingWithout;

typedef struct Sourcing {
    Provenance provenance;
    bool was_run; // false: nothing was run, and there are neither shares nor effects
    const SourcingRow *rows;
    int32_t n_rows;
    const SourcingSource *sources;
    int32_t n_sources;
    const SourcingRelay *relays;
    int32_t n_relays;
    const SourcingGrade *grades;
    int32_t n_grades;
    double shared; // of each further story of one hand
    const SourcingWeight *weights;
    int32_t n_weights;
    const SourcingItem *items;
    int32_t n_items;
    const SourcingWithout *without; // sources, relays, owners
    int32_t n_without;
    const Remark *remarks;
    int32_t n_remarks;
} Sourcing;

// One 64-bit hash of all figures, free of times, threads and paths.
uint64_t sourcing_digest(const Sourcing *sourcing);
