// SPDX-License-Identifier: MIT
//
// Building and reading quantile tables: see qtable.h for the layout.
//
// An octave of a smooth distribution costs 12 quantiles at Chebyshev points and three more to
// check; the segments' cubics are then read off that interpolant. Where the check fails the
// segments are fitted one by one, and a segment whose cubic fails is cut in two until its pieces
// fit or are too short to matter, which leaves a step.
#include "math/qtable.h"

#include "base/error.h"
#include "base/vec.h"
#include "math/bits.h"
#include "math/draw.h"
#include "math/elementary.h"
#include "math/special.h"

enum {
    PARTS = 1 << QTABLE_BITS,
    NODES = 12,        // Chebyshev points of an octave
    KNOTS = 4,         // points a cubic goes through
    MAX_DEPTH = 22,    // a stretch of 2^-22 of a segment becomes a step
    MAX_PIECES = 1000, // of one row
};

#define VALUE_MAX        1e300
#define FIT_TOLERANCE    1e-4 // of a segment's range: misplaces less than 1e-4 of its probability
#define SMOOTH_TOLERANCE 1e-7 // of the interpolant of an octave
#define NEGLIGIBLE       0x1p-36
#define INSIDE           0x1p-30 // ends are looked at from inside: a jump on a seam stays there

// A cubic through both ends errs least when its inner knots are 1 - sqrt(1/2) from them; the error
// then peaks at the probes, to the same height.
#define KNOT_IN 0.29289321881345247560
static const double KNOT[KNOTS] = {0.0, KNOT_IN, 1.0 - KNOT_IN, 1.0};
static const double PROBE[3] = {0.117, 0.5, 0.883};

typedef struct {
    Arena *arena;
    QuantileFn quantile;
    const void *ctx;
    int32_t half;
    double middle;                     // Q(3/4) - Q(1/4)
    double base;                       // the octave is [base, 2 base)
    double node[NODES];                // in [0, 1] along an octave
    double read[PARTS * KNOTS][NODES]; // from values at nodes to values at knots
    VEC(QPatch) patches;
    VEC(QPiece) pieces; // of the row at work
} Builder;

// ---- Values -------------------------------------------------------------------------------------

// Q at x in [0, 1] along the octave.
static double value_at(const Builder *b, double x)
{
    x = m_min(m_max(x, INSIDE), 1.0 - INSIDE);
    double t = b->base * (1.0 + x);
    double q = b->half == 0 ? b->quantile(b->ctx, t, 1.0 - t) : b->quantile(b->ctx, 1.0 - t, t);
    return q == q ? m_min(m_max(q, -VALUE_MAX), VALUE_MAX) : q;
}

// Chebyshev points of the second kind and the barycentric weights (-1)^j, halved at the ends
// (Salzer 1972); the fraction each node has in the interpolant at x.
static void read_weights(const Builder *b, double x, double *weights)
{
    double sum = 0.0;
    for (int j = 0; j < NODES; j++) {
        double w = (j % 2 ? -1.0 : 1.0) * (j == 0 || j == NODES - 1 ? 0.5 : 1.0);
        if (x == b->node[j]) {
            for (int i = 0; i < NODES; i++) {
                weights[i] = i == j ? 1.0 : 0.0;
            }
            return;
        }
        weights[j] = w / (x - b->node[j]);
        sum += weights[j];
    }
    for (int j = 0; j < NODES; j++) {
        weights[j] /= sum;
    }
}

// cos(pi / 11 j) by rotation, then squeezed to [0, 1].
static void place_nodes(Builder *b)
{
    const double c1 = 0.95949297361449738989, s1 = 0.28173255684142969771; // of pi / 11
    double c = 1.0, s = 0.0;
    for (int j = 0; j < NODES; j++) {
        b->node[j] = 0.5 - 0.5 * c;
        double next = c * c1 - s * s1;
        s = s * c1 + c * s1;
        c = next;
    }
    b->node[NODES - 1] = 1.0;
    for (int part = 0; part < PARTS; part++) {
        for (int k = 0; k < KNOTS; k++) {
            read_weights(b, (part + KNOT[k]) / PARTS, b->read[part * KNOTS + k]);
        }
    }
}

