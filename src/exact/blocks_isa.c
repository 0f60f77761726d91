// SPDX-License-Identifier: MIT
//
// Blocks by the widest vectors that the machine has.
#include <stdlib.h>
#include <string.h>

#include "exact/blocks_impl.h"

// Set by the build where it has compiled for both.
#ifndef HAVE_X86_BLOCKS
#define HAVE_X86_BLOCKS 0
#endif

void blocks_push(const Blocks *blocks, double *in, double *const zones[BLOCK_ZONES], double dust,
                 Big *work, double *lost)
{
    BlocksPush *push = blocks_push_base;
#if HAVE_X86_BLOCKS
    const char *wanted = getenv("CASUS_ISA"); // as the engine has it; it says what is wrong with it
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && !(wanted && strcmp(wanted, "base") == 0)) {
        push = blocks_push_avx2;
    }
#endif
    push(blocks, in, zones, dust, work, lost);
}
