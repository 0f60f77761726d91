// SPDX-License-Identifier: MIT
//
// Correlation of what is uncertain by a Gaussian copula: each quantity is a rising function of a
// standard normal score, and the scores are correlated. The distribution of each stays as it is.
//
// Stated is the rank correlation (Spearman's), which such functions do not change. Normal scores
// with Pearson correlation r have the rank correlation 6/pi asin(r/2) (Pearson 1907; Kruskal 1958,
// "Ordinal measures of association", J. Am. Stat. Assoc. 53, section 8).
#pragma once
#include <stdint.h>

// Pearson correlation of the scores for a rank correlation in [-1, 1]: 2 sin(pi rank / 6). Rises
// with `rank`; -1, 0 and 1 are exact. Error 1e-15.
double correlation_of_scores(double rank);
// Its inverse, for telling; `pearson` is kept within [-1, 1]. Error 1e-9.
double correlation_of_ranks(double pearson);

// The lower triangle L with L L' = matrix (Cholesky), both n x n by rows; above the diagonal 0.
// Returns n, or the first row at which the matrix is not positive definite: then no numbers can be
// correlated like that. Rows that are those of the unit matrix stay so, exactly.
int32_t correlation_factor(const double *matrix, int32_t n, double *lower);
