// SPDX-License-Identifier: MIT
//
// Mixing stories: what one assumes put into another. An assumption is all that a story says of one
// thing: its overrides of `fear` and of `fear[POL]` are one, and so are a decision's parts.
#pragma once
#include "lang/model.h"

typedef struct Assumption {
    Str name; // as addressed, where all stories address it alike: "fear", "clash.chance",
              // "aims of RUS", "each step", "the correlations"; else the name of what is changed
    const Str
        *values; // by view of Model.views: what that view makes of it, on one line ("~ 8 to 12",
                 // "left out"); empty where it is as in the base. [0]: the base's own
} Assumption;

// All that some story or variant changes, in order of first appearance. Lives in `arena`. The texts
// of the model (the DiagList it was loaded with) must still be there.
int32_t lang_assumptions(Arena *arena, const Model *model, const Assumption **list);

// The view `into` with these assumptions (indices into that list) as `from` has them: changed as
// there, or as in the base where `from` says nothing of them. Views are indices into Model.views; 0
// is the base. Words of probability are read in the sense of `into`'s source where it defines them,
// then of `from`'s. NULL, and a sentence in *why, when what comes out is no model. Not to be called
// from two threads at once.
const View *lang_swap(Arena *arena, const Model *model, int32_t into, int32_t from,
                      const int32_t *assumptions, int32_t n, Str *why);

// The story `view` without those of its lines (by View.overrides) that `left_out` says: what they
// change is then as in the base. NULL with a sentence in *why, as above.
const View *lang_without(Arena *arena, const Model *model, int32_t view, const bool *left_out,
                         Str *why);
