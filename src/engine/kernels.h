// SPDX-License-Identifier: MIT
//
// Inside the kernels: names that carry the instruction set, so that the same sources can be
// compiled for each (KERNEL_ISA is base, avx2 or avx512), and the loop over lanes.
#pragma once
#include "engine/cell.h"
#include "engine/vec_math.h"

#ifndef KERNEL_ISA
#define KERNEL_ISA base
#endif
#define KERNEL_JOIN2(a, b, c) a##b##_##c
#define KERNEL_JOIN(a, b, c)  KERNEL_JOIN2(a, b, c)
#define KERNEL_NAME(name)     KERNEL_JOIN(kernel_, KERNEL_ISA, name)

#define KERNEL(name) KernelFn KERNEL_NAME(name);
#include "engine/kernels.def"
#undef KERNEL

void KERNEL_NAME(words4)(const WordJob *job, uint32_t *const out[4], int32_t n);
void KERNEL_NAME(words1)(const WordJob *job, uint32_t which, uint32_t *out, int32_t n);
int32_t KERNEL_NAME(pick)(const double *mask, const double *active, int32_t real, int32_t *index);
void KERNEL_NAME(gather)(double *to, const double *from, const int32_t *index, int32_t n);
void KERNEL_NAME(blend)(double *to, const double *from, const double *mask, int32_t n);
void KERNEL_NAME(both)(double *to, const double *mask, const double *other, int32_t n);

// The statement for every vector of n lanes, i being its first: four at a time, and one by one what
// is left. Lanes come in eights, so the second loop turns at most three times (once with AVX2).
#define LANES(...)                                                                                 \
    const size_t lanes = (uint32_t)n, fours = lanes & ~(size_t)(4 * VL - 1);                       \
    size_t turn = 0;                                                                               \
    for (; turn < fours; turn += 4 * VL) {                                                         \
        ONE_TURN(turn, __VA_ARGS__)                                                                \
        ONE_TURN(turn + VL, __VA_ARGS__)                                                           \
        ONE_TURN(turn + 2 * VL, __VA_ARGS__)                                                       \
        ONE_TURN(turn + 3 * VL, __VA_ARGS__)                                                       \
    }                                                                                              \
    for (; turn < lanes; turn += VL) {                                                             \
        ONE_TURN(turn, __VA_ARGS__)                                                                \
    }
#define ONE_TURN(at, ...)                                                                          \
    {                                                                                              \
        const size_t i = at;                                                                       \
        __VA_ARGS__                                                                                \
    }

// The statement for every pack of n lanes, i being its first and `second` what pd_load_at wants.
#define PACKS(...)                                                                                 \
    const size_t lanes = (uint32_t)n, whole = lanes & ~(size_t)(PACK_LANES - 1);                   \
    for (size_t i = 0; i < whole; i += PACK_LANES) {                                               \
        const size_t second = 8;                                                                   \
        __VA_ARGS__                                                                                \
    }                                                                                              \
    for (size_t i = whole; i < lanes; i += 8) {                                                    \
        const size_t second = 0;                                                                   \
        __VA_ARGS__                                                                                \
    }
