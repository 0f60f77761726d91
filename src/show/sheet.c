// SPDX-License-Identifier: MIT
//
// Headings, paragraphs and tables in two dialects.
#include "show/sheet.h"

enum { INDENT = 2, HANG = 4, GAP = 2 };

// Signs that Markdown would take for its own.
static void add_escaped(Buf *buf, Str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '|' || c == '*' || c == '_' || c == '`' || c == '<' || c == '~' || c == '[') {
            buf_char(buf, '\\');
        }
        buf_char(buf, c);
    }
}

void sheet_heading(const Sheet *sheet, int level, Str text)
{
    Buf *buf = sheet->buf;
    if (sheet->markdown) {
        buf_pad(buf, '#', (size_t)level);
        buf_char(buf, ' ');
        add_escaped(buf, text);
        buf_add(buf, STR("\n\n"));
        return;
    }
    ink_bold(buf, sheet->style);
    show_paragraph(buf, sheet->style, 0, HANG, text);
    ink_off(buf, sheet->style);
}

void sheet_text(const Sheet *sheet, Str text)
{
    if (sheet->markdown) {
        add_escaped(sheet->buf, text);
        buf_add(sheet->buf, STR("\n\n"));
        return;
    }
    show_paragraph(sheet->buf, sheet->style, INDENT, HANG, text);
}

void sheet_bullet(const Sheet *sheet, Str text)
{
    if (sheet->markdown) {
        buf_add(sheet->buf, STR("- "));
        add_escaped(sheet->buf, text);
        buf_char(sheet->buf, '\n');
        return;
    }
    show_paragraph(sheet->buf, sheet->style, INDENT, HANG,
                   str_format(sheet->buf->arena, "- %.*s", STR_ARG(text)));
}

void sheet_gap(const Sheet *sheet)
{
    buf_char(sheet->buf, '\n');
}

TableRow *table_row(Table *table)
{
    vec_push(table->arena, &table->rows, ((TableRow){.cell = {{0}}}));
    return &table->rows.p[table->rows.n - 1];
}

static void add_markdown_row(const Sheet *sheet, const Table *table, const TableRow *row)
{
    Buf *buf = sheet->buf;
    for (int32_t c = 0; c < table->n_columns; c++) {
        buf_add(buf, STR("| "));
        add_escaped(buf, row->cell[c]);
        buf_char(buf, ' ');
    }
    buf_add(buf, STR("|\n"));
}

static void markdown_table(const Sheet *sheet, const Table *table)
{
    for (int32_t r = 0; r < table->rows.n; r++) {
        add_markdown_row(sheet, table, &table->rows.p[r]);
        for (int32_t c = 0; r == 0 && c < table->n_columns; c++) {
            buf_add(sheet->buf, table->right[c] ? STR("|---:") : STR("|:---"));
        }
        buf_add(sheet->buf, r == 0 ? STR("|\n") : STR(""));
    }
    buf_char(sheet->buf, '\n');
}

static size_t widest(const Table *table, int32_t column)
{
    size_t most = 0;
    for (int32_t r = 0; r < table->rows.n; r++) {
        size_t width = str_display_width(table->rows.p[r].cell[column]);
        most = width > most ? width : most;
    }
    return most;
}

// The last cell: what does not fit goes on below it. In too narrow a column it stays in one piece.
static void add_last(const Sheet *sheet, Buf *line, Str text)
{
    enum { NARROWEST = 24 };
    size_t from = str_display_width(buf_str(line)), width = (size_t)sheet->style->width;
    if (sheet->style->width <= 0 || from + NARROWEST > width) {
        buf_add(line, text);
        return;
    }
    size_t column = from, at = 0;
    while (at < text.n) {
        size_t end = at;
        while (end < text.n && text.p[end] != ' ') {
            end++;
        }
        Str word = str_sub(text, at, end);
        size_t wide = str_display_width(word);
        if (column > from && column + 1 + wide > width) {
            buf_char(line, '\n');
            buf_pad(line, ' ', from);
            column = from;
        } else if (column > from) {
            buf_char(line, ' ');
            column++;
        }
        buf_add(line, word);
        column += wide;
        at = end + 1;
    }
}

static void add_text_row(const Sheet *sheet, const Table *table, const TableRow *row,
                         const size_t *widths)
{
    Buf line = {.arena = sheet->buf->arena};
    for (int32_t c = 0; c < table->n_columns; c++) {
        buf_pad(&line, ' ', c ? GAP : INDENT);
        if (table->right[c]) {
            show_cell_right(&line, row->cell[c], widths[c]);
        } else if (c + 1 < table->n_columns) {
            show_cell_left(&line, row->cell[c], widths[c]);
        } else {
            add_last(sheet, &line, row->cell[c]);
        }
    }
    Str text = buf_str(&line);
    while (text.n > 0 && text.p[text.n - 1] == ' ') {
        text.n--;
    }
    buf_add(sheet->buf, text);
    buf_char(sheet->buf, '\n');
}

// Whole words of the text, as many as fit.
static void add_note(const Sheet *sheet, Str text)
{
    const Str more = STR(" ...");
    size_t room = (size_t)(sheet->style->width > HANG ? sheet->style->width - HANG : 0);
    bool cut = room > 0 && str_display_width(text) > room;
    while (cut && text.n > 0 &&
           (str_display_width(text) + more.n > room || text.p[text.n - 1] != ' ')) {
        text.n--;
    }
    while (text.n > 0 && text.p[text.n - 1] == ' ') {
        text.n--;
    }
    if (text.n == 0) {
        return;
    }
    buf_pad(sheet->buf, ' ', HANG);
    ink_dim(sheet->buf, sheet->style);
    buf_add(sheet->buf, text);
    buf_add(sheet->buf, cut ? more : STR(""));
    ink_off(sheet->buf, sheet->style);
    buf_char(sheet->buf, '\n');
}

void sheet_table(const Sheet *sheet, const Table *table)
{
    ASSERT(table->n_columns <= TABLE_COLUMNS);
    if (sheet->markdown) {
        markdown_table(sheet, table);
        return;
    }
    size_t widths[TABLE_COLUMNS];
    for (int32_t c = 0; c < table->n_columns; c++) {
        widths[c] = widest(table, c);
    }
    for (int32_t r = 0; r < table->rows.n; r++) {
        bool head = r == 0 && !table->headless;
        if (head) {
            ink_dim(sheet->buf, sheet->style);
        }
        add_text_row(sheet, table, &table->rows.p[r], widths);
        if (head) {
            ink_off(sheet->buf, sheet->style);
        }
        add_note(sheet, table->rows.p[r].note);
    }
}
