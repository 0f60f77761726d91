// SPDX-License-Identifier: MIT
//
// Events: who is eligible, who fires, what is remembered, what follows.
#include "lower/lower_impl.h"

#include "base/limits.h"
#include "math/elementary.h"

enum { COSTLY_CHANCE = 14 }; // from here on a chance is worked out for the eligible lanes only

static int32_t member_count(const Lower *lo, int32_t set)
{
    return set < 0 ? 1 : lo->view->sets[set].n_atoms;
}

static bool is_past(const Event *event)
{
    return event->happened == event->happened;
}

// ---- Columns ----------------------------------------------------------------------------------

static Val start_column(Builder *b, bool mask, double k)
{
    Val col = build_persistent(b, mask);
    build_store(b, col, mask ? val_mask(k != 0) : val_const(k));
    return col;
}

static void make_columns(Lower *lo, int32_t index, EventCols *cols)
{
    const Event *event = &lo->view->events[index];
    const EventNeeds *needs = &lo->event_needs[index];
    Builder *b = lo->b;
    double never = m_log(-1);
    if (needs->happened || event->again == AGAIN_NEVER) {
        cols->happened = start_column(b, true, 0);
    }
    if (needs->first) {
        cols->first = start_column(b, false, never);
    }
    if (needs->last || event->again == AGAIN_AFTER) {
        cols->last = start_column(b, false, never);
    }
    if (needs->times) {
        cols->times = start_column(b, false, 0);
    }
    if (needs->now) {
        cols->now = start_column(b, true, 0);
    }
    if (event->chance_kind == CHANCE_ONCE) {
        cols->when_before = start_column(b, true, 0);
    }
}

void lower_event_columns(Lower *lo)
{
    const View *view = lo->view;
    lo->events = ARENA_ARRAY(lo->arena, EventCols *, view->n_events + 1);
    for (int32_t e = 0; e < view->n_events; e++) {
        const Event *event = &view->events[e];
        int32_t n = member_count(lo, event->set);
        lo->events[e] = ARENA_ARRAY(lo->arena, EventCols, n);
        if (event->removed || is_past(event)) {
            continue;
        }
        for (int32_t m = 0; m < n; m++) {
            if (event->set >= 0) {
                Val kept = lower_kept(lo, event->except, view->sets[event->set].atoms[m]);
                lo->events[e][m].absent = val_is(kept, 0);
            }
            if (!lo->events[e][m].absent) {
                make_columns(lo, e, &lo->events[e][m]);
            }
        }
    }
}

// ---- What an expression may ask of an event ---------------------------------------------------

static Val past_field(Lower *lo, const Event *event, EventField field)
{
    int32_t step = model_step_of(lo->model, event->happened);
    Val happened = step >= lo->model->n_steps ? val_mask(false)
                                              : lower_in_steps(lo, step, lo->model->n_steps - 1);
    Val never = val_const(m_log(-1));
    Val date = build_select(lo->b, happened, val_const(event->happened), never);
    switch (field) {
    case FIELD_HAPPENED: return happened;
    case FIELD_NOW:
        return step < 0 || step >= lo->model->n_steps
                   ? val_mask(false)
                   : build_op2(lo->b, OP_EQ, val_uni(UNI_STEP, false), val_const(step));
    case FIELD_FIRST: return date;
    case FIELD_TIMES: return build_num(lo->b, happened);
    case FIELD_SINCE: return build_op2(lo->b, OP_SUB, lower_today(), date);
    }
    return never;
}

static Val absent_field(EventField field)
{
    switch (field) {
    case FIELD_HAPPENED:
    case FIELD_NOW: return val_mask(false);
    case FIELD_TIMES: return val_const(0);
    default: return val_const(m_log(-1));
    }
}

static Val live_field(Lower *lo, const EventCols *cols, EventField field)
{
    switch (field) {
    case FIELD_HAPPENED: return cols->happened;
    case FIELD_NOW: return cols->now;
    case FIELD_FIRST: return cols->first;
    case FIELD_TIMES: return cols->times;
    case FIELD_SINCE: return build_op2(lo->b, OP_SUB, lower_today(), cols->last);
    }
    return val_const(0);
}

static Val member_field(Lower *lo, int32_t index, int32_t member, EventField field)
{
    const Event *event = &lo->view->events[index];
    if (event->removed || lo->events[index][member].absent) {
        return absent_field(field);
    }
    return is_past(event) ? past_field(lo, event, field)
                          : live_field(lo, &lo->events[index][member], field);
}

