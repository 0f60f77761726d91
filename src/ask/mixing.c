// SPDX-License-Identifier: MIT
//
// How a probability is spread over worlds.
#include "ask/mixing.h"

#include "math/bits.h"
#include "math/elementary.h"

enum { MOST_CELLS = 240, MOST_ROUNDS = 400 };
static const double WIDEST_LOGIT = 12;

// Cells with nearly the same share are joined, so that the work stays small whatever n is.
static int32_t join_cells(const MixingCell *cells, int32_t n_cells, MixingCell *joined)
{
    if (n_cells <= MOST_CELLS) {
        for (int32_t i = 0; i < n_cells; i++) {
            joined[i] = cells[i];
        }
        return n_cells;
    }
    MixingCell bins[MOST_CELLS] = {0};
    for (int32_t i = 0; i < n_cells; i++) {
        int32_t b = (int32_t)(cells[i].k / cells[i].n * (MOST_CELLS - 1));
        bins[b].k += cells[i].k * cells[i].worlds;
        bins[b].n += cells[i].n * cells[i].worlds;
        bins[b].worlds += cells[i].worlds;
    }
    int32_t n = 0;
    for (int32_t b = 0; b < MOST_CELLS; b++) {
        if (bins[b].worlds > 0) {
            joined[n++] = (MixingCell){bins[b].k / bins[b].worlds, bins[b].n / bins[b].worlds,
                                       bins[b].worlds};
        }
    }
    return n;
}

// Likelihoods of each cell at each point of the grid, scaled so that a cell's largest is 1.
static void fill_likelihoods(const MixingCell *cells, int32_t n, const Mixing *mixing, double *like)
{
    for (int32_t c = 0; c < n; c++) {
        double *row = like + (int64_t)c * MIXING_GRID;
        double best = -MATH_INF;
        for (int32_t j = 0; j < MIXING_GRID; j++) {
            double p = mixing->p[j], hit = cells[c].k, miss = cells[c].n - cells[c].k;
            row[j] = (hit > 0 ? hit * m_log(p) : 0) + (miss > 0 ? miss * m_log1p(-p) : 0);
            best = row[j] > best ? row[j] : best;
        }
        for (int32_t j = 0; j < MIXING_GRID; j++) {
            row[j] = m_exp(row[j] - best);
        }
    }
}

// One round of EM; returns the largest change of a weight.
static double improve(const MixingCell *cells, int32_t n, const double *like, double total,
                      Mixing *mixing)
{
    double next[MIXING_GRID] = {0}, change = 0;
    for (int32_t c = 0; c < n; c++) {
        const double *row = like + (int64_t)c * MIXING_GRID;
        double sum = 0;
        for (int32_t j = 0; j < MIXING_GRID; j++) {
            sum += row[j] * mixing->weight[j];
        }
        double share = sum > 0 ? cells[c].worlds / (total * sum) : 0;
        for (int32_t j = 0; j < MIXING_GRID; j++) {
            next[j] += share * row[j] * mixing->weight[j];
        }
    }
    for (int32_t j = 0; j < MIXING_GRID; j++) {
        double d = m_abs(next[j] - mixing->weight[j]);
        change = d > change ? d : change;
        mixing->weight[j] = next[j];
    }
    return change;
}

void mixing_fit(Arena *scratch, const MixingCell *cells, int32_t n_cells, Mixing *mixing)
{
    ArenaMark mark = arena_mark(scratch);
    MixingCell *joined = ARENA_ARRAY(scratch, MixingCell, n_cells + MOST_CELLS);
    int32_t n = join_cells(cells, n_cells, joined);
    for (int32_t j = 0; j < MIXING_GRID; j++) {
        double z = WIDEST_LOGIT * (2.0 * (double)j / (MIXING_GRID - 1) - 1);
        mixing->p[j] = m_logistic(z);
        mixing->weight[j] = 1.0 / MIXING_GRID;
    }
    double *like = ARENA_COLUMN(scratch, double, (int64_t)n * MIXING_GRID + 1);
    fill_likelihoods(joined, n, mixing, like);
    double total = 0;
    for (int32_t c = 0; c < n; c++) {
        total += joined[c].worlds;
    }
    for (int32_t i = 0; i < MOST_ROUNDS; i++) {
        if (improve(joined, n, like, total, mixing) < 1e-5) {
            break;
        }
    }
    arena_reset(scratch, mark);
}

double mixing_quantile(const Mixing *mixing, double q)
{
    // A point of the grid stands for the span around it, from halfway to its neighbours.
    double seen = 0;
    for (int32_t j = 0; j < MIXING_GRID; j++) {
        double weight = mixing->weight[j];
        if (seen + weight >= q && weight > 0) {
            double lo = j > 0 ? (mixing->p[j - 1] + mixing->p[j]) / 2 : 0;
            double hi = j < MIXING_GRID - 1 ? (mixing->p[j] + mixing->p[j + 1]) / 2 : 1;
            return lo + (hi - lo) * (q - seen) / weight;
        }
        seen += weight;
    }
    return 1;
}
