// SPDX-License-Identifier: MIT
//
// What is live at the cuts of a step, by the kind of step.
#include "exact/classes.h"

#include <string.h>

#include "base/vec.h"
#include "exact/live.h"
#include "exact/space.h"

typedef struct {
    Arena *arena, *scratch;
    const Script *script;
    const Calendar *calendar;
    uint8_t **live; // by era: at the start of its steps
    uint8_t *drop;
} Classes;

static bool add_all(uint8_t *into, const uint8_t *from, Slot n)
{
    bool grown = false;
    for (Slot i = 0; i < n; i++) {
        grown = grown || (from[i] && !into[i]);
        into[i] |= from[i];
    }
    return grown;
}

static void know_era(const Classes *c, int32_t era)
{
    const Script *s = c->script;
    uint8_t *known = ARENA_ARRAY(c->scratch, uint8_t, s->n_slots + 1);
    uint64_t *value = ARENA_ARRAY(c->scratch, uint64_t, s->n_slots + 1);
    calendar_know(c->calendar, era, known, value);
    script_known(c->scratch, s, known, value, c->drop);
}

// What must outlive a step, before what the next one needs.
static void live_at_end(const Script *s, const uint8_t *after, uint8_t *live)
{
    memset(live, 0, s->n_slots);
    if (after) {
        add_all(live, after, s->n_slots);
    }
    if (!after || s->stop != SLOT_NONE) {
        add_all(live, s->finish_live, s->n_slots);
    }
    if (s->stop != SLOT_NONE) {
        live[s->stop] = 1;
    }
    add_all(live, s->shown, s->n_slots);
}

static uint8_t *find_era(const Classes *c, int32_t era)
{
    const Script *s = c->script;
    const uint8_t *after = era + 1 < c->calendar->n_eras ? c->live[era + 1] : NULL;
    uint8_t *found = ARENA_ARRAY(c->arena, uint8_t, s->n_slots + 1);
    uint8_t *live = ARENA_ARRAY(c->scratch, uint8_t, s->n_slots + 1);
    know_era(c, era);
    do {
        live_at_end(s, after, live);
        add_all(live, found, s->n_slots);
        script_live(c->scratch, s->main, 0, s->main.n, s->n_slots, live, c->drop, NULL);
    } while (add_all(found, live, s->n_slots));
    return found;
}

typedef struct {
    uint8_t **wanted; // by boundary, or NULL
    Slot n_slots;
} Snapshots;

static void snapshot(void *ctx, int32_t pc, const uint8_t *live)
{
    const Snapshots *s = ctx;
    if (s->wanted[pc]) {
        memcpy(s->wanted[pc], live, s->n_slots);
    }
}

static uint8_t *want_at(const Classes *c, uint8_t **wanted, int32_t pc)
{
    if (!wanted[pc]) {
        wanted[pc] = ARENA_ARRAY(c->arena, uint8_t, c->script->n_slots + 8);
    }
    return wanted[pc];
}

static uint64_t hash_of(const Classes *c, const Cut *cut, uint8_t **live)
{
    uint64_t h = 1;
    size_t n = (c->script->n_slots + 7) / 8; // the sets have room for whole words
    for (int32_t g = 0; g <= cut->n_guards; g++) {
        uint64_t *words = ARENA_ARRAY(c->scratch, uint64_t, n + 1);
        memcpy(words + 1, live[g], c->script->n_slots);
        words[0] = h;
        h = words_hash(words, (int32_t)n + 1);
    }
    return h;
}

static StepClass make_class(const Classes *c, int32_t era, int32_t next)
{
    const Script *s = c->script;
    StepClass one = {era, next, ARENA_ARRAY(c->arena, uint8_t **, s->n_cuts),
                     ARENA_ARRAY(c->arena, uint64_t, s->n_cuts)};
    Snapshots snapshots = {ARENA_ARRAY(c->scratch, uint8_t *, s->main.n + 1), s->n_slots};
    for (int32_t i = 0; i < s->n_cuts; i++) {
        const Cut *cut = &s->cuts[i];
        one.live[i] = ARENA_ARRAY(c->arena, uint8_t *, cut->n_guards + 1);
        for (int32_t g = 0; g < cut->n_guards; g++) {
            one.live[i][g] = want_at(c, snapshots.wanted, cut->guards[g].target);
        }
        one.live[i][cut->n_guards] = want_at(c, snapshots.wanted, cut->pc);
    }
    uint8_t *live = ARENA_ARRAY(c->scratch, uint8_t, s->n_slots + 1);
    know_era(c, era);
    live_at_end(s, next < 0 ? NULL : c->live[next], live);
    live_walk(c->scratch, s->main, 0, s->main.n, s->n_slots, live, c->drop, NULL, snapshot,
              &snapshots);
    for (int32_t i = 0; i < s->n_cuts; i++) {
        one.hash[i] = hash_of(c, &s->cuts[i], one.live[i]);
    }
    return one;
}

StepClasses *classes_new(Arena *arena, const Script *script, const Calendar *calendar)
{
    Classes c = {.arena = arena, .scratch = arena_new(0), .script = script};
    c.calendar = calendar;
    c.drop = ARENA_ARRAY(c.scratch, uint8_t, script->main.n + 1);
    c.live = ARENA_ARRAY(arena, uint8_t *, calendar->n_eras);
    for (int32_t e = calendar->n_eras - 1; e >= 0; e--) {
        c.live[e] = find_era(&c, e);
    }
    int32_t steps = script->program->n_steps;
    int32_t *of = ARENA_ARRAY(arena, int32_t, steps + 1);
    VEC(StepClass) list = {0};
    for (int32_t k = 0; k < steps; k++) {
        int32_t era = calendar->era_of[k], next = k + 1 < steps ? calendar->era_of[k + 1] : -1;
        int32_t i = list.n - 1;
        while (i >= 0 && !(list.p[i].era == era && list.p[i].next == next)) {
            i--;
        }
        if (i < 0) {
            vec_push(arena, &list, make_class(&c, era, next));
            i = list.n - 1;
        }
        of[k] = i;
    }
    arena_free(c.scratch);
    StepClasses *classes = ARENA_NEW(arena, StepClasses);
    *classes = (StepClasses){list.p, list.n, of};
    return classes;
}
