// SPDX-License-Identifier: MIT
//
// Lints: what makes a bad model though it says something. They look at the checked base view and
// need no run.
#include "base/limits.h"
#include "lang/checker.h"
#include "lang/spec.h"

// ---- Walking a view -----------------------------------------------------------------------------

typedef struct {
    Shared *shared;
    const View *view;
    bool *quantity_read, *quantity_assigned, *event_read;
    bool at_start; // what is known is asked of the start alone
} Lint;

typedef void (*ExprVisitor)(Lint *l, const Expr *expr);

static void visit_dist(Lint *l, const Dist *dist, ExprVisitor visit);

static void visit_expr(Lint *l, const Expr *expr, ExprVisitor visit)
{
    if (expr == NULL) {
        return;
    }
    visit(l, expr);
    for (int32_t i = 0; i < expr->n_args; i++) {
        visit_expr(l, expr->args[i], visit);
    }
    if (expr->dist) {
        visit_dist(l, expr->dist, visit);
    }
}

static void visit_dist(Lint *l, const Dist *dist, ExprVisitor visit)
{
    for (int32_t i = 0; i < dist->n_args; i++) {
        visit_expr(l, dist->args[i], visit);
    }
    for (int32_t i = 0; i < dist->n_parts; i++) {
        visit_dist(l, dist->parts[i], visit);
    }
}

typedef void (*StmtVisitor)(Lint *l, const Stmt *stmt);

static void visit_body(Lint *l, Body body, StmtVisitor on_stmt, ExprVisitor on_expr);

static void visit_stmt(Lint *l, const Stmt *stmt, StmtVisitor on_stmt, ExprVisitor on_expr)
{
    on_stmt(l, stmt);
    visit_expr(l, stmt->value, on_expr);
    visit_expr(l, stmt->except, on_expr);
    visit_expr(l, stmt->delay, on_expr);
    visit_expr(l, stmt->hit, on_expr);
    visit_expr(l, stmt->alarm, on_expr);
    for (int32_t i = 0; stmt->target && i < stmt->target->n_args; i++) {
        visit_expr(l, stmt->target->args[i], on_expr);
    }
    visit_body(l, stmt->body, on_stmt, on_expr);
    visit_body(l, stmt->other, on_stmt, on_expr);
    for (int32_t i = 0; i < stmt->n_outcomes; i++) {
        visit_expr(l, stmt->outcomes[i].weight, on_expr);
        visit_body(l, stmt->outcomes[i].body, on_stmt, on_expr);
    }
}

static void visit_body(Lint *l, Body body, StmtVisitor on_stmt, ExprVisitor on_expr)
{
    for (int32_t i = 0; i < body.n; i++) {
        visit_stmt(l, body.p[i], on_stmt, on_expr);
    }
}

static void visit_form(Lint *l, const Form *form, ExprVisitor visit)
{
    visit_expr(l, form->a, visit);
    visit_expr(l, form->b, visit);
    visit_expr(l, form->after, visit);
}

static void visit_decision(Lint *l, const Decision *d, StmtVisitor on_stmt, ExprVisitor on_expr)
{
    visit_expr(l, d->when, on_expr);
    visit_expr(l, d->rationality, on_expr);
    for (int32_t i = 0; i < d->n_sights; i++) {
        visit_expr(l, d->sights[i].value, on_expr);
    }
    for (int32_t i = 0; i < d->n_options; i++) {
        const Option *o = &d->options[i];
        visit_expr(l, o->when, on_expr);
        visit_expr(l, o->weight, on_expr);
        for (int32_t k = 0; k < o->n_worth; k++) {
            visit_expr(l, o->worth[k].value, on_expr);
        }
        visit_body(l, o->then, on_stmt, on_expr);
    }
    for (int32_t i = 0; i < d->n_carried; i++) {
        visit_body(l, d->carried[i].then, on_stmt, on_expr);
    }
    visit_body(l, d->blocked, on_stmt, on_expr);
}

