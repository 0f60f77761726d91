// SPDX-License-Identifier: MIT
//
// The benchmark crisis, instruction by instruction: what a good lowering of bench/crisis.casus
// comes to. Columns are named by the letters of the model.
#include "crisis_program.h"

#include <stdio.h>

#include "math/dist.h"
#include "math/elementary.h"
#include "program_builder.h"

enum { STEPS = 52 };

typedef struct {
    ProgramBuilder *b;
    CodeBuilder *code;
    uint32_t next, top; // next temporary, most ever used
} Maker;

typedef struct {
    Reg k, x;
} LinTerm;

static Reg num(Maker *m, double x)
{
    return builder_const(m->b, x);
}

static Reg temp(Maker *m)
{
    Reg reg = m->next++;
    m->top = m->next > m->top ? m->next : m->top;
    return reg;
}

static Reg op_to(Maker *m, Reg d, OpCode op, Reg a, Reg b, Reg c)
{
    builder_ins(m->b, m->code, op, d, a, b, c);
    return d;
}

static Reg op(Maker *m, OpCode code, Reg a, Reg b)
{
    return op_to(m, temp(m), code, a, b, 0);
}

static Reg lin_to(Maker *m, Reg d, Reg a, const LinTerm *terms, int32_t n)
{
    uint32_t first = (uint32_t)m->b->args.n;
    for (int32_t i = 0; i < n; i++) {
        builder_arg(m->b, terms[i].k);
        builder_arg(m->b, terms[i].x);
    }
    return op_to(m, d, OP_LIN, a, first, (uint32_t)n);
}
#define TERMS(...)                                                                                 \
    (const LinTerm[]){__VA_ARGS__}, (int32_t)(sizeof((LinTerm[]){__VA_ARGS__}) / sizeof(LinTerm))
#define LIN_TO(d, a, ...) lin_to(m, d, a, TERMS(__VA_ARGS__))
#define LIN(a, ...)       lin_to(m, temp(m), a, TERMS(__VA_ARGS__))
#define K(x)              num(m, x)

static Reg clamp_to(Maker *m, Reg d, Reg a, double lo, double hi)
{
    return op_to(m, d, OP_CLAMP, a, num(m, lo), num(m, hi));
}

static uint32_t site(Maker *m, const char *name)
{
    return builder_site(m->b, name);
}

static Reg trial(Maker *m, const char *name, Reg z)
{
    return op_to(m, temp(m), OP_BERNLOG, z, site(m, name), 0);
}

static Reg choose_to(Maker *m, Reg d, const char *name, const Reg *worth, int32_t n)
{
    uint32_t first = (uint32_t)m->b->args.n;
    for (int32_t i = 0; i < n; i++) {
        builder_arg(m->b, worth[i]);
        builder_arg(m->b, REG_NONE);
    }
    return op_to(m, d, OP_SOFTMAX, site(m, name), first, (uint32_t)n);
}

// Regions

typedef struct {
    int32_t at;
    CodeBuilder *code;
} Open;

// `in` and `inner` in the same order; the first n_out of them go out again.
static Open region(Maker *m, Reg mask, const Reg *in, Reg *inner, int32_t n_in, int32_t n_out)
{
    uint32_t first = builder_arg(m->b, (uint32_t)n_in);
    for (int32_t i = 0; i < n_in; i++) {
        inner[i] = temp(m);
        builder_arg(m->b, in[i]);
        builder_arg(m->b, inner[i]);
    }
    builder_arg(m->b, (uint32_t)n_out);
    for (int32_t i = 0; i < n_out; i++) {
        builder_arg(m->b, inner[i]);
        builder_arg(m->b, in[i]);
    }
    return (Open){builder_ins(m->b, m->code, OP_REGION, 0, mask, first, 0), m->code};
}

static void close_body(Open open)
{
    open.code->ins.p[open.at].c = (uint32_t)(open.code->ins.n - open.at - 1);
}

// What is drawn once

typedef struct {
    DistKind kind;
    double params[3];
} Plain;

static double plain_quantile(const void *ctx, double u, double v)
{
    const Plain *plain = ctx;
    return dist_quantile(plain->kind, plain->params, u, v);
}

