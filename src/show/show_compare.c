// SPDX-License-Identifier: MIT
//
// A Comparison as a document: from where readings part to every answer.
#include "show/show_compare.h"

#include <inttypes.h>

#include "base/num.h"
#include "show/compare_parts.h"
#include "show/show_num.h"

static Str count(Arena *arena, uint64_t n)
{
    return num_grouped(arena, (double)n, 0);
}

// ---- Heading ------------------------------------------------------------------------------------

static void add_frame(const Sheet *sheet, const Comparison *c)
{
    Arena *arena = sheet->buf->arena;
    const Provenance *run = &c->provenance;
    Buf line = {.arena = arena};
    buf_add(&line, num_date(arena, run->start));
    buf_add(&line, STR(" to "));
    buf_add(&line, num_date(arena, run->end));
    buf_add(&line, STR(", "));
    buf_add_safe(&line, run->step, false);
    buf_addf(&line,
             "; %d readings of the model, each in the same %.*s draws of all that is unknown",
             (int)c->n_columns, STR_ARG(count(arena, run->worlds)));
    sheet_text(sheet, buf_str(&line));
}

// What a reading is, in a line.
static Str reading_title(Arena *arena, const Comparison *c, const CompareColumn *column)
{
    double listed = 0;
    bool stories = false;
    for (int32_t i = 0; i < c->n_columns; i++) {
        listed += c->columns[i].role == COLUMN_SET ? 0 : c->columns[i].share;
        stories = stories || c->columns[i].role == COLUMN_STORY;
    }
    if (column->role == COLUMN_POOL) {
        return listed > 0.999 ? STR("all of these together, each in its share of the draws")
                              : STR("all stories together, each in its share of the draws; those "
                                    "not listed here as well");
    }
    if (column->role == COLUMN_BASE) {
        return stories || column->against >= 0 ? STR("the model without any story")
                                               : STR("the model as its file has it");
    }
    return show_safe(arena, column->title);
}

static void add_reading(const Sheet *sheet, const Comparison *c, const CompareColumn *column)
{
    Arena *arena = sheet->buf->arena;
    Buf line = {.arena = arena};
    buf_add_safe(&line, column->name, false);
    if (column->role == COLUMN_VARIANT) {
        buf_add(&line, STR(" (a what-if on the base)"));
    } else if (column->share > 0) {
        buf_addf(&line, " (%.*s%s%.*s %% of the pool)", STR_ARG(show_safe(arena, column->grade)),
                 column->grade.n ? ", " : "", STR_ARG(num_rounded(arena, column->share * 100, 0)));
    }
    bool outside = column->role == COLUMN_BASE && column->share == 0 && column->against >= 0;
    buf_add(&line, outside ? STR(" (not in the pool)") : STR(""));
    Str title = reading_title(arena, c, column);
    buf_addf(&line, "%s%.*s", title.n ? ": " : "", STR_ARG(title));
    sheet_bullet(sheet, buf_str(&line));
}

// The pool comes last: it is made of the others.
static void add_readings(const Sheet *sheet, const Comparison *c)
{
    Arena *arena = sheet->buf->arena;
    for (int32_t i = 0; i < c->n_columns; i++) {
        const CompareColumn *column = &c->columns[i];
        if (column->role != COLUMN_POOL && column->role != COLUMN_SET) {
            add_reading(sheet, c, column);
        }
    }
    for (int32_t i = 0; i < c->n_columns; i++) {
        if (c->columns[i].role == COLUMN_POOL) {
            add_reading(sheet, c, &c->columns[i]);
        }
    }
    for (int32_t i = 0; i < c->provenance.n_settings; i++) {
        Str setting = show_safe(arena, c->provenance.settings[i]);
        sheet_bullet(sheet, str_format(arena, "changed: the same with %.*s", STR_ARG(setting)));
    }
}

static void add_heading(const Sheet *sheet, const Comparison *c)
{
    sheet_heading(sheet, 1, show_safe(sheet->buf->arena, c->provenance.model_title));
    add_frame(sheet, c);
    add_readings(sheet, c);
    if (c->provenance.partial) {
        sheet_text(sheet, STR("Partial: stopped early; the errors shown are those of what was "
                              "done."));
    }
    sheet_gap(sheet);
}

// ---- Where they part ----------------------------------------------------------------------------

static Str errors_text(Arena *arena, double errors)
{
    return errors > 999 ? STR(">999") : num_rounded(arena, errors, 0);
}

