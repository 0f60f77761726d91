// SPDX-License-Identifier: MIT
//
// `correlate a, b 0.6`: rank correlations between params. All pairs of a view make one matrix, of
// which it must be seen here that numbers can be correlated like that.
#include "lang/checker.h"

#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "math/correlation.h"

typedef struct {
    int32_t quantity, element;
} Member;

// Two places in `members`, a < b.
typedef struct {
    int32_t a, b;
    double rank;
    const Node *node;
} Pair;

typedef struct {
    Checker *c;
    VEC(Member) members;
    VEC(Pair) pairs;
    VEC(Correlation) stated;
    bool wrong; // then nothing is said of the whole
} Correlations;

// ---- What can be correlated ---------------------------------------------------------------------

static bool fixed_args(const Dist *dist)
{
    double value;
    for (int32_t i = 0; i < dist->n_args; i++) {
        if (!expr_fold(dist->args[i], &value)) {
            return false;
        }
    }
    return true;
}

// One rising function of one draw, without steps?
static bool is_smooth(const Dist *dist, bool outermost)
{
    switch (dist->form) {
    case DIST_INTERVAL:
    case DIST_UP_TO:
    case DIST_PERT_OF:
    case DIST_QUANTILES:
    case DIST_AROUND: return true;
    case DIST_NAMED: {
        bool scaled = dist->kind == DIST_NORMAL || dist->kind == DIST_LOGNORMAL ||
                      dist->kind == DIST_LOGITNORMAL || dist->kind == DIST_UNIFORM;
        return dist->kind != DIST_POINT && !dist_is_discrete(dist->kind) &&
               (fixed_args(dist) || (outermost && scaled));
    }
    case DIST_TRUNCATED:
    case DIST_MIXTURE:
        for (int32_t i = 0; i < dist->n_parts; i++) {
            if (!is_smooth(dist->parts[i], false)) {
                return false;
            }
        }
        return true;
    case DIST_FIXED:
    case DIST_CATEGORIES: return false;
    }
    return false;
}

static void cannot(Checker *c, const Node *node, const char *why, const char *instead)
{
    Diag *diag =
        report(c, 460, node->span, "`%.*s` cannot be correlated: %s", STR_ARG(node->text), why);
    diag_help(c->diags, diag, "%s", instead);
}

// What a story fixes has no rank any more, but stays where it was for the others.
static bool check_prior(Checker *c, const Node *node, const Quantity *q, const Dist *dist)
{
    bool smooth = is_smooth(dist, true);
    if (dist->form == DIST_FIXED && c->overlay) {
        return true;
    }
    if (q->role != ROLE_PARAM) {
        cannot(c, node, q->role == ROLE_TYPE ? "it is a type" : "it is no param",
               "params are correlated, which are drawn as numbers; let the other depend on this");
    } else if (dist->form == DIST_FIXED) {
        cannot(c, node, "it is fixed", "give it a range: `~ 1 to 3`");
    } else if (q->kind.tag != KIND_NUMBER && q->kind.tag != KIND_DATE) {
        cannot(c, node, "its values have no order of more and less",
               "let its shares depend on the other param instead");
    } else if (!smooth) {
        bool named = dist->form == DIST_NAMED;
        bool steps = named && dist_is_discrete(dist->kind);
        cannot(c, node,
               steps   ? "it comes in steps"
               : named ? "its distribution depends on other params"
                       : "some of its parts come in steps, or depend on other params",
               "a range such as `1 to 3`, or a distribution with fixed numbers, can be");
    }
    return q->role == ROLE_PARAM && smooth &&
           (q->kind.tag == KIND_NUMBER || q->kind.tag == KIND_DATE);
}

// ---- Names --------------------------------------------------------------------------------------

Str correlated_names(Arena *arena, const DiagList *diags, const Node *line)
{
    Buf buf = {.arena = arena};
    for (const Node *t = line->child; t && t->next && node_is_expr(t->next); t = t->next) {
        buf_addf(&buf, "%s%.*s", buf.n ? ", " : "", STR_ARG(node_source(diags, t)));
    }
    return buf_str(&buf);
}

static int32_t unnamed_param_of(const Checker *c, Str name)
{
    for (int32_t i = 0; i < c->quantities.n; i++) {
        if (c->quantities.p[i].implicit && str_eq(c->quantities.p[i].name, name)) {
            return i;
        }
    }
    return -1;
}

// The members a name stands for: one, or all those of an indexed param.
typedef struct {
    int32_t quantity, first, n;
} Range;

