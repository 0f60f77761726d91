// SPDX-License-Identifier: MIT
//
// Texts with faults: every message on its example, recovery, limits, and any bytes without a crash.
#include "base/limits.h"
#include "parse_fixture.h"
#include "sample.h"

// ---- Messages ---------------------------------------------------------------------------------

// The indented block of an explanation that follows `head`; empty when there is none.
static Str example_of(const char *explanation, const char *head)
{
    Buf buf = {.arena = arena};
    const char *at = strstr(explanation, head);
    at = at == NULL ? NULL : at + strlen(head);
    while (at != NULL && strncmp(at, "    ", 4) == 0) {
        const char *end = strchr(at, '\n');
        buf_add(&buf, (Str){at + 4, (size_t)(end + 1 - (at + 4))});
        at = end + 1;
    }
    return buf_str(&buf);
}

static bool has_code(const DiagList *list, int32_t code)
{
    for (int32_t i = 0; i < list->diags.n; i++) {
        if (list->diags.p[i].code == code) {
            return true;
        }
    }
    return false;
}

static void test_every_code_is_shown_by_its_example(void **state)
{
    (void)state;
    int32_t without_example = 0;
    for (int32_t i = 0; i < diag_rows(); i++) {
        const DiagInfo *info = diag_row(i);
        if (info->code >= 300) {
            continue;
        }
        Str wrong = example_of(info->explanation, "Wrong:\n");
        Str right = example_of(info->explanation, "Right:\n");
        without_example += wrong.n == 0;
        if (wrong.n == 0) {
            continue;
        }
        DiagList *list = new_list();
        parse(list, wrong.p);
        if (!has_code(list, info->code) || list->diags.n != 1) {
            fail_msg("C%04d, wrong: %d messages, first %.*s", info->code, list->diags.n,
                     STR_ARG(list->diags.n ? list->diags.p[0].text : STR("none")));
        }
        list = new_list();
        parse(list, right.p);
        if (list->diags.n > 0 || right.n == 0) {
            fail_msg("C%04d, right: %.*s", info->code, STR_ARG(list->diags.p[0].text));
        }
    }
    assert_int_equal(without_example, 5); // 100, 101, 112, 214, 217: below
}

static int32_t only_code(Str text)
{
    DiagList *list = new_list();
    parse_file(list, source_add_text(list, STR("t"), text));
    if (list->diags.n != 1) {
        print_message("%d messages\n", (int)list->diags.n);
        return -1;
    }
    return list->diags.p[0].code;
}

static Str repeated(const char *start, const char *what, int32_t times, const char *end)
{
    Buf buf = {.arena = arena};
    buf_add(&buf, str_of(start));
    for (int32_t i = 0; i < times; i++) {
        buf_add(&buf, str_of(what));
    }
    buf_add(&buf, str_of(end));
    return buf_str(&buf);
}

static void test_codes_that_no_example_can_hold(void **state)
{
    (void)state;
    assert_int_equal(only_code(STR("# caf\xe9 caf\xe9\nactor POL \"\xff\"")), 100);
    assert_int_equal(only_code((Str){"actor a\0b \"\0\"", 13}), 101);
    assert_int_equal(only_code(repeated("actor ", "a", LIMIT_NAME_BYTES + 1, "")), 112);
    assert_int_equal(only_code(repeated("actor ", "a", LIMIT_NAME_BYTES, "")), -1);
    assert_int_equal(only_code(repeated("set s = a", ", a", LIMIT_NODES + 5, "")), 217);
}

static void test_nesting_is_bounded_everywhere(void **state)
{
    (void)state;
    const char *const openings[] = {"(", "-", "f(", "x[", "if a then 1 else ", "a ^ "};
    for (size_t i = 0; i < sizeof openings / sizeof openings[0]; i++) {
        if (only_code(repeated("check ", openings[i], 100000, "")) != 214) {
            fail_msg("%s", openings[i]);
        }
    }
    assert_int_equal(only_code(repeated("check ", "not ", 100000, "a")), 214);
    assert_int_equal(only_code(repeated("check a", " + a", 100000, "")), 214);
    assert_int_equal(only_code(repeated("check a", " per a", 100000, "")), 214);
    Str chain = repeated("each step\n  if a then x = 1", " else if a then x = 1", 1000, "");
    assert_int_equal(only_code(chain), 214);
    // Deep enough for any reader, and still allowed.
    assert_int_equal(only_code(repeated("check a", " + a", 150, "")), -1);
}

