// SPDX-License-Identifier: MIT
//
// A Sourcing as a document: from the whole to every number.
#include "show/show_sources.h"

#include <inttypes.h>

#include "base/num.h"
#include "show/show_num.h"

// Rows of the parts that say what matters; the last part has all.
enum { MOST_ROWS = 12, MOVES = 3 };

static Str count(Arena *arena, uint64_t n)
{
    return num_grouped(arena, (double)n, 0);
}

// ---- Heading ------------------------------------------------------------------------------------

static int32_t count_owners(const Sourcing *s)
{
    int32_t n = 0;
    for (int32_t i = 0; i < s->n_without; i++) {
        n += s->without[i].kind == WITHOUT_OWNER;
    }
    return n;
}

static const char *plural(int32_t n)
{
    return n == 1 ? "" : "s";
}

static void add_heading(const Sheet *sheet, const Sourcing *s)
{
    Arena *arena = sheet->buf->arena;
    const Provenance *run = &s->provenance;
    sheet_heading(sheet, 1, show_safe(arena, run->model_title));
    int32_t owners = count_owners(s);
    Buf line = {.arena = arena};
    buf_addf(&line, "What it rests on: %d source%s, %d relay%s, %d owner%s", (int)s->n_sources,
             plural(s->n_sources), (int)s->n_relays, plural(s->n_relays), (int)owners,
             plural(owners));
    if (s->was_run) {
        buf_addf(&line, "; every story told in the same %.*s worlds of %.*s futures",
                 STR_ARG(count(arena, run->worlds)), STR_ARG(count(arena, run->futures_per_world)));
    }
    sheet_text(sheet, buf_str(&line));
    sheet_gap(sheet);
}

// ---- At a glance --------------------------------------------------------------------------------

static bool is_base_row(const SourcingRow *row)
{
    return row->kind != ROW_CHANGE && row->kind != ROW_STORY && row->kind != ROW_QUESTION &&
           row->kind != ROW_SAYS;
}

typedef struct {
    int32_t n[FOOTINGS];
} Count;

static Count count_rows(const Sourcing *s, bool base)
{
    Count c = {{0}};
    for (int32_t i = 0; i < s->n_rows; i++) {
        const SourcingRow *row = &s->rows[i];
        bool line = row->kind == ROW_CHANGE && row->footing != RESTS_NOT_ASKED; // not a what-if's
        if (base ? is_base_row(row) : line) {
            c.n[row->footing]++;
        }
    }
    return c;
}

static void glance_row(Table *table, const char *what, Count c)
{
    int32_t columns[] = {RESTS_SOURCES, RESTS_WEAK, RESTS_ASSUMPTION, RESTS_NOTHING,
                         RESTS_NOT_ASKED};
    TableRow *row = table_row(table);
    row->cell[0] = str_of(what);
    for (int i = 0; i < 5; i++) {
        row->cell[i + 1] = str_format(table->arena, "%d", (int)c.n[columns[i]]);
    }
}

static void add_counts(const Sheet *sheet, const Sourcing *s)
{
    static const char *const names[] = {"rest on",    "sources", "weak ones alone",
                                        "assumption", "nothing", "need none"};
    Table table = {.arena = sheet->buf->arena, .n_columns = 6};
    TableRow *head = table_row(&table);
    for (int i = 0; i < 6; i++) {
        head->cell[i] = str_of(names[i]);
        table.right[i] = i > 0;
    }
    glance_row(&table, "quantities, events, decisions", count_rows(s, true));
    glance_row(&table, "what stories change", count_rows(s, false));
    sheet_table(sheet, &table);
}

static int32_t count_moving(const Sourcing *s, Footing footing)
{
    int32_t n = 0;
    for (int32_t i = 0; i < s->n_rows; i++) {
        n += s->rows[i].footing == footing && s->rows[i].n_shares > 0;
    }
    return n;
}

static void add_first_hand(const Sheet *sheet, const Sourcing *s)
{
    Arena *arena = sheet->buf->arena;
    int32_t first = sources_first_hand(s);
    if (first < 0) {
        sheet_bullet(sheet, STR("No answer was found to move when a source, a relay or an owner is "
                                "left out."));
        return;
    }
    const SourcingWithout *w = &s->without[first];
    Buf line = {.arena = arena};
    buf_addf(&line, "Left out, the %s %.*s moves an answer most: ", sources_without_kind(w->kind),
             STR_ARG(show_safe(arena, w->name)));
    buf_add(&line, sources_effect(arena, sheet->style, s, w, w->ranked[0]));
    buf_addf(&line, "; %d of %d answers move beyond their error.", (int)w->n_found,
             (int)s->n_items);
    sheet_bullet(sheet, buf_str(&line));
}