static Reg draw_param(Maker *m, uint32_t *world, const char *name, Plain plain)
{
    Plain *kept = ARENA_NEW(m->b->arena, Plain);
    *kept = plain;
    uint32_t table = builder_table(m->b, qtable_build(m->b->arena, plain_quantile, kept));
    Reg col = (*world)++;
    op_to(m, col, OP_QTABLE, site(m, name), table, 0);
    return col;
}

typedef struct {
    Reg effA, effB, supA, econ0, hawk, resA, resB, terr, nthr, aidcap, supB, doct;
} Params;

enum { N_PARAMS = 12 };

// Parameter i is world column i and column i of every future.
static Params draw_params(Maker *m)
{
    Params p;
    uint32_t w = 0;
    m->code = &m->b->world;
    p.effA = draw_param(m, &w, "effA", (Plain){DIST_LOGNORMAL, {m_log(.011), .30}});
    p.effB = draw_param(m, &w, "effB", (Plain){DIST_LOGNORMAL, {m_log(.012), .30}});
    p.supA = draw_param(m, &w, "supA", (Plain){DIST_LOGNORMAL, {0, .2}});
    p.econ0 = draw_param(m, &w, "econ0", (Plain){DIST_NORMAL, {1, .12}});
    p.hawk = draw_param(m, &w, "hawk", (Plain){DIST_NORMAL, {0, 1}});
    p.resA = draw_param(m, &w, "resA", (Plain){DIST_BETA, {4, 2}});
    p.resB = draw_param(m, &w, "resB", (Plain){DIST_BETA, {5, 2}});
    p.terr = draw_param(m, &w, "terr", (Plain){DIST_BETA, {2, 3}});
    p.nthr = draw_param(m, &w, "nthr", (Plain){DIST_BETA, {6, 3}});
    p.aidcap = draw_param(m, &w, "aidcap", (Plain){DIST_TRIANGULAR, {.2, .5, 1.2}});
    p.supB = draw_param(m, &w, "supB", (Plain){DIST_TRIANGULAR, {.5, .9, 1.4}});
    uint32_t first = (uint32_t)m->b->args.n;
    const double shares[3] = {.5, .3, .2};
    for (int i = 0; i < 3; i++) {
        builder_arg(m->b, num(m, shares[i]));
        builder_arg(m->b, REG_NONE);
    }
    p.doct = w++;
    op_to(m, p.doct, OP_WEIGHTED, site(m, "doct"), first, 3);
    m->b->program.n_world_cols = w;
    m->b->program.draws_in_world = true;
    for (uint32_t i = 0; i < w; i++) {
        vec_push(m->b->arena, &m->b->expand, (Expand){i, i});
    }
    return p;
}

// State

typedef struct {
    Reg FA, FB, RA, RB, SA, SB, x, mA, mB, polA, polB, polW, econB, sanc, aid, infra, tens, casA;
    Reg casB, posA, posB, aidL, ladder;
    Reg mobB, nato, nuked, coup, leader, mutiny, cf, dead; // masks
    Reg cover;                                             // 1 - .35 terr
} State;

static Reg state(Maker *m, double value)
{
    Reg reg = temp(m);
    return op_to(m, reg, OP_MOV, num(m, value), 0, 0);
}

static Reg flag(Maker *m)
{
    Reg reg = temp(m);
    return op_to(m, reg, OP_MOVM, builder_const_mask(m->b, false), 0, 0);
}

static Reg copy(Maker *m, Reg of)
{
    return op_to(m, temp(m), OP_MOV, of, 0, 0);
}

