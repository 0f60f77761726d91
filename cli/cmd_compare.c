// SPDX-License-Identifier: MIT
//
// casus compare: readings side by side on standard output, all else on standard error.
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "cli.h"

static int write_comparison(const Args *args, const CasusComparison *comparison)
{
    const OptionValue *v = args->values;
    if (v[OPT_DIGEST].given) {
        char digest[24];
        snprintf(digest, sizeof digest, "%016" PRIx64 "\n", casus_comparison_digest(comparison));
        return term_output(args, digest);
    }
    CasusFormat format = v[OPT_JSON].given       ? CASUS_JSON
                         : v[OPT_CSV].given      ? CASUS_CSV
                         : v[OPT_MARKDOWN].given ? CASUS_MARKDOWN
                                                 : CASUS_TEXT;
    CasusStyle style = term_style(args);
    style.all = v[OPT_ALL].given || v[OPT_QUESTION].given; // who names a question wants all of it
    char *text = casus_comparison_write(comparison, format, &style);
    if (!text) {
        term_say("no memory left to write the comparison");
        return CASUS_INTERNAL;
    }
    int code = term_output(args, text);
    casus_free(text);
    return code;
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
    CasusStyle style = term_style_err(args);
    Meter meter = meter_start(args);
    double start = clock_seconds();
    options.run.style = &style;
    options.run.progress = meter_show;
    options.run.context = &meter;
    options.run.stop = term_catch_interrupt();
    CasusError *error = NULL;
    CasusComparison *comparison = casus_compare(model, &options, &error);
    meter_end(&meter);
    if (!comparison) {
        return term_fail(args, error);
    }
    int code = write_comparison(args, comparison);
    if (code == 0 && *options.run.stop) {
        code = CASUS_INTERRUPTED;
    } else if (code == 0 && casus_comparison_check_failed(comparison)) {
        code = CASUS_CHECK_FAILED;
    }
    if (args->values[OPT_VERBOSE].given) {
        term_say("%.2f s", clock_seconds() - start);
    }
    casus_comparison_free(comparison);
    return code;
}

int cmd_compare(const Args *args)
{
    int code = cli_check_formats(args);
    if (code) {
        return code;
    }
    CasusModel *model = cli_load(args, false, &code);
    if (model) {
        code = compare(args, model);
        casus_model_free(model);
    }
    return code;
}