static void add_glance(const Sheet *sheet, const Sourcing *s)
{
    Arena *arena = sheet->buf->arena;
    sheet_heading(sheet, 2, STR("At a glance"));
    add_counts(sheet, s);
    if (s->was_run && s->n_without > 0) {
        add_first_hand(sheet, s);
    }
    if (s->was_run) {
        sheet_bullet(
            sheet, str_format(arena,
                              "%d thing%s on weak sources alone move%s an answer, and %d on an "
                              "assumption alone.",
                              (int)count_moving(s, RESTS_WEAK), plural(count_moving(s, RESTS_WEAK)),
                              count_moving(s, RESTS_WEAK) == 1 ? "s" : "",
                              (int)count_moving(s, RESTS_ASSUMPTION)));
    }
    sheet_gap(sheet);
}

// ---- Weights ------------------------------------------------------------------------------------

static Str plain(Arena *arena, double x)
{
    return num_rounded(arena, x, 3);
}

static void weight_row(Table *table, const Sourcing *s, const SourcingWeight *w)
{
    Arena *arena = table->arena;
    TableRow *row = table_row(table);
    row->cell[0] = show_safe(arena, w->story);
    row->cell[1] = w->source >= 0 ? show_safe(arena, s->sources[w->source].id) : STR("-");
    row->cell[2] = w->source >= 0 ? sources_grade(arena, s, w->source, w->credibility) : STR("-");
    row->cell[3] = plain(arena, w->raw);
    row->cell[4] = w->stated ? STR("stated") : STR("by grade");
    row->cell[5] = w->hand.n ? show_safe(arena, w->hand) : STR("-");
    row->cell[6] = num_rounded(arena, w->counts, 3);
    row->cell[7] = plain(arena, w->weight);
    row->cell[8] = str_format(arena, "%.*s %%", STR_ARG(num_rounded(arena, w->share * 100, 1)));
}

// "russian_state: 0.5 + 0.3 x 0.25 = 0.575 of 0.75"
static void add_sum(const Sheet *sheet, const Sourcing *s, Str hand)
{
    Arena *arena = sheet->buf->arena;
    double raw[64], all = 0, counts = 0, each = 1;
    int32_t n = 0;
    for (int32_t i = 0; i < s->n_weights && n < 64; i++) {
        if (str_eq(s->weights[i].hand, hand)) {
            double x = s->weights[i].raw;
            int32_t at = n++;
            for (; at > 0 && raw[at - 1] < x; at--) {
                raw[at] = raw[at - 1];
            }
            raw[at] = x;
        }
    }
    Buf line = {.arena = arena};
    buf_addf(&line, "%.*s: ", STR_ARG(show_safe(arena, hand)));
    for (int32_t i = 0; i < n; i++) {
        buf_add(&line, i ? STR(" + ") : STR(""));
        if (i > 0) {
            buf_addf(&line, "%.*s %.*s ", STR_ARG(num_shortest(arena, each)),
                     STR_ARG(glyph_times(sheet->style)));
        }
        buf_add(&line, plain(arena, raw[i]));
        all += raw[i];
        counts += each * raw[i];
        each *= s->shared;
    }
    buf_addf(&line, " = %.*s of %.*s, so each story counts %.*s of its weight",
             STR_ARG(plain(arena, counts)), STR_ARG(plain(arena, all)),
             STR_ARG(num_rounded(arena, counts / all, 3)));
    if (n > 1) {
        sheet_bullet(sheet, buf_str(&line));
    }
}

static void add_sums(const Sheet *sheet, const Sourcing *s)
{
    for (int32_t i = 0; i < s->n_weights; i++) {
        bool first = s->weights[i].hand.n > 0;
        for (int32_t k = 0; k < i && first; k++) {
            first = !str_eq(s->weights[k].hand, s->weights[i].hand);
        }
        if (first) {
            add_sum(sheet, s, s->weights[i].hand);
        }
    }
}

