// SPDX-License-Identifier: MIT
//
// A small model by hand, with known answers, for the tests of src/ask: it stands in for the
// language and the lowering, which these tests do not link.
//
// Each step something comes with probability p; then the future ends. p is `base` of the story
// times 0.5 + rate, where rate is uniform over worlds. A walk adds a uniform step every time.
#pragma once
#include "ask/run.h"
#include "lower/lower.h"
#include "program_builder.h"

enum { TOY_STEPS = 24 };

// Questions, in order.
enum {
    TOY_HIT,        // ever
    TOY_WALK,       // the walk at the end
    TOY_WHEN,       // first
    TOY_RUNG,       // a ladder of four: the walk in fifths of its range
    TOY_PATH,       // the walk over time
    TOY_ON,         // has it come, over time
    TOY_LATE,       // comes in the second half, given that it comes
    TOY_IMPOSSIBLE, // given what never happens
    TOY_PATH_GIVEN, // the walk over time, given that it comes
    TOY_IN_TIME,    // comes in an early step, of those where the clock had its time
    TOY_QUESTIONS
};

typedef struct {
    double base[3]; // of the base and the two stories
    bool same_worlds;
    bool check;   // a check that fails where the thing comes
    bool trouble; // a state that turns infinite where the thing comes
} Toy;

static Toy toy;

int32_t model_step_of(const Model *model, double date)
{
    if (date < model->step_start[0]) {
        return -1;
    }
    int32_t step = 0;
    while (step < model->n_steps && date >= model->step_start[step + 1]) {
        step++;
    }
    return step;
}

static void toy_result(ProgramBuilder *b, int32_t question, ResultKind kind, Reg value, Reg defined,
                       Reg censored)
{
    vec_push(b->arena, &b->results,
             ((Result){.question = question,
                       .kind = kind,
                       .n_levels = kind == RESULT_LEVEL ? 4 : 0,
                       .value = value,
                       .defined = defined,
                       .censored = censored}));
}

static void toy_world(ProgramBuilder *b)
{
    // World columns: 0 rate, 1 idle, 2 kind (0 or 1), 3 p
    enum { RATE, IDLE, KIND, P };
    Reg half = builder_const(b, 0.5);
    builder_ins(b, &b->world, OP_UNIFORM, RATE, builder_site(b, "rate"), 0, 0);
    builder_ins(b, &b->world, OP_UNIFORM, IDLE, builder_site(b, "idle"), 0, 0);
    builder_ins(b, &b->world, OP_ADD, KIND, IDLE, half, 0);
    builder_ins(b, &b->world, OP_FLOOR, KIND, KIND, 0, 0);
    builder_ins(b, &b->world, OP_ADD, P, RATE, half, 0);
    vec_push(b->arena, &b->expand, ((Expand){P, 0}));
    vec_push(b->arena, &b->unknowns, ((Unknown){STR("rate"), RATE, RATE, 0}));
    vec_push(b->arena, &b->unknowns, ((Unknown){STR("idle"), IDLE, IDLE, 0}));
    vec_push(b->arena, &b->unknowns, ((Unknown){STR("kind"), KIND, KIND, 2}));
    b->program.n_world_cols = 4;
    b->program.draws_in_world = true;
}

// Columns of a future.
enum {
    C_P,
    C_HIT,
    C_WALK,
    C_WHEN,
    C_RUNG,
    C_LATE,
    C_NOT,
    C_EARLY,
    C_CUT,
    C_BAD,
    C_FIRE,
    C_STEP,
    C_CHANCE,
    C_COUNT
};

