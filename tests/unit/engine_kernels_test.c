// SPDX-License-Identifier: MIT
//
// Single kernels of every instruction set against the scalar functions of math: elementary
// functions on awkward numbers, draws where their quick looks are hardest put to it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/vec.h"
#include "engine/plan.h"
#include "engine_generate.h"
#include "math/bits.h"
#include "math/draw.h"
#include "math/elementary.h"
#include "math/qtable.h"

enum { LANES = 264, OPTIONS = 5 };

// Columns and words to run a kernel on.
typedef struct {
    Arena *arena;
    uint64_t state;
    double *a, *b, *c, *d;
    double *worth[OPTIONS], *open[OPTIONS];
    uint32_t *words, *world, *future;
    DrawSite site;
    Frame frame;
    Choice choices[OPTIONS];
} Bench;

static Bench *bench_new(Arena *arena)
{
    Bench *t = ARENA_NEW(arena, Bench);
    t->arena = arena;
    t->a = ARENA_COLUMN(arena, double, LANES);
    t->b = ARENA_COLUMN(arena, double, LANES);
    t->c = ARENA_COLUMN(arena, double, LANES);
    t->d = ARENA_COLUMN(arena, double, LANES);
    for (int i = 0; i < OPTIONS; i++) {
        t->worth[i] = ARENA_COLUMN(arena, double, LANES);
        t->open[i] = ARENA_COLUMN(arena, double, LANES);
    }
    t->words = ARENA_COLUMN(arena, uint32_t, LANES);
    t->world = ARENA_COLUMN(arena, uint32_t, LANES);
    t->future = ARENA_COLUMN(arena, uint32_t, LANES);
    for (uint32_t i = 0; i < LANES; i++) {
        t->world[i] = i * 7 + 3;
        t->future[i] = 1000 - i;
    }
    t->site = (DrawSite){.hash = 0xdeadbeef, .words = t->words};
    t->frame = (Frame){.n = LANES,
                       .real = LANES,
                       .step = 7,
                       .seed = UINT64_C(0x123456789abcdef),
                       .world = t->world,
                       .future = t->future};
    return t;
}

static double uniform(Bench *t)
{
    return (double)(generate_random(&t->state) >> 11) * 0x1p-53;
}

static uint64_t same_bits(double x)
{
    return x != x ? UINT64_C(0x7ff8000000000000) : bits_of(x);
}

static const double AWKWARD[] = {
    0.0,
    -0.0,
    0.5,
    -0.5,
    1.0,
    -1.0,
    1.5,
    2.0,
    -2.0,
    2.5,
    3.0,
    -3.0,
    0x1p-1074,
    1e-310,
    0x1p-1022,
    -1e-310,
    1e-20,
    -1e-20,
    1e-300,
    0.1,
    0.7,
    1.1,
    20.0,
    -20.0,
    40.0,
    -50.5,
    700.0,
    709.7,
    709.9,
    710.5,
    -707.0,
    -708.2,
    -708.6,
    -745.0,
    1e5,
    -1e5,
    1e15,
    1e16,
    0x1p51,
    0x1p52,
    0x1p53,
    1e300,
    -1e300,
    0x1.fffffffffffffp1023,
    0.49999999999999994,
    4503599627370497.5,
};
enum { N_AWKWARD = sizeof AWKWARD / sizeof AWKWARD[0] };

static double some(Bench *t)
{
    uint64_t r = generate_random(&t->state);
    switch (r % 8) {
    case 0: return AWKWARD[r / 8 % N_AWKWARD];
    case 1: return double_of(r);
    case 2: return MATH_NAN;
    case 3: return r & 16 ? MATH_INF : -MATH_INF;
    case 4: return 1400.0 * (uniform(t) - 0.5);
    case 5: return 1.0 + (uniform(t) - 0.5) * 0x1p-20;
    default: return 10.0 * (uniform(t) - 0.3);
    }
}

static const KernelTable *table_of(int isa)
{
    return engine_has_isa((Isa)isa) ? kernels_of((Isa)isa) : NULL;
}

// Elementary functions

typedef double Scalar1(double);
typedef double Scalar2(double, double);

static double hazard(double a)
{
    return -m_expm1(-a);
}

static double negate(double a)
{
    return -a;
}