static void add_grades(const Sheet *sheet, const Sourcing *s)
{
    Arena *arena = sheet->buf->arena;
    Buf line = {.arena = arena};
    buf_add(&line, STR("By grade: "));
    for (int32_t i = 0; i < s->n_grades; i++) {
        buf_addf(&line, "%s%.*s %.*s", i ? ", " : "", STR_ARG(s->grades[i].grade),
                 STR_ARG(num_shortest(arena, s->grades[i].weight)));
    }
    buf_addf(
        &line,
        "; F says nothing and gives no weight. Of stories that share a source, a relay or an "
        "owner the strongest counts whole, each further one %.*s of what the one before would. A "
        "stated weight stands as it is. The table is a convention; `grade` lines replace it.",
        STR_ARG(num_shortest(arena, s->shared)));
    sheet_text(sheet, buf_str(&line));
}

static void add_weights(const Sheet *sheet, const Sourcing *s)
{
    if (s->n_weights < 2) {
        return;
    }
    static const char *const names[] = {"story",  "from",   "grade", "weight",     "is",
                                        "shares", "counts", "makes", "of the pool"};
    Table table = {.arena = sheet->buf->arena, .n_columns = 9};
    TableRow *head = table_row(&table);
    for (int i = 0; i < 9; i++) {
        head->cell[i] = str_of(names[i]);
        table.right[i] = i == 3 || i > 5;
    }
    for (int32_t i = 0; i < s->n_weights; i++) {
        weight_row(&table, s, &s->weights[i]);
    }
    sheet_heading(sheet, 2, STR("How the pool is weighed"));
    sheet_table(sheet, &table);
    add_sums(sheet, s);
    if (sheet->markdown) {
        sheet_gap(sheet); // a list would go on in the paragraph
    }
    add_grades(sheet, s);
    sheet_gap(sheet);
}

// ---- What is weak and matters -------------------------------------------------------------------

// Rows of one footing that move an answer, that which moves one most first.
static int32_t rank_rows(const Sourcing *s, Footing footing, int32_t *ranked)
{
    int32_t n = 0;
    for (int32_t i = 0; i < s->n_rows; i++) {
        const SourcingRow *row = &s->rows[i];
        if (row->footing != footing || row->n_shares == 0) {
            continue;
        }
        int32_t at = n++;
        for (; at > 0 && s->rows[ranked[at - 1]].shares[0].share.value < row->shares[0].share.value;
             at--) {
            ranked[at] = ranked[at - 1];
        }
        ranked[at] = i;
    }
    return n;
}

static void add_moving_row(const Sheet *sheet, const Sourcing *s, const SourcingRow *row)
{
    Arena *arena = sheet->buf->arena;
    Buf line = {.arena = arena};
    buf_add(&line, sources_row(arena, row));
    buf_addf(&line, ": %.*s. From %.*s", STR_ARG(sources_moves(arena, s, row, MOVES)),
             STR_ARG(sources_cites(arena, s, row)));
    sheet_bullet(sheet, buf_str(&line));
}

static void add_assumed_row(const Sheet *sheet, const Sourcing *s, const SourcingRow *row)
{
    Arena *arena = sheet->buf->arena;
    sheet_bullet(sheet, str_format(arena, "%.*s: %.*s. %.*s", STR_ARG(sources_row(arena, row)),
                                   STR_ARG(sources_moves(arena, s, row, MOVES)),
                                   STR_ARG(show_safe(arena, row->assumption))));
}

static void add_moving(const Sheet *sheet, const Sourcing *s, Footing footing, Str title)
{
    Arena *arena = sheet->buf->arena;
    int32_t *ranked = ARENA_ARRAY(arena, int32_t, s->n_rows + 1);
    int32_t n = rank_rows(s, footing, ranked);
    if (n == 0) {
        return;
    }
    sheet_heading(sheet, 2, title);
    for (int32_t i = 0; i < n && i < MOST_ROWS; i++) {
        const SourcingRow *row = &s->rows[ranked[i]];
        if (footing == RESTS_ASSUMPTION) {
            add_assumed_row(sheet, s, row);
        } else {
            add_moving_row(sheet, s, row);
        }
    }
    if (n > MOST_ROWS) {
        sheet_bullet(sheet, str_format(arena, "and %d more, which move less", (int)n - MOST_ROWS));
    }
    sheet_gap(sheet);
}

