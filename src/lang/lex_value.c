// SPDX-License-Identifier: MIT
//
// The tokens that have a value: numbers, dates and strings. See lex.h.
#include <string.h>

#include "base/date.h"
#include "base/num.h"
#include "lang/diags.h"
#include "lang/lex_impl.h"

// ---- Strings ----------------------------------------------------------------------------------

enum {
    LOW_DOUBLE = 0x201e,
    LEFT_DOUBLE = 0x201c,
    RIGHT_DOUBLE = 0x201d,
    LEFT_SINGLE = 0x2018,
    RIGHT_SINGLE = 0x2019,
    LEFT_GUILLEMET = 0xab,
    RIGHT_GUILLEMET = 0xbb
};

bool quote_is_open(uint32_t c)
{
    return c == '"' || c == LOW_DOUBLE || c == LEFT_DOUBLE || c == RIGHT_DOUBLE ||
           c == LEFT_SINGLE || c == RIGHT_SINGLE || c == LEFT_GUILLEMET || c == RIGHT_GUILLEMET;
}

// Does `c` close a text that `open` opened? Languages disagree: “en”, „de“, ”sv”, «fr», »da«.
static bool closes(uint32_t open, uint32_t c)
{
    switch (open) {
    case LEFT_SINGLE:
    case RIGHT_SINGLE: return c == RIGHT_SINGLE;
    case LEFT_GUILLEMET: return c == RIGHT_GUILLEMET;
    case RIGHT_GUILLEMET: return c == LEFT_GUILLEMET || c == RIGHT_GUILLEMET;
    case LOW_DOUBLE: return c == LEFT_DOUBLE || c == RIGHT_DOUBLE;
    case LEFT_DOUBLE:
    case RIGHT_DOUBLE: return c == RIGHT_DOUBLE;
    default: return c == '"';
    }
}

// Offset of the closing quote on this line, or of the line's end.
static size_t find_close(Str text, size_t at, uint32_t open, bool *found)
{
    *found = false;
    for (;;) {
        Char c = char_at(text, at);
        if (c.bytes == 0 || char_is_line_end(c.code)) {
            return at;
        }
        if (closes(open, c.code)) {
            *found = true;
            return at;
        }
        Char next = char_at(text, at + c.bytes);
        bool escaped = c.code == '\\' && next.bytes > 0 && !char_is_line_end(next.code);
        at += escaped ? c.bytes + next.bytes : c.bytes;
    }
}

// A word processor may have turned only one quote of a pair. (A line without the right one is
// searched once, or many such quotes would take the square of the line's length.)
static size_t find_any_close(Lexer *lexer, size_t at, uint32_t open, bool *found)
{
    bool known = lexer->unclosed_line == lexer->line && lexer->unclosed_quote == open;
    size_t hi = at;
    *found = false;
    if (!known) {
        hi = find_close(lexer->text, at, open, found);
    }
    bool doubles = open == '"' || open == LOW_DOUBLE || open == LEFT_DOUBLE || open == RIGHT_DOUBLE;
    if (*found || !doubles) {
        return hi;
    }
    lexer->unclosed_line = lexer->line;
    lexer->unclosed_quote = open;
    return find_close(lexer->text, at, open == '"' ? RIGHT_DOUBLE : '"', found);
}

// The character after the backslash at `at`.
static void add_escape(Lexer *lexer, Buf *buf, size_t at)
{
    char c = lexer->text.p[at + 1];
    if (c == '"' || c == '\\') {
        buf_char(buf, c);
    } else if (c == 'n') {
        buf_char(buf, '\n');
    } else if (c == 't') {
        buf_char(buf, '\t');
    } else {
        Diag *diag = lexer_error(lexer, 104, at, at + 2, "`\\@` is no escape",
                                 str_sub(lexer->text, at + 1, at + 2));
        if (diag != NULL) {
            diag_help(lexer->diags, diag,
                      "the escapes are \\\" \\\\ \\n \\t; a backslash itself is \\\\");
        }
    }
}

// Most texts have none and stay where they are in the source.
static Str resolve_escapes(Lexer *lexer, size_t lo, size_t hi)
{
    Str raw = str_sub(lexer->text, lo, hi);
    if (raw.n == 0 || memchr(raw.p, '\\', raw.n) == NULL) {
        return raw;
    }
    Buf buf = {.arena = lexer->diags->arena};
    for (size_t i = 0; i < raw.n; i++) {
        if (raw.p[i] == '\\' && i + 1 < raw.n && (unsigned char)raw.p[i + 1] < 0x80) {
            add_escape(lexer, &buf, lo + i);
            i++;
        } else {
            buf_char(&buf, raw.p[i]);
        }
    }
    return buf_str(&buf);
}

// A text ends on its line: a forgotten quote then costs one line and not the file.
Token lex_string(Lexer *lexer, Token token)
{
    Char open = char_at(lexer->text, lexer->at);
    size_t lo = lexer->at + open.bytes;
    bool closed;
    size_t hi = find_any_close(lexer, lo, open.code, &closed);
    if (!closed) {
        Diag *diag =
            lexer_error(lexer, 103, lexer->at, hi, "this text has no closing quote", STR(""));
        if (diag != NULL) {
            diag_help(lexer->diags, diag, "a text ends on its line, with \"");
        }
        hi = lo + str_trim(str_sub(lexer->text, lo, hi)).n;
    }
    token.kind = TOKEN_STRING;
    token.text = resolve_escapes(lexer, lo, hi);
    lexer_skip(lexer, hi - lexer->at);
    if (closed) {
        lexer_skip(lexer, char_at(lexer->text, lexer->at).bytes);
    }
    return token;
}

// ---- Dates ------------------------------------------------------------------------------------

