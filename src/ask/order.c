// SPDX-License-Identifier: MIT
//
// Taking finished units in their order.
#include "ask/order.h"

#include <pthread.h>

#include "base/error.h"

struct Order {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    int64_t next;  // the unit to be released next
    bool *written; // by slot
    int32_t n_slots;
    void (*release)(void *ctx, int32_t slot, int64_t unit);
    void *ctx;
};

Order *order_new(Arena *arena, int32_t n_slots, int64_t first,
                 void (*release)(void *ctx, int32_t slot, int64_t unit), void *ctx)
{
    ASSERT(n_slots > 0);
    Order *order = ARENA_NEW(arena, Order);
    order->n_slots = n_slots;
    order->next = first;
    order->written = ARENA_ARRAY(arena, bool, n_slots);
    order->release = release;
    order->ctx = ctx;
    ASSERT(pthread_mutex_init(&order->lock, NULL) == 0);
    ASSERT(pthread_cond_init(&order->moved, NULL) == 0);
    return order;
}

void order_free(Order *order)
{
    if (order) {
        (void)pthread_cond_destroy(&order->moved);
        (void)pthread_mutex_destroy(&order->lock);
    }
}

int32_t order_enter(Order *order, int64_t unit)
{
    (void)pthread_mutex_lock(&order->lock);
    // The unit released next always finds its slot free, so somebody can always go on.
    while (unit >= order->next + order->n_slots) {
        (void)pthread_cond_wait(&order->moved, &order->lock);
    }
    (void)pthread_mutex_unlock(&order->lock);
    return (int32_t)(unit % order->n_slots);
}

void order_leave(Order *order, int64_t unit)
{
    (void)pthread_mutex_lock(&order->lock);
    order->written[unit % order->n_slots] = true;
    int64_t before = order->next;
    while (order->written[order->next % order->n_slots]) {
        int32_t slot = (int32_t)(order->next % order->n_slots);
        order->release(order->ctx, slot, order->next);
        order->written[slot] = false;
        order->next++;
    }
    if (order->next != before) {
        (void)pthread_cond_broadcast(&order->moved);
    }
    (void)pthread_mutex_unlock(&order->lock);
}

void order_lock(Order *order)
{
    (void)pthread_mutex_lock(&order->lock);
}

void order_unlock(Order *order)
{
    (void)pthread_mutex_unlock(&order->lock);
}
