// SPDX-License-Identifier: MIT
//
// One worker's unit of work: sinks that put what the engine hands over into its place.
#include "ask/unit.h"

#include <string.h>

#include "math/bits.h"

// What a sink needs to know: whose lanes these are.
typedef struct {
    UnitData *data;
    int32_t telling;
} Collect;

static int32_t most_worlds(const Plan *plan)
{
    uint64_t n = plan->worlds > 1 ? plan->unit_futures / plan->futures : 1;
    n = n > plan->worlds ? plan->worlds : n;
    return n > 0 ? (int32_t)n : 1;
}

static int32_t most_futures(const Plan *plan)
{
    uint64_t n = plan->futures < plan->unit_futures ? plan->futures : plan->unit_futures;
    n *= (uint64_t)most_worlds(plan);
    return (int32_t)n;
}

// Rows of series are a cache line longer than needed: of a power of two they would all fall on the
// same lines of the cache.
enum { ROW_GAP = 16 };

static EndedList ended_new(Arena *arena, const Plan *plan, int32_t capacity)
{
    int32_t n = plan->n_series > 0 ? capacity : 0;
    EndedList ended = {.place = ARENA_ARRAY(arena, int32_t, n + 1),
                       .frozen = ARENA_ARRAY(arena, double *, plan->n_series + 1)};
    for (int32_t c = 0; c < plan->n_series; c++) {
        ended.frozen[c] = ARENA_COLUMN(arena, double, n);
    }
    return ended;
}

static bool can_be_odd(const StateColumn *state)
{
    return !(state->is_flag || state->is_date || state->n_levels > 0); // masks; never; one of a few
}

// Which states must be finite, ended by -1.
static int32_t *number_states(Arena *arena, const Program *program)
{
    int32_t *numbers = ARENA_ARRAY(arena, int32_t, program->n_states + 1), n = 0;
    for (int32_t s = 0; s < program->n_states; s++) {
        if (can_be_odd(&program->states[s])) {
            numbers[n++] = s;
        }
    }
    numbers[n] = -1;
    return numbers;
}

// By series of a program: which question it is of, -1: of none that is asked.
static int32_t *asked_of_series(Arena *arena, const Plan *plan, int32_t telling)
{
    const Telling *t = &plan->tellings[telling];
    int32_t *asked = ARENA_ARRAY(arena, int32_t, t->program->n_series + 1);
    for (int32_t s = 0; s < t->program->n_series; s++) {
        asked[s] = -1;
        for (int32_t a = 0; a < plan->n_asked; a++) {
            asked[s] = plan->asked[a].is_series && t->series[a] == s ? a : asked[s];
        }
    }
    return asked;
}

static bool is_in_rows(const UnitData *d, const Asked *asked)
{
    return asked->is_series && !(d->points && points_serve(asked));
}

static void make_series(Arena *arena, UnitData *d, SeriesUse use, PointScales scales)
{
    const Plan *plan = d->plan;
    d->use = plan->n_series > 0 ? use : SERIES_OFF;
    d->centre = scales.centre;
    d->points = d->use == SERIES_COUNTED ? points_new(arena, plan, scales, d->capacity) : NULL;
    d->row = d->capacity + ROW_GAP;
    d->series = ARENA_ARRAY(arena, float *, plan->n_series + 1);
    d->whole = ARENA_ARRAY(arena, double *, plan->n_series + 1);
    d->series_in = ARENA_ARRAY(arena, float *, plan->n_series + 1);
    int64_t n = (int64_t)d->row * plan->n_points;
    for (int32_t a = 0; a < plan->n_asked; a++) {
        if (d->use != SERIES_OFF && is_in_rows(d, &plan->asked[a])) {
            int32_t c = plan->asked[a].column;
            bool whole = d->use == SERIES_WHOLE;
            d->series[c] = whole ? NULL : ARENA_COLUMN(arena, float, n);
            d->whole[c] = whole ? ARENA_COLUMN(arena, double, n) : NULL;
            d->series_in[c] = ARENA_COLUMN(arena, float, d->capacity);
            d->any_rows = true;
        }
    }
    d->ended = ended_new(arena, plan, d->capacity);
    d->unsorted = ended_new(arena, plan, d->capacity);
    d->shows_from = ARENA_ARRAY(arena, int32_t, d->capacity);
    d->ended_until = ARENA_ARRAY(arena, int32_t, plan->n_points + 1);
}

