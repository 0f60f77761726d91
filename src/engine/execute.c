// SPDX-License-Identifier: MIT
//
// The executor: runs cells one after the other, each over all lanes of a frame, and sees to what is
// not a plain kernel: random words, parts of the lanes, parts of the steps, uniforms, checks.
#include <string.h>

#include "engine/plan.h"

// A region runs compacted up to this share of the lanes, in 64ths; above, moving lanes costs more
// than computing idle ones.
enum { COMPACT_64THS = 38 };

static int32_t pad8(int32_t n)
{
    return (n + 7) & ~7;
}

static WordJob word_job(const DrawSite *site, const Frame *frame)
{
    return (WordJob){.future = frame->future,
                     .world = frame->world,
                     .c2 = (frame->step >> 2) | (uint32_t)frame->domain << 30,
                     .site = site->hash,
                     .k0 = (uint32_t)frame->seed,
                     .k1 = (uint32_t)(frame->seed >> 32)};
}

static __attribute__((noinline)) void fetch_quad(Engine *e, DrawSite *site, const Frame *frame)
{
    WordJob job = word_job(site, frame);
    size_t row = (size_t)e->stride;
    uint32_t *const rows[4] = {site->cache, site->cache + row, site->cache + 2 * row,
                               site->cache + 3 * row};
    e->kernels->words4(&job, rows, frame->n);
    site->quad = frame->step >> 2;
}

// Words of lanes that are not those of the block. The world's code draws twice at a site, a value
// and its rank: the second time they are at hand.
static __attribute__((noinline)) void fetch_once(Engine *e, DrawSite *site, const Frame *frame)
{
    if (e->words_site != site) {
        WordJob job = word_job(site, frame);
        e->kernels->words1(&job, frame->step & 3, e->words, frame->n);
        e->words_site = site;
    }
    site->words = e->words;
}

static inline void fetch_words(Engine *e, DrawSite *site, const Frame *frame)
{
    if (!frame->cached || !site->cache) {
        fetch_once(e, site, frame);
        return;
    }
    if (site->quad != (int64_t)(frame->step >> 2)) {
        fetch_quad(e, site, frame);
    }
    site->words = site->cache + (frame->step & 3) * (size_t)e->stride;
}

// The body on every lane, and what comes out kept only where the mask is yes.
static void region_masked(Engine *e, const Region *region, CellList body, const Frame *frame)
{
    size_t bytes = (size_t)frame->n * sizeof(double);
    for (int32_t i = 0; i < region->n_in; i++) {
        memcpy(region->in[i].to, region->in[i].from, bytes);
    }
    Frame inner = *frame;
    const double *mask = region->mask;
    double *active = e->regions[region->depth].active;
    if (frame->active) {
        e->kernels->both(active, mask, frame->active, frame->n);
    } else {
        memcpy(active, mask, bytes);
    }
    inner.active = active;
    execute(e, body, &inner);
    // The mask itself may be among the columns that come out, hence its copy.
    for (int32_t i = 0; i < region->n_out; i++) {
        e->kernels->blend(region->out[i].to, region->out[i].from, active, frame->n);
    }
}

// The body on the lanes of the index alone, moved together.
static void region_compact(Engine *e, const Region *region, CellList body, const Frame *frame,
                           int32_t count)
{
    const RegionScratch *scratch = &e->regions[region->depth];
    int32_t n = pad8(count);
    for (int32_t i = count; i < n; i++) {
        scratch->index[i] = scratch->index[count - 1];
    }
    for (int32_t i = 0; i < region->n_in; i++) {
        e->kernels->gather(region->in[i].to, region->in[i].from, scratch->index, n);
    }
    Frame inner = *frame;
    inner.n = n;
    inner.real = count;
    inner.cached = false;
    inner.active = NULL;
    if (region->needs_ids) {
        for (int32_t i = 0; i < n; i++) {
            scratch->world[i] = frame->world[scratch->index[i]];
            scratch->future[i] = frame->future[scratch->index[i]];
        }
        inner.world = scratch->world;
        inner.future = scratch->future;
    }
    e->words_site = NULL;
    execute(e, body, &inner);
    e->words_site = NULL;
    for (int32_t i = 0; i < region->n_out; i++) {
        const double *from = region->out[i].from;
        double *to = region->out[i].to;
        for (int32_t j = 0; j < count; j++) {
            to[scratch->index[j]] = from[j];
        }
    }
}

static void run_region(Engine *e, const Region *region, CellList body, const Frame *frame)
{
    int32_t *index = e->regions[region->depth].index;
    int32_t count = e->kernels->pick(region->mask, frame->active, frame->real, index);
    if (count == 0) {
        e->counts.skipped++;
        return;
    }
    if (e->never_compact || count * 64 > frame->n * COMPACT_64THS) {
        e->counts.masked++;
        region_masked(e, region, body, frame);
    } else {
        e->counts.compacted++;
        region_compact(e, region, body, frame, count);
    }
}

// Uniforms are computed by the base kernels on eight equal lanes, so that they have the bits that a
// column would have.
static void run_uniform(Engine *e, const Cell *cell, const Frame *frame)
{
    const Spread *spread = cell->more.spread;
    for (int32_t i = 0; i < spread->n_in; i++) {
        for (int32_t j = 0; j < 8; j++) {
            memcpy(spread->in[i].to + j, spread->in[i].from, sizeof(double));
        }
    }
    Frame eight = *frame;
    eight.n = 8;
    eight.real = 8;
    execute(e, (CellList){cell + 1, cell->n}, &eight);
    memcpy(cell->d, spread->result, sizeof(double));
}

static bool mask_at(const double *mask, int32_t lane)
{
    uint64_t bits;
    memcpy(&bits, mask + lane, sizeof bits);
    return bits != 0;
}

static void report_failures(Engine *e, const Cell *cell, const Frame *frame)
{
    if (!e->sink || !e->sink->check_failed) {
        return;
    }
    for (int32_t i = 0; i < frame->real; i++) {
        if (mask_at(cell->a, i) && (!frame->active || mask_at(frame->active, i))) {
            CheckFailure failure = {.check = cell->n,
                                    .world = frame->world[i],
                                    .future = frame->future[i],
                                    .step = e->step_now};
            e->sink->check_failed(e->sink->ctx, failure);
        }
    }
}

// Everything that is no plain kernel. The cells it has seen to are those before what it returns.
static __attribute__((noinline)) const Cell *run_control(Engine *e, const Cell *cell,
                                                         const Frame *frame)
{
    switch ((Control)cell->control) {
    case CONTROL_NONE:
    case CONTROL_DRAW: break;
    case CONTROL_REGION:
        run_region(e, cell->more.region, (CellList){cell + 1, cell->n}, frame);
        return cell + 1 + cell->n;
    case CONTROL_IFSTEP: return cell + 1 + (mask_at(cell->a, 0) ? 0 : cell->n);
    case CONTROL_UNIFORM: run_uniform(e, cell, frame); return cell + 1 + cell->n;
    case CONTROL_FAIL: report_failures(e, cell, frame); break;
    }
    return cell + 1;
}

void execute(Engine *e, CellList list, const Frame *frame)
{
    const Cell *end = list.n > 0 ? list.cells + list.n : list.cells; // there may be no list at all
    for (const Cell *cell = list.cells; cell < end;) {
        if (cell->control == CONTROL_DRAW) {
            fetch_words(e, cell->site, frame);
        } else if (cell->control != CONTROL_NONE) {
            cell = run_control(e, cell, frame);
            continue;
        }
        cell->run(cell, frame);
        cell++;
    }
}
