// SPDX-License-Identifier: MIT
//
// A Sourcing as JSON, key by key as docs/json.md has them.
#include "show/json_parts.h"
#include "show/show_json.h"
#include "show/show_sources.h"

static json_t *text_or_null(Str text)
{
    return text.n ? json_text(text) : json_null();
}

static json_t *figure_or_null(int32_t figure)
{
    return figure > 0 ? json_integer(figure) : json_null();
}

static double scale_of(const SourcingItem *item)
{
    return item->kind == ITEM_NUMBER ? item->scale : 1;
}

// ---- Rows ---------------------------------------------------------------------------------------

static json_t *cites_of(const Sourcing *s, const SourcingRow *row)
{
    json_t *array = json_array();
    for (int32_t i = 0; i < row->n_cites; i++) {
        const SourcingCite *cite = &row->cites[i];
        const SourcingSource *source = &s->sources[cite->source];
        json_add(array, json_pack("{s:o, s:o, s:o, s:o}", "source", json_text(source->id),
                                  "reliability", json_text((Str){&source->reliability, 1}),
                                  "credibility", figure_or_null(cite->credibility), "locator",
                                  text_or_null(cite->locator)));
    }
    return array;
}

static json_t *shares_of(const Sourcing *s, const SourcingRow *row)
{
    json_t *array = json_array();
    for (int32_t i = 0; i < row->n_shares; i++) {
        const RowShare *share = &row->shares[i];
        json_add(array, json_pack("{s:o, s:o}", "question", json_text(s->items[share->item].name),
                                  "share", json_estimate(share->share, 1)));
    }
    return array;
}

static json_t *row_of(const Sourcing *s, const SourcingRow *row)
{
    json_t *json = json_pack("{s:s, s:o, s:o, s:o, s:o, s:s}", "kind", sources_kind(row->kind),
                             "reading", json_text(row->reading), "name", json_text(row->name),
                             "title", text_or_null(row->title), "value", text_or_null(row->value),
                             "rests_on", sources_footing(row->footing));
    json_put(json, "cites", cites_of(s, row));
    json_put(json, "as_its_story", json_boolean(row->inherited));
    json_put(json, "independent", json_integer(row->voices));
    json_put(json, "assumption", text_or_null(row->assumption));
    json_put(json, "varies", json_boolean(row->varies));
    json_put(json, "moves", s->was_run ? shares_of(s, row) : json_null());
    return json;
}

// ---- Sources ------------------------------------------------------------------------------------

static json_t *chain_of(const Sourcing *s, const SourcingSource *source)
{
    json_t *array = json_array();
    for (int32_t i = 0; i < source->n_via; i++) {
        const SourcingRelay *relay = &s->relays[source->via[i]];
        json_add(array, json_pack("{s:o, s:o, s:o}", "relay", json_text(relay->id), "title",
                                  text_or_null(relay->title), "owner", text_or_null(relay->owner)));
    }
    return array;
}

static json_t *source_of(const Sourcing *s, const SourcingSource *source)
{
    json_t *rows = json_array();
    for (int32_t i = 0; i < source->n_rows; i++) {
        json_add(rows, json_integer(source->rows[i]));
    }
    json_t *json = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "name", json_text(source->id),
                             "reliability", json_text((Str){&source->reliability, 1}), "note",
                             text_or_null(source->note), "date", json_day(source->date), "file",
                             text_or_null(source->file), "url", text_or_null(source->url), "owner",
                             text_or_null(source->owner));
    json_put(json, "via", chain_of(s, source));
    json_put(json, "rows", rows);
    json_put(json, "alone", json_integer(source->n_alone));
    return json;
}

// ---- Weights ------------------------------------------------------------------------------------

static json_t *weights_of(const Sourcing *s)
{
    json_t *stories = json_array(), *grades = json_array();
    for (int32_t i = 0; i < s->n_weights; i++) {
        const SourcingWeight *w = &s->weights[i];
        json_t *json =
            json_pack("{s:o, s:o, s:o, s:b, s:o}", "story", json_text(w->story), "source",
                      w->source >= 0 ? json_text(s->sources[w->source].id) : json_null(),
                      "credibility", figure_or_null(w->credibility), "stated", (int)w->stated,
                      "weight", json_number(w->raw));
        json_put(json, "shares", text_or_null(w->hand));
        json_put(json, "counts", json_number(w->counts));
        json_put(json, "makes", json_number(w->weight));
        json_put(json, "share", json_number(w->share));
        json_add(stories, json);
    }
    for (int32_t i = 0; i < s->n_grades; i++) {
        json_add(grades, json_pack("{s:o, s:o}", "grade", json_text(s->grades[i].grade), "weight",
                                   json_number(s->grades[i].weight)));
    }
    return json_pack("{s:o, s:o, s:o}", "grades", grades, "shared", json_number(s->shared),
                     "stories", stories);
}

// ---- Questions and what moves them --------------------------------------------------------------

