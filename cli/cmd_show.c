// SPDX-License-Identifier: MIT
//
// casus show: the model in plain English.
#include "cli.h"

int cmd_show(const Args *args)
{
    int code;
    CasusModel *model = cli_load(args, false, &code);
    if (!model) {
        return code;
    }
    CasusStyle style = term_style(args);
    bool dot = args->values[OPT_DOT].given;
    char *text = dot ? casus_model_dot(model) : casus_model_tell(model, &style);
    code = term_output(args, text);
    casus_free(text);
    casus_model_free(model);
    return code;
}
