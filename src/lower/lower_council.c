// SPDX-License-Identifier: MIT
//
// Councils: the members have chosen, in this step, by lower_decision.c; here their votes are
// counted and what follows from the vote comes to pass.
#include "lower/lower_impl.h"

#include "base/limits.h"
#include "math/elementary.h"

// Nothing carried yet, or the latest vote was blocked: every comparison with it is no.
static Val nothing(void)
{
    return val_const(m_log(-1));
}

void lower_council_columns(Lower *lo)
{
    const View *view = lo->view;
    lo->outcomes = ARENA_ARRAY(lo->arena, Val, view->n_decisions + 1);
    lo->carried_cols = ARENA_ARRAY(lo->arena, EventCols *, view->n_decisions + 1);
    for (int32_t i = 0; i < view->n_decisions; i++) {
        if (lo->carried_needs[i]) {
            lo->carried_cols[i] =
                lower_chosen_columns(lo, lo->carried_needs[i], view->decisions[i].n_options);
        }
        if (lo->outcome_needs[i]) {
            lo->outcomes[i] = build_persistent(lo->b, false);
            build_store(lo->b, lo->outcomes[i], nothing());
        }
    }
}

// ---- Counting -----------------------------------------------------------------------------------

// How many of the members chose option k; k < 0: any option, that is, how many vote at all.
static Val votes_for(Lower *lo, const Decision *d, const DecisionCols *cols, const Val *index,
                     int32_t k)
{
    Builder *b = lo->b;
    Val votes = val_const(0);
    for (int32_t m = 0; m < lo->view->sets[d->set].n_atoms; m++) {
        if (!cols[m].absent) {
            Val vote = k < 0 ? build_op2(b, OP_LE, val_const(0), index[m])
                             : build_op2(b, OP_EQ, index[m], val_const(k));
            votes = build_op2(b, OP_ADD, votes, build_num(b, vote));
        }
    }
    return votes;
}

static Val reached(Lower *lo, const Decision *d, Val votes, Val voters)
{
    Builder *b = lo->b;
    switch (d->council) {
    case COUNCIL_ALL: return build_op2(b, OP_EQ, votes, voters);
    case COUNCIL_MOST: return build_op2(b, OP_LT, voters, build_op2(b, OP_ADD, votes, votes));
    case COUNCIL_LEAST: return build_op2(b, OP_LE, val_const(d->least), votes);
    case COUNCIL_NONE: break;
    }
    ASSERT(false);
    return val_mask(false);
}

// ---- What follows -------------------------------------------------------------------------------

// `values`: how many vote, then the votes for each option that can be carried. `which`: the one
// that is, as its place among them; -1: none.
static void follow(Lower *lo, int32_t i, int32_t which, Val here, const Val *values)
{
    const Decision *d = &lo->view->decisions[i];
    Body then = which < 0 ? d->blocked : d->carried[which].then;
    if (which >= 0 && lo->carried_needs[i]) {
        int32_t k = d->carried[which].option;
        lower_chosen(lo, &lo->carried_cols[i][k], &lo->carried_needs[i][k], here);
    }
    if (lo->outcome_needs[i]) {
        Val atom = which < 0 ? nothing() : val_const(d->options[d->carried[which].option].atom);
        build_store_masked(lo->b, lo->outcomes[i], here, atom);
    }
    if (lo->options.trace) {
        Note note = {.kind = NOTE_VOTED, .subject = i, .member = -1, .detail = which};
        Str names[LIMIT_OPTIONS + 1] = {STR("votes")};
        for (int32_t k = 0; k < d->n_carried; k++) {
            names[k + 1] = d->options[d->carried[k].option].name;
        }
        lower_note(lo, note, here, values, names, d->n_carried + 1);
    }
    if (then.n > 0) {
        Under under = lower_under(lo, here, lower_body_cost(lo, then));
        if (under.kind != UNDER_NEVER) {
            lower_body(lo, then);
        }
        lower_under_end(lo, under);
    }
}

// Of several options that are carried the first has it. All is counted before anything follows.
static void count_votes(Lower *lo, int32_t i, const Val *index, Val voters)
{
    Builder *b = lo->b;
    const Decision *d = &lo->view->decisions[i];
    Val here[LIMIT_OPTIONS], values[LIMIT_OPTIONS + 1] = {voters};
    Val open = val_mask(true);
    ASSERT(d->n_carried <= LIMIT_OPTIONS);
    for (int32_t k = 0; k < d->n_carried; k++) {
        Val votes = votes_for(lo, d, lo->decisions[i], index, d->carried[k].option);
        values[k + 1] = build_snapshot(b, votes);
        Val carried = reached(lo, d, values[k + 1], voters);
        here[k] = build_snapshot(b, build_and(b, open, carried));
        open = build_snapshot(b, build_and(b, open, build_not(b, carried)));
    }
    for (int32_t k = 0; k < d->n_carried; k++) {
        follow(lo, i, k, here[k], values);
    }
    follow(lo, i, -1, open, values);
}

void lower_council(Lower *lo, int32_t i, const Val *index)
{
    const Decision *d = &lo->view->decisions[i];
    lo->block_member = -1;
    lower_chosen_turn(lo, lo->carried_cols[i], lo->carried_needs[i], d->n_options);
    lo->pace = pace_of_council(d, lo->view->sets[d->set].n_atoms);
    Val voters = build_snapshot(lo->b, votes_for(lo, d, lo->decisions[i], index, -1));
    Val vote = build_snapshot(lo->b, build_op2(lo->b, OP_LT, val_const(0), voters));
    Under under = lower_under(lo, vote, 1000);
    if (under.kind != UNDER_NEVER) {
        count_votes(lo, i, index, voters);
    }
    lower_under_end(lo, under);
}
