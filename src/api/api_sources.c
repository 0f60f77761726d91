// SPDX-License-Identifier: MIT
//
// What a model rests on, at the border.
#include "api/options.h"
#include "ask/sources.h"
#include "show/show_sources.h"

struct CasusSources {
    Arena *arena;
    Sourcing *sourcing;
};

static Status source(Arena *arena, const CasusModel *model, const CasusSourcesOptions *options,
                     Sourcing **sourcing, Error *error)
{
    static const CasusSourcesOptions defaults = {.no_run = 0};
    const CasusSourcesOptions *given = options ? options : &defaults;
    Caller caller;
    SourcesOptions sources = {.no_run = given->no_run != 0};
    if (given->run.story || given->run.variant || given->run.samples || given->run.precision > 0) {
        return error_set(error, ST_USAGE,
                         "sources takes no single story or variant, no samples, no precision");
    }
    TRY(api_run_options(arena, model, &given->run, &caller, &sources.run, error));
    return ask_sources(arena, model->model, &sources, sourcing, error);
}

CasusSources *casus_sources(const CasusModel *model, const CasusSourcesOptions *options,
                            CasusError **error)
{
    if (!model) {
        api_fail_usage(error, "casus_sources: model is NULL");
        return NULL;
    }
    Arena *arena = arena_new(0);
    Sourcing *sourcing = NULL;
    Error why = {.status = ST_OK};
    if (source(arena, model, options, &sourcing, &why) != ST_OK) {
        arena_free(arena);
        api_fail(error, &why, NULL);
        return NULL;
    }
    CasusSources *handle = ARENA_NEW(arena, CasusSources);
    *handle = (CasusSources){arena, sourcing};
    return handle;
}

void casus_sources_free(CasusSources *sources)
{
    if (sources) {
        arena_free(sources->arena);
    }
}

uint64_t casus_sources_digest(const CasusSources *sources)
{
    return sources ? sourcing_digest(sources->sourcing) : 0;
}

int casus_sources_is_partial(const CasusSources *sources)
{
    return sources && sources->sourcing->provenance.partial;
}

char *casus_sources_write(const CasusSources *sources, CasusFormat format, const CasusStyle *style)
{
    if (!sources) {
        return NULL;
    }
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    ShowStyle show = api_style(style);
    const Sourcing *s = sources->sourcing;
    bool written = true;
    switch (format) {
    case CASUS_TEXT: show_sources(&buf, s, &show); break;
    case CASUS_JSON: written = show_sources_json(&buf, s, NULL) == ST_OK; break;
    case CASUS_CSV: show_sources_csv(&buf, s); break;
    case CASUS_MARKDOWN: show_sources_markdown(&buf, s, &show); break;
    }
    char *text = written ? api_text(&buf) : NULL;
    arena_free(arena);
    return text;
}