// All in one piece, so that those of a unit that is not finished are easily forgotten.
static void make_incidents(Arena *arena, UnitData *d)
{
    const Plan *plan = d->plan;
    d->n_incidents = plan->n_asked;
    for (int32_t t = 0; t < plan->n_tellings; t++) {
        const Program *program = plan->tellings[t].program;
        d->n_incidents += program->n_states + program->n_checks;
    }
    Incident *next = ARENA_ARRAY(arena, Incident, d->n_incidents + 1);
    d->before = ARENA_ARRAY(arena, Incident, d->n_incidents + 1);
    d->trouble = ARENA_ARRAY(arena, Incident *, plan->n_tellings);
    d->failures = ARENA_ARRAY(arena, Incident *, plan->n_tellings);
    d->odd = next;
    next += plan->n_asked;
    for (int32_t t = 0; t < plan->n_tellings; t++) {
        d->trouble[t] = next;
        d->failures[t] = next + plan->tellings[t].program->n_states;
        next = d->failures[t] + plan->tellings[t].program->n_checks;
    }
}

UnitData *unit_data_new(Arena *arena, const Plan *plan, SeriesUse use, PointScales scales,
                        bool want_bins)
{
    UnitData *d = ARENA_NEW(arena, UnitData);
    d->plan = plan;
    d->want_bins = want_bins;
    d->capacity = most_futures(plan);
    d->world_capacity = most_worlds(plan);
    d->engines = ARENA_ARRAY(arena, Engine *, plan->n_tellings);
    d->values = ARENA_ARRAY(arena, double *, plan->n_results + 1);
    d->state = ARENA_ARRAY(arena, uint8_t *, plan->n_results + 1);
    for (int32_t c = 0; c < plan->n_results; c++) {
        d->values[c] = ARENA_COLUMN(arena, double, d->capacity);
        d->state[c] = ARENA_ARRAY(arena, uint8_t, d->capacity);
    }
    make_series(arena, d, use, scales);
    d->narrow = ARENA_COLUMN(arena, float, d->capacity);
    d->column = ARENA_COLUMN(arena, double, d->capacity);
    d->failed = ARENA_ARRAY(arena, uint8_t, d->capacity);
    d->telling = ARENA_ARRAY(arena, int32_t, d->world_capacity);
    d->list = ARENA_ARRAY(arena, uint32_t, d->world_capacity);
    d->world_of_slot = ARENA_ARRAY(arena, int32_t, d->world_capacity);
    d->done_place = ARENA_ARRAY(arena, int32_t, d->capacity);
    d->place = ARENA_ARRAY(arena, int32_t, d->capacity);
    d->first_of_slot = ARENA_ARRAY(arena, uint32_t, d->world_capacity);
    d->bins = ARENA_ARRAY(arena, uint8_t *, plan->n_unknowns + 1);
    for (int32_t u = 0; u < plan->n_unknowns && want_bins; u++) {
        d->bins[u] = ARENA_ARRAY(arena, uint8_t, d->world_capacity);
    }
    make_incidents(arena, d);
    d->number_states = ARENA_ARRAY(arena, int32_t *, plan->n_tellings);
    d->asked_of_series = ARENA_ARRAY(arena, int32_t *, plan->n_tellings);
    for (int32_t t = 0; t < plan->n_tellings; t++) {
        const Program *program = plan->tellings[t].program;
        d->number_states[t] = number_states(arena, program);
        d->asked_of_series[t] = asked_of_series(arena, plan, t);
    }
    return d;
}

void unit_data_free(UnitData *data)
{
    for (int32_t t = 0; data && t < data->plan->n_tellings; t++) {
        if (data->engines[t]) {
            engine_free(data->engines[t]);
        }
    }
}

size_t unit_data_bytes(const Plan *plan)
{
    size_t n = (size_t)most_futures(plan);
    size_t series = n * (size_t)plan->n_series * 16 + points_bytes(plan, (int32_t)n);
    for (int32_t a = 0; a < plan->n_asked; a++) {
        bool in_rows = plan->asked[a].is_series && !points_serve(&plan->asked[a]);
        series += in_rows ? n * 4 * ((size_t)plan->n_points + 1) : 0;
    }
    return series + n * (size_t)plan->n_results * 9 + n * 57 +
           (size_t)most_worlds(plan) * (12 + (size_t)plan->n_unknowns);
}

