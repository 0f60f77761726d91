// SPDX-License-Identifier: MIT
//
// From what a run ended with to its Answer: provenance, the pool, each question, remarks.
#include "ask/settle.h"

#include "ask/settle_impl.h"
#include "ask/words.h"
#include "base/date.h"

enum { FEW_HITS = 30, FEW_FUTURES = 1000, FEW_WORLDS = 50 };

typedef VEC(Remark) RemarkList;

static void remark(Arena *arena, RemarkList *list, Str text)
{
    vec_push(arena, list, ((Remark){text}));
}

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

// The grade of the source a story tells: "D", or empty.
static Str grade_of(Arena *arena, const Model *model, const View *view)
{
    if (view->role != VIEW_STORY || view->notes.n_citations == 0) {
        return (Str){0};
    }
    const Source *source = &model->sources[view->notes.citations[0].source];
    return str_format(arena, "%c", source->reliability);
}

static void fill_pool(Arena *arena, const Plan *plan, Answer *answer)
{
    PoolPart *parts = ARENA_ARRAY(arena, PoolPart, plan->n_tellings);
    for (int32_t t = 0; t < plan->n_tellings; t++) {
        const Telling *telling = &plan->tellings[t];
        bool base = telling->view->role == VIEW_BASE;
        parts[t] = (PoolPart){base ? STR("base") : str_copy(arena, telling->view->name),
                              telling->share, grade_of(arena, plan->model, telling->view)};
    }
    answer->pool = parts;
    answer->n_pool = plan->n_tellings;
}

// ---- Remarks ------------------------------------------------------------------------------------

static void remark_run(Arena *arena, const RunEnd *o, RemarkList *list)
{
    const Plan *plan = o->plan;
    unsigned long long done = (unsigned long long)o->futures;
    unsigned long long wanted = (unsigned long long)(plan->worlds * plan->futures);
    if (o->interrupted) {
        remark(arena, list,
               str_format(arena,
                          "stopped early: %llu of %llu futures were run; the errors are those of "
                          "the smaller run",
                          done, wanted));
    } else if (o->partial) {
        remark(arena, list,
               str_format(arena, "the precision asked for was reached after %llu of %llu futures",
                          done, wanted));
    }
    if (plan->worlds_differ && o->worlds < FEW_WORLDS && o->worlds > 0) {
        remark(arena, list,
               str_format(arena,
                          "only %llu world%s: what is unknown in the model is hardly sampled; ask "
                          "for more worlds",
                          (unsigned long long)o->worlds, o->worlds == 1 ? "" : "s"));
    }
}

static Str place_text(Arena *arena, const Model *model, const Incident *x)
{
    int32_t step = x->step < 0 ? 0 : x->step < model->n_steps ? x->step : model->n_steps - 1;
    return str_format(
        arena,
        "world %lu, future %lu, %.*s (replay it with the same model, seed and options: "
        "casus replay --world %lu --future %lu)",
        (unsigned long)x->world, (unsigned long)x->future,
        STR_ARG(date_text(arena, model->step_start[step], false)), (unsigned long)x->world,
        (unsigned long)x->future);
}

static void remark_checks(Arena *arena, const RunEnd *o, RemarkList *list)
{
    for (int32_t t = 0; t < o->plan->n_tellings; t++) {
        const Telling *telling = &o->plan->tellings[t];
        for (int32_t c = 0; c < telling->program->n_checks; c++) {
            const Incident *x = &o->failures[t][c];
            if (x->n == 0) {
                continue;
            }
            ASSERT(c < telling->view->n_checks);
            const Check *check = &telling->view->checks[c];
            Str quoted = words_expr(arena, o->options->sources, check->condition);
            Str text = check->text.n > 0 ? check->text : quoted;
            remark(arena, list,
                   str_format(arena, "the check \"%.*s\" failed, first in %.*s", STR_ARG(text),
                              STR_ARG(place_text(arena, o->plan->model, x))));
        }
    }
    if (o->n_failed > 0) {
        remark(arena, list,
               str_format(arena, "checks failed in %llu of %llu futures",
                          (unsigned long long)o->n_failed, (unsigned long long)o->futures));
    }
}

// Numerical trouble, by the name of the state: stories that share it share the remark.
static void remark_trouble(Arena *arena, const RunEnd *o, RemarkList *list)
{
    for (int32_t t = 0; t < o->plan->n_tellings; t++) {
        const Program *program = o->plan->tellings[t].program;
        for (int32_t s = 0; s < program->n_states; s++) {
            Incident all = o->trouble[t][s];
            bool told = false;
            for (int32_t u = 0; u < o->plan->n_tellings && all.n > 0; u++) {
                const Program *other = o->plan->tellings[u].program;
                for (int32_t r = 0; r < other->n_states && u != t; r++) {
                    const Incident *x = &o->trouble[u][r];
                    if (x->n > 0 && str_eq(other->states[r].name, program->states[s].name)) {
                        told = told || u < t;
                        incident_add(&all, x->n, x->world, x->future, x->step);
                    }
                }
            }
            if (all.n > 0 && !told) {
                // A state of number -1 is the compiler's own: NaN means that its name came true.
                remark(arena, list,
                       str_format(arena, "%.*s%s in %llu future%s, first in %.*s",
                                  STR_ARG(program->states[s].name),
                                  program->states[s].state < 0 ? ""
                                                               : " ended infinite or not a number",
                                  (unsigned long long)all.n, all.n == 1 ? "" : "s",
                                  STR_ARG(place_text(arena, o->plan->model, &all))));
            }
        }
    }
}

static void remark_item(Arena *arena, const RunEnd *o, int32_t asked, const Item *item,
                        RemarkList *list)
{
    if (item->conditional && item->futures > 0 && item->futures < FEW_FUTURES) {
        remark(arena, list,
               str_format(arena, "%.*s rests on %llu futures only", STR_ARG(item->name),
                          (unsigned long long)item->futures));
    }
    if (item->kind != ITEM_FLAG && item->kind != ITEM_DATE) {
        return;
    }
    TrackSums sums = settle_sums(o->layout, o->sections, o->layout->first[asked]);
    double hits = sums.x, misses = sums.n - sums.x;
    double rare = hits < misses ? hits : misses;
    if (rare > 0 && rare < FEW_HITS && sums.n >= 2 * FEW_HITS) {
        remark(arena, list,
               str_format(arena, "%.*s came out %s in %d future%s only; run more for a firm figure",
                          STR_ARG(item->name), hits < misses ? "yes" : "no", (int)rare,
                          rare == 1 ? "" : "s"));
    }
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
    fill_pool(arena, plan, answer);
    RemarkList remarks = {0};
    remark_run(arena, o, &remarks);
    remark_checks(arena, o, &remarks);
    remark_trouble(arena, o, &remarks);
    Item *items = ARENA_ARRAY(arena, Item, plan->n_asked);
    for (int32_t a = 0; a < plan->n_asked; a++) {
        settle_item(arena, o, a, &items[a]);
        remark_item(arena, o, a, &items[a], &remarks);
    }
    answer->items = items;
    answer->n_items = plan->n_asked;
    answer->remarks = remarks.p;
    answer->n_remarks = remarks.n;
    answer->check_failed = o->n_failed > 0;
}
