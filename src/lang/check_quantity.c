// SPDX-License-Identifier: MIT
//
// Params, types and states: their kinds, members and values, in the order of the file, so that a
// value may use what is declared above it.
#include "base/limits.h"
#include "lang/checker.h"

// ---- Kinds --------------------------------------------------------------------------------------

typedef struct {
    const char *name;
    KindTag tag;
    int32_t unit;
    Support support;
} NamedKind;

static const NamedKind KINDS[] = {
    {"flag", KIND_FLAG, 0, SUPPORT_REAL},
    {"date", KIND_DATE, 0, SUPPORT_REAL},
    {"number", KIND_NUMBER, UNIT_PLAIN, SUPPORT_REAL},
    {"count", KIND_NUMBER, UNIT_PLAIN, SUPPORT_COUNT},
    {"probability", KIND_NUMBER, UNIT_PLAIN, SUPPORT_PROBABILITY},
    {"hazard", KIND_NUMBER, UNIT_HAZARD, SUPPORT_POSITIVE},
    {"duration", KIND_NUMBER, UNIT_DAY, SUPPORT_POSITIVE},
};
enum { N_KINDS = sizeof KINDS / sizeof KINDS[0] };

// What programmers and spreadsheet users write first, and our word for it.
static const struct {
    const char *written, *kind;
} OTHER_WORDS[] = {
    {"bool", "flag"},          {"boolean", "flag"},  {"logical", "flag"},
    {"int", "count"},          {"integer", "count"}, {"float", "number"},
    {"double", "number"},      {"real", "number"},   {"percent", "probability"},
    {"chance", "probability"}, {"rate", "hazard"},   {"time", "duration"},
};
enum { N_OTHER_WORDS = sizeof OTHER_WORDS / sizeof OTHER_WORDS[0] };

static const char *kind_in_other_words(Str name)
{
    for (int32_t i = 0; i < N_OTHER_WORDS; i++) {
        if (str_eq(name, str_of(OTHER_WORDS[i].written))) {
            return OTHER_WORDS[i].kind;
        }
    }
    return NULL;
}

// Kinds, sets, ladders and units share the place after the colon.
static void unknown_kind(Checker *c, const Node *node)
{
    const Symbol *symbol = symbol_find(c, node->text);
    if (symbol) {
        report(c, 352, name_span(node), "`%.*s` is %s, not a kind", STR_ARG(node->text),
               symbol_kind_text(symbol));
        return;
    }
    if (told_before(c, 352, node->text)) {
        return;
    }
    Diag *diag = report(c, 352, name_span(node), "there is no kind, unit, set or ladder `%.*s`",
                        STR_ARG(node->text));
    const char *ours = kind_in_other_words(node->text);
    if (ours) {
        diag_help(c->diags, diag, "the kind is called `%s` here", ours);
        return;
    }
    Suggest suggest;
    suggest_init(&suggest, node->text);
    for (int32_t i = 0; i < N_KINDS; i++) {
        suggest_add(&suggest, str_of(KINDS[i].name));
    }
    for (int32_t i = 0; i < c->symbols.n; i++) {
        SymbolKind kind = c->symbols.p[i].kind;
        if (kind == SYM_SET || kind == SYM_LADDER) {
            suggest_add(&suggest, c->symbols.p[i].name);
        }
    }
    for (int32_t i = 1; i < c->shared->units.bases.n; i++) {
        suggest_add(&suggest, c->shared->units.bases.p[i]);
    }
    suggest_help(c->diags, diag, &suggest);
}

