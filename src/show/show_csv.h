// SPDX-License-Identifier: MIT
//
// An Answer as tidy CSV (RFC 4180, LF line ends): one row a number, so that R and Python users can
// filter by `question` and `part`. Every row carries the run it came from.
#pragma once
#include "answer/answer.h"

// A field, quoted when it must be.
void csv_add_field(Buf *buf, Str text);

void show_csv(Buf *buf, const Answer *answer);
