// SPDX-License-Identifier: MIT
//
// Worker threads over numbered units. Each worker takes the next number from one counter; when the
// caller asks to stop, no further numbers are handed out, so what was done is always a prefix.
#include "engine/pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"

typedef struct {
    const PoolJob *job;
    int64_t to;
    atomic_llong next; // the next unit to hand out
    atomic_llong n_done;
    atomic_bool stopping;
    pthread_mutex_t lock; // guards `running`
    pthread_cond_t ended; // a worker has ended
    int32_t running;
} Pool;

typedef struct {
    Pool *pool;
    int32_t number;
    pthread_t thread;
} Worker;

static int64_t run_alone(int64_t from, int64_t to, const PoolJob *job)
{
    double last = clock_seconds();
    for (int64_t unit = from; unit < to; unit++) {
        job->work(job->ctx, 0, unit);
        if (!job->tick) {
            continue;
        }
        double now = clock_seconds();
        if (now - last >= job->tick_seconds) {
            last = now;
            if (!job->tick(job->ctx, unit + 1 - from)) {
                return unit + 1 - from;
            }
        }
    }
    return to - from;
}

// A number handed out is always worked on, even when a stop is asked for in between.
static void *work(void *ctx)
{
    Worker *worker = ctx;
    Pool *pool = worker->pool;
    while (!atomic_load(&pool->stopping)) {
        int64_t unit = atomic_fetch_add(&pool->next, 1);
        if (unit >= pool->to) {
            break;
        }
        pool->job->work(pool->job->ctx, worker->number, unit);
        atomic_fetch_add(&pool->n_done, 1);
    }
    pthread_mutex_lock(&pool->lock);
    pool->running--;
    pthread_cond_signal(&pool->ended);
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

// Wait for the workers, ticking; the lock is held on entry and on return.
static void wait_ticking(Pool *pool)
{
    while (pool->running > 0) {
        if (!pool->job->tick) {
            pthread_cond_wait(&pool->ended, &pool->lock);
            continue;
        }
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        double seconds = pool->job->tick_seconds > 0.0 ? pool->job->tick_seconds : 0.1;
        int64_t ns = (int64_t)(seconds * 1e9) + until.tv_nsec;
        until.tv_sec += (time_t)(ns / 1000000000);
        until.tv_nsec = (long)(ns % 1000000000);
        int timed_out = pthread_cond_timedwait(&pool->ended, &pool->lock, &until);
        if (!timed_out || atomic_load(&pool->stopping)) {
            continue;
        }
        pthread_mutex_unlock(&pool->lock);
        if (!pool->job->tick(pool->job->ctx, atomic_load(&pool->n_done))) {
            atomic_store(&pool->stopping, true);
        }
        pthread_mutex_lock(&pool->lock);
    }
}

static void pool_init(Pool *pool, int64_t from, int64_t to, const PoolJob *job)
{
    pool->job = job;
    pool->to = to;
    atomic_init(&pool->next, from);
    atomic_init(&pool->n_done, 0);
    atomic_init(&pool->stopping, false);
    pool->running = 0;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->ended, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

int64_t pool_run(int32_t n_threads, int64_t from, int64_t to, const PoolJob *job)
{
    ASSERT(n_threads >= 1 && n_threads <= LIMIT_THREADS);
    if (to <= from) {
        return 0;
    }
    n_threads = n_threads < to - from ? n_threads : (int32_t)(to - from);
    if (n_threads == 1) {
        return run_alone(from, to, job);
    }
    Pool pool;
    pool_init(&pool, from, to, job);
    Worker workers[LIMIT_THREADS];
    int32_t started = 0;
    pthread_mutex_lock(&pool.lock);
    for (; started < n_threads; started++) {
        workers[started] = (Worker){.pool = &pool, .number = started};
        if (pthread_create(&workers[started].thread, NULL, work, &workers[started])) {
            break; // the system gives no more threads: go on with those we have
        }
        pool.running++;
    }
    wait_ticking(&pool);
    pthread_mutex_unlock(&pool.lock);
    for (int32_t i = 0; i < started; i++) {
        pthread_join(workers[i].thread, NULL);
    }
    pthread_cond_destroy(&pool.ended);
    pthread_mutex_destroy(&pool.lock);
    return started ? atomic_load(&pool.n_done) : run_alone(from, to, job);
}
