// SPDX-License-Identifier: MIT
//
// The picture of what is wrong in a model's text: for a terminal, in the shape that rustc and Elm
// made known, and as JSON for editors. Control bytes of the text never get through.
//
//     error[C0211]: expected a value after `+`, found the end of the line
//       --> crisis.casus:41:14
//        |
//     41 |   front += 2 +
//        |               ^
//        = help: an expression goes on over lines indented deeper than its clause
#pragma once
#include "base/diag.h"
#include "base/error.h"
#include "show/show.h"

// Append all of them, by file and place; the first 20 errors and the first 20 warnings (LIMIT_
// ERRORS_SHOWN), then how many more there are. Lines longer than the style's width (240 when it has
// none) are cut around the fault. Sorts the list. Nothing when there is nothing wrong.
void show_diags(Buf *buf, const ShowStyle *style, DiagList *list);

// One message alone.
void show_diag(Buf *buf, const ShowStyle *style, const DiagList *list, const Diag *diag);

// An array of objects, one a message, none left out: severity ("error", "warning"), code ("C0312"),
// file, line, column, end_line, end_column (all from 1, in characters, the end exclusive; null
// without a place), message, help (or null), related (null, or an object with the same places and a
// message). Ends with a line end. Sorts the list. ST_INTERNAL when memory runs out.
Status show_diags_json(Buf *buf, DiagList *list, Error *error);
