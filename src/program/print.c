// SPDX-License-Identifier: MIT
//
// A Program as text, one instruction a line: `c12 = ADD c3 u7`. Columns are c, uniforms u, world
// columns w; a constant uniform is shown as its value. For people (`casus check --program`) and for
// golden tests.
#include "base/num.h"
#include "math/dist.h"
#include "program/walk.h"

typedef struct {
    const Program *program;
    Buf *out;
    char column; // 'c' or 'w'
} Printer;

static const ConstUni *const_of(const Program *program, Reg reg)
{
    for (int32_t i = 0; i < program->n_consts; i++) {
        if (program->consts[i].uni == REG_INDEX(reg)) {
            return &program->consts[i];
        }
    }
    return NULL;
}

static void print_reg(const Printer *p, Reg reg)
{
    static const char *const NAMED[UNI_FIRST_FREE] = {"step", "today", "step_days", "last",
                                                      "initial"};
    if (reg == REG_NONE) {
        buf_add(p->out, STR("-"));
    } else if (!(reg & REG_UNI)) {
        buf_addf(p->out, "%c%u", p->column, reg);
    } else if (REG_INDEX(reg) < UNI_FIRST_FREE) {
        buf_addf(p->out, "%s", NAMED[REG_INDEX(reg)]);
    } else {
        const ConstUni *c = const_of(p->program, reg);
        if (!c) {
            buf_addf(p->out, "u%u", REG_INDEX(reg));
        } else if (c->is_mask) {
            buf_add(p->out, c->value != 0.0 ? STR("yes") : STR("no"));
        } else {
            buf_add(p->out, num_shortest(p->out->arena, c->value));
        }
    }
}

static void print_read(void *ctx, Reg reg, char kind)
{
    const Printer *p = ctx;
    (void)kind;
    buf_char(p->out, ' ');
    print_reg(p, reg);
}

static void print_pairs(const Printer *p, const uint32_t *pairs, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        buf_char(p->out, i ? ' ' : '(');
        print_reg(p, pairs[2 * i]);
        buf_add(p->out, STR("->"));
        print_reg(p, pairs[2 * i + 1]);
    }
    buf_add(p->out, n ? STR(")") : STR("()"));
}

// Operands that are no registers.
static void print_rest(const Printer *p, const Ins *ins)
{
    if (op_draws((OpCode)ins->op)) {
        buf_add(p->out, STR(" @"));
        buf_add_safe(p->out, p->program->sites[ins_site(ins)].name, false);
    }
    switch ((OpCode)ins->op) {
    case OP_SCORE:
    case OP_QTABLE: buf_addf(p->out, " table %u", ins->b); break;
    case OP_DIST: buf_addf(p->out, " %s", dist_info((DistKind)ins->c)->name); break;
    case OP_REGION: {
        RegionArgs args = region_args(p->program, ins);
        buf_add(p->out, STR(" in "));
        print_pairs(p, args.in, args.n_in);
        buf_add(p->out, STR(" out "));
        print_pairs(p, args.out, args.n_out);
        break;
    }
    case OP_FAIL: buf_addf(p->out, " check %u", ins->b); break;
    case OP_NOTE: buf_addf(p->out, " note %u", ins->b); break;
    default: break;
    }
}

static void print_ins(Printer *p, const Ins *ins, int32_t depth)
{
    buf_pad(p->out, ' ', 2 * (size_t)(depth + 1));
    if (op_result((OpCode)ins->op)) {
        print_reg(p, ins->d);
        buf_add(p->out, STR(" = "));
    }
    buf_addf(p->out, "%s", op_info((OpCode)ins->op)->name);
    ins_visit_reads(p->program, ins, print_read, p);
    print_rest(p, ins);
    buf_char(p->out, '\n');
}

static void print_list(Printer *p, const Ins *ins, int32_t n, int32_t depth)
{
    for (int32_t i = 0; i < n; i++) {
        print_ins(p, &ins[i], depth);
        if (op_has_body((OpCode)ins[i].op)) {
            print_list(p, &ins[i + 1], (int32_t)ins[i].c, depth + 1);
            i += (int32_t)ins[i].c;
        }
    }
}

static void print_titled(const Program *program, const char *title, Code code, char column,
                         Buf *out)
{
    Printer printer = {program, out, column};
    buf_addf(out, "%s:\n", title);
    print_list(&printer, code.p, code.n, 0);
}

void program_print_code(const Program *program, const char *title, Code code, Buf *out)
{
    print_titled(program, title, code, 'c', out);
}

static void print_results(const Program *program, Buf *out)
{
    Printer printer = {program, out, 'c'};
    for (int32_t i = 0; i < program->n_results; i++) {
        const Result *r = &program->results[i];
        buf_addf(out, "result %d%s:", r->question, r->tie ? " tie" : "");
        print_read(&printer, r->value, 0);
        if (r->defined != REG_NONE) {
            buf_add(out, STR(" if"));
            print_read(&printer, r->defined, 0);
        }
        if (r->censored != REG_NONE) {
            buf_add(out, STR(" censored"));
            print_read(&printer, r->censored, 0);
        }
        buf_char(out, '\n');
    }
    for (int32_t i = 0; i < program->n_series; i++) {
        buf_addf(out, "series %d:", program->series[i].question);
        print_read(&printer, program->series[i].value, 0);
        if (program->series[i].defined != REG_NONE) {
            buf_add(out, STR(" if"));
            print_read(&printer, program->series[i].defined, 0);
        }
        buf_char(out, '\n');
    }
}

void program_print(const Program *program, Buf *out)
{
    buf_addf(out, "steps %d, columns %u (%u kept), world columns %u, uniforms %u, sites %d\n",
             program->n_steps, program->n_cols, program->n_persist, program->n_world_cols,
             program->n_unis, program->n_sites);
    print_titled(program, "world", program->world, 'w', out);
    for (int32_t i = 0; i < program->n_expand; i++) {
        buf_addf(out, "expand w%u -> c%u\n", program->expand[i].world_col, program->expand[i].col);
    }
    program_print_code(program, "start", program->start, out);
    program_print_code(program, "uniform", program->uniform, out);
    program_print_code(program, "step", program->step, out);
    program_print_code(program, "look", program->look, out);
    if (program->stop != REG_NONE) {
        Printer printer = {program, out, 'c'};
        buf_add(out, STR("stop:"));
        print_read(&printer, program->stop, 0);
        buf_char(out, '\n');
    }
    program_print_code(program, "finish", program->finish, out);
    print_results(program, out);
}
