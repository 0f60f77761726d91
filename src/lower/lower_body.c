// SPDX-License-Identifier: MIT
//
// Statements, and what it takes to run them for a part of the lanes.
//
// Little work is done by selects for all lanes, much work in a region of the lanes concerned; what
// the calendar alone decides is skipped whole.
#include "lower/lower_impl.h"

#include "base/limits.h"
#include "math/elementary.h"

enum { SELECT_COST = 3 }; // up to so many operations selects are cheaper than a region

// ---- Members ----------------------------------------------------------------------------------

Str lower_atom_name(const Lower *lo, int32_t atom)
{
    bool known = atom >= 0 && atom < lo->view->n_atoms;
    return known ? lo->view->atoms[atom].name : STR("?");
}

Bound lower_bind(Lower *lo, int32_t var, int32_t atom)
{
    Bound bound = {lo->suffix};
    int32_t written = lo->b->lane[lo->b->segment].n;
    if (++lo->unrolled > LIMIT_INSTRUCTIONS || written > LIMIT_INSTRUCTIONS) {
        build_fail(lo->b,
                   "the model is too large once its sets are unrolled: more than %d "
                   "instructions",
                   LIMIT_INSTRUCTIONS);
    }
    lo->vars[var] = val_const(atom);
    lo->suffix = str_format(lo->arena, "%.*s[%.*s]", STR_ARG(lo->suffix),
                            STR_ARG(lower_atom_name(lo, atom)));
    return bound;
}

void lower_unbind(Lower *lo, Bound bound)
{
    lo->suffix = bound.suffix;
}

bool lower_failed(const Lower *lo)
{
    return lo->b->status != ST_OK;
}

Val lower_kept(Lower *lo, const Expr *except, int32_t atom)
{
    if (!except) {
        return val_mask(true);
    }
    return build_op2(lo->b, OP_NE, lower_expr(lo, except), val_const(atom));
}

// ---- A part of the lanes ----------------------------------------------------------------------

Under lower_under(Lower *lo, Val mask, int32_t cost)
{
    Under under = {.mask = lo->mask};
    Val both = build_and(lo->b, lo->mask, mask);
    if (both.level == LEVEL_CONST) {
        under.kind = both.k != 0 ? UNDER_ALWAYS : UNDER_NEVER;
    } else if (both.level == LEVEL_UNI) {
        under.kind = UNDER_STEP;
        under.open = build_ifstep(lo->b, both);
        lo->mask = val_mask(true);
    } else if (cost <= SELECT_COST) {
        under.kind = UNDER_SELECT;
        lo->mask = build_snapshot(lo->b, both);
    } else {
        under.kind = UNDER_REGION;
        under.open = build_region(lo->b, both);
        lo->mask = val_mask(true);
    }
    return under;
}

void lower_under_end(Lower *lo, Under under)
{
    if (under.kind == UNDER_STEP || under.kind == UNDER_REGION) {
        build_close(lo->b, under.open);
    }
    lo->mask = under.mask;
}

// How many deliveries of an effect there is room for; sure: no more can be under way.
static int32_t slots_of(const Lower *lo, const Stmt *s, bool *sure)
{
    UnderWay way = under_way(lo->arena, lo->model, lo->view, s->delay, lo->pace);
    *sure = way.sure && way.most <= LIMIT_PENDING;
    return way.most < LIMIT_PENDING ? way.most : LIMIT_PENDING;
}

static int32_t stmt_cost(const Lower *lo, const Stmt *s)
{
    enum { BIG = 100 };
    bool sure;
    switch (s->kind) {
    case STMT_ASSIGN: return 1 + lower_cost(lo, s->value);
    case STMT_RAISE:
    case STMT_LOWER: return 2 + lower_cost(lo, s->value);
    case STMT_HEARS:
    case STMT_TOLD: return BIG;
    case STMT_LET: return lower_cost(lo, s->value);
    case STMT_IF:
        return 1 + lower_cost(lo, s->value) + lower_body_cost(lo, s->body) +
               lower_body_cost(lo, s->other);
    case STMT_FOR: return lo->view->sets[s->set].n_atoms * lower_body_cost(lo, s->body);
    case STMT_AFTER: return 3 * slots_of(lo, s, &sure);
    case STMT_ONE_OF: return BIG;
    }
    return BIG;
}

int32_t lower_body_cost(const Lower *lo, Body body)
{
    int32_t cost = 0;
    for (int32_t i = 0; i < body.n; i++) {
        cost += stmt_cost(lo, body.p[i]);
    }
    return cost;
}

