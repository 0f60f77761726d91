// SPDX-License-Identifier: MIT
//
// What programs read: JSON that says the same numbers as the Answer, bit for bit, and CSV with one
// row a number.
#include "show/show_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "show/show_csv.h"
#include "show_sample.h"

static json_t *document(const Answer *answer)
{
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    assert_int_equal(show_json(&buf, answer, NULL), ST_OK);
    Str text = buf_str(&buf);
    json_error_t error;
    json_t *root = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &error);
    assert_non_null(root);
    arena_free(arena);
    return root;
}

static json_t *question(json_t *root, size_t i)
{
    return json_array_get(json_object_get(root, "questions"), i);
}

static double real_of(json_t *json, const char *a, const char *b)
{
    json_t *value = json_object_get(json_object_get(json, a), b);
    assert_true(json_is_real(value));
    return json_real_value(value);
}

static void test_json_has_one_entry_a_question_in_order(void **state)
{
    (void)state;
    Answer answer = sample_answer();
    json_t *root = document(&answer);
    assert_int_equal(json_integer_value(json_object_get(root, "schema_version")), 1);
    assert_int_equal(json_array_size(json_object_get(root, "questions")), SAMPLE_ITEMS);
    for (size_t i = 0; i < SAMPLE_ITEMS; i++) {
        const char *name = json_string_value(json_object_get(question(root, i), "name"));
        assert_string_equal(name, answer.items[i].name.p);
    }
    json_decref(root);
}

static void test_json_and_csv_tell_ties_of_before_only(void **state)
{
    (void)state;
    Answer answer = sample_answer();
    Item item = sample_flag();
    answer.items = &item;
    answer.n_items = 1;
    json_t *root = document(&answer);
    assert_null(json_object_get(question(root, 0), "same_step"));
    json_decref(root);
    item.has_tied = true;
    item.tied = estimate(.25, .125);
    root = document(&answer);
    assert_true(real_of(question(root, 0), "same_step", "value") == .25);
    assert_true(real_of(question(root, 0), "same_step", "hi") == .375);
    json_decref(root);
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    show_csv(&buf, &answer);
    assert_non_null(strstr(buf_str(&buf).p, "\ntroops_in,same_step,,,0.25,0.125,0.125,0.375,"));
    arena_free(arena);
}

static void test_json_tells_what_the_author_says(void **state)
{
    (void)state;
    const Saying says = {
        .who = STR("sky"), .words = STR("surely"), .lo = .5, .hi = .75, .by = __builtin_nan("")};
    Answer answer = sample_answer();
    Item item = sample_flag();
    item.sayings = &says;
    item.n_sayings = 1;
    answer.items = &item;
    answer.n_items = 1;
    json_t *root = document(&answer);
    json_t *one = json_array_get(json_object_get(question(root, 0), "says"), 0);
    assert_string_equal(json_string_value(json_object_get(one, "who")), "sky");
    assert_string_equal(json_string_value(json_object_get(one, "words")), "surely");
    assert_true(json_real_value(json_object_get(one, "hi")) == .75);
    assert_true(json_is_null(json_object_get(one, "by")));
    json_decref(root);
}

static void test_json_doubles_read_back_as_they_were(void **state)
{
    (void)state;
    static const double hard[] = {.1,     1.0 / 3,           0x1p-1074, 1.7976931348623157e308,
                                  5e-324, .30000000000000004};
    for (size_t i = 0; i < sizeof hard / sizeof *hard; i++) {
        Answer answer = sample_answer();
        Item item = sample_flag();
        item.value = (Estimate){hard[i], hard[i], hard[i], hard[i]};
        answer.items = &item;
        answer.n_items = 1;
        json_t *root = document(&answer);
        assert_true(real_of(question(root, 0), "estimate", "value") == hard[i]);
        json_decref(root);
    }
}

static void test_json_writes_what_is_not_a_number_as_null(void **state)
{
    (void)state;
    Answer answer = sample_answer();
    Item item = sample_unanswered();
    item.value.half = 1 / 0.0;
    answer.items = &item;
    answer.n_items = 1;
    json_t *root = document(&answer);
    json_t *estimate = json_object_get(question(root, 0), "estimate");
    assert_true(json_is_null(json_object_get(estimate, "value")));
    assert_true(json_is_null(json_object_get(estimate, "half")));
    const char *why = json_string_value(json_object_get(question(root, 0), "no_answer_because"));
    assert_string_equal(why, item.why.p);
    json_decref(root);
}

