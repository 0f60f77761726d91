// SPDX-License-Identifier: MIT
//
// What each story weighs in the pool, and the hands through which its source came.
//
// A story weighs what its source's reliability gives by the table of grades. Stories whose sources
// went through one hand (they are from one source, or their sources share a relay or an owner) are
// not independent: of the weights w1 >= w2 >= ... >= wn of one hand there counts together
//
//     T = w1 + g w2 + g^2 w3 + ... + g^(n-1) wn        g: `grade shared`, 0.3 in the library
//
// shared out in proportion to the weights, each thus counting T / (w1 + ... + wn) of its own. Two
// of one grade count 1.3 times one of them, three 1.39, any number less than 1 / (1 - g) = 1.43. A
// story whose source went through several hands is discounted once, by the hand that leaves it
// least; so no hand ever counts more than its T. A weight that the model states is taken as it
// stands, and plays no part in the discount of others. The convention is ours: the literature
// orders grades and gives no numbers, and dependence by shared origin is told of, not measured.
#pragma once
#include "lang/model.h"

typedef enum { HAND_SOURCE, HAND_RELAY, HAND_OWNER } HandKind;
typedef struct {
    HandKind kind;
    int32_t ref; // source or relay; of an owner the first source or relay that is his
    Str name;
} Hand;

// All sources, then all relays, then all owners in order of appearance.
typedef struct {
    const Hand *list;
    int32_t n;
    int32_t *const *of; // by source: its own hand, its relays' and their owners', each once
    const int32_t *n_of;
} Hands;
const Hands *pool_hands(Arena *arena, const Model *model);
bool pool_went_through(const Hands *hands, int32_t source, int32_t hand);

typedef struct {
    int32_t source; // that stands for the story: the first it is from; -1: none
    bool stated;    // by `weight`
    double raw;     // as stated, or by the table of grades
    int32_t hand;   // of Hands, through which it is discounted; -1: counts whole
    double counts;  // share of `raw` that counts
    double weight;  // raw x counts
} PoolWeight;

// The weight that the table of grades gives; NaN: it gives none (F, credibility 6, no line).
double pool_grade(const GradeTable *table, const Source *source, int32_t credibility);

// By view of the model. Views that `left_out` (NULL: none) says are as if they were not there:
// weight 0, and no discount for others. Reads View.grade_weight, weight_stated and notes.
const PoolWeight *pool_weights(Arena *arena, const Model *model, const Hands *hands,
                               const bool *left_out);
