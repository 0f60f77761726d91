// SPDX-License-Identifier: MIT
//
// The first few futures of a run.
#include "ask/pilot.h"

#include "math/elementary.h"

enum { PILOT_FUTURES = 16 };

// Median (the upper of two) of what is finite among a few values; 0 when nothing is.
static double median(const double *values, const uint8_t *state, int32_t n)
{
    double sorted[PILOT_FUTURES];
    int32_t count = 0;
    for (int32_t i = 0; i < n; i++) {
        if ((state && state[i] != IS_IN) || !m_is_finite(values[i])) {
            continue;
        }
        int32_t at = count++;
        while (at > 0 && sorted[at - 1] > values[i]) {
            sorted[at] = sorted[at - 1];
            at--;
        }
        sorted[at] = values[i];
    }
    return count > 0 ? sorted[count / 2] : 0;
}

// The plan of a run of the first few futures alone, whatever the units of the whole are.
static Plan pilot_plan(const Plan *plan)
{
    Plan pilot = *plan;
    uint64_t worlds = plan->worlds < PILOT_FUTURES ? plan->worlds : PILOT_FUTURES;
    uint64_t futures = PILOT_FUTURES / worlds;
    pilot.worlds = worlds;
    pilot.futures = futures < plan->futures ? futures : plan->futures;
    pilot.unit_futures = (uint32_t)(pilot.worlds * pilot.futures);
    return pilot;
}

void pilot_centres(Arena *arena, Layout *layout)
{
    const Plan *plan = layout->plan;
    layout->number_centre = ARENA_ARRAY(arena, double, layout->n_numbers + 1);
    layout->point_centre = ARENA_ARRAY(arena, double, layout->n_number_series * plan->n_points + 1);
    if (layout->n_numbers + layout->n_number_series == 0) {
        return;
    }
    Arena *scratch = arena_new(0);
    Plan pilot = pilot_plan(plan);
    UnitData *data = unit_data_new(scratch, &pilot, false);
    WorkUnit all = {.n_worlds = (int32_t)pilot.worlds, .n_futures = (uint32_t)pilot.futures};
    (void)unit_run(data, all, NULL);
    for (int32_t a = 0; a < plan->n_asked; a++) {
        const Asked *asked = &plan->asked[a];
        int32_t index = layout->kind_index[a];
        if (asked->kind != RESULT_NUMBER) {
            continue;
        }
        if (!asked->is_series) {
            layout->number_centre[index] =
                median(data->values[asked->column], data->state[asked->column], data->n);
            continue;
        }
        for (int32_t p = 0; p < plan->n_points; p++) {
            layout->point_centre[index * plan->n_points + p] =
                median(unit_series_at(data, asked, p), NULL, data->n);
        }
    }
    unit_data_free(data);
    arena_free(scratch);
}
