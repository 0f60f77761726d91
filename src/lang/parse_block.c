// SPDX-License-Identifier: MIT
//
// Statements: what `each step`, `then` and their inner blocks are made of. Statements of one block
// start in one column. Read parse_impl.h first.
#include "lang/hints.h"
#include "lang/parse_impl.h"

static Node *parse_block(Parser *p, const char *what, bool may_be_empty);

// ---- Single statements ------------------------------------------------------------------------

static bool is_assignment(TokenKind kind)
{
    return kind == TOKEN_ASSIGN || kind == TOKEN_ADD_ASSIGN || kind == TOKEN_SUB_ASSIGN ||
           kind == TOKEN_MUL_ASSIGN || kind == TOKEN_DIV_ASSIGN;
}

// Where a new value should stand and something else does.
static const char *statement_help(const Parser *p, const Node *target)
{
    Token found = p->ahead[0];
    if (found.kind == TOKEN_NAME && found.word == WORD_IS) {
        return "`is` compares; write `=` to assign";
    }
    const char *help = target ? hint_other_words(HINT_STATEMENT, target->text) : NULL;
    if (help == NULL && found.kind == TOKEN_NAME) {
        help = hint_other_words(HINT_STATEMENT, found.text);
    }
    if (help == NULL && p->ahead[1].kind == found.kind && p->ahead[1].glued) {
        help = found.kind == TOKEN_PLUS    ? "write `x += 1`"
               : found.kind == TOKEN_MINUS ? "write `x -= 1`"
                                           : NULL;
    }
    return help ? help : "a statement changes a state: `x = 1`, `x += 1`, `raise x to y`";
}

// x = e, x[s] += e
static Node *parse_assign(Parser *p)
{
    Node *target = parse_target(p);
    Tree tree = tree_around(p, NODE_ASSIGN, target);
    if (is_assignment(parser_at(p))) {
        Token token = parser_take(p);
        tree_name(&tree, token_kind_text(token.kind), parser_span(p, token));
        tree_add(p, &tree, parse_expr(p));
        return tree_done(p, &tree);
    }
    Str found = parser_found(p);
    Diag *diag = parser_error(p, 240, "expected `=` and a new value, found %.*s", STR_ARG(found));
    diag_help(p->diags, diag, "%s", statement_help(p, target));
    return tree_done(p, &tree);
}

// raise level to war, lower level by 1
static Node *parse_raise(Parser *p)
{
    Token word = parser_take(p);
    Tree tree = tree_new(p, word.word == WORD_RAISE ? NODE_RAISE : NODE_LOWER, word);
    tree_add(p, &tree, parse_target(p));
    if (parser_accept_word(p, WORD_BY)) {
        tree.node->flags |= NODE_BY_AMOUNT;
    } else if (!parser_accept_word(p, WORD_TO)) {
        parser_expected(p, "`to` and a rung, or `by` and a number of rungs");
    }
    tree_add(p, &tree, p->panic ? NULL : parse_expr(p));
    return tree_done(p, &tree);
}

// let = "let", name, "=", expression
static Node *parse_let(Parser *p)
{
    Tree tree = tree_new(p, NODE_LET, parser_take(p));
    Span span;
    Str name = parser_expect_name(p, "the value", &span);
    tree_name(&tree, name, span);
    if (parser_expect(p, TOKEN_ASSIGN, "`=` and the value")) {
        tree_add(p, &tree, parse_expr(p));
    }
    return tree_done(p, &tree);
}

// hears guilt[s] hit 80% false alarm 30%; told guilt[s] yes hit 80% false alarm 30%
static Node *parse_evidence(Parser *p)
{
    Token word = p->ahead[0];
    Tree tree = tree_new(p, word.word == WORD_HEARS ? NODE_HEARS : NODE_TOLD, parser_take(p));
    tree_add(p, &tree, parse_target(p));
    if (word.word == WORD_TOLD && !p->panic) {
        if (parser_at_word(p, WORD_HIT)) {
            parser_expected(p, "`yes` or `no`, what is told");
        } else {
            tree_add(p, &tree, parse_expr(p));
        }
    }
    if (!p->panic && !parser_accept_word(p, WORD_HIT)) {
        parser_expected(p, "`hit` and how often the signal comes when it is true");
    }
    tree_add(p, &tree, p->panic ? NULL : parse_sum(p));
    if (!p->panic && !(parser_accept_word(p, WORD_FALSE) && parser_accept_word(p, WORD_ALARM))) {
        parser_expected(p, "`false alarm` and how often the signal comes when it is false");
    }
    tree_add(p, &tree, p->panic ? NULL : parse_sum(p));
    return tree_done(p, &tree);
}

