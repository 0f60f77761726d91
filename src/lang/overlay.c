// SPDX-License-Identifier: MIT
//
// Overrides applied to a copy of the tree; see overlay.h. Addresses are as in language.md, "story":
// fear, fear[POL], aims of RUS, clash.chance, send.go.worth, send.go.worth.2, send.rationality.
#include "lang/overlay.h"

#include "base/num.h"

typedef struct {
    Checker *c;
    Arena *arena;
    NodeList *decls;
    Map *places; // of what can be addressed, by name; types of an actor as "aims of RUS" too
    int32_t each_step, n_each_step;
    Map *without;
    int32_t n_without;
    VEC(const Node *) items; // of the story, as far as they were applied
    Map *changed;            // to the item that changed it, by address: "fear[POL]", "clash.chance"
    Map *changed_in;         // to the first item that changed a part of it: "fear"
} Overlay;

// ---- Copies -------------------------------------------------------------------------------------

// All of it: what is changed in one story must stay as it was for the next.
static Node *clone(Arena *arena, const Node *node)
{
    Node *copy = ARENA_NEW(arena, Node);
    *copy = *node;
    copy->next = NULL;
    Node **link = &copy->child;
    *link = NULL;
    for (const Node *child = node->child; child; child = child->next) {
        *link = clone(arena, child);
        link = &(*link)->next;
    }
    return copy;
}

// Children have an order; new ones come last.
static void append(Node *parent, Node *child)
{
    Node **link = &parent->child;
    while (*link) {
        link = &(*link)->next;
    }
    *link = child;
}

static void drop_all(Node *parent, NodeKind kind)
{
    for (Node **link = &parent->child; *link;) {
        if ((*link)->kind == kind) {
            *link = (*link)->next;
        } else {
            link = &(*link)->next;
        }
    }
}

// The node keeps its place among its siblings.
static void put_in_place(Node *target, const Node *replacement)
{
    Node *next = target->next;
    *target = *replacement;
    target->next = next;
}

// The only child of that kind, from now on `replacement`.
static void put_child(Node *parent, Node *replacement)
{
    Node *before = node_child(parent, replacement->kind);
    if (before) {
        put_in_place(before, replacement);
    } else {
        append(parent, replacement);
    }
}

// A value in the clothes of a clause.
static Node *wrap(Overlay *o, NodeKind kind, Node *child)
{
    Node *node = ARENA_NEW(o->arena, Node);
    *node = (Node){.kind = kind,
                   .span = child->span,
                   .name_span = child->span,
                   .height = child->height + 1,
                   .child = child};
    return node;
}

// ---- Addresses ----------------------------------------------------------------------------------

// What has a name and something to change.
static bool is_addressable(const Node *decl)
{
    return decl->kind == NODE_PARAM || decl->kind == NODE_STATE || decl->kind == NODE_TYPE ||
           decl->kind == NODE_BELIEF || decl->kind == NODE_EVENT || decl->kind == NODE_DECISION;
}

static Str type_name(Arena *arena, Str name, Str owner)
{
    return str_format(arena, "%.*s of %.*s", STR_ARG(name), STR_ARG(owner));
}

// By name, since a story may change thousands of things.
static void note_place(Overlay *o, int32_t i)
{
    const Node *decl = o->decls->p[i], *of = node_child(decl, NODE_OF_ACTOR);
    if (decl->kind == NODE_EACH_STEP) {
        o->each_step = i;
        o->n_each_step++;
    }
    if (is_addressable(decl) && map_get(o->places, decl->text) < 0) {
        map_put(o->places, decl->text, i);
    }
    if ((decl->kind == NODE_TYPE || decl->kind == NODE_BELIEF) && of) {
        map_put(o->places, type_name(o->arena, decl->text, of->text), i);
    }
}