static Range whole(const Checker *c, int32_t quantity)
{
    return (Range){quantity, 0, c->quantities.p[quantity].n_elements};
}

static int32_t element_at(const Checker *c, const Expr *expr)
{
    const Quantity *q = &c->quantities.p[expr->ref];
    int32_t element = 0;
    for (int32_t d = 0; d < q->n_dims; d++) {
        const Set *set = &c->sets.p[q->dims[d]];
        int32_t i = 0;
        while (i < set->n_atoms && set->atoms[i] != (int32_t)expr->args[d]->number) {
            i++;
        }
        element = element * set->n_atoms + i;
    }
    return element;
}

// {-1} when wrong (reported).
static Range check_target(Checker *c, const Node *node)
{
    const Range none = {-1, 0, 0};
    int32_t unnamed = node->kind == NODE_NAME ? unnamed_param_of(c, node->text) : -1;
    if (unnamed >= 0) {
        return whole(c, unnamed);
    }
    const Symbol *symbol = node->kind == NODE_NAME ? symbol_find(c, node->text) : NULL;
    if (symbol && symbol->kind == SYM_QUANTITY && !symbol->broken && symbol->ref >= 0 &&
        c->quantities.p[symbol->ref].kind.tag != KIND_NONE) {
        return whole(c, symbol->ref);
    }
    c->where = (Where){.reads = READS_ALL, .draws = DRAWS_NONE, .what = "a correlation"};
    const Expr *expr = check_expr(c, node, want_any());
    if (broken(expr)) {
        return none;
    }
    if (expr->op != EX_QUANTITY) {
        cannot(c, node, "it is no param", "only params are correlated");
        return none;
    }
    for (int32_t i = 0; i < expr->n_args; i++) {
        if (expr->args[i]->op != EX_CONST) {
            return none;
        }
    }
    return (Range){expr->ref, element_at(c, expr), 1};
}

// ---- Pairs --------------------------------------------------------------------------------------

static int32_t member_of(Correlations *all, int32_t quantity, int32_t element)
{
    for (int32_t i = 0; i < all->members.n; i++) {
        if (all->members.p[i].quantity == quantity && all->members.p[i].element == element) {
            return i;
        }
    }
    vec_push(all->c->arena, &all->members, ((Member){quantity, element}));
    return all->members.n - 1;
}

static bool is_overlaid(const Checker *c, const Node *node)
{
    const Node *child = c->overlay ? c->overlay->child : NULL;
    while (child && child != node) {
        child = child->next;
    }
    return child != NULL;
}

// What a story says of a pair stands in the place of what the base says.
static void add_pair(Correlations *all, const Node *node, int32_t a, int32_t b, double rank)
{
    Checker *c = all->c;
    if (a > b) {
        int32_t swap = a;
        a = b;
        b = swap;
    }
    for (int32_t i = 0; i < all->pairs.n; i++) {
        Pair *pair = &all->pairs.p[i];
        if (pair->a != a || pair->b != b) {
            continue;
        }
        if (is_overlaid(c, node) && !is_overlaid(c, pair->node)) {
            pair->rank = rank;
            pair->node = node;
            return;
        }
        Diag *diag = report(c, 462, node->span, "this correlation is stated twice");
        diag_related(diag, pair->node->span, "here too");
        all->wrong = true;
        return;
    }
    vec_push(c->arena, &all->pairs, ((Pair){a, b, rank, node}));
}

static bool same_sets(const Quantity *a, const Quantity *b)
{
    return a->n_dims == b->n_dims && a->n_dims > 0 && a->dims[0] == b->dims[0] &&
           (a->n_dims == 1 || a->dims[1] == b->dims[1]);
}

// Two single ones; or two indexed by the same sets, member by member.
static void pair_up(Correlations *all, const Node *node, Range a, Range b, double rank)
{
    Checker *c = all->c;
    const Quantity *x = &c->quantities.p[a.quantity], *y = &c->quantities.p[b.quantity];
    if (a.n != b.n || (a.n > 1 && !same_sets(x, y))) {
        const Quantity *many = a.n > 1 ? x : y;
        Diag *diag = report(c, 464, node->span, "`%.*s` has members that the other does not have",
                            STR_ARG(many->name));
        diag_help(c->diags, diag, "write a line for each member that is meant");
        all->wrong = true;
        return;
    }
    for (int32_t i = 0; i < a.n && all->members.n <= LIMIT_CORRELATED; i++) {
        int32_t first = member_of(all, a.quantity, a.first + i);
        int32_t second = member_of(all, b.quantity, b.first + i);
        if (first == second) {
            report(c, 464, node->span, "a param is not correlated with itself");
            all->wrong = true;
            return;
        }
        add_pair(all, node, first, second, rank);
    }
}

