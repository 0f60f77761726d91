// SPDX-License-Identifier: MIT
//
// Text to tokens: values, places, and what word processors do to a text. And the reading of files.
#include "lang/lex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/limits.h"
#include "lang/diags.h"
#include "lang/source.h"

static Arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new(0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

typedef struct {
    DiagList list;
    Lexer lexer;
} Reader;

static Reader *read_text(Str text)
{
    Reader *reader = ARENA_NEW(arena, Reader);
    reader->list.arena = arena;
    int32_t file = source_add_text(&reader->list, STR("t"), text);
    lexer_init(&reader->lexer, &reader->list, file);
    return reader;
}

static Token only_token(const char *text)
{
    Reader *reader = read_text(str_of(text));
    Token token = lexer_next(&reader->lexer);
    assert_int_equal(lexer_next(&reader->lexer).kind, TOKEN_END);
    assert_int_equal(lexer_next(&reader->lexer).kind, TOKEN_END);
    assert_int_equal(reader->list.n_errors, 0);
    assert_int_equal(token.lo, 0);
    assert_int_equal(token.hi, strlen(text));
    return token;
}

static void expect_number(const char *text, double value, bool percent)
{
    Token token = only_token(text);
    assert_int_equal(token.kind, TOKEN_NUMBER);
    assert_true(token.number == value);
    assert_int_equal(token.percent, percent);
}

static void test_lex_numbers_have_their_value(void **state)
{
    (void)state;
    expect_number("0", 0, false);
    expect_number("12.5", 12.5, false);
    expect_number("470k", 470000, false);
    expect_number("1.2M", 1.2 * 1e6, false);
    expect_number("1e6", 1e6, false);
    expect_number("1.5E-3", 1.5e-3, false);
    expect_number("35%", 0.35, true);
    expect_number("35 %", 0.35, true);
    expect_number("35\xc2\xa0%", 0.35, true);
    expect_number("2k%", 20, true);
}

static void test_lex_dates(void **state)
{
    (void)state;
    Token token = only_token("2024-03-04");
    assert_int_equal(token.kind, TOKEN_DATE);
    assert_true(token.number == 19786);
    assert_true(only_token("2024-03-04T06:00").number == 19786.25);
    Reader *reader = read_text(STR("2024-3-4"));
    assert_int_equal(lexer_next(&reader->lexer).kind, TOKEN_NUMBER);
    assert_int_equal(lexer_next(&reader->lexer).kind, TOKEN_MINUS);
}

static void check_text(const char *text, const char *value)
{
    Token token = only_token(text);
    assert_int_equal(token.kind, TOKEN_STRING);
    assert_true(str_eq(token.text, str_of(value)));
}

static void test_lex_strings_and_quotes(void **state)
{
    (void)state;
    check_text("\"\"", "");
    check_text("\"a # b\"", "a # b");
    check_text("\"a \\\"b\\\" \\\\ \\n \\t\"", "a \"b\" \\ \n \t");
    check_text("“a \"b\" c”", "a \"b\" c");
    check_text("„a“", "a");
    check_text("”a”", "a");
    check_text("«a»", "a");
    check_text("»a«", "a");
    check_text("‘a’", "a");
    check_text("“a\"", "a");
    check_text("\"a”", "a");
}

static void test_lex_names_of_any_script(void **state)
{
    (void)state;
    const char *const names[] = {"a",    "_x1",   "Größe",        "фронт",
                                 "前線", "naïve", "clash.chance", "send.go.worth"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        Token token = only_token(names[i]);
        assert_int_equal(token.kind, TOKEN_NAME);
        assert_int_equal(token.word, WORD_NONE);
        assert_true(str_eq(token.text, str_of(names[i])));
    }
}

static void test_lex_words_are_known(void **state)
{
    (void)state;
    for (Keyword word = 0; word < WORD_NONE; word++) {
        Token token = only_token(str_c(arena, word_text(word)));
        assert_int_equal(token.word, word);
        assert_true(word_where(word)[0] != '\0');
    }
    assert_int_equal(only_token("When").word, WORD_NONE);
}

static void test_lex_signs(void **state)
{
    (void)state;
    for (TokenKind kind = TOKEN_LEFT_PAREN; kind < TOKEN_COUNT; kind++) {
        assert_int_equal(only_token(str_c(arena, token_kind_text(kind))).kind, kind);
    }
    assert_int_equal(only_token("≤").kind, TOKEN_LESS_EQUAL);
    assert_int_equal(only_token("≥").kind, TOKEN_GREATER_EQUAL);
    assert_int_equal(only_token("−").kind, TOKEN_MINUS);
    Reader *reader = read_text(STR("a – b"));
    lexer_next(&reader->lexer);
    assert_int_equal(lexer_next(&reader->lexer).kind, TOKEN_MINUS);
    assert_int_equal(reader->list.n_errors, 0);
}

static void expect_place(Reader *reader, int32_t line, int32_t column, bool first, bool glued)
{
    Token token = lexer_next(&reader->lexer);
    assert_int_equal(token.line, line);
    assert_int_equal(token.column, column);
    assert_int_equal(token.first, first);
    assert_int_equal(token.glued, glued);
}

static void test_lex_places_count_tabs_and_characters(void **state)
{
    (void)state;
    Reader *reader = read_text(STR("\xef\xbb\xbf"
                                   "a\tb (\r\n\t\"é\" c\r   d # x\n\n\xc2\xa0 e"));
    expect_place(reader, 1, 1, true, false);
    expect_place(reader, 1, 9, false, false);
    expect_place(reader, 1, 11, false, false);
    expect_place(reader, 2, 9, true, false);
    expect_place(reader, 2, 13, false, false);
    expect_place(reader, 3, 4, true, false);
    expect_place(reader, 5, 3, true, false);
}

static void test_lex_comments_on_request(void **state)
{
    (void)state;
    Reader *reader = read_text(STR("a # one\n# two"));
    reader->lexer.keep_comments = true;
    lexer_next(&reader->lexer);
    Token token = lexer_next(&reader->lexer);
    assert_int_equal(token.kind, TOKEN_COMMENT);
    assert_true(str_eq(token.text, STR("# one")));
    assert_false(token.first);
    token = lexer_next(&reader->lexer);
    assert_true(str_eq(token.text, STR("# two")));
    assert_true(token.first);
}

static void expect_error(const char *text, int32_t code, int32_t column)
{
    Reader *reader = read_text(str_of(text));
    while (lexer_next(&reader->lexer).kind != TOKEN_END) {
    }
    assert_int_equal(reader->list.diags.n, 1);
    const Diag *diag = &reader->list.diags.p[0];
    assert_int_equal(diag->code, code);
    assert_int_equal(diag_place(&reader->list, 0, diag->span.lo).column, column);
}

static void test_lex_faults_have_one_message_each(void **state)
{
    (void)state;
    expect_error("a && b", 102, 3);
    expect_error("a ; b", 102, 3);
    expect_error("\x1b[31", 102, 1);
    expect_error("é § b", 102, 3);
    expect_error("3–6", 102, 2);
    expect_error("a \"bc", 103, 3);
    expect_error("\"a\\qb\"", 104, 3);
    expect_error("2024-02-30", 105, 1);
    expect_error("x 470,000", 106, 3);
    expect_error("x 470_000", 106, 3);
    expect_error("1e999", 107, 1);
}

static void test_lex_grouped_digits_are_told_from_lists(void **state)
{
    (void)state;
    const char *const lists[] = {"470, 000", "4700,000", "470,0000", "470,00", "470,a"};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        Reader *reader = read_text(str_of(lists[i]));
        while (lexer_next(&reader->lexer).kind != TOKEN_END) {
        }
        assert_int_equal(reader->list.n_errors, 0);
    }
}

