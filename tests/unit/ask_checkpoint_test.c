// SPDX-License-Identifier: MIT
//
// A run stopped anywhere and gone on with gives the bits of one that never stopped; a checkpoint
// that is not whole, or belongs to another run, is refused with a sentence, whatever its bytes.
#include "ask/checkpoint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "ask_toy.h"
#include "base/file.h"
#include "base/version.h"

static const Toy DIFFERENT = {.base = {0.02, 0.01, 0.08}, .check = true, .trouble = true};

// Worlds and futures, with units that hold several worlds or a part of one.
typedef struct {
    uint64_t worlds, futures;
    int32_t unit_futures;
} Shape;

static const Shape SHAPES[] = {{300, 16, 64}, {400, 1, 20}, {40, 100, 30},
                               {7, 300, 50},  {1, 900, 40}, {20, 4, 0}};
enum { SHAPE_COUNT = sizeof SHAPES / sizeof *SHAPES };

static RunOptions options_of(const Shape *shape)
{
    return (RunOptions){.worlds = shape->worlds,
                        .futures = shape->futures,
                        .unit_futures = shape->unit_futures,
                        .seed = 1,
                        .threads = 1};
}

// A folder for one test, and the name of a checkpoint in it.
typedef struct {
    char folder[64], file[96];
} Spot;

static Spot spot_new(void)
{
    // In memory where there is room for files, since each save waits for the disk.
    Spot spot = {.folder = "/dev/shm/ask_checkpoint_test_XXXXXX"};
    if (!mkdtemp(spot.folder)) {
        spot = (Spot){.folder = "ask_checkpoint_test_XXXXXX"};
        assert_non_null(mkdtemp(spot.folder));
    }
    snprintf(spot.file, sizeof spot.file, "%s/saved", spot.folder);
    return spot;
}

static void spot_free(const Spot *spot)
{
    (void)unlink(spot->file);
    assert_int_equal(rmdir(spot->folder), 0); // and nothing else was left
}

typedef struct {
    Status status;
    uint64_t digest, futures;
    bool partial;
    char message[512], remarks[2048];
} Ended;

static Ended run(RunOptions options)
{
    Arena *arena = arena_new(0);
    Error error = {0};
    Answer *answer = NULL;
    Ended ended = {.status = ask_run(arena, toy_model(arena), &options, &answer, &error)};
    memcpy(ended.message, error.message, sizeof error.message);
    if (ended.status == ST_OK) {
        ended.digest = answer_digest(answer);
        ended.futures = answer->provenance.futures;
        ended.partial = answer->provenance.partial;
        Buf remarks = {.arena = arena};
        for (int32_t i = 0; i < answer->n_remarks; i++) {
            buf_add(&remarks, answer->remarks[i].text);
            buf_char(&remarks, '\n');
        }
        snprintf(ended.remarks, sizeof ended.remarks, "%s", buf_str(&remarks).p);
    }
    arena_free(arena);
    return ended;
}

static Str file_of(Arena *arena, const char *path)
{
    Str bytes;
    Error error;
    assert_int_equal(file_read(path, 64 << 20, arena, &bytes, &error), ST_OK);
    return bytes;
}

// ---- The same bits ------------------------------------------------------------------------------

// Stopped after every few units, each time gone on with by another number of threads.
static void test_a_run_in_pieces_is_the_run_in_one(void **state)
{
    (void)state;
    toy = DIFFERENT;
    for (int i = 0; i < SHAPE_COUNT; i++) {
        RunOptions options = options_of(&SHAPES[i]);
        Ended whole = run(options);
        for (int64_t piece = 9; piece <= 40; piece += 16) {
            Spot spot = spot_new();
            options.checkpoint = spot.file;
            options.most_units = piece;
            Ended part = {.partial = true};
            uint64_t before = 0;
            for (int k = 0; part.partial; k++) {
                assert_true(k < 100);
                options.threads = 1 + k % 3;
                part = run(options);
                assert_int_equal(part.status, ST_OK);
                assert_true(part.futures >= before); // the last units of a section may be empty
                assert_true(!part.partial || strstr(part.remarks, "saved in "));
                before = part.futures;
            }
            assert_int_equal(part.digest, whole.digest);
            assert_string_equal(part.remarks, whole.remarks);
            // What is complete answers again, from the file alone.
            assert_int_equal(run(options).digest, whole.digest);
            spot_free(&spot);
        }
    }
}

// Whoever did which unit, and in which order values came, the file is the same.
static void test_a_checkpoint_does_not_depend_on_threads(void **state)
{
    (void)state;
    toy = DIFFERENT;
    Arena *arena = arena_new(0);
    for (int i = 0; i < SHAPE_COUNT; i++) {
        Str first = STR("");
        for (int k = 0; k < 6; k++) {
            Spot spot = spot_new();
            RunOptions options = options_of(&SHAPES[i]);
            options.checkpoint = spot.file;
            options.threads = 1 + k % 3;
            assert_int_equal(run(options).status, ST_OK);
            Str bytes = file_of(arena, spot.file);
            first = k == 0 ? bytes : first;
            assert_int_equal(bytes.n, first.n);
            assert_memory_equal(bytes.p, first.p, first.n);
            spot_free(&spot);
        }
    }
    arena_free(arena);
}

