// SPDX-License-Identifier: MIT
//
// An Agreement as text: a table of the answers, what was not compared, the verdict.
#include "show/show_agree.h"

#include <inttypes.h>

#include "base/num.h"
#include "show/sheet.h"
#include "show/show_num.h"

enum { COLUMNS = 6 };

static Str count(Arena *arena, uint64_t n)
{
    return num_grouped(arena, (double)n, 0);
}

static bool is_off(const Agreement *a, const AgreeValue *value)
{
    return !(value->chance >= a->bound);
}

// ---- Heading ------------------------------------------------------------------------------------

static void add_heading(const Sheet *sheet, const Agreement *a)
{
    Arena *arena = sheet->buf->arena;
    const Provenance *run = &a->sampled;
    sheet_heading(sheet, 1, show_safe(arena, run->model_title));
    Buf line = {.arena = arena};
    buf_addf(&line, "Sampled against exact: %.*s; %.*s futures",
             STR_ARG(show_safe(arena, run->reading)), STR_ARG(count(arena, run->futures)));
    if (run->futures_per_world == 1) {
        buf_add(&line, STR(", each in a world of its own"));
    } else {
        buf_addf(&line, " in %.*s worlds", STR_ARG(count(arena, run->worlds)));
    }
    sheet_text(sheet, buf_str(&line));
    sheet_gap(sheet);
}

// ---- Cells --------------------------------------------------------------------------------------

// One digit more than the error leaves, and two where nothing is left to chance.
static int decimals_of(double error)
{
    if (!(error > 0) || error > 1e300) {
        return 2;
    }
    int decimals = num_precision(2 * error).decimals + 1;
    return decimals < 0 ? 0 : decimals < NUM_ALL ? decimals : NUM_ALL;
}

// A column of zeros says nothing of what is rarer still.
static Str figure(Arena *arena, double x, int decimals)
{
    enum { READABLE = 7 };
    if (decimals <= READABLE || x - x != 0) {
        return num_rounded(arena, x, decimals);
    }
    return x == 0 ? STR("0") : str_format(arena, "%.3g", x);
}

static double scale_of(const AgreeItem *item, AgreeForm form)
{
    return form == AGREE_CHANCE ? 100 : form == AGREE_NUMBER ? item->scale : 1;
}

// What is exact has one digit more than what was sampled.
static Str number_cell(Arena *arena, const AgreeItem *item, const AgreeValue *value, bool exact)
{
    double x = exact ? value->exact : value->sampled;
    if (value->form == AGREE_DATE) {
        return num_date(arena, x);
    }
    double scale = scale_of(item, value->form);
    Buf buf = {.arena = arena};
    buf_add(&buf, figure(arena, x * scale, decimals_of(value->error * scale) + exact));
    num_add_unit(&buf, value->form == AGREE_CHANCE ? STR("%") : item->unit);
    return buf_str(&buf);
}

static Str error_cell(Arena *arena, const AgreeItem *item, const AgreeValue *value)
{
    double scale = scale_of(item, value->form), error = value->error * scale;
    if (error != error) {
        return STR("-");
    }
    Str number = figure(arena, error, decimals_of(error));
    return value->form == AGREE_DATE ? str_format(arena, "%.*s days", STR_ARG(number)) : number;
}

static Str errors_cell(Arena *arena, double errors)
{
    if (errors != errors) {
        return STR("-");
    }
    if (errors - errors != 0) {
        return errors > 0 ? STR("beyond any") : STR("below any");
    }
    Str number = num_rounded(arena, errors, 1);
    return errors > 0.05 ? str_format(arena, "+%.*s", STR_ARG(number)) : number;
}

// ---- The table ----------------------------------------------------------------------------------

static void add_row(Table *table, const AgreeItem *item, int32_t v, bool named)
{
    Arena *arena = table->arena;
    const AgreeValue *value = &item->values[v];
    TableRow *row = table_row(table);
    row->cell[0] = named ? show_safe(arena, item->name) : STR("");
    row->cell[1] = show_safe(arena, value->what);
    row->cell[2] = number_cell(arena, item, value, false);
    row->cell[3] = error_cell(arena, item, value);
    row->cell[4] = number_cell(arena, item, value, true);
    row->cell[5] = errors_cell(arena, value->errors);
}

