// SPDX-License-Identifier: MIT
//
// The generator as models use it: words of places that differ in one field, as streams. Each axis
// counts one field from 0 on and leaves the others as they are; `model` goes through them as a run
// does, site by site within a step, step by step, future by future, world by world.
#pragma once
#include <stdio.h>
#include <string.h>

#include "math/draw.h"

typedef enum {
    AXIS_FUTURE,
    AXIS_WORLD,
    AXIS_STEP,
    AXIS_SITE, // sites are hashes of names that differ in their number
    AXIS_SEED,
    AXIS_MODEL,
    N_AXES
} Axis;

static const char *const AXIS_NAMES[N_AXES] = {"future", "world", "step", "site", "seed", "model"};

static inline uint32_t stream_site(uint32_t i)
{
    char name[32];
    int n = snprintf(name, sizeof name, "event%u.chance", (unsigned)i);
    return draw_site_hash((Str){name, (size_t)n});
}

// 8 sites, 64 steps, 16 futures in a world.
static inline uint32_t stream_model(const uint32_t sites[8], uint64_t seed, uint64_t i)
{
    DrawPlace place = {.site = sites[i & 7], .step = i >> 3 & 63, .future = i >> 9 & 15};
    place.world = (uint32_t)(i >> 13);
    return draw_word(seed, DRAW_STEP, place);
}

// The word at i of an axis, at `origin` of all others.
static inline uint32_t stream_word(Axis axis, DrawPlace origin, uint64_t seed, uint32_t i)
{
    switch (axis) {
    case AXIS_FUTURE: origin.future += i; break;
    case AXIS_WORLD: origin.world += i; break;
    case AXIS_STEP: origin.step += i; break;
    case AXIS_SITE: origin.site = stream_site(origin.site + i); break;
    default: seed += i;
    }
    return draw_word(seed, DRAW_STEP, origin);
}
