// SPDX-License-Identifier: MIT
//
// Loops over columns. Each stands here once, as an inline function, and is built into a function
// for the processor that every machine has and into one for AVX2.
#include "ask/columns.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "math/bits.h"

typedef float Four __attribute__((vector_size(16)));
typedef int32_t FourMask __attribute__((vector_size(16)));
typedef double FourWide __attribute__((vector_size(32)));
typedef uint64_t FourBits __attribute__((vector_size(32)));
typedef uint32_t FourWords __attribute__((vector_size(16)));
typedef int32_t FourInts __attribute__((vector_size(16)));
typedef int16_t EightKeys __attribute__((vector_size(16)));

#if defined(__x86_64__)
#define HAVE_AVX2      1
#define BUILT_FOR_AVX2 __attribute__((target("avx2")))
#else
#define HAVE_AVX2 0
#define BUILT_FOR_AVX2
#endif

#define INLINE static inline __attribute__((always_inline))

enum { OCTAVE = 64, SIDE = 256 * OCTAVE };

// ---- Points -------------------------------------------------------------------------------------

// Floats of four distances; their steps, still with the bits of `round`, are added to `sum`.
INLINE FourInts distances(const double *from, double centre, double round, FourBits *sum)
{
    FourWide x;
    memcpy(&x, from, sizeof x);
    x -= centre;
    *sum += (FourBits)(x + round);
    return (FourInts) __builtin_convertvector(x, Four);
}

// Keys have 15 bits, the sign on top.
INLINE EightKeys keys_of(FourInts a, FourInts b)
{
    a = (FourInts)((FourWords)a >> COLUMNS_KEY_SHIFT);
    b = (FourInts)((FourWords)b >> COLUMNS_KEY_SHIFT);
#ifdef __SSE2__
    return (EightKeys)_mm_packs_epi32((__m128i)a, (__m128i)b);
#else
    return __builtin_shufflevector((EightKeys)a, (EightKeys)b, 0, 2, 4, 6, 8, 10, 12, 14);
#endif
}

INLINE EightKeys greater(EightKeys a, EightKeys b)
{
#ifdef __SSE2__
    return (EightKeys)_mm_max_epi16((__m128i)a, (__m128i)b);
#else
    EightKeys first = a > b;
    return (a & first) | (b & ~first);
#endif
}

// Eight at a time, all in registers: what is stored in small pieces cannot be loaded in a large one
// without waiting.
INLINE bool tell_point(const double *from, int32_t n, PointScale scale, uint16_t *keys,
                       int64_t *steps)
{
    FourBits sum = {0};
    EightKeys most = {0};
    int32_t whole = n & ~7;
#pragma GCC unroll 2
    for (int32_t i = 0; i < whole; i += 8) {
        FourInts a = distances(from + i, scale.centre, scale.round, &sum);
        FourInts b = distances(from + i + 4, scale.centre, scale.round, &sum);
        EightKeys key = keys_of(a, b);
        memcpy(keys + i, &key, sizeof key);
        most = greater(most, key & (SIDE - 1));
    }
    uint64_t total = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    bool near = true;
    for (int32_t i = 0; i < 8; i++) {
        near = near && most[i] < scale.far;
    }
    for (int32_t i = whole; i < n; i++) {
        double x = from[i] - scale.centre;
        total += bits_of(x + scale.round);
        keys[i] = columns_key((float)x);
        near = near && (keys[i] & (SIDE - 1)) < scale.far;
    }
    *steps = (int64_t)(total - (uint64_t)n * bits_of(scale.round));
    return near;
}

BUILT_FOR_AVX2 static bool point_avx2(const double *from, int32_t n, const PointScale *scale,
                                      uint16_t *keys, int64_t *steps)
{
    return tell_point(from, n, *scale, keys, steps);
}

bool columns_point(Isa isa, const double *from, int32_t n, const PointScale *scale, uint16_t *keys,
                   int64_t *steps)
{
    return HAVE_AVX2 && isa != ISA_BASE ? point_avx2(from, n, scale, keys, steps)
                                        : tell_point(from, n, *scale, keys, steps);
}

// ---- Summing ------------------------------------------------------------------------------------

typedef struct {
    FourWide sum;
    FourMask count;
} FourSums;

INLINE void add_finite(FourSums *sums, Four x)
{
    FourMask in = x - x == 0; // neither NaN nor infinite
    sums->count -= in;
    sums->sum += __builtin_convertvector((Four)((FourMask)x & in), FourWide);
}

// Where all is finite, which the sums then show, nothing has to be asked of single values.
INLINE void sum_all(const float *v, int32_t whole, FourWide *out)
{
    FourWide sum = {0};
    for (int32_t i = 0; i < whole; i += 4) {
        Four x;
        memcpy(&x, v + i, sizeof x);
        sum += __builtin_convertvector(x, FourWide);
    }
    *out = sum;
}

// The last few of a number that is no multiple of 4 join the first sum.
INLINE void sum_finite(const float *v, int32_t n, ColumnSum *out)
{
    int32_t whole = n & ~3;
    FourSums sums = {.count = {0}};
    sum_all(v, whole, &sums.sum);
    int64_t count = whole;
    double odd = (sums.sum[0] + sums.sum[1]) + (sums.sum[2] + sums.sum[3]);
    if (odd - odd != 0) {
        sums.sum = (FourWide){0};
        for (int32_t i = 0; i < whole; i += 4) {
            Four x;
            memcpy(&x, v + i, sizeof x);
            add_finite(&sums, x);
        }
        count = (int64_t)sums.count[0] + sums.count[1] + sums.count[2] + sums.count[3];
    }
    for (int32_t i = whole; i < n; i++) {
        bool in = v[i] - v[i] == 0;
        sums.sum[0] += in ? (double)v[i] : 0;
        count += in;
    }
    out->n = (double)count;
    out->x = (sums.sum[0] + sums.sum[1]) + (sums.sum[2] + sums.sum[3]);
}

BUILT_FOR_AVX2 static void sum_avx2(const float *v, int32_t n, ColumnSum *out)
{
    sum_finite(v, n, out);
}

ColumnSum columns_sum(Isa isa, const float *values, int32_t n)
{
    ColumnSum sum;
    if (HAVE_AVX2 && isa != ISA_BASE) {
        sum_avx2(values, n, &sum);
    } else {
        sum_finite(values, n, &sum);
    }
    return sum;
}

// ---- Finding counters ---------------------------------------------------------------------------

// All of it fits 16 bits: there are at most 2 * 254 * 64 counters.
INLINE bool find(ColumnCounters counters, const uint16_t *keys, int16_t *at)
{
    int16_t none = 0;
    for (int32_t i = 0; i < COLUMNS_CHUNK; i++) {
        int16_t far = (int16_t)(keys[i] & (SIDE - 1)), place = (int16_t)(far - counters.lo);
        int16_t zero = (int16_t)(far < OCTAVE ? -1 : 0);
        int16_t below = (int16_t)(keys[i] >= SIDE ? counters.size : 0);
        none = (int16_t)(none | ((place | (counters.size - 1 - place)) & ~zero));
        at[i] = (int16_t)((place + below) | zero);
    }
    return none >= 0;
}

BUILT_FOR_AVX2 static bool find_avx2(ColumnCounters counters, const uint16_t *keys, int16_t *at)
{
    return find(counters, keys, at);
}

bool columns_find(Isa isa, ColumnCounters counters, const uint16_t *keys, int16_t *at)
{
    return HAVE_AVX2 && isa != ISA_BASE ? find_avx2(counters, keys, at) : find(counters, keys, at);
}
