// SPDX-License-Identifier: MIT
//
// Running a grid: workers take units of worlds, tell them by every column, sum, and hand the sums
// over in the order of units. The shape is that of run.c.
#include "ask/grid.h"

#include <stdatomic.h>
#include <string.h>

#include "ask/grid_impl.h"
#include "ask/order.h"
#include "ask/pilot.h"
#include "base/clock.h"
#include "engine/pool.h"
#include "math/bits.h"

typedef struct {
    WorkUnit unit;
    bool done;
    double *flat;
    double *row; // of a part of a world: [column][kept][ROW_PARTS]
} Slot;

typedef struct {
    Arena *arena;
    UnitData *data;
    WorldRow world;
    double *rows; // [world of the unit][column][kept][ROW_PARTS]; when columns are summed alone, of
                  // one world and column
    FloatHist ***numbers;
    uint64_t ***dates;
    uint64_t *n_failed, *n_failed_now; // by view: in all units, in the one under way
} Worker;

typedef struct {
    bool open;
    uint64_t world;
    double *row;
} OpenWorld;

typedef struct {
    const RunOptions *options;
    const GridSpec *spec;
    Arena *arena;
    Plan *plan;
    Layout *layout;
    Grid *grid;
    GridPair *pairs;
    int32_t n_pairs;
    int64_t row_size, pairs_at, n_flat;
    bool drop_engines;
    bool alone;                // no pairs and no mixtures: each column is summed as it is told
    atomic_uint_fast64_t told; // futures, of all columns: for progress lines
    Worker *workers;
    Slot *slots;
    int32_t n_slots;
    Order *order;
    OpenWorld *open_worlds; // by section
    double started;
} GridRun;

static bool must_stop(const GridRun *run)
{
    return run->options->stop && *run->options->stop;
}

// ---- Summing ------------------------------------------------------------------------------------

// Number and sum of a track, its sum of squares, and the sum as distance from its centre.
enum { PART_N, PART_X, PART_V2, PART_Y };

static void sum_column(const GridRun *run, int32_t column, const double *row, double *flat)
{
    double *sums = flat + (int64_t)column * run->grid->n_tracks * SUM_COUNT;
    for (int64_t i = 0; i < run->grid->n_tracks; i++) {
        const double *r = row + i * ROW_PARTS;
        double *to = sums + i * SUM_COUNT, count = r[PART_N], x = r[PART_X];
        to[SUM_W] += count > 0 ? 1 : 0;
        to[SUM_N] += count;
        to[SUM_X] += x;
        to[SUM_NN] += count * count;
        to[SUM_NX] += count * x;
        to[SUM_XX] += x * x;
        to[SUM_XXN] += x * x / (count > 0 ? count : 1);
        to[SUM_V2] += r[PART_V2];
    }
}

static void sum_pairs(const GridRun *run, const double *row, double *flat)
{
    int32_t tracks = run->grid->n_tracks;
    int64_t width = (int64_t)tracks * ROW_PARTS;
    for (int32_t p = 0; p < run->n_pairs; p++) {
        const double *a = row + run->pairs[p].a * width, *b = row + run->pairs[p].b * width;
        double *to = flat + run->pairs_at + (int64_t)p * tracks * PAIR_SUMS;
        for (int32_t t = 0; t < tracks; t++) {
            to[PAIR_YY] += a[PART_Y] * b[PART_Y];
            to[PAIR_NY] += a[PART_N] * b[PART_Y];
            to[PAIR_YN] += a[PART_Y] * b[PART_N];
            to[PAIR_NN] += a[PART_N] * b[PART_N];
            a += ROW_PARTS;
            b += ROW_PARTS;
            to += PAIR_SUMS;
        }
    }
}

// A whole world, told by all columns: mixtures take their row from the column that tells it.
static void fold_world(const GridRun *run, uint64_t world, double *row, double *flat)
{
    const GridSpec *spec = run->spec;
    int64_t width = (int64_t)run->grid->n_tracks * ROW_PARTS;
    int32_t telling = spec->n_mixtures > 0 ? plan_telling_of(spec->pool, (uint32_t)world) : 0;
    for (int32_t m = 0; m < spec->n_mixtures; m++) {
        memcpy(row + (spec->n_views + m) * width, row + spec->mixtures[m][telling] * width,
               (size_t)width * sizeof(double));
    }
    for (int32_t c = 0; c < run->grid->n_columns; c++) {
        sum_column(run, c, row + c * width, flat);
    }
    sum_pairs(run, row, flat);
}