static State make_state(Maker *m, const Params *p)
{
    State s;
    m->code = &m->b->start;
    m->next = N_PARAMS;
    s.FA = state(m, 80);
    s.FB = state(m, 100);
    s.RA = state(m, 40);
    s.RB = state(m, 40);
    s.SA = state(m, .8);
    s.SB = state(m, .9);
    s.x = state(m, 0);
    s.mA = state(m, .9);
    s.mB = state(m, .8);
    s.polA = copy(m, p->resA);
    s.polB = copy(m, p->resB);
    s.polW = state(m, .6);
    s.econB = copy(m, p->econ0);
    s.sanc = state(m, .2);
    s.aid = state(m, .3);
    s.infra = state(m, 0);
    s.tens = state(m, .2);
    s.casA = state(m, 0);
    s.casB = state(m, 0);
    s.posA = state(m, 0);
    s.posB = state(m, 1);
    s.aidL = state(m, 1);
    s.ladder = state(m, 2);
    s.mobB = flag(m);
    s.nato = flag(m);
    s.nuked = flag(m);
    s.coup = flag(m);
    s.leader = flag(m);
    s.mutiny = flag(m);
    s.cf = flag(m);
    s.dead = flag(m);
    s.cover = LIN(K(1), {K(-.35), p->terr});
    m->b->program.n_persist = m->next;
    return s;
}

// Between the parts of a step
typedef struct {
    Reg sA, sB, pmA, pmB, lossA, lossB, lr, it, dx;
    Reg coup, sea, cyber, plant, delay, spill, leader, mutiny;
} Step;

// 1, 1.25, .6 for posture 0, 1, 2.
static Reg posture(Maker *m, Reg pos)
{
    Reg d = temp(m);
    op_to(m, d, OP_SEL, op(m, OP_EQ, pos, K(1)), K(1.25), K(1));
    return op_to(m, d, OP_SEL, op(m, OP_EQ, pos, K(2)), K(.6), d);
}

static Reg supply(Maker *m, Reg stock)
{
    Reg d = op(m, OP_MUL, stock, K(-2));
    op_to(m, d, OP_EXP, d, 0, 0);
    return op_to(m, d, OP_SUB, K(1), d, 0);
}

static Reg fire(Maker *m, Reg eff, Reg pm, Reg s, Reg morale, Reg force)
{
    Reg d = op(m, OP_MUL, eff, pm);
    op_to(m, d, OP_MUL, d, s, 0);
    op_to(m, d, OP_MUL, d, morale, 0);
    return op_to(m, d, OP_MUL, d, op(m, OP_POW, force, K(.85)), 0);
}

static Reg loss(Maker *m, const State *s, Reg hit, Reg pos, Reg force)
{
    Reg shelter = op_to(m, temp(m), OP_SEL, op(m, OP_EQ, pos, K(0)), s->cover, K(1));
    op_to(m, shelter, OP_MUL, hit, shelter, 0);
    return op_to(m, shelter, OP_MIN, shelter, op(m, OP_MUL, force, K(.15)), 0);
}

static void fight(Maker *m, const Params *p, const State *s, Step *t)
{
    t->pmA = posture(m, s->posA);
    t->pmB = posture(m, s->posB);
    t->sA = supply(m, s->SA);
    t->sB = supply(m, s->SB);
    Reg fireA = fire(m, p->effA, t->pmA, t->sA, s->mA, s->FA);
    Reg fireB = fire(m, p->effB, t->pmB, t->sB, s->mB, s->FB);
    t->lossA = loss(m, s, fireB, s->posA, s->FA);
    t->lossB = loss(m, s, fireA, s->posB, s->FB);
}

static void supplies(Maker *m, const Params *p, const State *s, const Step *t)
{
    Reg rA = op(m, OP_MUL, s->RA, K(.012));
    Reg rB = op(m, OP_MUL, s->RB, K(.012));
    Reg more = op_to(m, temp(m), OP_SEL, s->mobB, K(1.8), K(1));
    op_to(m, rB, OP_MUL, rB, more, 0);
    op_to(m, s->FA, OP_ADD, s->FA, op(m, OP_SUB, rA, t->lossA), 0);
    op_to(m, s->FB, OP_ADD, s->FB, op(m, OP_SUB, rB, t->lossB), 0);
    op_to(m, s->RA, OP_ADD, s->RA, op(m, OP_SUB, K(.05), rA), 0);
    op_to(m, s->RB, OP_ADD, s->RB, op(m, OP_SUB, K(.06), rB), 0);
    op_to(m, s->casA, OP_ADD, s->casA, t->lossA, 0);
    op_to(m, s->casB, OP_ADD, s->casB, t->lossB, 0);

    Reg usedA = op(m, OP_MUL, t->pmA, t->sA);
    Reg madeA = op(m, OP_MUL, LIN(K(1), {K(-.3), s->infra}), p->supA);
    LIN_TO(s->SA, s->SA, {K(.07), madeA}, {K(.05), s->aid}, {K(-.1), usedA});
    op_to(m, s->SA, OP_MAX, s->SA, K(0), 0);
    Reg usedB = op(m, OP_MUL, t->pmB, t->sB);
    Reg madeB = op(m, OP_MUL, p->supB, s->econB);
    LIN_TO(s->SB, s->SB, {K(.085), madeB}, {K(-.1), usedB});
    op_to(m, s->SB, OP_MAX, s->SB, K(0), 0);
}

