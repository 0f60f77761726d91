// SPDX-License-Identifier: MIT
//
// What executors tell, gathered and compared: see engine_agree.h.
#include "engine_agree.h"

#include <stdio.h>
#include <string.h>

#include "engine/reference.h"
#include "engine_generate.h"
#include "math/bits.h"

// NaN may differ in sign and payload; nothing else may.
static uint64_t same_bits(double x)
{
    return x != x ? UINT64_C(0x7ff8000000000000) : bits_of(x);
}

static uint64_t mix(uint64_t hash, uint64_t bits)
{
    uint64_t state = hash ^ bits * UINT64_C(0xd6e8feb86659fd93);
    return generate_random(&state);
}

static AgreeFuture *future_of(AgreeLog *log, uint32_t slot, uint32_t future)
{
    ASSERT(slot < (uint32_t)log->n_worlds);
    ASSERT(future - log->future_lo < (uint32_t)log->n_futures);
    return &log->futures[(int32_t)slot * log->n_futures + (int32_t)(future - log->future_lo)];
}

static uint64_t bits_at(const double *column, int32_t i, bool mask)
{
    if (!column) {
        return 1;
    }
    uint64_t bits;
    memcpy(&bits, column + i, sizeof bits);
    return mask ? bits : same_bits(column[i]);
}

static void take_finished(void *ctx, const Finished *f)
{
    AgreeLog *log = ctx;
    const Program *p = log->program;
    for (int32_t i = 0; i < f->n; i++) {
        AgreeFuture *future = future_of(log, f->slot[i], f->future[i]);
        ASSERT(!future->seen);
        future->seen = true;
        future->end_step = f->end_step[i];
        uint64_t *told = future->told;
        for (int32_t j = 0; j < p->n_results; j++) {
            *told++ = bits_at(f->values[j], i, p->results[j].kind == RESULT_FLAG);
            *told++ = bits_at(f->defined[j], i, true);
            *told++ = bits_at(f->censored[j], i, true);
        }
        for (int32_t j = 0; j < p->n_series; j++) {
            *told++ = bits_at(f->series[j], i, p->series[j].kind == RESULT_FLAG);
            *told++ = bits_at(f->series_defined[j], i, true);
        }
        for (int32_t j = 0; j < p->n_states; j++) {
            *told++ = bits_at(f->states[j], i, p->states[j].is_flag);
        }
    }
}

static void take_seen(void *ctx, const Seen *seen)
{
    AgreeLog *log = ctx;
    bool mask = log->program->series[seen->series].kind == RESULT_FLAG;
    for (int32_t i = 0; i < seen->n; i++) {
        AgreeFuture *future = future_of(log, seen->slot[i], seen->future[i]);
        ASSERT(!future->seen);
        future->hash = mix(future->hash, bits_at(seen->values, i, mask));
        future->n_seen++;
    }
}

static void take_failed(void *ctx, CheckFailure f)
{
    AgreeLog *log = ctx;
    uint64_t hash = mix(mix((uint64_t)f.check, f.world), f.future);
    log->failed += mix(hash, (uint64_t)(int64_t)f.step);
    log->n_failed++;
}

static void take_worlds(void *ctx, int32_t first, int32_t n, const double *const *ranks,
                        const double *const *values)
{
    AgreeLog *log = ctx;
    for (int32_t i = 0; i < log->program->n_unknowns; i++) {
        for (int32_t w = 0; w < n; w++) {
            uint64_t hash = mix((uint64_t)(first + w), same_bits(ranks[i][w]));
            log->worlds += mix(hash, same_bits(values[i][w]));
        }
    }
}

Sink agree_sink(AgreeLog *log)
{
    return (Sink){.ctx = log,
                  .finished = take_finished,
                  .seen = take_seen,
                  .seen_lanes = true,
                  .worlds = take_worlds,
                  .check_failed = take_failed};
}

AgreeLog *agree_log_new(Arena *arena, const Program *p, int32_t n_worlds, uint32_t lo, int32_t n)
{
    AgreeLog *log = ARENA_NEW(arena, AgreeLog);
    *log = (AgreeLog){.program = p, .n_worlds = n_worlds, .n_futures = n, .future_lo = lo};
    log->n_told = 3 * p->n_results + 2 * p->n_series + p->n_states;
    log->futures = ARENA_ARRAY(arena, AgreeFuture, n_worlds * n);
    for (int32_t i = 0; i < n_worlds * n; i++) {
        log->futures[i].told = ARENA_ARRAY(arena, uint64_t, log->n_told + 1);
    }
    return log;
}

// The same from the reference

typedef struct {
    AgreeLog *log;
    AgreeFuture *future;
    uint32_t world, number;
} Watched;

