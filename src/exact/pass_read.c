// SPDX-License-Identifier: MIT
//
// What questions and series read of mass, gathered by value.
#include "exact/pass_impl.h"
#include "math/bits.h"
#include "math/elementary.h"

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
    pass_run_plain(s->finish, 0, s->finish.n, regs);
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
void pass_end_futures(Pass *pass, int32_t step)
{
    uint32_t n = pass->units->ended->n;
    if (pass->flush) {
        read_all(pass, &pass->ended, step);
    }
    double *ended = pass_mass_for(&pass->ended, n), *gone = pass_mass_for(&pass->gone, n);
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
void pass_read_series(Pass *pass, int32_t step)
{
    int32_t point = pass->wanted->n_series ? pass->options->point_of[step + 1] : -1;
    if (point >= 0) {
        read_point(pass, pass->units->spaces[0], &pass->mass[0], point);
        read_point(pass, pass->units->spaces[0], &pass->still, point);
        read_point(pass, pass->units->ended, &pass->gone, point);
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

void pass_take_world(Pass *pass, uint32_t world)
{
    const Wanted *wanted = pass->wanted;
    ExactWorld *out = &pass->pass->worlds[world];
    uint32_t points = pass->options->prior_points;
    bool given = pass->world_values != NULL;
    out->weight =
        given ? 1 / (double)pass_count_worlds(pass) : ((const double *)pass->world_weight.p)[world];
    out->set = given ? (int32_t)(world / points) : -1;
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
