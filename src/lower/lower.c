// SPDX-License-Identifier: MIT
//
// The door of the lowering: makes room for every state, event and decision, writes the blocks in
// the order of the file, then what the questions gather, and packs the Program.
#include "lower/lower_impl.h"

#include "math/elementary.h"

// ---- What is read of events and states --------------------------------------------------------

static void need_expr(Lower *lo, const Expr *e);

static void need_dist(Lower *lo, const Dist *dist)
{
    if (!dist) {
        return;
    }
    for (int32_t i = 0; i < dist->n_args; i++) {
        need_expr(lo, dist->args[i]);
    }
    for (int32_t i = 0; i < dist->n_parts; i++) {
        need_dist(lo, dist->parts[i]);
    }
}

static void need_event_field(Lower *lo, const Expr *e)
{
    EventNeeds *needs = &lo->event_needs[e->ref];
    needs->happened |= e->field == FIELD_HAPPENED;
    needs->first |= e->field == FIELD_FIRST;
    needs->last |= e->field == FIELD_SINCE;
    needs->times |= e->field == FIELD_TIMES;
    needs->now |= e->field == FIELD_NOW;
}

static void need_previous(Lower *lo, const Expr *e)
{
    int32_t n = lo->view->quantities[e->ref].n_elements;
    if (!lo->previous[e->ref]) {
        lo->previous[e->ref] = ARENA_ARRAY(lo->arena, Val, n);
    }
}

static void need_expr(Lower *lo, const Expr *e)
{
    if (!e) {
        return;
    }
    if (e->op == EX_EVENT) {
        need_event_field(lo, e);
    } else if (e->op == EX_CHOICE) {
        bool outcome = e->n_args == 0 && lo->view->decisions[e->ref].council != COUNCIL_NONE;
        (outcome ? lo->outcome_needs : lo->choice_needs)[e->ref] = true;
    } else if (e->op == EX_CHOSEN) {
        lower_chosen_need(lo, e);
    } else if (e->op == EX_PREVIOUS) {
        need_previous(lo, e);
    }
    need_dist(lo, e->dist);
    for (int32_t i = 0; i < e->n_args; i++) {
        need_expr(lo, e->args[i]);
    }
}

static void need_body(Lower *lo, Body body)
{
    for (int32_t i = 0; i < body.n; i++) {
        const Stmt *s = body.p[i];
        need_expr(lo, s->target);
        need_expr(lo, s->value);
        need_expr(lo, s->except);
        need_expr(lo, s->delay);
        need_expr(lo, s->hit);
        need_expr(lo, s->alarm);
        need_body(lo, s->body);
        need_body(lo, s->other);
        for (int32_t k = 0; k < s->n_outcomes; k++) {
            need_expr(lo, s->outcomes[k].weight);
            need_body(lo, s->outcomes[k].body);
        }
    }
}

static void need_decision(Lower *lo, const Decision *d)
{
    need_expr(lo, d->when);
    need_expr(lo, d->rationality);
    for (int32_t i = 0; i < d->n_sights; i++) {
        need_expr(lo, d->sights[i].value);
    }
    for (int32_t i = 0; i < d->n_options; i++) {
        const Option *option = &d->options[i];
        need_expr(lo, option->when);
        need_expr(lo, option->weight);
        for (int32_t k = 0; k < option->n_worth; k++) {
            need_expr(lo, option->worth[k].value);
        }
        need_body(lo, option->then);
    }
    for (int32_t i = 0; i < d->n_carried; i++) {
        need_body(lo, d->carried[i].then);
    }
    need_body(lo, d->blocked);
}

static void need_form(Lower *lo, const Form *form)
{
    need_expr(lo, form->a);
    need_expr(lo, form->b);
    need_expr(lo, form->after);
    // Within a window the name of an event means that it happens there (lower_question.c).
    const Expr *asked[] = {form->a, form->b};
    for (int i = 0; i < 2; i++) {
        if (asked[i] && asked[i]->op == EX_EVENT) {
            lo->event_needs[asked[i]->ref].now |=
                form->kind == FORM_TIMES || form->after || form->from == form->from;
        }
    }
}

static void find_needs(Lower *lo)
{
    const View *view = lo->view;
    for (int32_t i = 0; i < view->n_quantities; i++) {
        need_expr(lo, view->quantities[i].proposition);
    }
    for (int32_t i = 0; i < view->n_events; i++) {
        need_expr(lo, view->events[i].when);
        need_expr(lo, view->events[i].chance);
        need_body(lo, view->events[i].then);
    }
    for (int32_t i = 0; i < view->n_decisions; i++) {
        need_decision(lo, &view->decisions[i]);
    }
    for (int32_t i = 0; i < view->n_blocks; i++) {
        need_body(lo, view->blocks[i].body);
    }
    for (int32_t i = 0; i < view->n_questions; i++) {
        need_form(lo, &view->questions[i].form);
        for (int32_t k = 0; k < view->questions[i].n_given; k++) {
            need_form(lo, &view->questions[i].given[k]);
        }
    }
    for (int32_t i = 0; i < view->n_checks; i++) {
        need_expr(lo, view->checks[i].condition);
    }
    need_expr(lo, view->stop);
}

