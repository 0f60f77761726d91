// SPDX-License-Identifier: MIT
//
// An Agreement as JSON, key by key as docs/json.md has them. Numbers stand in the question's unit.
#include "show/json_parts.h"
#include "show/show_agree.h"
#include "show/show_json.h"

static json_t *text_or_null(Str text)
{
    return text.n ? json_text(text) : json_null();
}

static json_t *figure(const AgreeItem *item, const AgreeValue *value, double x)
{
    if (value->form == AGREE_DATE) {
        return json_day(x);
    }
    return json_number(value->form == AGREE_NUMBER ? x * item->scale : x);
}

static json_t *value_of(const Agreement *a, const AgreeItem *item, const AgreeValue *value)
{
    static const char *const forms[] = {
        [AGREE_CHANCE] = "chance", [AGREE_NUMBER] = "number", [AGREE_DATE] = "date"};
    double scale = value->form == AGREE_NUMBER ? item->scale : 1;
    return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:b}", "value", json_text(value->what),
                     "form", forms[value->form], "sampled", figure(item, value, value->sampled),
                     "exact", figure(item, value, value->exact), "error",
                     json_number(value->error * scale), "errors", json_number(value->errors),
                     "chance", json_number(value->chance), "off",
                     (int)!(value->chance >= a->bound));
}

static json_t *question_of(const Agreement *a, const AgreeItem *item)
{
    json_t *values = json_array();
    for (int32_t v = 0; v < item->n_values; v++) {
        json_array_append_new(values, value_of(a, item, &item->values[v]));
    }
    json_t *json = json_pack("{s:o, s:o, s:o, s:I, s:b}", "name", json_text(item->name), "text",
                             text_or_null(item->text), "unit", text_or_null(item->unit), "futures",
                             (json_int_t)item->futures, "agrees", (int)item->agrees);
    json_object_set_new(json, "not_compared_because", text_or_null(item->why));
    json_object_set_new(json, "values", values);
    return json;
}

static json_t *least_of(const Agreement *a)
{
    if (a->worst < 0) {
        return json_null();
    }
    const AgreeItem *item = &a->items[a->worst];
    json_t *json = value_of(a, item, &item->values[item->worst]);
    json_object_set_new(json, "question", json_text(item->name));
    return json;
}

Status show_agree_json(Buf *buf, const Agreement *a, Error *error)
{
    json_t *questions = json_array(), *remarks = json_array();
    for (int32_t i = 0; i < a->n_items; i++) {
        json_array_append_new(questions, question_of(a, &a->items[i]));
    }
    for (int32_t i = 0; i < a->n_remarks; i++) {
        json_array_append_new(remarks, json_text(a->remarks[i].text));
    }
    json_t *root = json_pack("{s:i, s:s, s:o, s:o, s:o}", "schema_version", JSON_SCHEMA_VERSION,
                             "document", "agreement", "model", json_model(&a->sampled), "sampled",
                             json_provenance(&a->sampled), "exact", json_provenance(&a->exact));
    json_object_set_new(root, "agrees", json_boolean(a->agrees));
    json_object_set_new(root, "values", json_integer(a->n_values));
    json_object_set_new(root, "off", json_integer(a->n_off));
    json_object_set_new(root, "false_alarm", json_number(a->alarm));
    json_object_set_new(root, "bound", json_number(a->bound));
    json_object_set_new(root, "bound_errors", json_number(a->bound_errors));
    json_object_set_new(root, "least_likely", least_of(a));
    json_object_set_new(root, "questions", questions);
    json_object_set_new(root, "remarks", remarks);
    return json_finish(buf, root, error);
}
