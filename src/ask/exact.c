// SPDX-License-Identifier: MIT
//
// `casus exact`: stories, moments and checks, and what became of the questions.
#include "ask/exact.h"

#include "ask/exact_impl.h"
#include "ask/settle.h"
#include "ask/settle_impl.h"
#include "ask/words.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/num.h"
#include "base/vec.h"
#include "lower/lower.h"

// What `casus check` spends on looking whether states multiply.
enum { FIRST_LOOK_MEMORY = 32000000, FIRST_LOOK_WORK = 4000000 };

#define STOPPED "stopped before this was answered"

// ---- Reasons ------------------------------------------------------------------------------------

// "`front` (12 values)"
static Str many_text(Exact *x, int32_t t, const Program *program, const ManyValues *many)
{
    Str values = num_grouped(x->arena, many->n_values, 0);
    if (many->delay.n > 0) {
        Str place =
            exact_place(x->arena, x->plan->tellings[t].view, x->options->sources, many->delay);
        return str_format(x->arena,
                          "the drawn delay at %.*s (%.*s dates, up to %d under way at once)",
                          STR_ARG(place), STR_ARG(values), (int)many->n_columns);
    }
    for (int32_t i = 0; i < program->n_states; i++) {
        if (program->states[i].col == many->column) {
            return str_format(x->arena, "`%.*s` (%.*s values)", STR_ARG(program->states[i].name),
                              STR_ARG(values));
        }
    }
    return str_format(x->arena, "what is remembered of events or for questions (%.*s values)",
                      STR_ARG(values));
}

static Str large_text(Exact *x, int32_t t, const Program *program, const ExactPass *pass)
{
    Buf buf = {.arena = x->answer_arena};
    Str states = num_grouped(x->arena, (double)pass->most_states, 0);
    buf_addf(&buf, "too many states: %.*s after %d of %d steps, and ", STR_ARG(states),
             (int)pass->steps, (int)program->n_steps);
    if (pass->growth > 0) {
        buf_addf(&buf, "%.2g times as many with each", pass->growth);
    } else {
        buf_addf(&buf, "still more");
    }
    for (int32_t i = 0; i < pass->n_many; i++) {
        Str many = many_text(x, t, program, &pass->many[i]);
        buf_addf(&buf, "%s%.*s", i ? ", " : "; most values: ", STR_ARG(many));
    }
    if (pass->combined > 2 * (double)pass->most_states) {
        buf_addf(&buf, "; all values met so far could combine to %.0e states", pass->combined);
    }
    if (pass->growth > 0) {
        buf_addf(&buf,
                 "; fractions that every step works out anew take ever more values: round them, "
                 "or let `casus run` sample them; should they soon take no more");
    }
    const char *then = pass->growth > 0 ? ", " : "; ";
    buf_addf(&buf, "%s--memory allows more than %.0f MB", then, (double)x->memory / 1e6);
    return buf_str(&buf);
}

static Str reason(Exact *x, int32_t t, const Program *program, const ExactPass *pass)
{
    const Telling *telling = &x->plan->tellings[t];
    Arena *arena = x->answer_arena;
    switch (pass->end) {
    case EXACT_NOT_FINITE: {
        Str place = exact_place(arena, telling->view, x->options->sources, pass->why.site);
        if (pass->why.in_world) {
            return str_format(arena,
                              "it rests on %.*s, which can be any number of a range: `casus exact "
                              "--over-priors 1024` averages over it and `casus run` samples it; or "
                              "fix it with --set",
                              STR_ARG(place));
        }
        return str_format(arena,
                          "the draw at %.*s can come to any number of a range, and what is done "
                          "with it keeps them apart: a draw of few values (`one of`, a binomial, "
                          "a rounded number) or a comparison would be finite",
                          STR_ARG(place));
    }
    case EXACT_TOO_LARGE: return large_text(x, t, program, pass);
    case EXACT_WORLDS:
        return x->prior_points > 0 ? STR("so many worlds take more memory than --memory allows: "
                                         "ask for fewer with --over-priors")
                                   : STR("too many combinations of what is unknown");
    case EXACT_COSTLY: return STR("it takes more work than is allowed here");
    case EXACT_OUTCOMES:
        return STR("one block has more than a million outcomes that cannot be told apart before "
                   "its end");
    default: return STR(STOPPED);
    }
}

// ---- Stories ------------------------------------------------------------------------------------