// All expressions and statements of a view, each once.
static void visit_view(Lint *l, StmtVisitor on_stmt, ExprVisitor on_expr)
{
    const View *v = l->view;
    for (int32_t i = 0; i < v->n_quantities; i++) {
        for (int32_t k = 0; k < v->quantities[i].n_elements; k++) {
            visit_dist(l, v->quantities[i].values[k], on_expr);
        }
        visit_expr(l, v->quantities[i].proposition, on_expr);
    }
    for (int32_t i = 0; i < v->n_events; i++) {
        visit_expr(l, v->events[i].when, on_expr);
        visit_expr(l, v->events[i].chance, on_expr);
        visit_body(l, v->events[i].then, on_stmt, on_expr);
    }
    for (int32_t i = 0; i < v->n_decisions; i++) {
        visit_decision(l, &v->decisions[i], on_stmt, on_expr);
    }
    for (int32_t i = 0; i < v->n_blocks; i++) {
        visit_body(l, v->blocks[i].body, on_stmt, on_expr);
    }
    visit_expr(l, v->stop, on_expr);
    for (int32_t i = 0; i < v->n_checks; i++) {
        visit_expr(l, v->checks[i].condition, on_expr);
    }
    for (int32_t i = 0; i < v->n_questions; i++) {
        visit_form(l, &v->questions[i].form, on_expr);
        for (int32_t k = 0; k < v->questions[i].n_given; k++) {
            visit_form(l, &v->questions[i].given[k], on_expr);
        }
    }
}

static void note_read(Lint *l, const Expr *expr)
{
    if (expr->op == EX_QUANTITY || expr->op == EX_PREVIOUS) {
        l->quantity_read[expr->ref] = true;
    } else if (expr->op == EX_EVENT) {
        l->event_read[expr->ref] = true;
    }
}

static void note_assigned(Lint *l, const Stmt *stmt)
{
    if (stmt->target) {
        l->quantity_assigned[stmt->target->ref] = true;
    }
}

// ---- Priors outside of what they can be ---------------------------------------------------------

// Only what can be seen from constants; intervals were checked when they were read.
static bool reaches_outside(const Dist *dist, Support support)
{
    double value;
    bool chance = support == SUPPORT_PROBABILITY;
    if (dist->form == DIST_MIXTURE) {
        for (int32_t i = 0; i < dist->n_parts; i++) {
            if (reaches_outside(dist->parts[i], support)) {
                return true;
            }
        }
        return false;
    }
    if (dist->form != DIST_NAMED || dist->window_days > 0) {
        return false;
    }
    switch (dist->kind) {
    case DIST_NORMAL:
    case DIST_STUDENT: return true;
    case DIST_UNIFORM:
    case DIST_TRIANGULAR:
    case DIST_PERT:
        return (expr_fold(dist->args[0], &value) && value < 0) ||
               (chance && expr_fold(dist->args[dist->n_args - 1], &value) && value > 1);
    case DIST_LOGNORMAL:
    case DIST_GAMMA:
    case DIST_EXPONENTIAL:
    case DIST_POISSON:
    case DIST_BINOMIAL: return chance;
    default: return false;
    }
}

// A warning, not an error: the tail may be far out and the analyst may know.
static void lint_support(Lint *l, const Quantity *q)
{
    if (q->kind.tag != KIND_NUMBER || q->kind.support == SUPPORT_REAL) {
        return;
    }
    for (int32_t i = 0; i < q->n_elements; i++) {
        if (reaches_outside(q->values[i], q->kind.support)) {
            Diag *diag =
                diag_report(l->shared->diags, 501, q->values[i]->span,
                            "this distribution reaches where `%.*s` cannot be", STR_ARG(q->name));
            diag_help(l->shared->diags, diag, "write `truncated(..., 0, %s)`, or a range",
                      q->kind.support == SUPPORT_PROBABILITY ? "1" : "infinity");
            return;
        }
    }
}

// ---- What depends on the length of a step -------------------------------------------------------

static bool has_step(const Expr *expr)
{
    bool found = expr->op == EX_STEP;
    for (int32_t i = 0; i < expr->n_args && !found; i++) {
        found = has_step(expr->args[i]);
    }
    return found;
}

// A factor or summand that is a time as a plain number: `pace * 1 week`.
static const Expr *literal_time(const Expr *expr)
{
    bool product = expr->op == EX_MUL || expr->op == EX_DIV || expr->op == EX_ADD ||
                   expr->op == EX_SUB || expr->op == EX_NEG;
    if (expr->op == EX_CONST) {
        return expr->kind.tag == KIND_NUMBER && expr->kind.unit == UNIT_DAY && expr->number != 0
                   ? expr
                   : NULL;
    }
    for (int32_t i = 0; product && i < expr->n_args; i++) {
        const Expr *found = literal_time(expr->args[i]);
        if (found) {
            return found;
        }
    }
    return NULL;
}

