// SPDX-License-Identifier: MIT
//
// A Comparison: the same questions answered by several readings of a model in the same worlds, as
// plain data ready to be shown. Made in src/ask, shown in src/show.
//
// Columns are readings: the pool, each story, the base, variants. A Gap is a difference of two
// columns with its paired error: both were told in the same worlds with the same draws, so that
// what they share drops out. Numbers are in base units; show them by `scale` and `unit`.
#pragma once
#include "answer/answer.h"

typedef enum { COLUMN_POOL, COLUMN_STORY, COLUMN_BASE, COLUMN_VARIANT, COLUMN_SET } ColumnRole;

typedef struct {
    ColumnRole role;
    Str name;  // "pool", "korybko", "base", "no_aid"; of COLUMN_SET that of the column it changes
    Str title; // the story's, or empty
    Str grade; // of its source: "D" or ""
    double share;    // of the pool's worlds; 0: not in the pool
    int32_t against; // column from which its difference is told; -1: none
} CompareColumn;

// One question in one column.
typedef struct {
    Estimate value; // FLAG, DATE: chance; NUMBER: mean; LEVEL: share of the item's `lead` level
    const Estimate *levels; // LEVEL: shares, by level
    uint64_t futures;       // that it rests on
    Estimate defined;       // share of futures behind a conditional
    double median;          // NUMBER; DATE: of the futures in which it happens; NaN: none
    double sd;              // NUMBER: of futures
    Str why;                // why there is no answer, or empty
} CompareCell;

// Column a less column b. `known` is false when one of them has no answer or hardly any futures.
typedef struct {
    bool known;
    Estimate difference; // half: 95 %, paired
    double errors;       // |difference| in standard errors; infinite when the error is 0
    bool found;          // more than GAP_FOUND_ERRORS of them: it is there
    bool matters;        // more than GAP_PARTS_ERRORS, and large enough to matter
    Estimate factor;     // chances above 0: a / b, paired; else NaN
} Gap;

// Standard errors up to which no difference was found, and beyond which it is there, and beyond
// which readings part. By chance alone one difference in 22 is beyond the first, one in 370 beyond
// the second, one in 16,000 beyond the third.
enum { GAP_UNSURE_ERRORS = 2, GAP_FOUND_ERRORS = 3, GAP_PARTS_ERRORS = 4 };

typedef struct {
    Str name, text, asked, given, rule;
    double resolve_by;
    ItemKind kind; // never SERIES
    double scale;
    Str unit;
    bool conditional;
    const Str *level_names;
    int32_t n_levels;
    int32_t lead;             // LEVEL: the level on which readings part most, told by `gaps`
    const CompareCell *cells; // by column
    const Gap *gaps;          // [a * n_columns + b]
    int32_t low, high;        // of stories (and the base of a pool): the two furthest apart; -1: no
                              // difference found between any two
    double distance;          // between these two, from 0 (the same) to 1 (nothing in common)
    int32_t n_parting;        // pairs of readings whose gap matters
} CompareItem;

// Does the answer rest on so few futures that it says nothing? A chance whose 95 % interval spans
// more than half of what is possible; a mean of fewer than 5 futures. False without an answer.
bool compare_too_few(const CompareItem *item, const CompareCell *cell);

// ---- What authors say -------------------------------------------------------------------------

typedef enum {
    SAY_FITS,         // what the conditions give lies in what is said
    SAY_TOO_LITTLE,   // the conditions give less than he says
    SAY_TOO_MUCH,     // ... more
    SAY_EDGE,         // the error of the simulation reaches over the edge of what he says
    SAY_WIDE,         // his words cover more than half of all chances: they hold whatever comes
    SAY_ELSE,         // he speaks of another date or means something else
    SAY_NOT_A_CHANCE, // the question asks for a number or a ladder's rung
    SAY_NO_ANSWER,    // the question has no answer in his story
    SAY_TOO_FEW       // it rests on too few futures there
} SayVerdict;

typedef struct {
    int32_t item, column;
    Saying says;
    Estimate value; // what his own conditions give
    SayVerdict verdict;
} Coherence;

typedef enum {
    APPARENT_WORDS, // what they say does not overlap; what their conditions give does not differ
    APPARENT_ELSE,  // not the same question: another date, or another thing under one name
    APPARENT_HIDDEN // what they say overlaps; what their conditions give differs
} ApparentKind;

typedef struct {
    ApparentKind kind;
    int32_t item;
    int32_t a, b; // indices of Comparison.sayings
} Apparent;

// ---- Cruxes -----------------------------------------------------------------------------------

typedef struct {
    int32_t assumption;      // index in Comparison.assumptions
    Estimate closure;        // share of the gap that closes when it is swapped: mean of both ways
    double a_alone, b_alone; // a with b's setting; b with a's
    Str why;                 // why it could not be swapped alone, or empty
} CruxPart;

// Over what two readings part on a question.
typedef struct {
    int32_t item, level, a, b; // columns; `level` of a LEVEL
    double a_value, b_value;
    const CruxPart *parts; // most closing first
    int32_t n_parts;
    bool tied;                  // the first two cannot be told apart
    Estimate sum;               // of all single closures: 1 when assumptions do not interact
    bool has_pair;              // the first two were swapped together
    Estimate together, singles; // what that closes; what the two close one at a time
} Crux;

typedef struct {
    Str name;
    const Str *values; // by column: as written there; empty: as in the base
    Str base;          // as the base has it, or empty
} CompareAssumption;

typedef struct Comparison {
    Provenance provenance; // worlds and futures of one column
    Str against;           // "pool" or "base"
    const CompareColumn *columns;
    int32_t n_columns;
    int32_t n_voices; // readings whose parting is told: stories, the base where it counts
    const CompareItem *items;
    int32_t n_items;
    const int32_t *ranked; // items, those that part most first
    const Coherence *sayings;
    int32_t n_sayings;
    const Apparent *apparent;
    int32_t n_apparent;
    bool with_cruxes;
    uint64_t crux_worlds, crux_futures; // of each swapped reading
    int32_t n_swaps;                    // swapped readings told
    const CompareAssumption *assumptions;
    int32_t n_assumptions;
    const Crux *cruxes; // in the order of `ranked`
    int32_t n_cruxes;
    const Remark *remarks;
    int32_t n_remarks;
    bool check_failed;
} Comparison;

// One 64-bit hash of all figures, free of times, threads and paths.
uint64_t comparison_digest(const Comparison *comparison);
