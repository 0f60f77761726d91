// SPDX-License-Identifier: MIT
//
// The model told section by section, in the order in which a reader asks.
#include "ask/tell.h"

#include "ask/tell_impl.h"
#include "ask/words.h"
#include "base/date.h"
#include "base/num.h"
#include "math/elementary.h"

static void heading(ModelTeller *t, const char *text)
{
    tell_line(t, TELL_HEADING, STR(""), str_of(text));
}

static void detail(ModelTeller *t, const char *label, Str text)
{
    if (text.n) {
        tell_line(t, TELL_DETAIL, STR(""),
                  str_format(t->arena, "%s%s%.*s", label, *label ? " " : "", STR_ARG(text)));
    }
}

// The same as a sentence of the running paragraph.
static void sentence(ModelTeller *t, const char *begin, Str text)
{
    if (text.n) {
        tell_line(t, TELL_SENTENCE, STR(""),
                  str_format(t->arena, "%s%s%.*s", begin, *begin ? " " : "", STR_ARG(text)));
    }
}

static void notes_of(ModelTeller *t, const Notes *notes)
{
    sentence(t, "", tell_notes(t, notes));
}

static Str either(Str title, Str name)
{
    return title.n ? title : name;
}

static Str day(const ModelTeller *t, double date)
{
    return date_text(t->arena, date, false);
}

// "1 week", "4 weeks", "3 months", "10 days"
static Str span_of_time(const ModelTeller *t, double days)
{
    const struct {
        double days;
        const char *name;
    } units[] = {{365.25, "year"}, {7, "week"}, {30.4375, "month"}, {1, "day"}};
    enum { LAST = sizeof units / sizeof units[0] - 1 };
    int i = 0;
    double n = days / units[i].days;
    while (i < LAST && !(n >= 1 && n == (double)(int64_t)n)) {
        n = days / units[++i].days;
    }
    return str_format(t->arena, "%.*s %s%s", STR_ARG(num_shortest(t->arena, n)), units[i].name,
                      n == 1 ? "" : "s");
}

// ---- Who ----------------------------------------------------------------------------------------

static void tell_set(ModelTeller *t, const Set *set)
{
    if (set->role != SET_DECLARED || set->n_atoms == 0) {
        return;
    }
    Buf buf = {.arena = t->arena};
    for (int32_t i = 0; i < set->n_atoms; i++) {
        const Atom *atom = &t->view->atoms[set->atoms[i]];
        buf_add(&buf, i ? STR(", ") : STR(""));
        buf_add(&buf, either(atom->title, atom->name));
    }
    tell_line(t, TELL_ITEM, set->name, buf_str(&buf));
}

// A part of the library may bring ladders that the model has no use for.
static bool is_at_home(const ModelTeller *t, int32_t ladder)
{
    Span span = t->view->ladders[ladder].span;
    bool found = span.file < 0 || !t->sources->sources.p[span.file].library;
    for (int32_t i = 0; i < t->view->n_quantities && !found; i++) {
        Kind kind = t->view->quantities[i].kind;
        found = kind.tag == KIND_RUNG && kind.domain == ladder;
    }
    return found;
}

static void tell_who(ModelTeller *t)
{
    heading(t, "Who");
    for (int32_t i = 0; i < t->view->n_atoms; i++) {
        const Atom *atom = &t->view->atoms[i];
        if (atom->is_actor) {
            tell_line(t, TELL_ITEM, atom->name, atom->title);
        }
    }
    for (int32_t i = 0; i < t->view->n_sets; i++) {
        tell_set(t, &t->view->sets[i]);
    }
    for (int32_t i = 0; i < t->view->n_ladders; i++) {
        const Ladder *ladder = &t->view->ladders[i];
        if (!is_at_home(t, i)) {
            continue;
        }
        Buf buf = {.arena = t->arena};
        buf_add(&buf, STR("a ladder, from low to high: "));
        for (int32_t k = 0; k < ladder->n_rungs; k++) {
            buf_add(&buf, k ? STR(", ") : STR(""));
            buf_add(&buf, ladder->rungs[k]);
        }
        tell_line(t, TELL_ITEM, ladder->name, buf_str(&buf));
    }
}

