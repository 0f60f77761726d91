// SPDX-License-Identifier: MIT
//
// Shared by the files that make up special.h: tails as a density times Mills' ratio, and the one
// quadrature that gives that ratio for large parameters.
#pragma once
#include <stdbool.h>

// A tail probability in two factors, so that neither underflows and Newton's method on its
// logarithm has its slope for free: tail = exp(log_density) * mills.
typedef struct {
    double log_density;
    double mills;
    bool is_upper; // which tail this is
} LogTail;

// Parameters, and what of the density's logarithm depends on them alone: an inverse looks at
// several places.
typedef struct {
    double a;
    double log_factor;
} GammaShape;

typedef struct {
    double a, b;
    double log_factor;
} BetaShape;

GammaShape special_gamma_shape(double a);
BetaShape special_beta_shape(double a, double b);
LogTail special_gamma_tail(GammaShape shape, double x);
LogTail special_beta_tail(BetaShape shape, double x, double y);
// ln of the wanted tail and the derivative of that logarithm (positive) for a step outwards in it.
double special_log_of_tail(LogTail t, bool upper, double *slope);

// a ln(a/x) + x - a, the deviance of Loader (2000), given x - a as accurately as it is known.
double special_deviance(double a, double x, double difference);

// lambda s + h(s), the exponent of a tail's integrand at distance s >= 0 from its start; h is
// convex with h(0) = h'(0) = 0.
typedef struct {
    double lambda;  // >= 0: slope at the start
    double spread;  // h''(0)
    double n, x, y; // parameters of h
    double (*h)(double n, double x, double y, double s, double *slope);
} TailExponent;
// Integral of exp(-(lambda s + h(s))) over s from 0 up.
double special_tail_integral(const TailExponent *e);

// a b as a rounded product and its exact rest (Dekker 1971).
static inline double two_product(double a, double b, double *rest)
{
    const double splitter = 134217729.0; // 2^27 + 1
    double p = a * b;
    double ca = splitter * a, cb = splitter * b;
    double ah = ca - (ca - a), bh = cb - (cb - b);
    double al = a - ah, bl = b - bh;
    *rest = ((ah * bh - p) + ah * bl + al * bh) + al * bl;
    return p;
}
