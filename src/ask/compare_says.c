// SPDX-License-Identifier: MIT
//
// What authors say against what their own conditions give, and disagreements that are none.
#include "ask/compare_impl.h"
#include "math/bits.h"
#include "math/elementary.h"

typedef VEC(Coherence) SayingList;

// Does he name another date than the question resolves by?
static bool other_date(const Compare *c, const Question *question, double by)
{
    if (!m_is_finite(by)) {
        return false;
    }
    if (m_is_finite(question->resolve_by)) {
        return by != question->resolve_by;
    }
    return by != question->form.to && by != c->model->end;
}

static SayVerdict judge(const Coherence *s, const CompareItem *item, const CompareCell *cell,
                        bool elsewhere)
{
    const double wide = 0.5;
    if (item->kind != ITEM_FLAG && item->kind != ITEM_DATE) {
        return SAY_NOT_A_CHANCE;
    }
    if (elsewhere) {
        return SAY_ELSE;
    }
    if (cell->why.n > 0) {
        return SAY_NO_ANSWER;
    }
    if (compare_too_few(item, cell)) {
        return SAY_TOO_FEW;
    }
    double p = cell->value.value;
    if (p >= s->says.lo && p <= s->says.hi) {
        return s->says.hi - s->says.lo > wide ? SAY_WIDE : SAY_FITS;
    }
    if (cell->value.hi >= s->says.lo && cell->value.lo <= s->says.hi) {
        return SAY_EDGE;
    }
    return p < s->says.lo ? SAY_TOO_LITTLE : SAY_TOO_MUCH;
}

static int32_t item_of(const Compare *c, int32_t question)
{
    const Plan *plan = c->grid->plan;
    for (int32_t a = 0; a < plan->n_asked; a++) {
        if (plan->asked[a].question == question) {
            return a;
        }
    }
    return -1;
}

static void add_saying(const Compare *c, SayingList *list, int32_t column, const View *view,
                       const Says *says)
{
    int32_t i = item_of(c, says->question);
    if (i < 0) {
        return;
    }
    const CompareItem *item = &c->out->items[i];
    const CompareCell *cell = &item->cells[column];
    Coherence s = {.item = i,
                   .column = column,
                   .says = {.words = str_copy(c->answer, says->words),
                            .lo = says->lo,
                            .hi = says->hi,
                            .by = says->by,
                            .about = str_copy(c->answer, says->about)},
                   .value = cell->value};
    Str who = says->source >= 0 ? c->model->sources[says->source].id : view->name;
    s.says.who = str_copy(c->answer, who);
    const Question *question = &view->questions[says->question];
    bool elsewhere = says->about.n > 0 || other_date(c, question, says->by);
    s.verdict = judge(&s, item, cell, elsewhere);
    vec_push(c->answer, list, s);
}

// ---- Disagreements that are none ----------------------------------------------------------------

static bool same_number(double a, double b)
{
    return a == b || (m_is_nan(a) && m_is_nan(b));
}

static bool overlap(const Coherence *a, const Coherence *b)
{
    return a->says.lo <= b->says.hi && b->says.lo <= a->says.hi;
}

static bool compare_pair(const Compare *c, const Coherence *a, const Coherence *b,
                         ApparentKind *kind)
{
    const CompareItem *item = &c->out->items[a->item];
    if (!same_number(a->says.by, b->says.by) || !str_eq(a->says.about, b->says.about)) {
        *kind = APPARENT_ELSE;
        return true;
    }
    const Gap *gap = &item->gaps[a->column * c->columns.n + b->column];
    bool asked = item->kind == ITEM_FLAG || item->kind == ITEM_DATE;
    if (!asked || !gap->known || a->verdict == SAY_ELSE) {
        return false;
    }
    *kind = overlap(a, b) ? APPARENT_HIDDEN : APPARENT_WORDS;
    return overlap(a, b) ? gap->matters : !gap->found;
}

static void find_apparent(Compare *c)
{
    VEC(Apparent) list = {0};
    const Coherence *sayings = c->out->sayings;
    for (int32_t i = 0; i < c->out->n_sayings; i++) {
        for (int32_t k = i + 1; k < c->out->n_sayings; k++) {
            ApparentKind kind;
            if (sayings[i].item == sayings[k].item && sayings[i].column != sayings[k].column &&
                compare_pair(c, &sayings[i], &sayings[k], &kind)) {
                vec_push(c->answer, &list, ((Apparent){kind, sayings[i].item, i, k}));
            }
        }
    }
    c->out->apparent = list.p;
    c->out->n_apparent = list.n;
}

void compare_says(Compare *c)
{
    SayingList list = {0};
    for (int32_t i = 0; i < c->columns.n; i++) {
        const Column *column = &c->columns.p[i];
        const View *view =
            column->role == COLUMN_STORY && !column->set ? c->model->views[column->view] : NULL;
        for (int32_t s = 0; view && s < view->n_says; s++) {
            add_saying(c, &list, i, view, &view->says[s]);
        }
    }
    c->out->sayings = list.p;
    c->out->n_sayings = list.n;
    find_apparent(c);
}
