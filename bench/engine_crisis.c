// SPDX-License-Identifier: MIT
//
// The engine alone on the hand-written crisis: answers, and nanoseconds a future-step (the least of
// some rounds). Statistics are plain sums, so that what is timed is the engine.
//
//   engine_crisis [futures] [rounds] [lanes]
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crisis_program.h"
#include "engine/engine.h"

typedef struct {
    int64_t n, steps, shares[6];
    double sums[4];
} Totals;

static void take_finished(void *ctx, const Finished *f)
{
    Totals *t = ctx;
    t->n += f->n;
    for (int32_t i = 0; i < f->n; i++) {
        t->steps += f->end_step[i];
    }
    for (int i = 0; i < 6; i++) {
        for (int32_t j = 0; j < f->n; j++) {
            uint64_t bits;
            memcpy(&bits, &f->values[i][j], sizeof bits);
            t->shares[i] += bits & 1;
        }
    }
    for (int i = 0; i < 4; i++) {
        for (int32_t j = 0; j < f->n; j++) {
            t->sums[i] += f->values[6 + i][j];
        }
    }
}

static void take_seen(void *ctx, const Seen *seen)
{
    (void)ctx;
    (void)seen;
}

int main(int argc, char **argv)
{
    int32_t n = argc > 1 ? (int32_t)strtol(argv[1], NULL, 10) : 100000;
    long rounds = argc > 2 ? strtol(argv[2], NULL, 10) : 5;
    int32_t lanes = argc > 3 ? (int32_t)strtol(argv[3], NULL, 10) : 0;
    Arena *arena = arena_new(0);
    const Program *program = crisis_program(arena);
    const char *fault = program_verify(program, arena);
    if (fault) {
        fprintf(stderr, "%s\n", fault);
        return 70;
    }
    Isa isa;
    Error error;
    if (engine_pick_isa(&isa, &error)) {
        fprintf(stderr, "%s\n", error.message);
        return 2;
    }
    uint32_t *worlds = ARENA_ARRAY(arena, uint32_t, n);
    for (int32_t i = 0; i < n; i++) {
        worlds[i] = (uint32_t)i;
    }
    Engine *engine = engine_new(program, (EngineOptions){.seed = 1, .isa = isa, .lanes = lanes});
    double best = 1e300;
    Totals totals;
    for (long r = 0; r < rounds; r++) {
        totals = (Totals){0};
        Sink sink = {.ctx = &totals, .finished = take_finished, .seen = take_seen};
        struct timespec from, to;
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
        engine_run(engine, worlds, n, 0, 1, &sink, NULL);
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
        double ns = (double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec);
        best = ns < best ? ns : best;
    }
    static const char *const SHARES[6] = {"cf", "nato", "nuked", "coup", "x > 0", "mobB"};
    static const char *const ENDS[4] = {"casB", "x", "FA", "aid"};
    for (int i = 0; i < 6; i++) {
        printf("%-6s %.4f\n", SHARES[i], (double)totals.shares[i] / n);
    }
    for (int i = 0; i < 4; i++) {
        printf("%-6s mean %.3f\n", ENDS[i], totals.sums[i] / n);
    }
    printf("live   %.4f\n", (double)totals.steps / n / program->n_steps);
    printf("%s: %.1f ns a future-step, %d columns\n", isa_name(isa), best / n / program->n_steps,
           (int)program->n_cols);
    engine_free(engine);
    arena_free(arena);
    return 0;
}
