// SPDX-License-Identifier: MIT
//
// Measuring against reference tables: a table row holds arguments, the nearest double of the exact
// value, and what the exact value lies above it.
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "math/bits.h"

#define REFERENCE_NAN __builtin_nan("")
#define REFERENCE_INF __builtin_inf()
#define ROWS(table)   (sizeof(table) / sizeof((table)[0]))

// Distance of neighbouring doubles at y (normal).
static inline double reference_ulp(double y)
{
    double up = double_of(bits_of(y) + 1);
    return up > y ? up - y : y - up;
}

static inline double reference_abs(double x)
{
    return x < 0 ? -x : x;
}

// Error of `got` in units of the last place of the exact value nearest + rest.
static inline double error_in_ulps(double got, double nearest, double rest)
{
    if (bits_of(got) == bits_of(nearest) && rest == 0.0) {
        return 0.0;
    }
    return reference_abs((got - nearest) - rest) / reference_ulp(nearest);
}

static inline double error_relative(double got, double nearest, double rest)
{
    if (got == nearest && nearest == 0.0) {
        return 0.0;
    }
    return reference_abs(((got - nearest) - rest) / nearest);
}

// Keeps the worst error and says where it was, when a bound is broken.
typedef struct {
    double worst;
    double at[4];
    size_t n;
} Worst;

static inline void worst_note(Worst *w, double error, const double *args, int n_args)
{
    w->n++;
    if (!(error <= w->worst)) {
        w->worst = error;
        for (int i = 0; i < n_args; i++) {
            w->at[i] = args[i];
        }
    }
}

static inline void worst_assert(const Worst *w, double bound, const char *what)
{
    assert_true(w->n > 0);
    if (!(w->worst <= bound)) {
        fail_msg("%s: error %.3g above %.3g at (%.17g, %.17g, %.17g)", what, w->worst, bound,
                 w->at[0], w->at[1], w->at[2]);
    }
}
