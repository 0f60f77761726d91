// SPDX-License-Identifier: MIT
//
// Elementary functions without libm, so that a result is the same bits on every machine. Each is
// straight-line: polynomials, bit operations and selects (no branches, no tables). The vector
// kernels of the engine repeat these very operations lane by lane; a change here is a change there
// and of every golden file. Errors are measured against 50-digit values (math_elementary_test).
#pragma once
#include <stdbool.h>

// e^x, error below 1.1 ulp on [-708, 709]. 0 below about -708.05 (no subnormal results), infinity
// above 709.78; NaN gives NaN.
double m_exp(double x);
// e^x - 1, error below 2 ulp also where x is tiny.
double m_expm1(double x);
// Natural logarithm, error below 1 ulp. log(0) = -infinity, a negative gives NaN; subnormals right.
double m_log(double x);
// ln(1 + x), error below 2 ulp also where x is tiny; -infinity at -1, NaN below.
double m_log1p(double x);
// x^k = exp(k log |x|): relative error about (1 + |k log x|) x 1.2e-16, at most 2e-13 where the
// result is finite. A negative x takes the sign from an integer k and gives NaN for any other.
// x^0 = 1 for every x (NaN too); 0^k is 0 for k > 0 and infinity for k < 0, whatever the sign of 0.
double m_pow(double x, double k);
// 1 / (1 + e^-z), relative error below 3 ulp down to z = -708.
double m_logistic(double z);

// Whole numbers. m_round takes halves away from zero: 2.5 is 3, -2.5 is -3.
double m_floor(double x);
double m_ceil(double x);
double m_round(double x);
double m_abs(double x);
// If either is NaN the result is NaN (fmin and fmax would drop it). min(0, -0) is the second.
double m_min(double a, double b);
double m_max(double a, double b);
double m_sqrt(double x);
// x 2^k by exact multiplications, |k| <= 2000.
double m_ldexp(double x, int k);
bool m_is_nan(double x);
bool m_is_finite(double x);