// ---- States -----------------------------------------------------------------------------------

static void lower_states(Lower *lo)
{
    Builder *b = lo->b;
    const View *view = lo->view;
    for (int32_t i = 0; i < view->n_quantities; i++) {
        const Quantity *q = &view->quantities[i];
        lo->world[i] = ARENA_ARRAY(lo->arena, Val, q->n_elements);
        lo->world_state[i] = ARENA_ARRAY(lo->arena, char, q->n_elements);
        if (q->role != ROLE_STATE) {
            continue;
        }
        lo->home[i] = ARENA_ARRAY(lo->arena, Val, q->n_elements);
        for (int32_t k = 0; k < q->n_elements; k++) {
            lo->home[i][k] = build_persistent(b, q->kind.tag == KIND_FLAG);
            if (lo->previous[i]) {
                lo->previous[i][k] = build_persistent(b, q->kind.tag == KIND_FLAG);
            }
        }
    }
}

static void lower_starts(Lower *lo)
{
    const View *view = lo->view;
    for (int32_t i = 0; i < view->n_quantities; i++) {
        const Quantity *q = &view->quantities[i];
        lo->b->at = q->span;
        for (int32_t k = 0; k < q->n_elements && !lower_failed(lo); k++) {
            if (q->role != ROLE_STATE) {
                lower_world_value(lo, i, k); // every unknown is drawn, used or not
                continue;
            }
            Val start = lower_state_start(lo, i, k);
            if (q->kind.tag != KIND_FLAG) {
                start = build_num(lo->b, start);
            }
            build_store(lo->b, lo->home[i][k], start);
            if (q->proposition) {
                lower_belief_start(lo, i, k, start);
            }
            if (lo->previous[i]) {
                build_store(lo->b, lo->previous[i][k], start);
            }
        }
    }
}

static void keep_previous(Lower *lo)
{
    const View *view = lo->view;
    for (int32_t i = 0; i < view->n_quantities; i++) {
        for (int32_t k = 0; lo->previous[i] && k < view->quantities[i].n_elements; k++) {
            build_store(lo->b, lo->previous[i][k], lo->home[i][k]);
        }
    }
}

// ---- Blocks -----------------------------------------------------------------------------------

static void lower_plain_block(Lower *lo, const Block *block)
{
    lo->block_subject = INT32_MAX; // neither an event nor a decision
    lo->block_member = -1;
    lo->block_name = STR("on");
    lo->pace = (Pace){.per_step = 1, .times = 1};
    if (block->kind == BLOCK_EACH_STEP) {
        lower_body(lo, block->body);
        return;
    }
    int32_t step = model_step_of(lo->model, block->date);
    Val here = build_op2(lo->b, OP_EQ, val_uni(UNI_STEP, false), val_const(step));
    Under under = lower_under(lo, here, 1000);
    lower_body(lo, block->body);
    lower_under_end(lo, under);
    lower_deliver(lo);
}

static void lower_blocks(Lower *lo)
{
    for (int32_t i = 0; i < lo->view->n_blocks && !lower_failed(lo); i++) {
        const Block *block = &lo->view->blocks[i];
        lo->b->at = block->span;
        switch (block->kind) {
        case BLOCK_EACH_STEP:
        case BLOCK_ON_DATE: lower_plain_block(lo, block); break;
        case BLOCK_EVENT: lower_event(lo, block->ref); break;
        case BLOCK_DECISION: lower_decision(lo, block->ref); break;
        }
    }
}

static Val lower_look(Lower *lo, Asked *asked)
{
    Builder *b = lo->b;
    b->segment = SEG_LOOK;
    for (int32_t i = 0; i < lo->view->n_checks; i++) {
        Val broken = build_not(b, lower_flag(lo, lo->view->checks[i].condition));
        build_fail_check(b, broken, i);
    }
    Val stop = val_mask(false);
    if (lo->view->stop) {
        stop = build_lane(b, lower_flag(lo, lo->view->stop));
        build_keep(b, SEG_LOOK, stop);
    }
    lower_questions(lo, asked);
    return stop;
}

// ---- Packing ----------------------------------------------------------------------------------

static Reg final_reg(const Allocation *allocation, Segment segment, Val v)
{
    if (v.level != LEVEL_LANE) {
        return REG_NONE;
    }
    return (Reg)allocation->col_of[segment][v.id];
}

static void pack_results(const Asked *asked, const Allocation *a, Arena *arena, Program *p)
{
    VEC(Result) results = {0};
    for (int32_t i = 0; i < asked->results.n; i++) {
        const AskedResult *r = &asked->results.p[i];
        Result result = {.question = r->question, .kind = r->kind, .n_levels = r->n_levels};
        result.value = final_reg(a, SEG_FINISH, r->value);
        result.defined = final_reg(a, SEG_FINISH, r->defined);
        result.censored = r->has_censored ? final_reg(a, SEG_FINISH, r->censored) : REG_NONE;
        result.tie = r->is_tie;
        vec_push(arena, &results, result);
    }
    VEC(Series) series = {0};
    for (int32_t i = 0; i < asked->series.n; i++) {
        const AskedSeries *s = &asked->series.p[i];
        Series one = {.question = s->question, .kind = s->kind, .n_levels = s->n_levels};
        one.value = final_reg(a, SEG_LOOK, s->value);
        one.defined = final_reg(a, SEG_FINISH, s->defined);
        vec_push(arena, &series, one);
    }
    p->results = results.p;
    p->n_results = results.n;
    p->series = series.p;
    p->n_series = series.n;
}

