// SPDX-License-Identifier: MIT
//
// The engine: one worker's scratch, worlds in batches, futures in blocks, and a block's way through
// time. Read plan.h for the parts, execute.c for how code runs.
//
//   worlds (a batch of up to `lanes`) --expand--> block of `lanes` futures
//   block: start, look, { step, look, stop? -> finish those lanes }*, finish the rest
//
// Lanes that have ended stay in the block, uncounted, until the others can close ranks and leave
// fewer lanes to run. That happens only where random words are fetched anew (every fourth step).
#include "engine/engine.h"

#include <string.h>

#include "engine/plan.h"
#include "program/walk.h"

enum {
    FEWEST_LANES = 256, // of a block, in between as many as fit the cache
    MOST_LANES = 512,
    CACHE_BYTES = 320 << 10, // of a second-level cache of 512 KiB, for columns and random words
    MAX_LANES = 4096,
    COLUMN_PADDING = 8,    // keeps columns off each other's cache sets
    MEMO_VALUES = 1 << 16, // most uniform values kept over all steps
};

static int32_t pad8(int32_t n)
{
    return (n + 7) & ~7;
}

// Making

static int32_t nesting(const Ins *ins, int32_t n)
{
    int32_t deepest = 0;
    for (int32_t i = 0; i < n; i++) {
        if (ins[i].op == OP_REGION || ins[i].op == OP_IFSTEP) {
            int32_t body = (int32_t)ins[i].c;
            int32_t depth = nesting(ins + i + 1, body) + 1;
            deepest = depth > deepest ? depth : deepest;
            i += body;
        }
    }
    return deepest;
}

static void make_region_scratch(Engine *e)
{
    const Code codes[] = {e->program->world, e->program->start, e->program->step, e->program->look,
                          e->program->finish};
    int32_t deepest = 0;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        int32_t depth = nesting(codes[i].p, codes[i].n);
        deepest = depth > deepest ? depth : deepest;
    }
    e->regions = ARENA_ARRAY(e->arena, RegionScratch, deepest + 1);
    for (int32_t i = 0; i < deepest; i++) {
        e->regions[i].index = ARENA_COLUMN(e->arena, int32_t, e->stride);
        e->regions[i].active = ARENA_COLUMN(e->arena, double, e->stride);
        e->regions[i].world = ARENA_COLUMN(e->arena, uint32_t, e->stride);
        e->regions[i].future = ARENA_COLUMN(e->arena, uint32_t, e->stride);
    }
}

static void set_mask(double *uni, bool yes)
{
    uint64_t bits = yes ? UINT64_MAX : 0;
    memcpy(uni, &bits, sizeof bits);
}

static void make_registers(Engine *e)
{
    const Program *program = e->program;
    size_t stride = (size_t)e->stride;
    e->columns = ARENA_COLUMN(e->arena, double, (program->n_cols + 1) * stride);
    e->world_columns = ARENA_COLUMN(e->arena, double, (program->n_world_cols + 1) * stride);
    e->unis = ARENA_COLUMN(e->arena, double, program->n_unis + UNI_FIRST_FREE);
    for (int32_t i = 0; i < program->n_consts; i++) {
        const ConstUni *c = &program->consts[i];
        e->unis[c->uni] = c->value;
        if (c->is_mask) {
            set_mask(&e->unis[c->uni], c->value != 0.0);
        }
    }
    e->sites = ARENA_ARRAY(e->arena, DrawSite, program->n_sites + 1);
    for (int32_t i = 0; i < program->n_sites; i++) {
        e->sites[i].hash = program->sites[i].hash;
        e->sites[i].quad = -1;
    }
}

static void make_lanes(Engine *e)
{
    Arena *arena = e->arena;
    int32_t stride = e->stride;
    e->words = ARENA_COLUMN(arena, uint32_t, stride);
    e->lane_world = ARENA_COLUMN(arena, uint32_t, stride);
    e->lane_slot = ARENA_COLUMN(arena, uint32_t, stride);
    e->lane_future = ARENA_COLUMN(arena, uint32_t, stride);
    e->alive = ARENA_COLUMN(arena, double, stride);
    e->index = ARENA_COLUMN(arena, int32_t, stride);
    e->dead = ARENA_COLUMN(arena, int32_t, stride);
    e->moves = ARENA_COLUMN(arena, Move, stride);
    e->zeros = ARENA_COLUMN(arena, uint32_t, stride);
    e->world_ids = ARENA_COLUMN(arena, uint32_t, stride);
    e->done_world = ARENA_COLUMN(arena, uint32_t, stride);
    e->done_slot = ARENA_COLUMN(arena, uint32_t, stride);
    e->done_future = ARENA_COLUMN(arena, uint32_t, stride);
    e->done_end = ARENA_COLUMN(arena, int32_t, stride);
    e->seen_slot = ARENA_COLUMN(arena, uint32_t, stride);
    e->seen_future = ARENA_COLUMN(arena, uint32_t, stride);
}