static void toy_step(ProgramBuilder *b, double base)
{
    CodeBuilder *start = &b->start, *step = &b->step, *look = &b->look, *finish = &b->finish;
    Reg no = builder_const_mask(b, false), zero = builder_const(b, 0);
    Reg never = builder_const(b, __builtin_nan("")), mid = builder_const(b, 19000 + 7.0 * 12);
    builder_ins(b, start, OP_MOVM, C_HIT, no, 0, 0);
    builder_ins(b, start, OP_MOV, C_WALK, zero, 0, 0);
    builder_ins(b, start, OP_MOV, C_WHEN, never, 0, 0);
    builder_ins(b, start, OP_MOV, C_BAD, zero, 0, 0);
    builder_ins(b, step, OP_MUL, C_CHANCE, toy.same_worlds ? builder_const(b, 1) : C_P,
                builder_const(b, base), 0);
    builder_ins(b, step, OP_BERN, C_FIRE, C_CHANCE, builder_site(b, "comes"), 0);
    builder_ins(b, step, OP_OR, C_HIT, C_HIT, C_FIRE, 0);
    builder_ins(b, step, OP_SEL, C_WHEN, C_FIRE, REG_UNI | UNI_TODAY, C_WHEN);
    builder_ins(b, step, OP_UNIFORM, C_STEP, builder_site(b, "walk"), 0, 0);
    builder_ins(b, step, OP_ADD, C_WALK, C_WALK, C_STEP, 0);
    if (toy.trouble) {
        builder_ins(b, step, OP_SEL, C_BAD, C_FIRE, builder_const(b, __builtin_inf()), C_BAD);
    }
    builder_ins(b, look, OP_DIV, C_RUNG, C_WALK, builder_const(b, 5), 0);
    builder_ins(b, look, OP_FLOOR, C_RUNG, C_RUNG, 0, 0);
    builder_ins(b, look, OP_CLAMP, C_RUNG, C_RUNG, zero, builder_const(b, 3));
    if (toy.check) {
        builder_ins(b, look, OP_FAIL, REG_NONE, C_HIT, 0, 0);
        b->program.n_checks = 1;
    }
    builder_ins(b, finish, OP_LE, C_LATE, mid, C_WHEN, 0);
    builder_ins(b, finish, OP_ANDNOT, C_NOT, C_HIT, C_HIT, 0);
    builder_ins(b, finish, OP_LT, C_EARLY, C_WHEN, mid, 0);
    builder_ins(b, finish, OP_ANDNOT, C_CUT, C_HIT, C_EARLY, 0);
    b->program.stop = C_HIT;
    b->program.n_persist = C_BAD + 1;
    b->program.n_cols = C_COUNT;
}

static const Program *toy_program(Arena *arena, double base)
{
    ProgramBuilder *b = builder_new(arena, TOY_STEPS, 7);
    toy_world(b);
    toy_step(b, base);
    if (toy.same_worlds) {
        b->program.draws_in_world = false;
        b->unknowns.n = 0;
    }
    toy_result(b, TOY_HIT, RESULT_FLAG, C_HIT, REG_NONE, REG_NONE);
    toy_result(b, TOY_WALK, RESULT_NUMBER, C_WALK, REG_NONE, REG_NONE);
    toy_result(b, TOY_WHEN, RESULT_DATE, C_WHEN, REG_NONE, REG_NONE);
    toy_result(b, TOY_RUNG, RESULT_LEVEL, C_RUNG, REG_NONE, REG_NONE);
    toy_result(b, TOY_LATE, RESULT_FLAG, C_LATE, C_HIT, REG_NONE);
    toy_result(b, TOY_IMPOSSIBLE, RESULT_FLAG, C_HIT, C_NOT, REG_NONE);
    toy_result(b, TOY_IN_TIME, RESULT_FLAG, C_EARLY, C_EARLY, C_CUT);
    vec_push(arena, &b->series, ((Series){TOY_PATH, RESULT_NUMBER, 0, C_WALK, REG_NONE}));
    vec_push(arena, &b->series, ((Series){TOY_ON, RESULT_FLAG, 0, C_HIT, REG_NONE}));
    vec_push(arena, &b->series, ((Series){TOY_PATH_GIVEN, RESULT_NUMBER, 0, C_WALK, C_HIT}));
    vec_push(arena, &b->states, ((StateColumn){.name = STR("walk"), .col = C_WALK}));
    vec_push(arena, &b->states, ((StateColumn){.name = STR("bad"), .col = C_BAD, .state = 1}));
    return builder_take(b);
}

