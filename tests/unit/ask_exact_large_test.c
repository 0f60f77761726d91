// SPDX-License-Identifier: MIT
//
// Exact answers to models of many states: what is worked out together, what it costs, what is
// refused and when.
#include "exact_held.h"

// Three counts that walk up and down between 0 and 29, from day to day.
#define WALKS                                                                                      \
    "model \"m\"\n  time daily from 2024-01-01 to 2024-02-15\nset who = a, b, c\n"                 \
    "state x[who] : count = 15\nstate top : count = 0\n"                                           \
    "each step\n  for w in who\n    one of\n"                                                      \
    "      40% x[w] = min(x[w] + 1, 29)\n      35% x[w] = max(x[w] - 1, 0)\n      rest\n"

static uint64_t work_of(const char *text, const Answer **answer)
{
    Loaded l = load_text(text);
    Error error = {0};
    uint64_t all = UINT64_C(1) << 40, left = all;
    *answer = answer_within(&l, (ExactLimits){.work = &left}, &error);
    assert_non_null(*answer);
    return all - left;
}

static void test_questions_on_the_same_states_share_them(void **state)
{
    (void)state;
    const char *one = WALKS "question high x[a] + 2 * x[b] + 4 * x[c] at end\n";
    const char *six = WALKS "question high x[a] + 2 * x[b] + 4 * x[c] at end\n"
                            "question low x[a] - x[b] + 3 * x[c] at end\n"
                            "question far x[a] + 3 * x[b] - x[c] at end\n"
                            "question over x[a] + 5 * x[b] - x[c] over time\n"
                            "question equal x[a] is x[b] and x[b] is x[c] at end\n"
                            "question above x[a] > x[b] and x[b] > x[c] at end\n";
    const Answer *a, *b;
    uint64_t alone = work_of(one, &a), together = work_of(six, &b);
    assert_true(a->provenance.states > 20000);
    assert_true(together < 3 * alone); // the first tries were for nothing
    same_value("walks", STR("high"), value_of(a, "high"), value_of(b, "high"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_questions_on_the_same_states_share_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
