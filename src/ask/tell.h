// SPDX-License-Identifier: MIT
//
// `casus show`: a model told in plain English: who, what is unknown, what it starts with, what can
// happen, who decides what knowing what, what is asked, who sees it how, where it comes from.
// Formulas are quoted as the model has them.
#pragma once
#include "answer/telling.h"
#include "lang/model.h"

// `view` NULL: the base, and how each story and variant differs from it. Lives in `arena`.
const Telling *ask_tell(Arena *arena, const Model *model, const View *view,
                        const DiagList *sources);
