// SPDX-License-Identifier: MIT
//
// One question of a run as text: heading, answer, what it rests on, what moves it.
// Tables by date are in show_table.c.
#include <inttypes.h>

#include "base/num.h"
#include "show/show_num.h"
#include "show/show_run.h"
#include "show/show_table.h"

enum { INDENT = 2, HANG = 4, BAR_WIDTH = 20 };

static bool is_nan(double x)
{
    return x != x;
}

static void add_heading(Buf *buf, const Item *item, const ShowStyle *style)
{
    Str title = show_safe(buf->arena, item->text.n ? item->text : item->asked);
    Str name = show_safe(buf->arena, item->name);
    ink_bold(buf, style);
    show_paragraph(buf, style, 0, HANG,
                   str_format(buf->arena, "%.*s [%.*s]", STR_ARG(title), STR_ARG(name)));
    ink_off(buf, style);
}

static void end_line(Buf *line, Buf *buf, const ShowStyle *style)
{
    show_paragraph(buf, style, INDENT, HANG, buf_str(line));
}

// "unlikely (20–45 %): "
static void add_word(Buf *line, const Item *item, const ShowStyle *style)
{
    if (item->word.n == 0) {
        return;
    }
    buf_add_safe(line, item->word, false);
    buf_addf(line,
             " (%.*s%.*s%.*s %%): ", STR_ARG(num_rounded(line->arena, item->word_lo * 100, 0)),
             STR_ARG(glyph_dash(style)), STR_ARG(num_rounded(line->arena, item->word_hi * 100, 0)));
}

static void add_band(Buf *line, Band band, const ShowStyle *style)
{
    if (num_band_is_nothing(band)) {
        buf_add(line, STR(", next to never in 9 of 10 worlds"));
    } else if (band.known && band.hi > band.lo) {
        buf_add(line, STR(", "));
        num_add_chance_band(line, style, band);
        buf_add(line, STR(" over what we do not know"));
    }
}

static void add_flag(Buf *buf, const Item *item, const ShowStyle *style)
{
    Buf line = {.arena = buf->arena};
    add_word(&line, item, style);
    num_add_chance(&line, style, item->value);
    add_band(&line, item->band, style);
    end_line(&line, buf, style);
    if (item->has_tied) {
        Buf tied = {.arena = buf->arena};
        buf_add(&tied, STR("in the same step, neither before the other: "));
        num_add_chance(&tied, style, item->tied);
        end_line(&tied, buf, style);
    }
}

// ---- Numbers and dates --------------------------------------------------------------------------

static const QuantileValue *quantile(const Item *item, double q)
{
    for (int32_t i = 0; i < item->n_quantiles; i++) {
        double off = item->quantiles[i].q - q;
        if (off > -1e-9 && off < 1e-9) {
            return &item->quantiles[i];
        }
    }
    return NULL;
}

// Counts and the like.
static bool is_whole(const Item *item)
{
    for (int32_t i = 0; i < item->n_quantiles; i++) {
        if (!num_is_whole(item->quantiles[i].value.value * item->scale)) {
            return false;
        }
    }
    return item->n_quantiles > 0;
}

// Decimals that tell the bulk of this item's values apart.
static int item_decimals(const Item *item)
{
    const QuantileValue *lo = quantile(item, 0.05), *hi = quantile(item, 0.95);
    if (!lo || !hi) {
        return num_spread_decimals(item->sd * item->scale * 3.29); // 5 % to 95 % of a normal
    }
    return num_spread_decimals((hi->value.value - lo->value.value) * item->scale);
}

// No more digits than an error leaves.
static int supported(int decimals, double half)
{
    int most = num_precision(half < 0 ? -half : half).decimals;
    return most < decimals ? most : decimals;
}

// "90 % of futures between -34 and 65 km"; false when all of them lie where the median does.
static bool add_between(Buf *line, const Item *item, const char *who, double q, int decimals)
{
    const QuantileValue *lo = quantile(item, q), *hi = quantile(item, 1 - q);
    if (!lo || !hi || is_nan(lo->value.value) || is_nan(hi->value.value)) {
        return true;
    }
    double a = lo->value.value * item->scale, b = hi->value.value * item->scale;
    decimals = supported(decimals, lo->value.half * item->scale);
    decimals = supported(decimals, hi->value.half * item->scale);
    Str low = num_rounded(line->arena, a < b ? a : b, decimals);
    Str high = num_rounded(line->arena, a < b ? b : a, decimals);
    if (str_eq(low, high)) {
        buf_addf(line, ", %s there", who); // where the median is
        return false;
    }
    buf_addf(line, "%s%s between %.*s and %.*s", line->n ? ", " : "", who, STR_ARG(low),
             STR_ARG(high));
    num_add_unit(line, item->unit);
    return true;
}

