// SPDX-License-Identifier: MIT
//
// A replay tells the same future as the run: 1,000 futures of a model with stories, events, delays,
// decisions, outcomes and a ladder, against the rows of --samples; and its lines say what happened.
#include "ask/replay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "lang/check.h"

static const char MODEL[] = "model \"Replayed\"\n"
                            "  time weekly from 2024-01-01 to 2024-06-24\n"
                            "  words ICD203\n"
                            "\n"
                            "unit km\n"
                            "source gazette B \"A paper\" 2023-11-01\n"
                            "source herald C \"Another\" 2023-11-02\n"
                            "actor RED \"Redland\"\n"
                            "actor BLUE \"Blueland\"\n"
                            "actor GREEN \"Greenland\"\n"
                            "set allies = BLUE, GREEN\n"
                            "ladder rung = calm < tense < war\n"
                            "\n"
                            "param pace : km per week ~ -2 to 6\n"
                            "  assumption \"made up\"\n"
                            "param resolve[allies] : number ~ 0.5 to 2\n"
                            "  assumption \"made up\"\n"
                            "type aims of RED : small, large ~ 60%, 40%\n"
                            "  assumption \"made up\"\n"
                            "\n"
                            "state front : km = 0\n"
                            "state level : rung = calm\n"
                            "state sent[allies] : flag = no\n"
                            "state aid : number = 0\n"
                            "\n"
                            "each step\n"
                            "  front += pace * step + noise(3 km per week)\n"
                            "\n"
                            "event strike \"A strike across the border\"\n"
                            "  when   aims of RED is large or front > 10 km\n"
                            "  chance 20% to 60% within 60 days\n"
                            "  then   raise level to tense\n"
                            "         one of\n"
                            "           70% \"it is contained\"\n"
                            "             aid += 1\n"
                            "           rest \"it spreads\"\n"
                            "             raise level to war\n"
                            "         after 10 to 30 days\n"
                            "           aid += 2\n"
                            "\n"
                            "decision join by a in allies \"Joining the fight\"\n"
                            "  when   level is at least tense and not sent[a]\n"
                            "  every  2 weeks\n"
                            "  sees   front\n"
                            "         others = count(o in allies except a: sent[o])\n"
                            "  option wait worth 0\n"
                            "  option go \"Sends troops\"\n"
                            "    worth\n"
                            "      + 1 * others \"not alone\"\n"
                            "      - resolve[a] \"cost\"\n"
                            "    then sent[a] = yes\n"
                            "\n"
                            "question joined \"Somebody joins\"\n"
                            "  ever any(a in allies: sent[a])\n"
                            "question when_joined \"When\" first any(a in allies: sent[a])\n"
                            "question soon \"Within a month of a strike\"\n"
                            "  ever any(a in allies: sent[a]) within 30 days after strike\n"
                            "question after_strike \"The front, given a strike\" front at end\n"
                            "  given ever strike\n"
                            "question front_end \"The front\" front at end\n"
                            "question worst \"The highest rung\" max level\n"
                            "question help \"Aid\" aid at end\n"
                            "question path \"The front over time\" front over time\n"
                            "\n"
                            "story bold \"Everybody is bold\" from gazette\n"
                            "  resolve ~ 0.1 to 0.3\n"
                            "story meek \"Nobody is\" from herald\n"
                            "  resolve ~ 2 to 4\n";

typedef struct {
    Arena *arena;
    DiagList diags;
    Model *model;
} Loaded;

static Loaded load(const char *text)
{
    Loaded l = {.arena = arena_new(0)};
    l.diags.arena = l.arena;
    LoadOptions options = {.path = "test.casus"};
    Error error = {0};
    Status status = lang_load_text(l.arena, &l.diags, STR("test.casus"), str_of(text), &options,
                                   &l.model, &error);
    if (status != ST_OK) {
        fail_msg("%s; %.*s", error.message, l.diags.diags.n ? (int)l.diags.diags.p[0].text.n : 0,
                 l.diags.diags.n ? l.diags.diags.p[0].text.p : "");
    }
    return l;
}

static Str samples_of(const Loaded *l, RunOptions options)
{
    char path[] = "ask_replay_test_XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    (void)close(file);
    options.samples = path;
    Answer *answer;
    Error error = {0};
    if (ask_run(l->arena, l->model, &options, &answer, &error) != ST_OK) {
        fail_msg("%s", error.message);
    }
    Str text;
    assert_int_equal(file_read(path, 64 << 20, l->arena, &text, &error), ST_OK);
    (void)unlink(path);
    return text;
}

