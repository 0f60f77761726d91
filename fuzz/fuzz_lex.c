// SPDX-License-Identifier: MIT
//
// Any bytes as tokens: they stand in the text one behind the other, between them is only what may
// be left out, the same ones come with and without comments and in silence, and the end stays the
// end.
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "lang/lex_impl.h"
#include "lang/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static Lexer lexer_over(DiagList *diags, int32_t file, bool comments, bool quiet)
{
    Lexer lexer;
    lexer_init(&lexer, diags, file);
    lexer.keep_comments = comments;
    lexer.quiet = quiet;
    return lexer;
}

static Token next_but_comments(Lexer *lexer)
{
    Token token;
    do {
        token = lexer_next(lexer);
    } while (token.kind == TOKEN_COMMENT);
    return token;
}

static void same(const Token *a, const Token *b)
{
    ASSERT(a->kind == b->kind && a->lo == b->lo && a->hi == b->hi && a->word == b->word);
    ASSERT(a->line == b->line && a->column == b->column && a->first == b->first);
    ASSERT(a->number == b->number || a->number != a->number);
    ASSERT(str_eq(a->text, b->text));
}

// With comments every character that is no blank and no line end belongs to a token.
static void check_gap(Str text, int32_t from, int32_t to)
{
    ASSERT(from <= to);
    for (size_t at = (size_t)from; at < (size_t)to;) {
        Char c = char_at(text, at);
        ASSERT(c.bytes > 0);
        ASSERT(char_is_blank(c.code) || char_is_line_end(c.code));
        at += c.bytes;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 20000) {
        return 0;
    }
    Arena *arena = arena_new(0);
    DiagList diags = {.arena = arena}, other = {.arena = arena};
    int32_t file = source_add_text(&diags, STR("fuzz"), (Str){(const char *)data, size});
    source_add_text(&other, STR("fuzz"), (Str){(const char *)data, size});
    int32_t before = other.n_errors;
    Str text = diags.sources.p[file].text;
    Lexer all = lexer_over(&diags, file, true, false);
    Lexer silent = lexer_over(&other, file, false, true);
    int32_t end = 0;
    for (;;) {
        Token token = lexer_next(&all);
        check_gap(text, end, token.lo);
        ASSERT(token.hi >= token.lo && (size_t)token.hi <= text.n);
        end = token.hi;
        if (token.kind == TOKEN_COMMENT) {
            continue;
        }
        Token twin = next_but_comments(&silent);
        same(&token, &twin);
        if (token.kind == TOKEN_END) {
            break;
        }
        ASSERT(token.hi > token.lo); // else it would go on for ever
    }
    ASSERT(lexer_next(&all).kind == TOKEN_END && lexer_next(&silent).kind == TOKEN_END);
    ASSERT(other.n_errors == before); // in silence nothing is reported
    arena_free(arena);
    return 0;
}
