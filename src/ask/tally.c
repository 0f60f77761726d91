// SPDX-License-Identifier: MIT
//
// Counting the futures of a unit, and folding worlds into sums.
#include "ask/tally.h"

#include <string.h>

#include "ask/columns.h"
#include "math/bits.h"
#include "math/elementary.h"

// ---- Rows of worlds -----------------------------------------------------------------------------

WorldRow world_row_new(Arena *arena, const Layout *layout)
{
    return (WorldRow){.n = ARENA_COLUMN(arena, double, layout->n_tracks + 1),
                      .x = ARENA_COLUMN(arena, double, layout->n_tracks + 1),
                      .v2 = ARENA_COLUMN(arena, double, layout->n_tracks + 1),
                      .pairs = ARENA_COLUMN(arena, double, 2 * layout->n_responses + 1),
                      .bins = ARENA_ARRAY(arena, uint8_t, layout->plan->n_unknowns + 1)};
}

void world_row_clear(const Layout *layout, WorldRow *row)
{
    size_t size = (size_t)layout->n_tracks * sizeof(double);
    memset(row->n, 0, size);
    memset(row->x, 0, size);
    memset(row->v2, 0, size);
    memset(row->bins, NO_BIN, (size_t)layout->plan->n_unknowns);
}

void world_row_add(const Layout *layout, WorldRow *into, const WorldRow *from)
{
    for (int32_t t = 0; t < layout->n_tracks; t++) {
        into->n[t] += from->n[t];
        into->x[t] += from->x[t];
        into->v2[t] += from->v2[t];
    }
    memcpy(into->bins, from->bins, (size_t)layout->plan->n_unknowns);
}

static void add_to_track(WorldRow *row, int32_t track, double n, double x, double v2)
{
    row->n[track] += n;
    row->x[track] += x;
    row->v2[track] += v2;
}

// n, sum and sum of squares of the values that count.
typedef struct {
    double n, x, v2;
} Moments;

static Moments sum_values(const double *values, const uint8_t *state, int32_t n)
{
    Moments m = {0};
    for (int32_t i = 0; i < n; i++) {
        double v = state[i] == IS_IN ? values[i] : 0;
        m.n += state[i] == IS_IN ? 1 : 0;
        m.x += v;
        m.v2 += v * v;
    }
    return m;
}

static void gather_levels(WorldRow *row, int32_t first, const double *values, const uint8_t *state,
                          int32_t n, int32_t n_levels)
{
    Moments m = sum_values(values, state, n);
    for (int32_t i = 0; i < n; i++) {
        if (state[i] == IS_IN) {
            int32_t level = (int32_t)values[i];
            row->x[first + level] += 1;
            row->v2[first + level] += 1;
        }
    }
    for (int32_t l = 0; l < n_levels; l++) {
        row->n[first + l] += m.n;
    }
    add_to_track(row, first + n_levels, m.n, m.x, m.v2);
}

// A date falls into the first month that ends on its day or later, or into its own step.
static int32_t month_of(const Plan *plan, double date)
{
    int32_t lo = 0, hi = plan->n_months;
    double day = plan->months_are_steps ? date : m_floor(date);
    while (lo < hi) {
        int32_t mid = (lo + hi) / 2;
        if (plan->month_end[mid] >= day) {
            hi = mid;
        } else {
            lo = mid + 1;
        }
    }
    return lo;
}

static void gather_dates(const Plan *plan, WorldRow *row, int32_t first, const double *values,
                         const uint8_t *state, int32_t n)
{
    double defined = 0, happens = 0;
    double *by = row->x + first + 1; // each counted in its month now, summed up below
    for (int32_t i = 0; i < n; i++) {
        bool in = state[i] == IS_IN;
        defined += in ? 1 : 0;
        if (in && values[i] - values[i] == 0) {
            happens += 1;
            int32_t month = month_of(plan, values[i]);
            if (month < plan->n_months) {
                row->v2[first + 1 + month] += 1;
            }
        }
    }
    add_to_track(row, first, defined, happens, happens);
    double so_far = 0;
    for (int32_t m = 0; m < plan->n_months; m++) {
        so_far += row->v2[first + 1 + m];
        by[m] = so_far; // v2 holds the counts of single months, which add over units
        row->n[first + 1 + m] += defined;
    }
}

static double count_state(const uint8_t *state, int32_t n, uint8_t is)
{
    int32_t count = 0;
    for (int32_t i = 0; i < n; i++) {
        count += state[i] == is;
    }
    return (double)count;
}

