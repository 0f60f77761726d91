// SPDX-License-Identifier: MIT
//
// How to read a comparison: every word and sign of its text that is not plain English, explained
// once, and only when it stands there.
#include "show/compare_parts.h"
#include "show/show_num.h"

typedef struct {
    bool pool, base, variant, set, grade; // readings
    bool chance, too_few, rests;
    bool said, elsewhere, edge;
    bool cruxes, tied;
} Terms;

static void note_columns(const Comparison *c, Terms *terms)
{
    for (int32_t i = 0; i < c->n_columns; i++) {
        const CompareColumn *column = &c->columns[i];
        terms->pool = terms->pool || column->role == COLUMN_POOL;
        terms->base = terms->base || column->role == COLUMN_BASE;
        terms->variant = terms->variant || column->role == COLUMN_VARIANT;
        terms->set = terms->set || column->role == COLUMN_SET;
        terms->grade = terms->grade || column->grade.n > 0;
    }
}

static void note_item(const Comparison *c, const CompareItem *item, Terms *terms)
{
    for (int32_t i = 0; i < c->n_columns; i++) {
        const CompareCell *cell = &item->cells[i];
        bool few = compare_too_few(item, cell), chance = item->kind != ITEM_NUMBER;
        int32_t against = c->columns[i].against;
        bool known = against < 0 || item->gaps[i * c->n_columns + against].known;
        terms->too_few = terms->too_few || few || !known;
        terms->rests = terms->rests ||
                       (item->conditional && !cell->why.n && !few && cell->defined.value < 0.1);
        terms->chance = terms->chance || (chance && !few && cell->value.value < 0.01);
    }
}

static void note_sayings(const Comparison *c, Terms *terms)
{
    terms->said = c->n_sayings > 0;
    for (int32_t i = 0; i < c->n_sayings; i++) {
        terms->elsewhere = terms->elsewhere || c->sayings[i].verdict == SAY_ELSE;
        terms->too_few = terms->too_few || c->sayings[i].verdict == SAY_TOO_FEW;
        terms->edge = terms->edge || c->sayings[i].verdict == SAY_EDGE;
    }
}

static void note_cruxes(const Comparison *c, Terms *terms)
{
    terms->cruxes = c->n_cruxes > 0;
    for (int32_t i = 0; i < c->n_cruxes; i++) {
        terms->tied = terms->tied || c->cruxes[i].tied;
    }
}

static void add_readings(const Sheet *sheet, const Terms *t)
{
    Arena *arena = sheet->buf->arena;
    Buf line = {.arena = arena};
    buf_add(&line,
            STR("reading: the model as one author tells it: the story changes what its author "
                "sees otherwise"));
    buf_add(&line, t->base ? STR("; the base: as the file has it, without any story") : STR(""));
    buf_add(&line, t->pool ? STR("; the pool: all stories together, each told in its share of the "
                                 "worlds, which is what `casus run` answers")
                           : STR(""));
    buf_add(&line, t->variant ? STR("; a variant: the base with a what-if") : STR(""));
    buf_add(&line, t->set ? STR("; changed: the same reading with what `--set` changes") : STR(""));
    sheet_bullet(sheet, buf_str(&line));
    if (t->grade) {
        sheet_bullet(sheet,
                     STR("the letter behind a name: how reliable the story's source is, from "
                         "A to F"));
    }
    sheet_bullet(sheet, STR("world: one draw of all that is unknown; future: one course of events "
                            "in a world"));
}