// The answer itself, what is least likely of it, and all that is off; every value when all are
// wanted.
static void add_item(Table *table, const Agreement *a, const AgreeItem *item, bool all)
{
    bool named = true;
    for (int32_t v = 0; v < item->n_values; v++) {
        if (all || v == 0 || v == item->worst || is_off(a, &item->values[v])) {
            add_row(table, item, v, named);
            named = false;
        }
    }
}

static void add_table(const Sheet *sheet, const Agreement *a)
{
    static const char *const names[COLUMNS] = {"question", "value", "sampled",
                                               "error",    "exact", "errors off"};
    Table table = {.arena = sheet->buf->arena, .n_columns = COLUMNS};
    TableRow *head = table_row(&table);
    for (int i = 0; i < COLUMNS; i++) {
        head->cell[i] = str_of(names[i]);
        table.right[i] = i > 1;
    }
    for (int32_t i = 0; i < a->n_items; i++) {
        add_item(&table, a, &a->items[i], sheet->style->all);
    }
    if (a->n_values > 0) {
        sheet_table(sheet, &table);
        sheet_gap(sheet);
    }
}

// ---- Verdict ------------------------------------------------------------------------------------

// The first item with this reason.
static int32_t first_with(const Agreement *a, Str why)
{
    int32_t i = 0;
    while (!str_eq(a->items[i].why, why)) {
        i++;
    }
    return i;
}

// Questions mostly share the reason: "a, b: it rests on ...".
static void add_reason(const Sheet *sheet, const Agreement *a, int32_t first)
{
    Arena *arena = sheet->buf->arena;
    Str why = a->items[first].why;
    Buf line = {.arena = arena};
    for (int32_t i = first; i < a->n_items; i++) {
        if (str_eq(a->items[i].why, why)) {
            buf_addf(&line, "%s%.*s", line.n ? ", " : "",
                     STR_ARG(show_safe(arena, a->items[i].name)));
        }
    }
    buf_addf(&line, ": %.*s", STR_ARG(show_safe(arena, why)));
    sheet_bullet(sheet, buf_str(&line));
}

static void add_left_out(const Sheet *sheet, const Agreement *a)
{
    bool any = false;
    for (int32_t i = 0; i < a->n_items; i++) {
        Str why = a->items[i].why;
        if (why.n == 0 || first_with(a, why) < i) {
            continue;
        }
        if (!any) {
            sheet_heading(sheet, 2, STR("Not compared"));
            any = true;
        }
        add_reason(sheet, a, i);
    }
    if (any) {
        sheet_gap(sheet);
    }
}

// "`war`, by 2024-06-30, 2.9 standard errors off"
static Str least_likely(Arena *arena, const Agreement *a)
{
    const AgreeItem *item = &a->items[a->worst];
    const AgreeValue *value = &item->values[item->worst];
    Buf buf = {.arena = arena};
    buf_addf(&buf, "%.*s, %.*s", STR_ARG(show_safe(arena, item->name)),
             STR_ARG(show_safe(arena, value->what)));
    if (value->errors - value->errors == 0) {
        double size = value->errors < 0 ? -value->errors : value->errors;
        buf_addf(&buf, ", %.*s standard errors off", STR_ARG(num_rounded(arena, size, 1)));
    }
    return buf_str(&buf);
}

static Str plural(Arena *arena, uint64_t n, const char *noun)
{
    return str_format(arena, "%.*s %s%s", STR_ARG(count(arena, n)), noun, n == 1 ? "" : "s");
}

