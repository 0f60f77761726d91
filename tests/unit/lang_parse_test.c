// SPDX-License-Identifier: MIT
//
// Text to tree: every construct as an S-expression.
#include "parse_fixture.h"
#include "sample.h"

// ---- Trees ------------------------------------------------------------------------------------

static void check_tree(const char *text, const char *expected, int line)
{
    DiagList *list = new_list();
    Node *file = parse(list, text);
    if (list->n_errors > 0) {
        fail_msg("line %d: %.*s", line, STR_ARG(list->diags.p[0].text));
    }
    Str got = node_print(arena, file->child);
    if (!str_eq(got, str_of(expected))) {
        fail_msg("line %d: got\n%s\nexpected\n%s", line, got.p, expected);
    }
}
#define TREE(text, expected) check_tree(text, expected, __LINE__)

// The expression of `check`, without the node around it.
static void check_expr_tree(const char *expr, const char *expected, int line)
{
    Str text = str_format(arena, "check %s", expr);
    Str whole = str_format(arena, "(CHECK %s)", expected);
    check_tree(text.p, whole.p, line);
}
#define EXPR(text, expected) check_expr_tree(text, expected, __LINE__)

static void test_expr_precedence_is_as_documented(void **state)
{
    (void)state;
    EXPR("a or b and not c is d",
         "(BINARY \"or\" (NAME \"a\") (BINARY \"and\" (NAME \"b\") (UNARY \"not\" "
         "(BINARY \"is\" (NAME \"c\") (NAME \"d\")))))");
    EXPR("a + b * c - d",
         "(BINARY \"-\" (BINARY \"+\" (NAME \"a\") (BINARY \"*\" (NAME \"b\") (NAME \"c\"))) "
         "(NAME \"d\"))");
    EXPR("-a ^ 2 * b",
         "(BINARY \"*\" (UNARY \"-\" (BINARY \"^\" (NAME \"a\") (NUMBER 2))) (NAME \"b\"))");
    EXPR("a ^ b ^ c", "(BINARY \"^\" (NAME \"a\") (BINARY \"^\" (NAME \"b\") (NAME \"c\")))");
    EXPR("(a + b) * c",
         "(BINARY \"*\" (BINARY \"+\" parens (NAME \"a\") (NAME \"b\")) (NAME \"c\"))");
    EXPR("a - b - c", "(BINARY \"-\" (BINARY \"-\" (NAME \"a\") (NAME \"b\")) (NAME \"c\"))");
    EXPR("a + 1 < b", "(BINARY \"<\" (BINARY \"+\" (NAME \"a\") (NUMBER 1)) (NAME \"b\"))");
}

static void test_expr_comparisons_in_words(void **state)
{
    (void)state;
    EXPR("a is not b", "(BINARY \"is_not\" (NAME \"a\") (NAME \"b\"))");
    EXPR("a is at least b", "(BINARY \"is_at_least\" (NAME \"a\") (NAME \"b\"))");
    EXPR("a is at most 3 km",
         "(BINARY \"is_at_most\" (NAME \"a\") (NUMBER 3 (UNITS (UNIT_POWER \"km\" 1))))");
    EXPR("a ≤ b", "(BINARY \"<=\" (NAME \"a\") (NAME \"b\"))");
}

static void test_expr_names_and_members(void **state)
{
    (void)state;
    EXPR("aims of RUS is maximal",
         "(BINARY \"is\" (OF \"aims\" (NAME \"RUS\")) (NAME \"maximal\"))");
    EXPR("trade[a, b]", "(INDEX \"trade\" (NAME \"a\") (NAME \"b\"))");
    EXPR("level is rung.crisis", "(BINARY \"is\" (NAME \"level\") (NAME \"rung.crisis\"))");
    EXPR("previous front", "(PREVIOUS (NAME \"front\"))");
    EXPR("previous(hurt[s])", "(PREVIOUS (INDEX \"hurt\" parens (NAME \"s\")))");
    EXPR("since(e) < 3 days",
         "(BINARY \"<\" (CALL \"since\" (NAME \"e\")) (NUMBER 3 (UNITS (UNIT_POWER \"days\" 1))))");
    EXPR("pi()", "(CALL \"pi\")");
}