static void make_told(Engine *e)
{
    const Program *program = e->program;
    e->done_values = ARENA_ARRAY(e->arena, const double *, program->n_results + 1);
    e->done_defined = ARENA_ARRAY(e->arena, const double *, program->n_results + 1);
    e->done_censored = ARENA_ARRAY(e->arena, const double *, program->n_results + 1);
    e->done_series = ARENA_ARRAY(e->arena, const double *, program->n_series + 1);
    e->done_series_defined = ARENA_ARRAY(e->arena, const double *, program->n_series + 1);
    e->done_states = ARENA_ARRAY(e->arena, const double *, program->n_states + 1);
    e->seen_values = ARENA_ARRAY(e->arena, double *, program->n_series + 1);
    e->unknown_ranks = ARENA_ARRAY(e->arena, const double *, program->n_unknowns + 1);
    e->unknown_values = ARENA_ARRAY(e->arena, const double *, program->n_unknowns + 1);
    for (int32_t i = 0; i < program->n_unknowns; i++) {
        size_t stride = (size_t)e->stride;
        e->unknown_ranks[i] = e->world_columns + program->unknowns[i].world_col * stride;
        e->unknown_values[i] = e->world_columns + program->unknowns[i].value_col * stride;
    }
}

// Uniforms of a step

static void compute_uniforms(Engine *e, int32_t step)
{
    const Program *program = e->program;
    int32_t k = step < 0 ? 0 : step;
    e->unis[UNI_STEP] = (double)k;
    e->unis[UNI_TODAY] = program->step_start[k];
    e->unis[UNI_STEP_DAYS] = program->step_start[k + 1] - program->step_start[k];
    set_mask(&e->unis[UNI_LAST], k == program->n_steps - 1);
    set_mask(&e->unis[UNI_INITIAL], step < 0);
    execute(e, e->uniform, &e->frame);
}

static void set_uniforms(Engine *e, int32_t step)
{
    if (!e->memo) {
        compute_uniforms(e, step);
        return;
    }
    const double *row = e->memo + (size_t)(step + 1) * (size_t)e->n_memo;
    for (int32_t i = 0; i < e->n_memo; i++) {
        memcpy(&e->unis[e->memo_regs[i]], &row[i], sizeof row[i]);
    }
}

// Uniforms depend on the step alone: compute them for all steps once, when that is not too much.
static void make_memo(Engine *e)
{
    const Program *program = e->program;
    uint32_t *regs = ARENA_ARRAY(e->arena, uint32_t, program->uniform.n + UNI_FIRST_FREE);
    int32_t n = 0;
    for (; n < UNI_FIRST_FREE; n++) {
        regs[n] = (uint32_t)n;
    }
    for (int32_t i = 0; i < program->uniform.n; i++) {
        const Ins *ins = &program->uniform.p[i];
        if (ins->op != OP_IFSTEP) {
            regs[n++] = REG_INDEX(ins->d);
        }
    }
    int64_t rows = (int64_t)program->n_steps + 1;
    if (rows * n > MEMO_VALUES) {
        return;
    }
    double *memo = ARENA_COLUMN(e->arena, double, rows *n);
    for (int32_t step = -1; step < program->n_steps; step++) {
        compute_uniforms(e, step);
        for (int32_t i = 0; i < n; i++) {
            memcpy(&memo[(step + 1) * n + i], &e->unis[regs[i]], sizeof(double));
        }
    }
    e->memo_regs = regs;
    e->n_memo = n;
    e->memo = memo;
}

// A wide block costs less for each lane, as long as all of it stays at hand.
static int32_t default_lanes(const Program *program)
{
    size_t lane = program->n_cols * sizeof(double);
    for (int32_t i = 0; i < program->step.n; i++) {
        lane += op_draws((OpCode)program->step.p[i].op) ? sizeof(uint32_t[4]) : 0;
    }
    int32_t fit = (int32_t)(CACHE_BYTES / (lane + 1)) / 64 * 64;
    return fit < FEWEST_LANES ? FEWEST_LANES : fit > MOST_LANES ? MOST_LANES : fit;
}