static void add_nothing(const Sheet *sheet, const Sourcing *s)
{
    Arena *arena = sheet->buf->arena;
    int32_t n = 0;
    for (int32_t i = 0; i < s->n_rows; i++) {
        const SourcingRow *row = &s->rows[i];
        if (row->footing != RESTS_NOTHING) {
            continue;
        }
        if (n++ == 0) {
            sheet_heading(sheet, 2, STR("On nothing: neither a source nor an assumption"));
        }
        Str moves = sources_moves(arena, s, row, MOVES);
        sheet_bullet(sheet, str_format(arena, "%.*s%s%.*s", STR_ARG(sources_row(arena, row)),
                                       moves.n ? ": " : "", STR_ARG(moves)));
    }
    if (n > 0) {
        sheet_gap(sheet);
    }
}

// ---- Source by source ---------------------------------------------------------------------------

static Str chain(Arena *arena, const Sourcing *s, const SourcingSource *source)
{
    Buf buf = {.arena = arena};
    for (int32_t i = 0; i < source->n_via; i++) {
        const SourcingRelay *relay = &s->relays[source->via[i]];
        buf_add(&buf, i ? STR(", ") : STR(""));
        buf_add_safe(&buf, relay->id, false);
        if (relay->owner.n) {
            buf_addf(&buf, " of %.*s", STR_ARG(show_safe(arena, relay->owner)));
        }
    }
    if (source->owner.n) {
        buf_addf(&buf, "%sof %.*s", buf.n ? "; " : "", STR_ARG(show_safe(arena, source->owner)));
    }
    return buf_str(&buf);
}

static void add_source(const Sheet *sheet, const Sourcing *s, const SourcingSource *source)
{
    Arena *arena = sheet->buf->arena;
    Buf line = {.arena = arena};
    buf_add_safe(&line, source->id, false);
    buf_addf(&line, " %c: ", source->reliability);
    buf_addf(&line, source->n_rows == 1 ? "cited in %d place" : "cited in %d places",
             (int)source->n_rows);
    if (source->n_rows > 0) {
        buf_addf(&line, ", alone in %d", (int)source->n_alone);
    }
    Str via = chain(arena, s, source);
    if (via.n) {
        buf_addf(&line, "; through %.*s", STR_ARG(via));
    }
    if (source->date == source->date) {
        buf_addf(&line, "; %.*s", STR_ARG(num_date(arena, source->date)));
    }
    if (source->note.n) {
        buf_addf(&line, ". %.*s", STR_ARG(show_safe(arena, source->note)));
    }
    sheet_bullet(sheet, buf_str(&line));
}

static void add_sources(const Sheet *sheet, const Sourcing *s)
{
    if (s->n_sources == 0) {
        return;
    }
    sheet_heading(sheet, 2, STR("Source by source"));
    for (int32_t i = 0; i < s->n_sources; i++) {
        add_source(sheet, s, &s->sources[i]);
    }
    sheet_gap(sheet);
}

// ---- Every number -------------------------------------------------------------------------------

static void add_row(const Sheet *sheet, const Sourcing *s, const SourcingRow *row)
{
    Arena *arena = sheet->buf->arena;
    Buf line = {.arena = arena};
    buf_addf(&line, "%.*s (%s)", STR_ARG(show_safe(arena, row->name)), sources_kind(row->kind));
    if (row->value.n) {
        buf_addf(&line, ": %.*s", STR_ARG(show_safe(arena, row->value)));
    }
    Str cites = sources_cites(arena, s, row);
    if (cites.n) {
        buf_addf(&line, ". %s%.*s", row->n_cites ? "From " : "", STR_ARG(cites));
    } else {
        buf_add(&line, row->footing == RESTS_NOTHING ? STR(". On nothing") : STR(""));
    }
    sheet_bullet(sheet, buf_str(&line));
}

// Formulas, starts and questions without a source of their own are left to `show`.
static bool is_listed(const SourcingRow *row)
{
    bool bare = row->n_cites == 0 && row->assumption.n == 0 && row->footing == RESTS_NOT_ASKED;
    return !bare && row->kind != ROW_STORY;
}

