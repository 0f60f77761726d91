// SPDX-License-Identifier: MIT
//
// Texts by lines, for tests that read what was written.
#pragma once
#include "base/str.h"

// The next line, without its end, which the text then begins behind.
static inline Str next_line(Str *text)
{
    size_t n = 0;
    while (n < text->n && text->p[n] != '\n') {
        n++;
    }
    Str line = str_sub(*text, 0, n);
    *text = str_sub(*text, n + 1, text->n);
    return line;
}
