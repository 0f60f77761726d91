// SPDX-License-Identifier: MIT
//
// program_verify finds every way in which a program can be broken; program_print shows it as text.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "program/walk.h"
#include "program_builder.h"

enum { X, Y, GONE, N_PERSIST, T = N_PERSIST, M, IN, IN_MASK, N_COLS };

// A small whole program with one of everything that can be broken. Instructions of `step`:
enum { UNIFORM, MUL, BERN, SOFTMAX, REGION, BODY, BODY_MASK, IFSTEP, INSIDE, LIN, FAIL, N_STEP };

static ProgramBuilder *whole(Arena *arena)
{
    ProgramBuilder *b = builder_new(arena, 3, 7.0);
    b->program.n_persist = N_PERSIST;
    b->program.n_cols = N_COLS;
    b->program.n_world_cols = 1;
    b->program.n_checks = 1;
    b->program.stop = GONE;
    Reg one = builder_const(b, 1.0);
    Reg half = builder_const(b, 0.5);
    Reg no = builder_const_mask(b, false);
    Reg odd = builder_uni(b);
    builder_ins(b, &b->uniform, OP_LT, odd, UNI_STEP | REG_UNI, one, 0);
    builder_ins(b, &b->world, OP_UNIFORM, 0, builder_site(b, "w"), 0, 0);
    vec_push(arena, &b->expand, (Expand){0, Y});
    vec_push(arena, &b->unknowns, (Unknown){.world_col = 0, .value_col = 0});
    builder_ins(b, &b->start, OP_MOV, X, one, 0, 0);
    builder_ins(b, &b->start, OP_MOVM, GONE, no, 0, 0);

    builder_ins(b, &b->step, OP_UNIFORM, T, builder_site(b, "u"), 0, 0);
    builder_ins(b, &b->step, OP_MUL, T, T, half, 0);
    builder_ins(b, &b->step, OP_BERN, M, T, builder_site(b, "m"), 0);
    uint32_t worths = builder_arg(b, one);
    builder_arg(b, REG_NONE);
    builder_arg(b, T);
    builder_arg(b, M);
    builder_ins(b, &b->step, OP_SOFTMAX, T, builder_site(b, "c"), worths, 2);
    uint32_t pairs = builder_arg(b, 2);
    builder_arg(b, X);
    builder_arg(b, IN);
    builder_arg(b, GONE);
    builder_arg(b, IN_MASK);
    builder_arg(b, 2);
    builder_arg(b, IN);
    builder_arg(b, X);
    builder_arg(b, IN_MASK);
    builder_arg(b, GONE);
    builder_ins(b, &b->step, OP_REGION, 0, M, pairs, 2);
    builder_ins(b, &b->step, OP_ADD, IN, IN, one, 0);
    builder_ins(b, &b->step, OP_LT, IN_MASK, half, IN, 0);
    builder_ins(b, &b->step, OP_IFSTEP, 0, odd, 0, 1);
    builder_ins(b, &b->step, OP_ABS, X, X, 0, 0);
    uint32_t terms = builder_arg(b, half);
    builder_arg(b, T);
    builder_ins(b, &b->step, OP_LIN, X, X, terms, 1);
    builder_ins(b, &b->step, OP_FAIL, 0, M, 0, 0);
    assert_int_equal(b->step.ins.n, N_STEP);

    builder_ins(b, &b->look, OP_SUB, T, X, Y, 0);
    vec_push(arena, &b->series, (Series){.kind = RESULT_NUMBER, .value = T, .defined = REG_NONE});
    builder_ins(b, &b->finish, OP_NOT, M, GONE, 0, 0);
    vec_push(arena, &b->results,
             (Result){.kind = RESULT_FLAG, .value = M, .defined = M, .censored = REG_NONE});
    vec_push(arena, &b->states, (StateColumn){.name = STR("x"), .col = X});
    vec_push(arena, &b->states, (StateColumn){.name = STR("gone"), .col = GONE, .is_flag = true});
    return b;
}

