// SPDX-License-Identifier: MIT
//
// The words of newcomers, and ours.
#include "lang/hints.h"

typedef struct {
    HintPlace place;
    const char *words; // with a blank around each
    const char *help;
} Hint;

static const Hint HINTS[] = {
    {HINT_CLAUSE, " probability prob likelihood odds ", "write `chance 30% within 1 year`"},
    {HINT_CLAUSE, " if condition requires provided ", "a condition stands behind `when`"},
    {HINT_CLAUSE, " effect effects does do ", "what it does stands behind `then`"},
    {HINT_CLAUSE, " happens occurs ", "how likely it is: `chance 30% within 1 year`"},
    {HINT_CLAUSE, " repeat repeats repeatable recurs ", "write `again`, or `again after 30 days`"},
    {HINT_CLAUSE, " utility payoff value score benefit ", "write `worth`, in an option"},
    {HINT_CLAUSE, " choice choices ", "one line each: `option wait worth 0`"},
    {HINT_CLAUSE, " about ", "what it is about stands behind `that`, a condition"},
    {HINT_CLAUSE, " on ", "`on 2024-03-04` begins a line of its own, with `then` under it"},
    {HINT_QUESTION, " before until ",
     "it compares two conditions, `a before b`; with a date write `by 2024-03-04`"},
    {HINT_QUESTION, " between ", "write `from` a date `to` a date"},
    {HINT_QUESTION, " after since ",
     "write `within 90 days after e`, or `from` a date `to` a date"},
    {HINT_QUESTION, " in during ",
     "write `by` a date, `from` a date `to` a date, or `within 90 days after e`"},
    {HINT_QUESTION, " on ", "of one day: `... at 2024-03-04`"},
    {HINT_QUESTION, " if when ", "a condition on an answer stands behind `given`"},
    {HINT_STATEMENT, " increase increment add ", "write `x += 1`"},
    {HINT_STATEMENT, " decrease decrement reduce subtract ", "write `x -= 1`"},
    {HINT_STATEMENT, " set make put change becomes become ", "write `x = 1`"},
    {HINT_STATEMENT, " elif elseif elsif ", "write `else if`"},
    {HINT_STATEMENT, " otherwise ", "write `else`"},
    {HINT_STATEMENT, " while repeat loop ", "`each step` is what repeats"},
    {HINT_FORM, " probability chance likelihood will does is can ", "write `ever e`"},
    {HINT_FORM, " number how count ", "how often is `times e`, how much `x at end`"},
    {HINT_FORM, " average ", "write `mean x`"},
    {HINT_FORM, " highest worst largest maximum ", "write `max x`"},
    {HINT_FORM, " lowest smallest minimum ", "write `min x`"},
    {HINT_FORM, " when date ", "write `first e`"},
    {HINT_FIRST, " any all some count sum ",
     "over the members of a set: `any(m in SET: x[m])`, and so `all`, `count`, `sum`"},
    {HINT_FIRST, " that ", "leave `that` out"},
    {HINT_FIRST, " median quantile percentile ",
     "leave it out: of `x at end` the median and the quantiles are told"},
    {HINT_SECOND, " exceeds above over more greater higher larger ", "write `x > y`"},
    {HINT_SECOND, " below under less lower fewer smaller ", "write `x < y`"},
    {HINT_SECOND, " equals equal ", "write `x is y`"},
    {HINT_SECOND, " reaches ", "write `x is at least y`"},
    {HINT_SECOND, " chooses picks takes ", "write `d is a`: the decision, then its option"},
    {HINT_SECOND, " since ", "write `within 90 days after e`, or `from` a date `to` a date"},
    {HINT_SECOND, " happens occurs ", "leave it out: the name of an event says that it happens"},
    {HINT_SECOND, " day days week weeks month months year years hour hours ",
     "a number stands before a unit: `1 week`"},
};

const char *hint_other_words(HintPlace place, Str word)
{
    for (size_t i = 0; i < sizeof HINTS / sizeof HINTS[0]; i++) {
        Str words = str_of(HINTS[i].words);
        for (size_t at = 0; HINTS[i].place == place && at + word.n + 2 <= words.n; at++) {
            if (words.p[at] == ' ' && words.p[at + 1 + word.n] == ' ' &&
                str_eq(str_sub(words, at + 1, at + 1 + word.n), word)) {
                return HINTS[i].help;
            }
        }
    }
    return NULL;
}
