// SPDX-License-Identifier: MIT
//
// A model told in plain English, as data: headings, paragraphs, and lists within them. Made by
// src/ask/tell.c, written by src/show/show_tell.c. Texts are raw: they may hold anything a user
// wrote.
#pragma once
#include "base/str.h"

typedef enum {
    TELL_HEADING,  // "What can happen"
    TELL_ITEM,     // begins a paragraph about one thing: `name` and what it is
    TELL_SENTENCE, // goes on in the paragraph of the item above
    TELL_DETAIL    // a line of its own below it
} TellDepth;

typedef struct {
    TellDepth depth;
    Str name; // of an item, or empty
    Str text;
} TellLine;

typedef struct {
    Str title;
    const TellLine *lines;
    int32_t n_lines;
} Telling;
