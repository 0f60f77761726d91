// SPDX-License-Identifier: MIT
//
// `casus check --order`: which pairs of blocks are exchanged, and what each exchange moves.
#include "ask/ordering.h"

#include "ask/compare_impl.h"
#include "ask/exact.h"
#include "ask/settle.h"
#include "ask/touch.h"
#include "ask/words.h"
#include "base/clock.h"
#include "base/date.h"
#include "math/bits.h"
#include "math/elementary.h"
#include "math/special.h"

// Told side by side; the view as it is written is the first of each batch.
enum { AT_A_TIME = 12 };
// Worked out where that takes at most so many states times steps for all orders together, so much
// work (ExactLimits), and so much memory for one.
static const double CHEAP_STATES = 4e6;
static const uint64_t CHEAP_WORK = 1000000000;
enum { EXACT_MB = 64 };
// All differences that are none, taken together, are found with this chance.
static const double ALARM = 1e-3;

// Two blocks that change places: all of them in the new order.
typedef struct {
    int32_t first, second;
    const View *view;
} Exchange;

typedef struct {
    const Model *model;
    const OrderingOptions *options;
    RunOptions run;
    Arena *arena, *answer;
    const View *view;
    Touch *touches;
    VEC(Exchange) exchanges;
    Ordering *out;
    OrderPair *pairs;
    OrderMove **moves; // by pair, by item
    uint64_t work;     // that exact answers may still take
    VEC(Remark) remarks;
} Order;

// ---- Which pairs --------------------------------------------------------------------------------

// Can the block pass all that stand between two others?
static bool passes(const Order *o, int32_t block, int32_t from, int32_t to)
{
    for (int32_t k = from; k < to; k++) {
        if (touch_conflict(o->view, &o->touches[block], &o->touches[k])) {
            return false;
        }
    }
    return true;
}

// The second is moved up before the first, where it can pass those between; else the first down.
static const View *exchanged(const Order *o, int32_t first, int32_t second, bool up)
{
    const View *view = o->view;
    Block *blocks = ARENA_ARRAY(o->arena, Block, view->n_blocks);
    int32_t n = 0;
    for (int32_t i = 0; i < view->n_blocks; i++) {
        if (i == (up ? first : second)) {
            blocks[n++] = view->blocks[second];
            blocks[n++] = view->blocks[first];
        } else if (i != first && i != second) {
            blocks[n++] = view->blocks[i];
        }
    }
    View *other = ARENA_NEW(o->arena, View);
    *other = *view;
    other->blocks = blocks;
    return other;
}

static void find_pairs(Order *o)
{
    int32_t most = o->options->most_pairs > 0 ? o->options->most_pairs : ORDER_PAIRS;
    for (int32_t i = 0; i < o->view->n_blocks; i++) {
        for (int32_t k = i + 1; k < o->view->n_blocks; k++) {
            bool up = passes(o, k, i + 1, k);
            if (!touch_conflict(o->view, &o->touches[i], &o->touches[k]) ||
                (!up && !passes(o, i, i + 1, k))) {
                continue;
            }
            if (o->exchanges.n < most) {
                vec_push(o->arena, &o->exchanges, ((Exchange){i, k, exchanged(o, i, k, up)}));
            } else {
                o->out->n_cut++;
            }
        }
    }
}

// ---- What is told of blocks and questions -------------------------------------------------------

static Str block_text(const Order *o, const Block *block)
{
    switch (block->kind) {
    case BLOCK_EVENT:
        return str_format(o->answer, "event `%.*s`", STR_ARG(o->view->events[block->ref].name));
    case BLOCK_DECISION:
        return str_format(o->answer, "decision `%.*s`",
                          STR_ARG(o->view->decisions[block->ref].name));
    case BLOCK_EACH_STEP: return STR("each step");
    case BLOCK_ON_DATE: break;
    }
    bool hour = block->date != m_floor(block->date);
    return str_format(o->answer, "on %.*s", STR_ARG(date_text(o->answer, block->date, hour)));
}

