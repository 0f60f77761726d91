// SPDX-License-Identifier: MIT
//
// The benchmark crisis fused by hand: the limit that the interpreter is held against, under the
// rules of the engine. Doubles without contraction; exponentials and logarithms of
// engine/vec_math.h; addressed Philox words, four steps a call; normals and priors by quantile
// tables. Trials and choices look at floats first and are answered exactly where those cannot be
// sure. Blocks of LANES futures: loops that do one heavy thing at a time alternate with loops that
// do all the light work between. Rare blocks run on the lanes they concern, futures that have ended
// are swept out.
//
//   vector_crisis [futures] [seed]      prints answers, and nanoseconds a future-step on stderr
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "crisis_tally.h"
#include "math/dist.h"
#include "vector_draws.h"

enum { PRIORS = 12 };

// What moves when lanes close ranks: what is fixed in a world (and what follows from it once and
// for all), the state, and what has happened (masks).
// clang-format off
#define MOVED(X)                                                                                   \
    X(effA) X(effB) X(grow_supA) X(grow_supB) X(econ_pull) X(hawk) X(restA) X(restB) X(pol_pullA)  \
    X(pol_pullB) X(polW_pull) X(cover) X(pull) X(nthr) X(aidcap) X(attackA) X(pauseA) X(attackB)   \
    X(FA) X(FB) X(RA) X(RB) X(SA) X(SB) X(x) X(mA) X(mB) X(polA) X(polB) X(polW) X(econB) X(sanc)  \
    X(aid) X(infra) X(tens) X(casA) X(casB) X(pmA) X(pmB) X(aidL) X(ladder)                        \
    X(mobB) X(nato) X(nuked) X(coup) X(leader) X(mutiny)
// clang-format on

typedef struct {
#define X(name) Column name;
    MOVED(X)
#undef X
} Block;
enum { N_MOVED = sizeof(Block) / sizeof(Column) };

// Of one step.
typedef struct {
    Column power[2], calm[2]; // F^.85 and exp(-2 S), A and B
    Column ratio, lr, it, dx, lossA, lossB;
    Column normal[5];
    Column coup, sea, cyber, plant, delay, spill, mutiny, stop, cf;
} Scratch;

enum {
    S_NORMAL,
    S_HAZARD = 5,
    S_POS_A = 13,
    S_POS_B,
    S_LADDER,
    S_CF,
    N_CACHED,
    S_AID = N_CACHED,
    S_MOBILISE,
    S_NATO,
    S_NUCLEAR
};

static Block b;
static Scratch s;
static Words words[N_CACHED][4], aid_words[4];
static Column alive;
static int real, n_dead, index_of[LANES];
static const QTable *normals, *priors[PRIORS];

// Trials and choices. The formulas serve doubles and vectors of them alike.

#define Z_COUP(polB, casB)     (-9.5 + 4.0 * (1.0 - (polB)) + 0.03 * (casB))
#define Z_SEA(tens)            (-3.5 + 1.5 * (tens))
#define Z_CYBER(tens, polW)    (-3.0 + 0.8 * (tens) + 0.3 * (polW))
#define Z_PLANT(it, tens)      (-6.5 + (it) + 0.5 * (tens))
#define Z_DELAY(polW)          (-1.0 - 2.5 * (polW))
#define Z_SPILL(tens, ladder)  (-5.8 + 1.6 * (tens) + 0.25 * (ladder))
#define Z_LEADER(polB)         (-7.0 + (1.0 - (polB)))
#define Z_MUTINY(mA)           (-7.5 + 5.0 * (0.5 - (mA)))
#define Z_CF(polA, polB, rung) (-6.9 + 3.2 * (1.0 - (polA)) + 3.2 * (1.0 - (polB)) - 0.2 * (rung))
#define Z_ATTACK_A(i, L)                                                                           \
    (L(b.attackA, i) + 1.2 * L(s.lr, i) + 0.9 * L(b.SA, i) + 0.5 * L(b.polA, i) - 0.01 * L(b.x, i))
