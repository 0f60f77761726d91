// SPDX-License-Identifier: MIT
//
// What a name, `name[member]` and `name of actor` stand for in an expression, and whether it may be
// read where it stands.
#include "lang/checker.h"

// ---- Reading ------------------------------------------------------------------------------------

// A param that moved would not be one: what is fixed may only rest on what is fixed.
static const Expr *not_fixed(Checker *c, const Node *node, const char *kind)
{
    Diag *diag = report(c, 330, name_span(node),
                        "`%.*s` is %s and changes as time passes; %s is fixed in each world",
                        STR_ARG(node->text), kind, c->where.what);
    diag_help(c->diags, diag, "use params, types and numbers here");
    return expr_none(c, node->span);
}

static Expr *quantity_expr(Checker *c, const Symbol *symbol, Span span, int32_t n_args,
                           const Expr *const *args)
{
    const Quantity *q = &c->quantities.p[symbol->ref];
    Expr *expr = expr_with(c, EX_QUANTITY, q->kind, span, n_args, args);
    expr->ref = symbol->ref;
    return expr;
}

// A quantity named where it may not be read yet, or not at all? Reports, unless its declaration is
// wrong anyway.
static bool unreadable(Checker *c, const Symbol *symbol, const Node *node)
{
    if (symbol->broken ||
        (symbol->ref >= 0 && c->quantities.p[symbol->ref].kind.tag == KIND_NONE)) {
        return true;
    }
    if (symbol->ref < 0) {
        Diag *diag =
            report(c, 331, name_span(node), "`%.*s` is declared further down", STR_ARG(node->text));
        diag_related(diag, symbol->span, "declared here");
        diag_help(c->diags, diag, "move its declaration above this line");
        return true;
    }
    bool belief = symbol->node->kind == NODE_BELIEF;
    if (c->where.reads == READS_FIXED && (belief || symbol->node->kind == NODE_STATE)) {
        not_fixed(c, node, belief ? "a belief" : "a state");
        return true;
    }
    return false;
}

static Str set_example(const Checker *c, int32_t set)
{
    const Set *s = &c->sets.p[set];
    return s->n_atoms ? c->shared->atoms.p[s->atoms[0]].name : STR("member");
}

// The example is a real member, to be copied.
static const Expr *needs_member(Checker *c, const Node *node, const char *what, int32_t set)
{
    const Set *s = &c->sets.p[set];
    Str example = set_example(c, set);
    Diag *diag = report(c, 332, name_span(node), "`%.*s` is %s for each member of `%.*s`",
                        STR_ARG(node->text), what, STR_ARG(s->name));
    diag_help(c->diags, diag, "say which: `%.*s[%.*s]`, or ask of all: `any(m in %.*s: %.*s[m])`",
              STR_ARG(node->text), STR_ARG(example), STR_ARG(s->name), STR_ARG(node->text));
    return expr_none(c, node->span);
}

// Names without brackets.
static const Expr *bare_quantity(Checker *c, const Symbol *symbol, const Node *node)
{
    if (unreadable(c, symbol, node)) {
        return expr_none(c, node->span);
    }
    const Quantity *q = &c->quantities.p[symbol->ref];
    if (q->n_dims > 0) {
        return needs_member(c, node, "there", q->dims[0]);
    }
    if (q->role == ROLE_TYPE && q->owner_atom < 0) {
        return expr_none(c, node->span); // whose it is was asked at its declaration
    }
    if (q->role == ROLE_TYPE) {
        Diag *diag =
            report(c, 333, name_span(node), "`%.*s` is the type of an actor", STR_ARG(node->text));
        diag_help(c->diags, diag, "write `%.*s`", STR_ARG(q->name));
        return expr_none(c, node->span);
    }
    return quantity_expr(c, symbol, node->span, 0, NULL);
}