static Reg strength(Maker *m, Reg force, Reg morale, Reg s)
{
    Reg d = op(m, OP_MUL, force, morale);
    op_to(m, d, OP_MUL, d, s, 0);
    return op_to(m, d, OP_ADD, d, K(.5), 0);
}

static Reg normal(Maker *m, const char *name, uint32_t table)
{
    return op_to(m, temp(m), OP_QTABLE, site(m, name), table, 0);
}

static void front(Maker *m, const Params *p, const State *s, Step *t, uint32_t table)
{
    Reg ratio = op(m, OP_DIV, strength(m, s->FA, s->mA, t->sA), strength(m, s->FB, s->mB, t->sB));
    t->lr = op(m, OP_LOG, ratio, 0);
    t->it = op(m, OP_ADD, t->pmA, op(m, OP_SUB, t->pmB, K(1)));
    Reg push = op(m, OP_MUL, t->lr, t->it);
    Reg drag = op(m, OP_MUL, p->terr, s->x);
    Reg shake = op(m, OP_MUL, LIN(K(.5), {K(.8), t->it}), normal(m, "N0", table));
    t->dx = LIN(shake, {K(2.2), push}, {K(-.008), drag});
    clamp_to(m, s->x, op(m, OP_ADD, s->x, t->dx), -100, 100);

    Reg hurtA = op(m, OP_DIV, t->lossA, s->FA);
    Reg yA = LIN(s->mA, {K(.04), p->resA}, {K(-.04), s->mA}, {K(-.6), hurtA}, {K(.002), t->dx});
    clamp_to(m, s->mA, op(m, OP_ADD, yA, K(.04 * .2)), .05, 1.2);
    Reg hurtB = op(m, OP_DIV, t->lossB, s->FB);
    Reg yB = LIN(s->mB, {K(.04), p->resB}, {K(-.04), s->mB}, {K(-.6), hurtB}, {K(-.002), t->dx});
    clamp_to(m, s->mB, op(m, OP_ADD, yB, K(.04 * .15)), .05, 1.2);
}

static void politics(Maker *m, const Params *p, const State *s, const Step *t, uint32_t table)
{
    Reg a = LIN(K(0), {K(.95), s->polA}, {K(.05), p->resA}, {K(-.010), t->lossA}, {K(.003), t->dx},
                {K(.015), normal(m, "N1", table)});
    clamp_to(m, s->polA, a, 0, 1);
    Reg b = LIN(K(0), {K(.95), s->polB}, {K(.05), p->resB}, {K(-.008), t->lossB}, {K(-.003), t->dx},
                {K(.015), normal(m, "N2", table)});
    clamp_to(m, s->polB, b, 0, 1);
    Reg w = LIN(K(.024), {K(.96), s->polW}, {K(.004), p->hawk}, {K(.02), normal(m, "N3", table)});
    clamp_to(m, s->polW, w, 0, 1);
    LIN_TO(s->econB, K(0), {K(.97), s->econB}, {K(.03), p->econ0}, {K(-.0075), s->sanc},
           {K(.01), normal(m, "N4", table)});
    LIN_TO(s->sanc, K(0), {K(.98), s->sanc}, {K(.02), s->polW});
}

static Reg count(Maker *m, Reg mask)
{
    return op(m, OP_NUM, mask, 0);
}

