// SPDX-License-Identifier: MIT
//
// The picture of diagnostics: places, marks, long and wide lines, related places, caps, JSON.
#include "show/show_diag.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/limits.h"

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

static DiagList *new_list(void)
{
    DiagList *list = ARENA_NEW(arena, DiagList);
    list->arena = arena;
    return list;
}

// A source as lang/source.c adds it.
static int32_t add_source(DiagList *list, const char *path, const char *text)
{
    VEC(int32_t) starts = {0};
    vec_push(arena, &starts, 0);
    for (int32_t i = 0; text[i] != '\0'; i++) {
        if (text[i] == '\n') {
            vec_push(arena, &starts, i + 1);
        }
    }
    SourceText source = {str_of(path), str_of(text), starts.p, starts.n, false};
    vec_push(arena, &list->sources, source);
    return list->sources.n - 1;
}

// A diagnostic at the first place of `what` in the source.
static Span span_of(const DiagList *list, int32_t file, const char *what)
{
    const char *text = list->sources.p[file].text.p;
    const char *at = strstr(text, what);
    assert_non_null(at);
    return (Span){file, (int32_t)(at - text), (int32_t)(at - text + (int32_t)strlen(what))};
}

static Diag *add(DiagList *list, Severity severity, Span span)
{
    return diag_add(list, (Diag){.severity = severity,
                                 .code = 312,
                                 .span = span,
                                 .related = NO_SPAN,
                                 .text = STR("a clash of kinds")});
}

static const char *shown(DiagList *list, ShowStyle style)
{
    Buf buf = {.arena = arena};
    show_diags(&buf, &style, list);
    return buf_str(&buf).p;
}

static void test_diag_has_place_line_and_mark(void **state)
{
    (void)state;
    DiagList *list = new_list();
    int32_t file = add_source(list, "a.casus", "one\n  two three\r\n");
    Diag *diag = add(list, SEVERITY_ERROR, span_of(list, file, "three"));
    diag->help = STR("write `four`");
    assert_string_equal(shown(list, (ShowStyle){0}), "error[C0312]: a clash of kinds\n"
                                                     " --> a.casus:2:7\n"
                                                     "  |\n"
                                                     "2 |   two three\n"
                                                     "  |       ^^^^^\n"
                                                     "  = help: write `four`\n\n");
}

static void test_diag_mark_at_the_end_of_a_line(void **state)
{
    (void)state;
    DiagList *list = new_list();
    int32_t file = add_source(list, "a", "ab\n");
    add(list, SEVERITY_WARNING, (Span){file, 2, 2});
    assert_string_equal(shown(list, (ShowStyle){0}), "warning[C0312]: a clash of kinds\n"
                                                     " --> a:1:3\n  |\n1 | ab\n  |   ^\n\n");
    list = new_list();
    file = add_source(list, "a", "");
    add(list, SEVERITY_ERROR, (Span){file, 0, 0});
    assert_string_equal(shown(list, (ShowStyle){0}),
                        "error[C0312]: a clash of kinds\n --> a:1:1\n  |\n1 |\n  | ^\n\n");
}

static void test_diag_without_a_place(void **state)
{
    (void)state;
    DiagList *list = new_list();
    add(list, SEVERITY_ERROR, NO_SPAN);
    assert_string_equal(shown(list, (ShowStyle){0}), "error[C0312]: a clash of kinds\n\n");
    assert_string_equal(shown(new_list(), (ShowStyle){0}), "");
}

static void test_diag_counts_columns_of_the_terminal(void **state)
{
    (void)state;
    DiagList *list = new_list();
    int32_t file = add_source(list, "a", "\té前 bad前\x1b!\n");
    add(list, SEVERITY_ERROR, span_of(list, file, "bad前"));
    // The tab reaches column 9, the ideograph takes two, the escape is shown as text.
    assert_string_equal(shown(list, (ShowStyle){0}), "error[C0312]: a clash of kinds\n"
                                                     " --> a:1:5\n"
                                                     "  |\n"
                                                     "1 |         é前 bad前\\x1b!\n"
                                                     "  |             ^^^^^\n\n");
}

static void test_diag_related_places_are_shown_in_order(void **state)
{
    (void)state;
    DiagList *list = new_list();
    int32_t file = add_source(list, "a", "param x\n\n\nstate x\nx = x\n");
    Diag *diag = add(list, SEVERITY_ERROR, span_of(list, file, "state"));
    diag->related = span_of(list, file, "param");
    diag->related_text = STR("declared here");
    assert_string_equal(shown(list, (ShowStyle){0}), "error[C0312]: a clash of kinds\n"
                                                     " --> a:4:1\n"
                                                     "  |\n"
                                                     "1 | param x\n"
                                                     "  | ----- declared here\n"
                                                     "...\n"
                                                     "4 | state x\n"
                                                     "  | ^^^^^\n\n");
    diag->related = span_of(list, file, "e x");
    assert_string_equal(shown(list, (ShowStyle){0}), "error[C0312]: a clash of kinds\n"
                                                     " --> a:4:1\n"
                                                     "  |\n"
                                                     "4 | state x\n"
                                                     "  | ^^^^^\n"
                                                     "  |     --- declared here\n\n");
    diag->related = span_of(list, add_source(list, "b", "other\n"), "the");
    assert_string_equal(shown(list, (ShowStyle){0}), "error[C0312]: a clash of kinds\n"
                                                     " --> a:4:1\n"
                                                     "  |\n"
                                                     "4 | state x\n"
                                                     "  | ^^^^^\n"
                                                     " ::: b:1:2\n"
                                                     "  |\n"
                                                     "1 | other\n"
                                                     "  |  --- declared here\n\n");
}

