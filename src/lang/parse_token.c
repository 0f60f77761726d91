// SPDX-License-Identifier: MIT
//
// Tokens as a clause sees them, names, and errors. Read parse_impl.h first.
#include <string.h>

#include "base/limits.h"
#include "lang/parse_impl.h"

// ---- Tokens -----------------------------------------------------------------------------------

// Does the token belong to another line than what the clause may have?
static bool outside(const Parser *p, Token token)
{
    return token.first && token.column <= p->limit;
}

// In panic nothing is left to see: every caller finds the end and returns.
TokenKind parser_at(const Parser *p)
{
    return p->panic || outside(p, p->ahead[0]) ? TOKEN_END : p->ahead[0].kind;
}

bool parser_at_word(const Parser *p, Keyword word)
{
    return parser_at(p) == TOKEN_NAME && p->ahead[0].word == word;
}

// Later tokens count only on the same line: what starts the next line may be another clause.
TokenKind parser_then(const Parser *p, int32_t i)
{
    if (parser_at(p) == TOKEN_END) {
        return TOKEN_END;
    }
    for (int32_t k = 1; k <= i; k++) {
        if (p->ahead[k].first) {
            return TOKEN_END;
        }
    }
    return p->ahead[i].kind;
}

Keyword parser_then_word(const Parser *p, int32_t i)
{
    return parser_then(p, i) == TOKEN_NAME ? p->ahead[i].word : WORD_NONE;
}

Token parser_take(Parser *p)
{
    p->last = p->ahead[0];
    for (int32_t i = 1; i < LOOKAHEAD; i++) {
        p->ahead[i - 1] = p->ahead[i];
    }
    p->ahead[LOOKAHEAD - 1] = lexer_next(&p->lexer);
    return p->last;
}

bool parser_accept(Parser *p, TokenKind kind)
{
    bool there = parser_at(p) == kind;
    if (there) {
        parser_take(p);
    }
    return there;
}

bool parser_accept_word(Parser *p, Keyword word)
{
    bool there = parser_at_word(p, word);
    if (there) {
        parser_take(p);
    }
    return there;
}

// Other languages set a colon after the words that start a block.
void parser_skip_colon(Parser *p)
{
    if (parser_at(p) == TOKEN_COLON) {
        Diag *diag =
            diag_report(p->diags, 204, parser_span(p, parser_take(p)), "no colon stands here");
        diag_help(p->diags, diag, "leave it out: a block is made by indenting its lines");
    }
}

bool parser_expect(Parser *p, TokenKind kind, const char *what)
{
    if (parser_accept(p, kind)) {
        return true;
    }
    parser_expected(p, what);
    return false;
}

// A misspelt optional word would otherwise be taken for something left over on the line.
bool parser_accept_near(Parser *p, Keyword word)
{
    if (parser_accept_word(p, word)) {
        return true;
    }
    Token token = p->ahead[0];
    Suggest suggest;
    suggest_init(&suggest, token.text);
    suggest_add(&suggest, word_text(word));
    if (parser_at(p) != TOKEN_NAME || token.first || suggest_best(&suggest).n == 0) {
        return false;
    }
    Str text = diag_clip(p->arena, token.text);
    Diag *diag = diag_report(p->diags, 203, parser_span(p, token),
                             "expected the end of the line, found `%.*s`", STR_ARG(text));
    suggest_help(p->diags, diag, &suggest);
    parser_take(p);
    return true;
}

// The word may be there, misspelt: then the message says which was meant.
bool parser_expect_word(Parser *p, Keyword word)
{
    if (parser_accept_word(p, word)) {
        return true;
    }
    Str text = word_text(word);
    Suggest suggest;
    suggest_init(&suggest, p->ahead[0].text);
    suggest_add(&suggest, text);
    Str found = parser_found(p);
    Diag *diag = parser_error(p, 210, "expected `%.*s`, found %.*s", STR_ARG(text), STR_ARG(found));
    if (p->ahead[0].kind == TOKEN_NAME) {
        suggest_help(p->diags, diag, &suggest);
    }
    return false;
}

Span parser_span(const Parser *p, Token token)
{
    return (Span){p->file, token.lo, token.hi};
}

// Texts and names of any length come from the user: clipped, and printed safely by who shows them.
Str parser_found(const Parser *p)
{
    Token token = p->ahead[0];
    Str written = diag_clip(p->arena, token.text);
    switch (parser_at(p)) {
    case TOKEN_END:
        return token.kind == TOKEN_END ? STR("the end of the text") : STR("the end of the line");
    case TOKEN_NUMBER: return str_format(p->arena, "the number %.*s", STR_ARG(written));
    case TOKEN_DATE: return str_format(p->arena, "the date %.*s", STR_ARG(written));
    case TOKEN_STRING: return str_format(p->arena, "the text \"%.*s\"", STR_ARG(written));
    case TOKEN_NAME: return str_format(p->arena, "`%.*s`", STR_ARG(written));
    default: {
        Str text = token_kind_text(token.kind);
        return str_format(p->arena, "`%.*s`", STR_ARG(text));
    }
    }
}

