// SPDX-License-Identifier: MIT
//
// A run: workers take units of work, run them, fold their worlds into sums, and hand the sums over
// in the order of units. Then the sums are settled into an Answer.
#include "ask/run.h"

#include <stdatomic.h>
#include <string.h>

#include "ask/checkpoint.h"
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
    Sums *sums;
    atomic_bool samples_failed;
    FileOut *samples;
    Error samples_error;
    double started;
    // With a checkpoint:
    const char *file;    // the options' file, links followed
    int64_t saved;       // sums->next as last saved, -1: never
    double saved_at;     // when
    double save_seconds; // what it took
    bool must_save;      // now, as soon as the units under way are done
    uint64_t resumed;    // futures that the file held
    Error save_error;    // of the last attempt
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
    bool singles = run->plan->futures == 1;
    if (singles) {
        unit_fold_singles(run->layout, data, slot->flat);
    }
    for (int32_t w = 0; w < slot->unit.n_worlds && !singles; w++) {
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
    // What is saved has no gaps: then a unit once begun is finished, and a stop waits for it.
    bool whole = run->file != NULL;
    slot->done = slot->unit.n_worlds > 0 && (whole || !must_stop(run)) &&
                 unit_run(worker->data, slot->unit, whole ? NULL : run->options->stop);
    if (slot->done) {
        fold_unit(run, worker, slot);
    }
    order_leave(run->order, id);
}

static void release(void *ctx, int32_t slot_id, int64_t id)
{
    Run *run = ctx;
    Sums *sums = run->sums;
    const Slot *slot = &run->slots[slot_id];
    sums->next = id + 1;
    if (!slot->done) {
        return;
    }
    double *into = sums->sections[slot->unit.section];
    for (int64_t i = 0; i < run->layout->n_flat; i++) {
        into[i] += slot->flat[i];
    }
    if (slot->unit.whole) {
        sums->worlds += (uint64_t)slot->unit.n_worlds;
    } else {
        sums_add_part(sums, &slot->unit, &slot->row);
    }
    sums->futures += (uint64_t)slot->unit.n_worlds * slot->unit.n_futures;
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
        Estimate value = settle_estimate(plan, run->layout, run->sums->sections, a);
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

static void report(Run *run)
{
    if (!run->options->progress) {
        return;
    }
    RunningAnswer answers[RUN_SHOWN];
    order_lock(run->order);
    Progress progress = {.done = run->sums->futures,
                         .resumed = run->resumed,
                         .wanted = run->plan->worlds * run->plan->futures,
                         .seconds = clock_seconds() - run->started,
                         .answers = answers,
                         .n_answers = running_answers(run, answers)};
    order_unlock(run->order);
    run->options->progress(run->options->ctx, &progress);
}

// Is it time to save? Never more than ten seconds of work, or a tenth of all so far, should be
// lost; and never more than a twentieth of the time should go into saving.
static bool save_is_due(const Run *run)
{
    const double MOST = 10, SHARE = 0.1, COSTS = 20;
    double now = clock_seconds(), pause = SHARE * (now - run->started);
    pause = pause < MOST ? pause : MOST;
    pause = pause > COSTS * run->save_seconds ? pause : COSTS * run->save_seconds;
    return run->file && now - run->saved_at >= pause;
}

static bool tick(void *ctx, int64_t done)
{
    (void)done;
    Run *run = ctx;
    report(run);
    run->must_save = save_is_due(run);
    return !run->must_save && !must_stop(run);
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
        Estimate e = settle_estimate(run->plan, run->layout, run->sums->sections, a);
        any = any || e.value == e.value;
        if (e.half >= run->options->precision) {
            return false;
        }
    }
    return any;
}

// ---- Saving -------------------------------------------------------------------------------------

// Everything that workers kept for themselves.
static void take_from_workers(Run *run)
{
    for (int32_t i = 0; i < run->n_threads; i++) {
        sums_take(run->sums, run->workers[i].data, run->workers[i].counts);
    }
}

// Nobody works meanwhile. When it fails the run goes on, and tries again.
static Status save(Run *run)
{
    if (!run->file || run->saved == run->sums->next) {
        return ST_OK;
    }
    double from = clock_seconds();
    take_from_workers(run);
    run->save_error = (Error){.status = ST_OK};
    Status status =
        checkpoint_save(run->file, run->sums, run->options->precision, &run->save_error);
    run->saved_at = clock_seconds();
    run->save_seconds = run->saved_at - from;
    run->saved = status == ST_OK ? run->sums->next : run->saved;
    return status;
}

