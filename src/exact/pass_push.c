// SPDX-License-Identifier: MIT
//
// Mass through units, by kernels that are kept as long as the calendar repeats itself.
#include "exact/pass_impl.h"
#include "math/bits.h"

enum {
    WORK_OF_ROW = 50,         // of making one, in states that are moved along theirs
    MEMORY_OF_DATES = 1 << 15 // bytes that must be allowed for each new state of a step
};

// ---- What depends on the calendar ---------------------------------------------------------------

static uint64_t depends_on(const Pass *pass, int32_t unit, int32_t step, uint64_t *regs)
{
    const Script *s = pass->script;
    const Unit *u = &pass->units->units[unit];
    uint64_t h = 1;
    for (int32_t pc = s->cuts[u->from].pc; pc < s->cuts[u->to].pc && u->varies; pc++) {
        for (int32_t r = 0; r < s->main.p[pc].n_reads; r++) {
            Slot slot = s->main.p[pc].reads[r];
            if (pass->calendar->varies[slot]) {
                uint64_t words[2] = {h, regs[slot]};
                h = words_hash(words, 2);
            }
        }
    }
    for (int32_t g = 0; g < s->cuts[u->from].n_guards && u->varies; g++) {
        uint64_t words[2] = {h, regs[s->cuts[u->from].guards[g].mask]};
        bool kept = u->in->field_of[s->cuts[u->from].guards[g].mask] >= 0;
        h = kept ? h : words_hash(words, 2);
    }
    const StepClasses *classes = pass->units->classes;
    const StepClass *class = &classes->p[classes->of[step]];
    bool last = unit == pass->units->n_units - 1;
    if (last && pass->units->n_expiries > 0) {
        uint64_t now[2] = {h, bits_of(pass->program->step_start[step + 1])};
        h = words_hash(now, 2);
    }
    uint64_t words[2] = {h, last ? (uint64_t)(int64_t) class->next : class->hash[unit + 1]};
    h = words_hash(words, 2);
    return h;
}

void pass_find_depends(Pass *pass)
{
    int32_t n = pass->units->n_units, steps = pass->program->n_steps;
    pass->depends = ARENA_ARRAY(pass->scratch, uint64_t, (int64_t)n * steps + 1);
    uint64_t *regs = ARENA_ARRAY(pass->scratch, uint64_t, pass->script->n_slots + 1);
    for (int32_t k = 0; k < steps; k++) {
        calendar_set(pass->calendar, k, regs);
        for (int32_t u = 0; u < n; u++) {
            pass->depends[(int64_t)u * steps + k] = depends_on(pass, u, k, regs);
        }
    }
}

// The kernel for a step. Those of calendar values that came up once are not kept for long: a few
// at a time.
Kernel *pass_kernel_for(Pass *pass, int32_t unit, int32_t step)
{
    enum { KEPT = 48 };
    Shelves *shelf = &pass->shelves[unit];
    uint64_t h = pass->depends[(int64_t)unit * pass->program->n_steps + step];
    int32_t oldest = 0;
    for (int32_t i = 0; i < shelf->n; i++) {
        if (shelf->p[i].hash == h) {
            shelf->p[i].last = step;
            return shelf->p[i].kernel;
        }
        oldest = shelf->p[i].last < shelf->p[oldest].last ? i : oldest;
    }
    bool varies = pass->units->units[unit].varies;
    if (shelf->n < (varies ? KEPT : 4 * KEPT)) {
        vec_push(pass->scratch, shelf, ((Shelf){kernel_new(pass->scratch), h, step}));
        return shelf->p[shelf->n - 1].kernel;
    }
    kernel_free(shelf->p[oldest].kernel);
    shelf->p[oldest].hash = h;
    shelf->p[oldest].last = step;
    return shelf->p[oldest].kernel;
}

// ---- Mass ---------------------------------------------------------------------------------------

double *pass_mass_for(Big *mass, uint32_t n)
{
    big_need(mass, ((size_t)n + 1) * sizeof(double));
    return mass->p;
}