static void test_expr_aggregates_range_over_sets(void **state)
{
    (void)state;
    EXPR("count(o in senders except s: deployed[o])",
         "(AGGREGATE \"count\" (BINDER \"o\" (NAME \"senders\") (EXCEPT (NAME \"s\"))) "
         "(INDEX \"deployed\" (NAME \"o\")))");
    EXPR("max(a, 2)", "(CALL \"max\" (NAME \"a\") (NUMBER 2))");
    EXPR("max(m in S: x[m])", "(AGGREGATE \"max\" (BINDER \"m\" (NAME \"S\")) "
                              "(INDEX \"x\" (NAME \"m\")))");
}

static void test_expr_if_and_between(void **state)
{
    (void)state;
    EXPR("if a then 1 else if b then 2 else 3",
         "(IF_EXPR (NAME \"a\") (NUMBER 1) (IF_EXPR (NAME \"b\") (NUMBER 2) (NUMBER 3)))");
    EXPR("between 2024-05-01 and 2024-06-01 and b",
         "(BINARY \"and\" (BETWEEN (DATE 19844) (DATE 19875)) (NAME \"b\"))");
    EXPR("yes", "(BOOL \"yes\" 1)");
    EXPR("not no", "(UNARY \"not\" (BOOL \"no\"))");
}

static void test_value_ranges_bind_tighter_than_products(void **state)
{
    (void)state;
    EXPR("2 * 10% to 40% within 90 days",
         "(BINARY \"*\" (NUMBER 2) (WITHIN (RANGE (NUMBER 0.1 %) (NUMBER 0.4 %)) "
         "(NUMBER 90 (UNITS (UNIT_POWER \"days\" 1)))))");
    EXPR("-2 to 6", "(RANGE (UNARY \"-\" (NUMBER 2)) (NUMBER 6))");
    EXPR("0 up to 1", "(UP_TO (NUMBER 0) (NUMBER 1))");
    EXPR("low 0.5 mode 1 high 3", "(PERT (NUMBER 0.5) (NUMBER 1) (NUMBER 3))");
    EXPR("low -3 km mode 1 km high 3 km",
         "(PERT (UNARY \"-\" (NUMBER 3 (UNITS (UNIT_POWER \"km\" 1)))) "
         "(NUMBER 1 (UNITS (UNIT_POWER \"km\" 1))) (NUMBER 3 (UNITS (UNIT_POWER \"km\" 1))))");
    EXPR("5% 10 50% -14 95% x", "(QUANTILES (QPOINT 0.05 (NUMBER 10)) "
                                "(QPOINT 0.5 (UNARY \"-\" (NUMBER 14))) (QPOINT 0.95 (NAME "
                                "\"x\")))");
    EXPR("around 50 give or take 10%", "(AROUND (NUMBER 50) (NUMBER 0.1 %))");
    EXPR("low", "(NAME \"low\")");
    EXPR("level is high and a", "(BINARY \"and\" (BINARY \"is\" (NAME \"level\") (NAME \"high\")) "
                                "(NAME \"a\"))");
}

static void test_value_windows(void **state)
{
    (void)state;
    EXPR("30% per week", "(WITHIN (NUMBER 0.3 %) (NUMBER 1 (UNITS (UNIT_POWER \"week\" 1))))");
    EXPR("30% per 2 weeks", "(WITHIN (NUMBER 0.3 %) (NUMBER 2 (UNITS (UNIT_POWER \"weeks\" 1))))");
    EXPR("0.4 per year", "(NUMBER 0.4 (UNITS (UNIT_POWER \"year\" -1)))");
    EXPR("4 km per week", "(NUMBER 4 (UNITS (UNIT_POWER \"km\" 1) (UNIT_POWER \"week\" -1)))");
    EXPR("2% within step", "(WITHIN (NUMBER 0.02 %) (NAME \"step\"))");
    EXPR("unlikely within 1 year",
         "(WITHIN (NAME \"unlikely\") (NUMBER 1 (UNITS (UNIT_POWER \"year\" 1))))");
    EXPR("p per week", "(WITHIN (NAME \"p\") (NUMBER 1 (UNITS (UNIT_POWER \"week\" 1))))");
}

