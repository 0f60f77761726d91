// SPDX-License-Identifier: MIT
//
// Answers without a source, a relay or an owner, in words.
#include "show/compare_parts.h"
#include "show/show_num.h"
#include "show/show_sources.h"

enum { ROWS = 8, NAMES = 12 };

// What compare_parts.h needs to write a value of this question.
static CompareItem as_compared(const SourcingItem *item)
{
    return (CompareItem){
        .name = item->name, .kind = item->kind, .scale = item->scale, .unit = item->unit};
}

static Str question_name(Arena *arena, const SourcingItem *item, const SourcingEffect *effect)
{
    Str name = show_safe(arena, item->name);
    if (effect->level < 0) {
        return name;
    }
    return str_format(arena, "%.*s is %.*s", STR_ARG(name),
                      STR_ARG(show_safe(arena, item->level_names[effect->level])));
}

// With the digits that the difference supports, where it is known better than the value: else 7 %
// less 0.8 points would be 7 %.
static Estimate told(Estimate value, const SourcingEffect *effect)
{
    double half = effect->difference.half;
    bool finer = effect->found && half > 0 && half < value.half;
    return (Estimate){value.value, finer ? half : value.half, value.lo, value.hi};
}

static Str brief(Arena *arena, const ShowStyle *style, const SourcingItem *item, Estimate value)
{
    CompareItem as = as_compared(item);
    return compare_brief(arena, style, &as, value);
}

static Str difference(Arena *arena, const ShowStyle *style, const SourcingItem *item,
                      const SourcingEffect *effect)
{
    double nan = __builtin_nan("");
    CompareCell cells[2] = {{.value = effect->without}, {.value = effect->with}};
    Gap gaps[4] = {[1] = {.known = effect->known,
                          .difference = effect->difference,
                          .errors = effect->errors,
                          .found = effect->found,
                          .factor = {nan, nan, nan, nan}}};
    CompareItem as = as_compared(item);
    as.cells = cells;
    as.gaps = gaps;
    return compare_gap_text(arena, style, &as, 2, 0, 1);
}

Str sources_effect(Arena *arena, const ShowStyle *style, const Sourcing *s,
                   const SourcingWithout *without, int32_t item)
{
    const SourcingEffect *effect = &without->effects[item];
    return str_format(arena, "%.*s %.*s to %.*s",
                      STR_ARG(question_name(arena, &s->items[item], effect)),
                      STR_ARG(brief(arena, style, &s->items[item], told(effect->with, effect))),
                      STR_ARG(brief(arena, style, &s->items[item], told(effect->without, effect))));
}

static bool is_told(const SourcingWithout *without)
{
    return without->moves && without->same_as < 0;
}

// By what it does to the answer that it moves most.
static double reach(const SourcingWithout *w)
{
    return w->n_found > 0 ? w->effects[w->ranked[0]].size : 0;
}

// Those without which the pool is another one, that which moves an answer most first.
static int32_t order_hands(const Sourcing *s, int32_t *order)
{
    int32_t n = 0;
    for (int32_t i = 0; i < s->n_without; i++) {
        if (!is_told(&s->without[i])) {
            continue;
        }
        int32_t at = n++;
        for (; at > 0 && reach(&s->without[order[at - 1]]) < reach(&s->without[i]); at--) {
            order[at] = order[at - 1];
        }
        order[at] = i;
    }
    return n;
}

int32_t sources_first_hand(const Sourcing *s)
{
    int32_t best = -1;
    for (int32_t i = 0; i < s->n_without; i++) {
        if (reach(&s->without[i]) > (best < 0 ? 0 : reach(&s->without[best]))) {
            best = i;
        }
    }
    return best;
}

// ---- What leaves --------------------------------------------------------------------------------

static Str row_names(Arena *arena, const Sourcing *s, const int32_t *rows, int32_t n)
{
    Str reading = n > 0 ? s->rows[rows[0]].reading : STR("");
    Buf buf = {.arena = arena};
    for (int32_t i = 0; i < n && i < NAMES; i++) {
        const SourcingRow *row = &s->rows[rows[i]];
        bool other = !str_eq(row->reading, reading);
        buf_add(&buf, i == 0 ? STR("") : other ? STR("; of ") : STR(", "));
        if (other) {
            buf_addf(&buf, "%.*s: ", STR_ARG(show_safe(arena, row->reading)));
        }
        buf_add(&buf, show_safe(arena, row->name));
        reading = row->reading;
    }
    if (n > NAMES) {
        buf_addf(&buf, " and %d more", (int)n - NAMES);
    }
    return buf_str(&buf);
}

static void add_leaving(Buf *line, const SourcingWithout *w)
{
    for (int32_t i = 0; i < w->n_stories; i++) {
        buf_add(line, i == 0 ? STR("") : i + 1 < w->n_stories ? STR(", ") : STR(" and "));
        buf_add_safe(line, w->stories[i], false);
    }
    if (w->n_stories > 0) {
        buf_addf(line, " leave%s the pool (%.*s %% of its worlds). ", w->n_stories == 1 ? "s" : "",
                 STR_ARG(num_rounded(line->arena, w->share * 100, 0)));
    }
}

