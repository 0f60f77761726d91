// SPDX-License-Identifier: MIT
//
// The units of a Script at work: kernels and rows.
#include <string.h>

#include "exact/units_impl.h"

#include "math/bits.h"

enum { MOST_LEAVES = 1 << 20 };

// ---- Setting up ---------------------------------------------------------------------------------

static bool is_kept(const Script *s, Slot slot)
{
    return !script_is_uniform(s, slot);
}

static Space *make_space(Units *u, const uint8_t *live)
{
    const Script *s = u->script;
    uint8_t *kept = ARENA_ARRAY(u->scratch, uint8_t, s->n_slots + 1);
    for (Slot i = 0; i < s->n_slots; i++) {
        kept[i] = live[i] && is_kept(s, i);
    }
    return space_new(u->arena, u->book, kept);
}

static const Slot *list_slots(Arena *arena, const uint8_t *set, Slot n_slots, int32_t *n)
{
    VEC(Slot) list = {0};
    for (Slot i = 0; i < n_slots; i++) {
        if (set[i]) {
            vec_push(arena, &list, i);
        }
    }
    *n = list.n;
    return list.p;
}

// What it reads of the state before it, or may leave as it is.
static void find_slots(Units *u, Unit *unit)
{
    const Script *s = u->script;
    const Cut *from = &s->cuts[unit->from];
    bool last = unit->to == u->n_units;
    uint8_t *touched = ARENA_ARRAY(u->scratch, uint8_t, s->n_slots + 1);
    uint8_t *written = ARENA_ARRAY(u->scratch, uint8_t, s->n_slots + 1);
    for (int32_t pc = from->pc; pc < s->cuts[unit->to].pc; pc++) {
        const XIns *ins = &s->main.p[pc];
        for (int32_t r = 0; r < ins->n_reads; r++) {
            touched[ins->reads[r]] = 1;
        }
        if (ins->d != SLOT_NONE) {
            touched[ins->d] = written[ins->d] = 1;
        }
        if (x_draws(ins)) {
            unit->draws = true;
            for (Slot k = 0; ins->range != SLOT_NONE && k < 2; k++) {
                written[ins->range + k] = 1;
            }
        }
    }
    for (int32_t g = 0; g < from->n_guards; g++) {
        touched[from->guards[g].mask] = 1;
    }
    for (int32_t g = 0; g < s->cuts[unit->to].n_guards; g++) {
        touched[s->cuts[unit->to].guards[g].mask] = 1;
    }
    unit->saved = list_slots(u->arena, written, s->n_slots, &unit->n_saved);
    for (Slot i = 0; i < s->n_slots; i++) {
        touched[i] = touched[i] && unit->in->field_of[i] >= 0;
        bool wanted =
            unit->out->field_of[i] >= 0 || (last && (u->ended->field_of[i] >= 0 || i == s->stop));
        written[i] = written[i] && wanted;
    }
    unit->input = list_slots(u->arena, touched, s->n_slots, &unit->n_input);
    unit->written = list_slots(u->arena, written, s->n_slots, &unit->n_written);
}

static void share_values(Units *u, const Exchanges *list)
{
    for (int32_t i = 0; i < list->n; i++) {
        for (int32_t k = 0; k < list->p[i].n; k++) {
            book_share(u->book, list->p[i].slots[2 * k], list->p[i].slots[2 * k + 1]);
        }
    }
}

static void make_unit(Units *u, int32_t i)
{
    const Script *s = u->script;
    Unit *unit = &u->units[i];
    unit->from = i;
    unit->to = i + 1;
    unit->in = u->spaces[i];
    unit->out = u->spaces[i + 1];
    unit->code = s->main;
    unit->where = ARENA_ARRAY(u->arena, uint64_t **, u->classes->n + 1);
    unit->moves = ARENA_ARRAY(u->arena, struct Move, s->n_slots + 1);
    find_slots(u, unit);
    unit->varies = calendar_varies(u->calendar, s->main, s->cuts[i].pc, s->cuts[i + 1].pc);
    for (int32_t g = 0; g < s->cuts[i].n_guards; g++) {
        Slot mask = s->cuts[i].guards[g].mask; // of an IFSTEP: a uniform
        unit->varies = unit->varies || u->calendar->varies[mask];
    }
}

