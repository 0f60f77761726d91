// SPDX-License-Identifier: MIT
//
// The benchmark crisis as a good engineer writes it in plain C: one future at a time, xoshiro256++
// (Blackman and Vigna 2019), a ziggurat for normals (Marsaglia and Tsang 2000), the C library's
// mathematics, real branches, and an early end. What the model is: bench/crisis.casus says it too.
//
//   scalar_crisis [futures] [seed]      prints answers, and nanoseconds a future-step on stderr
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crisis_tally.h"

// Random numbers

static uint64_t rng[4];

static inline uint64_t rotl(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

static inline uint64_t next_u64(void)
{
    uint64_t result = rotl(rng[0] + rng[3], 23) + rng[0];
    uint64_t t = rng[1] << 17;
    rng[2] ^= rng[0];
    rng[3] ^= rng[1];
    rng[1] ^= rng[2];
    rng[0] ^= rng[3];
    rng[2] ^= t;
    rng[3] = rotl(rng[3], 45);
    return result;
}

static void seed_rng(uint64_t seed)
{
    for (int i = 0; i < 4; i++) {
        uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));
        z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
        rng[i] = z ^ (z >> 31);
    }
}

static inline double uniform(void)
{
    return (double)(next_u64() >> 11) * 0x1p-53;
}

// Ziggurat of 256 layers.
#define ZIG_R 3.6541528853610088
#define ZIG_V 0.00492867323399
static double zig_x[257], zig_ratio[256];

static void zig_make(void)
{
    double f = exp(-0.5 * ZIG_R * ZIG_R);
    zig_x[0] = ZIG_V / f;
    zig_x[1] = ZIG_R;
    for (int i = 2; i < 256; i++) {
        zig_x[i] = sqrt(-2.0 * log(ZIG_V / zig_x[i - 1] + f));
        f = exp(-0.5 * zig_x[i] * zig_x[i]);
    }
    zig_x[256] = 0.0;
    for (int i = 0; i < 256; i++) {
        zig_ratio[i] = zig_x[i + 1] / zig_x[i];
    }
}

static double zig_tail(int negative)
{
    double x, y;
    do {
        x = log(1.0 - uniform()) / ZIG_R;
        y = log(1.0 - uniform());
    } while (-2.0 * y < x * x);
    return negative ? x - ZIG_R : ZIG_R - x;
}

static inline double normal(void)
{
    for (;;) {
        uint64_t bits = next_u64();
        int i = (int)(bits & 255);
        double u = (double)(int64_t)(bits & ~UINT64_C(0x7ff)) * 0x1p-63;
        if (fabs(u) < zig_ratio[i]) {
            return u * zig_x[i];
        }
        if (i == 0) {
            return zig_tail(u < 0.0);
        }
        double x = u * zig_x[i];
        double f0 = exp(-0.5 * (zig_x[i] * zig_x[i] - x * x));
        double f1 = exp(-0.5 * (zig_x[i + 1] * zig_x[i + 1] - x * x));
        if (f1 + uniform() * (f0 - f1) < 1.0) {
            return x;
        }
    }
}

static double gamma_draw(double shape)
{
    double d = shape - 1.0 / 3.0;
    double c = 1.0 / sqrt(9.0 * d);
    for (;;) {
        double x = normal();
        double v = 1.0 + c * x;
        if (v <= 0.0) {
            continue;
        }
        v = v * v * v;
        if (log(1.0 - uniform()) < 0.5 * x * x + d - d * v + d * log(v)) {
            return d * v;
        }
    }
}

static double beta_draw(double a, double b)
{
    double x = gamma_draw(a);
    return x / (x + gamma_draw(b));
}

static double triangular(double low, double mode, double high)
{
    double u = uniform();
    double cut = (mode - low) / (high - low);
    return u < cut ? low + sqrt(u * (high - low) * (mode - low))
                   : high - sqrt((1.0 - u) * (high - low) * (high - mode));
}

// The model

static inline double clamp(double x, double lo, double hi)
{
    return x < lo ? lo : x > hi ? hi : x;
}

// The C library's fmin and fmax are calls, for the sake of NaN.
static inline double smaller(double a, double b)
{
    return a < b ? a : b;
}

static inline double larger(double a, double b)
{
    return a > b ? a : b;
}

static inline int fires(double z)
{
    return uniform() * (1.0 + exp(-z)) < 1.0;
}

static inline int choose2(double z)
{
    double e = exp(z);
    return uniform() * (1.0 + e) >= 1.0;
}

static inline int choose3(double z1, double z2)
{
    double e1 = exp(z1);
    double e2 = exp(z2);
    double u = uniform() * (1.0 + e1 + e2);
    return u < 1.0 ? 0 : u < 1.0 + e1 ? 1 : 2;
}