// Whether all of some questions rest on finitely many states, and if not what stands against it.
static bool all_finite(Exact *x, int32_t t, const int32_t *asked, int32_t n, ExactPass *pass)
{
    *pass = (ExactPass){.end = EXACT_NOT_FINITE};
    Arena *scratch = arena_new(0);
    ExactAsk ask = exact_ask(x, t, asked, n, pass);
    Script *script;
    bool fine =
        script_make(scratch, x->plan->tellings[t].program, &ask.wanted, &script, &pass->why);
    arena_free(scratch);
    return fine;
}

// Whether a question over time is asked among the futures of a condition alone.
static bool is_conditional_series(const Exact *x, int32_t a)
{
    const Asked *asked = &x->plan->asked[a];
    return asked->is_series && x->plan->tellings[0].view->questions[asked->question].n_given > 0;
}

// Those that need no quasi-random worlds have none.
static void answer_telling(Exact *x, int32_t t)
{
    int32_t *list = ARENA_ARRAY(x->arena, int32_t, x->plan->n_asked + 1), n = 0;
    int32_t *endless = ARENA_ARRAY(x->arena, int32_t, x->plan->n_asked + 1), n_endless = 0;
    for (int32_t a = 0; a < x->plan->n_asked; a++) {
        ExactPass pass;
        bool fine = x->prior_points == 0 || all_finite(x, t, &a, 1, &pass);
        if (!is_conditional_series(x, a) && (fine || !pass.why.in_world)) {
            list[n++] = a;
        } else if (!is_conditional_series(x, a)) {
            endless[n_endless++] = a;
        }
    }
    exact_together(x, t, list, n, false);
    exact_together(x, t, endless, n_endless, true);
}

// ---- Over time, with a condition
// ------------------------------------------------------------------

static int32_t result_of(const Program *program, int32_t question)
{
    int32_t i = 0;
    while (program->results[i].question != question || program->results[i].tie) {
        i++;
    }
    return i;
}

// One moment in one story.
static Status answer_moment(Exact *x, int32_t t, int32_t a, int32_t point, ExactPart *part,
                            Error *error)
{
    int32_t steps = x->plan->model->n_steps, done = point * x->plan->stride;
    LowerOptions lower = {.at_moment = true, .moment = (done < steps ? done : steps) - 1};
    Arena *arena = arena_new(0);
    Program *program = NULL;
    Status status =
        lower_view(arena, x->plan->model, x->plan->tellings[t].view, lower, &program, error);
    if (status == ST_OK) {
        ExactPass *pass = ARENA_NEW(x->arena, ExactPass);
        int32_t result = result_of(program, x->plan->asked[a].question);
        Wanted wanted = {.results = &result, .n_results = 1};
        x->watch.part = str_format(x->arena, "question %d of %d, moment %d of %d", (int)a + 1,
                                   (int)x->plan->n_asked, (int)point + 1, (int)x->plan->n_points);
        *part = (ExactPart){pass, 0, -1, -1};
        exact_run(x, program, &wanted, pass);
        exact_note(x, pass);
        x->no_moment[a] = pass->end == EXACT_DONE ? STR("") : reason(x, t, program, pass);
    }
    arena_free(arena);
    return status;
}

// What is so at a moment and what decides the condition later cannot be told from one pass over all
// moments, unless it remembered each of them: every moment is a question of its own, and a pass.
static Status answer_moments(Exact *x, int32_t a, Error *error)
{
    int32_t n = x->plan->n_points, n_tellings = x->plan->n_tellings;
    x->moments[a] = ARENA_ARRAY(x->arena, ExactPart **, n);
    for (int32_t i = 0; i < n && !x->stopped; i++) {
        x->moments[a][i] = ARENA_ARRAY(x->arena, ExactPart *, n_tellings);
        for (int32_t t = 0; t < n_tellings && x->no_moment[a].n == 0; t++) {
            x->moments[a][i][t] = ARENA_ARRAY(x->arena, ExactPart, x->plan->n_asked);
            TRY(answer_moment(x, t, a, i, &x->moments[a][i][t][a], error));
        }
    }
    if (x->stopped) {
        x->no_moment[a] = STR(STOPPED);
    }
    return ST_OK;
}

static Status answer_all_moments(Exact *x, Error *error)
{
    x->moments = ARENA_ARRAY(x->arena, ExactPart ***, x->plan->n_asked + 1);
    x->no_moment = ARENA_ARRAY(x->arena, Str, x->plan->n_asked + 1);
    for (int32_t a = 0; a < x->plan->n_asked; a++) {
        if (is_conditional_series(x, a)) {
            TRY(answer_moments(x, a, error));
        }
    }
    return ST_OK;
}

// ---- Checks -------------------------------------------------------------------------------------