// `correlate fear 0.5`: each member with each other.
static void pair_members(Correlations *all, const Node *node, Range range, double rank)
{
    Checker *c = all->c;
    if (range.n < 2) {
        Diag *diag = report(c, 464, node->span, "there is nothing to correlate it with");
        diag_help(c->diags, diag, "name two params, or one that has members");
        all->wrong = true;
        return;
    }
    for (int32_t i = 0; i < range.n; i++) {
        for (int32_t k = 0; k < i && all->members.n <= LIMIT_CORRELATED; k++) {
            int32_t a = member_of(all, range.quantity, range.first + k);
            add_pair(all, node, a, member_of(all, range.quantity, range.first + i), rank);
        }
    }
}

static const double ALMOST_ONE = 1 - 1e-6; // no number is that sure, and no matrix of it is regular

static bool read_rank(Checker *c, const Node *node, double *rank)
{
    Kind kind;
    if (!check_constant(c, node, want_any(), rank, &kind)) {
        return false;
    }
    bool plain = kind.tag == KIND_NUMBER && kind.unit == UNIT_PLAIN;
    if (!plain || !(*rank > -ALMOST_ONE && *rank < ALMOST_ONE)) {
        Diag *diag = report(c, 461, node->span, "a rank correlation lies between -1 and 1");
        diag_help(c->diags, diag,
                  "at 1 and -1 one follows from the other: write it as `param b = ... a ...`");
        return false;
    }
    return true;
}

// For telling.
static void note_line(Correlations *all, const Node *node, const Node *number, double rank)
{
    Checker *c = all->c;
    Buf names = {.arena = c->arena};
    for (const Node *t = node->child; t && t != number; t = t->next) {
        buf_add(&names, names.n ? STR(", ") : STR(""));
        buf_add(&names, node_source(c->diags, t));
    }
    vec_push(c->arena, &all->stated,
             ((Correlation){buf_str(&names), rank, check_notes(c, node), node->span}));
}

enum { MOST_NAMES = LIMIT_CORRELATED + 1 }; // one more is one too many

static void check_line(Correlations *all, const Node *node)
{
    Checker *c = all->c;
    Range ranges[MOST_NAMES];
    int32_t n = 0;
    double rank = 0;
    if (node->flags & NODE_BROKEN) {
        all->wrong = true;
        return;
    }
    const Node *number = NULL;
    for (const Node *child = node->child; child; child = child->next) {
        number = node_is_expr(child) ? child : number;
    }
    bool fine = number && read_rank(c, number, &rank);
    for (const Node *t = node->child; t && t != number && n < MOST_NAMES; t = t->next) {
        Range range = check_target(c, t);
        for (int32_t i = 0; i < range.n; i++) {
            const Quantity *q = &c->quantities.p[range.quantity];
            if (!check_prior(c, t, q, q->values[range.first + i])) {
                range.n = 0;
                break;
            }
        }
        fine = fine && range.n > 0;
        ranges[n++] = range;
    }
    if (!fine) {
        all->wrong = true;
        return;
    }
    note_line(all, node, number, rank);
    if (n == 1) {
        pair_members(all, node, ranges[0], rank);
    }
    for (int32_t i = 0; i < n; i++) {
        for (int32_t k = 0; k < i; k++) {
            pair_up(all, node, ranges[k], ranges[i], rank);
        }
    }
}

// ---- All of them --------------------------------------------------------------------------------

// In the order of the declarations, which is not that in which they are correlated: of two, the one
// that is declared first keeps the draws it has without the other.
static int32_t *in_order(const Correlations *all)
{
    int32_t n = all->members.n, *order = ARENA_ARRAY(all->c->arena, int32_t, n + 1);
    for (int32_t i = 0; i < n; i++) {
        Member place = all->members.p[i];
        int32_t k = i;
        for (; k > 0; k--) {
            Member before = all->members.p[order[k - 1]];
            if (before.quantity < place.quantity ||
                (before.quantity == place.quantity && before.element < place.element)) {
                break;
            }
            order[k] = order[k - 1];
        }
        order[k] = i;
    }
    return order;
}

