// SPDX-License-Identifier: MIT
//
// Steps in blocks: how a step is divided into stretches, and blocks for the states that come up.
#include <string.h>

#include "exact/pass_impl.h"

enum {
    FEW_STATES = 64,     // not worth a block
    ROWS_TO_ROOT = 4,    // moving parts, in square roots of states
    SAMPLE = 1 << 14,    // of states, to count moving parts
    FEW_ROWS = 1 << 13,  // never too many
    CELLS_A_STATE = 64,  // at the end of a stretch, at most
    KEPT_SETTINGS = 8,   // of the calendar
    STEPS_TO_SWEEP = 8,  // dust
    GROWN = 2,           // divide anew when there are so many times the states
    FROM_ORDER = 1 << 12 // states worth being put in order
};

// ---- Release ------------------------------------------------------------------------------------

static void free_parts(Setting *setting)
{
    for (int32_t i = 0; i < setting->parts.n; i++) {
        arena_free(setting->parts.p[i].arena);
    }
    setting->parts.n = 0;
    big_free(&setting->placed);
    setting->n_placed = setting->n_first = 0;
}

void pass_drop_division(Pass *pass)
{
    Division *d = &pass->division;
    for (int32_t i = 0; i < d->stretches.n; i++) {
        for (int32_t k = 0; k < d->stretches.p[i].settings.n; k++) {
            free_parts(&d->stretches.p[i].settings.p[k]);
        }
    }
    arena_free(d->arena);
    big_free(&d->work);
    *d = (Division){0};
}

size_t pass_division_bytes(const Pass *pass)
{
    const Division *d = &pass->division;
    size_t bytes = (d->arena ? arena_used(d->arena) : 0) + d->work.bytes;
    for (int32_t i = 0; i < d->stretches.n; i++) {
        for (int32_t k = 0; k < d->stretches.p[i].settings.n; k++) {
            const Setting *setting = &d->stretches.p[i].settings.p[k];
            bytes += setting->placed.bytes;
            for (int32_t b = 0; b < setting->parts.n; b++) {
                bytes += arena_used(setting->parts.p[b].arena);
            }
        }
    }
    return bytes;
}

// ---- States without a cell ----------------------------------------------------------------------

// States before the stretch that have mass, all or those without a cell; what is too little is
// dropped.
static uint32_t list_states(Pass *pass, int32_t cut, const Setting *setting, Big *list)
{
    uint32_t n = pass->units->spaces[cut]->n, found = 0;
    double *in = pass_mass_for(&pass->mass[cut], n);
    if (setting && setting->n_placed == n) {
        return 0;
    }
    const uint8_t *placed = setting ? setting->placed.p : NULL;
    size_t n_placed = setting ? setting->placed.bytes : 0;
    big_need(list, ((size_t)n + 1) * sizeof(uint32_t));
    uint32_t *states = list->p;
    for (uint32_t i = 0; i < n; i++) {
        if (in[i] > 0 && !(i < n_placed && placed[i])) {
            bool dust = in[i] < DUST;
            states[found] = i;
            found += !dust;
            pass->lost += dust ? in[i] : 0;
            in[i] = dust ? 0 : in[i];
        }
    }
    return found;
}

// ---- Blocks -------------------------------------------------------------------------------------

static uint64_t hash_of(const Pass *pass, const Stretch *stretch, int32_t step)
{
    uint64_t h = 1;
    for (int32_t u = stretch->from; u < stretch->to; u++) {
        uint64_t words[2] = {h, pass->depends[(int64_t)u * pass->program->n_steps + step]};
        h = words_hash(words, 2);
    }
    return h;
}

static Setting *setting_for(Pass *pass, Stretch *stretch, int32_t step)
{
    uint64_t h = hash_of(pass, stretch, step);
    int32_t oldest = 0;
    for (int32_t i = 0; i < stretch->settings.n; i++) {
        Setting *setting = &stretch->settings.p[i];
        if (setting->hash == h) {
            setting->last = step;
            return setting;
        }
        oldest = setting->last < stretch->settings.p[oldest].last ? i : oldest;
    }
    if (stretch->settings.n < KEPT_SETTINGS) {
        vec_push(pass->division.arena, &stretch->settings, ((Setting){.hash = h, .last = step}));
        return &stretch->settings.p[stretch->settings.n - 1];
    }
    Setting *setting = &stretch->settings.p[oldest];
    free_parts(setting);
    setting->hash = h;
    setting->last = step;
    return setting;
}

