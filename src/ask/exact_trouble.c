// SPDX-License-Identifier: MIT
//
// What a run counts as trouble, as probabilities: effects that were lost because too many were
// under way at once, chances and weights that were no numbers. The program keeps a column for each,
// NaN from then on; a pass of its own asks for these columns.
#include "ask/exact_impl.h"
#include "base/vec.h"
#include "math/bits.h"
#include "math/elementary.h"

// No more than this is spent on what is beside the answers.
enum { TROUBLE_STATES = 20000, TROUBLE_WORK = 100000000, WORK_OF_INSTRUCTION = 200 };

typedef struct {
    Arena *arena;
    const Plan *plan;
    ExactOptions options;
    uint64_t work;
    TroubleList *found;
} Trouble;

// The program with a question for each column of its own; how many there were before.
static Program with_columns(Arena *arena, const Program *program, int32_t *n_before)
{
    Program more = *program;
    Result *results = ARENA_ARRAY(arena, Result, program->n_results + program->n_states + 1);
    for (int32_t i = 0; i < program->n_results; i++) {
        results[i] = program->results[i];
    }
    *n_before = program->n_results;
    for (int32_t i = 0; i < program->n_states; i++) {
        const StateColumn *state = &program->states[i];
        results[program->n_results + i] = (Result){
            .question = -1,
            .kind = RESULT_NUMBER,
            .value = state->col,
            .defined = REG_NONE,
            .censored = REG_NONE,
        };
    }
    more.results = results;
    more.n_results = program->n_results + program->n_states;
    return more;
}

static double share_not_a_number(const ExactPass *pass)
{
    double share = 0;
    for (int32_t w = 0; w < pass->n_worlds; w++) {
        const Distribution *d = &pass->worlds[w].results[0];
        for (int32_t i = 0; i < d->n; i++) {
            share += m_is_nan(d->atoms[i].value) ? pass->worlds[w].weight * d->atoms[i].mass : 0;
        }
    }
    return share;
}

// The same place in another story is the same trouble.
static TroubleShare *place_of(Trouble *t, const StateColumn *state)
{
    for (int32_t i = 0; i < t->found->n; i++) {
        TroubleShare *one = &t->found->p[i];
        if (str_eq(one->name, state->name) && one->span.file == state->span.file &&
            one->span.lo == state->span.lo) {
            return one;
        }
    }
    vec_push(t->arena, t->found, ((TroubleShare){.name = state->name, .span = state->span}));
    return &t->found->p[t->found->n - 1];
}

// To begin a pass is work as well.
static bool begins(Trouble *t, const Program *program)
{
    uint64_t work = (uint64_t)(program->step.n + program->look.n) * WORK_OF_INSTRUCTION;
    bool fits = work < t->work;
    t->work = fits ? t->work - work : 0;
    return fits;
}

static void look(Trouble *t, int32_t telling, const Program *program, int32_t result, int32_t state)
{
    if (!begins(t, program)) {
        return;
    }
    Arena *scratch = arena_new(0);
    ExactPass pass;
    Wanted wanted = {.results = &result, .n_results = 1};
    exact_pass(scratch, program, &wanted, &t->options, &pass);
    double share = pass.end == EXACT_DONE ? share_not_a_number(&pass) : 0;
    if (share > 0) {
        place_of(t, &program->states[state])->share += t->plan->tellings[telling].share * share;
    }
    arena_free(scratch);
}

void exact_trouble(Arena *arena, const Plan *plan, const ExactOptions *options, TroubleList *found)
{
    Trouble t = {.arena = arena, .plan = plan, .options = *options, .work = TROUBLE_WORK};
    t.found = found;
    t.options.most_states = TROUBLE_STATES;
    t.options.work = &t.work;
    for (int32_t i = 0; i < plan->n_tellings; i++) {
        int32_t n_before;
        Program program = with_columns(arena, plan->tellings[i].program, &n_before);
        for (int32_t k = 0; k < program.n_states; k++) {
            bool stop = options->stop && *options->stop;
            if (program.states[k].state < 0 && !stop) {
                look(&t, i, &program, n_before + k, k);
            }
        }
    }
}
