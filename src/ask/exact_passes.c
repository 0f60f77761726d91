// SPDX-License-Identifier: MIT
//
// `casus exact`: which questions are worked out together.
//
// What two questions remember multiplies, so that each by itself may be small where both together
// are not; or it does not, and together they cost what one of them costs. They are tried together
// first, with few states. Where these are too few, one question is tried by itself: if it comes to
// as many states as all did, these are the model's, and all go on together, with sixteen times as
// many. If it does not, or one of them is not finite, the list is halved.
#include <string.h>

#include "ask/exact_impl.h"
#include "base/num.h"

enum {
    TOGETHER_STATES = 20000,
    TOGETHER_WORLDS = 256,
    TOGETHER_MORE = 16 // times the states
};

static void add_result(ExactAsk *ask, int32_t index, int32_t *place)
{
    *place = ask->wanted.n_results;
    ask->results[ask->wanted.n_results++] = index;
}

ExactAsk exact_ask(Exact *x, int32_t t, const int32_t *asked, int32_t n, ExactPass *pass)
{
    const Telling *telling = &x->plan->tellings[t];
    ExactAsk ask = {
        ARENA_ARRAY(x->arena, int32_t, 2 * n + 1), ARENA_ARRAY(x->arena, int32_t, n + 1), {0}};
    for (int32_t i = 0; i < n; i++) {
        int32_t a = asked[i];
        ExactPart *part = &x->parts[t][a];
        *part = (ExactPart){pass, -1, -1, -1};
        if (x->plan->asked[a].is_series) {
            part->series = ask.wanted.n_series;
            ask.series[ask.wanted.n_series++] = telling->series[a];
            continue;
        }
        add_result(&ask, telling->result[a], &part->result);
        if (telling->tie[a] >= 0) {
            add_result(&ask, telling->tie[a], &part->tie);
        }
    }
    ask.wanted.results = ask.results;
    ask.wanted.series = ask.series;
    return ask;
}

static void note_end(Exact *x, const ExactPass *pass)
{
    x->stopped = x->stopped || pass->end == EXACT_STOPPED || pass->end == EXACT_COSTLY;
}

void exact_note(Exact *x, const ExactPass *pass)
{
    x->lost = pass->lost > x->lost ? pass->lost : x->lost;
    x->states = pass->most_states > x->states ? pass->most_states : x->states;
    note_end(x, pass);
}

// What a pass may take.
typedef struct {
    uint64_t states; // 0: as memory allows
    uint32_t worlds; // 0: as ever
    bool priors;     // in quasi-random worlds
} Leave;

static void run_pass(Exact *x, const Program *program, Wanted *wanted, Leave leave, ExactPass *pass)
{
    bool fewer = x->most_states > 0 && (leave.states == 0 || x->most_states < leave.states);
    ExactOptions options = {.memory = x->memory,
                            .blocks_from = x->blocks_from,
                            .most_states = fewer ? x->most_states : leave.states,
                            .most_worlds = leave.worlds,
                            .work = x->work,
                            .point_of = x->point_of,
                            .n_points = x->plan->n_points,
                            .prior_sets = leave.priors ? EXACT_SETS : 0,
                            .prior_points = leave.priors ? x->prior_points : 0,
                            .seed = x->options->seed,
                            .stop = x->options->stop,
                            .ctx = &x->watch,
                            .beat = x->options->progress ? exact_watch_beat : NULL};
    wanted->worlds_given = leave.priors;
    exact_watch_pass(&x->watch, leave.priors);
    exact_pass(x->arena, program, wanted, &options, pass);
    x->used_priors = x->used_priors || (leave.priors && pass->end == EXACT_DONE);
    note_end(x, pass);
}

void exact_run(Exact *x, const Program *program, Wanted *wanted, ExactPass *pass)
{
    run_pass(x, program, wanted, (Leave){0}, pass);
    bool endless = pass->end == EXACT_NOT_FINITE && pass->why.in_world;
    if (x->prior_points > 0 && (endless || pass->end == EXACT_WORLDS)) {
        run_pass(x, program, wanted, (Leave){.priors = true}, pass);
    }
}

