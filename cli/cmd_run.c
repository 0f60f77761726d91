// SPDX-License-Identifier: MIT
//
// casus run: the answers on standard output, all else on standard error.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/num.h"
#include "cli.h"

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

int cli_write_answer(const Args *args, const CasusAnswer *answer)
{
    const OptionValue *v = args->values;
    if (v[OPT_DIGEST].given) {
        char digest[24];
        snprintf(digest, sizeof digest, "%016" PRIx64 "\n", casus_answer_digest(answer));
        return term_output(args, digest);
    }
    CasusFormat format = v[OPT_JSON].given ? CASUS_JSON : v[OPT_CSV].given ? CASUS_CSV : CASUS_TEXT;
    CasusStyle style = term_style(args);
    char *text = casus_answer_write(answer, format, &style);
    if (!text) {
        term_say("no memory left to write the answer");
        return CASUS_INTERNAL;
    }
    int code = term_output(args, text);
    casus_free(text);
    return code;
}

// How the run ended, as an exit code.
int cli_verdict(const CasusAnswer *answer, bool interrupted)
{
    if (interrupted && casus_answer_is_partial(answer)) {
        return CASUS_INTERRUPTED;
    }
    return casus_answer_check_failed(answer) ? CASUS_CHECK_FAILED : CASUS_OK;
}

typedef struct {
    const Args *args;
    Meter meter;
    bool told; // that the run goes on from a checkpoint
} Watch;

static void tell_resumed(const Args *args, const CasusProgress *progress)
{
    const char *file = args->values[OPT_CHECKPOINT].text;
    Arena *arena = arena_new(0);
    Str resumed = num_grouped(arena, (double)progress->resumed, 0);
    Str wanted = num_grouped(arena, (double)progress->wanted, 0);
    if (progress->resumed == progress->wanted) {
        term_say("%.300s holds the whole run, nothing is run anew: delete it to begin again", file);
    } else {
        term_say("going on from %.300s: %.*s of %.*s futures are done", file, STR_ARG(resumed),
                 STR_ARG(wanted));
    }
    arena_free(arena);
}

static void watch(void *ctx, const CasusProgress *progress)
{
    Watch *w = ctx;
    if (progress->resumed > 0 && !w->told && !w->args->values[OPT_QUIET].given) {
        tell_resumed(w->args, progress);
    }
    w->told = true;
    meter_show(&w->meter, progress);
}

static int run(const Args *args, const CasusModel *model)
{
    CasusRunOptions options = cli_run_options(args);
    CasusStyle style = term_style_err(args);
    Watch watched = {.args = args, .meter = meter_start(args)};
    double start = clock_seconds();
    options.style = &style;
    options.progress = watch;
    options.context = &watched;
    options.stop = term_catch_interrupt();
    CasusError *error = NULL;
    CasusAnswer *answer = casus_run(model, &options, &error);
    meter_end(&watched.meter);
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

// One written over the other: by whatever path the two name it. Devices take what they get.
static bool same_file(const char *a, const char *b)
{
    struct stat one, other;
    if (strcmp(a, "-") != 0 && stat(a, &one) == 0 && stat(b, &other) == 0) {
        return S_ISREG(one.st_mode) && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
    }
    a += strncmp(a, "./", 2) == 0 ? 2 : 0;
    b += strncmp(b, "./", 2) == 0 ? 2 : 0;
    return strcmp(a, b) == 0;
}

static int check_files(const Args *args)
{
    const OptionValue *samples = &args->values[OPT_SAMPLES], *output = &args->values[OPT_OUTPUT];
    if (samples->given && same_file(samples->text, output->given ? output->text : "-")) {
        term_say("--samples and the answer both go to %.300s: name another file for one of them",
                 strcmp(samples->text, "-") == 0 ? "standard output" : samples->text);
        return CASUS_USAGE;
    }
    const OptionValue *checkpoint = &args->values[OPT_CHECKPOINT];
    if (checkpoint->given && output->given && same_file(checkpoint->text, output->text)) {
        term_say("--checkpoint and the answer both go to %.300s: name another file for one of them",
                 output->text);
        return CASUS_USAGE;
    }
    return 0;
}

int cmd_run(const Args *args)
{
    int code = cli_check_formats(args);
    code = code ? code : check_files(args);
    if (code) {
        return code;
    }
    CasusModel *model = cli_load(args, false, &code);
    if (model && casus_model_questions(model) == 0 && !args->values[OPT_QUIET].given) {
        term_say("this model asks nothing: add a line such as `question q \"...\" ever NAME`");
    }
    if (model) {
        code = run(args, model);
        casus_model_free(model);
    }
    return code;
}