Engine *engine_new(const Program *program, EngineOptions options)
{
    int32_t lanes = options.lanes ? options.lanes : default_lanes(program);
    ASSERT(lanes >= 8 && lanes <= MAX_LANES && lanes % 8 == 0);
    ASSERT(program->n_steps >= 1);
    ASSERT(engine_has_isa(options.isa) && kernels_of(options.isa));
    Arena *arena = arena_new(0);
    Engine *e = ARENA_NEW(arena, Engine);
    *e = (Engine){.program = program,
                  .arena = arena,
                  .kernels = kernels_of(options.isa),
                  .seed = options.seed,
                  .lanes = lanes,
                  .stride = lanes + COLUMN_PADDING,
                  .never_sweep = options.never_sweep,
                  .never_compact = options.never_compact};
    make_region_scratch(e);
    make_registers(e);
    make_lanes(e);
    make_told(e);
    plan_decode(e);
    e->frame.n = 8;
    e->frame.real = 8;
    make_memo(e);
    return e;
}

void engine_free(Engine *engine)
{
    if (engine) {
        arena_free(engine->arena);
    }
}

size_t engine_bytes(const Program *program, EngineOptions options)
{
    Engine *e = engine_new(program, options);
    size_t bytes = arena_used(e->arena);
    engine_free(e);
    return bytes;
}

EngineCounts engine_counts(const Engine *engine)
{
    return engine->counts;
}

// Finished lanes

// What a column holds for the living, close together.
static void copy_living(const Engine *e, double *to, const double *from)
{
    memcpy(to, from, (size_t)(e->frame.real - e->n_dead) * sizeof(double));
    for (int32_t i = 0; i < e->n_moves; i++) {
        to[e->moves[i].to] = from[e->moves[i].from];
    }
}

// The living, in the order of copy_living; how many they are.
static int32_t index_living(Engine *e)
{
    int32_t living = e->frame.real - e->n_dead;
    for (int32_t i = 0; i < living; i++) {
        e->index[i] = i;
    }
    for (int32_t i = 0; i < e->n_moves; i++) {
        e->index[e->moves[i].to] = e->moves[i].from;
    }
    return living;
}

// The `count` lanes of the index end: copies of what they hold join those of lanes that ended
// before.
static void keep_done(Engine *e, int32_t count, int32_t end_step, bool all_living)
{
    int32_t at = e->n_done;
    const int32_t *index = e->index;
    for (int32_t i = 0; i < e->n_finish_in; i++) {
        const Pair *in = &e->finish_in[i];
        if (all_living) {
            copy_living(e, in->to + at, in->from);
            continue;
        }
        for (int32_t j = 0; j < count; j++) {
            in->to[at + j] = in->from[index[j]];
        }
    }
    for (int32_t j = 0; j < count; j++) {
        e->done_world[at + j] = e->lane_world[index[j]];
        e->done_slot[at + j] = e->lane_slot[index[j]];
        e->done_future[at + j] = e->lane_future[index[j]];
        e->done_end[at + j] = end_step;
    }
    e->n_done = at + count;
}

// Padding: lanes from `count` to n repeat the one before.
static void pad_done(Engine *e, int32_t count, int32_t n)
{
    int32_t last = count - 1;
    for (int32_t j = count; j < n; j++) {
        for (int32_t i = 0; i < e->n_finish_in; i++) {
            e->finish_in[i].to[j] = e->finish_in[i].to[last];
        }
        e->done_world[j] = e->done_world[last];
        e->done_slot[j] = e->done_slot[last];
        e->done_future[j] = e->done_future[last];
        e->done_end[j] = e->done_end[last];
    }
}

static void tell_done(Engine *e)
{
    int32_t count = e->n_done, n = pad8(count);
    if (count == 0) {
        return;
    }
    pad_done(e, count, n);
    e->n_done = 0;
    Frame frame = e->frame;
    frame.n = n;
    frame.real = count;
    frame.cached = false;
    frame.active = NULL;
    frame.world = e->done_world;
    frame.future = e->done_future;
    e->words_site = NULL;
    execute(e, e->finish, &frame);
    Finished finished = {.n = count,
                         .world = e->done_world,
                         .slot = e->done_slot,
                         .future = e->done_future,
                         .end_step = e->done_end,
                         .values = e->done_values,
                         .defined = e->done_defined,
                         .censored = e->done_censored,
                         .series = e->done_series,
                         .series_defined = e->done_series_defined,
                         .states = e->done_states};
    e->sink->finished(e->sink->ctx, &finished);
}

static bool is_alive(const Engine *e, int32_t lane)
{
    uint64_t bits;
    memcpy(&bits, &e->alive[lane], sizeof bits);
    return bits != 0;
}

