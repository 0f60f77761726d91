// SPDX-License-Identifier: MIT
//
// Numbers as text. The C library's conversions are correctly rounded in glibc and musl; we choose
// the number of digits, and keep the locale out.
#include "base/num.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/c_locale.h"
#include "base/error.h"

// Up to 17 decimal digits d.dddd x 10^exponent, without trailing zeros.
typedef struct {
    char digit[24];
    int n;
    int exponent;
} Decimal;

// Reads the digits and exponent out of "1.2345e-07".
static Decimal decimal_of(double x, int n_digits)
{
    char text[40];
    snprintf(text, sizeof text, "%.*e", n_digits - 1, x);
    Decimal d = {.n = 0};
    const char *p = text;
    for (; *p != 'e'; p++) {
        if (*p != '.') {
            d.digit[d.n++] = *p;
        }
    }
    d.exponent = (int)strtol(p + 1, NULL, 10);
    while (d.n > 1 && d.digit[d.n - 1] == '0') {
        d.n--;
    }
    return d;
}

// The double nearest to the decimal, which is what any reader will make of it.
static double decimal_value(const Decimal *d)
{
    char text[40];
    snprintf(text, sizeof text, "%.*se%d", d->n, d->digit, d->exponent - d->n + 1);
    return strtod(text, NULL);
}

// One unit more in the last of n_digits places.
static void decimal_next(Decimal *d, int n_digits)
{
    while (d->n < n_digits) {
        d->digit[d->n++] = '0';
    }
    int i = d->n - 1;
    while (i >= 0 && d->digit[i] == '9') {
        d->digit[i--] = '0';
    }
    if (i >= 0) {
        d->digit[i]++;
    } else {
        d->digit[0] = '1';
        d->exponent++;
    }
    while (d->n > 1 && d->digit[d->n - 1] == '0') {
        d->n--;
    }
}

// The nearest decimal of n digits reads back as x if any of n digits does, except at powers of two:
// there the doubles below are twice as dense, and the next decimal above may do when the nearest,
// just below, does not (2^-44 is 5.684341886080802e-14).
static bool decimal_fits(double x, int n_digits, Decimal *d)
{
    *d = decimal_of(x, n_digits);
    if (decimal_value(d) == x) {
        return true;
    }
    decimal_next(d, n_digits);
    return decimal_value(d) == x;
}

static Decimal shortest(double x)
{
    Decimal d;
    // Every decimal of 15 digits survives a double, so that 15 digits without their trailing zeros
    // are the shortest when they fit at all; doubles near zero have fewer.
    bool tiny = x < 0x1p-1022;
    for (int n = tiny ? 1 : 15; n < 17; n++) {
        if (decimal_fits(x, n, &d)) {
            return d;
        }
    }
    return decimal_of(x, 17);
}

// Plain from 0.0001 to below 1e16, with an exponent of at least two digits outside: the form of
// Python's repr, which analysts know. Every form is a number in JSON too.
static void add_decimal(Buf *buf, const Decimal *d)
{
    Str all = {d->digit, (size_t)d->n};
    if (d->exponent < -4 || d->exponent > 15) {
        buf_char(buf, d->digit[0]);
        if (d->n > 1) {
            buf_char(buf, '.');
            buf_add(buf, str_sub(all, 1, all.n));
        }
        buf_addf(buf, "e%+03d", d->exponent);
    } else if (d->exponent < 0) {
        buf_add(buf, STR("0."));
        buf_pad(buf, '0', (size_t)(-d->exponent - 1));
        buf_add(buf, all);
    } else {
        size_t whole = (size_t)d->exponent + 1;
        buf_add(buf, str_sub(all, 0, whole));
        if (all.n < whole) {
            buf_pad(buf, '0', whole - all.n);
        } else if (all.n > whole) {
            buf_char(buf, '.');
            buf_add(buf, str_sub(all, whole, all.n));
        }
    }
}

