// SPDX-License-Identifier: MIT
//
// Correlations of scores: the relation between ranks and scores, and the factors of matrices.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "math/bits.h"
#include "math/correlation.h"
#include "math/elementary.h"

static void near(double got, double want, double error)
{
    if (!(m_abs(got - want) <= error)) {
        fail_msg("%.17g, not %.17g", got, want);
    }
}

// 2 sin(pi rank / 6) in closed form: sin 15, 22.5 and 10 degrees.
static void test_scores_have_the_pearson_correlation_of_the_formula(void **state)
{
    (void)state;
    near(correlation_of_scores(0.5), (m_sqrt(6) - m_sqrt(2)) / 2, 1e-15);
    near(correlation_of_scores(0.75), m_sqrt(2 - m_sqrt(2)), 1e-15);
    near(correlation_of_scores(-1.0 / 3), -0.34729635533386069, 1e-15);
    near(correlation_of_scores(0.6), 0.61803398874989485, 1e-15); // the golden ratio
    assert_true(correlation_of_scores(0) == 0);
    assert_true(correlation_of_scores(1) == 1 && correlation_of_scores(-1) == -1);
    for (int i = -99; i < 100; i++) {
        double rank = i / 100.0;
        assert_true(correlation_of_scores(rank) > correlation_of_scores(rank - 0.01));
        near(correlation_of_ranks(correlation_of_scores(rank)), rank, 1e-9);
    }
    assert_true(correlation_of_ranks(3) == 1 && correlation_of_ranks(-3) == -1);
}

enum { N = 4 };

static void test_a_factor_gives_the_matrix_back(void **state)
{
    (void)state;
    static const double MATRIX[N * N] = {1, 0.6, 0, -0.3, 0.6,  1,   0, 0.2,
                                         0, 0,   1, 0,    -0.3, 0.2, 0, 1};
    double lower[N * N];
    assert_int_equal(correlation_factor(MATRIX, N, lower), N);
    for (int i = 0; i < N; i++) {
        for (int k = 0; k < N; k++) {
            double sum = 0;
            for (int j = 0; j < N; j++) {
                sum += lower[i * N + j] * lower[k * N + j];
            }
            near(sum, MATRIX[i * N + k], 1e-15);
            assert_true(k <= i || lower[i * N + k] == 0);
        }
    }
    // What stands alone stays so, to the bit.
    assert_true(lower[0] == 1 && lower[2 * N + 2] == 1);
    assert_true(lower[2 * N] == 0 && lower[2 * N + 1] == 0 && lower[3 * N + 2] == 0);
}

// Three that all correlate alike by r are possible above -1/2: the row that fails is named.
static void test_a_matrix_that_cannot_be_is_refused(void **state)
{
    (void)state;
    double lower[9];
    for (int i = 0; i < 2; i++) {
        double r = i ? -0.51 : -0.49;
        double matrix[9] = {1, r, r, r, 1, r, r, r, 1};
        assert_int_equal(correlation_factor(matrix, 3, lower), i ? 2 : 3);
    }
    double twins[4] = {1, 1, 1, 1};
    assert_int_equal(correlation_factor(twins, 2, lower), 1);
    double nothing[4] = {1, MATH_NAN, MATH_NAN, 1};
    assert_int_equal(correlation_factor(nothing, 2, lower), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scores_have_the_pearson_correlation_of_the_formula),
        cmocka_unit_test(test_a_factor_gives_the_matrix_back),
        cmocka_unit_test(test_a_matrix_that_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
