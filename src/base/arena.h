// SPDX-License-Identifier: MIT
//
// Arenas: memory with one lifetime.
//
// Everything allocated from an arena is released together. An arena belongs to one thread; pass it
// to any function whose result should outlive the call.
#pragma once
#include <stddef.h>

typedef struct Arena Arena;

// A new empty arena. Memory comes from the system in chunks of at least `chunk_bytes` (0: 64 KiB).
Arena *arena_new(size_t chunk_bytes);
void arena_free(Arena *arena); // NULL is allowed

// Zeroed memory for count x size bytes, aligned to 16 (64 for arena_alloc_aligned64). Never NULL:
// when the system has none left, or count x size overflows, the process ends with exit code 70 and
// a sentence on stderr (see base_on_oom in error.h).
void *arena_alloc(Arena *arena, size_t count, size_t size);
void *arena_alloc_aligned64(Arena *arena, size_t count, size_t size);

// Bytes handed out so far.
size_t arena_used(const Arena *arena);

// Release what was allocated since the mark. Marks nest.
typedef struct {
    void *chunk;
    size_t used;
} ArenaMark;
ArenaMark arena_mark(Arena *arena);
void arena_reset(Arena *arena, ArenaMark mark);

#define ARENA_NEW(arena, T)       ((T *)arena_alloc((arena), 1, sizeof(T)))
#define ARENA_ARRAY(arena, T, n)  ((T *)arena_alloc((arena), (size_t)(n), sizeof(T)))
#define ARENA_COLUMN(arena, T, n) ((T *)arena_alloc_aligned64((arena), (size_t)(n), sizeof(T)))
