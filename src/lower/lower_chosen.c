// SPDX-License-Identifier: MIT
//
// What may be asked of a choice as of an event: when an option was first chosen, how often, how
// long ago, just now. Of a council: when it was carried. Only what something reads is kept.
#include "lower/lower_impl.h"

#include "math/elementary.h"

static int32_t option_of(const Decision *d, double atom)
{
    int32_t k = 0;
    while (k < d->n_options && d->options[k].atom != (int32_t)atom) {
        k++;
    }
    ASSERT(k < d->n_options);
    return k;
}

// A council's outcome, not a member's choice?
static bool is_outcome(const Decision *d, const Expr *e)
{
    return d->set >= 0 && e->n_args == 0;
}

void lower_chosen_need(Lower *lo, const Expr *e)
{
    const Decision *d = &lo->view->decisions[e->ref];
    EventNeeds **all = is_outcome(d, e) ? lo->carried_needs : lo->chosen_needs;
    if (!all[e->ref]) {
        all[e->ref] = ARENA_ARRAY(lo->arena, EventNeeds, d->n_options);
    }
    EventNeeds *needs = &all[e->ref][option_of(d, e->number)];
    needs->first |= e->field == FIELD_FIRST;
    needs->last |= e->field == FIELD_SINCE;
    needs->times |= e->field == FIELD_TIMES;
    needs->now |= e->field == FIELD_NOW;
}

static Val start_at(Builder *b, bool mask, double k)
{
    Val col = build_persistent(b, mask);
    build_store(b, col, mask ? val_mask(k != 0) : val_const(k));
    return col;
}

EventCols *lower_chosen_columns(Lower *lo, const EventNeeds *needs, int32_t n)
{
    EventCols *cols = ARENA_ARRAY(lo->arena, EventCols, n);
    double never = m_log(-1);
    for (int32_t k = 0; k < n; k++) {
        if (needs[k].first) {
            cols[k].first = start_at(lo->b, false, never);
        }
        if (needs[k].last) {
            cols[k].last = start_at(lo->b, false, never);
        }
        if (needs[k].times) {
            cols[k].times = start_at(lo->b, false, 0);
        }
        if (needs[k].now) {
            cols[k].now = start_at(lo->b, true, 0);
        }
    }
    return cols;
}

void lower_chosen_turn(Lower *lo, const EventCols *cols, const EventNeeds *needs, int32_t n)
{
    for (int32_t k = 0; needs && k < n; k++) {
        if (needs[k].now) {
            build_store(lo->b, cols[k].now, val_mask(false));
        }
    }
}

void lower_chosen(Lower *lo, const EventCols *cols, const EventNeeds *needs, Val chosen)
{
    Builder *b = lo->b;
    if (needs->now) {
        build_store_masked(b, cols->now, chosen, val_mask(true));
    }
    if (needs->first) {
        Val open = build_not(b, build_op1(b, OP_DEFINED, cols->first));
        build_store_masked(b, cols->first, build_and(b, chosen, open), lower_today());
    }
    if (needs->last) {
        build_store_masked(b, cols->last, chosen, lower_today());
    }
    if (needs->times) {
        int32_t before = b->cols.n;
        Val times = build_op2(b, OP_ADD, cols->times, build_num(b, chosen));
        build_store_fresh(b, cols->times, times, before);
    }
}

// ---- Reading ------------------------------------------------------------------------------------

static Val field_of(Lower *lo, const EventCols *cols, EventField field)
{
    switch (field) {
    case FIELD_NOW: return cols->now;
    case FIELD_FIRST: return cols->first;
    case FIELD_TIMES: return cols->times;
    case FIELD_SINCE: return build_op2(lo->b, OP_SUB, lower_today(), cols->last);
    case FIELD_HAPPENED: break;
    }
    ASSERT(false);
    return val_const(0);
}

// Of a member who has no such decision.
static Val never_chosen(EventField field)
{
    return field == FIELD_NOW     ? val_mask(false)
           : field == FIELD_TIMES ? val_const(0)
                                  : val_const(m_log(-1));
}

Val lower_chosen_field(Lower *lo, const Expr *e)
{
    const Decision *d = &lo->view->decisions[e->ref];
    EventField field = (EventField)e->field;
    int32_t k = option_of(d, e->number);
    if (is_outcome(d, e)) {
        return field_of(lo, &lo->carried_cols[e->ref][k], field);
    }
    const DecisionCols *cols = lo->decisions[e->ref];
    if (d->set < 0) {
        return field_of(lo, &cols[0].chosen[k], field);
    }
    const Set *set = &lo->view->sets[d->set];
    Val index = lower_expr(lo, e->args[0]);
    Val v = never_chosen(field);
    for (int32_t m = set->n_atoms - 1; m >= 0; m--) {
        Val is = build_op2(lo->b, OP_EQ, index, val_const(set->atoms[m]));
        Val here = cols[m].absent ? never_chosen(field) : field_of(lo, &cols[m].chosen[k], field);
        v = build_select(lo->b, is, here, v);
    }
    return v;
}
