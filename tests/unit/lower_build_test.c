// SPDX-License-Identifier: MIT
//
// The builder: whatever level a value lives at, folded, of the calendar, of a world or of a lane,
// an operation gives the same bits; work goes where it is done least often; a region does what
// selects do; a value once taken stays what it was.
#include "lower/build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/engine.h"
#include "math/elementary.h"

// ---- A program by hand --------------------------------------------------------------------------

typedef struct {
    Arena *arena;
    Builder *b;
    Error error;
    Program program;
    VEC(Val) homes; // persistent columns read as results when a future ends
} Bench;

static Bench bench_open(void)
{
    Bench bench = {.arena = arena_new(0)};
    bench.b = build_new(bench.arena, &bench.error);
    bench.b->segment = SEG_STEP;
    return bench;
}

// A column that starts as k and may be written again.
static Val start_with(Bench *bench, double k)
{
    Segment segment = bench->b->segment;
    bench->b->segment = SEG_START;
    Val home = build_persistent(bench->b, false);
    build_store(bench->b, home, val_const(k));
    bench->b->segment = segment;
    return home;
}

// Read at the end as the next result.
static Val result_home(Bench *bench)
{
    Val home = start_with(bench, 0);
    vec_push(bench->arena, &bench->homes, home);
    return home;
}

static void give(Bench *bench, Val value)
{
    build_store(bench->b, result_home(bench), build_num(bench->b, value));
}

static void finish(Bench *bench, int32_t n_steps)
{
    Program *p = &bench->program;
    Allocation allocation;
    assert_int_equal(build_finish(bench->b, p, &allocation), ST_OK);
    double *dates = ARENA_ARRAY(bench->arena, double, n_steps + 1);
    for (int32_t i = 0; i <= n_steps; i++) {
        dates[i] = i;
    }
    p->step_start = dates;
    p->n_steps = n_steps;
    p->stop = REG_NONE;
    Result *results = ARENA_ARRAY(bench->arena, Result, bench->homes.n);
    for (int32_t i = 0; i < bench->homes.n; i++) {
        Reg value = (Reg)allocation.col_of[SEG_FINISH][bench->homes.p[i].id];
        results[i] = (Result){.question = i,
                              .kind = RESULT_NUMBER,
                              .value = value,
                              .defined = REG_NONE,
                              .censored = REG_NONE};
    }
    p->results = results;
    p->n_results = bench->homes.n;
    p->draws_in_world = true;
    const char *fault = program_verify(p, bench->arena);
    if (fault) {
        fail_msg("%s", fault);
    }
}

typedef struct {
    double *values; // futures x results
    int32_t n_results;
    int64_t seen;
} Taken;

static void take(void *ctx, const Finished *finished)
{
    Taken *taken = ctx;
    for (int32_t i = 0; i < finished->n; i++) {
        for (int32_t r = 0; r < taken->n_results; r++) {
            taken->values[(int64_t)finished->future[i] * taken->n_results + r] =
                finished->values[r][i];
        }
        taken->seen++;
    }
}

static const double *run(Bench *bench, uint32_t futures, EngineOptions options)
{
    Taken taken = {.n_results = bench->program.n_results};
    taken.values = ARENA_ARRAY(bench->arena, double, futures *(uint32_t)taken.n_results);
    options.seed = 5;
    assert_int_equal(engine_pick_isa(&options.isa, &bench->error), ST_OK);
    Engine *engine = engine_new(&bench->program, options);
    uint32_t world = 3;
    Sink sink = {.ctx = &taken, .finished = take};
    assert_true(engine_run(engine, &world, 1, 0, futures, &sink, NULL));
    engine_free(engine);
    assert_int_equal(taken.seen, futures);
    return taken.values;
}

static bool same_bits(double a, double b)
{
    return (a != a && b != b) || memcmp(&a, &b, sizeof a) == 0;
}

// ---- One operation at every level ---------------------------------------------------------------

static const double NUMBERS[] = {0.0,   1.0,    -1.0,   0.3,   7.25,   -2.5, 2.5,
                                 1e300, -1e300, 1e-310, 700.0, -745.2, 1e17, 0.9999999999999999};
