// SPDX-License-Identifier: MIT
//
// Only for src/base: everything we print or read has a point for the decimal point, whatever
// locale a program that embeds us has chosen. Glibc and musl hand out the C locale without
// allocating, so that entering it is cheap.
#pragma once
#include <locale.h>

#include "base/error.h"

static inline locale_t c_locale(void)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    ASSERT(c != (locale_t)0);
    return c;
}

// Pairs: `CLocale in = c_locale_enter(); snprintf(...); c_locale_leave(in);` in one thread.
typedef struct {
    locale_t c, before;
} CLocale;

static inline CLocale c_locale_enter(void)
{
    locale_t c = c_locale();
    return (CLocale){c, uselocale(c)};
}

static inline void c_locale_leave(CLocale in)
{
    uselocale(in.before);
    freelocale(in.c);
}