#define Z_PAUSE_A(i, L) (L(b.pauseA, i) - 1.4 * L(s.lr, i) - L(b.mA, i) + 0.008 * L(b.x, i))
#define Z_ATTACK_B(i, L)                                                                           \
    (L(b.attackB, i) - 1.2 * L(s.lr, i) + 0.9 * L(b.SB, i) + 0.4 * L(b.polB, i) + 0.01 * L(b.x, i))
#define Z_PAUSE_B(i, L) (-1.6 + 1.4 * L(s.lr, i) - L(b.mB, i) - 0.008 * L(b.x, i))
#define Z_AID1(i, L)    (0.8 + 0.5 * L(b.hawk, i) - 0.4 * L(b.tens, i))
#define Z_AID2(i, L)    (-0.2 + 2.0 * L(b.polW, i) + 0.5 * L(b.hawk, i) - 0.5 * L(b.tens, i))
#define Z_AID3(i, L)                                                                               \
    (-1.8 + 3.2 * L(b.polW, i) + 0.8 * L(b.hawk, i) - 0.8 * L(b.tens, i) - 0.01 * L(b.x, i))
#define V(column, i) vd_load((column) + (i))
#define D(column, i) ((column)[i])

// FL lanes of a formula, as floats times log2(e).
#define ROUGH(formula)                                                                             \
    ({                                                                                             \
        Vd part_[VF_PARTS];                                                                        \
        for (int p_ = 0; p_ < VF_PARTS; p_++) {                                                    \
            const int j = i + p_ * VL;                                                             \
            part_[p_] = (formula);                                                                 \
        }                                                                                          \
        vf_of_parts(part_) * 0x1.715476p+0f;                                                       \
    })

// A step, part by part

static void powers(void)
{
    for (int side = 0; side < 2; side++) {
        const double *force = side ? b.FB : b.FA;
        const double *supply = side ? b.SB : b.SA;
        for (int i = 0; i < n; i += PACK_LANES) {
            Pd y = pd_log_normal(pd_load(force, i, n));
            Pd z = pd_load(supply, i, n);
            EACH
            {
                y.v[j] = y.v[j] * 0.85;
                z.v[j] = z.v[j] * -2.0;
            }
            pd_store(s.power[side], i, n, pd_exp(y));
            pd_store(s.calm[side], i, n, pd_exp(z));
        }
    }
}

static void fight(void)
{
    for (int i = 0; i < n; i += VL) {
        Vd pmA = V(b.pmA, i), pmB = V(b.pmB, i), FA = V(b.FA, i), FB = V(b.FB, i);
        Vd mA = V(b.mA, i), mB = V(b.mB, i), one = vd_all(1.0), cover = V(b.cover, i);
        Vd sA = 1.0 - V(s.calm[0], i), sB = 1.0 - V(s.calm[1], i);
        Vd fireA = V(b.effA, i) * pmA * sA * mA * V(s.power[0], i);
        Vd fireB = V(b.effB, i) * pmB * sB * mB * V(s.power[1], i);
        Vd lossA = vd_smaller(fireB * vd_sel((Vm)(pmA == 1.0), cover, one), 0.15 * FA);
        Vd lossB = vd_smaller(fireA * vd_sel((Vm)(pmB == 1.0), cover, one), 0.15 * FB);
        Vd RA = V(b.RA, i), RB = V(b.RB, i);
        Vd rA = 0.012 * RA;
        Vd rB = RB * vd_sel(vm_load(b.mobB + i), vd_all(0.012 * 1.8), vd_all(0.012));
        FA = FA + (rA - lossA);
        FB = FB + (rB - lossB);
        vd_store(b.FA + i, FA);
        vd_store(b.FB + i, FB);
        vd_store(b.RA + i, RA + (0.05 - rA));
        vd_store(b.RB + i, RB + (0.06 - rB));
        vd_store(b.casA + i, V(b.casA, i) + lossA);
        vd_store(b.casB + i, V(b.casB, i) + lossB);
        Vd gainA = V(b.grow_supA, i) * (1.0 - 0.3 * V(b.infra, i)) + 0.05 * V(b.aid, i);
        Vd gainB = V(b.grow_supB, i) * V(b.econB, i);
        vd_store(b.SA + i, vd_greater(V(b.SA, i) + gainA - 0.1 * (pmA * sA), vd_all(0.0)));
        vd_store(b.SB + i, vd_greater(V(b.SB, i) + gainB - 0.1 * (pmB * sB), vd_all(0.0)));
        vd_store(s.ratio + i, (FA * mA * sA + 0.5) / (FB * mB * sB + 0.5));
        vd_store(s.it + i, pmA + pmB - 1.0);
        vd_store(s.lossA + i, lossA);
        vd_store(s.lossB + i, lossB);
    }
    for (int i = 0; i < n; i += PACK_LANES) {
        pd_store(s.lr, i, n, pd_log_normal(pd_load(s.ratio, i, n)));
    }
}

