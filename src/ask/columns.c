// SPDX-License-Identifier: MIT
//
// Loops over columns. Each stands here once, as an inline function, and is built into a function for
// the processor that every machine has and into one for AVX2.
#include "ask/columns.h"

#include <string.h>

#include "math/bits.h"

typedef float Four __attribute__((vector_size(16)));
typedef int32_t FourMask __attribute__((vector_size(16)));
typedef double FourWide __attribute__((vector_size(32)));
typedef uint64_t FourBits __attribute__((vector_size(32)));

#if defined(__x86_64__)
#define HAVE_AVX2      1
#define BUILT_FOR_AVX2 __attribute__((target("avx2")))
#else
#define HAVE_AVX2 0
#define BUILT_FOR_AVX2
#endif

#define INLINE static inline __attribute__((always_inline))

// ---- Putting ------------------------------------------------------------------------------------

INLINE void put(float *to, const double *from, int32_t n, double centre)
{
    for (int32_t i = 0; i < n; i++) {
        to[i] = (float)(from[i] - centre);
    }
}

BUILT_FOR_AVX2 static void put_avx2(float *to, const double *from, int32_t n, double centre)
{
    put(to, from, n, centre);
}

void columns_put(Isa isa, float *to, const double *from, int32_t n, double centre)
{
    if (HAVE_AVX2 && isa != ISA_BASE) {
        put_avx2(to, from, n, centre);
    } else {
        put(to, from, n, centre);
    }
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

enum { OCTAVE = 64, SIDE = 256 * OCTAVE, KEY_SHIFT = 23 - 6 };

// All of it fits 16 bits: there are at most 2 * 254 * 64 counters.
INLINE bool find(ColumnCounters counters, const float *values, int16_t *at)
{
    int16_t key[COLUMNS_CHUNK], none = 0;
    for (int32_t i = 0; i < COLUMNS_CHUNK; i++) {
        uint32_t bits;
        memcpy(&bits, values + i, sizeof bits);
        key[i] = (int16_t)(bits >> KEY_SHIFT); // sign, exponent and six bits of the fraction
    }
    for (int32_t i = 0; i < COLUMNS_CHUNK; i++) {
        int16_t far = (int16_t)(key[i] & (SIDE - 1)), place = (int16_t)(far - counters.lo);
        int16_t zero = (int16_t)(far < OCTAVE ? -1 : 0);
        int16_t below = (int16_t)(key[i] >= SIDE ? counters.size : 0);
        none = (int16_t)(none | ((place | (counters.size - 1 - place)) & ~zero));
        at[i] = (int16_t)((place + below) | zero);
    }
    return none >= 0;
}

BUILT_FOR_AVX2 static bool find_avx2(ColumnCounters counters, const float *values, int16_t *at)
{
    return find(counters, values, at);
}

bool columns_find(Isa isa, ColumnCounters counters, const float *values, int16_t *at)
{
    return HAVE_AVX2 && isa != ISA_BASE ? find_avx2(counters, values, at)
                                        : find(counters, values, at);
}

// ---- Finding changes ----------------------------------------------------------------------------

INLINE int32_t note_changed(ColumnPair now, ColumnPair before, int32_t from, int32_t to,
                            int32_t *changed)
{
    int32_t count = 0;
    for (int32_t i = from; i < to; i++) {
        if (now.a[i] != before.a[i] || now.b[i] != before.b[i]) {
            changed[count++] = i;
        }
    }
    return count;
}

// Nearly all are as they were: eight at a time.
INLINE int32_t find_changed(ColumnPair now, ColumnPair before, int32_t n, int32_t *changed)
{
    enum { GROUP = 8 };
    int32_t count = 0, from = 0;
    for (; from + GROUP <= n; from += GROUP) {
        FourBits a, b, c, d;
        memcpy(&a, now.a + from, sizeof a);
        memcpy(&b, before.a + from, sizeof b);
        memcpy(&c, now.b + from, sizeof c);
        memcpy(&d, before.b + from, sizeof d);
        FourBits apart = (a ^ b) | (c ^ d);
        if ((apart[0] | apart[1]) | (apart[2] | apart[3])) {
            count += note_changed(now, before, from, from + GROUP, changed + count);
        }
    }
    return count + note_changed(now, before, from, n, changed + count);
}

BUILT_FOR_AVX2 static int32_t changed_avx2(ColumnPair now, ColumnPair before, int32_t n,
                                           int32_t *changed)
{
    return find_changed(now, before, n, changed);
}

int32_t columns_changed(Isa isa, ColumnPair now, ColumnPair before, int32_t n, int32_t *changed)
{
    return HAVE_AVX2 && isa != ISA_BASE ? changed_avx2(now, before, n, changed)
                                        : find_changed(now, before, n, changed);
}