Units *units_new(Arena *arena, const Script *script, const Calendar *calendar)
{
    Units *u = ARENA_NEW(arena, Units);
    u->script = script;
    u->calendar = calendar;
    u->arena = arena;
    u->scratch = arena_new(0);
    u->forks = arena_new(0);
    (void)arena_alloc(u->scratch, 1, 1); // so that a reset leaves them a chunk each
    (void)arena_alloc(u->forks, 1, 1);
    u->book = book_new(arena, script->n_slots);
    u->exchanges = symmetry_find(arena, script, &u->whole);
    for (int32_t i = 0; i < script->n_cuts; i++) {
        share_values(u, &u->exchanges[i]);
    }
    u->expiries = expire_find(arena, script, &u->n_expiries);
    for (int32_t i = 0; i < u->n_expiries; i++) { // so that its number is there when it is wanted
        book_code(u->book, u->expiries[i].slot, bits_of(u->expiries[i].past));
    }
    u->regs = ARENA_ARRAY(arena, uint64_t, script->n_slots + 1);
    u->classes = classes_new(arena, script, calendar);
    u->n_units = script->n_cuts - 1;
    u->n_units = u->n_units < 0 ? 0 : u->n_units;
    u->spaces = ARENA_ARRAY(arena, Space *, u->n_units + 1);
    uint8_t *first = ARENA_ARRAY(arena, uint8_t, script->n_slots + 1);
    uint8_t *last = ARENA_ARRAY(arena, uint8_t, script->n_slots + 1);
    for (Slot i = 0; i < script->n_slots; i++) {
        first[i] = script->live[i] || script->shown[i];
        last[i] = script->finish_live[i] || script->shown[i];
    }
    u->spaces[0] = make_space(u, first);
    for (int32_t i = 1; i < u->n_units; i++) {
        u->spaces[i] = make_space(u, script->cuts[i].live);
    }
    u->spaces[u->n_units] = u->spaces[0];
    u->ended = make_space(u, last);
    u->units = ARENA_ARRAY(arena, Unit, u->n_units + 1);
    for (int32_t i = 0; i < u->n_units; i++) {
        make_unit(u, i);
    }
    u->absorb = absorb_new(arena, script, calendar, u->book);
    return u;
}

void units_free(Units *u)
{
    for (int32_t i = 0; i < u->n_units; i++) {
        space_free(u->spaces[i]);
    }
    space_free(u->ended);
    big_free(&u->still);
    absorb_free(u->absorb);
    book_free(u->book);
    arena_free(u->scratch);
    arena_free(u->forks);
}

Kernel *kernel_new(Arena *arena)
{
    return ARENA_NEW(arena, Kernel);
}

void kernel_free(Kernel *k)
{
    Big *all[] = {&k->entries, &k->p,     &k->code, &k->guard,
                  &k->keys,    &k->table, &k->row,  &k->target};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        big_free(all[i]);
    }
    *k = (Kernel){0};
}

size_t kernel_bytes(const Kernel *k)
{
    return k->entries.bytes + k->p.bytes + k->code.bytes + k->guard.bytes + k->keys.bytes +
           k->table.bytes + k->row.bytes + k->target.bytes;
}

// ---- Fields that pass through -------------------------------------------------------------------

static void add_move(Unit *unit, const Field *from, const Field *to)
{
    uint64_t mask = ((UINT64_C(1) << from->width) - 1) << from->shift;
    int32_t shift = to->shift - from->shift;
    for (int32_t i = 0; i < unit->n_moves; i++) {
        struct Move *m = &unit->moves[i];
        if (m->word_in == from->word && m->word_out == to->word && m->shift == shift) {
            m->mask |= mask;
            return;
        }
    }
    unit->moves[unit->n_moves++] = (struct Move){from->word, to->word, shift, mask};
}

void units_set_masks(Units *u, Unit *unit)
{
    Space *in = unit->in, *out = unit->out;
    unit->read_mask = ARENA_ARRAY(u->arena, uint64_t, in->n_words);
    for (int32_t i = 0; i < unit->n_input; i++) {
        const Field *f = &in->fields[in->field_of[unit->input[i]]];
        field_set(f, unit->read_mask, (int32_t)((UINT64_C(1) << f->width) - 1));
    }
    uint8_t *written = ARENA_ARRAY(u->scratch, uint8_t, u->script->n_slots + 1);
    for (int32_t i = 0; i < unit->n_written; i++) {
        written[unit->written[i]] = 1;
    }
    unit->n_moves = 0;
    for (int32_t i = 0; i < out->n_fields; i++) {
        Slot slot = out->fields[i].slot;
        if (!written[slot] && in->field_of[slot] >= 0) {
            add_move(unit, &in->fields[in->field_of[slot]], &out->fields[i]);
        }
    }
    for (int32_t c = 0; c < u->classes->n; c++) {
        unit->where[c] = NULL; // made when it is needed
    }
    unit->in_layout = in->layout;
    unit->out_layout = out->layout;
}