static void add_number_band(Buf *line, const Item *item)
{
    if (!item->band.known || !(item->band.hi > item->band.lo)) {
        return;
    }
    double lo = item->band.lo * item->scale, hi = item->band.hi * item->scale;
    int decimals = num_spread_decimals(hi - lo);
    buf_addf(line, ", %.*s to %.*s", STR_ARG(num_rounded(line->arena, lo < hi ? lo : hi, decimals)),
             STR_ARG(num_rounded(line->arena, lo < hi ? hi : lo, decimals)));
    num_add_unit(line, item->unit);
    buf_add(line, STR(" over what we do not know"));
}

// Decimals that leave six digits.
static int six_digits(double x)
{
    int decimals = num_is_whole(x) ? 0 : 5;
    for (double size = x < 0 ? -x : x; decimals > 0 && size >= 10; size /= 10) {
        decimals--;
    }
    return decimals;
}

// Where nothing is drawn, or nothing that matters: one figure instead of a median, a range, a mean.
static bool add_certain(Buf *buf, const Item *item, const ShowStyle *style)
{
    // A spread worked out from sums of squares is known to the root of what they are known to.
    double size = item->value.value < 0 ? -item->value.value : item->value.value;
    if (item->n_quantiles == 0 || !(item->sd <= 1e-6 * size)) {
        return false;
    }
    Buf line = {.arena = buf->arena};
    num_add_value(&line, style, (Estimate){.value = item->value.value}, item->scale, item->unit,
                  six_digits(item->value.value * item->scale));
    buf_add(&line, STR(" in every future"));
    end_line(&line, buf, style);
    return true;
}

static void add_number(Buf *buf, const Item *item, const ShowStyle *style)
{
    if (add_certain(buf, item, style)) {
        return;
    }
    int decimals = item_decimals(item);
    int most = is_whole(item) && decimals > 0 ? 0 : decimals; // of what one future can have
    const QuantileValue *median = quantile(item, 0.5);
    Buf line = {.arena = buf->arena};
    if (median) {
        buf_add(&line, STR("median "));
        num_add_value(&line, style, median->value, item->scale, item->unit,
                      most < decimals ? most : decimals + 1);
    }
    if (add_between(&line, item, "90 % of futures", 0.05, most)) {
        add_between(&line, item, "half of them", 0.25, most);
    }
    if (line.n) {
        end_line(&line, buf, style);
    }
    Buf mean = {.arena = buf->arena};
    buf_add(&mean, STR("mean "));
    num_add_value(&mean, style, item->value, item->scale, item->unit, decimals + 2);
    add_number_band(&mean, item);
    end_line(&mean, buf, style);
}

// "when it happens: median 2024-09-14 ±3 days, 90 % between 2024-04-02 and 2025-02-20"
static void add_when(Buf *buf, const Item *item, const ShowStyle *style)
{
    const QuantileValue *median = quantile(item, 0.5);
    if (!median || is_nan(median->value.value)) {
        return;
    }
    const QuantileValue *lo = quantile(item, 0.05), *hi = quantile(item, 0.95);
    bool hours = false;
    for (int32_t i = 0; i < item->n_quantiles; i++) {
        hours = hours || num_has_time(item->quantiles[i].value.value);
    }
    Buf line = {.arena = buf->arena};
    buf_addf(&line, "when it happens: median %.*s",
             STR_ARG(num_day(buf->arena, median->value.value, hours)));
    double half = median->value.half * (hours ? 24 : 1);
    if (half >= 0.5) {
        Str most = num_rounded(buf->arena, num_precision(half).half, 0);
        buf_addf(&line, " %.*s%.*s %s%s", STR_ARG(glyph_plus_minus(style)), STR_ARG(most),
                 hours ? "hour" : "day", str_eq(most, STR("1")) ? "" : "s");
    }
    if (lo && hi && !is_nan(lo->value.value) && !is_nan(hi->value.value)) {
        Str first = num_day(buf->arena, lo->value.value, hours);
        Str last = num_day(buf->arena, hi->value.value, hours);
        if (!str_eq(first, last)) {
            buf_addf(&line, ", 90 %% between %.*s and %.*s", STR_ARG(first), STR_ARG(last));
        }
    }
    end_line(&line, buf, style);
}

