// SPDX-License-Identifier: MIT
//
// Numbers as bytes come back bit by bit; bytes that are anything are read or found bad.
#include "base/bytes.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 200 };

// A generator of our own (SplitMix64: Steele, Lea, Flood 2014), so that the test is the same
// always.
static uint64_t next_of(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static double some_double(uint64_t *state)
{
    static const double odd[] = {
        0, -0.0, 1, -1, (double)NAN, (double)INFINITY, -(double)INFINITY, 0x1p-1074, 0x1.8p1023};
    uint64_t what = next_of(state);
    switch (what % 5) {
    case 0: return odd[next_of(state) % (sizeof odd / sizeof *odd)];
    case 1: return (double)(next_of(state) % 1000);
    case 2: {
        uint64_t bits = next_of(state);
        double x;
        memcpy(&x, &bits, sizeof x);
        return x;
    }
    default: return 0;
    }
}

static void test_columns_come_back_bit_by_bit(void **unused)
{
    (void)unused;
    uint64_t state = 1;
    for (int64_t n = 0; n < MOST; n++) {
        Arena *arena = arena_new(0);
        double x[MOST], y[MOST];
        uint64_t k[MOST], l[MOST];
        for (int64_t i = 0; i < n; i++) {
            x[i] = i >= 2 && next_of(&state) % 3 == 0 ? x[i - 2] : some_double(&state);
            k[i] = next_of(&state) % 2 ? 0 : next_of(&state) >> next_of(&state) % 64;
        }
        Buf buf = {.arena = arena};
        bytes_put_doubles(&buf, x, n);
        bytes_put_counts(&buf, k, n);
        bytes_put_str(&buf, STR("end"));
        Bytes bytes = bytes_of(buf_str(&buf));
        bytes_doubles(&bytes, y, n);
        bytes_counts(&bytes, l, n);
        assert_true(str_eq(bytes_str(&bytes), STR("end")));
        assert_true(!bytes.bad && bytes.p == bytes.end);
        assert_memory_equal(x, y, (size_t)n * sizeof *x);
        assert_memory_equal(k, l, (size_t)n * sizeof *k);
        arena_free(arena);
    }
}

// n and x by turns, as sums stand: n repeats, x is a small whole number, most are 0.
static void test_what_repeats_or_is_whole_takes_little_room(void **unused)
{
    (void)unused;
    Arena *arena = arena_new(0);
    double zeros[1000] = {0}, sums[1000];
    for (int i = 0; i < 1000; i += 2) {
        sums[i] = 4096;
        sums[i + 1] = i % 100;
    }
    Buf buf = {.arena = arena};
    bytes_put_doubles(&buf, zeros, 1000);
    assert_true(buf.n <= 2);
    bytes_put_doubles(&buf, sums, 1000);
    assert_true(buf.n < 500 * 4); // of 8,000
    arena_free(arena);
}

// Every beginning of a good one, and the good one with any byte changed.
static void test_bytes_that_are_anything_are_read_or_bad(void **unused)
{
    (void)unused;
    Arena *arena = arena_new(0);
    uint64_t state = 7;
    double x[40], y[40];
    for (int i = 0; i < 40; i++) {
        x[i] = some_double(&state);
    }
    Buf buf = {.arena = arena};
    bytes_put_doubles(&buf, x, 40);
    int refused = 0;
    for (size_t i = 0; i < buf.n; i++) {
        Bytes part = bytes_of(str_copy(arena, (Str){buf.p, i}));
        bytes_doubles(&part, y, 40);
        assert_true(part.bad && part.p == part.end);
        for (int bit = 0; bit < 8; bit++) {
            Str copy = str_copy(arena, buf_str(&buf));
            ((char *)(uintptr_t)copy.p)[i] = (char)(buf.p[i] ^ (1 << bit));
            Bytes forged = bytes_of(copy);
            bytes_doubles(&forged, y, 40);
            assert_true(forged.p <= forged.end);
            refused += forged.bad;
        }
    }
    assert_true(refused > 0);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_come_back_bit_by_bit),
        cmocka_unit_test(test_what_repeats_or_is_whole_takes_little_room),
        cmocka_unit_test(test_bytes_that_are_anything_are_read_or_bad),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
