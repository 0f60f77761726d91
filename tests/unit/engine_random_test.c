// SPDX-License-Identifier: MIT
//
// The engine against the reference executor on random programs, bit for bit: every instruction set
// of this processor, several block sizes, with and without sweeping and compaction. CASUS_PROGRAMS
// sets how many (10,000 unless told otherwise).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/plan.h"
#include "engine/reference.h"
#include "engine_generate.h"
#include "engine_tables.h"
#include "math/bits.h"

// What one future was found to be.
typedef struct {
    bool seen;
    int32_t end_step;
    uint64_t hash;  // of the values of all series at all steps
    int32_t n_seen; // steps told
    uint64_t *told; // results: value, defined, censored; series frozen, defined; states
} Future;

typedef struct {
    const Program *program;
    int32_t n_worlds, n_futures, n_told;
    uint32_t future_lo;
    Future *futures; // [slot][future]
    int64_t n_failed;
    uint64_t failed; // hash of the failed checks, order-free
    uint64_t worlds; // hash of what was told of worlds, order-free
} Log;

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

static Future *future_of(Log *log, uint32_t slot, uint32_t future)
{
    assert_true(slot < (uint32_t)log->n_worlds);
    assert_true(future - log->future_lo < (uint32_t)log->n_futures);
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
    Log *log = ctx;
    const Program *p = log->program;
    for (int32_t i = 0; i < f->n; i++) {
        Future *future = future_of(log, f->slot[i], f->future[i]);
        assert_false(future->seen);
        future->seen = true;
        future->end_step = f->end_step;
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
    Log *log = ctx;
    bool mask = log->program->series[seen->series].kind == RESULT_FLAG;
    for (int32_t i = 0; i < seen->n; i++) {
        Future *future = future_of(log, seen->slot[i], seen->future[i]);
        assert_false(future->seen);
        future->hash = mix(future->hash, bits_at(seen->values, i, mask));
        future->n_seen++;
    }
}

static void take_failed(void *ctx, CheckFailure f)
{
    Log *log = ctx;
    uint64_t hash = mix(mix((uint64_t)f.check, f.world), f.future);
    log->failed += mix(hash, (uint64_t)(int64_t)f.step);
    log->n_failed++;
}

static void take_worlds(void *ctx, int32_t first, int32_t n, const double *const *ranks,
                        const double *const *values)
{
    Log *log = ctx;
    for (int32_t i = 0; i < log->program->n_unknowns; i++) {
        for (int32_t w = 0; w < n; w++) {
            uint64_t hash = mix((uint64_t)(first + w), same_bits(ranks[i][w]));
            log->worlds += mix(hash, same_bits(values[i][w]));
        }
    }
}

static Log *log_new(Arena *arena, const Program *p, int32_t n_worlds, uint32_t lo, int32_t n)
{
    Log *log = ARENA_NEW(arena, Log);
    *log = (Log){.program = p, .n_worlds = n_worlds, .n_futures = n, .future_lo = lo};
    log->n_told = 3 * p->n_results + 2 * p->n_series + p->n_states;
    log->futures = ARENA_ARRAY(arena, Future, n_worlds * n);
    for (int32_t i = 0; i < n_worlds * n; i++) {
        log->futures[i].told = ARENA_ARRAY(arena, uint64_t, log->n_told + 1);
    }
    return log;
}

// The same from the reference

typedef struct {
    Log *log;
    Future *future;
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

static void run_reference(Log *log, uint64_t seed, const uint32_t *worlds)
{
    const Program *p = log->program;
    Reference *ref = reference_new(p, seed);
    for (int32_t slot = 0; slot < log->n_worlds; slot++) {
        for (int32_t i = 0; i < log->n_futures; i++) {
            uint32_t number = log->future_lo + (uint32_t)i;
            Future *future = future_of(log, (uint32_t)slot, number);
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

static void print_program(const Program *p, Arena *arena)
{
    Buf buf = {.arena = arena};
    program_print(p, &buf);
    fputs(buf_str(&buf).p, stderr);
}

static void compare(const Log *want, const Log *got, Arena *arena, const char *what)
{
    bool same = want->n_failed == got->n_failed && want->failed == got->failed &&
                want->worlds == got->worlds;
    for (int32_t i = 0; i < want->n_worlds * want->n_futures && same; i++) {
        const Future *a = &want->futures[i];
        const Future *b = &got->futures[i];
        same = b->seen && a->end_step == b->end_step && a->hash == b->hash &&
               a->n_seen == b->n_seen &&
               memcmp(a->told, b->told, (size_t)want->n_told * sizeof a->told[0]) == 0;
        if (!same) {
            print_error("future %d: seen %d, end %d %d, steps told %d %d, hash %d\n", i, b->seen,
                        a->end_step, b->end_step, a->n_seen, b->n_seen, a->hash == b->hash);
            for (int32_t j = 0; j < want->n_told; j++) {
                print_error("  told %d: %016llx %016llx (%g %g)\n", j,
                            (unsigned long long)a->told[j], (unsigned long long)b->told[j],
                            double_of(a->told[j]), double_of(b->told[j]));
            }
        }
    }
    if (!same) {
        print_error("checks %lld %lld, worlds %d\n", (long long)want->n_failed,
                    (long long)got->n_failed, want->worlds == got->worlds);
        print_program(want->program, arena);
        fail_msg("%s", what);
    }
}

// What was met over all programs

typedef struct {
    GenerateCounts made;
    EngineCounts engine;
    bool kernel[ISA_COUNT][K_COUNT];
    int64_t runs[ISA_COUNT];
} Coverage;

static void cover_list(Coverage *cover, const Engine *e, CellList list, Isa isa)
{
    for (int32_t i = 0; i < list.n; i++) {
        for (int k = 0; k < K_COUNT; k++) {
            if (list.cells[i].run == e->kernels->fn[k]) {
                cover->kernel[isa][k] = true;
            }
        }
    }
}

static void cover_engine(Coverage *cover, const Engine *e, Isa isa)
{
    EngineCounts counts = engine_counts(e);
    cover->engine.skipped += counts.skipped;
    cover->engine.compacted += counts.compacted;
    cover->engine.masked += counts.masked;
    cover->engine.swept += counts.swept;
    cover->engine.emptied += counts.emptied;
    cover->runs[isa]++;
    cover_list(cover, e, e->step, isa);
    cover_list(cover, e, e->look, isa);
    cover_list(cover, e, e->finish, isa);
    cover_list(cover, e, e->start, isa);
}

typedef struct {
    const Program *program;
    uint64_t seed;
    const uint32_t *worlds;
    const Log *want;
    Arena *arena;
    Coverage *cover;
} Trial;

static void try_engine(const Trial *t, Isa isa, int32_t lanes, bool sweep, bool compact)
{
    EngineOptions options = {.seed = t->seed,
                             .isa = isa,
                             .lanes = lanes,
                             .never_sweep = !sweep,
                             .never_compact = !compact};
    Engine *e = engine_new(t->program, options);
    Log *log =
        log_new(t->arena, t->program, t->want->n_worlds, t->want->future_lo, t->want->n_futures);
    Sink sink = {log, take_finished, take_seen, take_worlds, take_failed};
    assert_true(engine_run(e, t->worlds, log->n_worlds, log->future_lo,
                           log->future_lo + (uint32_t)log->n_futures, &sink, NULL));
    char what[120];
    snprintf(what, sizeof what, "%s, %d lanes, sweep %d, compact %d", isa_name(isa), lanes, sweep,
             compact);
    cover_engine(t->cover, e, isa);
    compare(t->want, log, t->arena, what);
    engine_free(e);
}

// Three of the ways to run a program, other ones each time; every way comes up often.
static void try_program(uint64_t number, const Tables *tables, Coverage *cover)
{
    static const int32_t LANES[] = {8, 64, 256, 1024};
    Arena *arena = arena_new(0);
    uint64_t state = number * 77 + 1;
    const Program *p = generate_program(arena, number, tables->p, tables->n, &cover->made);
    const char *fault = program_verify(p, arena);
    if (fault) {
        print_program(p, arena);
        fail_msg("program %llu: %s", (unsigned long long)number, fault);
    }
    uint32_t worlds[12];
    int32_t n_worlds = 1 + (int32_t)(generate_random(&state) % 12);
    for (int32_t i = 0; i < n_worlds; i++) {
        worlds[i] = (uint32_t)i * 3 + (uint32_t)(number % 1000);
    }
    int32_t n_futures = 1 + (int32_t)(generate_random(&state) % (uint64_t)(number % 8 ? 12 : 60));
    uint32_t lo = generate_random(&state) % 4 ? 0 : 1000;
    uint64_t seed = generate_random(&state);
    Log *want = log_new(arena, p, n_worlds, lo, n_futures);
    run_reference(want, seed, worlds);
    Trial trial = {p, seed, worlds, want, arena, cover};
    for (int i = 0; i < 3; i++) {
        Isa isa = (Isa)((number + (uint64_t)i) % ISA_COUNT);
        isa = engine_has_isa(isa) ? isa : engine_has_isa(ISA_AVX2) && i ? ISA_AVX2 : ISA_BASE;
        uint64_t way = generate_random(&state);
        try_engine(&trial, isa, LANES[way % 4], way >> 8 & 3, way >> 16 & 3);
    }
    arena_free(arena);
}

static void check_coverage(const Coverage *cover)
{
    for (int op = 0; op < OP_COUNT; op++) {
        if (cover->made.ops[op] == 0) {
            fail_msg("no program has %s", op_info((OpCode)op)->name);
        }
    }
    assert_true(cover->engine.skipped > 0);
    assert_true(cover->engine.compacted > 0);
    assert_true(cover->engine.masked > 0);
    assert_true(cover->engine.swept > 0);
    assert_true(cover->engine.emptied > 0);
    static const char *const NAMES[K_COUNT] = {
#define KERNEL(name) #name,
#include "engine/kernels.def"
#undef KERNEL
    };
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        for (int k = 0; k < K_COUNT && engine_has_isa((Isa)isa); k++) {
            if (!cover->kernel[isa][k]) {
                fail_msg("%s: kernel %s never ran", isa_name((Isa)isa), NAMES[k]);
            }
        }
    }
}

static void test_engine_has_the_bits_of_the_reference(void **unused)
{
    (void)unused;
    const char *wanted = getenv("CASUS_PROGRAMS");
    int64_t n = wanted ? strtoll(wanted, NULL, 10) : 10000;
    Arena *arena = arena_new(0);
    Tables tables = tables_new(arena);
    Coverage cover = {0};
    for (int64_t i = 0; i < n; i++) {
        try_program((uint64_t)i, &tables, &cover);
    }
    if (n >= 10000) {
        check_coverage(&cover);
    }
    print_message("%lld programs; runs base %lld, avx2 %lld, avx512 %lld; regions skipped %lld, "
                  "compacted %lld, masked %lld; swept %lld, emptied %lld\n",
                  (long long)n, (long long)cover.runs[0], (long long)cover.runs[1],
                  (long long)cover.runs[2], (long long)cover.engine.skipped,
                  (long long)cover.engine.compacted, (long long)cover.engine.masked,
                  (long long)cover.engine.swept, (long long)cover.engine.emptied);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_engine_has_the_bits_of_the_reference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
