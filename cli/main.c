// SPDX-License-Identifier: MIT
//
// The command line's door. To read it: options.def and commands.def say what there is, args.c reads
// it, cmd_*.c do it through the public headers, term.c stands between us and the outside.
#include "cli.h"

static int dispatch(const Args *args)
{
    if (args->values[OPT_VERSION].given) {
        return cmd_version(args);
    }
    if (args->values[OPT_HELP].given) {
        return help_command(args, args->has_command ? &args->command : NULL);
    }
    if (!args->has_command) {
        term_say("what shall be done? `casus help` tells what can be, `casus run MODEL` answers a "
                 "model's questions");
        return CASUS_USAGE;
    }
    switch (args->command) {
    case CMD_RUN: return cmd_run(args);
    case CMD_EXACT: return cmd_exact(args);
    case CMD_COMPARE: return cmd_compare(args);
    case CMD_SOURCES: return cmd_sources(args);
    case CMD_CHECK: return cmd_check(args);
    case CMD_REPLAY: return cmd_replay(args);
    case CMD_SHOW: return cmd_show(args);
    case CMD_FMT: return cmd_fmt(args);
    case CMD_NEW: return cmd_new(args);
    case CMD_HELP: return cmd_help(args);
    case CMD_COMPLETIONS: return cmd_completions(args);
    case CMD_VERSION: return cmd_version(args);
    case CMD_COUNT: break;
    }
    ASSERT(!"a command that is not in the table");
    return CASUS_INTERNAL;
}

int main(int argc, char **argv)
{
    term_prepare();
    Arena *arena = arena_new(0);
    Args args;
    Error error = {.status = ST_OK};
    int code;
    if (args_parse(arena, argc, argv, &args, &error) == ST_OK) {
        code = dispatch(&args);
    } else {
        term_say("%s", error.message);
        code = CASUS_USAGE;
    }
    arena_free(arena);
    return code;
}