INLINE Vd within(Vd x, double lo, double hi)
{
    return vd_smaller(vd_greater(x, vd_all(lo)), vd_all(hi));
}

static void drift(void)
{
    for (int i = 0; i < n; i += VL) {
        Vd it = V(s.it, i), x = V(b.x, i), lossA = V(s.lossA, i), lossB = V(s.lossB, i);
        Vd dx = 2.2 * V(s.lr, i) * it - V(b.pull, i) * x + (0.5 + 0.8 * it) * V(s.normal[0], i);
        vd_store(s.dx + i, dx);
        vd_store(b.x + i, within(x + dx, -100.0, 100.0));
        Vd push = 0.002 * dx;
        Vd mA = 0.96 * V(b.mA, i) + V(b.restA, i) - 0.6 * lossA / V(b.FA, i) + push;
        Vd mB = 0.96 * V(b.mB, i) + V(b.restB, i) - 0.6 * lossB / V(b.FB, i) - push;
        vd_store(b.mA + i, within(mA, 0.05, 1.2));
        vd_store(b.mB + i, within(mB, 0.05, 1.2));
        Vd turn = 0.003 * dx;
        Vd polA = 0.95 * V(b.polA, i) + V(b.pol_pullA, i) - 0.010 * lossA + turn;
        Vd polB = 0.95 * V(b.polB, i) + V(b.pol_pullB, i) - 0.008 * lossB - turn;
        Vd polW = V(b.polW_pull, i) + 0.96 * V(b.polW, i) + 0.02 * V(s.normal[3], i);
        vd_store(b.polA + i, within(polA + 0.015 * V(s.normal[1], i), 0.0, 1.0));
        vd_store(b.polB + i, within(polB + 0.015 * V(s.normal[2], i), 0.0, 1.0));
        polW = within(polW, 0.0, 1.0);
        vd_store(b.polW + i, polW);
        Vd sanc = V(b.sanc, i);
        vd_store(b.econB + i, 0.97 * V(b.econB, i) + V(b.econ_pull, i) - 0.0075 * sanc +
                                  0.01 * V(s.normal[4], i));
        vd_store(b.sanc + i, 0.98 * sanc + 0.02 * polW);
    }
}

static double *const HAZARDS[8] = {s.coup,  s.sea,   s.cyber,  s.plant,
                                   s.delay, s.spill, b.leader, s.mutiny};

static __attribute__((noinline)) void hazards_careful(int from, int part)
{
    for (int i = from; i < from + FL; i++) {
        const double z[8] = {
            Z_COUP(b.polB[i], b.casB[i]), Z_SEA(b.tens[i]),   Z_CYBER(b.tens[i], b.polW[i]),
            Z_PLANT(s.it[i], b.tens[i]),  Z_DELAY(b.polW[i]), Z_SPILL(b.tens[i], b.ladder[i]),
            Z_LEADER(b.polB[i]),          Z_MUTINY(b.mA[i])};
        for (int k = 0; k < 8; k++) {
            bool before = k == 6 && is_set(b.leader, i);
            set_mask(HAZARDS[k], i, before || fires(z[k], words[S_HAZARD + k][part][i]));
        }
    }
}

