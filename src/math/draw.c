// SPDX-License-Identifier: MIT
//
// Random words by place: see draw.h for the mapping, which is a promise.
#include "math/draw.h"

#include "math/elementary.h"
#include "math/philox.h"

uint32_t draw_site_hash(Str name)
{
    uint64_t h = str_hash(name);
    // Finaliser of MurmurHash3 (Appleby 2011): FNV alone mixes its last bytes poorly upwards.
    h ^= h >> 33;
    h *= UINT64_C(0xFF51AFD7ED558CCD);
    h ^= h >> 33;
    h *= UINT64_C(0xC4CEB9FE1A85EC53);
    h ^= h >> 33;
    return (uint32_t)(h ^ (h >> 32));
}

uint32_t draw_word(uint64_t seed, DrawDomain domain, DrawPlace place)
{
    uint32_t out[4];
    uint32_t c2 = (place.step >> 2) | (uint32_t)domain << 30;
    philox4x32(out, place.future, place.world, c2, place.site, (uint32_t)seed,
               (uint32_t)(seed >> 32));
    return out[place.step & 3];
}

bool draw_bernoulli_tied(double p, uint32_t w)
{
    return m_floor(p * 0x1p32) == (double)w;
}

bool draw_bernoulli(double p, uint32_t w, uint32_t w2)
{
    // Scaling by 2^32 and taking the whole part off are exact, so this is w 2^32 + w2 < p 2^64.
    double scaled = p * 0x1p32;
    double whole = m_floor(scaled);
    double rest = (scaled - whole) * 0x1p32;
    return (double)w < whole || ((double)w == whole && (double)w2 < rest);
}

bool draw_bernoulli_at(double p, uint64_t seed, DrawDomain domain, DrawPlace place)
{
    uint32_t w = draw_word(seed, domain, place);
    uint32_t w2 = draw_bernoulli_tied(p, w) ? draw_word(seed, DRAW_SECOND, place) : 0;
    return draw_bernoulli(p, w, w2);
}
