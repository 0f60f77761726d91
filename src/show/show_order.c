// SPDX-License-Identifier: MIT
//
// An Ordering as text: what it means, the pairs that move an answer, those that do not.
#include "show/show_order.h"

#include <inttypes.h>

#include "base/num.h"
#include "show/sheet.h"
#include "show/show_num.h"

enum { MOST_ROWS = 12 };

static Str count(Arena *arena, double n)
{
    return num_grouped(arena, n, 0);
}

static Str plural(Arena *arena, int32_t n, const char *noun)
{
    return str_format(arena, "%.*s %s%s", STR_ARG(count(arena, n)), noun, n == 1 ? "" : "s");
}

// ---- Heading ------------------------------------------------------------------------------------

static void add_heading(const Sheet *sheet, const Ordering *o)
{
    Arena *arena = sheet->buf->arena;
    const Provenance *run = &o->provenance;
    sheet_heading(sheet, 1, show_safe(arena, run->model_title));
    Buf line = {.arena = arena};
    buf_addf(&line, "Does the order of blocks matter? %.*s; %.*s",
             STR_ARG(show_safe(arena, run->reading)), STR_ARG(plural(arena, o->n_pairs, "pair")));
    if (o->n_pairs == 0) {
        buf_add(&line, STR(" of blocks that touch the same thing"));
    } else if (o->exact) {
        buf_add(&line, STR(" exchanged, both orders answered exactly"));
    } else {
        buf_addf(&line, " exchanged, both orders in the same %.*s worlds with %.*s futures each",
                 STR_ARG(count(arena, (double)run->worlds)),
                 STR_ARG(count(arena, (double)run->futures_per_world)));
    }
    buf_add(&line, run->partial ? STR("; stopped early") : STR(""));
    sheet_text(sheet, buf_str(&line));
    sheet_gap(sheet);
}

static void add_meaning(const Sheet *sheet, const Ordering *o)
{
    if (sheet->style->plain || o->n_pairs == 0) {
        return;
    }
    sheet_text(sheet,
               STR("Within a step blocks run top to bottom, each on what those above it have just "
                   "done. That is how the file is read, not how the world works: what moves here "
                   "is a part of the answer that rests on who was written first."));
    sheet_gap(sheet);
}

// ---- Pairs --------------------------------------------------------------------------------------

// "event `shots` (war.casus:12)"
static Str block_text(Arena *arena, const OrderBlock *block)
{
    Buf buf = {.arena = arena};
    buf_add(&buf, show_safe(arena, block->text));
    if (block->file.n > 0) {
        buf_addf(&buf, " (%.*s:%d)", STR_ARG(show_safe(arena, block->file)), (int)block->line);
    }
    return buf_str(&buf);
}

static Str pair_text(Arena *arena, const Ordering *o, const OrderPair *pair)
{
    return str_format(arena, "%.*s before %.*s, over %.*s",
                      STR_ARG(block_text(arena, &o->blocks[pair->first])),
                      STR_ARG(block_text(arena, &o->blocks[pair->second])),
                      STR_ARG(show_safe(arena, pair->over)));
}

static bool is_number(const OrderItem *item)
{
    return item->kind == ITEM_NUMBER;
}

static double scale_of(const OrderItem *item)
{
    return is_number(item) ? item->scale : 100;
}

// Digits that the error of the difference leaves; of exact ones, three that count.
static int decimals_of(const OrderItem *item, const OrderMove *move)
{
    double half = move->difference.half * scale_of(item);
    double value = move->difference.value * scale_of(item);
    value = value < 0 ? -value : value;
    int decimals = half > 0 ? num_precision(half).decimals : value > 0 ? 2 - num_decade(value) : 0;
    return decimals < 0 ? 0 : decimals < NUM_ALL ? decimals : NUM_ALL;
}

static Str figure(Arena *arena, const OrderItem *item, const OrderMove *move, double x)
{
    Buf buf = {.arena = arena};
    buf_add(&buf, num_rounded(arena, x * scale_of(item), decimals_of(item, move)));
    num_add_unit(&buf, is_number(item) ? item->unit : STR("%"));
    return buf_str(&buf);
}

// "+1.8 ±0.2"
static Str difference(Arena *arena, const OrderItem *item, const OrderMove *move,
                      const ShowStyle *style)
{
    int decimals = decimals_of(item, move);
    double scale = scale_of(item), off = move->difference.value * scale;
    Buf buf = {.arena = arena};
    buf_addf(&buf, "%s%.*s", off > 0 ? "+" : "", STR_ARG(num_rounded(arena, off, decimals)));
    if (move->difference.half > 0) {
        buf_addf(&buf, " %.*s%.*s", STR_ARG(glyph_plus_minus(style)),
                 STR_ARG(num_rounded(arena, move->difference.half * scale, decimals)));
    }
    return buf_str(&buf);
}

// "area_end: 810 km2 as written, 910 km2 exchanged (+99 ±14)"
static Str move_text(Arena *arena, const Ordering *o, const OrderPair *pair, int32_t i,
                     const ShowStyle *style)
{
    const OrderItem *item = &o->items[i];
    const OrderMove *move = &pair->moves[i];
    Buf buf = {.arena = arena};
    buf_add(&buf, show_safe(arena, item->name));
    if (item->kind == ITEM_LEVEL) {
        buf_addf(&buf, ", %.*s", STR_ARG(show_safe(arena, item->level_names[move->level])));
    }
    buf_addf(&buf, ": %.*s as written, %.*s exchanged (%.*s)",
             STR_ARG(figure(arena, item, move, move->before)),
             STR_ARG(figure(arena, item, move, move->after)),
             STR_ARG(difference(arena, item, move, style)));
    return buf_str(&buf);
}

