// SPDX-License-Identifier: MIT
//
// Two simple instructions in one pass: kernels for every row of pairs.def. A producer makes t of
// the operands a and b, a consumer makes the result of t and its own operands x and y. Each side is
// three macros: the kinds of its operands (C a column, U a uniform, N none) and the expression,
// which is that of the kernel it stands for.
#include "engine/kernels.h"

#define A_LT_CC   C
#define B_LT_CC   C
#define T_LT_CC   a < b
#define A_LT_UC   U
#define B_LT_UC   C
#define T_LT_UC   a < b
#define A_LT_CU   C
#define B_LT_CU   U
#define T_LT_CU   a < b
#define A_LE_UC   U
#define B_LE_UC   C
#define T_LE_UC   a <= b
#define A_LE_CU   C
#define B_LE_CU   U
#define T_LE_CU   a <= b
#define A_EQ_CU   C
#define B_EQ_CU   U
#define T_EQ_CU   a == b
#define A_AND     C
#define B_AND     C
#define T_AND     (Vm) a &(Vm)b
#define A_OR      C
#define B_OR      C
#define T_OR      (Vm) a | (Vm)b
#define A_ANDNOT  C
#define B_ANDNOT  C
#define T_ANDNOT  (Vm) a & ~(Vm)b
#define A_NOT     C
#define B_NOT     N
#define T_NOT     ~(Vm)a
#define A_DEFINED C
#define B_DEFINED N
#define T_DEFINED a == a
#define A_ADD_CC  C
#define B_ADD_CC  C
#define T_ADD_CC  a + b
#define A_ADD_CU  C
#define B_ADD_CU  U
#define T_ADD_CU  a + b
#define A_SUB_CC  C
#define B_SUB_CC  C
#define T_SUB_CC  a - b
#define A_SUB_UC  U
#define B_SUB_UC  C
#define T_SUB_UC  a - b
#define A_SUB_CU  C
#define B_SUB_CU  U
#define T_SUB_CU  a - b
#define A_MUL_CC  C
#define B_MUL_CC  C
#define T_MUL_CC  a *b
#define A_MUL_CU  C
#define B_MUL_CU  U
#define T_MUL_CU  a *b
#define A_MAX_CU  C
#define B_MAX_CU  U
#define T_MAX_CU  vd_at_least(a, b)
#define A_NUM     C
#define B_NUM     N
#define T_NUM     (Vm) a &(Vm)vd_all(1.0)

