// SPDX-License-Identifier: MIT
//
// Counting points of time in any order.
#include "ask/points.h"

#include <string.h>

#include "ask/columns.h"
#include "math/bits.h"
#include "math/elementary.h"

enum {
    MARGIN = 6,    // the step serves up to 2^6 times as far as the first futures reached
    SUM_BITS = 39, // 2^14 values below 2^39 steps: their sum is a double
    // Floats of 16 octaves are multiples of 2^-39 of the highest: 2^14 of them add up exactly.
    FAR_SUMS = 16,
    LEVEL_TABLES = 4,
    FEW_LEVELS = 64,
    PIECE = 256 // values looked at one by one where one of them is far
};

// What one series has at a point.
typedef struct {
    int32_t n, n_odd; // values, and of these no numbers
    bool any_far;
    int64_t sum; // steps of a number's distances, or yes
} Point;

struct Points {
    const Plan *plan;
    int32_t row;
    PointScale **scale; // all by Asked.column, then by point
    Point **point;
    uint16_t **keys;   // [point * row + i]
    double **far;      // [point * FAR_SUMS + octave / 16]
    uint32_t **levels; // [point * tables * (n_levels + 1) + ...], the last for no level
};

bool points_serve(const Asked *asked)
{
    return asked->is_series && !asked->has_defined;
}

// ---- Making -------------------------------------------------------------------------------------

// The exponent of a positive number.
static int32_t exponent_of(double x)
{
    return (int32_t)(bits_of(x) >> 52) - 1023;
}

static PointScale scale_of(double centre, double reach)
{
    // Where the first futures all agreed, whatever differs is far.
    const int32_t least = -126, most = 128;
    int32_t top = reach > 0 ? exponent_of(reach) + MARGIN : least;
    top = top < least ? least : top > most ? most : top;
    double step = m_ldexp(1, top - SUM_BITS);
    return (PointScale){.centre = centre,
                        .round = 0x1.8p52 * step,
                        .step = step,
                        .far = (int16_t)((top + 127) * HIST_BINS)};
}

// Neighbours are mostly on the same level: tables in turn keep a counter from waiting for itself.
static int32_t tables_of(const Asked *asked)
{
    return asked->n_levels > FEW_LEVELS ? 1 : LEVEL_TABLES;
}

static int64_t level_counters(const Asked *asked)
{
    return (int64_t)tables_of(asked) * (asked->n_levels + 1);
}

static void make_series(Arena *arena, Points *points, const Asked *asked, PointScales scales)
{
    int32_t n = points->plan->n_points, c = asked->column;
    points->point[c] = ARENA_ARRAY(arena, Point, n);
    if (asked->kind == RESULT_LEVEL) {
        points->levels[c] = ARENA_ARRAY(arena, uint32_t, n * level_counters(asked));
        return;
    }
    if (asked->kind == RESULT_FLAG) {
        return;
    }
    points->scale[c] = ARENA_ARRAY(arena, PointScale, n);
    for (int32_t p = 0; p < n; p++) {
        int64_t at = (int64_t)c * n + p;
        points->scale[c][p] = scale_of(scales.centre[at], scales.reach[at]);
    }
    points->keys[c] = ARENA_COLUMN(arena, uint16_t, (int64_t)points->row * n);
    points->far[c] = ARENA_ARRAY(arena, double, n *FAR_SUMS);
}

// Rows are a cache line longer than needed: of a power of two they would all fall on the same lines
// of the cache.
enum { ROW_GAP = 32 };

Points *points_new(Arena *arena, const Plan *plan, PointScales scales, int32_t capacity)
{
    ASSERT(capacity <= POINTS_MOST);
    Points *points = ARENA_NEW(arena, Points);
    points->plan = plan;
    points->row = capacity + ROW_GAP;
    points->scale = ARENA_ARRAY(arena, PointScale *, plan->n_series + 1);
    points->point = ARENA_ARRAY(arena, Point *, plan->n_series + 1);
    points->keys = ARENA_ARRAY(arena, uint16_t *, plan->n_series + 1);
    points->far = ARENA_ARRAY(arena, double *, plan->n_series + 1);
    points->levels = ARENA_ARRAY(arena, uint32_t *, plan->n_series + 1);
    for (int32_t a = 0; a < plan->n_asked; a++) {
        if (points_serve(&plan->asked[a])) {
            make_series(arena, points, &plan->asked[a], scales);
        }
    }
    return points;
}

size_t points_bytes(const Plan *plan, int32_t capacity)
{
    size_t bytes = 0;
    for (int32_t a = 0; a < plan->n_asked; a++) {
        const Asked *asked = &plan->asked[a];
        if (!points_serve(asked)) {
            continue;
        }
        bool number = asked->kind == RESULT_NUMBER;
        size_t values = number ? (size_t)(capacity + ROW_GAP) * sizeof(uint16_t) : 0;
        size_t levels = asked->kind == RESULT_LEVEL ? (size_t)level_counters(asked) * 4 : 0;
        size_t sums = number ? FAR_SUMS * sizeof(double) + sizeof(PointScale) : 0;
        bytes += (size_t)plan->n_points * (sizeof(Point) + values + levels + sums);
    }
    return bytes;
}

