// SPDX-License-Identifier: MIT
//
// How a number is written: with the digits its simulation error supports and no more.
//
// Chances between 1 % and 99 % are percentages; rarer ones are "1 in N" and never "0 %"; commoner
// ones are told by what is missing ("all but 1 in N"). Errors are half widths of a 95 % interval,
// rounded up to one digit (one tenth of a digit is let go).
#pragma once
#include "answer/answer.h"
#include "show/show.h"

// 10^exponent <= x < 10^(exponent + 1), for x > 0.
int num_decade(double x);

// Digits behind the point (negative: zeros before it) that an error of `half` leaves in a number,
// and that error rounded to its first digit.
typedef struct {
    int decimals;
    double half;
} Precision;
Precision num_precision(double half);

// x with so many decimals, grouped by commas, "-0" as "0"; from 1e15 on as "1.95e44".
Str num_rounded(Arena *arena, double x, int decimals);
bool num_is_whole(double x); // but for rounding

// A chance with its error: "21.3 % ±0.1", "1 in 4,100 (3,600–4,800)", "fewer than 1 in 270,000",
// "all but 1 in 350 (310–400)", "in every future (exceptions rarer than 1 in 270,000)"; "25 % (3–78
// %)" where the interval reaches far to one side; "not known" when it is NaN.
void num_add_chance(Buf *buf, const ShowStyle *style, Estimate chance);

// The same for a column of a table, at most six characters and without an error: "21.3", "<0.1";
// with no decimals "21", "<1". A percent sign is the column's business.
Str num_chance_cell(Arena *arena, Estimate chance, int decimals);

// A range of chances: "8–41 %", "0.3–8 %", "1 in 400 to 1 in 110"; an end a hundred times nearer to
// never (or to always) than the other is left out: "up to 41 %", "at least 62 %".
void num_add_chance_band(Buf *buf, const ShowStyle *style, Band band);

// Worlds differ, and yet at least nine of ten of them have no chance to speak of.
bool num_band_is_nothing(Band band);

// Odds as somebody put them: "90–99 %", "0.5 %"; at most four decimals, no rounding to what is
// known.
void num_add_odds(Buf *buf, const ShowStyle *style, double lo, double hi);

// A number in its unit with its error: "12.3 km ±0.2". `decimals` is a cap: digits the error would
// support but nobody reads (NUM_ALL: none).
enum { NUM_ALL = 12 };
void num_add_value(Buf *buf, const ShowStyle *style, Estimate value, double scale, Str unit,
                   int decimals);

// Digits behind the point that tell numbers apart which spread over `spread`: the last is worth a
// thirtieth to a three-hundredth of it.
int num_spread_decimals(double spread);

// " km", " %", or nothing: made safe.
void num_add_unit(Buf *buf, Str unit);

// A day, ISO: 2024-03-04, with its hour when it is not at midnight: 2024-03-04 06:00; "never" when
// NaN.
bool num_has_time(double days);
Str num_date(Arena *arena, double days);
Str num_day(Arena *arena, double days, bool with_time); // for several in one style