static Kind event_field_kind(EventField field)
{
    Kind kinds[] = {[FIELD_HAPPENED] = kind_flag(),
                    [FIELD_NOW] = kind_flag(),
                    [FIELD_FIRST] = kind_date(),
                    [FIELD_TIMES] = kind_number(UNIT_PLAIN),
                    [FIELD_SINCE] = kind_number(UNIT_DAY)};
    kinds[FIELD_TIMES].support = SUPPORT_COUNT;
    return kinds[field];
}

// The date of what has not happened is never, and any comparison with it is no.
static const Expr *event_expr(Checker *c, const Symbol *symbol, const Node *node, EventField field,
                              const Expr *member)
{
    if (c->where.reads == READS_FIXED) {
        return not_fixed(c, node, "an event");
    }
    Expr *expr =
        expr_with(c, EX_EVENT, event_field_kind(field), node->span, member ? 1 : 0, &member);
    expr->ref = symbol->ref;
    expr->field = (int32_t)field;
    return expr;
}

// Before the first choice it is none of the options.
static const Expr *choice_expr(Checker *c, const Symbol *symbol, const Node *node,
                               const Expr *member)
{
    if (c->where.reads == READS_FIXED) {
        return not_fixed(c, node, "a decision");
    }
    Expr *expr =
        expr_with(c, EX_CHOICE, kind_atom(symbol->set), node->span, member ? 1 : 0, &member);
    expr->ref = symbol->ref;
    return expr;
}

// ---- Values by their bare name ------------------------------------------------------------------

static Str domain_name(const Checker *c, Kind kind)
{
    return kind.tag == KIND_RUNG ? c->ladders.p[kind.domain].name : c->sets.p[kind.domain].name;
}

// Rungs by position, atoms by their global number.
static const Expr *value_expr(Checker *c, const Value *value, Span span)
{
    return expr_const(c, value->value, value->kind, span);
}

// All readings, as they would have to be written.
static const Expr *ambiguous(Checker *c, const Node *node, const Symbol *symbol)
{
    Buf readings = {.arena = c->arena};
    Str example = STR("");
    if (symbol) {
        buf_addf(&readings, "%s", symbol_kind_text(symbol));
    }
    int32_t n = 0;
    for (int32_t i = map_get(c->value_names, node->text); i >= 0 && n < 5;
         i = c->values.p[i].next) {
        n++;
        Str domain = domain_name(c, c->values.p[i].kind);
        buf_addf(&readings, "%s`%.*s.%.*s`", readings.n ? ", " : "", STR_ARG(domain),
                 STR_ARG(node->text));
        example = str_format(c->arena, "%.*s.%.*s", STR_ARG(domain), STR_ARG(node->text));
    }
    Str all = buf_str(&readings);
    Diag *diag = report(c, 334, name_span(node), "`%.*s` can be read as %.*s", STR_ARG(node->text),
                        STR_ARG(all));
    diag_help(c->diags, diag, "say which is meant: `%.*s`", STR_ARG(example));
    return expr_none(c, node->span);
}

// All values of that name are the same atom (a member of several sets)?
static const Value *only_value(const Checker *c, Str name)
{
    int32_t first = map_get(c->value_names, name);
    const Value *value = first >= 0 ? &c->values.p[first] : NULL;
    for (int32_t i = first; i >= 0; i = c->values.p[i].next) {
        const Value *v = &c->values.p[i];
        if (v->kind.tag != KIND_ATOM || value->kind.tag != KIND_ATOM || v->value != value->value) {
            if (v != value) {
                return NULL;
            }
        }
    }
    return value;
}

