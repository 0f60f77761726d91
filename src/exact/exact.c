// SPDX-License-Identifier: MIT
//
// A pass: worlds one after the other, steps, and what the questions read.
#include "exact/exact.h"

#include <string.h>

#include "base/vec.h"
#include "exact/units.h"
#include "math/bits.h"
#include "math/elementary.h"

// Mass too small to matter to anybody is dropped, and counted.
#define DUST 1e-50

enum { LEAVES_A_WORLD = 16, GARBAGE_STATES = 1 << 17 };

// A kernel and the steps that use it.
typedef struct {
    Kernel *kernel;
    uint64_t hash; // of what it depends on
    int32_t last;  // step
} Shelf;

typedef VEC(Shelf) Shelves;

// What a question has gathered: mass by value.
typedef struct {
    Big mass; // double, by code of the book
    double defined, censored;
} Tally;

typedef struct {
    Arena *arena;   // of the answer
    Arena *scratch; // of the pass
    const Program *program;
    const Wanted *wanted;
    const ExactOptions *options;
    ExactPass *pass;
    Script *script;
    Calendar *calendar;
    Units *units;
    Shelves *shelves;  // by unit
    uint64_t *depends; // by unit * steps: what a kernel depends on
    Big *mass;         // by cut: of states before it; the last is the first
    Big next;          // of states at the end of the step
    Big still;         // of states that no step changes any more
    Big ended, gone;   // of futures that ended in this step, and in any
    double *failed;
    Book *values; // what results and series read: slots are these
    Tally *results, **points;
    bool flush; // what a future reads at its end depends on when it ends
    Space *world_space;
    Book *world_book;
    Big world_weight;
    double lost;
} Pass;

// ---- Plain runs ---------------------------------------------------------------------------------

// Code that draws nothing.
static void run_plain(XCode code, int32_t from, int32_t to, uint64_t *regs)
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

static void set_world_uniforms(const Pass *pass, uint64_t *regs)
{
    const Script *s = pass->script;
    uint64_t *lane = ARENA_ARRAY(pass->scratch, uint64_t, s->n_slots + 1);
    calendar_set(pass->calendar, -1, lane);
    memcpy(regs + pass->program->n_world_cols, lane + s->n_cols,
           pass->program->n_unis * sizeof *regs);
}

