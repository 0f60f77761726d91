// SPDX-License-Identifier: MIT
//
// A future as a story, and a model told in English, as text: dated, in order, harmless.
#include "show/show_replay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "show/show_json.h"
#include "show/show_tell.h"
#include "show_sample.h"

static const ShowStyle utf8 = {.utf8 = true};

static Replay sample_replay(void)
{
    static StoryFact unknowns[2], ending[1], answers[1];
    static StoryLine lines[3];
    unknowns[0] = (StoryFact){.name = STR("pace"), .value = STR("3.2 km per week")};
    unknowns[1] = (StoryFact){.name = STR("aims of RUS"), .value = STR("maximal")};
    lines[0] = (StoryLine){.date = day(2024, 5, 6),
                           .step = 9,
                           .text = STR("Breakthrough across the line"),
                           .detail = STR("")};
    lines[1] = (StoryLine){.date = day(2024, 5, 6),
                           .step = 9,
                           .text = STR("Poland: go"),
                           .detail = STR("saw others = 0; go 71 %")};
    lines[2] = (StoryLine){
        .date = day(2024, 5, 13), .step = 10, .text = STR("France: wait"), .detail = STR("")};
    ending[0] = (StoryFact){.name = STR("level"), .value = STR("regional_war")};
    answers[0] = (StoryFact){.name = STR("troops_in"), .value = STR("yes")};
    return (Replay){.provenance = sample_answer().provenance,
                    .world = 17,
                    .future = 3,
                    .story = STR("korybko"),
                    .unknowns = unknowns,
                    .n_unknowns = 2,
                    .lines = lines,
                    .n_lines = 3,
                    .ending = ending,
                    .n_ending = 1,
                    .answers = answers,
                    .n_answers = 1};
}

static void test_replay_tells_world_events_and_end_in_order(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    Replay replay = sample_replay();
    show_replay(&buf, &replay, &utf8);
    assert_string_equal(buf_str(&buf).p,
                        "Will anyone send troops?\n"
                        "world 17, future 3, as told by korybko; 2024-03-04 to 2025-03-03\n"
                        "\n"
                        "True in this world\n"
                        "  pace         3.2 km per week\n"
                        "  aims of RUS  maximal\n"
                        "\n"
                        "What happened\n"
                        "  2024-05-06  Breakthrough across the line\n"
                        "              Poland: go\n"
                        "                saw others = 0; go 71 %\n"
                        "  2024-05-13  France: wait\n"
                        "\n"
                        "At the end\n"
                        "  level  regional_war\n"
                        "\n"
                        "Questions in this future\n"
                        "  troops_in  yes\n"
                        "\n"
                        "casus 0.1.0 · model 3f2a91c05e6f7a8b · seed 0\n");
    arena_free(arena);
}

static void test_what_is_chosen_again_without_effect_is_told_once(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    StoryLine lines[4];
    for (int32_t i = 0; i < 4; i++) {
        lines[i] = (StoryLine){.date = day(2024, 5, 6 + 7 * i),
                               .step = i,
                               .text = STR("France: wait"),
                               .detail = STR("saw others = 0"),
                               .fold = 1};
    }
    lines[2] = (StoryLine){.date = day(2024, 5, 20), .step = 2, .text = STR("Poland: go")};
    Replay replay = sample_replay();
    replay.lines = lines;
    replay.n_lines = 4;
    Buf buf = {.arena = arena};
    show_replay(&buf, &replay, &utf8);
    assert_non_null(strstr(buf_str(&buf).p, "What happened\n"
                                            "  2024-05-06  France: wait, 3 times until 2024-05-27\n"
                                            "  2024-05-20  Poland: go\n"
                                            "\n"));
    Buf every = {.arena = arena};
    ShowStyle all = utf8;
    all.all = true;
    show_replay(&every, &replay, &all);
    assert_non_null(strstr(buf_str(&every).p, "  2024-05-13  France: wait\n"
                                              "                saw others = 0\n"
                                              "  2024-05-20  Poland: go\n"
                                              "  2024-05-27  France: wait\n"));
    arena_free(arena);
}

static void test_numbers_are_rounded_in_text_and_exact_in_json(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    StoryFact fact = {.name = STR("x"), .value = STR("0.3"), .exact = STR("0.30000000000000004")};
    Replay replay = sample_replay();
    replay.answers = &fact;
    Buf text = {.arena = arena}, json = {.arena = arena};
    show_replay(&text, &replay, &utf8);
    assert_non_null(strstr(buf_str(&text).p, "  x  0.3\n"));
    assert_int_equal(show_replay_json(&json, &replay, NULL), ST_OK);
    assert_non_null(strstr(buf_str(&json).p, "\"0.30000000000000004\""));
    arena_free(arena);
}

static void test_replay_in_which_nothing_happens_says_so(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    Replay replay = sample_replay();
    replay.n_lines = 0;
    show_replay(&buf, &replay, &utf8);
    assert_non_null(strstr(buf_str(&buf).p, "What happened\n  nothing of what could have\n"));
    arena_free(arena);
}

static void test_replay_json_reads_back(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    Replay replay = sample_replay();
    assert_int_equal(show_replay_json(&buf, &replay, NULL), ST_OK);
    json_t *root = json_loadb(buf.p, buf.n, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    json_t *second = json_array_get(json_object_get(root, "happened"), 1);
    assert_string_equal(json_string_value(json_object_get(second, "date")), "2024-05-06");
    assert_string_equal(json_string_value(json_object_get(second, "text")), "Poland: go");
    assert_true(json_is_null(
        json_object_get(json_array_get(json_object_get(root, "happened"), 0), "detail")));
    json_decref(root);
    arena_free(arena);
}

static void test_telling_is_indented_by_depth_and_harmless(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    const TellLine lines[] = {{TELL_ITEM, STR(""), STR("52 weekly steps")},
                              {TELL_HEADING, STR(""), STR("Who")},
                              {TELL_ITEM, STR("RUS"), STR("Russia")},
                              {TELL_ITEM, STR("POL"), STR("")},
                              {TELL_DETAIL, STR(""), STR("\x1b[31mred")}};
    const Telling telling = {STR("Title"), lines, 5};
    show_tell(&buf, &telling, &utf8);
    assert_string_equal(buf_str(&buf).p, "Title\n"
                                         "52 weekly steps\n"
                                         "\n"
                                         "Who\n"
                                         "  RUS: Russia\n"
                                         "  POL\n"
                                         "      \\x1b[31mred\n");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replay_tells_world_events_and_end_in_order),
        cmocka_unit_test(test_what_is_chosen_again_without_effect_is_told_once),
        cmocka_unit_test(test_numbers_are_rounded_in_text_and_exact_in_json),
        cmocka_unit_test(test_replay_in_which_nothing_happens_says_so),
        cmocka_unit_test(test_replay_json_reads_back),
        cmocka_unit_test(test_telling_is_indented_by_depth_and_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
