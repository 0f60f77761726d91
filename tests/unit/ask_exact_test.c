// SPDX-License-Identifier: MIT
//
// Exact answers to models by hand: what is merged; what is refused. Those to models in files are in
// ask_exact_models_test.c.
#include "exact/script.h"
#include "exact_held.h"
#include "lower/lower.h"
#include "oracle.h"

// ---- What is merged, what is refused ------------------------------------------------------------

#define HEAD "model \"m\"\n  time daily from 2024-01-01 to 2024-12-31\n"

static void test_many_members_in_a_step_do_not_multiply(void **state)
{
    (void)state;
    // Forty fair coins a day would be 2^40 ways at once; merged after every one they are 41 counts.
    Loaded l = load_text("model \"m\"\n  time daily from 2024-01-01 to 2024-01-02\n"
                         "set many = a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14,\n"
                         "  a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27, a28,\n"
                         "  a29, a30, a31, a32, a33, a34, a35, a36, a37, a38, a39, a40\n"
                         "state heads : count = 0\n"
                         "event toss for m in many in turn\n"
                         "  chance 50% within step\n"
                         "  then heads += 1\n"
                         "question q \"Twenty\"\n  heads is 20 at end\n");
    Error error = {0};
    const Answer *answer = answer_exactly(&l, &error);
    assert_non_null(answer);
    assert_true(m_abs(value_of(answer, "q") - 0.12537068761957926) < 1e-13);
    assert_true(answer->provenance.exact);
    assert_true(answer->provenance.states <= 41);
    arena_free(l.arena);
}

static void test_questions_that_multiply_are_taken_apart(void **state)
{
    (void)state;
    // Four first dates of 366 days each: together 366^4 states, apart 366 each.
    Loaded l = load_text(HEAD "event a\n  chance 1% within step\n"
                              "event b\n  chance 1% within step\n"
                              "event c\n  chance 1% within step\n"
                              "event d\n  chance 1% within step\n"
                              "question qa first a\nquestion qb first b\n"
                              "question qc first c\nquestion qd first d\n");
    Error error = {0};
    const Answer *answer = answer_exactly(&l, &error);
    assert_non_null(answer);
    double p = 1 - m_pow(0.99, 365);
    assert_true(m_abs(value_of(answer, "qa") - p) < 1e-12);
    assert_true(m_abs(value_of(answer, "qd") - p) < 1e-12);
    arena_free(l.arena);
}

static void test_over_time_given_the_end_each_moment_is_shared_out(void **state)
{
    (void)state;
    // Given 4 events in ten days of equal chance, those of the first k days are 4 of k/10 (the
    // hypergeometric distribution), whatever the chance is.
    Loaded l = load_text("model \"Ten days\"\n  time daily from 2024-01-01 to 2024-01-11\n"
                         "state n : count = 0\nevent a\n  chance 30% within step\n"
                         "  then n += 1\n  again\n"
                         "question q n over time given n is 4 at end\n"
                         "question all \"All by then\"\n  n is 4 over time given n is 4 at end\n");
    Error error = {0};
    const Answer *answer = answer_exactly(&l, &error);
    assert_non_null(answer);
    const Item *q = oracle_item(answer, STR("q")), *all = oracle_item(answer, STR("all"));
    assert_int_equal(q->n_points, 11);
    double rest = m_pow(0.7, 6) * m_pow(0.3, 4) * 210; // 210: 4 of 10
    assert_true(m_abs(q->defined.value - rest) < 1e-14);
    for (int32_t k = 0; k <= 10; k++) {
        assert_true(m_abs(q->points[k].mean.value - 0.4 * k) < 1e-13);
        double four = k * (k - 1.0) * (k - 2.0) * (k - 3.0) / 5040;
        assert_true(m_abs(all->points[k].mean.value - four) < 1e-13);
    }
    arena_free(l.arena);
}

static void test_a_range_that_is_only_compared_is_finite(void **state)
{
    (void)state;
    Loaded l = load_text(HEAD "param x : number ~ uniform(0, 10)\n"
                              "question q \"Above seven\"\n  x is at least 7 at end\n"
                              "question band \"Between\"\n  x is at least 2 and x < 5 at end\n");
    Error error = {0};
    const Answer *answer = answer_exactly(&l, &error);
    assert_non_null(answer);
    assert_true(m_abs(value_of(answer, "q") - 0.3) < 1e-12);
    assert_true(m_abs(value_of(answer, "band") - 0.3) < 1e-12);
    assert_true(oracle_item(answer, STR("q"))->band.known);
    arena_free(l.arena);
}

