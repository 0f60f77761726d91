// SPDX-License-Identifier: MIT
//
// Models at the border: loading, names, warnings.
#include "api/handles.h"

#include <stdlib.h>

#include "ask/influence.h"
#include "ask/tell.h"
#include "lang/check.h"
#include "show/show_dot.h"
#include "show/show_tell.h"

// Names of the views of one role.
static const char **view_names(Arena *arena, const Model *model, ViewRole role, size_t *n)
{
    const char **names = ARENA_ARRAY(arena, const char *, model->n_views + 1);
    *n = 0;
    for (int32_t i = 0; i < model->n_views; i++) {
        if (model->views[i]->role == role) {
            names[(*n)++] = api_safe(arena, model->views[i]->name);
        }
    }
    return names;
}

static CasusModel *handle_of(Arena *arena, DiagList *diags, Model *model)
{
    CasusModel *handle = ARENA_NEW(arena, CasusModel);
    const View *base = model->views[0];
    *handle = (CasusModel){.arena = arena,
                           .diags = diags,
                           .model = model,
                           .set = model->set_views ? model->set_views[0] : NULL,
                           .title = api_safe(arena, model->title),
                           .questions = ARENA_ARRAY(arena, const char *, base->n_questions + 1),
                           .n_questions = (size_t)base->n_questions};
    for (int32_t i = 0; i < base->n_questions; i++) {
        handle->questions[i] = api_safe(arena, base->questions[i].name);
    }
    handle->stories = view_names(arena, model, VIEW_STORY, &handle->n_stories);
    handle->variants = view_names(arena, model, VIEW_VARIANT, &handle->n_variants);
    return handle;
}

// Our options in the language's terms; the Strs live in `arena`.
static LoadOptions load_options(Arena *arena, const CasusLoadOptions *options)
{
    LoadOptions out = {.path = NULL};
    if (!options) {
        return out;
    }
    Str *sets = ARENA_ARRAY(arena, Str, options->n_sets + 1);
    for (size_t i = 0; i < options->n_sets; i++) {
        sets[i] = str_of(options->sets[i]);
    }
    out.sets = sets;
    out.n_sets = (int32_t)options->n_sets;
    out.lint = options->lint != 0;
    return out;
}

static CasusModel *finish(Status status, Arena *arena, DiagList *diags, Model *model,
                          const Error *error, CasusError **out)
{
    if (status == ST_OK) {
        ASSERT(model);
        return handle_of(arena, diags, model);
    }
    arena_free(arena);
    api_fail(out, error, diags);
    return NULL;
}

static bool options_are_wrong(const CasusLoadOptions *options, CasusError **error)
{
    enum { SETS_MOST = 1000 };
    if (options && options->n_sets && !options->sets) {
        api_fail_usage(error, "casus_model_load: n_sets without sets");
        return true;
    }
    if (options && options->n_sets > SETS_MOST) {
        api_fail_usage(error, "too many overrides: at most 1,000 of --set");
        return true;
    }
    return false;
}

CasusModel *casus_model_load(const char *path, const CasusLoadOptions *options, CasusError **error)
{
    if (!path) {
        api_fail_usage(error, "casus_model_load: path is NULL");
        return NULL;
    }
    if (options_are_wrong(options, error)) {
        return NULL;
    }
    Arena *arena = arena_new(0);
    DiagList *diags = api_diags_new();
    LoadOptions load = load_options(arena, options);
    load.path = path;
    Model *model = NULL;
    Error why = {.status = ST_OK};
    Status status = lang_load(arena, diags, &load, &model, &why);
    return finish(status, arena, diags, model, &why, error);
}

CasusModel *casus_model_load_text(const char *name, const char *text, size_t length,
                                  const CasusLoadOptions *options, CasusError **error)
{
    if (!name || (!text && length)) {
        api_fail_usage(error, "casus_model_load_text: name or text is NULL");
        return NULL;
    }
    if (options_are_wrong(options, error)) {
        return NULL;
    }
    Arena *arena = arena_new(0);
    DiagList *diags = api_diags_new();
    LoadOptions load = load_options(arena, options);
    load.path = name;
    Model *model = NULL;
    Error why = {.status = ST_OK};
    Str own_name = str_copy(arena, str_of(name));
    Status status = lang_load_text(arena, diags, own_name, (Str){length ? text : "", length}, &load,
                                   &model, &why);
    return finish(status, arena, diags, model, &why, error);
}

void casus_model_free(CasusModel *model)
{
    if (model) {
        api_diags_free(model->diags);
        arena_free(model->arena); // the handle lives in its own arena
    }
}

const char *casus_model_title(const CasusModel *model)
{
    return model ? model->title : "";
}

uint64_t casus_model_hash(const CasusModel *model)
{
    return model ? model->model->hash : 0;
}

char *casus_model_diagnostics(const CasusModel *model, CasusFormat format, const CasusStyle *style)
{
    return model ? api_diagnostics(model->diags, format, style) : NULL;
}

size_t casus_model_warnings(const CasusModel *model)
{
    return model ? (size_t)model->diags->n_warnings : 0;
}

char *casus_model_tell(const CasusModel *model, const CasusStyle *style)
{
    if (!model) {
        return NULL;
    }
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    ShowStyle show = api_style(style);
    show_tell(&buf, ask_tell(arena, model->model, model->set, model->diags), &show);
    char *text = api_text(&buf);
    arena_free(arena);
    return text;
}

char *casus_model_dot(const CasusModel *model)
{
    if (!model) {
        return NULL;
    }
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    const View *view = model->set ? model->set : model->model->views[0];
    show_dot(&buf, ask_influence(arena, model->model, view));
    char *text = api_text(&buf);
    arena_free(arena);
    return text;
}

static const char *name_at(const char *const *names, size_t n, size_t index)
{
    return index < n ? names[index] : NULL;
}

size_t casus_model_questions(const CasusModel *model)
{
    return model ? model->n_questions : 0;
}

const char *casus_model_question(const CasusModel *model, size_t index)
{
    return model ? name_at(model->questions, model->n_questions, index) : NULL;
}

size_t casus_model_stories(const CasusModel *model)
{
    return model ? model->n_stories : 0;
}

const char *casus_model_story(const CasusModel *model, size_t index)
{
    return model ? name_at(model->stories, model->n_stories, index) : NULL;
}

size_t casus_model_variants(const CasusModel *model)
{
    return model ? model->n_variants : 0;
}

const char *casus_model_variant(const CasusModel *model, size_t index)
{
    return model ? name_at(model->variants, model->n_variants, index) : NULL;
}
