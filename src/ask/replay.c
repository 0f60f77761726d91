// SPDX-License-Identifier: MIT
//
// One future as a story: the reference executor runs it and tells us what the trace marks.
#include "ask/replay.h"

#include "ask/plan.h"
#include "ask/settle.h"
#include "ask/words.h"
#include "base/limits.h"
#include "base/num.h"
#include "engine/reference.h"
#include "math/bits.h"
#include "math/elementary.h"

// What someone does time and again, or a check that keeps failing: told once.
typedef struct {
    int32_t what; // the option last chosen
    int32_t step; // when
    int32_t fold; // number of its lines
} Habit;

typedef struct {
    Arena *arena;
    const Plan *plan;
    const View *view;
    const Program *program;
    const DiagList *sources;
    double *before; // by state, at the end of the step before
    VEC(StoryLine) lines;
    Habit *habits; // of decisions by decision * members + member, then of checks
    int32_t n_folds, members;
} Teller;

static void tell(Teller *t, int32_t step, Str text, Str detail)
{
    const Model *model = t->plan->model;
    double date = step < 0 ? model->start : model->step_start[step];
    vec_push(t->arena, &t->lines,
             ((StoryLine){
                 .date = date, .step = step, .text = str_copy(t->arena, text), .detail = detail}));
}

// The line just told continues the habit when it says the same as the last time.
static void fold_last(Teller *t, Habit *habit, int32_t what, bool goes_on)
{
    if (habit->fold == 0 || habit->what != what || !goes_on) {
        habit->fold = ++t->n_folds;
    }
    habit->what = what;
    t->lines.p[t->lines.n - 1].fold = habit->fold;
}

static Habit *habit_of_decision(Teller *t, int32_t decision, int32_t member)
{
    return &t->habits[decision * t->members + (member < 0 ? 0 : member)];
}

static Habit *habit_of_check(Teller *t, int32_t check)
{
    return &t->habits[t->view->n_decisions * t->members + check];
}

static void make_habits(Teller *t)
{
    t->members = 1;
    for (int32_t i = 0; i < t->view->n_sets; i++) {
        t->members = t->view->sets[i].n_atoms > t->members ? t->view->sets[i].n_atoms : t->members;
    }
    t->habits = ARENA_ARRAY(t->arena, Habit,
                            (int64_t)t->view->n_decisions * t->members + t->view->n_checks + 1);
}

// ---- Who and what -------------------------------------------------------------------------------

static Str title_or_name(Str title, Str name)
{
    return title.n > 0 ? title : name;
}

static Str atom_text(const View *view, int32_t atom)
{
    if (atom < 0 || atom >= view->n_atoms) {
        return STR("none");
    }
    return title_or_name(view->atoms[atom].title, view->atoms[atom].name);
}

static int32_t member_atom(const View *view, int32_t set, int32_t member)
{
    return set >= 0 && member >= 0 ? view->sets[set].atoms[member] : -1;
}

static Str event_text(Teller *t, int32_t event, int32_t member)
{
    const Event *e = &t->view->events[event];
    Str title = title_or_name(e->title, e->name);
    int32_t atom = member_atom(t->view, e->set, member);
    return atom < 0 ? title
                    : str_format(t->arena, "%.*s (%.*s)", STR_ARG(title),
                                 STR_ARG(atom_text(t->view, atom)));
}

static Str decider_text(Teller *t, const Decision *d, int32_t member)
{
    int32_t atom = d->set >= 0 ? member_atom(t->view, d->set, member) : d->actor;
    return atom < 0 ? title_or_name(d->title, d->name) : atom_text(t->view, atom);
}

// What a note speaks of: an event, or a decision as -1 - index; empty for the model's other blocks.
static Str subject_text(Teller *t, const Note *note)
{
    if (note->subject >= 0 && note->subject < t->view->n_events) {
        return event_text(t, note->subject, note->member);
    }
    int32_t decision = -1 - note->subject;
    if (decision >= 0 && decision < t->view->n_decisions) {
        const Decision *d = &t->view->decisions[decision];
        Str what = title_or_name(d->title, d->name);
        if (d->set >= 0 && note->member < 0) {
            return what; // what follows from a vote
        }
        return str_format(t->arena, "%.*s: %.*s", STR_ARG(decider_text(t, d, note->member)),
                          STR_ARG(what));
    }
    return (Str){0};
}