// K actors on ladders of five rungs, up the more probably the more others stand high.
static const char *actors(Arena *arena, const char *names, const char *up, const char *question)
{
    return str_c(arena,
                 str_format(arena,
                            HEAD "set all = %s\nladder rung = r0 < r1 < r2 < r3 < r4\n"
                                 "state level[all] : rung = r0\nstate near[all] : count = 0\n"
                                 "each step\n  for a in all\n"
                                 "    near[a] = count(o in all except a: level[o] >= r3)\n"
                                 "event move for a in all\n  when level[a] is not r4\n"
                                 "  then\n    one of\n"
                                 "      (%s * (1 + near[a])) raise level[a] by 1\n"
                                 "      2%% lower level[a] by 1\n      rest\n  again\n"
                                 "question q \"Q\"\n  ever %s\n",
                            names, up, question));
}

static void test_members_that_are_alike_are_not_told_apart(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    Loaded l = load_text(actors(arena, "A, B, C, D, E, F", "1%", "all(a in all: level[a] is r4)"));
    Error error = {0};
    const Answer *answer = answer_exactly(&l, &error);
    assert_non_null(answer);
    // Found without joining members, over 5^6 states.
    assert_true(m_abs(value_of(answer, "q") - 0.15478431599403) < 1e-12);
    assert_true(answer->provenance.states < 1000);
    arena_free(l.arena);
    arena_free(arena);
}

// The same as three states of their own, with events of their own; the third may weigh otherwise.
static const Answer *answer_scalars(Loaded *l, const char *weight)
{
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    buf_add(&buf, STR(HEAD "ladder rung = r0 < r1 < r2 < r3\n"
                           "state a : rung = r0\nstate b : rung = r0\nstate c : rung = r0\n"
                           "state high : count = 0\neach step\n"));
    buf_addf(&buf,
             "  high = (if a is at least r2 then 1 else 0) + (if b is at least r2 then 1 else 0)"
             " + (if c is at least r2 then %s else 0)\n",
             weight);
    for (const char *x = "abc"; *x; x++) {
        buf_addf(&buf,
                 "event move_%c\n  when %c is not r3\n  then\n    one of\n"
                 "      (1%% * (1 + high)) raise %c by 1\n      2%% lower %c by 1\n      rest\n"
                 "  again\n",
                 *x, *x, *x, *x);
    }
    buf_add(&buf, STR("question q \"Q\"\n  ever a is r3 or b is r3 or c is r3\n"));
    *l = load_text(str_c(arena, buf_str(&buf)));
    arena_free(arena);
    Error error = {0};
    return answer_exactly(l, &error);
}

static void test_alike_states_need_no_set_to_be_alike(void **state)
{
    (void)state;
    Loaded alike, other;
    const Answer *a = answer_scalars(&alike, "1"), *b = answer_scalars(&other, "2");
    assert_true(a->provenance.states < 80); // multisets, with what was counted
    assert_true(b->provenance.states > a->provenance.states);
    assert_true(m_abs(value_of(a, "q") - value_of(b, "q")) > 1e-4);
    arena_free(alike.arena);
    arena_free(other.arena);
}

// Members who count for themselves and weigh by the sum of all: `each` is what one step of one
// adds, `other` what the sum has beside them.
static uint64_t states_of_sums(const char *kind, const char *each, const char *other)
{
    Arena *arena = arena_new(0);
    Str text = str_format(arena,
                          HEAD "set all = A, B, C, D, E\nstate n[all] : %s = 0\n"
                               "state sum_of : number = 0\n"
                               "each step\n  sum_of = sum(a in all: n[a])%s\n"
                               "event up for a in all\n  when n[a] < 2.5 * %s\n"
                               "  chance (1%% * (1 + sum_of / 4)) within step\n"
                               "  then\n    n[a] += %s\n  again\n"
                               "question q \"Q\"\n  sum_of at end\n",
                          kind, other, each, each);
    Loaded l = load_text(str_c(arena, text));
    Error error = {0};
    const Answer *answer = answer_exactly(&l, &error);
    assert_true(value_of(answer, "q") > 0);
    uint64_t states = answer->provenance.states;
    arena_free(l.arena);
    arena_free(arena);
    return states;
}

