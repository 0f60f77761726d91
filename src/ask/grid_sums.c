// SPDX-License-Identifier: MIT
//
// From the sums of a grid to answers and paired differences.
#include "ask/grid_impl.h"
#include "math/bits.h"
#include "math/elementary.h"

TrackSums grid_section_sums(const Grid *grid, int32_t column, int32_t track, int32_t section)
{
    const double *one =
        grid->sections[section] + ((int64_t)column * grid->n_tracks + track) * SUM_COUNT;
    return (TrackSums){.w = one[SUM_W],
                       .n = one[SUM_N],
                       .x = one[SUM_X],
                       .nn = one[SUM_NN],
                       .nx = one[SUM_NX],
                       .xx = one[SUM_XX],
                       .xxn = one[SUM_XXN],
                       .v2 = one[SUM_V2]};
}

TrackSums grid_sums(const Grid *grid, int32_t column, int32_t track)
{
    TrackSums sum = {0};
    for (int32_t s = 0; s < grid->plan->n_sections; s++) {
        TrackSums one = grid_section_sums(grid, column, track, s);
        track_sums_add(&sum, &one);
    }
    return sum;
}

bool grid_is_mean(const Grid *grid, int32_t track)
{
    return grid->layout->tracks[grid->tracks[track]].kind == TRACK_VALUE;
}

Estimate grid_value(const Grid *grid, int32_t column, int32_t track)
{
    TrackSums sums = grid_sums(grid, column, track);
    return grid_is_mean(grid, track) ? estimate_mean(&sums, grid->clustered[column])
                                     : estimate_share(&sums, grid->clustered[column]);
}

GridProducts grid_products(const Grid *grid, int32_t a, int32_t b, int32_t track)
{
    int32_t pair = grid->pair[a * grid->n_columns + b];
    ASSERT(pair >= 0);
    int64_t at = (int64_t)grid->n_columns * grid->n_tracks * SUM_COUNT +
                 ((int64_t)pair * grid->n_tracks + track) * PAIR_SUMS;
    GridProducts sum = {0};
    for (int32_t s = 0; s < grid->plan->n_sections; s++) {
        const double *sums = grid->sections[s] + at;
        sum.yy += sums[PAIR_YY];
        sum.ny += sums[PAIR_NY];
        sum.yn += sums[PAIR_YN];
        sum.nn += sums[PAIR_NN];
    }
    return sum;
}

// The same products in the same order whether a column meets itself or its double.
double grid_covariance(const Grid *grid, int32_t a, int32_t b, int32_t track)
{
    int32_t low = a < b ? a : b, high = a < b ? b : a;
    TrackSums first = grid_sums(grid, low, track), second = grid_sums(grid, high, track);
    double worlds = m_min(first.w, second.w);
    if (!(worlds > 1)) {
        return 0;
    }
    GridProducts p = grid_products(grid, low, high, track);
    double centre = grid->centres[track];
    double ra = (first.x - centre * first.n) / first.n;
    double rb = (second.x - centre * second.n) / second.n;
    double residual = p.yy - ra * p.ny - rb * p.yn + ra * rb * p.nn;
    return worlds / (worlds - 1) * residual / (first.n * second.n);
}

// A column without a single hit (or miss) shows no variance; one more would have shown this much.
double grid_unseen(const Grid *grid, const TrackSums *sums, int32_t track)
{
    bool sure = sums->x <= 0 || sums->x >= sums->n;
    if (grid_is_mean(grid, track) || !sure) {
        return 0;
    }
    double p = 1 / (sums->w + 2);
    return p * (1 - p) / sums->w;
}

double grid_student(const Grid *grid, int32_t a, int32_t b, int32_t track)
{
    TrackSums first = grid_sums(grid, a, track), second = grid_sums(grid, b, track);
    return estimate_t(m_min(first.w, second.w) - 1);
}

Estimate grid_difference(const Grid *grid, int32_t a, int32_t b, int32_t track)
{
    TrackSums first = grid_sums(grid, a, track), second = grid_sums(grid, b, track);
    if (!(first.n > 0) || !(second.n > 0)) {
        return estimate_none();
    }
    double difference = first.x / first.n - second.x / second.n;
    double variance = grid_covariance(grid, a, a, track) + grid_covariance(grid, b, b, track) -
                      2 * grid_covariance(grid, a, b, track);
    if (difference != 0) {
        double least = m_max(grid_unseen(grid, &first, track), grid_unseen(grid, &second, track));
        variance = m_max(variance, least);
    }
    variance = variance > 0 ? variance : 0;
    double half = grid_student(grid, a, b, track) * m_sqrt(variance);
    return (Estimate){difference, half, difference - half, difference + half};
}

double grid_median(const Grid *grid, int32_t column, int32_t asked)
{
    const Layout *layout = grid->layout;
    int32_t index = layout->kind_index[asked];
    if (grid->plan->asked[asked].kind == RESULT_NUMBER) {
        return layout->number_centre[index] +
               float_hist_quantile(grid->numbers[column][index], 0.5);
    }
    if (grid->plan->asked[asked].kind == RESULT_DATE) {
        return layout_date_quantile(layout, grid->dates[column][index], 0.5);
    }
    return MATH_NAN;
}
