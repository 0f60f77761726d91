// SPDX-License-Identifier: MIT
//
// Uncertain values: ranges, quantiles, windows, units, categories, and the parts of a worth. They
// bind tighter than * and /, looser than a minus sign: `2 * 10% to 40% within 90 days` doubles the
// rate. See language.md, "Uncertain values" and "Chance needs a window".
#include "base/limits.h"
#include "lang/parse_impl.h"

// ---- Units ------------------------------------------------------------------------------------

// km to the first power, week to the power of minus one.
static Node *unit_power(Parser *p, Token name, double power)
{
    Tree tree = tree_new(p, NODE_UNIT_POWER, name);
    tree.node->text = name.text;
    tree.node->number = power;
    return tree.node;
}

// km, km per week, per year
Node *parse_units(Parser *p, Token start)
{
    Tree tree = tree_new(p, NODE_UNITS, start);
    Token name;
    if (!parser_at_word(p, WORD_PER)) {
        if (!parser_expect_reference(p, "a unit", &name)) {
            return NULL;
        }
        tree_add(p, &tree, unit_power(p, name, 1));
    }
    while (!p->ahead[0].first && parser_accept_word(p, WORD_PER)) {
        if (parser_expect_reference(p, "a unit", &name)) {
            tree_add(p, &tree, unit_power(p, name, -1));
        }
    }
    return tree_done(p, &tree);
}

// ---- Windows ----------------------------------------------------------------------------------

// A time, written out or as a name; `within` and `every` want nothing longer.
Node *parse_duration(Parser *p)
{
    if (parser_at(p) == TOKEN_NUMBER || parser_at(p) == TOKEN_NAME ||
        parser_at(p) == TOKEN_LEFT_PAREN) {
        return parse_unary(p);
    }
    parser_expected(p, "a time such as `90 days`");
    return NULL;
}

// One week for `per week`.
static Node *one_unit(Parser *p)
{
    Token start = p->ahead[0];
    if (parser_at(p) == TOKEN_NUMBER) {
        return parse_unary(p);
    }
    Token name;
    if (!parser_expect_reference(p, "a unit of time", &name)) {
        return NULL;
    }
    Tree number = tree_new(p, NODE_NUMBER, start);
    number.node->text = STR("1");
    number.node->number = 1;
    Tree units = tree_new(p, NODE_UNITS, start);
    tree_add(p, &units, unit_power(p, name, 1));
    tree_add(p, &number, tree_done(p, &units));
    return tree_done(p, &number);
}

// e within 90 days, e per week
static Node *parse_window(Parser *p, Node *value)
{
    while (value != NULL) {
        bool within = parser_at_word(p, WORD_WITHIN) && !(p->in_form && p->brackets == 0);
        if (!within && !parser_at_word(p, WORD_PER)) {
            break;
        }
        parser_take(p);
        Tree tree = tree_around(p, NODE_WITHIN, value);
        tree_add(p, &tree, within ? parse_duration(p) : one_unit(p));
        value = tree_done(p, &tree);
    }
    return value;
}

// ---- Ranges -----------------------------------------------------------------------------------

// Can token i start an operand? Only when it stands on the same line.
bool parser_at_operand(const Parser *p, int32_t i)
{
    switch (parser_then(p, i)) {
    case TOKEN_NUMBER:
    case TOKEN_DATE:
    case TOKEN_LEFT_PAREN: return true;
    case TOKEN_MINUS: // `low -3`, but not `low - 3`
        return i + 1 < LOOKAHEAD && !p->ahead[i].glued && p->ahead[i + 1].glued;
    case TOKEN_NAME: {
        Keyword word = p->ahead[i].word;
        return word == WORD_NONE || word == WORD_YES || word == WORD_NO || word == WORD_TODAY ||
               word == WORD_PREVIOUS || word == WORD_STEP || word == WORD_IF || word == WORD_NOT ||
               word == WORD_BETWEEN || (word >= WORD_SUM && word <= WORD_TRUNCATED);
    }
    default: return false;
    }
}

// low 0.5 mode 1 high 3
static Node *parse_pert(Parser *p)
{
    Tree tree = tree_new(p, NODE_PERT, parser_take(p));
    tree_add(p, &tree, parse_unary(p));
    if (parser_expect_word(p, WORD_MODE)) {
        tree_add(p, &tree, parse_unary(p));
    }
    if (parser_expect_word(p, WORD_HIGH)) {
        tree_add(p, &tree, parse_unary(p));
    }
    return tree_done(p, &tree);
}

