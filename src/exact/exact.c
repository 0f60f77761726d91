// SPDX-License-Identifier: MIT
//
// A pass: worlds one after the other, and steps.
#include "exact/exact.h"

#include <string.h>

#include "exact/pass_impl.h"

enum { GARBAGE_STATES = 1 << 17, STEPS_TO_COUNT = 8 };

// ---- Steps --------------------------------------------------------------------------------------

static uint32_t count_live(const Big *mass, uint32_t n)
{
    uint32_t live = 0;
    const double *m = mass->p;
    for (uint32_t i = 0; i < n && i < mass->bytes / sizeof(double); i++) {
        live += m[i] > 0;
    }
    return live;
}

static bool watch_size(Pass *pass, int32_t step)
{
    const Units *u = pass->units;
    uint32_t n = u->spaces[0]->n;
    if (!pass_goes_on(pass)) {
        return false;
    }
    if (pass->division.n_states && n == pass->n_counted && step % STEPS_TO_COUNT != 0) {
        return true; // nothing new, and looked after while it is pushed
    }
    pass->n_counted = n;
    uint32_t live = count_live(&pass->mass[0], n) + count_live(&pass->still, n);
    pass->pass->states = live;
    pass->pass->most_states = live > pass->pass->most_states ? live : pass->pass->most_states;
    for (int32_t i = 0; i < u->n_units; i++) {
        if (u->spaces[i]->n_words > SPACE_MOST_WORDS) {
            return pass_too_large(pass, step + 1);
        }
    }
    if (pass->options->most_states && live > pass->options->most_states) {
        return pass_too_large(pass, step + 1);
    }
    if (pass_outgrows(pass, live, step)) {
        return pass_too_large(pass, step + 1);
    }
    if (n > GARBAGE_STATES && n > 4 * live) {
        pass_sweep(pass, true);
    }
    if (pass_memory_used(pass) > pass->options->memory) {
        pass_sweep(pass, true);
        if (pass_memory_used(pass) > pass->options->memory / 2) {
            return pass_too_large(pass, step + 1);
        }
    }
    return true;
}

// Mass at the end of the step is mass at the start of the next.
static void turn_step(Pass *pass)
{
    uint32_t n = pass->units->spaces[0]->n;
    pass_mass_for(&pass->mass[0], n);
    pass_mass_for(&pass->next, n);
    Big other = pass->mass[0];
    pass->mass[0] = pass->next;
    pass->next = other;
}

// In the last step nothing is left out: questions may read what it makes of frozen values.
static void wake(Pass *pass)
{
    uint32_t n = pass->units->spaces[0]->n;
    double *mass = pass_mass_for(&pass->mass[0], n), *still = pass_mass_for(&pass->still, n);
    for (uint32_t i = 0; i < n; i++) {
        mass[i] += still[i];
        still[i] = 0;
    }
}

static bool run_step(Pass *pass, int32_t step)
{
    Units *u = pass->units;
    pass->step = step;
    calendar_set(pass->calendar, step, u->regs);
    u->class = u->classes->of[step];
    u->tomorrow = pass->program->step_start[step + 1];
    if (step == pass->program->n_steps - 1) {
        wake(pass);
    }
    if (!pass_push_step(pass, step)) {
        return false;
    }
    turn_step(pass);
    pass_end_futures(pass, step);
    pass_read_series(pass, step);
    pass->step = step + 1;
    return watch_size(pass, step);
}

static uint64_t world_value(const Pass *pass, uint32_t world, int32_t i)
{
    if (pass->world_values) {
        return pass->world_values[(size_t)world * (size_t)pass->script->n_expand + (size_t)i];
    }
    const Field *field = &pass->world_space->fields[i];
    int32_t code = field_get(field, space_key(pass->world_space, world));
    return book_value(pass->world_book, (Slot)i, code);
}

// The start of a future in a world, and the first look.
static void enter(Pass *pass, uint32_t world)
{
    Units *u = pass->units;
    const Script *s = pass->script;
    memset(u->regs, 0, s->n_slots * sizeof *u->regs);
    calendar_set(pass->calendar, -1, u->regs);
    for (int32_t i = 0; i < s->n_expand; i++) {
        u->regs[s->expand[i].col] = world_value(pass, world, i);
    }
    pass_run_plain(s->start, 0, s->start.n, u->regs);
    pass_run_plain(s->main, s->look_at, s->main.n, u->regs);
    if (s->stop != SLOT_NONE && u->regs[s->stop]) {
        uint32_t state = units_end(u, u->regs);
        pass_mass_for(&pass->ended, u->ended->n)[state] += 1;
        pass_end_futures(pass, -1);
    } else {
        bool still;
        uint32_t state = units_enter(u, u->regs, pass->calendar->era_of[0], &still);
        pass_mass_for(&pass->mass[0], u->spaces[0]->n)[state] = 1;
    }
}

