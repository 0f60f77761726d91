// SPDX-License-Identifier: MIT
//
// Gamma, beta, normal and Student functions and their inverses.
//
// A distribution function comes as both of its tails, each accurate in relative terms where it is
// the smaller one: 1 - 1e-20 is not a number, an upper tail of 1e-20 is. Inverses take both p and
// q = 1 - p and use the smaller. Errors stated are relative, measured against 60-digit values
// (math_special_test). NaN in or a parameter out of range gives NaN.
#pragma once

typedef struct {
    double lower, upper; // sum to 1
} Tails;

// ln Gamma(x), x > 0; infinity at 0. Error 1e-15 relative, or 3e-16 absolute near its zeros 1 and
// 2.
double special_lgamma(double x);
// ln Gamma(1 + a), a >= 0, accurate to 1e-15 also for tiny a.
double special_lgamma1p(double a);
// What Stirling's formula lacks: ln Gamma(x + 1) - (x + 1/2) ln x + x - ln(2 pi)/2, x > 0.
double special_stirling_error(double x);
// ln(1 + x) - x, x > -1, without cancellation.
double special_log1p_minus(double x);
// e^x - 1 - x, without cancellation.
double special_expm1_minus(double x);

// Regularised incomplete gamma function P(a, x) and Q(a, x), a > 0, x >= 0. Error 2e-14 where a
// tail is above 1e-20, 1e-12 down to 1e-300, for a up to 1e15.
Tails special_gamma(double a, double x);
// ln of x^a e^-x / Gamma(a): the density of ln X.
double special_gamma_log_density(double a, double x);
// x with P(a, x) = p. Error 1e-14 / (slope of ln P or ln Q against ln x), 1e-13 in the body.
double special_gamma_inverse(double a, double p, double q);

// Regularised incomplete beta function I_x(a, b) (lower) and I_y(b, a) (upper); y = 1 - x is given
// too so that both ends are accurate; the smaller is taken as exact. a, b > 0. Error 5e-14 where a
// tail is above 1e-20, 1e-12 down to 1e-300, a and b up to 1e15; with a or b below 0.05, 1e-14
// absolute.
Tails special_beta(double a, double b, double x, double y);
// ln of x^a y^b / B(a, b): the density of the log-odds of X.
double special_beta_log_density(double a, double b, double x, double y);
typedef struct {
    double x, y; // y = 1 - x, each accurate
} BetaPoint;
BetaPoint special_beta_inverse(double a, double b, double p, double q);

// erfc(x) = 2/sqrt(pi) * integral of exp(-t^2) from x. Error 1e-15, tails to 1e-300.
double special_erfc(double x);
// Standard normal: tails at z (error 1e-15 down to 1e-300), density, and z of a tail (error 1e-15).
Tails special_normal(double z);
double special_normal_density(double z);
double special_normal_quantile(double p, double q);

// Student's t with df > 0 degrees of freedom. Errors as for beta.
Tails special_student(double df, double t);
double special_student_quantile(double df, double p, double q);
