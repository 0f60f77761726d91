// SPDX-License-Identifier: MIT
//
// Units: reading them, multiplying them, naming them; see kinds.h.
#include "lang/kinds.h"

#include "base/limits.h"
#include "lang/diags.h"

typedef struct {
    const char *name;
    double num, den; // days
} TimeUnit;

static const TimeUnit TIMES[] = {
    {"hour", 1, 24}, {"day", 1, 1}, {"week", 7, 1}, {"month", 30.4375, 1}, {"year", 365.25, 1}};
enum { N_TIMES = sizeof TIMES / sizeof TIMES[0] };

static const TimeUnit *time_unit(Str name)
{
    for (int32_t i = 0; i < N_TIMES; i++) {
        Str one = str_of(TIMES[i].name);
        if (str_eq(name, one) ||
            (name.n == one.n + 1 && str_starts(name, one) && name.p[one.n] == 's')) {
            return &TIMES[i];
        }
    }
    return NULL;
}

// ---- Interning --------------------------------------------------------------------------------

// Powers are ordered by base, so that equal units are equal lists.
static bool same_powers(const Unit *unit, const UnitPower *powers, int32_t n)
{
    bool same = unit->n == n;
    for (int32_t i = 0; same && i < n; i++) {
        same = unit->powers[i].base == powers[i].base && unit->powers[i].power == powers[i].power;
    }
    return same;
}

static void add_factor(const Units *units, Buf *buf, UnitPower p)
{
    if (buf->n > 0) {
        buf_char(buf, ' ');
    }
    buf_add(buf, units->bases.p[p.base]);
    if (p.power != 1 && p.power != -1) {
        buf_addf(buf, "^%d", p.power < 0 ? -p.power : p.power);
    }
}

// In the analyst's words: what is multiplied, then "per" for each that divides.
static Str unit_name(const Units *units, const UnitPower *powers, int32_t n)
{
    if (n == 0) {
        return STR("number");
    }
    if (n == 1 && powers[0].base == 0 && powers[0].power == 1) {
        return STR("days");
    }
    if (n == 1 && powers[0].base == 0 && powers[0].power == -1) {
        return STR("hazard");
    }
    Buf buf = {.arena = units->arena};
    for (int32_t i = 0; i < n; i++) {
        if (powers[i].power > 0) {
            add_factor(units, &buf, powers[i]);
        }
    }
    for (int32_t i = 0; i < n; i++) {
        if (powers[i].power < 0) {
            buf_add(&buf, buf.n > 0 ? STR(" per") : STR("per"));
            add_factor(units, &buf, powers[i]);
        }
    }
    return buf_str(&buf);
}

// A function applied to itself squares a unit again and again.
static bool too_high(const UnitPower *powers, int32_t n)
{
    bool high = false;
    for (int32_t i = 0; i < n; i++) {
        high = high || powers[i].power > LIMIT_UNIT_POWER || powers[i].power < -LIMIT_UNIT_POWER;
    }
    return high;
}

// Every unit has one number, which is how two are compared.
static int32_t intern(Units *units, const UnitPower *powers, int32_t n, Span span)
{
    for (int32_t i = 0; i < units->units.n; i++) {
        if (same_powers(&units->units.p[i], powers, n)) {
            return i;
        }
    }
    if (units->units.n >= LIMIT_UNITS || too_high(powers, n)) {
        if (!units->full) {
            units->full = true;
            diag_report(units->diags, 350, span,
                        "this makes a unit too many: %d in one model, powers up to %d", LIMIT_UNITS,
                        LIMIT_UNIT_POWER);
        }
        return UNIT_PLAIN;
    }
    UnitPower *copy = ARENA_ARRAY(units->arena, UnitPower, n + 1);
    for (int32_t i = 0; i < n; i++) {
        copy[i] = powers[i];
    }
    Unit unit = {.powers = copy, .n = n, .name = unit_name(units, powers, n)};
    vec_push(units->arena, &units->units, unit);
    return units->units.n - 1;
}

static void add_base(Units *units, Str name, bool positive, Span span)
{
    vec_push(units->arena, &units->bases, name);
    vec_push(units->arena, &units->positive, positive);
    vec_push(units->arena, &units->declared, span);
    vec_push(units->arena, &units->used, false);
}

