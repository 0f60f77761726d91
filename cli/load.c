// SPDX-License-Identifier: MIT
//
// What run, check and replay begin with: load the model, gather the options of the run.
#include <string.h>

#include "cli.h"

CasusModel *cli_load(const Args *args, bool lint, int *code)
{
    const Texts *sets = &args->values[OPT_SET].list;
    CasusLoadOptions options = {.sets = sets->p, .n_sets = (size_t)sets->n, .lint = lint};
    CasusError *error = NULL;
    CasusModel *model = casus_model_load(args->operands.p[0], &options, &error);
    *code = 0;
    if (!model) {
        *code = term_fail(args, error);
        return NULL;
    }
    if (!lint && !args->values[OPT_QUIET].given && casus_model_warnings(model)) {
        const OptionValue *form = &args->values[OPT_DIAGNOSTICS];
        bool json = form->given && strcmp(form->text, "json") == 0;
        CasusStyle style = term_style_err(args);
        char *text = casus_model_diagnostics(model, json ? CASUS_JSON : CASUS_TEXT, &style);
        term_err(text);
        casus_free(text);
    }
    return model;
}

CasusRunOptions cli_run_options(const Args *args)
{
    const OptionValue *v = args->values;
    const Texts *questions = &v[OPT_QUESTION].list;
    return (CasusRunOptions){.seed = v[OPT_SEED].count,
                             .worlds = v[OPT_WORLDS].count,
                             .futures = v[OPT_FUTURES].count,
                             .threads = (int)v[OPT_THREADS].count,
                             .story = v[OPT_STORY].text,
                             .variant = v[OPT_VARIANT].text,
                             .with_base = v[OPT_BASE].given,
                             .questions = questions->p,
                             .n_questions = (size_t)questions->n,
                             .precision = v[OPT_PRECISION].chance,
                             .samples = v[OPT_SAMPLES].text,
                             .checkpoint = v[OPT_CHECKPOINT].text};
}