static void hazards(int part)
{
    for (int i = 0; i < n; i += FL) {
        Pf low, high;
        low.v[0] = ROUGH(-Z_COUP(V(b.polB, j), V(b.casB, j)));
        low.v[1] = ROUGH(-Z_SEA(V(b.tens, j)));
        low.v[2] = ROUGH(-Z_CYBER(V(b.tens, j), V(b.polW, j)));
        low.v[3] = ROUGH(-Z_PLANT(V(s.it, j), V(b.tens, j)));
        high.v[0] = ROUGH(-Z_DELAY(V(b.polW, j)));
        high.v[1] = ROUGH(-Z_SPILL(V(b.tens, j), V(b.ladder, j)));
        high.v[2] = ROUGH(-Z_LEADER(V(b.polB, j)));
        high.v[3] = ROUGH(-Z_MUTINY(V(b.mA, j)));
        low = pf_exp2_rough(low, 4);
        high = pf_exp2_rough(high, 4);
        Vfm sure = (Vfm)vf_all(0.0f) == 0;
        Vfm yes[8];
        for (int k = 0; k < 8; k++) {
            Vf e = k < 4 ? low.v[k] : high.v[k - 4];
            yes[k] = look_trial(e, vfu_load(words[S_HAZARD + k][part] + i), &sure);
        }
        if (__builtin_expect(vfm_bits(sure) != (1u << FL) - 1, 0)) {
            hazards_careful(i, part);
            continue;
        }
        yes[6] |= vfm_of_masks(b.leader + i);
        for (int k = 0; k < 8; k++) {
            store_wide(HAZARDS[k] + i, yes[k]);
        }
    }
}

static void follow(void)
{
    for (int i = 0; i < n; i += VL) {
        Vm sea = vm_load(s.sea + i), cyber = vm_load(s.cyber + i), plant = vm_load(s.plant + i);
        Vm spill = vm_load(s.spill + i), coup = vm_load(s.coup + i), mutiny = vm_load(s.mutiny + i);
        vd_store(b.infra + i,
                 0.97 * V(b.infra, i) + one_where(cyber, 0.06) + one_where(plant, 0.1));
        Vd polW = V(b.polW, i) + one_where(spill, 0.03) + one_where(plant, 0.02);
        vd_store(b.polW + i, polW);
        Vd goal = V(b.aidcap, i) * V(b.aidL, i) * polW; // a quarter of a third is in aidcap
        Vd aid = 0.75 * V(b.aid, i) + goal - one_where(vm_load(s.delay + i), 0.05);
        vd_store(b.aid + i, vd_greater(aid, vd_all(0.0)));
        Vd ninety = vd_all(0.9), one = vd_all(1.0);
        vd_store(b.FA + i, V(b.FA, i) * vd_sel(mutiny, ninety, one));
        vd_store(b.FB + i, V(b.FB, i) * vd_sel(coup, ninety, one));
        vm_store(b.coup + i, vm_load(b.coup + i) | coup);
        vm_store(b.mutiny + i, vm_load(b.mutiny + i) | mutiny);
        Vd tens = 0.92 * V(b.tens, i) + 0.012 * V(b.ladder, i) + one_where(spill, 0.15) +
                  one_where(sea, 0.05) + 0.006 * vd_abs(V(s.dx, i));
        vd_store(b.tens + i, within(tens, 0.0, 2.0));
    }
}

static const double PM[3] = {1.0, 1.25, 0.6};

static __attribute__((noinline)) void postures_careful(int from, int part)
{
    for (int i = from; i < from + FL; i++) {
        const double zA[3] = {0.0, Z_ATTACK_A(i, D), Z_PAUSE_A(i, D)};
        const double zB[3] = {0.0, Z_ATTACK_B(i, D), Z_PAUSE_B(i, D)};
        b.pmA[i] = PM[choose(uniform_of(words[S_POS_A][part][i]), zA, 3)];
        b.pmB[i] = PM[choose(uniform_of(words[S_POS_B][part][i]), zB, 3)];
    }
}

INLINE void store_posture(double *pm, int i, Posture chosen)
{
    double some[FL] __attribute__((aligned(64))), third[FL] __attribute__((aligned(64)));
    store_wide(some, chosen.some);
    store_wide(third, chosen.third);
    for (int j = 0; j < FL; j += VL) {
        Vd move = vd_sel(vm_load(third + j), vd_all(PM[2]), vd_all(PM[1]));
        vd_store(pm + i + j, vd_sel(vm_load(some + j), move, vd_all(PM[0])));
    }
}

