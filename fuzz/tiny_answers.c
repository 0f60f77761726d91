// SPDX-License-Identifier: MIT
//
// A tiny model's answers by its paths: the model is played from the start again and again, each
// time with the next combination of outcomes on a tape, until all have been seen. What a path was
// is kept whole, and the questions are read from that.
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "tiny.h"

enum { TAPE = 256, NEVER = -1000 };

// Outcomes chosen so far: at each place the one taken of so many.
typedef struct {
    int taken[TAPE], of[TAPE];
    int n, at;
    double weight; // of the path
} Tape;

// The model at one moment, and all ends of steps before it (0: the start).
typedef struct {
    const TinyModel *model;
    Tape *tape;
    int step; // the one that runs, from 0
    int flags[TINY_FLAGS];
    int state[TINY_STATES], before[TINY_STATES];
    int times[TINY_BLOCKS], last[TINY_BLOCKS]; // of events; decisions: when last made
    int choice[TINY_BLOCKS];                   // -1: none yet
    bool stood[TINY_BLOCKS];                   // did `when` hold at the last look?
    bool due[TINY_BLOCKS][2 * TINY_STEPS + 8]; // deliveries, by step
} Play;

// One of n outcomes with these odds.
static int choose(Tape *tape, const double *odds, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++) {
        sum += odds[i];
    }
    ASSERT(tape->at < TAPE);
    if (tape->at == tape->n) {
        tape->taken[tape->n] = 0;
        tape->of[tape->n++] = n;
    }
    int taken = tape->taken[tape->at++];
    tape->weight *= odds[taken] / sum;
    return taken;
}

static bool happens(Tape *tape, double chance)
{
    const double odds[2] = {chance, 1 - chance};
    return choose(tape, odds, 2) == 0;
}

// To the next combination; false after the last.
static bool rewind_tape(Tape *tape)
{
    while (tape->n && tape->taken[tape->n - 1] == tape->of[tape->n - 1] - 1) {
        tape->n--;
    }
    if (tape->n == 0) {
        return false;
    }
    tape->taken[tape->n - 1]++;
    tape->at = 0;
    tape->weight = 1;
    return true;
}

static int value_of(const Play *p, TinyNum n)
{
    int x = n.c;
    switch (n.kind) {
    case NUM_STATE: x = p->state[n.a]; break;
    case NUM_ADD: x = p->state[n.a] + p->state[n.b]; break;
    case NUM_SUB: x = p->state[n.a] - p->state[n.b]; break;
    case NUM_ADD_C: x = p->state[n.a] + n.c; break;
    case NUM_MAX: x = p->state[n.a] > p->state[n.b] ? p->state[n.a] : p->state[n.b]; break;
    case NUM_TIMES: x = p->times[n.a]; break;
    case NUM_PREVIOUS: x = p->before[n.a]; break;
    case NUM_IF: x = p->state[n.a] > n.c ? p->state[n.b] : n.c; break;
    case NUM_CONST:
    case NUM_KINDS: break;
    }
    return x;
}

static bool test_holds(const Play *p, TinyTest t)
{
    bool holds = false;
    switch (t.kind) {
    case COND_ABOVE: holds = p->state[t.a] > t.c; break;
    case COND_IS: holds = p->state[t.a] == t.c; break;
    case COND_BELOW: holds = p->state[t.a] < p->state[t.b]; break;
    case COND_HAPPENED: holds = p->times[t.a] > 0; break;
    case COND_PARAM: holds = p->flags[t.a] != 0; break;
    case COND_TODAY: holds = p->step >= t.c; break;
    case COND_SINCE: holds = p->times[t.a] > 0 && p->step - p->last[t.a] >= t.c; break;
    case COND_CHOICE: holds = p->choice[t.a] == t.b; break;
    case COND_KINDS: break;
    }
    return holds != t.turned;
}

static bool holds(const Play *p, const TinyCond *cond)
{
    bool first = test_holds(p, cond->tests[0]);
    if (cond->n == 1) {
        return first;
    }
    bool second = test_holds(p, cond->tests[1]);
    return cond->both ? first && second : first || second;
}

static void assign(Play *p, const TinyAssign *a)
{
    int x = value_of(p, a->value);
    p->state[a->state] = x < 0 ? 0 : x > TINY_TOP ? TINY_TOP : x;
}

static bool chance_comes(Play *p, const TinyBlock *b, bool turned_true)
{
    double share = b->percent / 100.0;
    switch (b->chance) {
    case TINY_CHANCE_NONE: return true;
    case TINY_CHANCE_STEP: return happens(p->tape, share);
    case TINY_CHANCE_ONCE: return turned_true && happens(p->tape, share);
    case TINY_CHANCE_WINDOW: return happens(p->tape, 1 - pow(1 - share, 1.0 / b->window));
    }
    return false;
}

static void play_event(Play *p, int i)
{
    const TinyBlock *b = &p->model->blocks[i];
    bool when = !b->has_when || holds(p, &b->when);
    bool turned_true = when && !p->stood[i];
    p->stood[i] = when;
    bool may =
        p->times[i] == 0 || b->again == 0 || (b->again > 0 && p->step - p->last[i] >= b->again);
    if (when && may && chance_comes(p, b, turned_true)) {
        p->times[i]++;
        p->last[i] = p->step;
        assign(p, &b->then);
        if (b->delay) {
            p->due[i][p->step + b->delay] = true;
        }
    }
    if (p->due[i][p->step]) {
        assign(p, &b->other);
    }
}