// Built-in kinds first, then what the model declares.
static bool kind_of_name(Checker *c, const Node *name, Kind *out, WrittenUnit *written)
{
    *written = (WrittenUnit){.unit = UNIT_PLAIN, .num = 1, .den = 1, .text = STR("")};
    for (int32_t i = 0; i < N_KINDS; i++) {
        if (str_eq(name->text, str_of(KINDS[i].name))) {
            *out = (Kind){KINDS[i].tag, KINDS[i].support, KINDS[i].unit, 0};
            written->unit = KINDS[i].unit;
            return true;
        }
    }
    const Symbol *symbol = symbol_find(c, name->text);
    if (symbol && symbol->broken) {
        return false;
    }
    if (symbol && symbol->kind == SYM_LADDER) {
        *out = kind_rung(symbol->ref);
        return true;
    }
    if (symbol && symbol->kind == SYM_SET) {
        *out = kind_atom(symbol->ref);
        return true;
    }
    if (symbol && symbol->set >= 0) {
        *out = kind_atom(symbol->set);
        return true;
    }
    if (!units_known(&c->shared->units, name->text)) {
        unknown_kind(c, name);
        return false;
    }
    bool known = units_read(&c->shared->units, name, written);
    *out = kind_number(written->unit);
    out->support = units_support(&c->shared->units, written->unit);
    return known;
}

// `number per week`: the number has no unit, the rest has.
static bool kind_of_units(Checker *c, const Node *units, Kind *out, WrittenUnit *written)
{
    Node copy = *units;
    bool plain = copy.child && (str_eq(copy.child->text, STR("number")) ||
                                str_eq(copy.child->text, STR("count")));
    if (plain) {
        copy.child = copy.child->next;
    }
    bool known = units_read(&c->shared->units, &copy, written);
    *out = kind_number(written->unit);
    out->support = units_support(&c->shared->units, written->unit);
    return known;
}

// Counts, hazards and probabilities are positive by themselves.
bool read_kind(Checker *c, const Node *kind, Kind *out, WrittenUnit *written)
{
    const Node *node = kind->child;
    *out = kind_none();
    if (node == NULL) {
        return false;
    }
    bool known = node->kind == NODE_NAME ? kind_of_name(c, node, out, written)
                                         : kind_of_units(c, node, out, written);
    if (!known) {
        *out = kind_none();
        return false;
    }
    if (kind->flags & NODE_POSITIVE && out->tag != KIND_NUMBER) {
        Str text = kind_text(c, *out);
        report(c, 353, kind->span, "only numbers are `positive`; this is %.*s", STR_ARG(text));
    } else if (kind->flags & NODE_POSITIVE && out->support == SUPPORT_REAL) {
        out->support = SUPPORT_POSITIVE;
    }
    return true;
}

// ---- How it is shown ----------------------------------------------------------------------------

// In the unit it was written in; what has none in one that people read: rates per year, chances in
// percent.
Shown shown_of(Checker *c, Kind kind, const WrittenUnit *written)
{
    Shown shown = {.scale = 1, .unit = STR(""), .window = STR("")};
    if (kind.tag != KIND_NUMBER) {
        return shown;
    }
    if (written && written->unit == kind.unit && written->text.n > 0) {
        shown.scale = written->den / written->num;
        shown.unit = written->text;
    } else if (kind.unit == UNIT_HAZARD) {
        shown.scale = 365.25;
        shown.unit = STR("per year");
    } else if (kind.unit == UNIT_PLAIN && kind.support == SUPPORT_PROBABILITY) {
        shown.scale = 100;
        shown.unit = STR("%");
    } else if (kind.unit != UNIT_PLAIN) {
        shown.unit = c->shared->units.units.p[kind.unit].name;
    }
    return shown;
}

// A chance in percent is still a plain number to what stands beside it.
WrittenUnit unit_of(Checker *c, const Expr *expr)
{
    WrittenUnit unit = {.unit = expr->kind.unit, .num = 1, .den = 1, .text = STR("")};
    if (expr->op == EX_QUANTITY && expr->kind.tag == KIND_NUMBER) {
        const Quantity *q = &c->quantities.p[expr->ref];
        bool percent = q->kind.unit == UNIT_PLAIN || q->shown.window_days > 0;
        unit.den = percent ? 1 : q->shown.scale;
    }
    return unit;
}

// ---- Notes --------------------------------------------------------------------------------------

