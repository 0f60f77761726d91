// SPDX-License-Identifier: MIT
//
// Running at the border: answers wrapped into handles, and what a run would cost.
#include "api/options.h"

#include "ask/cost.h"
#include "ask/exact.h"
#include "ask/plan.h"
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
        api_fail_model(error, &why, model);
        return NULL;
    }
    return wrap(arena, answer);
}

// ---- Exact --------------------------------------------------------------------------------------

CasusAnswer *casus_exact(const CasusModel *model, const CasusRunOptions *options,
                         uint64_t megabytes, CasusError **error)
{
    if (!model) {
        api_fail_usage(error, "casus_exact: model is NULL");
        return NULL;
    }
    Arena *arena = arena_new(0);
    Caller caller;
    RunOptions run;
    Answer *answer = NULL;
    Error why = {.status = ST_OK};
    Status status = api_run_options(arena, model, options, &caller, &run, &why);
    if (status == ST_OK) {
        ExactLimits limits = {.megabytes = megabytes, .priors = run.worlds};
        status = ask_exact(arena, model->model, &run, limits, &answer, &why);
    }
    if (status != ST_OK) {
        arena_free(arena);
        api_fail_model(error, &why, model);
        return NULL;
    }
    return wrap(arena, answer);
}

CasusStatus casus_exact_applies(const CasusModel *model, const CasusRunOptions *options, char **why,
                                CasusError **error)
{
    if (!model || !why) {
        return api_fail_usage(error, "casus_exact_applies: model or why is NULL");
    }
    Arena *arena = arena_new(0);
    Caller caller;
    RunOptions run;
    Str text = {0};
    Error fault = {.status = ST_OK};
    Status status = api_run_options(arena, model, options, &caller, &run, &fault);
    if (status == ST_OK) {
        status = ask_exact_applies(arena, model->model, &run, &text, &fault);
    }
    Buf buf = {.arena = arena};
    buf_add(&buf, text);
    if (status == ST_OK) {
        *why = api_text(&buf);
    } else {
        api_fail_model(error, &fault, model);
    }
    arena_free(arena);
    return (CasusStatus)status_exit_code(status);
}

// ---- Cost ---------------------------------------------------------------------------------------

static Status cost_of(const CasusModel *model, const CasusRunOptions *options, Arena *arena,
                      CasusCost *cost, Error *error)
{
    Caller caller;
    RunOptions run;
    RunCost found;
    TRY(api_run_options(arena, model, options, &caller, &run, error));
    TRY(ask_cost(model->model, &run, &found, error));
    *cost = (CasusCost){.bytes = found.bytes + (double)arena_used(model->arena),
                        .seconds = found.seconds,
                        .futures = found.futures,
                        .steps = found.steps,
                        .threads = found.threads};
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
        api_fail_model(error, &why, model);
    }
    return (CasusStatus)status_exit_code(status);
}

// ---- Program ------------------------------------------------------------------------------------

static Status program_text(Buf *buf, const CasusModel *model, const CasusRunOptions *options,
                           Error *error)
{
    Caller caller;
    RunOptions run;
    TRY(api_run_options(buf->arena, model, options, &caller, &run, error));
    const View *chosen = run.view ? run.view : model->model->views[0];
    const View *view = plan_told_view(model->model, &run, chosen);
    Program *program = NULL;
    TRY(lower_view(buf->arena, model->model, view, (LowerOptions){.trace = false}, &program,
                   error));
    program_print(program, buf);
    return ST_OK;
}

char *casus_model_program(const CasusModel *model, const CasusRunOptions *options,
                          CasusError **error)
{
    if (!model) {
        api_fail_usage(error, "casus_model_program: model is NULL");
        return NULL;
    }
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    Error why = {.status = ST_OK};
    char *text = NULL;
    if (program_text(&buf, model, options, &why) == ST_OK) {
        text = api_text(&buf);
    } else {
        api_fail_model(error, &why, model);
    }
    arena_free(arena);
    return text;
}
