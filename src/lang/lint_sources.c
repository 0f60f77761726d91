// SPDX-License-Identifier: MIT
//
// Lints about what numbers rest on: what nothing backs, and voices that are not independent.
#include "lang/checker.h"
#include "lang/pool.h"

// ---- Numbers without a source -------------------------------------------------------------------

// F and 6 are no information, neither good nor bad. An unknown source was told of.
static bool can_be_judged(const Shared *shared, const Node *cite)
{
    int32_t source = map_get(shared->source_ids, cite->text);
    return source < 0 ||
           (shared->sources.p[source].reliability != 'F' && (int32_t)cite->number != 6);
}

typedef enum { BACKED, BACKED_BY_NONE, BACKED_BY_UNKNOWN } Backing;

// Either a source or the honest word that there is none.
static Backing backing_of(const Shared *shared, const Node *decl)
{
    Backing backing = BACKED_BY_NONE;
    if (node_child(decl, NODE_ASSUMPTION)) {
        return BACKED;
    }
    for (const Node *f = node_child(decl, NODE_FROM); f; f = node_next_of(f, NODE_FROM)) {
        backing = BACKED_BY_UNKNOWN;
        for (const Node *cite = f->child; cite; cite = cite->next) {
            if (can_be_judged(shared, cite)) {
                return BACKED;
            }
        }
        if (f->child == NULL) {
            return BACKED; // broken: told already
        }
    }
    return backing;
}

static bool has_number(const Node *node)
{
    if (node->kind == NODE_NUMBER) {
        return node->number != 0;
    }
    const Node *child = node->child;
    while (child && !has_number(child)) {
        child = child->next;
    }
    return child != NULL;
}

// A number that is a chance of its own, not a factor on another: `2 %`, `0.4 per year`.
static bool has_chance(const Node *node)
{
    if (node->kind == NODE_NUMBER) {
        return node->flags & NODE_PERCENT || node_child(node, NODE_UNITS);
    }
    if (node->kind == NODE_WITHIN) {
        return node->child && has_chance(node->child); // the window itself is no chance
    }
    const Node *child = node->child;
    while (child && !has_chance(child)) {
        child = child->next;
    }
    return child != NULL;
}

// Factors and start values are not asked for sources: they are structure.
static void lint_source(Shared *shared, const Node *decl)
{
    const Node *chance = node_child(decl, NODE_CHANCE);
    bool quantity =
        decl->kind == NODE_PARAM || decl->kind == NODE_TYPE || decl->kind == NODE_BELIEF;
    const Node *value = node_child(decl, NODE_VALUE);
    bool event = decl->kind == NODE_EVENT && chance && has_chance(chance);
    bool number = quantity && value && has_number(value);
    number = number || decl->kind == NODE_CORRELATE;
    Backing backing = number || event ? backing_of(shared, decl) : BACKED;
    if (backing == BACKED) {
        return;
    }
    bool pair = decl->kind == NODE_CORRELATE; // its name is that of its first param
    Str name = pair ? correlated_names(shared->diags->arena, shared->diags, decl) : decl->text;
    const char *what = pair ? "correlation" : "numbers";
    Diag *diag = backing == BACKED_BY_NONE
                     ? diag_report(shared->diags, 500, name_span(decl),
                                   "nothing backs the %s of `%.*s`", what, STR_ARG(name))
                     : diag_report(shared->diags, 500, name_span(decl),
                                   "the %s of `%.*s` rest%s on nothing that can be judged (F, 6)",
                                   what, STR_ARG(name), pair ? "s" : "");
    diag_help(shared->diags, diag,
              "cite a source under it, `from NAME 3 \"where\"`, or say `assumption \"why\"`");
}

// ---- Sources ------------------------------------------------------------------------------------

// The first hand that both sources went through; -1: none.
static int32_t shared_hand(const Hands *hands, int32_t a, int32_t b)
{
    for (int32_t i = 0; i < hands->n_of[a]; i++) {
        if (pool_went_through(hands, b, hands->of[a][i])) {
            return hands->of[a][i];
        }
    }
    return -1;
}

typedef struct {
    const Node *story;
    int32_t source;
    bool stated; // its weight
} Voice;

// The first source named stands for the story, as for its weight.
static Voice voice_of(const Shared *shared, const Node *story)
{
    const Node *from = node_child(story, NODE_FROM);
    int32_t source = from && from->child ? map_get(shared->source_ids, from->child->text) : -1;
    return (Voice){story, source, node_child(story, NODE_WEIGHT) != NULL};
}

// Weights by grade are discounted for what they share, stated ones are the author's own affair; but
// the one kind knows nothing of the other.
static void lint_pair(Shared *shared, const Hands *hands, Voice a, Voice b)
{
    if (a.source < 0 || b.source < 0 || a.stated == b.stated) {
        return;
    }
    int32_t hand = shared_hand(hands, a.source, b.source);
    if (hand < 0) {
        return;
    }
    Voice stated = a.stated ? a : b, graded = a.stated ? b : a;
    Diag *diag = diag_report(shared->diags, 505, name_span(b.story),
                             "`%.*s` and `%.*s` are not independent: both went through `%.*s`",
                             STR_ARG(a.story->text), STR_ARG(b.story->text),
                             STR_ARG(hands->list[hand].name));
    diag_related(diag, name_span(a.story), "the other story");
    diag_help(shared->diags, diag,
              "`%.*s` states its weight, so nothing is taken off `%.*s`: state both, or neither",
              STR_ARG(stated.story->text), STR_ARG(graded.story->text));
}

static void lint_voices(Shared *shared, const NodeList *decls)
{
    const Hands *hands = pool_hands(shared->diags->arena, shared->model);
    for (int32_t i = 0; i < decls->n; i++) {
        for (int32_t k = 0; decls->p[i]->kind == NODE_STORY && k < i; k++) {
            if (decls->p[k]->kind == NODE_STORY) {
                lint_pair(shared, hands, voice_of(shared, decls->p[k]),
                          voice_of(shared, decls->p[i]));
            }
        }
    }
}

void lint_sources(Shared *shared, const NodeList *decls)
{
    for (int32_t i = 0; i < decls->n; i++) {
        lint_source(shared, decls->p[i]);
    }
    lint_voices(shared, decls);
}