static void test_a_whole_program_passes(void **unused)
{
    (void)unused;
    Arena *arena = arena_new(0);
    const char *fault = program_verify(builder_take(whole(arena)), arena);
    assert_string_equal(fault ? fault : "", "");
    arena_free(arena);
}

// Ways to break it, and what is to be said.

typedef struct {
    void (*breaks)(ProgramBuilder *b);
    const char *says;
} Break;

#define STEP(b, i)    ((b)->step.ins.p[i])
#define ARGS(b, i, k) ((b)->args.p[STEP(b, i).b + (k)])

static void no_op(ProgramBuilder *b)
{
    STEP(b, MUL).op = OP_COUNT;
}
static void no_register(ProgramBuilder *b)
{
    STEP(b, MUL).b = N_COLS;
}
static void no_uniform(ProgramBuilder *b)
{
    STEP(b, MUL).b = REG_UNI | 99;
}
static void unwritten(ProgramBuilder *b)
{
    STEP(b, MUL).a = IN;
}
static void mask_as_number(ProgramBuilder *b)
{
    STEP(b, MUL).a = GONE;
}
static void number_as_mask(ProgramBuilder *b)
{
    STEP(b, REGION).a = T;
}
static void site_beyond(ProgramBuilder *b)
{
    STEP(b, UNIFORM).a = 99;
}
static void table_beyond(ProgramBuilder *b)
{
    STEP(b, UNIFORM).op = OP_QTABLE;
}
static void score_beyond(ProgramBuilder *b)
{
    STEP(b, MUL).b = 99;
    STEP(b, MUL).op = OP_SCORE;
}
static void no_options(ProgramBuilder *b)
{
    STEP(b, SOFTMAX).c = 0;
}
static void many_options(ProgramBuilder *b)
{
    STEP(b, SOFTMAX).c = 33;
}
static void pool_end(ProgramBuilder *b)
{
    STEP(b, LIN).c = 1000;
}
static void pool_far(ProgramBuilder *b)
{
    STEP(b, LIN).b = 1u << 31;
}
static void body_beyond(ProgramBuilder *b)
{
    STEP(b, REGION).c = 100;
}
static void body_uncovered(ProgramBuilder *b)
{
    STEP(b, IFSTEP).c = 100;
}
static void outer_seen_inside(ProgramBuilder *b)
{
    STEP(b, BODY).b = T;
}
static void inner_seen_outside(ProgramBuilder *b)
{
    STEP(b, LIN).a = IN;
}
static void out_not_in(ProgramBuilder *b)
{
    ARGS(b, REGION, 6) = T;
}
static void in_twice(ProgramBuilder *b)
{
    ARGS(b, REGION, 4) = IN;
}
static void out_twice(ProgramBuilder *b)
{
    ARGS(b, REGION, 9) = X;
}
static void in_is_out(ProgramBuilder *b)
{
    ARGS(b, REGION, 3) = IN;
}
static void out_kind(ProgramBuilder *b)
{
    ARGS(b, REGION, 7) = GONE;
    ARGS(b, REGION, 9) = X;
}
static void inner_lasts(ProgramBuilder *b)
{
    STEP(b, BODY).d = Y;
}
static void inner_changes_kind(ProgramBuilder *b)
{
    STEP(b, BODY_MASK).d = IN;
}
static void column_ifstep(ProgramBuilder *b)
{
    STEP(b, IFSTEP).a = M;
}
static void uniform_in_region(ProgramBuilder *b)
{
    STEP(b, BODY).d = builder_uni(b);
}
static void uniform_of_column(ProgramBuilder *b)
{
    STEP(b, MUL).d = builder_uni(b);
}
static void constant_written(ProgramBuilder *b)
{
    b->uniform.ins.p[0].d = b->consts.p[0].uni | REG_UNI;
}
static void engine_uniform(ProgramBuilder *b)
{
    b->uniform.ins.p[0].d = UNI_LAST | REG_UNI;
}
static void column_in_uniform(ProgramBuilder *b)
{
    b->uniform.ins.p[0].d = M;
}
static void check_beyond(ProgramBuilder *b)
{
    STEP(b, FAIL).b = 1;
}
static void note_beyond(ProgramBuilder *b)
{
    STEP(b, FAIL).op = OP_NOTE;
}
static void draw_in_start(ProgramBuilder *b)
{
    b->start.ins.p[0] = STEP(b, UNIFORM);
}
static void draw_in_look(ProgramBuilder *b)
{
    b->look.ins.p[0] = STEP(b, UNIFORM);
}
static void start_missing(ProgramBuilder *b)
{
    b->start.ins.n = 1;
}
static void temp_outlives(ProgramBuilder *b)
{
    b->look.ins.p[0].a = T;
}
static void lasting_changes(ProgramBuilder *b)
{
    STEP(b, INSIDE).op = OP_NOT;
    STEP(b, INSIDE).a = M;
}
static void stop_number(ProgramBuilder *b)
{
    b->program.stop = X;
}
static void series_mask(ProgramBuilder *b)
{
    b->series.p[0].kind = RESULT_FLAG;
}
static void result_number(ProgramBuilder *b)
{
    b->results.p[0].kind = RESULT_NUMBER;
}
static void state_kind(ProgramBuilder *b)
{
    b->states.p[0].is_flag = true;
}
static void same_hash(ProgramBuilder *b)
{
    b->sites.p[2].hash = b->sites.p[0].hash;
}
static void no_steps(ProgramBuilder *b)
{
    b->program.n_steps = 0;
}
static void world_far(ProgramBuilder *b)
{
    b->expand.p[0].world_col = 7;
}
static void expand_temp(ProgramBuilder *b)
{
    b->expand.p[0].col = T;
}
static void unknown_empty(ProgramBuilder *b)
{
    b->world.ins.n = 0;
    b->expand.n = 0;
}
static void dist_beyond(ProgramBuilder *b)
{
    STEP(b, SOFTMAX).op = OP_DIST;
    STEP(b, SOFTMAX).c = 99;
}
static void lasting_few(ProgramBuilder *b)
{
    b->program.n_persist = N_COLS + 1;
}

