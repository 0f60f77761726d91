// SPDX-License-Identifier: MIT
//
// Making one cell of two: see fuse.h. Kernels for both exist where pairs.def lists them, and for
// some heavier neighbours: a linear form kept within bounds, an exponential of a product, a trial
// whose chance is that of a hazard. Results have the same bits as those of the two.
#include "engine/fuse.h"

// Pairs

enum {
#define PRODUCER(name, kind) PRODUCER_##name,
#define CONSUMER(name, kind)
#include "engine/pairs.def"
#undef PRODUCER
#undef CONSUMER
    PRODUCER_COUNT
};

typedef enum {
#define PRODUCER(name, kind)
#define CONSUMER(name, kind) CONSUMER_##name,
#include "engine/pairs.def"
#undef PRODUCER
#undef CONSUMER
    CONSUMER_COUNT
} Consumer;

static int producer_of(KernelId kernel)
{
    switch (kernel) {
#define PRODUCER(name, kind)                                                                       \
    case K_##name:                                                                                 \
        return PRODUCER_##name;
#define CONSUMER(name, kind)
#include "engine/pairs.def"
#undef PRODUCER
#undef CONSUMER
    default: return -1;
    }
}

// 0 (no pair's number) where there is none.
static KernelId pair_kernel(int producer, Consumer consumer)
{
    static const KernelId PAIRS[PRODUCER_COUNT][CONSUMER_COUNT] = {
#define PAIR(p, q) [PRODUCER_##p][CONSUMER_##q] = K_##p##_##q,
#include "engine/pairs.def"
#undef PAIR
    };
    return PAIRS[producer][consumer];
}

// A cell as a consumer of column t: what it does with it, and its other operands.
typedef struct {
    Consumer consumer;
    const double *x, *y;
} Use;

static bool use_either(const Cell *cell, const double *t, Consumer consumer, Use *use)
{
    bool first = cell->a == t;
    *use = (Use){consumer, first ? cell->b : cell->a, NULL};
    return first != (cell->b == t);
}

static bool use_first(const Cell *cell, const double *t, Consumer consumer, Use *use)
{
    *use = (Use){consumer, cell->b, cell->c};
    return cell->a == t && cell->b != t && cell->c != t;
}

static bool use_second(const Cell *cell, const double *t, Consumer consumer, Use *use)
{
    *use = (Use){consumer, cell->a, NULL};
    return cell->b == t && cell->a != t;
}

// b where mask a, else c: t may be the mask or b.
static bool use_select(const Cell *cell, const double *t, Consumer consumer, Use *use)
{
    if (cell->b == t && cell->kernel == K_SEL_CC) {
        *use = (Use){CONSUMER_TO_WHERE_C, cell->a, cell->c};
        return cell->a != t && cell->c != t;
    }
    return use_first(cell, t, consumer, use);
}

static bool find_use(const Cell *cell, const double *t, Use *use)
{
    switch ((KernelId)cell->kernel) {
    case K_AND: return use_either(cell, t, CONSUMER_TO_AND, use);
    case K_OR: return use_either(cell, t, CONSUMER_TO_OR, use);
    case K_ANDNOT:
        return use_first(cell, t, CONSUMER_TO_BUT, use) ||
               use_second(cell, t, CONSUMER_TO_EXCEPT, use);
    case K_NOT: return use_first(cell, t, CONSUMER_TO_NOT, use);
    case K_NUM: return use_first(cell, t, CONSUMER_TO_NUM, use);
    case K_SEL_CC: return use_select(cell, t, CONSUMER_TO_SEL_CC, use);
    case K_SEL_UC: return use_select(cell, t, CONSUMER_TO_SEL_UC, use);
    case K_SEL_CU: return use_select(cell, t, CONSUMER_TO_SEL_CU, use);
    case K_SEL_UU: return use_select(cell, t, CONSUMER_TO_SEL_UU, use);
    case K_ADD_CC: return use_either(cell, t, CONSUMER_TO_ADD_C, use);
    case K_ADD_CU: return use_first(cell, t, CONSUMER_TO_ADD_U, use);
    case K_SUB_CC:
        return use_first(cell, t, CONSUMER_TO_SUB_C, use) ||
               use_second(cell, t, CONSUMER_TO_FROM_C, use);
    case K_MUL_CC: return use_either(cell, t, CONSUMER_TO_MUL_C, use);
    case K_MUL_CU: return use_first(cell, t, CONSUMER_TO_MUL_U, use);
    case K_DIV_CC: return use_first(cell, t, CONSUMER_TO_DIV_C, use);
    case K_DIV_CU: return use_first(cell, t, CONSUMER_TO_DIV_U, use);
    case K_MIN_CC: return use_second(cell, t, CONSUMER_TO_LEAST_C, use);
    case K_MIN_CU: return use_first(cell, t, CONSUMER_TO_MIN_U, use);
    case K_MAX_CU: return use_first(cell, t, CONSUMER_TO_MAX_U, use);
    case K_CLAMP_CUU: return use_first(cell, t, CONSUMER_TO_CLAMP_U, use);
    case K_LT_CU: return use_first(cell, t, CONSUMER_TO_LT_U, use);
    case K_LT_UC: return use_second(cell, t, CONSUMER_TO_GT_U, use);
    case K_LE_CU: return use_first(cell, t, CONSUMER_TO_LE_U, use);
    case K_LE_UC: return use_second(cell, t, CONSUMER_TO_GE_U, use);
    default: return false;
    }
}

