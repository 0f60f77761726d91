// SPDX-License-Identifier: MIT
//
// Questions: what is gathered at the end of every step, and what is read when a future ends.
//
// A future that stopped early keeps its state: whatever a question would have seen later, it sees
// the frozen state.
#include "lower/lower_impl.h"

#include "math/elementary.h"

// One form being gathered. Its window is in steps, both ends included.
typedef struct {
    const Form *form;
    int32_t from, to;
    Val clock; // date at which `after` first held, NaN: not yet; only when there is one
    bool has_clock;
} Gather;

static void in_segment(Lower *lo, Segment segment)
{
    lo->b->segment = segment;
}

// A column of the question, set to k when a future starts.
static Val gathered(Lower *lo, bool mask, double k)
{
    Segment segment = lo->b->segment;
    in_segment(lo, SEG_START);
    Val col = build_persistent(lo->b, mask);
    build_store(lo->b, col, mask ? val_mask(k != 0) : val_const(k));
    in_segment(lo, segment);
    return col;
}

static Gather open_form(Lower *lo, const Form *form)
{
    Gather g = {.form = form, .from = 0, .to = lo->model->n_steps - 1};
    if (form->from == form->from) {
        int32_t step = model_step_of(lo->model, form->from);
        g.from = step < 0 ? 0 : step;
    }
    if (form->to == form->to) {
        int32_t step = model_last_step_of(lo->model, form->to);
        g.to = step >= lo->model->n_steps ? lo->model->n_steps - 1 : step;
    }
    if (!form->after) {
        return g;
    }
    g.has_clock = true;
    g.clock = gathered(lo, false, m_log(-1));
    Builder *b = lo->b;
    Val open = build_not(b, build_op1(b, OP_DEFINED, g.clock));
    Val starts = build_and(b, open, lower_flag(lo, form->after));
    build_store_masked(b, g.clock, build_snapshot(b, starts), lower_today());
    return g;
}

// Does this look count? In the window, and on the clock if there is one.
static Val in_window(Lower *lo, const Gather *g)
{
    Builder *b = lo->b;
    Val in = lower_in_steps(lo, g->from, g->to);
    if (!g->has_clock) {
        return in;
    }
    Val since = build_op2(b, OP_SUB, lower_today(), g->clock);
    double days = g->form->within_days;
    Val within = val_const(days + lower_days_slack(lo, days));
    return build_and(b, in, build_op2(b, OP_LE, since, within));
}

// Lanes whose clock ran its full time before the horizon; the others are left out, whatever they
// saw: keeping only those that saw something early would tilt the share.
static void close_clock(Lower *lo, const Gather *g, AskedResult *result)
{
    Builder *b = lo->b;
    Val started = build_op1(b, OP_DEFINED, g->clock);
    // Full: a step after the last one would have lain outside the window.
    double days = g->form->within_days;
    double latest = lo->model->step_start[lo->model->n_steps] - days - lower_days_slack(lo, days);
    Val full = build_op2(b, OP_LT, g->clock, val_const(latest));
    result->defined = full;
    result->censored = build_op2(b, OP_ANDNOT, started, full);
    result->has_censored = true;
}

// ---- Flags ------------------------------------------------------------------------------------

static Val gather_ever(Lower *lo, const Gather *g, Val e)
{
    Builder *b = lo->b;
    Val seen = gathered(lo, true, 0);
    int32_t before = b->cols.n;
    Val hit = build_and(b, e, in_window(lo, g));
    build_store_fresh(b, seen, build_or(b, seen, hit), before);
    return seen;
}

// A window that opens after a future has stopped sees its frozen state.
static Val frozen_before(Lower *lo, const Gather *g)
{
    if (g->from <= 0 || !lo->view->stop) {
        return val_mask(false);
    }
    return build_op2(lo->b, OP_LT, val_uni(UNI_STEP, false), val_const(g->from));
}

static Val finish_ever(Lower *lo, const Gather *g, Val seen, const Expr *e, bool negate)
{
    Val late = frozen_before(lo, g);
    if (val_is(late, 0)) {
        return seen;
    }
    Val now = lower_flag(lo, e);
    if (negate) {
        now = build_not(lo->b, now);
    }
    return build_select(lo->b, late, now, seen);
}

