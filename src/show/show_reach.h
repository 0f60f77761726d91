// SPDX-License-Identifier: MIT
//
// A Reach for readers and for programs: what of a model never comes to pass.
#pragma once
#include "answer/reach.h"
#include "base/error.h"
#include "show/show.h"

void show_reach(Buf *buf, const Reach *reach, const ShowStyle *style);

// Keys as docs/json.md has them. ST_INTERNAL when memory runs out.
Status show_reach_json(Buf *buf, const Reach *reach, Error *error);
