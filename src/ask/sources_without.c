// SPDX-License-Identifier: MIT
//
// Answers without a hand: which stories and lines hang on each, the run of all stories side by
// side, and the pool weighed anew.
#include "ask/grid.h"
#include "ask/sources_impl.h"
#include "ask/words.h"
#include "lang/swap.h"
#include "math/bits.h"
#include "math/elementary.h"

// Answers that rest on fewer futures are not told, and readings beyond so many not run.
static const double FEWEST_FUTURES = 50;
enum { MOST_READINGS = 256 };

// A story without some of its lines, told in its place.
typedef struct {
    int32_t view, column; // -1: could not be made
    const bool *lines;    // by override
    const View *told;
    Str why;
} Stripped;

typedef VEC(int32_t) IndexList;

// What hangs on one hand.
typedef struct {
    int32_t hand;     // of Hands
    bool *left_out;   // by view
    bool **lines;     // by view: its lines that fall back, by override; NULL: none
    int32_t *instead; // by view: index among the stripped, -1: told as it is
    IndexList sources, changes, bare;
    VEC(Str) stories;
    SourcingWithout *out;
} Case;

typedef struct {
    Sourcer *s;
    VEC(Stripped) stripped;
    Case *cases;        // by hand
    const View **views; // columns of the grid
    int32_t *column;    // by view; -1: not in the pool
    int32_t n_views;
    const double *pool; // weights with all, by view
    Grid *grid;
} Without;

// ---- What hangs on a hand -----------------------------------------------------------------------

static bool all_through(const Sourcer *s, const SourcingRow *row, int32_t hand)
{
    for (int32_t i = 0; i < row->n_cites; i++) {
        if (!pool_went_through(s->hands, row->cites[i].source, hand)) {
            return false;
        }
    }
    return row->n_cites > 0;
}

// Sources by hand, and the first hand that brought the very same ones: a relay of one source, an
// owner of one relay.
static void find_sources(Without *w)
{
    const Hands *hands = w->s->hands;
    for (int32_t i = 0; i < w->s->model->n_sources; i++) {
        for (int32_t k = 0; k < hands->n_of[i]; k++) {
            vec_push(w->s->answer, &w->cases[hands->of[i][k]].sources, i);
        }
    }
    for (int32_t h = 0; h < hands->n; h++) {
        const IndexList *own = &w->cases[h].sources;
        int32_t first = own->n > 0 ? own->p[0] : 0;
        w->cases[h].out->same_as = w->cases[h].out->moves_as = -1;
        for (int32_t k = 0; own->n > 0 && k < hands->n_of[first]; k++) {
            int32_t other = hands->of[first][k];
            const IndexList *theirs = &w->cases[other].sources;
            bool same = other < h && theirs->n == own->n &&
                        memcmp(theirs->p, own->p, (size_t)own->n * sizeof *own->p) == 0;
            w->cases[h].out->same_as =
                same && w->cases[h].out->same_as < 0 ? other : w->cases[h].out->same_as;
        }
    }
}

// Stories leave with the source that stands for them.
static void find_stories(Without *w)
{
    Sourcer *s = w->s;
    double sum = 0;
    for (int32_t v = 0; v < s->model->n_views; v++) {
        sum += w->pool[v];
    }
    for (int32_t v = 1; v < s->model->n_views; v++) {
        int32_t source = s->weights[v].source;
        for (int32_t k = 0; source >= 0 && w->pool[v] > 0 && k < s->hands->n_of[source]; k++) {
            Case *c = &w->cases[s->hands->of[source][k]];
            c->left_out[v] = true;
            c->out->moves = true;
            c->out->share += w->pool[v] / sum;
            vec_push(s->answer, &c->stories, str_copy(s->answer, s->model->views[v]->name));
        }
    }
}

// A line of a story that stays, or a number of the base, which cites nothing that did not come
// through this hand. An assumption beside the source would still hold.
static void note_row(Without *w, Case *c, int32_t r)
{
    Sourcer *s = w->s;
    const RowPlace *place = &s->places.p[r];
    int32_t v = place->view;
    bool number = v == 0 && s->rows.p[r].kind != ROW_QUESTION;
    if (number) {
        vec_push(s->answer, &c->bare, r);
    }
    if (place->line < 0 || !(w->pool[v] > 0) || c->left_out[v]) {
        return;
    }
    if (!c->lines[v]) {
        c->lines[v] = ARENA_ARRAY(s->arena, bool, s->model->views[v]->n_overrides + 1);
    }
    c->lines[v][place->line] = true;
    c->out->moves = true;
    vec_push(s->answer, &c->changes, r);
}

