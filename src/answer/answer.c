// SPDX-License-Identifier: MIT
//
// The digest of an Answer: every estimate, in order. Two runs with equal digests found the same
// figures to the last bit.
#include "answer/answer.h"

#include "answer/digest.h"

static void add_band(uint64_t *hash, Band band)
{
    digest_u64(hash, band.known);
    if (band.known) {
        digest_double(hash, band.lo);
        digest_double(hash, band.hi);
        digest_double(hash, band.sd);
    }
}

static void add_points(uint64_t *hash, const Item *item)
{
    for (int32_t i = 0; i < item->n_points; i++) {
        const SeriesPoint *p = &item->points[i];
        digest_double(hash, p->date);
        digest_estimate(hash, p->mean);
        const double q[] = {p->q05, p->q25, p->q50, p->q75, p->q95};
        for (int j = 0; j < 5; j++) {
            digest_double(hash, q[j]);
        }
        for (int32_t l = 0; p->shares && l < item->n_levels; l++) {
            digest_double(hash, p->shares[l]);
        }
    }
}

static void add_item(uint64_t *hash, const Item *item)
{
    digest_str(hash, item->name);
    digest_u64(hash, item->kind);
    digest_estimate(hash, item->value);
    add_band(hash, item->band);
    digest_u64(hash, item->futures);
    digest_estimate(hash, item->defined);
    digest_estimate(hash, item->censored);
    if (item->has_tied) {
        digest_estimate(hash, item->tied);
    }
    digest_double(hash, item->sd);
    digest_estimate(hash, item->never);
    for (int32_t i = 0; i < item->n_quantiles; i++) {
        digest_estimate(hash, item->quantiles[i].value);
    }
    for (int32_t i = 0; item->levels && i < item->n_levels; i++) {
        digest_estimate(hash, item->levels[i].share);
        add_band(hash, item->levels[i].band);
    }
    for (int32_t i = 0; i < item->n_incidence; i++) {
        digest_double(hash, item->incidence[i].date);
        digest_estimate(hash, item->incidence[i].share);
    }
    add_points(hash, item);
    for (int32_t i = 0; i < item->n_movers; i++) {
        digest_str(hash, item->movers[i].name);
        digest_estimate(hash, item->movers[i].share);
    }
}

uint64_t answer_digest(const Answer *answer)
{
    uint64_t hash = DIGEST_START;
    const Provenance *p = &answer->provenance;
    digest_u64(&hash, p->seed);
    digest_u64(&hash, p->worlds);
    digest_u64(&hash, p->futures_per_world);
    digest_u64(&hash, p->futures);
    digest_str(&hash, p->reading);
    for (int32_t i = 0; i < answer->n_items; i++) {
        add_item(&hash, &answer->items[i]);
    }
    digest_u64(&hash, answer->check_failed);
    return hash;
}
