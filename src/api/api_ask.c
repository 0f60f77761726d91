// SPDX-License-Identifier: MIT
//
// Asking at the border: options checked and put in the house's terms, answers wrapped.
#include "api/handles.h"

#include "ask/replay.h"
#include "ask/run.h"
#include "base/clock.h"
#include "base/limits.h"
#include "lower/lower.h"
#include "show/show_json.h"
#include "show/show_num.h"
#include "show/show_replay.h"

// ---- Options ------------------------------------------------------------------------------------

// Who is called while a run goes on.
typedef struct {
    const CasusRunOptions *options;
    ShowStyle style;
} Caller;

// "troops_in 20.7 % +-0.3, front_end 12.4 km +-0.2"
static void add_running(Buf *buf, const Progress *progress, const ShowStyle *style)
{
    for (int32_t i = 0; i < progress->n_answers; i++) {
        const RunningAnswer *answer = &progress->answers[i];
        if (answer->value.value != answer->value.value) {
            continue;
        }
        buf_add(buf, buf->n ? STR(", ") : STR(""));
        buf_add_safe(buf, answer->name, false);
        buf_char(buf, ' ');
        if (answer->is_chance) {
            num_add_chance(buf, style, answer->value);
        } else {
            num_add_value(buf, style, answer->value, answer->scale, answer->unit, NUM_ALL);
        }
    }
}

static void on_progress(void *ctx, const Progress *progress)
{
    const Caller *caller = ctx;
    Arena *arena = arena_new(0);
    Buf line = {.arena = arena};
    add_running(&line, progress, &caller->style);
    CasusProgress out = {progress->done, progress->wanted, progress->seconds, buf_str(&line).p};
    caller->options->progress(caller->options->context, &out);
    arena_free(arena);
}

static Status no_view(const CasusModel *model, const char *kind, const char *const *names, size_t n,
                      const char *name, Error *error)
{
    Arena *arena = arena_new(0);
    Buf list = {.arena = arena};
    for (size_t i = 0; i < n; i++) {
        buf_addf(&list, "%s%s", i ? ", " : "", names[i]);
    }
    Status status = n ? error_set(error, ST_USAGE, "there is no %s `%.80s` in %.80s; it has: %.250s",
                                  kind, name, model->title, buf_str(&list).p)
                      : error_set(error, ST_USAGE, "there is no %s `%.80s`: %.80s has none", kind,
                                  name, model->title);
    arena_free(arena);
    return status;
}

// The view that story, variant or set ask for; NULL: the pool.
static Status pick_view(const CasusModel *model, const CasusRunOptions *options, const View **view,
                        Error *error)
{
    *view = model->set;
    if (options->story && options->variant) {
        return error_set(error, ST_USAGE, "a story and a variant cannot be told at once");
    }
    if ((options->story || options->variant) && model->set) {
        return error_set(error, ST_USAGE,
                         "overrides by --set change the base: they cannot be joined with a %s",
                         options->story ? "story" : "variant");
    }
    const char *name = options->story ? options->story : options->variant;
    if (!name) {
        return ST_OK;
    }
    const View *found = model_view(model->model, str_of(name));
    if (options->story && !(found && found->role == VIEW_STORY)) {
        return no_view(model, "story", model->stories, model->n_stories, name, error);
    }
    if (options->variant && !(found && found->role == VIEW_VARIANT)) {
        return no_view(model, "variant", model->variants, model->n_variants, name, error);
    }
    *view = found;
    return ST_OK;
}