// ---- What is unknown, what it starts with
// ---------------------------------------------------------

static bool same_span(Span a, Span b)
{
    return a.file == b.file && a.lo == b.lo && a.hi == b.hi;
}

// Names of the sets a quantity runs over: " of each senders".
static Str over_sets(const ModelTeller *t, const Quantity *q)
{
    Buf buf = {.arena = t->arena};
    for (int32_t i = 0; i < q->n_dims; i++) {
        buf_addf(&buf, "%s%.*s", i ? " and each of " : " for each of ",
                 STR_ARG(t->view->sets[q->dims[i]].name));
    }
    return buf_str(&buf);
}

static void tell_values(ModelTeller *t, const Quantity *q)
{
    for (int32_t i = 0; i < q->n_elements; i++) {
        if (i > 0 && same_span(q->values[i]->span, q->values[i - 1]->span)) {
            continue; // one text for all of them
        }
        sentence(t, q->role == ROLE_STATE ? "Starts at" : "", tell_dist(t, q, q->values[i]));
    }
}

static void tell_quantity(ModelTeller *t, const Quantity *q)
{
    Buf buf = {.arena = t->arena};
    buf_add(&buf, q->title);
    if (q->role == ROLE_TYPE && q->owner_atom >= 0) {
        buf_addf(&buf, "%sthe type of %.*s, who alone sees it", buf.n ? "; " : "",
                 STR_ARG(t->view->atoms[q->owner_atom].name));
    } else if (q->role == ROLE_TYPE) {
        buf_addf(&buf, "%sa type: each sees his own", buf.n ? "; " : "");
    }
    if (q->proposition) {
        Str whose = q->owner_atom >= 0 ? t->view->atoms[q->owner_atom].name : STR("each");
        buf_addf(&buf, "%sa belief of %.*s, who alone sees it", buf.n ? "; " : "", STR_ARG(whose));
    }
    Str name = str_format(t->arena, "%.*s%.*s", STR_ARG(q->name), STR_ARG(over_sets(t, q)));
    tell_line(t, TELL_ITEM, name, buf_str(&buf));
    if (q->proposition) {
        sentence(t, "It is that", words_expr(t->arena, t->sources, q->proposition));
    }
    tell_values(t, q);
    notes_of(t, &q->notes);
}

static void tell_quantities(ModelTeller *t, const char *text, bool states)
{
    bool any = false;
    for (int32_t i = 0; i < t->view->n_quantities; i++) {
        const Quantity *q = &t->view->quantities[i];
        if ((q->role == ROLE_STATE) != states) {
            continue;
        }
        if (!any) {
            heading(t, text);
            any = true;
        }
        tell_quantity(t, q);
    }
}

static void tell_correlations(ModelTeller *t)
{
    for (int32_t i = 0; i < t->view->n_correlations; i++) {
        const Correlation *x = &t->view->correlations[i];
        tell_line(t, TELL_ITEM, x->names,
                  str_format(t->arena, "rank correlation %.*s",
                             STR_ARG(num_shortest(t->arena, x->rank))));
        notes_of(t, &x->notes);
    }
}

// ---- What happens -------------------------------------------------------------------------------

static void add_body(ModelTeller *t, Buf *buf, Body body);

static void add_outcomes(ModelTeller *t, Buf *buf, const Stmt *stmt)
{
    buf_add(buf, STR("one of"));
    for (int32_t i = 0; i < stmt->n_outcomes; i++) {
        const Outcome *outcome = &stmt->outcomes[i];
        Str weight =
            outcome->weight ? words_expr(t->arena, t->sources, outcome->weight) : STR("the rest");
        buf_addf(buf, "%s %.*s", i ? "," : "", STR_ARG(weight));
        if (outcome->body.n) {
            buf_add(buf, STR(": "));
            add_body(t, buf, outcome->body);
        } else {
            buf_add(buf, STR(": nothing"));
        }
    }
}

