// SPDX-License-Identifier: MIT
//
// Over what readings part: a table of pairs, and for each question the pair furthest apart in full,
// other pairs in a line.
#include "show/compare_parts.h"
#include "show/show_num.h"

// What closes less than this, or cannot be told this well, is not named.
static const double WORTH_NAMING = 0.05, WELL_KNOWN = 0.5;
enum { NAMED = 4, NAMED_SHORT = 3, NAMED_OF_PAIR = 4 };

static bool is_worth_naming(const CruxPart *part)
{
    double size = part->closure.value < 0 ? -part->closure.value : part->closure.value;
    return part->why.n == 0 && size >= WORTH_NAMING && size > part->closure.half &&
           part->closure.half <= WELL_KNOWN;
}

static int32_t count_named(const Crux *crux)
{
    int32_t n = 0;
    for (int32_t i = 0; i < crux->n_parts; i++) {
        n += is_worth_naming(&crux->parts[i]);
    }
    return n;
}

static const char *verb_of(double closure)
{
    return closure < 0 ? "widens it by" : "closes";
}

// "~ 8 to 12", or what the base has.
static Str setting_of(Arena *arena, const Comparison *c, int32_t assumption, int32_t column)
{
    const CompareAssumption *x = &c->assumptions[assumption];
    Str own = show_safe(arena, x->values[column]);
    if (own.n > 0) {
        return own;
    }
    Str base = show_safe(arena, x->base);
    return base.n ? str_format(arena, "%.*s (as the base)", STR_ARG(base)) : STR("as the base");
}

static void add_part(Table *table, const Comparison *c, const ShowStyle *style, const Crux *crux,
                     const CruxPart *part)
{
    Arena *arena = table->arena;
    TableRow *row = table_row(table);
    Estimate shown = part->closure;
    shown.value = shown.value < 0 ? -shown.value : shown.value;
    row->cell[0] = show_safe(arena, c->assumptions[part->assumption].name);
    row->cell[1] = str_format(arena, "%s %.*s", verb_of(part->closure.value),
                              STR_ARG(compare_percent(arena, style, shown)));
    row->cell[2] =
        str_format(arena, "%.*s: %.*s; %.*s: %.*s", STR_ARG(compare_column(arena, c, crux->a)),
                   STR_ARG(setting_of(arena, c, part->assumption, crux->a)),
                   STR_ARG(compare_column(arena, c, crux->b)),
                   STR_ARG(setting_of(arena, c, part->assumption, crux->b)));
}

static Str ends_of(Arena *arena, const Comparison *c, const ShowStyle *style, const Crux *crux)
{
    const CompareItem *item = &c->items[crux->item];
    return str_format(arena, "%.*s %.*s, %.*s %.*s", STR_ARG(compare_column(arena, c, crux->a)),
                      STR_ARG(compare_brief(arena, style, item, item->cells[crux->a].value)),
                      STR_ARG(compare_column(arena, c, crux->b)),
                      STR_ARG(compare_brief(arena, style, item, item->cells[crux->b].value)));
}

static void add_interaction(const Sheet *sheet, const Comparison *c, const Crux *crux)
{
    const double slack = 0.1;
    Arena *arena = sheet->buf->arena;
    Buf line = {.arena = arena};
    double off = crux->sum.value - 1, size = off < 0 ? -off : off;
    if (size > slack && size > crux->sum.half) {
        buf_addf(&line, "one at a time all of them close %.*s: %s",
                 STR_ARG(compare_percent(arena, sheet->style, crux->sum)),
                 off < 0 ? "the rest takes several together" : "they do each other's work");
    }
    double more = crux->together.value - crux->singles.value;
    bool matters = crux->has_pair && (more < 0 ? -more : more) > slack &&
                   (more < 0 ? -more : more) > crux->together.half + crux->singles.half;
    if (matters) {
        Str first = show_safe(arena, c->assumptions[crux->parts[0].assumption].name);
        Str second = show_safe(arena, c->assumptions[crux->parts[1].assumption].name);
        buf_addf(&line, "%s%.*s and %.*s together close %.*s, one at a time %.*s",
                 line.n ? "; " : "", STR_ARG(first), STR_ARG(second),
                 STR_ARG(compare_percent(arena, sheet->style, crux->together)),
                 STR_ARG(compare_percent(arena, sheet->style, crux->singles)));
    }
    if (line.n) {
        sheet_text(sheet, buf_str(&line));
    }
}

