// SPDX-License-Identifier: MIT
//
// Spaces of states: each state once, under a number.
//
// The values of a slot are numbered as they are met (0: dead, whatever it holds), and a state is
// the numbers of its live slots packed into a few words. A field grows when its slot takes more
// values than fit; the numbers of states stay as they are.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "exact/script.h"

enum { SPACE_MOST_WORDS = 64 };

// A growing array with an arena of its own, so that outgrown memory is given back.
typedef struct {
    Arena *arena;
    void *p;
    size_t bytes;
} Big;
void big_need(Big *big, size_t bytes); // zeroed beyond what was there
void big_free(Big *big);

// The values of one slot.
typedef struct {
    Arena *arena;
    uint64_t *value; // by code
    int32_t n, cap;
    int32_t *table; // of codes, 0: empty
    int32_t table_size;
    int32_t width; // bits a field of this slot has
} Values;

typedef struct {
    Values *slots;
    Slot *same; // by slot: the slot whose values it shares
    Slot n_slots;
    bool grown; // some width has been raised: lay out the spaces anew
} Book;

Book *book_new(Arena *arena, Slot n_slots);
void book_free(Book *book);
// The number of a value. Numbers that differ by less than 2^-42 of themselves are taken for equal:
// sums of the same parts in another order are.
int32_t book_code(Book *book, Slot slot, uint64_t bits);
static inline uint64_t book_value(const Book *book, Slot slot, int32_t code)
{
    return book->slots[book->same[slot]].value[code];
}
static inline const Values *book_values(const Book *book, Slot slot)
{
    return &book->slots[book->same[slot]];
}
void book_share(Book *book, Slot a, Slot b); // before either has a value: one numbering for both
size_t book_bytes(const Book *book);

typedef struct {
    Slot slot;
    int32_t word, shift, width;
} Field;

typedef struct {
    Book *book;
    Field *fields;
    int32_t n_fields;
    int32_t *field_of; // by slot, -1
    int32_t n_words;
    Big keys, table; // n_words each; uint32_t, 0: empty, else 1 + state
    uint32_t n, table_size;
    int32_t layout; // raised when the fields move
} Space;

Space *space_new(Arena *arena, Book *book, const uint8_t *live);
void space_free(Space *space);
void space_lay_out(Space *space); // after the book has grown
void space_clear(Space *space);
uint32_t space_state(Space *space, const uint64_t *key); // its number, new or not
// States in the order of their keys, of which the last word counts most: order[n].
void space_order(Arena *arena, const Space *space, uint32_t *order);
size_t space_bytes(const Space *space);

static inline const uint64_t *space_key(const Space *space, uint32_t state)
{
    return (const uint64_t *)space->keys.p + (size_t)state * (size_t)space->n_words;
}
static inline int32_t field_get(const Field *field, const uint64_t *key)
{
    uint64_t mask = (UINT64_C(1) << field->width) - 1;
    return (int32_t)(key[field->word] >> field->shift & mask);
}
static inline void field_set(const Field *field, uint64_t *key, int32_t code)
{
    uint64_t mask = (UINT64_C(1) << field->width) - 1;
    key[field->word] &= ~(mask << field->shift);
    key[field->word] |= (uint64_t)code << field->shift;
}
uint64_t words_hash(const uint64_t *words, int32_t n);
