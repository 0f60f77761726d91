// SPDX-License-Identifier: MIT
//
// Hands and weights: see pool.h. Hands are numbered, so that stories which share one meet in its
// list.
#include "lang/pool.h"

#include "base/map.h"
#include "base/vec.h"

// ---- Hands --------------------------------------------------------------------------------------

typedef VEC(Hand) HandList;

// No owner is no owner in common.
static int32_t owner_hand(Arena *arena, HandList *list, Map *owners, Str owner, int32_t ref)
{
    if (owner.n == 0) {
        return -1;
    }
    int32_t known = map_get(owners, owner);
    if (known < 0) {
        known = list->n;
        map_put(owners, owner, known);
        vec_push(arena, list, (Hand){HAND_OWNER, ref, owner});
    }
    return known;
}

// `seen` says which source last went through a hand, so that each is noted once.
static void note_hand(int32_t hand, int32_t source, int32_t *seen, int32_t *out, int32_t *n)
{
    if (hand >= 0 && seen[hand] != source + 1) {
        seen[hand] = source + 1;
        out[(*n)++] = hand;
    }
}

// The owner of each source and of each relay, as a hand.
typedef struct {
    int32_t *source, *relay;
} Owners;

static Owners list_hands(Arena *arena, const Model *model, HandList *list)
{
    Owners owners = {ARENA_ARRAY(arena, int32_t, model->n_sources),
                     ARENA_ARRAY(arena, int32_t, model->n_relays)};
    Map *names = map_new(arena);
    for (int32_t s = 0; s < model->n_sources; s++) {
        vec_push(arena, list, (Hand){HAND_SOURCE, s, model->sources[s].id});
    }
    for (int32_t r = 0; r < model->n_relays; r++) {
        vec_push(arena, list, (Hand){HAND_RELAY, r, model->relays[r].id});
    }
    for (int32_t r = 0; r < model->n_relays; r++) {
        owners.relay[r] = owner_hand(arena, list, names, model->relays[r].owner, r);
    }
    for (int32_t s = 0; s < model->n_sources; s++) {
        owners.source[s] = owner_hand(arena, list, names, model->sources[s].owner, s);
    }
    return owners;
}

const Hands *pool_hands(Arena *arena, const Model *model)
{
    HandList list = {0};
    Owners owners = list_hands(arena, model, &list);
    int32_t **of = ARENA_ARRAY(arena, int32_t *, model->n_sources + 1);
    int32_t *n_of = ARENA_ARRAY(arena, int32_t, model->n_sources + 1);
    int32_t *seen = ARENA_ARRAY(arena, int32_t, list.n + 1);
    for (int32_t s = 0; s < model->n_sources; s++) {
        const Source *source = &model->sources[s];
        of[s] = ARENA_ARRAY(arena, int32_t, 2 + 2 * source->n_via);
        note_hand(s, s, seen, of[s], &n_of[s]);
        for (int32_t i = 0; i < source->n_via; i++) {
            note_hand(model->n_sources + source->via[i], s, seen, of[s], &n_of[s]);
            note_hand(owners.relay[source->via[i]], s, seen, of[s], &n_of[s]);
        }
        note_hand(owners.source[s], s, seen, of[s], &n_of[s]);
    }
    Hands *hands = ARENA_NEW(arena, Hands);
    *hands = (Hands){.list = list.p, .n = list.n, .of = of, .n_of = n_of};
    return hands;
}

bool pool_went_through(const Hands *hands, int32_t source, int32_t hand)
{
    for (int32_t i = 0; i < hands->n_of[source]; i++) {
        if (hands->of[source][i] == hand) {
            return true;
        }
    }
    return false;
}

// ---- Weights ------------------------------------------------------------------------------------

double pool_grade(const GradeTable *table, const Source *source, int32_t credibility)
{
    int32_t letter = source->reliability - 'A';
    if (letter < 0 || letter >= GRADE_LETTERS || credibility == GRADE_FIGURES) {
        return __builtin_nan("");
    }
    double both = table->weight[letter][credibility];
    return both == both ? both : table->weight[letter][0];
}

// The stories of one hand, highest weight first.
typedef VEC(int32_t) Members;

static void add_member(Arena *arena, Members *members, const PoolWeight *weights, int32_t view)
{
    vec_push(arena, members, view);
    int32_t at = members->n - 1;
    for (; at > 0 && weights[members->p[at - 1]].raw < weights[view].raw; at--) {
        members->p[at] = members->p[at - 1];
    }
    members->p[at] = view;
}

// What counts of all that came through one hand.
static double share_of_hand(const Members *members, const PoolWeight *weights, double shared)
{
    double sum = 0, counts = 0, each = 1;
    for (int32_t i = 0; i < members->n; i++) {
        sum += weights[members->p[i]].raw;
        counts += each * weights[members->p[i]].raw;
        each *= shared;
    }
    return sum > 0 ? counts / sum : 1;
}

static void discount(const Members *members, PoolWeight *weights, int32_t hand, double share)
{
    for (int32_t i = 0; members->n > 1 && i < members->n; i++) {
        PoolWeight *weight = &weights[members->p[i]];
        if (share < weight->counts) {
            weight->counts = share;
            weight->hand = hand;
        }
    }
}

static PoolWeight undiscounted(const Model *model, int32_t v, bool left_out)
{
    const View *view = model->views[v];
    int32_t source = view->notes.n_citations > 0 ? view->notes.citations[0].source : -1;
    PoolWeight weight = {.source = source, .stated = view->weight_stated, .hand = -1, .counts = 1};
    if (view->role == VIEW_BASE) {
        weight.source = -1;
        weight.stated = true;
    }
    weight.raw = left_out || view->role == VIEW_VARIANT ? 0 : view->grade_weight;
    return weight;
}

// The owner of several relays comes after them in the list: of two hands that leave as much the
// first is named, which is the nearer one.
const PoolWeight *pool_weights(Arena *arena, const Model *model, const Hands *hands,
                               const bool *left_out)
{
    PoolWeight *weights = ARENA_ARRAY(arena, PoolWeight, model->n_views);
    Members *members = ARENA_ARRAY(arena, Members, hands->n + 1);
    for (int32_t v = 0; v < model->n_views; v++) {
        weights[v] = undiscounted(model, v, left_out && left_out[v]);
        const PoolWeight *w = &weights[v];
        for (int32_t i = 0; w->source >= 0 && !w->stated && i < hands->n_of[w->source]; i++) {
            if (w->raw > 0) {
                add_member(arena, &members[hands->of[w->source][i]], weights, v);
            }
        }
    }
    for (int32_t h = 0; h < hands->n; h++) {
        discount(&members[h], weights, h,
                 share_of_hand(&members[h], weights, model->grades.shared));
    }
    for (int32_t v = 0; v < model->n_views; v++) {
        weights[v].weight = weights[v].raw * weights[v].counts;
    }
    return weights;
}
