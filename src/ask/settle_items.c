// SPDX-License-Identifier: MIT
//
// From the sums of one question to its Item.
#include "ask/settle_impl.h"
#include "ask/words.h"
#include "base/num.h"
#include "math/bits.h"
#include "math/elementary.h"
#include "math/special.h"
#include "math/summary.h"

static const double QUANTILES[] = {0.05, 0.25, 0.5, 0.75, 0.95};
enum { N_QUANTILES = 5, FEWEST_WORLDS = 50 };

// ---- Sums ---------------------------------------------------------------------------------------

TrackSums settle_section_sums(const Layout *layout, const double *flat, int32_t track)
{
    int64_t T = layout->n_tracks;
    double n = flat[SUM_N * T + track], x = flat[SUM_X * T + track], v2 = flat[SUM_V2 * T + track];
    if (layout->plan->futures == 1) {
        return (TrackSums){.w = n, .n = n, .x = x, .nn = n, .nx = x, .xx = v2, .xxn = v2, .v2 = v2};
    }
    return (TrackSums){.w = flat[SUM_W * T + track],
                       .n = n,
                       .x = x,
                       .nn = flat[SUM_NN * T + track],
                       .nx = flat[SUM_NX * T + track],
                       .xx = flat[SUM_XX * T + track],
                       .xxn = flat[SUM_XXN * T + track],
                       .v2 = v2};
}

TrackSums settle_sums(const Layout *layout, double *const *sections, int32_t track)
{
    TrackSums sum = {0};
    for (int32_t s = 0; s < layout->plan->n_sections; s++) {
        TrackSums one = settle_section_sums(layout, sections[s], track);
        track_sums_add(&sum, &one);
    }
    return sum;
}

bool settle_clustered(const Plan *plan)
{
    return plan->worlds_differ && plan->worlds > 1;
}

static Estimate share_of(const RunEnd *o, int32_t track)
{
    TrackSums sums = settle_sums(o->layout, o->sections, track);
    return estimate_share(&sums, settle_clustered(o->plan));
}

Estimate settle_estimate(const Plan *plan, const Layout *layout, double *const *sections,
                         int32_t asked)
{
    const Asked *a = &plan->asked[asked];
    if (a->is_series || a->kind == RESULT_LEVEL) {
        return estimate_none();
    }
    TrackSums sums = settle_sums(layout, sections, layout->first[asked]);
    bool clustered = settle_clustered(plan);
    return a->kind == RESULT_NUMBER ? estimate_mean(&sums, clustered)
                                    : estimate_share(&sums, clustered);
}

// ---- Bands --------------------------------------------------------------------------------------

// Worlds with nearly the same share are joined, which bounds the work whatever the sizes of worlds.
static int32_t join_counts(WorldCount *counts, int32_t n)
{
    enum { MOST = 128 };
    if (n <= MOST) {
        return n;
    }
    WorldCount bins[MOST] = {0};
    for (int32_t i = 0; i < n; i++) {
        WorldCount *bin = &bins[(int32_t)(counts[i].k / counts[i].n * (MOST - 1))];
        bin->k += counts[i].k * counts[i].worlds;
        bin->n += counts[i].n * counts[i].worlds;
        bin->worlds += counts[i].worlds;
    }
    int32_t kept = 0;
    for (int32_t b = 0; b < MOST; b++) {
        if (bins[b].worlds > 0) {
            double worlds = bins[b].worlds;
            counts[kept++] = (WorldCount){bins[b].k / worlds, bins[b].n / worlds, worlds};
        }
    }
    return kept;
}

static int32_t list_counts(const Layout *layout, const uint64_t *table, WorldCount *counts)
{
    int32_t n = 0;
    int64_t side = (int64_t)layout->plan->futures + 1;
    int64_t rows = layout->cells_square ? layout->cells_size : CELL_BINS;
    for (int64_t i = 0; i < rows; i++) {
        if (layout->cells_square && table[i] > 0) {
            counts[n++] =
                (WorldCount){(double)(i % side), (double)(int64_t)(i / side), (double)table[i]};
        } else if (!layout->cells_square && table[3 * i] > 0) {
            double worlds = (double)table[3 * i];
            counts[n++] = (WorldCount){(double)table[3 * i + 2] / worlds,
                                       (double)table[3 * i + 1] / worlds, worlds};
        }
    }
    return join_counts(counts, n);
}

