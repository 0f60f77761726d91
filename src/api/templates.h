// SPDX-License-Identifier: MIT
//
// The models of `casus new` as part of the program: the files of lib/new, in the order of their
// names.
#pragma once
#include "base/embed.h"

extern const EmbeddedFile templates[]; // n_templates of them
extern const size_t n_templates;