// `rung.crisis`, `send.go`, `aims.limited`: the value of that name in the set or ladder before the
// last dot. NULL when that is not what it is; something wrong is reported.
static const Expr *qualified_value(Checker *c, const Node *node)
{
    size_t dot = node->text.n;
    while (dot > 0 && node->text.p[dot - 1] != '.') {
        dot--;
    }
    if (dot == 0) {
        return NULL;
    }
    Str before = str_sub(node->text, 0, dot - 1), after = str_sub(node->text, dot, node->text.n);
    const Symbol *symbol = symbol_find(c, before);
    if (symbol == NULL) {
        return NULL;
    }
    for (; symbol; symbol = symbol->same >= 0 ? &c->symbols.p[symbol->same] : NULL) {
        Kind kind = symbol->kind == SYM_LADDER ? kind_rung(symbol->ref)
                    : symbol->kind == SYM_SET  ? kind_atom(symbol->ref)
                    : symbol->set >= 0         ? kind_atom(symbol->set)
                                               : kind_none();
        const Value *value = kind.tag ? value_find(c, after, kind) : NULL;
        if (value) {
            return value_expr(c, value, node->span);
        }
        if (kind.tag && symbol->same < 0) {
            Node part = *node;
            part.text = after;
            unknown_name(c, &part, kind);
            return expr_none(c, node->span);
        }
    }
    return NULL;
}

// ---- Names --------------------------------------------------------------------------------------

// A parameter stands for its argument, all others for what they are bound to.
static const Expr *local_expr(Checker *c, const Local *local, const Node *node)
{
    switch (local->local) {
    case LOCAL_BROKEN: return expr_none(c, node->span);
    case LOCAL_EXPR: return local->expr;
    case LOCAL_ATOM:
    case LOCAL_VALUE:
    case LOCAL_SIGHT: break;
    }
    Expr *expr =
        expr_new(c, local->local == LOCAL_SIGHT ? EX_SIGHT : EX_VAR, local->kind, node->span);
    expr->ref = local->ref;
    return expr;
}

// The length of a step is the same in all worlds, its date is not. Where something was called so,
// which was told, either may be meant.
static const Expr *calendar(Checker *c, const Node *node)
{
    if (symbol_find(c, node->text)) {
        return expr_none(c, node->span);
    }
    if (str_eq(node->text, STR("step"))) {
        return expr_new(c, EX_STEP, kind_number(UNIT_DAY), node->span);
    }
    if (c->where.reads == READS_FIXED) {
        return not_fixed(c, node, "the calendar");
    }
    return expr_new(c, EX_TODAY, kind_date(), node->span);
}

// An actor is a value of every set that holds him.
static const Expr *symbol_expr(Checker *c, const Symbol *symbol, const Node *node, Kind wanted)
{
    if (symbol->broken) {
        return expr_none(c, node->span);
    }
    switch (symbol->kind) {
    case SYM_QUANTITY: return bare_quantity(c, symbol, node);
    case SYM_EVENT: {
        const Event *event = &c->events.p[symbol->ref];
        return event->set >= 0 ? needs_member(c, node, "an event", event->set)
                               : event_expr(c, symbol, node, FIELD_HAPPENED, NULL);
    }
    case SYM_DECISION: {
        const Decision *decision = &c->decisions.p[symbol->ref];
        bool member = decision->set >= 0 && decision->council == COUNCIL_NONE;
        return member ? needs_member(c, node, "a decision", decision->set)
                      : choice_expr(c, symbol, node, NULL);
    }
    case SYM_ACTOR: {
        bool in_wanted = wanted.tag == KIND_ATOM && set_contains(c, wanted.domain, symbol->ref);
        return expr_const(c, symbol->ref, in_wanted ? wanted : kind_atom(0), node->span);
    }
    case SYM_SET:
    case SYM_LADDER:
    case SYM_FUNCTION: break;
    }
    Diag *diag = report(c, 335, name_span(node), "`%.*s` is %s, not a value", STR_ARG(node->text),
                        symbol_kind_text(symbol));
    diag_related(diag, symbol->span, "declared here");
    return expr_none(c, node->span);
}

