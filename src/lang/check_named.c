// SPDX-License-Identifier: MIT
//
// Named distributions: normal(2, 1) and its kin. What they are is in math/dists.def; here is which
// of their arguments are in the unit of what is drawn.
#include "lang/checker.h"

// Arguments: v is in the unit of what is drawn, s a plain number.
typedef struct {
    const char *name;
    DistKind kind;
    const char *args;
    const char *usage;
} NamedDist;

static const NamedDist NAMED[] = {
    {"normal", DIST_NORMAL, "vv", "normal(mean, standard deviation)"},
    {"lognormal", DIST_LOGNORMAL, "ss", "lognormal(mean of the log, its standard deviation)"},
    {"logitnormal", DIST_LOGITNORMAL, "ss",
     "logitnormal(mean of the logit, its standard deviation)"},
    {"beta", DIST_BETA, "ss", "beta(a, b)"},
    {"gamma", DIST_GAMMA, "sv", "gamma(shape, scale)"},
    {"uniform", DIST_UNIFORM, "vv", "uniform(low, high)"},
    {"triangular", DIST_TRIANGULAR, "vvv", "triangular(low, mode, high)"},
    {"pert", DIST_PERT, "vvv", "pert(low, mode, high)"},
    {"exponential", DIST_EXPONENTIAL, "v", "exponential(mean)"},
    {"poisson", DIST_POISSON, "s", "poisson(mean)"},
    {"binomial", DIST_BINOMIAL, "ss", "binomial(trials, chance)"},
    {"bernoulli", DIST_BERNOULLI, "s", "bernoulli(chance)"},
    {"student", DIST_STUDENT, "svv", "student(degrees of freedom, centre, scale)"},
};
enum { N_NAMED = sizeof NAMED / sizeof NAMED[0] };

static const NamedDist *named_dist(Str name)
{
    for (int32_t i = 0; i < N_NAMED; i++) {
        if (str_eq(name, str_of(NAMED[i].name))) {
            return &NAMED[i];
        }
    }
    return NULL;
}

bool is_named_dist(Str name)
{
    return named_dist(name) != NULL;
}

void suggest_dists(Suggest *suggest)
{
    for (int32_t i = 0; i < N_NAMED; i++) {
        suggest_add(suggest, str_of(NAMED[i].name));
    }
}

// The usage line says their names and order.
static void wrong_arguments(Checker *c, const Node *node, const NamedDist *named)
{
    Diag *diag = report(c, 385, name_span(node), "`%s` takes %d argument%s", named->name,
                        (int)str_of(named->args).n, str_of(named->args).n == 1 ? "" : "s");
    diag_help(c->diags, diag, "write `%s`", named->usage);
}

// A plain number as written where a share or shape is expected: is it possible at all?
static bool shape_possible(Checker *c, const NamedDist *named, int32_t i, const Expr *arg)
{
    double value;
    bool log = named->kind == DIST_LOGNORMAL || named->kind == DIST_LOGITNORMAL;
    if (named->args[i] == 'v' || log || !expr_fold(arg, &value)) {
        return true;
    }
    bool chance = named->kind == DIST_BERNOULLI || (named->kind == DIST_BINOMIAL && i == 1);
    bool count = named->kind == DIST_POISSON || named->kind == DIST_BINOMIAL;
    bool fine = chance ? value >= 0 && value <= 1 : count ? value >= 0 : value > 0;
    if (!fine) {
        report(c, 386, arg->span, "%s of `%s`",
               chance ? "no chance for an argument"
                      : "a number that is not positive is no argument",
               named->name);
    }
    return fine;
}