void incident_add(Incident *a, uint64_t n, uint32_t world, uint32_t future, int32_t step)
{
    bool first =
        a->n == 0 || world < a->world ||
        (world == a->world && (future < a->future || (future == a->future && step < a->step)));
    if (first && n > 0) {
        a->world = world;
        a->future = future;
        a->step = step;
    }
    a->n += n;
}

// ---- Sinks --------------------------------------------------------------------------------------

static bool is_yes(double mask)
{
    uint64_t bits;
    memcpy(&bits, &mask, sizeof bits);
    return bits != 0;
}

static inline bool is_finite(double v)
{
    return v - v == 0;
}

// Flags become 0 or 1 and always count; a date that is not a number never came; numbers must be
// finite, levels exist.
static void judge(const Asked *asked, const double *from, int32_t n, const int32_t *place,
                  double *values, uint8_t *state)
{
    switch (asked->kind) {
    case RESULT_FLAG:
        for (int32_t i = 0; i < n; i++) {
            values[place[i]] = is_yes(from[i]) ? 1 : 0;
            state[place[i]] = IS_IN;
        }
        break;
    case RESULT_DATE:
        for (int32_t i = 0; i < n; i++) {
            values[place[i]] = from[i];
            state[place[i]] = IS_IN;
        }
        break;
    case RESULT_LEVEL:
        for (int32_t i = 0; i < n; i++) {
            values[place[i]] = from[i];
            bool known = from[i] >= 0 && from[i] < (double)asked->n_levels;
            state[place[i]] = known ? IS_IN : IS_OUT;
        }
        break;
    case RESULT_NUMBER:
        for (int32_t i = 0; i < n; i++) {
            values[place[i]] = from[i];
            state[place[i]] = is_finite(from[i]) ? IS_IN : IS_OUT;
        }
        break;
    }
}

static int32_t place_of(const UnitData *d, uint32_t world, uint32_t future)
{
    uint64_t w = (uint64_t)world - d->unit.world;
    ASSERT(w < (uint64_t)d->unit.n_worlds && future - d->unit.future < d->unit.n_futures);
    return (int32_t)(w * d->unit.n_futures + (future - d->unit.future));
}

static void put_result(UnitData *d, const Finished *f, const Asked *asked, int32_t column,
                       int32_t row)
{
    uint8_t *state = d->state[column];
    judge(asked, f->values[row], f->n, d->done_place, d->values[column], state);
    const double *defined = f->defined ? f->defined[row] : NULL;
    const double *censored = f->censored ? f->censored[row] : NULL;
    for (int32_t i = 0; defined && i < f->n; i++) {
        if (!is_yes(defined[i])) {
            state[d->done_place[i]] = censored && is_yes(censored[i]) ? IS_CUT : IS_OUT;
        }
    }
}

// Of the futures that ended before the horizon, which come first, the value that series froze at.
static void put_frozen(UnitData *d, const Finished *f, const Asked *asked, int32_t row,
                       int32_t n_early)
{
    double *frozen = d->unsorted.frozen[asked->column] + d->unsorted.n;
    const double *values = f->series[row];
    const double *defined = f->series_defined ? f->series_defined[row] : NULL;
    bool flag = asked->kind == RESULT_FLAG;
    for (int32_t i = 0; i < n_early; i++) {
        frozen[i] = !flag ? values[i] : is_yes(values[i]) ? 1 : 0;
    }
    float *in = d->series_in[asked->column];
    for (int32_t i = 0; asked->has_defined && i < f->n; i++) { // then it is in rows
        in[d->done_place[i]] = !defined || is_yes(defined[i]) ? 1 : 0;
    }
}

// Numbers that count and are none.
static void look_for_odd(UnitData *d, const Finished *f, int32_t a, int32_t row)
{
    const Asked *asked = &d->plan->asked[a];
    const double *values = f->values[row];
    const double *defined = f->defined ? f->defined[row] : NULL;
    for (int32_t i = 0; asked->kind == RESULT_NUMBER && i < f->n; i++) {
        if (!is_finite(values[i]) && (!defined || is_yes(defined[i]))) {
            incident_add(&d->odd[a], 1, f->world[i], f->future[i], f->end_step[i]);
        }
    }
}