static int32_t find_decl(Overlay *o, Str name, const Node *ref)
{
    const Node *of = node_child(ref, NODE_OF_ACTOR);
    int32_t own = of ? map_get(o->places, type_name(o->arena, name, of->text)) : -1;
    int32_t first = own >= 0 ? own : map_get(o->places, name);
    const Node *decl = first >= 0 ? o->decls->p[first] : NULL;
    const Node *owner = decl ? node_child(decl, NODE_OF_ACTOR) : NULL;
    // The type of another actor is not meant.
    bool other = own < 0 && of && owner && !node_child(owner, NODE_NAME);
    return other ? -1 : first;
}

// Part `n` of a dotted name; empty when there are fewer.
static Str part_of(Str text, int32_t n)
{
    size_t from = 0;
    for (size_t i = 0; i <= text.n; i++) {
        if (i == text.n || text.p[i] == '.') {
            if (n == 0) {
                return str_sub(text, from, i);
            }
            n--;
            from = i + 1;
        }
    }
    return STR("");
}

// Parts are numbered from 1.
static int32_t ordinal_of(Str text)
{
    double value;
    return num_parse(text, &value) && value >= 1 && value <= 1000 ? (int32_t)value : 0;
}

// A new name in a story is refused: it would be a slip in nine of ten cases.
static void unknown_address(Overlay *o, const Node *ref, Str name)
{
    const Node *of = node_child(ref, NODE_OF_ACTOR);
    int32_t other = of ? map_get(o->places, name) : -1;
    const Node *owner = other >= 0 ? node_child(o->decls->p[other], NODE_OF_ACTOR) : NULL;
    if (owner) {
        Diag *diag = report(o->c, 341, ref->span, "there is no type `%.*s` of `%.*s`",
                            STR_ARG(name), STR_ARG(of->text));
        diag_help(o->c->diags, diag, "did you mean `%.*s of %.*s`?", STR_ARG(name),
                  STR_ARG(owner->text));
        return;
    }
    Diag *diag = report(o->c, 480, name_span(ref), "the base has nothing called `%.*s` to change",
                        STR_ARG(name));
    Suggest suggest;
    suggest_init(&suggest, name);
    for (int32_t i = 0; i < o->decls->n && !too_many_errors(o->c); i++) {
        if (is_addressable(o->decls->p[i])) {
            suggest_add(&suggest, o->decls->p[i]->text);
        }
    }
    if (!suggest_help(o->c->diags, diag, &suggest)) {
        diag_help(o->c->diags, diag, "a story changes what the base has; declare new things there");
    }
}

// With what could be addressed instead.
static void no_such_part(Overlay *o, const Node *ref, const Node *decl, const char *parts)
{
    Diag *diag =
        report(o->c, 481, name_span(ref), "`%.*s` is no part of `%.*s` that can be changed",
               STR_ARG(ref->text), STR_ARG(decl->text));
    diag_help(o->c->diags, diag, "%s", parts);
}

// ---- Values -------------------------------------------------------------------------------------

// What stands after ~ or =, as an expression; NULL when it is something else (reported).
static Node *value_expr(Overlay *o, const Node *override)
{
    const Node *value = node_child(override, NODE_VALUE);
    const Node *expr = value ? value->child : NULL;
    if (expr == NULL || expr->kind == NODE_CATEGORY) {
        if (!(override->flags & NODE_BROKEN)) {
            report(o->c, 485, override->span, "a single value is expected here");
        }
        return NULL;
    }
    return clone(o->arena, expr);
}

// The n-th range in the tree (from 1), in the order in which unnamed params are numbered.
static Node *nth_range(const Checker *c, Node *node, int32_t *n)
{
    if (node_is_expr(node) && is_range(c, node)) {
        return --*n == 0 ? node : NULL;
    }
    for (Node *child = node->child; child; child = child->next) {
        Node *found = nth_range(c, child, n);
        if (found) {
            return found;
        }
    }
    return NULL;
}

// Replace the range that `ordinal` names in an expression, or all of the expression without one.
static bool replace_range(Overlay *o, Node *expr, Str ordinal, const Node *override)
{
    Node *target = expr;
    int32_t n = ordinal_of(ordinal);
    if (ordinal.n) {
        target = n ? nth_range(o->c, expr, &n) : NULL;
    }
    if (target == NULL) {
        return false;
    }
    Node *value = value_expr(o, override);
    if (value) {
        put_in_place(target, value);
    }
    return true;
}

