// SPDX-License-Identifier: MIT
//
// Reading the command line: GNU long options with `=` or the next word, single letters that may be
// bundled, `--` before operands that begin with a dash.
#include "args.h"

#include <string.h>

#include "base/num.h"

const CommandInfo command_table[CMD_COUNT] = {
#define COMMAND(id, name, operands, least, most, line, text)                                       \
    {name, operands, least, most, line, text},
#include "commands.def"
#undef COMMAND
};

// Names of the table's cells.
enum {
#define COMMAND(id, name, operands, least, most, line, text) id = 1 << CMD_##id,
#include "commands.def"
#undef COMMAND
    ALL = (1 << CMD_COUNT) - 1
};

const OptionInfo option_table[OPT_COUNT] = {
#define OPTION(id, name, letter, kind, argument, commands, help)                                   \
    {name, letter, ARG_##kind, argument, commands, help},
#include "options.def"
#undef OPTION
};

// ---- Names ------------------------------------------------------------------------------------

bool command_find(const char *name, CommandId *id)
{
    for (int i = 0; i < CMD_COUNT; i++) {
        if (strcmp(command_table[i].name, name) == 0) {
            *id = (CommandId)i;
            return true;
        }
    }
    return false;
}

typedef struct {
    Str word, best;
    size_t distance;
} Nearest;

// Names of up to three letters forgive one fault, longer ones a third of their length.
static Nearest nearest_to(const char *word)
{
    size_t n = strlen(word);
    return (Nearest){str_of(word), STR(""), (n < 4 ? 1 : n / 3) + 1};
}

static void nearest_try(Nearest *nearest, const char *name)
{
    size_t distance = str_distance(nearest->word, str_of(name), nearest->distance);
    if (distance < nearest->distance) {
        nearest->distance = distance;
        nearest->best = str_of(name);
    }
}

Str command_suggest(Arena *arena, const char *name)
{
    Nearest nearest = nearest_to(name);
    for (int i = 0; i < CMD_COUNT; i++) {
        nearest_try(&nearest, command_table[i].name);
    }
    if (nearest.best.n) {
        return str_format(arena, "; did you mean `%.*s`?", STR_ARG(nearest.best));
    }
    if (str_ends(str_of(name), STR(".casus"))) {
        return str_format(arena, "; did you mean `casus run %.200s`?", name);
    }
    return STR("; `casus help` lists them");
}

static bool option_find(Str name, OptionId *id)
{
    for (int i = 0; i < OPT_COUNT; i++) {
        if (str_eq(str_of(option_table[i].name), name)) {
            *id = (OptionId)i;
            return true;
        }
    }
    return false;
}

static bool letter_find(char letter, OptionId *id)
{
    for (int i = 0; i < OPT_COUNT; i++) {
        if (option_table[i].letter == letter) {
            *id = (OptionId)i;
            return true;
        }
    }
    return false;
}

static bool belongs(OptionId id, CommandId command)
{
    return (option_table[id].commands >> command & 1) != 0;
}

static Status no_option(CommandId command, Str name, Error *error)
{
    char word[64];
    size_t n = name.n < sizeof word ? name.n : sizeof word - 1;
    memcpy(word, name.p, n);
    word[n] = 0;
    Nearest nearest = nearest_to(word);
    for (int i = 0; i < OPT_COUNT; i++) {
        if (belongs((OptionId)i, command)) {
            nearest_try(&nearest, option_table[i].name);
        }
    }
    if (nearest.best.n) {
        return error_set(error, ST_USAGE, "`casus %s` has no option --%s; did you mean --%.*s?",
                         command_table[command].name, word, STR_ARG(nearest.best));
    }
    return error_set(error, ST_USAGE, "`casus %s` has no option --%s; `casus %s --help` lists them",
                     command_table[command].name, word, command_table[command].name);
}

// An option of other commands only.
static Status not_here(CommandId command, OptionId id, Error *error)
{
    char list[128] = "";
    size_t n = 0;
    for (int i = 0; i < CMD_COUNT; i++) {
        size_t length = strlen(command_table[i].name);
        if (belongs(id, (CommandId)i) && n + length + 3 < sizeof list) {
            memcpy(list + n, n ? ", " : "", n ? 2 : 0);
            n += n ? 2 : 0;
            memcpy(list + n, command_table[i].name, length + 1);
            n += length;
        }
    }
    return error_set(error, ST_USAGE, "`casus %s` has no option --%s: it belongs to %s",
                     command_table[command].name, option_table[id].name, list);
}

// ---- Values -----------------------------------------------------------------------------------

// A whole number, in full or short: 4096, 100k, 1.5M, 1e6. Beyond 1e18 every double is whole, and
// too large for all that counts here.
static bool read_count(Str text, double *count)
{
    static const struct {
        char letter;
        double factor;
    } suffixes[] = {{'k', 1e3}, {'K', 1e3}, {'M', 1e6}, {'G', 1e9}};
    double factor = 1;
    for (size_t i = 0; text.n && i < sizeof suffixes / sizeof *suffixes; i++) {
        if (text.p[text.n - 1] == suffixes[i].letter) {
            factor = suffixes[i].factor;
            text.n--;
            break;
        }
    }
    double x;
    if (!num_parse(text, &x)) {
        return false;
    }
    *count = x * factor;
    if (*count > 1e18 || *count < -1e18) {
        return true;
    }
    return *count == (double)(int64_t)*count;
}

static Status bad_value(OptionId id, const char *text, const char *wanted, Error *error)
{
    return error_set(error, ST_USAGE, "--%s: `%.100s` is not %s", option_table[id].name, text,
                     wanted);
}

static Status set_count(OptionId id, const char *text, OptionValue *value, Error *error)
{
    const double most = id == OPT_THREADS ? 256 : 4294967295.0;
    const double least = option_table[id].kind == ARG_COUNT ? 1 : 0;
    double count;
    if (!read_count(str_of(text), &count)) {
        return bad_value(id, text, "a whole number such as 4096, 100k or 1e6", error);
    }
    if (count < least) {
        return error_set(error, ST_USAGE, "--%s: `%.100s` is too small: at least %.0f",
                         option_table[id].name, text, least);
    }
    if (count > most) {
        return error_set(error, ST_USAGE, "--%s: `%.100s` is too large: at most %.0f",
                         option_table[id].name, text, most);
    }
    value->count = (uint64_t)count;
    return ST_OK;
}

// 0.1% or 0.001
static Status set_chance(OptionId id, const char *text, OptionValue *value, Error *error)
{
    Str number = str_of(text);
    bool percent = number.n && number.p[number.n - 1] == '%';
    number.n -= percent ? 1 : 0;
    if (!num_parse(str_trim(number), &value->chance)) {
        return bad_value(id, text, "a share such as 0.1%", error);
    }
    value->chance /= percent ? 100 : 1;
    if (!(value->chance > 0 && value->chance < 1)) {
        return bad_value(id, text, "a share above 0% and below 100%", error);
    }
    return ST_OK;
}

static bool is_one_of(const char *text, const char *a, const char *b, const char *c)
{
    return strcmp(text, a) == 0 || strcmp(text, b) == 0 || strcmp(text, c) == 0;
}

static Status set_value(Arena *arena, OptionId id, const char *text, OptionValue *value,
                        Error *error)
{
    value->given = true;
    value->text = text;
    switch (option_table[id].kind) {
    case ARG_FLAG: break;
    case ARG_TEXT:
        if (!*text) {
            return error_set(error, ST_USAGE, "--%s: an empty text names nothing",
                             option_table[id].name);
        }
        break;
    case ARG_LIST: vec_push(arena, &value->list, text); break;
    case ARG_COUNT:
    case ARG_INDEX: return set_count(id, text, value, error);
    case ARG_SEED:
        if (!num_parse_u64(str_of(text), &value->count)) {
            return bad_value(id, text, "a whole number from 0 to 18446744073709551615", error);
        }
        break;
    case ARG_CHANCE: return set_chance(id, text, value, error);
    case ARG_WHEN:
        if (!is_one_of(text, "auto", "always", "never")) {
            return bad_value(id, text, "auto, always or never", error);
        }
        break;
    case ARG_MESSAGES:
        if (!is_one_of(text, "text", "json", "json")) {
            return bad_value(id, text, "text or json", error);
        }
        break;
    }
    return ST_OK;
}

// ---- Words ------------------------------------------------------------------------------------

// Where we are in argv.
typedef struct {
    Arena *arena;
    int argc, at;
    char **argv;
    Args *args;
    Error *error;
} Reader;

// The option's argument: what follows `=` or the letter, else the next word.
static Status take_argument(Reader *in, OptionId id, const char *attached, const char **text)
{
    *text = attached ? attached : "";
    if (option_table[id].kind == ARG_FLAG) {
        return attached ? error_set(in->error, ST_USAGE, "--%s takes no argument: `%.100s`",
                                    option_table[id].name, attached)
                        : ST_OK;
    }
    if (attached) {
        return ST_OK;
    }
    if (in->at >= in->argc) {
        return error_set(in->error, ST_USAGE, "--%s needs an argument: --%s %s",
                         option_table[id].name, option_table[id].name, option_table[id].argument);
    }
    *text = in->argv[in->at++];
    return ST_OK;
}

static Status use_option(Reader *in, OptionId id, const char *attached)
{
    if (in->args->has_command && !belongs(id, in->args->command)) {
        return not_here(in->args->command, id, in->error);
    }
    if (!in->args->has_command && option_table[id].kind != ARG_FLAG) {
        return error_set(in->error, ST_USAGE,
                         "--%s comes after the command: casus run MODEL --%s %s",
                         option_table[id].name, option_table[id].name, option_table[id].argument);
    }
    const char *text;
    TRY(take_argument(in, id, attached, &text));
    return set_value(in->arena, id, text, &in->args->values[id], in->error);
}

static Status read_long(Reader *in, const char *word)
{
    const char *equals = strchr(word, '=');
    Str name = {word, equals ? (size_t)(equals - word) : strlen(word)};
    OptionId id;
    if (!option_find(name, &id)) {
        CommandId command = in->args->has_command ? in->args->command : CMD_HELP;
        return no_option(command, name, in->error);
    }
    return use_option(in, id, equals ? equals + 1 : NULL);
}

// One word of letters: the first that takes an argument takes the rest of the word.
static Status read_letters(Reader *in, const char *word)
{
    for (const char *p = word; *p; p++) {
        OptionId id;
        if (!letter_find(*p, &id)) {
            return error_set(in->error, ST_USAGE, "there is no option -%c; `casus help` lists all",
                             *p);
        }
        bool takes = option_table[id].kind != ARG_FLAG;
        TRY(use_option(in, id, takes && p[1] ? p + 1 : NULL));
        if (takes) {
            break;
        }
    }
    return ST_OK;
}

static Status read_operand(Reader *in, const char *word)
{
    Args *args = in->args;
    if (!args->has_command) {
        args->has_command = command_find(word, &args->command);
        if (!args->has_command) {
            return error_set(in->error, ST_USAGE, "there is no command `%.100s`%.*s", word,
                             STR_ARG(command_suggest(in->arena, word)));
        }
        return ST_OK;
    }
    vec_push(in->arena, &args->operands, word);
    return ST_OK;
}

static Status check_operands(const Args *args, Error *error)
{
    if (!args->has_command || args->values[OPT_HELP].given || args->values[OPT_VERSION].given) {
        return ST_OK;
    }
    const CommandInfo *command = &command_table[args->command];
    if (args->operands.n < command->least) {
        return error_set(error, ST_USAGE, "`casus %s` needs a %s: casus %s %s", command->name,
                         command->operands, command->name, command->operands);
    }
    if (args->operands.n > command->most) {
        return error_set(error, ST_USAGE, "`casus %s` takes %s%s: what is `%.100s`?", command->name,
                         command->most == 0 ? "nothing more" : "one ", command->operands,
                         args->operands.p[command->most]);
    }
    return ST_OK;
}

Status args_parse(Arena *arena, int argc, char **argv, Args *args, Error *error)
{
    *args = (Args){.has_command = false};
    Reader in = {arena, argc, 1, argv, args, error};
    bool only_operands = false;
    while (in.at < argc) {
        const char *word = argv[in.at++];
        if (!only_operands && strcmp(word, "--") == 0) {
            only_operands = true;
        } else if (!only_operands && strncmp(word, "--", 2) == 0) {
            TRY(read_long(&in, word + 2));
        } else if (!only_operands && word[0] == '-' && word[1]) {
            TRY(read_letters(&in, word + 1));
        } else {
            TRY(read_operand(&in, word));
        }
    }
    return check_operands(args, error);
}