// A draw that is added as it is, whatever the length of a step.
static const Expr *bare_draw(const Expr *expr)
{
    if (expr->op == EX_DRAW) {
        return expr;
    }
    bool sum = expr->op == EX_ADD || expr->op == EX_SUB || expr->op == EX_NEG;
    bool product = expr->op == EX_MUL || expr->op == EX_DIV;
    if (!sum && (!product || has_step(expr))) {
        return NULL;
    }
    for (int32_t i = 0; i < expr->n_args; i++) {
        const Expr *found = bare_draw(expr->args[i]);
        if (found) {
            return found;
        }
    }
    return NULL;
}

// x = x + ... in whatever form it was written.
static bool is_increment(const Stmt *stmt)
{
    return stmt->kind == STMT_ASSIGN && stmt->target->kind.tag == KIND_NUMBER &&
           (stmt->value->op == EX_ADD || stmt->value->op == EX_SUB) &&
           expr_equal(stmt->value->args[0], stmt->target);
}

// A model must mean the same by days and by weeks.
static void lint_increment(Lint *l, const Stmt *stmt)
{
    if (!is_increment(stmt)) {
        return;
    }
    const Expr *change = stmt->value->args[1];
    const Expr *time = has_step(change) ? NULL : literal_time(change);
    const Expr *draw = bare_draw(change);
    if (time) {
        Diag *diag = diag_report(l->shared->diags, 502, time->span,
                                 "this time stays the same whatever the length of a step");
        diag_help(l->shared->diags, diag,
                  "write `* step`: then the model means the same by days and "
                  "by weeks");
    } else if (draw) {
        Diag *diag =
            diag_report(l->shared->diags, 503, draw->span,
                        "a draw added in each step makes the model depend on the step's length");
        diag_help(l->shared->diags, diag,
                  "write `noise(4 km per week)`, or a range per time and "
                  "`* step`");
    }
}

static bool reads_quantity(const Expr *expr, int32_t quantity)
{
    bool found = expr->op == EX_QUANTITY && expr->ref == quantity;
    for (int32_t i = 0; i < expr->n_args && !found; i++) {
        found = reads_quantity(expr->args[i], quantity);
    }
    return found;
}

// 0.3 a day added to a count is nothing, for ever.
static void lint_count(Lint *l, const Stmt *stmt)
{
    bool rounded = stmt->kind == STMT_ASSIGN && stmt->value->op == EX_ROUND;
    if (!rounded || !reads_quantity(stmt->value, stmt->target->ref)) {
        return;
    }
    Str name = l->view->quantities[stmt->target->ref].name;
    Diag *diag = diag_report(l->shared->diags, 512, stmt->span,
                             "`%.*s` is a count: fractions are rounded away each time and never "
                             "add up",
                             STR_ARG(name));
    diag_help(l->shared->diags, diag,
              "declare it as a `number positive`, or add whole numbers: `poisson(...)`");
}

// What does not fit would be lost, and told only after the run.
static void lint_delays(Lint *l, Body body, Pace pace)
{
    for (int32_t i = 0; i < body.n; i++) {
        const Stmt *s = body.p[i];
        lint_delays(l, s->body, pace);
        lint_delays(l, s->other, pace);
        for (int32_t k = 0; k < s->n_outcomes; k++) {
            lint_delays(l, s->outcomes[k].body, pace);
        }
        if (s->kind != STMT_AFTER) {
            continue;
        }
        UnderWay way =
            under_way(l->shared->diags->arena, l->shared->model, l->view, s->delay, pace);
        if (way.most <= LIMIT_PENDING) {
            continue;
        }
        Diag *diag = diag_report(l->shared->diags, 513, s->delay->span,
                                 "more than %d of these may be under way at once: those beyond are "
                                 "lost",
                                 LIMIT_PENDING);
        diag_help(l->shared->diags, diag,
                  "make the delay shorter, or let it happen less often: `again after 30 days`");
    }
}

static void no_expr(Lint *l, const Expr *expr)
{
    (void)l;
    (void)expr;
}

static void lint_each_step(Lint *l)
{
    for (int32_t i = 0; i < l->view->n_blocks; i++) {
        if (l->view->blocks[i].kind == BLOCK_EACH_STEP) {
            visit_body(l, l->view->blocks[i].body, lint_increment, no_expr);
        }
    }
}

// ---- Evidence -----------------------------------------------------------------------------------

