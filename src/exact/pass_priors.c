// SPDX-License-Identifier: MIT
//
// Worlds by quasi-random points: each draw of a world is a coordinate of a Sobol' point, and takes
// the value of its distribution there.
#include "exact/pass_impl.h"
#include "math/bits.h"
#include "math/dist.h"
#include "math/draw.h"
#include "math/sobol.h"

enum { BETWEEN_LOOKS = 4096 }; // worlds, whether it is to stop

typedef struct {
    Pass *pass;
    Fork fork;          // for the outcomes of draws of finitely many
    int32_t *dimension; // by site
} Priors;

// The outcome at u, of one after the other.
static uint64_t outcome_at(const Pieces *pieces, double u)
{
    double below = 0;
    for (int32_t i = 0; i < pieces->n; i++) {
        below += pieces->p[i].p;
        if (u < below) {
            return pieces->p[i].value;
        }
    }
    return pieces->p[pieces->n - 1].value;
}

static uint64_t value_at(Fork *fork, const XIns *ins, uint32_t word)
{
    double u = draw_uniform(word), rest = draw_uniform(~word);
    Pieces pieces = {0};
    if (draw_pieces(fork, ins, &pieces)) {
        return outcome_at(&pieces, u);
    }
    switch (ins->op) {
    case OP_UNIFORM: return bits_of(u);
    case OP_QTABLE: return bits_of(qtable_true(ins->table, u, rest));
    default: break;
    }
    double params[DIST_MAX_PARAMS] = {0};
    for (int32_t i = 0; i < ins->n_args; i++) {
        params[i] = double_of(fork->regs[ins->args[i]]);
    }
    return bits_of(dist_quantile((DistKind)ins->c, params, u, rest));
}

static void run_point(Priors *p, uint32_t point, uint64_t seed)
{
    Fork *f = &p->fork;
    for (int32_t pc = 0; pc < f->code.n;) {
        const XIns *ins = &f->code.p[pc];
        if (ins->op == X_JUMP && !f->regs[ins->a]) {
            pc = ins->target;
            continue;
        }
        if (x_draws(ins)) {
            uint32_t word = sobol_scrambled(point, p->dimension[ins->aux], seed);
            f->regs[ins->d] = value_at(f, ins, word);
        } else if (ins->op != X_JUMP && ins->d != SLOT_NONE) {
            f->regs[ins->d] = script_eval(ins, f->regs);
        }
        pc++;
    }
}

// A dimension for every site that draws, in their order.
static void number_dimensions(Priors *p)
{
    int32_t n = 0;
    XCode code = p->fork.code;
    p->dimension = ARENA_ARRAY(p->pass->scratch, int32_t, p->pass->program->n_sites + 1);
    for (int32_t pc = 0; pc < code.n; pc++) {
        int32_t *dimension = x_draws(&code.p[pc]) ? &p->dimension[code.p[pc].aux] : NULL;
        if (dimension && *dimension == 0) {
            *dimension = ++n;
        }
    }
    for (int32_t i = 0; i < p->pass->program->n_sites; i++) {
        p->dimension[i]--;
    }
}

uint32_t pass_count_worlds(const Pass *pass)
{
    const ExactOptions *o = pass->options;
    return pass->world_values ? o->prior_sets * o->prior_points : pass->world_space->n;
}

bool pass_take_priors(Pass *pass)
{
    const Script *s = pass->script;
    const ExactOptions *o = pass->options;
    size_t n = (size_t)o->prior_sets * o->prior_points, width = (size_t)s->n_expand;
    size_t results = (size_t)pass->wanted->n_results * (sizeof(Distribution) + sizeof(Mass));
    if (n > o->memory / (width * sizeof(uint64_t) + sizeof(ExactWorld) + results)) {
        pass->pass->end = EXACT_WORLDS;
        return false;
    }
    pass->world_values = ARENA_ARRAY(pass->scratch, uint64_t, n * width + 1);
    Priors p = {.pass = pass};
    p.fork = (Fork){.script = s, .code = s->world, .arena = pass->units->forks};
    p.fork.regs = ARENA_ARRAY(pass->scratch, uint64_t, s->n_world_slots + 1);
    number_dimensions(&p);
    pass_set_world_uniforms(pass, p.fork.regs);
    for (size_t w = 0; w < n; w++) {
        if (w % BETWEEN_LOOKS == 0 && !pass_goes_on(pass)) {
            return false;
        }
        ArenaMark start = arena_mark(p.fork.arena);
        uint64_t set = w / o->prior_points;
        run_point(&p, (uint32_t)(w % o->prior_points), o->seed * o->prior_sets + set);
        for (size_t i = 0; i < width; i++) {
            pass->world_values[w * width + i] = p.fork.regs[s->expand[i].world_col];
        }
        arena_reset(p.fork.arena, start);
    }
    return true;
}