// May what the symbol stands for be of the wanted kind at all? Options are wanted beside the choice
// they belong to, and `fight is fight` does not compare the decision with itself.
static bool could_be(const Checker *c, const Symbol *symbol, Kind wanted)
{
    if (symbol->kind == SYM_DECISION &&
        (symbol->ref < 0 || c->decisions.p[symbol->ref].council == COUNCIL_NONE)) {
        return false;
    }
    Kind kind = symbol->kind == SYM_QUANTITY && symbol->ref >= 0 ? c->quantities.p[symbol->ref].kind
                : symbol->kind == SYM_DECISION                   ? kind_atom(symbol->set)
                                                                 : kind_none();
    return kind.tag == wanted.tag && kind.domain == wanted.domain;
}

// In this order: what is bound nearby, what the expected kind has of that name, what is declared,
// what is qualified, and a value of any kind if there is but one.
const Expr *check_name(Checker *c, const Node *node, Want want)
{
    if (str_eq(node->text, STR("step")) || str_eq(node->text, STR("today"))) {
        return calendar(c, node);
    }
    const Local *local = local_find(c, node->text);
    if (local) {
        return local_expr(c, local, node);
    }
    const Symbol *symbol = symbol_find(c, node->text);
    bool discrete = want.kind.tag == KIND_ATOM || want.kind.tag == KIND_RUNG;
    const Value *value = discrete ? value_find(c, node->text, want.kind) : NULL;
    if (value && symbol && could_be(c, symbol, want.kind)) {
        return ambiguous(c, node, symbol);
    }
    if (value) {
        return value_expr(c, value, node->span);
    }
    if (symbol) {
        return symbol_expr(c, symbol, node, want.kind);
    }
    const Expr *qualified = qualified_value(c, node);
    if (qualified) {
        return qualified;
    }
    if (map_get(c->value_names, node->text) >= 0) {
        // Another kind is expected: whoever asked says so. One reading is enough.
        value = only_value(c, node->text);
        return value ? value_expr(c, value, node->span) : ambiguous(c, node, NULL);
    }
    unknown_name(c, node, discrete ? want.kind : kind_none());
    return expr_none(c, node->span);
}

// ---- Members ------------------------------------------------------------------------------------

// Members and loop variables are what may stand in brackets.
static void not_a_member(Checker *c, const Node *node, int32_t set)
{
    if (told_before(c, 336, node->text)) {
        return;
    }
    const Set *s = &c->sets.p[set];
    Diag *diag = report(c, 336, name_span(node), "`%.*s` is not a member of `%.*s`",
                        STR_ARG(node->text), STR_ARG(s->name));
    Suggest suggest;
    suggest_init(&suggest, node->text);
    for (int32_t i = 0; i < s->n_atoms; i++) {
        suggest_add(&suggest, c->shared->atoms.p[s->atoms[i]].name);
    }
    for (int32_t i = c->locals.n - 1; i >= c->locals_floor; i--) {
        if (c->locals.p[i].local == LOCAL_ATOM) {
            suggest_add(&suggest, c->locals.p[i].name);
        }
    }
    suggest_help(c->diags, diag, &suggest);
}

// Elements are columns, chosen when the model is lowered: which one cannot change in a run.
static void not_known_ahead(Checker *c, const Node *node, int32_t set)
{
    Diag *diag = report(c, 337, name_span(node),
                        "`%.*s` is no loop variable; a member is named, or runs over a set",
                        STR_ARG(node->text));
    diag_help(c->diags, diag, "loop instead: `sum(m in %.*s: if m is %.*s then ... else 0)`",
              STR_ARG(c->sets.p[set].name), STR_ARG(node->text));
}