static void test_value_distributions(void **state)
{
    (void)state;
    EXPR("mixture(30%: 1 to 2, rest: 5 to 9)",
         "(MIXTURE (MIX_PART (NUMBER 0.3 %) (RANGE (NUMBER 1) (NUMBER 2))) "
         "(MIX_PART rest (RANGE (NUMBER 5) (NUMBER 9))))");
    EXPR("truncated(normal(0, 1), -1, 2)",
         "(TRUNCATED (CALL \"normal\" (NUMBER 0) (NUMBER 1)) (UNARY \"-\" (NUMBER 1)) (NUMBER 2))");
    EXPR("roughly even chance", "(PHRASE \"roughly even chance\")");
    EXPR("almost no chance", "(PHRASE \"almost no chance\")");
}

static void test_number_units_stop_at_words(void **state)
{
    (void)state;
    EXPR("x + 5 km\n    - 3 > 470k", "(BINARY \">\" (BINARY \"-\" (BINARY \"+\" (NAME \"x\") "
                                     "(NUMBER 5 (UNITS (UNIT_POWER \"km\" 1)))) (NUMBER 3)) "
                                     "(NUMBER 470000))");
    EXPR("20km < 1.2M and b", "(BINARY \"and\" (BINARY \"<\" (NUMBER 20 (UNITS (UNIT_POWER "
                              "\"km\" 1)))"
                              " (NUMBER 1200000)) (NAME \"b\"))");
}

static void test_model_head(void **state)
{
    (void)state;
    TREE("model \"Troops?\"\n  time every 3 days from 2024-03-04 to 2025-03-03\n  words ICD203\n"
         "  base weight 1\n  \"a note\"",
         "(MODEL \"Troops?\" (TIME \"every\" (NUMBER 3 (UNITS (UNIT_POWER \"days\" 1))) "
         "(DATE 19786) (DATE 20150)) (WORDS \"ICD203\") (BASE_WEIGHT (NUMBER 1)) "
         "(NOTE \"a note\"))");
    TREE("use \"war.casus\"", "(USE \"war.casus\")");
    TREE("use hazards", "(USE \"hazards\" (NAME \"hazards\"))");
    TREE("unit troops positive \"men under arms\"",
         "(UNIT_DECL \"troops\" positive (STRING \"men under arms\"))");
}

static void test_sources_and_relays(void **state)
{
    (void)state;
    TREE("source k D \"Blog\" 2024-02-27\n  file \"1.txt\"\n  url \"http://x\"\n  via a, b\n"
         "  word \"certainly\" = 90% to 99%\n  of owner",
         "(SOURCE \"k\" 68 (STRING \"Blog\") (DATE 19780) (FILE_REF \"1.txt\") "
         "(URL \"http://x\") (VIA (NAME \"a\") (NAME \"b\")) (SOURCE_WORD \"certainly\" "
         "(RANGE (NUMBER 0.9 %) (NUMBER 0.99 %))) (OWNER \"owner\"))");
    TREE("relay inosmi \"InoSMI\" of russian_state",
         "(RELAY \"inosmi\" (STRING \"InoSMI\") (OWNER \"russian_state\"))");
    TREE("standard S \"s\"\n  word \"likely\" = 55% to 80%",
         "(STANDARD \"S\" (STRING \"s\") (SOURCE_WORD \"likely\" "
         "(RANGE (NUMBER 0.55 %) (NUMBER 0.8 %))))");
    TREE("grade A weight 0.8", "(GRADE \"A\" (NUMBER 0.8))");
}

