// SPDX-License-Identifier: MIT
//
// A Sourcing as tidy CSV: part is cites, rests_on, moves, weight, with, without, difference or
// what_leaves_alone. `name` is the row, story or question, `hand` the source, relay or owner.
#include <inttypes.h>

#include "base/num.h"
#include "show/show_csv.h"
#include "show/show_sources.h"

typedef struct {
    const char *part, *kind;
    Str reading, name, hand, grade, note;
    Estimate value;
    double scale;
    Str unit;
} Row;

static Estimate bare(double x)
{
    double nan = __builtin_nan("");
    return (Estimate){x, nan, nan, nan};
}

static void add_number(Buf *buf, double x)
{
    buf_char(buf, ',');
    if (x == x) {
        buf_add(buf, num_shortest(buf->arena, x));
    }
}

static void add_text(Buf *buf, Str text)
{
    buf_char(buf, ',');
    csv_add_field(buf, text);
}

static void add_row(Buf *buf, const Sourcing *s, Row row)
{
    const Provenance *run = &s->provenance;
    double scale = row.scale == 0 ? 1 : row.scale, size = scale < 0 ? -scale : scale;
    buf_addf(buf, "%s,%s", row.part, row.kind ? row.kind : "");
    add_text(buf, row.reading);
    add_text(buf, row.name);
    add_text(buf, row.hand);
    add_text(buf, row.grade);
    add_number(buf, row.value.value * scale);
    add_number(buf, row.value.half * size);
    add_number(buf, row.value.lo * scale);
    add_number(buf, row.value.hi * scale);
    add_text(buf, row.unit);
    add_text(buf, row.note);
    add_text(buf, run->model_hash);
    buf_addf(buf, ",%" PRIu64, run->seed);
    add_text(buf, run->version);
    buf_addf(buf, ",%" PRIu64 ",%" PRIu64 "\n", run->worlds, run->futures_per_world);
}

static void add_thing(Buf *buf, const Sourcing *s, const SourcingRow *row)
{
    Row out = {.part = "rests_on",
               .kind = sources_kind(row->kind),
               .reading = row->reading,
               .name = row->name,
               .grade = str_of(sources_footing(row->footing)),
               .value = bare(__builtin_nan("")),
               .note = row->assumption};
    add_row(buf, s, out);
    out.part = "cites";
    for (int32_t i = 0; i < row->n_cites; i++) {
        const SourcingCite *cite = &row->cites[i];
        out.hand = s->sources[cite->source].id;
        out.grade = sources_grade(buf->arena, s, cite->source, cite->credibility);
        out.note = cite->locator;
        add_row(buf, s, out);
    }
    out.part = "moves";
    out.grade = out.note = (Str){0};
    for (int32_t i = 0; i < row->n_shares; i++) {
        out.hand = s->items[row->shares[i].item].name;
        out.value = row->shares[i].share;
        add_row(buf, s, out);
    }
}

static void add_weight(Buf *buf, const Sourcing *s, const SourcingWeight *w)
{
    Row row = {.part = "weight",
               .kind = w->stated ? "stated" : "by_grade",
               .name = w->story,
               .hand = w->hand,
               .value = bare(w->weight)};
    if (w->source >= 0) {
        row.grade = sources_grade(buf->arena, s, w->source, w->credibility);
    }
    add_row(buf, s, row);
    row.part = "share";
    row.value = bare(w->share);
    add_row(buf, s, row);
}

static void add_effects(Buf *buf, const Sourcing *s, const SourcingWithout *w)
{
    for (int32_t i = 0; w->effects && i < s->n_items; i++) {
        const SourcingItem *item = &s->items[i];
        const SourcingEffect *effect = &w->effects[i];
        bool number = item->kind == ITEM_NUMBER;
        Row row = {.part = "with",
                   .kind = sources_without_kind(w->kind),
                   .name = item->name,
                   .hand = w->name,
                   .value = effect->with,
                   .scale = number ? item->scale : 1,
                   .unit = number ? item->unit : (Str){0}};
        row.reading = effect->level >= 0 ? item->level_names[effect->level] : (Str){0};
        add_row(buf, s, row);
        row.part = "without";
        row.value = effect->without;
        add_row(buf, s, row);
        row.part = "difference";
        row.value = effect->difference;
        row.note = !effect->known  ? STR("too few futures")
                   : effect->found ? STR("found")
                                   : STR("none found");
        add_row(buf, s, row);
        row.part = "what_leaves_alone";
        row.value = bare(effect->own);
        row.note = (Str){0};
        add_row(buf, s, row);
    }
}

void show_sources_csv(Buf *buf, const Sourcing *s)
{
    buf_add(buf,
            STR("part,kind,reading,name,hand,grade,value,half,lo,hi,unit,note,model,seed,version,"
                "worlds,futures_per_world\n"));
    for (int32_t i = 0; i < s->n_rows; i++) {
        add_thing(buf, s, &s->rows[i]);
    }
    for (int32_t i = 0; i < s->n_weights; i++) {
        add_weight(buf, s, &s->weights[i]);
    }
    for (int32_t i = 0; i < s->n_without; i++) {
        add_effects(buf, s, &s->without[i]);
    }
}
