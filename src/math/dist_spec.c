// SPDX-License-Identifier: MIT
//
// Distributions made of others (DistSpec), and parameters from what analysts write: see dist.h.
#include "math/bits.h"
#include "math/dist.h"
#include "math/elementary.h"

#define NORMAL_95 1.6448536269514722 // standard normal quantile of 0.95

static const Tails NOTHING_BELOW = {0.0, 1.0};
static const Tails NOTHING_ABOVE = {1.0, 0.0};
static const Tails UNKNOWN = {__builtin_nan(""), __builtin_nan("")};

// Without looking at the parameters again.
static Tails tails_of(const DistSpec *s, double x, bool below);
static double quantile_of(const DistSpec *s, double u, double v);

// ---- What analysts write ------------------------------------------------------------------------

static double logit(double p)
{
    return m_log(p) - m_log1p(-p);
}

void fit_interval_normal(double lo, double hi, double params[2])
{
    params[0] = 0.5 * lo + 0.5 * hi;
    params[1] = (0.5 * hi - 0.5 * lo) / NORMAL_95;
}

void fit_interval_lognormal(double lo, double hi, double params[2])
{
    fit_interval_normal(m_log(lo), m_log(hi), params);
}

void fit_interval_logitnormal(double lo, double hi, double params[2])
{
    fit_interval_normal(logit(lo), logit(hi), params);
}

void fit_give_or_take(double centre, double half, double params[2])
{
    params[0] = centre;
    params[1] = half / NORMAL_95;
}

// ---- Two half normals ---------------------------------------------------------------------------

static double to_scale(SplitScale scale, double x)
{
    switch (scale) {
    case SPLIT_IDENTITY: return x;
    case SPLIT_LOG: return x > 0.0 ? m_log(x) : -MATH_INF;
    case SPLIT_LOGIT: return x > 0.0 ? (x < 1.0 ? logit(x) : MATH_INF) : -MATH_INF;
    }
    return MATH_NAN;
}

static double from_scale(SplitScale scale, double y)
{
    switch (scale) {
    case SPLIT_IDENTITY: return y;
    case SPLIT_LOG: return m_exp(y);
    case SPLIT_LOGIT: return m_logistic(y);
    }
    return MATH_NAN;
}

// Half normals on either side of the median: sd below, sd above, on the scale.
typedef struct {
    double median, below, above;
} Split;

static Split split_of(const DistSpec *s)
{
    double m = to_scale(s->scale, s->points[1]);
    return (Split){m, (m - to_scale(s->scale, s->points[0])) / NORMAL_95,
                   (to_scale(s->scale, s->points[2]) - m) / NORMAL_95};
}

static bool split_valid(const DistSpec *s)
{
    Split split = split_of(s);
    return m_is_finite(split.median) && m_is_finite(split.below) && m_is_finite(split.above) &&
           split.below >= 0.0 && split.above >= 0.0;
}

static double split_quantile(const DistSpec *s, double u, double v)
{
    Split split = split_of(s);
    double sd = u < v ? split.below : split.above;
    double y = sd == 0.0 ? split.median : split.median + sd * special_normal_quantile(u, v);
    return from_scale(s->scale, y);
}

// With `below`, P(X < x) and P(X >= x): they differ where one side has no width.
static Tails split_tails(const DistSpec *s, double x, bool below)
{
    Split split = split_of(s);
    double d = to_scale(s->scale, x) - split.median;
    if (d < 0.0) {
        return split.below == 0.0 ? NOTHING_BELOW : special_normal(d / split.below);
    }
    if (d > 0.0) {
        return split.above == 0.0 ? NOTHING_ABOVE : special_normal(d / split.above);
    }
    double left = split.below == 0.0 ? 0.0 : 0.5, right = split.above == 0.0 ? 1.0 : 0.5;
    double lower = below ? left : right;
    return (Tails){lower, 1.0 - lower};
}

// ---- Truncation ---------------------------------------------------------------------------------

// What lies between two places, by whichever pair of tails has not rounded it away.
static double mass_between(Tails from, Tails to)
{
    if (from.lower > 0.5) {
        return from.upper - to.upper;
    }
    return to.lower <= 0.5 ? to.lower - from.lower : (1.0 - from.lower) - to.upper;
}

// The ends of the kept part and what lies in it.
typedef struct {
    Tails lo, hi;
    double kept;
} Cut;

static Cut cut_of(const DistSpec *s)
{
    Tails lo = tails_of(&s->parts[0], s->lo, true);
    Tails hi = tails_of(&s->parts[0], s->hi, false);
    return (Cut){lo, hi, mass_between(lo, hi)};
}

