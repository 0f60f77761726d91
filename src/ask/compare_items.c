// SPDX-License-Identifier: MIT
//
// Answers of all columns, their paired differences, and where readings part most.
#include "ask/compare_impl.h"
#include "ask/words.h"
#include "base/num.h"
#include "math/bits.h"
#include "math/elementary.h"

// A difference matters when it is there beyond doubt and is of a size to speak of.
static const double LEAST_POINTS = 0.02, LEAST_FACTOR = 1.5, LEAST_SPREADS = 0.2;
// Answers that rest on fewer futures are not compared.
static const double FEWEST_FUTURES = 50;

// ---- Gaps ---------------------------------------------------------------------------------------

static bool is_mean(const Grid *grid, int32_t asked)
{
    return grid->plan->asked[asked].kind == RESULT_NUMBER;
}

bool compare_is_large(bool mean, double p, double q, double spread)
{
    if (mean) {
        return m_abs(p - q) >= LEAST_SPREADS * spread;
    }
    double low = m_min(p, q), high = m_max(p, q);
    return high - low >= LEAST_POINTS || high >= LEAST_FACTOR * low ||
           1 - low >= LEAST_FACTOR * (1 - high);
}

static bool is_large(const Grid *grid, int32_t a, int32_t b, int32_t asked, int32_t track)
{
    TrackSums first = grid_sums(grid, a, track), second = grid_sums(grid, b, track);
    double sa = estimate_sd(&first), sb = estimate_sd(&second);
    return compare_is_large(is_mean(grid, asked), first.x / first.n, second.x / second.n,
                            m_sqrt((sa * sa + sb * sb) / 2));
}

// Ratio of two shares, by the delta method on its logarithm.
static Estimate factor_of(const Grid *grid, int32_t a, int32_t b, int32_t track)
{
    TrackSums first = grid_sums(grid, a, track), second = grid_sums(grid, b, track);
    if (!(first.x > 0) || !(second.x > 0)) {
        return estimate_none();
    }
    double p = first.x / first.n, q = second.x / second.n;
    double variance = grid_covariance(grid, a, a, track) / (p * p) +
                      grid_covariance(grid, b, b, track) / (q * q) -
                      2 * grid_covariance(grid, a, b, track) / (p * q);
    double half = grid_student(grid, a, b, track) * m_sqrt(variance > 0 ? variance : 0);
    double ratio = p / q, lo = ratio * m_exp(-half), hi = ratio * m_exp(half);
    return (Estimate){ratio, (hi - lo) / 2, lo, hi};
}

static double in_errors(const Grid *grid, int32_t a, int32_t b, int32_t track, Estimate difference)
{
    double size = m_abs(difference.value);
    double error = difference.half / grid_student(grid, a, b, track);
    return size == 0 ? 0 : error > 0 ? size / error : MATH_INF;
}

Gap compare_gap(const Grid *grid, int32_t a, int32_t b, int32_t asked, int32_t track)
{
    Gap gap = {.factor = estimate_none()};
    TrackSums first = grid_sums(grid, a, track), second = grid_sums(grid, b, track);
    gap.difference = grid_difference(grid, a, b, track);
    bool conditional = grid->plan->asked[asked].has_defined;
    double fewest = conditional ? FEWEST_FUTURES : 1;
    gap.known = first.n >= fewest && second.n >= fewest && m_is_finite(gap.difference.half);
    if (!gap.known) {
        return gap;
    }
    gap.errors = in_errors(grid, a, b, track, gap.difference);
    gap.found = gap.errors > GAP_FOUND_ERRORS;
    gap.matters = gap.errors > GAP_PARTS_ERRORS && is_large(grid, a, b, asked, track);
    if (!is_mean(grid, asked)) {
        gap.factor = factor_of(grid, a, b, track);
    }
    return gap;
}

// ---- How far apart ------------------------------------------------------------------------------

