// SPDX-License-Identifier: MIT
//
// Comparisons at the border.
#include "api/options.h"
#include "ask/compare.h"
#include "show/show_compare.h"

struct CasusComparison {
    Arena *arena;
    Comparison *comparison;
};

// Stories or variants by name, as views. The base stands there in any case; asked for alone, it
// leaves no other.
static Status pick_views(Arena *arena, const CasusModel *model, bool stories,
                         const char *const *names, size_t n, const View *const **views,
                         int32_t *n_views, Error *error)
{
    if (n && !names) {
        return error_set(error, ST_USAGE, "names without the list of them");
    }
    if (n > INT32_MAX) {
        return error_set(error, ST_USAGE, "too many names");
    }
    const View **list = ARENA_ARRAY(arena, const View *, n + 1);
    for (size_t i = 0; i < n; i++) {
        CasusRunOptions one = {.story = stories ? names[i] : NULL,
                               .variant = stories ? NULL : names[i]};
        RunOptions run;
        Caller caller;
        TRY(api_run_options(arena, model, &one, &caller, &run, error));
        list[(*n_views)++] = run.view;
    }
    *views = list;
    return ST_OK;
}

static Status compare(Arena *arena, const CasusModel *model, const CasusCompareOptions *options,
                      Comparison **comparison, Error *error)
{
    static const CasusCompareOptions defaults = {.no_cruxes = 0};
    const CasusCompareOptions *given = options ? options : &defaults;
    Caller caller;
    CompareOptions compare = {.no_cruxes = given->no_cruxes != 0};
    if (given->run.story || given->run.variant || given->run.samples || given->run.precision > 0) {
        return error_set(error, ST_USAGE,
                         "a comparison takes no single story or variant, no samples, no precision");
    }
    TRY(api_run_options(arena, model, &given->run, &caller, &compare.run, error));
    TRY(pick_views(arena, model, true, given->stories, given->n_stories, &compare.stories,
                   &compare.n_stories, error));
    TRY(pick_views(arena, model, false, given->variants, given->n_variants, &compare.variants,
                   &compare.n_variants, error));
    return ask_compare(arena, model->model, &compare, comparison, error);
}

CasusComparison *casus_compare(const CasusModel *model, const CasusCompareOptions *options,
                               CasusError **error)
{
    if (!model) {
        api_fail_usage(error, "casus_compare: model is NULL");
        return NULL;
    }
    Arena *arena = arena_new(0);
    Comparison *comparison = NULL;
    Error why = {.status = ST_OK};
    if (compare(arena, model, options, &comparison, &why) != ST_OK) {
        arena_free(arena);
        api_fail(error, &why, NULL);
        return NULL;
    }
    CasusComparison *handle = ARENA_NEW(arena, CasusComparison);
    *handle = (CasusComparison){arena, comparison};
    return handle;
}

void casus_comparison_free(CasusComparison *comparison)
{
    if (comparison) {
        arena_free(comparison->arena);
    }
}

uint64_t casus_comparison_digest(const CasusComparison *comparison)
{
    return comparison ? comparison_digest(comparison->comparison) : 0;
}

int casus_comparison_is_partial(const CasusComparison *comparison)
{
    return comparison && comparison->comparison->provenance.partial;
}

int casus_comparison_check_failed(const CasusComparison *comparison)
{
    return comparison && comparison->comparison->check_failed;
}

char *casus_comparison_write(const CasusComparison *comparison, CasusFormat format,
                             const CasusStyle *style)
{
    if (!comparison) {
        return NULL;
    }
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    ShowStyle show = api_style(style);
    const Comparison *c = comparison->comparison;
    bool written = true;
    switch (format) {
    case CASUS_TEXT: show_compare(&buf, c, &show); break;
    case CASUS_JSON: written = show_compare_json(&buf, c, NULL) == ST_OK; break;
    case CASUS_CSV: show_compare_csv(&buf, c); break;
    case CASUS_MARKDOWN: show_compare_markdown(&buf, c, &show); break;
    }
    char *text = written ? api_text(&buf) : NULL;
    arena_free(arena);
    return text;
}
