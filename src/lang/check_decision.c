// SPDX-License-Identifier: MIT
//
// Decisions: who decides, what he sees, what his options are worth to him. A worth may read what
// its actor knows and nothing else: his sights, his own type, what stands in `when`, params, the
// date.
#include "lang/checker.h"

// ---- Sights -------------------------------------------------------------------------------------

// What is asked about the state of things, without draws.
static Where look(const Checker *c)
{
    return (Where){.reads = READS_ALL,
                   .draws = DRAWS_NONE,
                   .what = "what a decision sees",
                   .sources = c->where.sources,
                   .n_sources = c->where.n_sources};
}

// Bare cuts take the unit of what is seen: `front cut at 5, 10`.
static void read_cuts(Checker *c, const Node *node, Sight *sight)
{
    const Node *cuts = node_child(node, NODE_CUTS);
    if (cuts == NULL) {
        return;
    }
    double *values = ARENA_ARRAY(c->arena, double, node_count(cuts));
    WrittenUnit unit = unit_of(c, sight->value);
    Want want = {.has_bare = true, .bare = unit};
    for (const Node *cut = cuts->child; cut; cut = cut->next) {
        Kind kind;
        double value;
        if (!check_constant(c, cut, want, &value, &kind)) {
            continue;
        }
        if (!kind_fits(c, kind, sight->value->kind) && value != 0) {
            Str wanted = expr_text(c, sight->value), got = kind_text(c, kind);
            report(c, 360, cut->span, "a cut of %.*s, and this is %.*s", STR_ARG(wanted),
                   STR_ARG(got));
        } else if (sight->n_cuts > 0 && value <= values[sight->n_cuts - 1]) {
            report(c, 381, cut->span, "the cuts must rise");
        } else {
            values[sight->n_cuts++] = value;
        }
    }
    sight->cuts = values;
}

// A percentage is a share of what is seen, anything else an amount of it.
static void read_give(Checker *c, const Node *node, Sight *sight)
{
    const Node *give = node_child(node, NODE_GIVE);
    if (give == NULL || give->child == NULL) {
        return;
    }
    const Node *amount = give->child;
    Kind kind;
    Want want = {.has_bare = true, .bare = unit_of(c, sight->value)};
    if (!check_constant(c, amount, want, &sight->give, &kind)) {
        return;
    }
    sight->give_relative = amount->kind == NODE_NUMBER && amount->flags & NODE_PERCENT;
    if (!sight->give_relative && !kind_fits(c, kind, sight->value->kind)) {
        Str wanted = expr_text(c, sight->value), got = kind_text(c, kind);
        report(c, 360, amount->span, "noise on %.*s, and this is %.*s", STR_ARG(wanted),
               STR_ARG(got));
    } else if (!(sight->give > 0)) {
        report(c, 381, amount->span, "give or take what is above zero");
    }
}

// A flag cannot be half seen.
static void check_numeric_sight(Checker *c, const Node *node, const Sight *sight)
{
    bool numeric = sight->value->kind.tag == KIND_NUMBER || sight->value->kind.tag == KIND_DATE;
    if (numeric || sight->value->kind.tag == KIND_NONE ||
        (node_child(node, NODE_CUTS) == NULL && node_child(node, NODE_GIVE) == NULL)) {
        return;
    }
    Str text = expr_text(c, sight->value);
    report(c, 420, node->span, "only numbers are seen in steps or through noise; this is %.*s",
           STR_ARG(text));
}

// An unnamed sight is called as it is written; worths find it by its meaning, not its name.
static Str sight_name(Checker *c, const Node *node, const Node *expr)
{
    if (node->text.n) {
        return node->text;
    }
    return expr && expr->kind == NODE_NAME ? expr->text : node_source(c->diags, expr);
}

// A sight that is wrong still counts, so that the numbers of the others stay.
static bool check_sight(Checker *c, const Node *node, Str decision, Sight *sight)
{
    const Node *expr = node_expr(node);
    *sight = (Sight){.value = check_expr(c, expr, want_any())};
    sight->name = sight_name(c, node, expr);
    sight->site = str_format(c->arena, "%.*s.sees.%.*s", STR_ARG(decision), STR_ARG(sight->name));
    if (sight->value->kind.tag == KIND_NONE) {
        return false;
    }
    check_numeric_sight(c, node, sight);
    read_cuts(c, node, sight);
    read_give(c, node, sight);
    return true;
}

