// SPDX-License-Identifier: MIT
//
// The frame of a run's text: what was run, the questions (show_item.c), remarks, how to read it,
// how to get it again.
#include "show/show_run.h"

#include <inttypes.h>

#include "base/num.h"
#include "show/show_num.h"

static Str count(Arena *arena, uint64_t n)
{
    return num_grouped(arena, (double)n, 0);
}

// "2024-03-04 to 2025-03-03, weekly; pool of 2 stories"
static void add_frame(Buf *buf, const Provenance *run, const ShowStyle *style)
{
    Buf line = {.arena = buf->arena};
    buf_add(&line, num_date(buf->arena, run->start));
    buf_add(&line, STR(" to "));
    buf_add(&line, num_date(buf->arena, run->end));
    buf_add(&line, STR(", "));
    buf_add_safe(&line, run->step, false);
    if (run->reading.n) {
        buf_add(&line, STR("; "));
        buf_add_safe(&line, run->reading, false);
    }
    show_paragraph(buf, style, 0, 2, buf_str(&line));
}

// "stories: korybko (D) 33 %, riskline (B) 67 %"
static void add_pool(Buf *buf, const Answer *answer, const ShowStyle *style)
{
    if (answer->n_pool < 2) {
        return;
    }
    Buf line = {.arena = buf->arena};
    buf_add(&line, STR("worlds by story: "));
    for (int32_t i = 0; i < answer->n_pool; i++) {
        const PoolPart *part = &answer->pool[i];
        buf_add(&line, i ? STR(", ") : STR(""));
        buf_add_safe(&line, part->name, false);
        if (part->grade.n) {
            buf_add(&line, STR(" ("));
            buf_add_safe(&line, part->grade, false);
            buf_char(&line, ')');
        }
        buf_addf(&line, " %.*s %%", STR_ARG(num_rounded(buf->arena, part->share * 100, 0)));
    }
    show_paragraph(buf, style, 0, 2, buf_str(&line));
}

static void add_partial(Buf *buf, const Provenance *run, const ShowStyle *style)
{
    if (!run->partial) {
        return;
    }
    Arena *arena = buf->arena;
    Str line = STR("Partial: stopped before all questions were answered; the answers that are here "
                   "are whole.");
    if (!run->exact) {
        Str done = count(arena, run->futures), wanted = count(arena, run->futures_wanted);
        line = str_format(arena,
                          "Partial: stopped after %.*s of %.*s futures; the errors shown are "
                          "those of what was done.",
                          STR_ARG(done), STR_ARG(wanted));
    }
    ink_bold(buf, style);
    show_paragraph(buf, style, 0, 2, line);
    ink_off(buf, style);
}

static void add_heading(Buf *buf, const Answer *answer, const ShowStyle *style)
{
    const Provenance *run = &answer->provenance;
    ink_bold(buf, style);
    show_paragraph(buf, style, 0, 0, show_safe(buf->arena, run->model_title));
    ink_off(buf, style);
    add_frame(buf, run, style);
    add_pool(buf, answer, style);
    add_partial(buf, run, style);
}

static void add_remarks(Buf *buf, const Answer *answer, const ShowStyle *style)
{
    if (answer->n_remarks == 0) {
        return;
    }
    ink_bold(buf, style);
    buf_add(buf, STR("Remarks\n"));
    ink_off(buf, style);
    for (int32_t i = 0; i < answer->n_remarks; i++) {
        Str text = show_safe(buf->arena, answer->remarks[i].text);
        show_paragraph(buf, style, 2, 4, str_format(buf->arena, "- %.*s", STR_ARG(text)));
        Str command = show_safe(buf->arena, answer->remarks[i].command);
        if (command.n > 0) { // never folded, so that it can be pasted
            buf_addf(buf, "      %.*s\n", STR_ARG(command));
        }
    }
    buf_char(buf, '\n');
}

// ---- How to read it ----------------------------------------------------------------------------

typedef struct {
    bool error, band, movers;
} Marks;