static void remark(Exact *x, Str text)
{
    vec_push(x->answer_arena, &x->remarks, ((Remark){.text = text}));
}

// Probability that each check fails before any other does.
static void examine(Exact *x, int32_t t, double *failed)
{
    const Telling *telling = &x->plan->tellings[t];
    ExactPass pass;
    Wanted wanted = {.checks = true};
    if (telling->program->n_checks == 0 || x->stopped) {
        return;
    }
    x->watch.part = STR("the checks of the model");
    exact_run(x, telling->program, &wanted, &pass);
    exact_note(x, &pass);
    if (pass.end != EXACT_DONE) {
        Str why = reason(x, t, telling->program, &pass);
        remark(x, str_format(x->answer_arena, "the checks of the model were not looked at: %.*s",
                             STR_ARG(why)));
        return;
    }
    for (int32_t w = 0; w < pass.n_worlds; w++) {
        for (int32_t c = 0; c < telling->program->n_checks; c++) {
            failed[c] += telling->share * pass.worlds[w].weight * pass.worlds[w].failed[c];
        }
    }
}

static bool examine_all(Exact *x)
{
    const View *view = x->plan->tellings[0].view;
    double *failed = ARENA_ARRAY(x->arena, double, view->n_checks + 1);
    bool any = false;
    for (int32_t t = 0; t < x->plan->n_tellings; t++) {
        if (x->plan->tellings[t].program->n_checks == view->n_checks) {
            examine(x, t, failed);
        }
    }
    for (int32_t c = 0; c < view->n_checks; c++) {
        if (failed[c] > 0) {
            any = true;
            Str text = words_check(x->answer_arena, x->options->sources, &view->checks[c]);
            remark(x, str_format(x->answer_arena,
                                 "the check \"%.*s\" is the first to fail with a probability of "
                                 "%.3g",
                                 STR_ARG(text), failed[c]));
        }
    }
    return any;
}

// ---- What else there is to say
// -------------------------------------------------------------------

static void remark_troubles(Exact *x)
{
    ExactOptions options = {.memory = x->memory, .stop = x->options->stop};
    TroubleList list = {0};
    exact_trouble(x->arena, x->plan, &options, &list);
    for (int32_t i = 0; i < list.n; i++) {
        const TroubleShare *one = &list.p[i];
        Buf buf = {.arena = x->answer_arena};
        buf_add(&buf, one->name);
        if (one->span.file >= 0) {
            const DiagList *sources = x->options->sources;
            Str path = sources ? sources->sources.p[one->span.file].path : (Str){0};
            if (sources) {
                int line = (int)diag_place(sources, one->span.file, one->span.lo).line;
                buf_addf(&buf, " (%.*s:%d)", STR_ARG(path), line);
            }
            buf_add(&buf, STR(" was infinite or not a number"));
        }
        buf_addf(&buf, " with a probability of %.3g", one->share);
        remark(x, buf_str(&buf));
    }
}

static void remark_priors(Exact *x, uint64_t asked)
{
    uint64_t told = (uint64_t)EXACT_SETS * x->prior_points;
    if (asked > 0 && !x->used_priors && !x->stopped) {
        remark(x,
               STR("--over-priors changes nothing here: no answer rests on a param that can be any "
                   "number"));
    } else if (asked > 0 && told != asked && x->used_priors) {
        remark(x,
               str_format(x->answer_arena,
                          "--over-priors %.*s is taken as %.*s: worlds come in %d sets of one size",
                          STR_ARG(num_grouped(x->arena, (double)asked, 0)),
                          STR_ARG(num_grouped(x->arena, (double)told, 0)), EXACT_SETS));
    }
}

// ---- The answer ---------------------------------------------------------------------------------

static Str item_reason(Exact *x, int32_t a)
{
    if (is_conditional_series(x, a)) {
        return x->no_moment[a];
    }
    for (int32_t t = 0; t < x->plan->n_tellings; t++) {
        const ExactPass *pass = x->parts[t][a].pass;
        if (!pass || pass->end != EXACT_DONE) {
            return pass ? reason(x, t, x->plan->tellings[t].program, pass) : STR(STOPPED);
        }
    }
    return (Str){0};
}

// Over all worlds (-1) or those of a set.
static void make_item(const Exact *x, int32_t a, int32_t set, Item *item)
{
    if (is_conditional_series(x, a)) {
        ExactPart *const *const *points = (ExactPart *const *const *)x->moments[a];
        exact_item_moments(x->answer_arena, x->plan, x->options, a, points, set, item);
    } else {
        exact_item(x->answer_arena, x->plan, x->options, a, x->parts, set, item);
    }
}

