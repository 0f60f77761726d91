// SPDX-License-Identifier: MIT
//
// The rows: part is answer, quantile, level, by_month, never, at_start, over_time, mover, behind or
// cut_off; key names the quantile, level or unknown; date stands where a number belongs to one.
#include "show/show_csv.h"

#include <inttypes.h>

#include "base/num.h"
#include "show/show_num.h"

typedef struct {
    const char *part;
    Str key;
    double date; // NaN: none
    Estimate value;
    Band band;
    double scale;
    Str unit;
    bool is_date; // the value is a day; its half width is in days
} Row;

// A field, quoted when it must be. Cells that a spreadsheet would take for a formula are quoted but
// otherwise left as they are: data stays data.
void csv_add_field(Buf *buf, Str text)
{
    bool quote = false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        quote = quote || c == ',' || c == '"' || c == '\n' || c == '\r';
    }
    if (!quote) {
        buf_add(buf, text);
        return;
    }
    buf_char(buf, '"');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"') {
            buf_char(buf, '"');
        }
        buf_char(buf, text.p[i]);
    }
    buf_char(buf, '"');
}

// Not a number is an empty field.
static void add_number(Buf *buf, double x)
{
    if (x == x) {
        buf_add(buf, num_shortest(buf->arena, x));
    }
    buf_char(buf, ',');
}

static void add_day(Buf *buf, double days)
{
    if (days == days) {
        buf_add(buf, num_date(buf->arena, days));
    }
    buf_char(buf, ',');
}

static void add_run(Buf *buf, const Item *item, const Provenance *run)
{
    buf_addf(buf, "%" PRIu64 ",", item->futures);
    csv_add_field(buf, run->model_hash);
    buf_addf(buf, ",%" PRIu64 ",", run->seed);
    csv_add_field(buf, run->version);
    buf_addf(buf, ",%" PRIu64 ",%" PRIu64 "\n", run->worlds, run->futures_per_world);
}

static void add_row(Buf *buf, const Item *item, const Provenance *run, Row row)
{
    csv_add_field(buf, item->name);
    buf_addf(buf, ",%s,", row.part);
    csv_add_field(buf, row.key);
    buf_char(buf, ',');
    add_day(buf, row.date);
    if (row.is_date) {
        add_day(buf, row.value.value);
        add_number(buf, row.value.half);
        add_day(buf, row.value.lo);
        add_day(buf, row.value.hi);
    } else {
        add_number(buf, row.value.value * row.scale);
        add_number(buf, row.value.half * row.scale);
        add_number(buf, row.value.lo * row.scale);
        add_number(buf, row.value.hi * row.scale);
    }
    add_number(buf, row.band.known ? row.band.lo * row.scale : __builtin_nan(""));
    add_number(buf, row.band.known ? row.band.hi * row.scale : __builtin_nan(""));
    csv_add_field(buf, row.unit);
    buf_char(buf, ',');
    add_run(buf, item, run);
}

static Row chance_row(const char *part, Str key, Estimate value)
{
    return (Row){.part = part, .key = key, .date = __builtin_nan(""), .value = value, .scale = 1};
}

static Row number_row(const char *part, Str key, Estimate value, const Item *item)
{
    Row row = chance_row(part, key, value);
    row.scale = item->scale;
    row.unit = item->unit;
    return row;
}

static Estimate bare(double x)
{
    return (Estimate){x, __builtin_nan(""), __builtin_nan(""), __builtin_nan("")};
}

static void add_answer(Buf *buf, const Item *item, const Provenance *run)
{
    if (item->kind == ITEM_LEVEL || item->kind == ITEM_SERIES) {
        return;
    }
    Row row = item->kind == ITEM_NUMBER ? number_row("answer", STR("mean"), item->value, item)
                                        : chance_row("answer", STR("chance"), item->value);
    row.band = item->band;
    add_row(buf, item, run, row);
    if (item->has_tied) {
        add_row(buf, item, run, chance_row("same_step", STR(""), item->tied));
    }
    if (item->kind == ITEM_DATE) {
        add_row(buf, item, run, chance_row("never", STR(""), item->never));
    }
    if (item->kind == ITEM_NUMBER) {
        add_row(buf, item, run, number_row("sd", STR(""), bare(item->sd), item));
    }
}

static void add_quantiles(Buf *buf, const Item *item, const Provenance *run)
{
    for (int32_t i = 0; i < item->n_quantiles; i++) {
        const QuantileValue *q = &item->quantiles[i];
        Row row = number_row("quantile", num_shortest(buf->arena, q->q), q->value, item);
        row.is_date = item->kind == ITEM_DATE;
        add_row(buf, item, run, row);
    }
}

// The first point is the start of the run and has the date of the first step, as the second has.
static void add_point(Buf *buf, const Item *item, const Provenance *run, const SeriesPoint *point)
{
    const char *part = point == item->points ? "at_start" : "over_time";
    if (item->series_of == ITEM_LEVEL) {
        for (int32_t i = 0; point->shares && i < item->n_levels; i++) {
            Row row = chance_row(part, item->level_names[i], bare(point->shares[i]));
            row.date = point->date;
            add_row(buf, item, run, row);
        }
        return;
    }
    bool is_flag = item->series_of == ITEM_FLAG;
    Row row = is_flag ? chance_row(part, STR("share"), point->mean)
                      : number_row(part, STR("mean"), point->mean, item);
    row.date = point->date;
    add_row(buf, item, run, row);
    const double quantiles[5] = {point->q05, point->q25, point->q50, point->q75, point->q95};
    static const char *const names[5] = {"0.05", "0.25", "0.5", "0.75", "0.95"};
    for (int i = 0; i < 5 && !is_flag; i++) {
        row = number_row(part, str_of(names[i]), bare(quantiles[i]), item);
        row.date = point->date;
        add_row(buf, item, run, row);
    }
}

static void add_item(Buf *buf, const Item *item, const Provenance *run)
{
    add_answer(buf, item, run);
    add_quantiles(buf, item, run);
    for (int32_t i = 0; item->kind == ITEM_LEVEL && i < item->n_levels; i++) {
        Row row = chance_row("level", item->levels[i].name, item->levels[i].share);
        row.band = item->levels[i].band;
        add_row(buf, item, run, row);
    }
    for (int32_t i = 0; i < item->n_incidence; i++) {
        Row row = chance_row("by_month", STR(""), item->incidence[i].share);
        row.date = item->incidence[i].date;
        add_row(buf, item, run, row);
    }
    for (int32_t i = 0; i < item->n_points; i++) {
        add_point(buf, item, run, &item->points[i]);
    }
    for (int32_t i = 0; i < item->n_movers; i++) {
        add_row(buf, item, run, chance_row("mover", item->movers[i].name, item->movers[i].share));
    }
    if (item->conditional) {
        add_row(buf, item, run, chance_row("behind", STR(""), item->defined));
    }
    if (item->has_censored) {
        add_row(buf, item, run, chance_row("cut_off", STR(""), item->censored));
    }
}

void show_csv(Buf *buf, const Answer *answer)
{
    buf_add(buf, STR("question,part,key,date,value,half,lo,hi,band_lo,band_hi,unit,futures,"
                     "model,seed,version,worlds,futures_per_world\n"));
    for (int32_t i = 0; i < answer->n_items; i++) {
        add_item(buf, &answer->items[i], &answer->provenance);
    }
}
