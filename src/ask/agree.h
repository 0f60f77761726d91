// SPDX-License-Identifier: MIT
//
// `casus check --agree`: sampled answers held against exact ones, value by value.
//
// The exact answer says how the sampled one must scatter, so that nothing is estimated on the way:
// a count of hits has a binomial tail, a quantile is a count of those below it, a mean has
// Chernoff's bound from the exact distribution (math/tail.h). None of it leans on a normal curve,
// so rare hits and lopsided numbers raise no false alarm. A value is off when what it shows has
// less than `alarm` divided by the number of values as its chance (Bonferroni): two right answers
// are told apart in at most so many runs, whatever the model.
//
// Futures of one world share what is unknown, so by default each has a world of its own; with more
// in a world, where worlds differ, worlds count as the trials, which sees less.
//
// Not held against each other: bands and movers (the sampled ones are estimates of another kind),
// the quantiles of questions over time (which have a coarse histogram), and checks.
#pragma once
#include "answer/agreement.h"
#include "ask/exact.h"

enum { AGREE_WORLDS = 65536 };

typedef struct {
    RunOptions run; // as for ask_run; worlds 0: AGREE_WORLDS, futures 0: 1
    ExactLimits limits;
    double alarm; // 0: 1 in 10,000
} AgreeOptions;

// ST_USAGE: no question has an exact answer, with the reason of the first. ST_INTERRUPTED: stopped
// before all exact answers were there. That they disagree is said
// in the Agreement; the status is ST_OK.
Status ask_agree(Arena *answer_arena, const Model *model, const AgreeOptions *options,
                 Agreement **agreement, Error *error);

// The same with the exact answers to all questions that `options->run` asks for, found before.
Status ask_agree_with(Arena *answer_arena, const Model *model, const Answer *exact,
                      const AgreeOptions *options, Agreement **agreement, Error *error);

// What the comparison must know beside the two answers.
typedef struct {
    double alarm;      // 0: 1 in 10,000
    bool clustered;    // worlds differ and hold several futures
    double date_grain; // days by which sampled quantiles of dates are rounded down, at most
} AgreeBasis;

// The same for answers that are there: of one model, with items in the same order.
Agreement *agree_answers(Arena *arena, const Answer *sampled, const Answer *exact,
                         const AgreeBasis *basis);