static bool is_in_sets(const Exact *x, int32_t a, ExactPart *const *parts)
{
    bool in_sets = false;
    for (int32_t t = 0; t < x->plan->n_tellings; t++) {
        const ExactPass *pass = parts[t][a].pass;
        in_sets = in_sets || (pass->n_worlds > 0 && pass->worlds[0].set >= 0);
    }
    return in_sets;
}

static void add_errors(Exact *x, int32_t a, Item *item)
{
    bool in_sets = !is_conditional_series(x, a) && is_in_sets(x, a, x->parts);
    for (int32_t i = 0; is_conditional_series(x, a) && i < x->plan->n_points; i++) {
        in_sets = in_sets || is_in_sets(x, a, x->moments[a][i]);
    }
    Item sets[EXACT_SETS];
    for (int32_t s = 0; s < EXACT_SETS && in_sets; s++) {
        make_item(x, a, s, &sets[s]);
    }
    if (in_sets && item->why.n == 0) {
        exact_item_errors(x->answer_arena, item, sets);
    }
}

// As a run remarks it, with a probability for a count of futures.
static void remark_left_out(Exact *x, int32_t a)
{
    double p = is_conditional_series(x, a) ? 0 : exact_left_out(x->plan, a, x->parts);
    if (p > 0) {
        const View *view = x->plan->tellings[0].view;
        const Question *q = &view->questions[x->plan->asked[a].question];
        remark(x, str_format(x->answer_arena,
                             "%.*s is infinite or not a number (a division by 0, a date that never "
                             "comes) with a probability of %.3g, and these futures are left out",
                             STR_ARG(q->name), p));
    }
}

static Status settle(Exact *x, Answer *answer, Error *error)
{
    Item *items = ARENA_ARRAY(x->answer_arena, Item, x->plan->n_asked + 1);
    int32_t n_answered = 0;
    Str first = {0};
    for (int32_t a = 0; a < x->plan->n_asked; a++) {
        Str why = item_reason(x, a);
        if (why.n > 0) {
            exact_item_none(x->answer_arena, x->plan, x->options, a, why, &items[a]);
            first = first.n > 0 ? first : why;
        } else {
            make_item(x, a, -1, &items[a]);
            remark_left_out(x, a);
            add_errors(x, a, &items[a]);
            n_answered++;
        }
    }
    answer->items = items;
    answer->n_items = x->plan->n_asked;
    if (n_answered == 0 && x->plan->n_asked > 0) {
        return x->stopped
                   ? error_set(error, ST_INTERRUPTED,
                               "stopped before the first answer: an exact answer is there when "
                               "it is whole, and not in parts")
                   : error_set(error, ST_USAGE, "no exact answer: %.*s", STR_ARG(first));
    }
    return ST_OK;
}

static void set_points(Exact *x)
{
    int32_t steps = x->plan->model->n_steps;
    int32_t *points = ARENA_ARRAY(x->arena, int32_t, steps + 2);
    for (int32_t k = -1; k < steps; k++) {
        points[k + 1] = plan_point_of(x->plan, k);
    }
    x->point_of = points;
}

static Status work_out(Exact *x, Answer *answer, ExactLimits limits, Error *error)
{
    set_points(x);
    x->parts = ARENA_ARRAY(x->arena, ExactPart *, x->plan->n_tellings);
    for (int32_t t = 0; t < x->plan->n_tellings; t++) {
        x->parts[t] = ARENA_ARRAY(x->arena, ExactPart, x->plan->n_asked + 1);
        answer_telling(x, t);
    }
    TRY(answer_all_moments(x, error));
    TRY(settle(x, answer, error));
    answer->check_failed = examine_all(x);
    if (!limits.work && !x->stopped) {
        remark_troubles(x);
    }
    remark_priors(x, limits.priors);
    answer->provenance = settle_provenance(x->answer_arena, x->plan);
    Provenance *p = &answer->provenance;
    p->worlds = x->used_priors ? (uint64_t)EXACT_SETS * x->prior_points : 0;
    p->futures = p->futures_wanted = p->futures_per_world = 0;
    p->exact = true;
    p->states = x->states;
    p->lost = x->lost;
    p->threads = 1;
    p->partial = x->stopped;
    p->seconds = clock_seconds() - x->watch.started;
    settle_pool(x->answer_arena, x->plan, answer);
    answer->remarks = x->remarks.p;
    answer->n_remarks = x->remarks.n;
    return ST_OK;
}