Val lower_event_field(Lower *lo, const Expr *e)
{
    const Event *event = &lo->view->events[e->ref];
    EventField field = (EventField)e->field;
    if (event->set < 0) {
        return member_field(lo, e->ref, 0, field);
    }
    const Set *set = &lo->view->sets[event->set];
    Val index = lower_expr(lo, e->args[0]);
    if (index.level == LEVEL_CONST) {
        int32_t member = lower_set_index(set, (int32_t)index.k);
        return member < 0 ? absent_field(field) : member_field(lo, e->ref, member, field);
    }
    Val v = absent_field(field);
    for (int32_t m = set->n_atoms - 1; m >= 0; m--) {
        Val is = build_op2(lo->b, OP_EQ, index, val_const(set->atoms[m]));
        v = build_select(lo->b, is, member_field(lo, e->ref, m, field), v);
    }
    return v;
}

// ---- Who fires --------------------------------------------------------------------------------

static Val eligible(Lower *lo, const Event *event, const EventCols *cols, Val when)
{
    Builder *b = lo->b;
    switch (event->again) {
    case AGAIN_NEVER: return build_and(b, when, build_not(b, cols->happened));
    case AGAIN_AFTER: {
        Val since = build_op2(b, OP_SUB, lower_today(), cols->last);
        double again = event->again_days - lower_days_slack(lo, event->again_days);
        Val early = build_op2(b, OP_LT, since, val_const(again));
        return build_and(b, when, build_not(b, early));
    }
    case AGAIN_ALWAYS: return when;
    }
    return when;
}

// One trial each time `when` turns true: eligible where it was not so a step ago.
static Val turned(Lower *lo, const EventCols *cols, Val when, Val able)
{
    Val before = build_snapshot(lo->b, cols->when_before);
    Val trial = build_snapshot(lo->b, build_and(lo->b, able, build_not(lo->b, before)));
    build_store(lo->b, cols->when_before, build_lane(lo->b, when));
    return trial;
}

static Val fires(Lower *lo, const Event *event, int32_t site, Val able)
{
    Builder *b = lo->b;
    const Expr *chance = event->chance;
    if (event->chance_kind == CHANCE_HAZARD) {
        Val rate = lower_num(lo, chance);
        lower_watch(lo, "the chance", chance, rate, able);
        Val x = build_op2(b, OP_MUL, rate, lower_step_days(lo));
        return build_bernoulli(b, false, site, build_op1(b, OP_HAZARD, x));
    }
    if (chance->op == EX_LOGISTIC) {
        Val z = lower_num(lo, chance->args[0]);
        if (z.level == LEVEL_LANE) { // otherwise the probability is worked out once
            lower_watch(lo, "the chance", chance, z, able);
            return build_bernoulli_logit(b, false, site, z);
        }
    }
    Val p = lower_num(lo, chance);
    lower_watch(lo, "the chance", chance, p, able);
    return build_bernoulli(b, false, site, p);
}

// The mask of the lanes where this member fires now, as the state stands.
static Val lower_fired(Lower *lo, const Event *event, const EventCols *cols)
{
    Builder *b = lo->b;
    Val when = event->when ? lower_flag(lo, event->when) : val_mask(true);
    Val able = eligible(lo, event, cols, when);
    if (event->chance_kind == CHANCE_NONE) {
        return able;
    }
    if (event->chance_kind == CHANCE_ONCE) {
        able = turned(lo, cols, when, able);
    }
    if (val_is(able, 0)) {
        return able;
    }
    Str name = str_format(lo->arena, "%.*s.fires", STR_ARG(event->name));
    int32_t site = build_site(b, lower_site_name(lo, name));
    bool everywhere = !event->when || able.level != LEVEL_LANE;
    if (everywhere || lower_cost(lo, event->chance) < COSTLY_CHANCE) {
        return build_and(b, able, fires(lo, event, site, able));
    }
    Val fired = build_temp(b, val_mask(false));
    Open open = build_region(b, able);
    build_store(b, fired, build_lane(b, fires(lo, event, site, val_mask(true))));
    build_close(b, open);
    return fired;
}

// ---- What is remembered, what follows ---------------------------------------------------------