// How the living could stand together: those from beyond their number into the gaps below it. There
// are as many lanes beyond as there are dead.
static void pair_gaps(Engine *e)
{
    int32_t living = e->frame.real - e->n_dead;
    int32_t from = living;
    e->n_moves = 0;
    for (int32_t i = 0; i < e->n_dead; i++) {
        if (e->dead[i] >= living) {
            continue;
        }
        while (!is_alive(e, from)) {
            from++;
        }
        e->moves[e->n_moves++] = (Move){from++, e->dead[i]};
    }
}

static void mark_dead(Engine *e, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        set_mask(&e->alive[e->index[i]], false);
        e->dead[e->n_dead++] = e->index[i];
    }
    // Lanes of padding go with the one they repeat.
    for (int32_t i = e->frame.real; i < e->frame.n; i++) {
        memcpy(&e->alive[i], &e->alive[e->frame.real - 1], sizeof(double));
    }
    e->frame.active = e->alive;
    pair_gaps(e);
}

static void all_alive(Engine *e)
{
    for (int32_t i = 0; i < e->frame.n; i++) {
        set_mask(&e->alive[i], true);
    }
    e->n_dead = 0;
    e->n_moves = 0;
    e->frame.active = NULL;
}

// A sweep moves each dead lane's successor once and costs about as much as a few lanes do in one
// step: it pays as soon as it saves any.
static bool may_sweep(const Engine *e, int32_t step)
{
    return (step & 3) == 3 && pad8(e->frame.real - e->n_dead) < e->frame.n && !e->never_sweep;
}

static void close_ranks(const Engine *e, double *column, int32_t real, int32_t n)
{
    for (int32_t i = 0; i < e->n_moves; i++) {
        column[e->moves[i].to] = column[e->moves[i].from];
    }
    for (int32_t i = real; i < n; i++) {
        column[i] = column[real - 1];
    }
}

static void close_ranks_u32(const Engine *e, uint32_t *column, int32_t real, int32_t n)
{
    for (int32_t i = 0; i < e->n_moves; i++) {
        column[e->moves[i].to] = column[e->moves[i].from];
    }
    for (int32_t i = real; i < n; i++) {
        column[i] = column[real - 1];
    }
}

// The lanes still running close ranks. Temporaries are lost, so this is for between two steps.
static void sweep(Engine *e)
{
    int32_t real = e->frame.real - e->n_dead;
    int32_t n = pad8(real);
    for (uint32_t col = 0; col < e->program->n_persist; col++) {
        close_ranks(e, e->columns + (size_t)col * (size_t)e->stride, real, n);
    }
    close_ranks_u32(e, e->lane_world, real, n);
    close_ranks_u32(e, e->lane_slot, real, n);
    close_ranks_u32(e, e->lane_future, real, n);
    e->frame.real = real;
    e->frame.n = n;
    e->counts.swept++;
    all_alive(e);
}

// Steps

// Which lanes are seen: a copy, as random words are of lanes as they stand.
static void name_seen(Engine *e, Seen *seen)
{
    seen->slot = e->lane_slot;
    seen->future = e->lane_future;
    if (e->n_dead) {
        memcpy(e->seen_slot, e->lane_slot, (size_t)seen->n * sizeof(uint32_t));
        memcpy(e->seen_future, e->lane_future, (size_t)seen->n * sizeof(uint32_t));
        for (int32_t i = 0; i < e->n_moves; i++) {
            e->seen_slot[e->moves[i].to] = e->lane_slot[e->moves[i].from];
            e->seen_future[e->moves[i].to] = e->lane_future[e->moves[i].from];
        }
        seen->slot = e->seen_slot;
        seen->future = e->seen_future;
    }
}

static void tell_seen(Engine *e, int32_t step)
{
    const Sink *sink = e->sink;
    if (!sink->seen || e->program->n_series == 0) {
        return;
    }
    Seen seen = {.n = e->frame.real - e->n_dead, .step = step};
    if (sink->seen_lanes) {
        name_seen(e, &seen);
    }
    for (int32_t i = 0; i < e->program->n_series; i++) {
        double *values = e->seen_values[i];
        // What the dead hold nobody looks at: where one stands among the first, a living value
        // goes.
        for (int32_t k = 0; k < e->n_moves; k++) {
            values[e->moves[k].to] = values[e->moves[k].from];
        }
        seen.series = i;
        seen.values = values;
        sink->seen(sink->ctx, &seen);
    }
}

