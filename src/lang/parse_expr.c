// SPDX-License-Identifier: MIT
//
// Expressions: operators by precedence, and what they stand between. Ranges, windows and numbers
// with units are in parse_value.c. From loosest to tightest:
//
//     or    and    not    comparisons    + -    * /    ranges and windows    unary -    ^
#include "base/limits.h"
#include "lang/parse_impl.h"

enum { LEVEL_OR = 1, LEVEL_AND, LEVEL_NOT, LEVEL_COMPARE, LEVEL_SUM, LEVEL_PRODUCT, LEVEL_VALUE };

// ---- Operators --------------------------------------------------------------------------------

static const struct {
    TokenKind kind;
    int level;
} SIGNS[] = {
    {TOKEN_PLUS, LEVEL_SUM},          {TOKEN_MINUS, LEVEL_SUM},
    {TOKEN_STAR, LEVEL_PRODUCT},      {TOKEN_SLASH, LEVEL_PRODUCT},
    {TOKEN_LESS, LEVEL_COMPARE},      {TOKEN_LESS_EQUAL, LEVEL_COMPARE},
    {TOKEN_GREATER, LEVEL_COMPARE},   {TOKEN_GREATER_EQUAL, LEVEL_COMPARE},
    {TOKEN_ASSIGN, LEVEL_COMPARE},    {TOKEN_EQUAL_EQUAL, LEVEL_COMPARE},
    {TOKEN_NOT_EQUAL, LEVEL_COMPARE},
};

// The level of the operator that comes next, 0 when none does.
static int operator_level(const Parser *p)
{
    TokenKind kind = parser_at(p);
    if (kind == TOKEN_NAME) {
        Keyword word = p->ahead[0].word;
        return word == WORD_OR    ? LEVEL_OR
               : word == WORD_AND ? LEVEL_AND
               : word == WORD_IS  ? LEVEL_COMPARE
                                  : 0;
    }
    if (kind == TOKEN_ASSIGN && p->brackets > 0 && p->ahead[0].line > p->bracket_line) {
        return 0; // an assignment: a bracket above was left open
    }
    bool new_part = p->in_worth && p->brackets == 0 && p->ahead[0].first;
    if (new_part && (kind == TOKEN_PLUS || kind == TOKEN_MINUS)) {
        return 0;
    }
    for (size_t i = 0; i < sizeof SIGNS / sizeof SIGNS[0]; i++) {
        if (SIGNS[i].kind == kind) {
            return SIGNS[i].level;
        }
    }
    return 0;
}

// `=` and `==` compare in other languages. Say what to write, and go on as if it had been written.
static Str report_sign(Parser *p, Token token)
{
    bool not_equal = token.kind == TOKEN_NOT_EQUAL;
    Str sign = token_kind_text(token.kind);
    Diag *diag = diag_report(p->diags, 230, parser_span(p, token), "`%.*s` does not compare here",
                             STR_ARG(sign));
    diag_help(p->diags, diag,
              not_equal ? "write `is not` to compare"
                        : "use `is` to compare; `=` defines and assigns");
    return not_equal ? STR("is_not") : STR("is");
}

// is, is not, is at least, is at most
static Str take_is(Parser *p)
{
    parser_take(p);
    if (parser_accept_word(p, WORD_NOT)) {
        return STR("is_not");
    }
    if (parser_at_word(p, WORD_AT)) {
        parser_take(p);
        if (parser_accept_word(p, WORD_LEAST)) {
            return STR("is_at_least");
        }
        if (parser_accept_word(p, WORD_MOST)) {
            return STR("is_at_most");
        }
        parser_expected(p, "`least` or `most` after `is at`");
        return STR("is_at_least");
    }
    const Str more[] = {STR("more"), STR("greater"), STR("above"), STR("over"),
                        STR("less"), STR("below"),   STR("under"), STR("fewer")};
    for (size_t i = 0; parser_at(p) == TOKEN_NAME && i < sizeof more / sizeof more[0]; i++) {
        if (str_eq(p->ahead[0].text, more[i]) && parser_at_operand(p, 1)) {
            Diag *diag = parser_error(p, 232, "`is %.*s` does not compare here", STR_ARG(more[i]));
            diag_help(p->diags, diag,
                      i < 4 ? "write `>`, or `is at least` for `>=`"
                            : "write `<`, or `is at most` for `<=`");
        }
    }
    return STR("is");
}

