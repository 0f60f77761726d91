// SPDX-License-Identifier: MIT
//
// casus help, --help and --version: from the tables of commands, options and exit codes.
#include <string.h>

#include "cli.h"

const ExitCode *help_exit_codes(void)
{
    static const ExitCode rows[] = {
#define STATUS(name, code, text) {code, text},
#include "base/errors.def"
#undef STATUS
        {-1, NULL},
    };
    return rows;
}

// In the order of their numbers.
static void add_exit_codes(Buf *buf)
{
    buf_add(buf, STR("Exit codes of every command\n"));
    for (int code = 0; code < 256; code++) {
        for (const ExitCode *row = help_exit_codes(); row->text; row++) {
            if (row->code == code) {
                buf_addf(buf, "  %3d  %s\n", code, row->text);
            }
        }
    }
}

// "  -o, --output FILE"
static Str option_left(Arena *arena, const OptionInfo *option)
{
    Buf buf = {.arena = arena};
    if (option->letter) {
        buf_addf(&buf, "  -%c, ", option->letter);
    } else {
        buf_add(&buf, STR("      "));
    }
    buf_addf(&buf, "--%s", option->name);
    if (*option->argument) {
        buf_addf(&buf, " %s", option->argument);
    }
    return buf_str(&buf);
}

static void add_options(Buf *buf, CommandId command)
{
    size_t widest = 0;
    for (int i = 0; i < OPT_COUNT; i++) {
        size_t width = option_left(buf->arena, &option_table[i]).n;
        bool here = (option_table[i].commands >> command & 1) != 0;
        widest = here && width > widest ? width : widest;
    }
    for (int i = 0; i < OPT_COUNT; i++) {
        if (option_table[i].commands >> command & 1) {
            Str left = option_left(buf->arena, &option_table[i]);
            buf_add(buf, left);
            buf_pad(buf, ' ', widest + 2 - left.n);
            buf_addf(buf, "%s\n", option_table[i].help);
        }
    }
}

static void add_command(Buf *buf, CommandId id)
{
    const CommandInfo *command = &command_table[id];
    buf_addf(buf, "casus %s%s%s [options]: %s\n\n%s%sOptions\n", command->name,
             *command->operands ? " " : "", command->operands, command->line, command->text,
             *command->text ? "\n" : "");
    add_options(buf, id);
    buf_add(buf, STR("\nExit codes: casus help exit-codes.\n"));
}

static void add_overview(Buf *buf)
{
    buf_add(buf, STR("casus: a model of a crisis in, the odds out.\n\n"
                     "  casus COMMAND [options] MODEL\n\n"
                     "Commands\n"));
    for (int i = 0; i < CMD_COUNT; i++) {
        buf_addf(buf, "  %-11s  %s\n", command_table[i].name, command_table[i].line);
    }
    buf_add(buf, STR("\n"
                     "Help\n"
                     "  casus COMMAND --help    its options\n"
                     "  casus help C0312        what a message means, with an example\n"
                     "  casus help messages     all messages about models\n"
                     "  casus help library      functions and tables that models can use\n"
                     "  casus help names        words that cannot be names in a model\n"
                     "  casus help limits       how large a model may be\n"
                     "  casus help exit-codes   what a script can rely on\n\n"
                     "Casus never touches the network and collects nothing.\n"));
}

static void add_library(Buf *buf)
{
    char *parts = casus_library();
    buf_addf(buf,
             "The library: functions, ladders and tables inside the program. `use attrition` in a\n"
             "model takes one in; words and admiralty are always there.\n\n"
             "%s\n"
             "casus help attrition prints that part whole. docs/library.md has examples.\n",
             parts);
    casus_free(parts);
}

int help_command(const Args *args, const CommandId *command)
{
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    if (command) {
        add_command(&buf, *command);
    } else {
        add_overview(&buf);
    }
    int code = term_output(args, buf_str(&buf).p);
    arena_free(arena);
    return code;
}

static int write_and_free(const Args *args, char *text)
{
    int code = term_output(args, text);
    casus_free(text);
    return code;
}

// What a function adds to a text, written out.
static int write_made(const Args *args, void (*make)(Buf *buf))
{
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    make(&buf);
    int code = term_output(args, buf_str(&buf).p);
    arena_free(arena);
    return code;
}

static int help_topic(const Args *args, const char *topic)
{
    CommandId command;
    if (command_find(topic, &command)) {
        return help_command(args, &command);
    }
    if (strcmp(topic, "exit-codes") == 0) {
        return write_made(args, add_exit_codes);
    }
    if (strcmp(topic, "limits") == 0) {
        return write_and_free(args, casus_limits());
    }
    if (strcmp(topic, "names") == 0) {
        return write_and_free(args, casus_reserved_words());
    }
    if (strcmp(topic, "messages") == 0) {
        return write_and_free(args, casus_diagnostic_codes());
    }
    if (strcmp(topic, "library") == 0) {
        return write_made(args, add_library);
    }
    if (casus_library_part(topic)) {
        return term_output(args, casus_library_part(topic));
    }
    char *explained = casus_explain(topic);
    if (explained) {
        return write_and_free(args, explained);
    }
    term_say("there is no help on `%.100s`: a command, the code of a message such as C0312, "
             ""
             "messages, names, limits, library, exit-codes",
             topic);
    return CASUS_USAGE;
}

int cmd_help(const Args *args)
{
    if (args->values[OPT_MAN].given) {
        return write_made(args, manpage_add);
    }
    return args->operands.n ? help_topic(args, args->operands.p[0]) : help_command(args, NULL);
}

int cmd_version(const Args *args)
{
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    char *facts = casus_build_facts();
    buf_addf(&buf, "casus %s\n%s", casus_version(), facts);
    int code = term_output(args, buf_str(&buf).p);
    casus_free(facts);
    arena_free(arena);
    return code;
}