static void test_functions_of_one_number_have_the_bits_of_math(void **state)
{
    static const struct {
        KernelId kernel;
        Scalar1 *scalar;
    } CASES[] = {
        {K_EXP, m_exp},     {K_LOG, m_log},   {K_LOG1P, m_log1p}, {K_LOGISTIC, m_logistic},
        {K_HAZARD, hazard}, {K_SQRT, m_sqrt}, {K_FLOOR, m_floor}, {K_ROUND, m_round},
        {K_ABS, m_abs},     {K_NEG, negate},
    };
    Bench *t = *state;
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        const KernelTable *kernels = table_of(isa);
        for (size_t k = 0; kernels && k < sizeof CASES / sizeof CASES[0]; k++) {
            Cell cell = {.a = t->a, .d = t->d};
            for (int round = 0; round < 100; round++) {
                for (int i = 0; i < LANES; i++) {
                    t->a[i] = some(t);
                }
                // Fewer lanes now and then: eight, sixteen, twenty-four.
                t->frame.n = round % 4 ? 8 * (round % 4) : LANES;
                kernels->fn[CASES[k].kernel](&cell, &t->frame);
                for (int i = 0; i < t->frame.n; i++) {
                    if (same_bits(t->d[i]) != same_bits(CASES[k].scalar(t->a[i]))) {
                        fail_msg("%s, case %d: of %a", isa_name((Isa)isa), (int)k, t->a[i]);
                    }
                }
            }
        }
    }
    t->frame.n = LANES;
}

static double divide(double a, double b)
{
    return a / b;
}

static void test_functions_of_two_numbers_have_the_bits_of_math(void **state)
{
    static const struct {
        KernelId columns, uniform;
        Scalar2 *scalar;
        bool bounds; // the uniform is neither NaN nor -0
    } CASES[] = {
        {K_POW_CC, K_POW_CU, m_pow, false},
        {K_MIN_CC, K_MIN_CU, m_min, true},
        {K_MAX_CC, K_MAX_CU, m_max, true},
        {K_DIV_CC, K_DIV_CU, divide, false},
    };
    Bench *t = *state;
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        const KernelTable *kernels = table_of(isa);
        for (size_t k = 0; kernels && k < sizeof CASES / sizeof CASES[0]; k++) {
            Cell cell = {.a = t->a, .b = t->b, .d = t->d};
            for (int round = 0; round < 300; round++) {
                bool tame = round % 3 == 0; // all positive and normal, as most columns are
                for (int i = 0; i < LANES; i++) {
                    t->a[i] = tame ? 0.01 + 100.0 * uniform(t) : some(t);
                    t->b[i] = some(t);
                }
                bool columns = round % 2;
                if (CASES[k].bounds && !columns && !(t->b[0] < 0.0 || t->b[0] > 0.0)) {
                    t->b[0] = 0.0;
                }
                kernels->fn[columns ? CASES[k].columns : CASES[k].uniform](&cell, &t->frame);
                for (int i = 0; i < LANES; i++) {
                    double b = t->b[columns ? i : 0];
                    if (same_bits(t->d[i]) != same_bits(CASES[k].scalar(t->a[i], b))) {
                        fail_msg("%s, case %d: of %a, %a", isa_name((Isa)isa), (int)k, t->a[i], b);
                    }
                }
            }
        }
    }
}

static void test_a_destination_may_be_an_operand(void **state)
{
    static const KernelId KERNELS[] = {K_EXP, K_LOG, K_POW_CU, K_POW_CC, K_ADD_CC, K_CLAMP_CCC};
    Bench *t = *state;
    double before[LANES];
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        const KernelTable *kernels = table_of(isa);
        for (size_t k = 0; kernels && k < sizeof KERNELS / sizeof KERNELS[0]; k++) {
            for (int n = 8; n <= 40; n += 8) {
                for (int i = 0; i < LANES; i++) {
                    t->a[i] = before[i] = some(t);
                    t->b[i] = some(t);
                    t->c[i] = some(t);
                }
                t->frame.n = n;
                Cell apart = {.a = t->a, .b = t->b, .c = t->c, .d = t->d};
                kernels->fn[KERNELS[k]](&apart, &t->frame);
                Cell same = {.a = t->a, .b = t->b, .c = t->c, .d = t->a};
                kernels->fn[KERNELS[k]](&same, &t->frame);
                for (int i = 0; i < LANES; i++) {
                    double want = i < n ? t->d[i] : before[i];
                    assert_true(same_bits(t->a[i]) == same_bits(want));
                }
            }
        }
    }
    t->frame.n = LANES;
}

