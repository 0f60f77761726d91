// SPDX-License-Identifier: MIT
//
// Any bytes as texts of --set, one a line, laid over a model that has one of everything that can be
// set. They apply, and every view becomes a Program, or are refused with a message.
#include <stddef.h>
#include <stdint.h>

#include "lang/check.h"
#include "lower/lower.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_SETS = 8 };

static const char MODEL[] =
    "model \"Sets\"\n  time weekly from 2024-01-01 to 2024-03-01\n"
    "actor POL \"Poland\"\nactor FRA \"France\"\nset who = POL, FRA\nset zones = west, coast\n"
    "ladder rung = calm < shots < war\nunit km\n"
    "source desk C \"Desk\"\n  word \"surely\" = 90% to 99%\n"
    "param fear[who] : number ~ 2 to 5\n  assumption \"x\"\n"
    "param pace : km per week ~ -2 to 6\n  assumption \"x\"\n"
    "param spark : hazard ~ 3% to 15% within 1 year\n  from desk 3\n"
    "param share : probability ~ likely\n  assumption \"x\"\n"
    "param place : zones ~ west 50%, coast 50%\n  assumption \"x\"\n"
    "param gone : flag ~ 1% to 8%\n  assumption \"x\"\n"
    "param wait : duration = 6 weeks\n"
    "type mood of s in who : cool, bold ~ 70%, 30%\n  assumption \"x\"\n"
    "state front : km = 0\nstate level : rung = calm\nstate inside[who] : flag = no\n"
    "belief doubt of POL that gone starts 30%\n  assumption \"x\"\n"
    "correlate fear 0.5\n"
    "each step\n  front += pace * step\n"
    "event clash \"Clash\"\n  chance 20% to 40% within 90 days\n  then raise level to shots\n"
    "       after 3 to 10 days\n         front += 1 km\n  again after 30 days\n"
    "decision send by s in who\n  when clash\n  every 4 weeks\n  rationality 1 to 2\n"
    "  option stay worth 0\n  option go worth (1 to 2) - fear[s]\n    then inside[s] = yes\n"
    "story one from desk 3\n  fear ~ 1 to 2\n  says q likely\n"
    "variant v\n  wait = 2 weeks\n"
    "question q ever any(s in who: inside[s])\nquestion r front at end\n";

static void lower_all(Arena *arena, const Model *model)
{
    for (int32_t i = 0; i < model->n_views; i++) {
        Program *program = NULL;
        Error error = {0};
        Status status =
            lower_view(arena, model, model->views[i], (LowerOptions){0}, &program, &error);
        ASSERT(status == ST_OK || status == ST_BAD_MODEL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 2000) {
        return 0;
    }
    Arena *arena = arena_new(0);
    Arena *texts = arena_new(0);
    DiagList diags = {.arena = texts};
    Str sets[MOST_SETS];
    int32_t n = 0;
    for (Str rest = {(const char *)data, size}; rest.n && n < MOST_SETS; n++) {
        size_t end = 0;
        while (end < rest.n && rest.p[end] != '\n') {
            end++;
        }
        sets[n] = str_sub(rest, 0, end);
        rest = str_sub(rest, end + 1 < rest.n ? end + 1 : rest.n, rest.n);
    }
    LoadOptions options = {.sets = sets, .n_sets = n};
    Model *model = NULL;
    Error error = {0};
    Status status =
        lang_load_text(arena, &diags, STR("sets"), str_of(MODEL), &options, &model, &error);
    ASSERT((status == ST_OK) == (model != NULL));
    ASSERT(status == ST_OK || diags.n_errors > 0);
    ASSERT(n > 0 || status == ST_OK);
    if (model) {
        lower_all(arena, model);
    }
    arena_free(texts);
    arena_free(arena);
    return 0;
}
