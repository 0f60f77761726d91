// SPDX-License-Identifier: MIT
//
// Running a stretch of a Script in every way it can go.
#include "exact/fork.h"

#include "math/bits.h"
#include "math/dist.h"
#include "math/elementary.h"

// An unevaluated value stands in a register as a NaN that no arithmetic makes.
#define LAZY_TAG UINT64_C(0x7FF4C0DE)
#define LEAST_U  0x1p-65 // as draws have it: strictly inside (0, 1)

enum { MOST_VALUES = 4096 }; // of a rounding

static bool is_lazy(uint64_t bits)
{
    return bits >> 32 == LAZY_TAG;
}

static int32_t lazy_index(uint64_t bits)
{
    return (int32_t)(bits & 0xffffffffu);
}

// ---- Unevaluated values -------------------------------------------------------------------------

static uint64_t make_lazy(Fork *f, Lazy lazy)
{
    vec_push(f->arena, &f->lazy, lazy);
    return LAZY_TAG << 32 | (uint32_t)(f->lazy.n - 1);
}

static uint64_t start_lazy(Fork *f, const XIns *ins)
{
    Lazy lazy = {.op = ins->op, .prev = -1, .draw = ins};
    for (int32_t i = 0; i < ins->n_args && ins->op == OP_DIST; i++) {
        lazy.params[i] = double_of(f->regs[ins->args[i]]);
    }
    return make_lazy(f, lazy);
}

static double draw_at(const Lazy *lazy, double u, double v)
{
    switch (lazy->op) {
    case OP_UNIFORM: return u;
    case OP_QTABLE: return qtable_true(lazy->draw->table, u, v);
    default: return dist_quantile((DistKind)lazy->draw->c, lazy->params, u, v);
    }
}

static double apply(const Lazy *lazy, double x)
{
    double k = lazy->k;
    switch (lazy->op) {
    case OP_ADD: return x + k;
    case OP_SUB: return lazy->swapped ? k - x : x - k;
    case OP_MUL: return x * k;
    case OP_DIV: return x / k;
    case OP_NEG: return -x;
    case OP_MIN: return m_min(x, k);
    case OP_MAX: return m_max(x, k);
    case OP_CLAMP: return m_min(m_max(x, k), lazy->k2);
    case OP_SQRT: return m_sqrt(x);
    case OP_EXP: return m_exp(x);
    case OP_LOG: return m_log(x);
    case OP_LOG1P: return m_log1p(x);
    case OP_LOGISTIC: return m_logistic(x);
    case OP_HAZARD: return -m_expm1(-x);
    case OP_LIN: return k + x * lazy->k2;
    case OP_SCORE: return qtable_true_score(lazy->table, x);
    case OP_FLOOR: return m_floor(x);
    case OP_ROUND: return m_round(x);
    default: ASSERT(!"an operation on an unevaluated value");
    }
}

static double lazy_at(const Fork *f, int32_t index, double u)
{
    const Lazy *lazy = &f->lazy.p[index];
    double inside = u < LEAST_U ? LEAST_U : u;
    double rest = 1 - u;
    return lazy->prev < 0 ? draw_at(lazy, inside, rest < LEAST_U ? LEAST_U : rest)
                          : apply(lazy, lazy_at(f, lazy->prev, u));
}

static const XIns *draw_of(const Fork *f, int32_t index)
{
    while (f->lazy.p[index].prev >= 0) {
        index = f->lazy.p[index].prev;
    }
    return f->lazy.p[index].draw;
}

// The one unevaluated operand; -1: there are two, or it is the mask of a select.
static int32_t lazy_operand(const Fork *f, const XIns *ins)
{
    int32_t found = -1;
    for (int32_t i = 0; i < ins->n_reads; i++) {
        uint64_t bits = f->regs[ins->reads[i]];
        if (is_lazy(bits)) {
            if (found >= 0) {
                return -1;
            }
            found = lazy_index(bits);
        }
    }
    return found;
}

// a + k1 x1 + ...: all but one product are numbers.
static bool lazy_sum(Fork *f, const XIns *ins, Lazy *lazy)
{
    double rest = 0, factor = 1;
    bool in_a = is_lazy(f->regs[ins->a]);
    rest = in_a ? 0 : double_of(f->regs[ins->a]);
    for (int32_t i = 0; i < ins->n_args; i += 2) {
        uint64_t k = f->regs[ins->args[i]], x = f->regs[ins->args[i + 1]];
        if (is_lazy(k) || is_lazy(x)) {
            factor = double_of(is_lazy(k) ? x : k);
        } else {
            rest += double_of(k) * double_of(x);
        }
    }
    lazy->k = rest;
    lazy->k2 = factor;
    return true;
}

