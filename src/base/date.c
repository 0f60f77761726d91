// SPDX-License-Identifier: MIT
//
// Days and civil dates, after Howard Hinnant, "chrono-compatible low-level date algorithms" (2013):
// a year is counted from 1 March, so that the leap day is its last, in eras of 400 years of
// 146,097 days.
#include "base/date.h"

#include "base/error.h"

enum { DAYS_PER_ERA = 146097, DAYS_TO_1970 = 719468, MINUTES_PER_DAY = 1440 };

// Rounds down, unlike C, so that the years before 0 and the days before 1970 count on evenly.
static int64_t floor_div(int64_t a, int64_t b)
{
    int64_t q = a / b;
    return a % b < 0 ? q - 1 : q;
}

int32_t date_days(Civil date)
{
    int64_t y = (int64_t)date.year - (date.month <= 2);
    int64_t era = floor_div(y, 400);
    int64_t year_of_era = y - era * 400;
    // From March on the months run 31 30 31 30 31 in turn: 153 days in five.
    int64_t month_from_march = (date.month + 9) % 12;
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    int64_t days = era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970;
    ASSERT(days >= INT32_MIN && days <= INT32_MAX);
    return (int32_t)days;
}

Civil date_civil(int32_t days)
{
    int64_t z = (int64_t)days + DAYS_TO_1970;
    int64_t era = floor_div(z, DAYS_PER_ERA);
    int64_t day_of_era = z - era * DAYS_PER_ERA;
    // Take out the leap days: one in 1460 days, less one in 36524, less the era's last.
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    int64_t day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    int64_t year = year_of_era + era * 400 + (month <= 2);
    return (Civil){(int32_t)year, (int32_t)month, (int32_t)day};
}

int32_t date_days_in_month(int32_t year, int32_t month)
{
    static const int32_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    ASSERT(month >= 1 && month <= 12);
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

bool date_valid(Civil date)
{
    return date.year >= 1 && date.year <= 9999 && date.month >= 1 && date.month <= 12 &&
           date.day >= 1 && date.day <= date_days_in_month(date.year, date.month);
}

int32_t date_add_months(int32_t days, int32_t months)
{
    // Past these years a day no longer fits an int32_t: the end of time, as far as we are asked.
    enum { LAST_YEAR = 5000000 };
    Civil date = date_civil(days);
    int64_t count = (int64_t)date.year * 12 + (date.month - 1) + months;
    int64_t year = floor_div(count, 12);
    date.month = (int32_t)(count - year * 12) + 1;
    date.year = (int32_t)(year > LAST_YEAR ? LAST_YEAR : year < -LAST_YEAR ? -LAST_YEAR : year);
    int32_t last = date_days_in_month(date.year, date.month);
    date.day = date.day < last ? date.day : last;
    return date_days(date);
}

// Exactly `n` digits at s.p[at]; -1 when there are others.
static int32_t digits(Str s, size_t at, size_t n)
{
    int32_t value = 0;
    for (size_t i = at; i < at + n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') {
            return -1;
        }
        value = value * 10 + (s.p[i] - '0');
    }
    return value;
}

bool date_parse(Str text, double *days)
{
    bool with_time = text.n == 16;
    // One form each, of fixed width: 4/3/2024 means two days, depending on who reads it.
    if ((text.n != 10 && !with_time) || text.p[4] != '-' || text.p[7] != '-') {
        return false;
    }
    Civil date = {digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2)};
    if (!date_valid(date)) {
        return false;
    }
    int32_t hour = 0, minute = 0;
    if (with_time) {
        hour = digits(text, 11, 2);
        minute = digits(text, 14, 2);
        if (text.p[10] != 'T' || text.p[13] != ':' || hour < 0 || hour > 23 || minute < 0 ||
            minute > 59) {
            return false;
        }
    }
    *days = date_days(date) + (hour * 60 + minute) / (double)MINUTES_PER_DAY;
    return true;
}

// Nearest minute: times are sums of steps, and 23:59:59.99 is meant to be midnight.
static bool to_minutes(double days, int64_t *minutes)
{
    // False for not-a-number too.
    if (!(days > -2e9 && days < 2e9)) {
        return false;
    }
    double x = days * MINUTES_PER_DAY + 0.5;
    int64_t whole = (int64_t)x;
    *minutes = whole - ((double)whole > x);
    return true;
}

Str date_text(Arena *arena, double days, bool with_time)
{
    int64_t minutes;
    if (!to_minutes(days, &minutes)) {
        return STR("no date");
    }
    int64_t day = floor_div(minutes, MINUTES_PER_DAY);
    Civil c = date_civil((int32_t)day);
    int minute = (int)(minutes - day * MINUTES_PER_DAY);
    if (!with_time) {
        return str_format(arena, "%04d-%02d-%02d", c.year, c.month, c.day);
    }
    return str_format(arena, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, minute / 60,
                      minute % 60);
}

Str date_text_month(Arena *arena, double days)
{
    static const char names[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t minutes;
    if (!to_minutes(days, &minutes)) {
        return STR("no date");
    }
    Civil c = date_civil((int32_t)floor_div(minutes, MINUTES_PER_DAY));
    return str_format(arena, "%s %d", names[c.month - 1], c.year);
}
