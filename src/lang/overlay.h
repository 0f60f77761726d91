// SPDX-License-Identifier: MIT
//
// Stories and variants as changes to the tree: the declarations of the base with those of a story
// in their place. The result is checked as a whole, like the base.
#pragma once
#include "lang/checker.h"

// `decls` becomes the base's declarations with the overrides of `story` applied (changed ones are
// copies; the base's tree is left as it was); `removed` the events that a `without` names. What
// cannot be applied is reported. `base` is the checker of the base view.
void overlay_apply(Checker *base, const NodeList *base_decls, const Node *story, NodeList *decls,
                   NodeList *removed);
