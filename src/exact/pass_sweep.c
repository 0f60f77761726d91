// SPDX-License-Identifier: MIT
//
// States that are forgotten, and those that are left numbered anew.
#include <string.h>

#include "exact/pass_impl.h"

static void forget_rows(Pass *pass, bool kernels_too)
{
    Units *u = pass->units;
    for (int32_t i = 0; i < u->n_units; i++) {
        for (int32_t k = 0; k < pass->shelves[i].n; k++) {
            Kernel *kernel = pass->shelves[i].p[k].kernel;
            if (kernels_too) {
                kernel_free(kernel);
            } else {
                big_free(&kernel->row);
                big_free(&kernel->target);
                kernel->n_targets = 0;
            }
        }
    }
    pass_drop_division(pass); // its cells are numbers of states
}

void pass_number(Pass *pass, const uint32_t *order, uint32_t n)
{
    Units *u = pass->units;
    Space *space = u->spaces[0], old = *space;
    Big mass = pass->mass[0], still = pass->still, is_still = u->still;
    space->keys = space->table = pass->mass[0] = pass->still = u->still = (Big){0};
    space->n = space->table_size = 0;
    double *new_mass = pass_mass_for(&pass->mass[0], n),
           *new_still = pass_mass_for(&pass->still, n);
    big_need(&u->still, (size_t)n + 1);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t was = order[i];
        (void)space_state(space, space_key(&old, was));
        new_mass[i] = ((double *)mass.p)[was];
        new_still[i] = ((double *)still.p)[was];
        ((uint8_t *)u->still.p)[i] = ((uint8_t *)is_still.p)[was];
    }
    space_free(&old);
    big_free(&mass);
    big_free(&still);
    big_free(&is_still);
    big_free(&pass->next);
}

void pass_sweep(Pass *pass, bool kernels_too)
{
    Units *u = pass->units;
    Space *space = u->spaces[0];
    uint32_t n = space->n, kept = 0;
    const double *mass = pass_mass_for(&pass->mass[0], n), *still = pass_mass_for(&pass->still, n);
    Arena *scratch = arena_new(0);
    uint32_t *order = ARENA_ARRAY(scratch, uint32_t, n + 1);
    space_order(scratch, space, order);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t state = order[i];
        order[kept] = state;
        kept += mass[state] > 0 || still[state] > 0;
    }
    forget_rows(pass, kernels_too);
    for (int32_t i = 1; i < u->n_units; i++) {
        space_clear(u->spaces[i]);
    }
    pass_number(pass, order, kept);
    arena_free(scratch);
}