// ---- Statements with blocks -------------------------------------------------------------------

// `else` belongs to the `if` in whose column it stands, or on whose line.
static bool at_else(const Parser *p, int32_t column)
{
    Token token = p->ahead[0];
    return !p->panic && token.kind == TOKEN_NAME && token.word == WORD_ELSE &&
           (!token.first || token.column == column);
}

// `then` may stand between a condition and its statements; it does when they share a line.
static void take_then(Parser *p)
{
    if (parser_at_word(p, WORD_THEN)) {
        if (p->ahead[1].first) {
            layout_edit(p, p->ahead[0], NULL);
        }
        parser_take(p);
    } else if (!p->ahead[0].first) {
        layout_edit(p, p->ahead[0], "then");
    }
}

// if = "if", expression, [ "then" ], block, [ "else", block ]; an `else if` keeps the column of the
// first `if`, so that chains do not wander to the right
static Node *parse_if_statement(Parser *p, int32_t column)
{
    Tree tree = tree_new(p, NODE_IF_STMT, parser_take(p));
    if (!parser_enter(p)) {
        parser_leave(p);
        return tree_done(p, &tree);
    }
    tree_add(p, &tree, parse_expr(p));
    take_then(p);
    tree_add(p, &tree, parse_block(p, "`if`", false));
    if (at_else(p, column)) {
        int32_t outer = layout_begin(p, MARK_ELSE, -1);
        parser_take(p);
        layout_end(p, outer);
        bool chain = parser_at_word(p, WORD_IF) && !p->ahead[0].first;
        tree_add(p, &tree, chain ? parse_if_statement(p, column) : parse_block(p, "`else`", false));
    }
    parser_leave(p);
    return tree_done(p, &tree);
}

// for z in zones
static Node *parse_for(Parser *p)
{
    Tree tree = tree_new(p, NODE_FOR, parser_take(p));
    tree_add(p, &tree, parse_binder(p));
    tree_add(p, &tree, parse_block(p, "`for`", false));
    return tree_done(p, &tree);
}

// after 3 to 10 days
static Node *parse_after(Parser *p)
{
    Tree tree = tree_new(p, NODE_AFTER, parser_take(p));
    tree_add(p, &tree, parse_expr(p));
    tree_add(p, &tree, parse_block(p, "`after`", false));
    return tree_done(p, &tree);
}

// 1/6 x = 1: where the share ends and the statement begins could not be told.
static void share_ends(Parser *p)
{
    if (parser_at(p) >= TOKEN_PLUS && parser_at(p) <= TOKEN_CARET) {
        Diag *diag = parser_error(p, 210, "a share that is worked out stands in brackets");
        diag_help(p->diags, diag, "write `(1/6)`, or a number: `2.5%%`");
    }
}

// 0.3 n += 1: what follows the number would be read as its unit.
static bool share_without_sign(Parser *p)
{
    TokenKind assigns = parser_then(p, 2);
    if (parser_at(p) != TOKEN_NUMBER || p->ahead[0].percent || parser_then(p, 1) != TOKEN_NAME ||
        !is_assignment(assigns)) {
        return false;
    }
    Diag *diag = parser_error(p, 210, "a share is a percentage");
    diag_help(p->diags, diag, "write `30%%`, or `(0.3)`");
    return true;
}