// Time is always there.
void units_init(Units *units, Arena *arena, DiagList *diags)
{
    *units =
        (Units){.arena = arena, .diags = diags, .names = map_new(arena), .told = map_new(arena)};
    add_base(units, STR("day"), true, NO_SPAN);
    int32_t plain = intern(units, NULL, 0, NO_SPAN);
    int32_t day = intern(units, &(UnitPower){0, 1}, 1, NO_SPAN);
    int32_t hazard = intern(units, &(UnitPower){0, -1}, 1, NO_SPAN);
    ASSERT(plain == UNIT_PLAIN && day == UNIT_DAY && hazard == UNIT_HAZARD);
}

// Its plural with s is understood as well, unless it is another unit.
void units_declare(Units *units, const Node *decl)
{
    int32_t before = map_get(units->names, decl->text);
    if (time_unit(decl->text)) {
        diag_report(units->diags, 321, decl->name_span,
                    "`%.*s` is a unit of time and needs no declaration", STR_ARG(decl->text));
        return;
    }
    if (before >= 0) {
        Diag *diag = diag_report(units->diags, 320, decl->name_span,
                                 "the unit `%.*s` is declared twice", STR_ARG(decl->text));
        diag_related(diag, units->declared.p[before], "first declared here");
        return;
    }
    int32_t base = units->bases.n;
    add_base(units, decl->text, (decl->flags & NODE_POSITIVE) != 0, decl->name_span);
    map_put(units->names, decl->text, base);
    Str plural = str_format(units->arena, "%.*ss", STR_ARG(decl->text));
    if (map_get(units->names, plural) < 0) {
        map_put(units->names, plural, base);
    }
}

// ---- Reading ----------------------------------------------------------------------------------

// For names that may be a unit or something else.
bool units_known(const Units *units, Str name)
{
    return time_unit(name) != NULL || map_get(units->names, name) >= 0;
}

// Lengths of time that have no name here, and what is no unit at all.
static const char *unit_in_other_words(Str name)
{
    static const struct {
        const char *name, *help;
    } OTHER[] = {
        {"minute", "the shortest unit of time is the hour: `0.5 hours`"},
        {"second", "the shortest unit of time is the hour: `0.5 hours`"},
        {"quarter", "a quarter is `3 months`"},
        {"fortnight", "a fortnight is `2 weeks`"},
        {"decade", "a decade is `10 years`"},
        {"annum", "write `per year`"},
        {"percent", "write a percent sign behind the number: `30%`"},
        {"thousand", "write `1.5k`"},
        {"million", "write `1.5M`"},
        {"billion", "write `1500M`"},
    };
    bool plural = name.n > 1 && name.p[name.n - 1] == 's';
    Str one = str_sub(name, 0, plural ? name.n - 1 : name.n);
    for (size_t i = 0; i < sizeof OTHER / sizeof OTHER[0]; i++) {
        if (str_eq(one, str_of(OTHER[i].name))) {
            return OTHER[i].help;
        }
    }
    return NULL;
}

// Told once, however often it is used.
static void unknown_unit(Units *units, const Node *node)
{
    if (map_get(units->told, node->text) >= 0) {
        return; // one cause, one message
    }
    map_put(units->told, node->text, 1);
    Diag *diag =
        diag_report(units->diags, 351, node->name_span.file < 0 ? node->span : node->name_span,
                    "there is no unit `%.*s`", STR_ARG(node->text));
    const char *help = unit_in_other_words(node->text);
    if (help) {
        diag_help(units->diags, diag, "%s", help);
        return;
    }
    Suggest suggest;
    suggest_init(&suggest, node->text);
    for (int32_t i = 1; i < units->bases.n; i++) {
        suggest_add(&suggest, units->bases.p[i]);
    }
    for (int32_t i = 0; i < N_TIMES; i++) {
        suggest_add(&suggest, str_of(TIMES[i].name));
        suggest_add(&suggest, str_format(units->arena, "%ss", TIMES[i].name));
    }
    if (!suggest_help(units->diags, diag, &suggest)) {
        diag_help(units->diags, diag, "declare it at the start of a line: `unit %.*s`",
                  STR_ARG(node->text));
    }
}

// Only time has factors: other units are what they are.
static bool read_power(Units *units, const Node *node, int32_t power, WrittenUnit *out)
{
    const TimeUnit *time = time_unit(node->text);
    int32_t base = time ? 0 : map_get(units->names, node->text);
    if (base < 0) {
        unknown_unit(units, node);
        return false;
    }
    units->used.p[base] = true;
    int32_t one = time ? UNIT_DAY : intern(units, &(UnitPower){base, 1}, 1, node->span);
    out->unit =
        units_multiply(units, out->unit, units_power(units, one, power, node->span), 1, node->span);
    for (int32_t i = 0; time && i < (power < 0 ? -power : power); i++) {
        out->num *= power > 0 ? time->num : time->den;
        out->den *= power > 0 ? time->den : time->num;
    }
    if (time && power == -1) {
        out->per_days = time->num / time->den;
    }
    return true;
}

