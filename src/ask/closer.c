// SPDX-License-Identifier: MIT
//
// A few futures of a run, told once more for what lies in crowded bins.
#include "ask/closer.h"

#include <stdlib.h>

#include "ask/columns.h"
#include "ask/pilot.h"
#include "math/elementary.h"

enum {
    MOST = 1024,
    LEAST = 64,
    PART = 8,   // of the run's futures, not to take longer than they
    ENOUGH = 4, // values in a bin that say more than its edges
};

// Bins are crowded that hold more than this share of all values: smooth ones hold at most 0.4 %.
static const double CROWDED = 1.0 / 64;
// Bins this narrow, as a part of the value, are as good as the value.
static const double NARROW = 1e-6;

struct Closer {
    Arena *arena;
    const Layout *layout;
    const volatile int *stop;
    Plan few;
    bool tried, ran;
    UnitData *data;
    double *found;
};

Closer *closer_new(Arena *arena, const Layout *layout, uint64_t futures, const volatile int *stop)
{
    Closer *closer = ARENA_NEW(arena, Closer);
    uint64_t n = futures / PART;
    n = n < LEAST ? LEAST : n > MOST ? MOST : n;
    *closer = (Closer){
        .arena = arena_new(0), .layout = layout, .stop = stop, .few = pilot_plan(layout->plan, n)};
    return closer;
}

void closer_free(Closer *closer)
{
    if (closer) {
        unit_data_free(closer->data);
        arena_free(closer->arena);
    }
}

static bool look(Closer *closer)
{
    const Plan *few = &closer->few;
    if (!closer->tried && !(closer->stop && *closer->stop)) {
        closer->tried = true;
        closer->found = ARENA_ARRAY(closer->arena, double, MOST);
        PointScales scales = layout_scales(closer->layout);
        closer->data = unit_data_new(closer->arena, few, SERIES_WHOLE, scales, false);
        WorkUnit all = {.n_worlds = (int32_t)few->worlds, .n_futures = (uint32_t)few->futures};
        closer->ran = unit_run(closer->data, all, closer->stop);
    }
    return closer->ran;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// The values of a bin, in rising order; how many.
static int32_t find(Closer *closer, const Asked *asked, int32_t point, double centre, uint16_t key)
{
    const double *values = unit_whole_at(closer->data, asked, point);
    int32_t n = 0;
    for (int32_t i = 0; i < closer->data->n; i++) {
        if (columns_key((float)(values[i] - centre)) == key) {
            closer->found[n++] = values[i];
        }
    }
    qsort(closer->found, (size_t)n, sizeof *closer->found, by_size);
    return n;
}

double closer_value(Closer *closer, const Asked *asked, int32_t point, const HistPlace *place)
{
    const Layout *layout = closer->layout;
    double centre = layout->point_centre[asked->column * layout->plan->n_points + point];
    double value = place->value + centre;
    bool crowded = place->crowding > CROWDED && place->hi - place->lo > m_abs(value) * NARROW;
    if (!crowded || !look(closer)) {
        return value;
    }
    int32_t n = find(closer, asked, point, centre, place->key);
    int32_t at = (int32_t)m_ceil(place->share * n) - 1;
    return n < ENOUGH ? value : closer->found[at < 0 ? 0 : at];
}
