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

// Of those who write answers: at most one format; the answer in it; how it ended, as an exit code.
int cli_check_formats(const Args *args);
int cli_write_answer(const Args *args, const CasusAnswer *answer);
int cli_verdict(const CasusAnswer *answer, bool interrupted);

// The model the operand names, with the options --set; says what is wrong and sets the exit code
// when it is NULL. Warnings go to standard error unless --quiet (or `lint`: they are the caller's).
CasusModel *cli_load(const Args *args, bool lint, int *code);

// casus check --agree, --order and --reach.
int check_agree(const Args *args, const CasusModel *model);
int check_order(const Args *args, const CasusModel *model);
int check_reach(const Args *args, const CasusModel *model);

// The options that say which futures are meant.
CasusRunOptions cli_run_options(const Args *args);
