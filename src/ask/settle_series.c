// SPDX-License-Identifier: MIT
//
// From the sums of an `over time` question to its points.
#include "ask/settle_impl.h"
#include "ask/words.h"
#include "base/num.h"
#include "math/bits.h"
#include "math/elementary.h"

// Sums of one point: n, then one sum a channel.
static const double *point_sums(const Layout *layout, const double *flat, int32_t asked, int32_t p)
{
    return flat + layout->series_at + layout->series_offset[asked] +
           (int64_t)p * layout->series_width[asked];
}

// Mean of a point from its sums; the mean rung for levels.
static double point_mean(const double *sums, const Asked *asked, double centre)
{
    if (asked->kind != RESULT_LEVEL) {
        return centre + sums[1] / sums[0];
    }
    double mean = 0;
    for (int32_t l = 0; l < asked->n_levels; l++) {
        mean += (double)l * sums[1 + l] / sums[0];
    }
    return mean;
}

// A share over time: its interval is Wilson's for the effective number that sectioning finds.
static Estimate share_interval(const RunEnd *o, Estimate e, double n)
{
    double p = e.value, error = e.half / estimate_t(o->plan->n_sections - 1);
    double alike = settle_clustered(o->plan) ? n / (double)o->plan->futures : n;
    double trials = p > 0 && p < 1 && error > 0 ? p * (1 - p) / (error * error) : alike;
    trials = trials < n ? trials : n;
    double z = estimate_t(o->plan->n_sections - 1);
    return estimate_wilson(p, trials, z == z ? z : 1.96);
}

enum { POINT_QUANTILES = 5 };

// A bin no wider than 1 holds one whole number, or none.
static double whole_in_bin(const HistPlace *place, double centre, double value)
{
    bool below = place->hi <= 0; // then its upper edge belongs to it, else its lower one
    double whole = below ? m_floor(centre + place->hi) : m_ceil(centre + place->lo);
    bool there = below ? whole > centre + place->lo : whole < centre + place->hi;
    return place->hi - place->lo <= 1 && there ? whole : value;
}

// Quantiles of a point's histogram, whose bins have a width: a count that lies in one is whole.
static void point_quantiles(const RunEnd *o, const Asked *asked, int32_t p, double *values)
{
    static const double Q[POINT_QUANTILES] = {0.05, 0.25, 0.5, 0.75, 0.95};
    int64_t row = (int64_t)asked->column * o->plan->n_points + p;
    int64_t at = (int64_t)o->layout->kind_index[asked - o->plan->asked] * o->plan->n_points + p;
    HistPlace places[POINT_QUANTILES];
    hist_places(o->counts->points[at], Q, POINT_QUANTILES, places);
    const Question *question = &o->plan->tellings[0].view->questions[asked->question];
    bool count = question->kind.tag == KIND_NUMBER && question->kind.support == SUPPORT_COUNT;
    for (int32_t i = 0; i < POINT_QUANTILES; i++) {
        values[i] = closer_value(o->closer, asked, p, &places[i]);
        values[i] =
            count ? whole_in_bin(&places[i], o->layout->point_centre[row], values[i]) : values[i];
    }
}

static void settle_point(Arena *arena, const RunEnd *o, int32_t asked, int32_t p, double futures,
                         SeriesPoint *point)
{
    const Asked *a = &o->plan->asked[asked];
    int32_t width = o->layout->series_width[asked];
    double *sums = ARENA_ARRAY(arena, double, width);
    double centre = o->layout->point_centre[a->column * o->plan->n_points + p];
    double means[PLAN_SECTIONS];
    for (int32_t s = 0; s < o->plan->n_sections; s++) {
        const double *one = point_sums(o->layout, o->sections[s], asked, p);
        means[s] = point_mean(one, a, centre);
        for (int32_t c = 0; c < width; c++) {
            sums[c] += one[c];
        }
    }
    point->date = plan_point_date(o->plan, p);
    point->defined = sums[0] / futures;
    point->mean = estimate_sections(point_mean(sums, a, centre), means, o->plan->n_sections);
    if (a->kind == RESULT_FLAG && sums[0] > 0) {
        point->mean = share_interval(o, point->mean, sums[0]);
    }
    if (a->kind == RESULT_LEVEL) {
        for (int32_t c = 1; c < width; c++) {
            sums[c] = sums[c] / sums[0];
        }
        point->shares = sums + 1;
    }
    double found[POINT_QUANTILES] = {MATH_NAN, MATH_NAN, MATH_NAN, MATH_NAN, MATH_NAN};
    if (a->kind == RESULT_NUMBER) {
        point_quantiles(o, a, p, found);
    }
    point->q05 = found[0];
    point->q25 = found[1];
    point->q50 = found[2];
    point->q75 = found[3];
    point->q95 = found[4];
}

static void name_levels(Arena *arena, const RunEnd *o, int32_t asked, Item *item)
{
    const Asked *a = &o->plan->asked[asked];
    const View *view = o->plan->tellings[0].view;
    Str *names = ARENA_ARRAY(arena, Str, a->n_levels);
    for (int32_t l = 0; l < a->n_levels; l++) {
        names[l] = str_copy(arena, words_level(view, view->questions[a->question].kind, l));
    }
    item->level_names = names;
    item->n_levels = a->n_levels;
}

// Of futures with a condition those in which there is a value at some time: the others are not
// known.
static double most_futures(const RunEnd *o, int32_t asked)
{
    double most = 0;
    for (int32_t p = 0; p < o->plan->n_points; p++) {
        double n = 0;
        for (int32_t s = 0; s < o->plan->n_sections; s++) {
            n += point_sums(o->layout, o->sections[s], asked, p)[0];
        }
        most = n > most ? n : most;
    }
    return most;
}

void settle_series(Arena *arena, const RunEnd *o, int32_t asked, Item *item)
{
    const Asked *a = &o->plan->asked[asked];
    const Question *question = &o->plan->tellings[0].view->questions[a->question];
    item->kind = ITEM_SERIES;
    item->value = estimate_none();
    double seen = most_futures(o, asked), n = question->n_given > 0 ? seen : (double)o->futures;
    SeriesPoint *points = ARENA_ARRAY(arena, SeriesPoint, o->plan->n_points);
    for (int32_t p = 0; p < o->plan->n_points; p++) {
        settle_point(arena, o, asked, p, n, &points[p]);
    }
    if (a->kind == RESULT_LEVEL) {
        name_levels(arena, o, asked, item);
    }
    item->futures = seen > 0 ? (uint64_t)n : 0;
    item->conditional = question->n_given > 0;
    item->defined = estimate_sure(1);
    if (item->conditional && o->futures > 0) {
        double share = n / (double)o->futures;
        item->defined = share_interval(o, (Estimate){share, 0, share, share}, (double)o->futures);
    }
    if (seen > 0) {
        item->points = points;
        item->n_points = o->plan->n_points;
    } else {
        const char *why = item->conditional ? "the condition never occurred in"
                                            : "the value was not defined in any of";
        item->why = str_format(arena, "%s %.*s futures", why,
                               STR_ARG(num_grouped(arena, (double)o->futures, 0)));
    }
}
