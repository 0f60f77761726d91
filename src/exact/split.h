// SPDX-License-Identifier: MIT
//
// What a stretch of units moves of a state, and what it leaves standing.
//
// A slot stands when it is there at every cut of the stretch and nothing in it writes the slot; the
// others move. All that the stretch can see of what stands is what its code makes of it alone (a
// comparison, a count): what it shows. Where two standing parts show the same, the moving parts
// beside them go the same ways, with the same probabilities.
#pragma once
#include "exact/units.h"

typedef struct {
    int32_t from, to;    // cuts
    uint8_t *stands;     // by slot
    const Slot **moving; // by cut from `from`; at the end of a step also what ended futures keep
    int32_t *n_moving;
    uint8_t *alone;     // by instruction: works on what stands alone
    const Slot **shown; // by instruction, and at the end: what goes from there into what moves
    int32_t *n_shown;
    int32_t most_shown; // all of them
} Split;

// The stretch from one cut to another, as things are live in the step at hand (units->class).
Split *split_make(Arena *arena, const Units *units, int32_t from, int32_t to);

// What a standing part shows, into shows[most_shown]: how many values. Registers hold it, and the
// uniforms of the step; what the code writes is written.
int32_t split_shows(const Split *split, const Script *script, uint64_t *regs, uint64_t *shows);
