// SPDX-License-Identifier: MIT
//
// Sobol' points with the direction numbers of Stephen Joe and Frances Y. Kuo ("Constructing Sobol
// sequences with better two-dimensional projections", SIAM J. Sci. Comput. 30, 2008; the set
// new-joe-kuo-6.21201, dimensions 2 to 64, copyright 2008 Stephen Joe and Frances Y. Kuo, who
// permit redistribution under the terms of the BSD licence).
#include "math/sobol.h"

#include <stdbool.h>

#include "base/error.h"

enum { BITS = 32, MOST_DEGREE = 9 };

// A primitive polynomial x^degree + ... + 1, its inner coefficients as bits, and the first numbers.
typedef struct {
    uint8_t degree, inner;
    uint16_t first[MOST_DEGREE];
} Direction;

// Of every dimension after the first.
// clang-format off
static const Direction DIRECTIONS[SOBOL_DIMENSIONS - 1] = {
    {1, 0, {1}},
    {2, 1, {1, 3}},
    {3, 1, {1, 3, 1}},
    {3, 2, {1, 1, 1}},
    {4, 1, {1, 1, 3, 3}},
    {4, 4, {1, 3, 5, 13}},
    {5, 2, {1, 1, 5, 5, 17}},
    {5, 4, {1, 1, 5, 5, 5}},
    {5, 7, {1, 1, 7, 11, 19}},
    {5, 11, {1, 1, 5, 1, 1}},
    {5, 13, {1, 1, 1, 3, 11}},
    {5, 14, {1, 3, 5, 5, 31}},
    {6, 1, {1, 3, 3, 9, 7, 49}},
    {6, 13, {1, 1, 1, 15, 21, 21}},
    {6, 16, {1, 3, 1, 13, 27, 49}},
    {6, 19, {1, 1, 1, 15, 7, 5}},
    {6, 22, {1, 3, 1, 15, 13, 25}},
    {6, 25, {1, 1, 5, 5, 19, 61}},
    {7, 1, {1, 3, 7, 11, 23, 15, 103}},
    {7, 4, {1, 3, 7, 13, 13, 15, 69}},
    {7, 7, {1, 1, 3, 13, 7, 35, 63}},
    {7, 8, {1, 3, 5, 9, 1, 25, 53}},
    {7, 14, {1, 3, 1, 13, 9, 35, 107}},
    {7, 19, {1, 3, 1, 5, 27, 61, 31}},
    {7, 21, {1, 1, 5, 11, 19, 41, 61}},
    {7, 28, {1, 3, 5, 3, 3, 13, 69}},
    {7, 31, {1, 1, 7, 13, 1, 19, 1}},
    {7, 32, {1, 3, 7, 5, 13, 19, 59}},
    {7, 37, {1, 1, 3, 9, 25, 29, 41}},
    {7, 41, {1, 3, 5, 13, 23, 1, 55}},
    {7, 42, {1, 3, 7, 3, 13, 59, 17}},
    {7, 50, {1, 3, 1, 3, 5, 53, 69}},
    {7, 55, {1, 1, 5, 5, 23, 33, 13}},
    {7, 56, {1, 1, 7, 7, 1, 61, 123}},
    {7, 59, {1, 1, 7, 9, 13, 61, 49}},
    {7, 62, {1, 3, 3, 5, 3, 55, 33}},
    {8, 14, {1, 3, 1, 15, 31, 13, 49, 245}},
    {8, 21, {1, 3, 5, 15, 31, 59, 63, 97}},
    {8, 22, {1, 3, 1, 11, 11, 11, 77, 249}},
    {8, 38, {1, 3, 1, 11, 27, 43, 71, 9}},
    {8, 47, {1, 1, 7, 15, 21, 11, 81, 45}},
    {8, 49, {1, 3, 7, 3, 25, 31, 65, 79}},
    {8, 50, {1, 3, 1, 1, 19, 11, 3, 205}},
    {8, 52, {1, 1, 5, 9, 19, 21, 29, 157}},
    {8, 56, {1, 3, 7, 11, 1, 33, 89, 185}},
    {8, 67, {1, 3, 3, 3, 15, 9, 79, 71}},
    {8, 70, {1, 3, 7, 11, 15, 39, 119, 27}},
    {8, 84, {1, 1, 3, 1, 11, 31, 97, 225}},
    {8, 97, {1, 1, 1, 3, 23, 43, 57, 177}},
    {8, 103, {1, 3, 7, 7, 17, 17, 37, 71}},
    {8, 115, {1, 3, 1, 5, 27, 63, 123, 213}},
    {8, 122, {1, 1, 3, 5, 11, 43, 53, 133}},
    {9, 8, {1, 3, 5, 5, 29, 17, 47, 173, 479}},
    {9, 13, {1, 3, 3, 11, 3, 1, 109, 9, 69}},
    {9, 16, {1, 1, 1, 5, 17, 39, 23, 5, 343}},
    {9, 22, {1, 3, 1, 5, 25, 15, 31, 103, 499}},
    {9, 25, {1, 1, 1, 11, 11, 17, 63, 105, 183}},
    {9, 44, {1, 1, 5, 11, 9, 29, 97, 231, 363}},
    {9, 47, {1, 1, 5, 15, 19, 45, 41, 7, 383}},
    {9, 52, {1, 3, 7, 7, 31, 19, 83, 137, 221}},
    {9, 55, {1, 1, 1, 3, 23, 15, 111, 223, 83}},
    {9, 59, {1, 1, 5, 13, 31, 15, 55, 25, 161}},
    {9, 62, {1, 1, 3, 13, 25, 47, 39, 87, 257}},
};
// clang-format on