// What is seen is the truth: sights do not see one another.
static void check_sights(Checker *c, const Node *node, Decision *decision)
{
    const Node *sees = node_child(node, NODE_SEES);
    Sight *sights = ARENA_ARRAY(c->arena, Sight, sees ? node_count(sees) : 0);
    for (const Node *s = sees ? sees->child : NULL; s; s = s->next) {
        if (s->kind != NODE_SIGHT) {
            continue;
        }
        c->where = look(c);
        Sight sight;
        // What is seen is the truth, not another sight of the same name.
        c->sights_hidden = true;
        bool fine = check_sight(c, s, decision->name, &sight);
        c->sights_hidden = false;
        const Node *expr = node_expr(s);
        bool named = s->text.n || (expr && expr->kind == NODE_NAME);
        if (named) {
            Local local = {.name = sight.name,
                           .local = fine ? LOCAL_SIGHT : LOCAL_BROKEN,
                           .kind = sight.value->kind,
                           .ref = decision->n_sights};
            const Local *before = local_find(c, sight.name);
            if (before) {
                Diag *diag = report(c, 324, name_span(s), "`%.*s` already has a meaning here",
                                    STR_ARG(sight.name));
                diag_related(diag, before->span, "given here");
            }
            local.span = name_span(s);
            vec_push(c->arena, &c->locals, local);
        }
        sights[decision->n_sights++] = sight;
    }
    decision->sights = sights;
}

// ---- What the actor knows -----------------------------------------------------------------------

typedef struct {
    Checker *c;
    const Decision *decision;
    const Expr *when, *own_when; // of the decision, of the option
} Knower;

enum { LIMIT_COMPARISONS = 20000000 };

// Does `part` stand somewhere in `whole`? An event named there is known in all its aspects.
static bool stands_in(Checker *c, const Expr *part, const Expr *whole)
{
    if (whole == NULL || c->comparisons++ > LIMIT_COMPARISONS) {
        return false;
    }
    if (expr_equal(part, whole)) {
        return true;
    }
    if (part->op == EX_EVENT && whole->op == EX_EVENT && part->ref == whole->ref &&
        part->n_args == whole->n_args &&
        (part->n_args == 0 || expr_equal(part->args[0], whole->args[0]))) {
        return true;
    }
    for (int32_t i = 0; i < whole->n_args; i++) {
        if (stands_in(c, part, whole->args[i])) {
            return true;
        }
    }
    return false;
}

// Of `type mood of s in senders`, and of such a belief, the decision by s sees its own only.
static bool is_own_type(const Knower *k, const Quantity *q, const Expr *expr)
{
    if (q->n_dims == 0) {
        return k->decision->set < 0 && q->owner_atom == k->decision->actor;
    }
    const Expr *member = expr->args[0];
    bool self = k->decision->set >= 0 && member->op == EX_VAR && member->ref == k->decision->var;
    bool actor = k->decision->set < 0 && member->op == EX_CONST &&
                 (int32_t)member->number == k->decision->actor;
    return self || actor;
}

// Constants, params, the calendar, loop variables and sights are open to all; own types, beliefs
// and choices to their actor.
static bool is_known_leaf(const Knower *k, const Expr *expr)
{
    switch (expr->op) {
    case EX_QUANTITY: {
        const Quantity *q = &k->c->quantities.p[expr->ref];
        bool own = (q->role == ROLE_TYPE || q->proposition) && is_own_type(k, q, expr);
        return q->role == ROLE_PARAM || own;
    }
    case EX_PREVIOUS: {
        const Quantity *q = &k->c->quantities.p[expr->ref];
        return q->proposition && is_own_type(k, q, expr);
    }
    case EX_EVENT: return false;
    case EX_CHOSEN:
    case EX_CHOICE: {
        // His own latest choice.
        const Expr *member = expr->n_args ? expr->args[0] : NULL;
        const Decision *d = k->decision;
        bool own = str_eq(d->name, k->c->decisions.p[expr->ref].name);
        return own && (member == NULL || (member->op == EX_VAR && member->ref == d->var));
    }
    default: return true;
    }
}

