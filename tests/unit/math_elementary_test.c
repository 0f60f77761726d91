// SPDX-License-Identifier: MIT
//
// exp, log and their kin against 60-digit values, and their behaviour at the edges.
#include "math/elementary.h"

#include "../data/math_elementary.h"
#include "math_reference.h"

static Worst worst_of(double (*f)(double), const double (*rows)[3], size_t n)
{
    Worst w = {0};
    for (size_t i = 0; i < n; i++) {
        worst_note(&w, error_in_ulps(f(rows[i][0]), rows[i][1], rows[i][2]), rows[i], 1);
    }
    return w;
}

static double identity_at(double x)
{
    return m_exp(m_log(x));
}

static void test_exp_is_within_1_1_ulp(void **state)
{
    (void)state;
    Worst w = worst_of(m_exp, EXP_TABLE, ROWS(EXP_TABLE));
    worst_assert(&w, 1.1, "exp");
}

static void test_expm1_is_within_2_ulp(void **state)
{
    (void)state;
    Worst w = worst_of(m_expm1, EXPM1_TABLE, ROWS(EXPM1_TABLE));
    worst_assert(&w, 2.0, "expm1");
}

static void test_log_is_within_1_ulp(void **state)
{
    (void)state;
    Worst w = worst_of(m_log, LOG_TABLE, ROWS(LOG_TABLE));
    worst_assert(&w, 1.0, "log");
}

static void test_log1p_is_within_2_ulp(void **state)
{
    (void)state;
    Worst w = worst_of(m_log1p, LOG1P_TABLE, ROWS(LOG1P_TABLE));
    worst_assert(&w, 2.0, "log1p");
}

static void test_logistic_is_within_3_ulp(void **state)
{
    (void)state;
    Worst w = worst_of(m_logistic, LOGISTIC_TABLE, ROWS(LOGISTIC_TABLE));
    worst_assert(&w, 3.0, "logistic");
}

static void test_pow_keeps_its_stated_error(void **state)
{
    (void)state;
    Worst w = {0};
    for (size_t i = 0; i < ROWS(POW_TABLE); i++) {
        const double *row = POW_TABLE[i];
        double exponent = row[1] * m_log(m_abs(row[0]));
        double allowed = (1.0 + m_abs(exponent)) * 2.4e-16;
        double error = error_relative(m_pow(row[0], row[1]), row[2], row[3]);
        worst_note(&w, error / allowed, row, 2);
    }
    worst_assert(&w, 1.0, "pow, in stated errors");
}

static void test_exp_and_log_edges(void **state)
{
    (void)state;
    assert_true(m_exp(0.0) == 1.0);
    assert_true(m_exp(-0.0) == 1.0);
    assert_true(m_exp(710.0) == MATH_INF);
    assert_true(m_exp(MATH_INF) == MATH_INF);
    assert_true(m_exp(-709.0) == 0.0);
    assert_true(m_exp(-1e300) == 0.0);
    assert_true(m_exp(-MATH_INF) == 0.0);
    assert_true(m_is_nan(m_exp(MATH_NAN)));
    assert_true(m_expm1(-MATH_INF) == -1.0);
    assert_true(m_expm1(MATH_INF) == MATH_INF);
    assert_true(m_expm1(0.0) == 0.0);
    assert_true(m_is_nan(m_expm1(MATH_NAN)));
    assert_true(m_log(0.0) == -MATH_INF);
    assert_true(m_log(-0.0) == -MATH_INF);
    assert_true(m_log(1.0) == 0.0);
    assert_true(m_is_nan(m_log(-1.0)));
    assert_true(m_is_nan(m_log(-MATH_INF)));
    assert_true(m_log(MATH_INF) == MATH_INF);
    assert_true(m_is_nan(m_log(MATH_NAN)));
    assert_true(m_log1p(-1.0) == -MATH_INF);
    assert_true(m_is_nan(m_log1p(-1.5)));
    assert_true(m_log1p(MATH_INF) == MATH_INF);
    assert_true(m_is_nan(m_log1p(MATH_NAN)));
    assert_true(m_logistic(-MATH_INF) == 0.0);
    assert_true(m_logistic(-800.0) == 0.0);
    assert_true(m_logistic(MATH_INF) == 1.0);
    assert_true(m_logistic(0.0) == 0.5);
    assert_true(m_is_nan(m_logistic(MATH_NAN)));
}