static void tell_blocks(Order *o)
{
    const DiagList *sources = o->run.sources;
    OrderBlock *blocks = ARENA_ARRAY(o->answer, OrderBlock, o->view->n_blocks + 1);
    for (int32_t i = 0; i < o->view->n_blocks; i++) {
        const Block *block = &o->view->blocks[i];
        blocks[i].text = block_text(o, block);
        if (sources && block->span.file >= 0 && block->span.file < sources->sources.n) {
            blocks[i].file = str_copy(o->answer, sources->sources.p[block->span.file].path);
            blocks[i].line = diag_place(sources, block->span.file, block->span.lo).line;
        }
    }
    o->out->blocks = blocks;
    o->out->n_blocks = o->view->n_blocks;
}

static void tell_item(Order *o, const Plan *plan, int32_t asked, OrderItem *item)
{
    static const ItemKind kinds[] = {[RESULT_FLAG] = ITEM_FLAG,
                                     [RESULT_NUMBER] = ITEM_NUMBER,
                                     [RESULT_DATE] = ITEM_DATE,
                                     [RESULT_LEVEL] = ITEM_LEVEL};
    const Asked *a = &plan->asked[asked];
    const Question *q = &o->view->questions[a->question];
    *item = (OrderItem){.name = str_copy(o->answer, q->name),
                        .text = str_copy(o->answer, q->text),
                        .kind = kinds[a->kind],
                        .scale = q->shown.scale == 0 ? 1 : q->shown.scale,
                        .unit = str_copy(o->answer, q->shown.unit)};
    if (a->kind == RESULT_LEVEL) {
        Str *names = ARENA_ARRAY(o->answer, Str, a->n_levels + 1);
        for (int32_t l = 0; l < a->n_levels; l++) {
            names[l] = str_copy(o->answer, words_level(o->view, q->kind, l));
        }
        item->level_names = names;
        item->n_levels = a->n_levels;
    }
}

static void tell_items(Order *o, const Plan *plan)
{
    OrderItem *items = ARENA_ARRAY(o->answer, OrderItem, plan->n_asked + 1);
    for (int32_t a = 0; a < plan->n_asked; a++) {
        tell_item(o, plan, a, &items[a]);
    }
    o->out->items = items;
    o->out->n_items = plan->n_asked;
}

static void tell_pairs(Order *o)
{
    o->pairs = ARENA_ARRAY(o->answer, OrderPair, o->exchanges.n + 1);
    o->moves = ARENA_ARRAY(o->arena, OrderMove *, o->exchanges.n + 1);
    for (int32_t p = 0; p < o->exchanges.n; p++) {
        const Exchange *x = &o->exchanges.p[p];
        o->moves[p] = ARENA_ARRAY(o->answer, OrderMove, o->out->n_items + 1);
        o->pairs[p] = (OrderPair){
            .first = x->first,
            .second = x->second,
            .over = touch_over(o->answer, o->view, &o->touches[x->first], &o->touches[x->second]),
            .moves = o->moves[p],
            .most = -1};
    }
    o->out->pairs = o->pairs;
    o->out->n_pairs = o->exchanges.n;
}

static void remark(Order *o, Str text)
{
    vec_push(o->answer, &o->remarks, ((Remark){.text = text}));
}

// ---- Exactly ------------------------------------------------------------------------------------

static OrderMove move_between(bool mean, double before, double after, double spread)
{
    double off = after - before, rounding = 1e-12 * m_max(1, m_abs(before));
    off = m_abs(off) <= rounding ? 0 : off;
    OrderMove move = {.known = off == off, .before = before, .after = after};
    move.difference = estimate_sure(off);
    move.errors = off == 0 ? 0 : MATH_INF;
    move.size = m_abs(off) / spread;
    move.matters = off != 0 && compare_is_large(mean, before, after, spread);
    return move;
}

