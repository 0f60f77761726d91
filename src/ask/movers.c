// SPDX-License-Identifier: MIT
//
// Which unknowns move an answer: first-order shares of the variance between worlds.
//
// Worlds are sorted into 16 bins by the rank of an unknown (or by its category); eta squared is the
// share of the variance between worlds that lies between the bins (correlation ratio, Pearson 1905;
// first-order index of Sobol' 1993 for the binned unknown). Bins differ by chance too: what chance
// alone would bring is taken off (Hays' omega squared). The error comes from the sections.
#include "ask/settle_impl.h"
#include "math/elementary.h"

static const double LEAST_SHARE = 0.01;
static const double CLEAR = 1.5; // half widths (of 95 %) that a share must be above zero: with many
                                 // unknowns one in twenty would name noise

static int32_t response_of(const Layout *layout, int32_t track)
{
    for (int32_t r = 0; r < layout->n_responses; r++) {
        if (layout->responses[r] == track) {
            return r;
        }
    }
    return -1;
}

// n and x of one response in the bins of one unknown, from the sums of one section.
static void read_bins(const RunEnd *o, const double *flat, int32_t r, const PlanUnknown *unknown,
                      double *bins)
{
    int64_t width = 2 * (int64_t)o->layout->n_responses;
    for (int32_t b = 0; b < unknown->n_bins; b++) {
        const double *sums = flat + o->layout->movers_at + (unknown->first_bin + b) * width + 2 * r;
        bins[2 * b] = sums[0];
        bins[2 * b + 1] = sums[1];
    }
}

// Variance between worlds of their means that the bins of one unknown explain, chance taken off.
// `bins` holds n and x of each bin.
static double explained(const double *bins, int32_t n_bins, const TrackSums *s)
{
    double n = 0, x = 0, used = 0;
    for (int32_t b = 0; b < n_bins; b++) {
        n += bins[2 * b];
        x += bins[2 * b + 1];
        used += bins[2 * b] > 0 ? 1 : 0;
    }
    if (!(n > 0) || used < 2 || !(s->w > used)) {
        return 0;
    }
    double mean = x / n, between = 0;
    for (int32_t b = 0; b < n_bins; b++) {
        if (bins[2 * b] > 0) {
            double d = bins[2 * b + 1] / bins[2 * b] - mean;
            between += bins[2 * b] * d * d;
        }
    }
    // Squared residuals of worlds about the grand mean, less what the bins explain.
    double size = s->nn / s->n, grand = s->x / s->n;
    double residual = s->xx - 2 * grand * s->nx + grand * grand * s->nn - size * between;
    residual = residual > 0 ? residual : 0;
    double chance = residual / s->n * s->w / (s->w - used) * (used - 1);
    return (between - chance) / s->n;
}

static Mover mover_of(const RunEnd *o, int32_t r, int32_t track, int32_t u, double variance)
{
    const Plan *plan = o->plan;
    const PlanUnknown *unknown = &plan->unknowns[u];
    double all[2 * PLAN_MAX_BINS] = {0}, bins[2 * PLAN_MAX_BINS] = {0}, found[PLAN_SECTIONS];
    for (int32_t s = 0; s < plan->n_sections; s++) {
        read_bins(o, o->sections[s], r, unknown, bins);
        for (int32_t i = 0; i < 2 * unknown->n_bins; i++) {
            all[i] += bins[i];
        }
        TrackSums sums = settle_section_sums(o->layout, o->sections[s], track);
        found[s] = explained(bins, unknown->n_bins, &sums) / variance;
    }
    TrackSums sums = settle_sums(o->layout, o->sections, track);
    double share = explained(all, unknown->n_bins, &sums) / variance;
    Estimate e = estimate_sections(share, found, plan->n_sections);
    return (Mover){.name = unknown->name, .share = e};
}

// Best first, `most` of them.
static void keep_best(Mover *best, int32_t *n, int32_t most, Mover mover)
{
    int32_t at = *n;
    while (at > 0 && best[at - 1].share.value < mover.share.value) {
        at--;
    }
    if (at == most) {
        return;
    }
    for (int32_t i = *n < most ? *n : most - 1; i > at; i--) {
        best[i] = best[i - 1];
    }
    best[at] = mover;
    *n += *n < most;
}

void settle_movers(Arena *arena, const RunEnd *o, int32_t asked, Item *item)
{
    int32_t track = o->layout->response[asked];
    if (track < 0) {
        return;
    }
    TrackSums sums = settle_sums(o->layout, o->sections, track);
    double variance = estimate_between(&sums);
    if (!(variance > 0)) {
        return;
    }
    int32_t asked_for = o->options->most_movers > 0 ? o->options->most_movers : RUN_MOVERS;
    int32_t most = asked_for < o->plan->n_unknowns ? asked_for : o->plan->n_unknowns;
    Mover *best = ARENA_ARRAY(arena, Mover, most + 1);
    int32_t n = 0, r = response_of(o->layout, track);
    for (int32_t u = 0; u < o->plan->n_unknowns; u++) {
        Mover mover = mover_of(o, r, track, u, variance);
        if (mover.share.value > LEAST_SHARE && mover.share.value > CLEAR * mover.share.half) {
            keep_best(best, &n, most, mover);
        }
    }
    for (int32_t i = 0; i < n; i++) {
        best[i].name = str_copy(arena, best[i].name);
        best[i].share.value = best[i].share.value < 1 ? best[i].share.value : 1;
    }
    item->movers = best;
    item->n_movers = n;
}
