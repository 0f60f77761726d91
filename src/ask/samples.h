// SPDX-License-Identifier: MIT
//
// `run --samples FILE`: one CSV row a future, for R and Python.
//
// Columns: world, future, story, then each question that has one value a future. Flags are 1 and 0,
// numbers in the question's unit (shortest decimals that read back exactly), dates ISO, levels by
// name; an empty field is a future the question leaves out, "never" a date that did not come. Rows
// are ordered by world, then future.
#pragma once
#include "ask/unit.h"

void samples_header(Buf *buf, const Plan *plan);
void samples_rows(Buf *buf, const Plan *plan, const UnitData *data);