bool pass_goes_on(Pass *pass)
{
    const ExactOptions *o = pass->options;
    if (o->beat) {
        o->beat(o->ctx, &(ExactBeat){.world = pass->world,
                                     .n_worlds = pass->pass->worlds ? pass_count_worlds(pass) : 0,
                                     .step = pass->step,
                                     .n_steps = pass->program->n_steps,
                                     .states = pass->pass->most_states});
    }
    if (o->stop && *o->stop) {
        pass->pass->end = EXACT_STOPPED;
        return false;
    }
    return true;
}

bool pass_works(Pass *pass, uint64_t states)
{
    uint64_t *left = pass->options->work;
    if (!left || *left >= states) {
        *(left ? left : &states) -= states;
        return true;
    }
    *left = 0;
    pass->pass->end = EXACT_COSTLY;
    return false;
}

bool pass_fail(Pass *pass, const XIns *refused)
{
    pass->pass->end = EXACT_OUTCOMES;
    if (refused) {
        pass->pass->end = EXACT_NOT_FINITE;
        pass->pass->why = (NotFinite){pass->program->sites[refused->aux].name, false};
    }
    return false;
}

// ---- Size ---------------------------------------------------------------------------------------

size_t pass_memory_used(const Pass *pass)
{
    const Units *u = pass->units;
    size_t bytes = book_bytes(u->book) + space_bytes(u->ended) + pass->next.bytes +
                   pass->still.bytes + pass->ended.bytes;
    for (int32_t i = 0; i < u->n_units; i++) {
        bytes += space_bytes(u->spaces[i]) + pass->mass[i].bytes;
        for (int32_t k = 0; k < pass->shelves[i].n; k++) {
            bytes += kernel_bytes(pass->shelves[i].p[k].kernel);
        }
    }
    return bytes + pass_division_bytes(pass);
}

static ManyValues values_of(const Pass *pass, Slot slot)
{
    const Script *s = pass->script;
    uint32_t site = s->delays ? s->delays[slot] : 0;
    return (ManyValues){.column = slot,
                        .n_values = book_values(pass->units->book, slot)->n - 1,
                        .delay = site ? pass->program->sites[site - 1].name : (Str){0},
                        .n_columns = 1};
}

static bool joins(ManyValues *one, const ManyValues *other)
{
    if (one->delay.n == 0 || !str_eq(one->delay, other->delay)) {
        return false;
    }
    one->n_columns++;
    one->n_values = other->n_values > one->n_values ? other->n_values : one->n_values;
    return true;
}

static void name_many(Pass *pass)
{
    const Space *space = pass->units->spaces[0];
    ManyValues *all = ARENA_ARRAY(pass->scratch, ManyValues, space->n_fields + 1);
    int32_t n = 0;
    pass->pass->combined = 1;
    for (int32_t i = 0; i < space->n_fields; i++) {
        ManyValues one = values_of(pass, space->fields[i].slot);
        pass->pass->combined *= one.n_values > 1 && pass->pass->combined < 1e300 ? one.n_values : 1;
        int32_t k = 0;
        while (k < n && !joins(&all[k], &one)) {
            k++;
        }
        all[k] = k < n ? all[k] : one;
        n += k == n;
    }
    for (int32_t i = 0; i < n; i++) {
        for (int32_t k = 0; k < 3; k++) {
            if (all[i].n_values > pass->pass->many[k].n_values) {
                ManyValues other = pass->pass->many[k];
                pass->pass->many[k] = all[i];
                all[i] = other;
            }
        }
    }
    while (pass->pass->n_many < 3 && pass->pass->many[pass->pass->n_many].n_values > 1) {
        pass->pass->n_many++;
    }
}

bool pass_too_large(Pass *pass, int32_t step)
{
    pass->pass->end = EXACT_TOO_LARGE;
    pass->pass->steps = step;
    name_many(pass);
    return false;
}

// ---- Units --------------------------------------------------------------------------------------

// Dates that are drawn make every state of a step a new one: its rows serve no other step. A pass
// of many such steps would take hours before it takes the memory.
static bool too_many_dates(const Pass *pass, int32_t index, uint32_t before)
{
    uint32_t fresh = pass->units->units[index].out->n - before;
    return pass->script->delays && fresh > pass->options->memory / MEMORY_OF_DATES;
}