// 40% "ceasefire" and its statements
static Node *parse_outcome(Parser *p)
{
    Tree tree = tree_new(p, NODE_OUTCOME, p->ahead[0]);
    if (parser_accept_word(p, WORD_REST)) {
        tree.node->flags |= NODE_REST;
    } else if (!share_without_sign(p)) {
        tree_add(p, &tree, parse_share(p));
        share_ends(p);
    }
    parse_title(p, &tree);
    tree_add(p, &tree, parse_block(p, "the outcome", true));
    return tree_done(p, &tree);
}

// ---- Blocks -----------------------------------------------------------------------------------

// Can this token start a statement? Words of clauses end the block: they belong further out.
static bool starts_statement(const Parser *p, Token token)
{
    if (token.kind != TOKEN_NAME) {
        return token.kind != TOKEN_STRING;
    }
    switch (token.word) {
    case WORD_RAISE:
    case WORD_LOWER:
    case WORD_HEARS:
    case WORD_TOLD:
    case WORD_LET:
    case WORD_IF:
    case WORD_FOR:
    case WORD_AFTER:
    case WORD_ONE:
    case WORD_ELSE: return true;
    default: return word_class(token.word) != WORD_CLASS_RESERVED || parser_meant_as_name(p, token);
    }
}

// The line of a statement or outcome is complete: nothing may follow on it but clause words, and no
// deeper line.
static void check_rest(Parser *p, Token start)
{
    if (parser_at(p) == TOKEN_END) {
        return;
    }
    Str found = parser_found(p);
    if (p->ahead[0].first) {
        Diag *diag = parser_error(p, 202, "%.*s is indented as if it belonged to the line above",
                                  STR_ARG(found));
        diag_help(p->diags, diag, "start it in column %d", (int)start.column);
    } else if (starts_statement(p, p->ahead[0]) && p->ahead[0].word != WORD_ELSE) {
        Diag *diag =
            parser_error(p, 203, "expected the end of the line, found %.*s", STR_ARG(found));
        if (p->ahead[0].kind == TOKEN_COMMA) {
            diag_help(p->diags, diag, "put what follows on a line of its own, in the same column");
        }
    }
}

// After a faulty `if`, its `else` has nothing to belong to.
static void recover_statement(Parser *p, Token start)
{
    parser_recover(p, start.column);
    while (start.word == WORD_IF && p->ahead[0].word == WORD_ELSE &&
           p->ahead[0].column == start.column) {
        parser_take(p);
        parser_recover(p, start.column);
    }
}

// One line of a block: `parse` with the line's column as limit, then recovery.
static void parse_line(Parser *p, Tree *owner, Column *column, Node *(*parse)(Parser *p))
{
    Token start = p->ahead[0];
    bool begun = column->expected != 0;
    parser_check_column(p, column);
    int32_t limit = p->limit;
    p->limit = start.column;
    p->ahead[0].first = false;
    int32_t outer = layout_begin(p, MARK_LINE, begun ? column->mark : -1);
    column->mark = begun ? column->mark : p->item;
    tree_add(p, owner, parse(p));
    layout_end(p, outer);
    check_rest(p, start);
    if (p->panic) {
        recover_statement(p, start);
    }
    p->limit = limit;
}

// Is there another line for the block?
static bool at_line(const Parser *p)
{
    return parser_at(p) != TOKEN_END;
}

// One line after another, until one stands at or left of the limit, or goes on behind another.
void parse_lines(Parser *p, Tree *owner, Node *(*parse)(Parser *p))
{
    Column column = {0};
    while (at_line(p) && (p->ahead[0].first || owner->last == NULL)) {
        parse_line(p, owner, &column, parse);
    }
}

// one of, and outcomes in one column
static Node *parse_one_of(Parser *p)
{
    Tree tree = tree_new(p, NODE_ONE_OF, parser_take(p));
    parser_expect_word(p, WORD_OF);
    if (!at_line(p)) {
        parser_expected(p, "outcomes such as `40% \"ceasefire\"`, each on a line of its own");
    }
    parse_lines(p, &tree, parse_outcome);
    return tree_done(p, &tree);
}