static OrderMove exact_move(const Item *before, const Item *after)
{
    OrderMove most = {0};
    if (before->why.n > 0 || after->why.n > 0) {
        return most;
    }
    if (before->kind != ITEM_LEVEL) {
        bool mean = before->kind == ITEM_NUMBER;
        double spread = mean && before->sd > 0 ? before->sd : 1;
        return move_between(mean, before->value.value, after->value.value, spread);
    }
    for (int32_t l = 0; l < before->n_levels; l++) {
        OrderMove one =
            move_between(false, before->levels[l].share.value, after->levels[l].share.value, 1);
        one.level = l;
        most = l == 0 || one.size > most.size ? one : most;
    }
    return most;
}

static uint64_t most_states(const Order *o)
{
    return (uint64_t)(CHEAP_STATES / o->model->n_steps / (o->exchanges.n + 1)) + 1;
}

static Status answer_exactly(Order *o, const View *view, Arena *arena, Answer **answer,
                             Error *error)
{
    RunOptions run = o->run;
    run.view = view;
    run.as_written = true; // it is told as it stands
    ExactLimits limits = {.megabytes = EXACT_MB, .work = &o->work, .most_states = most_states(o)};
    return ask_exact(arena, o->model, &run, limits, answer, error);
}

static bool is_whole(const Answer *answer)
{
    for (int32_t i = 0; i < answer->n_items; i++) {
        const Item *item = &answer->items[i];
        if (item->why.n > 0 && m_is_nan(item->defined.value)) { // not finite, or too large
            return false;
        }
    }
    return !answer->provenance.partial;
}

static bool is_stopped(const Order *o)
{
    return o->run.stop && *o->run.stop;
}

// Where all is finite, it is the size that stands against it.
static void tell_size(Order *o)
{
    RunOptions run = o->run;
    run.view = o->view;
    run.as_written = true;
    Str why = {0};
    bool finite = ask_exact_applies(o->arena, o->model, &run, &why, NULL) == ST_OK && why.n == 0;
    if (finite && !is_stopped(o)) {
        remark(o, STR("Answers are sampled: without drawing, all orders together would take too "
                      "many states."));
    }
}

// The file as it stands, worked out: NULL where that does not apply, or all orders would take long.
static const Answer *try_first(Order *o)
{
    uint64_t share = CHEAP_WORK / (uint64_t)(o->exchanges.n + 1);
    Answer *before = NULL;
    o->work = share;
    bool there = answer_exactly(o, o->view, o->arena, &before, NULL) == ST_OK && is_whole(before);
    there = there && before->provenance.states <= most_states(o);
    o->work += CHEAP_WORK - share;
    return there ? before : NULL;
}

// False: it does not apply, or would take long.
static bool try_exactly(Order *o)
{
    const Answer *before = o->options->never_exact ? NULL : try_first(o);
    if (!before) {
        return false;
    }
    for (int32_t p = 0; p < o->exchanges.n; p++) {
        Arena *arena = arena_new(0);
        Answer *after = NULL;
        bool there = answer_exactly(o, o->exchanges.p[p].view, arena, &after, NULL) == ST_OK &&
                     is_whole(after); // not stopped, nor too large in this order
        for (int32_t i = 0; there && i < o->out->n_items; i++) {
            o->moves[p][i] = exact_move(&before->items[i], &after->items[i]);
        }
        arena_free(arena);
        if (!there) {
            return false;
        }
    }
    o->out->exact = true;
    o->out->provenance.exact = true;
    o->out->provenance.states = before->provenance.states;
    return true;
}

// ---- By the same draws --------------------------------------------------------------------------

static double spread_of(const Grid *grid, int32_t asked)
{
    if (grid->plan->asked[asked].kind != RESULT_NUMBER) {
        return 1;
    }
    TrackSums sums = grid_sums(grid, 0, grid->main[asked]);
    double sd = estimate_sd(&sums);
    return sd > 0 ? sd : 1;
}