static void remember(Lower *lo, const EventCols *cols, Val fired, const EventNeeds *needs,
                     const Event *event)
{
    Builder *b = lo->b;
    if (needs->now) {
        build_store(b, cols->now, build_lane(b, fired));
    }
    if (needs->first) {
        Val open = build_not(b, build_op1(b, OP_DEFINED, cols->first));
        build_store_masked(b, cols->first, build_and(b, fired, open), lower_today());
    }
    if (needs->last || event->again == AGAIN_AFTER) {
        build_store_masked(b, cols->last, fired, lower_today());
    }
    if (needs->times) {
        int32_t before = b->cols.n;
        Val times = build_op2(b, OP_ADD, cols->times, build_num(b, fired));
        build_store_fresh(b, cols->times, times, before);
    }
    if (needs->happened || event->again == AGAIN_NEVER) {
        int32_t before = b->cols.n;
        build_store_fresh(b, cols->happened, build_or(b, cols->happened, fired), before);
    }
}

static void follow(Lower *lo, int32_t index, int32_t member, Val fired)
{
    const Event *event = &lo->view->events[index];
    if (val_is(fired, 0)) {
        return;
    }
    lo->block_member = event->set < 0 ? -1 : member;
    remember(lo, &lo->events[index][member], fired, &lo->event_needs[index], event);
    if (lo->options.trace) {
        Note note = {.kind = NOTE_FIRED, .subject = index, .member = lo->block_member};
        lower_note(lo, note, fired, NULL, NULL, 0);
    }
    if (event->then.n == 0) {
        return;
    }
    Under under = lower_under(lo, fired, lower_body_cost(lo, event->then));
    if (under.kind != UNDER_NEVER) {
        lower_body(lo, event->then);
    }
    lower_under_end(lo, under);
}

// An event without effects leaves its mask where now(e) is read.
static void lower_single(Lower *lo, int32_t index)
{
    const Event *event = &lo->view->events[index];
    const EventCols *cols = lo->events[index];
    int32_t before = lo->b->cols.n;
    Val fired = lower_fired(lo, event, cols);
    if (lo->event_needs[index].now && event->then.n == 0 && fired.level == LEVEL_LANE) {
        build_store_fresh(lo->b, cols->now, fired, before);
        fired = cols->now;
    } else {
        fired = build_snapshot(lo->b, fired);
    }
    follow(lo, index, 0, fired);
}

static void lower_members_in_turn(Lower *lo, int32_t index)
{
    const Event *event = &lo->view->events[index];
    const Set *set = &lo->view->sets[event->set];
    for (int32_t m = 0; m < set->n_atoms; m++) {
        if (lo->events[index][m].absent) {
            continue;
        }
        Bound bound = lower_bind(lo, event->var, set->atoms[m]);
        Val fired = build_snapshot(lo->b, lower_fired(lo, event, &lo->events[index][m]));
        follow(lo, index, m, fired);
        lower_unbind(lo, bound);
    }
}

// All members look and draw on the state as the block starts; then effects come in set order.
static void lower_members(Lower *lo, int32_t index)
{
    const Event *event = &lo->view->events[index];
    const Set *set = &lo->view->sets[event->set];
    Val *fired = ARENA_ARRAY(lo->arena, Val, set->n_atoms);
    for (int32_t m = 0; m < set->n_atoms; m++) {
        if (lo->events[index][m].absent) {
            continue;
        }
        Bound bound = lower_bind(lo, event->var, set->atoms[m]);
        fired[m] = build_snapshot(lo->b, lower_fired(lo, event, &lo->events[index][m]));
        lower_unbind(lo, bound);
    }
    for (int32_t m = 0; m < set->n_atoms; m++) {
        if (lo->events[index][m].absent) {
            continue;
        }
        Bound bound = lower_bind(lo, event->var, set->atoms[m]);
        follow(lo, index, m, fired[m]);
        lower_unbind(lo, bound);
    }
}

void lower_event(Lower *lo, int32_t index)
{
    const Event *event = &lo->view->events[index];
    if (event->removed || is_past(event)) {
        return;
    }
    lo->block_subject = index;
    lo->block_member = -1;
    lo->block_name = event->name;
    lo->pace = pace_of_event(lo->arena, lo->model, lo->view, event);
    if (event->set < 0) {
        lower_single(lo, index);
    } else if (event->in_turn) {
        lower_members_in_turn(lo, index);
    } else {
        lower_members(lo, index);
    }
    lower_deliver(lo);
}
