// SPDX-License-Identifier: MIT
//
// The plan of a run. Everything here is decided from the model and the options alone, so that two
// machines cut a run in the same way.
#include "ask/plan.h"

#include <string.h>

#include "ask/points.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "lower/lower.h"
#include "math/draw.h"
#include "math/elementary.h"

// ---- Who is told --------------------------------------------------------------------------------

typedef struct {
    const View *view;
    double weight;
} Voice;

// As --set changes it, unless it is asked for as the file has it.
const View *plan_told_view(const Model *model, const RunOptions *options, const View *view)
{
    if (model->set_views && !options->as_written) {
        for (int32_t i = 0; i < model->n_views; i++) {
            if (model->views[i] == view) {
                return model->set_views[i];
            }
        }
    }
    return view;
}

static int32_t pool_voices(const Model *model, const RunOptions *options, Voice *voices)
{
    int32_t n = 0;
    if (options->view) {
        voices[n++] = (Voice){plan_told_view(model, options, options->view), 1};
        return n;
    }
    double base = model->base_weight;
    if (options->with_base && !(base > 0)) {
        base = 1;
    }
    for (int32_t i = 0; i < model->n_views; i++) {
        const View *view = model->views[i];
        if (view->role == VIEW_STORY && view->weight > 0) {
            voices[n++] = (Voice){plan_told_view(model, options, view), view->weight};
        }
    }
    if (n == 0 || base > 0) {
        double weight = n == 0 ? 1 : base;
        voices[n++] = (Voice){plan_told_view(model, options, model->views[0]), weight};
    }
    return n;
}

Status plan_fits(double bytes, Error *error)
{
    const double GIB = 1024.0 * 1024 * 1024;
    double all = clock_memory();
    if (bytes <= all) {
        return ST_OK;
    }
    return error_set(error, ST_INTERNAL,
                     "a run of this model would take %.1f GB of memory, and there are %.1f: ask "
                     "fewer questions at once (--question), or use fewer --threads",
                     bytes / GIB, all / GIB);
}

static Status make_tellings(Arena *arena, Plan *plan, const Voice *voices, int32_t n, bool trace,
                            Telling **out, Error *error)
{
    Telling *tellings = ARENA_ARRAY(arena, Telling, n);
    double sum = 0;
    for (int32_t i = 0; i < n; i++) {
        sum += voices[i].weight;
    }
    double until = 0;
    for (int32_t i = 0; i < n; i++) {
        Program *program = NULL;
        TRY(lower_view(arena, plan->model, voices[i].view, (LowerOptions){.trace = trace}, &program,
                       error));
        TRY(plan_fits((double)arena_used(arena), error));
        until += voices[i].weight;
        tellings[i] = (Telling){.view = voices[i].view,
                                .program = program,
                                .share = voices[i].weight / sum,
                                .until = i == n - 1 ? 1 : until / sum};
        plan->worlds_differ = plan->worlds_differ || program->draws_in_world || n > 1;
    }
    *out = tellings;
    plan->tellings = tellings;
    plan->n_tellings = n;
    return ST_OK;
}

int32_t plan_telling_of(const Plan *plan, uint32_t world)
{
    if (plan->n_tellings == 1) {
        return 0;
    }
    DrawPlace place = {.world = world, .site = draw_site_hash(STR("story"))};
    double u = draw_uniform(draw_word(plan->seed, DRAW_WORLD, place));
    int32_t i = 0;
    while (i < plan->n_tellings - 1 && u >= plan->tellings[i].until) {
        i++;
    }
    return i;
}

// ---- What is asked ------------------------------------------------------------------------------

static bool wanted(const RunOptions *options, Str name)
{
    for (int32_t i = 0; i < options->n_questions; i++) {
        if (str_eq(options->questions[i], name)) {
            return true;
        }
    }
    return options->n_questions == 0;
}

int32_t plan_leave_out_series(Arena *arena, const Model *model, RunOptions *options)
{
    const View *base = model->views[0];
    Str *names = ARENA_ARRAY(arena, Str, base->n_questions + options->n_questions + 1);
    int32_t n = 0, left = 0;
    for (int32_t i = 0; i < base->n_questions; i++) {
        const Question *q = &base->questions[i];
        bool series = q->form.kind == FORM_OVER_TIME;
        left += series && wanted(options, q->name);
        if (!series && wanted(options, q->name)) {
            names[n++] = q->name;
        }
    }
    for (int32_t i = 0; i < options->n_questions; i++) {
        bool known = false;
        for (int32_t k = 0; k < base->n_questions; k++) {
            known = known || str_eq(base->questions[k].name, options->questions[i]);
        }
        if (!known) {
            names[n++] = options->questions[i];
        }
    }
    options->questions = names;
    options->n_questions = n;
    return left;
}

