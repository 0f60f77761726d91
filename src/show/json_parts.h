// SPDX-License-Identifier: MIT
//
// Small pieces of JSON, only for this room. Every function returns a new reference. Jansson returns
// NULL when memory ends and leaves out what is NULL; json_put and json_add, by which everything is
// built, end the process instead (base_on_oom): a document that lacks a part would be an answer.
#pragma once
#include <jansson.h>

#include "answer/answer.h"
#include "base/error.h"

// A member of an object, an element of an array; they take over the reference to `value`.
void json_put(json_t *object, const char *key, json_t *value);
void json_putn(json_t *object, const char *key, size_t n, json_t *value);
void json_add(json_t *array, json_t *value);

json_t *json_text(Str text);      // bytes that are not UTF-8 become visible escapes
json_t *json_number(double x);    // null when not finite
json_t *json_hash(uint64_t hash); // 16 hex digits
json_t *json_decimal(uint64_t n); // a string: seeds may pass 2^53
json_t *json_day(double days);    // "2024-03-04", null when NaN
json_t *json_estimate(Estimate e, double scale);
json_t *json_provenance(const Provenance *run); // the object "run"
json_t *json_model(const Provenance *run);      // the object "model"

// Write the document and release it.
Status json_finish(Buf *buf, json_t *root, Error *error);