void points_clear(Points *points)
{
    const Plan *plan = points->plan;
    for (int32_t a = 0; a < plan->n_asked; a++) {
        const Asked *asked = &plan->asked[a];
        if (!points_serve(asked)) {
            continue;
        }
        for (int32_t p = 0; p < plan->n_points; p++) {
            Point *point = &points->point[asked->column][p];
            if (point->any_far) {
                memset(points->far[asked->column] + (int64_t)p * FAR_SUMS, 0,
                       FAR_SUMS * sizeof(double));
            }
            *point = (Point){.n = 0};
        }
        if (asked->kind == RESULT_LEVEL) {
            memset(points->levels[asked->column], 0,
                   (size_t)(plan->n_points * level_counters(asked)) * sizeof(uint32_t));
        }
    }
}

// ---- Adding -------------------------------------------------------------------------------------

// One by one, where some value is far or no number at all.
static void add_some_far(const PointScale *scale, const double *values, const uint16_t *keys,
                         int32_t n, Point *point, double *far)
{
    for (int32_t i = 0; i < n; i++) {
        double distance = values[i] - scale->centre;
        int32_t size = keys[i] % (HIST_OCTAVES * HIST_BINS), octave = size / HIST_BINS;
        if (size < scale->far) {
            uint64_t steps = bits_of(distance + scale->round) - bits_of(scale->round);
            point->sum += (int64_t)steps;
        } else if (octave == HIST_OCTAVES - 1) {
            point->n_odd++;
        } else {
            far[octave / FAR_SUMS] += (double)(float)distance;
            point->any_far = true;
        }
    }
}

static void add_numbers(Points *points, int32_t column, int32_t p, const double *values, int32_t n)
{
    const PointScale *scale = &points->scale[column][p];
    Point *point = &points->point[column][p];
    uint16_t *keys = points->keys[column] + (int64_t)p * points->row + point->n;
    double *far = points->far[column] + (int64_t)p * FAR_SUMS;
    Isa isa = points->plan->engine.isa;
    for (int32_t from = 0; from < n; from += PIECE) {
        int32_t some = n - from < PIECE ? n - from : PIECE;
        int64_t steps;
        if (columns_point(isa, values + from, some, scale, keys + from, &steps)) {
            point->sum += steps;
        } else {
            add_some_far(scale, values + from, keys + from, some, point, far);
        }
    }
}

static void add_flags(Point *point, const double *values, int32_t n)
{
    int32_t yes = 0;
    for (int32_t i = 0; i < n; i++) {
        yes += bits_of(values[i]) != 0;
    }
    point->sum += yes;
}

static void add_levels(const Asked *asked, const double *values, int32_t n, uint32_t *counters)
{
    int32_t n_levels = asked->n_levels, turns = tables_of(asked) - 1;
    for (int32_t i = 0; i < n; i++) {
        bool in = values[i] >= 0 && values[i] < (double)n_levels;
        uint32_t *table = counters + (i & turns) * (n_levels + 1);
        table[in ? (int32_t)values[i] : n_levels]++;
    }
}

void points_add(Points *points, const Asked *asked, int32_t point, const double *values, int32_t n)
{
    Point *at = &points->point[asked->column][point];
    ASSERT(n <= points->row - ROW_GAP - at->n);
    switch (asked->kind) {
    case RESULT_FLAG: add_flags(at, values, n); break;
    case RESULT_LEVEL:
        add_levels(asked, values, n, points->levels[asked->column] + point * level_counters(asked));
        break;
    default: add_numbers(points, asked->column, point, values, n); break;
    }
    at->n += n;
}

// ---- Taking -------------------------------------------------------------------------------------

static void take_levels(const Asked *asked, const uint32_t *counters, double *sums)
{
    for (int32_t t = 0; t < tables_of(asked); t++) {
        const uint32_t *table = counters + t * (asked->n_levels + 1);
        for (int32_t l = 0; l < asked->n_levels; l++) {
            sums[0] += table[l];
            sums[1 + l] += table[l];
        }
    }
}

void points_take(const Points *points, const Asked *asked, int32_t point, double *sums, Hist *hist)
{
    int32_t c = asked->column;
    const Point *at = &points->point[c][point];
    if (asked->kind == RESULT_LEVEL) {
        take_levels(asked, points->levels[c] + point * level_counters(asked), sums);
        return;
    }
    sums[0] += at->n - at->n_odd;
    sums[1] += asked->kind == RESULT_NUMBER ? (double)at->sum * points->scale[c][point].step
                                            : (double)at->sum;
    for (int32_t i = 0; i < FAR_SUMS && at->any_far; i++) {
        sums[1] += points->far[c][point * FAR_SUMS + i];
    }
    if (asked->kind == RESULT_NUMBER) {
        hist_add_keys(hist, points->plan->engine.isa,
                      points->keys[c] + (int64_t)point * points->row, at->n);
    }
}