void units_lay_out(Units *u)
{
    if (!u->book->grown) {
        return;
    }
    u->book->grown = false;
    for (int32_t i = 0; i < u->n_units; i++) {
        space_lay_out(u->spaces[i]);
    }
    if (u->n_units == 0) {
        space_lay_out(u->spaces[0]);
    }
    space_lay_out(u->ended);
}

// ---- Kernels ------------------------------------------------------------------------------------

void units_load(const Units *u, const Space *space, uint32_t state, uint64_t *regs)
{
    const uint64_t *key = space_key(space, state);
    for (int32_t i = 0; i < space->n_fields; i++) {
        const Field *f = &space->fields[i];
        int32_t code = field_get(f, key);
        regs[f->slot] = code ? book_value(u->book, f->slot, code) : 0;
    }
}

typedef struct {
    Units *u;
    const Unit *unit;
    Kernel *kernel;
    Outcomes found;
    Big table; // of this kernel's outcomes, when there are many
} Finding;

// Which guard of the cut behind is no: the outermost. Their number: none is.
static int32_t first_no(const Units *u, const Unit *unit)
{
    const Cut *to = &u->script->cuts[unit->to];
    for (int32_t g = 0; g < to->n_guards; g++) {
        if (!u->regs[to->guards[g].mask]) {
            return g;
        }
    }
    return to->n_guards;
}

static void push_outcome(Finding *f, double p, int32_t guard, const int32_t *codes)
{
    Kernel *k = f->kernel;
    int32_t n = f->unit->n_written;
    for (int32_t i = 0; i < f->found.n && i < 256; i++) { // equal to a recent one?
        uint32_t at = f->found.first + (uint32_t)(f->found.n - 1 - i);
        const int32_t *other = (int32_t *)k->code.p + (size_t)at * (size_t)n;
        if (((int32_t *)k->guard.p)[at] == guard &&
            (n == 0 || memcmp(other, codes, (size_t)n * sizeof *codes) == 0)) {
            ((double *)k->p.p)[at] += p;
            return;
        }
    }
    uint32_t at = k->n_outcomes++;
    big_need(&k->p, ((size_t)at + 1) * sizeof(double));
    big_need(&k->guard, ((size_t)at + 1) * sizeof(int32_t));
    big_need(&k->code, ((size_t)at + 1) * (size_t)(n + 1) * sizeof(int32_t));
    ((double *)k->p.p)[at] = p;
    ((int32_t *)k->guard.p)[at] = guard;
    if (n) {
        memcpy((int32_t *)k->code.p + (size_t)at * (size_t)n, codes, (size_t)n * sizeof *codes);
    }
    f->found.n++;
}

static void leaf(void *ctx, double p)
{
    Finding *f = ctx;
    Units *u = f->u;
    ArenaMark start = arena_mark(u->scratch);
    int32_t *codes = ARENA_ARRAY(u->scratch, int32_t, f->unit->n_written + 1);
    for (int32_t i = 0; i < f->unit->n_written; i++) {
        Slot slot = f->unit->written[i];
        codes[i] = book_code(u->book, slot, u->regs[slot]);
    }
    push_outcome(f, p, first_no(u, f->unit), codes);
    arena_reset(u->scratch, start);
}

static void failed(void *ctx, uint32_t check, double p)
{
    Finding *f = ctx;
    ArenaMark start = arena_mark(f->u->scratch);
    int32_t *codes = ARENA_ARRAY(f->u->scratch, int32_t, f->unit->n_written + 1);
    push_outcome(f, p, -1 - (int32_t)check, codes);
    arena_reset(f->u->scratch, start);
}

