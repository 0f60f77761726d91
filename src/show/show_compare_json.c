// SPDX-License-Identifier: MIT
//
// A Comparison as JSON, key by key as docs/json.md has them.
#include "show/json_parts.h"
#include "show/show_compare.h"
#include "show/show_json.h"

static json_t *text_or_null(Str text)
{
    return text.n ? json_text(text) : json_null();
}

static double scale_of(const CompareItem *item)
{
    return item->kind == ITEM_NUMBER ? item->scale : 1;
}

static json_t *name_of(const Comparison *c, int32_t column)
{
    return column >= 0 ? json_text(c->columns[column].name) : json_null();
}

static const char *role_text(ColumnRole role)
{
    switch (role) {
    case COLUMN_POOL: return "pool";
    case COLUMN_STORY: return "story";
    case COLUMN_BASE: return "base";
    case COLUMN_VARIANT: return "variant";
    case COLUMN_SET: return "set";
    }
    return "";
}

static json_t *readings_of(const Comparison *c)
{
    json_t *array = json_array();
    for (int32_t i = 0; i < c->n_columns; i++) {
        const CompareColumn *column = &c->columns[i];
        json_add(array,
                 json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "role", role_text(column->role),
                           "name", json_text(column->name), "title", text_or_null(column->title),
                           "grade", text_or_null(column->grade), "share",
                           json_number(column->share), "less",
                           column->against >= 0 ? json_integer(column->against) : json_null()));
    }
    return array;
}

// ---- Questions ----------------------------------------------------------------------------------

static json_t *levels_of(const CompareItem *item, const CompareCell *cell)
{
    json_t *array = json_array();
    for (int32_t l = 0; l < item->n_levels; l++) {
        json_add(array, json_pack("{s:o, s:o}", "name", json_text(item->level_names[l]), "share",
                                  json_estimate(cell->levels[l], 1)));
    }
    return array;
}

static json_t *answer_of(const Comparison *c, const CompareItem *item, int32_t column)
{
    const CompareCell *cell = &item->cells[column];
    double scale = scale_of(item);
    json_t *json =
        json_pack("{s:i, s:o, s:o, s:I, s:o}", "reading", (int)column, "name", name_of(c, column),
                  "estimate", json_estimate(cell->value, scale), "futures",
                  (json_int_t)cell->futures, "defined", json_estimate(cell->defined, 1));
    if (item->kind == ITEM_NUMBER) {
        json_put(json, "median", json_number(cell->median * scale));
        json_put(json, "sd", json_number(cell->sd * (scale < 0 ? -scale : scale)));
    }
    if (item->kind == ITEM_DATE) {
        json_put(json, "median", json_day(cell->median));
    }
    if (item->kind == ITEM_LEVEL) {
        json_put(json, "levels", levels_of(item, cell));
    }
    json_put(json, "no_answer_because", text_or_null(cell->why));
    return json;
}

static json_t *gap_of(const CompareItem *item, const Gap *gap, int32_t a, int32_t b)
{
    bool factor = gap->factor.value == gap->factor.value;
    return json_pack("{s:i, s:i, s:b, s:o, s:o, s:b, s:b, s:o}", "reading", (int)a, "less", (int)b,
                     "known", (int)gap->known, "difference",
                     json_estimate(gap->difference, scale_of(item)), "errors",
                     json_number(gap->errors), "found", (int)gap->found, "parts", (int)gap->matters,
                     "factor", factor ? json_estimate(gap->factor, 1) : json_null());
}

static json_t *question_of(const Comparison *c, const CompareItem *item)
{
    static const char *const kinds[] = {[ITEM_FLAG] = "flag",
                                        [ITEM_NUMBER] = "number",
                                        [ITEM_DATE] = "date",
                                        [ITEM_LEVEL] = "level",
                                        [ITEM_SERIES] = "series"};
    json_t *answers = json_array(), *gaps = json_array();
    for (int32_t a = 0; a < c->n_columns; a++) {
        json_add(answers, answer_of(c, item, a));
        for (int32_t b = 0; b < a; b++) {
            json_add(gaps, gap_of(item, &item->gaps[a * c->n_columns + b], a, b));
        }
    }
    bool level = item->kind == ITEM_LEVEL;
    json_t *json = json_pack("{s:o, s:o, s:o, s:o, s:s, s:o}", "name", json_text(item->name),
                             "text", text_or_null(item->text), "asked", text_or_null(item->asked),
                             "given", text_or_null(item->given), "kind", kinds[item->kind], "unit",
                             text_or_null(item->unit));
    json_put(json, "conditional", json_boolean(item->conditional));
    json_put(json, "level", level ? json_text(item->level_names[item->lead]) : json_null());
    json_put(json, "answers", answers);
    json_put(json, "differences", gaps);
    json_put(json, "least", name_of(c, item->low));
    json_put(json, "most", name_of(c, item->high));
    json_put(json, "distance", json_number(item->distance));
    json_put(json, "pairs_parting", json_integer(item->n_parting));
    json_put(json, "resolves", text_or_null(item->rule));
    json_put(json, "resolve_by", json_day(item->resolve_by));
    return json;
}

// ---- Sayings ------------------------------------------------------------------------------------