static void keep_world(const GridRun *run, const WorldRow *world, double *to)
{
    for (int32_t t = 0; t < run->grid->n_tracks; t++) {
        int32_t from = run->grid->tracks[t];
        to[PART_N] = world->n[from];
        to[PART_X] = world->x[from];
        to[PART_V2] = world->v2[from];
        to[PART_Y] = world->x[from] - run->grid->centres[t] * world->n[from];
        to += ROW_PARTS;
    }
}

// ---- Medians ------------------------------------------------------------------------------------

static void count_number(const GridRun *run, const UnitData *data, int32_t a, int32_t from,
                         int32_t n, FloatHist *hist)
{
    const Asked *asked = &run->plan->asked[a];
    const double *values = data->values[asked->column] + from;
    const uint8_t *state = data->state[asked->column] + from;
    double centre = run->layout->number_centre[run->layout->kind_index[a]];
    for (int32_t i = 0; i < n; i++) {
        data->column[i] = state[i] == IS_IN ? values[i] - centre : MATH_NAN;
    }
    float_hist_add(hist, data->column, (size_t)n);
}

static void count_date(const GridRun *run, const UnitData *data, int32_t a, int32_t from, int32_t n,
                       uint64_t *bins)
{
    const Asked *asked = &run->plan->asked[a];
    const double *values = data->values[asked->column] + from;
    const uint8_t *state = data->state[asked->column] + from;
    for (int32_t i = 0; i < n; i++) {
        if (state[i] == IS_IN && values[i] - values[i] == 0) {
            bins[layout_date_bin(run->layout, values[i])]++;
        }
    }
}

// Futures [from, from + n) of the unit count for a column.
static void count_futures(const GridRun *run, Worker *worker, int32_t column, int32_t from,
                          int32_t n)
{
    for (int32_t a = 0; a < run->plan->n_asked; a++) {
        int32_t index = run->layout->kind_index[a];
        if (run->plan->asked[a].kind == RESULT_NUMBER) {
            count_number(run, worker->data, a, from, n, worker->numbers[column][index]);
        } else if (run->plan->asked[a].kind == RESULT_DATE) {
            count_date(run, worker->data, a, from, n, worker->dates[column][index]);
        }
    }
}

static void count_unit(const GridRun *run, Worker *worker, int32_t view)
{
    const GridSpec *spec = run->spec;
    const UnitData *data = worker->data;
    count_futures(run, worker, view, 0, data->n);
    int32_t futures = (int32_t)data->unit.n_futures;
    for (int32_t w = 0; w < data->unit.n_worlds && spec->n_mixtures > 0; w++) {
        int32_t telling = plan_telling_of(spec->pool, (uint32_t)(data->unit.world + (uint64_t)w));
        for (int32_t m = 0; m < spec->n_mixtures; m++) {
            if (spec->mixtures[m][telling] == view) {
                count_futures(run, worker, spec->n_views + m, w * futures, futures);
            }
        }
    }
}

// ---- Work ---------------------------------------------------------------------------------------

// The worlds of a unit, as this view told them: summed at once, or kept beside the other columns.
static void gather_worlds(const GridRun *run, Worker *worker, Slot *slot, int32_t view)
{
    int64_t width = (int64_t)run->grid->n_tracks * ROW_PARTS;
    double *rows = slot->unit.whole ? worker->rows : slot->row;
    bool at_once = run->alone && slot->unit.whole;
    for (int32_t w = 0; w < slot->unit.n_worlds; w++) {
        double *row = at_once ? rows : rows + w * run->row_size + view * width;
        world_row_clear(run->layout, &worker->world);
        world_row_gather(run->layout, worker->data, w, &worker->world);
        keep_world(run, &worker->world, row);
        if (at_once) {
            sum_column(run, view, row, slot->flat);
        }
    }
}

