// SPDX-License-Identifier: MIT
//
// Calendar dates as days since 1970-01-01 in the proleptic Gregorian calendar (Hinnant 2013,
// days_from_civil). Times of day are fractions of a day, UTC.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

typedef struct {
    int32_t year, month, day; // month 1-12, day 1-31
} Civil;

int32_t date_days(Civil date);
Civil date_civil(int32_t days);
bool date_valid(Civil date); // years 1 to 9999
int32_t date_days_in_month(int32_t year, int32_t month);
int32_t date_add_months(int32_t days, int32_t months);    // day clamped to the month's last
bool date_parse(Str text, double *days);                  // 2024-03-04 or 2024-03-04T06:00
Str date_text(Arena *arena, double days, bool with_time); // 2024-03-04 or 2024-03-04 06:00
Str date_text_month(Arena *arena, double days);           // Mar 2024