static void add_stmt(ModelTeller *t, Buf *buf, const Stmt *stmt)
{
    switch (stmt->kind) {
    case STMT_IF:
        buf_addf(buf, "if %.*s: ", STR_ARG(words_expr(t->arena, t->sources, stmt->value)));
        add_body(t, buf, stmt->body);
        if (stmt->other.n) {
            buf_add(buf, STR("; otherwise: "));
            add_body(t, buf, stmt->other);
        }
        break;
    case STMT_AFTER:
        buf_addf(buf, "after %.*s: ", STR_ARG(words_expr(t->arena, t->sources, stmt->delay)));
        add_body(t, buf, stmt->body);
        break;
    case STMT_ONE_OF: add_outcomes(t, buf, stmt); break;
    default: buf_add(buf, tell_quote(t, stmt->span)); break;
    }
}

static void add_body(ModelTeller *t, Buf *buf, Body body)
{
    for (int32_t i = 0; i < body.n; i++) {
        buf_add(buf, i ? STR("; ") : STR(""));
        add_stmt(t, buf, body.p[i]);
    }
}

// One line a statement.
static void tell_body(ModelTeller *t, Str name, Body body)
{
    tell_line(t, TELL_ITEM, name, STR(""));
    for (int32_t i = 0; i < body.n; i++) {
        Buf buf = {.arena = t->arena};
        add_stmt(t, &buf, body.p[i]);
        detail(t, "", buf_str(&buf));
    }
}

static Str body_text(ModelTeller *t, Body body)
{
    Buf buf = {.arena = t->arena};
    add_body(t, &buf, body);
    return buf_str(&buf);
}

static void tell_event(ModelTeller *t, const Event *e)
{
    if (e->removed) {
        return;
    }
    Str name = e->set < 0 ? e->name
                          : str_format(t->arena, "%.*s for each of %.*s", STR_ARG(e->name),
                                       STR_ARG(t->view->sets[e->set].name));
    tell_line(t, TELL_ITEM, name, e->title);
    if (e->happened == e->happened) {
        sentence(t, "Happened on", day(t, e->happened));
    }
    if (e->when) {
        sentence(t, "Can happen when", words_expr(t->arena, t->sources, e->when));
    }
    if (e->chance) {
        sentence(t, e->chance_kind == CHANCE_ONCE ? "Chance, once:" : "Chance:",
                 words_expr(t->arena, t->sources, e->chance));
    } else if (e->when) {
        sentence(t, "", STR("Happens as soon as it can"));
    }
    sentence(t, "Then", body_text(t, e->then));
    if (e->again == AGAIN_ALWAYS) {
        sentence(t, "", STR("May happen again"));
    } else if (e->again == AGAIN_AFTER) {
        sentence(t, "May happen again after", span_of_time(t, e->again_days));
    }
    notes_of(t, &e->notes);
}

// ---- Who decides --------------------------------------------------------------------------------

static Str sight_text(ModelTeller *t, const Sight *sight)
{
    Buf buf = {.arena = t->arena};
    Str value = words_expr(t->arena, t->sources, sight->value);
    if (sight->name.n && !str_eq(sight->name, value)) {
        buf_addf(&buf, "%.*s = ", STR_ARG(sight->name));
    }
    buf_add(&buf, value);
    if (sight->give > 0) {
        double give = sight->give_relative ? sight->give * 100 : sight->give;
        buf_addf(&buf, ", give or take %.*s%s", STR_ARG(num_shortest(t->arena, give)),
                 sight->give_relative ? " %" : "");
    }
    if (sight->n_cuts) {
        buf_addf(&buf, ", in %d classes", (int)sight->n_cuts + 1);
    }
    return buf_str(&buf);
}

// "+ 2 * breakthrough (red line in the sand)"
static Str worth_part(ModelTeller *t, const WorthPart *part)
{
    bool minus = part->value->op == EX_NEG;
    const Expr *value = minus ? part->value->args[0] : part->value;
    Str text = words_expr(t->arena, t->sources, value);
    return str_format(t->arena, "%s %.*s%s%.*s%s", minus ? "-" : "+", STR_ARG(text),
                      part->name.n ? " (" : "", STR_ARG(part->name), part->name.n ? ")" : "");
}

