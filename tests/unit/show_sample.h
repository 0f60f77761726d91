// SPDX-License-Identifier: MIT
//
// An Answer made by hand, with one question of every kind, for the tests of what shows answers.
#pragma once
#include "answer/answer.h"
#include "base/date.h"

#define NOT_A_NUMBER __builtin_nan("")
#define TEXT(literal)                                                                              \
    {                                                                                              \
        (literal), sizeof(literal) - 1                                                             \
    } // STR for static tables

static inline Estimate estimate(double value, double half)
{
    return (Estimate){value, half, value - half, value + half};
}

static inline double day(int32_t year, int32_t month, int32_t day_of_month)
{
    return date_days((Civil){year, month, day_of_month});
}

static inline Item sample_flag(void)
{
    static const Mover movers[2] = {{TEXT("collapse"), {.41, .03, .38, .44}},
                                    {TEXT("fear[POL]"), {.22, .02, .2, .24}}};
    return (Item){.name = STR("troops_in"),
                  .text = STR("A NATO member openly stations combat troops in Ukraine"),
                  .asked = STR("ever any(s in senders: deployed[s])"),
                  .kind = ITEM_FLAG,
                  .value = estimate(.21312, .00098),
                  .band = {true, .081, .412, .13},
                  .word = STR("unlikely"),
                  .word_lo = .2,
                  .word_hi = .45,
                  .futures = 1048576,
                  .defined = estimate(1, 0),
                  .scale = 1,
                  .movers = movers,
                  .n_movers = 2,
                  .rule = STR("Announced by the sending government"),
                  .resolve_by = day(2025, 3, 3)};
}

static inline Item sample_condition(void)
{
    Item item = sample_flag();
    item.name = STR("if_line_breaks");
    item.text = STR("Once the line breaks, the same within half a year");
    item.value = (Estimate){.003127, .0004, .0028, .0035};
    item.band = (Band){true, 0, .0121, .006};
    item.word = STR("");
    item.futures = 327155;
    item.conditional = true;
    item.defined = estimate(.312, .0011);
    item.has_censored = true;
    item.censored = estimate(.041, .0004);
    item.n_movers = 0;
    item.rule = STR("");
    return item;
}

static inline Item sample_number(void)
{
    static const QuantileValue quantiles[5] = {{.05, {-34.2, .4, -34.6, -33.8}},
                                               {.25, {1.02, .2, .8, 1.2}},
                                               {.5, {12.34, .13, 12.2, 12.5}},
                                               {.75, {24.4, .2, 24.2, 24.6}},
                                               {.95, {65.3, .5, 64.8, 65.8}}};
    return (Item){.name = STR("front_end"),
                  .asked = STR("front at end"),
                  .kind = ITEM_NUMBER,
                  .value = estimate(13.127, .11),
                  .band = {true, 8.1, 20.2, 5},
                  .futures = 1048576,
                  .defined = estimate(1, 0),
                  .quantiles = quantiles,
                  .n_quantiles = 5,
                  .sd = 30,
                  .scale = 1,
                  .unit = STR("km"),
                  .resolve_by = NOT_A_NUMBER};
}

enum { SAMPLE_MONTHS = 13 };

static inline Item sample_date(void)
{
    static Incidence months[SAMPLE_MONTHS];
    static QuantileValue quantiles[3];
    const double points[3] = {day(2024, 4, 2), day(2024, 9, 14), day(2025, 2, 20)};
    for (int i = 0; i < SAMPLE_MONTHS; i++) {
        double share = i == 0 ? 0 : .21312 * i / (SAMPLE_MONTHS - 1);
        int32_t end = date_add_months(date_days((Civil){2024, 4, 1}), i) - 1;
        months[i] = (Incidence){end, {share, .001, share > 0 ? share - .001 : 0, share + .001}};
    }
    for (int i = 0; i < 3; i++) {
        double q = i == 0 ? .05 : i == 1 ? .5 : .95;
        quantiles[i] = (QuantileValue){q, estimate(points[i], 3)};
    }
    Item item = sample_flag();
    item.name = STR("when_in");
    item.text = STR("When");
    item.kind = ITEM_DATE;
    item.never = estimate(1 - .21312, .00098);
    item.incidence = months;
    item.n_incidence = SAMPLE_MONTHS;
    item.quantiles = quantiles;
    item.n_quantiles = 3;
    return item;
}