// For all members, or for one; values for single members wait under the declaration until it is
// checked.
static void override_quantity(Overlay *o, Node *decl, const Node *ref, const Node *override)
{
    static const char *const PARTS = "write its name, or its name and a member in brackets";
    Str ordinal = part_of(ref->text, 1);
    Node *value = node_child(decl, NODE_VALUE);
    const Node *own = node_child(override, NODE_VALUE), *of = node_child(decl, NODE_OF_ACTOR);
    bool by_set = of && node_child(of, NODE_NAME);
    if (ordinal.n) {
        bool done = value && value->child && replace_range(o, value->child, ordinal, override);
        if (!done) {
            no_such_part(o, ref, decl, PARTS);
        }
        return;
    }
    if (own == NULL) {
        no_such_part(o, ref, decl, PARTS);
        return;
    }
    if (node_child(ref, NODE_INDEX) || (by_set && node_child(ref, NODE_OF_ACTOR))) {
        append(decl, clone(o->arena, override));
        return;
    }
    if (decl->kind == NODE_TYPE && !by_set && !node_child(ref, NODE_OF_ACTOR)) {
        Diag *diag = report(o->c, 333, name_span(ref), "`%.*s` is the type of an actor",
                            STR_ARG(decl->text));
        diag_help(o->c->diags, diag, "write `%.*s of %.*s`", STR_ARG(decl->text),
                  STR_ARG(of ? of->text : STR("")));
        return;
    }
    drop_all(decl, NODE_OVERRIDE);
    put_child(decl, clone(o->arena, own));
}

// ---- Events -------------------------------------------------------------------------------------

// An event without a chance gets one.
static void override_event(Overlay *o, Node *decl, const Node *ref, const Node *override)
{
    Node *chance = node_child(decl, NODE_CHANCE);
    Str ordinal = part_of(ref->text, 2);
    if (!str_eq(part_of(ref->text, 1), STR("chance"))) {
        no_such_part(o, ref, decl,
                     "of an event its chance can be changed: `name.chance ~ ...`; for the "
                     "rest write the event anew");
        return;
    }
    if (chance == NULL || chance->child == NULL) {
        Node *value = value_expr(o, override);
        if (value) {
            put_child(decl, wrap(o, NODE_CHANCE, value));
        }
        return;
    }
    if (!replace_range(o, chance->child, ordinal, override)) {
        no_such_part(o, ref, decl, "its chance has no range of that number");
    }
}

// ---- Decisions ----------------------------------------------------------------------------------

static Node *find_option(Node *decision, Str name)
{
    Node *option = node_child(decision, NODE_OPTION);
    while (option && !str_eq(option->text, name)) {
        option = node_next_of(option, NODE_OPTION);
    }
    return option;
}

static void no_such_option(Overlay *o, const Node *ref, const Node *decision, Str name)
{
    Diag *diag = report(o->c, 481, name_span(ref), "`%.*s` has no option `%.*s`",
                        STR_ARG(decision->text), STR_ARG(name));
    Suggest suggest;
    suggest_init(&suggest, name);
    const Node *option = node_child(decision, NODE_OPTION);
    for (; option; option = node_next_of(option, NODE_OPTION)) {
        suggest_add(&suggest, option->text);
    }
    suggest_help(o->c->diags, diag, &suggest);
}

static Node *find_worth_part(Node *worth, Str name)
{
    int32_t ordinal = ordinal_of(name), i = 0;
    for (Node *part = worth ? worth->child : NULL; part; part = part->next) {
        const Node *title = node_child(part, NODE_STRING);
        if (++i == ordinal || (title && str_eq(title->text, name))) {
            return part;
        }
    }
    return NULL;
}