// ---- Assignments ------------------------------------------------------------------------------

void lower_assign(Lower *lo, Val home, Val value, int32_t cols_before)
{
    if (val_is(lo->mask, 1)) {
        build_store_fresh(lo->b, home, value, cols_before);
    } else {
        build_store_masked(lo->b, home, lo->mask, value);
    }
}

// A number that may not be negative stays at 0; a probability stays within 0 and 1.
static Val keep_in_support(Lower *lo, const Quantity *q, Val v)
{
    if (q->kind.tag != KIND_NUMBER) {
        return v;
    }
    switch (q->kind.support) {
    case SUPPORT_REAL: return v;
    case SUPPORT_PROBABILITY: return build_op(lo->b, OP_CLAMP, v, val_const(0), val_const(1));
    case SUPPORT_POSITIVE:
    case SUPPORT_COUNT: return build_op2(lo->b, OP_MAX, v, val_const(0));
    }
    return v;
}

static Val assigned_value(Lower *lo, const Stmt *s, const Quantity *q, Val home)
{
    Builder *b = lo->b;
    Val v = lower_expr(lo, s->value);
    if (q->kind.tag == KIND_FLAG) {
        ASSERT(v.mask);
        return v;
    }
    v = build_num(b, v);
    if (s->kind == STMT_ASSIGN) {
        return keep_in_support(lo, q, v);
    }
    bool raise = s->kind == STMT_RAISE;
    if (!s->by) {
        return build_op2(b, raise ? OP_MAX : OP_MIN, home, v);
    }
    double top = lo->view->ladders[q->kind.domain].n_rungs - 1;
    Val moved = build_op2(b, raise ? OP_ADD : OP_SUB, home, v);
    return build_op2(b, raise ? OP_MIN : OP_MAX, moved, val_const(raise ? top : 0));
}

static void assign_element(Lower *lo, const Stmt *s, const Quantity *q, int32_t element)
{
    Val home = lo->home[s->target->ref][element];
    int32_t before = lo->b->cols.n;
    lower_assign(lo, home, assigned_value(lo, s, q, home), before);
}

// Assign to the element that the indices point to; they may only be known in the lane.
static void lower_assignment(Lower *lo, const Stmt *s)
{
    const Quantity *q = &lo->view->quantities[s->target->ref];
    Val indices[2];
    for (int32_t d = q->n_dims - 1; d >= 0; d--) {
        indices[d] = lower_expr(lo, s->target->args[d]);
    }
    int32_t known = lower_known_element(lo, q, indices);
    int32_t first = known < 0 ? 0 : known, last = known < 0 ? q->n_elements - 1 : known;
    for (int32_t element = first; element <= last; element++) {
        Val here = lower_element_is(lo, q, indices, element);
        if (val_is(here, 0)) {
            continue;
        }
        Under under = lower_under(lo, here, SELECT_COST);
        assign_element(lo, s, q, element);
        lower_under_end(lo, under);
    }
}

// ---- Control ----------------------------------------------------------------------------------

static void lower_masked_body(Lower *lo, Val mask, Body body)
{
    if (body.n == 0) {
        return;
    }
    Under under = lower_under(lo, mask, lower_body_cost(lo, body));
    if (under.kind != UNDER_NEVER) {
        lower_body(lo, body);
    }
    lower_under_end(lo, under);
}

static void lower_if_stmt(Lower *lo, const Stmt *s)
{
    Val mask = build_snapshot(lo->b, lower_flag(lo, s->value));
    Val other = build_not(lo->b, mask); // before the first body changes what it is made of
    lower_masked_body(lo, mask, s->body);
    lower_masked_body(lo, other, s->other);
}

static void lower_for(Lower *lo, const Stmt *s)
{
    const Set *set = &lo->view->sets[s->set];
    for (int32_t i = 0; i < set->n_atoms && !lower_failed(lo); i++) {
        Val kept = lower_kept(lo, s->except, set->atoms[i]);
        Bound bound = lower_bind(lo, s->var, set->atoms[i]);
        lower_masked_body(lo, kept, s->body);
        lower_unbind(lo, bound);
    }
}