// Operators have the text that the tree keeps: as written, `is_not` for `is not`.
static Str take_operator(Parser *p)
{
    Token token = p->ahead[0];
    if (token.kind == TOKEN_NAME && token.word == WORD_IS) {
        return take_is(p);
    }
    parser_take(p);
    if (token.kind == TOKEN_NAME) {
        return token.text;
    }
    if (token.kind == TOKEN_ASSIGN || token.kind == TOKEN_EQUAL_EQUAL ||
        token.kind == TOKEN_NOT_EQUAL) {
        return report_sign(p, token);
    }
    return token_kind_text(token.kind);
}

// A range without brackets around it.
static bool open_range(const Node *node)
{
    return node != NULL && (node->kind == NODE_RANGE || node->kind == NODE_UP_TO) &&
           !(node->flags & NODE_PARENS);
}

// `a + 1 to 3`: does the sum start the range, or the range the sum?
static void check_range_operand(Parser *p, const Node *operand)
{
    if (open_range(operand)) {
        Diag *diag = diag_report(p->diags, 233, operand->span,
                                 "it is not clear where this range begins or ends");
        diag_help(p->diags, diag, "put brackets around the range, or around its ends");
    }
}

// `a < b < c` means something else in mathematics than in most languages: refuse it.
static void check_chain(Parser *p, int level, Token token)
{
    if (level == LEVEL_COMPARE && operator_level(p) == LEVEL_COMPARE) {
        Diag *diag = parser_error(p, 231, "two comparisons in a row");
        diag_related(diag, parser_span(p, token), "the first is here");
        diag_help(p->diags, diag, "join them with `and`: `a < b and b < c`");
    }
}

// `3-6` between blanks is a difference, without them many mean a range or a date.
static void check_dash(Parser *p, const Node *left, Token token, const Node *right)
{
    if (right != NULL && right->kind == NODE_WITHIN) {
        right = right->child;
    }
    if (left->kind == NODE_NUMBER && right != NULL && right->kind == NODE_NUMBER) {
        Diag *diag = diag_report(p->diags, 237, parser_span(p, token),
                                 "this dash could be a range, a minus or part of a date");
        diag_help(p->diags, diag,
                  "write `3 to 6` for a range, `3 - 6` for a minus, dates as 2024-03-04");
    }
}

// `3 +- 1` and `3 +/- 1`, which would be read as 3 less 1 or not at all.
static void check_plus_minus(Parser *p, Token token)
{
    Token next = p->ahead[0];
    bool sign = next.kind == TOKEN_MINUS || next.kind == TOKEN_SLASH;
    if (token.kind == TOKEN_PLUS && sign && next.glued) {
        Diag *diag = parser_error(p, 237, "a plus and a minus together could be a range");
        diag_help(p->diags, diag,
                  "write `2 to 4` or `around 3 give or take 1`; to take away, `3 - 1`");
    }
}

static Node *parse_level(Parser *p, int level);

// left operator right, with the operator next. Operands on the right bind one level tighter, which
// makes a - b - c read from the left.
static Node *binary(Parser *p, Node *left, int level)
{
    Token token = p->ahead[0];
    Str text = take_operator(p);
    bool dash = token.kind == TOKEN_MINUS && token.glued && p->ahead[0].glued;
    check_plus_minus(p, token);
    Node *right = parse_level(p, level + 1);
    if (dash) {
        check_dash(p, left, token, right);
    }
    if (level >= LEVEL_SUM) {
        check_range_operand(p, left);
        check_range_operand(p, right);
    }
    Tree tree = tree_around(p, NODE_BINARY, left);
    tree_name(&tree, text, parser_span(p, token));
    tree_add(p, &tree, right);
    check_chain(p, level, token);
    return tree_done(p, &tree);
}

// negation = { "not" }, comparison
static Node *parse_not(Parser *p)
{
    if (!parser_at_word(p, WORD_NOT)) {
        return parse_level(p, LEVEL_COMPARE);
    }
    Token token = parser_take(p);
    Tree tree = tree_new(p, NODE_UNARY, token);
    tree.node->text = token.text;
    if (parser_enter(p)) {
        tree_add(p, &tree, parse_not(p));
    }
    parser_leave(p);
    return tree_done(p, &tree);
}

// Precedence climbing (Richards 1979): each level is a run of operands of the next, with operators
// of its own between them.
static Node *parse_level(Parser *p, int level)
{
    if (level == LEVEL_NOT) {
        return parse_not(p);
    }
    if (level == LEVEL_VALUE) {
        return parse_uncertain(p);
    }
    Node *left = parse_level(p, level + 1);
    while (left != NULL && operator_level(p) == level) {
        left = binary(p, left, level);
    }
    return left;
}

