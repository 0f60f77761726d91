// SPDX-License-Identifier: MIT
//
// What the two halves of the lexer share: characters, and reporting at a place in the text.
#pragma once
#include "lang/lex.h"

enum { CHAR_INVALID = 0x7fffffff };

typedef struct {
    uint32_t code; // CHAR_INVALID for a byte that belongs to no character
    size_t bytes;  // 0 at the end of the text
} Char;

Char char_at(Str text, size_t at);
bool char_is_digit(uint32_t c);
bool char_is_blank(uint32_t c);
bool char_is_line_end(uint32_t c);
bool char_is_letter(uint32_t c);
bool char_is_name(uint32_t c);

// Go on by so many bytes of whole characters, none of them a line end.
void lexer_skip(Lexer *lexer, size_t bytes);

// Report at bytes lo to hi; `@` in the sentence becomes `about`. NULL when the lexer is quiet.
Diag *lexer_error(Lexer *lexer, int32_t code, size_t lo, size_t hi, const char *format, Str about);

bool quote_is_open(uint32_t c);
Token lex_string(Lexer *lexer, Token token);
Token lex_number(Lexer *lexer, Token token);