// The same claim counts once, however often it is named.
static void cited_twice(Checker *c, const Node *cite, Map *cited)
{
    const Node *locator = node_child(cite, NODE_STRING);
    Str key = str_format(c->arena, "%.*s \"%.*s\"", STR_ARG(cite->text),
                         STR_ARG(locator ? locator->text : STR("")));
    if (map_get(cited, key) < 0) {
        map_put(cited, key, 1);
        return;
    }
    Diag *diag =
        report(c, 326, name_span(cite), "`%.*s` is cited twice for the same", STR_ARG(cite->text));
    diag_help(c->diags, diag, "cite it once, or say where each claim stands: `%.*s 3 \"page 2\"`",
              STR_ARG(cite->text));
}

// An unknown source is left out, the others count.
static void add_citation(Checker *c, const Node *cite, Citation *out, int32_t *n)
{
    int32_t source = map_get(c->shared->source_ids, cite->text);
    if (source < 0 && told_before(c, 470, cite->text)) {
        return;
    }
    if (source < 0) {
        Diag *diag =
            report(c, 470, name_span(cite), "there is no source `%.*s`", STR_ARG(cite->text));
        Suggest suggest;
        suggest_init(&suggest, cite->text);
        for (int32_t i = 0; i < c->shared->sources.n; i++) {
            suggest_add(&suggest, c->shared->sources.p[i].id);
        }
        suggest_help(c->diags, diag, &suggest);
        return;
    }
    c->shared->source_used.p[source] = true;
    const Node *locator = node_child(cite, NODE_STRING);
    out[(*n)++] = (Citation){.source = source,
                             .credibility = (int32_t)cite->number,
                             .locator = locator ? locator->text : STR("")};
}

// The first string is the description; several `from` lines add up.
Notes check_notes(Checker *c, const Node *decl)
{
    Notes notes = {.text = STR(""), .assumption = STR("")};
    const Node *text = node_child(decl, NODE_NOTE), *why = node_child(decl, NODE_ASSUMPTION);
    notes.text = text ? text->text : notes.text;
    notes.assumption = why ? why->text : notes.assumption;
    int32_t n = 0;
    for (const Node *f = node_child(decl, NODE_FROM); f; f = node_next_of(f, NODE_FROM)) {
        n += node_count(f);
    }
    Citation *citations = ARENA_ARRAY(c->arena, Citation, n);
    for (const Node *f = node_child(decl, NODE_FROM); f; f = node_next_of(f, NODE_FROM)) {
        for (const Node *cite = f->child; cite; cite = cite->next) {
            add_citation(c, cite, citations, &notes.n_citations);
        }
    }
    Map *cited = n > 1 ? map_new(c->arena) : NULL;
    for (const Node *f = cited ? node_child(decl, NODE_FROM) : NULL; f;
         f = node_next_of(f, NODE_FROM)) {
        for (const Node *cite = f->child; cite; cite = cite->next) {
            cited_twice(c, cite, cited);
        }
    }
    notes.citations = citations;
    return notes;
}

// ---- Members ------------------------------------------------------------------------------------

// Two sets at most: the engine keeps a column for each element.
static bool read_dims(Checker *c, const Node *decl, Quantity *q)
{
    bool fine = true;
    q->n_elements = 1;
    for (const Node *d = node_child(decl, NODE_INDEX_SET); d; d = node_next_of(d, NODE_INDEX_SET)) {
        if (q->n_dims == 2) {
            report(c, 354, d->span, "a quantity has members of two sets at most");
            return false;
        }
        int32_t set = set_find(c, d);
        fine = fine && set >= 0;
        q->dims[q->n_dims++] = set;
        q->n_elements *= set >= 0 && q->n_elements <= LIMIT_ELEMENTS ? c->sets.p[set].n_atoms : 1;
    }
    if (q->n_elements > LIMIT_ELEMENTS) {
        report(c, 355, name_span(decl), "`%.*s` has more than %d members", STR_ARG(decl->text),
               LIMIT_ELEMENTS);
        return false;
    }
    return fine;
}

