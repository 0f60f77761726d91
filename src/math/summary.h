// SPDX-License-Identifier: MIT
//
// From counts to statements: intervals and errors of shares when futures come in worlds, how a
// probability is spread over worlds, how much one unknown explains, and a digest of results.
//
// Futures of one world share what is unknown in it and are not independent. All sums over worlds
// here are of whole numbers, so that they do not depend on the order of adding.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

typedef struct {
    double lo, hi;
} Interval;

// Wilson's interval (1927) for a share p of n independent trials, z standard errors wide (1.96 for
// 95 %). n may be the real-valued effective number; n <= 0 gives 0 to 1.
Interval summary_wilson(double p, double n, double z);

// Sums over worlds of futures n, hits k, and their products. They must stay below 2^64, which
// leaves room for 2^24 worlds of 2^20 futures.
typedef struct {
    uint64_t worlds, n, k, nn, nk, kk;
} WorldSums;

void world_sums_add(WorldSums *sums, uint64_t n, uint64_t k); // one world
void world_sums_merge(WorldSums *into, const WorldSums *from);
// Share of hits k / n, and its variance when worlds are drawn independently: the ratio estimator's
// linearisation, W/(W-1) sum (k_w - p n_w)^2 / n^2 (Cochran 1977, section 6.3). NaN below 2 worlds.
double summary_share(const WorldSums *sums);
double summary_share_variance(const WorldSums *sums);
// As many independent trials as would have that variance: p (1-p) / variance. With no hits, no
// misses or no variance it is the number of worlds: how hits would cluster is then unknown.
double summary_effective_number(const WorldSums *sums);

// Standard error of a figure found from the whole, from the same figure found in each of n equal
// sections: sd of the sections / sqrt(n). NaN entries are left out; NaN below two. No t factor.
double summary_section_error(const double *sections, int32_t n);

// So many worlds that showed k hits in n futures.
typedef struct {
    double k, n, worlds;
} WorldCount;

// Standard deviation between worlds of the probability itself, the noise of finite n taken off, by
// the method of moments (Kleinman 1973; one-way analysis of variance). At least 0; NaN when there
// are fewer than two worlds or no world has two futures.
double summary_between_sd(const WorldCount *counts, int32_t n_counts);

// The distribution of the probability over worlds, without assuming a shape: the mixing
// distribution of greatest likelihood (Kiefer and Wolfowitz 1956; Laird 1978) on a grid over the
// range of the observed shares (which holds its support), by a fixed number of EM rounds. It keeps
// the modes of rival stories apart.
enum { SPREAD_POINTS = 129, SPREAD_ROUNDS = 600 };

typedef struct {
    double p[SPREAD_POINTS]; // rising; repeated when worlds do not differ
    double weight[SPREAD_POINTS];
} WorldSpread;

// `scratch` is given back before returning. Counts with n > 0; weights are NaN when there are none.
void world_spread_fit(Arena *scratch, const WorldCount *counts, int32_t n_counts,
                      WorldSpread *spread);
double world_spread_mean(const WorldSpread *spread);
double world_spread_sd(const WorldSpread *spread);
// Weights are taken as spread evenly to halfway between neighbouring points, but for those of 0 and
// 1.
double world_spread_quantile(const WorldSpread *spread, double q);

// Share of the variance of y that lies between bins of one unknown (correlation ratio, Pearson
// 1905; the first-order index of Sobol' 1993 for the binned unknown), with what chance alone would
// bring taken off (epsilon squared, Kelley 1935). 0 to 1; NaN when y does not vary or a bin or two
// is all there is. Bins without values are passed over.
typedef struct {
    double n, sum, squares; // of y
} BinSums;

double summary_variance_share(const BinSums *bins, int32_t n_bins);

// Digest of numbers in their order, for telling whether two runs are the same: FNV-1a steps over
// 64-bit words with a finaliser. Every NaN counts the same, -0 as 0. Start with SUMMARY_DIGEST.
#define SUMMARY_DIGEST UINT64_C(0xCBF29CE484222325)
uint64_t summary_digest(uint64_t digest, const double *values, size_t n);
