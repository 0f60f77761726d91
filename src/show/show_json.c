// SPDX-License-Identifier: MIT
//
// An Answer as JSON, key by key as docs/json.md has them. Numbers stand in the question's unit.
#include "show/show_json.h"

#include "show/json_parts.h"

static const char *const kind_names[] = {[ITEM_FLAG] = "flag",
                                         [ITEM_NUMBER] = "number",
                                         [ITEM_DATE] = "date",
                                         [ITEM_LEVEL] = "level",
                                         [ITEM_SERIES] = "series"};

static json_t *band_of(Band band, double scale)
{
    if (!band.known) {
        return json_null();
    }
    return json_pack("{s:o, s:o, s:o}", "lo", json_number(band.lo * scale), "hi",
                     json_number(band.hi * scale), "sd", json_number(band.sd * scale));
}

static json_t *text_or_null(Str text)
{
    return text.n ? json_text(text) : json_null();
}

// The value's own scale: chances are 0 to 1 in every kind but numbers.
static double scale_of(const Item *item)
{
    return item->kind == ITEM_NUMBER ||
                   (item->kind == ITEM_SERIES && item->series_of == ITEM_NUMBER)
               ? item->scale
               : 1;
}

static json_t *quantiles_of(const Item *item)
{
    json_t *array = json_array();
    for (int32_t i = 0; i < item->n_quantiles; i++) {
        const QuantileValue *q = &item->quantiles[i];
        json_t *one;
        if (item->kind == ITEM_DATE) {
            one = json_pack("{s:o, s:o, s:o}", "q", json_number(q->q), "date",
                            json_day(q->value.value), "half_days", json_number(q->value.half));
        } else {
            one = json_estimate(q->value, item->scale);
            json_put(one, "q", json_number(q->q));
        }
        json_add(array, one);
    }
    return array;
}

static json_t *levels_of(const Item *item)
{
    json_t *array = json_array();
    for (int32_t i = 0; item->levels && i < item->n_levels; i++) {
        const LevelShare *level = &item->levels[i];
        json_add(array, json_pack("{s:o, s:o, s:o}", "name", json_text(level->name), "share",
                                  json_estimate(level->share, 1), "band", band_of(level->band, 1)));
    }
    return array;
}

static json_t *incidence_of(const Item *item)
{
    json_t *array = json_array();
    for (int32_t i = 0; i < item->n_incidence; i++) {
        json_add(array, json_pack("{s:o, s:o}", "date", json_day(item->incidence[i].date), "share",
                                  json_estimate(item->incidence[i].share, 1)));
    }
    return array;
}

static json_t *shares_of(const Item *item, const SeriesPoint *point)
{
    json_t *shares = json_object();
    for (int32_t i = 0; point->shares && i < item->n_levels; i++) {
        json_t *share = json_number(point->shares[i]);
        Str name = item->level_names[i];
        json_putn(shares, name.p, name.n, share);
    }
    return shares;
}

// The first point is the start of the run and has the date of the first step, as the second has.
static json_t *point_of(const Item *item, const SeriesPoint *point)
{
    bool start = point == item->points;
    json_t *json = json_pack("{s:o, s:b, s:o}", "date", json_day(point->date), "start", start,
                             "defined", json_number(point->defined));
    double scale = scale_of(item);
    if (item->series_of == ITEM_LEVEL) {
        json_put(json, "shares", shares_of(item, point));
        return json;
    }
    json_put(json, item->series_of == ITEM_FLAG ? "share" : "mean",
             json_estimate(point->mean, scale));
    if (item->series_of == ITEM_NUMBER) {
        json_put(json, "q05", json_number(point->q05 * scale));
        json_put(json, "q25", json_number(point->q25 * scale));
        json_put(json, "q50", json_number(point->q50 * scale));
        json_put(json, "q75", json_number(point->q75 * scale));
        json_put(json, "q95", json_number(point->q95 * scale));
    }
    return json;
}

static json_t *points_of(const Item *item)
{
    json_t *array = json_array();
    for (int32_t i = 0; i < item->n_points; i++) {
        json_add(array, point_of(item, &item->points[i]));
    }
    return array;
}

static json_t *movers_of(const Item *item)
{
    json_t *array = json_array();
    for (int32_t i = 0; i < item->n_movers; i++) {
        json_add(array, json_pack("{s:o, s:o}", "name", json_text(item->movers[i].name), "share",
                                  json_estimate(item->movers[i].share, 1)));
    }
    return array;
}

