// SPDX-License-Identifier: MIT
//
// How rare a sample is when its distribution is known.
#include "math/tail.h"

#include "math/bits.h"
#include "math/elementary.h"
#include "math/special.h"

enum { DOUBLINGS = 80, HALVINGS = 60 };

double tail_binomial(double k, double n, double p)
{
    if (!(k > 0)) {
        return 1;
    }
    if (k > n || !(p > 0)) {
        return 0;
    }
    return p < 1 ? special_beta(k, n - k + 1, p, 1 - p).lower : 1;
}

typedef struct {
    const double *values, *masses;
    int32_t n;
    double mean;     // that the sample showed
    double furthest; // the greatest value less `mean`
    double total;    // of all masses
} Tilt;

// ln E exp(t (X - mean)) and its slope in t: the slope is the mean of the tilted distribution.
static double tilted(const Tilt *tilt, double t, double *slope)
{
    double sum = 0, moment = 0;
    for (int32_t i = 0; i < tilt->n; i++) {
        double off = tilt->values[i] - tilt->mean;
        double w = tilt->masses[i] * m_exp(t * (off - tilt->furthest));
        sum += w;
        moment += w * off;
    }
    *slope = moment / sum;
    return m_log(sum / tilt->total) + t * tilt->furthest;
}

// Any t >= 0 gives a bound; the best is where the slope is 0.
static double least_log(const Tilt *tilt, double scale)
{
    double lo = 0, hi = 1 / scale, slope;
    for (int k = 0; k < DOUBLINGS && tilted(tilt, hi, &slope) < 0 && slope < 0; k++) {
        lo = hi;
        hi *= 2;
    }
    for (int k = 0; k < HALVINGS; k++) {
        double middle = (lo + hi) / 2;
        (void)tilted(tilt, middle, &slope);
        lo = slope < 0 ? middle : lo;
        hi = slope < 0 ? hi : middle;
    }
    double log = tilted(tilt, lo, &slope);
    return log < 0 ? log : 0;
}

double tail_mean(const double *values, const double *masses, int32_t n, double mean, double trials)
{
    Tilt tilt = {.values = values, .masses = masses, .n = n, .mean = mean, .furthest = -MATH_INF};
    double true_mean = 0, at_top = 0;
    for (int32_t i = 0; i < n; i++) {
        double off = values[i] - mean;
        tilt.total += masses[i];
        true_mean += masses[i] * values[i];
        tilt.furthest = off > tilt.furthest && masses[i] > 0 ? off : tilt.furthest;
    }
    true_mean /= tilt.total;
    if (!(mean > true_mean)) {
        return 1;
    }
    if (tilt.furthest < 0) {
        return 0;
    }
    if (tilt.furthest == 0) { // all draws were the greatest value
        for (int32_t i = 0; i < n; i++) {
            at_top += values[i] == mean ? masses[i] : 0;
        }
        return m_exp(trials * m_log(at_top / tilt.total));
    }
    return m_exp(trials * least_log(&tilt, mean - true_mean));
}
