// SPDX-License-Identifier: MIT
//
// A run's options at the border: checked, and put in the terms of src/ask.
#include "api/options.h"

#include "base/limits.h"
#include "lang/diags.h"
#include "show/show_num.h"

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

// By the rate so far, where nobody knows better.
static double seconds_left(const Progress *progress)
{
    double here = (double)(progress->done - progress->resumed);
    if (progress->left != 0) {
        return progress->left > 0 ? progress->left : -1; // not a number: nobody knows
    }
    bool any = here > 0 && progress->seconds > 0;
    return any ? (double)(progress->wanted - progress->done) / here * progress->seconds : -1;
}

static void on_progress(void *ctx, const Progress *progress)
{
    const Caller *caller = ctx;
    Arena *arena = arena_new(0);
    Buf line = {.arena = arena};
    buf_add_safe(&line, progress->phase, false);
    add_running(&line, progress, &caller->style);
    CasusProgress out = {.done = progress->done,
                         .wanted = progress->wanted,
                         .seconds = progress->seconds,
                         .resumed = progress->resumed,
                         .what = progress->what.n ? str_c(arena, progress->what) : "futures",
                         .part = str_c(arena, progress->part),
                         .left = seconds_left(progress)};
    out.answers = buf_str(&line).p;
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
    Status status =
        n ? error_set(error, ST_USAGE, "there is no %s `%.80s` in %.80s; it has: %.250s", kind,
                      name, model->title, buf_str(&list).p)
          : error_set(error, ST_USAGE, "there is no %s `%.80s`: %.80s has none", kind, name,
                      model->title);
    arena_free(arena);
    return status;
}

// Every question that is asked must be there.
static Status check_questions(const CasusModel *model, const CasusRunOptions *options, Error *error)
{
    for (size_t i = 0; i < options->n_questions; i++) {
        Str name = str_of(options->questions[i]);
        bool found = false;
        Suggest near;
        suggest_init(&near, name);
        for (size_t k = 0; k < model->n_questions; k++) {
            found = found || str_eq(str_of(model->questions[k]), name);
            suggest_add(&near, str_of(model->questions[k]));
        }
        if (!found && suggest_best(&near).n) {
            return error_set(error, ST_USAGE, "there is no question `%.80s`; did you mean `%.*s`?",
                             options->questions[i], STR_ARG(suggest_best(&near)));
        }
        if (!found) {
            return error_set(error, ST_USAGE,
                             "there is no question `%.80s`; `casus show` lists those of a model",
                             options->questions[i]);
        }
    }
    return ST_OK;
}

// The view that story or variant asks for; NULL: the pool.
static Status pick_view(const CasusModel *model, const CasusRunOptions *options, const View **view,
                        Error *error)
{
    *view = NULL;
    if (options->story && options->variant) {
        return error_set(error, ST_USAGE, "a story and a variant cannot be told at once");
    }
    const char *name = options->story ? options->story : options->variant;
    if (!name) {
        return ST_OK;
    }
    if (options->story && strcmp(name, "base") == 0) { // the model without any story
        *view = model->model->views[0];
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

Status api_run_options(Arena *arena, const CasusModel *model, const CasusRunOptions *given,
                       Caller *caller, RunOptions *out, Error *error)
{
    static const CasusRunOptions defaults = {.seed = 0};
    const CasusRunOptions *options = given ? given : &defaults;
    TRY(check_numbers(options, error));
    TRY(check_questions(model, options, error));
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
                        .checkpoint = options->checkpoint,
                        .sources = model->diags,
                        .no_movers = options->no_movers != 0,
                        .ctx = caller,
                        .progress = options->progress ? on_progress : NULL,
                        .stop = options->stop};
    return ST_OK;
}
