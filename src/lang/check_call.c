// SPDX-License-Identifier: MIT
//
// Calls: built-in functions, questions to events, noise, functions of the model (inlined where they
// are used), and the words that run over a set: sum, any, all, count, max, min, mean.
#include "base/limits.h"
#include "lang/checker.h"

// ---- Built-in functions -------------------------------------------------------------------------

typedef enum {
    TAKES_PLAIN, // a plain number
    TAKES_SAME,  // numbers (dates, rungs) of one kind, which is the result's
    TAKES_EVENT,
    TAKES_OTHER
} Takes;

typedef struct {
    const char *name;
    int32_t n; // arguments; -2: two or more
    Takes takes;
    ExprOp op;
    EventField field;
} BuiltIn;

static const BuiltIn BUILT_INS[] = {
    {"exp", 1, TAKES_PLAIN, EX_EXP, 0},
    {"log", 1, TAKES_PLAIN, EX_LOG, 0},
    {"logistic", 1, TAKES_PLAIN, EX_LOGISTIC, 0},
    {"sqrt", 1, TAKES_OTHER, EX_SQRT, 0},
    {"abs", 1, TAKES_SAME, EX_ABS, 0},
    {"min", -2, TAKES_SAME, EX_MIN, 0},
    {"max", -2, TAKES_SAME, EX_MAX, 0},
    {"clamp", 3, TAKES_SAME, EX_CLAMP, 0},
    {"noise", 1, TAKES_OTHER, EX_NOISE, 0},
    {"now", 1, TAKES_EVENT, EX_EVENT, FIELD_NOW},
    {"first", 1, TAKES_EVENT, EX_EVENT, FIELD_FIRST},
    {"times", 1, TAKES_EVENT, EX_EVENT, FIELD_TIMES},
    {"since", 1, TAKES_EVENT, EX_EVENT, FIELD_SINCE},
};
enum { N_BUILT_INS = sizeof BUILT_INS / sizeof BUILT_INS[0] };

static const BuiltIn *built_in(Str name)
{
    for (int32_t i = 0; i < N_BUILT_INS; i++) {
        if (str_eq(name, str_of(BUILT_INS[i].name))) {
            return &BUILT_INS[i];
        }
    }
    return NULL;
}

// A negative count in the table means "at least as many".
static bool right_count(Checker *c, const Node *node, const BuiltIn *f)
{
    int32_t n = node_count(node);
    if (f->n == n || (f->n < 0 && n >= -f->n)) {
        return true;
    }
    if (f->n < 0) {
        report(c, 343, name_span(node), "`%s` takes two numbers or more, here stand%s %d", f->name,
               n == 1 ? "s" : "", n);
    } else {
        report(c, 343, name_span(node), "`%s` takes %d argument%s, here stand%s %d", f->name, f->n,
               f->n == 1 ? "" : "s", n == 1 ? "s" : "", n);
    }
    return false;
}

// exp of 3 km means nothing: these functions take no units.
static const Expr *plain_function(Checker *c, const Node *node, const BuiltIn *f)
{
    Str what = str_format(c->arena, "`%s`", f->name);
    const Expr *a =
        check_number(c, node->child, want_kind(kind_number(UNIT_PLAIN)), str_c(c->arena, what));
    if (a->kind.tag == KIND_NONE) {
        return a;
    }
    return expr_with(c, f->op, kind_number(UNIT_PLAIN), node->span, 1, &a);
}

// The root of a unit exists when all its powers are even. Users reach for sqrt(step) to let a
// spread grow with time; for that there is noise().
static const Expr *root(Checker *c, const Node *node)
{
    const Expr *a = check_number(c, node->child, want_any(), "`sqrt`");
    if (a->kind.tag == KIND_NONE) {
        return a;
    }
    int32_t unit = a->kind.tag == KIND_FLAG ? UNIT_PLAIN : a->kind.unit;
    int32_t result = units_root(&c->shared->units, unit, node->span);
    if (result < 0) {
        Str text = expr_text(c, a);
        Diag *diag =
            report(c, 344, node->child->span, "%.*s has no root with a unit", STR_ARG(text));
        diag_help(c->diags, diag,
                  "for a spread that grows with the root of time write "
                  "`noise(4 km per week)`");
        return expr_none(c, node->span);
    }
    return expr_with(c, EX_SQRT, kind_number(result), node->span, 1, &a);
}

