// SPDX-License-Identifier: MIT
//
// Rows: the things of a model that carry numbers, with what is cited for them; then the sources,
// with what hangs on each.
#include "ask/sources_impl.h"
#include "ask/tell_impl.h"
#include "ask/words.h"
#include "base/num.h"
#include "math/elementary.h"

// ---- What has numbers ---------------------------------------------------------------------------

// Zero, names and formulas of other quantities are structure.
static bool has_number(const Expr *expr)
{
    if (!expr) {
        return false;
    }
    bool counts = expr->kind.tag == KIND_NUMBER || expr->kind.tag == KIND_DATE;
    if (expr->op == EX_CONST && counts && expr->number != 0) {
        return true;
    }
    for (int32_t i = 0; i < expr->n_args; i++) {
        if (has_number(expr->args[i])) {
            return true;
        }
    }
    return expr->dist != NULL;
}

static bool is_range(const Dist *dist)
{
    return dist->form != DIST_FIXED;
}

static bool quantity_asked(const Quantity *q)
{
    for (int32_t i = 0; i < q->n_elements && q->role != ROLE_STATE; i++) {
        const Dist *dist = q->values[i];
        if (is_range(dist) || (dist->n_args > 0 && has_number(dist->args[0]))) {
            return true;
        }
    }
    return q->proposition != NULL;
}

// A chance of its own, not a factor on another: a percentage, a rate, a range.
static bool has_chance(const View *view, const Expr *expr)
{
    if (!expr) {
        return false;
    }
    bool own = expr->op == EX_CONST && expr->number != 0 && expr->kind.tag == KIND_NUMBER &&
               (expr->kind.support == SUPPORT_PROBABILITY || expr->kind.unit != 0);
    bool range = expr->op == EX_QUANTITY && view->quantities[expr->ref].implicit;
    for (int32_t i = 0; i < expr->n_args && !own && !range; i++) {
        own = has_chance(view, expr->args[i]);
    }
    return own || range;
}

// ---- What it rests on ---------------------------------------------------------------------------

static bool is_weak(const Model *model, const SourcingCite *cite)
{
    return model->sources[cite->source].reliability >= 'D' || cite->credibility >= 4;
}

static Footing footing_of(const Sourcer *s, const SourcingRow *row, bool asked)
{
    bool weak = row->n_cites > 0;
    for (int32_t i = 0; i < row->n_cites; i++) {
        weak = weak && is_weak(s->model, &row->cites[i]);
    }
    return weak                ? RESTS_WEAK
           : row->n_cites > 0  ? RESTS_SOURCES
           : row->assumption.n ? RESTS_ASSUMPTION
           : asked             ? RESTS_NOTHING
                               : RESTS_NOT_ASKED;
}

// A source that shares a hand with one before it is no voice of its own.
static int32_t count_voices(const Sourcer *s, const SourcingRow *row)
{
    int32_t n = 0;
    for (int32_t i = 0; i < row->n_cites; i++) {
        bool own = true;
        int32_t source = row->cites[i].source;
        for (int32_t k = 0; k < i; k++) {
            for (int32_t h = 0; h < s->hands->n_of[source] && own; h++) {
                own = !pool_went_through(s->hands, row->cites[k].source, s->hands->of[source][h]);
            }
        }
        n += own;
    }
    return n;
}

static void set_notes(const Sourcer *s, SourcingRow *row, const Notes *notes)
{
    SourcingCite *cites = ARENA_ARRAY(s->answer, SourcingCite, notes->n_citations);
    for (int32_t i = 0; i < notes->n_citations; i++) {
        const Citation *c = &notes->citations[i];
        cites[i] = (SourcingCite){c->source, c->credibility, str_copy(s->answer, c->locator)};
    }
    row->cites = cites;
    row->n_cites = notes->n_citations;
    row->assumption = str_copy(s->answer, notes->assumption);
    row->voices = count_voices(s, row);
}

static void add_row(Sourcer *s, SourcingRow row, const Notes *notes, const Notes *around,
                    RowPlace place)
{
    bool own = notes->n_citations > 0 || notes->assumption.n > 0;
    row.inherited = !own && around && around->n_citations > 0;
    set_notes(s, &row, row.inherited ? around : notes);
    row.footing = footing_of(s, &row, place.asked);
    row.reading = str_copy(s->answer, s->model->views[place.view]->name);
    row.name = str_copy(s->answer, row.name);
    row.title = str_copy(s->answer, row.title);
    row.value = str_copy(s->answer, row.value);
    vec_push(s->answer, &s->rows, row);
    vec_push(s->arena, &s->places, place);
}

// ---- What varies --------------------------------------------------------------------------------