static bool expect_give_or_take(Parser *p)
{
    return parser_expect_word(p, WORD_GIVE) && parser_expect_word(p, WORD_OR) &&
           parser_expect_word(p, WORD_TAKE);
}

// around 3000 give or take 10%
static Node *parse_around(Parser *p)
{
    Tree tree = tree_new(p, NODE_AROUND, parser_take(p));
    tree_add(p, &tree, parse_unary(p));
    if (expect_give_or_take(p)) {
        tree_add(p, &tree, parse_unary(p));
    }
    return tree_done(p, &tree);
}

// A percentage with a value right behind it: `5% 10 km`.
static bool at_quantile(const Parser *p)
{
    return parser_at(p) == TOKEN_NUMBER && p->ahead[0].percent && parser_at_operand(p, 1);
}

// 5% 10 km 50% 20 km 95% 50 km
static Node *parse_quantiles(Parser *p)
{
    Tree tree = tree_new(p, NODE_QUANTILES, p->ahead[0]);
    while (at_quantile(p)) {
        Token share = parser_take(p);
        Tree point = tree_new(p, NODE_QPOINT, share);
        point.node->number = share.number;
        tree_add(p, &point, parse_unary(p));
        tree_add(p, &tree, tree_done(p, &point));
    }
    return tree_done(p, &tree);
}

// a to b, a up to b, or a alone
static Node *parse_range(Parser *p)
{
    Node *first = parse_unary(p);
    bool up = parser_at_word(p, WORD_UP) && parser_then_word(p, 1) == WORD_TO;
    if (first == NULL || !(up || parser_at_word(p, WORD_TO))) {
        return first;
    }
    if (up) {
        parser_take(p);
    }
    parser_take(p);
    Tree tree = tree_around(p, up ? NODE_UP_TO : NODE_RANGE, first);
    tree_add(p, &tree, parse_unary(p));
    return tree_done(p, &tree);
}

Node *parse_share(Parser *p)
{
    return parse_range(p);
}

// uncertain = ( share | pert | quantiles | around ), [ window ]; the words that begin one of these
// are names where no value follows them.
Node *parse_uncertain(Parser *p)
{
    Node *value;
    if (parser_at_word(p, WORD_LOW) && parser_at_operand(p, 1)) {
        value = parse_pert(p);
    } else if (parser_at_word(p, WORD_AROUND) && parser_at_operand(p, 1)) {
        value = parse_around(p);
    } else if (at_quantile(p)) {
        value = parse_quantiles(p);
    } else {
        value = parse_range(p);
    }
    return parse_window(p, value);
}

// ---- What stands after ~ or = -------------------------------------------------------------------

// A percentage or `rest`, i tokens on.
static bool at_share(const Parser *p, int32_t i)
{
    return (parser_then(p, i) == TOKEN_NUMBER && p->ahead[i].percent) ||
           parser_then_word(p, i) == WORD_REST;
}

// `maximal (1/3)`, not `p(3)`: behind a comma it can be nothing else, before the first one only
// what follows tells it from the call `normal (0, 1)`.
static bool at_worked_out_share(const Parser *p)
{
    return parser_at(p) == TOKEN_NAME && p->ahead[0].word == WORD_NONE &&
           parser_then(p, 1) == TOKEN_LEFT_PAREN && !p->ahead[1].glued;
}

// `maximal 35%`; `low 5% mode ...` is something else.
static bool at_named_category(const Parser *p)
{
    if (parser_at(p) != TOKEN_NAME || !at_share(p, 1)) {
        return false;
    }
    if (p->ahead[0].word == WORD_LOW) {
        return parser_then(p, 2) == TOKEN_COMMA;
    }
    return word_class(p->ahead[0].word) == WORD_CLASS_SOFT && p->ahead[0].word != WORD_AROUND;
}

// category = [ name ], ( sum | "rest" )
static Node *parse_category(Parser *p)
{
    Tree tree = tree_new(p, NODE_CATEGORY, p->ahead[0]);
    if (at_named_category(p) || at_worked_out_share(p)) {
        tree_add(p, &tree, tree_leaf(p, NODE_NAME, parser_take(p)));
    }
    if (parser_accept_word(p, WORD_REST)) {
        tree.node->flags |= NODE_REST;
    } else {
        tree_add(p, &tree, parse_sum(p));
    }
    return tree_done(p, &tree);
}

