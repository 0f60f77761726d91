// SPDX-License-Identifier: MIT
//
// Any bytes as a model that is lowered and, where it is small, run: the Program of every view
// passes the verifier, and the engine and the reference executor tell the same of some futures of
// it.
#include <stddef.h>
#include <stdint.h>

#include "../tests/unit/engine_agree.h"
#include "lang/check.h"
#include "lower/lower.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_VIEWS = 3, WORLDS = 3, FUTURES = 5, SEED = 7 };
static const double MOST_WORK = 3e5; // instructions for one future

static bool is_small(const Program *p)
{
    double code = (double)(p->step.n + p->look.n + p->uniform.n) * p->n_steps;
    return code + p->start.n + p->finish.n + p->world.n < MOST_WORK && p->n_cols < 5000;
}

static void run_both(Arena *arena, const Program *p)
{
    static const uint32_t worlds[WORLDS] = {0, 1, 9};
    AgreeLog *want = agree_log_new(arena, p, WORLDS, 0, FUTURES);
    AgreeLog *got = agree_log_new(arena, p, WORLDS, 0, FUTURES);
    agree_reference(want, SEED, worlds);
    Engine *engine = engine_new(p, (EngineOptions){.seed = SEED, .lanes = 64});
    Sink sink = agree_sink(got);
    ASSERT(engine_run(engine, worlds, WORLDS, 0, FUTURES, &sink, NULL));
    engine_free(engine);
    ASSERT(agree_same(want, got, arena));
}

static void lower_and_run(Arena *arena, const Model *model, const View *view)
{
    for (int32_t trace = 0; trace < 2; trace++) {
        Program *program = NULL;
        Error error = {0};
        LowerOptions options = {.trace = trace == 1};
        Status status = lower_view(arena, model, view, options, &program, &error);
        ASSERT(status == ST_OK || status == ST_BAD_MODEL);
        ASSERT(status == ST_OK || error.message[0]);
        if (status != ST_OK) {
            return;
        }
        ASSERT(!program_verify(program, arena));
        if (is_small(program)) {
            run_both(arena, program);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 6000) {
        return 0;
    }
    Arena *arena = arena_new(0);
    Arena *texts = arena_new(0);
    DiagList diags = {.arena = texts};
    Model *model = NULL;
    Error error = {0};
    LoadOptions options = {.lint = false};
    Str text = {(const char *)data, size};
    if (lang_load_text(arena, &diags, STR("fuzz"), text, &options, &model, &error) == ST_OK) {
        for (int32_t i = 0; i < model->n_views && i < MOST_VIEWS; i++) {
            lower_and_run(arena, model, model->views[i]);
        }
    }
    arena_free(texts);
    arena_free(arena);
    return 0;
}
