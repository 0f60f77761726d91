// SPDX-License-Identifier: MIT
//
// Constants of exp and log, shared by the scalar functions (elementary.c) and the vector kernels of
// the engine, which repeat the same operations in the same order and so give the same bits. The
// polynomials are minimax fits; `script/fit-coefficients` prints them.
#pragma once

// Adding and taking away 1.5 x 2^52 rounds |x| < 2^51 to the nearest integer (half to even) and
// leaves that integer in the low bits of the sum.
#define ROUND_MAGIC 0x1.8p52
#define TWO_52      0x1p52

// ln 2 in two parts: the first has 21 zero bits at its end, so k x LN2_HI is exact for |k| <= 2048.
#define LN2_HI  0x1.62e42fee00000p-1
#define LN2_LO  0x1.a39ef35793c76p-33
#define INV_LN2 0x1.71547652b82fep+0

// exp(r) - 1 = r + r^2 (1/2 + r q(r)) for |r| <= ln(2)/2; relative error 2.7e-19.
#define EXP_Q0 0x1.5555555555559p-3
#define EXP_Q1 0x1.5555555555549p-5
#define EXP_Q2 0x1.111111110f7e8p-7
#define EXP_Q3 0x1.6c16c16c1cd02p-10
#define EXP_Q4 0x1.a01a01af77ac5p-13
#define EXP_Q5 0x1.a01a0182fdf0bp-16
#define EXP_Q6 0x1.71ddf94dec8c6p-19
#define EXP_Q7 0x1.27e52b39bc130p-22
#define EXP_Q8 0x1.af5d2bcc7064fp-26
#define EXP_Q9 0x1.1ef515e1b2fffp-29
// Outside this range the argument is moved to its ends: exp gives 0 and infinity there.
#define EXP_MIN (-708.5)
#define EXP_MAX 710.0
// expm1 is -1 to the last bit below this.
#define EXPM1_MIN (-50.0)

// ln((1 + s) / (1 - s)) = 2 s + s (L1 z + L2 z^2 + ...), z = s^2, |s| <= 3 - 2 sqrt(2); error
// 2.5e-18.
#define LOG_L1 0x1.5555555555593p-1
#define LOG_L2 0x1.999999997fc75p-2
#define LOG_L3 0x1.24924942045fcp-2
#define LOG_L4 0x1.c71c51f8abffbp-3
#define LOG_L5 0x1.7466428a776ecp-3
#define LOG_L6 0x1.39a157d3077f9p-3
#define LOG_L7 0x1.2f0979e1e3366p-3
// The bits of sqrt(1/2), rounded down, and what they lack to those of 1.
#define LOG_SQRT_HALF_BITS UINT64_C(0x3FE6A09E00000000)
#define LOG_OFFSET_BITS    (UINT64_C(0x3FF0000000000000) - LOG_SQRT_HALF_BITS)
// Subnormals are scaled up by 2^54 first.
#define LOG_SMALLEST_NORMAL 0x1p-1022
#define LOG_SCALE_UP        0x1p54
// 2^52 + 1023 and the bits of 2^52: turns an exponent field into its value as a double.
#define LOG_EXPONENT_BITS UINT64_C(0x4330000000000000)
#define LOG_EXPONENT_BIAS 0x1.00000000003ffp52
