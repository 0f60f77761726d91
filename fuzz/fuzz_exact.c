// SPDX-License-Identifier: MIT
//
// Any bytes as a tiny model: exact answers, state by state and in blocks, against those found by
// going through all paths.
#include <casus/casus.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "api/handles.h"
#include "ask/exact.h"
#include "base/error.h"
#include "tiny.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_PATHS = 20000 };

static bool close_to(double a, double b)
{
    double gap = a - b;
    return gap < 1e-9 && gap > -1e-9;
}

static void complain(const char *what, Str text)
{
    fprintf(stderr, "%s\n%.*s", what, STR_ARG(text));
    ASSERT(!"an answer that differs, or none");
}

static const Item *item_named(const Answer *answer, const char *name)
{
    for (int32_t i = 0; i < answer->n_items; i++) {
        if (str_eq(answer->items[i].name, str_of(name))) {
            return &answer->items[i];
        }
    }
    ASSERT(!"a question that was asked");
    return NULL;
}

static void compare(const char *how, const Answer *got, const TinyModel *model,
                    const TinyAnswers *want, Str text)
{
    for (int i = 0; i < model->n_asks; i++) {
        char name[16];
        snprintf(name, sizeof name, "q%d", i);
        double value = item_named(got, name)->value.value;
        if (want->value[i] != want->value[i] ? value == value : !close_to(value, want->value[i])) {
            char said[100];
            snprintf(said, sizeof said, "%s %s: %.17g, by paths %.17g", name, how, value,
                     want->value[i]);
            complain(said, text);
        }
    }
}

// The same in blocks from the first state on, as models of many states go.
static void compare_blocks(Arena *arena, const CasusModel *model, const TinyModel *tiny,
                           const TinyAnswers *want, Str text)
{
    Answer *got = NULL;
    Error error = {0};
    RunOptions run = {.sources = model->diags};
    ExactLimits limits = {.blocks_from = 1};
    if (ask_exact(arena, model->model, &run, limits, &got, &error) != ST_OK) {
        complain(error.message, text);
    }
    compare("in blocks", got, tiny, want, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_new(0);
    TinyModel tiny = tiny_model((Str){(const char *)data, size});
    TinyAnswers want;
    if (tiny_answers(&tiny, MOST_PATHS, &want)) {
        Str text = tiny_text(arena, &tiny);
        CasusError *error = NULL;
        CasusModel *model = casus_model_load_text("tiny", text.p, text.n, NULL, &error);
        if (!model) {
            complain(casus_error_diagnostics(error, CASUS_TEXT, NULL), text);
        }
        CasusAnswer *got = casus_exact(model, NULL, 0, &error);
        if (!got) {
            complain(casus_error_message(error), text);
        }
        compare("state by state", got->answer, &tiny, &want, text);
        compare_blocks(arena, model, &tiny, &want, text);
        casus_answer_free(got);
        casus_model_free(model);
    }
    arena_free(arena);
    return 0;
}
