// SPDX-License-Identifier: MIT
//
// How far exact answers are, for progress lines. A pass gets slower while it finds new states and
// then keeps its pace, so that the time left is told by what the latest steps took; once a world is
// done, by what worlds took.
#include "ask/exact_impl.h"
#include "base/clock.h"
#include "base/num.h"
#include "math/bits.h"

enum { STEPS_TO_JUDGE = 3, STEPS_BACK = 8 };
static const double BETWEEN_LINES = 0.05; // seconds

void exact_watch_pass(ExactWatch *w, bool priors)
{
    w->priors = priors;
    w->pass_at = w->step_at = clock_seconds();
    w->step = 0;
    w->a_step = 0;
}

// A mean of what steps took, in which the older ones fade.
static void note_step(ExactWatch *w, const ExactBeat *beat, double now)
{
    int32_t done = beat->step - w->step;
    if (beat->world > 0 || done <= 0) {
        return;
    }
    int32_t back = beat->step < STEPS_BACK ? beat->step : STEPS_BACK;
    double each = (now - w->step_at) / done, share = done < back ? (double)done / back : 1;
    w->a_step += (each - w->a_step) * share;
    w->step = beat->step;
    w->step_at = now;
}

// NaN: too early.
static double seconds_left(const ExactWatch *w, const ExactBeat *beat, double now)
{
    double part = (double)beat->step / beat->n_steps, done = beat->world + part;
    double worlds = beat->n_worlds;
    if (beat->world > 0) {
        return (now - w->pass_at) / done * (worlds - done);
    }
    double here = now - w->step_at, a_step = here > w->a_step ? here : w->a_step; // at least
    return beat->step < STEPS_TO_JUDGE ? MATH_NAN : a_step * beat->n_steps * (worlds - part);
}

static void tell(const ExactWatch *w, const ExactBeat *beat, double now)
{
    Arena *arena = arena_new(0);
    uint64_t steps = (uint64_t)beat->n_steps;
    Progress progress = {.what = w->priors ? STR("worlds") : STR("steps"),
                         .part = w->part,
                         .seconds = now - w->started,
                         .left = seconds_left(w, beat, now)};
    progress.done = w->priors ? beat->world : beat->world * steps + (uint64_t)beat->step;
    progress.wanted = w->priors ? beat->n_worlds : beat->n_worlds * steps;
    if (beat->states > 1) {
        Str states = num_grouped(arena, (double)beat->states, 0);
        progress.phase = str_format(arena, "%.*s states", STR_ARG(states));
    }
    w->options->progress(w->options->ctx, &progress);
    arena_free(arena);
}

void exact_watch_beat(void *watch, const ExactBeat *beat)
{
    ExactWatch *w = watch;
    double now = clock_seconds();
    note_step(w, beat, now);
    if (beat->n_worlds > 0 && now - w->told >= BETWEEN_LINES) {
        w->told = now;
        tell(w, beat, now);
    }
}
