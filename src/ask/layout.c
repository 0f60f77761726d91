// SPDX-License-Identifier: MIT
//
// Which tracks a run has, and where its sums stand.
#include "ask/tally.h"

#include "math/bits.h"

// Tables of (k, n) cells are for the band between worlds only; beyond this they are not kept.
static const int64_t MOST_CELL_ENTRIES = 8 << 20;
// The same for the sums by unknown and bin.
static const int64_t MOST_MOVER_SUMS = 4 << 20;
enum { MOST_SQUARE = 64, MOST_DATE_BINS = 4096 };

typedef VEC(Track) TrackList;

static void add_tracks(Arena *arena, TrackList *list, const Plan *plan, int32_t a)
{
    const Asked *asked = &plan->asked[a];
    switch (asked->kind) {
    case RESULT_FLAG: vec_push(arena, list, ((Track){TRACK_HIT, a, 0, -1})); break;
    case RESULT_DATE:
        vec_push(arena, list, ((Track){TRACK_HIT, a, 0, -1}));
        for (int32_t m = 0; m < plan->n_months; m++) {
            vec_push(arena, list, ((Track){TRACK_BY, a, m, -1}));
        }
        break;
    case RESULT_NUMBER: vec_push(arena, list, ((Track){TRACK_VALUE, a, 0, -1})); break;
    case RESULT_LEVEL:
        for (int32_t l = 0; l < asked->n_levels; l++) {
            vec_push(arena, list, ((Track){TRACK_LEVEL, a, l, -1}));
        }
        vec_push(arena, list, ((Track){TRACK_RUNG, a, 0, -1}));
        break;
    }
    if (asked->tie >= 0) {
        vec_push(arena, list, ((Track){TRACK_TIE, a, 0, -1}));
    }
    if (asked->has_defined || asked->kind == RESULT_NUMBER || asked->kind == RESULT_LEVEL) {
        vec_push(arena, list, ((Track){TRACK_DEFINED, a, 0, -1}));
    }
    if (asked->has_censored) {
        vec_push(arena, list, ((Track){TRACK_CUT, a, 0, -1}));
    }
}

static bool has_band(TrackKind kind)
{
    return kind == TRACK_HIT || kind == TRACK_LEVEL;
}

static void give_cells(Layout *layout, TrackList *list)
{
    const Plan *plan = layout->plan;
    layout->cells_square = plan->futures <= MOST_SQUARE;
    int64_t side = (int64_t)(layout->cells_square ? plan->futures + 1 : 0);
    layout->cells_size = layout->cells_square ? side * side : 3 * CELL_BINS;
    if (plan->futures < 2 || !plan->worlds_differ) {
        return;
    }
    for (int32_t t = 0; t < list->n; t++) {
        if (has_band(list->p[t].kind) &&
            (layout->n_cell_tables + 1) * layout->cells_size <= MOST_CELL_ENTRIES) {
            list->p[t].cells = layout->n_cell_tables++;
        }
    }
}

// Tracks that world_fold counts beside summing. With one future a world nothing can be told of the
// spread between worlds.
static void list_counted(Arena *arena, Layout *layout)
{
    int32_t *counted = ARENA_ARRAY(arena, int32_t, layout->n_tracks + 1);
    for (int32_t t = 0; t < layout->n_tracks && layout->plan->futures > 1; t++) {
        const Track *track = &layout->tracks[t];
        if (track->cells >= 0 || track->kind == TRACK_VALUE) {
            counted[layout->n_counted++] = t;
        }
    }
    layout->counted = counted;
}

// Movers of a ladder are those of its mean rung; the values of a set have no order, so no mean.
static bool has_response(const Layout *layout, const Track *track)
{
    const Plan *plan = layout->plan;
    if (track->kind == TRACK_RUNG) {
        int32_t question = plan->asked[track->asked].question;
        return plan->tellings[0].view->questions[question].kind.tag == KIND_RUNG;
    }
    return track->kind == TRACK_HIT || track->kind == TRACK_VALUE;
}

static void find_responses(Arena *arena, Layout *layout, bool want_movers)
{
    const Plan *plan = layout->plan;
    int32_t *response = ARENA_ARRAY(arena, int32_t, plan->n_asked + 1);
    int32_t *list = ARENA_ARRAY(arena, int32_t, plan->n_asked + 1);
    for (int32_t a = 0; a < plan->n_asked; a++) {
        response[a] = -1;
    }
    bool can = want_movers && plan->worlds_differ && plan->futures > 1 && plan->worlds > 1 &&
               (int64_t)plan->n_asked * plan->n_bins <= MOST_MOVER_SUMS;
    for (int32_t t = 0; t < layout->n_tracks && can; t++) {
        if (has_response(layout, &layout->tracks[t])) {
            response[layout->tracks[t].asked] = t;
            list[layout->n_responses++] = t;
        }
    }
    layout->response = response;
    layout->responses = list;
}