static void pack_notes(Lower *lo, Program *p)
{
    for (int32_t i = 0; i < lo->notes.n; i++) {
        lo->notes.p[i].values = p->args + lo->note_args.p[i];
    }
    p->notes = lo->notes.p;
    p->n_notes = lo->notes.n;
}

static void pack_states(Lower *lo, const Allocation *a, Program *p)
{
    VEC(StateColumn) states = {0};
    for (int32_t i = 0; i < lo->view->n_quantities; i++) {
        const Quantity *q = &lo->view->quantities[i];
        for (int32_t k = 0; q->role == ROLE_STATE && k < q->n_elements; k++) {
            StateColumn state = {.name = lower_element_name(lo, q, k), .state = i, .member = k};
            state.n_levels = lower_level_count(lo, &q->kind);
            state.is_flag = q->kind.tag == KIND_FLAG;
            state.is_date = q->kind.tag == KIND_DATE;
            state.col = (uint32_t)a->col_of[SEG_STEP][lo->home[i][k].id];
            vec_push(lo->arena, &states, state);
        }
    }
    for (int32_t i = 0; i < lo->troubles.n; i++) {
        lo->troubles.p[i].col = (uint32_t)a->col_of[SEG_STEP][lo->trouble_vals.p[i].id];
        vec_push(lo->arena, &states, lo->troubles.p[i]);
    }
    p->states = states.p;
    p->n_states = states.n;
}

static Status pack(Lower *lo, const Asked *asked, Val stop, Program *p)
{
    Allocation allocation;
    TRY(build_finish(lo->b, p, &allocation));
    p->n_steps = lo->model->n_steps;
    p->step_start = lo->model->step_start;
    p->stop = final_reg(&allocation, SEG_LOOK, stop);
    p->unknowns = lo->unknowns.p;
    p->n_unknowns = lo->unknowns.n;
    p->n_checks = lo->view->n_checks;
    p->draws_in_world = lo->unknowns.n > 0;
    pack_results(asked, &allocation, lo->arena, p);
    pack_notes(lo, p);
    pack_states(lo, &allocation, p);
    const char *fault = program_verify(p, lo->arena);
    if (fault) {
        return error_set(lo->error, ST_INTERNAL, "the compiled model is not sound: %s", fault);
    }
    return ST_OK;
}

static void lower_init(Lower *lo)
{
    const View *view = lo->view;
    lo->b = build_new(lo->arena, lo->error);
    lo->vars = ARENA_ARRAY(lo->arena, Val, view->n_vars + 1);
    lo->home = ARENA_ARRAY(lo->arena, Val *, view->n_quantities + 1);
    lo->world = ARENA_ARRAY(lo->arena, Val *, view->n_quantities + 1);
    lo->world_state = ARENA_ARRAY(lo->arena, char *, view->n_quantities + 1);
    lo->previous = ARENA_ARRAY(lo->arena, Val *, view->n_quantities + 1);
    lo->event_needs = ARENA_ARRAY(lo->arena, EventNeeds, view->n_events + 1);
    lo->choice_needs = ARENA_ARRAY(lo->arena, bool, view->n_decisions + 1);
    lo->chosen_needs = ARENA_ARRAY(lo->arena, EventNeeds *, view->n_decisions + 1);
    lo->carried_needs = ARENA_ARRAY(lo->arena, EventNeeds *, view->n_decisions + 1);
    lo->outcome_needs = ARENA_ARRAY(lo->arena, bool, view->n_decisions + 1);
    lo->mask = val_mask(true);
    lo->uniform_table = -1;
    lo->pace = (Pace){.per_step = 1, .times = 1};
}

Status lower_view(Arena *arena, const Model *model, const View *view, LowerOptions options,
                  Program **program, Error *error)
{
    Lower lo = {.arena = arena, .model = model, .view = view, .options = options, .error = error};
    lower_init(&lo);
    find_needs(&lo);
    lo.b->segment = SEG_START;
    lower_states(&lo);
    lower_belief_columns(&lo);
    lower_starts(&lo);
    if (lower_failed(&lo)) {
        return lo.b->status; // not every unknown has its value
    }
    lower_event_columns(&lo);
    lower_decision_columns(&lo);
    lower_council_columns(&lo);
    lo.b->segment = SEG_STEP;
    keep_previous(&lo);
    lower_blocks(&lo);
    Asked asked = {0};
    Val stop = lower_look(&lo, &asked);
    Program *p = ARENA_NEW(arena, Program);
    TRY(pack(&lo, &asked, stop, p));
    *program = p;
    return ST_OK;
}
