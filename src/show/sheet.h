// SPDX-License-Identifier: MIT
//
// A document of headings, paragraphs and tables, written for a terminal or as Markdown (GitHub's
// dialect) from the same calls. Texts are safe already (show_safe), one line each.
#pragma once
#include "base/vec.h"
#include "show/show.h"

typedef struct {
    Buf *buf;
    const ShowStyle *style;
    bool markdown;
} Sheet;

// Level 1: the title; 2: a part; 3: one question.
void sheet_heading(const Sheet *sheet, int level, Str text);
// Folded at the style's width, what follows the first line indented.
void sheet_text(const Sheet *sheet, Str text);
void sheet_bullet(const Sheet *sheet, Str text);
void sheet_gap(const Sheet *sheet); // an empty line

enum { TABLE_COLUMNS = 16 };

typedef struct {
    Str cell[TABLE_COLUMNS];
    Str note; // below the row, indented, cut at the style's width; Markdown has it not
} TableRow;

// Columns are as wide as their widest cell; the last one is folded at the style's width.
typedef struct {
    Arena *arena;
    int32_t n_columns;
    bool right[TABLE_COLUMNS]; // aligned to the right
    VEC(TableRow) rows;        // the first one is the head, unless
    bool headless;             // there is none
} Table;

TableRow *table_row(Table *table); // a new, empty one
void sheet_table(const Sheet *sheet, const Table *table);