static void test_sets_and_quantities(void **state)
{
    (void)state;
    TREE("set senders = POL,\n  FRA \"They\"",
         "(SET \"senders\" (NAME \"POL\") (NAME \"FRA\") (STRING \"They\"))");
    TREE("ladder rung = a < b < c", "(LADDER \"rung\" (NAME \"a\") (NAME \"b\") (NAME \"c\"))");
    TREE("param pace : km per week positive ~ -2 to 6\n  \"why\"\n  from k 3 \"p. 4\", r 4\n"
         "  assumption \"none\"",
         "(PARAM \"pace\" ~ (KIND positive (UNITS (UNIT_POWER \"km\" 1) (UNIT_POWER \"week\" -1)))"
         " (VALUE ~ (RANGE (UNARY \"-\" (NUMBER 2)) (NUMBER 6))) (NOTE \"why\") (FROM (CITE \"k\" 3"
         " (STRING \"p. 4\")) (CITE \"r\" 4)) (ASSUMPTION \"none\"))");
    TREE("state trade[a, b] = 0", "(STATE \"trade\" (INDEX_SET \"a\") (INDEX_SET \"b\") "
                                  "(VALUE (NUMBER 0)))");
    TREE("type aims of s in senders : limited, maximal ~ 65%, rest",
         "(TYPE \"aims\" (OF_ACTOR \"senders\" (NAME \"s\")) (NAME \"limited\") (NAME \"maximal\") "
         "(VALUE ~ (CATEGORY (NUMBER 0.65 %)) (CATEGORY rest)))");
    TREE("param where : zones ~ west 50%, low 20%, rest",
         "(PARAM \"where\" ~ (KIND (NAME \"zones\")) (VALUE ~ (CATEGORY (NAME \"west\") "
         "(NUMBER 0.5 %)) (CATEGORY (NAME \"low\") (NUMBER 0.2 %)) (CATEGORY rest)))");
    TREE("def ratio(a, b) = a / max(b, 1)",
         "(DEF \"ratio\" (NAME \"a\") (NAME \"b\") (BINARY \"/\" (NAME \"a\") "
         "(CALL \"max\" (NAME \"b\") (NUMBER 1))))");
    TREE("stop when a", "(STOP (NAME \"a\"))");
    TREE("check a \"must hold\"", "(CHECK (NAME \"a\") (STRING \"must hold\"))");
}

static void test_event_clauses_in_any_order(void **state)
{
    (void)state;
    TREE("event e for s in S except POL in turn \"Title\"\n  again after 30 days\n"
         "  chance 30% once\n  then x[s] = 1\n  when a\n  \"note\"",
         "(EVENT \"e\" in-turn (BINDER \"s\" (NAME \"S\") (EXCEPT (NAME \"POL\"))) "
         "(STRING \"Title\") (AGAIN (NUMBER 30 (UNITS (UNIT_POWER \"days\" 1)))) "
         "(CHANCE once (NUMBER 0.3 %)) (THEN (BLOCK (ASSIGN \"=\" (INDEX \"x\" (NAME \"s\")) "
         "(NUMBER 1)))) (WHEN (NAME \"a\")) (NOTE \"note\"))");
    TREE("event e happened 2024-02-17", "(EVENT \"e\" (HAPPENED (DATE 19770)))");
    TREE("event e when a chance 1% within step again",
         "(EVENT \"e\" (WHEN (NAME \"a\")) (CHANCE (WITHIN (NUMBER 0.01 %) (NAME \"step\"))) "
         "(AGAIN))");
    TREE("on 2024-05-09 then x = 1", "(ON (DATE 19852) (THEN (BLOCK (ASSIGN \"=\" (NAME \"x\") "
                                     "(NUMBER 1)))))");
}

static void test_statements(void **state)
{
    (void)state;
    TREE("each step\n  let y = x\n  raise level to war\n  lower level by 1\n  x -= y * step",
         "(EACH_STEP (BLOCK (LET \"y\" (NAME \"x\")) (RAISE (NAME \"level\") (NAME \"war\")) "
         "(LOWER by (NAME \"level\") (NUMBER 1)) (ASSIGN \"-=\" (NAME \"x\") (BINARY \"*\" "
         "(NAME \"y\") (NAME \"step\")))))");
    TREE("each step\n  if a\n    x = 1\n    y = 2\n  else if b then x = 2\n  else\n    x = 3\n  "
         "z = 4",
         "(EACH_STEP (BLOCK (IF_STMT (NAME \"a\") (BLOCK (ASSIGN \"=\" (NAME \"x\") (NUMBER 1)) "
         "(ASSIGN \"=\" (NAME \"y\") (NUMBER 2))) (IF_STMT (NAME \"b\") (BLOCK (ASSIGN \"=\" "
         "(NAME \"x\") (NUMBER 2))) (BLOCK (ASSIGN \"=\" (NAME \"x\") (NUMBER 3))))) "
         "(ASSIGN \"=\" (NAME \"z\") (NUMBER 4))))");
    TREE("each step\n  for s in S except POL\n    x[s] += 1",
         "(EACH_STEP (BLOCK (FOR (BINDER \"s\" (NAME \"S\") (EXCEPT (NAME \"POL\"))) (BLOCK "
         "(ASSIGN \"+=\" (INDEX \"x\" (NAME \"s\")) (NUMBER 1))))))");
    TREE("event e\n  then after 3 to 10 days\n         x = 1\n       y = 2",
         "(EVENT \"e\" (THEN (BLOCK (AFTER (RANGE (NUMBER 3) (NUMBER 10 (UNITS "
         "(UNIT_POWER \"days\" 1)))) (BLOCK (ASSIGN \"=\" (NAME \"x\") (NUMBER 1)))) "
         "(ASSIGN \"=\" (NAME \"y\") (NUMBER 2)))))");
    TREE("each step\n  one of\n    40% \"up\" x = 1\n    10% to 20%\n      x = 2\n    rest",
         "(EACH_STEP (BLOCK (ONE_OF (OUTCOME (NUMBER 0.4 %) (STRING \"up\") (BLOCK (ASSIGN \"=\" "
         "(NAME \"x\") (NUMBER 1)))) (OUTCOME (RANGE (NUMBER 0.1 %) (NUMBER 0.2 %)) (BLOCK (ASSIGN "
         "\"=\" (NAME \"x\") (NUMBER 2)))) (OUTCOME rest (BLOCK)))))");
}