// "fear" has the unknowns fear, fear[POL], and, of an event, clash.chance.
static bool belongs(Str key, Str unknown)
{
    if (key.n == 0 || !str_starts(unknown, key)) {
        return false;
    }
    return unknown.n == key.n || unknown.p[key.n] == '[' || unknown.p[key.n] == '.';
}

static bool varies(const View *view, Str key)
{
    for (int32_t i = 0; i < view->n_quantities; i++) {
        const Quantity *q = &view->quantities[i];
        bool whole = belongs(key, q->name);
        bool part = belongs(q->name, key); // fear[POL] of fear
        for (int32_t k = 0; (whole || part) && k < q->n_elements; k++) {
            if (is_range(q->values[k])) {
                return true;
            }
        }
    }
    return false;
}

// ---- The base -----------------------------------------------------------------------------------

static bool has_notes(const Notes *notes)
{
    return notes->n_citations > 0 || notes->assumption.n > 0;
}

static Str with_sets(const Sourcer *s, const View *view, const Quantity *q)
{
    Buf buf = {.arena = s->arena};
    buf_add(&buf, q->name);
    for (int32_t i = 0; i < q->n_dims; i++) {
        buf_addf(&buf, "%s%.*s", i ? ", " : "[", STR_ARG(view->sets[q->dims[i]].name));
    }
    buf_add(&buf, q->n_dims ? STR("]") : STR(""));
    return buf_str(&buf);
}

static Str value_of(const Sourcer *s, const View *view, const Quantity *q)
{
    ModelTeller teller = {
        .arena = s->arena, .model = s->model, .view = view, .sources = s->run.sources};
    const Dist *first = q->values[0];
    for (int32_t i = 1; i < q->n_elements; i++) {
        if (q->values[i]->span.lo != first->span.lo ||
            q->values[i]->span.file != first->span.file) {
            return STR("one value each");
        }
    }
    return tell_dist(&teller, q, first);
}

static void add_quantities(Sourcer *s, const View *view)
{
    for (int32_t i = 0; i < view->n_quantities; i++) {
        const Quantity *q = &view->quantities[i];
        bool start = q->role == ROLE_STATE && !q->proposition;
        if (q->implicit || (start && !has_notes(&q->notes) && !varies(view, q->name))) {
            continue;
        }
        SourcingRow row = {.kind = q->role == ROLE_PARAM  ? ROW_PARAM
                                   : q->role == ROLE_TYPE ? ROW_TYPE
                                   : q->proposition       ? ROW_BELIEF
                                                          : ROW_STATE,
                           .name = with_sets(s, view, q),
                           .title = q->title,
                           .value = q->n_elements > 0 ? value_of(s, view, q) : STR(""),
                           .varies = varies(view, q->name)};
        bool asked = quantity_asked(q) || (start && row.varies);
        add_row(s, row, &q->notes, NULL, (RowPlace){0, -1, q->name, asked});
    }
}

// A rank correlation is a number that somebody must know.
static void add_correlations(Sourcer *s, const View *view)
{
    for (int32_t i = 0; i < view->n_correlations; i++) {
        const Correlation *c = &view->correlations[i];
        SourcingRow row = {.kind = ROW_CORRELATION,
                           .name = str_format(s->arena, "correlate %.*s", STR_ARG(c->names)),
                           .value = num_shortest(s->arena, c->rank)};
        add_row(s, row, &c->notes, NULL, (RowPlace){0, -1, STR(""), true});
    }
}

static void add_event(Sourcer *s, const View *view, const Event *e)
{
    SourcingRow row = {.kind = ROW_EVENT,
                       .name = e->name,
                       .title = e->title,
                       .value = words_expr(s->arena, s->run.sources, e->chance),
                       .varies = varies(view, e->name)};
    add_row(s, row, &e->notes, NULL, (RowPlace){0, -1, e->name, has_chance(view, e->chance)});
}

static void add_decision(Sourcer *s, const View *view, const Decision *d)
{
    SourcingRow row = {
        .kind = ROW_DECISION, .name = d->name, .title = d->title, .varies = varies(view, d->name)};
    add_row(s, row, &d->notes, NULL, (RowPlace){0, -1, d->name, row.varies});
    for (int32_t i = 0; i < d->n_options; i++) {
        const Option *option = &d->options[i];
        if (has_notes(&option->notes)) {
            Str name = str_format(s->arena, "%.*s.%.*s", STR_ARG(d->name), STR_ARG(option->name));
            SourcingRow own = {.kind = ROW_OPTION,
                               .name = name,
                               .title = option->title,
                               .varies = varies(view, name)};
            add_row(s, own, &option->notes, NULL, (RowPlace){0, -1, name, false});
        }
    }
}

