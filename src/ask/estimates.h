// SPDX-License-Identifier: MIT
//
// Estimates with honest errors from the sums of a track.
//
// Futures of one world share what is unknown in it, so they are not independent: the variance of a
// share is that of a ratio estimator over worlds (Cochran 1977, chapter 6), var(p) =
// W/(W-1) sum (x_w - p n_w)^2 / n^2, and the interval Wilson's (1927) for as many independent
// trials as would have that variance. Where all worlds are alike it is the plain one.
#pragma once
#include "answer/answer.h"

typedef struct {
    double w, n, x, nn, nx, xx, xxn, v2; // see SUM_W ... in tally.h
} TrackSums;

void track_sums_add(TrackSums *into, const TrackSums *from);

// 97.5 % point of Student's t with so many degrees of freedom (below 1: NaN).
double estimate_t(double freedom);

// A share p of so many independent trials, z standard errors wide.
Estimate estimate_wilson(double p, double trials, double z);

// A share (values 0 and 1). `clustered`: worlds differ. With no hit or no miss the worlds
// themselves count as trials when they differ: nobody knows then how hits would cluster.
Estimate estimate_share(const TrackSums *sums, bool clustered);

// A mean, and the standard deviation of single futures. Sums of squares are rounded: where values
// differ by less than half a millionth of their mean it is told as 0, as of values that are all the
// same, and so are errors.
Estimate estimate_mean(const TrackSums *sums, bool clustered);
double estimate_sd(const TrackSums *sums);

// Variance between worlds of a world's own mean, noise within worlds taken off: the estimator of
// one-way analysis of variance with unequal groups (Searle, Casella, McCulloch 1992, section 3.6).
// At least 0; NaN when no world has two futures.
double estimate_between(const TrackSums *sums);

// A figure found in each of n sections, `whole` from all of them: the error by sectioning (Asmussen
// and Glynn 2007, III.5a). NaN entries are left out.
Estimate estimate_sections(double whole, const double *sections, int32_t n);

Estimate estimate_none(void); // all NaN
Estimate estimate_sure(double value);
