// SPDX-License-Identifier: MIT
//
// Decisions: who faces one, what he sees, how he weighs the options, what he does.
#include "lower/lower_impl.h"

#include "base/limits.h"
#include "math/elementary.h"

#define NORMAL_95 1.6448536269514722 // the 95 % point: "give or take" is a central 90 % interval

// ---- Columns ----------------------------------------------------------------------------------

static int32_t member_count(const Lower *lo, const Decision *d)
{
    return d->set < 0 ? 1 : lo->view->sets[d->set].n_atoms;
}

// Nothing chosen yet: as with dates that never come, every comparison with it is no.
static double no_choice(void)
{
    return m_log(-1);
}

// Is an option open whenever it is faced? Otherwise nothing may be chosen, and it is faced again.
static bool always_chooses(const Decision *d)
{
    for (int32_t i = 0; i < d->n_options; i++) {
        if (!d->by_weight && !d->options[i].when) {
            return true;
        }
    }
    return false;
}

// Faced at once and again every so many steps, whatever happens: the calendar knows when.
static bool by_calendar(const Lower *lo, const Decision *d)
{
    return !d->when && d->every_days > 0 && lo->model->step_days > 0 && always_chooses(d);
}

// Faced at every step where `when` holds: nothing need be remembered of the last time.
static bool every_step(const Lower *lo, const Decision *d)
{
    enum { SHORTEST_MONTH = 28 };
    double shortest = lo->model->step_days > 0 ? lo->model->step_days : SHORTEST_MONTH;
    return d->every_days > 0 && d->every_days - lower_days_slack(lo, d->every_days) <= shortest;
}

static bool needs_choice(const Lower *lo, const Decision *d)
{
    return d->every_days <= 0 || lo->choice_needs[d - lo->view->decisions];
}

static bool needs_last(const Lower *lo, const Decision *d)
{
    return d->every_days > 0 && !by_calendar(lo, d) && !every_step(lo, d);
}

void lower_decision_columns(Lower *lo)
{
    const View *view = lo->view;
    Builder *b = lo->b;
    lo->decisions = ARENA_ARRAY(lo->arena, DecisionCols *, view->n_decisions + 1);
    for (int32_t i = 0; i < view->n_decisions; i++) {
        const Decision *d = &view->decisions[i];
        int32_t n = member_count(lo, d);
        lo->decisions[i] = ARENA_ARRAY(lo->arena, DecisionCols, n);
        for (int32_t m = 0; m < n; m++) {
            DecisionCols *cols = &lo->decisions[i][m];
            Val kept = d->set < 0 ? val_mask(true)
                                  : lower_kept(lo, d->except, view->sets[d->set].atoms[m]);
            cols->absent = val_is(kept, 0);
            if (cols->absent) {
                continue;
            }
            if (needs_choice(lo, d)) {
                cols->choice = build_persistent(b, false);
                build_store(b, cols->choice, val_const(no_choice()));
            }
            if (lo->chosen_needs[i]) {
                cols->chosen = lower_chosen_columns(lo, lo->chosen_needs[i], d->n_options);
            }
            if (needs_last(lo, d)) {
                cols->last = build_persistent(b, false);
                build_store(b, cols->last, val_const(m_log(-1)));
            }
        }
    }
}

Val lower_choice(Lower *lo, const Expr *e)
{
    const Decision *d = &lo->view->decisions[e->ref];
    const DecisionCols *cols = lo->decisions[e->ref];
    if (d->set < 0) {
        return cols[0].choice;
    }
    if (e->n_args == 0) {
        return lo->outcomes[e->ref];
    }
    const Set *set = &lo->view->sets[d->set];
    Val index = lower_expr(lo, e->args[0]);
    Val v = val_const(no_choice());
    for (int32_t m = set->n_atoms - 1; m >= 0; m--) {
        Val is = build_op2(lo->b, OP_EQ, index, val_const(set->atoms[m]));
        Val choice = cols[m].absent ? val_const(no_choice()) : cols[m].choice;
        v = build_select(lo->b, is, choice, v);
    }
    return v;
}

