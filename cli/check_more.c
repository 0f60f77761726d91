// SPDX-License-Identifier: MIT
//
// casus check --agree, --order and --reach: what was found, on standard output.
#include "base/clock.h"
#include "cli.h"

static CasusFormat format(const Args *args)
{
    return args->values[OPT_JSON].given ? CASUS_JSON : CASUS_TEXT;
}

static int write_agreement(const Args *args, const CasusAgreement *agreement)
{
    CasusStyle style = term_style(args);
    style.all = args->values[OPT_ALL].given;
    char *text = casus_agreement_write(agreement, format(args), &style);
    if (!text) {
        term_say("no memory left to write what was found");
        return CASUS_INTERNAL;
    }
    int code = term_output(args, text);
    casus_free(text);
    return code;
}

int check_agree(const Args *args, const CasusModel *model)
{
    CasusAgreeOptions options = {.run = cli_run_options(args),
                                 .megabytes = args->values[OPT_MEMORY].count};
    CasusStyle style = term_style_err(args);
    Meter meter = meter_start(args);
    double start = clock_seconds();
    options.run.style = &style;
    options.run.progress = meter_show;
    options.run.context = &meter;
    options.run.stop = term_catch_interrupt();
    CasusError *error = NULL;
    CasusAgreement *agreement = casus_agree(model, &options, &error);
    meter_end(&meter);
    if (!agreement) {
        return term_fail(args, error);
    }
    int code = write_agreement(args, agreement);
    if (code == 0 && *options.run.stop && casus_agreement_is_partial(agreement)) {
        code = CASUS_INTERRUPTED;
    } else if (code == 0 && !casus_agreement_holds(agreement)) {
        code = CASUS_DISAGREE;
    }
    if (args->values[OPT_VERBOSE].given) {
        term_say("%.2f s", clock_seconds() - start);
    }
    casus_agreement_free(agreement);
    return code;
}

typedef char *Check(const CasusModel *model, const CasusRunOptions *options, CasusFormat format,
                    const CasusStyle *style, CasusError **error);

static int write_check(const Args *args, const CasusModel *model, Check *check)
{
    CasusRunOptions options = cli_run_options(args);
    CasusStyle style = term_style(args), progress_style = term_style_err(args);
    Meter meter = meter_start(args);
    double start = clock_seconds();
    style.all = args->values[OPT_ALL].given;
    options.style = &progress_style;
    options.progress = meter_show;
    options.context = &meter;
    options.stop = term_catch_interrupt();
    CasusError *error = NULL;
    char *text = check(model, &options, format(args), &style, &error);
    meter_end(&meter);
    if (!text) {
        return term_fail(args, error);
    }
    int code = term_output(args, text);
    casus_free(text);
    if (args->values[OPT_VERBOSE].given) {
        term_say("%.2f s", clock_seconds() - start);
    }
    return code == 0 && *options.stop ? CASUS_INTERRUPTED : code;
}

int check_order(const Args *args, const CasusModel *model)
{
    return write_check(args, model, casus_check_order);
}

int check_reach(const Args *args, const CasusModel *model)
{
    return write_check(args, model, casus_check_reach);
}
