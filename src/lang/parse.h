// SPDX-License-Identifier: MIT
//
// Text to tree. The parser never stops at the first fault: it says what was wrong, skips to the
// next clause, and goes on.
#pragma once
#include "lang/ast.h"
#include "lang/layout.h"

// Parse source number `file` of diags->sources (see lang/source.h). Always returns a FILE node.
Node *parse_file(DiagList *diags, int32_t file);

// The same, and where things stand; layout->arena is set by the caller.
Node *parse_file_layout(DiagList *diags, int32_t file, Layout *layout);

// Parse the text of a `--set` option, one or more overrides as they stand in a variant. Returns a
// VARIANT node named "set".
Node *parse_overrides(DiagList *diags, int32_t file);
