// SPDX-License-Identifier: MIT
//
// Mixing stories; see swap.h. A mixture is a story that nobody wrote: the lines of one, but for
// those that address the assumptions swapped, and instead of these the lines of the other.
#include "lang/swap.h"

#include "lang/load_impl.h"
#include "lang/overlay.h"

// ---- What a line of a story addresses -----------------------------------------------------------

// Up to the first dot.
static Str root_of(Str address)
{
    size_t n = 0;
    while (n < address.n && address.p[n] != '.') {
        n++;
    }
    return str_sub(address, 0, n);
}

static const Node *base_decl(const Build *build, Str name, const Node *of)
{
    const Node *found = NULL;
    for (int32_t i = 0; i < build->base_decls.n; i++) {
        const Node *decl = build->base_decls.p[i];
        bool addressed = decl->kind == NODE_PARAM || decl->kind == NODE_STATE ||
                         decl->kind == NODE_TYPE || decl->kind == NODE_BELIEF ||
                         decl->kind == NODE_EVENT || decl->kind == NODE_DECISION;
        if (!addressed || !str_eq(decl->text, name)) {
            continue;
        }
        const Node *owner = node_child(decl, NODE_OF_ACTOR);
        bool own = of && owner && str_eq(owner->text, of->text);
        found = !found || own ? decl : found;
    }
    return found;
}

// `aims of RUS` is one thing and `aims of UKR` another, unless one type belongs to a set of actors.
// Of beliefs no two have one name.
static Str override_key(Arena *arena, const Build *build, const Node *ref)
{
    Str name = root_of(ref->text);
    const Node *of = node_child(ref, NODE_OF_ACTOR);
    const Node *decl = of ? base_decl(build, name, of) : NULL;
    const Node *owner = node_child(decl, NODE_OF_ACTOR);
    bool by_set = decl && owner && (node_child(owner, NODE_NAME) || decl->kind == NODE_BELIEF);
    return of && !by_set ? str_format(arena, "%.*s of %.*s", STR_ARG(name), STR_ARG(of->text))
                         : name;
}

// What it changes; empty for what changes nothing (says, weight, notes).
static Str key_of(Arena *arena, const Build *build, const Node *item)
{
    const Node *ref = node_child(item, NODE_REF);
    switch (item->kind) {
    case NODE_OVERRIDE: return ref ? override_key(arena, build, ref) : STR("");
    case NODE_EVENT:
    case NODE_DECISION:
    case NODE_WITHOUT: return item->text;
    case NODE_EACH_STEP: return STR("each step");
    case NODE_ON: return STR("on dates");
    case NODE_CORRELATE: return STR("the correlations"); // together: by pairs they may contradict
    default: return STR("");
    }
}

// On one line, without comments.
static Str one_line(Arena *arena, Str text)
{
    Buf buf = {.arena = arena};
    bool blank = false;
    for (size_t i = 0; i < text.n; i++) {
        while (i < text.n && text.p[i] == '#') {
            while (i < text.n && text.p[i] != '\n') {
                i++;
            }
        }
        if (i == text.n) {
            break;
        }
        if (text.p[i] == ' ' || text.p[i] == '\n' || text.p[i] == '\t') {
            blank = buf.n > 0;
            continue;
        }
        if (blank) {
            buf_char(&buf, ' ');
        }
        buf_char(&buf, text.p[i]);
        blank = false;
    }
    return buf_str(&buf);
}

static Str node_line(Arena *arena, const Build *build, const Node *node)
{
    return one_line(arena, node_source(build->shared.diags, node));
}

static Str address_of(Arena *arena, const Build *build, const Node *item)
{
    return item->kind == NODE_OVERRIDE ? node_line(arena, build, node_child(item, NODE_REF))
                                       : key_of(arena, build, item);
}

static const Node *value_of(const Node *node)
{
    const Node *value = node_child(node, NODE_VALUE);
    return value ? value : node_child(node, NODE_WORTH);
}

// "a, b 0.6"
static Str correlation_line(Arena *arena, const Build *build, const Node *item)
{
    Buf buf = {.arena = arena};
    for (const Node *child = item->child; child && node_is_expr(child); child = child->next) {
        bool last = !child->next || !node_is_expr(child->next);
        buf_add(&buf, buf.n == 0 ? STR("") : last ? STR(" ") : STR(", "));
        buf_add(&buf, node_line(arena, build, child));
    }
    return buf_str(&buf);
}

// What a line makes of it.
static Str line_value(Arena *arena, const Build *build, const Node *item)
{
    switch (item->kind) {
    case NODE_OVERRIDE: return node_line(arena, build, value_of(item));
    case NODE_WITHOUT: return STR("left out");
    case NODE_EVENT: return STR("an event of its own");
    case NODE_DECISION: return STR("a decision of its own");
    case NODE_CORRELATE: return correlation_line(arena, build, item);
    default: return STR("of its own");
    }
}

// ---- The list of assumptions --------------------------------------------------------------------

typedef struct {
    Str key, address;
    bool one_address;
    Str *values;
} Entry;

typedef VEC(Entry) EntryList;

