// SPDX-License-Identifier: MIT
//
// The one loop of blocks that is compiled for several instruction sets, and its choice.
#pragma once
#include "exact/blocks.h"

#define BLOCKS_NAME(isa)  BLOCKS_NAME_(isa)
#define BLOCKS_NAME_(isa) blocks_push_##isa

typedef void BlocksPush(const Blocks *blocks, double *in, double *const zones[BLOCK_ZONES],
                        double dust, Big *work, double *lost);

BlocksPush blocks_push_base, blocks_push_avx2;