// Quoted as written: the analyst looks for that text.
static void cannot_know(const Knower *k, const Expr *expr)
{
    Checker *c = k->c;
    bool quantity = expr->op == EX_QUANTITY || expr->op == EX_PREVIOUS;
    const Quantity *q = quantity ? &c->quantities.p[expr->ref] : NULL;
    const char *what = expr->op == EX_EVENT        ? "event"
                       : expr->op == EX_CHOICE     ? "decision"
                       : expr->op == EX_CHOSEN     ? "decision"
                       : q && q->role == ROLE_TYPE ? "type of another actor"
                       : q && q->proposition       ? "belief of another actor"
                                                   : "state";
    Str text = expr->span.file >= 0 ? str_sub(c->diags->sources.p[expr->span.file].text,
                                              (size_t)expr->span.lo, (size_t)expr->span.hi)
                                    : STR("this");
    Diag *diag = report(c, 421, expr->span, "the decision `%.*s` does not see the %s `%.*s`",
                        STR_ARG(k->decision->name), what, STR_ARG(text));
    bool secret = q && (q->role == ROLE_TYPE || q->proposition);
    diag_help(c->diags, diag, "%s",
              secret ? "let him see, under `sees`, what the other does, or a noisy sign of it"
                     : "if the actor can know it, add it under `sees`");
}

// The expression with every unnamed sight (`sees trainers[s]`) in the place of what it shows; what
// the actor cannot know is reported.
static const Expr *known(const Knower *k, const Expr *expr)
{
    for (int32_t i = 0; i < k->decision->n_sights; i++) {
        const Sight *sight = &k->decision->sights[i];
        if (sight->value->op != EX_CONST && expr_equal(expr, sight->value)) {
            Expr *seen = expr_new(k->c, EX_SIGHT, expr->kind, expr->span);
            seen->ref = i;
            return seen;
        }
    }
    bool leaf = is_known_leaf(k, expr);
    if (stands_in(k->c, expr, k->when) || stands_in(k->c, expr, k->own_when)) {
        return expr;
    }
    if (!leaf) {
        cannot_know(k, expr);
        return expr;
    }
    if (expr->n_args == 0 || expr->op == EX_QUANTITY) {
        return expr;
    }
    const Expr **args = ARENA_ARRAY(k->c->arena, const Expr *, expr->n_args);
    for (int32_t i = 0; i < expr->n_args; i++) {
        args[i] = known(k, expr->args[i]);
    }
    Expr *copy = ARENA_NEW(k->c->arena, Expr);
    *copy = *expr;
    copy->args = args;
    return copy;
}

// ---- Weights and worths -------------------------------------------------------------------------

// Ranges in a decision are params without a name: what an actor wants is fixed in a world.
static Where world_where(const Checker *c, const char *what, Str place, const Node *clause)
{
    const Node *expr = clause ? node_expr(clause) : NULL;
    return (Where){.reads = READS_ALL,
                   .draws = DRAWS_WORLD,
                   .what = what,
                   .place = place,
                   .n_ranges = count_ranges(c, expr),
                   .whole = expr && is_range(c, expr),
                   .sources = c->where.sources,
                   .n_sources = c->where.n_sources};
}

// Only such a name can stand in an address: send.go.worth.dread.
static bool is_word_name(Str name)
{
    bool fine = name.n > 0;
    for (size_t i = 0; i < name.n; i++) {
        char ch = name.p[i];
        bool letter = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '_';
        fine = fine && (letter || (i > 0 && ch >= '0' && ch <= '9'));
    }
    return fine;
}

// An unnamed param in a worth is called by the part's name if that is one word, else by its
// ordinal.
static Str part_place(Checker *c, Str option, const Node *part, int32_t ordinal)
{
    const Node *name = node_child(part, NODE_STRING);
    return name && is_word_name(name->text)
               ? str_format(c->arena, "%.*s.worth.%.*s", STR_ARG(option), STR_ARG(name->text))
               : str_format(c->arena, "%.*s.worth.%d", STR_ARG(option), ordinal);
}

// The sign of the line is not in the expression; it is put back here.
static const Expr *check_part(Checker *c, const Node *part, const Knower *k)
{
    const Node *node = node_expr(part);
    const Expr *value = check_number(c, node, want_kind(kind_number(UNIT_PLAIN)), "a worth");
    if (value->kind.tag == KIND_NONE) {
        return value;
    }
    value = known(k, value);
    if (part->flags & NODE_MINUS) {
        value = expr_with(c, EX_NEG, kind_number(UNIT_PLAIN), part->span, 1, &value);
    }
    return value;
}

