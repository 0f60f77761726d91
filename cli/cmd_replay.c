// SPDX-License-Identifier: MIT
//
// casus replay: one future as a story.
#include "cli.h"

int cmd_replay(const Args *args)
{
    int code;
    CasusModel *model = cli_load(args, false, &code);
    if (!model) {
        return code;
    }
    const OptionValue *v = args->values;
    CasusRunOptions options = cli_run_options(args);
    CasusStyle style = term_style(args);
    style.all = v[OPT_ALL].given;
    CasusError *error = NULL;
    char *text = casus_replay(model, &options, v[OPT_WORLD].count, v[OPT_FUTURE].count,
                              v[OPT_JSON].given ? CASUS_JSON : CASUS_TEXT, &style, &error);
    code = text ? term_output(args, text) : term_fail(args, error);
    casus_free(text);
    casus_model_free(model);
    return code;
}