// What a precision looks at, and when, does not depend on where an earlier run was stopped: at one
// of these looks, before it or behind it.
static void test_a_precision_is_reached_where_one_run_reaches_it(void **state)
{
    (void)state;
    toy = DIFFERENT;
    RunOptions options = options_of(&(Shape){4000, 4, 40});
    options.precision = 0.03;
    Ended whole = run(options);
    assert_true(whole.partial && whole.futures > 1000 && whole.futures < 8000);
    const int64_t pieces[] = {16, 23, 32};
    for (int i = 0; i < 3; i++) {
        Spot spot = spot_new();
        options.checkpoint = spot.file;
        options.most_units = pieces[i];
        Ended part = run(options);
        assert_true(part.futures < whole.futures);
        options.most_units = 0;
        for (int k = 0; k < 2; k++) {
            part = run(options);
            assert_int_equal(part.futures, whole.futures);
            assert_int_equal(part.digest, whole.digest);
        }
        spot_free(&spot);
    }
}

// ---- Bad files ----------------------------------------------------------------------------------

// Not by file_write, which waits for the disk each time.
static void write_file(const char *path, Str bytes)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.p, 1, bytes.n, file), bytes.n);
    assert_int_equal(fclose(file), 0);
}

// A checkpoint in the middle of the third shape: with an open world in each section.
static Str some_checkpoint(Arena *arena, const Spot *spot, RunOptions *options)
{
    toy = DIFFERENT;
    *options = options_of(&SHAPES[2]);
    options->checkpoint = spot->file;
    options->most_units = 50;
    assert_int_equal(run(*options).status, ST_OK);
    return file_of(arena, spot->file);
}

static void test_every_byte_that_is_wrong_or_missing_is_found(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    Spot spot = spot_new();
    RunOptions options;
    Str good = some_checkpoint(arena, &spot, &options);
    char *bytes = ARENA_ARRAY(arena, char, good.n);
    memcpy(bytes, good.p, good.n);
    for (size_t i = 0; i < good.n; i += good.n / 100) {
        char was = bytes[i];
        bytes[i] = (char)(was ^ (1 << i % 8));
        write_file(spot.file, (Str){bytes, good.n});
        Ended flipped = run(options);
        assert_int_equal(flipped.status, ST_NO_INPUT);
        assert_true(strstr(flipped.message, i < 17 ? "is not a checkpoint" : "is damaged"));
        bytes[i] = was;
        write_file(spot.file, str_sub(good, 0, i));
        assert_int_equal(run(options).status, ST_NO_INPUT);
        assert_int_equal(file_of(arena, spot.file).n, i); // it is left as it was
    }
    write_file(spot.file, str_format(arena, "%.*s ", STR_ARG(good)));
    assert_int_equal(run(options).status, ST_NO_INPUT);
    write_file(spot.file, good);
    assert_int_equal(run(options).status, ST_OK);
    spot_free(&spot);
    arena_free(arena);
}

// Bytes that carry a right checksum and yet make no sense: read or refused, never a crash.
static void test_a_forged_file_does_no_harm(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    Spot spot = spot_new();
    RunOptions options;
    Str good = some_checkpoint(arena, &spot, &options);
    options.most_units = 1;
    int refused = 0, n = 100;
    for (int k = 0; k < n; k++) {
        Buf forged = {.arena = arena};
        buf_add(&forged, str_sub(good, 0, good.n - 8));
        forged.p[forged.n - 1 - (size_t)k * (forged.n - 1) / (size_t)n] ^= (char)(1 + 37 * k);
        bytes_put_u64(&forged, str_hash(buf_str(&forged)));
        write_file(spot.file, buf_str(&forged));
        Status status = run(options).status;
        assert_true(status == ST_OK || status == ST_NO_INPUT || status == ST_USAGE);
        refused += status != ST_OK;
    }
    assert_true(refused > n / 4 && refused < n);
    spot_free(&spot);
    arena_free(arena);
}

