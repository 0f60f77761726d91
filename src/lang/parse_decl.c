// SPDX-License-Identifier: MIT
//
// Declarations of what there is: the model and its time, units, sources, actors, sets, ladders,
// params, states, types, functions. Read parse_impl.h first.
#include "lang/parse_impl.h"

#define COUNT(array) ((int32_t)(sizeof(array) / sizeof(array)[0]))

// Begin a declaration: its name is what comes next.
static Tree declare(Parser *p, NodeKind kind, Token word, const char *what)
{
    Tree tree = tree_new(p, kind, word);
    Span span;
    Str name = parser_expect_name(p, what, &span);
    tree_name(&tree, name, span);
    return tree;
}

// ---- The model --------------------------------------------------------------------------------

// Names of steps are no words of the language: `daily` may be a name elsewhere.
static bool is_time_step(Str text)
{
    return str_eq(text, STR("hourly")) || str_eq(text, STR("daily")) ||
           str_eq(text, STR("weekly")) || str_eq(text, STR("monthly")) ||
           str_eq(text, STR("quarterly")) || str_eq(text, STR("yearly"));
}

// hourly, daily, weekly, monthly, quarterly, yearly, every 3 days
static void parse_time_step(Parser *p, Tree *time)
{
    Token token = p->ahead[0];
    if (parser_at(p) == TOKEN_NAME && (is_time_step(token.text) || token.word == WORD_EVERY)) {
        time->node->text = parser_take(p).text;
        if (token.word == WORD_EVERY) {
            tree_add(p, time, parse_duration(p));
        }
        return;
    }
    Suggest suggest;
    suggest_init(&suggest, token.text);
    suggest_add(&suggest, STR("hourly"));
    suggest_add(&suggest, STR("daily"));
    suggest_add(&suggest, STR("weekly"));
    suggest_add(&suggest, STR("monthly"));
    suggest_add(&suggest, STR("quarterly"));
    suggest_add(&suggest, STR("yearly"));
    Str found = parser_found(p);
    Diag *diag = parser_error(p, 215, "expected the length of a step, found %.*s", STR_ARG(found));
    if (!suggest_help(p->diags, diag, &suggest)) {
        diag_help(p->diags, diag,
                  "write `hourly`, `daily`, `weekly`, `monthly`, `quarterly`, `yearly` or `every 3 "
                  "days`");
    }
}

// time weekly from 2024-03-04 to 2025-03-03
static void parse_time(Parser *p, Tree *model, Token word)
{
    Tree time = tree_new(p, NODE_TIME, word);
    parse_time_step(p, &time);
    if (parser_expect_word(p, WORD_FROM)) {
        tree_add(p, &time, parse_date(p));
    }
    if (parser_accept_word(p, WORD_TO)) {
        tree_add(p, &time, parse_date(p));
    } else {
        Str found = parser_found(p);
        Diag *diag =
            parser_error(p, 210, "expected `to` and the last day, found %.*s", STR_ARG(found));
        diag_help(p->diags, diag, "write both days: `from 2024-03-04 to 2025-03-03`");
    }
    tree_add(p, model, tree_done(p, &time));
}

// words = "words", name
static void parse_words(Parser *p, Tree *model, Token word)
{
    Tree words = tree_new(p, NODE_WORDS, word);
    Token name;
    if (parser_expect_reference(p, "a standard of words, such as ICD203", &name)) {
        tree_name(&words, name.text, parser_span(p, name));
    }
    tree_add(p, model, tree_done(p, &words));
}

// base weight 1
static void parse_base(Parser *p, Tree *model, Token word)
{
    Tree base = tree_new(p, NODE_BASE_WEIGHT, word);
    if (parser_expect_word(p, WORD_WEIGHT)) {
        tree_add(p, &base, parse_sum(p));
    }
    tree_add(p, model, tree_done(p, &base));
}

// model = "model", string, clauses
void parse_model(Parser *p, Tree *file, Token word)
{
    static const Clause clauses[] = {
        {WORD_TIME, parse_time, false},
        {WORD_WORDS, parse_words, false},
        {WORD_BASE, parse_base, false},
    };
    static const ClauseSet set = {"`model`", clauses, COUNT(clauses), true, NULL};
    Tree model = tree_new(p, NODE_MODEL, word);
    Token title = p->ahead[0];
    if (parser_expect(p, TOKEN_STRING, "the model's title as a text")) {
        tree_name(&model, title.text, parser_span(p, title));
    }
    parse_body(p, &model, &set);
    tree_add(p, file, tree_done(p, &model));
}