// 4^5 states are 56 multisets (and twice as many each while they move). Where one of them counts
// for more, four are alike; sums of tenths depend on their order, so that nobody may change places.
static void test_members_in_a_sum_of_whole_numbers_are_alike(void **state)
{
    (void)state;
    uint64_t alike = states_of_sums("count", "1", ""), whole = states_of_sums("number", "1", "");
    uint64_t one_other = states_of_sums("count", "1", " + n[A]");
    uint64_t tenths = states_of_sums("number", "0.1", "");
    assert_true(alike == whole && alike < 600); // between blocks each has moved or not
    assert_true(one_other > alike && one_other < 1500);
    assert_true(tenths > 5000);
}

// Coupons: one of eight a day, each with 12 %, but the last with a chance of its own.
static const Answer *answer_coupons(Loaded *l, const char *last)
{
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    buf_add(&buf, STR(HEAD "set all = A, B, C, D, E, F, G, H\nstate got[all] : flag = no\n"
                           "each step\n  one of\n"));
    for (const char *x = "ABCDEFG"; *x; x++) {
        buf_addf(&buf, "    12%% got[%c] = yes\n", *x);
    }
    buf_addf(&buf, "    %s got[H] = yes\n    rest\n", last);
    buf_add(&buf, STR("question q \"Q\"\n  ever all(m in all: got[m]) by 2024-01-30\n"));
    *l = load_text(str_c(arena, buf_str(&buf)));
    arena_free(arena);
    Error error = {0};
    return answer_exactly(l, &error);
}

// By inclusion and exclusion over which are missing after n days.
static double all_of(int equal, double p, double last, int n)
{
    double sum = 0, ways = 1;
    for (int k = 0; k <= equal; k++) {
        double with = 1, without = 1;
        for (int i = 0; i < n; i++) {
            with *= 1 - k * p;
            without *= 1 - k * p - last;
        }
        sum += (k % 2 ? -1 : 1) * ways * (with - without);
        ways = ways * (equal - k) / (k + 1);
    }
    return sum;
}

static void test_outcomes_of_one_chance_are_alike(void **state)
{
    (void)state;
    Loaded alike, other, near;
    const Answer *a = answer_coupons(&alike, "12%"), *b = answer_coupons(&other, "6%");
    const Answer *c = answer_coupons(&near, "12.0000001%");
    assert_true(a->provenance.states <= 10); // how many there are
    assert_true(b->provenance.states > 10 && b->provenance.states <= 20);
    assert_true(c->provenance.states > 10 && c->provenance.states <= 20);
    assert_true(m_abs(value_of(a, "q") - all_of(7, 0.12, 0.12, 30)) < 1e-12);
    assert_true(m_abs(value_of(b, "q") - all_of(7, 0.12, 0.06, 30)) < 1e-12);
    assert_true(m_abs(value_of(c, "q") - all_of(7, 0.12, 0.120000001, 30)) < 1e-12);
    arena_free(alike.arena);
    arena_free(other.arena);
    arena_free(near.arena);
}

// Two columns stay a part of the state, the level and the sum of it: the days that the mean divides
// by, and the stock, are what they are in every state of a step.
static void test_what_the_calendar_decides_is_no_part_of_a_state(void **state)
{
    (void)state;
    Loaded l = load_text("model \"Mean\"\n  time daily from 2024-01-01 to 2024-12-31\n"
                         "state level : count = 0\nstate stock : number = 0\n"
                         "each step\n  stock += 3\n"
                         "event up\n  when level < 4\n  chance (1% + 0.001% * stock) within step\n"
                         "  then\n    level += 1\n  again\n"
                         "question q \"Q\"\n  mean level\n");
    Error error = {0};
    Program *program = NULL;
    LowerOptions lower = {0};
    assert_int_equal(lower_view(l.arena, l.model, l.model->views[0], lower, &program, &error),
                     ST_OK);
    int32_t result = 0;
    Wanted wanted = {.results = &result, .n_results = 1};
    Script *script = NULL;
    NotFinite why;
    assert_true(script_make(l.arena, program, &wanted, &script, &why));
    int32_t kept = 0;
    for (Slot i = 0; i < script->n_slots; i++) {
        kept += script->live[i] && !script_is_uniform(script, i);
    }
    assert_int_equal(kept, 2);
    arena_free(l.arena);
}

