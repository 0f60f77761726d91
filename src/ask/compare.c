// SPDX-License-Identifier: MIT
//
// Comparing: which columns there are, the run of all of them side by side, remarks.
#include "ask/compare.h"

#include "ask/compare_impl.h"
#include "ask/pilot.h"
#include "ask/settle.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/num.h"

void compare_remark(Compare *c, Str text)
{
    vec_push(c->answer, &c->remarks, ((Remark){.text = str_copy(c->answer, text)}));
}

// ---- What is asked ------------------------------------------------------------------------------

// Questions over time are a line of answers each: they are left to `run`.
static void choose_questions(Compare *c)
{
    int32_t left = plan_leave_out_series(c->arena, c->model, &c->run);
    if (left > 0) {
        compare_remark(c, str_format(c->arena,
                                     "%d question%s over time %s not compared: `casus run --story` "
                                     "tells each reading's course",
                                     (int)left, left == 1 ? "" : "s", left == 1 ? "is" : "are"));
    }
}

// ---- Columns ------------------------------------------------------------------------------------

static bool is_among(const View *const *list, int32_t n, const View *view)
{
    for (int32_t i = 0; i < n; i++) {
        if (list[i] == view) {
            return true;
        }
    }
    return false;
}

static bool has_stories(const Compare *c)
{
    for (int32_t v = 0; v < c->model->n_views; v++) {
        if (c->model->views[v]->role == VIEW_STORY) {
            return true;
        }
    }
    return false;
}

static bool is_chosen(const Compare *c, const View *view)
{
    const CompareOptions *o = c->options;
    if (view->role == VIEW_VARIANT) {
        return is_among(o->variants, o->n_variants, view) ||
               (o->n_variants == 0 && !has_stories(c));
    }
    return o->n_stories == 0 || is_among(o->stories, o->n_stories, view);
}

static bool is_pooled(const Compare *c, const View *view)
{
    for (int32_t t = 0; t < c->pool->n_tellings; t++) {
        if (c->pool->tellings[t].view == view) {
            return true;
        }
    }
    return false;
}

static void add_column(Compare *c, ColumnRole role, int32_t view, int32_t against)
{
    vec_push(c->arena, &c->columns,
             ((Column){.role = role, .view = view, .grid = -1, .against = against}));
}

static void add_views(Compare *c, ViewRole role, ColumnRole as, int32_t against)
{
    for (int32_t v = 0; v < c->model->n_views; v++) {
        const View *view = c->model->views[v];
        if (view->role == role && is_chosen(c, view)) {
            add_column(c, as, v, against);
        }
    }
}

static void remark_variants(Compare *c)
{
    int32_t left = 0;
    for (int32_t v = 0; v < c->model->n_views; v++) {
        const View *view = c->model->views[v];
        left += view->role == VIEW_VARIANT && !is_chosen(c, view);
    }
    if (left > 0 && c->options->n_variants == 0) {
        compare_remark(c, str_format(c->arena,
                                     "%d variant%s %s left out: `--variant NAME` holds one against "
                                     "the base",
                                     (int)left, left == 1 ? "" : "s", left == 1 ? "is" : "are"));
    }
}

// The pool, the stories, the base, the variants; then all but the variants with the settings.
static void make_columns(Compare *c)
{
    bool pooled = c->pool->pooled;
    if (pooled) {
        add_column(c, COLUMN_POOL, -1, -1);
    }
    add_views(c, VIEW_STORY, COLUMN_STORY, 0); // against the pool, or the base when none counts
    int32_t base = c->columns.n;
    add_column(c, COLUMN_BASE, 0, pooled ? 0 : -1);
    for (int32_t i = 0; i < base && !pooled; i++) {
        c->columns.p[i].against = base;
    }
    add_views(c, VIEW_VARIANT, COLUMN_VARIANT, base);
    for (int32_t i = 0; c->model->set_views && i <= base; i++) {
        add_column(c, COLUMN_SET, c->columns.p[i].view, i);
    }
}

// Who is heard when readings part: the stories, and the base where it counts in the pool or there
// would be nobody else.
static void choose_voices(Compare *c)
{
    c->voices = ARENA_ARRAY(c->arena, int32_t, c->columns.n + 1);
    for (int32_t i = 0; i < c->columns.n; i++) {
        if (c->columns.p[i].role == COLUMN_STORY) {
            c->voices[c->n_voices++] = i;
        }
    }
    for (int32_t i = 0; i < c->columns.n; i++) {
        if (c->columns.p[i].role == COLUMN_BASE &&
            (c->n_voices < 2 || is_pooled(c, c->model->views[0]))) {
            c->voices[c->n_voices++] = i;
        }
    }
}

// ---- The run ------------------------------------------------------------------------------------

typedef struct {
    VEC(const View *) views;
    int32_t *column[2]; // by view of the model, as written and with the settings; -1: not yet
} GridViews;

