// SPDX-License-Identifier: MIT
//
// Between the files that make up dist.h: the counting distributions.
#pragma once
#include "math/special.h"

// P(X <= k) and P(X > k) for whole k, and the smallest k with P(X <= k) >= u. Parameters valid,
// 0 <= u <= 1, v = 1 - u.
Tails poisson_tails(double mean, double k);
double poisson_quantile(double mean, double u, double v);
Tails binomial_tails(double n, double p, double k);
double binomial_quantile(double n, double p, double u, double v);
