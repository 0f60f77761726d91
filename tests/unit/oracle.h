// SPDX-License-Identifier: MIT
//
// Reading the lines of a model that state what its answers must be:
//
//     # oracle QUESTION share|mean|level:NAME|exact VALUE [sampled]
//     # oracle QUESTION between LOW HIGH
//
// VALUE is a number or a fraction; how well it is known is how it is written (oracle_exactly).
// `exact` is for what nothing is drawn for; `sampled` says that the question rests on a continuum,
// so that `casus exact` must refuse it.
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "answer/answer.h"
#include "base/num.h"
#include "math/elementary.h"

typedef enum { ORACLE_SHARE, ORACLE_MEAN, ORACLE_EXACT, ORACLE_BETWEEN, N_ORACLE_FORMS } OracleForm;

typedef struct {
    Str question, level; // level: empty when none is named
    OracleForm form;
    double value, high; // high: of BETWEEN
    double last_digit;  // half a unit in the last place written; 0: a fraction or a whole number
    bool sampled;
} Oracle;

enum { MOST_ORACLES = 64 };

// The next word of the line behind *p, and *p moved past it.
static inline Str oracle_word(const char **p)
{
    *p += strspn(*p, " ");
    Str word = {*p, strcspn(*p, " \n")};
    *p += word.n;
    return word;
}

static inline OracleForm oracle_form(Str word)
{
    static const char *const names[] = {"share", "mean", "exact", "between"};
    for (int i = 0; i < N_ORACLE_FORMS; i++) {
        if (str_eq(word, str_of(names[i]))) {
            return (OracleForm)i;
        }
    }
    fail_msg("what is `%.*s`?", STR_ARG(word));
    return ORACLE_SHARE;
}

// Half of the last digit that is written: 0.8784233454 is known to 5e-11, 24 and 5/32 exactly.
static inline double oracle_last_digit(Str number)
{
    double unit = 1;
    bool point = false;
    for (size_t i = 0; i < number.n && number.p[i] != 'e'; i++) {
        unit = point ? unit / 10 : unit;
        point = point || number.p[i] == '.';
    }
    const char *e = memchr(number.p, 'e', number.n);
    double power = 0;
    if (e && num_parse((Str){e + 1, number.n - (size_t)(e + 1 - number.p)}, &power)) {
        unit *= m_pow(10, power);
    }
    return point || e ? unit / 2 : 0;
}

static inline double oracle_number(Str word)
{
    const char *slash = memchr(word.p, '/', word.n);
    double above, below = 1;
    size_t n = slash ? (size_t)(slash - word.p) : word.n;
    bool good = num_parse((Str){word.p, n}, &above);
    good = good && (!slash || num_parse((Str){slash + 1, word.n - n - 1}, &below));
    if (!good) {
        fail_msg("`%.*s` is no number", STR_ARG(word));
    }
    return above / below;
}

static inline Oracle oracle_read(const char **p)
{
    const Str LEVEL = STR("level:");
    Oracle o = {.question = oracle_word(p)};
    Str form = oracle_word(p);
    if (str_starts(form, LEVEL)) {
        o.level = (Str){form.p + LEVEL.n, form.n - LEVEL.n};
        form = STR("share");
    }
    o.form = oracle_form(form);
    Str number = oracle_word(p);
    o.value = o.high = oracle_number(number);
    o.last_digit = oracle_last_digit(number);
    if (o.form == ORACLE_BETWEEN) {
        o.high = oracle_number(oracle_word(p));
    }
    o.sampled = str_eq(oracle_word(p), STR("sampled"));
    return o;
}

// All lines of a text that begin with `mark`; the words borrow from it.
static inline int32_t oracles_read(Str text, const char *mark, Oracle oracles[MOST_ORACLES])
{
    int32_t n = 0;
    const char *p = text.p;
    while ((p = strstr(p, mark))) {
        assert_true(n < MOST_ORACLES);
        p += strlen(mark);
        oracles[n++] = oracle_read(&p);
    }
    return n;
}

static inline const Item *oracle_item(const Answer *answer, Str name)
{
    for (int32_t i = 0; i < answer->n_items; i++) {
        if (str_eq(answer->items[i].name, name)) {
            return &answer->items[i];
        }
    }
    fail_msg("no question %.*s", STR_ARG(name));
    return NULL;
}

// What the answer says of it.
static inline Estimate oracle_estimate(const Oracle *oracle, const Item *item)
{
    for (int32_t i = 0; oracle->level.n && i < item->n_levels; i++) {
        if (str_eq(item->levels[i].name, oracle->level)) {
            return item->levels[i].share;
        }
    }
    if (oracle->level.n) {
        fail_msg("%.*s has no level %.*s", STR_ARG(item->name), STR_ARG(oracle->level));
    }
    return item->value;
}

// How far from it an exact answer may be: half of the last digit written, and rounding.
static inline double oracle_exactly(const Oracle *oracle)
{
    return m_max(oracle->last_digit, 1e-12 * m_abs(oracle->value));
}
