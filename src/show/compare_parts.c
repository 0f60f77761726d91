// SPDX-License-Identifier: MIT
//
// Numbers of a Comparison in words.
#include "show/compare_parts.h"

#include "base/num.h"
#include "show/show_num.h"

static bool is_nan(double x)
{
    return x != x;
}

static double size_of(double x)
{
    return x < 0 ? -x : x;
}

static bool is_chance(const CompareItem *item)
{
    return item->kind != ITEM_NUMBER;
}

// The nearest number with the digits an error leaves.
static double rounded(double x, double half)
{
    int decimals = num_precision(half).decimals;
    double unit = 1;
    for (int i = 0; i < (decimals < 0 ? -decimals : decimals); i++) {
        unit = decimals < 0 ? unit * 10 : unit / 10;
    }
    double n = x / unit;
    if (decimals >= NUM_ALL || size_of(n) > 1e15) {
        return x;
    }
    return (double)(int64_t)(n + (n < 0 ? -0.5 : 0.5)) * unit;
}

// Does a rare chance, or a rare exception, rest on so few futures that it means nothing without its
// error? An interval that spans a factor of 4 comes of eight futures or fewer.
static bool is_rough(Estimate e)
{
    const double factor = 4;
    return e.value < 0.5 ? e.hi > factor * e.lo : 1 - e.lo > factor * (1 - e.hi);
}

static void add_chance(Buf *buf, const ShowStyle *style, Estimate e)
{
    if (!(e.value >= 0.01 && e.value <= 0.99)) {
        if (e.value <= 0 || e.value >= 1 || is_rough(e)) {
            num_add_chance(buf, style, e);
            return;
        }
        num_add_chance(buf, style, (Estimate){e.value, 0, e.value, e.value});
        return;
    }
    Precision precision = num_precision(e.half * 100);
    int decimals = precision.decimals > 1 ? 1 : precision.decimals < 0 ? 0 : precision.decimals;
    buf_addf(buf, "%.*s %%", STR_ARG(num_rounded(buf->arena, e.value * 100, decimals)));
}

Str compare_brief(Arena *arena, const ShowStyle *style, const CompareItem *item, Estimate e)
{
    Buf buf = {.arena = arena};
    if (is_chance(item)) {
        add_chance(&buf, style, e);
    } else {
        double shown = rounded(e.value * item->scale, size_of(e.half * item->scale));
        Estimate plain = {shown, 0, shown, shown};
        num_add_value(&buf, style, plain, 1, item->unit, NUM_ALL);
    }
    return buf_str(&buf);
}

Str compare_value(Arena *arena, const ShowStyle *style, const CompareItem *item, Estimate e)
{
    Buf buf = {.arena = arena};
    if (is_chance(item)) {
        num_add_chance(&buf, style, e);
    } else {
        num_add_value(&buf, style, e, item->scale, item->unit, NUM_ALL);
    }
    return buf_str(&buf);
}

Str compare_cell(Arena *arena, const ShowStyle *style, const CompareItem *item,
                 const CompareCell *cell)
{
    if (cell->why.n) {
        return STR("no answer");
    }
    if (compare_too_few(item, cell)) {
        return str_format(arena, "too few futures (%.*s)",
                          STR_ARG(num_grouped(arena, (double)cell->futures, 0)));
    }
    return compare_value(arena, style, item, cell->value);
}

// "13.9 points ±0.4"; the sign of a number, or none.
static void add_points(Buf *buf, const ShowStyle *style, Estimate d, bool sign)
{
    double value = sign ? d.value : size_of(d.value);
    Estimate shown = {value, d.half, d.lo, d.hi};
    if (sign && value > 0) {
        buf_char(buf, '+');
    }
    num_add_value(buf, style, shown, 100, STR("points"), 3);
}

static void add_amount(Buf *buf, const ShowStyle *style, const CompareItem *item, Estimate d,
                       bool sign)
{
    double scaled = d.value * item->scale;
    Estimate shown = {sign ? scaled : size_of(scaled), size_of(d.half * item->scale), 0, 0};
    if (sign && scaled > 0) {
        buf_char(buf, '+');
    }
    num_add_value(buf, style, shown, 1, item->unit, NUM_ALL);
}

static void add_factor(Buf *buf, const ShowStyle *style, Estimate factor)
{
    int decimals = factor.value < 10 ? factor.value < 1 ? 2 : 1 : 0;
    Arena *arena = buf->arena;
    buf_addf(buf, "%.*s times (%.*s%.*s%.*s)", STR_ARG(num_rounded(arena, factor.value, decimals)),
             STR_ARG(num_rounded(arena, factor.lo, decimals)), STR_ARG(glyph_dash(style)),
             STR_ARG(num_rounded(arena, factor.hi, decimals)));
}

