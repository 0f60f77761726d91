// SPDX-License-Identifier: MIT
//
// A Comparison for readers and for programs. The text goes from the whole to the parts: where
// readings part, what authors say against what their conditions give, over what they part, then
// every answer.
#pragma once
#include "answer/comparison.h"
#include "base/error.h"
#include "show/show.h"

void show_compare(Buf *buf, const Comparison *comparison, const ShowStyle *style);
void show_compare_markdown(Buf *buf, const Comparison *comparison, const ShowStyle *style);

// Keys as docs/json.md has them. ST_INTERNAL when memory runs out.
Status show_compare_json(Buf *buf, const Comparison *comparison, Error *error);

// One row a number: question, part, reading, other, key, value, half, lo, hi, ...
void show_compare_csv(Buf *buf, const Comparison *comparison);