static Status check_names(const View *view, const RunOptions *options, Error *error)
{
    for (int32_t i = 0; i < options->n_questions; i++) {
        Str name = options->questions[i], nearest = {0};
        size_t best = 4;
        bool found = false;
        for (int32_t q = 0; q < view->n_questions && !found; q++) {
            Str other = view->questions[q].name;
            found = str_eq(other, name);
            size_t distance = str_distance(other, name, best);
            if (distance < best) {
                best = distance;
                nearest = other;
            }
        }
        if (!found && nearest.n > 0) {
            return error_set(error, ST_USAGE, "no question is called '%.*s'; did you mean '%.*s'?",
                             STR_ARG(name), STR_ARG(nearest));
        }
        if (!found) {
            return error_set(error, ST_USAGE, "no question is called '%.*s'", STR_ARG(name));
        }
    }
    return ST_OK;
}

static int32_t find_result(const Program *program, int32_t question, bool tie)
{
    for (int32_t i = 0; i < program->n_results; i++) {
        if (program->results[i].question == question && program->results[i].tie == tie) {
            return i;
        }
    }
    return -1;
}

static int32_t find_series(const Program *program, int32_t question)
{
    for (int32_t i = 0; i < program->n_series; i++) {
        if (program->series[i].question == question) {
            return i;
        }
    }
    return -1;
}

// By telling, by asked question: see Telling.
typedef struct {
    int32_t **result, **tie, **series;
} Links;

static Links links_new(Arena *arena, int32_t n_tellings, int32_t n_questions, Telling *tellings)
{
    Links links = {ARENA_ARRAY(arena, int32_t *, n_tellings),
                   ARENA_ARRAY(arena, int32_t *, n_tellings),
                   ARENA_ARRAY(arena, int32_t *, n_tellings)};
    for (int32_t t = 0; t < n_tellings; t++) {
        tellings[t].result = links.result[t] = ARENA_ARRAY(arena, int32_t, n_questions);
        tellings[t].tie = links.tie[t] = ARENA_ARRAY(arena, int32_t, n_questions);
        tellings[t].series = links.series[t] = ARENA_ARRAY(arena, int32_t, n_questions);
    }
    return links;
}

// Where each telling keeps the answer to one question, and what all of them together say of it.
static Asked link_question(const Plan *plan, int32_t question, int32_t row, const Links *links)
{
    Asked asked = {.question = question, .tie = -1};
    for (int32_t t = 0; t < plan->n_tellings; t++) {
        const Program *program = plan->tellings[t].program;
        int32_t r = find_result(program, question, false), s = find_series(program, question);
        ASSERT((r >= 0) != (s >= 0));
        links->result[t][row] = r;
        links->series[t][row] = s;
        links->tie[t][row] = find_result(program, question, true);
        asked.tie = links->tie[t][row] >= 0 ? 0 : asked.tie; // its column comes later
        asked.is_series = s >= 0;
        Reg defined = r >= 0 ? program->results[r].defined : program->series[s].defined;
        asked.has_defined = asked.has_defined || defined != REG_NONE;
        asked.has_censored =
            asked.has_censored || (r >= 0 && program->results[r].censored != REG_NONE);
        asked.kind = r >= 0 ? program->results[r].kind : program->series[s].kind;
        int32_t levels = r >= 0 ? program->results[r].n_levels : program->series[s].n_levels;
        asked.n_levels = levels > asked.n_levels ? levels : asked.n_levels;
    }
    return asked;
}

static void link_questions(Arena *arena, Plan *plan, Telling *tellings, const RunOptions *options)
{
    const View *view = tellings[0].view;
    Asked *asked = ARENA_ARRAY(arena, Asked, view->n_questions);
    Links links = links_new(arena, plan->n_tellings, view->n_questions, tellings);
    for (int32_t q = 0; q < view->n_questions; q++) {
        if (wanted(options, view->questions[q].name)) {
            Asked *one = &asked[plan->n_asked];
            *one = link_question(plan, q, plan->n_asked, &links);
            one->column = one->is_series ? plan->n_series++ : plan->n_results++;
            one->tie = one->tie >= 0 ? plan->n_results++ : -1;
            plan->n_asked++;
        }
    }
    plan->asked = asked;
}