// use "file.casus", use attrition
void parse_use(Parser *p, Tree *file, Token word)
{
    Tree use = tree_new(p, NODE_USE, word);
    Token path = p->ahead[0];
    if (parser_accept(p, TOKEN_STRING)) {
        tree_name(&use, path.text, parser_span(p, path));
    } else if (parser_at(p) == TOKEN_NAME) {
        parser_take(p);
        tree_name(&use, path.text, parser_span(p, path));
        tree_add(p, &use, tree_leaf(p, NODE_NAME, path));
    } else {
        parser_expected(p, "a file as a text, or the name of a part of the library");
    }
    tree_add(p, file, tree_done(p, &use));
}

// unit = "unit", name, [ "positive" ], [ string ], notes
void parse_unit(Parser *p, Tree *file, Token word)
{
    Tree unit = declare(p, NODE_UNIT_DECL, word, "a unit");
    if (parser_accept_near(p, WORD_POSITIVE)) {
        unit.node->flags |= NODE_POSITIVE;
    }
    parse_title(p, &unit);
    parse_notes(p, &unit, "a unit");
    tree_add(p, file, tree_done(p, &unit));
}

// ---- Sources ----------------------------------------------------------------------------------

// A word and a text, as `file "..."`.
static void parse_text_clause(Parser *p, Tree *owner, Token word, NodeKind kind, const char *what)
{
    Tree tree = tree_new(p, kind, word);
    Token text = p->ahead[0];
    if (parser_expect(p, TOKEN_STRING, what)) {
        tree_name(&tree, text.text, parser_span(p, text));
    }
    tree_add(p, owner, tree_done(p, &tree));
}

static void parse_file_ref(Parser *p, Tree *source, Token word)
{
    parse_text_clause(p, source, word, NODE_FILE_REF, "the file's name as a text");
}

static void parse_url(Parser *p, Tree *source, Token word)
{
    parse_text_clause(p, source, word, NODE_URL, "the address as a text");
}

// names = name, { ",", name }
static void parse_names(Parser *p, Tree *owner, const char *what)
{
    do {
        Token name;
        if (!parser_expect_reference(p, what, &name)) {
            break;
        }
        tree_add(p, owner, tree_leaf(p, NODE_NAME, name));
    } while (parser_accept(p, TOKEN_COMMA));
}

// via = "via", names: the relays that a text passed, origin first
static void parse_via(Parser *p, Tree *source, Token word)
{
    Tree via = tree_new(p, NODE_VIA, word);
    parse_names(p, &via, "a relay");
    tree_add(p, source, tree_done(p, &via));
}

// word "certainly" = 90% to 99%
static void parse_source_word(Parser *p, Tree *source, Token word)
{
    Tree tree = tree_new(p, NODE_SOURCE_WORD, word);
    Token phrase = p->ahead[0];
    if (parser_expect(p, TOKEN_STRING, "the phrase as a text")) {
        tree_name(&tree, phrase.text, parser_span(p, phrase));
    }
    if (parser_expect(p, TOKEN_ASSIGN, "`=` and what the phrase means")) {
        tree_add(p, &tree, parse_expr(p));
    }
    tree_add(p, source, tree_done(p, &tree));
}

// owner = "of", name: relays of one owner are not independent
static void parse_owner(Parser *p, Tree *owner, Token word)
{
    Tree tree = tree_new(p, NODE_OWNER, word);
    Token name;
    if (parser_expect_reference(p, "an owner", &name)) {
        tree_name(&tree, name.text, parser_span(p, name));
    }
    tree_add(p, owner, tree_done(p, &tree));
}

