// SPDX-License-Identifier: MIT
//
// The commands: each takes the parsed command line and returns an exit code.
#pragma once
#include "args.h"
#include "term.h"

int cmd_run(const Args *args);
int cmd_check(const Args *args);
int cmd_replay(const Args *args);
int cmd_help(const Args *args);
int cmd_version(const Args *args);

// Help of one command; of all when `command` is NULL.
int help_command(const Args *args, const CommandId *command);

// The model the operand names, with the options --set; says what is wrong and sets the exit code
// when it is NULL. Warnings go to standard error unless --quiet (or `lint`: they are the caller's).
CasusModel *cli_load(const Args *args, bool lint, int *code);

// The options that say which futures are meant.
CasusRunOptions cli_run_options(const Args *args);