// ---- What is unknown ----------------------------------------------------------------------------

static int32_t find_unknown(const Program *program, Str name)
{
    for (int32_t i = 0; i < program->n_unknowns; i++) {
        if (str_eq(program->unknowns[i].name, name)) {
            return i;
        }
    }
    return -1;
}

static int32_t bins_of(const Plan *plan, const Unknown *unknown)
{
    int32_t levels = unknown->n_levels;
    if (levels > 0) {
        return levels > PLAN_MAX_BINS ? PLAN_MAX_BINS : levels;
    }
    return plan->n_tellings > 1 ? PLAN_STORY_BINS : PLAN_RANK_BINS;
}

static bool is_told_before(const Telling *tellings, int32_t t, Str name)
{
    for (int32_t j = 0; j < t; j++) {
        if (find_unknown(tellings[j].program, name) >= 0) {
            return true;
        }
    }
    return false;
}

// Each telling has bins of its own for what is unknown in it: what a story has otherwise is the
// story's doing. All share those of the story itself.
static void link_telling(Arena *arena, Plan *plan, Telling *telling)
{
    int32_t *index = ARENA_ARRAY(arena, int32_t, plan->n_unknowns + 1);
    int32_t *first = ARENA_ARRAY(arena, int32_t, plan->n_unknowns + 1);
    for (int32_t u = 0; u < plan->n_unknowns; u++) {
        bool is_story = u == plan->story;
        index[u] = is_story ? -1 : find_unknown(telling->program, plan->unknowns[u].name);
        first[u] = is_story ? 0 : index[u] >= 0 ? plan->n_bins : -1;
        plan->n_bins += index[u] >= 0 ? plan->unknowns[u].n_bins : 0;
    }
    telling->unknown = index;
    telling->first_bin = first;
}

// The unknowns of all tellings by name, in order of first appearance; then the story itself.
static void link_unknowns(Arena *arena, Plan *plan, Telling *tellings)
{
    VEC(PlanUnknown) list = {0};
    for (int32_t t = 0; t < plan->n_tellings; t++) {
        const Program *program = tellings[t].program;
        for (int32_t i = 0; i < program->n_unknowns; i++) {
            const Unknown *unknown = &program->unknowns[i];
            if (!is_told_before(tellings, t, unknown->name)) {
                vec_push(
                    arena, &list,
                    ((PlanUnknown){unknown->name, bins_of(plan, unknown), unknown->n_levels > 0}));
            }
        }
    }
    plan->story = -1;
    if (plan->n_tellings > 1) {
        plan->story = list.n;
        plan->n_bins = plan->n_tellings;
        vec_push(arena, &list, ((PlanUnknown){STR("the story"), plan->n_tellings, true}));
    }
    plan->unknowns = list.p;
    plan->n_unknowns = list.n;
    for (int32_t t = 0; t < plan->n_tellings; t++) {
        link_telling(arena, plan, &tellings[t]);
    }
}

// ---- When it is looked at -----------------------------------------------------------------------

static void choose_points(Plan *plan)
{
    int32_t steps = plan->model->n_steps;
    plan->stride = (steps + PLAN_MAX_POINTS - 2) / (PLAN_MAX_POINTS - 1);
    plan->n_points = 1 + (steps + plan->stride - 1) / plan->stride;
}

int32_t plan_point_of(const Plan *plan, int32_t step)
{
    int32_t done = step + 1; // steps completed
    if (done % plan->stride == 0) {
        return done / plan->stride;
    }
    return done == plan->model->n_steps ? plan->n_points - 1 : -1;
}

double plan_point_date(const Plan *plan, int32_t point)
{
    int32_t done = point * plan->stride;
    int32_t steps = plan->model->n_steps;
    done = done > steps ? steps : done;
    return done == 0 ? plan->model->start : plan->model->step_start[done - 1];
}

