// SPDX-License-Identifier: MIT
//
// From what a run ended with to its Answer: provenance, the pool, each question, remarks.
#include "ask/settle.h"

#include "ask/settle_impl.h"
#include "ask/words.h"
#include "base/date.h"

// ---- Provenance ---------------------------------------------------------------------------------

static Str who_is_told(Arena *arena, const Plan *plan)
{
    const View *view = plan->tellings[0].view;
    if (plan->n_tellings > 1) {
        int32_t stories = 0;
        for (int32_t t = 0; t < plan->n_tellings; t++) {
            stories += plan->tellings[t].view->role == VIEW_STORY;
        }
        return str_format(arena, "pool of %d stor%s%s", (int)stories, stories == 1 ? "y" : "ies",
                          stories < plan->n_tellings ? " and the base" : "");
    }
    switch (view->role) {
    case VIEW_STORY: return str_format(arena, "story %.*s", STR_ARG(view->name));
    case VIEW_VARIANT: return str_format(arena, "variant %.*s", STR_ARG(view->name));
    case VIEW_BASE: break;
    }
    return STR("base");
}

Str settle_reading(Arena *arena, const Plan *plan)
{
    Buf buf = {.arena = arena};
    buf_add(&buf, who_is_told(arena, plan));
    for (int32_t i = 0; plan->changed && i < plan->model->n_settings; i++) {
        buf_add(&buf, i == 0 ? STR(", with ") : STR("; "));
        buf_add(&buf, plan->model->settings[i]);
    }
    return buf_str(&buf);
}

static const Str *copy_settings(Arena *arena, const Plan *plan)
{
    int32_t n = plan->changed ? plan->model->n_settings : 0;
    Str *settings = ARENA_ARRAY(arena, Str, n + 1);
    for (int32_t i = 0; i < n; i++) {
        settings[i] = str_copy(arena, plan->model->settings[i]);
    }
    return settings;
}

Provenance settle_provenance(Arena *arena, const Plan *plan)
{
    const Model *model = plan->model;
    return (Provenance){.model_title = str_copy(arena, model->title),
                        .model_path = str_copy(arena, model->path),
                        .model_hash = str_format(arena, "%016llx", (unsigned long long)model->hash),
                        .version = STR(CASUS_VERSION),
                        .reading = settle_reading(arena, plan),
                        .settings = copy_settings(arena, plan),
                        .n_settings = plan->changed ? model->n_settings : 0,
                        .seed = plan->seed,
                        .worlds = plan->worlds,
                        .futures_per_world = plan->futures,
                        .futures_wanted = plan->worlds * plan->futures,
                        .start = model->start,
                        .end = model->end,
                        .step = words_step(arena, model)};
}

Str settle_grade(Arena *arena, const Model *model, const View *view)
{
    if (view->role != VIEW_STORY || view->notes.n_citations == 0) {
        return (Str){0};
    }
    const Source *source = &model->sources[view->notes.citations[0].source];
    return str_format(arena, "%c", source->reliability);
}

void settle_pool(Arena *arena, const Plan *plan, Answer *answer)
{
    PoolPart *parts = ARENA_ARRAY(arena, PoolPart, plan->n_tellings);
    for (int32_t t = 0; t < plan->n_tellings; t++) {
        const Telling *telling = &plan->tellings[t];
        bool base = telling->view->role == VIEW_BASE;
        parts[t] = (PoolPart){base ? STR("base") : str_copy(arena, telling->view->name),
                              telling->share, settle_grade(arena, plan->model, telling->view)};
    }
    answer->pool = parts;
    answer->n_pool = plan->n_tellings;
}

// ---- All of it ----------------------------------------------------------------------------------

void settle_answer(Arena *arena, const RunEnd *o, Answer *answer)
{
    const Plan *plan = o->plan;
    answer->provenance = settle_provenance(arena, plan);
    answer->provenance.worlds = o->worlds;
    answer->provenance.futures = o->futures;
    answer->provenance.partial = o->partial;
    answer->provenance.seconds = o->seconds;
    answer->provenance.threads = o->threads;
    settle_pool(arena, plan, answer);
    Item *items = ARENA_ARRAY(arena, Item, plan->n_asked);
    for (int32_t a = 0; a < plan->n_asked; a++) {
        settle_item(arena, o, a, &items[a]);
    }
    answer->items = items;
    answer->n_items = plan->n_asked;
    answer->check_failed = o->n_failed > 0;
    settle_remarks(arena, o, answer);
}
