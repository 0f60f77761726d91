// SPDX-License-Identifier: MIT
//
// An Agreement for readers and for programs: each answer sampled and exact, and whether chance
// explains the difference.
#pragma once
#include "answer/agreement.h"
#include "base/error.h"
#include "show/show.h"

void show_agree(Buf *buf, const Agreement *agreement, const ShowStyle *style);

// Keys as docs/json.md has them. ST_INTERNAL when memory runs out.
Status show_agree_json(Buf *buf, const Agreement *agreement, Error *error);