// send.go.worth.2: the range in that part when it has a single one, else all of the part.
static bool override_part(Overlay *o, Node *part, Str ordinal, const Node *override)
{
    Node *expr = part ? node_expr(part) : NULL;
    if (expr == NULL) {
        return false;
    }
    bool one = ordinal.n == 0 && count_ranges(o->c, expr) == 1;
    return replace_range(o, expr, one ? STR("1") : ordinal, override);
}

static Node *worth_of(Overlay *o, const Node *override)
{
    const Node *worth = node_child(override, NODE_WORTH);
    if (worth) {
        return clone(o->arena, worth);
    }
    Node *value = value_expr(o, override);
    return value ? wrap(o, NODE_WORTH, wrap(o, NODE_WORTH_PART, value)) : NULL;
}

// `worth` as a whole, one of its parts, or `weight`.
static bool override_option(Overlay *o, Node *option, const Node *ref, const Node *override)
{
    Str what = part_of(ref->text, 2), part = part_of(ref->text, 3);
    if (str_eq(what, STR("worth")) && part.n) {
        Node *worth = node_child(option, NODE_WORTH);
        return override_part(o, find_worth_part(worth, part), part_of(ref->text, 4), override);
    }
    if (str_eq(what, STR("worth"))) {
        Node *worth = worth_of(o, override);
        if (worth) {
            put_child(option, worth);
        }
        return true;
    }
    if (!str_eq(what, STR("weight"))) {
        return false;
    }
    Node *weight = node_child(option, NODE_WEIGHT);
    if (part.n) {
        return weight && weight->child && replace_range(o, weight->child, part, override);
    }
    Node *value = value_expr(o, override);
    if (value) {
        put_child(option, wrap(o, NODE_WEIGHT, value));
    }
    return true;
}

// An option might be called `rationality`; then it is meant.
static void override_decision(Overlay *o, Node *decl, const Node *ref, const Node *override)
{
    Str first = part_of(ref->text, 1);
    Node *option = find_option(decl, first);
    if (str_eq(first, STR("rationality")) && option == NULL) {
        Node *value = value_expr(o, override);
        if (value) {
            put_child(decl, wrap(o, NODE_RATIONALITY, value));
        }
        return;
    }
    if (option && override_option(o, option, ref, override)) {
        return;
    }
    Str second = part_of(ref->text, 2);
    if (!option && (str_eq(second, STR("worth")) || str_eq(second, STR("weight")))) {
        no_such_option(o, ref, decl, first);
        return;
    }
    no_such_part(o, ref, decl,
                 "of a decision `name.option.worth`, `name.option.weight` and "
                 "`name.rationality` can be changed; for the rest write it anew");
}

// ---- The same twice -----------------------------------------------------------------------------

// "fear", "fear[POL]", "aims[RUS]", "clash.chance.1", "each step".
static Str address_key(Overlay *o, const Node *item)
{
    const Node *ref = node_child(item, NODE_REF);
    if (ref == NULL) {
        return item->kind == NODE_EACH_STEP ? STR("each step") : item->text;
    }
    const Node *of = node_child(ref, NODE_OF_ACTOR), *index = node_child(ref, NODE_INDEX);
    Buf key = {.arena = o->arena};
    buf_add(&key, ref->text);
    for (const Node *m = of ? of : index ? index->child : NULL; m; m = of ? NULL : m->next) {
        buf_char(&key, '[');
        buf_add(&key, m->text);
        buf_char(&key, ']');
    }
    return buf_str(&key);
}

static Span address_span(const Node *item)
{
    const Node *ref = node_child(item, NODE_REF);
    return ref ? ref->span : name_span(item);
}

static Str address_text(Overlay *o, const Node *item)
{
    const Node *ref = node_child(item, NODE_REF);
    return ref ? node_source(o->c->diags, ref) : address_key(o, item);
}

static void changed_twice(Overlay *o, const Node *item, const Node *first, bool part)
{
    Str text = address_text(o, part ? first : item);
    Diag *diag =
        report(o->c, 486, address_span(item),
               part ? "this takes back what `%.*s` was given above" : "`%.*s` is changed twice",
               STR_ARG(text));
    diag_related(diag, first->span, "changed here before");
    diag_help(o->c->diags, diag, "%s",
              part ? "put what holds for all first, and the exception after it"
                   : "keep one of them");
}

