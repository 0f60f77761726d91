// SPDX-License-Identifier: MIT
//
// Where the randomness of a model comes from: every draw is a pure function of (seed, world,
// future, step, site), so that any future can be replayed alone and variants share the draws they
// have in common. This mapping is a promise: the reference executor uses it from here, the vector
// kernels repeat it.
//
//   Philox4x32-10   key     = { low 32 bits of the seed, high 32 bits }
//                   counter = { future, world, (step >> 2) | domain << 30, site }
//   word            = out[step & 3]                 one call serves four consecutive steps
//   uniform         = (word + 1/2) 2^-32            strictly inside (0, 1), exact
//
// A site is the 32-bit hash of the qualified name of one draw ("clash.chance", "front.noise.0").
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

typedef enum {
    DRAW_STEP = 0,   // an ordinary draw in one step of a future
    DRAW_WORLD = 1,  // a draw of a world: future = 0, step = ordinal of the draw at its site
    DRAW_SECOND = 2, // second word of a draw of either kind: same future, world, step and site
    DRAW_CLONE = 3,  // reserved for clones of a future
} DrawDomain;

typedef struct {
    uint32_t future, world, step, site;
} DrawPlace;

// Site of a qualified name: FNV-1a (64 bit) with a finaliser, folded to 32 bits. Two names of one
// model with equal hashes are refused when the model is compiled.
uint32_t draw_site_hash(Str name);

// The random word of one place.
uint32_t draw_word(uint64_t seed, DrawDomain domain, DrawPlace place);

static inline double draw_uniform(uint32_t word)
{
    return ((double)word + 0.5) * 0x1p-32;
}

// A uniform refined by a second word, (w + (w2 + 1/2) 2^-32) 2^-32, rounded to double: from 2^-65
// up to 1 inclusive. Its complement 1 - u is draw_uniform64(~w, ~w2), accurate where u is near 1.
static inline double draw_uniform64(uint32_t w, uint32_t w2)
{
    return ((double)w + ((double)w2 + 0.5) * 0x1p-32) * 0x1p-32;
}

// Does a trial with chance p succeed? It does when w 2^32 + w2 < p 2^64. The second word is needed
// only when draw_bernoulli_tied says so: for one trial in 2^32. p <= 0 and NaN never, p >= 1
// always.
bool draw_bernoulli(double p, uint32_t w, uint32_t w2);
bool draw_bernoulli_tied(double p, uint32_t w);

// The same trial at a place, fetching the second word when it is needed.
bool draw_bernoulli_at(double p, uint64_t seed, DrawDomain domain, DrawPlace place);
