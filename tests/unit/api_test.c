// SPDX-License-Identifier: MIT
//
// The C interface: what a program that embeds casus may do wrong harms nothing, and what it does
// right gives the same numbers as everything else.
#include <casus/casus.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char model_text[] = "model \"A test\"\n"
                                 "  time weekly from 2024-01-01 to 2024-12-30\n"
                                 "  words ICD203\n"
                                 "unit km\n"
                                 "ladder heat = calm < quarrel < shots\n"
                                 "param anger : hazard ~ 20% to 70% within 1 year\n"
                                 "  assumption \"test\"\n"
                                 "state level : heat = calm\n"
                                 "state line : km = 0\n"
                                 "each step\n"
                                 "  line += noise(2 km per week)\n"
                                 "event quarrel\n"
                                 "  chance anger\n"
                                 "  then raise level to quarrel\n"
                                 "question q \"A quarrel\" ever quarrel\n"
                                 "question day first quarrel\n"
                                 "question worst max level\n"
                                 "question line_end line at end\n"
                                 "story loud \"Louder\"\n"
                                 "  weight 1\n"
                                 "  anger ~ 60% to 90% within 1 year\n"
                                 "variant hushed \"Quieter\"\n"
                                 "  anger ~ 1% to 5% within 1 year\n";

static CasusModel *load(const CasusLoadOptions *options)
{
    CasusError *error = NULL;
    CasusModel *model =
        casus_model_load_text("test.casus", model_text, sizeof model_text - 1, options, &error);
    if (!model) {
        char *said = casus_error_diagnostics(error, CASUS_TEXT, NULL);
        print_error("%s\n%s\n", casus_error_message(error), said ? said : "");
        fail();
    }
    return model;
}

static void expect_error(CasusError *error, CasusStatus status, const char *part)
{
    assert_non_null(error);
    assert_int_equal(casus_error_status(error), status);
    if (!strstr(casus_error_message(error), part)) {
        print_error("`%s` does not say `%s`\n", casus_error_message(error), part);
        fail();
    }
    casus_error_free(error);
}

static void test_null_arguments_are_usage_errors(void **state)
{
    (void)state;
    CasusError *error = NULL;
    assert_null(casus_model_load(NULL, NULL, &error));
    expect_error(error, CASUS_USAGE, "NULL");
    assert_null(casus_model_load_text(NULL, "x", 1, NULL, &error));
    expect_error(error, CASUS_USAGE, "NULL");
    assert_null(casus_run(NULL, NULL, &error));
    expect_error(error, CASUS_USAGE, "NULL");
    assert_null(casus_replay(NULL, NULL, 0, 0, CASUS_TEXT, NULL, &error));
    expect_error(error, CASUS_USAGE, "NULL");
    assert_int_equal(casus_run_cost(NULL, NULL, NULL, NULL), CASUS_USAGE);
    assert_null(casus_run(NULL, NULL, NULL));
    casus_model_free(NULL);
    casus_answer_free(NULL);
    casus_error_free(NULL);
    casus_free(NULL);
    assert_int_equal(casus_answer_count(NULL), 0);
    assert_int_equal(casus_model_questions(NULL), 0);
    assert_int_equal(casus_error_status(NULL), CASUS_OK);
}

static void test_missing_file_is_no_input(void **state)
{
    (void)state;
    CasusError *error = NULL;
    assert_null(casus_model_load("/nonexistent/x.casus", NULL, &error));
    expect_error(error, CASUS_NO_INPUT, "/nonexistent/x.casus");
}

static void test_bad_model_comes_with_diagnostics(void **state)
{
    (void)state;
    static const char text[] = "model \"x\"\n  time weakly from 2024-01-01 to 2025-01-01\n";
    CasusError *error = NULL;
    assert_null(casus_model_load_text("bad.casus", text, sizeof text - 1, NULL, &error));
    assert_int_equal(casus_error_status(error), CASUS_BAD_MODEL);
    char *said = casus_error_diagnostics(error, CASUS_TEXT, NULL);
    assert_non_null(strstr(said, "bad.casus:2:"));
    char *json = casus_error_diagnostics(error, CASUS_JSON, NULL);
    assert_int_equal(json[0], '[');
    casus_free(said);
    casus_free(json);
    casus_error_free(error);
    assert_null(casus_model_load_text("bad.casus", text, sizeof text - 1, NULL, NULL));
}