// A part with a single range gives its name to it, though the range be inside a product: `- (1 to
// 3) * x "dread"` is send.go.worth.dread.
static void check_worth(Checker *c, const Node *worth, Str place, const Knower *k, Option *option)
{
    int32_t n = worth ? node_count(worth) : 0, ordinal = 0;
    WorthPart *parts = ARENA_ARRAY(c->arena, WorthPart, n);
    for (const Node *p = worth ? worth->child : NULL; p; p = p->next) {
        if (p->kind != NODE_WORTH_PART) {
            continue;
        }
        const Node *name = node_child(p, NODE_STRING);
        ordinal++;
        c->where = world_where(c, "a worth", part_place(c, place, p, ordinal), p);
        c->where.whole = c->where.n_ranges == 1;
        c->where.title = name ? name->text : STR("");
        WorthPart *part = &parts[option->n_worth++];
        part->name = name ? name->text : STR("");
        part->value = check_part(c, p, k);
    }
    option->worth = parts;
}

// Weights are odds: any positive numbers, in proportion to which options are chosen.
static void check_weight(Checker *c, const Node *weight, Str place, const Knower *k, Option *option)
{
    double value;
    Str name = str_format(c->arena, "%.*s.weight", STR_ARG(place));
    c->where = world_where(c, "a weight", name, weight);
    Kind plain = kind_number(UNIT_PLAIN);
    plain.support = SUPPORT_POSITIVE;
    Want want = {.kind = plain, .declared = true};
    const Expr *expr = check_number(c, weight->child, want, "a weight");
    if (expr->kind.tag != KIND_NONE && expr_fold(expr, &value) && value < 0) {
        report(c, 382, weight->child->span, "a weight is never below 0");
    }
    option->weight = expr->kind.tag == KIND_NONE ? expr : known(k, expr);
}

static const Expr *option_when(Checker *c, const Node *node)
{
    const Node *when = node_child(node, NODE_WHEN);
    if (when == NULL) {
        return NULL;
    }
    // Whether an option is open is a matter of fact, not of sight.
    c->where = look(c);
    c->where.what = "a condition";
    c->sights_hidden = true;
    const Expr *expr = check_flag(c, when->child, "`when`");
    c->sights_hidden = false;
    return expr;
}

// A then of an option may come to pass later than the look at the world that led to it, so it
// reads the truth and not the sights.
static void check_option(Checker *c, const Node *node, const Decision *decision,
                         bool decision_unclear, Option *option)
{
    const Node *title = node_child(node, NODE_STRING), *weight = node_child(node, NODE_WEIGHT);
    Str place = str_format(c->arena, "%.*s.%.*s", STR_ARG(decision->name), STR_ARG(node->text));
    *option = (Option){
        .name = node->text, .title = title ? title->text : STR(""), .span = name_span(node)};
    const Value *atom = value_find(c, node->text, kind_atom(decision->option_set));
    option->atom = atom ? atom->value : -1;
    option->when = option_when(c, node);
    Knower knower = {c, decision, decision->when, option->when};
    // When what it sees was not understood, worths would seem to rest on nothing.
    if (weight && !decision_unclear) {
        check_weight(c, weight, place, &knower, option);
    }
    if (!decision_unclear) {
        check_worth(c, node_child(node, NODE_WORTH), place, &knower, option);
    }
    c->where = (Where){.reads = READS_ALL,
                       .draws = DRAWS_FRESH,
                       .what = "a statement",
                       .place = place,
                       .sources = c->where.sources,
                       .n_sources = c->where.n_sources};
    c->in_then = true;
    c->sights_hidden = true;
    option->then = check_block(c, node_child(node_child(node, NODE_THEN), NODE_BLOCK));
    c->sights_hidden = false;
    c->in_then = false;
    option->notes = check_notes(c, node);
}

// ---- The decision -------------------------------------------------------------------------------

