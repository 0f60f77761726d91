// SPDX-License-Identifier: MIT
//
// Pieces of digests of answers, only for this room: FNV-1a (64 bit) over figures in order, the same
// on every machine.
#pragma once
#include "answer/answer.h"

#define DIGEST_START UINT64_C(0xcbf29ce484222325)

void digest_u64(uint64_t *hash, uint64_t x);
void digest_double(uint64_t *hash, double x); // all NaNs are one, and so are the two zeros
void digest_str(uint64_t *hash, Str s);
void digest_estimate(uint64_t *hash, Estimate e);
