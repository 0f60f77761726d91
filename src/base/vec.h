// SPDX-License-Identifier: MIT
//
// Growable arrays in an arena: `VEC(int) xs = {0}; vec_push(arena, &xs, 3); xs.p[0]; xs.n`.
#pragma once
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"

#define VEC(T)                                                                                     \
    struct {                                                                                       \
        T *p;                                                                                      \
        int32_t n, cap;                                                                            \
    }

#define vec_push(arena, v, ...)                                                                    \
    do {                                                                                           \
        if ((v)->n == (v)->cap) {                                                                  \
            int32_t cap_ = (v)->cap ? (v)->cap * 2 : 8;                                            \
            ASSERT(cap_ > (v)->cap);                                                               \
            void *p_ = arena_alloc((arena), (size_t)cap_, sizeof *(v)->p);                         \
            if ((v)->n) {                                                                          \
                memcpy(p_, (v)->p, (size_t)(v)->n * sizeof *(v)->p);                               \
            }                                                                                      \
            (v)->p = p_;                                                                           \
            (v)->cap = cap_;                                                                       \
        }                                                                                          \
        (v)->p[(v)->n++] = (__VA_ARGS__);                                                          \
    } while (0)