static void become(const KernelTable *kernels, Cell *cell, KernelId kernel)
{
    cell->kernel = (int16_t)kernel;
    cell->run = kernels->fn[kernel];
}

static bool fuse_pair(const KernelTable *kernels, Cell *first, const Cell *second)
{
    int producer = producer_of((KernelId)first->kernel);
    Use use;
    if (producer < 0 || !find_use(second, first->d, &use)) {
        return false;
    }
    KernelId kernel = pair_kernel(producer, use.consumer);
    if (kernel == K_FILL) {
        return false;
    }
    become(kernels, first, kernel);
    first->c = use.x;
    first->y = use.y;
    first->d = second->d;
    return true;
}

// A pair followed by a choice between its result and another column.
static bool fuse_triple(const KernelTable *kernels, Cell *first, const Cell *second)
{
    static const struct {
        KernelId pair, triple;
    } TRIPLES[] = {
#define TRIPLE(p, q) {K_##p##_##q, K_##p##_##q##_WHERE},
#include "engine/pairs.def"
#undef TRIPLE
    };
    Use use;
    if (!find_use(second, first->d, &use) || use.consumer != CONSUMER_TO_WHERE_C) {
        return false;
    }
    for (size_t i = 0; i < sizeof TRIPLES / sizeof TRIPLES[0]; i++) {
        if (first->kernel == (int16_t)TRIPLES[i].pair) {
            become(kernels, first, TRIPLES[i].triple);
            first->mask = use.x;
            first->other = use.y;
            first->d = second->d;
            return true;
        }
    }
    return false;
}

// A pair and one more factor.
static bool fuse_times(const KernelTable *kernels, Cell *first, const Cell *second)
{
    static const KernelId TIMES[][2] = {
#define TIMES(p, q) {K_##p##_##q, K_##p##_##q##_TIMES},
#include "engine/pairs.def"
#undef TIMES
    };
    Use use;
    if (second->kernel != K_MUL_CC || !find_use(second, first->d, &use)) {
        return false;
    }
    for (size_t i = 0; i < sizeof TIMES / sizeof TIMES[0]; i++) {
        if (first->kernel == (int16_t)TIMES[i][0]) {
            become(kernels, first, TIMES[i][1]);
            first->other = use.x;
            first->d = second->d;
            return true;
        }
    }
    return false;
}

// A trial that must also be allowed: by a mask, or by the lack of one.
static bool fuse_trial(const KernelTable *kernels, Cell *first, const Cell *second)
{
    static const KernelId TRIALS[][2] = {
        {K_BERN_C, K_BERN_C_AND},          {K_BERN_U, K_BERN_U_AND},
        {K_BERNLOG, K_BERNLOG_AND},        {K_BERNLOG_U1, K_BERNLOG_U1_AND},
        {K_BERNLOG_U2, K_BERNLOG_U2_AND},  {K_BERNLOG_U3, K_BERNLOG_U3_AND},
        {K_HAZARD_BERN, K_HAZARD_BERN_AND}};
    Use use;
    if (!find_use(second, first->d, &use) ||
        (use.consumer != CONSUMER_TO_AND && use.consumer != CONSUMER_TO_BUT)) {
        return false;
    }
    for (size_t i = 0; i < sizeof TRIALS / sizeof TRIALS[0]; i++) {
        if (first->kernel == (int16_t)TRIALS[i][0]) {
            become(kernels, first, TRIALS[i][1]);
            first->mask = use.x;
            first->inverted = use.consumer == CONSUMER_TO_BUT;
            first->d = second->d;
            return true;
        }
    }
    return false;
}

