// SPDX-License-Identifier: MIT
//
// The loops over columns give the bits of the plainest loop that means the same, for every
// instruction set, at every length.
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

// Distances of up to 2^7 from a centre of 1000, in steps of 2^-32, told by the plainest loop.
static void check_point(const double *from, int32_t n, bool near)
{
    const PointScale scale = {
        .centre = 1000, .round = 0x1.8p20, .step = 0x1p-32, .far = (127 + 7) * 64};
    double sum = 0;
    for (int32_t i = 0; i < n; i++) {
        double steps = (from[i] - 1000) * 0x1p32, whole = m_floor(steps);
        double over = steps - whole; // halves go to the even
        bool up = over > 0.5 || (over == 0.5 && m_floor(whole / 2) * 2 != whole);
        sum += whole + (up ? 1 : 0);
    }
    for (int k = 0; k < ISA_COUNT; k++) {
        uint16_t keys[COLUMNS_CHUNK + 1];
        int64_t steps;
        keys[n] = 7;
        assert_int_equal(columns_point(isa_at(k), from, n, &scale, keys, &steps), near);
        assert_int_equal(keys[n], 7);
        assert_true(!near || (double)steps == sum);
        for (int32_t i = 0; i < n; i++) {
            assert_int_equal(keys[i], columns_key((float)(from[i] - 1000)));
        }
    }
}

static void test_points_are_told_as_keys_and_steps(void **state)
{
    (void)state;
    double from[COLUMNS_CHUNK];
    uint64_t seed = 1;
    for (int32_t n = 0; n <= COLUMNS_CHUNK; n++) {
        for (int32_t i = 0; i < n; i++) {
            from[i] = 1000 + ((double)next(&seed) - 0x1p31) * 0x1p-25 * (i % 3 == 0 ? 0x1p-9 : 1);
        }
        check_point(from, n, true);
        const double odd[] = {1128, 872, 1e9, MATH_NAN, MATH_INF, -MATH_INF, 1e300};
        for (size_t k = 0; k < 7 && n > 0; k++) {
            int32_t at = (int32_t)(next(&seed) % (uint32_t)n);
            double was = from[at];
            from[at] = odd[k];
            check_point(from, n, false);
            from[at] = was;
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
    uint16_t keys[COLUMNS_CHUNK];
    int16_t at[COLUMNS_CHUNK];
    for (int round = 0; round < 200; round++) {
        fill(v, COLUMNS_CHUNK, (uint64_t)round, false);
        v[round % 64] = round % 3 == 0 ? 0.0F : round % 3 == 1 ? -0.0F : v[round % 64];
        for (int i = 0; i < COLUMNS_CHUNK; i++) {
            keys[i] = columns_key(v[i]);
        }
        for (int k = 0; k < ISA_COUNT; k++) {
            assert_true(columns_find(isa_at(k), counters, keys, at));
            for (int i = 0; i < COLUMNS_CHUNK; i++) {
                int32_t place = keys[i] % (256 * 64) - LO * 64;
                place = v[i] == 0 ? -1 : place + (v[i] < 0 ? SIZE : 0);
                assert_int_equal(at[i], place);
            }
        }
        const float missing[] = {(float)MATH_NAN, (float)MATH_INF, 0x1p-8F,
                                 -0x1p9F,         1e30F,           -1e-30F};
        keys[(round * 7) % 64] = columns_key(missing[round % 6]);
        for (int k = 0; k < ISA_COUNT; k++) {
            assert_false(columns_find(isa_at(k), counters, keys, at));
        }
    }
    memset(keys, 1, sizeof keys);
    assert_false(columns_find(ISA_BASE, (ColumnCounters){255 * 64, 0}, keys, at)); // none at all
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_points_are_told_as_keys_and_steps),
        cmocka_unit_test(test_sums_keep_their_order),
        cmocka_unit_test(test_counters_are_found_or_missed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
