// SPDX-License-Identifier: MIT
//
// casus exact: the answers on standard output, all else on standard error.
#include "cli.h"

static int work_out(const Args *args, const CasusModel *model)
{
    CasusRunOptions options = cli_run_options(args);
    Work work;
    work_start(&work, args, &options);
    options.worlds = args->values[OPT_OVER_PRIORS].count;
    CasusError *error = NULL;
    CasusAnswer *answer = casus_exact(model, &options, args->values[OPT_MEMORY].count, &error);
    work_ended(&work);
    return work_answered(&work, answer, error);
}

int cmd_exact(const Args *args)
{
    return cli_with_model(args, true, work_out);
}