// Where the parts of an address begin: "trade[A][B]" is a part of "trade[A]" and of "trade".
static bool begins_part(char c)
{
    return c == '.' || c == '[';
}

// What --set says comes after a story and is meant to win over it.
static bool is_setting(const Overlay *o, const Node *item)
{
    return item->span.file >= 0 &&
           str_eq(o->c->diags->sources.p[item->span.file].path, STR("--set"));
}

// The item of the same hand that changed this before; NULL: none.
static const Node *item_before(const Overlay *o, const Map *map, Str key, const Node *item)
{
    int32_t at = map_get(map, key);
    const Node *before = at >= 0 ? o->items.p[at] : NULL;
    return before && is_setting(o, before) == is_setting(o, item) ? before : NULL;
}

// The later line would win in silence: a slip, or a rest of an earlier thought.
static void note_change(Overlay *o, const Node *item)
{
    Str key = address_key(o, item);
    const Node *same = item_before(o, o->changed, key, item);
    const Node *part = item_before(o, o->changed_in, key, item);
    if (same || part) {
        changed_twice(o, item, same ? same : part, !same);
        return;
    }
    for (size_t i = 1; i < key.n; i++) {
        Str whole = str_sub(key, 0, i);
        if (begins_part(key.p[i]) && !item_before(o, o->changed_in, whole, item)) {
            map_put(o->changed_in, whole, o->items.n);
        }
    }
    map_put(o->changed, key, o->items.n);
    vec_push(o->arena, &o->items, item);
}

// Nothing of an event that is left out is there to be changed.
static bool left_out(Overlay *o, const Node *item)
{
    const Node *ref = node_child(item, NODE_REF);
    Str name = ref ? part_of(ref->text, 0) : item->text;
    if (item->kind == NODE_WITHOUT || is_setting(o, item) || map_get(o->without, name) < 0) {
        return false;
    }
    Diag *diag = report(o->c, 486, address_span(item), "`%.*s` is left out, and changed here",
                        STR_ARG(name));
    int32_t at = map_get(o->changed, name);
    if (at >= 0) {
        diag_related(diag, o->items.p[at]->span, "left out here");
    }
    diag_help(o->c->diags, diag, "keep one of them");
    return true;
}

// ---- Items of a story ---------------------------------------------------------------------------

// On a copy: the tree of the base is shared by all stories.
static void apply_override(Overlay *o, const Node *override)
{
    const Node *ref = node_child(override, NODE_REF);
    if (override->flags & NODE_BROKEN || ref == NULL) {
        return;
    }
    Str name = part_of(ref->text, 0);
    int32_t at = find_decl(o, name, ref);
    if (at < 0) {
        unknown_address(o, ref, name);
        return;
    }
    Node *decl = clone(o->arena, o->decls->p[at]);
    bool block = decl->kind == NODE_EVENT || decl->kind == NODE_DECISION;
    if (block && (node_child(ref, NODE_INDEX) || node_child(ref, NODE_OF_ACTOR))) {
        report(o->c, 481, ref->span, "`%.*s` is changed for all its members at once",
               STR_ARG(decl->text));
        return;
    }
    if (decl->kind == NODE_EVENT) {
        override_event(o, decl, ref, override);
    } else if (decl->kind == NODE_DECISION) {
        override_decision(o, decl, ref, override);
    } else {
        override_quantity(o, decl, ref, override);
    }
    o->decls->p[at] = decl;
}

static int32_t find_block(Overlay *o, NodeKind kind, Str name)
{
    int32_t at = map_get(o->places, name);
    return at >= 0 && o->decls->p[at]->kind == kind ? at : -1;
}

