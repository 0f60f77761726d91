// SPDX-License-Identifier: MIT
//
// The options of a run as the public headers have them, in the terms of src/ask.
#pragma once
#include "api/handles.h"
#include "ask/run.h"

// Who is called while a run goes on.
typedef struct {
    const CasusRunOptions *options;
    ShowStyle style;
} Caller;

// `given` may be NULL: all defaults. What *out points to lives in `arena` and in *caller, which
// must outlive the run. ST_USAGE names what makes no sense.
Status api_run_options(Arena *arena, const CasusModel *model, const CasusRunOptions *given,
                       Caller *caller, RunOptions *out, Error *error);
