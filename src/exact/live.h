// SPDX-License-Identifier: MIT
//
// What is live where: a walk backwards over straight code with jumps.
#pragma once
#include "exact/script.h"

// Called at every boundary, from the last to the first: `live` as it stands before code.p[pc].
typedef void LiveVisit(void *ctx, int32_t pc, const uint8_t *live);

void live_walk(Arena *scratch, XCode code, int32_t from, int32_t to, Slot n_slots, uint8_t *live,
               const uint8_t *drop, uint8_t *needed, LiveVisit *visit, void *ctx);