// ---- Decisions ----------------------------------------------------------------------------------

// A value seen: atoms by name, numbers with the name of their unit.
static Str sight_text(Teller *t, const Expr *value, double v)
{
    Kind kind = value->kind;
    if (kind.tag == KIND_ATOM) {
        return v - v == 0 ? atom_text(t->view, (int32_t)v) : STR("none");
    }
    Shown shown = {.scale = 1};
    if (kind.tag == KIND_NUMBER && kind.unit > 0) {
        shown.unit = t->plan->model->units[kind.unit].name;
    }
    return words_value(t->arena, t->view, kind, shown, v);
}

static void add_sights(Teller *t, Buf *buf, const Reference *ref, const Note *note,
                       const Decision *d)
{
    int32_t first = 1 + d->n_options;
    for (int32_t i = 0; i < d->n_sights && first + i < note->n_values; i++) {
        const Sight *sight = &d->sights[i];
        Str name = sight->name.n > 0 ? sight->name : words_expr(t->arena, t->sources, sight->value);
        double v = reference_reg(ref, note->values[first + i], false);
        buf_addf(buf, "%s%.*s%s%.*s", i == 0 ? "saw " : ", ", STR_ARG(name), name.n ? " = " : "",
                 STR_ARG(sight_text(t, sight->value, v)));
    }
}

// Chances of the options: weights as they are, worths through exp; NaN is not available.
static void add_chances(Buf *buf, const Reference *ref, const Note *note, const Decision *d)
{
    double chance[LIMIT_OPTIONS], best = -MATH_INF, sum = 0;
    ASSERT(d->n_options <= LIMIT_OPTIONS);
    for (int32_t i = 0; i < d->n_options; i++) {
        chance[i] = reference_reg(ref, note->values[1 + i], false);
        best = chance[i] > best ? chance[i] : best;
    }
    for (int32_t i = 0; i < d->n_options; i++) {
        bool open = chance[i] == chance[i];
        chance[i] = !open ? 0 : d->by_weight ? m_max(chance[i], 0) : m_exp(chance[i] - best);
        sum += chance[i];
    }
    if (buf->n > 0) {
        buf_add(buf, STR("; "));
    }
    for (int32_t i = 0; i < d->n_options; i++) {
        double percent = sum > 0 ? 100 * chance[i] / sum : 0;
        int decimals = percent >= 10 && percent <= 90 ? 0 : 1;
        buf_addf(buf, "%s%.*s %.*s %%", i == 0 ? "" : ", ", STR_ARG(d->options[i].name),
                 STR_ARG(num_grouped(buf->arena, percent, decimals)));
    }
}

static void tell_choice(Teller *t, const Reference *ref, int32_t step, const Note *note)
{
    const Decision *d = &t->view->decisions[note->subject];
    int32_t chosen = (int32_t)reference_reg(ref, note->values[0], false);
    if (chosen < 0 || chosen >= d->n_options) {
        return; // no option was open to him
    }
    const Option *option = &d->options[chosen];
    Buf detail = {.arena = t->arena};
    add_sights(t, &detail, ref, note, d);
    add_chances(&detail, ref, note, d);
    Str what = title_or_name(d->title, d->name);
    Str text = str_format(t->arena, "%.*s: %.*s", STR_ARG(decider_text(t, d, note->member)),
                          STR_ARG(option->name));
    text = option->title.n > 0
               ? str_format(t->arena, "%.*s, %.*s", STR_ARG(text), STR_ARG(option->title))
               : str_format(t->arena, "%.*s (%.*s)", STR_ARG(text), STR_ARG(what));
    tell(t, step, text, buf_str(&detail));
    Habit *habit = habit_of_decision(t, note->subject, note->member);
    if (option->then.n == 0) { // nothing followed from it, so that nobody need read it twice
        fold_last(t, habit, chosen, true);
    } else {
        habit->fold = 0;
    }
}