// Number `k` (from 0) of a dimension, as a fraction of 2^32 (Bratley and Fox 1988).
static void direction_numbers(const Direction *d, uint32_t *v)
{
    for (int k = 0; k < BITS; k++) {
        if (k < d->degree) {
            v[k] = (uint32_t)d->first[k] << (BITS - 1 - k);
            continue;
        }
        v[k] = v[k - d->degree] ^ v[k - d->degree] >> d->degree;
        for (int i = 1; i < d->degree; i++) {
            bool has = d->inner >> (d->degree - 1 - i) & 1;
            v[k] ^= has ? v[k - i] : 0;
        }
    }
}

uint32_t sobol_word(uint32_t index, int32_t dimension)
{
    ASSERT(dimension >= 0 && dimension < SOBOL_DIMENSIONS);
    uint32_t v[BITS], word = 0;
    for (int k = 0; k < BITS; k++) {
        v[k] = UINT32_C(1) << (BITS - 1 - k);
    }
    if (dimension > 0) {
        direction_numbers(&DIRECTIONS[dimension - 1], v);
    }
    for (int k = 0; k < BITS; k++) {
        word ^= index >> k & 1 ? v[k] : 0;
    }
    return word;
}

// A well mixed word of two (the finaliser of Stafford's variant 13, 2011).
static uint64_t mix(uint64_t a, uint64_t b)
{
    uint64_t z = a + b * UINT64_C(0x9E3779B97F4A7C15) + UINT64_C(0x632BE59BD9B4E019);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

uint32_t sobol_scramble(uint32_t word, uint64_t seed)
{
    uint32_t scrambled = 0;
    for (int k = 0; k < BITS; k++) {
        uint64_t before = k ? word >> (BITS - k) : 0; // the digits above this one
        uint64_t coin = mix(mix(seed, (uint64_t)k), before) & 1;
        uint32_t digit = word >> (BITS - 1 - k) & 1;
        scrambled |= (digit ^ (uint32_t)coin) << (BITS - 1 - k);
    }
    return scrambled;
}

uint32_t sobol_scrambled(uint32_t index, int32_t dimension, uint64_t seed)
{
    uint64_t own = mix(seed, (uint64_t)dimension + 1);
    if (dimension >= SOBOL_DIMENSIONS) {
        return (uint32_t)(mix(own, index) >> 32);
    }
    return sobol_scramble(sobol_word(index, dimension), own);
}
