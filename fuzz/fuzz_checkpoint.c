// SPDX-License-Identifier: MIT
//
// Any bytes as the checkpoint of a run. An input that begins with "casus" is the file itself; any
// other is a list of changes to a good one, each three bytes (where, in 1/65536 of its length; what
// to XOR), whose checksum is then made right: so that what lies behind it is reached. What must
// hold is that the file is read or refused with a sentence, and that answers can be made of
// whatever was read.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask/checkpoint.h"
#include "ask/pilot.h"
#include "ask/settle.h"
#include "base/file.h"
#include "lang/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char MODEL[] = "model \"Fuzz\"\n"
                            "  time weekly from 2024-01-01 to 2024-02-26\n"
                            "ladder heat = calm < quarrel < shots\n"
                            "param push : number ~ -1 to 2\n"
                            "state level : heat = calm\n"
                            "state line : number = 0\n"
                            "each step\n"
                            "  line += push + normal(0, 2)\n"
                            "event quarrels\n"
                            "  chance 20% within 30 days\n"
                            "  then raise level to quarrel\n"
                            "question hit ever quarrels\n"
                            "question day first quarrels\n"
                            "question where line at end\n"
                            "question rung level at end\n"
                            "question path line over time\n"
                            "question given_it line > 0 at end given ever quarrels\n"
                            "story one weight 1\n"
                            "  push = 1\n"
                            "story two weight 2\n"
                            "  push = 0\n";

// Made once: the plan of a run, and its checkpoint when a part of it was done.
typedef struct {
    RunOptions options;
    Plan *plan;
    Layout *layout;
    Str good;
} Fixture;

static Str saved_half_way(Arena *arena, const Model *model, RunOptions options)
{
    char path[] = "/tmp/fuzz_checkpoint_XXXXXX";
    int fd = mkstemp(path);
    ASSERT(fd >= 0 && close(fd) == 0 && unlink(path) == 0);
    options.checkpoint = path;
    options.most_units = 40;
    Answer *answer = NULL;
    Str bytes;
    ASSERT(ask_run(arena, model, &options, &answer, NULL) == ST_OK);
    ASSERT(file_read(path, 1 << 20, arena, &bytes, NULL) == ST_OK && unlink(path) == 0);
    return bytes;
}

static Fixture *fixture_new(void)
{
    Arena *arena = arena_new(0); // for the life of the process
    Fixture *f = ARENA_NEW(arena, Fixture);
    DiagList diags = {.arena = arena};
    Model *model = NULL;
    Str text = {MODEL, sizeof MODEL - 1};
    ASSERT(lang_load_text(arena, &diags, STR("fuzz"), text, &(LoadOptions){.lint = false}, &model,
                          NULL) == ST_OK);
    // A world is cut into several units, so that some are open.
    f->options = (RunOptions){.worlds = 40, .futures = 20, .unit_futures = 12, .threads = 1};
    ASSERT(plan_make(arena, model, &f->options, false, &f->plan, NULL) == ST_OK);
    f->layout = layout_make(arena, f->plan, true);
    pilot_scales(arena, f->layout);
    f->good = saved_half_way(arena, model, f->options);
    return f;
}

static void answer_from(Arena *arena, const Fixture *f, Sums *sums)
{
    sums_close_worlds(sums);
    RunEnd end = {.plan = f->plan,
                  .options = &f->options,
                  .layout = f->layout,
                  .sections = sums->sections,
                  .counts = sums->counts,
                  .closer = closer_new(arena, f->layout, sums->futures, NULL),
                  .trouble = sums->trouble,
                  .failures = sums->failures,
                  .odd = sums->odd,
                  .n_failed = sums->n_failed,
                  .futures = sums->futures,
                  .worlds = sums->worlds,
                  .threads = 1};
    Answer *answer = ARENA_NEW(arena, Answer);
    settle_answer(arena, &end, answer);
    closer_free(end.closer);
}

// The good checkpoint, changed; the checksum is that of what it now says.
static Str changed(Arena *arena, Str good, const uint8_t *data, size_t size)
{
    enum { SUM = 8 };
    char *bytes = ARENA_ARRAY(arena, char, good.n);
    memcpy(bytes, good.p, good.n);
    size_t n = good.n - SUM;
    for (size_t i = 0; i + 3 <= size; i += 3) {
        size_t at = (size_t)(data[i] * 256 + data[i + 1]) * n / 65536;
        bytes[at] = (char)(bytes[at] ^ (char)data[i + 2]);
    }
    Buf buf = {.arena = arena};
    buf_add(&buf, (Str){bytes, n});
    bytes_put_u64(&buf, str_hash(buf_str(&buf)));
    return buf_str(&buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Fixture *fixture;
    fixture = fixture ? fixture : fixture_new();
    Arena *arena = arena_new(0);
    Str raw = {(const char *)data, size};
    bool whole = str_starts(raw, STR("casus"));
    Str file = whole ? raw : changed(arena, fixture->good, data, size);
    Sums *sums = sums_new(arena, fixture->layout);
    Error error = {0};
    Status status = checkpoint_get(file, "fuzz", sums, 0, &error);
    ASSERT(status == ST_OK || status == ST_NO_INPUT || status == ST_USAGE);
    ASSERT(status == ST_OK || error.message[0]);
    ASSERT(status == ST_OK || size > 0 || whole);
    if (status == ST_OK) {
        answer_from(arena, fixture, sums);
    }
    arena_free(arena);
    return 0;
}
