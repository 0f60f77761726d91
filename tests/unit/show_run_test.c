// SPDX-License-Identifier: MIT
//
// A run as text: what an analyst must find there, and what must never reach a terminal.
#include "show/show_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "show_sample.h"

static const ShowStyle utf8 = {.utf8 = true};

static int set_up(void **state)
{
    *state = arena_new(0);
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

static const char *text_of(Arena *arena, const Answer *answer, const ShowStyle *style)
{
    Buf buf = {.arena = arena};
    show_run(&buf, answer, style);
    return buf_str(&buf).p;
}

static const char *item_text(Arena *arena, Item item, const ShowStyle *style)
{
    Buf buf = {.arena = arena};
    show_item(&buf, &item, style);
    return buf_str(&buf).p;
}

static void assert_has(const char *text, const char *part)
{
    if (!text || !strstr(text, part)) {
        print_error("missing: %s\nin:\n%s\n", part, text ? text : "nothing");
        fail();
    }
}

static void test_flag_tells_word_chance_error_and_band(void **state)
{
    const char *text = item_text(*state, sample_flag(), &utf8);
    assert_has(text, "A NATO member openly stations combat troops in Ukraine [troops_in]\n");
    assert_has(text, "\n  unlikely (20–45 %): 21.3 % ±0.1, 8–41 % over what we do not know\n");
    assert_has(text, "\n  moved most by: collapse 41 % ±3, fear[POL] 22 % ±2\n");
    assert_has(text, "\n  resolves: Announced by the sending government (by 2025-03-03)\n");
}

static void test_ties_are_told_beside_before(void **state)
{
    Item item = sample_flag();
    Answer answer = {.items = &item, .n_items = 1};
    uint64_t without = answer_digest(&answer);
    item.has_tied = true;
    item.tied = estimate(.0312, .0004);
    assert_has(item_text(*state, item, &utf8),
               "\n  in the same step, neither before the other: 3.12 % ±0.04\n");
    uint64_t with = answer_digest(&answer);
    item.tied.value += .001;
    assert_true(with != without && with != answer_digest(&answer));
}

static void test_what_the_author_says_stands_beside(void **state)
{
    const Saying sayings[] = {{.who = STR("korybko"),
                               .words = STR("certainly"),
                               .lo = .9,
                               .hi = .99,
                               .by = __builtin_nan("")},
                              {.who = STR("korybko"),
                               .lo = .005,
                               .hi = .005,
                               .by = day(2024, 12, 31),
                               .about = STR("two")}};
    Item item = sample_flag();
    Answer answer = {.items = &item, .n_items = 1};
    uint64_t without = answer_digest(&answer);
    item.sayings = sayings;
    item.n_sayings = 2;
    assert_has(item_text(*state, item, &utf8),
               "\n  korybko says: \"certainly\" (90–99 %)\n"
               "  korybko says: 0.5 % by 2024-12-31, about \"two\"\n");
    assert_true(answer_digest(&answer) == without);
}

static void test_flag_in_ascii_has_no_byte_beyond_it(void **state)
{
    Answer answer = sample_answer();
    const ShowStyle ascii = {.utf8 = false};
    for (const char *p = text_of(*state, &answer, &ascii); *p; p++) {
        assert_true((unsigned char)*p < 0x80);
    }
    assert_has(item_text(*state, sample_flag(), &ascii),
               "unlikely (20-45 %): 21.3 % +-0.1, 8-41 % over what we do not know");
}

static void test_condition_tells_what_it_rests_on(void **state)
{
    const char *text = item_text(*state, sample_condition(), &utf8);
    assert_has(text, "\n  1 in 320 (290–360), up to 1.2 % over what we do not know\n");
    assert_has(text, "rests on 31.2 % ±0.1 of futures (327,155)");
    assert_has(text, "cut off by the end of the run and left out: 4.10 % ±0.04");
}

static void test_condition_that_always_held_rests_on_all_futures(void **state)
{
    Item item = sample_condition();
    item.defined = (Estimate){1, 0, 0.9, 1};
    item.futures = 64;
    const char *text = item_text(*state, item, &utf8);
    assert_has(text, "rests on all futures (64)");
    assert_null(strstr(text, "rarer"));
}

static void test_condition_that_never_held_has_no_figure(void **state)
{
    const char *text = item_text(*state, sample_unanswered(), &utf8);
    assert_has(text, "no answer: the condition never occurred in 1,048,576 futures");
    assert_null(strstr(text, "%"));
}

static void test_number_tells_median_range_and_mean_in_its_unit(void **state)
{
    const char *text = item_text(*state, sample_number(), &utf8);
    assert_has(text, "front at end [front_end]\n");
    assert_has(text, "median 12.3 km ±0.2, 90 % of futures between -34 and 65 km, "
                     "half of them between 1 and 24 km\n");
    assert_has(text, "mean 13.1 km ±0.1, 8.1 to 20.2 km over what we do not know\n");
}

static void test_number_that_never_differs_is_told_once(void **state)
{
    const QuantileValue quantiles[5] = {{.05, estimate(2, 0)},
                                        {.25, estimate(2, 0)},
                                        {.5, estimate(2, 0)},
                                        {.75, estimate(2, 0)},
                                        {.95, estimate(2, 0)}};
    Item item = sample_number();
    item.value = estimate(2, 1e-15);
    item.band.known = false;
    item.quantiles = quantiles;
    item.sd = 0;
    assert_has(item_text(*state, item, &utf8), "\n  2 km in every future\n");
}

static void test_number_is_shown_in_the_scale_of_its_question(void **state)
{
    Item item = sample_number();
    item.scale = -1000; // a negative scale turns quantiles round
    item.unit = STR("m");
    const char *text = item_text(*state, item, &utf8);
    assert_has(text, "90 % of futures between -65,000 and 34,000 m");
}

static void test_date_tells_when_and_never(void **state)
{
    const char *text = item_text(*state, sample_date(), &utf8);
    assert_has(text, "  happens: unlikely (20–45 %): 21.3 % ±0.1, 8–41 % over what we do not know; "
                     "never: 78.7 % ±0.1\n");
    assert_has(text, "when it happens: median 2024-09-14 ±3 days, 90 % between 2024-04-02 and "
                     "2025-02-20\n");
    assert_has(text, "Jan    Feb    Mar\n");
    assert_has(text,
               "       <0.1    1.8    3.6    5.3    7.1    8.9   10.7   12.4   14.2   16.0   17.8"
               "   19.5   21.3\n");
}

static void test_date_names_the_day_when_the_run_ends_within_a_month(void **state)
{
    Item item = sample_date();
    Incidence months[SAMPLE_MONTHS];
    memcpy(months, item.incidence, sizeof months);
    months[SAMPLE_MONTHS - 1].date = day(2025, 3, 3);
    item.incidence = months;
    assert_has(item_text(*state, item, &utf8), "Jan    Feb  3 Mar\n");
}

static void test_ladder_shares_stand_by_rung(void **state)
{
    const char *text = item_text(*state, sample_level(), &utf8);
    assert_has(text, "    crisis                              fewer than 1 in 270,000\n");
    assert_has(text, "    limited_war   ███████████████▋      78.5 % ±0.1               58–91 %\n");
    assert_has(text, "    direct_war    ▋                      3.40 % ±0.04             1–8 %\n");
    assert_has(text, "1 in 4,200 (3,600–4,800)  up to 1 in 1,700\n");
}

static void test_series_shows_first_and_last_date_and_a_line(void **state)
{
    const char *text = item_text(*state, sample_series(), &utf8);
    assert_has(text, "over time, the spread of futures, in km\n");
    assert_has(text, "▁");
    assert_has(text, "    start  ");
    assert_has(text,
               "2025-03-03        -36         -5         12         26         62         13");
}

static void test_last_line_is_enough_to_get_it_again(void **state)
{
    Answer answer = sample_answer();
    const char *text = text_of(*state, &answer, &utf8);
    const char *last = strstr(text, "casus 0.1.0");
    assert_non_null(last);
    assert_has(last, "casus 0.1.0 · model 3f2a91c05e6f7a8b · seed 0 · 65,536 worlds × 16 futures · "
                     "digest ");
    assert_ptr_equal(strchr(last, '\n'), text + strlen(text) - 1);
}

static void test_text_does_not_depend_on_time_and_threads(void **state)
{
    Answer answer = sample_answer();
    const char *before = text_of(*state, &answer, &utf8);
    answer.provenance.seconds = 99;
    answer.provenance.threads = 7;
    assert_string_equal(before, text_of(*state, &answer, &utf8));
}

static void test_partial_run_says_so_first(void **state)
{
    Answer answer = sample_answer();
    answer.provenance.partial = true;
    answer.provenance.futures = 120000;
    const char *text = text_of(*state, &answer, &utf8);
    const char *said = strstr(text, "Partial: stopped after 120,000 of 1,048,576 futures");
    assert_non_null(said);
    assert_true(said < strstr(text, "[troops_in]"));
}

static void test_legend_explains_only_marks_that_are_used(void **state)
{
    Answer answer = sample_answer();
    assert_has(text_of(*state, &answer, &utf8), "over what we do not know: where the answer");
    Item item = sample_number();
    const Mover noise = {STR("pace"), {.2, .4, 0, .6}};
    item.band.known = false;
    item.movers = &noise;
    item.n_movers = 1;
    answer.items = &item;
    answer.n_items = 1;
    const char *text = text_of(*state, &answer, &utf8);
    assert_null(strstr(text, "over what we do not know"));
    assert_null(strstr(text, "moved most by"));
    assert_has(text, "±: error of the simulation");
    const ShowStyle plain = {.utf8 = true, .plain = true};
    assert_null(strstr(text_of(*state, &answer, &plain), "How to read this"));
}

static void test_prose_is_folded_at_the_width_and_only_then(void **state)
{
    Answer answer = sample_answer();
    const ShowStyle narrow = {.utf8 = true, .width = 60};
    Item item = sample_condition();
    const char *line = item_text(*state, item, &narrow);
    while (*line) {
        const char *end = strchr(line, '\n');
        assert_true(str_display_width((Str){line, (size_t)(end - line)}) <= 60);
        line = end + 1;
    }
    assert_has(text_of(*state, &answer, &utf8), "over what we do not know; never: 78.7 % ±0.1\n");
}

static void test_lines_have_no_blanks_at_the_end(void **state)
{
    Answer answer = sample_answer();
    const char *text = text_of(*state, &answer, &utf8);
    assert_null(strstr(text, " \n"));
}

static void test_control_bytes_of_a_model_never_reach_the_terminal(void **state)
{
    Item item = sample_condition();
    item.name = STR("a\x1b[31mb");
    item.text = STR("t\x07\x1b]0;x");
    item.given = STR("g\r\x9b");
    item.rule = STR("r\x1b");
    item.word = STR("w\x1b");
    Mover mover = {STR("m\x1b"), {.1, .01, .09, .11}};
    item.movers = &mover;
    item.n_movers = 1;
    Answer answer = sample_answer();
    Remark remark = {.text = STR("\x1b[2J")};
    PoolPart pool[2] = {{STR("p\x1b"), .5, STR("\x1b")}, {STR("q"), .5, STR("")}};
    answer.items = &item;
    answer.n_items = 1;
    answer.remarks = &remark;
    answer.pool = pool;
    answer.provenance.model_title = STR("title\x1b[1m");
    answer.provenance.reading = STR("story \x1b");
    for (const char *p = text_of(*state, &answer, &utf8); *p; p++) {
        assert_true(*p == '\n' || (unsigned char)*p >= 0x20);
    }
}

static void test_colour_comes_only_when_asked_for(void **state)
{
    Answer answer = sample_answer();
    assert_null(strchr(text_of(*state, &answer, &utf8), '\x1b'));
    const ShowStyle inked = {.utf8 = true, .color = true};
    assert_has(text_of(*state, &answer, &inked), "\x1b[1m");
}

static void test_brief_form_is_name_and_value(void **state)
{
    Buf buf = {.arena = *state};
    Item item = sample_flag();
    show_item_brief(&buf, &item, &utf8);
    assert_string_equal(buf_str(&buf).p, "troops_in 21.3 % ±0.1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_flag_tells_word_chance_error_and_band, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_what_the_author_says_stands_beside, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ties_are_told_beside_before, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_flag_in_ascii_has_no_byte_beyond_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_condition_tells_what_it_rests_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_condition_that_always_held_rests_on_all_futures,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_condition_that_never_held_has_no_figure, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_number_tells_median_range_and_mean_in_its_unit, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_number_that_never_differs_is_told_once, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_number_is_shown_in_the_scale_of_its_question, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_date_tells_when_and_never, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_date_names_the_day_when_the_run_ends_within_a_month,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ladder_shares_stand_by_rung, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_series_shows_first_and_last_date_and_a_line, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_last_line_is_enough_to_get_it_again, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_text_does_not_depend_on_time_and_threads, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_partial_run_says_so_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_legend_explains_only_marks_that_are_used, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_prose_is_folded_at_the_width_and_only_then, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_lines_have_no_blanks_at_the_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_control_bytes_of_a_model_never_reach_the_terminal,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_colour_comes_only_when_asked_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_brief_form_is_name_and_value, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
