// SPDX-License-Identifier: MIT
//
// The engine against the reference executor on random programs, bit for bit: every instruction set
// of this processor, several block sizes, with and without sweeping and compaction. CASUS_PROGRAMS
// sets how many (10,000 unless told otherwise): enough that every kernel runs.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/plan.h"
#include "engine_agree.h"
#include "engine_generate.h"
#include "engine_tables.h"

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
    const AgreeLog *want;
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
    AgreeLog *log = agree_log_new(t->arena, t->program, t->want->n_worlds, t->want->future_lo,
                                  t->want->n_futures);
    Sink sink = agree_sink(log);
    assert_true(engine_run(e, t->worlds, log->n_worlds, log->future_lo,
                           log->future_lo + (uint32_t)log->n_futures, &sink, NULL));
    char what[120];
    snprintf(what, sizeof what, "%s, %d lanes, sweep %d, compact %d", isa_name(isa), lanes, sweep,
             compact);
    cover_engine(t->cover, e, isa);
    if (!agree_same(t->want, log, t->arena)) {
        fail_msg("%s", what);
    }
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
    AgreeLog *want = agree_log_new(arena, p, n_worlds, lo, n_futures);
    agree_reference(want, seed, worlds);
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