static const Break BREAKS[] = {
    {no_op, "step 1: no such operation"},
    {no_register, "step 1: no such register 7"},
    {no_uniform, "step 1: no such register 80000063"},
    {unwritten, "step 1: c5 is read before it is written"},
    {mask_as_number, "step 1: c2 holds a mask, not numbers"},
    {number_as_mask, "step 4: c3 holds numbers, not a mask"},
    {site_beyond, "step 0: no such site"},
    {table_beyond, "step 0: no such table"},
    {score_beyond, "no such table"},
    {no_options, "step 3: 0 options"},
    {many_options, "beyond the pool"},
    {pool_end, "step 9: arguments beyond the pool"},
    {pool_far, "step 9: arguments beyond the pool"},
    {body_beyond, "step 4: a body runs beyond its code"},
    {body_uncovered, "step 7: a body runs beyond its code"},
    {outer_seen_inside, "step 5: c3 is read before it is written"},
    {inner_seen_outside, "step 9: c5 is read before it is written"},
    {out_not_in, "step 4: c3 goes out but did not come in"},
    {in_twice, "step 4: c5 comes in twice"},
    {out_twice, "step 4: c0 is given two values"},
    {in_is_out, "step 4: c5 is both inside and outside"},
    {out_kind, "c5 goes out to c2, which holds something else"},
    {inner_lasts, "a region's inside uses the lasting column c1"},
    {inner_changes_kind, "c5 goes out to c0, which holds something else"},
    {column_ifstep, "step 7: IFSTEP asks a column"},
    {uniform_in_region, "step 5: a uniform"},
    {uniform_of_column, "step 1: a uniform depends on c3"},
    {constant_written, "uniform 0: u5 is a constant"},
    {engine_uniform, "uniform 0: u3 belongs to the engine"},
    {column_in_uniform, "uniform 0: a column is written by uniform code"},
    {check_beyond, "step 10: no such check"},
    {note_beyond, "step 10: no such note"},
    {draw_in_start, "start 0: no draws here"},
    {draw_in_look, "look 0: no draws here"},
    {start_missing, "c2 is read before it is written"},
    {temp_outlives, "look 0: c3 is read before it is written"},
    {lasting_changes, "c0 is read before it is written"},
    {stop_number, "stop 0: c0 holds numbers, not a mask"},
    {series_mask, "series 0: c3 holds numbers, not a mask"},
    {result_number, "results 0: c4 holds a mask, not numbers"},
    {state_kind, "states 0: c0 holds numbers, not a mask"},
    {same_hash, "sites 2: the hash of site 0 again"},
    {no_steps, "steps 0: 0 steps"},
    {world_far, "expand 0: w7 cannot be copied to c1"},
    {expand_temp, "expand 0: w0 cannot be copied to c3"},
    {unknown_empty, "unknowns 0: c0 is read before it is written"},
    {dist_beyond, "step 3: no such distribution"},
    {lasting_few, "constants 0: too few registers"},
};

