// SPDX-License-Identifier: MIT
//
// Random words by place: known answers of Philox, the promised mapping, and exact trials.
#include "math/draw.h"

#include <string.h>

#include "math/philox.h"
#include "math_reference.h"

static void assert_philox(const uint32_t c[4], const uint32_t k[2], const uint32_t want[4])
{
    uint32_t got[4];
    philox4x32(got, c[0], c[1], c[2], c[3], k[0], k[1]);
    assert_memory_equal(got, want, sizeof got);
}

// The known answers published with Random123 (Salmon et al. 2011).
static void test_philox_gives_the_known_answers(void **state)
{
    (void)state;
    assert_philox((uint32_t[]){0, 0, 0, 0}, (uint32_t[]){0, 0},
                  (uint32_t[]){0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    assert_philox((uint32_t[]){0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
                  (uint32_t[]){0xffffffff, 0xffffffff},
                  (uint32_t[]){0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    assert_philox((uint32_t[]){0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                  (uint32_t[]){0xa4093822, 0x299f31d0},
                  (uint32_t[]){0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

static void test_words_come_from_the_promised_counter(void **state)
{
    (void)state;
    uint64_t seed = UINT64_C(0x0123456789abcdef);
    DrawPlace place = {.future = 7, .world = 11, .step = 4 * 9 + 2, .site = 13};
    uint32_t out[4];
    philox4x32(out, 7, 11, 9, 13, 0x89abcdef, 0x01234567);
    assert_int_equal(draw_word(seed, DRAW_STEP, place), out[2]);
    philox4x32(out, 7, 11, 9 | UINT32_C(2) << 30, 13, 0x89abcdef, 0x01234567);
    assert_int_equal(draw_word(seed, DRAW_SECOND, place), out[2]);
    place.future = 0;
    philox4x32(out, 0, 11, 9 | UINT32_C(1) << 30, 13, 0x89abcdef, 0x01234567);
    assert_int_equal(draw_word(seed, DRAW_WORLD, place), out[2]);
}

static void test_site_hash_is_stable(void **state)
{
    (void)state;
    // Golden values: a change would change every answer of every model.
    assert_int_equal(draw_site_hash(STR("clash.chance")), UINT32_C(0x509fd65b));
    assert_int_equal(draw_site_hash(STR("")), UINT32_C(0x55493646));
    // Names that differ in their last byte differ in about half of the bits.
    int bits = 0;
    for (int i = 0; i < 100; i++) {
        char a[] = "front.noise.00", b[] = "front.noise.00";
        a[12] = b[12] = (char)('0' + i / 10);
        a[13] = (char)('0' + i % 10);
        b[13] = (char)(a[13] ^ 1);
        bits += __builtin_popcount(draw_site_hash((Str){a, 14}) ^ draw_site_hash((Str){b, 14}));
    }
    assert_true(bits > 1400 && bits < 1800); // 1600 expected, 4.9 sd of 40 either way
}

static void test_uniforms_lie_strictly_inside(void **state)
{
    (void)state;
    assert_true(draw_uniform(0) == 0x1p-33);
    assert_true(draw_uniform(UINT32_MAX) == 1.0 - 0x1p-33);
    assert_true(draw_uniform64(0, 0) == 0x1p-65);
    assert_true(draw_uniform64(1, 0) == 0x1p-32 + 0x1p-65);
    for (uint32_t i = 0; i < 1000; i++) {
        uint32_t w = i * UINT32_C(4294967), w2 = i * UINT32_C(2654435761);
        double both = draw_uniform64(w, w2) + draw_uniform64(~w, ~w2);
        assert_true(both > 1.0 - 0x1p-52 && both < 1.0 + 0x1p-51);
    }
}

static void test_trials_compare_64_bits_exactly(void **state)
{
    (void)state;
    assert_false(draw_bernoulli(0.0, 0, 0));
    assert_false(draw_bernoulli(-1.0, 0, 0));
    assert_false(draw_bernoulli(-1e-30, 0, 0));
    assert_false(draw_bernoulli(MATH_NAN, 0, 0));
    assert_true(draw_bernoulli(1.0, UINT32_MAX, UINT32_MAX));
    assert_true(draw_bernoulli(7.0, UINT32_MAX, UINT32_MAX));
    assert_true(draw_bernoulli(MATH_INF, UINT32_MAX, UINT32_MAX));
    // p = 5 x 2^-64: the numbers 0 to 4 hit.
    assert_true(draw_bernoulli(5 * 0x1p-64, 0, 4));
    assert_false(draw_bernoulli(5 * 0x1p-64, 0, 5));
    assert_false(draw_bernoulli(5 * 0x1p-64, 1, 0));
    // A fraction of 2^-64 counts as hit at the number it reaches into.
    assert_true(draw_bernoulli(4.5 * 0x1p-64, 0, 4));
    assert_false(draw_bernoulli(4.5 * 0x1p-64, 0, 5));
    double p = 0.3; // p 2^32 = 1288490188.8
    assert_true(draw_bernoulli(p, 1288490187, UINT32_MAX));
    assert_true(draw_bernoulli_tied(p, 1288490188));
    assert_false(draw_bernoulli_tied(p, 1288490187));
    assert_true(draw_bernoulli(p, 1288490188, 3435970000));
    assert_false(draw_bernoulli(p, 1288490188, 3435980000));
    assert_false(draw_bernoulli(p, 1288490189, 0));
}

// Draws at many places: a fair count of hits, whether the counter moves in steps, futures, worlds
// or sites. Each count has a binomial spread; 5 sd is passed by chance once in 1.7 million.
static void test_trials_are_fair_along_every_coordinate(void **state)
{
    (void)state;
    enum { N = 100000 };
    static const double chances[] = {0.5, 0.01};
    for (size_t c = 0; c < ROWS(chances); c++) {
        for (int axis = 0; axis < 4; axis++) {
            double p = chances[c];
            int hits = 0;
            for (uint32_t i = 0; i < N; i++) {
                DrawPlace place = {1, 2, 3, 4};
                uint32_t *coordinates[] = {&place.future, &place.world, &place.step, &place.site};
                *coordinates[axis] = i;
                hits += draw_bernoulli_at(p, 42, DRAW_STEP, place);
            }
            double deviation = (double)hits - N * p;
            assert_true(deviation * deviation < 25.0 * N * p * (1.0 - p));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_philox_gives_the_known_answers),
        cmocka_unit_test(test_words_come_from_the_promised_counter),
        cmocka_unit_test(test_site_hash_is_stable),
        cmocka_unit_test(test_uniforms_lie_strictly_inside),
        cmocka_unit_test(test_trials_compare_64_bits_exactly),
        cmocka_unit_test(test_trials_are_fair_along_every_coordinate),
    };
    return cmocka_run_group_tests_name("math_draw", tests, NULL, NULL);
}
