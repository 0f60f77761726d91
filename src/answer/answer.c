// SPDX-License-Identifier: MIT
//
// The digest of an Answer: every estimate, in order, through FNV-1a (64 bit). Two runs with equal
// digests found the same figures to the last bit.
#include "answer/answer.h"

#include <string.h>

static void add_bytes(uint64_t *hash, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < n; i++) {
        *hash = (*hash ^ p[i]) * UINT64_C(0x100000001b3);
    }
}

static void add_u64(uint64_t *hash, uint64_t x)
{
    unsigned char bytes[8]; // lowest byte first, whatever the machine's order
    for (int i = 0; i < 8; i++) {
        bytes[i] = (unsigned char)(x >> (8 * i));
    }
    add_bytes(hash, bytes, sizeof bytes);
}

// All NaNs are one, and so are the two zeros: their bits may differ between machines.
static void add_double(uint64_t *hash, double x)
{
    uint64_t bits = UINT64_C(0x7ff8000000000000);
    if (x == x) {
        x = x == 0 ? 0 : x;
        memcpy(&bits, &x, sizeof bits);
    }
    add_u64(hash, bits);
}

static void add_str(uint64_t *hash, Str s)
{
    add_u64(hash, s.n);
    add_bytes(hash, s.p, s.n);
}

static void add_estimate(uint64_t *hash, Estimate e)
{
    add_double(hash, e.value);
    add_double(hash, e.half);
    add_double(hash, e.lo);
    add_double(hash, e.hi);
}

static void add_band(uint64_t *hash, Band band)
{
    add_u64(hash, band.known);
    if (band.known) {
        add_double(hash, band.lo);
        add_double(hash, band.hi);
        add_double(hash, band.sd);
    }
}

static void add_points(uint64_t *hash, const Item *item)
{
    for (int32_t i = 0; i < item->n_points; i++) {
        const SeriesPoint *p = &item->points[i];
        add_double(hash, p->date);
        add_estimate(hash, p->mean);
        const double q[] = {p->q05, p->q25, p->q50, p->q75, p->q95};
        for (int j = 0; j < 5; j++) {
            add_double(hash, q[j]);
        }
        for (int32_t l = 0; p->shares && l < item->n_levels; l++) {
            add_double(hash, p->shares[l]);
        }
    }
}

static void add_item(uint64_t *hash, const Item *item)
{
    add_str(hash, item->name);
    add_u64(hash, item->kind);
    add_estimate(hash, item->value);
    add_band(hash, item->band);
    add_u64(hash, item->futures);
    add_estimate(hash, item->defined);
    add_estimate(hash, item->censored);
    if (item->has_tied) {
        add_estimate(hash, item->tied);
    }
    add_double(hash, item->sd);
    add_estimate(hash, item->never);
    for (int32_t i = 0; i < item->n_quantiles; i++) {
        add_estimate(hash, item->quantiles[i].value);
    }
    for (int32_t i = 0; item->levels && i < item->n_levels; i++) {
        add_estimate(hash, item->levels[i].share);
        add_band(hash, item->levels[i].band);
    }
    for (int32_t i = 0; i < item->n_incidence; i++) {
        add_double(hash, item->incidence[i].date);
        add_estimate(hash, item->incidence[i].share);
    }
    add_points(hash, item);
    for (int32_t i = 0; i < item->n_movers; i++) {
        add_str(hash, item->movers[i].name);
        add_estimate(hash, item->movers[i].share);
    }
}

uint64_t answer_digest(const Answer *answer)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    const Provenance *p = &answer->provenance;
    add_u64(&hash, p->seed);
    add_u64(&hash, p->worlds);
    add_u64(&hash, p->futures_per_world);
    add_u64(&hash, p->futures);
    add_str(&hash, p->reading);
    for (int32_t i = 0; i < answer->n_items; i++) {
        add_item(&hash, &answer->items[i]);
    }
    add_u64(&hash, answer->check_failed);
    return hash;
}
