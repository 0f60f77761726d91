// SPDX-License-Identifier: MIT
//
// The command line as data. Two tables say all there is: commands.def and options.def; parsing,
// help and did-you-mean read them, so that one row adds an option everywhere.
#pragma once
#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"

typedef enum {
#define COMMAND(id, name, operands, least, most, line, text) CMD_##id,
#include "commands.def"
#undef COMMAND
    CMD_COUNT
} CommandId;

typedef enum {
#define OPTION(id, name, letter, kind, argument, commands, help) OPT_##id,
#include "options.def"
#undef OPTION
    OPT_COUNT
} OptionId;

typedef enum {
    ARG_FLAG,
    ARG_TEXT,
    ARG_LIST,
    ARG_COUNT,
    ARG_INDEX,
    ARG_SEED,
    ARG_CHANCE,
    ARG_WHEN,
    ARG_MESSAGES
} ArgKind;

typedef struct {
    const char *name, *operands;
    int32_t least, most; // operands
    const char *line, *text;
} CommandInfo;

typedef struct {
    const char *name;
    char letter;
    ArgKind kind;
    const char *argument;
    uint32_t commands; // bit 1 << CommandId
    const char *help;
} OptionInfo;

extern const CommandInfo command_table[CMD_COUNT];
extern const OptionInfo option_table[OPT_COUNT];

typedef VEC(const char *) Texts;

// What was given for one option. Numbers are checked when they are read.
typedef struct {
    bool given;
    const char *text; // as written
    uint64_t count;   // COUNT, INDEX, SEED
    double chance;    // CHANCE, from 0 to 1
    Texts list;       // LIST
} OptionValue;

typedef struct {
    CommandId command;
    bool has_command; // false: only --help or --version was given
    OptionValue values[OPT_COUNT];
    Texts operands;
} Args;

// ST_USAGE with a sentence that names the option and the value.
Status args_parse(Arena *arena, int argc, char **argv, Args *args, Error *error);

// The command of this name; false when there is none.
bool command_find(const char *name, CommandId *id);
// "; did you mean `run`?" or an empty text.
Str command_suggest(Arena *arena, const char *name);