static Str question_text(Arena *arena, const CompareItem *item)
{
    return show_safe(arena, item->text.n ? item->text : item->asked);
}

static void overview_row(Table *table, const Comparison *c, const Sheet *sheet,
                         const CompareItem *item)
{
    const ShowStyle *style = sheet->style;
    Arena *arena = table->arena;
    TableRow *row = table_row(table);
    int32_t n = c->n_columns, ends[2] = {item->low, item->high};
    row->cell[0] = sheet->markdown ? compare_title(arena, item) : show_safe(arena, item->name);
    row->note = question_text(arena, item);
    if (item->kind == ITEM_LEVEL) {
        row->cell[0] = str_format(arena, "%.*s is %.*s", STR_ARG(row->cell[0]),
                                  STR_ARG(show_safe(arena, item->level_names[item->lead])));
    }
    for (int i = 0; i < 2; i++) {
        Str name = compare_column(arena, c, ends[i]);
        Str value = compare_brief(arena, style, item, item->cells[ends[i]].value);
        row->cell[1 + i] = str_format(arena, "%.*s %.*s", STR_ARG(name), STR_ARG(value));
    }
    row->cell[3] = compare_apart(arena, style, item, n);
    row->cell[4] = errors_text(arena, item->gaps[item->high * n + item->low].errors);
    row->cell[5] = str_format(arena, "%d", (int)item->n_parting);
}

static void add_together(const Sheet *sheet, const Comparison *c)
{
    Arena *arena = sheet->buf->arena;
    Buf line = {.arena = arena};
    int32_t found = 0;
    for (int32_t r = 0; r < c->n_items; r++) {
        const CompareItem *item = &c->items[c->ranked[r]];
        if (item->n_parting == 0) {
            buf_add(&line, found++ ? STR(", ") : STR(""));
            buf_add_safe(&line, item->name, false);
        }
    }
    if (found > 0) {
        sheet_text(sheet,
                   str_format(arena, "No two readings part on: %.*s", STR_ARG(buf_str(&line))));
    }
}

static void add_order(const Sheet *sheet)
{
    Str text =
        str_format(sheet->buf->arena,
                   "ordered by how far the two distributions lie apart (Hellinger distance); "
                   "left out: what is less than %d standard errors (s.e.) apart, or less "
                   "than 2 points, a factor of 1.5, a fifth of the spread of futures",
                   GAP_PARTS_ERRORS);
    sheet_text(sheet, text);
}

static void add_overview(const Sheet *sheet, const Comparison *c)
{
    Table table = {.arena = sheet->buf->arena, .n_columns = 6, .right = {[4] = true, [5] = true}};
    TableRow *head = table_row(&table);
    static const char *const names[] = {"question", "least", "most", "apart by", "s.e."};
    for (int i = 0; i < 5; i++) {
        head->cell[i] = str_of(names[i]);
    }
    head->cell[5] =
        str_format(table.arena, "pairs of %d", (int)(c->n_voices * (c->n_voices - 1) / 2));
    for (int32_t r = 0; r < c->n_items; r++) {
        const CompareItem *item = &c->items[c->ranked[r]];
        if (item->n_parting > 0) {
            overview_row(&table, c, sheet, item);
        }
    }
    sheet_heading(sheet, 2, STR("Where they part"));
    if (table.rows.n > 1) {
        add_order(sheet);
        sheet_table(sheet, &table);
    }
    add_together(sheet, c);
    sheet_gap(sheet);
}

// ---- What they say ------------------------------------------------------------------------------

static const char *verdict_text(const Coherence *s)
{
    switch (s->verdict) {
    case SAY_FITS: return "it fits";
    case SAY_TOO_LITTLE:
        return s->says.hi <= 0.5 ? "rarer than said"
                                 : "less than said: the story's conditions do not carry the words";
    case SAY_TOO_MUCH:
        return s->says.lo >= 0.5 ? "surer than said"
                                 : "more than said: the story's conditions go beyond the words";
    case SAY_EDGE: return "at the edge of what is said";
    case SAY_WIDE: return "it fits, as nearly anything would";
    case SAY_ELSE: return "said of something else, so this is no test of the words";
    case SAY_NOT_A_CHANCE: return "the question asks for no chance, so nothing is compared";
    case SAY_NO_ANSWER: return "the question has no answer under the story's conditions";
    case SAY_TOO_FEW: return "no test of the words";
    }
    return "";
}