static inline int choose4(double z1, double z2, double z3)
{
    double e1 = exp(z1);
    double e2 = exp(z2);
    double e3 = exp(z3);
    double u = uniform() * (1.0 + e1 + e2 + e3);
    return u < 1.0 ? 0 : u < 1.0 + e1 ? 1 : u < 1.0 + e1 + e2 ? 2 : 3;
}

typedef struct {
    double effA, effB, supA, econ0, hawk, resA, resB, terr, nthr, aidcap, supB;
    int doct;
} World;

typedef struct {
    double FA, FB, RA, RB, SA, SB, x, mA, mB, polA, polB, polW, econB, sanc, aid, infra, tens;
    double casA, casB;
    int posA, posB, aidL, ladder;
    int mobB, nato, nuked, coup, leader, mutiny, cf;
} State;

static World draw_world(void)
{
    World w;
    w.effA = exp(log(.011) + .30 * normal());
    w.effB = exp(log(.012) + .30 * normal());
    w.supA = exp(.2 * normal());
    w.econ0 = 1.0 + .12 * normal();
    w.hawk = normal();
    w.resA = beta_draw(4, 2);
    w.resB = beta_draw(5, 2);
    w.terr = beta_draw(2, 3);
    w.nthr = beta_draw(6, 3);
    w.aidcap = triangular(.2, .5, 1.2);
    w.supB = triangular(.5, .9, 1.4);
    double u = uniform();
    w.doct = u < .5 ? 0 : u < .8 ? 1 : 2;
    return w;
}

static State start(const World *w)
{
    return (State){.FA = 80,
                   .FB = 100,
                   .RA = 40,
                   .RB = 40,
                   .SA = .8,
                   .SB = .9,
                   .mA = .9,
                   .mB = .8,
                   .polA = w->resA,
                   .polB = w->resB,
                   .polW = .6,
                   .econB = w->econ0,
                   .sanc = .2,
                   .aid = .3,
                   .tens = .2,
                   .posB = 1,
                   .aidL = 1,
                   .ladder = 2};
}

