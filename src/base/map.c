// SPDX-License-Identifier: MIT
//
// Names to integers by open addressing with linear probing; at most half of the slots are taken.
#include "base/map.h"

#include "base/error.h"

typedef struct {
    Str key; // key.p is NULL in a free slot
    uint64_t hash;
    int32_t value;
} Slot;

struct Map {
    Arena *arena;
    Slot *slots;
    size_t n_slots; // 0 or a power of two
    size_t n;
};

Map *map_new(Arena *arena)
{
    Map *map = ARENA_NEW(arena, Map);
    map->arena = arena;
    return map;
}

// The slot that holds the key, or the free one where it belongs. Needs a free slot in the map.
static Slot *slot_of(const Map *map, Str key, uint64_t hash)
{
    size_t mask = map->n_slots - 1;
    size_t at = (size_t)(hash ^ hash >> 32) & mask;
    while (map->slots[at].key.p) {
        if (map->slots[at].hash == hash && str_eq(map->slots[at].key, key)) {
            break;
        }
        at = (at + 1) & mask;
    }
    return &map->slots[at];
}

static void grow(Map *map)
{
    Slot *old = map->slots;
    size_t n_old = map->n_slots;
    map->n_slots = n_old ? n_old * 2 : 16;
    map->slots = ARENA_ARRAY(map->arena, Slot, map->n_slots);
    for (size_t i = 0; i < n_old; i++) {
        if (old[i].key.p) {
            *slot_of(map, old[i].key, old[i].hash) = old[i];
        }
    }
}

void map_put(Map *map, Str key, int32_t value)
{
    ASSERT(value >= 0); // -1 means absent
    if (2 * (map->n + 1) > map->n_slots) {
        grow(map);
    }
    uint64_t hash = str_hash(key);
    Slot *slot = slot_of(map, key, hash);
    if (!slot->key.p) {
        map->n++;
        slot->key = key.p ? key : STR("");
        slot->hash = hash;
    }
    slot->value = value;
}

int32_t map_get(const Map *map, Str key)
{
    if (!map->n) {
        return -1;
    }
    const Slot *slot = slot_of(map, key, str_hash(key));
    return slot->key.p ? slot->value : -1;
}