static bool tell_unit(GridRun *run, Worker *worker, Slot *slot)
{
    const GridSpec *spec = run->spec;
    unit_keep_incidents(worker->data);
    for (int32_t v = 0; v < spec->n_views; v++) {
        uint64_t failed = worker->data->n_failed;
        if (!unit_run_told(worker->data, slot->unit, v, run->options->stop)) {
            unit_restore_incidents(worker->data);
            return false;
        }
        worker->n_failed_now[v] = worker->data->n_failed - failed;
        if (run->drop_engines) {
            unit_drop_engine(worker->data, v);
        }
        gather_worlds(run, worker, slot, v);
        if (spec->want_medians) {
            count_unit(run, worker, v);
        }
        atomic_fetch_add(&run->told, (uint64_t)worker->data->n);
    }
    for (int32_t v = 0; v < spec->n_views; v++) {
        worker->n_failed[v] += worker->n_failed_now[v];
    }
    return true;
}

static void work(void *ctx, int32_t worker_id, int64_t id)
{
    GridRun *run = ctx;
    Worker *worker = &run->workers[worker_id];
    Slot *slot = &run->slots[order_enter(run->order, id)];
    memset(slot->flat, 0, (size_t)run->n_flat * sizeof(double));
    slot->unit = plan_unit(run->plan, id);
    slot->done = slot->unit.n_worlds > 0 && !must_stop(run) && tell_unit(run, worker, slot);
    bool kept = slot->done && slot->unit.whole && !run->alone;
    for (int32_t w = 0; kept && w < slot->unit.n_worlds; w++) {
        fold_world(run, slot->unit.world + (uint64_t)w, worker->rows + w * run->row_size,
                   slot->flat);
    }
    order_leave(run->order, id);
}

static void close_world(GridRun *run, int32_t section)
{
    OpenWorld *world = &run->open_worlds[section];
    if (world->open) {
        fold_world(run, world->world, world->row, run->grid->sections[section]);
        world->open = false;
    }
}

// As in run.c: with one world each section counts its part as a world of its own.
static void add_part_of_world(GridRun *run, const Slot *slot)
{
    OpenWorld *world = &run->open_worlds[slot->unit.section];
    if (world->open && world->world != slot->unit.world) {
        close_world(run, slot->unit.section);
    }
    if (!world->open) {
        memset(world->row, 0, (size_t)run->row_size * sizeof(double));
        world->open = true;
        world->world = slot->unit.world;
        run->grid->worlds += run->plan->worlds > 1;
    }
    for (int64_t i = 0; i < run->row_size; i++) {
        world->row[i] += slot->row[i];
    }
}

static void release(void *ctx, int32_t slot_id, int64_t id)
{
    (void)id;
    GridRun *run = ctx;
    const Slot *slot = &run->slots[slot_id];
    if (!slot->done) {
        return;
    }
    double *into = run->grid->sections[slot->unit.section];
    for (int64_t i = 0; i < run->n_flat; i++) {
        into[i] += slot->flat[i];
    }
    if (slot->unit.whole) {
        run->grid->worlds += (uint64_t)slot->unit.n_worlds;
    } else {
        add_part_of_world(run, slot);
    }
    run->grid->futures += (uint64_t)slot->unit.n_worlds * slot->unit.n_futures;
}

static bool tick(void *ctx, int64_t done)
{
    (void)done;
    GridRun *run = ctx;
    if (run->options->progress) {
        const GridSpec *spec = run->spec;
        uint64_t columns = (uint64_t)spec->n_views;
        uint64_t own = run->plan->worlds * run->plan->futures * columns;
        double started = spec->started > 0 ? spec->started : run->started;
        Progress progress = {.done = spec->done_before + atomic_load(&run->told),
                             .wanted = spec->wanted_in_all ? spec->wanted_in_all : own,
                             .seconds = clock_seconds() - started,
                             .phase = spec->phase};
        run->options->progress(run->options->ctx, &progress);
    }
    return !must_stop(run);
}

// ---- Setting up ---------------------------------------------------------------------------------

static bool is_kept(const GridRun *run, const Track *track)
{
    const GridSpec *spec = run->spec;
    switch (track->kind) {
    case TRACK_HIT:
    case TRACK_VALUE: return true;
    case TRACK_DEFINED: return spec->want_levels;
    case TRACK_LEVEL: return spec->want_levels || spec->level[track->asked] == track->arg;
    default: return false;
    }
}

