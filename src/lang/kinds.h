// SPDX-License-Identifier: MIT
//
// Units and kinds: how analysts write them, how they multiply, and what to call them in a message.
//
// A unit is a product of powers of base units; base 0 is time in days, the others are those the
// model declares. Units are interned, so that two are the same exactly when their numbers are.
#pragma once
#include "base/map.h"
#include "lang/ast.h"
#include "lang/model.h"

enum { UNIT_PLAIN = 0, UNIT_DAY = 1, UNIT_HAZARD = 2 };

typedef struct {
    Arena *arena;
    DiagList *diags;
    VEC(Str) bases;     // names as declared; bases.p[0] is "day"
    VEC(bool) positive; // of a base
    VEC(Span) declared; // of a base
    VEC(bool) used;     // of a base
    Map *names;         // every way to write a declared unit, to its base
    VEC(Unit) units;
    bool full; // LIMIT_UNITS was reported
    Map *told; // unknown names that were reported
} Units;

void units_init(Units *units, Arena *arena, DiagList *diags);
// Declare a unit of the model; a duplicate or a unit of time is reported.
void units_declare(Units *units, const Node *decl);

// A unit as written: a value in it times num / den is in base units.
typedef struct {
    int32_t unit;
    double num, den;
    double per_days; // the time it is "per" (`km per week`: 7), 0 when it is not
    Str text;        // "km per week"
} WrittenUnit;

// Read a UNITS node, or a NAME that stands for one unit. False when a name is unknown (reported).
bool units_read(Units *units, const Node *node, WrittenUnit *out);
// Is this the name of a unit, of time or declared?
bool units_known(const Units *units, Str name);

// a * b^sign; a^power. Beyond LIMIT_UNITS an error is reported at `span` and the result is plain.
int32_t units_multiply(Units *units, int32_t a, int32_t b, int32_t sign, Span span);
int32_t units_power(Units *units, int32_t a, int32_t power, Span span);
// The unit whose square is `a`, -1 when there is none.
int32_t units_root(Units *units, int32_t a, Span span);
// What a value in this unit may be when nothing more is said: positive for durations, hazards and
// units declared positive.
Support units_support(const Units *units, int32_t unit);

static inline Kind kind_none(void)
{
    return (Kind){.tag = KIND_NONE};
}
static inline Kind kind_flag(void)
{
    return (Kind){.tag = KIND_FLAG};
}
static inline Kind kind_number(int32_t unit)
{
    return (Kind){.tag = KIND_NUMBER, .unit = unit};
}
static inline Kind kind_date(void)
{
    return (Kind){.tag = KIND_DATE};
}
static inline Kind kind_atom(int32_t set)
{
    return (Kind){.tag = KIND_ATOM, .domain = set};
}
static inline Kind kind_rung(int32_t ladder)
{
    return (Kind){.tag = KIND_RUNG, .domain = ladder};
}
static inline bool kind_is_plain(Kind kind)
{
    return kind.tag == KIND_NUMBER && kind.unit == UNIT_PLAIN;
}

// "a number in km per day", "a duration", "a chance per time (a hazard)": with its article.
Str units_text(const Units *units, Kind number);
