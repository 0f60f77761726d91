// SPDX-License-Identifier: MIT
//
// Replays at the border: one future as text.
#include "api/options.h"

#include "ask/replay.h"
#include "show/show_json.h"
#include "show/show_replay.h"

static Status replay_text(Buf *buf, const Replay *replay, CasusFormat format,
                          const CasusStyle *style, Error *error)
{
    if (format == CASUS_JSON) {
        return show_replay_json(buf, replay, error);
    }
    if (format != CASUS_TEXT) {
        return error_set(error, ST_USAGE, "a replay is text or JSON");
    }
    ShowStyle show = api_style(style);
    show_replay(buf, replay, &show);
    return ST_OK;
}

char *casus_replay(const CasusModel *model, const CasusRunOptions *options, uint64_t world,
                   uint64_t future, CasusFormat format, const CasusStyle *style, CasusError **error)
{
    if (!model) {
        api_fail_usage(error, "casus_replay: model is NULL");
        return NULL;
    }
    Arena *arena = arena_new(0);
    Caller caller;
    RunOptions run;
    Replay *replay = NULL;
    Buf buf = {.arena = arena};
    Error why = {.status = ST_OK};
    Status status = api_run_options(arena, model, options, &caller, &run, &why);
    if (status == ST_OK) {
        status = ask_replay(arena, model->model, &run, world, future, &replay, &why);
    }
    if (status == ST_OK) {
        status = replay_text(&buf, replay, format, style, &why);
    }
    char *text = status == ST_OK ? api_text(&buf) : NULL;
    arena_free(arena);
    if (!text) {
        api_fail_model(error, &why, model);
    }
    return text;
}