// Is a spread between worlds visible at all? Its estimate must exceed twice its own error under
// no spread, whose relative size is about sqrt(2 / worlds) of the noise of a world's mean.
static bool is_spread(const TrackSums *sums, double between)
{
    double within = (sums->v2 - sums->xxn) / (sums->n - sums->w);
    double size = sums->n / sums->w;
    // Four standard errors of what pure noise would show: with dozens of questions two cry wolf.
    return between > 4 * m_sqrt(2 / sums->w) * within / size;
}

// Means of worlds, drawn together about the grand mean until their variance is that between worlds
// (constrained empirical Bayes: Louis 1984).
static void shrunk_means(const RunEnd *o, int32_t asked, const TrackSums *sums, double between,
                         Band *band)
{
    int32_t index = o->layout->kind_index[asked];
    const FloatHist *means = o->counts->means[index];
    double centre = o->layout->number_centre[index];
    double mean = sums->x / sums->n;
    double raw = (sums->xxn - sums->x * sums->x / sums->n) / (sums->w - 1) /
                 ((sums->n - sums->nn / sums->n) / (sums->w - 1));
    double shrink = raw > 0 ? m_sqrt(between / raw) : 0;
    shrink = shrink < 1 ? shrink : 1;
    band->lo = mean + shrink * (centre + float_hist_quantile(means, 0.1) - mean);
    band->hi = mean + shrink * (centre + float_hist_quantile(means, 0.9) - mean);
}

// One end of the band of a probability. Where a world would have to show a fraction of a future,
// the counts of single worlds say nothing about it; there the beta distribution with the mean and
// the variance between worlds that were found speaks (by moments: Skellam 1948).
static double band_end(const RunEnd *o, const WorldSpread *spread, double q, double mean,
                       double between)
{
    const double blind = 0.5 / (double)o->plan->futures;
    double p = world_spread_quantile(spread, q);
    if (p >= blind && p <= 1 - blind) {
        return p;
    }
    double size = mean * (1 - mean) / between - 1; // the two shapes of the beta, added
    if (!(size > 0)) {
        return p < blind ? 0 : 1; // no world is between never and always
    }
    double by_moments = special_beta_inverse(mean * size, (1 - mean) * size, q, 1 - q).x;
    return p < blind ? m_min(by_moments, blind) : m_max(by_moments, 1 - blind);
}

Band settle_band(const RunEnd *o, int32_t track)
{
    const Track *t = &o->layout->tracks[track];
    TrackSums sums = settle_sums(o->layout, o->sections, track);
    double between = estimate_between(&sums);
    if (!settle_clustered(o->plan) || o->plan->futures < 2 || sums.w < FEWEST_WORLDS ||
        !(between >= 0) || (t->kind != TRACK_VALUE && t->cells < 0)) {
        return (Band){0};
    }
    double mean = sums.x / sums.n;
    Band band = {.known = true, .lo = mean, .hi = mean, .sd = 0};
    if (!is_spread(&sums, between)) {
        return band;
    }
    band.sd = m_sqrt(between);
    if (t->kind == TRACK_VALUE) {
        shrunk_means(o, t->asked, &sums, between, &band);
        return band;
    }
    Arena *scratch = arena_new(0);
    WorldCount *counts = ARENA_ARRAY(scratch, WorldCount, o->layout->cells_size + 1);
    int32_t n = list_counts(o->layout, o->counts->cells[t->cells], counts);
    WorldSpread *spread = ARENA_NEW(scratch, WorldSpread);
    world_spread_fit(scratch, counts, n, spread);
    band.lo = band_end(o, spread, 0.1, mean, between);
    band.hi = band_end(o, spread, 0.9, mean, between);
    arena_free(scratch);
    return band;
}

// ---- Kinds of questions -------------------------------------------------------------------------

void settle_word(Arena *arena, const Plan *plan, Item *item)
{
    const Word *word = words_chance(plan->model, item->value.value);
    if (word) {
        item->word = str_copy(arena, word->phrase);
        item->word_lo = word->lo;
        item->word_hi = word->hi;
    }
}

// The standard deviation of a number. Where values are close together sums of their squares have
// lost what they differ by; the histogram of their distances from one of them has not.
static double number_sd(const TrackSums *sums, const FloatHist *all)
{
    const double CLOSE = 1e-4;
    double sd = estimate_sd(sums);
    if (!(sd <= CLOSE * m_abs(sums->x / sums->n))) {
        return sd;
    }
    bool same = float_hist_quantile(all, 0) == float_hist_quantile(all, 1);
    return same ? 0 : float_hist_sd(all);
}

// The mean of such values, its error from the same histograms.
static Estimate close_mean(const RunEnd *o, int32_t index, const TrackSums *s, double sd)
{
    bool by_world = settle_clustered(o->plan) && o->plan->futures > 1 && s->w > 1;
    double n = by_world ? s->w : s->n;
    double half =
        estimate_t(n - 1) / m_sqrt(n) * (by_world ? float_hist_sd(o->counts->means[index]) : sd);
    double m = s->x / s->n;
    return (Estimate){m, half, m - half, m + half};
}