// Flags are in order here, no before yes, so that max(a, b) of two flags is their `or`.
static bool has_order(Kind kind)
{
    return kind.tag == KIND_NUMBER || kind.tag == KIND_FLAG || kind.tag == KIND_DATE ||
           kind.tag == KIND_RUNG;
}

// The Model knows min and max of two only: max(a, b, c) is max(max(a, b), c).
static const Expr *fold_pairs(Checker *c, const Node *node, const BuiltIn *f, Kind kind, int32_t n,
                              const Expr *const *args)
{
    if (f->n > 0) {
        return expr_with(c, f->op, kind, node->span, n, args);
    }
    const Expr *all = args[0];
    for (int32_t i = 1; i < n; i++) {
        all = expr_with(c, f->op, kind, node->span, 2, (const Expr *const[]){all, args[i]});
    }
    return all;
}

// The kind that all arguments can take: that of the first which is not a bare zero or a flag.
static Kind common_kind(const Expr *const *args, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        double value;
        bool zero = kind_is_plain(args[i]->kind) && expr_fold(args[i], &value) && value == 0;
        if (!zero && args[i]->kind.tag != KIND_FLAG) {
            return args[i]->kind;
        }
    }
    return kind_number(UNIT_PLAIN);
}

// The first argument tells the others what bare names and numbers mean: max(level, crisis).
static const Expr *same_function(Checker *c, const Node *node, const BuiltIn *f, Want want)
{
    int32_t n = node_count(node), i = 0;
    const Expr **args = ARENA_ARRAY(c->arena, const Expr *, n);
    bool fine = true;
    for (const Node *child = node->child; child; child = child->next, i++) {
        Want own = want;
        if (i > 0 && own.kind.tag == KIND_NONE) {
            own.kind = args[0]->kind;
        }
        own.declared = false;
        args[i] = check_expr(c, child, own);
        fine = fine && args[i]->kind.tag != KIND_NONE;
    }
    if (!fine) {
        return expr_none(c, node->span);
    }
    Kind kind = common_kind(args, n);
    kind.support = SUPPORT_REAL;
    if (!has_order(kind) || (f->op == EX_ABS && kind.tag != KIND_NUMBER)) {
        Str text = kind_text(c, kind);
        report(c, 365, node->child->span, "`%s` does not work on %.*s", f->name, STR_ARG(text));
        return expr_none(c, node->span);
    }
    const char *what = str_c(c->arena, str_format(c->arena, "`%s`", f->name));
    for (i = 0; i < n; i++) {
        args[i] = adopt(c, args[i], kind, args[i]->span, what);
        fine = fine && args[i]->kind.tag != KIND_NONE;
    }
    return fine ? fold_pairs(c, node, f, kind, n, args) : expr_none(c, node->span);
}

// ---- Noise --------------------------------------------------------------------------------------

// The time a spread is "per", as written: in a literal, or in the declaration of a param. 0: none.
static double per_days(Checker *c, const Node *node)
{
    double found = 0;
    const Node *units = node->kind == NODE_NUMBER ? node_child(node, NODE_UNITS) : NULL;
    WrittenUnit written;
    if (units && units_read(&c->shared->units, units, &written)) {
        return written.per_days;
    }
    if (node->kind == NODE_NAME || node->kind == NODE_INDEX) {
        const Symbol *symbol = symbol_find(c, node->text);
        if (symbol && symbol->kind == SYM_QUANTITY && symbol->ref >= 0) {
            return c->per_days.p[symbol->ref];
        }
    }
    for (const Node *child = node->child; child; child = child->next) {
        double more = per_days(c, child);
        found = found > 0 ? found : more;
    }
    return found;
}

// Without a time the same text would mean more noise by days than by weeks.
static const Expr *not_noise(Checker *c, const Node *node)
{
    Diag *diag = report(c, 345, node->span, "`noise` takes a spread per time");
    diag_help(c->diags, diag,
              "write `noise(4 km per week)`: a normal with a spread of 4 km in a week");
    return expr_none(c, node->span);
}