// The first point of time that shows the frozen state of a future that completed `end_step` steps.
static int32_t first_frozen_point(const Plan *plan, int32_t end_step)
{
    int32_t done = end_step + 1; // steps completed at the first look that no longer happens
    int32_t point = (done + plan->stride - 1) / plan->stride;
    return end_step >= plan->model->n_steps ? plan->n_points : point;
}

// States that are no longer numbers. There hardly ever are any: of a number all bits of x - x are
// 0.
static void look_for_trouble(UnitData *d, const Finished *f, int32_t telling)
{
    const int32_t *numbers = d->number_states[telling];
    uint64_t odd = 0;
    for (int32_t k = 0; numbers[k] >= 0; k++) {
        const double *x = f->states[numbers[k]];
        for (int32_t i = 0; i < f->n; i++) {
            odd |= bits_of(x[i] - x[i]);
        }
    }
    for (int32_t k = 0; odd != 0 && numbers[k] >= 0; k++) {
        for (int32_t i = 0; i < f->n; i++) {
            if (!is_finite(f->states[numbers[k]][i])) {
                incident_add(&d->trouble[telling][numbers[k]], 1, f->world[i], f->future[i],
                             f->end_step[i]);
            }
        }
    }
}

// Who ended before the last point of a series, and where that shows; how many they are.
static int32_t put_early(UnitData *d, const Finished *f)
{
    int32_t at = d->unsorted.n, n = 0, from = 0;
    while (d->use != SERIES_OFF && n < f->n) {
        if (n == 0 || f->end_step[n] != f->end_step[n - 1]) {
            from = first_frozen_point(d->plan, f->end_step[n]);
        }
        if (from >= d->plan->n_points) {
            break;
        }
        d->unsorted.place[at + n] = d->done_place[n];
        d->shows_from[at + n++] = from;
    }
    return n;
}

static void on_finished(void *ctx, const Finished *f)
{
    Collect *c = ctx;
    UnitData *d = c->data;
    const Telling *telling = &d->plan->tellings[c->telling];
    for (int32_t i = 0; i < f->n; i++) {
        d->done_place[i] = place_of(d, f->world[i], f->future[i]);
    }
    int32_t n_early = put_early(d, f);
    for (int32_t a = 0; a < d->plan->n_asked; a++) {
        const Asked *asked = &d->plan->asked[a];
        if (asked->is_series && d->use == SERIES_OFF) {
            continue;
        }
        if (asked->is_series) {
            put_frozen(d, f, asked, telling->series[a], n_early);
        } else {
            put_result(d, f, asked, asked->column, telling->result[a]);
            look_for_odd(d, f, a, telling->result[a]);
            if (asked->tie >= 0) {
                put_result(d, f, asked, asked->tie, telling->tie[a]);
            }
        }
    }
    d->unsorted.n += n_early;
    look_for_trouble(d, f, c->telling);
}

// The places of the lanes now seen. They change only when some have left (engine.h): all series of
// a step, and steps in which none ends, come with the same lanes.
static void find_places(UnitData *d, const Seen *seen)
{
    bool begins = seen->step < 0;
    if (d->n_place == seen->n && (!begins || seen->series > 0)) {
        return;
    }
    d->n_place = seen->n;
    for (int32_t i = 0; i < seen->n; i++) {
        d->place[i] = (int32_t)(d->first_of_slot[seen->slot[i]] + seen->future[i]);
    }
}

static void put_whole(UnitData *d, const Asked *asked, int32_t point, const Seen *seen)
{
    double *values = d->whole[asked->column] + (int64_t)point * d->row;
    bool flag = asked->kind == RESULT_FLAG;
    for (int32_t i = 0; i < seen->n; i++) {
        values[d->place[i]] = flag ? is_yes(seen->values[i]) : seen->values[i];
    }
}