static void add_in_full(const Sheet *sheet, const Comparison *c, const Crux *crux)
{
    Arena *arena = sheet->buf->arena;
    Table table = {.arena = arena, .n_columns = 3, .headless = !sheet->markdown};
    int32_t named = count_named(crux), shown = 0;
    sheet_text(sheet, str_format(arena, "furthest apart: %.*s",
                                 STR_ARG(ends_of(arena, c, sheet->style, crux))));
    if (sheet->markdown) {
        TableRow *head = table_row(&table);
        head->cell[0] = STR("assumption");
        head->cell[1] = STR("closes");
        head->cell[2] = STR("who assumes what");
    }
    for (int32_t i = 0; i < crux->n_parts && shown < NAMED; i++) {
        if (is_worth_naming(&crux->parts[i])) {
            add_part(&table, c, sheet->style, crux, &crux->parts[i]);
            shown++;
        }
    }
    if (named > 0) {
        sheet_table(sheet, &table);
    } else {
        sheet_text(sheet, STR("no single assumption closes a share of the gap that can be told "
                              "from chance"));
    }
    if (crux->tied && named > 1) {
        sheet_text(sheet, STR("the first two are tied: which closes more is within the error"));
    }
    add_interaction(sheet, c, crux);
}

static void add_in_short(const Sheet *sheet, const Comparison *c, const Crux *crux)
{
    Arena *arena = sheet->buf->arena;
    Buf line = {.arena = arena};
    buf_addf(&line, "%.*s: ", STR_ARG(ends_of(arena, c, sheet->style, crux)));
    int32_t shown = 0;
    for (int32_t i = 0; i < crux->n_parts && shown < NAMED_SHORT; i++) {
        const CruxPart *part = &crux->parts[i];
        if (is_worth_naming(part) && part->closure.value > 0) {
            buf_add(&line, shown++ ? STR(", ") : STR(""));
            buf_addf(&line, "%.*s %.*s",
                     STR_ARG(show_safe(arena, c->assumptions[part->assumption].name)),
                     STR_ARG(compare_percent(arena, sheet->style, part->closure)));
        }
    }
    if (shown == 0) {
        buf_add(&line, STR("no single assumption"));
    } else if (crux->tied && shown > 1) {
        buf_add(&line, STR(" (the first two tied)"));
    }
    sheet_bullet(sheet, buf_str(&line));
}

static bool is_widest(const Comparison *c, const Crux *crux)
{
    const CompareItem *item = &c->items[crux->item];
    return (crux->a == item->low && crux->b == item->high) ||
           (crux->a == item->high && crux->b == item->low);
}

static bool is_of_base(const Comparison *c, const Crux *crux)
{
    return c->columns[crux->a].role == COLUMN_BASE || c->columns[crux->b].role == COLUMN_BASE;
}

static double apart(const Comparison *c, const Crux *crux)
{
    double d = c->items[crux->item].gaps[crux->a * c->n_columns + crux->b].difference.value;
    return d < 0 ? -d : d;
}

// The widest pair, then those of two authors, then those with the base; in each those furthest
// apart.
static bool comes_before(const Comparison *c, const Crux *a, const Crux *b)
{
    if (is_widest(c, a) != is_widest(c, b)) {
        return is_widest(c, a);
    }
    if (is_of_base(c, a) != is_of_base(c, b)) {
        return is_of_base(c, b);
    }
    return apart(c, a) > apart(c, b);
}

static const Crux **cruxes_of(Arena *arena, const Comparison *c, int32_t item, int32_t *n)
{
    const Crux **list = ARENA_ARRAY(arena, const Crux *, c->n_cruxes + 1);
    *n = 0;
    for (int32_t i = 0; i < c->n_cruxes; i++) {
        const Crux *crux = &c->cruxes[i];
        if (crux->item != item) {
            continue;
        }
        int32_t at = (*n)++;
        for (; at > 0 && comes_before(c, crux, list[at - 1]); at--) {
            list[at] = list[at - 1];
        }
        list[at] = crux;
    }
    return list;
}

