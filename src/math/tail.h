// SPDX-License-Identifier: MIT
//
// How rare is what a sample showed, when the distribution it was drawn from is known? Probabilities
// that hold for every size of sample and every chance, however small: where few hits are expected,
// a difference in standard errors says little.
#pragma once
#include <stdint.h>

// Probability of at least k hits in n independent trials of chance p (the binomial tail, by the
// incomplete beta function: Pearson 1924). 1 where k <= 0, 0 where k > n.
double tail_binomial(double k, double n, double p);

// A bound on the probability that the mean of `trials` independent draws is `mean` or more, for
// draws that take values[i] with probability masses[i] (which are scaled to sum to 1): Chernoff's
// bound (1952), least over t of (E exp(t (X - mean)))^trials. 1 where `mean` is not above the true
// one, 0 where no value reaches it.
//
// It is some ten times the probability itself in the body, and never below it. It also holds when
// each draw is a mean of any number of dependent values of that distribution: so for worlds
// whose futures share what is unknown (Hoeffding 1963, section 5).
double tail_mean(const double *values, const double *masses, int32_t n, double mean, double trials);