static const char *verdict_text(SayVerdict verdict)
{
    switch (verdict) {
    case SAY_FITS: return "fits";
    case SAY_TOO_LITTLE: return "less than said";
    case SAY_TOO_MUCH: return "more than said";
    case SAY_EDGE: return "at the edge";
    case SAY_WIDE: return "fits, as nearly anything would";
    case SAY_ELSE: return "another question";
    case SAY_NOT_A_CHANCE: return "no chance asked";
    case SAY_NO_ANSWER: return "no answer";
    case SAY_TOO_FEW: return "too few futures";
    }
    return "";
}

static json_t *saying_of(const Comparison *c, const Coherence *s)
{
    const CompareItem *item = &c->items[s->item];
    json_t *json =
        json_pack("{s:o, s:o, s:o, s:[o,o], s:o, s:o, s:o, s:s}", "story", name_of(c, s->column),
                  "question", json_text(item->name), "words", text_or_null(s->says.words), "range",
                  json_number(s->says.lo), json_number(s->says.hi), "by", json_day(s->says.by),
                  "about", text_or_null(s->says.about), "his_conditions_give",
                  json_estimate(s->value, scale_of(item)), "verdict", verdict_text(s->verdict));
    json_put(json, "who", json_text(s->says.who));
    return json;
}

static json_t *apparent_of(const Comparison *c, const Apparent *apparent)
{
    const char *kind = apparent->kind == APPARENT_WORDS  ? "differ in words only"
                       : apparent->kind == APPARENT_ELSE ? "not the same question"
                                                         : "agree in words only";
    return json_pack("{s:s, s:o, s:i, s:i}", "kind", kind, "question",
                     json_text(c->items[apparent->item].name), "saying", (int)apparent->a, "other",
                     (int)apparent->b);
}

// ---- Cruxes -------------------------------------------------------------------------------------

static json_t *crux_parts(const Comparison *c, const Crux *crux)
{
    json_t *array = json_array();
    for (int32_t i = 0; i < crux->n_parts; i++) {
        const CruxPart *part = &crux->parts[i];
        const CompareAssumption *x = &c->assumptions[part->assumption];
        double scale = scale_of(&c->items[crux->item]);
        json_add(array,
                 json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "assumption",
                           json_text(x->name), "closes", json_estimate(part->closure, 1), "a_has",
                           text_or_null(x->values[crux->a]), "b_has",
                           text_or_null(x->values[crux->b]), "base_has", text_or_null(x->base),
                           "a_with_that_of_b", json_number(part->a_alone * scale),
                           "b_with_that_of_a", json_number(part->b_alone * scale),
                           "not_swapped_because", text_or_null(part->why)));
    }
    return array;
}

static json_t *crux_of(const Comparison *c, const Crux *crux)
{
    const CompareItem *item = &c->items[crux->item];
    double scale = scale_of(item);
    json_t *json =
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o}", "question", json_text(item->name),
                  "a", name_of(c, crux->a), "b", name_of(c, crux->b), "answer_of_a",
                  json_number(crux->a_value * scale), "answer_of_b",
                  json_number(crux->b_value * scale), "assumptions", crux_parts(c, crux), "tied",
                  (int)crux->tied, "sum", json_estimate(crux->sum, 1));
    json_put(json, "level",
             item->kind == ITEM_LEVEL ? json_text(item->level_names[crux->level]) : json_null());
    json_put(json, "first_two_together",
             crux->has_pair ? json_estimate(crux->together, 1) : json_null());
    json_put(json, "first_two_one_at_a_time",
             crux->has_pair ? json_estimate(crux->singles, 1) : json_null());
    return json;
}

static json_t *cruxes_of(const Comparison *c)
{
    if (!c->with_cruxes) {
        return json_null();
    }
    json_t *array = json_array();
    for (int32_t i = 0; i < c->n_cruxes; i++) {
        json_add(array, crux_of(c, &c->cruxes[i]));
    }
    return json_pack("{s:I, s:I, s:i, s:o}", "worlds", (json_int_t)c->crux_worlds,
                     "futures_per_world", (json_int_t)c->crux_futures, "swapped_readings",
                     (int)c->n_swaps, "list", array);
}

Status show_compare_json(Buf *buf, const Comparison *c, Error *error)
{
    json_t *questions = json_array(), *sayings = json_array(), *apparent = json_array();
    json_t *remarks = json_array(), *ranked = json_array();
    for (int32_t i = 0; i < c->n_items; i++) {
        json_add(questions, question_of(c, &c->items[i]));
        json_add(ranked, json_text(c->items[c->ranked[i]].name));
    }
    for (int32_t i = 0; i < c->n_sayings; i++) {
        json_add(sayings, saying_of(c, &c->sayings[i]));
    }
    for (int32_t i = 0; i < c->n_apparent; i++) {
        json_add(apparent, apparent_of(c, &c->apparent[i]));
    }
    for (int32_t i = 0; i < c->n_remarks; i++) {
        json_add(remarks, json_text(c->remarks[i].text));
    }
    json_t *root =
        json_pack("{s:i, s:s, s:o, s:o, s:o}", "schema_version", JSON_SCHEMA_VERSION, "document",
                  "comparison", "model", json_model(&c->provenance), "run",
                  json_provenance(&c->provenance), "digest", json_hash(comparison_digest(c)));
    json_put(root, "check_failed", json_boolean(c->check_failed));
    json_put(root, "readings", readings_of(c));
    json_put(root, "where_they_part", ranked);
    json_put(root, "questions", questions);
    json_put(root, "sayings", sayings);
    json_put(root, "apparent", apparent);
    json_put(root, "cruxes", cruxes_of(c));
    json_put(root, "remarks", remarks);
    return json_finish(buf, root, error);
}