// What belongs to one kind of answer only.
static void add_kind(json_t *json, const Item *item)
{
    switch (item->kind) {
    case ITEM_FLAG: break;
    case ITEM_NUMBER:
        json_put(json, "sd", json_number(item->sd * item->scale));
        json_put(json, "quantiles", quantiles_of(item));
        break;
    case ITEM_DATE:
        json_put(json, "never", json_estimate(item->never, 1));
        json_put(json, "quantiles", quantiles_of(item));
        json_put(json, "incidence", incidence_of(item));
        break;
    case ITEM_LEVEL: json_put(json, "levels", levels_of(item)); break;
    case ITEM_SERIES:
        json_put(json, "of", json_string(kind_names[item->series_of]));
        json_put(json, "points", points_of(item));
        break;
    }
}

static void add_value(json_t *json, const Item *item)
{
    bool has_value = item->kind != ITEM_LEVEL && item->kind != ITEM_SERIES;
    double scale = scale_of(item);
    json_put(json, "estimate", has_value ? json_estimate(item->value, scale) : json_null());
    json_put(json, "band", has_value ? band_of(item->band, scale) : json_null());
    json_put(json, "unit", text_or_null(item->unit));
    json_put(json, "word", text_or_null(item->word));
    if (item->word.n) {
        json_put(json, "word_range",
                 json_pack("[o, o]", json_number(item->word_lo), json_number(item->word_hi)));
    }
}

static json_t *sayings_of(const Item *item)
{
    json_t *array = json_array();
    for (int32_t i = 0; i < item->n_sayings; i++) {
        const Saying *says = &item->sayings[i];
        json_t *one = json_pack("{s:o, s:o, s:o, s:o}", "who", json_text(says->who), "words",
                                text_or_null(says->words), "lo", json_number(says->lo), "hi",
                                json_number(says->hi));
        json_put(one, "by", json_day(says->by));
        json_put(one, "about", text_or_null(says->about));
        json_add(array, one);
    }
    return array;
}

static json_t *question_of(const Item *item)
{
    json_t *json = json_pack("{s:o, s:o, s:o, s:o, s:s}", "name", json_text(item->name), "text",
                             text_or_null(item->text), "asked", text_or_null(item->asked), "given",
                             text_or_null(item->given), "kind", kind_names[item->kind]);
    add_value(json, item);
    json_put(json, "futures", json_integer((json_int_t)item->futures));
    json_put(json, "conditional", json_boolean(item->conditional));
    json_put(json, "defined", json_estimate(item->defined, 1));
    json_put(json, "censored", item->has_censored ? json_estimate(item->censored, 1) : json_null());
    if (item->has_tied) {
        json_put(json, "same_step", json_estimate(item->tied, 1));
    }
    add_kind(json, item);
    json_put(json, "movers", movers_of(item));
    json_put(json, "says", sayings_of(item));
    json_put(json, "resolves", text_or_null(item->rule));
    json_put(json, "resolve_by", json_day(item->resolve_by));
    json_put(json, "no_answer_because", text_or_null(item->why));
    return json;
}

static json_t *pool_of(const Answer *answer)
{
    json_t *array = json_array();
    for (int32_t i = 0; i < answer->n_pool; i++) {
        const PoolPart *part = &answer->pool[i];
        json_add(array, json_pack("{s:o, s:o, s:o}", "story", json_text(part->name), "share",
                                  json_number(part->share), "grade", text_or_null(part->grade)));
    }
    return array;
}

Status show_json(Buf *buf, const Answer *answer, Error *error)
{
    json_t *questions = json_array(), *remarks = json_array();
    for (int32_t i = 0; i < answer->n_items; i++) {
        json_add(questions, question_of(&answer->items[i]));
    }
    for (int32_t i = 0; i < answer->n_remarks; i++) {
        const Remark *remark = &answer->remarks[i];
        Str text = remark->command.n == 0
                       ? remark->text
                       : str_format(buf->arena, "%.*s: %.*s", STR_ARG(remark->text),
                                    STR_ARG(remark->command));
        json_add(remarks, json_text(text));
    }
    json_t *root =
        json_pack("{s:i, s:s, s:o, s:o, s:o}", "schema_version", JSON_SCHEMA_VERSION, "document",
                  "answer", "model", json_model(&answer->provenance), "run",
                  json_provenance(&answer->provenance), "digest", json_hash(answer_digest(answer)));
    json_put(root, "check_failed", json_boolean(answer->check_failed));
    json_put(root, "pool", pool_of(answer));
    json_put(root, "questions", questions);
    json_put(root, "remarks", remarks);
    return json_finish(buf, root, error);
}
