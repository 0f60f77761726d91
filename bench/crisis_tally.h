// SPDX-License-Identifier: MIT
//
// What is asked of the benchmark crisis and how it is counted, for the versions in C: sums and
// histograms of four quantities by week, six shares, quantiles of four at the end. The state of a
// future that has ended counts on; what is frozen holds it from its week on.
#pragma once
#include <math.h>
#include <stdint.h>
#include <stdio.h>

enum { STEPS = 52, SERIES = 4, BINS = 512, KEPT = 4, SHARES = 6 };

// The last bin takes what does not count.
static const double LOW[SERIES] = {-100.0, 0.0, 0.0, 0.0};
static const double HIGH[SERIES] = {100.0, 200.0, 1.5, 2.5};
static double sums[STEPS][SERIES], frozen_sums[STEPS + 1][SERIES], squares[SERIES];
static uint32_t counts[STEPS][SERIES][BINS + 1], frozen_counts[STEPS + 1][SERIES][BINS + 1];
static int64_t live, shares[SHARES], finished;
static double *kept[KEPT];

static inline int bin_of(int v, double x)
{
    int bin = (int)((x - LOW[v]) * (BINS / (HIGH[v] - LOW[v])));
    return (unsigned)bin < BINS ? bin : bin < 0 ? 0 : BINS - 1;
}

// A future that has ended after t steps: its flags, the quantities told by week, those kept.
static void tally_end(int t, const int *yes, const double *told, const double *ends)
{
    for (int k = 0; k < SHARES; k++) {
        shares[k] += yes[k];
    }
    for (int v = 0; v < SERIES; v++) {
        frozen_sums[t][v] += told[v];
        frozen_counts[t][v][bin_of(v, told[v])]++;
        squares[v] += told[v] * told[v];
    }
    for (int k = 0; k < KEPT; k++) {
        kept[k][finished] = ends[k];
    }
    finished++;
    live += t;
}

static void thaw(void)
{
    for (int t = 0; t < STEPS; t++) {
        for (int v = 0; v < SERIES; v++) {
            frozen_sums[t][v] += t > 0 ? frozen_sums[t - 1][v] : 0.0;
            sums[t][v] += frozen_sums[t][v];
            for (int k = 0; k < BINS; k++) {
                frozen_counts[t][v][k] += t > 0 ? frozen_counts[t - 1][v][k] : 0;
                counts[t][v][k] += frozen_counts[t][v][k];
            }
        }
    }
}

static double band(int t, int v, double total, double share)
{
    double below = 0.0;
    for (int k = 0; k < BINS; k++) {
        double here = counts[t][v][k];
        if (below + here >= share * total) {
            double in = here > 0.0 ? (share * total - below) / here : 0.0;
            return LOW[v] + (HIGH[v] - LOW[v]) * (k + in) / BINS;
        }
        below += here;
    }
    return HIGH[v];
}

// The value of rank k, by partitions (Hoare 1961).
static double ranked(double *v, int count, int k)
{
    int lo = 0, hi = count - 1;
    while (lo < hi) {
        double pivot = v[(lo + hi) / 2];
        int i = lo, j = hi;
        while (i <= j) {
            for (; v[i] < pivot; i++) {
            }
            for (; v[j] > pivot; j--) {
            }
            if (i <= j) {
                double swap = v[i];
                v[i++] = v[j];
                v[j--] = swap;
            }
        }
        if (k <= j) {
            hi = j;
        } else if (k >= i) {
            lo = i;
        } else {
            break;
        }
    }
    return v[k];
}

static void tell(int count)
{
    static const char *const YES[SHARES] = {"cf", "nato", "nuked", "coup", "x > 0", "mobB"};
    static const char *const NAMES[SERIES] = {"x", "FA", "polW", "tens"};
    static const char *const ENDS[KEPT] = {"casB", "x", "FA", "aid"};
    for (int i = 0; i < SHARES; i++) {
        printf("%-6s %.4f\n", YES[i], (double)shares[i] / count);
    }
    printf("live   %.4f\n", (double)live / count / STEPS);
    for (int v = 0; v < SERIES; v++) {
        double mean = sums[STEPS - 1][v] / count;
        printf("%-6s mean %.3f sd %.3f", NAMES[v], mean, sqrt(squares[v] / count - mean * mean));
        printf("  week 26: mean %.3f, 90 %% from %.3f to %.3f\n", sums[25][v] / count,
               band(25, v, count, .05), band(25, v, count, .95));
    }
    for (int i = 0; i < KEPT; i++) {
        printf("%-6s 5 %% %.3f  50 %% %.3f  95 %% %.3f\n", ENDS[i],
               ranked(kept[i], count, count / 20), ranked(kept[i], count, count / 2),
               ranked(kept[i], count, count - 1 - count / 20));
    }
}
