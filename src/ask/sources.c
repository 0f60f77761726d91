// SPDX-License-Identifier: MIT
//
// Sourcing as a whole: the weights of the pool, the runs, remarks.
#include "ask/sources.h"

#include "ask/plan.h"
#include "ask/settle.h"
#include "ask/sources_impl.h"
#include "base/clock.h"
#include "math/bits.h"

void sources_remark(Sourcer *s, Str text)
{
    vec_push(s->answer, &s->remarks, ((Remark){.text = str_copy(s->answer, text)}));
}

// ---- The pool -----------------------------------------------------------------------------------

// The base as a run has it in its pool: by its weight, by --base, or since there is nobody else.
// What is left out does not bring it in.
static double base_weight(const Sourcer *s)
{
    double base = s->model->base_weight, sum = 0;
    for (int32_t v = 1; v < s->model->n_views; v++) {
        sum += s->weights[v].weight;
    }
    bool wanted = (s->run.with_base && !(base > 0)) || (!(sum > 0) && !(base > 0));
    return wanted ? 1 : base;
}

const double *sources_pool(const Sourcer *s, const bool *left_out)
{
    const PoolWeight *weights = pool_weights(s->arena, s->model, s->hands, left_out);
    double *pool = ARENA_ARRAY(s->arena, double, s->model->n_views);
    for (int32_t v = 1; v < s->model->n_views; v++) {
        pool[v] = weights[v].weight;
    }
    pool[0] = base_weight(s);
    return pool;
}

// ---- The table ----------------------------------------------------------------------------------

static void fill_grades(Sourcer *s)
{
    const GradeTable *table = &s->model->grades;
    SourcingGrade *grades = ARENA_ARRAY(s->answer, SourcingGrade, GRADE_LETTERS * GRADE_FIGURES);
    int32_t n = 0;
    for (int32_t l = 0; l < GRADE_LETTERS; l++) {
        for (int32_t f = 0; f < GRADE_FIGURES; f++) {
            double weight = table->weight[l][f];
            Str name = f ? str_format(s->answer, "%c%d", 'A' + l, (int)f)
                         : str_format(s->answer, "%c", 'A' + l);
            if (weight == weight) {
                grades[n++] = (SourcingGrade){name, weight};
            }
        }
    }
    s->out->grades = grades;
    s->out->n_grades = n;
    s->out->shared = table->shared;
}

static SourcingWeight weight_of(const Sourcer *s, int32_t v, double weight, double sum)
{
    const View *view = s->model->views[v];
    const PoolWeight *w = &s->weights[v];
    SourcingWeight out = {.story = str_copy(s->answer, view->name),
                          .source = w->source,
                          .stated = w->stated,
                          .raw = v == 0 ? weight : w->raw,
                          .counts = w->counts,
                          .weight = weight,
                          .share = sum > 0 ? weight / sum : 0};
    if (w->source >= 0) {
        out.credibility = view->notes.citations[0].credibility;
    }
    if (w->hand >= 0) {
        out.hand = str_copy(s->answer, s->hands->list[w->hand].name);
    }
    return out;
}

static void fill_weights(Sourcer *s)
{
    const double *pool = sources_pool(s, NULL);
    SourcingWeight *weights = ARENA_ARRAY(s->answer, SourcingWeight, s->model->n_views);
    double sum = 0;
    int32_t n = 0;
    for (int32_t v = 0; v < s->model->n_views; v++) {
        sum += pool[v];
    }
    for (int32_t i = 1; i <= s->model->n_views; i++) {
        int32_t v = i % s->model->n_views; // the base last, as in a run
        if (s->model->views[v]->role != VIEW_VARIANT) {
            weights[n++] = weight_of(s, v, pool[v], sum);
        }
    }
    s->out->weights = weights;
    s->out->n_weights = n;
}

// ---- The runs -----------------------------------------------------------------------------------

