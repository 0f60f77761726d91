// SPDX-License-Identifier: MIT
//
// What a run remembers of its futures: sums over worlds, histograms, counts. Never a future itself.
//
// Every answer is made of Tracks: a probability is the mean of a track of 0s and 1s, a number's
// mean that of a track of values. For each world a track has n (futures that count), x (their sum)
// and v2 (sum of squares); sums of these over worlds give means with errors clustered by world, and
// the variance between worlds. They are folded in the order of worlds within a unit, and of units
// within the run (ask/order.h), so that doubles do. Histograms are counts, which may be added in
// any order: each worker has its own.
#pragma once
#include "ask/hist.h"
#include "ask/unit.h"
#include "math/float_hist.h"

typedef enum {
    TRACK_HIT,     // flags: yes; dates: it happens
    TRACK_VALUE,   // numbers
    TRACK_LEVEL,   // level `arg`
    TRACK_RUNG,    // the level as a number, for what moves it
    TRACK_BY,      // dates: it has happened by the end of month `arg`
    TRACK_TIE,     // `before`: both came in the same step; follows its TRACK_HIT
    TRACK_DEFINED, // of all futures: it counts
    TRACK_CUT      // of all futures: the horizon came first
} TrackKind;

typedef struct {
    TrackKind kind;
    int32_t asked, arg;
    int32_t cells; // which table of (k, n) cells, -1: none
} Track;

// Sums over worlds of a track: flat[SUM * n_tracks + track]. With one future a world only n, x and
// v2 are kept; the others equal one of these.
enum {
    SUM_W,   // worlds with n > 0
    SUM_N,   // n
    SUM_X,   // x
    SUM_NN,  // n^2
    SUM_NX,  // n x
    SUM_XX,  // x^2
    SUM_XXN, // x^2 / n
    SUM_V2,  // v2
    SUM_COUNT
};

typedef struct {
    const Plan *plan;
    const Track *tracks;
    int32_t n_tracks;
    const int32_t *counted; // the tracks with cells, and those of numbers (for means of worlds)
    int32_t n_counted;
    const int32_t *first;     // by asked: its first track, -1: none (series)
    const int32_t *response;  // by asked: the track whose movers are sought, -1: none
    const int32_t *responses; // the tracks so named
    int32_t n_responses;
    int32_t n_cell_tables;
    int64_t cells_size; // entries of one table
    bool cells_square;  // cells[n * (F + 1) + k]; else CELL_BINS rows of count, sum n, sum k
    int32_t n_numbers, n_dates; // questions of these kinds
    const int32_t *kind_index;  // by asked: which number, which date, which number series
    int32_t n_number_series;
    // Where values lie (ask/pilot.h sets it): centres by number; of points as in PointScales.
    double *number_centre, *point_centre, *point_reach;
    int32_t date_group, n_date_bins; // steps a bin; bins: before the start, steps, after the end
    // Parts of flat. Movers: [bin of an unknown][response][n, x]. Tellings, when there are several:
    // [telling][response][TELLING_SUMS].
    int64_t movers_at, tellings_at, series_at, n_flat;
    const int64_t *series_offset; // by asked: flat[series_at + offset + point * width + 0, 1..]
    const int32_t *series_width;  // 1 + channels: n, then x by channel
} Layout;

enum { CELL_BINS = 512 };

// Sums over the worlds of one telling, beside n and x in the bins of the story.
enum { TELLING_W, TELLING_NN, TELLING_NX, TELLING_XX, TELLING_SUMS };

Layout *layout_make(Arena *arena, const Plan *plan, bool want_movers);
PointScales layout_scales(const Layout *layout);
int32_t layout_track(const Layout *layout, int32_t asked, TrackKind kind, int32_t arg); // -1: none

int32_t layout_date_bin(const Layout *layout, double date);
// First day of the step at which a share q of the dates counted in bins has come; NaN: none has.
double layout_date_quantile(const Layout *layout, const uint64_t *bins, double q);

// Counts of one worker, or of all.
typedef struct {
    const Layout *layout;
    uint64_t **cells;    // by table
    FloatHist **numbers; // by number * PLAN_SECTIONS + section, from their centre
    FloatHist **means;   // by number: means of worlds, from their centre
    uint64_t **dates;    // by date: [section * n_date_bins + bin]
    Hist **points;       // by number series * n_points + point
} Counts;

Counts *counts_new(Arena *arena, const Layout *layout);
void counts_clear(Counts *counts);
void counts_merge(Counts *into, const Counts *from);
size_t counts_bytes(const Layout *layout);

// One world: its tracks and its bins of unknowns.
typedef struct {
    double *n, *x, *v2; // by track
    uint8_t *bins;      // by unknown
    double *pairs;      // scratch: n and x by response
} WorldRow;

WorldRow world_row_new(Arena *arena, const Layout *layout);
void world_row_clear(const Layout *layout, WorldRow *row);
// Add world w of a unit to a row (a world may be cut over several units).
void world_row_gather(const Layout *layout, const UnitData *data, int32_t w, WorldRow *row);
void world_row_add(const Layout *layout, WorldRow *into, const WorldRow *from);
// A whole world of several futures: into flat sums, cells and means of worlds.
void world_fold(const Layout *layout, const WorldRow *row, double *flat, Counts *counts);

// All worlds of a unit, where each has one future: into flat sums.
void unit_fold_singles(const Layout *layout, const UnitData *data, double *flat);

// Histograms and series of all futures of a unit; series sums (of distances from the points'
// centres) go to flat.
void unit_count(const Layout *layout, const UnitData *data, double *flat, Counts *counts);