// One member that differs, in what it does or in what is asked of it, is told apart from the
// others.
static void test_members_that_differ_are_told_apart(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    const char *ups[] = {"(if a is B then 4% else 1%)", "1%"};
    const char *asked[] = {"level[C] is r4", "level[B] is r3 and level[A] is r0"};
    for (int i = 0; i < 2; i++) {
        for (int k = 0; k < 2; k++) {
            Loaded l = load_text(actors(arena, "A, B, C", ups[i], asked[k]));
            Error error = {0};
            const Answer *answer = answer_exactly(&l, &error);
            assert_non_null(answer);
            assert_true(hold_against_run("actors", &l, answer, 16384, 1) > 0);
            arena_free(l.arena);
        }
    }
    arena_free(arena);
}

// Actors on ladders, each with chances of his own, who look at how many others stand high: as noted
// when the day began, or as they find it.
#define HIGH_BESIDE "count(o in who except %c: level[o] is at least r2)"

static Str differing_actors(Arena *arena, bool noted)
{
    Buf b = {.arena = arena};
    buf_addf(&b, "model \"m\"\n  time daily from 2024-01-01 to 2024-02-15\n"
                 "set who = A, B, C, D, E\nladder rung = r0 < r1 < r2 < r3\n"
                 "state level[who] : rung = r0\nstate near[who] : count = 0\n");
    for (char c = 'A'; c <= 'E'; c++) {
        if (noted) {
            buf_addf(&b, "each step\n  near[%c] = ", c);
            buf_addf(&b, HIGH_BESIDE, c);
            buf_addf(&b, "\n");
        }
    }
    for (char c = 'A'; c <= 'E'; c++) {
        int off = c - 'A';
        buf_addf(
            &b,
            "event move_%c\n  when level[%c] is not r3\n  then\n    one of\n      (%d.%d%% * (1 + ",
            c, c, 4 + off, off);
        if (noted) {
            buf_addf(&b, "near[%c]", c);
        } else {
            buf_addf(&b, HIGH_BESIDE, c);
        }
        buf_addf(&b,
                 ")) raise level[%c] by 1\n      %d%% lower level[%c] by 1\n      rest\n  again\n",
                 c, 3 + off, c);
    }
    buf_addf(&b, "question top \"All\"\n  ever all(a in who: level[a] is r3)\n"
                 "question high \"How many\"\n  count(a in who: level[a] is at least r2) at end\n"
                 "question path \"A\"\n  level[A] over time\n");
    return buf_str(&b);
}

static void test_members_that_differ_go_in_blocks(void **state)
{
    (void)state;
    for (int noted = 0; noted < 2; noted++) {
        Arena *arena = arena_new(0);
        Loaded l = load_text(str_c(arena, differing_actors(arena, noted)));
        Error error = {0};
        const Answer *rows = answer_within(&l, (ExactLimits){.blocks_from = UINT32_MAX}, &error);
        assert_non_null(rows);
        assert_true(rows->provenance.states >= 1024);
        assert_true(hold_blocks("differing actors", &l, rows) > 40);
        const Answer *wide = answer_exactly(&l, &error);
        setenv("CASUS_ISA", "base", 1);
        const Answer *base = answer_exactly(&l, &error);
        unsetenv("CASUS_ISA");
        for (int32_t i = 0; i < 2; i++) { // to the last bit, whatever the vectors
            double a = wide->items[i].value.value, b = base->items[i].value.value;
            assert_memory_equal(&a, &b, sizeof a);
        }
        arena_free(l.arena);
        arena_free(arena);
    }
}

static const Item *over_priors(const Loaded *l, uint64_t seed, const char *question)
{
    Error error = {0};
    Answer *answer = NULL;
    RunOptions options = {.sources = &l->diags, .seed = seed};
    ExactLimits limits = {.priors = 1024};
    if (ask_exact(l->arena, l->model, &options, limits, &answer, &error) != ST_OK) {
        fail_msg("%s", error.message);
    }
    const Item *item = oracle_item(answer, str_of(question));
    assert_int_equal(item->why.n, 0);
    return item;
}

