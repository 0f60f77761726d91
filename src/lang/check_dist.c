// SPDX-License-Identifier: MIT
//
// Uncertain values: intervals, quantiles, mixtures, words (named distributions: check_named.c).
// Where they stand decides what becomes of them: see check_value.c.
#include "base/num.h"
#include "lang/check_ends.h"
#include "lang/checker.h"
#include "lang/spec.h"

// ---- Words --------------------------------------------------------------------------------------

// Letters count as they are in the standard, capitals do not.
static bool word_in(const Word *words, int32_t n, Str phrase, Word *out)
{
    for (int32_t i = 0; i < n; i++) {
        if (str_eq_nocase(words[i].phrase, phrase)) {
            *out = words[i];
            return true;
        }
    }
    return false;
}

// A source is read in its own words before those of the standard.
bool find_word(const Checker *c, Str phrase, Word *out)
{
    for (int32_t i = 0; i < c->where.n_sources; i++) {
        const Source *source = &c->shared->sources.p[c->where.sources[i]];
        if (word_in(source->words, source->n_words, phrase, out)) {
            return true;
        }
    }
    return word_in(c->shared->model->words, c->shared->model->n_words, phrase, out);
}

// A name that means something else is no word: a rung may be called `likely`.
static bool is_word(const Checker *c, const Node *node)
{
    Word word;
    if (node->kind == NODE_PHRASE || node->kind == NODE_STRING) {
        return find_word(c, node->text, &word);
    }
    if (node->kind != NODE_NAME || map_get(c->symbol_names, node->text) >= 0 ||
        map_get(c->value_names, node->text) >= 0) {
        return false;
    }
    for (int32_t i = c->locals.n - 1; i >= c->locals_floor; i--) {
        if (str_eq(c->locals.p[i].name, node->text)) {
            return false;
        }
    }
    return find_word(c, node->text, &word);
}

// Is this uncertain by itself? An expression with a range inside is not.
bool is_range(const Checker *c, const Node *node)
{
    switch (node->kind) {
    case NODE_RANGE:
    case NODE_UP_TO:
    case NODE_PERT:
    case NODE_QUANTILES:
    case NODE_AROUND:
    case NODE_MIXTURE:
    case NODE_TRUNCATED: return true;
    case NODE_CALL: return is_named_dist(node->text);
    case NODE_WITHIN: return node->child && is_range(c, node->child);
    default: return is_word(c, node);
    }
}

// The order of this walk is that in which unnamed params are numbered, and found by overrides.
int32_t count_ranges(const Checker *c, const Node *node)
{
    if (node == NULL) {
        return 0;
    }
    if (node_is_expr(node) && is_range(c, node)) {
        return 1;
    }
    int32_t n = 0;
    for (const Node *child = node->child; child; child = child->next) {
        n += count_ranges(c, child);
    }
    return n;
}

// ---- Making distributions -----------------------------------------------------------------------

Dist *dist_new(Checker *c, DistForm form, Span span)
{
    Dist *dist = ARENA_NEW(c->arena, Dist);
    *dist = (Dist){.form = form, .scale = 1, .span = span};
    return dist;
}

// Numbers arrive on the stack.
static Dist *with_numbers(Checker *c, Dist *dist, const double *numbers, int32_t n)
{
    double *copy = ARENA_ARRAY(c->arena, double, n);
    for (int32_t i = 0; i < n; i++) {
        copy[i] = numbers[i];
    }
    dist->numbers = copy;
    dist->n_numbers = n;
    return dist;
}

// A value that is known, or depends on what is drawn elsewhere.
const Dist *dist_fixed(Checker *c, const Expr *expr)
{
    Dist *dist = dist_new(c, DIST_FIXED, expr->span);
    const Expr **args = ARENA_ARRAY(c->arena, const Expr *, 1);
    args[0] = expr;
    dist->args = args;
    dist->n_args = 1;
    return dist;
}

// Positive things differ by factors, chances by odds, all others by amounts.
static Family family_of(Support support)
{
    return support == SUPPORT_PROBABILITY ? FAMILY_LOGITNORMAL
           : support == SUPPORT_REAL      ? FAMILY_NORMAL
                                          : FAMILY_LOGNORMAL;
}