enum { N_NUMBERS = sizeof NUMBERS / sizeof NUMBERS[0], N_ODD = 3, N_ALL = N_NUMBERS + N_ODD };

static double number(int i)
{
    return i < N_NUMBERS        ? NUMBERS[i]
           : i == N_NUMBERS     ? m_log(-1)
           : i == N_NUMBERS + 1 ? m_log(0)
                                : -m_log(0);
}

// k as a value of that level, in a way that no folding sees through.
static Val at_level(Bench *bench, Level level, Val world, double k)
{
    Builder *b = bench->b;
    switch (level) {
    case LEVEL_CONST: return val_const(k);
    case LEVEL_UNI: {
        Val first = build_op2(b, OP_LE, val_uni(UNI_STEP, false), val_const(1e9));
        return build_select(b, first, val_const(k), val_const(77));
    }
    case LEVEL_WORLD:
        return build_select(b, build_op2(b, OP_LE, world, val_const(2)), val_const(k),
                            val_const(77));
    case LEVEL_LANE: return start_with(bench, k);
    }
    return val_const(k);
}

static void check_op(OpCode op, int operands)
{
    Bench bench = bench_open();
    Val world = build_uniform(bench.b, true, build_site(bench.b, STR("world")));
    double *folded = ARENA_ARRAY(bench.arena, double, N_ALL *N_ALL);
    int cases = 0;
    for (int i = 0; i < N_ALL; i++) {
        for (int j = 0; j < (operands > 1 ? N_ALL : 1); j++, cases++) {
            Val third = val_const(number((i + 2 * j) % N_ALL));
            Val plain = build_op(bench.b, op, val_const(number(i)), val_const(number(j)), third);
            assert_int_equal(plain.level, LEVEL_CONST);
            folded[cases] = plain.k;
            for (Level level = LEVEL_UNI; level <= LEVEL_LANE; level++) {
                Val a = at_level(&bench, level, world, number(i));
                Val x = at_level(&bench, level, world, number(j));
                Val v = build_op(bench.b, op, a, x, third);
                assert_int_equal(v.level, level);
                give(&bench, v);
            }
        }
    }
    finish(&bench, 1);
    const double *values = run(&bench, 9, (EngineOptions){.lanes = 8});
    for (int i = 0; i < cases; i++) {
        for (int level = 0; level < 3; level++) {
            double ours = values[8 * bench.program.n_results + 3 * i + level];
            if (!same_bits(ours, folded[i])) {
                fail_msg("%s, case %d at level %d: %.17g, folded %.17g", op_info(op)->name, i,
                         level + 1, ours, folded[i]);
            }
        }
    }
    arena_free(bench.arena);
}

static void test_an_operation_gives_the_same_bits_at_every_level(void **state)
{
    (void)state;
    const OpCode two[] = {OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_MIN,  OP_MAX,
                          OP_LT,  OP_LE,  OP_EQ,  OP_NE,  OP_CLAMP};
    for (size_t i = 0; i < sizeof two / sizeof two[0]; i++) {
        check_op(two[i], 2);
    }
    const OpCode one[] = {OP_NEG, OP_ABS,   OP_FLOOR, OP_ROUND,    OP_SQRT,   OP_EXP,
                          OP_LOG, OP_LOG1P, OP_MOV,   OP_LOGISTIC, OP_HAZARD, OP_DEFINED};
    for (size_t i = 0; i < sizeof one / sizeof one[0]; i++) {
        check_op(one[i], 1);
    }
    check_op(OP_POW, 2);
}

// ---- Where work goes ----------------------------------------------------------------------------

