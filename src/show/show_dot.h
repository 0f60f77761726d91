// SPDX-License-Identifier: MIT
//
// A graph in the DOT language of Graphviz: casus show --dot MODEL | dot -Tsvg > model.svg
#pragma once
#include "answer/graph.h"

void show_dot(Buf *buf, const Graph *graph);