// Does the text have the shape of `pattern` here (9: a digit, anything else itself)?
static bool has_shape(Str text, size_t at, const char *pattern)
{
    for (size_t i = 0; pattern[i] != '\0'; i++) {
        if (at + i >= text.n) {
            return false;
        }
        unsigned char c = (unsigned char)text.p[at + i];
        bool fits = pattern[i] == '9' ? char_is_digit(c) : c == (unsigned char)pattern[i];
        if (!fits) {
            return false;
        }
    }
    return true;
}

// How long a date is here; 0 for arithmetic such as 2024-3-4.
static size_t date_length(Str text, size_t at)
{
    size_t n = 0;
    if (has_shape(text, at, "9999-99-99T99:99")) {
        n = 16;
    } else if (has_shape(text, at, "9999-99-99")) {
        n = 10;
    }
    Char after = char_at(text, at + n);
    bool ends = after.bytes == 0 || !char_is_name(after.code);
    return ends ? n : 0;
}

// A date that the calendar does not have is reported, and stands as the first day.
static Token lex_date(Lexer *lexer, Token token, size_t n)
{
    token.kind = TOKEN_DATE;
    token.text = str_sub(lexer->text, lexer->at, lexer->at + n);
    if (!date_parse(token.text, &token.number)) {
        lexer_error(lexer, 105, lexer->at, lexer->at + n, "there is no date @", token.text);
        token.number = 0;
    }
    lexer_skip(lexer, n);
    return token;
}

// ---- Numbers ----------------------------------------------------------------------------------

static size_t digits_end(Str text, size_t at)
{
    while (at < text.n && char_is_digit((unsigned char)text.p[at])) {
        at++;
    }
    return at;
}

static bool digit_at(Str text, size_t at)
{
    return at < text.n && char_is_digit((unsigned char)text.p[at]);
}

// 12, 12.5, 1e6, 1.5e-3
static size_t decimal_end(Str text, size_t at)
{
    at = digits_end(text, at);
    if (at < text.n && text.p[at] == '.' && digit_at(text, at + 1)) {
        at = digits_end(text, at + 1);
    }
    if (at < text.n && (text.p[at] == 'e' || text.p[at] == 'E')) {
        size_t sign = at + 1 < text.n && (text.p[at + 1] == '-' || text.p[at + 1] == '+');
        if (digit_at(text, at + 1 + sign)) {
            at = digits_end(text, at + 1 + sign);
        }
    }
    return at;
}

// 470,000 and 470_000 and 470'000: groups of exactly three digits. Where the grouped text ends, or
// `at` when it is no such thing.
static size_t grouped_end(Str text, size_t from, size_t at)
{
    if (at - from > 3) {
        return at;
    }
    size_t end = at;
    while (end < text.n && (text.p[end] == ',' || text.p[end] == '_' || text.p[end] == '\'') &&
           has_shape(text, end + 1, "999") && !digit_at(text, end + 4)) {
        end += 4;
    }
    return end;
}

static Str without_groups(Arena *arena, Str grouped)
{
    Buf buf = {.arena = arena};
    for (size_t i = 0; i < grouped.n; i++) {
        if (char_is_digit((unsigned char)grouped.p[i])) {
            buf_char(&buf, grouped.p[i]);
        }
    }
    return buf_str(&buf);
}

// Reported, and read as what was probably meant.
static Str read_grouped(Lexer *lexer, size_t lo, size_t hi)
{
    Str grouped = str_sub(lexer->text, lo, hi);
    Str plain = without_groups(lexer->diags->arena, grouped);
    Diag *diag =
        lexer_error(lexer, 106, lo, hi,
                    "`@` groups its digits, which a list of numbers could also mean", grouped);
    if (diag != NULL) {
        diag_help(lexer->diags, diag,
                  "write `%.*s` for the number, or a blank after each comma of a list",
                  STR_ARG(plain));
    }
    return plain;
}

// k, M or % behind the digits; a percent sign may stand after a blank, as typographers like it.
static void read_suffix(Lexer *lexer, Token *token)
{
    Str text = lexer->text;
    Char c = char_at(text, lexer->at);
    Char after = char_at(text, lexer->at + c.bytes);
    bool alone = after.bytes == 0 || !char_is_name(after.code);
    if (c.code == 'k' && alone) {
        token->number *= 1e3;
        lexer_skip(lexer, 1);
    } else if (c.code == 'M' && alone) {
        token->number *= 1e6;
        lexer_skip(lexer, 1);
    }
    size_t at = lexer->at;
    for (c = char_at(text, at); c.bytes > 0 && char_is_blank(c.code); c = char_at(text, at)) {
        at += c.bytes;
    }
    if (c.code == '%') {
        lexer_skip(lexer, at + 1 - lexer->at);
        token->number /= 100;
        token->percent = true;
    }
}

// A date, or digits with their suffix.
Token lex_number(Lexer *lexer, Token token)
{
    size_t lo = lexer->at;
    size_t date = date_length(lexer->text, lo);
    if (date > 0) {
        return lex_date(lexer, token, date);
    }
    token.kind = TOKEN_NUMBER;
    size_t hi = decimal_end(lexer->text, lo);
    Str digits = str_sub(lexer->text, lo, hi);
    size_t grouped = grouped_end(lexer->text, lo, hi);
    if (grouped > hi) {
        hi = grouped;
        digits = read_grouped(lexer, lo, hi);
    }
    if (!num_parse(digits, &token.number) || token.number > 1e300) {
        lexer_error(lexer, 107, lo, hi, "the number @ is too large", digits);
        token.number = 1;
    }
    lexer_skip(lexer, hi - lo);
    read_suffix(lexer, &token);
    token.text = str_sub(lexer->text, lo, lexer->at);
    return token;
}