// What moves most, or all that was found.
static void add_pair(const Sheet *sheet, const Ordering *o, const OrderPair *pair)
{
    Arena *arena = sheet->buf->arena;
    const ShowStyle *style = sheet->style;
    sheet_bullet(sheet, pair_text(arena, o, pair));
    Buf most = {.arena = arena};
    buf_add(&most, move_text(arena, o, pair, pair->most, style));
    if (pair->n_found > 1 && !style->all) {
        buf_addf(&most, "; %.*s less", STR_ARG(plural(arena, pair->n_found - 1, "other")));
    }
    show_paragraph(sheet->buf, style, 6, 8, buf_str(&most));
    for (int32_t i = 0; style->all && i < o->n_items; i++) {
        if (pair->moves[i].found && i != pair->most) {
            show_paragraph(sheet->buf, style, 6, 8, move_text(arena, o, pair, i, style));
        }
    }
}

static void add_pairs(const Sheet *sheet, const Ordering *o, int32_t from, int32_t to, Str title)
{
    Arena *arena = sheet->buf->arena;
    if (from == to) {
        return;
    }
    sheet_heading(sheet, 2, title);
    int32_t end = sheet->style->all || to - from <= MOST_ROWS ? to : from + MOST_ROWS;
    for (int32_t r = from; r < end; r++) {
        add_pair(sheet, o, &o->pairs[o->ranked[r]]);
    }
    if (end < to) {
        sheet_bullet(sheet, str_format(arena, "%.*s more, which move less: --all tells them",
                                       STR_ARG(plural(arena, to - end, "pair"))));
    }
    sheet_gap(sheet);
}

static void add_found(const Sheet *sheet, const Ordering *o)
{
    add_pairs(
        sheet, o, 0, o->n_matter,
        STR("By an amount that matters (2 points, a factor of 1.5, 0.2 standard deviations)"));
    add_pairs(sheet, o, o->n_matter, o->n_ranked, STR("Measurably, but by less"));
}

// ---- The rest -----------------------------------------------------------------------------------

static void add_unmoved(const Sheet *sheet, const Ordering *o)
{
    Arena *arena = sheet->buf->arena;
    int32_t still = 0, unsure = 0;
    for (int32_t p = 0; p < o->n_pairs; p++) {
        still += o->pairs[p].most < 0 && !o->pairs[p].touched;
        unsure += o->pairs[p].most < 0 && o->pairs[p].touched;
    }
    if (o->n_pairs == 0) {
        sheet_text(sheet, STR("No two blocks touch the same thing: their order says nothing."));
    }
    if (still > 0 && (o->exact || o->provenance.worlds > 0)) {
        sheet_text(sheet,
                   str_format(arena, "%.*s %s no answer at all%s.",
                              STR_ARG(plural(arena, still, "pair")), still == 1 ? "moves" : "move",
                              o->exact ? "" : " in this sample"));
    }
    if (unsure > 0) {
        sheet_text(sheet, str_format(arena,
                                     "%.*s %s answers by no more than chance explains (within %.*s "
                                     "standard errors).",
                                     STR_ARG(plural(arena, unsure, "pair")),
                                     unsure == 1 ? "moves" : "move",
                                     STR_ARG(num_rounded(arena, o->bound_errors, 1))));
    }
    if (o->n_cut > 0) {
        sheet_text(sheet, str_format(arena, "%.*s %s not tried.",
                                     STR_ARG(plural(arena, o->n_cut, "more pair")),
                                     o->n_cut == 1 ? "was" : "were"));
    }
    if (o->n_pairs == 0 || still > 0 || unsure > 0 || o->n_cut > 0) {
        sheet_gap(sheet);
    }
}

static void add_remarks(const Sheet *sheet, const Ordering *o)
{
    for (int32_t i = 0; i < o->n_remarks; i++) {
        sheet_text(sheet, show_safe(sheet->buf->arena, o->remarks[i].text));
    }
    if (o->n_remarks > 0) {
        sheet_gap(sheet);
    }
}

static void add_advice(const Sheet *sheet, const Ordering *o)
{
    if (sheet->style->plain || o->n_ranked == 0) {
        return;
    }
    sheet_heading(sheet, 2, STR("What to do about it"));
    sheet_bullet(sheet,
                 STR("Where one of the two comes first in the world, see that it stands above, "
                     "and say why in an assumption."));
    sheet_bullet(sheet, STR("Where one can know of the other only later, write `previous x`: the "
                            "state as the step before left it, whatever the order."));
    sheet_bullet(sheet,
                 STR("Where neither is first, take shorter steps until the difference is too "
                     "small to matter, or tell it beside the answer."));
    sheet_gap(sheet);
}

void show_order(Buf *buf, const Ordering *o, const ShowStyle *style)
{
    Sheet sheet = {.buf = buf, .style = style};
    Str dot = glyph_dot(style);
    const Provenance *run = &o->provenance;
    add_heading(&sheet, o);
    add_meaning(&sheet, o);
    add_found(&sheet, o);
    add_unmoved(&sheet, o);
    add_remarks(&sheet, o);
    add_advice(&sheet, o);
    ink_dim(buf, style);
    buf_addf(buf, "casus %.*s%.*smodel %.*s", STR_ARG(show_safe(buf->arena, run->version)),
             STR_ARG(dot), STR_ARG(show_safe(buf->arena, run->model_hash)));
    if (o->exact) {
        buf_addf(buf, "%.*sexact", STR_ARG(dot));
    } else {
        buf_addf(buf, "%.*sseed %" PRIu64, STR_ARG(dot), run->seed);
    }
    ink_off(buf, style);
    buf_char(buf, '\n');
}
