// SPDX-License-Identifier: MIT
//
// What the verbs that work on a model have in common: the model loaded, progress and Ctrl-C while
// they work, what they found written in one format, how long it took.
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "cli.h"

bool cli_asks_nothing(const CasusModel *model)
{
    if (casus_model_questions(model) > 0) {
        return false;
    }
    term_say("this model asks nothing: add a line such as `question q \"...\" ever NAME`");
    return true;
}

int cli_with_model(const Args *args, bool asks, int (*work)(const Args *, const CasusModel *))
{
    int code = cli_check_formats(args);
    if (code) {
        return code;
    }
    CasusModel *model = cli_load(args, false, &code);
    if (!model) {
        return code;
    }
    if (asks && !args->values[OPT_QUIET].given) {
        (void)cli_asks_nothing(model);
    }
    code = work(args, model);
    casus_model_free(model);
    return code;
}

void work_start(Work *work, const Args *args, CasusRunOptions *options)
{
    *work = (Work){.args = args,
                   .style = term_style_err(args),
                   .meter = meter_start(args),
                   .start = clock_seconds(),
                   .stop = term_catch_interrupt()};
    options->style = &work->style;
    options->progress = meter_show;
    options->context = &work->meter;
    options->stop = work->stop;
}

void work_ended(Work *work)
{
    meter_end(&work->meter);
    work->seconds = clock_seconds() - work->start;
}

void work_tell_time(const Work *work)
{
    if (work->args->values[OPT_VERBOSE].given) {
        term_say("%.2f s", work->seconds);
    }
}

int cli_check_formats(const Args *args)
{
    const OptionValue *v = args->values;
    bool markdown = v[OPT_MARKDOWN].given;
    if (v[OPT_JSON].given + v[OPT_CSV].given + v[OPT_DIGEST].given + markdown > 1) {
        term_say("--json, --csv%s and --digest exclude each other", markdown ? ", --markdown" : "");
        return CASUS_USAGE;
    }
    return 0;
}

CasusFormat cli_format(const Args *args)
{
    const OptionValue *v = args->values;
    return v[OPT_JSON].given       ? CASUS_JSON
           : v[OPT_CSV].given      ? CASUS_CSV
           : v[OPT_MARKDOWN].given ? CASUS_MARKDOWN
                                   : CASUS_TEXT;
}

int cli_put_digest(const Args *args, uint64_t digest)
{
    char text[24];
    snprintf(text, sizeof text, "%016" PRIx64 "\n", digest);
    return term_output(args, text);
}

int cli_put(const Args *args, char *text)
{
    if (!text) {
        term_say("no memory left to write what was found");
        return CASUS_INTERNAL;
    }
    int code = term_output(args, text);
    casus_free(text);
    return code;
}

int cli_write_answer(const Args *args, const CasusAnswer *answer)
{
    if (args->values[OPT_DIGEST].given) {
        return cli_put_digest(args, casus_answer_digest(answer));
    }
    CasusStyle style = term_style(args);
    return cli_put(args, casus_answer_write(answer, cli_format(args), &style));
}

// How the run ended, as an exit code.
static int verdict(const CasusAnswer *answer, bool interrupted)
{
    if (interrupted && casus_answer_is_partial(answer)) {
        return CASUS_INTERRUPTED;
    }
    return casus_answer_check_failed(answer) ? CASUS_CHECK_FAILED : CASUS_OK;
}

int work_answered(const Work *work, CasusAnswer *answer, CasusError *error)
{
    if (!answer) {
        return term_fail(work->args, error);
    }
    int code = cli_write_answer(work->args, answer);
    if (code == 0) {
        code = verdict(answer, *work->stop != 0);
    }
    work_tell_time(work);
    casus_answer_free(answer);
    return code;
}