// Weights, or worths, or neither: then only the actor's own aims could tell, and they come later.
static void check_measure(Checker *c, const Node *node, Decision *decision)
{
    const Node *weighed = NULL, *valued = NULL, *bare = NULL;
    for (const Node *o = node_child(node, NODE_OPTION); o; o = node_next_of(o, NODE_OPTION)) {
        const Node *weight = node_child(o, NODE_WEIGHT), *worth = node_child(o, NODE_WORTH);
        weighed = weight && !weighed ? weight : weighed;
        valued = worth && !valued ? worth : valued;
        bare = !weight && !bare ? o : bare;
    }
    decision->by_weight = weighed != NULL;
    if (weighed && valued) {
        Diag *diag = report(c, 422, valued->span, "`%.*s` has weights and worths; one or the other",
                            STR_ARG(decision->name));
        diag_related(diag, weighed->span, "the weight is here");
        diag_help(c->diags, diag, "weights are odds; worths are what the actor gets out of it");
    } else if (weighed && bare) {
        Diag *diag =
            report(c, 423, name_span(bare), "the option `%.*s` has no weight", STR_ARG(bare->text));
        diag_related(diag, weighed->span, "others have one");
    } else if (!weighed && !valued && decision->n_options > 1) {
        Diag *diag = report(c, 424, name_span(node),
                            "nothing says how `%.*s` chooses: no option has a worth or a weight",
                            STR_ARG(decision->name));
        diag_help(c->diags, diag,
                  "choices solved from what actors want come with a later version; "
                  "today, give each option a `worth` (or a `weight`)");
    }
    if (decision->n_options == 0) {
        report(c, 425, name_span(node), "`%.*s` has no option", STR_ARG(decision->name));
    }
}

// A factor on all worths; it must be as knowable as they are.
static void check_rationality(Checker *c, const Node *node, Decision *decision)
{
    const Node *rationality = node_child(node, NODE_RATIONALITY);
    if (rationality == NULL) {
        return;
    }
    Str place = str_format(c->arena, "%.*s.rationality", STR_ARG(decision->name));
    c->where = world_where(c, "rationality", place, rationality);
    Kind plain = kind_number(UNIT_PLAIN);
    plain.support = SUPPORT_POSITIVE;
    Want want = {.kind = plain, .declared = true};
    const Expr *expr = check_number(c, rationality->child, want, "rationality");
    Knower knower = {c, decision, decision->when, NULL};
    decision->rationality = expr->kind.tag == KIND_NONE ? expr : known(&knower, expr);
    if (decision->by_weight) {
        Diag *diag =
            report(c, 426, rationality->span, "rationality works on worths; these are weights");
        diag_help(c->diags, diag, "leave it out, or give the options worths");
    }
}

// A set of values decides nothing, even if its members are called like countries.
static void read_actor(Checker *c, const Node *node, Decision *decision)
{
    const Node *by = node_child(node, NODE_BY);
    const Node *binder = node_child(by, NODE_BINDER), *name = node_child(by, NODE_NAME);
    if (binder) {
        check_binder(c, binder, &decision->set, &decision->var, &decision->except);
        const Node *set = node_child(binder, NODE_NAME);
        const Set *members = decision->set >= 0 ? &c->sets.p[decision->set] : NULL;
        if (members && members->n_atoms && !c->shared->atoms.p[members->atoms[0]].is_actor) {
            report(c, 427, name_span(set), "`%.*s` is a set of values; actors decide",
                   STR_ARG(set->text));
        }
    } else if (name) {
        const Symbol *actor = symbol_expect(c, SYM_ACTOR, name);
        decision->actor = actor ? actor->ref : -1;
    }
}

// Sights first, since worths read them; the measure last, when all options are known.
void check_decision(Checker *c, const Node *node, Decision *decision)
{
    int32_t top = c->locals.n;
    c->where = look(c);
    read_actor(c, node, decision);
    const Node *when = node_child(node, NODE_WHEN), *every = node_child(node, NODE_EVERY);
    if (when) {
        c->where.what = "a condition";
        decision->when = check_flag(c, when->child, "`when`");
    }
    if (every) {
        check_duration(c, every->child, "`every`", &decision->every_days);
    }
    check_sights(c, node, decision);
    int32_t n = 0;
    Option *options = ARENA_ARRAY(c->arena, Option, node_count(node));
    c->n_delays = 0;
    bool unclear = node->flags & NODE_BROKEN && !node_child(node, NODE_SEES);
    for (const Node *o = node_child(node, NODE_OPTION); o; o = node_next_of(o, NODE_OPTION)) {
        check_option(c, o, decision, unclear, &options[n++]);
    }
    decision->options = options;
    decision->n_options = n;
    check_measure(c, node, decision);
    check_rationality(c, node, decision);
    check_council(c, node, decision);
    decision->n_delays = c->n_delays;
    decision->notes = check_notes(c, node);
    c->locals.n = top;
}
