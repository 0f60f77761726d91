// SPDX-License-Identifier: MIT
//
// A pass that will not come to its end: fractions worked out anew in every step (shares of shares)
// take ever more values, and states multiply until they fill the memory, which may take minutes.
// Counts, rungs and dates do not: they come up early and then no more. That states multiplied so
// far does not prove that they go on; so nothing is refused before there are many, and no farther
// is looked than a few steps.
#include "exact/pass_impl.h"
#include "math/bits.h"
#include "math/elementary.h"

enum {
    BYTES_A_STATE = 64, // at the least
    PART_OF_ROOM = 256, // so much of the memory must be full ...
    TIMES_THE_ROOM = 4, // ... and so many times it be filled ...
    STEPS_AHEAD = 6,    // ... within so many steps
    LEAST_FRACTIONS = 32,
    MOST_LOOKED_AT = 1024 // values of a quantity, to see whether they are fractions
};
static const double LEAST_GROWTH = 1.2; // of the values of one quantity, in a step
static const double STEADY = 0.85;      // of the growth of the step before

static bool has_fractions(const Values *v)
{
    for (int32_t i = 1; i < v->n && i <= MOST_LOOKED_AT; i++) {
        double x = double_of(v->value[i]);
        if (m_is_finite(x) && m_abs(x) < 9007199254740992.0 && x != m_floor(x)) {
            return true;
        }
    }
    return false;
}

// Values of a quantity that is no date, and fractions.
static int32_t n_fractions(const Pass *pass, Slot slot)
{
    const Script *s = pass->script;
    const Values *v = book_values(pass->units->book, slot);
    bool date = s->delays && s->delays[slot];
    return !date && v->n > LEAST_FRACTIONS && has_fractions(v) ? v->n - 1 : 0;
}

// Does some quantity take ever more of them? Puts down how many each has.
static bool fractions_grow(Pass *pass)
{
    const Space *space = pass->units->spaces[0];
    Growth *g = &pass->growth;
    if (!g->values) {
        g->values = ARENA_ARRAY(pass->scratch, int32_t, pass->script->n_slots + 1);
    }
    bool grow = false;
    for (int32_t i = 0; i < space->n_fields; i++) {
        Slot slot = space->fields[i].slot;
        int32_t n = n_fractions(pass, slot), before = g->values[slot];
        grow = grow || (before > 0 && n > LEAST_GROWTH * before);
        g->values[slot] = n;
    }
    return grow;
}

bool pass_outgrows(Pass *pass, uint32_t live, int32_t step)
{
    Growth *g = &pass->growth;
    bool next = step == g->step + 1 && step > 0;
    double by = next && g->live > 0 ? (double)live / g->live : 0;
    bool steady = by > 1 && by > STEADY * g->by;
    g->steady = steady ? g->steady + 1 : 0;
    g->by = by;
    g->live = live;
    g->step = step;
    bool grow = fractions_grow(pass);
    double room = (double)pass->options->memory / BYTES_A_STATE, ahead = live;
    for (int32_t i = 0; i < STEPS_AHEAD && step + 1 + i < pass->program->n_steps; i++) {
        ahead *= by;
    }
    bool many = live > room / PART_OF_ROOM && ahead > room * TIMES_THE_ROOM;
    if (grow && many && g->steady >= 2) {
        pass->pass->growth = by;
        return true;
    }
    return false;
}
