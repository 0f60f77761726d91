// SPDX-License-Identifier: MIT
//
// casus sources: what a model rests on, on standard output; all else on standard error.
#include "cli.h"

static int write_sources(const Args *args, const CasusSources *sources)
{
    if (args->values[OPT_DIGEST].given) {
        return cli_put_digest(args, casus_sources_digest(sources));
    }
    CasusStyle style = term_style(args);
    return cli_put(args, casus_sources_write(sources, cli_format(args), &style));
}

static int sources(const Args *args, const CasusModel *model)
{
    CasusSourcesOptions options = {.run = cli_run_options(args),
                                   .no_run = args->values[OPT_NO_RUN].given};
    Work work;
    work_start(&work, args, &options.run);
    CasusError *error = NULL;
    CasusSources *found = casus_sources(model, &options, &error);
    work_ended(&work);
    if (!found) {
        return term_fail(args, error);
    }
    int code = write_sources(args, found);
    if (code == 0 && *work.stop && casus_sources_is_partial(found)) {
        code = CASUS_INTERRUPTED;
    }
    work_tell_time(&work);
    casus_sources_free(found);
    return code;
}

int cmd_sources(const Args *args)
{
    return cli_with_model(args, false, sources);
}
