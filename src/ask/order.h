// SPDX-License-Identifier: MIT
//
// Taking finished units in their order, whichever thread is done first.
//
// Sums of doubles and rows of samples need an order; threads have none. Each unit writes into a
// slot of a ring; slots are released in the order of units, by whichever thread completes the next
// one. A thread that runs far ahead waits.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

typedef struct Order Order;

// `release` is called for every unit from `first` on, in order and one at a time, from any thread.
Order *order_new(Arena *arena, int32_t n_slots, int64_t first,
                 void (*release)(void *ctx, int32_t slot, int64_t unit), void *ctx);
void order_free(Order *order); // its lock; the memory is the arena's

int32_t order_enter(Order *order, int64_t unit); // wait for the unit's slot; its number
void order_leave(Order *order, int64_t unit);    // the slot is written

// Do something while nothing is being released (reading the sums for a progress line).
void order_lock(Order *order);
void order_unlock(Order *order);