// Run the unit on a state in every way it can go. Registers hold the uniforms of the step.
static bool find_outcomes(Units *u, const Unit *unit, Kernel *k, const uint64_t *key, Outcomes *out)
{
    for (int32_t i = 0; i < unit->n_saved; i++) {
        u->regs[unit->saved[i]] = 0; // what is jumped over leaves no trace of another state
    }
    for (int32_t i = 0; i < unit->n_input; i++) {
        Slot slot = unit->input[i];
        int32_t code = field_get(&unit->in->fields[unit->in->field_of[slot]], key);
        u->regs[slot] = code ? book_value(u->book, slot, code) : 0;
    }
    const Cut *from = &u->script->cuts[unit->from];
    int32_t pc = from->pc, to = u->script->cuts[unit->to].pc;
    for (int32_t g = 0; g < from->n_guards; g++) {
        if (!u->regs[from->guards[g].mask]) {
            pc = from->guards[g].target < to ? from->guards[g].target : to;
            break;
        }
    }
    Finding finding = {.u = u, .unit = unit, .kernel = k};
    finding.found = (Outcomes){0, k->n_outcomes};
    Fork fork = {.script = u->script,
                 .code = unit->code,
                 .to = to,
                 .regs = u->regs,
                 .saved = unit->saved,
                 .n_saved = unit->n_saved,
                 .ctx = &finding,
                 .leaf = leaf,
                 .failed = failed,
                 .most_leaves = MOST_LEAVES,
                 .arena = u->forks};
    bool ok = fork_run(&fork, pc);
    u->refused = fork.refused;
    u->lost = u->lost > fork.lost ? u->lost : fork.lost;
    *out = finding.found;
    return ok;
}

static uint32_t *kernel_place(Kernel *k, const uint64_t *key, int32_t n_words)
{
    uint32_t *table = k->table.p, mask = k->table_size - 1;
    uint32_t at = (uint32_t)words_hash(key, n_words) & mask;
    const uint64_t *keys = k->keys.p;
    while (table[at] && memcmp(keys + (size_t)(table[at] - 1) * (size_t)(n_words + 1), key,
                               (size_t)n_words * sizeof *key) != 0) {
        at = (at + 1) & mask;
    }
    return &table[at];
}

static void grow_table(Kernel *k, int32_t n_words)
{
    uint32_t size = k->table_size ? k->table_size * 2 : 64;
    big_free(&k->table);
    k->table_size = size;
    big_need(&k->table, (size_t)size * sizeof(uint32_t));
    for (uint32_t i = 0; i < k->n_keys; i++) {
        const uint64_t *key = (uint64_t *)k->keys.p + (size_t)i * (size_t)(n_words + 1);
        *kernel_place(k, key, n_words) = i + 1;
    }
}

// The outcomes for a state; found anew, or known from another state that is alike to the unit.
bool units_kernel_entry(Units *u, const Unit *unit, Kernel *k, const uint64_t *key, uint32_t *entry)
{
    int32_t n_words = unit->in->n_words;
    uint64_t seen[SPACE_MOST_WORDS];
    for (int32_t w = 0; w < n_words; w++) {
        seen[w] = key[w] & unit->read_mask[w];
    }
    if (k->layout != unit->in->layout) { // outcomes stay, what they were found for has moved
        big_free(&k->table);
        big_free(&k->keys);
        k->table_size = k->n_keys = 0;
        k->layout = unit->in->layout;
    }
    if (k->n_keys * 2 >= k->table_size) {
        grow_table(k, n_words);
    }
    uint32_t *place = kernel_place(k, seen, n_words);
    if (*place) {
        const uint64_t *found =
            (uint64_t *)k->keys.p + (size_t)(*place - 1) * (size_t)(n_words + 1);
        *entry = (uint32_t)found[n_words];
        return true;
    }
    Outcomes outcomes;
    if (!find_outcomes(u, unit, k, key, &outcomes)) {
        return false;
    }
    *entry = k->n_entries++;
    big_need(&k->entries, (size_t)k->n_entries * sizeof(Outcomes));
    ((Outcomes *)k->entries.p)[*entry] = outcomes;
    *place = ++k->n_keys;
    big_need(&k->keys, (size_t)k->n_keys * (size_t)(n_words + 1) * sizeof(uint64_t));
    uint64_t *kept = (uint64_t *)k->keys.p + (size_t)(k->n_keys - 1) * (size_t)(n_words + 1);
    memcpy(kept, seen, (size_t)n_words * sizeof *seen);
    kept[n_words] = *entry;
    return true;
}