static void add_blocks(Sourcer *s, const View *view)
{
    for (int32_t i = 0; i < view->n_blocks; i++) {
        const Block *block = &view->blocks[i];
        bool dated = block->kind == BLOCK_ON_DATE;
        if (block->kind == BLOCK_EVENT) {
            add_event(s, view, &view->events[block->ref]);
        } else if (block->kind == BLOCK_DECISION) {
            add_decision(s, view, &view->decisions[block->ref]);
        } else if (has_notes(&block->notes)) {
            SourcingRow row = {.kind = ROW_BLOCK,
                               .name = dated ? STR("on a date") : STR("each step")};
            add_row(s, row, &block->notes, NULL, (RowPlace){0, -1, STR(""), false});
        }
    }
}

static void add_questions(Sourcer *s, const View *view)
{
    for (int32_t i = 0; i < view->n_questions; i++) {
        const Question *q = &view->questions[i];
        SourcingRow row = {.kind = ROW_QUESTION, .name = q->name, .title = q->text};
        add_row(s, row, &q->notes, NULL, (RowPlace){0, -1, STR(""), false});
    }
}

// ---- Stories ------------------------------------------------------------------------------------

// The first line of the text, without its comment and without what it addresses.
static Str line_value(const Sourcer *s, const OverrideNote *line)
{
    const DiagList *texts = s->run.sources;
    if (!texts || line->span.file < 0 || line->span.file >= texts->sources.n) {
        return STR("");
    }
    Str all = texts->sources.p[line->span.file].text, address = line->quantity;
    size_t lo = (size_t)line->span.lo, hi = lo;
    while (hi < all.n && all.p[hi] != '\n' && all.p[hi] != '#') {
        hi++;
    }
    Str text = str_sub(all, lo, hi);
    if (str_starts(text, STR("without"))) {
        return STR("left out");
    }
    bool changed = str_starts(text, address) && address.n < text.n;
    if (!changed || str_starts(text, STR("event ")) || str_starts(text, STR("decision "))) {
        return STR("told anew");
    }
    lo += address.n;
    while (lo < hi && all.p[lo] == ' ') {
        lo++;
    }
    while (hi > lo && all.p[hi - 1] == ' ') {
        hi--;
    }
    return str_sub(all, lo, hi);
}

// What the unknowns of a line's quantity begin with: "event clash" and "aims of RUS" are written
// otherwise than they are called.
static Str line_key(const Sourcer *s, const View *view, Str address)
{
    static const char *const before[] = {"without event ", "event ", "decision "};
    for (int i = 0; i < 3; i++) {
        if (str_starts(address, str_of(before[i]))) {
            return str_sub(address, str_of(before[i]).n, address.n);
        }
    }
    for (int32_t i = 0; i < view->n_quantities; i++) {
        if (str_eq(view->quantities[i].name, address)) {
            return address;
        }
    }
    for (size_t i = 0; i + 4 < address.n; i++) {
        if (str_starts(str_sub(address, i, address.n), STR(" of "))) {
            return str_format(s->arena, "%.*s[%.*s]", (int)i, address.p,
                              STR_ARG(str_sub(address, i + 4, address.n)));
        }
    }
    return address;
}

// What an author says, where another source than that of his story is named for it.
static void add_says(Sourcer *s, int32_t v)
{
    const View *view = s->model->views[v];
    for (int32_t i = 0; i < view->n_says; i++) {
        const Says *says = &view->says[i];
        if (says->source < 0) {
            continue;
        }
        const Citation citation = {.source = says->source};
        Notes notes = {.citations = &citation, .n_citations = 1};
        SourcingRow row = {
            .kind = ROW_SAYS, .name = view->questions[says->question].name, .value = says->words};
        add_row(s, row, &notes, NULL, (RowPlace){v, -1, STR(""), false});
    }
}

static void add_view(Sourcer *s, int32_t v)
{
    const View *view = s->model->views[v];
    bool story = view->role == VIEW_STORY;
    SourcingRow head = {.kind = ROW_STORY, .name = view->name, .title = view->title};
    if (story) {
        add_row(s, head, &view->notes, NULL, (RowPlace){v, -1, STR(""), false});
    }
    for (int32_t i = 0; i < view->n_overrides; i++) {
        const OverrideNote *line = &view->overrides[i];
        Str key = line_key(s, view, line->quantity);
        SourcingRow row = {.kind = ROW_CHANGE,
                           .name = line->quantity,
                           .value = line_value(s, line),
                           .varies = varies(view, key)};
        add_row(s, row, &line->notes, &view->notes, (RowPlace){v, i, key, story});
    }
    add_says(s, v);
}

// ---- Sources ------------------------------------------------------------------------------------

typedef VEC(int32_t) RowList;

