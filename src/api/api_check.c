// SPDX-License-Identifier: MIT
//
// What may be asked of a model beside its answers, at the border.
#include "api/options.h"
#include "ask/agree.h"
#include "ask/ordering.h"
#include "ask/reach.h"
#include "show/show_agree.h"
#include "show/show_order.h"
#include "show/show_reach.h"

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

// ---- What is told at once -----------------------------------------------------------------------

// One of the checks that come as a text, without a handle.
typedef struct {
    const char *name;
    Status (*write)(Arena *arena, const CasusModel *model, const RunOptions *run, Buf *buf,
                    const ShowStyle *style, Error *error); // style NULL: JSON
} TextCheck;

static char *write_check(const TextCheck *check, const CasusModel *model,
                         const CasusRunOptions *options, CasusFormat format,
                         const CasusStyle *style, CasusError **error)
{
    if (!model || (format != CASUS_TEXT && format != CASUS_JSON)) {
        api_fail_usage(error, "a check needs a model, and writes text or JSON");
        return NULL;
    }
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    Caller caller;
    RunOptions run;
    Error why = {.status = ST_OK};
    ShowStyle show = api_style(style);
    Status status = ST_OK;
    if (options && (options->samples || options->precision > 0)) {
        status = error_set(&why, ST_USAGE, "the check of %s takes no samples and no precision",
                           check->name);
    }
    status = status == ST_OK ? api_run_options(arena, model, options, &caller, &run, &why) : status;
    if (status == ST_OK) {
        const ShowStyle *text = format == CASUS_TEXT ? &show : NULL;
        status = check->write(arena, model, &run, &buf, text, &why);
    }
    char *text = NULL;
    if (status == ST_OK) {
        text = api_text(&buf);
    } else {
        api_fail_model(error, &why, model);
    }
    arena_free(arena);
    return text;
}

static Status write_order(Arena *arena, const CasusModel *model, const RunOptions *run, Buf *buf,
                          const ShowStyle *style, Error *error)
{
    Ordering *ordering = NULL;
    OrderingOptions options = {.run = *run};
    TRY(ask_ordering(arena, model->model, &options, &ordering, error));
    if (!style) {
        return show_order_json(buf, ordering, error);
    }
    show_order(buf, ordering, style);
    return ST_OK;
}

static Status write_reach(Arena *arena, const CasusModel *model, const RunOptions *run, Buf *buf,
                          const ShowStyle *style, Error *error)
{
    Reach *reach = NULL;
    ReachOptions options = {.run = *run};
    TRY(ask_reach(arena, model->model, &options, &reach, error));
    if (!style) {
        return show_reach_json(buf, reach, error);
    }
    show_reach(buf, reach, style);
    return ST_OK;
}

char *casus_check_order(const CasusModel *model, const CasusRunOptions *options, CasusFormat format,
                        const CasusStyle *style, CasusError **error)
{
    static const TextCheck order = {"order", write_order};
    return write_check(&order, model, options, format, style, error);
}

char *casus_check_reach(const CasusModel *model, const CasusRunOptions *options, CasusFormat format,
                        const CasusStyle *style, CasusError **error)
{
    static const TextCheck reach = {"reach", write_reach};
    return write_check(&reach, model, options, format, style, error);
}
