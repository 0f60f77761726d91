// SPDX-License-Identifier: MIT
//
// What the builder's own files share.
#pragma once
#include "lower/build.h"

enum { MAX_TERMS = 8 }; // of one LIN; longer sums are chained

int32_t build_new_col(Builder *b, bool mask);
int32_t build_import(Builder *b, int32_t frame, int32_t col, bool out);
Val build_emit_lane(Builder *b, Ins ins, bool mask);
Val build_emit_world(Builder *b, Ins ins, bool mask);
