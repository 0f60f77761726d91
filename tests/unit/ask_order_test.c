// SPDX-License-Identifier: MIT
//
// Units finish in any order and are taken in theirs, and a thread far ahead waits without blocking
// the one everybody waits for.
#include "ask/order.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>

#include <cmocka.h>

enum { UNITS = 2000, THREADS = 5, SLOTS = 3 };

typedef struct {
    Order *order;
    atomic_llong next;
    int64_t slots[SLOTS];
    int64_t released[UNITS];
    int64_t n;
} Shared;

static void release(void *ctx, int32_t slot, int64_t unit)
{
    Shared *shared = ctx;
    shared->released[shared->n++] = shared->slots[slot] == unit * 7 ? unit : -1;
}

static void *work(void *ctx)
{
    Shared *shared = ctx;
    for (;;) {
        int64_t unit = atomic_fetch_add(&shared->next, 1);
        if (unit >= UNITS) {
            return NULL;
        }
        int32_t slot = order_enter(shared->order, unit);
        for (int64_t i = 0; i < unit * 37 % 11; i++) {
            (void)sched_yield();
        }
        shared->slots[slot] = unit * 7;
        order_leave(shared->order, unit);
    }
}

static void test_units_are_released_in_order(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    Shared shared = {0};
    shared.order = order_new(arena, SLOTS, 0, release, &shared);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, work, &shared), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    assert_int_equal(shared.n, UNITS);
    for (int64_t i = 0; i < UNITS; i++) {
        assert_int_equal(shared.released[i], i);
    }
    order_free(shared.order);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_units_are_released_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
