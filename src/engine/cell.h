// SPDX-License-Identifier: MIT
//
// Between the executor and its kernels: an instruction with its operands resolved to addresses (a
// Cell), the lanes it runs on (a Frame), and the table of kernels one instruction set provides.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "math/draw.h"
#include "math/qtable.h"

// The lanes at work. All kernels compute `n` lanes; those from `real` on repeat the last real lane,
// so that they cannot trap, loop or go astray. Lane numbers may be NULL where nothing draws.
typedef struct {
    int32_t n;    // a multiple of 8
    int32_t real; // 1..n
    bool cached;  // lanes stand as in the block: words may come from the cache of a site
    DrawDomain domain;
    uint32_t step; // of the draws
    uint64_t seed;
    const uint32_t *world, *future;
    const double *active; // mask of lanes that count, NULL: all real ones
} Frame;

typedef struct {
    const double *k, *x; // k a uniform; x a column
} Term;

typedef struct {
    const double *value;     // worth or weight: a column, or a uniform
    const double *available; // mask column, NULL: always
    bool uniform;
} Choice;

// A place of drawing. `words` are those of the frame about to run.
typedef struct {
    uint32_t hash;
    int64_t quad;          // step >> 2 of what the cache holds, -1: nothing
    uint32_t *cache;       // 4 rows of words, NULL: not kept
    const uint32_t *words; // one word a lane
} DrawSite;

typedef struct Cell Cell;
typedef void KernelFn(const Cell *cell, const Frame *frame);

struct Cell {
    KernelFn *run; // NULL: see `control`
    double *d;
    const double *a, *b, *c;
    const double *y, *mask, *other; // of cells made of two or three: see pairs.def
    union {
        const Term *terms;
        const Choice *choices;
        const QTable *table;
        const struct Region *region;
        const struct Spread *spread;
        const double *const *params;
    } more;
    DrawSite *site;
    int32_t n; // terms, options, cells to skip, a check
    int16_t control, dist;
    int16_t kernel; // KernelId of run
    bool inverted;  // a trial that also wants a mask: not the mask
};

// What the Philox kernels need: counter {future, world, c2, site}, key.
typedef struct {
    const uint32_t *future, *world;
    uint32_t c2, site, k0, k1;
} WordJob;

typedef enum {
#define KERNEL(name) K_##name,
#include "engine/kernels.def"
#undef KERNEL
    K_COUNT
} KernelId;

typedef struct {
    KernelFn *fn[K_COUNT];
    // Random words of n lanes: all four of the job, or word `which` of them.
    void (*words4)(const WordJob *job, uint32_t *const out[4], int32_t n);
    void (*words1)(const WordJob *job, uint32_t which, uint32_t *out, int32_t n);
    // Indices of the lanes below `real` where mask (and active, unless NULL) is yes. Writes up to 8
    // entries beyond what it returns.
    int32_t (*pick)(const double *mask, const double *active, int32_t real, int32_t *index);
    // Columns by index, forward: to may be from when index[i] >= i.
    void (*gather)(double *to, const double *from, const int32_t *index, int32_t n);
    void (*blend)(double *to, const double *from, const double *mask, int32_t n);
    void (*both)(double *to, const double *mask, const double *other, int32_t n);
} KernelTable;

extern const KernelTable kernels_base;
extern const KernelTable kernels_avx2;
extern const KernelTable kernels_avx512;

// The careful answers, for the lanes where a kernel's first look cannot be sure (draws.c). All are
// scalar, exact as ops.def words them, and the same for every instruction set.
bool lane_bernoulli(const Cell *cell, const Frame *frame, int32_t lane, double p);
bool lane_bernlog(const Cell *cell, const Frame *frame, int32_t lane, double z);
bool lane_hazard(const Cell *cell, const Frame *frame, int32_t lane, double a);
double lane_softmax(const Cell *cell, const Frame *frame, int32_t lane);
double lane_weighted(const Cell *cell, const Frame *frame, int32_t lane);
double lane_table(const Cell *cell, const Frame *frame, int32_t lane);
double lane_score(const Cell *cell, int32_t lane);
double lane_dist(const Cell *cell, const Frame *frame, int32_t lane);