// One week. True when the future ends.
static int step(State *s, const World *w, int t)
{
    static const double PM[3] = {1.0, 1.25, .6};
    double pmA = PM[s->posA];
    double pmB = PM[s->posB];
    double sA = 1.0 - exp(-2.0 * s->SA);
    double sB = 1.0 - exp(-2.0 * s->SB);
    // Cheaper than pow, the forces being positive.
    double fireA = w->effA * pmA * sA * s->mA * exp(.85 * log(s->FA));
    double fireB = w->effB * pmB * sB * s->mB * exp(.85 * log(s->FB));
    double cover = 1.0 - .35 * w->terr;
    double lossA = smaller(fireB * (s->posA == 0 ? cover : 1.0), .15 * s->FA);
    double lossB = smaller(fireA * (s->posB == 0 ? cover : 1.0), .15 * s->FB);
    double rA = .012 * s->RA;
    double rB = .012 * s->RB * (s->mobB ? 1.8 : 1.0);
    s->FA += rA - lossA;
    s->FB += rB - lossB;
    s->RA += .05 - rA;
    s->RB += .06 - rB;
    s->casA += lossA;
    s->casB += lossB;
    s->SA =
        larger(s->SA + .07 * w->supA * (1.0 - .3 * s->infra) + .05 * s->aid - .1 * pmA * sA, 0.0);
    s->SB = larger(s->SB + .085 * w->supB * s->econB - .1 * pmB * sB, 0.0);
    double lr = log((s->FA * s->mA * sA + .5) / (s->FB * s->mB * sB + .5));
    double it = pmA + pmB - 1.0;
    double dx = 2.2 * lr * it - .008 * w->terr * s->x + (.5 + .8 * it) * normal();
    s->x = clamp(s->x + dx, -100.0, 100.0);
    s->mA = clamp(s->mA + .04 * (w->resA + .2 - s->mA) - .6 * lossA / s->FA + .002 * dx, .05, 1.2);
    s->mB = clamp(s->mB + .04 * (w->resB + .15 - s->mB) - .6 * lossB / s->FB - .002 * dx, .05, 1.2);
    s->polA =
        clamp(.95 * s->polA + .05 * w->resA - .010 * lossA + .003 * dx + .015 * normal(), 0, 1);
    s->polB =
        clamp(.95 * s->polB + .05 * w->resB - .008 * lossB - .003 * dx + .015 * normal(), 0, 1);
    s->polW = clamp(.024 + .96 * s->polW + .004 * w->hawk + .02 * normal(), 0, 1);
    s->econB = .97 * s->econB + .03 * w->econ0 - .0075 * s->sanc + .01 * normal();
    s->sanc = .98 * s->sanc + .02 * s->polW;

    int coup = fires(-9.5 + 4.0 * (1.0 - s->polB) + .03 * s->casB);
    int sea = fires(-3.5 + 1.5 * s->tens);
    int cyber = fires(-3.0 + .8 * s->tens + .3 * s->polW);
    int plant = fires(-6.5 + it + .5 * s->tens);
    int delay = fires(-1.0 - 2.5 * s->polW);
    int spill = fires(-5.8 + 1.6 * s->tens + .25 * s->ladder);
    int leader = fires(-7.0 + (1.0 - s->polB));
    int mutiny = fires(-7.5 + 5.0 * (.5 - s->mA));
    s->coup |= coup;
    s->leader |= leader;
    s->mutiny |= mutiny;
    s->infra = .97 * s->infra + .06 * cyber + .1 * plant;
    s->polW += .03 * spill + .02 * plant;
    s->aid =
        larger(s->aid + .25 * (w->aidcap * s->aidL / 3.0 * s->polW - s->aid) - .05 * delay, 0.0);
    if (mutiny) {
        s->FA *= .9;
    }
    if (coup) {
        s->FB *= .9;
    }
    s->tens = clamp(.92 * s->tens + .012 * s->ladder + .15 * spill + .05 * sea + .006 * fabs(dx),
                    0.0, 2.0);

    s->posA = choose3(-.8 + 1.2 * lr + .9 * s->SA + .5 * s->polA - .01 * s->x + .15 * w->hawk,
                      -1.5 - 1.4 * lr - s->mA + .008 * s->x + .2 * w->doct);
    s->posB = choose3(-.5 - 1.2 * lr + .9 * s->SB + .4 * s->polB + .01 * s->x + .25 * w->doct,
                      -1.6 + 1.4 * lr - s->mB - .008 * s->x);
    if (t % 4 == 0) {
        s->aidL = choose4(.8 + .5 * w->hawk - .4 * s->tens,
                          -.2 + 2.0 * s->polW + .5 * w->hawk - .5 * s->tens,
                          -1.8 + 3.2 * s->polW + .8 * w->hawk - .8 * s->tens - .01 * s->x);
    }
    if (s->FB < 88.0 && !s->mobB && s->polB > .3) {
        if (choose2(-2.5 + 2.0 * s->polB - .02 * s->x + .01 * s->casB)) {
            s->mobB = 1;
            s->RB += 20.0;
            s->polB -= .08;
        }
    }
    if ((spill || s->x < -55.0) && !s->nato) {
        int c = choose3(-1.5 + .8 * w->hawk + s->polW,
                        -4.5 + 1.2 * w->hawk + 2.5 * s->polW - .3 * s->ladder - .02 * s->x);
        if (c == 2) {
            s->nato = 1;
            s->FA += 25.0;
        }
        s->ladder = s->ladder + c < 7 ? s->ladder + c : 7;
        s->tens += .2 * c;
    }
    if (s->ladder >= 6 && (s->x > 30.0 || s->nato) && s->tens > .4 + .4 * w->nthr) {
        int c = choose4(-2.0 + .01 * s->x + s->tens, -5.0 + .02 * s->x + s->tens - w->nthr,
                        -8.0 + s->tens);
        s->nuked |= c >= 2;
        s->tens += .3 * c;
    }
    double u = uniform();
    int up = (spill || sea || s->tens > .35 + .1 * s->ladder) && u < .35;
    int down = s->tens < .15 + .05 * s->ladder && u > .75;
    s->ladder += up - down;
    s->ladder = s->ladder < 0 ? 0 : s->ladder > 7 ? 7 : s->ladder;
    s->cf = fires(-6.9 + 3.2 * (1.0 - s->polA) + 3.2 * (1.0 - s->polB) - .2 * s->ladder);
    return s->cf || s->nuked || s->FA < 8.0 || s->FB < 8.0;
}

// Statistics: see crisis_tally.h.

static void take(const State *s, int t)
{
    const double told[SERIES] = {s->x, s->FA, s->polW, s->tens};
    for (int i = 0; i < SERIES; i++) {
        sums[t][i] += told[i];
        counts[t][i][bin_of(i, told[i])]++;
    }
}

static void end(const State *s, int t)
{
    const int yes[SHARES] = {s->cf, s->nato, s->nuked, s->coup, s->x > 0.0, s->mobB};
    const double told[SERIES] = {s->x, s->FA, s->polW, s->tens};
    const double ends[KEPT] = {s->casB, s->x, s->FA, s->aid};
    tally_end(t, yes, told, ends);
}

int main(int argc, char **argv)
{
    int n = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 100000;
    seed_rng(argc > 2 ? strtoull(argv[2], NULL, 10) : 1);
    zig_make();
    for (int i = 0; i < KEPT; i++) {
        kept[i] = malloc((size_t)n * sizeof(double));
    }
    struct timespec from, to;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    for (int f = 0; f < n; f++) {
        World w = draw_world();
        State s = start(&w);
        int t = 0;
        int ended = 0;
        for (; t < STEPS && !ended; t++) {
            ended = step(&s, &w, t);
            take(&s, t);
        }
        end(&s, t);
    }
    thaw();
    tell(n);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    double ns = (double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec);
    fprintf(stderr, "%.1f ns a future-step\n", ns / n / STEPS);
    return 0;
}
