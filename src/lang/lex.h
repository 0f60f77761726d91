// SPDX-License-Identifier: MIT
//
// Text to tokens, one at a time. Layout is not judged here: a token only says where it stands, and
// whether it is the first on its line.
//
// Understood besides plain ASCII: letters of any script in names; NBSP and other blanks; the quotes
// “ ” „ « » ‘ ’; the minus U+2212 and a dash between blanks; the signs ≤ and ≥. A tab reaches to
// the next column after a multiple of 8.
#pragma once
#include "base/diag.h"
#include "base/map.h"

typedef enum {
#define WORD(name, text, class, where) WORD_##name,
#include "lang/words.def"
#undef WORD
    WORD_NONE // a name that is no word of the language
} Keyword;

typedef enum { WORD_CLASS_SOFT, WORD_CLASS_RESERVED, WORD_CLASS_LATER } WordClass;

Str word_text(Keyword word);
WordClass word_class(Keyword word);
const char *word_where(Keyword word); // "in a decision"

typedef enum {
    TOKEN_END, // of the text; for the parser also: of what belongs to the clause
    TOKEN_BAD, // a fault that was reported
    TOKEN_NAME,
    TOKEN_NUMBER,
    TOKEN_DATE,
    TOKEN_STRING,
    TOKEN_COMMENT, // only when asked for
    TOKEN_LEFT_PAREN,
    TOKEN_RIGHT_PAREN,
    TOKEN_LEFT_BRACKET,
    TOKEN_RIGHT_BRACKET,
    TOKEN_COMMA,
    TOKEN_COLON,
    TOKEN_TILDE,
    TOKEN_ASSIGN, // =
    TOKEN_ADD_ASSIGN,
    TOKEN_SUB_ASSIGN,
    TOKEN_MUL_ASSIGN,
    TOKEN_DIV_ASSIGN,
    TOKEN_PLUS,
    TOKEN_MINUS,
    TOKEN_STAR,
    TOKEN_SLASH,
    TOKEN_CARET,
    TOKEN_LESS,
    TOKEN_LESS_EQUAL,
    TOKEN_GREATER,
    TOKEN_GREATER_EQUAL,
    TOKEN_EQUAL_EQUAL, // == and != are read so that the parser can say what to write instead
    TOKEN_NOT_EQUAL,
    TOKEN_COUNT
} TokenKind;

Str token_kind_text(
    TokenKind kind); // as fmt writes it: "+=", empty for kinds with text of their own

typedef struct {
    TokenKind kind;
    Keyword word;         // of a TOKEN_NAME
    int32_t lo, hi;       // bytes in the source
    int32_t line, column; // from 1; the column is that of the layout
    bool first;           // on its line
    bool glued;           // no blank before it
    bool percent;         // of a number; the value is then already divided by 100
    double number;        // numbers with k, M and % applied; dates as days since 1970
    Str text;             // names; strings with escapes resolved; comments with their #
} Token;

typedef struct {
    DiagList *diags;
    int32_t file;
    Str text;
    size_t at;
    int32_t line, column; // of `at`
    bool line_has_token;
    int32_t unclosed_line; // a line on which `unclosed_quote` does not close
    uint32_t unclosed_quote;
    bool keep_comments;
    bool quiet; // report nothing: for a second reading
    const Map *words;
} Lexer;

void lexer_init(Lexer *lexer, DiagList *diags, int32_t file);
Token lexer_next(Lexer *lexer); // TOKEN_END for ever at the end

// The words of the language as a map to Keyword, -1 for any other.
Map *words_map(Arena *arena);
