// SPDX-License-Identifier: MIT
//
// Questions: what is asked, when to look, under which condition, and how a clerk settles it.
#include "base/date.h"
#include "lang/checker.h"

static const struct {
    const char *text;
    FormKind kind;
    bool flag; // asks of something that is yes or no
} FORMS[] = {
    {"ever", FORM_EVER, true},
    {"never", FORM_NEVER, true},
    {"always", FORM_ALWAYS, true},
    {"first", FORM_FIRST, true},
    {"at_end", FORM_AT_END, false},
    {"at_date", FORM_AT_DATE, false},
    {"max", FORM_MAX, false},
    {"min", FORM_MIN, false},
    {"mean", FORM_MEAN, false},
    {"times", FORM_TIMES, true},
    {"over_time", FORM_OVER_TIME, false},
    {"before", FORM_BEFORE, true},
    {"until", FORM_UNTIL, true},
};
enum { N_FORMS = sizeof FORMS / sizeof FORMS[0] };

static int32_t form_row(Str text)
{
    for (int32_t i = 0; i < N_FORMS; i++) {
        if (str_eq(text, str_of(FORMS[i].text))) {
            return i;
        }
    }
    ASSERT(!"a form the parser does not make");
    return 0;
}

// ---- Windows ------------------------------------------------------------------------------------

// A date in the run; NaN when it is not (reported).
static double date_inside(Checker *c, const Node *node, const char *what)
{
    const Model *model = c->shared->model;
    double date;
    if (!check_date(c, node, what, &date)) {
        return __builtin_nan("");
    }
    if (c->shared->time_known && (date < model->start || date > model->end)) {
        Str start = date_text(c->arena, model->start, false),
            end = date_text(c->arena, model->end, false);
        report(c, 440, node->span, "this day lies outside of the run, %.*s to %.*s", STR_ARG(start),
               STR_ARG(end));
        return __builtin_nan("");
    }
    return date;
}

// `by` and `from ... to` together: the narrower counts, as long as a window is left.
static void read_window_of_dates(Checker *c, const Node *node, Form *form)
{
    const Node *by = node_child(node, NODE_BY_DATE), *from_to = node_child(node, NODE_FROM_TO);
    form->from = form->to = __builtin_nan("");
    if (by) {
        form->to = date_inside(c, by->child, "`by`");
    }
    if (from_to) {
        form->from = date_inside(c, node_at(from_to, 0), "`from`");
        double to = date_inside(c, node_at(from_to, 1), "`to`");
        form->to = form->to <= to ? form->to : to;
        if (form->from > to) {
            report(c, 366, from_to->span, "this window ends before it begins");
        } else if (by && form->from > form->to) {
            Diag *diag = report(c, 366, by->span, "this window ends before it begins");
            diag_related(diag, from_to->span, "it begins here");
        }
    }
}

// A clock needs a form that watches for a while.
static void read_clock(Checker *c, const Node *node, Form *form)
{
    const Node *within = node_child(node, NODE_WITHIN_AFTER);
    if (within == NULL) {
        return;
    }
    check_duration(c, node_at(within, 0), "`within`", &form->within_days);
    form->after = check_flag(c, node_at(within, 1), "`after`");
    if (form->kind == FORM_AT_DATE || form->kind == FORM_OVER_TIME || form->kind == FORM_AT_END) {
        Diag *diag = report(c, 441, within->span, "this form looks at a date, not for a time");
        diag_help(c->diags, diag,
                  "a clock goes with `ever`, `never`, `always`, `first`, `max`, `min`, "
                  "`mean` and `times`");
    }
}

// `at end by June` asks two things at once.
static void no_window(Checker *c, const Node *node, const Form *form)
{
    const Node *by = node_child(node, NODE_BY_DATE), *from_to = node_child(node, NODE_FROM_TO);
    bool point = form->kind == FORM_AT_END || form->kind == FORM_AT_DATE;
    if (point && (by || from_to)) {
        Diag *diag =
            report(c, 441, (by ? by : from_to)->span, "`at` looks at one day and has no window");
        diag_help(c->diags, diag, "write `... at DATE`, or `ever ... by DATE`");
    }
}

// ---- Forms --------------------------------------------------------------------------------------

