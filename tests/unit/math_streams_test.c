// SPDX-License-Identifier: MIT
//
// Random words of places that differ in one field only (world, future, step, site, seed): as
// streams along each field, and beside the stream whose every other field is one further.
//
// Each statistic is turned into a normal score, and none may lie beyond 5: 6e-7 for one; with some
// 500 a right generator fails once in 3,000 sets of origins, and these are fixed. What takes more
// than a second is in script/dieharder.
#include "streams.h"

#include <stdlib.h>

#include "math/elementary.h"
#include "math_reference.h"

enum { N = 1 << 16, CELLS = 256 };
static const Axis N_FIELDS = AXIS_MODEL; // those before it

static const DrawPlace ORIGINS[] = {{0, 0, 0, 0}, {48211, 65535, 364, 7}};

static void hold(double z, const char *what, Axis axis)
{
    if (!(m_abs(z) < 5)) {
        print_error("%s along %s: %.2f standard errors\n", what, AXIS_NAMES[axis], z);
        fail();
    }
}

// Chi-square of equally likely cells as a normal score (Wilson and Hilferty 1931).
static double cells_score(const uint32_t counts[CELLS], double n)
{
    double expected = n / CELLS, chi = 0, df = CELLS - 1, v = 2 / (9 * df);
    for (int i = 0; i < CELLS; i++) {
        chi += (counts[i] - expected) * (counts[i] - expected) / expected;
    }
    return (m_pow(chi / df, 1.0 / 3) - (1 - v)) / m_sqrt(v);
}

static void fill(uint32_t *words, Axis axis, DrawPlace origin, uint64_t seed)
{
    for (uint32_t i = 0; i < N; i++) {
        words[i] = stream_word(axis, origin, seed, i);
    }
}

typedef struct {
    uint32_t a[N], b[N];
} Streams;

static void bytes_are_even(const uint32_t *words, Axis axis)
{
    for (int shift = 0; shift < 32; shift += 8) {
        uint32_t counts[CELLS] = {0};
        for (int i = 0; i < N; i++) {
            counts[words[i] >> shift & 255]++;
        }
        hold(cells_score(counts, N), "a byte", axis);
    }
}

// Pairs of neighbours, apart by `lag`: the high and the low four bits of both.
static void pairs_are_even(const uint32_t *words, int lag, Axis axis)
{
    for (int shift = 0; shift <= 28; shift += 28) {
        uint32_t counts[CELLS] = {0};
        for (int i = 0; i + lag < N; i++) {
            counts[(words[i] >> shift & 15) << 4 | (words[i + lag] >> shift & 15)]++;
        }
        hold(cells_score(counts, N - lag), "a pair", axis);
    }
}

// Of uniforms a_i and b_(i + lag): a normal score.
static double correlation(const uint32_t *a, const uint32_t *b, int lag)
{
    double sum = 0;
    for (int i = 0; i + lag < N; i++) {
        sum += (draw_uniform(a[i]) - 0.5) * (draw_uniform(b[i + lag]) - 0.5);
    }
    return 12 * sum / m_sqrt(N - lag);
}

// Half of the bits differ: 16 with variance 8.
static double differing_bits(const uint32_t *a, const uint32_t *b, int lag)
{
    double sum = 0;
    for (int i = 0; i + lag < N; i++) {
        sum += __builtin_popcount(a[i] ^ b[i + lag]) - 16;
    }
    return sum / m_sqrt(8.0 * (N - lag));
}

static void test_words_along_each_field_are_even(void **state)
{
    Streams *s = *state;
    for (size_t o = 0; o < ROWS(ORIGINS); o++) {
        for (Axis axis = 0; axis < N_FIELDS; axis++) {
            fill(s->a, axis, ORIGINS[o], 1);
            bytes_are_even(s->a, axis);
            for (int lag = 1; lag <= 8; lag *= 2) {
                pairs_are_even(s->a, lag, axis);
                hold(correlation(s->a, s->a, lag), "correlation", axis);
                hold(differing_bits(s->a, s->a, lag), "bits that differ", axis);
            }
        }
    }
}

// Beside a stream along one field, that whose other field is one further.
static void test_neighbouring_streams_are_independent(void **state)
{
    Streams *s = *state;
    for (Axis axis = 0; axis < N_FIELDS; axis++) {
        fill(s->a, axis, ORIGINS[0], 1);
        for (Axis other = 0; other < N_FIELDS; other++) {
            DrawPlace next = ORIGINS[0];
            next.future += other == AXIS_FUTURE;
            next.world += other == AXIS_WORLD;
            next.step += other == AXIS_STEP;
            next.site += other == AXIS_SITE ? N : 0;
            if (axis == other) {
                continue;
            }
            fill(s->b, axis, next, 1 + (other == AXIS_SEED));
            for (int lag = 0; lag <= 4; lag++) {
                hold(correlation(s->a, s->b, lag), "correlation with the next stream", axis);
                hold(differing_bits(s->a, s->b, lag), "bits that differ", axis);
            }
        }
    }
}

// A bit of a field flipped, a place of its own: half of the bits of the word change (avalanche).
static void test_each_bit_of_a_place_changes_half_of_the_word(void **state)
{
    (void)state;
    enum { PLACES = 512 };
    for (int bit = 0; bit < 32 * 4 + 64; bit++) {
        double sum = 0;
        for (uint32_t i = 0; i < PLACES; i++) {
            DrawPlace place = {i, 7 * i, 3 * i, stream_site(i)}, flipped = place;
            uint32_t *fields[] = {&flipped.future, &flipped.world, &flipped.step, &flipped.site};
            uint64_t seed = 1;
            if (bit < 128) {
                *fields[bit / 32] ^= UINT32_C(1) << bit % 32;
            } else {
                seed ^= UINT64_C(1) << (bit - 128);
            }
            sum += __builtin_popcount(draw_word(1, DRAW_STEP, place) ^
                                      draw_word(seed, DRAW_STEP, flipped)) -
                   16;
        }
        hold(sum / m_sqrt(8.0 * PLACES), "bits changed by a bit", AXIS_MODEL);
    }
}

static int setup(void **state)
{
    *state = malloc(sizeof(Streams));
    return *state ? 0 : 1;
}

static int teardown(void **state)
{
    free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_along_each_field_are_even),
        cmocka_unit_test(test_neighbouring_streams_are_independent),
        cmocka_unit_test(test_each_bit_of_a_place_changes_half_of_the_word),
    };
    return cmocka_run_group_tests_name("math_streams", tests, setup, teardown);
}