// The 95 % interval, twice as wide: in eight trials a right program fails once in some 1,000 sets
// of seeds, and these are fixed.
static void assert_near(const Item *item, double truth)
{
    if (!(m_abs(item->value.value - truth) <= 2 * item->value.half + 1e-12)) {
        fail_msg("%.*s is %.10g, ours %.10g +- %.3g", STR_ARG(item->name), truth, item->value.value,
                 item->value.half);
    }
}

// Beta-binomial tails: what is unknown is a number of a range.
static void test_worlds_are_averaged_over_priors(void **state)
{
    (void)state;
    char path[2][4096];
    snprintf(path[0], sizeof path[0], "%s/stages_beta.casus", getenv("CASUS_ORACLES"));
    snprintf(path[1], sizeof path[1], "%s/stages_beta5.casus", getenv("CASUS_ORACLES"));
    Loaded three = load(path[0]), five = load(path[1]);
    for (uint64_t seed = 0; seed < 2; seed++) {
        const Item *item = over_priors(&three, seed, "three");
        assert_near(item, 2.057682782855e-3);
        assert_true(item->value.half < 0.1 * item->value.value);
        assert_true(item->band.known);
        assert_near(over_priors(&five, seed, "five"), 1.948901413701e-5);
    }
    arena_free(three.arena);
    arena_free(five.arena);
}

// x and y are normal, correlated by 0.6 in rank: by 2 sin(pi 0.6 / 6) = 0.618034 otherwise, so both
// are above their middle in 1/4 + asin(0.618034) / (2 pi) of worlds. A type and a count beside
// them; a question that rests on these alone is exact.
static void test_priors_may_be_mixed_and_correlated(void **state)
{
    (void)state;
    Loaded l = load_text(HEAD "param x ~ normal(0, 1)\n  assumption \"x\"\n"
                              "param y ~ normal(0, 1)\n  assumption \"y\"\n"
                              "correlate x, y 0.6\n"
                              "param n : count ~ binomial(2, 50%)\n  assumption \"n\"\n"
                              "event both\n  when x > 0 and y > 0\n"
                              "event some\n  when n is at least 1\n"
                              "event all\n  when x > 0 and n is at least 1\n"
                              "question q \"both\"\n  ever both\n"
                              "question some_n \"some\"\n  ever some\n"
                              "question all_of \"all\"\n  ever all\n");
    for (uint64_t seed = 0; seed < 2; seed++) {
        assert_near(over_priors(&l, seed, "q"), 0.25 + 0.666239432492515 / 6.283185307179586);
        assert_near(over_priors(&l, seed, "all_of"), 0.375);
        const Item *some = over_priors(&l, seed, "some_n");
        assert_true(m_abs(some->value.value - 0.75) < 1e-12 && some->value.half == 0);
    }
    arena_free(l.arena);
}

static void test_dates_long_past_are_one(void **state)
{
    (void)state;
    Loaded l = load_text("model \"m\"\n  time daily from 2024-01-01 to 2024-03-31\n"
                         "state n : count = 0\n"
                         "event a\n  chance 10% within step\n  then n = min(n + 1, 9)\n"
                         "  again after 5 days\n"
                         "event b\n  chance 20% within step\n  then n = max(n - 1, 0)\n"
                         "  again after 3 days\n"
                         "question q \"n\"\n  n is at least 1 at end\n");
    Error error = {0};
    const Answer *answer = answer_exactly(&l, &error);
    assert_non_null(answer);
    assert_true(answer->provenance.states < 10 * 6 * 4);
    assert_true(hold_against_run("dates", &l, answer, 16384, 1) > 0);
    arena_free(l.arena);
}