// After a look: tell the series, end the futures that stop here. False when none is left.
static bool end_step(Engine *e, int32_t step)
{
    tell_seen(e, step);
    if (!e->stop) {
        return true;
    }
    int32_t count = e->kernels->pick(e->stop, e->frame.active, e->frame.real, e->index);
    if (count == 0) {
        return true;
    }
    keep_done(e, count, step + 1, false);
    if (e->tell_at_once) {
        tell_done(e);
    }
    mark_dead(e, count);
    return e->n_dead < e->frame.real;
}

// A block's steps, until none of its futures is left.
static void run_steps(Engine *e)
{
    const Program *program = e->program;
    e->step_now = -1;
    set_uniforms(e, -1);
    execute(e, e->start, &e->frame);
    execute(e, e->look, &e->frame);
    if (!end_step(e, -1)) {
        return;
    }
    for (int32_t step = 0; step < program->n_steps; step++) {
        e->step_now = step;
        e->frame.step = (uint32_t)step;
        set_uniforms(e, step);
        execute(e, e->step, &e->frame);
        execute(e, e->look, &e->frame);
        if (!end_step(e, step)) {
            e->counts.emptied++;
            return;
        }
        if (step + 1 < program->n_steps && may_sweep(e, step)) {
            sweep(e);
        }
    }
    keep_done(e, index_living(e), program->n_steps, true);
}

// Worlds

static void run_worlds(Engine *e, const uint32_t *worlds, int32_t first, int32_t count)
{
    int32_t n = pad8(count);
    for (int32_t i = 0; i < n; i++) {
        e->world_ids[i] = worlds[first + (i < count ? i : count - 1)];
    }
    Frame frame = {.n = n,
                   .real = count,
                   .domain = DRAW_WORLD,
                   .seed = e->seed,
                   .world = e->world_ids,
                   .future = e->zeros};
    e->step_now = -1;
    e->words_site = NULL;
    set_uniforms(e, -1);
    execute(e, e->world, &frame);
    if (e->sink->worlds) {
        e->sink->worlds(e->sink->ctx, first, count, e->unknown_ranks, e->unknown_values);
    }
}

// A block's lanes: futures `at`, `at + 1`, ... of the batch, counted world by world.
static void fill_lanes(Engine *e, int32_t first, uint64_t at, uint32_t future_lo, uint32_t futures)
{
    const Program *program = e->program;
    int32_t n = e->frame.n;
    uint32_t slot = (uint32_t)(at / futures);
    uint32_t future = (uint32_t)(at % futures);
    for (int32_t i = 0; i < n; i++) {
        e->index[i] = (int32_t)slot;
        e->lane_world[i] = e->world_ids[slot];
        e->lane_slot[i] = (uint32_t)first + slot;
        e->lane_future[i] = future_lo + future;
        if (i + 1 < e->frame.real && ++future == futures) {
            future = 0;
            slot++;
        }
    }
    size_t stride = (size_t)e->stride;
    for (int32_t i = 0; i < program->n_expand; i++) {
        const Expand *x = &program->expand[i];
        double *to = e->columns + x->col * stride;
        const double *from = e->world_columns + x->world_col * stride;
        if (futures == 1) { // a lane a world: they stand in order, with their padding
            memcpy(to, from + e->index[0], (size_t)n * sizeof(double));
        } else {
            e->kernels->gather(to, from, e->index, n);
        }
    }
}

static void start_block(Engine *e, int32_t real)
{
    e->frame = (Frame){.n = pad8(real),
                       .real = real,
                       .cached = true,
                       .domain = DRAW_STEP,
                       .seed = e->seed,
                       .world = e->lane_world,
                       .future = e->lane_future};
    for (int32_t i = 0; i < e->program->n_sites; i++) {
        e->sites[i].quad = -1;
    }
    all_alive(e);
}

bool engine_run(Engine *engine, const uint32_t *worlds, int32_t n_worlds, uint32_t future_lo,
                uint32_t future_hi, const Sink *sink, const volatile int *stop_flag)
{
    Engine *e = engine;
    e->sink = sink;
    if (future_hi <= future_lo) {
        return true;
    }
    uint32_t futures = future_hi - future_lo;
    for (int32_t first = 0; first < n_worlds; first += e->lanes) {
        int32_t count = n_worlds - first < e->lanes ? n_worlds - first : e->lanes;
        run_worlds(e, worlds, first, count);
        uint64_t total = (uint64_t)count * futures;
        for (uint64_t at = 0; at < total; at += (uint64_t)e->lanes) {
            if (stop_flag && *stop_flag) {
                return false;
            }
            uint64_t left = total - at;
            start_block(e, left < (uint64_t)e->lanes ? (int32_t)left : e->lanes);
            fill_lanes(e, first, at, future_lo, futures);
            run_steps(e);
            tell_done(e);
        }
    }
    return true;
}
