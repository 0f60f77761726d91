// SPDX-License-Identifier: MIT
//
// Tables by date, and the sparkline above them.
#include "show/show_table.h"

#include "base/date.h"
#include "base/error.h"
#include "show/show_num.h"

enum { INDENT = 2, HANG = 4, MONTH_WIDTH = 7, MONTHS_A_ROW = 13, DATE_WIDTH = 10, ROWS = 9 };
enum { SPARK_MOST = 60, RUNG_DATES = 6 };

// ---- Cumulative incidence by month
// -----------------------------------------------------------------

// The day a cumulative share stands at the end of.
static Civil day_of(double date)
{
    int32_t days = (int32_t)date;
    return date_civil(days > date ? days - 1 : days); // the day before, for dates before 1970
}

// Are these steps of hours?
static bool by_hours(const Item *item)
{
    for (int32_t i = 0; i < item->n_incidence; i++) {
        if (num_has_time(item->incidence[i].date)) {
            return true;
        }
    }
    return false;
}

// "3 Mar"
static Str day_label(Arena *arena, double date)
{
    Str name = str_sub(date_text_month(arena, date), 0, 3);
    return str_format(arena, "%d %.*s", (int)day_of(date).day, STR_ARG(name));
}

static void add_years(Buf *buf, const Item *item, int32_t from, int32_t to, int32_t stride)
{
    Buf line = {.arena = buf->arena};
    buf_pad(&line, ' ', HANG);
    bool hours = by_hours(item);
    int32_t said = 0;
    for (int32_t i = from; i < to; i += stride) {
        double date = item->incidence[i].date;
        int32_t here = hours ? day_of(date).day : day_of(date).year;
        Str text = here == said ? STR("")
                   : hours      ? day_label(buf->arena, date)
                                : str_format(buf->arena, "%d", (int)here);
        show_cell_right(&line, text, MONTH_WIDTH);
        said = here;
    }
    Str all = buf_str(&line);
    while (all.n && all.p[all.n - 1] == ' ') {
        all.n--;
    }
    buf_add(buf, all);
    buf_char(buf, '\n');
}

// In a short run each step has its date; otherwise they are ends of months, and last the run's end.
static bool by_months(const Item *item)
{
    const double SHORTEST_MONTH = 28;
    return item->n_incidence < 3 ||
           item->incidence[1].date - item->incidence[0].date >= SHORTEST_MONTH;
}

// Does a date stand for a step that is not the day it names?
static bool by_steps(const Item *item)
{
    return by_hours(item) ||
           (!by_months(item) && item->incidence[1].date - item->incidence[0].date > 1);
}

// "Mar", or "3 Mar" for a day that does not end its month, or "06:00".
static Str month_label(Arena *arena, const Item *item, double date)
{
    if (by_hours(item)) {
        Str text = date_text(arena, date, true);
        return str_sub(text, text.n - 5, text.n);
    }
    Civil day = day_of(date);
    bool ends = by_months(item) && day.day == date_days_in_month(day.year, day.month);
    return ends ? str_sub(date_text_month(arena, date), 0, 3) : day_label(arena, date);
}

// One decimal when the error supports it everywhere, so that a row is read at one precision.
static int row_decimals(const Item *item)
{
    for (int32_t i = 0; i < item->n_incidence; i++) {
        if (!(item->incidence[i].share.half < 0.005)) {
            return 0;
        }
    }
    return 1;
}

static void add_months(Buf *buf, const Item *item, int32_t from, int32_t to, int32_t stride)
{
    int decimals = row_decimals(item);
    buf_pad(buf, ' ', HANG);
    for (int32_t i = from; i < to; i += stride) {
        Str label = month_label(buf->arena, item, item->incidence[i].date);
        show_cell_right(buf, label, MONTH_WIDTH);
    }
    buf_char(buf, '\n');
    buf_pad(buf, ' ', HANG);
    for (int32_t i = from; i < to; i += stride) {
        show_cell_right(buf, num_chance_cell(buf->arena, item->incidence[i].share, decimals),
                        MONTH_WIDTH);
    }
    buf_char(buf, '\n');
}

