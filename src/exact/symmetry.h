// SPDX-License-Identifier: MIT
//
// Members that are alike: which exchanges of slots make no difference.
//
// Six allies on ladders of their own, alike in all that the model says of them, are 15,625 states
// but only 210 multisets. Two members may be exchanged in a state at a cut when what is left of the
// step does the same to the exchanged state as to the other, exchanged, and no question can tell.
// That is checked and not guessed: the rest of the step is written down as one expression for each
// slot, in a form that does not depend on the order of sums, conjunctions and disjunctions; then an
// exchange of inputs (and of the places where draws are made, which are all alike) must turn the
// expression of each slot into that of its counterpart, to the last part. (In the theory of Markov
// chains: an automorphism, whose orbits are a lumping; Kemeny and Snell 1960, section 6.3.)
#pragma once
#include "exact/whole.h"

// One exchange: slots[2 i] and slots[2 i + 1] change places.
typedef struct {
    const Slot *slots;
    int32_t n; // pairs
} Exchange;

typedef struct {
    Exchange *p;
    int32_t n;
} Exchanges;

// By cut of the script; those of the last cut are those of the first. Empty where there are none,
// or where the script is too long to look for them (then `whole` is not looked for either).
Exchanges *symmetry_find(Arena *arena, const Script *script, const Whole **whole);