static void find_rows(Without *w)
{
    Sourcer *s = w->s;
    for (int32_t r = 0; r < s->rows.n; r++) {
        const SourcingRow *row = &s->rows.p[r];
        if (row->n_cites == 0 || row->inherited || row->assumption.n > 0) {
            continue;
        }
        int32_t source = row->cites[0].source;
        for (int32_t k = 0; k < s->hands->n_of[source]; k++) {
            if (all_through(s, row, s->hands->of[source][k])) {
                note_row(w, &w->cases[s->hands->of[source][k]], r);
            }
        }
    }
}

static void fill_hand(const Sourcer *s, const Case *c)
{
    const Hand *hand = &s->hands->list[c->hand];
    SourcingWithout *out = c->out;
    out->kind = hand->kind == HAND_SOURCE  ? WITHOUT_SOURCE
                : hand->kind == HAND_RELAY ? WITHOUT_RELAY
                                           : WITHOUT_OWNER;
    out->name = str_copy(s->answer, hand->name);
    out->sources = c->sources.p;
    out->n_sources = c->sources.n;
    out->stories = c->stories.p;
    out->n_stories = c->stories.n;
    out->changes = c->changes.p;
    out->n_changes = c->changes.n;
    out->bare = c->bare.p;
    out->n_bare = c->bare.n;
}

// The same stories leave, the same lines fall back.
static bool moves_alike(const Without *w, const Case *a, const Case *b)
{
    for (int32_t v = 0; v < w->s->model->n_views; v++) {
        int32_t n = w->s->model->views[v]->n_overrides;
        bool lines =
            (a->lines[v] != NULL) == (b->lines[v] != NULL) &&
            (!a->lines[v] || memcmp(a->lines[v], b->lines[v], (size_t)n * sizeof(bool)) == 0);
        if (a->left_out[v] != b->left_out[v] || !lines) {
            return false;
        }
    }
    return true;
}

static void find_alike(Without *w)
{
    int32_t n = w->s->hands->n;
    int32_t *moving = ARENA_ARRAY(w->s->arena, int32_t, n + 1), n_moving = 0;
    for (int32_t h = 0; h < n; h++) {
        SourcingWithout *out = w->cases[h].out;
        for (int32_t k = 0; out->moves && k < n_moving && out->moves_as < 0; k++) {
            bool alike = moves_alike(w, &w->cases[moving[k]], &w->cases[h]);
            out->moves_as = alike ? moving[k] : -1;
        }
        if (out->moves && out->moves_as < 0) {
            moving[n_moving++] = h;
        }
    }
}

static void make_cases(Without *w)
{
    Sourcer *s = w->s;
    int32_t n = s->hands->n;
    SourcingWithout *all = ARENA_ARRAY(s->answer, SourcingWithout, n + 1);
    w->cases = ARENA_ARRAY(s->arena, Case, n + 1);
    for (int32_t h = 0; h < n; h++) {
        w->cases[h] = (Case){.hand = h,
                             .left_out = ARENA_ARRAY(s->arena, bool, s->model->n_views),
                             .lines = ARENA_ARRAY(s->arena, bool *, s->model->n_views),
                             .out = &all[h]};
    }
    find_sources(w);
    find_stories(w);
    find_rows(w);
    find_alike(w);
    for (int32_t h = 0; h < n; h++) {
        fill_hand(s, &w->cases[h]);
    }
    s->out->without = all;
    s->out->n_without = n;
}

// The same lines of the same story are run once.
static int32_t stripped_of(Without *w, int32_t view, const bool *lines)
{
    int32_t n = w->s->model->views[view]->n_overrides;
    for (int32_t i = 0; i < w->stripped.n; i++) {
        const Stripped *known = &w->stripped.p[i];
        if (known->view == view && memcmp(known->lines, lines, (size_t)n * sizeof(bool)) == 0) {
            return i;
        }
    }
    vec_push(w->s->arena, &w->stripped, ((Stripped){.view = view, .column = -1, .lines = lines}));
    return w->stripped.n - 1;
}

