// SPDX-License-Identifier: MIT
//
// `casus check --reach`: the readings run with their marks, what is missed in all of them, and
// whether it can be.
#include "ask/reach.h"

#include "ask/exact.h"
#include "ask/marks.h"
#include "ask/plan.h"
#include "ask/settle.h"
#include "ask/words.h"
#include "base/num.h"
#include "math/bits.h"
#include "math/elementary.h"

// What is missed is worked out where it takes no more than this.
enum { EXACT_MB = 32 };

// A mark, or a question of the model's own, over all readings.
typedef struct {
    Mark mark;        // of a question: kind, span and `what` only; parent among the parts
    int32_t question; // REACH_QUESTION: its index; else -1
    bool reached;     // of a question: it has several answers
    Str always;
    double value; // of a FLAG or DATE with one answer: the share, 0 or 1; of a NUMBER that number
    int32_t level;
    double chance, lost;
    bool unknown; // some reading could not be worked out
    uint64_t futures;
} Part;

typedef struct {
    const View *marked;   // with all marks
    const int32_t *parts; // by question of `marked`: index of its part, -1: not looked at
} Reading;

typedef struct {
    const Model *model;
    RunOptions run;
    Arena *arena, *answer;
    const Plan *plan;
    Reading *readings; // by telling
    VEC(Part) parts;
    Reach *out;
} Reacher;

// ---- Parts --------------------------------------------------------------------------------------

static int32_t find_part(const Reacher *r, const Mark *mark)
{
    for (int32_t i = 0; i < r->parts.n; i++) {
        const Part *p = &r->parts.p[i];
        if (p->mark.kind == mark->kind && p->mark.part == mark->part &&
            p->mark.span.file == mark->span.file && p->mark.span.lo == mark->span.lo) {
            return i;
        }
    }
    return -1;
}

static int32_t add_part(Reacher *r, Mark mark, int32_t question)
{
    int32_t i = find_part(r, &mark);
    if (i < 0) {
        i = r->parts.n;
        vec_push(r->arena, &r->parts,
                 ((Part){.mark = mark, .question = question, .chance = 0, .level = -1}));
    }
    return i;
}

static void add_reading(Reacher *r, int32_t t)
{
    const View *view = r->plan->tellings[t].view;
    Marks marks = {0};
    const View *marked = marks_add(r->arena, view, r->run.sources, &marks);
    int32_t *parts = ARENA_ARRAY(r->arena, int32_t, marked->n_questions + 1);
    for (int32_t q = 0; q < view->n_questions; q++) {
        const Question *question = &view->questions[q];
        Mark mark = {REACH_QUESTION, question->span, q, -1, NULL, question->name};
        bool series = question->form.kind == FORM_OVER_TIME;
        parts[q] = series ? -1 : add_part(r, mark, q);
    }
    for (int32_t i = 0; i < marks.n; i++) { // parents come before what they hold
        Mark mark = marks.p[i];
        mark.parent = mark.parent < 0 ? -1 : parts[view->n_questions + mark.parent];
        parts[view->n_questions + i] = add_part(r, mark, -1);
    }
    r->readings[t] = (Reading){marked, parts};
}

// The questions of a reading whose parts `wanted` says, as a view of their own.
typedef struct {
    const View *view;
    int32_t *parts, n; // by question
} Chosen;

static Chosen choose(const Reacher *r, int32_t t, bool (*wanted)(const Reacher *r, int32_t part))
{
    const Reading *reading = &r->readings[t];
    int32_t n = reading->marked->n_questions;
    int32_t *questions = ARENA_ARRAY(r->arena, int32_t, n + 1);
    Chosen chosen = {.parts = ARENA_ARRAY(r->arena, int32_t, n + 1)};
    for (int32_t q = 0; q < n; q++) {
        int32_t part = reading->parts[q];
        if (part >= 0 && wanted(r, part)) {
            questions[chosen.n] = q;
            chosen.parts[chosen.n++] = part;
        }
    }
    chosen.view = marks_only(r->arena, reading->marked, questions, chosen.n);
    return chosen;
}

// ---- Sampled ------------------------------------------------------------------------------------