static void hazards(Maker *m, const State *s, Step *t)
{
    Reg notB = op(m, OP_SUB, K(1), s->polB);
    t->coup = trial(m, "coup", LIN(K(-9.5), {K(4), notB}, {K(.03), s->casB}));
    t->sea = trial(m, "sea", LIN(K(-3.5), {K(1.5), s->tens}));
    t->cyber = trial(m, "cyber", LIN(K(-3), {K(.8), s->tens}, {K(.3), s->polW}));
    t->plant = trial(m, "plant", LIN(t->it, {K(.5), s->tens}, {K(-6.5), K(1)}));
    t->delay = trial(m, "delay", LIN(K(-1), {K(-2.5), s->polW}));
    t->spill = trial(m, "spill", LIN(K(-5.8), {K(1.6), s->tens}, {K(.25), s->ladder}));
    t->leader = trial(m, "leader", op(m, OP_ADD, notB, K(-7)));
    t->mutiny = trial(m, "mutiny", LIN(K(-5), {K(-5), s->mA}));
    op_to(m, s->coup, OP_OR, s->coup, t->coup, 0);
    op_to(m, s->leader, OP_OR, s->leader, t->leader, 0);
    op_to(m, s->mutiny, OP_OR, s->mutiny, t->mutiny, 0);
}

static void effects(Maker *m, const Params *p, const State *s, const Step *t)
{
    Reg cyber = count(m, t->cyber);
    Reg plant = count(m, t->plant);
    Reg spill = count(m, t->spill);
    LIN_TO(s->infra, K(0), {K(.97), s->infra}, {K(.06), cyber}, {K(.1), plant});
    LIN_TO(s->polW, s->polW, {K(.03), spill}, {K(.02), plant});
    Reg goal = op(m, OP_MUL, p->aidcap, s->aidL);
    op_to(m, goal, OP_DIV, goal, K(3), 0);
    op_to(m, goal, OP_MUL, goal, s->polW, 0);
    Reg aid = LIN(s->aid, {K(.25), goal}, {K(-.25), s->aid}, {K(-.05), count(m, t->delay)});
    op_to(m, s->aid, OP_MAX, aid, K(0), 0);
    Reg lessA = op(m, OP_MUL, s->FA, K(.9));
    op_to(m, s->FA, OP_SEL, t->mutiny, lessA, s->FA);
    Reg lessB = op(m, OP_MUL, s->FB, K(.9));
    op_to(m, s->FB, OP_SEL, t->coup, lessB, s->FB);
    Reg tens = LIN(K(0), {K(.92), s->tens}, {K(.012), s->ladder}, {K(.15), spill},
                   {K(.05), count(m, t->sea)}, {K(.006), op(m, OP_ABS, t->dx, 0)});
    clamp_to(m, s->tens, tens, 0, 2);
}

static void postures(Maker *m, const Params *p, const State *s, const Step *t)
{
    const Reg a[3] = {
        K(0),
        LIN(K(-.8), {K(1.2), t->lr}, {K(.9), s->SA}, {K(.5), s->polA}, {K(-.01), s->x},
            {K(.15), p->hawk}),
        LIN(K(-1.5), {K(-1.4), t->lr}, {K(-1), s->mA}, {K(.008), s->x}, {K(.2), p->doct}),
    };
    choose_to(m, s->posA, "posA", a, 3);
    const Reg b[3] = {
        K(0),
        LIN(K(-.5), {K(-1.2), t->lr}, {K(.9), s->SB}, {K(.4), s->polB}, {K(.01), s->x},
            {K(.25), p->doct}),
        LIN(K(-1.6), {K(1.4), t->lr}, {K(-1), s->mB}, {K(-.008), s->x}),
    };
    choose_to(m, s->posB, "posB", b, 3);
}

static void aid_level(Maker *m, const Params *p, const State *s, Reg fourth)
{
    Open open = {builder_ins(m->b, m->code, OP_IFSTEP, 0, fourth, 0, 0), m->code};
    const Reg worth[4] = {
        K(0),
        LIN(K(.8), {K(.5), p->hawk}, {K(-.4), s->tens}),
        LIN(K(-.2), {K(2), s->polW}, {K(.5), p->hawk}, {K(-.5), s->tens}),
        LIN(K(-1.8), {K(3.2), s->polW}, {K(.8), p->hawk}, {K(-.8), s->tens}, {K(-.01), s->x}),
    };
    choose_to(m, s->aidL, "aidL", worth, 4);
    close_body(open);
}