static json_t *question_of(const SourcingItem *item)
{
    static const char *const kinds[] = {[ITEM_FLAG] = "flag",
                                        [ITEM_NUMBER] = "number",
                                        [ITEM_DATE] = "date",
                                        [ITEM_LEVEL] = "level",
                                        [ITEM_SERIES] = "series"};
    json_t *levels = json_array();
    for (int32_t i = 0; i < item->n_levels; i++) {
        json_add(levels, json_pack("{s:o, s:o}", "name", json_text(item->level_names[i]), "share",
                                   json_estimate(item->levels[i], 1)));
    }
    json_t *json = json_pack("{s:o, s:o, s:o, s:s, s:o}", "name", json_text(item->name), "text",
                             text_or_null(item->text), "asked", text_or_null(item->asked), "kind",
                             kinds[item->kind], "unit", text_or_null(item->unit));
    bool level = item->kind == ITEM_LEVEL;
    json_put(json, "pool", level ? json_null() : json_estimate(item->pool, scale_of(item)));
    json_put(json, "levels", levels);
    json_put(json, "no_answer_because", text_or_null(item->why));
    return json;
}

static json_t *effect_of(const Sourcing *s, int32_t i, const SourcingEffect *effect)
{
    const SourcingItem *item = &s->items[i];
    double scale = scale_of(item);
    json_t *json =
        json_pack("{s:o, s:b, s:o, s:o, s:o}", "question", json_text(item->name), "known",
                  (int)effect->known, "with", json_estimate(effect->with, scale), "without",
                  json_estimate(effect->without, scale), "difference",
                  json_estimate(effect->difference, scale));
    json_put(json, "level",
             effect->level >= 0 ? json_text(item->level_names[effect->level]) : json_null());
    json_put(json, "errors", json_number(effect->errors));
    json_put(json, "found", json_boolean(effect->found));
    json_put(json, "what_leaves_alone", json_number(effect->own * scale));
    return json;
}

static json_t *indices(const int32_t *list, int32_t n)
{
    json_t *array = json_array();
    for (int32_t i = 0; i < n; i++) {
        json_add(array, json_integer(list[i]));
    }
    return array;
}

static json_t *without_of(const Sourcing *s, const SourcingWithout *w)
{
    json_t *sources = json_array(), *stories = json_array(), *effects = json_array();
    for (int32_t i = 0; i < w->n_sources; i++) {
        json_add(sources, json_text(s->sources[w->sources[i]].id));
    }
    for (int32_t i = 0; i < w->n_stories; i++) {
        json_add(stories, json_text(w->stories[i]));
    }
    for (int32_t i = 0; w->effects && i < s->n_items; i++) {
        json_add(effects, effect_of(s, w->ranked[i], &w->effects[w->ranked[i]]));
    }
    json_t *json =
        json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "kind", sources_without_kind(w->kind),
                  "name", json_text(w->name), "sources", sources, "stories", stories, "share",
                  json_number(w->share), "falls_back", indices(w->changes, w->n_changes),
                  "left_without_support", indices(w->bare, w->n_bare));
    json_put(json, "moves_the_pool", json_boolean(w->moves));
    json_put(json, "moves_as",
             w->moves_as >= 0 ? json_text(s->without[w->moves_as].name) : json_null());
    json_put(json, "empties_the_pool", json_boolean(w->empties));
    json_put(json, "same_as",
             w->same_as >= 0 ? json_text(s->without[w->same_as].name) : json_null());
    json_put(json, "not_told_because", text_or_null(w->why));
    json_put(json, "answers", effects);
    return json;
}

// ---- The whole ----------------------------------------------------------------------------------

Status show_sources_json(Buf *buf, const Sourcing *s, Error *error)
{
    json_t *rows = json_array(), *sources = json_array(), *questions = json_array();
    json_t *without = json_array(), *remarks = json_array();
    for (int32_t i = 0; i < s->n_rows; i++) {
        json_add(rows, row_of(s, &s->rows[i]));
    }
    for (int32_t i = 0; i < s->n_sources; i++) {
        json_add(sources, source_of(s, &s->sources[i]));
    }
    for (int32_t i = 0; i < s->n_items; i++) {
        json_add(questions, question_of(&s->items[i]));
    }
    for (int32_t i = 0; i < s->n_without; i++) {
        json_add(without, without_of(s, &s->without[i]));
    }
    for (int32_t i = 0; i < s->n_remarks; i++) {
        json_add(remarks, json_text(s->remarks[i].text));
    }
    json_t *root = json_pack("{s:i, s:s, s:o, s:o, s:o}", "schema_version", JSON_SCHEMA_VERSION,
                             "document", "sources", "model", json_model(&s->provenance), "run",
                             s->was_run ? json_provenance(&s->provenance) : json_null(), "digest",
                             json_hash(sourcing_digest(s)));
    json_put(root, "weights", weights_of(s));
    json_put(root, "sources", sources);
    json_put(root, "rows", rows);
    json_put(root, "questions", questions);
    json_put(root, "without", without);
    json_put(root, "remarks", remarks);
    return json_finish(buf, root, error);
}