static void settle_number(Arena *arena, const RunEnd *o, int32_t asked, Item *item)
{
    const Layout *layout = o->layout;
    int32_t index = layout->kind_index[asked], S = o->plan->n_sections;
    TrackSums sums = settle_sums(layout, o->sections, layout->first[asked]);
    double centre = layout->number_centre[index];
    FloatHist *const *sections = o->counts->numbers + index * PLAN_SECTIONS;
    Arena *scratch = arena_new(0);
    FloatHist *all = float_hist_new(scratch);
    for (int32_t s = 0; s < S; s++) {
        float_hist_merge(all, sections[s]);
    }
    item->sd = number_sd(&sums, all);
    if (item->sd > 0 && estimate_sd(&sums) == 0) {
        item->value = close_mean(o, index, &sums, item->sd);
    }
    QuantileValue *quantiles = ARENA_ARRAY(arena, QuantileValue, N_QUANTILES);
    for (int32_t i = 0; i < N_QUANTILES; i++) {
        double found[PLAN_SECTIONS];
        for (int32_t s = 0; s < S; s++) {
            found[s] = centre + float_hist_quantile(sections[s], QUANTILES[i]);
        }
        double value = centre + float_hist_quantile(all, QUANTILES[i]);
        quantiles[i] = (QuantileValue){QUANTILES[i], estimate_sections(value, found, S)};
    }
    arena_free(scratch);
    item->quantiles = quantiles;
    item->n_quantiles = N_QUANTILES;
}

static void date_quantiles(Arena *arena, const RunEnd *o, int32_t asked, Item *item)
{
    const Layout *layout = o->layout;
    int32_t S = o->plan->n_sections, size = layout->n_date_bins;
    const uint64_t *bins = o->counts->dates[layout->kind_index[asked]];
    uint64_t *all = ARENA_ARRAY(arena, uint64_t, size);
    for (int32_t s = 0; s < S; s++) {
        for (int32_t b = 0; b < size; b++) {
            all[b] += bins[(int64_t)s * size + b];
        }
    }
    QuantileValue *quantiles = ARENA_ARRAY(arena, QuantileValue, N_QUANTILES);
    for (int32_t i = 0; i < N_QUANTILES; i++) {
        double found[PLAN_SECTIONS];
        for (int32_t s = 0; s < S; s++) {
            found[s] = layout_date_quantile(layout, bins + (int64_t)s * size, QUANTILES[i]);
        }
        double value = layout_date_quantile(layout, all, QUANTILES[i]);
        quantiles[i] = (QuantileValue){QUANTILES[i], estimate_sections(value, found, S)};
    }
    item->quantiles = quantiles;
    item->n_quantiles = m_is_finite(quantiles[0].value.value) ? N_QUANTILES : 0;
}

static void settle_date(Arena *arena, const RunEnd *o, int32_t asked, Item *item)
{
    const Plan *plan = o->plan;
    Incidence *incidence = ARENA_ARRAY(arena, Incidence, plan->n_months + 1);
    for (int32_t m = 0; m < plan->n_months; m++) {
        int32_t track = layout_track(o->layout, asked, TRACK_BY, m);
        incidence[m] = (Incidence){plan->month_end[m], share_of(o, track)};
    }
    item->incidence = incidence;
    item->n_incidence = plan->n_months;
    Estimate e = item->value;
    item->never = (Estimate){1 - e.value, e.half, 1 - e.hi, 1 - e.lo};
    date_quantiles(arena, o, asked, item);
}

static void settle_levels(Arena *arena, const RunEnd *o, int32_t asked, const Question *question,
                          Item *item)
{
    int32_t n = o->plan->asked[asked].n_levels;
    const View *view = o->plan->tellings[0].view;
    LevelShare *levels = ARENA_ARRAY(arena, LevelShare, n);
    for (int32_t l = 0; l < n; l++) {
        int32_t track = layout_track(o->layout, asked, TRACK_LEVEL, l);
        levels[l] = (LevelShare){str_copy(arena, words_level(view, question->kind, l)),
                                 share_of(o, track), settle_band(o, track)};
    }
    item->levels = levels;
    item->n_levels = n;
    item->value = estimate_none();
}

// ---- What stands behind an answer ---------------------------------------------------------------

static bool is_conditional(const Question *question)
{
    return question->n_given > 0 || question->form.after != NULL;
}

