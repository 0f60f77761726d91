// SPDX-License-Identifier: MIT
//
// Canonical layout: what it makes of a text, that it changes no meaning, and that it changes
// nothing the second time. (fmt_source itself asserts that the formatted text has the same tree.)
#include "lang/fmt.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "lang/diags.h"
#include "lang/lex.h"
#include "lang/parse.h"
#include "lang/source.h"

#include "sample.h"

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

static bool format(Str text, Str *formatted)
{
    DiagList list = {.arena = arena};
    return fmt_source(arena, &list, source_add_text(&list, STR("t"), text), formatted);
}

static void check_format(const char *text, const char *expected, int line)
{
    Str once = STR(""), twice = STR("");
    if (!format(str_of(text), &once) || !str_eq(once, str_of(expected))) {
        fail_msg("line %d: got\n%.*s", line, STR_ARG(once));
    }
    assert_true(format(once, &twice));
    assert_string_equal(twice.p, once.p);
}
#define FORMAT(text, expected) check_format(text, expected, __LINE__)

static void test_fmt_clauses_line_up(void **state)
{
    (void)state;
    FORMAT("event e   \"T\"\n"
           "      when a>5km and not b\n"
           "      chance 3 % within 1 week\n"
           "      again after 3 days\n"
           "      then   x=1\n"
           "             y   +=  -2 * (z - 1)\n"
           "      \"note\"\n",
           "event e \"T\"\n"
           "  when   a > 5 km and not b\n"
           "  chance 3% within 1 week\n"
           "  again after 3 days\n"
           "  then   x = 1\n"
           "         y += -2 * (z - 1)\n"
           "  \"note\"\n");
    FORMAT("on 2024-05-09 then\n     x = 1\n     y = 2", "on 2024-05-09 then\n  x = 1\n  y = 2\n");
}

static void test_fmt_decision(void **state)
{
    (void)state;
    FORMAT("decision d by s in S\n"
           "   sees a\n"
           "        front   cut at 5 km , 10 km\n"
           "   option wait worth 0\n"
           "   option go\n"
           "        worth 1\n"
           "          + 2*b   \"why\"\n"
           "          - fear [ s ] \"dread\"\n"
           "        then x[s] = yes\n"
           "             raise level to war\n",
           "decision d by s in S\n"
           "  sees   a\n"
           "         front cut at 5 km, 10 km\n"
           "  option wait worth 0\n"
           "  option go\n"
           "    worth 1\n"
           "      + 2 * b    \"why\"\n"
           "      - fear[s]  \"dread\"\n"
           "    then  x[s] = yes\n"
           "          raise level to war\n");
}

static void test_fmt_blocks(void **state)
{
    (void)state;
    FORMAT("each step\n"
           " if a\n"
           "   x = max (1,\n"
           "         2)\n"
           " else if b then y = 1\n"
           "                z = 2\n"
           " else\n"
           "    for s in S\n"
           "        x[s] = 0\n"
           " one of\n"
           "   5% \"up\" x = 1\n"
           "   40% \"down\" x = 2\n"
           "   rest\n",
           "each step\n"
           "  if a\n"
           "    x = max(1,\n"
           "        2)\n"
           "  else if b then y = 1\n"
           "                 z = 2\n"
           "  else\n"
           "    for s in S\n"
           "      x[s] = 0\n"
           "  one of\n"
           "    5%  \"up\"   x = 1\n"
           "    40% \"down\" x = 2\n"
           "    rest\n");
    FORMAT("event e\n then after 3 to 10 days\n       x = 1\n      y = 1\n",
           "event e\n  then after 3 to 10 days\n         x = 1\n       y = 1\n");
}

static void test_fmt_writes_what_may_be_left_out(void **state)
{
    (void)state;
    FORMAT("each step\n"
           "  if a then\n"
           "    x = 1\n"
           "  if (b) raise x to y\n"
           "  if c\n"
           "    then\n"
           "    x = 1\n"
           "  if d\n"
           "    then x = 1\n"
           "         y = 1\n",
           "each step\n"
           "  if a\n"
           "    x = 1\n"
           "  if (b) then raise x to y\n"
           "  if c\n"
           "    x = 1\n"
           "  if d\n"
           "      then x = 1\n"
           "           y = 1\n");
    FORMAT("decision d by POL\n"
           "  option a worth + 1\n"
           "  option b\n"
           "    worth\n"
           "      2 * x \"x\"\n"
           "      - y\n"
           "  option c worth + 1 \"x\" + 2\n",
           "decision d by POL\n"
           "  option a worth 1\n"
           "  option b\n"
           "    worth\n"
           "      + 2 * x  \"x\"\n"
           "      - y\n"
           "  option c worth 1  \"x\" + 2\n");
}