static void tell_option(ModelTeller *t, const Option *option)
{
    Buf buf = {.arena = t->arena};
    buf_addf(&buf, "Option %.*s", STR_ARG(option->name));
    if (option->title.n) {
        buf_addf(&buf, ", %.*s", STR_ARG(option->title));
    }
    if (option->when) {
        buf_addf(&buf, ", when %.*s", STR_ARG(words_expr(t->arena, t->sources, option->when)));
    }
    if (option->weight) {
        buf_addf(&buf, ": weight %.*s", STR_ARG(words_expr(t->arena, t->sources, option->weight)));
    } else if (option->n_worth == 1) {
        buf_addf(&buf, ": worth %.*s",
                 STR_ARG(words_expr(t->arena, t->sources, option->worth[0].value)));
    } else if (option->n_worth) {
        buf_add(&buf, STR(": worth the sum of"));
    }
    detail(t, "", buf_str(&buf));
    for (int32_t i = 0; option->n_worth > 1 && i < option->n_worth; i++) {
        detail(t, " ", worth_part(t, &option->worth[i]));
    }
    detail(t, "  Then", body_text(t, option->then));
}

// In the order in which they are tried.
static void tell_council(ModelTeller *t, const Decision *d)
{
    if (d->council == COUNCIL_NONE) {
        return;
    }
    detail(t, "Carried by",
           d->council == COUNCIL_ALL    ? STR("all who vote in a step")
           : d->council == COUNCIL_MOST ? STR("more than half of those who vote in a step")
           : d->least == 1              ? STR("any who votes in a step")
                           : str_format(t->arena, "at least %d who vote in a step", (int)d->least));
    for (int32_t i = 0; i < d->n_carried; i++) {
        const Carried *carried = &d->carried[i];
        Str what =
            str_format(t->arena, "carried %.*s: %.*s", STR_ARG(d->options[carried->option].name),
                       STR_ARG(body_text(t, carried->then)));
        detail(t, "When", what);
    }
    if (d->blocked.n) {
        detail(t, "When", str_format(t->arena, "blocked: %.*s", STR_ARG(body_text(t, d->blocked))));
    }
}

static void tell_decision(ModelTeller *t, const Decision *d)
{
    Str who =
        d->set >= 0     ? str_format(t->arena, "each of %.*s", STR_ARG(t->view->sets[d->set].name))
        : d->actor >= 0 ? either(t->view->atoms[d->actor].title, t->view->atoms[d->actor].name)
                        : STR("someone");
    tell_line(t, TELL_ITEM,
              str_format(t->arena, "%.*s, decided by %.*s", STR_ARG(d->name), STR_ARG(who)),
              d->title);
    if (d->when) {
        sentence(t, "Faced when", words_expr(t->arena, t->sources, d->when));
    }
    sentence(t, "",
             d->every_days > 0
                 ? str_format(t->arena, "Again every %.*s", STR_ARG(span_of_time(t, d->every_days)))
                 : STR("Once in a future"));
    notes_of(t, &d->notes);
    Buf sees = {.arena = t->arena};
    for (int32_t i = 0; i < d->n_sights; i++) {
        buf_addf(&sees, "%s%.*s", i ? "; " : "", STR_ARG(sight_text(t, &d->sights[i])));
    }
    sentence(t, "Sees", buf_str(&sees));
    for (int32_t i = 0; i < d->n_options; i++) {
        tell_option(t, &d->options[i]);
    }
    tell_council(t, d);
}

