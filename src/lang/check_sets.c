// SPDX-License-Identifier: MIT
//
// Actors, sets, ladders, and the sets that types and decisions bring along: their values and
// options. Atoms are numbered once for all views; sets and ladders belong to a view.
#include "base/limits.h"
#include "lang/checker.h"

// ---- Atoms --------------------------------------------------------------------------------------

// The global number of an atom. Options and type values carry their owner in the key: two decisions
// may both have an option `wait`.
static int32_t atom_intern(Shared *shared, Str owner, Str name, bool is_actor, const Node *node)
{
    Str key =
        owner.n ? str_format(shared->arena, "%.*s/%.*s", STR_ARG(owner), STR_ARG(name)) : name;
    int32_t known = map_get(shared->atom_keys, key);
    if (known >= 0) {
        return known;
    }
    const Node *title = is_actor ? node_child(node, NODE_STRING) : NULL;
    Atom atom = {.name = name,
                 .title = title ? title->text : STR(""),
                 .is_actor = is_actor,
                 .span = name_span(node)};
    map_put(shared->atom_keys, key, shared->atoms.n);
    vec_push(shared->arena, &shared->atoms, atom);
    return shared->atoms.n - 1;
}

typedef VEC(int32_t) IntList;

// Sets of types and decisions have their names.
static int32_t add_set(Checker *c, Str name, Str title, SetRole role, const IntList *atoms,
                       Span span)
{
    Set set = {.name = name,
               .title = title,
               .role = role,
               .atoms = atoms->p,
               .n_atoms = atoms->n,
               .span = span};
    vec_push(c->arena, &c->sets, set);
    return c->sets.n - 1;
}

bool set_contains(const Checker *c, int32_t set, int32_t atom)
{
    const Set *s = &c->sets.p[set];
    for (int32_t i = 0; i < s->n_atoms; i++) {
        if (s->atoms[i] == atom) {
            return true;
        }
    }
    return false;
}

// Asked for each `x[s]` in a row with the same two sets, so the last answer is kept.
bool set_within(Checker *c, int32_t inner, int32_t outer)
{
    if (inner == outer) {
        return true;
    }
    if (inner == c->set_inner && outer == c->set_outer) {
        return c->set_fits;
    }
    const Set *s = &c->sets.p[inner];
    bool fits = true;
    for (int32_t i = 0; fits && i < s->n_atoms; i++) {
        fits = set_contains(c, outer, s->atoms[i]);
    }
    c->set_inner = inner;
    c->set_outer = outer;
    c->set_fits = fits;
    return fits;
}

bool sets_share(const Checker *c, int32_t a, int32_t b)
{
    const Set *s = &c->sets.p[a];
    for (int32_t i = 0; i < s->n_atoms; i++) {
        if (set_contains(c, b, s->atoms[i])) {
            return true;
        }
    }
    return false;
}

static bool already_in(const IntList *atoms, int32_t atom)
{
    for (int32_t i = 0; i < atoms->n; i++) {
        if (atoms->p[i] == atom) {
            return true;
        }
    }
    return false;
}

// A set is unrolled: each member costs code.
static bool too_many(Checker *c, const Node *decl, int32_t n)
{
    if (n <= LIMIT_SET_MEMBERS) {
        return false;
    }
    report(c, 327, name_span(decl), "`%.*s` has more than %d members", STR_ARG(decl->text),
           LIMIT_SET_MEMBERS);
    return true;
}

// ---- Actors -------------------------------------------------------------------------------------

// The set of all actors is the first of every view, also when there are none.
void check_actors(Checker *c, const NodeList *decls)
{
    IntList atoms = {0};
    for (int32_t i = 0; i < decls->n; i++) {
        const Node *decl = decls->p[i];
        if (decl->kind == NODE_ACTOR) {
            bool twice = map_get(c->symbol_names, decl->text) >= 0;
            int32_t atom = atom_intern(c->shared, STR(""), decl->text, true, decl);
            symbol_declare(c, SYM_ACTOR, decl->text, atom, decl);
            if (!twice) {
                vec_push(c->arena, &atoms, atom);
            }
        }
    }
    int32_t set = add_set(c, STR("actors"), STR(""), SET_ACTORS, &atoms, NO_SPAN);
    ASSERT(set == 0);
}

// ---- Declared sets and ladders ------------------------------------------------------------------

// One actor among the members makes it a set of actors.
static bool any_actor(Checker *c, const Node *set)
{
    for (const Node *m = node_child(set, NODE_NAME); m; m = node_next_of(m, NODE_NAME)) {
        const Symbol *symbol = symbol_find(c, m->text);
        if (symbol && symbol->kind == SYM_ACTOR) {
            return true;
        }
    }
    return false;
}

// A set of actors takes actors only: a member of another name is misspelt.
static int32_t member_atom(Checker *c, const Node *member, bool of_actors)
{
    if (!of_actors) {
        return atom_intern(c->shared, STR(""), member->text, false, member);
    }
    const Symbol *symbol = symbol_expect(c, SYM_ACTOR, member);
    return symbol && !symbol->broken ? symbol->ref : -1;
}

static void twice_in(Checker *c, const Node *member, const char *what)
{
    report(c, 326, name_span(member), "`%.*s` stands twice in this %s", STR_ARG(member->text),
           what);
}