static void fill_source(const Sourcer *s, int32_t index, SourcingSource *out)
{
    const Source *source = &s->model->sources[index];
    Arena *arena = s->answer;
    int32_t *via = ARENA_ARRAY(arena, int32_t, source->n_via + 1);
    for (int32_t i = 0; i < source->n_via; i++) {
        via[i] = source->via[i];
    }
    *out = (SourcingSource){.id = str_copy(arena, source->id),
                            .note = str_copy(arena, source->note),
                            .file = str_copy(arena, source->file),
                            .url = str_copy(arena, source->url),
                            .owner = str_copy(arena, source->owner),
                            .reliability = source->reliability,
                            .date = source->date,
                            .via = via,
                            .n_via = source->n_via};
}

static bool is_alone(const SourcingRow *row)
{
    for (int32_t i = 1; i < row->n_cites; i++) {
        if (row->cites[i].source != row->cites[0].source) {
            return false;
        }
    }
    return row->assumption.n == 0;
}

static void fill_sources(Sourcer *s)
{
    int32_t n = s->model->n_sources;
    SourcingSource *sources = ARENA_ARRAY(s->answer, SourcingSource, n);
    RowList *lists = ARENA_ARRAY(s->arena, RowList, n);
    for (int32_t i = 0; i < n; i++) {
        fill_source(s, i, &sources[i]);
    }
    for (int32_t r = 0; r < s->rows.n; r++) {
        const SourcingRow *row = &s->rows.p[r];
        for (int32_t i = 0; i < row->n_cites; i++) {
            RowList *list = &lists[row->cites[i].source];
            if (list->n == 0 || list->p[list->n - 1] != r) {
                vec_push(s->answer, list, r);
                sources[row->cites[i].source].n_alone += is_alone(row);
            }
        }
    }
    for (int32_t i = 0; i < n; i++) {
        sources[i].rows = lists[i].p;
        sources[i].n_rows = lists[i].n;
    }
    s->out->sources = sources;
    s->out->n_sources = n;
}

static void fill_relays(Sourcer *s)
{
    SourcingRelay *relays = ARENA_ARRAY(s->answer, SourcingRelay, s->model->n_relays);
    for (int32_t i = 0; i < s->model->n_relays; i++) {
        const Relay *relay = &s->model->relays[i];
        relays[i] =
            (SourcingRelay){str_copy(s->answer, relay->id), str_copy(s->answer, relay->title),
                            str_copy(s->answer, relay->owner)};
    }
    s->out->relays = relays;
    s->out->n_relays = s->model->n_relays;
}

void sources_rows(Sourcer *s)
{
    const View *base = s->model->views[0];
    add_quantities(s, base);
    add_correlations(s, base);
    add_blocks(s, base);
    add_questions(s, base);
    for (int32_t v = 1; v < s->model->n_views; v++) {
        add_view(s, v);
    }
    fill_sources(s);
    fill_relays(s);
    s->out->rows = s->rows.p;
    s->out->n_rows = s->rows.n;
}

// ---- What it moves ------------------------------------------------------------------------------

// First-order shares of independent unknowns add up, and so do the squares of their errors.
static Estimate share_of(const Item *item, Str key)
{
    enum { FEWEST_FUTURES = 1000 };
    double sum = 0, square = 0;
    int32_t n = item->futures >= FEWEST_FUTURES ? item->n_movers : 0;
    for (int32_t i = 0; i < n; i++) {
        if (belongs(key, item->movers[i].name)) {
            sum += item->movers[i].share.value;
            square += item->movers[i].share.half * item->movers[i].share.half;
        }
    }
    double half = m_sqrt(square), most = sum < 1 ? sum : 1;
    return (Estimate){most, half, most - half, most + half};
}

bool sources_doubtful(const Sourcer *s, int32_t view)
{
    for (int32_t r = 0; r < s->rows.n; r++) {
        const SourcingRow *row = &s->rows.p[r];
        if (s->places.p[r].view == view && row->varies && row->footing < RESTS_SOURCES) {
            return true;
        }
    }
    return false;
}

void sources_shares(Sourcer *s, int32_t view, const Answer *answer)
{
    for (int32_t r = 0; r < s->rows.n; r++) {
        SourcingRow *row = &s->rows.p[r];
        if (s->places.p[r].view != view) {
            continue;
        }
        RowShare *shares = NULL;
        for (int32_t i = 0; i < answer->n_items; i++) {
            Estimate share = share_of(&answer->items[i], s->places.p[r].key);
            if (!(share.value > 0)) {
                continue;
            }
            shares = shares ? shares : ARENA_ARRAY(s->answer, RowShare, answer->n_items);
            int32_t at = row->n_shares++;
            for (; at > 0 && shares[at - 1].share.value < share.value; at--) {
                shares[at] = shares[at - 1];
            }
            shares[at] = (RowShare){i, share};
        }
        row->shares = shares;
    }
}