static void add_what(const Sheet *sheet, const Sourcing *s, const SourcingWithout *w)
{
    Arena *arena = sheet->buf->arena;
    Buf line = {.arena = arena};
    add_leaving(&line, w);
    if (w->n_changes > 0) {
        buf_addf(&line, "Of %.*s falls back to the base: %.*s. ",
                 STR_ARG(show_safe(arena, s->rows[w->changes[0]].reading)),
                 STR_ARG(row_names(arena, s, w->changes, w->n_changes)));
    }
    if (w->n_bare > 0) {
        buf_addf(&line, "Left without support, nothing else says what it would be: %.*s.",
                 STR_ARG(row_names(arena, s, w->bare, w->n_bare)));
    }
    sheet_text(sheet, str_trim(buf_str(&line)));
}

// ---- What moves ---------------------------------------------------------------------------------

static void effect_row(Table *table, const ShowStyle *style, const SourcingItem *item,
                       const SourcingEffect *effect)
{
    Arena *arena = table->arena;
    TableRow *row = table_row(table);
    row->cell[0] = question_name(arena, item, effect);
    row->cell[1] = brief(arena, style, item, told(effect->with, effect));
    row->cell[2] = brief(arena, style, item, told(effect->without, effect));
    row->cell[3] = difference(arena, style, item, effect);
    row->cell[4] = effect->errors > 999 ? STR(">999") : num_rounded(arena, effect->errors, 0);
    Estimate own = {effect->own, effect->without.half, effect->own, effect->own};
    row->cell[5] = effect->own == effect->own ? brief(arena, style, item, own) : STR("-");
}

static void add_found(const Sheet *sheet, const Sourcing *s, const SourcingWithout *w)
{
    static const char *const names[] = {"question",   "with",   "without",
                                        "difference", "errors", "what leaves alone"};
    Table table = {
        .arena = sheet->buf->arena, .n_columns = 6, .right = {[1] = true, [2] = true, [4] = true}};
    TableRow *head = table_row(&table);
    for (int i = 0; i < 6; i++) {
        head->cell[i] = str_of(names[i]);
    }
    for (int32_t i = 0; i < w->n_found && i < ROWS; i++) {
        effect_row(&table, sheet->style, &s->items[w->ranked[i]], &w->effects[w->ranked[i]]);
    }
    if (table.rows.n > 1) {
        sheet_table(sheet, &table);
    }
    if (w->n_found > ROWS) {
        sheet_text(sheet, str_format(sheet->buf->arena, "and %d more answers, by less",
                                     (int)w->n_found - ROWS));
    }
}

// "none found" says how large it may be at most.
static void add_not_found(const Sheet *sheet, const Sourcing *s, const SourcingWithout *w)
{
    Arena *arena = sheet->buf->arena;
    Buf line = {.arena = arena}, unknown = {.arena = arena};
    int32_t n = 0, n_unknown = 0;
    for (int32_t i = w->n_found; i < s->n_items; i++) {
        const SourcingItem *item = &s->items[w->ranked[i]];
        const SourcingEffect *effect = &w->effects[w->ranked[i]];
        if (effect->known) {
            buf_addf(&line, "%s%.*s (", n++ ? ", " : "",
                     STR_ARG(question_name(arena, item, effect)));
            Str text = difference(arena, sheet->style, item, effect);
            Str inner = str_starts(text, STR("none found (")) && str_ends(text, STR(")"))
                            ? str_sub(text, STR("none found (").n, text.n - 1)
                            : text;
            buf_addf(&line, "%.*s)", STR_ARG(inner));
        } else {
            buf_addf(&unknown, "%s%.*s", n_unknown++ ? ", " : "",
                     STR_ARG(show_safe(arena, item->name)));
        }
    }
    if (n > 0) {
        sheet_text(sheet, str_format(arena, "No effect found on %.*s.", STR_ARG(buf_str(&line))));
    }
    if (n_unknown > 0) {
        sheet_text(sheet,
                   str_format(arena, "Too few futures to say: %.*s.", STR_ARG(buf_str(&unknown))));
    }
}

// Nothing found wants a reason.
static void add_reason(const Sheet *sheet, const SourcingWithout *w)
{
    Arena *arena = sheet->buf->arena;
    if (w->n_found > 0) {
        return;
    }
    Str percent = num_rounded(arena, w->share * 100, 0);
    sheet_text(sheet,
               w->n_stories > 0
                   ? str_format(arena,
                                "No answer moves beyond the error: what leaves is %.*s %% of "
                                "the pool, and on these questions says much what the others "
                                "say.",
                                STR_ARG(percent))
                   : STR("No answer moves beyond the error: what falls back to the base moves "
                         "too little in stories of too little weight."));
}

