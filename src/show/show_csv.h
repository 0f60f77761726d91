// SPDX-License-Identifier: MIT
//
// An Answer as tidy CSV (RFC 4180, LF line ends): one row a number, so that R and Python users can
// filter by `question` and `part`. Every row carries the run it came from.
#pragma once
#include "answer/answer.h"

void show_csv(Buf *buf, const Answer *answer);
