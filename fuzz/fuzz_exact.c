// SPDX-License-Identifier: MIT
//
// Any bytes as a tiny model: exact answers against those found by going through all paths, and the
// engine against the reference executor on the Program it becomes.
#include <casus/casus.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

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

static void compare(const CasusAnswer *got, const TinyModel *model, const TinyAnswers *want,
                    Str text)
{
    for (int i = 0; i < model->n_asks; i++) {
        char name[16];
        snprintf(name, sizeof name, "q%d", i);
        ptrdiff_t item = casus_answer_find(got, name);
        ASSERT(item >= 0);
        double value = casus_answer_estimate(got, (size_t)item).value;
        if (want->value[i] != want->value[i] ? value == value : !close_to(value, want->value[i])) {
            char said[100];
            snprintf(said, sizeof said, "%s: %.17g, by paths %.17g", name, value, want->value[i]);
            complain(said, text);
        }
    }
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
        compare(got, &tiny, &want, text);
        casus_answer_free(got);
        casus_model_free(model);
    }
    arena_free(arena);
    return 0;
}