Status lower_view(Arena *arena, const Model *model, const View *view, LowerOptions options,
                  Program **program, Error *error)
{
    (void)options;
    int32_t i = 0;
    while (model->views[i] != view) {
        i++;
    }
    const Program *made = toy_program(arena, toy.base[i]);
    const char *fault = program_verify(made, arena);
    if (fault) {
        return error_set(error, ST_INTERNAL, "%s", fault);
    }
    *program = ARENA_NEW(arena, Program);
    **program = *made;
    return ST_OK;
}

static void toy_questions(Arena *arena, View *view)
{
    static const char *const names[] = {"hit", "walk", "when",       "rung",       "path",
                                        "on",  "late", "impossible", "path_given", "in_time"};
    static const KindTag kinds[] = {KIND_FLAG, KIND_NUMBER, KIND_DATE, KIND_RUNG,   KIND_NUMBER,
                                    KIND_FLAG, KIND_FLAG,   KIND_FLAG, KIND_NUMBER, KIND_FLAG};
    Question *questions = ARENA_ARRAY(arena, Question, TOY_QUESTIONS);
    Form *given = ARENA_ARRAY(arena, Form, 1);
    for (int32_t i = 0; i < TOY_QUESTIONS; i++) {
        questions[i] = (Question){.name = str_of(names[i]), .kind = {.tag = kinds[i]}};
        questions[i].resolve_by = __builtin_nan("");
        bool conditional = i == TOY_LATE || i == TOY_IMPOSSIBLE || i == TOY_PATH_GIVEN;
        questions[i].given = given;
        questions[i].n_given = conditional;
    }
    questions[TOY_IN_TIME].form.after = ARENA_NEW(arena, Expr);
    view->questions = questions;
    view->n_questions = TOY_QUESTIONS;
}

// The base and two stories, weighted 1 and 3.
static Model *toy_model(Arena *arena)
{
    static const Str rungs[] = {{"low", 3}, {"middle", 6}, {"high", 4}, {"top", 3}};
    static const Word words[] = {
        {{"very unlikely", 13}, 0.05, 0.2}, {{"unlikely", 8}, 0.2, 0.45},
        {{"even", 4}, 0.45, 0.55},          {{"likely", 6}, 0.55, 0.8},
        {{"very likely", 11}, 0.8, 0.95},   {{"almost certain", 14}, 0.95, 0.99}};
    Model *model = ARENA_NEW(arena, Model);
    double *starts = ARENA_ARRAY(arena, double, TOY_STEPS + 1);
    for (int32_t i = 0; i <= TOY_STEPS; i++) {
        starts[i] = 19000 + 7.0 * i;
    }
    *model = (Model){.title = STR("toy"),
                     .hash = 1,
                     .step_kind = STEP_WEEKLY,
                     .step_days = 7,
                     .start = 19000,
                     .end = starts[TOY_STEPS],
                     .n_steps = TOY_STEPS,
                     .step_start = starts,
                     .words = words,
                     .n_words = 6,
                     .n_views = 3};
    Ladder *ladder = ARENA_NEW(arena, Ladder);
    *ladder = (Ladder){.name = STR("rung"), .rungs = rungs, .n_rungs = 4};
    View *views = ARENA_ARRAY(arena, View, 3);
    const View **list = ARENA_ARRAY(arena, const View *, 3);
    Check *check = ARENA_NEW(arena, Check);
    check->text = STR("nothing comes");
    for (int32_t i = 0; i < 3; i++) {
        views[i] = (View){.role = i ? VIEW_STORY : VIEW_BASE,
                          .name = i == 0   ? STR("base")
                                  : i == 1 ? STR("calm")
                                           : STR("grim"),
                          .weight = i == 0   ? 0
                                    : i == 1 ? 1
                                             : 3,
                          .ladders = ladder,
                          .n_ladders = 1,
                          .checks = check,
                          .n_checks = 1};
        toy_questions(arena, &views[i]);
        list[i] = &views[i];
    }
    model->views = list;
    return model;
}
