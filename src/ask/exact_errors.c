// SPDX-License-Identifier: MIT
//
// How far averages over quasi-random worlds are off: each set of worlds has an answer of its own,
// and the sets were scrambled apart.
#include "ask/estimates.h"
#include "ask/exact_impl.h"
#include "math/bits.h"
#include "math/elementary.h"

typedef const Estimate *Pick(const Item *item, int32_t i);

static const Estimate *pick_value(const Item *item, int32_t i)
{
    const Estimate *all[] = {&item->value, &item->defined, &item->censored, &item->tied,
                             &item->never};
    return all[i];
}

static const Estimate *pick_level(const Item *item, int32_t i)
{
    return i < item->n_levels ? &item->levels[i].share : NULL;
}

static const Estimate *pick_incidence(const Item *item, int32_t i)
{
    return i < item->n_incidence ? &item->incidence[i].share : NULL;
}

static const Estimate *pick_quantile(const Item *item, int32_t i)
{
    return i < item->n_quantiles ? &item->quantiles[i].value : NULL;
}

static const Estimate *pick_point(const Item *item, int32_t i)
{
    return i < item->n_points ? &item->points[i].mean : NULL;
}

// The estimate with its error; a chance does not leave 0 to 1.
static Estimate with_error(const Item *item, const Item *sets, Pick *pick, int32_t i, bool chance)
{
    const Estimate *whole = pick(item, i);
    ASSERT(whole);
    double sections[EXACT_SETS];
    for (int32_t s = 0; s < EXACT_SETS; s++) {
        const Estimate *e = pick(&sets[s], i);
        sections[s] = e ? e->value : MATH_NAN;
    }
    Estimate e = estimate_sections(whole->value, sections, EXACT_SETS);
    e.lo = chance ? m_max(e.lo, 0) : e.lo;
    e.hi = chance ? m_min(e.hi, 1) : e.hi;
    return e;
}

static void set_values(Item *item, const Item *sets)
{
    bool chance = item->kind == ITEM_FLAG || item->kind == ITEM_DATE;
    Estimate found[5] = {{0}};
    for (int32_t i = 0; i < 5; i++) {
        found[i] = with_error(item, sets, pick_value, i, i > 0 || chance);
    }
    item->value = found[0];
    item->defined = item->conditional ? found[1] : item->defined;
    item->censored = item->has_censored ? found[2] : item->censored;
    item->tied = item->has_tied ? found[3] : item->tied;
    item->never = found[4];
}

static void set_levels(Arena *arena, Item *item, const Item *sets)
{
    LevelShare *levels = ARENA_ARRAY(arena, LevelShare, item->n_levels + 1);
    for (int32_t i = 0; i < item->n_levels; i++) {
        levels[i] = item->levels[i];
        levels[i].share = with_error(item, sets, pick_level, i, true);
    }
    item->levels = levels;
}

static void set_incidence(Arena *arena, Item *item, const Item *sets)
{
    Incidence *incidence = ARENA_ARRAY(arena, Incidence, item->n_incidence + 1);
    for (int32_t i = 0; i < item->n_incidence; i++) {
        incidence[i] = item->incidence[i];
        incidence[i].share = with_error(item, sets, pick_incidence, i, true);
    }
    item->incidence = incidence;
}

static void set_quantiles(Arena *arena, Item *item, const Item *sets)
{
    QuantileValue *quantiles = ARENA_ARRAY(arena, QuantileValue, item->n_quantiles + 1);
    for (int32_t i = 0; i < item->n_quantiles; i++) {
        quantiles[i] = item->quantiles[i];
        quantiles[i].value = with_error(item, sets, pick_quantile, i, false);
    }
    item->quantiles = quantiles;
}

static void set_points(Arena *arena, Item *item, const Item *sets)
{
    SeriesPoint *points = ARENA_ARRAY(arena, SeriesPoint, item->n_points + 1);
    for (int32_t i = 0; i < item->n_points; i++) {
        points[i] = item->points[i];
        points[i].mean = with_error(item, sets, pick_point, i, item->series_of == ITEM_FLAG);
    }
    item->points = points;
}

void exact_item_errors(Arena *arena, Item *item, const Item *sets)
{
    if (item->kind == ITEM_SERIES) {
        set_points(arena, item, sets);
        return;
    }
    set_values(item, sets);
    if (item->kind == ITEM_LEVEL) {
        set_levels(arena, item, sets);
    }
    set_incidence(arena, item, sets);
    set_quantiles(arena, item, sets);
}
