// SPDX-License-Identifier: MIT
//
// A run: workers take units of work, run them, fold their worlds into sums, and hand the sums over
// in the order of units. Then the sums are settled into an Answer.
#include "ask/run.h"

#include <stdatomic.h>
#include <string.h>

#include "ask/cost.h"
#include "ask/order.h"
#include "ask/pilot.h"
#include "ask/samples.h"
#include "ask/settle.h"
#include "base/clock.h"
#include "base/file.h"
#include "engine/pool.h"

// What one unit brings: sums for its section, or, for a part of a world, that part's row.
typedef struct {
    WorkUnit unit;
    bool done;
    double *flat;
    WorldRow row;
    Arena *arena; // of the text
    ArenaMark empty;
    Str text; // rows of samples
} Slot;

typedef struct {
    UnitData *data;
    Counts *counts;
    WorldRow row;
    Arena *arena;
} Worker;

// A world that is cut into several units, as far as its units have come.
typedef struct {
    bool open;
    uint64_t world;
    WorldRow row;
} OpenWorld;

typedef struct {
    const RunOptions *options;
    const Plan *plan;
    Layout *layout;
    Arena *arena;
    int32_t n_threads;
    Worker *workers;
    Slot *slots;
    int32_t n_slots;
    Order *order;
    double **sections;      // flat sums
    OpenWorld *open_worlds; // by section
    Counts *counts;         // of worlds in several units; at the end, of all workers
    uint64_t futures, worlds;
    atomic_bool samples_failed;
    FileOut *samples;
    Error samples_error;
    double started;
} Run;

static bool must_stop(const Run *run)
{
    return (run->options->stop && *run->options->stop) || run->samples_failed;
}

// ---- Work ---------------------------------------------------------------------------------------

static void fold_unit(Run *run, Worker *worker, Slot *slot)
{
    const UnitData *data = worker->data;
    unit_count(run->layout, data, slot->flat, worker->counts);
    WorldRow *row = slot->unit.whole ? &worker->row : &slot->row;
    for (int32_t w = 0; w < slot->unit.n_worlds; w++) {
        world_row_clear(run->layout, row);
        world_row_gather(run->layout, data, w, row);
        if (slot->unit.whole) {
            world_fold(run->layout, row, slot->flat, worker->counts);
        }
    }
    if (run->samples) {
        Buf buf = {.arena = slot->arena};
        samples_rows(&buf, run->plan, data);
        slot->text = buf_str(&buf);
    }
}

static void work(void *ctx, int32_t worker_id, int64_t id)
{
    Run *run = ctx;
    Worker *worker = &run->workers[worker_id];
    Slot *slot = &run->slots[order_enter(run->order, id)];
    arena_reset(slot->arena, slot->empty);
    memset(slot->flat, 0, (size_t)run->layout->n_flat * sizeof(double));
    slot->unit = plan_unit(run->plan, id);
    slot->done = slot->unit.n_worlds > 0 && !must_stop(run) &&
                 unit_run(worker->data, slot->unit, run->options->stop);
    if (slot->done) {
        fold_unit(run, worker, slot);
    }
    order_leave(run->order, id);
}

static void close_world(Run *run, int32_t section)
{
    OpenWorld *world = &run->open_worlds[section];
    if (world->open) {
        world_fold(run->layout, &world->row, run->sections[section], run->counts);
        world->open = false;
    }
}

static void add_part_of_world(Run *run, const Slot *slot)
{
    OpenWorld *world = &run->open_worlds[slot->unit.section];
    // With one world each section counts its part as a world of its own: futures of one world are
    // independent of each other.
    if (world->open && world->world != slot->unit.world) {
        close_world(run, slot->unit.section);
    }
    if (!world->open) {
        world_row_clear(run->layout, &world->row);
        world->open = true;
        world->world = slot->unit.world;
        run->worlds += run->plan->worlds > 1;
    }
    world_row_add(run->layout, &world->row, &slot->row);
}

static void release(void *ctx, int32_t slot_id, int64_t id)
{
    (void)id;
    Run *run = ctx;
    Slot *slot = &run->slots[slot_id];
    if (!slot->done) {
        return;
    }
    double *into = run->sections[slot->unit.section];
    for (int64_t i = 0; i < run->layout->n_flat; i++) {
        into[i] += slot->flat[i];
    }
    if (slot->unit.whole) {
        run->worlds += (uint64_t)slot->unit.n_worlds;
    } else {
        add_part_of_world(run, slot);
    }
    run->futures += (uint64_t)slot->unit.n_worlds * slot->unit.n_futures;
    if (run->samples && !run->samples_failed &&
        file_put(run->samples, slot->text, &run->samples_error) != ST_OK) {
        run->samples_failed = true;
    }
}