static void lint_evidence(Lint *l, const Stmt *stmt)
{
    double hit, alarm;
    bool known = stmt->hit && expr_fold(stmt->hit, &hit) && expr_fold(stmt->alarm, &alarm);
    if (known && hit == alarm) {
        Diag *diag = diag_report(l->shared->diags, 515, stmt->span,
                                 "this signal tells nothing: it comes as often when it is false");
        diag_help(l->shared->diags, diag, "a hit should be likelier than a false alarm");
    }
}

// ---- Questions ----------------------------------------------------------------------------------

static bool can_change(const Lint *l, const Expr *expr);

// Unknown, so that worlds differ: what is asked of it is how probable its values are.
static bool is_drawn(const Lint *l, const Quantity *q)
{
    for (int32_t i = 0; i < q->n_elements; i++) {
        const Dist *dist = q->values[i];
        if (dist->form != DIST_FIXED || can_change(l, dist->args[0])) {
            return true;
        }
    }
    return false;
}

// Can what the expression asks ever differ from the start, or between worlds?
static bool can_change(const Lint *l, const Expr *expr)
{
    if (expr == NULL) {
        return false;
    }
    switch (expr->op) {
    case EX_QUANTITY:
    case EX_PREVIOUS:
        if (l->quantity_assigned[expr->ref] || is_drawn(l, &l->view->quantities[expr->ref])) {
            return true;
        }
        break;
    case EX_EVENT:
    case EX_CHOICE:
    case EX_CHOSEN:
    case EX_TODAY:
    case EX_BETWEEN: return true;
    default: break;
    }
    for (int32_t i = 0; i < expr->n_args; i++) {
        if (can_change(l, expr->args[i])) {
            return true;
        }
    }
    return false;
}

// Something that comes to pass in time, so that there is a before and an after.
static bool names_event(const Expr *expr)
{
    bool found = expr->op == EX_EVENT || expr->op == EX_CHOSEN;
    for (int32_t i = 0; i < expr->n_args && !found; i++) {
        found = names_event(expr->args[i]);
    }
    return found;
}

// Only forms that ask about a moment: at the end of a future everything is after.
static void lint_given(Lint *l, const Question *q)
{
    bool dated = q->form.kind == FORM_EVER || q->form.kind == FORM_FIRST;
    for (int32_t i = 0; dated && !q->form.after && i < q->n_given; i++) {
        const Form *given = &q->given[i];
        if (given->kind == FORM_EVER && names_event(given->a)) {
            Diag *diag =
                diag_report(l->shared->diags, 504, given->a->span,
                            "`given` asks of the whole future, in any order: the condition may "
                            "come after what is asked");
            diag_help(l->shared->diags, diag,
                      "if it comes first, write `within 180 days after ...`");
            return;
        }
    }
}

// ---- What is known before the run --------------------------------------------------------------

// The number that an expression is in every world, step and future, where that can be seen: states
// that nothing assigns and params with a fixed value count as constants; or, when the lint looks at
// the start alone, all states that begin with a value. Kleene's logic: `no and anything` is no.
static bool always_is(const Lint *l, const Expr *expr, double *out);

// All members must agree: which one is meant is not looked at.
static bool fixed_quantity(const Lint *l, const Expr *expr, double *out)
{
    const Quantity *q = &l->view->quantities[expr->ref];
    bool constant = q->role != ROLE_STATE || !l->quantity_assigned[expr->ref] || l->at_start;
    bool known = constant && q->n_elements > 0 && q->proposition == NULL;
    for (int32_t i = 0; known && i < q->n_elements; i++) {
        const Dist *dist = q->values[i];
        double value;
        known = dist->form == DIST_FIXED && expr_fold(dist->args[0], &value) &&
                (i == 0 || value == *out);
        if (known) {
            *out = value;
        }
    }
    return known;
}

static bool always_logic(const Lint *l, const Expr *expr, double *out)
{
    double a, b, decides = expr->op == EX_OR;
    bool left = always_is(l, expr->args[0], &a), right = always_is(l, expr->args[1], &b);
    if ((left && a == decides) || (right && b == decides)) {
        *out = decides;
        return true;
    }
    *out = 1 - decides;
    return left && right;
}

static bool always_compared(const Lint *l, const Expr *expr, double *out)
{
    double a, b;
    if (!always_is(l, expr->args[0], &a) || !always_is(l, expr->args[1], &b)) {
        return false;
    }
    *out = expr->op == EX_LT ? a < b : expr->op == EX_LE ? a <= b : (a == b) == (expr->op == EX_EQ);
    return true;
}