// A ladder has a highest rung but no mean, a flag the reverse.
static void no_extreme(Checker *c, const Node *node, const Expr *a, FormKind kind)
{
    Str text = expr_text(c, a);
    if (a->kind.tag == KIND_FLAG && kind != FORM_MEAN) {
        Diag *diag = report(c, 442, node->span,
                            "`max` and `min` ask of numbers and ladders, and this "
                            "is %.*s",
                            STR_ARG(text));
        diag_help(c->diags, diag, "write `ever ...` or `always ...`");
    } else if (a->kind.tag == KIND_ATOM && kind != FORM_MEAN) {
        report(c, 442, node->span, "%.*s has no most and no least", STR_ARG(text));
    } else if (kind == FORM_MEAN && a->kind.tag != KIND_NUMBER && a->kind.tag != KIND_FLAG) {
        Diag *diag = report(c, 442, node->span, "%.*s has no mean", STR_ARG(text));
        diag_help(c->diags, diag, "ask for its shares: `... over time`, `... at end`");
    }
}

// The same date in most steps: what changes is whether it is there.
static void no_dates_over_time(Checker *c, const Node *node)
{
    Diag *diag = report(c, 442, node->span, "a date is not told over time");
    diag_help(c->diags, diag, "ask for it once: `first ...`, `... at end`; or for the time since");
}

// What comes out, whatever went in.
static Kind answer_kind(const Form *form)
{
    Kind kind = form->a->kind;
    switch (form->kind) {
    case FORM_EVER:
    case FORM_NEVER:
    case FORM_ALWAYS:
    case FORM_BEFORE:
    case FORM_UNTIL: return kind_flag();
    case FORM_FIRST: return kind_date();
    case FORM_TIMES:
        kind = kind_number(UNIT_PLAIN);
        kind.support = SUPPORT_COUNT;
        return kind;
    case FORM_MEAN: return kind.tag == KIND_FLAG ? kind_number(UNIT_PLAIN) : kind;
    case FORM_AT_END:
    case FORM_AT_DATE:
    case FORM_MAX:
    case FORM_MIN:
    case FORM_OVER_TIME: break;
    }
    return kind;
}

// Flags are asked when, numbers how much.
static Form check_form(Checker *c, const Node *node)
{
    int32_t row = form_row(node->text);
    Form form = {.kind = FORMS[row].kind, .at = __builtin_nan("")};
    const Node *first = node_at(node, 0), *second = node_at(node, 1);
    const char *what = str_c(c->arena, str_format(c->arena, "`%s`", FORMS[row].text));
    form.a = FORMS[row].flag ? check_flag(c, first, what) : check_expr(c, first, want_any());
    if (form.kind == FORM_BEFORE || form.kind == FORM_UNTIL) {
        form.b = check_flag(c, second, what);
        if (form.kind == FORM_UNTIL) { // written `b until a`
            const Expr *a = form.b;
            form.b = form.a;
            form.a = a;
        }
    } else if (form.kind == FORM_AT_DATE) {
        form.at = date_inside(c, second, "`at`");
    } else if (form.kind == FORM_OVER_TIME && form.a->kind.tag == KIND_DATE) {
        no_dates_over_time(c, first);
    } else if (form.kind == FORM_MAX || form.kind == FORM_MIN || form.kind == FORM_MEAN) {
        if (form.a->kind.tag != KIND_NONE) {
            no_extreme(c, first, form.a, form.kind);
        }
    }
    read_window_of_dates(c, node, &form);
    read_clock(c, node, &form);
    no_window(c, node, &form);
    return form;
}

// ---- How the answer is shown --------------------------------------------------------------------

// The first quantity of that unit in the expression: its answer is shown as it is written.
static const Quantity *shown_like(const Checker *c, const Expr *expr, int32_t unit)
{
    if (expr->op == EX_QUANTITY && expr->kind.tag == KIND_NUMBER && expr->kind.unit == unit) {
        return &c->quantities.p[expr->ref];
    }
    for (int32_t i = 0; i < expr->n_args; i++) {
        const Quantity *q = shown_like(c, expr->args[i], unit);
        if (q) {
            return q;
        }
    }
    return NULL;
}

// A sum of quantities in km per week is shown in km per week.
static Shown answer_shown(Checker *c, const Question *question)
{
    const Expr *a = question->form.a;
    if (question->kind.tag == KIND_NUMBER && question->form.kind != FORM_TIMES) {
        bool share = question->kind.unit == UNIT_PLAIN;
        const Quantity *q =
            share && a->op != EX_QUANTITY ? NULL : shown_like(c, a, question->kind.unit);
        if (q) {
            return q->shown;
        }
        Kind kind = question->kind;
        kind.support = a->kind.tag == KIND_FLAG ? SUPPORT_PROBABILITY : kind.support;
        return shown_of(c, kind, NULL);
    }
    return shown_of(c, question->kind, NULL);
}