#define X_TO_AND     C
#define Y_TO_AND     N
#define R_TO_AND     (Vm) t &(Vm)x
#define X_TO_OR      C
#define Y_TO_OR      N
#define R_TO_OR      (Vm) t | (Vm)x
#define X_TO_BUT     C
#define Y_TO_BUT     N
#define R_TO_BUT     (Vm) t & ~(Vm)x
#define X_TO_EXCEPT  C
#define Y_TO_EXCEPT  N
#define R_TO_EXCEPT  (Vm) x & ~(Vm)t
#define X_TO_NOT     N
#define Y_TO_NOT     N
#define R_TO_NOT     ~(Vm)t
#define X_TO_NUM     N
#define Y_TO_NUM     N
#define R_TO_NUM     (Vm) t &(Vm)vd_all(1.0)
#define X_TO_SEL_CC  C
#define Y_TO_SEL_CC  C
#define R_TO_SEL_CC  vd_sel((Vm)t, x, y)
#define X_TO_SEL_UC  U
#define Y_TO_SEL_UC  C
#define R_TO_SEL_UC  vd_sel((Vm)t, x, y)
#define X_TO_SEL_CU  C
#define Y_TO_SEL_CU  U
#define R_TO_SEL_CU  vd_sel((Vm)t, x, y)
#define X_TO_SEL_UU  U
#define Y_TO_SEL_UU  U
#define R_TO_SEL_UU  vd_sel((Vm)t, x, y)
#define X_TO_ADD_C   C
#define Y_TO_ADD_C   N
#define R_TO_ADD_C   t + x
#define X_TO_ADD_U   U
#define Y_TO_ADD_U   N
#define R_TO_ADD_U   t + x
#define X_TO_SUB_C   C
#define Y_TO_SUB_C   N
#define R_TO_SUB_C   t - x
#define X_TO_FROM_C  C
#define Y_TO_FROM_C  N
#define R_TO_FROM_C  x - t
#define X_TO_MUL_C   C
#define Y_TO_MUL_C   N
#define R_TO_MUL_C   t *x
#define X_TO_MUL_U   U
#define Y_TO_MUL_U   N
#define R_TO_MUL_U   t *x
#define X_TO_DIV_C   C
#define Y_TO_DIV_C   N
#define R_TO_DIV_C   t / x
#define X_TO_DIV_U   U
#define Y_TO_DIV_U   N
#define R_TO_DIV_U   t / x
#define X_TO_LEAST_C C
#define Y_TO_LEAST_C N
#define R_TO_LEAST_C vd_min(x, t)
#define X_TO_MIN_U   U
#define Y_TO_MIN_U   N
#define R_TO_MIN_U   vd_at_most(t, x)
#define X_TO_MAX_U   U
#define Y_TO_MAX_U   N
#define R_TO_MAX_U   vd_at_least(t, x)
#define X_TO_CLAMP_U U
#define Y_TO_CLAMP_U U
#define R_TO_CLAMP_U vd_smaller(y, vd_greater(x, t))
#define X_TO_LT_U    U
#define Y_TO_LT_U    N
#define R_TO_LT_U    t < x
#define X_TO_GT_U    U
#define Y_TO_GT_U    N
#define R_TO_GT_U    x < t
#define X_TO_LE_U    U
#define Y_TO_LE_U    N
#define R_TO_LE_U    t <= x
#define X_TO_GE_U    U
#define Y_TO_GE_U    N
#define R_TO_GE_U    x <= t
#define X_TO_WHERE_C C
#define Y_TO_WHERE_C C
#define R_TO_WHERE_C vd_sel((Vm)x, t, y)

// An operand is loaded for every vector (C), broadcast before the loop (U), or absent (N).
#define ONCE_C(v, p)
#define ONCE_U(v, p) const Vd v = vd_all(*(p));
#define ONCE_N(v, p)
#define PER_C(v, p) const Vd v = vd_load((p) + i);
#define PER_U(v, p)
#define PER_N(v, p)
#define WITH(when, kind, v, p)  WITH2(when, kind, v, p)
#define WITH2(when, kind, v, p) when##_##kind(v, p)

// The loop of a producer and a consumer; `result` may also use columns `mask` and `other`.
#define ONE_PASS(name, p, q, result)                                                               \
    void KERNEL_NAME(name)(const Cell *cell, const Frame *frame)                                   \
    {                                                                                              \
        const int32_t n = frame->n;                                                                \
        const double *pa = cell->a, *pb = cell->b, *px = cell->c, *py = cell->y;                   \
        const double *mask = cell->mask, *other = cell->other;                                     \
        double *d = cell->d;                                                                       \
        (void)pb, (void)px, (void)py, (void)mask, (void)other;                                     \
        WITH(ONCE, A_##p, a, pa)                                                                   \
        WITH(ONCE, B_##p, b, pb)                                                                   \
        WITH(ONCE, X_##q, x, px)                                                                   \
        WITH(ONCE, Y_##q, y, py)                                                                   \
        LANES(WITH(PER, A_##p, a, pa) WITH(PER, B_##p, b, pb) const Vd t = (Vd)(T_##p);            \
              WITH(PER, X_##q, x, px) WITH(PER, Y_##q, y, py) vd_store(d + i, result);)            \
    }

#define PAIR(p, q) ONE_PASS(p##_##q, p, q, (Vd)(R_##q))
#include "engine/pairs.def"
#undef PAIR

#define TIMES(p, q) ONE_PASS(p##_##q##_TIMES, p, q, (Vd)(R_##q) * vd_load(other + i))
#include "engine/pairs.def"
#undef TIMES

#define TRIPLE(p, q)                                                                               \
    ONE_PASS(p##_##q##_WHERE, p, q, vd_sel(vm_load(mask + i), (Vd)(R_##q), vd_load(other + i)))
#include "engine/pairs.def"
#undef TRIPLE