static void add_agreed(const Sheet *sheet, const Agreement *a)
{
    Arena *arena = sheet->buf->arena;
    const AgreeItem *item = &a->items[a->worst];
    double among = item->values[item->worst].chance * a->n_values;
    Buf line = {.arena = arena};
    buf_addf(&line, "%.*s of %.*s: chance explains every difference. The least likely: %.*s; ",
             STR_ARG(plural(arena, (uint64_t)a->n_values, "value")),
             STR_ARG(plural(arena, (uint64_t)a->n_compared, "question")),
             STR_ARG(least_likely(arena, a)));
    if (among >= 0.05) {
        buf_add(&line, STR("nothing unusual among so many."));
    } else {
        buf_addf(&line, "one so rare among so many comes up in less than 1 of %.*s runs.",
                 STR_ARG(num_rounded(arena, 1 / among, 0)));
    }
    sheet_text(sheet, buf_str(&line));
}

static void add_off(const Sheet *sheet, const Agreement *a)
{
    Arena *arena = sheet->buf->arena;
    sheet_text(sheet,
               str_format(arena,
                          "%.*s of %.*s cannot be explained by chance. The least likely: %.*s.",
                          STR_ARG(count(arena, (uint64_t)a->n_off)),
                          STR_ARG(plural(arena, (uint64_t)a->n_values, "value")),
                          STR_ARG(least_likely(arena, a))));
    sheet_text(sheet,
               STR("Sampler and exact answers contradict each other: one of the two is wrong. "
                   "Please report it with this model."));
}

static void add_verdict(const Sheet *sheet, const Agreement *a)
{
    Arena *arena = sheet->buf->arena;
    sheet_heading(sheet, 2, a->agrees ? STR("Agreed") : STR("NOT AGREED"));
    if (a->n_values == 0) {
        sheet_text(sheet, STR("There was nothing to compare."));
    } else if (a->agrees) {
        add_agreed(sheet, a);
    } else {
        add_off(sheet, a);
    }
    if (a->n_values > 0 && !sheet->style->plain) {
        sheet_text(sheet,
                   str_format(arena,
                              "Where both are right, this verdict is wrong for at most 1 seed in "
                              "%.*s: a value counts as off when the exact answer gives its sample "
                              "a chance below %.2g (where hits are many, beyond %.*s errors).",
                              STR_ARG(num_rounded(arena, 1 / a->alarm, 0)), a->bound,
                              STR_ARG(num_rounded(arena, a->bound_errors, 1))));
    }
    sheet_gap(sheet);
}

// ---- All of it ----------------------------------------------------------------------------------

static void add_remarks(const Sheet *sheet, const Agreement *a)
{
    Arena *arena = sheet->buf->arena;
    if (a->n_remarks == 0) {
        return;
    }
    sheet_heading(sheet, 2, STR("Remarks"));
    for (int32_t i = 0; i < a->n_remarks; i++) {
        sheet_bullet(sheet, show_safe(arena, a->remarks[i].text));
    }
    sheet_gap(sheet);
}

void show_agree(Buf *buf, const Agreement *a, const ShowStyle *style)
{
    Sheet sheet = {.buf = buf, .style = style};
    Str dot = glyph_dot(style), times = glyph_times(style);
    const Provenance *run = &a->sampled;
    add_heading(&sheet, a);
    add_table(&sheet, a);
    add_left_out(&sheet, a);
    add_remarks(&sheet, a);
    add_verdict(&sheet, a);
    ink_dim(buf, style);
    buf_addf(buf, "casus %.*s%.*smodel %.*s%.*sseed %" PRIu64 "%.*s",
             STR_ARG(show_safe(buf->arena, run->version)), STR_ARG(dot),
             STR_ARG(show_safe(buf->arena, run->model_hash)), STR_ARG(dot), run->seed,
             STR_ARG(dot));
    buf_addf(buf, "%.*s worlds %.*s %.*s future%s%.*s%.*s at most",
             STR_ARG(count(buf->arena, run->worlds)), STR_ARG(times),
             STR_ARG(count(buf->arena, run->futures_per_world)),
             run->futures_per_world == 1 ? "" : "s", STR_ARG(dot),
             STR_ARG(plural(buf->arena, a->exact.states, "state")));
    ink_off(buf, style);
    buf_char(buf, '\n');
}
