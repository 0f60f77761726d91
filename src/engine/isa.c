// SPDX-License-Identifier: MIT
//
// Instruction sets: what this program was built with, what the processor has, which to use.
#include <stdlib.h>

#include "engine/plan.h"

// Set by the build for the sets it compiled kernels for.
#ifndef HAVE_X86_KERNELS
#define HAVE_X86_KERNELS 0
#endif

static const char *const NAMES[ISA_COUNT] = {"base", "avx2", "avx512"};

const char *isa_name(Isa isa)
{
    ASSERT(isa < ISA_COUNT);
    return NAMES[isa];
}

const KernelTable *kernels_of(Isa isa)
{
#if HAVE_X86_KERNELS
    static const KernelTable *const TABLES[ISA_COUNT] = {&kernels_base, &kernels_avx2,
                                                         &kernels_avx512};
    return TABLES[isa];
#else
    return isa == ISA_BASE ? &kernels_base : NULL;
#endif
}

bool engine_has_isa(Isa isa)
{
    if (isa == ISA_BASE) {
        return true;
    }
#if HAVE_X86_KERNELS
    __builtin_cpu_init();
    if (isa == ISA_AVX2) {
        return __builtin_cpu_supports("avx2");
    }
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
#else
    return false;
#endif
}

Status engine_pick_isa(Isa *isa, Error *error)
{
    const char *wanted = getenv("CASUS_ISA");
    if (wanted && wanted[0]) {
        for (int i = 0; i < ISA_COUNT; i++) {
            if (!str_eq(str_of(wanted), str_of(NAMES[i]))) {
                continue;
            }
            if (!engine_has_isa((Isa)i)) {
                return error_set(error, ST_USAGE,
                                 "CASUS_ISA asks for %s, which this processor "
                                 "does not have",
                                 NAMES[i]);
            }
            *isa = (Isa)i;
            return ST_OK;
        }
        return error_set(error, ST_USAGE, "CASUS_ISA is base, avx2 or avx512, not \"%.40s\"",
                         wanted);
    }
    *isa = engine_has_isa(ISA_AVX512) ? ISA_AVX512 : engine_has_isa(ISA_AVX2) ? ISA_AVX2 : ISA_BASE;
    return ST_OK;
}
