// SPDX-License-Identifier: MIT
//
// What a run would take.
#include "ask/cost.h"

#include "ask/pilot.h"
#include "base/clock.h"

enum { TRIAL_FUTURES = 2048, SLOTS_PER_THREAD = 4 };

static double engines_bytes(const Plan *plan)
{
    double bytes = 0;
    for (int32_t t = 0; t < plan->n_tellings; t++) {
        bytes += (double)engine_bytes(plan->tellings[t].program, plan->engine);
    }
    return bytes;
}

double cost_bytes(const Plan *plan, const Layout *layout, int32_t threads, double shared)
{
    double worker =
        engines_bytes(plan) + (double)unit_data_bytes(plan) + (double)counts_bytes(layout);
    double flat = 8.0 * (double)layout->n_flat;
    return shared + (double)counts_bytes(layout) + threads * worker +
           flat * (threads * SLOTS_PER_THREAD + plan->n_sections);
}

// A unit of about TRIAL_FUTURES futures, whole worlds when they are small enough.
static WorkUnit trial_unit(const Plan *plan, const UnitData *data)
{
    uint64_t futures = plan->futures < TRIAL_FUTURES ? plan->futures : TRIAL_FUTURES;
    futures = futures < (uint64_t)data->capacity ? futures : (uint64_t)data->capacity;
    uint64_t worlds = TRIAL_FUTURES / futures;
    uint64_t room = (uint64_t)data->capacity / futures;
    worlds = worlds < room ? worlds : room;
    worlds = worlds < (uint64_t)data->world_capacity ? worlds : (uint64_t)data->world_capacity;
    return (WorkUnit){.n_worlds = worlds > 0 ? (int32_t)worlds : 1, .n_futures = (uint32_t)futures};
}

// Seconds of one thread for a future.
static double trial_seconds(Layout *layout)
{
    const Plan *plan = layout->plan;
    Arena *arena = arena_new(0);
    pilot_scales(arena, layout);
    UnitData *data = unit_data_new(arena, plan, SERIES_COUNTED, layout_scales(layout), false);
    WorkUnit unit = trial_unit(plan, data);
    (void)unit_run(data, unit, NULL); // makes the engines, warms the caches
    double start = clock_seconds();
    (void)unit_run(data, unit, NULL);
    double seconds = (clock_seconds() - start) / (double)data->n;
    unit_data_free(data);
    arena_free(arena);
    return seconds;
}

static Status cost_in(Arena *arena, const Model *model, const RunOptions *options, RunCost *cost,
                      Error *error)
{
    Plan *plan = NULL;
    TRY(plan_make(arena, model, options, false, &plan, error));
    Layout *layout = layout_make(arena, plan, !options->no_movers);
    int32_t threads = plan_threads(plan, options);
    uint64_t futures = plan->worlds * plan->futures;
    double bytes = cost_bytes(plan, layout, threads, (double)arena_used(arena));
    TRY(plan_fits(bytes, error));
    *cost = (RunCost){.bytes = bytes,
                      .seconds = trial_seconds(layout) * (double)futures / threads,
                      .futures = futures,
                      .steps = model->n_steps,
                      .threads = threads,
                      .unit_futures = (int32_t)plan->unit_futures};
    return ST_OK;
}

Status ask_cost(const Model *model, const RunOptions *options, RunCost *cost, Error *error)
{
    Arena *arena = arena_new(0);
    Status status = cost_in(arena, model, options, cost, error);
    arena_free(arena);
    return status;
}