// Of actors or of plain values; a value is whatever its name says.
static void check_set(Checker *c, const Node *decl)
{
    bool of_actors = any_actor(c, decl);
    IntList atoms = {0};
    int32_t index = c->sets.n;
    int32_t n = 0;
    for (const Node *m = node_child(decl, NODE_NAME); m; m = node_next_of(m, NODE_NAME)) {
        if (too_many(c, decl, ++n)) {
            break;
        }
        int32_t atom = member_atom(c, m, of_actors);
        if (atom < 0) {
            continue;
        }
        if (already_in(&atoms, atom)) {
            twice_in(c, m, "set");
            continue;
        }
        vec_push(c->arena, &atoms, atom);
        value_declare(c, m->text, kind_atom(index), atom);
    }
    const Node *title = node_child(decl, NODE_STRING);
    add_set(c, decl->text, title ? title->text : STR(""), SET_DECLARED, &atoms, name_span(decl));
    symbol_declare(c, SYM_SET, decl->text, index, decl);
}

// The last declared rung of a name is the one to compare with: the ladder itself is being
// declared.
static void check_ladder(Checker *c, const Node *decl)
{
    VEC(Str) rungs = {0};
    int32_t index = c->ladders.n;
    for (const Node *m = node_child(decl, NODE_NAME); m; m = node_next_of(m, NODE_NAME)) {
        if (too_many(c, decl, rungs.n + 1)) {
            break;
        }
        if (value_find(c, m->text, kind_rung(index))) {
            twice_in(c, m, "ladder");
            continue;
        }
        value_declare(c, m->text, kind_rung(index), rungs.n);
        vec_push(c->arena, &rungs, m->text);
    }
    const Node *title = node_child(decl, NODE_STRING);
    Ladder ladder = {.name = decl->text,
                     .title = title ? title->text : STR(""),
                     .rungs = rungs.p,
                     .n_rungs = rungs.n,
                     .span = name_span(decl)};
    vec_push(c->arena, &c->ladders, ladder);
    symbol_declare(c, SYM_LADDER, decl->text, index, decl);
}

void check_sets_and_ladders(Checker *c, const NodeList *decls)
{
    for (int32_t i = 0; i < decls->n; i++) {
        if (decls->p[i]->kind == NODE_SET) {
            check_set(c, decls->p[i]);
        } else if (decls->p[i]->kind == NODE_LADDER) {
            check_ladder(c, decls->p[i]);
        }
    }
}

// `actors` is the set of all of them, unless a model has one of that name.
int32_t set_find(Checker *c, const Node *name)
{
    if (str_eq(name->text, STR("actors")) && map_get(c->symbol_names, name->text) < 0) {
        return 0; // all of them
    }
    const Symbol *symbol = symbol_expect(c, SYM_SET, name);
    return symbol && !symbol->broken ? symbol->ref : -1;
}

// ---- Values of types, options of decisions ------------------------------------------------------

// Called by the actor too, since two actors may have a type of the same name.
int32_t check_type_values(Checker *c, const Node *type)
{
    const Node *of = node_child(type, NODE_OF_ACTOR);
    bool by_set = of && node_child(of, NODE_NAME);
    Str name = of && !by_set
                   ? str_format(c->arena, "%.*s of %.*s", STR_ARG(type->text), STR_ARG(of->text))
                   : type->text;
    IntList atoms = {0};
    int32_t index = c->sets.n;
    for (const Node *m = node_child(type, NODE_NAME); m; m = node_next_of(m, NODE_NAME)) {
        if (too_many(c, type, atoms.n + 1)) {
            break;
        }
        int32_t atom = atom_intern(c->shared, name, m->text, false, m);
        if (already_in(&atoms, atom)) {
            twice_in(c, m, "type");
            continue;
        }
        vec_push(c->arena, &atoms, atom);
        value_declare(c, m->text, kind_atom(index), atom);
    }
    add_set(c, name, STR(""), SET_TYPE_VALUES, &atoms, name_span(type));
    int32_t symbol = symbol_declare(c, SYM_QUANTITY, type->text, -1, type);
    c->symbols.p[symbol].set = index;
    return symbol;
}

// Options are atoms of a set called like the decision: `send.go`.
int32_t check_option_values(Checker *c, const Node *decision)
{
    IntList atoms = {0};
    int32_t index = c->sets.n;
    for (const Node *o = node_child(decision, NODE_OPTION); o; o = node_next_of(o, NODE_OPTION)) {
        if (o->text.n == 0) {
            continue;
        }
        int32_t atom = atom_intern(c->shared, decision->text, o->text, false, o);
        if (already_in(&atoms, atom)) {
            twice_in(c, o, "decision");
            continue;
        }
        vec_push(c->arena, &atoms, atom);
        value_declare(c, o->text, kind_atom(index), atom);
    }
    if (atoms.n > LIMIT_OPTIONS) {
        report(c, 327, name_span(decision), "`%.*s` has more than %d options",
               STR_ARG(decision->text), LIMIT_OPTIONS);
    }
    add_set(c, decision->text, STR(""), SET_OPTIONS, &atoms, name_span(decision));
    int32_t symbol = symbol_declare(c, SYM_DECISION, decision->text, -1, decision);
    c->symbols.p[symbol].set = index;
    return symbol;
}
