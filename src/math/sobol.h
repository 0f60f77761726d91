// SPDX-License-Identifier: MIT
//
// Sobol' points: worlds spread evenly over what is unknown, so that an average over n of them is
// off by about 1/n and not by 1/sqrt(n) (Sobol' 1967). Direction numbers are those of Joe and Kuo
// (2008), made for even two-dimensional projections.
//
// Scrambled after Owen (1995): every digit is flipped by a coin that depends on the digits before
// it. A scrambled point is uniform by itself, and the average over a scrambled set is unbiased;
// several sets scrambled apart tell how far off it is.
#pragma once
#include <stdint.h>

enum { SOBOL_DIMENSIONS = 64 };

// Coordinate of point `index` in a dimension below SOBOL_DIMENSIONS, as a word: a fraction of 2^32.
uint32_t sobol_word(uint32_t index, int32_t dimension);

// The word as the scrambling of this seed has it.
uint32_t sobol_scramble(uint32_t word, uint64_t seed);

// Coordinate of a point scrambled by a seed of its own in each dimension; from SOBOL_DIMENSIONS on
// plain random words take its place. Dimensions are numbered from 0.
uint32_t sobol_scrambled(uint32_t index, int32_t dimension, uint64_t seed);
