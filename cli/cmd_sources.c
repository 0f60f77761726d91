// SPDX-License-Identifier: MIT
//
// casus sources: what a model rests on, on standard output; all else on standard error.
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "cli.h"

static int write_sources(const Args *args, const CasusSources *sources)
{
    const OptionValue *v = args->values;
    if (v[OPT_DIGEST].given) {
        char digest[24];
        snprintf(digest, sizeof digest, "%016" PRIx64 "\n", casus_sources_digest(sources));
        return term_output(args, digest);
    }
    CasusFormat format = v[OPT_JSON].given       ? CASUS_JSON
                         : v[OPT_CSV].given      ? CASUS_CSV
                         : v[OPT_MARKDOWN].given ? CASUS_MARKDOWN
                                                 : CASUS_TEXT;
    CasusStyle style = term_style(args);
    char *text = casus_sources_write(sources, format, &style);
    if (!text) {
        term_say("no memory left to write the sources");
        return CASUS_INTERNAL;
    }
    int code = term_output(args, text);
    casus_free(text);
    return code;
}

static int sources(const Args *args, const CasusModel *model)
{
    CasusSourcesOptions options = {.run = cli_run_options(args),
                                   .no_run = args->values[OPT_NO_RUN].given};
    CasusStyle style = term_style_err(args);
    Meter meter = meter_start(args);
    double start = clock_seconds();
    options.run.style = &style;
    options.run.progress = meter_show;
    options.run.context = &meter;
    options.run.stop = term_catch_interrupt();
    CasusError *error = NULL;
    CasusSources *found = casus_sources(model, &options, &error);
    meter_end(&meter);
    if (!found) {
        return term_fail(args, error);
    }
    int code = write_sources(args, found);
    if (code == 0 && *options.run.stop) {
        code = CASUS_INTERRUPTED;
    }
    if (args->values[OPT_VERBOSE].given) {
        term_say("%.2f s", clock_seconds() - start);
    }
    casus_sources_free(found);
    return code;
}

int cmd_sources(const Args *args)
{
    int code = cli_check_formats(args);
    if (code) {
        return code;
    }
    CasusModel *model = cli_load(args, false, &code);
    if (model) {
        code = sources(args, model);
        casus_model_free(model);
    }
    return code;
}