static void test_pow_edges(void **state)
{
    (void)state;
    assert_true(m_pow(MATH_NAN, 0.0) == 1.0);
    assert_true(m_pow(0.0, 0.0) == 1.0);
    assert_true(m_pow(0.0, 2.5) == 0.0);
    assert_true(m_pow(-0.0, 3.0) == 0.0);
    assert_true(m_pow(0.0, -1.0) == MATH_INF);
    assert_true(m_pow(1.0, 1e300) == 1.0);
    assert_true(m_is_nan(m_pow(-2.0, 0.5)));
    assert_true(m_pow(-2.0, 0x1p60) == MATH_INF);
    assert_true(m_pow(-1.0, 0x1.fffffffffffffp52) == -1.0);
    assert_true(m_pow(-1.0, 0x1p53) == 1.0);
    assert_true(m_pow(MATH_INF, 2.0) == MATH_INF);
    assert_true(m_pow(MATH_INF, -2.0) == 0.0);
    assert_true(m_is_nan(m_pow(MATH_NAN, 1.0)));
    assert_true(m_is_nan(m_pow(2.0, MATH_NAN)));
}

static void test_whole_numbers_are_exact(void **state)
{
    (void)state;
    static const double rows[][4] = {
        // x, floor, ceil, round
        {0.0, 0.0, 0.0, 0.0},
        {0.3, 0.0, 1.0, 0.0},
        {-0.3, -1.0, 0.0, 0.0},
        {0.5, 0.0, 1.0, 1.0},
        {-0.5, -1.0, 0.0, -1.0},
        {1.5, 1.0, 2.0, 2.0},
        {2.5, 2.0, 3.0, 3.0},
        {-2.5, -3.0, -2.0, -3.0},
        {2.0, 2.0, 2.0, 2.0},
        {-7.0, -7.0, -7.0, -7.0},
        {0x1p52, 0x1p52, 0x1p52, 0x1p52},
        {0x1.fffffffffffffp51, 0x1.ffffffffffffep51, 0x1p52, 0x1p52},
        {0.49999999999999994, 0.0, 1.0, 0.0},
        {-1e300, -1e300, -1e300, -1e300},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        assert_true(m_floor(rows[i][0]) == rows[i][1]);
        assert_true(m_ceil(rows[i][0]) == rows[i][2]);
        assert_true(m_round(rows[i][0]) == rows[i][3]);
    }
    assert_true(m_floor(-MATH_INF) == -MATH_INF);
    assert_true(m_round(MATH_INF) == MATH_INF);
    assert_true(m_is_nan(m_floor(MATH_NAN)));
    assert_true(m_is_nan(m_round(MATH_NAN)));
}

static void test_min_and_max_pass_nan_on(void **state)
{
    (void)state;
    assert_true(m_min(1.0, 2.0) == 1.0 && m_min(2.0, 1.0) == 1.0);
    assert_true(m_max(1.0, 2.0) == 2.0 && m_max(2.0, 1.0) == 2.0);
    assert_true(m_is_nan(m_min(MATH_NAN, 1.0)) && m_is_nan(m_min(1.0, MATH_NAN)));
    assert_true(m_is_nan(m_max(MATH_NAN, 1.0)) && m_is_nan(m_max(1.0, MATH_NAN)));
    assert_true(m_min(-MATH_INF, 1.0) == -MATH_INF);
    assert_true(m_abs(-3.5) == 3.5 && m_abs(-MATH_INF) == MATH_INF);
    assert_true(m_ldexp(1.5, 10) == 1536.0 && m_ldexp(1.0, -1022) == 0x1p-1022);
    assert_true(m_is_finite(1e308) && !m_is_finite(MATH_INF) && !m_is_finite(MATH_NAN));
}

// exp and log undo one another, and exp never falls where its argument rises across the seams of
// its range reduction.
static void test_exp_rises_across_seams(void **state)
{
    (void)state;
    for (int k = -1000; k < 1000; k++) {
        double seam = ((double)k + 0.5) * 0.6931471805599453;
        double before = m_exp(seam * (1.0 - 1e-15));
        double after = m_exp(seam * (1.0 + 1e-15));
        assert_true(k < 0 ? before >= after : before <= after);
    }
    Worst w = {0};
    for (double x = 1e-3; x < 1e3; x *= 1.37) {
        worst_note(&w, error_relative(identity_at(x), x, 0.0), &x, 1);
    }
    worst_assert(&w, 2e-15, "exp(log x)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exp_is_within_1_1_ulp),
        cmocka_unit_test(test_expm1_is_within_2_ulp),
        cmocka_unit_test(test_log_is_within_1_ulp),
        cmocka_unit_test(test_log1p_is_within_2_ulp),
        cmocka_unit_test(test_logistic_is_within_3_ulp),
        cmocka_unit_test(test_pow_keeps_its_stated_error),
        cmocka_unit_test(test_exp_and_log_edges),
        cmocka_unit_test(test_pow_edges),
        cmocka_unit_test(test_whole_numbers_are_exact),
        cmocka_unit_test(test_min_and_max_pass_nan_on),
        cmocka_unit_test(test_exp_rises_across_seams),
    };
    return cmocka_run_group_tests_name("math_elementary", tests, NULL, NULL);
}
