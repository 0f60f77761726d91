// SPDX-License-Identifier: MIT
//
// The ladder of bench/ladder.casus written for it in plain C: one future at a time, xoshiro256++
// (Blackman and Vigna 2019), one 64-bit draw a step against two integer thresholds, an early end.
//
//   scalar_ladder [futures] [seed]      prints the share that reaches the top; ns a step on stderr
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { STEPS = 365, TOP = 8 };

typedef struct {
    uint64_t s[4];
} Rng;

static inline uint64_t rotl(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

static inline uint64_t next_u64(Rng *r)
{
    uint64_t result = rotl(r->s[0] + r->s[3], 23) + r->s[0];
    uint64_t t = r->s[1] << 17;
    r->s[2] ^= r->s[0];
    r->s[3] ^= r->s[1];
    r->s[1] ^= r->s[2];
    r->s[0] ^= r->s[3];
    r->s[2] ^= t;
    r->s[3] = rotl(r->s[3], 45);
    return result;
}

static Rng seeded(uint64_t seed)
{
    Rng r;
    for (int i = 0; i < 4; i++) { // splitmix64
        uint64_t z = seed += 0x9e3779b97f4a7c15u;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
        z = (z ^ z >> 27) * 0x94d049bb133111ebu;
        r.s[i] = z ^ z >> 31;
    }
    return r;
}

// Does one future reach the top?
static int climbs(Rng *r, uint64_t up, uint64_t down)
{
    int level = 0;
    for (int step = 0; step < STEPS; step++) {
        uint64_t draw = next_u64(r);
        if (draw < up) {
            if (++level == TOP) {
                return 1;
            }
        } else if (draw < down) {
            level -= level > 0;
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    int64_t futures = argc > 1 ? (int64_t)strtod(argv[1], NULL) : 1000000;
    Rng r = seeded(argc > 2 ? strtoull(argv[2], NULL, 10) : 1);
    uint64_t up = (uint64_t)(0.02 * 0x1p64);
    uint64_t down = (uint64_t)(0.08 * 0x1p64);
    clock_t start = clock();
    int64_t reached = 0;
    for (int64_t i = 0; i < futures; i++) {
        reached += climbs(&r, up, down);
    }
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    printf("top %.9g\n", (double)reached / (double)futures);
    fprintf(stderr, "%.2f ns a step\n", seconds * 1e9 / ((double)futures * STEPS));
    return 0;
}