static double truncated_quantile(const DistSpec *s, double u, double v)
{
    Cut cut = cut_of(s);
    double p = cut.lo.lower + u * cut.kept, q = cut.hi.upper + v * cut.kept;
    double x = quantile_of(&s->parts[0], p, q);
    bool counts = s->parts[0].form == SPEC_KIND && dist_is_discrete(s->parts[0].kind);
    double lo = counts ? m_ceil(s->lo) : s->lo, hi = counts ? m_floor(s->hi) : s->hi;
    return m_min(m_max(x, lo), hi);
}

static Tails truncated_tails(const DistSpec *s, double x, bool below)
{
    if (below ? x <= s->lo : x < s->lo) {
        return NOTHING_BELOW;
    }
    if (below ? x > s->hi : x >= s->hi) {
        return NOTHING_ABOVE;
    }
    Cut cut = cut_of(s);
    Tails t = tails_of(&s->parts[0], x, below);
    double lower = m_max(mass_between(cut.lo, t), 0.0) / cut.kept;
    double upper = m_max(mass_between(t, cut.hi), 0.0) / cut.kept;
    return lower < upper ? (Tails){lower, 1.0 - lower} : (Tails){1.0 - upper, upper};
}

// ---- Mixtures -----------------------------------------------------------------------------------

static Tails mixture_tails(const DistSpec *s, double x, bool below)
{
    double lower = 0.0, upper = 0.0, total = 0.0;
    for (int32_t i = 0; i < s->n_parts; i++) {
        Tails t = tails_of(&s->parts[i], x, below);
        lower += s->weights[i] * t.lower;
        upper += s->weights[i] * t.upper;
        total += s->weights[i];
    }
    return (Tails){lower / total, upper / total};
}

// Doubles in their order as integers, so that halving a bracket always ends.
static int64_t ordered(double x)
{
    int64_t b = (int64_t)(bits_of(x) & ~BITS_SIGN);
    return bits_of(x) & BITS_SIGN ? -b : b;
}

static double from_ordered(int64_t i)
{
    return i < 0 ? -double_of((uint64_t)-i) : double_of((uint64_t)i);
}

// The double in the middle of those from a to b.
static double middle_double(double a, double b)
{
    int64_t i = ordered(a), j = ordered(b);
    // Halved before adding: opposite signs may lie 2^64 apart.
    return from_ordered(i / 2 + j / 2 + (i % 2 + j % 2) / 2);
}

static bool are_neighbours(double a, double b)
{
    int64_t i = ordered(m_min(a, b)), j = ordered(m_max(a, b));
    return i + 1 >= j;
}

// ln(P(X <= x) / u), or minus the same of the upper tail when that is the smaller: rises with x and
// is nearly straight in a tail.
static double mixture_excess(const DistSpec *s, double x, double u, double v)
{
    Tails t = mixture_tails(s, x, false);
    return u < v ? m_log(t.lower / u) : m_log(v / t.upper);
}

// Bracket of the search: P(X <= .) is below u on one side and not on the other. `near` is the end
// that moved last, `old` the point it replaced.
typedef struct {
    double near, far, old;
    double f_near, f_far, f_old;
} Bracket;

// Where to look next, as a share of the way from near to far: inverse quadratic interpolation where
// Chandrupatla (1997) finds it safe, else the middle.
static double bracket_share(const Bracket *b)
{
    double xi = (b->near - b->far) / (b->old - b->far);
    double phi = (b->f_near - b->f_far) / (b->f_old - b->f_far);
    if (!(phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi)) {
        return 0.5;
    }
    double first = b->f_near / (b->f_far - b->f_near) * (b->f_old / (b->f_far - b->f_old));
    double second = b->f_near / (b->f_old - b->f_near) * (b->f_far / (b->f_old - b->f_far));
    double t = first + second * ((b->old - b->near) / (b->far - b->near));
    return t > 0.0 && t < 1.0 ? t : 0.5;
}

static double bracket_try(const Bracket *b)
{
    double lo = m_min(b->near, b->far), hi = m_max(b->near, b->far);
    double middle = middle_double(lo, hi);
    if ((lo > 0.0 && hi > 16.0 * lo) || (hi < 0.0 && lo < 16.0 * hi)) {
        return middle; // halves the digits, not the distance
    }
    double x = b->near + bracket_share(b) * (b->far - b->near);
    // Never nearer than a double to an end, so that steps are closed in on.
    double least = 0x1p-53 * m_max(m_abs(lo), m_abs(hi));
    x = m_min(m_max(x, lo + least), hi - least);
    return x > lo && x < hi ? x : middle;
}

static void bracket_move(Bracket *b, double x, double f)
{
    if ((f < 0.0) == (b->f_near < 0.0)) {
        b->old = b->near;
        b->f_old = b->f_near;
    } else {
        b->old = b->far;
        b->f_old = b->f_far;
        b->far = b->near;
        b->f_far = b->f_near;
    }
    b->near = x;
    b->f_near = f;
}