// At the start nothing has happened but facts.
static bool nothing_yet(const Lint *l, const Expr *expr, double *out)
{
    const Event *event = &l->view->events[expr->ref];
    bool flag = expr->field == FIELD_HAPPENED || expr->field == FIELD_NOW;
    *out = 0;
    return l->at_start && (flag || expr->field == FIELD_TIMES) &&
           event->happened != event->happened;
}

static bool always_is(const Lint *l, const Expr *expr, double *out)
{
    const Model *model = l->shared->model;
    switch (expr->op) {
    case EX_QUANTITY: return fixed_quantity(l, expr, out);
    case EX_EVENT: return nothing_yet(l, expr, out);
    case EX_ANY:
    case EX_ALL: return expr->n_args == 1 && always_is(l, expr->args[0], out);
    case EX_AND:
    case EX_OR: return always_logic(l, expr, out);
    case EX_LT:
    case EX_LE:
    case EX_EQ:
    case EX_NE: return always_compared(l, expr, out);
    case EX_NOT:
        if (always_is(l, expr->args[0], out)) {
            *out = *out == 0;
            return true;
        }
        return false;
    case EX_BETWEEN: *out = 0; return expr->number > model->end || expr->number2 < model->start;
    default: return expr_fold(expr, out);
    }
}

// ---- Questions again ---------------------------------------------------------------------------

static void lint_redundant(Lint *l, const Question *q)
{
    bool negated = q->form.a->op == EX_NOT;
    const char *instead = q->form.kind == FORM_NEVER    ? "always"
                          : q->form.kind == FORM_ALWAYS ? "never"
                                                        : NULL;
    if (negated && instead) {
        Diag *diag =
            diag_report(l->shared->diags, 508, q->form.a->span, "this says it the long way");
        diag_help(l->shared->diags, diag, "write `%s ...` without `not`", instead);
    }
}

// The start is looked at too: `ever not vetoed` is yes before anything has happened.
static void lint_start(const Lint *l, const Question *q)
{
    const Form *form = &q->form;
    bool any = form->kind == FORM_EVER || form->kind == FORM_NEVER || form->kind == FORM_FIRST;
    bool all = form->kind == FORM_ALWAYS;
    Lint start = *l;
    start.at_start = true;
    double holds;
    if (!(any || all) || form->after || form->from == form->from ||
        !always_is(&start, form->a, &holds) || (holds != 0) != any) {
        return;
    }
    Diag *diag =
        diag_report(l->shared->diags, 507, form->a->span,
                    "the answer to `%.*s` is known: this %s at the start%s", STR_ARG(q->name),
                    any ? "holds" : "does not hold", any ? " already" : "");
    diag_help(l->shared->diags, diag,
              "the start is looked at too; ask `at end`, or give a window: `from ... to`");
}

// A fixed answer is a slip of the model, or of the question.
static void lint_question(Lint *l, const Question *q)
{
    if (!can_change(l, q->form.a) && !can_change(l, q->form.b)) {
        Diag *diag =
            diag_report(l->shared->diags, 507, q->span,
                        "the answer to `%.*s` is known: nothing in it is uncertain or changes",
                        STR_ARG(q->name));
        diag_help(l->shared->diags, diag,
                  "ask of a state that some block changes, an event, or a param that is drawn");
    } else {
        lint_start(l, q);
    }
    lint_given(l, q);
    lint_redundant(l, q);
}

// ---- Events and decisions -----------------------------------------------------------------------

// An event that nothing can bring about looks like a finding of the run.
static void lint_event(Lint *l, const Event *event)
{
    double value;
    const Model *model = l->shared->model;
    if (event->when && always_is(l, event->when, &value) && value == 0) {
        Diag *diag = diag_report(l->shared->diags, 506, event->when->span,
                                 "`%.*s` can never happen", STR_ARG(event->name));
        diag_help(l->shared->diags, diag, "nothing in the model makes its `when` true");
    } else if (event->happened > model->end) {
        diag_report(l->shared->diags, 506, event->span, "`%.*s` happens after the run has ended",
                    STR_ARG(event->name));
    }
}