static void add_saying(const Sheet *sheet, const Comparison *c, const Coherence *s)
{
    Arena *arena = sheet->buf->arena;
    const CompareItem *item = &c->items[s->item];
    Buf line = {.arena = arena};
    buf_addf(&line, "%.*s on %.*s: says %.*s", STR_ARG(compare_column(arena, c, s->column)),
             STR_ARG(show_safe(arena, item->name)), STR_ARG(compare_said(arena, sheet->style, s)));
    if (s->says.by == s->says.by) {
        buf_addf(&line, " by %.*s", STR_ARG(num_date(arena, s->says.by)));
    }
    if (s->says.about.n) {
        buf_addf(&line, " about \"%.*s\"", STR_ARG(show_safe(arena, s->says.about)));
    }
    if (s->verdict != SAY_NO_ANSWER && s->verdict != SAY_NOT_A_CHANCE) {
        const CompareCell *cell = &item->cells[s->column];
        buf_addf(&line, "; the story's conditions give %.*s",
                 STR_ARG(compare_cell(arena, sheet->style, item, cell)));
    }
    buf_addf(&line, ": %s", verdict_text(s));
    sheet_bullet(sheet, buf_str(&line));
}

static void add_apparent(const Sheet *sheet, const Comparison *c, const Apparent *apparent)
{
    Arena *arena = sheet->buf->arena;
    const Coherence *a = &c->sayings[apparent->a], *b = &c->sayings[apparent->b];
    const CompareItem *item = &c->items[apparent->item];
    const char *text =
        apparent->kind == APPARENT_WORDS
            ? "they differ in words only: their conditions give the same within the error"
        : apparent->kind == APPARENT_ELSE
            ? "not the same question: they speak of different dates or things"
            : "the same in words, but their conditions give different answers";
    Str gap = compare_gap_text(arena, sheet->style, item, c->n_columns, a->column, b->column);
    Buf line = {.arena = arena};
    buf_addf(&line, "%.*s: %.*s says %.*s, %.*s says %.*s: %s",
             STR_ARG(show_safe(arena, item->name)), STR_ARG(compare_column(arena, c, a->column)),
             STR_ARG(compare_said(arena, sheet->style, a)),
             STR_ARG(compare_column(arena, c, b->column)),
             STR_ARG(compare_said(arena, sheet->style, b)), text);
    if (apparent->kind != APPARENT_ELSE) {
        buf_addf(&line, " (difference: %.*s)", STR_ARG(gap));
    }
    sheet_bullet(sheet, buf_str(&line));
}

// Names what is listed, and nothing else.
static Str apparent_title(Arena *arena, const Comparison *c)
{
    static const char *const names[] = {[APPARENT_WORDS] = "disagreements in words only",
                                        [APPARENT_HIDDEN] = "agreements in words only",
                                        [APPARENT_ELSE] = "words on different questions"};
    static const ApparentKind order[] = {APPARENT_WORDS, APPARENT_HIDDEN, APPARENT_ELSE};
    Buf line = {.arena = arena};
    for (int i = 0; i < 3; i++) {
        bool listed = false;
        for (int32_t k = 0; k < c->n_apparent; k++) {
            listed = listed || c->apparent[k].kind == order[i];
        }
        if (listed) {
            buf_addf(&line, "%s%s", line.n ? "; " : "What is said: ", names[order[i]]);
        }
    }
    return buf_str(&line);
}

static void add_sayings(const Sheet *sheet, const Comparison *c)
{
    if (c->n_sayings == 0) {
        return;
    }
    sheet_heading(sheet, 2, STR("What authors say, and what their own conditions give"));
    for (int32_t i = 0; i < c->n_sayings; i++) {
        add_saying(sheet, c, &c->sayings[i]);
    }
    sheet_gap(sheet);
    if (c->n_apparent == 0) {
        return;
    }
    sheet_heading(sheet, 2, apparent_title(sheet->buf->arena, c));
    for (int32_t i = 0; i < c->n_apparent; i++) {
        add_apparent(sheet, c, &c->apparent[i]);
    }
    sheet_gap(sheet);
}

// ---- Answers ------------------------------------------------------------------------------------

static Str said_in(Arena *arena, const Comparison *c, const ShowStyle *style, int32_t item,
                   int32_t column)
{
    for (int32_t i = 0; i < c->n_sayings; i++) {
        const Coherence *s = &c->sayings[i];
        if (s->item == item && s->column == column) {
            const char *of = s->says.about.n          ? " (of something else)"
                             : s->verdict == SAY_ELSE ? " (of another date)"
                                                      : "";
            return str_format(arena, "says %.*s%s", STR_ARG(compare_said(arena, style, s)), of);
        }
    }
    return (Str){0};
}

