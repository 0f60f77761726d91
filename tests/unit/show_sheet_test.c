// SPDX-License-Identifier: MIT
//
// Documents in two dialects: tables that line up and fold, Markdown that shows what was written.
#include "show/sheet.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void is(Buf *buf, const char *expected)
{
    Str text = buf_str(buf);
    if (!str_eq(text, str_of(expected))) {
        fail_msg("\"%.*s\", not \"%s\"", STR_ARG(text), expected);
    }
}

static void fill(Table *table)
{
    static const char *const cells[3][3] = {
        {"name", "n", "what"}, {"a", "10", "one two three four five six seven"}, {"b_c", "7", "é"}};
    for (int r = 0; r < 3; r++) {
        TableRow *row = table_row(table);
        for (int c = 0; c < 3; c++) {
            row->cell[c] = str_of(cells[r][c]);
        }
    }
}

static void test_columns_line_up_and_the_last_one_folds(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    Table table = {.arena = arena, .n_columns = 3, .right = {[1] = true}};
    fill(&table);
    ShowStyle style = {.width = 38};
    Buf buf = {.arena = arena};
    sheet_table(&(Sheet){.buf = &buf, .style = &style}, &table);
    is(&buf, "  name   n  what\n"
             "  a     10  one two three four five\n"
             "            six seven\n"
             "  b_c    7  é\n");
    Buf wide = {.arena = arena}, narrow = {.arena = arena};
    style.width = 0;
    sheet_table(&(Sheet){.buf = &wide, .style = &style}, &table);
    style.width = 20; // no room to fold in
    sheet_table(&(Sheet){.buf = &narrow, .style = &style}, &table);
    is(&wide, "  name   n  what\n"
              "  a     10  one two three four five six seven\n"
              "  b_c    7  é\n");
    is(&narrow, buf_str(&wide).p);
    arena_free(arena);
}

static void test_only_a_head_is_dimmed(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    ShowStyle style = {.color = true};
    for (int headless = 0; headless < 2; headless++) {
        Table table = {.arena = arena, .n_columns = 1, .headless = headless};
        table_row(&table)->cell[0] = STR("x");
        Buf buf = {.arena = arena};
        sheet_table(&(Sheet){.buf = &buf, .style = &style}, &table);
        is(&buf, headless ? "  x\n" : "\x1b[2m  x\n\x1b[0m");
    }
    arena_free(arena);
}

static void test_markdown_shows_what_was_written(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    Table table = {.arena = arena, .n_columns = 3, .right = {[1] = true}};
    fill(&table);
    ShowStyle style = {.width = 0};
    Buf buf = {.arena = arena};
    Sheet sheet = {.buf = &buf, .style = &style, .markdown = true};
    sheet_heading(&sheet, 2, STR("a|b [link](x)"));
    sheet_bullet(&sheet, STR("*not* <b>"));
    sheet_table(&sheet, &table);
    is(&buf, "## a\\|b \\[link](x)\n\n"
             "- \\*not\\* \\<b>\n"
             "| name | n | what |\n"
             "|:---|---:|:---|\n"
             "| a | 10 | one two three four five six seven |\n"
             "| b\\_c | 7 | é |\n\n");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_line_up_and_the_last_one_folds),
        cmocka_unit_test(test_only_a_head_is_dimmed),
        cmocka_unit_test(test_markdown_shows_what_was_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