// ---- Who faces it -----------------------------------------------------------------------------

static Val due_by_calendar(Lower *lo, const Decision *d)
{
    Builder *b = lo->b;
    double period = m_ceil(d->every_days / lo->model->step_days - 1e-9);
    if (period <= 1) {
        return val_mask(true);
    }
    Val step = val_uni(UNI_STEP, false);
    Val rounds = build_op1(b, OP_FLOOR, build_op2(b, OP_DIV, step, val_const(period)));
    Val floor = build_op2(b, OP_MUL, rounds, val_const(period));
    return build_op2(b, OP_EQ, step, floor);
}

static Val faces(Lower *lo, const Decision *d, const DecisionCols *cols)
{
    Builder *b = lo->b;
    if (by_calendar(lo, d)) {
        return due_by_calendar(lo, d);
    }
    Val when = d->when ? lower_flag(lo, d->when) : val_mask(true);
    if (every_step(lo, d)) {
        return when;
    }
    if (d->every_days > 0) {
        Val since = build_op2(b, OP_SUB, lower_today(), cols->last);
        double every = d->every_days - lower_days_slack(lo, d->every_days);
        Val early = build_op2(b, OP_LT, since, val_const(every));
        return build_and(b, when, build_not(b, early));
    }
    Val open = build_not(b, build_op1(b, OP_DEFINED, cols->choice));
    return build_and(b, when, open);
}

// ---- What he sees -----------------------------------------------------------------------------

// A look with cuts tells only between which cuts the number lies: it reads as the first cut below
// the lowest, the midpoint between two, the last cut above.
static Val coarse(Lower *lo, const Sight *sight, Val v)
{
    Val seen = val_const(sight->cuts[0]);
    for (int32_t i = 0; i < sight->n_cuts; i++) {
        bool last = i + 1 == sight->n_cuts;
        double next = last ? sight->cuts[i] : (sight->cuts[i] + sight->cuts[i + 1]) / 2;
        double from = sight->cuts[i] - lower_slack(&sight->value->kind);
        Val above = build_op2(lo->b, OP_LE, val_const(from), v);
        seen = build_select(lo->b, above, val_const(next), seen);
    }
    return seen;
}

static Val blurred(Lower *lo, const Sight *sight, Val v)
{
    Builder *b = lo->b;
    int32_t site = build_site(b, lower_site_name(lo, sight->site));
    Val z = build_table_draw(b, false, site, build_normal_table(b));
    Val sd = val_const(sight->give / NORMAL_95);
    Val error = build_op2(b, OP_MUL, sd, z);
    if (sight->give_relative) {
        error = build_op2(b, OP_MUL, v, error);
    }
    return build_op2(b, OP_ADD, v, error);
}

static void lower_sights(Lower *lo, const Decision *d)
{
    Val *seen = ARENA_ARRAY(lo->arena, Val, d->n_sights + 1);
    lo->sights = seen;
    for (int32_t i = 0; i < d->n_sights; i++) {
        const Sight *sight = &d->sights[i];
        Val v = lower_expr(lo, sight->value);
        if (sight->give > 0) {
            v = blurred(lo, sight, build_num(lo->b, v));
        }
        if (sight->n_cuts > 0) {
            v = coarse(lo, sight, build_num(lo->b, v));
        }
        seen[i] = v;
    }
}

// ---- How he weighs ----------------------------------------------------------------------------

typedef struct {
    Val value[LIMIT_OPTIONS], available[LIMIT_OPTIONS];
    Val index;
    bool always; // some option is always available
} Weighing;

static Val option_value(Lower *lo, const Decision *d, const Option *option)
{
    if (d->by_weight) {
        return option->weight ? lower_num(lo, option->weight) : val_const(1);
    }
    Val worth = option->n_worth ? lower_worth(lo, option->worth, option->n_worth) : val_const(0);
    if (!d->rationality) {
        return worth;
    }
    return build_op2(lo->b, OP_MUL, lower_num(lo, d->rationality), worth);
}