static void add_numbers(const Sheet *sheet, const Comparison *c, const Terms *t)
{
    Arena *arena = sheet->buf->arena;
    Str dash = glyph_dash(sheet->style);
    sheet_bullet(sheet,
                 str_format(arena,
                            "%.*s: error of the simulation (95 %%); more worlds make it smaller",
                            STR_ARG(glyph_plus_minus(sheet->style))));
    if (t->chance) {
        sheet_bullet(sheet, str_format(arena,
                                       "1 in 110 (36%.*s310): a chance of 1 in 110; with its error "
                                       "between 1 in 36 and 1 in 310",
                                       STR_ARG(dash)));
    }
    if (t->too_few) {
        sheet_bullet(sheet,
                     STR("too few futures (2): what the question asks about came up in 2 "
                         "futures only, and the chance could be nearly anything; in place of "
                         "a difference: one of the two answers rests on fewer than 50"));
    }
    if (t->rests) {
        sheet_bullet(sheet,
                     STR("rests on 50 futures: the question has a condition, and it came true "
                         "in no more than these"));
    }
    Str against = show_safe(arena, c->against);
    sheet_bullet(sheet,
                 str_format(arena,
                            "minus the %.*s: this answer minus that of the %.*s, in "
                            "percentage points or in its unit. Readings are told in the same "
                            "worlds with the same luck, so that a difference is known better "
                            "than the answers themselves",
                            STR_ARG(against), STR_ARG(against)));
}

static void add_differences(const Sheet *sheet)
{
    sheet_bullet(
        sheet, str_format(sheet->buf->arena,
                          "standard error: about half of what stands after %.*s. A difference of "
                          "less than %d of them is \"none found\", of less than %d \"perhaps\". "
                          "Readings part when they are more than %d apart and the difference is "
                          "of a size: 2 points, a factor of 1.5, a fifth of the spread of futures",
                          STR_ARG(glyph_plus_minus(sheet->style)), GAP_UNSURE_ERRORS,
                          GAP_FOUND_ERRORS, GAP_PARTS_ERRORS));
    sheet_bullet(sheet,
                 STR("s.e.: the widest difference in standard errors; pairs: how many pairs of "
                     "readings part on the question, of all pairs of stories (and the base where "
                     "it counts)"));
}

static void add_says(const Sheet *sheet, const Terms *t)
{
    Arena *arena = sheet->buf->arena;
    Str dash = glyph_dash(sheet->style);
    if (!t->said) {
        return;
    }
    sheet_bullet(sheet, str_format(arena,
                                   "says \"likely\" (55%.*s80 %%): the author's own words and the "
                                   "chances they stand for; the story's conditions give: what the "
                                   "model answers when all is as the story has it",
                                   STR_ARG(dash)));
    if (t->elsewhere) {
        sheet_bullet(sheet, STR("said of something else: the author names another date than the "
                                "question, or means another thing, told behind \"about\""));
    }
    if (t->edge) {
        sheet_bullet(sheet,
                     STR("at the edge: the answer is outside of what is said by no more than "
                         "its error"));
    }
}

static void add_cruxes(const Sheet *sheet, const Terms *t)
{
    if (!t->cruxes) {
        return;
    }
    sheet_bullet(
        sheet,
        STR("closes 70 %: when two readings swap this one assumption and nothing else, 70 % of the "
            "gap between their answers goes (the mean of "
            "both ways). More than 100 %: other assumptions pull the other way. As "
            "the base: the author does not speak of it"));
    if (t->tied) {
        sheet_bullet(sheet, STR("tied: which of the two closes more cannot be told from chance"));
    }
}

void compare_show_legend(const Sheet *sheet, const Comparison *c, int32_t shown)
{
    Terms terms = {0};
    if (sheet->style->plain) {
        return;
    }
    note_columns(c, &terms);
    for (int32_t r = 0; r < shown; r++) {
        note_item(c, &c->items[c->ranked[r]], &terms);
    }
    note_sayings(c, &terms);
    note_cruxes(c, &terms);
    sheet_heading(sheet, 2, STR("How to read this"));
    add_readings(sheet, &terms);
    add_numbers(sheet, c, &terms);
    add_differences(sheet);
    add_says(sheet, &terms);
    add_cruxes(sheet, &terms);
    sheet_gap(sheet);
}
