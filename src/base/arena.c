// SPDX-License-Identifier: MIT
//
// Arenas: a chain of chunks, the newest first. Memory is carved off the front of the newest chunk;
// what does not fit gets a new one. Chunks come zeroed from calloc, so that large columns cost
// nothing until they are touched; only bytes used before a reset have to be cleared again.
// Under the address sanitizer every allocation is followed by a poisoned gap.
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
enum { GAP = 16 };
#else
#define ASAN_POISON_MEMORY_REGION(p, n)   ((void)0)
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)0)
enum { GAP = 0 };
#endif

enum { DEFAULT_CHUNK = 64 * 1024, SMALL_ALIGN = 16, COLUMN_ALIGN = 64 };

typedef struct Chunk {
    struct Chunk *older;
    unsigned char *data; // aligned to 64, so that `used` does not depend on where the chunk lies
    size_t size;         // usable bytes at data
    size_t used;
    size_t dirty;  // bytes at data that may be other than zero
    size_t before; // used by all older chunks
} Chunk;

struct Arena {
    Chunk *newest; // NULL when nothing was allocated yet
    size_t chunk_bytes;
};

Arena *arena_new(size_t chunk_bytes)
{
    Arena *arena = calloc(1, sizeof *arena);
    if (!arena) {
        base_on_oom();
    }
    arena->chunk_bytes = chunk_bytes ? chunk_bytes : DEFAULT_CHUNK;
    return arena;
}

static void chunk_drop(Arena *arena)
{
    Chunk *chunk = arena->newest;
    ASAN_UNPOISON_MEMORY_REGION(chunk->data, chunk->size);
    arena->newest = chunk->older;
    free(chunk);
}

void arena_free(Arena *arena)
{
    if (!arena) {
        return;
    }
    while (arena->newest) {
        chunk_drop(arena);
    }
    free(arena);
}

// A new newest chunk; what was left of the last one is not looked at again before a reset.
static void chunk_add(Arena *arena, size_t at_least)
{
    size_t size = at_least > arena->chunk_bytes ? at_least : arena->chunk_bytes;
    if (size > PTRDIFF_MAX - sizeof(Chunk) - COLUMN_ALIGN) {
        base_on_oom();
    }
    Chunk *chunk = calloc(1, sizeof(Chunk) + COLUMN_ALIGN + size);
    if (!chunk) {
        base_on_oom();
    }
    uintptr_t start = (uintptr_t)(chunk + 1);
    size_t skip = (COLUMN_ALIGN - start % COLUMN_ALIGN) % COLUMN_ALIGN;
    chunk->data = (unsigned char *)(chunk + 1) + skip;
    chunk->size = size;
    chunk->older = arena->newest;
    chunk->before = chunk->older ? chunk->older->before + chunk->older->used : 0;
    ASAN_POISON_MEMORY_REGION(chunk->data, chunk->size);
    arena->newest = chunk;
}

static void *allocate(Arena *arena, size_t count, size_t size, size_t align)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX / 2) {
        base_on_oom();
    }
    Chunk *chunk = arena->newest;
    size_t start = chunk ? (chunk->used + align - 1) / align * align : 0;
    if (!chunk || start > chunk->size || bytes + GAP > chunk->size - start) {
        chunk_add(arena, bytes + GAP);
        chunk = arena->newest;
        start = 0;
    }
    // The address of data is a multiple of 64, so that aligning offsets aligns addresses.
    unsigned char *p = chunk->data + start;
    ASAN_UNPOISON_MEMORY_REGION(p, bytes);
    // Used before a reset: clear again. Beyond that calloc did.
    if (start < chunk->dirty) {
        size_t stale = chunk->dirty - start;
        memset(p, 0, stale < bytes ? stale : bytes);
    }
    chunk->used = start + bytes + GAP;
    if (chunk->dirty < chunk->used) {
        chunk->dirty = chunk->used;
    }
    return p;
}

void *arena_alloc(Arena *arena, size_t count, size_t size)
{
    return allocate(arena, count, size, SMALL_ALIGN);
}

void *arena_alloc_aligned64(Arena *arena, size_t count, size_t size)
{
    return allocate(arena, count, size, COLUMN_ALIGN);
}

size_t arena_used(const Arena *arena)
{
    return arena->newest ? arena->newest->before + arena->newest->used : 0;
}

ArenaMark arena_mark(Arena *arena)
{
    return (ArenaMark){arena->newest, arena->newest ? arena->newest->used : 0};
}

void arena_reset(Arena *arena, ArenaMark mark)
{
    while (arena->newest && arena->newest != mark.chunk) {
        chunk_drop(arena);
    }
    Chunk *chunk = arena->newest;
    ASSERT(chunk == mark.chunk); // else the mark was of another arena, or already released
    if (chunk) {
        ASSERT(mark.used <= chunk->used);
        ASAN_POISON_MEMORY_REGION(chunk->data + mark.used, chunk->size - mark.used);
        chunk->used = mark.used;
    }
}
