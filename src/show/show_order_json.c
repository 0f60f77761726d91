// SPDX-License-Identifier: MIT
//
// An Ordering as JSON, key by key as docs/json.md has them. Numbers stand in the question's unit.
#include "show/json_parts.h"
#include "show/show_json.h"
#include "show/show_order.h"

static double scale_of(const OrderItem *item)
{
    return item->kind == ITEM_NUMBER ? item->scale : 1;
}

static json_t *block_of(const OrderBlock *block)
{
    return json_pack("{s:o, s:o, s:o}", "block", json_text(block->text), "file",
                     block->file.n ? json_text(block->file) : json_null(), "line",
                     block->file.n ? json_integer(block->line) : json_null());
}

static json_t *move_of(const OrderItem *item, const OrderMove *move)
{
    double scale = scale_of(item);
    json_t *json = json_pack(
        "{s:o, s:o, s:o, s:o, s:o}", "question", json_text(item->name), "as_written",
        json_number(move->before * scale), "exchanged", json_number(move->after * scale),
        "difference", json_estimate(move->difference, scale), "errors", json_number(move->errors));
    bool level = item->kind == ITEM_LEVEL && move->known;
    json_object_set_new(json, "level",
                        level ? json_text(item->level_names[move->level]) : json_null());
    json_object_set_new(json, "size", json_number(move->size));
    json_object_set_new(json, "known", json_boolean(move->known));
    json_object_set_new(json, "found", json_boolean(move->found));
    json_object_set_new(json, "matters", json_boolean(move->matters));
    return json;
}

static json_t *pair_of(const Ordering *o, const OrderPair *pair)
{
    json_t *moves = json_array();
    for (int32_t i = 0; i < o->n_items; i++) {
        json_array_append_new(moves, move_of(&o->items[i], &pair->moves[i]));
    }
    json_t *json = json_pack("{s:o, s:o, s:o, s:i}", "first", block_of(&o->blocks[pair->first]),
                             "second", block_of(&o->blocks[pair->second]), "over",
                             json_text(pair->over), "found", (int)pair->n_found);
    json_object_set_new(json, "moves_most",
                        pair->most >= 0 ? json_text(o->items[pair->most].name) : json_null());
    json_object_set_new(json, "moves_anything", json_boolean(pair->touched));
    json_object_set_new(json, "questions", moves);
    return json;
}

Status show_order_json(Buf *buf, const Ordering *o, Error *error)
{
    json_t *pairs = json_array(), *ranked = json_array(), *remarks = json_array();
    for (int32_t p = 0; p < o->n_pairs; p++) {
        json_array_append_new(pairs, pair_of(o, &o->pairs[p]));
    }
    for (int32_t r = 0; r < o->n_ranked; r++) {
        json_array_append_new(ranked, json_integer(o->ranked[r]));
    }
    for (int32_t i = 0; i < o->n_remarks; i++) {
        json_array_append_new(remarks, json_text(o->remarks[i].text));
    }
    json_t *root = json_pack("{s:i, s:s, s:o, s:o}", "schema_version", JSON_SCHEMA_VERSION,
                             "document", "order", "model", json_model(&o->provenance), "run",
                             json_provenance(&o->provenance));
    json_object_set_new(root, "bound_errors", json_number(o->bound_errors));
    json_object_set_new(root, "not_tried", json_integer(o->n_cut));
    json_object_set_new(root, "most_first", ranked);
    json_object_set_new(root, "pairs", pairs);
    json_object_set_new(root, "remarks", remarks);
    return json_finish(buf, root, error);
}