static void test_json_seeds_and_hashes_are_strings(void **state)
{
    (void)state;
    Answer answer = sample_answer();
    answer.provenance.seed = UINT64_MAX;
    json_t *root = document(&answer);
    json_t *seed = json_object_get(json_object_get(root, "run"), "seed");
    assert_string_equal(json_string_value(seed), "18446744073709551615");
    json_t *hash = json_object_get(json_object_get(root, "model"), "hash");
    assert_string_equal(json_string_value(hash), "3f2a91c05e6f7a8b");
    assert_int_equal(strlen(json_string_value(json_object_get(root, "digest"))), 16);
    json_decref(root);
}

static void test_json_survives_paths_that_are_not_utf8(void **state)
{
    (void)state;
    Answer answer = sample_answer();
    answer.provenance.model_path = STR("models/\xff\x01.casus");
    json_t *root = document(&answer);
    json_t *path = json_object_get(json_object_get(root, "model"), "path");
    assert_string_equal(json_string_value(path), "models/\\xff\\x01.casus");
    json_decref(root);
}

static void test_json_numbers_stand_in_the_unit_of_the_question(void **state)
{
    (void)state;
    Answer answer = sample_answer();
    Item item = sample_number();
    item.scale = 7;
    item.unit = STR("km per week");
    answer.items = &item;
    answer.n_items = 1;
    json_t *root = document(&answer);
    assert_true(real_of(question(root, 0), "estimate", "value") == item.value.value * 7);
    assert_true(real_of(question(root, 0), "band", "lo") == item.band.lo * 7);
    json_t *unit = json_object_get(question(root, 0), "unit");
    assert_string_equal(json_string_value(unit), "km per week");
    json_decref(root);
}

// ---- CSV ----------------------------------------------------------------------------------------

static Str csv_of(Arena *arena, const Answer *answer)
{
    Buf buf = {.arena = arena};
    show_csv(&buf, answer);
    return buf_str(&buf);
}

static void test_csv_rows_all_have_the_columns_of_the_header(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    Answer answer = sample_answer();
    const char *line = csv_of(arena, &answer).p;
    int32_t expected = -1, rows = 0;
    while (*line) {
        const char *end = strchr(line, '\n');
        int32_t commas = 0;
        for (const char *p = line; p < end; p++) {
            commas += *p == ',';
        }
        expected = expected < 0 ? commas : expected;
        assert_int_equal(commas, expected);
        rows++;
        line = end + 1;
    }
    // One answer for each question that has one number, and more from the others.
    assert_true(rows > SAMPLE_POINTS * 6 + SAMPLE_MONTHS);
    arena_free(arena);
}

static void test_csv_quotes_what_would_break_a_row(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    Answer answer = sample_answer();
    Item item = sample_flag();
    item.n_movers = 0;
    item.name = STR("a,\"b\"\nc");
    answer.items = &item;
    answer.n_items = 1;
    const char *text = strchr(csv_of(arena, &answer).p, '\n') + 1;
    const char *head = "\"a,\"\"b\"\"\nc\",answer,chance,,0.21312,";
    assert_int_equal(strncmp(text, head, strlen(head)), 0);
    arena_free(arena);
}

static void test_csv_numbers_read_back_as_they_were(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    Answer answer = sample_answer();
    Item item = sample_flag();
    item.value.value = .30000000000000004;
    answer.items = &item;
    answer.n_items = 1;
    const char *field = strstr(csv_of(arena, &answer).p, "answer,chance,,");
    assert_non_null(field);
    assert_true(strtod(field + strlen("answer,chance,,"), NULL) == .30000000000000004);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_has_one_entry_a_question_in_order),
        cmocka_unit_test(test_json_and_csv_tell_ties_of_before_only),
        cmocka_unit_test(test_json_tells_what_the_author_says),
        cmocka_unit_test(test_json_doubles_read_back_as_they_were),
        cmocka_unit_test(test_json_writes_what_is_not_a_number_as_null),
        cmocka_unit_test(test_json_seeds_and_hashes_are_strings),
        cmocka_unit_test(test_json_survives_paths_that_are_not_utf8),
        cmocka_unit_test(test_json_numbers_stand_in_the_unit_of_the_question),
        cmocka_unit_test(test_csv_rows_all_have_the_columns_of_the_header),
        cmocka_unit_test(test_csv_quotes_what_would_break_a_row),
        cmocka_unit_test(test_csv_numbers_read_back_as_they_were),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
