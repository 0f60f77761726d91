// SPDX-License-Identifier: MIT
//
// One future as a dated story: what was true in its world, what happened, what was decided and on
// what sight, how it stood at the end.
#pragma once
#include "answer/answer.h"
#include "show/show.h"

void show_replay(Buf *buf, const Replay *replay, const ShowStyle *style);