static void strip_stories(Without *w, Case *c)
{
    int32_t n = w->s->model->n_views;
    c->instead = ARENA_ARRAY(w->s->arena, int32_t, n);
    for (int32_t v = 0; v < n; v++) {
        c->instead[v] = c->lines[v] ? stripped_of(w, v, c->lines[v]) : -1;
    }
}

// ---- The run ------------------------------------------------------------------------------------

static int32_t add_column(Without *w, const View *view)
{
    w->views[w->n_views] = view;
    return w->n_views++;
}

static void make_columns(Without *w)
{
    Sourcer *s = w->s;
    w->views = ARENA_ARRAY(s->arena, const View *, s->model->n_views + w->stripped.n);
    w->column = ARENA_ARRAY(s->arena, int32_t, s->model->n_views);
    for (int32_t v = 0; v < s->model->n_views; v++) {
        w->column[v] = w->pool[v] > 0 ? add_column(w, s->model->views[v]) : -1;
    }
    for (int32_t i = 0; i < w->stripped.n; i++) {
        Stripped *one = &w->stripped.p[i];
        if (w->n_views >= MOST_READINGS) {
            one->why = str_format(s->arena, "more than %d readings", (int)MOST_READINGS);
            continue;
        }
        one->told = lang_without(s->arena, s->model, one->view, one->lines, &one->why);
        one->column = one->told ? add_column(w, one->told) : -1;
    }
}

static void list_pairs(const Without *w, GridSpec *spec)
{
    int32_t n = w->n_views;
    GridPair *pairs = ARENA_ARRAY(w->s->arena, GridPair, n * n + 1);
    for (int32_t a = 0; a < n; a++) {
        for (int32_t b = 0; b <= a; b++) {
            pairs[spec->n_pairs++] = (GridPair){a, b};
        }
    }
    spec->pairs = pairs;
}

static Status run_readings(Without *w, Error *error)
{
    Sourcer *s = w->s;
    for (int32_t h = 0; h < s->hands->n; h++) {
        if (w->cases[h].out->moves) {
            strip_stories(w, &w->cases[h]);
        }
    }
    make_columns(w);
    GridSpec spec = {.views = w->views, .n_views = w->n_views, .want_levels = true};
    list_pairs(w, &spec);
    spec.phase = str_format(s->arena, "%d readings side by side", (int)w->n_views);
    TRY(grid_run(s->arena, s->model, &s->run, &spec, &w->grid, error));
    if (w->grid->partial) {
        sources_remark(s,
                       str_format(s->arena,
                                  "stopped early: %llu of %llu futures of each story were run; the "
                                  "errors are those of the smaller run",
                                  (unsigned long long)w->grid->futures,
                                  (unsigned long long)s->run.worlds * s->run.futures));
    }
    return ST_OK;
}

// ---- Answers ------------------------------------------------------------------------------------

static double *weights_by_column(const Without *w, const double *pool, const int32_t *instead)
{
    double *weights = ARENA_ARRAY(w->s->arena, double, w->n_views);
    for (int32_t v = 0; v < w->s->model->n_views; v++) {
        if (!(pool[v] > 0)) {
            continue;
        }
        int32_t i = instead ? instead[v] : -1;
        weights[i >= 0 ? w->stripped.p[i].column : w->column[v]] += pool[v];
    }
    return weights;
}

// Futures that an answer rests on, of those readings that have weight.
static double futures_behind(const Grid *grid, const double *weights, int32_t track)
{
    double n = 0;
    for (int32_t c = 0; c < grid->n_columns; c++) {
        n += weights[c] > 0 ? grid_sums(grid, c, track).n : 0;
    }
    return n;
}

// By how much futures of the pool differ from one another.
static double spread(const Grid *grid, const double *weights, int32_t track)
{
    TrackSums pooled = grid_pooled(grid, weights, track);
    double p = pooled.x / pooled.n;
    bool mean = grid->layout->tracks[grid->tracks[track]].kind == TRACK_VALUE;
    return mean ? estimate_sd(&pooled) : m_sqrt(m_max(p * (1 - p), 0));
}

