// SPDX-License-Identifier: MIT
//
// The pool of workers: every unit once, prefixes, ticks. Also run under the thread sanitizer.
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <time.h>

#include <cmocka.h>

#include "engine/pool.h"

enum { UNITS = 1000, THREADS = 4 };

typedef struct {
    atomic_int done[UNITS];
    int64_t mine[THREADS]; // each written by one worker alone
    int64_t stop_at;       // the first tick at or past it says stop
    int64_t last_tick;
    int n_ticks;
    bool slow;
} Work;

static void do_unit(void *ctx, int32_t worker, int64_t unit)
{
    Work *work = ctx;
    atomic_fetch_add(&work->done[unit], 1);
    work->mine[worker]++;
    if (work->slow) {
        struct timespec pause = {0, 200000};
        nanosleep(&pause, NULL);
    }
}

static bool tick(void *ctx, int64_t done)
{
    Work *work = ctx;
    assert_true(done >= work->last_tick && done <= UNITS);
    work->last_tick = done;
    work->n_ticks++;
    return done < work->stop_at;
}

static void test_every_unit_is_done_once(void **unused)
{
    (void)unused;
    for (int32_t threads = 1; threads <= THREADS; threads++) {
        Work work = {0};
        PoolJob job = {&work, do_unit, NULL, 0.0};
        assert_int_equal(pool_run(threads, 10, UNITS, &job), UNITS - 10);
        int64_t sum = 0;
        for (int i = 0; i < UNITS; i++) {
            assert_int_equal(atomic_load(&work.done[i]), i >= 10);
        }
        for (int i = 0; i < THREADS; i++) {
            sum += work.mine[i];
            assert_true(i < threads || work.mine[i] == 0);
        }
        assert_int_equal(sum, UNITS - 10);
    }
}

static void test_nothing_to_do_is_done(void **unused)
{
    (void)unused;
    Work work = {0};
    PoolJob job = {&work, do_unit, tick, 0.01};
    assert_int_equal(pool_run(2, 5, 5, &job), 0);
    assert_int_equal(pool_run(2, 6, 5, &job), 0);
    assert_int_equal(work.n_ticks, 0);
}

static void test_more_threads_than_units_is_fine(void **unused)
{
    (void)unused;
    Work work = {0};
    PoolJob job = {&work, do_unit, NULL, 0.0};
    assert_int_equal(pool_run(THREADS, 0, 2, &job), 2);
    assert_int_equal(atomic_load(&work.done[0]), 1);
    assert_int_equal(atomic_load(&work.done[1]), 1);
    assert_int_equal(atomic_load(&work.done[2]), 0);
}

static void test_a_stopped_run_has_done_a_prefix(void **unused)
{
    (void)unused;
    for (int32_t threads = 1; threads <= THREADS; threads++) {
        Work work = {.stop_at = 20, .slow = true};
        PoolJob job = {&work, do_unit, tick, 0.002};
        int64_t n = pool_run(threads, 0, UNITS, &job);
        assert_true(n >= 20 && n < UNITS);
        assert_true(work.n_ticks > 0);
        for (int i = 0; i < UNITS; i++) {
            assert_int_equal(atomic_load(&work.done[i]), i < n);
        }
    }
}

static void test_ticks_come_while_work_goes_on(void **unused)
{
    (void)unused;
    Work work = {.stop_at = INT64_MAX, .slow = true};
    PoolJob job = {&work, do_unit, tick, 0.002};
    assert_int_equal(pool_run(2, 0, UNITS, &job), UNITS);
    assert_true(work.n_ticks >= 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_unit_is_done_once),
        cmocka_unit_test(test_nothing_to_do_is_done),
        cmocka_unit_test(test_more_threads_than_units_is_fine),
        cmocka_unit_test(test_a_stopped_run_has_done_a_prefix),
        cmocka_unit_test(test_ticks_come_while_work_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