static void test_model_tells_its_names(void **state)
{
    (void)state;
    CasusModel *model = load(NULL);
    assert_string_equal(casus_model_title(model), "A test");
    assert_int_equal(casus_model_questions(model), 4);
    assert_string_equal(casus_model_question(model, 0), "q");
    assert_null(casus_model_question(model, 4));
    assert_string_equal(casus_model_story(model, 0), "loud");
    assert_string_equal(casus_model_variant(model, 0), "hushed");
    assert_int_not_equal(casus_model_hash(model), 0);
    casus_model_free(model);
}

static CasusAnswer *run(const CasusModel *model, CasusRunOptions options)
{
    options.worlds = options.worlds ? options.worlds : 500;
    CasusError *error = NULL;
    CasusAnswer *answer = casus_run(model, &options, &error);
    if (!answer) {
        print_error("%s\n", casus_error_message(error));
        fail();
    }
    return answer;
}

static void test_answer_has_every_question_with_its_kind(void **state)
{
    (void)state;
    CasusModel *model = load(NULL);
    CasusAnswer *answer = run(model, (CasusRunOptions){.seed = 1});
    assert_int_equal(casus_answer_count(answer), 4);
    assert_int_equal(casus_answer_find(answer, "day"), 1);
    assert_int_equal(casus_answer_find(answer, "nothing"), -1);
    assert_int_equal(casus_answer_kind(answer, 0), CASUS_FLAG);
    assert_int_equal(casus_answer_kind(answer, 1), CASUS_DATE);
    assert_int_equal(casus_answer_kind(answer, 2), CASUS_LEVEL);
    assert_int_equal(casus_answer_kind(answer, 3), CASUS_NUMBER);
    assert_string_equal(casus_answer_unit(answer, 3), "km");
    CasusEstimate chance = casus_answer_estimate(answer, 0);
    assert_true(chance.lo <= chance.value && chance.value <= chance.hi && chance.half > 0);
    assert_true(casus_answer_quantile(answer, 3, 0.05).value <
                casus_answer_quantile(answer, 3, 0.95).value);
    double sum = 0;
    for (size_t i = 0; i < casus_answer_levels(answer, 2); i++) {
        sum += casus_answer_level(answer, 2, i).value;
    }
    assert_true(fabs(sum - 1) < 1e-12);
    casus_answer_free(answer);
    casus_model_free(model);
}

static void test_answer_outlives_its_model(void **state)
{
    (void)state;
    CasusModel *model = load(NULL);
    CasusAnswer *answer = run(model, (CasusRunOptions){.seed = 1});
    uint64_t digest = casus_answer_digest(answer);
    casus_model_free(model);
    char *json = casus_answer_write(answer, CASUS_JSON, NULL);
    char hash[24];
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)digest);
    assert_non_null(strstr(json, hash));
    assert_string_equal(casus_answer_question(answer, 0), "A quarrel");
    casus_free(json);
    casus_answer_free(answer);
}

static void test_indexes_beyond_the_end_are_harmless(void **state)
{
    (void)state;
    CasusModel *model = load(NULL);
    CasusAnswer *answer = run(model, (CasusRunOptions){.seed = 1});
    assert_string_equal(casus_answer_name(answer, 99), "");
    assert_true(isnan(casus_answer_estimate(answer, 99).value));
    assert_true(isnan(casus_answer_estimate(answer, 2).value)); // a ladder has no one number
    assert_true(isnan(casus_answer_quantile(answer, 3, 0.123).value));
    assert_true(isnan(casus_answer_level(answer, 2, 99).value));
    assert_string_equal(casus_answer_level_name(answer, 2, 99), "");
    assert_int_equal(casus_answer_levels(answer, 99), 0);
    assert_false(casus_answer_band(answer, 99).known);
    casus_answer_free(answer);
    casus_model_free(model);
}

static void test_same_seed_same_digest_whatever_the_threads(void **state)
{
    (void)state;
    CasusModel *model = load(NULL);
    CasusAnswer *a = run(model, (CasusRunOptions){.seed = 7, .threads = 1});
    CasusAnswer *b = run(model, (CasusRunOptions){.seed = 7, .threads = 3});
    CasusAnswer *c = run(model, (CasusRunOptions){.seed = 8});
    assert_true(casus_answer_digest(a) == casus_answer_digest(b));
    assert_true(casus_answer_digest(a) != casus_answer_digest(c));
    casus_answer_free(a);
    casus_answer_free(b);
    casus_answer_free(c);
    casus_model_free(model);
}

// More than 4 standard errors lie between the readings, so that chance plays no part.
static void test_story_and_variant_change_the_answer(void **state)
{
    (void)state;
    CasusModel *model = load(NULL);
    CasusAnswer *loud = run(model, (CasusRunOptions){.story = "loud"});
    CasusAnswer *quiet = run(model, (CasusRunOptions){.variant = "hushed"});
    assert_true(casus_answer_estimate(loud, 0).lo > casus_answer_estimate(quiet, 0).hi + .2);
    casus_answer_free(loud);
    casus_answer_free(quiet);
    casus_model_free(model);
}