static Estimate turned(Estimate factor)
{
    return (Estimate){1 / factor.value, 0, 1 / factor.hi, 1 / factor.lo};
}

// Rare things are told by how many times the one is the other.
static bool tells_factor(const CompareItem *item, const Gap *gap, int32_t a, int32_t b)
{
    double p = item->cells[a].value.value, q = item->cells[b].value.value;
    return is_chance(item) && !is_nan(gap->factor.value) && p < 0.01 && q < 0.01;
}

static void add_none(Buf *buf, const ShowStyle *style, const CompareItem *item, const Gap *gap)
{
    double half = gap->difference.half;
    if (half == 0) {
        buf_add(buf, STR("none"));
        return;
    }
    Precision precision = num_precision(half * (is_chance(item) ? 100 : size_of(item->scale)));
    int decimals = precision.decimals < 0 ? 0 : precision.decimals > 4 ? 4 : precision.decimals;
    buf_addf(buf, "none found (%.*s%.*s", STR_ARG(glyph_plus_minus(style)),
             STR_ARG(num_rounded(buf->arena, precision.half, decimals)));
    num_add_unit(buf, is_chance(item) ? STR("points") : item->unit);
    buf_char(buf, ')');
}

Str compare_gap_text(Arena *arena, const ShowStyle *style, const CompareItem *item, int32_t n,
                     int32_t a, int32_t b)
{
    const Gap *gap = &item->gaps[a * n + b];
    Buf buf = {.arena = arena};
    if (!gap->known) {
        const CompareCell *cell = &item->cells[a];
        bool nothing = cell->why.n > 0 || item->cells[b].why.n > 0 || compare_too_few(item, cell);
        return nothing ? STR("-") : STR("too few futures");
    }
    if (gap->errors <= GAP_UNSURE_ERRORS) {
        add_none(&buf, style, item, gap);
        return buf_str(&buf);
    }
    buf_add(&buf, gap->found ? STR("") : STR("perhaps "));
    if (tells_factor(item, gap, a, b)) {
        add_factor(&buf, style, gap->factor);
    } else if (is_chance(item)) {
        add_points(&buf, style, gap->difference, true);
    } else {
        add_amount(&buf, style, item, gap->difference, true);
    }
    return buf_str(&buf);
}

Str compare_apart(Arena *arena, const ShowStyle *style, const CompareItem *item, int32_t n)
{
    const Gap *gap = &item->gaps[item->high * n + item->low];
    Buf buf = {.arena = arena};
    if (tells_factor(item, gap, item->high, item->low)) {
        add_factor(&buf, style, gap->factor.value < 1 ? turned(gap->factor) : gap->factor);
    } else if (is_chance(item)) {
        add_points(&buf, style, gap->difference, false);
    } else {
        add_amount(&buf, style, item, gap->difference, false);
    }
    return buf_str(&buf);
}

Str compare_percent(Arena *arena, const ShowStyle *style, Estimate share)
{
    Buf buf = {.arena = arena};
    double half = share.half * 100;
    if (is_nan(share.value)) {
        return STR("?");
    }
    buf_addf(&buf, "%.*s %%", STR_ARG(num_rounded(arena, share.value * 100, 0)));
    if (half == half) {
        buf_addf(&buf, " %.*s%.*s", STR_ARG(glyph_plus_minus(style)),
                 STR_ARG(num_rounded(arena, half < 1 ? 1 : half, 0)));
    }
    return buf_str(&buf);
}

Str compare_column(Arena *arena, const Comparison *c, int32_t column)
{
    const CompareColumn *col = &c->columns[column];
    Str name = show_safe(arena, col->name);
    if (col->role != COLUMN_SET) {
        return name;
    }
    return str_format(arena, "%.*s, changed", STR_ARG(name));
}

Str compare_said(Arena *arena, const ShowStyle *style, const Coherence *s)
{
    Buf buf = {.arena = arena};
    bool words = s->says.words.n > 0;
    if (words) {
        buf_char(&buf, '"');
        buf_add_safe(&buf, s->says.words, false);
        buf_add(&buf, STR("\" ("));
    }
    num_add_odds(&buf, style, s->says.lo, s->says.hi);
    buf_add(&buf, words ? STR(")") : STR(""));
    return buf_str(&buf);
}

Str compare_title(Arena *arena, const CompareItem *item)
{
    Str title = show_safe(arena, item->text.n ? item->text : item->asked);
    return str_format(arena, "%.*s [%.*s]", STR_ARG(title), STR_ARG(show_safe(arena, item->name)));
}