// Hellinger's distance of two distributions (1909): of yes and no, of levels, or of two normal ones
// that differ in their means alone.
static double distance(const Grid *grid, int32_t a, int32_t b, int32_t asked)
{
    int32_t first = grid->main[asked], n = 1;
    double common = 0;
    TrackSums x = grid_sums(grid, a, first), y = grid_sums(grid, b, first);
    if (is_mean(grid, asked)) {
        double sx = estimate_sd(&x), sy = estimate_sd(&y), d = x.x / x.n - y.x / y.n;
        double square = (sx * sx + sy * sy) / 2;
        common = square > 0 ? m_exp(-d * d / (8 * square)) : d == 0;
    } else if (grid->plan->asked[asked].kind == RESULT_LEVEL) {
        n = grid->plan->asked[asked].n_levels;
        for (int32_t l = 0; l < n; l++) {
            x = grid_sums(grid, a, first + l);
            y = grid_sums(grid, b, first + l);
            common += m_sqrt(x.x / x.n * (y.x / y.n));
        }
    } else {
        double p = x.x / x.n, q = y.x / y.n;
        common = m_sqrt(p * q) + m_sqrt((1 - p) * (1 - q));
    }
    return m_sqrt(m_max(0, 1 - common));
}

static int32_t column_in_grid(const Compare *c, int32_t column)
{
    return c->columns.p[column].grid;
}

// The level on which two voices are furthest apart.
static int32_t find_lead(const Compare *c, int32_t asked)
{
    int32_t lead = 0, first = c->grid->main[asked];
    double most = -1;
    for (int32_t l = 0; l < c->grid->plan->asked[asked].n_levels; l++) {
        for (int32_t i = 0; i < c->n_voices; i++) {
            for (int32_t k = 0; k < i; k++) {
                TrackSums x = grid_sums(c->grid, column_in_grid(c, c->voices[i]), first + l);
                TrackSums y = grid_sums(c->grid, column_in_grid(c, c->voices[k]), first + l);
                double apart = m_abs(m_sqrt(x.x / x.n) - m_sqrt(y.x / y.n));
                if (apart > most) {
                    most = apart;
                    lead = l;
                }
            }
        }
    }
    return lead;
}

static void find_extremes(const Compare *c, int32_t asked, CompareItem *item)
{
    int32_t n = c->columns.n;
    item->low = item->high = -1;
    for (int32_t i = 0; i < c->n_voices; i++) {
        for (int32_t k = 0; k < i; k++) {
            int32_t a = c->voices[i], b = c->voices[k];
            const Gap *gap = &item->gaps[a * n + b];
            item->n_parting += gap->known && gap->matters;
            if (!gap->known || !gap->found) {
                continue;
            }
            double d = distance(c->grid, column_in_grid(c, a), column_in_grid(c, b), asked);
            if (item->low < 0 || d > item->distance) {
                item->distance = d;
                item->low = gap->difference.value < 0 ? a : b;
                item->high = gap->difference.value < 0 ? b : a;
            }
        }
    }
}

// ---- Items --------------------------------------------------------------------------------------

static bool is_conditional(const Question *question)
{
    return question->n_given > 0 || question->form.after != NULL;
}

static Str why_nothing(Arena *arena, const Question *question, uint64_t futures)
{
    Str n = num_grouped(arena, (double)futures, 0);
    return is_conditional(question)
               ? str_format(arena, "in none of %.*s futures did its condition hold in time",
                            STR_ARG(n))
               : str_format(arena, "the value was not defined in any of %.*s futures", STR_ARG(n));
}

static CompareCell cell_of(const Compare *c, int32_t column, int32_t asked, int32_t lead,
                           const Question *question)
{
    const Grid *grid = c->grid;
    const Asked *a = &grid->plan->asked[asked];
    int32_t g = column_in_grid(c, column), main = grid->main[asked];
    CompareCell cell = {.value = grid_value(grid, g, main + lead),
                        .defined = estimate_sure(1),
                        .median = grid_median(grid, g, asked),
                        .sd = MATH_NAN};
    TrackSums sums = grid_sums(grid, g, main);
    cell.futures = (uint64_t)sums.n;
    if (grid->defined[asked] >= 0 && (is_conditional(question) || cell.futures < grid->futures)) {
        cell.defined = grid_value(grid, g, grid->defined[asked]);
    }
    if (a->kind == RESULT_NUMBER) {
        cell.sd = estimate_sd(&sums);
    }
    if (a->kind == RESULT_LEVEL) {
        Estimate *levels = ARENA_ARRAY(c->answer, Estimate, a->n_levels);
        for (int32_t l = 0; l < a->n_levels; l++) {
            levels[l] = grid_value(grid, g, main + l);
        }
        cell.levels = levels;
    }
    if (cell.futures == 0) {
        cell.why = why_nothing(c->answer, question, grid->futures);
    }
    return cell;
}

