// SPDX-License-Identifier: MIT
//
// The trees that the parser makes, their bounds, and the marks it leaves for the formatter. Read
// parse_impl.h first.
#include "base/limits.h"
#include "lang/parse_impl.h"

// ---- Trees ------------------------------------------------------------------------------------

// Give up on the text: from here on only its end is seen.
void parser_skip_to_end(Parser *p)
{
    p->lexer.at = p->lexer.text.n;
    for (int32_t i = 0; i < LOOKAHEAD; i++) {
        p->ahead[i] = lexer_next(&p->lexer);
    }
}

// A tree takes about a hundred bytes for each token; without a bound, a file of digits and commas
// would take gigabytes.
static void count_node(Parser *p)
{
    p->nodes++;
    if (p->nodes == LIMIT_NODES) {
        diag_report(p->diags, 217, parser_span(p, p->last), "this model is too large to read");
        parser_skip_to_end(p);
        p->panic = true;
    }
}

// A node that starts at a token not yet taken may turn out empty: its span is then empty too, so
// that spans always lie within those of their parents.
Tree tree_new(Parser *p, NodeKind kind, Token start)
{
    count_node(p);
    Node *node = ARENA_NEW(p->arena, Node);
    node->kind = kind;
    node->name_span = parser_span(p, start);
    node->span = node->name_span;
    if (start.lo > p->last.lo) { // not taken yet, perhaps never
        node->span.hi = start.lo;
    }
    node->height = 1;
    return (Tree){.node = node, .errors = p->diags->n_errors, .line = start.line};
}

// For operators, whose first operand is there before they are.
Tree tree_around(Parser *p, NodeKind kind, Node *first)
{
    Tree tree = tree_new(p, kind, p->last);
    if (first != NULL) {
        tree.node->span = first->span;
        tree.node->name_span = first->span;
    }
    tree_add(p, &tree, first);
    return tree;
}

// Children are finished before they are added: their height is known.
void tree_add(Parser *p, Tree *tree, Node *child)
{
    if (child == NULL) {
        return;
    }
    // Later passes recurse over the tree: a chain of operators counts like brackets.
    if (child->height >= LIMIT_DEPTH) {
        if (!(child->flags & NODE_BROKEN)) {
            parser_too_deep(p);
        }
        return;
    }
    if (tree->last == NULL) {
        tree->node->child = child;
    } else {
        tree->last->next = child;
    }
    tree->last = child;
    if (child->height >= tree->node->height) {
        tree->node->height = child->height + 1;
    }
}

// A node knows whether anything was wrong inside it; the checker then keeps quiet about what is
// missing.
Node *tree_done(Parser *p, Tree *tree)
{
    Node *node = tree->node;
    if (p->last.hi < node->span.lo) {
        node->span.lo = p->last.hi;
    }
    node->span.hi = p->last.hi;
    if (p->panic || p->diags->n_errors > tree->errors) {
        node->flags |= NODE_BROKEN;
    }
    return node;
}

Node *tree_leaf(Parser *p, NodeKind kind, Token token)
{
    Tree tree = tree_new(p, kind, token);
    tree.node->text = token.text;
    tree.node->number = token.number;
    return tree.node;
}

void tree_name(Tree *tree, Str name, Span span)
{
    tree->node->text = name;
    tree->node->name_span = span;
}

// ---- Layout -----------------------------------------------------------------------------------

// All of these do nothing when nobody asked for the layout.
int32_t layout_begin(Parser *p, MarkRole role, int32_t sibling)
{
    int32_t outer = p->item;
    if (p->layout != NULL) {
        int32_t index = p->layout->marks.n;
        Mark mark = {role, p->ahead[0].lo, p->ahead[0].lo, outer, sibling < 0 ? index : sibling};
        vec_push(p->layout->arena, &p->layout->marks, mark);
        p->item = index;
    }
    return outer;
}

void layout_end(Parser *p, int32_t outer)
{
    if (p->layout != NULL) {
        p->layout->marks.p[p->item].hi = p->last.hi;
        p->item = outer;
    }
}

void layout_role(Parser *p, MarkRole role)
{
    if (p->layout != NULL) {
        p->layout->marks.p[p->item].role = role;
    }
}

// Between a function and its bracket, a sign and its number, the formatter sets no blank.
void layout_tight(Parser *p, Token token)
{
    if (p->layout != NULL) {
        vec_push(p->layout->arena, &p->layout->tight, token.lo);
    }
}

// It was no function after all.
void layout_loose(Parser *p, Token token)
{
    for (int32_t i = 0; p->layout != NULL && i < p->layout->tight.n; i++) {
        if (p->layout->tight.p[i] == token.lo) {
            p->layout->tight.p[i] = -1;
        }
    }
}

void layout_edit(Parser *p, Token token, const char *text)
{
    if (p->layout != NULL) {
        vec_push(p->layout->arena, &p->layout->edits, (Edit){token.lo, text});
    }
}