Node *parse_expr(Parser *p)
{
    Node *node = parser_enter(p) ? parse_level(p, LEVEL_OR) : NULL;
    parser_leave(p);
    return node;
}

// For places where a comparison would be a mistake: weights, cuts, worths.
Node *parse_sum(Parser *p)
{
    Node *node = parser_enter(p) ? parse_level(p, LEVEL_SUM) : NULL;
    parser_leave(p);
    return node;
}

// The sum of a worth part, behind its sign if it has one. A minus belongs to the first product
// alone: `- 1.5 + b` is b less 1.5. It is left to the part when that product is all there is.
Node *parse_part(Parser *p, bool *minus)
{
    Token sign = p->last;
    if (!parser_enter(p)) {
        parser_leave(p);
        return NULL;
    }
    Node *left = parse_level(p, LEVEL_PRODUCT);
    if (left != NULL && *minus && operator_level(p) == LEVEL_SUM) {
        Tree tree = tree_new(p, NODE_UNARY, sign);
        tree.node->text = STR("-");
        tree_add(p, &tree, left);
        left = tree_done(p, &tree);
        *minus = false;
    }
    while (left != NULL && operator_level(p) == LEVEL_SUM) {
        left = binary(p, left, LEVEL_SUM);
    }
    parser_leave(p);
    return left;
}

// ---- Brackets ---------------------------------------------------------------------------------

// What the surroundings forbid is allowed again inside brackets.
typedef struct {
    bool in_form, in_worth;
    int32_t line;
    Token token;
} Opened;

static Opened open_bracket(Parser *p)
{
    Opened opened = {p->in_form, p->in_worth, p->bracket_line, p->ahead[0]};
    p->bracket_line = parser_take(p).line;
    p->in_form = false;
    p->in_worth = false;
    p->brackets++;
    return opened;
}

// The bracket around is restored even in panic: recovery starts from a clean slate anyhow.
static void close_bracket(Parser *p, Opened opened, TokenKind kind)
{
    p->in_form = opened.in_form;
    p->in_worth = opened.in_worth;
    p->bracket_line = opened.line;
    if (p->brackets > 0) {
        p->brackets--;
    }
    if (!parser_accept(p, kind)) {
        Str close = token_kind_text(kind), open = token_kind_text(opened.token.kind);
        Str found = parser_found(p);
        Diag *diag =
            parser_error(p, 212, "expected `%.*s`, found %.*s", STR_ARG(close), STR_ARG(found));
        diag_related(diag, parser_span(p, opened.token), "opened here");
        if (diag != NULL && (p->ahead[0].first || p->ahead[0].line > opened.token.line)) {
            diag_help(p->diags, diag,
                      "close the `%.*s`; lines in brackets must be indented deeper than the clause",
                      STR_ARG(open));
        }
    }
}

// The flag keeps brackets through formatting, and tells `(a to b) + 1` from `a to b + 1`.
static Node *parse_parens(Parser *p)
{
    Opened opened = open_bracket(p);
    Node *node = parse_expr(p);
    close_bracket(p, opened, TOKEN_RIGHT_PAREN);
    if (node != NULL) {
        node->flags |= NODE_PARENS;
    }
    return node;
}

// list = expression, { ",", expression }
static void parse_list(Parser *p, Tree *owner)
{
    do {
        tree_add(p, owner, parse_expr(p));
    } while (parser_accept(p, TOKEN_COMMA));
}

// ---- What stands between operators ------------------------------------------------------------

// s in senders except POL
Node *parse_binder(Parser *p)
{
    Tree tree = tree_new(p, NODE_BINDER, p->ahead[0]);
    Span span;
    if (parser_at_word(p, WORD_EACH) && parser_then_word(p, 1) != WORD_IN) {
        Diag *diag = diag_report(p->diags, 210, parser_span(p, parser_take(p)),
                                 "expected the name of a member, found `each`");
        diag_help(p->diags, diag, "leave it out: `for s in allies`");
    }
    Str name = parser_expect_name(p, "the loop variable", &span);
    tree_name(&tree, name, span);
    Token set;
    if (parser_expect_word(p, WORD_IN) && parser_expect_reference(p, "a set", &set)) {
        tree_add(p, &tree, tree_leaf(p, NODE_NAME, set));
    }
    if (parser_at_word(p, WORD_EXCEPT)) {
        Tree except = tree_new(p, NODE_EXCEPT, parser_take(p));
        tree_add(p, &except, parse_sum(p));
        tree_add(p, &tree, tree_done(p, &except));
    }
    return tree_done(p, &tree);
}

