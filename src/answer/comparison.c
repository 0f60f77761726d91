// SPDX-License-Identifier: MIT
//
// What can be read off a Comparison: whether an answer says anything; the digest, every figure in
// order.
#include "answer/comparison.h"

#include "answer/digest.h"

bool compare_too_few(const CompareItem *item, const CompareCell *cell)
{
    enum { FEWEST_OF_A_MEAN = 5 };
    const double widest = 0.5;
    if (cell->why.n > 0) {
        return false;
    }
    return item->kind == ITEM_NUMBER ? cell->futures < FEWEST_OF_A_MEAN
                                     : !(cell->value.hi - cell->value.lo <= widest);
}

static void add_cell(uint64_t *hash, const CompareItem *item, const CompareCell *cell)
{
    digest_estimate(hash, cell->value);
    for (int32_t l = 0; l < item->n_levels; l++) {
        digest_estimate(hash, cell->levels[l]);
    }
    digest_u64(hash, cell->futures);
    digest_estimate(hash, cell->defined);
    digest_double(hash, cell->median);
    digest_double(hash, cell->sd);
}

static void add_item(uint64_t *hash, const CompareItem *item, int32_t n_columns)
{
    digest_str(hash, item->name);
    digest_u64(hash, item->kind);
    for (int32_t i = 0; i < n_columns; i++) {
        add_cell(hash, item, &item->cells[i]);
        for (int32_t k = 0; k < n_columns; k++) {
            const Gap *gap = &item->gaps[i * n_columns + k];
            digest_u64(hash, gap->known);
            digest_estimate(hash, gap->difference);
            digest_estimate(hash, gap->factor);
        }
    }
}

static void add_crux(uint64_t *hash, const Crux *crux)
{
    digest_u64(hash, (uint64_t)crux->item);
    digest_u64(hash, (uint64_t)crux->a);
    digest_u64(hash, (uint64_t)crux->b);
    digest_double(hash, crux->a_value);
    digest_double(hash, crux->b_value);
    for (int32_t i = 0; i < crux->n_parts; i++) {
        digest_u64(hash, (uint64_t)crux->parts[i].assumption);
        digest_estimate(hash, crux->parts[i].closure);
    }
    digest_estimate(hash, crux->sum);
    digest_u64(hash, crux->has_pair);
    digest_estimate(hash, crux->together);
}

uint64_t comparison_digest(const Comparison *c)
{
    uint64_t hash = DIGEST_START;
    digest_u64(&hash, c->provenance.seed);
    digest_u64(&hash, c->provenance.worlds);
    digest_u64(&hash, c->provenance.futures_per_world);
    digest_u64(&hash, c->provenance.futures);
    for (int32_t i = 0; i < c->n_columns; i++) {
        digest_str(&hash, c->columns[i].name);
    }
    for (int32_t i = 0; i < c->n_items; i++) {
        add_item(&hash, &c->items[i], c->n_columns);
    }
    for (int32_t i = 0; i < c->n_sayings; i++) {
        digest_u64(&hash, c->sayings[i].verdict);
        digest_estimate(&hash, c->sayings[i].value);
    }
    for (int32_t i = 0; i < c->n_cruxes; i++) {
        add_crux(&hash, &c->cruxes[i]);
    }
    digest_u64(&hash, c->check_failed);
    return hash;
}
