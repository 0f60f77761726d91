// SPDX-License-Identifier: MIT
//
// From a model file to a Model: read the file and those it uses, parse, resolve names, check kinds
// and units, apply stories and variants, lint. All that is wrong is in `diags`; the Model is NULL
// when any of it is an error.
#pragma once
#include "lang/model.h"

typedef struct {
    const char *path; // the model file, or "-" for standard input
    const Str *sets;  // texts of --set options, laid over every view (Model.set_views)
    int32_t n_sets;
    bool lint; // also warnings that need no run
} LoadOptions;

// `arena` owns the Model; `diags` (with an arena of its own) owns texts and messages, and must live
// as long as messages are shown. ST_NO_INPUT when the file itself cannot be read, ST_BAD_MODEL when
// there are errors, else ST_OK.
Status lang_load(Arena *arena, DiagList *diags, const LoadOptions *options, Model **model,
                 Error *error);

// The same from memory (tests, fuzzing, the API): `text` stands for a file called `name`.
Status lang_load_text(Arena *arena, DiagList *diags, Str name, Str text, const LoadOptions *options,
                      Model **model, Error *error);