// Four rungs, a day on which the clock began, seen or not: without an end they would be some 6 a
// day.
static void test_clocks_that_have_run_are_one(void **state)
{
    (void)state;
    const char *windows[] = {
        "ever x is a within 10 days after x is d", "never x is a within 10 days after x is d",
        "times x is a within 10 days after x is d",
        "always x is not a within 10 days after x is d from 2024-02-01 to 2024-11-30"};
    for (size_t i = 0; i < sizeof windows / sizeof windows[0]; i++) {
        Arena *arena = arena_new(0);
        Str text = str_format(arena,
                              "model \"m\"\n  time daily from 2024-01-01 to 2025-01-01\n"
                              "ladder r = a < b < c < d\nstate x : r = a\n"
                              "each step\n  one of\n    8%% raise x by 1\n"
                              "    6%% lower x by 1\n    rest\n"
                              "question q \"q\" %s\n",
                              windows[i]);
        Loaded l = load_text(str_c(arena, text));
        Error error = {0};
        const Answer *answer = answer_exactly(&l, &error);
        assert_non_null(answer);
        assert_true(answer->provenance.states < 800);
        assert_true(hold_against_run("clocks", &l, answer, 16384, 1) > 0);
        arena_free(l.arena);
        arena_free(arena);
    }
}

static void test_what_is_not_finite_is_named_with_its_line(void **state)
{
    (void)state;
    Loaded l = load_text(HEAD "param pace : number ~ normal(1, 2)\n"
                              "state front : number = 0\n"
                              "each step\n  front += pace\n"
                              "state drift : number = 0\n"
                              "each step\n  drift += noise(1 per week)\n"
                              "event fall\n  chance 10% within 1 year\n"
                              "question q \"Front\"\n  front at end\n"
                              "question r \"Drift\"\n  drift at end\n"
                              "question s \"Fall\"\n  ever fall\n");
    Error error = {0};
    const Answer *answer = answer_exactly(&l, &error);
    assert_non_null(answer);
    const Item *front = oracle_item(answer, STR("q")), *drift = oracle_item(answer, STR("r"));
    assert_non_null(strstr(str_c(l.arena, front->why), "`pace`"));
    assert_non_null(strstr(str_c(l.arena, front->why), ".casus:3"));
    assert_non_null(strstr(str_c(l.arena, drift->why), "drift"));
    assert_non_null(strstr(str_c(l.arena, drift->why), ".casus:9"));
    assert_true(value_of(answer, "s") > 0.09);
    RunOptions options = {.sources = &l.diags};
    Str why;
    assert_int_equal(ask_exact_applies(l.arena, l.model, &options, &why, &error), ST_OK);
    assert_non_null(strstr(str_c(l.arena, why), "`q`"));
    arena_free(l.arena);
}

static bool is_remarked(const Loaded *l, const Answer *answer, const char *text)
{
    for (int32_t i = 0; i < answer->n_remarks; i++) {
        if (strstr(str_c(l->arena, answer->remarks[i].text), text)) {
            return true;
        }
    }
    return false;
}

// 64 deliveries fit: from the 65th day of war on one is lost, so that it must begin by day 65 of
// 130.
static void test_lost_effects_have_their_probability(void **state)
{
    (void)state;
    Loaded l = load_text("model \"m\"\n  time daily from 2024-01-01 to 2024-05-10\n"
                         "state s : number = 0\nevent war\n  chance 1% within step\n"
                         "event e\n  when war\n  then\n    after 70 days\n      s += 1\n  again\n"
                         "question q \"Q\"\n  ever war\n");
    Error error = {0};
    const Answer *answer = answer_exactly(&l, &error);
    assert_true(is_remarked(&l, answer, "effects of e, some of them LOST"));
    assert_true(is_remarked(&l, answer, "with a probability of 0.485")); // 1 - 0.99^66
    assert_false(is_remarked(&l, answer, "over-priors"));
    arena_free(l.arena);
}

static void test_what_over_priors_does_not_do_is_said(void **state)
{
    (void)state;
    Loaded l = load_text(HEAD "param p ~ beta(2, 998)\nevent a\n  chance p within step\n"
                              "event b\n  chance 1% within step\n"
                              "question q \"Q\"\n  ever a\nquestion r \"R\"\n  ever b\n");
    Error error = {0};
    const Answer *rounded = answer_within(&l, (ExactLimits){.priors = 20}, &error);
    assert_true(is_remarked(&l, rounded, "20 is taken as 32"));
    const Answer *even = answer_within(&l, (ExactLimits){.priors = 32}, &error);
    assert_int_equal(even->n_remarks, 0);
    Str only = STR("r");
    RunOptions options = {.sources = &l.diags, .questions = &only, .n_questions = 1};
    Answer *idle = NULL;
    ExactLimits limits = {.priors = 32};
    assert_int_equal(ask_exact(l.arena, l.model, &options, limits, &idle, &error), ST_OK);
    assert_true(is_remarked(&l, idle, "--over-priors changes nothing here"));
    arena_free(l.arena);
}