static Str cut(Str *text, char end)
{
    size_t n = 0;
    while (n < text->n && text->p[n] != end) {
        n++;
    }
    Str field = str_sub(*text, 0, n);
    *text = str_sub(*text, n + 1, text->n);
    return field;
}

// A value of the samples as the replay would write it.
static bool same(Arena *arena, Str sample, Str name, Str told)
{
    if (sample.n == 0) {
        return str_starts(told, STR("left out"));
    }
    if (str_eq(sample, STR("1")) || str_eq(sample, STR("0"))) {
        Str flag = str_eq(sample, STR("1")) ? STR("yes") : STR("no");
        if (str_eq(told, flag)) {
            return true;
        }
    }
    bool km = str_eq(name, STR("front_end")) || str_eq(name, STR("after_strike"));
    return str_eq(km ? str_format(arena, "%.*s km", STR_ARG(sample)) : sample, told);
}

static void test_replays_agree_with_samples(void **state)
{
    (void)state;
    Loaded l = load(MODEL);
    RunOptions options = {.seed = 4, .worlds = 50, .futures = 20, .threads = 2};
    Str rest = samples_of(&l, options);
    Str header = cut(&rest, '\n');
    int compared = 0, left_out = 0;
    for (uint64_t w = 0; w < 50; w++) {
        for (uint64_t f = 0; f < 20; f++) {
            Arena *arena = arena_new(0);
            Replay *replay;
            Error error = {0};
            assert_int_equal(ask_replay(arena, l.model, &options, w, f, &replay, &error), ST_OK);
            Str row = cut(&rest, '\n'), names = header;
            (void)cut(&row, ',');
            (void)cut(&row, ',');
            for (int i = 0; i < 3; i++) {
                (void)cut(&names, ',');
            }
            assert_true(str_eq(cut(&row, ','), replay->story));
            for (int32_t a = 0; a < replay->n_answers; a++) {
                if (str_eq(replay->answers[a].name, STR("path"))) {
                    continue;
                }
                Str sample = cut(&row, ','), name = cut(&names, ',');
                assert_true(str_eq(name, replay->answers[a].name));
                const StoryFact *fact = &replay->answers[a];
                if (!same(arena, sample, name, fact->exact.n > 0 ? fact->exact : fact->value)) {
                    fail_msg("world %d, future %d: %.*s is %.*s, replayed %.*s", (int)w, (int)f,
                             STR_ARG(name), STR_ARG(sample), STR_ARG(replay->answers[a].value));
                }
                compared++;
                left_out += sample.n == 0;
            }
            arena_free(arena);
        }
    }
    assert_int_equal(compared, 7000);
    assert_true(left_out > 100);
    assert_int_equal(rest.n, 0);
    arena_free(l.arena);
}

// ---- What the lines say -------------------------------------------------------------------------

typedef struct {
    bool fired, outcome, delivered, chose, detail, rose;
    int folded;
} Heard;

// Only waiting is folded: it has no effects. One number is one member's, in one go.
static void listen_to_fold(const Replay *replay, int32_t i, Heard *heard)
{
    const StoryLine *line = &replay->lines[i];
    bool waits = str_starts(line->text, STR("Blueland: wait")) ||
                 str_starts(line->text, STR("Greenland: wait"));
    assert_int_equal(line->fold > 0, waits);
    for (int32_t k = 0; k < i && line->fold > 0; k++) {
        if (replay->lines[k].fold == line->fold) {
            assert_true(str_eq(replay->lines[k].text, line->text));
            heard->folded++;
        }
    }
}

static void listen(const Replay *replay, Heard *heard)
{
    int32_t step = -2;
    for (int32_t i = 0; i < replay->n_lines; i++) {
        const StoryLine *line = &replay->lines[i];
        assert_true(line->step >= step);
        step = line->step;
        assert_true(line->date == 19723 + 7.0 * line->step);
        listen_to_fold(replay, i, heard);
        heard->fired |= str_eq(line->text, STR("A strike across the border"));
        heard->outcome |= str_eq(line->text, STR("A strike across the border: it spreads"));
        heard->delivered |=
            str_eq(line->text, STR("A strike across the border: its delayed effect comes"));
        heard->rose |= str_eq(line->text, STR("level rises from calm to tense"));
        if (str_eq(line->text, STR("Blueland: go, Sends troops"))) {
            heard->chose = true;
            heard->detail |= str_starts(line->detail, STR("saw front = "));
        }
    }
}

