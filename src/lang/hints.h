// SPDX-License-Identifier: MIT
//
// What people write who have not read the manual yet, and what it is called here. Words that other
// languages and plain English use, by the place where they turn up.
#pragma once
#include "base/str.h"

typedef enum {
    HINT_CLAUSE,    // a line of a declaration begins with it
    HINT_QUESTION,  // stands behind what a question asks
    HINT_STATEMENT, // begins a statement, or follows the name of a state
    HINT_FORM,      // begins what a question asks
    HINT_FIRST,     // goes before a name, without brackets
    HINT_SECOND     // follows a name, without an operator between the two
} HintPlace;

// What to write instead, a sentence without its end; NULL when nothing is known of the word.
const char *hint_other_words(HintPlace place, Str word);