static void test_set_changes_the_answer_and_is_told_in_it(void **state)
{
    (void)state;
    static const char *const sets[] = {"anger ~ 95% to 99% within 1 year"};
    CasusModel *changed = load(&(CasusLoadOptions){.sets = sets, .n_sets = 1});
    CasusAnswer *answer = run(changed, (CasusRunOptions){.seed = 0});
    assert_true(casus_answer_estimate(answer, 0).value > .9);
    char *text = casus_answer_write(answer, CASUS_TEXT, NULL);
    assert_non_null(strstr(text, ", with anger ~ 95% to 99% within 1 year"));
    casus_free(text);
    casus_answer_free(answer);
    answer = run(changed, (CasusRunOptions){.story = "loud"});
    assert_true(casus_answer_estimate(answer, 0).value > .9);
    text = casus_answer_write(answer, CASUS_TEXT, NULL);
    assert_non_null(strstr(text, "story loud, with anger ~ 95% to 99% within 1 year"));
    casus_free(text);
    casus_answer_free(answer);
    casus_model_free(changed);
}

static void test_names_that_are_not_there_are_refused(void **state)
{
    (void)state;
    static const char *const questions[] = {"nothing"};
    CasusModel *model = load(NULL);
    CasusError *error = NULL;
    assert_null(casus_run(model, &(CasusRunOptions){.story = "hushed"}, &error));
    expect_error(error, CASUS_USAGE, "no story `hushed` in A test; it has: loud");
    assert_null(casus_run(model, &(CasusRunOptions){.variant = "x"}, &error));
    expect_error(error, CASUS_USAGE, "hushed");
    CasusRunOptions options = {.questions = questions, .n_questions = 1};
    assert_null(casus_run(model, &options, &error));
    expect_error(error, CASUS_USAGE, "nothing");
    options = (CasusRunOptions){.worlds = 1ull << 33};
    assert_null(casus_run(model, &options, &error));
    expect_error(error, CASUS_USAGE, "4,294,967,296");
    options = (CasusRunOptions){.threads = -1};
    assert_null(casus_run(model, &options, &error));
    expect_error(error, CASUS_USAGE, "threads");
    options = (CasusRunOptions){.precision = __builtin_nan("")};
    assert_null(casus_run(model, &options, &error));
    expect_error(error, CASUS_USAGE, "precision");
    casus_model_free(model);
}

static void test_stop_flag_gives_a_partial_answer(void **state)
{
    (void)state;
    static const volatile int stop = 1;
    CasusModel *model = load(NULL);
    CasusAnswer *answer = run(model, (CasusRunOptions){.worlds = 4000000, .stop = &stop});
    assert_true(casus_answer_is_partial(answer));
    casus_answer_free(answer);
    casus_model_free(model);
}

typedef struct {
    int calls;
    uint64_t last;
    bool backwards;
} Seen;

static void watch(void *context, const CasusProgress *progress)
{
    Seen *seen = context;
    seen->calls++;
    seen->backwards = seen->backwards || progress->done < seen->last;
    seen->last = progress->done;
    assert_true(progress->done <= progress->wanted);
    assert_non_null(progress->answers);
}

static void test_progress_only_goes_forwards(void **state)
{
    (void)state;
    Seen seen = {0};
    CasusModel *model = load(NULL);
    CasusAnswer *answer =
        run(model, (CasusRunOptions){.worlds = 20000, .progress = watch, .context = &seen});
    assert_false(seen.backwards);
    casus_answer_free(answer);
    casus_model_free(model);
}

static void test_replay_is_the_same_twice_and_differs_by_future(void **state)
{
    (void)state;
    CasusModel *model = load(NULL);
    char *a = casus_replay(model, NULL, 5, 1, CASUS_JSON, NULL, NULL);
    char *b = casus_replay(model, NULL, 5, 1, CASUS_JSON, NULL, NULL);
    char *c = casus_replay(model, NULL, 5, 2, CASUS_JSON, NULL, NULL);
    assert_string_equal(a, b);
    assert_string_not_equal(a, c);
    casus_free(a);
    casus_free(b);
    casus_free(c);
    CasusError *error = NULL;
    assert_null(casus_replay(model, NULL, 5, 1, CASUS_CSV, NULL, &error));
    expect_error(error, CASUS_USAGE, "text or JSON");
    casus_model_free(model);
}

