// SPDX-License-Identifier: MIT
//
// What engine_run promises to those who call it: every future told once and alike however the work
// is cut, series seen by the living alone, worlds told in batches, a stop between blocks.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/engine.h"
#include "engine/reference.h"
#include "math/bits.h"
#include "program_builder.h"

enum { STEPS = 11, MOST = 4096 };

// A walk that ends with a chance of a tenth a step; its drift is drawn once a world.
//   world: w0 rank, w1 drift      columns: c0 drift, c1 x, c2 ended, c3 temporary
static const Program *walk(Arena *arena, bool ends)
{
    ProgramBuilder *b = builder_new(arena, STEPS, 1.0);
    b->program.n_world_cols = 2;
    b->program.n_persist = 3;
    b->program.n_cols = 4;
    b->program.draws_in_world = true;
    builder_ins(b, &b->world, OP_UNIFORM, 0, builder_site(b, "drift"), 0, 0);
    builder_ins(b, &b->world, OP_SUB, 1, 0, builder_const(b, 0.5), 0);
    vec_push(arena, &b->expand, (Expand){1, 0});
    vec_push(arena, &b->unknowns, (Unknown){.name = STR("drift"), .world_col = 0, .value_col = 1});
    builder_ins(b, &b->start, OP_MOV, 1, builder_const(b, 0.0), 0, 0);
    builder_ins(b, &b->start, OP_MOVM, 2, builder_const_mask(b, false), 0, 0);
    builder_ins(b, &b->step, OP_UNIFORM, 3, builder_site(b, "noise"), 0, 0);
    builder_ins(b, &b->step, OP_ADD, 1, 1, 3, 0);
    builder_ins(b, &b->step, OP_ADD, 1, 1, 0, 0);
    Reg tenth = builder_const(b, 0.1);
    builder_ins(b, &b->step, OP_BERN, 2, tenth, builder_site(b, "end"), 0);
    vec_push(
        arena, &b->results,
        (Result){.kind = RESULT_NUMBER, .value = 1, .defined = REG_NONE, .censored = REG_NONE});
    vec_push(arena, &b->series, (Series){.kind = RESULT_NUMBER, .value = 1, .defined = REG_NONE});
    b->program.stop = ends ? 2 : REG_NONE;
    return builder_take(b);
}

typedef struct {
    int32_t n_futures;
    uint32_t future_lo;
    int32_t told[MOST], end_step[MOST], n_seen[MOST]; // by slot and future
    uint64_t x[MOST];
    int32_t n_worlds_told;
    int32_t stop_after; // blocks
    volatile int stop;
} Log;

static void on_finished(void *ctx, const Finished *f)
{
    Log *log = ctx;
    assert_true(f->n > 0);
    for (int32_t i = 0; i < f->n; i++) {
        int32_t at =
            (int32_t)f->slot[i] * log->n_futures + (int32_t)(f->future[i] - log->future_lo);
        assert_true(at < MOST);
        log->told[at]++;
        log->end_step[at] = f->end_step[i];
        log->x[at] = bits_of(f->values[0][i]);
        assert_int_equal(bits_of(f->series[0][i]), bits_of(f->values[0][i]));
        assert_null(f->defined[0]);
    }
    if (log->stop_after > 0 && --log->stop_after == 0) {
        log->stop = 1;
    }
}

static void on_seen(void *ctx, const Seen *seen)
{
    Log *log = ctx;
    for (int32_t i = 0; i < seen->n; i++) {
        int32_t at =
            (int32_t)seen->slot[i] * log->n_futures + (int32_t)(seen->future[i] - log->future_lo);
        assert_int_equal(log->told[at], 0);
        assert_int_equal(log->n_seen[at], seen->step + 1);
        log->n_seen[at]++;
    }
}

static void on_worlds(void *ctx, int32_t first, int32_t n, const double *const *ranks,
                      const double *const *values)
{
    Log *log = ctx;
    assert_int_equal(first, log->n_worlds_told);
    log->n_worlds_told += n;
    for (int32_t i = 0; i < n; i++) {
        assert_true(ranks[0][i] > 0.0 && ranks[0][i] < 1.0);
        assert_true(values[0][i] == ranks[0][i] - 0.5);
    }
}

