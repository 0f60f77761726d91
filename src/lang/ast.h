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
    NODE_BY = 1 << 4,
    NODE_MINUS = 1 << 5,
    NODE_ONCE = 1 << 6,
    NODE_IN_TURN = 1 << 7,
    NODE_PARENS = 1 << 8 // an expression that stood in parentheses
};

typedef struct Node Node;
struct Node {
    NodeKind kind;
    uint32_t flags;
    Span span, name_span;
    Str text;
    double number;
    Node *child; // first
    Node *next;  // sibling
};

const char *node_kind_name(NodeKind kind);
Node *node_child(const Node *node, NodeKind kind);       // first child of that kind, or NULL
Node *node_next_of(const Node *node, NodeKind kind);     // next sibling of that kind, or NULL
Node *node_at(const Node *node, int32_t index);          // child by position, or NULL
int32_t node_count(const Node *node);                    // children
bool node_is_expr(const Node *node);
Node *node_expr(const Node *node);                       // first child that is an expression