// Blocks for some states, added to a setting.
static BlocksEnd add_blocks(Pass *pass, const Stretch *stretch, Setting *setting, int32_t step,
                            const uint32_t *states, uint32_t n)
{
    Arena *scratch = arena_new(0);
    int32_t era = step == pass->program->n_steps - 1 ? -1 : pass->calendar->era_of[step + 1];
    Kernel **kernels = ARENA_ARRAY(scratch, Kernel *, stretch->to - stretch->from);
    for (int32_t u = stretch->from; u < stretch->to; u++) {
        kernels[u - stretch->from] = pass_kernel_for(pass, u, step);
    }
    const Split *split = split_make(scratch, pass->units, stretch->from, stretch->to);
    int32_t n_alike;
    const Alike *alike = alike_find(scratch, pass->units, split, &n_alike);
    BlocksOrder order = {.units = pass->units,
                         .split = split,
                         .alike = alike,
                         .n_alike = n_alike,
                         .kernels = kernels,
                         .states = states,
                         .n_states = n,
                         .era = era,
                         .most_rows = n / 2 > FEW_ROWS ? n / 2 : FEW_ROWS,
                         .most_cells = (int64_t)CELLS_A_STATE * n};
    Blocks blocks;
    BlocksEnd end = blocks_make(&order, &blocks);
    arena_free(scratch);
    if (end != BLOCKS_MADE) {
        return end;
    }
    vec_push(pass->division.arena, &setting->parts, blocks);
    big_need(&setting->placed, pass->units->spaces[stretch->from]->n);
    for (uint32_t i = 0; i < n; i++) {
        ((uint8_t *)setting->placed.p)[states[i]] = 1;
    }
    setting->n_placed += n;
    setting->n_first = setting->parts.n == 1 ? n : setting->n_first;
    return BLOCKS_MADE;
}

// One after the other they would cost more than anew: at once when much has been added, and when no
// more is, already when it is some.
static bool is_patchwork(const Setting *setting, uint32_t n_new)
{
    uint32_t added = setting->n_placed - setting->n_first + n_new;
    return added > setting->n_first / 4 || (n_new == 0 && added > setting->n_first / 64);
}

// Blocks for all states that have mass.
static BlocksEnd need_blocks(Pass *pass, const Stretch *stretch, Setting *setting, int32_t step)
{
    Big list = {0};
    uint32_t n = list_states(pass, stretch->from, setting, &list);
    if (setting->parts.n > 0 && is_patchwork(setting, n)) {
        free_parts(setting);
        n = list_states(pass, stretch->from, setting, &list);
    }
    BlocksEnd end = BLOCKS_MADE;
    if (n > 0) {
        end = add_blocks(pass, stretch, setting, step, list.p, n);
    }
    big_free(&list);
    return end;
}

static void push_setting(Pass *pass, const Stretch *stretch, const Setting *setting, int32_t step)
{
    Units *u = pass->units;
    bool last = stretch->to == u->n_units;
    double *in = pass_mass_for(&pass->mass[stretch->from], u->spaces[stretch->from]->n);
    Big *out = last ? &pass->next : &pass->mass[stretch->to];
    double *const zones[BLOCK_ZONES] = {pass_mass_for(out, u->spaces[stretch->to]->n),
                                        pass_mass_for(&pass->still, u->spaces[0]->n),
                                        pass_mass_for(&pass->ended, u->ended->n)};
    uint64_t cells = 0;
    for (int32_t i = 0; i < setting->parts.n; i++) {
        double dust = step % STEPS_TO_SWEEP == 0 ? DUST : 0;
        blocks_push(&setting->parts.p[i], in, zones, dust, &pass->division.work, &pass->lost);
        cells += setting->parts.p[i].most_cells;
    }
    ExactPass *answer = pass->pass;
    answer->most_states = cells > answer->most_states ? cells : answer->most_states;
}

// ---- Stretches ----------------------------------------------------------------------------------

// As far as there are few moving parts beside the states there are. Returns the cut; from: nowhere.
static int32_t choose_end(Pass *pass, int32_t from, const uint32_t *states, uint32_t n)
{
    int32_t to = from;
    for (int32_t end = from + 1; end <= pass->units->n_units; end++) {
        Arena *scratch = arena_new(0);
        const Split *split = split_make(scratch, pass->units, from, end);
        uint64_t rows = blocks_count_rows(pass->units, split, states, n, SAMPLE);
        arena_free(scratch);
        if (rows * rows > (uint64_t)(ROWS_TO_ROOT * ROWS_TO_ROOT) * n) {
            break;
        }
        to = end;
    }
    return to;
}

static uint32_t enough_states(const Pass *pass)
{
    return pass->options->blocks_from ? pass->options->blocks_from : EXACT_BLOCKS_FROM;
}

// Are so many states worth being put in order? In tests all are.
static bool worth_order(const Pass *pass, uint32_t n)
{
    return n >= FROM_ORDER || pass->options->blocks_from;
}

