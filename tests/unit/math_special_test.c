// SPDX-License-Identifier: MIT
//
// Gamma, beta, normal and Student functions against 60-digit values; inverses by going there and
// back.
#include "math/special.h"

#include "../data/math_special.h"
#include "math/elementary.h"
#include "math_reference.h"

// Worst relative error of either tail, in the body (both tails above 1e-20) and beyond it.
typedef struct {
    Worst body, far;
} TailErrors;

// `cells` holds lower, its rest, upper, its rest.
static void tails_note(TailErrors *e, Tails got, const double *cells, const double *args, int n)
{
    double smaller = m_min(cells[0], cells[2]);
    double error = m_max(error_relative(got.lower, cells[0], cells[1]),
                         error_relative(got.upper, cells[2], cells[3]));
    worst_note(smaller > 1e-20 ? &e->body : &e->far, error, args, n);
}

static void test_lgamma_is_within_its_error(void **state)
{
    (void)state;
    Worst w = {0};
    for (size_t i = 0; i < ROWS(LGAMMA_TABLE); i++) {
        const double *row = LGAMMA_TABLE[i];
        double error = m_abs((special_lgamma(row[0]) - row[1]) - row[2]);
        worst_note(&w, error / (3e-16 + 1e-15 * m_abs(row[1])), row, 1);
    }
    worst_assert(&w, 1.0, "lgamma, in stated errors");
    Worst small = {0};
    for (size_t i = 0; i < ROWS(LGAMMA1P_TABLE); i++) {
        const double *row = LGAMMA1P_TABLE[i];
        double error = m_abs((special_lgamma1p(row[0]) - row[1]) - row[2]);
        worst_note(&small, error / (1e-15 * (m_abs(row[1]) + m_min(0.3, row[0]))), row, 1);
    }
    worst_assert(&small, 1.0, "lgamma1p, in stated errors");
    assert_true(special_lgamma(0.0) == MATH_INF);
    assert_true(special_lgamma(1.0) == 0.0 && special_lgamma(2.0) == 0.0);
    assert_true(m_is_nan(special_lgamma(-0.5)) && m_is_nan(special_lgamma(MATH_NAN)));
}

static void test_helpers_do_not_cancel(void **state)
{
    (void)state;
    Worst s = {0}, l = {0}, e = {0};
    for (size_t i = 0; i < ROWS(STIRLING_TABLE); i++) {
        const double *row = STIRLING_TABLE[i];
        worst_note(&s, m_abs(special_stirling_error(row[0]) - row[1]), row, 1);
    }
    worst_assert(&s, 1e-14, "Stirling error, absolute");
    for (size_t i = 0; i < ROWS(LOG1P_MINUS_TABLE); i++) {
        const double *row = LOG1P_MINUS_TABLE[i];
        worst_note(&l, error_relative(special_log1p_minus(row[0]), row[1], row[2]), row, 1);
    }
    worst_assert(&l, 2e-15, "ln(1+x)-x");
    for (size_t i = 0; i < ROWS(EXPM1_MINUS_TABLE); i++) {
        const double *row = EXPM1_MINUS_TABLE[i];
        worst_note(&e, error_relative(special_expm1_minus(row[0]), row[1], row[2]), row, 1);
    }
    worst_assert(&e, 2e-15, "exp(x)-1-x");
}

static void test_gamma_tails_are_within_their_error(void **state)
{
    (void)state;
    TailErrors e = {0};
    for (size_t i = 0; i < ROWS(GAMMA_TABLE); i++) {
        const double *row = GAMMA_TABLE[i];
        tails_note(&e, special_gamma(row[0], row[1]), row + 2, row, 2);
    }
    worst_assert(&e.body, 2e-14, "incomplete gamma");
    worst_assert(&e.far, 1e-12, "incomplete gamma, far tails");
}

