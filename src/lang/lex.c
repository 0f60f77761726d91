// SPDX-License-Identifier: MIT
//
// Text to tokens; see lex.h. Numbers and strings are in lex_value.c, the words in words.def.
#include "lang/lex.h"

#include "lang/diags.h"
#include "lang/lex_impl.h"

static const struct {
    const char *text;
    WordClass class;
    const char *where;
} WORDS[] = {
#define WORD(name, text, class, where) {text, WORD_CLASS_##class, where},
#include "lang/words.def"
#undef WORD
};

Str word_text(Keyword word)
{
    ASSERT(word < WORD_NONE);
    return str_of(WORDS[word].text);
}

WordClass word_class(Keyword word)
{
    return word < WORD_NONE ? WORDS[word].class : WORD_CLASS_SOFT;
}

const char *word_where(Keyword word)
{
    ASSERT(word < WORD_NONE);
    return WORDS[word].where;
}

Map *words_map(Arena *arena)
{
    Map *map = map_new(arena);
    for (int32_t i = 0; i < (int32_t)WORD_NONE; i++) {
        map_put(map, str_of(WORDS[i].text), i);
    }
    return map;
}

// ---- Characters -------------------------------------------------------------------------------

// UTF-8 (RFC 3629), without overlong forms; surrogates pass, they were reported when the file was
// read.
Char char_at(Str text, size_t at)
{
    if (at >= text.n) {
        return (Char){0, 0};
    }
    const unsigned char *p = (const unsigned char *)text.p + at;
    size_t left = text.n - at;
    if (p[0] < 0x80) {
        return (Char){p[0], 1};
    }
    size_t n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] < 0xc2 || p[0] > 0xf4 || n > left) {
        return (Char){CHAR_INVALID, 1};
    }
    uint32_t code = p[0] & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return (Char){CHAR_INVALID, 1};
        }
        code = code << 6 | (p[i] & 0x3fu);
    }
    return (Char){code, n};
}

bool char_is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

// Unicode blanks that editors and word processors leave behind, NBSP first of all; no line ends.
bool char_is_blank(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == 0xa0 ||
           (c >= 0x2000 && c <= 0x200b) || c == 0x202f || c == 0x205f || c == 0x3000 || c == 0xfeff;
}

bool char_is_line_end(uint32_t c)
{
    return c == '\n' || c == '\r';
}

// Letters of any script. Rather than a table of Unicode: what lies outside the blocks of
// punctuation, symbols and private use. NUL and bytes that are no UTF-8 were reported when the file
// was read; here they pass as letters, so that one cause has one message.
bool char_is_letter(uint32_t c)
{
    if (c < 0x80) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == 0;
    }
    if (c == CHAR_INVALID || c == 0xaa || c == 0xb5 || c == 0xba) {
        return true;
    }
    return c >= 0xc0 && c != 0xd7 && c != 0xf7 && !(c >= 0x2000 && c <= 0x2bff) &&
           !(c >= 0x3000 && c <= 0x303f) && !(c >= 0xe000 && c <= 0xf8ff) &&
           !(c >= 0xfe00 && c <= 0xfe6f) && !(c >= 0xff00 && c <= 0xff20) && c < 0x1f000;
}

bool char_is_name(uint32_t c)
{
    return char_is_letter(c) || char_is_digit(c);
}

// All that moves the lexer along a line passes here: tabs count.
void lexer_skip(Lexer *lexer, size_t bytes)
{
    size_t to = lexer->at + bytes;
    ASSERT(to <= lexer->text.n);
    while (lexer->at < to) {
        Char c = char_at(lexer->text, lexer->at);
        lexer->column = c.code == '\t' ? (lexer->column + 7) / 8 * 8 + 1 : lexer->column + 1;
        lexer->at += c.bytes;
    }
}

// printf with one kind of argument: the text is the user's, and must not be read as a format.
Diag *lexer_error(Lexer *lexer, int32_t code, size_t lo, size_t hi, const char *format, Str about)
{
    if (lexer->quiet) {
        return NULL;
    }
    Str text = str_of(format);
    Buf buf = {.arena = lexer->diags->arena};
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '@') {
            buf_add(&buf, about);
        } else {
            buf_char(&buf, text.p[i]);
        }
    }
    Str message = buf_str(&buf);
    return diag_report(lexer->diags, code, (Span){lexer->file, (int32_t)lo, (int32_t)hi}, "%.*s",
                       STR_ARG(message));
}

// ---- Blanks, comments, names ------------------------------------------------------------------

static void skip_line_end(Lexer *lexer)
{
    bool crlf = lexer->text.p[lexer->at] == '\r' && lexer->at + 1 < lexer->text.n &&
                lexer->text.p[lexer->at + 1] == '\n';
    lexer->at += crlf ? 2 : 1;
    lexer->line++;
    lexer->column = 1;
    lexer->line_has_token = false;
}