// A loop variable fits when all it runs over do.
static const Expr *local_member(Checker *c, const Local *local, const Node *node, int32_t set)
{
    const Expr *expr = local_expr(c, local, node);
    if (expr->kind.tag == KIND_NONE) {
        return expr;
    }
    bool known = expr->op == EX_CONST || (expr->op == EX_VAR && local->local != LOCAL_VALUE);
    if (expr->kind.tag != KIND_ATOM || !known) {
        not_known_ahead(c, node, set);
        return expr_none(c, node->span);
    }
    bool inside = expr->op == EX_CONST ? set_contains(c, set, (int32_t)expr->number)
                                       : set_within(c, expr->kind.domain, set);
    if (!inside) {
        report(c, 338, name_span(node), "`%.*s` runs over `%.*s`, which is not all in `%.*s`",
               STR_ARG(node->text), STR_ARG(c->sets.p[expr->kind.domain].name),
               STR_ARG(c->sets.p[set].name));
        return expr_none(c, node->span);
    }
    return expr;
}

// Always a bare name: brackets hold no arithmetic.
const Expr *check_member(Checker *c, const Node *node, int32_t set)
{
    if (node->kind != NODE_NAME) {
        report(c, 337, node->span, "here stands a member of `%.*s`, or a loop variable",
               STR_ARG(c->sets.p[set].name));
        return expr_none(c, node->span);
    }
    const Local *local = local_find(c, node->text);
    if (local) {
        return local_member(c, local, node, set);
    }
    const Symbol *symbol = symbol_find(c, node->text);
    if (symbol && symbol->kind == SYM_ACTOR && set_contains(c, set, symbol->ref)) {
        return expr_const(c, symbol->ref, kind_atom(set), node->span);
    }
    const Value *value = value_find(c, node->text, kind_atom(set));
    if (value) {
        return value_expr(c, value, node->span);
    }
    if (symbol && could_be(c, symbol, kind_atom(set))) {
        not_known_ahead(c, node, set);
        return expr_none(c, node->span);
    }
    not_a_member(c, node, set);
    return expr_none(c, node->span);
}

// ---- name[member] -------------------------------------------------------------------------------

static const Expr *not_indexed(Checker *c, const Node *node, const char *what)
{
    Diag *diag = report(c, 339, name_span(node), "`%.*s` is %s and has no members",
                        STR_ARG(node->text), what);
    const Symbol *symbol = symbol_find(c, node->text);
    const Node *member = node_child(node, NODE_NAME);
    if (member && symbol && symbol->node && symbol->node->kind == NODE_TYPE) {
        diag_help(c->diags, diag, "write `%.*s of %.*s`", STR_ARG(node->text),
                  STR_ARG(member->text));
    }
    return expr_none(c, node->span);
}

// Every index by itself, so that each wrong one is told.
static const Expr *indexed_quantity(Checker *c, const Symbol *symbol, const Node *node,
                                    const Node *first)
{
    if (unreadable(c, symbol, node)) {
        return expr_none(c, node->span);
    }
    Quantity q = c->quantities.p[symbol->ref];
    if (q.n_dims == 0) {
        return not_indexed(c, node, symbol_kind_text(symbol));
    }
    const Expr *args[2] = {NULL, NULL};
    bool fine = true;
    int32_t n = 0;
    for (const Node *i = first; i; i = i->next, n++) {
        if (n < q.n_dims) {
            args[n] = check_member(c, i, q.dims[n]);
            fine = fine && args[n]->kind.tag != KIND_NONE;
        }
    }
    if (n != q.n_dims) {
        report(c, 332, name_span(node), "`%.*s` takes %d %s, here stand%s %d", STR_ARG(node->text),
               q.n_dims, q.n_dims == 1 ? "member" : "members", n == 1 ? "s" : "", n);
        return expr_none(c, node->span);
    }
    return fine ? quantity_expr(c, symbol, node->span, n, args) : expr_none(c, node->span);
}

// The one member in brackets after an event or decision over `set`; NULL when wrong (reported).
static const Expr *one_member(Checker *c, const Node *node, int32_t set, const char *what)
{
    if (set < 0) {
        not_indexed(c, node, what);
        return NULL;
    }
    if (node->child == NULL || node->child->next) {
        report(c, 332, name_span(node), "`%.*s` takes one member of `%.*s`", STR_ARG(node->text),
               STR_ARG(c->sets.p[set].name));
        return NULL;
    }
    const Expr *member = check_member(c, node->child, set);
    return member->kind.tag == KIND_NONE ? NULL : member;
}