static void postures(int part)
{
    for (int i = 0; i < n; i += FL) {
        Pf e;
        e.v[0] = ROUGH(Z_ATTACK_A(j, V));
        e.v[1] = ROUGH(Z_PAUSE_A(j, V));
        e.v[2] = ROUGH(Z_ATTACK_B(j, V));
        e.v[3] = ROUGH(Z_PAUSE_B(j, V));
        e = pf_exp2_rough(e, 4);
        Vfm sure = (Vfm)vf_all(0.0f) == 0;
        Posture A = look_posture(e.v[0], e.v[1], vfu_load(words[S_POS_A][part] + i), &sure);
        Posture B = look_posture(e.v[2], e.v[3], vfu_load(words[S_POS_B][part] + i), &sure);
        if (__builtin_expect(vfm_bits(sure) != (1u << FL) - 1, 0)) {
            postures_careful(i, part);
            continue;
        }
        store_posture(b.pmA, i, A);
        store_posture(b.pmB, i, B);
    }
}

static void help(const uint32_t *word)
{
    for (int i = 0; i < n; i += FL) {
        Pf e;
        e.v[0] = ROUGH(Z_AID1(j, V));
        e.v[1] = ROUGH(Z_AID2(j, V));
        e.v[2] = ROUGH(Z_AID3(j, V));
        e = pf_exp2_rough(e, 3);
        Vf below[3] = {vf_all(1.0f)};
        below[1] = below[0] + e.v[0];
        below[2] = below[1] + e.v[1];
        Vf total = below[2] + e.v[2];
        Vf draw = (vf_of_half_word(vfu_load(word + i)) + 0.5f) * (total * 0x1p-31f);
        Vfm level = (Vfm)vf_all(0.0f), sure = level == 0;
        for (int k = 0; k < 3; k++) {
            Vf over = draw - below[k];
            level -= (Vfm)(over > 0.0f);
            sure &= (Vfm)(vf_abs(over) > total * 0x1p-13f);
        }
        vfm_store_as_doubles(b.aidL + i, level);
        for (uint32_t unsure = vfm_bits(~sure); unsure != 0; unsure &= unsure - 1) {
            int j = i + __builtin_ctz(unsure);
            const double z[4] = {0.0, Z_AID1(j, D), Z_AID2(j, D), Z_AID3(j, D)};
            b.aidL[j] = choose(uniform_of(word[j]), z, 4);
        }
    }
}

// Lanes where a mask is set, among the living.
INLINE int gather_bits(uint32_t bits, int i, int count)
{
    for (; bits != 0; bits &= bits - 1) {
        index_of[count++] = i + __builtin_ctz(bits);
    }
    return count;
}

static void mobilise(int t)
{
    int count = 0;
    for (int i = 0; i < n; i += VL) {
        Vm may = (Vm)(V(b.FB, i) < 88.0) & (Vm)(V(b.polB, i) > 0.3) & ~vm_load(b.mobB + i);
        count = gather_bits(vm_bits(may & vm_load(alive + i)), i, count);
    }
    for (int k = 0; k < count; k++) {
        int i = index_of[k];
        double z = -2.5 + 2.0 * b.polB[i] - 0.02 * b.x[i] + 0.01 * b.casB[i];
        if (choose(rare_uniform(i, t, S_MOBILISE), (double[]){0.0, z}, 2)) {
            set_mask(b.mobB, i, true);
            b.RB[i] += 20.0;
            b.polB[i] -= 0.08;
        }
    }
}

static void enter(int t)
{
    int count = 0;
    for (int i = 0; i < n; i += VL) {
        Vm may = (vm_load(s.spill + i) | (Vm)(V(b.x, i) < -55.0)) & ~vm_load(b.nato + i);
        count = gather_bits(vm_bits(may & vm_load(alive + i)), i, count);
    }
    for (int k = 0; k < count; k++) {
        int i = index_of[k];
        const double z[3] = {0.0, -1.5 + 0.8 * b.hawk[i] + b.polW[i],
                             -4.5 + 1.2 * b.hawk[i] + 2.5 * b.polW[i] - 0.3 * b.ladder[i] -
                                 0.02 * b.x[i]};
        int c = choose(rare_uniform(i, t, S_NATO), z, 3);
        if (c == 2) {
            set_mask(b.nato, i, true);
            b.FA[i] += 25.0;
        }
        b.ladder[i] = m_min(b.ladder[i] + c, 7.0);
        b.tens[i] += 0.2 * c;
    }
}