// Heavier neighbours. Only the first operand of `second` can be the column between them.
static bool fuse_heavy(const KernelTable *kernels, Cell *first, const Cell *second)
{
    KernelId a = (KernelId)first->kernel;
    KernelId b = (KernelId)second->kernel;
    if (second->a != first->d) {
        return false;
    }
    if (a >= K_LIN_C1 && a <= K_LIN_U8 && b == K_CLAMP_CUU) {
        become(kernels, first, (KernelId)(a - K_LIN_C1 + K_LIN_C1_CLAMP));
        first->b = second->b;
        first->c = second->c;
    } else if (a >= K_LIN_C1 && a <= K_LIN_U8 && b == K_MAX_CU) {
        become(kernels, first, (KernelId)(a - K_LIN_C1 + K_LIN_C1_MAX));
        first->b = second->b;
    } else if (a == K_MUL_CU && b == K_EXP) {
        become(kernels, first, K_MUL_CU_EXP);
    } else if (a >= K_LIN_U1 && a <= K_LIN_U3 && b == K_BERNLOG) {
        become(kernels, first, (KernelId)(a - K_LIN_U1 + K_BERNLOG_U1));
        first->control = second->control;
        first->site = second->site;
    } else if (a == K_HAZARD && b == K_BERN_C) {
        const double *rate = first->a;
        *first = *second;
        first->a = rate;
        become(kernels, first, K_HAZARD_BERN);
    } else {
        return false;
    }
    first->d = second->d;
    return true;
}

// What often follows an exponential.
static bool fuse_exp(const KernelTable *kernels, Cell *first, const Cell *second)
{
    Use use;
    if (first->kernel != K_MUL_CU_EXP) {
        return false;
    }
    if (second->kernel == K_SUB_UC && second->b == first->d) {
        become(kernels, first, K_MUL_CU_EXP_FROM_U);
        first->c = second->a;
    } else if (second->kernel == K_MUL_CC && find_use(second, first->d, &use)) {
        become(kernels, first, K_MUL_CU_EXP_MUL_C);
        first->c = use.x;
    } else {
        return false;
    }
    first->d = second->d;
    return true;
}

bool fuse_cells(const KernelTable *kernels, Cell *first, const Cell *second)
{
    return fuse_heavy(kernels, first, second) || fuse_exp(kernels, first, second) ||
           fuse_pair(kernels, first, second) || fuse_triple(kernels, first, second) ||
           fuse_times(kernels, first, second) || fuse_trial(kernels, first, second);
}

// How many values a cell sets its column at, 0: it is none that does.
static int32_t matched(const Cell *cell)
{
    if (cell->kernel == K_EQ_CU_TO_SEL_UC) {
        return 1;
    }
    return cell->kernel >= K_MATCH2 && cell->kernel <= K_MATCH4 ? cell->kernel - K_MATCH2 + 2 : 0;
}

bool fuse_match(Arena *arena, const KernelTable *kernels, Cell *first, const Cell *second)
{
    enum { MOST = 4 };
    int32_t n = matched(first);
    if (n == 0 || n == MOST || matched(second) != 1 || first->a != second->a ||
        first->d != second->d || second->y != second->d || first->d == first->a) {
        return false;
    }
    Term *terms = ARENA_ARRAY(arena, Term, MOST);
    for (int32_t i = 0; i < n; i++) {
        terms[i] = n == 1 ? (Term){first->b, first->c} : first->more.terms[i];
    }
    terms[n] = (Term){second->b, second->c};
    first->more.terms = terms;
    become(kernels, first, (KernelId)(K_MATCH2 + n - 1));
    return true;
}