// To the end of the line.
static Token lex_comment(Lexer *lexer, Token token)
{
    size_t end = lexer->at;
    while (end < lexer->text.n && !char_is_line_end((unsigned char)lexer->text.p[end])) {
        end++;
    }
    token.kind = TOKEN_COMMENT;
    token.text = str_sub(lexer->text, lexer->at, end);
    lexer_skip(lexer, end - lexer->at);
    token.hi = (int32_t)end;
    return token;
}

// Blanks, line ends and, unless they are kept, comments. Says whether there was anything.
static bool skip_blanks(Lexer *lexer)
{
    size_t from = lexer->at;
    for (;;) {
        Char c = char_at(lexer->text, lexer->at);
        if (c.bytes > 0 && char_is_line_end(c.code)) {
            skip_line_end(lexer);
        } else if (c.bytes > 0 && char_is_blank(c.code)) {
            lexer_skip(lexer, c.bytes);
        } else if (c.code == '#' && !lexer->keep_comments) {
            lex_comment(lexer, (Token){0});
        } else {
            return lexer->at > from;
        }
    }
}

// Names may hold dots between their parts: clash.chance, send.go.worth.2.
static size_t name_end(Str text, size_t at)
{
    for (;;) {
        Char c = char_at(text, at);
        if (c.bytes > 0 && char_is_name(c.code)) {
            at += c.bytes;
            continue;
        }
        Char after = char_at(text, at + 1);
        if (c.code == '.' && after.bytes > 0 && char_is_name(after.code)) {
            at++;
            continue;
        }
        return at;
    }
}

// Words are names too: what they mean depends on where they stand, which the parser knows.
static Token lex_name(Lexer *lexer, Token token)
{
    size_t end = name_end(lexer->text, lexer->at);
    token.kind = TOKEN_NAME;
    token.text = str_sub(lexer->text, lexer->at, end);
    int32_t word = map_get(lexer->words, token.text);
    token.word = word < 0 ? WORD_NONE : (Keyword)word;
    lexer_skip(lexer, end - lexer->at);
    return token;
}

// ---- Signs ------------------------------------------------------------------------------------

static const char *const KIND_TEXTS[TOKEN_COUNT] = {
    [TOKEN_LEFT_PAREN] = "(",    [TOKEN_RIGHT_PAREN] = ")", [TOKEN_LEFT_BRACKET] = "[",
    [TOKEN_RIGHT_BRACKET] = "]", [TOKEN_COMMA] = ",",       [TOKEN_COLON] = ":",
    [TOKEN_TILDE] = "~",         [TOKEN_ASSIGN] = "=",      [TOKEN_ADD_ASSIGN] = "+=",
    [TOKEN_SUB_ASSIGN] = "-=",   [TOKEN_MUL_ASSIGN] = "*=", [TOKEN_DIV_ASSIGN] = "/=",
    [TOKEN_PLUS] = "+",          [TOKEN_MINUS] = "-",       [TOKEN_STAR] = "*",
    [TOKEN_SLASH] = "/",         [TOKEN_CARET] = "^",       [TOKEN_LESS] = "<",
    [TOKEN_LESS_EQUAL] = "<=",   [TOKEN_GREATER] = ">",     [TOKEN_GREATER_EQUAL] = ">=",
    [TOKEN_EQUAL_EQUAL] = "==",  [TOKEN_NOT_EQUAL] = "!=",
};

Str token_kind_text(TokenKind kind)
{
    ASSERT(kind < TOKEN_COUNT);
    return str_of(KIND_TEXTS[kind]);
}

// The sign of two or else one characters that `rest` starts with; TOKEN_BAD when it is none.
static TokenKind ascii_sign(Str rest)
{
    bool equal = rest.n > 1 && rest.p[1] == '=';
    switch (rest.n > 0 ? rest.p[0] : 0) {
    case '(': return TOKEN_LEFT_PAREN;
    case ')': return TOKEN_RIGHT_PAREN;
    case '[': return TOKEN_LEFT_BRACKET;
    case ']': return TOKEN_RIGHT_BRACKET;
    case ',': return TOKEN_COMMA;
    case ':': return TOKEN_COLON;
    case '~': return TOKEN_TILDE;
    case '^': return TOKEN_CARET;
    case '=': return equal ? TOKEN_EQUAL_EQUAL : TOKEN_ASSIGN;
    case '+': return equal ? TOKEN_ADD_ASSIGN : TOKEN_PLUS;
    case '-': return equal ? TOKEN_SUB_ASSIGN : TOKEN_MINUS;
    case '*': return equal ? TOKEN_MUL_ASSIGN : TOKEN_STAR;
    case '/': return equal ? TOKEN_DIV_ASSIGN : TOKEN_SLASH;
    case '<': return equal ? TOKEN_LESS_EQUAL : TOKEN_LESS;
    case '>': return equal ? TOKEN_GREATER_EQUAL : TOKEN_GREATER;
    case '!': return equal ? TOKEN_NOT_EQUAL : TOKEN_BAD;
    default: return TOKEN_BAD;
    }
}

// Between 3 and 6 without blanks a dash may be a range.
static bool blanks_around(const Lexer *lexer, Token token, Char c)
{
    Char after = char_at(lexer->text, lexer->at + c.bytes);
    return !token.glued &&
           (after.bytes == 0 || char_is_blank(after.code) || char_is_line_end(after.code));
}