// ---- Sources ----------------------------------------------------------------------------------

static void test_source_reports_bytes_that_are_no_text(void **state)
{
    (void)state;
    Reader *reader = read_text((Str){"ab\ncd\xff\xfe", 7});
    assert_int_equal(reader->list.diags.n, 1);
    assert_int_equal(reader->list.diags.p[0].code, 100);
    Place place = diag_place(&reader->list, 0, reader->list.diags.p[0].span.lo);
    assert_int_equal(place.line, 2);
    assert_int_equal(place.column, 3);
    reader = read_text((Str){"ab\0\0", 4});
    assert_int_equal(reader->list.diags.n, 1);
    assert_int_equal(reader->list.diags.p[0].code, 101);
}

static void test_source_lines_end_in_all_ways(void **state)
{
    (void)state;
    Reader *reader = read_text(STR("a\nb\r\nc\rd\n\n"));
    const SourceText *source = &reader->list.sources.p[0];
    assert_int_equal(source->n_lines, 6);
    const char *const lines[] = {"a", "b", "c", "d", "", ""};
    for (int32_t i = 0; i < 6; i++) {
        assert_true(str_eq(source_line(source, i + 1), str_of(lines[i])));
    }
}

static void test_source_files_that_cannot_be_read(void **state)
{
    (void)state;
    DiagList list = {.arena = arena};
    Error error;
    int32_t file;
    assert_int_equal(source_add_file(&list, "/nowhere/x", STR("x"), &file, &error), ST_NO_INPUT);
    assert_int_equal(source_add_file(&list, "/", STR("x"), &file, &error), ST_NO_INPUT);
    assert_int_equal(list.sources.n, 0);
}