static bool is_aggregate(Keyword word)
{
    return word == WORD_SUM || word == WORD_ANY || word == WORD_ALL || word == WORD_COUNT ||
           word == WORD_MAX || word == WORD_MIN || word == WORD_MEAN;
}

// any(s in senders: deployed[s])
static Node *parse_aggregate(Parser *p, Token name)
{
    Tree tree = tree_new(p, NODE_AGGREGATE, name);
    tree.node->text = name.text;
    Opened opened = open_bracket(p);
    tree_add(p, &tree, parse_binder(p));
    parser_expect(p, TOKEN_COLON, "`:` between the set and what is asked of its members");
    tree_add(p, &tree, parse_expr(p));
    close_bracket(p, opened, TOKEN_RIGHT_PAREN);
    return tree_done(p, &tree);
}

// mixture(30%: 1 to 2, rest: 5 to 9)
static Node *parse_mixture(Parser *p, Token name)
{
    Tree tree = tree_new(p, NODE_MIXTURE, name);
    Opened opened = open_bracket(p);
    do {
        Tree part = tree_new(p, NODE_MIX_PART, p->ahead[0]);
        if (parser_accept_word(p, WORD_REST)) {
            part.node->flags |= NODE_REST;
        } else {
            tree_add(p, &part, parse_sum(p));
        }
        parser_expect(p, TOKEN_COLON, "`:` between the share and its values");
        tree_add(p, &part, parse_expr(p));
        tree_add(p, &tree, tree_done(p, &part));
    } while (parser_accept(p, TOKEN_COMMA));
    close_bracket(p, opened, TOKEN_RIGHT_PAREN);
    return tree_done(p, &tree);
}

// Three parts, whatever they are; kinds are the checker's business.
static void check_truncated(Parser *p, const Node *node)
{
    if (!p->panic && node_count(node) != 3) {
        Diag *diag = diag_report(p->diags, 234, node->span,
                                 "`truncated` takes a distribution and two bounds");
        diag_help(p->diags, diag, "write `truncated(normal(0, 1), -1, 2)`");
    }
}

// call = name, "(", [ list ], ")", or one of the built-in forms with a colon in them
static Node *parse_call(Parser *p, Token name)
{
    layout_tight(p, name);
    bool binder = p->ahead[1].kind == TOKEN_NAME && p->ahead[2].kind == TOKEN_NAME &&
                  p->ahead[2].word == WORD_IN;
    if (is_aggregate(name.word) && binder) {
        return parse_aggregate(p, name);
    }
    if (name.word == WORD_MIXTURE) {
        return parse_mixture(p, name);
    }
    bool truncated = name.word == WORD_TRUNCATED;
    Tree tree = tree_new(p, truncated ? NODE_TRUNCATED : NODE_CALL, name);
    if (!truncated) {
        tree.node->text = name.text;
    }
    Opened opened = open_bracket(p);
    if (parser_at(p) != TOKEN_RIGHT_PAREN) {
        parse_list(p, &tree);
    }
    close_bracket(p, opened, TOKEN_RIGHT_PAREN);
    Node *node = tree_done(p, &tree);
    if (truncated) {
        check_truncated(p, node);
    }
    return node;
}

// index = name, "[", list, "]"
static Node *parse_index(Parser *p, Token name)
{
    Tree tree = tree_new(p, NODE_INDEX, name);
    tree.node->text = name.text;
    Opened opened = open_bracket(p);
    parse_list(p, &tree);
    close_bracket(p, opened, TOKEN_RIGHT_BRACKET);
    return tree_done(p, &tree);
}

// of = name, "of", name
static Node *parse_of(Parser *p, Token name)
{
    Tree tree = tree_new(p, NODE_OF, name);
    tree.node->text = name.text;
    parser_take(p);
    Token owner;
    if (parser_expect_reference(p, "an actor", &owner)) {
        tree_add(p, &tree, tree_leaf(p, NODE_NAME, owner));
    }
    return tree_done(p, &tree);
}