static void add_written(Arena *arena, Str *text, Str name, int32_t power)
{
    const char *before = text->n == 0 ? "" : " ";
    const char *per = power < 0 ? "per " : "";
    int32_t size = power < 0 ? -power : power;
    *text = size == 1
                ? str_format(arena, "%.*s%s%s%.*s", STR_ARG(*text), before, per, STR_ARG(name))
                : str_format(arena, "%.*s%s%s%.*s^%d", STR_ARG(*text), before, per, STR_ARG(name),
                             size);
}

// Read as written, left to right: km per week.
bool units_read(Units *units, const Node *node, WrittenUnit *out)
{
    *out = (WrittenUnit){.unit = UNIT_PLAIN, .num = 1, .den = 1, .text = STR("")};
    if (node->kind == NODE_NAME) {
        add_written(units->arena, &out->text, node->text, 1);
        return read_power(units, node, 1, out);
    }
    bool known = true;
    for (const Node *p = node->child; p; p = p->next) {
        // A power this large is a slip of the finger; what it would mean no int can count.
        double power = p->number > 9 ? 9 : p->number < -9 ? -9 : p->number;
        add_written(units->arena, &out->text, p->text, (int32_t)power);
        known = read_power(units, p, (int32_t)power, out) && known;
    }
    return known;
}

// ---- Arithmetic -------------------------------------------------------------------------------

// A merge of two ordered lists.
int32_t units_multiply(Units *units, int32_t a, int32_t b, int32_t sign, Span span)
{
    const Unit *x = &units->units.p[a], *y = &units->units.p[b];
    UnitPower powers[LIMIT_UNITS * 2];
    int32_t n = 0, i = 0, j = 0;
    while ((i < x->n || j < y->n) && n < LIMIT_UNITS * 2) {
        if (j == y->n || (i < x->n && x->powers[i].base < y->powers[j].base)) {
            powers[n++] = x->powers[i++];
        } else if (i == x->n || y->powers[j].base < x->powers[i].base) {
            powers[n++] = (UnitPower){y->powers[j].base, sign * y->powers[j].power};
            j++;
        } else {
            int32_t power = x->powers[i].power + sign * y->powers[j].power;
            if (power != 0) {
                powers[n++] = (UnitPower){x->powers[i].base, power};
            }
            i++;
            j++;
        }
    }
    return intern(units, powers, n, span);
}

int32_t units_power(Units *units, int32_t a, int32_t power, Span span)
{
    int32_t result = UNIT_PLAIN;
    for (int32_t i = 0; i < (power < 0 ? -power : power); i++) {
        result = units_multiply(units, result, a, power < 0 ? -1 : 1, span);
    }
    return result;
}

int32_t units_root(Units *units, int32_t a, Span span)
{
    const Unit *unit = &units->units.p[a];
    UnitPower powers[LIMIT_UNITS * 2];
    for (int32_t i = 0; i < unit->n; i++) {
        if (unit->powers[i].power % 2 != 0) {
            return -1;
        }
        powers[i] = (UnitPower){unit->powers[i].base, unit->powers[i].power / 2};
    }
    return intern(units, powers, unit->n, span);
}

// Durations, hazards and units declared positive; a rate of them may be negative.
Support units_support(const Units *units, int32_t unit)
{
    const Unit *u = &units->units.p[unit];
    if (unit == UNIT_HAZARD) {
        return SUPPORT_POSITIVE;
    }
    bool one = u->n == 1 && u->powers[0].power == 1;
    return one && units->positive.p[u->powers[0].base] ? SUPPORT_POSITIVE : SUPPORT_REAL;
}

Str units_text(const Units *units, Kind number)
{
    switch (number.unit) {
    case UNIT_PLAIN:
        return number.support == SUPPORT_PROBABILITY ? STR("a probability")
               : number.support == SUPPORT_COUNT     ? STR("a count")
                                                     : STR("a plain number");
    case UNIT_DAY: return STR("a duration");
    case UNIT_HAZARD: return STR("a hazard (a chance per time)");
    default: break;
    }
    Str name = units->units.p[number.unit].name;
    const char *in = str_starts(name, STR("per ")) ? "" : "in ";
    return str_format(units->arena, "a number %s%.*s", in, STR_ARG(name));
}