static void watch_option(Lower *lo, const Decision *d, const Option *option, Val value,
                         Val available)
{
    if (d->by_weight && option->weight) {
        lower_watch(lo, "a weight", option->weight, value, available);
    }
    for (int32_t i = 0; !d->by_weight && i < option->n_worth; i++) {
        if (lower_can_break(option->worth[i].value)) {
            lower_watch(lo, "a worth", option->worth[i].value, value, available);
            return; // the sum is watched once
        }
    }
}

static void weigh(Lower *lo, const Decision *d, Weighing *w)
{
    ASSERT(d->n_options <= LIMIT_OPTIONS);
    lower_sights(lo, d);
    w->always = false;
    for (int32_t i = 0; i < d->n_options; i++) {
        const Option *option = &d->options[i];
        w->available[i] = option->when ? lower_flag(lo, option->when) : val_mask(true);
        w->always |= val_is(w->available[i], 1) && !d->by_weight;
        w->value[i] = option_value(lo, d, option);
        watch_option(lo, d, option, w->value[i], w->available[i]);
    }
    Str name = str_format(lo->arena, "%.*s.choice", STR_ARG(d->name));
    int32_t site = build_site(lo->b, lower_site_name(lo, name));
    w->index = build_choice(lo->b, d->by_weight ? OP_WEIGHTED : OP_SOFTMAX, false, site, w->value,
                            w->available, d->n_options);
}

// The option's atom, from its place in the list.
static Val chosen_atom(Lower *lo, const Decision *d, Val index)
{
    Val atom = build_op2(lo->b, OP_ADD, index, val_const(d->options[0].atom));
    for (int32_t i = 0; i < d->n_options; i++) {
        if (d->options[i].atom != d->options[0].atom + i) {
            Val is = build_op2(lo->b, OP_EQ, index, val_const(i));
            atom = build_select(lo->b, is, val_const(d->options[i].atom), atom);
        }
    }
    return atom;
}

static void note_choice(Lower *lo, const Decision *d, const Weighing *w, Val mask)
{
    Val values[1 + LIMIT_OPTIONS + 64];
    Str names[1 + LIMIT_OPTIONS + 64];
    int32_t n = 0;
    values[n] = w->index;
    names[n++] = STR("choice");
    for (int32_t i = 0; i < d->n_options; i++) {
        values[n] = build_select(lo->b, w->available[i], w->value[i], val_const(m_log(-1)));
        names[n++] = d->options[i].name;
    }
    for (int32_t i = 0; i < d->n_sights && i < 64; i++) {
        values[n] = build_num(lo->b, lo->sights[i]);
        names[n++] = d->sights[i].name;
    }
    Note note = {
        .kind = NOTE_DECIDED, .subject = -1 - lo->block_subject, .member = lo->block_member};
    lower_note(lo, note, mask, values, names, n);
}

// ---- What he does -----------------------------------------------------------------------------

static void commit(Lower *lo, const Decision *d, const DecisionCols *cols, Val index, Val valid)
{
    Builder *b = lo->b;
    const EventNeeds *needs = lo->chosen_needs[d - lo->view->decisions];
    for (int32_t k = 0; needs && k < d->n_options; k++) {
        Val chosen = build_and(b, valid, build_op2(b, OP_EQ, index, val_const(k)));
        lower_chosen(lo, &cols->chosen[k], &needs[k], build_snapshot(b, chosen));
    }
    if (needs_choice(lo, d)) {
        int32_t before = b->cols.n;
        Val atom = chosen_atom(lo, d, index);
        if (val_is(valid, 1)) {
            build_store_fresh(b, cols->choice, atom, before);
        } else {
            build_store_masked(b, cols->choice, valid, atom);
        }
    }
    if (!needs_last(lo, d)) {
        return;
    }
    if (val_is(valid, 1)) {
        build_store(b, cols->last, lower_today());
    } else {
        build_store_masked(b, cols->last, valid, lower_today());
    }
}

