// SPDX-License-Identifier: MIT
//
// An Ordering for readers and for programs: which answers hang on the order of two blocks.
#pragma once
#include "answer/ordering.h"
#include "base/error.h"
#include "show/show.h"

void show_order(Buf *buf, const Ordering *ordering, const ShowStyle *style);

// Keys as docs/json.md has them. ST_INTERNAL when memory runs out.
Status show_order_json(Buf *buf, const Ordering *ordering, Error *error);