static void place_flat(Arena *arena, Layout *layout)
{
    const Plan *plan = layout->plan;
    int64_t *offset = ARENA_ARRAY(arena, int64_t, plan->n_asked + 1);
    int32_t *width = ARENA_ARRAY(arena, int32_t, plan->n_asked + 1);
    layout->movers_at = (int64_t)SUM_COUNT * layout->n_tracks;
    layout->tellings_at = layout->movers_at + 2 * (int64_t)layout->n_responses * plan->n_bins;
    int32_t several = plan->n_tellings > 1 ? plan->n_tellings : 0;
    layout->series_at = layout->tellings_at + TELLING_SUMS * (int64_t)layout->n_responses * several;
    int64_t size = 0;
    for (int32_t a = 0; a < plan->n_asked; a++) {
        const Asked *asked = &plan->asked[a];
        if (asked->is_series) {
            offset[a] = size;
            width[a] = 1 + (asked->kind == RESULT_LEVEL ? asked->n_levels : 1);
            size += (int64_t)width[a] * plan->n_points;
        }
    }
    layout->series_offset = offset;
    layout->series_width = width;
    layout->n_flat = layout->series_at + size;
}

static void number_kinds(Arena *arena, Layout *layout)
{
    const Plan *plan = layout->plan;
    int32_t *index = ARENA_ARRAY(arena, int32_t, plan->n_asked + 1);
    for (int32_t a = 0; a < plan->n_asked; a++) {
        const Asked *asked = &plan->asked[a];
        if (asked->is_series) {
            index[a] = asked->kind == RESULT_NUMBER ? layout->n_number_series++ : -1;
        } else if (asked->kind == RESULT_NUMBER) {
            index[a] = layout->n_numbers++;
        } else if (asked->kind == RESULT_DATE) {
            index[a] = layout->n_dates++;
        }
    }
    layout->kind_index = index;
    int32_t steps = plan->model->n_steps;
    layout->date_group = (steps + MOST_DATE_BINS - 1) / MOST_DATE_BINS;
    layout->n_date_bins = (steps + layout->date_group - 1) / layout->date_group + 2;
}

Layout *layout_make(Arena *arena, const Plan *plan, bool want_movers)
{
    Layout *layout = ARENA_NEW(arena, Layout);
    layout->plan = plan;
    TrackList list = {0};
    int32_t *first = ARENA_ARRAY(arena, int32_t, plan->n_asked + 1);
    for (int32_t a = 0; a < plan->n_asked; a++) {
        first[a] = plan->asked[a].is_series ? -1 : list.n;
        if (!plan->asked[a].is_series) {
            add_tracks(arena, &list, plan, a);
        }
    }
    give_cells(layout, &list);
    layout->first = first;
    layout->tracks = list.p;
    layout->n_tracks = list.n;
    list_counted(arena, layout);
    find_responses(arena, layout, want_movers);
    number_kinds(arena, layout);
    place_flat(arena, layout);
    return layout;
}

PointScales layout_scales(const Layout *layout)
{
    return (PointScales){layout->point_centre, layout->point_reach};
}

int32_t layout_track(const Layout *layout, int32_t asked, TrackKind kind, int32_t arg)
{
    int32_t first = layout->first[asked];
    for (int32_t t = first; t >= 0 && t < layout->n_tracks; t++) {
        const Track *track = &layout->tracks[t];
        if (track->asked != asked) {
            break;
        }
        if (track->kind == kind && track->arg == arg) {
            return t;
        }
    }
    return -1;
}

double layout_date_quantile(const Layout *layout, const uint64_t *bins, double q)
{
    const Model *model = layout->plan->model;
    double n = 0, seen = 0;
    for (int32_t b = 0; b < layout->n_date_bins; b++) {
        n += (double)bins[b];
    }
    for (int32_t b = 0; b < layout->n_date_bins && n > 0; b++) {
        seen += (double)bins[b];
        if (seen >= q * n && bins[b] > 0) {
            int32_t step = (b - 1) * layout->date_group;
            return b == 0 ? model->start
                          : model->step_start[step < model->n_steps ? step : model->n_steps];
        }
    }
    return MATH_NAN;
}
