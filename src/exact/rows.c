// SPDX-License-Identifier: MIT
//
// The units of a Script at work: where the outcomes of a state lead.
#include <string.h>

#include "exact/units_impl.h"
#include "math/bits.h"

// ---- Dates long past ----------------------------------------------------------------------------

static void expire_dates(const Units *u, const Space *space, uint64_t *key)
{
    for (int32_t i = 0; i < u->n_expiries; i++) {
        const Expiry *x = &u->expiries[i];
        int32_t field = space->field_of[x->slot];
        int32_t code = field < 0 ? 0 : field_get(&space->fields[field], key);
        if (code && u->tomorrow - double_of(book_value(u->book, x->slot, code)) >= x->days) {
            int32_t past = book_code(u->book, x->slot, bits_of(x->past)); // there since the start
            field_set(&space->fields[field], key, past);
        }
    }
}

// ---- Who is who ---------------------------------------------------------------------------------

static int32_t code_of(const Space *space, Slot slot, const uint64_t *key)
{
    int32_t field = space->field_of[slot];
    return field < 0 ? 0 : field_get(&space->fields[field], key);
}

static void set_code(const Space *space, Slot slot, int32_t code, uint64_t *key)
{
    int32_t field = space->field_of[slot];
    if (field >= 0) {
        field_set(&space->fields[field], key, code);
    }
}

// Would the exchange make the key smaller? Pairs are in the order of slots, as fields are.
static bool falls(const Space *space, const Exchange *x, const uint64_t *key)
{
    for (int32_t i = 0; i < x->n; i++) {
        int32_t a = code_of(space, x->slots[2 * i], key);
        int32_t b = code_of(space, x->slots[2 * i + 1], key);
        if (a != b) {
            return a > b;
        }
    }
    return false;
}

static void exchange(const Space *space, const Exchange *x, uint64_t *key)
{
    for (int32_t i = 0; i < x->n; i++) {
        int32_t a = code_of(space, x->slots[2 * i], key);
        int32_t b = code_of(space, x->slots[2 * i + 1], key);
        set_code(space, x->slots[2 * i], b, key);
        set_code(space, x->slots[2 * i + 1], a, key);
    }
}

// Of states that differ only in who is who, one: exchange neighbours as long as one makes it
// smaller.
static void settle_order(const Space *space, const Exchanges *list, uint64_t *key)
{
    for (int32_t i = 0; i < list->n; i++) {
        if (falls(space, &list->p[i], key)) {
            exchange(space, &list->p[i], key);
            i = -1;
        }
    }
}

// ---- Rows ---------------------------------------------------------------------------------------

uint32_t units_end(Units *u, const uint64_t *regs)
{
    Space *space = u->ended;
    int32_t codes[1];
    for (int32_t i = 0; i < space->n_fields; i++) {
        book_code(u->book, space->fields[i].slot, regs[space->fields[i].slot]);
    }
    units_lay_out(u);
    uint64_t key[SPACE_MOST_WORDS] = {0};
    for (int32_t i = 0; i < space->n_fields; i++) {
        Slot slot = space->fields[i].slot;
        codes[0] = book_code(u->book, slot, regs[slot]);
        field_set(&space->fields[i], key, codes[0]);
    }
    return space_state(space, key);
}

static void note_still(Units *u, uint32_t state, bool still)
{
    big_need(&u->still, (size_t)state + 1);
    ((uint8_t *)u->still.p)[state] = still && !u->never_still;
}

uint32_t units_enter(Units *u, const uint64_t *regs, int32_t era, bool *still)
{
    Space *space = u->spaces[0];
    for (int32_t i = 0; i < space->n_fields; i++) {
        book_code(u->book, space->fields[i].slot, regs[space->fields[i].slot]);
    }
    units_lay_out(u);
    uint64_t key[SPACE_MOST_WORDS] = {0};
    for (int32_t i = 0; i < space->n_fields; i++) {
        Slot slot = space->fields[i].slot;
        field_set(&space->fields[i], key, book_code(u->book, slot, regs[slot]));
    }
    *still = absorb_state(u->absorb, space, era, key);
    settle_order(space, &u->exchanges[0], key);
    uint32_t state = space_state(space, key);
    note_still(u, state, *still);
    return state;
}

// A slot as it stands behind the last unit: written there, or as it was.
static int32_t code_behind(const Unit *unit, const uint64_t *key, const int32_t *codes, Slot slot)
{
    for (int32_t i = 0; i < unit->n_written; i++) {
        if (unit->written[i] == slot) {
            return codes[i];
        }
    }
    int32_t field = unit->in->field_of[slot];
    return field < 0 ? 0 : field_get(&unit->in->fields[field], key);
}

static uint32_t ended_state(Units *u, const Unit *unit, const uint64_t *before,
                            const int32_t *codes)
{
    Space *space = u->ended;
    uint64_t key[SPACE_MOST_WORDS] = {0};
    for (int32_t i = 0; i < space->n_fields; i++) {
        Slot slot = space->fields[i].slot;
        field_set(&space->fields[i], key, code_behind(unit, before, codes, slot));
    }
    return space_state(space, key);
}