// An operation on an unevaluated value that leaves it so. False: there is no such operation.
static bool carry(Fork *f, const XIns *ins, int32_t prev)
{
    Lazy lazy = {.op = ins->op, .prev = prev, .table = ins->table};
    bool first = is_lazy(f->regs[ins->a]);
    lazy.swapped = !first;
    if (ins->b != SLOT_NONE) {
        lazy.k = double_of(f->regs[first ? ins->b : ins->a]);
    }
    switch (ins->op) {
    case OP_DIV:
    case OP_CLAMP:
        if (!first) {
            return false;
        }
        lazy.k2 = ins->op == OP_CLAMP ? double_of(f->regs[ins->c]) : 0;
        break;
    case OP_LIN: lazy_sum(f, ins, &lazy); break;
    case OP_ADD:
    case OP_SUB:
    case OP_MUL:
    case OP_NEG:
    case OP_MIN:
    case OP_MAX:
    case OP_SCORE:
    case OP_SQRT:
    case OP_EXP:
    case OP_LOG:
    case OP_LOG1P:
    case OP_LOGISTIC:
    case OP_HAZARD: break;
    default: return false;
    }
    f->regs[ins->d] = make_lazy(f, lazy);
    return true;
}

// ---- Cutting the range of a uniform -------------------------------------------------------------

// What the instruction comes to at u.
static uint64_t result_at(Fork *f, const XIns *ins, int32_t lazy, double u)
{
    uint64_t kept[2] = {0, 0};
    const Slot operands[2] = {ins->a, ins->b};
    uint64_t x = bits_of(lazy_at(f, lazy, u));
    for (int i = 0; i < 2; i++) {
        if (operands[i] != SLOT_NONE) {
            kept[i] = f->regs[operands[i]];
            f->regs[operands[i]] = is_lazy(kept[i]) ? x : kept[i];
        }
    }
    uint64_t result = script_eval(ins, f->regs);
    for (int i = 1; i >= 0; i--) {
        if (operands[i] != SLOT_NONE) {
            f->regs[operands[i]] = kept[i];
        }
    }
    return result;
}

// The greatest u, to the last bit, up to which the result is what it is at lo (where it is not so
// at hi any more).
static double turn(Fork *f, const XIns *ins, int32_t lazy, double lo, double hi)
{
    uint64_t before = result_at(f, ins, lazy, lo);
    for (int i = 0; i < 200; i++) {
        double mid = lo + (hi - lo) / 2;
        if (!(mid > lo && mid < hi)) {
            break;
        }
        if (result_at(f, ins, lazy, mid) == before) {
            lo = mid;
        } else {
            hi = mid;
        }
    }
    return hi;
}

static void add_piece(Fork *f, Pieces *pieces, double lo, double hi, double width, uint64_t value)
{
    if (hi > lo) {
        vec_push(f->arena, pieces, ((Piece){(hi - lo) / width, value, lo, hi}));
    }
}

// Below (or above), equal, above (or below): one turn after the other. A stretch of a few last bits
// is a point, of no probability.
static void equal_pieces(Fork *f, const XIns *ins, int32_t lazy, double lo, double hi,
                         Pieces *pieces)
{
    XIns tests[2] = {*ins, *ins};
    tests[0].op = OP_LT;
    tests[1].op = OP_LE;
    double turns[4] = {lo, hi, hi, hi};
    for (int i = 0; i < 2; i++) {
        if (result_at(f, &tests[i], lazy, lo) != result_at(f, &tests[i], lazy, hi)) {
            turns[1 + i] = turn(f, &tests[i], lazy, lo, hi);
        }
    }
    if (turns[1] > turns[2]) {
        double swap = turns[1];
        turns[1] = turns[2];
        turns[2] = swap;
    }
    uint64_t no = ins->op == OP_EQ ? 0 : UINT64_MAX;
    for (int i = 0; i < 3; i++) {
        double mid = turns[i] + (turns[i + 1] - turns[i]) / 2;
        bool equal = !result_at(f, &tests[0], lazy, mid) && result_at(f, &tests[1], lazy, mid);
        bool point = turns[i + 1] - turns[i] < 1e-15 * (hi - lo);
        add_piece(f, pieces, turns[i], turns[i + 1], hi - lo, equal && !point ? ~no : no);
    }
}

// Pieces of the range on which the instruction comes to one value each. False: too many.
static bool cut(Fork *f, const XIns *ins, int32_t lazy, double lo, double hi, Pieces *pieces)
{
    if (ins->op == OP_EQ || ins->op == OP_NE) {
        equal_pieces(f, ins, lazy, lo, hi, pieces);
        return true;
    }
    uint64_t last = result_at(f, ins, lazy, hi);
    double from = lo;
    while (pieces->n < MOST_VALUES) {
        uint64_t value = result_at(f, ins, lazy, from);
        if (value == last) {
            add_piece(f, pieces, from, hi, hi - lo, value);
            return true;
        }
        double next = turn(f, ins, lazy, from, hi);
        add_piece(f, pieces, from, next, hi - lo, value);
        from = next;
    }
    return false;
}

// The part of each outcome that what is known of u leaves.
static void narrow(Fork *f, double lo, double hi, Pieces *pieces)
{
    double below = 0;
    int32_t kept = 0;
    for (int32_t i = 0; i < pieces->n; i++) {
        Piece piece = pieces->p[i];
        double a = below > lo ? below : lo;
        below = i == pieces->n - 1 ? 1 : below + piece.p;
        double b = below < hi ? below : hi;
        if (b > a) {
            pieces->p[kept++] = (Piece){(b - a) / (hi - lo), piece.value, a, b};
        }
    }
    pieces->n = kept;
    (void)f;
}

