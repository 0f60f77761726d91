// SPDX-License-Identifier: MIT
//
// Questions to a finished Model: see model.h.
#include "lang/model.h"

double model_shortest_step(const Model *model)
{
    const double SHORTEST_MONTH = 28;
    return model->step_months > 0 ? SHORTEST_MONTH * model->step_months : model->step_days;
}

double model_longest_step(const Model *model)
{
    const double LONGEST_MONTH = 31;
    return model->step_months > 0 ? LONGEST_MONTH * model->step_months : model->step_days;
}

int32_t model_step_of(const Model *model, double date)
{
    if (!(date >= model->start)) {
        return -1;
    }
    int32_t n = model->n_steps;
    if (date == model->end) {
        // The run's end belongs to its last step, even where that step ends with it.
        return n - 1;
    }
    if (date >= model->step_start[n]) {
        return n;
    }
    // The last step that starts at or before the date.
    int32_t lo = 0, hi = n;
    while (hi - lo > 1) {
        int32_t mid = lo + (hi - lo) / 2;
        if (model->step_start[mid] <= date) {
            lo = mid;
        } else {
            hi = mid;
        }
    }
    return lo;
}

int32_t model_last_step_of(const Model *model, double date)
{
    const double NEARLY_A_DAY = 1 - 1e-6; // hours are no exact shares of a day
    int32_t step = model_step_of(model, date);
    if (step < 0 || step >= model->n_steps - 1) {
        return step;
    }
    int32_t last = model_step_of(model, date + NEARLY_A_DAY);
    return last < model->n_steps ? last : model->n_steps - 1;
}

const View *model_view(const Model *model, Str name)
{
    for (int32_t i = 0; i < model->n_views; i++) {
        if (str_eq(model->views[i]->name, name)) {
            return model->views[i];
        }
    }
    return NULL;
}