static void go_nuclear(int t)
{
    int count = 0;
    for (int i = 0; i < n; i += VL) {
        Vm may = (Vm)(V(b.ladder, i) >= 6.0) & (vm_load(b.nato + i) | (Vm)(V(b.x, i) > 30.0)) &
                 (Vm)(V(b.tens, i) > 0.4 + 0.4 * V(b.nthr, i));
        count = gather_bits(vm_bits(may & vm_load(alive + i)), i, count);
    }
    for (int k = 0; k < count; k++) {
        int i = index_of[k];
        const double z[4] = {0.0, -2.0 + 0.01 * b.x[i] + b.tens[i],
                             -5.0 + 0.02 * b.x[i] + b.tens[i] - b.nthr[i], -8.0 + b.tens[i]};
        int c = choose(rare_uniform(i, t, S_NUCLEAR), z, 4);
        if (c >= 2) {
            set_mask(b.nuked, i, true);
        }
        b.tens[i] += 0.3 * c;
    }
}

static __attribute__((noinline)) void ceasefire_careful(int from, int part)
{
    for (int i = from; i < from + FL; i++) {
        double z = Z_CF(b.polA[i], b.polB[i], b.ladder[i]);
        set_mask(s.cf, i, fires(z, words[S_CF][part][i]));
    }
}

// The ladder, the ceasefire, and who stops.
static void close_week(int part)
{
    for (int i = 0; i < n; i += VL) {
        Vd tens = V(b.tens, i), ladder = V(b.ladder, i);
        Vd w = vd_of_word(vu_of_words(vw_load(words[S_LADDER][part] + i)));
        Vm hot = vm_load(s.spill + i) | vm_load(s.sea + i) | (Vm)(tens > 0.35 + 0.1 * ladder);
        Vm up = hot & (Vm)(w < 0.35 * 0x1p32 - 0.5);
        Vm down = (Vm)(tens < 0.15 + 0.05 * ladder) & (Vm)(w > 0.75 * 0x1p32 - 0.5);
        vd_store(b.ladder + i,
                 within(ladder + one_where(up, 1.0) - one_where(down, 1.0), 0.0, 7.0));
    }
    for (int i = 0; i < n; i += FL) {
        Pf e;
        e.v[0] = ROUGH(-Z_CF(V(b.polA, j), V(b.polB, j), V(b.ladder, j)));
        Vfm sure = (Vfm)vf_all(0.0f) == 0;
        Vfm yes = look_trial(pf_exp2_rough(e, 1).v[0], vfu_load(words[S_CF][part] + i), &sure);
        store_wide(s.cf + i, yes);
        if (__builtin_expect(vfm_bits(sure) != (1u << FL) - 1, 0)) {
            ceasefire_careful(i, part);
        }
    }
    for (int i = 0; i < n; i += VL) {
        Vm ends = vm_load(s.cf + i) | vm_load(b.nuked + i) | (Vm)(V(b.FA, i) < 8.0) |
                  (Vm)(V(b.FB, i) < 8.0);
        vm_store(s.stop + i, ends & vm_load(alive + i));
    }
}

// Statistics

static const double *const TOLD[SERIES] = {b.x, b.FA, b.polW, b.tens};

INLINE void take(int t, const bool some_dead)
{
    for (int v = 0; v < SERIES; v++) {
        const double low = LOW[v], scale = BINS / (HIGH[v] - LOW[v]);
        uint32_t *count = counts[t][v];
        Vd sum = vd_all(0.0);
        for (int i = 0; i < n; i += VL) {
            Vd x = V(TOLD[v], i);
            Vd at = vd_greater(vd_smaller((x - low) * scale, vd_all(BINS - 1)), vd_all(0.0));
            if (some_dead) {
                x = (Vd)((Vm)x & vm_load(alive + i));
                at = vd_sel(vm_load(alive + i), at, vd_all(BINS));
            }
            sum = sum + x;
            int32_t bin[VL] __attribute__((aligned(VL * 4)));
            *(Vw *)(void *)bin =
                (Vw) __builtin_convertvector(at, int32_t __attribute__((vector_size(VL * 4))));
            for (int j = 0; j < VL; j++) {
                count[bin[j]]++;
            }
        }
        for (int j = 0; j < VL; j++) {
            sums[t][v] += sum[j];
        }
    }
}