static void keep_tracks(GridRun *run)
{
    const Layout *layout = run->layout;
    Grid *grid = run->grid;
    int32_t *tracks = ARENA_ARRAY(run->arena, int32_t, layout->n_tracks + 1);
    int32_t *first = ARENA_ARRAY(run->arena, int32_t, run->plan->n_asked + 1);
    int32_t *defined = ARENA_ARRAY(run->arena, int32_t, run->plan->n_asked + 1);
    double *centres = ARENA_ARRAY(run->arena, double, layout->n_tracks + 1);
    memset(first, -1, (size_t)run->plan->n_asked * sizeof(int32_t));
    memset(defined, -1, (size_t)run->plan->n_asked * sizeof(int32_t));
    for (int32_t t = 0; t < layout->n_tracks; t++) {
        const Track *track = &layout->tracks[t];
        if (!is_kept(run, track)) {
            continue;
        }
        if (track->kind == TRACK_DEFINED) {
            defined[track->asked] = grid->n_tracks;
        } else if (first[track->asked] < 0) {
            first[track->asked] = grid->n_tracks;
        }
        centres[grid->n_tracks] = track->kind == TRACK_VALUE
                                      ? layout->number_centre[layout->kind_index[track->asked]]
                                      : 0;
        tracks[grid->n_tracks++] = t;
    }
    grid->tracks = tracks;
    grid->main = first;
    grid->defined = defined;
    grid->centres = centres;
}

// Each pair once, with the smaller column first, and each column with itself.
static void list_pairs(GridRun *run)
{
    Grid *grid = run->grid;
    int32_t n = grid->n_columns;
    int32_t *index = ARENA_ARRAY(run->arena, int32_t, n * n);
    memset(index, -1, (size_t)n * (size_t)n * sizeof(int32_t));
    grid->pair = index;
    if (run->spec->n_pairs == 0) {
        return;
    }
    run->pairs = ARENA_ARRAY(run->arena, GridPair, run->spec->n_pairs + n);
    for (int32_t i = 0; i < run->spec->n_pairs + n; i++) {
        bool own = i >= run->spec->n_pairs;
        int32_t a = own ? i - run->spec->n_pairs : run->spec->pairs[i].a;
        int32_t b = own ? a : run->spec->pairs[i].b;
        if (index[a * n + b] < 0) {
            index[a * n + b] = index[b * n + a] = run->n_pairs;
            run->pairs[run->n_pairs++] = a < b ? (GridPair){a, b} : (GridPair){b, a};
        }
    }
}

static FloatHist ***new_numbers(Arena *arena, const GridRun *run)
{
    FloatHist ***numbers = ARENA_ARRAY(arena, FloatHist **, run->grid->n_columns);
    for (int32_t c = 0; c < run->grid->n_columns; c++) {
        numbers[c] = ARENA_ARRAY(arena, FloatHist *, run->layout->n_numbers + 1);
        for (int32_t i = 0; i < run->layout->n_numbers; i++) {
            numbers[c][i] = float_hist_new(arena);
        }
    }
    return numbers;
}

static uint64_t ***new_dates(Arena *arena, const GridRun *run)
{
    uint64_t ***dates = ARENA_ARRAY(arena, uint64_t **, run->grid->n_columns);
    for (int32_t c = 0; c < run->grid->n_columns; c++) {
        dates[c] = ARENA_ARRAY(arena, uint64_t *, run->layout->n_dates + 1);
        for (int32_t i = 0; i < run->layout->n_dates; i++) {
            dates[c][i] = ARENA_ARRAY(arena, uint64_t, run->layout->n_date_bins);
        }
    }
    return dates;
}

static int64_t rows_of(const GridRun *run)
{
    uint64_t worlds = run->plan->unit_futures / run->plan->futures;
    worlds = worlds > run->plan->worlds ? run->plan->worlds : worlds;
    return run->row_size * (run->alone || worlds == 0 ? 1 : (int64_t)worlds);
}