// The one answer of a question in a sample, or an empty text.
static Str one_answer(Reacher *r, const Item *item, const Question *question, Part *part)
{
    double p = item->value.value;
    if (item->futures == 0) {
        return item->why;
    }
    switch (item->kind) {
    case ITEM_FLAG: part->value = p; return p == 0 ? STR("no") : p == 1 ? STR("yes") : STR("");
    case ITEM_DATE: part->value = p; return p == 0 ? STR("never") : STR("");
    case ITEM_LEVEL:
        for (int32_t l = 0; l < item->n_levels; l++) {
            if (item->levels[l].share.value == 1) {
                part->level = l;
                return item->levels[l].name;
            }
        }
        return STR("");
    case ITEM_NUMBER:
        // A deviation is known to about a 1e-7th of the mean.
        if (item->sd > 1e-6 * m_abs(p)) {
            return STR("");
        }
        part->value = p;
        return words_value(r->arena, r->plan->tellings[0].view, question->kind, question->shown, p);
    case ITEM_SERIES: break;
    }
    return STR("");
}

static void note_item(Reacher *r, const View *view, const Item *item, Part *part)
{
    part->futures += part->question < 0 ? item->futures : r->out->provenance.futures;
    if (part->question < 0) {
        part->reached = part->reached || item->value.value > 0;
        return;
    }
    Str always = one_answer(r, item, &view->questions[part->question], part);
    bool other = part->always.n > 0 && !str_eq(always, part->always);
    part->reached = part->reached || always.n == 0 || other;
    part->always = part->always.n > 0 ? part->always : str_copy(r->arena, always);
}

static bool every(const Reacher *r, int32_t part)
{
    (void)r;
    (void)part;
    return true;
}

// As in a run, each reading for itself.
static RunOptions reading_options(const Reacher *r, const View *view)
{
    RunOptions run = r->run;
    run.view = view;
    run.as_written = true; // it is told as it stands
    run.questions = NULL;
    run.n_questions = 0;
    run.no_movers = true;
    return run;
}

static Status sample_reading(Reacher *r, int32_t t, Error *error)
{
    Chosen chosen = choose(r, t, every);
    RunOptions run = reading_options(r, chosen.view);
    Arena *arena = arena_new(0);
    Answer *answer = NULL;
    Status status = chosen.n > 0 ? ask_run(arena, r->model, &run, &answer, error) : ST_OK;
    if (status == ST_OK && answer) {
        Provenance *p = &r->out->provenance;
        p->futures = answer->provenance.futures;
        p->worlds = answer->provenance.worlds;
        p->partial = p->partial || answer->provenance.partial;
        for (int32_t i = 0; i < chosen.n; i++) {
            note_item(r, chosen.view, &answer->items[i], &r->parts.p[chosen.parts[i]]);
        }
    }
    arena_free(arena);
    return status;
}

// ---- Exactly ------------------------------------------------------------------------------------

static bool is_missed(const Reacher *r, int32_t part)
{
    const Part *p = &r->parts.p[part];
    int32_t parent = p->mark.parent;
    return !p->reached && p->futures > 0 && (parent < 0 || r->parts.p[parent].reached);
}

// The chance that a number is another than this one, but for rounding.
static double off_value(const Item *item, double value)
{
    double off = 0;
    for (int32_t i = 0; i < item->n_atoms; i++) {
        bool same = m_abs(item->atoms[i].value - value) <= 1e-9 * m_max(1, m_abs(value));
        off += same ? 0 : item->atoms[i].share;
    }
    return off;
}

// The chance that an item is otherwise than the sample showed; NaN: not known.
static double otherwise(const Item *item, const Part *part)
{
    double p = item->value.value;
    if (item->why.n > 0) {
        return item->defined.value == 0 ? 0 : MATH_NAN;
    }
    if (part->question < 0) {
        return p;
    }
    switch (item->kind) {
    case ITEM_FLAG:
    case ITEM_DATE: return part->value == 1 ? 1 - p : p;
    case ITEM_LEVEL: return part->level >= 0 ? 1 - item->levels[part->level].share.value : MATH_NAN;
    case ITEM_NUMBER: return off_value(item, part->value);
    case ITEM_SERIES: break;
    }
    return MATH_NAN;
}