static void tell_blocks(ModelTeller *t)
{
    heading(t, "What happens in each step, in this order");
    for (int32_t i = 0; i < t->view->n_blocks; i++) {
        const Block *block = &t->view->blocks[i];
        switch (block->kind) {
        case BLOCK_EACH_STEP:
            tell_body(t, STR("each step"), block->body);
            notes_of(t, &block->notes);
            break;
        case BLOCK_ON_DATE:
            tell_body(t, str_format(t->arena, "on %.*s", STR_ARG(day(t, block->date))),
                      block->body);
            notes_of(t, &block->notes);
            break;
        case BLOCK_EVENT: tell_event(t, &t->view->events[block->ref]); break;
        case BLOCK_DECISION: tell_decision(t, &t->view->decisions[block->ref]); break;
        }
    }
    if (t->view->stop) {
        tell_line(t, TELL_ITEM, STR("a future ends early when"),
                  words_expr(t->arena, t->sources, t->view->stop));
    }
    for (int32_t i = 0; i < t->view->n_checks; i++) {
        tell_line(t, TELL_ITEM, STR("must always hold"),
                  words_expr(t->arena, t->sources, t->view->checks[i].condition));
    }
}

// ---- What is asked, and who sees it how
// -----------------------------------------------------------

static void tell_questions(ModelTeller *t)
{
    heading(t, "What is asked");
    for (int32_t i = 0; i < t->view->n_questions; i++) {
        const Question *q = &t->view->questions[i];
        Str form = words_form(t->arena, t->sources, &q->form);
        tell_line(t, TELL_ITEM, q->name, q->text.n ? q->text : form);
        if (q->n_given) {
            form = str_format(t->arena, "%.*s, given %.*s", STR_ARG(form),
                              STR_ARG(words_given(t->arena, t->sources, q)));
        }
        if (q->text.n) {
            sentence(t, "That is:", form);
        } else if (q->n_given) {
            sentence(t, "", form);
        }
        sentence(t, "Resolves:", q->rule);
    }
}

static void tell_says(ModelTeller *t, const View *view)
{
    for (int32_t i = 0; i < view->n_says; i++) {
        const Says *says = &view->says[i];
        Str name = view->questions[says->question].name;
        Str lo = num_shortest(t->arena, m_round(says->lo * 1e6) / 1e4);
        Str hi = num_shortest(t->arena, m_round(says->hi * 1e6) / 1e4);
        Str odds = says->lo < says->hi
                       ? str_format(t->arena, "%.*s to %.*s %%", STR_ARG(lo), STR_ARG(hi))
                       : str_format(t->arena, "%.*s %%", STR_ARG(lo));
        Buf buf = {.arena = t->arena};
        buf_addf(&buf, "%.*s: ", STR_ARG(name));
        if (says->words.n) {
            buf_addf(&buf, "\"%.*s\" (%.*s)", STR_ARG(says->words), STR_ARG(odds));
        } else {
            buf_add(&buf, odds);
        }
        if (m_is_finite(says->by)) {
            buf_addf(&buf, " by %.*s", STR_ARG(date_text(t->arena, says->by, false)));
        }
        if (says->about.n) {
            buf_addf(&buf, ", about \"%.*s\"", STR_ARG(says->about));
        }
        detail(t, "Says of", buf_str(&buf));
    }
}

static void tell_view(ModelTeller *t, const View *view)
{
    Buf buf = {.arena = t->arena};
    buf_add(&buf, view->title);
    if (view->role == VIEW_STORY) {
        buf_addf(&buf, "%sweight %.*s", view->title.n ? "; " : "",
                 STR_ARG(num_shortest(t->arena, view->weight)));
    }
    tell_line(t, TELL_ITEM, view->name, buf_str(&buf));
    Buf changes = {.arena = t->arena};
    for (int32_t i = 0; i < view->n_overrides; i++) {
        buf_add(&changes, i ? STR(", ") : STR(""));
        buf_add(&changes, view->overrides[i].quantity);
    }
    sentence(t, "Differs in", buf_str(&changes));
    notes_of(t, &view->notes);
    tell_says(t, view);
}

static void tell_views(ModelTeller *t, ViewRole role, const char *text)
{
    bool any = false;
    for (int32_t i = 0; i < t->model->n_views; i++) {
        const View *view = t->model->views[i];
        if (view->role == role) {
            if (!any) {
                heading(t, text);
                any = true;
            }
            tell_view(t, view);
        }
    }
}