// Spreads must be positive, low ends below high ones, where that can be seen.
static bool values_possible(Checker *c, const NamedDist *named, const Expr *const *args)
{
    double a, b;
    int32_t last = (int32_t)str_of(named->args).n - 1;
    bool spread = named->kind == DIST_NORMAL || named->kind == DIST_LOGNORMAL ||
                  named->kind == DIST_LOGITNORMAL || named->kind == DIST_STUDENT ||
                  named->kind == DIST_EXPONENTIAL || named->kind == DIST_GAMMA;
    bool mode_between = named->kind == DIST_TRIANGULAR || named->kind == DIST_PERT;
    bool range = named->kind == DIST_UNIFORM || mode_between;
    if (spread && expr_fold(args[last], &b) && !(b > 0)) {
        report(c, 386, args[last]->span, "a spread that is not positive is no argument of `%s`",
               named->name);
        return false;
    }
    if (range && expr_fold(args[0], &a) && expr_fold(args[last], &b) && !(a < b)) {
        report(c, 381, args[last]->span, "the numbers of a range must rise");
        return false;
    }
    double mode;
    if (mode_between && expr_fold(args[1], &mode) && expr_fold(args[0], &a) &&
        expr_fold(args[2], &b) && (mode < a || mode > b)) {
        report(c, 381, args[1]->span, "the mode lies between the ends");
        return false;
    }
    return true;
}

// Arguments in the unit of the value agree among themselves; zero goes with any.
static bool check_arguments(Checker *c, const Node *node, const NamedDist *named, Want want,
                            const Expr **args, int32_t n, Kind *kind)
{
    bool fine = true;
    *kind = kind_none();
    Want value = {.has_bare = want.has_bare, .bare = want.bare};
    int32_t i = 0;
    for (const Node *child = node->child; child; child = child->next, i++) {
        bool in_unit = named->args[i] == 'v';
        Want own = in_unit ? value : want_kind(kind_number(UNIT_PLAIN));
        args[i] = check_number(c, child, own, named->name);
        if (in_unit && args[i]->kind.tag == KIND_FLAG) {
            args[i] = adopt(c, args[i], kind_number(UNIT_PLAIN), child->span, named->name);
        }
        if (in_unit && kind->tag == KIND_NONE) {
            *kind = args[i]->kind;
        } else if (in_unit && args[i]->kind.tag != KIND_NONE) {
            bool zero = kind_is_plain(*kind) && args[i]->kind.unit != UNIT_PLAIN;
            *kind = zero ? args[i]->kind : *kind;
        }
        fine = fine && args[i]->kind.tag != KIND_NONE && shape_possible(c, named, i, args[i]);
    }
    for (i = 0; fine && i < n; i++) {
        if (named->args[i] == 'v') {
            ASSERT(args[i]); // as many as there are letters
            args[i] = adopt(c, args[i], *kind, args[i]->span, named->name);
            fine = args[i]->kind.tag != KIND_NONE;
        }
    }
    return fine && values_possible(c, named, args);
}

// In a world-level place the arguments must be fixed in the world too.
Dist *check_named_dist(Checker *c, const Node *node, Want want, Kind *kind_out, Shown *shown)
{
    const NamedDist *named = named_dist(node->text);
    ASSERT(named); // is_named_dist was asked before
    enum { MOST = 3 };
    int32_t n = (int32_t)str_of(named->args).n;
    const Expr *args[MOST] = {NULL};
    ASSERT(n <= MOST);
    if (node_count(node) != n) {
        wrong_arguments(c, node, named);
        return NULL;
    }
    Where outer = c->where;
    if (c->where.draws == DRAWS_WORLD) {
        c->where.reads = READS_FIXED;
        c->where.what = "a range here";
    }
    Kind kind;
    bool fine = check_arguments(c, node, named, want, args, n, &kind);
    c->where = outer;
    if (!fine) {
        return NULL;
    }
    Dist *dist = dist_new(c, DIST_NAMED, node->span);
    dist->kind = named->kind;
    const Expr **copy = ARENA_ARRAY(c->arena, const Expr *, n);
    for (int32_t i = 0; i < n; i++) {
        copy[i] = args[i];
    }
    dist->args = copy;
    dist->n_args = n;
    if (kind.tag == KIND_NONE) {
        // Nothing but shapes: plain numbers, in the declared unit where there is one.
        kind = kind_number(want.has_bare ? want.bare.unit : UNIT_PLAIN);
        dist->scale = want.has_bare ? want.bare.num / want.bare.den : 1;
    }
    bool share = named->kind == DIST_BETA || named->kind == DIST_LOGITNORMAL;
    kind.support = share ? SUPPORT_PROBABILITY : SUPPORT_REAL;
    *kind_out = kind;
    *shown = shown_of(c, kind, want.has_bare ? &want.bare : NULL);
    return dist;
}