static Str median_text(Arena *arena, const CompareItem *item, const CompareCell *cell)
{
    if (cell->median != cell->median) {
        return STR("");
    }
    if (item->kind == ITEM_DATE) {
        return num_date(arena, cell->median);
    }
    int decimals = num_spread_decimals(cell->sd * item->scale * 3.29);
    return num_rounded(arena, cell->median * item->scale, decimals);
}

// Its columns: reading, answer, [median], difference, what is said.
static void answer_row(Table *table, const Comparison *c, const ShowStyle *style, int32_t index,
                       int32_t column, bool medians)
{
    Arena *arena = table->arena;
    const CompareItem *item = &c->items[index];
    const CompareCell *cell = &item->cells[column];
    int32_t against = c->columns[column].against, at = 0;
    TableRow *row = table_row(table);
    row->cell[at++] = compare_column(arena, c, column);
    row->cell[at++] = compare_cell(arena, style, item, cell);
    if (medians) {
        row->cell[at++] = median_text(arena, item, cell);
    }
    if (against >= 0) {
        Str gap = compare_gap_text(arena, style, item, c->n_columns, column, against);
        bool usual = str_eq(c->columns[against].name, c->against);
        Str from = show_safe(arena, c->columns[against].name);
        bool told = usual && c->columns[column].role != COLUMN_SET;
        row->cell[at] =
            told ? gap : str_format(arena, "%.*s, from %.*s", STR_ARG(gap), STR_ARG(from));
    }
    at++;
    row->cell[at] = said_in(arena, c, style, index, column);
    bool few = item->conditional && !cell->why.n && cell->defined.value < 0.1;
    if (few && !compare_too_few(item, cell)) {
        Str rests = str_format(arena, "%srests on %.*s future%s", row->cell[at].n ? "; " : "",
                               STR_ARG(count(arena, cell->futures)), cell->futures == 1 ? "" : "s");
        row->cell[at] = str_format(arena, "%.*s%.*s", STR_ARG(row->cell[at]), STR_ARG(rests));
    }
}

static void add_answer_table(const Sheet *sheet, const Comparison *c, int32_t index)
{
    const CompareItem *item = &c->items[index];
    bool medians = item->kind == ITEM_NUMBER || item->kind == ITEM_DATE;
    Table table = {.arena = sheet->buf->arena, .n_columns = medians ? 5 : 4};
    TableRow *head = table_row(&table);
    int at = 0;
    head->cell[at++] = STR("reading");
    head->cell[at++] = item->kind == ITEM_NUMBER ? STR("mean")
                       : item->kind == ITEM_DATE ? STR("happens")
                                                 : STR("chance");
    if (medians) {
        head->cell[at++] = item->kind == ITEM_DATE ? STR("median date") : STR("median");
    }
    head->cell[at] = str_format(table.arena, "minus the %.*s", STR_ARG(c->against));
    for (int32_t i = 0; i < c->n_columns; i++) {
        answer_row(&table, c, sheet->style, index, i, medians);
    }
    sheet_table(sheet, &table);
}

// Levels down, readings across, as many at a time as fit.
static void add_levels(const Sheet *sheet, const Comparison *c, const CompareItem *item)
{
    enum { AT_ONCE = 7 };
    Arena *arena = sheet->buf->arena;
    for (int32_t from = 0; from < c->n_columns; from += AT_ONCE) {
        int32_t n = c->n_columns - from < AT_ONCE ? c->n_columns - from : AT_ONCE;
        Table table = {.arena = arena, .n_columns = n + 1};
        TableRow *head = table_row(&table);
        head->cell[0] = STR("% of futures");
        for (int32_t i = 0; i < n; i++) {
            head->cell[i + 1] = compare_column(arena, c, from + i);
            table.right[i + 1] = true;
        }
        for (int32_t l = 0; l < item->n_levels; l++) {
            TableRow *row = table_row(&table);
            row->cell[0] = show_safe(arena, item->level_names[l]);
            for (int32_t i = 0; i < n; i++) {
                const CompareCell *cell = &item->cells[from + i];
                row->cell[i + 1] = cell->why.n || compare_too_few(item, cell)
                                       ? STR("-")
                                       : num_chance_cell(arena, cell->levels[l], 1);
            }
        }
        sheet_table(sheet, &table);
    }
}

