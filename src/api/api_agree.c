// SPDX-License-Identifier: MIT
//
// Agreement of sampled and exact answers, at the border.
#include "api/options.h"
#include "ask/agree.h"
#include "show/show_agree.h"

struct CasusAgreement {
    Arena *arena;
    Agreement *agreement;
};

static Status agree(Arena *arena, const CasusModel *model, const CasusAgreeOptions *options,
                    Agreement **agreement, Error *error)
{
    static const CasusAgreeOptions defaults = {.megabytes = 0};
    const CasusAgreeOptions *given = options ? options : &defaults;
    Caller caller;
    AgreeOptions agree = {.limits = {.megabytes = given->megabytes}};
    if (given->run.samples || given->run.precision > 0) {
        return error_set(error, ST_USAGE, "agreement takes no samples and no precision");
    }
    TRY(api_run_options(arena, model, &given->run, &caller, &agree.run, error));
    return ask_agree(arena, model->model, &agree, agreement, error);
}

CasusAgreement *casus_agree(const CasusModel *model, const CasusAgreeOptions *options,
                            CasusError **error)
{
    if (!model) {
        api_fail_usage(error, "casus_agree: model is NULL");
        return NULL;
    }
    Arena *arena = arena_new(0);
    Agreement *agreement = NULL;
    Error why = {.status = ST_OK};
    if (agree(arena, model, options, &agreement, &why) != ST_OK) {
        arena_free(arena);
        api_fail_model(error, &why, model);
        return NULL;
    }
    CasusAgreement *handle = ARENA_NEW(arena, CasusAgreement);
    *handle = (CasusAgreement){arena, agreement};
    return handle;
}

void casus_agreement_free(CasusAgreement *agreement)
{
    if (agreement) {
        arena_free(agreement->arena);
    }
}

int casus_agreement_holds(const CasusAgreement *agreement)
{
    return agreement && agreement->agreement->agrees;
}

int casus_agreement_is_partial(const CasusAgreement *agreement)
{
    return agreement && agreement->agreement->sampled.partial;
}

char *casus_agreement_write(const CasusAgreement *agreement, CasusFormat format,
                            const CasusStyle *style)
{
    if (!agreement || (format != CASUS_TEXT && format != CASUS_JSON)) {
        return NULL;
    }
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    ShowStyle show = api_style(style);
    bool written = true;
    if (format == CASUS_JSON) {
        written = show_agree_json(&buf, agreement->agreement, NULL) == ST_OK;
    } else {
        show_agree(&buf, agreement->agreement, &show);
    }
    char *text = written ? api_text(&buf) : NULL;
    arena_free(arena);
    return text;
}
