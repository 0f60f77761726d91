// SPDX-License-Identifier: MIT
//
// One worker's unit of work: run it, and lay the values of its futures out by world and future.
//
// The engine hands lanes over in whatever order its blocks and sweeps bring; here they fall into
// their places, so that everything after this is a plain loop in a fixed order.
#pragma once
#include "ask/points.h"

enum { IS_OUT = 0, IS_IN = 1, IS_CUT = 2 }; // left out; counts; left out because the horizon came

// Something that went wrong in some futures, and the first of them.
typedef struct {
    uint64_t n;
    uint32_t world, future;
    int32_t step;
} Incident;

typedef struct {
    int32_t n;
    int32_t *place;
    double **frozen; // by Asked.column of series
} EndedList;

// What becomes of series: nothing, for who asks for results alone; what answers are made of; or all
// values as they are, for who looks at a few futures (ask/pilot.h, ask/closer.h) and has no scales.
typedef enum { SERIES_OFF, SERIES_COUNTED, SERIES_WHOLE } SeriesUse;

// Values of a unit. Future f of world w of the unit (both from 0) is at i = w * n_futures + f.
typedef struct {
    const Plan *plan;
    Engine **engines; // by telling, made when first needed
    WorkUnit unit;
    int32_t n;       // futures in the unit
    double **values; // by Asked.column and .tie of results; flags as 0 and 1
    uint8_t **state; // IS_OUT, ...
    SeriesUse use;
    // Series that points_serve are counted there, unless all are kept whole. Of the others, by
    // Asked.column, values are kept as floats, as distances from a centre of their point:
    // [point * row + i] less centre[column * n_points + point].
    Points *points; // NULL: none is counted
    bool any_rows;
    float **series;
    const double *centre;
    double **whole;    // all series, when they are kept so
    float **series_in; // 1: counts, 0: left out
    // Futures that ended before the horizon, and the value each series then froze at. While a unit
    // runs in the order in which they end, then by the first point that shows them so.
    EndedList ended;
    int32_t *ended_until; // by point: so many of them show there
    int32_t capacity;     // futures the columns have room for
    int32_t row;          // see series
    int32_t world_capacity;
    int32_t *telling; // by world of the unit
    uint8_t **bins;   // by PlanUnknown, by world; NO_BIN: not in this world's telling
    bool want_bins;
    Incident **trouble;  // by telling, by state: not finite at the end
    Incident **failures; // by telling, by check
    Incident *odd;       // by asked: a number that counts and is not finite
    uint8_t *failed;     // by future
    uint64_t n_failed;   // futures in which some check failed
    // The incidents above, from odd on, and n_failed as they were kept.
    Incident *before;
    int32_t n_incidents;
    uint64_t n_failed_before;
    // Scratch
    double *column; // of futures
    float *narrow;  // the same
    uint32_t *list;
    int32_t *world_of_slot;
    EndedList unsorted;
    int32_t *shows_from; // by future of the unsorted: the first point that shows it so
    int32_t *done_place; // of each lane that finished
    int32_t *place;      // of the lanes last seen, n_place of them
    int32_t n_place;
    uint32_t *first_of_slot;   // place of future 0 of that world, modulo 2^32
    int32_t **number_states;   // by telling: which states must be finite, ended by -1
    int32_t **asked_of_series; // by telling, by series of its program; -1: not asked
} UnitData;

enum { NO_BIN = 255 };

UnitData *unit_data_new(Arena *arena, const Plan *plan, SeriesUse use, PointScales scales,
                        bool want_bins);
void unit_data_free(UnitData *data);      // the engines; the rest is the arena's
size_t unit_data_bytes(const Plan *plan); // about what unit_data_new takes, engines not counted

// Run one unit. False when *stop became non-zero: the values are then incomplete, and what happened
// is forgotten.
bool unit_run(UnitData *data, WorkUnit unit, const volatile int *stop);

// The same with all worlds told by one telling; what happened stays. Engines stay for the next unit
// until dropped.
bool unit_run_told(UnitData *data, WorkUnit unit, int32_t telling, const volatile int *stop);
// What happened until now, and back to that: for a unit told by several, of which one is stopped.
void unit_keep_incidents(UnitData *data);
void unit_restore_incidents(UnitData *data);
void unit_drop_engine(UnitData *data, int32_t telling);

// The values of one series that is kept as floats at one point of time, those of ended futures as
// frozen, as distances from the point's centre; what does not count is NaN. data->n values, good
// until the next call.
const float *unit_series_at(const UnitData *data, const Asked *asked, int32_t point);
// The same of one that is kept whole; flags as 0 and 1.
const double *unit_whole_at(const UnitData *data, const Asked *asked, int32_t point);

void incident_add(Incident *incident, uint64_t n, uint32_t world, uint32_t future, int32_t step);