void show_incidence(Buf *buf, const Item *item, const ShowStyle *style)
{
    (void)style;
    if (item->n_incidence < 2) {
        return;
    }
    // Two rows at most: beyond two years every second, third ... month, the last one always.
    int32_t stride = (item->n_incidence + 2 * MONTHS_A_ROW - 1) / (2 * MONTHS_A_ROW);
    int32_t first = (item->n_incidence - 1) % stride;
    buf_pad(buf, ' ', INDENT);
    buf_add(buf, by_steps(item) ? STR("has happened by the end of the step of, % of futures\n")
                                : STR("has happened by the end of, % of futures\n"));
    for (int32_t i = first; i < item->n_incidence; i += MONTHS_A_ROW * stride) {
        int32_t to = i + MONTHS_A_ROW * stride;
        to = to < item->n_incidence ? to : item->n_incidence;
        add_years(buf, item, i, to, stride);
        add_months(buf, item, i, to, stride);
    }
}

// ---- Over time
// -------------------------------------------------------------------------------------

// Index of the i-th of n dates spread evenly over all points, ends included.
static int32_t pick(const Item *item, int32_t i, int32_t n)
{
    if (n < 2) {
        return 0;
    }
    return (int32_t)(((int64_t)i * (item->n_points - 1) + (n - 1) / 2) / (n - 1));
}

static int32_t at_most(const Item *item, int32_t most)
{
    return item->n_points < most ? item->n_points : most;
}

// The line a sparkline follows.
static double middle(const Item *item, const SeriesPoint *point)
{
    return item->series_of == ITEM_NUMBER ? point->q50 : point->mean.value;
}

static void spark_range(const Item *item, double *lo, double *hi)
{
    *lo = 1e300;
    *hi = -1e300;
    for (int32_t i = 0; i < item->n_points; i++) {
        double y = middle(item, &item->points[i]);
        *lo = y < *lo ? y : *lo;
        *hi = y > *hi ? y : *hi;
    }
    if (item->series_of == ITEM_FLAG && *lo <= *hi) {
        *lo = 0; // a share is seen against nothing, not against its own lowest
    }
}

static void add_spark(Buf *buf, const Item *item, const ShowStyle *style)
{
    static const char *const blocks[8] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    double lo, hi;
    spark_range(item, &lo, &hi);
    if (!style->utf8 || !(hi > lo) || item->n_points < 4) {
        return;
    }
    buf_pad(buf, ' ', HANG);
    int32_t n = at_most(item, SPARK_MOST);
    for (int32_t i = 0; i < n; i++) {
        double y = middle(item, &item->points[pick(item, i, n)]);
        int level = y == y ? (int)((y - lo) / (hi - lo) * 7.999) : -1;
        ASSERT(level < 8);
        buf_add(buf, level < 0 ? STR(" ") : str_of(blocks[level]));
    }
    buf_addf(buf, "  %s\n", item->series_of == ITEM_NUMBER ? "median" : "share of futures");
}

// A point stands for the end of the step that begins on its date; the first for the start of the
// run.
static Str point_label(Arena *arena, const Item *item, int32_t point)
{
    return point == 0 ? STR("start") : num_date(arena, item->points[point].date);
}

static size_t date_width(const Item *item)
{
    for (int32_t i = 0; i < item->n_points; i++) {
        if (num_has_time(item->points[i].date)) {
            return DATE_WIDTH + 6;
        }
    }
    return DATE_WIDTH;
}

static void add_date_cell(Buf *buf, const Item *item, int32_t point)
{
    buf_pad(buf, ' ', HANG);
    show_cell_left(buf, point_label(buf->arena, item, point), date_width(item));
}

static void add_flag_rows(Buf *buf, const Item *item, const ShowStyle *style)
{
    int32_t n = at_most(item, ROWS);
    for (int32_t i = 0; i < n; i++) {
        const SeriesPoint *point = &item->points[pick(item, i, n)];
        add_date_cell(buf, item, pick(item, i, n));
        buf_add(buf, STR("  "));
        num_add_chance(buf, style, point->mean);
        buf_char(buf, '\n');
    }
}

// Decimals that tell the fan's values apart at its widest.
static int fan_decimals(const Item *item)
{
    double lo = 1e300, hi = -1e300;
    for (int32_t i = 0; i < item->n_points; i++) {
        lo = item->points[i].q05 < lo ? item->points[i].q05 : lo;
        hi = item->points[i].q95 > hi ? item->points[i].q95 : hi;
    }
    return hi > lo ? num_spread_decimals((hi - lo) * item->scale) : 2;
}

// Counts and the like: what a single future has is whole, and so are quantiles.
static bool is_whole(const Item *item)
{
    for (int32_t i = 0; i < item->n_points; i++) {
        const SeriesPoint *p = &item->points[i];
        if (!num_is_whole(p->q05 * item->scale) || !num_is_whole(p->q50 * item->scale) ||
            !num_is_whole(p->q95 * item->scale)) {
            return false;
        }
    }
    return true;
}

