// SPDX-License-Identifier: MIT
//
// What a run has found so far.
#include "ask/sums.h"

#include <string.h>

Sums *sums_new(Arena *arena, const Layout *layout)
{
    const Plan *plan = layout->plan;
    Sums *sums = ARENA_NEW(arena, Sums);
    sums->plan = plan;
    sums->layout = layout;
    sums->sections = ARENA_ARRAY(arena, double *, plan->n_sections);
    sums->open_worlds = ARENA_ARRAY(arena, OpenWorld, plan->n_sections);
    for (int32_t s = 0; s < plan->n_sections; s++) {
        sums->sections[s] = ARENA_ARRAY(arena, double, layout->n_flat + 1);
        sums->open_worlds[s].row = world_row_new(arena, layout);
    }
    sums->counts = counts_new(arena, layout);
    sums->trouble = ARENA_ARRAY(arena, Incident *, plan->n_tellings);
    sums->failures = ARENA_ARRAY(arena, Incident *, plan->n_tellings);
    for (int32_t t = 0; t < plan->n_tellings; t++) {
        const Program *program = plan->tellings[t].program;
        sums->trouble[t] = ARENA_ARRAY(arena, Incident, program->n_states + 1);
        sums->failures[t] = ARENA_ARRAY(arena, Incident, program->n_checks + 1);
    }
    sums->odd = ARENA_ARRAY(arena, Incident, plan->n_asked + 1);
    return sums;
}

static void take_incidents(Incident *into, Incident *from, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        incident_add(&into[i], from[i].n, from[i].world, from[i].future, from[i].step);
    }
    memset(from, 0, (size_t)n * sizeof *from);
}

static void take_all_incidents(Sums *sums, UnitData *data)
{
    const Plan *plan = sums->plan;
    for (int32_t t = 0; t < plan->n_tellings; t++) {
        const Program *program = plan->tellings[t].program;
        take_incidents(sums->trouble[t], data->trouble[t], program->n_states);
        take_incidents(sums->failures[t], data->failures[t], program->n_checks);
    }
    take_incidents(sums->odd, data->odd, plan->n_asked);
    sums->n_failed += data->n_failed;
    data->n_failed = 0;
}

void sums_take(Sums *sums, UnitData *data, Counts *counts)
{
    take_all_incidents(sums, data);
    counts_merge(sums->counts, counts);
    counts_clear(counts);
}

void sums_take_over(Sums *sums, UnitData *data, Counts *counts)
{
    take_all_incidents(sums, data);
    counts_merge(counts, sums->counts);
    sums->counts = counts;
}

static void close_world(Sums *sums, int32_t section)
{
    OpenWorld *world = &sums->open_worlds[section];
    if (world->open) {
        world_fold(sums->layout, &world->row, sums->sections[section], sums->counts);
        world->open = false;
    }
}

void sums_close_worlds(Sums *sums)
{
    for (int32_t s = 0; s < sums->plan->n_sections; s++) {
        close_world(sums, s);
    }
}

void sums_add_part(Sums *sums, const WorkUnit *unit, const WorldRow *row)
{
    OpenWorld *world = &sums->open_worlds[unit->section];
    // With one world each section counts its part as a world of its own: futures of one world are
    // independent of each other.
    if (world->open && world->world != unit->world) {
        close_world(sums, unit->section);
    }
    if (!world->open) {
        world_row_clear(sums->layout, &world->row);
        world->open = true;
        world->world = unit->world;
        sums->worlds += sums->plan->worlds > 1;
    }
    world_row_add(sums->layout, &world->row, row);
}
