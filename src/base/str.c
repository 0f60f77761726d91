// SPDX-License-Identifier: MIT
//
// Counted strings and growing text. Nothing here looks for a NUL or at the locale.
// UTF-8 and what terminals make of it is in utf8.c.
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/c_locale.h"
#include "base/error.h"

Str str_of(const char *c_string)
{
    return c_string ? (Str){c_string, strlen(c_string)} : (Str){"", 0};
}

// Empty strings may hold NULL, which memcmp and memcpy must not see even with no bytes to look at.
bool str_eq(Str a, Str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

// ASCII only: toupper and its kin ask the locale.
static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool str_eq_nocase(Str a, Str b)
{
    if (a.n != b.n) {
        return false;
    }
    for (size_t i = 0; i < a.n; i++) {
        if (lower(a.p[i]) != lower(b.p[i])) {
            return false;
        }
    }
    return true;
}

int str_cmp(Str a, Str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(Str s, Str prefix)
{
    return s.n >= prefix.n && str_eq((Str){s.p, prefix.n}, prefix);
}

bool str_ends(Str s, Str suffix)
{
    return s.n >= suffix.n && str_eq(str_sub(s, s.n - suffix.n, s.n), suffix);
}

Str str_sub(Str s, size_t from, size_t to)
{
    to = to < s.n ? to : s.n;
    from = from < to ? from : to;
    return from ? (Str){s.p + from, to - from} : (Str){s.p, to};
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

Str str_trim(Str s)
{
    while (s.n && is_blank(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n && is_blank(s.p[s.n - 1])) {
        s.n--;
    }
    return s;
}

Str str_copy(Arena *arena, Str s)
{
    return (Str){str_c(arena, s), s.n};
}

const char *str_c(Arena *arena, Str s)
{
    // Arena memory is zeroed, so that the NUL is there already.
    ASSERT(s.n < SIZE_MAX);
    char *p = ARENA_ARRAY(arena, char, s.n + 1);
    if (s.n) {
        memcpy(p, s.p, s.n);
    }
    return p;
}

// Fowler, Noll, Vo 1991. Names of draws hang on it: another constant would change every answer.
uint64_t str_hash(Str s)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < s.n; i++) {
        hash = (hash ^ (unsigned char)s.p[i]) * 0x100000001b3u;
    }
    return hash;
}

// Room for n more bytes and a NUL.
static void buf_reserve(Buf *buf, size_t n)
{
    ASSERT(n < SIZE_MAX / 4 && buf->n < SIZE_MAX / 4);
    // The old text is left to the arena: doubling wastes as much again, and no more.
    size_t need = buf->n + n + 1;
    if (need <= buf->cap) {
        return;
    }
    size_t cap = buf->cap ? buf->cap * 2 : 64;
    cap = cap < need ? need : cap;
    char *p = ARENA_ARRAY(buf->arena, char, cap);
    if (buf->n) {
        memcpy(p, buf->p, buf->n);
    }
    buf->p = p;
    buf->cap = cap;
}

void buf_add(Buf *buf, Str s)
{
    buf_reserve(buf, s.n);
    if (s.n) {
        memcpy(buf->p + buf->n, s.p, s.n);
        buf->n += s.n;
    }
}

void buf_char(Buf *buf, char c)
{
    buf_reserve(buf, 1);
    buf->p[buf->n++] = c;
}

void buf_pad(Buf *buf, char c, size_t count)
{
    buf_reserve(buf, count);
    memset(buf->p + buf->n, c, count);
    buf->n += count;
}

// The first try prints into what is free; only a text that does not fit is printed twice.
__attribute__((format(printf, 2, 0))) static void buf_addv(Buf *buf, const char *format,
                                                           va_list args)
{
    CLocale in = c_locale_enter();
    buf_reserve(buf, 48);
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(buf->p + buf->n, buf->cap - buf->n, format, args);
    ASSERT(n >= 0);
    if ((size_t)n >= buf->cap - buf->n) {
        buf_reserve(buf, (size_t)n);
        vsnprintf(buf->p + buf->n, buf->cap - buf->n, format, again);
    }
    va_end(again);
    buf->n += (size_t)n;
    c_locale_leave(in);
}

void buf_addf(Buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buf_addv(buf, format, args);
    va_end(args);
}

Str buf_str(Buf *buf)
{
    buf_reserve(buf, 0);
    buf->p[buf->n] = '\0';
    return (Str){buf->p, buf->n};
}

Str str_format(Arena *arena, const char *format, ...)
{
    Buf buf = {.arena = arena};
    va_list args;
    va_start(args, format);
    buf_addv(&buf, format, args);
    va_end(args);
    return buf_str(&buf);
}

static size_t min2(size_t a, size_t b)
{
    return a < b ? a : b;
}

// One row of the table of distances: prefix a[0..i) against every prefix of b within the band
// i - limit .. i + limit; what lies outside is `limit + 1`, which stands for "larger".
static size_t distance_row(Str a, Str b, size_t i, size_t limit, size_t *const rows[3])
{
    size_t *row = rows[0];
    const size_t *above = rows[1], *above2 = rows[2];
    size_t from = i > limit ? i - limit : 0;
    size_t to = min2(i + limit, b.n);
    size_t least = limit + 1;
    for (size_t j = 0; j <= b.n; j++) {
        row[j] = limit + 1;
    }
    for (size_t j = from; j <= to; j++) {
        if (j == 0) {
            row[0] = i;
        } else {
            size_t d = above[j - 1] + (a.p[i - 1] != b.p[j - 1]);
            d = min2(d, min2(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1]) {
                d = min2(d, above2[j - 2] + 1);
            }
            row[j] = min2(d, limit + 1);
        }
        least = min2(least, row[j]);
    }
    return least;
}

// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours, where no
// piece is edited twice (Damerau 1964; the restricted form).
size_t str_distance(Str a, Str b, size_t limit)
{
    size_t longer = a.n > b.n ? a.n : b.n, shorter = min2(a.n, b.n);
    limit = min2(limit, longer); // no distance is larger than this
    if (longer - shorter > limit) {
        return limit + 1;
    }
    // Three rows of the table are enough. Names fit on the stack, anything else gets an arena.
    size_t stack[3 * 128];
    Arena *arena = b.n < 128 ? NULL : arena_new(0);
    size_t *cells = arena ? arena_alloc(arena, b.n + 1, 3 * sizeof *cells) : stack;
    size_t *rows[3] = {cells, cells + b.n + 1, cells + 2 * (b.n + 1)};
    for (size_t j = 0; j <= b.n; j++) {
        rows[0][j] = min2(j, limit + 1);
    }
    size_t least = 0, least_before;
    for (size_t i = 1; i <= a.n; i++) {
        size_t *oldest = rows[2];
        rows[2] = rows[1];
        rows[1] = rows[0];
        rows[0] = oldest;
        least_before = least;
        least = distance_row(a, b, i, limit, rows);
        if (least > limit && least_before > limit) { // a swap looks two rows back
            break;
        }
    }
    size_t distance = least > limit ? limit + 1 : rows[0][b.n];
    arena_free(arena);
    return distance;
}
