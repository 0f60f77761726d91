// SPDX-License-Identifier: MIT
//
// Numbers for readers: see show_num.h for the rules.
#include "show/show_num.h"

#include <string.h>

#include "base/date.h"
#include "base/error.h"
#include "base/num.h"

static double power_of_ten(int exponent)
{
    double x = 1;
    for (int i = 0; i < (exponent < 0 ? -exponent : exponent); i++) {
        x *= 10;
    }
    return exponent < 0 ? 1 / x : x;
}

static bool is_nan(double x)
{
    return x != x;
}

int num_decade(double x)
{
    ASSERT(x > 0 && x - x == 0);
    int exponent = 0;
    while (exponent < 300 && x >= power_of_ten(exponent + 1)) {
        exponent++;
    }
    while (exponent > -300 && x < power_of_ten(exponent)) {
        exponent--;
    }
    return exponent;
}

Precision num_precision(double half)
{
    if (!(half > 1e-12) || half - half != 0) {
        return (Precision){NUM_ALL, 0};
    }
    int exponent = num_decade(half);
    double first = half / power_of_ten(exponent);
    int digit = (int)first;
    if (first > digit + 0.1) {
        digit++;
    }
    if (digit >= 10) {
        digit = 1;
        exponent++;
    }
    return (Precision){-exponent, digit * power_of_ten(exponent)};
}

// "-0.0" and the like, which rounding makes of small negatives.
static bool is_minus_nothing(Str text)
{
    for (size_t i = 1; i < text.n; i++) {
        if (text.p[i] != '0' && text.p[i] != '.' && text.p[i] != ',') {
            return false;
        }
    }
    return text.n > 1 && text.p[0] == '-';
}

// The nearest multiple of a power of ten, halves away from zero.
static double round_to(double x, double unit)
{
    double n = x / unit;
    if (n > 1e15 || n < -1e15) {
        return x;
    }
    double whole = (double)(int64_t)(n + (n < 0 ? -0.5 : 0.5));
    return whole * unit;
}

// "1.95e44": so long a row of digits nobody reads, and most of them mean nothing.
static Str by_power(Arena *arena, double x)
{
    Str text = str_format(arena, "%.2e", x); // e+15 to e+308
    char *plus = memchr(text.p, '+', text.n);
    ASSERT(plus);
    Str before = str_sub(text, 0, (size_t)(plus - text.p));
    return str_format(arena, "%.*s%s", STR_ARG(before), plus + 1);
}

Str num_rounded(Arena *arena, double x, int decimals)
{
    const double LARGE = 1e15;
    if (is_nan(x)) {
        return STR("?");
    }
    if ((x >= LARGE || x <= -LARGE) && x - x == 0) {
        return by_power(arena, x);
    }
    Str text = decimals >= 0 ? num_grouped(arena, x, decimals < NUM_ALL ? decimals : NUM_ALL)
                             : num_grouped(arena, round_to(x, power_of_ten(-decimals)), 0);
    return is_minus_nothing(text) ? str_sub(text, 1, text.n) : text;
}

// Without zeros at the end: for numbers that carry no error.
static Str without_zeros(Str text)
{
    bool has_point = memchr(text.p, '.', text.n) && !memchr(text.p, 'e', text.n);
    while (has_point && text.n && text.p[text.n - 1] == '0') {
        text.n--;
    }
    if (has_point && text.n && text.p[text.n - 1] == '.') {
        text.n--;
    }
    return text;
}

// x with the digits of `precision`; without an error at most `most` decimals.
static Str by_precision(Arena *arena, double x, Precision precision, int most)
{
    if (precision.half == 0) {
        return without_zeros(num_rounded(arena, x, most < 4 ? most : 4));
    }
    return num_rounded(arena, x, precision.decimals < most ? precision.decimals : most);
}

static void add_half(Buf *buf, const ShowStyle *style, Precision precision)
{
    if (precision.half > 0) {
        int decimals = precision.decimals > 0 ? precision.decimals : 0;
        buf_char(buf, ' ');
        buf_add(buf, glyph_plus_minus(style));
        buf_add(buf, num_rounded(buf->arena, precision.half, decimals));
    }
}