// A normal whose spread grows with the square root of time: 4 km per week is a standard deviation
// of 4 km over one week, so 4 km / sqrt(7 days) over the root of a day. In base units the argument
// is 4/7 km per day; times sqrt(7) it is what EX_NOISE wants.
static const Expr *noise(Checker *c, const Node *node)
{
    if (c->where.draws != DRAWS_FRESH && c->where.draws != DRAWS_ANY) {
        report(c, 346, node->span, "`noise` belongs into `each step` or `then`, and this is %s",
               c->where.what);
        return expr_none(c, node->span);
    }
    const Node *arg = node->child;
    double days = 0;
    const Expr *spread;
    if (arg->kind == NODE_WITHIN && !is_range(c, arg)) {
        // `1% per week` reads as a chance elsewhere; here it is one of a hundred per week.
        Str text;
        const Expr *share =
            check_number(c, arg->child, want_kind(kind_number(UNIT_PLAIN)), "`noise`");
        if (share->kind.tag == KIND_NONE || !read_window(c, arg, &days, &text)) {
            return expr_none(c, node->span);
        }
        const Expr *window = expr_const(c, days, kind_number(UNIT_DAY), arg->span);
        spread = expr_with(c, EX_DIV, kind_number(UNIT_HAZARD), arg->span, 2,
                           (const Expr *const[]){share, window});
    } else {
        spread = check_number(c, arg, want_any(), "`noise`");
        days = per_days(c, arg);
    }
    if (spread->kind.tag == KIND_NONE) {
        return spread;
    }
    if (spread->kind.tag != KIND_NUMBER || days <= 0) {
        return not_noise(c, node);
    }
    int32_t unit = units_multiply(&c->shared->units, spread->kind.unit, UNIT_DAY, 1, node->span);
    const Expr *factor = expr_const(c, __builtin_sqrt(days), kind_number(UNIT_PLAIN), arg->span);
    const Expr *per_root = expr_with(c, EX_MUL, kind_number(unit), arg->span, 2,
                                     (const Expr *const[]){spread, factor});
    Str before = str_format(c->arena, "%.*s.%.*s.noise", STR_ARG(c->where.place),
                            STR_ARG(c->where.variable));
    Expr *expr = expr_with(c, EX_NOISE, kind_number(unit), node->span, 1, &per_root);
    expr->site = str_format(c->arena, "%.*s.%d", STR_ARG(before), next_ordinal(c, before));
    return expr;
}

// ---- Functions of the model ---------------------------------------------------------------------

// May an argument be put where the parameter stands, however often, at no cost and with one value?
static bool is_simple(const Expr *expr)
{
    switch (expr->op) {
    case EX_CONST:
    case EX_NEVER:
    case EX_QUANTITY:
    case EX_PREVIOUS:
    case EX_VAR:
    case EX_TODAY:
    case EX_STEP:
    case EX_EVENT:
    case EX_CHOICE:
    case EX_CHOSEN:
    case EX_SIGHT: return true;
    default: return false;
    }
}

// Inlining has no end when a function comes back to itself, and takes long before it when
// functions are stacked high.
static bool is_inlining(Checker *c, const Node *node, int32_t symbol)
{
    for (int32_t i = 0; i < c->inlining.n; i++) {
        if (c->inlining.p[i].symbol == symbol) {
            report(c, 347, name_span(node), "`%.*s` ends up calling itself", STR_ARG(node->text));
            return true;
        }
    }
    if (c->inlining.n >= LIMIT_CALL_DEPTH) {
        report(c, 347, name_span(node), "functions call functions more than %d deep",
               LIMIT_CALL_DEPTH);
        return true;
    }
    return false;
}

typedef struct {
    const Expr *values[LIMIT_PARAMETERS];
    int32_t vars[LIMIT_PARAMETERS]; // -1: put in place
    int32_t n;
    bool fine;
} Arguments;

// A drawn or costly argument becomes a variable: it has one value however often it is used.
static Arguments check_args(Checker *c, const Node *call)
{
    Arguments args = {.fine = true};
    for (const Node *child = call->child; child && args.n < LIMIT_PARAMETERS; child = child->next) {
        const Expr *value = check_expr(c, child, want_any());
        args.values[args.n] = value;
        args.vars[args.n] = is_simple(value) ? -1 : c->n_vars++;
        args.fine = args.fine && value->kind.tag != KIND_NONE;
        args.n++;
    }
    return args;
}