static void test_a_result_is_fixed_as_long_as_its_operands(void **state)
{
    (void)state;
    Bench bench = bench_open();
    Builder *b = bench.b;
    Val k = val_const(3), day = val_uni(UNI_TODAY, false), lane = start_with(&bench, 1);
    Val world = build_uniform(b, true, build_site(b, STR("world")));
    assert_int_equal(build_op2(b, OP_ADD, k, k).level, LEVEL_CONST);
    assert_int_equal(build_op2(b, OP_ADD, k, day).level, LEVEL_UNI);
    assert_int_equal(build_op2(b, OP_ADD, world, k).level, LEVEL_WORLD);
    assert_int_equal(b->lane[SEG_STEP].n, 0);
    assert_int_equal(build_op2(b, OP_ADD, world, day).level, LEVEL_LANE);
    assert_int_equal(build_op2(b, OP_ADD, lane, world).level, LEVEL_LANE);
    assert_int_equal(b->lane[SEG_STEP].n, 2);
    // What a constant decides is not worked out.
    assert_true(val_is(build_and(b, val_mask(false), build_op2(b, OP_LT, day, k)), 0));
    assert_true(val_is(build_or(b, build_op2(b, OP_LT, day, k), val_mask(true)), 1));
    Val chosen = build_select(b, val_mask(true), lane, k);
    assert_int_equal(chosen.id, lane.id);
    assert_true(val_is(build_bernoulli(b, false, 0, val_const(0)), 0));
    assert_true(val_is(build_bernoulli(b, false, 0, val_const(1)), 1));
    // Of nothing but ones and noughts nothing is left.
    assert_int_equal(build_op2(b, OP_MUL, k, val_const(1)).level, LEVEL_CONST);
    assert_int_equal(build_op2(b, OP_ADD, lane, val_const(0)).id, lane.id);
    arena_free(bench.arena);
}

static void test_equal_work_is_done_once_until_an_operand_changes(void **state)
{
    (void)state;
    Bench bench = bench_open();
    Builder *b = bench.b;
    Val x = start_with(&bench, 2), two = val_const(2);
    Val first = build_op2(b, OP_MUL, x, x);
    assert_int_equal(build_op2(b, OP_MUL, x, x).id, first.id);
    build_store(b, x, build_op2(b, OP_ADD, x, two));
    Val second = build_op2(b, OP_MUL, x, x);
    assert_int_not_equal(second.id, first.id);
    give(&bench, first);
    give(&bench, second);
    // One copy stays what it was while its column goes on.
    Val copy = build_snapshot(b, x);
    build_store(b, x, val_const(100));
    give(&bench, copy);
    give(&bench, x);
    finish(&bench, 1);
    const double *values = run(&bench, 1, (EngineOptions){.lanes = 8});
    assert_true(values[0] == 4 && values[1] == 16 && values[2] == 4 && values[3] == 100);
    arena_free(bench.arena);
}

// ---- Regions and selects ------------------------------------------------------------------------

// y is changed where x < share, by a region within a region; z by selects. Both see, at each step,
// what they have become.
static void write_both_ways(Bench *bench, double share)
{
    Builder *b = bench->b;
    Val y = result_home(bench), z = result_home(bench), inner = result_home(bench);
    Val x = build_uniform(b, false, build_site(b, STR("x")));
    Val u = build_uniform(b, false, build_site(b, STR("u")));
    Val few = build_op2(b, OP_LT, x, val_const(share));
    Val fewer = build_op2(b, OP_LT, u, val_const(0.5));
    Val world = build_uniform(b, true, build_site(b, STR("world")));

    Open outer = build_region(b, few);
    build_store(b, y, build_op2(b, OP_ADD, build_op2(b, OP_MUL, y, val_const(0.75)), x));
    Open open = build_region(b, fewer);
    build_store(b, y, build_op2(b, OP_SUB, y, build_op2(b, OP_MUL, world, u)));
    build_store(b, inner, build_op2(b, OP_ADD, inner, val_const(1)));
    build_close(b, open);
    build_close(b, outer);

    build_store_masked(b, z, few,
                       build_op2(b, OP_ADD, build_op2(b, OP_MUL, z, val_const(0.75)), x));
    build_store_masked(b, z, build_and(b, few, fewer),
                       build_op2(b, OP_SUB, z, build_op2(b, OP_MUL, world, u)));
}

