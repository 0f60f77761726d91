// SPDX-License-Identifier: MIT
//
// The part of str.h that knows UTF-8 (RFC 3629) and terminals: what is valid, how wide it is, and
// how to print text of unknown origin without letting it move the cursor or reverse the line.
#include "base/str.h"

#include "base/error.h"

enum { NOT_UTF8 = 0 };

// Number of bytes of the character at s.p[at] and its code point; NOT_UTF8 when the bytes there are
// none: stray, overlong, a surrogate, above U+10FFFF, or cut off.
static size_t decode(Str s, size_t at, uint32_t *code)
{
    const unsigned char *p = (const unsigned char *)s.p + at;
    size_t left = s.n - at;
    if (p[0] < 0x80) {
        *code = p[0];
        return 1;
    }
    size_t n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] < 0xc2 || p[0] > 0xf4 || n > left) {
        return NOT_UTF8;
    }
    uint32_t c = p[0] & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return NOT_UTF8;
        }
        c = c << 6 | (p[i] & 0x3fu);
    }
    // Overlong forms would let one character be written in ways that a comparison does not see.
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    if (c < least[n] || (c >= 0xd800 && c <= 0xdfff) || c > 0x10ffff) {
        return NOT_UTF8;
    }
    *code = c;
    return n;
}

size_t str_utf8_check(Str s)
{
    uint32_t code;
    for (size_t at = 0; at < s.n;) {
        size_t n = decode(s, at, &code);
        if (n == NOT_UTF8) {
            return at;
        }
        at += n;
    }
    return s.n;
}

typedef struct {
    uint32_t first, last;
    uint8_t columns;
} WidthRange;

static const WidthRange width_ranges[] = {
#define WIDTH(first, last, columns) {first, last, columns},
#include "base/width.def"
#undef WIDTH
};

// Columns of one character. Below U+0300 nothing is wide and only the controls take none.
static size_t width_of(uint32_t code)
{
    if (code < 0x300) {
        return code < 0x20 || (code >= 0x7f && code < 0xa0) ? 0 : 1;
    }
    size_t lo = 0, hi = sizeof width_ranges / sizeof width_ranges[0];
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (code > width_ranges[mid].last) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    bool inside =
        lo < sizeof width_ranges / sizeof width_ranges[0] && code >= width_ranges[lo].first;
    return inside ? width_ranges[lo].columns : 1;
}

size_t str_display_width(Str utf8)
{
    size_t width = 0;
    for (size_t at = 0; at < utf8.n;) {
        uint32_t code;
        size_t n = decode(utf8, at, &code);
        width += n == NOT_UTF8 ? 1 : width_of(code); // terminals show a box for a stray byte
        at += n == NOT_UTF8 ? 1 : n;
    }
    return width;
}

// Characters that may do harm: the controls C0 and C1, those that reorder or hide the text around
// them (Boucher and Anderson 2021, "Trojan Source"), and the two separators that end lines.
static bool is_harmful(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x202a && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0x2028 || code == 0x2029 ||
           code == 0x200e || code == 0x200f || code == 0x061c || code == 0xfeff ||
           (code >= 0xe0000 && code <= 0xe007f);
}

static void add_escape(Buf *buf, uint32_t code)
{
    if (code == '\n') {
        buf_add(buf, STR("\\n"));
    } else if (code == '\t') {
        buf_add(buf, STR("\\t"));
    } else if (code < 0x80) {
        buf_addf(buf, "\\x%02x", (unsigned)code);
    } else {
        buf_addf(buf, code > 0xffff ? "\\U%08x" : "\\u%04x", (unsigned)code);
    }
}

void buf_add_safe(Buf *buf, Str s, bool keep_lines)
{
    for (size_t at = 0; at < s.n;) {
        uint32_t code;
        size_t n = decode(s, at, &code);
        if (n == NOT_UTF8) {
            buf_addf(buf, "\\x%02x", (unsigned)(unsigned char)s.p[at]);
            n = 1;
        } else if (is_harmful(code) && !(keep_lines && (code == '\n' || code == '\t'))) {
            add_escape(buf, code);
        } else {
            buf_add(buf, (Str){s.p + at, n});
        }
        at += n;
    }
}