static void make_workers(GridRun *run)
{
    int32_t n = run->grid->threads;
    run->workers = ARENA_ARRAY(run->arena, Worker, n);
    for (int32_t i = 0; i < n; i++) {
        Worker *worker = &run->workers[i];
        worker->arena = arena_new(0);
        worker->data =
            unit_data_new(worker->arena, run->plan, SERIES_OFF, layout_scales(run->layout), false);
        worker->world = world_row_new(worker->arena, run->layout);
        worker->rows = ARENA_ARRAY(worker->arena, double, rows_of(run));
        worker->n_failed = ARENA_ARRAY(worker->arena, uint64_t, run->spec->n_views);
        worker->n_failed_now = ARENA_ARRAY(worker->arena, uint64_t, run->spec->n_views);
        if (run->spec->want_medians) {
            worker->numbers = new_numbers(worker->arena, run);
            worker->dates = new_dates(worker->arena, run);
        }
    }
    run->n_slots = 2 * n + 1;
    run->slots = ARENA_ARRAY(run->arena, Slot, run->n_slots);
    for (int32_t i = 0; i < run->n_slots; i++) {
        run->slots[i].flat = ARENA_ARRAY(run->arena, double, run->n_flat + 1);
        run->slots[i].row = ARENA_ARRAY(run->arena, double, run->row_size + 1);
    }
}

static void make_sections(GridRun *run)
{
    int32_t n = run->plan->n_sections;
    run->grid->sections = ARENA_ARRAY(run->arena, double *, n);
    run->open_worlds = ARENA_ARRAY(run->arena, OpenWorld, n);
    for (int32_t s = 0; s < n; s++) {
        run->grid->sections[s] = ARENA_ARRAY(run->arena, double, run->n_flat + 1);
        run->open_worlds[s].row = ARENA_ARRAY(run->arena, double, run->row_size + 1);
    }
    run->order = order_new(run->arena, run->n_slots, 0, release, run);
}

static void note_clustered(GridRun *run)
{
    Grid *grid = run->grid;
    bool *clustered = ARENA_ARRAY(run->arena, bool, grid->n_columns);
    for (int32_t c = 0; c < grid->n_columns; c++) {
        bool differ = c >= grid->n_views ? run->spec->pool->worlds_differ
                                         : run->plan->tellings[c].program->draws_in_world;
        clustered[c] = differ && run->plan->worlds > 1;
    }
    grid->clustered = clustered;
}

// With many columns engines are made anew for each unit rather than kept.
static void choose_units(GridRun *run)
{
    enum { MOST_ENGINES = 24, MOST_BYTES = 64 << 20, LEAST_FUTURES = 1024 };
    uint32_t n = run->spec->unit_futures ? run->spec->unit_futures : run->plan->unit_futures;
    run->alone = run->n_pairs == 0 && run->spec->n_mixtures == 0;
    run->drop_engines = run->spec->n_views > MOST_ENGINES;
    plan_cut(run->plan, n);
    while (run->plan->unit_futures > LEAST_FUTURES &&
           (double)rows_of(run) * (double)sizeof(double) > MOST_BYTES) {
        plan_cut(run->plan, run->plan->unit_futures / 2);
    }
}

// About what workers, slots and sections will take; engines that are not kept count once.
static double grid_bytes(const GridRun *run)
{
    const size_t hist = 20 * 1640; // some twenty octaves
    double engines = 0;
    for (int32_t v = 0; v < run->spec->n_views; v++) {
        double one = (double)engine_bytes(run->plan->tellings[v].program, run->plan->engine);
        engines = !run->drop_engines ? engines + one : one > engines ? one : engines;
    }
    double rows = (double)rows_of(run) * (double)sizeof(double);
    double medians =
        run->spec->want_medians ? (double)hist * run->grid->n_columns * run->layout->n_numbers : 0;
    double flat = (double)run->n_flat * (double)sizeof(double);
    double threads = run->grid->threads;
    return (double)arena_used(run->arena) + medians +
           threads * (engines + (double)unit_data_bytes(run->plan) + rows + medians) +
           flat * (2 * threads + 1 + run->plan->n_sections);
}

// ---- Ending -------------------------------------------------------------------------------------

