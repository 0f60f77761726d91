// SPDX-License-Identifier: MIT
//
// Mass through blocks. Compiled once for each instruction set (BLOCKS_ISA); every sum is made in
// the order of its rows, and no product is fused with a sum, so that all of them come to the same
// bits.
#include <string.h>

#include "exact/blocks_impl.h"

#ifdef __AVX__
enum { VEC_BYTES = 32 };
#else
enum { VEC_BYTES = 16 };
#endif
enum { VECS = BLOCK_WIDTH * sizeof(double) / VEC_BYTES };

typedef double Vec __attribute__((vector_size(VEC_BYTES)));
typedef struct {
    Vec v[VECS];
} Eight;

// A column too many in the last eight has the cell of another, which is empty by then.
static void gather(const uint32_t *restrict at, int32_t n_rows, double *restrict in,
                   Eight *restrict rows)
{
    for (int32_t r = 0; r < n_rows; r++, at += BLOCK_WIDTH) {
        double *row = (double *)&rows[r];
        for (int c = 0; c < BLOCK_WIDTH; c++) {
            row[c] = in[at[c]];
            in[at[c]] = 0;
        }
    }
}

static double drop(Eight *rows, int32_t n_rows, double dust)
{
    double lost = 0;
    for (int32_t r = 0; r < n_rows; r++) {
        double row[BLOCK_WIDTH];
        memcpy(row, &rows[r], sizeof row);
        for (int c = 0; c < BLOCK_WIDTH; c++) {
            lost += row[c] < dust ? row[c] : 0;
            row[c] = row[c] < dust ? 0 : row[c];
        }
        memcpy(&rows[r], row, sizeof row);
    }
    return lost;
}

static void pull_ragged(const Pull *pull, int32_t n_rows, const Eight *restrict before,
                        Eight *restrict behind)
{
    const int32_t *restrict from = pull->from;
    const double *restrict p = pull->p;
    for (int32_t r = 0, i = 0; r < n_rows; r++) {
        Vec sum[VECS] = {{0}}; // stays in registers
        for (int32_t end = pull->start[r + 1]; i < end; i++) {
            const Eight *row = &before[from[i]];
            double factor = p[i];
            for (int v = 0; v < VECS; v++) {
                sum[v] += row->v[v] * factor;
            }
        }
        for (int v = 0; v < VECS; v++) {
            behind[r].v[v] = sum[v];
        }
    }
}

// The same with as many parts in every row: nothing to guess.
static inline void pull_even(const Pull *pull, int32_t width, int32_t n_rows,
                             const Eight *restrict before, Eight *restrict behind)
{
    const int32_t *restrict from = pull->from;
    const double *restrict p = pull->p;
    for (int32_t r = 0; r < n_rows; r++, from += width, p += width) {
        Vec sum[VECS] = {{0}};
        for (int32_t i = 0; i < width; i++) {
            const Eight *row = &before[from[i]];
            for (int v = 0; v < VECS; v++) {
                sum[v] += row->v[v] * p[i];
            }
        }
        for (int v = 0; v < VECS; v++) {
            behind[r].v[v] = sum[v];
        }
    }
}

static void pull(const Pull *pull, int32_t n_rows, const Eight *restrict before,
                 Eight *restrict behind)
{
    switch (pull->width) {
    case 1: pull_even(pull, 1, n_rows, before, behind); break;
    case 2: pull_even(pull, 2, n_rows, before, behind); break;
    case 3: pull_even(pull, 3, n_rows, before, behind); break;
    case 4: pull_even(pull, 4, n_rows, before, behind); break;
    default: pull_ragged(pull, n_rows, before, behind);
    }
}

static void scatter(const uint32_t *restrict at, int32_t n_rows, const Eight *restrict rows,
                    double *restrict out)
{
    for (int32_t r = 0; r < n_rows; r++, at += BLOCK_WIDTH) {
        const double *row = (const double *)&rows[r];
        for (int c = 0; c < BLOCK_WIDTH; c++) {
            out[at[c]] += row[c];
        }
    }
}

static void scatter_zones(const uint32_t *at, int32_t n_rows, const Eight *rows,
                          double *const zones[BLOCK_ZONES])
{
    for (int32_t r = 0; r < n_rows; r++, at += BLOCK_WIDTH) {
        const double *row = (const double *)&rows[r];
        for (int c = 0; c < BLOCK_WIDTH; c++) {
            zones[at[c] >> 30][at[c] & BLOCK_STATE] += row[c];
        }
    }
}

static double push_block(const Blocks *blocks, const Block *block, Eight *work[2], double *in,
                         double *const zones[BLOCK_ZONES], double dust)
{
    double lost = 0;
    const uint32_t *from = block->in, *to = block->out;
    int32_t n = blocks->n_units;
    for (int32_t c = 0; c < block->n_columns; c += BLOCK_WIDTH) {
        gather(from, block->n_rows[0], in, work[0]);
        lost += dust > 0 ? drop(work[0], block->n_rows[0], dust) : 0;
        for (int32_t u = 0; u < n; u++) {
            pull(&block->pulls[u], block->n_rows[u + 1], work[u % 2], work[1 - u % 2]);
        }
        if (block->one_zone) {
            scatter(to, block->n_rows[n], work[n % 2], zones[0]);
        } else {
            scatter_zones(to, block->n_rows[n], work[n % 2], zones);
        }
        from += (size_t)block->n_rows[0] * BLOCK_WIDTH;
        to += (size_t)block->n_rows[n] * BLOCK_WIDTH;
    }
    return lost;
}

void BLOCKS_NAME(BLOCKS_ISA)(const Blocks *blocks, double *in, double *const zones[BLOCK_ZONES],
                             double dust, Big *work, double *lost)
{
    big_need(work, 2 * (size_t)blocks->most_rows * sizeof(Eight));
    Eight *rows[2] = {work->p, (Eight *)work->p + blocks->most_rows};
    for (int32_t b = 0; b < blocks->n_blocks; b++) {
        *lost += push_block(blocks, &blocks->blocks[b], rows, in, zones, dust);
    }
}