static int32_t grid_view(Compare *c, GridViews *g, int32_t view, bool set)
{
    int32_t *column = &g->column[set][view];
    if (*column < 0) {
        *column = g->views.n;
        vec_push(c->arena, &g->views, set ? c->model->set_views[view] : c->model->views[view]);
    }
    return *column;
}

static int32_t index_of(const Model *model, const View *view)
{
    int32_t v = 0;
    while (model->views[v] != view) {
        v++;
    }
    return v;
}

// Which column tells a world of the pool.
static const int32_t *members(Compare *c, GridViews *g, bool set)
{
    int32_t *member = ARENA_ARRAY(c->arena, int32_t, c->pool->n_tellings);
    for (int32_t t = 0; t < c->pool->n_tellings; t++) {
        member[t] = grid_view(c, g, index_of(c->model, c->pool->tellings[t].view), set);
    }
    return member;
}

// Views stand before mixtures in a grid, so mixtures get their number last.
static void place_columns(Compare *c, GridSpec *spec)
{
    GridViews g = {.views = {0}};
    for (int set = 0; set < 2; set++) {
        g.column[set] = ARENA_ARRAY(c->arena, int32_t, c->model->n_views);
        for (int32_t v = 0; v < c->model->n_views; v++) {
            g.column[set][v] = -1;
        }
    }
    const int32_t **mixtures = ARENA_ARRAY(c->arena, const int32_t *, 2);
    for (int32_t i = 0; i < c->columns.n; i++) {
        Column *column = &c->columns.p[i];
        bool set = column->role == COLUMN_SET;
        if (column->view >= 0) {
            column->grid = grid_view(c, &g, column->view, set);
        } else {
            mixtures[spec->n_mixtures++] = members(c, &g, set);
        }
    }
    int32_t next = g.views.n;
    for (int32_t i = 0; i < c->columns.n; i++) {
        if (c->columns.p[i].view < 0) {
            c->columns.p[i].grid = next++;
        }
    }
    spec->views = g.views.p;
    spec->n_views = g.views.n;
    spec->mixtures = mixtures;
}

static void all_pairs(Compare *c, GridSpec *spec)
{
    int32_t n = c->columns.n;
    GridPair *pairs = ARENA_ARRAY(c->arena, GridPair, n * n + 1);
    for (int32_t a = 0; a < n; a++) {
        for (int32_t b = 0; b <= a; b++) {
            pairs[spec->n_pairs++] = (GridPair){c->columns.p[a].grid, c->columns.p[b].grid};
        }
    }
    spec->pairs = pairs;
}

// Units are cut, and numbers centred, as `casus run` does for the pool: the last bits are the same.
static Status run_columns(Compare *c, Error *error)
{
    RunOptions as_run = c->options->run;
    as_run.as_written = true;
    as_run.view = NULL;
    as_run.samples = NULL;
    as_run.precision = 0;
    as_run.worlds = c->run.worlds;
    Plan *whole = NULL, *plan = NULL;
    TRY(plan_make(c->arena, c->model, &as_run, false, &whole, error));
    as_run.questions = c->run.questions;
    as_run.n_questions = c->run.n_questions;
    TRY(plan_make(c->arena, c->model, &as_run, false, &plan, error));
    c->pool = plan;
    make_columns(c);
    choose_voices(c);
    Layout *like = layout_make(c->arena, plan, false);
    pilot_scales(c->arena, like);
    GridSpec spec = {.pool = plan,
                     .want_medians = true,
                     .want_levels = true,
                     .like = like,
                     .unit_futures = whole->unit_futures};
    place_columns(c, &spec);
    all_pairs(c, &spec);
    spec.phase = str_format(c->arena, "%d readings side by side", (int)spec.n_views);
    return grid_run(c->arena, c->model, &c->run, &spec, &c->grid, error);
}

// ---- Remarks ------------------------------------------------------------------------------------

static Str column_name(const Compare *c, int32_t column)
{
    const Column *col = &c->columns.p[column];
    return col->view < 0 ? STR("pool") : c->model->views[col->view]->name;
}

static Str grouped(const Compare *c, uint64_t n)
{
    return num_grouped(c->arena, (double)n, 0);
}

static void remark_size(Compare *c)
{
    enum { FEW_WORLDS = 50 };
    const Grid *grid = c->grid;
    uint64_t wanted = grid->plan->worlds * grid->plan->futures;
    if (grid->partial) {
        compare_remark(c,
                       str_format(c->arena,
                                  "stopped early: %.*s of %.*s futures of each column were run; "
                                  "the errors are those of the smaller run",
                                  STR_ARG(grouped(c, grid->futures)), STR_ARG(grouped(c, wanted))));
    }
    if (grid->worlds < FEW_WORLDS && grid->worlds > 0) {
        compare_remark(c,
                       str_format(c->arena,
                                  "only %llu world%s: what is unknown in the model is hardly "
                                  "sampled, and so are the errors; ask for more worlds",
                                  (unsigned long long)grid->worlds, grid->worlds == 1 ? "" : "s"));
    }
}