static void test_every_break_is_found(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof BREAKS / sizeof BREAKS[0]; i++) {
        Arena *arena = arena_new(0);
        ProgramBuilder *b = whole(arena);
        BREAKS[i].breaks(b);
        const char *fault = program_verify(builder_take(b), arena);
        if (!fault || !strstr(fault, BREAKS[i].says)) {
            fail_msg("break %d: %s, not: %s", (int)i, fault ? fault : "nothing", BREAKS[i].says);
        }
        arena_free(arena);
    }
}

static void test_a_program_prints_as_text(void **unused)
{
    (void)unused;
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    program_print(builder_take(whole(arena)), &buf);
    assert_string_equal(buf_str(&buf).p,
                        "steps 3, columns 7 (3 kept), world columns 1, uniforms 9, sites 4\n"
                        "world:\n"
                        "  w0 = UNIFORM @w\n"
                        "expand w0 -> c1\n"
                        "start:\n"
                        "  c0 = MOV 1\n"
                        "  c2 = MOVM no\n"
                        "uniform:\n"
                        "  u8 = LT step 1\n"
                        "step:\n"
                        "  c3 = UNIFORM @u\n"
                        "  c3 = MUL c3 0.5\n"
                        "  c4 = BERN c3 @m\n"
                        "  c3 = SOFTMAX 1 c3 c4 @c\n"
                        "  REGION c4 in (c0->c5 c2->c6) out (c5->c0 c6->c2)\n"
                        "    c5 = ADD c5 1\n"
                        "    c6 = LT 0.5 c5\n"
                        "  IFSTEP u8\n"
                        "    c0 = ABS c0\n"
                        "  c0 = LIN c0 0.5 c3\n"
                        "  FAIL c4 check 0\n"
                        "look:\n"
                        "  c3 = SUB c0 c1\n"
                        "stop: c2\n"
                        "finish:\n"
                        "  c4 = NOT c2\n"
                        "result 0: c4 if c4\n"
                        "series 0: c3\n");
    arena_free(arena);
}

static void test_every_operation_has_a_row(void **unused)
{
    (void)unused;
    for (int op = 0; op < OP_COUNT; op++) {
        const OpInfo *info = op_info((OpCode)op);
        assert_true(info->name[0] && info->kinds[0] && info->doc[0]);
        char result = op_result((OpCode)op);
        assert_true(result == 'f' || result == 'm' || result == 0);
        assert_true(!op_draws((OpCode)op) || result != 0);
    }
    assert_string_equal(op_info(OP_LIN)->name, "LIN");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_whole_program_passes),
        cmocka_unit_test(test_every_break_is_found),
        cmocka_unit_test(test_a_program_prints_as_text),
        cmocka_unit_test(test_every_operation_has_a_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