// The weights of the outcomes; `rest` takes what the others leave.
static void outcome_weights(Lower *lo, const Stmt *s, Val *weights)
{
    Val rest = val_const(1);
    ASSERT(s->n_outcomes <= LIMIT_OPTIONS);
    for (int32_t i = 0; i < s->n_outcomes; i++) {
        if (s->outcomes[i].weight) {
            weights[i] = lower_num(lo, s->outcomes[i].weight);
            rest = build_op2(lo->b, OP_SUB, rest, weights[i]);
        }
    }
    for (int32_t i = 0; i < s->n_outcomes; i++) {
        if (!s->outcomes[i].weight) {
            weights[i] = build_op2(lo->b, OP_MAX, rest, val_const(0));
        }
    }
}

static bool constant_shares(const Val *weights, int32_t n)
{
    double sum = 0;
    for (int32_t i = 0; i < n; i++) {
        if (weights[i].level != LEVEL_CONST || !(weights[i].k >= 0)) {
            return false;
        }
        sum += weights[i].k;
    }
    return m_abs(sum - 1) < 1e-9;
}

// Where each outcome is the one. Constant shares are one draw held against rising thresholds, exact
// to 64 bits; what has nothing to do needs no mask.
static void outcome_masks(Lower *lo, const Stmt *s, const Val *weights, int32_t site, Val *here)
{
    Builder *b = lo->b;
    if (!constant_shares(weights, s->n_outcomes)) {
        Val always[LIMIT_OPTIONS];
        for (int32_t i = 0; i < s->n_outcomes; i++) {
            always[i] = val_mask(true);
        }
        Val chosen = build_choice(b, OP_WEIGHTED, false, site, weights, always, s->n_outcomes);
        for (int32_t i = 0; i < s->n_outcomes; i++) {
            here[i] = build_op2(b, OP_EQ, chosen, val_const(i));
        }
        return;
    }
    double threshold = 0;
    Val below = val_mask(false);
    for (int32_t i = 0; i < s->n_outcomes; i++) {
        threshold += weights[i].k;
        bool last = i == s->n_outcomes - 1;
        Val reached = last ? val_mask(true) : build_bernoulli(b, false, site, val_const(threshold));
        bool lane = reached.level == LEVEL_LANE && below.level == LEVEL_LANE;
        bool idle = s->outcomes[i].body.n == 0 && !lo->options.trace;
        here[i] = idle   ? val_mask(false)
                  : lane ? build_op2(b, OP_ANDNOT, reached, below)
                         : build_and(b, reached, build_not(b, below));
        below = reached;
    }
}

static void lower_one_of(Lower *lo, const Stmt *s)
{
    Val weights[LIMIT_OPTIONS], here[LIMIT_OPTIONS];
    outcome_weights(lo, s, weights);
    int32_t site = build_site(lo->b, lower_site_name(lo, s->site));
    outcome_masks(lo, s, weights, site, here);
    for (int32_t i = 0; i < s->n_outcomes; i++) {
        here[i] = build_snapshot(lo->b, here[i]);
    }
    for (int32_t i = 0; i < s->n_outcomes; i++) {
        if (lo->options.trace) {
            Note note = {.kind = NOTE_OUTCOME,
                         .subject = lo->block_subject,
                         .member = lo->block_member,
                         .detail = i};
            Str name = s->outcomes[i].name;
            Val index = val_const(i);
            lower_note(lo, note, build_and(lo->b, lo->mask, here[i]), &index, &name, 1);
        }
        lower_masked_body(lo, here[i], s->outcomes[i].body);
    }
}

// ---- Delays -----------------------------------------------------------------------------------

static const Val *due_columns(Lower *lo, int32_t n)
{
    Builder *b = lo->b;
    Val *due = ARENA_ARRAY(lo->arena, Val, n);
    Segment segment = b->segment;
    int32_t frame = b->frame;
    b->segment = SEG_START;
    b->frame = 0;
    for (int32_t i = 0; i < n; i++) {
        due[i] = build_persistent(b, false);
        build_store(b, due[i], val_const(m_log(-1)));
    }
    b->segment = segment;
    b->frame = frame;
    return due;
}

// A delivery for which no slot is free would be lost, which the run reports.
static Val lost_column(Lower *lo, int32_t slots)
{
    Str name = str_format(
        lo->arena, "effects of %.*s, some of them LOST (more than %d were under way at once),",
        STR_ARG(lo->block_name), slots);
    return lower_trouble(lo, name, NO_SPAN);
}

