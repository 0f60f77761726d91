// SPDX-License-Identifier: MIT
//
// The careful answers of the draws, one lane at a time: what ops.def says a draw gives. Kernels
// come here for the lanes where their first look at the first word cannot decide.
#include "engine/cell.h"

#include <string.h>

#include "base/limits.h"
#include "math/dist.h"
#include "math/elementary.h"

static uint32_t first_word(const Cell *cell, int32_t lane)
{
    return cell->site->words[lane];
}

static uint32_t second_word(const Cell *cell, const Frame *frame, int32_t lane)
{
    DrawPlace place = {.future = frame->future[lane],
                       .world = frame->world[lane],
                       .step = frame->step,
                       .site = cell->site->hash};
    return draw_word(frame->seed, DRAW_SECOND, place);
}

static bool is_open(const Choice *choice, int32_t lane)
{
    if (!choice->available) {
        return true;
    }
    uint64_t bits;
    memcpy(&bits, choice->available + lane, sizeof bits);
    return bits != 0;
}

static double value_of(const Choice *choice, int32_t lane)
{
    return choice->value[choice->uniform ? 0 : lane];
}

bool lane_bernoulli(const Cell *cell, const Frame *frame, int32_t lane, double p)
{
    uint32_t w = first_word(cell, lane);
    uint32_t w2 = draw_bernoulli_tied(p, w) ? second_word(cell, frame, lane) : 0;
    return draw_bernoulli(p, w, w2);
}

bool lane_bernlog(const Cell *cell, const Frame *frame, int32_t lane, double z)
{
    return lane_bernoulli(cell, frame, lane, m_logistic(z));
}

bool lane_hazard(const Cell *cell, const Frame *frame, int32_t lane, double a)
{
    return lane_bernoulli(cell, frame, lane, -m_expm1(-a));
}

// The wheel of fortune: the first option at which the cumulated odds pass the mark, and if rounding
// lets none do so, the last that has any odds; -1 when none has.
static double spin(const Cell *cell, const Frame *frame, int32_t lane, const double *odds)
{
    double total = 0.0;
    for (int32_t i = 0; i < cell->n; i++) {
        total = total + odds[i];
    }
    uint32_t w2 = second_word(cell, frame, lane);
    double mark = draw_uniform64(first_word(cell, lane), w2) * total;
    double below = 0.0;
    int32_t last = -1;
    for (int32_t i = 0; i < cell->n; i++) {
        below = below + odds[i];
        last = odds[i] > 0.0 ? i : last;
        if (mark < below) {
            break;
        }
    }
    return (double)last;
}

double lane_softmax(const Cell *cell, const Frame *frame, int32_t lane)
{
    const Choice *choices = cell->more.choices;
    double odds[LIMIT_OPTIONS];
    double best = -__builtin_inf();
    for (int32_t i = 0; i < cell->n; i++) {
        double worth = value_of(&choices[i], lane);
        best = is_open(&choices[i], lane) && worth > best ? worth : best;
    }
    for (int32_t i = 0; i < cell->n; i++) {
        odds[i] = is_open(&choices[i], lane) ? m_exp(value_of(&choices[i], lane) - best) : 0.0;
    }
    return spin(cell, frame, lane, odds);
}

double lane_weighted(const Cell *cell, const Frame *frame, int32_t lane)
{
    const Choice *choices = cell->more.choices;
    double odds[LIMIT_OPTIONS];
    for (int32_t i = 0; i < cell->n; i++) {
        double weight = value_of(&choices[i], lane);
        odds[i] = is_open(&choices[i], lane) && weight > 0.0 ? weight : 0.0;
    }
    return spin(cell, frame, lane, odds);
}

double lane_table(const Cell *cell, const Frame *frame, int32_t lane)
{
    uint32_t w = first_word(cell, lane);
    uint32_t w2 = qtable_needs_second(w) ? second_word(cell, frame, lane) : 0;
    return qtable_draw(cell->more.table, w, w2);
}

double lane_score(const Cell *cell, int32_t lane)
{
    return qtable_score(cell->more.table, cell->a[lane]);
}

double lane_dist(const Cell *cell, const Frame *frame, int32_t lane)
{
    double params[DIST_MAX_PARAMS];
    for (int32_t i = 0; i < cell->n; i++) {
        params[i] = cell->more.params[i][lane];
    }
    return dist_draw((DistKind)cell->dist, params, first_word(cell, lane),
                     second_word(cell, frame, lane));
}
