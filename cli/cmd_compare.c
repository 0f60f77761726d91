// SPDX-License-Identifier: MIT
//
// casus compare: readings side by side on standard output, all else on standard error.
#include "cli.h"

static int write_comparison(const Args *args, const CasusComparison *comparison)
{
    const OptionValue *v = args->values;
    if (v[OPT_DIGEST].given) {
        return cli_put_digest(args, casus_comparison_digest(comparison));
    }
    CasusStyle style = term_style(args);
    style.all = v[OPT_ALL].given || v[OPT_QUESTION].given; // who names a question wants all of it
    return cli_put(args, casus_comparison_write(comparison, cli_format(args), &style));
}

// The stories asked for are columns here, not the one that is told.
static CasusCompareOptions compare_options(const Args *args)
{
    const Texts *stories = &args->values[OPT_STORY].list;
    const Texts *variants = &args->values[OPT_VARIANT].list;
    CasusCompareOptions options = {.run = cli_run_options(args),
                                   .stories = stories->p,
                                   .n_stories = (size_t)stories->n,
                                   .variants = variants->p,
                                   .n_variants = (size_t)variants->n,
                                   .no_cruxes = args->values[OPT_NO_CRUXES].given};
    options.run.story = options.run.variant = NULL;
    return options;
}

static int compare(const Args *args, const CasusModel *model)
{
    CasusCompareOptions options = compare_options(args);
    Work work;
    work_start(&work, args, &options.run);
    CasusError *error = NULL;
    CasusComparison *comparison = casus_compare(model, &options, &error);
    work_ended(&work);
    if (!comparison) {
        return term_fail(args, error);
    }
    int code = write_comparison(args, comparison);
    if (code == 0 && *work.stop) {
        code = CASUS_INTERRUPTED;
    } else if (code == 0 && casus_comparison_check_failed(comparison)) {
        code = CASUS_CHECK_FAILED;
    }
    work_tell_time(&work);
    casus_comparison_free(comparison);
    return code;
}

int cmd_compare(const Args *args)
{
    return cli_with_model(args, false, compare);
}