// ---- Progress and stopping ----------------------------------------------------------------------

static int32_t running_answers(Run *run, RunningAnswer *answers)
{
    int32_t n = 0;
    const Plan *plan = run->plan;
    for (int32_t a = 0; a < plan->n_asked && n < RUN_SHOWN; a++) {
        const Question *q = &plan->tellings[0].view->questions[plan->asked[a].question];
        Estimate value = settle_estimate(plan, run->layout, run->sections, a);
        if (value.value - value.value == 0) {
            answers[n++] = (RunningAnswer){.name = q->name,
                                           .value = value,
                                           .is_chance = plan->asked[a].kind != RESULT_NUMBER,
                                           .scale = q->shown.scale,
                                           .unit = q->shown.unit};
        }
    }
    return n;
}

static bool tick(void *ctx, int64_t done)
{
    (void)done;
    Run *run = ctx;
    if (run->options->progress) {
        RunningAnswer answers[RUN_SHOWN];
        order_lock(run->order);
        Progress progress = {.done = run->futures,
                             .wanted = run->plan->worlds * run->plan->futures,
                             .seconds = clock_seconds() - run->started,
                             .answers = answers,
                             .n_answers = running_answers(run, answers)};
        order_unlock(run->order);
        run->options->progress(run->options->ctx, &progress);
    }
    return !must_stop(run);
}

// Are all probabilities known well enough? One whose condition never occurred does not hold up the
// others.
static bool precise(const Run *run)
{
    bool any = false;
    for (int32_t a = 0; a < run->plan->n_asked; a++) {
        const Asked *asked = &run->plan->asked[a];
        if (asked->is_series || (asked->kind != RESULT_FLAG && asked->kind != RESULT_DATE)) {
            continue;
        }
        Estimate e = settle_estimate(run->plan, run->layout, run->sections, a);
        any = any || e.value == e.value;
        if (e.half >= run->options->precision) {
            return false;
        }
    }
    return any;
}

// All units, or with --precision 1, 2, 4, 8, ... rounds of the sections until it is reached: what is
// looked at, and when, does not depend on threads or time. True when the precision ended the run.
static bool run_units(Run *run)
{
    PoolJob job = {.ctx = run, .work = work, .tick = tick, .tick_seconds = 0.1};
    int64_t from = 0, all = run->plan->n_units;
    bool early = false;
    for (int64_t rounds = 1; from < all && !early && !must_stop(run); rounds *= 2) {
        int64_t to = run->options->precision > 0 ? rounds * run->plan->n_sections : all;
        to = to < all ? to : all;
        if (pool_run(run->n_threads, from, to, &job) < to - from) {
            break;
        }
        from = to;
        early = from < all && precise(run);
    }
    return early;
}

// ---- Setting up and settling --------------------------------------------------------------------

static void make_workers(Run *run)
{
    bool want_bins = run->layout->n_responses > 0;
    run->workers = ARENA_ARRAY(run->arena, Worker, run->n_threads);
    for (int32_t i = 0; i < run->n_threads; i++) {
        Worker *worker = &run->workers[i];
        worker->arena = arena_new(0); // its own, so that threads do not share cache lines
        worker->data = unit_data_new(worker->arena, run->plan, want_bins);
        worker->data->centres = run->layout->point_centre;
        worker->counts = counts_new(worker->arena, run->layout);
        worker->row = world_row_new(worker->arena, run->layout);
    }
    run->n_slots = 4 * run->n_threads;
    run->slots = ARENA_ARRAY(run->arena, Slot, run->n_slots);
    for (int32_t i = 0; i < run->n_slots; i++) {
        Slot *slot = &run->slots[i];
        slot->arena = arena_new(0);
        slot->empty = arena_mark(slot->arena);
        slot->flat = ARENA_ARRAY(run->arena, double, run->layout->n_flat + 1);
        slot->row = world_row_new(run->arena, run->layout);
    }
}

static void make_sections(Run *run)
{
    int32_t n = run->plan->n_sections;
    run->sections = ARENA_ARRAY(run->arena, double *, n);
    run->open_worlds = ARENA_ARRAY(run->arena, OpenWorld, n);
    for (int32_t s = 0; s < n; s++) {
        run->sections[s] = ARENA_ARRAY(run->arena, double, run->layout->n_flat + 1);
        run->open_worlds[s].row = world_row_new(run->arena, run->layout);
    }
    run->counts = counts_new(run->arena, run->layout);
    run->order = order_new(run->arena, run->n_slots, 0, release, run);
}