bool num_is_whole(double x)
{
    double off = x - round_to(x, 1);
    return off > -1e-6 && off < 1e-6;
}

// ---- Chances ----------------------------------------------------------------------------------

// N of "1 in N" with two significant digits.
static Str one_in(Arena *arena, double chance)
{
    double n = 1 / chance;
    return num_rounded(arena, n, 1 - num_decade(n));
}

static double interval_lo(Estimate e)
{
    return is_nan(e.lo) ? e.value - e.half : e.lo;
}

static double interval_hi(Estimate e)
{
    return is_nan(e.hi) ? e.value + e.half : e.hi;
}

// "1 in 4,100 (3,600–4,800)"; the chance is above 0 and at most 1 %.
static void add_rare(Buf *buf, const ShowStyle *style, double chance, double lo, double hi)
{
    double n = 1 / chance;
    double half = hi > lo ? n * (hi - lo) / 2 / chance : 0;
    int decimals = num_precision(half).decimals;
    int two_digits = 1 - num_decade(n);
    if (half == 0) {
        decimals = two_digits;
    } else if (decimals > two_digits + 1) {
        decimals = two_digits + 1; // three digits at most: nobody reads more
    }
    buf_addf(buf, "1 in %.*s",
             STR_ARG(num_rounded(buf->arena, n, decimals < two_digits ? two_digits : decimals)));
    if (!(hi > lo)) {
        return;
    }
    if (lo > 0) {
        buf_addf(buf, " (%.*s%.*s%.*s)", STR_ARG(one_in(buf->arena, hi)),
                 STR_ARG(glyph_dash(style)), STR_ARG(one_in(buf->arena, lo)));
    } else {
        buf_addf(buf, " (%.*s or rarer)", STR_ARG(one_in(buf->arena, hi)));
    }
}

// Nothing seen in any future: what can be said is how rare it must be at least.
static void add_unseen(Buf *buf, double hi)
{
    if (hi > 0 && hi < 1) {
        buf_addf(buf, "fewer than 1 in %.*s", STR_ARG(one_in(buf->arena, hi)));
    } else {
        buf_add(buf, STR("in no future")); // exact: it cannot happen
    }
}

// Seen in every future: how rare the exceptions must be at least.
static void add_always(Buf *buf, double lo)
{
    buf_add(buf, STR("in every future"));
    if (lo > 0 && lo < 1) {
        buf_addf(buf, " (exceptions rarer than 1 in %.*s)", STR_ARG(one_in(buf->arena, 1 - lo)));
    }
}

// "25 % (3–78 %)": an interval that reaches far to one side is told by its ends.
static void add_lopsided(Buf *buf, const ShowStyle *style, Estimate chance)
{
    const double least = 0.05; // below this an end would come out as 0 or 100
    double p = chance.value * 100, lo = interval_lo(chance) * 100, hi = interval_hi(chance) * 100;
    Arena *arena = buf->arena;
    Str low = num_rounded(arena, lo, lo < 2 ? 1 : 0), high = num_rounded(arena, hi, hi > 98);
    buf_addf(buf, "%.*s %% (", STR_ARG(num_rounded(arena, p, p < 10 || p > 90)));
    if (lo < least && hi > 100 - least) {
        buf_add(buf, STR("hardly known"));
    } else if (lo < least) {
        buf_addf(buf, "below %.*s %%", STR_ARG(high));
    } else if (hi > 100 - least) {
        buf_addf(buf, "above %.*s %%", STR_ARG(low));
    } else {
        buf_addf(buf, "%.*s%.*s%.*s %%", STR_ARG(low), STR_ARG(glyph_dash(style)), STR_ARG(high));
    }
    buf_char(buf, ')');
}