static void remark_checks(Compare *c)
{
    for (int32_t i = 0; i < c->columns.n; i++) {
        const Column *column = &c->columns.p[i];
        uint64_t failed = column->grid < c->grid->n_views ? c->grid->n_failed[column->grid] : 0;
        if (failed == 0) {
            continue;
        }
        c->out->check_failed = true;
        Str name = column_name(c, i);
        compare_remark(c, str_format(c->arena,
                                     "checks failed in %.*s of %.*s futures of %.*s; `casus run "
                                     "--story %.*s` says which",
                                     STR_ARG(grouped(c, failed)),
                                     STR_ARG(grouped(c, c->grid->futures)), STR_ARG(name),
                                     STR_ARG(name)));
    }
}

static void remark_trouble(Compare *c)
{
    for (int32_t v = 0; v < c->grid->n_views; v++) {
        const Program *program = c->grid->plan->tellings[v].program;
        for (int32_t s = 0; s < program->n_states; s++) {
            const Incident *x = &c->grid->trouble[v][s];
            if (x->n > 0) {
                Str name = c->grid->plan->tellings[v].view->name;
                compare_remark(
                    c, str_format(c->arena, "%.*s%s in %.*s future%s of %.*s",
                                  STR_ARG(program->states[s].name),
                                  program->states[s].state < 0 ? ""
                                                               : " ended infinite or not a number",
                                  STR_ARG(grouped(c, x->n)), x->n == 1 ? "" : "s", STR_ARG(name)));
            }
        }
    }
}

// ---- All of it ----------------------------------------------------------------------------------

static double share_of(const Compare *c, const Column *column)
{
    for (int32_t t = 0; t < c->pool->n_tellings && c->pool->pooled && column->view >= 0; t++) {
        if (c->pool->tellings[t].view == c->model->views[column->view]) {
            return c->pool->tellings[t].share;
        }
    }
    return 0;
}

static void fill_columns(Compare *c)
{
    CompareColumn *columns = ARENA_ARRAY(c->answer, CompareColumn, c->columns.n);
    for (int32_t i = 0; i < c->columns.n; i++) {
        const Column *column = &c->columns.p[i];
        const View *view = column->view >= 0 ? c->model->views[column->view] : NULL;
        bool titled = view && column->role != COLUMN_BASE && column->role != COLUMN_SET;
        columns[i] = (CompareColumn){.role = column->role,
                                     .name = str_copy(c->answer, column_name(c, i)),
                                     .against = column->against,
                                     .share = share_of(c, column)};
        if (titled) {
            columns[i].title = str_copy(c->answer, view->title);
            columns[i].grade = settle_grade(c->answer, c->model, view);
        }
    }
    c->out->columns = columns;
    c->out->n_columns = c->columns.n;
    c->out->n_voices = c->n_voices;
}

static void fill_provenance(Compare *c, double started)
{
    Provenance *p = &c->out->provenance;
    *p = settle_provenance(c->answer, c->pool);
    p->worlds = c->grid->worlds;
    p->futures = c->grid->futures;
    p->partial = c->grid->partial;
    p->threads = c->grid->threads;
    p->seconds = clock_seconds() - started;
    Str *settings = ARENA_ARRAY(c->answer, Str, c->model->n_settings + 1);
    for (int32_t i = 0; i < c->model->n_settings; i++) {
        settings[i] = str_copy(c->answer, c->model->settings[i]);
    }
    p->settings = settings;
    p->n_settings = c->model->n_settings;
}

static Status compare_all(Compare *c, Error *error)
{
    double started = clock_seconds();
    choose_questions(c);
    if (c->run.n_questions == 0) {
        return error_set(error, ST_USAGE,
                         "nothing to compare: the model asks no question with a single answer");
    }
    TRY(run_columns(c, error));
    fill_columns(c);
    compare_items(c);
    compare_says(c);
    remark_variants(c);
    remark_size(c);
    remark_checks(c);
    remark_trouble(c);
    bool stopped = c->run.stop && *c->run.stop;
    if (!c->options->no_cruxes && !stopped) {
        TRY(compare_cruxes(c, error));
    }
    fill_provenance(c, started);
    c->out->against = c->pool->pooled ? STR("pool") : STR("base");
    c->out->remarks = c->remarks.p;
    c->out->n_remarks = c->remarks.n;
    return ST_OK;
}

Status ask_compare(Arena *answer_arena, const Model *model, const CompareOptions *options,
                   Comparison **comparison, Error *error)
{
    Compare c = {.options = options,
                 .model = model,
                 .run = options->run,
                 .arena = arena_new(0),
                 .answer = answer_arena,
                 .out = ARENA_NEW(answer_arena, Comparison)};
    c.run.worlds = c.run.worlds ? c.run.worlds : COMPARE_WORLDS;
    c.run.as_written = true;
    Status status = compare_all(&c, error);
    arena_free(c.arena);
    *comparison = status == ST_OK ? c.out : NULL;
    return status;
}
