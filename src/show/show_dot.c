// SPDX-License-Identifier: MIT
//
// One shape a kind of node; nodes that nothing touches are left out.
#include "show/show_dot.h"

#include "show/show.h"

static const char *const shapes[] = {
    [GRAPH_UNKNOWN] = "shape=ellipse, style=dashed",
    [GRAPH_STATE] = "shape=box",
    [GRAPH_EVENT] = "shape=hexagon",
    [GRAPH_DECISION] = "shape=diamond",
    [GRAPH_QUESTION] = "shape=note",
};

// A text between quotation marks; DOT knows \" and \\ there.
static void add_quoted(Buf *buf, Str text)
{
    Str safe = show_safe(buf->arena, text);
    buf_char(buf, '"');
    for (size_t i = 0; i < safe.n; i++) {
        if (safe.p[i] == '"' || safe.p[i] == '\\') {
            buf_char(buf, '\\');
        }
        buf_char(buf, safe.p[i]);
    }
    buf_char(buf, '"');
}

static bool touched(const Graph *graph, int32_t node)
{
    for (int32_t i = 0; i < graph->n_edges; i++) {
        if (graph->edges[i].from == node || graph->edges[i].to == node) {
            return true;
        }
    }
    return false;
}

void show_dot(Buf *buf, const Graph *graph)
{
    buf_add(buf,
            STR("digraph casus {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n  label="));
    add_quoted(buf, graph->title);
    buf_add(buf, STR(";\n"));
    for (int32_t i = 0; i < graph->n_nodes; i++) {
        if (touched(graph, i)) {
            const GraphNode *node = &graph->nodes[i];
            buf_addf(buf, "  n%d [%s, label=", (int)i, shapes[node->kind]);
            add_quoted(buf, node->name);
            buf_add(buf, STR(", tooltip="));
            add_quoted(buf, node->title.n ? node->title : node->name);
            buf_add(buf, STR("];\n"));
        }
    }
    for (int32_t i = 0; i < graph->n_edges; i++) {
        buf_addf(buf, "  n%d -> n%d;\n", (int)graph->edges[i].from, (int)graph->edges[i].to);
    }
    buf_add(buf, STR("}\n"));
}