// Asked within a window, the name of an event means that it happens there, not that it has happened
// at some time before.
static bool asks_happening(const Lower *lo, const Gather *g, const Expr *e)
{
    if (e->op != EX_EVENT || e->field != FIELD_HAPPENED) {
        return false;
    }
    // A fact older than a window that opens with the run.
    bool before = lo->view->events[e->ref].happened < g->form->from;
    return g->has_clock || g->from > 0 || before;
}

static Val form_flag(Lower *lo, const Gather *g, const Expr *e)
{
    if (!asks_happening(lo, g, e)) {
        return lower_flag(lo, e);
    }
    Expr now = *e;
    now.field = FIELD_NOW;
    Val fired = lower_event_field(lo, &now);
    return build_and(lo->b, fired, build_not(lo->b, val_uni(UNI_INITIAL, true)));
}

static Val gather_first(Lower *lo, const Gather *g, const Expr *e)
{
    Builder *b = lo->b;
    Val first = gathered(lo, false, m_log(-1));
    Val open = build_not(b, build_op1(b, OP_DEFINED, first));
    Val hit = build_and(b, build_and(b, form_flag(lo, g, e), in_window(lo, g)), open);
    build_store_masked(b, first, build_snapshot(b, hit), lower_today());
    return first;
}

// b holds until a comes true: undecided, then kept or broken for good.
static Val gather_until(Lower *lo, const Gather *g)
{
    Builder *b = lo->b;
    Val kept = gathered(lo, true, 0);
    Val broken = gathered(lo, true, 0);
    Val holds = lower_flag(lo, g->form->b);
    Val comes = lower_flag(lo, g->form->a);
    Val in = in_window(lo, g);
    Val open = build_and(b, in, build_not(b, build_or(b, kept, broken)));
    Val keeps = build_snapshot(b, build_and(b, open, comes));
    Val breaks = build_and(b, open, build_not(b, build_or(b, comes, holds)));
    build_store(b, broken, build_or(b, broken, breaks));
    build_store(b, kept, build_or(b, kept, keeps));
    return kept;
}

static void ask_until(Lower *lo, const Gather *g, AskedResult *result)
{
    Val kept = gather_until(lo, g);
    in_segment(lo, SEG_FINISH);
    result->value = finish_ever(lo, g, kept, g->form->a, false);
}

static Val finish_first(Lower *lo, const Gather *g, Val first, const Expr *e)
{
    Val late = frozen_before(lo, g);
    if (val_is(late, 0)) {
        return first;
    }
    Val opening = val_const(lo->model->step_start[g->from]);
    Val held = build_and(lo->b, late, lower_flag(lo, e));
    return build_select(lo->b, held, opening, first);
}

// Undecided, then for good: a alone came, b alone came, or both in the same step.
static void ask_before(Lower *lo, const Gather *g, AskedResult *result)
{
    Builder *b = lo->b;
    Val earlier = gathered(lo, true, 0), later = gathered(lo, true, 0), tie = gathered(lo, true, 0);
    Val a_comes = form_flag(lo, g, g->form->a), b_comes = form_flag(lo, g, g->form->b);
    Val decided = build_or(b, earlier, build_or(b, later, tie));
    Val open = build_snapshot(b, build_op2(b, OP_ANDNOT, in_window(lo, g), decided));
    Val a_now = build_and(b, open, a_comes), b_now = build_and(b, open, b_comes);
    Val both = build_and(b, a_now, b_now);
    Val a_alone = build_op2(b, OP_ANDNOT, a_now, b_comes);
    Val b_alone = build_op2(b, OP_ANDNOT, b_now, a_comes);
    build_store(b, tie, build_or(b, tie, both));
    build_store(b, earlier, build_or(b, earlier, a_alone));
    build_store(b, later, build_or(b, later, b_alone));
    in_segment(lo, SEG_FINISH);
    Val late = frozen_before(lo, g);
    result->value = earlier;
    result->tie = tie;
    result->has_tie = true;
    if (!val_is(late, 0)) { // the frozen state is all that the window sees
        Val a_held = lower_flag(lo, g->form->a), b_held = lower_flag(lo, g->form->b);
        result->value = build_select(b, late, build_op2(b, OP_ANDNOT, a_held, b_held), earlier);
        result->tie = build_select(b, late, build_and(b, a_held, b_held), tie);
    }
}

// ---- Numbers and levels -----------------------------------------------------------------------

static Val form_number(Lower *lo, const Expr *e)
{
    return lower_num(lo, e);
}