Status ask_exact(Arena *answer_arena, const Model *model, const RunOptions *options,
                 ExactLimits limits, Answer **answer, Error *error)
{
    Arena *arena = arena_new(0);
    uint64_t megabytes = limits.megabytes ? limits.megabytes : EXACT_MEGABYTES;
    Exact x = {.arena = arena, .answer_arena = answer_arena, .options = options};
    x.blocks_from = limits.blocks_from;
    x.work = limits.work;
    x.most_states = limits.most_states;
    if (limits.priors > EXACT_MOST_PRIORS) {
        arena_free(arena);
        return error_set(error, ST_USAGE, "at most %d worlds over priors", EXACT_MOST_PRIORS);
    }
    x.prior_points = ((uint32_t)limits.priors + EXACT_SETS - 1) / EXACT_SETS;
    x.memory = (size_t)(megabytes < SIZE_MAX / 2000000 ? megabytes * 1000000 : SIZE_MAX / 2);
    x.watch = (ExactWatch){.options = options, .started = clock_seconds()};
    Plan *plan = NULL;
    Status status = plan_make(arena, model, options, false, &plan, error);
    if (status == ST_OK) {
        x.plan = plan;
        *answer = ARENA_NEW(answer_arena, Answer);
        status = work_out(&x, *answer, limits, error);
    }
    arena_free(arena);
    return status;
}

// ---- Does it apply? -----------------------------------------------------------------------------

// The first question that does not, among n of which not all do: by halves, for there may be
// thousands of them.
static int32_t first_endless(Exact *x, int32_t t, const int32_t *asked, int32_t n, ExactPass *pass)
{
    int32_t fine = 0, not_fine = n; // the first `fine` are, the first `not_fine` are not
    while (not_fine - fine > 1) {
        int32_t middle = fine + (not_fine - fine) / 2;
        bool is = all_finite(x, t, asked, middle, pass);
        fine = is ? middle : fine;
        not_fine = is ? not_fine : middle;
    }
    (void)all_finite(x, t, asked + fine, 1, pass);
    return asked[fine];
}

// A look at the first steps of each question, in little memory and with little work for all of
// them: the first whose states multiply without end. Empty: none, as far as can be seen.
static Str first_steps(Exact *x, int32_t t)
{
    enum { BEGIN_WORK = 30 }; // an instruction, read as a pass begins
    const Program *program = x->plan->tellings[t].program;
    uint64_t begins =
        (uint64_t)(program->step.n + program->look.n + program->finish.n) * BEGIN_WORK;
    for (int32_t a = 0; a < x->plan->n_asked; a++) {
        ExactPass pass;
        if (*x->work <= begins || is_conditional_series(x, a)) {
            continue;
        }
        *x->work -= begins;
        ExactAsk ask = exact_ask(x, t, &a, 1, &pass);
        exact_run(x, program, &ask.wanted, &pass);
        if (pass.end == EXACT_TOO_LARGE && pass.growth > 0) {
            Str name = x->plan->tellings[t].view->questions[x->plan->asked[a].question].name;
            Str why = reason(x, t, program, &pass);
            return str_format(x->arena, "`%.*s`: %.*s", STR_ARG(name), STR_ARG(why));
        }
    }
    return (Str){0};
}

Status ask_exact_applies(Arena *arena, const Model *model, const RunOptions *options, Str *why,
                         Error *error)
{
    Plan *plan = NULL;
    TRY(plan_make(arena, model, options, false, &plan, error));
    Exact x = {.arena = arena, .answer_arena = arena, .plan = plan, .options = options};
    uint64_t work = FIRST_LOOK_WORK; // of all stories
    x.memory = FIRST_LOOK_MEMORY;
    set_points(&x);
    x.work = &work;
    x.parts = ARENA_ARRAY(arena, ExactPart *, plan->n_tellings);
    int32_t *asked = ARENA_ARRAY(arena, int32_t, plan->n_asked + 1);
    for (int32_t a = 0; a < plan->n_asked; a++) {
        asked[a] = a;
    }
    *why = (Str){0};
    for (int32_t t = 0; t < plan->n_tellings && why->n == 0; t++) {
        x.parts[t] = ARENA_ARRAY(arena, ExactPart, plan->n_asked + 1);
        ExactPass pass;
        if (!all_finite(&x, t, asked, plan->n_asked, &pass)) {
            int32_t a = first_endless(&x, t, asked, plan->n_asked, &pass);
            Str name = plan->tellings[t].view->questions[plan->asked[a].question].name;
            *why = str_format(arena, "`%.*s`: %.*s", STR_ARG(name),
                              STR_ARG(reason(&x, t, plan->tellings[t].program, &pass)));
        } else {
            *why = first_steps(&x, t);
        }
    }
    return ST_OK;
}