static void test_fmt_questions_and_stories(void **state)
{
    (void)state;
    FORMAT("question q \"t\"\n ever max (a,b)>3\n by 2024-06-01\n given (c or\n   d)\n"
           "question r max (a) - 1\n",
           "question q \"t\"\n  ever max(a, b) > 3\n  by 2024-06-01\n  given ever (c or\n      d)\n"
           "question r max (a) - 1\n");
    FORMAT("story k\n fear[POL] ~ 1 to 2\n  from x 3,\n    y 4\n aims of RUS ~ 20%,80%\n"
           " says q very  likely\n",
           "story k\n  fear[POL]   ~ 1 to 2\n    from x 3,\n         y 4\n"
           "  aims of RUS ~ 20%, 80%\n  says q very likely\n");
}

static void test_fmt_blanks_that_mean_something(void **state)
{
    (void)state;
    FORMAT("question q ever e given first(e)>2024-01-01 given -x > 1\n",
           "question q ever e given ever first(e) > 2024-01-01 given ever -x > 1\n");
    FORMAT("decision d by POL\n option go worth\n  max (a, b) \"x\"\n  - y\n",
           "decision d by POL\n  option go worth\n    + max(a, b)  \"x\"\n    - y\n");
    FORMAT("param p : z ~ west (1/3),coast (1/6), rest\nparam q : z ~ 1/3, 2/3\n",
           "param p : z ~ west (1 / 3), coast (1 / 6), rest\nparam q : z ~ 1 / 3, 2 / 3\n");
    FORMAT("check low -3 mode - 1 high 3 > 1\n", "check low -3 mode -1 high 3 > 1\n");
    FORMAT("check low - 3 > 1\n", "check low - 3 > 1\n");
    FORMAT("check 5% -10 50% 14 95% 30 > 1\n", "check 5% -10 50% 14 95% 30 > 1\n");
    FORMAT("check 5% - 10 > 1\n", "check 5% - 10 > 1\n");
    FORMAT("check a-b-(-c)^-2 > 20km\n", "check a - b - (-c)^-2 > 20 km\n");
    FORMAT("question q max(a)\nquestion r max (a)\n", "question q max(a)\nquestion r max (a)\n");
    FORMAT("param p:number~mixture( 30% : 1 to 2,rest:5 to 9 )\n",
           "param p : number ~ mixture(30%: 1 to 2, rest: 5 to 9)\n");
    FORMAT("def f (a,b) = any (s in S:x[ s ])\n", "def f(a, b) = any(s in S: x[s])\n");
}

static void test_fmt_what_a_word_processor_left(void **state)
{
    (void)state;
    FORMAT("\xef\xbb\xbf"
           "actor POL „Poland“\r\n\r\n\r\nunit\xc2\xa0km “a \"b\" \\\\ c”\r\n"
           "check a − 1 ≤ b – 2\r\n\tand c\r\n",
           "actor POL \"Poland\"\n\nunit km \"a \\\"b\\\" \\\\ c\"\n"
           "check a - 1 <= b - 2\n    and c\n");
}

static void test_fmt_keeps_comments(void **state)
{
    (void)state;
    FORMAT("# first  \n"
           "\n"
           "\n"
           "   # of the event\n"
           "event e # behind\n"
           "    # of when\n"
           "    when a # short\n"
           "    chance 3% within 1 week   # longer\n"
           "    # the end of e\n"
           "\n"
           "# of f\n"
           "event f\n"
           "# last\n",
           "# first\n"
           "\n"
           "# of the event\n"
           "event e  # behind\n"
           "  # of when\n"
           "  when   a                 # short\n"
           "  chance 3% within 1 week  # longer\n"
           "  # the end of e\n"
           "\n"
           "# of f\n"
           "event f\n"
           "# last\n");
    FORMAT("# nothing else", "# nothing else\n");
    FORMAT("", "");
    FORMAT("\n\n", "");
}

static void test_fmt_refuses_what_does_not_parse(void **state)
{
    (void)state;
    Str out;
    assert_false(format(STR("event e\n  when\n"), &out));
    assert_false(format(STR("# \xff\n"), &out));
    assert_false(format((Str){"# \0\n", 4}, &out));
}

static void test_fmt_sample_is_a_fixpoint(void **state)
{
    (void)state;
    Str once, twice;
    assert_true(format(str_of(SAMPLE), &once));
    assert_true(format(once, &twice));
    assert_string_equal(once.p, twice.p);
}