static void tell_sources(ModelTeller *t)
{
    if (t->model->n_sources == 0) {
        return;
    }
    heading(t, "Where it comes from");
    for (int32_t i = 0; i < t->model->n_sources; i++) {
        const Source *source = &t->model->sources[i];
        Buf buf = {.arena = t->arena};
        buf_addf(&buf, "reliability %c%s; %.*s", source->reliability,
                 source->reliability == 'F' ? " (cannot be judged)" : "", STR_ARG(source->note));
        if (source->date == source->date) {
            buf_addf(&buf, ", %.*s", STR_ARG(day(t, source->date)));
        }
        tell_line(t, TELL_ITEM, source->id, buf_str(&buf));
    }
}

// "3 events"; empty when there are none.
static void add_count(Buf *list, int32_t n, const char *one, const char *many)
{
    if (n > 0) {
        buf_addf(list, "%s%d %s", list->n ? ", " : "", (int)n, n == 1 ? one : many);
    }
}

static int32_t count_blocks(const View *view, BlockKind kind)
{
    int32_t n = 0;
    for (int32_t i = 0; i < view->n_blocks; i++) {
        n += view->blocks[i].kind == kind;
    }
    return n;
}

static int32_t count_views(const Model *model, ViewRole role)
{
    int32_t n = 0;
    for (int32_t i = 0; i < model->n_views; i++) {
        n += model->views[i]->role == role;
    }
    return n;
}

// How much there is of everything, before all of it is told.
static void tell_frame(ModelTeller *t)
{
    const Model *model = t->model;
    const View *view = t->view;
    int32_t actors = 0, unknown = 0, states = 0;
    for (int32_t i = 0; i < view->n_atoms; i++) {
        actors += view->atoms[i].is_actor;
    }
    for (int32_t i = 0; i < view->n_quantities; i++) {
        states += view->quantities[i].role == ROLE_STATE;
        unknown += view->quantities[i].role != ROLE_STATE;
    }
    Buf list = {.arena = t->arena};
    add_count(&list, actors, "actor", "actors");
    add_count(&list, unknown, "quantity that is fixed in each world",
              "quantities fixed in each world");
    add_count(&list, states, "that changes", "that change");
    add_count(&list, count_blocks(view, BLOCK_EVENT), "event", "events");
    add_count(&list, count_blocks(view, BLOCK_DECISION), "decision", "decisions");
    add_count(&list, view->n_questions, "question", "questions");
    add_count(&list, model->n_sources, "source", "sources");
    add_count(&list, count_views(model, VIEW_STORY), "story", "stories");
    add_count(&list, count_views(model, VIEW_VARIANT), "variant", "variants");
    Str frame = str_format(t->arena, "%.*s to %.*s in %d %.*s steps", STR_ARG(day(t, model->start)),
                           STR_ARG(day(t, model->end)), (int)model->n_steps,
                           STR_ARG(words_step(t->arena, model)));
    tell_line(t, TELL_ITEM, STR(""), frame);
    sentence(t, "", list.n ? str_format(t->arena, "%.*s.", STR_ARG(buf_str(&list))) : STR(""));
}

const Telling *ask_tell(Arena *arena, const Model *model, const View *view, const DiagList *sources)
{
    ModelTeller t = {
        .arena = arena, .model = model, .view = view ? view : model->views[0], .sources = sources};
    tell_frame(&t);
    tell_who(&t);
    tell_quantities(&t, "What is unknown, and fixed in each world", false);
    tell_correlations(&t);
    tell_quantities(&t, "What changes", true);
    tell_blocks(&t);
    tell_questions(&t);
    if (!view) {
        tell_views(&t, VIEW_STORY, "Who sees it how");
        tell_views(&t, VIEW_VARIANT, "What if");
    }
    tell_sources(&t);
    Telling *telling = ARENA_NEW(arena, Telling);
    *telling = (Telling){model->title, t.lines.p, t.lines.n};
    return telling;
}
