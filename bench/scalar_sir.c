// SPDX-License-Identifier: MIT
//
// The epidemic of bench/sir.casus written for it in plain C, as a good engineer would: one future
// at a time, xoshiro256++ (Blackman and Vigna 2019), binomials by inversion where few are expected
// and by BTRS beyond (Hormann 1993, "The generation of binomial random variates"), what stays the
// same computed once, an early end when nobody is ill, counts kept in histograms.
//
//   scalar_sir [futures] [seed]      prints the answers; ns a future-step on stderr
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { STEPS = 400, N = 1000, SEEDED = 10, LOOK_DAY = 200, MANY = 150 };
#define BETA  0.1
#define GAMMA 0.05

typedef struct {
    uint64_t s[4];
} Rng;

static inline uint64_t rotl(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

static inline uint64_t next_u64(Rng *r)
{
    uint64_t result = rotl(r->s[0] + r->s[3], 23) + r->s[0];
    uint64_t t = r->s[1] << 17;
    r->s[2] ^= r->s[0];
    r->s[3] ^= r->s[1];
    r->s[1] ^= r->s[2];
    r->s[0] ^= r->s[3];
    r->s[2] ^= t;
    r->s[3] = rotl(r->s[3], 45);
    return result;
}

static Rng seeded(uint64_t seed)
{
    Rng r;
    for (int i = 0; i < 4; i++) { // splitmix64
        uint64_t z = seed += 0x9e3779b97f4a7c15u;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
        z = (z ^ z >> 27) * 0x94d049bb133111ebu;
        r.s[i] = z ^ z >> 31;
    }
    return r;
}

static inline double uniform(Rng *r)
{
    return (double)(next_u64(r) >> 11) * 0x1p-53;
}

// From 0 up; q0 is P(X = 0), odds p / (1 - p).
static int by_inversion(Rng *r, int n, double odds, double q0)
{
    double u = uniform(r);
    double chance = q0;
    double a = (n + 1) * odds;
    int k = 0;
    while (u > chance && k < n) {
        u -= chance;
        k++;
        chance *= a / k - odds;
    }
    return k;
}

// What Stirling's formula for ln k! leaves out.
static double stirling_tail(double k)
{
    static const double TAIL[] = {
        0.08106146679532726,  0.041340695955409294, 0.02767792568499834,  0.020790672103765093,
        0.016644691189821193, 0.013876128823070747, 0.011896709945891770, 0.010411265261972096,
        0.009255462182712733, 0.008330563433362871,
    };
    if (k < 10) {
        return TAIL[(int)k];
    }
    double next = k + 1;
    return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / (next * next)) / (next * next)) / next;
}

static int by_rejection(Rng *r, int trials, double p)
{
    double n = trials;
    double odds = p / (1 - p);
    double sd = sqrt(n * p * (1 - p));
    double b = 1.15 + 2.53 * sd;
    double a = -0.0873 + 0.0248 * b + 0.01 * p;
    double c = n * p + 0.5;
    double squeeze = 0.92 - 4.2 / b;
    double alpha = (2.83 + 5.1 / b) * sd;
    double mode = floor((n + 1) * p);
    for (;;) {
        double u = uniform(r) - 0.5;
        double v = uniform(r);
        double us = 0.5 - fabs(u);
        double k = floor((2 * a / us + b) * u + c);
        if (us >= 0.07 && v <= squeeze) {
            return (int)k;
        }
        if (k < 0 || k > n) {
            continue;
        }
        v = log(v * alpha / (a / (us * us) + b));
        double bound = (mode + 0.5) * log((mode + 1) / (odds * (n - mode + 1))) +
                       (n + 1) * log((n - mode + 1) / (n - k + 1)) +
                       (k + 0.5) * log(odds * (n - k + 1) / (k + 1)) + stirling_tail(mode) +
                       stirling_tail(n - mode) - stirling_tail(k) - stirling_tail(n - k);
        if (v <= bound) {
            return (int)k;
        }
    }
}

// p at most 1/2 here; log_q is ln(1 - p), which both callers know.
static int binomial(Rng *r, int n, double p, double log_q)
{
    if (n == 0 || p == 0) {
        return 0;
    }
    return n * p < 10 ? by_inversion(r, n, p / (1 - p), exp(n * log_q)) : by_rejection(r, n, p);
}

typedef struct {
    int64_t infected[N + 1], on_day[N + 1], heavy;
} Counts;

static void play(Rng *r, double cure, Counts *counts)
{
    int susceptible = N - SEEDED;
    int cases = SEEDED;
    int most = cases;
    int then = 0;
    for (int step = 0; step < STEPS; step++) {
        double log_q = -BETA * cases / N;
        int caught = binomial(r, susceptible, 1 - exp(log_q), log_q);
        int cured = binomial(r, cases, cure, -GAMMA);
        susceptible -= caught;
        cases += caught - cured;
        most = cases > most ? cases : most;
        if (step == LOOK_DAY - 1) {
            then = cases;
        }
        if (cases == 0) {
            break;
        }
    }
    counts->infected[N - susceptible]++;
    counts->on_day[then]++;
    counts->heavy += most >= MANY;
}

static int quantile(const int64_t *histogram, int64_t total, double share)
{
    int64_t below = 0;
    for (int k = 0; k <= N; k++) {
        below += histogram[k];
        if ((double)below >= share * (double)total) {
            return k;
        }
    }
    return N;
}

static void tell(const char *name, const int64_t *histogram, int64_t total)
{
    double sum = 0;
    for (int k = 0; k <= N; k++) {
        sum += (double)k * (double)histogram[k];
    }
    printf("%s %.6g %d %d %d\n", name, sum / (double)total, quantile(histogram, total, 0.05),
           quantile(histogram, total, 0.5), quantile(histogram, total, 0.95));
}

int main(int argc, char **argv)
{
    int64_t futures = argc > 1 ? (int64_t)strtod(argv[1], NULL) : 100000;
    Rng r = seeded(argc > 2 ? strtoull(argv[2], NULL, 10) : 1);
    static Counts counts;
    clock_t start = clock();
    const double cure = 1 - exp(-GAMMA);
    for (int64_t i = 0; i < futures; i++) {
        play(&r, cure, &counts);
    }
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    int64_t few = 0;
    for (int k = 0; k < 100; k++) {
        few += counts.infected[k];
    }
    tell("infected", counts.infected, futures); // mean; 5, 50, 95 %
    tell("lasts", counts.on_day, futures);
    printf("fades %.6g\n", (double)few / (double)futures);
    printf("heavy %.6g\n", (double)counts.heavy / (double)futures);
    fprintf(stderr, "%.2f ns a step\n", seconds * 1e9 / ((double)futures * STEPS));
    return 0;
}