// ---- Questions ----------------------------------------------------------------------------------

// Conditions are forms of their own and all must hold.
static void check_given(Checker *c, const Node *node, Question *question)
{
    int32_t n = 0;
    for (const Node *g = node_child(node, NODE_GIVEN); g; g = node_next_of(g, NODE_GIVEN)) {
        n++;
    }
    Form *given = ARENA_ARRAY(c->arena, Form, n);
    for (const Node *g = node_child(node, NODE_GIVEN); g; g = node_next_of(g, NODE_GIVEN)) {
        const Node *form = node_child(g, NODE_FORM);
        if (form == NULL || form->child == NULL) {
            continue;
        }
        Form condition = check_form(c, form);
        Kind kind = answer_kind(&condition);
        if (condition.a->kind.tag != KIND_NONE && kind.tag != KIND_FLAG) {
            Str text = kind_text(c, kind);
            Diag *diag = report(c, 443, form->span, "a condition is yes or no, and this is %.*s",
                                STR_ARG(text));
            diag_help(c->diags, diag, "%s",
                      condition.kind == FORM_FIRST
                          ? "`given e` keeps the futures in which e comes; where it must come "
                            "before, write `within 180 days after e`"
                          : "compare it: `given x > 3 at end`");
            continue;
        }
        given[question->n_given++] = condition;
    }
    question->given = given;
}

// A clerk who settles by one day what the run counts until another settles another question.
static void other_day(Checker *c, const Node *date, const Question *question)
{
    const Form *form = &question->form;
    bool point = form->kind == FORM_AT_DATE;
    double own = point ? form->at : form->to, by = question->resolve_by;
    if (own != own || by != by || own == by) {
        return;
    }
    Str day = date_text(c->arena, by, false), own_day = date_text(c->arena, own, false);
    Diag *diag = report(c, 516, date->span, "the question asks %s %.*s, but is settled by %.*s",
                        point ? "of" : "until", STR_ARG(own_day), STR_ARG(day));
    diag_help(c->diags, diag,
              "the run goes by %.*s; write the same date twice, or leave out one of the two",
              STR_ARG(own_day));
}

// The rule is for the clerk who settles it; its date is a window when there is no other.
static void check_resolves(Checker *c, const Node *node, Question *question)
{
    const Node *resolves = node_child(node, NODE_RESOLVES);
    question->resolve_by = __builtin_nan("");
    question->rule = STR("");
    if (resolves == NULL) {
        return;
    }
    const Node *rule = node_child(resolves, NODE_STRING), *date = node_child(resolves, NODE_DATE);
    question->rule = rule ? rule->text : STR("");
    if (date == NULL) {
        return;
    }
    question->resolve_by = date_inside(c, date, "`by`");
    Form *form = &question->form;
    bool open = form->to != form->to && form->kind != FORM_AT_END && form->kind != FORM_AT_DATE;
    if (open) {
        form->to = question->resolve_by;
    } else {
        other_day(c, date, question);
    }
}

// A question that could not be read still takes its place, so that `says` finds it.
static void check_question(Checker *c, const Node *node)
{
    const Node *text = node_child(node, NODE_STRING), *form = node_child(node, NODE_FORM);
    Question question = {
        .name = node->text, .text = text ? text->text : STR(""), .span = name_span(node)};
    int32_t before = map_get(c->question_names, node->text);
    if (before >= 0) {
        Diag *diag =
            report(c, 320, name_span(node), "`%.*s` is already a question", STR_ARG(node->text));
        diag_related(diag, c->questions.p[before].span, "declared here");
        return;
    }
    map_put(c->question_names, node->text, c->questions.n);
    c->where = (Where){.reads = READS_ALL, .draws = DRAWS_NONE, .what = "a question"};
    bool askable = form && form->child;
    if (askable) {
        question.form = check_form(c, form);
        question.kind = answer_kind(&question.form);
        check_given(c, node, &question);
        check_resolves(c, node, &question);
        question.shown = answer_shown(c, &question);
    }
    question.notes = check_notes(c, node);
    vec_push(c->arena, &c->questions, question);
}

void check_questions(Checker *c, const NodeList *decls)
{
    for (int32_t i = 0; i < decls->n; i++) {
        if (decls->p[i]->kind == NODE_QUESTION) {
            check_question(c, decls->p[i]);
        }
    }
}
