// SPDX-License-Identifier: MIT
//
// The tree of a model's text, as written: no names resolved, nothing judged. Read ast.def for the
// nodes; lang/parse.h makes the tree, lang/check.h reads it. Nodes live in the source arena.
#pragma once
#include "base/diag.h"

typedef enum {
#define NODE(name, doc) NODE_##name,
#include "lang/ast.def"
#undef NODE
    NODE_COUNT
} NodeKind;

enum {
    NODE_POSITIVE = 1 << 0,
    NODE_TILDE = 1 << 1,
    NODE_PERCENT = 1 << 2,
    NODE_REST = 1 << 3,
    NODE_BY_AMOUNT = 1 << 4, // raise x by n
    NODE_MINUS = 1 << 5,
    NODE_ONCE = 1 << 6,
    NODE_IN_TURN = 1 << 7,
    NODE_PARENS = 1 << 8, // an expression that stood in parentheses
    NODE_BROKEN = 1 << 9  // an error in it was reported: parts may be missing, say nothing of them
};

typedef struct Node Node;
struct Node {
    NodeKind kind;
    uint32_t flags;
    Span span, name_span;
    Str text;
    double number;
    int32_t height; // of the tree from here down, 1 for a leaf: bounds every recursion
    Node *child;    // first
    Node *next;     // sibling
};

const char *node_kind_name(NodeKind kind);
Node *node_child(const Node *node, NodeKind kind);   // first child of that kind, or NULL
Node *node_next_of(const Node *node, NodeKind kind); // next sibling of that kind, or NULL
Node *node_at(const Node *node, int32_t index);      // child by position, or NULL
int32_t node_count(const Node *node);                // children
bool node_is_expr(const Node *node);
Node *node_expr(const Node *node); // first child that is an expression

// The same tree, wherever its parts stood in the text? (Spans are not compared.)
bool node_equal(const Node *a, const Node *b);

// The tree as an S-expression, for tests and hashes: (BINARY "+" (NAME "x") (NUMBER 5)). Everything
// node_equal compares is in it.
Str node_print(Arena *arena, const Node *node);
