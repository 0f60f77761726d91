// SPDX-License-Identifier: MIT
//
// The loops over columns give the bits of the plainest loop that means the same, for every instruction
// set, at every length.
#include "ask/columns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "math/bits.h"
#include "math/elementary.h"

enum { MOST = 203 };

// A fixed sequence (Knuth's MMIX constants); the upper 32 bits.
static uint32_t next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 32);
}

// Mostly ordinary numbers of either sign over some octaves; with `odd`, some that are none.
static void fill(float *values, int32_t n, uint64_t seed, bool odd)
{
    const float few[] = {(float)MATH_NAN, (float)MATH_INF, (float)-MATH_INF, 0.0F, -0.0F, 1e-44F};
    for (int32_t i = 0; i < n; i++) {
        uint32_t r = next(&seed);
        double size = m_ldexp(1 + (double)(r >> 9) / 0x1p23, (int32_t)(r % 13) - 6);
        values[i] = (float)(r & 256 ? size : -size);
        if (odd && next(&seed) % 9 == 0) {
            values[i] = few[next(&seed) % 6];
        }
    }
}

static Isa isa_at(int i)
{
    static const Isa all[] = {ISA_BASE, ISA_AVX2, ISA_AVX512};
    return engine_has_isa(all[i]) ? all[i] : ISA_BASE;
}

static void test_values_are_put_as_distances(void **state)
{
    (void)state;
    double from[MOST];
    float to[MOST + 1];
    uint64_t seed = 1;
    for (int32_t n = 0; n <= MOST; n++) {
        for (int32_t i = 0; i < n; i++) {
            from[i] = 1e6 + (double)next(&seed) / 0x1p30;
        }
        for (int k = 0; k < ISA_COUNT; k++) {
            to[n] = 7;
            columns_put(isa_at(k), to, from, n, 1e6 + 1.25);
            assert_true(to[n] == 7);
            for (int32_t i = 0; i < n; i++) {
                assert_true(to[i] == (float)(from[i] - (1e6 + 1.25)));
            }
        }
    }
}

static void test_sums_keep_their_order(void **state)
{
    (void)state;
    float v[MOST];
    for (int32_t n = 0; n <= MOST; n++) {
        for (int odd = 0; odd < 2; odd++) {
            fill(v, n, (uint64_t)n, odd);
            double sums[4] = {0}, count = 0;
            for (int32_t i = 0; i < n; i++) {
                bool in = m_is_finite((double)v[i]);
                sums[i < (n & ~3) ? i % 4 : 0] += in ? (double)v[i] : 0;
                count += in;
            }
            double x = (sums[0] + sums[1]) + (sums[2] + sums[3]);
            for (int k = 0; k < ISA_COUNT; k++) {
                ColumnSum sum = columns_sum(isa_at(k), v, n);
                assert_true(sum.n == count && sum.x == x);
            }
        }
    }
}

// Octaves 120 to 135 are there: 2^-7 to 2^9.
static void test_counters_are_found_or_missed(void **state)
{
    (void)state;
    enum { LO = 120, HI = 136, SIZE = (HI - LO) * 64 };
    ColumnCounters counters = {LO * 64, SIZE};
    float v[COLUMNS_CHUNK];
    int16_t at[COLUMNS_CHUNK];
    for (int round = 0; round < 200; round++) {
        fill(v, COLUMNS_CHUNK, (uint64_t)round, false);
        v[round % 64] = round % 3 == 0 ? 0.0F : round % 3 == 1 ? -0.0F : v[round % 64];
        for (int k = 0; k < ISA_COUNT; k++) {
            assert_true(columns_find(isa_at(k), counters, v, at));
            for (int i = 0; i < COLUMNS_CHUNK; i++) {
                uint32_t bits;
                memcpy(&bits, &v[i], sizeof bits);
                int32_t place = (int32_t)((bits & 0x7fffffff) >> 17) - LO * 64;
                place = v[i] == 0 ? -1 : place + (v[i] < 0 ? SIZE : 0);
                assert_int_equal(at[i], place);
            }
        }
        const float missing[] = {(float)MATH_NAN, (float)MATH_INF, 0x1p-8F,
                                 -0x1p9F,         1e30F,           -1e-30F};
        v[(round * 7) % 64] = missing[round % 6];
        for (int k = 0; k < ISA_COUNT; k++) {
            assert_false(columns_find(isa_at(k), counters, v, at));
        }
    }
    fill(v, COLUMNS_CHUNK, 1, false);
    assert_false(columns_find(ISA_BASE, (ColumnCounters){255 * 64, 0}, v, at)); // none at all
}

static void test_changes_are_found(void **state)
{
    (void)state;
    uint32_t a[MOST], b[MOST], c[MOST], d[MOST];
    int32_t changed[MOST + 1], wanted[MOST];
    uint64_t seed = 5;
    for (int32_t n = 0; n <= MOST; n++) {
        int32_t count = 0;
        for (int32_t i = 0; i < n; i++) {
            c[i] = a[i] = next(&seed);
            d[i] = b[i] = next(&seed);
            if (next(&seed) % 12 == 0) {
                (next(&seed) % 2 ? c : d)[i] ^= UINT32_C(1) << next(&seed) % 32;
                wanted[count++] = i;
            }
        }
        for (int k = 0; k < ISA_COUNT; k++) {
            ColumnPair now = {a, b}, before = {c, d};
            assert_int_equal(columns_changed(isa_at(k), now, before, n, changed), count);
            assert_memory_equal(changed, wanted, (size_t)count * sizeof *wanted);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_are_put_as_distances),
        cmocka_unit_test(test_sums_keep_their_order),
        cmocka_unit_test(test_counters_are_found_or_missed),
        cmocka_unit_test(test_changes_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
