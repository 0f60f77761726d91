// SPDX-License-Identifier: MIT
//
// Names: what each stands for, which are in reach, and what may have been meant by one that stands
// for nothing. One name space holds actors, sets, ladders, quantities, events, decisions and
// functions; rungs, options and values live inside theirs; loop variables, lets and sights hide
// what is outside.
#include <stdio.h>

#include "base/limits.h"
#include "lang/checker.h"

void names_init(Checker *c)
{
    c->symbol_names = map_new(c->arena);
    c->value_names = map_new(c->arena);
    c->value_keys = map_new(c->arena);
    c->question_names = map_new(c->arena);
    c->ordinals = map_new(c->arena);
}

// Some nodes have no name of their own.
Span name_span(const Node *node)
{
    return node->name_span.hi > node->name_span.lo ? node->name_span : node->span;
}

// ---- Symbols ------------------------------------------------------------------------------------

const char *symbol_kind_text(const Symbol *symbol)
{
    switch (symbol->kind) {
    case SYM_ACTOR: return "an actor";
    case SYM_SET: return "a set";
    case SYM_LADDER: return "a ladder";
    case SYM_EVENT: return "an event";
    case SYM_DECISION: return "a decision";
    case SYM_FUNCTION: return "a function";
    case SYM_QUANTITY: break;
    }
    return symbol->node->kind == NODE_PARAM    ? "a param"
           : symbol->node->kind == NODE_STATE  ? "a state"
           : symbol->node->kind == NODE_BELIEF ? "a belief"
                                               : "a type";
}

// Suggestions cost a walk over all names; a text of 100,000 errors must not pay for each.
bool too_many_errors(const Checker *c)
{
    return c->diags->n_errors >= LIMIT_DIAGS;
}

// Uses of one missing declaration are one cause.
bool told_before(Checker *c, int32_t code, Str name)
{
    Str key = str_format(c->arena, "%d %.*s", (int)code, STR_ARG(name));
    bool told = map_get(c->shared->told, key) >= 0;
    map_put(c->shared->told, key, 1);
    return told;
}

// "aims of RUS": no name of anything else looks like that. Empty for types of a set.
static Str type_key(Checker *c, const Node *type)
{
    const Node *of = node_child(type, NODE_OF_ACTOR);
    bool single = type->kind == NODE_TYPE && of && !node_child(of, NODE_NAME);
    return single ? str_format(c->arena, "%.*s of %.*s", STR_ARG(type->text), STR_ARG(of->text))
                  : STR("");
}

static void taken(Checker *c, const Symbol *symbol, const Symbol *first)
{
    Diag *diag = report(c, 320, symbol->span, "`%.*s` is already %s", STR_ARG(symbol->name),
                        symbol_kind_text(first));
    diag_related(diag, first->span, "declared here");
}

// A second declaration gets a symbol too, so that its own faults are found; its name leads to the
// first.
int32_t symbol_declare(Checker *c, SymbolKind kind, Str name, int32_t ref, const Node *node)
{
    Symbol symbol = {.name = name,
                     .kind = kind,
                     .ref = ref,
                     .set = -1,
                     .same = -1,
                     .span = name_span(node),
                     .node = node};
    // Of a list that was not understood nobody knows what it holds.
    symbol.broken = (kind == SYM_SET || kind == SYM_LADDER || node->kind == NODE_TYPE) &&
                    node->flags & NODE_BROKEN;
    Str key = type_key(c, node);
    int32_t before = map_get(c->symbol_names, name),
            twin = key.n ? map_get(c->symbol_names, key) : -1;
    bool both_types = before >= 0 && key.n && c->symbols.p[before].node->kind == NODE_TYPE &&
                      type_key(c, c->symbols.p[before].node).n;
    if (before < 0) {
        map_put(c->symbol_names, name, c->symbols.n);
    } else if (twin >= 0 || !both_types) {
        taken(c, &symbol, &c->symbols.p[twin >= 0 ? twin : before]);
    } else {
        // Types of different actors may have one name.
        symbol.same = c->symbols.p[before].same;
        c->symbols.p[before].same = c->symbols.n;
    }
    if (key.n && twin < 0) {
        map_put(c->symbol_names, key, c->symbols.n);
    }
    vec_push(c->arena, &c->symbols, symbol);
    return c->symbols.n - 1;
}

Symbol *type_find(Checker *c, Str name, Str actor)
{
    return symbol_find(c, str_format(c->arena, "%.*s of %.*s", STR_ARG(name), STR_ARG(actor)));
}

// Whatever is looked up counts as used.
Symbol *symbol_find(Checker *c, Str name)
{
    int32_t at = map_get(c->symbol_names, name);
    if (at < 0) {
        return NULL;
    }
    c->symbols.p[at].used = true;
    return &c->symbols.p[at];
}