// The vote of a council, after those of its members.
static void tell_vote(Teller *t, const Reference *ref, int32_t step, const Note *note)
{
    const Decision *d = &t->view->decisions[note->subject];
    Buf text = {.arena = t->arena}, detail = {.arena = t->arena};
    Str what = title_or_name(d->title, d->name);
    int32_t voters = (int32_t)reference_reg(ref, note->values[0], false);
    buf_addf(&text, "%.*s: ", STR_ARG(what));
    if (note->detail < 0) {
        buf_add(&text, STR("blocked"));
    } else {
        const Option *option = &d->options[d->carried[note->detail].option];
        buf_addf(&text, "carried, %.*s", STR_ARG(title_or_name(option->title, option->name)));
    }
    for (int32_t i = 1; i < note->n_values; i++) {
        int32_t votes = (int32_t)reference_reg(ref, note->values[i], false);
        buf_addf(&detail, "%s%.*s %d of %d", i > 1 ? ", " : "", STR_ARG(note->names[i]), (int)votes,
                 (int)voters);
    }
    tell(t, step, buf_str(&text), buf_str(&detail));
}

// "Poland hears yes", and what it makes of it.
static void tell_evidence(Teller *t, const Reference *ref, int32_t step, const Note *note)
{
    const Quantity *q = &t->view->quantities[note->subject];
    int32_t atom =
        q->owner_set >= 0 ? member_atom(t->view, q->owner_set, note->member) : q->owner_atom;
    bool yes = reference_reg(ref, note->values[0], false) != 0;
    Str values[2];
    for (int i = 0; i < 2; i++) {
        double p = reference_reg(ref, note->values[i + 1], false);
        values[i] = words_value(t->arena, t->view, q->kind, q->shown, p);
    }
    tell(t, step,
         str_format(t->arena, "%.*s %s %s", STR_ARG(atom_text(t->view, atom)),
                    note->kind == NOTE_HEARS ? "hears" : "is told", yes ? "yes" : "no"),
         str_format(t->arena, "%.*s: from %.*s to %.*s", STR_ARG(title_or_name(q->title, q->name)),
                    STR_ARG(values[0]), STR_ARG(values[1])));
}

// ---- Watching -----------------------------------------------------------------------------------

static void on_note(void *ctx, const Reference *ref, int32_t step, const Note *note)
{
    Teller *t = ctx;
    Str subject = {0};
    switch (note->kind) {
    case NOTE_FIRED: tell(t, step, event_text(t, note->subject, note->member), (Str){0}); break;
    case NOTE_DECIDED: tell_choice(t, ref, step, note); break;
    case NOTE_DELIVERED:
        tell(t, step,
             str_format(t->arena, "%.*s: its delayed effect comes", STR_ARG(subject_text(t, note))),
             (Str){0});
        break;
    case NOTE_OUTCOME: {
        Str name = note->n_values > 0 ? note->names[0] : (Str){0};
        if (name.n == 0) {
            name = str_format(t->arena, "outcome %d", (int)note->detail + 1);
        }
        subject = subject_text(t, note);
        tell(t, step,
             subject.n > 0 ? str_format(t->arena, "%.*s: %.*s", STR_ARG(subject), STR_ARG(name))
                           : name,
             (Str){0});
        break;
    }
    case NOTE_VOTED: tell_vote(t, ref, step, note); break;
    case NOTE_HEARS:
    case NOTE_TOLD: tell_evidence(t, ref, step, note); break;
    case NOTE_WORLD: break;
    }
}

static double state_value(const Teller *t, const Reference *ref, int32_t s)
{
    const StateColumn *state = &t->program->states[s];
    return reference_reg(ref, state->col, state->is_flag);
}

static Kind state_kind(const Teller *t, const StateColumn *state)
{
    return t->view->quantities[state->state].kind;
}