static inline Item sample_level(void)
{
    static const LevelShare levels[5] = {
        {TEXT("crisis"), {.0, .0, 0, 3.7e-6}, {true, 0, 0, 0}},
        {TEXT("limited_war"), {.785, .001, .784, .786}, {true, .58, .91, .1}},
        {TEXT("regional_war"), {.18, .001, .179, .181}, {true, .07, .35, .1}},
        {TEXT("direct_war"), {.034, .0004, .0336, .0344}, {true, .01, .08, .02}},
        {TEXT("nuclear_use"), {.00024, .00003, .00021, .00028}, {true, 0, .0006, .0003}}};
    return (Item){.name = STR("worst"),
                  .asked = STR("max level"),
                  .kind = ITEM_LEVEL,
                  .value = {NOT_A_NUMBER, NOT_A_NUMBER, NOT_A_NUMBER, NOT_A_NUMBER},
                  .futures = 1048576,
                  .defined = estimate(1, 0),
                  .levels = levels,
                  .n_levels = 5,
                  .scale = 1,
                  .resolve_by = NOT_A_NUMBER};
}

enum { SAMPLE_POINTS = 53 };

static inline Item sample_series(void)
{
    static SeriesPoint points[SAMPLE_POINTS];
    for (int i = 0; i < SAMPLE_POINTS; i++) {
        points[i] = (SeriesPoint){.date = day(2024, 3, 4) + 7 * i,
                                  .mean = estimate(.25 * i, .01 * i),
                                  .defined = 1,
                                  .q05 = -.7 * i,
                                  .q25 = -.1 * i,
                                  .q50 = .23 * i,
                                  .q75 = .5 * i,
                                  .q95 = 1.2 * i};
    }
    Item item = sample_number();
    item.name = STR("front_path");
    item.text = STR("The front through the year");
    item.kind = ITEM_SERIES;
    item.series_of = ITEM_NUMBER;
    item.points = points;
    item.n_points = SAMPLE_POINTS;
    item.n_quantiles = 0;
    return item;
}

static inline Item sample_unanswered(void)
{
    Item item = sample_flag();
    item.name = STR("if_moon");
    item.text = STR("If the moon falls");
    item.value = estimate(NOT_A_NUMBER, NOT_A_NUMBER);
    item.word = STR("");
    item.why = STR("the condition never occurred in 1,048,576 futures");
    item.rule = STR("");
    item.n_movers = 0;
    return item;
}

enum { SAMPLE_ITEMS = 7 };

// All in static memory: good until the next call.
static inline Answer sample_answer(void)
{
    static Item items[SAMPLE_ITEMS];
    static const PoolPart pool[2] = {{TEXT("korybko"), .333, TEXT("D")},
                                     {TEXT("riskline"), .667, TEXT("B")}};
    static const Remark remarks[1] = {
        {.text = TEXT("log of a number below 0 in 12 futures, first at world 7, future 3"),
         .command = TEXT("casus replay crisis.casus --seed 4 --world 7 --future 3")}};
    items[0] = sample_flag();
    items[1] = sample_condition();
    items[2] = sample_number();
    items[3] = sample_date();
    items[4] = sample_level();
    items[5] = sample_series();
    items[6] = sample_unanswered();
    return (Answer){.provenance = {.model_title = STR("Will anyone send troops?"),
                                   .model_path = STR("models/troops.casus"),
                                   .model_hash = STR("3f2a91c05e6f7a8b"),
                                   .version = STR("0.1.0"),
                                   .reading = STR("pool of 2 stories"),
                                   .seed = 0,
                                   .worlds = 65536,
                                   .futures_per_world = 16,
                                   .futures = 1048576,
                                   .futures_wanted = 1048576,
                                   .start = day(2024, 3, 4),
                                   .end = day(2025, 3, 3),
                                   .step = STR("weekly"),
                                   .seconds = 3.21,
                                   .threads = 2},
                    .pool = pool,
                    .n_pool = 2,
                    .items = items,
                    .n_items = SAMPLE_ITEMS,
                    .remarks = remarks,
                    .n_remarks = 1};
}