static void test_templates_all_load(void **state)
{
    (void)state;
    assert_true(casus_templates() >= 4);
    assert_null(casus_template_name(casus_templates()));
    for (size_t i = 0; i < casus_templates(); i++) {
        const char *text = casus_template_text(i);
        CasusError *error = NULL;
        CasusModel *model =
            casus_model_load_text(casus_template_name(i), text, strlen(text), NULL, &error);
        assert_non_null(model);
        CasusAnswer *answer = run(model, (CasusRunOptions){.worlds = 50});
        casus_answer_free(answer);
        casus_model_free(model);
    }
}

static void test_format_is_idempotent_and_refuses_broken_text(void **state)
{
    (void)state;
    char *once = casus_format_text("x", model_text, sizeof model_text - 1, NULL);
    assert_non_null(once);
    char *twice = casus_format_text("x", once, strlen(once), NULL);
    assert_string_equal(once, twice);
    casus_free(once);
    casus_free(twice);
    CasusError *error = NULL;
    assert_null(casus_format_text("x.casus", "model (", 7, &error));
    char *said = casus_error_diagnostics(error, CASUS_TEXT, NULL);
    assert_non_null(strstr(said, "x.casus:1:"));
    casus_free(said);
    expect_error(error, CASUS_BAD_MODEL, "x.casus");
}

static void test_model_is_told_and_drawn(void **state)
{
    (void)state;
    CasusModel *model = load(NULL);
    char *told = casus_model_tell(model, NULL);
    assert_non_null(strstr(told, "What is asked\n  q: A quarrel. That is: "));
    assert_non_null(strstr(told, "20 % to 70 % within 1 year in 9 of 10 worlds"));
    char *dot = casus_model_dot(model);
    assert_int_equal(strncmp(dot, "digraph casus {", 15), 0);
    casus_free(told);
    casus_free(dot);
    casus_model_free(model);
}

// A model whose only chance is one in two, every day.
static void test_sampled_and_exact_answers_are_held_against_each_other(void **state)
{
    (void)state;
    static const char text[] = "model \"Coin\"\n  time daily from 2024-01-01 to 2024-01-05\n"
                               "event toss\n  chance 50% within step\n"
                               "question q \"Q\"\n  ever toss\n";
    CasusError *error = NULL;
    CasusModel *model = casus_model_load_text("coin", text, strlen(text), NULL, &error);
    assert_non_null(model);
    CasusAgreeOptions options = {.run = {.worlds = 1000, .threads = 1}};
    CasusAgreement *agreement = casus_agree(model, &options, &error);
    assert_non_null(agreement);
    casus_model_free(model);
    assert_true(casus_agreement_holds(agreement));
    assert_false(casus_agreement_is_partial(agreement));
    char *said = casus_agreement_write(agreement, CASUS_TEXT, NULL);
    assert_non_null(strstr(said, "93.75 %"));
    casus_free(said);
    assert_null(casus_agreement_write(agreement, CASUS_CSV, NULL));
    casus_agreement_free(agreement);
    casus_agreement_free(NULL);
    assert_null(casus_agree(NULL, NULL, &error));
    expect_error(error, CASUS_USAGE, "NULL");
}

// A comparison outlives its model, is the same on any number of threads, and writes all formats.
static void test_readings_are_compared(void **state)
{
    (void)state;
    CasusModel *model = load(NULL);
    const char *variant = "hushed";
    CasusCompareOptions options = {
        .run = {.worlds = 400, .futures = 4, .threads = 1}, .variants = &variant, .n_variants = 1};
    CasusError *error = NULL;
    CasusComparison *one = casus_compare(model, &options, &error);
    options.run.threads = 3;
    CasusComparison *other = casus_compare(model, &options, &error);
    casus_model_free(model);
    assert_non_null(one);
    assert_non_null(other);
    assert_int_equal(casus_comparison_digest(one), casus_comparison_digest(other));
    assert_false(casus_comparison_is_partial(one) || casus_comparison_check_failed(one));
    static const struct {
        CasusFormat format;
        const char *part;
    } formats[] = {{CASUS_TEXT, "Where they part\n"},
                   {CASUS_JSON, "\"document\": \"comparison\""},
                   {CASUS_CSV, "q,difference,loud,pool,"},
                   {CASUS_MARKDOWN, "## Where they part\n"}};
    for (int i = 0; i < 4; i++) {
        char *text = casus_comparison_write(one, formats[i].format, NULL);
        assert_non_null(text);
        assert_non_null(strstr(text, formats[i].part));
        casus_free(text);
    }
    casus_comparison_free(one);
    casus_comparison_free(other);
}

