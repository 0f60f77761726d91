// SPDX-License-Identifier: MIT
//
// An Agreement: the same questions answered by sampling and without, held against each other value
// by value, as plain data. Made in src/ask (agree.h says how it is judged), shown in src/show.
#pragma once
#include "answer/answer.h"

// How a value is written: a share of futures; a number in its question's unit; a date in days.
typedef enum { AGREE_CHANCE, AGREE_NUMBER, AGREE_DATE } AgreeForm;

typedef struct {
    Str what; // "chance", "mean", "rung war", "by 2024-06-30"
    AgreeForm form;
    double sampled, exact;
    double error;  // standard error of `sampled`; NaN: none is told
    double errors; // (sampled - exact) in standard errors; infinite when the error is 0; NaN of
                   // quantiles, which may lie on the edge between two values
    double chance; // at most: that a right sampler differs so much or more, either way
} AgreeValue;

typedef struct {
    Str name, text;
    Str why; // why it was not compared, or empty
    double scale;
    Str unit;
    uint64_t futures;         // that the sampled answer rests on
    const AgreeValue *values; // the first is the answer itself
    int32_t n_values;
    int32_t worst; // the value with the least chance, -1: none
    bool agrees;   // no value of it is beyond the bound
} AgreeItem;

typedef struct Agreement {
    Provenance sampled, exact;
    const AgreeItem *items;
    int32_t n_items;
    int32_t n_values, n_off; // compared; beyond the bound
    int32_t n_compared;      // questions
    int32_t worst;           // item with the least chance, -1: none was compared
    double alarm;            // the chance that two right answers are told apart, at most
    double bound;            // alarm / n_values: a value with less chance is off (Bonferroni 1936)
    double bound_errors;     // as many standard errors, where a normal curve holds
    const Remark *remarks;
    int32_t n_remarks;
    bool agrees;
} Agreement;