// ---- Names ------------------------------------------------------------------------------------

bool parser_meant_as_name(const Parser *p, Token token)
{
    return token.kind == TOKEN_NAME && p->meant_as_name[token.word];
}

// `event chance 30%` and `question ever x` lack a name; otherwise it was meant as one.
static bool name_is_missing(const Parser *p, Token token)
{
    return token.first || p->ahead[1].kind == TOKEN_NUMBER || token.word == WORD_EVER ||
           token.word == WORD_NEVER || token.word == WORD_ALWAYS || token.word == WORD_IF ||
           token.word == WORD_NOT;
}

// Words of the language are refused as names at the declaration, where the user can still choose.
// What uses the name is then read as if it were free: one cause, one message.
static bool name_is_free(Parser *p, const char *what)
{
    Token token = p->ahead[0];
    WordClass class = word_class(token.word);
    if (class == WORD_CLASS_SOFT) {
        return true;
    }
    if (class == WORD_CLASS_LATER) {
        parser_report_later(p, token, true);
    } else {
        Diag *diag = diag_report(p->diags, 110, parser_span(p, token),
                                 "%s cannot be called `%.*s`, a word of the language", what,
                                 STR_ARG(token.text));
        diag_help(p->diags, diag, "choose another name, such as `%.*s_`", STR_ARG(token.text));
    }
    bool meant = !name_is_missing(p, token);
    p->panic = p->panic || !meant;
    p->meant_as_name[token.word] = p->meant_as_name[token.word] || meant;
    return meant;
}

// Things that are wrong with a name but do not keep us from going on.
static void check_spelling(Parser *p, Token token)
{
    const char *dot = memchr(token.text.p, '.', token.text.n);
    if (dot != NULL) {
        Diag *diag = diag_report(p->diags, 111, parser_span(p, token),
                                 "the new name `%.*s` holds a dot", STR_ARG(token.text));
        diag_help(p->diags, diag, "write `_` instead; a dot leads to a part, as in `clash.chance`");
    }
    if (token.text.n > LIMIT_NAME_BYTES) {
        diag_report(p->diags, 112, parser_span(p, token), "this name is longer than %d bytes",
                    LIMIT_NAME_BYTES);
    }
}

// The empty name when there is none; the span is then that of the token before.
Str parser_expect_name(Parser *p, const char *what, Span *span)
{
    if (parser_at(p) != TOKEN_NAME) {
        Str found = parser_found(p);
        parser_error(p, 213, "expected the name of %s, found %.*s", what, STR_ARG(found));
    } else if (name_is_free(p, what)) {
        Token token = parser_take(p);
        check_spelling(p, token);
        *span = parser_span(p, token);
        return token.text;
    }
    *span = parser_span(p, p->last);
    return STR("");
}

// Reserved words are no names anywhere, so that a forgotten name is found where it is missing.
bool parser_expect_reference(Parser *p, const char *what, Token *name)
{
    bool soft = parser_at(p) == TOKEN_NAME && word_class(p->ahead[0].word) == WORD_CLASS_SOFT;
    if (soft || (parser_at(p) == TOKEN_NAME && parser_meant_as_name(p, p->ahead[0]))) {
        *name = parser_take(p);
        return true;
    }
    Str found = parser_found(p);
    parser_error(p, 213, "expected the name of %s, found %.*s", what, STR_ARG(found));
    return false;
}

// ---- Errors -----------------------------------------------------------------------------------

// One cause, one message: nothing more is said until recovery, nor where the lexer has spoken. At
// the end of a clause the place is right behind the last token, where the user would go on typing.
Diag *parser_error(Parser *p, int32_t code, const char *format, ...)
{
    bool said = p->panic || (p->ahead[0].kind == TOKEN_BAD && !outside(p, p->ahead[0]));
    Span span = parser_at(p) == TOKEN_END ? (Span){p->file, p->last.hi, p->last.hi}
                                          : parser_span(p, p->ahead[0]);
    p->panic = true;
    if (said) {
        return NULL;
    }
    va_list args;
    va_start(args, format);
    Diag *diag = diag_report_list(p->diags, code, span, format, args);
    va_end(args);
    return diag;
}

void parser_expected(Parser *p, const char *what)
{
    Str found = parser_found(p);
    parser_error(p, 210, "expected %s, found %.*s", what, STR_ARG(found));
}

// Said once for what is being parsed: each level on the way out would say it again.
void parser_too_deep(Parser *p)
{
    if (p->too_deep) {
        p->panic = true;
        return;
    }
    p->too_deep = true;
    Diag *diag = parser_error(p, 214, "this is nested more than %d levels deep", LIMIT_DEPTH);
    diag_help(p->diags, diag, "give a part a name of its own with `let` or `def`");
}

// Every recursion of the parser passes here, so that no text can exhaust the stack.
bool parser_enter(Parser *p)
{
    p->depth++;
    if (p->depth > LIMIT_DEPTH) {
        parser_too_deep(p);
        return false;
    }
    return true;
}

void parser_leave(Parser *p)
{
    p->depth--;
    if (p->depth == 0) {
        p->too_deep = false;
    }
}