// Words

static void test_words_are_those_of_draw_h(void **state)
{
    Bench *t = *state;
    uint32_t *rows[4];
    for (int i = 0; i < 4; i++) {
        rows[i] = ARENA_COLUMN(t->arena, uint32_t, LANES);
    }
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        const KernelTable *kernels = table_of(isa);
        for (uint32_t step = 0; kernels && step < 1000; step += 37) {
            for (int i = 0; i < LANES; i++) {
                t->world[i] = (uint32_t)generate_random(&t->state);
                t->future[i] = (uint32_t)generate_random(&t->state);
            }
            uint64_t seed = generate_random(&t->state);
            uint32_t site = (uint32_t)generate_random(&t->state);
            WordJob job = {t->future, t->world,       step >> 2,
                           site,      (uint32_t)seed, (uint32_t)(seed >> 32)};
            kernels->words4(&job, rows, LANES);
            kernels->words1(&job, step & 3, t->words, LANES);
            for (int i = 0; i < LANES; i++) {
                DrawPlace place = {t->future[i], t->world[i], step, site};
                uint32_t want = draw_word(seed, DRAW_STEP, place);
                assert_int_equal(rows[step & 3][i], want);
                assert_int_equal(t->words[i], want);
            }
        }
    }
}

// Draws

static uint32_t second_word(const Bench *t, int i)
{
    DrawPlace place = {t->future[i], t->world[i], t->frame.step, t->site.hash};
    return draw_word(t->frame.seed, DRAW_SECOND, place);
}

// A word at p 2^32, or within some units or a small share of it; sometimes any word.
static uint32_t word_near(Bench *t, double p)
{
    uint64_t r = generate_random(&t->state);
    double x = p * 0x1p32;
    switch (r % 5) {
    case 0: return (uint32_t)(r >> 32);
    case 1: x += (double)(int64_t)(r >> 8 & 7) - 3.0; break;
    case 2: x *= 1.0 + (uniform(t) - 0.5) * 0x1p-11; break;
    case 3: x *= 1.0 + (uniform(t) - 0.5) * 0x1p-13; break;
    default: break;
    }
    return x <= 0.0 ? 0 : x >= 0x1p32 - 1.0 ? UINT32_MAX : (uint32_t)x;
}

static bool is_yes(const Bench *t, int i)
{
    uint64_t bits = bits_of(t->d[i]);
    assert_true(bits == 0 || bits == UINT64_MAX);
    return bits != 0;
}

static void test_trials_are_exact_near_their_chance(void **state)
{
    Bench *t = *state;
    Cell cell = {.a = t->a, .d = t->d, .site = &t->site};
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        const KernelTable *kernels = table_of(isa);
        for (int round = 0; kernels && round < 400; round++) {
            bool uniform_p = round % 2;
            for (int i = 0; i < LANES; i++) {
                t->a[i] = round % 7 == 0 ? some(t) : m_exp(-30.0 * uniform(t) * uniform(t));
                t->words[i] = word_near(t, t->a[uniform_p ? 0 : i]);
            }
            kernels->fn[uniform_p ? K_BERN_U : K_BERN_C](&cell, &t->frame);
            for (int i = 0; i < LANES; i++) {
                double p = t->a[uniform_p ? 0 : i];
                bool want = draw_bernoulli(p, t->words[i], second_word(t, i));
                if (is_yes(t, i) != want) {
                    fail_msg("%s: chance %a, word %u", isa_name((Isa)isa), p, t->words[i]);
                }
            }
        }
    }
}

static void test_logit_trials_are_exact_near_their_chance(void **state)
{
    Bench *t = *state;
    Cell cell = {.a = t->a, .d = t->d, .site = &t->site};
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        const KernelTable *kernels = table_of(isa);
        for (int round = 0; kernels && round < 1000; round++) {
            double range = round % 3 == 0 ? 8.0 : round % 3 == 1 ? 40.0 : 200.0;
            t->frame.n = round % 5 ? LANES : 8 * (1 + round % 6);
            for (int i = 0; i < LANES; i++) {
                t->a[i] = round % 11 == 0 ? some(t) : range * (uniform(t) - 0.5);
                t->words[i] = word_near(t, m_logistic(t->a[i]));
            }
            kernels->fn[K_BERNLOG](&cell, &t->frame);
            for (int i = 0; i < t->frame.n; i++) {
                double p = m_logistic(t->a[i]);
                bool want = draw_bernoulli(p, t->words[i], second_word(t, i));
                if (is_yes(t, i) != want) {
                    fail_msg("%s: z %a, word %u", isa_name((Isa)isa), t->a[i], t->words[i]);
                }
            }
        }
    }
    t->frame.n = LANES;
}

