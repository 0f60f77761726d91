// SPDX-License-Identifier: MIT
//
// A model told in plain English, for a terminal.
#pragma once
#include "answer/telling.h"
#include "show/show.h"

void show_tell(Buf *buf, const Telling *telling, const ShowStyle *style);