static void put_seen(UnitData *d, const Asked *asked, int32_t point, const Seen *seen)
{
    float *values = d->series[asked->column] + (int64_t)point * d->row;
    double centre = d->centre[asked->column * d->plan->n_points + point];
    bool flag = asked->kind == RESULT_FLAG;
    for (int32_t i = 0; i < seen->n; i++) {
        double value = flag ? is_yes(seen->values[i]) : seen->values[i];
        values[d->place[i]] = (float)(value - centre);
    }
}

static void on_seen(void *ctx, const Seen *seen)
{
    Collect *c = ctx;
    UnitData *d = c->data;
    int32_t point = plan_point_of(d->plan, seen->step);
    if (point < 0 || seen->n == 0) {
        return;
    }
    if (seen->slot) {
        find_places(d, seen);
    }
    int32_t a = d->asked_of_series[c->telling][seen->series];
    const Asked *asked = a >= 0 ? &d->plan->asked[a] : NULL;
    if (asked && d->use == SERIES_WHOLE) {
        put_whole(d, asked, point, seen);
    } else if (asked && is_in_rows(d, asked)) {
        put_seen(d, asked, point, seen);
    } else if (asked) {
        points_add(d->points, asked, point, seen->values, seen->n);
    }
}

static uint8_t bin_of(const PlanUnknown *unknown, double rank)
{
    double b = unknown->is_category ? rank : rank * unknown->n_bins;
    double last = (double)(unknown->n_bins - 1);
    if (!(b >= 0)) {
        return NO_BIN;
    }
    return b >= last ? (uint8_t)last : (uint8_t)b;
}

static void on_worlds(void *ctx, int32_t first_slot, int32_t n, const double *const *ranks,
                      const double *const *values)
{
    (void)values;
    Collect *c = ctx;
    UnitData *d = c->data;
    const Telling *telling = &d->plan->tellings[c->telling];
    for (int32_t u = 0; u < d->plan->n_unknowns; u++) {
        const PlanUnknown *unknown = &d->plan->unknowns[u];
        for (int32_t i = 0; i < n; i++) {
            int32_t w = d->world_of_slot[first_slot + i];
            if (u == d->plan->story) {
                d->bins[u][w] = (uint8_t)c->telling;
            } else if (telling->unknown[u] >= 0) {
                d->bins[u][w] = bin_of(unknown, ranks[telling->unknown[u]][i]);
            } else {
                d->bins[u][w] = NO_BIN;
            }
        }
    }
}

static void on_check_failed(void *ctx, CheckFailure f)
{
    Collect *c = ctx;
    UnitData *d = c->data;
    incident_add(&d->failures[c->telling][f.check], 1, f.world, f.future, f.step);
    int32_t i = place_of(d, f.world, f.future);
    d->n_failed += !d->failed[i];
    d->failed[i] = 1;
}

// ---- Running ------------------------------------------------------------------------------------

static bool run_telling(UnitData *d, int32_t t, const volatile int *stop)
{
    int32_t n = 0;
    for (int32_t w = 0; w < d->unit.n_worlds; w++) {
        if (d->telling[w] == t) {
            d->list[n] = (uint32_t)(d->unit.world + (uint64_t)w);
            d->first_of_slot[n] = (uint32_t)w * d->unit.n_futures - d->unit.future;
            d->world_of_slot[n++] = w;
        }
    }
    if (n == 0) {
        return true;
    }
    if (!d->engines[t]) {
        d->engines[t] = engine_new(d->plan->tellings[t].program, d->plan->engine);
    }
    Collect collect = {d, t};
    Sink sink = {.ctx = &collect,
                 .finished = on_finished,
                 .seen = d->use != SERIES_OFF ? on_seen : NULL,
                 .seen_lanes = d->any_rows,
                 .worlds = d->want_bins ? on_worlds : NULL,
                 .check_failed = on_check_failed};
    d->n_place = -1;
    return engine_run(d->engines[t], d->list, n, d->unit.future, d->unit.future + d->unit.n_futures,
                      &sink, stop);
}

static void begin_unit(UnitData *d, WorkUnit unit)
{
    d->unit = unit;
    d->n = unit.n_worlds * (int32_t)unit.n_futures;
    ASSERT(d->n <= d->capacity && unit.n_worlds <= d->world_capacity);
    memset(d->failed, 0, (size_t)d->n);
    d->unsorted.n = 0;
    if (d->points) {
        points_clear(d->points);
    }
}