// target = name | index | of
Node *parse_target(Parser *p)
{
    Token name;
    if (!parser_expect_reference(p, "a state", &name)) {
        return NULL;
    }
    bool on_line = !p->ahead[0].first;
    if (on_line && parser_at(p) == TOKEN_LEFT_BRACKET) {
        return parse_index(p, name);
    }
    if (on_line && parser_at_word(p, WORD_OF)) {
        return parse_of(p, name);
    }
    return tree_leaf(p, NODE_NAME, name);
}

// Does token i go on with a phrase such as `roughly even chance`? Names may; of the words of the
// language only those that estimative phrases hold.
static bool goes_on_phrase(const Parser *p, Token before)
{
    Token token = p->ahead[0];
    if (parser_at(p) != TOKEN_NAME || token.first) {
        return false;
    }
    bool word =
        token.word == WORD_NONE || token.word == WORD_NO ||
        (token.word == WORD_CHANCE && (str_eq(before.text, STR("even")) || before.word == WORD_NO));
    TokenKind next = parser_then(p, 1);
    return word && next != TOKEN_LEFT_PAREN && next != TOKEN_LEFT_BRACKET;
}

// phrase = name, name, { name }; a single name stays one
static Node *parse_phrase(Parser *p, Token name)
{
    if (!goes_on_phrase(p, name)) {
        return tree_leaf(p, NODE_NAME, name);
    }
    Tree tree = tree_new(p, NODE_PHRASE, name);
    Buf buf = {.arena = p->arena};
    buf_add(&buf, name.text);
    while (goes_on_phrase(p, p->last)) {
        buf_char(&buf, ' ');
        buf_add(&buf, parser_take(p).text);
    }
    tree.node->text = buf_str(&buf);
    Node *node = tree_done(p, &tree);
    node->name_span = node->span;
    return node;
}

// A bracket or `of` on the next line does not belong to this name.
static Node *parse_named(Parser *p)
{
    Token name = parser_take(p);
    if (!p->ahead[0].first) {
        switch (parser_at(p)) {
        case TOKEN_LEFT_PAREN: return parse_call(p, name);
        case TOKEN_LEFT_BRACKET: return parse_index(p, name);
        case TOKEN_NAME:
            return parser_at_word(p, WORD_OF) ? parse_of(p, name) : parse_phrase(p, name);
        default: break;
        }
    }
    return tree_leaf(p, NODE_NAME, name);
}

// if c then a else b
static Node *parse_if(Parser *p)
{
    Tree tree = tree_new(p, NODE_IF_EXPR, parser_take(p));
    tree_add(p, &tree, parse_expr(p));
    if (parser_expect_word(p, WORD_THEN)) {
        tree_add(p, &tree, parse_expr(p));
    }
    if (parser_at_word(p, WORD_ELSE)) {
        parser_take(p);
        tree_add(p, &tree, parse_expr(p));
    } else {
        Diag *diag = parser_error(p, 235, "this `if` has no `else`");
        diag_help(p->diags, diag, "a value needs both: `if c then a else b`");
    }
    return tree_done(p, &tree);
}

// between 2024-05-01 and 2024-06-01
static Node *parse_between(Parser *p)
{
    Tree tree = tree_new(p, NODE_BETWEEN, parser_take(p));
    tree_add(p, &tree, parse_sum(p));
    if (parser_expect_word(p, WORD_AND)) {
        tree_add(p, &tree, parse_sum(p));
    }
    return tree_done(p, &tree);
}

// previous = "previous", ( target | "(", expression, ")" )
static Node *parse_previous(Parser *p)
{
    Tree tree = tree_new(p, NODE_PREVIOUS, parser_take(p));
    bool parens = parser_at(p) == TOKEN_LEFT_PAREN;
    if (parens) {
        layout_tight(p, p->last);
    }
    tree_add(p, &tree, parens ? parse_parens(p) : parse_target(p));
    return tree_done(p, &tree);
}

static Node *parse_bool(Parser *p)
{
    Token token = parser_take(p);
    Node *node = tree_leaf(p, NODE_BOOL, token);
    node->number = token.word == WORD_YES;
    return node;
}