typedef struct {
    Arena *arena;
    const Program *program;
    Engine *engine;
    uint32_t worlds[MOST];
} Setting;

static Setting *setting(int32_t lanes, bool ends)
{
    Arena *arena = arena_new(0);
    Setting *s = ARENA_NEW(arena, Setting);
    s->arena = arena;
    s->program = walk(arena, ends);
    assert_null(program_verify(s->program, arena));
    s->engine = engine_new(s->program, (EngineOptions){.seed = 5, .lanes = lanes});
    for (uint32_t i = 0; i < MOST; i++) {
        s->worlds[i] = i;
    }
    return s;
}

static void done(Setting *s)
{
    engine_free(s->engine);
    arena_free(s->arena);
}

static Log *run(Setting *s, int32_t n_worlds, uint32_t lo, int32_t n_futures)
{
    Log *log = ARENA_NEW(s->arena, Log);
    log->n_futures = n_futures;
    log->future_lo = lo;
    Sink sink = {.ctx = log,
                 .finished = on_finished,
                 .seen = on_seen,
                 .seen_lanes = true,
                 .worlds = on_worlds};
    assert_true(engine_run(s->engine, s->worlds, n_worlds, lo, lo + (uint32_t)n_futures, &sink,
                           &log->stop));
    assert_int_equal(log->n_worlds_told, n_worlds);
    for (int32_t i = 0; i < n_worlds * n_futures; i++) {
        assert_int_equal(log->told[i], 1);
        // The start and every step up to the last are seen.
        assert_int_equal(log->n_seen[i], log->end_step[i] + 1);
    }
    return log;
}

static void test_every_future_is_told_once(void **unused)
{
    (void)unused;
    static const struct {
        int32_t lanes, worlds, futures;
    } CASES[] = {{8, 1, 1},   {8, 3, 5},     {64, 130, 1}, {64, 1, 130},
                 {64, 7, 33}, {256, 16, 16}, {256, 3, 1},  {1024, 40, 100}};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        for (int ends = 0; ends < 2; ends++) {
            Setting *s = setting(CASES[i].lanes, ends);
            Log *log = run(s, CASES[i].worlds, 0, CASES[i].futures);
            assert_true(ends || log->end_step[0] == STEPS);
            done(s);
        }
    }
}

static void test_futures_do_not_depend_on_the_cut(void **unused)
{
    (void)unused;
    Setting *s = setting(64, true);
    Log *whole = run(s, 20, 0, 50);
    Log *late = run(s, 20, 30, 20); // futures 30 to 49 alone
    for (int32_t world = 0; world < 20; world++) {
        for (int32_t i = 0; i < 20; i++) {
            assert_int_equal(late->x[world * 20 + i], whole->x[world * 50 + 30 + i]);
        }
    }
    // Worlds 13 to 19 alone, in another block size.
    Setting *other = setting(256, true);
    for (uint32_t i = 0; i < 7; i++) {
        other->worlds[i] = 13 + i;
    }
    Log *part = run(other, 7, 0, 50);
    for (int32_t i = 0; i < 7 * 50; i++) {
        assert_int_equal(part->x[i], whole->x[13 * 50 + i]);
    }
    done(other);
    done(s);
}

static void test_an_engine_can_be_used_again(void **unused)
{
    (void)unused;
    Setting *s = setting(64, true);
    Log *first = run(s, 10, 0, 20);
    Log *second = run(s, 10, 0, 20);
    assert_memory_equal(first->x, second->x, sizeof first->x);
    done(s);
}

static void test_seeds_differ(void **unused)
{
    (void)unused;
    Setting *s = setting(64, false);
    Log *log = run(s, 1, 0, 10);
    engine_free(s->engine);
    for (uint64_t seed = 0; seed < 2; seed++) {
        s->engine = engine_new(s->program, (EngineOptions){.seed = seed, .lanes = 64});
        Log *other = run(s, 1, 0, 10);
        assert_true(memcmp(log->x, other->x, sizeof log->x) != 0);
        log = other;
        engine_free(s->engine);
    }
    s->engine = NULL;
    done(s);
}