static void test_decision(void **state)
{
    (void)state;
    TREE("decision send by s in senders \"Troops\"\n  every 4 weeks\n  rationality 1 to 3\n"
         "  sees others = a\n       front cut at 5 km, 10 km give or take 20%\n"
         "  option wait weight 2\n  option go \"Go\"\n    when b\n    worth 1\n      + 2 * b "
         "\"why\"\n"
         "      - c\n    then x = 1\n  when a",
         "(DECISION \"send\" (BY (BINDER \"s\" (NAME \"senders\"))) (STRING \"Troops\") "
         "(EVERY (NUMBER 4 (UNITS (UNIT_POWER \"weeks\" 1)))) (RATIONALITY (RANGE (NUMBER 1) "
         "(NUMBER 3))) (SEES (SIGHT \"others\" (NAME \"a\")) (SIGHT (NAME \"front\") (CUTS "
         "(NUMBER 5 "
         "(UNITS (UNIT_POWER \"km\" 1))) (NUMBER 10 (UNITS (UNIT_POWER \"km\" 1)))) (GIVE "
         "(NUMBER 0.2"
         " %)))) (OPTION \"wait\" (WEIGHT (NUMBER 2))) (OPTION \"go\" (STRING \"Go\") (WHEN (NAME "
         "\"b\")) (WORTH (WORTH_PART (NUMBER 1)) (WORTH_PART (BINARY \"*\" (NUMBER 2) (NAME "
         "\"b\")) "
         "(STRING \"why\")) (WORTH_PART minus (NAME \"c\"))) (THEN (BLOCK (ASSIGN \"=\" (NAME "
         "\"x\") "
         "(NUMBER 1))))) (WHEN (NAME \"a\")))");
    TREE("decision d by POL\n  option a worth - 1.5 + b * c \"x\"\n    - d - e\n    + f",
         "(DECISION \"d\" (BY (NAME \"POL\")) (OPTION \"a\" (WORTH (WORTH_PART (BINARY \"+\" "
         "(UNARY \"-\" (NUMBER 1.5)) (BINARY \"*\" (NAME \"b\") (NAME \"c\"))) (STRING \"x\")) "
         "(WORTH_PART (BINARY \"-\" (UNARY \"-\" (NAME \"d\")) (NAME \"e\"))) "
         "(WORTH_PART (NAME \"f\")))))");
    TREE("decision d by POL in turn\n  option a",
         "(DECISION \"d\" in-turn (BY (NAME \"POL\")) (OPTION \"a\"))");
}