// A run that has work left says now, and not after hours, that its file cannot be written.
static Status open_checkpoint(Run *run, Error *error)
{
    run->saved = -1;
    if (!run->options->checkpoint) {
        return ST_OK;
    }
    if (run->options->samples) {
        return error_set(error, ST_USAGE,
                         "a run with a checkpoint cannot write samples: rows of futures that are "
                         "done would be missing when it goes on");
    }
    bool exists;
    TRY(file_plain(run->arena, run->options->checkpoint, &run->file, &exists, error));
    if (exists) {
        TRY(checkpoint_load(run->file, run->sums, run->options->precision, error));
        run->resumed = run->sums->futures;
        if (run->sums->next == run->plan->n_units) {
            run->saved = run->sums->next;
        }
    }
    Status status = save(run);
    if (status != ST_OK && error) {
        *error = run->save_error;
    }
    return status;
}

// ---- All units ----------------------------------------------------------------------------------

// Units up to `to`, saved now and then. False when it was stopped.
static bool run_to(Run *run, int64_t to)
{
    PoolJob job = {.ctx = run, .work = work, .tick = tick, .tick_seconds = 0.1};
    while (run->sums->next < to && !must_stop(run)) {
        (void)pool_run(run->n_threads, run->sums->next, to, &job);
        if (run->must_save) {
            (void)save(run);
            run->must_save = false;
        }
    }
    return !must_stop(run);
}

// All units, or with --precision 1, 2, 4, 8, ... rounds of the sections until it is reached: what
// is looked at, and when, does not depend on threads or time, nor on where an earlier run was
// stopped. True when the precision ended the run.
static bool run_units(Run *run)
{
    const RunOptions *options = run->options;
    int64_t all = run->plan->n_units, most = all;
    if (options->most_units > 0 && options->most_units < all - run->sums->next) {
        most = run->sums->next + options->most_units;
    }
    bool early = false;
    for (int64_t rounds = 1, to = 0; to < most && !early; rounds *= 2) {
        to = options->precision > 0 ? rounds * run->plan->n_sections : all;
        to = to < most ? to : most;
        bool look = run->sums->next <= to && to < all;
        if (!run_to(run, to)) {
            break;
        }
        early =
            look && to == rounds * run->plan->n_sections && options->precision > 0 && precise(run);
    }
    (void)save(run);
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
        worker->data = unit_data_new(worker->arena, run->plan, SERIES_COUNTED,
                                     layout_scales(run->layout), want_bins);
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

static void drop_engines(Run *run)
{
    for (int32_t i = 0; i < run->n_threads; i++) {
        for (int32_t t = 0; t < run->plan->n_tellings; t++) {
            unit_drop_engine(run->workers[i].data, t);
        }
    }
}

static void settle(Run *run, bool early, Arena *answer_arena, Answer **answer)
{
    for (int32_t i = 0; i < run->n_threads; i++) {
        // Mostly the sums hold little until now, and the first worker's counters need not be
        // copied.
        (i == 0 ? sums_take_over : sums_take)(run->sums, run->workers[i].data,
                                              run->workers[i].counts);
    }
    drop_engines(run); // a closer look takes their room
    sums_close_worlds(run->sums);
    const Sums *sums = run->sums;
    uint64_t wanted = run->plan->worlds * run->plan->futures;
    bool interrupted = sums->futures < wanted && !early;
    // A run that is whole gives its answer whole, also when told to stop after the last future.
    const volatile int *stop = interrupted ? run->options->stop : NULL;
    RunEnd outcome = {.plan = run->plan,
                      .options = run->options,
                      .layout = run->layout,
                      .sections = sums->sections,
                      .counts = sums->counts,
                      .closer = closer_new(run->arena, run->layout, sums->futures, stop),
                      .trouble = sums->trouble,
                      .failures = sums->failures,
                      .odd = sums->odd,
                      .n_failed = sums->n_failed,
                      .futures = sums->futures,
                      .worlds = run->plan->worlds > 1 ? sums->worlds : 1,
                      .partial = sums->futures < wanted,
                      .interrupted = interrupted,
                      .saved_in = run->options->checkpoint,
                      .not_saved = str_of(run->save_error.message),
                      .seconds = clock_seconds() - run->started,
                      .threads = run->n_threads};
    *answer = ARENA_NEW(answer_arena, Answer);
    settle_answer(answer_arena, &outcome, *answer);
    closer_free(outcome.closer);
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
    pilot_scales(run->arena, run->layout);
    run->sums = sums_new(run->arena, run->layout);
    make_workers(run);
    TRY(open_checkpoint(run, error));
    run->order = order_new(run->arena, run->n_slots, run->sums->next, release, run);
    TRY(open_samples(run, error));
    if (run->resumed > 0) {
        report(run);
    }
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
