// SPDX-License-Identifier: MIT
//
// casus completions bash: a function for bash made from the tables, so that it knows every command
// and option there is. Operands and arguments of other options complete to files.
#include <string.h>

#include "cli.h"

static void add_names(Buf *buf)
{
    for (int i = 0; i < CMD_COUNT; i++) {
        buf_addf(buf, "%s%s", i ? " " : "", command_table[i].name);
    }
}

static void add_options_of(Buf *buf, CommandId command)
{
    buf_addf(buf, "    %s) words=\"", command_table[command].name);
    bool first = true;
    for (int i = 0; i < OPT_COUNT; i++) {
        if (option_table[i].commands >> command & 1) {
            buf_addf(buf, "%s--%s", first ? "" : " ", option_table[i].name);
            first = false;
        }
    }
    buf_add(buf, STR("\" ;;\n"));
}

static void add_bash(Buf *buf)
{
    buf_add(buf, STR("# Completion of casus for bash; made by `casus completions bash`.\n"
                     "_casus() {\n"
                     "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} "
                     "words=\n"
                     "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                     "    COMPREPLY=($(compgen -W \""));
    add_names(buf);
    buf_add(buf, STR(" --help --version\" -- \"$word\"))\n"
                     "    return\n"
                     "  fi\n"
                     "  case $before in\n"
                     "    --color) words=\"auto always never\" ;;\n"
                     "    --diagnostics) words=\"text json\" ;;\n"
                     "    help) words=\""));
    add_names(buf);
    buf_add(buf, STR(" exit-codes library limits messages names\" ;;\n"
                     "    completions) words=bash ;;\n"
                     "  esac\n"
                     "  if [ -z \"$words\" ] && [ \"${word:0:1}\" = - ]; then\n"
                     "    case ${COMP_WORDS[1]} in\n"));
    for (int i = 0; i < CMD_COUNT; i++) {
        add_options_of(buf, (CommandId)i);
    }
    buf_add(buf, STR("    esac\n"
                     "  fi\n"
                     "  if [ -n \"$words\" ]; then\n"
                     "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
                     "  else\n"
                     "    compopt -o filenames 2>/dev/null\n"
                     "    COMPREPLY=($(compgen -f -- \"$word\"))\n"
                     "  fi\n"
                     "}\n"
                     "complete -F _casus casus\n"));
}

int cmd_completions(const Args *args)
{
    if (strcmp(args->operands.p[0], "bash") != 0) {
        term_say("there is no completion for `%.100s`: bash is known", args->operands.p[0]);
        return CASUS_USAGE;
    }
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    add_bash(&buf);
    int code = term_output(args, buf_str(&buf).p);
    arena_free(arena);
    return code;
}
