// SPDX-License-Identifier: MIT
//
// Poisson and binomial quantiles by exact inversion at any size: see dist.h.
//
// Three ways, by size. Small means: walk up from 0, subtracting probabilities. Spreads up to 20:
// the same from eight standard deviations below the mean, where nothing is missed that a draw could
// see. Beyond: start from a Cornish-Fisher expansion, compute the tail there (special.h), and step
// to the exact count. Very small tails always take the last way, or one of single tails.
#include "math/dist_inside.h"

#include <stdbool.h>

#include "math/bits.h"
#include "math/elementary.h"

#define SMALL_MEAN    30.0
#define WALK_VARIANCE 400.0
#define WALK_FROM_SD  8.0
#define TINY_TAIL     1e-6 // a walk's rounding errors, some 1e-15, do not matter above

// A counting distribution: ratio of neighbours P(k) / P(k - 1) = a / k - b. Poisson: n infinite,
// p = q = 0.
typedef struct {
    double n, p, q;
    double mean, variance;
    double a, b;
    bool strict; // wanted is the smallest k with P(X <= k) > u, not >= u
} Counting;

static Tails tails_at(const Counting *c, double k)
{
    if (k < 0.0) {
        return (Tails){0.0, 1.0};
    }
    if (k >= c->n) {
        return (Tails){1.0, 0.0};
    }
    if (c->n == MATH_INF) {
        Tails t = special_gamma(k + 1.0, c->mean);
        return (Tails){t.upper, t.lower};
    }
    return special_beta(c->n - k, k + 1.0, c->q, c->p);
}

static double chance_at(const Counting *c, double k)
{
    if (c->n == MATH_INF) {
        return m_exp(special_gamma_log_density(k + 1.0, c->mean)) / c->mean;
    }
    double density = special_beta_log_density(k + 1.0, c->n - k + 1.0, c->p, c->q);
    return m_exp(density) / (c->p * c->q * (c->n + 1.0));
}

static double walk_up(const Counting *c, double k, double chance, double u)
{
    // `u` counts down to what is left of it at k.
    while (c->strict ? u >= chance : u > chance) {
        if (k >= c->n) {
            break;
        }
        u -= chance;
        k += 1.0;
        chance *= c->a / k - c->b;
    }
    return k;
}

// Is P(X <= k) enough, judged by the smaller of u and v?
static bool enough(const Counting *c, Tails t, double u, double v)
{
    if (u <= v) {
        return c->strict ? t.lower > u : t.lower >= u;
    }
    return c->strict ? t.upper < v : t.upper <= v;
}

// From `k`, one exact tail at a time.
static double climb(const Counting *c, double k, double u, double v)
{
    while (k < c->n && !enough(c, tails_at(c, k), u, v)) {
        k += 1.0;
    }
    return k;
}

static double cornish_fisher(const Counting *c, double u, double v)
{
    double z = special_normal_quantile(u, v);
    double sd = __builtin_sqrt(c->variance);
    bool poisson = c->n == MATH_INF;
    double skew = (poisson ? 1.0 : c->q - c->p) / sd;
    double excess = (poisson ? 1.0 : 1.0 - 6.0 * c->p * c->q) / c->variance;
    double z2 = z * z;
    double w = z + skew * (z2 - 1.0) / 6.0 + excess * z * (z2 - 3.0) / 24.0 -
               skew * skew * z * (2.0 * z2 - 5.0) / 36.0;
    return m_min(m_max(m_floor(c->mean + sd * w), 0.0), c->n);
}

// The exact tail at a good guess, then steps of one.
static double step_to(const Counting *c, double k, double u, double v)
{
    Tails t = tails_at(c, k);
    double chance = chance_at(c, k);
    if (enough(c, t, u, v)) {
        while (k > 0.0) {
            Tails below = {t.lower - chance, t.upper + chance};
            if (!enough(c, below, u, v)) {
                break;
            }
            t = below;
            chance /= c->a / k - c->b;
            k -= 1.0;
        }
        return k;
    }
    while (k < c->n && !enough(c, t, u, v)) {
        k += 1.0;
        chance *= c->a / k - c->b;
        t = (Tails){t.lower + chance, t.upper - chance};
    }
    return k;
}

static double counting_quantile(const Counting *c, double zero_chance, double u, double v)
{
    if (c->mean < SMALL_MEAN) {
        return v > TINY_TAIL ? walk_up(c, 0.0, zero_chance, u) : climb(c, m_floor(c->mean), u, v);
    }
    if (c->variance <= WALK_VARIANCE && u > TINY_TAIL && v > TINY_TAIL) {
        double from = m_floor(c->mean - WALK_FROM_SD * __builtin_sqrt(c->variance));
        from = from > 0.0 ? from : 0.0;
        return walk_up(c, from, chance_at(c, from), u);
    }
    return step_to(c, cornish_fisher(c, u, v), u, v);
}

static Counting poisson_counting(double mean)
{
    return (Counting){.n = MATH_INF, .mean = mean, .variance = mean, .a = mean};
}

Tails poisson_tails(double mean, double k)
{
    if (mean == 0.0) {
        return k < 0.0 ? (Tails){0.0, 1.0} : (Tails){1.0, 0.0};
    }
    Counting c = poisson_counting(mean);
    return tails_at(&c, k);
}

double poisson_quantile(double mean, double u, double v)
{
    if (mean == 0.0 || u <= 0.0) {
        return 0.0;
    }
    if (v <= 0.0) {
        return MATH_INF;
    }
    Counting c = poisson_counting(mean);
    return counting_quantile(&c, m_exp(-mean), u, v);
}

static Counting binomial_counting(double n, double p, double q)
{
    double odds = p / q;
    return (Counting){.n = n,
                      .p = p,
                      .q = q,
                      .mean = n * p,
                      .variance = n * p * q,
                      .a = (n + 1.0) * odds,
                      .b = odds};
}

Tails binomial_tails(double n, double p, double k)
{
    if (p == 0.0 || p == 1.0) {
        return k < (p == 0.0 ? 0.0 : n) ? (Tails){0.0, 1.0} : (Tails){1.0, 0.0};
    }
    Counting c = binomial_counting(n, p, 1.0 - p);
    return tails_at(&c, k);
}

double binomial_quantile(double n, double p, double u, double v)
{
    if (n == 0.0 || p == 0.0) {
        return 0.0;
    }
    if (p == 1.0 || u <= 0.0 || v <= 0.0) {
        return p < 1.0 && u <= 0.0 ? 0.0 : n;
    }
    if (p <= 0.5) {
        Counting c = binomial_counting(n, p, 1.0 - p);
        return counting_quantile(&c, m_exp(n * m_log1p(-p)), u, v);
    }
    // Failures are the fewer: X = n - Y, and P(X <= n - m) >= u when P(Y <= m - 1) <= v, so the
    // smallest m with P(Y <= m) > v is wanted.
    Counting c = binomial_counting(n, 1.0 - p, p);
    c.strict = true;
    return n - counting_quantile(&c, m_exp(n * m_log(p)), v, u);
}