static Str member_name(const Correlations *all, int32_t member)
{
    const Checker *c = all->c;
    Member place = all->members.p[member];
    const Quantity *q = &c->quantities.p[place.quantity];
    if (q->n_dims == 0) {
        return q->name;
    }
    const Set *last = &c->sets.p[q->dims[q->n_dims - 1]];
    Str inner = c->shared->atoms.p[last->atoms[place.element % last->n_atoms]].name;
    if (q->n_dims == 1) {
        return str_format(c->arena, "%.*s[%.*s]", STR_ARG(q->name), STR_ARG(inner));
    }
    const Set *first = &c->sets.p[q->dims[0]];
    Str outer = c->shared->atoms.p[first->atoms[place.element / last->n_atoms]].name;
    return str_format(c->arena, "%.*s[%.*s, %.*s]", STR_ARG(q->name), STR_ARG(outer),
                      STR_ARG(inner));
}

static const Pair *find_pair(const Correlations *all, int32_t a, int32_t b)
{
    for (int32_t i = 0; i < all->pairs.n; i++) {
        const Pair *pair = &all->pairs.p[i];
        if ((pair->a == a && pair->b == b) || (pair->a == b && pair->b == a)) {
            return pair;
        }
    }
    return NULL;
}

static Str pair_text(const Correlations *all, int32_t a, int32_t b, const Pair *pair)
{
    Arena *arena = all->c->arena;
    Str x = member_name(all, a), y = member_name(all, b);
    if (pair == NULL) {
        return str_format(arena, "`%.*s` and `%.*s` by 0 (nothing is stated)", STR_ARG(x),
                          STR_ARG(y));
    }
    Str rank = num_shortest(arena, pair->rank);
    return str_format(arena, "`%.*s` and `%.*s` by %.*s", STR_ARG(x), STR_ARG(y), STR_ARG(rank));
}

// The one of three that leaves most room to be another: the one not stated, else the weakest.
static int32_t weakest(const Pair *const pairs[3])
{
    int32_t best = 0;
    double least = 2;
    for (int32_t i = 0; i < 3; i++) {
        double size = pairs[i] == NULL ? -1 : pairs[i]->rank < 0 ? -pairs[i]->rank : pairs[i]->rank;
        best = size < least ? i : best;
        least = size < least ? size : least;
    }
    return best;
}

static double square_root(double x)
{
    double lo = 0, hi = 1; // of a number in [0, 1], for a message
    for (int32_t i = 0; i < 50; i++) {
        double middle = (lo + hi) / 2;
        *(middle * middle < x ? &lo : &hi) = middle;
    }
    return lo;
}

// Two decimals, rounded away from the edge.
static Str inside_text(Arena *arena, double rank, bool low)
{
    int32_t cents = (int32_t)(rank * 100 + (rank < 0 ? -0.5 : 0.5));
    cents += low && cents < rank * 100 ? 1 : !low && cents > rank * 100 ? -1 : 0;
    return num_shortest(arena, (double)cents / 100);
}

// Three that contradict each other, and what the weakest would have to be.
static void report_three(const Correlations *all, const int32_t m[3], const double r[3])
{
    Checker *c = all->c;
    // r and pairs: (0, 1), (1, 2), (0, 2)
    const Pair *pairs[3] = {find_pair(all, m[0], m[1]), find_pair(all, m[1], m[2]),
                            find_pair(all, m[0], m[2])};
    const Pair *at = pairs[2] ? pairs[2] : pairs[1] ? pairs[1] : pairs[0];
    Str texts[3] = {pair_text(all, m[0], m[1], pairs[0]), pair_text(all, m[1], m[2], pairs[1]),
                    pair_text(all, m[0], m[2], pairs[2])};
    Diag *diag =
        report(c, 463, at->node->span, "these correlations contradict each other: %.*s, %.*s, %.*s",
               STR_ARG(texts[0]), STR_ARG(texts[1]), STR_ARG(texts[2]));
    for (int32_t i = 0; i < 3; i++) {
        if (pairs[i] && pairs[i]->node != at->node) {
            diag_related(diag, pairs[i]->node->span, "the other");
            break;
        }
    }
    int32_t w = weakest(pairs);
    double a = r[(w + 1) % 3], b = r[(w + 2) % 3];
    double room = square_root((1 - a * a) * (1 - b * b));
    static const int32_t ENDS[3][2] = {{0, 1}, {1, 2}, {0, 2}};
    Str x = member_name(all, m[ENDS[w][0]]), y = member_name(all, m[ENDS[w][1]]);
    Str lo = inside_text(c->arena, correlation_of_ranks(a * b - room), true);
    Str hi = inside_text(c->arena, correlation_of_ranks(a * b + room), false);
    diag_help(c->diags, diag,
              "if the other two hold, `%.*s` and `%.*s` are correlated by %.*s to %.*s", STR_ARG(x),
              STR_ARG(y), STR_ARG(lo), STR_ARG(hi));
}