void world_row_gather(const Layout *layout, const UnitData *data, int32_t w, WorldRow *row)
{
    const Plan *plan = layout->plan;
    int32_t n = (int32_t)data->unit.n_futures;
    int64_t at = (int64_t)w * n;
    for (int32_t a = 0; a < plan->n_asked; a++) {
        const Asked *asked = &plan->asked[a];
        if (asked->is_series) {
            continue;
        }
        const double *values = data->values[asked->column] + at;
        const uint8_t *state = data->state[asked->column] + at;
        int32_t first = layout->first[a];
        int32_t last = first + 1;
        if (asked->kind == RESULT_LEVEL) {
            gather_levels(row, first, values, state, n, asked->n_levels);
            last += asked->n_levels;
        } else if (asked->kind == RESULT_DATE) {
            gather_dates(plan, row, first, values, state, n);
            last += plan->n_months;
        } else {
            Moments m = sum_values(values, state, n);
            add_to_track(row, first, m.n, m.x, m.v2);
        }
        if (asked->tie >= 0) {
            Moments m = sum_values(data->values[asked->tie] + at, data->state[asked->tie] + at, n);
            add_to_track(row, last++, m.n, m.x, m.v2);
        }
        for (int32_t t = last; t < layout->n_tracks && layout->tracks[t].asked == a; t++) {
            uint8_t is = layout->tracks[t].kind == TRACK_DEFINED ? IS_IN : IS_CUT;
            double x = count_state(state, n, is);
            add_to_track(row, t, (double)n, x, x);
        }
    }
    for (int32_t u = 0; u < plan->n_unknowns && data->want_bins; u++) {
        row->bins[u] = data->bins[u][w];
    }
}

// ---- Folding worlds -----------------------------------------------------------------------------

static void fold_cell(const Layout *layout, uint64_t *cells, double n, double x)
{
    if (!(n > 0)) {
        return;
    }
    if (layout->cells_square) {
        int64_t side = (int64_t)layout->plan->futures + 1;
        cells[(int64_t)n * side + (int64_t)x]++;
        return;
    }
    int32_t bin = (int32_t)(x / n * CELL_BINS);
    bin = bin < CELL_BINS ? bin : CELL_BINS - 1;
    cells[3 * bin] += 1;
    cells[3 * bin + 1] += (uint64_t)n;
    cells[3 * bin + 2] += (uint64_t)x;
}

static void fold_sums(const Layout *layout, const WorldRow *row, double *flat)
{
    int32_t T = layout->n_tracks;
    double *w = flat + (int64_t)SUM_W * T, *sn = flat + (int64_t)SUM_N * T;
    double *sx = flat + (int64_t)SUM_X * T, *nn = flat + (int64_t)SUM_NN * T;
    double *nx = flat + (int64_t)SUM_NX * T, *xx = flat + (int64_t)SUM_XX * T;
    double *xxn = flat + (int64_t)SUM_XXN * T, *v2 = flat + (int64_t)SUM_V2 * T;
    for (int32_t t = 0; t < T; t++) {
        double n = row->n[t], x = row->x[t];
        w[t] += n > 0 ? 1 : 0;
        sn[t] += n;
        sx[t] += x;
        nn[t] += n * n;
        nx[t] += n * x;
        xx[t] += x * x;
        xxn[t] += x * x / (n > 0 ? n : 1);
        v2[t] += row->v2[t];
    }
}

static void fold_telling(const Layout *layout, const WorldRow *row, int32_t telling, double *flat)
{
    double *sums =
        flat + layout->tellings_at + (int64_t)telling * layout->n_responses * TELLING_SUMS;
    for (int32_t r = 0; r < layout->n_responses; r++, sums += TELLING_SUMS) {
        double n = row->pairs[2 * r], x = row->pairs[2 * r + 1];
        sums[TELLING_W] += n > 0 ? 1 : 0;
        sums[TELLING_NN] += n * n;
        sums[TELLING_NX] += n * x;
        sums[TELLING_XX] += x * x;
    }
}

// For each unknown, what stands in this world's bin: n and x of all responses, side by side.
static void fold_movers(const Layout *layout, const WorldRow *row, double *flat)
{
    const Plan *plan = layout->plan;
    int32_t width = 2 * layout->n_responses;
    if (width == 0) {
        return;
    }
    for (int32_t r = 0; r < layout->n_responses; r++) {
        row->pairs[2 * r] = row->n[layout->responses[r]];
        row->pairs[2 * r + 1] = row->x[layout->responses[r]];
    }
    int32_t t = plan->story >= 0 ? row->bins[plan->story] : 0;
    ASSERT(t < plan->n_tellings);
    if (plan->story >= 0) {
        fold_telling(layout, row, t, flat);
    }
    for (int32_t u = 0; u < plan->n_unknowns; u++) {
        if (row->bins[u] == NO_BIN) {
            continue;
        }
        int64_t bin = plan->tellings[t].first_bin[u] + row->bins[u];
        double *sums = flat + layout->movers_at + bin * width;
        for (int32_t i = 0; i < width; i++) {
            sums[i] += row->pairs[i];
        }
    }
}