static OrderMove sampled_level(const Grid *grid, int32_t column, int32_t asked, int32_t level)
{
    int32_t track = grid->main[asked] + level;
    Gap gap = compare_gap(grid, column, 0, asked, track);
    OrderMove move = {.known = gap.known, .level = level, .difference = gap.difference};
    move.before = grid_value(grid, 0, track).value;
    move.after = grid_value(grid, column, track).value;
    move.errors = gap.known ? gap.errors : 0;
    move.size = gap.known ? m_abs(gap.difference.value) / spread_of(grid, asked) : 0;
    move.matters = gap.known && gap.matters;
    return move;
}

static OrderMove sampled_move(const Grid *grid, int32_t column, int32_t asked)
{
    const Asked *a = &grid->plan->asked[asked];
    OrderMove most = sampled_level(grid, column, asked, 0);
    for (int32_t l = 1; a->kind == RESULT_LEVEL && l < a->n_levels; l++) {
        OrderMove one = sampled_level(grid, column, asked, l);
        most = one.errors > most.errors ? one : most;
    }
    return most;
}

typedef struct {
    Arena *arena;
    int32_t from, n; // exchanges
    GridSpec spec;
} Batch;

static void fill_batch(const Order *o, Batch *batch)
{
    const View **views = ARENA_ARRAY(batch->arena, const View *, batch->n + 1);
    GridPair *pairs = ARENA_ARRAY(batch->arena, GridPair, 2 * batch->n + 2);
    int32_t n_pairs = 0;
    views[0] = o->view;
    pairs[n_pairs++] = (GridPair){0, 0};
    for (int32_t i = 1; i <= batch->n; i++) {
        views[i] = o->exchanges.p[batch->from + i - 1].view;
        pairs[n_pairs++] = (GridPair){i, 0};
        pairs[n_pairs++] = (GridPair){i, i};
    }
    batch->spec.views = views;
    batch->spec.n_views = batch->n + 1;
    batch->spec.pairs = pairs;
    batch->spec.n_pairs = n_pairs;
}

static Status run_batch(Order *o, Batch *batch, Error *error)
{
    Grid *grid = NULL;
    fill_batch(o, batch);
    TRY(grid_run(batch->arena, o->model, &o->run, &batch->spec, &grid, error));
    for (int32_t i = 0; i < batch->n; i++) {
        for (int32_t a = 0; a < o->out->n_items; a++) {
            o->moves[batch->from + i][a] = sampled_move(grid, i + 1, a);
        }
    }
    Provenance *p = &o->out->provenance;
    p->futures = grid->futures;
    p->worlds = grid->worlds;
    p->threads = grid->threads;
    p->partial = p->partial || grid->partial;
    batch->spec.done_before += grid->futures * (uint64_t)(batch->n + 1);
    return ST_OK;
}

static Status sample(Order *o, Error *error)
{
    int32_t n = o->exchanges.n, batches = (n + AT_A_TIME - 1) / AT_A_TIME;
    Batch batch = {.spec = {.want_levels = true, .started = clock_seconds()}};
    batch.spec.phase = str_format(o->arena, "%d pair%s of blocks", (int)n, n == 1 ? "" : "s");
    batch.spec.wanted_in_all = (uint64_t)(n + batches) * o->run.worlds * o->run.futures;
    Status status = ST_OK;
    for (int32_t from = 0; from < n && status == ST_OK; from += AT_A_TIME) {
        batch.arena = arena_new(0);
        batch.from = from;
        batch.n = n - from < AT_A_TIME ? n - from : AT_A_TIME;
        status = run_batch(o, &batch, error);
        arena_free(batch.arena);
        if (is_stopped(o) && status == ST_OK && from + AT_A_TIME < n) {
            o->out->n_pairs = from + batch.n;
            o->out->n_cut += n - o->out->n_pairs;
            o->out->provenance.partial = true;
            break;
        }
    }
    return status;
}

// ---- Judging ------------------------------------------------------------------------------------

static bool leads(const OrderMove *a, const OrderMove *b)
{
    return a->matters != b->matters ? a->matters : a->size > b->size;
}