static SourcingEffect effect_on(const Without *w, int32_t asked, int32_t track,
                                const double *before, const double *after, const double *own)
{
    const Grid *grid = w->grid;
    SourcingEffect effect = {.level = -1, .own = MATH_NAN};
    double fewest = grid->plan->asked[asked].has_defined ? FEWEST_FUTURES : 1;
    effect.with = grid_mixed(grid, before, track);
    effect.without = grid_mixed(grid, after, track);
    effect.difference = grid_reweighted(grid, before, after, track);
    effect.known = futures_behind(grid, before, track) >= fewest &&
                   futures_behind(grid, after, track) >= fewest &&
                   m_is_finite(effect.difference.half);
    if (futures_behind(grid, own, track) >= fewest) {
        TrackSums sums = grid_pooled(grid, own, track);
        effect.own = sums.x / sums.n;
    }
    if (!effect.known) {
        return effect;
    }
    double size = m_abs(effect.difference.value), sd = spread(grid, before, track);
    double error = effect.difference.half / estimate_t((double)grid->worlds - 1);
    effect.errors = size == 0 ? 0 : error > 0 ? size / error : MATH_INF;
    effect.size = size == 0 ? 0 : sd > 0 ? size / sd : MATH_INF;
    effect.found = effect.errors > SOURCING_FOUND_ERRORS;
    return effect;
}

// Of a ladder or set the level that moves most.
static SourcingEffect effect_of(const Without *w, int32_t asked, const double *before,
                                const double *after, const double *own)
{
    const Asked *a = &w->grid->plan->asked[asked];
    int32_t first = w->grid->main[asked];
    if (a->kind != RESULT_LEVEL) {
        return effect_on(w, asked, first, before, after, own);
    }
    SourcingEffect most = {.level = -1, .own = MATH_NAN};
    for (int32_t l = 0; l < a->n_levels; l++) {
        SourcingEffect effect = effect_on(w, asked, first + l, before, after, own);
        effect.level = l;
        if (most.level < 0 || effect.errors > most.errors) {
            most = effect;
        }
    }
    return most;
}

static bool comes_before(const SourcingEffect *a, const SourcingEffect *b)
{
    if (a->found != b->found) {
        return a->found;
    }
    return a->found ? a->size > b->size : a->known && !b->known;
}

static void rank_effects(const Without *w, SourcingWithout *out)
{
    int32_t n = w->grid->plan->n_asked;
    int32_t *ranked = ARENA_ARRAY(w->s->answer, int32_t, n + 1);
    for (int32_t i = 0; i < n; i++) {
        int32_t at = i;
        for (; at > 0 && comes_before(&out->effects[i], &out->effects[ranked[at - 1]]); at--) {
            ranked[at] = ranked[at - 1];
        }
        ranked[at] = i;
        out->n_found += out->effects[i].found;
    }
    out->ranked = ranked;
}

static Str cannot(const Without *w, const Case *c)
{
    for (int32_t v = 0; v < w->s->model->n_views; v++) {
        const Stripped *one = c->instead[v] >= 0 ? &w->stripped.p[c->instead[v]] : NULL;
        if (one && one->column < 0) {
            return str_format(w->s->answer, "`%.*s` cannot be told without its lines: %.*s",
                              STR_ARG(w->s->model->views[v]->name), STR_ARG(one->why));
        }
    }
    return STR("");
}

static void fill_case(Without *w, Case *c)
{
    if (!c->out->moves) {
        return;
    }
    const double *pool = sources_pool(w->s, c->left_out);
    double left = 0;
    for (int32_t v = 0; v < w->s->model->n_views; v++) {
        left += pool[v];
    }
    c->out->empties = !(left > 0);
    c->out->why = cannot(w, c);
    if (c->out->empties || c->out->why.n > 0) {
        return;
    }
    const double *before = weights_by_column(w, w->pool, NULL);
    const double *after = weights_by_column(w, pool, c->instead);
    double *own = ARENA_ARRAY(w->s->arena, double, w->n_views);
    for (int32_t v = 0; v < w->s->model->n_views; v++) {
        if (c->left_out[v]) {
            own[w->column[v]] = w->pool[v];
        }
    }
    int32_t n = w->grid->plan->n_asked;
    SourcingEffect *effects = ARENA_ARRAY(w->s->answer, SourcingEffect, n + 1);
    for (int32_t a = 0; a < n; a++) {
        effects[a] = effect_of(w, a, before, after, own);
    }
    c->out->effects = effects;
    rank_effects(w, c->out);
}