// The message names the token before, which says more than what was found instead.
static Node *missing_operand(Parser *p)
{
    Str found = parser_found(p);
    Str last = p->last.hi > p->last.lo
                   ? str_sub(p->lexer.text, (size_t)p->last.lo, (size_t)p->last.hi)
                   : STR("");
    last = diag_clip(p->arena, last);
    Diag *diag = parser_error(p, 211, "expected a value after `%.*s`, found %.*s", STR_ARG(last),
                              STR_ARG(found));
    Token token = p->ahead[0];
    if (diag != NULL && token.kind == TOKEN_NAME && token.word == WORD_NOT) {
        diag_help(p->diags, diag, "put brackets around it: `(not ...)`");
    } else if (diag != NULL && p->ahead[1].kind == TOKEN_DATE &&
               (token.word == WORD_AFTER || token.word == WORD_BEFORE)) {
        diag_help(p->diags, diag, "write `today %s 2024-03-04`",
                  token.word == WORD_AFTER ? ">" : "<");
    } else if (diag != NULL && token.word == WORD_FROM && token.kind == TOKEN_NAME) {
        diag_help(p->diags, diag, "a range is `3 to 8`, without `from`");
    } else if (diag != NULL && token.first) {
        diag_help(p->diags, diag,
                  "an expression goes on over lines indented deeper than its clause");
    }
    return NULL;
}

// An operand that starts with a name or a word. Words of clauses are no operands: `when chance 3%`
// lacks a condition.
static Node *parse_word(Parser *p)
{
    switch (p->ahead[0].word) {
    case WORD_IF: return parse_if(p);
    case WORD_BETWEEN: return parse_between(p);
    case WORD_PREVIOUS: return parse_previous(p);
    case WORD_YES:
    case WORD_NO: return parse_bool(p);
    case WORD_TODAY:
    case WORD_STEP: return tree_leaf(p, NODE_NAME, parser_take(p));
    default: break;
    }
    bool meant = parser_meant_as_name(p, p->ahead[0]);
    if (meant || word_class(p->ahead[0].word) == WORD_CLASS_SOFT) {
        return parse_named(p);
    }
    return missing_operand(p);
}

// number with units: `20 km`, `4 km per week`, `0.4 per year`. A percentage has none: its `per` is
// a window.
static Node *parse_number(Parser *p)
{
    Token token = parser_take(p);
    Node *node = tree_leaf(p, NODE_NUMBER, token);
    Tree tree = {.node = node, .errors = p->diags->n_errors};
    if (token.percent) {
        node->flags |= NODE_PERCENT;
        return node;
    }
    TokenKind next = parser_then(p, 1);
    bool unit = parser_at(p) == TOKEN_NAME && !p->ahead[0].first &&
                (p->ahead[0].word == WORD_NONE || p->ahead[0].word == WORD_PER);
    if (unit && (next == TOKEN_LEFT_PAREN || next == TOKEN_LEFT_BRACKET)) {
        Diag *diag = parser_error(p, 236, "`%.*s` follows a number without an operator",
                                  STR_ARG(p->ahead[0].text));
        diag_help(p->diags, diag, "write `%.*s * %.*s`", STR_ARG(token.text),
                  STR_ARG(p->ahead[0].text));
    } else if (unit) {
        tree_add(p, &tree, parse_units(p, p->ahead[0]));
    }
    return tree_done(p, &tree);
}

static Node *parse_primary(Parser *p)
{
    switch (parser_at(p)) {
    case TOKEN_NUMBER: return parse_number(p);
    case TOKEN_DATE: return tree_leaf(p, NODE_DATE, parser_take(p));
    case TOKEN_STRING: return tree_leaf(p, NODE_STRING, parser_take(p));
    case TOKEN_LEFT_PAREN: return parse_parens(p);
    case TOKEN_NAME: return parse_word(p);
    default: return missing_operand(p);
    }
}

// ---- Powers and signs -------------------------------------------------------------------------

// power = primary, [ "^", signed ]
static Node *parse_power(Parser *p)
{
    Node *base = parse_primary(p);
    if (base == NULL || parser_at(p) != TOKEN_CARET) {
        return base;
    }
    Token token = parser_take(p);
    Tree tree = tree_around(p, NODE_BINARY, base);
    tree_name(&tree, STR("^"), parser_span(p, token));
    tree_add(p, &tree, parse_unary(p)); // so that a^b^c is a^(b^c)
    return tree_done(p, &tree);
}

// signed = "-", signed | power
Node *parse_unary(Parser *p)
{
    if (!parser_enter(p)) {
        parser_leave(p);
        return NULL;
    }
    Node *node;
    if (parser_at(p) == TOKEN_MINUS) {
        Tree tree = tree_new(p, NODE_UNARY, parser_take(p));
        layout_tight(p, p->last);
        tree.node->text = STR("-");
        tree_add(p, &tree, parse_unary(p));
        node = tree_done(p, &tree);
    } else {
        node = parse_power(p);
    }
    parser_leave(p);
    return node;
}