void compare_show_cruxes(const Sheet *sheet, const Comparison *c, int32_t item)
{
    enum { PAIRS = 5 }; // in full and in short
    int32_t n = 0, shown = 0;
    Arena *arena = sheet->buf->arena;
    const Crux **list = cruxes_of(arena, c, item, &n);
    if (n == 0) {
        return;
    }
    sheet_text(sheet, STR("over what they part:"));
    for (; shown < n && (shown < PAIRS || sheet->style->all); shown++) {
        if (shown == 0) {
            add_in_full(sheet, c, list[shown]);
        } else {
            add_in_short(sheet, c, list[shown]);
        }
    }
    if (shown < n) {
        sheet_bullet(sheet, str_format(arena, "and %d more pair%s: `--question %.*s`",
                                       (int)(n - shown), n - shown == 1 ? "" : "s",
                                       STR_ARG(show_safe(arena, c->items[item].name))));
    }
    if (sheet->markdown) {
        sheet_gap(sheet);
    }
}

// ---- Pairs --------------------------------------------------------------------------------------

// How often each assumption closes most between two readings, most often first.
typedef struct {
    int32_t assumption, times;
} Leader;

static int32_t count_leaders(const Comparison *c, int32_t a, int32_t b, Leader *leaders,
                             int32_t *n_questions)
{
    int32_t n = 0;
    for (int32_t i = 0; i < c->n_cruxes; i++) {
        const Crux *crux = &c->cruxes[i];
        if (crux->a != a || crux->b != b) {
            continue;
        }
        ++*n_questions;
        if (crux->n_parts == 0 || !is_worth_naming(&crux->parts[0])) {
            continue;
        }
        int32_t at = 0;
        while (at < n && leaders[at].assumption != crux->parts[0].assumption) {
            at++;
        }
        n += at == n;
        leaders[at].assumption = crux->parts[0].assumption;
        Leader risen = {leaders[at].assumption, ++leaders[at].times};
        for (; at > 0 && leaders[at - 1].times < risen.times; at--) {
            leaders[at] = leaders[at - 1];
        }
        leaders[at] = risen;
    }
    return n;
}

static void add_pair(Table *table, const Comparison *c, int32_t a, int32_t b)
{
    Arena *arena = table->arena;
    Leader *leaders = ARENA_ARRAY(arena, Leader, c->n_assumptions + 1);
    int32_t questions = 0, n = count_leaders(c, a, b, leaders, &questions);
    if (questions == 0) {
        return;
    }
    TableRow *row = table_row(table);
    row->cell[0] = str_format(arena, "%.*s and %.*s", STR_ARG(compare_column(arena, c, a)),
                              STR_ARG(compare_column(arena, c, b)));
    row->cell[1] = str_format(arena, "%d", (int)questions);
    Buf line = {.arena = arena};
    for (int32_t i = 0; i < n && i < NAMED_OF_PAIR; i++) {
        Str name = show_safe(arena, c->assumptions[leaders[i].assumption].name);
        buf_addf(&line, "%s%.*s (%d)", i ? ", " : "", STR_ARG(name), (int)leaders[i].times);
    }
    row->cell[2] = line.n ? buf_str(&line) : STR("no single assumption");
}

void compare_show_pairs(const Sheet *sheet, const Comparison *c)
{
    Table table = {.arena = sheet->buf->arena, .n_columns = 3, .right = {[1] = true}};
    TableRow *head = table_row(&table);
    head->cell[0] = STR("between");
    head->cell[1] = STR("questions");
    head->cell[2] = STR("what closes most of the gap (on how many)");
    for (int32_t a = 0; a < c->n_columns; a++) {
        for (int32_t b = 0; b < c->n_columns; b++) {
            add_pair(&table, c, a, b);
        }
    }
    if (table.rows.n > 1) {
        sheet_heading(sheet, 2, STR("Who parts from whom, and over what"));
        sheet_table(sheet, &table);
        sheet_gap(sheet);
    }
}
