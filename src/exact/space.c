// SPDX-License-Identifier: MIT
//
// Spaces of states, and the book of the values that slots take.
#include "exact/space.h"

#include <string.h>

#include "base/error.h"
#include "math/bits.h"
#include "math/elementary.h"

// ---- Growing arrays -----------------------------------------------------------------------------

void big_need(Big *big, size_t bytes)
{
    if (bytes <= big->bytes) {
        return;
    }
    size_t grown = big->bytes * 2 > bytes ? big->bytes * 2 : bytes;
    grown = grown < 4096 ? 4096 : grown;
    Arena *arena = arena_new(grown + 128);
    void *p = arena_alloc_aligned64(arena, grown, 1);
    if (big->bytes) {
        memcpy(p, big->p, big->bytes);
    }
    arena_free(big->arena);
    *big = (Big){arena, p, grown};
}

void big_free(Big *big)
{
    arena_free(big->arena);
    *big = (Big){0};
}

uint64_t words_hash(const uint64_t *words, int32_t n)
{
    uint64_t h = UINT64_C(0x9E3779B97F4A7C15);
    for (int32_t i = 0; i < n; i++) {
        h ^= words[i];
        h *= UINT64_C(0xFF51AFD7ED558CCD);
        h ^= h >> 32;
    }
    h *= UINT64_C(0xC4CEB9FE1A85EC53);
    return h ^ h >> 33;
}

// ---- Values -------------------------------------------------------------------------------------

enum { FIRST_WIDTH = 2 };

Book *book_new(Arena *arena, Slot n_slots)
{
    Book *book = ARENA_NEW(arena, Book);
    book->n_slots = n_slots;
    book->slots = ARENA_ARRAY(arena, Values, n_slots + 1);
    book->same = ARENA_ARRAY(arena, Slot, n_slots + 1);
    for (Slot i = 0; i < n_slots; i++) {
        book->same[i] = i;
    }
    return book;
}

void book_share(Book *book, Slot a, Slot b)
{
    Slot from = book->same[b], to = book->same[a];
    for (Slot i = 0; i < book->n_slots; i++) {
        book->same[i] = book->same[i] == from ? to : book->same[i];
    }
}

void book_free(Book *book)
{
    for (Slot i = 0; book && i < book->n_slots; i++) {
        arena_free(book->slots[i].arena);
    }
}

static void grow_values(Values *v)
{
    int32_t cap = v->cap ? v->cap * 2 : 8;
    Arena *arena = arena_new(0);
    uint64_t *value = ARENA_ARRAY(arena, uint64_t, cap);
    if (v->n) {
        memcpy(value, v->value, (size_t)v->n * sizeof *value);
    }
    v->table_size = cap * 4;
    v->table = ARENA_ARRAY(arena, int32_t, v->table_size);
    arena_free(v->arena);
    v->arena = arena;
    v->value = value;
    v->cap = cap;
}

// Where near values meet: the leading 40 bits of the fraction, rounded.
static uint64_t leading(uint64_t bits)
{
    return (bits + (UINT64_C(1) << 11)) >> 12;
}

static bool alike(uint64_t a, uint64_t b)
{
    if (a == b) {
        return true;
    }
    double x = double_of(a), y = double_of(b);
    if (!m_is_finite(x) || !m_is_finite(y)) {
        return m_is_nan(x) && m_is_nan(y) && a != UINT64_MAX && b != UINT64_MAX;
    }
    double size = m_max(m_abs(x), m_abs(y));
    return m_abs(x - y) <= size * 0x1p-42;
}

static int32_t *place_of(const Values *v, uint64_t lead)
{
    uint64_t h = words_hash(&lead, 1);
    return &v->table[h & (uint64_t)(v->table_size - 1)];
}

// A code whose value is as good as this one, among those that lead with `lead`; 0: none.
static int32_t find_code(const Values *v, uint64_t lead, uint64_t bits)
{
    const int32_t *end = v->table + v->table_size;
    for (const int32_t *at = place_of(v, lead); *at; at = at + 1 < end ? at + 1 : v->table) {
        if (alike(v->value[*at], bits)) {
            return *at;
        }
    }
    return 0;
}

static void insert_code(const Values *v, int32_t code)
{
    const int32_t *end = v->table + v->table_size;
    int32_t *at = place_of(v, leading(v->value[code]));
    while (*at) {
        at = at + 1 < end ? at + 1 : v->table;
    }
    *at = code;
}

int32_t book_code(Book *book, Slot slot, uint64_t bits)
{
    Values *v = &book->slots[book->same[slot]];
    if (m_is_nan(double_of(bits)) && bits != UINT64_MAX) {
        bits = bits_of(MATH_NAN); // never is never, whatever its sign
    }
    if (v->n == 0) {
        grow_values(v);
        v->n = 1; // 0: dead
        v->width = FIRST_WIDTH;
    }
    uint64_t lead = leading(bits);
    for (int d = 0; d < 3; d++) {
        int32_t code = find_code(v, lead + (uint64_t)(d == 2 ? -1 : d), bits);
        if (code) {
            return code;
        }
    }
    if (v->n == v->cap) {
        grow_values(v);
        for (int32_t i = 1; i < v->n; i++) {
            insert_code(v, i);
        }
    }
    int32_t code = v->n++;
    v->value[code] = bits;
    insert_code(v, code);
    if (code >> v->width) {
        v->width += v->width < 8 ? 1 : 4;
        book->grown = true;
    }
    return code;
}

size_t book_bytes(const Book *book)
{
    size_t bytes = 0;
    for (Slot i = 0; i < book->n_slots; i++) {
        bytes += (size_t)book->slots[i].cap * 24;
    }
    return bytes;
}