static void test_a_run_stops_between_blocks(void **unused)
{
    (void)unused;
    Setting *s = setting(64, false);
    Log *log = ARENA_NEW(s->arena, Log);
    log->n_futures = 1000;
    log->stop_after = 3;
    Sink sink = {.ctx = log, .finished = on_finished};
    assert_false(engine_run(s->engine, s->worlds, 1, 0, 1000, &sink, &log->stop));
    for (int32_t i = 0; i < 1000; i++) {
        assert_int_equal(log->told[i], i < 3 * 64);
    }
    done(s);
}

static void test_nothing_to_run_is_well(void **unused)
{
    (void)unused;
    Setting *s = setting(64, false);
    Log *log = ARENA_NEW(s->arena, Log);
    Sink sink = {.ctx = log, .finished = on_finished};
    assert_true(engine_run(s->engine, s->worlds, 0, 0, 10, &sink, NULL));
    assert_true(engine_run(s->engine, s->worlds, 5, 10, 10, &sink, NULL));
    assert_int_equal(log->told[0], 0);
    done(s);
}

static void test_bytes_grow_with_lanes_alone(void **unused)
{
    (void)unused;
    Setting *s = setting(64, false);
    size_t small = engine_bytes(s->program, (EngineOptions){.lanes = 64});
    size_t large = engine_bytes(s->program, (EngineOptions){.lanes = 1024});
    assert_true(small > 0 && large > 4 * small && large < 1 << 20);
    done(s);
}

static void test_the_instruction_set_can_be_asked_for(void **unused)
{
    (void)unused;
    Isa isa = ISA_COUNT;
    Error error = {0};
    unsetenv("CASUS_ISA");
    assert_int_equal(engine_pick_isa(&isa, &error), ST_OK);
    assert_true(engine_has_isa(isa));
    for (int i = 0; i < ISA_COUNT; i++) {
        setenv("CASUS_ISA", isa_name((Isa)i), 1);
        Status status = engine_pick_isa(&isa, &error);
        assert_int_equal(status, engine_has_isa((Isa)i) ? ST_OK : ST_USAGE);
        assert_true(status != ST_OK || isa == (Isa)i);
    }
    setenv("CASUS_ISA", "sse9", 1);
    assert_int_equal(engine_pick_isa(&isa, &error), ST_USAGE);
    assert_non_null(strstr(error.message, "sse9"));
    unsetenv("CASUS_ISA");
}

static void test_the_reference_can_be_watched(void **unused)
{
    (void)unused;
    Setting *s = setting(8, true);
    Log *log = run(s, 3, 0, 4);
    Reference *ref = reference_new(s->program, 5);
    for (uint32_t world = 0; world < 3; world++) {
        for (uint32_t future = 0; future < 4; future++) {
            bool defined, censored;
            int32_t at = (int32_t)(world * 4 + future);
            assert_int_equal(reference_run(ref, world, future, NULL), log->end_step[at]);
            double x = reference_result(ref, 0, &defined, &censored);
            assert_int_equal(bits_of(x), log->x[at]);
            assert_true(defined && !censored);
            assert_true(reference_world_col(ref, 1) == reference_reg(ref, 0, false));
        }
    }
    reference_free(ref);
    done(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_future_is_told_once),
        cmocka_unit_test(test_futures_do_not_depend_on_the_cut),
        cmocka_unit_test(test_an_engine_can_be_used_again),
        cmocka_unit_test(test_seeds_differ),
        cmocka_unit_test(test_a_run_stops_between_blocks),
        cmocka_unit_test(test_nothing_to_run_is_well),
        cmocka_unit_test(test_bytes_grow_with_lanes_alone),
        cmocka_unit_test(test_the_instruction_set_can_be_asked_for),
        cmocka_unit_test(test_the_reference_can_be_watched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
