// SPDX-License-Identifier: MIT
//
// Walking, comparing and printing the tree; see ast.h.
#include "lang/ast.h"

#include "base/num.h"

static const char *const KIND_NAMES[NODE_COUNT] = {
#define NODE(name, doc) #name,
#include "lang/ast.def"
#undef NODE
};

const char *node_kind_name(NodeKind kind)
{
    ASSERT(kind < NODE_COUNT);
    return KIND_NAMES[kind];
}

static Node *first_of(Node *node, NodeKind kind)
{
    while (node != NULL && node->kind != kind) {
        node = node->next;
    }
    return node;
}

Node *node_child(const Node *node, NodeKind kind)
{
    return node == NULL ? NULL : first_of(node->child, kind);
}

Node *node_next_of(const Node *node, NodeKind kind)
{
    return node == NULL ? NULL : first_of(node->next, kind);
}

Node *node_at(const Node *node, int32_t index)
{
    Node *child = node == NULL ? NULL : node->child;
    while (child != NULL && index > 0) {
        child = child->next;
        index--;
    }
    return index == 0 ? child : NULL;
}

int32_t node_count(const Node *node)
{
    int32_t count = 0;
    for (const Node *child = node == NULL ? NULL : node->child; child; child = child->next) {
        count++;
    }
    return count;
}

bool node_is_expr(const Node *node)
{
    switch (node->kind) {
    case NODE_NUMBER:
    case NODE_DATE:
    case NODE_STRING:
    case NODE_BOOL:
    case NODE_NAME:
    case NODE_PHRASE:
    case NODE_INDEX:
    case NODE_OF:
    case NODE_UNARY:
    case NODE_BINARY:
    case NODE_IF_EXPR:
    case NODE_CALL:
    case NODE_AGGREGATE:
    case NODE_BETWEEN:
    case NODE_PREVIOUS:
    case NODE_WITHIN:
    case NODE_RANGE:
    case NODE_UP_TO:
    case NODE_PERT:
    case NODE_QUANTILES:
    case NODE_AROUND:
    case NODE_MIXTURE:
    case NODE_TRUNCATED: return true;
    default: return false;
    }
}

Node *node_expr(const Node *node)
{
    Node *child = node == NULL ? NULL : node->child;
    while (child != NULL && !node_is_expr(child)) {
        child = child->next;
    }
    return child;
}

// The text of a number is how it was written, not what it says.
static bool text_matters(const Node *node)
{
    return node->kind != NODE_NUMBER && node->kind != NODE_DATE;
}

// Trees are at most LIMIT_DEPTH high, so that recursion is safe, here and in all that walks them.
bool node_equal(const Node *a, const Node *b)
{
    if (a == NULL || b == NULL) {
        return a == b;
    }
    bool same = a->kind == b->kind && a->flags == b->flags && a->number == b->number &&
                (!text_matters(a) || str_eq(a->text, b->text));
    const Node *x = a->child, *y = b->child;
    while (same && x != NULL && y != NULL) {
        same = node_equal(x, y);
        x = x->next;
        y = y->next;
    }
    return same && x == NULL && y == NULL;
}

// In the order of the bits in ast.h.
static void print_flags(Buf *buf, uint32_t flags)
{
    static const char *const names[] = {"positive", "~",    "%",       "rest",   "by",
                                        "minus",    "once", "in-turn", "parens", "broken"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (flags & (1u << i)) {
            buf_addf(buf, " %s", names[i]);
        }
    }
}

// Texts are quoted and made safe, so that the print is one line whatever a model says.
static void print_node(Buf *buf, const Node *node)
{
    buf_addf(buf, "(%s", node_kind_name(node->kind));
    if (node->text.n > 0 && text_matters(node)) {
        buf_add(buf, STR(" \""));
        buf_add_safe(buf, node->text, false);
        buf_char(buf, '"');
    }
    if (node->number != 0 || !text_matters(node)) {
        buf_char(buf, ' ');
        buf_add(buf, num_shortest(buf->arena, node->number));
    }
    print_flags(buf, node->flags);
    for (const Node *child = node->child; child != NULL; child = child->next) {
        buf_char(buf, ' ');
        print_node(buf, child);
    }
    buf_char(buf, ')');
}

Str node_print(Arena *arena, const Node *node)
{
    Buf buf = {.arena = arena};
    if (node != NULL) {
        print_node(&buf, node);
    }
    return buf_str(&buf);
}
