// SPDX-License-Identifier: MIT
//
// Correlated params, drawn: ranks over many worlds, distributions that stay as they are, and the
// bits of what is not correlated.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/reference.h"
#include "lang/check.h"
#include "lower/lower.h"
#include "math/elementary.h"

enum { WORLDS = 65536 };

#define PARAMS                                                                                     \
    "model \"t\"\n"                                                                                \
    "  time daily from 2024-01-01 to 2024-01-03\n"                                                 \
    "actor POL\nactor FRA\nactor USA\nset allies = POL, FRA, USA\n"                                \
    "param a : number ~ 1 to 3\n"                                                                  \
    "param b : number ~ low 0 mode 1 high 5\n"                                                     \
    "param c : number ~ 0 up to 1\n"                                                               \
    "param d : number ~ normal(a, c)\n"                                                            \
    "param fear[allies] : number ~ 1 to 3\n"                                                       \
    "state x : number = 0\n"                                                                       \
    "each step\n"                                                                                  \
    "  x = a + b + c + d\n"

typedef struct {
    Arena *arena;
    Program *program;
    Reference *ref;
} Drawn;

// The view of that name (the base when empty) of a text.
static Drawn lowered(const char *text, const char *view)
{
    Drawn d = {.arena = arena_new(0)};
    DiagList diags = {.arena = d.arena};
    Model *model;
    Error error = {0};
    LoadOptions options = {0};
    if (lang_load_text(d.arena, &diags, STR("t"), str_of(text), &options, &model, &error) !=
        ST_OK) {
        fail_msg("%.*s", STR_ARG(diags.diags.p[0].text));
    }
    const View *v = view[0] ? model_view(model, str_of(view)) : model->views[0];
    Status status = lower_view(d.arena, model, v, (LowerOptions){0}, &d.program, &error);
    assert_int_equal(status, ST_OK);
    d.ref = reference_new(d.program, 7);
    return d;
}

static void done(Drawn *d)
{
    reference_free(d->ref);
    arena_free(d->arena);
}

static const Unknown *unknown(const Drawn *d, const char *name)
{
    for (int32_t i = 0; i < d->program->n_unknowns; i++) {
        if (str_eq(d->program->unknowns[i].name, str_of(name))) {
            return &d->program->unknowns[i];
        }
    }
    fail_msg("no unknown %s", name);
    return NULL;
}

// Values (or ranks in the distribution) of an unknown, one a world.
static double *values(Drawn *d, const char *name, bool ranks, int32_t n)
{
    const Unknown *u = unknown(d, name);
    double *out = ARENA_ARRAY(d->arena, double, n);
    for (int32_t w = 0; w < n; w++) {
        reference_run(d->ref, (uint32_t)w, 0, NULL);
        out[w] = reference_world_col(d->ref, ranks ? u->world_col : u->value_col);
    }
    return out;
}

static const double *sorted_by;

static int by_value(const void *a, const void *b)
{
    double x = sorted_by[*(const int32_t *)a], y = sorted_by[*(const int32_t *)b];
    return (x > y) - (x < y);
}

static double *ranks_of(Arena *arena, const double *v, int32_t n)
{
    int32_t *order = ARENA_ARRAY(arena, int32_t, n);
    double *rank = ARENA_ARRAY(arena, double, n);
    for (int32_t i = 0; i < n; i++) {
        order[i] = i;
    }
    sorted_by = v;
    qsort(order, (size_t)n, sizeof *order, by_value);
    for (int32_t i = 0; i < n; i++) {
        rank[order[i]] = i;
    }
    return rank;
}

// Spearman's: 1 - 6 sum d^2 / (n^3 - n).
static double rank_correlation(Arena *arena, const double *x, const double *y, int32_t n)
{
    const double *p = ranks_of(arena, x, n), *q = ranks_of(arena, y, n);
    double sum = 0, many = n;
    for (int32_t i = 0; i < n; i++) {
        sum += (p[i] - q[i]) * (p[i] - q[i]);
    }
    return 1 - 6 * sum / (many * many * many - many);
}

