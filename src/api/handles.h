// SPDX-License-Identifier: MIT
//
// What stands behind the opaque handles of include/casus. Each handle owns an arena with all it
// points to; texts handed to callers are made when the handle is, so that reading one never writes.
#pragma once
#include <casus/casus.h>

#include "answer/answer.h"
#include "base/diag.h"
#include "base/error.h"
#include "lang/model.h"
#include "show/show.h"

struct CasusError {
    Error error;
    char *message;   // safe to print
    DiagList *diags; // what was wrong in the model, or NULL; owned
};

struct CasusModel {
    Arena *arena;
    DiagList *diags; // sources and warnings; owned
    Model *model;
    const View *set; // the base as --set changes it, or NULL
    const char *title;
    const char **questions, **stories, **variants;
    size_t n_questions, n_stories, n_variants;
};

struct CasusAnswer {
    Arena *arena;
    Answer *answer;
    const char **names, **texts, **units, **whys;
    const char ***levels;
};

// A list of diagnostics with an arena of its own.
DiagList *api_diags_new(void);
void api_diags_free(DiagList *diags); // NULL is allowed

// Tell the caller why: sets *out when out is not NULL, and takes the diags over (or frees them).
void api_fail(CasusError **out, const Error *error, DiagList *diags);
// The same for what went wrong with this model: an error with a place becomes a diagnostic.
void api_fail_model(CasusError **out, const Error *error, const CasusModel *model);
// The same with a sentence for wrong arguments; returns CASUS_USAGE.
CasusStatus api_fail_usage(CasusError **out, const char *sentence);

ShowStyle api_style(const CasusStyle *style); // NULL: plain ASCII
char *api_text(Buf *buf);                     // a copy for the caller to free
const char *api_safe(Arena *arena, Str text); // a C string free of control bytes
char *api_diagnostics(const DiagList *diags, CasusFormat format, const CasusStyle *style);