static void test_beta_tails_are_within_their_error(void **state)
{
    (void)state;
    TailErrors e = {0};
    Worst tiny = {0};
    for (size_t i = 0; i < ROWS(BETA_TABLE); i++) {
        const double *row = BETA_TABLE[i];
        Tails got = special_beta(row[0], row[1], row[2], row[3]);
        if (m_min(row[0], row[1]) < 0.05) {
            // Nearly all lies at one end; what is left there is known to an absolute error only.
            worst_note(&tiny, m_abs((got.lower - row[4]) - row[5]), row, 3);
            worst_note(&tiny, m_abs((got.upper - row[6]) - row[7]), row, 3);
        } else {
            tails_note(&e, got, row + 4, row, 3);
        }
    }
    worst_assert(&tiny, 1e-14, "incomplete beta with a tiny shape, absolute");
    worst_assert(&e.body, 5e-14, "incomplete beta");
    worst_assert(&e.far, 1e-12, "incomplete beta, far tails");
}

static void test_normal_is_within_its_error(void **state)
{
    (void)state;
    TailErrors e = {0};
    for (size_t i = 0; i < ROWS(NORMAL_TABLE); i++) {
        tails_note(&e, special_normal(NORMAL_TABLE[i][0]), NORMAL_TABLE[i] + 1, NORMAL_TABLE[i], 1);
    }
    worst_assert(&e.body, 1e-15, "normal tails");
    worst_assert(&e.far, 1e-15, "normal far tails");
    Worst w = {0};
    for (size_t i = 0; i < ROWS(ERFC_TABLE); i++) {
        const double *row = ERFC_TABLE[i];
        worst_note(&w, error_relative(special_erfc(row[0]), row[1], row[2]), row, 1);
    }
    worst_assert(&w, 1e-15, "erfc");
}

static void test_normal_quantile_is_within_1e_15(void **state)
{
    (void)state;
    Worst w = {0};
    for (size_t i = 0; i < ROWS(NORMAL_QUANTILE_TABLE); i++) {
        const double *row = NORMAL_QUANTILE_TABLE[i];
        double z = special_normal_quantile(row[0], 1.0 - row[0]);
        worst_note(&w, error_relative(z, row[1], row[2]), row, 1);
        assert_true(special_normal_quantile(1.0 - row[0], row[0]) == -z);
    }
    worst_assert(&w, 1e-15, "normal quantile");
    assert_true(special_normal_quantile(0.5, 0.5) == 0.0);
    assert_true(special_normal_quantile(0.0, 1.0) == -MATH_INF);
    assert_true(special_normal_quantile(1.0, 0.0) == MATH_INF);
}

static void test_student_tails_are_within_their_error(void **state)
{
    (void)state;
    TailErrors e = {0};
    for (size_t i = 0; i < ROWS(STUDENT_TABLE); i++) {
        const double *row = STUDENT_TABLE[i];
        Tails got = special_student(row[0], row[1]);
        tails_note(&e, got, row + 2, row, 2);
        Tails mirrored = special_student(row[0], -row[1]);
        assert_true(mirrored.lower == got.upper && mirrored.upper == got.lower);
    }
    worst_assert(&e.body, 2e-14, "Student tails");
    worst_assert(&e.far, 1e-12, "Student far tails");
}

static const double TAIL_SIZES[] = {1e-250, 1e-100, 1e-20, 1e-9, 1e-4, 0.01, 0.1, 0.3, 0.4999};

// Error of the tail at an inverse, which is what an inverse can promise; a rounding of x itself
// moves the tail by slope x 2^-53 and is allowed for.
static double round_trip_error(double back, double tail, double slope)
{
    return m_abs(back / tail - 1.0) / (1.0 + 1e-2 * slope);
}

static double gamma_round_trip(double a, double tail, bool upper)
{
    double p = upper ? 1.0 - tail : tail, q = upper ? tail : 1.0 - tail;
    double x = special_gamma_inverse(a, p, q);
    if (x < 1e-290) {
        return 0.0; // too near to 0 for doubles
    }
    Tails back = special_gamma(a, x);
    double slope = m_exp(special_gamma_log_density(a, x)) / tail;
    return round_trip_error(upper ? back.upper : back.lower, tail, slope);
}

static double beta_round_trip(double a, double b, double tail, bool upper)
{
    double p = upper ? 1.0 - tail : tail, q = upper ? tail : 1.0 - tail;
    BetaPoint at = special_beta_inverse(a, b, p, q);
    if (at.x < 1e-290 || at.y < 1e-290) {
        return 0.0;
    }
    Tails back = special_beta(a, b, at.x, at.y);
    double slope = m_exp(special_beta_log_density(a, b, at.x, at.y)) / tail;
    return round_trip_error(upper ? back.upper : back.lower, tail, slope);
}