static void add_rows(const Sheet *sheet, const Sourcing *s)
{
    Arena *arena = sheet->buf->arena;
    Str reading = STR("");
    for (int32_t i = 0; i < s->n_rows; i++) {
        const SourcingRow *row = &s->rows[i];
        if (!is_listed(row)) {
            continue;
        }
        if (!str_eq(reading, row->reading)) {
            if (reading.n > 0) {
                sheet_gap(sheet);
            } else {
                sheet_heading(sheet, 2, STR("Every number, as the model has it"));
            }
            reading = row->reading;
            sheet_heading(sheet, 3, show_safe(arena, reading));
        }
        add_row(sheet, s, row);
    }
    if (reading.n > 0) {
        sheet_gap(sheet);
    }
}

// ---- The end ------------------------------------------------------------------------------------

static void add_remarks(const Sheet *sheet, const Sourcing *s)
{
    if (s->n_remarks == 0) {
        return;
    }
    sheet_heading(sheet, 2, STR("Remarks"));
    for (int32_t i = 0; i < s->n_remarks; i++) {
        sheet_bullet(sheet, show_safe(sheet->buf->arena, s->remarks[i].text));
    }
    sheet_gap(sheet);
}

static void add_legend(const Sheet *sheet, const Sourcing *s)
{
    if (sheet->style->plain || !s->was_run) {
        return;
    }
    Arena *arena = sheet->buf->arena;
    sheet_heading(sheet, 2, STR("How to read this"));
    sheet_bullet(
        sheet,
        STR("D4: reliability of the source (A best, E worst, F cannot be judged) and "
            "credibility of this claim (1 best, 5 worst, 6 cannot be judged); weak: D, E, F, "
            "or 4 to 6"));
    sheet_bullet(
        sheet,
        STR("without: what came through it leaves the pool, the others are weighed anew; all "
            "are told in the same worlds, so differences have small errors"));
    sheet_bullet(sheet,
                 str_format(arena,
                            "%.*s: error of the simulation (95 %%); errors: the difference in "
                            "standard errors, found beyond %d",
                            STR_ARG(glyph_plus_minus(sheet->style)), (int)SOURCING_FOUND_ERRORS));
    sheet_bullet(sheet,
                 STR("spread: how far an answer differs between worlds; the share is what one "
                     "unknown explains of it by itself: of the base in the pool, of a story in "
                     "that story"));
    sheet_gap(sheet);
}

static void add_provenance(const Sheet *sheet, const Sourcing *s)
{
    Arena *arena = sheet->buf->arena;
    const Provenance *run = &s->provenance;
    Str dot = glyph_dot(sheet->style);
    Buf line = {.arena = arena};
    buf_addf(&line, "casus %.*s%.*smodel %.*s%.*s", STR_ARG(show_safe(arena, run->version)),
             STR_ARG(dot), STR_ARG(show_safe(arena, run->model_hash)), STR_ARG(dot));
    if (s->was_run) {
        buf_addf(&line, "seed %" PRIu64 "%.*s%.*s worlds %.*s %.*s futures%.*s", run->seed,
                 STR_ARG(dot), STR_ARG(count(arena, run->worlds)),
                 STR_ARG(glyph_times(sheet->style)), STR_ARG(count(arena, run->futures_per_world)),
                 STR_ARG(dot));
    }
    buf_addf(&line, "digest %016" PRIx64, sourcing_digest(s));
    ink_dim(sheet->buf, sheet->style);
    buf_add(sheet->buf, buf_str(&line));
    ink_off(sheet->buf, sheet->style);
    buf_char(sheet->buf, '\n');
}

static void add_all(const Sheet *sheet, const Sourcing *s)
{
    add_heading(sheet, s);
    add_glance(sheet, s);
    add_weights(sheet, s);
    sources_show_without(sheet, s);
    add_moving(sheet, s, RESTS_WEAK, STR("On weak sources alone, and it matters"));
    add_moving(sheet, s, RESTS_ASSUMPTION, STR("On an assumption alone, and it matters"));
    add_nothing(sheet, s);
    add_sources(sheet, s);
    add_rows(sheet, s);
    add_remarks(sheet, s);
    add_legend(sheet, s);
    add_provenance(sheet, s);
}

void show_sources(Buf *buf, const Sourcing *sourcing, const ShowStyle *style)
{
    add_all(&(Sheet){.buf = buf, .style = style}, sourcing);
}

void show_sources_markdown(Buf *buf, const Sourcing *sourcing, const ShowStyle *style)
{
    ShowStyle plain = *style;
    plain.color = false;
    plain.width = 0;
    add_all(&(Sheet){.buf = buf, .style = &plain, .markdown = true}, sourcing);
}