// What marks the answers use: only these are explained.
static Marks marks_used(const Answer *answer)
{
    Marks used = {false, false, false};
    for (int32_t i = 0; i < answer->n_items; i++) {
        const Item *item = &answer->items[i];
        used.error =
            used.error || item->value.half > 0 ||
            (!answer->provenance.exact && (item->kind == ITEM_LEVEL || item->kind == ITEM_SERIES));
        used.band = used.band || (item->band.known && item->kind != ITEM_LEVEL);
        for (int32_t k = 0; k < item->n_movers; k++) {
            used.movers = used.movers || show_mover_stands_out(&item->movers[k]);
        }
        for (int32_t k = 0; item->levels && k < item->n_levels; k++) {
            used.band = used.band || item->levels[k].band.known;
        }
    }
    return used;
}

static void add_legend(Buf *buf, const Answer *answer, const ShowStyle *style)
{
    Marks used = marks_used(answer);
    if (style->plain || !(used.error || used.band || used.movers)) {
        return;
    }
    ink_bold(buf, style);
    buf_add(buf, STR("How to read this\n"));
    ink_off(buf, style);
    if (used.error) {
        Str what = answer->provenance.exact
                       ? STR("average over worlds (95 %); more of them make it smaller")
                       : STR("simulation (95 %); more futures make it smaller");
        show_paragraph(buf, style, 2, 4,
                       str_format(buf->arena, "%.*s: error of the %.*s",
                                  STR_ARG(glyph_plus_minus(style)), STR_ARG(what)));
    }
    if (used.band) {
        show_paragraph(buf, style, 2, 4,
                       STR("over what we do not know: where the answer lies in 8 of 10 worlds; "
                           "only knowing more makes it smaller"));
    }
    if (used.movers) {
        show_paragraph(buf, style, 2, 4,
                       answer->n_pool > 1
                           ? STR("moved most by: the share of that spread which one unknown "
                                 "explains by itself; what the story explains is not counted again")
                           : STR("moved most by: the share of that spread which one unknown "
                                 "explains by itself"));
    }
    buf_char(buf, '\n');
}

static void add_provenance(Buf *buf, const Answer *answer, const ShowStyle *style)
{
    const Provenance *run = &answer->provenance;
    Str dot = glyph_dot(style), times = glyph_times(style);
    ink_dim(buf, style);
    buf_add(buf, STR("casus "));
    buf_add_safe(buf, run->version, false);
    buf_addf(buf, "%.*smodel ", STR_ARG(dot));
    buf_add_safe(buf, run->model_hash, false);
    if (run->exact) {
        buf_addf(buf, "%.*sexact%.*s", STR_ARG(dot), STR_ARG(dot));
        buf_addf(buf, "%.*s state%s at most%.*s", STR_ARG(count(buf->arena, run->states)),
                 run->states == 1 ? "" : "s", STR_ARG(dot));
        if (run->worlds > 0) {
            buf_addf(buf, "%.*s quasi-random worlds, seed %" PRIu64 "%.*s",
                     STR_ARG(count(buf->arena, run->worlds)), run->seed, STR_ARG(dot));
        }
        buf_addf(buf, "%.1g of probability lost%.*s", run->lost, STR_ARG(dot));
    } else {
        buf_addf(buf, "%.*sseed %" PRIu64 "%.*s", STR_ARG(dot), run->seed, STR_ARG(dot));
        buf_addf(buf, "%.*s world%s %.*s %.*s future%s%.*s",
                 STR_ARG(count(buf->arena, run->worlds)), run->worlds == 1 ? "" : "s",
                 STR_ARG(times), STR_ARG(count(buf->arena, run->futures_per_world)),
                 run->futures_per_world == 1 ? "" : "s", STR_ARG(dot));
    }
    buf_addf(buf, "digest %016" PRIx64, answer_digest(answer));
    ink_off(buf, style);
    buf_char(buf, '\n');
}

void show_run(Buf *buf, const Answer *answer, const ShowStyle *style)
{
    add_heading(buf, answer, style);
    buf_char(buf, '\n');
    for (int32_t i = 0; i < answer->n_items; i++) {
        show_item(buf, &answer->items[i], style);
        buf_char(buf, '\n');
    }
    add_remarks(buf, answer, style);
    add_legend(buf, answer, style);
    add_provenance(buf, answer, style);
}