// Signs a word processor or a phone makes of ASCII ones.
static TokenKind typographic_sign(Lexer *lexer, Token token, Char c)
{
    switch (c.code) {
    case 0x2212: // minus sign
        return TOKEN_MINUS;
    case 0x2264: return TOKEN_LESS_EQUAL;
    case 0x2265: return TOKEN_GREATER_EQUAL;
    case 0x2012: // dashes: a minus only between blanks, for 3–6 may mean a range
    case 0x2013: {
        if (!blanks_around(lexer, token, c)) {
            Diag *diag = lexer_error(lexer, 102, lexer->at, lexer->at + c.bytes,
                                     "this dash could be a range or a minus", STR(""));
            if (diag != NULL) {
                diag_help(lexer->diags, diag, "write `3 to 6` for a range, `3 - 6` for a minus");
            }
        }
        return TOKEN_MINUS;
    }
    default: return TOKEN_BAD;
    }
}

// What other languages, keyboards and word processors write instead of ours.
static const char *sign_advice(uint32_t c)
{
    switch (c) {
    case '&': return "write `and`";
    case '|': return "write `or`";
    case '!': return "write `not`";
    case ';': return "a line end ends a statement; nothing else is needed";
    case '{':
    case '}': return "blocks are made by indenting, and a set needs no brackets";
    case '\'':
    case '`': return "text stands in double quotes: \"like this\"";
    case '%': return "a percent sign stands right after a number: 35%";
    case '.': return "a decimal number starts with a digit: 0.5";
    case 0x2014: return "write `to` for a range, `-` for a minus";
    case 0xd7: return "write `*`";
    case 0xb1: return "write `2 to 4`, or `around 3 give or take 1`";
    case '$':
    case 0x20ac: return "a unit is a word behind the number: `5 dollars`";
    default: return NULL;
    }
}

// One message for a run of characters that mean nothing.
static void report_bad(Lexer *lexer, size_t lo, size_t hi, Char first)
{
    Str about = str_sub(lexer->text, lo, lo + first.bytes);
    Diag *diag = lexer_error(lexer, 102, lo, hi, "the character `@` means nothing here", about);
    const char *advice = sign_advice(first.code);
    if (diag != NULL && advice != NULL) {
        diag_help(lexer->diags, diag, "%s", advice);
    }
}

// Where a run of meaningless characters ends.
static bool starts_token(Lexer *lexer, size_t at, Char c)
{
    return c.bytes == 0 || char_is_blank(c.code) || char_is_line_end(c.code) ||
           char_is_name(c.code) || c.code == '#' || quote_is_open(c.code) ||
           ascii_sign(str_sub(lexer->text, at, at + 2)) != TOKEN_BAD;
}

static Token lex_sign(Lexer *lexer, Token token, Char c)
{
    TokenKind kind = ascii_sign(str_sub(lexer->text, lexer->at, lexer->at + 2));
    if (kind != TOKEN_BAD) {
        lexer_skip(lexer, token_kind_text(kind).n);
    } else {
        kind = typographic_sign(lexer, token, c);
        size_t lo = lexer->at;
        lexer_skip(lexer, c.bytes);
        if (kind == TOKEN_BAD) {
            Char next = char_at(lexer->text, lexer->at);
            while (!starts_token(lexer, lexer->at, next)) {
                lexer_skip(lexer, next.bytes);
                next = char_at(lexer->text, lexer->at);
            }
            report_bad(lexer, lo, lexer->at, c);
        }
    }
    token.kind = kind;
    return token;
}

// ---- The next token ---------------------------------------------------------------------------

void lexer_init(Lexer *lexer, DiagList *diags, int32_t file)
{
    *lexer = (Lexer){.diags = diags,
                     .file = file,
                     .text = diags->sources.p[file].text,
                     .line = 1,
                     .column = 1,
                     .words = words_map(diags->arena)};
}

Token lexer_next(Lexer *lexer)
{
    bool blank = skip_blanks(lexer);
    Token token = {.word = WORD_NONE,
                   .lo = (int32_t)lexer->at,
                   .line = lexer->line,
                   .column = lexer->column,
                   .first = !lexer->line_has_token,
                   .glued = !blank && lexer->at > 0};
    Char c = char_at(lexer->text, lexer->at);
    if (c.bytes == 0) {
        token.kind = TOKEN_END;
        token.hi = token.lo;
        token.column = 0;
        token.first = true;
        return token;
    }
    lexer->line_has_token = true;
    if (c.code == '#') {
        token = lex_comment(lexer, token);
    } else if (char_is_digit(c.code)) {
        token = lex_number(lexer, token);
    } else if (char_is_letter(c.code)) {
        token = lex_name(lexer, token);
    } else if (quote_is_open(c.code)) {
        token = lex_string(lexer, token);
    } else {
        token = lex_sign(lexer, token, c);
    }
    token.hi = (int32_t)lexer->at;
    return token;
}