static void add_date(Buf *buf, const Item *item, const ShowStyle *style)
{
    Buf line = {.arena = buf->arena};
    buf_add(&line, STR("happens: "));
    add_word(&line, item, style);
    num_add_chance(&line, style, item->value);
    add_band(&line, item->band, style);
    buf_add(&line, STR("; never: "));
    num_add_chance(&line, style, item->never);
    end_line(&line, buf, style);
    add_when(buf, item, style);
    show_incidence(buf, item, style);
}

// ---- Ladders and sets
// -----------------------------------------------------------------------------

// A share as a bar: full blocks and one of eighths; '#' in ASCII.
static void add_bar(Buf *buf, double share, const ShowStyle *style)
{
    static const char *const eighths[8] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    double filled = is_nan(share) ? 0 : share * BAR_WIDTH;
    int full = (int)filled, rest = (int)((filled - full) * 8);
    size_t columns = (size_t)full;
    for (int i = 0; i < full; i++) {
        buf_add(buf, style->utf8 ? STR("█") : STR("#"));
    }
    if (style->utf8 && rest > 0) {
        buf_add(buf, str_of(eighths[rest]));
        columns++;
    }
    buf_pad(buf, ' ', BAR_WIDTH > columns ? BAR_WIDTH - columns : 0);
}

// A share, with a blank before one digit so that points stand below each other.
static Str level_share(Arena *arena, const LevelShare *level, const ShowStyle *style)
{
    Buf share = {.arena = arena};
    bool one_digit = level->share.value >= 0.01 && level->share.value < 0.0995;
    buf_pad(&share, ' ', one_digit ? 1 : 0);
    num_add_chance(&share, style, level->share);
    return buf_str(&share);
}

static void add_level(Buf *buf, const LevelShare *level, size_t name_width, size_t share_width,
                      const ShowStyle *style)
{
    Str share = level_share(buf->arena, level, style);
    buf_pad(buf, ' ', HANG);
    show_cell_left(buf, show_safe(buf->arena, level->name), name_width + 2);
    add_bar(buf, level->share.value, style);
    buf_add(buf, STR("  "));
    if (level->band.known && level->band.hi > level->band.lo) {
        show_cell_left(buf, share, share_width + 2);
        num_add_chance_band(buf, style, level->band);
    } else {
        buf_add(buf, share);
    }
    buf_char(buf, '\n');
}

static void add_levels(Buf *buf, const Item *item, const ShowStyle *style)
{
    size_t name_width = 0, share_width = 0;
    bool bands = false;
    for (int32_t i = 0; i < item->n_levels; i++) {
        size_t name = str_display_width(show_safe(buf->arena, item->levels[i].name));
        size_t wide = str_display_width(level_share(buf->arena, &item->levels[i], style));
        name_width = name > name_width ? name : name_width;
        share_width = wide > share_width ? wide : share_width;
        bands = bands ||
                (item->levels[i].band.known && item->levels[i].band.hi > item->levels[i].band.lo);
    }
    buf_pad(buf, ' ', INDENT);
    buf_add(buf, STR("share of futures"));
    if (bands) {
        size_t column = HANG + name_width + 2 + BAR_WIDTH + 2 + share_width + 2;
        buf_pad(buf, ' ', column - INDENT - 16);
        buf_add(buf, STR("over what we do not know"));
    }
    buf_char(buf, '\n');
    for (int32_t i = 0; i < item->n_levels; i++) {
        add_level(buf, &item->levels[i], name_width, share_width, style);
    }
}

// ---- What it rests on, what moves it
// -----------------------------------------------------------------

static void add_condition(Buf *buf, const Item *item, const ShowStyle *style)
{
    if (!item->conditional) {
        return;
    }
    Buf line = {.arena = buf->arena};
    buf_add(&line, STR("rests on "));
    if (item->defined.value >= 1) {
        buf_add(&line, STR("all futures"));
    } else {
        num_add_chance(&line, style, item->defined);
        buf_add(&line, STR(" of futures"));
    }
    if (item->given.n) {
        buf_add(&line, STR(", those with "));
        buf_add_safe(&line, item->given, false);
    }
    if (item->futures > 0) { // none were drawn for an exact answer
        buf_addf(&line, " (%.*s)", STR_ARG(num_grouped(buf->arena, (double)item->futures, 0)));
    }
    if (item->has_censored && item->censored.value > 0) {
        buf_add(&line, STR("; cut off by the end of the run and left out: "));
        num_add_chance(&line, style, item->censored);
    }
    end_line(&line, buf, style);
}

