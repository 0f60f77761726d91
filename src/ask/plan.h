// SPDX-License-Identifier: MIT
//
// The plan of a run: which views are told with what share of the worlds, what is asked, and how
// worlds and futures are cut into units of work. Made once, then only read, by all threads.
//
// Worlds are cut into up to 16 sections of equal size for errors by sectioning; a unit lies within
// one section, and consecutive units go round the sections, so that a run stopped early has filled
// them about equally (unless samples are written: these come in the order of worlds).
#pragma once
#include "ask/run.h"
#include "program/program.h"

enum {
    PLAN_SECTIONS = 16,
    PLAN_RANK_BINS = 16, // of an unknown, by its rank
    PLAN_STORY_BINS = 8, // of an unknown in each story of a pool
    PLAN_MAX_BINS = 80,
    PLAN_MAX_POINTS = 128,
    PLAN_MOST_MONTHS = 60 // or steps of a short run: see Plan.month_end
};

// A view with its program, told in a share of the worlds.
typedef struct {
    const View *view;
    const Program *program;
    double share, until;    // `until`: shares summed up to this one; the last is 1
    const int32_t *result;  // by asked question: index into program->results, -1: none
    const int32_t *tie;     // the same for what came in one step, -1: not asked
    const int32_t *series;  // the same for program->series
    const int32_t *unknown; // by PlanUnknown: index into program->unknowns, -1: not in this view
    const int32_t
        *first_bin; // by PlanUnknown: its bins here among those of all, -1: not in this view
} Telling;

typedef struct {
    int32_t question; // index in the model
    bool is_series;
    ResultKind kind;
    int32_t n_levels;
    bool has_defined; // some futures may be left out
    bool has_censored;
    int32_t column; // where a unit keeps its values: among results or among series
    int32_t tie;    // the same for what came in one step (`before`), -1: not asked
} Asked;

typedef struct {
    Str name;
    int32_t n_bins; // in one telling; of the story itself one a telling
    bool is_category;
} PlanUnknown;

typedef struct {
    const Model *model;
    uint64_t seed;
    EngineOptions engine;
    const Telling *tellings;
    int32_t n_tellings;
    bool pooled;        // by weights; false: one view was chosen, or only the base is there
    bool changed;       // by the settings of --set
    bool worlds_differ; // several tellings, or some program draws in its worlds
    const Asked *asked;
    int32_t n_asked, n_results, n_series;
    const PlanUnknown *unknowns;
    int32_t n_unknowns, n_bins; // bins of all unknowns in all tellings
    int32_t story; // the unknown that is the story itself, when there are several tellings; -1
    // Points of time at which series are kept: step -1 first, then every `stride`-th.
    int32_t n_points, stride;
    // Months (or shorter spans) for the incidence of dates: the last day of each.
    const double *month_end;
    int32_t n_months;
    bool months_are_steps; // the starts of steps, which may be hours
    // Geometry
    uint64_t worlds, futures;
    int32_t n_sections;
    uint32_t unit_futures;
    int64_t n_rounds, n_units; // ids 0..n_units-1; some at the end of a section may be empty
    bool in_order;             // ids in the order of worlds, not round the sections
} Plan;

// A unit of work: some whole worlds, or a range of the futures of one.
typedef struct {
    int32_t section;
    uint64_t world;
    int32_t n_worlds; // 0: an empty unit
    uint32_t future, n_futures;
    bool whole; // all futures of its worlds
} WorkUnit;

Status plan_make(Arena *arena, const Model *model, const RunOptions *options, bool trace,
                 Plan **plan, Error *error);
// ST_INTERNAL with a sentence when this is more memory than the process may use.
Status plan_fits(double bytes, Error *error);
// One of Model.views as --set changes it, unless the options want it as written.
const View *plan_told_view(const Model *model, const RunOptions *options, const View *view);

// The plan of columns told side by side (ask/grid.h): the tellings are `views`, and every world is
// told by each of them. What is unknown is not linked: bins cannot be asked for.
Status plan_make_columns(Arena *arena, const Model *model, const RunOptions *options,
                         const View *const *views, int32_t n, Plan **plan, Error *error);

// The options then ask for questions with a single answer alone, none of them over time; a name
// that no question has is left in, to be refused. How many were left out.
int32_t plan_leave_out_series(Arena *arena, const Model *model, RunOptions *options);

int32_t plan_threads(const Plan *plan, const RunOptions *options); // workers worth having
void plan_cut(Plan *plan, uint32_t unit_futures);                  // into other units
WorkUnit plan_unit(const Plan *plan, int64_t id);
int32_t plan_telling_of(const Plan *plan, uint32_t world); // the story this world tells
int32_t plan_point_of(const Plan *plan, int32_t step);     // -1: not kept
double plan_point_date(const Plan *plan, int32_t point);