void world_fold(const Layout *layout, const WorldRow *row, double *flat, Counts *counts)
{
    fold_sums(layout, row, flat);
    fold_movers(layout, row, flat);
    for (int32_t i = 0; i < layout->n_counted; i++) {
        int32_t t = layout->counted[i];
        const Track *track = &layout->tracks[t];
        if (track->cells >= 0) {
            fold_cell(layout, counts->cells[track->cells], row->n[t], row->x[t]);
        }
        if (track->kind == TRACK_VALUE && row->n[t] > 0) {
            int32_t index = layout->kind_index[track->asked];
            double mean = row->x[t] / row->n[t] - layout->number_centre[index];
            float_hist_add(counts->means[index], &mean, 1);
        }
    }
}

// ---- Worlds of one future -----------------------------------------------------------------------

// Where a track of worlds of one future adds up: the square of what a world shows is x^2, since a
// single value is its own sum.
typedef struct {
    double *n, *x, *v2;
} TrackFlat;

static TrackFlat track_flat(const Layout *layout, double *flat, int32_t track)
{
    int64_t tracks = layout->n_tracks;
    return (TrackFlat){.n = flat + SUM_N * tracks + track,
                       .x = flat + SUM_X * tracks + track,
                       .v2 = flat + SUM_V2 * tracks + track};
}

// Of a track that counts: whole numbers, in any order.
static void add_counted(const Layout *layout, double *flat, int32_t track, int64_t n, int64_t x)
{
    TrackFlat sums = track_flat(layout, flat, track);
    *sums.n += (double)n;
    *sums.x += (double)x;
    *sums.v2 += (double)x;
}

static int64_t count_in_state(const uint8_t *state, int32_t n, uint8_t is)
{
    enum { PIECE = 128 }; // counted in bytes
    int64_t count = 0;
    for (int32_t from = 0; from < n; from += PIECE) {
        int32_t to = from + PIECE < n ? from + PIECE : n;
        uint8_t few = 0;
        for (int32_t i = from; i < to; i++) {
            few = (uint8_t)(few + (state[i] == is));
        }
        count += few;
    }
    return count;
}

static void single_flags(const Layout *layout, double *flat, int32_t track, const double *values,
                         const uint8_t *state, int32_t n)
{
    int64_t yes = 0;
    for (int32_t i = 0; i < n; i++) {
        yes += state[i] == IS_IN && values[i] != 0;
    }
    add_counted(layout, flat, track, count_in_state(state, n, IS_IN), yes);
}

// In the order of worlds: sums of numbers are rounded.
static void single_values(const Layout *layout, double *flat, int32_t track, const double *values,
                          const uint8_t *state, int32_t n)
{
    TrackFlat sums = track_flat(layout, flat, track);
    double x = *sums.x, v2 = *sums.v2;
    for (int32_t i = 0; i < n; i++) {
        double v = state[i] == IS_IN ? values[i] : 0;
        x += v;
        v2 += v * v;
    }
    *sums.n += (double)count_in_state(state, n, IS_IN);
    *sums.x = x;
    *sums.v2 = v2;
}

static void single_levels(const Layout *layout, double *flat, int32_t first, const double *values,
                          const uint8_t *state, int32_t n, int32_t n_levels)
{
    for (int32_t i = 0; i < n; i++) {
        if (state[i] == IS_IN) {
            add_counted(layout, flat, first + (int32_t)values[i], 0, 1);
        }
    }
    int64_t in = count_in_state(state, n, IS_IN);
    for (int32_t l = 0; l < n_levels; l++) {
        add_counted(layout, flat, first + l, in, 0);
    }
    single_values(layout, flat, first + n_levels, values, state, n);
}

static void single_dates(const Layout *layout, double *flat, int32_t first, const double *values,
                         const uint8_t *state, int32_t n)
{
    const Plan *plan = layout->plan;
    int64_t happens = 0, in = count_in_state(state, n, IS_IN);
    int64_t by[PLAN_MOST_MONTHS + 1] = {0}; // each counted in its month first
    ASSERT(plan->n_months <= PLAN_MOST_MONTHS);
    for (int32_t i = 0; i < n; i++) {
        if (state[i] == IS_IN && values[i] - values[i] == 0) {
            happens++;
            by[month_of(plan, values[i])]++;
        }
    }
    add_counted(layout, flat, first, in, happens);
    int64_t so_far = 0;
    for (int32_t m = 0; m < plan->n_months; m++) {
        so_far += by[m];
        add_counted(layout, flat, first + 1 + m, in, so_far);
    }
}

