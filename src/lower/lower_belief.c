// SPDX-License-Identifier: MIT
//
// Beliefs: a probability as it is read, and beside it its log-odds, which evidence adds to:
//
//   log p'/(1 - p') = log p/(1 - p) + log hit/alarm              after a yes
//                                   + log (1 - hit)/(1 - alarm)  after a no        (Bayes)
//
// So no belief is stuck where a probability can no longer be told from 1, and evidence in any order
// comes to the same. Certainty is an infinite log-odds; certain evidence against certainty is
// infinity minus infinity, not a number, which the run reports.
#include "lower/lower_impl.h"

#include "math/elementary.h"

void lower_belief_columns(Lower *lo)
{
    const View *view = lo->view;
    lo->odds = ARENA_ARRAY(lo->arena, Val *, view->n_quantities + 1);
    for (int32_t i = 0; i < view->n_quantities; i++) {
        const Quantity *q = &view->quantities[i];
        if (!q->proposition) {
            continue;
        }
        lo->odds[i] = ARENA_ARRAY(lo->arena, Val, q->n_elements);
        for (int32_t k = 0; k < q->n_elements; k++) {
            lo->odds[i][k] = build_persistent(lo->b, false);
        }
    }
}

// log(a / b)
static Val log_ratio(Builder *b, Val a, Val x)
{
    return build_op1(b, OP_LOG, build_op2(b, OP_DIV, a, x));
}

static Val complement(Builder *b, Val p)
{
    return build_op2(b, OP_SUB, val_const(1), p);
}

void lower_belief_start(Lower *lo, int32_t quantity, int32_t element, Val start)
{
    Val odds = log_ratio(lo->b, start, complement(lo->b, start));
    build_store(lo->b, lo->odds[quantity][element], odds);
}

// ---- Evidence -----------------------------------------------------------------------------------

// What the evidence weighs. Logarithms of what is fixed longer than a step are taken once.
static Val weight_of(Builder *b, Val yes, Val hit, Val alarm)
{
    Val not_hit = complement(b, hit), not_alarm = complement(b, alarm);
    if (hit.level == LEVEL_LANE || alarm.level == LEVEL_LANE) {
        return log_ratio(b, build_select(b, yes, hit, not_hit),
                         build_select(b, yes, alarm, not_alarm));
    }
    return build_select(b, yes, log_ratio(b, hit, alarm), log_ratio(b, not_hit, not_alarm));
}

// The signal: what was said, or drawn from the truth as it stands.
static Val signal_of(Lower *lo, const Stmt *s, const Quantity *q, Val hit, Val alarm)
{
    Builder *b = lo->b;
    if (s->kind == STMT_TOLD) {
        return lower_flag(lo, s->value);
    }
    Val truth = lower_flag(lo, q->proposition);
    int32_t site = build_site(b, lower_site_name(lo, s->site));
    return build_bernoulli(b, false, site, build_select(b, truth, hit, alarm));
}

// For a replay; evidence of every step would drown all else.
static void tell(Lower *lo, const Stmt *s, int32_t element, Val yes, Val before)
{
    if (!lo->options.trace || lo->block_subject == INT32_MAX) {
        return;
    }
    Note note = {.kind = s->kind == STMT_HEARS ? NOTE_HEARS : NOTE_TOLD,
                 .subject = s->target->ref,
                 .member = element};
    Val values[] = {build_num(lo->b, yes), before, lo->home[s->target->ref][element]};
    Str names[] = {STR("yes"), STR("before"), STR("after")};
    lower_note(lo, note, lo->mask, values, names, 3);
}

static void update(Lower *lo, const Stmt *s, int32_t element)
{
    Builder *b = lo->b;
    const Quantity *q = &lo->view->quantities[s->target->ref];
    Val odds = lo->odds[s->target->ref][element], home = lo->home[s->target->ref][element];
    Val hit = lower_num(lo, s->hit), alarm = lower_num(lo, s->alarm);
    Val yes = build_snapshot(b, signal_of(lo, s, q, hit, alarm));
    Val was = lo->options.trace ? build_snapshot(b, home) : home;
    int32_t before = b->cols.n;
    lower_assign(lo, odds, build_op2(b, OP_ADD, odds, weight_of(b, yes, hit, alarm)), before);
    before = b->cols.n;
    lower_assign(lo, home, build_op1(b, OP_LOGISTIC, odds), before);
    tell(lo, s, element, yes, was);
}

// The member is known once loops are unrolled: the checker saw to that.
void lower_evidence(Lower *lo, const Stmt *s)
{
    const Quantity *q = &lo->view->quantities[s->target->ref];
    if (q->n_dims == 0) {
        update(lo, s, 0);
        return;
    }
    Val member = lower_expr(lo, s->target->args[0]);
    ASSERT(member.level == LEVEL_CONST);
    int32_t element = lower_set_index(&lo->view->sets[q->dims[0]], (int32_t)member.k);
    if (element < 0) {
        build_fail(lo->b, "`%.*s` has no belief of `%.*s`", STR_ARG(q->name),
                   STR_ARG(lower_atom_name(lo, (int32_t)member.k)));
        return;
    }
    Val outer = lo->vars[q->var];
    lo->vars[q->var] = member;
    update(lo, s, element);
    lo->vars[q->var] = outer;
}
