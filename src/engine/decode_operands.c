// SPDX-License-Identifier: MIT
//
// Operands of instructions as addresses: see decode.h.
#include "engine/decode.h"

#include <string.h>

double *plan_column(Engine *e)
{
    return ARENA_COLUMN(e->arena, double, e->stride);
}

double *decode_column(Decoder *d, uint32_t index)
{
    Engine *e = d->e;
    if (d->world) {
        return e->world_columns + (size_t)index * (size_t)e->stride;
    }
    double *block = e->columns + (size_t)index * (size_t)e->stride;
    if (!d->own) {
        return block;
    }
    if (!d->own[index]) {
        d->own[index] = plan_column(e);
        if (index < e->program->n_persist) {
            vec_push(e->arena, d->lent, (Pair){block, d->own[index]});
        }
    }
    return d->own[index];
}

static double *eight_of(Decoder *d, const double *scalar)
{
    double *lanes = ARENA_COLUMN(d->e->arena, double, 8);
    vec_push(d->e->arena, &d->spread, (Pair){scalar, lanes});
    return lanes;
}

bool decode_is_uni(const Decoder *d, Reg reg)
{
    return (reg & REG_UNI) && !d->eight;
}

double *decode_address(Decoder *d, Reg reg)
{
    ASSERT(reg != REG_NONE);
    if (reg & REG_UNI) {
        double *scalar = d->e->unis + REG_INDEX(reg);
        return d->eight ? eight_of(d, scalar) : scalar;
    }
    return decode_column(d, reg);
}

Cell *decode_emit(Decoder *d, KernelId kernel)
{
    const KernelTable *table = d->eight ? &kernels_base : d->e->kernels;
    Cell cell = {.run = table->fn[kernel], .kernel = (int16_t)kernel};
    vec_push(d->e->arena, &d->cells, cell);
    return &d->cells.p[d->cells.n - 1];
}

double *decode_spare(Decoder *d)
{
    ASSERT(d->n_spare < 4);
    if (!d->spare[d->n_spare]) {
        d->spare[d->n_spare] = plan_column(d->e);
    }
    return d->spare[d->n_spare++];
}

Constants *decode_constants(Arena *scratch, const Program *program)
{
    Constants *constants = ARENA_NEW(scratch, Constants);
    constants->value = ARENA_ARRAY(scratch, const ConstUni *, program->n_unis + UNI_FIRST_FREE);
    constants->column = ARENA_ARRAY(scratch, double *, program->n_unis + UNI_FIRST_FREE);
    for (int32_t i = 0; i < program->n_consts; i++) {
        constants->value[program->consts[i].uni] = &program->consts[i];
    }
    return constants;
}

const ConstUni *decode_const(const Decoder *d, Reg reg)
{
    return reg & REG_UNI ? d->constants->value[REG_INDEX(reg)] : NULL;
}

static double *constant_column(Decoder *d, Reg reg)
{
    double **column = &d->constants->column[REG_INDEX(reg)];
    if (!*column) {
        *column = plan_column(d->e);
        for (int32_t i = 0; i < d->e->stride; i++) {
            memcpy(*column + i, &d->e->unis[REG_INDEX(reg)], sizeof(double));
        }
    }
    return *column;
}

double *decode_as_column_of(Decoder *d, Reg reg, bool many)
{
    if (!decode_is_uni(d, reg)) {
        return decode_address(d, reg);
    }
    if (decode_const(d, reg)) {
        return constant_column(d, reg);
    }
    const double *scalar = decode_address(d, reg);
    double *column = many ? plan_column(d->e) : decode_spare(d);
    Cell *fill = decode_emit(d, K_FILL);
    fill->a = scalar;
    fill->d = column;
    return column;
}

const double *decode_as_column(Decoder *d, Reg reg)
{
    return decode_as_column_of(d, reg, false);
}
