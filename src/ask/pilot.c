// SPDX-License-Identifier: MIT
//
// The first few futures of a run.
#include "ask/pilot.h"

#include "math/elementary.h"

enum { PILOT_FUTURES = 16 };

// Median (the upper of two) of what is finite among a few values; 0 when nothing is.
typedef struct {
    double sorted[PILOT_FUTURES];
    int32_t n;
} Few;

static void few_add(Few *few, double value)
{
    if (!m_is_finite(value)) {
        return;
    }
    int32_t at = few->n++;
    while (at > 0 && few->sorted[at - 1] > value) {
        few->sorted[at] = few->sorted[at - 1];
        at--;
    }
    few->sorted[at] = value;
}

static double few_median(const Few *few)
{
    return few->n > 0 ? few->sorted[few->n / 2] : 0;
}

Plan pilot_plan(const Plan *plan, uint64_t n_futures)
{
    Plan pilot = *plan;
    uint64_t worlds = plan->worlds < n_futures ? plan->worlds : n_futures;
    uint64_t futures = n_futures / worlds;
    pilot.worlds = worlds;
    pilot.futures = futures < plan->futures ? futures : plan->futures;
    pilot.unit_futures = (uint32_t)(pilot.worlds * pilot.futures);
    return pilot;
}

static void centre_number(const UnitData *data, const Asked *asked, double *centre)
{
    Few few = {.n = 0};
    for (int32_t i = 0; i < data->n; i++) {
        if (data->state[asked->column][i] == IS_IN) {
            few_add(&few, data->values[asked->column][i]);
        }
    }
    *centre = few_median(&few);
}

// Of values that a float can hold: others count as none over time.
static void scale_series(const UnitData *data, const Asked *asked, double *centres, double *reaches)
{
    for (int32_t p = 0; p < data->plan->n_points; p++) {
        const double *values = unit_whole_at(data, asked, p);
        Few few = {.n = 0};
        for (int32_t i = 0; i < data->n; i++) {
            if (m_is_finite((double)(float)values[i])) {
                few_add(&few, values[i]);
            }
        }
        double centre = few_median(&few);
        int64_t at = (int64_t)asked->column * data->plan->n_points + p;
        centres[at] = centre;
        reaches[at] =
            few.n == 0 ? 0 : m_max(centre - few.sorted[0], few.sorted[few.n - 1] - centre);
    }
}

void pilot_scales(Arena *arena, Layout *layout)
{
    const Plan *plan = layout->plan;
    layout->number_centre = ARENA_ARRAY(arena, double, layout->n_numbers + 1);
    layout->point_centre = ARENA_ARRAY(arena, double, plan->n_series * plan->n_points + 1);
    layout->point_reach = ARENA_ARRAY(arena, double, plan->n_series * plan->n_points + 1);
    if (layout->n_number_series == 0 && layout->n_numbers == 0) {
        return;
    }
    Arena *scratch = arena_new(0);
    Plan pilot = pilot_plan(plan, PILOT_FUTURES);
    UnitData *data = unit_data_new(scratch, &pilot, SERIES_WHOLE, layout_scales(layout), false);
    WorkUnit all = {.n_worlds = (int32_t)pilot.worlds, .n_futures = (uint32_t)pilot.futures};
    (void)unit_run(data, all, NULL);
    for (int32_t a = 0; a < plan->n_asked; a++) {
        const Asked *asked = &plan->asked[a];
        if (asked->kind == RESULT_NUMBER && asked->is_series) {
            scale_series(data, asked, layout->point_centre, layout->point_reach);
        } else if (asked->kind == RESULT_NUMBER) {
            centre_number(data, asked, &layout->number_centre[layout->kind_index[a]]);
        }
    }
    unit_data_free(data);
    arena_free(scratch);
}