static void test_diag_long_lines_are_cut_around_the_fault(void **state)
{
    (void)state;
    Buf text = {.arena = arena};
    buf_pad(&text, 'a', 100000);
    buf_add(&text, STR("BAD"));
    buf_pad(&text, 'z', 100000);
    DiagList *list = new_list();
    int32_t file = add_source(list, "long", buf_str(&text).p);
    add(list, SEVERITY_ERROR, span_of(list, file, "BAD"));
    const char *picture = shown(list, (ShowStyle){.width = 60});
    assert_non_null(strstr(picture, "--> long:1:100001\n"));
    const char *line = strstr(picture, "1 | ...aaa"), *mark = strstr(picture, "^^^");
    assert_non_null(line);
    assert_non_null(mark);
    const char *bad = strstr(line, "BADz");
    assert_non_null(bad);
    assert_true(strchr(line, '\n') - line <= 60);
    assert_int_equal(strncmp(strchr(line, '\n') - 4, "z...", 4), 0);
    const char *mark_line = strchr(line, '\n') + 1;
    assert_int_equal(mark - mark_line, bad - line); // the mark stands under the fault
}

static void test_diag_caps_errors_and_warnings(void **state)
{
    (void)state;
    DiagList *list = new_list();
    int32_t file = add_source(list, "a", "0123456789012345678901234567890123456789");
    for (int32_t i = 0; i < LIMIT_ERRORS_SHOWN + 3; i++) {
        add(list, SEVERITY_ERROR, (Span){file, i, i + 1});
    }
    add(list, SEVERITY_WARNING, (Span){file, 39, 40});
    const char *picture = shown(list, (ShowStyle){0});
    int32_t errors = 0;
    for (const char *at = picture; (at = strstr(at, "error[")) != NULL; at++) {
        errors++;
    }
    assert_int_equal(errors, LIMIT_ERRORS_SHOWN);
    assert_non_null(strstr(picture, "warning[C0312]"));
    assert_non_null(strstr(picture, "\nand 3 more errors\n"));
    assert_null(strstr(picture, "more warning"));
}

static void test_diag_colours_only_on_request(void **state)
{
    (void)state;
    DiagList *list = new_list();
    int32_t file = add_source(list, "a\x1b[2J", "\x1b]0;x\x07\n");
    Diag *diag = add(list, SEVERITY_ERROR, (Span){file, 0, 1});
    diag->text = STR("bad \x1b[31m \xe2\x80\xae name");
    diag->help = STR("\x07");
    assert_null(strchr(shown(list, (ShowStyle){0}), '\x1b'));
    assert_null(strchr(shown(list, (ShowStyle){0}), '\x07'));
    const char *coloured = shown(list, (ShowStyle){.color = true});
    assert_non_null(strstr(coloured, "\x1b[1;31merror"));
    assert_null(strstr(coloured, "\x1b[2J"));
    assert_null(strstr(coloured, "\x1b]0"));
}

static json_t *diags_json(DiagList *list)
{
    Buf buf = {.arena = arena};
    Error error;
    assert_int_equal(show_diags_json(&buf, list, &error), ST_OK);
    json_t *json = json_loads(buf_str(&buf).p, 0, NULL);
    assert_non_null(json);
    return json;
}

static void test_diag_json_holds_everything(void **state)
{
    (void)state;
    DiagList *list = new_list();
    int32_t file = add_source(list, "a", "é two\nthree\xff\n");
    Diag *diag = add(list, SEVERITY_WARNING, span_of(list, file, "three"));
    diag->related = span_of(list, file, "two");
    diag->related_text = STR("here");
    add(list, SEVERITY_ERROR, span_of(list, file, "two"))->help = STR("do \xff");
    add(list, SEVERITY_ERROR, NO_SPAN);
    json_t *json = diags_json(list);
    assert_int_equal(json_array_size(json), 3);
    const char *severity, *code, *path, *message, *help;
    int line, column, end_line, end_column;
    assert_int_equal(json_unpack(json_array_get(json, 1),
                                 "{s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:s, s:s, s:n !}", "severity",
                                 &severity, "code", &code, "file", &path, "line", &line, "column",
                                 &column, "end_line", &end_line, "end_column", &end_column,
                                 "message", &message, "help", &help, "related"),
                     0);
    assert_string_equal(severity, "error");
    assert_string_equal(code, "C0312");
    assert_string_equal(help, "do \\xff");
    assert_int_equal(line, 1);
    assert_int_equal(column, 3);
    assert_int_equal(end_line, 1);
    assert_int_equal(end_column, 6);
    assert_int_equal(json_unpack(json_array_get(json, 2), "{s:s, s:{s:i, s:i, s:s}}", "severity",
                                 &severity, "related", "line", &line, "column", &column, "message",
                                 &message),
                     0);
    assert_string_equal(severity, "warning");
    assert_string_equal(message, "here");
    assert_int_equal(column, 3);
    assert_true(json_is_null(json_object_get(json_array_get(json, 0), "line")));
    json_decref(json);
    json = diags_json(new_list());
    assert_int_equal(json_array_size(json), 0);
    json_decref(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_diag_has_place_line_and_mark),
        cmocka_unit_test(test_diag_mark_at_the_end_of_a_line),
        cmocka_unit_test(test_diag_without_a_place),
        cmocka_unit_test(test_diag_counts_columns_of_the_terminal),
        cmocka_unit_test(test_diag_related_places_are_shown_in_order),
        cmocka_unit_test(test_diag_long_lines_are_cut_around_the_fault),
        cmocka_unit_test(test_diag_caps_errors_and_warnings),
        cmocka_unit_test(test_diag_colours_only_on_request),
        cmocka_unit_test(test_diag_json_holds_everything),
    };
    return cmocka_run_group_tests_name("show_diag", tests, set_up, tear_down);
}
