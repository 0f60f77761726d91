// SPDX-License-Identifier: MIT
//
// Counted strings. A Str borrows bytes: it may hold NUL and need not end in one. A Buf owns growing
// text in an arena.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

typedef struct {
    const char *p;
    size_t n;
} Str;

#define STR(literal) ((Str){(literal), sizeof(literal) - 1})
#define STR_ARG(s)   (int)(s).n, (s).p // for "%.*s"

Str str_of(const char *c_string); // borrows; NULL gives the empty Str
bool str_eq(Str a, Str b);
bool str_eq_nocase(Str a, Str b); // ASCII letters only
int str_cmp(Str a, Str b);        // byte order, like strcmp
bool str_starts(Str s, Str prefix);
bool str_ends(Str s, Str suffix);
Str str_sub(Str s, size_t from, size_t to); // clamped
Str str_trim(Str s);                        // ASCII blanks off both ends
Str str_copy(Arena *arena, Str s);          // the copy ends in NUL (not counted)
const char *str_c(Arena *arena, Str s);     // the same as a C string
__attribute__((format(printf, 2, 3))) Str str_format(Arena *arena, const char *format, ...);
uint64_t str_hash(Str s);                        // FNV-1a, 64 bit; stable for ever
size_t str_distance(Str a, Str b, size_t limit); // edit distance with swaps (Damerau 1964, OSA),
                                                 // limit + 1 when larger
size_t str_display_width(Str utf8);              // columns on a terminal; controls count 0

// Text being built. Initialise with {.arena = a}; result.p is always NUL-terminated after buf_str.
typedef struct {
    char *p;
    size_t n, cap;
    Arena *arena;
} Buf;
void buf_add(Buf *buf, Str s);
void buf_char(Buf *buf, char c);
void buf_pad(Buf *buf, char c, size_t count);
__attribute__((format(printf, 2, 3))) void buf_addf(Buf *buf, const char *format, ...);
Str buf_str(Buf *buf);

// Append text that came from a file or a user so that it can do no harm on a terminal: control
// bytes, invalid UTF-8 and bidirectional overrides become visible escapes such as \x1b or \u202e.
// Line ends and tabs too unless `keep_lines`.
void buf_add_safe(Buf *buf, Str s, bool keep_lines);

// First invalid byte of s as UTF-8 (overlong forms and surrogates are invalid), or s.n.
size_t str_utf8_check(Str s);