// The examples of all messages that are right.
static void test_fmt_examples_are_fixpoints(void **state)
{
    (void)state;
    int32_t seen = 0;
    for (int32_t i = 0; i < diag_rows() && diag_row(i)->code < 300; i++) {
        const char *at = strstr(diag_row(i)->explanation, "Right:\n");
        Buf buf = {.arena = arena};
        for (at = at ? at + 7 : NULL; at && strncmp(at, "    ", 4) == 0;
             at = strchr(at, '\n') + 1) {
            buf_add(&buf, (Str){at + 4, (size_t)(strchr(at, '\n') + 1 - (at + 4))});
        }
        Str once, twice;
        assert_true(format(buf_str(&buf), &once));
        assert_true(format(once, &twice));
        assert_string_equal(once.p, twice.p);
        seen += buf.n > 0;
    }
    assert_true(seen > 30);
}

// ---- Mutations --------------------------------------------------------------------------------

static uint64_t next_random(uint64_t *state) // splitmix64
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

// Change a few characters, mostly blanks, signs and line ends: many results still parse.
static Str mutated(uint64_t *random)
{
    size_t n = strlen(SAMPLE);
    char *text = ARENA_ARRAY(arena, char, n);
    memcpy(text, SAMPLE, n);
    for (uint64_t k = next_random(random) % 3 + 1; k > 0; k--) {
        size_t at = next_random(random) % n;
        text[at] = "  \n\n#-+(),0a\t\""[next_random(random) % 14];
    }
    return (Str){text, n};
}

static void test_fmt_keeps_the_meaning_of_whatever_parses(void **state)
{
    (void)state;
    uint64_t random = 7;
    int32_t formatted = 0;
    for (int32_t round = 0; round < 3000; round++) {
        ArenaMark mark = arena_mark(arena);
        Str once, twice;
        if (format(mutated(&random), &once)) {
            formatted++;
            assert_true(format(once, &twice));
            assert_string_equal(once.p, twice.p);
        }
        arena_reset(arena, mark);
    }
    assert_true(formatted > 500);
}

// ---- Single tokens ------------------------------------------------------------------------------

typedef enum { DELETED, DOUBLED, MISSPELT, EDITS } TokenEdit;

static Str edited(Str text, Token token, TokenEdit edit)
{
    size_t lo = (size_t)token.lo, hi = (size_t)token.hi;
    Buf buf = {.arena = arena};
    buf_add(&buf, str_sub(text, 0, edit == DELETED ? lo : hi));
    if (edit == DOUBLED) {
        buf_char(&buf, ' ');
        buf_add(&buf, str_sub(text, lo, hi));
    } else if (edit == MISSPELT) {
        buf.n -= token.kind == TOKEN_STRING; // inside the quotes
        buf_char(&buf, 'q');
        buf_add(&buf, token.kind == TOKEN_STRING ? STR("\"") : STR(""));
    }
    buf_add(&buf, str_sub(text, hi, text.n));
    return buf_str(&buf);
}

// A changed token is an error, changes the tree, or is put right by the formatter.
static bool noticed(Str original, const Node *tree, Str text)
{
    DiagList list = {.arena = arena};
    int32_t file = source_add_text(&list, STR("t"), text);
    if (!node_equal(tree, parse_file(&list, file)) || list.n_errors > 0) {
        return true;
    }
    Str formatted;
    return format(text, &formatted) && str_eq(formatted, original);
}

static void test_fmt_no_token_can_change_unnoticed(void **state)
{
    (void)state;
    DiagList list = {.arena = arena};
    Str text;
    assert_true(format(str_of(SAMPLE), &text));
    int32_t file = source_add_text(&list, STR("t"), text);
    Node *tree = parse_file(&list, file);
    Lexer lexer;
    lexer_init(&lexer, &list, file);
    for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
        for (TokenEdit edit = DELETED; edit < EDITS; edit++) {
            ArenaMark mark = arena_mark(arena);
            if (!noticed(text, tree, edited(text, token, edit))) {
                fail_msg("line %d: `%.*s`, edit %d", (int)token.line, STR_ARG(token.text),
                         (int)edit);
            }
            arena_reset(arena, mark);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fmt_clauses_line_up),
        cmocka_unit_test(test_fmt_decision),
        cmocka_unit_test(test_fmt_blocks),
        cmocka_unit_test(test_fmt_writes_what_may_be_left_out),
        cmocka_unit_test(test_fmt_questions_and_stories),
        cmocka_unit_test(test_fmt_blanks_that_mean_something),
        cmocka_unit_test(test_fmt_what_a_word_processor_left),
        cmocka_unit_test(test_fmt_keeps_comments),
        cmocka_unit_test(test_fmt_refuses_what_does_not_parse),
        cmocka_unit_test(test_fmt_sample_is_a_fixpoint),
        cmocka_unit_test(test_fmt_examples_are_fixpoints),
        cmocka_unit_test(test_fmt_keeps_the_meaning_of_whatever_parses),
        cmocka_unit_test(test_fmt_no_token_can_change_unnoticed),
    };
    return cmocka_run_group_tests_name("lang_fmt", tests, set_up, tear_down);
}