// What was read before the first comma: `limited (2/3)` was taken for a call.
static Node *first_category(Parser *p, Node *value, Token start, bool worked_out)
{
    if (!worked_out || value->kind != NODE_CALL || node_count(value) != 1) {
        Tree share = tree_around(p, NODE_CATEGORY, value);
        return tree_done(p, &share);
    }
    Node *share = value->child;
    Tree tree = tree_around(p, NODE_CATEGORY, tree_leaf(p, NODE_NAME, start));
    tree_add(p, &tree, share);
    layout_loose(p, start);
    return tree_done(p, &tree);
}

// A comma after a value makes it the first of several categories.
static void more_categories(Parser *p, Tree *value)
{
    while (parser_accept(p, TOKEN_COMMA)) {
        tree_add(p, value, parse_category(p));
    }
}

// value = ( "~" | "=" ), ( expression | category, { ",", category } )
Node *parse_quantity_value(Parser *p)
{
    Tree tree = tree_new(p, NODE_VALUE, p->ahead[0]);
    if (parser_at(p) == TOKEN_TILDE) {
        tree.node->flags |= NODE_TILDE;
        parser_take(p);
    } else if (!parser_expect(p, TOKEN_ASSIGN, "`~` and what is likely, or `=` and the value")) {
        return tree_done(p, &tree);
    }
    if (at_named_category(p) || parser_at_word(p, WORD_REST)) {
        tree_add(p, &tree, parse_category(p));
        more_categories(p, &tree);
        return tree_done(p, &tree);
    }
    Token start = p->ahead[0];
    bool worked_out = at_worked_out_share(p);
    Node *value = parse_expr(p);
    if (parser_at(p) == TOKEN_COMMA && value != NULL) {
        tree_add(p, &tree, first_category(p, value, start, worked_out));
        more_categories(p, &tree);
    } else {
        tree_add(p, &tree, value);
    }
    return tree_done(p, &tree);
}

Node *parse_date(Parser *p)
{
    if (parser_at(p) == TOKEN_DATE) {
        return tree_leaf(p, NODE_DATE, parser_take(p));
    }
    parser_expected(p, "a date such as 2024-03-04");
    return NULL;
}

// ---- Worth --------------------------------------------------------------------------------------

// part = [ "+" | "-" ], sum, [ string ]; a part that starts a line has that line's column as limit,
// so that the next sign in its column starts another.
static Node *parse_worth_part(Parser *p, bool first)
{
    Token start = p->ahead[0];
    Tree tree = tree_new(p, NODE_WORTH_PART, start);
    int32_t limit = p->limit;
    int32_t outer = layout_begin(p, MARK_PART, -1);
    if (start.first) {
        p->limit = start.column;
        p->ahead[0].first = false;
    }
    TokenKind sign = parser_at(p);
    if (sign == TOKEN_PLUS && !start.first && first) {
        layout_edit(p, p->ahead[0], NULL);
    } else if (sign != TOKEN_PLUS && sign != TOKEN_MINUS && start.first) {
        layout_edit(p, p->ahead[0], "+");
    }
    bool minus = sign == TOKEN_MINUS;
    if (minus || sign == TOKEN_PLUS) {
        parser_take(p);
    }
    tree_add(p, &tree, parse_part(p, &minus));
    tree.node->flags |= minus ? NODE_MINUS : 0;
    if (parser_at(p) == TOKEN_STRING) {
        tree_add(p, &tree, tree_leaf(p, NODE_STRING, parser_take(p)));
    }
    p->limit = limit;
    layout_end(p, outer);
    return tree_done(p, &tree);
}

// Lines that begin with + or -, each a part that may carry a name; the first may lack the sign.
void parse_worth(Parser *p, Tree *owner, Token word)
{
    Tree tree = tree_new(p, NODE_WORTH, word);
    bool in_worth = p->in_worth;
    p->in_worth = true;
    do {
        tree_add(p, &tree, parse_worth_part(p, tree.last == NULL));
    } while (parser_at(p) == TOKEN_PLUS || parser_at(p) == TOKEN_MINUS);
    TokenKind next = parser_at(p);
    bool another = p->ahead[0].first && (next == TOKEN_NUMBER || next == TOKEN_LEFT_PAREN ||
                                         (next == TOKEN_NAME && p->ahead[0].word == WORD_NONE));
    if (another) {
        Str found = parser_found(p);
        Diag *diag = parser_error(p, 202, "expected `+` or `-` before %.*s", STR_ARG(found));
        diag_help(p->diags, diag, "each part of a worth but the first begins with its sign");
    }
    p->in_worth = in_worth;
    tree_add(p, owner, tree_done(p, &tree));
}