static double weighed(const double *weights, const double *values)
{
    double sum = 0.0;
    for (int j = 0; j < NODES; j++) {
        sum += weights[j] * values[j];
    }
    return sum;
}

// ---- Cubics -------------------------------------------------------------------------------------

// Through y at the knots, by divided differences.
static void cubic_through(const double y[KNOTS], double c[4])
{
    const double a = KNOT_IN;
    double g1 = (y[1] - y[0]) / a, g2 = (y[2] - y[0]) / (1.0 - a), g3 = y[3] - y[0];
    double e1 = (g2 - g1) / (1.0 - 2.0 * a), e2 = (g3 - g2) / a;
    c[0] = y[0];
    c[3] = (e2 - e1) / (1.0 - a);
    c[2] = e1 - c[3];
    c[1] = g1 - a * (c[2] + a * c[3]);
}

static double cubic_at(const double c[4], double s)
{
    return c[0] + s * (c[1] + s * (c[2] + s * c[3]));
}

// Does the cubic run one way on [0, 1]? Its slope is least at an end or where its own slope is 0.
static bool cubic_monotone(const double c[4], double range)
{
    double sign = range < 0.0 ? -1.0 : 1.0;
    double at0 = sign * c[1];
    double at1 = sign * (c[1] + 2.0 * c[2] + 3.0 * c[3]);
    if (at0 < 0.0 || at1 < 0.0) {
        return false;
    }
    double turn = -c[2] / (3.0 * c[3]);
    if (!(turn > 0.0 && turn < 1.0)) {
        return true;
    }
    return sign * (c[1] + turn * (2.0 * c[2] + turn * 3.0 * c[3])) >= 0.0;
}

// Errors of this size are rounding.
static double rounding_of(double y)
{
    return 0x1p-49 * m_abs(y);
}

// A cubic through y, unless it is not monotone. Knots that differ by rounding alone are made equal.
static bool cubic_fits(double y[KNOTS], double c[4])
{
    double range = y[KNOTS - 1] - y[0];
    if (m_abs(range) <= rounding_of(y[0])) {
        c[0] = y[0];
        c[1] = c[2] = c[3] = 0.0;
        return true;
    }
    cubic_through(y, c);
    return cubic_monotone(c, range);
}

// ---- Rows ---------------------------------------------------------------------------------------

static bool close_to(double got, double want, double tolerance, double range)
{
    return m_abs(got - want) <= tolerance * m_abs(range) + rounding_of(want);
}

// Fit [from, from + width] along the octave by direct looks; false when a cubic will not do.
static bool fit_stretch(const Builder *b, double from, double width, double c[4])
{
    double y[KNOTS];
    for (int k = 0; k < KNOTS; k++) {
        y[k] = value_at(b, from + width * KNOT[k]);
    }
    if (!cubic_fits(y, c)) {
        return false;
    }
    for (int i = 0; i < 3; i++) {
        double want = value_at(b, from + width * PROBE[i]);
        if (!close_to(cubic_at(c, PROBE[i]), want, FIT_TOLERANCE, y[KNOTS - 1] - y[0])) {
            return false;
        }
    }
    return true;
}

static bool is_constant(const double c[4])
{
    return c[1] == 0.0 && c[2] == 0.0 && c[3] == 0.0;
}

// Append a piece that begins at t = `from` of its row and is `width` long there.
static void add_piece(Builder *b, double from, double width, const double c[4])
{
    if (b->pieces.n > 0) {
        const QPiece *last = &b->pieces.p[b->pieces.n - 1];
        if (is_constant(last->c) && is_constant(c) && last->c[0] == c[0]) {
            return;
        }
    }
    QPiece piece = {from,
                    {c[0], c[1] / width, c[2] / (width * width), c[3] / (width * width * width)}};
    vec_push(b->arena, &b->pieces, piece);
}

