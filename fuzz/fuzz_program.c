// SPDX-License-Identifier: MIT
//
// Any bytes as the choices of the generator of random Programs: the engine and the reference
// executor tell the same of every future, bit for bit, whatever the block size, with sweeping and
// without. The first bytes say how it is run.
#include <stddef.h>
#include <stdint.h>

#include "../tests/unit/engine_agree.h"
#include "../tests/unit/engine_generate.h"
#include "../tests/unit/engine_tables.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD = 8, MOST_WORLDS = 6 };

static void run_engine(Arena *arena, const AgreeLog *want, const uint8_t *head,
                       const uint32_t *worlds)
{
    static const int32_t LANES[] = {8, 64, 256, 1024};
    EngineOptions options = {.seed = head[0],
                             .isa = (Isa)(head[1] % ISA_COUNT),
                             .lanes = LANES[head[2] % 4],
                             .never_sweep = (head[3] & 1) != 0,
                             .never_compact = (head[3] & 2) != 0};
    options.isa = engine_has_isa(options.isa) ? options.isa : ISA_BASE;
    Engine *engine = engine_new(want->program, options);
    AgreeLog *got =
        agree_log_new(arena, want->program, want->n_worlds, want->future_lo, want->n_futures);
    Sink sink = agree_sink(got);
    ASSERT(engine_run(engine, worlds, got->n_worlds, got->future_lo,
                      got->future_lo + (uint32_t)got->n_futures, &sink, NULL));
    ASSERT(agree_same(want, got, arena));
    engine_free(engine);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < HEAD || size > 4000) {
        return 0;
    }
    // Tables take long to build and are never changed: once a process.
    static Arena *lasting;
    static Tables tables;
    if (!lasting) {
        lasting = arena_new(0);
        tables = tables_new(lasting);
    }
    Arena *arena = arena_new(0);
    GenerateCounts counts = {0};
    Str choices = {(const char *)data + HEAD, size - HEAD};
    const Program *program = generate_program_from(arena, choices, tables.p, tables.n, &counts);
    ASSERT(!program_verify(program, arena));
    uint32_t worlds[MOST_WORLDS];
    for (uint32_t i = 0; i < MOST_WORLDS; i++) {
        worlds[i] = i * 3 + data[4];
    }
    AgreeLog *want = agree_log_new(arena, program, 1 + data[5] % MOST_WORLDS,
                                   data[6] & 1 ? 1000 : 0, 1 + data[7] % 20);
    agree_reference(want, data[0], worlds);
    run_engine(arena, want, data, worlds);
    arena_free(arena);
    return 0;
}