static const char *wanted_text(SymbolKind kind)
{
    static const char *const TEXTS[] = {
        [SYM_ACTOR] = "actor",       [SYM_SET] = "set",     [SYM_LADDER] = "ladder",
        [SYM_QUANTITY] = "quantity", [SYM_EVENT] = "event", [SYM_DECISION] = "decision",
        [SYM_FUNCTION] = "function"};
    return TEXTS[kind];
}

// A name of another sort is told as such, with its declaration; an unknown one with what was near.
Symbol *symbol_expect(Checker *c, SymbolKind kind, const Node *node)
{
    Symbol *symbol = symbol_find(c, node->text);
    if (symbol && symbol->kind == kind) {
        return symbol;
    }
    if (symbol) {
        Diag *diag = report(c, 323, name_span(node), "`%.*s` is %s; here stands %s %s",
                            STR_ARG(node->text), symbol_kind_text(symbol),
                            kind == SYM_ACTOR || kind == SYM_EVENT ? "an" : "a", wanted_text(kind));
        diag_related(diag, symbol->span, "declared here");
        if (kind == SYM_ACTOR && symbol->kind == SYM_SET) {
            diag_help(c->diags, diag, "of each of its members: `of m in %.*s`",
                      STR_ARG(node->text));
        }
        return NULL;
    }
    if (told_before(c, 322, node->text)) {
        return NULL;
    }
    Diag *diag = report(c, 322, name_span(node), "there is no %s `%.*s`", wanted_text(kind),
                        STR_ARG(node->text));
    Suggest suggest;
    suggest_init(&suggest, node->text);
    for (int32_t i = 0; i < c->symbols.n && !too_many_errors(c); i++) {
        if (c->symbols.p[i].kind == kind) {
            suggest_add(&suggest, c->symbols.p[i].name);
        }
    }
    suggest_help(c->diags, diag, &suggest);
    return NULL;
}

// ---- Values inside sets, ladders, types and decisions -------------------------------------------

// Rungs and atoms of one name differ by what they belong to.
static Str value_key(Str name, Kind kind, char *buffer, size_t size)
{
    int n = snprintf(buffer, size, "%d %d %.*s", (int)kind.tag, (int)kind.domain, STR_ARG(name));
    ASSERT(n > 0);
    return (Str){buffer, (size_t)n < size ? (size_t)n : size - 1};
}

// A chain by name serves names without a kind, a map by name and domain those with one.
void value_declare(Checker *c, Str name, Kind kind, int32_t value)
{
    char buffer[LIMIT_NAME_BYTES + 64];
    Str key = str_copy(c->arena, value_key(name, kind, buffer, sizeof buffer));
    Value v = {.name = name, .kind = kind, .value = value, .next = map_get(c->value_names, name)};
    map_put(c->value_names, name, c->values.n);
    map_put(c->value_keys, key, c->values.n);
    vec_push(c->arena, &c->values, v);
}

const Value *value_find(const Checker *c, Str name, Kind kind)
{
    char buffer[LIMIT_NAME_BYTES + 64];
    int32_t at = map_get(c->value_keys, value_key(name, kind, buffer, sizeof buffer));
    return at >= 0 ? &c->values.p[at] : NULL;
}

// ---- Loop variables, lets, sights ---------------------------------------------------------------

static bool is_hidden(const Checker *c, const Local *local)
{
    return c->sights_hidden && local->local == LOCAL_SIGHT;
}

// Inner names hide outer ones; a function body does not see those of its caller.
Local *local_find(Checker *c, Str name)
{
    for (int32_t i = c->locals.n - 1; i >= c->locals_floor; i--) {
        bool hidden = is_hidden(c, &c->locals.p[i]);
        if (!hidden && str_eq(c->locals.p[i].name, name)) {
            return &c->locals.p[i];
        }
    }
    return NULL;
}

// Hiding is refused: a reader aloud cannot hear which `front` is meant.
void local_push(Checker *c, Local local, const Node *node)
{
    const Local *before = local_find(c, local.name);
    int32_t symbol = map_get(c->symbol_names, local.name);
    local.span = name_span(node);
    // A sight may be called like the state it shows; any other name twice is a slip.
    if (before && before->local != LOCAL_SIGHT) {
        Diag *diag =
            report(c, 324, local.span, "`%.*s` already has a meaning here", STR_ARG(local.name));
        diag_related(diag, before->span, "given here");
    } else if (symbol >= 0 && local.local != LOCAL_SIGHT) {
        Diag *diag = report(c, 324, local.span, "`%.*s` is already %s", STR_ARG(local.name),
                            symbol_kind_text(&c->symbols.p[symbol]));
        diag_related(diag, c->symbols.p[symbol].span, "declared here");
    }
    vec_push(c->arena, &c->locals, local);
}

