// SPDX-License-Identifier: MIT
//
// Events and decisions. Their clauses may come in any order. Read parse_impl.h first.
#include "lang/parse_impl.h"

#define COUNT(array) ((int32_t)(sizeof(array) / sizeof(array)[0]))

// A clause that is one expression.
static void parse_expr_clause(Parser *p, Tree *owner, Token word, NodeKind kind)
{
    Tree tree = tree_new(p, kind, word);
    tree_add(p, &tree, parse_expr(p));
    tree_add(p, owner, tree_done(p, &tree));
}

// when = "when", expression
static void parse_when(Parser *p, Tree *owner, Token word)
{
    parse_expr_clause(p, owner, word, NODE_WHEN);
}

// The first string on the declaration's own line is its title, in whatever order clauses come.
static bool header_title(Parser *p, Tree *owner)
{
    bool title = parser_at(p) == TOKEN_STRING && p->ahead[0].line == owner->line &&
                 node_child(owner->node, NODE_STRING) == NULL;
    if (title) {
        tree_add(p, owner, tree_leaf(p, NODE_STRING, parser_take(p)));
    }
    return title;
}

// in turn
static void parse_in_turn(Parser *p, Tree *owner, Token word)
{
    (void)word;
    if (!parser_accept_word(p, WORD_TURN)) {
        Str found = parser_found(p);
        parser_error(p, 210, "expected `turn`, found %.*s", STR_ARG(found));
    }
    owner->node->flags |= NODE_IN_TURN;
}

// ---- Events -----------------------------------------------------------------------------------

// for = "for", binder: one event for each member of a set
static void parse_event_for(Parser *p, Tree *event, Token word)
{
    (void)word;
    tree_add(p, event, parse_binder(p));
}

// happened = "happened", date
static void parse_happened(Parser *p, Tree *event, Token word)
{
    Tree tree = tree_new(p, NODE_HAPPENED, word);
    tree_add(p, &tree, parse_date(p));
    tree_add(p, event, tree_done(p, &tree));
}

// chance 10% to 40% within 90 days, chance 30% once
// In what time, in other words: `30% in 1 year`, `3% each week`; but `in turn`.
static bool at_other_window(const Parser *p)
{
    Token token = p->ahead[0];
    if (parser_at(p) != TOKEN_NAME || token.first) {
        return false;
    }
    return token.word == WORD_OVER || token.word == WORD_EACH || token.word == WORD_EVERY ||
           (token.word == WORD_IN && parser_then_word(p, 1) != WORD_TURN);
}

static void parse_chance(Parser *p, Tree *event, Token word)
{
    Tree tree = tree_new(p, NODE_CHANCE, word);
    tree_add(p, &tree, parse_expr(p));
    if (at_other_window(p)) {
        Str found = parser_found(p);
        Diag *diag = parser_error(p, 210, "expected `within` or `per`, found %.*s", STR_ARG(found));
        diag_help(p->diags, diag, "write `30%% within 1 year`, `3%% per week`");
    } else if (parser_accept_near(p, WORD_ONCE)) {
        tree.node->flags |= NODE_ONCE;
    }
    tree_add(p, event, tree_done(p, &tree));
}

// again, again after 30 days
static void parse_again(Parser *p, Tree *event, Token word)
{
    Tree tree = tree_new(p, NODE_AGAIN, word);
    if (parser_accept_word(p, WORD_AFTER)) {
        tree_add(p, &tree, parse_duration(p));
    } else if (parser_at_word(p, WORD_EVERY) && !p->ahead[0].first) {
        Diag *diag = parser_error(p, 203, "expected the end of the line, found `every`");
        diag_help(p->diags, diag, "write `again after 2 weeks`");
    }
    tree_add(p, event, tree_done(p, &tree));
}

static const Clause EVENT_CLAUSES[] = {
    {WORD_FOR, parse_event_for, false},     {WORD_IN, parse_in_turn, false},
    {WORD_HAPPENED, parse_happened, false}, {WORD_WHEN, parse_when, false},
    {WORD_CHANCE, parse_chance, false},     {WORD_THEN, parse_then, false},
    {WORD_AGAIN, parse_again, false},
};
static const ClauseSet EVENT_SET = {"an event", EVENT_CLAUSES, COUNT(EVENT_CLAUSES), true,
                                    header_title};