static void play_decision(Play *p, int i)
{
    const TinyBlock *b = &p->model->blocks[i];
    bool made = p->choice[i] >= 0;
    bool may = !made || (b->every > 0 && p->step - p->last[i] >= b->every);
    if (may && (!b->has_when || holds(p, &b->when))) {
        double odds[TINY_OPTIONS];
        for (int o = 0; o < b->n_options; o++) {
            odds[o] = b->weights[o];
        }
        p->choice[i] = choose(p->tape, odds, b->n_options);
        p->last[i] = p->step;
        assign(p, &b->options[p->choice[i]]);
    }
}

static void play_one_of(Play *p, const TinyBlock *b)
{
    double odds[TINY_OPTIONS + 1], left = 100;
    for (int o = 0; o < b->n_options; o++) {
        odds[o] = b->weights[o];
        left -= odds[o];
    }
    odds[b->n_options] = left;
    int taken = choose(p->tape, odds, b->n_options + 1);
    if (taken < b->n_options) {
        assign(p, &b->options[taken]);
    }
}

static void play_block(Play *p, int i)
{
    const TinyBlock *b = &p->model->blocks[i];
    switch (b->kind) {
    case TINY_BLOCK_STEP:
        if (!b->has_when || holds(p, &b->when)) {
            assign(p, &b->then);
        } else {
            assign(p, &b->other);
        }
        break;
    case TINY_BLOCK_ONE_OF: play_one_of(p, b); break;
    case TINY_BLOCK_EVENT: play_event(p, i); break;
    case TINY_BLOCK_DECISION: play_decision(p, i); break;
    }
}

// What stood at the start and at the end of each step. There `today` is that step's first day, of
// the start the run's.
static void play(const TinyModel *model, Tape *tape, Play ends[TINY_STEPS + 1])
{
    Play p = {.model = model, .tape = tape};
    for (int i = 0; i < TINY_BLOCKS; i++) {
        p.choice[i] = -1;
        p.last[i] = NEVER;
    }
    memcpy(p.state, model->start, sizeof p.state);
    for (int i = 0; i < TINY_FLAGS; i++) {
        p.flags[i] = happens(tape, model->flag_percent[i] / 100.0);
    }
    memcpy(p.before, p.state, sizeof p.before);
    ends[0] = p;
    for (; p.step < model->n_steps; p.step++) {
        memcpy(p.before, p.state, sizeof p.before);
        for (int i = 0; i < model->n_blocks; i++) {
            play_block(&p, i);
        }
        ends[p.step + 1] = p;
    }
}

// ---- Questions --------------------------------------------------------------------------------

// At how many of the ends up to `last` does it hold?
static int often(const Play *ends, int last, const TinyCond *cond)
{
    int n = 0;
    for (int k = 0; k <= last; k++) {
        n += holds(&ends[k], cond);
    }
    return n;
}

static int first_end(const Play *ends, int n_steps, int event)
{
    int k = 0;
    while (k <= n_steps && ends[k].times[event] == 0) {
        k++;
    }
    return k;
}

static double mean_of(const Play *ends, int n_steps, int state)
{
    double sum = 0;
    for (int k = 1; k <= n_steps; k++) {
        sum += ends[k].state[state];
    }
    return sum / n_steps;
}

static double most_of(const Play *ends, int n_steps, int state)
{
    int most = 0;
    for (int k = 0; k <= n_steps; k++) {
        most = ends[k].state[state] > most ? ends[k].state[state] : most;
    }
    return most;
}

static double answer(const TinyAsk *ask, const Play *ends, int n)
{
    switch (ask->kind) {
    case ASK_EVER:
    case ASK_GIVEN: return often(ends, n, &ask->cond) > 0;
    case ASK_NEVER: return often(ends, n, &ask->cond) == 0;
    case ASK_ALWAYS: return often(ends, n, &ask->cond) == n + 1;
    case ASK_BY: return often(ends, ask->c + 1, &ask->cond) > 0;
    case ASK_END: return ends[n].state[ask->a];
    case ASK_MOST: return most_of(ends, n, ask->a);
    case ASK_MEAN: return mean_of(ends, n, ask->a);
    case ASK_TIMES: return ends[n].times[ask->a];
    case ASK_FIRST: return ends[n].times[ask->a] > 0;
    case ASK_BEFORE: return first_end(ends, n, ask->a) < first_end(ends, n, ask->b);
    case ASK_KINDS: break;
    }
    return (double)NAN;
}

bool tiny_answers(const TinyModel *model, long most, TinyAnswers *answers)
{
    double sum[TINY_QUESTIONS] = {0}, mass[TINY_QUESTIONS] = {0};
    Tape tape = {.weight = 1};
    answers->paths = 0;
    do {
        Play ends[TINY_STEPS + 1];
        play(model, &tape, ends);
        for (int i = 0; i < model->n_asks; i++) {
            const TinyAsk *ask = &model->asks[i];
            if (ask->kind != ASK_GIVEN || often(ends, model->n_steps, &ask->given) > 0) {
                sum[i] += tape.weight * answer(ask, ends, model->n_steps);
                mass[i] += tape.weight;
            }
        }
        if (++answers->paths > most) {
            return false;
        }
    } while (rewind_tape(&tape));
    for (int i = 0; i < model->n_asks; i++) {
        answers->value[i] = mass[i] > 0 ? sum[i] / mass[i] : (double)NAN;
    }
    return true;
}