static double mixture_search(const DistSpec *s, Bracket b, double u, double v)
{
    for (int round = 0; round < 200 && !are_neighbours(b.near, b.far); round++) {
        double x = bracket_try(&b);
        double f = mixture_excess(s, x, u, v);
        if (m_abs(f) <= 1e-15) {
            return x;
        }
        bracket_move(&b, x, f);
    }
    return m_max(b.near, b.far);
}

// Does the distribution jump over the rank at one of the quantiles of its parts, or at 0, where
// counts begin? A search would halve its way there, and to 0 not come in any number of rounds.
static bool jumps_at(const DistSpec *s, double u, double v, double *at)
{
    *at = mixture_excess(s, 0.0, u, v) >= 0.0 ? 0.0 : MATH_INF;
    for (int32_t i = 0; i < s->n_parts; i++) {
        double x = s->weights[i] > 0.0 ? quantile_of(&s->parts[i], u, v) : MATH_INF;
        if (x < *at && mixture_excess(s, x, u, v) >= 0.0) {
            *at = x;
        }
    }
    Tails before = mixture_tails(s, *at, true);
    return u < v ? before.lower < u : before.upper > v;
}

// The quantile of a mixture lies between the least and the greatest of its parts' quantiles.
static double mixture_quantile(const DistSpec *s, double u, double v)
{
    double lo = MATH_INF, hi = -MATH_INF;
    for (int32_t i = 0; i < s->n_parts; i++) {
        if (s->weights[i] > 0.0) {
            double x = quantile_of(&s->parts[i], u, v);
            lo = m_min(lo, x);
            hi = m_max(hi, x);
        }
    }
    if (!(lo < hi) || !m_is_finite(lo) || !m_is_finite(hi) || u <= 0.0 || v <= 0.0) {
        return u < v ? lo : hi;
    }
    double f_lo = mixture_excess(s, lo, u, v), f_hi = mixture_excess(s, hi, u, v);
    if (f_lo >= 0.0) {
        return lo;
    }
    double jump;
    if (jumps_at(s, u, v, &jump)) {
        return jump;
    }
    Bracket b = {lo, hi, hi, f_lo, f_hi, f_hi};
    return mixture_search(s, b, u, v);
}

// ---- All forms ----------------------------------------------------------------------------------

static bool weights_valid(const DistSpec *s)
{
    double total = 0.0;
    for (int32_t i = 0; i < s->n_parts; i++) {
        if (!(s->weights[i] >= 0.0)) {
            return false;
        }
        total += s->weights[i];
    }
    return total > 0.0 && m_is_finite(total);
}

static bool parts_valid(const DistSpec *s)
{
    for (int32_t i = 0; i < s->n_parts; i++) {
        if (!spec_valid(&s->parts[i])) {
            return false;
        }
    }
    return s->n_parts > 0;
}

bool spec_valid(const DistSpec *s)
{
    switch (s->form) {
    case SPEC_KIND: return dist_valid(s->kind, s->params);
    case SPEC_SPLIT: return split_valid(s);
    case SPEC_TRUNCATED: return parts_valid(s) && s->lo <= s->hi && cut_of(s).kept > 0.0;
    case SPEC_MIXTURE: return parts_valid(s) && weights_valid(s);
    }
    return false;
}

static Tails tails_of(const DistSpec *s, double x, bool below)
{
    switch (s->form) {
    case SPEC_KIND:
        return below ? dist_tails_below(s->kind, s->params, x) : dist_tails(s->kind, s->params, x);
    case SPEC_SPLIT: return split_tails(s, x, below);
    case SPEC_TRUNCATED: return truncated_tails(s, x, below);
    case SPEC_MIXTURE: return mixture_tails(s, x, below);
    }
    return UNKNOWN;
}

static double quantile_of(const DistSpec *s, double u, double v)
{
    switch (s->form) {
    case SPEC_KIND: return dist_quantile(s->kind, s->params, u, v);
    case SPEC_SPLIT: return split_quantile(s, u, v);
    case SPEC_TRUNCATED: return truncated_quantile(s, u, v);
    case SPEC_MIXTURE: return mixture_quantile(s, u, v);
    }
    return MATH_NAN;
}

Tails spec_tails(const DistSpec *spec, double x)
{
    return x == x && spec_valid(spec) ? tails_of(spec, x, false) : UNKNOWN;
}

Tails spec_tails_below(const DistSpec *spec, double x)
{
    return x == x && spec_valid(spec) ? tails_of(spec, x, true) : UNKNOWN;
}

double spec_cdf(const DistSpec *spec, double x)
{
    return spec_tails(spec, x).lower;
}

double spec_quantile(const DistSpec *spec, double u, double v)
{
    return u >= 0.0 && v >= 0.0 && spec_valid(spec) ? quantile_of(spec, u, v) : MATH_NAN;
}

void spec_support(const DistSpec *spec, double *lo, double *hi)
{
    *lo = spec_quantile(spec, 0.0, 1.0);
    *hi = spec_quantile(spec, 1.0, 0.0);
}
