// SPDX-License-Identifier: MIT
//
// What influences what in a model, as a graph. Made by src/ask/influence.c, written by
// src/show/show_dot.c.
#pragma once
#include "base/str.h"

typedef enum {
    GRAPH_UNKNOWN, // a param or type
    GRAPH_STATE,
    GRAPH_EVENT,
    GRAPH_DECISION,
    GRAPH_QUESTION
} GraphKind;

typedef struct {
    GraphKind kind;
    Str name, title;
} GraphNode;

typedef struct {
    int32_t from, to; // nodes
} GraphEdge;

typedef struct {
    Str title;
    const GraphNode *nodes;
    int32_t n_nodes;
    const GraphEdge *edges; // each pair once, ordered by (to, from)
    int32_t n_edges;
} Graph;