// Parameters hide nothing and are not checked against other names: that was done once, when the
// function was declared.
static void bind_parameters(Checker *c, const Node *def, const Arguments *args)
{
    int32_t i = 0;
    for (const Node *p = node_child(def, NODE_NAME); p && i < args->n;
         p = node_next_of(p, NODE_NAME)) {
        const Expr *value = args->values[i];
        bool put = args->vars[i] < 0;
        Local local = {.name = p->text,
                       .local = put ? LOCAL_EXPR : LOCAL_VALUE,
                       .kind = value->kind,
                       .ref = args->vars[i],
                       .expr = value,
                       .span = name_span(p)};
        vec_push(c->arena, &c->locals, local);
        i++;
    }
}

// The expressions under a function are its parameters' names and, last, its body.
static int32_t parameter_count(const Node *def)
{
    int32_t n = -1;
    for (const Node *child = def->child; child; child = child->next) {
        n += node_is_expr(child);
    }
    return n;
}

// The last expression under a function; see parameter_count.
static const Node *function_body(const Node *def)
{
    const Node *last = NULL;
    for (const Node *child = def->child; child; child = child->next) {
        last = node_is_expr(child) ? child : last;
    }
    return last;
}

// The body sees its parameters and what is global, none of the names around the call.
static const Expr *inline_body(Checker *c, const Node *def, const Arguments *args)
{
    int32_t floor = c->locals_floor, top = c->locals.n;
    c->locals_floor = top;
    bind_parameters(c, def, args);
    const Expr *body = check_expr(c, function_body(def), want_any());
    c->locals.n = top;
    c->locals_floor = floor;
    return body;
}

// The call becomes its body, with a let around it for each argument that is not put in place.
static const Expr *call_function(Checker *c, const Node *call, int32_t symbol)
{
    const Node *def = c->symbols.p[symbol].node;
    int32_t n = parameter_count(def);
    if (def->flags & NODE_BROKEN || is_inlining(c, call, symbol)) {
        return expr_none(c, call->span);
    }
    if (n != node_count(call)) {
        Diag *diag = report(c, 343, name_span(call), "`%.*s` takes %d argument%s, here stand%s %d",
                            STR_ARG(call->text), n, n == 1 ? "" : "s",
                            node_count(call) == 1 ? "s" : "", node_count(call));
        diag_related(diag, c->symbols.p[symbol].span, "declared here");
        return expr_none(c, call->span);
    }
    Arguments args = check_args(c, call);
    if (!args.fine) {
        return expr_none(c, call->span);
    }
    vec_push(c->arena, &c->inlining, (Inlining){symbol, call->span});
    const Expr *body = inline_body(c, def, &args);
    c->inlining.n--;
    for (int32_t i = args.n - 1; i >= 0 && body->kind.tag != KIND_NONE; i--) {
        if (args.vars[i] >= 0) {
            Expr *let = expr_with(c, EX_LET, body->kind, call->span, 2,
                                  (const Expr *const[]){args.values[i], body});
            let->ref = args.vars[i];
            body = let;
        }
    }
    return expr_at(c, body, call->span); // quoted as it was called
}

// Nothing is known of parameters yet: as LOCAL_BROKEN they silence whatever depends on them.
static void check_parameters(Checker *c, const Node *def)
{
    int32_t n = parameter_count(def), i = 0;
    if (n > LIMIT_PARAMETERS) {
        report(c, 343, name_span(def), "`%.*s` has more than %d parameters", STR_ARG(def->text),
               LIMIT_PARAMETERS);
    }
    for (const Node *p = node_child(def, NODE_NAME); p && i < n;
         p = node_next_of(p, NODE_NAME), i++) {
        Local local = {.name = p->text, .local = LOCAL_BROKEN};
        if (c->diags->sources.p[def->span.file].library) {
            vec_push(c->arena, &c->locals, local); // may be called like something of the model
        } else {
            local_push(c, local, p);
        }
    }
}

