// SPDX-License-Identifier: MIT
//
// A Comparison as tidy CSV: part is answer, level, median, difference, factor, says, closure,
// crux_sum or together; `reading` and `other` name the columns, `key` the level or the assumption.
#include <inttypes.h>

#include "base/num.h"
#include "show/show_compare.h"
#include "show/show_csv.h"
#include "show/show_num.h"

typedef struct {
    const CompareItem *item;
    const char *part;
    Str reading, other, key;
    Estimate value;
    double scale;
    Str unit, note;
} Row;

static void add_cell(Buf *buf, double x)
{
    if (x == x) {
        buf_add(buf, num_shortest(buf->arena, x));
    }
    buf_char(buf, ',');
}

static void add_row(Buf *buf, const Comparison *c, const Row *row)
{
    const Provenance *run = &c->provenance;
    double scale = row->scale == 0 ? 1 : row->scale;
    csv_add_field(buf, row->item->name);
    buf_addf(buf, ",%s,", row->part);
    csv_add_field(buf, row->reading);
    buf_char(buf, ',');
    csv_add_field(buf, row->other);
    buf_char(buf, ',');
    csv_add_field(buf, row->key);
    buf_char(buf, ',');
    add_cell(buf, row->value.value * scale);
    add_cell(buf, row->value.half * (scale < 0 ? -scale : scale));
    add_cell(buf, row->value.lo * scale);
    add_cell(buf, row->value.hi * scale);
    csv_add_field(buf, row->unit);
    buf_char(buf, ',');
    csv_add_field(buf, row->note);
    buf_char(buf, ',');
    csv_add_field(buf, run->model_hash);
    buf_addf(buf, ",%" PRIu64 ",", run->seed);
    csv_add_field(buf, run->version);
    buf_addf(buf, ",%" PRIu64 ",%" PRIu64 "\n", run->worlds, run->futures_per_world);
}

static double scale_of(const CompareItem *item)
{
    return item->kind == ITEM_NUMBER ? item->scale : 1;
}

static Row row_of(const CompareItem *item, const char *part, Str reading, Estimate value)
{
    bool number = item->kind == ITEM_NUMBER;
    return (Row){.item = item,
                 .part = part,
                 .reading = reading,
                 .value = value,
                 .scale = scale_of(item),
                 .unit = number ? item->unit : (Str){0}};
}

static Estimate bare(double x)
{
    double nan = __builtin_nan("");
    return (Estimate){x, nan, nan, nan};
}

static void add_answers(Buf *buf, const Comparison *c, const CompareItem *item, int32_t i)
{
    const CompareCell *cell = &item->cells[i];
    Str name = c->columns[i].name;
    Str set = c->columns[i].role == COLUMN_SET ? STR("set") : (Str){0};
    for (int32_t l = 0; l < item->n_levels; l++) {
        Row row = row_of(item, "level", name, cell->levels[l]);
        row.key = item->level_names[l];
        row.note = set;
        add_row(buf, c, &row);
    }
    if (item->kind != ITEM_LEVEL) {
        Row row = row_of(item, "answer", name, cell->value);
        row.key = item->kind == ITEM_NUMBER ? STR("mean") : STR("chance");
        row.note = set;
        add_row(buf, c, &row);
    }
    if (item->kind == ITEM_NUMBER) {
        Row row = row_of(item, "median", name, bare(cell->median));
        row.note = set;
        add_row(buf, c, &row);
    }
    if (item->kind == ITEM_DATE && cell->median == cell->median) {
        Row row = row_of(item, "median", name, bare(__builtin_nan("")));
        row.key = num_date(buf->arena, cell->median);
        row.note = set;
        add_row(buf, c, &row);
    }
}

static void add_gap(Buf *buf, const Comparison *c, const CompareItem *item, int32_t a, int32_t b)
{
    const Gap *gap = &item->gaps[a * c->n_columns + b];
    Row row = row_of(item, "difference", c->columns[a].name, gap->difference);
    row.other = c->columns[b].name;
    row.key = item->kind == ITEM_LEVEL ? item->level_names[item->lead] : (Str){0};
    row.note = c->columns[a].role == COLUMN_SET ? STR("set")
               : !gap->known                    ? STR("too few futures")
               : !gap->found                    ? STR("none found")
               : gap->matters                   ? STR("parts")
                                                : STR("found");
    add_row(buf, c, &row);
    if (gap->factor.value == gap->factor.value) {
        row.part = "factor";
        row.value = gap->factor;
        row.scale = 1;
        add_row(buf, c, &row);
    }
}

static void add_crux(Buf *buf, const Comparison *c, const Crux *crux)
{
    Row row = {.item = &c->items[crux->item],
               .part = "closure",
               .reading = c->columns[crux->a].name,
               .other = c->columns[crux->b].name,
               .scale = 1};
    for (int32_t i = 0; i < crux->n_parts; i++) {
        row.key = c->assumptions[crux->parts[i].assumption].name;
        row.value = crux->parts[i].closure;
        row.note = crux->tied && i < 2 ? STR("tied") : (Str){0};
        add_row(buf, c, &row);
    }
    row.part = "crux_sum";
    row.key = row.note = (Str){0};
    row.value = crux->sum;
    add_row(buf, c, &row);
    if (crux->has_pair) {
        row.part = "together";
        row.value = crux->together;
        add_row(buf, c, &row);
    }
}

static void add_saying(Buf *buf, const Comparison *c, const Coherence *s)
{
    Row row = row_of(&c->items[s->item], "says", c->columns[s->column].name,
                     (Estimate){(s->says.lo + s->says.hi) / 2, (s->says.hi - s->says.lo) / 2,
                                s->says.lo, s->says.hi});
    row.scale = 1;
    row.key = s->says.words;
    row.note = s->says.about;
    add_row(buf, c, &row);
}

void show_compare_csv(Buf *buf, const Comparison *c)
{
    buf_add(buf,
            STR("question,part,reading,other,key,value,half,lo,hi,unit,note,model,seed,version,"
                "worlds,futures_per_world\n"));
    for (int32_t q = 0; q < c->n_items; q++) {
        const CompareItem *item = &c->items[q];
        for (int32_t i = 0; i < c->n_columns; i++) {
            add_answers(buf, c, item, i);
        }
        for (int32_t a = 0; a < c->n_columns; a++) {
            for (int32_t b = 0; b < a; b++) {
                add_gap(buf, c, item, a, b);
            }
        }
    }
    for (int32_t i = 0; i < c->n_sayings; i++) {
        add_saying(buf, c, &c->sayings[i]);
    }
    for (int32_t i = 0; i < c->n_cruxes; i++) {
        add_crux(buf, c, &c->cruxes[i]);
    }
}