// The word that starts a statement tells which it is; any other name is assigned to.
static Node *parse_statement_of(Parser *p)
{
    switch (p->ahead[0].kind == TOKEN_NAME ? p->ahead[0].word : WORD_NONE) {
    case WORD_RAISE:
    case WORD_LOWER: return parse_raise(p);
    case WORD_HEARS:
    case WORD_TOLD: return parse_evidence(p);
    case WORD_LET: return parse_let(p);
    case WORD_IF: return parse_if_statement(p, p->ahead[0].column);
    case WORD_FOR: return parse_for(p);
    case WORD_AFTER: return parse_after(p);
    case WORD_ONE:
        if (parser_then_word(p, 1) == WORD_OF) {
            return parse_one_of(p);
        }
        return parse_assign(p);
    case WORD_ELSE: {
        Diag *diag = parser_error(p, 209, "this `else` has no `if` in its column");
        diag_help(p->diags, diag, "start `else` in the column of its `if`");
        return NULL;
    }
    default: break;
    }
    if (p->ahead[0].kind == TOKEN_NAME) {
        bool later = word_class(p->ahead[0].word) == WORD_CLASS_LATER &&
                     !parser_meant_as_name(p, p->ahead[0]);
        return later ? parse_later(p) : parse_assign(p);
    }
    parser_expected(p, "a statement");
    return NULL;
}

static Node *parse_statement(Parser *p)
{
    Node *node = parser_enter(p) ? parse_statement_of(p) : NULL;
    parser_leave(p);
    return node;
}

// Statements, to the first line that is none or stands at or left of the limit.
static void parse_statements(Parser *p, Tree *block)
{
    Column column = {0};
    while (at_line(p) && starts_statement(p, p->ahead[0]) &&
           (p->ahead[0].first || block->last == NULL)) {
        parse_line(p, block, &column, parse_statement);
    }
}

// block = statement, { statement }, in one column
static Node *parse_block(Parser *p, const char *what, bool may_be_empty)
{
    parser_skip_colon(p);
    Token start = p->ahead[0];
    Tree block = tree_new(p, NODE_BLOCK, at_line(p) ? start : p->last);
    if (!at_line(p) || !starts_statement(p, start) || start.word == WORD_ELSE) {
        block.node->span.lo = block.node->span.hi = p->last.hi;
        if (!may_be_empty) {
            Str found = parser_found(p);
            Diag *diag = parser_error(p, 208, "expected a statement after %s, found %.*s", what,
                                      STR_ARG(found));
            diag_help(p->diags, diag, "indent what belongs to %s deeper than its line", what);
        }
        return tree_done(p, &block);
    }
    parse_statements(p, &block);
    return tree_done(p, &block);
}

// then = "then", block
void parse_then(Parser *p, Tree *owner, Token word)
{
    Tree then = tree_new(p, NODE_THEN, word);
    tree_add(p, &then, parse_block(p, "`then`", false));
    tree_add(p, owner, tree_done(p, &then));
}

// ---- each step, on DATE -----------------------------------------------------------------------

static const ClauseSet BLOCK_NOTES = {"this block", NULL, 0, true, NULL};

// each step, its statements, and notes before or after them
void parse_each_step(Parser *p, Tree *file, Token word)
{
    Tree tree = tree_new(p, NODE_EACH_STEP, word);
    parser_expect_word(p, WORD_STEP);
    if (!p->panic) {
        tree_add(p, &tree, parse_block(p, "`each step`", false));
    }
    parse_body(p, &tree, &BLOCK_NOTES);
    tree_add(p, file, tree_done(p, &tree));
}

// on 2024-05-09 then ...
void parse_on(Parser *p, Tree *file, Token word)
{
    static const Clause clauses[] = {{WORD_THEN, parse_then, false}};
    static const ClauseSet set = {"`on`", clauses, 1, true, NULL};
    Tree tree = tree_new(p, NODE_ON, word);
    tree_add(p, &tree, parse_date(p));
    bool ok = !p->panic;
    parse_body(p, &tree, &set);
    if (ok && node_child(tree.node, NODE_THEN) == NULL && p->diags->n_errors == tree.errors) {
        Diag *diag = diag_report(p->diags, 208, tree.node->span, "nothing happens on this date");
        diag_help(p->diags, diag, "add `then` and statements");
    }
    tree_add(p, file, tree_done(p, &tree));
}