static void finish(int i, int t)
{
    const int yes[SHARES] = {is_set(s.cf, i),   is_set(b.nato, i), is_set(b.nuked, i),
                             is_set(b.coup, i), b.x[i] > 0.0,      is_set(b.mobB, i)};
    const double told[SERIES] = {b.x[i], b.FA[i], b.polW[i], b.tens[i]};
    const double ends[KEPT] = {b.casB[i], b.x[i], b.FA[i], b.aid[i]};
    tally_end(t, yes, told, ends);
    set_mask(alive, i, false);
    n_dead++;
}

static void end_futures(int t, const double *mask)
{
    int count = 0;
    for (int i = 0; i < n; i += VL) {
        count = gather_bits(vm_bits(vm_load(mask + i)), i, count);
    }
    for (int k = 0; k < count; k++) {
        finish(index_of[k], t);
    }
}

// The living close ranks: the last fill the gaps.
static void sweep(void)
{
    int from[LANES], to[LANES], moves = 0, last = real - 1;
    int living = real - n_dead;
    for (int i = 0; i < living; i++) {
        if (!is_set(alive, i)) {
            while (!is_set(alive, last)) {
                last--;
            }
            from[moves] = last--;
            to[moves++] = i;
        }
    }
    Column *columns = (Column *)(void *)&b;
    for (int c = 0; c < N_MOVED; c++) {
        for (int k = 0; k < moves; k++) {
            columns[c][to[k]] = columns[c][from[k]];
        }
    }
    for (int k = 0; k < moves; k++) {
        id[to[k]] = id[from[k]];
    }
    real = living;
    n = (living + 7) & ~7;
    n_dead = 0;
    for (int i = 0; i < n; i++) {
        set_mask(alive, i, i < living);
    }
}

// A block, from the priors to the last week

static void set_column(double *column, double value)
{
    for (int i = 0; i < n; i++) {
        column[i] = value;
    }
}

static void draw_world(void)
{
    Words w[4];
    Column d[PRIORS];
    for (int k = 0; k < PRIORS; k++) {
        if (k % 4 == 0) {
            draw_words((uint32_t)(1000 + k), 1u << 30, w);
        }
        if (k < PRIORS - 1) {
            through_patched(priors[k], w[k % 4], d[k]);
            continue;
        }
        for (int i = 0; i < n; i++) {
            double u = uniform_of(w[k % 4][i]);
            d[k][i] = u < 0.5 ? 0.0 : u < 0.8 ? 1.0 : 2.0;
        }
    }
    for (int i = 0; i < n; i++) {
        b.effA[i] = d[0][i];
        b.effB[i] = d[1][i];
        b.grow_supA[i] = 0.07 * d[2][i];
        b.econB[i] = d[3][i];
        b.econ_pull[i] = 0.03 * d[3][i];
        b.hawk[i] = d[4][i];
        b.polW_pull[i] = 0.024 + 0.004 * d[4][i];
        b.polA[i] = d[5][i];
        b.restA[i] = 0.04 * (d[5][i] + 0.2);
        b.pol_pullA[i] = 0.05 * d[5][i];
        b.polB[i] = d[6][i];
        b.restB[i] = 0.04 * (d[6][i] + 0.15);
        b.pol_pullB[i] = 0.05 * d[6][i];
        b.cover[i] = 1.0 - 0.35 * d[7][i];
        b.pull[i] = 0.008 * d[7][i];
        b.nthr[i] = d[8][i];
        b.aidcap[i] = d[9][i] * (0.25 / 3.0);
        b.grow_supB[i] = 0.085 * d[10][i];
        b.attackA[i] = -0.8 + 0.15 * d[4][i];
        b.pauseA[i] = -1.5 + 0.2 * d[11][i];
        b.attackB[i] = -0.5 + 0.25 * d[11][i];
    }
}