static void test_a_region_does_what_selects_do(void **state)
{
    (void)state;
    const double shares[] = {0.0, 0.003, 0.1, 0.7, 1.0};
    enum { FUTURES = 700, STEPS = 40 };
    for (size_t s = 0; s < sizeof shares / sizeof shares[0]; s++) {
        Bench bench = bench_open();
        write_both_ways(&bench, shares[s]);
        finish(&bench, STEPS);
        const double *usual = run(&bench, FUTURES, (EngineOptions){0});
        const double *masked = run(&bench, FUTURES, (EngineOptions){.never_compact = true});
        double inside = 0;
        for (int i = 0; i < FUTURES; i++) {
            assert_true(same_bits(usual[3 * i], usual[3 * i + 1]));
            inside += usual[3 * i + 2];
        }
        assert_memory_equal(usual, masked, FUTURES * 3 * sizeof *usual);
        // A share of x, half of it by u: 6 binomial standard errors.
        double n = (double)FUTURES * STEPS, p = shares[s] / 2;
        assert_true(m_abs(inside - n * p) <= 6 * m_sqrt(n * p * (1 - p)));
        arena_free(bench.arena);
    }
}

// What happens inside a region must not be taken for known outside of it, nor in the next one.
static void test_what_is_known_in_a_region_ends_with_it(void **state)
{
    (void)state;
    Bench bench = bench_open();
    Builder *b = bench.b;
    Val x = start_with(&bench, 3), y = result_home(&bench), z = result_home(&bench);
    Val u = build_uniform(b, false, build_site(b, STR("u")));
    Val low = build_op2(b, OP_LT, u, val_const(0.5)), high = build_not(b, low);
    Open open = build_region(b, low);
    build_store(b, y, build_op2(b, OP_MUL, x, x));
    build_store(b, x, val_const(5));
    build_close(b, open);
    open = build_region(b, high);
    build_store(b, y, build_op2(b, OP_ADD, build_op2(b, OP_MUL, x, x), val_const(1)));
    build_close(b, open);
    build_store(b, z, build_op2(b, OP_MUL, x, x));
    finish(&bench, 1);
    const double *values = run(&bench, 300, (EngineOptions){0});
    int lows = 0;
    for (int i = 0; i < 300; i++) {
        bool was_low = values[2 * i + 1] == 25;
        assert_true(was_low ? values[2 * i] == 9 : values[2 * i] == 10 && values[2 * i + 1] == 9);
        lows += was_low;
    }
    assert_true(lows > 90 && lows < 210); // 150 give or take 7 standard errors
    arena_free(bench.arena);
}

static void test_a_sum_is_folded_from_the_left(void **state)
{
    (void)state;
    Bench bench = bench_open();
    Builder *b = bench.b;
    Term terms[70];
    double sum = 0.1;
    for (int i = 0; i < 70; i++) { // more than one instruction holds
        double k = 1e10 / (1 + i * i * i), x = 0.1 * (i % 7) - 0.3;
        terms[i] = (Term){val_const(k), start_with(&bench, x)};
        sum = sum + k * x;
    }
    give(&bench, build_sum(b, val_const(0.1), terms, 70));
    finish(&bench, 1);
    const double *values = run(&bench, 1, (EngineOptions){0});
    assert_true(same_bits(values[0], sum));
    arena_free(bench.arena);
}

static void test_a_block_of_the_calendar_runs_in_its_steps(void **state)
{
    (void)state;
    Bench bench = bench_open();
    Builder *b = bench.b;
    Val y = result_home(&bench);
    Open open = build_ifstep(b, build_op2(b, OP_LT, val_uni(UNI_STEP, false), val_const(4)));
    build_store(b, y, build_op2(b, OP_ADD, y, val_uni(UNI_TODAY, false)));
    build_close(b, open);
    finish(&bench, 10);
    assert_true(run(&bench, 1, (EngineOptions){0})[0] == 0 + 1 + 2 + 3);
    arena_free(bench.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_operation_gives_the_same_bits_at_every_level),
        cmocka_unit_test(test_a_result_is_fixed_as_long_as_its_operands),
        cmocka_unit_test(test_equal_work_is_done_once_until_an_operand_changes),
        cmocka_unit_test(test_a_region_does_what_selects_do),
        cmocka_unit_test(test_what_is_known_in_a_region_ends_with_it),
        cmocka_unit_test(test_a_sum_is_folded_from_the_left),
        cmocka_unit_test(test_a_block_of_the_calendar_runs_in_its_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