// The grade is never guessed: a source without one could not be weighed.
static void parse_reliability(Parser *p, Tree *source)
{
    Token token = p->ahead[0];
    bool letter = parser_at(p) == TOKEN_NAME && token.text.n == 1;
    if (letter && token.text.p[0] >= 'A' && token.text.p[0] <= 'F') {
        source->node->number = parser_take(p).text.p[0];
        return;
    }
    Span span = parser_at(p) == TOKEN_END ? parser_span(p, p->last) : parser_span(p, token);
    Str found = parser_found(p);
    Diag *diag = diag_report(p->diags, 220, span, "expected the source's reliability, found %.*s",
                             STR_ARG(found));
    diag_help(p->diags, diag,
              "A reliable, B usually, C fairly, D not usually, E unreliable, F cannot be judged");
    if (letter) {
        parser_take(p);
    }
}

// The date of a source may stand on its own line.
static bool source_date(Parser *p, Tree *source)
{
    if (parser_at(p) != TOKEN_DATE) {
        return false;
    }
    if (node_child(source->node, NODE_DATE) != NULL) {
        parser_error(p, 207, "a second date of the source");
    }
    tree_add(p, source, tree_leaf(p, NODE_DATE, parser_take(p)));
    return true;
}

// source = "source", name, letter, [ string ], clauses
void parse_source(Parser *p, Tree *file, Token word)
{
    static const Clause clauses[] = {
        {WORD_FILE, parse_file_ref, false}, {WORD_URL, parse_url, false},
        {WORD_VIA, parse_via, false},       {WORD_WORD, parse_source_word, true},
        {WORD_OF, parse_owner, false},
    };
    static const ClauseSet set = {"a source", clauses, COUNT(clauses), true, source_date};
    Tree source = declare(p, NODE_SOURCE, word, "a source");
    if (!p->panic) {
        parse_reliability(p, &source);
        parse_title(p, &source);
    }
    parse_body(p, &source, &set);
    tree_add(p, file, tree_done(p, &source));
}

// standard ICD203 "title", and its words: part of the library, but open to any model
void parse_standard(Parser *p, Tree *file, Token word)
{
    static const Clause clauses[] = {{WORD_WORD, parse_source_word, true}};
    static const ClauseSet set = {"a standard", clauses, COUNT(clauses), true, NULL};
    Tree standard = declare(p, NODE_STANDARD, word, "a standard of words");
    parse_title(p, &standard);
    parse_body(p, &standard, &set);
    tree_add(p, file, tree_done(p, &standard));
}

// grade A weight 1
void parse_grade(Parser *p, Tree *file, Token word)
{
    Tree grade = declare(p, NODE_GRADE, word, "a reliability, A to F");
    if (parser_expect_word(p, WORD_WEIGHT)) {
        tree_add(p, &grade, parse_sum(p));
    }
    parse_notes(p, &grade, "a grade");
    tree_add(p, file, tree_done(p, &grade));
}

// relay = "relay", name, [ string ], [ owner ], notes
void parse_relay(Parser *p, Tree *file, Token word)
{
    static const Clause clauses[] = {{WORD_OF, parse_owner, false}};
    static const ClauseSet set = {"a relay", clauses, COUNT(clauses), true, NULL};
    Tree relay = declare(p, NODE_RELAY, word, "a relay");
    parse_title(p, &relay);
    parse_body(p, &relay, &set);
    tree_add(p, file, tree_done(p, &relay));
}

// actor = "actor", name, [ string ], notes
void parse_actor(Parser *p, Tree *file, Token word)
{
    Tree actor = declare(p, NODE_ACTOR, word, "an actor");
    parse_title(p, &actor);
    parse_notes(p, &actor, "an actor");
    tree_add(p, file, tree_done(p, &actor));
}

// ---- Sets and ladders -------------------------------------------------------------------------

// Members that may be new names (values) or known ones (actors).
static void parse_members(Parser *p, Tree *owner, TokenKind between, const char *what)
{
    do {
        Span span;
        Token token = p->ahead[0];
        if (parser_expect_name(p, what, &span).n == 0) {
            break;
        }
        tree_add(p, owner, tree_leaf(p, NODE_NAME, token));
    } while (parser_accept(p, between));
}

// set senders = POL, FRA
void parse_set(Parser *p, Tree *file, Token word)
{
    Tree set = declare(p, NODE_SET, word, "a set");
    if (parser_expect(p, TOKEN_ASSIGN, "`=` and the members of the set")) {
        parse_members(p, &set, TOKEN_COMMA, "a member");
    }
    parse_title(p, &set);
    parse_notes(p, &set, "a set");
    tree_add(p, file, tree_done(p, &set));
}