static int32_t position(const Set *set, int32_t atom)
{
    for (int32_t i = 0; i < set->n_atoms; i++) {
        if (set->atoms[i] == atom) {
            return i;
        }
    }
    return -1;
}

// The element that `push[POL]` or `aims of POL` names; -1 when wrong (reported).
static int32_t element_of(Checker *c, const Node *ref, const Quantity *q)
{
    const Node *index = node_child(ref, NODE_INDEX), *of = node_child(ref, NODE_OF_ACTOR);
    Node owner = {.kind = NODE_NAME,
                  .text = of ? of->text : STR(""),
                  .span = of ? of->span : ref->span,
                  .name_span = of ? name_span(of) : ref->span};
    const Node *member = index ? index->child : &owner;
    int32_t n = index ? node_count(index) : 1, element = 0;
    if (q->n_dims == 0) {
        report(c, 339, ref->span, "`%.*s` has no members", STR_ARG(q->name));
        return -1;
    }
    if (n != q->n_dims) {
        report(c, 332, ref->span, "`%.*s` takes %d member%s, here stand%s %d", STR_ARG(q->name),
               q->n_dims, q->n_dims == 1 ? "" : "s", n == 1 ? "s" : "", n);
        return -1;
    }
    for (int32_t i = 0; i < n; i++, member = member->next) {
        const Expr *atom = check_member(c, member, q->dims[i]);
        if (atom->kind.tag == KIND_NONE || atom->op != EX_CONST) {
            return -1;
        }
        const Set *set = &c->sets.p[q->dims[i]];
        element = element * set->n_atoms + position(set, (int32_t)atom->number);
    }
    return element;
}

// ---- Values -------------------------------------------------------------------------------------

static Want want_of(Kind kind, const WrittenUnit *written)
{
    Want want = {.kind = kind, .declared = true};
    // "3" is no duration and no hazard: nobody knows of what, or within what time.
    bool open = kind.tag == KIND_NUMBER && (written->text.n > 0 || kind.unit == UNIT_PLAIN);
    if (open) {
        want.has_bare = true;
        want.bare = *written;
    }
    return want;
}

// A number that is written out and lies where none may.
static bool fixed_inside(Checker *c, const Dist *dist, Kind kind)
{
    double value;
    if (dist->form != DIST_FIXED || kind.tag != KIND_NUMBER || !expr_fold(dist->args[0], &value)) {
        return true;
    }
    bool fine = kind.support == SUPPORT_REAL ||
                (value >= 0 && (kind.support != SUPPORT_PROBABILITY || value <= 1));
    if (!fine) {
        report(c, 382, dist->span, "this lies outside of what it can be: %s",
               kind.support == SUPPORT_PROBABILITY ? "between 0 % and 100 %" : "never below 0");
    } else if (kind.support == SUPPORT_COUNT && !is_whole_number(value)) {
        not_whole(c, dist->span);
        return false;
    }
    return fine;
}

// A fraction that is written out is an error, one that is worked out is rounded.
static const Expr *known_count(Checker *c, const Expr *expr)
{
    double value;
    return expr_fold(expr, &value) ? expr : expr_as_count(c, expr);
}

static const char *role_text(Role role)
{
    return role == ROLE_PARAM ? "this param" : role == ROLE_TYPE ? "this type" : "this state";
}