// ---- Forms of ranges ----------------------------------------------------------------------------

typedef struct {
    Kind kind;
    Shown shown;
} Drawn;

// Two, or three, numbers with `to`, `up to`, `mode` or percentages between them.
static Dist *check_ends(Checker *c, const Node *node, Want want, Drawn *info)
{
    bool quantiles = node->kind == NODE_QUANTILES;
    const Node *nodes[3] = {0};
    int32_t n = 0;
    for (const Node *child = node->child; child && n < 3; child = child->next) {
        nodes[n++] = quantiles ? child->child : child;
    }
    Ends ends;
    bool two = node->kind == NODE_RANGE || node->kind == NODE_UP_TO;
    if (n < (two ? 2 : 3) || !ends_read(c, nodes, n, want, &ends)) {
        return NULL;
    }
    Bounds bounds = ends_bounds(c, &ends, want);
    bool closed = node->kind == NODE_UP_TO || node->kind == NODE_PERT;
    if (!ends_inside(c, &ends, bounds, closed) || !ends_whole(c, &ends, want)) {
        return NULL;
    }
    // A mode may coincide with an end, the ends may not coincide.
    bool flat = node->kind == NODE_PERT && n == 3 && ends.v[0] <= ends.v[1] &&
                ends.v[1] <= ends.v[2] && ends.v[0] < ends.v[2];
    if (!flat && !ends_rise(c, &ends)) {
        return NULL;
    }
    DistForm form = node->kind == NODE_RANGE   ? DIST_INTERVAL
                    : node->kind == NODE_UP_TO ? DIST_UP_TO
                    : node->kind == NODE_PERT  ? DIST_PERT_OF
                                               : DIST_QUANTILES;
    Dist *dist = with_numbers(c, dist_new(c, form, node->span), ends.v, n);
    dist->family = family_of(bounds.support);
    *info = (Drawn){ends.kind, ends.shown};
    return dist;
}

// Rounded, the ends of a uniform range would have half the weight of the numbers between them.
static void widen_uniform(Checker *c, Dist *dist)
{
    if (dist->form == DIST_UP_TO) {
        with_numbers(c, dist, (double[]){dist->numbers[0] - 0.5, dist->numbers[1] + 0.5}, 2);
    }
}

// Other points could be fitted, but not exactly by a two-piece family.
static bool standard_points(Checker *c, const Node *node)
{
    static const double POINTS[3] = {0.05, 0.5, 0.95};
    int32_t n = 0;
    for (const Node *p = node->child; p; p = p->next, n++) {
        double off = n < 3 ? p->number - POINTS[n] : 1;
        if (off > 1e-9 || off < -1e-9) {
            break;
        }
    }
    if (n == 3) {
        return true;
    }
    if (n < 2 && node_count(node) == 1) { // `30% yearly`
        Diag *diag = report(c, 384, node->span, "what stands behind the percentage is no window");
        diag_help(
            c->diags, diag,
            "write `30%% within 1 year`, `3%% per week`; three points are `5%% a 50%% b 95%% c`");
        return false;
    }
    Diag *diag = report(c, 384, node->span, "three points are read here: 5 %%, 50 %% and 95 %%");
    diag_help(c->diags, diag, "write `5%% a 50%% b 95%% c`");
    return false;
}

// `part` kept between lo and hi.
static Dist *truncate(Checker *c, Dist *part, double lo, double hi)
{
    Dist *dist = with_numbers(c, dist_new(c, DIST_TRUNCATED, part->span), (double[]){lo, hi}, 2);
    const Dist **parts = ARENA_ARRAY(c->arena, const Dist *, 1);
    parts[0] = part;
    dist->parts = parts;
    dist->n_parts = 1;
    return dist;
}

// The half width of `give or take`: a share of the centre when in %, unless the centre is in % too.
static bool read_half(Checker *c, const Node *node, const Ends *centre, Want want, double *half)
{
    Kind kind;
    Want own = {.has_bare = want.has_bare, .bare = want.bare};
    const Node *literal = literal_of(node);
    bool share = literal && literal->flags & NODE_PERCENT && !centre->percent;
    if (node == NULL || !check_constant(c, node, own, half, &kind)) {
        return false;
    }
    if (share) {
        *half *= centre->v[0] < 0 ? -centre->v[0] : centre->v[0];
    } else if (centre->kind.tag == KIND_DATE ? kind.unit != UNIT_DAY
                                             : kind.unit != centre->kind.unit) {
        Str a = kind_text(c, centre->kind), b = kind_text(c, kind);
        report(c, 380, node->span, "around %.*s, give or take %.*s", STR_ARG(a), STR_ARG(b));
        return false;
    }
    if (!(*half > 0)) {
        report(c, 381, node->span, "give or take what is above zero");
        return false;
    }
    return true;
}