static void expect_messages(const char *text, const char *expected)
{
    DiagList *list = new_list();
    parse(list, text);
    diag_sort(list);
    Buf buf = {.arena = arena};
    for (int32_t i = 0; i < list->diags.n; i++) {
        const Diag *diag = &list->diags.p[i];
        Place place = diag_place(list, diag->span.file, diag->span.lo);
        buf_addf(&buf, "C%04d %d:%d\n", (int)diag->code, (int)place.line, (int)place.column);
    }
    assert_string_equal(buf_str(&buf).p, expected);
}

static void test_errors_are_independent_and_complete(void **state)
{
    (void)state;
    expect_messages("model \"m\"\n"
                    "  time weakly from 2024-03-04 to 2025-03-03\n" // 2:8
                    "  wrds ICD203\n"                               // 3:3
                    "unit km postive\n"                             // 4:9
                    "evnet x \"typo\"\n"                            // 5:1
                    "  when a and\n"                                // 6:13
                    "  chnce 30% within 1 week\n"                   // 7:3
                    "  then if a == 3\n"                            // 8:13
                    "         x = (2\n"                             // 9:16
                    "       else\n"
                    "         y is 3\n"           // 11:12
                    "param source : number = 3\n" // 12:7
                    "  from k 7\n"                // 13:10
                    "question q \"how\" front\n"  // 14:18
                    "  given (\n",                // 15:10
                    "C0215 2:8\nC0205 3:3\nC0203 4:9\nC0205 5:1\nC0211 6:13\nC0205 7:3\n"
                    "C0230 8:13\nC0212 9:16\nC0240 11:12\nC0110 12:7\nC0221 13:10\n"
                    "C0250 14:18\nC0211 15:10\n");
}

static void test_one_cause_has_one_message(void **state)
{
    (void)state;
    expect_messages("  event a\nevent b\nevent c\nevent d\n", "C0201 2:1\n");
    expect_messages("each step\n  if (\n    x = 1\n  else\n    x = 2\n  y = 1\n", "C0212 3:7\n");
    expect_messages("decision d\n  option (\n  option b\n", "C0213 2:10\n");
    expect_messages("param : number ~ 1 to\n  \"x\"\n", "C0213 1:7\n");
    expect_messages("event e\n  then payoff = 3\n  again\n", "C0190 2:8\n");
}

static void expect_help(const char *text, int32_t code, const char *help)
{
    DiagList *list = new_list();
    parse(list, text);
    assert_int_equal(list->diags.n, 1);
    assert_int_equal(list->diags.p[0].code, code);
    assert_string_equal(list->diags.p[0].help.p, help);
}

static void test_help_suggests_what_is_legal_there(void **state)
{
    (void)state;
    expect_help("event e\n  whne a\n", 205, "did you mean `when`?");
    expect_help("qestion q ever a\n", 205, "did you mean `question`?");
    expect_help("model \"m\"\n  tiem daily from 2024-01-01 to 2024-02-01\n", 205,
                "did you mean `time`?");
    expect_help("chance 3% within 1 week\n", 206, "`chance` stands in an event, indented under it");
    expect_help("question q: ever a\n", 204,
                "leave it out: a block is made by indenting its lines");
    expect_help("event e\n  when: a\n", 204,
                "leave it out: a block is made by indenting its lines");
    expect_help("// note\n", 205, "a comment starts with #");
    expect_help("event e\n  chance 30% in 1 week\n", 210,
                "write `30% within 1 year`, `3% per week`");
    expect_help("check a = b\n", 230, "use `is` to compare; `=` defines and assigns");
    expect_help("param p : number = 470,000\n", 106,
                "write `470000` for the number, or a blank after each comma of a list");
    expect_help("check 3\xe2\x80\x93"
                "6 > a\n",
                102, "write `3 to 6` for a range, `3 - 6` for a minus");
    expect_help("relay r\n  on a\n", 206,
                "`on 2024-03-04` begins a line of its own, with `then` under it");
}