static void test_wrong_comparisons_are_refused(void **state)
{
    (void)state;
    CasusModel *model = load(NULL);
    CasusError *error = NULL;
    assert_null(casus_compare(NULL, NULL, &error));
    expect_error(error, CASUS_USAGE, "NULL");
    const char *nobody = "nobody";
    CasusCompareOptions options = {.stories = &nobody, .n_stories = 1};
    assert_null(casus_compare(model, &options, &error));
    expect_error(error, CASUS_USAGE, "nobody");
    options = (CasusCompareOptions){.run = {.precision = 0.1}};
    assert_null(casus_compare(model, &options, &error));
    expect_error(error, CASUS_USAGE, "precision");
    assert_null(casus_compare(model, &(CasusCompareOptions){.n_variants = 2}, NULL));
    assert_null(casus_comparison_write(NULL, CASUS_TEXT, NULL));
    casus_comparison_free(NULL);
    casus_model_free(model);
}

// Sources outlive their model, are the same on any number of threads, and are written in all
// formats.
static void test_sources_are_told(void **state)
{
    (void)state;
    CasusModel *model = load(NULL);
    CasusSourcesOptions options = {.run = {.worlds = 400, .futures = 4, .threads = 1}};
    CasusError *error = NULL;
    CasusSources *one = casus_sources(model, &options, &error);
    options.run.threads = 3;
    CasusSources *other = casus_sources(model, &options, &error);
    casus_model_free(model);
    assert_non_null(one);
    assert_non_null(other);
    assert_int_equal(casus_sources_digest(one), casus_sources_digest(other));
    assert_false(casus_sources_is_partial(one));
    static const struct {
        CasusFormat format;
        const char *part;
    } formats[] = {{CASUS_TEXT, "At a glance\n"},
                   {CASUS_JSON, "\"document\": \"sources\""},
                   {CASUS_CSV, "rests_on,param,base,anger,,assumption,"},
                   {CASUS_MARKDOWN, "## At a glance\n"}};
    for (int i = 0; i < 4; i++) {
        char *text = casus_sources_write(one, formats[i].format, NULL);
        assert_non_null(text);
        assert_non_null(strstr(text, formats[i].part));
        casus_free(text);
    }
    casus_sources_free(one);
    casus_sources_free(other);
}

static void test_wrong_sources_are_refused(void **state)
{
    (void)state;
    CasusModel *model = load(NULL);
    CasusError *error = NULL;
    assert_null(casus_sources(NULL, NULL, &error));
    expect_error(error, CASUS_USAGE, "NULL");
    CasusSourcesOptions options = {.run = {.story = "loud"}};
    assert_null(casus_sources(model, &options, &error));
    expect_error(error, CASUS_USAGE, "story");
    const char *nothing = "nothing";
    options = (CasusSourcesOptions){.run = {.questions = &nothing, .n_questions = 1}};
    assert_null(casus_sources(model, &options, &error));
    expect_error(error, CASUS_USAGE, "nothing");
    assert_null(casus_sources_write(NULL, CASUS_TEXT, NULL));
    casus_sources_free(NULL);
    casus_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sources_are_told),
        cmocka_unit_test(test_wrong_sources_are_refused),
        cmocka_unit_test(test_readings_are_compared),
        cmocka_unit_test(test_wrong_comparisons_are_refused),
        cmocka_unit_test(test_null_arguments_are_usage_errors),
        cmocka_unit_test(test_missing_file_is_no_input),
        cmocka_unit_test(test_bad_model_comes_with_diagnostics),
        cmocka_unit_test(test_model_tells_its_names),
        cmocka_unit_test(test_answer_has_every_question_with_its_kind),
        cmocka_unit_test(test_answer_outlives_its_model),
        cmocka_unit_test(test_indexes_beyond_the_end_are_harmless),
        cmocka_unit_test(test_same_seed_same_digest_whatever_the_threads),
        cmocka_unit_test(test_story_and_variant_change_the_answer),
        cmocka_unit_test(test_set_changes_the_answer_and_is_told_in_it),
        cmocka_unit_test(test_names_that_are_not_there_are_refused),
        cmocka_unit_test(test_stop_flag_gives_a_partial_answer),
        cmocka_unit_test(test_progress_only_goes_forwards),
        cmocka_unit_test(test_replay_is_the_same_twice_and_differs_by_future),
        cmocka_unit_test(test_sampled_and_exact_answers_are_held_against_each_other),
        cmocka_unit_test(test_templates_all_load),
        cmocka_unit_test(test_format_is_idempotent_and_refuses_broken_text),
        cmocka_unit_test(test_model_is_told_and_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