static void test_hazard_trials_are_exact_near_their_chance(void **state)
{
    Bench *t = *state;
    Cell cell = {.a = t->a, .d = t->d, .site = &t->site};
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        const KernelTable *kernels = table_of(isa);
        for (int round = 0; kernels && round < 600; round++) {
            t->frame.n = round % 5 ? LANES : 8 * (1 + round % 6);
            for (int i = 0; i < LANES; i++) {
                double rate = m_exp(-20.0 * uniform(t) + 4.0);
                t->a[i] = round % 11 == 0 ? some(t) : rate;
                t->words[i] = word_near(t, -m_expm1(-t->a[i]));
            }
            kernels->fn[K_HAZARD_BERN](&cell, &t->frame);
            for (int i = 0; i < t->frame.n; i++) {
                double p = -m_expm1(-t->a[i]);
                bool want = draw_bernoulli(p, t->words[i], second_word(t, i));
                if (is_yes(t, i) != want) {
                    fail_msg("%s: rate %a, word %u", isa_name((Isa)isa), t->a[i], t->words[i]);
                }
            }
        }
    }
    t->frame.n = LANES;
}

// The definition of ops.def.
static double spin(const double *odds, int n, uint32_t w, uint32_t w2)
{
    double total = 0.0;
    for (int i = 0; i < n; i++) {
        total = total + odds[i];
    }
    double mark = draw_uniform64(w, w2) * total;
    double below = 0.0;
    int last = -1;
    for (int i = 0; i < n; i++) {
        below = below + odds[i];
        last = odds[i] > 0.0 ? i : last;
        if (mark < below) {
            break;
        }
    }
    return last;
}

static void odds_of(const Bench *t, int i, int n, bool worths, double *odds)
{
    double best = -MATH_INF;
    for (int j = 0; j < n; j++) {
        double worth = t->choices[j].value[t->choices[j].uniform ? 0 : i];
        bool open = !t->choices[j].available || bits_of(t->choices[j].available[i]);
        best = open && worth > best ? worth : best;
    }
    for (int j = 0; j < n; j++) {
        double worth = t->choices[j].value[t->choices[j].uniform ? 0 : i];
        bool open = !t->choices[j].available || bits_of(t->choices[j].available[i]);
        double odd = worths ? m_exp(worth - best) : worth > 0.0 ? worth : 0.0;
        odds[j] = open ? odd : 0.0;
    }
}

static void fill_choices(Bench *t, int round, int n)
{
    bool all_open = round % 3;
    double range = round % 5 == 0 ? 300.0 : round % 5 == 1 ? 60.0 : 6.0;
    for (int j = 0; j < n; j++) {
        t->choices[j] = (Choice){t->worth[j], all_open ? NULL : t->open[j], j == 0 && round % 2};
        for (int i = 0; i < LANES; i++) {
            t->worth[j][i] = round % 13 == 0 ? some(t) : range * (uniform(t) - 0.4);
            t->open[j][i] = double_of(uniform(t) < 0.6 ? UINT64_MAX : 0);
        }
    }
}

static void test_choices_are_exact_near_their_bounds(void **state)
{
    Bench *t = *state;
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        const KernelTable *kernels = table_of(isa);
        for (int round = 0; kernels && round < 1200; round++) {
            int n = 1 + round % OPTIONS;
            bool worths = round / OPTIONS % 2;
            fill_choices(t, round, n);
            for (int i = 0; i < LANES; i++) {
                double odds[OPTIONS];
                odds_of(t, i, n, worths, odds);
                double total = 0.0;
                double to = 0.0;
                for (int j = 0; j < n; j++) {
                    total += odds[j];
                    to += j <= i % n ? odds[j] : 0.0;
                }
                double p = to / total;
                t->words[i] = word_near(t, p == p ? p : 0.5);
            }
            Cell cell = {.d = t->d, .site = &t->site, .n = n};
            cell.more.choices = t->choices;
            t->frame.n = round % 4 ? LANES : 8 * (1 + round % 3);
            kernels->fn[worths ? K_SOFTMAX : K_WEIGHTED](&cell, &t->frame);
            for (int i = 0; i < t->frame.n; i++) {
                double odds[OPTIONS];
                odds_of(t, i, n, worths, odds);
                if (t->d[i] != spin(odds, n, t->words[i], second_word(t, i))) {
                    fail_msg("%s: round %d, lane %d, %d options", isa_name((Isa)isa), round, i, n);
                }
            }
        }
    }
    t->frame.n = LANES;
}