// The error of a rank correlation near 0.6 is below 1/sqrt(n) (it is 0.8/sqrt(n) there, less for
// stronger ones): 4.5 of it, so that a right program fails for one seed in 150,000.
static void expect_rank(Drawn *d, const char *x, const char *y, double want)
{
    double got = rank_correlation(d->arena, values(d, x, false, WORLDS),
                                  values(d, y, false, WORLDS), WORLDS);
    if (!(m_abs(got - want) <= 4.5 / m_sqrt(WORLDS))) {
        fail_msg("%s and %s by %.5f, not %.5f", x, y, got, want);
    }
}

static void test_ranks_of_many_worlds_correlate_as_stated(void **state)
{
    (void)state;
    Drawn d = lowered(PARAMS "correlate a, b 0.6\ncorrelate fear -0.4\ncorrelate b, c -0.5\n", "");
    expect_rank(&d, "a", "b", 0.6);
    expect_rank(&d, "b", "c", -0.5);
    expect_rank(&d, "a", "c", 0);
    expect_rank(&d, "fear[POL]", "fear[FRA]", -0.4);
    expect_rank(&d, "fear[FRA]", "fear[USA]", -0.4);
    done(&d);
}

// The share below the known 5 %, 50 % and 95 % points, within 4.5 errors; and the rank that is told
// is that of the value.
static void test_each_keeps_its_distribution(void **state)
{
    (void)state;
    Drawn d = lowered(PARAMS "correlate a, b 0.6\ncorrelate a, c -0.5\n", "");
    static const double POINTS[] = {0.05, 0.5, 0.95};
    double *c = values(&d, "c", false, WORLDS), *rank = values(&d, "c", true, WORLDS);
    double *b_rank = values(&d, "b", true, WORLDS);
    for (int p = 0; p < 3; p++) {
        int32_t below = 0, below_b = 0;
        double q = POINTS[p];
        for (int32_t i = 0; i < WORLDS; i++) {
            below += c[i] < q;
            below_b += b_rank[i] < q;
            assert_true(c[i] == rank[i]);
        }
        double error = 4.5 * m_sqrt(q * (1 - q) / WORLDS);
        assert_true(m_abs((double)below / WORLDS - q) <= error);
        assert_true(m_abs((double)below_b / WORLDS - q) <= error);
    }
    done(&d);
}

static void expect_same(Drawn *x, Drawn *y, const char *name, bool same)
{
    enum { FEW = 200 };
    const double *p = values(x, name, false, FEW), *q = values(y, name, false, FEW);
    int32_t equal = 0;
    for (int32_t i = 0; i < FEW; i++) {
        equal += p[i] == q[i];
    }
    if (equal != (same ? FEW : 0)) {
        fail_msg("%s: %d of %d worlds alike", name, (int)equal, FEW);
    }
}

// The later of two follows the earlier; neither the earlier nor anything else moves by a bit. In a
// story that fixes the earlier the later stays as it was in the base.
static void test_what_is_not_correlated_keeps_its_bits(void **state)
{
    (void)state;
    Drawn plain = lowered(PARAMS, "");
    static const char TEXT[] = PARAMS "correlate b, a 0.6\n"
                                      "variant fixed\n  a = 2\n"
                                      "variant other\n  correlate a, b -0.6\n"
                                      "variant more\n  correlate fear 0.3\n";
    Drawn base = lowered(TEXT, "");
    Drawn fixed = lowered(TEXT, "fixed"), other = lowered(TEXT, "other");
    Drawn more = lowered(TEXT, "more");
    static const char *const STAY[] = {"a", "c", "d", "fear[POL]", "fear[FRA]", "fear[USA]"};
    for (size_t i = 0; i < sizeof STAY / sizeof STAY[0]; i++) {
        expect_same(&plain, &base, STAY[i], true);
        expect_same(&base, &other, STAY[i], true);
    }
    expect_same(&plain, &base, "b", false);
    expect_same(&base, &fixed, "b", true);
    expect_same(&base, &other, "b", false);
    expect_same(&base, &more, "b", true);
    expect_same(&base, &more, "fear[POL]", true);
    expect_same(&base, &more, "fear[FRA]", false);
    expect_rank(&other, "a", "b", -0.6);
    Drawn *all[] = {&plain, &base, &fixed, &other, &more};
    for (size_t i = 0; i < 5; i++) {
        done(all[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranks_of_many_worlds_correlate_as_stated),
        cmocka_unit_test(test_each_keeps_its_distribution),
        cmocka_unit_test(test_what_is_not_correlated_keeps_its_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
