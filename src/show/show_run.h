// SPDX-License-Identifier: MIT
//
// An Answer as text for an analyst at a terminal. For each question: its text and name, the answer
// in words and figures with its simulation error, how far it moves over what is unknown, what moves
// it most, and what it rests on. The last line is what is needed to get the same figures again. The
// text is a pure function of the Answer and the style: no times, no threads.
#pragma once
#include "answer/answer.h"
#include "show/show.h"

void show_run(Buf *buf, const Answer *answer, const ShowStyle *style);

// One question; show_item.c.
void show_item(Buf *buf, const Item *item, const ShowStyle *style);

// Does an unknown stand out of the error of its own share? Only then it is named.
bool show_mover_stands_out(const Mover *mover);

// The short form for a progress line: "troops_in 20.7 % ±0.3". Empty when there is no value.
void show_item_brief(Buf *buf, const Item *item, const ShowStyle *style);