static Entry *entry_of(Arena *arena, const Build *build, EntryList *list, const Node *item)
{
    Str key = key_of(arena, build, item);
    for (int32_t i = 0; i < list->n; i++) {
        if (str_eq(list->p[i].key, key)) {
            return &list->p[i];
        }
    }
    if (key.n == 0) {
        return NULL;
    }
    vec_push(arena, list,
             ((Entry){key, address_of(arena, build, item), true,
                      ARENA_ARRAY(arena, Str, build->views.n + 1)}));
    return &list->p[list->n - 1];
}

static void note_address(Arena *arena, const Build *build, EntryList *list, const Node *item)
{
    Entry *entry = entry_of(arena, build, list, item);
    if (entry) {
        Str address = address_of(arena, build, item);
        entry->one_address = entry->one_address && str_eq(address, entry->address);
    }
}

// The name that all address it by need not be said again.
static void note_value(Arena *arena, const Build *build, EntryList *list, int32_t view,
                       const Node *item)
{
    Entry *entry = entry_of(arena, build, list, item);
    if (!entry) {
        return;
    }
    Str address = address_of(arena, build, item), value = line_value(arena, build, item);
    Str *to = &entry->values[view];
    Str text = entry->one_address || item->kind != NODE_OVERRIDE
                   ? value
                   : str_format(arena, "%.*s %.*s", STR_ARG(address), STR_ARG(value));
    *to = to->n == 0 ? text : str_format(arena, "%.*s; %.*s", STR_ARG(*to), STR_ARG(text));
}

// What the base has in that place, when it is a value.
static Str base_value(Arena *arena, const Build *build, const Entry *entry)
{
    Str name = root_of(entry->address);
    size_t n = 0;
    while (n < name.n && name.p[n] != ' ' && name.p[n] != '[') {
        n++;
    }
    const Node *ref_of = NULL;
    Node of = {.kind = NODE_OF_ACTOR};
    if (n + 4 < name.n && str_starts(str_sub(name, n, name.n), STR(" of "))) {
        of.text = str_sub(name, n + 4, name.n);
        ref_of = &of;
    }
    const Node *decl = base_decl(build, str_sub(name, 0, n), ref_of);
    if (!decl) {
        return STR("");
    }
    if (decl->kind == NODE_EVENT && str_ends(entry->address, STR(".chance"))) {
        return node_line(arena, build, node_expr(node_child(decl, NODE_CHANCE)));
    }
    return decl->kind == NODE_EVENT || decl->kind == NODE_DECISION
               ? STR("")
               : node_line(arena, build, value_of(decl));
}

static void note_all(Arena *arena, const Build *build, EntryList *list)
{
    for (int32_t v = 0; v < build->overlays.n; v++) {
        for (const Node *item = build->overlays.p[v]->child; item; item = item->next) {
            note_address(arena, build, list, item);
        }
    }
    for (int32_t v = 0; v < build->overlays.n; v++) {
        for (const Node *item = build->overlays.p[v]->child; item; item = item->next) {
            note_value(arena, build, list, v + 1, item);
        }
    }
}

int32_t lang_assumptions(Arena *arena, const Model *model, const Assumption **out)
{
    const Build *build = model->build;
    EntryList list = {0};
    note_all(arena, build, &list);
    Assumption *assumptions = ARENA_ARRAY(arena, Assumption, list.n + 1);
    for (int32_t i = 0; i < list.n; i++) {
        Entry *entry = &list.p[i];
        entry->values[0] = base_value(arena, build, entry);
        assumptions[i] =
            (Assumption){entry->one_address ? entry->address : entry->key, entry->values};
    }
    *out = assumptions;
    return list.n;
}

// ---- Mixtures -----------------------------------------------------------------------------------

typedef struct {
    Arena *arena;
    const Build *build;
    const Str *keys; // swapped
    int32_t n_keys;
    Node **link;
} Mixer;

static bool is_swapped(const Mixer *m, const Node *item)
{
    Str key = key_of(m->arena, m->build, item);
    for (int32_t i = 0; i < m->n_keys && key.n > 0; i++) {
        if (str_eq(m->keys[i], key)) {
            return true;
        }
    }
    return false;
}

static Node *add_copy(Mixer *m, const Node *node)
{
    Node *copy = ARENA_NEW(m->arena, Node);
    *copy = *node;
    copy->next = NULL;
    *m->link = copy;
    m->link = &copy->next;
    return copy;
}

static bool cites(const Node *overlay, Str source)
{
    const Node *from = overlay ? node_child(overlay, NODE_FROM) : NULL;
    for (; from; from = node_next_of(from, NODE_FROM)) {
        for (const Node *cite = from->child; cite; cite = cite->next) {
            if (str_eq(cite->text, source)) {
                return true;
            }
        }
    }
    return false;
}

// Whose words count beside the own source's: those that are not cited yet.
static void add_sources(Mixer *m, const Node *from, const Node *own)
{
    Node *copy = add_copy(m, from);
    Node **link = &copy->child;
    *link = NULL;
    for (const Node *cite = from->child; cite; cite = cite->next) {
        if (!cites(own, cite->text)) {
            Node *kept = ARENA_NEW(m->arena, Node);
            *kept = *cite;
            kept->next = NULL;
            *link = kept;
            link = &kept->next;
        }
    }
}

