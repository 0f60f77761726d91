// SPDX-License-Identifier: MIT
//
// Kernels of plain arithmetic, elementary functions, linear forms and masks, and the table of all
// kernels of one instruction set. Each is a loop of a few lines over whole vectors; what a row
// means is said in program/ops.def. A destination may be any of the operands.
#include "engine/kernels.h"

#define BINARY(name, va, vb, expr)                                                                 \
    void KERNEL_NAME(name)(const Cell *cell, const Frame *frame)                                   \
    {                                                                                              \
        const int32_t n = frame->n;                                                                \
        const double *pa = cell->a, *pb = cell->b;                                                 \
        double *d = cell->d;                                                                       \
        LOAD_ONCE_##va(a, pa) LOAD_ONCE_##vb(b, pb)                                                \
            LANES(LOAD_##va(a, pa) LOAD_##vb(b, pb) vd_store(d + i, (Vd)(expr));)                  \
    }
// An operand is loaded for every vector (C) or broadcast before the loop (U).
#define LOAD_ONCE_C(v, p)
#define LOAD_ONCE_U(v, p) const Vd v = vd_all(*(p));
#define LOAD_C(v, p)      const Vd v = vd_load((p) + i);
#define LOAD_U(v, p)

#define UNARY(name, expr)                                                                          \
    void KERNEL_NAME(name)(const Cell *cell, const Frame *frame)                                   \
    {                                                                                              \
        const int32_t n = frame->n;                                                                \
        const double *pa = cell->a;                                                                \
        double *d = cell->d;                                                                       \
        LANES(LOAD_C(a, pa) vd_store(d + i, (Vd)(expr));)                                          \
    }

void KERNEL_NAME(FILL)(const Cell *cell, const Frame *frame)
{
    const int32_t n = frame->n;
    double *d = cell->d;
    const Vd a = vd_all(*cell->a);
    LANES(vd_store(d + i, a);)
}

UNARY(COPY, a)
BINARY(ADD_CC, C, C, a + b)
BINARY(ADD_CU, C, U, a + b)
BINARY(SUB_CC, C, C, a - b)
BINARY(SUB_UC, U, C, a - b)
BINARY(SUB_CU, C, U, a - b)
BINARY(MUL_CC, C, C, (a * b))
BINARY(MUL_CU, C, U, (a * b))
BINARY(DIV_CC, C, C, a / b)
BINARY(DIV_UC, U, C, a / b)
BINARY(DIV_CU, C, U, a / b)
UNARY(NEG, -a)
UNARY(ABS, vd_abs(a))
BINARY(MIN_CC, C, C, vd_min(a, b))
BINARY(MIN_CU, C, U, vd_at_most(a, b))
BINARY(MAX_CC, C, C, vd_max(a, b))
BINARY(MAX_CU, C, U, vd_at_least(a, b))
UNARY(FLOOR, vd_floor(a))
UNARY(ROUND, vd_round(a))
UNARY(SQRT, vd_sqrt(a))

// The heavy ones go by packs.
#define PACKED(name, function)                                                                     \
    void KERNEL_NAME(name)(const Cell *cell, const Frame *frame)                                   \
    {                                                                                              \
        const int32_t n = frame->n;                                                                \
        const double *a = cell->a;                                                                 \
        double *d = cell->d;                                                                       \
        PACKS(pd_store_at(d + i, second, function(pd_load_at(a + i, second)));)                    \
    }

PACKED(EXP, pd_exp)

void KERNEL_NAME(MUL_CU_EXP)(const Cell *cell, const Frame *frame)
{
    const int32_t n = frame->n;
    Pd k;
    EACH
    {
        k.v[j] = vd_all(*cell->b);
    }
    const double *a = cell->a;
    double *d = cell->d;
    PACKS(pd_store_at(d + i, second, pd_exp(pd_mul(pd_load_at(a + i, second), k)));)
}

// An exponential of a product taken from a uniform, as in 1 - e^(-k a), or times a column.
void KERNEL_NAME(MUL_CU_EXP_FROM_U)(const Cell *cell, const Frame *frame)
{
    const int32_t n = frame->n;
    Pd k, from;
    EACH
    {
        k.v[j] = vd_all(*cell->b);
        from.v[j] = vd_all(*cell->c);
    }
    const double *a = cell->a;
    double *d = cell->d;
    PACKS(Pd e = pd_exp(pd_mul(pd_load_at(a + i, second), k));
          pd_store_at(d + i, second, pd_sub(from, e));)
}

void KERNEL_NAME(MUL_CU_EXP_MUL_C)(const Cell *cell, const Frame *frame)
{
    const int32_t n = frame->n;
    Pd k;
    EACH
    {
        k.v[j] = vd_all(*cell->b);
    }
    const double *a = cell->a, *c = cell->c;
    double *d = cell->d;
    PACKS(Pd e = pd_exp(pd_mul(pd_load_at(a + i, second), k));
          pd_store_at(d + i, second, pd_mul(e, pd_load_at(c + i, second)));)
}

PACKED(LOG, pd_log)
PACKED(LOG1P, pd_log1p)
PACKED(LOGISTIC, pd_logistic)
PACKED(HAZARD, pd_hazard)

void KERNEL_NAME(POW_CC)(const Cell *cell, const Frame *frame)
{
    const int32_t n = frame->n;
    const double *a = cell->a, *b = cell->b;
    double *d = cell->d;
    PACKS(Pd x = pd_load_at(a + i, second);
          pd_store_at(d + i, second, pd_pow(x, pd_load_at(b + i, second)));)
}

static bool all_normal(const double *a, int32_t n)
{
    Vm all = vm_all(-1);
    LANES(Vd x = vd_load(a + i); all &= (Vm)(x >= LOG_SMALLEST_NORMAL) & (Vm)(x < MATH_INF);)
    return vm_bits(all) == (1u << VL) - 1;
}

// Two loops over short chains are faster than one over long ones, where they will do.
void KERNEL_NAME(POW_CU)(const Cell *cell, const Frame *frame)
{
    const int32_t n = frame->n;
    const double *a = cell->a;
    double *d = cell->d;
    Pd k;
    EACH
    {
        k.v[j] = vd_all(*cell->b);
    }
    if (!all_normal(a, n)) {
        PACKS(pd_store_at(d + i, second, pd_pow(pd_load_at(a + i, second), k));)
        return;
    }
    {
        PACKS(pd_store_at(d + i, second, pd_mul(k, pd_log_normal(pd_load_at(a + i, second))));)
    }
    PACKS(pd_store_at(d + i, second, pd_exp(pd_load_at(d + i, second)));)
}

#define TERNARY(name, va, vb, vc, expr)                                                            \
    void KERNEL_NAME(name)(const Cell *cell, const Frame *frame)                                   \
    {                                                                                              \
        const int32_t n = frame->n;                                                                \
        const double *pa = cell->a, *pb = cell->b, *pc = cell->c;                                  \
        double *d = cell->d;                                                                       \
        LOAD_ONCE_##va(a, pa) LOAD_ONCE_##vb(b, pb) LOAD_ONCE_##vc(c, pc)                          \
            LANES(LOAD_##va(a, pa) LOAD_##vb(b, pb) LOAD_##vc(c, pc) vd_store(d + i, (Vd)(expr));) \
    }

TERNARY(CLAMP_CCC, C, C, C, vd_smaller(c, vd_greater(b, a)))
TERNARY(CLAMP_CUU, C, U, U, vd_smaller(c, vd_greater(b, a)))
TERNARY(SEL_CC, C, C, C, vd_sel((Vm)a, b, c))
TERNARY(SEL_UC, C, U, C, vd_sel((Vm)a, b, c))
TERNARY(SEL_CU, C, C, U, vd_sel((Vm)a, b, c))
TERNARY(SEL_UU, C, U, U, vd_sel((Vm)a, b, c))
TERNARY(LIN_CCC, C, C, C, a + b * c)
TERNARY(LIN_CUU, C, U, U, a + b * c)

// Linear forms of one to eight terms, folded from the left.
#define LIN_LOAD(j)                                                                                \
    const Vd k##j = vd_all(*cell->more.terms[j].k);                                                \
    const double *x##j = cell->more.terms[j].x;
#define LIN_STEP(j) y = y + k##j * vd_load(x##j + i);
#define LIN_1(M)    M(0)
#define LIN_2(M)    LIN_1(M) M(1)
#define LIN_3(M)    LIN_2(M) M(2)
#define LIN_4(M)    LIN_3(M) M(3)
#define LIN_5(M)    LIN_4(M) M(4)
#define LIN_6(M)    LIN_5(M) M(5)
#define LIN_7(M)    LIN_6(M) M(6)
#define LIN_8(M)    LIN_7(M) M(7)

#define LIN(kind, count)                                                                           \
    LIN_AS(kind, count, , y)                                                                       \
    LIN_AS(kind, count, _CLAMP, vd_smaller(high, vd_greater(low, y)))                              \
    LIN_AS(kind, count, _MAX, vd_at_least(y, low))
#define LIN_AS(kind, count, suffix, result)                                                        \
    void KERNEL_NAME(LIN_##kind##count##suffix)(const Cell *cell, const Frame *frame)              \
    {                                                                                              \
        const int32_t n = frame->n;                                                                \
        const double *pa = cell->a;                                                                \
        double *d = cell->d;                                                                       \
        const Vd low = vd_all(cell->b ? *cell->b : 0.0), high = vd_all(cell->c ? *cell->c : 0.0);  \
        (void)low, (void)high;                                                                     \
        LIN_##count(LIN_LOAD) LOAD_ONCE_##kind(a, pa)                                              \
            LANES(LOAD_##kind(a, pa) Vd y = a; LIN_##count(LIN_STEP) vd_store(d + i, result);)     \
    }
LIN(C, 1)
LIN(C, 2)
LIN(C, 3)
LIN(C, 4)
LIN(C, 5)
LIN(C, 6)
LIN(C, 7)
LIN(C, 8)
LIN(U, 1)
LIN(U, 2)
LIN(U, 3)
LIN(U, 4)
LIN(U, 5)
LIN(U, 6)
LIN(U, 7)
LIN(U, 8)

// Sums of products.
#define LIN_PRODUCT(j) const double *k##j = cell->more.terms[j].k, *x##j = cell->more.terms[j].x;
#define LIN_ADD(j)     y = y + vd_load(k##j + i) * vd_load(x##j + i);
#define LIN_PRODUCTS(kind, count)                                                                  \
    void KERNEL_NAME(LIN_##kind##P##count)(const Cell *cell, const Frame *frame)                   \
    {                                                                                              \
        const int32_t n = frame->n;                                                                \
        const double *pa = cell->a;                                                                \
        double *d = cell->d;                                                                       \
        LIN_##count(LIN_PRODUCT) LOAD_ONCE_##kind(a, pa)                                           \
            LANES(LOAD_##kind(a, pa) Vd y = a; LIN_##count(LIN_ADD) vd_store(d + i, y);)           \
    }
LIN_PRODUCTS(C, 2)
LIN_PRODUCTS(C, 3)
LIN_PRODUCTS(U, 1)
LIN_PRODUCTS(U, 2)
LIN_PRODUCTS(U, 3)

// x_j where a is k_j, one after the other; elsewhere what y holds.
#define MATCH_LOAD(j)                                                                              \
    const Vd k##j = vd_all(*cell->more.terms[j].k), x##j = vd_all(*cell->more.terms[j].x);
#define MATCH_STEP(j) y = vd_sel((Vm)(a == k##j), x##j, y);
#define MATCH(count)                                                                               \
    void KERNEL_NAME(MATCH##count)(const Cell *cell, const Frame *frame)                           \
    {                                                                                              \
        const int32_t n = frame->n;                                                                \
        const double *pa = cell->a, *py = cell->y;                                                 \
        double *d = cell->d;                                                                       \
        LIN_##count(MATCH_LOAD) LANES(const Vd a = vd_load(pa + i); Vd y = vd_load(py + i);        \
                                      LIN_##count(MATCH_STEP) vd_store(d + i, y);)                 \
    }
MATCH(2)
MATCH(3)
MATCH(4)

BINARY(LT_CC, C, C, a < b)
BINARY(LT_UC, U, C, a < b)
BINARY(LT_CU, C, U, a < b)
BINARY(LE_CC, C, C, a <= b)
BINARY(LE_UC, U, C, a <= b)
BINARY(LE_CU, C, U, a <= b)
BINARY(EQ_CC, C, C, a == b)
BINARY(EQ_CU, C, U, a == b)
BINARY(NE_CC, C, C, (a < b) | (a > b))
BINARY(NE_CU, C, U, (a < b) | (a > b))
BINARY(AND, C, C, (Vm)a &(Vm)b)
BINARY(OR, C, C, (Vm)a | (Vm)b)
BINARY(ANDNOT, C, C, (Vm)a & ~(Vm)b)
UNARY(NOT, ~(Vm)a)
UNARY(DEFINED, a == a)
UNARY(NUM, (Vm)a &(Vm)vd_all(1.0))

// Bits of eight lanes.
static inline uint32_t mask_bits8(const double *mask)
{
    uint32_t bits = 0;
    for (int32_t j = 0; j < 8; j += FL) {
        bits |= vfm_bits(vfm_of_masks(mask + j)) << j;
    }
    return bits;
}

static inline int32_t put_lanes(uint32_t bits, int32_t first, int32_t *index)
{
    int32_t count = 0;
    for (; bits; bits &= bits - 1) {
        index[count++] = first + __builtin_ctz(bits);
    }
    return count;
}

static inline int32_t pick_eight(const double *mask, const double *active, int32_t i, int32_t real,
                                 int32_t *index)
{
    uint32_t bits = mask_bits8(mask + i);
    if (active) {
        bits &= mask_bits8(active + i);
    }
    if (real - i < 8) {
        bits &= (1u << (real - i)) - 1;
    }
    return put_lanes(bits, i, index);
}

// Most masks that are picked from are nearly empty: 32 lanes are looked at together first.
int32_t KERNEL_NAME(pick)(const double *mask, const double *active, int32_t real, int32_t *index)
{
    int32_t count = 0;
    int32_t i = 0;
    for (; i + 32 <= real; i += 32) {
        Vm any = vm_load(mask + i);
        for (int32_t j = VL; j < 32; j += VL) {
            any |= vm_load(mask + i + j);
        }
        if (vm_bits(any)) {
            uint32_t bits = 0;
            for (int32_t j = 0; j < 32; j += 8) {
                bits |= mask_bits8(mask + i + j) << j;
            }
            for (int32_t j = 0; active && j < 32; j += 8) {
                bits &= mask_bits8(active + i + j) << j | ~(UINT32_C(0xff) << j);
            }
            count += put_lanes(bits, i, index + count);
        }
    }
    for (; i < real; i += 8) {
        count += pick_eight(mask, active, i, real, index + count);
    }
    return count;
}

void KERNEL_NAME(gather)(double *to, const double *from, const int32_t *index, int32_t n)
{
    for (size_t i = 0; i < (uint32_t)n; i += 8) {
        for (size_t j = i; j < i + 8; j++) {
            to[j] = from[index[j]];
        }
    }
}

void KERNEL_NAME(blend)(double *to, const double *from, const double *mask, int32_t n)
{
    LANES(vd_store(to + i, vd_sel(vm_load(mask + i), vd_load(from + i), vd_load(to + i)));)
}

void KERNEL_NAME(both)(double *to, const double *mask, const double *other, int32_t n)
{
    LANES(vm_store(to + i, vm_load(mask + i) & vm_load(other + i));)
}

#define KERNEL_TABLE KERNEL_JOIN(kernels, , KERNEL_ISA)
const KernelTable KERNEL_TABLE = {
    .fn =
        {
#define KERNEL(name) [K_##name] = KERNEL_NAME(name),
#include "engine/kernels.def"
#undef KERNEL
        },
    .words4 = KERNEL_NAME(words4),
    .words1 = KERNEL_NAME(words1),
    .pick = KERNEL_NAME(pick),
    .gather = KERNEL_NAME(gather),
    .blend = KERNEL_NAME(blend),
    .both = KERNEL_NAME(both),
};
