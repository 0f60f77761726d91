// SPDX-License-Identifier: MIT
//
// An Answer: what was asked of a model, as plain data ready to be shown. It is made in src/ask and
// shown in src/show, and knows neither the language nor the engine.
//
// Every estimate carries its simulation error. Two uncertainties are never mixed: `Estimate` speaks
// of the sample (shrinks with more futures), `Band` of what is unknown in the model (does not).
// Numbers are in base units (days, dates since 1970, chances 0..1); show them by `scale` and
// `unit`.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

// A number with the half width of its 95 % simulation interval, and that interval where it is not
// symmetric (Wilson). NaN: cannot be estimated (`why` of the item says so).
typedef struct {
    double value, half, lo, hi;
} Estimate;

// How far a probability (or a mean) differs between worlds: central 80 %, simulation noise removed.
typedef struct {
    bool known;
    double lo, hi, sd;
} Band;

typedef enum { ITEM_FLAG, ITEM_NUMBER, ITEM_DATE, ITEM_LEVEL, ITEM_SERIES } ItemKind;

typedef struct {
    Str name;
    Estimate share;
    Band band;
} LevelShare;

typedef struct {
    double q; // 0.05 ...
    Estimate value;
} QuantileValue;

typedef struct {
    double date;
    Estimate share; // has happened by then
} Incidence;

// A value, and the share of futures in which it comes out.
typedef struct {
    double value, share;
} ValueShare;

// One step of an `over time` question; flags have only mean (a share), ladders shares[] by rung.
typedef struct {
    double date; // first day of the step; the first point is the start
    double
        defined; // share of the futures that count in which there is a value; the rest is of these
    Estimate mean;
    double q05, q25, q50, q75, q95;
    const double *shares;    // n_levels, ladders and sets
    const ValueShare *atoms; // of numbers in exact answers: all of the distribution, values rising
    int32_t n_atoms;
} SeriesPoint;

// An unknown that moves this answer: first-order share of the between-world variance.
typedef struct {
    Str name;
    Estimate share;
} Mover;

// What the author of the story that is told says himself; never part of what was computed.
typedef struct {
    Str who;       // the story, or the source when another one is named
    Str words;     // as he said it: "certainly"; empty when he gave figures
    double lo, hi; // his odds; equal for a single figure
    double by;     // the date he named, NaN: none
    Str about;     // what he means where it is something else, or empty
} Saying;

typedef struct {
    Str name, text;
    Str asked; // the question in words: "ever any(s in senders: deployed[s])"
    Str given; // the condition in words, or empty
    ItemKind kind;
    Estimate value; // FLAG: probability; NUMBER: mean; DATE: probability that it happens
    Band band;      // of that value
    Str word;       // estimative word for FLAG (and DATE), empty when out of its scale
    double word_lo, word_hi;
    uint64_t futures; // that this answer rests on (defined ones)
    Estimate defined; // share of futures behind a conditional; value 1 when unconditional
    bool conditional;
    Estimate censored; // share of all futures cut off by the horizon
    bool has_censored;
    Estimate tied; // `a before b`: both came in the same step, which counts as no
    bool has_tied;
    const QuantileValue *quantiles; // NUMBER and DATE (days; of those futures where it happens)
    int32_t n_quantiles;
    double sd; // NUMBER
    const ValueShare
        *atoms;      // NUMBER and DATE in exact answers: all of the distribution, values rising
    int32_t n_atoms; // (DATE without never), shares of the futures that count; not in the digest
    const LevelShare *levels;
    int32_t n_levels;
    const Incidence *incidence; // DATE: by month
    int32_t n_incidence;
    Estimate never;            // DATE
    const SeriesPoint *points; // SERIES
    int32_t n_points;
    ItemKind series_of;     // SERIES: FLAG, NUMBER or LEVEL
    const Str *level_names; // SERIES of LEVEL
    const Mover *movers;
    int32_t n_movers;
    const Saying *sayings; // of a single story
    int32_t n_sayings;
    double scale; // shown = value * scale
    Str unit;
    Str rule; // resolution rule, or empty
    double resolve_by;
    Str why; // a sentence when there is no answer: "the condition never occurred in ..."
} Item;

typedef struct {
    Str text;    // a sentence: numerical trouble, a check that failed, a run cut short
    Str command; // which shows it, as a line for a shell; or empty
} Remark;

typedef struct {
    Str model_title, model_path, model_hash; // hash as 16 hex digits
    Str version,
        reading;         // "pool of 5 stories", "story korybko", "base", "variant x, with fear = 2"
    const Str *settings; // what --set changed, as written
    int32_t n_settings;
    uint64_t seed, worlds, futures_per_world;
    uint64_t futures; // done in all
    uint64_t futures_wanted;
    bool partial; // stopped early, by the user or --precision
    double start, end;
    Str step;        // "weekly"
    double seconds;  // wall time; not part of the digest
    int32_t threads; // not part of the digest
    // Of `casus exact`: nothing was drawn, and futures is 0.
    bool exact;
    uint64_t states; // most at once
    double lost;     // probability that went nowhere: no answer is farther off, but for rounding
} Provenance;

typedef struct {
    Str name;     // story
    double share; // of worlds
    Str grade;    // "D" or ""
} PoolPart;

typedef struct Answer {
    Provenance provenance;
    const PoolPart *pool;
    int32_t n_pool;
    const Item *items;
    int32_t n_items;
    const Remark *remarks;
    int32_t n_remarks;
    bool check_failed;
} Answer;

// One 64-bit hash of all estimates, free of times, threads and paths.
uint64_t answer_digest(const Answer *answer);

// ---- One future as a story (`casus replay`) ----------------------------------------------------
typedef struct {
    double date;
    int32_t step;
    Str text;     // "Breakthrough across the line of contact", "Poland: go"
    Str detail;   // "saw others = 2; go 71 %, wait 29 %", or empty
    int32_t fold; // above 0: lines of one number say the same and changed nothing; 0: stands alone
} StoryLine;

typedef struct {
    Str name, value;
    Str exact; // the value to its last digit, where it is rounded; else empty
} StoryFact;

typedef struct {
    Provenance provenance;
    uint64_t world, future;
    Str story;                 // the reading this world tells, or "base"
    const StoryFact *unknowns; // what is true in this world
    int32_t n_unknowns;
    const StoryLine *lines;
    int32_t n_lines;
    const StoryFact *ending; // states at the end
    int32_t n_ending;
    const StoryFact *answers; // each question in this future
    int32_t n_answers;
} Replay;
