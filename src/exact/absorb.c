// SPDX-License-Identifier: MIT
//
// What is decided for good, and what no longer matters because of it.
#include "exact/absorb.h"

#include <string.h>

#include "base/vec.h"
#include "math/bits.h"

enum { MOST_TESTS = 256 }; // of values of one slot, when few of them are frozen

// A set of frozen values, and what is live beside them, by era.
typedef struct {
    uint64_t *key;   // the frozen fields of a state, all else 0
    uint8_t **live;  // by era, by slot; NULL: not worked out
    uint64_t **mask; // by era: fields that are kept
    bool *still;     // by era: nothing but frozen values is kept, nor wanted in the last step
} Pattern;

// Which values of a slot have been tried.
typedef struct {
    Big frozen; // int8_t by code: 0 not looked at yet, 1 yes, -1 no
    int32_t n, found;
} Tests;

struct Absorb {
    const Script *script;
    const Calendar *calendar;
    Book *book;
    Arena *arena; // of patterns: emptied when fields move
    Arena *scratch;
    Tests *tests; // by slot
    int32_t layout;
    VEC(Pattern) patterns;
    int32_t *table; // 0: empty, else 1 + pattern
    int32_t table_size;
    uint8_t *known;
    uint64_t *value;
    uint8_t *drop;
    int32_t last; // pattern of the state before
};

Absorb *absorb_new(Arena *arena, const Script *script, const Calendar *calendar, Book *book)
{
    Absorb *a = ARENA_NEW(arena, Absorb);
    a->script = script;
    a->calendar = calendar;
    a->book = book;
    a->arena = arena_new(0);
    a->scratch = arena_new(0);
    a->known = ARENA_ARRAY(arena, uint8_t, script->n_slots + 1);
    a->value = ARENA_ARRAY(arena, uint64_t, script->n_slots + 1);
    a->tests = ARENA_ARRAY(arena, Tests, script->n_slots + 1);
    a->drop = ARENA_ARRAY(arena, uint8_t, script->main.n + 1);
    return a;
}

void absorb_free(Absorb *a)
{
    for (Slot i = 0; a && i < a->script->n_slots; i++) {
        big_free(&a->tests[i].frozen);
    }
    if (a) {
        arena_free(a->arena);
        arena_free(a->scratch);
    }
}

void absorb_forget(Absorb *a)
{
    a->layout = -1; // of no space: everything is looked at anew
}

// ---- Frozen values ------------------------------------------------------------------------------

static bool test_frozen(Absorb *a, Slot slot, int32_t code)
{
    uint64_t value = book_value(a->book, slot, code);
    calendar_know(a->calendar, -1, a->known, a->value);
    a->known[slot] = 1;
    a->value[slot] = value;
    script_known(a->scratch, a->script, a->known, a->value, NULL);
    return a->known[slot] && a->value[slot] == value;
}

static bool is_frozen(Absorb *a, Slot slot, int32_t code)
{
    if (code == 0) {
        return true; // dead is dead
    }
    Tests *t = &a->tests[slot];
    big_need(&t->frozen, (size_t)code + 1);
    int8_t *known = (int8_t *)t->frozen.p + code;
    if (*known == 0) {
        bool tired = t->n >= MOST_TESTS && t->found * 16 < t->n;
        bool frozen = !tired && test_frozen(a, slot, code);
        t->n += !tired;
        t->found += frozen;
        *known = frozen ? 1 : -1;
    }
    return *known > 0;
}

// ---- Patterns -----------------------------------------------------------------------------------

static void know_pattern(Absorb *a, const Space *space, const Pattern *p, int32_t era)
{
    calendar_know(a->calendar, era, a->known, a->value);
    for (int32_t i = 0; i < space->n_fields; i++) {
        int32_t code = field_get(&space->fields[i], p->key);
        if (code) {
            a->known[space->fields[i].slot] = 1;
            a->value[space->fields[i].slot] = book_value(a->book, space->fields[i].slot, code);
        }
    }
    script_known(a->scratch, a->script, a->known, a->value, a->drop);
}

static bool add_all(uint8_t *into, const uint8_t *from, Slot n)
{
    bool grown = false;
    for (Slot i = 0; i < n; i++) {
        grown = grown || (from[i] && !into[i]);
        into[i] |= from[i];
    }
    return grown;
}

// What lives at the start of a step of the era: the least set that lasts through it, and has all
// that the next era needs.
static uint8_t *find_live(Absorb *a, const Space *space, const Pattern *p, int32_t era,
                          const uint8_t *after)
{
    const Script *s = a->script;
    uint8_t *found = ARENA_ARRAY(a->arena, uint8_t, s->n_slots + 1);
    uint8_t *live = ARENA_ARRAY(a->scratch, uint8_t, s->n_slots + 1);
    know_pattern(a, space, p, era);
    do {
        memcpy(live, found, s->n_slots);
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
        script_live(a->scratch, s->main, 0, s->main.n, s->n_slots, live, a->drop, NULL);
    } while (add_all(found, live, s->n_slots));
    return found;
}