// Largest or smallest. Before the window opens there is none: infinities, which a stopped future
// replaces by its frozen state.
static void ask_extreme(Lower *lo, const Gather *g, AskedResult *result)
{
    Builder *b = lo->b;
    bool max = g->form->kind == FORM_MAX;
    double none = max ? m_log(0) : -m_log(0);
    Val best = gathered(lo, false, none);
    Val v = form_number(lo, g->form->a);
    Val in = in_window(lo, g);
    int32_t before = b->cols.n;
    Val better = build_op2(b, max ? OP_MAX : OP_MIN, best, v);
    if (val_is(in, 1)) {
        build_store_fresh(b, best, better, before);
    } else {
        build_store_masked(b, best, in, better);
    }
    in_segment(lo, SEG_FINISH);
    Val late = frozen_before(lo, g);
    result->value = build_select(b, late, form_number(lo, g->form->a), best);
}

// The last step in the window of a clock that starts today; of months the one the calendar has.
static Val clock_end(Lower *lo, const Gather *g)
{
    Builder *b = lo->b;
    const Model *model = lo->model;
    double within = g->form->within_days + lower_days_slack(lo, g->form->within_days);
    if (model->step_days > 0) {
        Val days = build_op2(b, OP_SUB, lower_today(), val_const(model->start));
        Val step = build_op1(b, OP_ROUND, build_op2(b, OP_DIV, days, val_const(model->step_days)));
        return build_op2(b, OP_ADD, step, val_const(m_floor(within / model->step_days)));
    }
    Val last = val_const(-1), until = build_op2(b, OP_ADD, lower_today(), val_const(within));
    for (int32_t i = 0; i < model->n_steps; i++) {
        Val begun = build_op2(b, OP_LE, val_const(model->step_start[i]), until);
        last = build_op2(b, OP_ADD, last, build_num(b, begun));
    }
    return last;
}

// How many steps of the window a future that has stopped does not see: its state stays as it is.
static Val frozen_steps(Lower *lo, const Gather *g, Val end)
{
    Builder *b = lo->b;
    // Who stopped at the start has seen no step, not even the first, whose number the start has.
    Val seen = build_select(b, val_uni(UNI_INITIAL, true), val_const(-1), val_uni(UNI_STEP, false));
    Val last = build_op2(b, OP_MAX, seen, val_const(g->from - 1));
    Val to = g->has_clock ? build_op2(b, OP_MIN, val_const(g->to), end) : val_const(g->to);
    return build_op2(b, OP_MAX, build_op2(b, OP_SUB, to, last), val_const(0));
}

// Mean over the ends of the steps in the window; the start itself is not a step.
static void ask_mean(Lower *lo, const Gather *g, AskedResult *result)
{
    Builder *b = lo->b;
    Val sum = gathered(lo, false, 0);
    Val count = gathered(lo, false, 0);
    Val v = form_number(lo, g->form->a);
    Val in = build_and(b, in_window(lo, g), build_not(b, val_uni(UNI_INITIAL, true)));
    build_store_masked(b, sum, in, build_op2(b, OP_ADD, sum, v));
    build_store_masked(b, count, in, build_op2(b, OP_ADD, count, val_const(1)));
    bool stops = lo->view->stop != NULL;
    Val end = val_const(0);
    if (stops && g->has_clock) {
        end = gathered(lo, false, 0);
        Val starts = build_op2(b, OP_EQ, g->clock, lower_today());
        build_store_masked(b, end, build_snapshot(b, starts), clock_end(lo, g));
    }
    in_segment(lo, SEG_FINISH);
    if (stops) {
        Val left = frozen_steps(lo, g, end);
        Val frozen = build_op2(b, OP_MUL, left, form_number(lo, g->form->a));
        sum = build_op2(b, OP_ADD, sum, frozen);
        count = build_op2(b, OP_ADD, count, left);
    }
    result->value = build_op2(b, OP_DIV, sum, count);
}

// How often: for an event the steps in which it fires, otherwise the times it turns true.
static void ask_times(Lower *lo, const Gather *g, AskedResult *result)
{
    Builder *b = lo->b;
    const Expr *e = g->form->a;
    bool event = e->op == EX_EVENT && e->field == FIELD_HAPPENED;
    Val times = gathered(lo, false, 0);
    Val turned;
    if (event) {
        Expr now = *e;
        now.field = FIELD_NOW;
        turned =
            build_and(b, lower_event_field(lo, &now), build_not(b, val_uni(UNI_INITIAL, true)));
    } else {
        Val before = gathered(lo, true, 0);
        Val is = build_snapshot(b, lower_flag(lo, e));
        turned = build_snapshot(b, build_op2(b, OP_ANDNOT, is, before));
        build_store(b, before, is);
    }
    Val hit = build_num(b, build_and(b, turned, in_window(lo, g)));
    int32_t cols = b->cols.n;
    build_store_fresh(b, times, build_op2(b, OP_ADD, times, hit), cols);
    in_segment(lo, SEG_FINISH);
    result->value = times;
}