// One value for the quantity or one member of it. When the kind was left out it is that of the
// first value.
static const Dist *one_value(Checker *c, const Node *value, Quantity *q, const WrittenUnit *written,
                             Shown *shown)
{
    Kind kind;
    bool open = q->kind.tag == KIND_NONE;
    Want want = open ? want_any() : want_of(q->kind, written);
    const Node *expr = value ? value->child : NULL;
    c->where.whole = expr && is_range(c, expr);
    c->where.n_ranges = count_ranges(c, value);
    const Dist *dist = check_value(c, value, want, &kind, shown);
    if (dist == NULL) {
        return NULL;
    }
    if (open) {
        q->kind = kind;
        return dist;
    }
    if (q->kind.tag == KIND_NUMBER || dist->form == DIST_FIXED) {
        Expr probe = {.op = EX_DRAW, .kind = kind, .span = dist->span};
        bool fixed = dist->form == DIST_FIXED;
        const Expr *fits =
            adopt(c, fixed ? dist->args[0] : &probe, q->kind, dist->span, role_text(q->role));
        if (fits->kind.tag == KIND_NONE) {
            return NULL;
        }
        if (fixed) {
            dist = dist_fixed(c, q->kind.support == SUPPORT_COUNT ? known_count(c, fits) : fits);
        }
    } else if (q->kind.tag != kind.tag) {
        Str wanted = kind_text(c, q->kind), got = kind_text(c, kind);
        report(c, 360, dist->span, "%s takes %.*s, and this is %.*s", role_text(q->role),
               STR_ARG(wanted), STR_ARG(got));
        return NULL;
    }
    return fixed_inside(c, dist, q->kind) ? dist : NULL;
}

// A story's values for single members stand as OVERRIDE children under the declaration.
static void member_values(Checker *c, const Node *decl, Quantity *q, const WrittenUnit *written,
                          const Dist **values)
{
    for (const Node *o = node_child(decl, NODE_OVERRIDE); o; o = node_next_of(o, NODE_OVERRIDE)) {
        const Node *ref = node_child(o, NODE_REF), *value = node_child(o, NODE_VALUE);
        int32_t element = element_of(c, ref, q);
        Shown shown;
        int32_t n = 0;
        const int32_t *outer = c->where.sources;
        int32_t n_outer = c->where.n_sources;
        c->where.sources = cited_sources(c, o, &n);
        c->where.n_sources = n;
        const Dist *dist = one_value(c, value, q, written, &shown);
        c->where.sources = outer;
        c->where.n_sources = n_outer;
        if (element >= 0 && dist) {
            values[element] = dist;
        }
    }
}

// All members have one value, drawn for each by itself, but for those that a story names.
static void check_values(Checker *c, const Node *decl, Quantity *q, const WrittenUnit *written)
{
    Shown shown = {0};
    int32_t n = 0;
    c->where = (Where){.reads = READS_FIXED,
                       .draws = DRAWS_WORLD,
                       .what = q->role == ROLE_STATE ? "the start of a state" : "a param",
                       .place = q->name};
    c->where.sources = cited_sources(c, decl, &n);
    c->where.n_sources = n;
    const Dist *dist = one_value(c, node_child(decl, NODE_VALUE), q, written, &shown);
    if (dist == NULL) {
        dist = dist_fixed(c, expr_none(c, decl->span));
    }
    const Dist **values = ARENA_ARRAY(c->arena, const Dist *, q->n_elements + 1);
    for (int32_t i = 0; i < q->n_elements; i++) {
        values[i] = dist;
    }
    member_values(c, decl, q, written, values);
    q->values = values;
    q->shown = shown_of(c, q->kind, written);
    // A duration without a unit of its own, a chance within a time: shown as the value was written.
    if (written->text.n == 0 && shown.scale > 0 && q->kind.tag == KIND_NUMBER &&
        q->kind.unit != UNIT_PLAIN) {
        q->shown = shown;
    }
}

// ---- Declarations -------------------------------------------------------------------------------

// Only now is it declared: values above it could not use it.
static void push_quantity(Checker *c, int32_t symbol, const Quantity *q, double per_days)
{
    c->symbols.p[symbol].ref = c->quantities.n;
    vec_push(c->arena, &c->quantities, *q);
    vec_push(c->arena, &c->per_days, per_days);
}

