// SPDX-License-Identifier: MIT
//
// Any bytes as a model: text -> tree -> Model -> a Program of every view, verified. Nothing runs: a
// model may be sound and take a day. What must hold is that no bytes crash or hang the corridor,
// and that a model without errors becomes sound Programs or a clear sentence.
#include <stddef.h>
#include <stdint.h>

#include "lang/check.h"
#include "lower/lower.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void lower_all(Arena *arena, const Model *model)
{
    for (int32_t i = 0; i < model->n_views; i++) {
        Program *program = NULL;
        Error error = {0};
        Status status = lower_view(arena, model, model->views[i], (LowerOptions){.trace = i == 0},
                                   &program, &error);
        ASSERT(status == ST_OK || status == ST_BAD_MODEL); // ST_INTERNAL: our own fault
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 20000) {
        return 0;
    }
    Arena *arena = arena_new(0);
    Arena *texts = arena_new(0);
    DiagList diags = {.arena = texts};
    Model *model = NULL;
    Error error = {0};
    LoadOptions options = {.lint = true};
    Str text = {(const char *)data, size};
    Status status = lang_load_text(arena, &diags, STR("fuzz"), text, &options, &model, &error);
    ASSERT((status == ST_OK) == (model != NULL));
    ASSERT(status == ST_OK || diags.n_errors > 0);
    if (model) {
        lower_all(arena, model);
    }
    arena_free(texts);
    arena_free(arena);
    return 0;
}
