// SPDX-License-Identifier: MIT
//
// Distributions with ranges of parameters they can have, for random programs.
#pragma once
#include "math/dist.h"

typedef struct {
    DistKind kind;
    double lo[DIST_MAX_PARAMS], hi[DIST_MAX_PARAMS];
} DistCase;

static const DistCase DIST_CASES[] = {
    {DIST_NORMAL, {0.0, 0.5}, {2.0, 1.5}},
    {DIST_LOGNORMAL, {0.0, 0.2}, {1.0, 0.6}},
    {DIST_BETA, {1.5, 2.0}, {4.0, 5.0}},
    {DIST_GAMMA, {0.7, 1.0}, {3.0, 2.0}},
    {DIST_UNIFORM, {-1.0, 1.0}, {0.5, 2.0}},
    {DIST_TRIANGULAR, {0.0, 1.0, 2.0}, {0.9, 1.9, 3.0}},
    {DIST_POISSON, {0.5}, {9.0}},
    {DIST_BINOMIAL, {10.0, 0.1}, {10.0, 0.8}},
    {DIST_BERNOULLI, {0.2}, {0.8}},
    {DIST_EXPONENTIAL, {1.0}, {4.0}},
};
enum { N_DIST_CASES = sizeof DIST_CASES / sizeof DIST_CASES[0] };