static void add_hand(const Sheet *sheet, const Sourcing *s, const SourcingWithout *w)
{
    Arena *arena = sheet->buf->arena;
    Buf title = {.arena = arena};
    buf_add(&title, STR("Without "));
    buf_add_safe(&title, w->name, false);
    buf_addf(&title, " (%s", sources_without_kind(w->kind));
    for (int32_t i = 0; w->kind != WITHOUT_SOURCE && i < w->n_sources; i++) {
        buf_add(&title, i == 0 ? STR(" of ") : STR(", "));
        buf_add_safe(&title, s->sources[w->sources[i]].id, false);
    }
    buf_char(&title, ')');
    sheet_heading(sheet, 3, buf_str(&title));
    add_what(sheet, s, w);
    if (w->moves_as >= 0) {
        sheet_text(sheet, str_format(arena, "Answers move exactly as without %.*s.",
                                     STR_ARG(show_safe(arena, s->without[w->moves_as].name))));
    } else if (w->why.n) {
        sheet_text(sheet, show_safe(arena, w->why));
    } else if (w->empties) {
        sheet_text(sheet,
                   STR("Nothing is left of the pool: all of it hangs on this. Give the base a "
                       "weight (`base weight 1`, or --base)."));
    } else if (w->effects) {
        add_found(sheet, s, w);
        add_reason(sheet, w);
        add_not_found(sheet, s, w);
    }
    sheet_gap(sheet);
}

// ---- What does not ------------------------------------------------------------------------------

static void add_still(const Sheet *sheet, const Sourcing *s)
{
    Arena *arena = sheet->buf->arena;
    Table table = {.arena = arena, .n_columns = 3, .right = {[1] = true}};
    TableRow *head = table_row(&table);
    head->cell[0] = STR("without");
    head->cell[1] = STR("numbers");
    head->cell[2] = STR("that nothing else would support");
    Buf rest = {.arena = arena};
    int32_t n = 0;
    for (int32_t i = 0; i < s->n_without; i++) {
        const SourcingWithout *w = &s->without[i];
        if (w->moves || w->same_as >= 0) {
            continue;
        }
        if (w->n_bare == 0) {
            buf_add(&rest, n++ ? STR(", ") : STR(""));
            buf_add_safe(&rest, w->name, false);
            continue;
        }
        TableRow *row = table_row(&table);
        row->cell[0] = show_safe(arena, w->name);
        row->cell[1] = str_format(arena, "%d", (int)w->n_bare);
        row->cell[2] = row_names(arena, s, w->bare, w->n_bare < 4 ? w->n_bare : 4);
        if (w->n_bare > 4) {
            row->cell[2] = str_format(arena, "%.*s ...", STR_ARG(row->cell[2]));
        }
    }
    if (table.rows.n == 1 && n == 0) {
        return;
    }
    sheet_heading(sheet, 3, STR("Without any of the others no answer moves at all"));
    sheet_text(sheet,
               STR("No story of the pool hangs on them. A number of the base keeps its value, "
                   "since nothing else in the model says what it would be."));
    if (table.rows.n > 1) {
        sheet_table(sheet, &table);
    }
    if (n > 0) {
        sheet_text(sheet, str_format(arena, "Nothing hangs on these alone: %.*s.",
                                     STR_ARG(buf_str(&rest))));
    }
    sheet_gap(sheet);
}

static void add_same(const Sheet *sheet, const Sourcing *s)
{
    Arena *arena = sheet->buf->arena;
    Buf line = {.arena = arena};
    int32_t n = 0;
    for (int32_t i = 0; i < s->n_without; i++) {
        const SourcingWithout *w = &s->without[i];
        if (w->same_as < 0) {
            continue;
        }
        buf_add(&line, n++ ? STR(", ") : STR(""));
        buf_addf(&line, "%s ", sources_without_kind(w->kind));
        buf_add_safe(&line, w->name, false);
        buf_add(&line, STR(" as "));
        buf_add_safe(&line, s->without[w->same_as].name, false);
    }
    if (n > 0) {
        sheet_text(sheet, str_format(arena, "These brought the very same: %.*s.",
                                     STR_ARG(buf_str(&line))));
        sheet_gap(sheet);
    }
}

void sources_show_without(const Sheet *sheet, const Sourcing *s)
{
    if (s->n_without == 0) {
        return;
    }
    sheet_heading(sheet, 2, STR("Answers without a source, a relay or an owner"));
    sheet_text(sheet, s->was_run
                          ? STR("All that came through it is left out; what remains is weighed "
                                "anew and told in the same worlds.")
                          : STR("Nothing was run: what would leave the pool, without what that "
                                "does to the answers."));
    sheet_gap(sheet);
    int32_t *order = ARENA_ARRAY(sheet->buf->arena, int32_t, s->n_without + 1);
    int32_t n = order_hands(s, order);
    for (int32_t i = 0; i < n; i++) {
        add_hand(sheet, s, &s->without[order[i]]);
    }
    add_still(sheet, s);
    add_same(sheet, s);
}