// With an unknown kind or set nothing can be said of its value.
static void check_plain_quantity(Checker *c, const Node *decl, int32_t symbol)
{
    Quantity q = {.name = decl->text,
                  .role = decl->kind == NODE_PARAM ? ROLE_PARAM : ROLE_STATE,
                  .owner_set = -1,
                  .owner_atom = -1,
                  .span = name_span(decl)};
    WrittenUnit written = {.num = 1, .den = 1, .text = STR("")};
    const Node *kind = node_child(decl, NODE_KIND);
    // Without a kind it is that of the value, unless the kind was there and not understood.
    bool known = kind ? read_kind(c, kind, &q.kind, &written) : !(decl->flags & NODE_BROKEN);
    known = read_dims(c, decl, &q) && known;
    q.notes = check_notes(c, decl);
    q.title = q.notes.text;
    if (known) {
        check_values(c, decl, &q, &written);
    } else {
        q.n_dims = q.n_elements = 0;
        q.kind = kind_none();
    }
    push_quantity(c, symbol, &q, written.per_days);
}

// A type without an actor would be a param.
static void read_owner(Checker *c, const Node *decl, Quantity *q)
{
    const Node *of = node_child(decl, NODE_OF_ACTOR);
    q->n_elements = 1;
    if (of == NULL) {
        const char *what = decl->kind == NODE_BELIEF ? "belief" : "type";
        Diag *diag = report(c, 356, name_span(decl), "whose %s is this?", what);
        diag_help(c->diags, diag, "write `%s %.*s of` and an actor, or `of s in` a set", what,
                  STR_ARG(decl->text));
    } else if (node_child(of, NODE_NAME)) {
        int32_t set = set_find(c, of);
        q->owner_set = set;
        q->n_dims = set >= 0 ? 1 : 0;
        q->dims[0] = set;
        q->n_elements = set >= 0 ? c->sets.p[set].n_atoms : 1;
    } else {
        const Symbol *actor = symbol_expect(c, SYM_ACTOR, of);
        q->owner_atom = actor ? actor->ref : -1;
    }
}

// Its values were declared with all other names.
static void check_type(Checker *c, const Node *decl, int32_t symbol)
{
    int32_t set = c->symbols.p[symbol].set;
    Quantity q = {.name = c->sets.p[set].name,
                  .role = ROLE_TYPE,
                  .kind = kind_atom(set),
                  .owner_set = -1,
                  .owner_atom = -1,
                  .span = name_span(decl)};
    if (c->symbols.p[symbol].broken) {
        q.kind = kind_none();
        push_quantity(c, symbol, &q, 0);
        return;
    }
    read_owner(c, decl, &q);
    q.notes = check_notes(c, decl);
    q.title = q.notes.text;
    WrittenUnit plain = {.num = 1, .den = 1, .text = STR("")};
    check_values(c, decl, &q, &plain);
    push_quantity(c, symbol, &q, 0);
}

// A state that is somebody's, and a probability.
static void check_belief(Checker *c, const Node *decl, int32_t symbol)
{
    Quantity q = {.name = decl->text,
                  .role = ROLE_STATE,
                  .kind = kind_number(UNIT_PLAIN),
                  .owner_set = -1,
                  .owner_atom = -1,
                  .var = -1,
                  .span = name_span(decl)};
    q.kind.support = SUPPORT_PROBABILITY;
    check_belief_parts(c, decl);
    read_owner(c, decl, &q);
    q.notes = check_notes(c, decl);
    q.title = q.notes.text;
    q.proposition = expr_none(c, decl->span); // until check_propositions
    WrittenUnit plain = {.unit = UNIT_PLAIN, .num = 1, .den = 1, .text = STR("")};
    check_values(c, decl, &q, &plain);
    push_quantity(c, symbol, &q, 0);
}

void check_quantities(Checker *c, const NodeList *decls)
{
    for (int32_t i = 0; i < decls->n; i++) {
        const Node *decl = decls->p[i];
        if (decl->kind == NODE_PARAM || decl->kind == NODE_STATE) {
            check_plain_quantity(c, decl, c->decl_symbols[i]);
        } else if (decl->kind == NODE_TYPE) {
            check_type(c, decl, c->decl_symbols[i]);
        } else if (decl->kind == NODE_BELIEF) {
            check_belief(c, decl, c->decl_symbols[i]);
        }
    }
}
