// SPDX-License-Identifier: MIT
//
// A double and its 64 bits. Everything in src/math that looks inside a double does it through
// these two, so that type punning stands in one place.
#pragma once
#include <stdint.h>
#include <string.h>

static inline uint64_t bits_of(double x)
{
    uint64_t b;
    memcpy(&b, &x, sizeof b);
    return b;
}

static inline double double_of(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

#define BITS_SIGN     UINT64_C(0x8000000000000000)
#define BITS_MANTISSA UINT64_C(0x000FFFFFFFFFFFFF)
#define BITS_ONE      UINT64_C(0x3FF0000000000000)

#define MATH_INF __builtin_inf()
#define MATH_NAN __builtin_nan("")
#define MATH_PI  3.14159265358979323846