static void lower_after(Lower *lo, const Stmt *s)
{
    Builder *b = lo->b;
    bool sure;
    int32_t slots = slots_of(lo, s, &sure);
    Pending pending = {.stmt = s, .n_slots = slots, .suffix = lo->suffix};
    pending.due = due_columns(lo, slots);
    Val *vars = ARENA_ARRAY(lo->arena, Val, lo->view->n_vars + 1);
    memcpy(vars, lo->vars, (size_t)lo->view->n_vars * sizeof *vars);
    pending.vars = vars;
    vec_push(lo->arena, &lo->pending, pending);

    Val delay = lower_num(lo, s->delay);
    if (delay.level == LEVEL_CONST) { // the first of a month may come sooner: see deliver_slot
        delay = val_const(delay.k - (lower_days_slack(lo, delay.k) - LOWER_DAY_SLACK));
    }
    Val date = build_op2(b, OP_ADD, lower_today(), delay);
    date = build_snapshot(b, date);
    Val open = lo->mask;
    for (int32_t i = 0; i < slots; i++) {
        Val taken = build_op1(b, OP_DEFINED, pending.due[i]);
        Val here = build_snapshot(b, build_and(b, open, build_not(b, taken)));
        if (sure && i == slots - 1) {
            here = open; // the others are taken, so this one is free
        }
        if (val_is(here, 1)) {
            build_store(b, pending.due[i], date);
        } else {
            build_store_masked(b, pending.due[i], here, date);
        }
        open = build_snapshot(b, build_and(b, open, build_not(b, here)));
    }
    if (!sure) {
        build_store_masked(b, lost_column(lo, slots), open, val_const(m_log(-1)));
    }
}

// Only loops are bound when an effect is delivered: values are read then.
static void restore_vars(Lower *lo, const Pending *pending)
{
    for (int32_t i = 0; i < lo->view->n_vars; i++) {
        if (pending->vars[i].level == LEVEL_CONST) {
            lo->vars[i] = pending->vars[i];
        }
    }
}

static void deliver_slot(Lower *lo, const Pending *pending, Val due)
{
    Val soon = build_op2(lo->b, OP_ADD, lower_today(), val_const(LOWER_DAY_SLACK));
    Val ripe = build_snapshot(lo->b, build_op2(lo->b, OP_LE, due, soon));
    if (lo->options.trace) {
        Note note = {.kind = NOTE_DELIVERED,
                     .subject = lo->block_subject,
                     .member = lo->block_member,
                     .detail = pending->stmt->delay_id};
        lower_note(lo, note, ripe, NULL, NULL, 0);
    }
    Under under = lower_under(lo, ripe, 1000);
    build_store(lo->b, due, val_const(m_log(-1)));
    lower_body(lo, pending->stmt->body);
    lower_under_end(lo, under);
}

void lower_deliver(Lower *lo)
{
    Str suffix = lo->suffix;
    for (int32_t i = 0; i < lo->pending.n; i++) { // delivering may add more
        Pending pending = lo->pending.p[i];
        lo->suffix = pending.suffix;
        restore_vars(lo, &pending);
        for (int32_t k = 0; k < pending.n_slots; k++) {
            deliver_slot(lo, &pending, pending.due[k]);
        }
    }
    lo->pending.n = 0;
    lo->suffix = suffix;
}

// ---- Notes ------------------------------------------------------------------------------------

void lower_note(Lower *lo, Note note, Val mask, const Val *values, const Str *names, int32_t n)
{
    Str *kept = ARENA_ARRAY(lo->arena, Str, n + 1);
    for (int32_t i = 0; i < n; i++) {
        kept[i] = names[i];
    }
    note.n_values = n;
    note.names = kept;
    vec_push(lo->arena, &lo->notes, note);
    int32_t at = build_note(lo->b, mask, lo->notes.n - 1, values, n);
    vec_push(lo->arena, &lo->note_args, at);
}

// ---- Bodies -----------------------------------------------------------------------------------

static void lower_stmt(Lower *lo, const Stmt *s)
{
    switch (s->kind) {
    case STMT_ASSIGN:
    case STMT_RAISE:
    case STMT_LOWER: lower_assignment(lo, s); return;
    case STMT_HEARS:
    case STMT_TOLD: lower_evidence(lo, s); return;
    case STMT_LET: lo->vars[s->var] = build_snapshot(lo->b, lower_expr(lo, s->value)); return;
    case STMT_IF: lower_if_stmt(lo, s); return;
    case STMT_FOR: lower_for(lo, s); return;
    case STMT_AFTER: lower_after(lo, s); return;
    case STMT_ONE_OF: lower_one_of(lo, s); return;
    }
}

void lower_body(Lower *lo, Body body)
{
    for (int32_t i = 0; i < body.n; i++) {
        lower_stmt(lo, body.p[i]);
    }
}