bool show_mover_stands_out(const Mover *mover)
{
    return mover->share.half > 0 && mover->share.value > mover->share.half;
}

static void add_movers(Buf *buf, const Item *item, const ShowStyle *style)
{
    Buf line = {.arena = buf->arena};
    for (int32_t i = 0; i < item->n_movers; i++) {
        const Mover *mover = &item->movers[i];
        if (!show_mover_stands_out(mover)) {
            continue;
        }
        buf_add(&line, line.n ? STR(", ") : STR("moved most by: "));
        buf_add_safe(&line, mover->name, false);
        buf_char(&line, ' ');
        Estimate percent = {mover->share.value, mover->share.half, mover->share.lo,
                            mover->share.hi};
        num_add_value(&line, style, percent, 100, STR("%"), 0);
    }
    if (line.n) {
        end_line(&line, buf, style);
    }
}

// "korybko says: "certainly" (90–99 %) by 2024-12-31"
static void add_sayings(Buf *buf, const Item *item, const ShowStyle *style)
{
    for (int32_t i = 0; i < item->n_sayings; i++) {
        const Saying *says = &item->sayings[i];
        Buf line = {.arena = buf->arena};
        buf_add_safe(&line, says->who, false);
        buf_add(&line, STR(" says: "));
        if (says->words.n) {
            buf_char(&line, '"');
            buf_add_safe(&line, says->words, false);
            buf_add(&line, STR("\" ("));
        }
        num_add_odds(&line, style, says->lo, says->hi);
        buf_add(&line, says->words.n ? STR(")") : STR(""));
        if (!is_nan(says->by)) {
            buf_addf(&line, " by %.*s", STR_ARG(num_date(buf->arena, says->by)));
        }
        if (says->about.n) {
            buf_add(&line, STR(", about \""));
            buf_add_safe(&line, says->about, false);
            buf_char(&line, '"');
        }
        end_line(&line, buf, style);
    }
}

static void add_rule(Buf *buf, const Item *item, const ShowStyle *style)
{
    if (item->rule.n == 0) {
        return;
    }
    Buf line = {.arena = buf->arena};
    buf_add(&line, STR("resolves: "));
    buf_add_safe(&line, item->rule, false);
    if (!is_nan(item->resolve_by)) {
        buf_addf(&line, " (by %.*s)", STR_ARG(num_date(buf->arena, item->resolve_by)));
    }
    ink_dim(buf, style);
    end_line(&line, buf, style);
    ink_off(buf, style);
}

static void add_answer(Buf *buf, const Item *item, const ShowStyle *style)
{
    switch (item->kind) {
    case ITEM_FLAG: add_flag(buf, item, style); break;
    case ITEM_NUMBER: add_number(buf, item, style); break;
    case ITEM_DATE: add_date(buf, item, style); break;
    case ITEM_LEVEL: add_levels(buf, item, style); break;
    case ITEM_SERIES: show_series(buf, item, style); break;
    }
}

void show_item(Buf *buf, const Item *item, const ShowStyle *style)
{
    add_heading(buf, item, style);
    if (item->why.n) {
        Buf line = {.arena = buf->arena};
        buf_add(&line, STR("no answer: "));
        buf_add_safe(&line, item->why, false);
        end_line(&line, buf, style);
    } else {
        add_answer(buf, item, style);
        add_condition(buf, item, style);
        add_movers(buf, item, style);
    }
    add_sayings(buf, item, style);
    add_rule(buf, item, style);
}

void show_item_brief(Buf *buf, const Item *item, const ShowStyle *style)
{
    if (item->why.n || is_nan(item->value.value) || item->kind == ITEM_LEVEL ||
        item->kind == ITEM_SERIES) {
        return;
    }
    buf_add_safe(buf, item->name, false);
    buf_char(buf, ' ');
    if (item->kind == ITEM_NUMBER) {
        num_add_value(buf, style, item->value, item->scale, item->unit, item_decimals(item) + 1);
    } else {
        num_add_chance(buf, style, item->value);
    }
}