static void add_number_rows(Buf *buf, const Item *item)
{
    static const char *const heads[6] = {"5 %", "25 %", "median", "75 %", "95 %", "mean"};
    int decimals = fan_decimals(item), most = is_whole(item) && decimals > 0 ? 0 : decimals;
    int32_t n = at_most(item, ROWS);
    buf_pad(buf, ' ', HANG + date_width(item));
    for (int i = 0; i < 6; i++) {
        show_cell_right(buf, str_of(heads[i]), 11);
    }
    buf_char(buf, '\n');
    for (int32_t i = 0; i < n; i++) {
        const SeriesPoint *p = &item->points[pick(item, i, n)];
        double values[6] = {p->q05, p->q25, p->q50, p->q75, p->q95, p->mean.value};
        add_date_cell(buf, item, pick(item, i, n));
        for (int k = 0; k < 6; k++) {
            Str text = num_rounded(buf->arena, values[k] * item->scale, k < 5 ? most : decimals);
            show_cell_right(buf, text, 11);
        }
        buf_char(buf, '\n');
    }
}

static size_t widest_level(const Item *item, Arena *arena)
{
    size_t widest = 0;
    for (int32_t i = 0; i < item->n_levels; i++) {
        size_t width = str_display_width(show_safe(arena, item->level_names[i]));
        widest = width > widest ? width : widest;
    }
    return widest;
}

// Shares of rungs come without an error. What no future had is rarer than 3 in their number (the
// "rule of three", 95 %); of an exact answer there are no futures, and nothing is nothing.
static Estimate share_of(const Item *item, const SeriesPoint *point, int32_t level)
{
    double share = point->shares ? point->shares[level] : __builtin_nan("");
    double unseen = item->futures > 3 ? 3.0 / (double)item->futures : item->futures > 0 ? 1 : 0;
    return (Estimate){share, 0, share >= 1 ? 1 - unseen : share, share <= 0 ? unseen : share};
}

// Rungs down, dates across: names are long and dates are not.
static void add_level_rows(Buf *buf, const Item *item)
{
    size_t width = widest_level(item, buf->arena), column = date_width(item) + 2;
    int32_t n = at_most(item, RUNG_DATES);
    buf_pad(buf, ' ', HANG + width);
    for (int32_t i = 0; i < n; i++) {
        show_cell_right(buf, point_label(buf->arena, item, pick(item, i, n)), column);
    }
    buf_char(buf, '\n');
    for (int32_t level = 0; level < item->n_levels; level++) {
        buf_pad(buf, ' ', HANG);
        show_cell_left(buf, show_safe(buf->arena, item->level_names[level]), width);
        for (int32_t i = 0; i < n; i++) {
            const SeriesPoint *point = &item->points[pick(item, i, n)];
            Estimate share = share_of(item, point, level);
            show_cell_right(buf, num_chance_cell(buf->arena, share, 1), column);
        }
        buf_char(buf, '\n');
    }
}

// What has no value in some futures (a choice not yet made) is told of the others.
static void add_basis(Buf *buf, const Item *item)
{
    const double ALL = 1 - 1e-12;
    double end = item->points[item->n_points - 1].defined;
    bool some = false;
    for (int32_t i = 0; i < item->n_points; i++) {
        some = some || item->points[i].defined < ALL;
    }
    if (some) {
        buf_add(buf, STR(", of those with a value by then (at the end "));
        buf_add(buf, end < ALL ? num_chance_cell(buf->arena, (Estimate){end, 0, end, end}, 1)
                               : STR("100"));
        buf_add(buf, STR(" %)"));
    }
    buf_char(buf, '\n');
}

void show_series(Buf *buf, const Item *item, const ShowStyle *style)
{
    if (item->n_points == 0) {
        return;
    }
    buf_pad(buf, ' ', INDENT);
    if (item->series_of == ITEM_LEVEL) {
        buf_add(buf, STR("over time, % of futures on each"));
        add_basis(buf, item);
        add_level_rows(buf, item);
        return;
    }
    buf_add(buf, item->series_of == ITEM_FLAG ? STR("over time, share of futures")
                                              : STR("over time, the spread of futures"));
    if (item->series_of == ITEM_NUMBER && item->unit.n) {
        buf_add(buf, STR(", in"));
        num_add_unit(buf, item->unit);
    }
    add_basis(buf, item);
    add_spark(buf, item, style);
    if (item->series_of == ITEM_FLAG) {
        add_flag_rows(buf, item, style);
    } else {
        add_number_rows(buf, item);
    }
}