// Types and beliefs are private: what one could see of them is what their owner does.
static const Quantity *others_secret(const Lint *l, const Decision *d, const Expr *expr)
{
    const Quantity *q =
        expr->op == EX_QUANTITY || expr->op == EX_PREVIOUS ? &l->view->quantities[expr->ref] : NULL;
    if (q && (q->role == ROLE_TYPE || q->proposition)) {
        bool own = q->n_dims == 0 ? d->set < 0 && q->owner_atom == d->actor
                                  : expr->args[0]->op == EX_VAR && expr->args[0]->ref == d->var;
        return own ? NULL : q;
    }
    for (int32_t i = 0; i < expr->n_args; i++) {
        const Quantity *secret = others_secret(l, d, expr->args[i]);
        if (secret) {
            return secret;
        }
    }
    return NULL;
}

static void lint_decision(Lint *l, const Decision *d)
{
    if (d->n_options == 1) {
        diag_report(l->shared->diags, 509, d->span,
                    "`%.*s` has a single option: there is nothing to "
                    "decide",
                    STR_ARG(d->name));
    }
    for (int32_t i = 0; i < d->n_sights; i++) {
        const Quantity *secret = others_secret(l, d, d->sights[i].value);
        if (secret) {
            Diag *diag = diag_report(l->shared->diags, 510, d->sights[i].value->span,
                                     "`%.*s` sees the %s of another, which only he knows",
                                     STR_ARG(d->name), secret->proposition ? "belief" : "type");
            diag_help(l->shared->diags, diag,
                      "let it see what the other does, or a noisy sign of it");
        }
    }
}

// ---- What nobody uses ---------------------------------------------------------------------------

// One message for each, at its declaration.
static void unused(Lint *l, Span span, const char *what, Str name)
{
    diag_report(l->shared->diags, 511, span, "the %s `%.*s` is used nowhere", what, STR_ARG(name));
}

static void lint_unused(Lint *l)
{
    const View *v = l->view;
    for (int32_t i = 0; i < v->n_quantities; i++) {
        const Quantity *q = &v->quantities[i];
        if (!l->quantity_read[i] && !q->implicit) {
            unused(l, q->span,
                   q->role == ROLE_PARAM  ? "param"
                   : q->role == ROLE_TYPE ? "type"
                   : q->proposition       ? "belief"
                                          : "state",
                   q->name);
        }
    }
    for (int32_t i = 0; i < v->n_events; i++) {
        const Event *e = &v->events[i];
        if (!l->event_read[i] && e->then.n == 0) {
            unused(l, e->span, "event", e->name);
        }
    }
    for (int32_t i = 1; i < l->shared->units.bases.n; i++) {
        if (!l->shared->units.used.p[i]) {
            unused(l, l->shared->units.declared.p[i], "unit", l->shared->units.bases.p[i]);
        }
    }
    for (int32_t i = 0; i < l->shared->sources.n; i++) {
        if (!l->shared->source_used.p[i]) {
            unused(l, l->shared->sources.p[i].span, "source", l->shared->sources.p[i].id);
        }
    }
}

// ---- All of them --------------------------------------------------------------------------------

// On the base alone: stories change it, and what they change was checked.
void lint_model(Shared *shared, const View *view, const NodeList *decls)
{
    Lint lint = {.shared = shared, .view = view};
    lint.quantity_read = ARENA_ARRAY(shared->diags->arena, bool, view->n_quantities + 1);
    lint.quantity_assigned = ARENA_ARRAY(shared->diags->arena, bool, view->n_quantities + 1);
    lint.event_read = ARENA_ARRAY(shared->diags->arena, bool, view->n_events + 1);
    visit_view(&lint, note_assigned, note_read);
    visit_view(&lint, lint_count, no_expr);
    for (int32_t i = 0; i < view->n_quantities; i++) {
        lint_support(&lint, &view->quantities[i]);
    }
    for (int32_t i = 0; i < view->n_events; i++) {
        const Event *event = &view->events[i];
        lint_event(&lint, event);
        lint_delays(&lint, event->then,
                    pace_of_event(shared->diags->arena, shared->model, view, event));
    }
    for (int32_t i = 0; i < view->n_decisions; i++) {
        const Decision *d = &view->decisions[i];
        lint_decision(&lint, d);
        for (int32_t k = 0; k < d->n_options; k++) {
            lint_delays(&lint, d->options[k].then, pace_of_decision(d));
        }
    }
    for (int32_t i = 0; i < view->n_questions; i++) {
        lint_question(&lint, &view->questions[i]);
    }
    lint_each_step(&lint);
    visit_view(&lint, lint_evidence, no_expr);
    lint_sources(shared, decls);
    lint_unused(&lint);
}