static void test_words_of_later_versions_say_what_to_write(void **state)
{
    (void)state;
    const char *const words[] = {"payoff", "observe", "report", "solve"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        DiagList *list = new_list();
        Node *file = parse(list, str_format(arena, "%s POL = 3\n  more\nactor POL\n", words[i]).p);
        assert_int_equal(list->diags.n, 1);
        assert_int_equal(list->diags.p[0].code, 190);
        assert_true(str_starts(list->diags.p[0].help, STR("today, ")));
        assert_non_null(node_child(file, NODE_RESERVED));
        assert_non_null(node_child(file, NODE_ACTOR));
    }
}

static void test_errors_stop_at_the_limit(void **state)
{
    (void)state;
    DiagList *list = new_list();
    parse_file(list, source_add_text(list, STR("t"), repeated("", "?\n", 100000, "")));
    assert_true(list->n_errors >= LIMIT_DIAGS);
    assert_true(list->n_errors < LIMIT_DIAGS + 100);
}

// ---- Any bytes --------------------------------------------------------------------------------

static uint64_t next_random(uint64_t *state) // splitmix64
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static void mutate(char *text, size_t *n, uint64_t *random)
{
    size_t at = next_random(random) % *n, length = next_random(random) % 8 + 1;
    length = length < *n - at ? length : *n - at;
    switch (next_random(random) % 4) {
    case 0: // drop
        memmove(text + at, text + at + length, *n - at - length);
        *n -= length;
        break;
    case 1: // another byte
        text[at] = (char)next_random(random);
        break;
    case 2: // a piece from elsewhere
        memmove(text + at, text + next_random(random) % (*n - length + 1), length);
        break;
    default: // a sign
        text[at] = "()[]\"\n \t=~:,+-*/<>#.%\xe2\x80\x93"[next_random(random) % 24];
        break;
    }
}

static void test_mutated_models_end_without_a_crash(void **state)
{
    (void)state;
    uint64_t random = 1;
    size_t length = strlen(SAMPLE);
    char *text = ARENA_ARRAY(arena, char, length);
    for (int32_t round = 0; round < 3000; round++) {
        ArenaMark mark = arena_mark(arena);
        size_t n = length;
        memcpy(text, SAMPLE, n);
        for (uint64_t k = next_random(&random) % 6 + 1; k > 0 && n > 16; k--) {
            mutate(text, &n, &random);
        }
        DiagList *list = new_list();
        Node *file = parse_file(list, source_add_text(list, STR("m"), (Str){text, n}));
        check_spans(file, NULL);
        for (int32_t i = 0; i < list->diags.n; i++) {
            Span span = list->diags.p[i].span;
            assert_true(span.lo >= 0 && span.lo <= span.hi && span.hi <= (int32_t)n);
        }
        arena_reset(arena, mark);
    }
}

static void test_every_prefix_ends_without_a_crash(void **state)
{
    (void)state;
    for (size_t n = 0; n <= strlen(SAMPLE); n += 7) {
        ArenaMark mark = arena_mark(arena);
        DiagList *list = new_list();
        parse_file(list, source_add_text(list, STR("m"), (Str){SAMPLE, n}));
        arena_reset(arena, mark);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code_is_shown_by_its_example),
        cmocka_unit_test(test_codes_that_no_example_can_hold),
        cmocka_unit_test(test_nesting_is_bounded_everywhere),
        cmocka_unit_test(test_errors_are_independent_and_complete),
        cmocka_unit_test(test_one_cause_has_one_message),
        cmocka_unit_test(test_help_suggests_what_is_legal_there),
        cmocka_unit_test(test_words_of_later_versions_say_what_to_write),
        cmocka_unit_test(test_errors_stop_at_the_limit),
        cmocka_unit_test(test_mutated_models_end_without_a_crash),
        cmocka_unit_test(test_every_prefix_ends_without_a_crash),
    };
    return cmocka_run_group_tests_name("lang_parse_faults", tests, set_up, tear_down);
}