static void tell_moves(Teller *t, const Reference *ref, int32_t step)
{
    for (int32_t s = 0; s < t->program->n_states; s++) {
        const StateColumn *state = &t->program->states[s];
        double now = state_value(t, ref, s), before = t->before[s];
        t->before[s] = now;
        if (step < 0 || state->state < 0 || state_kind(t, state).tag != KIND_RUNG ||
            now == before) {
            continue;
        }
        const Quantity *q = &t->view->quantities[state->state];
        Str from = words_level(t->view, q->kind, (int32_t)before);
        Str to = words_level(t->view, q->kind, (int32_t)now);
        tell(t, step,
             str_format(t->arena, "%.*s %s from %.*s to %.*s", STR_ARG(state->name),
                        now > before ? "rises" : "falls", STR_ARG(from), STR_ARG(to)),
             (Str){0});
    }
}

static void on_step(void *ctx, const Reference *ref, int32_t step)
{
    tell_moves(ctx, ref, step);
}

static void on_check(void *ctx, const Reference *ref, int32_t step, int32_t check)
{
    (void)ref;
    Teller *t = ctx;
    const Check *c = &t->view->checks[check];
    Str text = c->text.n > 0 ? c->text : words_expr(t->arena, t->sources, c->condition);
    tell(t, step, str_format(t->arena, "the check \"%.*s\" fails", STR_ARG(text)), (Str){0});
    Habit *habit = habit_of_check(t, check);
    fold_last(t, habit, 0, habit->step == step - 1);
    habit->step = step;
}

// ---- Facts --------------------------------------------------------------------------------------

// Atoms are kept by their global number in columns; everything else as words_value has it.
static Str column_text(Teller *t, Kind kind, Shown shown, double v)
{
    if (kind.tag == KIND_ATOM) {
        return v - v == 0 ? atom_text(t->view, (int32_t)v) : STR("none");
    }
    return words_value(t->arena, t->view, kind, shown, v);
}

// The quantity whose element is called `name`: "fear[POL]" is one of fear's.
static const Quantity *quantity_of(const View *view, Str name)
{
    size_t end = 0;
    while (end < name.n && name.p[end] != '[') {
        end++;
    }
    Str stem = str_sub(name, 0, end);
    for (int32_t i = 0; i < view->n_quantities; i++) {
        if (str_eq(view->quantities[i].name, name) || str_eq(view->quantities[i].name, stem)) {
            return &view->quantities[i];
        }
    }
    return NULL;
}

static void tell_unknowns(Teller *t, const Reference *ref, Replay *replay)
{
    StoryFact *facts = ARENA_ARRAY(t->arena, StoryFact, t->program->n_unknowns);
    for (int32_t i = 0; i < t->program->n_unknowns; i++) {
        const Unknown *unknown = &t->program->unknowns[i];
        double v = reference_world_col(ref, unknown->value_col);
        const Quantity *q = quantity_of(t->view, unknown->name);
        Str value = q ? column_text(t, q->kind, q->shown, v) : num_shortest(t->arena, v);
        facts[i] = (StoryFact){.name = str_copy(t->arena, unknown->name),
                               .value = str_copy(t->arena, value)};
    }
    replay->unknowns = facts;
    replay->n_unknowns = t->program->n_unknowns;
}

static void tell_ending(Teller *t, const Reference *ref, Replay *replay)
{
    StoryFact *facts = ARENA_ARRAY(t->arena, StoryFact, t->program->n_states);
    int32_t n = 0;
    for (int32_t s = 0; s < t->program->n_states; s++) {
        const StateColumn *state = &t->program->states[s];
        if (state->state < 0) {
            continue; // a counter of the compiler's
        }
        const Quantity *q = &t->view->quantities[state->state];
        Str value = column_text(t, q->kind, q->shown, state_value(t, ref, s));
        facts[n++] = (StoryFact){.name = str_copy(t->arena, state->name),
                                 .value = str_copy(t->arena, value)};
    }
    replay->ending = facts;
    replay->n_ending = n;
}