static double gap(const void *ctx, double u, double v)
{
    (void)ctx;
    return u < 0.3 ? u : 7.0 - v;
}

static void test_tables_have_the_bits_of_math(void **state)
{
    Bench *t = *state;
    const QTable *tables[2] = {qtable_normal(t->arena), qtable_build(t->arena, gap, NULL)};
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        const KernelTable *kernels = table_of(isa);
        for (int round = 0; kernels && round < 2000; round++) {
            for (int i = 0; i < LANES; i++) {
                uint64_t r = generate_random(&t->state);
                uint32_t w = (uint32_t)(r >> 32);
                // All sizes of u and of 1 - u, and the bounds of their octaves.
                w >>= r % 4 ? r >> 8 & 31 : 0;
                w = r & 64 ? w : (uint32_t)(UINT64_C(1) << (r >> 8 & 31)) - (r >> 16 & 1);
                t->words[i] = r & 128 ? w : ~w;
            }
            const QTable *table = tables[round % 2];
            Cell cell = {.d = t->d, .site = &t->site, .more.table = table};
            kernels->fn[K_QTABLE](&cell, &t->frame);
            for (int i = 0; i < LANES; i++) {
                double want = qtable_draw(table, t->words[i], second_word(t, i));
                if (same_bits(t->d[i]) != same_bits(want)) {
                    fail_msg("%s: word %u", isa_name((Isa)isa), t->words[i]);
                }
            }
        }
    }
}

// Lanes

static void test_pick_finds_every_lane_once(void **state)
{
    Bench *t = *state;
    int32_t *index = ARENA_COLUMN(t->arena, int32_t, LANES + 8);
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        const KernelTable *kernels = table_of(isa);
        for (int round = 0; kernels && round < 500; round++) {
            double share = round % 4 == 0 ? 0.002 : round % 4 == 1 ? 0.9 : 0.2;
            for (int i = 0; i < LANES; i++) {
                t->a[i] = double_of(uniform(t) < share ? UINT64_MAX : 0);
                t->b[i] = double_of(uniform(t) < 0.8 ? UINT64_MAX : 0);
            }
            const double *active = round % 3 ? t->b : NULL;
            int32_t real = 1 + (int32_t)(generate_random(&t->state) % (LANES - 8));
            int32_t count = kernels->pick(t->a, active, real, index);
            int32_t want = 0;
            for (int i = 0; i < real; i++) {
                if (bits_of(t->a[i]) && (!active || bits_of(active[i]))) {
                    assert_true(want < count);
                    assert_int_equal(index[want++], i);
                }
            }
            assert_int_equal(count, want);
        }
    }
}

static int set_up(void **state)
{
    Arena *arena = arena_new(0);
    Bench *t = bench_new(arena);
    *state = t;
    return 0;
}

static int tear_down(void **state)
{
    Bench *t = *state;
    arena_free(t->arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_functions_of_one_number_have_the_bits_of_math),
        cmocka_unit_test(test_functions_of_two_numbers_have_the_bits_of_math),
        cmocka_unit_test(test_a_destination_may_be_an_operand),
        cmocka_unit_test(test_words_are_those_of_draw_h),
        cmocka_unit_test(test_trials_are_exact_near_their_chance),
        cmocka_unit_test(test_logit_trials_are_exact_near_their_chance),
        cmocka_unit_test(test_hazard_trials_are_exact_near_their_chance),
        cmocka_unit_test(test_choices_are_exact_near_their_bounds),
        cmocka_unit_test(test_tables_have_the_bits_of_math),
        cmocka_unit_test(test_pick_finds_every_lane_once),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