static Status open_samples(Run *run, Error *error)
{
    if (!run->options->samples) {
        return ST_OK;
    }
    Buf buf = {.arena = run->arena};
    samples_header(&buf, run->plan);
    TRY(file_create(run->options->samples, &run->samples, error));
    Status status = file_put(run->samples, buf_str(&buf), error);
    if (status != ST_OK) {
        file_abandon(run->samples);
        run->samples = NULL;
    }
    return status;
}

static Status close_samples(Run *run, Error *error)
{
    if (!run->samples) {
        return ST_OK;
    }
    if (run->samples_failed) {
        file_abandon(run->samples);
        if (error) {
            *error = run->samples_error;
        }
        return run->samples_error.status;
    }
    return file_commit(run->samples, error);
}

// Everything that workers kept for themselves, in the order of workers (which does not matter:
// counts add up in any order).
static void gather_workers(Run *run, RunEnd *outcome)
{
    const Plan *plan = run->plan;
    outcome->trouble = ARENA_ARRAY(run->arena, Incident *, plan->n_tellings);
    outcome->failures = ARENA_ARRAY(run->arena, Incident *, plan->n_tellings);
    for (int32_t t = 0; t < plan->n_tellings; t++) {
        const Program *program = plan->tellings[t].program;
        outcome->trouble[t] = ARENA_ARRAY(run->arena, Incident, program->n_states + 1);
        outcome->failures[t] = ARENA_ARRAY(run->arena, Incident, program->n_checks + 1);
        for (int32_t i = 0; i < run->n_threads; i++) {
            const UnitData *data = run->workers[i].data;
            for (int32_t s = 0; s < program->n_states; s++) {
                Incident x = data->trouble[t][s];
                incident_add(&outcome->trouble[t][s], x.n, x.world, x.future, x.step);
            }
            for (int32_t c = 0; c < program->n_checks; c++) {
                Incident x = data->failures[t][c];
                incident_add(&outcome->failures[t][c], x.n, x.world, x.future, x.step);
            }
        }
    }
    outcome->odd = ARENA_ARRAY(run->arena, Incident, plan->n_asked + 1);
    for (int32_t i = 0; i < run->n_threads; i++) {
        for (int32_t a = 0; a < plan->n_asked; a++) {
            Incident x = run->workers[i].data->odd[a];
            incident_add(&outcome->odd[a], x.n, x.world, x.future, x.step);
        }
        outcome->n_failed += run->workers[i].data->n_failed;
        counts_merge(run->counts, run->workers[i].counts);
    }
}

static void settle(Run *run, bool early, Arena *answer_arena, Answer **answer)
{
    for (int32_t s = 0; s < run->plan->n_sections; s++) {
        close_world(run, s);
    }
    uint64_t wanted = run->plan->worlds * run->plan->futures;
    RunEnd outcome = {.plan = run->plan,
                      .options = run->options,
                      .layout = run->layout,
                      .sections = run->sections,
                      .counts = run->counts,
                      .futures = run->futures,
                      .worlds = run->plan->worlds > 1 ? run->worlds : 1,
                      .partial = run->futures < wanted,
                      .interrupted = run->futures < wanted && !early,
                      .threads = run->n_threads};
    gather_workers(run, &outcome);
    outcome.seconds = clock_seconds() - run->started;
    *answer = ARENA_NEW(answer_arena, Answer);
    settle_answer(answer_arena, &outcome, *answer);
}

static void free_run(Run *run)
{
    for (int32_t i = 0; i < run->n_threads && run->workers; i++) {
        unit_data_free(run->workers[i].data);
        arena_free(run->workers[i].arena);
    }
    for (int32_t i = 0; i < run->n_slots && run->slots; i++) {
        arena_free(run->slots[i].arena);
    }
    order_free(run->order);
}

static Status run_all(Run *run, const Model *model, Arena *answer_arena, Answer **answer,
                      Error *error)
{
    Plan *plan = NULL;
    TRY(plan_make(run->arena, model, run->options, false, &plan, error));
    run->plan = plan;
    run->layout = layout_make(run->arena, plan, !run->options->no_movers);
    run->n_threads = plan_threads(plan, run->options);
    TRY(plan_fits(cost_bytes(plan, run->layout, run->n_threads, (double)arena_used(run->arena)),
                  error));
    pilot_centres(run->arena, run->layout);
    TRY(open_samples(run, error));
    make_workers(run);
    make_sections(run);
    bool early = run_units(run);
    TRY(close_samples(run, error));
    settle(run, early, answer_arena, answer);
    return ST_OK;
}

Status ask_run(Arena *answer_arena, const Model *model, const RunOptions *options, Answer **answer,
               Error *error)
{
    Arena *arena = arena_new(0);
    Run run = {.options = options, .arena = arena, .started = clock_seconds()};
    Status status = run_all(&run, model, answer_arena, answer, error);
    free_run(&run);
    arena_free(arena);
    return status;
}