static void start_block(uint32_t first, int futures)
{
    real = futures;
    n = (futures + 7) & ~7;
    n_dead = 0;
    for (int i = 0; i < n; i++) {
        id[i] = first + (uint32_t)i;
        set_mask(alive, i, i < real);
    }
    memset(&b, 0, sizeof b);
    draw_world();
    const struct {
        double *column, value;
    } STARTS[] = {{b.FA, 80},    {b.FB, 100},   {b.RA, 40},   {b.RB, 40},
                  {b.SA, 0.8},   {b.SB, 0.9},   {b.mA, 0.9},  {b.mB, 0.8},
                  {b.polW, 0.6}, {b.sanc, 0.2}, {b.aid, 0.3}, {b.tens, 0.2},
                  {b.pmA, 1},    {b.pmB, 1.25}, {b.aidL, 1},  {b.ladder, 2}};
    for (size_t k = 0; k < sizeof STARTS / sizeof STARTS[0]; k++) {
        set_column(STARTS[k].column, STARTS[k].value);
    }
}

static bool week(int t)
{
    const int part = t & 3;
    if (part == 0) {
        for (uint32_t k = 0; k < N_CACHED; k++) {
            draw_words(k, (uint32_t)t >> 2, words[k]);
        }
        if ((t & 15) == 0) {
            draw_words(S_AID, (uint32_t)t >> 4, aid_words);
        }
    }
    for (int k = 0; k < 5; k++) {
        through_table(normals, words[S_NORMAL + k][part], s.normal[k]);
    }
    powers();
    fight();
    drift();
    hazards(part);
    follow();
    postures(part);
    if (part == 0) {
        help(aid_words[t >> 2 & 3]);
    }
    mobilise(t);
    enter(t);
    go_nuclear(t);
    close_week(part);
    if (n_dead > 0 || real < n) {
        take(t, true);
    } else {
        take(t, false);
    }
    end_futures(t + 1, s.stop);
    return n_dead < real;
}

static void play(uint32_t first, int futures)
{
    start_block(first, futures);
    for (int t = 0; t < STEPS; t++) {
        if (!week(t)) {
            return;
        }
        // Words are those of lanes as they stand: aid's last for sixteen weeks.
        if ((t & 3) == 3 && n_dead * 8 > real && t < STEPS - 1) {
            sweep();
            if ((t & 15) != 15) {
                draw_words(S_AID, (uint32_t)t >> 4, aid_words);
            }
        }
    }
    end_futures(STEPS, alive);
}

// Tables of the priors

typedef struct {
    DistKind kind;
    double params[DIST_MAX_PARAMS];
} Prior;

static double prior_quantile(const void *ctx, double u, double v)
{
    const Prior *prior = ctx;
    return dist_quantile(prior->kind, prior->params, u, v);
}

static void build_tables(Arena *arena)
{
    const Prior PRIOR[PRIORS - 1] = {
        {DIST_LOGNORMAL, {m_log(0.011), 0.30}},
        {DIST_LOGNORMAL, {m_log(0.012), 0.30}},
        {DIST_LOGNORMAL, {0.0, 0.2}},
        {DIST_NORMAL, {1.0, 0.12}},
        {DIST_NORMAL, {0.0, 1.0}},
        {DIST_BETA, {4.0, 2.0}},
        {DIST_BETA, {5.0, 2.0}},
        {DIST_BETA, {2.0, 3.0}},
        {DIST_BETA, {6.0, 3.0}},
        {DIST_TRIANGULAR, {0.2, 0.5, 1.2}},
        {DIST_TRIANGULAR, {0.5, 0.9, 1.4}},
    };
    normals = qtable_normal(arena);
    for (int i = 0; i < PRIORS - 1; i++) {
        priors[i] = qtable_build(arena, prior_quantile, &PRIOR[i]);
    }
}

int main(int argc, char **argv)
{
    int futures = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 100000;
    seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    for (int i = 0; i < KEPT; i++) {
        kept[i] = malloc((size_t)futures * sizeof(double));
    }
    struct timespec from, to;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    Arena *arena = arena_new(0);
    build_tables(arena);
    for (int first = 0; first < futures; first += LANES) {
        play((uint32_t)first, futures - first < LANES ? futures - first : LANES);
    }
    thaw();
    tell(futures);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    double ns = (double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec);
    fprintf(stderr, "%.1f ns a future-step\n", ns / futures / STEPS);
    arena_free(arena);
    return 0;
}
