// SPDX-License-Identifier: MIT
//
// Distributions by their quantiles: every draw of the project is one (refined) uniform through a
// quantile function, so that it is monotone in it and variants of a model stay comparable.
//
// Quantile functions take u and its complement v = 1 - u, both accurate, so that both tails are.
// Invalid parameters give NaN. Relative accuracy 1e-12 or better unless said otherwise.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "math/special.h"

typedef enum {
#define DIST(name, word, n, params, doc) DIST_##name,
#include "math/dists.def"
#undef DIST
    DIST_KIND_COUNT
} DistKind;

enum { DIST_MAX_PARAMS = 3 };

typedef struct {
    const char *name; // the word in models
    int32_t n_params;
    const char *params; // their names, comma separated
    const char *doc;
} DistInfo;
const DistInfo *dist_info(DistKind kind);
bool dist_find(Str word, DistKind *kind);

static inline int32_t dist_n_params(DistKind kind)
{
    return dist_info(kind)->n_params;
}

bool dist_valid(DistKind kind, const double *params);
bool dist_is_discrete(DistKind kind); // poisson, binomial, bernoulli
void dist_support(DistKind kind, const double *params, double *lo, double *hi);
double dist_mean(DistKind kind, const double *params);
double dist_variance(DistKind kind, const double *params); // NaN or infinity where there is none
double dist_cdf(DistKind kind, const double *params, double x);  // P(X <= x)
double dist_sf(DistKind kind, const double *params, double x);   // P(X > x), accurate in the tail
Tails dist_tails(DistKind kind, const double *params, double x); // both of these at once
Tails dist_tails_below(DistKind kind, const double *params, double x); // P(X < x), P(X >= x)
// Smallest x with P(X <= x) >= u, v = 1 - u. Poisson and binomial are exact inversions at any size
// (means and n up to 1e15; to 1e-8 of the tail in question). u = 0 gives the low end of the
// support.
double dist_quantile(DistKind kind, const double *params, double u, double v);

// The draw of the words w and w2 (math/draw.h): the quantile of their 64-bit uniform.
double dist_draw(DistKind kind, const double *params, uint32_t w, uint32_t w2);

// ---- What analysts write ----------------------------------------------------------------------
// Parameters of the family whose 5 % and 95 % points are lo and hi exactly.
void fit_interval_normal(double lo, double hi, double params[2]);      // any lo < hi
void fit_interval_lognormal(double lo, double hi, double params[2]);   // 0 < lo < hi
void fit_interval_logitnormal(double lo, double hi, double params[2]); // 0 < lo < hi < 1
// `centre give or take half`: normal, 90 % within.
void fit_give_or_take(double centre, double half, double params[2]);

// Composite distributions as a small tree.
typedef enum {
    SPEC_KIND,      // a named distribution
    SPEC_SPLIT,     // 5, 50 and 95 % points exactly: two half normals joined at the median, on the
                    // scale of `scale` (identity, log or logit)
    SPEC_TRUNCATED, // parts[0] given that it lies in [lo, hi]
    SPEC_MIXTURE    // parts with weights (sum 1); the quantile inverts the weighted cdf
} SpecForm;
typedef enum { SPLIT_IDENTITY, SPLIT_LOG, SPLIT_LOGIT } SplitScale;

typedef struct DistSpec DistSpec;
struct DistSpec {
    SpecForm form;
    DistKind kind;
    double params[DIST_MAX_PARAMS];
    SplitScale scale;
    double points[3]; // SPEC_SPLIT
    double lo, hi;    // SPEC_TRUNCATED
    const DistSpec *parts;
    const double *weights;
    int32_t n_parts;
};
bool spec_valid(const DistSpec *spec);
double spec_cdf(const DistSpec *spec, double x);
double spec_quantile(const DistSpec *spec, double u, double v);
void spec_support(const DistSpec *spec, double *lo, double *hi);
Tails spec_tails(const DistSpec *spec, double x);       // P(X <= x), P(X > x)
Tails spec_tails_below(const DistSpec *spec, double x); // P(X < x), P(X >= x)
