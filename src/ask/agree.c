// SPDX-License-Identifier: MIT
//
// `casus check --agree`: the exact answers first, then a run of the questions that have one.
#include "ask/agree.h"

#include "ask/plan.h"
#include "ask/tally.h"
#include "base/vec.h"

// A question that has no exact answer is not worth a sample; it stands there with its reason.
static void pick_questions(Arena *arena, const Answer *exact, RunOptions *run)
{
    Str *names = ARENA_ARRAY(arena, Str, exact->n_items + 1);
    run->questions = names;
    run->n_questions = 0;
    for (int32_t i = 0; i < exact->n_items; i++) {
        if (exact->items[i].why.n == 0 || exact->items[i].defined.value == 0) {
            names[run->n_questions++] = exact->items[i].name;
        }
    }
}

// The sample with a place for every exact answer, so that both have the same order.
static Answer align(Arena *arena, const Answer *sampled, const Answer *exact)
{
    Answer all = *sampled;
    Item *items = ARENA_ARRAY(arena, Item, exact->n_items + 1);
    for (int32_t i = 0, k = 0; i < exact->n_items; i++) {
        bool there = k < sampled->n_items && str_eq(sampled->items[k].name, exact->items[i].name);
        items[i] = there ? sampled->items[k++] : exact->items[i];
    }
    all.items = items;
    all.n_items = exact->n_items;
    return all;
}

// Days between the first days of two bins of dates, at most.
static double date_grain(Arena *arena, const Plan *plan)
{
    const Model *model = plan->model;
    int32_t group = layout_make(arena, plan, false)->date_group;
    double widest = 0;
    for (int32_t k = 0; k < model->n_steps; k++) {
        int32_t next = k + group < model->n_steps ? k + group : model->n_steps;
        double width = model->step_start[next] - model->step_start[k];
        widest = width > widest ? width : widest;
    }
    return widest;
}

static Status find_basis(Arena *arena, const Model *model, const RunOptions *run, AgreeBasis *basis,
                         Error *error)
{
    Plan *plan = NULL;
    TRY(plan_make(arena, model, run, false, &plan, error));
    basis->clustered = plan->worlds_differ && plan->futures > 1;
    basis->date_grain = date_grain(arena, plan);
    return ST_OK;
}

// Both remark the same things, each in figures of its own: a reader must see whose they are.
static void add_remarks(Arena *arena, const Answer *answer, const char *whose, Agreement *agreement)
{
    Remark *remarks = ARENA_ARRAY(arena, Remark, agreement->n_remarks + answer->n_remarks + 1);
    int32_t n = 0;
    for (int32_t i = 0; i < agreement->n_remarks; i++) {
        remarks[n++] = agreement->remarks[i];
    }
    for (int32_t i = 0; i < answer->n_remarks; i++) {
        remarks[n] = answer->remarks[i];
        remarks[n++].text = str_format(arena, "%s: %.*s", whose, STR_ARG(answer->remarks[i].text));
    }
    agreement->remarks = remarks;
    agreement->n_remarks = n;
}

static RunOptions run_options(const AgreeOptions *options)
{
    RunOptions run = options->run;
    run.worlds = run.worlds ? run.worlds : AGREE_WORLDS;
    run.futures = run.futures ? run.futures : 1;
    run.no_movers = true;
    return run;
}

static Status agree(Arena *arena, Arena *answer_arena, const Model *model, const Answer *exact,
                    const AgreeOptions *options, Agreement **agreement, Error *error)
{
    RunOptions run = run_options(options);
    Answer *sampled;
    if (exact->provenance.partial) {
        return error_set(error, ST_INTERRUPTED,
                         "stopped before the exact answers were there: nothing was compared");
    }
    pick_questions(arena, exact, &run);
    AgreeBasis basis = {.alarm = options->alarm};
    TRY(find_basis(arena, model, &run, &basis, error));
    TRY(ask_run(answer_arena, model, &run, &sampled, error));
    Answer all = align(arena, sampled, exact);
    *agreement = agree_answers(answer_arena, &all, exact, &basis);
    add_remarks(answer_arena, exact, "exact", *agreement);
    add_remarks(answer_arena, sampled, "sampled", *agreement);
    return ST_OK;
}

Status ask_agree_with(Arena *answer_arena, const Model *model, const Answer *exact,
                      const AgreeOptions *options, Agreement **agreement, Error *error)
{
    Arena *arena = arena_new(0);
    Status status = agree(arena, answer_arena, model, exact, options, agreement, error);
    arena_free(arena);
    return status;
}

Status ask_agree(Arena *answer_arena, const Model *model, const AgreeOptions *options,
                 Agreement **agreement, Error *error)
{
    RunOptions run = run_options(options);
    Answer *exact;
    TRY(ask_exact(answer_arena, model, &run, options->limits, &exact, error));
    return ask_agree_with(answer_arena, model, exact, options, agreement, error);
}