static void add_answer(const Sheet *sheet, const Comparison *c, int32_t index)
{
    const CompareItem *item = &c->items[index];
    Arena *arena = sheet->buf->arena;
    sheet_heading(sheet, 3, compare_title(arena, item));
    if (item->kind == ITEM_LEVEL) {
        add_levels(sheet, c, item);
        sheet_text(sheet, str_format(arena, "most apart on %.*s:",
                                     STR_ARG(show_safe(arena, item->level_names[item->lead]))));
    }
    add_answer_table(sheet, c, index);
    compare_show_cruxes(sheet, c, index);
}

// How many of the ranked questions are told in full.
static int32_t count_shown(const Comparison *c, const ShowStyle *style)
{
    enum { MOST_PARTED = 10 };
    return style->all || c->n_items < MOST_PARTED ? c->n_items : MOST_PARTED;
}

static void add_answers(const Sheet *sheet, const Comparison *c)
{
    int32_t shown = count_shown(c, sheet->style), more = c->n_items - shown;
    Arena *arena = sheet->buf->arena;
    sheet_heading(
        sheet, 2,
        more ? str_format(arena, "Question by question: the %d on which they part most", (int)shown)
             : STR("Question by question"));
    for (int32_t r = 0; r < shown; r++) {
        if (r > 0 && !sheet->markdown) {
            sheet_gap(sheet);
        }
        add_answer(sheet, c, c->ranked[r]);
    }
    if (!sheet->markdown) {
        sheet_gap(sheet);
    }
    if (more) {
        sheet_text(sheet, str_format(arena,
                                     "%d more question%s: `--question NAME` tells one, `--all` "
                                     "every one",
                                     (int)more, more == 1 ? "" : "s"));
        sheet_gap(sheet);
    }
}

// ---- The end ------------------------------------------------------------------------------------

static void add_remarks(const Sheet *sheet, const Comparison *c)
{
    if (c->n_remarks == 0) {
        return;
    }
    sheet_heading(sheet, 2, STR("Remarks"));
    for (int32_t i = 0; i < c->n_remarks; i++) {
        sheet_bullet(sheet, show_safe(sheet->buf->arena, c->remarks[i].text));
    }
    sheet_gap(sheet);
}

static void add_provenance(const Sheet *sheet, const Comparison *c)
{
    Arena *arena = sheet->buf->arena;
    const Provenance *run = &c->provenance;
    Str dot = glyph_dot(sheet->style), times = glyph_times(sheet->style);
    Buf line = {.arena = arena};
    buf_add(&line, STR("casus "));
    buf_add_safe(&line, run->version, false);
    buf_addf(&line, "%.*smodel ", STR_ARG(dot));
    buf_add_safe(&line, run->model_hash, false);
    buf_addf(&line, "%.*sseed %" PRIu64 "%.*s%.*s worlds %.*s %.*s futures a reading", STR_ARG(dot),
             run->seed, STR_ARG(dot), STR_ARG(count(arena, run->worlds)), STR_ARG(times),
             STR_ARG(count(arena, run->futures_per_world)));
    if (c->n_swaps > 0) {
        buf_addf(&line, "%.*s%d swapped readings of %.*s %.*s %.*s", STR_ARG(dot), (int)c->n_swaps,
                 STR_ARG(count(arena, c->crux_worlds)), STR_ARG(times),
                 STR_ARG(count(arena, c->crux_futures)));
    }
    buf_addf(&line, "%.*sdigest %016" PRIx64, STR_ARG(dot), comparison_digest(c));
    ink_dim(sheet->buf, sheet->style);
    buf_add(sheet->buf, buf_str(&line));
    ink_off(sheet->buf, sheet->style);
    buf_char(sheet->buf, '\n');
}

static void add_all(const Sheet *sheet, const Comparison *c)
{
    add_heading(sheet, c);
    add_overview(sheet, c);
    compare_show_pairs(sheet, c);
    add_sayings(sheet, c);
    add_answers(sheet, c);
    add_remarks(sheet, c);
    compare_show_legend(sheet, c, count_shown(c, sheet->style));
    add_provenance(sheet, c);
}

void show_compare(Buf *buf, const Comparison *comparison, const ShowStyle *style)
{
    add_all(&(Sheet){.buf = buf, .style = style}, comparison);
}

void show_compare_markdown(Buf *buf, const Comparison *comparison, const ShowStyle *style)
{
    ShowStyle plain = *style;
    plain.color = false;
    plain.width = 0;
    add_all(&(Sheet){.buf = buf, .style = &plain, .markdown = true}, comparison);
}