// Would p Â± half mislead? The interval of a chance is not symmetric near 0 and 1.
static bool is_lopsided(Estimate chance)
{
    double least = chance.value < 0.5 ? chance.value : 1 - chance.value;
    double below = chance.value - interval_lo(chance), above = interval_hi(chance) - chance.value;
    bool uneven = below > 2 * above || above > 2 * below;
    return chance.half > 0 && (chance.half > least || (uneven && 2 * chance.half > least));
}

void num_add_chance(Buf *buf, const ShowStyle *style, Estimate chance)
{
    double p = chance.value, lo = interval_lo(chance), hi = interval_hi(chance);
    if (is_nan(p)) {
        buf_add(buf, STR("not known"));
    } else if (p <= 0) {
        add_unseen(buf, hi);
    } else if (p >= 1) {
        add_always(buf, lo);
    } else if (p < 0.01) {
        add_rare(buf, style, p, lo, hi);
    } else if (p > 0.99) {
        buf_add(buf, STR("all but "));
        add_rare(buf, style, 1 - p, 1 - hi, 1 - lo);
    } else if (is_lopsided(chance)) {
        add_lopsided(buf, style, chance);
    } else {
        Precision precision = num_precision(chance.half * 100);
        if (precision.decimals < 0) {
            precision = (Precision){0, round_to(chance.half * 100, 1)};
        }
        buf_add(buf, by_precision(buf->arena, p * 100, precision, NUM_ALL));
        buf_add(buf, STR(" %"));
        add_half(buf, style, precision);
    }
}

// The least number of this many decimals that is not below x.
static double rounded_up(double x, int decimals)
{
    double unit = power_of_ten(-decimals), near = round_to(x, unit);
    return near < x - 1e-9 ? near + unit : near;
}

// "<0.1" for what is there but rounds to nothing; for what was never seen, what it is surely below.
static Str below_cell(Arena *arena, const char *sign, double percent, double bound, int decimals,
                      bool from_top)
{
    double least = power_of_ten(-decimals);
    double limit = percent > 0 ? least : rounded_up(bound, decimals);
    limit = limit > least ? limit : least;
    return str_format(arena, "%s%.*s", sign,
                      STR_ARG(num_rounded(arena, from_top ? 100 - limit : limit, decimals)));
}

Str num_chance_cell(Arena *arena, Estimate chance, int decimals)
{
    double percent = chance.value * 100, nothing = power_of_ten(-decimals) / 2;
    if (is_nan(percent)) {
        return STR("?");
    }
    // Never seen, or in every future, but of an exact answer: then there is no "less than".
    if ((percent <= 0 && interval_hi(chance) <= 0) ||
        (percent >= 100 && interval_lo(chance) >= 1)) {
        return percent <= 0 ? STR("0") : STR("100");
    }
    if (percent < nothing) {
        return below_cell(arena, "<", percent, interval_hi(chance) * 100, decimals, false);
    }
    if (percent > 100 - nothing) {
        return below_cell(arena, ">", 100 - percent, 100 - interval_lo(chance) * 100, decimals,
                          true);
    }
    return num_rounded(arena, percent, decimals);
}

// One end of a band.
static void add_bound(Buf *buf, const ShowStyle *style, double p, int decimals)
{
    if (p < 0.01) {
        add_rare(buf, style, p, p, p);
    } else if (p > 0.99 && p <= 0.9995) {
        buf_add(buf, num_rounded(buf->arena, p * 100, decimals < 1 ? 1 : decimals));
        buf_add(buf, STR(" %"));
    } else if (p > 0.99) {
        buf_add(buf, STR("all but "));
        add_rare(buf, style, 1 - p, 1 - p, 1 - p);
    } else {
        buf_add(buf, num_rounded(buf->arena, p * 100, decimals));
        buf_add(buf, STR(" %"));
    }
}

enum { BAND_DECIMALS = 2 };
static const double BAND_NOTHING = 1e-9;

bool num_band_is_nothing(Band band)
{
    return band.known && band.sd > 0 && band.hi <= BAND_NOTHING;
}