void unit_fold_singles(const Layout *layout, const UnitData *data, double *flat)
{
    const Plan *plan = layout->plan;
    int32_t n = data->n;
    for (int32_t a = 0; a < plan->n_asked; a++) {
        const Asked *asked = &plan->asked[a];
        if (asked->is_series) {
            continue;
        }
        const double *values = data->values[asked->column];
        const uint8_t *state = data->state[asked->column];
        int32_t first = layout->first[a], last = first + 1;
        switch (asked->kind) {
        case RESULT_FLAG: single_flags(layout, flat, first, values, state, n); break;
        case RESULT_NUMBER: single_values(layout, flat, first, values, state, n); break;
        case RESULT_DATE:
            single_dates(layout, flat, first, values, state, n);
            last += plan->n_months;
            break;
        case RESULT_LEVEL:
            single_levels(layout, flat, first, values, state, n, asked->n_levels);
            last += asked->n_levels;
            break;
        }
        if (asked->tie >= 0) {
            single_flags(layout, flat, last++, data->values[asked->tie], data->state[asked->tie],
                         n);
        }
        for (int32_t t = last; t < layout->n_tracks && layout->tracks[t].asked == a; t++) {
            uint8_t is = layout->tracks[t].kind == TRACK_DEFINED ? IS_IN : IS_CUT;
            add_counted(layout, flat, t, n, count_in_state(state, n, is));
        }
    }
}

// ---- All futures of a unit ----------------------------------------------------------------------

int32_t layout_date_bin(const Layout *layout, double date)
{
    const Model *model = layout->plan->model;
    int32_t step = model_step_of(model, date);
    if (step < 0) {
        return 0;
    }
    return step >= model->n_steps ? layout->n_date_bins - 1 : 1 + step / layout->date_group;
}

static void count_results(const Layout *layout, const UnitData *data, Counts *counts)
{
    const Plan *plan = layout->plan;
    for (int32_t a = 0; a < plan->n_asked; a++) {
        const Asked *asked = &plan->asked[a];
        if (asked->is_series || (asked->kind != RESULT_NUMBER && asked->kind != RESULT_DATE)) {
            continue;
        }
        const double *values = data->values[asked->column];
        const uint8_t *state = data->state[asked->column];
        int32_t index = layout->kind_index[a], section = data->unit.section;
        if (asked->kind == RESULT_NUMBER) {
            double centre = layout->number_centre[index];
            for (int32_t i = 0; i < data->n; i++) {
                data->column[i] = state[i] == IS_IN ? values[i] - centre : MATH_NAN;
            }
            float_hist_add(counts->numbers[index * PLAN_SECTIONS + section], data->column,
                           (size_t)data->n);
            continue;
        }
        uint64_t *bins = counts->dates[index] + (int64_t)section * layout->n_date_bins;
        for (int32_t i = 0; i < data->n; i++) {
            if (state[i] == IS_IN && values[i] - values[i] == 0) {
                bins[layout_date_bin(layout, values[i])]++;
            }
        }
    }
}

// One point of a series that is in rows.
static void count_row(Isa isa, const Asked *asked, const float *v, int32_t n, double *sums,
                      Hist *hist)
{
    for (int32_t i = 0; i < n && asked->kind == RESULT_LEVEL; i++) {
        if (v[i] >= 0 && v[i] < (float)asked->n_levels) {
            sums[0] += 1;
            sums[1 + (int32_t)v[i]] += 1;
        }
    }
    if (asked->kind == RESULT_LEVEL) {
        return;
    }
    ColumnSum sum = columns_sum(isa, v, n);
    sums[0] += sum.n;
    sums[1] += sum.x;
    if (hist) {
        hist_add(hist, isa, v, n);
    }
}

void unit_count(const Layout *layout, const UnitData *data, double *flat, Counts *counts)
{
    const Plan *plan = layout->plan;
    count_results(layout, data, counts);
    for (int32_t a = 0; a < plan->n_asked; a++) {
        const Asked *asked = &plan->asked[a];
        if (!asked->is_series) {
            continue;
        }
        for (int32_t p = 0; p < plan->n_points; p++) {
            Hist *hist = asked->kind == RESULT_NUMBER
                             ? counts->points[layout->kind_index[a] * plan->n_points + p]
                             : NULL;
            double *sums = flat + layout->series_at + layout->series_offset[a] +
                           (int64_t)p * layout->series_width[a];
            if (points_serve(asked)) {
                points_take(data->points, asked, p, sums, hist);
            } else {
                count_row(plan->engine.isa, asked, unit_series_at(data, asked, p), data->n, sums,
                          hist);
            }
        }
    }
}