// ---- The questions ------------------------------------------------------------------------------

static void fill_levels(const Without *w, const Question *q, int32_t asked, SourcingItem *item,
                        const double *weights)
{
    Arena *arena = w->s->answer;
    int32_t n = w->grid->plan->asked[asked].n_levels;
    Str *names = ARENA_ARRAY(arena, Str, n + 1);
    Estimate *levels = ARENA_ARRAY(arena, Estimate, n + 1);
    for (int32_t l = 0; l < n; l++) {
        names[l] = str_copy(arena, words_level(w->s->model->views[0], q->kind, l));
        levels[l] = grid_mixed(w->grid, weights, w->grid->main[asked] + l);
    }
    item->level_names = names;
    item->levels = levels;
    item->n_levels = n;
}

// A question without its answer, which comes of a run.
static SourcingItem question_item(const Sourcer *s, const Plan *plan, int32_t asked)
{
    static const ItemKind kinds[] = {[RESULT_FLAG] = ITEM_FLAG,
                                     [RESULT_NUMBER] = ITEM_NUMBER,
                                     [RESULT_DATE] = ITEM_DATE,
                                     [RESULT_LEVEL] = ITEM_LEVEL};
    Arena *arena = s->answer;
    const Asked *a = &plan->asked[asked];
    const Question *q = &s->model->views[0]->questions[a->question];
    return (SourcingItem){.name = str_copy(arena, q->name),
                          .text = str_copy(arena, q->text),
                          .asked = words_form(arena, s->run.sources, &q->form),
                          .kind = kinds[a->kind],
                          .scale = q->shown.scale == 0 ? 1 : q->shown.scale,
                          .unit = str_copy(arena, q->shown.unit),
                          .conditional = q->n_given > 0 || q->form.within_days > 0,
                          .pool = estimate_none()};
}

static void fill_item(const Without *w, int32_t asked, const double *weights, SourcingItem *item)
{
    const Asked *a = &w->grid->plan->asked[asked];
    const Question *q = &w->s->model->views[0]->questions[a->question];
    *item = question_item(w->s, w->grid->plan, asked);
    item->futures = futures_behind(w->grid, weights, w->grid->main[asked]);
    if (a->kind == RESULT_LEVEL) {
        fill_levels(w, q, asked, item, weights);
    } else {
        item->pool = grid_mixed(w->grid, weights, w->grid->main[asked]);
    }
    if (!(item->futures > 0)) {
        item->why = STR("its condition never held");
    }
}

// Shares of rows name the questions, also when a run was stopped before it came to their answers.
static Status name_items(Sourcer *s, Error *error)
{
    Plan *plan = NULL;
    TRY(plan_make(s->arena, s->model, &s->run, false, &plan, error));
    SourcingItem *items = ARENA_ARRAY(s->answer, SourcingItem, plan->n_asked + 1);
    for (int32_t a = 0; a < plan->n_asked; a++) {
        items[a] = question_item(s, plan, a);
        items[a].why = STR("the run was stopped before it came to this");
    }
    s->out->items = items;
    s->out->n_items = plan->n_asked;
    return ST_OK;
}

Status sources_without(Sourcer *s, bool run, Error *error)
{
    Without w = {.s = s, .pool = sources_pool(s, NULL)};
    make_cases(&w);
    if (!run) {
        return s->out->was_run ? name_items(s, error) : ST_OK;
    }
    TRY(run_readings(&w, error));
    int32_t n = w.grid->plan->n_asked;
    const double *weights = weights_by_column(&w, w.pool, NULL);
    SourcingItem *items = ARENA_ARRAY(s->answer, SourcingItem, n + 1);
    for (int32_t a = 0; a < n; a++) {
        fill_item(&w, a, weights, &items[a]);
    }
    s->out->items = items;
    s->out->n_items = n;
    for (int32_t h = 0; h < s->hands->n; h++) {
        fill_case(&w, &w.cases[h]);
    }
    s->out->provenance.worlds = w.grid->worlds;
    s->out->provenance.futures = w.grid->futures;
    s->out->provenance.partial = w.grid->partial;
    s->out->provenance.threads = w.grid->threads;
    return ST_OK;
}
