// SPDX-License-Identifier: MIT
//
// Many views told side by side: every world is drawn once and told by each column, so that columns
// differ only where their views do (common random numbers; Glasserman and Yao 1992).
//
// A unit of worlds is run for all columns by the same worker, world by world the futures n that
// count and their sum x are gathered for each track, and products of columns are summed in the
// order of worlds, units and sections. A difference of ratios R = sum x / sum n thus gets the error
// that the pairs of worlds show, and memory does not grow with worlds. A mixture is a column whose
// world w is told by one of the others: the pool costs nothing.
#pragma once
#include "ask/estimates.h"
#include "ask/tally.h"

typedef struct {
    int32_t a, b;
} GridPair;

typedef struct {
    const View *const *views; // columns 0 .. n_views - 1
    int32_t n_views;
    // Columns n_views ..: world w is that of column mixtures[m][plan_telling_of(pool, w)].
    const Plan *pool;
    const int32_t *const *mixtures;
    int32_t n_mixtures;
    const GridPair *pairs; // of columns whose differences are wanted, in any order; may be none
    int32_t n_pairs;
    bool want_medians;
    bool want_levels;      // shares of all levels, and of futures that count; false: of `level` of
                           // each question alone
    const int32_t *level;  // by asked question
    const Layout *like;    // of the same questions: take its centres; NULL: find them
    uint32_t unit_futures; // of one column in a unit of work; 0: as a run would cut them
    // For progress lines: what is being done, and where this grid is one of several, what was done
    // before it, of how much, since when.
    Str phase;
    uint64_t done_before, wanted_in_all;
    double started;
} GridSpec;

// What it ended with. Lives in the arena given to grid_run.
typedef struct {
    const Plan *plan;
    const Layout *layout;
    int32_t n_columns, n_views;
    const bool *clustered; // by column: its worlds differ
    const int32_t *tracks; // kept ones, as of the layout
    int32_t n_tracks;
    const int32_t *main;      // by asked: index among the kept of its (first) track
    const int32_t *defined;   // by asked: of TRACK_DEFINED, -1: all futures count
    const double *centres;    // by kept track: x is summed as distance from it in products
    const int32_t *pair;      // [a * n_columns + b]: which sums, -1: none
    double **sections;        // flat sums
    FloatHist ***numbers;     // [column][number], NULL: no medians wanted
    uint64_t ***dates;        // [column][date]
    Incident **trouble;       // by view, by state
    Incident **failures;      // by view, by check
    uint64_t *n_failed;       // by view: futures in which some check failed
    uint64_t futures, worlds; // of one column, done
    bool partial;
    int32_t threads;
} Grid;

// Of the options count: seed, worlds, futures, threads, questions (none of them over time), engine,
// progress and stop.
Status grid_run(Arena *arena, const Model *model, const RunOptions *options, const GridSpec *spec,
                Grid **grid, Error *error);

// ---- What a grid knows: grid_sums.c -------------------------------------------------------------

TrackSums grid_sums(const Grid *grid, int32_t column, int32_t track);
TrackSums grid_section_sums(const Grid *grid, int32_t column, int32_t track, int32_t section);
// The share or mean of a kept track, as a run of that view alone would tell it.
Estimate grid_value(const Grid *grid, int32_t column, int32_t track);

// Covariance of two columns' ratios, clustered by world: W/(W-1) sum e_a e_b / (N_a N_b) with
// residuals e = x - R n (Cochran 1977, section 6.3, for two ratios). The pair must be among those
// of the spec, or a = b with the column in some pair. 0 when a column has no futures.
double grid_covariance(const Grid *grid, int32_t a, int32_t b, int32_t track);

// R_a - R_b with its 95 % interval: Student's t on the worlds that both rest on. Exactly 0 with
// error 0 when the columns are the same in every world. Where one of them has all misses or all
// hits, its share of the variance is at least that of one miss (hit) more. NaN when one has no
// answer.
Estimate grid_difference(const Grid *grid, int32_t a, int32_t b, int32_t track);

// Half width over standard error of that interval; NaN below two worlds.
double grid_student(const Grid *grid, int32_t a, int32_t b, int32_t track);

// ---- Columns weighed: grid_mix.c ----------------------------------------------------------------

// `weights` by column, 0 for those that play no part. The mixture's ratio is
// R = sum_c w_c X_c / sum_c w_c N_c: what a pool with these weights gives in the long run, from
// futures of all its columns. Every pair of columns with a weight must be among those of the spec.

// Sums of it, as though each future counted w_c times; w: the worlds that have any.
TrackSums grid_pooled(const Grid *grid, const double *weights, int32_t track);
// R, clustered by world (Cochran 1977, section 6.3): a share has Wilson's interval.
Estimate grid_mixed(const Grid *grid, const double *weights, int32_t track);
// R with the weights `after` less R with `before`, paired: both are linear in the same sums of a
// world, so its residuals are one sum. Exactly 0 with error 0 for the same weights.
Estimate grid_reweighted(const Grid *grid, const double *before, const double *after,
                         int32_t track);

double grid_median(const Grid *grid, int32_t column, int32_t asked); // NaN: none