static void test_source_file_is_read_as_it_is(void **state)
{
    (void)state;
    char path[] = "casus-lex-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "\xef\xbb\xbfunit km\r\n", 12), 12);
    close(fd);
    DiagList list = {.arena = arena};
    int32_t file = -1;
    assert_int_equal(source_add_file(&list, path, STR("shown"), &file, NULL), ST_OK);
    unlink(path);
    assert_int_equal(file, 0);
    assert_true(str_eq(list.sources.p[0].path, STR("shown")));
    assert_true(str_eq(list.sources.p[0].text, STR("unit km\r\n")));
}

// ---- Did you mean -------------------------------------------------------------------------------

static Str best_for(const char *word)
{
    Suggest suggest;
    suggest_init(&suggest, str_of(word));
    suggest_add(&suggest, STR("breakthrough"));
    suggest_add(&suggest, STR("front"));
    suggest_add(&suggest, STR("frond"));
    suggest_add(&suggest, STR("wmd"));
    return suggest_best(&suggest);
}

static void test_suggest_finds_the_nearest(void **state)
{
    (void)state;
    assert_true(str_eq(best_for("fornt"), STR("front")));
    assert_true(str_eq(best_for("fron"), STR("front"))); // of equals the first
    assert_true(str_eq(best_for("FRONT"), STR("front")));
    assert_true(str_eq(best_for("breaktrough"), STR("breakthrough")));
    assert_true(str_eq(best_for("wdm"), STR("wmd")));
    assert_int_equal(best_for("army").n, 0);
    assert_int_equal(best_for("x").n, 0);
    assert_int_equal(best_for("").n, 0);
}

static void test_codes_are_found_by_name(void **state)
{
    (void)state;
    int32_t code;
    assert_true(diag_code_parse(STR("C0211"), &code));
    assert_int_equal(code, 211);
    assert_true(diag_code_parse(STR("c211"), &code));
    assert_true(diag_code_parse(STR("211"), &code));
    assert_false(diag_code_parse(STR("C9999"), &code));
    assert_false(diag_code_parse(STR("C"), &code));
    assert_false(diag_code_parse(STR("C02x1"), &code));
    assert_null(diag_explain(9999));
    for (int32_t i = 1; i < diag_rows(); i++) {
        assert_true(diag_row(i - 1)->code < diag_row(i)->code);
    }
}

static void test_long_texts_are_clipped_between_characters(void **state)
{
    (void)state;
    Str text = STR("aééééééééééééééééééééééééééééééééééééééé");
    Str clipped = diag_clip(arena, text);
    assert_true(clipped.n <= 60);
    assert_int_equal(str_utf8_check(clipped), clipped.n);
    assert_true(str_ends(clipped, STR("...")));
    assert_true(str_eq(diag_clip(arena, STR("short")), STR("short")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lex_numbers_have_their_value),
        cmocka_unit_test(test_lex_dates),
        cmocka_unit_test(test_lex_strings_and_quotes),
        cmocka_unit_test(test_lex_names_of_any_script),
        cmocka_unit_test(test_lex_words_are_known),
        cmocka_unit_test(test_lex_signs),
        cmocka_unit_test(test_lex_places_count_tabs_and_characters),
        cmocka_unit_test(test_lex_comments_on_request),
        cmocka_unit_test(test_lex_faults_have_one_message_each),
        cmocka_unit_test(test_lex_grouped_digits_are_told_from_lists),
        cmocka_unit_test(test_source_reports_bytes_that_are_no_text),
        cmocka_unit_test(test_source_lines_end_in_all_ways),
        cmocka_unit_test(test_source_files_that_cannot_be_read),
        cmocka_unit_test(test_source_file_is_read_as_it_is),
        cmocka_unit_test(test_suggest_finds_the_nearest),
        cmocka_unit_test(test_codes_are_found_by_name),
        cmocka_unit_test(test_long_texts_are_clipped_between_characters),
    };
    return cmocka_run_group_tests_name("lang_lex", tests, set_up, tear_down);
}