// A normal, unless the kind has an edge: then it is cut there, so that what is positive stays
// positive.
static Dist *check_around(Checker *c, const Node *node, Want want, Drawn *info)
{
    const Node *nodes[1] = {node_at(node, 0)};
    const Node *both[2] = {node_at(node, 0), node_at(node, 1)};
    Ends centre;
    double half;
    bool percent = false;
    // `around 8 give or take 3 km`: the centre takes the unit, but never the %, of the spread.
    Want own = want_of_ends(c, both, 2, want, &percent);
    if (percent) {
        own = want;
    }
    if (!ends_read(c, nodes, 1, own, &centre) || !read_half(c, both[1], &centre, own, &half)) {
        return NULL;
    }
    Ends ends = centre;
    Bounds bounds = ends_bounds(c, &ends, want);
    if (!ends_inside(c, &ends, bounds, true)) {
        return NULL;
    }
    Dist *dist =
        with_numbers(c, dist_new(c, DIST_AROUND, node->span), (double[]){centre.v[0], half}, 2);
    *info = (Drawn){centre.kind, centre.shown};
    if (bounds.support == SUPPORT_REAL) {
        return dist;
    }
    // What cannot be negative stays so.
    double top = bounds.support == SUPPORT_PROBABILITY ? 1 : __builtin_inf();
    return truncate(c, dist, 0, top);
}

// ---- Distributions of distributions -------------------------------------------------------------

// A part of a mixture may be a single value.
static Dist *check_part(Checker *c, const Node *node, Want want, Drawn *info)
{
    if (node == NULL) {
        return NULL;
    }
    if (is_range(c, node)) {
        const Dist *dist = check_dist(c, node, want, &info->kind, &info->shown);
        if (dist == NULL) {
            return NULL;
        }
        Dist *copy = ARENA_NEW(c->arena, Dist);
        *copy = *dist;
        return copy;
    }
    const Node *nodes[1] = {node};
    Ends ends;
    if (!ends_read(c, nodes, 1, want, &ends) || !ends_whole(c, &ends, want)) {
        return NULL;
    }
    *info = (Drawn){ends.kind, ends.shown};
    Dist *copy = ARENA_NEW(c->arena, Dist);
    *copy = *dist_fixed(c, expr_const(c, ends.v[0], ends.kind, node->span));
    return copy;
}

// `infinity` leaves a side open; it is a name nowhere else.
static bool read_bound(Checker *c, const Node *node, Want want, Kind kind, double *out)
{
    const Node *literal = node && node->kind == NODE_UNARY ? node->child : node;
    if (literal && literal->kind == NODE_NAME && str_eq(literal->text, STR("infinity"))) {
        *out = literal == node ? __builtin_inf() : -__builtin_inf();
        return true;
    }
    Kind got;
    Want own = {.has_bare = want.has_bare, .bare = want.bare};
    if (node == NULL || !check_constant(c, node, own, out, &got)) {
        return false;
    }
    bool zero = kind_is_plain(got) && *out == 0;
    if (got.tag != kind.tag || (got.unit != kind.unit && !zero)) {
        Str a = kind_text(c, kind), b = kind_text(c, got);
        report(c, 380, node->span, "this bounds %.*s by %.*s", STR_ARG(a), STR_ARG(b));
        return false;
    }
    return true;
}

// The part may reach outside of what is possible: that is what is cut off.
static Dist *check_truncated(Checker *c, const Node *node, Want want, Drawn *info)
{
    double lo, hi;
    Want inner = want;
    inner.declared = false; // what lies outside is cut off
    Dist *part = check_part(c, node_at(node, 0), inner, info);
    if (part == NULL || !read_bound(c, node_at(node, 1), want, info->kind, &lo) ||
        !read_bound(c, node_at(node, 2), want, info->kind, &hi)) {
        return NULL;
    }
    if (!(lo < hi)) {
        report(c, 381, node_at(node, 2)->span, "the upper bound must lie above the lower one");
        return NULL;
    }
    Dist *dist = truncate(c, part, lo, hi);
    dist->span = node->span;
    return dist;
}

