// SPDX-License-Identifier: MIT
//
// casus run: the answers on standard output, all else on standard error.
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/num.h"
#include "cli.h"

typedef struct {
    Work *work;
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
    const Args *args = w->work->args;
    if (progress->resumed > 0 && !w->told && !args->values[OPT_QUIET].given) {
        tell_resumed(args, progress);
    }
    w->told = true;
    meter_show(&w->work->meter, progress);
}

static int run(const Args *args, const CasusModel *model)
{
    CasusRunOptions options = cli_run_options(args);
    Work work;
    work_start(&work, args, &options);
    Watch watched = {.work = &work};
    options.progress = watch;
    options.context = &watched;
    CasusError *error = NULL;
    CasusAnswer *answer = casus_run(model, &options, &error);
    work_ended(&work);
    return work_answered(&work, answer, error);
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
    int code = check_files(args);
    return code ? code : cli_with_model(args, true, run);
}