static bool find_worlds(Pass *pass)
{
    const Script *s = pass->script;
    uint8_t *all = ARENA_ARRAY(pass->scratch, uint8_t, s->n_expand + 1);
    memset(all, 1, (size_t)s->n_expand + 1);
    pass->world_book = book_new(pass->scratch, (Slot)s->n_expand);
    pass->world_space = space_new(pass->scratch, pass->world_book, all);
    uint64_t *regs = ARENA_ARRAY(pass->scratch, uint64_t, s->n_world_slots + 1);
    set_world_uniforms(pass, regs);
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

// ---- What depends on the calendar ---------------------------------------------------------------

static uint64_t depends_on(const Pass *pass, int32_t unit, int32_t step, uint64_t *regs)
{
    const Script *s = pass->script;
    const Unit *u = &pass->units->units[unit];
    uint64_t h = 1;
    for (int32_t pc = s->cuts[u->from].pc; pc < s->cuts[u->to].pc && u->varies; pc++) {
        for (int32_t r = 0; r < s->main.p[pc].n_reads; r++) {
            Slot slot = s->main.p[pc].reads[r];
            if (slot >= s->n_cols && slot < s->n_cols + pass->program->n_unis &&
                pass->calendar->varies[slot - s->n_cols]) {
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

static void find_depends(Pass *pass)
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
static Kernel *kernel_for(Pass *pass, int32_t unit, int32_t step)
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

static double *mass_for(Big *mass, uint32_t n)
{
    big_need(mass, ((size_t)n + 1) * sizeof(double));
    return mass->p;
}

static bool fail(Pass *pass, const XIns *refused)
{
    pass->pass->end = EXACT_OUTCOMES;
    if (refused) {
        pass->pass->end = EXACT_NOT_FINITE;
        pass->pass->why = (NotFinite){pass->program->sites[refused->aux].name, false};
    }
    return false;
}

// ---- Size ---------------------------------------------------------------------------------------

static size_t memory_used(const Pass *pass)
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
    return bytes;
}

static void name_many(Pass *pass)
{
    const Space *space = pass->units->spaces[0];
    for (int32_t i = 0; i < space->n_fields; i++) {
        ManyValues one = {space->fields[i].slot, 0};
        one.n_values = book_values(pass->units->book, one.column)->n - 1;
        for (int32_t k = 0; k < 3; k++) {
            if (one.n_values > pass->pass->many[k].n_values) {
                ManyValues other = pass->pass->many[k];
                pass->pass->many[k] = one;
                one = other;
            }
        }
    }
    while (pass->pass->n_many < 3 && pass->pass->many[pass->pass->n_many].n_values > 1) {
        pass->pass->n_many++;
    }
}

static bool too_large(Pass *pass, int32_t step)
{
    pass->pass->end = EXACT_TOO_LARGE;
    pass->pass->steps = step;
    name_many(pass);
    return false;
}

// ---- Units --------------------------------------------------------------------------------------

// Rows of the states that have mass and none yet. False: refused, or too large.
static bool make_rows(Pass *pass, int32_t index, int32_t step, Kernel *k)
{
    Units *u = pass->units;
    uint32_t n = u->units[index].in->n;
    int32_t era = step == pass->program->n_steps - 1 ? -1 : pass->calendar->era_of[step + 1];
    big_need(&k->row, ((size_t)n + 1) * sizeof(Row));
    const double *in = mass_for(&pass->mass[index], n);
    for (uint32_t i = 0; i < n; i++) {
        if (in[i] < DUST || ((Row *)k->row.p)[i].n > 0) {
            continue;
        }
        if (!units_row(u, index, k, i, era)) {
            return fail(pass, u->refused);
        }
        if ((u->worked & 0xfff) == 0 && memory_used(pass) > pass->options->memory) {
            return too_large(pass, step);
        }
        if ((u->worked & 0xfff) == 0 && pass->options->stop && *pass->options->stop) {
            pass->pass->end = EXACT_STOPPED;
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
    double *still = mass_for(&pass->still, u->spaces[0]->n);
    double *ended = mass_for(&pass->ended, u->ended->n);
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
static bool push_unit(Pass *pass, int32_t index, int32_t step)
{
    Units *u = pass->units;
    const Unit *unit = &u->units[index];
    bool last = index == u->n_units - 1;
    Kernel *k = kernel_for(pass, index, step);
    uint32_t n = unit->in->n; // before rows add to a space that is also the one behind
    if (!make_rows(pass, index, step, k)) {
        return false;
    }
    double *in = mass_for(&pass->mass[index], n);
    double *out = mass_for(last ? &pass->next : &pass->mass[index + 1], unit->out->n);
    if (last || pass->wanted->checks) {
        push_ends(pass, k, n, in, out);
    } else {
        uint32_t seen = push_rows(k, n, in, out, &pass->lost);
        pass->pass->most_states = seen > pass->pass->most_states ? seen : pass->pass->most_states;
    }
    return true;
}

// ---- Reading ------------------------------------------------------------------------------------

static void add_mass(Pass *pass, Tally *tally, Slot slot, uint64_t bits, double m)
{
    int32_t code = book_code(pass->values, slot, bits);
    big_need(&tally->mass, ((size_t)code + 1) * sizeof(double));
    ((double *)tally->mass.p)[code] += m;
}

// What questions read at the end of futures that ended in this state.
static void read_results(Pass *pass, double m, uint64_t *regs)
{
    const Script *s = pass->script;
    run_plain(s->finish, 0, s->finish.n, regs);
    for (int32_t i = 0; i < pass->wanted->n_results; i++) {
        const Result *r = &pass->program->results[pass->wanted->results[i]];
        Tally *tally = &pass->results[i];
        bool defined = r->defined == REG_NONE || regs[script_slot(s, r->defined)];
        bool censored = r->censored != REG_NONE && regs[script_slot(s, r->censored)];
        tally->censored += censored ? m : 0;
        if (defined) {
            uint64_t bits = regs[script_slot(s, r->value)];
            bits = r->kind == RESULT_FLAG ? bits_of(bits ? 1 : 0) : bits;
            tally->defined += m;
            add_mass(pass, tally, (Slot)i, bits, m);
        }
    }
}

static void read_all(Pass *pass, const Big *mass, int32_t step)
{
    Units *u = pass->units;
    const double *m = mass->p;
    for (uint32_t i = 0; i < u->ended->n && i < mass->bytes / sizeof(double); i++) {
        if (m[i] > 0) {
            calendar_set(pass->calendar, step, u->regs);
            units_load(u, u->ended, i, u->regs);
            read_results(pass, m[i], u->regs);
        }
    }
}

// Futures that ended in this step: read now, if it matters when they did, or after the last.
static void end_futures(Pass *pass, int32_t step)
{
    uint32_t n = pass->units->ended->n;
    if (pass->flush) {
        read_all(pass, &pass->ended, step);
    }
    double *ended = mass_for(&pass->ended, n), *gone = mass_for(&pass->gone, n);
    for (uint32_t i = 0; i < n; i++) {
        gone[i] += ended[i];
        ended[i] = 0;
    }
    if (!pass->flush && step == pass->program->n_steps - 1) {
        read_all(pass, &pass->gone, step);
    }
}

static void read_point(Pass *pass, const Space *space, const Big *mass, int32_t point)
{
    const double *m = mass->p;
    size_t have = mass->bytes / sizeof(double);
    const Book *book = pass->units->book;
    for (uint32_t i = 0; i < space->n && i < have; i++) {
        for (int32_t s = 0; m[i] > 0 && s < pass->wanted->n_series; s++) {
            const Series *series = &pass->program->series[pass->wanted->series[s]];
            Slot slot = script_slot(pass->script, series->value);
            uint64_t bits = book_value(
                book, slot, field_get(&space->fields[space->field_of[slot]], space_key(space, i)));
            bits = series->kind == RESULT_FLAG ? bits_of(bits ? 1 : 0) : bits;
            Tally *tally = &pass->points[s][point];
            tally->defined += m[i];
            add_mass(pass, tally, (Slot)(pass->wanted->n_results + s), bits, m[i]);
        }
    }
}

// Series as they stand at the end of a step.
static void read_series(Pass *pass, int32_t step)
{
    int32_t point = pass->wanted->n_series ? pass->options->point_of[step + 1] : -1;
    if (point >= 0) {
        read_point(pass, pass->units->spaces[0], &pass->mass[0], point);
        read_point(pass, pass->units->spaces[0], &pass->still, point);
        read_point(pass, pass->units->ended, &pass->gone, point);
    }
}

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

// Forget states that no mass is in, and all rows.
static void sweep(Pass *pass)
{
    Units *u = pass->units;
    Space *space = u->spaces[0];
    uint32_t n = space->n;
    uint64_t *keys = NULL;
    Big old = {0};
    size_t bytes = (size_t)space->n_words * sizeof(uint64_t);
    big_need(&old, (size_t)n * bytes + 8);
    memcpy(old.p, space->keys.p, (size_t)n * bytes);
    keys = old.p;
    Big mass = {0}, still = {0};
    double *from = mass_for(&pass->mass[0], n), *still_from = mass_for(&pass->still, n);
    for (int32_t i = 0; i < u->n_units; i++) {
        space_clear(u->spaces[i]);
        for (int32_t k = 0; k < pass->shelves[i].n; k++) {
            kernel_free(pass->shelves[i].p[k].kernel);
        }
    }
    Big was_still = u->still;
    u->still = (Big){0};
    for (uint32_t i = 0; i < n; i++) {
        if (from[i] > 0 || still_from[i] > 0) {
            uint32_t state = space_state(space, keys + (size_t)i * (size_t)space->n_words);
            big_need(&u->still, (size_t)state + 1);
            ((uint8_t *)u->still.p)[state] = ((uint8_t *)was_still.p)[i];
            mass_for(&mass, state)[state] = from[i];
            mass_for(&still, state)[state] = still_from[i];
        }
    }
    big_free(&pass->mass[0]);
    big_free(&pass->still);
    big_free(&pass->next);
    big_free(&was_still);
    big_free(&old);
    pass->mass[0] = mass;
    pass->still = still;
}

static bool watch_size(Pass *pass, int32_t step)
{
    const Units *u = pass->units;
    uint32_t n = u->spaces[0]->n;
    uint32_t live = count_live(&pass->mass[0], n) + count_live(&pass->still, n);
    pass->pass->most_states = live > pass->pass->most_states ? live : pass->pass->most_states;
    for (int32_t i = 0; i < u->n_units; i++) {
        if (u->spaces[i]->n_words > SPACE_MOST_WORDS) {
            return too_large(pass, step);
        }
    }
    if (pass->options->most_states && live > pass->options->most_states) {
        return too_large(pass, step);
    }
    if (n > GARBAGE_STATES && n > 4 * live) {
        sweep(pass);
    }
    if (memory_used(pass) > pass->options->memory) {
        sweep(pass);
        if (memory_used(pass) > pass->options->memory / 2) {
            return too_large(pass, step);
        }
    }
    if (pass->options->stop && *pass->options->stop) {
        pass->pass->end = EXACT_STOPPED;
        return false;
    }
    return true;
}

// Mass at the end of the step is mass at the start of the next.
static void turn_step(Pass *pass)
{
    uint32_t n = pass->units->spaces[0]->n;
    mass_for(&pass->mass[0], n);
    mass_for(&pass->next, n);
    Big other = pass->mass[0];
    pass->mass[0] = pass->next;
    pass->next = other;
}

// In the last step nothing is left out: questions may read what it makes of frozen values.
static void wake(Pass *pass)
{
    uint32_t n = pass->units->spaces[0]->n;
    double *mass = mass_for(&pass->mass[0], n), *still = mass_for(&pass->still, n);
    for (uint32_t i = 0; i < n; i++) {
        mass[i] += still[i];
        still[i] = 0;
    }
}

static bool run_step(Pass *pass, int32_t step)
{
    Units *u = pass->units;
    calendar_set(pass->calendar, step, u->regs);
    u->class = u->classes->of[step];
    u->tomorrow = pass->program->step_start[step + 1];
    if (step == pass->program->n_steps - 1) {
        wake(pass);
    }
    for (int32_t i = 0; i < u->n_units; i++) {
        if (!push_unit(pass, i, step)) {
            return false;
        }
    }
    turn_step(pass);
    end_futures(pass, step);
    read_series(pass, step);
    return watch_size(pass, step);
}

// The start of a future in a world, and the first look.
static void enter(Pass *pass, uint32_t world)
{
    Units *u = pass->units;
    const Script *s = pass->script;
    memset(u->regs, 0, s->n_slots * sizeof *u->regs);
    calendar_set(pass->calendar, -1, u->regs);
    const uint64_t *key = space_key(pass->world_space, world);
    for (int32_t i = 0; i < s->n_expand; i++) {
        int32_t code = field_get(&pass->world_space->fields[i], key);
        u->regs[s->expand[i].col] = book_value(pass->world_book, (Slot)i, code);
    }
    run_plain(s->start, 0, s->start.n, u->regs);
    run_plain(s->main, s->look_at, s->main.n, u->regs);
    if (s->stop != SLOT_NONE && u->regs[s->stop]) {
        uint32_t state = units_end(u, u->regs);
        mass_for(&pass->ended, u->ended->n)[state] += 1;
        end_futures(pass, -1);
    } else {
        bool still;
        uint32_t state = units_enter(u, u->regs, pass->calendar->era_of[0], &still);
        mass_for(&pass->mass[0], u->spaces[0]->n)[state] = 1;
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

// ---- Results ------------------------------------------------------------------------------------

static int before(const Mass *a, const Mass *b)
{
    bool a_nan = m_is_nan(a->value), b_nan = m_is_nan(b->value);
    return a_nan != b_nan ? b_nan : a->value < b->value;
}

static Distribution take(Pass *pass, Tally *tally, Slot slot)
{
    const Values *v = &pass->values->slots[slot];
    Distribution d = {.defined = tally->defined, .censored = tally->censored};
    Mass *atoms = ARENA_ARRAY(pass->arena, Mass, v->n + 1);
    double *mass = tally->mass.p;
    for (int32_t code = 1; code < v->n; code++) {
        if ((size_t)code < tally->mass.bytes / sizeof(double) && mass[code] > 0) {
            atoms[d.n++] = (Mass){double_of(v->value[code]), mass[code]};
        }
    }
    for (int32_t gap = d.n / 2; gap > 0; gap /= 2) { // Shell (1959)
        for (int32_t i = gap; i < d.n; i++) {
            Mass atom = atoms[i];
            int32_t k = i;
            for (; k >= gap && before(&atom, &atoms[k - gap]); k -= gap) {
                atoms[k] = atoms[k - gap];
            }
            atoms[k] = atom;
        }
    }
    d.atoms = atoms;
    big_free(&tally->mass);
    *tally = (Tally){0};
    return d;
}

static void take_world(Pass *pass, uint32_t world)
{
    const Wanted *wanted = pass->wanted;
    ExactWorld *out = &pass->pass->worlds[world];
    out->weight = ((double *)pass->world_weight.p)[world];
    out->results = ARENA_ARRAY(pass->arena, Distribution, wanted->n_results + 1);
    out->series = ARENA_ARRAY(pass->arena, Distribution *, wanted->n_series + 1);
    out->failed = ARENA_ARRAY(pass->arena, double, pass->program->n_checks + 1);
    memcpy(out->failed, pass->failed, (size_t)pass->program->n_checks * sizeof(double));
    memset(pass->failed, 0, (size_t)pass->program->n_checks * sizeof(double));
    for (int32_t i = 0; i < wanted->n_results; i++) {
        out->results[i] = take(pass, &pass->results[i], (Slot)i);
    }
    for (int32_t s = 0; s < wanted->n_series; s++) {
        out->series[s] = ARENA_ARRAY(pass->arena, Distribution, pass->options->n_points);
        for (int32_t p = 0; p < pass->options->n_points; p++) {
            out->series[s][p] = take(pass, &pass->points[s][p], (Slot)(wanted->n_results + s));
        }
    }
}

static bool run_world(Pass *pass, uint32_t world)
{
    clear_masses(pass);
    enter(pass, world);
    read_series(pass, -1);
    for (int32_t step = 0; step < pass->program->n_steps; step++) {
        if (!run_step(pass, step)) {
            return false;
        }
    }
    take_world(pass, world);
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
    find_depends(pass);
}

static void tear_down(Pass *pass)
{
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
    uint32_t n = pass->world_space->n;
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
        if (find_worlds(&pass)) {
            run_worlds(&pass);
        }
        // Tails are cut off once a draw: at most once for each unit of each step.
        out->lost =
            pass.lost + pass.units->lost * (double)program->n_steps * (double)pass.units->n_units;
        tear_down(&pass);
    }
    arena_free(pass.scratch);
}