// A first look at each function, whatever its arguments may be: misspelt names stand out even when
// nobody calls it.
void check_functions(Checker *c, const NodeList *decls)
{
    for (int32_t i = 0; i < decls->n; i++) {
        const Node *def = decls->p[i];
        if (def->kind != NODE_DEF || def->flags & NODE_BROKEN) {
            continue;
        }
        c->where = (Where){.reads = READS_ALL, .draws = DRAWS_ANY, .what = "a function"};
        int32_t top = c->locals.n;
        check_parameters(c, def);
        int32_t symbol = map_get(c->symbol_names, def->text);
        vec_push(c->arena, &c->inlining, (Inlining){symbol, def->span});
        check_expr(c, function_body(def), want_any());
        c->inlining.n--;
        c->locals.n = top;
    }
}

// ---- All calls ----------------------------------------------------------------------------------

// What is written otherwise here, and how.
static const char *function_in_other_words(Str name)
{
    static const struct {
        const char *name, *help;
    } OTHER[] = {
        {"sum", "over the members of a set: `sum(m in SET: ...)`"},
        {"any", "over the members of a set: `any(m in SET: ...)`"},
        {"all", "over the members of a set: `all(m in SET: ...)`"},
        {"count",
         "over the members of a set: `count(m in SET: ...)`; how often an event came: `times(e)`"},
        {"mean",
         "over the members of a set: `mean(m in SET: ...)`; over time: `question q mean x`"},
        {"random", "a draw is `uniform(0, 1)`, or yes or no: `bernoulli(0.3)`"},
        {"rand", "a draw is `uniform(0, 1)`, or yes or no: `bernoulli(0.3)`"},
        {"round", "a state that is a `count` takes the nearest whole number"},
        {"floor",
         "a state that is a `count` takes the nearest whole number; `x - 0.5` rounds down"},
        {"pow", "write `x ^ 2`"},
        {"ln", "the natural logarithm is `log`"},
    };
    for (size_t i = 0; i < sizeof OTHER / sizeof OTHER[0]; i++) {
        if (str_eq(name, str_of(OTHER[i].name))) {
            return OTHER[i].help;
        }
    }
    return NULL;
}

// Built-in functions, distributions and functions of the model share the place before brackets.
static const Expr *unknown_function(Checker *c, const Node *node, const Symbol *symbol)
{
    if (symbol) {
        Diag *diag = report(c, 348, name_span(node), "`%.*s` is %s, not a function",
                            STR_ARG(node->text), symbol_kind_text(symbol));
        const Node *member = node_count(node) == 1 ? node_child(node, NODE_NAME) : NULL;
        if (member) {
            diag_help(c->diags, diag, "of one member write `%.*s[%.*s]`", STR_ARG(node->text),
                      STR_ARG(member->text));
        }
        return expr_none(c, node->span);
    }
    if (told_before(c, 348, node->text)) {
        return expr_none(c, node->span);
    }
    Diag *diag =
        report(c, 348, name_span(node), "there is no function `%.*s`", STR_ARG(node->text));
    const char *help = function_in_other_words(node->text);
    if (help) {
        diag_help(c->diags, diag, "%s", help);
        return expr_none(c, node->span);
    }
    Suggest suggest;
    suggest_init(&suggest, node->text);
    for (int32_t i = 0; i < N_BUILT_INS; i++) {
        suggest_add(&suggest, str_of(BUILT_INS[i].name));
    }
    suggest_dists(&suggest);
    for (int32_t i = 0; i < c->symbols.n; i++) {
        if (c->symbols.p[i].kind == SYM_FUNCTION) {
            suggest_add(&suggest, c->symbols.p[i].name);
        }
    }
    suggest_help(c->diags, diag, &suggest);
    return expr_none(c, node->span);
}

// A function that the model defines comes before a built-in one of its name: a model keeps its
// meaning when later versions bring more functions.
const Expr *check_call(Checker *c, const Node *node, Want want)
{
    int32_t symbol = map_get(c->symbol_names, node->text);
    if (symbol >= 0 && c->symbols.p[symbol].kind == SYM_FUNCTION) {
        c->symbols.p[symbol].used = true;
        return call_function(c, node, symbol);
    }
    const BuiltIn *f = built_in(node->text);
    if (f == NULL) {
        return unknown_function(c, node, symbol >= 0 ? &c->symbols.p[symbol] : NULL);
    }
    if (!right_count(c, node, f)) {
        return expr_none(c, node->span);
    }
    switch (f->takes) {
    case TAKES_PLAIN: return plain_function(c, node, f);
    case TAKES_SAME: return same_function(c, node, f, want);
    case TAKES_EVENT: return expr_at(c, check_event_ref(c, node->child, f->field), node->span);
    case TAKES_OTHER: break;
    }
    return f->op == EX_SQRT ? root(c, node) : noise(c, node);
}