// A sentence for an answer that rests on no future at all.
static Str why_nothing(Arena *arena, const Question *question, bool cut, uint64_t futures)
{
    Str n = num_grouped(arena, (double)futures, 0);
    if (!is_conditional(question)) {
        return str_format(arena, "the value was not defined in any of %.*s futures", STR_ARG(n));
    }
    if (cut) {
        return str_format(arena,
                          "in none of %.*s futures was the time asked for over before the end",
                          STR_ARG(n));
    }
    return str_format(arena, "the condition never occurred in %.*s futures", STR_ARG(n));
}

static void settle_basis(Arena *arena, const RunEnd *o, int32_t asked, const Question *question,
                         Item *item)
{
    TrackSums main = settle_sums(o->layout, o->sections, o->layout->first[asked]);
    item->futures = (uint64_t)main.n;
    item->conditional = is_conditional(question) || item->futures < o->futures;
    item->defined = estimate_sure(1);
    int32_t defined = layout_track(o->layout, asked, TRACK_DEFINED, 0);
    if (item->conditional && defined >= 0) {
        item->defined = share_of(o, defined);
    }
    int32_t cut = layout_track(o->layout, asked, TRACK_CUT, 0);
    int32_t tie = layout_track(o->layout, asked, TRACK_TIE, 0);
    item->has_tied = tie >= 0;
    item->tied = tie >= 0 ? share_of(o, tie) : estimate_sure(0);
    item->has_censored = cut >= 0;
    item->censored = cut >= 0 ? share_of(o, cut) : estimate_sure(0);
    if (item->futures > 0) {
        return;
    }
    item->why = why_nothing(arena, question, item->censored.value > 0, o->futures);
}

void settle_texts(Arena *arena, const DiagList *sources, const Question *question, Item *item)
{
    item->name = str_copy(arena, question->name);
    item->text = str_copy(arena, question->text);
    item->asked = words_form(arena, sources, &question->form);
    item->given = words_given(arena, sources, question);
    item->rule = str_copy(arena, question->rule);
    item->resolve_by = question->resolve_by;
    item->scale = question->shown.scale == 0 ? 1 : question->shown.scale;
    item->unit = str_copy(arena, question->shown.unit);
}

// In a pool the authors are many, and none of them speaks of it.
static void fill_sayings(Arena *arena, const RunEnd *o, int32_t question, Item *item)
{
    const View *view = o->plan->tellings[0].view;
    if (o->plan->n_tellings > 1 || view->role != VIEW_STORY) {
        return;
    }
    VEC(Saying) list = {0};
    for (int32_t i = 0; i < view->n_says; i++) {
        const Says *says = &view->says[i];
        if (says->question != question) {
            continue;
        }
        Str who = says->source >= 0 ? o->plan->model->sources[says->source].id : view->name;
        vec_push(arena, &list,
                 ((Saying){.who = str_copy(arena, who),
                           .words = str_copy(arena, says->words),
                           .lo = says->lo,
                           .hi = says->hi,
                           .by = says->by,
                           .about = str_copy(arena, says->about)}));
    }
    item->sayings = list.p;
    item->n_sayings = list.n;
}

void settle_item(Arena *arena, const RunEnd *o, int32_t asked, Item *item)
{
    static const ItemKind kinds[] = {[RESULT_FLAG] = ITEM_FLAG,
                                     [RESULT_NUMBER] = ITEM_NUMBER,
                                     [RESULT_DATE] = ITEM_DATE,
                                     [RESULT_LEVEL] = ITEM_LEVEL};
    const Asked *a = &o->plan->asked[asked];
    const Question *question = &o->plan->tellings[0].view->questions[a->question];
    settle_texts(arena, o->options->sources, question, item);
    fill_sayings(arena, o, a->question, item);
    if (a->is_series) {
        item->series_of = kinds[a->kind];
        settle_series(arena, o, asked, item);
        return;
    }
    item->kind = kinds[a->kind];
    settle_basis(arena, o, asked, question, item);
    item->value = settle_estimate(o->plan, o->layout, o->sections, asked);
    if (a->kind != RESULT_LEVEL) {
        item->band = settle_band(o, o->layout->first[asked]);
    }
    switch (a->kind) {
    case RESULT_FLAG: settle_word(arena, o->plan, item); break;
    case RESULT_DATE:
        settle_word(arena, o->plan, item);
        settle_date(arena, o, asked, item);
        break;
    case RESULT_NUMBER: settle_number(arena, o, asked, item); break;
    case RESULT_LEVEL: settle_levels(arena, o, asked, question, item); break;
    }
    settle_movers(arena, o, asked, item);
}