static void test_lines_tell_what_happened(void **state)
{
    (void)state;
    Loaded l = load(MODEL);
    RunOptions options = {.seed = 4, .sources = &l.diags};
    Heard heard = {0};
    for (uint64_t w = 0; w < 60; w++) {
        Replay *replay;
        Error error = {0};
        assert_int_equal(ask_replay(l.arena, l.model, &options, w, 0, &replay, &error), ST_OK);
        listen(replay, &heard);
        assert_int_equal(replay->n_unknowns, 5); // pace, resolve twice, aims, the chance
        assert_int_equal(replay->n_ending, 5);   // front, level, sent twice, aid
    }
    assert_true(heard.fired && heard.outcome && heard.delivered && heard.chose && heard.detail);
    assert_true(heard.rose && heard.folded > 20);
    arena_free(l.arena);
}

// A vote in step 0 that is blocked and one in step 1 that is carried, a word that is told and a
// certain signal; evidence of `each step` would drown all else.
static const char VOTES[] =
    "model \"Votes\"\n"
    "  time weekly from 2024-01-01 to 2024-01-15\n"
    "actor POL \"Poland\"\n"
    "actor FRA\n"
    "set allies = POL, FRA\n"
    "state x : number = 0\n"
    "belief guilt of POL \"That it was them\" that x is at least 0 starts 40%\n"
    "each step\n"
    "  told guilt yes hit 50% false alarm 50%\n"
    "decision vote \"The vote\" by m in allies\n"
    "  every 1 week\n"
    "  carried by all\n"
    "  option no_one weight (if m is POL and today is 2024-01-01 then 1 else 0)\n"
    "  option go \"Go in\"\n"
    "    weight (if m is POL and today is 2024-01-01 then 0 else 1)\n"
    "  when carried go\n"
    "    then x = 1\n"
    "         told guilt no hit 80% false alarm 30%\n"
    "         hears guilt hit 100% false alarm 50%\n"
    "  when blocked then x = 2\n"
    "question q x at end\n";

static void test_votes_and_evidence_are_told(void **state)
{
    (void)state;
    Loaded l = load(VOTES);
    RunOptions options = {.sources = &l.diags};
    Replay *replay;
    Error error = {0};
    assert_int_equal(ask_replay(l.arena, l.model, &options, 0, 0, &replay, &error), ST_OK);
    static const struct {
        int32_t step;
        const char *text, *detail;
    } WANT[] = {
        {0, "The vote: blocked", "go 1 of 2"},
        {1, "The vote: carried, Go in", "go 2 of 2"},
        {1, "Poland is told no", "That it was them: from 40 % to 16.0 %"},
        {1, "Poland hears yes", "That it was them: from 16.0 % to 27.6 %"},
    };
    size_t met = 0;
    for (int32_t i = 0; i < replay->n_lines; i++) {
        const StoryLine *line = &replay->lines[i];
        if (met < 4 && str_eq(line->text, str_of(WANT[met].text))) {
            assert_int_equal(line->step, WANT[met].step);
            assert_true(str_eq(line->detail, str_of(WANT[met].detail)));
            met++;
        } else {
            assert_false(str_starts(line->text, STR("Poland is told")));
        }
    }
    assert_int_equal(met, 4);
    arena_free(l.arena);
}

static void test_a_far_world_can_be_replayed(void **state)
{
    (void)state;
    Loaded l = load(MODEL);
    RunOptions options = {.seed = 4};
    Replay *replay;
    Error error = {0};
    assert_int_equal(ask_replay(l.arena, l.model, &options, 4000000000, 5, &replay, &error), ST_OK);
    assert_int_equal(ask_replay(l.arena, l.model, &options, (uint64_t)1 << 32, 0, &replay, &error),
                     ST_USAGE);
    arena_free(l.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replays_agree_with_samples),
        cmocka_unit_test(test_lines_tell_what_happened),
        cmocka_unit_test(test_votes_and_evidence_are_told),
        cmocka_unit_test(test_a_far_world_can_be_replayed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