// Step -1 is the start. A run that stopped before it stays as it was.
static void ask_at_step(Lower *lo, const Gather *g, int32_t step, AskedResult *result)
{
    Builder *b = lo->b;
    Val v = lower_expr(lo, g->form->a);
    Val held = gathered(lo, v.mask, 0);
    // The first step has the number of the start, and comes after it.
    Val here = step < 0 ? val_uni(UNI_INITIAL, true)
                        : build_op2(b, OP_EQ, val_uni(UNI_STEP, false), val_const(step));
    build_store_masked(b, held, here, v);
    in_segment(lo, SEG_FINISH);
    if (!lo->view->stop) {
        result->value = held;
        return;
    }
    Val late = build_op2(b, OP_LT, val_uni(UNI_STEP, false), val_const(step));
    result->value = build_select(b, late, lower_expr(lo, g->form->a), held);
}

static void ask_at_date(Lower *lo, const Gather *g, AskedResult *result)
{
    int32_t step = model_last_step_of(lo->model, g->form->at);
    ask_at_step(lo, g, step < 0 ? 0 : step, result);
}

// ---- Forms ------------------------------------------------------------------------------------

// What has happened stays so: over the whole run its end tells all.
static bool stays(const Lower *lo, const Gather *g)
{
    const Expr *e = g->form->a;
    bool whole = !g->has_clock && g->from <= 0 && g->to >= lo->model->n_steps - 1;
    return whole && e->op == EX_EVENT && e->field == FIELD_HAPPENED;
}

static void ask_flag_form(Lower *lo, const Gather *g, AskedResult *result)
{
    Builder *b = lo->b;
    bool always = g->form->kind == FORM_ALWAYS;
    if (!always && stays(lo, g)) {
        in_segment(lo, SEG_FINISH);
        Val happened = lower_flag(lo, g->form->a);
        result->value = g->form->kind == FORM_EVER ? happened : build_not(b, happened);
        return;
    }
    Val e = always ? lower_flag(lo, g->form->a) : form_flag(lo, g, g->form->a);
    Val seen = gather_ever(lo, g, always ? build_not(b, e) : e);
    in_segment(lo, SEG_FINISH);
    if (always || !asks_happening(lo, g, g->form->a)) {
        seen = finish_ever(lo, g, seen, g->form->a, always);
    }
    result->value = g->form->kind == FORM_EVER ? seen : build_not(b, seen);
}

static void ask_first(Lower *lo, const Gather *g, AskedResult *result)
{
    Val first = gather_first(lo, g, g->form->a);
    in_segment(lo, SEG_FINISH);
    result->value =
        asks_happening(lo, g, g->form->a) ? first : finish_first(lo, g, first, g->form->a);
}

// Writes what the form gathers (SEG_LOOK) and reads (SEG_FINISH); leaves the builder in SEG_FINISH.
static void ask_form(Lower *lo, const Form *form, AskedResult *result)
{
    in_segment(lo, SEG_LOOK);
    Gather g = open_form(lo, form);
    result->defined = val_mask(true);
    switch (form->kind) {
    case FORM_EVER:
    case FORM_NEVER:
    case FORM_ALWAYS: ask_flag_form(lo, &g, result); break;
    case FORM_FIRST: ask_first(lo, &g, result); break;
    case FORM_MAX:
    case FORM_MIN: ask_extreme(lo, &g, result); break;
    case FORM_MEAN: ask_mean(lo, &g, result); break;
    case FORM_TIMES: ask_times(lo, &g, result); break;
    case FORM_BEFORE: ask_before(lo, &g, result); break;
    case FORM_UNTIL: ask_until(lo, &g, result); break;
    case FORM_AT_DATE: ask_at_date(lo, &g, result); break;
    case FORM_AT_END:
        in_segment(lo, SEG_FINISH);
        result->value = lower_expr(lo, form->a);
        break;
    case FORM_OVER_TIME: ask_at_step(lo, &g, lo->options.moment, result); break;
    }
    if (g.has_clock) {
        close_clock(lo, &g, result);
    }
}