static void fill_texts(const Compare *c, const Question *question, CompareItem *item)
{
    Arena *arena = c->answer;
    const DiagList *sources = c->run.sources;
    item->name = str_copy(arena, question->name);
    item->text = str_copy(arena, question->text);
    item->asked = words_form(arena, sources, &question->form);
    item->given = words_given(arena, sources, question);
    item->rule = str_copy(arena, question->rule);
    item->resolve_by = question->resolve_by;
    item->scale = question->shown.scale == 0 ? 1 : question->shown.scale;
    item->unit = str_copy(arena, question->shown.unit);
    item->conditional = is_conditional(question);
}

static void fill_levels(const Compare *c, const Question *question, int32_t n, CompareItem *item)
{
    Str *names = ARENA_ARRAY(c->answer, Str, n + 1);
    for (int32_t l = 0; l < n; l++) {
        names[l] = str_copy(c->answer, words_level(c->model->views[0], question->kind, l));
    }
    item->level_names = names;
    item->n_levels = n;
}

static void fill_item(const Compare *c, int32_t asked, CompareItem *item)
{
    static const ItemKind kinds[] = {[RESULT_FLAG] = ITEM_FLAG,
                                     [RESULT_NUMBER] = ITEM_NUMBER,
                                     [RESULT_DATE] = ITEM_DATE,
                                     [RESULT_LEVEL] = ITEM_LEVEL};
    const Asked *a = &c->grid->plan->asked[asked];
    const Question *question = &c->model->views[0]->questions[a->question];
    int32_t n = c->columns.n;
    fill_texts(c, question, item);
    item->kind = kinds[a->kind];
    if (a->kind == RESULT_LEVEL) {
        fill_levels(c, question, a->n_levels, item);
        item->lead = find_lead(c, asked);
    }
    CompareCell *cells = ARENA_ARRAY(c->answer, CompareCell, n);
    Gap *gaps = ARENA_ARRAY(c->answer, Gap, n * n);
    for (int32_t i = 0; i < n; i++) {
        cells[i] = cell_of(c, i, asked, item->lead, question);
        for (int32_t k = 0; k < n; k++) {
            gaps[i * n + k] = compare_gap(c->grid, column_in_grid(c, i), column_in_grid(c, k),
                                          asked, c->grid->main[asked] + item->lead);
        }
    }
    item->cells = cells;
    item->gaps = gaps;
    find_extremes(c, asked, item);
}

// Those on which readings part come first, by how far; the others keep their order.
static bool comes_before(const CompareItem *a, const CompareItem *b)
{
    bool pa = a->n_parting > 0, pb = b->n_parting > 0;
    if (pa != pb) {
        return pa;
    }
    return a->distance > b->distance;
}

static const int32_t *rank(const Compare *c, const CompareItem *items, int32_t n)
{
    int32_t *ranked = ARENA_ARRAY(c->answer, int32_t, n + 1);
    for (int32_t i = 0; i < n; i++) {
        int32_t at = i;
        while (at > 0 && comes_before(&items[i], &items[ranked[at - 1]])) {
            ranked[at] = ranked[at - 1];
            at--;
        }
        ranked[at] = i;
    }
    return ranked;
}

void compare_items(Compare *c)
{
    int32_t n = c->grid->plan->n_asked;
    CompareItem *items = ARENA_ARRAY(c->answer, CompareItem, n + 1);
    for (int32_t a = 0; a < n; a++) {
        fill_item(c, a, &items[a]);
    }
    c->out->items = items;
    c->out->n_items = n;
    c->out->ranked = rank(c, items, n);
}