// More than three of which any one fewer would do.
static void report_many(const Correlations *all, const int32_t *some, int32_t n)
{
    Checker *c = all->c;
    Buf names = {.arena = c->arena};
    const Pair *at = NULL;
    for (int32_t i = 0; i < n; i++) {
        buf_addf(&names, "%s`%.*s`", i ? ", " : "", STR_ARG(member_name(all, some[i])));
        for (int32_t k = 0; k < i; k++) {
            const Pair *pair = find_pair(all, some[i], some[k]);
            at = pair ? pair : at;
        }
    }
    ASSERT(at != NULL);
    Diag *diag = report(c, 463, at->node->span, "the correlations among %.*s contradict each other",
                        STR_ARG(buf_str(&names)));
    diag_help(
        c->diags, diag,
        "bring them nearer to 0; n params that all correlate alike cannot go below -1/(n - 1)");
}

// Can these of the matrix be correlated like that?
static bool possible(Arena *arena, const double *matrix, int32_t n, const int32_t *rows, int32_t m)
{
    double *part = ARENA_ARRAY(arena, double, 2 * m * m + 1);
    for (int32_t i = 0; i < m; i++) {
        for (int32_t k = 0; k < m; k++) {
            part[i * m + k] = matrix[rows[i] * n + rows[k]];
        }
    }
    return correlation_factor(part, m, part + m * m) == m;
}

// Out of all up to the row that failed, those that cannot be left out: what an analyst must look
// at.
static void report_contradiction(const Correlations *all, const int32_t *order,
                                 const double *matrix, int32_t row)
{
    int32_t n = all->members.n, m = row + 1;
    int32_t rows[LIMIT_CORRELATED], without[LIMIT_CORRELATED], members[LIMIT_CORRELATED];
    ASSERT(m <= LIMIT_CORRELATED);
    for (int32_t i = 0; i < m; i++) {
        rows[i] = i;
    }
    for (int32_t i = 0; i < m;) {
        memcpy(without, rows, (size_t)i * sizeof *rows);
        memcpy(without + i, rows + i + 1, (size_t)(m - i - 1) * sizeof *rows);
        if (possible(all->c->arena, matrix, n, without, m - 1)) {
            i++;
        } else {
            memcpy(rows, without, (size_t)--m * sizeof *rows);
        }
    }
    for (int32_t i = 0; i < m; i++) {
        members[i] = order[rows[i]];
    }
    if (m == 3) {
        report_three(all, members,
                     (double[3]){matrix[rows[0] * n + rows[1]], matrix[rows[1] * n + rows[2]],
                                 matrix[rows[0] * n + rows[2]]});
    } else {
        report_many(all, members, m);
    }
}

static void factor(const Correlations *all, View *view)
{
    Checker *c = all->c;
    int32_t n = all->members.n, *order = in_order(all);
    double *matrix = ARENA_ARRAY(c->arena, double, n *n + 1);
    double *lower = ARENA_ARRAY(c->arena, double, n *n + 1);
    for (int32_t i = 0; i < n; i++) {
        for (int32_t k = 0; k < n; k++) {
            const Pair *pair = find_pair(all, order[i], order[k]);
            matrix[i * n + k] = i == k ? 1 : pair ? correlation_of_scores(pair->rank) : 0;
        }
    }
    int32_t row = correlation_factor(matrix, n, lower);
    if (row < n) {
        report_contradiction(all, order, matrix, row);
        return;
    }
    Correlated *list = ARENA_ARRAY(c->arena, Correlated, n + 1);
    for (int32_t i = 0; i < n; i++) {
        Member place = all->members.p[order[i]];
        list[i] = (Correlated){place.quantity, place.element, lower + i * n};
    }
    view->correlated = list;
    view->n_correlated = n;
}

void check_correlations(Checker *c, const NodeList *decls, View *view)
{
    Correlations all = {.c = c};
    const Node *last = NULL;
    for (int32_t i = 0; i < decls->n && all.members.n <= LIMIT_CORRELATED; i++) {
        if (decls->p[i]->kind == NODE_CORRELATE && !too_many_errors(c)) {
            last = decls->p[i];
            check_line(&all, last);
        }
    }
    if (all.members.n > LIMIT_CORRELATED) {
        report(c, 465, last->span, "more than %d params are correlated", LIMIT_CORRELATED);
        return;
    }
    if (!all.wrong && all.members.n > 0) {
        factor(&all, view);
    }
    view->correlations = all.stated.p;
    view->n_correlations = all.stated.n;
}
