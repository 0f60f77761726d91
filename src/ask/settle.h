// SPDX-License-Identifier: MIT
//
// From sums to an Answer: estimates with their errors, bands, quantiles, words, remarks.
#pragma once
#include "ask/closer.h"

// What a run ended with.
typedef struct {
    const Plan *plan;
    const RunOptions *options;
    const Layout *layout;
    double *const *sections;  // flat sums by section
    const Counts *counts;     // of all workers
    Closer *closer;           // for quantiles over time
    Incident **trouble;       // by telling, by state
    Incident **failures;      // by telling, by check
    Incident *odd;            // by asked: no finite number
    uint64_t n_failed;        // futures in which some check failed
    uint64_t futures, worlds; // done
    bool partial, interrupted;
    const char *saved_in; // its checkpoint, NULL: none was asked for
    Str not_saved;        // why the last attempt to save it failed, or empty
    double seconds;
    int32_t threads;
} RunEnd;

Provenance settle_provenance(Arena *arena, const Plan *plan); // all but what was done
// The grade of the source a story tells: "D", or empty.
Str settle_grade(Arena *arena, const Model *model, const View *view);
Str settle_reading(Arena *arena, const Plan *plan); // "pool of 5 stories, with fear = 2"
void settle_answer(Arena *arena, const RunEnd *outcome, Answer *answer);

// For a progress line and for --precision, from sums that may still grow: the probability or mean
// of one question, NaN for series and sets.
Estimate settle_estimate(const Plan *plan, const Layout *layout, double *const *sections,
                         int32_t asked);