// The last days of calendar months up to that of the last step, thinned to at most 60; of a run
// shorter than two months, the first days of its steps, thinned to at most 12.
static void choose_months(Arena *arena, Plan *plan)
{
    enum { MOST_STEPS = 12, SHORT_RUN_DAYS = 62 };
    const Model *model = plan->model;
    VEC(double) ends = {0};
    double last = model->step_start[model->n_steps - 1];
    int32_t most = PLAN_MOST_MONTHS;
    if (model->end - model->start < SHORT_RUN_DAYS) {
        most = MOST_STEPS;
        plan->months_are_steps = true;
        for (int32_t k = 0; k < model->n_steps; k++) {
            vec_push(arena, &ends, model->step_start[k]);
        }
    } else {
        Civil first = date_civil((int32_t)m_floor(model->start));
        int32_t day = date_days((Civil){first.year, first.month, 1});
        double month = model->start;
        for (int32_t i = 1; month < last; i++) {
            month = m_min((double)(date_add_months(day, i) - 1), model->end);
            vec_push(arena, &ends, month);
        }
    }
    int32_t stride = (ends.n + most - 1) / most, n = 0;
    for (int32_t i = 0; i < ends.n; i++) {
        if ((ends.n - 1 - i) % stride == 0) { // counted from the end, which is always kept
            ends.p[n++] = ends.p[i];
        }
    }
    plan->month_end = ends.p;
    plan->n_months = n;
}

// ---- Units --------------------------------------------------------------------------------------

// What series keep of a future until its unit is counted (ask/points.h; ask/unit.h for those in
// rows).
static double series_bytes(const Plan *plan)
{
    double bytes = 0;
    for (int32_t a = 0; a < plan->n_asked; a++) {
        const Asked *asked = &plan->asked[a];
        double value = !points_serve(asked) ? 4 : asked->kind == RESULT_NUMBER ? 2 : 0;
        bytes += asked->is_series ? value * (double)plan->n_points : 0;
    }
    return bytes;
}

// A unit should be large enough to fill blocks, and to count many values of a point at once, and
// small enough to show progress: about a quarter of a second of work, 8 MB of series.
static uint32_t choose_unit(const Plan *plan)
{
    const double most_operations = 1e9, most_bytes = 8 << 20;
    double cost = 1;
    for (int32_t t = 0; t < plan->n_tellings; t++) {
        const Program *program = plan->tellings[t].program;
        double ops = (double)program->n_steps * (double)(program->step.n + program->look.n + 1) +
                     (double)(program->start.n + program->finish.n);
        cost = ops > cost ? ops : cost;
    }
    double bytes = series_bytes(plan);
    uint32_t n = POINTS_MOST;
    while (n > 256 && (double)n * bytes > most_bytes) {
        n /= 2;
    }
    while (n > 1024 && (double)n * cost > most_operations) {
        n /= 2;
    }
    return n;
}

// First of n things in section s of S.
static uint64_t section_start(uint64_t n, int32_t s, int32_t sections)
{
    // ceil(s n / S): then floor(i S / n) = s for all of the section. n < 2^32.
    return ((uint64_t)s * n + (uint64_t)sections - 1) / (uint64_t)sections;
}

static uint64_t ceil_div(uint64_t a, uint64_t b)
{
    return (a + b - 1) / b;
}

// Whole worlds of a unit; 0: a world is cut into several units.
static uint64_t worlds_per_unit(const Plan *plan)
{
    return plan->worlds > 1 ? plan->unit_futures / plan->futures : 0;
}

static uint64_t units_in_section(const Plan *plan, int32_t s)
{
    uint64_t all = plan->worlds > 1 ? plan->worlds : plan->futures;
    uint64_t n =
        section_start(all, s + 1, plan->n_sections) - section_start(all, s, plan->n_sections);
    uint64_t per_unit = worlds_per_unit(plan);
    if (plan->worlds == 1) {
        return ceil_div(n, plan->unit_futures);
    }
    return per_unit > 0 ? ceil_div(n, per_unit) : n * ceil_div(plan->futures, plan->unit_futures);
}

static void cut_units(Plan *plan)
{
    uint64_t things = plan->worlds > 1 ? plan->worlds : plan->futures;
    plan->n_sections = things < PLAN_SECTIONS ? (int32_t)things : PLAN_SECTIONS;
    uint64_t rounds = 0;
    for (int32_t s = 0; s < plan->n_sections; s++) {
        uint64_t n = units_in_section(plan, s);
        rounds = n > rounds ? n : rounds;
    }
    plan->n_rounds = (int64_t)rounds;
    plan->n_units = plan->n_rounds * plan->n_sections;
}