static void judge_pair(Order *o, int32_t p)
{
    OrderPair *pair = &o->pairs[p];
    for (int32_t i = 0; i < o->out->n_items; i++) {
        OrderMove *move = &o->moves[p][i];
        pair->touched = pair->touched || (move->known && move->errors > 0);
        move->found = move->known && move->errors > o->out->bound_errors;
        move->matters = move->found && move->matters;
        pair->n_found += move->found;
        if (move->found && (pair->most < 0 || leads(move, &o->moves[p][pair->most]))) {
            pair->most = i;
        }
    }
}

// Those that matter first, each kind by how much it moves.
static void rank_pairs(Order *o)
{
    Ordering *out = o->out;
    int32_t *ranked = ARENA_ARRAY(o->answer, int32_t, out->n_pairs + 1);
    for (int32_t p = 0; p < out->n_pairs; p++) {
        const OrderPair *pair = &o->pairs[p];
        if (pair->most < 0) {
            continue;
        }
        const OrderMove *move = &pair->moves[pair->most];
        out->n_matter += move->matters;
        int32_t k = out->n_ranked++; // insertion: few, and stable
        for (; k > 0; k--) {
            const OrderPair *above = &out->pairs[ranked[k - 1]];
            if (!leads(move, &above->moves[above->most])) {
                break;
            }
            ranked[k] = ranked[k - 1];
        }
        ranked[k] = p;
    }
    out->ranked = ranked;
}

static void judge(Order *o)
{
    Ordering *out = o->out;
    double tail = ALARM / m_max(1, (double)out->n_pairs * out->n_items) / 2;
    out->bound_errors = special_normal_quantile(1 - tail, tail);
    for (int32_t p = 0; p < out->n_pairs; p++) {
        judge_pair(o, p);
    }
    rank_pairs(o);
}

// ---- All of it ----------------------------------------------------------------------------------

static Status plan_view(Order *o, Plan **plan, Error *error)
{
    RunOptions run = o->run;
    run.view = o->options->run.view ? o->options->run.view : o->model->views[0];
    TRY(plan_make(o->arena, o->model, &run, false, plan, error));
    o->out->provenance = settle_provenance(o->answer, *plan);
    o->view = (*plan)->tellings[0].view; // as --set changes it
    return ST_OK;
}

static Status work(Order *o, Error *error)
{
    Plan *plan = NULL;
    int32_t left = plan_leave_out_series(o->arena, o->model, &o->run);
    if (left > 0) {
        remark(o, str_format(o->answer, "%d question%s over time left out", (int)left,
                             left == 1 ? " is" : "s are"));
    }
    TRY(plan_view(o, &plan, error));
    o->touches = touch_blocks(o->arena, o->view);
    find_pairs(o);
    tell_blocks(o);
    if (o->run.n_questions > 0) { // none by name would be all
        tell_items(o, plan);
    }
    tell_pairs(o);
    bool any = o->exchanges.n > 0 && o->out->n_items > 0;
    if (any && !try_exactly(o)) {
        if (!o->options->never_exact) {
            tell_size(o);
        }
        TRY(sample(o, error));
    }
    judge(o);
    o->out->remarks = o->remarks.p;
    o->out->n_remarks = o->remarks.n;
    return ST_OK;
}

Status ask_ordering(Arena *answer_arena, const Model *model, const OrderingOptions *options,
                    Ordering **ordering, Error *error)
{
    Order o = {.model = model, .options = options, .run = options->run, .answer = answer_arena};
    o.arena = arena_new(0);
    o.out = ARENA_NEW(answer_arena, Ordering);
    o.run.worlds = o.run.worlds ? o.run.worlds : ORDER_WORLDS;
    o.run.futures = o.run.futures ? o.run.futures : ORDER_FUTURES;
    o.run.view = NULL;
    Status status = work(&o, error);
    *ordering = o.out;
    arena_free(o.arena);
    return status;
}
