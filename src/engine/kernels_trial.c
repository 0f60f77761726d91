// SPDX-License-Identifier: MIT
//
// Kernels of trials: yes with a chance that is told as it is, as log-odds (which may be a linear
// form), or as a rate times a time; and of trials that must be allowed as well. Each takes a quick
// look first (kernels_draw.c), and lanes of which it is not sure are answered by lane_* (draws.c).
#include "engine/kernels.h"

enum { TRIAL_TERMS = 3 }; // of a linear form at most

// Where a trial's operands stand, looked up once: what it stores might, for all the compiler knows,
// change the cell.
typedef struct {
    const uint32_t *words;
    const double *a, *mask;
    double *d;
    // The operand is a linear form of some columns, added to what is at a.
    Vd from, k[TRIAL_TERMS];
    const double *x[TRIAL_TERMS];
} Columns;

INLINE Columns columns_of(const Cell *cell)
{
    return (Columns){.words = cell->site->words, .a = cell->a, .mask = cell->mask, .d = cell->d};
}

INLINE Columns columns_with(const Cell *cell, const int terms)
{
    Columns columns = columns_of(cell);
    if (terms > 0) {
        columns.from = vd_all(*cell->a);
    }
    for (int j = 0; j < terms; j++) {
        columns.k[j] = vd_all(*cell->more.terms[j].k);
        columns.x[j] = cell->more.terms[j].x;
    }
    return columns;
}

// The operand of FL lanes as floats, its terms folded from the left.
INLINE Vf operand_at(const Columns *columns, int64_t i, const int terms)
{
    if (terms == 0) {
        return vf_of_doubles(columns->a + i);
    }
    Vd y[VF_PARTS];
    for (int part = 0; part < VF_PARTS; part++) {
        y[part] = columns->from;
        for (int j = 0; j < terms; j++) {
            y[part] = y[part] + columns->k[j] * vd_load(columns->x[j] + i + part * VL);
        }
    }
    return vf_of_parts(y);
}

static double lane_operand(const Cell *cell, int32_t lane, int terms)
{
    if (terms == 0) {
        return cell->a[lane];
    }
    double y = *cell->a;
    for (int j = 0; j < terms; j++) {
        y = y + *cell->more.terms[j].k * cell->more.terms[j].x[lane];
    }
    return y;
}

// A trial may also want a mask, or the lack of it (the *_AND kernels).
typedef enum { OPEN, WHERE, EXCEPT } Gate;

INLINE Vm gated(const Columns *columns, int64_t i, Vm yes, const Gate gate)
{
    if (gate == WHERE) {
        yes &= vm_load(columns->mask + i);
    } else if (gate == EXCEPT) {
        yes &= ~vm_load(columns->mask + i);
    }
    return yes;
}

INLINE void store_trials(const Columns *columns, int64_t i, Vfm yes, const Gate gate)
{
    Vm wide[VF_PARTS];
    vfm_widen(yes, wide);
    for (int64_t part = 0; part < VF_PARTS; part++) {
        const int64_t at = i + part * VL;
        vm_store(columns->d + at, gated(columns, at, wide[part], gate));
    }
}

static bool lane_allowed(const Cell *cell, int32_t lane, Gate gate)
{
    uint64_t bits = UINT64_MAX;
    if (gate != OPEN) {
        memcpy(&bits, cell->mask + lane, sizeof bits);
    }
    return (bits != 0) != (gate == EXCEPT);
}

// How a trial's chance is told by its operand: as it is, as log-odds, or as a rate times a time.
typedef bool Careful(const Cell *cell, const Frame *frame, int32_t lane, double a);

// Lanes one by one. The operand is a column (no terms), a linear form, or one value for all.
enum { ONE_VALUE = -1 };
static __attribute__((noinline)) void trials_careful(const Cell *cell, const Frame *frame,
                                                     int64_t first, int64_t n, int terms, Gate gate,
                                                     Careful *careful)
{
    for (int32_t i = (int32_t)first; i < first + n; i++) {
        double a = terms == ONE_VALUE ? *cell->a : lane_operand(cell, i, terms);
        bool yes = careful(cell, frame, i, a) && lane_allowed(cell, i, gate);
        int64_t bits = -(int64_t)yes;
        memcpy(cell->d + i, &bits, sizeof bits);
    }
}