// "story calm, questions 3 to 4 of 8", by place in the list of all.
static Str questions_text(Exact *x, int32_t t, const int32_t *asked, int32_t n)
{
    Buf buf = {.arena = x->arena};
    if (x->plan->n_tellings > 1) {
        buf_addf(&buf, "story %.*s, ", STR_ARG(x->plan->tellings[t].view->name));
    }
    int32_t first = asked[0] + 1, last = asked[n - 1] + 1, all = x->plan->n_asked;
    if (n == all) {
        buf_addf(&buf, all == 1 ? "the question" : "%d questions at once", (int)all);
    } else if (n == 1) {
        buf_addf(&buf, "question %d of %d", (int)first, (int)all);
    } else {
        buf_addf(&buf, "%d of questions %d to %d of %d", (int)n, (int)first, (int)last, (int)all);
    }
    return buf_str(&buf);
}

// Some questions of a story, and how they are told.
typedef struct {
    Exact *x;
    int32_t t;
    bool priors;
} Group;

static ExactPass *try_some(const Group *g, const int32_t *asked, int32_t n, uint64_t states)
{
    Exact *x = g->x;
    x->watch.part = questions_text(x, g->t, asked, n);
    ExactPass *pass = ARENA_NEW(x->arena, ExactPass);
    ExactAsk ask = exact_ask(x, g->t, asked, n, pass);
    Leave leave = {states, n > 1 ? TOGETHER_WORLDS : 0, g->priors};
    run_pass(x, x->plan->tellings[g->t].program, &ask.wanted, leave, pass);
    if (pass->end == EXACT_DONE) {
        exact_note(x, pass);
    }
    return pass;
}

static void answer_one(const Group *g, int32_t asked)
{
    Exact *x = g->x;
    x->watch.part = questions_text(x, g->t, &asked, 1);
    ExactPass *pass = ARENA_NEW(x->arena, ExactPass);
    ExactAsk ask = exact_ask(x, g->t, &asked, 1, pass);
    const Program *program = x->plan->tellings[g->t].program;
    if (g->priors) {
        run_pass(x, program, &ask.wanted, (Leave){.priors = true}, pass);
    } else {
        exact_run(x, program, &ask.wanted, pass);
    }
    exact_note(x, pass);
}

// All together came to too many states: does one by itself, the first or the last, come to nearly
// as many, as soon? One that comes to few is answered, and taken from the list.
static bool is_of_the_model(const Group *g, int32_t *asked, int32_t *n, const ExactPass *all)
{
    bool is = false;
    for (int32_t end = 0; end < 2 && *n > 1 && !is && !g->x->stopped; end++) {
        int32_t i = end == 0 ? 0 : *n - 1;
        const ExactPass *one = try_some(g, &asked[i], 1, all->states / 3 * 2);
        is = one->end == EXACT_TOO_LARGE && one->steps <= all->steps;
        if (one->end == EXACT_DONE) {
            memmove(&asked[i], &asked[i + 1], (size_t)(*n - 1 - i) * sizeof *asked);
            --*n;
        }
    }
    return is;
}

static void answer_some(const Group *g, int32_t *asked, int32_t n)
{
    uint64_t states = TOGETHER_STATES;
    while (n > 1 && !g->x->stopped) {
        const ExactPass *pass = try_some(g, asked, n, states);
        if (pass->end == EXACT_DONE) {
            return;
        }
        bool full = pass->end != EXACT_TOO_LARGE || pass->states <= states; // of memory
        if (full || !is_of_the_model(g, asked, &n, pass)) {
            break;
        }
        states = pass->states * TOGETHER_MORE;
    }
    if (n == 1) {
        answer_one(g, asked[0]);
    } else if (n > 1 && !g->x->stopped) {
        answer_some(g, asked, n / 2);
        answer_some(g, asked + n / 2, n - n / 2);
    }
}

void exact_together(Exact *x, int32_t t, const int32_t *asked, int32_t n, bool priors)
{
    int32_t *list = ARENA_ARRAY(x->arena, int32_t, n + 1);
    for (int32_t i = 0; i < n; i++) {
        list[i] = asked[i];
    }
    answer_some(&(Group){x, t, priors}, list, n);
}
