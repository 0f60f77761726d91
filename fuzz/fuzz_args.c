// SPDX-License-Identifier: MIT
//
// Any bytes as a command line, its words on lines of their own; and each word as a number, a date
// and a name. A command line is understood or refused with a sentence, what was read as a number or
// a date is written so that it reads back as the same.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "../cli/args.h"
#include "base/date.h"
#include "base/file.h"
#include "base/num.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_WORDS = 40 };

static void try_number(Arena *arena, Str word)
{
    double x, again;
    if (num_parse(word, &x)) {
        ASSERT(x - x == 0);
        ASSERT(num_parse(num_shortest(arena, x), &again));
        ASSERT(memcmp(&x, &again, sizeof x) == 0);
        ASSERT(num_grouped(arena, x, (int)(word.n % 4)).n > 0);
    }
    uint64_t u;
    if (num_parse_u64(word, &u)) {
        ASSERT(word.n > 0 && word.n < 400);
    }
}

static void try_date(Arena *arena, Str word)
{
    double days, again;
    if (date_parse(word, &days)) {
        bool whole = days == (double)(int64_t)days;
        Str text = date_text(arena, days, !whole);
        Buf iso = {.arena = arena};
        for (size_t i = 0; i < text.n; i++) {
            buf_char(&iso, text.p[i] == ' ' ? 'T' : text.p[i]);
        }
        ASSERT(date_parse(buf_str(&iso), &again));
        ASSERT(again - days < 1e-3 && days - again < 1e-3);
    }
}

static void try_path(Arena *arena, Str word)
{
    Str folder = path_folder(word);
    ASSERT(folder.n <= word.n);
    Str joined = path_join(arena, folder, STR("x"));
    ASSERT(str_ends(joined, STR("x")));
}

static void check_args(const Args *args)
{
    const OptionValue *v = args->values;
    ASSERT(!v[OPT_THREADS].given || (v[OPT_THREADS].count >= 1 && v[OPT_THREADS].count <= 256));
    ASSERT(!v[OPT_WORLDS].given || (v[OPT_WORLDS].count >= 1 && v[OPT_WORLDS].count < 1ULL << 32));
    ASSERT(!v[OPT_PRECISION].given || (v[OPT_PRECISION].chance > 0 && v[OPT_PRECISION].chance < 1));
    if (args->has_command && !v[OPT_HELP].given && !v[OPT_VERSION].given) {
        ASSERT(args->operands.n >= command_table[args->command].least);
        ASSERT(args->operands.n <= command_table[args->command].most);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4000 || memchr(data, 0, size)) {
        return 0; // no word of a command line holds a NUL
    }
    Arena *arena = arena_new(0);
    Str rest = {(const char *)data, size};
    char *argv[MOST_WORDS + 2] = {(char[]){"casus"}};
    int argc = 1;
    while (rest.n && argc <= MOST_WORDS) {
        size_t n = 0;
        while (n < rest.n && rest.p[n] != '\n') {
            n++;
        }
        Str word = str_copy(arena, str_sub(rest, 0, n));
        try_number(arena, word);
        try_date(arena, word);
        try_path(arena, word);
        char *c = ARENA_ARRAY(arena, char, n + 1);
        memcpy(c, word.p, n);
        argv[argc++] = c;
        rest = str_sub(rest, n + 1 < rest.n ? n + 1 : rest.n, rest.n);
    }
    Args args;
    Error error = {.status = ST_OK};
    Status status = args_parse(arena, argc, argv, &args, &error);
    if (status == ST_OK) {
        check_args(&args);
    } else {
        ASSERT(status == ST_USAGE && error.message[0] && memchr(error.message, 0, 512));
    }
    arena_free(arena);
    return 0;
}