bool units_keeps(const Units *u, int32_t cut, int32_t guard, Slot slot)
{
    const Cut *at = &u->script->cuts[cut];
    bool kept = u->classes->p[u->class].live[cut][guard][slot];
    for (int32_t h = 0; h <= guard && h < at->n_guards; h++) {
        kept = kept || at->guards[h].mask == slot;
    }
    return kept;
}

// Fields that live behind the unit in this kind of step, where a guard is no.
static uint64_t *make_lives(const Units *u, const Unit *unit, int32_t guard)
{
    uint64_t *mask = ARENA_ARRAY(u->arena, uint64_t, unit->out->n_words);
    for (int32_t i = 0; i < unit->out->n_fields; i++) {
        const Field *f = &unit->out->fields[i];
        if (units_keeps(u, unit->to, guard, f->slot)) {
            field_set(f, mask, (int32_t)((UINT64_C(1) << f->width) - 1));
        }
    }
    return mask;
}

static const uint64_t *lives_behind(const Units *u, const Unit *unit, int32_t guard)
{
    uint64_t **where = unit->where[u->class];
    if (!where) {
        int32_t n = u->script->cuts[unit->to].n_guards + 1;
        where = unit->where[u->class] = ARENA_ARRAY(u->arena, uint64_t *, n);
        for (int32_t g = 0; g < n; g++) {
            where[g] = make_lives(u, unit, g);
        }
    }
    return where[guard];
}

uint32_t units_land(Units *u, int32_t cut, uint64_t *key, int32_t era)
{
    if (cut < u->n_units) {
        settle_order(u->spaces[cut], &u->exchanges[cut], key);
        return space_state(u->spaces[cut], key);
    }
    Space *space = u->spaces[0];
    expire_dates(u, space, key);
    bool still = absorb_state(u->absorb, space, era, key);
    settle_order(space, &u->exchanges[0], key);
    uint32_t state = space_state(space, key);
    note_still(u, state, still);
    return state;
}

static uint32_t target_of(Units *u, int32_t index, const uint64_t *before, uint64_t *key,
                          const int32_t *codes, int32_t guard, int32_t era)
{
    const Unit *unit = &u->units[index];
    const Script *s = u->script;
    if (guard < 0) {
        return TARGET_FAILED | (uint32_t)(-1 - guard);
    }
    if (index == u->n_units - 1) {
        bool stops = s->stop != SLOT_NONE;
        if (stops) {
            int32_t code = code_behind(unit, before, codes, s->stop);
            stops = code && book_value(u->book, s->stop, code);
        }
        if (era < 0 || stops) {
            return TARGET_ENDED | ended_state(u, unit, before, codes);
        }
    }
    for (int32_t i = 0; i < unit->n_written; i++) {
        Slot slot = unit->written[i];
        if (unit->out->field_of[slot] >= 0) {
            field_set(&unit->out->fields[unit->out->field_of[slot]], key, codes[i]);
        }
    }
    if (index < u->n_units - 1) {
        const uint64_t *lives = lives_behind(u, unit, guard);
        for (int32_t w = 0; w < unit->out->n_words; w++) {
            key[w] &= lives[w];
        }
    }
    return units_land(u, index + 1, key, era);
}

static void pass_through(const Unit *unit, const uint64_t *from, uint64_t *to)
{
    for (int32_t i = 0; i < unit->n_moves; i++) {
        const struct Move *m = &unit->moves[i];
        uint64_t bits = from[m->word_in] & m->mask;
        to[m->word_out] |= m->shift >= 0 ? bits << m->shift : bits >> -m->shift;
    }
}

bool units_row(Units *u, int32_t index, Kernel *k, uint32_t state, int32_t era)
{
    Unit *unit = &u->units[index];
    if (unit->in_layout != unit->in->layout || unit->out_layout != unit->out->layout) {
        units_set_masks(u, unit);
    }
    uint32_t entry;
    if (!units_kernel_entry(u, unit, k, space_key(unit->in, state), &entry)) {
        return false;
    }
    units_lay_out(u);
    if (unit->in_layout != unit->in->layout || unit->out_layout != unit->out->layout) {
        units_set_masks(u, unit);
    }
    uint64_t before[SPACE_MOST_WORDS], base[SPACE_MOST_WORDS] = {0}, key[SPACE_MOST_WORDS];
    memcpy(before, space_key(unit->in, state), (size_t)unit->in->n_words * sizeof *before);
    pass_through(unit, before, base);
    const Outcomes *outcomes = (Outcomes *)k->entries.p + entry;
    big_need(&k->target, (k->n_targets + (uint64_t)outcomes->n) * sizeof(uint32_t));
    uint32_t *target = (uint32_t *)k->target.p + k->n_targets;
    for (int32_t i = 0; i < outcomes->n; i++) {
        uint32_t at = outcomes->first + (uint32_t)i;
        const int32_t *codes = (int32_t *)k->code.p + (size_t)at * (size_t)unit->n_written;
        memcpy(key, base, (size_t)unit->out->n_words * sizeof *key);
        target[i] = target_of(u, index, before, key, codes, ((int32_t *)k->guard.p)[at], era);
    }
    ((Row *)k->row.p)[state] = (Row){outcomes->n, outcomes->first, (uint32_t)k->n_targets};
    k->n_targets += (uint64_t)outcomes->n;
    u->worked++;
    return true;
}
