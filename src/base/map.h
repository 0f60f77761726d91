// SPDX-License-Identifier: MIT
//
// A map from names to small integers (usually an index into an array). Open addressing; iteration
// order is never exposed, so nothing can depend on it.
#pragma once
#include "base/str.h"

typedef struct Map Map;

Map *map_new(Arena *arena);
void map_put(Map *map, Str key, int32_t value); // replaces; the key's bytes are borrowed
int32_t map_get(const Map *map, Str key);       // -1 when absent
