// SPDX-License-Identifier: MIT
//
// Glyphs, ink, folding and cells: what the writers for terminals share.
#include "show/show.h"

Str glyph_plus_minus(const ShowStyle *style)
{
    return style->utf8 ? STR("±") : STR("+-");
}

Str glyph_dash(const ShowStyle *style)
{
    return style->utf8 ? STR("–") : STR("-");
}

Str glyph_times(const ShowStyle *style)
{
    return style->utf8 ? STR("×") : STR("x");
}

Str glyph_dot(const ShowStyle *style)
{
    return style->utf8 ? STR(" · ") : STR(", ");
}

static void ink(Buf *buf, const ShowStyle *style, Str escape)
{
    if (style->color) {
        buf_add(buf, escape);
    }
}

void ink_bold(Buf *buf, const ShowStyle *style)
{
    ink(buf, style, STR("\x1b[1m"));
}

void ink_dim(Buf *buf, const ShowStyle *style)
{
    ink(buf, style, STR("\x1b[2m"));
}

void ink_off(Buf *buf, const ShowStyle *style)
{
    ink(buf, style, STR("\x1b[0m"));
}

// Signs that must not part from the number before them.
static bool clings(Str rest)
{
    return str_starts(rest, STR(" %")) || str_starts(rest, STR(" ±")) ||
           str_starts(rest, STR(" +-"));
}

// The next word of text from `at`, with where it ends; a number keeps its sign and its error.
static Str next_word(Str text, size_t *at)
{
    while (*at < text.n && text.p[*at] == ' ') {
        (*at)++;
    }
    size_t from = *at;
    while (*at < text.n && (text.p[*at] != ' ' || clings(str_sub(text, *at, text.n)))) {
        (*at)++;
    }
    return str_sub(text, from, *at);
}

static void fold(Buf *buf, size_t width, size_t indent, size_t hang, Str text)
{
    size_t at = 0, column = indent, words = 0;
    for (Str word = next_word(text, &at); word.n; word = next_word(text, &at)) {
        size_t w = str_display_width(word);
        if (words && column + 1 + w > width) {
            buf_char(buf, '\n');
            buf_pad(buf, ' ', hang);
            column = hang;
        } else if (words) {
            buf_char(buf, ' ');
            column++;
        }
        buf_add(buf, word);
        column += w;
        words++;
    }
}

void show_paragraph(Buf *buf, const ShowStyle *style, size_t indent, size_t hang, Str text)
{
    buf_pad(buf, ' ', indent);
    if (style->width > 0) {
        fold(buf, (size_t)style->width, indent, hang, text);
    } else {
        buf_add(buf, text);
    }
    buf_char(buf, '\n');
}

void show_cell_left(Buf *buf, Str text, size_t width)
{
    size_t w = str_display_width(text);
    buf_add(buf, text);
    buf_pad(buf, ' ', w < width ? width - w : 0);
}

void show_cell_right(Buf *buf, Str text, size_t width)
{
    size_t w = str_display_width(text);
    buf_pad(buf, ' ', w < width ? width - w : 0);
    buf_add(buf, text);
}

Str show_safe(Arena *arena, Str text)
{
    Buf buf = {.arena = arena};
    buf_add_safe(&buf, text, false);
    return buf_str(&buf);
}