// ---- Over a set ---------------------------------------------------------------------------------

// The member left out is read before the loop variable exists: `o in senders except s`.
bool check_binder(Checker *c, const Node *binder, int32_t *set, int32_t *var, const Expr **except)
{
    const Node *name = node_child(binder, NODE_NAME);
    *set = name ? set_find(c, name) : -1;
    *var = c->n_vars++;
    *except = NULL;
    const Node *left_out = node_child(binder, NODE_EXCEPT);
    if (left_out && *set >= 0 && left_out->child) {
        *except = check_member(c, left_out->child, *set);
    }
    Local local = {.name = binder->text,
                   .local = *set >= 0 ? LOCAL_ATOM : LOCAL_BROKEN,
                   .kind = *set >= 0 ? kind_atom(*set) : kind_none(),
                   .ref = *var};
    local_push(c, local, binder);
    return *set >= 0 && (*except == NULL || (*except)->kind.tag != KIND_NONE);
}

static const struct {
    const char *name;
    ExprOp op;
} AGGREGATES[] = {{"sum", EX_SUM},    {"any", EX_ANY},    {"all", EX_ALL},     {"count", EX_COUNT},
                  {"max", EX_MAX_OF}, {"min", EX_MIN_OF}, {"mean", EX_MEAN_OF}};
enum { N_AGGREGATES = sizeof AGGREGATES / sizeof AGGREGATES[0] };

// What each word asks of its members, and what kind comes out.
static const Expr *aggregate_body(Checker *c, const Node *node, ExprOp op, Kind *kind)
{
    const Node *body = node_at(node, 1);
    const char *what = str_c(c->arena, str_format(c->arena, "`%.*s`", STR_ARG(node->text)));
    const Expr *expr;
    switch (op) {
    case EX_ANY:
    case EX_ALL: *kind = kind_flag(); return check_flag(c, body, what);
    case EX_COUNT:
        *kind = kind_number(UNIT_PLAIN);
        kind->support = SUPPORT_COUNT;
        return check_flag(c, body, what);
    case EX_SUM:
    case EX_MEAN_OF:
        expr = check_number(c, body, want_any(), what);
        *kind = expr->kind.tag == KIND_FLAG ? kind_number(UNIT_PLAIN) : expr->kind;
        return expr;
    default: break;
    }
    expr = check_expr(c, body, want_any());
    *kind = expr->kind.tag == KIND_FLAG ? kind_number(UNIT_PLAIN) : expr->kind;
    if (expr->kind.tag != KIND_NONE && !has_order(expr->kind)) {
        Str text = expr_text(c, expr);
        report(c, 365, body->span, "%s does not work on %.*s", what, STR_ARG(text));
        return expr_none(c, body->span);
    }
    return expr;
}

// any(s in senders: deployed[s]) and its kin; unrolled by the lowering, so the set stays a set.
const Expr *check_aggregate(Checker *c, const Node *node)
{
    ExprOp op = EX_SUM;
    for (int32_t i = 0; i < N_AGGREGATES; i++) {
        if (str_eq(node->text, str_of(AGGREGATES[i].name))) {
            op = AGGREGATES[i].op;
        }
    }
    const Node *binder = node_child(node, NODE_BINDER);
    if (binder == NULL) {
        return expr_none(c, node->span);
    }
    int32_t set, var, top = c->locals.n;
    const Expr *args[2];
    bool fine = check_binder(c, binder, &set, &var, &args[1]);
    Kind kind;
    args[0] = aggregate_body(c, node, op, &kind);
    c->locals.n = top;
    if (!fine || args[0]->kind.tag == KIND_NONE) {
        return expr_none(c, node->span);
    }
    Expr *expr = expr_with(c, op, kind, node->span, args[1] ? 2 : 1, args);
    expr->ref = var;
    expr->domain = set;
    return expr;
}