static void mobilise(Maker *m, const State *s)
{
    Reg when = op(m, OP_LT, s->FB, K(88));
    op_to(m, when, OP_ANDNOT, when, s->mobB, 0);
    op_to(m, when, OP_AND, when, op(m, OP_LT, K(.3), s->polB), 0);
    enum { MOB, RB, POLB, X, CASB, N };
    const Reg in[N] = {s->mobB, s->RB, s->polB, s->x, s->casB};
    Reg i[N];
    Open open = region(m, when, in, i, N, X);
    const Reg worth[2] = {K(0), LIN(K(-2.5), {K(2), i[POLB]}, {K(-.02), i[X]}, {K(.01), i[CASB]})};
    Reg choice = choose_to(m, temp(m), "mobB", worth, 2);
    op_to(m, i[MOB], OP_EQ, choice, K(1), 0);
    LIN_TO(i[RB], i[RB], {K(20), choice});
    LIN_TO(i[POLB], i[POLB], {K(-.08), choice});
    close_body(open);
}

static void intervene(Maker *m, const Params *p, const State *s, const Step *t)
{
    Reg when = op(m, OP_LT, s->x, K(-55));
    op_to(m, when, OP_OR, when, t->spill, 0);
    op_to(m, when, OP_ANDNOT, when, s->nato, 0);
    enum { NATO, FA, LADDER, TENS, HAWK, POLW, X, N };
    const Reg in[N] = {s->nato, s->FA, s->ladder, s->tens, p->hawk, s->polW, s->x};
    Reg i[N];
    Open open = region(m, when, in, i, N, HAWK);
    const Reg worth[3] = {
        K(0),
        LIN(i[POLW], {K(.8), i[HAWK]}, {K(-1.5), K(1)}),
        LIN(K(-4.5), {K(1.2), i[HAWK]}, {K(2.5), i[POLW]}, {K(-.3), i[LADDER]}, {K(-.02), i[X]}),
    };
    Reg choice = choose_to(m, temp(m), "nato", worth, 3);
    op_to(m, i[NATO], OP_EQ, choice, K(2), 0);
    op_to(m, i[FA], OP_SEL, i[NATO], op(m, OP_ADD, i[FA], K(25)), i[FA]);
    op_to(m, i[LADDER], OP_MIN, op(m, OP_ADD, i[LADDER], choice), K(7), 0);
    LIN_TO(i[TENS], i[TENS], {K(.2), choice});
    close_body(open);
}

static void nuclear(Maker *m, const Params *p, const State *s)
{
    Reg when = op(m, OP_LT, K(30), s->x);
    op_to(m, when, OP_OR, when, s->nato, 0);
    op_to(m, when, OP_AND, when, op(m, OP_LE, K(6), s->ladder), 0);
    Reg edge = LIN(K(.4), {K(.4), p->nthr});
    op_to(m, when, OP_AND, when, op(m, OP_LT, edge, s->tens), 0);
    enum { NUKED, TENS, X, NTHR, N };
    const Reg in[N] = {s->nuked, s->tens, s->x, p->nthr};
    Reg i[N];
    Open open = region(m, when, in, i, N, X);
    const Reg worth[4] = {
        K(0),
        LIN(i[TENS], {K(.01), i[X]}, {K(-2), K(1)}),
        LIN(i[TENS], {K(.02), i[X]}, {K(-1), i[NTHR]}, {K(-5), K(1)}),
        op(m, OP_ADD, i[TENS], K(-8)),
    };
    Reg choice = choose_to(m, temp(m), "nuked", worth, 4);
    op_to(m, i[NUKED], OP_OR, i[NUKED], op(m, OP_LE, K(2), choice), 0);
    LIN_TO(i[TENS], i[TENS], {K(.3), choice});
    close_body(open);
}