// Shares as percentages that make 100; one may be `rest`. Reports and says no when they do not.
bool close_shares(Checker *c, double *weights, int32_t n, int32_t rest, Span span)
{
    double sum = 0;
    for (int32_t i = 0; i < n; i++) {
        sum += i == rest ? 0 : weights[i];
    }
    Str text = num_shortest(c->arena, (double)(int64_t)(sum * 1e6 + 0.5) / 1e4);
    bool fine = rest >= 0 ? sum <= 1 + 1e-9 : sum > 1 - 1e-9 && sum < 1 + 1e-9;
    if (!fine) {
        Diag *diag = report(c, 387, span, "these shares make %.*s %%, not 100 %%", STR_ARG(text));
        diag_help(c->diags, diag, "the last may be `rest`");
        return false;
    }
    if (rest >= 0) {
        weights[rest] = sum < 1 ? 1 - sum : 0;
    }
    return true;
}

// 30 for 30 % is refused here, not read as 3000 %.
bool read_share(Checker *c, const Node *node, double *share)
{
    Kind kind;
    if (node == NULL || !check_constant(c, node, want_any(), share, &kind)) {
        return false;
    }
    if (!kind_is_plain(kind) || *share < 0 || *share > 1) {
        Diag *diag = report(c, 388, node->span, "a share is a percentage from 0 %% to 100 %%");
        diag_help(c->diags, diag, "write `30%%`");
        return false;
    }
    return true;
}

// Shares need not be round, but they must make 100 %.
static Dist *check_mixture(Checker *c, const Node *node, Want want, Drawn *info)
{
    int32_t n = node_count(node), i = 0, rest = -1;
    double *weights = ARENA_ARRAY(c->arena, double, n);
    const Dist **parts = ARENA_ARRAY(c->arena, const Dist *, n);
    bool fine = n > 0;
    for (const Node *p = node->child; p; p = p->next, i++) {
        bool is_rest = (p->flags & NODE_REST) != 0;
        Drawn own;
        if (is_rest) {
            rest = i;
        } else {
            fine = read_share(c, node_at(p, 0), &weights[i]) && fine;
        }
        parts[i] = check_part(c, node_at(p, is_rest ? 0 : 1), want, &own);
        fine = fine && parts[i];
        if (fine && i == 0) {
            *info = own;
        } else if (fine && (own.kind.tag != info->kind.tag || own.kind.unit != info->kind.unit)) {
            Str a = kind_text(c, info->kind), b = kind_text(c, own.kind);
            report(c, 380, p->span, "a mixture of %.*s and %.*s", STR_ARG(a), STR_ARG(b));
            fine = false;
        }
    }
    if (!fine || !close_shares(c, weights, n, rest, node->span)) {
        return NULL;
    }
    Dist *dist = dist_new(c, DIST_MIXTURE, node->span);
    dist->parts = parts;
    dist->weights = weights;
    dist->n_parts = n;
    return dist;
}

// ---- Words and windows --------------------------------------------------------------------------

// The range of a word is read as any other interval of a chance.
static Dist *check_word(Checker *c, const Node *node, Drawn *info)
{
    Word word;
    bool known = find_word(c, node->text, &word);
    ASSERT(known);
    Kind kind = kind_number(UNIT_PLAIN);
    kind.support = SUPPORT_PROBABILITY;
    if (!(word.lo < word.hi)) {
        report(c, 389, node->span, "`%.*s` stands for a single number; only a range is uncertain",
               STR_ARG(node->text));
        return NULL;
    }
    // A range that reaches 0 or 100 % has no 5 % beyond its end: every value in it is as likely.
    bool open = word.lo > 0 && word.hi < 1;
    Dist *dist = with_numbers(c, dist_new(c, open ? DIST_INTERVAL : DIST_UP_TO, node->span),
                              (double[]){word.lo, word.hi}, 2);
    dist->family = FAMILY_LOGITNORMAL;
    dist->word = word.phrase;
    *info = (Drawn){kind, shown_of(c, kind, NULL)};
    return dist;
}