// Kernels of a trial: alone, and gated either way.
#define TRIAL(name, function, ...)                                                                 \
    void KERNEL_NAME(name)(const Cell *cell, const Frame *frame)                                   \
    {                                                                                              \
        function(cell, frame, __VA_ARGS__ OPEN);                                                   \
    }                                                                                              \
    void KERNEL_NAME(name##_AND)(const Cell *cell, const Frame *frame)                             \
    {                                                                                              \
        if (cell->inverted) {                                                                      \
            function(cell, frame, __VA_ARGS__ EXCEPT);                                             \
        } else {                                                                                   \
            function(cell, frame, __VA_ARGS__ WHERE);                                              \
        }                                                                                          \
    }

// All of a few vectors are looked at together; how many is known where it is used.
enum { TRIAL_VECTORS = 4 };

// Yes where w + 1 <= p 2^32, no where p 2^32 < w; between, the second word decides.
INLINE void bern_some(const Cell *cell, const Frame *frame, const Columns *columns, int64_t i,
                      const int vectors, const Gate gate)
{
    Vm yes[TRIAL_VECTORS];
    Vm unsure = vm_all(0);
    for (int j = 0; j < vectors; j++) {
        Vd w = vd_of_word(vu_of_words(vw_load(columns->words + i + j * VL)));
        // The difference is exact where it decides: near w both are multiples of the same unit.
        Vd above = vd_load(columns->a + i + j * VL) * 0x1p32 - w;
        yes[j] = (Vm)(above >= 1.0);
        unsure |= (Vm)(above >= 0.0) ^ yes[j];
    }
    if (__builtin_expect(vm_bits(unsure) != 0, 0)) {
        trials_careful(cell, frame, i, vectors * VL, 0, gate, lane_bernoulli);
        return;
    }
    for (int j = 0; j < vectors; j++) {
        const int64_t at = i + j * VL;
        vm_store(columns->d + at, gated(columns, at, yes[j], gate));
    }
}

INLINE void bern_columns(const Cell *cell, const Frame *frame, const Gate gate)
{
    const Columns columns = columns_of(cell);
    const int64_t n = frame->n;
    int64_t i = 0;
    for (; i + TRIAL_VECTORS * VL <= n; i += TRIAL_VECTORS * VL) {
        bern_some(cell, frame, &columns, i, TRIAL_VECTORS, gate);
    }
    for (; i < n; i += VL) {
        bern_some(cell, frame, &columns, i, 1, gate);
    }
}

TRIAL(BERN_C, bern_columns, )

// One chance for all lanes: words are compared as they stand, signs flipped, since sets of
// instructions can compare signed ones only.
INLINE void bern_words(const Cell *cell, const Frame *frame, const Columns *columns, int64_t i,
                       const int vectors, const Vfm bound, const Gate gate)
{
    Vfm yes[TRIAL_VECTORS];
    Vfm unsure = bound ^ bound;
    for (int j = 0; j < vectors; j++) {
        Vfm w = (Vfm)(vfu_load(columns->words + i + j * FL) ^ UINT32_C(0x80000000));
        yes[j] = w < bound;
        unsure |= w == bound;
    }
    if (__builtin_expect(vfm_bits(unsure) != 0, 0)) {
        trials_careful(cell, frame, i, vectors * FL, ONE_VALUE, gate, lane_bernoulli);
        return;
    }
    for (int j = 0; j < vectors; j++) {
        store_trials(columns, i + j * FL, yes[j], gate);
    }
}

INLINE void bern_uniform(const Cell *cell, const Frame *frame, const Gate gate)
{
    const Columns columns = columns_of(cell);
    const double p = *cell->a;
    const int64_t n = frame->n;
    int64_t i = 0;
    if (!(p > 0.0 && p < 1.0)) {
        for (; i < n; i += FL) {
            store_trials(&columns, i, -(int32_t)(p >= 1.0) - (Vfm){0}, gate);
        }
        return;
    }
    const Vfm bound = (Vfm)(((uint32_t)(p * 0x1p32) ^ UINT32_C(0x80000000)) - (Vfu){0});
    for (; i + TRIAL_VECTORS * FL <= n; i += TRIAL_VECTORS * FL) {
        bern_words(cell, frame, &columns, i, TRIAL_VECTORS, bound, gate);
    }
    for (; i < n; i += FL) {
        bern_words(cell, frame, &columns, i, 1, bound, gate);
    }
}

TRIAL(BERN_U, bern_uniform, )

// What a quick look says of FL lanes, and where it is sure.
typedef struct {
    Vfm yes, sure;
} Verdict;

// Yes where (w + 1)(1 + e^-z) <= 2^32, no where w (1 + e^-z) >= 2^32. With h = floor(w / 2), halves
// of these, and e^-z good to 2^-16, the first is sure below 1 - 2^-14 of its bound, the second
// above 1 + 2^-14.
INLINE Verdict look_logistic(Vf e, Vf h)
{
    Vf t = 1.0f + e;
    Vf product = h * t;
    Vfm yes = (Vfm)(product + t <= 0x1p31f * (1.0f - 0x1p-14f));
    return (Verdict){yes, yes | (Vfm)(product >= 0x1p31f * (1.0f + 0x1p-14f))};
}

// A trial with chance 1 - e^-a. With u = (h + 1/2) / 2^31 good to 2^-23 and e^-a to 2^-16, it is
// yes for sure where u + e^-a lies below 1 - 2^-14 and no above 1 + 2^-14.
INLINE Verdict look_hazard(Vf e, Vf h)
{
    Vf sum = e + (h + 0.5f) * 0x1p-31f;
    Vfm yes = (Vfm)(sum < 1.0f - 0x1p-14f);
    return (Verdict){yes, yes | (Vfm)(sum > 1.0f + 0x1p-14f)};
}

// A pack of trials whose chances are told by e^-a, a being the operand.
INLINE void trial_pack(const Cell *cell, const Frame *frame, const Columns *columns, int64_t i,
                       const int pack, const bool logistic, const int terms, const Gate gate)
{
    Pf y;
    FEACH(pack)
    {
        y.v[j] = operand_at(columns, i + j * FL, terms) * -0x1.715476p+0f;
        y.v[j] = vf_clamp(y.v[j], 100.0f);
    }
    Pf e = pf_exp2_rough(y, pack);
    Vfm yes[FPACK];
    Vfm sure = (Vfm)vf_all(0.0f) == 0;
    FEACH(pack)
    {
        Vf h = vf_of_half_word(vfu_load(columns->words + i + j * FL));
        Verdict verdict = logistic ? look_logistic(e.v[j], h) : look_hazard(e.v[j], h);
        yes[j] = verdict.yes;
        sure &= verdict.sure;
    }
    if (__builtin_expect(vfm_bits(sure) != ALL_FLOATS, 0)) {
        trials_careful(cell, frame, i, pack * FL, terms, gate,
                       logistic ? lane_bernlog : lane_hazard);
        return;
    }
    FEACH(pack)
    {
        store_trials(columns, i + j * FL, yes[j], gate);
    }
}

INLINE void trial_lanes(const Cell *cell, const Frame *frame, const bool logistic, const int terms,
                        const Gate gate)
{
    const Columns columns = columns_with(cell, terms);
    const int64_t n = frame->n;
    int64_t i = 0;
    for (; i + FPACK * FL <= n; i += FPACK * FL) {
        trial_pack(cell, frame, &columns, i, FPACK, logistic, terms, gate);
    }
    for (; i < n; i += FL) {
        trial_pack(cell, frame, &columns, i, 1, logistic, terms, gate);
    }
}

TRIAL(BERNLOG, trial_lanes, true, 0, )
TRIAL(BERNLOG_U1, trial_lanes, true, 1, )
TRIAL(BERNLOG_U2, trial_lanes, true, 2, )
TRIAL(BERNLOG_U3, trial_lanes, true, 3, )
TRIAL(HAZARD_BERN, trial_lanes, false, 0, )
