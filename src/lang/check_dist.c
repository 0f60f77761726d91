// SPDX-License-Identifier: MIT
//
// Uncertain values: intervals, quantiles, named distributions, mixtures, words, categories. What
// stands after `~` becomes a Dist; a range inside an expression becomes an unnamed param or a fresh
// draw, by where it stands (see Where in checker.h).
#include "base/num.h"
#include "lang/checker.h"

#include <math.h>

// ---- Named distributions ------------------------------------------------------------------------

// Arguments: v is in the unit of what is drawn, s a plain number.
typedef struct {
    const char *name;
    DistKind kind;
    const char *args;
    const char *usage;
    Support support; // of its values, for lints
} NamedDist;

static const NamedDist NAMED[] = {
    {"normal", DISTKIND_NORMAL, "vv", "normal(mean, standard deviation)", SUPPORT_REAL},
    {"lognormal", DISTKIND_LOGNORMAL, "ss", "lognormal(mean of the log, its standard deviation)",
     SUPPORT_POSITIVE},
    {"beta", DISTKIND_BETA, "ss", "beta(a, b)", SUPPORT_PROBABILITY},
    {"gamma", DISTKIND_GAMMA, "sv", "gamma(shape, scale)", SUPPORT_POSITIVE},
    {"uniform", DISTKIND_UNIFORM, "vv", "uniform(low, high)", SUPPORT_REAL},
    {"triangular", DISTKIND_TRIANGULAR, "vvv", "triangular(low, mode, high)", SUPPORT_REAL},
    {"exponential", DISTKIND_EXPONENTIAL, "v", "exponential(mean)", SUPPORT_POSITIVE},
    {"poisson", DISTKIND_POISSON, "s", "poisson(mean)", SUPPORT_COUNT},
    {"binomial", DISTKIND_BINOMIAL, "ss", "binomial(trials, chance)", SUPPORT_COUNT},
    {"bernoulli", DISTKIND_BERNOULLI, "s", "bernoulli(chance)", SUPPORT_PROBABILITY},
    {"student", DISTKIND_STUDENT, "svv", "student(degrees of freedom, centre, scale)", SUPPORT_REAL},
};
enum { N_NAMED = sizeof NAMED / sizeof NAMED[0] };
