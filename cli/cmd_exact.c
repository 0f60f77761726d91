// SPDX-License-Identifier: MIT
//
// casus exact: the answers on standard output, all else on standard error.
#include "base/clock.h"
#include "cli.h"

static int work_out(const Args *args, const CasusModel *model)
{
    CasusRunOptions options = cli_run_options(args);
    double start = clock_seconds();
    options.stop = term_catch_interrupt();
    options.worlds = args->values[OPT_OVER_PRIORS].count;
    CasusError *error = NULL;
    CasusAnswer *answer = casus_exact(model, &options, args->values[OPT_MEMORY].count, &error);
    if (!answer) {
        return term_fail(args, error);
    }
    int code = cli_write_answer(args, answer);
    if (code == 0) {
        code = cli_verdict(answer, *options.stop != 0);
    }
    if (args->values[OPT_VERBOSE].given) {
        term_say("%.2f s", clock_seconds() - start);
    }
    casus_answer_free(answer);
    return code;
}

int cmd_exact(const Args *args)
{
    int code = cli_check_formats(args);
    if (code) {
        return code;
    }
    CasusModel *model = cli_load(args, false, &code);
    if (model && casus_model_questions(model) == 0 && !args->values[OPT_QUIET].given) {
        term_say("this model asks nothing: add a line such as `question q \"...\" ever NAME`");
    }
    if (model) {
        code = work_out(args, model);
        casus_model_free(model);
    }
    return code;
}
