// SPDX-License-Identifier: MIT
//
// Estimates with honest errors from the sums of a track.
#include "ask/estimates.h"

#include "math/bits.h"
#include "math/elementary.h"
#include "math/special.h"
#include "math/summary.h"

static const double Z95 = 1.959963984540054;

Estimate estimate_none(void)
{
    return (Estimate){MATH_NAN, MATH_NAN, MATH_NAN, MATH_NAN};
}

Estimate estimate_sure(double value)
{
    return (Estimate){value, 0, value, value};
}

void track_sums_add(TrackSums *into, const TrackSums *from)
{
    into->w += from->w;
    into->n += from->n;
    into->x += from->x;
    into->nn += from->nn;
    into->nx += from->nx;
    into->xx += from->xx;
    into->xxn += from->xxn;
    into->v2 += from->v2;
}

double estimate_t(double freedom)
{
    return freedom >= 1 ? special_student_quantile(freedom, 0.975, 0.025) : MATH_NAN;
}

Estimate estimate_wilson(double p, double trials, double z)
{
    Interval interval = summary_wilson(p, trials, z);
    return (Estimate){p, (interval.hi - interval.lo) / 2, interval.lo, interval.hi};
}

// Variance of the mean m of a track as a ratio over worlds.
static double cluster_variance(const TrackSums *s, double m)
{
    double residual = s->xx - 2 * m * s->nx + m * m * s->nn;
    residual = residual > 0 ? residual : 0;
    return s->w / (s->w - 1) * residual / (s->n * s->n);
}

Estimate estimate_share(const TrackSums *s, bool clustered)
{
    if (!(s->n > 0)) {
        return estimate_none();
    }
    double p = s->x / s->n, z = Z95, trials = s->n;
    if (clustered) {
        bool mixed = s->x > 0 && s->x < s->n;
        double variance = s->w > 1 ? cluster_variance(s, p) : 0;
        double effective = mixed && variance > 0 ? p * (1 - p) / variance : s->w;
        trials = effective < s->n ? effective : s->n;
        z = s->w > 1 ? estimate_t(s->w - 1) : Z95;
    }
    return estimate_wilson(p, trials, z);
}

double estimate_sd(const TrackSums *s)
{
    if (!(s->n > 1)) {
        return MATH_NAN;
    }
    // Relative rounding of v2 and x^2/n: they add up in rows, units and sections of some hundreds
    // each.
    const double ROUNDING = 0x1p-42;
    double square = (s->v2 - s->x * s->x / s->n) / (s->n - 1);
    return square > ROUNDING * s->v2 / s->n ? m_sqrt(square) : 0;
}

Estimate estimate_mean(const TrackSums *s, bool clustered)
{
    if (!(s->n > 0)) {
        return estimate_none();
    }
    double m = s->x / s->n, half = MATH_NAN;
    if (s->n > 1 && estimate_sd(s) == 0) {
        half = 0;
    } else if (clustered && s->w > 1) {
        half = estimate_t(s->w - 1) * m_sqrt(cluster_variance(s, m));
    } else if (s->n > 1) {
        half = estimate_t(s->n - 1) * estimate_sd(s) / m_sqrt(s->n);
    }
    return (Estimate){m, half, m - half, m + half};
}

double estimate_between(const TrackSums *s)
{
    if (!(s->w > 1) || !(s->n > s->w)) {
        return MATH_NAN;
    }
    if (estimate_sd(s) == 0) {
        return 0;
    }
    double within = (s->v2 - s->xxn) / (s->n - s->w);
    double between = (s->xxn - s->x * s->x / s->n) / (s->w - 1);
    double size = (s->n - s->nn / s->n) / (s->w - 1);
    double variance = (between - within) / size;
    return variance > 0 ? variance : 0;
}

Estimate estimate_sections(double whole, const double *sections, int32_t n)
{
    int32_t found = 0;
    for (int32_t i = 0; i < n; i++) {
        found += sections[i] == sections[i];
    }
    double half = estimate_t(found - 1) * summary_section_error(sections, n);
    return (Estimate){whole, half, whole - half, whole + half};
}