// Quantities, events and decisions have members; nothing else has.
const Expr *check_index(Checker *c, const Node *node)
{
    const Local *local = local_find(c, node->text);
    if (local) {
        return local->local == LOCAL_BROKEN ? expr_none(c, node->span)
                                            : not_indexed(c, node, "a single value here");
    }
    const Symbol *symbol = symbol_find(c, node->text);
    if (symbol == NULL) {
        unknown_name(c, node, kind_none());
        return expr_none(c, node->span);
    }
    if (symbol->broken) {
        return expr_none(c, node->span);
    }
    const Expr *member;
    switch (symbol->kind) {
    case SYM_QUANTITY: return indexed_quantity(c, symbol, node, node->child);
    case SYM_EVENT:
        member = one_member(c, node, c->events.p[symbol->ref].set, "a single event");
        return member ? event_expr(c, symbol, node, FIELD_HAPPENED, member)
                      : expr_none(c, node->span);
    case SYM_DECISION:
        member = one_member(c, node, c->decisions.p[symbol->ref].set, "the decision of one actor");
        return member ? choice_expr(c, symbol, node, member) : expr_none(c, node->span);
    case SYM_ACTOR:
    case SYM_SET:
    case SYM_LADDER:
    case SYM_FUNCTION: break;
    }
    return not_indexed(c, node, symbol_kind_text(symbol));
}

// ---- aims of RUS --------------------------------------------------------------------------------

// Another actor may have one of that name.
static const Expr *no_such_type(Checker *c, const Node *node, const Symbol *symbol)
{
    if (symbol == NULL || symbol->node == NULL || symbol->node->kind != NODE_TYPE) {
        Diag *diag =
            report(c, 340, name_span(node), "there is no type `%.*s`", STR_ARG(node->text));
        const Node *member = node_child(node, NODE_NAME);
        if (symbol && member) {
            diag_help(c->diags, diag, "of one member write `%.*s[%.*s]`", STR_ARG(node->text),
                      STR_ARG(member->text));
            return expr_none(c, node->span);
        }
        Suggest suggest;
        suggest_init(&suggest, node->text);
        for (int32_t i = 0; i < c->symbols.n && !too_many_errors(c); i++) {
            const Symbol *s = &c->symbols.p[i];
            if (s->node && s->node->kind == NODE_TYPE) {
                suggest_add(&suggest, s->name);
            }
        }
        suggest_help(c->diags, diag, &suggest);
        return expr_none(c, node->span);
    }
    const Node *owner = node_child(node, NODE_NAME), *of = node_child(symbol->node, NODE_OF_ACTOR);
    Diag *diag =
        report(c, 341, owner ? name_span(owner) : node->span, "there is no type `%.*s` of `%.*s`",
               STR_ARG(node->text), STR_ARG(owner ? owner->text : STR("")));
    diag_related(diag, symbol->span, "this is whose type it is");
    diag_help(c->diags, diag, "did you mean `%.*s of %.*s`?", STR_ARG(node->text),
              STR_ARG(of ? of->text : STR("")));
    return expr_none(c, node->span);
}