static void test_question_forms(void **state)
{
    (void)state;
    static const struct {
        const char *form, *tree;
    } forms[] = {
        {"ever a", "(FORM \"ever\" (NAME \"a\"))"},
        {"never a", "(FORM \"never\" (NAME \"a\"))"},
        {"always a or b", "(FORM \"always\" (BINARY \"or\" (NAME \"a\") (NAME \"b\")))"},
        {"first a", "(FORM \"first\" (NAME \"a\"))"},
        {"a at end", "(FORM \"at_end\" (NAME \"a\"))"},
        {"a at 2024-06-01", "(FORM \"at_date\" (NAME \"a\") (DATE 19875))"},
        {"max a", "(FORM \"max\" (NAME \"a\"))"},
        {"max(a)", "(FORM \"max\" (NAME \"a\"))"},
        {"max (a)", "(FORM \"max\" (NAME \"a\" parens))"},
        {"max(a, b) at end", "(FORM \"at_end\" (CALL \"max\" (NAME \"a\") (NAME \"b\")))"},
        {"min a", "(FORM \"min\" (NAME \"a\"))"},
        {"mean a", "(FORM \"mean\" (NAME \"a\"))"},
        {"times e", "(FORM \"times\" (NAME \"e\"))"},
        {"first at end", "(FORM \"at_end\" (NAME \"first\"))"},
        {"a over time", "(FORM \"over_time\" (NAME \"a\"))"},
        {"a before b", "(FORM \"before\" (NAME \"a\") (NAME \"b\"))"},
        {"b until a", "(FORM \"until\" (NAME \"b\") (NAME \"a\"))"},
        {"ever a by 2024-06-01", "(FORM \"ever\" (NAME \"a\") (BY_DATE (DATE 19875)))"},
        {"ever a from 2024-06-01 to 2024-06-02",
         "(FORM \"ever\" (NAME \"a\") (FROM_TO (DATE 19875) (DATE 19876)))"},
        {"ever a > 5 km within 180 days after e",
         "(FORM \"ever\" (BINARY \">\" (NAME \"a\") (NUMBER 5 (UNITS (UNIT_POWER \"km\" 1)))) "
         "(WITHIN_AFTER (NUMBER 180 (UNITS (UNIT_POWER \"days\" 1))) (NAME \"e\")))"},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        Str text = str_format(arena, "question q %s", forms[i].form);
        Str tree = str_format(arena, "(QUESTION \"q\" %s)", forms[i].tree);
        check_tree(text.p, tree.p, __LINE__);
    }
}

static void test_question_clauses(void **state)
{
    (void)state;
    TREE("question q \"text\"\n  ever a\n  by 2024-06-01\n  given b\n  given c before d\n"
         "  resolves \"rule\" by 2025-03-03\n  from k 3",
         "(QUESTION \"q\" (STRING \"text\") (FORM \"ever\" (NAME \"a\") (BY_DATE (DATE 19875))) "
         "(GIVEN (FORM \"ever\" (NAME \"b\"))) (GIVEN (FORM \"before\" (NAME \"c\") (NAME \"d\"))) "
         "(RESOLVES (STRING \"rule\") (DATE 20150)) (FROM (CITE \"k\" 3)))");
}

static void test_stories(void **state)
{
    (void)state;
    TREE("story k \"Title\" from k 2\n  weight 0.5\n  clash.chance ~ 1% to 2% within 1 year\n"
         "  fear[POL] ~ 1 to 2\n    from k 3\n  aims of RUS ~ 20%, 80%\n"
         "  send.go.worth = 1\n    + 2 * a \"x\"\n  without event e\n  says q very likely from r "
         "2\n"
         "  event clash\n    then x = 1",
         "(STORY \"k\" (STRING \"Title\") (FROM (CITE \"k\" 2)) (WEIGHT (NUMBER 0.5)) "
         "(OVERRIDE (REF \"clash.chance\") (VALUE ~ (WITHIN (RANGE (NUMBER 0.01 %) (NUMBER 0.02 "
         "%)) "
         "(NUMBER 1 (UNITS (UNIT_POWER \"year\" 1)))))) (OVERRIDE (REF \"fear\" (INDEX \"fear\" "
         "(NAME \"POL\"))) (VALUE ~ (RANGE (NUMBER 1) (NUMBER 2))) (FROM (CITE \"k\" 3))) "
         "(OVERRIDE (REF \"aims\" (OF_ACTOR \"RUS\")) (VALUE ~ (CATEGORY (NUMBER 0.2 %)) "
         "(CATEGORY (NUMBER 0.8 %)))) (OVERRIDE (REF \"send.go.worth\") (WORTH (WORTH_PART "
         "(NUMBER 1))"
         " (WORTH_PART (BINARY \"*\" (NUMBER 2) (NAME \"a\")) (STRING \"x\")))) (WITHOUT \"e\" "
         "(NAME "
         "\"event\")) (SAYS \"q\" (PHRASE \"very likely\") (FROM (CITE \"r\" 2))) (EVENT \"clash\" "
         "(THEN (BLOCK (ASSIGN \"=\" (NAME \"x\") (NUMBER 1))))))");
    TREE("story k\n  says q about even by 2024-06-01 about \"more than that\" from r 2",
         "(STORY \"k\" (SAYS \"q\" (PHRASE \"about even\") (BY_DATE (DATE 19875)) (ABOUT \"more "
         "than "
         "that\") (FROM (CITE \"r\" 2))))");
    TREE("variant v\n  front = 3 km", "(VARIANT \"v\" (OVERRIDE (REF \"front\") (VALUE (NUMBER 3 "
                                      "(UNITS (UNIT_POWER \"km\" 1))))))");
}

