// SPDX-License-Identifier: MIT
//
// The worlds of a pass: every combination of what is unknown and fixed.
#include <string.h>

#include "exact/pass_impl.h"

enum { LEAVES_A_WORLD = 16 };

// ---- Plain runs ---------------------------------------------------------------------------------

// Code that draws nothing.
void pass_run_plain(XCode code, int32_t from, int32_t to, uint64_t *regs)
{
    for (int32_t pc = from; pc < to;) {
        const XIns *ins = &code.p[pc];
        if (ins->op == X_JUMP) {
            pc = regs[ins->a] ? pc + 1 : ins->target;
            continue;
        }
        if (ins->d != SLOT_NONE) {
            ASSERT(!x_draws(ins));
            regs[ins->d] = script_eval(ins, regs);
        }
        pc++;
    }
}

// ---- Worlds -------------------------------------------------------------------------------------

typedef struct {
    Pass *pass;
    uint64_t *regs;
    bool too_many;
} Worlds;

static uint32_t most_worlds(const ExactOptions *options)
{
    return options->most_worlds ? options->most_worlds : EXACT_MOST_WORLDS;
}

static void add_world(void *ctx, double p)
{
    Worlds *w = ctx;
    Pass *pass = w->pass;
    const Script *s = pass->script;
    uint64_t key[SPACE_MOST_WORDS] = {0};
    int32_t *codes = ARENA_ARRAY(pass->scratch, int32_t, s->n_expand + 1);
    for (int32_t i = 0; i < s->n_expand; i++) {
        codes[i] = book_code(pass->world_book, (Slot)i, w->regs[s->expand[i].world_col]);
    }
    if (pass->world_book->grown) {
        pass->world_book->grown = false;
        space_lay_out(pass->world_space);
    }
    for (int32_t i = 0; i < s->n_expand; i++) {
        field_set(&pass->world_space->fields[i], key, codes[i]);
    }
    uint32_t world = space_state(pass->world_space, key);
    big_need(&pass->world_weight, ((size_t)world + 1) * sizeof(double));
    ((double *)pass->world_weight.p)[world] += p;
    w->too_many = pass->world_space->n > most_worlds(pass->options);
}

void pass_set_world_uniforms(const Pass *pass, uint64_t *regs)
{
    const Script *s = pass->script;
    uint64_t *lane = ARENA_ARRAY(pass->scratch, uint64_t, s->n_slots + 1);
    calendar_set(pass->calendar, -1, lane);
    memcpy(regs + pass->program->n_world_cols, lane + s->n_cols,
           pass->program->n_unis * sizeof *regs);
}

bool pass_find_worlds(Pass *pass)
{
    const Script *s = pass->script;
    uint8_t *all = ARENA_ARRAY(pass->scratch, uint8_t, s->n_expand + 1);
    memset(all, 1, (size_t)s->n_expand + 1);
    pass->world_book = book_new(pass->scratch, (Slot)s->n_expand);
    pass->world_space = space_new(pass->scratch, pass->world_book, all);
    uint64_t *regs = ARENA_ARRAY(pass->scratch, uint64_t, s->n_world_slots + 1);
    pass_set_world_uniforms(pass, regs);
    Slot *saved = ARENA_ARRAY(pass->scratch, Slot, s->n_world_slots + 1);
    int32_t n_saved = 0;
    for (Slot i = 0; i < s->n_world_slots; i++) {
        bool uniform = i >= pass->program->n_world_cols &&
                       i < pass->program->n_world_cols + pass->program->n_unis;
        if (!uniform) {
            saved[n_saved++] = i;
        }
    }
    Worlds worlds = {pass, regs, false};
    Fork fork = {.script = s,
                 .code = s->world,
                 .to = s->world.n,
                 .regs = regs,
                 .saved = saved,
                 .n_saved = n_saved,
                 .ctx = &worlds,
                 .leaf = add_world,
                 .most_leaves = LEAVES_A_WORLD * (int64_t)most_worlds(pass->options),
                 .arena = pass->units->forks};
    bool ok = pass->world_space->n_words <= SPACE_MOST_WORDS && fork_run(&fork, 0);
    pass->lost += fork.lost;
    if (!ok || worlds.too_many) {
        pass->pass->end = EXACT_WORLDS;
        if (fork.refused) {
            pass->pass->end = EXACT_NOT_FINITE;
            pass->pass->why = (NotFinite){pass->program->sites[fork.refused->aux].name, true};
        }
        return false;
    }
    return true;
}