static Str exact_number(Arena *arena, Shown shown, double v)
{
    Str text = num_shortest(arena, v * (shown.scale == 0 ? 1 : shown.scale));
    return shown.unit.n == 0 ? text
                             : str_format(arena, "%.*s %.*s", STR_ARG(text), STR_ARG(shown.unit));
}

static StoryFact answer_fact(Teller *t, const Reference *ref, const Asked *asked, int32_t result,
                             int32_t series)
{
    const Question *q = &t->view->questions[asked->question];
    StoryFact fact = {.name = str_copy(t->arena, q->name)};
    bool defined = true, censored = false;
    double v;
    if (asked->is_series) {
        const Series *s = &t->program->series[series];
        v = reference_reg(ref, s->value, s->kind == RESULT_FLAG);
        defined = s->defined == REG_NONE || reference_reg(ref, s->defined, true) != 0;
    } else {
        v = reference_result(ref, result, &defined, &censored);
    }
    if (!defined) {
        fact.value = censored ? STR("left out: the end came before its time was over")
                              : STR("left out: the condition did not hold");
        return fact;
    }
    const char *when = asked->is_series ? " at the end" : "";
    Str text = words_value(t->arena, t->view, q->kind, q->shown, v);
    fact.value = str_format(t->arena, "%.*s%s", STR_ARG(text), when);
    if (asked->kind == RESULT_NUMBER && m_is_finite(v)) {
        text = exact_number(t->arena, q->shown, v);
        fact.exact = str_format(t->arena, "%.*s%s", STR_ARG(text), when);
    }
    return fact;
}

static void tell_answers(Teller *t, const Reference *ref, const Telling *telling, Replay *replay)
{
    StoryFact *facts = ARENA_ARRAY(t->arena, StoryFact, t->plan->n_asked);
    for (int32_t a = 0; a < t->plan->n_asked; a++) {
        const Asked *asked = &t->plan->asked[a];
        facts[a] = answer_fact(t, ref, asked, telling->result[a], telling->series[a]);
    }
    replay->answers = facts;
    replay->n_answers = t->plan->n_asked;
}

// ---- All of it ----------------------------------------------------------------------------------

static void tell_future(Teller *t, const Telling *telling, Replay *replay)
{
    Reference *ref = reference_new(t->program, t->plan->seed);
    Watch watch = {.ctx = t, .note = on_note, .step_done = on_step, .check_failed = on_check};
    int32_t steps = reference_run(ref, (uint32_t)replay->world, (uint32_t)replay->future, &watch);
    if (steps < t->plan->model->n_steps) {
        tell(t, steps - 1, STR("the future ends here"), (Str){0});
    }
    tell_unknowns(t, ref, replay);
    tell_ending(t, ref, replay);
    tell_answers(t, ref, telling, replay);
    replay->lines = t->lines.p;
    replay->n_lines = t->lines.n;
    reference_free(ref);
}

Status ask_replay(Arena *arena, const Model *model, const RunOptions *options, uint64_t world,
                  uint64_t future, Replay **out, Error *error)
{
    if (world > UINT32_MAX || future > UINT32_MAX) {
        return error_set(error, ST_USAGE, "worlds and futures are numbered up to 4,294,967,295");
    }
    Plan *plan = NULL;
    TRY(plan_make(arena, model, options, true, &plan, error));
    const Telling *telling = &plan->tellings[plan_telling_of(plan, (uint32_t)world)];
    Teller teller = {.arena = arena,
                     .plan = plan,
                     .view = telling->view,
                     .program = telling->program,
                     .sources = options->sources,
                     .before = ARENA_ARRAY(arena, double, telling->program->n_states + 1)};
    make_habits(&teller);
    Replay *replay = ARENA_NEW(arena, Replay);
    replay->provenance = settle_provenance(arena, plan);
    replay->world = world;
    replay->future = future;
    replay->story =
        telling->view->role == VIEW_BASE ? STR("base") : str_copy(arena, telling->view->name);
    tell_future(&teller, telling, replay);
    *out = replay;
    return ST_OK;
}