// ladder rung = crisis < limited_war < nuclear_use
void parse_ladder(Parser *p, Tree *file, Token word)
{
    Tree ladder = declare(p, NODE_LADDER, word, "a ladder");
    if (parser_expect(p, TOKEN_ASSIGN, "`=` and the rungs, lowest first")) {
        parse_members(p, &ladder, TOKEN_LESS, "a rung");
    }
    if (parser_at(p) == TOKEN_COMMA || parser_at(p) == TOKEN_GREATER) {
        Diag *diag = parser_error(p, 216, "the rungs of a ladder are in order, with `<` between");
        diag_help(p->diags, diag,
                  "write `a < b < c`, lowest first; a list without order is a `set`");
    }
    parse_title(p, &ladder);
    parse_notes(p, &ladder, "a ladder");
    tree_add(p, file, tree_done(p, &ladder));
}

// ---- Quantities -------------------------------------------------------------------------------

// km per week positive, flag, rung
static Node *parse_kind(Parser *p)
{
    Tree kind = tree_new(p, NODE_KIND, p->ahead[0]);
    Node *units = parse_units(p, p->ahead[0]);
    bool single = units != NULL && units->child != NULL && units->child->next == NULL;
    if (single && units->child->number == 1) {
        units->kind = NODE_NAME;
        units->text = units->child->text;
        units->child = NULL;
        units->height = 1;
    }
    tree_add(p, &kind, units);
    if (parser_accept_near(p, WORD_POSITIVE)) {
        kind.node->flags |= NODE_POSITIVE;
    }
    return tree_done(p, &kind);
}

// [senders, zones]
static void parse_index_sets(Parser *p, Tree *owner)
{
    if (!parser_accept(p, TOKEN_LEFT_BRACKET)) {
        return;
    }
    do {
        Token set;
        if (!parser_expect_reference(p, "a set", &set)) {
            return;
        }
        tree_add(p, owner, tree_leaf(p, NODE_INDEX_SET, set));
    } while (parser_accept(p, TOKEN_COMMA));
    parser_expect(p, TOKEN_RIGHT_BRACKET, "`]` after the set");
}

// quantity = name, [ "[", names, "]" ], [ ":", kind ], value, notes
static void parse_quantity(Parser *p, Tree *file, Token word, NodeKind kind, const char *what)
{
    Tree tree = declare(p, kind, word, what);
    parse_index_sets(p, &tree);
    if (parser_accept(p, TOKEN_COLON)) {
        tree_add(p, &tree, parse_kind(p));
    }
    Node *value = p->panic ? NULL : parse_quantity_value(p);
    if (value != NULL && value->flags & NODE_TILDE) {
        tree.node->flags |= NODE_TILDE;
    }
    tree_add(p, &tree, value);
    parse_notes(p, &tree, what);
    tree_add(p, file, tree_done(p, &tree));
}

void parse_param(Parser *p, Tree *file, Token word)
{
    parse_quantity(p, file, word, NODE_PARAM, "a param");
}

void parse_state(Parser *p, Tree *file, Token word)
{
    parse_quantity(p, file, word, NODE_STATE, "a state");
}

// of RUS, of s in senders
static void parse_of_actor(Parser *p, Tree *owner)
{
    if (!parser_at_word(p, WORD_OF)) {
        return;
    }
    Tree of = tree_new(p, NODE_OF_ACTOR, parser_take(p));
    Token name;
    if (parser_expect_reference(p, "an actor", &name)) {
        if (parser_accept_word(p, WORD_IN)) {
            tree_add(p, &of, tree_leaf(p, NODE_NAME, name));
            parser_expect_reference(p, "a set", &name);
        }
        tree_name(&of, name.text, parser_span(p, name));
    }
    tree_add(p, owner, tree_done(p, &of));
}