// Rows of the states that have mass and none yet. False: refused, or too large.
static bool make_rows(Pass *pass, int32_t index, int32_t step, Kernel *k)
{
    Units *u = pass->units;
    uint32_t n = u->units[index].in->n, behind = u->units[index].out->n;
    int32_t era = step == pass->program->n_steps - 1 ? -1 : pass->calendar->era_of[step + 1];
    big_need(&k->row, ((size_t)n + 1) * sizeof(Row));
    const double *in = pass_mass_for(&pass->mass[index], n);
    for (uint32_t i = 0; i < n; i++) {
        if (in[i] < DUST || ((Row *)k->row.p)[i].n > 0) {
            continue;
        }
        if (!units_row(u, index, k, i, era)) {
            return pass_fail(pass, u->refused);
        }
        if (!pass_works(pass, WORK_OF_ROW)) {
            return false;
        }
        bool full = (u->worked & 0xfff) == 0 && pass_memory_used(pass) > pass->options->memory;
        if (full || too_many_dates(pass, index, behind)) {
            return pass_too_large(pass, step);
        }
        bool stop = pass->options->stop && *pass->options->stop; // a row may take long
        if ((stop || (u->worked & 0xff) == 0) && !pass_goes_on(pass)) {
            return false;
        }
    }
    return true;
}

// Returns how many states had mass.
static uint32_t push_rows(const Kernel *k, uint32_t n, double *in, double *out, double *lost)
{
    uint32_t seen = 0;
    const Row *rows = k->row.p;
    const uint32_t *targets = k->target.p;
    const double *chances = k->p.p;
    for (uint32_t i = 0; i < n; i++) {
        double m = in[i];
        if (m == 0) {
            continue;
        }
        in[i] = 0;
        if (m < DUST) {
            *lost += m;
            continue;
        }
        seen++;
        const uint32_t *target = targets + rows[i].start;
        const double *p = chances + rows[i].p;
        for (int32_t x = 0; x < rows[i].n; x++) {
            out[target[x]] += m * p[x];
        }
    }
    return seen;
}

// Behind the last unit, or where checks may fail: not all targets are states of the next space.
static void push_ends(Pass *pass, const Kernel *k, uint32_t n, double *in, double *next)
{
    Units *u = pass->units;
    double *still = pass_mass_for(&pass->still, u->spaces[0]->n);
    double *ended = pass_mass_for(&pass->ended, u->ended->n);
    const uint8_t *is_still = u->still.p;
    for (uint32_t i = 0; i < n; i++) {
        double m = in[i];
        in[i] = 0;
        pass->lost += m < DUST ? m : 0;
        const Row *row = (Row *)k->row.p + i;
        for (int32_t x = 0; x < row->n && m >= DUST; x++) {
            double part = m * ((double *)k->p.p)[row->p + (uint32_t)x];
            uint32_t t = ((uint32_t *)k->target.p)[row->start + (uint32_t)x];
            if ((t & TARGET_FAILED) == TARGET_FAILED) {
                pass->failed[t & TARGET_STATE] += part;
            } else if (t & TARGET_ENDED) {
                ended[t & TARGET_STATE] += part;
            } else if (next == pass->next.p && is_still[t]) {
                still[t] += part;
            } else {
                next[t] += part;
            }
        }
    }
}

// All mass before a unit moves behind it.
bool pass_push_unit(Pass *pass, int32_t index, int32_t step)
{
    Units *u = pass->units;
    const Unit *unit = &u->units[index];
    bool last = index == u->n_units - 1;
    Kernel *k = pass_kernel_for(pass, index, step);
    uint32_t n = unit->in->n; // before rows add to a space that is also the one behind
    if (!pass_works(pass, n) || !make_rows(pass, index, step, k)) {
        return false;
    }
    double *in = pass_mass_for(&pass->mass[index], n);
    double *out = pass_mass_for(last ? &pass->next : &pass->mass[index + 1], unit->out->n);
    if (last || pass->wanted->checks) {
        push_ends(pass, k, n, in, out);
    } else {
        uint32_t seen = push_rows(k, n, in, out, &pass->lost);
        pass->pass->most_states = seen > pass->pass->most_states ? seen : pass->pass->most_states;
    }
    return true;
}
