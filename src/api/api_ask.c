// SPDX-License-Identifier: MIT
//
// Running at the border: answers wrapped into handles, and what a run would cost.
#include "api/options.h"

#include "base/clock.h"
#include "lower/lower.h"

// ---- Run ----------------------------------------------------------------------------------------

static CasusAnswer *wrap(Arena *arena, Answer *answer)
{
    CasusAnswer *handle = ARENA_NEW(arena, CasusAnswer);
    int32_t n = answer->n_items;
    *handle = (CasusAnswer){.arena = arena,
                            .answer = answer,
                            .names = ARENA_ARRAY(arena, const char *, n + 1),
                            .texts = ARENA_ARRAY(arena, const char *, n + 1),
                            .units = ARENA_ARRAY(arena, const char *, n + 1),
                            .whys = ARENA_ARRAY(arena, const char *, n + 1),
                            .levels = ARENA_ARRAY(arena, const char **, n + 1)};
    for (int32_t i = 0; i < n; i++) {
        const Item *item = &answer->items[i];
        handle->names[i] = api_safe(arena, item->name);
        handle->texts[i] = api_safe(arena, item->text.n ? item->text : item->asked);
        handle->units[i] = api_safe(arena, item->unit);
        handle->whys[i] = api_safe(arena, item->why);
        handle->levels[i] = ARENA_ARRAY(arena, const char *, item->n_levels + 1);
        for (int32_t k = 0; item->levels && k < item->n_levels; k++) {
            handle->levels[i][k] = api_safe(arena, item->levels[k].name);
        }
    }
    return handle;
}

CasusAnswer *casus_run(const CasusModel *model, const CasusRunOptions *options, CasusError **error)
{
    if (!model) {
        api_fail_usage(error, "casus_run: model is NULL");
        return NULL;
    }
    Arena *arena = arena_new(0);
    Caller caller;
    RunOptions run;
    Answer *answer = NULL;
    Error why = {.status = ST_OK};
    Status status = api_run_options(arena, model, options, &caller, &run, &why);
    if (status == ST_OK) {
        status = ask_run(arena, model->model, &run, &answer, &why);
    }
    if (status != ST_OK) {
        arena_free(arena);
        api_fail(error, &why, NULL);
        return NULL;
    }
    return wrap(arena, answer);
}

// ---- Cost ---------------------------------------------------------------------------------------

enum { TRIAL_FUTURES = 2048 };

// Seconds a future takes on one thread, from a short trial.
static Status trial(const CasusModel *model, const RunOptions *run, double *seconds, Error *error)
{
    RunOptions small = *run;
    small.futures = run->futures ? run->futures : RUN_FUTURES;
    small.futures = small.futures < TRIAL_FUTURES ? small.futures : TRIAL_FUTURES;
    small.worlds = TRIAL_FUTURES / small.futures;
    small.threads = 1;
    small.precision = 0;
    small.samples = NULL;
    small.no_movers = true;
    small.progress = NULL;
    Arena *arena = arena_new(0);
    Answer *answer = NULL;
    double start = clock_seconds();
    Status status = ask_run(arena, model->model, &small, &answer, error);
    *seconds = (clock_seconds() - start) / (double)(small.worlds * small.futures);
    arena_free(arena);
    return status;
}

// Bytes of one worker's scratch for the largest of the views a run may tell.
static Status scratch_bytes(const CasusModel *model, const View *only, double *bytes, Error *error)
{
    Isa isa;
    TRY(engine_pick_isa(&isa, error));
    *bytes = 0;
    for (int32_t i = 0; i < model->model->n_views; i++) {
        const View *view = model->model->views[i];
        if (only ? view != only : view->role == VIEW_VARIANT) {
            continue;
        }
        Arena *arena = arena_new(0);
        Program *program = NULL;
        Status status = lower_view(arena, model->model, view, (LowerOptions){.trace = false},
                                   &program, error);
        if (status == ST_OK) {
            *bytes += (double)engine_bytes(program, (EngineOptions){.isa = isa});
            *bytes += (double)arena_used(arena);
        }
        arena_free(arena);
        TRY(status);
    }
    return ST_OK;
}

static Status cost_of(const CasusModel *model, const CasusRunOptions *options, Arena *arena,
                      CasusCost *cost, Error *error)
{
    Caller caller;
    RunOptions run;
    TRY(api_run_options(arena, model, options, &caller, &run, error));
    double seconds, bytes;
    TRY(trial(model, &run, &seconds, error));
    TRY(scratch_bytes(model, run.view, &bytes, error));
    uint64_t worlds = run.worlds ? run.worlds : RUN_WORLDS;
    uint64_t futures = run.futures ? run.futures : RUN_FUTURES;
    int threads = run.threads ? run.threads : clock_processors();
    *cost = (CasusCost){.bytes = bytes * threads + (double)arena_used(model->arena),
                        .seconds = seconds * (double)(worlds * futures) / threads,
                        .futures = worlds * futures,
                        .steps = model->model->n_steps,
                        .threads = threads};
    return ST_OK;
}

CasusStatus casus_run_cost(const CasusModel *model, const CasusRunOptions *options, CasusCost *cost,
                           CasusError **error)
{
    if (!model || !cost) {
        return api_fail_usage(error, "casus_run_cost: model or cost is NULL");
    }
    Arena *arena = arena_new(0);
    Error why = {.status = ST_OK};
    Status status = cost_of(model, options, arena, cost, &why);
    arena_free(arena);
    if (status != ST_OK) {
        api_fail(error, &why, NULL);
    }
    return (CasusStatus)status_exit_code(status);
}
