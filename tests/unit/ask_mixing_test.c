// SPDX-License-Identifier: MIT
//
// The spread of a probability over worlds is found again from what worlds show of it.
#include "ask/mixing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/error.h"
#include "math/draw.h"

static double uniform(uint32_t world, uint32_t future)
{
    DrawPlace place = {.future = future, .world = world, .site = 11};
    return draw_uniform(draw_word(5, DRAW_STEP, place));
}

// Fits what `worlds` worlds of n futures show when world w has probability p(w).
static Mixing fit(double (*p)(uint32_t world), uint32_t worlds, uint32_t n)
{
    Arena *arena = arena_new(0);
    MixingCell *cells = ARENA_ARRAY(arena, MixingCell, n + 1);
    for (uint32_t k = 0; k <= n; k++) {
        cells[k] = (MixingCell){k, n, 0};
    }
    for (uint32_t w = 0; w < worlds; w++) {
        uint32_t k = 0;
        for (uint32_t f = 0; f < n; f++) {
            k += uniform(w, f) < p(w);
        }
        cells[k].worlds += 1;
    }
    MixingCell *kept = ARENA_ARRAY(arena, MixingCell, n + 1);
    int32_t n_kept = 0;
    for (uint32_t k = 0; k <= n; k++) {
        if (cells[k].worlds > 0) {
            kept[n_kept++] = cells[k];
        }
    }
    Mixing mixing;
    mixing_fit(arena, kept, n_kept, &mixing);
    arena_free(arena);
    return mixing;
}

static double two_stories(uint32_t w) { return uniform(w, 1 << 20) < 0.4 ? 0.5 : 0.08; }
static double one(uint32_t w) { return w < 1u << 31 ? 0.25 : 0; }
static double flat(uint32_t w) { return uniform(w, 1 << 20); }

static void assert_near(double a, double b, double tolerance)
{
    if (!(a - b <= tolerance && b - a <= tolerance)) {
        print_error("%.6g is not %.6g within %g\n", a, b, tolerance);
        fail();
    }
}

static void test_two_stories_keep_their_two_modes(void **state)
{
    (void)state;
    Mixing m = fit(two_stories, 20000, 16);
    assert_near(mixing_quantile(&m, 0.1), 0.08, 0.02);
    assert_near(mixing_quantile(&m, 0.5), 0.08, 0.03);
    assert_near(mixing_quantile(&m, 0.7), 0.5, 0.06);
    assert_near(mixing_quantile(&m, 0.9), 0.5, 0.04);
    double middle = 0;
    for (int j = 0; j < MIXING_GRID; j++) {
        middle += m.p[j] > 0.18 && m.p[j] < 0.35 ? m.weight[j] : 0;
    }
    assert_true(middle < 0.05); // nobody tells the story in between
}

static void test_worlds_alike_have_hardly_any_spread(void **state)
{
    (void)state;
    Mixing m = fit(one, 20000, 16);
    // What 16 futures of a world show alone would spread from 0.12 to 0.39.
    assert_near(mixing_quantile(&m, 0.1), 0.25, 0.03);
    assert_near(mixing_quantile(&m, 0.9), 0.25, 0.03);
}

static void test_a_flat_spread_is_found(void **state)
{
    (void)state;
    Mixing m = fit(flat, 20000, 16);
    assert_near(mixing_quantile(&m, 0.1), 0.1, 0.03);
    assert_near(mixing_quantile(&m, 0.5), 0.5, 0.06);
    assert_near(mixing_quantile(&m, 0.9), 0.9, 0.03);
}

static void test_many_sizes_of_worlds_are_joined(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    MixingCell *cells = ARENA_ARRAY(arena, MixingCell, 4000);
    for (int i = 0; i < 4000; i++) {
        double n = 100 + i, p = i % 4 == 0 ? 0.8 : 0.2;
        cells[i] = (MixingCell){n * p, n, 1};
    }
    Mixing m;
    mixing_fit(arena, cells, 4000, &m);
    assert_near(mixing_quantile(&m, 0.1), 0.2, 0.02);
    assert_near(mixing_quantile(&m, 0.9), 0.8, 0.02);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_stories_keep_their_two_modes),
        cmocka_unit_test(test_worlds_alike_have_hardly_any_spread),
        cmocka_unit_test(test_a_flat_spread_is_found),
        cmocka_unit_test(test_many_sizes_of_worlds_are_joined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
