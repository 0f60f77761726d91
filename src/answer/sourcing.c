// SPDX-License-Identifier: MIT
//
// The digest of a Sourcing: every figure, in order.
#include "answer/sourcing.h"

#include "answer/digest.h"

static void add_row(uint64_t *hash, const SourcingRow *row)
{
    digest_str(hash, row->reading);
    digest_str(hash, row->name);
    digest_u64(hash, row->footing);
    for (int32_t i = 0; i < row->n_cites; i++) {
        digest_u64(hash, (uint64_t)row->cites[i].source);
        digest_u64(hash, (uint64_t)row->cites[i].credibility);
    }
    for (int32_t i = 0; i < row->n_shares; i++) {
        digest_u64(hash, (uint64_t)row->shares[i].item);
        digest_estimate(hash, row->shares[i].share);
    }
}

static void add_weight(uint64_t *hash, const SourcingWeight *weight)
{
    digest_str(hash, weight->story);
    digest_double(hash, weight->raw);
    digest_double(hash, weight->counts);
    digest_double(hash, weight->share);
}

static void add_item(uint64_t *hash, const SourcingItem *item)
{
    digest_str(hash, item->name);
    digest_estimate(hash, item->pool);
    for (int32_t l = 0; l < item->n_levels; l++) {
        digest_estimate(hash, item->levels[l]);
    }
}

static void add_without(uint64_t *hash, const SourcingWithout *without, int32_t n_items)
{
    digest_u64(hash, without->kind);
    digest_str(hash, without->name);
    digest_double(hash, without->share);
    digest_u64(hash, (uint64_t)without->n_bare);
    for (int32_t i = 0; without->effects && i < n_items; i++) {
        const SourcingEffect *effect = &without->effects[i];
        digest_u64(hash, effect->known);
        digest_estimate(hash, effect->without);
        digest_estimate(hash, effect->difference);
        digest_double(hash, effect->errors);
    }
}

uint64_t sourcing_digest(const Sourcing *sourcing)
{
    uint64_t hash = DIGEST_START;
    digest_u64(&hash, sourcing->provenance.seed);
    digest_u64(&hash, sourcing->provenance.worlds);
    digest_u64(&hash, sourcing->provenance.futures_per_world);
    for (int32_t i = 0; i < sourcing->n_rows; i++) {
        add_row(&hash, &sourcing->rows[i]);
    }
    for (int32_t i = 0; i < sourcing->n_weights; i++) {
        add_weight(&hash, &sourcing->weights[i]);
    }
    for (int32_t i = 0; i < sourcing->n_items; i++) {
        add_item(&hash, &sourcing->items[i]);
    }
    for (int32_t i = 0; i < sourcing->n_without; i++) {
        add_without(&hash, &sourcing->without[i], sourcing->n_items);
    }
    return hash;
}