static double student_round_trip(double df, double tail, bool upper)
{
    double p = upper ? 1.0 - tail : tail, q = upper ? tail : 1.0 - tail;
    double t = special_student_quantile(df, p, q);
    assert_true(upper ? t > 0.0 : t < 0.0);
    if (m_abs(t) > 1e150) {
        return 0.0; // its square is not a double
    }
    Tails back = special_student(df, t);
    return round_trip_error(upper ? back.upper : back.lower, tail, t * t);
}

static const double SHAPES[] = {1e-3, 0.05, 0.4, 1.0, 2.0, 7.5, 39.0, 41.0, 1e3, 1e6, 1e10, 1e15};

static void test_gamma_inverse_goes_back(void **state)
{
    (void)state;
    Worst w = {0};
    for (size_t i = 0; i < ROWS(SHAPES); i++) {
        for (size_t j = 0; j < 2 * ROWS(TAIL_SIZES); j++) {
            double args[] = {SHAPES[i], TAIL_SIZES[j / 2], (double)(j % 2)};
            worst_note(&w, gamma_round_trip(args[0], args[1], j % 2), args, 3);
        }
    }
    worst_assert(&w, 3e-13, "gamma inverse");
    assert_true(special_gamma_inverse(2.0, 0.0, 1.0) == 0.0);
    assert_true(special_gamma_inverse(2.0, 1.0, 0.0) == MATH_INF);
    assert_true(m_is_nan(special_gamma_inverse(-1.0, 0.5, 0.5)));
}

static void test_beta_inverse_goes_back(void **state)
{
    (void)state;
    Worst w = {0};
    for (size_t i = 0; i < ROWS(SHAPES); i++) {
        for (size_t k = 0; k < ROWS(SHAPES); k++) {
            for (size_t j = 0; j < 2 * ROWS(TAIL_SIZES); j++) {
                double args[] = {SHAPES[i], SHAPES[k], TAIL_SIZES[j / 2]};
                worst_note(&w, beta_round_trip(args[0], args[1], args[2], j % 2), args, 3);
            }
        }
    }
    worst_assert(&w, 3e-13, "beta inverse");
    assert_true(special_beta_inverse(2.0, 3.0, 0.0, 1.0).x == 0.0);
    assert_true(special_beta_inverse(2.0, 3.0, 1.0, 0.0).x == 1.0);
    assert_true(m_is_nan(special_beta_inverse(2.0, 0.0, 0.5, 0.5).x));
}

static void test_student_inverse_goes_back(void **state)
{
    (void)state;
    static const double dfs[] = {0.3, 1.0, 2.0, 3.7, 10.0, 60.0, 100.0, 1e4, 1e8};
    Worst w = {0};
    for (size_t i = 0; i < ROWS(dfs); i++) {
        for (size_t j = 0; j < 2 * ROWS(TAIL_SIZES); j++) {
            double args[] = {dfs[i], TAIL_SIZES[j / 2], (double)(j % 2)};
            worst_note(&w, student_round_trip(args[0], args[1], j % 2), args, 3);
        }
    }
    worst_assert(&w, 3e-13, "Student inverse");
    assert_true(special_student_quantile(3.0, 0.5, 0.5) == 0.0);
    assert_true(special_student_quantile(3.0, 0.0, 1.0) == -MATH_INF);
    // One degree of freedom: Cauchy, quantile tan(pi (p - 1/2)).
    assert_true(m_abs(special_student_quantile(1.0, 0.75, 0.25) - 1.0) < 1e-14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lgamma_is_within_its_error),
        cmocka_unit_test(test_helpers_do_not_cancel),
        cmocka_unit_test(test_gamma_tails_are_within_their_error),
        cmocka_unit_test(test_beta_tails_are_within_their_error),
        cmocka_unit_test(test_normal_is_within_its_error),
        cmocka_unit_test(test_normal_quantile_is_within_1e_15),
        cmocka_unit_test(test_student_tails_are_within_their_error),
        cmocka_unit_test(test_gamma_inverse_goes_back),
        cmocka_unit_test(test_beta_inverse_goes_back),
        cmocka_unit_test(test_student_inverse_goes_back),
    };
    return cmocka_run_group_tests_name("math_special", tests, NULL, NULL);
}