void num_add_chance_band(Buf *buf, const ShowStyle *style, Band band)
{
    const double nothing = BAND_NOTHING, far = 100;
    double spread = (band.hi - band.lo) * 100;
    int decimals = spread >= 2 ? 0 : spread >= 0.2 ? 1 : BAND_DECIMALS;
    bool lo_is_nothing = band.lo <= nothing || band.lo * far < band.hi;
    bool hi_is_all = band.hi >= 1 - nothing || (1 - band.hi) * far < 1 - band.lo;
    if (lo_is_nothing && hi_is_all) {
        buf_add(buf, STR("anything from never to always"));
    } else if (lo_is_nothing && band.hi <= nothing) {
        buf_add(buf, STR("next to never"));
    } else if (lo_is_nothing) {
        buf_add(buf, STR("up to "));
        add_bound(buf, style, band.hi, decimals);
    } else if (hi_is_all) {
        buf_add(buf, STR("at least "));
        add_bound(buf, style, band.lo, decimals);
    } else if (band.hi >= 0.01 && band.lo >= 0.0005 && band.lo <= 0.99 && band.hi <= 0.9995) {
        // One unit for both ends, with a decimal for an end that would come out as 0 or 100.
        int lo_decimals = band.lo < 0.01 && decimals < 1 ? 1 : decimals;
        int hi_decimals = band.hi > 0.99 && decimals < 1 ? 1 : decimals;
        buf_add(buf, num_rounded(buf->arena, band.lo * 100, lo_decimals));
        buf_add(buf, glyph_dash(style));
        buf_add(buf, num_rounded(buf->arena, band.hi * 100, hi_decimals));
        buf_add(buf, STR(" %"));
    } else {
        add_bound(buf, style, band.lo, decimals);
        buf_add(buf, STR(" to "));
        add_bound(buf, style, band.hi, decimals);
    }
}

void num_add_odds(Buf *buf, const ShowStyle *style, double lo, double hi)
{
    buf_add(buf, without_zeros(num_rounded(buf->arena, lo * 100, 4)));
    if (hi > lo) {
        buf_add(buf, glyph_dash(style));
        buf_add(buf, without_zeros(num_rounded(buf->arena, hi * 100, 4)));
    }
    buf_add(buf, STR(" %"));
}

// ---- Numbers and dates --------------------------------------------------------------------------

void num_add_unit(Buf *buf, Str unit)
{
    if (unit.n) {
        buf_char(buf, ' ');
        buf_add_safe(buf, unit, false);
    }
}

void num_add_value(Buf *buf, const ShowStyle *style, Estimate value, double scale, Str unit,
                   int decimals)
{
    if (is_nan(value.value)) {
        buf_add(buf, STR("not known"));
        return;
    }
    const double rounding = 1e-7; // below this share of the value an error is one of arithmetic
    double half = is_nan(value.half) ? 0 : value.half * scale, size = value.value * scale;
    half = half < 0 ? -half : half;
    size = size < 0 ? -size : size;
    Precision precision = num_precision(half > size * rounding ? half : 0);
    buf_add(buf, by_precision(buf->arena, value.value * scale, precision, decimals));
    num_add_unit(buf, unit);
    add_half(buf, style, precision);
}

int num_spread_decimals(double spread)
{
    spread = spread < 0 ? -spread : spread;
    if (!(spread > 0) || spread - spread != 0) {
        return 2;
    }
    int decade = num_decade(spread);
    int decimals = spread < 3 * power_of_ten(decade) ? 2 - decade : 1 - decade;
    return decimals < 9 ? decimals : 9;
}

bool num_has_time(double days)
{
    if (is_nan(days)) {
        return false;
    }
    Arena *scratch = arena_new(0);
    bool midnight = str_ends(date_text(scratch, days, true), STR(" 00:00"));
    arena_free(scratch);
    return !midnight;
}

Str num_day(Arena *arena, double days, bool with_time)
{
    return is_nan(days) ? STR("never") : date_text(arena, days, with_time);
}

Str num_date(Arena *arena, double days)
{
    return num_day(arena, days, num_has_time(days));
}
