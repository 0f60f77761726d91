// SPDX-License-Identifier: MIT
//
// Intervals, errors, spreads between worlds, variance shares, digests: see summary.h.
#include "math/summary.h"

#include "math/bits.h"
#include "math/elementary.h"

Interval summary_wilson(double p, double n, double z)
{
    if (!(n > 0.0)) {
        return (Interval){0.0, 1.0};
    }
    double z2 = z * z / n;
    double centre = (p + 0.5 * z2) / (1.0 + z2);
    double half = z / (1.0 + z2) * m_sqrt(m_max(p * (1.0 - p), 0.0) / n + 0.25 * z2 / n);
    // At 0 and 1 the ends are exact but for rounding.
    double lo = p > 0.0 ? m_max(centre - half, 0.0) : 0.0;
    double hi = p < 1.0 ? m_min(centre + half, 1.0) : 1.0;
    return (Interval){lo, hi};
}

void world_sums_add(WorldSums *s, uint64_t n, uint64_t k)
{
    s->worlds += 1;
    s->n += n;
    s->k += k;
    s->nn += n * n;
    s->nk += n * k;
    s->kk += k * k;
}

void world_sums_merge(WorldSums *into, const WorldSums *from)
{
    into->worlds += from->worlds;
    into->n += from->n;
    into->k += from->k;
    into->nn += from->nn;
    into->nk += from->nk;
    into->kk += from->kk;
}

double summary_share(const WorldSums *s)
{
    return s->n ? (double)s->k / (double)s->n : MATH_NAN;
}

double summary_share_variance(const WorldSums *s)
{
    if (s->worlds < 2 || s->n == 0) {
        return MATH_NAN;
    }
    double w = (double)s->worlds, n = (double)s->n, p = summary_share(s);
    double squares = (double)s->kk - 2.0 * p * (double)s->nk + p * p * (double)s->nn;
    return m_max(squares, 0.0) / (n * n) * (w / (w - 1.0));
}

double summary_effective_number(const WorldSums *s)
{
    double p = summary_share(s), variance = summary_share_variance(s);
    double number = p * (1.0 - p) / variance;
    return variance > 0.0 && number > 0.0 ? number : (double)s->worlds;
}

double summary_section_error(const double *sections, int32_t n)
{
    double count = 0.0, mean = 0.0, m2 = 0.0;
    for (int32_t i = 0; i < n; i++) {
        if (sections[i] == sections[i]) {
            // Welford (1962).
            count += 1.0;
            double d = sections[i] - mean;
            mean += d / count;
            m2 += d * (sections[i] - mean);
        }
    }
    return count >= 2.0 ? m_sqrt(m2 / (count - 1.0) / count) : MATH_NAN;
}

// ---- Between worlds -----------------------------------------------------------------------------

double summary_between_sd(const WorldCount *counts, int32_t n_counts)
{
    double w = 0.0, n = 0.0, nn = 0.0, k = 0.0, kk_over_n = 0.0;
    for (int32_t i = 0; i < n_counts; i++) {
        const WorldCount *c = &counts[i];
        if (c->n > 0.0) {
            w += c->worlds;
            n += c->worlds * c->n;
            nn += c->worlds * c->n * c->n;
            k += c->worlds * c->k;
            kk_over_n += c->worlds * c->k * (c->k / c->n);
        }
    }
    if (!(w >= 2.0) || !(n > w)) {
        return MATH_NAN;
    }
    // Mean squares between and within worlds; a hit's square is itself.
    double between = (kk_over_n - k * (k / n)) / (w - 1.0);
    double within = (k - kk_over_n) / (n - w);
    double size = (n - nn / n) / (w - 1.0);
    return m_sqrt(m_max(between - within, 0.0) / size);
}

static double logit(double p)
{
    return m_log(p) - m_log1p(-p);
}

// Even steps in log-odds between the least and the greatest share seen; 0 and 1 get points of their
// own, beyond which steps begin where one hit in twenty times the futures would lie.
static void place_points(const WorldCount *counts, int32_t n_counts, double *p)
{
    double lo = 1.0, hi = 0.0, most = 1.0;
    for (int32_t i = 0; i < n_counts; i++) {
        lo = m_min(lo, counts[i].k / counts[i].n);
        hi = m_max(hi, counts[i].k / counts[i].n);
        most = m_max(most, counts[i].n);
    }
    if (!(lo < hi)) {
        for (int32_t j = 0; j < SPREAD_POINTS; j++) {
            p[j] = lo;
        }
        return;
    }
    double edge = 1.0 / (20.0 * most);
    double from = logit(m_min(m_max(lo, edge), 1.0 - edge));
    double to = logit(m_min(m_max(hi, edge), 1.0 - edge));
    for (int32_t j = 0; j < SPREAD_POINTS; j++) {
        double way = (double)j / (SPREAD_POINTS - 1);
        p[j] = m_logistic(from + (to - from) * way);
    }
    p[0] = lo;
    p[SPREAD_POINTS - 1] = hi;
}

// k ln p + (n - k) ln(1 - p), where 0 ln 0 is 0.
static double log_likelihood(double k, double n, double p)
{
    double hits = k > 0.0 ? k * m_log(p) : 0.0;
    return hits + (n > k ? (n - k) * m_log1p(-p) : 0.0);
}

