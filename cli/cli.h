// SPDX-License-Identifier: MIT
//
// The commands: each takes the parsed command line and returns an exit code.
#pragma once
#include "args.h"
#include "term.h"

int cmd_run(const Args *args);
int cmd_exact(const Args *args);
int cmd_compare(const Args *args);
int cmd_check(const Args *args);
int cmd_replay(const Args *args);
int cmd_show(const Args *args);
int cmd_sources(const Args *args);
int cmd_fmt(const Args *args);
int cmd_new(const Args *args);
int cmd_help(const Args *args);
int cmd_version(const Args *args);
int cmd_completions(const Args *args);

// Help of one command; of all when `command` is NULL.
int help_command(const Args *args, const CommandId *command);

// What every exit code means, a line each; code -1 ends the table.
typedef struct {
    int code;
    const char *text;
} ExitCode;
const ExitCode *help_exit_codes(void);

// The manual page in roff, from the same tables; manpage.c.
void manpage_add(Buf *buf);

// What works on a model: at most one format is asked for, the model is loaded, `work` is done and
// its exit code returned. A verb that `asks` says when the model has no questions.
int cli_with_model(const Args *args, bool asks, int (*work)(const Args *, const CasusModel *));

bool cli_asks_nothing(const CasusModel *model); // and says so

// Work under way: progress on standard error, and Ctrl-C.
typedef struct {
    const Args *args;
    CasusStyle style;
    Meter meter;
    double start, seconds;
    const volatile int *stop; // set by Ctrl-C
} Work;
void work_start(Work *work, const Args *args, CasusRunOptions *options);
void work_ended(Work *work);           // progress is cleared, the clock read
void work_tell_time(const Work *work); // under --verbose
// The answer written and freed, or the error told; returns the exit code.
int work_answered(const Work *work, CasusAnswer *answer, CasusError *error);

// What was found goes out: as its digest, or as a text (freed; NULL: memory ended). Exit codes.
int cli_check_formats(const Args *args);
CasusFormat cli_format(const Args *args);
int cli_put_digest(const Args *args, uint64_t digest);
int cli_put(const Args *args, char *text);
int cli_write_answer(const Args *args, const CasusAnswer *answer);

// The model the operand names, with the options --set; says what is wrong and sets the exit code
// when it is NULL. Warnings go to standard error unless --quiet (or `lint`: they are the caller's).
CasusModel *cli_load(const Args *args, bool lint, int *code);

// casus check --agree, --order and --reach.
int check_agree(const Args *args, const CasusModel *model);
int check_order(const Args *args, const CasusModel *model);
int check_reach(const Args *args, const CasusModel *model);

// The options that say which futures are meant.
CasusRunOptions cli_run_options(const Args *args);
