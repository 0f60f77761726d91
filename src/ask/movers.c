// SPDX-License-Identifier: MIT
//
// Which unknowns move an answer: first-order shares of the variance between worlds.
//
// Worlds are sorted into 16 bins by the rank of an unknown (or by its category); eta squared is the
// share of the variance between worlds that lies between the bins (correlation ratio, Pearson 1905;
// first-order index of Sobol' 1993 for the binned unknown). Bins differ by chance too: what chance
// alone would bring is taken off (Hays' omega squared). The error comes from the sections.
//
// In a pool worlds are sorted within each story, and what lies between the bins is summed over the
// stories: of Var(p) = Var(E(p | story)) + E(Var(p | story)) the story has the first part, unknowns
// share in the second. Sorted all together, an unknown that a story has otherwise would be credited
// with all that this story does.
#include "ask/settle_impl.h"
#include "math/elementary.h"

static const double LEAST_SHARE = 0.01;
static const double CLEAR = 1.5; // half widths (of 95 %) that a share must be above zero: with many
                                 // unknowns one in twenty would name noise

// Worlds that a section must have, on average, for each bin used, and beyond the bins used: with
// fewer the residuals have hardly any freedom, sections agree by accident, and noise looks exact.
static const double LEAST_WORLDS = 2, LEAST_BEYOND = 8;

static int32_t response_of(const Layout *layout, int32_t track)
{
    for (int32_t r = 0; r < layout->n_responses; r++) {
        if (layout->responses[r] == track) {
            return r;
        }
    }
    return -1;
}

// What one unknown does to one response within one telling: n and x of its bins, and the sums over
// all worlds of that telling.
typedef struct {
    double bins[2 * PLAN_MAX_BINS];
    int32_t n_bins;
    TrackSums sums;
} Within;

static void add_bins(const RunEnd *o, const double *flat, int32_t r, int32_t first, Within *in)
{
    int64_t width = 2 * (int64_t)o->layout->n_responses;
    for (int32_t b = 0; b < in->n_bins; b++) {
        const double *sums = flat + o->layout->movers_at + (first + b) * width + 2 * r;
        in->bins[2 * b] += sums[0];
        in->bins[2 * b + 1] += sums[1];
    }
}

static TrackSums telling_sums(const RunEnd *o, const double *flat, int32_t r, int32_t telling)
{
    const Layout *layout = o->layout;
    int64_t at = (int64_t)telling * layout->n_responses + r; // the bins of the story come first
    const double *pair = flat + layout->movers_at + 2 * at;
    const double *sums = flat + layout->tellings_at + TELLING_SUMS * at;
    return (TrackSums){.w = sums[TELLING_W],
                       .n = pair[0],
                       .x = pair[1],
                       .nn = sums[TELLING_NN],
                       .nx = sums[TELLING_NX],
                       .xx = sums[TELLING_XX]};
}

static int32_t bins_used(const Within *in)
{
    int32_t used = 0;
    for (int32_t b = 0; b < in->n_bins; b++) {
        used += in->bins[2 * b] > 0;
    }
    return used;
}

// Variance between worlds of their means that the bins of one unknown explain, chance taken off.
static double explained(const Within *in)
{
    const double *bins = in->bins;
    const TrackSums *s = &in->sums;
    double n = 0, x = 0, used = bins_used(in);
    for (int32_t b = 0; b < in->n_bins; b++) {
        n += bins[2 * b];
        x += bins[2 * b + 1];
    }
    if (!(n > 0) || used < 2 || !(s->w > used)) {
        return 0;
    }
    double mean = x / n, between = 0;
    for (int32_t b = 0; b < in->n_bins; b++) {
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

typedef struct {
    double sum;          // what is explained, times the futures
    double worlds, bins; // what it was found from: worlds, bins used
} Explained;

// The same of sections from..to - 1. The story itself is held against all worlds; any other unknown
// against those of each telling that has it.
static Explained explained_in(const RunEnd *o, int32_t r, int32_t track, int32_t u, int32_t from,
                              int32_t to)
{
    const Plan *plan = o->plan;
    bool split = plan->story >= 0 && u != plan->story;
    Explained all = {0};
    for (int32_t t = 0; t < (split ? plan->n_tellings : 1); t++) {
        int32_t first = plan->tellings[t].first_bin[u];
        if (first < 0) {
            continue;
        }
        Within in = {.n_bins = plan->unknowns[u].n_bins};
        for (int32_t s = from; s < to; s++) {
            TrackSums sums = split ? telling_sums(o, o->sections[s], r, t)
                                   : settle_section_sums(o->layout, o->sections[s], track);
            add_bins(o, o->sections[s], r, first, &in);
            track_sums_add(&in.sums, &sums);
        }
        all.sum += in.sums.n > 0 ? explained(&in) * in.sums.n : 0;
        all.worlds += in.sums.w;
        all.bins += bins_used(&in);
    }
    return all;
}

// Share 0 where the worlds are too few to tell.
static Mover mover_of(const RunEnd *o, int32_t r, int32_t track, int32_t u, double variance)
{
    const Plan *plan = o->plan;
    double found[PLAN_SECTIONS], n = 0, worlds = 0, bins = 0;
    for (int32_t s = 0; s < plan->n_sections; s++) {
        double of_section = settle_section_sums(o->layout, o->sections[s], track).n;
        Explained part = explained_in(o, r, track, u, s, s + 1);
        found[s] = of_section > 0 ? part.sum / of_section / variance : 0;
        n += of_section;
        worlds += part.worlds;
        bins += part.bins;
    }
    bool enough = worlds >= LEAST_WORLDS * bins && worlds - bins >= LEAST_BEYOND * plan->n_sections;
    double whole = explained_in(o, r, track, u, 0, plan->n_sections).sum;
    double share = enough ? whole / n / variance : 0;
    Estimate e = estimate_sections(share, found, plan->n_sections);
    return (Mover){.name = plan->unknowns[u].name, .share = e};
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