// type aims of RUS : limited, maximal ~ 65%, 35%
void parse_type(Parser *p, Tree *file, Token word)
{
    Tree type = declare(p, NODE_TYPE, word, "a type");
    parse_of_actor(p, &type);
    if (parser_expect(p, TOKEN_COLON, "`:` and the type's values")) {
        parse_members(p, &type, TOKEN_COMMA, "a value");
    }
    tree_add(p, &type, p->panic ? NULL : parse_quantity_value(p));
    parse_notes(p, &type, "a type");
    tree_add(p, file, tree_done(p, &type));
}

// that front > 5 km
static void parse_that(Parser *p, Tree *belief, Token word)
{
    Tree that = tree_new(p, NODE_THAT, word);
    tree_add(p, &that, parse_expr(p));
    tree_add(p, belief, tree_done(p, &that));
}

// starts 40%, starts 20% to 60%
static void parse_starts(Parser *p, Tree *belief, Token word)
{
    Tree value = tree_new(p, NODE_VALUE, word);
    value.node->flags |= NODE_TILDE;
    tree_add(p, &value, parse_expr(p));
    tree_add(p, belief, tree_done(p, &value));
}

// belief guilt of s in senders that e starts 40%
void parse_belief(Parser *p, Tree *file, Token word)
{
    static const Clause clauses[] = {{WORD_THAT, parse_that, false},
                                     {WORD_STARTS, parse_starts, false}};
    static const ClauseSet set = {"a belief", clauses, 2, true, NULL};
    Tree belief = declare(p, NODE_BELIEF, word, "a belief");
    parse_of_actor(p, &belief);
    parse_body(p, &belief, &set);
    tree_add(p, file, tree_done(p, &belief));
}

// correlate a, b[POL] 0.6
void parse_correlate(Parser *p, Tree *owner, Token word)
{
    Tree tree = tree_new(p, NODE_CORRELATE, word);
    do {
        if (parser_at(p) != TOKEN_NAME) {
            parser_expected(p, "the name of a param");
            break;
        }
        Node *target = parse_target(p);
        if (target && tree.last == NULL) {
            tree_name(&tree, target->text, target->span);
        }
        tree_add(p, &tree, target);
    } while (!p->panic && parser_accept(p, TOKEN_COMMA));
    bool number = parser_at(p) == TOKEN_NUMBER || parser_at(p) == TOKEN_MINUS;
    if (!p->panic && !number) {
        Str found = parser_found(p);
        Diag *diag = parser_error(
            p, 210, "expected how strongly, a number from -1 to 1, found %.*s", STR_ARG(found));
        diag_help(p->diags, diag, "write `correlate loss, advance 0.6`");
    }
    tree_add(p, &tree, p->panic ? NULL : parse_unary(p));
    parse_notes(p, &tree, "a correlation");
    tree_add(p, owner, tree_done(p, &tree));
}

// def ratio(a, b) = a / max(b, 1)
void parse_def(Parser *p, Tree *file, Token word)
{
    Tree def = declare(p, NODE_DEF, word, "a function");
    layout_tight(p, p->last);
    if (parser_expect(p, TOKEN_LEFT_PAREN, "`(` and the function's parameters")) {
        if (parser_at(p) != TOKEN_RIGHT_PAREN) {
            parse_members(p, &def, TOKEN_COMMA, "a parameter");
        }
        parser_expect(p, TOKEN_RIGHT_PAREN, "`)` after the parameters");
    }
    if (parser_expect(p, TOKEN_ASSIGN, "`=` and the function's value")) {
        tree_add(p, &def, parse_expr(p));
    }
    parse_notes(p, &def, "a function");
    tree_add(p, file, tree_done(p, &def));
}

// stop = "stop", "when", expression
void parse_stop(Parser *p, Tree *file, Token word)
{
    Tree stop = tree_new(p, NODE_STOP, word);
    if (parser_expect_word(p, WORD_WHEN)) {
        tree_add(p, &stop, parse_expr(p));
    }
    parse_notes(p, &stop, "`stop`");
    tree_add(p, file, tree_done(p, &stop));
}

// check = "check", expression, [ string ]
void parse_check(Parser *p, Tree *file, Token word)
{
    Tree check = tree_new(p, NODE_CHECK, word);
    tree_add(p, &check, parse_expr(p));
    parse_title(p, &check);
    parse_notes(p, &check, "a check");
    tree_add(p, file, tree_done(p, &check));
}