static void work_out_reading(Reacher *r, int32_t t)
{
    Chosen chosen = choose(r, t, is_missed);
    RunOptions run = reading_options(r, chosen.view);
    Arena *arena = arena_new(0);
    Answer *answer = NULL;
    bool there =
        chosen.n > 0 && ask_exact(arena, r->model, &run, (ExactLimits){.megabytes = EXACT_MB},
                                  &answer, NULL) == ST_OK;
    for (int32_t i = 0; i < chosen.n; i++) {
        Part *part = &r->parts.p[chosen.parts[i]];
        double chance = there ? otherwise(&answer->items[i], part) : MATH_NAN;
        part->unknown = part->unknown || m_is_nan(chance);
        part->chance += r->plan->tellings[t].share * chance;
        part->lost += there ? r->plan->tellings[t].share * answer->provenance.lost : 0;
    }
    arena_free(arena);
}

// ---- Findings -----------------------------------------------------------------------------------

static ReachFinding finding_of(const Reacher *r, const Part *part)
{
    const DiagList *sources = r->run.sources;
    Span span = part->mark.span;
    ReachFinding f = {.kind = part->mark.kind,
                      .what = str_copy(r->answer, part->mark.what),
                      .always = str_copy(r->answer, part->always),
                      .chance = part->unknown ? MATH_NAN : part->chance,
                      .lost = part->lost,
                      .futures = part->futures};
    if (sources && span.file >= 0 && span.file < sources->sources.n) {
        f.file = str_copy(r->answer, sources->sources.p[span.file].path);
        f.line = diag_place(sources, span.file, span.lo).line;
    }
    return f;
}

static void tell_findings(Reacher *r)
{
    ReachFinding *findings = ARENA_ARRAY(r->answer, ReachFinding, r->parts.n + 1);
    for (int32_t kind = 0; kind < REACH_KINDS; kind++) {
        for (int32_t i = 0; i < r->parts.n; i++) {
            const Part *part = &r->parts.p[i];
            if ((int32_t)part->mark.kind != kind) {
                continue;
            }
            r->out->tried[kind]++;
            r->out->missed[kind] += !part->reached;
            if (is_missed(r, i)) {
                findings[r->out->n_findings++] = finding_of(r, part);
            }
        }
    }
    r->out->findings = findings;
}

// ---- All of it ----------------------------------------------------------------------------------

static bool is_stopped(const Reacher *r)
{
    return r->run.stop && *r->run.stop;
}

static Status work(Reacher *r, Error *error)
{
    Plan *plan = NULL;
    TRY(plan_make(r->arena, r->model, &r->run, false, &plan, error));
    r->plan = plan;
    r->out->provenance = settle_provenance(r->answer, plan);
    r->out->n_readings = plan->n_tellings;
    r->readings = ARENA_ARRAY(r->arena, Reading, plan->n_tellings + 1);
    for (int32_t t = 0; t < plan->n_tellings; t++) {
        add_reading(r, t);
    }
    for (int32_t t = 0; t < plan->n_tellings && !is_stopped(r); t++) {
        TRY(sample_reading(r, t, error));
    }
    for (int32_t t = 0; t < plan->n_tellings && !is_stopped(r); t++) {
        work_out_reading(r, t);
    }
    r->out->provenance.partial = r->out->provenance.partial || is_stopped(r);
    tell_findings(r);
    return ST_OK;
}

Status ask_reach(Arena *answer_arena, const Model *model, const ReachOptions *options,
                 Reach **reach, Error *error)
{
    Reacher r = {.model = model, .run = options->run, .answer = answer_arena};
    r.arena = arena_new(0);
    r.out = ARENA_NEW(answer_arena, Reach);
    r.run.worlds = r.run.worlds ? r.run.worlds : REACH_WORLDS;
    r.run.futures = r.run.futures ? r.run.futures : REACH_FUTURES;
    r.run.questions = NULL;
    r.run.n_questions = 0;
    Status status = work(&r, error);
    *reach = r.out;
    arena_free(r.arena);
    return status;
}