// ---- Running ------------------------------------------------------------------------------------

static bool run(Fork *f, int32_t pc, double p);

static bool run_pieces(Fork *f, int32_t pc, double p, const Pieces *pieces, Slot range)
{
    uint64_t *kept = NULL;
    if (pieces->n > 1) {
        kept = ARENA_ARRAY(f->arena, uint64_t, f->n_saved + 1);
        for (int32_t i = 0; i < f->n_saved; i++) {
            kept[i] = f->regs[f->saved[i]];
        }
    }
    for (int32_t i = 0; i < pieces->n; i++) {
        if (i > 0) {
            for (int32_t k = 0; k < f->n_saved; k++) {
                f->regs[f->saved[k]] = kept[k];
            }
        }
        const Piece *piece = &pieces->p[i];
        f->regs[f->code.p[pc].d] = piece->value;
        if (range != SLOT_NONE) {
            f->regs[range] = bits_of(piece->lo);
            f->regs[range + 1] = bits_of(piece->hi);
        }
        int32_t lazy = f->lazy.n;
        if (!run(f, pc + 1, p * piece->p)) {
            return false;
        }
        f->lazy.n = lazy;
    }
    return true;
}

static bool refuse(Fork *f, const XIns *ins)
{
    f->refused = ins;
    return false;
}

static bool run_draw(Fork *f, int32_t pc, double p)
{
    const XIns *ins = &f->code.p[pc];
    Pieces pieces = {0};
    for (int32_t i = 0; i < ins->n_reads; i++) {
        if (is_lazy(f->regs[ins->reads[i]])) {
            return refuse(f, draw_of(f, lazy_index(f->regs[ins->reads[i]])));
        }
    }
    if (!draw_pieces(f, ins, &pieces)) {
        f->regs[ins->d] = start_lazy(f, ins);
        return run(f, pc + 1, p);
    }
    if (ins->shared) {
        narrow(f, double_of(f->regs[ins->range]), double_of(f->regs[ins->range + 1]), &pieces);
    }
    return run_pieces(f, pc, p, &pieces, ins->shared ? ins->range : SLOT_NONE);
}

static bool run_lazy(Fork *f, int32_t pc, double p)
{
    const XIns *ins = &f->code.p[pc];
    if (ins->op == OP_MOV || (ins->op == OP_SEL && !is_lazy(f->regs[ins->a]))) {
        f->regs[ins->d] = script_eval(ins, f->regs);
        return run(f, pc + 1, p);
    }
    int32_t lazy = lazy_operand(f, ins);
    if (lazy < 0) {
        return refuse(f, ins);
    }
    if (carry(f, ins, lazy)) {
        return run(f, pc + 1, p);
    }
    Slot range = draw_of(f, lazy)->range;
    Pieces pieces = {0};
    if (!cut(f, ins, lazy, double_of(f->regs[range]), double_of(f->regs[range + 1]), &pieces)) {
        return refuse(f, draw_of(f, lazy));
    }
    return run_pieces(f, pc, p, &pieces, range);
}

static bool reads_lazy(const Fork *f, const XIns *ins)
{
    if (f->lazy.n == 0) {
        return false;
    }
    for (int32_t i = 0; i < ins->n_reads; i++) {
        if (is_lazy(f->regs[ins->reads[i]])) {
            return true;
        }
    }
    return false;
}

static bool run(Fork *f, int32_t pc, double p)
{
    while (pc < f->to) {
        const XIns *ins = &f->code.p[pc];
        if (ins->op == X_JUMP) {
            pc = f->regs[ins->a] ? pc + 1 : ins->target;
            continue;
        }
        if (ins->op == X_KEEP) {
            pc++;
            continue;
        }
        if (x_draws(ins)) {
            return run_draw(f, pc, p);
        }
        if (reads_lazy(f, ins)) {
            return run_lazy(f, pc, p);
        }
        if (ins->op == OP_FAIL) {
            if (f->failed && f->regs[ins->a]) {
                f->failed(f->ctx, ins->aux, p);
                return true;
            }
        } else {
            f->regs[ins->d] = script_eval(ins, f->regs);
        }
        pc++;
    }
    if (++f->leaves > f->most_leaves) {
        return false;
    }
    f->leaf(f->ctx, p);
    return true;
}

bool fork_run(Fork *f, int32_t from)
{
    ArenaMark start = arena_mark(f->arena);
    f->lazy.p = NULL;
    f->lazy.n = f->lazy.cap = 0;
    for (int32_t pc = from; pc < f->to; pc++) {
        Slot range = f->code.p[pc].range;
        if (x_draws(&f->code.p[pc]) && range != SLOT_NONE) {
            f->regs[range] = bits_of(0);
            f->regs[range + 1] = bits_of(1);
        }
    }
    bool ok = run(f, from, 1);
    arena_reset(f->arena, start);
    return ok;
}