static void unknown_block(Overlay *o, const Node *node, NodeKind kind, Str name)
{
    const char *what = kind == NODE_EVENT ? "event" : "decision";
    Diag *diag =
        report(o->c, 482, name_span(node), "the base has no %s `%.*s`", what, STR_ARG(name));
    Suggest suggest;
    suggest_init(&suggest, name);
    for (int32_t i = 0; i < o->decls->n && !too_many_errors(o->c); i++) {
        if (o->decls->p[i]->kind == kind) {
            suggest_add(&suggest, o->decls->p[i]->text);
        }
    }
    if (!suggest_help(o->c->diags, diag, &suggest)) {
        diag_help(o->c->diags, diag,
                  "a story changes what the base has; declare it there, if need be "
                  "with a chance that only this story raises");
    }
}

// Declared anew, a block takes the place of the old one, and so its turn in a step.
static void apply_block(Overlay *o, const Node *block)
{
    int32_t at = find_block(o, block->kind, block->text);
    if (at >= 0) {
        o->decls->p[at] = block;
    } else {
        unknown_block(o, block, block->kind, block->text);
    }
}

static void apply_each_step(Overlay *o, const Node *block)
{
    if (o->n_each_step == 1) {
        o->decls->p[o->each_step] = block;
        return;
    }
    Diag *diag = report(o->c, 484, block->span,
                        "the base has %d `each step` blocks; it is not clear "
                        "which this replaces",
                        o->n_each_step);
    diag_help(o->c->diags, diag, "put a param into the base's block and change that");
}

// The event stays, so that questions about it stay answerable; it never happens.
static void apply_without(Overlay *o, const Node *without)
{
    const Node *kind = node_child(without, NODE_NAME);
    if (without->flags & NODE_BROKEN) {
        return;
    }
    if (kind && str_eq(kind->text, STR("decision"))) {
        Diag *diag = report(o->c, 483, without->span, "only events can be left out");
        diag_help(o->c->diags, diag, "write the decision anew with `when no`");
        return;
    }
    if (find_block(o, NODE_EVENT, without->text) < 0) {
        unknown_block(o, without, NODE_EVENT, without->text);
        return;
    }
    map_put(o->without, without->text, 1);
    o->n_without++;
}

// What a story says, and its weight, are no changes.
static void apply_item(Overlay *o, const Node *item)
{
    switch (item->kind) {
    case NODE_OVERRIDE: apply_override(o, item); break;
    case NODE_EVENT:
    case NODE_DECISION: apply_block(o, item); break;
    case NODE_EACH_STEP: apply_each_step(o, item); break;
    case NODE_CORRELATE:
    case NODE_ON: vec_push(o->arena, o->decls, item); break;
    case NODE_WITHOUT: apply_without(o, item); break;
    default: break;
    }
    bool change = item->kind == NODE_OVERRIDE || item->kind == NODE_EVENT ||
                  item->kind == NODE_DECISION || item->kind == NODE_EACH_STEP ||
                  item->kind == NODE_WITHOUT;
    if (change && !(item->flags & NODE_BROKEN) && !left_out(o, item)) {
        note_change(o, item);
    }
}

// In the order of the story: what holds for all members first, what holds for one of them after it.
void overlay_apply(Checker *base, const NodeList *base_decls, const Node *story, NodeList *decls,
                   NodeList *removed)
{
    Overlay o = {.c = base, .arena = base->arena, .decls = decls};
    o.places = map_new(o.arena);
    o.without = map_new(o.arena);
    o.changed = map_new(o.arena);
    o.changed_in = map_new(o.arena);
    *decls = (NodeList){0};
    *removed = (NodeList){0};
    for (int32_t i = 0; i < base_decls->n; i++) {
        vec_push(o.arena, decls, base_decls->p[i]);
        note_place(&o, i);
    }
    for (const Node *item = story->child; item; item = item->next) {
        apply_item(&o, item);
    }
    for (int32_t i = 0; o.n_without > 0 && i < decls->n; i++) {
        const Node *decl = decls->p[i];
        if (decl->kind == NODE_EVENT && map_get(o.without, decl->text) >= 0) {
            vec_push(o.arena, removed, decl);
        }
    }
}