static uint64_t ref_bits(const Reference *ref, Reg reg, bool mask)
{
    if (reg == REG_NONE) {
        return 1;
    }
    double x = reference_reg(ref, reg, mask);
    return mask ? (x != 0.0 ? UINT64_MAX : 0) : same_bits(x);
}

static void watch_step(void *ctx, const Reference *ref, int32_t step)
{
    Watched *w = ctx;
    const Program *p = w->log->program;
    (void)step;
    for (int32_t i = 0; i < p->n_series; i++) {
        bool mask = p->series[i].kind == RESULT_FLAG;
        w->future->hash = mix(w->future->hash, ref_bits(ref, p->series[i].value, mask));
        w->future->n_seen++;
    }
    // What is frozen is read before `finish`, which may write there.
    uint64_t *told = w->future->told + 3 * p->n_results;
    for (int32_t i = 0; i < p->n_series; i++) {
        told[2 * i] = ref_bits(ref, p->series[i].value, p->series[i].kind == RESULT_FLAG);
    }
    told += 2 * p->n_series;
    for (int32_t i = 0; i < p->n_states; i++) {
        told[i] = ref_bits(ref, p->states[i].col, p->states[i].is_flag);
    }
}

static void watch_failed(void *ctx, const Reference *ref, int32_t step, int32_t check)
{
    Watched *w = ctx;
    (void)ref;
    CheckFailure f = {.check = check, .world = w->world, .future = w->number, .step = step};
    take_failed(w->log, f);
}

void agree_reference(AgreeLog *log, uint64_t seed, const uint32_t *worlds)
{
    const Program *p = log->program;
    Reference *ref = reference_new(p, seed);
    for (int32_t slot = 0; slot < log->n_worlds; slot++) {
        for (int32_t i = 0; i < log->n_futures; i++) {
            uint32_t number = log->future_lo + (uint32_t)i;
            AgreeFuture *future = future_of(log, (uint32_t)slot, number);
            Watched watched = {log, future, worlds[slot], number};
            Watch watch = {&watched, NULL, watch_step, watch_failed};
            future->end_step = reference_run(ref, worlds[slot], number, &watch);
            future->seen = true;
            for (int32_t j = 0; j < p->n_results; j++) {
                bool flag = p->results[j].kind == RESULT_FLAG;
                future->told[3 * j] = ref_bits(ref, p->results[j].value, flag);
                future->told[3 * j + 1] = ref_bits(ref, p->results[j].defined, true);
                future->told[3 * j + 2] = ref_bits(ref, p->results[j].censored, true);
            }
            for (int32_t j = 0; j < p->n_series; j++) {
                future->told[3 * p->n_results + 2 * j + 1] =
                    ref_bits(ref, p->series[j].defined, true);
            }
        }
        for (int32_t i = 0; i < p->n_unknowns; i++) {
            uint64_t rank = same_bits(reference_world_col(ref, p->unknowns[i].world_col));
            uint64_t value = same_bits(reference_world_col(ref, p->unknowns[i].value_col));
            log->worlds += mix(mix((uint64_t)slot, rank), value);
        }
    }
    reference_free(ref);
}

// The two

static bool same_future(const AgreeFuture *a, const AgreeFuture *b, int32_t n_told)
{
    return b->seen && a->end_step == b->end_step && a->hash == b->hash && a->n_seen == b->n_seen &&
           memcmp(a->told, b->told, (size_t)n_told * sizeof a->told[0]) == 0;
}

static void print_future(int32_t i, const AgreeFuture *a, const AgreeFuture *b, int32_t n_told)
{
    fprintf(stderr, "future %d: seen %d, end %d %d, steps told %d %d, hash %d\n", i, b->seen,
            a->end_step, b->end_step, a->n_seen, b->n_seen, a->hash == b->hash);
    for (int32_t j = 0; j < n_told; j++) {
        fprintf(stderr, "  told %d: %016llx %016llx (%g %g)\n", j, (unsigned long long)a->told[j],
                (unsigned long long)b->told[j], double_of(a->told[j]), double_of(b->told[j]));
    }
}

bool agree_same(const AgreeLog *want, const AgreeLog *got, Arena *arena)
{
    bool same = want->n_failed == got->n_failed && want->failed == got->failed &&
                want->worlds == got->worlds;
    for (int32_t i = 0; i < want->n_worlds * want->n_futures && same; i++) {
        same = same_future(&want->futures[i], &got->futures[i], want->n_told);
        if (!same) {
            print_future(i, &want->futures[i], &got->futures[i], want->n_told);
        }
    }
    if (!same) {
        fprintf(stderr, "checks %lld %lld, worlds %d\n", (long long)want->n_failed,
                (long long)got->n_failed, want->worlds == got->worlds);
        Buf buf = {.arena = arena};
        program_print(want->program, &buf);
        fputs(buf_str(&buf).p, stderr);
    }
    return same;
}