// What his words and his weight in the pool are is not asked of a mixture.
static void add_kept(Mixer *m, const Node *overlay)
{
    for (const Node *item = overlay ? overlay->child : NULL; item; item = item->next) {
        if (item->kind != NODE_SAYS && item->kind != NODE_WEIGHT && !is_swapped(m, item)) {
            add_copy(m, item);
        }
    }
}

static void add_taken(Mixer *m, const Node *overlay, const Node *own)
{
    for (const Node *item = overlay ? overlay->child : NULL; item; item = item->next) {
        if (item->kind == NODE_FROM) {
            add_sources(m, item, own);
        } else if (is_swapped(m, item)) {
            add_copy(m, item);
        }
    }
}

static const Node *overlay_of(const Build *build, int32_t view)
{
    return view > 0 ? build->overlays.p[view - 1] : NULL;
}

// The name of the view it is made from: messages name it.
static Node *mix(Mixer *m, int32_t into, int32_t from)
{
    Node *both = ARENA_NEW(m->arena, Node);
    const Node *own = overlay_of(m->build, into);
    *both = own ? *own
                : (Node){.text = STR("base"), .span = NO_SPAN, .name_span = NO_SPAN, .height = 1};
    both->kind = NODE_VARIANT;
    both->child = NULL;
    m->link = &both->child;
    add_kept(m, own);
    add_taken(m, overlay_of(m->build, from), own);
    return both;
}

// Loading again on a copy: what grows, grows in `arena`, and messages go to `diags`.
static Build copy_build(Arena *arena, const Build *build, DiagList *diags)
{
    Build copy = *build;
    Shared *shared = &copy.shared;
    shared->arena = arena;
    shared->diags = diags;
    shared->told = map_new(arena);
    shared->units.arena = arena;
    shared->units.diags = diags;
    shared->units.told = map_new(arena);
    shared->units.units.cap = shared->units.units.n; // full: the next one moves it
    shared->atoms.cap = shared->atoms.n;
    copy.base.arena = arena;
    copy.base.diags = diags;
    return copy;
}

// The view that an overlay makes of the base, in `arena`.
static const View *view_of(Arena *arena, const Build *build, const Node *overlay, Str *why)
{
    DiagList *diags = ARENA_NEW(arena, DiagList);
    *diags = (DiagList){.arena = arena,
                        .sources = {build->shared.diags->sources.p, build->shared.diags->sources.n,
                                    build->shared.diags->sources.n}};
    Build *copy = ARENA_NEW(arena, Build);
    *copy = copy_build(arena, build, diags);
    copy->base.shared = &copy->shared;
    View *view = load_check_overlay(copy, overlay, VIEW_VARIANT);
    for (int32_t i = 0; i < diags->diags.n; i++) {
        if (diags->diags.p[i].severity == SEVERITY_ERROR) {
            *why = diags->diags.p[i].text;
            return NULL;
        }
    }
    view->atoms = copy->shared.atoms.p;
    view->n_atoms = copy->shared.atoms.n;
    return view;
}

const View *lang_swap(Arena *arena, const Model *model, int32_t into, int32_t from,
                      const int32_t *assumptions, int32_t n, Str *why)
{
    const Build *build = model->build;
    EntryList list = {0};
    note_all(arena, build, &list);
    Str *keys = ARENA_ARRAY(arena, Str, n + 1);
    for (int32_t i = 0; i < n; i++) {
        ASSERT(assumptions[i] >= 0 && assumptions[i] < list.n);
        keys[i] = list.p[assumptions[i]].key;
    }
    Mixer mixer = {.arena = arena, .build = build, .keys = keys, .n_keys = n};
    return view_of(arena, build, mix(&mixer, into, from), why);
}

// ---- A story without some of its lines ----------------------------------------------------------

static bool is_left_out(const View *view, const bool *left_out, const Node *item)
{
    for (int32_t i = 0; i < view->n_overrides; i++) {
        Span span = view->overrides[i].span;
        if (left_out[i] && span.file == item->span.file && span.lo == item->span.lo &&
            span.hi == item->span.hi) {
            return true;
        }
    }
    return false;
}

const View *lang_without(Arena *arena, const Model *model, int32_t view, const bool *left_out,
                         Str *why)
{
    const Build *build = model->build;
    const Node *own = overlay_of(build, view);
    ASSERT(own);
    Node *less = ARENA_NEW(arena, Node);
    *less = *own;
    less->kind = NODE_VARIANT;
    less->child = NULL;
    Mixer m = {.arena = arena, .build = build, .link = &less->child};
    for (const Node *item = own->child; item; item = item->next) {
        bool words = item->kind == NODE_SAYS || item->kind == NODE_WEIGHT;
        if (!words && !is_left_out(model->views[view], left_out, item)) {
            add_copy(&m, item);
        }
    }
    return view_of(arena, build, less, why);
}
