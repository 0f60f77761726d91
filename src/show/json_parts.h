// SPDX-License-Identifier: MIT
//
// Small pieces of JSON, only for this room. Every function returns a new reference; a NULL inside
// (no memory) makes the document incomplete, which json_finish reports.
#pragma once
#include <jansson.h>

#include "answer/answer.h"
#include "base/error.h"

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
