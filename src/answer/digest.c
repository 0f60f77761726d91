// SPDX-License-Identifier: MIT
//
// Figures through FNV-1a (64 bit), in order.
#include "answer/digest.h"

#include <string.h>

static void add_bytes(uint64_t *hash, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < n; i++) {
        *hash = (*hash ^ p[i]) * UINT64_C(0x100000001b3);
    }
}

void digest_u64(uint64_t *hash, uint64_t x)
{
    unsigned char bytes[8]; // lowest byte first, whatever the machine's order
    for (int i = 0; i < 8; i++) {
        bytes[i] = (unsigned char)(x >> (8 * i));
    }
    add_bytes(hash, bytes, sizeof bytes);
}

// All NaNs are one, and so are the two zeros: their bits may differ between machines.
void digest_double(uint64_t *hash, double x)
{
    uint64_t bits = UINT64_C(0x7ff8000000000000);
    if (x == x) {
        x = x == 0 ? 0 : x;
        memcpy(&bits, &x, sizeof bits);
    }
    digest_u64(hash, bits);
}

void digest_str(uint64_t *hash, Str s)
{
    digest_u64(hash, s.n);
    add_bytes(hash, s.p, s.n);
}

void digest_estimate(uint64_t *hash, Estimate e)
{
    digest_double(hash, e.value);
    digest_double(hash, e.half);
    digest_double(hash, e.lo);
    digest_double(hash, e.hi);
}
