// SPDX-License-Identifier: MIT
//
// `casus show --dot`: what influences what, read off the model's blocks. Unknowns, states, events,
// decisions and questions are the nodes; an edge says that the one is looked at, or written, by the
// other.
#pragma once
#include "answer/graph.h"
#include "lang/model.h"

// Lives in `arena`, names are borrowed from the view.
const Graph *ask_influence(Arena *arena, const Model *model, const View *view);