// Cut a stretch of row `part` until its pieces fit; widths are powers of two, so all is exact.
static void cut_stretch(Builder *b, int part, double from, double width, int depth)
{
    double c[4];
    if (fit_stretch(b, (part + from) / PARTS, width / PARTS, c)) {
        add_piece(b, from, width, c);
        return;
    }
    if (depth == MAX_DEPTH || b->pieces.n >= MAX_PIECES) {
        double step[4] = {value_at(b, (part + from) / PARTS)};
        add_piece(b, from, width, step);
        return;
    }
    cut_stretch(b, part, from, 0.5 * width, depth + 1);
    cut_stretch(b, part, from + 0.5 * width, 0.5 * width, depth + 1);
}

static void fit_row(Builder *b, int32_t row, int part, double c[4])
{
    if (fit_stretch(b, (double)part / PARTS, 1.0 / PARTS, c)) {
        return;
    }
    c[0] = MATH_NAN;
    c[1] = c[2] = c[3] = 0.0;
    double inside = value_at(b, (part + 0.5) / PARTS);
    if (inside != inside) {
        return;
    }
    b->pieces.n = 0;
    cut_stretch(b, part, 0.0, 1.0, 0);
    QPiece *pieces = ARENA_ARRAY(b->arena, QPiece, b->pieces.n);
    memcpy(pieces, b->pieces.p, (size_t)b->pieces.n * sizeof *pieces);
    QPatch patch = {b->half, row, b->pieces.n, pieces};
    vec_push(b->arena, &b->patches, patch);
}

static void fill_flat(double row[4], double value)
{
    row[0] = value;
    row[1] = row[2] = row[3] = 0.0;
}

// Rows of an octave across which the distribution moves by less than rounding does elsewhere in it
// (the low end of a truncated normal): straight, and made monotone.
static void fill_straight(const Builder *b, double (*rows)[4])
{
    double sign = b->half == 0 ? 1.0 : -1.0;
    double from = value_at(b, 0.0);
    for (int part = 0; part < PARTS; part++) {
        double to = value_at(b, (part + 1.0) / PARTS);
        to = sign * (to - from) > 0.0 ? to : from;
        fill_flat(rows[part], from);
        rows[part][1] = to - from;
        from = to;
    }
}

// Is the whole octave's range below 2^-36 of the middle half of the distribution?
static bool is_negligible(const Builder *b)
{
    return m_abs(value_at(b, 1.0) - value_at(b, 0.0)) < NEGLIGIBLE * b->middle;
}

// All rows of an octave from one interpolant; false when the distribution is not smooth enough.
static bool fill_smooth(const Builder *b, double (*rows)[4])
{
    double values[NODES];
    for (int j = 0; j < NODES; j++) {
        values[j] = value_at(b, b->node[j]);
    }
    bool flat = true;
    for (int j = 1; j < NODES; j++) {
        flat = flat && values[j] == values[0];
    }
    for (int part = 0; part < PARTS; part++) {
        if (flat) {
            fill_flat(rows[part], values[0]);
            continue;
        }
        double y[KNOTS];
        for (int k = 0; k < KNOTS; k++) {
            y[k] = weighed(b->read[part * KNOTS + k], values);
        }
        if (!cubic_fits(y, rows[part])) {
            return false;
        }
        if (part == 0 || part == PARTS / 2 || part == PARTS - 1) {
            double x = (part + 0.4) / PARTS, weights[NODES];
            read_weights(b, x, weights);
            double want = value_at(b, x), range = y[KNOTS - 1] - y[0];
            if (!close_to(weighed(weights, values), want, SMOOTH_TOLERANCE, range) ||
                !close_to(cubic_at(rows[part], 0.4), want, FIT_TOLERANCE, range)) {
                return false;
            }
        }
    }
    return true;
}