const Expr *check_of(Checker *c, const Node *node)
{
    const Symbol *first = symbol_find(c, node->text);
    const Node *owner = node_child(node, NODE_NAME);
    bool is_belief = first && first->node && first->node->kind == NODE_BELIEF;
    bool is_type = first && first->node && (is_belief || first->node->kind == NODE_TYPE);
    const Symbol *symbol = is_type && owner ? type_find(c, node->text, owner->text) : NULL;
    const Node *of = is_type ? node_child(first->node, NODE_OF_ACTOR) : NULL;
    if (is_belief && of && owner && str_eq(of->text, owner->text)) {
        symbol = first;
    }
    bool by_set = of && node_child(of, NODE_NAME);
    if (is_type && (first->broken || of == NULL)) {
        return expr_none(c, node->span); // whose type it is was not understood
    }
    if (by_set && owner) {
        return indexed_quantity(c, first, node, owner);
    }
    if (symbol == NULL || symbol->kind != SYM_QUANTITY) {
        return no_such_type(c, node, first);
    }
    return unreadable(c, symbol, node) ? expr_none(c, node->span)
                                       : quantity_expr(c, symbol, node->span, 0, NULL);
}

// ---- Events in now(), first(), times(), since() -------------------------------------------------

// `first(send[POL] is go)`: an option is chosen as an event happens.
static bool is_choice_of(Checker *c, const Node *node)
{
    const Node *left = node->child;
    bool is = node->kind == NODE_BINARY && str_eq(node->text, STR("is")) && left &&
              (left->kind == NODE_NAME || left->kind == NODE_INDEX);
    const Symbol *symbol = is && !local_find(c, left->text) ? symbol_find(c, left->text) : NULL;
    return symbol && symbol->kind == SYM_DECISION;
}

static const Expr *chosen_expr(Checker *c, const Node *node, EventField field)
{
    const Expr *choice = check_expr(c, node->child, want_any());
    const Node *right = node->child->next;
    if (broken(choice) || right == NULL) {
        return expr_none(c, node->span); // told already
    }
    const Expr *option = check_expr(c, right, want_kind(choice->kind));
    option = adopt(c, option, choice->kind, right->span, "this decision");
    if (broken(option)) {
        return option;
    }
    if (choice->op != EX_CHOICE || option->op != EX_CONST) {
        report(c, 342, right->span, "here stands an option of the decision");
        return expr_none(c, node->span);
    }
    Expr *expr =
        expr_with(c, EX_CHOSEN, event_field_kind(field), node->span, choice->n_args, choice->args);
    expr->ref = choice->ref;
    expr->field = (int32_t)field;
    expr->number = option->number;
    return expr;
}

// An event, not its flag: now(e) asks about e itself.
const Expr *check_event_ref(Checker *c, const Node *node, EventField field)
{
    if (is_choice_of(c, node) && node->child->next == NULL) {
        return expr_none(c, node->span); // the option is missing, and the parser has said so
    }
    if (is_choice_of(c, node)) {
        return chosen_expr(c, node, field);
    }
    if (node->kind != NODE_NAME && node->kind != NODE_INDEX) {
        Diag *diag = report(c, 342, node->span, "here stands the name of an event, or a choice");
        diag_help(c->diags, diag, "write `first(strike)`, or `first(send is go)` of a decision");
        return expr_none(c, node->span);
    }
    const Symbol *decision = local_find(c, node->text) ? NULL : symbol_find(c, node->text);
    if (decision && decision->kind == SYM_DECISION) {
        Str first = set_example(c, decision->set), written = node_source(c->diags, node);
        Diag *diag =
            report(c, 342, node->span, "`%.*s` is a decision: of which option is this asked?",
                   STR_ARG(node->text));
        diag_help(c->diags, diag, "write `%.*s is %.*s`", STR_ARG(written), STR_ARG(first));
        return expr_none(c, node->span);
    }
    const Symbol *symbol = symbol_expect(c, SYM_EVENT, node);
    if (symbol == NULL || symbol->broken) {
        return expr_none(c, node->span);
    }
    const Event *event = &c->events.p[symbol->ref];
    if (node->kind == NODE_NAME) {
        return event->set >= 0 ? needs_member(c, node, "an event", event->set)
                               : event_expr(c, symbol, node, field, NULL);
    }
    const Expr *member = one_member(c, node, event->set, "a single event");
    return member ? event_expr(c, symbol, node, field, member) : expr_none(c, node->span);
}