static void ladder(Maker *m, const State *s, const Step *t)
{
    Reg u = op_to(m, temp(m), OP_UNIFORM, site(m, "u"), 0, 0);
    Reg up = op(m, OP_LT, LIN(K(.35), {K(.1), s->ladder}), s->tens);
    op_to(m, up, OP_OR, up, t->spill, 0);
    op_to(m, up, OP_OR, up, t->sea, 0);
    op_to(m, up, OP_AND, up, op(m, OP_LT, u, K(.35)), 0);
    Reg down = op(m, OP_LT, s->tens, LIN(K(.15), {K(.05), s->ladder}));
    op_to(m, down, OP_AND, down, op(m, OP_LT, K(.75), u), 0);
    Reg rung = op(m, OP_ADD, s->ladder, count(m, up));
    op_to(m, rung, OP_SUB, rung, count(m, down), 0);
    clamp_to(m, s->ladder, rung, 0, 7);
}

static void ending(Maker *m, const State *s)
{
    Reg notA = op(m, OP_SUB, K(1), s->polA);
    Reg notB = op(m, OP_SUB, K(1), s->polB);
    Reg z = LIN(K(-6.9), {K(3.2), notA}, {K(3.2), notB}, {K(-.2), s->ladder});
    op_to(m, s->cf, OP_BERNLOG, z, site(m, "cf"), 0);
    m->code = &m->b->look;
    Reg dead = op(m, OP_OR, s->cf, s->nuked);
    op_to(m, dead, OP_OR, dead, op(m, OP_LT, s->FA, K(8)), 0);
    op_to(m, s->dead, OP_OR, dead, op(m, OP_LT, s->FB, K(8)), 0);
}

static void ask(Maker *m, const State *s)
{
    const Reg series[4] = {s->x, s->FA, s->polW, s->tens};
    for (int i = 0; i < 4; i++) {
        vec_push(
            m->b->arena, &m->b->series,
            (Series){
                .question = i, .kind = RESULT_NUMBER, .value = series[i], .defined = REG_NONE});
    }
    m->code = &m->b->finish;
    Reg east = op(m, OP_LT, K(0), s->x);
    const Reg flags[6] = {s->cf, s->nato, s->nuked, s->coup, east, s->mobB};
    for (int i = 0; i < 6; i++) {
        vec_push(m->b->arena, &m->b->results,
                 (Result){.question = 4 + i,
                          .kind = RESULT_FLAG,
                          .value = flags[i],
                          .defined = REG_NONE,
                          .censored = REG_NONE});
    }
    const Reg ends[4] = {s->casB, s->x, s->FA, s->aid};
    for (int i = 0; i < 4; i++) {
        vec_push(m->b->arena, &m->b->results,
                 (Result){.question = 10 + i,
                          .kind = RESULT_NUMBER,
                          .value = ends[i],
                          .defined = REG_NONE,
                          .censored = REG_NONE});
    }
}

// Is this one of every fourth week?
static Reg fourth_week(Maker *m)
{
    m->code = &m->b->uniform;
    Reg quarter = builder_uni(m->b);
    Reg whole = builder_uni(m->b);
    Reg yes = builder_uni(m->b);
    op_to(m, quarter, OP_MUL, UNI_STEP | REG_UNI, K(.25), 0);
    op_to(m, whole, OP_FLOOR, quarter, 0, 0);
    return op_to(m, yes, OP_EQ, quarter, whole, 0);
}

const Program *crisis_program(Arena *arena)
{
    Maker maker = {.b = builder_new(arena, STEPS, 7.0)};
    Maker *m = &maker;
    Params p = draw_params(m);
    State s = make_state(m, &p);
    Step t = {0};
    uint32_t table = builder_table(m->b, qtable_normal(arena));
    Reg fourth = fourth_week(m);
    m->code = &m->b->step;
    fight(m, &p, &s, &t);
    uint32_t kept = m->next;
    supplies(m, &p, &s, &t);
    m->next = kept;
    front(m, &p, &s, &t, table);
    politics(m, &p, &s, &t, table);
    kept = m->next;
    hazards(m, &s, &t);
    effects(m, &p, &s, &t);
    postures(m, &p, &s, &t);
    m->next = kept + 20;
    aid_level(m, &p, &s, fourth);
    mobilise(m, &s);
    intervene(m, &p, &s, &t);
    nuclear(m, &p, &s);
    ladder(m, &s, &t);
    ending(m, &s);
    ask(m, &s);
    m->b->program.n_cols = m->top;
    m->b->program.stop = s.dead;
    return builder_take(m->b);
}