// Finite, but every day another may be under way: refused long before the memory is full.
static void test_many_drawn_delays_are_refused_by_name(void **state)
{
    (void)state;
    Loaded l = load_text(HEAD "state there : count = 0\n"
                              "event send\n  chance 30% within step\n"
                              "  then\n    after 3 to 10 days\n      there += 1\n  again\n"
                              "question q \"Q\"\n  there at end\n");
    Error error = {0};
    assert_null(answer_within(&l, (ExactLimits){.megabytes = 100}, &error));
    assert_non_null(strstr(error.message, "too many states"));
    assert_non_null(strstr(error.message, "the drawn delay at `send.after.1`"));
    assert_non_null(strstr(error.message, "could combine to"));
    arena_free(l.arena);
}

static void test_more_than_the_memory_allows_is_refused(void **state)
{
    (void)state;
    // A sum of three lotteries a day: too many values for 4 MB.
    Loaded l = load_text(HEAD "state x : number = 0\nstate y : number = 0\nstate z : number = 0\n"
                              "each step\n"
                              "  x += poisson(20)\n  y += poisson(20)\n  z += poisson(20)\n"
                              "question q \"All\"\n  x * y * z > 10 at end\n");
    Error error = {0};
    Answer *answer = NULL;
    RunOptions options = {.sources = &l.diags};
    Status status =
        ask_exact(l.arena, l.model, &options, (ExactLimits){.megabytes = 4}, &answer, &error);
    assert_int_equal(status, ST_USAGE);
    assert_non_null(strstr(error.message, "too many states"));
    assert_non_null(strstr(error.message, "--memory"));
    arena_free(l.arena);
}

static void test_a_failing_check_has_its_probability(void **state)
{
    (void)state;
    Loaded l = load_text("model \"m\"\n  time daily from 2024-01-01 to 2024-01-03\n"
                         "state n : count = 0\n"
                         "event up\n  chance 50% within step\n  then n += 1\n  again\n"
                         "check n < 2\n"
                         "question q \"Up\"\n  ever up\n");
    Error error = {0};
    const Answer *answer = answer_exactly(&l, &error);
    assert_non_null(answer);
    assert_true(answer->check_failed);
    assert_int_equal(answer->n_remarks, 1);
    assert_non_null(strstr(str_c(l.arena, answer->remarks[0].text), "0.25"));
    arena_free(l.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_members_in_a_step_do_not_multiply),
        cmocka_unit_test(test_questions_that_multiply_are_taken_apart),
        cmocka_unit_test(test_members_that_are_alike_are_not_told_apart),
        cmocka_unit_test(test_alike_states_need_no_set_to_be_alike),
        cmocka_unit_test(test_members_in_a_sum_of_whole_numbers_are_alike),
        cmocka_unit_test(test_outcomes_of_one_chance_are_alike),
        cmocka_unit_test(test_what_the_calendar_decides_is_no_part_of_a_state),
        cmocka_unit_test(test_members_that_differ_are_told_apart),
        cmocka_unit_test(test_members_that_differ_go_in_blocks),
        cmocka_unit_test(test_worlds_are_averaged_over_priors),
        cmocka_unit_test(test_priors_may_be_mixed_and_correlated),
        cmocka_unit_test(test_dates_long_past_are_one),
        cmocka_unit_test(test_clocks_that_have_run_are_one),
        cmocka_unit_test(test_over_time_given_the_end_each_moment_is_shared_out),
        cmocka_unit_test(test_a_range_that_is_only_compared_is_finite),
        cmocka_unit_test(test_what_is_not_finite_is_named_with_its_line),
        cmocka_unit_test(test_lost_effects_have_their_probability),
        cmocka_unit_test(test_what_over_priors_does_not_do_is_said),
        cmocka_unit_test(test_many_drawn_delays_are_refused_by_name),
        cmocka_unit_test(test_more_than_the_memory_allows_is_refused),
        cmocka_unit_test(test_a_failing_check_has_its_probability),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