static void test_another_run_is_told_by_what_differs(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    Spot spot = spot_new();
    RunOptions good, other;
    (void)some_checkpoint(arena, &spot, &good);
    const Str asked[] = {STR("hit"), STR("walk")};
    const struct {
        const char *says;
        RunOptions change;
    } cases[] = {
        {"its seed is 1, here it is 2;", {.seed = 2}},
        {"its number of worlds is 40, here it is 41;", {.worlds = 41}},
        {"its number of futures in each is 100, here it is 99;", {.futures = 99}},
        {"its precision is none, here it is 0.01;", {.precision = 0.01}},
        {"its list of questions is 10: hit walk", {.questions = asked, .n_questions = 2}},
        {"its reading is pool of 2 stories, here it is base;",
         {.view = toy_model(arena)->views[0]}},
        {"its layout is ", {.no_movers = true}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const RunOptions *change = &cases[i].change;
        other = good;
        other.seed = change->seed ? change->seed : good.seed;
        other.worlds = change->worlds ? change->worlds : good.worlds;
        other.futures = change->futures ? change->futures : good.futures;
        other.precision = change->precision;
        other.questions = change->questions;
        other.n_questions = change->n_questions;
        other.no_movers = change->no_movers;
        Arena *answers = arena_new(0);
        Model *model = toy_model(answers);
        other.view = change->view ? model->views[0] : NULL;
        Error error = {0};
        Answer *answer = NULL;
        assert_int_equal(ask_run(answers, model, &other, &answer, &error), ST_USAGE);
        if (!strstr(error.message, cases[i].says) || !strstr(error.message, spot.file)) {
            fail_msg("'%s' does not say '%s'", error.message, cases[i].says);
        }
        arena_free(answers);
    }
    spot_free(&spot);
    arena_free(arena);
}

// A build whose futures have other bits must not go on from it, though its version be the same.
static void test_other_bits_are_another_run(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    Spot spot = spot_new();
    RunOptions options;
    Str good = some_checkpoint(arena, &spot, &options);
    Buf other = {.arena = arena};
    buf_add(&other, str_sub(good, 0, good.n - 8));
    Str mine = str_format(arena, ", bits %d", CASUS_BITS);
    size_t at = 0;
    while (!str_starts(str_sub(good, at, good.n), mine)) {
        at++;
    }
    other.p[at + mine.n - 1] ^= 1;
    bytes_put_u64(&other, str_hash(buf_str(&other)));
    write_file(spot.file, buf_str(&other));
    Ended ended = run(options);
    assert_int_equal(ended.status, ST_USAGE);
    assert_non_null(strstr(ended.message, "its version of casus is " CASUS_VERSION ", bits "));
    spot_free(&spot);
    arena_free(arena);
}

static void test_what_cannot_be_written_is_said_before_the_run(void **state)
{
    (void)state;
    toy = DIFFERENT;
    Spot spot = spot_new();
    RunOptions options = options_of(&SHAPES[0]);
    const struct {
        const char *file, *says;
        Status status;
    } cases[] = {{"no/such/folder/saved", "cannot write", ST_CANNOT_WRITE},
                 {spot.folder, "is a folder", ST_NO_INPUT},
                 {"-", "is not a plain file", ST_USAGE},
                 {"", "is not a plain file", ST_USAGE},
                 {"/dev/null", "is not a plain file", ST_NO_INPUT},
                 {"no/", "is not a plain file", ST_NO_INPUT}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        options.checkpoint = cases[i].file;
        Ended ended = run(options);
        assert_int_equal(ended.status, cases[i].status);
        assert_non_null(strstr(ended.message, cases[i].says));
    }
    options.checkpoint = spot.file;
    options.samples = "samples";
    assert_int_equal(run(options).status, ST_USAGE);
    spot_free(&spot);
}

// The folder goes away while the run works, as a disk may: the answer is there, and says so.
static void remove_folder(void *ctx, const Progress *progress)
{
    const Spot *spot = ctx;
    if (progress->done > 0) {
        (void)unlink(spot->file);
        (void)rmdir(spot->folder);
    }
}

static void test_a_save_that_fails_later_costs_no_answer(void **state)
{
    (void)state;
    toy = DIFFERENT;
    RunOptions options = options_of(&(Shape){20000, 16, 1600});
    uint64_t digest = run(options).digest;
    Spot spot = spot_new();
    options.checkpoint = spot.file;
    options.progress = remove_folder;
    options.ctx = &spot;
    options.most_units = 1; // so that the file is there, and what follows goes on from it
    assert_int_equal(run(options).status, ST_OK);
    options.most_units = 0;
    Ended ended = run(options);
    assert_int_equal(ended.status, ST_OK);
    assert_int_equal(ended.digest, digest);
    assert_non_null(strstr(ended.remarks, "the checkpoint is not up to date: cannot write"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_run_in_pieces_is_the_run_in_one),
        cmocka_unit_test(test_a_checkpoint_does_not_depend_on_threads),
        cmocka_unit_test(test_a_precision_is_reached_where_one_run_reaches_it),
        cmocka_unit_test(test_every_byte_that_is_wrong_or_missing_is_found),
        cmocka_unit_test(test_a_forged_file_does_no_harm),
        cmocka_unit_test(test_another_run_is_told_by_what_differs),
        cmocka_unit_test(test_other_bits_are_another_run),
        cmocka_unit_test(test_what_cannot_be_written_is_said_before_the_run),
        cmocka_unit_test(test_a_save_that_fails_later_costs_no_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