// By the first point that shows them (a counting sort: the order among equals stays).
static void sort_ended(UnitData *d)
{
    const EndedList *from = &d->unsorted;
    int32_t *until = d->ended_until, n_points = d->plan->n_points;
    memset(until, 0, ((size_t)n_points + 1) * sizeof *until);
    for (int32_t k = 0; k < from->n; k++) {
        until[d->shows_from[k] + 1]++; // below n_points
    }
    for (int32_t p = 0; p < n_points; p++) {
        until[p + 1] += until[p];
    }
    for (int32_t k = 0; k < from->n; k++) {
        int32_t at = until[d->shows_from[k]]++;
        d->ended.place[at] = from->place[k];
        for (int32_t c = 0; c < d->plan->n_series; c++) {
            d->ended.frozen[c][at] = from->frozen[c][k];
        }
    }
}

// The unit's futures are done: those that ended early show as they froze.
static void end_unit(UnitData *d)
{
    sort_ended(d);
    for (int32_t a = 0; a < d->plan->n_asked && d->points; a++) {
        const Asked *asked = &d->plan->asked[a];
        if (!points_serve(asked)) {
            continue;
        }
        for (int32_t p = 0; p < d->plan->n_points; p++) {
            points_add(d->points, asked, p, d->ended.frozen[asked->column], d->ended_until[p]);
        }
    }
}

void unit_keep_incidents(UnitData *d)
{
    memcpy(d->before, d->odd, (size_t)d->n_incidents * sizeof *d->before);
    d->n_failed_before = d->n_failed;
}

void unit_restore_incidents(UnitData *d)
{
    memcpy(d->odd, d->before, (size_t)d->n_incidents * sizeof *d->before);
    d->n_failed = d->n_failed_before;
}

bool unit_run_told(UnitData *d, WorkUnit unit, int32_t telling, const volatile int *stop)
{
    begin_unit(d, unit);
    for (int32_t w = 0; w < unit.n_worlds; w++) {
        d->telling[w] = telling;
    }
    bool done = run_telling(d, telling, stop);
    end_unit(d);
    return done;
}

void unit_drop_engine(UnitData *d, int32_t telling)
{
    if (d->engines[telling]) {
        engine_free(d->engines[telling]);
        d->engines[telling] = NULL;
    }
}

bool unit_run(UnitData *d, WorkUnit unit, const volatile int *stop)
{
    begin_unit(d, unit);
    unit_keep_incidents(d);
    for (int32_t w = 0; w < unit.n_worlds; w++) {
        d->telling[w] = plan_telling_of(d->plan, (uint32_t)(unit.world + (uint64_t)w));
    }
    for (int32_t t = 0; t < d->plan->n_tellings; t++) {
        if (!run_telling(d, t, stop)) {
            unit_restore_incidents(d);
            return false;
        }
    }
    end_unit(d);
    return true;
}

const float *unit_series_at(const UnitData *data, const Asked *asked, int32_t point)
{
    float *row = data->series[asked->column] + (int64_t)point * data->row;
    const double *frozen = data->ended.frozen[asked->column];
    const int32_t *place = data->ended.place;
    double centre = data->centre[asked->column * data->plan->n_points + point];
    for (int32_t k = 0; k < data->ended_until[point]; k++) {
        row[place[k]] = (float)(frozen[k] - centre);
    }
    if (!asked->has_defined) {
        return row;
    }
    const float *in = data->series_in[asked->column];
    for (int32_t i = 0; i < data->n; i++) {
        data->narrow[i] = in[i] != 0 ? row[i] : (float)MATH_NAN;
    }
    return data->narrow;
}

const double *unit_whole_at(const UnitData *data, const Asked *asked, int32_t point)
{
    double *row = data->whole[asked->column] + (int64_t)point * data->row;
    const double *frozen = data->ended.frozen[asked->column];
    for (int32_t k = 0; k < data->ended_until[point]; k++) {
        row[data->ended.place[k]] = frozen[k];
    }
    const float *in = data->series_in[asked->column];
    for (int32_t i = 0; i < data->n && asked->has_defined; i++) {
        data->column[i] = in[i] != 0 ? row[i] : MATH_NAN;
    }
    return asked->has_defined ? data->column : row;
}
