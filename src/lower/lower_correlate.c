// SPDX-License-Identifier: MIT
//
// Correlated params: each has a normal score of its own, drawn at its own place, and is drawn from
// a sum of those of the params before it and its own (math/correlation.h). The first of a group is
// drawn as if it stood alone, and so is all that is correlated with nothing.
#include "lower/lower_impl.h"

static int32_t place_of(const Lower *lo, int32_t quantity, int32_t element)
{
    for (int32_t i = 0; i < lo->view->n_correlated; i++) {
        const Correlated *x = &lo->view->correlated[i];
        if (x->quantity == quantity && x->element == element) {
            return i;
        }
    }
    return -1;
}

static Val own_score(Lower *lo, const Correlated *x)
{
    const Quantity *q = &lo->view->quantities[x->quantity];
    int32_t site = build_site(lo->b, lower_element_name(lo, q, x->element));
    return build_table_draw(lo->b, true, site, build_normal_table(lo->b));
}

bool lower_score(Lower *lo, int32_t quantity, int32_t element, Val *score)
{
    Builder *b = lo->b;
    int32_t at = place_of(lo, quantity, element);
    bool alone = true;
    for (int32_t i = 0; i < at; i++) {
        alone = alone && lo->view->correlated[at].row[i] == 0;
    }
    if (at < 0 || alone) {
        return false;
    }
    *score = val_const(0);
    for (int32_t i = 0; i <= at; i++) {
        double factor = lo->view->correlated[at].row[i];
        if (factor != 0) {
            Val own = own_score(lo, &lo->view->correlated[i]);
            *score = build_op2(b, OP_ADD, *score, build_op2(b, OP_MUL, val_const(factor), own));
        }
    }
    return true;
}

Val lower_rank_of_score(Lower *lo, Val score)
{
    if (lo->uniform_table < 0) {
        lo->uniform_table = build_table(lo->b, qtable_uniform(lo->arena));
    }
    return build_score(lo->b, score, lo->uniform_table);
}