// Bins of worlds by what is unknown need many worlds more than many futures in each. What the base
// has is looked at in the pool, a story's own lines in that story.
static Status run_movers(Sourcer *s, int32_t view, uint64_t worlds, Error *error)
{
    enum { FUTURES = 4 };
    RunOptions run = s->run;
    run.worlds = worlds;
    run.futures = run.futures < FUTURES ? run.futures : FUTURES;
    run.most_movers = INT32_MAX;
    run.view = view > 0 ? s->model->views[view] : NULL;
    Answer *answer = NULL;
    TRY(ask_run(s->arena, s->model, &run, &answer, error));
    sources_shares(s, view, answer);
    for (int32_t i = 0; view == 0 && i < answer->n_remarks; i++) {
        if (answer->remarks[i].command.n > 0) { // of trouble, not of the size of this run
            sources_remark(s, answer->remarks[i].text);
        }
    }
    return ST_OK;
}

static bool is_stopped(const Sourcer *s)
{
    return s->run.stop && *s->run.stop;
}

static Status run_all_movers(Sourcer *s, Error *error)
{
    enum { MORE_WORLDS = 4 };
    TRY(run_movers(s, 0, s->run.worlds * MORE_WORLDS, error));
    for (int32_t v = 1; v < s->model->n_views && !is_stopped(s); v++) {
        if (s->weights[v].weight > 0 && sources_doubtful(s, v)) {
            TRY(run_movers(s, v, s->run.worlds, error));
        }
    }
    return ST_OK;
}

// Stands for a run that was not made.
static Status fill_provenance(Sourcer *s, Error *error)
{
    Plan *plan = NULL;
    RunOptions run = s->run;
    run.samples = NULL;
    TRY(plan_make(s->arena, s->model, &run, false, &plan, error));
    s->out->provenance = settle_provenance(s->answer, plan);
    return ST_OK;
}

static Status source_all(Sourcer *s, Error *error)
{
    double started = clock_seconds();
    int32_t left = plan_leave_out_series(s->arena, s->model, &s->run);
    TRY(fill_provenance(s, error));
    sources_rows(s);
    fill_grades(s);
    fill_weights(s);
    if (left > 0 && !s->options->no_run) {
        sources_remark(s, str_format(s->arena, "%d question%s over time %s left out", (int)left,
                                     left == 1 ? "" : "s", left == 1 ? "is" : "are"));
    }
    s->out->was_run = s->run.n_questions > 0 && !s->options->no_run;
    if (s->out->was_run) {
        TRY(run_all_movers(s, error));
    }
    bool stopped = is_stopped(s);
    s->out->provenance.partial = stopped;
    if (stopped) {
        sources_remark(s, STR("stopped early: what the answers would be without a source was not "
                              "worked out"));
    }
    TRY(sources_without(s, s->out->was_run && !stopped, error));
    s->out->remarks = s->remarks.p;
    s->out->n_remarks = s->remarks.n;
    s->out->provenance.seconds = clock_seconds() - started;
    return ST_OK;
}

Status ask_sources(Arena *answer_arena, const Model *model, const SourcesOptions *options,
                   Sourcing **sourcing, Error *error)
{
    Sourcer s = {.options = options,
                 .model = model,
                 .run = options->run,
                 .arena = arena_new(0),
                 .answer = answer_arena,
                 .out = ARENA_NEW(answer_arena, Sourcing)};
    s.run.worlds = s.run.worlds ? s.run.worlds : SOURCES_WORLDS;
    s.run.futures = s.run.futures ? s.run.futures : RUN_FUTURES;
    s.run.as_written = true;
    s.run.view = NULL;
    s.run.samples = NULL;
    s.run.precision = 0;
    s.hands = pool_hands(s.arena, model);
    s.weights = pool_weights(s.arena, model, s.hands, NULL);
    Status status = source_all(&s, error);
    arena_free(s.arena);
    *sourcing = status == ST_OK ? s.out : NULL;
    return status;
}