// The names of what is not finite, or the empty Str.
static Str not_finite(double x)
{
    if (x != x) {
        return STR("nan");
    }
    if (x - x != 0) {
        return x > 0 ? STR("inf") : STR("-inf");
    }
    return STR("");
}

Str num_shortest(Arena *arena, double x)
{
    Str special = not_finite(x);
    if (special.n) {
        return special;
    }
    Buf buf = {.arena = arena};
    if (__builtin_signbit(x)) {
        buf_char(&buf, '-');
        x = -x;
    }
    if (x == 0) {
        buf_char(&buf, '0');
        return buf_str(&buf);
    }
    CLocale in = c_locale_enter();
    Decimal d = shortest(x);
    c_locale_leave(in);
    add_decimal(&buf, &d);
    return buf_str(&buf);
}

Str num_grouped(Arena *arena, double x, int decimals)
{
    Str special = not_finite(x);
    if (special.n) {
        return special;
    }
    ASSERT(decimals >= 0 && decimals <= 100);
    Str plain = str_format(arena, "%.*f", decimals, x);
    bool negative = plain.p[0] == '-';
    plain = str_sub(plain, negative, plain.n);
    Buf buf = {.arena = arena};
    // What rounds to nothing has no sign.
    if (negative && strspn(plain.p, "0.") < plain.n) {
        buf_char(&buf, '-');
    }
    size_t whole = decimals ? plain.n - (size_t)decimals - 1 : plain.n;
    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0) {
            buf_char(&buf, ',');
        }
        buf_char(&buf, plain.p[i]);
    }
    buf_add(&buf, str_sub(plain, whole, plain.n));
    return buf_str(&buf);
}

static size_t skip_digits(Str s, size_t at)
{
    while (at < s.n && s.p[at] >= '0' && s.p[at] <= '9') {
        at++;
    }
    return at;
}

static bool at_char(Str s, size_t at, char a, char b)
{
    return at < s.n && (s.p[at] == a || s.p[at] == b);
}

// [+-] digits [. digits] [e [+-] digits], and nothing else: no blanks, hexadecimals, inf or nan.
static bool is_decimal(Str s)
{
    size_t at = at_char(s, 0, '+', '-');
    size_t end = skip_digits(s, at);
    if (end == at) {
        return false;
    }
    if (at_char(s, end, '.', '.')) {
        at = end + 1;
        end = skip_digits(s, at);
        if (end == at) {
            return false;
        }
    }
    if (at_char(s, end, 'e', 'E')) {
        at = end + 1;
        at += at_char(s, at, '+', '-');
        end = skip_digits(s, at);
        if (end == at) {
            return false;
        }
    }
    return end == s.n;
}

bool num_parse(Str text, double *x)
{
    if (!is_decimal(text)) {
        return false;
    }
    // strtod needs a NUL, a Str has none; few numbers are longer than the copy on the stack.
    char small[64];
    Arena *arena = NULL;
    const char *c = small;
    if (text.n < sizeof small) {
        memcpy(small, text.p, text.n);
        small[text.n] = '\0';
    } else {
        arena = arena_new(0);
        c = str_c(arena, text);
    }
    locale_t locale = c_locale();
    double value = strtod_l(c, NULL, locale);
    freelocale(locale);
    arena_free(arena);
    if (not_finite(value).n) {
        return false; // too large for a double
    }
    *x = value;
    return true;
}

// Not through a double: a seed has 64 bits.
bool num_parse_u64(Str text, uint64_t *x)
{
    if (text.n == 0 || skip_digits(text, 0) != text.n) {
        return false;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < text.n; i++) {
        uint64_t digit = (uint64_t)(text.p[i] - '0');
        if (__builtin_mul_overflow(value, 10u, &value) ||
            __builtin_add_overflow(value, digit, &value)) {
            return false;
        }
    }
    *x = value;
    return true;
}