static void act(Lower *lo, const Decision *d, Val index)
{
    for (int32_t i = 0; i < d->n_options; i++) {
        const Body then = d->options[i].then;
        if (then.n == 0) {
            continue;
        }
        Val here = build_snapshot(lo->b, build_op2(lo->b, OP_EQ, index, val_const(i)));
        Under under = lower_under(lo, here, lower_body_cost(lo, then));
        lower_body(lo, then);
        lower_under_end(lo, under);
    }
}

static Val was_possible(Lower *lo, const Weighing *w, Val index)
{
    return w->always ? val_mask(true) : build_op2(lo->b, OP_LE, val_const(0), index);
}

// Look, choose and act in one go: nobody else looks meanwhile.
static void lower_one_decision(Lower *lo, const Decision *d, const DecisionCols *cols)
{
    Under under = lower_under(lo, faces(lo, d, cols), 1000);
    if (under.kind != UNDER_NEVER) {
        Weighing w;
        weigh(lo, d, &w);
        Val index = build_snapshot(lo->b, w.index);
        Val valid = build_snapshot(lo->b, was_possible(lo, &w, index));
        if (lo->options.trace) {
            note_choice(lo, d, &w, valid);
        }
        commit(lo, d, cols, index, valid);
        act(lo, d, index);
    }
    lower_under_end(lo, under);
}

// All members look and draw on the state as the block starts: each choice waits in `index`.
static Val look_first(Lower *lo, const Decision *d, const DecisionCols *cols)
{
    Builder *b = lo->b;
    Val index = build_temp(b, val_const(-1));
    Under under = lower_under(lo, faces(lo, d, cols), 1000);
    if (under.kind != UNDER_NEVER) {
        Weighing w;
        weigh(lo, d, &w);
        if (lo->options.trace) {
            note_choice(lo, d, &w, build_op2(b, OP_LE, val_const(0), w.index));
        }
        build_store(b, index, w.index);
    }
    lower_under_end(lo, under);
    return index;
}

static void act_then(Lower *lo, const Decision *d, const DecisionCols *cols, Val index)
{
    Val valid = build_snapshot(lo->b, build_op2(lo->b, OP_LE, val_const(0), index));
    Under under = lower_under(lo, valid, 1000);
    commit(lo, d, cols, index, val_mask(true));
    act(lo, d, index);
    lower_under_end(lo, under);
}

static void lower_members(Lower *lo, int32_t i)
{
    const Decision *d = &lo->view->decisions[i];
    const Set *set = &lo->view->sets[d->set];
    Val *index = ARENA_ARRAY(lo->arena, Val, set->n_atoms);
    bool lone = d->in_turn && d->council == COUNCIL_NONE; // no choice is waited for
    for (int pass = 0; pass < (d->in_turn ? 1 : 2); pass++) {
        for (int32_t m = 0; m < set->n_atoms; m++) {
            const DecisionCols *cols = &lo->decisions[i][m];
            if (cols->absent) {
                continue;
            }
            lo->block_member = m;
            Bound bound = lower_bind(lo, d->var, set->atoms[m]);
            if (lone) {
                lower_one_decision(lo, d, cols);
            }
            if (pass == 0 && !lone) {
                index[m] = look_first(lo, d, cols);
            }
            if (!lone && (pass == 1 || d->in_turn)) {
                act_then(lo, d, cols, index[m]);
            }
            lower_unbind(lo, bound);
        }
    }
    if (d->council != COUNCIL_NONE) {
        lower_council(lo, i, index);
    }
}

void lower_decision(Lower *lo, int32_t i)
{
    const Decision *d = &lo->view->decisions[i];
    lo->block_subject = -1 - i;
    lo->block_member = -1;
    lo->block_name = d->name;
    lo->pace = pace_of_decision(d);
    for (int32_t m = 0; m < member_count(lo, d); m++) {
        const DecisionCols *cols = &lo->decisions[i][m];
        if (!cols->absent) {
            lower_chosen_turn(lo, cols->chosen, lo->chosen_needs[i], d->n_options);
        }
    }
    if (d->set < 0) {
        lower_one_decision(lo, d, lo->decisions[i]);
    } else {
        lower_members(lo, i);
    }
    lower_deliver(lo);
}