// States at the start of a step numbered as the first blocks look at them: eight columns side by
// side, row after row. So what these read and what the last stretch writes lies together.
static void number_states(Pass *pass, Setting *setting)
{
    const Blocks *blocks = &setting->parts.p[0];
    uint32_t n = pass->units->spaces[0]->n, found = 0;
    Arena *scratch = arena_new(0);
    uint32_t *order = ARENA_ARRAY(scratch, uint32_t, n + 1);
    uint32_t *number = ARENA_ARRAY(scratch, uint32_t, n + 1); // 1 + the new one
    for (int32_t b = 0; b < blocks->n_blocks; b++) {
        const Block *block = &blocks->blocks[b];
        int32_t columns = (block->n_columns + BLOCK_WIDTH - 1) / BLOCK_WIDTH * BLOCK_WIDTH;
        for (int64_t i = 0; i < (int64_t)columns * block->n_rows[0]; i++) {
            uint32_t state = block->in[i];
            if (!number[state]) {
                order[found++] = state;
                number[state] = found;
            }
            block->in[i] = number[state] - 1;
        }
    }
    memset(setting->placed.p, 0, setting->placed.bytes);
    memset(setting->placed.p, 1, found);
    for (uint32_t i = 0; i < n; i++) {
        if (!number[i]) {
            order[found++] = i;
        }
    }
    pass_number(pass, order, n);
    arena_free(scratch);
}

// The next stretch, and its first blocks.
static BlocksEnd add_stretch(Pass *pass, int32_t from, int32_t step)
{
    Big list = {0};
    uint32_t n = list_states(pass, from, NULL, &list);
    bool few = n < FEW_STATES && n < enough_states(pass);
    int32_t to = few ? from : choose_end(pass, from, list.p, n);
    Stretch stretch = {.from = from};
    BlocksEnd end = BLOCKS_POOR;
    while (to > from && end == BLOCKS_POOR) {
        stretch.to = to;
        Setting *setting = setting_for(pass, &stretch, step);
        end = add_blocks(pass, &stretch, setting, step, list.p, n);
        if (end == BLOCKS_MADE && from == 0 && to < pass->units->n_units && worth_order(pass, n)) {
            number_states(pass, setting);
        }
        if (end == BLOCKS_POOR) {
            stretch.settings.n = 0;
            to = from + (to - from) / 2;
        }
    }
    if (to == from) {
        stretch.to = from + 1;
        stretch.by_rows = true;
        end = BLOCKS_MADE;
    }
    vec_push(pass->division.arena, &pass->division.stretches, stretch);
    big_free(&list);
    return end;
}

static bool push_units(Pass *pass, int32_t from, int32_t to, int32_t step)
{
    for (int32_t i = from; i < to; i++) {
        if (!pass_push_unit(pass, i, step)) {
            return false;
        }
    }
    return true;
}

// What no blocks can be made for goes row by row beside them.
static bool push_stretch(Pass *pass, Stretch *stretch, int32_t step)
{
    uint64_t states = pass->units->spaces[stretch->from]->n;
    if (!pass_goes_on(pass) ||
        !pass_works(pass, states * (uint64_t)(stretch->to - stretch->from))) {
        return false;
    }
    if (stretch->by_rows) {
        return push_units(pass, stretch->from, stretch->to, step);
    }
    Setting *setting = setting_for(pass, stretch, step);
    BlocksEnd end = need_blocks(pass, stretch, setting, step);
    if (end == BLOCKS_REFUSED) {
        return pass_fail(pass, pass->units->refused);
    }
    push_setting(pass, stretch, setting, step);
    if (end == BLOCKS_POOR) {
        stretch->by_rows = setting->parts.n == 0;
        return push_units(pass, stretch->from, stretch->to, step);
    }
    if (pass_memory_used(pass) > pass->options->memory) {
        return pass_too_large(pass, step);
    }
    return true;
}

bool pass_push_step(Pass *pass, int32_t step)
{
    Division *d = &pass->division;
    uint32_t n = pass->units->spaces[0]->n;
    bool all_new = pass->script->delays != NULL; // blocks of one step serve no other
    if (pass->wanted->checks || all_new || n < enough_states(pass)) {
        return push_units(pass, 0, pass->units->n_units, step);
    }
    if (d->n_states && n / GROWN >= d->n_states) {
        pass_drop_division(pass);
    }
    if (!d->n_states) {
        if (worth_order(pass, n)) {
            pass_sweep(pass, false);
            n = pass->units->spaces[0]->n;
        }
        d->n_states = n;
        d->arena = arena_new(0);
    }
    for (int32_t i = 0, from = 0; from < pass->units->n_units; i++) {
        if (i == d->stretches.n && add_stretch(pass, from, step) == BLOCKS_REFUSED) {
            return pass_fail(pass, pass->units->refused);
        }
        if (!push_stretch(pass, &d->stretches.p[i], step)) {
            return false;
        }
        from = d->stretches.p[i].to;
    }
    return true;
}
