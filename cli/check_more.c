// SPDX-License-Identifier: MIT
//
// casus check --agree, --order and --reach: what was found, on standard output.
#include "cli.h"

static int write_agreement(const Args *args, const CasusAgreement *agreement)
{
    CasusStyle style = term_style(args);
    style.all = args->values[OPT_ALL].given;
    return cli_put(args, casus_agreement_write(agreement, cli_format(args), &style));
}

int check_agree(const Args *args, const CasusModel *model)
{
    if (cli_asks_nothing(model)) {
        return CASUS_USAGE;
    }
    CasusAgreeOptions options = {.run = cli_run_options(args),
                                 .megabytes = args->values[OPT_MEMORY].count};
    Work work;
    work_start(&work, args, &options.run);
    CasusError *error = NULL;
    CasusAgreement *agreement = casus_agree(model, &options, &error);
    work_ended(&work);
    if (!agreement) {
        return term_fail(args, error);
    }
    int code = write_agreement(args, agreement);
    if (code == 0 && *work.stop && casus_agreement_is_partial(agreement)) {
        code = CASUS_INTERRUPTED;
    } else if (code == 0 && !casus_agreement_holds(agreement)) {
        code = CASUS_DISAGREE;
    }
    work_tell_time(&work);
    casus_agreement_free(agreement);
    return code;
}

typedef char *Check(const CasusModel *model, const CasusRunOptions *options, CasusFormat format,
                    const CasusStyle *style, CasusError **error);

static int write_check(const Args *args, const CasusModel *model, Check *check)
{
    CasusRunOptions options = cli_run_options(args);
    CasusStyle style = term_style(args);
    style.all = args->values[OPT_ALL].given;
    Work work;
    work_start(&work, args, &options);
    CasusError *error = NULL;
    char *text = check(model, &options, cli_format(args), &style, &error);
    work_ended(&work);
    if (!text) {
        return term_fail(args, error);
    }
    int code = term_output(args, text);
    casus_free(text);
    work_tell_time(&work);
    return code == 0 && *work.stop ? CASUS_INTERRUPTED : code;
}

int check_order(const Args *args, const CasusModel *model)
{
    return write_check(args, model, casus_check_order);
}

int check_reach(const Args *args, const CasusModel *model)
{
    return write_check(args, model, casus_check_reach);
}