// Likelihood of each count at each point, each row scaled to a largest value of 1.
static void fill_likelihoods(const WorldCount *counts, int32_t n_counts, const double *p,
                             double *rows)
{
    for (int32_t i = 0; i < n_counts; i++) {
        double *row = rows + (size_t)i * SPREAD_POINTS;
        double best = -MATH_INF;
        for (int32_t j = 0; j < SPREAD_POINTS; j++) {
            row[j] = log_likelihood(counts[i].k, counts[i].n, p[j]);
            best = m_max(best, row[j]);
        }
        for (int32_t j = 0; j < SPREAD_POINTS; j++) {
            row[j] = m_exp(row[j] - best);
        }
    }
}

// One round of EM: each point's weight becomes the share of worlds it explains.
static void improve(const WorldCount *counts, int32_t n_counts, const double *rows, double *weight)
{
    double next[SPREAD_POINTS] = {0}, total = 0.0;
    for (int32_t i = 0; i < n_counts; i++) {
        const double *row = rows + (size_t)i * SPREAD_POINTS;
        double sum = 0.0;
        for (int32_t j = 0; j < SPREAD_POINTS; j++) {
            sum += row[j] * weight[j];
        }
        double share = sum > 0.0 ? counts[i].worlds / sum : 0.0;
        for (int32_t j = 0; j < SPREAD_POINTS; j++) {
            next[j] += share * row[j] * weight[j];
        }
    }
    for (int32_t j = 0; j < SPREAD_POINTS; j++) {
        total += next[j];
    }
    for (int32_t j = 0; j < SPREAD_POINTS; j++) {
        weight[j] = next[j] / total;
    }
}

void world_spread_fit(Arena *scratch, const WorldCount *counts, int32_t n_counts,
                      WorldSpread *spread)
{
    for (int32_t j = 0; j < SPREAD_POINTS; j++) {
        spread->p[j] = spread->weight[j] = n_counts > 0 ? 1.0 / SPREAD_POINTS : MATH_NAN;
    }
    if (n_counts <= 0) {
        return;
    }
    ArenaMark mark = arena_mark(scratch);
    double *rows = ARENA_COLUMN(scratch, double, (size_t)n_counts *SPREAD_POINTS);
    place_points(counts, n_counts, spread->p);
    fill_likelihoods(counts, n_counts, spread->p, rows);
    for (int32_t round = 0; round < SPREAD_ROUNDS; round++) {
        improve(counts, n_counts, rows, spread->weight);
    }
    arena_reset(scratch, mark);
}

double world_spread_mean(const WorldSpread *spread)
{
    double sum = 0.0;
    for (int32_t j = 0; j < SPREAD_POINTS; j++) {
        sum += spread->weight[j] * spread->p[j];
    }
    return sum;
}

double world_spread_sd(const WorldSpread *spread)
{
    double mean = world_spread_mean(spread), sum = 0.0;
    for (int32_t j = 0; j < SPREAD_POINTS; j++) {
        double d = spread->p[j] - mean;
        sum += spread->weight[j] * d * d;
    }
    return m_sqrt(sum);
}

double world_spread_quantile(const WorldSpread *spread, double q)
{
    double below = 0.0;
    for (int32_t j = 0; j < SPREAD_POINTS; j++) {
        double weight = spread->weight[j];
        if (weight != weight) {
            return MATH_NAN;
        }
        if (weight > 0.0 && below + weight >= q) {
            if (spread->p[j] <= 0.0 || spread->p[j] >= 1.0) {
                return spread->p[j]; // never and always are what they are
            }
            double lo = j > 0 ? 0.5 * (spread->p[j - 1] + spread->p[j]) : spread->p[0];
            double hi = j + 1 < SPREAD_POINTS ? 0.5 * (spread->p[j] + spread->p[j + 1])
                                              : spread->p[SPREAD_POINTS - 1];
            return lo + (hi - lo) * (m_max(q - below, 0.0) / weight);
        }
        below += weight;
    }
    return spread->p[SPREAD_POINTS - 1];
}

// ---- Variance shares and digests ----------------------------------------------------------------

double summary_variance_share(const BinSums *bins, int32_t n_bins)
{
    double n = 0.0, sum = 0.0, used = 0.0;
    for (int32_t b = 0; b < n_bins; b++) {
        if (bins[b].n > 0.0) {
            n += bins[b].n;
            sum += bins[b].sum;
            used += 1.0;
        }
    }
    double mean = sum / n, between = 0.0, within = 0.0;
    for (int32_t b = 0; b < n_bins; b++) {
        if (bins[b].n > 0.0) {
            double own = bins[b].sum / bins[b].n;
            between += bins[b].n * (own - mean) * (own - mean);
            within += m_max(bins[b].squares - bins[b].sum * own, 0.0);
        }
    }
    double total = between + within;
    if (used < 2.0 || !(n > used) || !(total > 0.0)) {
        return MATH_NAN;
    }
    return m_max(between - (used - 1.0) * within / (n - used), 0.0) / total;
}

uint64_t summary_digest(uint64_t digest, const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double x = values[i];
        uint64_t bits = x != x ? UINT64_C(0x7FF8000000000000) : (x == 0.0 ? 0 : bits_of(x));
        digest = (digest ^ bits) * UINT64_C(0x100000001B3);
        digest ^= digest >> 29; // FNV alone never carries high bits down
        digest *= UINT64_C(0xBF58476D1CE4E5B9);
        digest ^= digest >> 32;
    }
    return digest;
}