// ---- What stands for nothing --------------------------------------------------------------------

// The names that could stand where one of kind `wanted` does.
static void suggest_values(const Checker *c, Suggest *suggest, Kind wanted)
{
    for (int32_t i = 0; i < c->values.n; i++) {
        const Value *v = &c->values.p[i];
        if (wanted.tag == KIND_NONE ||
            (v->kind.tag == wanted.tag && v->kind.domain == wanted.domain)) {
            suggest_add(suggest, v->name);
        }
    }
}

// First what is in reach and could be of that kind, then estimative words.
// What an option needs and what it does are about the world, not about what the actor sees of it.
static bool tell_hidden_sight(Checker *c, const Node *node)
{
    for (int32_t i = c->locals.n - 1; i >= c->locals_floor; i--) {
        const Local *local = &c->locals.p[i];
        if (is_hidden(c, local) && str_eq(local->name, node->text)) {
            Diag *diag = report(c, 325, name_span(node),
                                "`%.*s` is a name for what the actor sees: it stands in his "
                                "worths and weights alone",
                                STR_ARG(node->text));
            diag_related(diag, local->span, "seen here");
            diag_help(c->diags, diag,
                      "`when` and `then` go by what is so: write what `%.*s` looks at",
                      STR_ARG(node->text));
            return true;
        }
    }
    return false;
}

void unknown_name(Checker *c, const Node *node, Kind wanted)
{
    if (tell_hidden_sight(c, node) || told_before(c, 325, node->text)) {
        return;
    }
    Str domain = wanted.tag == KIND_RUNG   ? c->ladders.p[wanted.domain].name
                 : wanted.tag == KIND_ATOM ? c->sets.p[wanted.domain].name
                                           : STR("");
    Diag *diag =
        domain.n
            ? report(c, 325, name_span(node), "`%.*s` is not in `%.*s`, nor the name of anything",
                     STR_ARG(node->text), STR_ARG(domain))
            : report(c, 325, name_span(node), "nothing is called `%.*s`", STR_ARG(node->text));
    if (too_many_errors(c)) {
        return;
    }
    if (str_eq(node->text, STR("true")) || str_eq(node->text, STR("false"))) {
        diag_help(c->diags, diag, "a flag is `yes` or `no`");
        return;
    }
    const char *dot = memchr(node->text.p, '.', node->text.n);
    size_t at = dot ? (size_t)(dot - node->text.p) : 0;
    Str whole = str_sub(node->text, 0, at), member = str_sub(node->text, at + 1, node->text.n);
    if (dot && symbol_find(c, whole)) {
        diag_help(c->diags, diag, "of one member write `%.*s[%.*s]`", STR_ARG(whole),
                  STR_ARG(member));
        return;
    }
    if (units_known(&c->shared->units, node->text)) {
        diag_help(c->diags, diag, "a number stands before a unit: `1 %.*s`", STR_ARG(node->text));
        return;
    }
    if (str_eq(node->text, STR("a")) || str_eq(node->text, STR("an"))) {
        diag_help(c->diags, diag, "write `1 week`; of a step `within step`");
        return;
    }
    if (str_eq(node->text, STR("once")) || str_eq(node->text, STR("twice"))) {
        diag_help(c->diags, diag, "a rate is a number: `2 per year`");
        return;
    }
    if (str_eq(node->text, STR("about")) || str_eq(node->text, STR("roughly"))) {
        diag_help(c->diags, diag, "write `20%% to 40%%`, or `around 30%% give or take 10%%`");
        return;
    }
    Suggest suggest;
    suggest_init(&suggest, node->text);
    for (int32_t i = c->locals.n - 1; i >= c->locals_floor; i--) {
        if (!is_hidden(c, &c->locals.p[i])) {
            suggest_add(&suggest, c->locals.p[i].name);
        }
    }
    suggest_values(c, &suggest, wanted);
    for (int32_t i = 0; i < c->symbols.n; i++) {
        SymbolKind kind = c->symbols.p[i].kind;
        if (kind != SYM_SET && kind != SYM_LADDER && kind != SYM_FUNCTION) {
            suggest_add(&suggest, c->symbols.p[i].name);
        }
    }
    if (suggest_help(c->diags, diag, &suggest)) {
        return;
    }
    for (int32_t i = 0; i < c->shared->standards.n; i++) {
        for (int32_t k = 0; k < c->shared->standards.p[i].words.n; k++) {
            suggest_add(&suggest, c->shared->standards.p[i].words.p[k].phrase);
        }
    }
    suggest_help(c->diags, diag, &suggest);
}

// Numbers start at 1, as people count.
int32_t next_ordinal(Checker *c, Str before)
{
    int32_t last = map_get(c->ordinals, before);
    int32_t next = last < 0 ? 1 : last + 1;
    map_put(c->ordinals, before, next);
    return next;
}