static void clear_masses(Pass *pass)
{
    Big *all[] = {&pass->next, &pass->still, &pass->ended, &pass->gone};
    for (int i = 0; i < 4; i++) {
        if (all[i]->bytes) {
            memset(all[i]->p, 0, all[i]->bytes);
        }
    }
    for (int32_t i = 0; i <= pass->units->n_units; i++) {
        if (pass->mass[i].bytes) {
            memset(pass->mass[i].p, 0, pass->mass[i].bytes);
        }
    }
}

// ---- Worlds -------------------------------------------------------------------------------------

static void forget_states(Pass *pass)
{
    Units *u = pass->units;
    pass_sweep(pass, true);
    space_clear(u->ended);
    big_free(&pass->ended);
    big_free(&pass->gone);
    absorb_forget(u->absorb);
}

static bool run_world(Pass *pass, uint32_t world)
{
    pass->world = world;
    clear_masses(pass);
    pass_drop_division(pass);
    if (pass->world_values) { // no two worlds are alike
        forget_states(pass);
    }
    enter(pass, world);
    pass_read_series(pass, -1);
    for (int32_t step = 0; step < pass->program->n_steps; step++) {
        if (!run_step(pass, step)) {
            return false;
        }
    }
    pass_take_world(pass, world);
    return true;
}

static void set_up(Pass *pass)
{
    const Wanted *wanted = pass->wanted;
    Arena *a = pass->scratch;
    pass->calendar = calendar_new(a, pass->script);
    pass->units = units_new(a, pass->script, pass->calendar);
    const Script *s = pass->script;
    pass->flush =
        s->stop != SLOT_NONE && calendar_varies(pass->calendar, s->finish, 0, s->finish.n);
    // A future that stops while it is still would have to be told when.
    pass->units->never_still = pass->flush || wanted->checks;
    pass->shelves = ARENA_ARRAY(a, Shelves, pass->units->n_units + 1);
    pass->mass = ARENA_ARRAY(a, Big, pass->units->n_units + 1);
    pass->failed = ARENA_ARRAY(a, double, pass->program->n_checks + 1);
    pass->values = book_new(a, (Slot)(wanted->n_results + wanted->n_series));
    pass->results = ARENA_ARRAY(a, Tally, wanted->n_results + 1);
    pass->points = ARENA_ARRAY(a, Tally *, wanted->n_series + 1);
    for (int32_t i = 0; i < wanted->n_series; i++) {
        pass->points[i] = ARENA_ARRAY(a, Tally, pass->options->n_points + 1);
    }
    pass_find_depends(pass);
}

static void tear_down(Pass *pass)
{
    pass_drop_division(pass);
    for (int32_t i = 0; i < pass->units->n_units; i++) {
        for (int32_t k = 0; k < pass->shelves[i].n; k++) {
            kernel_free(pass->shelves[i].p[k].kernel);
        }
    }
    for (int32_t i = 0; i <= pass->units->n_units; i++) {
        big_free(&pass->mass[i]);
    }
    Big *all[] = {&pass->next, &pass->still, &pass->ended, &pass->gone, &pass->world_weight};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        big_free(all[i]);
    }
    for (int32_t i = 0; i < pass->wanted->n_results; i++) {
        big_free(&pass->results[i].mass);
    }
    for (int32_t s = 0; s < pass->wanted->n_series; s++) {
        for (int32_t p = 0; p < pass->options->n_points; p++) {
            big_free(&pass->points[s][p].mass);
        }
    }
    if (pass->world_space) {
        space_free(pass->world_space);
    }
    book_free(pass->world_book);
    book_free(pass->values);
    units_free(pass->units);
}

static void run_worlds(Pass *pass)
{
    uint32_t n = pass_count_worlds(pass);
    pass->pass->worlds = ARENA_ARRAY(pass->arena, ExactWorld, n + 1);
    for (uint32_t w = 0; w < n; w++) {
        if (!run_world(pass, w)) {
            return;
        }
        pass->pass->n_worlds++;
    }
}

void exact_pass(Arena *arena, const Program *program, const Wanted *wanted,
                const ExactOptions *options, ExactPass *out)
{
    *out = (ExactPass){.end = EXACT_DONE};
    Pass pass = {.arena = arena, .scratch = arena_new(0), .program = program, .wanted = wanted};
    pass.options = options;
    pass.pass = out;
    if (!script_make(pass.scratch, program, wanted, &pass.script, &out->why)) {
        out->end = EXACT_NOT_FINITE;
    } else {
        set_up(&pass);
        if (wanted->worlds_given ? pass_take_priors(&pass) : pass_find_worlds(&pass)) {
            run_worlds(&pass);
        }
        // Tails are cut off once a draw: at most once for each unit of each step.
        out->lost =
            pass.lost + pass.units->lost * (double)program->n_steps * (double)pass.units->n_units;
        tear_down(&pass);
    }
    arena_free(pass.scratch);
}