static void gather_incidents(GridRun *run)
{
    Grid *grid = run->grid;
    grid->trouble = ARENA_ARRAY(run->arena, Incident *, grid->n_views);
    grid->failures = ARENA_ARRAY(run->arena, Incident *, grid->n_views);
    grid->n_failed = ARENA_ARRAY(run->arena, uint64_t, grid->n_views);
    for (int32_t v = 0; v < grid->n_views; v++) {
        const Program *program = run->plan->tellings[v].program;
        grid->trouble[v] = ARENA_ARRAY(run->arena, Incident, program->n_states + 1);
        grid->failures[v] = ARENA_ARRAY(run->arena, Incident, program->n_checks + 1);
        for (int32_t i = 0; i < grid->threads; i++) {
            const UnitData *data = run->workers[i].data;
            grid->n_failed[v] += run->workers[i].n_failed[v];
            for (int32_t s = 0; s < program->n_states; s++) {
                Incident x = data->trouble[v][s];
                incident_add(&grid->trouble[v][s], x.n, x.world, x.future, x.step);
            }
            for (int32_t c = 0; c < program->n_checks; c++) {
                Incident x = data->failures[v][c];
                incident_add(&grid->failures[v][c], x.n, x.world, x.future, x.step);
            }
        }
    }
}

static void gather_medians(GridRun *run)
{
    Grid *grid = run->grid;
    if (!run->spec->want_medians) {
        return;
    }
    grid->numbers = new_numbers(run->arena, run);
    grid->dates = new_dates(run->arena, run);
    for (int32_t w = 0; w < grid->threads; w++) {
        for (int32_t c = 0; c < grid->n_columns; c++) {
            for (int32_t i = 0; i < run->layout->n_numbers; i++) {
                float_hist_merge(grid->numbers[c][i], run->workers[w].numbers[c][i]);
            }
            for (int32_t i = 0; i < run->layout->n_dates; i++) {
                for (int32_t b = 0; b < run->layout->n_date_bins; b++) {
                    grid->dates[c][i][b] += run->workers[w].dates[c][i][b];
                }
            }
        }
    }
}

static void free_grid_run(GridRun *run)
{
    for (int32_t i = 0; run->workers && i < run->grid->threads; i++) {
        unit_data_free(run->workers[i].data);
        arena_free(run->workers[i].arena);
    }
    order_free(run->order);
}

static void run_all(GridRun *run)
{
    PoolJob job = {.ctx = run, .work = work, .tick = tick, .tick_seconds = 0.1};
    make_workers(run);
    make_sections(run);
    (void)pool_run(run->grid->threads, 0, run->plan->n_units, &job);
    for (int32_t s = 0; s < run->plan->n_sections; s++) {
        close_world(run, s);
    }
    run->grid->worlds = run->plan->worlds > 1 ? run->grid->worlds : 1;
    run->grid->partial = run->grid->futures < run->plan->worlds * run->plan->futures;
    gather_incidents(run);
    gather_medians(run);
    free_grid_run(run);
}

Status grid_run(Arena *arena, const Model *model, const RunOptions *options, const GridSpec *spec,
                Grid **out, Error *error)
{
    GridRun run = {.options = options, .spec = spec, .arena = arena, .started = clock_seconds()};
    TRY(plan_make_columns(arena, model, options, spec->views, spec->n_views, &run.plan, error));
    Grid *grid = run.grid = ARENA_NEW(arena, Grid);
    run.layout = layout_make(arena, run.plan, false);
    if (spec->like) {
        run.layout->number_centre = spec->like->number_centre;
    } else if (spec->n_pairs > 0 || spec->want_medians) {
        pilot_scales(arena, run.layout);
    } else {
        run.layout->number_centre = ARENA_ARRAY(arena, double, run.layout->n_numbers + 1);
    }
    grid->plan = run.plan;
    grid->layout = run.layout;
    grid->n_views = spec->n_views;
    grid->n_columns = spec->n_views + spec->n_mixtures;
    keep_tracks(&run);
    list_pairs(&run);
    note_clustered(&run);
    run.row_size = (int64_t)grid->n_columns * grid->n_tracks * ROW_PARTS;
    run.pairs_at = (int64_t)grid->n_columns * grid->n_tracks * SUM_COUNT;
    run.n_flat = run.pairs_at + (int64_t)run.n_pairs * grid->n_tracks * PAIR_SUMS;
    choose_units(&run);
    grid->threads = plan_threads(run.plan, options);
    TRY(plan_fits(grid_bytes(&run), error));
    run_all(&run);
    *out = grid;
    return ST_OK;
}