static void fill_era(Absorb *a, const Space *space, Pattern *p, int32_t era)
{
    ArenaMark start = arena_mark(a->scratch);
    for (int32_t e = a->calendar->n_eras - 1; e >= era; e--) {
        if (!p->live[e]) {
            const uint8_t *after = e + 1 < a->calendar->n_eras ? p->live[e + 1] : NULL;
            p->live[e] = find_live(a, space, p, e, after);
        }
    }
    arena_reset(a->scratch, start);
    uint64_t *mask = ARENA_ARRAY(a->arena, uint64_t, space->n_words);
    const uint8_t *last = p->live[a->calendar->n_eras - 1];
    bool still = true;
    for (int32_t i = 0; i < space->n_fields; i++) {
        const Field *f = &space->fields[i];
        bool kept = p->live[era][f->slot] || a->script->shown[f->slot];
        if (kept) {
            field_set(f, mask, (int32_t)((UINT64_C(1) << f->width) - 1));
        }
        // What is dead today because it will be written again is not there yet when the last step
        // needs it: such a state must go on.
        still = still && (!(kept || last[f->slot]) || (kept && field_get(f, p->key) != 0));
    }
    p->mask[era] = mask;
    p->still[era] = still;
}

static int32_t add_pattern(Absorb *a, const Space *space, const uint64_t *key)
{
    int32_t eras = a->calendar->n_eras;
    Pattern p = {.key = ARENA_ARRAY(a->arena, uint64_t, space->n_words),
                 .live = ARENA_ARRAY(a->arena, uint8_t *, eras),
                 .mask = ARENA_ARRAY(a->arena, uint64_t *, eras),
                 .still = ARENA_ARRAY(a->arena, bool, eras)};
    memcpy(p.key, key, (size_t)space->n_words * sizeof *key);
    vec_push(a->arena, &a->patterns, p);
    return a->patterns.n - 1;
}

static void insert(Absorb *a, const Space *space, int32_t pattern)
{
    uint64_t h = words_hash(a->patterns.p[pattern].key, space->n_words);
    uint64_t at = h & (uint64_t)(a->table_size - 1);
    while (a->table[at]) {
        at = (at + 1) & (uint64_t)(a->table_size - 1);
    }
    a->table[at] = pattern + 1;
}

static int32_t find_pattern(Absorb *a, const Space *space, const uint64_t *key)
{
    size_t bytes = (size_t)space->n_words * sizeof *key;
    if (a->last < a->patterns.n && memcmp(a->patterns.p[a->last].key, key, bytes) == 0) {
        return a->last;
    }
    if (a->patterns.n * 2 >= a->table_size) {
        a->table_size = a->table_size ? a->table_size * 2 : 64;
        a->table = ARENA_ARRAY(a->arena, int32_t, a->table_size);
        for (int32_t i = 0; i < a->patterns.n; i++) {
            insert(a, space, i);
        }
    }
    uint64_t at = words_hash(key, space->n_words) & (uint64_t)(a->table_size - 1);
    while (a->table[at]) {
        int32_t found = a->table[at] - 1;
        if (memcmp(a->patterns.p[found].key, key, bytes) == 0) {
            a->last = found;
            return found;
        }
        at = (at + 1) & (uint64_t)(a->table_size - 1);
    }
    a->last = add_pattern(a, space, key);
    insert(a, space, a->last);
    return a->last;
}

static void forget(Absorb *a, const Space *space)
{
    arena_free(a->arena);
    a->arena = arena_new(0);
    a->patterns.p = NULL;
    a->patterns.n = a->patterns.cap = 0;
    a->table = NULL;
    a->table_size = 0;
    a->layout = space->layout;
}

bool absorb_state(Absorb *a, const Space *space, int32_t era, uint64_t *key)
{
    if (a->layout != space->layout) {
        forget(a, space);
    }
    uint64_t frozen[SPACE_MOST_WORDS];
    memcpy(frozen, key, (size_t)space->n_words * sizeof *key);
    for (int32_t i = 0; i < space->n_fields; i++) {
        const Field *f = &space->fields[i];
        if (!is_frozen(a, f->slot, field_get(f, key))) {
            field_set(f, frozen, 0);
        }
    }
    int32_t found = find_pattern(a, space, frozen); // may move the list
    Pattern *p = &a->patterns.p[found];
    if (!p->mask[era]) {
        fill_era(a, space, p, era);
    }
    for (int32_t w = 0; w < space->n_words; w++) {
        key[w] &= p->mask[era][w];
    }
    return p->still[era];
}