// event = "event", name, clauses in any order
void parse_event(Parser *p, Tree *file, Token word)
{
    Tree event = tree_new(p, NODE_EVENT, word);
    Span span;
    Str name = parser_expect_name(p, "an event", &span);
    tree_name(&event, name, span);
    parse_body(p, &event, &EVENT_SET);
    tree_add(p, file, tree_done(p, &event));
}

// ---- Decisions --------------------------------------------------------------------------------

// by POL, by s in senders except RUS
static void parse_by(Parser *p, Tree *decision, Token word)
{
    Tree by = tree_new(p, NODE_BY, word);
    Token actor;
    if (parser_then_word(p, 1) == WORD_IN && parser_then_word(p, 2) != WORD_TURN) {
        tree_add(p, &by, parse_binder(p));
    } else if (parser_expect_reference(p, "an actor", &actor)) {
        tree_add(p, &by, tree_leaf(p, NODE_NAME, actor));
    }
    tree_add(p, decision, tree_done(p, &by));
}

// every = "every", duration
static void parse_every(Parser *p, Tree *decision, Token word)
{
    Tree every = tree_new(p, NODE_EVERY, word);
    tree_add(p, &every, parse_duration(p));
    tree_add(p, decision, tree_done(p, &every));
}

// rationality = "rationality", expression: how sharply worths tell options apart
static void parse_rationality(Parser *p, Tree *decision, Token word)
{
    parse_expr_clause(p, decision, word, NODE_RATIONALITY);
}

// cut at 5 km, 10 km
static Node *parse_cuts(Parser *p)
{
    Tree cuts = tree_new(p, NODE_CUTS, parser_take(p));
    if (parser_expect_word(p, WORD_AT)) {
        do {
            tree_add(p, &cuts, parse_sum(p));
        } while (parser_accept(p, TOKEN_COMMA));
    }
    return tree_done(p, &cuts);
}

// give or take 20%
static Node *parse_give(Parser *p)
{
    Tree give = tree_new(p, NODE_GIVE, parser_take(p));
    if (parser_expect_word(p, WORD_OR) && parser_expect_word(p, WORD_TAKE)) {
        tree_add(p, &give, parse_sum(p));
    }
    return tree_done(p, &give);
}

// others = count(...), front cut at 5 km, level give or take 20%
static Node *parse_sight(Parser *p)
{
    Token start = p->ahead[0];
    Tree sight = tree_new(p, NODE_SIGHT, start);
    sight.node->name_span = parser_span(p, start);
    Span span;
    if (parser_then(p, 1) == TOKEN_ASSIGN) {
        Str name = parser_expect_name(p, "what is seen", &span);
        tree_name(&sight, name, span);
        parser_accept(p, TOKEN_ASSIGN);
    }
    tree_add(p, &sight, parse_expr(p));
    while (parser_at_word(p, WORD_CUT) || parser_at_word(p, WORD_GIVE)) {
        bool cut = parser_at_word(p, WORD_CUT);
        tree_add(p, &sight, cut ? parse_cuts(p) : parse_give(p));
    }
    if (parser_at(p) == TOKEN_COMMA) {
        Diag *diag = parser_error(p, 241, "a decision sees one thing a line");
        diag_help(p->diags, diag, "put what follows the comma on a line of its own, below");
    }
    return tree_done(p, &sight);
}

// What it sees, one thing a line, in one column.
static void parse_sees(Parser *p, Tree *decision, Token word)
{
    Tree sees = tree_new(p, NODE_SEES, word);
    if (parser_at(p) == TOKEN_END) {
        parser_expected(p, "what the decision sees");
    }
    parse_lines(p, &sees, parse_sight);
    tree_add(p, decision, tree_done(p, &sees));
}

// weight = "weight", expression
static void parse_weight(Parser *p, Tree *owner, Token word)
{
    parse_expr_clause(p, owner, word, NODE_WEIGHT);
}

static const Clause OPTION_CLAUSES[] = {
    {WORD_WHEN, parse_when, false},
    {WORD_WEIGHT, parse_weight, false},
    {WORD_WORTH, parse_worth, false},
    {WORD_THEN, parse_then, false},
};
static const ClauseSet OPTION_SET = {"an option", OPTION_CLAUSES, COUNT(OPTION_CLAUSES), true,
                                     NULL};

// option = "option", name, [ string ], clauses
static void parse_option(Parser *p, Tree *decision, Token word)
{
    Tree option = tree_new(p, NODE_OPTION, word);
    Span span;
    Str name = parser_expect_name(p, "an option", &span);
    tree_name(&option, name, span);
    parse_title(p, &option);
    parse_body(p, &option, &OPTION_SET);
    tree_add(p, decision, tree_done(p, &option));
}