// ---- Spaces -------------------------------------------------------------------------------------

// Fields one behind the other; none lies across two words.
static void place_fields(Space *s)
{
    int32_t word = 0, at = 0;
    for (int32_t i = 0; i < s->n_fields; i++) {
        Field *f = &s->fields[i];
        f->width = book_values(s->book, f->slot)->width;
        f->width = f->width ? f->width : FIRST_WIDTH;
        if (at + f->width > 64) {
            word++;
            at = 0;
        }
        f->word = word;
        f->shift = at;
        at += f->width;
    }
    s->n_words = word + 1;
    s->layout++;
}

Space *space_new(Arena *arena, Book *book, const uint8_t *live)
{
    Space *s = ARENA_NEW(arena, Space);
    s->book = book;
    s->fields = ARENA_ARRAY(arena, Field, book->n_slots + 1);
    s->field_of = ARENA_ARRAY(arena, int32_t, book->n_slots + 1);
    for (Slot i = 0; i < book->n_slots; i++) {
        s->field_of[i] = live[i] ? s->n_fields : -1;
        if (live[i]) {
            s->fields[s->n_fields++].slot = i;
        }
    }
    place_fields(s);
    return s;
}

void space_free(Space *space)
{
    big_free(&space->keys);
    big_free(&space->table);
}

void space_clear(Space *space)
{
    space_free(space);
    space->n = space->table_size = 0;
}

static void insert_state(Space *s, uint32_t state)
{
    uint32_t *table = s->table.p, mask = s->table_size - 1;
    uint32_t at = (uint32_t)words_hash(space_key(s, state), s->n_words) & mask;
    while (table[at]) {
        at = (at + 1) & mask;
    }
    table[at] = state + 1;
}

static void rehash(Space *s, uint32_t size)
{
    big_free(&s->table);
    s->table_size = size;
    big_need(&s->table, (size_t)size * sizeof(uint32_t));
    for (uint32_t i = 0; i < s->n; i++) {
        insert_state(s, i);
    }
}

void space_lay_out(Space *s)
{
    Field *old = NULL;
    Arena *scratch = arena_new(0);
    old = ARENA_ARRAY(scratch, Field, s->n_fields + 1);
    memcpy(old, s->fields, (size_t)s->n_fields * sizeof *old);
    int32_t old_words = s->n_words;
    place_fields(s);
    Big keys = {0};
    big_need(&keys, ((size_t)s->n + 1) * (size_t)s->n_words * sizeof(uint64_t));
    const uint64_t *from = s->keys.p;
    for (uint32_t i = 0; i < s->n; i++) {
        uint64_t *to = (uint64_t *)keys.p + (size_t)i * (size_t)s->n_words;
        for (int32_t f = 0; f < s->n_fields; f++) {
            field_set(&s->fields[f], to, field_get(&old[f], from + (size_t)i * (size_t)old_words));
        }
    }
    big_free(&s->keys);
    s->keys = keys;
    if (s->table_size) {
        rehash(s, s->table_size);
    }
    arena_free(scratch);
}

uint32_t space_state(Space *s, const uint64_t *key)
{
    if (s->table_size == 0) {
        rehash(s, 64);
    }
    uint32_t *table = s->table.p, mask = s->table_size - 1;
    uint32_t at = (uint32_t)words_hash(key, s->n_words) & mask;
    size_t bytes = (size_t)s->n_words * sizeof(uint64_t);
    while (table[at]) {
        if (memcmp(space_key(s, table[at] - 1), key, bytes) == 0) {
            return table[at] - 1;
        }
        at = (at + 1) & mask;
    }
    uint32_t state = s->n++;
    big_need(&s->keys, (size_t)s->n * bytes);
    memcpy((char *)s->keys.p + (size_t)state * bytes, key, bytes);
    table[at] = state + 1;
    if (s->n * 2 > s->table_size) {
        rehash(s, s->table_size * 2);
    }
    return state;
}

// One byte of all keys, stably.
static void order_by_byte(const Space *s, int32_t word, int32_t shift, const uint32_t *from,
                          uint32_t *to)
{
    uint32_t start[257] = {0};
    for (uint32_t i = 0; i < s->n; i++) {
        start[(space_key(s, i)[word] >> shift & 255) + 1]++;
    }
    for (int32_t v = 0; v < 256; v++) {
        start[v + 1] += start[v];
    }
    for (uint32_t i = 0; i < s->n; i++) {
        to[start[space_key(s, from[i])[word] >> shift & 255]++] = from[i];
    }
}

// Byte after byte, from the one that counts least (radix sort).
void space_order(Arena *arena, const Space *s, uint32_t *order)
{
    uint64_t *varies = ARENA_ARRAY(arena, uint64_t, s->n_words + 1);
    for (uint32_t i = 1; i < s->n; i++) {
        for (int32_t w = 0; w < s->n_words; w++) {
            varies[w] |= space_key(s, i)[w] ^ space_key(s, 0)[w];
        }
    }
    uint32_t *other = ARENA_ARRAY(arena, uint32_t, s->n + 1), *from = order;
    for (uint32_t i = 0; i < s->n; i++) {
        order[i] = i;
    }
    for (int32_t byte = 0; byte < 8 * s->n_words; byte++) {
        if (varies[byte / 8] >> (byte % 8 * 8) & 255) {
            uint32_t *to = from == order ? other : order;
            order_by_byte(s, byte / 8, byte % 8 * 8, from, to);
            from = to;
        }
    }
    if (from != order) {
        memcpy(order, from, s->n * sizeof *order);
    }
}

size_t space_bytes(const Space *space)
{
    return space->keys.bytes + space->table.bytes;
}
