// SPDX-License-Identifier: MIT
//
// casus(1) in roff, from the tables of commands, options and exit codes.
#include <string.h>

#include "cli.h"

// Text of the tables so that roff prints it as it is: hyphens stay ASCII, no line is a request.
static void add_escaped(Buf *buf, const char *text)
{
    bool at_start = true;
    for (const char *p = text; *p; p++) {
        if (at_start && (*p == '.' || *p == '\'')) {
            buf_add(buf, STR("\\&"));
        }
        if (*p == '\\') {
            buf_add(buf, STR("\\e"));
        } else if (*p == '-') {
            buf_add(buf, STR("\\-"));
        } else {
            buf_char(buf, *p);
        }
        at_start = *p == '\n';
    }
}

static void add_section(Buf *buf, const char *name)
{
    buf_addf(buf, ".SH %s\n", name);
}

// .TP, the option in bold and its argument in italics, the help.
static void add_option(Buf *buf, const OptionInfo *option)
{
    buf_add(buf, STR(".TP\n"));
    if (option->letter) {
        buf_addf(buf, "\\fB\\-%c\\fR, ", option->letter);
    }
    buf_add(buf, STR("\\fB\\-\\-"));
    add_escaped(buf, option->name);
    buf_add(buf, STR("\\fR"));
    if (*option->argument) {
        buf_add(buf, STR(" \\fI"));
        add_escaped(buf, option->argument);
        buf_add(buf, STR("\\fR"));
    }
    buf_char(buf, '\n');
    add_escaped(buf, option->help);
    buf_add(buf, STR(".\n"));
    buf_add(buf, STR("Commands:"));
    bool first = true;
    for (int i = 0; i < CMD_COUNT; i++) {
        if (option->commands >> i & 1) {
            buf_addf(buf, "%s %s", first ? "" : ",", command_table[i].name);
            first = false;
        }
    }
    buf_add(buf, STR(".\n"));
}

static void add_command(Buf *buf, const CommandInfo *command)
{
    buf_addf(buf, ".SS casus %s %s\n", command->name, command->operands);
    add_escaped(buf, command->line);
    buf_add(buf, STR(".\n"));
    if (*command->text) {
        buf_add(buf, STR(".PP\n"));
        add_escaped(buf, command->text);
    }
}

void manpage_add(Buf *buf)
{
    buf_addf(buf, ".TH CASUS 1 \"\" \"casus %s\" \"User commands\"\n", casus_version());
    add_section(buf, "NAME");
    buf_add(buf, STR("casus \\- a model of a crisis in, the odds out\n"));
    add_section(buf, "SYNOPSIS");
    buf_add(buf, STR(".B casus\n.I COMMAND\n[options]\n.I MODEL\n"));
    add_section(buf, "COMMANDS");
    for (int i = 0; i < CMD_COUNT; i++) {
        add_command(buf, &command_table[i]);
    }
    add_section(buf, "OPTIONS");
    for (int i = 0; i < OPT_COUNT; i++) {
        add_option(buf, &option_table[i]);
    }
    add_section(buf, "EXIT STATUS");
    for (const ExitCode *row = help_exit_codes(); row->text; row++) {
        buf_addf(buf, ".TP\n.B %d\n", row->code);
        add_escaped(buf, row->text);
        buf_add(buf, STR(".\n"));
    }
    add_section(buf, "ENVIRONMENT");
    buf_add(buf,
            STR(".TP\n.B NO_COLOR\nNo colour when set and not empty.\n"
                ".TP\n.B LC_ALL, LC_CTYPE, LANG\nDashes and blocks beyond ASCII when UTF\\-8.\n"
                ".TP\n.B CASUS_ISA\n"
                "base, avx2 or avx512: the instruction set to use. Answers do not change.\n"));
    add_section(buf, "NOTES");
    buf_add(buf, STR("Casus never touches the network and collects nothing.\n"));
}