static void test_overrides_of_an_option(void **state)
{
    (void)state;
    DiagList *list = new_list();
    int32_t file = source_add_text(list, STR("--set"), STR("fear = 2\nfear[POL] ~ 1 to 2"));
    Str got = node_print(arena, parse_overrides(list, file));
    assert_int_equal(list->n_errors, 0);
    assert_string_equal(got.p, "(VARIANT \"set\" (OVERRIDE (REF \"fear\") (VALUE (NUMBER 2))) "
                               "(OVERRIDE (REF \"fear\" (INDEX \"fear\" (NAME \"POL\"))) (VALUE ~ "
                               "(RANGE (NUMBER 1) (NUMBER 2)))))");
    file = source_add_text(list, STR("--set"), STR("event x"));
    parse_overrides(list, file);
    assert_int_equal(list->n_errors, 1);
}

static void test_layout_tabs_and_line_ends(void **state)
{
    (void)state;
    const char *tree = "(EVENT \"e\" (WHEN (BINARY \"and\" (NAME \"a\") (NAME \"b\"))) "
                       "(AGAIN))";
    TREE("event e\r\n\twhen a and\r\n\t  b\r\n        again\r\n", tree);
    TREE("event e\r  when a\r      and b\r  again", tree);
    TREE("\xef\xbb\xbf"
         "event e # c\n\n# c\n  when (a\n   and # c\n   b)\n# c\n  again",
         "(EVENT \"e\" (WHEN (BINARY \"and\" parens (NAME \"a\") (NAME \"b\"))) (AGAIN))");
}

// ---- The sample, spans ------------------------------------------------------------------------

static void test_sample_parses_and_spans_nest(void **state)
{
    (void)state;
    DiagList *list = new_list();
    Node *file = parse(list, SAMPLE);
    assert_int_equal(list->n_errors + list->n_warnings, 0);
    check_spans(file, NULL);
    assert_true(node_equal(file, parse(list, SAMPLE)));
    Node *model = node_child(file, NODE_MODEL);
    assert_true(str_eq(model->text, STR("Will anyone send troops?")));
    assert_false(node_equal(model, node_next_of(model, NODE_UNIT_DECL)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_expr_precedence_is_as_documented),
        cmocka_unit_test(test_expr_comparisons_in_words),
        cmocka_unit_test(test_expr_names_and_members),
        cmocka_unit_test(test_expr_aggregates_range_over_sets),
        cmocka_unit_test(test_expr_if_and_between),
        cmocka_unit_test(test_value_ranges_bind_tighter_than_products),
        cmocka_unit_test(test_value_windows),
        cmocka_unit_test(test_value_distributions),
        cmocka_unit_test(test_number_units_stop_at_words),
        cmocka_unit_test(test_model_head),
        cmocka_unit_test(test_sources_and_relays),
        cmocka_unit_test(test_sets_and_quantities),
        cmocka_unit_test(test_event_clauses_in_any_order),
        cmocka_unit_test(test_statements),
        cmocka_unit_test(test_decision),
        cmocka_unit_test(test_question_forms),
        cmocka_unit_test(test_question_clauses),
        cmocka_unit_test(test_stories),
        cmocka_unit_test(test_overrides_of_an_option),
        cmocka_unit_test(test_layout_tabs_and_line_ends),
        cmocka_unit_test(test_sample_parses_and_spans_nest),
    };
    return cmocka_run_group_tests_name("lang_parse", tests, set_up, tear_down);
}
