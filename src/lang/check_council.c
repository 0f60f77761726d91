// SPDX-License-Identifier: MIT
//
// Councils: a decision by the members of a set that is `carried by` so many of them, and what
// follows from the vote.
#include "lang/checker.h"

// ---- The rule -----------------------------------------------------------------------------------

// Known with the names: the bare name of a council means what it has carried.
Council council_of(const Node *decision)
{
    const Node *rule = node_child(decision, NODE_CARRIED_BY);
    return rule == NULL                      ? COUNCIL_NONE
           : str_eq(rule->text, STR("all"))  ? COUNCIL_ALL
           : str_eq(rule->text, STR("most")) ? COUNCIL_MOST
                                             : COUNCIL_LEAST;
}

// Those whom `except` leaves out have no vote.
static int32_t most_votes(const Checker *c, const Decision *d)
{
    return d->set < 0 ? 0 : c->sets.p[d->set].n_atoms - (d->except != NULL);
}

// A number that the members could never reach would be a veto in disguise.
static void read_least(Checker *c, const Node *rule, Decision *decision)
{
    double value = 1;
    Kind kind;
    const Node *number = rule->child;
    int32_t most = most_votes(c, decision);
    decision->least = 1;
    if (number == NULL || !check_constant(c, number, want_any(), &value, &kind)) {
        return;
    }
    bool plain = kind.tag == KIND_NUMBER && kind.unit == UNIT_PLAIN;
    bool percent = number->kind == NODE_NUMBER && number->flags & NODE_PERCENT;
    if (!plain || percent || value < 1 || value > most || value != (int32_t)value) {
        Diag *diag = report(c, 452, number->span,
                            "it takes a whole number of votes, from 1 to the %d there are", most);
        diag_help(c->diags, diag, "or write `carried by all`, `most` or `any`");
        return;
    }
    decision->least = (int32_t)value;
}

// ---- What follows -------------------------------------------------------------------------------

static Body check_clause(Checker *c, const Node *node, Str place)
{
    c->where = (Where){.reads = READS_ALL,
                       .draws = DRAWS_FRESH,
                       .what = "a statement",
                       .place = place,
                       .sources = c->where.sources,
                       .n_sources = c->where.n_sources};
    c->in_then = true;
    c->sights_hidden = true;
    Body body = check_block(c, node_child(node_child(node, NODE_THEN), NODE_BLOCK));
    c->sights_hidden = false;
    c->in_then = false;
    return body;
}

static int32_t option_index(Checker *c, const Node *clause, const Decision *decision)
{
    for (int32_t i = 0; i < decision->n_options; i++) {
        if (str_eq(decision->options[i].name, clause->text)) {
            return i;
        }
    }
    if (!(clause->flags & NODE_BROKEN)) {
        unknown_name(c, clause, kind_atom(decision->option_set));
    }
    return -1;
}

static void told_twice(Checker *c, const Node *clause, Span first)
{
    Diag *diag = report(c, 454, name_span(clause), "what follows from this was said already");
    diag_related(diag, first, "here");
}

static void check_carried(Checker *c, const Node *node, Decision *decision)
{
    Carried *list = ARENA_ARRAY(c->arena, Carried, node_count(node));
    const Node *clause = node_child(node, NODE_CARRIED);
    for (; clause; clause = node_next_of(clause, NODE_CARRIED)) {
        int32_t option = option_index(c, clause, decision);
        for (int32_t i = 0; option >= 0 && i < decision->n_carried; i++) {
            if (list[i].option == option) {
                told_twice(c, clause, list[i].span);
            }
        }
        Str place = str_format(c->arena, "%.*s.carried.%.*s", STR_ARG(decision->name),
                               STR_ARG(clause->text));
        Body then = check_clause(c, clause, place);
        if (option >= 0) {
            list[decision->n_carried++] = (Carried){option, then, name_span(clause)};
        }
    }
    decision->carried = list;
}

static void check_blocked(Checker *c, const Node *node, Decision *decision)
{
    const Node *blocked = node_child(node, NODE_BLOCKED);
    if (blocked == NULL) {
        return;
    }
    const Node *again = node_next_of(blocked, NODE_BLOCKED);
    if (again) {
        told_twice(c, again, blocked->span);
    }
    Str place = str_format(c->arena, "%.*s.blocked", STR_ARG(decision->name));
    decision->blocked = check_clause(c, blocked, place);
}

// ---- The council --------------------------------------------------------------------------------

// `when carried` of a decision that nobody votes on.
static void check_no_council(Checker *c, const Node *node)
{
    const Node *clause = node_child(node, NODE_CARRIED);
    clause = clause ? clause : node_child(node, NODE_BLOCKED);
    if (clause && !(node->flags & NODE_BROKEN)) {
        Diag *diag = report(c, 451, clause->span, "nothing says how many votes `%.*s` takes",
                            STR_ARG(node->text));
        diag_help(c->diags, diag,
                  "write `carried by all`, `most`, `at least 3` or `any` under the decision");
    }
}

void check_council(Checker *c, const Node *node, Decision *decision)
{
    const Node *rule = node_child(node, NODE_CARRIED_BY);
    bool broken = (node->flags & NODE_BROKEN) != 0;
    if (rule == NULL) {
        check_no_council(c, node);
        return;
    }
    if (node_child(node_child(node, NODE_BY), NODE_BINDER) == NULL) {
        Diag *diag = report(c, 450, rule->span, "one actor is no council");
        diag_help(c->diags, diag, "write `decision %.*s by m in` and a set of actors",
                  STR_ARG(node->text));
        return;
    }
    if (decision->council == COUNCIL_LEAST) {
        read_least(c, rule, decision);
    }
    if (node_child(node, NODE_CARRIED) == NULL && !broken) {
        Diag *diag = report(c, 453, rule->span, "nothing follows when `%.*s` is carried",
                            STR_ARG(node->text));
        Str option =
            decision->n_options ? decision->options[decision->n_options - 1].name : STR("go");
        diag_help(c->diags, diag, "add `when carried %.*s then` and statements", STR_ARG(option));
    }
    check_carried(c, node, decision);
    check_blocked(c, node, decision);
}