// The range is one of the chance in that window; making it a rate is left to each draw, so that
// the 5 % and 95 % points are exact.
static Dist *check_windowed(Checker *c, const Node *node, Drawn *info)
{
    Str text;
    double days;
    Kind chance = kind_number(UNIT_PLAIN);
    chance.support = SUPPORT_PROBABILITY;
    Want want = {.kind = chance, .declared = true};
    bool known = read_window(c, node, &days, &text);
    const Dist *inner = check_dist(c, node->child, want, &info->kind, &info->shown);
    if (inner == NULL || !known) {
        return NULL;
    }
    if (!kind_is_plain(info->kind)) {
        Str got = kind_text(c, info->kind);
        report(c, 401, node->child->span,
               "a chance within a time is a percentage, and this is %.*s", STR_ARG(got));
        return NULL;
    }
    Dist *dist = ARENA_NEW(c->arena, Dist);
    *dist = *inner;
    if (dist->n_numbers && dist->form != DIST_AROUND && dist->form != DIST_TRUNCATED &&
        dist->word.n == 0 && dist->numbers[dist->n_numbers - 1] >= 1) {
        report(c, 383, node->child->span, "a chance within a time stays below 100 %%");
        return NULL;
    }
    dist->window_days = days;
    dist->span = node->span;
    info->kind = kind_number(UNIT_HAZARD);
    info->kind.support = SUPPORT_POSITIVE;
    info->shown = (Shown){.scale = 100, .unit = STR("%"), .window_days = days, .window = text};
    return dist;
}

// ---- All of them --------------------------------------------------------------------------------

static Dist *check_form(Checker *c, const Node *node, Want want, Drawn *info)
{
    switch (node->kind) {
    case NODE_RANGE:
    case NODE_UP_TO:
    case NODE_PERT: return check_ends(c, node, want, info);
    case NODE_QUANTILES: return standard_points(c, node) ? check_ends(c, node, want, info) : NULL;
    case NODE_AROUND: return check_around(c, node, want, info);
    case NODE_MIXTURE: return check_mixture(c, node, want, info);
    case NODE_TRUNCATED: return check_truncated(c, node, want, info);
    case NODE_CALL: return check_named_dist(c, node, want, &info->kind, &info->shown);
    case NODE_WITHIN: return check_windowed(c, node, info);
    default: return check_word(c, node, info);
    }
}

// What cannot be drawn is told here, not by the run. Parts are looked at with the whole.
static bool can_be_drawn(Checker *c, const Dist *dist)
{
    KnownQuantities known = {c->quantities.p};
    DistSpec spec;
    if (dist_to_spec(c->arena, dist, expr_known, &known, &spec)) {
        if (spec_valid(&spec)) {
            return true;
        }
        Diag *diag = report(c, 393, dist->span, "nothing can be drawn from this");
        diag_help(c->diags, diag, "%s",
                  dist->form == DIST_TRUNCATED ? "the bounds leave out all that it can be"
                                               : "its parameters are none that it can have");
        return false;
    }
    bool drawn = dist->form == DIST_TRUNCATED && dist_varies(c->quantities.p, dist->parts[0]);
    if (drawn) {
        Diag *diag = report(c, 394, dist->parts[0]->span,
                            "between bounds, the parameters must be known numbers");
        diag_help(c->diags, diag, "write them out, or add what is drawn to the result");
    }
    return !drawn;
}

// What is drawn for a count is the nearest whole number, so that 5 % and 95 % points stay.
const Dist *check_dist(Checker *c, const Node *node, Want want, Kind *kind, Shown *shown)
{
    Drawn info = {.kind = kind_none()};
    Dist *dist = check_form(c, node, want, &info);
    if (dist && want_is_count(want) && kind_is_plain(info.kind) && !dist_is_whole(c, dist)) {
        dist->whole = true;
        widen_uniform(c, dist);
    }
    if (dist && !can_be_drawn(c, dist)) {
        dist = NULL;
    }
    *kind = dist ? info.kind : kind_none();
    *shown = info.shown;
    return dist;
}
