// SPDX-License-Identifier: MIT
//
// Answers by date: when something has happened by (cumulative incidence), and how a quantity goes
// over time. Both are thinned to what a reader takes in; json and csv have every date.
#pragma once
#include "answer/answer.h"
#include "show/show.h"

void show_incidence(Buf *buf, const Item *item, const ShowStyle *style);
void show_series(Buf *buf, const Item *item, const ShowStyle *style);
