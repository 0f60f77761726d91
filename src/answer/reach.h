// SPDX-License-Identifier: MIT
//
// A Reach: what of a model never came to pass in a sample, as plain data. Made in src/ask
// (reach.h), shown in src/show.
#pragma once
#include "answer/answer.h"

typedef enum {
    REACH_EVENT,    // an event that does not happen
    REACH_OPTION,   // an option that nobody takes
    REACH_CARRIED,  // an option that no council carries
    REACH_BLOCKED,  // a council that is never blocked
    REACH_BRANCH,   // a branch that is not entered
    REACH_ELSE,     // an `else` that is not entered
    REACH_OUTCOME,  // an outcome of `one of` that does not come
    REACH_DELAYED,  // an effect that does not arrive
    REACH_VALUE,    // a rung or value that a state does not take at the end of any step
    REACH_QUESTION, // a question with one answer
    REACH_KINDS
} ReachKind;

typedef struct {
    ReachKind kind;
    Str what; // "event `clash`", "`level` at `war`"; of a question its name
    Str file; // empty: not known
    int32_t line;
    Str always;       // QUESTION: the one answer: "no", "never", "4"; or why there is none
    double chance;    // that it is otherwise after all, worked out exactly; NaN: not known
    double lost;      // what that leaves out at most: the sum 0 says that it cannot be
    uint64_t futures; // of the readings that have it, in none of which it was otherwise
} ReachFinding;

typedef struct Reach {
    Provenance provenance; // worlds and futures of one reading
    int32_t n_readings;    // stories of the pool, and the base where it counts
    int32_t tried[REACH_KINDS], missed[REACH_KINDS];
    const ReachFinding *findings; // by kind, in the order of the file. What is inside of something
    int32_t n_findings;           // that is missed itself is not told
} Reach;