WorkUnit plan_unit(const Plan *plan, int64_t id)
{
    int32_t s = (int32_t)(plan->in_order ? id / plan->n_rounds : id % plan->n_sections);
    uint64_t round = (uint64_t)(plan->in_order ? id % plan->n_rounds : id / plan->n_sections);
    WorkUnit unit = {.section = s, .whole = true, .n_futures = (uint32_t)plan->futures};
    if (round >= units_in_section(plan, s)) {
        return unit;
    }
    uint64_t all = plan->worlds > 1 ? plan->worlds : plan->futures;
    uint64_t lo = section_start(all, s, plan->n_sections);
    uint64_t hi = section_start(all, s + 1, plan->n_sections);
    uint64_t per_unit = worlds_per_unit(plan), step = plan->unit_futures;
    unit.n_worlds = 1;
    if (plan->worlds == 1) {
        uint64_t from = lo + round * step, left = hi - from;
        unit.future = (uint32_t)from;
        unit.n_futures = (uint32_t)(left < step ? left : step);
        unit.whole = unit.n_futures == plan->futures;
    } else if (per_unit > 0) {
        unit.world = lo + round * per_unit;
        uint64_t left = hi - unit.world;
        unit.n_worlds = (int32_t)(left < per_unit ? left : per_unit);
    } else {
        uint64_t cuts = ceil_div(plan->futures, step);
        uint64_t from = round % cuts * step, left = plan->futures - from;
        unit.world = lo + round / cuts;
        unit.future = (uint32_t)from;
        unit.n_futures = (uint32_t)(left < step ? left : step);
        unit.whole = false;
    }
    return unit;
}

void plan_cut(Plan *plan, uint32_t unit_futures)
{
    plan->unit_futures = unit_futures;
    cut_units(plan);
}

// ---- All of it ----------------------------------------------------------------------------------

static Status set_size(Plan *plan, const RunOptions *options, Error *error)
{
    plan->worlds = options->worlds          ? options->worlds
                   : options->precision > 0 ? RUN_MOST_WORLDS
                                            : RUN_WORLDS;
    plan->futures = options->futures ? options->futures : RUN_FUTURES;
    if (plan->worlds > UINT32_MAX || plan->futures > UINT32_MAX) {
        return error_set(error, ST_USAGE, "at most 4,294,967,295 worlds, and futures in each");
    }
    return ST_OK;
}

static Status make_plan(Arena *arena, const Model *model, const RunOptions *options,
                        const Voice *voices, int32_t n, bool trace, Telling **tellings, Plan **out,
                        Error *error)
{
    Plan *plan = ARENA_NEW(arena, Plan);
    plan->model = model;
    plan->seed = options->seed;
    plan->changed = model->set_views && !options->as_written;
    plan->story = -1; // until unknowns are linked
    plan->engine = (EngineOptions){.seed = options->seed,
                                   .isa = options->isa,
                                   .lanes = options->lanes,
                                   .never_sweep = options->never_sweep,
                                   .never_compact = options->never_compact};
    if (!options->isa_given) {
        TRY(engine_pick_isa(&plan->engine.isa, error));
    }
    TRY(set_size(plan, options, error));
    TRY(check_names(model->views[0], options, error));
    TRY(make_tellings(arena, plan, voices, n, trace, tellings, error));
    link_questions(arena, plan, *tellings, options);
    choose_points(plan);
    choose_months(arena, plan);
    plan->unit_futures =
        options->unit_futures > 0 ? (uint32_t)options->unit_futures : choose_unit(plan);
    plan->in_order = options->samples != NULL;
    cut_units(plan);
    *out = plan;
    return ST_OK;
}

Status plan_make(Arena *arena, const Model *model, const RunOptions *options, bool trace,
                 Plan **out, Error *error)
{
    Voice *voices = ARENA_ARRAY(arena, Voice, model->n_views + 1);
    int32_t n = pool_voices(model, options, voices);
    Telling *tellings = NULL;
    TRY(make_plan(arena, model, options, voices, n, trace, &tellings, out, error));
    link_unknowns(arena, *out, tellings);
    (*out)->pooled = n > 1 || (!options->view && voices[0].view->role == VIEW_STORY);
    return ST_OK;
}

Status plan_make_columns(Arena *arena, const Model *model, const RunOptions *options,
                         const View *const *views, int32_t n, Plan **out, Error *error)
{
    Voice *voices = ARENA_ARRAY(arena, Voice, n);
    for (int32_t i = 0; i < n; i++) {
        voices[i] = (Voice){views[i], 1};
    }
    Telling *tellings = NULL;
    return make_plan(arena, model, options, voices, n, false, &tellings, out, error);
}

int32_t plan_threads(const Plan *plan, const RunOptions *options)
{
    int64_t n = options->threads > 0 ? options->threads : clock_processors();
    n = n > LIMIT_THREADS ? LIMIT_THREADS : n;
    return (int32_t)(n > plan->n_units ? plan->n_units : n);
}