// ---- Councils ---------------------------------------------------------------------------------

// carried by all, most, any, at least 3
static void parse_carried_by(Parser *p, Tree *decision, Token word)
{
    Tree tree = tree_new(p, NODE_CARRIED_BY, word);
    parser_expect_word(p, WORD_BY);
    if (parser_accept_word(p, WORD_ALL)) {
        tree.node->text = STR("all");
    } else if (parser_accept_word(p, WORD_MOST)) {
        tree.node->text = STR("most");
    } else if (parser_accept_word(p, WORD_ANY)) {
        tree.node->text = STR("any");
    } else if (parser_accept_word(p, WORD_AT)) {
        tree.node->text = STR("least");
        parser_expect_word(p, WORD_LEAST);
        tree_add(p, &tree, p->panic ? NULL : parse_unary(p));
    } else {
        Str found = parser_found(p);
        Diag *diag = parser_error(
            p, 210, "expected `all`, `most`, `any` or `at least` and a number, found %.*s",
            STR_ARG(found));
        diag_help(p->diags, diag, "`most` is more than half; of nine, two thirds are `at least 6`");
    }
    tree_add(p, decision, tree_done(p, &tree));
}

// A state may be called `blocked`: only before `then` is it the council's.
static bool at_council_clause(const Parser *p)
{
    return parser_at_word(p, WORD_WHEN) &&
           (parser_then_word(p, 1) == WORD_CARRIED ||
            (parser_then_word(p, 1) == WORD_BLOCKED && p->ahead[2].word == WORD_THEN &&
             p->ahead[2].column > p->limit));
}

// when carried go then ..., when blocked then ...
static void parse_council_clause(Parser *p, Tree *decision)
{
    static const Clause clauses[] = {{WORD_THEN, parse_then, false}};
    static const ClauseSet set = {"what follows from a vote", clauses, 1, true, NULL};
    Token word = parser_take(p), option;
    bool carried = parser_take(p).word == WORD_CARRIED;
    Tree tree = tree_new(p, carried ? NODE_CARRIED : NODE_BLOCKED, word);
    if (carried && parser_expect_reference(p, "an option", &option)) {
        tree_name(&tree, option.text, parser_span(p, option));
    }
    bool ok = !p->panic;
    parse_body(p, &tree, &set);
    Node *node = tree_done(p, &tree);
    if (ok && node_child(node, NODE_THEN) == NULL && !(node->flags & NODE_BROKEN)) {
        Diag *diag = diag_report(p->diags, 208, node->span, "nothing follows from this vote");
        diag_help(p->diags, diag, "add `then` and statements");
    }
    tree_add(p, decision, node);
}

static bool decision_line(Parser *p, Tree *decision)
{
    if (!at_council_clause(p)) {
        return header_title(p, decision);
    }
    parse_council_clause(p, decision);
    return true;
}

static const Clause DECISION_CLAUSES[] = {
    {WORD_BY, parse_by, false},        {WORD_IN, parse_in_turn, false},
    {WORD_WHEN, parse_when, false},    {WORD_EVERY, parse_every, false},
    {WORD_SEES, parse_sees, false},    {WORD_RATIONALITY, parse_rationality, false},
    {WORD_OPTION, parse_option, true}, {WORD_CARRIED, parse_carried_by, false},
};
static const ClauseSet DECISION_SET = {"a decision", DECISION_CLAUSES, COUNT(DECISION_CLAUSES),
                                       true, decision_line};

// decision = "decision", name, clauses in any order; somebody must take it
void parse_decision(Parser *p, Tree *file, Token word)
{
    Tree decision = tree_new(p, NODE_DECISION, word);
    Span span;
    Str name = parser_expect_name(p, "a decision", &span);
    tree_name(&decision, name, span);
    parse_body(p, &decision, &DECISION_SET);
    Node *node = tree_done(p, &decision);
    if (node_child(node, NODE_BY) == NULL && !(node->flags & NODE_BROKEN)) {
        Diag *diag = diag_report(p->diags, 242, node->name_span, "nobody takes this decision");
        diag_help(p->diags, diag, "write `decision %.*s by` and an actor, or `by s in` a set",
                  STR_ARG(node->text));
        node->flags |= NODE_BROKEN;
    }
    tree_add(p, file, node);
}