const QTable *qtable_build(Arena *arena, QuantileFn quantile, const void *ctx)
{
    QTable *table = arena_alloc_aligned64(arena, 1, sizeof *table);
    Builder b = {.arena = arena, .quantile = quantile, .ctx = ctx};
    b.middle = quantile(ctx, 0.75, 0.25) - quantile(ctx, 0.25, 0.75);
    place_nodes(&b);
    for (int32_t half = 0; half < 2; half++) {
        b.half = half;
        b.base = 0.25;
        for (int32_t octave = 0; octave < QTABLE_OCTAVES; octave++, b.base *= 0.5) {
            int32_t first = octave << QTABLE_BITS;
            double(*rows)[4] = &table->rows[half][first];
            if (fill_smooth(&b, rows)) {
                continue;
            }
            if (is_negligible(&b)) {
                fill_straight(&b, rows);
                continue;
            }
            for (int part = 0; part < PARTS; part++) {
                fit_row(&b, first + part, part, rows[part]);
            }
        }
    }
    table->patches = b.patches.p;
    table->n_patches = b.patches.n;
    table->quantile = quantile;
    table->ctx = ctx;
    return table;
}

static double normal_point(const void *ctx, double u, double v)
{
    (void)ctx;
    return special_normal_quantile(u, v);
}

const QTable *qtable_normal(Arena *arena)
{
    return qtable_build(arena, normal_point, NULL);
}

static double uniform_point(const void *ctx, double u, double v)
{
    (void)ctx;
    return u < 0.5 ? u : 1 - v;
}

const QTable *qtable_uniform(Arena *arena)
{
    return qtable_build(arena, uniform_point, NULL);
}

// ---- Reading ------------------------------------------------------------------------------------

double qtable_patched(const QTable *table, int32_t half, int32_t row, double t)
{
    int32_t lo = 0, hi = table->n_patches; // first patch not before (half, row)
    while (lo < hi) {
        int32_t middle = lo + (hi - lo) / 2;
        const QPatch *patch = &table->patches[middle];
        bool before = patch->half != half ? patch->half < half : patch->row < row;
        lo = before ? middle + 1 : lo;
        hi = before ? hi : middle;
    }
    if (lo == table->n_patches || table->patches[lo].half != half ||
        table->patches[lo].row != row) {
        return MATH_NAN;
    }
    const QPatch *patch = &table->patches[lo];
    int32_t i = 0, n = patch->n_pieces; // the last piece that begins at or before t
    while (n > 1) {
        int32_t step = n / 2;
        i = patch->pieces[i + step].from <= t ? i + step : i;
        n -= step;
    }
    return cubic_at(patch->pieces[i].c, t - patch->pieces[i].from);
}

double qtable_eval(const QTable *table, double u, double v)
{
    int32_t half = u < 0.5 ? 0 : 1;
    double x = half ? v : u;
    x = x > 0x1p-67 ? x : 0x1p-67;
    x = x < 0x1.fffffffffffffp-2 ? x : 0x1.fffffffffffffp-2;
    uint64_t bits = bits_of(x);
    int32_t top = (int32_t)(bits >> (52 - QTABLE_BITS));
    int32_t row = QTABLE_TOP - top + 2 * (top & (PARTS - 1));
    ASSERT(row >= 0 && row < QTABLE_ROWS);
    double t = double_of(BITS_ONE | (bits << (12 + QTABLE_BITS)) >> 12) - 1.0;
    double value = cubic_at(table->rows[half][row], t);
    return value == value || table->n_patches == 0 ? value : qtable_patched(table, half, row, t);
}

double qtable_true(const QTable *table, double u, double v)
{
    return table->quantile(table->ctx, u, v);
}

double qtable_true_score(const QTable *table, double z)
{
    Tails tails = special_normal(z);
    return z == z ? qtable_true(table, tails.lower, tails.upper) : z;
}

double qtable_score(const QTable *table, double z)
{
    Tails tails = special_normal(z);
    return z == z ? qtable_eval(table, tails.lower, tails.upper) : z;
}

double qtable_draw(const QTable *table, uint32_t w, uint32_t w2)
{
    if (qtable_needs_second(w)) {
        return qtable_eval(table, draw_uniform64(w, w2), draw_uniform64(~w, ~w2));
    }
    return qtable_eval(table, draw_uniform(w), draw_uniform(~w));
}