static Val given_holds(Lower *lo, const Question *q)
{
    Val all = val_mask(true);
    for (int32_t i = 0; i < q->n_given; i++) {
        AskedResult given = {0};
        ask_form(lo, &q->given[i], &given);
        Val v = given.value;
        if (!v.mask) { // a date: has it come?
            v = build_op1(lo->b, OP_DEFINED, v);
        }
        all = build_and(lo->b, all, build_and(lo->b, v, given.defined));
    }
    return all;
}

static ResultKind result_kind(const Kind *kind)
{
    switch (kind->tag) {
    case KIND_FLAG: return RESULT_FLAG;
    case KIND_DATE: return RESULT_DATE;
    case KIND_ATOM:
    case KIND_RUNG: return RESULT_LEVEL;
    default: return RESULT_NUMBER;
    }
}

int32_t lower_level_count(const Lower *lo, const Kind *kind)
{
    if (kind->tag == KIND_RUNG) {
        return lo->view->ladders[kind->domain].n_rungs;
    }
    return kind->tag == KIND_ATOM ? lo->view->sets[kind->domain].n_atoms : 0;
}

// Levels of a set are numbered by their place in it; -1 when the value is none of them.
static Val level_index(Lower *lo, const Kind *kind, Val v)
{
    if (kind->tag != KIND_ATOM) {
        return v;
    }
    const Set *set = &lo->view->sets[kind->domain];
    Val index = val_const(-1);
    for (int32_t i = 0; i < set->n_atoms; i++) {
        Val is = build_op2(lo->b, OP_EQ, v, val_const(set->atoms[i]));
        index = build_select(lo->b, is, val_const(i), index);
    }
    return index;
}

static Val keep_column(Lower *lo, Val v)
{
    Val col = build_lane(lo->b, v);
    build_keep(lo->b, SEG_FINISH, col);
    return col;
}

static void ask_series(Lower *lo, int32_t i, Asked *asked)
{
    const Question *q = &lo->view->questions[i];
    Builder *b = lo->b;
    in_segment(lo, SEG_LOOK);
    Val v = lower_expr(lo, q->form.a);
    v = level_index(lo, &q->kind, v);
    Val shown = v;
    if (v.level != LEVEL_LANE || !b->cols.p[v.id].persistent) { // a state is shown as it stands
        shown = gathered(lo, v.mask, 0);
        build_store(b, shown, v);
    }
    AskedSeries series = {.value = shown, .question = i};
    series.kind = result_kind(&q->kind);
    series.n_levels = lower_level_count(lo, &q->kind);
    series.defined = given_holds(lo, q);
    if (q->n_given) {
        series.defined = keep_column(lo, series.defined);
    }
    vec_push(lo->arena, &asked->series, series);
}

static void ask_question(Lower *lo, int32_t i, Asked *asked)
{
    const Question *q = &lo->view->questions[i];
    AskedResult result = {0};
    ask_form(lo, &q->form, &result);
    result.question = i;
    result.kind = result_kind(&q->kind);
    result.n_levels = lower_level_count(lo, &q->kind);
    Val value = result.value;
    if (result.kind == RESULT_FLAG) {
        ASSERT(value.mask);
    } else {
        value = level_index(lo, &q->kind, build_num(lo->b, value));
    }
    result.value = keep_column(lo, value);
    Val given = given_holds(lo, q);
    in_segment(lo, SEG_FINISH);
    result.defined = build_and(lo->b, result.defined, given);
    if (result.has_censored) {
        result.censored = keep_column(lo, build_and(lo->b, result.censored, given));
    }
    if (!val_is(result.defined, 1)) {
        result.defined = keep_column(lo, result.defined);
    }
    vec_push(lo->arena, &asked->results, result);
    if (result.has_tie) {
        result.value = keep_column(lo, result.tie);
        result.is_tie = true;
        vec_push(lo->arena, &asked->results, result);
    }
}

void lower_questions(Lower *lo, Asked *asked)
{
    for (int32_t i = 0; i < lo->view->n_questions && !lower_failed(lo); i++) {
        lo->b->at = lo->view->questions[i].span;
        if (lo->view->questions[i].form.kind == FORM_OVER_TIME && !lo->options.at_moment) {
            ask_series(lo, i, asked);
        } else {
            ask_question(lo, i, asked);
        }
    }
}
