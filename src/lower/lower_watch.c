// SPDX-License-Identifier: MIT
//
// Columns beside the states that turn NaN when something went wrong in a future; the run counts and
// tells them. Chances, weights and worths leave no state behind, so they are watched where they are
// used, but only if something in them can go wrong.
#include "lower/lower_impl.h"

#include "math/elementary.h"

Val lower_trouble(Lower *lo, Str name, Span span)
{
    Builder *b = lo->b;
    Segment segment = b->segment;
    int32_t frame = b->frame;
    b->segment = SEG_START;
    b->frame = 0;
    Val column = build_persistent(b, false);
    build_store(b, column, val_const(0));
    b->segment = segment;
    b->frame = frame;
    StateColumn state = {.name = name, .state = -1, .member = -1, .span = span};
    vec_push(lo->arena, &lo->troubles, state);
    vec_push(lo->arena, &lo->trouble_vals, column);
    return column;
}

static bool is_number_above(const Expr *e, double bound)
{
    return e->op == EX_CONST && e->number > bound;
}

// States that break are told as such.
bool lower_can_break(const Expr *e)
{
    switch (e->op) {
    case EX_DIV:
        if (e->args[1]->op != EX_CONST || e->args[1]->number == 0) {
            return true;
        }
        break;
    case EX_LOG:
    case EX_SQRT:
        if (!is_number_above(e->args[0], 0)) {
            return true;
        }
        break;
    case EX_POW:
        if (!is_number_above(e->args[0], 0) && !is_number_above(e->args[1], 0)) {
            return true;
        }
        break;
    default: break;
    }
    for (int32_t i = 0; i < e->n_args; i++) {
        if (lower_can_break(e->args[i])) {
            return true;
        }
    }
    return false;
}

void lower_watch(Lower *lo, const char *what, const Expr *e, Val v, Val mask)
{
    Builder *b = lo->b;
    if (!lower_can_break(e)) {
        return;
    }
    // Minus infinity is sound: a worth of log(0) is an option nobody takes.
    Val sound = build_op2(b, OP_LT, v, val_const(-m_log(0)));
    Val broken = build_and(b, build_and(b, lo->mask, mask), build_not(b, sound));
    if (val_is(broken, 0)) {
        return;
    }
    Str name = str_format(lo->arena, "%s of %.*s", what, STR_ARG(lo->block_name));
    Val column = lower_trouble(lo, name, e->span);
    build_store_masked(b, column, build_snapshot(b, broken), val_const(m_log(-1)));
}
