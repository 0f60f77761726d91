// SPDX-License-Identifier: MIT
//
// Beliefs: what one actor holds for likely, whatever the truth. A belief is a state of its own
// kind: it starts with a probability and changes by evidence alone, `hears` and `told`.
#include "lang/checker.h"

// ---- Declarations -------------------------------------------------------------------------------

static void missing(Checker *c, const Node *decl, NodeKind part, const char *what)
{
    if (node_child(decl, part) == NULL && !(decl->flags & NODE_BROKEN)) {
        Diag *diag = report(c, 455, name_span(decl), "the belief `%.*s` does not say %s",
                            STR_ARG(decl->text), what);
        diag_help(c->diags, diag, "write `belief %.*s of POL that` a condition, and `starts 40%%`",
                  STR_ARG(decl->text));
    }
}

void check_belief_parts(Checker *c, const Node *decl)
{
    missing(c, decl, NODE_THAT, "what it is about");
    missing(c, decl, NODE_VALUE, "how likely its actor holds it at first");
}

// Of each member the belief of its own, about a condition that may name him.
static void check_proposition(Checker *c, const Node *decl, int32_t quantity)
{
    int32_t top = c->locals.n;
    const Node *that = node_child(decl, NODE_THAT), *of = node_child(decl, NODE_OF_ACTOR);
    const Node *name = node_child(of, NODE_NAME);
    int32_t set = c->quantities.p[quantity].owner_set, var = -1;
    c->where = (Where){.reads = READS_ALL, .draws = DRAWS_NONE, .what = "a condition"};
    if (name) {
        var = c->n_vars++;
        Local local = {.name = name->text,
                       .local = set >= 0 ? LOCAL_ATOM : LOCAL_BROKEN,
                       .kind = set >= 0 ? kind_atom(set) : kind_none(),
                       .ref = var};
        local_push(c, local, name);
    }
    const Expr *expr = that ? check_flag(c, that->child, "`that`") : expr_none(c, decl->span);
    c->quantities.p[quantity].proposition = expr;
    c->quantities.p[quantity].var = var;
    c->locals.n = top;
}

// What they are about may be declared further down, so it is read when all quantities are known.
void check_propositions(Checker *c, const NodeList *decls)
{
    for (int32_t i = 0; i < decls->n; i++) {
        int32_t symbol = c->decl_symbols[i];
        if (decls->p[i]->kind == NODE_BELIEF && c->symbols.p[symbol].ref >= 0) {
            check_proposition(c, decls->p[i], c->symbols.p[symbol].ref);
        }
    }
}

// ---- Evidence -----------------------------------------------------------------------------------

static void no_belief(Checker *c, const Node *node, const char *verb, const Symbol *symbol)
{
    if (symbol) {
        Diag *diag = report(c, 456, name_span(node), "%s changes a belief, and `%.*s` is %s", verb,
                            STR_ARG(node->text), symbol_kind_text(symbol));
        diag_related(diag, symbol->span, "declared here");
        return;
    }
    if (told_before(c, 325, node->text)) {
        return;
    }
    Diag *diag = report(c, 456, name_span(node), "there is no belief `%.*s`", STR_ARG(node->text));
    Suggest suggest;
    suggest_init(&suggest, node->text);
    for (int32_t i = 0; i < c->symbols.n; i++) {
        if (c->symbols.p[i].node && c->symbols.p[i].node->kind == NODE_BELIEF) {
            suggest_add(&suggest, c->symbols.p[i].name);
        }
    }
    if (!suggest_help(c->diags, diag, &suggest)) {
        diag_help(c->diags, diag, "declare it: `belief %.*s of POL that ... starts 40%%`",
                  STR_ARG(node->text));
    }
}

static const Expr *check_believer(Checker *c, const Node *node, const char *verb)
{
    if (node == NULL) {
        return NULL;
    }
    const Symbol *symbol = local_find(c, node->text) ? NULL : symbol_find(c, node->text);
    if (symbol == NULL || symbol->node == NULL || symbol->node->kind != NODE_BELIEF) {
        no_belief(c, node, verb, symbol);
        return NULL;
    }
    const Expr *target = node->kind == NODE_INDEX ? check_index(c, node)
                         : node->kind == NODE_OF  ? check_of(c, node)
                                                  : check_name(c, node, want_any());
    return target->kind.tag == KIND_NONE ? NULL : target;
}

// How good a source is does not change from one word of it to the next: a range here is an unnamed
// param, fixed in a world.
static const Expr *check_rate(Checker *c, const Node *node, Str belief, const char *what)
{
    Kind chance = kind_number(UNIT_PLAIN);
    chance.support = SUPPORT_PROBABILITY;
    Want want = {.kind = chance, .declared = true};
    Where outer = c->where;
    c->where.draws = DRAWS_WORLD;
    c->where.place = str_format(c->arena, "%.*s.%.*s.%s", STR_ARG(outer.place), STR_ARG(belief),
                                what[0] == 'h' ? "hit" : "false_alarm");
    c->where.n_ranges = count_ranges(c, node);
    c->where.whole = node && is_range(c, node);
    double value;
    const Expr *expr = check_number(c, node, want, what);
    if (!broken(expr) && expr_fold(expr, &value) && !(value >= 0 && value <= 1)) {
        report(c, 382, node->span, "`%s` is a probability, from 0 %% to 100 %%", what);
        expr = expr_none(c, node->span);
    }
    c->where = outer;
    return expr;
}

// `hears guilt hit 80% false alarm 30%`, `told guilt yes hit 80% false alarm 30%`.
bool check_evidence(Checker *c, const Node *node, Stmt *stmt)
{
    bool hears = node->kind == NODE_HEARS;
    const Node *target = node_at(node, 0), *said = hears ? NULL : node_at(node, 1);
    const Node *hit = node_at(node, hears ? 1 : 2), *alarm = node_at(node, hears ? 2 : 3);
    if (node->flags & NODE_BROKEN) {
        return false;
    }
    stmt->kind = hears ? STMT_HEARS : STMT_TOLD;
    stmt->target = check_believer(c, target, hears ? "`hears`" : "`told`");
    Str belief = target ? target->text : STR("");
    c->where.variable = belief;
    bool fine = stmt->target != NULL;
    if (said) {
        stmt->value = check_flag(c, said, "`told`");
        fine = fine && !broken(stmt->value);
    }
    stmt->hit = check_rate(c, hit, belief, "hit");
    stmt->alarm = check_rate(c, alarm, belief, "false alarm");
    Str before = str_format(c->arena, "%.*s.%.*s.hears", STR_ARG(c->where.place), STR_ARG(belief));
    stmt->site = str_format(c->arena, "%.*s.%d", STR_ARG(before), next_ordinal(c, before));
    return fine && !broken(stmt->hit) && !broken(stmt->alarm);
}