static Status check_numbers(const CasusRunOptions *options, Error *error)
{
    if (options->worlds > UINT32_MAX || options->futures > UINT32_MAX) {
        return error_set(error, ST_USAGE, "worlds and futures in each are below 4,294,967,296");
    }
    if (options->threads < 0 || options->threads > LIMIT_THREADS) {
        return error_set(error, ST_USAGE, "threads: from 1 to %d, 0 for all processors",
                         LIMIT_THREADS);
    }
    if (!(options->precision >= 0 && options->precision < 1)) {
        return error_set(error, ST_USAGE, "precision: a chance above 0 and below 100 %%");
    }
    if (options->n_questions && !options->questions) {
        return error_set(error, ST_USAGE, "n_questions without questions");
    }
    if (options->n_questions > INT32_MAX) {
        return error_set(error, ST_USAGE, "too many questions");
    }
    return ST_OK;
}

// Our options in the terms of src/ask; what they point to lives in `arena`.
static Status run_options(Arena *arena, const CasusModel *model, const CasusRunOptions *options,
                          Caller *caller, RunOptions *out, Error *error)
{
    TRY(check_numbers(options, error));
    const View *view;
    TRY(pick_view(model, options, &view, error));
    Str *questions = ARENA_ARRAY(arena, Str, options->n_questions + 1);
    for (size_t i = 0; i < options->n_questions; i++) {
        questions[i] = str_of(options->questions[i]);
    }
    *caller = (Caller){options, api_style(options->style)};
    *out = (RunOptions){.seed = options->seed,
                        .worlds = options->worlds,
                        .futures = options->futures,
                        .threads = options->threads,
                        .view = view,
                        .with_base = options->with_base != 0,
                        .questions = questions,
                        .n_questions = (int32_t)options->n_questions,
                        .precision = options->precision,
                        .samples = options->samples,
                        .sources = model->diags,
                        .no_movers = options->no_movers != 0,
                        .ctx = caller,
                        .progress = options->progress ? on_progress : NULL,
                        .stop = options->stop};
    return ST_OK;
}

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
    const CasusRunOptions defaults = {.seed = 0};
    Arena *arena = arena_new(0);
    Caller caller;
    RunOptions run;
    Answer *answer = NULL;
    Error why = {.status = ST_OK};
    Status status = run_options(arena, model, options ? options : &defaults, &caller, &run, &why);
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
    TRY(run_options(arena, model, options, &caller, &run, error));
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
    const CasusRunOptions defaults = {.seed = 0};
    Arena *arena = arena_new(0);
    Error why = {.status = ST_OK};
    Status status = cost_of(model, options ? options : &defaults, arena, cost, &why);
    arena_free(arena);
    if (status != ST_OK) {
        api_fail(error, &why, NULL);
    }
    return (CasusStatus)status_exit_code(status);
}

// ---- Replay --------------------------------------------------------------------------------------

static Status replay_text(Buf *buf, const Replay *replay, CasusFormat format,
                          const CasusStyle *style, Error *error)
{
    if (format == CASUS_JSON) {
        return show_replay_json(buf, replay, error);
    }
    if (format != CASUS_TEXT) {
        return error_set(error, ST_USAGE, "a replay is text or JSON");
    }
    ShowStyle show = api_style(style);
    show_replay(buf, replay, &show);
    return ST_OK;
}

char *casus_replay(const CasusModel *model, const CasusRunOptions *options, uint64_t world,
                   uint64_t future, CasusFormat format, const CasusStyle *style,
                   CasusError **error)
{
    if (!model) {
        api_fail_usage(error, "casus_replay: model is NULL");
        return NULL;
    }
    const CasusRunOptions defaults = {.seed = 0};
    Arena *arena = arena_new(0);
    Caller caller;
    RunOptions run;
    Replay *replay = NULL;
    Buf buf = {.arena = arena};
    Error why = {.status = ST_OK};
    Status status = run_options(arena, model, options ? options : &defaults, &caller, &run, &why);
    if (status == ST_OK) {
        status = ask_replay(arena, model->model, &run, world, future, &replay, &why);
    }
    if (status == ST_OK) {
        status = replay_text(&buf, replay, format, style, &why);
    }
    char *text = status == ST_OK ? api_text(&buf) : NULL;
    arena_free(arena);
    if (!text) {
        api_fail(error, &why, NULL);
    }
    return text;
}