// ---- Counts -------------------------------------------------------------------------------------

Counts *counts_new(Arena *arena, const Layout *layout)
{
    const Plan *plan = layout->plan;
    Counts *c = ARENA_NEW(arena, Counts);
    c->layout = layout;
    c->cells = ARENA_ARRAY(arena, uint64_t *, layout->n_cell_tables + 1);
    for (int32_t i = 0; i < layout->n_cell_tables; i++) {
        c->cells[i] = ARENA_ARRAY(arena, uint64_t, layout->cells_size);
    }
    c->numbers = ARENA_ARRAY(arena, FloatHist *, layout->n_numbers * PLAN_SECTIONS + 1);
    for (int32_t i = 0; i < layout->n_numbers * PLAN_SECTIONS; i++) {
        c->numbers[i] = float_hist_new(arena);
    }
    c->means = ARENA_ARRAY(arena, FloatHist *, layout->n_numbers + 1);
    for (int32_t i = 0; i < layout->n_numbers; i++) {
        c->means[i] = float_hist_new(arena);
    }
    c->dates = ARENA_ARRAY(arena, uint64_t *, layout->n_dates + 1);
    for (int32_t i = 0; i < layout->n_dates; i++) {
        c->dates[i] = ARENA_ARRAY(arena, uint64_t, layout->n_date_bins * PLAN_SECTIONS);
    }
    int32_t n_points = layout->n_number_series * plan->n_points;
    c->points = ARENA_ARRAY(arena, Hist *, n_points + 1);
    for (int32_t i = 0; i < n_points; i++) {
        c->points[i] = hist_new(arena);
    }
    return c;
}

void counts_clear(Counts *c)
{
    const Layout *layout = c->layout;
    for (int32_t i = 0; i < layout->n_cell_tables; i++) {
        memset(c->cells[i], 0, (size_t)layout->cells_size * sizeof(uint64_t));
    }
    for (int32_t i = 0; i < layout->n_numbers * PLAN_SECTIONS; i++) {
        float_hist_clear(c->numbers[i]);
    }
    for (int32_t i = 0; i < layout->n_numbers; i++) {
        float_hist_clear(c->means[i]);
    }
    for (int32_t i = 0; i < layout->n_dates; i++) {
        memset(c->dates[i], 0, (size_t)layout->n_date_bins * PLAN_SECTIONS * sizeof(uint64_t));
    }
    for (int32_t i = 0; i < layout->n_number_series * layout->plan->n_points; i++) {
        hist_clear(c->points[i]);
    }
}

static void add_counts(uint64_t *into, const uint64_t *from, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        into[i] += from[i];
    }
}

void counts_merge(Counts *into, const Counts *from)
{
    const Layout *layout = into->layout;
    for (int32_t i = 0; i < layout->n_cell_tables; i++) {
        add_counts(into->cells[i], from->cells[i], layout->cells_size);
    }
    for (int32_t i = 0; i < layout->n_numbers * PLAN_SECTIONS; i++) {
        float_hist_merge(into->numbers[i], from->numbers[i]);
    }
    for (int32_t i = 0; i < layout->n_numbers; i++) {
        float_hist_merge(into->means[i], from->means[i]);
    }
    for (int32_t i = 0; i < layout->n_dates; i++) {
        add_counts(into->dates[i], from->dates[i], (int64_t)layout->n_date_bins * PLAN_SECTIONS);
    }
    for (int32_t i = 0; i < layout->n_number_series * layout->plan->n_points; i++) {
        hist_merge(into->points[i], from->points[i]);
    }
}

size_t counts_bytes(const Layout *layout)
{
    size_t number = 20 * 1640, point = hist_bytes(); // the former open some twenty octaves
    size_t hists = (size_t)layout->n_numbers * (PLAN_SECTIONS + 1) * number +
                   (size_t)layout->n_number_series * (size_t)layout->plan->n_points * point;
    size_t cells = (size_t)layout->n_cell_tables * (size_t)layout->cells_size;
    size_t dates = (size_t)layout->n_dates * (size_t)layout->n_date_bins * PLAN_SECTIONS;
    return hists + (cells + dates) * sizeof(uint64_t);
}
