// SPDX-License-Identifier: MIT
//
// How an Answer is written for a reader. Every writer appends to a Buf and looks at nothing but the
// Answer and this style: no clock, no locale, no terminal. The doors decide the style.
#pragma once
#include "base/str.h"

typedef struct {
    bool utf8;     // ± and dashes and blocks; otherwise ASCII: +-, -, #
    bool color;    // terminal escapes for headings and asides
    int32_t width; // columns at which prose is folded; 0: never
    bool plain;    // answers only: no legend
    bool all;      // replays: every line, also those that say the same again; comparisons: every
                   // question and pair
} ShowStyle;

// The glyphs of a style.
Str glyph_plus_minus(const ShowStyle *style); // ±
Str glyph_dash(const ShowStyle *style);       // – between the ends of a range
Str glyph_times(const ShowStyle *style);      // ×
Str glyph_dot(const ShowStyle *style);        // · between facts of one line

// Terminal escapes, nothing when the style has no colour.
void ink_bold(Buf *buf, const ShowStyle *style);
void ink_dim(Buf *buf, const ShowStyle *style);
void ink_off(Buf *buf, const ShowStyle *style);

// A paragraph: `text` (made safe before) after `indent` blanks, folded between words at the style's
// width with the lines that follow indented by `hang`. Ends with a line end.
void show_paragraph(Buf *buf, const ShowStyle *style, size_t indent, size_t hang, Str text);

// One cell of a table, `width` columns wide; longer text is not cut.
void show_cell_left(Buf *buf, Str text, size_t width);
void show_cell_right(Buf *buf, Str text, size_t width);

// A text of the user's made safe for a terminal, on one line.
Str show_safe(Arena *arena, Str text);
