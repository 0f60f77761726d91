// SPDX-License-Identifier: MIT
//
// Small matrices, seldom: read the header.
#include "math/correlation.h"

#include <stdbool.h>

#include "math/elementary.h"

// A matrix so near to singular that a factor would be made of rounding errors.
#define SINGULAR 1e-9

double correlation_of_scores(double rank)
{
    if (rank == 1 || rank == -1) {
        return rank;
    }
    // sin x for |x| <= pi/6 by Taylor's series: the next term is below 1e-19.
    static const double PI_6 = 0.52359877559829887;
    double x = PI_6 * rank, xx = x * x, sum = 1;
    for (int32_t k = 15; k >= 3; k -= 2) {
        sum = 1 - xx / (double)(k * (k - 1)) * sum;
    }
    return 2 * x * sum;
}

double correlation_of_ranks(double pearson)
{
    double lo = -1, hi = 1;
    for (int32_t i = 0; i < 40; i++) {
        double middle = (lo + hi) / 2;
        bool below = correlation_of_scores(middle) < pearson;
        lo = below ? middle : lo;
        hi = below ? hi : middle;
    }
    return hi > 1 - 1e-9 ? 1 : lo < -1 + 1e-9 ? -1 : (lo + hi) / 2;
}

int32_t correlation_factor(const double *matrix, int32_t n, double *lower)
{
    for (int32_t i = 0; i < n; i++) {
        for (int32_t j = 0; j < n; j++) {
            lower[i * n + j] = 0;
        }
        for (int32_t j = 0; j <= i; j++) {
            double left = matrix[i * n + j];
            for (int32_t k = 0; k < j; k++) {
                left -= lower[i * n + k] * lower[j * n + k];
            }
            if (j < i) {
                lower[i * n + j] = left / lower[j * n + j];
            } else if (left > SINGULAR) {
                lower[i * n + i] = m_sqrt(left);
            } else {
                return i;
            }
        }
    }
    return n;
}
